"""What a plot shows and where, whichever library draws it; and the drawing with Bokeh.

`layout.lay_out` makes the sheets, `plot.Plot` draws them with Matplotlib, `page.BokehPlot` with
Bokeh. Neither library is imported here: one of them is enough.
"""
