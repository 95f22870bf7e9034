"""Generated Series, records, indicators and portfolios, and the figures that are drawn of them.

Used twice: by the test, with fillproof's adapter, and as a script in the real framework's own
environment (`python vectorbt_plots.py IN OUT`). Nothing here may import either at the top.
"""

from __future__ import annotations

import base64
import pickle
import sys
import warnings
from pathlib import Path

import numpy as np
import pandas as pd

# `x` is a Series, `d` a table, `b` and `c` booleans, `m` a Series of two levels, `n` of three,
# `l` of four, `o` bars; `f` a figure that is there already.
SERIES = (
    "x.vbt.plot()", "d.vbt.plot()", "x.rename(None).vbt.plot()",
    "d.vbt.plot(trace_names=list('pqr'))", "x.vbt.plot(trace_names=['own'])",
    "d.vbt.plot(x_labels=np.arange(len(d)))", "x.vbt.lineplot()",
    "d.vbt.plot(trace_kwargs=[dict(name='u'), dict(line_color='red'), dict(mode='markers')])",
    "d.vbt.scatterplot(trace_kwargs=dict(marker_size=3))",
    "x.vbt.scatterplot(width=900, title='T')", "x.vbt.lineplot(fig=f)",
    "d.vbt.lineplot(fig=g, add_trace_kwargs=dict(row=2, col=1))", "x.vbt.barplot()",
    "d.vbt.barplot(trace_kwargs=dict(marker=dict(colorscale='Viridis')))", "x.vbt.histplot()",
    "d.vbt.histplot()", "d.vbt.histplot(group_by=[0, 0, 1])",
    "d.vbt.histplot(horizontal=True, from_quantile=0.1, to_quantile=0.8)", "x.vbt.boxplot()",
    "d.vbt.boxplot(horizontal=True)", "d.vbt.boxplot(group_by=True)",
    "d.vbt.boxplot(from_quantile=0.25)",
    "d.vbt.histplot(remove_nan=False, trace_names=list('abc'))",
    "x.vbt.plot_against(d.iloc[:, 1])", "x.vbt.plot_against(1.0)", "x.vbt.plot_against(-100)",
    "x.vbt.plot_against(0, other_trace_kwargs='hidden', "
    "pos_trace_kwargs=dict(fillcolor='blue'))",
    "x.vbt.plot_against(d.iloc[:, 0], trace_kwargs=dict(name='N'), "
    "other_trace_kwargs=dict(line_color='black'), neg_trace_kwargs=dict(opacity=0.5), "
    "hidden_trace_kwargs=dict(x0=1))",
    "x.vbt.plot_against(1.0, fig=g, add_trace_kwargs=dict(row=1, col=1), title='A')",
    "x.vbt.overlay_with_heatmap(d.iloc[:, 2])",
    "x.vbt.overlay_with_heatmap(1, trace_kwargs=dict(line_color='red'), "
    "heatmap_kwargs=dict(trace_kwargs=dict(colorscale='Viridis')), title='O')",
    "x.vbt.heatmap()", "d.vbt.heatmap()", "d.vbt.ts_heatmap()", "x.vbt.ts_heatmap()",
    "d.vbt.heatmap(is_x_category=True, trace_kwargs=dict(colorscale='Cividis'))",
    "d.vbt.ts_heatmap(is_y_category=False, is_x_category=True, width=800)",
    "d.vbt.heatmap(fig=g, add_trace_kwargs=dict(row=2, col=1), is_y_category=True)",
    "m.vbt.heatmap()", "m.vbt.heatmap(x_level=1, y_level=0)", "m.vbt.heatmap(symmetric=True)",
    "m.vbt.heatmap(sort=False, title='M', xaxis_title='X')", "n.vbt.heatmap(slider_level=0)",
    "m.rename_axis([None, None]).vbt.heatmap(x_labels=list('uvw')[:m.index.levels[0].size])",
    "n.vbt.heatmap(x_level='p', y_level='r', slider_level='q', active=1)",
    "n.vbt.heatmap(slider_level=2, slider_labels=list('abcdef'), height=500)", "n.vbt.heatmap()",
    "n.vbt.heatmap(slider_level=0, return_fig=False)", "n.vbt.volume()",
    "n.vbt.volume(x_level=2, y_level=1, z_level=0, fillna=-1.0)",
    "n.vbt.volume(scene_name='scene2', x_labels=list('xyzuvw')[:n.index.levels[0].size])",
    "l.vbt.volume(slider_level='s')", "l.vbt.volume(slider_level=0, active=1, fillna=0.0)",
    "x.dropna().vbt.qqplot()",
    "x.dropna().vbt.qqplot(plot_line=False, trace_kwargs=dict(name='Q'))",
    "x.dropna().vbt.qqplot(dist='uniform', line_shape_kwargs=dict(line_color='blue'), "
    "yref='y2')",
    "x.vbt.plots()", "x.vbt.plots(show_titles=False, width=500)",
    "d.iloc[:, 0].vbt.plots(title='P')", "d.vbt.range_split(n=3, plot=True)",
    "d.vbt.expanding_split(n=2, set_lens=(2,), min_len=4, plot=True, trace_names=['in', 'out'])",
    "x.vbt.rolling_split(n=3, window_len=6, set_lens=(2, 1), plot=True, heatmap_kwargs=[{}, "
    "{}, dict(title='S')])",
    "b.vbt.signals.plot()", "b.vbt.signals.plot(yref='y2')", "c.vbt.signals.plot(title='C')",
    "c.vbt.signals.plot_as_markers()", "c.vbt.signals.plot_as_markers(y=x, fig=f)",
    "c.vbt.signals.plot_as_entry_markers(y=x)",
    "c.vbt.signals.plot_as_exit_markers(x.to_numpy())",
    "c.vbt.signals.plot_as_entry_markers(y=x, trace_kwargs=dict(name='In', "
    "marker_color='black'))",
    "c.vbt.signals.plots()", "c.vbt.signals.lineplot()",
    "x.pct_change().vbt.returns.plot_cumulative()",
    "x.pct_change().vbt.returns.plot_cumulative(d.iloc[:, 1].pct_change(), start_value=100)",
    "x.pct_change().vbt.returns.plot_cumulative(d.iloc[:, 1].pct_change(), "
    "fill_to_benchmark=True, benchmark_kwargs=dict(trace_kwargs=dict(name='B')), "
    "main_kwargs=dict(trace_kwargs=dict(name='M')), "
    "hline_shape_kwargs=dict(line_color='red'), yref='y', title='R')",
    "x.pct_change().vbt.returns(benchmark_rets=d.iloc[:, "
    "2].pct_change()).plot_cumulative(fig=f)",
    "x.pct_change().vbt.returns.plot()", "x.pct_change().vbt.returns.plots()",
    "o.vbt.ohlcv.plot()", "o.vbt.ohlc.plot(plot_type='candlestick')", "o.vbt.ohlcv.plots()",
    "o.vbt.ohlcv.plot(show_volume=False, title='O', ohlc_kwargs=dict(name='bars'))",
    "o.vbt.ohlcv.plot(plot_type='lines')", "o.iloc[:, :4].vbt.ohlcv.plot()",
    "o.vbt.ohlcv.plot(volume_kwargs=dict(opacity=0.2), ohlc_kwargs=dict(showlegend=False))",
    "o.rename(columns=str.upper).vbt.ohlcv.plots(settings=dict(plot_type='candlestick'))",
    "o.rename(columns=dict(Open='first')).vbt.ohlcv(column_names=dict(open='first')).plot()",
    "o.vbt.ohlcv.stats()", "o.iloc[:, :4].vbt.ohlcv.stats(tags='ohlc')", "o.vbt.ohlcv.ohlc",
    "list(o.vbt.ohlcv.metrics)", "o.vbt.ohlcv.column_names", "o.iloc[:, 3:].vbt.ohlcv.open",
    "x.vbt.px.bar()", "d.vbt.px.line(width=300)", "d.vbt.px.imshow()", "x.vbt.px.no_such_plot()",
    "o.vbt.px.scatter(x='Open', y='Close', color='kind')", "m.vbt.px.line()",
    "x.vbt.plot(return_fig=False)", "d.vbt.heatmap(return_fig=False)", "x.vbt.plot(no_such=1)",
)  # fmt: skip

