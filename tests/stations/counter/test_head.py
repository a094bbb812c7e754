"""The head of the counter: the clerk's name stays whole, the clerk's day gives way."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from queuedesk.core.figures.measures.document import day_figures
from queuedesk.desk import looking
from queuedesk.stations.counter.scene import ClerksDay, clerks_day
from queuedesk.stations.counter.station import CounterView, build
from queuedesk.stations.widgets.labels import Label, RunsLabel
from queuedesk.stations.window.context import StationContext
from queuedesk.stations.window.style import Look, Scale
from tests.hall import DAY, Hall

FULL = "Today 1 finished · 4.0 min each (target 5)"


@pytest.fixture
def view(hall: Hall, context: StationContext, qtbot: QtBot) -> Iterator[CounterView]:
    """Return the page of window 3 after one customer of four minutes."""
    hall.open("3", "C3")
    hall.issue("A")
    hall.serve_out("3", minutes=4)
    context.options = {"window": "3"}  # type: ignore[assignment]
    context.feed.state = looking.hall_now(hall.desk, hall.clock())
    view = build(context)
    assert isinstance(view, CounterView)
    qtbot.addWidget(view)
    view.show()
    yield view
    view.stop()


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
