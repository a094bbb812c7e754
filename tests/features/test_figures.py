"""Figures, on screen, on paper and in tables, against a second count of the log, over months that chance makes."""

import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

import pytest
from openpyxl import load_workbook
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from queuedesk import i18n
from queuedesk.core.appraisal import TRANSFERS
from queuedesk.core.errors import RuleError
from queuedesk.core.figures.comparing import figure_paths_and_values
from queuedesk.core.figures.periods import DAY as ONE_DAY
from queuedesk.core.figures.periods import MONTH, WEEK, period_span_containing
from queuedesk.core.log.apply import CHANGES
from queuedesk.core.log.event import QUEUE_KINDS, SHAPES
from queuedesk.core.network.roles import CUSTOMER, Actor, Role, actor_of_station
from queuedesk.core.quality.case import CustomerVerdict
from queuedesk.core.quality.figures import quality_figures_document
from queuedesk.desk import looking, setting_up
from queuedesk.desk.change import Ask, Desk
from queuedesk.desk.quality import casework, hearing, inspecting, thanking
from queuedesk.desk.quality.casework import NewCaseData
from queuedesk.desk.queue import calling, issuing, opening, rating
from queuedesk.desk.talk import devices, messaging
from queuedesk.desk.upkeep import clocks
from queuedesk.features.forums import verbs as forums
from queuedesk.features.inspections import verbs as inspecting_verbs
from queuedesk.features.staff import verbs
from queuedesk.features.staff.rules.training import RowCountedForTrainingNeed, training_needs
from queuedesk.i18n import LANGUAGES
from queuedesk.reports.figures import write
from queuedesk.reports.figures.period import read_period_report
from queuedesk.reports.figures.write import report_file_bytes, report_file_endings, write_period_report
from queuedesk.stations.manager.figures.figures_controller import PeriodChoice
from queuedesk.stations.manager.figures.figures_page import FiguresPage
from queuedesk.stations.widgets.lists.strips import DayFigureTexts
from tests.cli.commands import Console, begun_once
from tests.cli.test_transcripts import carry_out
from tests.core.added import own_kinds
from tests.every_day import SEES_ALL, one_of
from tests.features.figure_files.read_back import from_csv, from_xlsx
from tests.hall import ADMIN, MANAGER, create_hall, simple_setup
from tests.reports.days import DAY, NEXT_MORNING, kept, printed_log, simulated
from tests.reports.one_event import EVENTS, hall_with
from tests.reports.read_back import Told, decimals, english, from_json, from_pdf, pages_of, plain, told
from tests.reports.recompute import Recount
from tests.reports.recompute_document import document
from tests.reports.recompute_quality import quality, three_of
from tests.reports.test_recomputed import differences
from tests.stations.manager.conftest import Paper, PicturesHere, context_over, office_of, page_of
from tests.stations.manager.figures.test_figures import SHARES, leading

FIRST, LAST = date(2026, 9, 21), date(2026, 10, 20)
AFTER = datetime(2026, 11, 3, 1, tzinfo=UTC)
SEEDS = range(4) if SEES_ALL else (3,)
"""This one's month has every kind of event and every step of a case that another's has."""
PHONE = "138 0013 5176"
KIOSK = Actor("K1", Role.STATION)
CALENDAR: dict[str, Any] = {
    **{f"2026-10-0{n}": {"kind": "holiday", "text": "国庆节"} for n in range(1, 8)},
    "2026-09-27": {"kind": "working"},
    "2026-10-10": {"kind": "working"},
    "2026-10-13": {"kind": "special", "from": "8:00", "to": "12:00"},
    "2026-10-17": {"kind": "special", "from": "8:00", "to": "12:00", "working": True},
}
SPANS = [
    (FIRST, FIRST), (date(2026, 9, 21), date(2026, 9, 27)), (date(2026, 9, 1), date(2026, 9, 30)),
    (date(2026, 10, 1), date(2026, 10, 31)), (date(2026, 10, 8), date(2026, 10, 8)),
    (date(2026, 7, 1), date(2026, 9, 30)), (date(2026, 1, 1), date(2026, 12, 31)),
    (date(2026, 12, 1), date(2026, 12, 31)),
]  # fmt: skip
"""Days, weeks, months, a quarter, a year that runs, and a month to come."""


