"""Where else people could go: the manager's page, figures with their rows, the offer on the front desk."""

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from queuedesk.desk import looking
from queuedesk.desk.figures.comparing import tickets_behind, where_else
from queuedesk.desk.setup import setting_up
from queuedesk.features.why_come.pages.controller import WhereElseController
from queuedesk.features.why_come.pages.page import WhereElsePage
from queuedesk.i18n.numerals import UNKNOWN
from queuedesk.stations.manager.setup_frame.draft import PARTNERS
from queuedesk.stations.manager.today.alert_words import Place
from queuedesk.stations.widgets.buttons import TextButton
from queuedesk.stations.widgets.panels import Label
from queuedesk.stations.window.context import StationContext
from tests.hall import ADMIN, Hall


@pytest.fixture
def hall(hall: Hall) -> Hall:
    row = {"code": "M1", "name": "自助机", "name_en": "Machine", "kind": "self_service", "takes": ["A"]}
    row["distance_m"] = 0
    setting_up.add_row(hall.desk, hall.ask(ADMIN), "partners", row)
    for service in "AAB":
        hall.issue(service)
    return hall


@pytest.fixture
def page(hall: Hall, context: StationContext, qtbot: QtBot) -> Iterator[WhereElsePage]:
    controller = WhereElseController(context)
    page = WhereElsePage(controller)
    qtbot.addWidget(page)
    page.resize(1158, 700)
    page.show()
    day = context.feed.day
    controller.found = where_else(hall.desk, day, day, hall.clock())
    controller.changed.emit()
    yield page


def texts(page: WhereElsePage) -> list[str]:
    return [one.text() for one in page.panel.findChildren(Label) if one.isVisible()]


def test_each_visit_counts_once_and_the_offer_goes_to_the_front_desk(hall: Hall, page: WhereElsePage) -> None:
    # The whole directory is one press away.
    led: list[Place] = []
    page.place_wanted.connect(led.append)
    buttons = [one for one in page.panel.findChildren(TextButton) if one.isVisible()]

    next(one for one in buttons if one.text() == "Directory of all 1").click()

    assert [one.page for one in led] == [PARTNERS]

    # The offer goes to the front desk and back.
    page.offer_button.click()
    page.findChildren(QMenu)[-1].actions()[0].trigger()

    assert looking.setup_of(hall.desk).services["A"].elsewhere == ("self_service",)

    # Each visit counts once and every figure opens its rows.
    rows = page.list.table.rows.texts()
    asked: list[tuple[object, ...]] = []
    page.behind_wanted.connect(lambda *said: asked.append(said))

    assert [row[1] for row in rows] == [str(one.visits) for one in page.list.table.rows.rows]
    for link in list(page.links):
        link.click()
        path, first, last, _title = asked[-1]
        found = tickets_behind(hall.desk, str(path), first, last, hall.clock())  # type: ignore[arg-type]
        assert str(found.total) == link.text()
    assert asked
    assert "Too few visits to say anything." in texts(page)
    page.list.table.selectRow(len(rows) - 1)
    assert rows[-1][4] == "unknown: nobody noted what for"
    # No ticket names an earlier visit: that is not "nobody came again".
    assert {row[3] for row in rows} == {UNKNOWN}
    assert not page.offer_button.isEnabled()
