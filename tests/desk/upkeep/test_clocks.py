"""A clock put on, behind, or a year off: when it goes by itself, when staff is asked, what a person is told."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from queuedesk.core.errors import RuleError
from queuedesk.core.log.pc_clock import ClockReliability, JumpDetectingClock
from queuedesk.core.network.roles import CONSOLE, CUSTOMER, HALL, Actor
from queuedesk.core.queue.ticket import TicketState
from queuedesk.desk import looking
from queuedesk.desk.change import Ask
from queuedesk.desk.queue import issuing
from queuedesk.desk.talk import devices
from queuedesk.desk.upkeep import clocks
from queuedesk.i18n import error_sentence
from queuedesk.i18n.clock_words import clock_question_text
from queuedesk.reports.figures.period import read_day_report
from queuedesk.store.log import book, log_dates
from queuedesk.store.parts import sharing
from tests.desk.stage import STATES, stage, story_of
from tests.engine_fixtures import ON_BOTH_ENGINES
from tests.hall import BY_CREDIT, GUIDE, MANAGER, Hall, at, clerk, refused, simple_hall, simple_setup


def left_open(folder: Path) -> Hall:
    """Left open on Friday 20 November at 17:30: window 1 is open and four wait."""
    hall = simple_hall(folder, time="17:30")
    hall.play("open 1 staff=C1", "queue A A A A")
    return hall


pytestmark = pytest.mark.hall(make=left_open)


def read(hall: Hall, who: Actor = CONSOLE, *, since: datetime | None = None, was_set: bool = False) -> Ask:
    """Return what is asked by this PC's clock, of which a process has seen nothing before `since`, or before now."""
    now = hall.clock().astimezone(UTC)
    return Ask(who, now, reading=ClockReliability(since or now, was_set))


def refusal_of(work: Any, *args: Any, **words: Any) -> RuleError:
    with pytest.raises(RuleError) as told:
        work(*args, **words)
    return told.value


def next_morning(hall: Hall, **more: float) -> None:
    hall.clock.now = at("10:42") + timedelta(days=1) + timedelta(**more)


def test_nobody_is_sent_away_by_a_clock_that_nobody_saw_pass(hall: Hall) -> None:
    next_morning(hall)
    before = hall.last().seq
    trouble = refusal_of(issuing.issue_ticket, hall.desk, read(hall), "A")
    assert trouble.code == "clock_ahead"
    assert error_sentence(trouble, "en") == (
        "The hall was left open on Fri 20 Nov with 4 waiting. Is it Sat 21 Nov, 10:42?"
        " A member of staff has to confirm this first."
    )
    assert error_sentence(trouble, "zh_CN") == (
        "11月20日 周五本厅没有关闭，还有 4 人等候。现在是11月21日 周六 10:42 吗？请先由工作人员确认。"
    )
    for deed in (clocks.end_due, clocks.end_today):
        assert refusal_of(deed, hall.desk, read(hall, HALL)).code == "clock_ahead", "day-end obeys the same rule"
    assert hall.last().seq == before
    assert [hall.ticket(one, at("9:00").date()).state for one in ("A001", "A004")] == [TicketState.WAITING] * 2
    assert hall.issue("A") == "A001", "what is stated is taken at its word"


@pytest.mark.parametrize("witness", ["a station that saw the night pass", "signs of life through the night"])
def test_a_night_that_somebody_saw_pass_asks_nobody(hall: Hall, witness: str) -> None:
    """A station ends the day by itself; a display that was up all night answers for a command of the morning."""
    since = hall.clock().astimezone(UTC)
    if witness.startswith("signs"):
        devices.record_station_start(hall.desk, read(hall, since=since), "display", "display")
        next_morning(hall, minutes=-3)
        devices.record_sign_of_life(hall.desk, read(hall, was_set=True), "display", "display")
        told = refusal_of(issuing.issue_ticket, hall.desk, read(hall), "A")
        assert told.code == "clock_ahead", "a clock that was put on is no witness"
        next_morning(hall, minutes=-2)
        devices.record_sign_of_life(hall.desk, read(hall, since=since), "display", "display")
        next_morning(hall)
        assert issuing.issue_ticket(hall.desk, read(hall), "A")["ticket"] == "A001"
    else:
        next_morning(hall)
        clocks.end_due(hall.desk, read(hall, HALL, since=since))
        assert hall.last().kind == "day-end"


