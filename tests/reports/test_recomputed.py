"""The figures of days, of spans and of whatever chance makes, against a second count of the printed log."""

import itertools
import json
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queuedesk.core import features
from queuedesk.core.errors import RuleError
from queuedesk.core.figures.measures.document import LogRange, ReportTally, day_figures, figures_document
from queuedesk.core.figures.measures.figure import hall_figure_scope
from queuedesk.core.figures.periods import DAY as ONE_DAY
from queuedesk.core.figures.periods import MONTH, QUARTER, WEEK, YEAR, period_span_containing
from queuedesk.core.log.event import QUEUE_KINDS
from queuedesk.core.network.roles import CONSOLE, Actor, Role
from queuedesk.core.quality.figures import DIMENSIONS, count_reasons_and_answers
from queuedesk.desk import figures, looking, setting_up
from queuedesk.desk.change import Ask, Desk
from queuedesk.desk.quality.hearing import rated_visits
from queuedesk.desk.queue import calling, issuing, opening, rating
from queuedesk.desk.talk import devices, messaging
from queuedesk.desk.upkeep import clocks, maintenance
from queuedesk.features.low_ratings.commands import rating_reasons_document
from queuedesk.reports.figures import period as report
from queuedesk.reports.figures.period import all_rules_text, read_day_report, read_period_report
from queuedesk.reports.figures.write import report_file_bytes, write_day_report
from queuedesk.sim.demand import SimulatedDay
from queuedesk.store.figures import measured
from queuedesk.store.log import book, events
from queuedesk.store.parts import halls
from tests.every_day import examples
from tests.hall import deed, preset
from tests.reports.days import (
    AFTER,
    DAY,
    LONG_AFTER,
    NEXT_MORNING,
    NINE,
    asked,
    eventful,
    hall,
    kept,
    play,
    printed_log,
    simulated,
)
from tests.reports.read_back import text_of, told
from tests.reports.recompute import day_of
from tests.reports.recompute_document import SHARES, listed, targets, unrounded
from tests.reports.recompute_measures import measures_of
from tests.reports.recompute_quality import rated, why_of
from tests.store.statements import statements

HALF_A_ROUNDING, OF_A_SHARE = 0.00501, 0.00000051  # minutes are printed with two decimals, shares with six
MIDWAY = datetime(2026, 11, 19, 2, 42, tzinfo=UTC)
_TEXT = Path(__file__).with_name("stories.txt").read_text(encoding="utf-8")
STORIES = dict(story.split("\n", 1) for story in _TEXT[2:].strip().split("\n\n# "))
"""What may happen to a ticket, by name: the commands of a date on which nothing else happens."""
THREE_OPEN = "08:30 open 1 --staff C1\n08:30 open 2 --staff C2\n08:30 open 5 --staff C5\n"


def written(desk: Desk, folder: Path, lang: str = "en", **asked: Any) -> str:
    asked = {"now": NEXT_MORNING} | asked
    return text_of(write_day_report(desk, DAY, folder / f"day-{lang}.pdf", lang=lang, **asked))


def differences(found: Any, expected: Any, place: str = "") -> Iterator[str]:
    """Yield what differs by more than the rounding of what is printed."""
    if isinstance(expected, dict) and isinstance(found, dict):
        for key in found.keys() | expected.keys():
            if key not in found or key not in expected:
                yield f"{place}.{key} is on one side only"
            else:
                yield from differences(found[key], expected[key], f"{place}.{key}")
    elif isinstance(expected, list) and isinstance(found, list) and len(found) == len(expected):
        for i, (left, right) in enumerate(zip(found, expected, strict=True)):
            yield from differences(left, right, f"{place}[{i}]")
    elif isinstance(expected, float) and isinstance(found, (int, float)):
        is_share = re.split("[./]", place)[-1] in SHARES
        if abs(found - expected) > (OF_A_SHARE if is_share else HALF_A_ROUNDING):
            yield f"{place}: {found}, not {expected}"
    elif found != expected:
        yield f"{place}: {found}, not {expected}"


def counted(figures: dict[str, Any]) -> dict[str, Any]:
    """Return the document without what stands beside its counts."""
    return {key: value for key, value in figures.items() if key not in ("measures", "targets", "rules", "quality")}


def wrong(desk: Desk, now: datetime, day: date = DAY, period: str = ONE_DAY) -> list[str]:
    """Return what differs between the whole document of a period and the second count."""
    read = report.read_period_report(desk, period, day, now)
    days = [(read.first + timedelta(days=n)).isoformat() for n in range((read.last - read.first).days + 1)]
    expected = unrounded(printed_log(desk), days, now)
    rows = differences(in_order(read.document), in_order(expected))
    return [*rows, *differences(told(read.document), told(expected))]


def in_order(document: dict[str, Any]) -> dict[str, Any]:
    """Return the tables of a document whose rows have an order of their own."""
    tables = {name: document[name] for name in ("services", "windows", "staff", "hours", "targets", "rules")}
    return tables | {name: document["measures"][name] for name in ("pauses", "longest_waits")}


