"""Charts, once for the screen and for paper.

`chart.py` says what a chart shows: panels over one axis, each with its series of values, its levels (targets, means)
and its notes, all words finished; and where its axes begin and end. An axis always contains what its values are read
against, and spans at least ten points where it shows percentages.

`layout.py` turns that into marks (boxes, lines, dots, words) at plain coordinates. Two painters draw marks and know
nothing else of charts: `stations/widgets/charts` with Qt, `reports/draw/charts.py` in a PDF. Charts without panels
(rows of bars, the map of waits, the ribbon, a feature's own) lay themselves out into the same marks.
"""
