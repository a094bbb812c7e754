"""The counter's page under real keys and clicks."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from queuedesk import i18n
from queuedesk.core.errors import OutsideError
from queuedesk.core.network.roles import CONSOLE
from queuedesk.desk.queue import calling, moving, opening, rating
from queuedesk.desk.upkeep import maintenance
from queuedesk.stations.counter.acts import Act
from queuedesk.stations.counter.questions import PauseDialog
from queuedesk.stations.widgets.questions.dialogs import ConfirmDialog, ReasonDialog
from queuedesk.stations.widgets.questions.guard import RepeatGuard
from queuedesk.stations.window.services import Sounds
from tests.hall import GUIDE
from tests.stations.counter.pages import Page
from tests.stations.stubs import lend, stub
from tests.stations.whole_words import settled

Key = Qt.Key
SPACE, ENTER, ESC, TAB = Key.Key_Space, Key.Key_Return, Key.Key_Escape, Key.Key_Tab
TELL_THE_MANAGER = (Key.Key_2, ENTER)  # asked where those waiting have no other window; the first answer hands over


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
    moving.redirect(page.hall.desk, page.hall.ask(GUIDE), "C", ticket="A001")
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
    page.view.retranslate()
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
