"""Templates of Plotly for the themes of plots: its own ones in other colors."""

from __future__ import annotations

from typing import Any

# Colors of "plotly_dark" that the dark theme has others for.
_DARK = {
    "rgb(17,17,17)": "#1f2536",
    "#f2f5fa": "#d6dfef",
    "#506784": "#323b56",
    "#283442": "#2f3e4e",
    "#C8D4E3": "#aec0d6",
}


def _recolored(value: Any, colors: dict[str, str]) -> Any:
    if isinstance(value, dict):
        return {key: _recolored(item, colors) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_recolored(item, colors) for item in value]
    return colors.get(value, value) if isinstance(value, str) else value


def template(theme: str, colorway: list[str]) -> dict[str, Any]:
    """The template of a theme; colorway: of "light" and "dark".

    Themes of the script's own begin with nothing.
    """
    import json
    from importlib.resources import files

    base = {"light": "plotly", "dark": "plotly_dark", "seaborn": "seaborn"}.get(theme)
    if base is None:
        return {}
    # The file, not `plotly.io.templates`: scripts and libraries change what those hold.
    out = json.loads((files("plotly") / "package_data/templates" / f"{base}.json").read_text())
    layout = out["layout"]
    # Numbers that are written as text are numbers.
    layout.pop("autotypenumbers", None)
    if theme != "seaborn":
        layout["colorway"] = list(colorway)
        return _recolored(out, _DARK) if theme == "dark" else out
    # Of seaborn only the page: shapes and traces look as they do in the other themes.
    layout["shapedefaults"] = {"line": {"color": "rgb(67,103,167)"}}
    layout["annotationdefaults"].update(arrowhead=0, arrowwidth=1)
    layout["coloraxis"] = {"colorbar": {"outlinewidth": 0, "ticks": ""}}
    layout["title"] = {"x": 0.05}
    for axis in ("xaxis", "yaxis"):
        layout[axis]["zerolinewidth"] = 2
    return {"layout": _without(layout, "showgrid")}


def _without(value: Any, name: str) -> Any:
    if not isinstance(value, dict):
        return value
    return {key: _without(item, name) for key, item in value.items() if key != name}
