"""Readers and tables: what is read, what is refused, and where the error says it is."""

from __future__ import annotations

import datetime as dt
import gzip
from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from fillproof.core.bars import FIELDS, Bars
from fillproof.core.data import read_csv, read_parquet, sample, sample_frame, sample_splits
from fillproof.core.errors import DataError
from hypothesis import given, settings
from hypothesis import strategies as st

DATA = Path(__file__).resolve().parents[2] / "examples" / "data"
HEADER = "date,open,high,low,close,volume"
ROWS = ["2024-01-02,10,12,9,11,100", "2024-01-03,11,13,10,12,200", "2024-01-04,12,14,11,13,300"]


def days(*texts: str) -> list[int]:
    return np.array(texts, dtype="datetime64[ns]").astype(np.int64).tolist()


THREE = days("2024-01-02", "2024-01-03", "2024-01-04")


@pytest.fixture
def csv(tmp_path):
    """Write a CSV file from lines; with one row changed through `replace={row: text}`."""

    def write(header: str = HEADER, rows=ROWS, name: str = "ACME.csv", replace=None) -> Path:
        lines = list(rows)
        for row, text in (replace or {}).items():
            lines[row - 1] = text
        path = tmp_path / name
        path.write_text("\n".join([header, *lines]) + "\n")
        return path

    return write


