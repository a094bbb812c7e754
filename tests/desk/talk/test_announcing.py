"""What became of a call is kept by station, outside the log."""

from datetime import timedelta
from typing import Any

import pytest

from queuedesk.desk.talk import announcing, messaging
from queuedesk.desk.talk.announcing import AnnouncementReport
from queuedesk.store.log.journal import CallWithOutcome
from tests.desk.equipment import only_shown
from tests.engine_fixtures import ON_BOTH_ENGINES
from tests.hall import MANAGER, at, make_hall

pytestmark = pytest.mark.hall(make=make_hall)


def test_where_calls_are_only_shown_only_those_that_were_not_are_missed_and_no_notice_is_read_aloud(hall):
    hall.play("open 1 staff=C1", "queue A A", "call 1")
    first = hall.last().seq
    announcing.record_call_shown(hall.desk, first, "display", hall.clock())
    announcing.record_call_announcement_result(hall.desk, first, "display", hall.clock(), link=None, cause="no_sound")
    hall.play("miss 1", "call 1", 1)
    assert [call.shown for call in announcing.unheard_calls(hall.desk, hall.date, hall.clock())] == [True, False]
    only_shown(hall)
    assert [call.shown for call in announcing.unheard_calls(hall.desk, hall.date, hall.clock())] == [False]
    assert not messaging.push_notice(hall.desk, hall.ask(MANAGER), "请坐下等候。", spoken=True)["spoken"]


def test_only_calls_on_whose_customers_the_hall_still_waits_are_left_over(hall):
    hall.play("open 3 staff=C3", "open 4 staff=C4", "queue B B B", "call 3", "start 3", "call 4")
    seqs = [event.seq for event in hall.log() if event.kind == "call"]
    minute = timedelta(minutes=1)
    assert [call.seq for call in announcing.unannounced_recent_calls(hall.desk, hall.clock(), minute)] == seqs[1:]
    announcing.record_call_announcement_result(hall.desk, seqs[1], "display", hall.clock(), link="espeak-ng")
    assert [call.seq for call in announcing.unannounced_recent_calls(hall.desk, hall.clock(), minute)] == seqs[1:]
    announcing.record_call_shown(hall.desk, seqs[1], "display", hall.clock())
    assert announcing.unannounced_recent_calls(hall.desk, hall.clock(), minute) == []
    hall.do("recall", "4")
    assert announcing.unannounced_recent_calls(hall.desk, hall.clock() + minute, minute) == []


@ON_BOTH_ENGINES
def test_shown_and_spoken_are_kept_by_station_outside_the_log_and_a_notice_once_a_voice_has_taken_it(hall):
    assert announcing.announcement_reports_of_call(hall.desk, 7) == []
    announcing.record_call_shown(hall.desk, 7, "display", at("9:01:00"))
    announcing.record_call_announcement_result(hall.desk, 7, "display", at("9:01:05"), link="espeak-ng")
    announcing.record_call_shown(hall.desk, 7, "display-2", at("9:02"))
    own, other = announcing.announcement_reports_of_call(hall.desk, 7)
    assert own == AnnouncementReport(station="display", shown=at("9:01:00"), spoken=at("9:01:05"), link="espeak-ng")
    assert (other.station, other.shown, other.spoken) == ("display-2", at("9:02"), None)
    assert [event.kind for event in hall.log()] == ["set-up"]
    seq = messaging.push_notice(hall.desk, hall.ask(), "今天 16:30 停止取号")["seq"]
    assert announcing.announcements_of_day(hall.desk, hall.clock().date()) == []
    said = {"link": "espeak-ng", "text": "今天 16:30 停止取号"}
    announcing.record_call_announcement_result(hall.desk, seq, "display", at("9:01:09"), **said)
    (one,) = announcing.announcement_documents_of_day(hall.desk, hall.clock().date())
    told = {"kind": "notice", "ticket": None, "text": "今天 16:30 停止取号", "link": "espeak-ng"}
    assert one.items() >= told.items()


def sent(seq: int, time: str, **what: Any) -> CallWithOutcome:
    told: dict[str, Any] = {"kind": "call", "ticket": f"A{seq:03}", "paper": False, "silent": False}
    told |= {"shown": None, "spoken": None} | what
    return CallWithOutcome(seq=seq, time=at(time), window="1", **told)


