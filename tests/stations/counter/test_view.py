"""The counter's page under real keys and clicks, and what the counter does and says without it."""

from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from queuedesk import i18n
from queuedesk.core.errors import OutsideError
from queuedesk.core.figures.measures.document import day_figures
from queuedesk.core.network.roles import CONSOLE, Actor, Role, actor_of_station
from queuedesk.core.queue.ticket import WaitPromise
from queuedesk.core.talk.screen import station_name_at_pc
from queuedesk.desk import looking
from queuedesk.desk.queue import opening
from queuedesk.desk.talk import announcing, devices
from queuedesk.desk.upkeep import maintenance
from queuedesk.i18n import error_sentence
from queuedesk.stations.acts.written_talk import ClerkTalkDialog
from queuedesk.stations.counter import scene as scenes
from queuedesk.stations.counter import words
from queuedesk.stations.counter.controller import CounterController
from queuedesk.stations.counter.questions import DeliveredDialog, PauseDialog, TransferDialog
from queuedesk.stations.counter.scene import AnnouncementState, ClerkAct, ClerkDayTotals, QuoteCheck, clerk_day_totals
from queuedesk.stations.counter.signing_in import SameWindowOnOtherPcWatch
from queuedesk.stations.counter.station import CounterView, build_station_page
from queuedesk.stations.counter.words import stage_status
from queuedesk.stations.widgets.panels import Label, TextRunsLabel
from queuedesk.stations.widgets.questions.dialogs import ConfirmDialog, ReasonDialog, RepeatedPressFilter
from queuedesk.stations.window.context import StationContext, StationSounds
from queuedesk.stations.window.style import STAFF_HEIGHT, STAFF_WIDTH, Scale
from tests.desk.stage import only_shown
from tests.hall import ADMIN, DAY, GUIDE, Hall, at, clerk, labels
from tests.stations.counter.conftest import Counter, Page, open_view
from tests.stations.pages import close, made_anew
from tests.stations.stubs import lend, stub
from tests.stations.whole_words import settled

Key = Qt.Key
SPACE, ENTER, ESC, TAB = Key.Key_Space, Key.Key_Return, Key.Key_Escape, Key.Key_Tab
TELL_THE_MANAGER = (Key.Key_2, ENTER)  # asked where those waiting have no other window; the first answer hands over
FULL = "Today 1 finished · 4.0 min each (target 5)"
TAB_REASON = Qt.FocusReason.TabFocusReason


def last_event(page: Page, *of_data: str) -> tuple[Any, ...]:
    event = page.hall.last()
    return (event.kind, *(event.data.get(key) for key in of_data))


def test_space_clicks_and_f9_each_serve_a_whole_visit_until_nobody_waits_where_a_sound_is_promised(page: Page):
    view, stage, played = page.view, page.view.stage, []
    page.press(SPACE)
    assert (stage.hero.text(), view.rail.mine.text()) == ("A001", "2 for this window")
    assert view.rail.card.accessibleName().startswith("Next A002")
    page.press(SPACE, SPACE)
    assert page.kinds == ["call", "start", "finish"]
    assert stage.hero.text() == "A002", "the next customer is on the stage"
    for said in ("Call next", "Customer is here: start", "Finish"):
        assert stage.primary.text() == said
        page.click(stage.primary)
    assert page.kinds[3:] == ["call", "start", "finish"]
    page.hall.issue("A")
    page.press(SPACE, SPACE, Key.Key_F9)
    assert page.kinds[6:] == ["call", "start", "finish", "call"], "the last customer is called in the same press"
    page.press(SPACE, SPACE)
    assert (stage.sentence.text(), stage.primary.isEnabled()) == ("Nobody is waiting", False)
    heard: list[bool | None] = [None]
    lend(view.context, sounds=stub(StationSounds, play=played.append, was_last_sound_heard=lambda: heard[-1]))
    for known, service, facts in (
        (None, "The next ticket appears here", ""),
        (True, "A sound tells you of the next ticket", "No need to watch the screen"),
        (False, "The next ticket appears here", "This computer makes no sound"),
    ):
        heard.append(known)
        view.tick(page.hall.clock())
        assert (stage.service.text(), stage.facts.text()) == (service, facts)
    label = page.hall.issue("A")
    page.settle()
    assert (played, stage.primary.isEnabled()) == (["knock"], True), "somebody comes"
    assert (stage.hero.text(), view.rail.mine.text()) == (label, "1 for this window")
    assert view.rail.empty.isVisible(), "the list says that nobody waits after the one on the stage"


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
            assert (stage.status.text(), page.says()) == ("A001 goes on to New connection, Window 5", "")
        else:
            page.view.controller.finish(then_call=True)
            page.settle()
            assert (stage.hero.text(), page.says()) == ("B001", "A002 goes on to New connection, Window 5")
    page.press(SPACE)
    assert page.says() == ""
    # A person with priority is sent to this window too: its name and number stand beside the ticket's.
    page.press(SPACE)
    label = hall.issue("A", klass="elderly")
    hall.call("3", ticket=label, reason="asked")
    page.settle()
    assert (stage.hero.text(), stage.class_pill.text(), stage.hero.geometry()) == (label, "Elderly", window)


def test_a_held_key_only_calls_nothing_is_pressed_while_the_file_is_away_nor_closed_over_a_customer(page: Page, qapp):
    view, stage, guard = page.view, page.view.stage, RepeatedPressFilter(qapp)
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
    view.show_hall_away(page.hall.clock())
    keys = [stage.primary, *(stage.buttons[name] for name in ("recall", "miss", "redirect"))]
    assert not any(key.isEnabled() for key in keys)
    page.press(SPACE, Key.Key_F2)
    assert page.kinds == ["call"]
    assert view.messages.spoken_text().endswith("This shows 10:00.")
    view.show_hall_away(None)
    page.press(SPACE)
    assert page.kinds == ["call", "start"]
    assert (stage.primary.text(), view.may_close()) == ("Finish", False)
    assert view.closing_effect_text() == "Somebody is called or served here; the ticket stays as it is."
    page.hall.do("redirect", "C", ticket="A001", who=GUIDE)
    page.until(lambda: stage.primary.text() == "Call next")
    assert view.may_close(), "the front desk has sent them on"
    page.press(Key.Key_F11, ENTER)
    assert isinstance(page.dialog, ReasonDialog)
    assert "close" not in page.kinds, "who takes those who are left is not chosen beforehand"
    page.press(ESC, Key.Key_F11, *TELL_THE_MANAGER)
    assert last_event(page, "left_to") == ("close", "@manager")
    assert view.signing_in.active