class TestCsv:
    def test_a_plain_file(self, csv):
        data = read_csv(csv())
        assert data.assets == ("ACME",)
        assert data.times.tolist() == THREE
        assert data.values[:, 0].tolist() == [
            [10, 11, 12], [12, 13, 14], [9, 10, 11], [11, 12, 13], [100, 200, 300]
        ]  # fmt: skip
        assert read_csv(str(csv()), asset="X").assets == ("X",)

    @pytest.mark.parametrize(
        "header",
        [
            "Date,Open,High,Low,Close,Volume",
            " DATETIME , OPEN,high ,Low,CLOSE,Vol",
            "timestamp,o,h,l,c,v",
        ],
    )
    def test_names_in_any_case(self, csv, header):
        assert read_csv(csv(header)).close[:, 0].tolist() == [11, 12, 13]

    def test_named_columns(self, csv):
        path = csv("when,first,high,low,last,close")
        named = {"time": "when", "open": "first", "close": "last", "volume": "close"}
        data = read_csv(path, columns=named)
        assert data.close[:, 0].tolist() == [11, 12, 13]
        assert data.volume[:, 0].tolist() == [100, 200, 300]
        with pytest.raises(ValueError, match=r"columns=\{'settle': ...\}: the keys are time"):
            read_csv(path, columns={"settle": "last"})
        with pytest.raises(DataError, match=r"ACME.csv, column 'lst': there is no column 'lst'"):
            read_csv(path, columns={**named, "close": "lst"})

    def test_volume_may_be_absent_or_declined(self, csv):
        path = csv("date,open,high,low,close", [r.rsplit(",", 1)[0] for r in ROWS])
        assert np.isnan(read_csv(path).volume).all()
        data = read_csv(csv(), columns={"volume": None})
        assert np.isnan(data.volume).all()
        assert data.extra == {}

    def test_further_columns_of_numbers_are_kept(self, csv):
        header = f"{HEADER},Adj Close,note"
        path = csv(header, [f"{row},{n}.5,text" for n, row in enumerate(ROWS)])
        data = read_csv(path)
        assert list(data.extra) == ["adj_close"]
        assert data.extra["adj_close"][:, 0].tolist() == [0.5, 1.5, 2.5]
        assert data.extra["adj_close"].flags.f_contiguous
        assert read_csv(path, extra=[]).extra == {}
        with pytest.raises(DataError, match=r"row 1 \(line 2\), column 'note'.*not a number"):
            read_csv(path, extra=["note"])
        with pytest.raises(DataError, match="there is no column 'signal'"):
            read_csv(path, extra=["signal"])

    def test_a_column_that_is_not_the_chosen_one_never_takes_its_place(self, csv):
        path = csv(f"{HEADER},Adj Close", [f"{row},{row.split(',')[1]}" for row in ROWS])
        data = read_csv(path, columns={"close": "Adj Close"})
        assert data.close[:, 0].tolist() == [10, 11, 12]
        assert data.extra == {}
        with pytest.raises(DataError, match=r"column 'close'.*\[ambiguous_column\]"):
            read_csv(path, columns={"close": "Adj Close"}, extra=["close"])
        path = csv(f"{HEADER},Adj Close,adj_close", [f"{row},1,2" for row in ROWS])
        with pytest.raises(DataError, match=r"column 'adj_close'.*\[ambiguous_column\]"):
            read_csv(path)

    def test_several_files_are_aligned_by_the_union_of_times(self, csv, tmp_path):
        csv(name="B.csv", rows=ROWS[1:])
        csv(name="A.csv", rows=ROWS[:2])
        data = read_csv(str(tmp_path / "*.csv"))
        assert data.assets == ("A", "B")
        assert data.times.tolist() == THREE
        assert data.present.tolist() == [[True, False], [True, True], [False, True]]
        assert read_csv([tmp_path / "B.csv", tmp_path / "A.csv"]).assets == ("B", "A")
        with pytest.raises(ValueError, match="names one asset, and there are 2 files"):
            read_csv(str(tmp_path / "*.csv"), asset="A")

    def test_a_long_file(self, csv):
        rows = [f"{s},{row}" for row in ROWS for s in ("ZZ", "AA")][:5]
        data = read_csv(csv(f"symbol,{HEADER}", rows))
        assert data.assets == ("ZZ", "AA")
        assert data.present[:, 1].tolist() == [True, True, False]
        bad = {4: "AA,2024-01-03,11,9,10,12,200"}
        with pytest.raises(
            DataError, match=r"row 4 \(line 5\), column 'high', asset AA, 2024-01-03"
        ):
            read_csv(csv(f"symbol,{HEADER}", rows, replace=bad))
        with pytest.raises(DataError, match=r"row 2 \(line 3\), column 'symbol'.*no symbol"):
            read_csv(csv(f"symbol,{HEADER}", rows, replace={2: ",2024-01-02,1,1,1,1,1"}))

    def test_a_long_file_of_many_rows_reads_as_its_parts_do(self, csv):
        """Past 1000 rows each text of a time is read once; nothing else may change."""
        day = dt.date(2000, 1, 1)
        one = [f"{day + dt.timedelta(n)},1,3,1,2,{n}" for n in range(600)]
        rows = [f"{name},{row}" for row in one for name in "CAB"]
        data = read_csv(csv(f"symbol,{HEADER}", rows))
        assert data.assets == ("C", "A", "B")
        alone = read_csv(csv(rows=one))
        assert data.times.tolist() == alone.times.tolist()
        for n in range(3):
            np.testing.assert_array_equal(data.values[:, n], alone.values[:, 0])
        bad = {1000: "C,yesterday,1,3,1,2,3"}
        with pytest.raises(DataError, match=r"row 1000 \(line 1001\).*asset C, value 'yesterday'"):
            read_csv(csv(f"symbol,{HEADER}", rows, replace=bad))
        bad = {1001: ",2000-01-01,1,3,1,2,3"}
        with pytest.raises(DataError, match=r"row 1001 \(line 1002\), column 'symbol'"):
            read_csv(csv(f"symbol,{HEADER}", rows, replace=bad))

    def test_the_same_asset_twice(self, csv, tmp_path):
        one = csv()
        two = tmp_path / "copy" / "ACME.csv"
        two.parent.mkdir()
        two.write_text(one.read_text())
        with pytest.raises(DataError, match=r"copy/ACME.csv, asset ACME: .*twice"):
            read_csv([one, two])

    def test_separator_and_blank_lines(self, csv):
        semicolons = [row.replace(",", ";") for row in ROWS]
        path = csv(HEADER.replace(",", ";"), [semicolons[0], "", *semicolons[1:]])
        assert len(read_csv(path, separator=";")) == 3
        with pytest.raises(DataError, match="separated by ';': pass separator=';'"):
            read_csv(path)

    def test_numbers_are_read_exactly(self, csv):
        texts = ["0.1", "1e-3", "123456.789012345678", "4.186662803811", "1.7976931348623157e308"]
        rows = [f"2024-01-0{d},{x},{x},{x},{x},1" for d, x in enumerate(texts, 1)]
        assert read_csv(csv(rows=rows)).close[:, 0].tolist() == [float(x) for x in texts]


