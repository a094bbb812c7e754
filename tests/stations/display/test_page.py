"""The display in a hall: its rows, lists, texts and few calls."""

from collections.abc import Callable
from itertools import groupby
from types import SimpleNamespace

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QRectF, QTimer, QVariantAnimation
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from queuedesk import i18n
from queuedesk.core.network.roles import CONSOLE
from queuedesk.desk import looking
from queuedesk.desk.queue import calling
from queuedesk.desk.setup import setting_up
from queuedesk.desk.setup.calendaring import set_days
from queuedesk.desk.upkeep import clocks
from queuedesk.i18n.names import window_words
from queuedesk.stations.display import texts
from queuedesk.stations.display.panels import SLIDE_PX, called_size, number_px, places
from queuedesk.stations.display.station import slide_texts
from queuedesk.stations.display.texts import (
    FRESH_FOR,
    GONE_AFTER,
    ORDER,
    CallRows,
    OrderColumn,
    few_rows,
    layout_of,
    order_columns,
    row_size,
    rule_lines,
)
from queuedesk.stations.window.context import Services
from queuedesk.stations.window.style import HALL, Look
from tests.hall import MANAGER, Hall, at
from tests.stations.display.conftest import Display
from tests.stations.whole_words import Drawn, cut, drawn, overlapping, typed_words

STANDARD = layout_of("standard", 1920, 1080)
FRESH = QColor(HALL.fresh)
DARK = QColor(HALL.surface)
WHITE = QColor(HALL.ink)
UPRIGHT = (1080, 1920)
WIDE = (1920, 1080)
SCREENS = [UPRIGHT, WIDE, (1366, 768), (1024, 768)]


def ground(picture: QImage, row: int, rows: int = 3) -> QColor:
    """Return the colour of a row's ground, beside its number."""
    high = (STANDARD.rows.height() - (rows - 1) * 16) / rows
    y = STANDARD.rows.top() + row * (high + 16) + high - 22
    return picture.pixelColor(round(STANDARD.rows.left() + 30), round(y))


def test_a_call_is_amber_and_framed_until_20_seconds_have_passed(display: Display):
    hall = display.hall
    assert display.page.view.empty == "Your number will appear here when it is called"
    hall.queue(*"AAA")
    hall.call("1")
    display.follow()
    fresh = display.picture()
    hall.clock.move(seconds=19.9)
    assert ground(display.picture(), 0) == FRESH
    hall.clock.move(seconds=0.1)
    dark = display.picture()
    assert (ground(fresh, 0), ground(dark, 0)) == (FRESH, DARK)
    assert fresh.pixelColor(51, 200) == WHITE
    assert dark.pixelColor(51, 200) == DARK

    hall.clock.move(seconds=10)
    hall.call("2")
    display.follow()
    hall.clock.move(seconds=30)
    calling.recall(hall.desk, hall.ask(), "1")
    display.follow()
    assert display.rows() == [("A001", "1", True), ("A002", "2", False)], "a recall is amber again"
    hall.clock.move(seconds=0.5)
    hall.call("3")
    display.follow()
    picture = display.picture()
    assert display.rows() == [("A003", "3", True), ("A001", "1", True), ("A002", "2", False)]
    assert [ground(picture, row) for row in (0, 1)] == [FRESH, FRESH], "two within a second"

    clocks.end_today(hall.desk, hall.ask(CONSOLE))
    display.follow()
    assert display.rows() == [], "the day's end takes the calls away"


def test_only_the_zone_asked_for(make_display: Callable[..., Display]):
    display = make_display(zone="右侧 B 区")
    display.hall.queue("A", "A")
    display.hall.call("1")
    display.hall.call("2")
    display.follow()

    assert display.rows() == [("A002", "2", True)]


def blinks(display: Display, label: str) -> int:
    """Let the frame of a call blink to its end, and count."""
    motion, key = display.page.view.panels[0].motion, (at("10:00").date(), label)
    frames = [motion.has_frame(key, True)]
    while (blinker := motion.findChild(QTimer)).isActive():
        blinker.timeout.emit()
        frames.append(motion.has_frame(key, True))
    assert frames[-1]
    return frames.count(False)