@pytest.mark.parametrize("holidays", [0, 9])
def test_an_ordinary_morning_and_one_after_holidays_that_the_calendar_knows_ask_nobody(tmp_path: Path, holidays: int):
    """Nine days of holidays and the weekend around them: the first ticket afterwards asks nobody."""
    days = {f"2026-11-{21 + n}": {"kind": "holiday"} for n in range(holidays)}
    hall = simple_hall(tmp_path, time="17:30", calendar=days)
    hall.play("issue A", "day-end")
    next_morning(hall, days=holidays)
    assert issuing.issue_ticket(hall.desk, read(hall), "A")["ticket"] == "A001"


def test_what_is_asked_of_whoever_is_there(hall: Hall) -> None:
    def asked(*, was_set: bool = False) -> str | None:
        found = clocks.time_doubt_to_settle(hall.desk, read(hall, was_set=was_set))
        return found and clock_question_text(found, "en")

    evening = hall.clock()
    hall.clock.move(hours=5)
    assert asked() is None, "nobody watched: it may have been so"
    put_on = "The clock of this PC was put forward; the hall last did something at 17:30. Is it Fri 20 Nov, 22:30?"
    assert asked(was_set=True) == put_on
    next_morning(hall, days=365)
    left_open = "The hall was left open on 20 November 2026 with 4 waiting. Is it 21 November 2027, 10:42?"
    assert asked() == left_open
    hall.clock.now = evening
    hall.play("leave A001", "leave A002", "leave A003", "leave A004")
    next_morning(hall)
    assert asked() == "The hall was left open on Fri 20 Nov with 1 open window. Is it Sat 21 Nov, 10:42?"


def test_one_press_confirms_the_time_that_was_seen_and_the_morning_begins(hall: Hall) -> None:
    """The clock may be set right, or wrong, while the question stands."""
    next_morning(hall)
    asked = clocks.time_doubt_to_settle(hall.desk, read(hall))
    next_morning(hall, days=365)
    assert refusal_of(clocks.confirm_time, hall.desk, read(hall, GUIDE), asked.now).code == "clock_ahead"
    next_morning(hall, minutes=2)  # until somebody reads it
    clocks.confirm_time(hall.desk, read(hall, GUIDE), asked.now)
    assert [(e.kind, e.actor) for e in hall.log()[-2:]] == [("day-end", "hall"), ("clock", "G1")]
    assert hall.last().data["was"] == "2026-11-20T09:30:00.000000+00:00"
    assert issuing.issue_ticket(hall.desk, read(hall), "A")["ticket"] == "A001"
    assert clocks.time_doubt_to_settle(hall.desk, read(hall)) is None
    assert refusal_of(clocks.confirm_time, hall.desk, read(hall, GUIDE)).code == "nothing_to_confirm"
    hall.must_follow_from_its_log()


@pytest.mark.parametrize("minutes", [1, 2, 14])
def test_midnight_between_two_pcs_is_not_asked_about(tmp_path: Path, minutes: int) -> None:
    """A few minutes that nobody saw, or by which clocks differ, are nobody's question: the date turns early."""
    hall = simple_hall(tmp_path, time="23:50")
    hall.play("issue A", 9)
    issuing.issue_ticket(hall.desk, read(hall), "A")
    hall.clock.move(minutes=minutes)
    assert issuing.issue_ticket(hall.desk, read(hall), "A")["ticket"] == "A001"
    hall.clock.move(minutes=-minutes)  # the other PC, whose clock is right
    issuing.issue_ticket(hall.desk, read(hall), "A")
    assert (hall.last().ticket, hall.last().data["date"]) == ("A002", "2026-11-21")
    assert hall.last().data.get("skew_s") == minutes * 60
    hall.must_follow_from_its_log()