@pytest.mark.parametrize(
    ("make", "now"),
    [
        (eventful, NEXT_MORNING),
        (simulated, NEXT_MORNING),
        (partial(simulated, until=MIDWAY), MIDWAY + timedelta(seconds=50)),
        (partial(simulated, kind="clinic"), NEXT_MORNING),
        (partial(simulated, kind="bank"), NEXT_MORNING),
        (hall, NEXT_MORNING),
    ],
    ids=["eventful", "simulated", "running", "clinic", "bank", "nobody"],
)
def test_figures_of_a_day_follow_from_its_log(tmp_path: Path, make: Callable[[Path], Desk], now: datetime) -> None:
    assert wrong(make(tmp_path), now) == []


def test_figures_of_whatever_happens_to_a_ticket_follow_from_the_log(tmp_path: Path) -> None:
    """Each on a date of its own; what is rare also while its date runs, once it is over, and once corrected."""
    desk, found = hall(tmp_path), {}
    for n, (name, story) in enumerate(STORIES.items()):
        day = DAY + timedelta(weeks=n)
        if name == "rare steps":
            *lines, end, correction = story.splitlines()
            for part in ("\n".join(lines), end, correction):
                play(desk, part, day)
                found[f"{name}, {part[-20:]}"] = wrong(desk, LONG_AFTER, day)
        else:
            play(desk, f"{THREE_OPEN}{story}\n18:00 day-end", day)
            found[name] = wrong(desk, LONG_AFTER, day)
    assert {name: differs for name, differs in found.items() if differs} == {}


def test_a_day_on_which_all_happens_is_read_without_its_events_and_the_second_count_sees_a_wrong_figure(tmp_path):
    assert QUEUE_KINDS - {event.kind for event in looking.events_after(eventful(tmp_path), 0)} == set()
    desk = eventful(tmp_path)
    with statements(desk.db) as asked:
        report.read_day_report(desk, DAY, NEXT_MORNING)
    whole = [one for one in asked if "events.hash" in one and "events.date = " in one]
    of_tickets = [one for one in asked if "tickets.token" in one]
    assert (whole, of_tickets) == ([], [])
    log, read = printed_log(desk), report.read_day_report(desk, DAY, NEXT_MORNING)
    figures = read.figures
    assert len({one.name for one in read.ribbon.strokes}) == figures["issued"] - figures["void"]
    start = next(event for event in log if event["kind"] == "start")
    start["time"] = (datetime.fromisoformat(start["time"]) + timedelta(seconds=20)).isoformat()
    found = " ".join(differences(counted(figures), day_of(log, DAY.isoformat(), NEXT_MORNING)))
    assert ".handling.mean" in found and ".way.mean" in found and ".serving_minutes" in found


def typefaces_are_embedded(path: Path) -> None:
    content = path.read_bytes()
    named = {name.decode() for name in re.findall(rb"/BaseFont\s*/(\S+)", content)}
    embedded = {name.decode() for name in re.findall(rb"/FontFile2.*?/FontName\s*/(\S+)", content, re.DOTALL)}
    assert named == embedded
    assert {name.partition("+")[2] for name in named} == {"QDSansSC-Regular", "QDSansSC-Bold"}


def test_a_running_day_says_until_when_and_calls_no_share_met_over_somebody_who_waits_past_the_target(tmp_path):
    desk = hall(tmp_path)
    issuing.issue_ticket(desk, asked(NINE), "A")
    late = "1 waiting longer, up to 25 min"
    page = written(desk, tmp_path, now=NINE + timedelta(minutes=25))
    assert late in page and "until 9:25" in page
    assert late not in written(desk, tmp_path, now=NINE + timedelta(minutes=15))


def test_a_try_out_of_an_hour_says_when_its_tickets_were_taken(tmp_path):
    desk = hall(tmp_path)
    for minutes in (62, 118):
        issuing.issue_ticket(desk, asked(NINE + timedelta(minutes=minutes)), "A")
    assert "open 8:30–17:30, tickets 10:02 to 10:58" in written(desk, tmp_path, now=NINE + timedelta(hours=2))
    issuing.issue_ticket(desk, asked(NINE + timedelta(hours=7)), "A")
    assert "tickets 10:02" not in written(desk, tmp_path, now=NEXT_MORNING)


def test_a_day_without_tickets_has_a_page(tmp_path):
    page = written(hall(tmp_path), tmp_path)
    assert "0 tickets" in page and "No ticket was issued on this day." in page and "1 / 1" in page
    assert "By half-hour" not in page and "By service" not in page


def test_a_removed_service_keeps_row_and_name(tmp_path):
    desk = simulated(tmp_path, customers=60)
    ask = Ask(CONSOLE, NEXT_MORNING)
    clocks.end_due(desk, ask)
    before = report.read_day_report(desk, DAY, NEXT_MORNING).figures["services"]
    setting_up.remove_setup_row(desk, ask, "services", "D")
    assert report.read_day_report(desk, DAY, NEXT_MORNING).figures["services"] == before
    assert "D Questions" in written(desk, tmp_path)


