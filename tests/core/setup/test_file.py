"""The set-up file: what it gives, how it is changed, and every way to get one wrong."""

import copy
import json
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from queuedesk.core.errors import RuleError
from queuedesk.core.network.roles import Role
from queuedesk.core.setup.file import (
    SETTINGS,
    USUAL,
    check_setting,
    check_setup,
    read_setup,
    rows_of,
)
from queuedesk.core.setup.hall import Words
from queuedesk.core.setup.hall_words import EVERY_WORDING
from queuedesk.i18n import say
from tests.hall import preset, simple_setup

CODES = ("code", "role", "channel")


def test_what_a_short_file_comes_to() -> None:
    setup = check_setup(
        {
            "hall": {"code": "H", "name": "Hall"},
            "services": [{"code": "A", "name": "Pay", "prefix": "A"}],
            "windows": [{"code": "1", "services": ["A"]}],
        }
    )

    assert (setup.hall.timezone, setup.hall.opens, setup.hall.closes) == ("Asia/Shanghai", 510, 1050)
    assert (setup.services["A"].first, setup.services["A"].last, setup.services["A"].hours) == (1, 999, None)
    assert setup.settings == SETTINGS
    assert list(setup.classes) == ["normal"]
    assert (setup.staff, setup.notices) == ({}, ())


def test_a_preset_is_read_with_all_that_it_holds() -> None:
    setup = read_setup(preset("power"))
    service = setup.service("B")
    assert (service.prefix, service.last, service.handling_target, service.last_ticket) == ("B", 499, 20, 1020)
    assert service.item(service.items[0].code) is service.items[0]
    assert setup.person("M1").role is Role.MANAGER
    assert setup.klass("disabled").credit_minutes == 15


def test_a_service_s_steps_fees_limits_and_list_of_papers() -> None:
    fields = {
        "group": "办卡",
        "group_en": "Cards",
        "fees": "免费",
        "fees_en": "Free",
        "steps": "取号\n办理",
        "steps_en": "Ticket\nWindow",
        "papers_version": "3",
        "papers_date": "2026-10-01",
        "form_free": True,
        "quota": 60,
        "line_limit": 20,
    }
    document = simple_setup()
    document["services"][0].update(fields)
    service = check_setup(document).service("A")

    assert {key: getattr(service, key) for key in fields} == fields
    document["services"][0].update(dict.fromkeys(fields))
    assert check_setup(document).service("A") == check_setup(simple_setup()).service("A")


def test_the_plan_of_the_hall_and_its_pay_days() -> None:
    shift = {**SHIFT, "breaks": [{"from": "11:30", "minutes": 40}]}
    rows = [shift, {**shift, "weekday": 5, "staff": "C2"}, {**shift, "date": "2026-11-20", "staff": "C3"}]
    setup = check_setup(simple_setup(roster=rows, pay_days=["2026-11-25"]))

    assert setup.pay_days == (date(2026, 11, 25),)
    assert [(r.start, r.end, r.breaks[0].start, r.breaks[0].minutes) for r in setup.roster] == [
        (510, 1050, 690, 40)
    ] * 3
    assert [(r.date, r.weekdays) for r in setup.roster] == [
        (None, frozenset()),
        (None, frozenset({5})),
        (date(2026, 11, 20), frozenset()),
    ]


def test_words_of_a_hall() -> None:
    document = simple_setup()
    assert check_setup(document).hall.words == Words(window="window", ticket="ticket")
    document["hall"]["words"] = {"window": "room"}
    assert check_setup(document).hall.words == Words(window="room")


@pytest.mark.parametrize("words", EVERY_WORDING)
def test_a_hall_s_words_change_texts_of_the_default_parts_and_nothing_else(words: tuple[str, str]) -> None:
    hall = {"code": "T", "name": "Test", "words": dict(zip(("window", "ticket"), words, strict=True))}
    gone = [word for word, own in zip(("window", "ticket"), words, strict=True) if word != own]
    for part, usual in USUAL.items():
        own = rows_of({"hall": hall}, part)
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


