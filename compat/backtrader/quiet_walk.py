"""A walk through the statements of `next`, for many times at once.

A mask says at which times a statement is reached. Whatever has an effect, can fail or is not known
is an act: there `next` has to be called. What is left are the times at which it does nothing.
"""

from __future__ import annotations

import ast
import operator
from typing import Any

import numpy as np

from .broker import BackBroker
from .lines import LineRoot
from .position import Position
from .quiet_state import EXACT, NUMBERS, UNKNOWN, Attribute, Column, Held, Sight, Slot

#: A mask: True (all times), False (none) or bool[n].
Mask = Any

_ARITHMETIC = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
}
_COMPARISONS = {
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
}
#: The most elements that a loop goes through here.
_MOST_ELEMENTS = 64


def both(a: Mask, b: Mask) -> Mask:
    if a is False or b is False:
        return False
    if a is True:
        return b
    return a if b is True else a & b


def either(a: Mask, b: Mask) -> Mask:
    if a is True or b is True:
        return True
    if a is False:
        return b
    return a if b is False else a | b


def opposite(a: Mask) -> Mask:
    return not a if a.__class__ is bool else ~a


def reached(a: Mask) -> bool:
    """Whether a mask has any time."""
    return a if a.__class__ is bool else bool(a.any())


def _literal(node: ast.AST) -> bool:
    if isinstance(node, ast.UnaryOp):
        node = node.operand
    return isinstance(node, ast.Constant)


