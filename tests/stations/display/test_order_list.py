"""The order list on a display: numbers in call order, who is at a window, the rule; it shows no call."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QApplication

from queuedesk.stations.display.layouts import ORDER, layout_of
from queuedesk.stations.display.panel_painting import called_size, number_px, places
from queuedesk.stations.display.texts import OrderColumn, order_columns, rule_lines
from queuedesk.stations.window.style import HALL, Look
from tests.stations.display.conftest import Display
from tests.stations.whole_words import drawn


@pytest.fixture
def display(make_display: Callable[..., Display]) -> Display:
    """A002 and A003 wait behind A001, A004 has priority, B001 is being called."""
    made = make_display(layout=ORDER, slides=False)
    made.page.resize(1920, 1080)
    made.hall.queue("B", "A", "A", "A", minutes_apart=1)
    made.hall.call("3")
    made.hall.issue("A", klass="elderly")
    made.follow()
    return made


def columns(display: Display) -> dict[str, OrderColumn]:
    state = display.page.controller.state
    found = order_columns(state, display.hall.clock(), display.page.controller.services())
    return {column.letter: column for column in found}


@pytest.mark.parametrize("shape", [(1920, 1080), (1080, 1920)])
@pytest.mark.parametrize("count", [1, 2, 4, 5, 6, 9, 12])
def test_every_service_has_a_box_of_its_own_size(shape: tuple[int, int], count: int) -> None:
    room = layout_of(ORDER, *shape).order
    assert room is not None
    boxes = places(count, room)

    assert len(boxes) == count
    assert all(room.adjusted(-1, -1, 1, 1).contains(box) for box in boxes)
    assert not any(a.intersects(b) for n, a in enumerate(boxes) for b in boxes[:n])
    assert number_px(count, room) >= 44


def test_the_list_follows_the_true_order_and_its_rule_stands_in_the_strip(display: Display) -> None:
    shown = columns(display)
    assert shown["B"].called == (("B001", True),)
    assert [(one.label, one.priority) for one in shown["A"].next] == [
        ("A004", True),
        ("A001", False),
        ("A002", False),
        ("A003", False),
    ]

    display.page.tick(display.hall.clock())
    strip = display.page.view.strip
    assert strip.text == rule_lines(display.page.controller.state, display.hall.clock())[0]
    assert "one call in 3" in strip.text
    display.hall.do("set-setting", "jump_every", 5)
    display.follow()
    display.page.tick(display.hall.clock())
    assert "one call in 5" in display.page.view.strip.text

    called = [display.hall.call(window) for window in "1245"]
    assert called == [one.label for one in shown["A"].next]
    display.follow()
    display.page.tick(display.hall.clock())
    plain = "Within each service, numbers are called in this order."
    assert display.page.view.strip.text == plain, "nobody with priority waits"


def test_it_shows_no_call_but_the_number_in_amber(display: Display) -> None:
    """It says who is next, not where to go: a call that only this screen had was not shown."""
    picture = display.picture()
    room = display.page.view.layout_now.order
    assert room is not None
    box = display.page.view.from_canvas(places(4, room)[1])
    amber = [
        (x, y)
        for x in range(round(box.left()), round(box.right()), 3)
        for y in range(round(box.top()), round(box.center().y()), 3)
        if picture.pixelColor(x, y).name() == "#ffc93c"
    ]
    assert amber
    assert display.shown == []

    for _ in range(30):
        display.hall.issue("A")
    display.follow()
    assert len(columns(display)["A"].next) == 34
    assert display.picture() != picture, "what has no room is counted"
    assert display.page.view.readable_m() > 0


@pytest.mark.parametrize(("many", "shown"), [(0, 0), (2, 2), (3, 3), (4, 2), (9, 2)])
def test_those_at_windows_are_drawn_smaller_before_any_is_only_counted(
    qapp: QApplication, many: int, shown: int
) -> None:
    room = layout_of(ORDER, 1920, 1080).order
    assert room is not None
    labels = [f"A{n:03}" for n in range(1, many + 1)]

    assert called_size(labels, places(4, room)[0].width() - 2 * 32 - 62, Look(HALL))[1] == shown


def test_who_may_go_first_has_a_sign_and_the_strip_says_what_it_means(display: Display) -> None:
    hall = display.hall
    hall.do("set-row", "staff", "C3", {"languages": ["English"]})
    hall.do("set-row", "windows", "2", {"quick": True})
    hall.do("set-row", "services", "A", {"handling_target": 3})
    hall.do("set-row", "services", "B", {"handling_target": 20})
    hall.do("set-setting", "language_first", "on")
    for language in ("", "English"):
        for service in "AB":
            hall.do("issue", service, speaks=language)
    display.follow()

    shown = columns(display)
    assert dict(zip([one.label for one in shown["A"].next], shown["A"].marks, strict=True)) == {
        "A004": ("person", "priority"),
        **dict.fromkeys(["A001", "A002", "A003", "A005", "A006"], ("clock", "short")),
    }
    assert shown["B"].marks == (("", ""), ("language", "language"))
    told = set()
    for _ in range(30):
        hall.clock.move(seconds=5)
        display.page.tick(hall.clock())
        told.add(display.page.view.strip.text)
    assert (
        "priority: may go ahead of earlier numbers · short: a quick window may take it first · "
        "language: a window of its language may take it first"
    ) in told


def test_a_number_that_let_another_go_first_says_so(display: Display) -> None:
    hall = display.hall
    first = hall.issue("B")
    hall.issue("B")
    hall.do("postpone", first)
    display.follow()

    column = columns(display)["B"]
    marks = dict(zip([one.label for one in column.next], column.marks, strict=True))
    assert marks[first] == ("undo", "moved")
    assert [label for label, mark in marks.items() if mark != ("", "")] == [first]
    assert len(columns(display)) >= 4
    assert "moved" in {word.text for word in drawn(display.page.view).words}, "beside the sign, in a narrow column too"
