"""A kiosk's pages as they are laid out, read and heard: on every screen and in any hall's words nothing is cut."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain, combinations, product
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication

from queuedesk import i18n
from queuedesk.core.errors import OutsideError, RuleError
from queuedesk.core.network.roles import actor_of_station
from queuedesk.core.talk.remarks import CHANNELS
from queuedesk.desk import setting_up
from queuedesk.desk.calendaring import set_calendar_days
from queuedesk.desk.setting_up import ALL_HOURS
from queuedesk.features.kiosk.pages.controller import RING_S, KioskController
from queuedesk.features.kiosk.pages.keys import CAPITAL_EM, CAPITAL_MM, MOST, canvas_growth
from queuedesk.features.kiosk.pages.stage import KEY_HEIGHT
from queuedesk.features.kiosk.pages.station import KioskPage
from queuedesk.features.kiosk.pages.view import ROWS
from queuedesk.i18n import LANGUAGES
from queuedesk.stations.access import ARROWS, button_places_in_reading_order, next_key_by_arrow
from queuedesk.stations.window.context import StationContext
from queuedesk.stations.window.style import CONTRAST, FINGER_MM, LIGHT, Theme, measured_screen_width_mm
from queuedesk.voice.announcer import USUAL_VOLUME
from tests.every_day import SEES_ALL, paired
from tests.features.kiosk.conftest import SMALL, UPRIGHT, WIDE, Kiosk, import_states
from tests.hall import ADMIN, Hall, at, make_hall
from tests.stations import whole_words
from tests.stations.shapes import SHAPES, SIZES, Shape, shapes_of
from tests.stations.stubs import Paper, Voice, lend
from tests.stations.test_other_halls import SMALL as NARROW
from tests.stations.test_other_halls import Day, foreign_to
from tests.stations.whole_words import cut, drawn, faint, outside, overlapping, settled
from tests.three_halls import OTHERS

Key = Qt.Key


def keys(kiosk: Kiosk) -> list[QAbstractButton]:
    host = kiosk.view.sheet if kiosk.view.sheet.isVisible() else kiosk.view
    return [key for key in host.findChildren(QAbstractButton) if key.isVisible() and key.visibleRegion().boundingRect()]


def badly_laid(kiosk: Kiosk) -> Iterator[str]:
    """Yield the keys that stand outside, lie over one another, or have no name."""
    places = {key: QRect(key.mapTo(kiosk.page, QPoint(0, 0)), key.size()) for key in keys(kiosk)}
    if not places and kiosk.stage != "info":
        yield "not a key"
    for key, spot in places.items():
        if not kiosk.page.rect().contains(spot):
            yield f"outside: {key.text()}"
        if not key.accessibleName().strip():
            yield f"without a name: {key.text()}"
    for (one, spot), (other, there) in combinations(places.items(), 2):
        if spot.intersects(there):
            yield f"over each other: {one.text()} and {other.text()}"


def test_thirty_services_are_turned_in_pages(make_kiosk, tmp_path):
    letters = "ABCDEFGHJKLMNPRTUVWXY"
    services = [{"code": c, "name": f"业务 {c}", "prefix": c, "hours": ALL_HOURS} for c in letters]
    kiosk = make_kiosk(make_hall(tmp_path, services=services, windows=[{"code": "1", "services": list(letters)}]))
    greeting = kiosk.view.greeting

    def seen() -> list[str]:
        assert [*badly_laid(kiosk)] == []
        return [code for code, key in greeting.services.items() if key.isVisible()]

    for size in (UPRIGHT, WIDE):
        kiosk.page.resize(*size)
        settled()
        shown = [seen()]
        while not {*letters} <= {*chain(*shown)}:
            kiosk.touch(greeting.more_key)
            shown.append(seen())
            assert len(shown) < len(letters), shown
        kiosk.touch(greeting.more_key)
        assert seen() == shown[0], "the first page comes after the last"


def test_tab_reaches_every_key_and_enter_takes_a_ticket(kiosk: Kiosk):
    greeting = kiosk.view.greeting
    assert not greeting.sides["listen"].isVisible(), "there is no loudspeaker"
    kiosk.press(Key.Key_0)
    assert not kiosk.does.listens
    for size in (WIDE, UPRIGHT):
        kiosk.page.resize(*size)
        settled()
        shown = [*greeting.services.values(), *(key for key in greeting.sides.values() if key.isVisible())]
        assert min(key.height() for key in shown) >= KEY_HEIGHT - 2, "as high as a finger wants"
    kiosk.page.activateWindow()
    kiosk.view.setFocus()
    reached: list[str] = []
    for _step in range(len(keys(kiosk))):
        kiosk.key(Key.Key_Tab)
        reached.append(QApplication.focusWidget().accessibleName())
    assert set(reached) == {key.accessibleName() for key in keys(kiosk)}
    assert reached[0].startswith("Pay a bill")
    kiosk.side("priority")
    for _step in range(9):
        kiosk.key(Key.Key_Tab)
        assert QApplication.focusWidget() in kiosk.view.sheet.keys.values(), "Tab stays inside what is asked"
    kiosk.does.go_home()
    key = greeting.services["B"]
    before = key.geometry()
    key.setFocus(Qt.FocusReason.TabFocusReason)
    kiosk.hall.queue("B", "B")
    kiosk.follow()
    assert greeting.services["B"] is key, "a key keeps its place and the keyboard while the hall goes on"
    assert (key.geometry(), key.hasFocus(), "ahead in all" in key.accessibleName()) == (before, True, True)
    kiosk.press(Key.Key_Return)
    assert kiosk.stage == "ticket"


def test_a_small_screen_is_drawn_larger_as_far_as_words_fit_and_staff_are_told_of_one_that_is_too_small(
    make_kiosk, hall
):
    for mm_per_px, expected in ((0.0, 1.0), (0.5, 1.0), (0.311, 1.0), (0.248, 1.13), (0.12, MOST)):
        assert canvas_growth(mm_per_px) == pytest.approx(expected, abs=0.01)
    assert [measured_screen_width_mm(given) for given in ((340, 190), 340, None)] == [340, 340, 0]
    i18n.choose_language("en")
    kiosk = make_kiosk(hall, WIDE, screen_mm=476)
    wide = kiosk.view.mm_per_px()
    kiosk.page.resize(*UPRIGHT)
    kiosk.view.set_screen_width_mm(268)
    assert kiosk.view.mm_per_px() == pytest.approx(wide, rel=0.01), "a resized screen keeps its millimetres"
    assert not kiosk.page.testAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
    for width_mm, said in ((190.0, ["Small screen: buttons 17 mm, readable from 490 mm"]), (336.0, [])):
        kiosk.view.set_screen_width_mm(width_mm)
        assert [entry.text for entry in kiosk.page.menu_entries()] == said
    on_page = [one.text for one in drawn(kiosk.page).words]
    assert {"Pay for electricity", "Change of name, prices, meters", "New supply, more power"} <= set(on_page)
    assert not any("…" in one for one in on_page), "each service is described in one line"


@pytest.fixture
def finding(kiosk: Kiosk) -> Kiosk:
    kiosk.side("info")
    return kiosk


def rows(kiosk: Kiosk) -> list[str]:
    return [row.name for row in kiosk.view.search.said.rows]


def row(kiosk: Kiosk, *names: str) -> None:
    """Touch a row, and one of those that it leads to."""
    for name in names:
        while not kiosk.view.search.rows[rows(kiosk).index(name)].isVisible():
            kiosk.touch(kiosk.view.search.later_key)
        kiosk.touch(kiosk.view.search.rows[rows(kiosk).index(name)])


def test_browsing_typing_and_printing_lead_from_service_to_item_and_back(finding: Kiosk):
    stage, info = finding.view.search, finding.view.info

    def seen() -> list[str]:
        return [key.text() for key in stage.rows if key.isVisible()]

    assert rows(finding) == ["Pay a bill", "Account services", "New connection", "Questions"]
    row(finding, "Account services")
    assert rows(finding)[:2] == ["Account services: in general", "Change of name"]
    shown = seen()
    finding.touch(stage.later_key)
    assert {*shown, *seen()} == {*rows(finding)}, "more rows than fit are turned in pages"
    assert not {*shown} & {*seen()}
    finding.touch(stage.earlier_key)
    assert seen() == shown
    row(finding, "Change of name")
    assert (finding.stage, info.said.title) == ("info", "Change of name")
    for back, first in ((info.back_key, "Account services: in general"), (stage.back_key, "Pay a bill")):
        finding.touch(back)
        assert rows(finding)[0] == first
    assert finding.touch(stage.back_key) == ("greeting", "")
    finding.side("info")
    finding.touch(*(stage.letters[one] for one in "name"), settled=False)
    found = rows(finding)
    row(finding, "Change of name")
    finding.touch(info.back_key)
    assert (finding.stage, rows(finding)) == ("find", found), "back from a find leads to the finds"
    refused = OutsideError("printer_refused", printer="P")
    for trouble, told in ((refused, "Nothing was printed"), (None, "Please take the list")):
        finding.paper.trouble = trouble
        finding.side("info", anew=True)
        row(finding, "Account services", "Change of name")
        finding.touch(info.print_key)
        assert info.print_key.text() == told
    finding.touch(info.print_key)
    assert finding.paper.slips == ["papers B gmgh"], "once"
    finding.touch(info.take_key)
    assert finding.issued()[-1].data["item"] == "gmgh"
    assert finding.view.ticket.said.service == "Account services · Change of name"
    finding.next_customer("info")
    QTest.keyClicks(finding.view, "xwvxw")
    assert (rows(finding), "Nothing found" in stage.said.empty) == ([], True)
    finding.touch(stage.letters["delete"])
    assert finding.does.finder.query == "xwvx"
    finding.speak("zh_CN")
    for typed, found in (("gmgh", "更名过户"), ("sfz", "更名过户"), ("dbjy", "电表校验")):
        finding.side("info", anew=True)
        finding.touch(*(stage.letters[one] for one in typed), settled=False)
        row(finding, found)
        assert info.said.title == found, typed


def test_the_page_has_papers_steps_fees_and_hours_in_few_lines(finding: Kiosk):
    stage = finding.view.info

    def parts() -> dict[str, list[str]]:
        """Return what stands on the page that is read, by its titles."""
        return {part.title: [one.words.replace("\u2060", "") for one in part.points] for part in stage.said.parts}

    def told(hours: list[tuple[str, str, str]], **more: object) -> list[str]:
        spans = [{"days": days, "from": begin, "to": end} for days, begin, end in hours]
        finding.meanwhile("set-row", "services", "B", {"hours": spans, **more})
        return parts()["Hours"]

    about = {"steps": "核对\n受理", "steps_en": "Check\nAccept", "fees": "不收费", "fees_en": "Free"}
    about |= {"papers_version": "7", "papers_date": "2026-11-01"}
    finding.meanwhile("set-row", "services", "B", about)
    row(finding, "Account services", "Change of name")
    assert list(parts()) == ["Please bring", "Steps: Account services", "Fees: Account services", "Hours"]
    assert stage.said.parts[0].beside == "version 7 · 1 November 2026"
    papers, steps, fees, hours = parts().values()
    assert (papers[0], steps, fees) == ("New holder’s ID card", ["Check", "Accept"], ["Free"])
    assert hours[-1] == "Every day 8:30–17:30, last ticket 17:00"
    finding.meanwhile("set-row", "services", "B", {"steps_en": "\n".join(f"Step number {n}" for n in range(1, 31))})
    pages = stage.words_by_page()
    assert len(pages) > 1
    assert sum(words.startswith("Step number") for page in pages for words in page) == 30
    for _page in pages[1:]:
        finding.touch(stage.later_key)
    assert stage.later_key.is_dashed, "what does not fit is on the next page"
    message = {"message": "请看公告", "message_en": "See the notice board", "items": []}
    finding.meanwhile("set-row", "services", "D", message)
    finding.side("info", anew=True)
    row(finding, "Questions")
    assert stage.said.parts[0].points[0].words == "See the notice board", "a service with a message begins with it"
    assert stage.take_key.is_dashed
    finding.next_customer("info")
    row(finding, "Account services", "Account services: in general")
    several = ["Mon–Fri 8:30–12:00, 13:30–17:00", "Sat 9:00–12:00"]
    found = told([("1-5", "13:30", "17:00"), ("1-5", "8:30", "12:00"), ("6", "9:00", "12:00")])
    assert found[:2] == several, "several spans a day stand in one line"
    assert told([("1-7", "8:30", "17:00")])[0] == "Every day 8:30–17:00"
    found = told([("1-5", "8:30", "17:30"), ("6", "9:00", "12:00")], last_ticket="17:00")
    shortened = ["Mon–Fri 8:30–17:30, last ticket 17:00", "Sat 9:00–12:00"]
    assert found == shortened, "the last ticket for the days it shortens alone"
    finding.meanwhile("set-row", "services", "B", {"hours": ALL_HOURS, "last_ticket": None})
    assert parts()["Hours"] == ["Tickets at any hour"], "a try-out is not told as opening hours"
    row_of_day = {"kind": "special", "from": "8:30", "to": "15:00", "text": "培训", "text_en": "Training"}
    set_calendar_days(finding.hall.desk, finding.hall.ask(), {"2026-11-27": row_of_day})
    note = "Please note: Fri 27 Nov: open 8:30–15:00 only (Training)"
    assert told([("1-7", "8:30", "17:30")])[-1] == note, "days to come that have others"


def test_quiet_times_are_printed_once_they_are_known(finding: Kiosk):
    search = finding.view.search
    assert not search.quiet_key.isVisible()
    assert search.said.hint == "Type a service or document"
    for code, service in finding.page.context.feed.setup.services.items():
        items = [{"code": item.code, "name": item.name} for item in service.items]
        finding.meanwhile("set-row", "services", code, {"papers": [], "items": items}, who=ADMIN)
    assert search.said.hint == "Type a service", "no papers are listed any more"
    finding.hall.play(*[24 * 60, "queue A A B"] * 3)
    finding.follow()
    finding.side("info", anew=True)
    assert search.quiet_key.text() == "Print quiet times"
    finding.touch(search.quiet_key, search.quiet_key)
    assert (finding.paper.slips, search.quiet_key.text()) == (["quiet hours"], "Please take the slip")


@pytest.fixture
def ear(make_kiosk, hall, qtbot) -> Kiosk:
    kiosk = make_kiosk(hall, voice=True)
    kiosk.page.activateWindow()
    qtbot.waitUntil(kiosk.page.isActiveWindow)
    kiosk.view.setFocus()
    return kiosk


def last(kiosk: Kiosk) -> str:
    return " | ".join(kiosk.voice.said[-1]) if kiosk.voice.said else ""


def test_a_blind_customer_asks_for_the_place_in_line_and_takes_a_ticket_by_keypad_or_a_touch_to_hear(ear: Kiosk):
    ear.press(Key.Key_0)
    ear.view.setFocus()
    ear.press(Key.Key_Space)
    assert last(ear).startswith("Pay a bill"), "switches are heard"
    ear.page.keyboard.scan.stop()
    ear.side("where")
    ear.side("where")
    page = last(ear)
    assert page.startswith("Where am I in line? | Please enter the letter")
    ear.touch(ear.view.strip.keys["again"])
    assert ear.voice.said[-2:] == [tuple(page.split(" | "))] * 2
    QTest.keyClicks(QApplication.focusWidget() or ear.view, "A002")
    assert "Ticket A002: Waiting | Still ahead, in all: 1 person" in last(ear), "when the number is whole"
    ear.touch(ear.view.strip.keys["stop"])
    assert (ear.does.listens, ear.stage) == (False, "where")
    ear.does.go_home()
    ear.press(Key.Key_0)
    ear.does.set_language("zh_CN")
    assert (ear.voice.languages[-1], last(ear).partition("？")[0]) == ("zh_CN", "您要办什么")
    # A ticket is taken by keypad.
    ear.next_customer()
    ear.press(Key.Key_0)
    greeting = "What do you need today? | Touch to get a ticket. Waits count from now. | Button 1: Pay a bill"
    assert last(ear).startswith(f"{greeting}, 2 people waiting")
    assert all(words in last(ear) for words in ("Button 2: Account services", "0 repeats"))
    ear.press(Key.Key_Down)
    assert last(ear).startswith("Pay a bill")
    ear.press(Key.Key_2)
    assert ear.issued()[-1].service == "B"
    number = "Please take your ticket | Your number: B002 | Account services | Wait: no wait"
    assert all(words in last(ear) for words in (f"{number} | When called: Windows 3 to 6", "Button 1: Done"))
    assert "Quieter" not in last(ear)
    ear.press(Key.Key_1)
    assert (ear.stage, ear.does.listens) == ("greeting", False)
    ear.next_customer()
    ear.voice.said.clear()
    ear.side("where")
    ear.does.go_home()
    ear.service("A")
    assert ear.voice.said == [], "nobody asked for it"
    ear.next_customer()
    ear.hall.play(*["queue A", "serve-out 1"] * 8)
    ear.follow()
    before = len(ear.issued())
    ear.side("listen")
    for code, name in (("B", "Account services"), ("A", "Pay a bill")):
        ear.service(code)
        assert (last(ear).startswith(name), len(ear.issued())) == (True, before)
    ear.service("A")
    assert (len(ear.issued()), ear.issued()[-1].service) == (before + 1, "A")
    assert not any(sign in part for part in ear.voice.said[-1] for sign in "\u2013\u2060—"), "ranges are words"
    # Exploring fast is no drumming.
    ear.next_customer("listen")
    for code in "ABCD" * 3:
        QTest.mouseClick(ear.view.greeting.services[code], Qt.MouseButton.LeftButton)
        ear.ms[0] += 150
    assert (ear.sheet, last(ear).split(",")[0]) == ("", "Questions")


def test_the_volume_is_the_customers_and_a_number_without_a_slip_is_told_to_everybody(ear: Kiosk):
    ear.paper.trouble = OutsideError("no_printer")
    ear.service("A")
    assert all(words in last(ear) for words in ("Your number: A003", "Please remember your number"))
    ear.pass_seconds(5)
    assert len(ear.voice.said) == 1
    ear.paper.trouble = None
    ear.next_customer("listen")
    strip, voice = ear.view.strip, ear.voice
    ear.touch(strip.keys["louder"])
    assert (voice.step, last(ear)) == (USUAL_VOLUME + 1, "Volume 4 of 5")
    for _press in range(9):
        ear.touch(strip.keys["quieter"])
    assert (voice.step, strip.said.words.split(" · ")[0]) == (1, "Volume 1 of 5")
    ear.press(Key.Key_Plus)
    assert voice.step == 2
    ear.pass_seconds(60)
    assert "Are you still there?" in last(ear)
    ear.pass_seconds(RING_S)
    assert (voice.step, ear.does.listens, strip.isVisible(), voice.hushed) == (USUAL_VOLUME, False, False, 1)


# -- every page that a customer can stand before, on every screen ------------------------------------------------------
LAPTOP_MM = 310  # 14 inches, 1366 px wide
SCREENS = {
    '27" upright': (UPRIGHT, 336.0),
    '21.5" upright': (UPRIGHT, 268.0),
    '21.5"': (WIDE, 476.0),
    '19.5" on a small PC': (SMALL, 432.0),
    '14" laptop': (SMALL, LAPTOP_MM),
    '14" laptop, 1024x768': ((1024, 768), 1024 * LAPTOP_MM / 1366),
    "small, upright": ((768, 1366), 0.0),
}
"""Screens in pixels, with their width in millimetres, if that is known."""


@dataclass(frozen=True)
class Walk:
    """A screen that is led through: in one language and one theme, with or without a loudspeaker."""

    screen: str
    lang: str
    has_voice: bool = False
    theme: Theme = LIGHT

    def __str__(self) -> str:
        return f"{self.screen}, {self.lang}, {self.theme.name}{', loudspeaker' if self.has_voice else ''}"

    @property
    def mm(self) -> float:
        """The width of a pixel where letters are as large as people need; 0 on a laptop, which says it is small."""
        size, width_mm = SCREENS[self.screen]
        return 0 if "laptop" in self.screen else width_mm / size[0]


DAILY = (
    Walk('21.5" upright', "en", has_voice=True),
    Walk('19.5" on a small PC', "en", has_voice=True),
    Walk('14" laptop', "en"),
    Walk('14" laptop, 1024x768', "en", has_voice=True, theme=CONTRAST),
    Walk("small, upright", "zh_CN", has_voice=True),
)
"""Where letters and keys are enlarged most there is least room, in English less than in Chinese."""
EVERY = [Walk(*one) for one in product(SCREENS, LANGUAGES, (False, True), (LIGHT, CONTRAST))]


@pytest.mark.parametrize("walk", EVERY if SEES_ALL else DAILY, ids=str)
def test_every_page_suits_finger_eye_and_ear(make_kiosk: Callable[..., Kiosk], hall: Hall, walk: Walk) -> None:
    i18n.choose_language(walk.lang)
    wrong: dict[str, list[str]] = {}
    if walk.has_voice and not SEES_ALL:  # the greeting has one key less where nothing can be read aloud
        kiosk = stand(make_kiosk, hall, replace(walk, has_voice=False))
        wrong["greeting, no loudspeaker"] = [*look_at(kiosk, walk)]
        kiosk.page.hide()
    kiosk = stand(make_kiosk, hall, walk)
    for name in chain(pages(kiosk), where_the_hall_wants_it(kiosk), missed(kiosk)):
        found = [*look_at(kiosk, walk)]
        if walk.has_voice:
            found += (f"while somebody listens: {one}" for one in listen_to(kiosk, walk))
        wrong.setdefault(name, []).extend(found)
    assert [f"{name}: {one}" for name, found in wrong.items() for one in found] == []


def stand(make_kiosk: Callable[..., Kiosk], hall: Hall, walk: Walk) -> Kiosk:
    size, width_mm = SCREENS[walk.screen]
    kiosk = make_kiosk(hall, size, screen_mm=width_mm, voice=walk.has_voice, theme=walk.theme)
    kiosk.page.setUpdatesEnabled(False)  # drawn once for each look is enough
    return kiosk


def look_at(kiosk: Kiosk, walk: Walk) -> Iterator[str]:
    """Yield what is wrong with a page for the finger, the eye, and who has but arrows."""
    seen = look(kiosk)
    if kiosk.page.size().toTuple() != SCREENS[walk.screen][0]:
        yield f"needs {kiosk.page.size().toTuple()}"
    yield from chain(cut(seen, ()), overlapping(seen), outside(seen), faint(seen))
    yield from too_small(seen, walk)
    yield from badly_laid(kiosk)
    yield from small_keys(kiosk, walk)
    yield from unreached(kiosk)
    yield from of_other_sizes(kiosk, seen)


def look(kiosk: Kiosk) -> whole_words.Drawn:
    whole_words.settled()
    kiosk.page.setUpdatesEnabled(True)
    seen = whole_words.drawn(kiosk.page)
    kiosk.page.setUpdatesEnabled(False)
    return seen


def too_small(seen: whole_words.Drawn, walk: Walk) -> Iterator[str]:
    """Yield the words whose letters are smaller than an eye needs."""
    if not seen.words:
        yield "not a word"
    for word in seen.words:
        capital = word.box.height() / whole_words.HIGH_EM * CAPITAL_EM * walk.mm
        if walk.mm and capital < CAPITAL_MM - 0.1:
            yield f"letters of {capital:.1f} mm: {word}"


def small_keys(kiosk: Kiosk, walk: Walk) -> Iterator[str]:
    """Yield the keys that a finger may miss."""
    for key in keys(kiosk):
        least = min(key.width(), key.height()) * walk.mm
        if walk.mm and least < FINGER_MM - walk.mm:
            yield f"a key of {least:.1f} mm: {key.text()}"


def unreached(kiosk: Kiosk) -> Iterator[str]:
    """Yield the keys that are not reached from the first one by arrows alone; arrows know all that can be seen."""
    places, shown = button_places_in_reading_order(kiosk.page.keyboard.host_widget()), set(keys(kiosk))
    if set(places) != shown:
        yield f"arrows know {[key.text() for key in places]}, not {[key.text() for key in shown]}"
    todo = [*places][:1]
    reached = set(todo)
    while todo and not shown <= reached:
        key = todo.pop()
        ways = {next_key_by_arrow(places, key, arrow) for arrow in ARROWS} - {None, *reached}
        todo += ways
        reached |= ways
    yield from (f"no arrow leads to {key.accessibleName()}" for key in shown - reached)


def of_other_sizes(kiosk: Kiosk, seen: whole_words.Drawn) -> Iterator[str]:
    """Yield the rows of keys whose letters are not of one size, and a ticket's number that is hardly larger."""
    sides = kiosk.view.greeting.sides
    for row in (ROWS[0], ROWS[1] + ROWS[2]):
        if len({round(word.box.height(), 1) for word in seen.words if word.on in [sides[name] for name in row]}) > 1:
            yield f"letters of more than one size: {row}"
    if kiosk.stage == "ticket" and not kiosk.sheet:
        largest, next_one = sorted(seen.words, key=lambda word: -word.box.height())[:2]
        if largest.text != kiosk.view.ticket.ticket_label or largest.box.height() < 1.4 * next_one.box.height():
            yield f"a small number, or none: {largest}, {next_one}"