class Month:
    """A month in which chance decides what customers say and what becomes of it; desk functions only."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.rng = Random(seed)
        (folder / "hall.sqlite").unlink(missing_ok=True)
        rules = {"inspect_open": self.rng.choice([0, 1, 3]), "low_rating": self.rng.choice(["auto", "ask"])}
        ready = simple_setup(settings=rules, calendar=CALENDAR)
        ready["staff"][0]["warned_of"] = ["device_down"]
        ready["staff"][0]["department"] = ready["staff"][1]["department"] = "Metering"
        ready["staff"][2]["department"] = "Billing"
        self.now = datetime.combine(FIRST, time(0), UTC)
        self.desk = create_hall(folder / "hall.sqlite", ready, Ask(MANAGER, self.now))
        self.rated: list[tuple[str, date]] = []
        self.comments: list[str] = []

    def ask(self, who: Actor = MANAGER) -> Ask:
        self.now += timedelta(seconds=self.rng.choice([7, 40, 300]))
        return Ask(who, self.now)

    def lived(self) -> Desk:
        for n in range((LAST - FIRST).days + 1):
            self.now = datetime.combine(FIRST + timedelta(days=n), time(1), UTC)
            self.visits()
            deeds = [self.case, self.step, self.step, self.step, self.say, self.look, self.fix, self.rarely]
            deeds.append(self.hand_over)
            for _ in range(self.rng.randint(2, 6)):
                with suppress(RuleError):  # not the next step, or nothing there
                    self.rng.choice(deeds)()
        return self.desk

    def visits(self) -> None:
        rng, day = self.rng, self.now.date()
        if rng.random() < 0.4 or CALENDAR.get(day.isoformat(), {}).get("kind") == "holiday":
            return
        opening.open_window(self.desk, self.ask(), "1", staff="C1")
        for _ in range(rng.randint(1, 3)):
            label = issuing.issue_ticket(self.desk, self.ask(), "A")["ticket"]
            calling.call_ticket(self.desk, self.ask(), "1")
            calling.start_serving(self.desk, self.ask(), "1")
            calling.finish_service(self.desk, self.ask(), "1")
            level = rng.choice([1, 2, 2, 4, 5])
            tags = rng.sample(["waited_long", "attitude", "other"], rng.randint(0, 2)) if level < 3 else []
            said = f"Said {label} {day}" if rng.random() < 0.4 else None
            rating.rate_visit(self.desk, self.ask(CUSTOMER), label, level, tags=tags, comment=said)
            self.rated.append((label, day))
        clocks.end_today(self.desk, self.ask())

    def case(self) -> None:
        rng = self.rng
        contact = PHONE if rng.random() < 0.6 else ""
        label, day = rng.choice(self.rated) if self.rated and rng.random() < 0.4 else (None, None)
        source = rng.choice(["ticket", "rating"]) if label else rng.choice(["spoken", "comment", "wait"])
        klass = rng.choice(["complaint", "repair", "enquiry"])
        asked = rng.random() < 0.3
        about = {"source": source, "ticket": label, "day": day, "contact": contact, "asked": asked, "owner": "M1"}
        casework.open_case(self.desk, self.ask(), NewCaseData(klass=klass, **about))

    def hand_over(self) -> None:
        number = f"26-{self.rng.randint(1, 30):03}"
        casework.assign_case(self.desk, self.ask(), number, self.rng.choice(["C2", "C3", "C4", "M1"]))

    def step(self) -> None:
        """Take one of all steps in one of the cases; most are refused."""
        rng, numbers = self.rng, [f"26-{n:03}" for n in range(1, 30)]
        for number in rng.sample(numbers, 12):
            deed = rng.choice(["contact", "act", "act", "call", "call", "verdict", "close", "close", "reopen", "ask"])
            with suppress(RuleError):
                self._step(number, deed)

    def _step(self, number: str, deed: str) -> None:
        rng, desk = self.rng, self.desk
        verdicts = [CustomerVerdict.SATISFIED] * 2
        verdict = rng.choice([*verdicts, CustomerVerdict.DISSATISFIED, CustomerVerdict.NOT_GIVEN])
        if deed == "contact":
            casework.record_first_contact(desk, self.ask(), number)
        elif deed == "act":
            casework.record_case_action(desk, self.ask(), number, "A list")
        elif deed == "call" and rng.random() < 0.5:
            for _ in range(rng.choice([1, 3])):
                casework.record_call_back(desk, self.ask(), number, reached=False)
        elif deed == "call":
            casework.record_call_back(desk, self.ask(), number, reached=True, verdict=rng.choice([None, verdict]))
        elif deed == "verdict":
            casework.record_customer_verdict(desk, self.ask(), number, verdict)
        elif deed == "close":
            casework.close_case(desk, self.ask(), number)
        elif deed == "reopen":
            casework.reopen_case(desk, self.ask(), number, "Came back")
        else:
            casework.store_customer_contact(desk, self.ask(), number, rng.choice([PHONE, ""]))

    def say(self) -> None:
        rng = self.rng
        if self.comments and rng.random() < 0.5:
            thanking.mark_comment_read(self.desk, self.ask(), rng.choice(self.comments), read=rng.random() < 0.7)
        elif rng.random() < 0.5:
            klass = rng.choice(["complaint", "praise"])
            noted = thanking.record_spoken_comment(self.desk, self.ask(), f"Told {self.now}", klass=klass)
            self.comments.append(noted["comment"])
        else:
            ask, level = self.ask(CUSTOMER), rng.randint(1, 5)
            rating.record_opinion_without_ticket(self.desk, ask, level, comment=f"Typed {self.now}")

    def look(self) -> None:
        rng, desk = self.rng, self.desk
        known = inspecting.inspections_of_month(desk, self.now.date(), self.now)["inspections"]
        waiting = [one["inspection"] for one in known if one["state"] == "planned"]
        fate = rng.random()
        if fate < 0.3:
            day = self.now.date() + timedelta(days=rng.randint(0, 15))
            ask, channel = self.ask(), rng.choice(["open", "telephone"])
            inspecting_verbs.plan_inspection(desk, ask, day, "call", channel, staff="M1")
        elif fate < 0.4 and waiting:
            inspecting_verbs.drop_inspection(desk, self.ask(), rng.choice(waiting), reason="holiday")
        else:
            planned = rng.choice(waiting) if waiting and rng.random() < 0.6 else None
            who = {} if planned else {"sheet": "call", "channel": "mystery", "visitor": 2}
            seq = inspecting_verbs.start_inspection(desk, self.ask(), planned, **who)["inspection"]
            for item in range(1, 5):
                off = rng.choice([0, 0, 2, None])
                inspecting_verbs.score_item(desk, self.ask(), seq, item, off, reasons=[1] if off else [])
            if rng.random() < 0.8:
                inspecting_verbs.sign_inspection(desk, self.ask(), seq)
            if rng.random() < 0.7:
                due = self.now.date() + timedelta(days=rng.randint(0, 9))
                inspecting_verbs.add_rectification(desk, self.ask(), "Glasses", "C1", due=due, inspection=seq, item=1)

    def fix(self) -> None:
        for one in inspecting.open_and_month_rectifications(self.desk, None, self.now):
            with suppress(RuleError):
                if self.rng.random() < 0.5:
                    inspecting.record_rectification_proof(self.desk, self.ask(), one["rectification"], "A photo")
                else:
                    good = self.rng.random() < 0.6
                    inspecting_verbs.record_rectification_check(self.desk, self.ask(), one["rectification"], good=good)

    def rarely(self) -> None:
        rng, fate = self.rng, self.rng.random()
        if fate < 0.3:
            day = self.now.date() - timedelta(days=rng.randint(0, 12))
            held = forums.add_forum(self.desk, self.ask(), day, rng.randint(3, 20), issues=["Chairs", "Signs"])
            if rng.random() < 0.7:
                forums.open_case_of_issue(self.desk, self.ask(), held["forum"], 1, owner="M1")
        elif fate < 0.6:
            thanking.record_thanks(self.desk, self.ask(), "C2", words="Kind")
        else:
            devices.record_station_start(self.desk, self.ask(KIOSK), "kiosk", "K1")
            devices.record_device_state(self.desk, self.ask(KIOSK), "printer", "K1", "out_of_paper")
            self.now += timedelta(minutes=10)
            messaging.record_and_count_alarm_changes(self.desk, self.ask(KIOSK))
            if rng.random() < 0.7:
                messaging.acknowledge_alert(self.desk, self.ask(), "device_down")
            devices.record_device_state(self.desk, self.ask(KIOSK), "printer", "K1", None)
            messaging.record_and_count_alarm_changes(self.desk, self.ask(KIOSK))


@kept
def month_of(folder: Path, *, seed: int) -> Desk:
    return Month(folder, seed).lived()


def days_of(first: date, last: date) -> list[str]:
    return [(first + timedelta(days=n)).isoformat() for n in range((last - first).days + 1)]


def wrong(desk: Desk, now: datetime, spans: list[tuple[date, date]] = SPANS) -> list[str]:
    """Return what differs between the figures of these spans and the second count."""
    log = printed_log(desk)
    return [
        f"{first}–{last}{one}"
        for first, last in spans
        for one in differences(
            quality_figures_document(hearing.quality_rows_between(desk, first, last, now)),
            quality(log, days_of(first, last), now),
        )
    ]


@pytest.mark.parametrize("seed", SEEDS)
def test_quality_of_any_month_follows_from_its_log(tmp_path: Path, seed: int) -> None:
    desk = month_of(tmp_path, seed=seed)
    evening = looking.last_event_time(desk)
    assert evening is not None and evening.date() == LAST
    assert wrong(desk, AFTER) == []
    assert wrong(desk, evening, [(LAST.replace(day=1), LAST), (LAST, LAST + timedelta(days=3))]) == []


def ends_for_good(event: dict[str, Any], log: list[dict[str, Any]]) -> bool:
    """Whether an event closes a case that nobody opens again."""
    of, step = event["data"].get("of"), event["data"].get("step")
    return step == "close" and not any(e["data"].get("of") == of and e["data"].get("step") == "reopen" for e in log)


def test_a_report_has_the_same_figures_and_the_second_count_notices_one_event_less(tmp_path: Path) -> None:
    desk = month_of(tmp_path, seed=3)
    log, days = printed_log(desk), days_of(date(2026, 10, 1), date(2026, 10, 31))
    found = quality(log, days, AFTER)
    report = read_period_report(desk, MONTH, LAST, AFTER).document
    assert (report["quality"], report["cases"]) == (found, three_of(found))
    places = {"case-open": "cases", "case-step": "cases", "inspect-start": "inspections", "thanks": "thanks"}
    places |= {"inspect-fix": "rectifications", "comment": "comments", "rate": "reasons", "ack": "warnings"}
    places["forum"] = "forums"
    for kind, place in places.items():
        own = (e for e in log if e["kind"] == kind and e["data"].get("day", e["data"]["date"]) in days)
        gone = next(event["seq"] for event in own if ends_for_good(event, log) or "of" not in event["data"])
        less = [event for event in log if gone not in (event["seq"], event["data"].get("of"))]
        assert place in {one.split(".")[1] for one in differences(found, quality(less, days, AFTER))}, kind


FILED = (ONE_DAY, MONTH)
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
    on_screen = (ONE_DAY, WEEK, MONTH) if is_all_seen else (ONE_DAY, WEEK)
    for period in (ONE_DAY, WEEK, MONTH):
        first, last = period_span_containing(period, hall.date)
        days = [(first + timedelta(days=n)).isoformat() for n in range((last - first).days + 1)]
        counted[period] = document(log, days, now)
        if period not in FILED:
            continue
        made = {ending: own / f"{period}{ending}" for ending in report_file_endings()}
        read = read_period_report(hall.desk, period, hall.date, now)  # once, as write() does for each
        made[".json"].write_bytes(report_file_bytes(read, ".json", lang, None))
        files[period] = {".json": from_json(made[".json"])}
        if period == ONE_DAY or is_all_seen:
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
    whole = after.counted[ONE_DAY]
    waits, rate = whole["wait"], whole["ratings"]["rate"]
    figures = [str(whole["waiting_at_end"]), f"{waits['mean']:.1f}", f"{waits['within_target'] * 100:.0f}"]
    assert [figure.value for figure in after.today] == [*figures, str(after.open_windows), f"{rate * 100:.1f}"]
    waiting, _mean, _within, _open, rated = after.today
    assert {str(whole["issued"]), str(whole["finished"])} <= set(waiting.second.split())
    assert str(whole["ratings"]["n"]) in rated.second
    assert all(f"{figure.title} {figure.value}" in after.read_out for figure in after.today)


QUIET = "No cases, comments, inspections, warnings, thanks or forums were noted in this time."
SECRETS = ("Nobody told me", "Wang Laowu", "0013 5176", "8165176", "Rude at the door", "Inspector Zhao", "Old fees")


def test_without_any_record_one_line_says_so_and_no_words_contact_or_name_of_a_customer_stands_there(tmp_path) -> None:
    desk = simulated(tmp_path, customers=60)
    found = pages_of(write.hall_report_pdf_and_log_part(desk, ONE_DAY, DAY, lang="en", now=NEXT_MORNING)[0])
    assert [n for n, page in enumerate(found) if QUIET in page] == [2]
    assert not any("Where it came from" in page or "In single figures" in page for page in found)

    def ask() -> Ask:
        return Ask(MANAGER, NEXT_MORNING.replace(day=19, hour=10))

    complaint = NewCaseData(klass="complaint", words="Nobody told me", contact="138 0013 5176", name="Wang Laowu")
    number = casework.open_case(desk, ask(), complaint)["number"]
    casework.record_first_contact(desk, ask(), number)
    casework.record_case_action(desk, ask(), number, "Rude at the door: spoken with")
    casework.record_call_back(desk, ask(), number, reached=True, verdict=CustomerVerdict.DISSATISFIED)
    thanking.record_spoken_comment(desk, ask(), "Rude at the door", klass="complaint")
    inspecting_verbs.plan_inspection(desk, ask(), date(2026, 11, 25), "window", "supervisor", outsider="Inspector Zhao")
    inspecting_verbs.plan_inspection(desk, ask(), date(2026, 11, 27), "window", "mystery", visitor=2)
    inspecting_verbs.add_rectification(desk, ask(), "Old fees", "C2")
    for lang in LANGUAGES:
        files = {
            ending: write.write_day_report(desk, DAY, tmp_path / f"day-{lang}{ending}", lang=lang, now=NEXT_MORNING)
            for ending in (".json", ".csv", ".xlsx")
        }
        found = pages_of(write.hall_report_pdf_and_log_part(desk, ONE_DAY, DAY, lang=lang, now=NEXT_MORNING)[0])
        page = " ".join(found[2:])
        texts = [files[ending].read_text() for ending in (".json", ".csv")]
        said = [*found, *texts, str(from_xlsx(files[".xlsx"], files[".csv"], lang))]
        assert [secret for secret in SECRETS if any(secret in text for text in said)] == []
        # Nobody is to know beforehand that somebody will look.
        assert ("Mystery visit 0" in page, "Inspections done" in page) == (False, False)
        assert ("Still dissatisfied 1" if lang == "en" else "仍不满意 1") in page
        assert lang == "en" or english(" ".join(found)) == []


def test_every_kind_of_file_has_the_same_figures_of_quality(tmp_path: Path) -> None:
    desk = month_of(tmp_path, seed=3)
    month = date(2026, 10, 20)
    csv, book, json = (
        write.write_period_report(desk, MONTH, month, tmp_path / f"m{ending}", lang="en", now=AFTER)
        for ending in (".csv", ".xlsx", ".json")
    )
    expected = {path: value for path, value in from_json(json).items() if path.startswith(("quality", "cases"))}
    others = [from_csv(csv), from_xlsx(book, csv, "en")]
    assert len(expected) > 60
    for one in others:
        assert {path: plain(one.get(path)) for path in expected} == expected


SAID = {
    "order": ("Fairness and estimates", "Later ticket first"),
    "inspections": ("inspection", "Inspection", "put right"), "thanks": ("thanks", "Thanks", "warnings", "Warnings"),
    "forums": ("forums", "Forums"), "why_come": ("Offered elsewhere",), "windows_needed": ("The next day",),
    "staff": ("For managers only", "By person"), "equipment": ("Equipment", "checks"),
    "appointments": ("ppointment",), "paper_days": ("paper tickets",),
}  # fmt: skip


@pytest.mark.parametrize("period", [ONE_DAY, MONTH])
def test_a_report_on_paper_has_only_what_the_hall_uses(tmp_path: Path, period: str) -> None:
    desk = simulated(tmp_path, customers=60)
    evening = Ask(MANAGER, NEXT_MORNING - timedelta(hours=15))
    inspecting_verbs.add_rectification(desk, evening, "Old fees", "C2")
    thanking.record_thanks(desk, evening, "C2", words="So kind")
    issuing.record_offered_channel(desk, evening, "A", to="online", declined=True)

    def paper() -> str:
        now = NEXT_MORNING + timedelta(minutes=1)
        report = write.hall_report_pdf_and_log_part(desk, period, DAY, lang="en", now=now, printed_by="M1")
        return " ".join(pages_of(report[0]))

    def files() -> tuple[object, list[str], str]:
        told, book, now = tmp_path / "day.json", tmp_path / "day.xlsx", NEXT_MORNING + timedelta(minutes=1)
        for file in (told, book):
            write.write_period_report(desk, period, DAY, file, lang="en", now=now)
        sheets = load_workbook(book, read_only=True)
        overview = {str(row[-1]) for row in sheets["Overview"].iter_rows(values_only=True)}
        defined = {str(row[-1]) for row in sheets["Definitions"].iter_rows(values_only=True)}
        return json.loads(told.read_text(encoding="utf-8")), sheets.sheetnames, " ".join(overview | defined)

    def choose(*features: str) -> None:
        setting_up.change_hall(desk, Ask(ADMIN, NEXT_MORNING), {"features": list(features)})

    whole, (document, sheets, paths) = paper(), files()
    own = {name: words for name, words in SAID.items() if any(word in whole for word in words)}
    rare = {"windows_needed", "paper_days"} if period == MONTH else set()
    assert own.keys() == SAID.keys() - rare
    assert "quality.thanks" in paths and "measures.devices" in paths and "Staff" in sheets
    choose()
    few, (same, fewer, left) = paper(), files()
    assert {word for words in SAID.values() for word in words if word in few} == set()
    assert "None in this time: cases, comments." in few
    for path in ("promise", "quality.thanks", "measures.devices"):
        assert f"{path}." not in left and f"{path} " not in left
    assert "Staff" not in fewer
    assert isinstance(same, dict) and isinstance(document, dict) and same.keys() == document.keys()
    assert (same["quality"], same["measures"]) == (document["quality"], document["measures"])
    some = sorted(own)[::2]
    choose(*some)
    again = paper()
    assert [name for name in sorted(own) if any(word in again for word in own[name])] == some


NOTHING_ELSE = {"clock", "enter", "indicators", "drumming", "texts", "notes", "slip"}
"""What changes nothing but the hall's counters."""
LIVED = Path(__file__).parent / "golden" / "lived.txt"
"""What is typed in that day."""


