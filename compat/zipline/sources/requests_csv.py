"""`fetch_csv`: a CSV file from the web as extra data of a run.

Rows are known from the session of their date on (with daily bars) and stay valid until the next row
of the same asset, or of the same text for files that are not about assets.
"""

from __future__ import annotations

import datetime
import hashlib
import io
import logging
import urllib.error
import urllib.parse
import urllib.request
import warnings
from collections import namedtuple
from typing import Any

import numpy as np

from ..errors import MultipleSymbolsFound, SymbolNotFound, ZiplineError
from ..protocol import Event

logger = logging.getLogger("Requests Source Logger")

ALLOWED_REQUESTS_KWARGS = {"params", "headers", "auth", "cert"}
ALLOWED_READ_CSV_KWARGS = {
    "as_recarray", "buffer_lines", "chunksize", "comment", "compact_ints", "converters", "decimal",
    "delim_whitespace", "delimiter", "dialect", "doublequote", "dtype", "encoding",
    "error_bad_lines", "escapechar", "header", "index_col", "keep_date_col", "keep_default_na",
    "lineterminator", "na_filter", "na_values", "names", "nrows", "prefix", "quotechar", "quoting",
    "sep", "skip_footer", "skipfooter", "skipinitialspace", "skiprows", "thousands", "true_values",
    "false_values", "use_unsigned", "usecols", "warn_bad_lines",
}  # fmt: skip
SHARED_REQUESTS_KWARGS = {"stream": True, "allow_redirects": False}

_TIMEOUT = 30.0  # seconds
_REDIRECTS = (301, 302, 303, 307, 308)


class FetcherEvent(Event):
    """A row of a fetched file."""


class FetcherCSVRedirectError(ZiplineError):
    """The address sends its callers to another one."""

    msg = "fetch_csv does not follow the redirection of {url}: fetch {new_url} instead."

    def __init__(self, *args, **kwargs) -> None:
        self.url = kwargs["url"]
        self.new_url = kwargs["new_url"]
        self.extra = kwargs["extra"]
        super().__init__(*args, **kwargs)


def mask_requests_args(url, validating=False, params_checker=None, **kwargs):
    """The arguments of the request, and the address, of a call of fetch_csv.

    params_checker: takes the address, returns it and parameters to add to it.
    """
    request: dict[str, Any] = {k: v for k, v in kwargs.items() if k in ALLOWED_REQUESTS_KWARGS}
    if params_checker is not None:
        url, added = params_checker(url)
        if added:
            request.setdefault("params", {}).update(added)
    request["timeout"] = 1.0 if validating else _TIMEOUT
    request.update(SHARED_REQUESTS_KWARGS)
    return namedtuple("RequestPair", ("requests_kwargs", "url"))(request, url)


def roll_dts_to_midnight(dts, trading_day):
    """The session from which a row of each time is known, when bars are daily.

    dts: aware times. What is stamped before four in the afternoon of New York belongs to the
    session of that date, what comes later to the one after.
    """
    import pandas as pd

    if not len(dts):
        return dts
    dates = (dts.tz_convert("US/Eastern") - pd.Timedelta(hours=16)).date
    with warnings.catch_warnings():
        # Calendar offsets are not vectorised; pandas warns of it at every call.
        warnings.simplefilter("ignore", pd.errors.PerformanceWarning)
        return pd.DatetimeIndex(dates, tz="UTC") + trading_day