def test_missing_asks_before_the_last_call_which_moves_no_button_and_tab_and_the_keypad_reach_it_too(page: Page):
    stage, rail, bar = page.view.stage, page.view.rail, page.view.bar

    def shown() -> list[str]:
        return [act for act, button in stage.buttons.items() if button.isVisible()]

    page.view.resize(1024, 730)
    page.press(SPACE)
    before = shown()
    page.press(Key.Key_F3)
    assert isinstance(page.dialog, ConfirmDialog)
    page.press(ENTER)
    assert page.kinds == ["call", "recall"], "Enter by habit calls again"
    assert stage.buttons["recall"].text() == "Recall · called 2×"
    assert shown() == before == ["recall", "miss", "redirect"]
    page.view.resize(1366, 768)
    page.press(Key.Key_F3, ESC)
    assert page.kinds == ["call", "recall"], "Esc does nothing"
    page.press(Key.Key_F3)
    page.click(page.dialog.act_button)
    assert page.kinds == ["call", "recall", "miss"]
    # Tab goes primary, secondaries, rail, top bar, and Space presses what it reached.
    page.press(SPACE)
    page.view.setFocus()
    secondaries = [stage.buttons[name] for name in ("recall", "miss", "redirect")]
    row = next(iter(rail.rows.values())).button()
    wanted = [stage.primary, *secondaries, stage.more_button, row, rail.message_button, rail.help_button]
    small = [bar.small_button] if page.view.compact.is_possible else []
    for stop in (*wanted, *small, bar.more_button):
        page.press(TAB)
        assert QApplication.focusWidget() is stop
    stage.buttons["recall"].setFocus(TAB_REASON)
    page.press(SPACE, Key.Key_F2, Key.Key_F3)
    assert page.kinds[3:] == ["call", "recall", "recall", "miss"], "at once after the last call"
    page.view.setFocus()
    for key in (Key.Key_Enter, Key.Key_Asterisk, Key.Key_Asterisk, Key.Key_Minus, Key.Key_0):
        page.press(key, modifier=Qt.KeyboardModifier.KeypadModifier)
    assert page.kinds[7:] == ["call", "recall", "recall", "miss"], "keypad keys do the same"
    assert page.dialog is not None, "keypad 0 asks why to pause"


def test_who_is_set_aside_or_missed_is_taken_back_from_the_rail(page: Page):
    rail = page.view.rail
    page.press(SPACE, SPACE, Key.Key_F4, ENTER)
    assert page.dialog is not None, "Enter by habit writes nothing"
    page.press(Key.Key_2, ENTER)
    assert last_event(page, "reason") == ("park", "copying")
    page.press(SPACE)
    (row,) = rail.rows.values()
    assert not row.button().isEnabled(), "somebody is at the window"
    page.press(Key.Key_F2, Key.Key_F2, Key.Key_F3)
    parked, missed = rail.rows.values()
    assert parked.button().accessibleName() == "Continue A001"
    page.click(missed.button())
    page.click(parked.button())
    assert (page.kinds[-2:], page.view.stage.hero.text()) == (["reinstate", "unpark"], "A001")
    page.press(Key.Key_F4, Key.Key_5)
    page.type("goes to the bank")
    page.press(ENTER)
    assert last_event(page, "reason") == ("park", "goes to the bank")
    assert next(iter(rail.rows.values())).button().text() == "Continue"


def test_a_break_tells_the_time_that_was_given_and_a_backup_why_it_asks_who_is_here(page: Page, tmp_path):
    view, service = page.view, page.view.stage.service
    page.press(Key.Key_F10, Key.Key_1)
    assert isinstance(page.dialog, PauseDialog)
    page.click(page.dialog.minutes.button(15))
    page.press(ENTER)
    kind, reason, back = last_event(page, "reason", "back")
    assert (kind, reason, back[11:16]) == ("pause", "break", "02:15")
    assert service.text() == "Back at about 10:15"
    page.press(Key.Key_F2, SPACE)
    assert page.kinds == ["pause", "pause", "resume"]
    page.press(Key.Key_F8)
    page.type("b1")
    page.press(ENTER, Key.Key_1, ENTER)
    assert last_event(page, "reason", "passed") == ("call", "frail", ["A001", "A002"]), "called out of order"
    assert page.hall.last().ticket == "B001"
    page.press(SPACE, SPACE, Key.Key_F10, Key.Key_1, ENTER)
    assert last_event(page, "reason", "back") == ("pause", "break", None)
    assert service.text() == "No return time was given"
    # A backup from before the shift is restored.
    page.hall.do("close", "3")
    page.settle()
    assert view.sign_in.line.text() == "Window 3 is closed."
    maintenance.write_database_backup(page.hall.desk.db, CONSOLE, tmp_path / "closed.zip", page.hall.clock())
    view.signing_in.choose_person_by_code("C3")
    page.until(lambda: view.controller.scene is not None)
    maintenance.restore_database(tmp_path / "closed.zip", page.hall.path, page.hall.ask(), replace=True)
    page.until(lambda: view.controller.scene is None)
    assert view.sign_in.line.text() == "A backup was restored. Window 3 is not open in it: please sign in again."