class TestCsvRefusals:
    """Each names file, row, line, column, asset, time and value, and says what to do."""

    CASES = (
        ("2024-01-03,11,9,10,12,200", "high_below_low", "high", "high 9.0 is below low 10.0"),
        ("2024-01-03,-11,13,-12,12,200", "negative_price", "open", "the price is negative"),
        ("2024-01-03,11,inf,10,12,200", "infinite_price", "high", "the price is infinite"),
        ("2024-01-03,0,13,10,12,200", "zero_price", "open", "the price is zero"),
        ("2024-01-03,11,13,10,,200", "incomplete_bar", "close", "part of the bar is missing"),
        ("2024-01-03,,,,,200", "incomplete_bar", "close", "the row has no price at all"),
        ("2024-01-03,9.5,13,10,12,200", "open_outside_range", "open", "is outside low 10.0"),
        ("2024-01-03,11,13,10,13.5,200", "close_outside_range", "close", "is outside low 10.0"),
        ("2024-01-03,11,13,10,12,-1", "negative_volume", "volume", "the volume is negative"),
        ("2024-01-02,11,13,10,12,200", "duplicate_times", "date", "already that of row 1"),
        ("2023-01-03,11,13,10,12,200", "unsorted_times", "date", "earlier than"),
        (",11,13,10,12,200", "missing_time", "date", "the row has no time"),
        ("soon,11,13,10,12,200", "unreadable_time", "date", "this is not a time"),
        ("2024-02-30,11,13,10,12,200", "unreadable_time", "date", "this is not a time"),
        ("2024-01-03,11,13,abc,12,200", "unreadable_value", "low", "this is not a number"),
    )

    @pytest.mark.parametrize(("row", "check", "column", "words"), CASES)
    def test_by_default(self, csv, row, check, column, words):
        path = csv(replace={2: row})
        with pytest.raises(DataError) as caught:
            read_csv(path)
        error = caught.value
        assert (error.check, error.file, error.column) == (check, str(path), column)
        assert (error.row, error.line) == (2, 3)
        text = str(error)
        for part in (str(path), "row 2 (line 3)", f"column {column!r}", words, f"[{check}]"):
            assert part in text
        if check not in ("missing_time", "unreadable_time"):
            assert error.time in ("2024-01-03", "2024-01-02", "2023-01-03")
        assert error.remedy
        if check != "unreadable_time":
            assert f"policy={{'{check}'" in error.remedy

    @pytest.mark.parametrize(
        ("row", "policy"),
        [
            (row, {check: {"duplicate_times": "keep_first"}.get(check, "drop")})
            for row, check, _, _ in CASES
            if check not in ("unsorted_times", "unreadable_value")
        ],
    )
    def test_a_named_policy_leaves_the_row_out_and_reports_it(self, csv, row, policy):
        path = csv(replace={2: row})
        data = read_csv(path, policy=policy)
        assert data.times.tolist() == [THREE[0], THREE[2]]
        assert data.close[:, 0].tolist() == [11, 13]
        (check,) = policy
        (repair,) = data.repairs
        assert (repair.check, repair.action, repair.row) == (check, policy[check], 2)
        assert repair.file == str(path)

    def test_unreadable_value_as_missing(self, csv):
        path = csv(replace={2: "2024-01-03,11,13,10,12,n.a."})
        data = read_csv(path, policy={"unreadable_value": "missing"})
        assert np.isnan(data.volume[1, 0])
        assert [(r.check, r.row, r.column) for r in data.repairs] == [
            ("unreadable_value", 2, "volume")
        ]

    def test_newest_first(self, csv):
        path = csv(rows=ROWS[::-1])
        with pytest.raises(DataError, match="unsorted_times"):
            read_csv(path)
        data = read_csv(path, policy={"unsorted_times": "sort"})
        assert data.close[:, 0].tolist() == [11, 12, 13]
        assert len(data.repairs) == 2

    @pytest.mark.parametrize("column", ["date", "open", "high", "low", "close"])
    def test_missing_column(self, csv, column):
        path = csv(HEADER.replace(column, "other"))
        with pytest.raises(DataError) as caught:
            read_csv(path)
        error = caught.value
        assert (error.check, error.file, error.column) == ("missing_column", str(path), column)
        assert f"no column {column!r}" in str(error)
        assert "'other'" in str(error)
        assert "columns={" in error.remedy

    def test_two_columns_for_one_part(self, csv):
        for header in ("Date,Time,high,low,close,open", "date,open,high,low,Close,close"):
            with pytest.raises(DataError, match=r"could each be the .*\[ambiguous_column\]"):
                read_csv(csv(header))
        with pytest.raises(DataError, match=r"the header has 'close' twice"):
            read_csv(csv("date,open,high,low,close,close"))

    @pytest.mark.parametrize("text", ["", "\n", HEADER, HEADER + "\n", HEADER + "\n\n"])
    def test_empty(self, tmp_path, text):
        path = tmp_path / "EMPTY.csv"
        path.write_text(text)
        with pytest.raises(DataError) as caught:
            read_csv(path)
        assert (caught.value.check, caught.value.file) == ("empty", str(path))

    def test_not_a_table(self, csv, tmp_path):
        path = csv(replace={2: ROWS[1] + ",1,2,3"})
        with pytest.raises(DataError, match=r"ACME.csv.*not a CSV table.*\[unreadable_file\]"):
            read_csv(path)
        binary = tmp_path / "b.csv"
        binary.write_bytes(gzip.compress(b"x" * 100) + bytes(range(256)))
        with pytest.raises(DataError, match=r"b\.csv"):
            read_csv(binary)

    def test_no_such_file(self, tmp_path):
        with pytest.raises(FileNotFoundError, match=r"nothing\.csv"):
            read_csv(tmp_path / "nothing.csv")
        with pytest.raises(FileNotFoundError, match="no file matches"):
            read_csv(str(tmp_path / "*.csv"))
        with pytest.raises(IsADirectoryError, match="name its files"):
            read_csv(tmp_path)