def listen_to(kiosk: Kiosk, walk: Walk) -> Iterator[str]:
    """Yield what is wrong with a page that is read to somebody; where there is least room, with its words too."""
    kiosk.does.set_reading_aloud(True)
    if walk.screen.endswith("1024x768") and kiosk.stage in ("greeting", "ticket"):
        seen = look(kiosk)
        yield from chain(cut(seen, ()), overlapping(seen), outside(seen))
    yield from badly_laid(kiosk)
    yield from small_keys(kiosk, walk)
    if not kiosk.view.strip.isVisible():
        yield "no strip"
    if not kiosk.voice.said[-1][0]:
        yield "nothing is read"
    if i18n.current_language() != walk.lang:
        yield f"it speaks {i18n.current_language()}"
    kiosk.does.set_reading_aloud(False)


def missed(kiosk: Kiosk) -> Iterator[str]:
    label = kiosk.hall.call("6")
    kiosk.meanwhile("miss", "6")
    kiosk.look_up(label)
    yield f"where, missed {label}"


FEW = {"upright": Shape(1080, 1920), "1024x768": Shape(1024, 768, theme=CONTRAST), "1366x768": SHAPES["1366x768"]}
KIOSKS = shapes_of([(1080, 1920), *SIZES], themes=[LIGHT, CONTRAST]) if SEES_ALL else FEW


