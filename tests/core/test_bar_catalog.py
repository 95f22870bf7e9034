"""Data sets on disk: what is loaded is what was saved, whatever happens in between."""

from __future__ import annotations

import json

import numpy as np
import pytest
from fillproof.core.bars import Bars
from fillproof.core.data import bar_catalog, data_set, data_sets, load_bars, sample, save_bars
from fillproof.core.data.catalog import CatalogError
from hypothesis import given, settings
from hypothesis import strategies as st

DAY = 86_400 * 10**9


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("FILLPROOF_DATA", str(tmp_path / "data"))
    return tmp_path / "data"


def same(a: Bars, b: Bars) -> None:
    assert a.assets == b.assets
    np.testing.assert_array_equal(a.times, b.times)
    np.testing.assert_array_equal(a.values, b.values)
    assert list(a.extra) == list(b.extra)
    for name in a.extra:
        np.testing.assert_array_equal(a.extra[name], b.extra[name])


def bars_on(days, asset="A", close=10.0, **extra) -> Bars:
    days = np.asarray(days, dtype=np.int64)
    price = np.full(len(days), close)
    more = {name: np.full(len(days), value) for name, value in extra.items()}
    return Bars.from_arrays(days * DAY, price, price, price, price, price, asset, extra=more)


def test_what_is_loaded_is_what_was_saved():
    bars = sample()
    saved = save_bars(bars, "stocks", sources=[{"file": "sample"}])
    same(load_bars("stocks"), bars)
    assert saved.assets == bars.assets
    assert saved.rows == bars.present.sum()
    assert saved.span == (bars.times[0], bars.times[-1])
    assert saved.sources == ({"file": "sample"},)
    assert data_sets() == [saved] == [data_set("stocks")]
    assert saved.bytes > 0
    assert {part.year for part in saved.parts} == set(range(2000, 2014))


def test_parts_of_it_read_the_files_of_their_years_only(monkeypatch):
    bars = sample()
    save_bars(bars, "stocks")
    read = []
    kept = bar_catalog.read_table
    monkeypatch.setattr(bar_catalog, "read_table", lambda p: read.append(p.name) or kept(p))
    found = load_bars("stocks", assets=["MSFT", "IBM"], start="2004-05-06", end="2005-01-31")
    same(found, bars.select(["MSFT", "IBM"]).between("2004-05-06", "2005-01-31"))
    assert len(read) == 4


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from("AB"),
            st.lists(st.integers(300, 450), min_size=1, max_size=12, unique=True).map(sorted),
            st.floats(1, 100),
        ),
        min_size=1,
        max_size=5,
    )
)
def test_updates_are_those_of_a_dictionary(tmp_path_factory, changes):
    """The model: a dictionary by asset and time, to which later bars are written."""
    folder = tmp_path_factory.mktemp("data")
    model: dict[str, dict[int, float]] = {}
    for n, (asset, days, close) in enumerate(changes):
        state = save_bars(bars_on(days, asset, close), "x", update=n > 0, folder=folder)
        assert state.state == n + 1
        model.setdefault(asset, {}).update(dict.fromkeys(days, close))
    found = load_bars("x", folder=folder)
    for n, asset in enumerate(found.assets):
        rows = found.present[:, n]
        times = (found.times[rows] // DAY).tolist()
        assert dict(zip(times, found.close[rows, n].tolist(), strict=True)) == model[asset]
    assert set(found.assets) == set(model)
    # What older states were made of is gone.
    manifests = list((folder / "x").glob("manifest-*.json"))
    assert len(manifests) == min(len(changes), 2)
    named = {part["file"] for one in manifests for part in json.loads(one.read_text())["parts"]}
    assert {one.name for one in (folder / "x" / "bars").iterdir()} == named


@pytest.mark.parametrize("last", ["table", "manifest"])
def test_a_crash_leaves_the_state_before(monkeypatch, folder, last):
    save_bars(bars_on([1, 2, 400]), "x")
    before = load_bars("x")

    def crash(*args):
        raise KeyboardInterrupt

    done = []
    write = bar_catalog.write_table

    def second_fails(*args):
        if done:
            crash()
        done.append(write(*args))

    with monkeypatch.context() as patch:
        if last == "table":
            patch.setattr(bar_catalog, "write_table", second_fails)
        else:
            patch.setattr(bar_catalog.os, "link", crash)
        with pytest.raises(KeyboardInterrupt):
            save_bars(bars_on([2, 3, 401], close=20.0), "x", update=True)
    same(load_bars("x"), before)
    save_bars(bars_on([2, 401], close=30.0), "x", update=True)
    assert load_bars("x").close[:, 0].tolist() == [10.0, 30.0, 10.0, 30.0]
    save_bars(bars_on([2], close=30.0), "x", update=True)
    assert not list(folder.rglob(".*"))
    assert len(list((folder / "x" / "bars").iterdir())) <= 4


def test_of_two_writers_one_is_refused(monkeypatch, folder):
    save_bars(bars_on([1]), "x")
    kept = bar_catalog._commit

    def late(found):
        monkeypatch.setattr(bar_catalog, "_commit", kept)
        save_bars(bars_on([2]), "x", update=True)
        kept(found)

    monkeypatch.setattr(bar_catalog, "_commit", late)
    with pytest.raises(CatalogError, match="another process changed the data set 'x'"):
        save_bars(bars_on([3]), "x", update=True)
    assert (load_bars("x").times // DAY).tolist() == [1, 2]


def test_what_cannot_be_done_says_so(folder):
    save_bars(bars_on([1], extra=1.0), "x")
    with pytest.raises(CatalogError, match="already"):
        save_bars(bars_on([1]), "x")
    with pytest.raises(CatalogError, match=r"further columns \['extra'\], the new bars \[\]"):
        save_bars(bars_on([1]), "x", update=True)
    with pytest.raises(CatalogError, match="cannot name"):
        save_bars(bars_on([1]), "../x")
    with pytest.raises(CatalogError, match=r"no data set 'y' .*: x"):
        load_bars("y")
    with pytest.raises(CatalogError, match="no asset 'B'"):
        load_bars("x", assets="B")
    with pytest.raises(CatalogError, match="no bars from 2030"):
        load_bars("x", start="2030-01-01")
    manifest = folder / "x" / "manifest-000001.json"
    manifest.write_text(json.dumps(json.loads(manifest.read_text()) | {"format": 99}))
    with pytest.raises(CatalogError, match="newer version"):
        load_bars("x")
