"""Columns of bcolz: what its library compressed with each codec, and what is written here."""

from __future__ import annotations

import base64

import numpy as np
import pytest
from fillproof.core.data import bcolz, blosc

#: ((0..2599) // 100) ** 3 as uint32, shuffled and compressed by the Blosc library.
BUFFERS = {
    "blosclz": (
        "AgEBBKAoAACgKAAAbwEAABQAAAClAAAAIwAAAADgVgMBAAHgWQABAQjgWQABCBvgWQABG0DgWQABQH3gWQABfdjg"
        "WQAB2FfgWQAAV+NWGwUAAAAAANngWQAB2ejgWQAB6DPgWQABM8DgWQABwJXgWQABlbjgWQABuC/gWQABLwDgWQAB"
        "ADHgWQABMcjgWQAByMvgWQAAy+ZZPgJAQC3gWQABLZjgWQABmIfgWQAAh+NZHgIAAAngVwACCQkJegAAACMAAAAA"
        "4P//sAMBAAHgWQABAQLgvQABAgPgWQABAwXgWQABBQbgWQABBgjgWQABCArgWQABCg3gWQABDRDgWQABEBPgWQAB"
        "ExbgWQABFhrgWQABGh/gWQABHyTgWQABJCngWQABKS/gWQABLzbgWQABNj3gVwACPT09FgAAACMAAAAA4P//////"
        "//////8iAwIAAAAWAAAAIwAAAADg/////////////yIDAgAAAA=="
    ),
    "lz4": (
        "AgEhBKAoAACgKAAAOwEAABQAAACGAAAAHwABAFAfAQEAUB8IAQBQHxsBAFAfQAEAUB99AQBQH9gBAFAfVwEAUA8f"
        "A1AvANkBAFAf6AEAUB8zAQBQH8ABAFAflQEAUB+4AQBQHy8BAFAPIANRHzEBAFAfyAEAUB/LAQBQDz8GUC9ALQEA"
        "UB+YAQBQH4cBAFAPIANRHwkBAEtQCQkJCQlnAAAAHwABAP//qh8BAQBQHwIBALQfAwEAUB8FAQBQHwYBAFAfCAEA"
        "UB8KAQBQHw0BAFAfEAEAUB8TAQBQHxYBAFAfGgEAUB8fAQBQHyQBAFAfKQEAUB8vAQBQHzYBAFAfPQEAS1A9PT09"
        "PRUAAAAfAAEA/////////////xlQAAAAAAAVAAAAHwABAP////////////8ZUAAAAAAA"
    ),
    "zlib": (
        "AgFhBKAoAACgKAAA7wAAABQAAABWAAAAeNq91TENgDAUQMHfDTSggZAGA7hATWcUkCCFkZGkBooDZKCCOw8vL+J/"
        "CeiAAViAAjRgBUAe8QAvMAMXsAMnMAGijwzcQAXEP0bgADZA9NEDH9zsv/JDAAAAeNrtwTEKgCAAAEArihACIWho"
        "cXFxamvr/9/qFweKdyEMQ5smYO7EAqzABuxABA4gASdwATeQgQJU4AFe4AN+JJadbRkAAAB42u3BgQAAAADDoPlT"
        "H+AKVQEAwBsKKAABGQAAAHja7cGBAAAAAMOg+VMf4ApVAQDAGwooAAE="
    ),
    "zstd": (
        "AgGRBKAoAACgKAAAgAAAABQAAABoAAAAKLUv/WCgJ/UCAOQCAAEIG0B92FcA2egzwJW4LwAxyMtALZiHAAkAAQID"
        "BQYICg0QExYaHyQpLzY9AC5YAQAR/P//r8+wBkwEAAAAAAACAAAAYCIGAi4AAAAAAAAAAAAAAAAAAAAAgAI="
    ),
}
COLUMN = ((np.arange(2600) // 100) ** 3).astype(np.uint32)


@pytest.mark.parametrize("codec", BUFFERS)
def test_every_codec_is_read(codec):
    data = blosc.decompress(base64.b64decode(BUFFERS[codec]))
    np.testing.assert_array_equal(np.frombuffer(data, dtype=np.uint32), COLUMN)


@pytest.mark.parametrize("codec", ["blosclz", "lz4"])
def test_a_buffer_that_is_cut_off_is_refused(codec):
    with pytest.raises(blosc.BloscError, match="cut off"):
        blosc.decompress(base64.b64decode(BUFFERS[codec])[:-5])


def test_a_damaged_stream_is_refused():
    damaged = bytearray(base64.b64decode(BUFFERS["blosclz"]))
    damaged[24] = 0xFF
    with pytest.raises(blosc.BloscError, match="damaged"):
        blosc.decompress(bytes(damaged))


def test_a_column_is_read_as_it_was_written(tmp_path):
    column = np.random.default_rng(0).integers(0, 2**32, 150_000, dtype=np.uint32)
    bcolz.write_column(tmp_path / "close", column)
    np.testing.assert_array_equal(bcolz.read_column(tmp_path / "close"), column)
    for first, end in [(0, 1), (65_535, 65_537), (149_999, None), (10, 10), (140_000, 900_000)]:
        part = bcolz.read_column(tmp_path / "close", first, end)
        np.testing.assert_array_equal(part, column[first:end])


def test_a_missing_chunk_and_a_foreign_file_are_named(tmp_path):
    bcolz.write_column(tmp_path / "close", COLUMN)
    chunk = tmp_path / "close" / "data" / "__0.blp"
    chunk.write_bytes(b"nothing of the kind")
    with pytest.raises(bcolz.BcolzError, match=r"__0\.blp"):
        bcolz.read_column(tmp_path / "close")
    chunk.unlink()
    with pytest.raises(FileNotFoundError):
        bcolz.read_column(tmp_path / "close")


def test_a_table_replaces_the_one_before(tmp_path):
    for number in (1, 2):
        bcolz.write_table(tmp_path / "t", {"a": COLUMN * number}, {"number": number})
    assert bcolz.read_attributes(tmp_path / "t") == {"number": 2}
    np.testing.assert_array_equal(bcolz.read_column(tmp_path / "t" / "a"), COLUMN * 2)
