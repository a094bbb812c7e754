"""The display in a hall: its rows, lists and few calls, its layouts in each shape, what turns over, an emergency."""

from collections.abc import Callable
from datetime import timedelta
from itertools import combinations, groupby, product
from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace
from PySide6.QtCore import QRectF, QTimer, QVariantAnimation
from PySide6.QtGui import QColor, QImage

from queuedesk import i18n
from queuedesk.core.errors import RuleError
from queuedesk.core.setup.field_kinds import LONGEST_NAME
from queuedesk.core.setup.file import check_and_read_setup, setup_from_document
from queuedesk.core.talk import display as measures
from queuedesk.core.talk.display import reading_time_s
from queuedesk.core.talk.remarks import PushedNotice
from queuedesk.desk import looking
from queuedesk.desk.calendaring import set_calendar_days
from queuedesk.i18n.names import window_label_for_customers
from queuedesk.i18n.queue import display_words
from queuedesk.i18n.queue.display_words import hall_text_slides
from queuedesk.i18n.queue.line_words import why_not_called_now_sentence
from queuedesk.stations.display import panels
from queuedesk.stations.display import view as texts
from queuedesk.stations.display.station import DisplayPage, TimedRotation
from queuedesk.stations.window.context import StationServices
from queuedesk.stations.window.style import HALL, Look
from tests.every_day import SEES_ALL
from tests.hall import ADMIN, MANAGER, Hall, at, simple_setup
from tests.stations.display.conftest import Display, voice
from tests.stations.seen import lightness, shades
from tests.stations.shapes import Shape
from tests.stations.whole_words import EMERGENCY, EMERGENCY_EN, Drawn, Sights, cut, drawn, overlapping, typed_words

UPRIGHT, WIDE = (1080, 1920), (1920, 1080)
SCREENS = (1366, 768), UPRIGHT, (4096, 1024), (3840, 2160)
SIDES = {65: (1439, 809), 43: (952, 535), 86: (1904, 1071)}
SETUP = setup_from_document(simple_setup())
ALARM = QColor(HALL.alarm)


def lay_out(make_display, layout: str, size: tuple[int, int], **options: object) -> Display:
    return resized(make_display(layout=layout, slides=False, **options), size)


def resized(display: Display, size: tuple[int, int]) -> Display:
    display.page.resize(*size)
    display.until(lambda: (display.page.view.width(), display.page.view.height()) == size)
    return display


def test_auto_follows_the_screen_s_shape_and_calls_only_makes_larger_numbers_and_leaves_notices_out(make_display):
    wishes = (
        ("something", WIDE, measures.STANDARD),
        ("calls", UPRIGHT, measures.CALLS),
        ("portrait", WIDE, measures.PORTRAIT),
    )
    for wish, size, name in wishes:
        assert texts.layout_for_screen(wish, *size).name == name
    display = lay_out(make_display, "auto", WIDE)
    view = display.page.view
    assert view.up_to_date_layout.name == measures.STANDARD
    display.call("1")
    display.page.resize(*UPRIGHT)
    display.until(lambda: view.up_to_date_layout.name == measures.PORTRAIT)
    assert (display.page.canvas, [row.label for row in view.all_call_rows()]) == (UPRIGHT, ["A001"])
    display.meanwhile("set-hall", {"name_en": "Meadow Lane Family Dental Practice"}, who=ADMIN)
    seen = drawn(resized(display, (768, 1366)).page)
    assert [*cut(seen, ()), *overlapping(seen)] == [], "a long name of the hall is whole beside the date"
    # Calls only makes larger numbers, and leaves notices out.
    standard, calls = (lay_out(make_display, name, WIDE, screen_mm=SIDES[43]).page for name in ("standard", "calls"))
    assert calls.view.readable_m() > 1.2 * standard.view.readable_m()
    assert (standard.view.strip.text != "", calls.view.strip.text) == (True, "")
    put(calls, "停电演习")
    assert calls.view.strip.text == "停电演习"
    assert calls.view.panels[0].room.bottom() < calls.view.up_to_date_layout.strip.top()


@pytest.mark.parametrize(
    ("layout", "size", "inches", "reaches"),
    [
        ("standard", WIDE, 65, True),
        ("calls", WIDE, 65, True),
        ("portrait", UPRIGHT, 65, False),
        ("portrait", UPRIGHT, 86, True),
        ("zones", WIDE, 65, False),
    ],
)
def test_capitals_of_122_mm_where_the_screen_has_room_for_them(make_display, layout, size, inches, reaches):
    long, short = SIDES[inches]
    mm = (long, short) if size == WIDE else (short, long)
    display = lay_out(make_display, layout, size, screen_mm=mm)
    display.play(*("issue A", "issue B") * 3, *(f"call {window}" for window in "123456"))
    view = display.page.view
    assert (view.readable_m() >= 10) is reaches
    # The first number's capital in the picture itself: the lines of px in which the letter has ink.
    display.hall.clock.move(seconds=30)
    image, panel = display.picture(), view.panels[0]
    rect, font = view.rect_from_canvas(panel.row_rect(0)), panel.size.font * view.canvas_scale()
    left = round(rect.left() + 0.21 * font)
    seen = shades(image)[round(rect.top()) + 4 : round(rect.bottom()) - 4, left : round(left + 0.6 * font)]
    (ink,) = np.nonzero((lightness(seen) > 150).any(axis=1))
    painted_mm = int(ink[-1] - ink[0] + 1) * mm[0] / size[0]
    assert painted_mm == pytest.approx(measures.min_capital_height_mm(view.readable_m()), rel=0.03)
    assert (painted_mm >= 122) is reaches
    said = texts.display_readability(display.page.controller.setup, layout, size, mm, 10)
    assert (said.readable_m, said.rows) == (pytest.approx(view.readable_m()), view.row_count())
    assert f"{view.readable_m():.1f} m" in display.page.menu_entries()[0].text


