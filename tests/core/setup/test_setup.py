"""A hall's set-up: its calendar, its file and its preset rules."""

import base64
import copy
import json
import re
import struct
from collections.abc import Mapping
from datetime import date, timedelta
from functools import partial
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from queuedesk.core.errors import RuleError
from queuedesk.core.network.roles import Role
from queuedesk.core.queue import hallday
from queuedesk.core.setup import file, presets, rows, sentences
from queuedesk.core.setup.file import check_and_read_setup, document_after_change, score_sheets_of_hall
from queuedesk.core.setup.hall import (
    HallWords,
    TicketDesign,
    VoiceSpec,
    add_working_days,
    is_working_day,
    working_days_between,
)
from queuedesk.core.setup.hall_words import EVERY_WORDING
from queuedesk.core.setup.rows import Setup
from queuedesk.core.setup.sentences import setup_reduced_to_one_language
from queuedesk.desk import calendaring
from queuedesk.desk.calendaring import country_of_published_days, published_years
from queuedesk.i18n import error_sentence, name_in_language
from queuedesk.i18n.names import hall_code_from_name, service_name, staff_name
from tests.hall import preset, simple_setup

FRIDAY, SATURDAY = date(2026, 11, 27), date(2026, 11, 28)
LUNCH = [{"days": "1-5", "from": "08:30", "to": "12:00"}, {"days": "1-5", "from": "13:30", "to": "17:30"}]


def hall(**rows: Any) -> Setup:
    """A break at noon, a last ticket at 17:00, B on Wednesdays alone, and `rows` of November 2026, as d27."""
    document = simple_setup(calendar={f"2026-11-{day[1:]}": row for day, row in rows.items()})
    document["services"][0].update(hours=LUNCH, last_ticket="17:00")
    document["services"][1].update(hours=[{"days": "3", "from": "09:00", "to": "11:00"}])
    document["services"][2].update(hours=LUNCH)
    return check_and_read_setup(document)


def spans(setup: Setup, day: date, service: str = "A") -> list[tuple[int, int]]:
    return hallday.opening_spans_on(setup, setup.services[service], day)


def of_year(year: int) -> Setup:
    document = simple_setup(calendar=published_years("cn")[year].days)
    for service in document["services"]:
        service.update(hours=LUNCH)
    return check_and_read_setup(document)


@pytest.mark.parametrize(
    ("row", "day", "expected", "last"),
    [
        (None, FRIDAY, [(510, 720), (810, 1050)], 1020),
        ({"kind": "holiday"}, FRIDAY, [], 1020),
        ({"kind": "special", "from": "8:30", "to": "15:00"}, FRIDAY, [(510, 720), (810, 900)], 870),
        ({"kind": "special", "from": "9:00", "to": "12:00"}, FRIDAY, [(540, 720)], 690),
        ({"kind": "special", "from": "8:00", "to": "20:00"}, FRIDAY, [(480, 720), (810, 1200)], 1170),
        (None, SATURDAY, [], 1020),
        ({"kind": "working"}, SATURDAY, [(510, 720), (810, 1050)], 1020),
        ({"kind": "working", "from": "9:00", "to": "16:00"}, SATURDAY, [(540, 720), (810, 960)], 930),
        ({"kind": "special", "from": "9:00", "to": "11:00"}, SATURDAY, [(540, 660)], 630),
    ],
)
def test_when_a_service_is_open(row: dict[str, Any] | None, day: date, expected: list[Any], last: int) -> None:
    setup = hall(**({f"d{day.day}": row} if row else {}))
    assert spans(setup, day) == expected
    assert hallday.minute_ticket_issue_ends_on(setup, setup.services["A"], day) == last


def test_a_closed_hall_says_when_it_opens_again_after_the_holidays() -> None:
    setup = of_year(2026)
    evening = hallday.utc_moment_of_hall_minute(setup, date(2026, 2, 14), 18 * 60)
    assert hallday.next_ticket_opening(setup, setup.services["A"], evening) == ("8:30", date(2026, 2, 24))
    assert spans(hall(d28={"kind": "working"}), SATURDAY, "B") == [], "it opens on Wednesdays alone"


def test_deadlines_run_around_national_day_and_counting_working_days_undoes_adding_them() -> None:
    calendar = of_year(2026).calendar
    assert add_working_days(calendar, date(2026, 9, 29), 3) == date(2026, 10, 9)
    assert add_working_days(calendar, date(2026, 10, 9), 1) == date(2026, 10, 10)  # a Saturday that is worked
    assert add_working_days(calendar, date(2026, 10, 10), -2) == date(2026, 10, 8)
    assert add_working_days(calendar, date(2026, 10, 1), 0) == date(2026, 10, 8)
    starts = (date(2026, 2, 13), date(2026, 9, 28), date(2026, 10, 10))
    for start, n in product(starts, (*range(-30, 0), *range(1, 31))):
        assert working_days_between(calendar, start, add_working_days(calendar, start, n)) == n