def begun(console: Console) -> None:
    carry_out(console, LIVED.read_text(encoding="utf-8").splitlines())
    hall = console.hall()
    do, ask = hall.do, hall.ask()
    do("emergency", "Leave the hall")
    do("emergency", "Stay where you are")
    do("end-emergency")
    do("wording-end", next(iter(hall.whole().wordings)), use=True)
    rows = [
        RowCountedForTrainingNeed(TRANSFERS, hall.date, f"A{n}", f"C{n % 3}", "A", "", int(n % 3 == 1))
        for n in range(180)
    ]
    found = training_needs(hall.date, hall.date, rows)
    [seq] = verbs.record_staff_of_revealed_need(hall.desk, ask, found, (TRANSFERS, "A"), reason="coach")["named"]
    do("training-seen", seq, who=Actor("C1", Role.CLERK))
    do("help", who=actor_of_station("K1"))
    do("help-cancel", hall.last().seq, reason="mistake", who=actor_of_station("K1"))
    devices.record_station_start(hall.desk, ask, "display", "display")
    devices.record_device_state(hall.desk, ask, "printer", "K1", "offline")
    devices.record_device_state(hall.desk, ask, "printer", "K1", None)
    hall.clock.move(minutes=20)
    devices.record_lost_stations(hall.desk, hall.ask())
    do("raise-due")
    do("ack", "long_wait")
    do("try", "voice", text="test")
    do("day-end")
    do("open", "3", staff="C3", waive="other")
    do("close", "3")
    do("sheet-close", who=Actor("M1", Role.MANAGER))
    hall.desk.db.dispose()


def test_the_day_holds_every_kind_of_event_and_the_tables_follow_from_its_log(console: Console) -> None:
    hall = begun_once(console, begun).hall()
    assert {event.kind for event in hall.log()} == own_kinds() - NOTHING_ELSE - {"restore", "set-right"}
    assert set(CHANGES) == SHAPES.keys() - NOTHING_ELSE
    assert set(CHANGES) >= QUEUE_KINDS
    hall.must_follow_from_its_log()
    screen, whole = looking.hall_state_now(hall.desk, hall.clock()), hall.whole()
    assert whole.overtakes
    for part in ("tickets", "calls", "series", "shifts"):
        assert getattr(screen, part) == getattr(whole, part)
    hall.desk.db.dispose()