def test_each_zone_has_its_own_calls_and_one_that_is_new_in_the_set_up_its_part_at_once(make_display) -> None:
    def served(windows: str) -> list[str]:
        return [f"{verb} {window}" for window in windows for verb in ("call", "start", "finish")]

    display = lay_out(make_display, "zones", WIDE)
    display.play(*["issue A"] * 18, *served("123123"))
    view, specs = display.page.view, display.page.controller.setup.windows
    assert [panel.part.title for panel in view.panels] == list(dict.fromkeys(one.zone_en for one in specs.values()))
    for panel in view.panels:
        windows = {code for code, spec in specs.items() if spec.zone_en == panel.part.title}
        assert panel.rows
        assert {row.window.number for row in panel.rows} <= windows
        assert all(row.window.zone == "" for row in panel.rows), "its part says it already"
    quiet = [row.label for row in view.panels[1].rows]
    display.play(*served("1" * 12))
    assert [row.label for row in view.panels[1].rows] == quiet, "a busy zone takes no row of a quiet one"
    display.page.resize(3840, 1080)
    display.until(lambda: view.width() == 3840)
    assert view.canvas_origin().x() == 0, "a wall of screens is filled from edge to edge"
    assert view.panels[-1].room.right() == view.canvas_size()[0] - 48
    before = len(display.page.view.panels)
    display.hall.do("set-row", "windows", "6", {"zone": "北", "zone_en": "North"})
    display.call("6")
    assert len(display.page.view.panels) == before + 1
    assert (display.hall.last().ticket, "6", True) in display.rows()


def test_four_zones_show_two_calls_each_and_share_the_room_without_meeting(make_display, hall: Hall) -> None:
    for code, zone in zip("123456", ("东", "东", "西", "西", "北", ""), strict=True):
        hall.do("set-row", "windows", code, {"zone": zone, "zone_en": zone})
    display = lay_out(make_display, "zones", WIDE)
    for size in (WIDE, UPRIGHT, (3840, 1080)):
        resized(display, size).picture()
        panels = display.page.view.panels
        assert [panel.part.title for panel in panels] == ["东", "西", "北", "Other windows"]
        assert all(panel.size.rows >= 2 for panel in panels)
        assert display.page.view.readable_m() > 3.5
    room = QRectF(48, 84, 1824, 846)
    for count, columns in ((1, 1), (2, 1), (2, 2), (3, 2), (5, 3), (9, 3)):
        places = [
            (QRectF(*place.title), QRectF(*place.rows))
            for place in measures.zone_grid(count, columns, texts.box_from_rect(room))
        ]
        assert len(places) == count
        assert all(room.contains(part) for place in places for part in place)
        assert not any(one.intersects(other) for (_, one), (_, other) in combinations(places, 2))


@pytest.mark.parametrize("layout", ["standard", "calls", "portrait", "zones"])
def test_every_layout_draws_on_every_screen_and_an_emergency_takes_it(make_display, layout: str) -> None:
    display = lay_out(make_display, layout, SCREENS[0])
    display.call("1")
    view = display.page.view
    for size in SCREENS if layout == "standard" else SCREENS[:-1]:
        picture = resized(display, size).picture()
        assert (picture.width(), picture.height()) == size
        fresh = view.rect_from_canvas(view.panels[0].row_rect(0))
        at = round(fresh.right() - 30 * view.canvas_scale()), round(fresh.bottom() - 22 * view.canvas_scale())
        assert picture.pixelColor(*at).name() == "#ffc93c", size
    assert display.shown, "the call was painted"
    resized(display, UPRIGHT if layout == "portrait" else WIDE)
    put(display.page, LEAVE, emergency=True, text_en="Please leave by the nearest exit")
    told = ("Emergency", "Please leave by the nearest exit", LEAVE, "Calls continue")
    assert view.emergency == display_words.EmergencyText(*told)
    assert alarm_share(display) > 0.5
    display.speak("zh_CN")
    shown = view.emergency
    assert (shown.head, shown.text, shown.second) == ("紧急通知", LEAVE, "Please leave by the nearest exit")


def test_rows_follow_from_millimetres_and_distance() -> None:
    """A 65-inch screen read from ten metres has three rows with capitals of 122 mm."""
    assert measures.min_capital_height_mm(10) == pytest.approx(122.2, abs=0.1)
    for width, height in ((1366, 768), (1920, 1080), (3840, 2160)):
        assert measures.mm_per_px(1439.0, width, height) == pytest.approx(0.7495, abs=0.001), "not in pixels"
    assert measures.mm_per_px((1439, 809), 1920, 1080) == pytest.approx(0.749, abs=0.001)
    mm = measures.mm_per_px(None, 1920, 1080)
    needed = measures.min_readable_font_px(10, mm)
    size = measures.fitting_row_count_and_size(needed, 1000, 774)
    assert (needed, size.rows) == (pytest.approx(224, abs=1), 3)
    assert measures.readable_distance_m(size.font, mm) >= 10
    assert measures.fitting_row_count_and_size(224, 190, 774).font <= 190, "a wide row makes all rows smaller"
    for distance_m, rows in ((30, 1), (16, 1), (14, 2), (10, 3), (7, 4), (5.5, 5), (4, 6), (1, 6)):
        size = measures.fitting_row_count_and_size(measures.min_readable_font_px(distance_m, mm), 1000, 774)
        assert size.rows == rows
        assert size.rows * size.height + (size.rows - 1) * measures.GAP_PX == pytest.approx(774)


def said(display: Display) -> set[str]:
    """Return what two minutes of the strip say."""
    found = set()
    for _ in range(24):
        display.pass_time(seconds=5)
        found.add(display.page.view.strip.text)
    return found