PLAIN = (
    "p.Scatter(data=[[1, 2], [3, 4]], trace_names=['a', 'b'], x_labels=['x', 'y'])",
    "p.Scatter(trace_names='a')", "p.Scatter(data=[1, 2, 3])", "p.Scatter()",
    "p.Bar(data=[[1, 2], [3, 4]], trace_names=['a', 'b'], x_labels=[('u', 1), ('v', 2)])",
    "then(p.Bar(trace_names=['a', 'b']), [[5, 6], [7, 8]])",
    "p.Bar(data=[[1, 2]], trace_names=['a'])",
    "then(p.Histogram(data=[[1, 2], [3, np.nan]], trace_names=['a', None], horizontal=True), "
    "[[3, 1]])",
    "then(p.Box(data=[[1, 2], [3, 4]], to_quantile=0.5), [[3, 1], [2, np.nan]])",
    "p.Histogram(trace_names=['a', 'b'], bargap=0.1)", "p.Box(trace_names='a', title='box')",
    "p.Heatmap(data=[[1, 2], [3, 4]], x_labels=['a', 'b'], y_labels=['x', 'y'])", "p.Heatmap()",
    "then(p.Heatmap(x_labels=['a', 'b'], y_labels=['x']), [[3, 1]])",
    "p.Heatmap(data=np.ones((9, 2)))",
    "p.Heatmap(data=np.ones((2, 30)), is_x_category=True, height=100)",
    "p.Volume(data=np.arange(8.0).reshape(2, 2, 2), x_labels=list('ab'), y_labels=list('cd'))",
    "p.Volume(data=np.arange(12.0).reshape(3, 2, 2), z_labels=[7, 8], "
    "trace_kwargs=dict(opacity=1))",
    "p.Volume(data=[[1, 2]])", "p.Volume(x_labels=[1], y_labels=[1, 2])",
    "p.Gauge(value=2, value_range=(1, 3), label='G')", "p.Gauge()", "then(p.Gauge(4), 6)",
    "then(p.Gauge(value=1.5, value_range=(1, 2), cmap_name='viridis', width=200), 3)",
    "p.Scatter(data=[[1, 2], [3, 4]], trace_names=['a', 'b']).traces[1].name",
    "p.Gauge(2, trace_kwargs=dict(mode='number')).value_range", "p.clean_labels(m.index)",
    "k.adjust_opacity('#1f77b4', 0.3)", "k.adjust_opacity('silver', 0.75)",
    "k.adjust_lightness('red')", "k.adjust_lightness('#37B13F', 1.5)",
    "k.adjust_lightness((1, 0, 0.5))", "k.rgb_from_cmap('Spectral', 0.3, (0, 2))",
    "k.rgb_from_cmap('viridis', 1, (1, 1))", "vbt.make_figure(layout=dict(width=100))",
    "vbt.make_subplots(rows=2, cols=1)", "vbt.Figure(data=[dict(type='bar', y=[1, 2])])",
)  # fmt: skip