def test_the_last_finished_is_taken_back_until_it_is_rated_and_a_refusal_goes_with_the_next_act(page: Page):
    view = page.view
    page.press(SPACE, SPACE, SPACE, Key.Key_F5)
    assert page.kinds[-1] == "reopen"
    page.press(SPACE)
    assert view.stage.buttons["reopen"].isVisible()
    page.hall.do("rate", "A001", 1)
    page.settle()
    assert not view.stage.buttons["reopen"].isVisible()
    page.press(Key.Key_F5)
    assert page.says() == "A001 is already rated, thank you"
    shown = " ".join(w.text() for w in view.findChildren(QWidget) if hasattr(w, "text") and w.isVisible())
    assert "issatisfied" not in shown, "how it was rated is not the clerk's to know"
    page.hall.call("3")
    page.settle()
    page.press(Key.Key_F4)
    assert page.says() == "A002 is called to window 3; please start serving first."
    page.press(SPACE)
    assert page.says() == ""
    away = partial(OutsideError, "database_away", path="postgresql://pc@main/hall")
    view.controller.refused.emit(away(command="~7", verb="call", asked=page.hall.clock()))
    told = "No answer from the hall's server; you will be told whether this was done as soon as it is back."
    assert page.says() == told
    view.clear_no_answer_message()
    assert page.says() == "", "it is told by now"
    view.controller.refused.emit(away())
    view.clear_no_answer_message()
    assert page.says() != "", "something else is said now"


def test_all_acts_possible_now_are_in_the_menu_and_the_usual_next_step_is_one_key(page: Page):
    page.press(SPACE, SPACE)
    page.press(Key.Key_M, modifier=Qt.KeyboardModifier.AltModifier)
    menu = page.view.acts_menu
    lines = {action.objectName(): action for action in menu.actions()}
    acts = "finish finish_call delivered form_free write park stall add transfer redirect"
    assert (" ".join(lines), lines["park"].text()) == (acts, "Set aside\tF4")
    menu.setActiveAction(lines["stall"])
    QTest.keyClick(menu, ENTER)
    page.press(Key.Key_2, ENTER)
    assert page.view.stage.status.text() == "The network is down · since 10:00"
    page.click(page.view.stage.buttons["unstall"])
    assert page.kinds == ["call", "start", "stall", "unstall"]
    page.hall.do("set-row", "services", "A", {"then": ["B"]})
    page.settle()
    assert page.view.stage.buttons[ClerkAct.FINISH_THEN].text() == "On to B"
    i18n.choose_language("zh_CN")
    page.view = made_anew(page.view)
    assert (page.view.stage.primary.text(), page.view.stage.hero.text()) == ("办完了", "A001")
    page.press(Key.Key_F11)
    assert page.hall.last().kind == "finish"
    (sent,) = [ticket for ticket in page.hall.whole().tickets.values() if len(ticket.legs) == 2]
    assert (sent.service, str(sent.state)) == ("B", "waiting")


def test_the_primary_stands_at_the_same_place_in_every_state_and_no_row_is_cut(page: Page):
    primary, places = page.view.stage.primary, set()
    for acts in ([SPACE], [SPACE], [SPACE], [Key.Key_F10, Key.Key_1, ENTER], []):
        for size in ((1366, 768), (1024, 576), (1920, 1080)):
            page.view.resize(*size)
            settled()
            places.add((size, primary.mapTo(page.view, primary.rect().topLeft()).toTuple(), primary.size().toTuple()))
        page.press(*acts)
    assert len(places) == 3, "one for each size of the window"
    for size, largest in (((1366, 768), 150), ((1024, 576), 112), ((1229, 768), 135), ((3840, 2160), 150)):
        page.view.resize(*size)
        assert page.view.largest_text_pct == largest, "a smaller window has room for smaller letters only"
    page.hall.queue(*["A"] * 20)
    page.settle()
    page.view.window().resize(STAFF_WIDTH, STAFF_HEIGHT)
    rail, look = page.view.rail, page.view.context.look
    for text_pct in (100, 150):
        look.set_scale(Scale.staff_scale(STAFF_WIDTH, STAFF_HEIGHT, text_pct))
        page.settle()
        rail.list.scrollToTop()
        row = look.px(rail.list.row_height)
        waiting, shown = rail.list.tickets.rowCount(), rail.list.height() // row
        assert rail.list.height() % row == 0 and 0 < shown < waiting
        assert rail.rest.more.text() == f"{waiting - shown} more"
        rail.list.scrollToBottom()
        assert rail.rest.more.text() == ""


def head_of(view: CounterView, width: int, height: int, text_pct: int, kind=TextRunsLabel) -> list[str]:
    """Return what the head tells at this size in labels of a kind, and assert that none of it is elided."""
    view.context.look.set_scale(Scale.staff_scale(width, height, text_pct))
    view.resize(width, height)
    view.tick(view.context.clock())
    QApplication.processEvents()
    QApplication.processEvents()
    shown: list[Any] = [label for label in view.bar.findChildren(kind) if label.isVisible()]
    assert all(label.width() >= label.sizeHint().width() for label in shown), [label.text() for label in shown]
    return [label.text() for label in shown]