@pytest.mark.parametrize("days", [3, 5, 21, 365, 27_000])
def test_a_hall_that_stood_still_for_long_asks_a_manager_once(tmp_path: Path, days: int) -> None:
    """After three weeks of holidays it is one press; a clock in 2100 moves nothing until somebody says so."""
    hall = simple_hall(tmp_path, time="17:30")
    clocks.end_today(hall.desk, hall.ask())
    next_morning(hall, days=days)
    if days == 3:
        issuing.issue_ticket(hall.desk, read(hall), "A")
        return
    assert refusal_of(issuing.issue_ticket, hall.desk, read(hall), "A").code == "clock_ahead"
    assert refusal_of(clocks.confirm_time, hall.desk, read(hall, GUIDE)).code == "not_your_role"
    clocks.confirm_time(hall.desk, read(hall, MANAGER))
    assert issuing.issue_ticket(hall.desk, read(hall), "A")["ticket"] == "A001"


BERLIN = {**simple_setup()["hall"], "timezone": "Europe/Berlin"}


@pytest.mark.parametrize(
    ("evening", "morning", "turns"),
    [
        ("2026-03-28T23:55", "2026-03-29T03:35", ["2026-03-29T01:30"]),  # 2:00 is 3:00
        ("2026-10-24T23:55", "2026-10-25T02:05", []),  # 3:00 is 2:00 again
        ("2026-10-24T23:55", "2026-10-25T03:05", ["2026-10-25T00:30"]),
        ("2028-02-28T23:55", "2028-02-29T03:35", ["2028-02-29T01:30"]),
        ("2028-02-29T23:55", "2028-03-01T03:35", ["2028-03-01T01:30"]),
    ],
)
def test_daylight_saving_and_a_leap_day_are_no_leap_of_a_clock(tmp_path, evening, morning, turns) -> None:
    zone = ZoneInfo("Europe/Berlin")
    first, then = (datetime.fromisoformat(text).replace(tzinfo=zone) for text in (evening, morning))
    hall = simple_hall(tmp_path, start=first, hall=BERLIN, settings={"day_end": "02:30"})
    hall.issue("A")
    start = hall.clock().astimezone(UTC)
    hall.clock.now = then
    issuing.issue_ticket(hall.desk, read(hall, since=start), "A")
    turned = then.date() if then.hour >= 3 else first.date()
    assert hall.last().data["date"] == turned.isoformat()
    assert [f"{e.time.astimezone(UTC):%Y-%m-%dT%H:%M}" for e in hall.log() if e.kind == "day-end"] == turns
    assert "skew_s" not in hall.last().data
    hall.must_follow_from_its_log()


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(-7, ("the PC's clock was 7 min behind the log", "这台电脑的时钟比记录慢了 7 分钟")), (-1, ("", ""))],
)
def test_a_story_says_which_step_was_noted_by_a_wrong_clock(hall: Hall, minutes: int, words: tuple[str, str]) -> None:
    hall.clock.move(minutes=minutes)
    hall.call("1")
    for lang, expected in zip(("en", "zh_CN"), words, strict=True):
        told = story_of(hall, "A001", lang)[-1]
        assert told.endswith(expected)
        assert ("clock" in told) == (bool(expected) and lang == "en")


class Watch:
    """A PC's clock and the time that passes, moved by hand."""

    def __init__(self) -> None:
        self.now, self.passed_s = at("9:00"), 100.0
        self.clock = JumpDetectingClock(lambda: self.now, lambda: self.passed_s)

    def pass_by(self, *, clock_s: float, **span: float) -> ClockReliability:
        self.now += timedelta(seconds=clock_s)
        self.passed_s += timedelta(**span).total_seconds()
        self.clock()
        return self.clock.last_reliability()