def test_the_frame_blinks_longer_for_a_call_nobody_hears(make_display: Callable[..., Display]):
    def voice(last: bool | None, *, speaks: bool = True) -> SimpleNamespace:
        called = None if last is None else SimpleNamespace(spoken=last)
        return SimpleNamespace(is_speaker=speaks, languages=("zh_CN",) if speaks else (), last=called, silent=())

    status = [voice(None)]
    display = make_display(still=False, services=Services(voice_status=lambda: status[-1]))
    cases = ((voice(True), 3), (voice(False), 6), (voice(None, speaks=False), 3))
    for number, (now, times) in enumerate(cases, start=1):
        status.append(now)
        display.hall.queue("A")
        display.hall.call(str(number))
        display.follow()
        assert blinks(display, f"A{number:03}") == times, now


def test_a_new_row_is_readable_from_its_first_frame_and_slides_to_its_place(make_display: Callable[..., Display]):
    display = make_display(still=False)
    display.hall.queue("A", "A")
    display.hall.call("1")
    display.follow()
    view = display.page.view
    display.hall.call("2")
    display.follow()
    slides = view.panels[0].motion.findChildren(QVariantAnimation)
    for one in slides:
        one.setCurrentTime(0)
    first, second = ((at("10:00").date(), label) for label in ("A001", "A002"))

    assert view.panels[0].motion.place(second) == 0
    assert view.panels[0].motion.shift_px(second) == pytest.approx(SLIDE_PX)
    assert view.panels[0].motion.place(first) == pytest.approx(0)
    for one in slides:
        one.setCurrentTime(one.duration())
    assert view.panels[0].motion.place(first) == 1
    assert view.panels[0].motion.shift_px(second) == 0
    assert blinks(display, "A002") == 3, "as usual on a PC without a voice"


def test_at_rest_nothing_runs(make_display: Callable[..., Display], qtbot: QtBot):
    display = make_display(still=False)
    display.hall.queue("A")
    display.hall.call("1")
    display.follow()
    assert display.page.view.is_moving()

    qtbot.waitUntil(lambda: not display.page.view.is_moving())

    running = QVariantAnimation.State.Running
    assert all(a.state() != running for a in display.page.findChildren(QVariantAnimation))


def test_the_clock_alone_repaints_only_the_head(make_display: Callable[..., Display]):
    display = make_display(slides=False)
    display.hall.clock.now = at("10:41:57")
    display.picture()
    painted: list[QRectF] = []
    view = display.page.view
    view.update_canvas = lambda rect: painted.append(QRectF(rect))  # type: ignore[method-assign]
    display.hall.clock.move(seconds=3)

    display.page.tick(display.hall.clock())

    assert painted == [STANDARD.head]


def test_notices_take_turns_and_one_that_is_over_never_shows(display: Display):
    display.picture()
    first = display.page.view.strip
    display.hall.clock.move(seconds=40)
    display.page.tick(display.hall.clock())
    assert first.place == "1 / 3"
    assert display.page.view.strip.place == "2 / 3"
    assert display.page.view.strip.text != first.text

    for row in ({"text": "旧", "to": "2026-11-19"}, {"text": "今天", "from": "2026-11-20", "to": "2026-11-20"}):
        setting_up.add_row(display.hall.desk, display.hall.ask(), "notices", row)
    display.follow()
    assert display.page.view.strip.place.endswith("/ 4")


def test_a_trial_s_notice_changes_with_the_day(display: Display):
    display.hall.do("wording-notice", 1, "先刷卡", "Card first", who=MANAGER)
    display.follow()
    first = display.page.view.strip.text
    for words in (first, "Card first", first):
        display.hall.clock.move(days=1)
        display.page.context.feed.turn_day()
        seen = set()
        for _turn in range(6):
            display.hall.clock.move(seconds=40)
            display.page.tick(display.hall.clock())
            seen.add(display.page.view.strip.text)
        assert seen & {first, "Card first"} == {words}


def test_each_call_is_reported_once_and_papers_are_shown_only_while_it_is_quiet(display: Display):
    display.hall.queue("A", "A")
    display.picture()
    assert display.page.view.slide is not None

    display.hall.call("1")
    display.follow()
    assert display.page.view.slide is None
    assert ground(display.picture(), 0) == FRESH
    display.hall.clock.move(minutes=5)
    display.picture()
    assert display.page.view.slide is None, "the customer is still on the way"

    calling.start(display.hall.desk, display.hall.ask(), "1")
    display.follow()
    display.picture()
    assert display.page.view.slide is not None

    display.hall.call("2")
    calls = [e.seq for e in looking.events_after(display.hall.desk, 0) if e.kind == "call"]
    display.until(lambda: len(display.shown) == 2)
    display.page.view.repaint()

    assert display.shown == calls


