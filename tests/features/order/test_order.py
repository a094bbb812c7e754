"""Who goes first and why: languages, quick windows, and the manager's page of fairness."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pypdfium2 as pdfium
import pytest
from PySide6.QtCore import Qt

from queuedesk.core.errors import OutsideError
from queuedesk.core.figures.comparing import figure_paths_and_values
from queuedesk.core.figures.periods import DAY
from queuedesk.core.queue.overview import tickets_callable_by_window
from queuedesk.core.upkeep import claims_in_printed_text
from queuedesk.core.waits.quote import cached_wait_snapshot
from queuedesk.desk import looking
from queuedesk.desk.upkeep.examining import log_anchor_at_event
from queuedesk.features.order.pages import FairnessController, FairnessPage, QuotedWaitsPage
from queuedesk.features.order.papers import order_list_pdf, overtake_ledger_pdf
from queuedesk.features.order.verbs import read_order_list, read_overtake_ledger
from queuedesk.features.order.words import wait_basis_title
from queuedesk.i18n.names import ticket_marks_text
from queuedesk.reports.figures.period import read_period_report
from queuedesk.stations.counter.scene import counter_scene_at
from queuedesk.stations.counter.words import later_same_language_line
from queuedesk.stations.manager.controller import ManagerController
from queuedesk.stations.manager.figures.tables import FigureSource
from queuedesk.stations.manager.today.alert_words import ButtonTarget
from queuedesk.stations.widgets.charts.chart_view import ChartWithPoints
from queuedesk.stations.window.context import StationContext
from tests.engine_fixtures import ON_BOTH_ENGINES
from tests.golden.kept import must_be_kept
from tests.hall import GUIDE, Hall, labels, simple_hall, simple_setup
from tests.reports.read_back import about, bookmarks
from tests.stations.manager.conftest import TODAY, PicturesHere, eventful_hall, morning
from tests.stations.seen import said
from tests.stations.stubs import lend


def begun(folder: Path) -> Hall:
    hall = simple_hall(folder)
    hall.do("set-row", "staff", "C1", {"languages": ["English", "手语"]})
    hall.do("set-row", "staff", "C2", {"languages": ["english"]})
    hall.play("open 1 staff=C1", "open 3 staff=C3", "issue A")
    hall.do("issue", "A", speaks="English", who=GUIDE)
    return hall


pytestmark = pytest.mark.hall(make=begun)


def callable_at(hall: Hall, window: str) -> list[str]:
    return labels(tickets_callable_by_window(hall.whole(), window, hall.clock()))


def told_turns(hall: Hall) -> list[str]:
    """Return the numbers in the order in which the pass of the told waits lets them be called."""
    turns = cached_wait_snapshot(hall.whole(), hall.clock()).forecast.turns
    return [label for _day, label in sorted(turns, key=lambda id: turns[id].at_min)]


@ON_BOTH_ENGINES
def test_only_their_clerk_is_told_of_them_and_by_rule_calls_them_first_as_often_as_the_told_waits_know(
    hall: Hall,
) -> None:
    """Clerks take who speaks their language first; A004 does too, and has nearly their turn."""
    assert hall.whole().setup_now.staff_languages == ("English", "手语"), "each once"
    assert ticket_marks_text(hall.whole().setup_now, hall.ticket("A002")) == "English"
    state = looking.hall_state_now(hall.desk, hall.clock())
    told = [later_same_language_line(counter_scene_at(state, window, hall.clock())) for window in ("1", "3")]
    assert ("A002" in told[0], told[1]) == (True, "")
    hall.do("set-setting", "language_first", "on")
    hall.do("set-setting", "fast_passes", 2)
    hall.queue("A", minutes_apart=1)
    hall.do("issue", "A", speaks="English")
    hall.queue("A", minutes_apart=1)
    order = ["A002", "A004", "A001", "A003", "A005"]
    assert callable_at(hall, "1") == order
    assert callable_at(hall, "3") == sorted(order)
    hall.do("close", "3")
    assert told_turns(hall) == order
    assert [hall.serve_out("1", minutes=3) for _ in range(5)] == order
    assert hall.ticket("A001").overtaken == 2
    hall.must_follow_from_its_log()
    hall.queue("A", "A")
    hall.do("set-row", "services", "A", {"handling_target": 10})
    hall.do("set-setting", "fast_passes", 9)
    other, english = (hall.do("issue", "A", speaks=language)["wait"]["point"] for language in ("", "English"))
    assert english < other


@ON_BOTH_ENGINES
def test_the_told_waits_know_the_quick_window(tmp_path: Path) -> None:
    """The pass of the waits gives the turns in the order in which the window will call: A takes 20 minutes, B three,
    and nobody is passed more than twice."""
    services = simple_setup()["services"]
    services[0]["handling_target"], services[1]["handling_target"] = 20, 3
    hours = [{"days": "1-7", "from": "9:00", "to": "11:00"}]
    windows = [{"code": "1", "services": ["A", "B"], "quick": True, "quick_hours": hours}]
    windows += [{"code": "2", "services": ["A", "B"]}]
    hall = simple_hall(tmp_path, services=services, windows=windows, settings={"fast_passes": 2})
    hall.open("1", "C1")
    hall.queue("A", "B", "B", "B", "A", minutes_apart=1)
    assert told_turns(hall) == callable_at(hall, "1")


# -- the page: a day's totals, who was overtaken and by whom, both papers, the tickets behind --------------------------
def passed(folder: Path) -> Hall:
    """Let a priority ticket pass everybody who waits for window 1."""
    hall = morning(folder)
    hall.queue("A", "A", minutes_apart=1)
    priority = hall.issue("A", klass="elderly")
    while hall.call("1") != priority:
        hall.do("finish", "1")
    return hall


@pytest.fixture
def page(context: StationContext, put: Callable[[FairnessPage], FairnessPage]) -> Iterator[FairnessPage]:
    yield (page := put(FairnessPage(ManagerController(context), FairnessController(context))))
    page.stop()


@pytest.mark.hall(make=passed)
def test_it_says_how_many_were_overtaken_and_who_and_follows_the_day(hall, page, context, paper, qtbot):
    # It says how many were overtaken and who.
    must_be_kept(Path(__file__).with_name("pages.txt"), "\n".join(said(page)))
    # A row leads to its ticket and the button to all.
    places: list[ButtonTarget] = []
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


def points(page: QuotedWaitsPage) -> list[tuple[FigureSource, str]]:
    points = [point for widget in page.findChildren(ChartWithPoints) for point in widget.points]
    return [(point.leads, "\n".join(point.said)) for point in points if isinstance(point.leads, FigureSource)]


@pytest.mark.hall(make=eventful_hall)
def test_every_point_tells_the_figure_of_the_document_leads_to_its_tickets_and_what_a_wait_rests_on_begins_a_line(
    hall, office
):
    lend(office.page.context, pictures=PicturesHere(hall.desk, hall.clock))
    office.go("waits")
    office.page.waits.open_tab("promise")
    page = office.page.waits.pages.get_or_make_page("promise")
    assert isinstance(page, QuotedWaitsPage)
    # Every point tells the figure of the document.
    document = dict(figure_paths_and_values(read_period_report(hall.desk, DAY, TODAY, hall.clock()).figures))
    seen = 0
    for leads, words in points(page):
        value = document[leads.path]
        shares = leads.path.rpartition(".")[2] in ("late", "early")
        digits = (f"{value * 100:.1f} %", f"{value * 100:.2f} %") if shares else (f"{value:,}", f"{value:,.2f} min")
        assert any(one in words for one in digits), (leads.path, words)
        seen += 1
    assert document["measures.promise.n"] > 5
    assert seen > 20
    # A line is said whole or not at all.
    line, words = page.head.line, "Which later tickets went first, and why"
    page.head.set_subtitle(words)
    found = {}
    for width in (400, 160, 20):
        line.resize(width, 48)
        found[width] = line.fitted_px_and_lines()[1]
    assert found[400] == [words]
    assert len(found[160]) == 2
    assert "".join(found[160]).replace(" ", "") == words.replace(" ", "")
    assert found[20] == []
    # A figure leads to its tickets.
    path = next(leads for leads, _said in points(page) if leads.path == "measures.promise.n")
    page.behind_wanted.emit(path.path, path.first, path.last, path.title)
    assert office.page.behind.drilldown_page.head.title.text() == path.title
    office.page.behind.drilldown_page.go_back()
    # Steps and periods work by keys.
    page.dates.earlier.setFocus(Qt.FocusReason.TabFocusReason)
    page.dates.earlier.click()
    assert page.wanted_period.day < TODAY
    assert page.dates.later.isEnabled()
    assert wait_basis_title("today", "en") == "How quickly this line moves today"


# -- order list and ledger on paper carry the check code of the log, so that a log rewritten since shows ---------------
def seq_of_code(hall: Hall, pdf: bytes) -> int | None:
    """Return the event up to which a sheet's code holds; it must be of this hall's log."""
    with pdfium.PdfDocument(pdf) as paper:
        (claim,) = claims_in_printed_text(paper[0].get_textpage().get_text_bounded())
    anchor = log_anchor_at_event(hall.desk, claim.seq or 0)
    assert anchor is not None and claim.is_about_log(anchor.log) and claim.matches_hash(anchor.hash)
    return claim.seq


def test_both_sheets_hold_for_the_log_that_they_were_read_from(tmp_path: Path) -> None:
    hall = simple_hall(tmp_path)
    hall.open("1", "C1")
    hall.queue("A", "A")
    hall.serve_out("1")
    now, length = hall.clock(), hall.length()
    marks = bookmarks(order_list_pdf(read_order_list(hall.desk, now), "en"))
    assert marks[:2] == [(0, "Order of calls"), (1, "A A")]
    assert about(order_list_pdf(read_order_list(hall.desk, now), "zh_CN"))["lang"] == "zh-CN"
    assert seq_of_code(hall, order_list_pdf(read_order_list(hall.desk, now), "en")) == length
    assert seq_of_code(hall, overtake_ledger_pdf(read_overtake_ledger(hall.desk, now), "zh_CN", now=now)) == length
    hall.clock.move(days=1)
    hall.issue("A")
    earlier = read_overtake_ledger(hall.desk, hall.clock(), now.date())
    seq = seq_of_code(hall, overtake_ledger_pdf(earlier, "en", now=hall.clock()))
    assert seq is not None and length <= seq < hall.length()