@pytest.mark.parametrize("layout", ["standard", "order"])
def test_no_display_tells_customers_that_a_wait_is_longer_than_told_but_special_hours_a_week_ahead(
    make_display, layout
):
    display = make_display(slides=False, layout=layout)
    row = {"kind": "special", "from": "8:30", "to": "15:00", "text": "员工培训", "text_en": "Staff training"}
    set_calendar_days(display.hall.desk, display.hall.ask(), {"2026-11-27": row, "2026-11-28": row})
    display.hall.queue("A", "A", "A")
    display.hall.clock.move(minutes=display.hall.ticket("A003").promise.high + 5)
    display.follow()
    state = display.page.controller.hall_state
    why = why_not_called_now_sentence(state, display.hall.ticket("A003"), display.hall.clock())
    assert "“no wait” was quoted" in why
    told = said(display)
    assert told != {""}
    assert [text for text in told for word in ("told", "longer", "quoted") if word in text] == []
    noted = [text.replace("\u2060", "") for text in told if "Please note" in text]
    words = "Please note: Fri 27 Nov: open 8:30–15:00 only (Staff training)"
    assert noted == [words] * (layout == "standard"), "the day after is more than a week away"


def usual(text: str) -> float:
    return reading_time_s(text, SETUP)


def test_each_has_its_time_5_seconds_and_0_3_per_character_unless_the_hall_is_slower_and_then_the_next_comes():
    assert [usual("缴" * length) for length in (1, 10, 20, 100)] == pytest.approx([8, 8, 11, 35])
    slow = setup_from_document(simple_setup(settings={"notice_s": 10, "notice_100_s": 50}))
    assert [reading_time_s("缴" * length, slow) for length in (1, 100)] == pytest.approx([13, 60])
    for rule in ({"notice_s": 4}, {"notice_100_s": 29}):
        with pytest.raises(RuleError):
            check_and_read_setup(simple_setup(settings=rule))
    rotation = TimedRotation[str](usual)
    rotation.set_items(["short", "a" * 50])
    seen = []
    for second in range(40):
        rotation.advance_if_due(at("10:00") + timedelta(seconds=second))
        seen.append(rotation.current_index)
    assert seen == [0] * 8 + [1] * 20 + [0] * 8 + [1] * 4
    rotation = TimedRotation[str](usual)
    rotation.set_items(["a", "b"])
    rotation.advance_if_due(at("10:00"))
    rotation.advance_if_due(at("10:00:08"))
    rotation.set_items(["c", "a", "b"])
    assert rotation.current_item() == "b", "what is being read stays when others come"
    rotation.set_items(["alone"])
    assert not any(rotation.advance_if_due(at("10:01") + timedelta(seconds=s)) for s in range(60))


def put(page: DisplayPage, text: str, /, **words: Any) -> None:
    """Let the hall have a notice from now on, as the log would bring it."""
    state, now = page.controller.hall_state, page.context.clock()
    about = {"text_en": "", "zone": None, "until": None, **words}
    notice = PushedNotice(seq=len(state.pushed) + 900, date=now.date(), text=text, since=now, **about)
    state.pushed.append(notice)
    page.tick(now)


LEAVE = "请从最近的出口离开"


def alarm_share(display: Display) -> float:
    picture = display.picture()
    places = [*product(range(20, picture.width(), 40), range(20, picture.height(), 40))]
    return sum(picture.pixelColor(x, y) == ALARM for x, y in places) / len(places)


def test_an_emergency_is_over_a_slide_and_a_closed_hall_and_calls_go_on_below_for_who_is_on_the_way(display: Display):
    view = display.page.view
    display.picture()
    assert view.slide is not None
    put(display.page, LEAVE, emergency=True)
    assert view.slide is None
    display.page.controller.hall_state.pushed.clear()
    display.picture()
    assert view.slide is not None and view.emergency is None
    put(display.page, LEAVE, emergency=True)
    display.call("1")
    display.until(lambda: bool(display.shown))
    strip, picture = view.up_to_date_layout.calls_strip, display.picture()
    assert (view.emergency.text, view.emergency.second) == (LEAVE, ""), "in one language it is said once"
    colours = {picture.pixelColor(x, round(strip.bottom()) - 30).name() for x in range(60, 500, 10)}
    assert HALL.fresh.lower() in colours, "the fresh call is amber in the strip"
    display.call("2")
    display.play("start 1")
    display.pass_time(seconds=30)
    assert {"A001", "A002"} & display.words() == {"A002"}
    display.play("start 2")
    assert not {"A002", "Calls continue"} & display.words()
    display.play("finish 1", "finish 2")
    display.page.controller.hall_state.pushed.clear()
    display.hall.clock.move(hours=9)
    display.picture()
    assert view.closed is not None
    put(display.page, LEAVE, emergency=True)
    assert alarm_share(display) > 0.5


def strip(display: Display) -> tuple[str, str, bool]:
    """Return what the strip says, its place among others, and whether it was pushed."""
    shown = display.page.view.strip
    return shown.text, shown.place, shown.pushed


def test_a_pushed_notice_is_shown_at_once_and_alone_for_its_time_or_until_it_is_withdrawn(display: Display) -> None:
    display.picture()
    before = strip(display)
    assert not before[2]
    display.meanwhile("push", "十分钟后恢复", text_en="Back in ten minutes", minutes=10)
    assert strip(display) == ("Back in ten minutes", "", True)
    display.speak("zh_CN")
    assert strip(display)[0] == "十分钟后恢复", "it speaks the station's language"
    display.call("1")
    assert [label for label, _window, fresh in display.rows() if fresh] == ["A001"], "a call keeps its place above it"
    display.pass_time(minutes=9, seconds=59)
    assert strip(display) == ("十分钟后恢复", "", True), "the notices of the set-up wait"
    display.speak("en")
    display.pass_time(seconds=1)
    assert strip(display)[::2] == before[::2], "its time ends it without an event"
    later = display.hall.clock() + timedelta(minutes=5)
    put(display.page, "停电演习", begins=later, until=later + timedelta(minutes=2))
    seen = [strip(display)[2]]
    for minutes in (5, 2):
        display.pass_time(minutes=minutes)
        seen.append(strip(display)[2])
    assert seen == [False, True, False], "one waits for its time"
    before = strip(display)
    for verb in ("withdraw", "day-end"):
        seq = display.meanwhile("push", "停电演习")["seq"]
        assert strip(display)[2]
        display.meanwhile(verb, *([seq] if verb == "withdraw" else []))
        assert strip(display)[::2] == before[::2], verb


