"""Whatever is pressed for the first time at a manager's station, a page with something on it comes to the front; who
presses everything all day sees the same again and holds no more widgets than one who has just begun.

test_whole_words.py opens each page for the first time in the order of the list, in three kinds of hall. Here they are
pressed from the last to the first: a page that can't do without another one is empty in one of the two.
"""

import gc
import weakref
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from msgspec.structs import replace
from PySide6.QtWidgets import QWidget

from queuedesk.app.services.kept_reports import KeptReports
from queuedesk.app.services.sounds import Sounds
from queuedesk.app.station.wiring import station_services
from queuedesk.core.network.roles import Actor
from queuedesk.stations.manager.pages import IMPROVE, QUALITY, REPORTS, SETUP, STAFF, WAITS
from queuedesk.stations.manager.setup_frame.draft import RULES
from queuedesk.stations.manager.station import ManagerView
from queuedesk.stations.window.context import StationContext
from tests.hall import ADMIN, Hall
from tests.stations.manager.conftest import Office, Paper, in_front
from tests.stations.seen import said
from tests.stations.undrawn import leave_undrawn
from tests.stations.whole_words import LEAST_INK, inked, settled
from tests.three_halls import OTHERS, POWER, Kind

SECTIONS = (
    "today", "tickets", "quality", "booked", "waits", "reports", "improve", "people", "notices", "equipment", "paper", "setup",
)  # fmt: skip
TABS = {
    QUALITY: ("cases", "why", "inspections", "morning", "thanks", "forums", "month"),
    WAITS: ("lobby", "fairness", "staffing", "what-if", "promise"),
    REPORTS: ("figures", "on-paper", "packs", "kept", "indicators", "channels", "audit"),
    STAFF: ("staff-today", "sheets"),
    IMPROVE: ("projects", "where-else", "trials", "training"),
}
MORE = 1.02
"""So many times the widgets of the first round the second may hold: a list may be read a moment later."""


@pytest.fixture
def kind() -> Kind:
    return POWER


@pytest.fixture
def context(hall: Hall, context: StationContext, paper: Paper) -> Iterator[StationContext]:
    sounds = Sounds(on=False)
    lent = station_services(hall.desk, hall.clock, sounds, is_manager=True)
    paper.draw_sample = lent.paper.draw_sample
    own = paper.services(kept_reports=KeptReports(hall.desk, hall.clock))
    given = {name: value for name in own.__struct_fields__ if (value := getattr(own, name)) is not None}
    context.services = replace(lent, **given)
    yield context
    sounds.stop()


@pytest.fixture
def fresh(open_office: Callable[[Actor], Office], kind: Kind) -> Office:
    return open_office(ADMIN)


def assert_shows(view: ManagerView, section: str) -> None:
    settled()
    page = in_front(view.stack.page(section))

    assert page.isVisible(), section
    assert inked(page) > LEAST_INK, section


def assert_all_are_known_here(view: ManagerView) -> None:
    assert tuple(key for key, _icon, _word in view.stack.entries()) == SECTIONS
    for section, tabs in TABS.items():
        assert tuple(key for key, _icon, _word in view.stack.page(section).pages.entries()) == tabs


@pytest.mark.parametrize("kind", OTHERS, ids=lambda kind: kind.name)
def test_every_section_is_known_here_for_other_halls_too(kind: Kind, fresh: Office) -> None:
    assert_all_are_known_here(fresh.page)


def pressed(office: Office) -> Iterator[tuple[str, str]]:
    """Press every section and each of its tabs, from the last to the first; yield which."""
    for section in reversed(SECTIONS):
        office.go(section)
        yield section, ""
        for tab in reversed(TABS.get(section, ())):
            press_tab(office, section, tab)
            yield section, tab


def test_whatever_is_pressed_shows_its_page_and_the_same_when_it_was_made_anew(fresh: Office) -> None:
    view = fresh.page
    leave_undrawn(view)
    assert_all_are_known_here(view)
    told: list[dict[str, list[str]]] = []
    pages: list[dict[str, weakref.ref[QWidget]]] = []
    counted = []
    for _round in range(2):
        told.append({})
        pages.append({})
        for section, tab in pressed(fresh):
            assert_shows(view, section)
            if tab or section not in TABS:
                page: Any = view.stack.page(section)
                page = page.pages.page(tab) if tab else page
                told[-1][tab or section] = said(page)
                pages[-1][tab or section] = weakref.ref(page)
        for part in view.setup_page.own.parts():
            view.setup_page.open_part(part)
        fresh.go("today")
        view.make_anew()
        settled()
        gc.collect()
        counted.append(len(view.findChildren(QWidget)))

    # The set-up is left at another part than it begins with.
    assert {key: one for key, one in told[1].items() if key != SETUP} == {
        key: one for key, one in told[0].items() if key != SETUP
    }
    assert counted[1] <= counted[0] * MORE
    # Of the pages of before nothing is held by a signal, a timer or an answer.
    assert {key for key, one in pages[0].items() if one() is not None} == set()

    # What was seen before is shown anew.
    for what in ("waits", "reports", f"setup {RULES}"):
        view.see(what)

        assert_shows(view, what.partition(" ")[0])
        assert view.seen() == what


def press_tab(office: Office, section: str, tab: str) -> None:
    of = office.page.stack.page(section)
    pressed = of.tabs.findChild(QWidget, f"tab-{tab}")
    assert pressed is not None
    office.touch(pressed)
    assert of.pages.seen() == tab
