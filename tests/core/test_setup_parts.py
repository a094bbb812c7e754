"""The voice, the ticket's design and the ready sentences of a set-up file."""

from __future__ import annotations

from typing import Any

import pytest

from queuedesk.core.errors import RuleError
from queuedesk.core.sentences import USUAL
from queuedesk.core.setup_file import check_setup

HALL: dict[str, Any] = {
    "hall": {"code": "H", "name": "大厅"},
    "services": [{"code": "A", "name": "缴费", "prefix": "A"}],
    "windows": [{"code": "1", "services": ["A"]}],
}


def test_a_hall_that_says_nothing_speaks_and_prints_as_usual():
    setup = check_setup(HALL)

    assert (setup.voice.times, setup.voice.chime, setup.voice.yao, setup.voice.languages) == (2, True, False, ())
    assert setup.ticket_design.shows("papers")
    assert setup.sentences == USUAL


def test_the_voice_changes_with_the_hour_and_the_last_row_holds_over_night():
    hours = [{"from": "14:00", "speed": 110, "volume": 60}, {"from": "8:00", "volume": 90}]
    voice = check_setup({**HALL, "voice": {"hours": hours}}).voice

    rows = [voice.at(minute) for minute in (7 * 60, 8 * 60, 13 * 60 + 59, 14 * 60, 23 * 60)]
    assert [(row.speed_pct, row.volume_pct) for row in rows] == [(110, 60), (100, 90), (100, 90), (110, 60), (110, 60)]


@pytest.mark.parametrize(
    ("part", "row", "field", "why"),
    [
        ("voice", {"call": {"en": "Ticket {ticket}, {name}, please"}}, "voice.call.en", "not_a_choice"),
        ("voice", {"call": {"en": "Ticket {ticket} {"}}, "voice.call.en", "not_a_choice"),
        ("voice", {"call": {"en": "Please come"}}, "voice.call.en", "no_number"),
        ("voice", {"call": {"fr": "{ticket}"}}, "voice.call", "not_a_choice"),
        ("voice", {"recall": {"zh_CN": "{ticket}" + "请" * 120}}, "voice.recall.zh_CN", "too_long"),
        ("voice", {"languages": ["en", "en"]}, "voice.languages", "not_a_choice"),
        ("voice", {"times": 4}, "voice.times", "out_of_range"),
        ("voice", {"hours": [{"from": "25:00"}]}, "voice.hours", "not_a_time"),
        ("voice", {"hours": [{"from": "8:00"}, {"from": "08:00"}]}, "voice.hours", "not_a_time"),
        ("voice", {"hours": [{"from": "8:00", "speed": 10}]}, "voice.hours.speed", "out_of_range"),
        ("voice", {"louder": True}, "voice.louder", "not_a_choice"),
        ("ticket", {"hidden": ["number"]}, "ticket.hidden", "not_a_choice"),
        ("ticket", {"head": "x" * 121}, "ticket.head", "too_long"),
        ("sentences", {"messages": [{"text": " "}]}, "sentences.messages.1.text", "empty"),
        ("sentences", {"jokes": []}, "sentences.jokes", "not_a_choice"),
    ],
)
def test_what_can_not_be_said_or_drawn_is_refused(part, row, field, why):
    with pytest.raises(RuleError) as refused:
        check_setup({**HALL, part: row})

    assert (refused.value.details["field"], refused.value.details["why"]) == (field, why)
