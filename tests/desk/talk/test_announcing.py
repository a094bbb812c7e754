"""What became of a call is kept by station, outside the log."""

from datetime import timedelta
from typing import Any

import pytest

from queuedesk.desk import looking
from queuedesk.desk.talk import announcing, messaging
from queuedesk.desk.talk.announcing import Announced
from queuedesk.store.log.journal import CallSent
from tests.desk.equipment import only_shown
from tests.engine_fixtures import ON_BOTH_ENGINES
from tests.hall import MANAGER, at, make_hall, preset


@pytest.fixture
def hall(tmp_path):
    return make_hall(tmp_path)


@ON_BOTH_ENGINES
def test_shown_and_spoken_are_kept_together(hall):
    announcing.note_shown(hall.desk, 7, "display", at("9:01:00"))
    announcing.note_spoken(hall.desk, 7, "display", at("9:01:05"), link="espeak-ng")

    assert announcing.announced(hall.desk, 7) == [
        Announced(station="display", shown=at("9:01:00"), spoken=at("9:01:05"), link="espeak-ng")
    ]


def test_two_displays_are_told_apart(hall):
    announcing.note_shown(hall.desk, 7, "display", at("9:01"))
    announcing.note_shown(hall.desk, 7, "display-2", at("9:02"))

    assert {each.station: each.shown for each in announcing.announced(hall.desk, 7)} == {
        "display": at("9:01"),
        "display-2": at("9:02"),
    }


def sent(seq: int, time: str, **what: Any) -> CallSent:
    told: dict[str, Any] = {"kind": "call", "ticket": f"A{seq:03}", "paper": False, "silent": False}
    told |= {"shown": None, "spoken": None} | what
    return CallSent(seq=seq, time=at(time), window="1", **told)


def missed(*calls: CallSent, now: str = "12:00") -> list[tuple[int, int, bool]]:
    found = announcing.unheard_of(calls, at(now), timedelta(seconds=20))
    return [(call.seq, call.run, call.shown) for call in found]


def test_a_voice_that_stayed_silent_is_found_again():
    assert missed(sent(7, "9:00", shown=at("9:00"), silent=True)) == [(7, 7, True)]


def test_a_call_that_no_voice_tried_to_say_is_not_missed():
    assert missed(sent(7, "9:00", shown=at("9:00:01"))) == []


def test_where_calls_are_only_shown_only_those_that_were_not_are_missed(hall):
    hall.open("1", "C1")
    hall.queue("A", "A")
    hall.call("1")
    first = hall.last().seq
    announcing.note_shown(hall.desk, first, "display", hall.clock())
    announcing.note_spoken(hall.desk, first, "display", hall.clock(), link=None, cause="no_sound")
    hall.do("miss", "1")
    hall.call("1")
    hall.clock.move(minutes=1)
    assert [call.shown for call in announcing.unheard(hall.desk, hall.date, hall.clock())] == [True, False]
    only_shown(hall)

    assert [call.shown for call in announcing.unheard(hall.desk, hall.date, hall.clock())] == [False]


def test_a_notice_is_read_aloud_only_where_calls_are(hall):
    only_shown(hall)

    assert not messaging.push(hall.desk, hall.ask(MANAGER), "请坐下等候。", spoken=True)["spoken"]


def test_a_voice_elsewhere_that_spoke_makes_up_for_a_silent_one():
    assert missed(sent(7, "9:00", shown=at("9:00"), spoken=at("9:00:02"), silent=True)) == []


def test_calls_without_a_display_are_runs_that_a_shown_call_ends():
    calls = [sent(3, "9:00"), sent(5, "9:05"), sent(7, "9:10", shown=at("9:10")), sent(9, "9:15")]

    assert missed(*calls) == [(3, 3, False), (5, 3, False), (9, 9, False)]


def test_a_display_has_half_a_minute_and_no_more():
    late = sent(3, "9:00", shown=at("9:00:31"))

    assert missed(late) == [(3, 3, False)]
    assert missed(sent(3, "9:00"), now="9:00:29") == []


def test_a_recall_counts_only_where_it_is_due_for_the_voice():
    again = [sent(4, "9:00:10", kind="recall", ticket="A003"), sent(5, "9:00:40", kind="recall", ticket="A003")]

    assert missed(sent(3, "9:00"), *again) == [(3, 3, False), (5, 3, False)]


def test_what_was_called_on_paper_asks_for_no_display():
    assert missed(sent(3, "9:00", paper=True)) == []


@ON_BOTH_ENGINES
def test_the_calls_of_a_day_are_read_with_what_stations_did(hall):
    hall.open("1", "C1")
    hall.queue("A", "A")
    first, _done = hall.call("1"), hall.do("start", "1")
    announcing.note_shown(hall.desk, hall.log()[-2].seq, "display", hall.clock())
    hall.do("finish", "1")
    second = hall.call("1")
    hall.clock.move(minutes=1)

    found = announcing.unheard(hall.desk, hall.date, hall.clock())

    assert [(call.ticket, call.window, call.shown) for call in found] == [(second, "1", False)]
    assert announcing.unheard(hall.desk, hall.date, hall.clock(), first) == []