class Walk:
    """The statements from time `start` to `stop`.

    acts: bool[n], where `next` is to be called. asked: what the outcome depends on, by place and
    question, with the answer.
    """

    def __init__(self, sight: Sight, start: int, stop: int) -> None:
        self.sight, self.start, self.stop = sight, start, stop
        self.me = sight.function.__code__.co_varnames[0]
        self.locals = sight.function.__code__.co_varnames
        self.acts = np.zeros(stop - start, dtype=bool)
        self.asked: dict[tuple[Slot, str], Any] = {}
        #: By local name: the values that it was given, the latest first, and where.
        self.names: dict[str, list[tuple[Mask, Any]]] = {}
        #: Where the loop that is walked through goes to its next element, and where it ends.
        self.turns: list[list[Mask]] = []
        #: Goes up with whatever can be otherwise at another time, or in another part of the run.
        self.open = 0

    def act(self, mask: Mask) -> Any:
        if mask is True:
            self.acts[:] = True
        elif mask is not False:
            self.acts |= mask
        return UNKNOWN

    def ask(self, slot: Slot, question: str, mask: Mask) -> Any:
        self.open += 1
        key = (slot, question)
        answer = self.asked.get(key, self)
        if answer is self:
            answer = self.asked[key] = getattr(slot, question)()
        return self.act(mask) if answer is UNKNOWN else answer

    # Statements

    def body(self, statements: list[ast.stmt], mask: Mask) -> Mask:
        """Walk through statements; where the one after them is reached."""
        for statement in statements:
            if not reached(mask):
                return False
            step = _STATEMENTS.get(statement.__class__)
            if step is None:
                self.act(mask)
                return False
            mask = step(self, statement, mask)
        return mask

    def _pass(self, _: Any, mask: Mask) -> Mask:
        return mask

    def _expression(self, node: ast.Expr, mask: Mask) -> Mask:
        if not isinstance(node.value, ast.Constant):
            found = self.number(self.value(node.value, mask), mask, or_object=True)
            return False if found is UNKNOWN else mask
        return mask

    def _if(self, node: ast.If, mask: Mask) -> Mask:
        test = self.truth(node.test, mask)
        yes = self.body(node.body, both(mask, test))
        no = both(mask, opposite(test))
        return either(yes, self.body(node.orelse, no) if node.orelse else no)

    def _return(self, node: ast.Return, mask: Mask) -> Mask:
        if node.value is not None and not isinstance(node.value, ast.Constant):
            self.number(self.value(node.value, mask), mask, or_object=True)
        return False

    def _assign(self, node: ast.Assign, mask: Mask) -> Mask:
        value = self.value(node.value, mask)
        if value is UNKNOWN:
            return False
        for target in node.targets:
            self.bind(target, value, mask)
        return mask

    def _annotated(self, node: ast.AnnAssign, mask: Mask) -> Mask:
        if node.value is None or not node.simple:
            self.act(mask)
            return False
        self.bind(node.target, self.value(node.value, mask), mask)
        return mask

    def _augmented(self, node: ast.AugAssign, mask: Mask) -> Mask:
        """Of a local number: an object could be changed in place."""
        if isinstance(node.target, ast.Name):
            old = self.number(self._name(node.target, mask), mask)
            if old is not UNKNOWN and old.__class__ is not str:
                new = self.number(self.value(node.value, mask), mask)
                self.bind(node.target, self.arithmetic(node.op.__class__, old, new, mask), mask)
                return mask
        self.act(mask)
        return False

    def _for(self, node: ast.For, mask: Mask) -> Mask:
        """A loop over a list of datas, or over `enumerate` of it."""
        if node.orelse:
            self.act(mask)
            return False
        source, counted = node.iter, False
        if (
            isinstance(source, ast.Call)
            and isinstance(source.func, ast.Name)
            and source.func.id == "enumerate"
            and source.func.id not in self.locals
            and len(source.args) == 1
            and not source.keywords
            and self.sight.builtin("enumerate")
        ):
            source, counted = source.args[0], True
        held = self.value(source, mask)
        items = self.sight.items(held.obj) if isinstance(held, Held) else None
        if items is None or len(items) > _MOST_ELEMENTS:
            self.act(mask)
            return False
        turns: list[Mask] = [False, False]
        self.turns.append(turns)
        for number, item in enumerate(items):
            if not reached(mask):
                break
            if not counted:
                self.bind(node.target, item, mask)
            elif isinstance(node.target, ast.Tuple) and len(node.target.elts) == 2:
                self.bind(node.target.elts[0], number, mask)
                self.bind(node.target.elts[1], item, mask)
            else:
                self.act(mask)
                mask = False
                break
            mask = either(self.body(node.body, mask), turns[0])
            turns[0] = False
        self.turns.pop()
        return either(mask, turns[1])

    def _continue(self, _: Any, mask: Mask) -> Mask:
        self.turns[-1][0] = either(self.turns[-1][0], mask)
        return False

    def _break(self, _: Any, mask: Mask) -> Mask:
        self.turns[-1][1] = either(self.turns[-1][1], mask)
        return False

    # Local names

    def bind(self, target: Any, value: Any, mask: Mask) -> None:
        """Give a value to a local name, or to several."""
        if isinstance(target, ast.Name) and target.id in self.locals and target.id != self.me:
            older = [] if mask is True else self.names.get(target.id, [])
            self.names[target.id] = [(mask, value), *older]
            return
        if isinstance(target, ast.Tuple | ast.List):
            parts = self.sight.items(value.obj) if isinstance(value, Held) else value
            if isinstance(parts, list) and len(parts) == len(target.elts):
                for one, part in zip(target.elts, parts, strict=True):
                    self.bind(one, part, mask)
                return
        self.act(mask)

    def _name(self, node: ast.Name, mask: Mask) -> Any:
        name = node.id
        if name == self.me:
            return Held(self.sight.strategy)
        if name not in self.locals:
            found = self.sight.known_name(name)
            return self.act(mask) if found is UNKNOWN else found
        self.open += 1
        given = self.names.get(name, [])
        for where, value in given[:1]:
            # An object has its value from the latest place that it was given one.
            if where is True or where is mask or not reached(both(mask, opposite(where))):
                return self.act(mask) if value is UNKNOWN else value
        return self._joined(given, mask)

    def _joined(self, given: list[tuple[Mask, Any]], mask: Mask) -> Any:
        """The value of a name that has different ones at different times: numbers only."""
        rest = mask
        parts = []
        for where, value in given:
            here = both(rest, where)
            rest = both(rest, opposite(where))
            if reached(here):
                number = self.number(value, here)
                if not _numeric(number) or not _exact(number):
                    return self.act(mask)
                parts.append((here, number))
        self.act(rest)
        if not parts:
            return self.act(mask)
        return self._select(parts)

    def _select(self, parts: list[tuple[Mask, Any]]) -> Any:
        """One array of the numbers that hold at different times."""
        arrays = [np.asarray(self.window(number)) for _, number in parts]
        kinds = {array.dtype for array in arrays}
        out = np.zeros(len(self.acts), dtype=kinds.pop() if len(kinds) == 1 else np.float64)
        for (where, _), array in zip(parts, arrays, strict=True):
            np.copyto(out, array, where=where)
        return out

    # Expressions

    def value(self, node: ast.expr, mask: Mask) -> Any:
        """A number (plain, Column or array[n]), None, a text, a Slot, Held, a list of these or
        UNKNOWN, where `mask` acts."""
        settled = self.sight.settled
        found = settled.get(node, self)
        if found is self:
            before = self.open
            step = _EXPRESSIONS.get(node.__class__)
            found = self.act(mask) if step is None else step(self, node, mask)
            if self.open == before and found.__class__ in _SETTLED:
                settled[node] = found
            return found
        return self.act(mask) if found is UNKNOWN else found

    def _constant(self, node: ast.Constant, mask: Mask) -> Any:
        known = node.value is None or node.value.__class__ in (*NUMBERS, str)
        return node.value if known else self.act(mask)

    def window(self, number: Any) -> Any:
        """Its part that belongs to this walk."""
        return number.values[self.start : self.stop] if number.__class__ is Column else number

    def number(self, value: Any, mask: Mask, or_object: bool = False) -> Any:
        """A number, None or a text; a line is its current value."""
        kind = value.__class__
        if kind is float or kind is int or value is UNKNOWN:
            return value
        if kind is Slot or kind is Attribute:
            answer = self.ask(value, "number", mask)
            return answer if answer is UNKNOWN else answer[1]
        if kind is Held:
            line = UNKNOWN
            if isinstance(value.obj, LineRoot):
                line = self.sight.line_of(value.obj)
            if line is not UNKNOWN:
                value = self.sight.values(line, 0)
                if value is UNKNOWN:
                    return self.act(mask)
                kind = Column
            elif not or_object:
                return self.act(mask)
        if kind is list:
            return value if or_object else self.act(mask)
        if kind is Column and value.bad is not None:
            self.open += 1
            self.act(both(mask, value.bad[self.start : self.stop]))
        return value

    def truth(self, node: Any, mask: Mask) -> Mask:
        """Where an expression is true."""
        kind = node.__class__
        if kind is ast.UnaryOp and node.op.__class__ is ast.Not:
            self.open += 1
            return opposite(self.truth(node.operand, mask))
        if kind is ast.BoolOp:
            self.open += 1
            all_of = isinstance(node.op, ast.And)
            result: Mask = all_of
            for part in node.values:
                left = both(mask, result if all_of else opposite(result))
                if not reached(left):
                    break
                found = self.truth(part, left)
                result = both(result, found) if all_of else either(result, found)
            return result
        return self.truth_of(self.value(node, mask), mask)

    def truth_of(self, value: Any, mask: Mask) -> Mask:
        kind = value.__class__
        if kind is Slot or kind is Attribute:
            return self.ask(value, "truth", mask) is True
        if kind is Held:
            obj = value.obj
            if type(obj) is Position:
                slot = self.sight.whether_held(obj)
                if slot is UNKNOWN:
                    self.act(mask)
                    return False
                return self.ask(slot, "truth", mask) is True
            if value.slot is not None:
                return self.ask(value.slot, "truth", mask) is True
            value = self.number(value, mask)
            kind = value.__class__
        if value is UNKNOWN:
            return False
        if kind is Column:
            self.open += 1
            if value.bad is not None:
                self.act(both(mask, value.bad[self.start : self.stop]))
            if value.truth is None:
                value.truth = value.values if value.values.dtype == bool else value.values != 0
            return value.truth[self.start : self.stop]
        if kind is np.ndarray:
            return value if value.dtype == bool else value != 0
        return bool(value)

    def _not(self, node: ast.UnaryOp, mask: Mask) -> Any:
        if isinstance(node.op, ast.Not):
            return self.truth(node, mask)
        found = self.number(self.value(node.operand, mask), mask)
        if isinstance(node.op, ast.USub) and found is not UNKNOWN:
            if found.__class__ in NUMBERS:
                return -found
            if found is not None and found.__class__ is not str:
                return -_counted(self.window(found))
        return self.act(mask)

    def _bool(self, node: ast.BoolOp, mask: Mask) -> Any:
        """The value of `and` and `or`: that of the part that decides."""
        self.open += 1
        all_of = isinstance(node.op, ast.And)
        left, parts = mask, []
        for part in node.values:
            value = self.value(part, left)
            if value is UNKNOWN:
                return self.act(mask)
            test = self.truth_of(value, left)
            ends = both(left, opposite(test) if all_of else test)
            if part is node.values[-1]:
                ends = left
            if reached(ends):
                parts.append((ends, value))
            left = both(left, test if all_of else opposite(test))
            if not reached(left):
                break
        return self._one_of(parts, mask)

    def _choice(self, node: ast.IfExp, mask: Mask) -> Any:
        self.open += 1
        test = self.truth(node.test, mask)
        parts = []
        for part, where in ((node.body, test), (node.orelse, opposite(test))):
            where = both(mask, where)
            if reached(where):
                parts.append((where, self.value(part, where)))
        return self._one_of(parts, mask)

    def _one_of(self, parts: list[tuple[Mask, Any]], mask: Mask) -> Any:
        if len(parts) == 1:
            return parts[0][1]
        return self._joined(parts, mask)

    def _binary(self, node: ast.BinOp, mask: Mask) -> Any:
        a = self.number(self.value(node.left, mask), mask)
        b = self.number(self.value(node.right, mask), mask)
        kept = self._kept(node.left, node.right, a, b)
        return self.arithmetic(node.op.__class__, a, b, mask, kept)

    def _kept(self, left: ast.expr, right: ast.expr, a: Any, b: Any) -> bool:
        """Whether the outcome holds for the whole run, whatever places contain."""
        return (a.__class__ is Column and (b.__class__ is Column or _literal(right))) or (
            b.__class__ is Column and _literal(left)
        )

    def arithmetic(self, op: type, a: Any, b: Any, mask: Mask, kept: bool = False) -> Any:
        compute = _ARITHMETIC.get(op)
        if compute is None or a is UNKNOWN or b is UNKNOWN:
            return self.act(mask)
        if a.__class__ in NUMBERS and b.__class__ in NUMBERS:
            try:
                found = compute(a, b)
            except (ZeroDivisionError, OverflowError):
                return self.act(mask)
            return found if found.__class__ in NUMBERS else self.act(mask)
        if not (_numeric(a) and _numeric(b)):
            return self.act(mask)
        if kept:
            found = self._whole(op, a, b, self._of_arrays)
        else:
            found = self._of_arrays(op, self.window(a), self.window(b))
        if found is UNKNOWN:
            return self.act(mask)
        values, bad = found
        if bad is not None:
            self.open += 1
            self.act(both(mask, bad[self.start : self.stop] if kept else bad))
        return self._whole_column(op, a, b) if kept else values

    def _whole(self, op: type, a: Any, b: Any, compute: Any) -> Any:
        """The outcome for all times, computed once."""
        home, key = self._place(op, a, b)
        if key not in home:
            of = [x.values if x.__class__ is Column else x for x in (a, b)]
            home[key] = (compute(op, *of), a, b)
        return home[key][0]

    def _place(self, op: type, a: Any, b: Any) -> tuple[dict[Any, Any], Any]:
        home = a if a.__class__ is Column else b
        sides = [(id(x), Column) if x.__class__ is Column else (x, x.__class__) for x in (a, b)]
        return home.made, (op, *sides)

    def _whole_column(self, op: type, a: Any, b: Any) -> Column:
        """The same as a Column, always the same one."""
        home, key = self._place(op, a, b)
        outcome, *_ = home[key]
        if len(home[key]) == 3:
            home[key] = (*home[key], Column(outcome[0], outcome[1]))
        return home[key][3]

    def _of_arrays(self, op: type, a: Any, b: Any) -> Any:
        """(values, where they are not known) of arithmetic with arrays; UNKNOWN: nowhere."""
        with np.errstate(all="ignore"):
            return self._computed(op, a, b)

    def _computed(self, op: type, a: Any, b: Any) -> Any:
        a, b = _counted(a), _counted(b)
        if not (_exact(a) and _exact(b)):
            return UNKNOWN
        whole = _is_whole(a) and _is_whole(b)
        if op in (ast.FloorDiv, ast.Mod):
            # Of floats the last bits could differ.
            if not whole or isinstance(b, np.ndarray) or b == 0:
                return UNKNOWN
            return _ARITHMETIC[op](a, int(b)), None
        if op is ast.Div:
            zero = np.asarray(b) == 0
            if isinstance(b, np.ndarray):
                bad = zero if zero.any() else None
            elif zero:
                return UNKNOWN
            else:
                bad = None
            return _floats(a) / _floats(b), bad
        if not whole:
            return _ARITHMETIC[op](_floats(a), _floats(b)), None
        largest = [int(np.abs(np.asarray(x)).max(initial=0)) for x in (a, b)]
        size = largest[0] * largest[1] if op is ast.Mult else sum(largest)
        return (_ARITHMETIC[op](a, b), None) if size <= EXACT else UNKNOWN

    def _compare(self, node: ast.Compare, mask: Mask) -> Any:
        left_node, left = node.left, self.value(node.left, mask)
        if len(node.ops) == 1:
            right_node = node.comparators[0]
            right = self.value(right_node, mask)
            found = self._pair(node.ops[0], left_node, left, right_node, right, mask)
            return found
        self.open += 1
        result: Any = True
        for op, right_node in zip(node.ops, node.comparators, strict=True):
            where = both(mask, result)
            if not reached(where):
                break
            right = self.value(right_node, where)
            found = self._pair(op, left_node, left, right_node, right, where)
            if found is UNKNOWN:
                # Where it is reached it acts; elsewhere the part before decided.
                return False if result is True else both(result, False)
            result = both(result, self.window(found))
            left_node, left = right_node, right
        return result

    def _pair(self, op: Any, left_node: Any, left: Any, right_node: Any, right: Any, mask: Mask):
        if left is UNKNOWN or right is UNKNOWN:
            return self.act(mask)
        if op.__class__ in (ast.Is, ast.IsNot):
            found = self._identical(left, right, mask)
            return found if found is UNKNOWN else found is isinstance(op, ast.Is)
        if op.__class__ not in _COMPARISONS:
            return self.act(mask)
        for one, other, flipped in ((left, right, False), (right, left, True)):
            if other.__class__ is int and other == 0 and isinstance(one, Slot):
                sign = self.ask(one, "sign", mask)
                if sign is UNKNOWN:
                    return UNKNOWN
                pair = (0, sign) if flipped else (sign, 0)
                return _COMPARISONS[op.__class__](*pair)
        a, b = self.number(left, mask), self.number(right, mask)
        if a is UNKNOWN or b is UNKNOWN:
            return self.act(mask)
        if not (_numeric(a) and _numeric(b)):
            return self._of_plain(op.__class__, a, b, mask)
        if a.__class__ in NUMBERS and b.__class__ in NUMBERS:
            return _COMPARISONS[op.__class__](a, b)
        if self._kept(left_node, right_node, a, b):
            outcome = self._whole(op.__class__, a, b, _compared)
            if outcome is UNKNOWN:
                return self.act(mask)
            return self._whole_column(op.__class__, a, b)
        outcome = _compared(op.__class__, self.window(a), self.window(b))
        return self.act(mask) if outcome is UNKNOWN else outcome[0]

    def _of_plain(self, op: type, a: Any, b: Any, mask: Mask) -> Any:
        """Of texts and None: equality, and the sequence of texts."""
        texts = a.__class__ is str and b.__class__ is str
        arrays = any(x.__class__ in (Column, np.ndarray) for x in (a, b))
        if arrays or not (texts or op in (ast.Eq, ast.NotEq)):
            return self.act(mask)
        return _COMPARISONS[op](a, b)

    def _identical(self, left: Any, right: Any, mask: Mask) -> Any:
        """Whether one is None, where the other one is known to be."""
        if right is not None:
            left, right = right, left
        if right is not None:
            return self.act(mask)
        if isinstance(left, Slot):
            return self.ask(left, "nothing", mask)
        return left is None

    def _attribute(self, node: ast.Attribute, mask: Mask) -> Any:
        base = self.value(node.value, mask)
        if base.__class__ is Held:
            found = self.sight.attribute(base.obj, node.attr)
            if found is not UNKNOWN:
                return found
        return self.act(mask)

    def _subscript(self, node: ast.Subscript, mask: Mask) -> Any:
        base = self.value(node.value, mask)
        if base.__class__ is not Held:
            return self.act(mask)
        index = self.value(node.slice, mask)
        if index is UNKNOWN:
            return UNKNOWN
        if isinstance(base.obj, LineRoot):
            ago = self.number(index, mask)
            line = self.sight.line_of(base.obj)
            if line is UNKNOWN or type(ago) is not int:
                return self.act(mask)
            found = self.sight.values(line, ago)
        elif index.__class__ is Held:
            plain = type(index.obj).__hash__ is object.__hash__
            if type(base.obj) is not dict or not isinstance(index.obj, LineRoot) or not plain:
                return self.act(mask)
            found = self.sight.item(base.obj, index.obj)
        else:
            key = self.number(index, mask)
            plain = key.__class__ in (int, str)
            found = self.sight.item(base.obj, key) if plain else UNKNOWN
        return self.act(mask) if found is UNKNOWN else found

    def _tuple(self, node: ast.Tuple | ast.List, mask: Mask) -> Any:
        return [self.value(one, mask) for one in node.elts]

    # Calls

    def _call(self, node: ast.Call, mask: Mask) -> Any:
        function = node.func
        if isinstance(function, ast.Name) and not node.keywords:
            if function.id in self.locals or not self.sight.builtin(function.id):
                return self.act(mask)
            return self._builtin(function.id, node.args, mask)
        if isinstance(function, ast.Attribute):
            return self._method(function, node, mask)
        return self.act(mask)

    def _builtin(self, name: str, nodes: list[ast.expr], mask: Mask) -> Any:
        if any(isinstance(one, ast.Starred) for one in nodes):
            return self.act(mask)
        values = [self.value(one, mask) for one in nodes]
        if any(one is UNKNOWN for one in values):
            return self.act(mask)
        if name in ("max", "min") and len(values) > 1:
            if any(one.__class__ is Held for one in values):
                return self.act(mask)
            numbers = [self.number(one, mask) for one in values]
            found = numbers[0]
            for other in numbers[1:]:
                found = self._extreme(name, found, other)
                if found is UNKNOWN:
                    return self.act(mask)
            return found
        if len(values) != 1:
            return self.act(mask)
        if name == "len":
            obj = values[0].obj if values[0].__class__ is Held else None
            found = self.sight.length(obj) if isinstance(obj, LineRoot) else UNKNOWN
            return self.act(mask) if found is UNKNOWN else found
        if name == "bool":
            return self.truth_of(values[0], mask)
        number = self.number(values[0], mask)
        if number is UNKNOWN or not _numeric(number):
            return self.act(mask)
        if name == "abs":
            return (
                abs(number) if number.__class__ in NUMBERS else abs(_counted(self.window(number)))
            )
        if values[0].__class__ is Held or name != "float":
            return self.act(mask)
        return float(number) if number.__class__ in NUMBERS else _floats(self.window(number))

    def _extreme(self, name: str, a: Any, b: Any) -> Any:
        """`max(a, b)` or `min(a, b)`: the first one, unless the second one is beyond it."""
        if a is UNKNOWN or b is UNKNOWN or not (_numeric(a) and _numeric(b)):
            return UNKNOWN
        op = ast.Gt if name == "max" else ast.Lt
        if a.__class__ in NUMBERS and b.__class__ in NUMBERS:
            return b if _COMPARISONS[op](b, a) else a
        a, b = self.window(a), self.window(b)
        outcome = _compared(op, b, a)
        if outcome is UNKNOWN:
            return UNKNOWN
        return self._select([(~outcome[0], a), (outcome[0], b)])

    def _method(self, function: ast.Attribute, node: ast.Call, mask: Mask) -> Any:
        base = self.value(function.value, mask)
        if base.__class__ is not Held:
            return self.act(mask)
        obj, found = base.obj, UNKNOWN
        values = [self.value(one, mask) for one in node.args]
        named = [(one.arg, self.value(one.value, mask)) for one in node.keywords]
        if function.attr == "isnan":
            known = self.sight.isnan(obj)
            if known and len(values) == 1 and not named and values[0].__class__ is not Held:
                number = self.number(values[0], mask)
                if number.__class__ is float:
                    return number != number
                if number.__class__ in (Column, np.ndarray):
                    window = self.window(number)
                    return window != window
        elif function.attr == "getposition":
            if len(values) + len(named) == 1 and all(name == "data" for name, _ in named):
                data = [*values, *(value for _, value in named)][0]
            else:
                data = UNKNOWN if values or named else None
            if isinstance(data, Held) and isinstance(data.obj, LineRoot):
                data = data.obj
            elif data is not None:
                return self.act(mask)
            if obj is self.sight.strategy:
                found = self.sight.strategy_position(data)
            elif isinstance(obj, BackBroker) and data is not None:
                found = self.sight.position_of(obj, data)
        return self.act(mask) if found is UNKNOWN else found