@pytest.mark.parametrize(
    ("text", "hours"),
    [("UTC+02:00", 2), ("UTC-03:30", -3.5), ("UTC+00:00", 0), ("Asia/Shanghai", 8), ("Europe/Berlin", 1)],
)
def test_time_zones_by_name_and_by_offset(text: str, hours: float) -> None:
    document = simple_setup()
    document["hall"]["timezone"] = text
    noon = datetime(2026, 11, 20, 12, tzinfo=UTC)
    assert check_setup(document).local(noon).utcoffset() == timedelta(hours=hours)


@pytest.mark.parametrize(
    ("window", "staff", "services"),
    [("3", None, "ABC"), ("3", "C1", "ABC"), ("3", "CB", "B"), ("1", "CB", ""), ("9", None, ""), ("3", "gone", "ABC")],
)
def test_what_a_window_serves_with_whom(window: str, staff: str | None, services: str) -> None:
    skilled = {"code": "CB", "name": "CB", "role": "clerk", "skills": ["B"]}
    setup = check_setup(simple_setup(staff=[*simple_setup()["staff"], skilled]))
    assert "".join(sorted(setup.services_at(window, staff))) == services


def part(document: dict[str, Any], path: str) -> tuple[Any, str]:
    """Return what holds the last step of `path`, and that step."""
    *steps, last = path.split(".")
    at: Any = document
    for step in steps:
        at = at[int(step)] if step.isdigit() else at[step]
    return at, last


ITEM = {"code": "i", "name": "Item"}
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
        check_setup(document)
    assert (refused.value.code, refused.value.details["why"]) == ("bad_value", why)
    assert say(refused.value, "en") and say(refused.value, "zh_CN")


def test_what_is_no_set_up_at_all_is_refused() -> None:
    for document in (None, [], "x", 5):
        with pytest.raises(RuleError):
            check_setup(document)


@pytest.mark.parametrize("name", ["services", "windows", "staff", "classes", "items"])
def test_a_code_stands_once(name: str) -> None:
    document = simple_setup()
    document["services"][0]["items"] = [ITEM]
    rows = document["services"][0] if name == "items" else document
    rows[name] = [*rows[name], rows[name][0]]
    with pytest.raises(RuleError) as refused:
        check_setup(document)
    assert (refused.value.code, refused.value.details["kind"]) == ("already_there", name)
    assert say(refused.value, "en")


def test_services_that_share_a_prefix_share_one_range() -> None:
    document = simple_setup()
    document["services"][1]["prefix"] = "A"
    check_setup(document)
    document["services"][1]["last"] = 500
    with pytest.raises(RuleError) as refused:
        check_setup(document)
    assert refused.value.details["why"] == "series_overlap"


def test_the_last_ticket_is_not_after_the_close() -> None:
    service = {"code": "A", "name": "A", "prefix": "A"}
    windows = [{"code": "1", "services": ["A"]}]
    for time in ("12:00", "17:30"):
        check_setup(simple_setup(services=[{**service, "last_ticket": time}], windows=windows))
    with pytest.raises(RuleError) as refused:
        check_setup(simple_setup(services=[{**service, "last_ticket": "17:31"}], windows=windows))
    assert refused.value.details["why"] == "after_close"


def test_a_setting_as_it_is_kept() -> None:
    typed = [("crowd", "30"), ("crowd", 0), ("overnight", "early_place"), ("day_end", "3:00"), ("call_at_finish", "on")]
    typed += [("jump_every", 1), ("form_free_minutes", "0"), ("form_free_minutes", 120)]
    assert [check_setting(*one) for one in typed] == [30, 0, "early_place", "03:00", "on", 1, 0, 120]


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
            check_setting(key, value)
        assert (refused.value.code, refused.value.details["why"]) == ("bad_value", why)


def test_an_unknown_setting_is_named() -> None:
    with pytest.raises(RuleError) as refused:
        check_setting("speed", 1)
    assert (refused.value.code, refused.value.details) == ("unknown_setting", {"key": "speed"})


def test_what_the_hall_does_not_have() -> None:
    setup = check_setup(simple_setup())
    asked = {"service": setup.service, "window": setup.window, "staff": setup.person, "class": setup.klass}
    for kind, ask in (asked | {"item": setup.service("A").item}).items():
        with pytest.raises(RuleError, match=f"unknown_{kind}"):
            ask("Z")
