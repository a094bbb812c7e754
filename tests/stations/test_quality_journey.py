"""One complaint and one mystery visit, from the customer's touch to their end: through the windows of the hall, by
clicks and keys, over weeks with holidays."""

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
from queuedesk.core.quality.sheet import USUAL_SHEETS
from queuedesk.desk.change import Ask
from queuedesk.desk.quality import case_documents, inspecting
from queuedesk.stations.manager import station
from queuedesk.stations.manager.pages import TODAY
from queuedesk.stations.manager.setup.calendar_page import DaysDialog
from queuedesk.stations.manager.today.today_page import AlertStrip
from queuedesk.stations.rating.controller import ExitController
from queuedesk.stations.rating.exit_page import ExitPage
from queuedesk.stations.widgets.lists.tiles import ToggleChoice
from queuedesk.stations.window.shell import StationWindow
from tests.every_day import walked_in
from tests.hall import ADMIN, MANAGER, SHANGHAI, Clock, Hall, clerk, create_hall, preset, refused
from tests.stations.journey_hands import DOWN, ENTER, LEFT, PIN, TAB, Hands, Office
from tests.stations.undrawn import leave_undrawn

STOOD_IN = Actor("M2", Role.MANAGER)
"""A manager who served at a window that day."""
PHONE = "13800135176"


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    clock = Clock(datetime(2026, 9, 28, 9, 0, tzinfo=SHANGHAI))
    document = preset()
    stood_in = {"code": "M2", "name": "钱红", "name_en": "Qian Hong", "role": "manager", "skills": []}
    document["staff"] = [*document["staff"], stood_in]
    path = tmp_path / "hall.sqlite"
    return Hall(create_hall(path, document, Ask(CONSOLE, clock())), clock, path)


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


SHEET = next(at for at, sheet in enumerate(USUAL_SHEETS) if sheet["code"] == "call")
FINDING = {"en": "Name plate is missing", "zh_CN": "缺少姓名牌"}
PROOF = {"en": "it stands on the desk", "zh_CN": "已摆在柜台上"}


@pytest.mark.parametrize("lang", walked_in("zh_CN"))
def test_what_a_mystery_visit_finds_is_put_right_and_looked_at_by_somebody_else(
    hall: Hall, opened: Callable[..., StationWindow], qtbot: QtBot, lang: str
) -> None:
    i18n.use(lang)
    window = opened(station.build, station.ROLES, "manager", follow=True)
    leave_undrawn(window)
    office = Office(hall, window, qtbot, window.context)
    office.sign_in("M1")
    take_the_holidays(office)

    office.on(10, 8)
    page = office.tab("inspections")
    office.press(page.buttons[0])
    office.write("2026-10-09")
    office.key(TAB, *[DOWN] * SHEET, TAB, DOWN, TAB, TAB)  # the short sheet, not in the open but as a mystery visit
    office.say("2")
    office.key(ENTER)
    assert page.dialog is None

    office.on(10, 9)
    hall.open("1", "C1")
    label = hall.issue("A")
    hall.clock.move(minutes=20)
    hall.serve_out("1")
    page = office.tab("inspections")
    office.open_row(page.plan.table, 0)  # begin
    touch = page.touch
    (seq,) = [one.seq for one in hall.whole().inspections.values()]
    fill_in(Hands(hall, touch, qtbot, office.window.context), len(touch.document["items"]))
    assert not touch.isVisible()
    page = office.tab("inspections")
    office.open_row(page.plan.table, 0)  # tie to a ticket
    office.say(label.lower())
    office.key(TAB)
    office.say("25")
    office.key(ENTER)
    visit = inspecting.inspection_of(hall.desk, seq)["visit"]
    told = {name: visit[name] for name in ("ticket", "claimed", "logged", "difference")}
    assert told == {"ticket": label, "claimed": 25, "logged": 20, "difference": 5}
    assert page.bars.isVisible()

    office.open_row(page.plan.table, 1)  # put a finding right
    office.say(FINDING[lang])
    office.key(TAB)
    while page.dialog.fields["owner"].edit.currentData() != "M1":
        office.key(DOWN)
    office.key(ENTER)
    fix = fixed(hall)
    # Sat 10 October is worked, Tue 13 is closed by hand.
    assert (fix["state"], fix["owner"], fix["due"], fix["inspection"]) == ("open", "M1", "2026-10-16", seq)
    with refused(hall, "no_proof"):
        hall.do("fix-look", fix["rectification"], good=True, who=ADMIN)
    office.open_row(page.fixes.table, 0)  # note the proof
    office.say(PROOF[lang])
    office.key(ENTER)
    assert fixed(hall)["state"] == "proven"

    for who, code in ((MANAGER, "own_fix"), (clerk("C3"), "not_your_role"), (CONSOLE, "who_are_you")):
        with refused(hall, code):
            hall.do("fix-look", fix["rectification"], good=True, who=who)
    office.on(10, 14)
    page = office.tab("inspections")
    assert len(office.open_row(page.fixes.table)) == 3  # the owner is not offered a second look
    office.on(10, 14, who="AD")
    page = office.tab("inspections")
    assert len(office.open_row(page.fixes.table, 0)) == 5  # it is put right
    assert (fixed(hall)["state"], [one["by"] for one in fixed(hall)["looks"]]) == ("closed", ["AD"])
    hall.must_follow_from_its_log()


def fill_in(hands: Hands, items: int) -> None:
    """Fill in a sheet by touches: everything is in order but the first, of which one point is taken for its first
    reason."""
    for at in range(items):
        keys = [one for one in hands.window.findChildren(ToggleChoice) if one.isVisible()]
        hands.press(keys[1 if not at else 0])
        if not at:
            assert not hands.window.next_button.isEnabled()
            hands.press(next(one for one in hands.window.why.findChildren(ToggleChoice) if one.isVisible()))
        hands.press(hands.window.next_button)


def fixed(hall: Hall) -> dict[str, Any]:
    (fix,) = inspecting.fixes_of(hall.desk, None, hall.clock())
    return fix
