"""What became of visits, on tickets made by hand; minutes count from nine o'clock."""

from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from queuedesk.core.figures.measures.document import day_figures
from queuedesk.core.figures.measures.figures import served_elsewhere
from queuedesk.core.imports.channel import ChannelTotal
from queuedesk.core.log.event import Event
from queuedesk.core.log.state import HallState
from queuedesk.core.queue.ticket import NotReady, Rating, State, Ticket
from queuedesk.core.setup.file import read_setup
from tests.core.figures.measures.test_document import DAY, DOCUMENT, at, leg, ticket

KIOSK = frozenset({"kiosk"})


def measures(
    *tickets: Ticket,
    now: float = 600,
    log: list[Event] | None = None,
    rules: dict[str, int] | None = None,
    services: list[dict[str, Any]] | None = None,
    **state: Any,
) -> dict[str, Any]:
    setup = read_setup({**DOCUMENT, "settings": rules or {}, "services": services or DOCUMENT["services"]})
    held = HallState(setup_now=setup, tickets={t.id: t for t in tickets}, **state)
    found: dict[str, Any] = day_figures(held, DAY, at(now), log)["measures"]
    return found


def event(kind: str, label: str, **data: Any) -> Event:
    return Event(seq=1, at=at(1), time=at(1), kind=kind, actor="console", ticket=label, data={"date": str(DAY), **data})


def done(number: int, service: str = "A", **rest: Any) -> Ticket:
    """Return a ticket finished for `service`; what is no field of a ticket is one of its leg."""
    own = {name: rest.pop(name) for name in ("form_free", "outcome", "window", "staff") if name in rest}
    return ticket(number, leg(0, 1, started=2, finished=9, end="finish", ended=9, service=service, **own), **rest)


def wrong(number: int, **rest: Any) -> Ticket:
    """Return a ticket issued for A and sent on to B, where it is finished."""
    first = leg(0, 2, started=3, finished=4, end="redirect", ended=4)
    second = leg(0, 5, n=2, service="B", started=6, finished=9, end="finish", ended=9)
    return ticket(number, first, second, **rest)


def left(number: int, ended: float = 20, **rest: Any) -> Ticket:
    return ticket(number, leg(0, end="leave", ended=ended), state=State.LEFT, **rest)


def void(number: int, **rest: Any) -> Ticket:
    return ticket(number, leg(0, end="void", ended=2), state=State.VOID, **rest)


def waiting(number: int, **rest: Any) -> Ticket:
    return ticket(number, leg(0), state=State.WAITING, **rest)


def no_show(number: int, **rest: Any) -> Ticket:
    gone = leg(0, 4, end="leave", ended=9)
    return ticket(number, gone, state=State.LEFT, flags=frozenset({"no_show"}), misses=3, **rest)


# -- served, level, first visit ----------------------------------------------------------------------------------------


def test_served_are_the_finished_of_all_that_are_neither_void_nor_open():
    found = measures(done(1), done(2), left(3), no_show(4), void(5), waiting(6))

    assert found["served"] == {"n": 2, "of": 4, "rate": 0.5}


def test_the_service_level_says_what_it_is_made_of():
    found = measures(done(1), ticket(2, leg(0, 20), state=State.CALLED), left(3, 20), left(4, 3), void(5), waiting(6))

    assert found["service_level"] == {"n": 1, "of": 3, "rate": 0.333333, "target_minutes": 15, "left_early": 1}


def test_a_transfer_is_no_first_visit_and_a_redirect_is_one():
    moved = leg(0, 1, started=2, finished=4, end="transfer", ended=4)
    after = leg(4, 5, n=2, service="B", started=6, finished=9, end="finish", ended=9)

    found = measures(ticket(1, moved, after), wrong(2), done(3), left(4))["first_visit"]

    assert (found["n"], found["of"], found["rate"], found["transferred"]) == (2, 3, 0.666667, 1)


def test_a_return_on_the_same_day_undoes_a_first_visit_once():
    again = {"return_of": f"A001@{DAY}"}

    found = measures(done(1), done(2), done(3, **again), waiting(4, **again), void(5, return_of=f"A002@{DAY}"))

    visits = found["first_visit"]
    assert (visits["n"], visits["of"], visits["returned"]) == (2, 3, 1)
    assert (visits["followed"], visits["linked"], visits["not_over"]) == (4, 2, 3)


def test_a_return_to_another_day_s_visit_is_none_of_this_one():
    visits = measures(done(1), waiting(2, return_of=f"A001@{DAY - timedelta(days=1)}"))["first_visit"]

    assert (visits["returned"], visits["linked"]) == (0, 1)


