"""Where open orders wait, and what fills them."""

from .blotter import Blotter
from .simulation_blotter import SimulationBlotter

__all__ = ["Blotter", "SimulationBlotter"]
