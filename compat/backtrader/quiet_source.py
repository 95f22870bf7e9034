"""What a strategy's `next` says: its statements, where they are certainly those that run."""

from __future__ import annotations

import ast
import inspect
import linecache
import re
import sys
from types import CodeType, FunctionType, ModuleType
from typing import Any
from weakref import WeakKeyDictionary

from .strategy import Strategy

#: By function: its definition, or None where it is not known.
_known: WeakKeyDictionary[Any, ast.FunctionDef | None] = WeakKeyDictionary()
#: By class: whether the files of its methods write into lines behind their back.
_writers: WeakKeyDictionary[type, bool] = WeakKeyDictionary()

#: Arguments by any other way than their names, generators and coroutines.
_OTHER_FLAGS = (
    inspect.CO_VARARGS
    | inspect.CO_VARKEYWORDS
    | inspect.CO_GENERATOR
    | inspect.CO_COROUTINE
    | inspect.CO_ASYNC_GENERATOR
)
#: What two codes have in common that do the same.
_SAME = [
    *("co_code", "co_names", "co_varnames", "co_freevars", "co_cellvars", "co_argcount"),
    *("co_posonlyargcount", "co_kwonlyargcount", "co_exceptiontable"),
]
_FUTURE_FLAGS = 0x1FF0000
_ARRAY = re.compile(r"(?<!\bnp)(?<!\bnumpy)\.array\b")
#: Methods of indicators that fill whole columns before the bars are played.
_FILLS = ("once", "oncestart", "preonce")


def definition(function: Any, arguments: int = 1) -> ast.FunctionDef | None:
    """The definition of a method, as it stands in its file. arguments: how many, with the first.

    None where it takes others, where there is no source, or where it is not what runs: compiled
    anew it must give the same instructions.
    """
    if type(function) is not FunctionType:
        return None
    if function not in _known:
        _known[function] = _read(function)
    node = _known[function]
    return node if node is not None and len(node.args.args) == arguments else None


def _read(function: FunctionType) -> ast.FunctionDef | None:
    code = function.__code__
    if code.co_freevars or code.co_cellvars or code.co_flags & _OTHER_FLAGS:
        return None
    if not code.co_argcount or code.co_kwonlyargcount or function.__defaults__:
        return None
    try:
        lines = linecache.getlines(code.co_filename, function.__globals__)
        source = "".join(inspect.getblock(lines[code.co_firstlineno - 1 :]))
        if source[:1].isspace():
            # Its texts over several lines stay as they are.
            source = f"if 1:\n{source}"
        node: Any = ast.parse(source).body[0]
        if isinstance(node, ast.If):
            node = node.body[0]
    except (TypeError, ValueError, SyntaxError, IndexError):
        return None
    if type(node) is not ast.FunctionDef or node.name != code.co_name:
        return None
    node.decorator_list.clear()
    node.returns = None
    for argument in node.args.args:
        argument.annotation = None
    made = _compiled(node, function)
    return node if made is not None and _same(made, code) else None


def _compiled(node: ast.FunctionDef, function: FunctionType) -> CodeType | None:
    """The code of a method, compiled as part of a class of the same name."""
    owner = [*function.__qualname__.split("."), ""][-3:-2] or ["Strategy"]
    name = owner[0] if owner[0].isidentifier() else "Strategy"
    # Methods of what a file imports are called by other instructions.
    space = function.__globals__
    modules = [n for n in function.__code__.co_names if isinstance(space.get(n), ModuleType)]
    around = ast.parse(f"class {name}: pass\n" + "".join(f"import {n}\n" for n in modules))
    around.body[0].body = [node]  # type: ignore[attr-defined]
    flags = function.__code__.co_flags & _FUTURE_FLAGS
    try:
        code = compile(around, "<next>", "exec", flags, dont_inherit=True)
    except (SyntaxError, ValueError):
        return None
    for _ in range(2):
        inner = [const for const in code.co_consts if isinstance(const, CodeType)]
        if not inner:
            return None
        code = inner[0]
    return code


def _same(one: CodeType, other: CodeType) -> bool:
    if any(getattr(one, name) != getattr(other, name) for name in _SAME):
        return False
    # A class may stand in a function.
    if (one.co_flags ^ other.co_flags) & ~inspect.CO_NESTED:
        return False
    if len(one.co_consts) != len(other.co_consts):
        return False
    for a, b in zip(one.co_consts, other.co_consts, strict=True):
        if isinstance(a, CodeType) and isinstance(b, CodeType):
            if not _same(a, b):
                return False
        # 1, 1.0 and True are equal, -0.0 and 0.0 too.
        elif type(a) is not type(b) or repr(a) != repr(b):
            return False
    return True


def watched() -> bool:
    """Whether a debugger, a profiler or a coverage tool follows each call."""
    monitoring = getattr(sys, "monitoring", None)
    tools = [] if monitoring is None else [monitoring.get_tool(number) for number in range(6)]
    return sys.gettrace() is not None or sys.getprofile() is not None or any(tools)


def writes_arrays(cls: type) -> bool:
    """Whether the files in which a strategy is written speak of the `array` of a line.

    Who writes into it changes the values of a line, and nobody hears of it.
    """
    if cls not in _writers:
        files = set()
        for base in cls.__mro__[: cls.__mro__.index(Strategy)]:
            for member in vars(base).values():
                code = getattr(member, "__code__", None)
                if isinstance(code, CodeType):
                    files.add(code.co_filename)
        _writers[cls] = any(map(_speaks_of_array, files))
    return _writers[cls]


def _speaks_of_array(file: str) -> bool:
    text = "".join(linecache.getlines(file))
    if not _ARRAY.search(text):
        return False
    try:
        waiting: list[ast.AST] = [ast.parse(text)]
    except (SyntaxError, ValueError):
        return True
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.FunctionDef) and node.name in _FILLS:
            continue
        if isinstance(node, ast.Attribute) and node.attr == "array":
            of = node.value
            if not (isinstance(of, ast.Name) and of.id in ("np", "numpy")):
                return True
        waiting.extend(ast.iter_child_nodes(node))
    return False
