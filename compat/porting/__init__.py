"""Porting assistant: which names of the frameworks a script uses, what is here, and new imports."""

from .assess import Assessment, assess
from .names import Use, uses
from .states import State, state_of

__all__ = ["Assessment", "State", "Use", "assess", "state_of", "uses"]
