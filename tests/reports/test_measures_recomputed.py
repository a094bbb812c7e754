"""The measures of a report against the same measures worked out a second time from the printed log, over days that
chance makes."""

from __future__ import annotations

import csv
import io
import itertools
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from queuedesk.core.errors import RuleError
from queuedesk.core.figures.periods import DAY as ONE_DAY
from queuedesk.core.figures.periods import WEEK
from queuedesk.core.network.roles import CONSOLE, Actor, Role
from queuedesk.core.quality.why import DIMENSIONS, counted
from queuedesk.desk.change import Ask, Desk
from queuedesk.desk.quality.hearing import rated_visits, why_document
from queuedesk.desk.queue import calling, issuing, opening, rating
from queuedesk.desk.talk import messaging
from queuedesk.desk.upkeep import clocks
from queuedesk.reports.figures.period import read_period
from queuedesk.sim.whole_days import replay
from queuedesk.store.engine.database import Database
from tests.every_day import examples
from tests.reports.days import DAY, NEXT_MORNING, hall, printed_log, simulated
from tests.reports.figures.test_day import differences
from tests.reports.recompute_measures import measures_of
from tests.reports.recompute_why import rated, why_of
from tests.sim.recorded_days import actions_file, tickets_file

MONDAY = date(2026, 11, 16)
WEEK_AFTER = datetime(2026, 11, 25, 1, tzinfo=UTC)
KIOSK = Actor("K1", Role.STATION)
ITEMS = {"A": (None, "yfgd"), "B": (None, "gmgh")}
Rows = dict[Any, dict[str, Any]]


def by(rows: list[dict[str, Any]], *keys: str) -> Rows:
    """Return rows by one key or several, which stand in them no more."""
    named = [(tuple(row[key] for key in keys), {k: v for k, v in row.items() if k not in keys}) for row in rows]
    assert len({name for name, _ in named}) == len(named)
    return {name if len(keys) > 1 else name[0]: row for name, row in named}


def keyed(measures: dict[str, Any]) -> dict[str, Any]:
    """Return the measures as the second count has them: rows by what names them."""
    found = {**measures, "diversion": dict(measures["diversion"])}
    found["outcomes"] = {row["code"]: row["n"] for row in found["outcomes"]}
    wrong = found["wrong_counter"]
    found["wrong_counter"] = wrong | {name: by(wrong[name], "code") for name in ("by_service", "by_guide")}
    found["wrong_counter"]["by_label"] = by(wrong["by_label"], "service", "item")
    free = found["form_free"]
    found["form_free"] = free | {"by_service": by(free["by_service"], "code")}
    found["items"] = found["items"] | {"by_item": by(found["items"]["by_item"], "service", "item")}
    reasons = {row["reason"]: row["n"] for row in found["system_wait"]["by_reason"]}
    found["system_wait"] = found["system_wait"] | {"by_reason": reasons}
    for name, key in (("classes", "code"), ("overtakes", "reason"), ("counters", "kind")):
        found[name] = by(found[name], key)
    found["diversion"]["by_channel"] = by(found["diversion"]["by_channel"], "code")
    found["diversion"]["ledger"] = by(found["diversion"]["ledger"], "channel", "service")
    found["diversion"]["hall_share"] = by(found["diversion"]["hall_share"], "service")
    for name, key in (("services", "code"), ("half_hours", "from"), ("experts", "code")):
        found["promise"] = found["promise"] | {name: by(found["promise"][name], key)}
    found["devices"] = by(found["devices"], "device", "station")
    return found


def wrong(desk: Desk, period: str, day: date, now: datetime) -> list[str]:
    """Return what differs between the measures of a report and the second count."""
    read = read_period(desk, period, day, now)
    days = [(read.first + timedelta(days=n)).isoformat() for n in range((read.last - read.first).days + 1)]
    return list(differences(keyed(read.document["measures"]), measures_of(printed_log(desk), days, now)))