def test_the_head_tells_what_is_lent_the_day_where_there_is_room_and_always_the_name(hall, context, qtbot) -> None:
    """A narrow head gives up the target, then the average."""
    hall.play("open 3 staff=C3", "issue A", "call 3", "start 3", 4, "finish 3")
    view = open_view(context, qtbot, "3", is_followed=False)
    qtbot.addWidget(view, before_close_func=lambda view: view.stop())

    def shown() -> list[list[str]]:
        view.context.feed.state = looking.hall_state_now(hall.desk, hall.clock())
        return [head_of(view, *size, Label) for size in ((1366, 768, 100), (1366, 768, 150), (1024, 600, 125))]

    before = shown()
    hall.do("set-row", "windows", "3", {"services": ["A", "B"]})
    hall.do("lend", "3", "C")
    lent = shown()
    hall.do("take-back", "3", "C")
    assert [set(now) - set(was) for now, was in zip(lent, before, strict=True)] == [{"also C for now"}] * 3
    assert shown() == before
    assert head_of(view, 1366, 768, 100) == [FULL, "Wang Fang"]
    for size in ((1366, 768, 125), (1024, 768, 100), (1024, 576, 100), (1024, 576, 150), (1366, 768, 150)):
        *day, name = head_of(view, *size)
        assert name == "Wang Fang", size
        assert day in ([], ["Today 1 finished"], ["Today 1 finished · 4.0 min each"], [FULL]), size
    assert day != [FULL]
    assert head_of(view, 1920, 1080, 100) == [FULL, "Wang Fang"]
    # Who was transferred is no finish in the report, so the head is not to say one more.
    hall.play("issue A", "call 3", "start 3", 4, "transfer 3 D", "open 4 staff=C4")
    hall.play("issue A", "call 4", "start 4", "transfer 4 D")
    of_all = looking.hall_state_now(hall.desk, hall.clock())
    assert clerk_day_totals(of_all, "C4", hall.clock()) == ClerkDayTotals(), "nothing to count yet"
    view.context.feed.state = now = looking.hall_state_now(hall.desk, hall.clock())
    view.controller.tick(hall.clock())
    windows = day_figures(now, DAY.date(), hall.clock())["windows"]
    finished = clerk_day_totals(now, "C3", hall.clock()).finished
    assert [row["finished"] for row in windows if row["code"] == "3"] == [finished]
    assert head_of(view, 1366, 768, 100)[0] == FULL
    # A message over the head stays over facts that change.
    view.show_hall_away(hall.clock())
    view.context.look.set_scale(Scale.staff_scale(1366, 768, 150))
    head_of(view, 1366, 768, 100)
    over = view.messages.geometry()
    places = range(over.left(), over.right(), 8)
    assert all(view.messages.isAncestorOf(view.bar.childAt(x, over.center().y())) for x in places)


def test_no_digit_of_a_pin_is_lost(hall: Hall, context: StationContext, qapp):
    hall.do("set-pin", "C3", "40017")
    guard = RepeatedPressFilter(qapp, lambda: 0)  # every press comes at once after the one before
    context.options = {"window": ""}
    context.feed.start()
    view = build_station_page(context)
    view.show()
    view.activateWindow()
    view.signing_in.begin_sign_in("3")
    view.signing_in.choose_person_by_code("C3")
    view.sign_in.setFocus()
    QTest.keyClick(view.sign_in, Key.Key_4)
    view.bar.more_button.setFocus(TAB_REASON)  # where ⋯ leaves the keyboard when it was reached by Tab
    QTest.keyClick(view.bar.more_button, Key.Key_0)
    view = made_anew(view)
    view.bar.more_button.setFocus()
    view.sign_in.setFocus()
    for _zero in range(2):
        QTest.keyClick(view.sign_in, Key.Key_0, Qt.KeyboardModifier.KeypadModifier)
    assert view.sign_in.pad.pin == "4000"
    qapp.removeEventFilter(guard)
    guard.deleteLater()
    view.stop()
    close(view)


def test_one_key_marks_a_visit_whose_form_is_other_than_usual_and_again_takes_it_away(page: Page):
    facts = page.view.stage.facts

    def serve(*marks: Key) -> bool:
        """Serve the next customer with what is pressed before the end; return whether the visit had no form."""
        page.press(SPACE, SPACE, *marks, SPACE)
        return bool(page.hall.last().data.get("form_free", False))

    def usual(form_free: bool) -> None:
        page.hall.do("set-row", "services", "A", {"form_free": form_free})
        page.settle()

    page.hall.play("leave B001", "issue A", "issue A", "issue A")
    page.settle()
    page.press(SPACE, SPACE)
    assert "form" not in facts.text()
    page.press(Key.Key_F8)
    assert facts.text().endswith("with a form")
    page.press(SPACE)
    assert last_event(page, "form_free")[1] in (None, False)
    usual(False)
    page.press(SPACE, SPACE, Key.Key_F8)
    assert facts.text().endswith("without a form")
    page.press(Key.Key_F8)
    assert "without a form" not in facts.text()
    page.press(Key.Key_F8, SPACE)
    assert last_event(page, "form_free") == ("finish", True)
    assert not serve(), "the next customer begins without the mark"
    usual(True)
    assert [serve(), serve(Key.Key_F8)] == [True, False], "a service without forms is marked from the start"


def sent_here(page: Page, note: str | None) -> str:
    """Return a ticket that window 4 has sent to the services of window 3, first in line."""
    label = page.hall.issue("B")
    page.hall.do("call", "4", ticket=label, reason="r")
    page.hall.do("transfer", "4", "A", place="front", reason="r", note=note)
    page.settle()
    return label


def test_written_talk_goes_with_the_visit_and_a_note_goes_along_with_a_transfer(page: Page):
    page.press(SPACE, SPACE, Key.Key_F5)
    talk = page.dialog
    assert isinstance(talk, ClerkTalkDialog)
    QTest.keyClicks(talk.view.edit, "hello 3")
    page.press(ENTER)
    assert [label.text() for label in talk.view.labels] == ["hello 3"]
    page.press(ESC)
    assert (page.dialog, page.kinds) == (None, ["call", "start"])
    page.press(Key.Key_F6)
    dialog = page.dialog
    assert isinstance(dialog, TransferDialog)
    dialog.pick_reason("B")
    QTest.keyClicks(dialog.note, "3 copies, 1 missing")
    page.click(dialog.yes_button)
    assert last_event(page, "note") == ("transfer", "3 copies, 1 missing")
    (ticket,) = [t for t in page.hall.whole().tickets.values() if len(t.legs) == 2]
    assert [leg.note for leg in ticket.legs] == ["3 copies, 1 missing", None]
    page.hall.must_follow_from_its_log()
    # The next counter reads it before the call and while it serves; without a note nothing is shown.
    page.hall.open("4", "C4")
    stage, told = page.view.stage, "From window 4: “bring the form to Ms Li's desk”"
    label = sent_here(page, "  ")
    assert (stage.note.isVisible(), words.note_line(page.hall.ticket(label))) == (False, "")
    sent_here(page, "bring the form to Ms Li's desk")
    for is_shown in (True, True, True, False):
        assert stage.note.isVisible() is is_shown
        assert not is_shown or stage.note.text() == told
        page.press(SPACE)


