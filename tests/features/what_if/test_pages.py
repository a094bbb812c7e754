"""The manager plays yesterday again: a ready question, a change of one's own, its page on paper."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pypdfium2 as pdfium
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from queuedesk.core.setup.file import read_setup
from queuedesk.desk.queue import calling
from queuedesk.desk.upkeep import clocks
from queuedesk.features.what_if.pages import OWN, WhatIfController, WhatIfPage, last_open_day
from queuedesk.stations.manager.controller import ManagerController
from queuedesk.stations.widgets.panels import Label
from queuedesk.stations.window.context import StationContext
from tests.golden.kept import must_be_kept
from tests.hall import Hall, simple_setup
from tests.stations.manager.conftest import morning
from tests.stations.seen import said


def next_day(folder: Path) -> Hall:
    """Let the day go on until everybody is served, and the next one begin."""
    hall = morning(folder)
    calling.finish(hall.desk, hall.ask(), "3", outcome="done")
    for window, minutes in (("1", 12), ("1", 9), ("3", 15)):
        hall.clock.move(minutes=1)
        calling.call(hall.desk, hall.ask(), window)
        calling.start(hall.desk, hall.ask(), window)
        hall.clock.move(minutes=minutes)
        calling.finish(hall.desk, hall.ask(), window, outcome="done")
    clocks.end_today(hall.desk, hall.ask())
    hall.clock.move(hours=24)
    hall.open("1", "C1")
    return hall


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    return next_day(tmp_path)


@pytest.fixture
def context(hall: Hall, context: StationContext) -> StationContext:
    return context


@pytest.fixture
def asking(context: StationContext) -> WhatIfController:
    return WhatIfController(context)


@pytest.fixture
def page(context: StationContext, asking: WhatIfController, qtbot: QtBot) -> Iterator[WhatIfPage]:
    page = WhatIfPage(ManagerController(context), asking)
    qtbot.addWidget(page)
    page.resize(1158, 700)
    page.notices = []  # type: ignore[attr-defined]
    page.said.connect(lambda text, _icon: page.notices.append(text))  # type: ignore[attr-defined]
    page.show()
    yield page
    page.stop()


def ask(page: WhatIfPage, code: str) -> None:
    """Choose a question as a person does."""
    page.questions.setFocus()
    page.questions.setCurrentIndex(page.questions.findData(code))
    page.questions.activated.emit(page.questions.currentIndex())


def test_yesterday_is_asked_about_first_and_a_change_of_ones_own(
    page: WhatIfPage, asking: WhatIfController, context: StationContext, tmp_path: Path
) -> None:
    # Yesterday is asked about first.
    assert page.day == context.feed.day - timedelta(days=1)
    must_be_kept(Path(__file__).with_name("page.txt"), "\n".join(said(page)), "yesterday")
    assert not page.dates.later.isEnabled()

    # The page on paper.
    QTest.mouseClick(page.save_button, Qt.MouseButton.LeftButton)
    files = list(tmp_path.glob("*-what-if-*.pdf"))
    assert len(files) == 1 and date.fromisoformat(files[0].stem[-10:]) == page.day
    text = pdfium.PdfDocument(files[0])[0].get_textpage().get_text_range()
    assert "Window 2 was away 9:00" in text
    assert "Simulated with no change" in text and "Window 7 serves all services" in text
    assert page.notices  # type: ignore[attr-defined]
    QTest.mouseClick(page.print_button, Qt.MouseButton.LeftButton)
    assert len(page.notices) == 2  # type: ignore[attr-defined]

    # A change of one's own: a field that can't be read is said beside it; what was added can be taken away again.
    ask(page, OWN)
    assert page.form.isVisible() and not page.form.play_button.isEnabled()
    QTest.keyClicks(page.form.services_field.edit, "A,Z")
    QTest.mouseClick(page.form.add_button, Qt.MouseButton.LeftButton)
    assert page.form.services_field.error() == "There is no service Z in this hall."

    page.form.at_window.setCurrentIndex(page.form.at_window.findData("7"))
    page.form.services_field.set_value("B、A")
    QTest.mouseClick(page.form.add_button, Qt.MouseButton.LeftButton)
    page.form.kind.setCurrentIndex(page.form.kind.findData("closed"))
    page.form.at_window.setCurrentIndex(page.form.at_window.findData("3"))
    QTest.mouseClick(page.form.add_button, Qt.MouseButton.LeftButton)
    assert [label.text() for _r, label, _b in page.form.rows] == ["Window 7 serves B, A", "Without window 3"]

    QTest.mouseClick(page.form.play_button, Qt.MouseButton.LeftButton)
    assert page.after.text().splitlines() == ["Window 7 serves B, A", "Without window 3"]
    QTest.mouseClick(page.form.rows[0][2], Qt.MouseButton.LeftButton)
    assert [label.text() for _r, label, _b in page.form.rows] == ["Without window 3"]

    # Of twenty windows seven are told and the others counted, in as many lines as it takes.
    found = asking.found
    assert found is not None
    spans = [{"from": f"{hour}:05", "to": f"{hour}:40"} for hour in range(8, 18)]
    away = [{"window": f"A{n:02d}", "minutes": 350.0, "spans": spans} for n in range(20)]
    told = {"away": away, "short": {"n": 3, "minutes": 1.0}, "not_served": []}
    asking.answered.emit({**found, "inferred": told})
    assert page.inferred.text().count("was away") == 7 and "13 more like this." in page.inferred.text()

    # A day that can't be played says why.
    page.set_day(page.day - timedelta(days=7))

    texts = [label.text() for label in page.empty.findChildren(Label)]
    assert any("nobody was served" in text for text in texts) and page.empty.isVisible()
    assert not page.save_button.isEnabled()
    ask(page, "comprehensive")
    assert page.empty.isVisible()


def test_days_on_which_the_hall_was_closed_are_passed_over() -> None:
    hours = [{"days": "1-5", "from": "9:00", "to": "17:00"}]
    services = [{**row, "hours": hours} for row in simple_setup()["services"]]
    setup = read_setup(simple_setup(services=services, calendar={"2026-11-20": {"kind": "holiday"}}))

    assert last_open_day(setup, date(2026, 11, 26)) == date(2026, 11, 25)
    assert last_open_day(setup, date(2026, 11, 23)) == date(2026, 11, 19)
