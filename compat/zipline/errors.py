"""The errors a script can meet, under their public names. Texts are our own."""

from __future__ import annotations


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


class MultipleSymbolsFoundForFuzzySymbol(MultipleSymbolsFound):
    msg = "Several assets have held a symbol like '{symbol}': {options}. Give a date or a country."


class SymbolNotFound(ZiplineError):
    msg = "There is no symbol '{symbol}' on the lookup date."


class RootSymbolNotFound(ZiplineError):
    msg = "There is no root symbol '{root_symbol}'."


class ValueNotFoundForField(ZiplineError):
    msg = "No equity has the value '{value}' of the field '{field}' on the lookup date."


class MultipleValuesFoundForField(ZiplineError):
    msg = (
        "Several equities have had the value '{value}' of the field '{field}': {options}. "
        "Give a lookup date."
    )


class NoValueForSid(ZiplineError):
    msg = "The sid {sid} has no value of the field '{field}' on the lookup date."


class MultipleValuesFoundForSid(ZiplineError):
    msg = "The sid {sid} has had several values of the field '{field}': {options}. Give a date."


class SidsNotFound(ZiplineError):
    """`sids` lists them; `plural` says whether there are several."""

    msg = "There are no assets with the sids {sids}."

    @property
    def sids(self):
        return self.kwargs["sids"]

    @property
    def plural(self) -> bool:
        return len(self.sids) > 1


class EquitiesNotFound(SidsNotFound):
    msg = "There are no equities with the sids {sids}."


class FutureContractsNotFound(SidsNotFound):
    msg = "There are no futures contracts with the sids {sids}."


class ConsumeAssetMetaDataError(ZiplineError):
    msg = "Assets cannot be made from {obj}."


class SidAssignmentError(ZiplineError):
    msg = "The asset '{identifier}' needs a sid."


class HistoryWindowStartsBeforeData(ZiplineError):
    msg = (
        "The window of {bar_count} bars begins before the bundle's first session "
        "{first_trading_day}. Ask for fewer bars, or start on {suggested_start_day}."
    )


class UnsupportedDatetimeFormat(ZiplineError):
    msg = "{method} cannot read {input!r} as a date."


class ScheduleFunctionInvalidCalendar(ZiplineError):
    msg = "The calendar {given_calendar} is none of {allowed_calendars}."


# Pipelines


class PipelineDateError(ZiplineError):
    msg = "Give both start and end of the simulation, or neither; got {start} and {end}."


class WindowLengthTooLong(ZiplineError):
    msg = "A window of {window_length} rows does not fit into {nrows} rows."


class WindowLengthNotPositive(ZiplineError):
    msg = "window_length must be above 0, not {window_length}."


class NonWindowSafeInput(ZiplineError):
    """A window over the output of a term whose scale changes with corporate actions."""

    msg = (
        "{parent} cannot look back over {child}: its values of different days are not adjusted "
        "to each other. Take a window of something scale-free, such as returns or ranks."
    )


class TermInputsNotSpecified(ZiplineError):
    msg = "{termname} needs inputs."


class NonPipelineInputs(ZiplineError):
    """An input of a term that is no term itself."""

    def __init__(self, term, inputs) -> None:
        super().__init__(term=term, inputs=inputs)
        self.term = term
        self.inputs = inputs

    def __str__(self) -> str:
        names = ", ".join(sorted({type(one).__name__ for one in self.inputs}))
        return (
            f"The inputs of {self.term} must be columns, factors, filters or classifiers; "
            f"among them is {names}."
        )


class TermOutputsEmpty(ZiplineError):
    msg = "{termname} needs at least one name in outputs."


class InvalidOutputName(ZiplineError):
    msg = (
        "{output_name!r} cannot name an output of {termname}: names must not begin with an "
        "underscore nor be one of {disallowed_names}."
    )


class WindowLengthNotSpecified(ZiplineError):
    msg = "{termname} needs a window_length."


