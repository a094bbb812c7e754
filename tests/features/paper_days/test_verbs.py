"""Days kept on paper: put in afterwards by the same rules, whole or not at all, and nothing that lives is touched."""

from __future__ import annotations

from pathlib import Path

import pytest

from queuedesk.core.errors import RuleError
from queuedesk.core.figures.measures.document import day_figures
from queuedesk.core.log.apply import apply
from queuedesk.core.queue.ticket import State
from queuedesk.desk import looking
from queuedesk.desk.change import Ask
from queuedesk.features.paper_days import verbs as paper
from tests import whole_halls
from tests.features.paper_days.paper_file import DAY, TODAY, YESTERDAY, busy_hall, day_text, put
from tests.hall import ADMIN, CONSOLE, MANAGER, Hall, made_once, simple_hall


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    return made_once(tmp_path, busy_hall)


def test_on_paper_nobody_looked_at_the_equipment_first(hall):
    hall.do("set-setting", "opening_checks", "on", who=ADMIN)
    put(hall, day_text(DAY))

    opened = [event for event in hall.log() if event.kind == "open" and event.is_paper]
    assert opened and all("missing" not in event.data for event in opened)
    hall.must_follow_from_its_log()


def test_each_event_says_when_it_happened_and_when_it_was_put_in(hall):
    since = hall.last().seq
    put(hall, day_text(DAY))
    enter, *rows = hall.log(since)

    assert (enter.kind, enter.actor, enter.ticket, enter.date) == ("enter", "M1", None, YESTERDAY)
    assert (enter.data["rows"], enter.data["tickets"], len(enter.data["file"])) == (18, 4, 64)
    assert {event.at for event in rows} == {hall.clock().astimezone(enter.at.tzinfo)}
    assert all(event.data["paper"] is True and event.date == YESTERDAY and event.actor == "M1" for event in rows)
    assert [e.kind for e in rows][:5] == ["issue", "issue", "issue", "open", "call"]
    assert rows[0].time.astimezone(hall.clock().tzinfo).isoformat() == "2026-11-19T09:00:00+08:00"
    assert [e.time for e in rows] == sorted(e.time for e in rows)
    assert not any(key in e.data for e in rows for key in ("promise", "normal"))


def test_nothing_that_lives_is_touched_and_windows_were_open_as_the_rows_say(hall):
    before = hall.whole()
    put(hall, day_text(DAY))
    after = hall.whole()

    assert after.windows == before.windows and after.signed_in == before.signed_in
    assert after.series == before.series and after.calls == before.calls
    kept = ("date", "normal_calls", "calls_date")
    assert [getattr(after.now, name) for name in kept] == [getattr(before.now, name) for name in kept]
    assert {id: t for id, t in after.tickets.items() if id[0] == TODAY} == before.tickets

    # Windows of that day are open from the first row to the last.
    shifts = [s for id, s in after.shifts.items() if id not in before.shifts]
    clock = hall.clock().tzinfo
    spans = [
        (s.window, s.staff, f"{s.opened.astimezone(clock):%H:%M}", f"{s.closed.astimezone(clock):%H:%M}")
        for s in shifts
    ]
    assert spans == [("2", "C2", "09:05", "09:31"), ("3", "C3", "09:33", "09:40")]
    assert {s.date for s in shifts} == {YESTERDAY}
    assert [(p.reason, (p.end - p.start).total_seconds()) for p in shifts[0].pauses] == [("tea", 600)]


def test_the_figures_of_that_date_include_it(hall):
    put(hall, day_text(DAY))
    state = looking.hall_on(hall.desk, YESTERDAY)
    log = [event for event in hall.log() if event.date == YESTERDAY]
    figures = day_figures(state, YESTERDAY, hall.clock(), log)

    assert (figures["issued"], figures["called"], figures["finished"], figures["left"]) == (4, 4, 2, 2)
    assert figures["windows"][1]["open_minutes"] == 26.0
    assert figures["windows"][1]["paused_minutes"] == 10.0
    assert figures["ratings"]["levels"]["5"] == 1
    assert figures["not_ready"] == {"n": 1, "by_service": {"C": 1}}
    assert figures["promise"]["n"] == 0
    assert {"what": "paper_unpromised", "n": 4, "why": "no_wait_was_told"} in figures["left_out"]