def test_a_file_is_written_whole_and_of_no_other_kind(tmp_path):
    desk, path = hall(tmp_path), tmp_path / "day.json"
    path.write_text("x" * 1_000_000)
    write_day_report(desk, DAY, path, lang="en", now=NEXT_MORNING)
    assert json.loads(path.read_text(encoding="utf-8"))["issued"] == 0
    with pytest.raises(ValueError, match="ods"):
        write_day_report(desk, DAY, tmp_path / "day.ods", lang="en", now=NEXT_MORNING)


PLACES = [("kiosk", "K1"), ("display", "display")]
SHARED_PLACES = [("kiosk", "K1@Door"), ("display", "display@Door"), ("display", "display@Back")]
TOTALS = "channels" in features.choosable_feature_names()
"""Whether what other channels served can be noted; without that feature it can't."""
CAUSES = ["out_of_paper", "offline"]
GOALS: list[tuple[str, Any]] = [
    ("satisfaction", 60), ("satisfaction", "0.95"), ("within_target", 80), ("served", "90.5"), ("first_visit", 95),
    ("mean_wait", 9), ("median_wait", "2.5"), ("p90_wait", 30),
]  # fmt: skip
MONDAY = date(2026, 11, 16)
WEEK_AFTER = datetime(2026, 11, 25, 1, tzinfo=UTC)
DAYS = [(MONDAY + timedelta(days=n)).isoformat() for n in range(7)]
KIOSK = Actor("K1", Role.STATION)
ITEMS = {"A": (None, "yfgd"), "B": (None, "gmgh")}


def wrong_about_why(desk: Desk, first: date, now: datetime, by: str) -> list[str]:
    """Return what differs between what is said of the ratings of a week and the second count."""
    last = first + timedelta(days=6)
    said = rating_reasons_document(count_reasons_and_answers(rated_visits(desk, first, last, now), by))
    del said["by"]
    for name, key in (("reasons", "tag"), ("questions", "question")):
        said[name] = {row[key]: {one.pop("name"): one for one in row["groups"]} for row in said[name]}
    said["groups"] = {one["name"]: one["n"] for one in said["groups"]}
    said["stretch"] = {one.pop("band"): one for one in said["stretch"]}
    days = [(first + timedelta(days=n)).isoformat() for n in range(7)]
    return list(differences(said, why_of(rated(printed_log(desk), days, "Asia/Shanghai"), by)))