class InvalidTermParams(ZiplineError):
    msg = "{termname}.params must be a list of names, not {value}."


class DTypeNotSpecified(ZiplineError):
    msg = "{termname} needs a dtype."


class NotDType(ZiplineError):
    msg = "{termname} needs a numpy dtype, not {dtype}."


class UnsupportedDType(ZiplineError):
    msg = "{termname}: the dtype {dtype} cannot be computed."


class BadPercentileBounds(ZiplineError):
    msg = (
        "Percentiles must lie between 0 and {upper_bound}, the lower below the upper; got "
        "{min_percentile} and {max_percentile}."
    )


class UnknownRankMethod(ZiplineError):
    msg = "There is no ranking method {method!r}; choose one of {choices}."


class AttachPipelineAfterInitialize(ZiplineError):
    msg = "attach_pipeline works only inside `initialize`."


class PipelineOutputDuringInitialize(ZiplineError):
    msg = "pipeline_output works only after `initialize`."


class NoSuchPipeline(ZiplineError, KeyError):
    msg = "No pipeline {name!r} is attached; there is {valid}."


class DuplicatePipelineName(ZiplineError):
    msg = "There is a pipeline {name!r} already; choose another name."


class UnsupportedDataType(ZiplineError):
    """A term of a dtype that its class cannot have."""

    msg = "{typename} cannot have the dtype {dtype}.{hint}"

    def __init__(self, hint="", **kwargs) -> None:
        super().__init__(hint=f" {hint.strip()}" if hint else "", **kwargs)


class NoFurtherDataError(ZiplineError):
    msg = "{msg}"

    @classmethod
    def from_lookback_window(cls, initial_message, first_date, lookback_start, lookback_length):
        """The error for a look-back that begins before everything known."""
        return cls(
            msg=f"{initial_message} {lookback_length} rows before {lookback_start} are needed, "
            f"but the first known day is {first_date}."
        )


class NonExistentAssetInTimeFrame(ZiplineError):
    msg = "{asset} is not there between {start_date} and {end_date}."


class UnsupportedPipelineOutput(ZiplineError):
    msg = (
        "The column {column_name!r} cannot be {term}: slices and summaries have one value a day, "
        "not one for each asset."
    )


class NonSliceableTerm(ZiplineError):
    msg = "{term} cannot be sliced; take a slice of a factor, such as its `.latest`."


class IncompatibleTerms(ZiplineError):
    msg = "{term_1} and {term_2} must have the same mask."


class AssetDBVersionError(ZiplineError):
    msg = (
        "The asset database has version {db_version} and version {expected_version} is read: "
        "ingest the bundle again."
    )


class WrongDataForTransform(ZiplineError):
    msg = "{transform} needs {fields}."


class TransactionWithNoAmount(ZiplineError):
    msg = "The transaction {txn} is of no share."


class TransactionWithNoVolume(ZiplineError):
    msg = "The transaction {txn} has no volume."


class TransactionWithWrongDirection(ZiplineError):
    msg = "The transaction {txn} goes the other way than its order {order}."


class TransactionVolumeExceedsOrder(ZiplineError):
    msg = "The transaction {txn} is larger than its order {order}."


class AssetDBImpossibleDowngrade(ZiplineError):
    msg = "The asset database has version {db_version}, which is below {desired_version}."


class IncompatibleHistoryFrequency(ZiplineError):
    msg = "There is no history with frequency {frequency!r} from data with {data_frequency!r}."


class NoSourceError(ZiplineError):
    msg = "There is no source of data."


class InvalidCalendarName(ZiplineError):
    msg = "There is no calendar with the name {calendar_name}."


class CalendarNameCollision(ZiplineError):
    msg = "There is a calendar with the name {calendar_name} already."


class CyclicCalendarAlias(ZiplineError):
    msg = "Names of calendars stand for each other in a circle: {cycle}"


class ScheduleFunctionWithoutCalendar(ZiplineError):
    msg = "schedule_function needs a run on an exchange calendar, not on {schedule}."
