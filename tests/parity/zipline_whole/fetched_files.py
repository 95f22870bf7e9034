"""Files from the web: about assets, about one thing, with functions before and after."""

import threading
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pandas as pd
from zipline import run_algorithm
from zipline.api import fetch_csv, order_target, symbol

FILES = {
    "/short.csv": """date,symbol,interest,grade
2015-11-03,STEADY,0.10,b
2015-11-04,GAPPY,0.20,NA
2015-11-06,gappy,0.25,c
2015-11-07,THIN,0.40,d
2015-11-10,GAPPY,0.30,a
not a date,THIN,0.50,e
2015-11-12,NOBODY,9.0,z
2015-11-16,LATE,7.5,
""",
    "/metal.csv": """day;price;note
2015-11-02;610.5;first
2015-11-05;601.25;second
2015-11-05;602.25;third
2015-11-30;590.0;last
""",
    "/times.csv": """date,symbol,score
2015-11-04 09:30,THIN,1
2015-11-04 17:00,THIN,2
2015-11-09 12:00,PAYS,3
""",
}


class Files(BaseHTTPRequestHandler):
    def do_GET(self):
        path, _, query = self.path.partition("?")
        if path == "/moved.csv":
            self.send_response(302)
            self.send_header("location", "/short.csv")
            self.end_headers()
            return
        if path not in FILES:
            self.send_error(404)
            return
        text = FILES[path].replace("first", query or "first").encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/csv")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *args):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Files)
threading.Thread(target=server.serve_forever, daemon=True).start()
ROOT = f"http://127.0.0.1:{server.server_port}"


def doubled(frame):
    frame["twice"] = frame["interest"] * 2
    return frame


def shown(title, frame):
    print(title, frame.shape, list(frame.columns), str(frame.index.tz))
    return frame


def failing(call):
    try:
        call()
    except Exception as error:
        print(type(error).__name__)
    else:
        print("no error")


def initialize(context):
    context.assets = [symbol(name) for name in ("STEADY", "GAPPY", "THIN", "ENDS", "PAYS")]
    metal = fetch_csv(
        ROOT + "/metal.csv", date_column="day", symbol="metal", sep=";", params={"as": "fetched"}
    )
    print(metal.fields, len(metal.df))
    failing(lambda: fetch_csv(ROOT + "/moved.csv"))
    failing(lambda: fetch_csv(ROOT + "/nothing.csv"))
    failing(lambda: fetch_csv("http://127.0.0.1:9/closed.csv"))
    failing(lambda: fetch_csv(ROOT + "/metal.csv", no_such_argument=1))
    # The sid of STEADY is 0, which counts as ambiguous.
    failing(lambda: fetch_csv(ROOT + "/short.csv"))
    rows = fetch_csv(
        ROOT + "/short.csv",
        pre_func=lambda frame: doubled(frame[frame["symbol"] != "STEADY"].copy()),
        post_func=partial(shown, "after"),
    )
    print(sorted(rows.fields), rows.df["grade"].tolist())
    times = fetch_csv(ROOT + "/times.csv", timezone="US/Eastern")
    print([str(time) for time in times.df.index])


def handle_data(context, data):
    day = context.get_datetime()
    values = [data.current(asset, "interest") for asset in context.assets]
    print(day.date(), values, [data.current(asset, "twice") for asset in context.assets[1:3]])
    print("  ", data.current("metal", "price"), data.current("metal", "note"))
    print("  ", [data.current(asset, "grade") for asset in context.assets])
    print("  ", [data.current(asset, "score") for asset in context.assets])
    print("  ", sorted(asset.symbol for asset in data.fetcher_assets))
    print("  ", data.current(context.assets[0], "nonsense"), data.current("nobody", "price"))
    if values[1] == values[1]:
        order_target(context.assets[1], int(values[1] * 100))


perf = run_algorithm(
    pd.Timestamp("2015-11-02"),
    pd.Timestamp("2015-11-18"),
    initialize,
    100_000,
    handle_data,
    bundle="market",
)
server.shutdown()
