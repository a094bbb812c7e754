"""One event changes: files and the manager's screens change exactly where a second count of the printed log says."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from queuedesk import i18n
from queuedesk.core.figures.comparing import figure_paths_and_values
from queuedesk.core.figures.periods import DAY, MONTH, WEEK, period_span_containing
from queuedesk.i18n import LANGUAGES
from queuedesk.reports.figures.period import read_period_report
from queuedesk.reports.figures.write import report_file_bytes, report_file_endings, write_period_report
from queuedesk.stations.manager.figures.figures_controller import PeriodChoice
from queuedesk.stations.manager.figures.figures_page import FiguresPage
from queuedesk.stations.widgets.lists.strips import DayFigureTexts
from tests.every_day import SEES_ALL, one_of
from tests.features.figure_files.read_back import from_csv, from_xlsx
from tests.reports.days import printed_log
from tests.reports.one_event import EVENTS, hall_with
from tests.reports.read_back import Told, decimals, from_json, from_pdf, told
from tests.reports.recompute import Recount
from tests.reports.recompute_document import document
from tests.stations.manager.conftest import Paper, PicturesHere, context_over, office_of, page_of
from tests.stations.manager.figures.test_figures import SHARES, leading

FILED = (DAY, MONTH)
IN_CHINESE = "another level"
"""This one is seen in Chinese, and the month on the screen and in every kind of file."""
ON_PAPER = """
wait.mean wait.median wait.max wait.within_target handling.mean ratings.rate ratings.low ratings.high
redirects.minutes_lost measures.served.rate measures.wrong_counter.rate measures.form_free.rate
measures.form_free.minutes_saved measures.idle_minutes measures.diversion.rate services/A/wait.mean
services/A/wait.p90 services/B/wait.within_target services/C/wait.mean staff/C1/ratings.rate
targets/satisfaction/rate targets/within_target/rate targets/mean_wait/minutes
"""


@dataclass(frozen=True)
class Seen:
    """A hall as the second count has it and as people see it, by period. `beside` are the numbers of the rates that
    periods draw of dates and people; `said` is what the page says of each figure by its path."""

    counted: dict[str, dict[str, Any]]
    files: dict[str, dict[str, Told]]
    paper: dict[str, str]
    beside: set[str]
    today: tuple[DayFigureTexts, ...]
    read_out: str
    open_windows: int
    tiles: dict[str, list[str]]
    said: dict[str, dict[str, str]]


@pytest.fixture(scope="module")
def without() -> dict[str, Seen]:
    """The morning as it was, by language: seen once."""
    return {}


def _seen(folder: Path, qapp: QApplication, qtbot: QtBot, event: str, lang: str) -> Seen:
    i18n.choose_language(lang)
    (own := folder / (event or "none")).mkdir()
    hall = hall_with(own, event)
    log, now = printed_log(hall.desk), hall.clock()
    counted, files, paper = {}, {}, {}
    is_all_seen = SEES_ALL or lang == "zh_CN"
    on_screen = (DAY, WEEK, MONTH) if is_all_seen else (DAY, WEEK)
    for period in (DAY, WEEK, MONTH):
        first, last = period_span_containing(period, hall.date)
        days = [(first + timedelta(days=n)).isoformat() for n in range((last - first).days + 1)]
        counted[period] = document(log, days, now)
        if period not in FILED:
            continue
        made = {ending: own / f"{period}{ending}" for ending in report_file_endings()}
        read = read_period_report(hall.desk, period, hall.date, now)  # once, as write() does for each
        made[".json"].write_bytes(report_file_bytes(read, ".json", lang, None))
        files[period] = {".json": from_json(made[".json"])}
        if period == DAY or is_all_seen:
            write_period_report(hall.desk, period, hall.date, made[".pdf"], lang=lang, now=now)
            for ending in set(report_file_endings()) - {".pdf", ".json"}:
                made[ending].write_bytes(report_file_bytes(read, ending, lang, None))
            files[period] |= {".csv": from_csv(made[".csv"]), ".xlsx": from_xlsx(made[".xlsx"], made[".csv"], lang)}
            paper[period] = from_pdf(made[".pdf"])
    lent = Paper(own, [])
    context = context_over(hall, lent, qapp, pictures=PicturesHere(hall.desk, hall.clock))
    office = office_of(hall, context, lent, qtbot)
    windows = Recount(log, hall.date.isoformat(), now).windows.values()
    strip = office.page.today.figures
    page = page_of(office)
    shown = {period: _shown(page, period, hall.date) for period in on_screen}
    beside = set(_numbers(json.loads(made[".json"].read_text(encoding="utf-8"))["rates"]))
    open_windows = sum(window["state"] == "open" for window in windows)
    page_said = ({period: of[n] for period, of in shown.items()} for n in range(2))
    found = Seen(counted, files, paper, beside, strip.figures, strip.accessibleName(), open_windows, *page_said)
    context.feed.stop()
    return found


def _numbers(rates: Any) -> Iterator[str]:
    """Yield every number as paper shows it."""
    if isinstance(rates, float):
        yield f"{rates * 100:.1f}"
    for one in rates.values() if isinstance(rates, dict) else rates if isinstance(rates, list) else ():
        yield from _numbers(one)


def _shown(page: FiguresPage, period: str, day: date) -> tuple[list[str], dict[str, str]]:
    """Return the values of the tiles, and what is said of every figure of the whole period by its path."""
    page.show_period(PeriodChoice(period, day))
    span = period_span_containing(period, day)
    said: dict[str, list[str]] = {}
    for widget, point, leads in leading(page):
        if (leads.first, leads.last) == span and widget is not page.targets.table:
            said.setdefault(leads.path, []).append("\n".join(point.said))
    return [figure.value for figure in page.tiles.figures], {path: "\n".join(texts) for path, texts in said.items()}


def changed(before: dict[str, Any], after: dict[str, Any]) -> set[str]:
    return {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)}


def one_decimal(value: Any, path: str) -> str:
    if value is None:
        return "—"
    share = path.rpartition(".")[2].rpartition("/")[2] in {*SHARES, "low", "high"}
    return f"{value * 100:.1f}" if share else f"{value:.1f}"


def printed(seen: Seen, paths: set[str]) -> set[str]:
    """Return how figures may stand on paper: of the month, of its day, and shares that paper alone has."""
    found = {"0.0"} | seen.beside  # nothing: of the other rows, where the first that is something brings its table
    for counted in seen.counted.values():
        own = told(counted)
        found |= {f"{own[path] * by:.1f}" for path in paths if isinstance(own.get(path), float) for by in (1, 100)}
        ratings, outcomes = counted["ratings"], [row["n"] for row in counted["measures"]["outcomes"]]
        found.add(f"{ratings['n'] / (ratings['n'] + ratings['unrated']) * 100:.1f}")
        found |= {f"{n / sum(outcomes) * 100:.1f}" for n in outcomes}
    return found


SPOKEN = {IN_CHINESE: one_of(LANGUAGES, "zh_CN")}
CASES = [(event, lang) for event in EVENTS for lang in SPOKEN.get(event, ("en",))]


@pytest.mark.parametrize(("event", "lang"), CASES)
def test_one_event_changes_files_and_screens_just_where_the_log_says(event, lang, without, tmp_path, qapp, *, qtbot):
    seen = partial(_seen, tmp_path, qapp, qtbot)
    before = without.get(lang) or without.setdefault(lang, seen("", lang))
    after = seen(event, lang)
    for period in FILED:
        expected = told(after.counted[period])
        paths = changed(told(before.counted[period]), expected)
        assert paths > {"log.hash"}
        for ending, found in after.files[period].items():
            assert found == expected, ending
            assert changed(before.files[period][ending], found) == paths, ending
    for period in after.paper:
        _must_be_on_paper(before, after, period)
    for period in after.said:
        _must_be_on_the_page(before, after, period)
    _must_be_today(after)


def _must_be_on_paper(before: Seen, after: Seen, period: str) -> None:
    paths = {path for one in FILED for path in changed(told(before.counted[one]), told(after.counted[one]))}
    expected = told(after.counted[period])
    shown = decimals(after.paper[period])
    for path in ON_PAPER.split():
        if expected.get(path) is not None:
            assert shown[one_decimal(expected[path], path)], (period, path)
    for one, other in ((before, after), (after, before)):
        new = decimals(other.paper[period]) - decimals(one.paper[period])
        assert new.keys() - printed(other, paths) == set(), (period, paths)


def _must_be_on_the_page(before: Seen, after: Seen, period: str) -> None:
    expected, said = dict(figure_paths_and_values(after.counted[period])), after.said[period]
    for path, text in said.items():
        if path.startswith("heat."):
            continue
        value = expected[path]
        if value is None:
            assert "—" in text, path
            continue
        share = path.rpartition(".")[2] in SHARES
        words = f"{value * 100:.2f} %" if share else f"{value:,}" if isinstance(value, int) else f"{value:,.2f}"
        assert words in text, (period, path, text)
    paths = changed(dict(figure_paths_and_values(before.counted[period])), expected)
    both = said.keys() & before.said[period].keys() - {path for path in said if path.startswith("heat.")}
    assert paths & both <= changed(before.said[period], said)
    whole = after.counted[period]
    served = whole["measures"]["served"]["rate"]
    figures = whole["wait"]["mean"], *(share * 100 for share in (whole["wait"]["within_target"], served))
    figures += (whole["ratings"]["rate"] * 100,)
    assert after.tiles[period] == [str(whole["issued"]), *(f"{one:.1f}" for one in figures)]


def _must_be_today(after: Seen) -> None:
    whole = after.counted[DAY]
    waits, rate = whole["wait"], whole["ratings"]["rate"]
    figures = [str(whole["waiting_at_end"]), f"{waits['mean']:.1f}", f"{waits['within_target'] * 100:.0f}"]
    assert [figure.value for figure in after.today] == [*figures, str(after.open_windows), f"{rate * 100:.1f}"]
    waiting, _mean, _within, _open, rated = after.today
    assert {str(whole["issued"]), str(whole["finished"])} <= set(waiting.second.split())
    assert str(whole["ratings"]["n"]) in rated.second
    assert all(f"{figure.title} {figure.value}" in after.read_out for figure in after.today)
