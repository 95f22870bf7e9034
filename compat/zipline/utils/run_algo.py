"""Where older scripts import `run_algorithm` from, and what the command line runs."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any

from ..errors import SymbolNotFound
from ..run import RunAlgoError, load_extensions, no_returns, run_algorithm
from ..unsupported import module_gaps

__all__ = ["BenchmarkSpec", "RunAlgoError", "load_extensions", "run_algorithm"]

__getattr__ = module_gaps("zipline.utils.run_algo")

log = logging.getLogger("zipline.utils.run_algo")


@dataclass
class BenchmarkSpec:
    """How a benchmark was named: returns, a CSV file, a sid, a symbol, none at all, or not yet."""

    benchmark_returns: Any
    benchmark_file: str | None
    benchmark_sid: int | None
    benchmark_symbol: str | None
    no_benchmark: bool

    @classmethod
    def from_cli_params(
        cls, benchmark_sid, benchmark_symbol, benchmark_file, no_benchmark
    ) -> BenchmarkSpec:
        """What the options of the command line name."""
        return cls(None, benchmark_file, benchmark_sid, benchmark_symbol, no_benchmark)

    @classmethod
    def from_returns(cls, benchmark_returns) -> BenchmarkSpec:
        """A Series of daily returns, or None for no benchmark."""
        return cls(benchmark_returns, None, None, None, benchmark_returns is None)

    def resolve(self, asset_finder, start_date, end_date) -> tuple[int | None, Any]:
        """(sid, returns) of the benchmark; both None when the algorithm has to set one."""
        if self.benchmark_returns is not None:
            return None, self.benchmark_returns
        if self.benchmark_file is not None:
            from ..data.benchmarks import get_benchmark_returns_from_file

            return None, get_benchmark_returns_from_file(self.benchmark_file)
        if self.benchmark_sid is not None:
            return self.benchmark_sid, None
        if self.benchmark_symbol is not None:
            try:
                asset = asset_finder.lookup_symbol(self.benchmark_symbol, as_of_date=end_date)
            except SymbolNotFound:
                raise RunAlgoError(
                    f"The benchmark {self.benchmark_symbol!r} is no symbol of this bundle."
                ) from None
            return asset.sid, None
        if self.no_benchmark:
            return None, no_returns(start_date, end_date)
        log.warning("No benchmark is given: the algorithm has to call set_benchmark.")
        return None, None