class Visits:
    """A week in which chance decides who comes, how, and what becomes of them; desk functions only."""

    def __init__(self, folder: Path, rng: Random) -> None:
        self.rng = rng
        rules = {"form_free_minutes": rng.choice([0, 4]), "first_visit_days": rng.choice([0, 1, 7])}
        self.desk = hall(folder, settings=rules)
        self.seconds = itertools.count(0)
        self.now = datetime.combine(MONDAY, datetime.min.time(), UTC)
        self.earlier: list[tuple[str, date]] = []

    def ask(self, who: Actor = CONSOLE) -> Ask:
        self.now += timedelta(seconds=self.rng.choice([1, 20, 75, 400]))
        return Ask(who, self.now)

    def week(self, customers: int) -> Desk:
        for n in range(5):
            self.now = datetime.combine(MONDAY + timedelta(days=n), datetime.min.time(), UTC) + timedelta(hours=1)
            for window, staff in (("1", "C1"), ("5", "C5")):
                opening.open_window(self.desk, self.ask(), window, staff=staff)
            for _ in range(customers):
                self.rng.choice([self.come, self.come, self.serve, self.serve, self.serve_b, self.aside])()
            clocks.end_today(self.desk, self.ask())
        return self.desk

    def come(self) -> None:
        rng, service = self.rng, self.rng.choice("AAB")
        item = rng.choice(ITEMS[service])
        who = rng.choice([CONSOLE, KIOSK])
        asked = {"klass": rng.choice(["normal", "normal", "elderly"]), "item": item}
        if who is CONSOLE:
            asked |= {"guide": rng.choice([None, "G1", "G2"]), "repeat": rng.random() < 0.1}
            if self.earlier and rng.random() < 0.3:
                asked["return_of"] = rng.choice(self.earlier)
        try:
            made = issuing.issue_ticket(self.desk, self.ask(who), service, **asked)
        except RuleError:  # out of hours
            return
        fate = rng.random()
        if fate < 0.05:
            calling.void_ticket(self.desk, self.ask(), made["ticket"], reason="issued_twice")
        elif fate < 0.12:
            calling.record_customer_left(self.desk, self.ask(), made["ticket"])

    def aside(self) -> None:
        if self.rng.random() < 0.5:
            ask, to = self.ask(), self.rng.choice(["bank", "online"])
            issuing.record_offered_channel(self.desk, ask, "A", to=to, declined=self.rng.random() < 0.5)
        elif self.rng.random() < 0.4:
            self._help()
        elif self.rng.random() < 0.5:
            issuing.record_visitor_not_ready(self.desk, self.ask(), "B", item="gmgh")
        else:
            window = self.rng.choice(["1", "5"])
            opening.pause_window(self.desk, self.ask(), window, reason="meal")
            self.now += timedelta(minutes=self.rng.choice([2, 19, 30]))
            opening.resume_window(self.desk, self.ask(), window)

    def _help(self) -> None:
        """Somebody calls for help; chance decides whether anybody comes, says so before, or it is taken back."""
        try:
            call = messaging.call_for_help_at(self.desk, self.ask(), self.rng.choice(["1", "5", "kiosk"]))
        except RuleError:  # one is open there already
            return
        if self.rng.random() < 0.6:
            messaging.acknowledge_help(self.desk, self.ask(), call["seq"])
        fate = self.rng.random()
        if fate < 0.5:
            messaging.record_helper_arrival(self.desk, self.ask(), call["seq"])
        elif fate < 0.8:
            messaging.cancel_help(self.desk, self.ask(), call["seq"], reason="solved")

    def serve_b(self) -> None:
        self._serve("5")

    def serve(self) -> None:
        self._serve("1")

    def _serve(self, window: str) -> None:
        rng = self.rng
        try:
            called = calling.call_ticket(self.desk, self.ask(), window)
        except RuleError:  # no one waiting
            return
        label, onward = called["ticket"], "B" if called["service"] == "A" else "A"
        fate = rng.random()
        if fate < 0.1:
            missed = calling.record_missed_call(self.desk, self.ask(), window)
            if rng.random() < 0.5 and missed["state"] == "missed":  # the third miss ends the visit
                calling.reinstate_missed_ticket(self.desk, self.ask(), label)
            return
        if fate < 0.15:
            calling.void_ticket(self.desk, self.ask(), label, reason="issued_twice")
            return
        calling.start_serving(self.desk, self.ask(), window)
        if fate < 0.25:
            calling.redirect_customer(self.desk, self.ask(), onward, window=window)
            return
        if fate < 0.35:
            calling.transfer_customer(self.desk, self.ask(), window, onward)
            return
        if fate < 0.5:
            calling.record_wait_for_other_system(
                self.desk, self.ask(), window, reason=rng.choice(["network", "payment"])
            )
            calling.end_stall_by_other_system(self.desk, self.ask(), window)
        ask, outcome = self.ask(), rng.choice([None, "done", "papers"])
        calling.finish_service(self.desk, ask, window, outcome=outcome, form_free=rng.random() < 0.4)
        self.earlier.append((label, self.now.date()))
        if rng.random() < 0.5:
            marks = {"attitude": rng.randint(1, 5)} if rng.random() < 0.5 else {}
            own = Random(len(self.earlier))
            tags = own.sample(["waited_long", "attitude", "other"], own.randint(0, 2))
            rating.rate_visit(self.desk, self.ask(), label, rng.randint(1, 5), tags=tags, **marks)