def test_of_two_counters_at_one_window_each_is_told_of_the_other_and_a_hall_of_one_pc_notes_nothing(page: Page) -> None:
    def known() -> dict[str, str]:
        return looking.hall_state_now(page.hall.desk, page.hall.clock()).signed_in

    def at_counter(pc: str, window: str = "3") -> None:
        opening.sign_in(page.hall.desk, page.hall.ask(clerk("C3")), station_name_at_pc(f"counter-{window}", pc), "C3")

    SameWindowOnOtherPcWatch(page.view.context).record_sign_in_here("3")
    assert known() == {}
    page.view.context.pc = "hall-01"
    page.view.taken_twice.record_sign_in_here("3")
    told: list[str] = []
    page.view.taken_twice.told.connect(told.append)
    at_counter("hall-01")
    at_counter("hall-04", window="4")
    at_counter("hall-04")
    page.settle()
    page.until(lambda: told == ["hall-04"])
    assert page.says() == "Window 3 is open on PC hall-04 too. Please close it on one of the two."
    # Who comes second is told of the first.
    others, second, of_first = known(), SameWindowOnOtherPcWatch(page.view.context), list[str]()
    second.told.connect(of_first.append)
    page.view.context.pc = "hall-09"
    second.record_sign_in_here("3")
    assert known() == others | {"counter-3@hall-09": "C3"}
    second.sign_out_noted_clerk_here()
    assert (known(), sorted(of_first)) == (others, ["hall-01", "hall-04"])


def test_nothing_is_taken_until_the_outcome_is_on_the_screen_or_three_seconds_have_passed(hall, context, qtbot):
    hall.play("open 3 staff=C3", "issue A", "issue A")
    context.who = Actor("C3", Role.CLERK)
    context.feed.state = looking.hall_state_now(hall.desk, hall.clock())
    controller = CounterController(context)
    controller.begin_at_window("3")
    controller.call()

    def is_busy_after(seconds: int) -> bool:
        hall.clock.move(seconds=seconds)
        controller.tick(hall.clock())
        return controller.is_busy

    assert controller.is_busy, "done, but not yet drawn"
    controller.start()
    assert str(controller.scene.kind) == "idle"
    assert is_busy_after(2)
    context.feed.note_hall_unreachable(OutsideError("hall_moved", to="postgresql://somewhere"))
    assert is_busy_after(2), "a second call would be refused: somebody is called already"
    context.feed.note_hall_reachable()
    assert not is_busy_after(0), "its event never comes"
    context.feed.start()
    qtbot.waitUntil(lambda: str(controller.scene.kind) == "called")
    assert hall.last().kind == "call", "the second command was not taken"


def test_the_next_by_the_rule_needs_no_reason_and_is_given_back_or_sent_on(counter: Counter):
    counter.do("recall")
    assert (counter.refused, counter.log("recall")) == (["no_customer"], [])
    one, two = counter.hall.queue("A", "A")
    counter.follow()
    counter.do("call", one)
    assert (counter.asked, counter.label) == ([], one)
    counter.do("give_back", "wrong_number")
    assert labels(counter.controller.scene.order) == [one, two], "it waits at its own place"
    counter.do("call")
    counter.do("redirect", "B")
    counter.do("call", two)
    counter.asked[0][2]("frail")
    counter.drawn()
    counter.do("start")
    counter.do("transfer", "C", to_window="5")
    sent = [(e.kind, e.ticket, e.data["to"]) for e in counter.log("redirect", "transfer")]
    assert sent == [("redirect", one, "B"), ("transfer", two, "C")]
    # Serving without a ticket asks why while somebody waits.
    counter.do("serve", "B")
    verb, passed, again = counter.asked[1]
    assert (verb, passed) == ("serve", [one])
    again("one_question")
    counter.drawn()
    assert (counter.kind, counter.label) == ("serving", "B001")


def test_a_window_pauses_extends_resumes_is_told_who_comes_or_is_left_to_it_and_closes(counter: Counter, qtbot):
    def back_in_s() -> float:
        return (counter.controller.scene.window.back - counter.hall.clock()).total_seconds()

    counter.do("pause", "break", 15)
    assert (counter.kind, back_in_s()) == ("paused", 900)
    counter.hall.clock.move(minutes=5)
    counter.do("extend_absence")
    assert back_in_s() == 1200
    counter.hall.clock.move(minutes=40)
    counter.do("extend_absence")
    assert back_in_s() == 600, "after the time it is ten minutes from now"
    counter.do("resume")
    assert counter.kind == "idle"
    # Where nobody waits, finish and call only finishes.
    counter.hall.issue("A")
    counter.follow()
    for act in ("call", "start"):
        counter.do(act)
    counter.do("finish", then_call=True)
    assert (counter.kind, counter.refused) == ("idle", [])
    came, told, left = [], [], []
    counter.controller.came.connect(lambda: came.append(None))
    counter.controller.unserved.connect(told.append)
    counter.controller.left_here.connect(left.append)
    for code, taker in (("5", "3"), ("4", "1")):
        counter.hall.play(f"open {code} staff=C{code}", f"close {code} left_to={taker}")
        counter.follow()
    assert left == ["5"], "those of window 4 are left to another"
    counter.hall.queue("A", "B")
    counter.follow()
    assert len(came) == 1, "somebody coming to an idle clerk is told once"
    with qtbot.waitSignal(counter.controller.lost):
        counter.controller.close()
    assert told == [["A", "B"]], "whom nobody serves any more"
    assert counter.controller.scene is None


