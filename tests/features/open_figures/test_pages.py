"""The tab for other programs: views and logins, a description, a copy, a login whose password is shown once."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from typing import Any

import psycopg
import pytest
from PySide6.QtWidgets import QLineEdit

from queuedesk.core.errors import OutsideError
from queuedesk.desk import setting_up
from queuedesk.features.open_figures import pages, papers
from queuedesk.features.open_figures.pages import DAYS_PAGE, VIEWS_PAGE, NewLoginPasswordDialog
from queuedesk.i18n import LANGUAGES, choose_language
from queuedesk.stations.manager.parts.records import RecordPage, RecordPageSpec
from queuedesk.stations.window.context import StationContext
from tests.hall import ADMIN, Hall
from tests.stations.manager.conftest import Paper, context_over, office_of
from tests.stations.whole_words import Sights, typed_words

IN_EACH_LANGUAGE = True
OpenPage = Callable[[RecordPageSpec[Any]], RecordPage[Any]]


@pytest.fixture
def using(hall: Hall) -> Hall:
    setting_up.change_hall(hall.desk, hall.ask(), {"features": ["open_figures"]})
    return hall


@pytest.fixture
def open_page(using: Hall, context: StationContext, put: Callable[..., Any]) -> OpenPage:
    return lambda spec: put(RecordPage(context, spec))


def press(page: RecordPage[Any], text: str) -> None:
    at = next(n for n, act in enumerate(page.spec.acts) if act.text() == text)
    page.buttons[at].click()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_manager_sees_the_views_and_saves_their_description_and_a_copy(open_page, using, paper, lang):
    choose_language(lang)
    page = open_page(VIEWS_PAGE)
    assert [row["name"] for row in page.table.rows.rows][:2] == ["reporting_visits", "reporting_waits"]
    assert len(page.table.rows.rows) == 6
    said: list[str] = []
    page.said.connect(lambda text, _icon: said.append(text))
    for act, ending in zip(page.spec.acts[1:3], ("views.sqlite", "views.html"), strict=True):
        press(page, act.text())
        assert said.pop().endswith(ending)
    code = page.context.feed.setup.hall.code
    with closing(sqlite3.connect(paper.folder / f"{code}-views.sqlite")) as copy:
        assert copy.execute("SELECT count(*) FROM reporting_visits").fetchone() is not None
    text = (paper.folder / f"{code}-views.html").read_text(encoding="utf-8")
    assert f'lang="{lang.replace("_", "-")}"' in text
    # A file has no logins, and the page says so.
    press(page, page.spec.acts[3].text())
    page.dialog.fields["name"].set_value("A spreadsheet")
    page.dialog.yes_button.click()
    assert not page.findChildren(NewLoginPasswordDialog)


def test_a_manager_makes_a_login_for_a_spreadsheet_and_removes_it(place, qapp, qtbot, tmp_path):
    choose_language("en")
    hall = place.hall()
    setting_up.change_hall(hall.desk, hall.ask(), {"features": ["open_figures"]})
    papers.remake_views_if_due(hall.desk, hall.ask())
    context = context_over(hall, Paper(tmp_path, []), qapp)
    context.who = ADMIN
    page = RecordPage(context, VIEWS_PAGE)
    qtbot.addWidget(page)
    page.resize(1120, 640)
    page.refresh(hall.clock())
    page.show()
    press(page, "New login …")
    page.dialog.fields["name"].set_value("A spreadsheet")
    page.dialog.yes_button.click()
    (told,) = page.host_widget.findChildren(NewLoginPasswordDialog)
    address, password = (field.edit.text() for field in told.fields if isinstance(field.edit, QLineEdit))
    with psycopg.connect(address.replace("@", f":{password}@")) as reading:
        assert reading.execute("SELECT count(*) FROM visits").fetchone() == (0,)
    told.no_button.click()
    row = page.table.rows.rows[-1]
    assert row["name"] in address and row["about"].startswith("Login of A spreadsheet, made by AD on ")
    page.table.selectRow(len(page.table.rows.rows) - 1)
    press(page, "Remove")
    assert [row["kind"] for row in page.table.rows.rows] == ["view"] * 6
    context.feed.stop()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_manager_publishes_a_day_and_checks_it_later(open_page, using, paper, lang, monkeypatch):
    choose_language(lang)
    for _n in range(10):
        using.issue("A")
    day = using.date
    using.clock.move(days=1)
    using.issue("A")
    page = open_page(DAYS_PAGE)
    assert [(row["date"], row["why"]) for row in page.table.rows.rows] == [
        (using.date.isoformat(), "day_not_over"),
        (day.isoformat(), ""),
    ]
    page.table.selectRow(0)
    assert not page.buttons[1].isEnabled()
    page.table.selectRow(1)
    said: list[str] = []
    page.said.connect(lambda text, _icon: said.append(text))
    page.buttons[1].click()
    file = paper.folder / f"{page.context.feed.setup.hall.code}-{day}-day.jsonl"
    assert said.pop().endswith(str(file))
    assert (paper.folder / papers.PROGRAM).exists()
    monkeypatch.setattr(pages, "ask_file", lambda _page, _title, _kinds, chosen: chosen(str(file)))
    page.buttons[0].click()
    assert str(len(file.read_text(encoding="utf-8").splitlines()) - 2) in said.pop()
    # What somebody changed in it is no success.
    file.write_text(file.read_text(encoding="utf-8").replace("call", "miss", 1), encoding="utf-8")
    page.buttons[0].click()
    assert said == []


def test_while_the_hall_is_away_nothing_can_be_asked_of_it(using, context, paper, qtbot):
    office = office_of(using, context, paper, qtbot)
    using.issue("A")
    office.go("reports")
    for tab, spec in {"views": VIEWS_PAGE, "published": DAYS_PAGE}.items():
        office.go_tab(tab)
        page = next(one for one in office.page.findChildren(RecordPage) if one.spec is spec)
        before = [button.isEnabled() for button in page.buttons]
        assert any(before)
        context.feed.note_hall_unreachable(OutsideError("database_away", path="hall.sqlite"))
        office.page.show_hall_away(context.feed.away_since)
        assert [button.text() for button in page.buttons if button.isEnabled()] == []
        context.feed.note_hall_reachable()
        office.page.show_hall_away(None)
        assert [button.isEnabled() for button in page.buttons] == before


def test_a_new_login_is_whole(using, context, paper, qtbot, shapes):
    office = office_of(using, context, paper, qtbot)
    sights = Sights(office.page, context.look, typed_words(context.feed.setup) | {"reporting_"}, shapes)
    office.go("reports")
    office.go_tab("views")
    page = next(one for one in office.page.findChildren(RecordPage) if one.spec is VIEWS_PAGE)
    sights.take_questions({"a login": page.buttons[-1].click})
    sights.must_be_whole()
    login = {"name": "A spreadsheet", "address": "postgresql://qd_reports_1_0@127.0.0.1/hall", "password": "x" * 32}
    NewLoginPasswordDialog(page.host_widget, context.look, login).open_dialog()
    sights.take("its password")
    sights.must_be_whole()