def test_a_clock_is_witnessed_from_its_start_or_from_when_it_was_set() -> None:
    watch = Watch()
    for _hour in range(24):
        reading = watch.pass_by(clock_s=3601, hours=1)
    assert reading == ClockReliability(at("9:00"), False)
    for leap_s in (86_400, 120, -120, -86_400 * 365):
        watch = Watch()
        watch.pass_by(clock_s=30, seconds=30)
        reading = watch.pass_by(clock_s=30 + leap_s, seconds=30)
        assert reading == ClockReliability(at("9:01") + timedelta(seconds=leap_s), True)
        assert watch.pass_by(clock_s=3600, hours=1) == reading


TODAY, TOMORROW = date(2026, 11, 20), date(2026, 11, 21)


def a_day_ahead(folder: Path) -> Hall:
    """Friday's clock is a day ahead: two are served under Saturday's date, one of them rated, and three wait."""
    hall = simple_hall(folder, time="16:00", start=at("16:00") - timedelta(days=1))
    hall.play("open 1 staff=C1", "queue A", "serve-out 1", "day-end")
    hall.clock.now = at("9:00") + timedelta(days=1)
    hall.play("open 1 staff=C1", "queue A A A A B", "serve-out 1")
    hall.do("rate", "A001", 5)
    hall.play("serve-out 1", "9:30")
    return hall


def correct_log_ahead(hall: Hall, **words: Any) -> dict[str, Any]:
    return clocks.correct_log_time(hall.desk, hall.ask(MANAGER), **words)


def out_of(hall: Hall, day: date) -> dict[str, int]:
    figures = read_day_report(hall.desk, day, hall.clock()).figures
    return {one["what"]: one["n"] for one in figures["left_out"]} | {"issued": figures["issued"]}


@pytest.mark.hall(make=a_day_ahead)
@ON_BOTH_ENGINES
def test_a_morning_that_was_a_day_ahead_goes_on_on_the_true_day_and_the_wrong_date_is_counted_nowhere(hall: Hall):
    seen = clocks.preview_log_time_correction(hall.desk, hall.ask(MANAGER))
    before = hall.last().seq
    ask = Ask(MANAGER, hall.clock(), command="c-1", words="clock set-right")
    told = clocks.correct_log_time(hall.desk, ask)
    assert told == seen == clocks.correct_log_time(hall.desk, ask), "an id that is repeated sets nothing right twice"
    assert (told["tickets"], told["ratings"], told["waiting"], told["windows"]) == (5, 1, 3, 1)
    assert (told["date"], told["dates"]) == ("2026-11-20", ["2026-11-21"])
    assert [e.kind for e in hall.log(before)] == ["day-end", "set-right"]
    assert (hall.last().at, hall.last().actor) == (at("9:30"), "M1")
    assert hall.ticket("A001", TODAY - timedelta(days=1)).state is TicketState.FINISHED
    hall.must_follow_from_its_log()
    assert hall.issue("A") == "A005", "no number twice: people have A001 to A004 in their hands"
    assert hall.last().data["date"] == "2026-11-20"
    assert hall.last().at == at("9:30")
    hall.play("open 1 staff=C1", "serve-out 1")
    assert out_of(hall, TODAY) == {"issued": 1, "wrong_time": 5, "unrated": 1}
    assert out_of(hall, TOMORROW) == {"issued": 0}
    with hall.desk.db.read() as tx:
        found = log_dates.logged_dates(tx, hall.desk.hall, {"issue", "call", "finish"}, ())
        assert not log_dates.was_day_ended(tx, hall.desk.hall, TOMORROW)
        setup, week = looking.setup_of_hall(hall.desk), timedelta(days=9)
        taught = sharing.observations_by_date(tx, hall.desk.hall, setup, TODAY - week, TOMORROW + week)
    assert set(found) == set(taught) == {TODAY - timedelta(days=1), TODAY}
    assert "A003" in {event.ticket for event in hall.log()}, "the log keeps what happened"
    hall.must_follow_from_its_log()


