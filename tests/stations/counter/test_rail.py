"""The counter's rail: who waits, in whole rows."""

from __future__ import annotations

from queuedesk.stations.window.style import STAFF_HEIGHT, STAFF_WIDTH, Scale
from tests.stations.counter.pages import Page


def test_no_row_is_cut_and_those_below_are_counted(page: Page):
    page.hall.queue(*["A"] * 20)
    page.settle()
    page.view.window().resize(STAFF_WIDTH, STAFF_HEIGHT)
    for text_pct in (100, 150):
        page.view.context.look.set_scale(Scale.staff(STAFF_WIDTH, STAFF_HEIGHT, text_pct))
        page.settle()
        rail = page.view.rail
        rail.list.scrollToTop()
        row = page.view.context.look.px(rail.list.row_height)
        waiting, shown = rail.list.tickets.rowCount(), rail.list.height() // row

        assert rail.list.height() % row == 0
        assert 0 < shown < waiting
        assert rail.rest.more.text() == f"{waiting - shown} more"
        rail.list.scrollToBottom()
        assert rail.rest.more.text() == ""
