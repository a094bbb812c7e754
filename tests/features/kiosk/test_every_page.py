"""Every page that a customer can stand before, on every screen: nothing is cut or faint, all is reached and heard."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain, product
from pathlib import Path

import pytest

from queuedesk import i18n
from queuedesk.core.errors import OutsideError, RuleError
from queuedesk.core.talk.remarks import CHANNELS
from queuedesk.desk import setting_up
from queuedesk.features.kiosk.pages.controller import RING_S
from queuedesk.features.kiosk.pages.keys import CAPITAL_EM, CAPITAL_MM
from queuedesk.features.kiosk.pages.view import ROWS
from queuedesk.features.web.verbs import progress
from queuedesk.i18n import LANGUAGES
from queuedesk.stations.access import ARROWS, key_places_in_reading_order, nearest_key
from queuedesk.stations.window.style import CONTRAST, FINGER_MM, LIGHT, Theme
from tests.every_day import SEES_ALL, paired
from tests.features.kiosk.conftest import SMALL, UPRIGHT, WIDE, Kiosk
from tests.features.kiosk.test_layout import badly_laid, keys
from tests.hall import ADMIN, Hall, at, make_hall
from tests.stations import whole_words
from tests.stations.shapes import SHAPES, SIZES, Shape, shapes_of

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
    yield from chain(
        whole_words.cut(seen, ()), whole_words.overlapping(seen), whole_words.outside(seen), whole_words.faint(seen)
    )
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
    places, shown = key_places_in_reading_order(kiosk.page.keyboard.host_widget()), set(keys(kiosk))
    if set(places) != shown:
        yield f"arrows know {[key.text() for key in places]}, not {[key.text() for key in shown]}"
    todo = [*places][:1]
    reached = set(todo)
    while todo and not shown <= reached:
        key = todo.pop()
        ways = {nearest_key(places, key, arrow) for arrow in ARROWS} - {None, *reached}
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
        yield from chain(whole_words.cut(seen, ()), whole_words.overlapping(seen), whole_words.outside(seen))
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
    assert kiosk.view.ticket.said.title == "Please remember your number"
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


def states_of_cases(folder: Path) -> Path:
    file = folder / "states.csv"
    told = "GZ-2026-0017,审核中,2026-11-20,请带身份证到三号窗口领取,In review,Please bring your ID to window 3"
    file.write_text(f"reference,state,since,note,state_en,note_en\n{told}\n", encoding="utf-8")
    return file


def where_the_hall_wants_it(kiosk: Kiosk) -> Iterator[str]:
    """Lead through what a hall has to switch on."""
    progress.import_case_progress(kiosk.hall.desk, kiosk.hall.ask(), str(states_of_cases(kiosk.hall.path.parent)))
    setting_up.choose_features(kiosk.hall.desk, kiosk.hall.ask(), on=("web",))
    kiosk.follow()
    yield "greeting, with cases"
    kiosk.side("case")
    yield "case"
    kiosk.does.case.write("GZ-2026-0017")
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