def test_those_of_a_zone_or_one_display_are_there_alone_the_newest_first_and_in_turns(make_display, hall: Hall):
    specs = looking.setup_of_hall(hall.desk).windows.values()
    (one, one_en), (other, _other_en) = dict.fromkeys((spec.zone, spec.zone_en) for spec in specs)
    for zone, here in ((one, True), (one_en, True), (other, False)):
        display = make_display(zone=zone)
        pushed = display.meanwhile("push", "请到这边", zone=one_en)["seq"]
        assert strip(display)[2] is here, zone
        display.meanwhile("withdraw", pushed)
    display.call("1", "2")
    assert display.rows() == [("A002", "2", True)], "of the other zone"
    page = make_display(display="display-2").page
    for name, here in (("display-3", False), ("display-2", True), ("Display-2", True)):
        put(page, "停电演习", display=name)
        assert page.view.strip.pushed is here, name
        page.controller.hall_state.pushed.clear()
        page.tick(page.context.clock())
    display = make_display()
    display.meanwhile("push", "一")
    display.meanwhile("push", "二", zone=display.page.controller.setup.windows["1"].zone)
    assert strip(display)[:2] == ("二", "1 / 2"), "of a zone, where all windows are shown"
    assert strip(make_display())[0] == "二", "a display that starts later shows it too"
    display.page.tick(display.hall.clock())
    display.pass_time(seconds=8)
    assert strip(display)[:2] == ("一", "2 / 2")
    display.meanwhile("push", "三")
    assert strip(display)[:2] == ("三", "1 / 3")


SHAPES = {f"{wide}x{high}": Shape(wide, high, theme=HALL) for wide, high in (WIDE, (1366, 768), (1024, 768))}
ORDERS = {"1366x768": SHAPES["1366x768"], "1024x768": Shape(1024, 768, theme=HALL, languages=("en",))}
LOOKS = {measures.STANDARD: SHAPES, measures.ORDER: SHAPES if SEES_ALL else ORDERS}
LOOKS[measures.PORTRAIT] = {"upright": Shape(768, 1366, theme=HALL)}


@pytest.mark.parametrize("layout", LOOKS)
def test_every_state_is_whole_in_every_layout(make_display, layout: str) -> None:
    display = make_display(layout=layout)
    page = display.page
    sights = Sights(page, page.context.look, typed_words(page.context.feed.setup), LOOKS[layout])
    sights.take("nobody")
    display.hall.queue(*"AAABBCD")
    for window in "1234":
        display.play(f"call {window}")
        display.pass_time()
        if window == "4" or layout == measures.PORTRAIT:
            sights.take(f"called to {window}")
    notice = "今天系统检修，15:00 以后请先用手机办理，谢谢您的理解"
    page.show_hall_away(display.hall.clock())
    display.meanwhile("push", notice, text_en="Works on the system from 15:00", who=MANAGER)
    sights.take("a notice, away")
    page.show_hall_away(None)
    display.meanwhile("emergency", EMERGENCY, text_en=EMERGENCY_EN, who=MANAGER)
    sights.take("emergency")
    display.meanwhile("end-emergency", who=MANAGER)
    display.pass_time(hours=9)
    sights.take("closed")
    sights.must_be_whole()


@pytest.mark.parametrize(
    "name",
    [
        "East City Power Service Hall",
        "The Regional Transport and Vehicle Registration Office, East",
        "城东区政务服务中心社会保险与医疗保障综合业务办理大厅（人民路分厅）",
        "永" * LONGEST_NAME,
    ],
)
def test_an_upright_display_says_the_name_of_its_hall_whole(make_display, name: str) -> None:
    display = resized(make_display(layout="portrait", slides=False), UPRIGHT)
    for badge in ("", "No sound: please watch this screen"):
        head = display_words.DisplayHeadText(name, "Wednesday 30 September", "10:30", badge)
        display.page.view.set_head(head)
        words = [word for word in drawn(display.page).words if word.box.bottom() < 125]
        assert "".join(word.text for word in words).replace(" ", "") == f"10:30{head.day}{badge}{name}".replace(" ", "")
        assert all(word.whole == word.text for word in words)
        boxes = [word.box for word in words]
        assert not any(one.intersects(other) for one, other in combinations(boxes, 2)), "nothing lies over another"


STANDARD = texts.layout_for_screen("standard", 1920, 1080)
FRESH, DARK, WHITE = QColor(HALL.fresh), QColor(HALL.surface), QColor(HALL.ink)
FEW_CALLS_ON = [UPRIGHT, WIDE, (1366, 768), (1024, 768)]


def ground(picture: QImage, row: int, rows: int = 3) -> QColor:
    """Return the colour of a row's ground, beside its number."""
    high = (STANDARD.rows.height() - (rows - 1) * 16) / rows
    y = STANDARD.rows.top() + row * (high + 16) + high - 22
    return picture.pixelColor(round(STANDARD.rows.left() + 30), round(y))


def test_a_call_is_amber_and_framed_until_20_seconds_have_passed(display: Display):
    hall = display.hall
    assert display.page.view.empty == "Your number will appear here when it is called"
    hall.queue(*"AA")
    display.call("1")
    fresh = display.picture()
    hall.clock.move(seconds=19.9)
    assert ground(display.picture(), 0) == FRESH
    hall.clock.move(seconds=0.1)
    dark = display.picture()
    assert (ground(fresh, 0), ground(dark, 0)) == (FRESH, DARK)
    assert (fresh.pixelColor(51, 200), dark.pixelColor(51, 200)) == (WHITE, DARK)
    display.play(1 / 6, "call 2")
    display.play(0.5, "recall 1")
    assert display.rows() == [("A001", "1", True), ("A002", "2", False)], "a recall is amber again"
    hall.clock.move(seconds=0.5)
    display.play("call 3")
    picture = display.picture()
    assert display.rows() == [("A003", "3", True), ("A001", "1", True), ("A002", "2", False)]
    assert [ground(picture, row) for row in (0, 1)] == [FRESH, FRESH], "two within a second"
    display.play("day-end")
    assert display.rows() == [], "the day's end takes the calls away"


