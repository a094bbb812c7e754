"""What tiles, the next ticket and the warnings say, from the hall as it stands."""

from __future__ import annotations

import pytest

from queuedesk import i18n
from queuedesk.app.services.slips import ticket_slip
from queuedesk.core.queue.line import Wait
from queuedesk.core.queue.offers import Reach, closings
from queuedesk.core.queue.overview import ServiceLine, service_lines, set_up
from queuedesk.desk import looking
from queuedesk.printing.outputs import lay_out
from queuedesk.printing.slip_painter import WIDE
from queuedesk.stations.guide.choices import Choice, Draft
from queuedesk.stations.guide.figures import next_ticket, tiles, too_full, too_full_texts, wait_facts
from queuedesk.stations.guide.line_rows import ticket_facts
from queuedesk.stations.guide.ticket.drafting import rail_text
from tests.hall import at, make_hall, preset, refused, simple_hall
from tests.printing import slips
from tests.three_halls import CLINIC

JOINER = "\u2060"


def said(hall, service):
    """Return what a service's tile says now."""
    state, now = hall_now(hall)
    facts = tiles(state, service_lines(state, now), now)
    return next(one for one in facts if one.service == service)


def hall_now(hall):
    return looking.hall_now(hall.desk, hall.clock()), hall.clock()


def warning(hall):
    state, now = hall_now(hall)
    return too_full(set_up(state), service_lines(state, now), now)


@pytest.fixture
def moving(hall):
    """Return the hall after a call every two minutes for a while: its waits can be told."""
    for _ in range(12):
        hall.issue("A")
        hall.serve_out("1", minutes=2)
    return hall


def test_a_tile_says_people_range_and_windows(moving):
    moving.queue(*"A" * 12)
    tile = said(moving, "A")

    figures = (tile.said.count, tile.said.before, tile.said.range_, tile.said.second)
    assert figures == ("12", "about", f"3{JOINER}–{JOINER}7", "6 windows")
    assert tile.said.spoken == "Pay a bill, 12 people waiting, about 3 to 7 minutes, 6 windows"


def test_a_wait_between_near_ends_is_told_by_both():
    """Where no one waiting and a window is free there is none, and who is one of several is told the top."""
    near, nobody, few = a_line(6, Wait(5, 10)), a_line(0, Wait(0, 1)), a_line(2, Wait(0, 1, 20))

    assert wait_facts(near) == f"6 waiting · about 5{JOINER}–{JOINER}10 min"
    assert (wait_facts(nobody), wait_facts(few)) == ("0 waiting · no wait", "2 waiting · up to 1 min")


def a_line(waiting: int, wait: Wait) -> ServiceLine:
    return ServiceLine(service="A", waiting=waiting, longest_since=None, ahead=waiting, wait=wait, windows=1)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"quota": 1}, "no tickets left today"),
        ({"line_limit": 1}, "the line is full"),
        (
            {"message": "请上二楼", "message_en": "Please go upstairs, to the desk on the left. Thank you."},
            "Please go upstairs",
        ),
        ({"message": "请上二楼", "message_en": "Go " + "up and up " * 9}, "Go up and up up and up up and up up and…"),
    ],
)
def test_a_tile_is_grey_for_the_reason_that_issuing_would_give(hall, fields, words):
    hall.issue("A")
    hall.do("set-row", "services", "A", fields)
    tile = said(hall, "A")

    assert (tile.said.instead, tile.said.spoken) == (words, f"Pay a bill, {words}")
    with refused(hall, tile.closed.code, **tile.closed.details):
        hall.issue("A")
    state, now = hall_now(hall)
    assert next_ticket(state, Draft(Choice("A")), now).trouble.code == tile.closed.code


def test_in_chinese_the_windows_stand_at_the_figures(moving):
    i18n.use("zh_CN")
    tile = said(moving, "A")

    assert (tile.said.windows, tile.said.second, tile.said.before) == ("6 个窗口", "", "")


def test_windows_that_pause_are_told_from_the_others(moving):
    moving.do("pause", "1", reason="call")
    english = said(moving, "A").said
    i18n.use("zh_CN")

    assert (english.windows, english.second) == ("", "5 of 6 windows open")
    assert said(moving, "A").said.windows == "6 个窗口开 5 个"


def test_a_range_that_is_not_known_is_a_dash_with_its_reason(tmp_path):
    unknown = [
        {key: value for key, value in row.items() if key not in ("items", "handling_target")}
        for row in preset()["services"]
    ]
    hall = make_hall(tmp_path, services=unknown, time="10:00")
    assert (said(hall, "A").said.range_, said(hall, "A").said.range_unit) == ("—", "no window open")
    hall.open("1", "C1")
    hall.queue("A", "A")
    hall.call("1")

    assert (said(hall, "A").said.range_, said(hall, "A").said.range_unit) == ("—", "wait not known yet")


