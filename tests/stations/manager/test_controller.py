"""The manager's controller without widgets, on a real hall."""

from __future__ import annotations

from datetime import timedelta

from queuedesk.core.errors import OutsideError, RuleError
from queuedesk.desk import looking
from queuedesk.desk.queue import calling, moving
from queuedesk.desk.talk import announcing
from queuedesk.stations.manager.controller import ManagerController


def calls_of(hall) -> list[int]:
    return [e.seq for e in looking.events_after(hall.desk, 0) if e.kind in ("call", "recall")]


def test_while_an_act_runs_no_other_begins(context, monkeypatch):
    asked = []

    def leave(desk, ask, label, day):
        asked.append(label)
        controller.leave(day, "B002")
        raise RuleError("unknown_ticket", ticket=label, date=day)

    monkeypatch.setattr(moving, "leave", leave)
    controller = ManagerController(context)
    controller.leave(controller.day, "A003")

    assert asked == ["A003"]


def test_an_earlier_day_is_read_whole(controller, hall):
    day = controller.day
    hall.clock.move(days=1)
    controller.context.feed.turn_day()
    read = []
    controller.day_read.connect(lambda date, state: read.append((date, len(state.tickets))))

    controller.read_day(day)

    assert read == [(day, 5)]
    assert controller.first_day() == day == controller.day - timedelta(days=1)


def test_the_first_day_is_today_while_the_file_is_away(context, monkeypatch):
    def away(desk, seq, limit):
        raise OutsideError("database_away")

    monkeypatch.setattr(looking, "events_after", away)
    controller = ManagerController(context)

    assert controller.first_day() == controller.day


def test_calls_that_nobody_heard_are_read_once_noted_no_more(controller, hall):
    first = calls_of(hall)[0]
    announcing.note_spoken(hall.desk, first, "display", hall.clock(), link=None)
    controller.look_for_unheard()
    assert [(call.ticket, call.window) for call in controller.unheard] == [("A001", "1")]

    controller.note_unheard()
    controller.look_for_unheard()
    assert controller.unheard == []

    hall.call("1")
    calling.recall(hall.desk, hall.ask(), "1")
    announcing.note_spoken(hall.desk, calls_of(hall)[-1], "display", hall.clock(), link=None)
    controller.look_for_unheard()
    assert [call.ticket for call in controller.unheard] == ["A002"]


def test_calls_without_a_display_are_noted_until_one_was_back(controller, hall):
    def read(note: bool = False) -> list[str]:
        hall.clock.move(minutes=1)
        controller.look_for_unheard()
        named = [call.ticket for call in controller.unheard]
        if note:
            controller.note_unheard()
        return named

    assert read() == []
    hall.call("1")
    assert read(note=True) == ["A002"]
    calling.recall(hall.desk, hall.ask(), "1")
    assert read() == []

    calling.recall(hall.desk, hall.ask(), "1")
    announcing.note_shown(hall.desk, calls_of(hall)[-1], "display", hall.clock())
    assert read() == []
    hall.call("2")
    assert read() == ["A003"]


def test_yesterdays_silence_is_not_shown_today(controller, hall):
    announcing.note_spoken(hall.desk, calls_of(hall)[0], "display", hall.clock(), link=None)
    hall.clock.move(days=1)
    controller.context.feed.turn_day()

    controller.look_for_unheard()

    assert controller.unheard == []
