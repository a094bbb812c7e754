"""The voice, the ticket's design and the ready sentences of a set-up file."""

import base64
import struct
from typing import Any

import pytest

from queuedesk.core.errors import RuleError
from queuedesk.core.setup.file import check_setup
from queuedesk.core.setup.hall_words import EVERY_WORDING
from queuedesk.core.setup.sentences import LISTS, USUAL, Sentence, own_rows, sentence_rows, usual_rows
from tests.hall import simple_setup

HALL: dict[str, Any] = {
    "hall": {"code": "H", "name": "大厅"},
    "services": [{"code": "A", "name": "缴费", "prefix": "A"}],
    "windows": [{"code": "1", "services": ["A"]}],
}


def png(width: int, height: int, *, depth: int = 1) -> str:
    """Return the beginning of a PNG as a set-up keeps it."""
    head = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + struct.pack(">IIB", width, height, depth) + bytes(8)
    return base64.b64encode(head).decode()


def test_a_ticket_in_two_languages_with_a_sign_is_taken():
    row = {"languages": ["en", "zh_CN"], "number": "small", "logo": png(480, 160), "hidden": ["code"]}
    design = check_setup({**HALL, "ticket": row}).ticket_design
    assert (design.languages, design.number, design.logo) == (("en", "zh_CN"), "small", row["logo"])


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
    ("field", "why", "rows"),
    [
        (
            "voice.call.en",
            "not_a_choice",
            [{"call": {"en": text}} for text in ("Ticket {ticket}, {name}", "{ticket} {")],
        ),
        ("voice.call.en", "no_number", [{"call": {"en": "Please come"}}]),
        ("voice.call", "not_a_choice", [{"call": {"fr": "{ticket}"}}]),
        ("voice.recall.zh_CN", "too_long", [{"recall": {"zh_CN": "{ticket}" + "请" * 120}}]),
        ("voice.languages", "not_a_choice", [{"languages": ["en", "en"]}]),
        ("voice.times", "out_of_range", [{"times": 4}]),
        (
            "voice.hours",
            "not_a_time",
            [{"hours": [{"from": "25:00"}]}, {"hours": [{"from": "8:00"}, {"from": "08:00"}]}],
        ),
        ("voice.hours.speed", "out_of_range", [{"hours": [{"from": "8:00", "speed": 10}]}]),
        ("voice.louder", "not_a_choice", [{"louder": True}]),
        ("ticket.hidden", "not_a_choice", [{"hidden": ["number"]}]),
        ("ticket.head", "too_long", [{"head": "x" * 121}]),
        ("ticket.number", "not_a_choice", [{"number": "huge"}]),
        ("ticket.languages", "not_a_choice", [{"languages": ["fr"]}, {"languages": ["en", "en"]}]),
        ("ticket.logo", "not_a_logo", [{"logo": logo} for logo in ("no base64!", "aGVsbG8=", "A" * 24_004)]),
        ("ticket.logo", "not_a_logo", [{"logo": logo} for logo in (png(481, 100), png(100, 100, depth=8))]),
        ("sentences.messages.1.text", "empty", [{"messages": [{"text": " "}]}]),
        ("sentences.jokes", "not_a_choice", [{"jokes": []}]),
    ],
)
def test_what_can_not_be_said_or_drawn_is_refused(field: str, why: str, rows: list[dict[str, Any]]) -> None:
    for row in rows:
        with pytest.raises(RuleError) as refused:
            check_setup({**HALL, field.partition(".")[0]: row})
        assert (refused.value.details["field"], refused.value.details["why"]) == (field, why)


# -- the usual sentences and cards in the hall's words -----------------------------------------------------------------


def test_the_usual_sentences_and_cards_speak_the_hall_s_words() -> None:
    document = simple_setup()
    document["hall"] = {**document["hall"], "words": {"window": "desk", "ticket": "number"}}
    setup = check_setup(document)
    said = [(one.text, one.text_en) for kind in LISTS for one in getattr(setup.sentences, kind)]
    said += [(step.text, step.text_en) for card in setup.cards.values() for step in card.steps]
    assert ("请打开您的服务台", "Please open your desk") in said
    assert not [pair for pair in said if "窗口" in pair[0] or "号票" in pair[0] or "window" in pair[1].lower()]


def test_usual_sentences_stay_usual_in_every_wording_and_own_ones_as_they_are() -> None:
    for words in EVERY_WORDING:
        assert own_rows("messages", usual_rows("messages", *words)) == []
    document = simple_setup(sentences={"messages": [{"text": "窗口见", "text_en": "See you at the window"}]})
    document["hall"] = {**document["hall"], "words": {"window": "room"}}
    setup = check_setup(document)
    assert setup.sentences.messages == (Sentence("窗口见", "See you at the window"),)
    assert own_rows("messages", sentence_rows(setup.sentences.messages)) == document["sentences"]["messages"]
