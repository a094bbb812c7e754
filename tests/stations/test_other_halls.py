"""Halls with words of their own or one language: a day is whole, and every screen, slip and voice is the hall's."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pypdfium2
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QPlainTextEdit, QWidget

from queuedesk import i18n
from queuedesk.app.services import papers
from queuedesk.app.services.speaking import announcement_of_call
from queuedesk.app.station.wiring import Station
from queuedesk.core.network.roles import CUSTOMER, Actor, Role, actor_of_station
from queuedesk.core.queue.ticket import WindowCall
from queuedesk.core.setup.rows import Setup, voice_languages
from queuedesk.core.talk.announcement import has_chinese
from queuedesk.core.talk.display import AUTO, ORDER, PORTRAIT
from queuedesk.core.talk.screen import HALL_SCREENS, all_stations
from queuedesk.desk import looking, setting_up
from queuedesk.desk.upkeep import clocks
from queuedesk.reports.figures.write import write_day_report
from queuedesk.stations.acts.hold_to_confirm import HOLD_MS
from queuedesk.stations.manager.pages import SETUP
from queuedesk.stations.rating.controller import WindowRatingController
from queuedesk.stations.rating.station import WindowRatingPage
from queuedesk.stations.widgets.lists.strips import Toast
from queuedesk.stations.window.context import StationContext
from queuedesk.stations.window.shell import StationWindow
from queuedesk.voice.engines import displayed_call_phrase, spoken_call_phrase
from tests.every_day import one_of
from tests.hall import DAY, GUIDE, Hall, at, hall_from, preset
from tests.stations.all_stations import STATIONS, AllStations
from tests.stations.english import english  # noqa: F401
from tests.stations.whole_words import cut, drawn, outside, overlapping, settled, typed_words
from tests.three_halls import OTHERS, POST_OFFICE, Kind

Key = Qt.Key
USUAL, SMALL, LARGE = (1366, 768, 100), (1024, 768, 100), (1366, 768, 150)
NOT_HERE = "bill day|electric|meter|grid|published|make-up"
"""Words of a power office, of China, or of a preset that nobody has seen."""
SPACE, ENTER = Key.Key_Space, Key.Key_Return
PUBLIC: dict[str, tuple[str, dict[str, Any], Actor]] = {
    "kiosk": ("kiosk", {}, actor_of_station("K1")),
    **{f"display, {one}": ("display", {"layout": one}, actor_of_station("display")) for one in (AUTO, ORDER, PORTRAIT)},
    **{name: (name, {"window": "1"}, actor_of_station(f"{name}-1")) for name in ("plate", "line")},
    "rating": ("rating", {"window": "1"}, CUSTOMER),
    "exit": ("rating", {}, CUSTOMER),
}
PUBLIC = {name: screen for name, screen in PUBLIC.items() if screen[0] in all_stations()}
STAFF = ("guide", "counter 1", "counter 2", *(["lobby"] if "lobby" in all_stations() else []))


@pytest.fixture
def hall(tmp_path, kind: Kind) -> Hall:
    return kind.make(tmp_path, time="9:00")


def foreign_to(kind: Kind) -> re.Pattern[str]:
    """Return what finds the words that a hall does not use."""
    not_said = "window" if kind.ticket == "ticket" else "window|ticket"
    return re.compile(rf"\b({not_said})s?\b|{NOT_HERE}", re.IGNORECASE)


@dataclass
class Day:
    """The stations of a hall, hands that press what can be seen, and what was wrong to see."""

    hall: Hall
    foreign: re.Pattern[str]
    until: Callable[[Callable[[], bool]], None]
    open: Callable[..., StationWindow]
    windows: dict[str, StationWindow] = field(default_factory=dict)
    wrong: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    size: tuple[int, int, int] = USUAL
    """In which all stations are looked at now: another one dresses every widget of every window anew."""
    ms: list[int] = field(default_factory=lambda: [0])
    told: dict[str, datetime] = field(default_factory=dict)
    seen: dict[str, int] = field(default_factory=dict)

    def start(self, name: str, what: str, options: dict[str, Any], who: Actor | None) -> Any:
        def rating(context: StationContext) -> WindowRatingPage:
            return WindowRatingPage(context, WindowRatingController(context, steady_ms=lambda: self.ms[0]))

        window = self.windows[name] = self.open(what, options, who, rating if name == "rating" else None)
        window.setUpdatesEnabled(False)  # drawn once for each look is enough
        if options.get("layout") == PORTRAIT:
            window.resize(768, 1366)
        return window.current_page

    def follow(self) -> None:
        """Let every station have what is in the log, and tell it the time whenever that has moved on."""
        last, now = self.hall.length(), self.hall.clock()
        for name, window in self.windows.items():
            self.until(lambda feed=window.context.feed: feed.state.now.seq >= last)
            if self.told.get(name) != now:
                self.told[name] = now
                window.current_page.tick(now)
        QApplication.processEvents()

    def touch(self, widget: QWidget) -> None:
        assert widget.isVisible() and widget.isEnabled(), widget
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton)
        self.follow()

    def press(self, name: str, *keys: Key) -> None:
        window = self.windows[name]
        for key in keys:
            QTest.keyClick(window.focusWidget() or window.current_page, key)
            self.follow()

    def look(self, moment: str, *at: str) -> None:
        """See every station as it is now, or those that have changed; only staff may see typed words cut."""
        self.follow()
        for toast in (toast for window in self.windows.values() for toast in window.findChildren(Toast)):
            toast.dismiss()  # it lies over the page for five seconds, wherever it hides no button
        width, height, text_pct = self.size
        for name in at or self.windows:
            window = self.windows[name]
            if name not in PUBLIC:  # there letters can be chosen
                window.preferences.set_text_size_pct(text_pct)
            if name != "line":
                window.resize(*((height, width) if window.height() > window.width() else (width, height)))
            settled()
            window.setUpdatesEnabled(True)
            seen = drawn(window)
            window.setUpdatesEnabled(False)
            self.seen[name] = self.seen.get(name, 0) + len(seen.words)
            typed = () if name in PUBLIC else typed_words(window.context.feed.setup)
            said = (str(one) for one in seen.words if self.foreign.search(one.whole) or has_chinese(one.whole))
            if found := {*cut(seen, typed), *overlapping(seen), *outside(seen), *said}:
                self.wrong[f"{moment}, {self.size}", name] = sorted(found)


@pytest.mark.works
@pytest.mark.parametrize("kind", one_of(OTHERS, POST_OFFICE), ids=lambda kind: kind.name)
def test_a_day_from_the_first_ticket_to_its_report(hall: Hall, kind: Kind, open_station, qtbot, tmp_path) -> None:
    """Daily where neither of the two words is the usual one."""
    day = Day(hall, foreign_to(kind), qtbot.waitUntil, open_station)
    guide = day.start("guide", "guide", {}, GUIDE)
    first, second = (day.start(f"counter {n}", "counter", {"window": n}, None) for n in "12")
    if "lobby" in STAFF:
        day.start("lobby", "lobby", {}, GUIDE)
    for name, screen in PUBLIC.items():
        day.start(name, *screen)
    day.look("nobody")
    day.touch(first.sign_in.names["C1"])
    for service in "ABAD":
        day.touch(guide.front.board.tiles[service])
        day.touch(guide.print_rail.print_button)
        day.press("guide", ENTER)  # no printer: the number is noted
        hall.clock.move(minutes=1)
    day.look("a line")
    day.touch(second.sign_in.names["C2"])
    day.size = SMALL
    day.press("counter 1", SPACE)  # A001 is called and does not come
    day.look("called")
    hall.clock.move(seconds=40)
    day.press("counter 1", Key.Key_F2, Key.Key_F2, Key.Key_F3)
    day.touch(guide.hall_rail.rows[0].button())
    assert hall.ticket("A001").state == "waiting"
    day.press("counter 1", SPACE, SPACE)  # B001 has come to the wrong one
    day.press("counter 1", Key.Key_F7)
    day.look("which line is right?", "counter 1")
    day.press("counter 1", Key.Key_1, ENTER)
    day.press("counter 2", SPACE, SPACE)
    hall.clock.move(minutes=4)
    day.look("serving")
    day.press("counter 2", SPACE)
    day.press("counter 1", SPACE, SPACE)
    hall.clock.move(minutes=5)
    day.press("counter 1", SPACE)
    day.size = LARGE
    day.look("served")
    screen = day.windows["rating"].current_page
    for ms, press in (
        (1000, lambda: day.touch(screen.view.faces[3])),
        (HOLD_MS, screen.controller.holding.do_waiting_act_if_quiet),
    ):
        day.ms[0] += ms
        press()
    day.look("rated", *STAFF, "rating")
    while looking.hall_state_now(hall.desk, hall.clock()).waiting_tickets():
        day.press("counter 1", SPACE, SPACE)
        hall.clock.move(minutes=5)
        day.press("counter 1", SPACE)
    day.press("counter 1", Key.Key_F10, Key.Key_1, ENTER)
    day.look("paused")
    day.press("counter 1", SPACE, Key.Key_F11)
    day.press("counter 2", Key.Key_F11)
    day.look("closed")
    clocks.end_today(hall.desk, hall.ask())
    report = tmp_path / "day.pdf"
    write_day_report(hall.desk, hall.date, report, lang="en", now=hall.clock())
    with pypdfium2.PdfDocument(report) as pdf:
        text = "".join(page.get_textpage().get_text_range() for page in pdf)
    kinds = [event.kind for event in looking.events_after(hall.desk, 0)]
    told = ("issue", "miss", "reinstate", "redirect", "finish", "rate", "pause", "resume", "close")
    assert [kinds.count(kind) for kind in told] == [4, 1, 1, 1, 4, 1, 1, 1, 2]
    assert f"2 {kind.window}s" in text
    assert "…" not in text
    pictures = [name for name in PUBLIC if name == "line"]
    assert [name for name, words in day.seen.items() if not words] == pictures
    assert day.wrong == {}


CHINESE = re.compile("[\u3400-\u9fff]")
FOREIGN = {
    "en": re.compile("[\u3400-\u9fff]|Chinese|English|make-up|published|bill day", re.IGNORECASE),
    "zh_CN": re.compile("(?<!中)英文|English|Registration|Payment|Normal", re.IGNORECASE),
}
"""What no screen of a hall with that language says."""
WEEK = [{"days": "1-6", "from": "08:00", "to": "17:00"}]


def document_of(lang: str) -> dict[str, Any]:
    """Return a clinic with three rooms that opens from Monday to Saturday, in one language."""
    document = preset("clinic")
    hall = {"code": "C", "name": "测试门诊" if lang == "zh_CN" else "", "name_en": "Elm Street Clinic"}
    zone = "Asia/Shanghai" if lang == "zh_CN" else "America/New_York"
    document["hall"] = {**document["hall"], **hall, "timezone": zone, "words": {"window": "room"}}
    document["services"] = [{**row, "hours": WEEK, "last_ticket": None} for row in document["services"]]
    document["windows"] = document["windows"][:3]
    people = (("G1", Role.GUIDE), ("C1", Role.CLERK), ("M1", Role.MANAGER), ("AD", Role.ADMIN))
    document["staff"] = [{"code": code, "name": code, "role": str(role)} for code, role in people]
    return setting_up.setup_document_for_new_hall(document, languages=[lang])


def words_on(part: QWidget) -> set[str]:
    """Return every word that can be seen or is read aloud, and what choices and empty fields say."""
    part.setUpdatesEnabled(True)
    found = {word.whole for word in drawn(part).words}
    part.setUpdatesEnabled(False)
    for one in (part, *part.findChildren(QWidget)):
        if not one.isVisibleTo(part):
            continue
        found |= {one.accessibleName(), one.accessibleDescription(), one.toolTip()}
        if isinstance(one, QComboBox):
            found |= {one.itemText(at) for at in range(one.count())}
        elif isinstance(one, QLineEdit):
            found |= {one.text(), one.placeholderText()}
        elif isinstance(one, QPlainTextEdit):
            found |= {one.toPlainText()}
    assert found - {""}
    return found - {""}


LOOKED_AT = ("notices", "morning", "inspections", "trials", "staffing", "figures", "reports", "lobby")
"""The manager's pages beside those of the set-up that have texts in the hall's languages, or days of its calendar."""
IN_BOTH = (f"{SETUP}-hall", f"{SETUP}-services", f"{SETUP}-voice", f"{SETUP}-ticket", f"{SETUP}-cards")
ITS_LANGUAGES = {"中文", "English", "中文, English", "English, 中文", "中文、English", "English、中文"}
"""How a hall is offered its languages, by their own names."""


def pages_of(station: Station, lang: str) -> Iterator[tuple[str, QWidget]]:
    window = station.window
    window.setUpdatesEnabled(False)  # drawn once for each look is enough
    settled()
    yield "", window
    for name, show in window.current_page.page_openers().items():
        is_of_english = lang == "en" and (name.startswith(SETUP) or name in LOOKED_AT)
        if name in IN_BOTH or is_of_english or not station.context.name.startswith("manager"):
            show()
            settled()
            yield name, window


@pytest.mark.parametrize("lang", ["en", "zh_CN"])
def test_no_screen_slip_or_voice_says_anything_in_the_other_language(tmp_path, lang: str, qapp) -> None:
    """Screens of staff speak the language of the PC, those for customers the hall's; each alone, as in its process."""
    hall = hall_from(tmp_path, document_of(lang), at("23:00" if lang == "en" else "10:00"))
    other = "en" if lang == "zh_CN" else "zh_CN"
    said = {}
    for name in STATIONS:
        i18n.choose_language(other if name in HALL_SCREENS else lang)
        opened = AllStations(hall, qapp, (name,))
        try:
            (station,) = opened.stations
            assert i18n.current_language() == lang, name
            if name == "manager":
                station.window.open_page_for_person(Actor("AD", Role.ADMIN))
            for page, window in pages_of(station, lang):
                wrong = {word for word in words_on(window) if FOREIGN[lang].search(word)}
                if page.startswith(SETUP):
                    wrong -= ITS_LANGUAGES
                if wrong:
                    said[f"{name} {page}"] = wrong
            if name in HALL_SCREENS:
                assert station.window.menu_languages() == (lang,)
        finally:
            opened.stop()
            settled()
    assert said == {}
    setup: Setup = looking.setup_of_hall(hall.desk)
    slip = papers.sample_slip(setup, setup.ticket_design, hall.clock())
    call = WindowCall(seq=1, time=hall.clock(), date=DAY.date(), label="A001", service="A", window="1", staff=None)
    told = announcement_of_call(setup, call)
    assert (slip.lang, slip.also) == (lang, None)
    assert voice_languages(setup) == (lang,)
    words = f"{slip} {displayed_call_phrase(told, lang, setup.voice)} {spoken_call_phrase(told, lang, setup.voice)}"
    assert bool(CHINESE.search(words)) is (lang == "zh_CN")
