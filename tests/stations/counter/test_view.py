"""The counter's page under real keys and clicks."""

from itertools import product
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from queuedesk import i18n
from queuedesk.core.errors import OutsideError
from queuedesk.core.figures.measures.document import day_figures
from queuedesk.core.network.roles import CONSOLE, Actor, Role, station
from queuedesk.core.talk.screen import at_pc
from queuedesk.desk import looking
from queuedesk.desk.queue import calling, opening, rating, sign_in_and_pins
from queuedesk.desk.talk import devices
from queuedesk.desk.upkeep import maintenance
from queuedesk.stations.acts.written_talk import TalkDialog
from queuedesk.stations.counter import words
from queuedesk.stations.counter.questions import PauseDialog, TransferDialog
from queuedesk.stations.counter.scene import Act, ClerksDay, clerks_day
from queuedesk.stations.counter.signing_in import TakenTwice
from queuedesk.stations.counter.small_bar import face_of
from queuedesk.stations.counter.station import CounterView, build
from queuedesk.stations.widgets.paint import wrap
from queuedesk.stations.widgets.panels import Label, RunsLabel
from queuedesk.stations.widgets.questions.dialogs import ConfirmDialog, ReasonDialog, RepeatGuard
from queuedesk.stations.window.context import Sounds, StationContext
from queuedesk.stations.window.style import STAFF_HEIGHT, STAFF_WIDTH, TEXT_SIZES_PCT, Look, Scale
from tests.desk.equipment import only_shown
from tests.hall import DAY, GUIDE, Hall
from tests.stations.anew import close, made_anew
from tests.stations.counter.pages import Page, open_view
from tests.stations.stubs import lend, stub
from tests.stations.whole_words import settled

Key = Qt.Key
SPACE, ENTER, ESC, TAB = Key.Key_Space, Key.Key_Return, Key.Key_Escape, Key.Key_Tab
TELL_THE_MANAGER = (Key.Key_2, ENTER)  # asked where those waiting have no other window; the first answer hands over
FULL = "Today 1 finished · 4.0 min each (target 5)"
LANGUAGES = ("en", "zh_CN")
WANG = Actor("C3", Role.CLERK)


def test_space_clicks_and_f9_each_serve_a_whole_visit_until_nobody_waits(page: Page):
    view, words = page.view, []
    page.press(SPACE)
    assert view.stage.hero.text() == "A001"
    assert view.rail.card.accessibleName().startswith("Next A002")
    assert view.rail.mine.text() == "2 for this window"
    page.press(SPACE, SPACE)
    assert page.kinds == ["call", "start", "finish"]
    assert view.stage.hero.text() == "A002", "the next customer is on the stage"

    for _click in range(3):
        words.append(view.stage.primary.text())
        page.click(view.stage.primary)
    assert words == ["Call next", "Customer is here: start", "Finish"]
    assert page.kinds[3:] == ["call", "start", "finish"]

    page.hall.issue("A")
    page.press(SPACE, SPACE, Key.Key_F9)
    assert page.kinds[6:] == ["call", "start", "finish", "call"], "the last customer is called in the same press"
    page.press(SPACE, SPACE)
    assert (view.stage.sentence.text(), view.stage.primary.isEnabled()) == ("Nobody is waiting", False)

    played: list[str] = []
    lend(view.context, sounds=stub(Sounds, play=played.append, can_be_heard=lambda: False))
    page.hall.issue("A")
    page.settle()
    assert played == ["knock"], "somebody comes"
    assert view.stage.primary.isEnabled()


def test_finishing_says_where_the_visit_goes_on_and_a_class_leaves_the_number_its_window(page: Page):
    """Beside the free window, and beside the primary where the next one is called in the same press."""
    hall, stage = page.hall, page.view.stage
    hall.open("5", "C5")
    for label in ("A001", "A002"):
        page.press(SPACE)
        window = stage.hero.geometry()
        page.press(SPACE)
        hall.do("add", "3", "C")
        page.settle()
        assert stage.hero.text() == label
        if label == "A001":
            page.press(SPACE)
            assert stage.status.text() == "A001 goes on to New connection, Window 5"
            assert page.says() == ""
        else:
            page.view.controller.finish(then_call=True)
            page.settle()
            assert stage.hero.text() == "B001"
            assert page.says() == "A002 goes on to New connection, Window 5"
    page.press(SPACE)
    assert page.says() == ""

    # A person with priority is sent to this window too: its name and number stand beside the ticket's.
    page.press(SPACE)
    label = hall.issue("A", klass="elderly")
    hall.call("3", ticket=label, reason="asked")
    page.settle()
    assert (stage.hero.text(), stage.class_pill.text()) == (label, "Elderly")
    assert stage.hero.geometry() == window


