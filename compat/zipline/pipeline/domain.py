"""Domains: on which sessions, and over the assets of which country, a pipeline is computed."""

from __future__ import annotations

import datetime
from abc import ABC, abstractmethod
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from ..utils.calendar_utils import get_calendar


class IDomain(ABC):
    """What a domain answers."""

    @abstractmethod
    def sessions(self) -> pd.DatetimeIndex:
        """All session labels: the rows of results."""

    @property
    @abstractmethod
    def country_code(self) -> str:
        """Two letters: the country whose assets are computed."""

    @abstractmethod
    def data_query_cutoff_for_sessions(self, sessions) -> pd.DatetimeIndex:
        """For each session the last minute (UTC) whose news the session knows in the morning."""

    def roll_forward(self, dt):
        """The first session at or after a date; ValueError after the last one."""
        date: Any = pd.Timestamp(dt)
        sessions = self.sessions()
        place = sessions.searchsorted(date)
        if place == len(sessions):
            raise ValueError(
                f"{date.date()} lies after the last session of {self}, {sessions[-1]:%Y-%m-%d}."
            )
        return sessions[place]


class Domain(IDomain):
    """On which sessions, and over which country's assets, a pipeline is computed."""


class GenericDomain(Domain):
    """Of columns and terms that suit any domain."""

    def sessions(self):
        raise NotImplementedError("The generic domain has no sessions.")

    @property
    def country_code(self):
        raise NotImplementedError("The generic domain has no country.")

    def data_query_cutoff_for_sessions(self, sessions):
        raise NotImplementedError("The generic domain has no sessions.")

    def __repr__(self) -> str:
        return "GENERIC"


GENERIC = GenericDomain()


_THREE_QUARTERS = -np.timedelta64(45, "m")


class EquityCalendarDomain(Domain):
    """The sessions of a named exchange calendar.

    data_query_offset: how long before the open news must have been there to count, negative.
    """

    def __init__(self, country_code, calendar_name, data_query_offset=_THREE_QUARTERS) -> None:
        for name, value in (("country_code", country_code), ("calendar_name", calendar_name)):
            if not isinstance(value, str):
                raise TypeError(f"EquityCalendarDomain: {name} must be a text, not {value!r}.")
        if data_query_offset >= datetime.timedelta(0):
            raise ValueError("data_query_offset must be negative: news count before the open.")
        self._country_code = country_code
        self.calendar_name = calendar_name
        # First minutes are stamped at their end, so the open itself lies one minute before.
        self._data_query_offset = data_query_offset - np.timedelta64(1, "m")

    @property
    def country_code(self):
        return self._country_code

    @cached_property
    def calendar(self):
        return get_calendar(self.calendar_name)

    def sessions(self):
        return self.calendar.sessions

    def data_query_cutoff_for_sessions(self, sessions):
        opens = self.calendar.first_minutes.reindex(sessions)
        strangers = pd.isnull(opens)
        if strangers.any():
            raise ValueError(
                f"These are no sessions of {self.calendar_name}: {sessions[strangers]}"
            )
        return pd.DatetimeIndex(opens) + self._data_query_offset

    def __repr__(self) -> str:
        return f"EquityCalendarDomain({self._country_code!r}, {self.calendar_name!r})"


