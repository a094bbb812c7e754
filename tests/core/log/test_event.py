"""Events: the printed text and the chain that shows a changed or a missing one."""

import hashlib
from datetime import UTC, datetime, timedelta, timezone

import pytest
from msgspec.structs import replace

from queuedesk.core.log.event import FIRST_PREV, Event, canonical_json, chain_hash, first_broken_seq, utc_stamp

NINE = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)


def chain(count: int = 5) -> list[Event]:
    events, prev = [], FIRST_PREV
    for seq in range(1, count + 1):
        data = {"date": "2026-11-20", "n": seq, "名": "张"}
        event = Event(seq=seq, at=NINE, time=NINE, kind="issue", actor="G1", ticket=f"A{seq:03d}", data=data)
        events.append(event.with_chain_hash(prev))
        prev = events[-1].hash
    return events


def test_the_first_stands_on_64_zeros_and_the_business_date_is_that_of_its_data() -> None:
    assert chain()[0].prev == "0" * 64
    assert str(chain()[0].date) == "2026-11-20"
    assert replace(chain()[0], data={}).date is None
    local = datetime(2026, 11, 20, 9, 0, 0, 5, tzinfo=timezone(timedelta(hours=8)))
    assert utc_stamp(local) == "2026-11-20T01:00:00.000005+00:00"


def test_the_hash_is_that_of_the_printed_text() -> None:
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


def test_any_changed_field_breaks_the_chain() -> None:
    changes = {"at": NINE + timedelta(microseconds=1), "time": NINE + timedelta(seconds=1), "kind": "void"}
    changes |= {"actor": "G2", "ticket": "A009", "service": "B", "window": "1", "staff": "C1", "command": "x", "seq": 9}
    changes |= {"data": {"date": "2026-11-20", "n": 4, "名": "张"}, "prev": "f" * 64, "hash": "f" * 64}
    assert changes.keys() == set(Event.__struct_fields__)
    for name, value in changes.items():
        events = chain()
        events[2] = replace(events[2], **{name: value})
        assert first_broken_seq(events) == events[2].seq, name


@pytest.mark.parametrize("gone", [0, 1, 3])
def test_a_missing_event_breaks_the_chain(gone: int) -> None:
    events = chain()
    del events[gone]
    assert first_broken_seq(events) == gone + 2
