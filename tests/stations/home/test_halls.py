"""Home of a database with several halls asks which one is meant, and its stations are told."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from queuedesk import i18n
from queuedesk.core.network.roles import CONSOLE
from queuedesk.desk.change import Ask
from queuedesk.desk.setup import setting_up
from queuedesk.stations.home.controller import Deeds, HomeController
from queuedesk.stations.home.stations_view import StationsPage
from queuedesk.stations.widgets.questions.dialogs import PickDialog
from queuedesk.stations.window.style import Look
from queuedesk.stations.window.tasks import InlineTasks
from tests.hall import at, preset


def make(url: str, *codes: str) -> None:
    for code in codes:
        document = preset()
        document["hall"] |= {"code": code, "name": f"Hall {code}", "name_en": f"Hall {code}"}
        setting_up.create_hall(url, document, Ask(CONSOLE, at("9:00"))).db.dispose()


@pytest.fixture
def started() -> list[list[str]]:
    return []


@pytest.fixture
def home(pg_url: str, started: list[list[str]], qapp) -> HomeController:
    deeds = Deeds(
        start=started.append,
        read_file=lambda _path: {},
        keep=lambda _choices: None,
        open_at_start=lambda _words: None,
        timezone=lambda: "Asia/Shanghai",
    )
    return HomeController(pg_url, InlineTasks(), lambda: at("10:00"), deeds, is_named=True)


@pytest.fixture
def open_page(home, qtbot):
    i18n.use("en")

    def opened() -> StationsPage:
        page = StationsPage(Look(), home)
        qtbot.addWidget(page, before_close_func=lambda widget: widget.stop())
        page.resize(1366, 768)
        with qtbot.waitExposed(page):
            page.show()
        return page

    yield opened
    i18n.use("zh_CN")


def question(page: StationsPage) -> PickDialog | None:
    return next((one for one in page.findChildren(PickDialog) if one.isVisible()), None)


def test_the_hall_that_is_picked_is_the_one_its_stations_open(home, open_page, started, pg_url):
    make(pg_url, "A", "B")
    page = open_page()
    asked = question(page)
    assert asked is not None
    assert [(key, button.text()) for key, button in asked.answers.items()] == [("A", "Hall A"), ("B", "Hall B")]

    QTest.keyClick(asked, Qt.Key.Key_2)
    page.enter()

    assert started == [["--db", pg_url, "--hall", "B", "guide"]]


def test_who_leaves_it_open_is_asked_again_by_the_button(home, open_page, started, pg_url):
    make(pg_url, "A", "B")
    page = open_page()
    question(page).refuse()

    home.look()
    assert question(page) is None
    assert page.enter_button.text() == "Choose the hall"
    page.enter()

    assert question(page) is not None
    assert started == []


def test_a_database_with_one_hall_asks_nothing(open_page, pg_url):
    make(pg_url, "A")
    assert question(open_page()) is None


def test_a_chosen_hall_is_not_asked_for(pg_url, qapp, qtbot, home):
    make(pg_url, "A", "B")
    home.choose_hall("A")
    with qtbot.waitSignal(home.looked) as looked:
        home.look()
    assert looked.args[0].setup.hall.code == "A"
