"""Pages of plots: `plots()`, and the subplots that they are made of."""

from __future__ import annotations

import inspect
import string
from typing import Any, ClassVar

from .._settings import settings as _settings
from ..unsupported import missing
from ..utils import checks
from ..utils.attr_ import get_dict_attr
from ..utils.config import Config, merge_dicts
from .builder import OwnConfig


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

    def plots(self, *args, **kwargs) -> Any:
        """Figures are not there yet."""
        raise missing(f"{type(self).__name__}.plots")

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
