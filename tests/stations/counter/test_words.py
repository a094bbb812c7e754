"""What the counter says of the customer on the stage and of those in the rail."""

from __future__ import annotations

import pytest

from queuedesk import i18n
from queuedesk.desk import looking
from queuedesk.desk.queue import calling, moving
from queuedesk.stations.counter import words
from queuedesk.stations.counter.scene import Heard, Scene, scene_of
from tests.hall import ADMIN, GUIDE, Hall


def scene(hall: Hall) -> Scene:
    return scene_of(looking.hall_now(hall.desk, hall.clock()), "3", hall.clock())


def said_of(now: Scene, label: str) -> str:
    """Return the grey line under the service of a waiting ticket."""
    ticket = next(t for t in now.order if t.label == label)
    return " ".join(run.text for run in words.facts_of(now, ticket, px=20))


def test_who_is_back_in_line_after_a_miss_waits_on(hall: Hall):
    hall.open("3", "C3")
    label = hall.issue("A")
    hall.call("3")
    calling.miss(hall.desk, hall.ask(), "3")
    moving.reinstate(hall.desk, hall.ask(), label)
    seen = []
    for minutes in (9, 2, 5):
        hall.clock.move(minutes=minutes)
        row = words.row_of(scene(hall), scene(hall).order[0])
        seen.append((row.wait, row.level))

    assert seen == [("9 min", ""), ("11 min", "amber"), ("16 min", "red")]


def test_who_is_called_waited_until_the_first_call(hall: Hall):
    hall.open("3", "C3")
    hall.issue("A")
    hall.clock.move(minutes=4)
    hall.call("3")
    hall.clock.move(minutes=3)
    now = scene(hall)

    assert now.ticket is not None
    assert words.facts_of(now, now.ticket, px=20)[0].text == "waited 4 min"


@pytest.mark.parametrize(
    ("urgent", "klass", "told"),
    [("B", "normal", " (Account services)"), ("B", "elderly", ""), ("A", "elderly", "")],
)
def test_who_was_passed_by_the_credit_of_a_service_has_its_name_beside(hall: Hall, urgent: str, klass: str, told: str):
    hall.do("set-row", "services", "B", {"credit_minutes": 60}, who=ADMIN)
    hall.open("3", "C3")
    label = hall.issue("A")
    hall.clock.move(minutes=1)
    first = hall.issue(urgent, klass=klass)
    assert hall.serve_out("3") == first

    assert f"1 later ticket went first{told} · " in said_of(scene(hall), label) + " · "
    assert hall.call("3") == label
    now = scene(hall)
    assert now.ticket is not None
    assert words.facts_of(now, now.ticket, px=20)[0].text.endswith(f"1 later ticket went first{told}")


def test_one_who_waits_elsewhere_may_go_to_several_windows(hall: Hall):
    hall.open("3", "C3")
    hall.open("5", "C5")
    hall.issue("C")

    assert words.empty_lines(scene(hall))[1] == "1 waiting for New connection, at window 5"
    hall.open("6", "C6")
    assert words.empty_lines(scene(hall))[1] == "1 waiting for New connection, at windows 5, 6"


def test_nothing_is_said_of_papers_that_nobody_noted(hall: Hall):
    hall.open("3", "C3")
    made = hall.do("issue", "A", item="dyfp", who=GUIDE)

    assert said_of(scene(hall), made["ticket"]) == "waiting 0 min"


@pytest.mark.parametrize(
    "story",
    [
        [("call", {}), ("miss", {})],
        [("call", {}), ("transfer", {"service": "B"})],
        [("call", {}), ("start", {}), ("park", {"reason": "copying"})],
        [("call", {}), ("return", {"reason": "wrong_number"})],
    ],
)
def test_what_the_last_one_took_is_said_until_something_else_happens(
    hall: Hall, story: list[tuple[str, dict[str, str]]]
):
    hall.open("3", "C3")
    hall.queue("A", "A")
    hall.serve_out("3", minutes=5)
    assert words.status_of(scene(hall), Heard.RUNNING).beside == "A001 finished, took 5:00"

    for verb, details in story:
        hall.clock.move(minutes=1)
        hall.do(verb, **{"window": "3", **details})

    free = words.status_of(scene(hall), Heard.RUNNING)
    assert (free.word, free.beside) == ("Window is free", "")


@pytest.mark.parametrize(
    ("lang", "said"), [("en", "A001 goes on to New connection, Window 5"), ("zh_CN", "A001 接着去：报装接电，5 号窗口")]
)
def test_where_a_visit_goes_on_is_said_until_something_else_happens(hall: Hall, lang: str, said: str):
    hall.open("3", "C3")
    hall.open("5", "C5")
    hall.issue("A", then=["C"])
    hall.call("3")
    hall.do("start", "3")
    hall.do("finish", "3")
    i18n.use(lang)

    free = words.status_of(scene(hall), Heard.RUNNING)
    assert (free.state, free.beside) == ("idle", said)
    hall.call("5")
    assert words.status_of(scene(hall), Heard.RUNNING).beside == said, "they are on the way there"
    hall.do("start", "5")
    assert words.status_of(scene(hall), Heard.RUNNING).beside == ""


def sent_on(hall: Hall, verb: str, **details: str) -> str:
    """Return a number that came 23 minutes ago, waited 20 and was sent on to B 3 minutes ago."""
    hall.open("3", "C3")
    label = hall.issue("A")
    hall.clock.move(minutes=20)
    hall.call("3")
    hall.do(verb, window="3", service="B", **details)
    hall.clock.move(minutes=3)
    return label


def test_a_transferred_ticket_tells_since_when_it_is_in_the_hall(hall: Hall):
    label = sent_on(hall, "transfer")
    now = scene(hall)

    assert said_of(now, label) == "in the hall 23 min"
    assert words.row_of(now, now.order[0]).wait == "in the hall 23 min"
    hall.call("3")
    now = scene(hall)
    assert now.ticket is not None
    assert words.facts_of(now, now.ticket, px=20)[0].text == "in the hall 23 min"


def test_a_redirected_ticket_waits_since_it_first_joined_a_line(hall: Hall):
    label = sent_on(hall, "redirect")

    assert said_of(scene(hall), label) == "waiting 23 min"


def test_a_ticket_sent_to_the_end_waits_since_then(hall: Hall):
    label = sent_on(hall, "transfer", place="end")

    assert said_of(scene(hall), label) == "waiting 3 min"


def test_a_later_leg_sent_to_another_line_tells_since_when_it_is_in_the_hall(hall: Hall):
    label = sent_on(hall, "transfer")
    hall.do("redirect", "A", ticket=label)

    assert said_of(scene(hall), label) == "in the hall 23 min"


def test_services_with_the_same_windows_share_a_part(hall: Hall):
    assert words.cover_line(scene(hall)) == "A, B: no other window is open."
    hall.open("4", "C4")
    assert words.cover_line(scene(hall)) == "A, B: still served at window 4."
    hall.open("1", "C1")
    assert words.cover_line(scene(hall)) == "A: still served at windows 1, 4; B: still served at window 4."
