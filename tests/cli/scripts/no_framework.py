"""Imports none of the frameworks; shows what a script sees when fillproof runs it."""

import atexit
import pickle
import sys
from pathlib import Path


class Thing:
    def __eq__(self, other):
        return isinstance(other, Thing)

    __hash__ = None


def fail():
    raise ValueError("on purpose")


print(__name__, Path(__file__).name, sys.argv[1:], Path(sys.path[0]).name)
print(pickle.loads(pickle.dumps(Thing())) == Thing())
atexit.register(lambda: print("the end", Thing.__name__))
if sys.argv[1:] == ["fail"]:
    fail()
if sys.argv[1:] == ["text"]:
    sys.exit("a last word")
if len(sys.argv) > 1:
    sys.exit(int(sys.argv[1]))