def test_more_people_ahead_than_in_the_line_are_explained_by_the_windows_they_share(tmp_path):
    hall = simple_hall(tmp_path)
    hall.open("3", "C3")
    hall.queue(*"AAAC")
    state = hall.whole()
    shown = {one.said.name: one.said for one in tiles(state, service_lines(state, hall.clock()), hall.clock())}
    service = set_up(state).services["C"].name_en or set_up(state).services["C"].name
    draft = Draft(Choice("C"))
    rows = rail_text(state, draft, next_ticket(state, draft, hall.clock()), None).rows

    assert (shown[service].count, shown[service].ahead) == ("1", "4 ahead in all")
    assert "4 ahead in all" in shown[service].spoken
    assert rows[0] == ("Ahead, in all", "4", "people")

    for _n in range(3):
        hall.do("leave", hall.whole().waiting()[0].label)
    state = hall.whole()
    assert {one.said.ahead for one in tiles(state, service_lines(state, hall.clock()), hall.clock())} == {
        "1 ahead in all",
        "",
    }


@pytest.mark.parametrize(("service", "windows", "name"), [("B", "BC", "Ahead, in all"), ("A", "A", "Ahead")])
def test_who_is_ahead_has_the_words_of_the_slip(tmp_path, service, windows, name):
    hall = simple_hall(tmp_path, windows=[{"code": "1", "services": list(windows)}])
    hall.open("1", "C1")
    hall.queue(service, service)
    state, draft = hall.whole(), Draft(Choice(service))
    shown = rail_text(state, draft, next_ticket(state, draft, hall.clock()), None).rows[0]
    issued = hall.issue(service)
    card = ticket_facts(hall.whole(), hall.ticket(issued), hall.clock(), None).facts[0]
    printed = slips.words(lay_out(ticket_slip(hall.whole(), hall.date, issued, hall.clock()), WIDE))

    assert shown == (name, "2", "people")
    assert name in printed
    assert card == (name, "2 people")


def test_a_line_that_the_windows_of_today_do_not_reach_is_said_to_be_too_full(tmp_path):
    hall = make_hall(tmp_path, time="15:50", roster=[{"window": "1", "staff": "C1", "from": "8:30", "to": "16:00"}])
    hall.open("1", "C1")
    hall.queue(*"A" * 12)

    assert (said(hall, "A").said.range_, said(hall, "A").said.range_unit) == ("—", "perhaps not today")
    assert warning(hall).called_at is None


@pytest.mark.parametrize(
    ("time", "note", "instead"),
    [
        ("15:59", "", ""),
        ("16:00", "tickets until 17:00", ""),
        ("16:59", "tickets until 17:00", ""),
        ("17:00", "", "last ticket was at 17:00"),
        ("17:30", "", "opens tomorrow at 8:30"),
        ("23:59", "", "opens tomorrow at 8:30"),
    ],
)
def test_a_tile_says_until_when_and_from_when_tickets_are_given(hall, time, note, instead):
    hall.clock.now = at(time)
    tile = said(hall, "A")

    assert (tile.said.note, tile.said.instead) == (note, instead)
    assert (tile.closed is None) == (instead == "")


def test_the_next_ticket_counts_on_from_the_last_and_knows_the_class(hall):
    hall.queue("B", "B", "B")
    state, now = hall_now(hall)

    normal = next_ticket(state, Draft(Choice("B")), now)
    elderly = next_ticket(state, Draft(Choice("B"), "elderly"), now)

    assert (normal.label, normal.ahead, normal.windows) == ("B004", 3, ("3", "4", "5", "6"))
    assert elderly.ahead == 0


def test_a_used_up_series_is_said_before_printing(tmp_path):
    services = [{**row, "last": 2} if row["code"] == "A" else row for row in preset()["services"]]
    hall = make_hall(tmp_path, services=services, time="10:00")
    hall.queue("A", "A")
    state, now = hall_now(hall)

    ticket = next_ticket(state, Draft(Choice("A")), now)

    assert ticket.label == "—"
    assert ticket.trouble is not None
    assert ticket.trouble.code == "series_full"


def test_no_warning_while_the_day_is_long_enough(moving):
    moving.queue(*"A" * 20)

    assert warning(moving) is None


def test_a_day_that_gets_too_full_says_when_a_ticket_taken_now_is_called(hall):
    """The warning goes by the figure that it names: 40 people may take until after closing, 60 will."""
    hall.clock.now = at("16:20")
    for _ in range(8):
        hall.issue("A")
        hall.serve_out("1", minutes=4)
    hall.queue(*"A" * 40)
    assert warning(hall) is None
    state, now = hall_now(hall)
    assert service_lines(state, now)[0].wait.may_pass((at("17:30") - now).total_seconds() / 60)
    hall.queue(*"A" * 20)

    title, second = too_full_texts(warning(hall))

    assert title == "60 waiting; today's work may not be done"
    assert second == (
        "A ticket for A, B, C, D taken now would be called at about 17:40; we close at 17:30. Please tell customers."
    )


def test_four_people_in_a_new_clinic_are_no_reason_for_a_warning(tmp_path):
    """Nobody has begun: two rooms stand free, and the first has waited for an hour."""
    hall = CLINIC.make(tmp_path, time="15:00")
    hall.open("1", "C1")
    hall.open("2", "C2")
    hall.queue(*"ABCA")
    hall.clock.now = CLINIC.at("16:10")
    assert warning(hall) is None
    hall.clock.now = CLINIC.at("16:40")
    assert closings(*hall_now(hall))["A"].reach is Reach.IN_TIME