def without_a_printer(kiosk: Kiosk) -> Iterator[str]:
    """Lead through what has no key to print, on a PC without a printer."""
    kiosk.side("where")
    yield "where"
    kiosk.pad("A001")
    yield "where, found"
    kiosk.side("info", anew=True)
    for _row in range(2):
        kiosk.touch(kiosk.view.search.rows[1])
    yield "info"
    kiosk.does.go_home()
    kiosk.service("A")
    yield "ticket"
    kiosk.side("where", anew=True)
    assert not kiosk.view.where.reprint_key.isVisible(), "a slip that found no printer shows that there is none"


def test_every_page_is_whole_without_a_printer_and_a_hall_that_is_away_moves_nothing(make_kiosk, hall: Hall) -> None:
    kiosk = make_kiosk(hall, printer=False, voice=True)
    page, away = kiosk.page, kiosk.page.show_hall_away
    sights = whole_words.Sights(page, page.context.look, whole_words.typed_words(page.context.feed.setup), KIOSKS)
    sights.take_message("greeting, away", partial(away, hall.clock()), partial(away, None))
    for name in without_a_printer(kiosk):
        sights.take(name)
    sights.must_be_whole()


USUAL_DAY, LAST_HOUR, CLOSED = "10:00", "16:45", "19:00"
LARGE_ON = [(SMALL, 310), (SMALL, 0), ((768, 1366), 203), (WIDE, 0), (UPRIGHT, 0)]
TIMES = (USUAL_DAY, LAST_HOUR, CLOSED)
LOOKS = [*dict.fromkeys([*product(LARGE_ON[:1], TIMES), *paired(LARGE_ON, TIMES)])]