def test_a_held_key_only_calls_nothing_is_pressed_while_the_file_is_away_nor_closed_over_a_customer(page: Page, qapp):
    view, stage, guard = page.view, page.view.stage, RepeatGuard(qapp)
    assert view.may_close()
    try:
        QTest.keyPress(view, SPACE)
        for _repeat in range(5):
            again = QKeyEvent(QEvent.Type.KeyPress, SPACE, Qt.KeyboardModifier.NoModifier, " ", True)
            QApplication.sendEvent(view, again)
            page.settle()
        QTest.keyRelease(view, SPACE)
        page.settle()
    finally:
        qapp.removeEventFilter(guard)
        guard.deleteLater()
    assert page.kinds == ["call"]

    view.show_away(page.hall.clock())
    assert not stage.primary.isEnabled()
    assert not any(stage.buttons[name].isEnabled() for name in ("recall", "miss", "redirect"))
    page.press(SPACE, Key.Key_F2)
    assert page.kinds == ["call"]
    assert view.messages.said().endswith("This shows 10:00.")
    view.show_away(None)
    page.press(SPACE)
    assert page.kinds == ["call", "start"]

    assert stage.primary.text() == "Finish"
    assert not view.may_close()
    assert view.closing_effect() == "Somebody is called or served here; the ticket stays as it is."
    calling.redirect(page.hall.desk, page.hall.ask(GUIDE), "C", ticket="A001")
    page.until(lambda: stage.primary.text() == "Call next")
    assert view.may_close(), "the front desk has sent them on"

    page.press(Key.Key_F11, ENTER)
    assert isinstance(page.dialog, ReasonDialog)
    assert "close" not in page.kinds, "who takes those who are left is not chosen beforehand"
    page.press(ESC, Key.Key_F11, *TELL_THE_MANAGER)
    assert (page.hall.last().kind, page.hall.last().data["left_to"]) == ("close", "@manager")
    assert view.signing_in.active


def test_missing_asks_before_the_last_call_and_tab_and_the_keypad_reach_it_too(page: Page):
    stage, rail = page.view.stage, page.view.rail
    page.press(SPACE, Key.Key_F3)
    assert isinstance(page.dialog, ConfirmDialog)
    page.press(ENTER)
    assert page.kinds == ["call", "recall"], "Enter by habit calls again"
    page.press(Key.Key_F3, ESC)
    assert page.kinds == ["call", "recall"], "Esc does nothing"
    page.press(Key.Key_F3)
    page.click(page.dialog.act_button)
    assert page.kinds == ["call", "recall", "miss"]

    # Tab goes primary, secondaries, rail, top bar, and Space presses what it reached.
    page.press(SPACE)
    page.view.setFocus()
    wanted = [
        stage.primary,
        *(stage.buttons[name] for name in ("recall", "miss", "redirect")),
        stage.more_button,
        next(iter(rail.rows.values())).button(),
        rail.message_button,
        rail.help_button,
        page.view.bar.small_button,
        page.view.bar.more_button,
    ]
    reached = []
    for _stop in wanted:
        page.press(TAB)
        reached.append(QApplication.focusWidget())
    assert reached == wanted
    stage.buttons["recall"].setFocus(Qt.FocusReason.TabFocusReason)
    page.press(SPACE)
    page.press(Key.Key_F2, Key.Key_F3)
    assert page.kinds[3:] == ["call", "recall", "recall", "miss"], "at once after the last call"

    pad = Qt.KeyboardModifier.KeypadModifier
    page.view.setFocus()
    for key in (Key.Key_Enter, Key.Key_Asterisk, Key.Key_Asterisk, Key.Key_Minus, Key.Key_0):
        page.press(key, modifier=pad)
    assert page.kinds[7:] == ["call", "recall", "recall", "miss"], "keypad keys do the same"
    assert page.dialog is not None, "keypad 0 asks why to pause"