class TestTimes:
    @pytest.mark.parametrize(
        "texts",
        [
            ("2024-01-02", "2024-01-03", "2024-01-04"),
            ("2024/1/2", "2024/1/3", "2024/1/4"),
            ("20240102", "20240103", "20240104"),
            ("2024-01-02 00:00", "2024-01-03 00:00:00", "2024-01-04T00:00:00.000"),
            ("2024-01-02T00:00:00Z", "2024-01-03T00:00:00Z", "2024-01-04T00:00:00Z"),
            ("2024-01-02T05:30+05:30", "2024-01-03T05:30+05:30", "2024-01-04T05:30+05:30"),
            ("2024-01-01 19:00:00-0500", "2024-01-02 19:00:00-0500", "2024-01-03 19:00:00-0500"),
            ("1704153600", "1704240000", "1704326400"),
            ("1704153600000", "1704240000000", "1704326400000"),
            ("1704153600000000", "1704240000000000", "1704326400000000"),
            ("1704153600000000000", "1704240000000000000", "1704326400000000000"),
            ("1704153600.0", "1704240000.0", "1704326400.0"),
        ],
    )
    def test_forms(self, csv, texts):
        rows = [text + row[10:] for text, row in zip(texts, ROWS, strict=True)]
        assert read_csv(csv(rows=rows)).times.tolist() == THREE

    def test_fractions_to_the_nanosecond(self, csv):
        rows = [
            "2024-01-02 09:30:00.000000001" + ROWS[0][10:],
            "2024-01-02 09:30:00.5" + ROWS[1][10:],
        ]
        first = days("2024-01-02T09:30:00")[0]
        assert read_csv(csv(rows=rows)).times.tolist() == [first + 1, first + 500_000_000]

    def test_a_day_first_form_must_be_named(self, csv):
        rows = [f"{d:02}/01/2024{row[10:]}" for d, row in enumerate(ROWS, 2)]
        with pytest.raises(DataError, match=r"value '02/01/2024'.*time_format='%d/%m/%Y'"):
            read_csv(csv(rows=rows))
        assert read_csv(csv(rows=rows), time_format="%d/%m/%Y").times.tolist() == THREE
        rows[1] = "Jan 3" + rows[1][10:]
        with pytest.raises(DataError, match=r"row 2.*value 'Jan 3'"):
            read_csv(csv(rows=rows), time_format="%d/%m/%Y")

    def test_a_format_with_clock_and_offset(self, csv):
        rows = [f"{d:02}.01.2024 05:30 +0530{row[10:]}" for d, row in enumerate(ROWS, 2)]
        assert read_csv(csv(rows=rows), time_format="%d.%m.%Y %H:%M %z").times.tolist() == THREE
        rows = [f"{d:02}.01.2024 00:00{row[10:]}" for d, row in enumerate(ROWS, 2)]
        assert read_csv(csv(rows=rows), time_format="%d.%m.%Y %H:%M").times.tolist() == THREE

    def test_epoch_unit_by_name(self, csv):
        rows = [f"{n}{row[10:]}" for n, row in enumerate(ROWS, 1)]
        assert read_csv(csv(rows=rows), time_unit="s").times.tolist() == [
            10**9,
            2 * 10**9,
            3 * 10**9,
        ]
        with pytest.raises(ValueError, match="time_unit='h': choose one of s, ms, us, ns"):
            read_csv(csv(rows=rows), time_unit="h")
        with pytest.raises(DataError, match=r"row 1 \(line 2\), column 'date'.*1677 to 2262"):
            read_csv(csv(rows=["99999999999999" + ROWS[0][10:]]), time_unit="s")

    def test_a_zone_places_naive_times(self, csv):
        rows = ["2024-01-02 09:30" + ROWS[0][10:], "2024-07-02 09:30" + ROWS[1][10:]]
        data = read_csv(csv(rows=rows), time_zone="America/New_York")
        assert data.times.tolist() == days("2024-01-02T14:30", "2024-07-02T13:30")

    @pytest.mark.parametrize("clock", ["2024-03-10 02:30", "2024-11-03 01:30"])
    def test_a_wall_clock_time_that_does_not_exist_once_is_refused(self, csv, clock):
        path = csv(replace={2: clock + ROWS[1][10:]})
        with pytest.raises(
            DataError, match=r"row 2 \(line 3\).*twice or never.*\[ambiguous_time\]"
        ):
            read_csv(path, time_zone="America/New_York")

    MIXED = (
        ("2024-01-02T00:00:00Z", "2024-01-03T00:00:00", "2024-01-04T00:00:00Z"),
        ("2024-01-02T00:00:00", "2024-01-03T00:00:00Z", "2024-01-04T00:00:00"),
        ("2024-01-02T00:00:00Z", "2024-01-03T01:00:00+01:00", "2024-01-04T00:00:00Z"),
    )

    @pytest.mark.parametrize("texts", MIXED)
    def test_mixed_zones(self, csv, texts):
        rows = [text + row[10:] for text, row in zip(texts, ROWS, strict=True)]
        path = csv(rows=rows)
        with pytest.raises(DataError) as caught:
            read_csv(path)
        error = caught.value
        assert (error.check, error.row, error.line) == ("mixed_time_zones", 2, 3)
        assert (error.file, error.column, error.value) == (str(path), "date", texts[1])
        assert "policy={'mixed_time_zones': 'convert'}" in error.remedy
        data = read_csv(path, policy={"mixed_time_zones": "convert"})
        assert data.times.tolist() == THREE
        assert {r.check for r in data.repairs} == {"mixed_time_zones"}

    def test_summer_and_winter_of_a_named_zone_are_one_zone(self, csv):
        rows = [
            "2024-01-02T09:30:00-05:00" + ROWS[0][10:],
            "2024-07-02T09:30:00-04:00" + ROWS[1][10:],
        ]
        with pytest.raises(DataError, match="mixed_time_zones"):
            read_csv(csv(rows=rows))
        data = read_csv(csv(rows=rows), time_zone="America/New_York")
        assert data.times.tolist() == days("2024-01-02T14:30", "2024-07-02T13:30")
        rows[1] = "2024-07-02T09:30:00-07:00" + ROWS[1][10:]
        with pytest.raises(DataError, match=r"row 2.*this time has -07:00.*mixed_time_zones"):
            read_csv(csv(rows=rows), time_zone="America/New_York")

    def test_files_with_and_without_a_zone(self, csv):
        one = csv(name="A.csv")
        two = csv(name="B.csv", rows=[row[:10] + "T00:00:00Z" + row[10:] for row in ROWS])
        with pytest.raises(DataError, match=r"B\.csv.*a time zone.*none.*\[mixed_time_zones\]"):
            read_csv([one, two])
        assert len(read_csv([one, two], policy={"mixed_time_zones": "convert"})) == 3


