"""Chains of futures contracts, and the continuous futures that follow them."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from ._assets import Comparable, Future

if TYPE_CHECKING:
    from .exchange_info import ExchangeInfo

__all__ = [
    "ADJUSTMENT_STYLES",
    "CHAIN_PREDICATES",
    "ContinuousFuture",
    "ContractNode",
    "OrderedContracts",
    "delivery_predicate",
    "march_cycle_delivery_predicate",
]

#: How prices before a roll are made to fit those after it.
ADJUSTMENT_STYLES = {"add", "mul", None}

_LAST_NS = np.iinfo(np.int64).max


def delivery_predicate(codes, contract) -> bool:
    """Whether the delivery month in the contract's symbol (the third last letter) is in `codes`."""
    return contract.symbol[-3] in codes


march_cycle_delivery_predicate = partial(delivery_predicate, frozenset("HMUZ"))
_even_months = partial(delivery_predicate, frozenset("GJMQVZ"))
_silver_months = partial(delivery_predicate, frozenset("HKNUZ"))

#: By root symbol: which contracts are liquid enough to belong to the chain.
CHAIN_PREDICATES: dict[str, Callable[[Any], bool]] = {
    **dict.fromkeys(("EL", "ME", "PA", "JY", "CD", "AD", "BP"), march_cycle_delivery_predicate),
    "PL": partial(delivery_predicate, frozenset("FJNV")),
    **dict.fromkeys(("GC", "XG"), _even_months),
    **dict.fromkeys(("SV", "YS"), _silver_months),
}


class ContinuousFuture(Comparable):
    """What follows a chain of contracts; `data` answers for it, but it cannot be ordered.

    offset: 0 follows the current contract, 1 the one after it. roll_style: "calendar" or
    "volume". adjustment: "mul", "add" or None. start_date, end_date: of the whole chain.
    """

    __slots__ = (
        "adjustment",
        "end_date",
        "exchange_info",
        "offset",
        "roll_style",
        "root_symbol",
        "sid",
        "start_date",
    )
    _kwargnames = frozenset(("end_date", "exchange", "offset", "root_symbol", "sid", "start_date"))

    def __init__(
        self,
        sid,
        root_symbol: str,
        offset: int,
        roll_style: str,
        start_date: Any,
        end_date: Any,
        exchange_info: ExchangeInfo,
        adjustment: str | None = None,
    ) -> None:
        self.sid = operator.index(sid)
        self.root_symbol = root_symbol
        self.offset = operator.index(offset)
        self.roll_style = roll_style
        self.start_date = start_date
        self.end_date = end_date
        self.exchange_info = exchange_info
        self.adjustment = adjustment

    @property
    def exchange(self) -> str:
        return self.exchange_info.canonical_name

    @property
    def exchange_full(self) -> str:
        return self.exchange_info.name

    def __str__(self) -> str:
        shown = f"{self.root_symbol}, {self.offset}, {self.roll_style}, {self.adjustment}"
        return f"{type(self).__name__}({self.sid} [{shown}])"

    def __repr__(self) -> str:
        names = ("root_symbol", "offset", "roll_style", "adjustment")
        shown = ", ".join(f"{name}={getattr(self, name)!r}" for name in names)
        return f"ContinuousFuture({self.sid}, {shown})"

    def __reduce__(self):
        return (
            type(self),
            (
                self.sid,
                self.root_symbol,
                self.offset,
                self.roll_style,
                self.start_date,
                self.end_date,
                self.exchange_info,
                self.adjustment,
            ),
        )

    def to_dict(self) -> dict:
        """Attributes by name; the exchange by its short name."""
        return {
            "sid": self.sid,
            "root_symbol": self.root_symbol,
            "start_date": self.start_date,
            "end_date": self.end_date,
            "offset": self.offset,
            "roll_style": self.roll_style,
            "exchange": self.exchange,
        }

    @classmethod
    def from_dict(cls, dict_):
        """A continuous future from the arguments of its constructor, by name."""
        return cls(**dict_)

    def is_alive_for_session(self, session_label) -> bool:
        """Whether any contract of the chain is alive on the session."""
        return self.start_date.value <= session_label.value <= self.end_date.value

    def is_exchange_open(self, dt_minute) -> bool:
        return self.exchange_info.calendar.is_open_on_minute(dt_minute)


