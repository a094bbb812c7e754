"""The figures of a report against a second count of the printed log, over days and weeks that chance makes."""

import itertools
import re
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from random import Random
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from queuedesk.core import features
from queuedesk.core.errors import RuleError
from queuedesk.core.figures.periods import DAY as ONE_DAY
from queuedesk.core.figures.periods import WEEK
from queuedesk.core.network.roles import CONSOLE, Actor, Role
from queuedesk.core.quality.figures import DIMENSIONS, count_reasons_and_answers
from queuedesk.desk import figures, looking, setting_up
from queuedesk.desk.change import Ask, Desk
from queuedesk.desk.quality.hearing import rated_visits
from queuedesk.desk.queue import calling, issuing, opening, rating
from queuedesk.desk.talk import devices, messaging
from queuedesk.desk.upkeep import clocks
from queuedesk.features.low_ratings.commands import rating_reasons_document
from queuedesk.reports.figures.period import read_period_report
from tests.every_day import examples
from tests.hall import deed
from tests.reports.days import DAY, NEXT_MORNING, hall, printed_log, simulated
from tests.reports.figures.test_day import differences, wrong
from tests.reports.read_back import told
from tests.reports.recompute_document import listed
from tests.reports.recompute_measures import measures_of
from tests.reports.recompute_targets import targets
from tests.reports.recompute_why import rated, why_of

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
    sources = [file.read_text(encoding="utf-8") for file in Path(__file__).parents[1].rglob("*.py")]
    alone = [source for source in sources if "mports nothing of the program." in source.partition("\n\n")[0]]
    assert len(alone) > 15
    assert not [source for source in alone if re.search("^(import|from) queuedesk", source, re.MULTILINE)]


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
