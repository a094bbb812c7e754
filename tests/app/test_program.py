"""What is round every window of the program."""

import pytest

from queuedesk import i18n
from queuedesk.app.program import follow_title
from queuedesk.stations.frame import Frame
from queuedesk.stations.preferences import Preferences
from queuedesk.stations.style import Look
from tests.hall import at


@pytest.fixture(autouse=True)
def english():
    i18n.use("en")
    yield
    i18n.use("zh_CN")


def test_the_title_bar_follows_the_language(qtbot):
    preferences = Preferences(lambda _name, _value: None)
    frame = Frame(Look(), preferences, lambda: at("10:00"), help_page="guide")
    qtbot.addWidget(frame)
    follow_title(frame, preferences, "guide")
    assert frame.windowTitle() == "Front desk"

    preferences.set_language("zh_CN")

    assert frame.windowTitle() == "引导台"