class Changes(Visits):
    """A week in which the hall changes too: long pauses and customers, targets and rules, equipment that fails."""

    is_shared = False

    def __init__(self, folder: Path, rng: Random) -> None:
        super().__init__(folder, rng)
        for _ in range(rng.randint(0, 4)):
            self._add_target()

    def week(self, customers: int) -> Desk:
        """Live through the week; afterwards the set-up may know some of it no more."""
        super().week(customers)
        for part, code in self.rng.sample([("windows", "5"), ("staff", "C2"), ("staff", "C5")], self.rng.randint(0, 2)):
            setting_up.remove_setup_row(self.desk, self.ask(), part, code)
        if self.rng.random() < 0.3:
            setting_up.change_row_fields(self.desk, self.ask(), "staff", "C1", {"skills": ["B"]})
        return self.desk

    def monday(self, acts: int) -> Desk:
        """Live through a part of the first day: somebody is called, a window is paused, and nobody has gone home."""
        self.now = datetime.combine(MONDAY, time(1), UTC)
        for window, staff in (("1", "C1"), ("5", "C5")):
            opening.open_window(self.desk, self.ask(), window, staff=staff)
        for _ in range(acts):
            self.rng.choice([self.come, self.come, self.serve, self.serve_b, self.aside])()
        with suppress(RuleError):  # no one waiting
            calling.call_ticket(self.desk, self.ask(), "1")
        with suppress(RuleError):  # it may be closed
            if self.rng.random() < 0.5:
                opening.pause_window(self.desk, self.ask(), "5", reason="meal")
        self.now += timedelta(minutes=self.rng.choice([0, 1, 31]))
        return self.desk

    def serve_b(self) -> None:
        self.rng.choice([super().serve_b, self.aside, self.aside])()

    def aside(self) -> None:
        often = (self._pause, self._close, self._call_out_of_order, self._long_customer)
        totals = [self._report_total] if TOTALS else []
        rare = (self._set_up, self._equip, *totals, self._correct_ticket_fields, super().aside)
        with suppress(RuleError, IndexError):  # no one waiting, nothing there to change
            self.rng.choice([*often, *often, *rare])()

    def _pause(self) -> None:
        window = self.rng.choice(["1", "5"])
        opening.pause_window(self.desk, self.ask(), window, reason="meal")
        for _ in range(3):
            self.now += timedelta(minutes=self.rng.choice([1, 9, 20]))
            self.come()
        opening.resume_window(self.desk, self.ask(), window)

    def _close(self) -> None:
        window = self.rng.choice(["1", "5"])
        opening.close_window(self.desk, self.ask(), window)
        for _ in range(self.rng.randint(0, 3)):
            self.now += timedelta(minutes=self.rng.choice([1, 9, 20]))
            self.come()
        opening.open_window(self.desk, self.ask(), window, staff=self.rng.choice(["C2", "C3"]))

    def _call_out_of_order(self) -> None:
        for _ in range(3):
            last = issuing.issue_ticket(self.desk, self.ask(), "A")["ticket"]
        calling.call_ticket(self.desk, self.ask(), "5", ticket=last, reason="chosen")
        calling.start_serving(self.desk, self.ask(), "5")
        calling.finish_service(self.desk, self.ask(), "5")

    def _long_customer(self) -> None:
        calling.call_ticket(self.desk, self.ask(), "1")
        calling.start_serving(self.desk, self.ask(), "1")
        if self.rng.random() < 0.8:
            issuing.issue_ticket(self.desk, self.ask(), "A")
        self.now += timedelta(minutes=self.rng.choice([16, 30, 120]))
        calling.finish_service(self.desk, self.ask(), "1")

    def _set_up(self) -> None:
        rng = self.rng
        if rng.random() < 0.15:
            setting_up.remove_setup_row(self.desk, self.ask(), "targets", str(rng.randint(1, 4)))
        elif rng.random() < 0.5:
            key = rng.choice(["wait_target_minutes", "jump_every", "form_free_minutes", "first_visit_days"])
            setting_up.change_setting(self.desk, self.ask(), key, rng.randint(1, 9))
        else:
            self._add_target()

    def _add_target(self) -> None:
        measure, value = self.rng.choice(GOALS)
        days = ["", "", "2026-11-01", (MONDAY + timedelta(days=self.rng.randint(0, 4))).isoformat()]
        row = {"measure": measure, "value": value, "from": self.rng.choice(days)}
        setting_up.add_setup_row(self.desk, self.ask(), "targets", row)

    def _equip(self) -> None:
        for _ in range(self.rng.randint(1, 8)):
            self._equip_once()
            self.now += timedelta(seconds=self.rng.choice([0, 7, 100]))

    def _equip_once(self) -> None:
        """Let a device tell something; in a hall that was shared meanwhile each goes by its PC's name."""
        rng = self.rng
        self.is_shared = self.is_shared or rng.random() < 0.2
        places = SHARED_PLACES if self.is_shared else PLACES
        starts = [devices.record_station_start] * 2
        deed = rng.choice([*starts, devices.record_station_stop, devices.record_sign_of_life, None])
        if deed is not None:
            deed(self.desk, self.ask(), *rng.choice(places))
        elif rng.random() < 0.3:
            devices.record_lost_stations(self.desk, self.ask())
        else:
            devices.record_device_state(self.desk, self.ask(), "printer", places[0][1], rng.choice([None, *CAUSES]))

    def _report_total(self) -> None:
        rng = self.rng
        period = rng.choice(["2026-11", "2026-11-16", "2026-11-17", "2026-11-20"])
        channel, n = rng.choice(["bank", "POS机"]), rng.choice([None, 0, 3, 40])
        deed("set-total")(self.desk, self.ask(), channel, period, rng.choice("AB"), n, site=rng.choice(["", "East"]))

    def _correct_ticket_fields(self) -> None:
        label, day = self.rng.choice(self.earlier)
        legs = looking.find_ticket(self.desk, day, label).legs
        n = self.rng.randint(1, len(legs))
        started, finished = legs[n - 1].started, legs[n - 1].finished
        span = timedelta(seconds=self.rng.choice([-30, -1, 15, 60]))
        new = self.rng.choice(
            [
                {"rating": self.rng.choice(["excluded", 1, 5])},
                {"form_free": True},
                {"staff": self.rng.choice(["C1", "C2", "C5"])},
                {"started": started + span if started else None},
                # Of a visit that went on, the next line began when the log says, whatever the end is corrected to.
                {"finished": finished + span if finished and n == len(legs) else None},
            ]
        )
        second = None if "form_free" in new else "AD"
        why = {"reason": "wrong_key", "second": second}
        figures.correct_leg_or_rating(self.desk, self.ask(), label, leg=n, changes=new, day=day, **why)


def test_why_of_a_days_ratings_follows_from_its_log(tmp_path: Path) -> None:
    """Of more than thirty ratings, so that there are intervals."""
    desk = simulated(tmp_path)
    assert rated(printed_log(desk), [DAY.isoformat()], "Asia/Shanghai")
    assert [one for by in DIMENSIONS for one in wrong_about_why(desk, DAY, NEXT_MORNING, by)] == []