def test_a_row_may_say_whether_its_day_counts() -> None:
    rows = {"kind": "holiday", "working": True}, {"kind": "special", "from": "9:00", "to": "11:00", "working": True}
    calendar = hall(d27=rows[0], d28=rows[1]).calendar
    plain = hall(d27={"kind": "holiday"}, d28={"kind": "special", "from": "9:00", "to": "11:00"}).calendar
    found = [is_working_day(days, day) for days in (calendar, plain) for day in (FRIDAY, SATURDAY)]
    assert found == [True, True, False, False]


@pytest.mark.parametrize(("year", "off", "working"), [(2025, 28, 5), (2026, 33, 6)])
def test_the_published_years(year: int, off: int, working: int) -> None:
    """Counted by the notices: 1+8+3+5+3+8 and 3+9+3+5+3+3+7 days off; both years have 248 working days."""
    told, calendar = published_years("cn")[year], of_year(year).calendar
    kinds = [one.kind for one in calendar.days.values()]
    days = [date(year, 1, 1) + timedelta(days=n) for n in range(365)]
    assert (kinds.count("holiday"), kinds.count("working")) == (off, working)
    assert all(day.isoweekday() > 5 for day, one in calendar.days.items() if one.kind == "working")
    assert sum(is_working_day(calendar, day) for day in days) == 248
    assert told.published.year == year - 1
    assert calendar.sources_in_year(year) == (told.source,)
    assert calendar.sources_in_year(2028) == ()


def test_a_year_without_its_notice_has_what_the_law_fixes() -> None:
    """Article 2 of the State Council's Order 795: 1 + 4 + 1 + 2 + 1 + 1 + 3 days."""
    told, calendar = published_years("cn")[2027], of_year(2027).calendar
    days = [date(2027, 1, 1) + timedelta(days=n) for n in range(365)]
    assert told.law_only
    assert not published_years("cn")[2026].law_only
    assert {one.kind for one in calendar.days.values()} == {"holiday"}
    days_off = "01-01 02-05 02-06 02-07 02-08 04-05 05-01 05-02 06-09 09-15 10-01 10-02 10-03"
    assert " ".join(f"{day:%m-%d}" for day in sorted(calendar.days)) == days_off
    assert sum(is_working_day(calendar, day) for day in days) == 261 - 7  # Six of the thirteen are at weekends.


def test_one_change_gives_and_takes_days_in_the_order_of_the_dates() -> None:
    before = simple_setup(calendar={"2026-11-27": {"kind": "holiday"}})
    row = {"2026-11-27": None, "2026-12-31": {"kind": "holiday"}, "2026-11-28": {"kind": "working"}}
    after = document_after_change(before, {"part": "calendar", "op": "set", "row": row})
    assert list(after["calendar"]) == ["2026-11-28", "2026-12-31"]


def of_zone(timezone: str, **fields: Any) -> Setup:
    """A hall of three services that opens from Monday to Saturday."""
    document = simple_setup(timezone=timezone)
    document["hall"].update(fields)
    for service in document["services"]:
        service.update(hours=[{"days": "1-6", "from": "08:30", "to": "17:30"}])
    return check_and_read_setup(document)


@pytest.mark.parametrize(
    ("timezone", "fields", "saturday", "makes_up", "country"),
    [
        ("America/New_York", {}, True, False, ""),
        ("America/New_York", {"country": "cn"}, False, True, "cn"),
        ("America/New_York", {"country": "us"}, True, False, ""),
        ("Asia/Shanghai", {}, False, True, "cn"),
        ("Asia/Shanghai", {"country": "none"}, True, False, ""),
        ("UTC+08:00", {}, True, False, ""),
    ],
)
def test_working_days_are_those_of_the_country_or_of_the_halls_own_week(timezone, fields, saturday, makes_up, country):
    setup = of_zone(timezone, **fields)
    assert is_working_day(setup.calendar, SATURDAY) == saturday
    assert not is_working_day(setup.calendar, SATURDAY + timedelta(days=1))
    assert add_working_days(setup.calendar, FRIDAY, 2) == FRIDAY + timedelta(days=3 if saturday else 4)
    assert setup.calendar.makes_up == makes_up
    assert country_of_published_days(setup.hall) == country
    assert bool(published_years(country_of_published_days(setup.hall))) == bool(country)


