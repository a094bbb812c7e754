"""Days kept on paper: put in afterwards by the same rules, whole or not at all, and nothing that lives is touched."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from queuedesk.core.errors import RuleError
from queuedesk.core.figures.measures.document import day_figures
from queuedesk.core.queue.ticket import State
from queuedesk.desk import looking
from queuedesk.desk.change import Ask
from queuedesk.features.paper_days import verbs as paper
from queuedesk.i18n import say
from tests.features.paper_days.paper_file import DAY, HEADER, TODAY, YESTERDAY, busy_hall, day_text, put
from tests.hall import ADMIN, CONSOLE, GUIDE, MANAGER, Hall, clerk, made_once


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    return made_once(tmp_path, busy_hall)


@pytest.fixture(scope="module")
def untouched(tmp_path_factory: pytest.TempPathFactory) -> Hall:
    """A hall for files of which nothing is taken, which leave it as it was."""
    return busy_hall(tmp_path_factory.mktemp("untouched"))


def lines_refused(hall: Hall, text: str) -> dict[int, str]:
    """Return the bad lines by number with their codes; nothing changed, and every one can be said."""
    before = hall.whole()
    with pytest.raises(RuleError) as refused:
        put(hall, text)
    assert refused.value.code == "bad_rows", refused.value
    assert say(refused.value, "en") and say(refused.value, "zh_CN")
    assert hall.whole() == before
    return {line: error.code for line, error in refused.value.details["lines"]}


def test_a_day_that_is_over_is_put_in_and_ended(hall):
    told = put(hall, day_text(DAY))

    assert (told["date"], told["rows"], told["tickets"]) == ("2026-11-19", 18, 4)
    states = {label: str(hall.ticket(label, YESTERDAY).state) for label in ("A801", "A802", "B801", "C801")}
    assert states == {"A801": "finished", "A802": "left", "B801": "left", "C801": "finished"}
    first = hall.ticket("A801", YESTERDAY)
    assert (first.klass, first.leg.window, first.leg.staff, first.leg.outcome, first.rating) == (
        "elderly",
        "2",
        "C2",
        "paid",
        5,
    )
    assert (first.leg.finished - first.leg.called).total_seconds() == 300
    assert first.is_paper and "paper" in first.flags
    assert told["waiting"] == told["parked"] == told["missed"] == []
    hall.must_follow_from_its_log()


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


def test_nothing_that_lives_is_touched(hall):
    before = hall.whole()
    put(hall, day_text(DAY))
    after = hall.whole()

    assert after.windows == before.windows and after.signed_in == before.signed_in
    assert after.series == before.series and after.calls == before.calls
    kept = ("date", "normal_calls", "calls_date")
    assert [getattr(after.now, name) for name in kept] == [getattr(before.now, name) for name in kept]
    assert {id: t for id, t in after.tickets.items() if id[0] == TODAY} == before.tickets
    assert {s.date for s in after.shifts.values() if s.id not in before.shifts} == {YESTERDAY}


def test_windows_of_that_day_are_open_from_the_first_row_to_the_last(hall):
    before = set(hall.whole().shifts)
    put(hall, day_text(DAY))
    shifts = [s for id, s in hall.whole().shifts.items() if id not in before]

    clock = hall.clock().tzinfo
    spans = [
        (s.window, s.staff, f"{s.opened.astimezone(clock):%H:%M}", f"{s.closed.astimezone(clock):%H:%M}")
        for s in shifts
    ]
    assert spans == [("2", "C2", "09:05", "09:31"), ("3", "C3", "09:33", "09:40")]
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


def test_the_same_file_twice_is_refused(hall):
    put(hall, day_text(DAY))
    before = hall.whole()
    with pytest.raises(RuleError) as refused:
        put(hall, day_text(DAY), name="another-name.csv")
    assert refused.value.code == "already_entered"
    assert "another-name.csv" in say(refused.value, "en")
    assert hall.whole() == before


def test_a_second_file_of_that_date_may_follow(hall):
    put(hall, day_text(DAY))
    put(hall, day_text("14:00:00,issue,A810,A,,,,,\n14:05:00,leave,A810,,,,,,"))
    assert hall.ticket("A810", YESTERDAY).state is State.LEFT
    hall.must_follow_from_its_log()


def test_a_number_that_was_given_on_that_date_is_a_bad_row(hall):
    put(hall, day_text(DAY))
    text = day_text("14:00:00,issue,A801,A,,,,,\n14:01:00,issue,a1,A,,,,,\n14:02:00,issue,A001,A,,,,,")
    assert lines_refused(hall, text) == {2: "already_given", 4: "already_given"}
    assert lines_refused(hall, day_text("10:00:00,issue,A2,A,,,,,", TODAY)) == {2: "already_given"}


BAD = [
    ("09:00,issue,A801,X,,,,,", "unknown_service"),
    ("09:00,issue,,A,,,,,", "cell_empty"),
    ("09:00,issue,A801,A,,,nobody,,", "unknown_class"),
    ("09:00,call,A801,,9,C2,,,", "unknown_window"),
    ("09:00,call,A800,,2,,,,", "window_closed"),
    ("09:00,call,A800,,2,C9,,,", "unknown_staff"),
    ("09:00,call,A800,,2,G1,,,", "not_a_clerk"),
    ("09:00,call,A999,,2,C2,,,", "unknown_ticket"),
    ("09:00,finish,A800,,2,C2,,,", "wrong_state"),
    ("09:00,rate,A800,,,,,5,", "visit_not_ended"),
    ("09:00,rate,A800,,,,,6,", "bad_level"),
    ("09:00,void,A800,,,,,,", "reason_needed"),
    ("09:00,pause,,,2,C2,,,", "reason_needed"),
    ("09:00,dance,A800,,,,,,", "unknown_action"),
    ("soon,issue,A801,A,,,,,", "not_a_moment"),
    ("09:00,issue,A801,A,,,,,,,extra", "too_many_cells"),
]


@pytest.mark.parametrize(("row", "code"), BAD)
def test_each_bad_row_is_named_by_its_line(untouched, row, code):
    text = day_text(f"08:00:00,issue,A800,A,,,,,\n{row}")
    assert lines_refused(untouched, text) == {3: code}


def test_a_call_that_passes_nobody_may_have_a_reason(hall):
    put(hall, day_text("08:00:00,issue,A800,A,,,,,\n09:00,call,A800,,2,C2,,,late"))


def test_all_bad_rows_are_named_at_once(hall):
    rows = "08:00,issue,A800,A,,,,,\n08:01,issue,A801,X,,,,,\n08:02,call,A800,,2,C9,,,\n08:03,finish,,,2,,,,"
    assert lines_refused(hall, day_text(rows)) == {3: "unknown_service", 4: "unknown_staff", 5: "window_closed"}


def test_who_passes_somebody_needs_a_reason_as_in_life(hall):
    rows = "08:00,issue,A800,A,,,,,\n08:01,issue,A801,A,,,,,\n08:02,call,A801,,2,C2,,,"
    assert lines_refused(hall, day_text(rows)) == {4: "reason_needed"}
    put(hall, day_text(rows + "child"))
    assert hall.ticket("A800", YESTERDAY).overtaken == 1


def test_rows_are_checked_against_that_day_alone(hall):
    """C1 and C4 sit elsewhere now, A001 is being served: on paper they are somewhere else."""
    put(hall, day_text("08:00,issue,A001,A,,,,,\n08:01,call,A001,,2,C1,,,\n08:02,finish,,,2,,,,"))
    assert hall.ticket("A001", YESTERDAY).leg.staff == "C1"
    assert hall.ticket("A001").leg.window == "1"


def test_a_ticket_of_the_live_hall_is_no_ticket_of_the_paper(hall):
    assert lines_refused(hall, day_text("10:30,call,A002,,2,C2,,,x", TODAY)) == {2: "unknown_ticket"}


def test_rows_of_another_date_and_of_times_to_come_are_bad(hall):
    rows = f"{HEADER}\n2026-11-19 08:00,issue,A800,A,,,,,\n2026-11-18 08:00,issue,A801,A,,,,,\n2026-11-20 11:30,issue,A802,A,,,,,\n"
    assert lines_refused(hall, rows) == {3: "other_date", 4: "not_yet"}
    assert lines_refused(hall, day_text("09:00,issue,A800,A,,,,,", TODAY + timedelta(days=1))) == {2: "not_yet"}


def test_sheets_of_several_windows_are_taken_by_time(hall):
    rows = "08:10,finish,A801,,3,C3,,,\n08:00,issue,A800,A,,,,,\n08:01,issue,A801,A,,,,,\n08:05,call,A801,,3,C3,,,x\n08:04,call,A800,,2,C2,,,"
    put(hall, day_text(rows))
    assert hall.ticket("A801", YESTERDAY).state is State.FINISHED


def test_a_date_with_live_tickets_takes_paper_too(hall):
    hall.do("day-end")
    hall.clock.move(days=1)
    hall.issue("A")
    put(hall, day_text("15:00,issue,A801,A,,,,,\n15:05,call,A801,,2,C2,,,\n15:09,finish,A801,,2,,,,", TODAY))
    assert hall.ticket("A801", TODAY).state is State.FINISHED
    hall.must_follow_from_its_log()


def test_only_managers_and_admins_enter(hall):
    for who in (GUIDE, clerk("C1")):
        with pytest.raises(RuleError, match="not_your_role"):
            put(hall, day_text(DAY), who=who)
    put(hall, day_text(DAY), who=ADMIN)


def test_an_id_gives_the_first_answer_again(hall):
    file = hall.path.with_name("paper.csv")
    file.write_text(day_text(DAY), encoding="utf-8")
    checked = paper.check(hall.desk, file, hall.clock())
    ask = Ask(MANAGER, hall.clock(), command="p1", words="enter")
    first = paper.enter(hall.desk, ask, checked)
    seq = hall.last().seq
    assert paper.enter(hall.desk, ask, checked) == first
    assert hall.last().seq == seq
    assert [event.command for event in hall.log() if event.command == "p1"] == ["p1"]


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


def test_a_finish_that_names_window_and_staff_opens_it_for_the_day(hall):
    put(hall, day_text("08:00,issue,A801,A,,,,,\n08:05,call,A801,,2,,,,\n08:06,start,,,2,,,,\n08:09,finish,,,2,C2,,,"))
    assert hall.ticket("A801", YESTERDAY).leg.staff == "C2"


def test_a_window_that_a_row_closed_is_closed(hall):
    rows = "08:00,issue,A801,A,,,,,\n08:01,open,,,2,C2,,,\n08:02,close,,,2,,,,\n08:05,call,A801,,2,,,,\n08:06,start,,,2,,,,"
    assert lines_refused(hall, day_text(rows)) == {5: "window_closed", 6: "window_closed"}


def test_a_paper_number_needs_no_letter_of_the_service(hall):
    rows = "08:00,issue,P7,A,,,,,\n08:01,issue,17,B,,,,,\n08:02,call,p7,,2,C2,,,\n08:06,finish,,,2,,,,"
    put(hall, day_text(rows))
    assert hall.ticket("P007", YESTERDAY).state is State.FINISHED
    assert hall.ticket("17", YESTERDAY).leg.service == "B"
    hall.must_follow_from_its_log()
