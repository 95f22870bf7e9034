"""`DataPortal`: the data of a run, for scripts that build their `TradingAlgorithm` themselves."""

from __future__ import annotations


class DataPortal:
    """The data of one bundle.

    bundle: the `BundleData`. asset_finder: its assets. trading_calendar: that of the run.
    """

    @classmethod
    def of_bundle(cls, bundle, trading_calendar) -> DataPortal:
        """The portal of a run over a bundle."""
        portal = cls.__new__(cls)
        portal.bundle = bundle
        portal.asset_finder = bundle.asset_finder
        portal.trading_calendar = trading_calendar
        return portal
