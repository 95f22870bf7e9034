"""Pages of plots: `plots()`, and the subplots that they are made of."""

from __future__ import annotations

import inspect
import string
import warnings
from typing import Any, ClassVar

from .._settings import settings as _settings
from ..utils import checks
from ..utils.attr_ import get_dict_attr
from ..utils.config import Config, merge_dicts
from ..utils.template import deep_substitute
from .builder import OwnConfig, Part, Request, arguments_of, found_by_path, without_marks
from .stats_builder import as_list


class MetaPlotsBuilderMixin(OwnConfig):
    """Classes with subplots."""

    @property
    def subplots(cls) -> Config:
        """The subplots that every object of the class begins with."""
        return cls._subplots  # pyright: ignore[reportAttributeAccessIssue]


class PlotsBuilderMixin(metaclass=MetaPlotsBuilderMixin):
    """What has `plots()`; the other base class is `Wrapping`.

    `subplots` holds a dict of settings for each subplot: see `StatsBuilderMixin`, with
    `plot_func` for `calc_func`, and `xaxis_kwargs`, `yaxis_kwargs`.
    """

    wrapper: Any

    def __init__(self) -> None:
        from ..base.array_wrapper import Wrapping

        checks.assert_instance_of(self, Wrapping)

    @property
    def writeable_attrs(self) -> set[str]:
        return {"_subplots"}

    @property
    def plots_defaults(self) -> dict:
        """The arguments of `plots` that are not given; see `settings["plots_builder"]`."""
        freq = {"settings": {"freq": self.wrapper.freq}}
        return merge_dicts(_settings["plots_builder"], freq)

    _subplots: ClassVar[Config] = Config({}, copy_kwargs={"copy_mode": "deep"})

    @property
    def subplots(self) -> Config:
        """The subplots of this object: a copy of those of ${cls_name}, which may be changed.

        ${subplots}
        """
        return self._subplots

    def plots(
        self,
        subplots=None,
        tags=None,
        column=None,
        group_by=None,
        silence_warnings: bool | None = None,
        template_mapping: dict | None = None,
        settings: dict | None = None,
        filters: dict | None = None,
        subplot_settings: dict | None = None,
        show_titles: bool | None = None,
        hide_id_labels: bool | None = None,
        group_id_labels: bool | None = None,
        make_subplots_kwargs: dict | None = None,
        **layout_kwargs,
    ) -> Any:
        """One figure of several subplots; None where nothing is left to plot.

        subplots, tags, column, group_by, template_mapping, settings, filters, subplot_settings:
        see `StatsBuilderMixin.stats`. show_titles: above the subplots. hide_id_labels,
        group_id_labels: traces of one name and style share a place in the legend.
        make_subplots_kwargs: for Plotly's function; layout_kwargs: for the figure. What is None
        is taken from `plots_defaults`.
        """
        defaults = self.plots_defaults

        def chosen(name: str, value):
            return defaults[name] if value is None else value

        silence_warnings = chosen("silence_warnings", silence_warnings)
        mapping: dict = merge_dicts(defaults["template_mapping"], template_mapping)
        settings = merge_dicts(defaults["settings"], settings)
        about_grid = merge_dicts(defaults["make_subplots_kwargs"], make_subplots_kwargs)
        about_page = merge_dicts(defaults["layout_kwargs"], layout_kwargs)
        filled_in = settings
        if mapping:
            filled_in, about_grid, about_page = (
                deep_substitute(one, mapping=mapping) for one in (settings, about_grid, about_page)
            )
        obj: Any = self.resolve_self(  # pyright: ignore[reportAttributeAccessIssue]
            cond_kwargs=filled_in, impacts_caching=False, silence_warnings=silence_warnings
        )
        defaults = obj.plots_defaults
        request = Request(
            kind="subplot",
            obj=obj,
            wanted=chosen("subplots", subplots),
            tags=as_list(chosen("tags", tags)),
            known=lambda: obj.subplots,
            given=merge_dicts(self.plots_defaults["subplot_settings"], subplot_settings),
            template_mapping=mapping,
            filters=merge_dicts(self.plots_defaults["filters"], filters),
            late_templates=True,
        )
        parts = request.parts(
            lambda name: merge_dicts(
                dict.fromkeys(obj.self_aliases, obj),
                {
                    "column": column,
                    "group_by": group_by,
                    "subplot_name": name,
                    "trace_names": [name],
                    "silence_warnings": silence_warnings,
                },
                settings,
            )
        )
        if not parts:
            if not silence_warnings:
                warnings.warn("No subplots to plot", stacklevel=2)
            return None
        page = Page(len(parts), chosen("show_titles", show_titles), about_grid, about_page)
        cache: dict = {}
        for n, part in enumerate(parts):
            try:
                _draw(page, n, part, cache)
            except Exception:
                warnings.warn(f"Subplot '{part.name}' raised an exception", stacklevel=2)
                raise
        page.share_labels(
            chosen("hide_id_labels", hide_id_labels), chosen("group_id_labels", group_id_labels)
        )
        page.share_axes()
        return page.figure

    @classmethod
    def build_subplots_doc(cls, source_cls: type | None = None) -> str:
        """The document of `subplots`, with the subplots of this class in it."""
        doc = get_dict_attr(source_cls or PlotsBuilderMixin, "subplots").__doc__
        names = {"subplots": cls.subplots.to_doc(), "cls_name": cls.__name__}
        return string.Template(inspect.cleandoc(doc)).substitute(names)

    @classmethod
    def override_subplots_doc(cls, __pdoc__: dict, source_cls: type | None = None) -> None:
        """Put that document into a table of documents."""
        __pdoc__[f"{cls.__name__}.subplots"] = cls.build_subplots_doc(source_cls=source_cls)