def test_another_countrys_file_is_all_that_its_halls_need(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    days = {"2026-07-04": {"kind": "holiday", "text": "Independence Day"}}
    year = {"source": "us-2026", "title": "Federal holidays", "published": "2025-01-01", "url": "", "days": days}
    document = {"names": {"en": "United States"}, "zones": ["America/New_York"], "years": {"2026": year}}
    (tmp_path / "calendars").mkdir()
    (tmp_path / "calendars" / "us.json").write_text(json.dumps(document), encoding="utf-8")
    monkeypatch.setattr(calendaring, "resource_path", tmp_path.joinpath)
    calendaring.published_holidays_by_country.cache_clear()
    try:
        assert country_of_published_days(of_zone("America/New_York").hall) == "us"
        assert published_years("us")[2026].days["2026-07-04"]["source"] == "us-2026"
    finally:
        calendaring.published_holidays_by_country.cache_clear()


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
    for why, parts in whys.items():
        for row in parts:
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


government = partial(preset, "government")


@pytest.mark.parametrize(("own", "other"), [("name", "name_en"), ("name_en", "name")])
@pytest.mark.parametrize("absent", [True, False])
def test_a_name_in_one_language_stands_in_for_the_other(own: str, other: str, absent: bool) -> None:
    named_once = {own: "Loans"} if absent else {own: "Loans", other: ""}
    papers = [{own: "Library card", other: ""}]
    service = {"code": "A", **named_once, "prefix": "A", "papers": papers, "items": [{"code": "x", **named_once}]}
    parts = {"classes": [{"code": "elderly", **named_once}], "staff": [{"code": "AD", **named_once, "role": "admin"}]}
    parts |= {"hall": {"code": "L", **named_once}, "notices": [{own.replace("name", "text"): "Closed on Monday"}]}
    setup = check_and_read_setup({**parts, "services": [service], "windows": [{"code": "1", "services": ["A"]}]})
    read = setup.services["A"]
    assert [setup.hall.name, read.name, read.items[0].name, setup.classes["elderly"].name] == ["Loans"] * 4
    assert [read.papers[0].name, setup.notices[0].text] == ["Library card", "Closed on Monday"]
    for lang in ("en", "zh_CN"):
        assert service_name(setup, "A", lang) == staff_name(setup, "AD", lang) == "Loans"
        assert name_in_language(read.about, "All books", lang) == "All books"
    assert rows.hall_languages(setup) == ("en",)


def test_a_name_in_no_language_is_refused_by_its_field() -> None:
    document = simple_setup()
    document["services"][0] |= {"name": " ", "name_en": ""}
    with pytest.raises(RuleError) as refusal:
        check_and_read_setup(document)
    assert (refusal.value.details["field"], refusal.value.details["why"]) == ("services.A.name", "empty")


def test_a_hall_stays_of_two_languages_or_shows_nothing_of_the_second() -> None:
    document = preset("bank")
    document["services"].append({"code": "E", "name": "ATM", "name_en": "", "prefix": "E"})
    assert rows.hall_languages(check_and_read_setup(document)) == ("zh_CN", "en")
    document["services"][-1]["name"] = "自助机"
    assert rows.hall_languages(check_and_read_setup(document)) == ("zh_CN",)
    english, chinese = (setup_reduced_to_one_language(government(), lang) for lang in ("en", "zh_CN"))
    assert rows.hall_languages(check_and_read_setup(english)) == ("en",)
    first = english["services"][0]
    assert (first["name"], first["papers"][0]["name"]) == ("General services", "ID card")
    assert not re.search("[\u3400-\u9fff]", str(english))
    assert "_en" not in str(chinese)
    assert rows.hall_languages(check_and_read_setup(chinese)) == ("zh_CN",)


@pytest.mark.parametrize("lang", ["en", "zh_CN"])
def test_a_hall_that_uses_one_language_reads_every_text_in_it(lang: str) -> None:
    """The names of both stay in its set-up file: it may use both again."""
    document = government()
    document["hall"] = {**document["hall"], "languages": [lang], "words": {"window": "room"}}
    setup = check_and_read_setup(document)
    assert (rows.hall_languages(setup), rows.field_and_choice_languages(setup)) == ((lang,), (lang,))
    shown = (setup.services, setup.staff, setup.classes, setup.cards, setup.sentences, score_sheets_of_hall(setup))
    assert bool(re.search("[\u3400-\u9fff]", str(shown))) is (lang == "zh_CN")
    assert setup.services["A"].name_en == ""
    assert setup.document["services"][0]["name_en"] == "General services"
    assert rows.voice_languages(setup, VoiceSpec(languages=("zh_CN", "en"))) == (lang,)
    assert rows.slip_languages(setup, TicketDesign(languages=("en", "zh_CN"))) == (lang,)


def test_a_list_of_papers_of_its_own_stays_and_the_other_language_alone_is_no_other_name() -> None:
    was = government()["services"][0]
    now = {**was, "name": "借书", "papers": [*was["papers"], {"name": "借书证"}]}
    gone = presets.service_fields_to_clear_on_rename(now, was, "zh_CN")
    assert gone["papers"] == [{"name": "借书证"}]
    assert "papers_version" not in gone
    was = government()["services"][0]
    assert not presets.is_service_renamed({**was, "name_en": "General"}, was, "zh_CN")
    assert not presets.is_service_renamed({**was, "name": "综合"}, was, "en")
    assert not presets.is_service_renamed({**was, "name": ""}, was, "en")


def test_a_hall_begins_without_names_ways_and_notices_and_a_row_with_a_name_is_somebody() -> None:
    document = presets.preset_as_new_hall(government())
    assert {(row["zone"], row["zone_en"], row["arrow"]) for row in document["windows"]} == {("", "", "")}
    assert (document["hall"]["code"], document["hall"]["name"], document["notices"]) == ("", "", [])
    assert [row["role"] for row in document["staff"]] == ["admin", *["clerk"] * len(document["windows"])]
    assert presets.people_rows_with_filled_name(document["staff"]) == []
    people = presets.preset_as_new_hall(government())["staff"]
    people[0] |= {"name_en": "Ann Weber"}
    people[1] |= {"name": " "}
    assert [row["code"] for row in presets.people_rows_with_filled_name(people)] == ["AD"]


def test_facts_begin_as_suggestions_that_can_be_kept_dropped_or_left() -> None:
    was = government()["services"][0]
    row = presets.preset_as_new_hall(government())["services"][0]
    assert not row.keys() & set(rows.FACT_FIELDS)
    assert list(presets.undecided_suggestions_by_fact(row)) == ["about", "papers", "fees", "steps", "items", "group"]
    kept = presets.fields_changed_by_suggestion_answers(row, presets.same_answer_by_fact(presets.KEEP))
    assert {**row, **kept, rows.SUGGESTED: {}} == {**was, rows.SUGGESTED: {}}
    answers = {"fees": presets.KEEP, "steps": presets.DROP, "message": presets.KEEP}
    after = {**row, **presets.fields_changed_by_suggestion_answers(row, answers)}
    assert (after["fees"], "steps" in after) == (was["fees"], False)
    assert list(presets.undecided_suggestions_by_fact(after)) == ["about", "papers", "items", "group"]
    assert presets.fields_changed_by_suggestion_answers(after, {"fees": presets.DROP}) == {}
    own = {**row, "fees": "10", "papers": [{"name": "护照"}]}
    assert list(presets.undecided_suggestions_by_fact(own)) == ["about", "steps", "items", "group"]


@pytest.mark.parametrize(
    ("held", "field"),
    [
        ({"fees": 7}, "services.A.suggested.fees"),
        ({"name": "B"}, "services.A.suggested"),
        ({"items": [{"code": "a b", "name": "x"}]}, "services.A.suggested.items.1.code"),
        ([], "services.A.suggested"),
    ],
)
def test_suggestions_that_could_not_be_kept_are_refused(held: object, field: str) -> None:
    document = simple_setup()
    document["services"][0][rows.SUGGESTED] = held
    with pytest.raises(RuleError) as refusal:
        check_and_read_setup(document)
    assert refusal.value.details["field"] == field


def test_a_hall_has_a_code_by_its_name() -> None:
    codes = {"Maple Street Library": "MSL", "The Library of Trees and Birds": "LTB", "Library": "LIBR"}
    codes |= {"Hall 12": "H12", "城东图书馆": "CDTS", "第2医院": "D2YY", "École Centrale": "EC", "…": "HALL"}
    assert {name: hall_code_from_name(name) for name in codes} == codes


@pytest.mark.parametrize(
    ("lang", "was", "corrected", "other"),
    [
        ("en", "Blood tests", ["Blood test", "blood  tests", "Tests, blood"], "X-ray"),
        ("en", "Pay a bill", ["Pay bills"], "Payment"),
        ("en", "Loans and returns", ["Loan and return"], "Library cards"),
        ("zh_CN", "借书还书", ["借还书"], "办证"),
    ],
)
def test_a_corrected_name_is_no_other_service(lang: str, was: str, corrected: list[str], other: str) -> None:
    key = "name_en" if lang == "en" else "name"
    found = [presets.is_renamed_to_different_thing({key: name}, {key: was}, lang) for name in (*corrected, other)]
    assert found == [*[False] * len(corrected), True]