RECORDS = (
    "x.vbt.ranges.plot()", "x.vbt.ranges.plot(top_n=None, plot_zones=False)",
    "vbt.Ranges.from_ts(b, wrapper_kwargs=dict(freq='1D')).plot(column='s1', title='B')",
    "vbt.Ranges.from_ts(x, attach_ts=False).plot(top_n=2, start_trace_kwargs=dict(name='S'), "
    "end_trace_kwargs=dict(marker_size=3), closed_shape_kwargs=dict(fillcolor='blue', "
    "line_width=1))",
    "vbt.Ranges.from_ts(x, gap_value=-9.0).plot(open_shape_kwargs=dict(opacity=0.7), fig=g, "
    "add_trace_kwargs=dict(row=2, col=1), xref='x2', yref='y2')",
    "vbt.Ranges.from_ts(b).plots(column='s0')", "vbt.Ranges.from_ts(b).plot()",
    "x.vbt.drawdowns.plot()", "d.vbt.drawdowns.plot(column='s0', top_n=3)",
    "x.vbt.drawdowns.plot(plot_zones=False, ts_trace_kwargs=dict(name='T'))",
    "vbt.Drawdowns.from_ts(x, attach_ts=False).plot(top_n=None)",
    "x.vbt.drawdowns.plot(peak_trace_kwargs=dict(name='P'), "
    "valley_trace_kwargs=dict(name='V'), recovery_trace_kwargs=dict(name='R'), "
    "active_trace_kwargs=dict(name='A'), decline_shape_kwargs=dict(fillcolor='black'), "
    "recovery_shape_kwargs=dict(opacity=1), active_shape_kwargs=dict(layer='above'), "
    "height=900)",
    "x.vbt.drawdowns.plots()", "x.vbt.drawdowns.drawdown.histplot()",
    "x.vbt.drawdowns.duration.boxplot()", "d.vbt.drawdowns.drawdown.histplot(group_by=True)",
    "x.vbt.drawdowns.duration.plots()", "pf.orders.plot()",
    "pf.orders.plot(close_trace_kwargs=dict(name='C'), buy_trace_kwargs=dict(marker_size=20), "
    "sell_trace_kwargs=dict(name='S'), title='O')",
    "pfs.orders.plot()", "pfs.orders.plot(column='b')", "pf.orders.plots()",
    "pfs.orders.plot(column='c', fig=f)", "pfs.orders.plot(column='no such')",
    "pf.orders.size.histplot()", "pfs.orders.price.boxplot()", "pf.trades.plot()",
    "pf.trades.plot(plot_zones=False)", "pfs.trades.plot(column='a')", "pf.entry_trades.plot()",
    "pf.positions.plot()", "pf.exit_trades.plot(title='E')",
    "pf.trades.plot(close_trace_kwargs=dict(name='C'), entry_trace_kwargs=dict(name='E'), "
    "exit_trace_kwargs=dict(name='X'), exit_profit_trace_kwargs=dict(name='W'), "
    "exit_loss_trace_kwargs=dict(name='L'), active_trace_kwargs=dict(name='A'), "
    "profit_shape_kwargs=dict(opacity=0.5), loss_shape_kwargs=dict(fillcolor='blue'))",
    "pf.trades.plot_pnl()", "pf.trades.plot_pnl(pct_scale=False)", "pf.positions.plot_pnl()",
    "pf.entry_trades.plot_pnl(marker_size_range=(2, 30), opacity_range=[0.1, 0.2])",
    "pf.trades.plot_pnl(closed_profit_trace_kwargs=dict(name='W'), "
    "closed_loss_trace_kwargs=dict(name='L'), open_trace_kwargs=dict(name='O'), "
    "hline_shape_kwargs=dict(line_color='red'), fig=g, add_trace_kwargs=dict(row=2, col=1), "
    "xref='x2', yref='y2', title='P')",
    "pf.trades.plots()", "pfs.trades.plots(column='b', subplots='plot_pnl')",
    "pf.positions.plots()", "pfs.trades.pnl.histplot()",
    "pfs.trades.returns.boxplot(horizontal=True)", "pf.trades.winning.plot()",
    "pf.trades.open.plot()", "empty.trades.plot()", "empty.orders.plot()",
    "empty.trades.plot_pnl()", "empty.drawdowns.plot()", "list(pf.trades.subplots)",
)  # fmt: skip