class PandasCSV:
    """A table of rows by time, made from a CSV text.

    df: indexed by time, UTC; `sid` holds assets, or the given symbol for a file about one thing.
    """

    def __init__(
        self,
        pre_func,
        post_func,
        asset_finder,
        trading_day,
        start_date,
        end_date,
        date_column,
        date_format,
        timezone,
        symbol,
        mask,
        symbol_column,
        data_frequency,
        country_code,
        **kwargs,
    ) -> None:
        unknown = set(kwargs) - ALLOWED_READ_CSV_KWARGS
        if unknown:
            raise TypeError(f"fetch_csv has no such keyword arguments: {unknown}")
        self.start_date = start_date
        self.end_date = end_date
        self.date_column = date_column
        self.date_format = date_format
        self.timezone = timezone
        self.mask = mask
        self.symbol_column = symbol_column or "symbol"
        self.data_frequency = data_frequency
        self.country_code = country_code
        self.pandas_kwargs = self.mask_pandas_args(kwargs)
        self.symbol = symbol
        self.finder = asset_finder
        self.trading_day = trading_day
        self.pre_func = pre_func
        self.post_func = post_func
        self.df: Any = None

    @property
    def fields(self) -> list:
        """The names of the columns, `sid` included."""
        return self.df.columns.tolist()

    def get_hash(self) -> str:
        return self.namestring  # pyright: ignore[reportAttributeAccessIssue] - subclasses set it

    def fetch_data(self):
        """The rows as they are read; a subclass knows from where."""
        raise NotImplementedError("fetch_data")

    @staticmethod
    def parse_date_str_series(format_str, tz, date_str_series, data_frequency, trading_day):
        """The times of a column of texts, UTC; NaT where a text is no time."""
        import pandas as pd

        if format_str is not None:
            logger.warning("fetch_csv reads dates by itself: date_format is not used.")
        if str(tz) == str(datetime.UTC):
            parsed = pd.to_datetime(date_str_series.values, utc=True, errors="coerce")
        else:
            parsed = pd.to_datetime(date_str_series.values, errors="coerce")
            parsed = parsed.tz_localize(str(tz)).tz_convert("UTC")
        if data_frequency == "daily":
            parsed = roll_dts_to_midnight(parsed, trading_day)
        return parsed

    def mask_pandas_args(self, kwargs: dict) -> dict:
        """What of the arguments goes to pandas.read_csv."""
        chosen = {k: v for k, v in kwargs.items() if k in ALLOWED_READ_CSV_KWARGS}
        usecols = chosen.get("usecols")
        if usecols and self.date_column not in usecols:
            chosen["usecols"] = [*usecols, self.date_column]
        chosen.setdefault("keep_default_na", False)
        # A symbol may be spelled like a missing value ("NA").
        chosen.setdefault("na_values", {"symbol": []})
        return chosen

    def _lookup_unconflicted_symbol(self, symbol):
        """The asset that alone has held a symbol, 0 when several have, NaN when none has."""
        if not hasattr(symbol, "upper"):
            return np.nan
        try:
            return self.finder.lookup_symbol(
                symbol.upper(), as_of_date=None, country_code=self.country_code
            )
        except MultipleSymbolsFound:
            return 0
        except SymbolNotFound:
            return np.nan

    def load_df(self):
        """Fetch the rows, name their assets and put them in the order of time."""
        import pandas as pd

        df = self.fetch_data()
        if self.pre_func:
            df = self.pre_func(df)
        times = self.parse_date_str_series(
            self.date_format,
            self.timezone,
            df[self.date_column],
            self.data_frequency,
            self.trading_day,
        )
        df = df.assign(dt=times.tz_localize(None).to_numpy())
        df = df[df["dt"].notnull()]
        if self.symbol is not None:
            df = df.assign(sid=self.symbol)
        elif self.finder:
            df = df.sort_values(by=self.symbol_column)
            if "sid" in df:
                warnings.warn(
                    "fetch_csv fills the column 'sid' itself: that of the file is not used.",
                    stacklevel=2,
                )
                df = df.drop(columns="sid")
            symbols = df[self.symbol_column].unique()
            found = [self._lookup_unconflicted_symbol(symbol) for symbol in symbols]
            df = df.join(pd.Series(found, symbols, dtype=object, name="sid"), on=self.symbol_column)
            if (df["sid"] == 0).any():
                # Sid 0 counts as ambiguous too; the look-up by date that follows fails.
                raise AttributeError(
                    "fetch_csv cannot resolve "
                    f"{df[self.symbol_column][df['sid'] == 0].iloc[0]!r}: several assets have had "
                    "this symbol, or its asset has the sid 0. Name the asset's own symbol, or "
                    "fetch each asset with symbol=."
                )
            count = len(df)
            df = df[df["sid"].notnull()]
            if len(df) < count:
                logger.warning("fetch_csv left out %d rows without an asset.", count - len(df))
        else:
            df = df.assign(sid=df["symbol"])
        df = df.set_index("dt").tz_localize("UTC").sort_index()
        dropped = [self.date_column] + ([] if self.symbol is not None else [self.symbol_column])
        df = df[df.columns.drop(dropped)]
        if self.post_func:
            df = self.post_func(df)
        return df