def test_the_announcement_is_followed_to_its_end_and_a_recall_is_announced_anew(counter: Counter):
    hall, controller, desk, seen = counter.hall, counter.controller, counter.hall.desk, []

    def look(seconds: int = 0) -> AnnouncementState:
        hall.clock.move(seconds=seconds)
        controller.tick(hall.clock())
        seen.append(controller.announcement_state)
        return controller.announcement_state

    def act(*acts: str) -> int:
        for one in acts:
            counter.do(one)
        return counter.log("call", "recall")[-1].seq

    hall.queue("A", "A")
    counter.follow()
    act("call")
    assert look() is AnnouncementState.NOBODY
    beside = stage_status(controller.scene, controller.announcement_state).beside
    assert beside == "No display is running: please call out the number", "at once"
    devices.record_station_start(desk, hall.ask(actor_of_station("display")), "display", "display")
    counter.follow()
    seq = act("recall")
    seen.clear()
    look()
    announcing.record_call_shown(desk, seq, "display", hall.clock())
    look()
    announcing.record_call_announcement_result(desk, seq, "voice", hall.clock(), link="espeak")
    look()
    act("recall")
    look()
    running, done = AnnouncementState.RUNNING, AnnouncementState.DONE
    assert seen == [running, running, done, running]
    # A late report is seen a few seconds later.
    seq = act("miss", "call")
    assert look(20) is AnnouncementState.NOWHERE
    beside = stage_status(controller.scene, controller.announcement_state).beside
    assert beside == "not shown, not spoken: please call out the number"
    announcing.record_call_shown(desk, seq, "display", hall.clock())
    assert [look(seconds) for seconds in (1, 8, 1)] == [*[AnnouncementState.NOWHERE] * 2, AnnouncementState.SHOWN]


def test_a_voice_never_heard_is_told_of_and_in_a_hall_without_a_loudspeaker_a_call_is_only_shown(counter: Counter):
    hall, desk = counter.hall, counter.hall.desk
    display = hall.ask(actor_of_station("display"))
    devices.record_station_start(desk, display, "display", "display")
    devices.record_device_state(desk, display, "voice", "display", "no_sound")

    def look() -> tuple[str, str]:
        counter.controller.tick(hall.clock())
        status = stage_status(counter.controller.scene, counter.controller.announcement_state)
        return status.beside, status.token

    def note_silent() -> None:
        seq = counter.log("call")[-1].seq
        announcing.record_call_announcement_result(desk, seq, "display", hall.clock(), link=None, cause="no_sound")

    hall.queue("A", "A")
    counter.follow()
    counter.do("call")
    announcing.record_call_shown(desk, counter.log("call")[-1].seq, "display", hall.clock())
    note_silent()
    assert look()[0] == "shown, not spoken"
    only_shown(hall)
    counter.do("miss")
    counter.do("call")
    assert look() == ("", "ink2")
    note_silent()
    assert look() == ("", "ink2")
    hall.clock.move(seconds=30)
    assert look()[0] == "not shown: please call out the number"
    announcing.record_call_shown(desk, counter.log("call")[-1].seq, "display", hall.clock())
    hall.clock.move(seconds=10)
    assert look() == ("shown", "ink2")


def test_the_own_day_counts_own_legs_only_and_waiting_for_a_system_is_no_handling(counter: Counter):
    hall, controller = counter.hall, counter.controller
    hall.play("issue A", "call 3", "start 3", 2, "stall 3 reason=network", 10, "unstall 3", 1, "finish 3")
    counter.follow()
    assert controller.day.mean_s == 180
    hall.play("open 1 staff=C1", *["issue A"] * 4)
    hall.serve_out("1", minutes=60)
    hall.serve_out("3", minutes=4)
    hall.serve_out("3", minutes=11)
    hall.play("call 3", "redirect B window=3")
    counter.follow()
    assert (controller.day.finished, controller.day.mean_s, controller.day.target_s) == (3, 360, 300)


WAITING = ("open 3 staff=C3", "issue A", "issue B")
CALLED = (*WAITING, "call 3")
SERVED = (*CALLED, "start 3")
CALLED_FIRST = "Window 3 has called A001; please start it, put it back in line or mark it as missed first."
NO_CUSTOMER = {"F2": "No customer at window 3.", "F5": "Window 3 has no finished ticket to reopen."}
START_FIRST = "A001 is called to window 3; please start serving first."
FINISH_FIRST = "Window 3 still has A001; please finish it or set it aside first."


def scene(hall: Hall) -> scenes.WindowScene:
    return scenes.counter_scene_at(looking.hall_state_now(hall.desk, hall.clock()), "3", hall.clock())


CHOOSE = "call_chosen serve"
OUT_OF_PLACE = dict.fromkeys(("F4", "F9"), START_FIRST) | dict.fromkeys(("F5", "F8", "F10", "F11"), CALLED_FIRST)
SERVES = {"F3": "A001 is being served at window 3.", "F10": FINISH_FIRST}
PAUSED = {"F8": "Window 3 is paused; please resume first."}


@pytest.mark.parametrize(
    ("story", "first", "beside", "refused"),
    [
        (WAITING[:1], None, CHOOSE, NO_CUSTOMER),
        (WAITING, ClerkAct.CALL, CHOOSE, {}),
        (CALLED, ClerkAct.START, "recall miss redirect", OUT_OF_PLACE),
        (SERVED, ClerkAct.FINISH, "transfer redirect park finish_call", SERVES),
        ((*SERVED, "stall 3 reason=network"), ClerkAct.FINISH, "unstall redirect park finish_call", {}),
        ((*SERVED, "finish 3"), ClerkAct.CALL, "call_chosen reopen", {}),
        ((*WAITING[:1], "pause 3 reason=break"), ClerkAct.RESUME, "extend close", PAUSED),
    ],
)
def test_there_is_one_primary_and_its_row_and_the_rest_is_refused_with_a_sentence(hall, story, first, beside, refused):
    hall.play(*story)
    now, row = scene(hall), [*map(ClerkAct, beside.split())]
    able = set(scenes.possible_acts(now))
    assert (scenes.primary_act(now), scenes.acts_beside_primary(now)) == (first, row)
    assert {act for act in [first, *row] if act} - able <= {ClerkAct.CALL_CHOSEN}, "the menu has what can be done"
    assert all(words.act_word(act, now) for act in able)
    assert all(error_sentence(scenes.reason_act_is_impossible(act, now)) for act in set(ClerkAct) - able)
    assert not {scenes.act_of_function_key(key, now) for key in refused} & {None, *able}
    why = {key: scenes.reason_act_is_impossible(scenes.act_of_function_key(key, now), now) for key in refused}
    said = {key: words.refusal_line(now, reason) for key, reason in why.items()}
    assert said == refused, "a key out of place says what is so now"


