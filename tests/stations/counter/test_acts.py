"""Which acts there are in each state, and what is said of the others."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from queuedesk.desk import looking
from queuedesk.desk.queue import calling, opening, serving
from queuedesk.desk.talk.announcing import Announced
from queuedesk.i18n import say
from queuedesk.stations.counter import words
from queuedesk.stations.counter.acts import KEYS, Act, act_of_key, beside, left_by, possible, primary, refusal
from queuedesk.stations.counter.scene import Heard, Scene, heard_of, scene_of
from tests.hall import Hall

TicketHistory = Callable[[Hall], None]


def nothing(_hall: Hall) -> None:
    """Nobody waits."""


def waiting(hall: Hall) -> None:
    hall.queue("A", "B")


def called(hall: Hall) -> None:
    waiting(hall)
    hall.call("3")


def being_served(hall: Hall) -> None:
    called(hall)
    calling.start(hall.desk, hall.ask(), "3")


def stalled(hall: Hall) -> None:
    being_served(hall)
    serving.stall(hall.desk, hall.ask(), "3", reason="network")


def finished(hall: Hall) -> None:
    being_served(hall)
    serving.finish(hall.desk, hall.ask(), "3")


def paused(hall: Hall) -> None:
    opening.pause(hall.desk, hall.ask(), "3", reason="break", minutes=15)


CALLED_FIRST = "Window 3 has called A001; please start it, put it back in line or mark it as missed first."


def scene(hall: Hall, story: TicketHistory) -> Scene:
    hall.open("3", "C3")
    story(hall)
    return scene_of(looking.hall_now(hall.desk, hall.clock()), "3", hall.clock())


@pytest.mark.parametrize(
    ("story", "first", "row", "out_of_place"),
    [
        (
            nothing,
            None,
            [Act.CALL_CHOSEN, Act.SERVE],
            {"F2": "No customer at window 3.", "F5": "Window 3 has no finished ticket to reopen."},
        ),
        (waiting, Act.CALL, [Act.CALL_CHOSEN, Act.SERVE], {}),
        (
            called,
            Act.START,
            [Act.RECALL, Act.MISS, Act.REDIRECT],
            dict.fromkeys(("F4", "F9"), "A001 is called to window 3; please start serving first.")
            | dict.fromkeys(("F5", "F8", "F10", "F11"), CALLED_FIRST),
        ),
        (
            being_served,
            Act.FINISH,
            [Act.TRANSFER, Act.REDIRECT, Act.PARK, Act.FINISH_CALL],
            {
                "F3": "A001 is being served at window 3.",
                "F10": "Window 3 still has A001; please finish it or set it aside first.",
            },
        ),
        (stalled, Act.FINISH, [Act.UNSTALL, Act.REDIRECT, Act.PARK, Act.FINISH_CALL], {}),
        (finished, Act.CALL, [Act.CALL_CHOSEN, Act.REOPEN], {}),
        (paused, Act.RESUME, [Act.EXTEND, Act.CLOSE], {"F8": "Window 3 is paused; please resume first."}),
    ],
)
def test_there_is_one_primary_and_its_row_and_the_rest_is_refused_with_a_sentence(
    hall: Hall, story: TicketHistory, first: Act | None, row: list[Act], out_of_place: dict[str, str]
):
    now = scene(hall, story)
    able = set(possible(now))

    assert (primary(now), beside(now)) == (first, row)
    assert {act for act in [first, *row] if act} - able <= {Act.CALL_CHOSEN}, "the menu has what can be done"
    assert all(words.act_word(act, now) for act in able)
    for act in set(Act) - able:
        assert say(refusal(act, now)), act
    said = {}
    for key in out_of_place:
        act = act_of_key(key, now)
        assert act is not None and act not in able
        said[key] = words.refusal_line(now, refusal(act, now))
    assert said == out_of_place, "a key out of place says what is so now"


def test_a_key_means_what_the_state_makes_of_it(hall: Hall):
    now = scene(hall, paused)

    assert [act_of_key(key, now) for key in ("F2", "F10", "F11")] == [Act.EXTEND, Act.RESUME, Act.CLOSE]
    assert sorted(KEYS.values(), key=lambda cap: int(cap[1:]))[0] == "F2"


def test_who_would_be_left_names_windows_that_could_take_them(hall: Hall):
    left = left_by(scene(hall, waiting))

    assert [(one.service, one.waiting, one.could) for one in left] == [
        ("A", 1, ("1", "2", "4", "5", "6")),
        ("B", 1, ("4", "5", "6")),
    ]


def test_nobody_is_left_while_another_window_serves_them(hall: Hall):
    hall.open("5", "C5")

    assert left_by(scene(hall, waiting)) == []


@pytest.mark.parametrize(
    ("reports", "age_s", "heard"),
    [
        ([], 5, Heard.RUNNING),
        ([], 20, Heard.NOWHERE),
        ([("display", True, None)], 5, Heard.RUNNING),
        ([("display", True, None)], 20, Heard.SHOWN),
        ([("display", True, None), ("voice", False, "none")], 3, Heard.SHOWN),
        ([("display", True, None), ("voice", False, "espeak")], 3, Heard.DONE),
        ([("voice", False, "none")], 3, Heard.RUNNING),
    ],
)
def test_how_far_an_announcement_has_come(hall: Hall, reports, age_s: int, heard: Heard):
    now = hall.clock()
    told = [
        Announced(
            station=name,
            shown=now if shown else None,
            spoken=now if link not in (None, "none") else None,
            link=link,
        )
        for name, shown, link in reports
    ]

    assert heard_of(told, age_s) is heard
