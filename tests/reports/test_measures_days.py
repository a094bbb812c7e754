"""Measures of real halls over dates and halls: who came again, what was pressed at the kiosk, all halls together."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from queuedesk.core.figures.measures.document import LogRange, Tally, day_figures, day_in_brief, figures
from queuedesk.core.figures.measures.figure import scope_of
from queuedesk.core.figures.periods import DAY as ONE_DAY
from queuedesk.core.figures.periods import MONTH, WEEK
from queuedesk.core.network.roles import station
from queuedesk.core.queue.overview import set_up
from queuedesk.desk import looking
from queuedesk.desk.change import Ask, Desk
from queuedesk.desk.queue import calling, issuing, opening, rating, sign_in_and_pins
from queuedesk.desk.setup import setting_up
from queuedesk.desk.upkeep import clocks
from queuedesk.reports.figures.period import read_period
from queuedesk.store.figures import measured
from queuedesk.store.figures.counted import in_brief
from queuedesk.store.log import book, events
from tests.reports.days import DAY, NINE, asked, eventful, hall
from tests.reports.figures.test_period import AFTER, three_days, two_halls

KIOSK = station("K1")


def measures(desk: Desk, period: str = ONE_DAY, day: date = DAY, now: datetime = AFTER) -> dict[str, Any]:
    found: dict[str, Any] = read_period(desk, period, day, now).document["measures"]
    return found


def opened(folder: Path, **settings: Any) -> Desk:
    """Return a hall whose window 5 is open for everything."""
    desk = hall(folder, settings=settings)
    opening.open_window(desk, asked(NINE), "5", staff="C5")
    return desk


def visit(desk: Desk, minute: float, days: int = 0, **given: Any) -> str:
    """Let a customer of `days` after DAY come at `minute` and be served; return the number."""
    ask = asked(NINE + timedelta(days=days, minutes=minute))
    label = str(issuing.issue(desk, ask, "A", **given)["ticket"])
    calling.call(desk, ask, "5", ticket=label, reason="chosen")
    calling.finish(desk, asked(NINE + timedelta(days=days, minutes=minute + 2)), "5")
    return label


def next_day(desk: Desk, days: int) -> None:
    """End the day before and open window 5 on the date that is `days` after DAY."""
    moment = NINE + timedelta(days=days)
    clocks.end_today(desk, asked(moment - timedelta(hours=12)))
    opening.open_window(desk, asked(moment), "5", staff="C5")


# -- who came again ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("days", "returned"), [(1, 1), (7, 1), (8, 0)])
def test_a_return_counts_within_the_days_of_the_rule(tmp_path, days, returned):
    desk = opened(tmp_path)
    first, _other = visit(desk, 0), visit(desk, 5)
    next_day(desk, days)
    visit(desk, 0, days, return_of=(first, DAY))

    found = measures(desk)["first_visit"]

    assert (found["of"], found["returned"], found["n"], found["rate"]) == (2, returned, 2 - returned, 1 - returned / 2)
    assert (found["followed"], found["linked"]) == ((3, 1) if returned else (2, 0))


def test_the_rule_for_returns_is_that_of_now(tmp_path):
    desk = opened(tmp_path)
    first = visit(desk, 0)
    next_day(desk, 3)
    visit(desk, 0, 3, return_of=(first, DAY))
    setting_up.change_setting(desk, asked(AFTER), "first_visit_days", 2)

    found = measures(desk)["first_visit"]

    assert (found["days"], found["returned"], found["followed"]) == (2, 0, 1)


def test_a_date_that_several_look_on_at_is_followed_once(tmp_path):
    desk = opened(tmp_path)
    for days in range(5):
        if days:
            next_day(desk, days)
        visit(desk, 0, days)
    last = DAY + timedelta(days=4)
    week = measures(desk, WEEK, DAY)["first_visit"]  # Thursday to Sunday, and the Monday after it

    assert (week["of"], week["followed"]) == (4, 5)
    assert measures(desk, ONE_DAY, last)["first_visit"]["followed"] == 1


@pytest.mark.parametrize(("later", "not_over"), [(timedelta(days=7, hours=14), 1), (timedelta(days=7, hours=16), 0)])
def test_visits_are_not_over_until_their_days_have_passed(tmp_path, later, not_over):
    """Nine o'clock is 1:00 UTC: the seventh day after ends 15 hours later."""
    desk = opened(tmp_path)
    visit(desk, 0)

    assert measures(desk, now=NINE + later)["first_visit"]["not_over"] == not_over


