"""`Book` as compiled code sees it: one pointer to the table of `book.handles`.

An attribute reads address and shape of its array from the table when it is used. Passing the
arrays themselves from kernel to kernel made a hundred arguments of each call, and minutes of
compiling. Imports the compiler: `book.opened` imports this module when the first kernel compiles.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import from_dtype, njit, types
from numba.core import cgutils
from numba.core.typing.templates import AttributeTemplate
from numba.extending import infer_getattr, intrinsic, lower_getattr_generic, models, register_model
from numba.np.arrayobj import make_array, populate_array

from .account import FAULT_HOOK
from .book import ENTRY, FIELDS


class BookType(types.Type):
    """The address of a table of handles."""

    def __init__(self) -> None:
        super().__init__("fillproof.Book")


BOOK = BookType()
_ARRAYS = {name: types.Array(from_dtype(dtype), ndim, "C") for name, dtype, ndim in FIELDS}
_PLACES = {name: n for n, (name, _, _) in enumerate(FIELDS)}


@register_model(BookType)
class BookModel(models.PrimitiveModel):
    def __init__(self, dmm, fe_type) -> None:
        super().__init__(dmm, fe_type, ir.IntType(64).as_pointer())


@infer_getattr
class BookAttributes(AttributeTemplate):
    key = BookType

    def generic_resolve(self, book, attribute):
        return _ARRAYS.get(attribute)


@lower_getattr_generic(BookType)
def book_attribute(context, builder, book_type, table, attribute):
    """The array of that name, built from its row of the table."""
    array_type = _ARRAYS[attribute]
    first = _PLACES[attribute] * ENTRY

    def entry(n):
        place = cgutils.gep_inbounds(builder, table, first + n)
        return builder.load(place)

    itemsize = context.get_abi_sizeof(context.get_data_type(array_type.dtype))
    size = context.get_constant(types.intp, itemsize)
    shape = [entry(1 + n) for n in range(array_type.ndim)]
    strides = [size]
    for length in reversed(shape[1:]):
        strides.insert(0, builder.mul(strides[0], length))
    array = make_array(array_type)(context, builder)
    populate_array(
        array,
        data=builder.inttoptr(entry(0), array.data.type),
        shape=shape,
        strides=strides,
        itemsize=size,
        meminfo=None,
    )
    return array._getvalue()


@intrinsic
def opened(typingctx, table):
    """The `Book` of a table of handles."""

    def generate(context, builder, signature, arguments):
        array = make_array(signature.args[0])(context, builder, arguments[0])
        return array.data

    return BOOK(table), generate


@intrinsic
def book_at(typingctx, address):
    """The `Book` whose table of handles lies at an address."""

    def generate(context, builder, signature, arguments):
        return builder.inttoptr(arguments[0], ir.IntType(64).as_pointer())

    return BOOK(types.int64), generate


@intrinsic
def call_at(typingctx, address, book):
    """Call the function at an address, of one argument: the address of the book's table."""

    def generate(context, builder, signature, arguments):
        kind = ir.FunctionType(ir.VoidType(), [ir.IntType(64)])
        function = builder.inttoptr(arguments[0], kind.as_pointer())
        builder.call(function, [builder.ptrtoint(arguments[1], ir.IntType(64))])
        return context.get_dummy_value()

    return types.void(types.int64, book), generate


def _kinds(floats: tuple[bool, ...]) -> tuple:
    """The types of the arguments of a kernel that is compiled apart."""
    return (BOOK, *[types.float64 if is_float else types.int64 for is_float in floats])


def address_of(dispatcher, floats: tuple[bool, ...]) -> int:
    """Address of the machine code of a kernel; floats: which arguments after the `Book` are."""
    kinds = _kinds(floats)
    dispatcher.compile(kinds)
    compiled = dispatcher.overloads[kinds]
    if types.unliteral(compiled.signature.return_type) != types.int64:
        raise TypeError(
            f"{dispatcher.__name__} must return an integer, not {compiled.signature.return_type}."
        )
    return compiled.library.get_pointer_to_function(compiled.fndesc.llvm_func_name)


def through(place: int, floats: tuple[bool, ...]):
    """A function that calls the kernel whose address stands at a place of `Book.hooks`."""
    kinds = _kinds(floats)

    def typed(typingctx, address, book, arguments):
        def generate(context, builder, signature, values):
            convention = context.call_conv
            kind = convention.get_function_type(types.int64, kinds)
            function = builder.inttoptr(values[0], kind.as_pointer())
            given = cgutils.unpack_tuple(builder, values[2]) if len(arguments) else []
            given = [
                context.cast(builder, value, has, wants)
                for value, has, wants in zip(given, arguments, kinds[1:], strict=True)
            ]
            _, result = convention.call_function(
                builder, function, types.int64, kinds, [values[1], *given]
            )
            return result

        return types.int64(types.int64, book, arguments), generate

    call: Any = intrinsic(typed)

    def function(book, *arguments):
        address = book.hooks[place]
        if address == 0:
            book.account[0]["fault"] = FAULT_HOOK
            return 0
        return call(address, book, arguments)

    return njit(function)
