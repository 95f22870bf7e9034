"""Lines that follow the mouse over all panes."""

from __future__ import annotations

from typing import Any


class Widget:
    """Something that answers events while it is active."""

    drawon = True
    eventson = True
    _active = True

    def set_active(self, active: bool) -> None:
        self._active = active

    def get_active(self) -> bool:
        return self._active

    @property
    def active(self) -> bool:
        return self.get_active()

    @active.setter
    def active(self, active: bool) -> None:
        self.set_active(active)

    def ignore(self, event: Any) -> bool:
        return not self.active


class MultiCursor(Widget):
    """A vertical line through all `axes` and a horizontal one where the mouse is.

    `horizMulti` and `vertMulti`: lines of this kind in all axes, or only in that of the mouse.
    `horizShared` and `vertShared`: all lines begin at the place of the last axes.
    """

    def __init__(
        self,
        canvas: Any,
        axes: list[Any],
        useblit: bool = True,
        horizOn: bool = False,
        vertOn: bool = True,
        horizMulti: bool = False,
        vertMulti: bool = True,
        horizShared: bool = True,
        vertShared: bool = False,
        **lineprops: Any,
    ) -> None:
        self.canvas = canvas
        self.axes = axes
        self.horizOn = horizOn
        self.vertOn = vertOn
        self.horizMulti = horizMulti
        self.vertMulti = vertMulti
        self.visible = True
        self.useblit = useblit and canvas.supports_blit
        self.background: Any = None
        self.needclear = False
        if self.useblit:
            lineprops["animated"] = True
        self.vlines: list[Any] = []
        self.hlines: list[Any] = []
        if vertOn:
            middles = self._middles([ax.get_xlim() for ax in axes], horizShared)
            for ax, middle in zip(axes, middles, strict=True):
                self.vlines.append(ax.axvline(middle, visible=False, **lineprops))
        if horizOn:
            shared = sum(axes[-1].get_ylim()) * 0.5
            for ax in axes:
                middle = shared if vertShared else sum(ax.get_ylim()) * 0.5
                self.hlines.append(ax.axhline(middle, visible=False, **lineprops))
        self.connect()

    @staticmethod
    def _middles(limits: list[Any], shared: bool) -> list[float]:
        return [sum(limits[-1] if shared else limit) * 0.5 for limit in limits]

    def connect(self) -> None:
        self._cidmotion = self.canvas.mpl_connect("motion_notify_event", self.onmove)
        self._ciddraw = self.canvas.mpl_connect("draw_event", self.clear)

    def disconnect(self) -> None:
        self.canvas.mpl_disconnect(self._cidmotion)
        self.canvas.mpl_disconnect(self._ciddraw)

    def clear(self, event: Any) -> None:
        """Hide the lines, and keep the picture without them."""
        if self.ignore(event):
            return
        if self.useblit:
            self.background = self.canvas.copy_from_bbox(self.canvas.figure.bbox)
        for line in self.vlines + self.hlines:
            line.set_visible(False)

    def _shown(self, line: Any, event: Any, everywhere: bool) -> bool:
        return self.visible and (everywhere or line.axes is event.inaxes)

    def onmove(self, event: Any) -> None:
        """Move the lines to the mouse."""
        if self.ignore(event) or event.inaxes is None:
            return
        if not self.canvas.widgetlock.available(self):
            return
        self.needclear = True
        if not self.visible:
            return
        for line in self.vlines:
            if self._shown(line, event, self.vertMulti):
                line.set_xdata((event.xdata, event.xdata))
                line.set_visible(True)
        for line in self.hlines:
            if self._shown(line, event, self.horizMulti):
                line.set_ydata((event.ydata, event.ydata))
                line.set_visible(True)
        self._update(event)

    def _update(self, event: Any) -> None:
        if not self.useblit:
            self.canvas.draw_idle()
            return
        if self.background is not None:
            self.canvas.restore_region(self.background)
        for lines, everywhere in ((self.vlines, self.vertMulti), (self.hlines, self.horizMulti)):
            for ax, line in zip(self.axes, lines, strict=False):
                if everywhere or event.inaxes is ax:
                    ax.draw_artist(line)
        self.canvas.blit(self.canvas.figure.bbox)


class MultiCursor2(MultiCursor):
    """The same, with lines of both kinds drawn in all axes."""

    def __init__(
        self,
        canvas: Any,
        axes: list[Any],
        useblit: bool = True,
        horizOn: bool = False,
        vertOn: bool = True,
        **lineprops: Any,
    ) -> None:
        super().__init__(canvas, axes, useblit, horizOn, vertOn, False, True, **lineprops)

    def onmove(self, event: Any) -> None:
        for line in self.hlines:
            line.set_visible(line.axes is event.inaxes)
        super().onmove(event)