INDICATORS = (
    "vbt.MA.run(x, 3).plot()", "vbt.MA.run(x, [2, 3]).plot(column=1)",
    "vbt.MA.run(x, [2, 3]).plot()",
    "vbt.MA.run(x, 3, ewm=True).plot(plot_close=False, ma_trace_kwargs=dict(name='m'), "
    "title='MA')",
    "vbt.MA.run(x, 3).plot(close_trace_kwargs=dict(name='c'), fig=g, "
    "add_trace_kwargs=dict(row=2, col=1))",
    "vbt.MSTD.run(x, 4).plot()",
    "vbt.MSTD.run(x, 4).plot(mstd_trace_kwargs=dict(line_color='red'))",
    "vbt.BBANDS.run(x, window=5).plot()",
    "vbt.BBANDS.run(x, window=4, alpha=1).plot(plot_close=False, "
    "middle_trace_kwargs=dict(name='m'), upper_trace_kwargs=dict(name='u'), "
    "lower_trace_kwargs=dict(name='l'))",
    "vbt.RSI.run(x, window=4).plot()",
    "vbt.RSI.run(x, window=3).plot(levels=(20, 80), yref='y2', fig=g, xref='x2', "
    "add_trace_kwargs=dict(row=2, col=1), rsi_trace_kwargs=dict(name='r'))",
    "vbt.RSI.run(x, window=4).plot(yaxis=dict(range=[0, 1]))",
    "vbt.STOCH.run(o['High'], o['Low'], o['Close'], k_window=4).plot()",
    "vbt.STOCH.run(o['High'], o['Low'], o['Close'], k_window=4).plot(levels=(10, 90), "
    "shape_kwargs=dict(fillcolor='red'), percent_k_trace_kwargs=dict(name='k'), "
    "percent_d_trace_kwargs=dict(name='d'))",
    "vbt.MACD.run(x, fast_window=2, slow_window=4, signal_window=2).plot()",
    "vbt.MACD.run(x, fast_window=2, slow_window=5, "
    "signal_window=3).plot(hist_trace_kwargs=dict(name='h'), "
    "macd_trace_kwargs=dict(name='m'), signal_trace_kwargs=dict(name='s'), bargap=0.5)",
    "vbt.ATR.run(o['High'], o['Low'], o['Close'], "
    "window=3).plot(tr_trace_kwargs=dict(name='t'))",
    "vbt.ATR.run(o['High'], o['Low'], o['Close'], "
    "window=3).plot(atr_trace_kwargs=dict(name='a'))",
    "vbt.OBV.run(o['Close'], o['Volume']).plot()",
    "vbt.OBV.run(o['Close'], o['Volume']).plot(title='V', obv_trace_kwargs=dict(name='o'))",
    "vbt.MA.run(x, 3).plots()", "vbt.MA.run(d, 3).plot(column=2)",
    "vbt.RAND.run(n=3, input_shape=(len(x),), input_index=x.index, seed=1).plot()",
    "vbt.RANDX.run(c, seed=2).plot(entry_y=x, exit_y=x)",
    "vbt.RANDNX.run(n=2, input_shape=(len(x),), input_index=x.index, "
    "seed=3).plot(entry_types=['u', 'v'], exit_types=['w', 'z'])",
    "vbt.STX.run(c, x.abs() + 1, 0.01).plot(exit_trace_kwargs=dict(name='stop'), fig=f)",
    "vbt.STCX.run(c, x.abs() + 1, 0.01).plot(entry_trace_kwargs=dict(name='new'))",
    "vbt.STCX.run(b, x.abs() + 1, 0.01).plot()",
    "vbt.OHLCSTX.run(c, o['Open'], o['High'], o['Low'], o['Close'], sl_stop=0.02, "
    "tp_stop=0.03).plot()",
    "vbt.OHLCSTX.run(c, o['Open'], o['High'], o['Low'], o['Close'], "
    "sl_stop=0.02).plot(plot_type='candlestick', ohlc_kwargs=dict(name='bars'), title='S')",
    "vbt.OHLCSTCX.run(c, o['Open'], o['High'], o['Low'], o['Close'], "
    "tp_stop=0.01).plot(fig=g, add_trace_kwargs=dict(row=2, col=1), "
    "exit_trace_kwargs=dict(name='stop'))",
)  # fmt: skip

