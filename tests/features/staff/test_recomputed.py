"""The person's sheets and needs of training against the same worked out a second time, over days that chance makes."""

from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

import pytest

from queuedesk.core.errors import RuleError
from queuedesk.core.network.roles import CONSOLE, CUSTOMER, Actor, Role
from queuedesk.desk import appraisal, figures, looking, setting_up
from queuedesk.desk.change import Ask, Desk
from queuedesk.desk.quality import casework, thanking
from queuedesk.desk.quality.casework import NewCaseData
from queuedesk.desk.queue import calling, rating
from queuedesk.features.inspections import verbs as inspecting_verbs
from queuedesk.features.staff import verbs
from queuedesk.features.staff.rules.own_work import worked_days
from queuedesk.features.staff.rules.person_sheet import MonthSheets, ticket_row_name
from queuedesk.features.staff.rules.training import RowCountedForTrainingNeed, training_needs
from queuedesk.features.staff.verbs import close_month, month_sheets, own_work, training_needs_of_month
from queuedesk.features.windows_needed import verbs as rostering
from queuedesk.sim.demand import SimulatedClerk, SimulatedDay
from tests.features.staff.recompute import USUAL, excluded_since, own_days, sheets, trained
from tests.features.staff.recompute import needs as counted_needs
from tests.features.test_figures import Month, days_of
from tests.reports.days import DAY, LONG_AFTER, hall, kept, play, printed_log

FIRST, LAST = date(2026, 11, 19), date(2026, 12, 4)
NOVEMBER, DECEMBER = date(2026, 11, 1), date(2026, 12, 1)
WHOLE, ALL_DECEMBER = days_of(NOVEMBER, date(2026, 11, 30)), days_of(DECEMBER, date(2026, 12, 31))
AFTER = datetime(2027, 1, 11, 1, tzinfo=UTC)
BUSY = {date(2026, 11, 19): 60, date(2026, 11, 24): 60, date(2026, 11, 27): 60, date(2026, 12, 2): 40}
BUSY_NOVEMBER = [day for day in BUSY if day < DECEMBER]
CLERKS = ("C1", "C2", "C3", "C4", "C5", "C6")
OUT: dict[str, Any] = {"changes": {"rating": "excluded"}, "reason": "chosen", "second": "AD"}
BEGINS = dict.fromkeys(CLERKS, "08:00") | dict.fromkeys(CLERKS[:3], "09:00")
ROSTER = [{"window": who[1], "weekday": "1-5", "staff": who, "from": at, "to": "17:30"} for who, at in BEGINS.items()]


class SheetMonth(Month):
    """Two parts of months in a power hall; its cases belong to clerks."""

    def __init__(self, folder: Path) -> None:
        self.rng = Random(1)
        self.desk = hall(folder, roster=ROSTER)
        self.rated: list[tuple[str, date]] = []
        self.comments: list[str] = []
        self.now = datetime.combine(FIRST, time(0), UTC)

    def lived(self) -> Desk:
        for n in range((LAST - FIRST).days + 1):
            day = FIRST + timedelta(days=n)
            self.now = datetime.combine(day, time(1), UTC)
            if day in BUSY:
                self.busy(day)
            for _ in range(self.rng.randint(3, 6)):
                with suppress(RuleError):
                    self.rng.choice([self.case, self.step, self.step, self.look, self.fix, self.owner, self.thank])()
        return self.desk

    def busy(self, day: date) -> None:
        SimulatedDay(self.desk, day, self.rng.randint(1, 99), customers=BUSY[day]).play()
        self.now = (looking.last_event_time(self.desk) or self.now) + timedelta(minutes=1)
        state = looking.hall_state_on(self.desk, day)
        for ticket in list(state.tickets.values()):
            if ticket.rating is None and self.rng.random() < 0.7:
                with suppress(RuleError):
                    ask = self.ask(CUSTOMER)
                    rating.rate_visit(self.desk, ask, ticket.label, self.rng.choice([1, 3, 4, 4, 5, 5, 5]))
        rated = list(looking.hall_state_on(self.desk, day).ratings)
        for _day, label in self.rng.sample(rated, 2):
            figures.correct_leg_or_rating(self.desk, self.ask(), label, day=day, **OUT)
        # Noted after the day: somebody was ill.
        off = {"window": self.rng.choice("123456"), "date": day.isoformat(), "off": True}
        rostering.plan_shift(self.desk, self.ask(), off)

    def case(self) -> None:
        asked = NewCaseData(klass="complaint", source="spoken", owner=self.rng.choice(CLERKS), asked=False)
        casework.open_case(self.desk, self.ask(), asked)

    def owner(self) -> None:
        casework.assign_case(self.desk, self.ask(), f"26-{self.rng.randint(1, 12):03}", self.rng.choice(CLERKS))

    def thank(self) -> None:
        thanking.record_thanks(self.desk, self.ask(), self.rng.choice(CLERKS), words="Kind")

    def look(self) -> None:
        due = self.now.date() + timedelta(days=self.rng.randint(0, 9))
        inspecting_verbs.add_rectification(self.desk, self.ask(), "Glasses", self.rng.choice(CLERKS), due=due)


