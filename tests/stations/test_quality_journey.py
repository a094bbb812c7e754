"""One complaint from the customer's touch to its end: through the windows of the hall, by clicks and keys, over weeks
with holidays."""

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QWidget
from pytestqt.qtbot import QtBot

from queuedesk import i18n
from queuedesk.core.network.roles import CONSOLE, Actor, Role
from queuedesk.core.quality.case import Verdict
from queuedesk.desk.change import Ask
from queuedesk.desk.quality import case_documents
from queuedesk.stations.manager import station
from queuedesk.stations.manager.pages import TODAY
from queuedesk.stations.manager.setup.calendar_page import DaysDialog
from queuedesk.stations.manager.today.today_page import AlertStrip
from queuedesk.stations.rating.controller import ExitController
from queuedesk.stations.rating.exit_page import ExitPage
from queuedesk.stations.window.shell import StationWindow
from tests.every_day import walked_in
from tests.hall import ADMIN, MANAGER, SHANGHAI, Clock, Hall, clerk, create_hall, preset, refused
from tests.stations.journey_hands import DOWN, ENTER, LEFT, PIN, TAB, Hands, Office
from tests.stations.undrawn import leave_undrawn

STOOD_IN = Actor("M2", Role.MANAGER)
"""A manager who served at a window that day."""
PHONE = "13800135176"


def founded(folder: Path) -> Hall:
    """Make a hall at the end of September in which a second manager stands in."""
    clock = Clock(datetime(2026, 9, 28, 9, 0, tzinfo=SHANGHAI))
    document = preset()
    stood_in = {"code": "M2", "name": "钱红", "name_en": "Qian Hong", "role": "manager", "skills": []}
    document["staff"] = [*document["staff"], stood_in]
    path = folder / "hall.sqlite"
    return Hall(create_hall(path, document, Ask(CONSOLE, clock())), clock, path)


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    return founded(tmp_path)


def take_the_holidays(office: Office) -> None:
    """Take in what was published for 2026, and close one more day by hand: Tuesday 13 October."""
    office.go("setup")
    office.press(office.page.setup_page.nav.findChild(QAbstractButton, "calendar"))
    calendar = office.page.setup_page.own.calendar
    office.press(calendar.import_button)
    office.choose(1)  # after the year that follows
    (days,) = office.page.findChildren(DaysDialog)
    office.press(days.yes_button)
    calendar.view.setFocus()
    QTest.mouseClick(calendar.view, LEFT, pos=calendar.view.cell(date(2026, 10, 12)).center().toPoint())
    office.key(Qt.Key.Key_Right)
    office.press(calendar.panel.kinds["holiday"])
    office.press(calendar.panel.save_button)


def visit(hall: Hall) -> str:
    """Let a customer be served by C3 at window 3, then by M2 at window 4."""
    hall.open("3", "C3")
    hall.open("4", "M2")
    label = hall.issue("B")
    hall.clock.move(minutes=12)
    hall.call("3")
    hall.do("start", "3")
    hall.clock.move(minutes=3)
    hall.do("transfer", "3", "B", to_window="4")
    hall.call("4")
    hall.do("start", "4")
    hall.clock.move(minutes=4)
    hall.do("finish", "4")
    return label


def rate_badly(exit_: Hands, label: str, words: str) -> None:
    """Rate a visit at the exit as the second lowest, with a reason and a few words typed."""
    page, pressed_ms = exit_.page, exit_.page.pressed_ms

    def touch(widget: QWidget) -> None:
        pressed_ms[0] += 1000
        exit_.press(widget)
        if page.controller.holding.holds:
            pressed_ms[0] += 1000
            page.controller.holding.settle()

    for sign in label:
        touch(page.enter_view.pad.keys[sign])
    touch(page.enter_view.go_button)
    touch(next(face for face in page.view.faces if face.level == 2))
    touch(page.view.reasons["papers_changed"])
    touch(page.view.done_button)
    assert not page.words_view.give_button.isEnabled()
    if words.isascii():
        for sign in words:
            touch(page.words_view.keys.keys[sign])
    else:
        exit_.say(words)
    touch(page.words_view.give_button)
    assert page.controller.stage == "thanks"


NUMBER = "26-001"
SAID = {"en": "one list for all", "zh_CN": "统一一张清单"}
WORDS = {"en": "three visits, three lists", "zh_CN": "三次说的材料都不一样"}
TITLE = {"en": "Other papers each time", "zh_CN": "每次要的材料不同"}


