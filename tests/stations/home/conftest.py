"""The first start in a window, for a hall that is made in the test's folder."""

from __future__ import annotations

import pytest

from queuedesk.stations.home.controller import Deeds, HomeController
from queuedesk.stations.home.wizard_view import WizardPage
from queuedesk.stations.window.frame import Frame
from queuedesk.stations.window.preferences import Preferences
from queuedesk.stations.window.style import LIGHT, Look, apply
from queuedesk.stations.window.tasks import InlineTasks
from tests.hall import at
from tests.stations.undrawn import undrawn


@pytest.fixture
def controller(tmp_path, qapp):
    deeds = Deeds(
        start=lambda _words: None,
        read_file=lambda _path: None,
        keep=lambda _choices: None,
        open_at_start=lambda _words: None,
        timezone=lambda: "Europe/Berlin",
    )
    return HomeController(tmp_path / "hall.sqlite", InlineTasks(), lambda: at("10:42"), deeds)


@pytest.fixture
def open_wizard(controller, qapp, qtbot):
    frames = []

    def opened(text_pct: int = 100) -> WizardPage:
        look = Look(LIGHT)
        apply(qapp, look)
        kept = Preferences(lambda _name, _value: None, text_pct=text_pct)
        frame = Frame(look, kept, lambda: at("10:42"), help_page="home", leads_home=False)
        page = WizardPage(look, controller, kept)
        frame.show_page(page)
        frame.resize(1366, 768)
        with undrawn(frame), qtbot.waitActive(frame):
            frame.show()
        frames.append(frame)
        return page

    yield opened
    for frame in frames:
        frame.close_anyway()
        frame.deleteLater()


@pytest.fixture
def wizard(open_wizard):
    return open_wizard()
