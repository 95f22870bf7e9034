"""Runs over combinations of parameters: `Cerebro.optstrategy`.

The feeds are loaded once, and what indicators compute from them is shared by all combinations.
With several processes each combination runs in a fork of this one, so that what it changes is not
seen here, as with the original; what it prints appears here in the sequence of the combinations.
"""

from __future__ import annotations

import copy
import io
import itertools
import multiprocessing
import pickle
import sys
from collections import OrderedDict
from collections.abc import Iterator
from typing import Any

from ...core import jit
from ..collector import rare_collections
from .params import Params
from .sharing import clock_of, shared_columns
from .strategy import Strategy


class OptReturn:
    """What is left of a strategy: its parameters, analyzers and class."""

    analyzers: Any
    strategycls: Any

    def __init__(self, params: Any, **kwargs: Any) -> None:
        self.p = self.params = params
        for name, value in kwargs.items():
            setattr(self, name, value)


def combinations(strategy: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Iterator[Any]:
    """(strategy, args, kwargs) for every combination; the last keyword changes fastest."""
    from .cerebro import Cerebro

    positional = itertools.product(*Cerebro.iterize(args))
    values = itertools.product(*Cerebro.iterize(kwargs.values()))
    named = (dict(zip(kwargs, given, strict=True)) for given in values)
    return itertools.product([strategy], positional, named)


def run_all(cerebro: Any) -> list[Any]:
    """Run every combination; the lists of their strategies (or what is left of them)."""
    p = cerebro.p
    candidates = [list(entries) for entries in cerebro.strats]
    combos = list(itertools.product(*candidates))
    loaded = _loads_once(cerebro)
    if loaded:
        cerebro._load()
        if sum(data.buflen() for data in cerebro.datas) * len(combos) > jit.SMALL:
            # One run alone may be too short to be worth the compiler.
            import numba  # noqa: F401
    results = []
    several = p.maxcpus != 1
    if several and p.optreturn and "fork" in multiprocessing.get_all_start_methods():
        outcomes = _in_processes(cerebro, combos, candidates, loaded)
    else:
        outcomes = _in_turn(cerebro, combos, loaded, several)
    # Each run ends with a collection otherwise.
    with rare_collections(), shared_columns(cerebro.datas if loaded else []):
        for outcome in outcomes:
            results.append(outcome)
            for callback in cerebro.optcbs:
                callback(outcome)
    if loaded:
        for source in (*cerebro.datas, *cerebro.feeds):
            source.stop()
    return results


def _loads_once(cerebro: Any) -> bool:
    """Whether loading the feeds again would give the same bars, and nobody would notice."""
    ours = all(type(data).__module__.startswith(f"{__package__}.") for data in cerebro.datas)
    return bool(ours and cerebro.p.optdatas and cerebro._dopreload and cerebro._dorunonce)


def _run(cerebro: Any, combo: Any, loaded: bool) -> list[Any]:
    if loaded:
        for data in cerebro.datas:
            data.home()
    return cerebro.runstrategies(combo, predata=loaded)


def _in_turn(cerebro: Any, combos: list[Any], loaded: bool, apart: bool) -> Iterator[list[Any]]:
    """Run the combinations here. apart: each keeps a broker of its own, as after a process."""
    for combo in combos:
        strategies = _run(cerebro, combo, loaded)
        if cerebro.p.optreturn:
            yield [_reduced(strategy) for strategy in strategies]
            continue
        if apart:
            broker = copy.copy(cerebro.broker)
            for strategy in strategies:
                strategy.broker = broker
        yield strategies


def _reduced(strategy: Any) -> OptReturn:
    for analyzer in strategy.analyzers:
        analyzer.strategy = analyzer._parent = None
        for name in dir(analyzer):
            if name.startswith("data"):
                setattr(analyzer, name, None)
    return OptReturn(strategy.params, analyzers=strategy.analyzers, strategycls=type(strategy))


# Processes

#: What the forked processes work on: (cerebro, combinations, objects that they share with us).
_work: Any = None


def _in_processes(
    cerebro: Any, combos: list[Any], candidates: list[Any], loaded: bool
) -> Iterator[list[Any]]:
    """Run the combinations in forks of this process, as many at a time as `maxcpus` says."""
    global _work
    if loaded:
        _load_kernels(cerebro.datas)
    known = _known(cerebro, candidates)
    places = {id(thing): place for place, thing in enumerate(known)}
    context = multiprocessing.get_context("fork")
    _work = (cerebro, combos, places, loaded)
    try:
        pool = context.Pool(min(cerebro.p.maxcpus or context.cpu_count(), len(combos) or 1))
        try:
            for sent in pool.imap(_one, range(len(combos))):
                text, good, outcome = _Unpickler(io.BytesIO(sent), known).load()
                sys.stdout.write(text)
                if not good:
                    raise outcome
                yield outcome
            pool.close()
            pool.join()
        finally:
            pool.terminate()
    finally:
        _work = None


def _load_kernels(feeds: list[Any]) -> None:
    """Have the engine's machine code here, and clock and bars: each fork would load them again."""
    from ...core.simulation import Simulation

    bars = clock_of(feeds).bars(feeds)
    sim = Simulation(bars, cash=1.0)
    if jit.compiled() and len(bars.times) > 1:
        sim.step(0)
        sim.submit(0, 1.0)
        sim.step(1)
        sim.equity_curve()


def _one(number: int) -> bytes:
    """In a fork: run one combination; what it printed, whether it ended well, and the outcome."""
    cerebro, combos, places, loaded = _work
    out, sys.stdout = sys.stdout, io.StringIO()
    try:
        try:
            good = True
            strategies = _run(cerebro, combos[number], loaded)
            outcome: Any = [_reduced(strategy) for strategy in strategies]
        except Exception as error:
            good, outcome = False, error
        text = sys.stdout.getvalue()
    finally:
        sys.stdout = out
    stream = io.BytesIO()
    _Pickler(stream, places).dump((text, good, outcome))
    return stream.getvalue()


def _known(cerebro: Any, candidates: list[Any]) -> list[Any]:
    """What a fork need not send back, since it is here."""
    things = [cerebro, cerebro.broker, *cerebro.datas]
    classes = [entry[0] for entry in cerebro.analyzers]
    for entries in candidates:
        classes += [entry[0] for entry in entries]
    for cls in classes:
        for base in getattr(cls, "__mro__", ()):
            things.append(base)
            if "params" in vars(base):
                things.append(base.params)
    return things


class _Pickler(pickle.Pickler):
    """Leaves out what is known on the other side, and strategies."""

    def __init__(self, stream: Any, places: dict[int, int]) -> None:
        super().__init__(stream, protocol=pickle.HIGHEST_PROTOCOL)
        self.places = places

    def persistent_id(self, obj: Any) -> Any:
        if isinstance(obj, Strategy):
            return -1
        return self.places.get(id(obj))

    def reducer_override(self, obj: Any) -> Any:
        if isinstance(obj, Params):
            return _params, (obj._defaults, vars(obj))
        if isinstance(obj, type) and issubclass(obj, Params):
            return _params_class, (obj._defaults,)
        return NotImplemented


class _Unpickler(pickle.Unpickler):
    def __init__(self, stream: Any, known: list[Any]) -> None:
        super().__init__(stream)
        self.known = known

    def persistent_load(self, pid: Any) -> Any:
        return None if pid < 0 else self.known[pid]


def _params_class(defaults: OrderedDict[str, Any]) -> type[Params]:
    return Params._derive("Params", defaults, [])


def _params(defaults: OrderedDict[str, Any], values: dict[str, Any]) -> Params:
    params = _params_class(defaults)()
    vars(params).update(values)
    return params