def blinks(display: Display, label: str) -> int:
    motion, key = display.page.view.panels[0].motion, (at("10:00").date(), label)
    frames = [motion.is_call_frame_visible(key, True)]
    while (blinker := motion.findChild(QTimer)).isActive():
        blinker.timeout.emit()
        frames.append(motion.is_call_frame_visible(key, True))
    assert frames[-1]
    return frames.count(False)


def test_a_new_row_is_readable_from_its_first_frame_and_slides_to_its_place_and_at_rest_nothing_runs(make_display):
    display = make_display(still=False)
    display.hold_still()
    display.hall.queue("A")
    display.call("1")
    display.play("call 2")
    motion = display.page.view.panels[0].motion
    slides = motion.findChildren(QVariantAnimation)
    first, second = ((at("10:00").date(), label) for label in ("A001", "A002"))
    for ends, place, entry_offset_px in ((False, 0, panels.SLIDE_PX), (True, 1, 0)):
        for one in slides:
            one.setCurrentTime(one.duration() if ends else 0)
        assert motion.fractional_row_position(second) == 0
        assert motion.fractional_row_position(first) == pytest.approx(place)
        assert motion.entry_offset_px(second) == pytest.approx(entry_offset_px)
    assert blinks(display, "A002") == 3, "as usual on a PC without a voice"
    display.call("3")
    assert display.page.view.is_moving()
    for one in motion.findChildren(QVariantAnimation):
        one.setCurrentTime(one.duration())
    assert blinks(display, "A003") == 3
    while display.page.view.flash.is_running:
        display.page.view.flash.findChild(QTimer).timeout.emit()
    display.until(lambda: not display.page.view.is_moving())
    running = QVariantAnimation.State.Running
    assert all(one.state() != running for one in display.page.findChildren(QVariantAnimation))
    status = [voice(last=None)]
    heard = make_display(still=False, services=StationServices(voice_status=lambda: status[-1]))
    heard.hold_still()
    cases = ("4", voice(), 3), ("5", voice(last=False), 6), ("6", voice(last=None, speaks=False), 3)
    for window, now, times in cases:
        status.append(now)
        heard.call(window)
        assert blinks(heard, f"A00{window}") == times, "longer for a call nobody hears"


def test_a_call_is_painted_before_anything_else_is_worked_out_and_nothing_between_it_and_the_edge(make_display):
    display = make_display(still=False, slides=False)
    view, shown = display.page.view, []
    display.page.controller.hall_changed.connect(lambda: shown.append([*display.shown]))
    display.call("1")
    assert shown[-1] == [event.seq for event in display.log("call")]
    painted: list[str] = []
    view.paint_canvas = lambda painter: painted.extend(
        name for name in ("head", "strip", "lines", "rows") if view.is_painting(getattr(STANDARD, name))
    )
    display.until(lambda: not view.is_moving())
    painted.clear()
    for side in view.flash.edge_rects(STANDARD.canvas):
        view.repaint_canvas_rect(side)
    view.repaint_canvas_rect(view.panels[0].row_rect(0))
    display.until(lambda: bool(painted))
    assert "rows" in painted and "lines" not in painted


def test_the_clock_alone_repaints_only_the_head_and_the_number_stays_readable_on_every_screen(make_display):
    display = make_display(slides=False)
    view = display.page.view
    for size in ((1366, 768), (3840, 2160), (1920, 1080)):
        display.page.resize(*size)
        display.until(lambda size=size: view.width() == size[0])
        assert view.row_count() == 3 and view.readable_m() >= 10
    before = view.readable_m()
    display.hall.do("add-row", "windows", {"code": "123", "name": "123", "zone_en": "left", "services": ["A"]})
    display.until(lambda: view.readable_m() < before)  # A window of three digits shrinks every row alike.
    display.hall.clock.now = at("10:41:57")
    display.picture()
    painted: list[QRectF] = []
    view.repaint_canvas_rect = lambda rect: painted.append(QRectF(rect))
    display.pass_time(seconds=3)
    assert painted == [STANDARD.head]


def test_notices_take_turns_and_one_that_is_over_never_shows(display: Display):
    view = display.page.view
    display.picture()
    first = view.strip
    display.pass_time(seconds=40)
    assert (first.place, view.strip.place, view.strip.text != first.text) == ("1 / 3", "2 / 3", True)
    today, tomorrow = "2026-11-20", "2026-11-21"
    for dates in ({"to": "2026-11-19"}, {"from": tomorrow}, {"from": today, "to": today}):
        display.meanwhile("add-row", "notices", {"text": "缴费", **dates})
    assert view.strip.place.endswith("/ 4")


def test_each_call_is_reported_once_and_papers_are_shown_only_while_it_is_quiet(display: Display):
    def has_slide() -> bool:
        display.picture()
        return display.page.view.slide is not None

    display.hall.queue("A")
    assert has_slide()
    display.call("1")
    assert display.page.view.slide is None
    assert ground(display.picture(), 0) == FRESH
    display.hall.clock.move(minutes=5)
    assert not has_slide(), "the customer is still on the way"
    display.play("start 1")
    assert has_slide()
    display.hall.call("2")
    calls = [event.seq for event in display.log("call")]
    display.until(lambda: len(display.shown) == 2)
    display.page.view.repaint()
    assert display.shown == calls


def test_a_closed_hall_says_so_and_one_that_is_away_keeps_its_picture(display: Display):
    view = display.page.view
    display.hall.clock.now = at("17:45")
    display.picture()
    assert view.closed.title == "We are closed for today"
    display.hall.clock.now = at("10:31")
    display.call("1")
    assert view.closed is None
    display.page.show_hall_away(at("10:42"))
    assert display.rows() == [("A001", "1", True)]
    assert "10:42" in view.strip.text and view.strip.trouble
    display.page.show_hall_away(None)
    assert not view.strip.trouble
    assert view.head.day == "Friday 20 November"
    display.speak("zh_CN")
    assert (view.head.day, view.lines.title) == ("11月20日 星期五", "等候人数"), "the language changes while it runs"