@examples(3)
@given(seed=st.integers(0, 10**6), acts=st.integers(0, 25))
def test_a_day_that_is_not_over_follows_from_its_log(tmp_path: Path, seed: int, acts: int) -> None:
    (tmp_path / "hall.sqlite").unlink(missing_ok=True)
    hall = Changes(tmp_path, Random(seed))
    desk = hall.monday(acts)
    found = [wrong(desk, hall.now, MONDAY, period) for period in (ONE_DAY, WEEK)]
    desk.db.dispose()
    assert found == [[], []]


def test_what_counts_a_second_time_knows_nothing_of_the_program():
    sources = {file: file.read_text(encoding="utf-8") for file in Path(__file__).parents[1].rglob("*.py")}
    alone = [file for file, text in sources.items() if "mports nothing of the program." in text.partition("\n\n")[0]]
    assert {file for file in sources if file.name.startswith(("recompute", "relived"))} <= {*alone}
    assert not [file for file in alone if re.search("^(import|from) queuedesk", sources[file], re.MULTILINE)]


def test_the_second_count_notices_one_event_less(tmp_path: Path) -> None:
    """The comparison can fail: without one event of a kind the count comes to something else."""
    changes, visits = tmp_path / "changes", tmp_path / "visits"
    changes.mkdir()
    visits.mkdir()
    desk = Changes(changes, Random(1)).week(40)
    places = {"pause": "pauses", "device": "devices"} | ({"channels": "diversion"} if TOTALS else {})
    notices(desk, places)
    target = {"measure": "mean_wait", "value": 7, "from": ""}  # none of GOALS, so that the week has it only once
    setting_up.add_setup_row(desk, Ask(CONSOLE, WEEK_AFTER), "targets", target)
    log = printed_log(desk)
    assert targets(log[:-1], DAYS, WEEK_AFTER) != targets(log, DAYS, WEEK_AFTER)
    places = {"rate": "questions", "offer": "diversion", "help": "help", "not-ready": "papers", "reinstate": "missed"}
    notices(Visits(visits, Random(3)).week(25), places | {"call": "promise"})


def notices(desk: Desk, places: dict[str, str]) -> None:
    """Leave out the last event of each kind, and look at the measures that hang on it."""
    found, log = read_period_report(desk, WEEK, MONDAY, WEEK_AFTER).document["measures"], printed_log(desk)
    for kind, place in places.items():
        own = (i for i, event in enumerate(log) if event["kind"] == kind)
        last = max(i for i in own if kind != "rate" or "attitude" in log[i]["data"])
        less = listed(measures_of(log[:last] + log[last + 1 :], DAYS, WEEK_AFTER))
        changed = differences(told({"measures": found}), told({"measures": less}))
        assert any(one.startswith(f".measures.{place}") for one in changed), kind


EVENING = datetime(2026, 11, 19, 12, tzinfo=UTC)


@kept
def three_days(folder: Path) -> Desk:
    """Return a hall with three simulated days, two in one week and one in the next month."""
    desk = hall(folder)
    for n, day in enumerate((DAY, DAY + timedelta(days=1), DAY + timedelta(days=12))):
        SimulatedDay(desk, day, 20 + n, customers=55).play(None)
    return desk


@pytest.mark.parametrize(
    ("period", "day", "first", "last"),
    [
        (ONE_DAY, date(2026, 11, 19), date(2026, 11, 19), date(2026, 11, 19)),
        (WEEK, date(2026, 11, 22), date(2026, 11, 16), date(2026, 11, 22)),
        (WEEK, date(2027, 1, 1), date(2026, 12, 28), date(2027, 1, 3)),
        (MONTH, date(2028, 2, 29), date(2028, 2, 1), date(2028, 2, 29)),
        (QUARTER, date(2026, 12, 31), date(2026, 10, 1), date(2026, 12, 31)),
        (QUARTER, date(2026, 1, 1), date(2026, 1, 1), date(2026, 3, 31)),
        (YEAR, date(2026, 7, 1), date(2026, 1, 1), date(2026, 12, 31)),
    ],
)
def test_periods_are_those_of_the_calendar(period, day, first, last):
    assert period_span_containing(period, day) == (first, last)


@pytest.mark.parametrize(
    ("make", "day", "now"),
    [
        (eventful, DAY, EVENING),
        (simulated, DAY, EVENING),
        (lambda folder: simulated(folder, until=MIDWAY), DAY, MIDWAY + timedelta(seconds=50)),
        (hall, DAY, EVENING),
        (lambda folder: Visits(folder, Random(11)).week(20), DAY + timedelta(days=1), EVENING + timedelta(days=1)),
    ],
    ids=["eventful", "simulated", "running", "nobody", "kiosks"],
)
@pytest.mark.parametrize("most_single", [0.0, 1.0])
def test_rows_read_straight_from_tables_give_the_figures_of_a_hall_in_memory(tmp_path, make, day, now, most_single):
    desk = make(tmp_path)
    with desk.db.read() as tx:
        setup = halls.setup_of_hall_row(tx, halls.load_hall_row(tx, desk.hall))
        rows = measured.HallReader(tx, desk.hall, setup, now).read_day(day, most_single=most_single)
        state, log = book.hall_state_of_day(tx, desk.hall, day), events.events_of_day(tx, desk.hall, day)
    tally = ReportTally()
    tally.add_day(rows)
    found = figures_document(hall_figure_scope(setup, day, day), tally, LogRange())
    expected = day_figures(state, day, now, log)
    assert found == expected | {"log": found["log"]}
    whole = read_day_report(desk, day, now).figures
    assert whole == expected | {name: whole[name] for name in ("cases", "quality")}
    assert read_period_report(desk, ONE_DAY, day, now).document == whole


