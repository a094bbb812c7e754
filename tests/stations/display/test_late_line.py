"""The display says why a wait is longer than told, and which days to come have other hours."""

from __future__ import annotations

from collections.abc import Callable

from queuedesk.desk.setup.calendaring import set_days
from tests.stations.display.conftest import Display


def read(display: Display, words: str = "longer than told") -> list[str]:
    """Return what two minutes of the strip say in such words, about longer waits."""
    found = []
    for _ in range(24):
        display.hall.clock.move(seconds=5)
        display.page.tick(display.hall.clock())
        found.append(display.page.view.strip.text)
    return sorted({text for text in found if words in text})


def test_who_waits_longer_than_told_can_read_why_without_a_number(make_display: Callable[..., Display]) -> None:
    display = make_display(slides=False)
    hall = display.hall
    for window in "12":
        hall.queue("A")
        hall.call(window)
        hall.do("start", window)
    for window in "3456":
        hall.do("close", window)
    hall.queue("A", "A")
    high = hall.ticket("A004").promise.high
    assert high is not None
    display.follow()
    assert read(display) == []

    hall.do("finish", "2")
    hall.do("close", "2")
    hall.clock.move(minutes=high + 5)
    display.follow()
    lines = read(display)
    assert len(lines) > 1, "the minutes go on"
    for line in lines:
        assert line.startswith("Pay a bill, the longest wait: ")
        assert " min longer than told (" in line
        assert line.endswith("; fewer windows serve it than when the ticket was taken: 1 instead of 2.")
        assert "A00" not in line


def test_the_line_tells_of_special_hours_a_week_ahead(make_display: Callable[..., Display]) -> None:
    display = make_display()
    row = {"kind": "special", "from": "8:30", "to": "15:00", "text": "员工培训", "text_en": "Staff training"}
    set_days(display.hall.desk, display.hall.ask(), {"2026-11-27": row, "2026-11-28": row})
    display.follow()

    (told,) = read(display, "Please note")
    said = "Please note: Fri 27 Nov Special hours 8:30–15:00: Staff training"
    assert told.replace("\u2060", "") == said  # the day after is more than a week away