def test_who_was_transferred_and_came_again_is_left_out_once():
    moved = leg(0, 1, started=2, finished=4, end="transfer", ended=4)
    after = leg(4, 5, n=2, service="B", started=6, finished=9, end="finish", ended=9)

    visits = measures(ticket(1, moved, after), waiting(2, return_of=f"A001@{DAY}"))["first_visit"]

    assert (visits["n"], visits["of"], visits["transferred"], visits["returned"]) == (0, 1, 1, 0)


def test_a_hall_in_memory_does_not_know_who_came_again_on_later_dates():
    visits = measures(done(1), now=24 * 60)["first_visit"]

    assert (visits["of"], visits["transferred"], visits["not_over"]) == (1, 0, 1)
    assert [visits[name] for name in ("n", "rate", "returned", "followed", "linked")] == [None] * 5


# -- wrong windows ----------------------------------------------------------------------------------------------------


def test_a_wrong_counter_is_counted_by_the_service_that_was_issued():
    uncalled = ticket(3, leg(0, end="redirect", ended=4), leg(0, 9, n=2, service="B"), state=State.CALLED)
    later_on = ticket(
        4,
        leg(0, 1, started=2, finished=3, end="finish", ended=3, service="B"),
        leg(3, 4, n=2, end="redirect", ended=5),
        leg(3, 9, n=3, service="B"),
        state=State.CALLED,
    )

    found = measures(wrong(1), done(2), uncalled, later_on, done(5, "B"), void(6))["wrong_counter"]

    assert (found["n"], found["of"], found["rate"]) == (2, 5, 0.4)
    assert found["by_service"] == [
        {"code": "A", "n": 2, "of": 3, "rate": 0.666667},
        {"code": "B", "n": 0, "of": 2, "rate": 0.0},
    ]


def test_a_guide_s_wrong_tickets_are_told_of_those_that_the_guide_issued():
    found = measures(wrong(1, guide="C2"), done(2, guide="C2"), done(3, guide="C1"), wrong(4), void(5, guide="C1"))

    assert found["wrong_counter"]["by_guide"] == [
        {"code": "C1", "n": 0, "of": 1, "rate": 0.0},
        {"code": "C2", "n": 1, "of": 2, "rate": 0.5},
    ]


def test_a_kiosk_s_wrong_tickets_are_told_by_the_key_that_was_pressed():
    tickets = [
        done(1, flags=KIOSK, item="gmgh"),
        wrong(2, flags=KIOSK, item="gmgh"),
        wrong(3, flags=KIOSK),
        done(4, flags=KIOSK),
        done(5, item="gmgh"),
        void(6, flags=KIOSK, item="gmgh"),
    ]

    assert measures(*tickets)["wrong_counter"]["by_label"] == [
        {"service": "A", "item": None, "n": 1, "of": 2, "rate": 0.5},
        {"service": "A", "item": "gmgh", "n": 1, "of": 2, "rate": 0.5},
    ]


# -- how it ended ------------------------------------------------------------------------------------------------------


def test_form_free_is_a_share_of_the_legs_that_a_clerk_finished():
    closed = ticket(4, leg(0, 1, started=2, finished=500, end="day-end", inaccurate=True, form_free=True))

    found = measures(done(1, form_free=True), done(2), done(3, "B"), closed, rules={"form_free_minutes": 6})

    assert found["form_free"] == {
        "n": 1,
        "of": 3,
        "rate": 0.333333,
        "minutes_each": 6,
        "minutes_saved": 6,
        "by_service": [{"code": "A", "n": 1, "of": 2, "rate": 0.5}, {"code": "B", "n": 0, "of": 1, "rate": 0.0}],
    }


def test_nobody_measured_how_long_a_form_takes():
    found = measures(done(1, form_free=True))["form_free"]

    assert (found["n"], found["minutes_each"], found["minutes_saved"]) == (1, 0, None)


def test_where_no_service_has_a_form_nobody_went_without_one():
    services = [{**one, "form_free": True} for one in DOCUMENT["services"]]
    free, mixed = (
        measures(done(1, form_free=True), done(2, form_free=second), services=services, rules={"form_free_minutes": 6})
        for second in (True, False)
    )

    assert (free["form_free"]["of"], free["form_free"]["rate"], free["form_free"]["minutes_saved"]) == (0, None, 0)
    assert (mixed["form_free"]["of"], mixed["form_free"]["rate"], mixed["form_free"]["minutes_saved"]) == (2, 0.5, 6)


def test_outcomes_stand_most_first_and_those_without_have_no_code():
    steps = ticket(
        4,
        leg(0, 1, started=2, finished=3, end="finish", ended=3, outcome="done"),
        leg(3, 4, n=2, service="B", started=5, finished=9, end="finish", ended=9),
    )

    found = measures(done(1, outcome="accepted"), done(2, outcome="done"), done(3), steps, left(5))

    assert found["outcomes"] == [{"code": "done", "n": 2}, {"code": None, "n": 2}, {"code": "accepted", "n": 1}]