@pytest.mark.parametrize("lang", walked_in("en"))  # by the keys on the screen, which write no Chinese
def test_a_bad_rating_is_followed_until_the_customer_is_content(
    hall: Hall, opened: Callable[..., StationWindow], qtbot: QtBot, lang: str
) -> None:
    i18n.use(lang)
    window = opened(station.build, station.ROLES, "manager", follow=True)
    leave_undrawn(window)
    office = Office(hall, window, qtbot, window.context)
    for person in ("M1", "M2", "AD", "C3"):
        hall.do("set-pin", person, PIN, who=ADMIN)
    office.sign_in("M1")
    take_the_holidays(office)
    if lang == "zh_CN":  # no keys on the screen write it
        hall.do("set-setting", "rating_words", "keyboard")

    office.on(9, 29, "16:00")
    label = visit(hall)
    pressed_ms = [0]

    def exit_page(context: Any) -> ExitPage:
        page = ExitPage(context, ExitController(context, steady_ms=lambda: pressed_ms[0]))
        page.pressed_ms = pressed_ms
        return page

    screen = opened(exit_page, (), "rating", follow=True)
    leave_undrawn(screen)
    exit_ = Hands(hall, screen, qtbot, screen.context)
    i18n.use(lang)
    rate_badly(exit_, label, WORDS[lang])
    office.follow()
    why = office.tab("why")
    (card,) = why.cards.cards
    assert (card.comment.text, card.comment.ticket.label) == (WORDS[lang], label)
    office.go(TODAY)
    (strip,) = [
        one for one in office.page.findChildren(AlertStrip) if one.isVisible() and label in one.accessibleName()
    ]
    office.press(strip.button())
    question = office.page.case_opening.dialog
    codes = {question.owner.itemData(at) for at in range(question.owner.count())}
    assert {"M1", "AD"} <= codes and not {"C3", "M2"} & codes
    office.key(TAB, TAB)
    office.say(TITLE[lang])
    office.key(TAB)
    office.say(PHONE)
    office.key(ENTER)
    assert NUMBER in office.page.toast.text()
    cases = office.tab("cases")

    # Wed 30 September is the first working day after, then come the holidays, and Sat 10 October is worked.
    must_be(hall, "opened", contact_due="2026-09-30", act_due="2026-10-09", answer_due="2026-10-12", limit="2026-10-27")
    with refused(hall, "case_not_next"):
        hall.do("case-close", NUMBER, who=MANAGER)
    for who in (clerk("C3"), STOOD_IN):
        with refused(hall, "case_concerns"):
            hall.do("case-close", NUMBER, who=who)
        with refused(hall, "case_concerns"):
            hall.do("case-owner", NUMBER, who.name, who=MANAGER)
    office.press(cases.detail.show_button)
    office.say(PIN)
    office.key(ENTER)
    assert PHONE in cases.detail.reach.text()
    step(office, cases, SAID[lang])
    must_be(hall, "contacted", next="act", due="2026-10-09", over=-3)

    office.on(10, 9)
    cases = office.tab("cases")
    must_be(hall, "contacted", due="2026-10-09", over=0)
    step(office, cases, SAID[lang])
    must_be(hall, "acted", next="call-back", due="2026-10-12", over=-2)
    assert cases.detail.close_button.isVisible() and not cases.detail.close_button.isEnabled()
    with refused(hall, "case_result_missing"):
        hall.do("case-close", NUMBER, who=MANAGER)

    office.on(10, 12)
    cases = office.tab("cases")
    office.press(cases.detail.act_button)
    office.key(DOWN, DOWN)  # still dissatisfied
    office.key(ENTER)
    # Tue 13 October is closed by hand.
    must_be(
        hall,
        "contacted",
        reopened=1,
        next="act",
        contact_due="2026-09-30",
        act_due="2026-10-16",
        answer_due="2026-10-20",
        limit="2026-11-03",
        over=-3,
    )
    step(office, cases, SAID[lang])
    office.press(cases.detail.vain_button)
    must_be(hall, "acted", tries=1, due="2026-10-20", over=-5)

    office.on(10, 21, who="M2")
    cases = office.tab("cases")
    assert cases.detail.act_button.isHidden() and cases.detail.show_button.isHidden()
    office.on(10, 21)
    cases = office.tab("cases")
    must_be(hall, "acted", overdue=True, over=1)
    step(office, cases, SAID[lang])
    must_be(hall, "called_back", next="verdict")
    office.press(cases.detail.act_button)
    office.key(DOWN)
    office.key(ENTER)
    must_be(hall, "called_back", next="close", verdict=str(Verdict.SATISFIED))
    step(office, cases, "")
    must_be(hall, "closed", outcome="satisfied", reopened=1, contact_until="2027-01-10")
    office.press(cases.closed_button)
    hall.must_follow_from_its_log()


def must_be(hall: Hall, state: str, **told: object) -> None:
    """Assert how far the case has come, and with what deadlines."""
    case = case_documents.case_of(hall.desk, MANAGER, NUMBER, hall.clock())
    assert {name: case[name] for name in ("state", *told)} == {"state": state, **told}


def step(office: Office, cases: Any, said: str) -> None:
    """Press the filled key, type what was said, and Enter."""
    office.press(cases.detail.act_button)
    office.press(cases.dialog.note.edit)
    if said:
        office.say(said)
    office.key(ENTER)
    assert cases.dialog is None