class TestParquet:
    def test_reads_what_polars_and_pandas_write(self, tmp_path):
        frame = sample_frame("AAPL").drop("symbol")
        frame.write_parquet(tmp_path / "AAPL.parquet")
        data = read_parquet(tmp_path / "AAPL.parquet")
        np.testing.assert_array_equal(data.values, sample("AAPL").values)
        assert data.assets == ("AAPL",)
        pandas = frame.to_pandas().set_index("date")
        pandas.to_parquet(tmp_path / "P.parquet")
        again = read_parquet(tmp_path / "P.parquet")
        np.testing.assert_array_equal(again.values, data.values)
        np.testing.assert_array_equal(again.times, data.times)

    def test_errors_name_file_and_row(self, tmp_path):
        path = tmp_path / "X.parquet"
        frame = sample_frame("IBM").with_columns(high=pl.col("high") - 1000)
        frame.write_parquet(path)
        with pytest.raises(DataError) as caught:
            read_parquet(path)
        error = caught.value
        assert (error.file, error.row, error.line) == (str(path), 1, None)
        assert (error.check, error.column) == ("negative_price", "high")
        assert (error.asset, error.time) == ("IBM", "2000-03-01")

    def test_empty_and_broken_files(self, tmp_path):
        path = tmp_path / "X.parquet"
        path.write_bytes(b"")
        with pytest.raises(DataError, match=r"X\.parquet.*\[empty\]"):
            read_parquet(path)
        path.write_bytes(b"not parquet at all")
        with pytest.raises(DataError, match=r"X\.parquet.*\[unreadable_file\]"):
            read_parquet(path)
        sample_frame().clear().write_parquet(path)
        with pytest.raises(DataError, match=r"X\.parquet.*\[empty\]"):
            read_parquet(path)


