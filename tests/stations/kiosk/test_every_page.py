"""Every page that a customer can stand before, on every screen. Each screen is led through once, and every page of it
is looked at for all that a finger, an eye and an ear need: nothing is cut or faint, keys are large enough, named and
reached by arrows, and a page is read to who listens."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import chain, product

import pytest

from queuedesk import i18n
from queuedesk.i18n import LANGUAGES
from queuedesk.stations.access import ARROWS, nearest, places_in
from queuedesk.stations.kiosk.view import CAPITAL_EM, CAPITAL_MM, ROWS
from queuedesk.stations.window.style import CONTRAST, FINGER_MM, LIGHT, Theme
from tests.every_day import SEES_ALL
from tests.hall import Hall
from tests.stations.kiosk.conftest import SMALL, UPRIGHT, WIDE, Kiosk
from tests.stations.kiosk.test_layout import badly_laid, keys
from tests.stations.kiosk.walk import pages, where_the_hall_wants_it
from tests.stations.whole_words import HIGH_EM, Drawn, cut, drawn, faint, outside, overlapping, settled

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
    def size(self) -> tuple[int, int]:
        return SCREENS[self.screen][0]

    @property
    def width_mm(self) -> float:
        return SCREENS[self.screen][1]

    @property
    def mm(self) -> float:
        """The width of a pixel where keys and letters are as large as people need; 0 where it is not known, and on a
        laptop, which is too small and says so."""
        return 0 if "laptop" in self.screen else self.width_mm / self.size[0]


DAILY = (
    Walk('21.5" upright', "en", has_voice=True),
    Walk('19.5" on a small PC', "en", has_voice=True),
    Walk('14" laptop', "en"),
    Walk('14" laptop, 1024x768', "en", theme=CONTRAST),
    Walk("small, upright", "zh_CN", has_voice=True),
)
"""Where letters and keys are enlarged most there is least room, in English less than in Chinese."""
EVERY = [Walk(*one) for one in product(SCREENS, LANGUAGES, (False, True), (LIGHT, CONTRAST))]


@pytest.mark.parametrize("walk", EVERY if SEES_ALL else DAILY, ids=str)
def test_every_page_suits_finger_eye_and_ear(make_kiosk: Callable[..., Kiosk], hall: Hall, walk: Walk) -> None:
    i18n.use(walk.lang)
    wrong: dict[str, list[str]] = {}
    if walk.has_voice and not SEES_ALL:  # the greeting has one key less where nothing can be read aloud
        kiosk = stand(make_kiosk, hall, replace(walk, has_voice=False))
        if found := [*look_at(kiosk, walk)]:
            wrong["greeting, no loudspeaker"] = found
        kiosk.page.hide()
    kiosk = stand(make_kiosk, hall, walk)
    for name in chain(pages(kiosk), where_the_hall_wants_it(kiosk), missed(kiosk)):
        found = [*look_at(kiosk, walk)]
        if walk.has_voice:
            found += (f"while somebody listens: {one}" for one in listen_to(kiosk, walk))
        if found:
            wrong.setdefault(name, []).extend(found)

    assert not wrong, "\n".join(f"{name}: {one}" for name, found in wrong.items() for one in found)


def stand(make_kiosk: Callable[..., Kiosk], hall: Hall, walk: Walk) -> Kiosk:
    """Return a kiosk on the walk's screen."""
    kiosk = make_kiosk(hall, size=walk.size, screen_mm=walk.width_mm, voice=walk.has_voice, theme=walk.theme)
    kiosk.page.setUpdatesEnabled(False)  # drawn once for each look is enough
    return kiosk


def look_at(kiosk: Kiosk, walk: Walk) -> Iterator[str]:
    """Yield what is wrong with a page for the finger, the eye, and who has but arrows."""
    settled()
    kiosk.page.setUpdatesEnabled(True)
    seen = drawn(kiosk.page)
    kiosk.page.setUpdatesEnabled(False)
    if kiosk.page.size().toTuple() != walk.size:
        yield f"needs {kiosk.page.size().toTuple()}"
    yield from chain(cut(seen, ()), overlapping(seen), outside(seen), faint(seen))
    yield from too_small(seen, walk)
    yield from badly_laid(kiosk)
    yield from small_keys(kiosk, walk)
    yield from unreached(kiosk)
    yield from of_other_sizes(kiosk, seen)


def too_small(seen: Drawn, walk: Walk) -> Iterator[str]:
    """Yield the words whose letters are smaller than an eye needs."""
    if not seen.words:
        yield "not a word"
    for word in seen.words:
        capital = word.box.height() / HIGH_EM * CAPITAL_EM * walk.mm
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
    places, shown = places_in(kiosk.page.keyboard.host()), set(keys(kiosk))
    if set(places) != shown:
        yield f"arrows know {[key.text() for key in places]}, not {[key.text() for key in shown]}"
    todo = [*places][:1]
    reached = set(todo)
    while todo and not shown <= reached:
        key = todo.pop()
        ways = {nearest(places, key, arrow) for arrow in ARROWS} - {None, *reached}
        todo += ways
        reached |= ways
    yield from (f"no arrow leads to {key.accessibleName()}" for key in shown - reached)


def of_other_sizes(kiosk: Kiosk, seen: Drawn) -> Iterator[str]:
    """Yield the rows of keys beside the services whose letters are not of one size."""
    sides = kiosk.view.greeting.sides
    for row in (ROWS[0], ROWS[1] + ROWS[2]):
        if len({round(word.box.height(), 1) for word in seen.words if word.on in [sides[name] for name in row]}) > 1:
            yield f"letters of more than one size: {row}"


def listen_to(kiosk: Kiosk, walk: Walk) -> Iterator[str]:
    """Yield what is wrong with a page that is read to somebody."""
    kiosk.does.set_listens(True)
    yield from badly_laid(kiosk)
    yield from small_keys(kiosk, walk)
    if not kiosk.view.strip.isVisible():
        yield "no strip"
    if not kiosk.voice.said[-1][0]:
        yield "nothing is read"
    if i18n.current() != walk.lang:
        yield f"it speaks {i18n.current()}"
    kiosk.does.set_listens(False)


def missed(kiosk: Kiosk) -> Iterator[str]:
    """Show a ticket that missed its call."""
    label = kiosk.hall.call("6")
    kiosk.hall.do("miss", "6")
    kiosk.follow()
    kiosk.does.home()
    kiosk.side("where")
    kiosk.pad(label)
    yield f"where, missed {label}"