@pytest.mark.hall(make=a_day_ahead)
@pytest.mark.parametrize("before", [[], ["issue A"]], ids=["nobody came before", "somebody came before"])
def test_when_the_wrong_date_truly_comes_its_numbers_go_on(hall: Hall, before: list[str]) -> None:
    correct_log_ahead(hall)
    hall.play(*before, "day-end", "33:00", "open 1 staff=C1")
    assert hall.issue("A") == "A005"
    hall.serve_out("1")
    assert out_of(hall, TOMORROW) == {"issued": 1, "unrated": 1}
    hall.must_follow_from_its_log()


def test_one_command_in_2100_does_not_leave_the_hall_there(tmp_path: Path) -> None:
    hall = simple_hall(tmp_path)
    hall.play("open 1 staff=C1", "queue A A")
    hall.clock.now = at("9:10").replace(year=2100)
    hall.play("issue A", "9:15", "issue A")
    assert hall.last().data["date"] == "2100-11-20"
    correct_log_ahead(hall)
    assert hall.issue("A") == "A003"
    assert hall.last().data["date"] == "2026-11-20"
    assert out_of(hall, TODAY)["issued"] == 3
    whole = hall.whole()
    ended = [one.closed for one in whole.shifts.values()] + [one.current_leg.ended for one in whole.tickets.values()]
    assert [time for time in ended if time is not None] == [at("9:15")] * 3, "not at midnight, which had not come"
    hall.must_follow_from_its_log()


def test_on_the_same_date_what_a_clock_hours_ahead_told_of_a_customer_is_in_no_mean(tmp_path: Path) -> None:
    hall = simple_hall(tmp_path)
    hall.open("1", "C1")
    hall.queue("A", "A", minutes_apart=1)
    hall.play(300, "serve-out 1", "issue A", "9:30")
    told = correct_log_ahead(hall)
    assert (told["tickets"], told["date"]) == (1, "2026-11-20")
    flags = {label: hall.ticket(label).flags for label in ("A001", "A002")}
    assert ["inaccurate" in flags[label] for label in ("A001", "A002")] == [True, True]
    assert read_day_report(hall.desk, TODAY, hall.clock()).figures["wait"]["n"] == 0
    hall.must_follow_from_its_log()


@ON_BOTH_ENGINES
def test_a_device_that_went_down_meanwhile_is_down_since_now_and_a_rebuild_leaves_later_signs_of_life(tmp_path: Path):
    hall = simple_hall(tmp_path)
    hall.issue("A")
    hall.clock.now = at("9:10").replace(year=2100)
    devices.record_station_start(hall.desk, hall.ask(), "display", "display")
    devices.record_device_state(hall.desk, hall.ask(), "printer", "K1", "paper")
    hall.clock.now = at("9:15")

    correct_log_ahead(hall)

    whole = hall.whole()
    assert {one.since for one in whole.devices.values()} == {at("9:15")}
    assert [(one.start, one.end) for one in whole.outages.values()] == [(at("9:15"), None)]
    devices.record_device_state(hall.desk, hall.ask(), "printer", "K1", None)
    hall.must_follow_from_its_log()
    hall.clock.now = at("9:20")
    devices.record_station_start(hall.desk, hall.ask(), "display", "display")

    with hall.desk.db.write(1) as tx:
        before = sharing.last_signs_by_station(tx, 1)
        book.rebuild_from_log_and_give_faults(tx, 1)
        assert sharing.last_signs_by_station(tx, 1) == before != {}