def frame(**changes) -> pd.DataFrame:
    columns = {
        "open": [10.0, 11, 12],
        "high": [12.0, 13, 14],
        "low": [9.0, 10, 11],
        "close": [11.0, 12, 13],
        "volume": [100, 200, 300],
    }
    index = pd.DatetimeIndex(["2024-01-02", "2024-01-03", "2024-01-04"], name="date")
    return pd.DataFrame(columns | changes, index=index)


class TestPandas:
    def check(self, data: Bars) -> None:
        assert data.times.tolist() == THREE
        assert data.values[:, 0].tolist() == [
            [10, 11, 12], [12, 13, 14], [9, 10, 11], [11, 12, 13], [100, 200, 300]
        ]  # fmt: skip

    @pytest.mark.parametrize(
        "change",
        [
            lambda f: f,
            lambda f: f.rename_axis(None),
            lambda f: f.reset_index(),
            lambda f: f.rename(columns=str.title),
            lambda f: f.set_axis(f.index.tz_localize("UTC")),
            lambda f: f.set_axis(f.index.tz_localize("UTC").tz_convert("Asia/Tokyo")),
            lambda f: f.set_axis(f.index.astype("datetime64[s]")),
            lambda f: f.set_axis(f.index.strftime("%Y-%m-%d")),
            lambda f: f.set_axis([d.date() for d in f.index]).rename_axis("date"),
            lambda f: f.reset_index().astype({"date": str}),
            lambda f: f.astype({"volume": "Int64", "close": "Float64"}),
            lambda f: f.astype({"volume": "float32", "open": object}),
            lambda f: f.convert_dtypes(dtype_backend="pyarrow"),
            lambda f: f.set_axis(f.index.as_unit("ns").astype("int64")),
        ],
    )
    def test_forms(self, change):
        self.check(Bars.from_pandas(change(frame())))

    def test_a_zone_for_naive_times(self):
        data = Bars.from_pandas(frame(), time_zone="Asia/Kolkata")
        assert data.times.tolist() == [t - 19_800_000_000_000 for t in THREE]

    def test_several_assets(self):
        one, two = frame(), frame().iloc[1:] * 2
        by_dict = Bars.from_pandas({"A": one, "B": two})
        assert by_dict.assets == ("A", "B")
        assert by_dict.present.tolist() == [[True, False], [True, True], [True, True]]
        rows = pd.concat([one.assign(symbol="A"), two.assign(symbol="B")])
        wide = pd.concat({"A": one, "B": two}, axis=1)
        levels = pd.concat({"A": one, "B": two}, names=["symbol"])
        for data in (
            Bars.from_pandas(rows),
            Bars.from_pandas(rows.reset_index()),
            Bars.from_pandas(rows.astype({"symbol": "category"})),
            Bars.from_pandas(wide),
            Bars.from_pandas(wide.swaplevel(axis=1)),
            Bars.from_pandas(levels),
            Bars.from_pandas(levels.swaplevel()),
        ):
            assert data.assets == ("A", "B")
            np.testing.assert_array_equal(data.values, by_dict.values)
            np.testing.assert_array_equal(data.times, by_dict.times)

    def test_errors_say_where(self):
        with pytest.raises(DataError, match=r"row 2, column 'high', asset asset, 2024-01-03"):
            Bars.from_pandas(frame(high=[12.0, 9, 14]))
        with pytest.raises(DataError, match=r"asset B.*\[duplicate_times\]"):
            Bars.from_pandas({"A": frame(), "B": frame().iloc[[0, 0]]})
        with pytest.raises(DataError, match="missing_column"):
            Bars.from_pandas(frame().drop(columns="low"))
        with pytest.raises(DataError, match=r"row 1, column 'close'.*value 'x'.*unreadable_value"):
            Bars.from_pandas(frame(close=["x", 1, 2]))
        with pytest.raises(DataError, match=r"\[empty\]"):
            Bars.from_pandas(frame().iloc[:0])
        with pytest.raises(DataError, match=r"\[empty\]"):
            Bars.from_pandas({})
        with pytest.raises(DataError, match=r"asset B.*mixed_time_zones"):
            Bars.from_pandas({"A": frame(), "B": frame().tz_localize("UTC")})
        with pytest.raises(DataError, match="ambiguous_column"):
            Bars.from_pandas(pd.concat([frame(), frame()[["close"]]], axis=1))

    def test_datetimes_of_mixed_zones_in_one_column(self):
        moments = [dt.datetime(2024, 1, 2), dt.datetime(2024, 1, 3, tzinfo=dt.UTC), None]
        data = frame().reset_index(drop=True).assign(date=pd.Series(moments, dtype=object))
        with pytest.raises(DataError, match=r"row 2, column 'date'.*\[mixed_time_zones\]"):
            Bars.from_pandas(data)

    def test_a_row_without_prices_is_no_bar(self):
        gap = frame().astype(float)
        gap.iloc[1] = np.nan
        data = Bars.from_pandas(gap)
        assert data.present[:, 0].tolist() == [True, False, True]
        assert data.repairs == ()

    def test_there_and_back(self):
        data = sample(["AAPL", "FB"])
        for symbol in data.assets:
            again = Bars.from_pandas(data.to_pandas(symbol))
            n, here = data.index(symbol), data.present[:, data.index(symbol)]
            np.testing.assert_array_equal(again.values[:, 0], data.values[:, n][:, here])
            np.testing.assert_array_equal(again.times, data.times[here])
        with pytest.raises(ValueError, match="name one of the assets: AAPL, FB"):
            data.to_pandas()