def test_papers_are_those_sent_away_and_those_who_came_back_with_them():
    came = [NotReady(seq=n, date=DAY, time=at(n), service="A", item=None, guide=None) for n in range(3)]

    found = measures(done(1, flags=frozenset({"repeat_papers"})), done(2), not_ready=came)

    assert found["papers"] == {"not_ready": 3, "repeat": 1}


def test_a_missed_ticket_that_was_put_back_is_counted_once():
    tickets = [replace(done(1), misses=2), no_show(2), replace(left(3), misses=1), done(4)]
    log = [event("reinstate", "A001"), event("reinstate", "A001"), event("reinstate", "A003")]

    assert measures(*tickets, log=log)["missed"] == {"n": 3, "reinstated": 2}
    assert measures(*tickets)["missed"] == {"n": 3, "reinstated": None}


def test_the_further_questions_have_their_levels():
    def rated(number: int, attitude: int | None, competence: int | None, *, excluded: bool = False) -> Rating:
        marks = {"attitude": attitude, "competence": competence, "excluded": excluded}
        label = f"A{number:03}"
        return Rating(date=DAY, label=label, level=5, time=at(9), service="A", window="1", staff="C1", **marks)

    said = [rated(1, 5, 4), rated(2, 5, None), rated(3, None, None), rated(4, 1, 1, excluded=True)]
    found = measures(*(done(n) for n in range(1, 5)), ratings={(r.date, r.label): r for r in said})["questions"]

    assert found == {
        "attitude": {"n": 2, "levels": {"1": 0, "2": 0, "3": 0, "4": 0, "5": 2}},
        "competence": {"n": 1, "levels": {"1": 0, "2": 0, "3": 0, "4": 1, "5": 0}},
    }


def test_every_class_that_took_a_ticket_has_its_wait():
    found = measures(done(1), done(2), left(3), wrong(4, klass="elderly"), void(5, klass="reserved"))["classes"]

    assert [(row["code"], row["issued"], row["finished"]) for row in found] == [
        ("normal", 3, 2),
        ("elderly", 1, 1),
        ("reserved", 1, 0),
    ]
    assert [row["wait"]["n"] for row in found] == [2, 1, 0]
    assert found[1]["wait"] == {"n": 1, "mean": 5.0, "median": 5.0, "p90": 5.0}


@pytest.mark.parametrize("name", ["served", "service_level", "first_visit", "wrong_counter", "form_free"])
def test_of_nobody_there_is_no_rate(name):
    found = measures()[name]

    assert (found["n"], found["of"], found["rate"]) == (0, 0, None)


# -- what people came for ----------------------------------------------------------------------------------------------


def test_items_count_visits_minutes_and_who_came_again():
    back = {"return_of": f"A001@{DAY - timedelta(days=1)}"}
    papers = {"flags": frozenset({"repeat_papers"})}

    found = measures(
        done(1, item="yfgd"), done(2, item="yfgd", **back), done(3, **papers), left(4), void(5, **back), log=[]
    )["items"]

    whole = {key: value for key, value in found.items() if key != "by_item"}
    assert whole == {"n": 2, "of": 4, "rate": 0.5, "elsewhere": 0, "minutes": 21.0}
    assert found["by_item"] == [
        {"service": "A", "item": None, "n": 1, "of": 2, "rate": 0.5, "elsewhere": 0, "minutes": 7.0},
        {"service": "A", "item": "yfgd", "n": 1, "of": 2, "rate": 0.5, "elsewhere": 0, "minutes": 14.0},
    ]


def test_an_item_could_be_served_elsewhere_where_a_channel_reported_its_service():
    month = ChannelTotal(channel="bank", service="A", first=DAY.replace(day=1), last=DAY + timedelta(days=1), n=40)

    found = measures(done(1, item="yfgd"), done(2, service="B"), totals={month.key: month})["items"]

    assert found["elsewhere"] == 1
    assert [(row["service"], row["item"], row["elsewhere"]) for row in found["by_item"]] == [
        ("A", "yfgd", 1),
        ("B", None, 0),
    ]


def test_where_no_channel_reported_a_service_nobody_can_say_what_was_served_elsewhere():
    total = ChannelTotal(channel="bank", service="B", first=DAY, last=DAY, n=40)
    found = measures(done(1), done(2, service="B"), totals={total.key: total}, log=[])

    rows = found["items"]["by_item"]

    assert [(row["elsewhere"], served_elsewhere(found, row)) for row in rows] == [(0, None), (1, 1)]
    nothing_came = rows[1] | {"elsewhere": 0}
    assert served_elsewhere(found, nothing_came) == 0
