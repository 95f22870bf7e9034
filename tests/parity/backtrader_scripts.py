"""Play small whole scripts for Backtrader, each a function that prints; run on both sides.

`FILE REQUEST ANSWER [--adapter]`: the answer maps the name of each script to what it printed, with
the name of the exception that ended it, if any.
"""

import contextlib
import io
import traceback

import backtrader_analyzer_scripts
import backtrader_cerebro_scripts
import backtrader_cost_scripts
import backtrader_error_scripts
import backtrader_feed_scripts
import backtrader_growing_scripts
import backtrader_idiom_scripts
import backtrader_indicator_scripts
import backtrader_late_scripts
import backtrader_lines_scripts
import backtrader_observer_scripts
import backtrader_order_scripts
import backtrader_reading_scripts
import backtrader_resampling_scripts
import backtrader_run_scripts
import backtrader_settings_scripts
import backtrader_trading_scripts
import backtrader_window_scripts
import backtrader_writer_scripts
import player
from backtrader_setting import SCRIPTS

SOURCES = (
    backtrader_trading_scripts,
    backtrader_order_scripts,
    backtrader_reading_scripts,
    backtrader_run_scripts,
    backtrader_resampling_scripts,
    backtrader_settings_scripts,
    backtrader_growing_scripts,
    backtrader_idiom_scripts,
    backtrader_feed_scripts,
    backtrader_late_scripts,
    backtrader_lines_scripts,
    backtrader_observer_scripts,
    backtrader_writer_scripts,
    backtrader_analyzer_scripts,
    backtrader_cerebro_scripts,
    backtrader_cost_scripts,
    backtrader_indicator_scripts,
    backtrader_window_scripts,
    backtrader_error_scripts,
)


def answer(wanted):
    import backtrader as bt

    printed = {}
    for name in wanted or SCRIPTS:
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            try:
                SCRIPTS[name](bt)
            except Exception as error:
                traceback.print_exc()
                print("ended by", type(error).__name__, error)
        printed[name] = out.getvalue()
    return printed


if __name__ == "__main__":
    player.play(answer)