def follow(hall: Hall, rows: measures.LatestWindowCalls, since: int = 0) -> list[str]:
    state = looking.hall_state_now(hall.desk, hall.clock())
    return [
        row.label
        for row in rows.apply_events_and_list_calls(looking.events_after(hall.desk, since), hall.clock(), state)
    ]


def known(hall: Hall) -> list[measures.LatestWindowCalls]:
    """Return the rows of a display that followed the log, and of one that begins now."""
    followed, begun = measures.LatestWindowCalls(), measures.LatestWindowCalls()
    follow(hall, followed)
    begun.rebuild_from_state(looking.hall_state_now(hall.desk, hall.clock()))
    return [followed, begun]


def shown(hall: Hall, rows: measures.LatestWindowCalls, n: int = 3) -> tuple[str, str]:
    """Return the numbers that have a large row, and those that stand in the small line."""
    large, earlier = (" ".join(row.label for row in part) for part in rows.large_and_earlier_rows(n, hall.clock()))
    return large, earlier


SECOND, LONG = 1 / 60, 0.5
SIX_CALLS = [
    deed for call in ("call 1", "call 2", "recall 1", *(f"call {n}" for n in "3456")) for deed in (call, SECOND)
]
FOUR, WENT_ASIDE = ["issue A"] * 4, ["call 1", "start 1", "park 1 reason=copying"]
AWAY = ("miss 1", "return 1 reason=wrong_number", "redirect B window=1", "transfer 1 B", "leave A001")
AWAY += ("void A001 reason=mistake", "start 1, add 1 B, finish 1")
"""What takes away who need not come any more."""


def called_each(minutes: float) -> list[str | float]:
    return [*FOUR, *(deed for window in "1234" for deed in (f"call {window}", minutes))]


@pytest.mark.parametrize(
    ("story", "large_rows", "wanted"),
    [
        *((["issue A", "issue A", "call 1", "call 2", *away.split(", ")], 3, ("A002", "")) for away in AWAY),
        # The newest is on top, three go on in the small line, and a recall moves its row up.
        ([*FOUR, *SIX_CALLS[:6]], 3, ("A001 A002", "")),
        ([*FOUR, *FOUR, *SIX_CALLS, "finish 1", "call 1"], 3, ("A007 A006 A005", "A004 A003 A002")),
        # Who was served stays, after whoever may still be coming.
        (
            [*called_each(SECOND), "start 1", "finish 2", "start 4", "park 4 reason=copying"],
            4,
            ("A003 A001 A004 A002", ""),
        ),
        ([*called_each(LONG), "start 2", "start 3", "start 4", "finish 4"], 2, ("A001 A003", "A002 A004")),
        # No two rows name one window.
        ([*FOUR, *WENT_ASIDE, SECOND, "call 2", SECOND, "call 1", SECOND, "finish 1", "call 1"], 3, ("A004 A002", "")),
        # Nobody is called who stands at the window already.
        (["serve 1 A"], 3, ("", "")),
    ],
)
def test_who_is_called_and_who_was_served_share_the_rows(hall, story, large_rows, wanted):
    hall.play(*story)
    assert [shown(hall, rows, large_rows) for rows in known(hall)] == [wanted] * 2


def test_a_finished_visit_goes_60_seconds_after_its_end(hall: Hall):
    hall.play("issue A", "issue A", "call 1", "start 1", SECOND, "call 2", "start 2", SECOND, 5, "finish 2")
    displays, seq = known(hall), hall.length()
    for seconds, deeds, large in ((59.9, (), "A001 A002"), (0.1, (), "A001"), (0, ("reopen 2",), "A002 A001")):
        hall.clock.move(seconds=seconds)
        hall.play(*deeds)
        for rows in displays:
            follow(hall, rows, seq)
            assert shown(hall, rows) == (large, "")


@pytest.fixture
def ordered(make_display) -> Display:
    """A002 and A003 wait behind A001, A004 has priority, B001 is being called."""
    made = make_display(layout=measures.ORDER, slides=False)
    made.page.resize(1920, 1080)
    made.play("issue B", 1, "issue A", 1, "issue A", 1, "issue A", 1, "call 3", "issue A klass=elderly")
    return made


def columns(ordered: Display) -> dict[str, display_words.OrderListColumn]:
    state = ordered.page.controller.hall_state
    found = display_words.order_list_columns(state, ordered.hall.clock(), ordered.page.controller.services_in_zone())
    return {column.letter: column for column in found}


def test_the_list_follows_the_true_order_with_its_rule_and_shows_no_call_but_the_number_in_amber(ordered: Display):
    """It says who is next, not where to go: a call that only this screen had was not shown."""

    def told() -> str:
        ordered.page.tick(ordered.hall.clock())
        return ordered.page.view.strip.text

    shown = columns(ordered)
    assert shown["B"].called == (("B001", True),)
    wanted = [("A004", True), ("A001", False), ("A002", False), ("A003", False)]
    assert [(one.label, one.priority) for one in shown["A"].next] == wanted
    state, now = ordered.page.controller.hall_state, ordered.hall.clock()
    assert told() == display_words.order_list_strip_texts(state, now, frozenset())[0]
    assert "one call in 3" in told()
    ordered.meanwhile("set-setting", "jump_every", 5)
    assert "one call in 5" in told()
    assert [ordered.hall.call(window) for window in "1245"] == [label for label, _priority in wanted]
    ordered.follow()
    assert told() == "Within each service, numbers are called in this order.", "nobody with priority waits"
    picture, view = ordered.picture(), ordered.page.view
    box = view.rect_from_canvas(panels.equal_boxes_in_room(4, view.up_to_date_layout.order)[1])
    across, down = range(round(box.left()), round(box.right()), 3), range(round(box.top()), round(box.center().y()), 3)
    assert any(picture.pixelColor(x, y).name() == "#ffc93c" for x, y in product(across, down))
    assert ordered.shown == []
    ordered.play(*["issue A"] * 30)
    assert len(columns(ordered)["A"].next) == 30
    assert ordered.picture() != picture, "what has no room is counted"
    assert view.readable_m() > 0