PORTFOLIOS = (
    "pf.plot()", "pf.plots()", "pf.plots(subplots='all')",
    "pfs.plots(column='a', subplots='all')", "pfs.plots()",
    "pfg.plots(subplots='all', column='first')", "pfg.plots(column='second')",
    "pf.plots(subplots=['value', 'drawdowns', 'underwater'], show_titles=False)",
    "pf.plots(tags='cash')",
    "pf.plots(subplots=['cash', 'assets'], make_subplots_kwargs=dict(rows=1, cols=2))",
    "pf.plots(subplots=['trades', ('pnl', dict(title='Own', plot_func='trades.plot_pnl', "
    "pct_scale=False))])",
    "pf.plots(settings=dict(use_asset_returns=True), subplots=['cum_returns', 'orders'])",
    "pf.plots(subplots=['cum_returns'], "
    "subplot_settings=dict(cum_returns=dict(hline_shape_kwargs=dict(line_color='red'))))",
    "pf.plots(subplots=['net_exposure', 'gross_exposure'], group_id_labels=False, "
    "hide_id_labels=False)",
    "pf.plots(subplots=['trade_pnl', 'trades'], settings=dict(trades_type='positions'))",
    "pf.plots(subplots=['positions'])", "pf.plots(subplots='value', width=900, title='V')",
    "pfs.plots(group_by=True, subplots=['value', 'cash_flow'])", "pf.plot_orders()",
    "pf.plot_trades(title='T')", "pf.plot_trade_pnl()", "pf.plot_positions()",
    "pf.plot_position_pnl(pct_scale=False)", "pfs.plot_orders(column='b')",
    "pfg.plot_trades(column='a')", "pf.plot_asset_flow()",
    "pf.plot_asset_flow(direction='longonly', trace_kwargs=dict(name='F'))",
    "pf.plot_cash_flow()", "pfg.plot_cash_flow(column='first', free=True)", "pf.plot_assets()",
    "pf.plot_assets(direction='shortonly', pos_trace_kwargs=dict(fillcolor='red'))",
    "pf.plot_cash()", "pf.plot_cash(free=True, hline_shape_kwargs=dict(line_color='red'))",
    "pf.plot_asset_value()", "pf.plot_asset_value(direction='longonly')", "pf.plot_value()",
    "pfg.plot_value(column='second')", "pfg.plot_value(column='b', group_by=False)",
    "pf.plot_value(fig=g, add_trace_kwargs=dict(row=2, col=1), xref='x2', yref='y2')",
    "pf.plot_cum_returns()", "pf.plot_cum_returns(use_asset_returns=True)",
    "pf.plot_cum_returns(benchmark_rets=x.pct_change().fillna(0.0).to_numpy()[:len(pf.close)])",
    "pfs.plot_cum_returns(column='a', fill_to_benchmark=True)", "pf.plot_drawdowns()",
    "pfg.plot_drawdowns(column='first', top_n=1)", "pf.plot_underwater()",
    "pfs.plot_underwater()", "pf.plot_underwater(trace_kwargs=dict(name='U'), yref='y')",
    "pf.plot_gross_exposure()", "pf.plot_gross_exposure(direction='shortonly')",
    "pf.plot_net_exposure()", "pfg.plot_net_exposure(column='first')",
    "empty.plots(subplots='all')", "list(pf.subplots)",
    "[s['title'] for s in pf.subplots.values()]", "[s['tags'] for s in pf.subplots.values()]",
)  # fmt: skip