class ContractNode:
    """A contract in its chain: `prev` and `next` are the neighbours, None at the ends."""

    __slots__ = ("contract", "next", "prev")

    def __init__(self, contract: Future) -> None:
        self.contract = contract
        self.prev: ContractNode | None = None
        self.next: ContractNode | None = None

    def __rshift__(self, offset: int) -> ContractNode | None:
        """The node `offset` places further on; None beyond the end."""
        node: ContractNode | None = self
        for _ in range(offset):
            if node is None:
                break
            node = node.next
        return node

    def __lshift__(self, offset: int) -> ContractNode | None:
        """The node `offset` places before; None beyond the beginning."""
        node: ContractNode | None = self
        for _ in range(offset):
            if node is None:
                break
            node = node.prev
        return node


class OrderedContracts:
    """The contracts of one root symbol, as a chain of `ContractNode`s.

    contracts: in the sequence of the chain; a deque is emptied, as the real framework does.
    Leading contracts whose first day is not before their auto-close date are left out, and so are
    those that `chain_predicate` refuses.
    """

    def __init__(
        self,
        root_symbol: str,
        contracts: Iterable[Future],
        chain_predicate: Callable[[Future], bool] | None = None,
    ) -> None:
        self.root_symbol = root_symbol
        self.chain_predicate = chain_predicate
        self.sid_to_contract: dict[int, ContractNode] = {}
        self._head_contract: ContractNode | None = None
        self._start, self._end = _LAST_NS, 0
        last: ContractNode | None = None
        for contract in contracts:
            if last is None and contract.start_date >= contract.auto_close_date:
                continue
            if chain_predicate is not None and not chain_predicate(contract):
                continue
            self._start = min(contract.start_date.value, self._start)
            self._end = max(contract.end_date.value, self._end)
            node = ContractNode(contract)
            self.sid_to_contract[contract.sid] = node
            if last is None:
                self._head_contract = node
            else:
                node.prev, last.next = last, node
            last = node
        clear = getattr(contracts, "clear", None)
        if clear is not None:
            clear()

    @property
    def start_date(self):
        """The first day of any contract, a Timestamp."""
        import pandas as pd

        return pd.Timestamp(self._start)

    @property
    def end_date(self):
        """The last day of any contract, a Timestamp."""
        import pandas as pd

        return pd.Timestamp(self._end)

    def contract_before_auto_close(self, dt_value: int) -> int:
        """The sid of the first contract that closes after a time (ns), else of the last one."""
        node = self._head_contract
        if node is None:
            raise AttributeError(f"There are no contracts of {self.root_symbol!r}.")
        while node.next is not None and node.contract.auto_close_date.value <= dt_value:
            node = node.next
        return node.contract.sid

    def contract_at_offset(self, sid, offset: int, start_cap: int) -> int | None:
        """The sid `offset` places after `sid`; None when it is not there by `start_cap` (ns)."""
        node = self.sid_to_contract[sid] >> offset
        if node is None or node.contract.start_date.value > start_cap:
            return None
        return node.contract.sid

    def active_chain(self, starting_sid, dt_value: int) -> np.ndarray:
        """int64[N]: the sids from `starting_sid` on whose first day is not after `dt_value`."""
        sids = []
        node: ContractNode | None = self.sid_to_contract[operator.index(starting_sid)]
        while node is not None:
            if node.contract.start_date.value <= dt_value:
                sids.append(node.contract.sid)
            node = node.next
        return np.array(sids, dtype=np.int64)