def wrong_about_why(desk: Desk, first: date, now: datetime, by: str) -> list[str]:
    """Return what differs between what is said of the ratings of a week and the second count."""
    last = first + timedelta(days=6)
    said = why_document(counted(rated_visits(desk, first, last, now), by))
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
            made = issuing.issue(self.desk, self.ask(who), service, **asked)
        except RuleError:  # out of hours
            return
        fate = rng.random()
        if fate < 0.05:
            calling.void(self.desk, self.ask(), made["ticket"], reason="issued_twice")
        elif fate < 0.12:
            calling.leave(self.desk, self.ask(), made["ticket"])

    def aside(self) -> None:
        if self.rng.random() < 0.5:
            issuing.offer_channel(
                self.desk, self.ask(), "A", to=self.rng.choice(["bank", "online"]), declined=self.rng.random() < 0.5
            )
        elif self.rng.random() < 0.4:
            self._help()
        elif self.rng.random() < 0.5:
            issuing.not_ready(self.desk, self.ask(), "B", item="gmgh")
        else:
            window = self.rng.choice(["1", "5"])
            opening.pause(self.desk, self.ask(), window, reason="meal")
            self.now += timedelta(minutes=self.rng.choice([2, 19, 30]))
            opening.resume(self.desk, self.ask(), window)

    def _help(self) -> None:
        """Somebody calls for help; chance decides whether anybody comes, says so before, or it is taken back."""
        try:
            call = messaging.press_help(self.desk, self.ask(), self.rng.choice(["1", "5", "kiosk"]))
        except RuleError:  # one is open there already
            return
        if self.rng.random() < 0.6:
            messaging.acknowledge_help(self.desk, self.ask(), call["seq"])
        fate = self.rng.random()
        if fate < 0.5:
            messaging.help_arrived(self.desk, self.ask(), call["seq"])
        elif fate < 0.8:
            messaging.cancel_help(self.desk, self.ask(), call["seq"], reason="solved")

    def serve_b(self) -> None:
        self._serve("5")

    def serve(self) -> None:
        self._serve("1")

    def _serve(self, window: str) -> None:
        rng = self.rng
        try:
            called = calling.call(self.desk, self.ask(), window)
        except RuleError:  # no one waiting
            return
        label, onward = called["ticket"], "B" if called["service"] == "A" else "A"
        fate = rng.random()
        if fate < 0.1:
            missed = calling.miss(self.desk, self.ask(), window)
            if rng.random() < 0.5 and missed["state"] == "missed":  # the third miss ends the visit
                calling.reinstate(self.desk, self.ask(), label)
            return
        if fate < 0.15:
            calling.void(self.desk, self.ask(), label, reason="issued_twice")
            return
        calling.start(self.desk, self.ask(), window)
        if fate < 0.25:
            calling.redirect(self.desk, self.ask(), onward, window=window)
            return
        if fate < 0.35:
            calling.transfer(self.desk, self.ask(), window, onward)
            return
        if fate < 0.5:
            calling.stall(self.desk, self.ask(), window, reason=rng.choice(["network", "payment"]))
            calling.unstall(self.desk, self.ask(), window)
        calling.finish(
            self.desk, self.ask(), window, outcome=rng.choice([None, "done", "papers"]), form_free=rng.random() < 0.4
        )
        self.earlier.append((label, self.now.date()))
        if rng.random() < 0.5:
            marks = {"attitude": rng.randint(1, 5)} if rng.random() < 0.5 else {}
            own = Random(len(self.earlier))
            tags = own.sample(["waited_long", "attitude", "other"], own.randint(0, 2))
            rating.rate(self.desk, self.ask(), label, rng.randint(1, 5), tags=tags, **marks)


@examples(5)
@given(seed=st.integers(0, 10**6), customers=st.integers(5, 25))
def test_measures_of_any_week_of_visits_follow_from_its_log(tmp_path: Path, seed: int, customers: int) -> None:
    (tmp_path / "hall.sqlite").unlink(missing_ok=True)
    desk = Visits(tmp_path, Random(seed)).week(customers)

    found = [*wrong(desk, WEEK, MONDAY, WEEK_AFTER), *wrong(desk, ONE_DAY, MONDAY, WEEK_AFTER)]

    rates = [one for by in DIMENSIONS for one in wrong_about_why(desk, MONDAY, WEEK_AFTER, by)]
    desk.db.dispose()
    assert found == []
    assert rates == []


def test_why_of_a_days_ratings_follows_from_its_log(tmp_path: Path) -> None:
    """Of more than thirty ratings, so that there are intervals."""
    desk = simulated(tmp_path)

    assert rated(printed_log(desk), [DAY.isoformat()], "Asia/Shanghai")
    assert [one for by in DIMENSIONS for one in wrong_about_why(desk, DAY, NEXT_MORNING, by)] == []


@examples(4)
@given(seed=st.integers(0, 10**6), n=st.integers(3, 40), acts=st.booleans())
def test_measures_of_replayed_days_follow_from_their_log(tmp_path: Path, seed: int, n: int, acts: bool) -> None:
    rng = Random(seed)
    file, target = tmp_path / "days.csv", tmp_path / "hall.sqlite"
    target.unlink(missing_ok=True)
    text = actions_file(rng, n) if acts else tickets_file(rng, n)
    assume(any(row["service"] for row in csv.DictReader(io.StringIO(text))))  # a hall has a service
    file.write_text(text, encoding="utf-8")
    replay(file, target=target)
    desk = Desk(Database.open(target), 1)

    found = wrong(desk, ONE_DAY, date(2026, 3, 2), WEEK_AFTER)

    desk.db.dispose()
    assert found == []


def test_the_second_count_notices_one_event_more(tmp_path: Path) -> None:
    """The comparison can fail: a log without one finish, redirect or offer gives other measures."""
    desk = Visits(tmp_path, Random(3)).week(25)
    measures = keyed(read_period(desk, WEEK, MONDAY, WEEK_AFTER).document["measures"])
    log = printed_log(desk)
    days = [(MONDAY + timedelta(days=n)).isoformat() for n in range(7)]
    for kind, place in (
        ("rate", "questions"),
        ("offer", "diversion"),
        ("help", "help"),
        ("not-ready", "papers"),
        ("reinstate", "missed"),
        ("call", "promise"),
    ):
        last = max(
            i
            for i, event in enumerate(log)
            if event["kind"] == kind and (kind != "rate" or "attitude" in event["data"])
        )
        less = [event for i, event in enumerate(log) if i != last]

        changed = {
            one.split(".")[1].split(":")[0] for one in differences(measures, measures_of(less, days, WEEK_AFTER))
        }

        assert place in changed, kind