GROUPS = (SERIES, PLAIN, RECORDS, INDICATORS, PORTFOLIOS)


def make_case(seed: int, count: int) -> dict:
    """Data, and `count` things to draw of them (all with 0), others with the next seed."""
    rng = np.random.default_rng(seed)
    rows = int(rng.integers(12, 40))
    index = pd.date_range("2021-03-01", periods=rows, freq=["D", "h", "D"][seed % 3])
    if seed % 3 == 2:  # no frequency: durations are numbers of rows
        index = index.delete(5)
        rows -= 1
    walk = np.cumsum(rng.normal(0, 1, (rows, 3)), axis=0)
    table = pd.DataFrame(walk, index, [f"s{n}" for n in range(3)])
    if seed % 2:
        table = table.mask(rng.random((rows, 3)) < 0.1)
    close = 20 * np.exp(np.cumsum(rng.normal(0, 0.03, (rows, 3)), axis=0))
    spread = np.abs(rng.normal(0, 0.3, (rows, 2)))
    opened = close[:, 0] + rng.normal(0, 0.2, rows)
    bars = pd.DataFrame(
        {
            "Open": opened,
            "High": np.maximum(opened, close[:, 0]) + spread[:, 0],
            "Low": np.minimum(opened, close[:, 0]) - spread[:, 1],
            "Close": close[:, 0],
            "Volume": rng.integers(1, 99, rows),
            "kind": rng.choice(["u", "d"], rows),
        },
        index,
    )
    bars.iloc[3, 3] = bars.iloc[3, 0]
    levels = pd.MultiIndex.from_product([[1, 2, 5], [0.5, 0.1]], names=["u", "v"])
    three = pd.MultiIndex.from_product([list("ab"), [3, 1, 2], [7, 8]], names=["p", "q", "r"])
    four = pd.MultiIndex.from_product([[0, 1], [1, 2], [3, 4], [5, 6]], names=["s", None, "t", "w"])
    some = rng.permutation(len(three))[: int(rng.integers(9, 13))]
    every = [text for group in GROUPS for text in group]
    asked = np.random.default_rng(0).permutation(every)
    if count:
        asked = np.roll(asked, -count * seed)[:count]
    return {
        "seed": seed,
        "x": table.iloc[:, 0],
        "d": table,
        "b": pd.DataFrame(rng.random((rows, 2)) < 0.4, index, ["s0", "s1"]),
        "c": pd.Series(rng.random(rows) < 0.3, index),
        "m": pd.Series(rng.normal(size=len(levels)), levels, name="value"),
        "n": pd.Series(rng.normal(size=len(three)), three).iloc[np.sort(some)],
        "l": pd.Series(rng.normal(size=len(four)), four),
        "o": bars,
        "close": pd.DataFrame(close, index, list("abc")),
        "entries": pd.DataFrame(rng.random((rows, 3)) < 0.3, index, list("abc")),
        "exits": pd.DataFrame(rng.random((rows, 3)) < 0.3, index, list("abc")),
        "size": pd.DataFrame(rng.normal(0, 2, (rows, 3)).round(2), index, list("abc")),
        "asked": asked.tolist(),
    }


