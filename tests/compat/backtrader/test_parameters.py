"""`params` in every form in which classes declare, inherit and receive them."""

from __future__ import annotations

import fillproof.compat.backtrader as bt
import pytest


class Base(bt.Sizer):
    params = (("a", 1), ("b", "two"))


class AsDict(Base):
    params = {"c": 3.0, "a": 10}  # noqa: RUF012


class Silent(AsDict):
    pass


class Other(bt.Sizer):
    params = (("d", None), ("b", "other"))


class Both(Silent, Other):
    params = (("e", 5),)


def test_classes_hold_the_defaults():
    assert (Base.params.a, Base.params.b) == (1, "two")
    assert dict(AsDict.params._getitems()) == {"a": 10, "b": "two", "c": 3.0}


def test_subclasses_inherit_in_order_and_override_in_place():
    assert list(Silent.params._getkeys()) == ["a", "b", "c"]
    assert Silent.params._getdefaults() == [10, "two", 3.0]
    assert Base.params.a == 1


def test_a_second_base_comes_before_the_own_ones():
    assert Both.params._gettuple() == (
        ("a", 10),
        ("b", "other"),
        ("c", 3.0),
        ("d", None),
        ("e", 5),
    )


def test_keywords_set_an_object_and_leave_the_class():
    made = AsDict(b="changed")
    assert made.p is made.params
    assert dict(made.p._getkwargs()) == {"a": 10, "b": "changed", "c": 3.0}
    assert made.p.isdefault("a")
    assert made.p.notdefault("b")
    assert AsDict.params.b == AsDict().p.b == "two"
    assert made.p._get("nothing", 7) == 7
    with pytest.raises(AttributeError, match="nothing"):
        _ = made.p.nothing


def test_unknown_keywords_fail():
    with pytest.raises(TypeError):
        Base(unknown=1)


def test_other_arguments_reach_init():
    class Taking(bt.Sizer):
        params = (("a", 1),)

        def __init__(self, first, *, more=None):
            self.got = (first, more, self.p.a)

    assert Taking("x", a=2, more="y").got == ("x", "y", 2)


class Importing(bt.Sizer):
    packages = ("math", ("os.path", "paths"))
    frompackages = (("decimal", ("Decimal", ("Context", "Terms"))), ("json", "dumps"))


def test_declared_imports_become_globals_of_the_module():
    assert Importing.packages == ("math", ("os.path", "paths"))
    Importing()
    space = globals()
    assert space["math"].floor(2.5) == 2
    assert space["paths"].join("a", "b")
    assert space["Decimal"]("1.5") + 1 == space["Decimal"]("2.5")
    assert space["Terms"].__name__ == "Context"
    assert space["dumps"]([1]) == "[1]"


def test_strategies_get_parameters_from_cerebro(run_once):
    class Look(bt.Strategy):
        params = (("period", 2),)

        def __init__(self):
            self.at_first = self.p.period

    assert run_once(Look, [1.0, 2.0]).at_first == 2
    assert run_once(Look, [1.0, 2.0], period=5).at_first == 5
