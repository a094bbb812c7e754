"""What one hall's set-up would change in another, what is that hall's own, and the way back."""

from __future__ import annotations

from typing import Any

import pytest

from queuedesk.core.log.event import Event
from queuedesk.core.network.roles import CONSOLE, Actor, Role
from queuedesk.core.setup.file import check_setup
from queuedesk.features.halls.rules import (
    SECTIONS,
    differences,
    may_lead,
    packed,
    still,
    told_last,
    turned,
    unpacked,
    with_values,
)
from tests.hall import at, simple_setup


def setup(**changes: Any) -> dict[str, Any]:
    return simple_setup(**changes)


def services(**named: dict[str, Any]) -> list[dict[str, Any]]:
    return [{**row, **named.get(row["code"], {})} for row in simple_setup()["services"]]


def said(found: Any) -> list[tuple[str, str, str, Any, Any]]:
    return [tuple(one) for one in packed(found)]


def test_words_are_those_of_services_that_both_halls_have():
    ours = setup(services=services(A={"name": "Pay", "quota": 9}, C={"name": "New"}))
    theirs = setup(services=services()[:2])

    assert said(differences(ours, theirs, ["words"])) == [("services", "A", "name", "A", "Pay")]
    found = differences(ours, theirs, ["services"])
    assert [(one.code, one.field) for one in found] == [("A", "name"), ("A", "quota"), ("C", "")]


def test_what_only_means_the_usual_differs_from_nothing():
    ours = setup(services=services(A={"quota": None, "credit_minutes": 0, "first": 1}), settings={})
    theirs = setup()

    assert differences(ours, theirs, SECTIONS) == []


def test_nothing_that_only_the_other_hall_has_goes():
    ours = setup()
    theirs = setup(
        notices=[{"text": "Lift out of order"}],
        calendar={"2027-01-01": {"kind": "holiday"}},
        targets=[{"measure": "satisfaction", "value": 95}],
    )
    assert differences(ours, theirs, SECTIONS) == []


@pytest.mark.parametrize(
    ("section", "part", "value"),
    [
        ("rules", "settings", {"amber_minutes": 8}),
        ("words", "notices", [{"text": "Closed at noon"}]),
        ("targets", "targets", [{"measure": "satisfaction", "value": 95}]),
        ("calendar", "calendar", {"2027-01-01": {"kind": "holiday"}}),
        ("scheme", "scheme", {"praise_cap": 4}),
    ],
)
def test_a_section_goes_there_and_back(section: str, part: str, value: Any):
    ours, theirs = setup(**{part: value}), setup(hall={**setup()["hall"], "code": "B", "name": "Other"})

    found = differences(ours, theirs, [section])
    after = with_values(theirs, found)
    back = with_values(after, still(after, turned(found)))

    assert found
    assert after[part] == value
    assert after["hall"] == theirs["hall"]
    assert differences(theirs, back, SECTIONS) == differences(back, theirs, SECTIONS) == []


def test_the_way_back_leaves_what_was_changed_since():
    ours, theirs = setup(services=services(A={"name": "Pay"}, B={"name": "Ask"})), setup()
    found = unpacked(packed(differences(ours, theirs, ["words"])))
    since = with_values(theirs, found)
    since["services"] = [{**row, **({"name": "Own"} if row["code"] == "B" else {})} for row in since["services"]]

    back = with_values(since, still(since, turned(found)))

    assert [row["name"] for row in back["services"]] == ["A", "Own", "C"]


def test_own_is_what_its_people_changed_since_the_last_push():
    def event(seq: int, **data: Any) -> Event:
        return Event(
            seq=seq, at=at(f"9:0{seq}"), time=at(f"9:0{seq}"), kind="set-up", actor="AD", ticket=None, service=None,
            window=None, staff=None, command=None, data=data,
        )  # fmt: skip

    def named(seq: int, code: str, name: str) -> Event:
        return event(seq, part="services", op="set", code=code, row={"name": name})

    ours = setup(services=services(A={"name": "Pay"}, B={"name": "Ask"}, C={"name": "New"}))
    events = [
        event(1, setup=setup()),
        named(2, "A", "Own"),
        named(3, "B", "Own"),
        event(4, setup=setup(services=services(A={"name": "Own"}, B={"name": "Pushed"})), op="push", push={"n": 1}),
        event(5, part="pushes", op="send", push={}),
    ]
    theirs = setup(services=services(A={"name": "Own"}, B={"name": "Pushed"}))

    found = told_last(differences(ours, theirs, ["words"]), events)

    assert [(one.code, one.is_own, one.by) for one in found] == [
        ("A", True, "AD"),
        ("B", False, None),
        ("C", False, None),
    ]


def test_only_the_console_and_an_admin_whom_the_hall_names_may_push_to_it():
    document = setup(hall={**setup()["hall"], "code": "B", "led_by": ["A/AD", "A/M1"]})
    there = check_setup(document)

    assert may_lead(CONSOLE, "A", there)
    assert may_lead(Actor("AD", Role.ADMIN), "A", there)
    assert not may_lead(Actor("AD", Role.ADMIN, unproven=True), "A", there)
    assert not may_lead(Actor("AD", Role.ADMIN), "C", there)
    assert not may_lead(Actor("M1", Role.MANAGER), "A", there)
    assert not may_lead(CONSOLE, "B", there)