def names_of(case: dict, vbt) -> dict:
    """What expressions may use."""
    names = {key: case[key] for key in "xdbcmnlo"}
    close, costs = case["close"], {"fees": 0.001, "fixed_fees": 0.1}
    if case["seed"] % 2:
        single = vbt.Portfolio.from_orders(close["a"], case["size"]["a"], **costs)
    else:
        direction = ["both", "longonly", "shortonly"][case["seed"] % 3]
        single = vbt.Portfolio.from_signals(
            close["a"], case["entries"]["a"], case["exits"]["a"], direction=direction, **costs
        )
    size = case["size"]
    names["pf"] = single
    names["pfs"] = vbt.Portfolio.from_orders(close, size, **costs)
    names["pfg"] = vbt.Portfolio.from_orders(
        close, size, group_by=["first", "first", "second"], cash_sharing=True, **costs
    )
    names["empty"] = vbt.Portfolio.from_orders(close["a"], 0.0)
    return names


def then(drawn, values):
    """The figure after an update."""
    drawn.update(values)
    return drawn


def describe(case: dict, vbt, plotting, colors) -> dict:
    """Answers by expression."""
    # Widgets hold the same as figures, and take a notebook's package and time.
    vbt.settings["plotting"]["use_widgets"] = False
    names = names_of(case, vbt)
    answers = {}
    for text in case["asked"]:
        own = {
            **names,
            "vbt": vbt,
            "p": plotting,
            "k": colors,
            "then": then,
            "np": np,
            "pd": pd,
            "f": vbt.make_figure(data=[{"type": "bar", "y": [1, 2]}]) if "fig=f" in text else None,
            "g": vbt.make_subplots(rows=2, cols=1) if "fig=g" in text else None,
        }
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                answers[text] = plain(eval(text, own))
            except Exception as error:
                answers[text] = f"error: {type(error).__name__}"
    return answers


