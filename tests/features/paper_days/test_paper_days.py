"""Days kept on paper: put in afterwards by the same rules, whole or not at all, whatever a file holds; forms on A4."""

import random
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from queuedesk.core.errors import OutsideError, QueueDeskError, RuleError
from queuedesk.core.figures.measures.document import day_figures
from queuedesk.core.log.event import Event
from queuedesk.core.queue.ticket import TicketState
from queuedesk.core.setup.file import check_and_read_setup
from queuedesk.core.talk.display import LatestWindowCalls
from queuedesk.desk import looking
from queuedesk.desk.change import Desk
from queuedesk.desk.upkeep import maintenance
from queuedesk.features.paper_days import papers
from queuedesk.features.paper_days import verbs as paper
from queuedesk.features.paper_days.words import actions_by_word
from queuedesk.i18n import error_sentence
from queuedesk.stations.window.context import HallFeed
from queuedesk.store.engine.database import Database
from tests import whole_halls
from tests.hall import ADMIN, CONSOLE, MANAGER, Hall, preset, simple_hall
from tests.reports.read_back import pages_of

HEADER = "time,action,ticket,service,window,staff,class,value,reason"
TODAY = date(2026, 11, 20)
YESTERDAY = TODAY - timedelta(days=1)
DAY = """
09:00:00,issue,A801,A,,,elderly,,
09:01:00,issue,A802,A,,G1,,,
09:02:00,issue,B801,B,,,,,
09:05:00,call,A801,,2,C2,,,
09:06:00,start,A801,,2,,,,
09:10:00,finish,A801,,2,C2,,paid,
09:10:30,rate,A801,,,,,5,
09:11:00,call,A802,,2,,,,
09:12:00,recall,,,2,,,,
09:13:00,miss,,,2,,,,
09:14:00,call,B801,,2,,,,
09:15:00,start,,,2,,,,
09:20:00,transfer,,A,2,,,end,
09:21:00,pause,,,2,,,,tea
09:31:00,resume,,,2,,,,
09:32:00,not-ready,,C,,,,,
09:33:00,serve,C801,C,3,C3,,,no ticket
09:40:00,finish,C801,,3,,,,
"""


def busy_hall(folder: Path) -> Hall:
    """Return a hall at eleven: C1 serves A001 at window 1, A002 and A003 wait, C4 is at window 3, G1 at the door."""
    hall = simple_hall(folder, time="10:00")
    hall.play("sign-in guide G1", "open 1 staff=C1", "open 3 staff=C4")
    hall.queue("A", "A", "A", minutes_apart=5)
    hall.play("call 1", "start 1", 45)
    return hall


def calendar_day_text(rows: str, day: date = YESTERDAY) -> str:
    """Return a file's text: each row begins with its time of day."""
    lines = [line.strip() for line in rows.strip().splitlines()]
    return "\n".join([HEADER, *(f"{day}T{line}" for line in lines)]) + "\n"


def checked(hall: Hall, text: str) -> paper.CheckedPaperDay:
    file = hall.path.with_name("paper.csv")
    file.write_text(text, encoding="utf-8")
    return paper.check_paper_file(hall.desk, file, hall.clock(), actions_by_word())


def put(hall: Hall, text: str) -> dict:
    return paper.enter_paper_day(hall.desk, hall.ask(MANAGER), checked(hall, text))


pytestmark = pytest.mark.hall(make=busy_hall)


def test_each_row_says_when_it_happened_and_was_put_in_nothing_that_lives_is_touched_and_it_is_rated_later(hall):
    hall.do("set-setting", "opening_checks", "on", who=ADMIN)
    before = hall.whole()
    put(hall, calendar_day_text(DAY))
    enter, *rows = hall.log(before.now.seq)
    after = hall.whole()
    assert (enter.kind, enter.actor, enter.ticket, enter.date) == ("enter", "M1", None, YESTERDAY)
    assert {event.at for event in rows} == {hall.clock().astimezone(enter.at.tzinfo)}
    assert all(event.data["paper"] is True and event.date == YESTERDAY and event.actor == "M1" for event in rows)
    assert rows[0].time.astimezone(hall.clock().tzinfo).isoformat() == "2026-11-19T09:00:00+08:00"
    assert [e.time for e in rows] == sorted(e.time for e in rows)
    # Of paper nobody is told a wait, and nobody looked at the equipment first.
    assert not any(key in e.data for e in rows for key in ("promise", "normal", "missing"))
    assert after.windows == before.windows and after.signed_in == before.signed_in
    assert after.series == before.series and after.calls == before.calls
    for name in ("date", "normal_calls", "calls_date"):
        assert getattr(after.now, name) == getattr(before.now, name), name
    assert {id: t for id, t in after.tickets.items() if id[0] == TODAY} == before.tickets
    # Windows of that day are open from the first row to the last.
    shifts = [s for id, s in after.shifts.items() if id not in before.shifts]
    clock = hall.clock().tzinfo
    spans = [(s.window, s.staff, *(f"{at.astimezone(clock):%H:%M}" for at in (s.opened, s.closed))) for s in shifts]
    assert spans == [("2", "C2", "09:05", "09:31"), ("3", "C3", "09:33", "09:40")]
    assert {s.date for s in shifts} == {YESTERDAY}
    assert [(p.reason, (p.end - p.start).total_seconds()) for p in shifts[0].pauses] == [("tea", 600)]
    # The figures of that date include it.
    figures = day_figures(looking.hall_state_on(hall.desk, YESTERDAY), YESTERDAY, hall.clock(), [enter, *rows])
    assert (figures["issued"], figures["called"], figures["finished"], figures["left"]) == (4, 4, 2, 2)
    assert [figures["windows"][1][name] for name in ("open_minutes", "paused_minutes")] == [26.0, 10.0]
    assert figures["ratings"]["levels"]["5"] == 1
    assert figures["not_ready"] == {"n": 1, "by_service": {"C": 1}}
    assert figures["promise"]["n"] == 0
    assert {"what": "paper_unpromised", "n": 4, "why": "no_wait_was_told"} in figures["left_out"]
    hall.do("set-setting", "rating_days", 3)
    hall.do("rate", "C801", 4, day=YESTERDAY, who=CONSOLE)
    assert hall.ticket("C801", YESTERDAY).rating == 4
    hall.must_follow_from_its_log()