def test_who_is_set_aside_or_missed_is_taken_back_from_the_rail(page: Page):
    page.press(SPACE, SPACE, Key.Key_F4)
    page.press(ENTER)
    assert page.dialog is not None, "Enter by habit writes nothing"
    page.press(Key.Key_2, ENTER)
    assert (page.hall.last().kind, page.hall.last().data["reason"]) == ("park", "copying")

    page.press(SPACE)
    (row,) = page.view.rail.rows.values()
    assert not row.button().isEnabled(), "somebody is at the window"
    page.press(Key.Key_F2, Key.Key_F2, Key.Key_F3)
    parked, missed = page.view.rail.rows.values()
    page.click(missed.button())
    page.click(parked.button())
    assert page.kinds[-2:] == ["reinstate", "unpark"]
    assert page.view.stage.hero.text() == "A001"

    page.press(Key.Key_F4, Key.Key_5)
    page.type("goes to the bank")
    page.press(ENTER)
    assert page.hall.last().data["reason"] == "goes to the bank"
    assert next(iter(page.view.rail.rows.values())).button().text() == "Continue"


def test_a_break_tells_the_time_that_was_given_and_a_backup_why_it_asks_who_is_here(page: Page, tmp_path: Path):
    page.press(Key.Key_F10, Key.Key_1)
    assert isinstance(page.dialog, PauseDialog)
    page.click(page.dialog.minutes.button(15))
    page.press(ENTER)
    pause = page.hall.last()
    assert (pause.kind, pause.data["reason"], pause.data["back"][11:16]) == ("pause", "break", "02:15")
    assert page.view.stage.service.text() == "Back at about 10:15"
    page.press(Key.Key_F2, SPACE)
    assert page.kinds == ["pause", "pause", "resume"]

    page.press(Key.Key_F8)
    page.type("b1")
    page.press(ENTER, Key.Key_1, ENTER)
    call = page.hall.last()
    assert (call.kind, call.ticket, call.data["reason"]) == ("call", "B001", "frail"), "called out of order"
    assert call.data["passed"] == ["A001", "A002"]
    page.press(SPACE, SPACE)

    page.press(Key.Key_F10, Key.Key_1, ENTER)
    pause = page.hall.last()
    assert (pause.kind, pause.data["reason"], pause.data.get("back")) == ("pause", "break", None)
    assert page.view.stage.service.text() == "No return time was given"

    # A backup from before the shift is restored.
    opening.close(page.hall.desk, page.hall.ask(), "3")
    page.settle()
    assert page.view.sign_in.line.text() == "Window 3 is closed."
    maintenance.back_up(page.hall.desk.db, CONSOLE, tmp_path / "closed.zip", page.hall.clock())
    page.view.signing_in.choose_name("C3")
    page.until(lambda: page.view.controller.scene is not None)
    maintenance.restore(tmp_path / "closed.zip", page.hall.path, page.hall.ask(), replace=True)
    page.until(lambda: page.view.controller.scene is None)
    assert page.view.sign_in.line.text() == ("A backup was restored. Window 3 is not open in it: please sign in again.")


def test_the_last_finished_is_taken_back_until_it_is_rated_and_a_refusal_goes_with_the_next_act(page: Page):
    page.press(SPACE, SPACE, SPACE, Key.Key_F5)
    assert page.kinds[-1] == "reopen"
    page.press(SPACE)
    rating.rate(page.hall.desk, page.hall.ask(), "A001", 1)
    page.settle()
    page.press(Key.Key_F5)
    assert page.says() == "A001 is already rated, thank you"
    shown = " ".join(w.text() for w in page.view.findChildren(QWidget) if hasattr(w, "text") and w.isVisible())
    assert "issatisfied" not in shown, "how it was rated is not the clerk's to know"

    calling.call(page.hall.desk, page.hall.ask(), "3")
    page.settle()
    page.press(Key.Key_F4)
    assert page.says() == "A002 is called to window 3; please start serving first."
    page.press(SPACE)
    assert page.says() == ""

    asked = page.hall.ask(GUIDE)
    lost = OutsideError("database_away", path="postgresql://pc@main/hall", command="~7", verb="call", asked=asked.now)
    page.view.controller.refused.emit(lost)
    assert (
        page.says() == "No answer from the hall's server; you will be told whether this was done as soon as it is back."
    )
    page.view.forget_unanswered()
    assert page.says() == "", "it is told by now"
    page.view.controller.refused.emit(OutsideError("database_away", path="postgresql://pc@main/hall"))
    page.view.forget_unanswered()
    assert page.says() != "", "something else is said now"


