"""Blosc buffers (version 1 of the format): read all, write uncompressed ones.

A buffer is a header, the places of its blocks, and the blocks. Numbers of a block are shuffled (all
first bytes, then all second bytes, ...), cut into as many streams as a number has bytes, and each
stream is compressed. Byte order is little-endian throughout.
"""

from __future__ import annotations

import struct
import zlib

import numpy as np

from ..jit import njit

_HEADER = struct.Struct("<BBBBIII")  # version, codec version, flags, type size, bytes, block, all
_SHUFFLED, _STORED, _BIT_SHUFFLED, _WHOLE = 0x1, 0x2, 0x4, 0x10
_CODECS = ("blosclz", "lz4", "snappy", "zlib", "zstd")
_MOST_STREAMS, _SHORTEST_STREAM = 16, 128


class BloscError(ValueError):
    """A buffer is damaged, or of a kind that is not read."""


def decompress(buffer: bytes | memoryview) -> bytes:
    """The bytes of a buffer; raises BloscError."""
    view = memoryview(buffer)
    if len(view) < _HEADER.size:
        raise BloscError(f"a buffer of {len(view)} bytes is too short for its header.")
    _, _, flags, size, count, block_size, stored = _HEADER.unpack_from(view)
    if stored > len(view):
        raise BloscError(f"the buffer has {len(view)} of its {stored} bytes: the file is cut off.")
    if flags & _STORED:
        return bytes(view[_HEADER.size : _HEADER.size + count])
    if flags & _BIT_SHUFFLED:
        raise BloscError("its bits are shuffled; only shuffled bytes are read.")
    if not count:
        return b""
    codec = flags >> 5
    if codec >= len(_CODECS):
        raise BloscError(f"its codec has the unknown number {codec}.")
    blocks = -(-count // block_size)
    starts = struct.unpack_from(f"<{blocks}i", view, _HEADER.size)
    out = bytearray(count)
    for n, start in enumerate(starts):
        first = n * block_size
        length = min(block_size, count - first)
        whole = flags & _WHOLE or length < block_size or size > _MOST_STREAMS
        streams = 1 if whole or block_size // size < _SHORTEST_STREAM else size
        block = _block(view, start, length, streams, _CODECS[codec])
        if flags & _SHUFFLED and size > 1:
            block = _unshuffled(block, size)
        out[first : first + length] = block
    return bytes(out)


def _block(view: memoryview, place: int, length: int, streams: int, codec: str) -> bytes:
    parts = []
    each = length // streams
    for _ in range(streams):
        (stored,) = struct.unpack_from("<i", view, place)
        place += 4
        stream = view[place : place + stored]
        parts.append(bytes(stream) if stored == each else _plain(stream, each, codec))
        place += stored
    return b"".join(parts)


def _plain(stream: memoryview, length: int, codec: str) -> bytes:
    if codec == "zlib":
        return zlib.decompress(stream)
    if codec == "blosclz":
        out = np.empty(length, dtype=np.uint8)
        if _blosclz(np.frombuffer(stream, dtype=np.uint8), out) != length:
            raise BloscError("a blosclz stream is damaged.")
        return out.tobytes()
    import pyarrow as pa

    name = "lz4_raw" if codec == "lz4" else codec
    return pa.Codec(name).decompress(stream, length).to_pybytes()


def _unshuffled(block: bytes, size: int) -> bytes:
    even = len(block) // size * size
    numbers = np.frombuffer(block, dtype=np.uint8, count=even).reshape(size, -1)
    return numbers.T.tobytes() + block[even:]


@njit
def _blosclz(stream, out):
    """Decompress one blosclz stream.

    stream: uint8[n]. out: uint8[m], filled. Returns the number of bytes written, -1 when the
    stream is damaged.
    """
    at, done, end = 1, 0, len(stream)
    control = np.int64(stream[0]) & 31
    while True:
        if control < 32:  # so many bytes, less one, as they are
            count = control + 1
            if at + count > end or done + count > len(out):
                return -1
            for n in range(count):
                out[done + n] = stream[at + n]
            at += count
            done += count
        else:  # bytes that came before
            count = (control >> 5) - 1
            distance = (control & 31) << 8
            if count == 6:
                while at < end:
                    more = np.int64(stream[at])
                    at += 1
                    count += more
                    if more != 255:
                        break
            if at >= end:
                return -1
            low = np.int64(stream[at])
            at += 1
            if low == 255 and distance == 31 << 8:  # farther than 13 bits tell
                if at + 2 > end:
                    return -1
                distance = (np.int64(stream[at]) << 8) + np.int64(stream[at + 1]) + 8191
                at += 2
            else:
                distance += low
            count += 3
            source = done - distance - 1
            if source < 0 or done + count > len(out):
                return -1
            for n in range(count):  # may overlap: one by one
                out[done + n] = out[source + n]
            done += count
        if at >= end:
            return done
        control = np.int64(stream[at])
        at += 1


def stored(data: bytes, size: int) -> bytes:
    """A buffer that holds `data`, numbers of `size` bytes, as they are."""
    header = _HEADER.pack(2, 1, _STORED, size, len(data), len(data), len(data) + _HEADER.size)
    return header + data