def _numeric(value: Any) -> bool:
    return value.__class__ in (float, int, bool, Column, np.ndarray)


def _counted(value: Any) -> Any:
    """Truth values as whole numbers."""
    if value.__class__ is bool:
        return int(value)
    if isinstance(value, np.ndarray) and value.dtype == bool:
        return value.astype(np.int64)
    return value


def _is_whole(value: Any) -> bool:
    return value.dtype != np.float64 if isinstance(value, np.ndarray) else value.__class__ is int


def _floats(value: Any) -> Any:
    return value.astype(np.float64) if isinstance(value, np.ndarray) else float(value)


def _exact(value: Any) -> bool:
    """Whether a number is the same as a float."""
    return value.__class__ is not int or abs(value) <= EXACT


def _compared(op: type, a: Any, b: Any) -> Any:
    """(the outcome of a comparison, None), at least one side of which is an array."""
    a, b = _counted(a), _counted(b)
    if not (_exact(a) and _exact(b)):
        return UNKNOWN
    return _COMPARISONS[op](a, b), None


#: The kinds of values that hold for the whole run, if nothing that can change was asked.
_SETTLED = frozenset((float, int, bool, str, type(None), Column, Held, Slot, Attribute, object))

_STATEMENTS = {
    ast.Pass: Walk._pass,
    ast.Global: Walk._pass,
    ast.Expr: Walk._expression,
    ast.If: Walk._if,
    ast.Return: Walk._return,
    ast.Assign: Walk._assign,
    ast.AnnAssign: Walk._annotated,
    ast.AugAssign: Walk._augmented,
    ast.For: Walk._for,
    ast.Continue: Walk._continue,
    ast.Break: Walk._break,
}
_EXPRESSIONS = {
    ast.Constant: Walk._constant,
    ast.Name: Walk._name,
    ast.Attribute: Walk._attribute,
    ast.Subscript: Walk._subscript,
    ast.Compare: Walk._compare,
    ast.BoolOp: Walk._bool,
    ast.UnaryOp: Walk._not,
    ast.BinOp: Walk._binary,
    ast.IfExp: Walk._choice,
    ast.Tuple: Walk._tuple,
    ast.List: Walk._tuple,
    ast.Call: Walk._call,
}