def test_all_acts_possible_now_are_in_the_menu_and_the_usual_next_step_is_one_key(page: Page):
    page.press(SPACE, SPACE)
    page.press(Key.Key_M, modifier=Qt.KeyboardModifier.AltModifier)
    menu = page.view.acts_menu
    assert menu is not None
    lines = {action.objectName(): action.text() for action in menu.actions()}
    assert list(lines) == [
        "finish",
        "finish_call",
        "delivered",
        "form_free",
        "write",
        "park",
        "stall",
        "add",
        "transfer",
        "redirect",
    ]
    assert lines["park"] == "Set aside\tF4"
    menu.setActiveAction(next(action for action in menu.actions() if action.objectName() == "stall"))
    QTest.keyClick(menu, ENTER)
    page.press(Key.Key_2, ENTER)
    assert page.view.stage.status.text() == "The network is down · since 10:00"
    page.click(page.view.stage.buttons["unstall"])
    assert page.kinds == ["call", "start", "stall", "unstall"]

    page.hall.do("set-row", "services", "A", {"then": ["B"]})
    page.settle()
    assert page.view.stage.buttons[Act.FINISH_THEN].text() == "On to B"
    i18n.use("zh_CN")
    page.view = made_anew(page.view)
    assert page.view.stage.primary.text() == "办完了"
    assert page.view.stage.hero.text() == "A001"

    page.press(Key.Key_F11)
    assert page.hall.last().kind == "finish"
    (sent,) = [ticket for ticket in page.hall.whole().tickets.values() if len(ticket.legs) == 2]
    assert (sent.service, str(sent.state)) == ("B", "waiting")


def test_the_primary_stands_at_the_same_place_in_every_state(page: Page):
    primary, places = page.view.stage.primary, set()
    for acts in ([SPACE], [SPACE], [SPACE], [Key.Key_F10, Key.Key_1, ENTER], []):
        for size in ((1366, 768), (1024, 576), (1920, 1080)):
            page.view.resize(*size)
            settled()
            place = primary.mapTo(page.view, primary.rect().topLeft()).toTuple()
            places.add((size, place, primary.size().toTuple()))
        page.press(*acts)

    assert len(places) == 3, "one for each size of the window"


@pytest.fixture
def view(hall: Hall, context: StationContext, qtbot: QtBot) -> CounterView:
    """Return the page of window 3 after one customer of four minutes."""
    hall.open("3", "C3")
    hall.issue("A")
    hall.serve_out("3", minutes=4)
    return open_view(context, qtbot, "3", is_followed=False)


def head_of(view: CounterView, look: Look, width: int, height: int, text_pct: int) -> list[str]:
    """Return what the head tells at this size, and assert that none of it is elided."""
    look.set_scale(Scale.staff(width, height, text_pct))
    view.resize(width, height)
    view.tick(view.context.clock())
    QApplication.processEvents()
    QApplication.processEvents()
    shown = [label for label in view.bar.findChildren(RunsLabel) if label.isVisible()]
    assert all(label.width() >= label.sizeHint().width() for label in shown), [label.text() for label in shown]
    return [label.text() for label in shown]


def test_a_service_that_is_lent_stands_beside_the_window(view: CounterView, hall: Hall, look: Look) -> None:
    def shown(size: tuple[int, int, int]) -> list[str]:
        view.context.feed.state = looking.hall_now(hall.desk, hall.clock())
        head_of(view, look, *size)
        labels = [label for label in view.bar.findChildren(Label) if label.isVisible()]
        assert all(label.width() >= label.sizeHint().width() for label in labels), [one.text() for one in labels]
        return [label.text() for label in labels]

    sizes = ((1366, 768, 100), (1366, 768, 150), (1024, 600, 125))
    before = {size: shown(size) for size in sizes}
    hall.do("set-row", "windows", "3", {"services": ["A", "B"]})
    hall.do("lend", "3", "C")
    lent = {size: shown(size) for size in sizes}
    hall.do("take-back", "3", "C")

    assert {size: set(lent[size]) - set(before[size]) for size in sizes} == {size: {"also C for now"} for size in sizes}
    assert {size: shown(size) for size in sizes} == before


