"""`fillproof data import|list` over a root as the real Zipline leaves it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from fillproof.cli.main import main
from fillproof.compat.zipline.assets import AssetDBWriter
from fillproof.compat.zipline.data import bundles
from fillproof.compat.zipline.data.adjustments import SQLiteAdjustmentWriter
from fillproof.compat.zipline.data.bcolz_daily_bars import BcolzDailyBarReader, BcolzDailyBarWriter
from fillproof.compat.zipline.data.bundles import imports
from fillproof.compat.zipline.utils.calendar_utils import get_calendar

STAMPS = ("2020-01-02T10;00;00", "2020-01-03T10;00;00")
START, END = pd.Timestamp("2015-11-16"), pd.Timestamp("2015-12-02")


@pytest.fixture
def root(tmp_path, monkeypatch) -> Path:
    """Two ingestions of one bundle, in the files of the real framework."""
    monkeypatch.setenv("ZIPLINE_ROOT", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "200")
    for stamp in STAMPS:
        _write(tmp_path / "data" / "shares" / stamp)
    return tmp_path


def _write(path: Path) -> None:
    path.mkdir(parents=True)
    calendar = get_calendar("XNYS")
    days = calendar.sessions_in_range(START, END)
    frame = pd.DataFrame(
        {name: np.arange(1.0, len(days) + 1) for name in ("open", "high", "low", "close")},
        index=days,
    ).assign(volume=100.0)
    equities = pd.DataFrame(
        {"symbol": ["A"], "exchange": ["NYSE"], "start_date": [START], "end_date": [END]}, index=[3]
    )
    AssetDBWriter(path / "assets-7.sqlite").write(equities=equities)
    table = path / "daily_equities.bcolz"
    BcolzDailyBarWriter(table, calendar, START, END).write([(3, frame)])
    database = str(path / "adjustments.sqlite")
    with SQLiteAdjustmentWriter(database, BcolzDailyBarReader(table)) as writer:
        writer.write()


def command(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(["data", *arguments])
    return int(ended.value.code or 0)


def test_the_latest_ingestion_is_imported_once(root, capsys):
    assert command("import", "shares") == 0
    assert STAMPS[1] in capsys.readouterr().out
    assert command("import") == 0
    assert "already" in capsys.readouterr().out
    assert command("import", str(root), "--all") == 0
    assert STAMPS[0] in capsys.readouterr().out
    assert all(one.in_catalog and one.in_root for one in imports.ingestions())


def test_every_ingestion_is_listed(root, capsys):
    assert command("list") == 0
    out = capsys.readouterr().out
    assert out.count("shares") >= 2
    assert "2015-11-16" in out
    assert "XNYS" in out


def test_what_is_no_root_and_no_bundle_is_named(root, tmp_path, capsys):
    assert command("import", "nobody") == 1
    assert "'nobody'" in capsys.readouterr().err
    (tmp_path / "empty").mkdir()
    assert command("import", str(tmp_path / "empty")) == 2
    assert "no folder `data`" in capsys.readouterr().err


def test_a_copy_that_differs_is_refused_and_removed(root, monkeypatch, capsys):
    def damaged(self, asset, columns):
        append(self, asset, {**columns, "close": columns["close"] + np.uint32(1)})

    append = imports.roots.RowsWriter.append
    monkeypatch.setattr(imports.roots.RowsWriter, "append", damaged)
    assert command("import", "shares") == 1
    assert "the copy of close differs" in capsys.readouterr().err
    assert not any(one.in_catalog for one in imports.ingestions())


def test_the_catalog_serves_what_was_imported(root):
    bundles.register("shares", lambda *_: None)
    there = bundles.load("shares")
    imports.import_bundle("shares")
    here = bundles.load("shares")
    assert there is not here
    for bundle in (there, here):
        reader = bundle.equity_daily_bar_reader
        assert reader.get_value(3, START, "close") == 1.0
        assert bundle.asset_finder.lookup_symbol("A", END).sid == 3
    bundles.unregister("shares")