class TestPolarsAndArrow:
    def test_kinds_of_column(self):
        base = pl.from_pandas(frame().reset_index())
        for times in (
            pl.col("date").cast(pl.Date),
            pl.col("date").cast(pl.Datetime("ms")),
            pl.col("date").cast(pl.Datetime("us")).dt.replace_time_zone("UTC"),
            pl.col("date").cast(pl.Date).cast(pl.String),
            pl.col("date").cast(pl.Datetime("ns")).cast(pl.Int64),
        ):
            data = Bars.from_polars(base.with_columns(times))
            assert data.times.tolist() == THREE
        decimal = base.with_columns(pl.col("close").cast(pl.Decimal(10, 2)))
        assert Bars.from_polars(decimal).close[:, 0].tolist() == [11, 12, 13]
        assert Bars.from_polars(base.lazy()).close[:, 0].tolist() == [11, 12, 13]
        both = Bars.from_polars({"A": base, "B": base.tail(2)})
        assert both.present.sum() == 5

    def test_arrow(self):
        table = pa.Table.from_pandas(frame())
        data = Bars.from_arrow(table)
        assert data.times.tolist() == THREE
        assert Bars.from_arrow({"A": table, "B": table}).assets == ("A", "B")
        assert Bars.from_arrow(table.to_batches()[0]).times.tolist() == THREE

    def test_there_and_back(self):
        data = sample()
        again = Bars.from_polars(data.to_polars()).select(data.assets)
        np.testing.assert_array_equal(again.values, data.values)
        np.testing.assert_array_equal(again.times, data.times)
        np.testing.assert_array_equal(again.extra["adj_close"], data.extra["adj_close"])