# -- wrong windows ----------------------------------------------------------------------------------------------------


def test_wrong_tickets_are_told_by_guide_and_by_the_key_of_the_kiosk(tmp_path):
    desk = opened(tmp_path)
    sign_in_and_pins.sign_in(desk, asked(NINE), "guide", "G1")

    def issue(who: Ask, service: str = "A", **given: Any) -> str:
        return str(issuing.issue(desk, who, service, **given)["ticket"])

    item, kiosk = "gmgh", Ask(KIOSK, NINE)
    pressed, plain, guided = issue(kiosk, "B", item=item), issue(kiosk, "B"), issue(asked(NINE), guide="G1")
    _kept, gone = issue(kiosk, "B", item=item), issue(kiosk, "A")
    for label, to in ((pressed, "A"), (plain, "C"), (guided, "B"), (gone, "B")):
        calling.redirect(desk, asked(NINE + timedelta(minutes=1)), to, ticket=label)
    calling.void(desk, asked(NINE + timedelta(minutes=2)), gone, reason="issued_twice")

    found = measures(desk)["wrong_counter"]

    assert (found["n"], found["of"]) == (3, 4)
    assert found["by_guide"] == [{"code": "G1", "n": 1, "of": 1, "rate": 1.0}]
    assert found["by_label"] == [
        {"service": "B", "item": None, "n": 1, "of": 1, "rate": 1.0},
        {"service": "B", "item": item, "n": 1, "of": 2, "rate": 0.5},
    ]


@pytest.mark.parametrize("most_single", [0.0, 1.0])
def test_a_hall_in_memory_has_the_same_measures_as_its_tables(tmp_path, most_single):
    desk = opened(tmp_path, form_free_minutes=5)
    first = visit(desk, 0, klass="elderly")
    pressed = str(issuing.issue(desk, Ask(KIOSK, NINE + timedelta(minutes=5)), "B", item="gmgh")["ticket"])
    calling.redirect(desk, asked(NINE + timedelta(minutes=6)), "A", ticket=pressed)
    visit(desk, 10, return_of=(first, DAY), repeat=True)
    calling.call(desk, asked(NINE + timedelta(minutes=40)), "5", ticket=pressed, reason="chosen")
    calling.start(desk, asked(NINE + timedelta(minutes=41)), "5")
    calling.stall(desk, asked(NINE + timedelta(minutes=42)), "5", reason="bank_system")
    calling.finish(desk, asked(NINE + timedelta(minutes=45)), "5", outcome="done", form_free=True)
    opening.pause(desk, asked(NINE + timedelta(minutes=46)), "5", reason="rest", minutes=5)
    now = NINE + timedelta(minutes=90)
    with desk.db.read() as tx:
        state, log = book.of_day(tx, desk.hall, DAY), events.of_day(tx, desk.hall, DAY)
        rows = measured.Reader(tx, desk.hall, set_up(state), now).day(DAY, most_single=most_single)
    tally = Tally()
    tally.add(rows)

    found = figures(scope_of(set_up(state), DAY, DAY), tally, LogRange())["measures"]

    assert found == day_figures(state, DAY, now, log)["measures"]
    assert found["wrong_counter"]["by_label"] == [{"service": "B", "item": "gmgh", "n": 1, "of": 1, "rate": 1.0}]
    assert found["first_visit"]["returned"] == 1 and found["papers"]["repeat"] == 1
    assert found["form_free"]["minutes_saved"] == 5 and found["system_wait"]["minutes"] == 3
    assert [(row["from"], row["to"], row["minutes"]) for row in found["pauses"]] == [("09:46", None, 44.0)]
    assert [row["kind"] for row in found["longest_waits"][0]["causes"]] == ["free", "overtaken"]


def test_the_kiosk_s_tickets_say_so(tmp_path):
    desk = opened(tmp_path)
    issuing.issue(desk, Ask(KIOSK, NINE), "A")
    issuing.issue(desk, asked(NINE), "A")

    assert [ticket["flags"] for ticket in looking.tickets_of(desk, DAY, NINE)] == [["kiosk"], []]


# -- several dates, several halls --------------------------------------------------------------------------------------