def test_a_closed_hall_says_so_and_one_that_is_away_keeps_its_picture(display: Display):
    display.hall.clock.now = at("17:45")
    display.picture()
    assert display.page.view.closed is not None
    assert display.page.view.closed.title == "We are closed for today"

    display.hall.clock.now = at("10:31")
    display.hall.queue("A")
    display.hall.call("1")
    display.follow()
    assert display.page.view.closed is None

    display.page.show_away(at("10:42"))
    assert display.rows() == [("A001", "1", True)]
    assert "10:42" in display.page.view.strip.text
    assert display.page.view.strip.trouble
    display.page.show_away(None)
    assert not display.page.view.strip.trouble

    assert display.page.view.head.day == "Friday 20 November"
    i18n.use("zh_CN")
    display.page.retranslate()
    assert display.page.view.head.day == "11月20日 星期五", "the language changes while it runs"
    assert display.page.view.lines.title == "等候人数"


def test_the_number_stays_readable_on_every_screen(make_display: Callable[..., Display]):
    display = make_display(slides=False)
    view = display.page.view
    for size in ((1366, 768), (3840, 2160), (1920, 1080)):
        display.page.resize(*size)
        display.until(lambda size=size: view.width() == size[0])
        assert view.row_count() == 3
        assert view.readable_m() >= 10

    before = view.readable_m()
    row = {"code": "123", "name": "123", "zone_en": "left", "services": ["A"]}
    setting_up.add_row(display.hall.desk, display.hall.ask(), "windows", row)
    display.until(lambda: view.readable_m() < before)  # A window of three digits shrinks every row alike.


@pytest.fixture
def rows(hall: Hall) -> CallRows:
    return CallRows()


def follow(hall: Hall, rows: CallRows, since: int = 0) -> list[str]:
    state = looking.hall_now(hall.desk, hall.clock())
    called = rows.follow(looking.events_after(hall.desk, since), hall.clock(), state)
    return [row.label for row in called]


def known(hall: Hall) -> list[CallRows]:
    """Return the rows of a display that followed the log, and of one that begins now."""
    followed, begun = CallRows(), CallRows()
    follow(hall, followed)
    begun.take(looking.hall_now(hall.desk, hall.clock()))
    return [followed, begun]


def shown(hall: Hall, rows: CallRows, n: int = 3) -> tuple[list[str], list[str]]:
    large, earlier = rows.split(n, hall.clock())
    return [row.label for row in large], [row.label for row in earlier]


def test_newest_is_on_top_and_three_go_on_in_the_small_line(hall: Hall, rows: CallRows):
    hall.queue(*"AAAAAAAA")
    for window in "123456":
        if window in "56":
            hall.clock.move(seconds=5)
        hall.call(window)
    calling.finish(hall.desk, hall.ask(), "1")
    hall.call("1")

    follow(hall, rows)

    assert shown(hall, rows) == (["A007", "A006", "A005"], ["A004", "A003", "A002"])


def test_recall_moves_its_row_up_and_counts(hall: Hall, rows: CallRows):
    hall.queue("A", "A")
    hall.call("1")
    hall.call("2")
    calling.recall(hall.desk, hall.ask(), "1")

    assert follow(hall, rows) == ["A001", "A002", "A001"]
    large, _earlier = rows.split(3, hall.clock())
    assert [(row.label, row.recall) for row in large] == [("A001", 1), ("A002", 0)]


def with_another_service_to_come(hall: Hall) -> None:
    calling.start(hall.desk, hall.ask(), "1")
    calling.add(hall.desk, hall.ask(), "1", "B")
    calling.finish(hall.desk, hall.ask(), "1")


@pytest.mark.parametrize(
    "take_away",
    [
        lambda hall: calling.miss(hall.desk, hall.ask(), "1"),
        lambda hall: calling.give_back(hall.desk, hall.ask(), "1", reason="wrong_number"),
        lambda hall: calling.redirect(hall.desk, hall.ask(), "B", window="1"),
        lambda hall: calling.transfer(hall.desk, hall.ask(), "1", "B"),
        with_another_service_to_come,
        lambda hall: calling.leave(hall.desk, hall.ask(), "A001"),
        lambda hall: calling.void(hall.desk, hall.ask(), "A001", reason="mistake"),
    ],
    ids=["miss", "return", "redirect", "transfer", "another service", "leave", "void"],
)
def test_who_need_not_come_any_more_is_taken_away(hall: Hall, take_away: Callable[[Hall], object]):
    hall.queue("A", "A")
    hall.call("1")
    hall.call("2")
    take_away(hall)

    for rows in known(hall):
        assert shown(hall, rows) == (["A002"], [])


