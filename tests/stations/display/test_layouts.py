"""How the display is laid out in its shapes, what turns over on it, and an emergency."""

from datetime import timedelta
from itertools import combinations, product
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor

from queuedesk.core.errors import RuleError
from queuedesk.core.setup.field_kinds import LONGEST_NAME
from queuedesk.core.setup.file import check_and_read_setup, setup_from_document
from queuedesk.core.talk import display as measures
from queuedesk.core.talk.display import reading_time_s
from queuedesk.core.talk.remarks import PushedNotice
from queuedesk.desk import looking
from queuedesk.desk.calendaring import set_calendar_days
from queuedesk.i18n.queue import display_words
from queuedesk.i18n.queue.line_words import why_not_called_now_sentence
from queuedesk.stations.display import view as texts
from queuedesk.stations.display.station import DisplayPage, TimedRotation
from queuedesk.stations.window.style import HALL
from tests.every_day import SEES_ALL
from tests.hall import ADMIN, MANAGER, Hall, at, simple_setup
from tests.stations.coming_and_going import EMERGENCY, EMERGENCY_EN
from tests.stations.display.conftest import Display
from tests.stations.seen import lightness, shades
from tests.stations.shapes import Shape
from tests.stations.whole_words import Sights, cut, drawn, overlapping, typed_words

WIDE, TALL = (1920, 1080), (1080, 1920)
SCREENS = (1366, 768), TALL, (4096, 1024), (3840, 2160)
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
        ("calls", TALL, measures.CALLS),
        ("portrait", WIDE, measures.PORTRAIT),
    )
    for wish, size, name in wishes:
        assert texts.layout_for_screen(wish, *size).name == name
    display = lay_out(make_display, "auto", WIDE)
    view = display.page.view
    assert view.up_to_date_layout.name == measures.STANDARD
    display.call("1")
    display.page.resize(*TALL)
    display.until(lambda: view.up_to_date_layout.name == measures.PORTRAIT)
    assert (display.page.canvas, [row.label for row in view.all_call_rows()]) == (TALL, ["A001"])
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
        ("portrait", TALL, 65, False),
        ("portrait", TALL, 86, True),
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
    for size in (WIDE, TALL, (3840, 1080)):
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
    resized(display, TALL if layout == "portrait" else WIDE)
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
    display = resized(make_display(layout="portrait", slides=False), TALL)
    for badge in ("", "No sound: please watch this screen"):
        head = display_words.DisplayHeadText(name, "Wednesday 30 September", "10:30", badge)
        display.page.view.set_head(head)
        words = [word for word in drawn(display.page).words if word.box.bottom() < 125]
        assert "".join(word.text for word in words).replace(" ", "") == f"10:30{head.day}{badge}{name}".replace(" ", "")
        assert all(word.whole == word.text for word in words)
        boxes = [word.box for word in words]
        assert not any(one.intersects(other) for one, other in combinations(boxes, 2)), "nothing lies over another"
