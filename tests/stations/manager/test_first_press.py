"""Whatever is pressed first at a manager's station that was just opened, a page with something on it comes to the
front."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from msgspec.structs import replace
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QStackedWidget, QWidget

from queuedesk.app.services.kept_reports import KeptReports
from queuedesk.app.services.sounds import Sounds
from queuedesk.app.station.wiring import station_services
from queuedesk.core.network.roles import Actor
from queuedesk.stations.manager.pages import IMPROVE, QUALITY, REPORTS, SETUP, WAITS, Pages
from queuedesk.stations.manager.setup_frame.draft import RULES
from queuedesk.stations.manager.setup_frame.page import SetUpPage
from queuedesk.stations.manager.station import ManagerView
from queuedesk.stations.widgets.panels import OnePage
from queuedesk.stations.window.context import StationContext
from tests.every_day import one_of
from tests.hall import ADMIN, Hall
from tests.stations.manager.conftest import Office, Paper
from tests.three_halls import CLINIC, OTHERS, POWER, THREE, Kind

SECTIONS = (
    "today", "tickets", "quality", "booked", "waits", "reports", "improve", "people", "notices", "equipment", "paper", "setup",
)  # fmt: skip
TABS = {
    QUALITY: ("cases", "why", "inspections", "morning", "thanks", "forums", "month"),
    WAITS: ("lobby", "fairness", "staffing", "what-if", "promise"),
    REPORTS: ("figures", "on-paper", "packs", "kept", "indicators", "channels", "audit"),
    IMPROVE: ("projects", "where-else", "trials", "training"),
}

LEAST_INK = 0.003
"""A sentence of two lines in an empty page is 0.009 of it; nothing is 0."""


IN_OTHERS = pytest.mark.parametrize("kind", one_of(OTHERS, CLINIC), ids=lambda kind: kind.name)
"""What a page reads when it is opened first differs between kinds of hall."""


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


def inked(widget: QWidget) -> float:
    """Return the share of a widget's points that are not of its ground: of the colour that more than half of them are
    of, which is then that of the point in the middle of all, in the order of colours. Without such a colour it is more
    than half."""
    image = widget.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    points = np.frombuffer(image.constBits(), np.uint32)
    middle = np.partition(points, points.size // 2)[points.size // 2]
    return 1 - float(np.count_nonzero(points == middle)) / points.size


def front(page: QWidget) -> QWidget:
    """Return what is in front in the end, through stacks of stacks."""
    pages = getattr(page, "pages", None)
    if isinstance(page, QStackedWidget):
        return front(page.currentWidget())
    return front(pages.currentWidget()) if isinstance(pages, Pages) else page


def assert_shows(view: ManagerView, section: str) -> None:
    page = front(view.stack.page(section))

    assert page is not None
    assert page.isVisible()
    assert inked(view.stack) > LEAST_INK


@pytest.mark.parametrize("kind", THREE, ids=lambda kind: kind.name)
def test_every_section_is_known_here(kind: Kind, fresh: Office) -> None:
    view = fresh.page

    assert tuple(key for key, _icon, _word in view.stack.entries()) == SECTIONS
    for section, tabs in TABS.items():
        assert tuple(key for key, _icon, _word in view.stack.page(section).pages.entries()) == tabs


@pytest.mark.parametrize("section", [section for section in SECTIONS if section not in TABS])
def test_a_section_pressed_first_shows_a_page(section: str, fresh: Office) -> None:
    fresh.go(section)

    assert_shows(fresh.page, section)


@pytest.mark.parametrize(("section", "tab"), [(section, tab) for section, tabs in TABS.items() for tab in tabs])
def test_a_tab_pressed_first_shows_its_page(section: str, tab: str, fresh: Office) -> None:
    fresh.go(section)
    if tab == TABS[section][0]:
        assert_shows(fresh.page, section)
    press_tab(fresh, section, tab)

    assert_shows(fresh.page, section)


@IN_OTHERS
def test_each_section_and_tab_pressed_for_the_first_time_shows_its_page(kind: Kind, fresh: Office) -> None:
    for section in SECTIONS:
        fresh.go(section)
        assert_shows(fresh.page, section)
        for tab in TABS.get(section, ()):
            press_tab(fresh, section, tab)
            assert_shows(fresh.page, section)


def press_tab(office: Office, section: str, tab: str) -> None:
    of = office.page.stack.page(section)
    pressed = of.tabs.findChild(QWidget, f"tab-{tab}")
    assert pressed is not None
    office.touch(pressed)
    assert of.pages.seen() == tab


@pytest.mark.parametrize("kind", one_of(THREE, POWER), ids=lambda kind: kind.name)
def test_every_part_of_the_set_up_shows_its_form(kind: Kind, fresh: Office) -> None:
    fresh.go(SETUP)
    page = fresh.page.setup_page
    assert isinstance(page, SetUpPage)

    for part in page.own.parts():
        entry = page.nav.findChild(QWidget, part)
        assert entry is not None
        fresh.touch(entry)

        assert page.part == part
        assert inked(page.findChild(OnePage)) > LEAST_INK, part


@pytest.mark.parametrize("what", ["waits", "reports", f"setup {RULES}"])
def test_what_was_seen_before_is_shown_anew(what: str, fresh: Office, tmp_path: Path) -> None:
    fresh.page.see(what)

    assert_shows(fresh.page, what.partition(" ")[0])
    assert fresh.page.seen() == what
