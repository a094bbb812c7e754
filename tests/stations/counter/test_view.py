"""The counter's page under real keys and clicks."""

from functools import partial
from typing import Any

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from queuedesk import i18n
from queuedesk.core.errors import OutsideError
from queuedesk.core.figures.measures.document import day_figures
from queuedesk.core.network.roles import CONSOLE
from queuedesk.core.talk.screen import station_name_at_pc
from queuedesk.desk import looking
from queuedesk.desk.queue import sign_in_and_pins
from queuedesk.desk.upkeep import maintenance
from queuedesk.stations.acts.written_talk import ClerkTalkDialog
from queuedesk.stations.counter import words
from queuedesk.stations.counter.questions import PauseDialog, TransferDialog
from queuedesk.stations.counter.scene import ClerkAct, ClerkDayTotals, clerk_day_totals
from queuedesk.stations.counter.signing_in import SameWindowOnOtherPcWatch
from queuedesk.stations.counter.station import CounterView, build_station_page
from queuedesk.stations.widgets.panels import Label, TextRunsLabel
from queuedesk.stations.widgets.questions.dialogs import ConfirmDialog, ReasonDialog, RepeatedPressFilter
from queuedesk.stations.window.context import StationContext, StationSounds
from queuedesk.stations.window.style import STAFF_HEIGHT, STAFF_WIDTH, Scale
from tests.hall import DAY, GUIDE, Hall, clerk
from tests.stations.anew import close, made_anew
from tests.stations.counter.pages import Page, open_view
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
        sign_in_and_pins.sign_in(
            page.hall.desk, page.hall.ask(clerk("C3")), station_name_at_pc(f"counter-{window}", pc), "C3"
        )

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