def test_counts_of_several_days_are_the_sums_of_theirs(tmp_path):
    desk = three_days(tmp_path)
    days = [measures(desk, ONE_DAY, DAY + timedelta(days=n)) for n in (0, 1)]
    week = measures(desk, WEEK)

    for path in (
        ("served", "n"),
        ("served", "of"),
        ("service_level", "n"),
        ("service_level", "of"),
        ("first_visit", "of"),
        ("wrong_counter", "n"),
        ("wrong_counter", "of"),
        ("form_free", "of"),
        ("missed", "n"),
        ("missed", "reinstated"),
        ("set_aside", "legs"),
        ("system_wait", "legs"),
    ):
        assert week[path[0]][path[1]] == sum(day[path[0]][path[1]] for day in days), path
    longest = sorted((row for day in days for row in day["longest_waits"]), key=lambda row: -row["minutes"])
    assert week["longest_waits"] == longest[:5]
    assert sum(row["n"] for row in week["outcomes"]) == week["form_free"]["of"]


def test_measures_of_all_halls_name_their_windows_tickets_and_people(tmp_path):
    desk, other = two_halls(tmp_path)
    alone = [read_period(one, MONTH, DAY, AFTER).document["measures"] for one in (desk, other)]

    together = read_period(desk, MONTH, DAY, AFTER, every_hall=True).document["all"]["measures"]

    for name in ("served", "service_level", "first_visit", "wrong_counter", "form_free"):
        assert (together[name]["n"], together[name]["of"]) == tuple(
            sum(one[name][key] for one in alone) for key in ("n", "of")
        )
    assert together["first_visit"]["followed"] == sum(one["first_visit"]["followed"] for one in alone)
    assert {row["code"] for row in together["wrong_counter"]["by_service"]} == {"A", "B", "CD/C", "D", "WEST/C"}
    assert {row["ticket"].partition("/")[0] for row in together["longest_waits"]} <= {"CD", "WEST"}
    assert [row["minutes"] for row in together["longest_waits"]] == sorted(
        (row["minutes"] for one in alone for row in one["longest_waits"]), reverse=True
    )[:5]
    assert {row["window"].partition("/")[0] for row in together["pauses"]} <= {"CD", "WEST"}
    assert len(together["pauses"]) == min(20, sum(len(one["pauses"]) for one in alone))
    assert {row["kind"]: row["wait"]["n"] for row in together["counters"]} == {
        kind: sum(row["wait"]["n"] for one in alone for row in one["counters"] if row["kind"] == kind)
        for kind in ("single", "several")
    }


def test_minutes_of_a_form_that_halls_see_differently_have_no_one_figure(tmp_path):
    desk, other = two_halls(tmp_path)
    forms = [read_period(one, MONTH, DAY, AFTER).document["measures"]["form_free"]["n"] for one in (desk, other)]
    for one, minutes in ((desk, 4), (other, 6)):
        setting_up.change_setting(one, asked(AFTER), "form_free_minutes", minutes)

    found = read_period(desk, MONTH, DAY, AFTER, every_hall=True).document["all"]["measures"]["form_free"]

    assert (found["minutes_each"], found["minutes_saved"]) == (None, 4 * forms[0] + 6 * forms[1])


# -- the eventful day --------------------------------------------------------------------------------------------------


def test_measures_of_the_eventful_day(tmp_path):
    found = measures(eventful(tmp_path))

    assert found["served"] == {"n": 8, "of": 14, "rate": 0.571429}
    assert found["first_visit"] == {
        "days": 7,
        "n": 7,
        "of": 8,
        "rate": 0.875,
        "transferred": 1,
        "returned": 0,
        "not_over": 0,
        "followed": 14,
        "linked": 0,
    }
    assert (found["wrong_counter"]["n"], found["wrong_counter"]["minutes_lost"]) == (2, 3.25)
    assert found["outcomes"] == [{"code": None, "n": 7}, {"code": "done", "n": 1}]
    assert found["papers"] == {"not_ready": 2, "repeat": 0}
    assert found["system_wait"] == {"legs": 1, "minutes": 0.75, "by_reason": [{"reason": "bank_system", "n": 1}]}
    assert found["set_aside"] == {"legs": 2, "minutes": 4.0}  # B001 while copies were made, A002 reopened
    assert found["missed"] == {"n": 2, "reinstated": 1}
    assert found["overtakes"] == [
        {"reason": "chosen", "n": 1, "tickets": 1, "most": 1},
        {"reason": "no_ticket", "n": 1, "tickets": 1, "most": 1},
    ]
    assert [(row["ticket"], row["minutes"]) for row in found["longest_waits"]] == [
        ("B001", 35.5),
        ("A003", 28.5),
        ("A002", 16.5),
        ("A005", 7.25),
        ("A010", 4.5),
    ]