def test_a_key_means_what_the_state_makes_of_it_and_who_would_be_left_names_windows(hall: Hall):
    hall.play(*WAITING)
    left = [(one.service, one.waiting, one.could) for one in scenes.lines_left_if_window_stops(scene(hall))]
    assert left == [("A", 1, ("1", "2", "4", "5", "6")), ("B", 1, ("4", "5", "6"))]
    hall.play("pause 3 reason=break")
    acts = [scenes.act_of_function_key(key, scene(hall)) for key in ("F2", "F10", "F11")]
    assert acts == [ClerkAct.EXTEND, ClerkAct.RESUME, ClerkAct.CLOSE]
    assert sorted(scenes.KEYS.values(), key=lambda cap: int(cap[1:]))[0] == "F2"
    hall.play("open 5 staff=C5")
    assert scenes.lines_left_if_window_stops(scene(hall)) == [], "another window serves them"


def said_of(hall: Hall, label: str) -> str:
    """Return the grey line under the service of a waiting ticket."""
    now = scene(hall)
    ticket = next(ticket for ticket in now.order if ticket.label == label)
    return " ".join(run.text for run in words.wait_and_history_runs(now, ticket, px=20))


def said_of_called(hall: Hall) -> str:
    return words.wait_and_history_runs(scene(hall), scene(hall).ticket, px=20)[0].text


def free(hall: Hall) -> tuple[str, str]:
    status = words.stage_status(scene(hall), AnnouncementState.RUNNING)
    return status.word, status.beside


def test_who_is_back_in_line_after_a_miss_waits_on_and_who_is_called_waited_until_the_first_call(hall: Hall):
    hall.play("open 3 staff=C3", "issue A", 4, "call 3", 3)
    assert said_of_called(hall) == "waited 4 min"
    hall.play("miss 3", "reinstate A001")
    for minutes, wait, level in ((2, "9 min", ""), (2, "11 min", "amber"), (5, "16 min", "red")):
        hall.play(minutes)
        row = words.row_of_ticket(scene(hall), scene(hall).order[0])
        assert (row.wait, row.level) == (wait, level)


@pytest.mark.parametrize(
    ("urgent", "klass", "told"), [("B", "normal", " (Account services)"), ("B", "elderly", ""), ("A", "elderly", "")]
)
def test_who_was_passed_by_the_credit_of_a_service_has_its_name_beside(hall: Hall, urgent: str, klass: str, told: str):
    hall.do("set-row", "services", "B", {"credit_minutes": 60}, who=ADMIN)
    hall.play("open 3 staff=C3", "issue A", 1, f"issue {urgent} klass={klass}")
    assert hall.serve_out("3") != "A001"
    assert f"1 later ticket went first{told} · " in said_of(hall, "A001") + " · "
    assert hall.call("3") == "A001"
    assert said_of_called(hall).endswith(f"1 later ticket went first{told}")


def test_windows_with_the_same_services_share_a_part_and_papers_nobody_noted_are_not_spoken_of(hall: Hall):
    hall.play("open 3 staff=C3")
    for opens, line in (
        ((), "A, B: no other window is open."),
        (("open 4 staff=C4",), "A, B: still served at window 4."),
        (("open 1 staff=C1",), "A: still served at windows 1, 4; B: still served at window 4."),
    ):
        hall.play(*opens)
        assert words.services_still_served_where_line(scene(hall)) == line
    for deeds, where in ((("open 5 staff=C5", "issue C"), "window 5"), (("open 6 staff=C6",), "windows 5, 6")):
        hall.play(*deeds)
        assert words.nobody_waits_here_lines(scene(hall))[1] == f"1 waiting for New connection, at {where}"
    hall.do("issue", "A", item="dyfp", who=GUIDE)
    assert said_of(hall, "A001") == "waiting 0 min"


def test_what_the_last_one_took_or_where_the_visit_goes_on_is_said_until_something_else_happens(hall: Hall):
    hall.play("open 3 staff=C3", "open 5 staff=C5", *["issue A"] * 8)
    for deed in ("miss 3", "transfer 3 B", "park 3 reason=copying", "return 3 reason=wrong_number"):
        label = hall.serve_out("3")
        assert free(hall)[1] == f"{label} finished, took 5:00"
        hall.play(1, "call 3", *(["start 3", deed] if deed.startswith("park") else [deed]))
        assert free(hall) == ("Window is free", "")
    label = hall.issue("A", then=["C"])
    hall.call("3", ticket=label, reason="frail")
    hall.play("start 3", "finish 3")
    english = f"{label} goes on to New connection, Window 5"
    for lang, words_of in (("zh_CN", f"{label} 接着去：报装接电，5 号窗口"), ("en", english)):
        i18n.choose_language(lang)
        assert free(hall)[1] == words_of
    hall.call("5", ticket=label, reason="frail")
    assert free(hall)[1] == english, "they are on the way there"
    hall.play("start 5")
    assert free(hall)[1] == ""


