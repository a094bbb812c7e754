"""The manager's page of fairness: a day's totals, who was overtaken and by whom, both papers, the way to the
tickets."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pypdfium2 as pdfium
import pytest
from pytestqt.qtbot import QtBot

from queuedesk.core.errors import OutsideError
from queuedesk.features.order.pages import FairnessController, FairnessPage
from queuedesk.stations.manager.controller import ManagerController
from queuedesk.stations.manager.today.alert_words import Place
from queuedesk.stations.window.context import StationContext
from tests.golden.kept import must_be_kept
from tests.hall import Hall, made_once
from tests.stations.manager.conftest import Paper, morning
from tests.stations.seen import said
from tests.stations.stubs import lend


def passed(folder: Path) -> Hall:
    """Let a priority ticket pass everybody who waits for window 1."""
    hall = morning(folder)
    hall.queue("A", "A", minutes_apart=1)
    priority = hall.issue("A", klass="elderly")
    while hall.call("1") != priority:
        hall.do("finish", "1")
    return hall


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    return made_once(tmp_path, passed)


@pytest.fixture
def context(hall: Hall, context: StationContext) -> StationContext:
    return context


@pytest.fixture
def page(context: StationContext, qtbot: QtBot) -> Iterator[FairnessPage]:
    page = FairnessPage(ManagerController(context), FairnessController(context))
    qtbot.addWidget(page)
    page.resize(1158, 700)
    page.show()
    yield page
    page.stop()


def test_it_says_how_many_were_overtaken_and_who_and_follows_the_day(
    hall: Hall, page: FairnessPage, context: StationContext, paper: Paper, qtbot: QtBot
) -> None:
    # It says how many were overtaken and who.
    must_be_kept(Path(__file__).with_name("fairness_page.txt"), "\n".join(said(page)))

    # A row leads to its ticket and the button to all.
    places: list[Place] = []
    behind: list[tuple[str, object, object]] = []
    page.place_wanted.connect(places.append)
    page.behind_wanted.connect(lambda path, first, last, _title: behind.append((path, first, last)))
    page.table.open_row(0)
    page.behind_button.click()

    assert [place.ticket for place in places] == [page.table.rows.rows[0].label]
    assert behind == [("overtakes.tickets", page.day, page.day)]

    # Both papers are made.
    heard: list[str] = []
    page.said.connect(lambda text, _icon: heard.append(text))
    page.save_button.click()
    page.print_button.click()
    page.order_button.click()

    assert [name.split("-", 1)[1] for name, _printer in paper.printed] == [f"ledger-{page.day}.pdf", "order.pdf"]
    (file,) = paper.folder.glob("*-ledger-*.pdf")
    with pdfium.PdfDocument(file) as pdf:
        text = pdf[0].get_textpage().get_text_range()
    assert page.table.rows.rows[0].label in text
    assert len(heard) == 3

    # It follows the day.
    before = page.totals.figures
    hall.issue("A")
    qtbot.waitUntil(lambda: context.feed.state.now.seq >= hall.whole().now.seq)
    page.refresh(hall.clock())

    assert page.totals.figures != before

    # Trouble with a paper stands in a strip.
    def fails(*_words: object) -> Path:
        raise OutsideError("cannot_write", path="reports")

    lend(context, folder=fails)
    page.save_button.click()

    assert page.banner.isVisible()

    # A day without tickets is said.
    page.set_day(page.day - timedelta(days=400))

    assert page.table.rows.rows == []
    assert page.empty.isVisible()
    assert not page.behind_button.isEnabled()