def test_a_date_with_live_tickets_takes_paper_too(hall):
    hall.do("day-end")
    hall.clock.move(days=1)
    hall.issue("A")
    put(hall, calendar_day_text("15:00,issue,A801,A,,,,,\n15:05,call,A801,,2,C2,,,\n15:09,finish,A801,,2,,,,", TODAY))
    assert hall.ticket("A801", TODAY).state is TicketState.FINISHED
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


def test_a_reinstated_ticket_keeps_its_place_between_others(hall, tmp_path):
    """The place that a late-comer got in the paper's own hall is the same place here."""
    more = "return,A802,,3,,,,x call,A802,,3,,,,x miss,A802,,3,,,, reinstate,A802,,,,,, postpone,A803,,,,,,"
    later = [f"10:{minute},{row}" for minute, row in enumerate(more.split(), start=30)]
    (tmp_path / "alone").mkdir()
    alone = simple_hall(tmp_path / "alone", time="12:00")
    orders = []
    for one in (hall, alone):
        put(one, calendar_day_text("\n".join([NOW_OPEN.strip(), *later]), TODAY))
        waiting = [ticket for ticket in looking.hall_state_on(one.desk, TODAY).waiting_tickets() if ticket.is_paper]
        orders.append([ticket.label for ticket in sorted(waiting, key=lambda ticket: ticket.place_and_turn)])
    assert orders[0] == orders[1] != []
    hall.must_follow_from_its_log()


def test_what_changed_between_check_and_enter_is_refused_and_after_midnight_nobody_is_left_waiting(hall):
    file = checked(hall, calendar_day_text("10:20,issue,A004,A,,,,,", TODAY))
    hall.issue("A")
    before = hall.whole()
    with pytest.raises(RuleError) as refused:
        paper.enter_paper_day(hall.desk, hall.ask(MANAGER), file)
    assert [(line, e.code) for line, e in refused.value.details["lines"]] == [(2, "already_given")]
    assert hall.whole() == before
    file = checked(hall, calendar_day_text(NOW_OPEN, TODAY))
    hall.clock.move(days=1)
    told = paper.enter_paper_day(hall.desk, hall.ask(), file)
    assert told["waiting"] == told["parked"] == []
    assert str(hall.ticket("A803", TODAY).state) == "left"
    assert hall.whole().waiting_tickets() == []
    hall.must_follow_from_its_log()


# -- stations that are open while a paper day or another database's log comes in ---------------------------------------
@pytest.fixture
def feed(hall):
    feed = HallFeed(hall.desk, hall.clock)
    feed.start()
    yield feed
    feed.stop()


def caught_up(hall, feed, qtbot):
    last = hall.last().seq
    qtbot.waitUntil(lambda: feed.state.now.seq >= last)


@pytest.mark.parametrize("today", [True, False])
def test_a_station_that_follows_comes_to_what_the_tables_hold_and_calls_nobody(hall, feed, qtbot, today):
    heard: list[Event] = []
    feed.changed.connect(heard.extend)
    rows = LatestWindowCalls()
    rows.rebuild_from_state(feed.state)
    feed.changed.connect(lambda events: rows.apply_events_and_list_calls(events, hall.clock(), feed.state))
    before = rows.large_and_earlier_rows(5, hall.clock())
    told = put(hall, calendar_day_text(NOW_OPEN, TODAY) if today else calendar_day_text(DAY))
    caught_up(hall, feed, qtbot)
    assert heard == []
    assert rows.large_and_earlier_rows(5, hall.clock()) == before
    feed.state.overtakes.sort(key=lambda o: (o.seq, o.label))
    assert whole_halls.differences(looking.hall_state_now(hall.desk, hall.clock()), feed.state) == []
    assert {one.label for one in feed.state.waiting_tickets()} == {"A002", "A003", *told["waiting"]}
    assert bool(told["waiting"]) is today
    fresh = LatestWindowCalls()
    fresh.rebuild_from_state(feed.state)
    assert [
        row.label for row in fresh.large_and_earlier_rows(5, hall.clock())[0] if row.label not in told["parked"]
    ] == ["A001"]
    hall.issue("A")
    caught_up(hall, feed, qtbot)
    assert [event.kind for event in heard] == ["issue"]