@pytest.mark.parametrize("period", [WEEK, QUARTER])
def test_several_days_are_all_their_legs_together(tmp_path, period):
    assert wrong(three_days(tmp_path), AFTER, DAY, period) == []


def test_all_halls_are_each_hall_and_all_their_legs_and_name_their_windows_tickets_and_people(tmp_path):
    desk, other = two_halls(tmp_path)
    read = read_period_report(desk, MONTH, DAY, AFTER, every_hall=True)
    alone = [read_period_report(one, MONTH, DAY, AFTER).document for one in (desk, other)]
    together = read.document["all"]
    assert read.document["halls"] == alone
    for path in ("issued", "finished", "left", "void"):
        assert together[path] == sum(one[path] for one in alone)
    assert together["ratings"]["n"] == sum(one["ratings"]["n"] for one in alone)
    weighted = sum(one["wait"]["mean"] * one["wait"]["n"] for one in alone) / together["wait"]["n"]
    assert together["wait"]["mean"] == pytest.approx(weighted, abs=0.01)
    assert together["wait"]["max"] == max(one["wait"]["max"] for one in alone)
    assert {row["code"] for row in together["windows"]} >= {"CD/1", "WEST/1"}
    assert [row["code"] for row in together["services"]] == ["A", "B", "CD/C", "D", "WEST/C"]
    assert together["log"] == {"first_seq": None, "last_seq": None, "hash": None}
    for one, minutes in ((desk, 4), (other, 6)):
        setting_up.change_setting(one, asked(AFTER), "form_free_minutes", minutes)
    alone = [read_period_report(one, MONTH, DAY, AFTER).document["measures"] for one in (desk, other)]
    together = read_period_report(desk, MONTH, DAY, AFTER, every_hall=True).document["all"]["measures"]
    for name in ("served", "service_level", "first_visit", "wrong_counter", "form_free"):
        for key in ("n", "of"):
            assert together[name][key] == sum(one[name][key] for one in alone)
    assert together["first_visit"]["followed"] == sum(one["first_visit"]["followed"] for one in alone)
    assert {row["code"] for row in together["wrong_counter"]["by_service"]} == {"A", "B", "CD/C", "D", "WEST/C"}
    assert {row["ticket"].partition("/")[0] for row in together["longest_waits"]} <= {"CD", "WEST"}
    longest = sorted((row["minutes"] for one in alone for row in one["longest_waits"]), reverse=True)
    assert [row["minutes"] for row in together["longest_waits"]] == longest[:5]
    assert {row["window"].partition("/")[0] for row in together["pauses"]} <= {"CD", "WEST"}
    assert len(together["pauses"]) == min(20, sum(len(one["pauses"]) for one in alone))
    forms = together["form_free"]
    assert forms["minutes_each"] is None, "halls see it differently"
    assert forms["minutes_saved"] == sum(one["form_free"]["minutes_saved"] for one in alone)


def two_halls(folder: Path) -> tuple[Desk, Desk]:
    """Return two halls of one database, the second with another service under one of the codes."""
    desk = side_by_side(folder)
    return desk, Desk(desk.db, looking.hall_id_by_code(desk.db, "WEST"))


@kept
def side_by_side(folder: Path) -> Desk:
    desk = simulated(folder, customers=60)
    document = preset()
    own = document["hall"] | {"code": "WEST", "name": "城西供电营业厅", "name_en": "West City Power Service Hall"}
    services = [row | {"name": "别的"} if row["code"] == "C" else row for row in document["services"]]
    (folder / "west").mkdir()
    west = hall(folder / "west", hall=own, services=services)
    SimulatedDay(west, DAY, 12, customers=50).play(None)
    maintenance.export_hall_log(west, CONSOLE, folder / "west.log", AFTER)
    maintenance.merge_exported_log(folder / "west.log", folder / "hall.sqlite", asked(AFTER))
    return desk


# -- each date is held against what stood on it, whatever the hall changed since ---------------------------------------
NEXT = DAY + timedelta(days=1)


@kept
def changed(folder: Path) -> Desk:
    """Return a hall that changed its mind between two busy dates: an undated target, and two rules."""
    desk = hall(folder, targets=[{"measure": "within_target", "value": 70}, {"measure": "smiles", "value": 3}])
    SimulatedDay(desk, DAY, 20, customers=60).play(None)
    setting_up.change_row_fields(desk, asked(NEXT_MORNING), "targets", "1", {"value": 99})
    setting_up.change_setting(desk, asked(NEXT_MORNING), "jump_every", 5)
    SimulatedDay(desk, NEXT, 21, customers=60).play(None)
    return desk


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return changed(tmp_path)


