"""The errors a script can meet, under their public names. Texts are our own."""

from __future__ import annotations

_PIPELINE_ONLY = "Pipelines are not supported."


class ZiplineError(Exception):
    """Base of all; `msg` is a format string for the keyword arguments."""

    msg: str = ""

    def __init__(self, **kwargs) -> None:
        super().__init__()
        self.kwargs = kwargs

    @property
    def message(self) -> str:
        return str(self)

    def __str__(self) -> str:
        return self.msg.format(**self.kwargs)

    __repr__ = __str__

    def __reduce__(self):
        return (_rebuild, (type(self), self.kwargs))


def _rebuild(error_type: type[ZiplineError], kwargs: dict) -> ZiplineError:
    return error_type(**kwargs)


class NoTradeDataAvailable(ZiplineError):
    pass


class NoTradeDataAvailableTooEarly(NoTradeDataAvailable):
    msg = "{sid} is not there on {dt}: its first day is {start_dt}."


class NoTradeDataAvailableTooLate(NoTradeDataAvailable):
    msg = "{sid} is not there on {dt}: its last day is {end_dt}."


class BenchmarkAssetNotAvailableTooEarly(NoTradeDataAvailableTooEarly):
    pass


class BenchmarkAssetNotAvailableTooLate(NoTradeDataAvailableTooLate):
    pass


class InvalidBenchmarkAsset(ZiplineError):
    msg = "{sid} pays a stock dividend on {dt}, so it cannot be the benchmark. Choose another."


class UnsupportedSlippageModel(ZiplineError):
    msg = "This class is not a slippage model."


class IncompatibleSlippageModel(ZiplineError):
    msg = "{given_model} works for {supported_asset_types}, not for {asset_type}."


class SetSlippagePostInit(ZiplineError):
    msg = "set_slippage works only inside `initialize`."


class SetCancelPolicyPostInit(ZiplineError):
    msg = "set_cancel_policy works only inside `initialize`."


class RegisterTradingControlPostInit(ZiplineError):
    msg = "Trading controls can be set only inside `initialize`."


class RegisterAccountControlPostInit(ZiplineError):
    msg = "Account controls can be set only inside `initialize`."


class UnsupportedCommissionModel(ZiplineError):
    msg = "This class is not a commission model."


class IncompatibleCommissionModel(ZiplineError):
    msg = "{given_model} works for {supported_asset_types}, not for {asset_type}."


class UnsupportedCancelPolicy(ZiplineError):
    msg = "set_cancel_policy needs an instance of CancelPolicy."


class SetCommissionPostInit(ZiplineError):
    msg = "set_commission works only inside `initialize`."


class UnsupportedOrderParameters(ZiplineError):
    msg = "{msg}"


class CannotOrderDelistedAsset(ZiplineError):
    msg = "{msg}"


class BadOrderParameters(ZiplineError):
    msg = "{msg}"


class OrderDuringInitialize(ZiplineError):
    msg = "{msg}"


class SetBenchmarkOutsideInitialize(ZiplineError):
    msg = "set_benchmark works only inside `initialize`."


class ZeroCapitalError(ZiplineError):
    msg = "capital_base must be above zero."


class AccountControlViolation(ZiplineError):
    msg = "The account breaks the constraint {constraint}."


class TradingControlViolation(ZiplineError):
    msg = "The order for {amount} shares of {asset} at {datetime} breaks {constraint}."


class OrderInBeforeTradingStart(ZiplineError):
    msg = "Orders cannot be placed in before_trading_start."


class MultipleSymbolsFound(ZiplineError):
    msg = "Several assets have held the symbol '{symbol}': {options}. Give a lookup date."


class SameSymbolUsedAcrossCountries(MultipleSymbolsFound):
    msg = "The symbol '{symbol}' exists in several countries: {options}. Give a country_code."


class SymbolNotFound(ZiplineError):
    msg = "There is no symbol '{symbol}' on the lookup date."


class SidsNotFound(ZiplineError):
    msg = "There are no assets with the sids {sids}."


class EquitiesNotFound(SidsNotFound):
    pass


class HistoryWindowStartsBeforeData(ZiplineError):
    msg = (
        "The window of {bar_count} bars begins before the bundle's first session "
        "{first_trading_day}. Ask for fewer bars, or start on {suggested_start_day}."
    )


class UnsupportedDatetimeFormat(ZiplineError):
    msg = "{method} cannot read {input!r} as a date."


class ScheduleFunctionInvalidCalendar(ZiplineError):
    msg = "The calendar {given_calendar} is none of {allowed_calendars}."