class TestSample:
    def test_what_it_holds(self):
        data = sample()
        assert data.assets == ("AAPL", "FB", "GOOG", "IBM", "MSFT")
        assert data.present.sum(axis=0).tolist() == [3270, 196, 2148, 3270, 3270]
        assert data.repairs == ()
        assert data.close[0, 0] == 130.31
        assert sample("IBM").assets == ("IBM",)
        assert sample(["MSFT", "AAPL"]).assets == ("MSFT", "AAPL")
        assert len(sample("FB")) == 196
        with pytest.raises(KeyError, match="no 'XYZ'; it has AAPL, FB"):
            sample("XYZ")

    def test_it_is_what_the_example_files_hold(self):
        files, data = read_csv(str(DATA / "*.csv")), sample()
        assert files.assets == data.assets
        np.testing.assert_array_equal(files.values, data.values)
        np.testing.assert_array_equal(files.times, data.times)
        np.testing.assert_array_equal(files.extra["adj_close"], data.extra["adj_close"])

    def test_its_days_are_the_sessions_of_the_exchange(self):
        import exchange_calendars

        calendar = exchange_calendars.get_calendar("XNYS", start="2000-01-03", end="2013-12-31")
        sessions = calendar.sessions_in_range("2000-03-01", "2013-03-01")
        assert sample("IBM").times.tolist() == sessions.as_unit("ns").asi8.tolist()

    def test_the_splits_are_the_jumps_in_the_data(self):
        """A split shows as a step of adj_close / close by its ratio, and nothing else does."""
        data = sample()
        factor = data.extra["adj_close"] / data.close
        step = factor[1:] / factor[:-1]
        found = {
            (data.assets[n], int(data.times[t + 1]), round(float(step[t, n]), 4))
            for t, n in np.argwhere(np.abs(step - 1) > 0.2)
        }
        assert found == {(s.asset, s.time, s.ratio) for s in sample_splits()}
        assert [s.date for s in sample_splits("AAPL")] == [
            dt.date(2000, 6, 21),
            dt.date(2005, 2, 28),
        ]
        assert sample_splits("IBM") == ()


@given(
    st.lists(
        st.tuples(st.dates(dt.date(1970, 1, 1), dt.date(2200, 1, 1)), st.floats(1e-6, 1e12)),
        min_size=1,
        max_size=8,
        unique_by=lambda row: row[0],
    )
)
@settings(deadline=None, max_examples=40)
def test_csv_parquet_pandas_and_polars_agree_bit_for_bit(tmp_path_factory, rows):
    rows = sorted(rows)
    table = pl.DataFrame(
        {"date": [d for d, _ in rows]} | {name: [x for _, x in rows] for name in FIELDS}
    )
    folder = tmp_path_factory.mktemp("agree")
    table.write_csv(folder / "A.csv")
    table.write_parquet(folder / "A.parquet")
    made = [
        read_csv(folder / "A.csv"),
        read_parquet(folder / "A.parquet"),
        Bars.from_polars(table, asset="A"),
        Bars.from_pandas(table.to_pandas(), asset="A"),
        Bars.from_arrow(table.to_arrow(), asset="A"),
    ]
    numbers = [x for _, x in rows]
    for data in made:
        assert data.assets == ("A",)
        assert data.datetimes.astype("datetime64[D]").tolist() == [d for d, _ in rows]
        assert data.close[:, 0].tolist() == numbers
