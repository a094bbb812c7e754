"""The set-up file: what it gives, how it is changed, and every way to get one wrong."""

import base64
import copy
import json
import re
import struct
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from queuedesk.core.errors import RuleError
from queuedesk.core.network.roles import Role
from queuedesk.core.setup import file, sentences
from queuedesk.core.setup.hall import HallWords
from queuedesk.core.setup.hall_words import EVERY_WORDING
from queuedesk.i18n import error_sentence
from tests.hall import preset, simple_setup

CODES = ("code", "role", "channel")


def test_what_a_short_file_and_a_preset_come_to() -> None:
    services, windows = [{"code": "A", "name": "Pay", "prefix": "A"}], [{"code": "1", "services": ["A"]}]
    setup = file.check_and_read_setup({"hall": {"code": "H", "name": "Hall"}, "services": services, "windows": windows})
    assert (setup.hall.timezone, setup.hall.opens, setup.hall.closes) == ("Asia/Shanghai", 510, 1050)
    assert (setup.services["A"].first, setup.services["A"].last, setup.services["A"].hours) == (1, 999, None)
    assert (setup.settings, list(setup.classes), setup.staff, setup.notices) == (file.SETTINGS, ["normal"], {}, ())
    setup = file.setup_from_document(preset("power"))
    service = setup.service_by_code("B")
    assert (service.prefix, service.last, service.handling_target, service.last_ticket) == ("B", 499, 20, 1020)
    assert service.item_by_code(service.items[0].code) is service.items[0]
    assert setup.person_by_code("M1").role is Role.MANAGER
    assert setup.class_by_code("disabled").credit_minutes == 15


def test_a_service_s_steps_fees_limits_and_list_of_papers() -> None:
    fields = {"group": "办卡", "group_en": "Cards", "fees": "免费", "fees_en": "Free", "steps": "取号\n办理"}
    fields |= {"steps_en": "Ticket\nWindow", "papers_version": "3", "papers_date": "2026-10-01"}
    fields |= {"form_free": True, "quota": 60, "line_limit": 20}
    document = simple_setup()
    document["services"][0].update(fields)
    service = file.check_and_read_setup(document).service_by_code("A")
    assert {key: getattr(service, key) for key in fields} == fields
    document["services"][0].update(dict.fromkeys(fields))
    assert file.check_and_read_setup(document).service_by_code("A") == file.check_and_read_setup(
        simple_setup()
    ).service_by_code("A")


def test_the_plan_of_the_hall_and_its_pay_days() -> None:
    shift = {**SHIFT, "breaks": [{"from": "11:30", "minutes": 40}]}
    rows = [shift, {**shift, "weekday": 5, "staff": "C2"}, {**shift, "date": "2026-11-20", "staff": "C3"}]
    setup = file.check_and_read_setup(simple_setup(roster=rows, pay_days=["2026-11-25"]))
    assert setup.pay_days == (date(2026, 11, 25),)
    assert {(r.start, r.end, r.breaks[0].start, r.breaks[0].minutes) for r in setup.roster} == {(510, 1050, 690, 40)}
    assert [r.date for r in setup.roster] == [None, None, date(2026, 11, 20)]
    assert [r.weekdays for r in setup.roster] == [frozenset(), frozenset({5}), frozenset()]


def test_words_of_a_hall() -> None:
    document = simple_setup()
    assert file.check_and_read_setup(document).hall.words == HallWords(window="window", ticket="ticket")
    document["hall"]["words"] = {"window": "room"}
    assert file.check_and_read_setup(document).hall.words == HallWords(window="room")


@pytest.mark.parametrize("words", EVERY_WORDING)
def test_a_hall_s_words_change_texts_of_the_default_parts_and_nothing_else(words: tuple[str, str]) -> None:
    hall = {"code": "T", "name": "Test", "words": dict(zip(("window", "ticket"), words, strict=True))}
    gone = [word for word, own in zip(("window", "ticket"), words, strict=True) if word != own]
    for part, usual in file.USUAL.items():
        own = file.rows_of_part({"hall": hall}, part)
        assert without_texts(own) == without_texts(usual)
        assert not re.search("|".join(gone) or "$^", " ".join(texts_in(own)), re.IGNORECASE)