@kept
def lived(folder: Path) -> Desk:
    return SheetMonth(folder).lived()


def read(desk: Desk, month: date, now: datetime = AFTER) -> MonthSheets:
    return month_sheets(desk, CONSOLE, month, now)


def differences(found: MonthSheets, told: dict[str, dict[str, Any]]) -> list[str]:
    wrong: list[str] = [] if list(found.team.sheets) == list(told) else ["who"]
    for who, own in told.items():
        sheet = found.team.sheets[who]
        pairs: dict[str, tuple[Any, Any]] = {
            name: (getattr(sheet, name), own.get(name))
            for name in ("by_weight", "total", "median", "low", "high", "verdict", "ratings")
        }
        pairs |= {name: (len(getattr(sheet, name)), own[name]) for name in ("praise", "faults", "redirects")}
        for item in sheet.items:
            told_item = own["items"][item.code]
            if told_item is None or item.value is None:
                pairs[item.code] = (item.value, told_item)
                continue
            compared = ("value", "n", "of", "points", "hall", "verdict")[: 4 if item.code in ("cases", "shifts") else 6]
            pairs |= {f"{item.code}.{name}": (getattr(item, name), told_item[name]) for name in compared}
        wrong += [f"{who} {name}: {one} {two}" for name, (one, two) in pairs.items() if not _alike(one, two)]
    return wrong


def _alike(one: Any, two: Any) -> bool:
    return one == two or (isinstance(one, float) and two is not None and one == pytest.approx(two, abs=1e-4))


def test_the_sheets_of_any_month_follow_from_its_log(tmp_path: Path) -> None:
    desk = lived(tmp_path)
    log = printed_log(desk)
    found = read(desk, NOVEMBER)
    assert differences(found, sheets(log, WHOLE, AFTER)) == []
    running = datetime(2026, 12, 5, 1, tzinfo=UTC)
    assert differences(read(desk, DECEMBER, running), sheets(log, ALL_DECEMBER, running)) == []
    # There is something of everything, and the second count notices one event less.
    items = [item for sheet in found.team.sheets.values() for item in sheet.items]
    assert {item.code for item in items if item.value is not None} == {*USUAL}
    assert found.team.median is not None and any(sheet.faults for sheet in found.team.sheets.values())
    for kind in ("rate", "thanks"):
        at = next(n for n, event in enumerate(log) if event["kind"] == kind)
        assert differences(found, sheets(log[:at] + log[at + 1 :], WHOLE, AFTER))


def test_another_scheme_leaves_the_last_month_as_it_was(tmp_path: Path) -> None:
    desk = lived(tmp_path)
    before = read(desk, NOVEMBER)
    ask = Ask(CONSOLE, datetime(2026, 12, 7, 1, tzinfo=UTC))
    row = {"satisfaction": {"weight": 65, "from": 50, "full": 100}, "handling": {"weight": 0}}
    for _time in range(2):  # the same again is no new one
        setting_up.change_single_row_part(desk, ask, "scheme", row)
    assert read(desk, NOVEMBER).team == before.team
    after = read(desk, DECEMBER)
    assert [(one.stood.number, one.stood.since) for one in (before, after)] == [(1, None), (2, date(2026, 12, 7))]
    assert differences(after, sheets(printed_log(desk), ALL_DECEMBER, AFTER)) == []