def test_every_measure_stands_in_the_order_of_the_contract(tmp_path):
    document = read_period(opened(tmp_path), ONE_DAY, DAY, AFTER).document

    assert list(document)[-4:] == ["measures", "targets", "rules", "quality"]
    assert list(document["measures"]) == [
        "served",
        "service_level",
        "first_visit",
        "wrong_counter",
        "form_free",
        "items",
        "outcomes",
        "papers",
        "idle_minutes",
        "system_wait",
        "set_aside",
        "missed",
        "questions",
        "classes",
        "overtakes",
        "counters",
        "pauses",
        "longest_waits",
        "diversion",
        "devices",
        "help",
        "promise",
    ]


def test_answers_to_the_further_questions_are_counted_until_they_are_taken_out(tmp_path):
    desk = opened(tmp_path, rating_questions="on")
    first, second = visit(desk, 0), visit(desk, 5)
    rating.rate(desk, asked(NINE + timedelta(minutes=9)), first, 5, attitude=5, competence=4)
    rating.rate(desk, asked(NINE + timedelta(minutes=9)), second, 1, attitude=1)

    found = measures(desk)["questions"]

    assert (found["attitude"]["n"], found["competence"]["n"]) == (2, 1)
    assert (found["attitude"]["levels"]["1"], found["competence"]["levels"]["4"]) == (1, 1)


# -- void tickets ------------------------------------------------------------------------------------------------------


def test_a_ticket_voided_after_its_call_is_in_no_time_share_or_promise(tmp_path):
    """Only `issued`, `called`, `void` and the work done of it know a void ticket, whenever it was voided."""
    desk = opened(tmp_path, wait_target_minutes=15)

    def at(minute: float) -> Ask:
        return asked(NINE + timedelta(minutes=minute))

    before, called, again, onward = (str(issuing.issue(desk, at(1), "A")["ticket"]) for _ in range(4))
    planned = str(issuing.issue(desk, at(1), "A", then=("B",))["ticket"])
    calling.void(desk, at(2), before, reason="issued_twice")
    for minute, label in ((40, called), (50, again)):
        calling.call(desk, at(minute), "5", ticket=label, reason="chosen")
        if label == again:
            calling.miss(desk, at(minute + 1), "5")
            calling.reinstate(desk, at(minute + 2), again)
        calling.void(desk, at(minute + 5), label, reason="issued_twice")
    calling.call(desk, at(60), "5", ticket=planned, reason="chosen")
    calling.start(desk, at(61), "5")
    calling.finish(desk, at(65), "5")  # waits for B now
    calling.void(desk, at(66), planned, reason="issued_twice")
    calling.call(desk, at(70), "5", ticket=onward, reason="chosen")
    calling.start(desk, at(72), "5")
    calling.finish(desk, at(75), "5")

    found = read_period(desk, ONE_DAY, DAY, AFTER).document

    assert [found[key] for key in ("issued", "called", "finished", "void")] == [5, 4, 1, 4]
    assert (found["wait"]["n"], found["wait"]["max"], found["wait"]["within_target"]) == (1, 69.0, 0.0)
    assert (found["way"]["n"], found["way"]["mean"]) == (1, 2.0)
    assert (found["handling"]["n"], found["handling"]["mean"]) == (1, 3.0)
    assert (found["promise"]["n"], found["measures"]["promise"]["n"]) == (1, 1)
    assert found["measures"]["service_level"]["of"] == found["measures"]["classes"][0]["wait"]["n"] == 1
    assert {"what": "void", "n": 4, "why": "issued_by_mistake"} in found["left_out"]
    with desk.db.read() as tx:
        brief = in_brief(tx, {desk.hall: DAY})[desk.hall]
    setup = looking.setup_of(desk)
    assert day_in_brief(setup, DAY, brief.states, brief.legs)["wait"]["within_target"] == 0.0