def test_who_has_only_transferred_has_nothing_to_count_yet(hall: Hall):
    hall.open("3", "C3")
    hall.issue("A")
    hall.call("3")
    hall.do("start", "3")
    hall.do("transfer", "3", "D")

    assert clerks_day(looking.hall_now(hall.desk, hall.clock()), "C3", hall.clock()) == ClerksDay()


def test_the_head_tells_the_whole_day_where_there_is_room_and_always_the_name(
    view: CounterView, look: Look, hall: Hall
) -> None:
    """A narrow head gives up the target, then the average."""
    assert head_of(view, look, 1366, 768, 100) == [FULL, "Wang Fang"]
    for size in ((1366, 768, 125), (1024, 768, 100), (1024, 576, 100), (1024, 576, 150), (1366, 768, 150)):
        *day, name = head_of(view, look, *size)

        assert name == "Wang Fang", size
        assert day in ([], ["Today 1 finished"], ["Today 1 finished · 4.0 min each"], [FULL]), size
    assert day != [FULL]
    assert head_of(view, look, 1920, 1080, 100) == [FULL, "Wang Fang"]

    # Who was transferred is no finish in the report, so the head is not to say one more.
    hall.issue("A")
    hall.call("3")
    hall.do("start", "3")
    hall.clock.move(minutes=4)
    hall.do("transfer", "3", "D")
    now = looking.hall_now(hall.desk, hall.clock())
    view.context.feed.state = now
    view.controller.tick(hall.clock())
    windows = day_figures(now, DAY.date(), hall.clock())["windows"]
    assert [row["finished"] for row in windows if row["code"] == "3"] == [1]
    assert clerks_day(now, "C3", hall.clock()).finished == 1
    assert head_of(view, look, 1366, 768, 100)[0] == FULL

    # A message over the head stays over facts that change.
    view.show_away(hall.clock())
    look.set_scale(Scale.staff(1366, 768, 150))
    head_of(view, look, 1366, 768, 100)
    over = view.messages.geometry()
    assert {
        view.messages.isAncestorOf(view.bar.childAt(x, over.center().y())) for x in range(over.left(), over.right(), 8)
    } == {True}


def shown_at(page: Page, text_pct: int, language: str = "en") -> None:
    i18n.use(language)
    page.view.context.look.set_scale(Scale.staff(STAFF_WIDTH, STAFF_HEIGHT, text_pct))
    page.view = made_anew(page.view)
    page.settle()


def test_a_call_nobody_announced_is_said_whole(page: Page):
    def must_say(said: str) -> None:
        page.settle()
        page.hall.clock.move(seconds=30)
        page.view.tick(page.hall.clock())
        for text_pct, language in product(TEXT_SIZES_PCT, LANGUAGES):
            shown_at(page, text_pct, language)

            status = page.view.stage.status
            lines = wrap(status._font(), status.text(), status.width(), 9)
            assert "".join(lines).replace(" ", "") == status.text().replace(" ", "")
            assert len(lines) * status._line() <= status.height(), "every line has its room"
            assert status.text() == i18n.tr(language, said)

    page.view.controller.call()
    must_say("No display is running: please call out the number")
    devices.started(page.hall.desk, page.hall.ask(station("display")), "display", "display")
    page.settle()
    page.view.controller.recall()
    must_say("not shown, not spoken: please call out the number")
    only_shown(page.hall)
    page.settle()
    page.view.controller.recall()
    must_say("not shown: please call out the number")


def test_the_empty_counter_promises_a_sound_only_where_there_is_one(page: Page):
    heard: list[bool | None] = [None]
    lend(page.view.context, sounds=stub(Sounds, play=str, can_be_heard=lambda: heard[-1]))
    for _visit in range(3):
        for act in ("call", "start", "finish"):
            getattr(page.view.controller, act)()
            page.settle()
    stage = page.view.stage
    for known, service, facts in (
        (None, "The next ticket appears here", ""),
        (True, "A sound tells you of the next ticket", "No need to watch the screen"),
        (False, "The next ticket appears here", "This computer makes no sound"),
    ):
        heard.append(known)
        page.view.tick(page.hall.clock())
        assert (stage.service.text(), stage.facts.text()) == (service, facts)


def test_no_row_is_cut_and_a_smaller_window_has_room_for_smaller_letters_only(page: Page):
    found = []
    for size in ((1366, 768), (1024, 576), (1229, 768), (3840, 2160)):
        page.view.resize(*size)
        found.append(page.view.largest_text_pct)

    assert found == [150, 112, 135, 150]

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