def test_a_station_goes_on_with_what_was_merged(hall, qtbot, tmp_path):
    office, ask = tmp_path / "office.sqlite", hall.ask()
    log = maintenance.export_hall_log(hall.desk, CONSOLE, tmp_path / "log", hall.clock())
    maintenance.merge_exported_log(log, office, ask)
    copy = Hall(Desk(Database.open(office), 1), hall.clock, office)
    feed = HallFeed(copy.desk, hall.clock)
    feed.start()
    try:
        hall.play("finish 1", "issue B")
        log = maintenance.export_hall_log(hall.desk, CONSOLE, tmp_path / "log", hall.clock())
        maintenance.merge_exported_log(log, office, ask)
        caught_up(copy, feed, qtbot)
        assert whole_halls.differences(looking.hall_state_now(hall.desk, hall.clock()), feed.state) == []
        copy.must_follow_from_its_log()
    finally:
        feed.stop()
        copy.desk.db.dispose()


# -- whatever stands in a file: it goes in whole, or one refusal that can be said, and nothing changed -----------------
SIGNS = "A801 A1 A B 1 2 C2 C9 5 =1+1 @x ０９ '"
DEEDS = "issue call start finish recall miss leave rate open close day-end sign-in redirect add park unpark serve"
MOMENTS = "2026-11-19T08:00,2026-11-19 8:01,2026/11/19 08:02:03,2026-11-19T08:03:00Z,x,9999-12-31T23:59"
CELLS = st.one_of(st.sampled_from([*SIGNS.split(), "", "x" * 1200, "\u3000"]), st.text(max_size=12))
ACTIONS = st.sampled_from(["", *DEEDS.split()])
TIMES = st.sampled_from(["", *MOMENTS.split(","), "0001-01-01T00:00"])
ROWS = st.lists(st.tuples(TIMES, ACTIONS, CELLS, CELLS, CELLS, CELLS, CELLS, CELLS, CELLS), max_size=8)


@pytest.fixture(scope="module")
def still(tmp_path_factory: pytest.TempPathFactory) -> Hall:
    return simple_hall(tmp_path_factory.mktemp("still"), time="11:00")


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(rows=ROWS, junk=st.binary(max_size=40), seed=st.integers(0, 9))
def test_any_file_is_taken_or_refused_in_words(still, rows, junk, seed):
    file = still.path.with_name("fuzz.csv")
    text = "\n".join([HEADER, *(",".join(f'"{cell}"' if "\n" not in cell else cell for cell in row) for row in rows)])
    content = text.encode("utf-8", "surrogatepass")
    if seed == 0:
        content = random.Random(len(junk)).randbytes(5) + junk + content
    file.write_bytes(content)
    before = still.log()
    try:
        paper.check_paper_file(still.desk, file, still.clock(), actions_by_word())
    except QueueDeskError as error:
        assert isinstance(error, RuleError | OutsideError)
        assert error_sentence(error, "en") and error_sentence(error, "zh_CN")
    assert still.log() == before


# -- numbered tickets and forms on A4: every number once, in both languages, within the page ---------------------------
@pytest.mark.parametrize(
    ("lang", "words"), [("en", ["Time", "Window", "Calls on paper"]), ("zh_CN", ["时间", "窗口", "纸上叫号记录"])]
)
def test_every_number_stands_on_one_ticket_with_its_service(lang, words):
    setup = check_and_read_setup(preset("power"))
    service = setup.services["B"]
    chosen = papers.paper_ticket_number_range(service, 50)
    found = pages_of(papers.paper_tickets_pdf(setup, service, chosen, lang, datetime(2026, 11, 20, 3, 0, tzinfo=UTC)))
    tickets, forms = found[:3], found[3:]
    assert len(forms) == 3
    said = "\n".join(tickets)
    assert all(said.count(f"B{number:03d}") == 1 for number in chosen)
    assert said.count(service.name_en if lang == "en" else service.name) == 50
    assert [text.count(words[0]) for text in tickets] == [24, 24, 2]
    assert words[1] in tickets[0] and all(words[2] in form for form in forms)


def test_the_numbers_are_the_last_hundred_of_the_series_or_all_of_a_short_one():
    service = check_and_read_setup(preset("power")).services["A"]
    assert [service.last - n for n in papers.paper_ticket_number_range(service, 3)] == [99, 98, 97]
    assert papers.paper_ticket_number_range(service, 150)[-1] == service.last
    assert list(papers.paper_ticket_number_range(service, 2, 7)) == [7, 8]
    rows = [{**row, "first": 10, "last": 40} for row in preset("power")["services"]]
    service = check_and_read_setup(preset("power", services=rows)).services["A"]
    assert list(papers.paper_ticket_number_range(service, 2)) == [10, 11]
