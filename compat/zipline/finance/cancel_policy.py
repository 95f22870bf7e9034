"""What happens to open orders at the end of a day."""

from __future__ import annotations

from ..unsupported import custom_model

__all__ = ["CancelPolicy", "EODCancel", "NeverCancel"]


class CancelPolicy:
    """Base of the policies. Classes of your own are not supported yet."""

    def __init_subclass__(cls, **kwargs) -> None:
        super().__init_subclass__(**kwargs)
        if cls.__module__ != __name__:
            raise custom_model(f"the cancel policy {cls.__name__}")


class EODCancel(CancelPolicy):
    """Cancel at the end of the day. With daily bars only the oldest of several orders."""

    def __init__(self, warn_on_cancel=True) -> None:
        self.warn_on_cancel = warn_on_cancel


class NeverCancel(CancelPolicy):
    """Orders stay until they fill."""

    def __init__(self) -> None:
        self.warn_on_cancel = False