def test_the_keyboard_alone_signs_in_serves_and_signs_out(hall: Hall, context: StationContext, qtbot: QtBot):
    sign_in_and_pins.set_pin(hall.desk, hall.ask(), "C3", "4711")
    hall.open("5", "C5")
    hall.issue("A")
    view = open_view(context, qtbot)
    focus = QApplication.focusWidget
    for _stop in range(2):
        QTest.keyClick(focus() or view.focusWidget() or view, Qt.Key.Key_Tab)
    reached = focus() or view.focusWidget()
    assert reached is view.sign_in.windows["2"], "Tab and Enter reach every window"
    QTest.keyClick(reached, Qt.Key.Key_Return)
    assert (view.signing_in.step, view.signing_in.window) == ("name", "2")

    def press(*keys: Qt.Key) -> None:
        for key in keys:
            QTest.keyClick(QApplication.focusWidget() or view.focusWidget() or view, key)
            QApplication.processEvents()
            qtbot.waitUntil(lambda: not view.signing_in.busy and not view.controller.busy)

    key = Qt.Key
    press(key.Key_Escape)
    press(key.Key_3)  # window 3
    press(key.Key_3)  # the third name: Wang Fang
    press(key.Key_4, key.Key_7, key.Key_1, key.Key_1, key.Key_Return)
    press(key.Key_Space, key.Key_Space, key.Key_Space)
    press(key.Key_F11)
    qtbot.waitUntil(lambda: view.signing_in.active)
    press(key.Key_Escape)

    assert view.signing_in.step == "window"
    at_three = [(e.kind, e.actor) for e in looking.events_after(hall.desk, 0) if e.window == "3"]
    assert at_three == [(kind, "C3") for kind in ("open", "call", "start", "finish", "close")]


def test_no_digit_of_a_pin_is_lost(hall: Hall, context: StationContext, qtbot: QtBot, qapp: QApplication):
    sign_in_and_pins.set_pin(hall.desk, hall.ask(), "C3", "40017")
    guard = RepeatGuard(qapp, lambda: 0)  # every press comes at once after the one before
    context.options = {"window": ""}  # type: ignore[assignment]
    context.feed.start()
    view = build(context)
    assert isinstance(view, CounterView)
    view.show()
    view.activateWindow()
    view.signing_in.begin("3")
    view.signing_in.choose_name("C3")
    view.sign_in.setFocus()

    QTest.keyClick(view.sign_in, Qt.Key.Key_4)
    view.bar.more_button.setFocus(
        Qt.FocusReason.TabFocusReason
    )  # where ⋯ leaves the keyboard when it was reached by Tab
    QTest.keyClick(view.bar.more_button, Qt.Key.Key_0)
    view = made_anew(view)
    view.bar.more_button.setFocus()
    view.sign_in.setFocus()
    QTest.keyClick(view.sign_in, Qt.Key.Key_0, Qt.KeyboardModifier.KeypadModifier)
    QTest.keyClick(view.sign_in, Qt.Key.Key_0, Qt.KeyboardModifier.KeypadModifier)

    assert view.sign_in.pad.pin == "4000"
    qapp.removeEventFilter(guard)
    guard.deleteLater()
    view.stop()
    close(view)


def finishes(page: Page) -> list[bool]:
    return [e.data.get("form_free", False) for e in looking.events_after(page.hall.desk, 0) if e.kind == "finish"]


def test_one_key_marks_a_visit_whose_form_is_other_than_usual_and_again_takes_it_away(page: Page):
    page.hall.do("leave", "B001")
    page.hall.queue("A", "A", "A")
    page.settle()
    page.press(SPACE, SPACE)
    assert "form" not in page.view.stage.facts.text()
    page.press(Key.Key_F8)
    assert page.view.stage.facts.text().endswith("with a form")
    page.press(SPACE)
    assert finishes(page) == [False]

    page.hall.do("set-row", "services", "A", {"form_free": False})
    page.settle()
    page.press(SPACE, SPACE, Key.Key_F8)
    assert page.view.stage.facts.text().endswith("without a form")
    page.press(Key.Key_F8)
    assert "without a form" not in page.view.stage.facts.text()
    page.press(Key.Key_F8, SPACE)
    page.press(SPACE, SPACE, SPACE)
    assert finishes(page)[1:] == [True, False], "the next customer begins without the mark"

    page.hall.do("set-row", "services", "A", {"form_free": True})
    page.settle()
    page.press(SPACE, SPACE, SPACE)
    page.press(SPACE, SPACE, Key.Key_F8, SPACE)
    assert finishes(page)[3:] == [True, False], "a service without forms is marked from the start"


