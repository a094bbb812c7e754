"""What is pressed first at a manager's station shows its page, and whoever presses all day holds no more widgets."""

import gc
import weakref
from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtWidgets import QWidget

from queuedesk.stations.manager.pages import IMPROVE, QUALITY, REPORTS, SETUP, STAFF, WAITS
from queuedesk.stations.manager.setup_frame.draft import RULES
from queuedesk.stations.manager.station import ManagerView
from tests.features.test_whole_words import context  # noqa: F401
from tests.hall import ADMIN
from tests.stations.manager.conftest import Office, in_front
from tests.stations.pages import leave_undrawn
from tests.stations.seen import said
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


def assert_shows(view: ManagerView, section: str) -> None:
    settled()
    page = in_front(view.stack.get_or_make_page(section))
    assert page.isVisible(), section
    assert inked(page) > LEAST_INK, section


def assert_all_are_known_here(view: ManagerView) -> None:
    assert tuple(key for key, _icon, _word in view.stack.entries()) == SECTIONS
    for section, tabs in TABS.items():
        assert tuple(key for key, _icon, _word in view.stack.get_or_make_page(section).pages.entries()) == tabs


@pytest.mark.parametrize("kind", OTHERS, ids=lambda kind: kind.name)
def test_every_section_is_known_here_for_other_halls_too(kind, open_office) -> None:
    assert_all_are_known_here(open_office(ADMIN).page)


def pressed(office: Office) -> Iterator[tuple[str, str]]:
    """Press every section and each of its tabs, from the last to the first; yield which."""
    for section in reversed(SECTIONS):
        office.go(section)
        yield section, ""
        for tab in reversed(TABS.get(section, ())):
            of = office.page.stack.get_or_make_page(section)
            office.touch(of.tabs.findChild(QWidget, f"tab-{tab}"))
            assert of.pages.front_page_key() == tab
            yield section, tab


def test_whatever_is_pressed_shows_its_page_and_the_same_when_it_was_made_anew(open_office) -> None:
    fresh = open_office(ADMIN)
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
                page: Any = view.stack.get_or_make_page(section)
                page = page.pages.get_or_make_page(tab) if tab else page
                told[-1][tab or section] = said(page)
                pages[-1][tab or section] = weakref.ref(page)
        for part in view.setup_page.own.set_up_part_keys():
            view.setup_page.open_set_up_part(part)
        fresh.go("today")
        view.remake_contents()
        settled()
        gc.collect()
        counted.append(len(view.findChildren(QWidget)))
    # The set-up is left at another part than it begins with.
    first, second = ({key: one for key, one in page.items() if key != SETUP} for page in told)
    assert first == second
    assert counted[1] <= counted[0] * MORE
    # Of the pages of before nothing is held by a signal, a timer or an answer.
    assert {key for key, one in pages[0].items() if one() is not None} == set()
    # What was seen before is shown anew.
    for what in ("waits", "reports", f"setup {RULES}"):
        view.show_page_by_key(what)
        assert_shows(view, what.partition(" ")[0])
        assert view.visible_page_key() == what