def marks(ordered: Display, letter: str) -> dict[str, tuple[str, str]]:
    column = columns(ordered)[letter]
    return dict(zip([one.label for one in column.next], column.marks, strict=True))


def test_who_may_go_first_has_a_sign_and_the_strip_says_what_it_means(ordered: Display) -> None:
    hall = ordered.hall
    hall.do("set-row", "staff", "C3", {"languages": ["English"]})
    hall.do("set-row", "windows", "2", {"quick": True})
    hall.do("set-row", "services", "A", {"handling_target": 3})
    hall.do("set-row", "services", "B", {"handling_target": 20})
    hall.do("set-setting", "language_first", "on")
    ordered.play("issue A", "issue B", "issue A speaks=English", "issue B speaks=English")
    short = dict.fromkeys(["A001", "A002", "A003", "A005", "A006"], ("clock", "short"))
    assert marks(ordered, "A") == {"A004": ("person", "priority"), **short}
    assert [*marks(ordered, "B").values()] == [("", ""), ("language", "language")]
    told = set()
    for _ in range(30):
        ordered.pass_time(seconds=5)
        told.add(ordered.page.view.strip.text)
    assert (
        "priority: may go ahead of earlier numbers · short: a quick window may take it first · "
        "language: a window of its language may take it first"
    ) in told
    # A number that let another go first says so.
    ordered.play("leave B002", "leave B003", "issue B", "issue B", "postpone B004")
    assert marks(ordered, "B") == {"B005": ("", ""), "B004": ("undo", "moved")}
    assert len(columns(ordered)) >= 4
    assert "moved" in ordered.words(), "beside the sign, in a narrow column too"


def with_calls(make_display: Callable[..., Display], size: tuple[int, int], calls: int) -> Display:
    display = make_display(slides=False)
    display.page.resize(*size)
    display.hall.queue(*"AAABBBCCD")
    call_to(display, "123456"[:calls])
    return display


def call_to(display: Display, windows: str) -> None:
    display.play(*(f"call {window}" for window in windows))
    display.page.tick(display.hall.clock())


def most_blank(seen: Drawn, *, right: int) -> float:
    """Return the share of the screen's height, left of `right`, in which nothing is drawn in one piece."""
    shades = seen.shades
    blank = (shades[4:-4:4, 0:right:6] == shades[2, 2]).all(axis=1)
    return max((4 * len(list(run)) for is_blank, run in groupby(blank) if is_blank), default=0) / len(shades)


@pytest.mark.parametrize("size", FEW_CALLS_ON)
def test_few_calls_fill_a_screen_and_nothing_is_cut_at_any_number_of_them(make_display, size: tuple[int, int]) -> None:
    display = with_calls(make_display, size, 0)
    view, typed = display.page.view, typed_words(display.page.context.feed.setup)
    heights: list[float] = []
    """How high the newest call's number is drawn, in px of the screen."""
    for calls in range(7):
        call_to(display, str(calls) if calls else "")
        seen = drawn(display.page)
        assert [*cut(seen, typed), *overlapping(seen)] == [], f"{calls} calls"
        if calls:
            heights.append(max(word.box.height() for word in seen.words if word.text == view.all_call_rows()[0].label))
        if size == UPRIGHT:
            assert most_blank(seen, right=1080) < 0.1, f"{calls} calls"
        if size == UPRIGHT and 1 <= calls <= 4:  # how long the wait is
            waits = {line.wait for line in view.lines.lines if line.is_told}
            assert len(view.lines.lines) == 4
            assert waits and waits <= {word.text for word in seen.words}, f"{calls} calls"
        if size == WIDE and calls == 1:
            assert most_blank(seen, right=1270) < 0.1
    # Few are no smaller than many, and one is far larger.
    assert min(heights[:4]) >= heights[-1] - 1
    assert min(heights[: 2 if size == UPRIGHT else 1]) >= 1.5 * heights[-1]


def test_calls_leave_room_for_waits_where_they_stay_as_large_as_their_windows_and_services_have_boxes(qapp) -> None:
    full = measures.fitting_row_count_and_size(100, 190, 1268)

    def fonts(left_px: float) -> list[float]:
        room = {"leaves_room": True, "left_px": left_px}
        return [measures.enlarged_row_size(full, calls, 1268, 190, 325, **room).font for calls in range(1, 5)]

    whole = fonts(0)
    assert fonts(184)[1] < whole[1] and fonts(184)[1] > 1.5 * 190
    assert fonts(500)[1] == 190
    for px in (184, 500, 800, 1200):
        assert all(left >= min(size, 190) for left, size in zip(fonts(px), whole, strict=True))
    assert fonts(1200)[1:] == whole[1:]
    # Rows have few sizes.
    sizes = [measures.enlarged_row_size(full, calls, 1268, 190, 325, leaves_room=True) for calls in range(9)]
    assert [size.rows for size in sizes] == [1, 1, 2, 3, 4, 6, 6, 6, 6]
    assert [size.stacked for size in sizes] == [True, True, True, *[False] * 6]
    assert [size.font for size in sizes] == sorted((size.font for size in sizes), reverse=True)
    assert all(size.used_height <= 1268.01 for size in sizes)
    # Every service has a box of its own size, and those at windows are drawn smaller before one is counted.
    for shape, count in product((WIDE, UPRIGHT), (1, 2, 4, 5, 6, 9, 12)):
        room = texts.layout_for_screen(measures.ORDER, *shape).order
        boxes = panels.equal_boxes_in_room(count, room)
        assert len(boxes) == count
        assert all(room.adjusted(-1, -1, 1, 1).contains(box) for box in boxes)
        assert not any(one.intersects(other) for one, other in combinations(boxes, 2))
        assert panels.order_number_font_px(count, room) >= 44
    room = texts.layout_for_screen(measures.ORDER, *WIDE).order
    width = panels.equal_boxes_in_room(4, room)[0].width() - 2 * 32 - 62
    for many, shown in ((0, 0), (2, 2), (3, 3), (4, 2), (9, 2)):
        labels = [f"A{n:03}" for n in range(1, many + 1)]
        assert panels.called_font_px_and_count(labels, width, Look(HALL))[1] == shown


