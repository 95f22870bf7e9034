"""What a term's setting is until somebody gives it."""

from __future__ import annotations

from ..utils.sentinel import Sentinel, sentinel

__all__ = ["NotSpecified", "NotSpecifiedType", "sentinel"]

NotSpecified = sentinel("NotSpecified", "The default of a setting that has no default.")
NotSpecifiedType = Sentinel