def sizes(kiosk: Kiosk) -> dict[str, tuple[float, float, str]]:
    """Return how large each name is painted, the largest of what stands under it, and all that stands on its key."""
    words = whole_words.drawn(kiosk.page).words
    found = {}
    for code, key in kiosk.view.greeting.services.items():
        said = [one for one in words if one.on is key and one.text != code]
        name = [one.box.height() for one in said if one.text in key.text()]
        assert name and not any(one.text.endswith("…") for one in said), (code, [one.text for one in said])
        under = max((one.box.height() for one in said if one.text not in key.text()), default=0.0)
        found[code] = (min(name), under, " ".join(one.text for one in said))
    return found


@pytest.mark.parametrize("middle", ["Hygiene", "Blood tests and X-ray"])
def test_no_name_becomes_smaller_in_large_text(make_kiosk, tmp_path: Path, middle: str) -> None:
    hours = [{"days": "1-7", "from": "8:00", "to": "17:00"}]
    services = [
        {"code": code, "name": name, "name_en": name, "prefix": code, "hours": hours}
        for code, name in zip("ABC", ("Check-up", middle, "Emergency"), strict=True)
    ]
    hall = make_hall(tmp_path, services=services, windows=[{"code": "1", "services": ["A", "B", "C"]}])
    kiosk = make_kiosk(hall)
    for screen, time in LOOKS:
        kiosk.page.resize(*screen[0])
        kiosk.view.set_screen_width_mm(screen[1])
        hall.clock.now = at(time)
        kiosk.page.tick(hall.clock())
        usual = sizes(kiosk)
        kiosk.side("large")
        large = sizes(kiosk)
        assert set(large) == set(usual) == {"A", "B", "C"}
        for code, (name, under, on_key) in large.items():
            where = (screen, time, code)
            assert name >= usual[code][0], (where, name, usual[code])
            assert under <= name, (where, under, name)
            # Why there is no ticket is always said; until when there is one, except where the name needs the room.
            needs_room = " " in kiosk.view.greeting.services[code].text()
            if time == CLOSED:
                assert on_key.endswith("opens tomorrow at 8:00"), where
            elif time == LAST_HOUR and not needs_room:
                assert on_key.endswith("tickets until 17:00"), where
        kiosk.does.go_home()