# Sizes of a page, in pixels.
_SPACE = 10  # between subplots
_TITLE = 30
_X_LABELS = 50
_Y_LABELS = 100
_LEGEND = 50


class Page:
    """The figure of several subplots: its grid, sizes, titles and legend.

    about_grid: arguments of Plotly's `make_subplots`; about_page: of the layout.
    """

    def __init__(self, count: int, titles: bool, about_grid: dict, about_page: dict) -> None:
        from ..utils.figure import make_subplots

        grid, page = dict(about_grid), dict(about_page)
        self.rows = grid.pop("rows", count)
        self.columns = grid.pop("cols", 1)
        self.specs = grid.pop("specs", [[{}] * self.columns for _ in range(self.rows)])
        self.shared_x = grid.pop("shared_xaxes", True)
        self.shared_y = grid.pop("shared_yaxes", False)
        #: The place of each subplot, row by row.
        self.places = [
            (row + 1, column + 1)
            for row, of_row in enumerate(self.specs)
            for column, spec in enumerate(of_row)
            if spec is not None
        ]
        above = _TITLE if titles else 0
        height = page.pop("height") if "height" in page else self._height(above)
        width = page.pop("width") if "width" in page else self._width()
        below = _X_LABELS if not self.shared_x and self.rows > 1 else 0
        beside = _Y_LABELS if not self.shared_y and self.columns > 1 else 0
        legend = 1.02 if height is None else 1 + (_SPACE + above) / height
        self.figure = make_subplots(
            rows=self.rows,
            cols=self.columns,
            specs=self.specs,
            shared_xaxes=self.shared_x,
            shared_yaxes=self.shared_y,
            # Replaced when the subplots are there.
            subplot_titles=[f"$title_{n}" for n in range(count)] if titles else None,
            vertical_spacing=_part(grid, "vertical_spacing", _SPACE + above + below, height),
            horizontal_spacing=_part(grid, "horizontal_spacing", _SPACE + beside, width),
            **grid,
        )
        layout = {
            "showlegend": True,
            "width": width,
            "height": height,
            "legend": {
                "orientation": "h",
                "yanchor": "bottom",
                "y": legend,
                "xanchor": "right",
                "x": 1,
                "traceorder": "normal",
            },
        }
        self.figure.update_layout(**merge_dicts(layout, page))

    def _height(self, above: int) -> int:
        one = _settings["plotting"]["layout"]["height"] + above
        if self.rows == 1:
            return one
        more = self.rows - 1
        shared = _X_LABELS if self.shared_x else 0
        return one * self.rows + (_SPACE - _LEGEND - shared) * more

    def _width(self) -> int:
        one = _settings["plotting"]["layout"]["width"] + 50
        if self.columns == 1:
            return one
        shared = _Y_LABELS if self.shared_y else 0
        return one * self.columns + (_SPACE - shared) * (self.columns - 1)

    def place(self, n: int) -> dict:
        """What a function that plots subplot `n` may ask for."""
        from ..utils.figure import get_domain

        row, column = self.places[n]
        number = "" if n == 0 else str(n + 1)
        return {
            "add_trace_kwargs": {"row": row, "col": column},
            "xref": f"x{number}",
            "yref": f"y{number}",
            "xaxis": f"xaxis{number}",
            "yaxis": f"yaxis{number}",
            "x_domain": get_domain(f"x{number}", self.figure),
            "y_domain": get_domain(f"y{number}", self.figure),
            "fig": self.figure,
            "pass_fig": True,
        }

    def finish(self, n: int, title: str, xaxis: dict, yaxis: dict) -> None:
        """Title and axes of subplot `n`."""
        for annotation in self.figure.layout.annotations:
            if annotation["text"] == f"$title_{n}":
                annotation["text"] = title
        number = "" if n == 0 else str(n + 1)
        self.figure.update_layout(**{f"xaxis{number}": xaxis, f"yaxis{number}": yaxis})

    def share_labels(self, hide: bool, group: bool) -> None:
        """Traces that look alike appear once in the legend, and are switched together."""
        known: dict[tuple, int] = {}
        for trace in self.figure.data:
            style = tuple(
                _inside(trace, *path)
                for path in (
                    ("name",),
                    ("marker", "symbol"),
                    ("marker", "color"),
                    ("line", "dash"),
                    ("line", "color"),
                )
            )
            if style in known and hide:
                trace["showlegend"] = False
            number = known.setdefault(style, len(known))
            if group:
                trace["legendgroup"] = number

    def share_axes(self) -> None:
        """Titles of shared axes only where they end."""
        for n, (row, column) in enumerate(self.places):
            number = "" if n == 0 else str(n + 1)
            if self.shared_x and row < self.rows:
                self.figure.layout[f"xaxis{number}"]["title"] = None
            if self.shared_y and column > 1:
                self.figure.layout[f"yaxis{number}"]["title"] = None