def test_a_date_with_live_tickets_takes_paper_too(hall):
    hall.do("day-end")
    hall.clock.move(days=1)
    hall.issue("A")
    put(hall, day_text("15:00,issue,A801,A,,,,,\n15:05,call,A801,,2,C2,,,\n15:09,finish,A801,,2,,,,", TODAY))
    assert hall.ticket("A801", TODAY).state is State.FINISHED
    hall.must_follow_from_its_log()


def test_what_changed_between_check_and_enter_is_refused(hall):
    file = hall.path.with_name("paper.csv")
    file.write_text(day_text("10:20,issue,A004,A,,,,,", TODAY), encoding="utf-8")
    checked = paper.check(hall.desk, file, hall.clock())
    hall.issue("A")
    before = hall.whole()
    with pytest.raises(RuleError) as refused:
        paper.enter(hall.desk, Ask(MANAGER, hall.clock()), checked)
    assert [(line, e.code) for line, e in refused.value.details["lines"]] == [(2, "already_given")]
    assert hall.whole() == before


def test_a_ticket_from_paper_can_be_rated_and_corrected_later(hall):
    hall.do("set-setting", "rating_days", 3)
    put(hall, day_text("09:00,issue,A801,A,,,,,\n09:05,call,A801,,2,C2,,,\n09:09,finish,A801,,2,,,,"))
    hall.do("rate", "A801", 4, day=YESTERDAY, who=CONSOLE)
    assert hall.ticket("A801", YESTERDAY).rating == 4
    hall.must_follow_from_its_log()


NOW_OPEN = """
10:20,issue,A801,A,,,,,
10:21,issue,A802,A,,,,,
10:22,issue,A803,A,,,,,
10:23,issue,A804,A,,,elderly,,
10:24,issue,A805,A,,,,,
10:25,call,A801,,2,C2,,,
10:26,start,A801,,2,,,,
10:27,call,A802,,3,C3,,,x
10:28,issue,A806,A,,,,,
10:29,leave,A805,,,,,,
"""


def test_a_reinstated_ticket_keeps_its_place_between_others(hall):
    """The place that a late-comer got in the paper's own hall is the same place here."""
    rows = (
        NOW_OPEN.strip()
        + "\n10:30,return,A802,,3,,,,x\n10:31,call,A802,,3,,,,x\n10:32,miss,A802,,3,,,,\n10:33,reinstate,A802,,,,,,\n10:34,postpone,A803,,,,,,"
    )
    put(hall, day_text(rows, TODAY))
    order = [
        t.label
        for t in sorted(
            (t for t in looking.hall_on(hall.desk, TODAY).waiting() if t.is_paper), key=lambda t: t.by_place
        )
    ]
    alone = simple_hall(hall.path.parent / "x" if (hall.path.parent / "x").mkdir() is None else hall.path, time="12:00")
    put(alone, day_text(rows, TODAY))
    same = [
        t.label for t in sorted((t for t in looking.hall_on(alone.desk, TODAY).waiting()), key=lambda t: t.by_place)
    ]
    assert order == same
    hall.must_follow_from_its_log()


@pytest.mark.parametrize("today", [True, False])
def test_a_station_that_follows_comes_to_what_the_tables_hold(hall, today):
    """Event by event from a snapshot of today, as stations do."""
    state = looking.hall_now(hall.desk, hall.clock())
    since = state.now.seq
    put(hall, day_text(NOW_OPEN, TODAY) if today else day_text(DAY))
    for event in hall.log(since):
        apply(event, state)
    state.forget_before(TODAY)
    fresh = looking.hall_now(hall.desk, hall.clock())
    state.overtakes.sort(key=lambda o: (o.seq, o.label))
    assert whole_halls.differences(fresh, state) == []


def test_what_was_checked_before_midnight_and_put_in_after_it_leaves_nobody_waiting(hall):
    file = hall.path.with_name("paper.csv")
    file.write_text(day_text(NOW_OPEN, TODAY), encoding="utf-8")
    checked = paper.check(hall.desk, file, hall.clock())
    hall.clock.move(days=1)

    told = paper.enter(hall.desk, hall.ask(), checked)

    assert told["waiting"] == told["parked"] == []
    assert str(hall.ticket("A803", TODAY).state) == "left"
    assert hall.whole().waiting() == []
    hall.must_follow_from_its_log()