def test_who_was_served_stays(hall: Hall):
    hall.queue("A", "A", "A", "A")
    for window in "1234":
        hall.call(window)
        hall.clock.move(seconds=1)
    calling.start(hall.desk, hall.ask(), "1")
    calling.finish(hall.desk, hall.ask(), "2")
    calling.start(hall.desk, hall.ask(), "4")
    calling.park(hall.desk, hall.ask(), "4", reason="copying")

    for rows in known(hall):
        assert shown(hall, rows, 4) == (["A003", "A001", "A004", "A002"], [])
        assert shown(hall, rows, 2) == (["A003", "A001"], ["A004", "A002"])


def test_who_may_be_coming_has_a_large_row_before_who_was_served(hall: Hall):
    hall.queue(*"AAAA")
    for window in "1234":
        hall.call(window)
        hall.clock.move(seconds=30)
    for window in "234":
        calling.start(hall.desk, hall.ask(), window)
    calling.finish(hall.desk, hall.ask(), "4")

    for rows in known(hall):
        assert shown(hall, rows, 2) == (["A001", "A003"], ["A002", "A004"])


def test_a_finished_visit_goes_60_seconds_after_its_end(hall: Hall):
    hall.queue("A", "A")
    for window in "12":
        hall.call(window)
        calling.start(hall.desk, hall.ask(), window)
        hall.clock.move(seconds=1)
    hall.clock.move(seconds=300)
    calling.finish(hall.desk, hall.ask(), "2")

    displays, seq = known(hall), hall.length()
    hall.clock.move(seconds=59.9)
    for rows in displays:
        follow(hall, rows, seq)
        assert shown(hall, rows) == (["A001", "A002"], [])
    hall.clock.move(seconds=0.1)
    for rows in displays:
        assert shown(hall, rows) == (["A001"], [])
    calling.reopen(hall.desk, hall.ask(), "2")
    for rows in displays:
        follow(hall, rows, seq)
        assert shown(hall, rows) == (["A002", "A001"], [])


def test_no_two_rows_name_one_window(hall: Hall):
    hall.queue("A", "A", "A", "A")
    hall.call("1")
    calling.start(hall.desk, hall.ask(), "1")
    calling.park(hall.desk, hall.ask(), "1", reason="copying")
    hall.clock.move(seconds=1)
    for window in "21":
        hall.call(window)
        hall.clock.move(seconds=1)
    calling.finish(hall.desk, hall.ask(), "1")
    hall.call("1")

    for rows in known(hall):
        assert shown(hall, rows) == (["A004", "A002"], [])


def test_nobody_is_called_who_stands_at_the_window_already(hall: Hall):
    calling.serve(hall.desk, hall.ask(), "1", "A")

    for rows in known(hall):
        assert shown(hall, rows) == ([], [])


@pytest.fixture
def ordered(make_display: Callable[..., Display]) -> Display:
    """A002 and A003 wait behind A001, A004 has priority, B001 is being called."""
    made = make_display(layout=ORDER, slides=False)
    made.page.resize(1920, 1080)
    made.hall.queue("B", "A", "A", "A", minutes_apart=1)
    made.hall.call("3")
    made.hall.issue("A", klass="elderly")
    made.follow()
    return made


def columns(ordered: Display) -> dict[str, OrderColumn]:
    state = ordered.page.controller.state
    found = order_columns(state, ordered.hall.clock(), ordered.page.controller.services())
    return {column.letter: column for column in found}


@pytest.mark.parametrize("shape", [(1920, 1080), (1080, 1920)])
def test_every_service_has_a_box_of_its_own_size(shape: tuple[int, int]) -> None:
    room = layout_of(ORDER, *shape).order
    assert room is not None
    for count in (1, 2, 4, 5, 6, 9, 12):
        boxes = places(count, room)
        assert len(boxes) == count
        assert all(room.adjusted(-1, -1, 1, 1).contains(box) for box in boxes)
        assert not any(a.intersects(b) for n, a in enumerate(boxes) for b in boxes[:n])
        assert number_px(count, room) >= 44