def without_texts(value: Any) -> Any:
    """Return rows with the numbers, marks and codes that they hold; no text of theirs."""
    if isinstance(value, Mapping):
        return {key: without_texts(inner) for key, inner in value.items() if key in CODES or not isinstance(inner, str)}
    return [without_texts(inner) for inner in value] if isinstance(value, list | tuple) else value


def texts_in(value: Any) -> list[str]:
    """Return the texts of rows, without codes."""
    if isinstance(value, Mapping):
        return [text for key, inner in value.items() if key not in CODES for text in texts_in(inner)]
    if isinstance(value, list | tuple):
        return [text for inner in value for text in texts_in(inner)]
    return [value] if isinstance(value, str) else []


def test_what_a_window_serves_with_whom() -> None:
    skilled = {"code": "CB", "name": "CB", "role": "clerk", "skills": ["B"]}
    setup = file.check_and_read_setup(simple_setup(staff=[*simple_setup()["staff"], skilled]))
    serves = {("3", None): "ABC", ("3", "C1"): "ABC", ("3", "CB"): "B", ("1", "CB"): "", ("9", None): ""}
    serves["3", "gone"] = "ABC"
    assert {where: "".join(sorted(setup.services_at_window(*where))) for where in serves} == serves


def part(document: dict[str, Any], path: str) -> tuple[Any, str]:
    """Return what holds the last step of `path`, and that step."""
    *steps, last = path.split(".")
    at: Any = document
    for step in steps:
        at = at[int(step)] if step.isdigit() else at[step]
    return at, last


SHIFT = {"window": "1", "staff": "C1", "from": "8:30", "to": "17:30"}
WRONG: dict[str, dict[str, list[Any]]] = json.loads(Path(__file__).with_name("wrong_files.json").read_text("utf-8"))
"""What doesn't fit, by field and by what is said of it."""
CASES = [(path, value, why) for path, whys in WRONG.items() for why, values in whys.items() for value in values]


@pytest.mark.parametrize(("path", "value", "why"), CASES, ids=[f"{path}={value!r:.20}" for path, value, _ in CASES])
def test_a_wrong_file_is_refused_with_the_field(path: str, value: object, why: str) -> None:
    document = copy.deepcopy(simple_setup())
    holder, step = part(document, path)
    holder[int(step) if step.isdigit() else step] = value
    with pytest.raises(RuleError) as refused:
        file.check_and_read_setup(document)
    assert (refused.value.code, refused.value.details["why"]) == ("bad_value", why)
    assert error_sentence(refused.value, "en") and error_sentence(refused.value, "zh_CN")


def test_what_is_no_set_up_at_all_is_refused() -> None:
    for document in (None, [], "x", 5):
        with pytest.raises(RuleError):
            file.check_and_read_setup(document)


@pytest.mark.parametrize("name", ["services", "windows", "staff", "classes", "items"])
def test_a_code_stands_once(name: str) -> None:
    document = simple_setup()
    document["services"][0]["items"] = [{"code": "i", "name": "Item"}]
    rows = document["services"][0] if name == "items" else document
    rows[name] = [*rows[name], rows[name][0]]
    with pytest.raises(RuleError) as refused:
        file.check_and_read_setup(document)
    assert (refused.value.code, refused.value.details["kind"]) == ("already_there", name)
    assert error_sentence(refused.value, "en")


def test_a_setting_as_it_is_kept_and_an_unknown_one() -> None:
    typed = [("crowd", "30"), ("crowd", 0), ("overnight", "early_place"), ("day_end", "3:00"), ("call_at_finish", "on")]
    typed += [("jump_every", 1), ("form_free_minutes", "0"), ("form_free_minutes", 120)]
    assert [file.checked_setting_value(*one) for one in typed] == [30, 0, "early_place", "03:00", "on", 1, 0, 120]
    with pytest.raises(RuleError) as refused:
        file.checked_setting_value("speed", 1)
    assert (refused.value.code, refused.value.details) == ("unknown_setting", {"key": "speed"})


