"""Each preset is a hall that can open its doors at once, in both languages."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from queuedesk.core.quality.inspection import CHANNELS
from queuedesk.core.setup.file import check_and_read_setup
from queuedesk.core.setup.presets import PRESETS
from queuedesk.paths import resource_path
from scripts import build_texts

KEYS = {
    "hall": {"code", "name", "name_en", "phone", "timezone", "opens", "closes", "words", "features"},
    "words": {"window"},
    "services": {
        *("code", "name", "name_en", "about", "about_en", "prefix", "first", "last", "handling_target", "hours"),
        *("last_ticket", "message", "message_en", "papers", "items", "group", "group_en", "form_free"),
        *("fees", "fees_en", "steps", "steps_en"),
    },
    "items": {"code", "name", "name_en", "favourite", "minutes", "papers", "words"},
    "papers": {"name", "name_en", "note", "note_en"},
    "hours": {"days", "from", "to"},
    "windows": {"code", "name", "services", "quick"},
    "staff": {"code", "name", "name_en", "role", "skills"},
    "classes": {"code", "name", "name_en", "credit_minutes"},
    "settings": {f"inspect_{channel}" for channel in CHANNELS},
}
IN_ENGLISH = ("name", "about", "note", "message", "group", "fees", "steps")
CHINESE = re.compile(r"[\u3000-\u9fff，。？！：；（）]")


def load(preset: str) -> dict[str, Any]:
    return json.loads(resource_path("presets", f"{preset}.json").read_text(encoding="utf-8"))


def strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, (dict, list)):
        for part in value.values() if isinstance(value, dict) else value:
            yield from strings(part)


def rows(part: str, value: object) -> Iterator[tuple[str, dict[str, Any]]]:
    if isinstance(value, list):
        for row in value:
            yield from rows(part, row)
    elif isinstance(value, dict):
        yield part, value
        for key, inner in value.items():
            yield from rows(key, inner)


@pytest.mark.parametrize("name", PRESETS)
def test_it_is_well_set_with_the_parts_and_fields_of_the_set_up_file_only_and_all_that_people_read_in_english(
    name: str,
) -> None:
    document = load(name)
    assert [(text, found) for text in strings(document) if (found := build_texts.typography(text))] == []
    assert set(document) - {"pay_days", "settings"} == {"hall", "services", "windows", "staff", "classes"}
    for part, row in rows("", document):
        assert part == "" or row.keys() <= KEYS[part]
        for key in IN_ENGLISH:
            english = row.get(f"{key}_en", "" if CHINESE.search(row.get(key) or "") else "-")
            assert english and not CHINESE.search(english), row


def test_no_suggestion_names_the_money_of_one_country() -> None:
    documents = {name: load(name) for name in PRESETS}
    assert re.findall(r"(?i)yuan|RMB|CNY|[¥￥元$€£]", json.dumps(documents, ensure_ascii=False)) == []


@pytest.mark.parametrize("name", PRESETS)
def test_nothing_is_made_up_and_all_that_a_hall_needs_is_there(name: str) -> None:
    """No ways, no notices, no version of a list, no people: who works there is told by the work."""
    setup = check_and_read_setup(load(name))
    assert {(one.zone, one.zone_en, one.arrow) for one in setup.windows.values()} == {("", "", "")}
    assert setup.notices == ()
    assert {(one.papers_version, one.papers_date) for one in setup.services.values()} == {("", "")}
    people = {re.sub(" [0-9]+", "", person.name_en) for person in setup.staff.values()}
    assert people == {"Guide", "Staff", "Manager", "Admin"}
    assert all((s.quota, s.line_limit, s.message) == (None, None, "") for s in setup.services.values())

    # There are services and windows enough, and two windows for every service.
    least = {"other": (1, 2), **dict.fromkeys(("power", "bank", "clinic", "government"), (4, 5))}
    services, windows = least.get(name, (3, 4))
    serving_all = [window for window in setup.windows.values() if set(window.services) == set(setup.services)]
    assert len(setup.services) >= services and len(setup.windows) >= windows and len(serving_all) >= 2

    # Every window has a clerk who may do all, and each class its credit.
    clerks = [person for person in setup.staff.values() if person.role == "clerk"]
    assert len(clerks) == len(setup.windows)
    assert all(person.skills == () for person in clerks)
    assert {person.role for person in setup.staff.values()} == {"guide", "clerk", "manager", "admin"}
    assert all(re.fullmatch("[A-Z0-9]{2}", code) for code in setup.staff)
    assert len({person.name for person in setup.staff.values()}) == len(setup.staff)
    credits = {code: row.credit_minutes for code, row in setup.classes.items() if code != "emergency"}
    assert credits == {"normal": 0, "elderly": 10, "disabled": 15, "pregnant": 15, "appointment": 12}

    # No letter is read as a figure, items have codes of their own, and tickets end before the hall closes.
    prefixes = [service.prefix for service in setup.services.values()]
    assert len(set(prefixes)) == len(prefixes)
    assert not set("".join(prefixes)) & set("IOQSZ")
    for service in setup.services.values():
        codes = [item.code for item in service.items]
        assert len(set(codes)) == len(codes)
        assert all(h.end == setup.hall.closes and h.start == setup.hall.opens for h in service.hours or ())
        assert service.last_ticket is None or service.last_ticket < setup.hall.closes

    # The guide finds six favourites and how each service goes; "other" leaves that to the hall.
    if name != "other":
        items = [item for service in setup.services.values() for item in service.items]
        assert sum(item.favourite for item in items) == 6
        assert all(item.minutes for item in items)
        for service in setup.services.values():
            assert service.about
            assert len(service.steps.splitlines()) == len(service.steps_en.splitlines()) >= 2


def test_something_else_is_left_to_the_hall() -> None:
    setup = check_and_read_setup(load("other"))
    (service,) = setup.services.values()
    assert (service.name, service.name_en, service.items, service.papers) == ("业务", "Service", (), ())
    assert len(setup.windows) == 2


def test_halls_differ_in_words_groups_and_inspections_by_number() -> None:
    setups = {name: check_and_read_setup(load(name)) for name in PRESETS}
    groups = {name: {service.group for service in setup.services.values()} for name, setup in setups.items()}
    settings = [f"inspect_{channel}" for channel in CHANNELS]
    inspected = {name for name, setup in setups.items() if any(map(setup.setting_as_int, settings))}
    assert {name for name, setup in setups.items() if setup.hall.words.window == "desk"} == {"library", "telecom"}
    assert inspected == {"power", "government"}
    assert [len(groups[name]) for name in ("bank", "government")] == [2, 2]
    assert {group for name in ("power", "clinic", "library", "pharmacy") for group in groups[name]} == {""}


def test_power_is_the_hall_of_the_pictures() -> None:
    setup = check_and_read_setup(load("power"))
    windows = {code: "".join(window.services) for code, window in setup.windows.items()}
    services = [(s.name, s.last, s.handling_target) for s in setup.services.values()]
    assert windows == {"1": "A", "2": "A", "3": "AB", "4": "AB", "5": "ABCD", "6": "ABCD"}
    assert services == [("电费缴纳", 499, 5), ("业务办理", 499, 20), ("报装接电", 199, 20), ("咨询", 199, 20)]
