"""What the manager's pages keep, made anew and forward."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QLineEdit, QPlainTextEdit, QWidget

from queuedesk import i18n
from queuedesk.core.errors import OutsideError, RuleError
from queuedesk.core.network.roles import Actor
from queuedesk.core.setup.hall import CALENDAR
from queuedesk.desk import looking
from queuedesk.desk.queue import calling
from queuedesk.desk.talk import announcing
from queuedesk.i18n.quality.comment_words import group_name
from queuedesk.stations.manager.controller import ManagerController
from queuedesk.stations.manager.pages import NOTICES, QUALITY, REPORTS, SETUP, TICKETS, TODAY, WAITS, TabbedPages
from queuedesk.stations.manager.parts.table import Table
from queuedesk.stations.manager.quality.month_words import FORUMS
from queuedesk.stations.manager.quality.quality_section import WHY
from queuedesk.stations.manager.setup_frame.draft import SERVICES, WINDOWS
from queuedesk.stations.manager.station import ManagerView
from queuedesk.stations.widgets.buttons import Button
from queuedesk.stations.widgets.panels import Label
from queuedesk.stations.window.remaking import parts_of
from tests.hall import ADMIN
from tests.stations.manager.conftest import Office

NARROW = (1024, 768)
WIDE = (1366, 768)


def places(view: ManagerView) -> Iterator[tuple[str, str]]:
    """Yield the key of each page of the side list, with that of each tab where it has some."""
    for key, _icon, _word in view.stack.entries():
        page = view.stack.page(key)
        tabs = [tab for tab, _i, _w in page.pages.entries()] if isinstance(page, TabbedPages) else [""]
        yield from ((key, tab) for tab in tabs)


def opened(view: ManagerView, key: str, tab: str = "") -> Any:
    """Open a page and return it."""
    view.open_page(key)
    section: Any = view.stack.page(key)
    if not tab:
        return section
    section.open_tab(tab)
    QApplication.processEvents()
    return section.pages.page(tab)


def speak(view: ManagerView) -> None:
    """Let the station speak the other language."""
    i18n.use("zh_CN" if i18n.current() == "en" else "en")
    view.make_anew()
    settle()


def anew(view: ManagerView, key: str, tab: str = "") -> Any:
    """Let the station speak the other language with this page in front; return what came in its place."""
    before = opened(view, key, tab)
    speak(view)
    page = view.stack.page(key)
    page = page.pages.page(tab) if tab else page  # type: ignore[attr-defined]
    assert page is not before, (key, tab)
    return page


def settle() -> None:
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    QApplication.processEvents()


def said(page: QWidget) -> list[str]:
    """Return all that a page says to who sees it, in its order: words, buttons, fields, choices and tables."""
    told: list[str] = []
    for part in parts_of(page):
        for one in part.findChildren(QWidget):
            if not one.isVisible():
                continue
            if isinstance(one, Label | QLabel | Button | QLineEdit):
                told.append(one.text())
            elif isinstance(one, QComboBox):
                told.append(one.currentText())
            elif isinstance(one, QPlainTextEdit):
                told.append(one.toPlainText())
            elif isinstance(one, Table):
                told += [f"{at} {row}" for at, row in enumerate(one.rows.texts())] + [f"> {one.chosen_key()}"]
    return told


@pytest.fixture
def admins(open_office: Callable[[Actor], Office]) -> Iterator[Office]:
    yield open_office(ADMIN)


TYPED: dict[tuple[str, str], Callable[[Any], QLineEdit]] = {
    (TICKETS, ""): lambda page: page.search.edit,
    (NOTICES, ""): lambda page: page.text.edit,
    (REPORTS, "packs"): lambda page: page.note.edit,
    (WAITS, "what-if"): lambda page: page.form.services_field.edit,
    (QUALITY, "cases"): lambda page: page.search.edit,
}


def test_a_page_comes_back_in_the_other_language_as_it_was(office: Office, monkeypatch) -> None:
    view = office.page

    # Date, filters, row and scroll are as they were left.
    fairness = opened(view, WAITS, "fairness")
    fairness.set_day(fairness.day - timedelta(days=1))
    assert anew(view, WAITS, "fairness").day == view.controller.day - timedelta(days=1)

    why = opened(view, QUALITY, WHY)
    why.spans.setCurrentIndex(1)
    why.spans.activated.emit(1)
    why.count_only({"window": "3"})
    days = why.spans.currentData()
    again = anew(view, QUALITY, WHY)
    assert (again.spans.currentData(), again.filter_button.text()) == (
        days,
        group_name(view.context.feed.setup, "window", "3"),
    )

    for n in range(40):
        office.hall.do("forum", office.hall.date, 5, about=f"Forum {n}", issues=[f"Issue {n}"])
    office.follow()
    page = opened(view, QUALITY, FORUMS)
    office.later(seconds=5)
    page.table.selectRow(25)
    page.table.verticalScrollBar().setValue(20)
    chosen, scrolled = page.table.chosen_key(), page.table.verticalScrollBar().value()
    assert scrolled > 0

    page = anew(view, QUALITY, FORUMS)
    office.later(seconds=5)
    assert (page.table.chosen_key(), page.table.verticalScrollBar().value()) == (chosen, scrolled)

    # So is what is typed, and a sentence that was chosen.
    for (key, tab), field in TYPED.items():
        QTest.keyClicks(field(opened(view, key, tab)), "A1")
        assert field(anew(view, key, tab)).text() == "A1", (key, tab)
    opened(view, NOTICES).text.set_value("System down, please wait")
    assert anew(view, NOTICES).text.value() == "System down, please wait"

    # A page that is not in front follows when it is opened.
    tickets = opened(view, TICKETS)
    view.open_page(TODAY)
    speak(view)
    assert view.stack.made(TICKETS) is tickets
    view.open_page(TICKETS)
    assert view.stack.made(TICKETS) is not tickets

    # Files made for the printer go with their page and are made again.
    opened(view, WAITS, "fairness").print_button.click()
    anew(view, WAITS, "fairness").print_button.click()
    assert len(office.paper.printed) == 2


def test_nothing_is_made_anew_under_a_question_or_while_somebody_waits_for_an_answer(
    office: Office, monkeypatch
) -> None:
    view = office.page
    page = opened(view, QUALITY, FORUMS)
    noted = next(at for at, act in enumerate(page.spec.acts) if act.form is not None and not act.of_row)
    page.buttons[noted].click()
    dialog = page.dialog
    field = next(iter(dialog.fields.values()))
    field.set_value("Why one has to come twice")
    speak(view)
    office.later(seconds=6)
    assert view.quality.pages.made(FORUMS) is page
    assert dialog.isVisible() and field.value() == "Why one has to come twice"

    # It follows as soon as the question is answered, and an answer that is owed has come.
    monkeypatch.setattr(view.context.tasks, "owes_answers", True, raising=False)
    dialog.no_button.click()
    office.later(seconds=6)
    assert view.quality.pages.made(FORUMS) is page

    monkeypatch.setattr(view.context.tasks, "owes_answers", False)
    office.later(seconds=6)
    assert view.quality.pages.made(FORUMS) is not page
    assert view.quality.pages.made(FORUMS).buttons[noted].text() == page.spec.acts[noted].text()


def test_the_set_up_comes_back_with_its_row_and_its_draft(admins: Office) -> None:
    view = admins.page
    setup = opened(view, SETUP)
    setup.open_row(WINDOWS, "2")
    before = said(setup)
    speak(view)
    speak(view)
    assert view.setup_page is not setup
    assert said(view.setup_page) == before

    # A draft stays, in whichever form it is shown.
    setup = view.setup_page
    setup.open_row(SERVICES, "A")
    QTest.keyClicks(setup.forms.service.first_edit(), " and more")
    typed = setup.forms.service.first_edit().text()
    speak(view)
    assert view.setup_page is not setup and view.setup_page.is_changed
    assert view.setup_page.forms.service.first_edit().text() == typed

    # What stands in a field alone keeps the page until it is saved or discarded.
    setup = view.setup_page
    setup.open_part(CALENDAR)
    setup.own.calendar.go(view.controller.day + timedelta(days=7))
    admins.touch(setup.own.calendar.panel.kinds["holiday"])
    assert setup.is_changed
    speak(view)
    assert view.setup_page is setup


def calls_of(hall) -> list[int]:
    return [e.seq for e in looking.events_after(hall.desk, 0) if e.kind in ("call", "recall")]


def test_while_an_act_runs_no_other_begins(context, monkeypatch):
    asked = []

    def leave(desk, ask, label, day):
        asked.append(label)
        controller.leave(day, "B002")
        raise RuleError("unknown_ticket", ticket=label, date=day)

    monkeypatch.setattr(calling, "leave", leave)
    controller = ManagerController(context)
    controller.leave(controller.day, "A003")

    assert asked == ["A003"]


def test_an_earlier_day_is_read_whole(controller, hall):
    day = controller.day
    hall.clock.move(days=1)
    controller.context.feed.turn_day()
    read = []
    controller.day_read.connect(lambda date, state: read.append((date, len(state.tickets))))

    controller.read_day(day)

    assert read == [(day, 5)]
    assert controller.first_day() == day == controller.day - timedelta(days=1)


def test_the_first_day_is_today_while_the_file_is_away(context, monkeypatch):
    def away(desk, seq, limit):
        raise OutsideError("database_away")

    monkeypatch.setattr(looking, "events_after", away)
    controller = ManagerController(context)

    assert controller.first_day() == controller.day


def test_calls_that_nobody_heard_are_read_once_noted_no_more(controller, hall):
    first = calls_of(hall)[0]
    announcing.note_spoken(hall.desk, first, "display", hall.clock(), link=None)
    controller.look_for_unheard()
    assert [(call.ticket, call.window) for call in controller.unheard] == [("A001", "1")]

    controller.note_unheard()
    controller.look_for_unheard()
    assert controller.unheard == []

    hall.call("1")
    calling.recall(hall.desk, hall.ask(), "1")
    announcing.note_spoken(hall.desk, calls_of(hall)[-1], "display", hall.clock(), link=None)
    controller.look_for_unheard()
    assert [call.ticket for call in controller.unheard] == ["A002"]


def test_calls_without_a_display_are_noted_until_one_was_back(controller, hall):
    def read(note: bool = False) -> list[str]:
        hall.clock.move(minutes=1)
        controller.look_for_unheard()
        named = [call.ticket for call in controller.unheard]
        if note:
            controller.note_unheard()
        return named

    assert read() == []
    hall.call("1")
    assert read(note=True) == ["A002"]
    calling.recall(hall.desk, hall.ask(), "1")
    assert read() == []

    calling.recall(hall.desk, hall.ask(), "1")
    announcing.note_shown(hall.desk, calls_of(hall)[-1], "display", hall.clock())
    assert read() == []
    hall.call("2")
    assert read() == ["A003"]


def test_yesterdays_silence_is_not_shown_today(controller, hall):
    announcing.note_spoken(hall.desk, calls_of(hall)[0], "display", hall.clock(), link=None)
    hall.clock.move(days=1)
    controller.context.feed.turn_day()

    controller.look_for_unheard()

    assert controller.unheard == []


def resized(office: Office, size: tuple[int, int]) -> QWidget:
    office.page.resize(*size)
    QApplication.processEvents()
    return office.page.nav


def tip(office: Office) -> str:
    """Return the name that is shown beside the rail, "" for none."""
    found = office.page.nav.window().findChildren(QWidget, "rail_tip")
    return next((one.text for one in found if one.isVisible()), "")  # type: ignore[attr-defined]


def test_the_list_is_a_rail_where_the_window_is_narrow(office: Office, qtbot) -> None:
    assert resized(office, WIDE).width() == 208
    nav = resized(office, NARROW)

    assert nav.width() == 64
    assert nav.findChild(QWidget, "tickets").accessibleName() or nav.findChild(QWidget, "tickets").text() == "Tickets"
    assert office.page.talk.emergency_button.width() == 48
    assert office.page.talk.emergency_button.text() == "Emergency notice"
    assert office.page.nav.person.isVisible()
    assert "Zhao Qiang" in office.page.nav.person.accessibleName()
    office.go("tickets")
    assert office.page.stack.seen() == "tickets"
    resized(office, WIDE)
    assert not office.page.nav.person.isVisible()

    # The list with words shows no names beside it.
    nav.findChild(QWidget, "setup").setFocus()
    qtbot.wait(350)
    assert tip(office) == ""


def test_a_key_of_the_rail_says_its_name_to_who_points_or_steps_there(office: Office, qtbot) -> None:
    nav = resized(office, NARROW)
    setup = nav.findChild(QWidget, "setup")
    QTest.mouseMove(setup, QPoint(10, 10))
    qtbot.waitUntil(lambda: tip(office) == "Set-up")

    office.page.setFocus()
    QTest.keyClick(office.page, Qt.Key.Key_F6)
    assert QApplication.focusWidget() is nav.findChild(QWidget, "today")
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Down)
    assert QApplication.focusWidget() is nav.findChild(QWidget, "tickets")
    qtbot.waitUntil(lambda: tip(office) == "Tickets")
    assert office.page.stack.seen() == "today", "stepping opens nothing"

    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_F6)
    focused = QApplication.focusWidget()
    assert focused is not None
    assert office.page.today.isAncestorOf(focused)
    assert tip(office) == ""