def pages(kiosk: Kiosk) -> Iterator[str]:
    """Lead through every page and every sheet; the name of each while it is seen."""
    does = kiosk.does
    yield "greeting"
    for side in ("where", "info", "priority", "several", "large"):
        kiosk.side(side)
        yield side
        if side == "several":
            kiosk.service("B")
            yield "several, one chosen"
        if side == "large":
            kiosk.touch(kiosk.view.greeting.help_key)
            yield "large, help"
        does.go_home()
    kiosk.look_up("A001")
    yield "where, found"
    kiosk.look_up("A777")
    yield "where, not found"
    kiosk.side("info", anew=True)
    yield "info"
    for _row in range(2 if kiosk.stage == "find" else 0):
        kiosk.touch(kiosk.view.search.rows[1])
        yield "info"
    does.go_home()
    does.open_information_search()
    for letter in "zzz":
        does.type_letter(letter)
    yield "nothing found"
    kiosk.side("help", anew=True)
    yield "help"
    does.open_message_form()
    yield "words"
    does.writing.write("a few words " * 16)
    yield "words, written"
    does.writing.given.emit()
    yield "words, given"
    kiosk.side("where", anew=True)
    kiosk.pass_seconds(60)
    yield "still there"
    kiosk.pass_seconds(RING_S)
    does.show_refusal_sheet(OutsideError("database_away"))
    yield "sorry"
    does.go_home()
    kiosk.service("A")
    yield "ticket"
    kiosk.next_customer()
    kiosk.paper.trouble = OutsideError("printer_refused", printer="P", cause="no_toner")
    kiosk.service("B")
    yield "ticket to note"
    does.go_home()
    kiosk.service("B")
    yield "another"
    kiosk.paper.trouble = None
    kiosk.side("several", anew=True)
    kiosk.service(*"BCA")
    kiosk.touch(kiosk.view.greeting.take_key)
    yield "ticket for three services"
    kiosk.look_up(kiosk.view.ticket.ticket_label)
    yield "where, of three services"
    does.go_home()
    does.lock.is_locked = True
    does.run_after_pin_if_locked(lambda: None)
    does.lock.add_or_delete_digit("1")
    yield "PIN"
    does.go_home()


