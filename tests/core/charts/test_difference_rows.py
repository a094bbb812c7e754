"""Differences as bars about zero: one scale in a table, nothing where nothing is compared."""

from __future__ import annotations

from queuedesk.core.charts.chart import Box, Point, Rect
from queuedesk.core.charts.layout import Certainty, DifferenceRow, Figure, lay_out_differences
from tests.core.charts.flat import FLAT

HEADS = ("before", "after", "difference", "says")


def row(value: float | None, low: float | None, high: float | None, certainty: Certainty) -> DifferenceRow:
    side = Figure("8.2", "%", "241 of 2,946", Point(("8.2",), "rows"))
    return DifferenceRow(
        name="Wrong window", second="", before=side, after=side, certainty=certainty, word="so", value=value, low=low,
        high=high, said=("a", "b", "c"),
    )  # fmt: skip


def bars(*rows: DifferenceRow) -> list[Box]:
    found = lay_out_differences(HEADS, rows, FLAT, Rect(0, 0, 900, 400))
    return [mark for mark in found.marks if isinstance(mark, Box) and mark.edge]


def test_bars_share_one_scale() -> None:
    wide, narrow = bars(row(-4, -6, -2, Certainty.BETTER), row(1, 0, 2, Certainty.UNSURE))

    assert round(wide.width / narrow.width, 6) == 2
    assert wide.left + wide.width < narrow.left


def test_what_cannot_be_told_is_dashed_and_what_is_worse_is_amber() -> None:
    unsure, worse = bars(row(1, -1, 3, Certainty.UNSURE), row(2, 1, 3, Certainty.WORSE))

    assert (unsure.dashed, unsure.fill, worse.dashed, worse.fill) == (True, "sunken", False, "amberbg")


def test_too_few_rows_have_no_bar_but_their_figures_open() -> None:
    few = row(None, None, None, Certainty.FEW)
    assert bars(few) == []
    assert len(lay_out_differences(HEADS, [few], FLAT, Rect(0, 0, 900, 400)).places) == 2