@pytest.mark.hall(make=a_day_ahead)
def test_a_clock_that_is_behind_takes_nothing_out(hall: Hall) -> None:
    """It is the clock that has to be set right. Nor is a hall set right whose log is not ahead."""
    before, now = hall.last().seq, hall.clock()
    hall.clock.now = at("9:00") - timedelta(days=400)
    assert refusal_of(correct_log_ahead, hall).code == "no_leap"
    assert refusal_of(clocks.preview_log_time_correction, hall.desk, hall.ask(MANAGER)).code == "no_leap"
    hall.clock.now = now
    assert refusal_of(clocks.preview_log_time_correction, hall.desk, hall.ask(clerk("C1"))).code == "not_your_role"
    assert refusal_of(correct_log_ahead, hall, first=2).code == "no_leap"
    assert hall.last().seq == before
    correct_log_ahead(hall)
    assert refusal_of(correct_log_ahead, hall).code == "log_not_ahead"


ENDS: dict[str, tuple[str, set[str]]] = {
    **dict.fromkeys(["A001", "A002"], ("finished", set())),
    **dict.fromkeys(["A003", "A005"], ("finished", {"inaccurate", "day_end"})),
    **dict.fromkeys(["A004", "A006"], ("left", {"no_show", "day_end"})),
    **dict.fromkeys(["A009", "A010", "B001"], ("left", {"day_end"})),
    "A007": ("left", set()),
    "A008": ("void", set()),
}


def ends(hall: Hall) -> dict[str, tuple[str, set[str]]]:
    found = {label: hall.ticket(label, TODAY) for label in STATES}
    return {label: (str(t.state), set(t.flags) - {"start_assumed"}) for label, t in found.items()}


def all_closed(hall: Hall) -> bool:
    whole = hall.whole()
    return all(one.state == "closed" for one in whole.windows.values()) and all(s.closed for s in whole.shifts.values())


@ON_BOTH_ENGINES
def test_by_command_every_ticket_ends_and_every_window_closes(tmp_path: Path) -> None:
    """What is issued after the command belongs to the same date."""
    hall = stage(tmp_path)
    hall.do("sign-in", "guide", "G1")
    told = hall.do("day-end", who=MANAGER)
    assert told == {"date": "2026-11-20", "waiting": 3, "gone": 2, "finished": 2, "windows": 5}
    assert ends(hall) == ENDS
    assert all_closed(hall)
    assert hall.whole().signed_in == {}
    ended = [label for label, (_state, flags) in ENDS.items() if "day_end" in flags]
    assert {hall.ticket(label).current_leg.end for label in ended} == {"day-end"}
    assert [hall.ticket(label).current_leg.inaccurate for label in ("A003", "A005", "A009")] == [True, True, False]
    hall.must_follow_from_its_log()
    seq = hall.last().seq
    assert hall.issue("A") == "A011"
    assert hall.last().data["date"] == "2026-11-20"
    assert hall.do("day-end")["waiting"] == 1
    assert hall.do("day-end") == {"date": "2026-11-20", "waiting": 0, "gone": 0, "finished": 0, "windows": 0}
    assert [e.kind for e in hall.log(seq)] == ["issue", "day-end"]


def test_it_runs_by_itself_before_the_first_write_after_the_turn_once_for_silent_days_and_as_a_chore(tmp_path: Path):
    hall = stage(tmp_path)
    seq = hall.last().seq
    hall.clock.now = at("8:00") + timedelta(days=1)
    with refused(hall, "window_closed"):  # by the day-end, which is undone with the refusal
        hall.do("call", "1")
    hall.issue("A")
    ended, issued = hall.log(seq)
    assert (ended.kind, ended.actor, ended.command, ended.data["date"]) == ("day-end", "hall", None, "2026-11-20")
    assert (ended.at, ended.time) == (hall.clock(), at("24:00"))
    assert (issued.ticket, issued.data["date"]) == ("A001", "2026-11-21")
    assert ends(hall) == ENDS
    assert all_closed(hall)
    assert hall.ticket("A003", TODAY).current_leg.finished == at("24:00")
    hall.must_follow_from_its_log()
    hall.clock.move(days=7)
    hall.issue("A")
    days = [(e.kind, e.data["date"]) for e in hall.log(issued.seq)]
    assert days == [("day-end", "2026-11-21"), ("issue", "2026-11-28")]
    seq = hall.last().seq
    for second, told in ((-1, []), (0, ["day-end"]), (0, ["day-end"])):
        hall.clock.now = at("24:00") + timedelta(days=8, seconds=second)
        hall.do("end-due")
        assert [e.kind for e in hall.log(seq)] == told, "the second chore finds nothing to do"