def test_excluded_rows_and_closed_versions_follow_from_the_log(tmp_path: Path) -> None:
    desk = lived(tmp_path)
    ask = Ask(Actor("M1", Role.MANAGER), datetime(2026, 12, 7, 1, tzinfo=UTC))

    def exclude(staff: str, item: str, row: str) -> None:
        asked = verbs.dispute_sheet_row(desk, Ask(CONSOLE, ask.now), staff, item, row, "not about me", month=NOVEMBER)
        verbs.decide_dispute(desk, ask, asked["dispute"], "so it is", exclude=True)

    before = read(desk, NOVEMBER)
    called = before.rows.calls[0]  # nobody jumped anybody, yet a call is one less
    exclude(called.staff, "order", ticket_row_name(called.day, called.label))
    for code in ("satisfaction", "handling", "cases", "shifts"):
        items = {staff: sheet.result_for_item(code) for staff, sheet in before.team.sheets.items()}
        staff, rows = next((who, item.rows) for who, item in items.items() if item.rows)
        exclude(staff, code, rows[0])
    for code, noted in (("praise", before.rows.thanks), ("faults", before.rows.faults)):
        exclude(noted[0].staff, code, str(noted[0].seq))
    log = printed_log(desk)
    assert differences(read(desk, NOVEMBER), sheets(log, WHOLE, AFTER)) == []
    assert len(differences(before, sheets(log, WHOLE, AFTER))) > 7
    close_month(desk, ask, NOVEMBER)
    _day, label = sorted(looking.hall_state_on(desk, FIRST).ratings)[0]
    figures.correct_leg_or_rating(desk, ask, label, day=FIRST, **OUT)
    close_month(desk, ask, NOVEMBER)
    # Each version is what the log came to when it was made.
    log = printed_log(desk)
    ends = [n for n, event in enumerate(log) if event["kind"] == "sheet-close"]
    both = [month_sheets(desk, CONSOLE, NOVEMBER, AFTER, version=n) for n in (1, 2)]
    for found, end in zip(both, ends, strict=True):
        assert differences(found, sheets(log[:end], WHOLE, AFTER)) == []
    assert both[0].team != both[1].team == read(desk, NOVEMBER).team
    visit = next(one for one in both[1].rows.handled if one.minutes is not None and one.day == max(BUSY_NOVEMBER))
    exclude(visit.staff, "handling", ticket_row_name(visit.day, visit.label))
    log, again = printed_log(desk), read(desk, NOVEMBER)
    assert {one.key for one in again.later} == excluded_since(log, "2026-11-01", 2) and len(again.later) == 1
    assert again.team == both[1].team


def test_the_own_work_of_anybody_follows_from_the_log(tmp_path: Path) -> None:
    desk = lived(tmp_path)
    today, ask = max(BUSY), Ask(Actor("M1", Role.MANAGER), datetime(2026, 12, 7, 1, tzinfo=UTC))
    noon = datetime.combine(today, time(10), UTC)
    verbs.add_training(desk, ask, "Papers", 45, ["C1", "C2"], day=today)
    verbs.add_training(desk, ask, "Calls", 30, ["C1"], day=date(2026, 11, 27))
    dropped = verbs.add_training(desk, ask, "Nothing", 20, ["C1"], day=today)
    appraisal.drop_training(desk, ask, dropped["training"])
    acts = [(who, n) for who in CLERKS for n in range(90)]
    rows = [RowCountedForTrainingNeed("recalls", today, f"A{n}", who, "A", "", 3 * (who == "C2")) for who, n in acts]
    verbs.record_staff_of_revealed_need(desk, ask, training_needs(today, today, rows), ("recalls", ""), reason="coach")
    log = printed_log(desk)
    for who in CLERKS[:3]:
        actor = Actor(who, Role.CLERK)
        running, over = own_work(desk, actor, DECEMBER, noon), own_work(desk, actor, DECEMBER, AFTER)
        [counted] = own_days(log, [today.isoformat()], noon, who)
        assert running.day is not None and running.day.day == today
        assert (running.day.visits, running.day.median) == (counted["visits"], counted["median"])
        # The day that runs is in no month yet, and tells of no rating.
        assert worked_days(running.newest_month_sheets, who) == [] == list(running.day.month.rows.ratings)
        told = own_days(log, WHOLE, AFTER, who)
        assert len(told) == 3
        for one, row in zip(worked_days(over.months[-2], who), told, strict=True):
            assert (one.day.isoformat(), one.visits, one.redirects) == (row["day"], row["visits"], row["redirects"])
            assert (one.minutes, one.stalled) == pytest.approx((row["minutes"], row["stalled"]))
        minutes, named = trained(log, "2026-12-01", "2026-12-31", who)
        assert (over.minutes, [(one["need"], one["reason"], one["by"]) for one in over.named]) == (minutes, named)
    assert [trained(log, "2026-12-01", "2026-12-31", who)[0] for who in CLERKS[:3]] == [45, 45, 0]
    assert trained(log, "2026-12-01", "2026-12-31", "C2")[1] == [("recalls", "coach", "M1")]


