"""What is round every window of the program."""

import shutil

import pytest
from PySide6.QtWidgets import QLabel

from queuedesk import i18n
from queuedesk.app.station.program import follow_title, tell_missing
from queuedesk.app.station.wiring import Wish, build_station
from queuedesk.app.this_pc.config import Config
from queuedesk.paths import resource
from queuedesk.stations.widgets.questions.dialogs import ConfirmDialog
from queuedesk.stations.window import style
from queuedesk.stations.window.frame import Frame
from queuedesk.stations.window.preferences import Preferences
from queuedesk.stations.window.style import Look
from tests.hall import at, make_hall


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


@pytest.mark.parametrize(
    ("name", "window", "title", "chinese"),
    [
        ("counter", "3", "Counter 3 – Pay a bill, Account services", "窗口 3 – 电费缴纳、业务办理"),
        ("lobby", None, "Lobby board – East City Power Service Hall", "大堂看板 – 城东供电营业厅"),
    ],
)
@pytest.mark.usefixtures("qapp")
def test_the_title_bar_says_which_station_it_is(tmp_path, name, window, title, chinese):
    """The task bar tells two counters apart."""
    preferences = Preferences(lambda _name, _value: None)
    wish = Wish(name=name, window=window, db=str(make_hall(tmp_path).path), picture=True)
    built = build_station(wish, config=Config(), look=Look(), preferences=preferences, on_bug=raised)
    follow_title(built.window, preferences, name)
    in_english = built.window.windowTitle()
    preferences.set_language("zh_CN")
    in_chinese = built.window.windowTitle()
    built.window.end()
    built.stop()
    built.window.deleteLater()

    assert (in_english, in_chinese) == (title, chinese)


def raised(bug):
    raise bug


@pytest.fixture
def lost(tmp_path, monkeypatch):
    """A copy of the program's files in which one icon is gone."""
    there = resource("icons").parent
    shutil.copyfile(there / "files.txt", tmp_path / "files.txt")
    shutil.copytree(there / "icons", tmp_path / "icons")
    (tmp_path / "icons/check.svg").unlink()
    caches = (style._renderer, style._own, style.icon_pixmap)
    for cache in caches:
        cache.cache_clear()
    monkeypatch.setattr(style, "resource", tmp_path.joinpath)
    yield
    for cache in caches:
        cache.cache_clear()


def test_a_station_without_one_of_its_icons_works_and_says_which(qtbot, lost):
    look = Look()
    frame = Frame(look, Preferences(lambda _name, _value: None), lambda: at("10:00"), help_page="guide")
    qtbot.addWidget(frame)
    frame.show()
    assert style.icon_pixmap("check", "#000000", 24).toImage().pixelColor(12, 12).alpha() == 0
    with pytest.raises(FileNotFoundError):
        style.icon_pixmap("no such icon", "#000000", 24)

    tell_missing(frame, look, style.missing_icons())
    [card] = frame.findChildren(ConfirmDialog)
    said = " ".join(label.text() for label in card.findChildren(QLabel))
    assert (
        "1 file of the program is missing or damaged: resources/icons/check.svg; please install QueueDesk again."
        in said
    )
