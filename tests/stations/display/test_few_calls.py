"""Where few calls are shown they fill the screen: larger numbers, and who waits with how long."""

from __future__ import annotations

from collections.abc import Callable
from itertools import groupby

import pytest
from msgspec.structs import replace

from queuedesk.stations.display.parts import few_rows, row_size
from queuedesk.stations.display.rows import FRESH_FOR, GONE_AFTER
from tests.stations.display.conftest import Display
from tests.stations.whole_words import Drawn, cut, drawn, overlapping, typed_words

UPRIGHT, WIDE = (1080, 1920), (1920, 1080)
SCREENS = [UPRIGHT, WIDE, (1366, 768), (1024, 768)]


def with_calls(make_display: Callable[..., Display], size: tuple[int, int], calls: int) -> Display:
    display = make_display(slides=False)
    display.page.resize(*size)
    display.hall.queue(*"AAABBBCCD")
    call_to(display, "123456"[:calls])
    return display


def call_to(display: Display, windows: str) -> None:
    for window in windows:
        display.hall.call(window)
    display.follow()
    display.page.tick(display.hall.clock())


def number_px(display: Display, seen: Drawn) -> float:
    """Return how high the newest call's number is drawn, in px of the screen."""
    label = display.page.view.rows()[0].label
    return max(word.box.height() for word in seen.words if word.text == label)


def most_blank(seen: Drawn, *, right: int) -> float:
    """Return the share of the screen's height, left of `right`, in which nothing is drawn in one piece."""
    shades = seen.shades
    blank = (shades[4:-4:4, 0:right:6] == shades[2, 2]).all(axis=1)
    return max((4 * len(list(run)) for is_blank, run in groupby(blank) if is_blank), default=0) / len(shades)


@pytest.mark.parametrize("size", SCREENS)
def test_few_calls_fill_a_screen_and_nothing_is_cut_at_any_number_of_them(
    make_display: Callable[..., Display], size: tuple[int, int]
) -> None:
    display = with_calls(make_display, size, 0)
    view, typed = display.page.view, typed_words(display.page.context.feed.setup)
    numbers: list[float] = []
    for calls in range(7):
        call_to(display, str(calls) if calls else "")
        seen = drawn(display.page)
        assert [*cut(seen, typed), *overlapping(seen)] == [], f"{calls} calls"
        if calls:
            numbers.append(number_px(display, seen))
        if size == UPRIGHT:
            assert most_blank(seen, right=1080) < 0.1, f"{calls} calls"
        if size == UPRIGHT and 1 <= calls <= 4:  # how long the wait is
            waits = {line.wait for line in view.lines.lines if line.is_told}
            assert len(view.lines.lines) == 4
            assert waits and waits <= {word.text for word in seen.words}, f"{calls} calls"
        if size == WIDE and calls == 1:
            assert most_blank(seen, right=1270) < 0.1

    # Few are no smaller than many, and one is far larger.
    full = numbers[-1]
    assert min(numbers[:4]) >= full - 1
    assert min(numbers[: 2 if size == UPRIGHT else 1]) >= 1.5 * full


def test_calls_leave_room_for_waits_only_where_their_numbers_stay_as_large_as_beside_their_windows() -> None:
    full = row_size(100, 190, 1268)

    def fonts(left_px: float) -> list[float]:
        return [few_rows(full, calls, 1268, 190, 325, leaves_room=True, left_px=left_px).font for calls in range(1, 5)]

    whole = fonts(0)
    assert fonts(184)[1] < whole[1] and fonts(184)[1] > 1.5 * 190
    assert fonts(500)[1] == 190
    assert all(
        left >= min(size, 190) for px in (184, 500, 800, 1200) for left, size in zip(fonts(px), whole, strict=True)
    )
    assert fonts(1200)[1:] == whole[1:]


def test_nothing_grows_while_somebody_looks_for_a_call(make_display: Callable[..., Display]) -> None:
    display = with_calls(make_display, UPRIGHT, 3)
    hall, view = display.hall, display.page.view
    size = view.panels[0].size
    for window in "23":
        hall.do("start", window)
        hall.do("finish", window)
    display.follow()
    hall.clock.move(seconds=GONE_AFTER.total_seconds())
    call_to(display, "4")

    assert len(display.rows()) == 2
    assert view.panels[0].size == size, "a call is fresh"
    lines, silent = view.lines, replace(view.lines, waits="")
    view.set_lines(silent)
    assert view.panels[0].size == size, "nor when the waits change"
    view.set_lines(lines)
    hall.clock.move(seconds=FRESH_FOR.total_seconds())
    display.page.tick(hall.clock())
    grown = view.panels[0].size
    assert grown.font > size.font
    view.set_lines(silent)
    assert view.panels[0].size.font > grown.font


def test_rows_have_few_sizes() -> None:
    full = row_size(100, 190, 1268)

    sizes = [few_rows(full, calls, 1268, 190, 325, leaves_room=True) for calls in range(9)]
    assert [size.rows for size in sizes] == [1, 1, 2, 3, 4, 6, 6, 6, 6]
    assert [size.stacked for size in sizes] == [True, True, True, *[False] * 6]
    assert [size.font for size in sizes] == sorted((size.font for size in sizes), reverse=True)
    assert all(size.used <= 1268.01 for size in sizes)