THREE_DAYS = (date(2026, 11, 18), date(2026, 11, 19), date(2026, 11, 20))
WEEKS_LATER = datetime(2026, 12, 7, 1, tzinfo=UTC)
PASSES_ON = "C2"


class PassingDay(SimulatedDay):
    """A day on which one clerk passes nearly every second customer on, the others every thirtieth."""

    chance = Random(5)

    def _finish_and_plan_rating(self, clerk: SimulatedClerk, label: str, now: datetime) -> None:
        often = 0.45 if clerk.actor.name == PASSES_ON else 0.03
        if label in self.people and self._ticket_by_label(label).service == "A" and self.chance.random() < often:
            calling.transfer_customer(self.desk, self._make_ask(clerk.actor, now), clerk.window, "B")
            self.plan_act(now + timedelta(seconds=8), partial(self._continue_at_window, clerk))
            self._plan_calls_at_idle_windows(now)
        else:
            super()._finish_and_plan_rating(clerk, label, now)


@kept
def passed_on(folder: Path) -> Desk:
    desk = hall(folder)
    for day in THREE_DAYS:
        PassingDay(desk, day, day.day, customers=110).play()
    return desk


def test_the_needs_of_any_month_follow_from_its_log(tmp_path: Path) -> None:
    desk = passed_on(tmp_path)
    found = training_needs_of_month(desk, CONSOLE, THREE_DAYS[0], WEEKS_LATER)
    told = counted_needs(printed_log(desk), WHOLE, WEEKS_LATER)
    assert {(one.kind, one.service) for one in found.needs} == set(told)
    for one in found.needs:
        again = told[one.kind, one.service]
        assert (one.found.n, one.found.of, len(one.rows)) == (again["n"], again["of"], again["n"])
        assert (set(one.staff), one.is_worth_training) == (again["about"], again["worth"])
        assert one.limit in (None, again["limit"])
        for name in ("others", "low", "high"):
            assert getattr(one.found, name) == pytest.approx(again[name], abs=1e-6)
    [worth] = (one for one in found.needs if one.is_worth_training)
    assert (worth.kind, worth.service, worth.staff) == ("transfers", "A", (PASSES_ON,))


# A visit goes on at other windows, and its item is corrected.
OWN = {
    "09:00": "issue A --item dyfp --then B, call 1, start 1",
    "09:05:00.4": "finish 1",
    "09:06": "issue A --item dyfp, call 1",
    "09:07": "start 1",
    "09:08": "transfer 1 B --reason x",
    "09:10": "issue A, call 1, start 1",
    "09:12": "finish 1",
    "09:20": "open 3 --staff C3, call 3, start 3",
    "09:22": "finish 3",
    "18:05": "--as AD correct A013 --leg 1 item=dyfp --reason noted",
}


def test_a_step_keeps_its_item_when_the_visit_goes_on(tmp_path: Path) -> None:
    """Of four own steps one is of an item that the others have, one was sent on, one has nothing to be compared with,
    and one is right again after the item of the first step was corrected."""
    desk = hall(tmp_path)
    came = [(n, " --item dyfp", 2) for n in range(31, 41, 2)] + [(n, "", 3) for n in range(41, 56, 3)]
    others = [
        f"08:{n} issue A{item}\n08:{n} call 2\n08:{n} start 2\n08:{n + took} finish 2\n08:{n + took} rate A{k:03} 4"
        for k, (n, item, took) in enumerate(came, start=1)
    ]
    own = [f"{time} {act}" for time, acts in OWN.items() for act in acts.split(", ")]
    play(desk, "\n".join(["08:30 open 1 --staff C1", "08:30 open 2 --staff C2", *others, *own]))
    found = month_sheets(desk, CONSOLE, NOVEMBER, LONG_AFTER)
    assert differences(found, sheets(printed_log(desk), WHOLE, LONG_AFTER)) == []
    handling = {code: sheet.result_for_item("handling") for code, sheet in found.team.sheets.items()}
    assert (handling["C1"].n, handling["C1"].of) == (2, 2) and handling["C3"].n == 0
    assert handling["C1"].value == pytest.approx(1.7517, abs=5e-5)
    tickets = {one["ticket"]: one for one in looking.tickets_of_date(desk, DAY, LONG_AFTER)}
    assert [tickets[label]["item"] for label in ("A011", "A012", "A013")] == ["dyfp"] * 3
