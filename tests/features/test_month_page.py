"""The month of quality with what features bring: its figures open their rows and lead to their pages."""

from queuedesk.stations.manager.quality.cases_controller import MonthController
from queuedesk.stations.manager.quality.month_page import MonthPage
from tests.hall import DAY, MANAGER


def test_forums_thanks_and_planned_inspections_open_the_rows_that_they_count(hall, context, qtbot, catch_up):
    month, day = MonthPage(MonthController(context, DAY.date)), hall.clock().date()
    qtbot.addWidget(month)
    month.resize(1158, 700)
    month.show()
    hall.do("inspect-plan", day, "call", "telephone", who=MANAGER)
    forum = hall.do("forum", day, 9, about="Bills", issues=["Too long"], who=MANAGER)["forum"]
    hall.do("forum-case", forum, 1, who=MANAGER)
    hall.do("thanks", "C1", words="Patient", who=MANAGER)
    catch_up()
    month.refresh(hall.clock())

    planned = next(point for point in month.looked.table.points if point.said[0] == "Planned")
    month.looked.table.picked.emit(planned.leads)
    assert month.rows_title.text() == "Planned · 1 inspection"
    assert [(row.kind, row.when) for row in month.rows.table.rows.rows] == [("Telephone", "Planned")]
    for tab, row in (
        ("forums", ["20 Nov", "9 came", "Bills", "Zhao Qiang", "1 issue, 1 case"]),
        ("thanks", ["20 Nov", "—", "Patient", "Zhang Min", "not seen yet"]),
    ):
        month.show_figure(f"{tab}.n", day, day, tab)
        assert month.rows.table.rows.texts() == [row]
        with qtbot.waitSignal(month.tab_wanted) as opened:
            month.rows.table.open_row(0)
        assert opened.args == [tab]
    month.show_figure("forums.cases", day, day, "Cases")
    assert month.rows_title.text() == "Cases · 1 case"
    with qtbot.waitSignal(month.case_wanted):
        month.rows.table.open_row(0)
