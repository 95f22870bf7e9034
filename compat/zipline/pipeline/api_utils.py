"""Guards for the methods of terms."""

from __future__ import annotations

import functools


def restrict_to_dtype(dtype, message_template):
    """A decorator: the method raises TypeError on a term of another dtype.

    message_template is formatted with method_name, expected_dtype and received_dtype.
    """

    def decorate(method):
        @functools.wraps(method)
        def guarded(self, *args, **kwargs):
            if self.dtype != dtype:
                raise TypeError(
                    message_template.format(
                        method_name=method.__name__,
                        expected_dtype=dtype.name,
                        received_dtype=self.dtype,
                    )
                )
            return method(self, *args, **kwargs)

        return guarded

    return decorate
