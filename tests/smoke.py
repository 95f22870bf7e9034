"""What an installed wheel must do. Run by a Python that has the wheel, outside the source tree.

Not collected by pytest: test_packaging and .ci/wheel run it as a script.
"""

import importlib
import sys
from pathlib import Path


def main() -> None:
    for name in ("core", "compat", "validation", "cli"):
        module = importlib.import_module(f"fillproof.{name}")
        source = Path(__file__).resolve().parents[1] / name
        where = Path(module.__file__).resolve().parent
        assert where != source, f"fillproof.{name} comes from the source tree, not from the wheel"

    from fillproof.core.data import sample, sample_splits
    from fillproof.core.simulation import Simulation

    bars = sample("AAPL")
    simulation = Simulation(bars, cash=10_000.0)
    for t in range(len(bars)):
        simulation.step(t)
        if t == 0:
            simulation.submit(0, 10.0)
    (fill,) = simulation.fills
    assert fill["bar"] == 1, fill
    assert fill["price"] == bars.open[1, 0], fill
    worth = simulation.cash + 10.0 * bars.close[-1, 0]
    assert abs(simulation.equity - worth) < 1e-9 * worth, (simulation.equity, worth)
    assert len(sample_splits("AAPL")) == 2
    origin = Path(sys.modules["fillproof.core.data"].__file__).with_name("ORIGIN.md")
    assert origin.is_file(), "the origin of the sample is not in the wheel"
    print(f"smoke: {len(bars)} bars, 1 fill, equity {simulation.equity:.2f}")


if __name__ == "__main__":
    main()
