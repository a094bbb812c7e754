"""The set-up file: what it gives, how it is changed, and every way to get one wrong."""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from queuedesk.core.errors import RuleError
from queuedesk.core.network.roles import Role
from queuedesk.core.setup.file import (
    SETTINGS,
    USUAL,
    changed,
    check_setting,
    check_setup,
    read_setup,
    row_code,
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
WRONG = [
    ("hall.code", "", "empty"),
    ("hall.code", "a b", "not_a_choice"),
    ("hall.code", "x" * 21, "too_long"),
    ("hall.name", " ", "empty"),
    ("hall.name", "x" * 61, "too_long"),
    ("hall.name_en", 5, "not_a_choice"),
    ("hall.phone", "1" * 61, "too_long"),
    ("hall.timezone", "Mars/Olympus", "not_a_choice"),
    ("hall.timezone", "", "not_a_choice"),
    ("hall.timezone", "Asia", "not_a_choice"),
    ("hall.timezone", "../etc/passwd", "not_a_choice"),
    ("hall.timezone", "UTC+99:00", "not_a_choice"),
    ("hall.timezone", None, "not_a_choice"),
    ("hall.opens", "25:00", "not_a_time"),
    ("hall.opens", 830, "not_a_time"),
    ("hall.closes", "8:00", "before_opening"),
    ("hall", [], "not_a_choice"),
    ("services", [], "empty"),
    ("services", {}, "not_a_choice"),
    ("services.0", "A", "not_a_choice"),
    ("services.0.code", "A/B", "not_a_choice"),
    ("services.0.code", ["A"], "not_a_choice"),
    ("services.0.name", None, "empty"),
    ("services.0.name_en", ["x"], "not_a_choice"),
    ("services.0.message", 1, "not_a_choice"),
    ("services.0.prefix", "I", "bad_letter"),  # taken for 1
    ("services.0.prefix", "a", "bad_letter"),
    ("services.0.prefix", "ABCD", "bad_letter"),
    ("services.0.prefix", None, "bad_letter"),
    ("services.0.first", -1, "out_of_range"),
    ("services.0.first", "1", "not_a_number"),
    ("services.0.first", True, "not_a_number"),
    ("services.0.last", 0, "out_of_range"),
    ("services.0.last", 10_000, "out_of_range"),
    ("services.0.handling_target", 0, "out_of_range"),
    ("services.0.handling_target", 2.5, "not_a_number"),
    ("services.0.hours", "8-12", "not_a_choice"),
    ("services.0.hours", [{"days": "1-5", "from": "8:00"}], "not_a_time"),
    ("services.0.hours", [{"days": "1-5", "from": "12:00", "to": "8:00"}], "bad_hours"),
    ("services.0.hours", [{"days": "0-5", "from": "8:00", "to": "12:00"}], "bad_hours"),
    ("services.0.last_ticket", "noon", "not_a_time"),
    ("services.0.papers", [{"name": ""}], "empty"),
    ("services.0.papers", [{"name": "ID", "note": 5}], "not_a_choice"),
    ("services.0.items", [{**ITEM, "code": ""}], "empty"),
    ("services.0.items", [{**ITEM, "minutes": 0}], "out_of_range"),
    ("services.0.items", [{**ITEM, "words": 5}], "not_a_choice"),
    ("services.1.prefix", "A", None),
    ("windows", [], "empty"),
    ("windows.0.services", ["Z"], "unknown_code"),
    ("windows.0.services", [["A"]], "unknown_code"),
    ("windows.0.services", None, "not_a_choice"),
    ("windows.0.arrow", "north", "not_a_choice"),
    ("windows.0.zone", "x" * 61, "too_long"),
    ("staff.0.role", "boss", "not_a_choice"),
    ("staff.0.role", "console", "not_a_choice"),
    ("staff.0.name_en", 5, "not_a_choice"),
    ("staff.0.skills", ["Z"], "unknown_code"),
    ("classes.0.credit_minutes", 121, "out_of_range"),
    ("classes.0.credit_minutes", "10", "not_a_number"),
    ("classes", [{"code": "normal", "name": "Normal", "credit_minutes": 1}], "out_of_range"),
    ("notices", [{"text": ""}], "empty"),
    ("notices", [{"text": "x" * 501}], "too_long"),
    ("notices", [{"text": "x", "from": "1.2.2026"}], "not_a_date"),
    ("notices", [{"text": "x", "to": 20260101}], "not_a_choice"),
    ("targets", 5, "not_a_choice"),
    ("targets", [{"measure": "wait", "value": 0.9}], "not_a_number"),
    ("targets", [{"measure": "wait", "value": "abc"}], "not_a_number"),
    ("targets", [{"measure": "wait", "value": True}], "not_a_number"),
    ("targets", [{"value": 5}], "empty"),
    ("targets", [{"measure": "wait", "value": "9.5", "from": "soon"}], "not_a_date"),
    ("services.0.group", "x" * 61, "too_long"),
    ("services.0.fees", 5, "not_a_choice"),
    ("services.0.steps", "x" * 501, "too_long"),
    ("services.0.papers_version", 2, "not_a_choice"),
    ("services.0.papers_date", "20261120", "not_a_date"),
    ("services.0.papers_date", "2026-13-01", "not_a_date"),
    ("services.0.form_free", "yes", "not_a_choice"),
    ("services.0.quota", 0, "out_of_range"),
    ("services.0.quota", "5", "not_a_number"),
    ("services.0.line_limit", 10_000, "out_of_range"),
    ("hall.words", ["room"], "not_a_choice"),
    ("hall.words", {"window": "booth"}, "not_a_choice"),
    ("hall.words", {"door": "window"}, "not_a_choice"),
    ("hall.words", {"ticket": None}, "not_a_choice"),
    ("roster", [{**SHIFT, "window": "9"}], "unknown_code"),
    ("roster", [{**SHIFT, "staff": None}], "unknown_code"),
    ("roster", [{**SHIFT, "to": "8:30"}], "bad_hours"),
    ("roster", [{**SHIFT, "from": None}], "not_a_time"),
    ("roster", [{**SHIFT, "date": "20.11.2026"}], "not_a_date"),
    ("roster", [{**SHIFT, "weekday": 8}], "not_a_choice"),
    ("roster", [{**SHIFT, "breaks": [{"from": "8:00", "minutes": 40}]}], "out_of_range"),
    ("roster", [{**SHIFT, "breaks": [{"from": "17:00", "minutes": 40}]}], "out_of_range"),
    ("roster", [{**SHIFT, "breaks": [{"from": "11:30"}]}], "not_a_number"),
    ("pay_days", ["soon"], "not_a_date"),
    ("pay_days", [""], "empty"),
    ("pay_days", [20261125], "not_a_choice"),
    ("former", {"classes": {}}, "not_a_choice"),
    ("former", {"staff": {"C1": {"name": 5}}}, "not_a_choice"),
    ("roster", {}, "not_a_choice"),
    ("pay_days", "2026-11-20", "not_a_choice"),
    ("settings", [], "not_a_choice"),
    ("settings", {"jump_every": 0}, "out_of_range"),
    ("remark", "\ud800", "bad_sign"),
]


@pytest.mark.parametrize(("path", "value", "why"), WRONG, ids=[f"{path}={value!r:.20}" for path, value, _ in WRONG])
def test_a_wrong_file_is_refused_with_the_field(path: str, value: object, why: str | None) -> None:
    document = copy.deepcopy(simple_setup())
    holder, step = part(document, path)
    holder[int(step) if step.isdigit() else step] = value
    if why is None:  # the same prefix and range as another service: one series for both
        check_setup(document)
        return
    with pytest.raises(RuleError) as refused:
        check_setup(document)
    assert (refused.value.code, refused.value.details["why"]) == ("bad_value", why)
    assert say(refused.value, "en") and say(refused.value, "zh_CN")


@pytest.mark.parametrize("document", [None, [], "x", 5])
def test_what_is_no_set_up_at_all_is_refused(document: object) -> None:
    with pytest.raises(RuleError):
        check_setup(document)


@pytest.mark.parametrize("name", ["services", "windows", "staff", "classes"])
def test_a_code_stands_once(name: str) -> None:
    document = simple_setup()
    document[name] = [*document[name], document[name][0]]
    with pytest.raises(RuleError) as refused:
        check_setup(document)

    assert (refused.value.code, refused.value.details["kind"]) == ("already_there", name)


def test_an_item_s_code_stands_once_in_its_service() -> None:
    document = simple_setup()
    document["services"][0]["items"] = [ITEM, {"code": "j", "name": "Other"}, ITEM]
    with pytest.raises(RuleError) as refused:
        check_setup(document)

    assert (refused.value.code, refused.value.details) == ("already_there", {"kind": "items", "code": "i"})
    assert say(refused.value, "en")


def test_services_that_share_a_prefix_share_one_range() -> None:
    document = simple_setup()
    document["services"][1].update(prefix="A", last=500)
    with pytest.raises(RuleError) as refused:
        check_setup(document)

    assert refused.value.details["why"] == "series_overlap"


@pytest.mark.parametrize(("last_ticket", "fits"), [("17:30", True), ("17:31", False), ("12:00", True)])
def test_the_last_ticket_is_not_after_the_close(last_ticket: str, fits: bool) -> None:
    document = simple_setup()
    document["services"][0] = {"code": "A", "name": "A", "prefix": "A", "last_ticket": last_ticket}
    if fits:
        assert check_setup(document).services["A"].last_ticket is not None
        return
    with pytest.raises(RuleError) as refused:
        check_setup(document)
    assert refused.value.details["why"] == "after_close"


@pytest.mark.parametrize(
    ("key", "value", "kept"),
    [
        ("crowd", "30", 30),
        ("crowd", 0, 0),
        ("overnight", "early_place", "early_place"),
        ("day_end", "3:00", "03:00"),
        ("call_at_finish", "on", "on"),
        ("jump_every", 1, 1),
        ("form_free_minutes", "0", 0),
        ("form_free_minutes", 120, 120),
    ],
)
def test_a_setting_as_it_is_kept(key: str, value: object, kept: object) -> None:
    assert check_setting(key, value) == kept


@pytest.mark.parametrize(
    ("key", "value", "why"),
    [
        ("crowd", "many", "not_a_number"),
        ("crowd", -1, "out_of_range"),
        ("crowd", "-1", "out_of_range"),
        ("crowd", True, "not_a_number"),
        ("crowd", 10_000, "out_of_range"),
        ("form_free_minutes", 121, "out_of_range"),
        ("calls_before_missed", 0, "out_of_range"),
        ("overnight", "open", "not_a_choice"),
        ("opening_checks", True, "not_a_choice"),
        ("day_end", "24:00", "not_a_time"),
        ("day_end", "late", "not_a_time"),
    ],
)
def test_a_setting_that_no_hall_can_keep(key: str, value: object, why: str) -> None:
    with pytest.raises(RuleError) as refused:
        check_setting(key, value)
    assert (refused.value.code, refused.value.details["why"]) == ("bad_value", why)


def test_an_unknown_setting_is_named() -> None:
    with pytest.raises(RuleError) as refused:
        check_setting("speed", 1)
    assert (refused.value.code, refused.value.details) == ("unknown_setting", {"key": "speed"})


@pytest.mark.parametrize(
    ("call", "code"),
    [
        (lambda s: s.service("Z"), "unknown_service"),
        (lambda s: s.window("9"), "unknown_window"),
        (lambda s: s.person("X"), "unknown_staff"),
        (lambda s: s.klass("x"), "unknown_class"),
        (lambda s: s.service("A").item("x"), "unknown_item"),
    ],
)
def test_what_the_hall_does_not_have(call: Any, code: str) -> None:
    with pytest.raises(RuleError) as refused:
        call(check_setup(simple_setup()))
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"part": "windows", "op": "add", "code": "4", "row": {"code": "4", "services": ["A"]}}, ["1", "2", "3", "4"]),
        ({"part": "windows", "op": "remove", "code": "2"}, ["1", "3"]),
        ({"part": "windows", "op": "set", "code": "2", "row": {"services": ["C"]}}, ["1", "2", "3"]),
        ({"part": "staff", "op": "pin", "code": "C1", "set": True}, ["1", "2", "3"]),
    ],
)
def test_a_change_makes_another_document(change: dict[str, Any], expected: list[str]) -> None:
    before = simple_setup()
    after = changed(before, change)

    assert [row["code"] for row in after["windows"]] == expected
    assert before == simple_setup()


def test_notices_go_by_their_position() -> None:
    document = simple_setup(notices=[{"text": "a"}, {"text": "b"}])
    after = changed(document, {"part": "notices", "op": "set", "code": "2", "row": {"text": "c"}})

    assert [row_code("notices", row, i) for i, row in enumerate(document["notices"])] == ["1", "2"]
    assert after["notices"] == [{"text": "a"}, {"text": "c"}]


def test_settings_and_the_hall_change_field_by_field() -> None:
    document = simple_setup(settings={"crowd": 9})
    with_rule = changed(document, {"part": "settings", "op": "set", "code": "jump_every", "row": {"jump_every": 4}})
    renamed = changed(document, {"part": "hall", "op": "set", "code": "T", "row": {"name": "New"}})

    assert with_rule["settings"] == {"crowd": 9, "jump_every": 4}
    assert (renamed["hall"]["name"], renamed["hall"]["timezone"]) == ("New", "Asia/Shanghai")