class PandasRequestsCSV(PandasCSV):
    """A CSV file behind an http address."""

    MAX_DOCUMENT_SIZE = 1024 * 1024 * 100
    CONTENT_CHUNK_SIZE = 4096

    def __init__(
        self,
        url,
        pre_func,
        post_func,
        asset_finder,
        trading_day,
        start_date,
        end_date,
        date_column,
        date_format,
        timezone,
        symbol,
        mask,
        symbol_column,
        data_frequency,
        country_code,
        special_params_checker=None,
        **kwargs,
    ) -> None:
        self._requests_kwargs, self.url = mask_requests_args(
            url, params_checker=special_params_checker, **kwargs
        )
        self.namestring = type(self).__name__
        super().__init__(
            pre_func,
            post_func,
            asset_finder,
            trading_day,
            start_date,
            end_date,
            date_column,
            date_format,
            timezone,
            symbol,
            mask,
            symbol_column,
            data_frequency,
            country_code=country_code,
            **{k: v for k, v in kwargs.items() if k not in self.requests_kwargs},
        )
        self.fetch_size: int | None = None
        self.fetch_hash: str | None = None
        self.df = self.load_df()
        self.special_params_checker = special_params_checker

    @property
    def requests_kwargs(self) -> dict:
        return self._requests_kwargs

    def fetch_url(self, url) -> str:
        """The text at an address; an error says why there is none."""
        request = self._request(url)
        opener = urllib.request.build_opener(_NoRedirection)
        try:
            with opener.open(request, timeout=self.requests_kwargs["timeout"]) as answer:
                content = answer.read(self.MAX_DOCUMENT_SIZE + 1)
                encoding = answer.headers.get_content_charset() or "utf-8"
        except urllib.error.HTTPError as error:
            if error.code in _REDIRECTS:
                new_url = error.headers["location"]
                extra = {"old_url": url, "new_url": new_url}
                raise FetcherCSVRedirectError(url=url, new_url=new_url, extra=extra) from None
            raise Exception(f"fetch_csv: {url} answers {error.code} {error.reason}.") from error
        except (urllib.error.URLError, TimeoutError) as error:
            raise Exception(f"fetch_csv: there is no connection to {url} ({error}).") from error
        if len(content) > self.MAX_DOCUMENT_SIZE:
            raise Exception(f"fetch_csv: {url} is larger than {self.MAX_DOCUMENT_SIZE} bytes.")
        return content.decode(encoding)

    def _request(self, url) -> urllib.request.Request:
        given = self.requests_kwargs
        if urllib.parse.urlsplit(url).scheme not in ("http", "https"):
            raise Exception(f"fetch_csv reads http and https addresses, not {url!r}.")
        if "cert" in given:
            from ..unsupported import missing

            raise missing("fetch_csv(cert=...)", "Read the file with pandas in initialize.")
        if given.get("params"):
            query = urllib.parse.urlencode(given["params"], doseq=True)
            url = f"{url}{'&' if '?' in url else '?'}{query}"
        request = urllib.request.Request(url, headers=dict(given.get("headers") or {}))
        if given.get("auth"):
            import base64

            pair = ":".join(given["auth"]).encode("latin1")
            request.add_header("Authorization", f"Basic {base64.b64encode(pair).decode()}")
        return request

    def fetch_data(self):
        import pandas as pd

        text = self.fetch_url(self.url)
        self.fetch_size = len(text)
        self.fetch_hash = hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
        return pd.read_csv(io.StringIO(text), **self.pandas_kwargs)


class _NoRedirection(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args):
        return None