def _part(grid: dict, name: str, pixels: int, size: int | None):
    """A distance as a part of the page: as given, if there is something, else of pixels."""
    given = grid.pop(name, None if size is None else pixels)
    return given / size if size is not None and given is not None and given > 1 else given


def _inside(trace, *path: str):
    for name in path:
        if trace is None or name not in trace:
            return None
        trace = trace[name]
    return trace


def _draw(page: Page, n: int, part: Part, cache: dict) -> None:
    """Plot one subplot."""
    place = page.place(n)
    part.custom |= {name for name in place if name in part.settings}
    part.optional |= set(place)
    settings = merge_dicts(place, part.settings)
    settings = deep_substitute(settings, mapping=merge_dicts(place, part.mapping))
    settings = without_marks(settings)
    title = settings.pop("title", part.name)
    plot_func = settings.pop("plot_func", None)
    xaxis = merge_dicts({"title": "Index"}, settings.pop("xaxis_kwargs", None))
    yaxis = merge_dicts({}, settings.pop("yaxis_kwargs", None))
    resolves = settings.pop("resolve_plot_func", True)
    use_caching = settings.pop("use_caching", True)
    if plot_func is not None and resolves:
        if not callable(plot_func):
            plot_func = found_by_path(part, plot_func, settings, cache, use_caching)
        if not callable(plot_func):
            raise TypeError(f"plot_func of {part.name!r} leads to {type(plot_func)}, no function")
        plot_func(**arguments_of(part, plot_func, settings, cache, use_caching))
    elif plot_func is not None:
        plot_func(part.obj, part.settings)
    page.finish(n, title, xaxis, yaxis)
