"""Live trading: not here, and never will be."""

from __future__ import annotations

from ..unsupported import never_live

raise never_live(__name__)
