"""Every layout shows the calls large enough for its screen, or says from how far they can be read."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QRectF

from queuedesk.desk.queue import calling, serving
from queuedesk.stations.display.layouts import CALLS, PORTRAIT, STANDARD, layout_of, zone_grid
from queuedesk.stations.display.parts import cap_mm, reach_of
from tests.hall import ADMIN, Hall
from tests.stations.display.conftest import Display
from tests.stations.english import english  # noqa: F401
from tests.stations.seen import lightness, shades
from tests.stations.whole_words import cut, drawn, overlapping

WIDE, TALL = (1920, 1080), (1080, 1920)
SCREENS = (1366, 768), TALL, (4096, 1024), (3840, 2160)
SIDES = {65: (1439, 809), 43: (952, 535), 86: (1904, 1071)}


def lay_out(make_display: Callable[..., Display], layout: str, size: tuple[int, int], **options: object) -> Display:
    display = make_display(layout=layout, slides=False, **options)
    display.page.resize(*size)
    display.until(lambda: (display.page.view.width(), display.page.view.height()) == size)
    return display


def finish(display: Display, window: str) -> None:
    calling.start(display.hall.desk, display.hall.ask(), window)
    serving.finish(display.hall.desk, display.hall.ask(), window)


@pytest.mark.parametrize(
    ("wish", "size", "name"),
    [
        ("auto", WIDE, STANDARD),
        ("auto", TALL, PORTRAIT),
        ("something", WIDE, STANDARD),
        ("calls", TALL, CALLS),
        ("portrait", WIDE, PORTRAIT),
    ],
)
def test_auto_follows_the_screen_s_shape(wish: str, size: tuple[int, int], name: str) -> None:
    assert layout_of(wish, *size).name == name


def test_a_screen_that_is_turned_changes_its_layout_and_keeps_its_calls(make_display: Callable[..., Display]) -> None:
    display = lay_out(make_display, "auto", WIDE)
    display.hall.queue("A", "A")
    display.hall.call("1")
    display.follow()
    display.page.resize(*TALL)
    display.until(lambda: display.page.view.layout_now.name == PORTRAIT)

    assert display.page.canvas == TALL
    assert [row.label for row in display.page.view.rows()] == ["A001"]


def test_a_long_name_of_the_hall_is_whole_beside_the_date(
    make_display: Callable[..., Display],
    hall: Hall,
    english: None,  # noqa: F811
) -> None:
    hall.do("set-hall", {"name": "梅多巷口腔诊所", "name_en": "Meadow Lane Family Dental Practice"}, who=ADMIN)
    display = lay_out(make_display, "portrait", (768, 1366))
    seen = drawn(display.page)

    assert [*cut(seen, ()), *overlapping(seen)] == []


@pytest.mark.parametrize(
    ("layout", "size", "inches", "reaches"),
    [
        ("standard", WIDE, 65, True),
        ("calls", WIDE, 65, True),
        ("portrait", TALL, 65, False),
        ("portrait", TALL, 86, True),
        ("zones", WIDE, 65, False),
    ],
)
def test_capitals_of_122_mm_where_the_screen_has_room_for_them(
    make_display: Callable[..., Display], layout: str, size: tuple[int, int], inches: int, reaches: bool
) -> None:
    long, short = SIDES[inches]
    mm = (long, short) if size == WIDE else (short, long)
    display = lay_out(make_display, layout, size, screen_mm=mm)
    fill(display)
    view = display.page.view

    assert (view.readable_m() >= 10) is reaches
    painted_mm = capital_px(display) * mm[0] / size[0]
    assert painted_mm == pytest.approx(cap_mm(view.readable_m()), rel=0.03)
    assert (painted_mm >= 122) is reaches
    said = reach_of(display.page.controller.setup, layout, size, mm, 10)
    assert (said.readable_m, said.rows) == (pytest.approx(view.readable_m()), view.row_count())
    assert f"{view.readable_m():.1f} m" in display.page.menu_entries()[0].text


def fill(display: Display) -> None:
    """Call to every window: the numbers are as small as they get."""
    display.hall.queue(*"AAABBB")
    for window in "123456":
        display.hall.call(window)
    display.follow()


def capital_px(display: Display) -> int:
    """Measure the first number's capital in the picture itself: the lines of px in which the letter has ink."""
    display.hall.clock.move(seconds=30)
    image, view = display.picture(), display.page.view
    panel = view.panels[0]
    rect, font = view.from_canvas(panel.row_rect(0)), panel.size.font * view.k()
    left = round(rect.left() + 0.21 * font)
    seen = shades(image)[round(rect.top()) + 4 : round(rect.bottom()) - 4, left : round(left + 0.6 * font)]
    (ink,) = np.nonzero((lightness(seen) > 150).any(axis=1))
    return int(ink[-1] - ink[0] + 1)


