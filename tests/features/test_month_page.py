"""The month of quality with what features bring: its figures open their rows and lead to their pages."""

from queuedesk.stations.manager.quality.cases_controller import MonthController
from queuedesk.stations.manager.quality.month_page import MonthPage
from tests.hall import DAY, MANAGER


def test_forums_and_planned_inspections_open_the_rows_that_they_count(hall, context, qtbot, catch_up):
    month, day = MonthPage(MonthController(context, DAY.date)), hall.clock().date()
    qtbot.addWidget(month)
    month.resize(1158, 700)
    month.show()
    hall.do("inspect-plan", day, "call", "telephone", who=MANAGER)
    forum = hall.do("forum", day, 9, about="Bills", issues=["Too long"], who=MANAGER)["forum"]
    hall.do("forum-case", forum, 1, who=MANAGER)
    catch_up()
    month.refresh(hall.clock())

    planned = next(point for point in month.looked.table.points if point.said[0] == "Planned")
    month.looked.table.picked.emit(planned.leads)
    assert month.rows_title.text() == "Planned · 1 inspection"
    assert [(row.kind, row.when) for row in month.rows.table.rows.rows] == [("Telephone", "Planned")]
    month.show_figure("forums.n", day, day, "Forums")
    assert [(row.kind, row.what) for row in month.rows.table.rows.rows] == [("9 came", "Bills")]
    with qtbot.waitSignal(month.tab_wanted) as opened:
        month.rows.table.open_row(0)
    assert opened.args == ["forums"]
    month.show_figure("forums.cases", day, day, "Cases")
    assert month.rows_title.text() == "Cases · 1 case"
    with qtbot.waitSignal(month.case_wanted):
        month.rows.table.open_row(0)
