"""A PC with home's pages in their window, over a hall in the test's folder."""

from functools import partial

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from queuedesk.cli.job import read_json
from queuedesk.stations.home.controller import HomeController, HomeOutsideCalls
from queuedesk.stations.home.wizard_view import WizardPage
from queuedesk.stations.window.context import InlineTasks
from queuedesk.stations.window.frame import OnePageWindow, Preferences
from queuedesk.stations.window.style import LIGHT, Look, apply_look_to_app
from tests.hall import at
from tests.stations.english import english  # noqa: F401
from tests.stations.pages import undrawn


def nothing(*_words):
    """Do nothing to this PC."""


def click(*widgets):
    for widget in widgets:
        assert widget.isVisible()
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton)


class OwnPc:
    """Home over a place (`home`), and what it did to this PC; `here` are the stations that run on it, `does` what it
    does otherwise."""

    def __init__(self, place, tasks=None, clock=lambda: at("10:42"), *, does=None, **about):
        self.started, self.orders, self.kept, self.at_start, self.here = [], [], {}, [["before"]], []
        deeds = {
            "start": self.started.append,
            "read_file": read_json,
            "keep": self.kept.update,
            "open_at_start": partial(setattr, self, "at_start"),
            "timezone": lambda: "Asia/Shanghai",
            "here": lambda _place, _now: self.here,
            "order": lambda key, what: self.orders.append((key, what)),
        }
        system = HomeOutsideCalls(**deeds | (does or {}))
        self.home = HomeController(place, tasks or InlineTasks(), clock, system, **about)

    @property
    def refusals(self):
        """A list of the codes with which home refuses from now on."""
        codes = []
        self.home.refused.connect(lambda trouble: codes.append(trouble.code))
        return codes

    def look(self, *stations):
        """Let home find these stations running here, or those it knows."""
        self.here = [*stations] or self.here
        self.home.refresh_local_stations()


class InWindow:
    """A page in home's window, which may be another one once it was made anew."""

    def __init__(self, frame: OnePageWindow) -> None:
        self.frame = frame

    @property
    def page(self):
        return self.frame.current_page

    def __getattr__(self, name):
        return getattr(self.page, name)


@pytest.fixture
def in_frame(qapp, qtbot):
    """Return what shows a page of home in its window, made of a look and a person's choices."""
    frames = []

    def show(made, *, text_pct=100, help_page="home") -> InWindow:
        look = Look(LIGHT)
        apply_look_to_app(qapp, look)
        kept = Preferences(nothing, text_pct=text_pct)
        frame = OnePageWindow(look, kept, lambda: at("10:42"), help_page=help_page, leads_home=False)
        frame.preferences = kept
        frame.show_page(made(look, kept), partial(made, look, kept))
        frame.resize(1366, 768)
        with undrawn(frame), qtbot.waitActive(frame):
            frame.show()
        frames.append(frame)
        return InWindow(frame)

    yield show
    for frame in frames:
        frame.close_without_asking()
        frame.deleteLater()


@pytest.fixture
def controller(tmp_path, qapp):
    return OwnPc(tmp_path / "hall.sqlite", does={"read_file": nothing, "timezone": lambda: "Europe/Berlin"}).home


@pytest.fixture
def wizard(controller, in_frame):
    return in_frame(lambda look, kept: WizardPage(look, controller, kept))


@pytest.fixture
def leave(qtbot):
    """Return what brings another window to the front."""

    def leave():
        other = QWidget()
        qtbot.addWidget(other)
        with qtbot.waitActive(other):
            other.show()
            other.activateWindow()

    return leave