HEARD = {"shown": at("9:00"), "silent": True}


def test_which_calls_nobody_heard():
    for calls, now, missed in (
        ([sent(7, "9:00", **HEARD)], "12:00", [(7, 7, True)]),  # the voice stayed silent
        ([sent(7, "9:00", **HEARD, spoken=at("9:00:02"))], "12:00", []),  # one elsewhere spoke
        ([sent(7, "9:00", shown=at("9:00:01"))], "12:00", []),  # no voice tried to say it
        ([sent(7, "9:00", paper=True)], "12:00", []),  # what was called on paper asks for no display
        ([sent(3, "9:00", shown=at("9:00:31"))], "12:00", [(3, 3, False)]),  # a display has half a minute
        ([sent(3, "9:00")], "9:00:29", []),
        (  # calls without a display are runs that a shown call ends
            [sent(3, "9:00"), sent(5, "9:05"), sent(7, "9:10", shown=at("9:10")), sent(9, "9:15")],
            "12:00",
            [(3, 3, False), (5, 3, False), (9, 9, False)],
        ),
        (  # a recall counts only where it is due for the voice
            [sent(3, "9:00"), *(sent(n, f"9:00:{s}", kind="recall", ticket="A003") for n, s in ((4, 10), (5, 40)))],
            "12:00",
            [(3, 3, False), (5, 3, False)],
        ),
    ):
        found = announcing.find_unheard_calls(calls, at(now), timedelta(seconds=20))
        assert [(call.seq, call.run, call.shown) for call in found] == missed


@ON_BOTH_ENGINES
def test_the_calls_of_a_day_are_read_with_what_stations_did(hall):
    hall.play("open 1 staff=C1", "queue A A")
    first, _done = hall.call("1"), hall.do("start", "1")
    announcing.record_call_shown(hall.desk, hall.log()[-2].seq, "display", hall.clock())
    hall.do("finish", "1")
    second = hall.call("1")
    hall.clock.move(minutes=1)
    found = announcing.unheard_calls(hall.desk, hall.date, hall.clock())
    assert [(call.ticket, call.window, call.shown) for call in found] == [(second, "1", False)]
    assert announcing.unheard_calls(hall.desk, hall.date, hall.clock(), first) == []
    hall.do("set-hall", {"simulated": True})
    assert announcing.unheard_calls(hall.desk, hall.date, hall.clock()) == [], "nobody is there who could have heard"


def test_what_was_said_of_a_day_tells_what_became_of_each_call(hall):
    hall.play("open 1 staff=C1", "open 2 staff=C2", "issue A", 1, "issue A", 1, "call 1", "call 2")
    first, second = (event.seq for event in hall.log() if event.kind == "call")
    announcing.record_call_shown(hall.desk, first, "display", at("9:01:00"))
    announcing.record_call_shown(hall.desk, first, "display-2", at("9:01:01"))
    announcing.record_call_announcement_result(
        hall.desk, first, "display-2", at("9:01:02"), link=None, cause="no_sound"
    )
    how = {"link": "pyttsx3", "text": "A001 …", "sound_ms": 8200, "delay_ms": 300}
    announcing.record_call_announcement_result(hall.desk, first, "display", at("9:01:09"), **how)
    silent = {"link": None, "text": "A002 …", "cause": "too_many"}
    announcing.record_call_announcement_result(hall.desk, second, "display", at("9:01:12"), **silent)
    one, other = announcing.announcements_of_day(hall.desk, hall.date)
    assert (one.ticket, one.window, one.shown, one.spoken) == ("A001", "1", at("9:01:00"), at("9:01:09"))
    assert (one.station, one.link, one.sound_ms, one.delay_ms, one.cause) == ("display", "pyttsx3", 8200, 300, None)
    assert (one.is_silent, other.is_silent, other.cause) == (False, True, "too_many")
    assert (other.shown, other.spoken) == (None, None)
    announcing.record_call_announcement_result(hall.desk, second, "display", at("9:01:19"), link="espeak-ng")
    (one,) = announcing.announcements_of_day(hall.desk, hall.date, second)
    assert (one.seq, one.cause) == (second, None), "a later voice takes the cause away"
    assert announcing.announcements_of_day(hall.desk, hall.date + timedelta(days=1)) == []
