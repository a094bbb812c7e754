"""Pages of home in their window, over a hall in the test's folder."""

from functools import partial

import pytest

from queuedesk.cli.job import read_json
from queuedesk.stations.home.controller import Deeds, HomeController
from queuedesk.stations.home.wizard_view import WizardPage
from queuedesk.stations.window.context import InlineTasks
from queuedesk.stations.window.frame import Frame
from queuedesk.stations.window.preferences import Preferences
from queuedesk.stations.window.style import LIGHT, Look, apply
from tests.hall import at
from tests.stations.undrawn import undrawn


def nothing(*_words):
    """Do nothing to this PC."""


def home_at(place, tasks=None, clock=lambda: at("10:42"), *, does=None, **about) -> HomeController:
    """Return home over a place, which `does` nothing else to this PC."""
    deeds = {"start": nothing, "read_file": read_json, "keep": nothing, "open_at_start": nothing}
    deeds |= {"timezone": lambda: "Asia/Shanghai"} | (does or {})
    return HomeController(place, tasks or InlineTasks(), clock, Deeds(**deeds), **about)


class Shown:
    """The page that a window shows now: another one once it was made anew."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame

    @property
    def page(self):
        return self._frame.page

    def __getattr__(self, name):
        return getattr(self.page, name)


def wizard_of(controller, look, kept) -> WizardPage:
    return WizardPage(look, controller, kept)


@pytest.fixture
def in_frame(qapp, qtbot):
    """Return what shows a page of home in its window, made of a look and a person's choices."""
    frames = []

    def show(made, *, text_pct=100, help_page="home") -> Frame:
        look = Look(LIGHT)
        apply(qapp, look)
        kept = Preferences(nothing, text_pct=text_pct)
        frame = Frame(look, kept, lambda: at("10:42"), help_page=help_page, leads_home=False)
        frame.preferences = kept
        frame.show_page(made(look, kept), partial(made, look, kept))
        frame.resize(1366, 768)
        with undrawn(frame), qtbot.waitActive(frame):
            frame.show()
        frames.append(frame)
        return frame

    yield show
    for frame in frames:
        frame.close_anyway()
        frame.deleteLater()


@pytest.fixture
def controller(tmp_path, qapp):
    return home_at(tmp_path / "hall.sqlite", does={"read_file": nothing, "timezone": lambda: "Europe/Berlin"})


@pytest.fixture
def open_wizard(controller, in_frame):
    return lambda text_pct=100: Shown(in_frame(partial(wizard_of, controller), text_pct=text_pct))


@pytest.fixture
def wizard(open_wizard):
    return open_wizard()