def test_calls_only_makes_larger_numbers_and_leaves_notices_out(make_display: Callable[..., Display]) -> None:
    standard = lay_out(make_display, "standard", WIDE, screen_mm=SIDES[43])
    calls = lay_out(make_display, "calls", WIDE, screen_mm=SIDES[43])

    assert calls.page.view.readable_m() > 1.2 * standard.page.view.readable_m()
    assert (standard.page.view.strip.text != "", calls.page.view.strip.text) == (True, "")
    calls.hall.do("push", "停电演习")
    calls.follow()
    assert calls.page.view.strip.text == "停电演习"
    assert calls.page.view.panels[0].room.bottom() < calls.page.view.layout_now.strip.top()


def test_each_zone_has_its_own_calls(make_display: Callable[..., Display], hall: Hall) -> None:
    display = lay_out(make_display, "zones", WIDE)
    display.hall.queue(*"A" * 18)
    for _round in range(2):
        for window in ("1", "2", "3"):
            display.hall.call(window)
            finish(display, window)
    display.follow()
    view = display.page.view
    zones = [panel.part.title for panel in view.panels]
    specs = display.page.controller.setup.windows

    assert zones == list(dict.fromkeys(spec.zone_en for spec in specs.values()))
    for panel in view.panels:
        windows = {code for code, spec in specs.items() if spec.zone_en == panel.part.title}
        assert panel.rows
        assert {row.window.number for row in panel.rows} <= windows
        assert all(row.window.zone == "" for row in panel.rows), "its part says it already"

    quiet = [row.label for row in view.panels[1].rows]
    for _call in range(12):
        display.hall.call("1")
        finish(display, "1")
    display.follow()
    assert [row.label for row in view.panels[1].rows] == quiet, "a busy zone takes no row of a quiet one"

    display.page.resize(3840, 1080)
    display.until(lambda: view.width() == 3840)
    assert view.origin().x() == 0, "a wall of screens is filled from edge to edge"
    assert view.panels[-1].room.right() == view.canvas_size()[0] - 48


def test_four_zones_show_two_calls_each(make_display: Callable[..., Display], hall: Hall) -> None:
    for code, zone in zip("123456", ("东", "东", "西", "西", "北", ""), strict=True):
        hall.do("set-row", "windows", code, {"zone": zone, "zone_en": zone})
    display = lay_out(make_display, "zones", WIDE)
    view = display.page.view
    for size in (WIDE, TALL, (3840, 1080)):
        display.page.resize(*size)
        display.until(lambda size=size: (view.width(), view.height()) == size)
        display.picture()
        assert [panel.part.title for panel in view.panels] == ["东", "西", "北", "Other windows"]
        assert all(panel.size.rows >= 2 for panel in view.panels)
        assert view.readable_m() > 3.5


@pytest.mark.parametrize(("count", "columns"), [(1, 1), (2, 1), (2, 2), (3, 2), (5, 3), (9, 3)])
def test_zones_share_the_room_without_meeting(count: int, columns: int) -> None:
    room = QRectF(48, 84, 1824, 846)
    places = zone_grid(count, columns, room)

    assert len(places) == count
    for number, place in enumerate(places):
        assert all(room.contains(part) for part in (place.title, place.rows))
        assert not any(place.rows.intersects(other.rows) for other in places[number + 1 :])


@pytest.mark.parametrize("layout", ["standard", "calls", "portrait", "zones"])
def test_every_layout_draws_on_every_screen(make_display: Callable[..., Display], layout: str) -> None:
    display = lay_out(make_display, layout, SCREENS[0])
    display.hall.queue("A", "B")
    display.hall.call("1")
    display.follow()
    view = display.page.view
    for size in SCREENS if layout == "standard" else SCREENS[:-1]:
        display.page.resize(*size)
        display.until(lambda size=size: (view.width(), view.height()) == size)
        picture = display.picture()
        assert (picture.width(), picture.height()) == size
        fresh = view.from_canvas(view.panels[0].row_rect(0))
        at = round(fresh.right() - 30 * view.k()), round(fresh.bottom() - 22 * view.k())
        assert picture.pixelColor(*at).name() == "#ffc93c", size
    assert display.shown, "the call was painted"