@pytest.mark.parametrize(
    ("sends", "said"),
    [
        (("redirect B window=3",), "waiting 23 min"),
        (("transfer 3 B place=end",), "waiting 3 min"),
        (("transfer 3 B",), "in the hall 23 min"),
        (("transfer 3 B", "redirect A ticket=A001"), "in the hall 23 min"),
    ],
)
def test_one_sent_on_waits_since_the_first_line_or_its_end_and_a_later_leg_is_in_the_hall(hall, sends, said):
    hall.play("open 3 staff=C3", "issue A", 20, "call 3", sends[0], 3, *sends[1:])
    assert said_of(hall, "A001") == said
    if said.startswith("in the hall"):
        assert words.row_of_ticket(scene(hall), scene(hall).order[0]).wait == said
        hall.play("call 3")
        assert said_of_called(hall) == said


def later(page: Page, seconds: int) -> str:
    page.hall.clock.move(seconds=seconds)
    page.view.tick(page.hall.clock())
    page.settle()
    return page.says()


def test_a_free_window_is_told_after_ten_seconds_once_for_each_unless_a_refusal_is_read(page: Page):
    played: list[str] = []
    lend(page.view.context, sounds=stub(StationSounds, play=played.append, was_last_sound_heard=lambda: False))
    for seconds, says, sounds in (
        (9, "", []),
        (1, "Free while A001 waits: 0:10", ["knock"]),
        (15, "Free while A001 waits: 0:25", ["knock"]),  # the line goes on, the sound does not
    ):
        assert (later(page, seconds), played) == (says, sounds)
    page.press(Key.Key_Space)
    assert (page.says(), later(page, 60)) == ("", ""), "who is busy is left alone"
    page.press(Key.Key_Space, Key.Key_Space)
    assert (later(page, 12), played) == ("Free while A002 waits: 0:12", ["knock", "knock"])
    page.hall.do("set-setting", "idle_nudge_s", 0)
    page.settle()
    assert later(page, 1) == "", "the hall switches it off"
    page.hall.do("set-setting", "idle_nudge_s", 10)
    page.settle()
    page.press(Key.Key_Space, Key.Key_Space, Key.Key_Space, Key.Key_F2)
    refused = page.says()
    assert refused and later(page, 30) == refused, "it is not talked over"


def test_the_time_is_that_of_who_is_next_and_says_so(page: Page):
    """Somebody sent on here goes before one whom the window has kept waiting: "free for" went back to less."""
    page.hall.play("leave A002", "open 1 staff=C1", "call 1", "start 1")
    assert later(page, 195) == "Free while B001 waits: 3:15"
    page.hall.play("transfer 1 B")
    assert later(page, 120) == "Free while A001 waits: 2:00"
    now = page.view.controller.scene
    assert [one.label for one in now.order] == ["A001", "B001"]


def test_a_wait_against_what_was_told(hall: Hall):
    ticket, start = hall.ticket(hall.issue("A")), hall.clock()
    hall.open("3", "C3")
    for promise, minutes, wanted, said in (
        (WaitPromise(low=5, high=10), 10, QuoteCheck.KEPT, "within the 5–10 min estimated"),
        (WaitPromise(low=5, high=10), 11, QuoteCheck.LONGER, "longer than the 5–10 min estimated"),
        (WaitPromise(low=2, high=20, ahead=1, point_s=300), 20, QuoteCheck.KEPT, "over target, as estimated (20 min)"),
        (WaitPromise(low=0, high=1, ahead=0, point_s=2), 1, QuoteCheck.KEPT, "estimated: no wait"),
        (WaitPromise(low=0, high=1, ahead=0, point_s=2), 5, QuoteCheck.LONGER, "estimated: no wait"),
        (WaitPromise(low=0, high=1, ahead=3, point_s=30), 5, QuoteCheck.LONGER, "longer than the 1 min estimated"),
        (WaitPromise(reason="too_few_calls"), 30, QuoteCheck.UNTOLD, "no estimate given"),
    ):
        ticket, hall.clock.now = replace(ticket, promise=promise), start + timedelta(minutes=minutes)
        assert scenes.quote_check_of_wait(ticket, hall.clock()) is wanted
        assert words.quote_check_text_and_colour(scene(hall), ticket)[0].replace("\u2060", "") == said
    # 20 minutes are red by the hall's rules: beside that nothing is green, and below it nothing red.
    for low, high, minutes, token in ((2, 4, 8, "amber"), (2, 4, 20, "red"), (20, 35, 20, "ink2")):
        ticket = replace(ticket, promise=WaitPromise(low=low, high=high))
        hall.clock.now = start + timedelta(minutes=minutes)
        assert words.quote_check_text_and_colour(scene(hall), ticket)[1] == token
        assert (words.wait_text_and_level(scene(hall), ticket)[1] == "red") is (minutes == 20)
    hall.play("call 3", "miss 3", f"reinstate {ticket.label}")
    again = scenes.quote_check_of_wait(hall.ticket(ticket.label), at("12:00"))
    assert again is QuoteCheck.UNKNOWN, "it is of the first call"


def test_what_was_done_is_counted_by_digits_and_goes_with_the_finish_as_does_an_outcome(page: Page):
    page.press(SPACE)
    assert page.view.rail.card.accessibleName().endswith("no estimate given")
    page.press(SPACE)
    page.view.stage.acted.emit("delivered")
    assert isinstance(page.dialog, DeliveredDialog)
    page.press(Key.Key_1, Key.Key_2, Key.Key_2, Key.Key_3, Key.Key_Backspace, ENTER)
    assert page.view.stage.facts.text().endswith("Done: A, B ×2")
    page.press(SPACE)
    finish = page.hall.last()
    assert (finish.kind, finish.data["delivered"]) == ("finish", ["A", "B:2"])
    page.press(SPACE, SPACE, SPACE)
    assert "delivered" not in page.hall.last().data, "the next customer begins at none"
    # An outcome that the hall wants is asked before the finish, and the next one called after it.
    page.hall.play("set-setting outcome_required on", "set-setting call_at_finish on", "issue A")
    page.settle()
    page.press(SPACE, SPACE, SPACE)
    assert page.hall.last().kind == "start"
    page.press(Key.Key_2, ENTER)
    finish, call = page.hall.log()[-2:]
    assert (finish.kind, finish.data["outcome"], call.kind) == ("finish", "part", "call")