def test_a_simulated_hall_has_nobody_who_could_have_heard(tmp_path):
    document = preset()
    hall = make_hall(tmp_path, hall={**document["hall"], "simulated": True})
    hall.open("1", "C1")
    hall.queue("A")
    hall.call("1")
    hall.clock.move(minutes=1)

    assert announcing.unheard(hall.desk, hall.date, hall.clock()) == []


def test_the_log_knows_nothing_of_it(hall):
    announcing.note_shown(hall.desk, 1, "display", at("9:01"))

    assert [event.kind for event in looking.events_after(hall.desk, 0)] == ["set-up"]


def test_a_call_that_nobody_reported_has_nothing(hall):
    assert announcing.announced(hall.desk, 7) == []


def called(hall) -> list[int]:
    """Open two windows, call a ticket at each, recall the first; return the seqs of the calls."""
    for number in ("1", "2"):
        hall.open(number, f"C{number}")
    hall.queue("A", "A", minutes_apart=1)
    for number in ("1", "2"):
        hall.call(number)
    calls = [event.seq for event in looking.events_after(hall.desk, 0) if event.kind == "call"]
    assert len(calls) == 2
    return calls


def test_what_was_said_of_a_day_tells_what_became_of_each_call(hall):
    first, second = called(hall)
    day = hall.clock().date()
    announcing.note_shown(hall.desk, first, "display", at("9:01:00"))
    announcing.note_shown(hall.desk, first, "display-2", at("9:01:01"))
    announcing.note_spoken(
        hall.desk, first, "display", at("9:01:09"), link="pyttsx3", text="A001 …", sound_ms=8200, delay_ms=300
    )
    announcing.note_spoken(hall.desk, second, "display", at("9:01:12"), link=None, text="A002 …", cause="too_many")

    one, other = announcing.said_on(hall.desk, day)

    assert (one.ticket, one.window, one.shown, one.spoken) == ("A001", "1", at("9:01:00"), at("9:01:09"))
    assert (one.station, one.link, one.sound_ms, one.delay_ms, one.is_silent) == (
        "display",
        "pyttsx3",
        8200,
        300,
        False,
    )
    assert (other.is_silent, other.cause, other.shown, other.spoken) == (True, "too_many", None, None)


def test_a_voice_that_spoke_counts_before_one_that_stayed_silent(hall):
    first, _second = called(hall)
    announcing.note_spoken(hall.desk, first, "display-2", at("9:01:02"), link=None, cause="no_sound")
    announcing.note_spoken(hall.desk, first, "display", at("9:01:09"), link="espeak-ng")

    one = announcing.said_on(hall.desk, hall.clock().date())[0]

    assert (one.station, one.link, one.cause, one.is_silent) == ("display", "espeak-ng", None, False)


def test_a_later_voice_takes_the_cause_of_its_silence_away(hall):
    first, _second = called(hall)
    announcing.note_spoken(hall.desk, first, "display", at("9:01:02"), link=None, cause="no_sound")
    announcing.note_spoken(hall.desk, first, "display", at("9:01:09"), link="espeak-ng")

    assert announcing.said_on(hall.desk, hall.clock().date())[0].cause is None


def test_the_calls_from_one_on_are_those_of_its_day(hall):
    calls = called(hall)

    assert [one.seq for one in announcing.said_on(hall.desk, hall.clock().date(), calls[-1])] == calls[-1:]
    assert announcing.said_on(hall.desk, hall.clock().date() + timedelta(days=1)) == []


@ON_BOTH_ENGINES
def test_a_notice_stands_there_once_a_voice_has_taken_it(hall):
    seq = messaging.push(hall.desk, hall.ask(), "今天 16:30 停止取号")["seq"]
    assert announcing.said_on(hall.desk, hall.clock().date()) == []

    announcing.note_spoken(hall.desk, seq, "display", at("9:01:09"), link="espeak-ng", text="今天 16:30 停止取号")

    (one,) = announcing.said_rows(hall.desk, hall.clock().date())
    assert (one["kind"], one["ticket"], one["text"], one["link"]) == (
        "notice",
        None,
        "今天 16:30 停止取号",
        "espeak-ng",
    )


def test_only_calls_on_whose_customers_the_hall_still_waits_are_left_over(hall):
    hall.open("3", "C3")
    hall.open("4", "C4")
    hall.queue("B", "B", "B")
    hall.call("3")
    hall.do("start", "3")
    hall.call("4")
    seqs = [event.seq for event in hall.log() if event.kind == "call"]
    minute = timedelta(minutes=1)

    assert [call.seq for call in announcing.left_over(hall.desk, hall.clock(), minute)] == seqs[1:]
    announcing.note_spoken(hall.desk, seqs[1], "display", hall.clock(), link="espeak-ng")
    assert [call.seq for call in announcing.left_over(hall.desk, hall.clock(), minute)] == seqs[1:]
    announcing.note_shown(hall.desk, seqs[1], "display", hall.clock())
    assert announcing.left_over(hall.desk, hall.clock(), minute) == []
    hall.do("recall", "4")
    assert announcing.left_over(hall.desk, hall.clock() + minute, minute) == []
