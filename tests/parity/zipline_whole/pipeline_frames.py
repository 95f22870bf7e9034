"""Data sets of a script's own, read from frames, beside the bundle's prices."""

import numpy as np
import pandas as pd
from zipline import run_algorithm
from zipline.api import attach_pipeline, order, pipeline_output
from zipline.pipeline import Pipeline
from zipline.pipeline.data import Column, DataSet, USEquityPricing
from zipline.pipeline.domain import US_EQUITIES
from zipline.pipeline.loaders.frame import DataFrameLoader
from zipline.utils.calendar_utils import get_calendar


class Views(DataSet):
    score = Column(float)
    grade = Column(object, missing_value="none")
    count = Column(np.int64, missing_value=-1)
    domain = US_EQUITIES


days = get_calendar("XNYS").sessions_in_range("2015-10-01", "2015-12-15")
sids = [0, 2, 5]
score = pd.DataFrame(
    [[(day.day * (sid + 1)) % 13 / 7 for sid in sids] for day in days], index=days, columns=sids
)
grade = score.map(lambda value: "abc"[int(value * 7) % 3]).astype(object)
count = score.map(lambda value: int(value * 7))
LOADERS = {
    Views.score: DataFrameLoader(Views.score, score),
    Views.grade: DataFrameLoader(Views.grade, grade),
    Views.count: DataFrameLoader(Views.count, count),
}


def initialize(context):
    score = Views.score.latest
    attach_pipeline(
        Pipeline(
            {
                "score": score,
                "grade a": Views.grade.latest.eq("a"),
                "grade": Views.grade.latest.relabel(str.upper),
                "count": Views.count.latest,
                "high": score > 1.0,
                "worth": score * USEquityPricing.close.latest,
                "rank": score.rank(mask=score.notnull()),
            },
            screen=USEquityPricing.close.latest.notnull(),
        ),
        "views",
    )


def before_trading_start(context, data):
    context.table = pipeline_output("views")
    print(data.current_session.date(), [str(value) for value in context.table["grade"]])
    for name in ("score", "grade a", "count", "high", "worth", "rank"):
        print("", name, context.table[name].dtype, [float(v) for v in context.table[name]])


def handle_data(context, data):
    for asset, high in context.table["high"].items():
        if high:
            order(asset, 3)


perf = run_algorithm(
    pd.Timestamp("2015-11-02"),
    pd.Timestamp("2015-11-25"),
    initialize,
    1e6,
    handle_data,
    before_trading_start,
    bundle="market",
    custom_loader=LOADERS,
)
