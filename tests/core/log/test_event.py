"""Events: the printed text, the quick way to it, and the chain that shows a changed or a missing one."""

import hashlib
import json
import math
from datetime import UTC, datetime, timedelta, timezone
from enum import StrEnum
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from queuedesk.core.errors import RuleError
from queuedesk.core.log.event import (
    FIRST_PREV,
    Event,
    canonical_json,
    canonical_json_with_encoded_part,
    chain_hash,
    fast_canonical_json,
    first_broken_seq,
    require_storable,
    utc_stamp,
)
from queuedesk.store.engine.types import TextOfJsonValue, to_json

NINE = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)


def chain(count: int = 5) -> list[Event]:
    events, prev = [], FIRST_PREV
    for seq in range(1, count + 1):
        data = {"date": "2026-11-20", "n": seq, "名": "张"}
        event = Event(seq=seq, at=NINE, time=NINE, kind="issue", actor="G1", ticket=f"A{seq:03d}", data=data)
        events.append(event.with_chain_hash(prev))
        prev = events[-1].hash
    return events


def test_the_hash_is_that_of_the_printed_text_the_first_stands_on_64_zeros_and_the_date_is_that_of_its_data() -> None:
    assert chain()[0].prev == "0" * 64
    assert str(chain()[0].date) == "2026-11-20"
    assert replace(chain()[0], data={}).date is None
    local = datetime(2026, 11, 20, 9, 0, 0, 5, tzinfo=timezone(timedelta(hours=8)))
    assert utc_stamp(local) == "2026-11-20T01:00:00.000005+00:00"
    event = chain()[0]
    text = (
        '{"actor":"G1","at":"2026-11-20T01:00:00.000000+00:00","command":null,"data":{"date":"2026-11-20","n":1,"名":"张"},'
        '"kind":"issue","seq":1,"service":null,"staff":null,"ticket":"A001","time":"2026-11-20T01:00:00.000000+00:00","window":null}'
    )
    body = {k: v for k, v in event.printed_fields().items() if k not in ("prev", "hash")}
    assert canonical_json(body) == text
    assert event.hash == hashlib.sha256(("0" * 64 + text).encode()).hexdigest() == chain_hash("0" * 64, body)


def test_a_whole_chain_is_whole_from_any_point_and_a_new_hash_breaks_it_behind() -> None:
    events = chain()
    assert first_broken_seq(events) is None
    assert first_broken_seq(events[2:], events[1].hash, 2) is None
    assert first_broken_seq([]) is None
    events = chain()
    events[2] = replace(events[2], actor="G9").with_chain_hash(events[1].hash)
    assert first_broken_seq(events) == 4


def test_any_changed_field_and_any_missing_event_breaks_the_chain() -> None:
    changes = {"at": NINE + timedelta(microseconds=1), "time": NINE + timedelta(seconds=1), "kind": "void"}
    changes |= {"actor": "G2", "ticket": "A009", "service": "B", "window": "1", "staff": "C1", "command": "x", "seq": 9}
    changes |= {"data": {"date": "2026-11-20", "n": 4, "名": "张"}, "prev": "f" * 64, "hash": "f" * 64}
    assert changes.keys() == set(Event.__struct_fields__)
    for name, value in changes.items():
        events = chain()
        events[2] = replace(events[2], **{name: value})
        assert first_broken_seq(events) == events[2].seq, name
    for gone in (0, 1, 3):
        events = chain()
        del events[gone]
        assert first_broken_seq(events) == gone + 2


# -- the quick way to a JSON text gives the text that Python's own encoder gives, or none ------------------------------
PLAIN = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode
TEXTS = st.text(st.characters(exclude_categories=()))  # halves of surrogate pairs too
LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | TEXTS
VALUES = st.recursive(
    LEAVES,
    lambda one: st.lists(one) | st.tuples(one, one) | st.dictionaries(TEXTS, one) | st.dictionaries(st.integers(), one),
    max_leaves=12,
)