def test_after_a_rating_of_yesterday_today_goes_on(tmp_path: Path) -> None:
    """The rating belongs to yesterday's date; it must not make it the hall's, or the next write would end today."""
    hall = stage(tmp_path, settings={"rating_days": 1})
    hall.clock.now = at("9:00") + timedelta(days=1)
    hall.play("open 1 staff=C1", "issue A")
    hall.do("rate", "A002", 5, day=TODAY, who=CUSTOMER)
    hall.issue("A")
    assert hall.last().kind == "issue"
    assert hall.call("1") == "A001"


@pytest.mark.parametrize("overnight", ["close", "early_place"])
def test_who_was_still_waiting_has_an_early_place_if_the_hall_says_so(tmp_path: Path, overnight: str) -> None:
    hall = stage(tmp_path, settings={"overnight": overnight})
    hall.clock.now = at("8:30") + timedelta(days=1)
    first = hall.issue("A")
    hall.clock.move(minutes=5)
    back = hall.issue("A", return_of=("A009", TODAY))
    waiting = sorted((t for t in hall.whole().tickets.values() if t.state == "waiting"), key=BY_CREDIT.ticket_sort_key)
    early = overnight == "early_place"
    assert ("deferred" in hall.ticket("A009", TODAY).flags) is early
    assert [t.label for t in waiting] == ([back, first] if early else [first, back])
    assert hall.ticket(back).place == (at("9:08") if early else hall.clock())
    assert ("early_place" in hall.ticket(back).flags) is early
    assert (hall.ticket(back).arrived, hall.ticket(back).return_of) == (hall.clock(), "A009@2026-11-20")
    hall.must_follow_from_its_log()


@pytest.mark.parametrize(("days", "early"), [(0, False), (1, False), (3, True), (4, False)])
def test_an_early_place_is_kept_for_the_next_open_day(tmp_path: Path, days: int, early: bool) -> None:
    """From a Friday to Monday, where the service is closed at weekends."""
    services = simple_setup()["services"]
    for row in services[:2]:
        row["hours"] = [{"days": "1-5", "from": "0:00", "to": "24:00"}]
    hall = simple_hall(tmp_path, settings={"overnight": "early_place"}, services=services)
    label = hall.issue("A")
    hall.clock.move(minutes=5)
    hall.do("defer", label)
    left = hall.ticket(label)
    assert (left.state, left.flags, left.current_leg.end) == ("left", {"deferred"}, "defer")
    hall.clock.move(days=days)
    back = hall.issue("C" if days == 1 else "A", return_of=(label, TODAY))
    assert (hall.ticket(back).place == at("9:00")) is early


def test_numbers_begin_anew_and_the_first_jump_of_a_date_is_free(tmp_path: Path) -> None:
    hall = simple_hall(tmp_path)
    hall.play("open 1 staff=C1", "issue A klass=elderly", "serve-out 1")
    assert hall.whole().now.normal_calls == 0
    hall.clock.move(days=1)
    hall.play("open 1 staff=C1", "issue A", 5)
    assert hall.issue("A", klass="elderly") == "A002"
    assert hall.call("1") == "A002"
    assert hall.last().data["jump"] is True