def test_the_list_follows_the_true_order_and_its_rule_stands_in_the_strip(ordered: Display) -> None:
    shown = columns(ordered)
    assert shown["B"].called == (("B001", True),)
    assert [(one.label, one.priority) for one in shown["A"].next] == [
        ("A004", True),
        ("A001", False),
        ("A002", False),
        ("A003", False),
    ]

    ordered.page.tick(ordered.hall.clock())
    strip = ordered.page.view.strip
    assert strip.text == rule_lines(ordered.page.controller.state, ordered.hall.clock())[0]
    assert "one call in 3" in strip.text
    ordered.hall.do("set-setting", "jump_every", 5)
    ordered.follow()
    ordered.page.tick(ordered.hall.clock())
    assert "one call in 5" in ordered.page.view.strip.text

    called = [ordered.hall.call(window) for window in "1245"]
    assert called == [one.label for one in shown["A"].next]
    ordered.follow()
    ordered.page.tick(ordered.hall.clock())
    plain = "Within each service, numbers are called in this order."
    assert ordered.page.view.strip.text == plain, "nobody with priority waits"


def test_it_shows_no_call_but_the_number_in_amber(ordered: Display) -> None:
    """It says who is next, not where to go: a call that only this screen had was not shown."""
    picture = ordered.picture()
    room = ordered.page.view.layout_now.order
    assert room is not None
    box = ordered.page.view.from_canvas(places(4, room)[1])
    amber = [
        (x, y)
        for x in range(round(box.left()), round(box.right()), 3)
        for y in range(round(box.top()), round(box.center().y()), 3)
        if picture.pixelColor(x, y).name() == "#ffc93c"
    ]
    assert amber
    assert ordered.shown == []

    for _ in range(30):
        ordered.hall.issue("A")
    ordered.follow()
    assert len(columns(ordered)["A"].next) == 34
    assert ordered.picture() != picture, "what has no room is counted"
    assert ordered.page.view.readable_m() > 0


@pytest.mark.parametrize(("many", "shown"), [(0, 0), (2, 2), (3, 3), (4, 2), (9, 2)])
def test_those_at_windows_are_drawn_smaller_before_any_is_only_counted(
    qapp: QApplication, many: int, shown: int
) -> None:
    room = layout_of(ORDER, 1920, 1080).order
    assert room is not None
    labels = [f"A{n:03}" for n in range(1, many + 1)]

    assert called_size(labels, places(4, room)[0].width() - 2 * 32 - 62, Look(HALL))[1] == shown


def test_who_may_go_first_has_a_sign_and_the_strip_says_what_it_means(ordered: Display) -> None:
    hall = ordered.hall
    hall.do("set-row", "staff", "C3", {"languages": ["English"]})
    hall.do("set-row", "windows", "2", {"quick": True})
    hall.do("set-row", "services", "A", {"handling_target": 3})
    hall.do("set-row", "services", "B", {"handling_target": 20})
    hall.do("set-setting", "language_first", "on")
    for language in ("", "English"):
        for service in "AB":
            hall.do("issue", service, speaks=language)
    ordered.follow()

    shown = columns(ordered)
    assert dict(zip([one.label for one in shown["A"].next], shown["A"].marks, strict=True)) == {
        "A004": ("person", "priority"),
        **dict.fromkeys(["A001", "A002", "A003", "A005", "A006"], ("clock", "short")),
    }
    assert shown["B"].marks == (("", ""), ("language", "language"))
    told = set()
    for _ in range(30):
        hall.clock.move(seconds=5)
        ordered.page.tick(hall.clock())
        told.add(ordered.page.view.strip.text)
    assert (
        "priority: may go ahead of earlier numbers · short: a quick window may take it first · "
        "language: a window of its language may take it first"
    ) in told


def test_a_number_that_let_another_go_first_says_so(ordered: Display) -> None:
    hall = ordered.hall
    first = hall.issue("B")
    hall.issue("B")
    hall.do("postpone", first)
    ordered.follow()

    column = columns(ordered)["B"]
    marks = dict(zip([one.label for one in column.next], column.marks, strict=True))
    assert marks[first] == ("undo", "moved")
    assert [label for label, mark in marks.items() if mark != ("", "")] == [first]
    assert len(columns(ordered)) >= 4
    assert "moved" in {word.text for word in drawn(ordered.page.view).words}, "beside the sign, in a narrow column too"


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