def where_the_hall_wants_it(kiosk: Kiosk) -> Iterator[str]:
    """Lead through what a hall has to switch on."""
    import_states(kiosk.hall)
    setting_up.choose_features(kiosk.hall.desk, kiosk.hall.ask(), on=("web",))
    kiosk.follow()
    yield "greeting, with cases"
    kiosk.side("case")
    yield "case"
    kiosk.does.case.write("GZ-2026-17")
    yield "case, typed"
    kiosk.touch(kiosk.view.case.give_key)
    yield "case, told"
    kiosk.answer("more")
    kiosk.does.case.write("X")
    kiosk.touch(kiosk.view.case.give_key)
    yield "case, unknown"
    kiosk.does.go_home()
    kiosk.meanwhile("set-setting", "kiosk_postpone", "on", who=ADMIN)
    kiosk.look_up("A001")
    yield "may let one go first"
    for state in ("lets", "let"):
        kiosk.touch(kiosk.view.where.postpone_key)
        yield f"{state} one go first"
    kiosk.next_customer()
    kiosk.meanwhile("set-setting", "kiosk_fetch", "on", who=ADMIN)
    kiosk.service("B")
    yield "ticket, to be fetched"
    kiosk.touch(kiosk.view.ticket.fetch_key)
    yield "why fetched"
    kiosk.next_customer()
    kiosk.meanwhile("set-setting", "one_number", "on", who=ADMIN)
    kiosk.service("A")
    yield "whose number"
    kiosk.type_in("13800138000")
    yield "whose number, typed"
    kiosk.does.show_refusal_sheet(RuleError("has_number", ticket="A001", service="A", state="waiting", ahead=12))
    yield "has a number"
    kiosk.answer("ok")
    kiosk.hall.do("set-setting", "one_number", "off", who=ADMIN)
    kiosk.hall.do("set-row", "services", "A", {"elsewhere": [*CHANNELS]}, who=ADMIN)
    kiosk.hall.queue(*"AAAAAAAA")
    kiosk.meanwhile("set-setting", "peak_minutes", 1, who=ADMIN)
    kiosk.pass_seconds(11)
    kiosk.service("A")
    yield "other ways"
    kiosk.answer("to bank")
    yield "goes elsewhere"
    kiosk.does.go_home()


@pytest.mark.parametrize("kind", OTHERS, ids=lambda kind: kind.name)
def test_every_page_of_a_kiosk(hall, kind, open_station, qtbot):
    day = Day(hall, foreign_to(kind), qtbot.waitUntil, open_station, size=NARROW)
    paper, voice, ms = Paper(), Voice(), [1_000_000]

    def made(context: StationContext) -> KioskPage:
        lend(context, paper=paper, speech=voice)
        return KioskPage(context, KioskController(context, steady_ms=lambda: ms[0]))

    day.hall.play("open 1 staff=C1", "queue A A B")
    window = day.windows["kiosk"] = open_station("kiosk", {}, actor_of_station("K1"), made)
    kiosk = Kiosk(day.hall, window.current_page, day.until, paper, ms, voice)
    for name in chain(pages(kiosk), listening(kiosk)):
        day.look(name, "kiosk")
    assert voice.said and paper.slips
    assert day.wrong == {}


def listening(kiosk: Kiosk) -> Iterator[str]:
    kiosk.side("listen")
    yield "read aloud"
    kiosk.service("C", "C")  # read out first
    yield "read aloud, a number"