def add(desk: Desk, measure: str, value: object, since: str = "") -> None:
    setting_up.add_setup_row(desk, asked(AFTER), "targets", {"measure": measure, "value": value, "from": since})


WORDS = {
    "en": ("met", "not met", "target now 99 %", "at least 99 %", "Satisfaction and targets"),
    "zh_CN": ("达到", "没达到", "目标现为 99 %", "不低于 99 %", "满意率与目标"),
}
ORDER = "no one passed over more than 2 times by priority; priority: Elderly 30 min"
TOLD = {
    "en": (ORDER, "Nobody is warned near closing"),
    "zh_CN": ("每个人最多被优先越过 2 次；优先类别：老年人 30 分钟", "临近下班不提醒"),
}


def test_each_date_is_held_against_the_target_and_the_rules_that_stood_on_it_and_is_told_them_from_their_date_on(desk):
    """Any week's rows are counted again further above."""
    week, alone = read_period_report(desk, WEEK, DAY, AFTER), read_period_report(desk, "day", DAY, AFTER)
    before, after = (row for row in week.document["targets"] if row["measure"] == "within_target")
    assert (before["value"], before["last"]) == (0.7, DAY.isoformat())
    assert (after["value"], after["first"]) == (0.99, NEXT.isoformat())
    assert [rule["jump_every"] for rule in week.document["rules"]] == [3, 5]
    assert "target 70 %" in text_of(report_file_bytes(alone, ".pdf", "en", None))
    for lang, (met, missed, *others) in WORDS.items():
        page = text_of(report_file_bytes(week, ".pdf", lang, None))
        for words in (met, *others, *(f"{row['n']} / {row['of']}" for row in (before, after))):
            assert words in page
        assert missed in page or after["rate"] >= 0.99
    with desk.db.read() as tx:
        setup = halls.setup_of_hall_row(tx, halls.load_hall_row(tx, desk.hall))
        long_ago = measured.HallReader(tx, desk.hall, setup, AFTER).read_day(date(2020, 1, 1)).targets
    assert long_ago.rules["jump_every"] == 3, "a date before the hall was set up has what it began with"
    assert [target.figure for target in long_ago.targets] == [0.7]
    setting_up.change_row_fields(desk, asked(AFTER), "classes", "elderly", {"credit_minutes": 30})
    for key, value in (("order_guard", 2), ("closing", "off")):
        setting_up.change_setting(desk, asked(AFTER), key, value)
    read = read_period_report(desk, MONTH, AFTER.date(), AFTER)
    *_, before, last = read.document["rules"]
    assert (before["credits"]["elderly"], last["credits"]["elderly"], last["order_guard"]) == (10, 30, 2)
    for lang, (order, closing) in TOLD.items():
        said = all_rules_text(last, read.report_setups, lang)
        assert order in said and closing in said and "。 " not in said
        assert order not in all_rules_text(before, read.report_setups, lang)


def test_halls_together_have_the_targets_that_all_of_them_had(tmp_path: Path) -> None:
    desk, west = two_halls(tmp_path)
    for one in (desk, west):
        add(one, "served", 90)
        add(one, "satisfaction", 90 if one is desk else 95)
    setting_up.change_setting(west, asked(AFTER), "jump_every", 7)
    read = read_period_report(desk, MONTH, AFTER.date(), AFTER, every_hall=True)
    document = read_period_report(desk, MONTH, DAY, AFTER, every_hall=True).document
    (served,) = document["all"]["targets"]
    alone = [next(row for row in one["targets"] if row["measure"] == "served") for one in document["halls"]]
    assert (served["n"], served["of"]) == (sum(one["n"] for one in alone), sum(one["of"] for one in alone))
    assert [rule["jump_every"] for rule in read.document["all"]["rules"]] == [3, None]


def test_a_merged_log_tells_the_same(desk: Desk, tmp_path: Path) -> None:
    add(desk, "served", 90)
    maintenance.export_hall_log(desk, asked(AFTER).who, tmp_path / "hall.log", AFTER)
    (tmp_path / "other").mkdir()
    other = hall(tmp_path / "other", hall={"code": "WEST", "name": "城西"})
    maintenance.merge_exported_log(tmp_path / "hall.log", tmp_path / "other" / "hall.sqlite", asked(AFTER))
    with other.db.read() as tx:
        id = next(id for id, code in halls.hall_ids_and_codes(tx) if code == "CD")
    there = Desk(other.db, id)
    here, away = (read_period_report(one, WEEK, DAY, AFTER).document for one in (desk, there))
    assert (away["targets"], away["rules"]) == (here["targets"], here["rules"])


def test_without_a_target_the_usual_share_is_to_be_reached(tmp_path: Path) -> None:
    day = read_period_report(simulated(tmp_path, customers=60), "day", DAY, AFTER)
    assert "target 80 %" in text_of(report_file_bytes(day, ".pdf", "en", None))