AR_EQUITIES = EquityCalendarDomain("AR", "XBUE")
AT_EQUITIES = EquityCalendarDomain("AT", "XWBO")
AU_EQUITIES = EquityCalendarDomain("AU", "XASX")
BE_EQUITIES = EquityCalendarDomain("BE", "XBRU")
BR_EQUITIES = EquityCalendarDomain("BR", "BVMF")
CA_EQUITIES = EquityCalendarDomain("CA", "XTSE")
CH_EQUITIES = EquityCalendarDomain("CH", "XSWX")
CL_EQUITIES = EquityCalendarDomain("CL", "XSGO")
CN_EQUITIES = EquityCalendarDomain("CN", "XSHG")
CO_EQUITIES = EquityCalendarDomain("CO", "XBOG")
CZ_EQUITIES = EquityCalendarDomain("CZ", "XPRA")
DE_EQUITIES = EquityCalendarDomain("DE", "XFRA")
DK_EQUITIES = EquityCalendarDomain("DK", "XCSE")
ES_EQUITIES = EquityCalendarDomain("ES", "XMAD")
FI_EQUITIES = EquityCalendarDomain("FI", "XHEL")
FR_EQUITIES = EquityCalendarDomain("FR", "XPAR")
GB_EQUITIES = EquityCalendarDomain("GB", "XLON")
GR_EQUITIES = EquityCalendarDomain("GR", "ASEX")
HK_EQUITIES = EquityCalendarDomain("HK", "XHKG")
HU_EQUITIES = EquityCalendarDomain("HU", "XBUD")
ID_EQUITIES = EquityCalendarDomain("ID", "XIDX")
IE_EQUITIES = EquityCalendarDomain("IE", "XDUB")
IN_EQUITIES = EquityCalendarDomain("IN", "XBOM")
IT_EQUITIES = EquityCalendarDomain("IT", "XMIL")
JP_EQUITIES = EquityCalendarDomain("JP", "XTKS")
KR_EQUITIES = EquityCalendarDomain("KR", "XKRX")
MX_EQUITIES = EquityCalendarDomain("MX", "XMEX")
MY_EQUITIES = EquityCalendarDomain("MY", "XKLS")
NL_EQUITIES = EquityCalendarDomain("NL", "XAMS")
NO_EQUITIES = EquityCalendarDomain("NO", "XOSL")
NZ_EQUITIES = EquityCalendarDomain("NZ", "XNZE")
PE_EQUITIES = EquityCalendarDomain("PE", "XLIM")
PH_EQUITIES = EquityCalendarDomain("PH", "XPHS")
PK_EQUITIES = EquityCalendarDomain("PK", "XKAR")
PL_EQUITIES = EquityCalendarDomain("PL", "XWAR")
PT_EQUITIES = EquityCalendarDomain("PT", "XLIS")
RU_EQUITIES = EquityCalendarDomain("RU", "XMOS")
SE_EQUITIES = EquityCalendarDomain("SE", "XSTO")
SG_EQUITIES = EquityCalendarDomain("SG", "XSES")
TH_EQUITIES = EquityCalendarDomain("TH", "XBKK")
TR_EQUITIES = EquityCalendarDomain("TR", "XIST")
TW_EQUITIES = EquityCalendarDomain("TW", "XTAI")
US_EQUITIES = EquityCalendarDomain("US", "XNYS")
ZA_EQUITIES = EquityCalendarDomain("ZA", "XJSE")

BUILT_IN_DOMAINS = [one for one in globals().values() if isinstance(one, EquityCalendarDomain)]


def default_domain(calendar) -> Domain:
    """The domain of pipelines that name none, in a run on a calendar; GENERIC if none fits."""
    for domain in BUILT_IN_DOMAINS:
        if domain.calendar_name == calendar.name:
            return domain
    return GENERIC


def infer_domain(terms) -> Domain:
    """The one domain of some terms besides GENERIC; raises AmbiguousDomain for several."""
    domains = {one.domain for one in terms} - {GENERIC}
    if len(domains) > 1:
        raise AmbiguousDomain(sorted(domains, key=repr))
    return domains.pop() if domains else GENERIC


class AmbiguousDomain(Exception):
    """Terms of several domains meet in one expression."""

    def __init__(self, domains) -> None:
        self.domains = domains

    def __str__(self) -> str:
        lines = "\n".join(f"  - {domain}" for domain in self.domains)
        return f"These domains cannot be computed together:\n{lines}"


class EquitySessionDomain(Domain):
    """Sessions given by hand.

    data_query_time: the time of day (with a time zone) until which news count, midnight UTC
    unless given; data_query_date_offset: days added to the session for it.
    """

    def __init__(
        self, sessions, country_code, data_query_time=None, data_query_date_offset=0
    ) -> None:
        if not isinstance(sessions, pd.DatetimeIndex):
            raise TypeError(f"sessions must be a DatetimeIndex, not {type(sessions).__name__}.")
        if not isinstance(country_code, str):
            raise TypeError(f"country_code must be a text, not {country_code!r}.")
        if data_query_time is None:
            data_query_time = datetime.time(0, 0, tzinfo=datetime.UTC)
        if not isinstance(data_query_time, datetime.time):
            raise TypeError(f"data_query_time must be a datetime.time, not {data_query_time!r}.")
        if data_query_time.tzinfo is None:
            raise ValueError("data_query_time needs a time zone.")
        if not isinstance(data_query_date_offset, int):
            raise TypeError("data_query_date_offset must be a whole number of days.")
        self._sessions = sessions
        self._country_code = country_code
        self._data_query_time = data_query_time
        self._data_query_date_offset = data_query_date_offset

    @property
    def country_code(self):
        return self._country_code

    def sessions(self):
        return self._sessions

    def data_query_cutoff_for_sessions(self, sessions):
        if not len(sessions):
            return pd.DatetimeIndex([]).tz_localize("UTC")
        time = self._data_query_time
        # Days are added before the zone is put on: a day with a change of clocks stays a day.
        since_midnight = pd.Timedelta(
            days=self._data_query_date_offset,
            hours=time.hour,
            minutes=time.minute,
            seconds=time.second,
        )
        naive = sessions.tz_localize(None) + since_midnight
        return naive.tz_localize(time.tzinfo).tz_convert("UTC")