def drawn_px(display: Display, seen: Drawn) -> float:
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
            numbers.append(drawn_px(display, seen))
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


def test_a_window_is_said_as_the_language_does(hall: Hall):
    for language, before, behind, zone in (("en", "Window", "", "left, area A"), ("zh_CN", "", "号窗口", "左侧 A 区")):
        i18n.use(language)
        window = window_words(looking.setup_of(hall.desk), "3")
        assert (window.number, window.before, window.behind, window.zone) == ("3", before, behind, zone)
        assert (window.arrow, window.arrow_last) == ("left", False)
    i18n.use("en")
    row = {"code": "3", "name": "收费处", "name_en": "Cashier", "services": ["A"]}
    setting_up.set_row(hall.desk, hall.ask(), "windows", "3", row)
    window = window_words(looking.setup_of(hall.desk), "3")
    assert (window.number, window.word) == ("Cashier", "")


def test_a_closed_hall_says_when_it_opens(hall: Hall):
    def closed(time: str) -> tuple[str, str] | None:
        found = texts.closed_text(looking.hall_now(hall.desk, at(time)), at(time))
        return found and (found.title, found.opens)

    assert closed("17:45") == ("We are closed for today", "Open tomorrow 8:30")
    assert closed("7:00") == ("Not open yet", "Open today 8:30")
    assert closed("10:42") is None
    for code in "ABCD":
        row = {"code": code, "hours": [{"days": "1-5", "from": "08:30", "to": "17:30"}]}
        setting_up.set_row(hall.desk, hall.ask(), "services", code, row)
    assert closed("18:00") == ("We are closed for today", "Open Monday 8:30")
    hall.queue("A")
    assert closed("17:45") is None, "nobody is sent home while one waits"


def test_a_holiday_names_itself_and_when_the_hall_opens_again(hall: Hall):
    row = {"kind": "holiday", "text": "国庆节", "text_en": "National Day"}
    set_days(hall.desk, hall.ask(), {"2026-11-20": row, "2026-11-21": row})

    closed = texts.closed_text(looking.hall_now(hall.desk, at("10:42")), at("10:42"))

    assert closed is not None
    assert (closed.title, closed.opens, closed.why) == ("Closed today", "Open Sunday 8:30", "National Day")


def test_who_waits_is_counted_by_service_and_no_wait_promised_without_tickets(hall: Hall):
    def lines(services: str, time: str = "10:30") -> tuple[list[tuple[str, str, str]], int]:
        found, total = texts.line_texts(looking.hall_now(hall.desk, at(time)), at(time), frozenset(services))
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


def test_slides_name_the_papers_of_favourite_items(hall: Hall):
    i18n.use("zh_CN")
    slides = slide_texts(looking.setup_of(hall.desk), frozenset("B"), hall.clock())

    assert slides[0].service == "B 业务办理"
    assert slides[0].title == "更名过户，请带这四样"
    assert [paper.name for paper in slides[0].papers] == [
        "新户主身份证",
        "房产证或购房合同",
        "原户主身份证",
        "电费已结清",
    ]


def test_slides_tell_hours_and_fees(hall: Hall):
    slides = slide_texts(looking.setup_of(hall.desk), frozenset("AB"), hall.clock())
    (hours,) = [slide.text for slide in slides if slide.title == "When to take a ticket"]
    assert hours.replace("\u2060", "") == "Every day 8:30–17:30, last ticket 17:00"

    hall.do("set-row", "services", "B", {"fees": "不收费", "fees_en": "Free of charge"})
    hours = [{"days": "1-5", "from": "8:30", "to": "12:00"}, {"days": "1-5", "from": "13:30", "to": "17:30"}]
    hall.do("set-row", "services", "A", {"hours": hours, "fees": "", "fees_en": ""})
    told = {
        slide.title: (slide.service, slide.text)
        for slide in slide_texts(looking.setup_of(hall.desk), frozenset("AB"), hall.clock())
    }

    assert told["What it costs"] == ("B Account services", "Free of charge")
    place, lines = told["When to take a ticket"]
    assert place == "East City Power Service Hall"
    assert [line.replace("\u2060", "") for line in lines.splitlines()] == [
        "A Pay a bill",
        "Mon–Fri 8:30–12:00, 13:30–17:30, last ticket 17:00",
        "B Account services",
        "Every day 8:30–17:30, last ticket 17:00",
    ]