@pytest.mark.parametrize(
    ("key", "values", "why"),
    [
        ("crowd", ["many", True], "not_a_number"),
        ("crowd", [-1, "-1", 10_000], "out_of_range"),
        ("form_free_minutes", [121], "out_of_range"),
        ("calls_before_missed", [0], "out_of_range"),
        ("overnight", ["open"], "not_a_choice"),
        ("opening_checks", [True], "not_a_choice"),
        ("day_end", ["24:00", "late"], "not_a_time"),
    ],
)
def test_a_setting_that_no_hall_can_keep(key: str, values: list[object], why: str) -> None:
    for value in values:
        with pytest.raises(RuleError) as refused:
            file.checked_setting_value(key, value)
        assert (refused.value.code, refused.value.details["why"]) == ("bad_value", why)


def test_what_the_hall_does_not_have() -> None:
    setup = file.check_and_read_setup(simple_setup())
    asked = {"service": setup.service_by_code, "window": setup.window_by_code}
    asked |= {"staff": setup.person_by_code, "class": setup.class_by_code}
    for kind, ask in (asked | {"item": setup.service_by_code("A").item_by_code}).items():
        with pytest.raises(RuleError, match=f"unknown_{kind}"):
            ask("Z")


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
    design = file.check_and_read_setup({**HALL, "ticket": row}).ticket_design
    assert (design.languages, design.number, design.logo) == (("en", "zh_CN"), "small", row["logo"])


def test_a_hall_that_says_nothing_speaks_and_prints_as_usual_and_its_voice_goes_by_the_hour():
    setup = file.check_and_read_setup(HALL)
    assert (setup.voice.times, setup.voice.chime, setup.voice.yao, setup.voice.languages) == (2, True, False, ())
    assert setup.ticket_design.shows_part("papers")
    assert setup.sentences == sentences.USUAL
    hours = [{"from": "14:00", "speed": 110, "volume": 60}, {"from": "8:00", "volume": 90}]
    voice = file.check_and_read_setup({**HALL, "voice": {"hours": hours}}).voice
    rows = [voice.hours_at_minute(minute) for minute in (7 * 60, 8 * 60, 13 * 60 + 59, 14 * 60, 23 * 60)]
    assert [(row.speed_pct, row.volume_pct) for row in rows] == [(110, 60), (100, 90), (100, 90), (110, 60), (110, 60)]


WRONG_PARTS = json.loads(Path(__file__).with_name("wrong_parts.json").read_text("utf-8"))
"""What doesn't fit in a part, by field and by what is said of it."""
NO_LOGOS = ["no base64!", "aGVsbG8=", "A" * 24_004, png(481, 100), png(100, 100, depth=8)]


@pytest.mark.parametrize("field", [*WRONG_PARTS, "ticket.logo"])
def test_what_can_not_be_said_drawn_or_kept_is_refused(field: str) -> None:
    whys = WRONG_PARTS.get(field) or {"not_a_logo": [{"logo": logo} for logo in NO_LOGOS]}
    for why, rows in whys.items():
        for row in rows:
            with pytest.raises(RuleError) as refused:
                file.check_and_read_setup({**HALL, field.partition(".")[0]: row})
            assert (refused.value.details["field"], refused.value.details["why"]) == (field, why)


def test_the_usual_sentences_and_cards_speak_the_hall_s_words() -> None:
    document = simple_setup()
    document["hall"] = {**document["hall"], "words": {"window": "desk", "ticket": "number"}}
    setup = file.check_and_read_setup(document)
    said = [(one.text, one.text_en) for kind in sentences.LISTS for one in getattr(setup.sentences, kind)]
    said += [(step.text, step.text_en) for card in setup.cards.values() for step in card.steps]
    assert ("请打开您的服务台", "Please open your desk") in said
    assert not [pair for pair in said if "窗口" in pair[0] or "号票" in pair[0] or "window" in pair[1].lower()]


def test_usual_sentences_stay_usual_in_every_wording_and_own_ones_as_they_are() -> None:
    for words in EVERY_WORDING:
        assert sentences.sentence_rows_to_store("messages", sentences.default_sentence_rows("messages", *words)) == []
    document = simple_setup(sentences={"messages": [{"text": "窗口见", "text_en": "See you at the window"}]})
    document["hall"] = {**document["hall"], "words": {"window": "room"}}
    setup = file.check_and_read_setup(document)
    assert setup.sentences.messages == (sentences.BilingualSentence("窗口见", "See you at the window"),)
    own = sentences.sentence_rows_to_store("messages", sentences.sentence_rows(setup.sentences.messages))
    assert own == document["sentences"]["messages"]