def plain(value):
    """A figure, or what else is answered, as dictionaries, lists, numbers and text."""
    if hasattr(value, "traces") and hasattr(value, "fig"):
        return {"drawn": type(value).__name__, "figure": plain(value.fig)}
    if hasattr(value, "to_plotly_json"):
        page = value.to_plotly_json()
        page.get("layout", {}).pop("template", None)
        out = {"data": [], "layout": plain(page.get("layout", {})), "is": type(value).__name__}
        for trace in page.get("data", []):
            trace.pop("uid", None)
            out["data"].append(plain(trace))
        return out
    if isinstance(value, dict) and "bdata" in value:
        array = np.frombuffer(base64.b64decode(value["bdata"]), value["dtype"])
        shape = [int(length) for length in str(value.get("shape", array.size)).split(",")]
        return plain(array.reshape(shape))
    if isinstance(value, dict):
        return {str(key): plain(value[key]) for key in sorted(value, key=str)}
    if isinstance(value, (pd.DataFrame, pd.Series)):
        value = value.reset_index()
        return {str(key): plain(value[key].to_numpy()) for key in value}
    if isinstance(value, (np.ndarray, pd.Index)):
        array = np.asarray(value)
        if array.dtype.kind in "mM":
            return (
                array.astype("M8[ns]" if array.dtype.kind == "M" else "m8[ns]").astype(str).tolist()
            )
        return plain(array.tolist())
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, (pd.Timestamp, np.datetime64)):
        return str(pd.Timestamp(value))
    if isinstance(value, (bool, np.bool_)) or value is None:
        return value if value is None else bool(value)
    if isinstance(value, (int, float, np.number)):
        return float(value)
    try:
        return float(value)  # numbers beside words are words too
    except (TypeError, ValueError):
        return str(value)


def main(given: str, found: str) -> None:
    import vectorbt as vbt
    from vectorbt.generic import plotting
    from vectorbt.utils import colors

    question = pickle.loads(Path(given).read_bytes())
    out: dict = {
        seed: describe(make_case(seed, question["expressions"]), vbt, plotting, colors)
        for seed in question["seeds"]
    }
    out["templates"] = templates()
    Path(found).write_bytes(pickle.dumps(out))


def templates() -> dict:
    """What the themes look like."""
    import plotly.io as pio

    out = {}
    for theme in ("light", "dark", "seaborn"):
        page = pio.templates[f"vbt_{theme}"].to_plotly_json()
        layout = page["layout"]
        out[theme] = plain(
            {
                key: layout.get(key)
                for key in (
                    "colorway", "font", "paper_bgcolor", "plot_bgcolor", "xaxis", "yaxis", "title",
                    "shapedefaults", "annotationdefaults", "colorscale", "coloraxis", "hovermode",
                    "hoverlabel", "scene", "sliderdefaults", "updatemenudefaults",
                    "autotypenumbers",
                )
            }
        )  # fmt: skip
    return out


if __name__ == "__main__":
    main(*sys.argv[1:])
