"""The figures of quality against a second count of the printed log, over months that chance makes."""

from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from queuedesk.core.errors import RuleError
from queuedesk.core.figures.periods import MONTH
from queuedesk.core.network.roles import CUSTOMER, Actor, Role
from queuedesk.core.quality.case import CustomerVerdict
from queuedesk.core.quality.figures import quality_figures_document
from queuedesk.desk import looking
from queuedesk.desk.change import Ask, Desk
from queuedesk.desk.quality import casework, hearing, inspecting, thanking
from queuedesk.desk.quality.casework import NewCaseData
from queuedesk.desk.queue import calling, issuing, opening, rating
from queuedesk.desk.talk import devices, messaging
from queuedesk.desk.upkeep import clocks
from queuedesk.features.forums import verbs as forums
from queuedesk.features.inspections import verbs as inspecting_verbs
from queuedesk.reports.figures.period import read_period_report
from tests.every_day import SEES_ALL
from tests.hall import MANAGER, create_hall, simple_setup
from tests.reports.days import kept, printed_log
from tests.reports.figures.test_day import differences
from tests.reports.recompute_quality import quality, three_of

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