def test_written_talk_goes_with_the_visit_and_a_note_goes_along_with_a_transfer(page: Page):
    page.press(SPACE, SPACE, Key.Key_F5)
    talk = page.dialog
    assert isinstance(talk, TalkDialog)
    QTest.keyClicks(talk.view.edit, "hello 3")
    page.press(Key.Key_Return)
    assert [label.text() for label in talk.view.labels] == ["hello 3"]
    page.press(Key.Key_Escape)
    assert page.dialog is None
    assert page.kinds == ["call", "start"]

    page.press(Key.Key_F6)
    dialog = page.dialog
    assert isinstance(dialog, TransferDialog)
    dialog.pick("B")
    QTest.keyClicks(dialog.note, "3 copies, 1 missing")
    page.click(dialog.yes_button)
    (sent,) = [e for e in looking.events_after(page.hall.desk, 0) if e.kind == "transfer"]
    assert sent.data["note"] == "3 copies, 1 missing"
    (ticket,) = [t for t in page.hall.whole().tickets.values() if len(t.legs) == 2]
    assert (ticket.legs[0].note, ticket.legs[1].note) == ("3 copies, 1 missing", None)
    page.hall.must_follow_from_its_log()

    # The next counter reads it before the call and while it serves; without a note nothing is shown.
    page.hall.open("4", "C4")
    label = sent_here(page.hall, "  ")
    page.settle()
    stage, told = page.view.stage, "From window 4: “bring the form to Ms Li's desk”"
    assert not stage.note.isVisible()
    assert words.note_line(page.hall.ticket(label)) == ""

    sent_here(page.hall, "bring the form to Ms Li's desk")
    page.settle()
    scene = page.view.controller.scene
    face = face_of(scene, page.view.controller.heard, None)
    assert (stage.note.isVisible(), stage.note.text()) == (True, told)
    assert told in [run.text for run in face.after]
    page.press(SPACE)
    assert stage.note.isVisible()
    page.press(SPACE)
    assert stage.note.text() == told
    page.press(SPACE)
    assert not stage.note.isVisible()


def sent_here(hall: Hall, note: str | None) -> str:
    """Return a ticket that window 4 has sent to the services of window 3, first in line."""
    label = hall.issue("B")
    hall.do("call", "4", ticket=label, reason="r")
    hall.do("transfer", "4", "A", place="front", reason="r", note=note)
    return label


def at_counter(page: Page, pc: str, window: str = "3") -> None:
    sign_in_and_pins.sign_in(page.hall.desk, page.hall.ask(WANG), at_pc(f"counter-{window}", pc), "C3")


def known(page: Page) -> dict[str, str]:
    return looking.hall_now(page.hall.desk, page.hall.clock()).signed_in


def test_who_was_there_first_is_told_of_the_second(page: Page) -> None:
    page.view.context.pc = "hall-01"
    page.view.taken_twice.take("3")
    told: list[str] = []
    page.view.taken_twice.told.connect(told.append)

    at_counter(page, "hall-01")
    at_counter(page, "hall-04", window="4")
    at_counter(page, "hall-04")
    page.settle()
    page.until(lambda: bool(told))

    assert told == ["hall-04"]
    assert page.says() == "Window 3 is open on PC hall-04 too. Please close it on one of the two."


def test_who_comes_second_is_told_of_the_first_and_a_hall_of_one_pc_notes_nothing(page: Page) -> None:
    TakenTwice(page.view.context).take("3")

    assert known(page) == {}

    at_counter(page, "hall-04")
    page.settle()
    second = TakenTwice(page.view.context)
    told: list[str] = []
    second.told.connect(told.append)
    page.view.context.pc = "hall-01"

    second.take("3")
    assert told == ["hall-04"]
    assert known(page) == {"counter-3@hall-04": "C3", "counter-3@hall-01": "C3"}

    second.leave()
    assert known(page) == {"counter-3@hall-04": "C3"}
