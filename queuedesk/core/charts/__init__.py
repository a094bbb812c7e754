"""Charts, once for the screen and for paper.

`chart.py` holds a chart's content: panels over one axis, each with its series of values, its levels (targets, means)
and its notes, with final texts; and the ends of its axes. An axis always contains the references of its values, and
spans at least ten points where it shows percentages.

`layout.py` turns that into marks (boxes, lines, dots, words) at plain coordinates. Two painters draw marks and know
nothing else of charts: `stations/widgets/charts` with Qt, `reports/draw/charts.py` in a PDF. Charts without panels
(rows of bars, the map of waits, the ribbon, a feature's own) lay themselves out into the same marks."""
