"""The catalog gives back what was written, whole or in parts."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
import pytest
from fillproof.core.data import catalog
from hypothesis import given, settings
from hypothesis import strategies as st

NAMES = ("close", "volume")

#: Assets in any sequence, some twice, some without rows; more rows than a group holds.
_ASSETS = st.lists(
    st.tuples(st.integers(0, 9), st.integers(0, 40)), min_size=0, max_size=12
)  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(_ASSETS, st.integers(0, 2**31), st.sampled_from([7, 32, 65_536]))
def test_rows_come_back(assets, seed, group):
    rng = np.random.default_rng(seed)
    before = catalog.GROUP
    catalog.GROUP = group
    try:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "rows.parquet")
            file = catalog.RowsWriter(path, NAMES)
            parts = []
            for asset, count in assets:
                part = {n: rng.integers(0, 2**32, count, dtype=np.uint32) for n in NAMES}
                file.append(asset, part)
                parts.append(part)
            file.close({"word": "kept"}, offset=list(range(len(assets))))
            rows = catalog.Rows(path)
            assert rows.text["word"] == "kept"
            assert rows.index["asset"].tolist() == [asset for asset, _ in assets]
            assert rows.index["offset"].tolist() == list(range(len(assets)))
            none = np.zeros(0, dtype=np.uint32)
            for name in NAMES:
                whole = np.concatenate([none, *(part[name] for part in parts)])
                np.testing.assert_array_equal(rows.column(name), whole)
            for n, part in enumerate(parts):
                found = rows.read(NAMES, int(rows.first[n]), int(rows.first[n + 1]))
                for name in NAMES:
                    np.testing.assert_array_equal(found[name], part[name])
    finally:
        catalog.GROUP = before


def test_a_table_keeps_types_texts_and_nothing(tmp_path):
    path = tmp_path / "table.parquet"
    columns = {
        "sid": np.array([3, 1], dtype=np.int64),
        "ratio": np.array([0.1, np.nan]),
        "name": ["x", None],
        "date": [None, 2**62],
        "empty": [None, None],
    }
    catalog.write_table(path, columns, {"calendar": "XNYS"})
    found = catalog.read_table(path)
    assert found["sid"].tolist() == [3, 1]
    assert found["ratio"].dtype == np.float64
    assert found["name"] == ["x", None]
    assert found["date"] == [None, 2**62]
    assert found["empty"] == [None, None]
    assert catalog.read_text(path)["calendar"] == "XNYS"
    assert [one.name for one in tmp_path.iterdir()] == ["table.parquet"]


def test_foreign_newer_and_damaged_files_are_named(tmp_path, monkeypatch):
    import pyarrow as pa
    import pyarrow.parquet as pq

    path = tmp_path / "foreign.parquet"
    pq.write_table(pa.table({"a": [1]}), path)
    with pytest.raises(catalog.CatalogError, match="not written as part of a catalog"):
        catalog.read_table(path)
    path.write_text("nothing of the kind")
    with pytest.raises(catalog.CatalogError, match="not a Parquet file"):
        catalog.read_table(path)
    monkeypatch.setattr(catalog, "VERSION", 99)
    catalog.write_table(path, {"a": [1]})
    monkeypatch.undo()
    with pytest.raises(catalog.CatalogError, match="version 99"):
        catalog.read_table(path)
    with pytest.raises(FileNotFoundError):
        catalog.read_table(tmp_path / "nobody.parquet")
