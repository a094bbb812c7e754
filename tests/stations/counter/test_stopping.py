"""Before a window stops: who takes those who wait, and who carries on there."""

from __future__ import annotations

from msgspec import structs
from PySide6.QtCore import Qt

from queuedesk.desk import looking
from queuedesk.desk.queue import opening, sign_in_and_pins
from queuedesk.stations.counter import words
from queuedesk.stations.counter.acts import left_by, reliefs, takers
from queuedesk.stations.counter.asking import PeopleDialog, PinDialog
from queuedesk.stations.counter.questions import PauseDialog
from queuedesk.stations.counter.scene import scene_of
from queuedesk.stations.widgets.questions.dialogs import ReasonDialog
from tests.hall import Hall, clerk
from tests.stations.counter.conftest import Counter
from tests.stations.counter.pages import Page

Key = Qt.Key
ENTER = Key.Key_Return


def paused_four(hall: Hall, minutes: int = 10) -> None:
    hall.open("4", "C4")
    opening.pause(hall.desk, hall.ask(), "4", reason="break", minutes=minutes)


def test_a_pause_and_a_close_ask_who_takes_those_who_wait_and_name_paused_windows_first(page: Page):
    page.press(Key.Key_F10)
    dialog = page.dialog
    assert isinstance(dialog, PauseDialog)
    assert not dialog.takers, "no paused window could take them"
    page.press(Key.Key_1, ENTER)
    assert page.dialog is None, "it asks once, whoever waits"
    pause = page.hall.last()
    assert (pause.kind, pause.data["left_to"]) == ("pause", "@manager")
    page.press(Key.Key_Space)

    paused_four(page.hall)
    page.settle()
    page.press(Key.Key_F10)
    dialog = page.dialog
    assert isinstance(dialog, PauseDialog)
    assert [choice.text() for choice in dialog.takers.values()] == [
        "Window 4, Chen Jing, back 10:10",
        "I'll tell the duty manager",
    ]
    page.click(dialog.takers["4"])
    page.press(Key.Key_1, ENTER)
    pause = page.hall.last()
    assert (pause.kind, pause.data["left_to"]) == ("pause", "4")
    page.press(Key.Key_Space, Key.Key_F11)

    question = page.dialog
    assert isinstance(question, ReasonDialog)
    rows = [row.text() for row in question.reasons.values()]
    assert rows[0] == "Window 4, Chen Jing, back 10:10"
    assert rows[1].startswith("A colleague here")
    assert rows[2].startswith("I'll tell the duty manager")
    assert (question.reason(), question.yes_button.isEnabled()) == ("", False), "nothing is chosen beforehand"
    assert question.effect.text().replace("\u2060", "") == (
        "2 people wait for Pay a bill, 1 person waits for Account services. "
        "Only windows 1, 2, 4–6 could take them, and they are not serving now."
    )
    page.press(Key.Key_1, ENTER)
    close = page.hall.last()
    assert (close.kind, close.data["left_to"]) == ("close", "4")


def test_one_window_alone_is_named_as_one(hall: Hall):
    hall.open("3", "C3")
    hall.queue("B")
    now = scene_of(looking.hall_now(hall.desk, hall.clock()), "3", hall.clock())
    (left,) = left_by(now)

    assert words.left_line(now, [structs.replace(left, could=("4",))]) == (
        "1 person waits for Account services. Only window 4 could take them, and it is not serving now."
    )


def test_the_window_they_are_left_to_is_told(counter: Counter):
    hall = counter.hall
    said: list[str] = []
    counter.controller.left_here.connect(said.append)
    hall.open("5", "C5")
    opening.close(hall.desk, hall.ask(), "5", left_to="3")
    counter.follow()
    paused_four(hall)
    opening.close(hall.desk, hall.ask(), "4", left_to="1")
    counter.follow()

    assert said == ["5"]


def test_only_paused_windows_with_the_skill_can_take(hall: Hall):
    hall.open("3", "C3")
    hall.queue("B")
    for window in ("1", "4"):
        hall.open(window, f"C{window}")
        opening.pause(hall.desk, hall.ask(), window, reason="break")
    now = scene_of(looking.hall_now(hall.desk, hall.clock()), "3", hall.clock())

    assert [(t.window, t.staff, t.services) for t in takers(now, left_by(now))] == [("4", "C4", ("B",))]
    assert set(reliefs(now)).isdisjoint({"C1", "C3", "C4", "G1"})
    assert reliefs(now)[0] == "C2"


def test_a_break_is_handed_over_in_one_step_by_pin_where_there_is_one(page: Page):
    page.view.controller.hand_over(clerk("G1"))
    page.settle()
    assert page.says() != "", "a guide has no window"
    assert page.view.context.who == clerk("C3")

    page.press(Key.Key_F10)
    page.click(page.dialog.over_button)  # type: ignore[union-attr]
    dialog = page.dialog
    assert isinstance(dialog, PeopleDialog)
    place = list(dialog.tiles).index("C4") + 1
    page.type(str(place))
    page.settle()
    assert page.kinds == ["close"]
    log = looking.events_after(page.hall.desk, 0)
    assert [(e.kind, e.staff, e.actor) for e in log[-2:]] == [("close", "C3", "C3"), ("open", "C4", "C3")]
    assert page.view.context.who == clerk("C4")
    assert page.says() == "Chen Jing is serving here now."
    assert not page.view.signing_in.active, "the page goes on"
    page.press(Key.Key_Space)
    assert page.hall.last().actor == "C4"
    page.press(Key.Key_Space, Key.Key_Space)

    # The next relief proves it by PIN.
    sign_in_and_pins.set_pin(page.hall.desk, page.hall.ask(), "C2", "4711")
    page.press(Key.Key_F10)
    page.click(page.dialog.over_button)  # type: ignore[union-attr]
    dialog = page.dialog
    assert isinstance(dialog, PeopleDialog)
    dialog.tiles["C2"].click()
    page.settle()
    pin = page.dialog
    assert isinstance(pin, PinDialog)
    page.press(Key.Key_4, Key.Key_7, Key.Key_1, Key.Key_2, ENTER)
    assert page.dialog is pin
    assert pin.line.text() == "That PIN does not match; please enter it again."
    page.press(Key.Key_4, Key.Key_7, Key.Key_1, Key.Key_1, ENTER)
    assert page.dialog is None
    assert page.view.context.who == clerk("C2")
    assert page.kinds == ["close", "call", "start", "finish", "close"], "nobody paused: the window stays open"