def test_nothing_grows_while_somebody_looks_for_a_call(make_display) -> None:
    display = with_calls(make_display, UPRIGHT, 3)
    view = display.page.view
    size = view.panels[0].size
    display.play("start 2", "finish 2", "start 3", "finish 3")
    display.hall.clock.move(seconds=measures.GONE_AFTER.total_seconds())
    call_to(display, "4")
    assert (len(display.rows()), view.panels[0].size) == (2, size), "a call is fresh"
    lines, silent = view.lines, replace(view.lines, waits="")
    view.set_waiting_lines(silent)
    assert view.panels[0].size == size, "nor when the waits change"
    view.set_waiting_lines(lines)
    display.pass_time(seconds=measures.FRESH_FOR.total_seconds())
    grown = view.panels[0].size
    assert grown.font > size.font
    view.set_waiting_lines(silent)
    assert view.panels[0].size.font > grown.font


def test_a_closed_hall_says_when_it_opens_a_holiday_names_itself_and_a_window_is_said_as_the_language_does(hall: Hall):
    for language, wanted in (("en", ("3", "Window", "", "left, area A")), ("zh_CN", ("3", "", "号窗口", "左侧 A 区"))):
        i18n.choose_language(language)
        window = window_label_for_customers(looking.setup_of_hall(hall.desk), "3")
        assert (window.number, window.before, window.behind, window.zone) == wanted
        assert (window.arrow, window.has_arrow_last) == ("left", False)
    i18n.choose_language("en")
    hall.do("set-row", "windows", "3", {"code": "3", "name": "收费处", "name_en": "Cashier", "services": ["A"]})
    window = window_label_for_customers(looking.setup_of_hall(hall.desk), "3")
    assert (window.number, window.word_for_window) == ("Cashier", "")

    def closed(time: str) -> tuple[str, str, str] | None:
        found = display_words.closed_hall_text(looking.hall_state_now(hall.desk, at(time)), at(time))
        return found and (found.title, found.opens, found.why)

    assert closed("17:45") == ("We are closed for today", "Open tomorrow 8:30", "")
    assert closed("7:00") == ("Not open yet", "Open today 8:30", "")
    assert closed("10:42") is None
    row = {"kind": "holiday", "text": "国庆节", "text_en": "National Day"}
    set_calendar_days(hall.desk, hall.ask(), {"2026-11-20": row, "2026-11-21": row})
    assert closed("10:42") == ("Closed today", "Open Sunday 8:30", "National Day")
    set_calendar_days(hall.desk, hall.ask(), {"2026-11-20": None, "2026-11-21": None})
    for code in "ABCD":
        weekdays = [{"days": "1-5", "from": "08:30", "to": "17:30"}]
        hall.do("set-row", "services", code, {"code": code, "hours": weekdays})
    assert closed("18:00")[:2] == ("We are closed for today", "Open Monday 8:30")
    hall.queue("A")
    assert closed("17:45") is None, "nobody is sent home while one waits"


def test_who_waits_is_counted_by_service_and_no_wait_promised_without_tickets(hall: Hall):
    def lines(services: str, time: str = "10:30") -> tuple[list[tuple[str, str, str]], int]:
        state = looking.hall_state_now(hall.desk, at(time))
        found, total = display_words.waiting_line_texts_and_total(state, at(time), frozenset(services))
        return [(line.letter, line.count, line.wait) for line in found], total

    assert lines("A", "17:10")[0][0][2] == "No more tickets today"
    hall.queue("A", "A", "C")
    found, total = lines("ABCD")
    assert [line[:2] for line in found] == [("A", "2"), ("B", "0"), ("C", "1"), ("D", "0")]
    assert (total, found[0][2]) == (3, "no wait"), "a window is free for each of them"
    message = {"message": "请上二楼", "message_en": "Upstairs, please"}
    hall.do("set-row", "services", "D", message)
    hall.issue("B")
    hall.do("set-row", "services", "B", {"quota": 1})
    found, _total = lines("BCD")
    assert [line[0] for line in found] == ["B", "C"], "a service that gives no tickets has no line"
    assert found[0][2] == "No more tickets today"
    hall.do("set-row", "services", "A", message)
    assert lines("A")[0] == [("A", "2", "No ticket needed")], "who waits there is still counted"


def test_slides_name_the_papers_of_favourite_items_and_tell_hours_and_fees(hall: Hall):
    def slides(services: str) -> list[Any]:
        return hall_text_slides(looking.setup_of_hall(hall.desk), frozenset(services), hall.clock())

    def told(title: str) -> tuple[str, list[str]]:
        (slide,) = [slide for slide in slides("AB") if slide.title == title]
        return slide.service, slide.text.replace("\u2060", "").splitlines()

    i18n.choose_language("zh_CN")
    first = slides("B")[0]
    assert (first.service, first.title) == ("B 业务办理", "更名过户，请带这四样")
    papers = ["新户主身份证", "房产证或购房合同", "原户主身份证", "电费已结清"]
    assert [paper.name for paper in first.papers] == papers
    i18n.choose_language("en")
    every_day = "Every day 8:30–17:30, last ticket 17:00"
    assert told("When to take a ticket")[1] == [every_day]
    hall.do("set-row", "services", "B", {"fees": "不收费", "fees_en": "Free of charge"})
    hours = [{"days": "1-5", "from": "8:30", "to": "12:00"}, {"days": "1-5", "from": "13:30", "to": "17:30"}]
    hall.do("set-row", "services", "A", {"hours": hours, "fees": "", "fees_en": ""})
    assert told("What it costs") == ("B Account services", ["Free of charge"])
    weekdays = "Mon–Fri 8:30–12:00, 13:30–17:30, last ticket 17:00"
    lines = ["A Pay a bill", weekdays, "B Account services", every_day]
    assert told("When to take a ticket") == ("East City Power Service Hall", lines)