class Word(StrEnum):
    ONE = "one"


class Held(msgspec.Struct):
    x: int = 1


@given(VALUES)
def test_it_is_the_text_of_pythons_encoder(value: Any) -> None:
    assert canonical_json(value) == PLAIN(value)
    assert fast_canonical_json(value) in (None, PLAIN(value))


@given(st.dictionaries(TEXTS, LEAVES), VALUES)
def test_a_known_text_is_put_among_other_fields(fields: dict[str, Any], value: Any) -> None:
    found = canonical_json_with_encoded_part(fields, "data", value, canonical_json(value))
    assert found == PLAIN({**fields, "data": value})


IN_EVENTS = [{"z": [1, "é\x00\x7f\u2028\\"], "a": {"c": None, "b": True}}, [], {}, (), "x", 2**70]
ELSEWHERE = [0.1, 1e16, math.nan, [[{"a": 1.0}]], {"a": Word.ONE}, {1: 2}, "\ud800", ["\udfff"]]


@pytest.mark.parametrize(("values", "is_quick"), [(IN_EVENTS, True), (ELSEWHERE, False)])
def test_what_events_hold_is_written_quickly_and_what_msgspec_may_write_otherwise_is_not(values, is_quick) -> None:
    for value in values:
        assert fast_canonical_json(value) == (PLAIN(value) if is_quick else None)
        assert canonical_json(value) == PLAIN(value)


def test_what_is_nested_deeply_is_written_as_before_and_a_column_takes_a_text() -> None:
    value: Any = 1
    for _ in range(900):
        value = [value]
    assert canonical_json(value) == PLAIN(value)
    assert to_json(TextOfJsonValue('{"a":1}')) == to_json({"a": 1})
    assert type(to_json(TextOfJsonValue("[]"))) is str
    assert to_json('{"a":1}') == '"{\\"a\\":1}"'
    with pytest.raises(ValueError, match="JSON"):
        to_json([math.inf])


@pytest.mark.parametrize("value", [datetime(2026, 11, 20, tzinfo=UTC), b"x", {1}, Held()])
def test_foreign_objects_are_refused(value: Any) -> None:
    for held in (value, [value], {"a": {"b": [value]}}):
        with pytest.raises(TypeError):
            canonical_json(held)
        with pytest.raises(TypeError):
            to_json(held)


AT = datetime(2026, 11, 20, 1, 2, 3, tzinfo=UTC)


@pytest.mark.parametrize(
    "data",
    [{"date": "2026-11-20", "n": [1, {"é": None}]}, {"n": 0.1}, {}, {"a": 1, "kind": "x", "seq": 1, "z": {"seq": 2}}],
)
@pytest.mark.parametrize("time", [AT, AT.replace(hour=0)])
def test_an_event_is_the_same_where_the_text_of_its_data_is_known(data: dict[str, Any], time: datetime) -> None:
    event = Event(seq=3, at=AT, time=time, kind="note", actor="console", staff='",","kind":1,"seq":2,\\', data=data)
    complete = event.chained_with_encoded_data("0" * 64, canonical_json(data))
    assert complete == event.with_chain_hash("0" * 64)
    assert complete.json_line() == PLAIN(complete.printed_fields())


def is_refused(value: object) -> bool:
    try:
        require_storable("field", value)
    except RuleError:
        return True
    return False


def test_each_character_that_hides_or_reorders_is_refused_and_no_other() -> None:
    """Alone, and in the JSON text of an event's data."""
    hidden = {*range(0x20), *range(0x7F, 0xA0), *range(0x202A, 0x202F), *range(0x2066, 0x206A), *range(0xD800, 0xE000)}
    hidden -= set(map(ord, "\t\n\r"))
    assert {code for code in range(0x110000) if is_refused(chr(code))} == hidden
    assert {code for code in range(0x10000) if is_refused({"about": ["张 \\ ", chr(code)]})} == hidden
