"""The table of kinds and fields: each type takes what it says alone, and an event lacks nothing that its form needs."""

from datetime import UTC, datetime, timedelta

import pytest

from queuedesk.core.log.event import EARLIEST, LATEST, SHAPES, Event, EventFault, EventFieldType, shape_for_event_data
from tests.core.shaped import GOOD, WRONG, shaped

NINE = datetime(2026, 11, 20, 1, tzinfo=UTC)
FORMS = [(kind, shape) for kind, shapes in SHAPES.items() for shape in shapes]


def test_an_event_with_all_its_fields_fits_and_one_that_lacks_any_does_not() -> None:
    for kind, shape in FORMS:
        event = shaped(kind, shape)
        assert event.reading_fault() is None, kind
        assert shape_for_event_data(kind, event.data) is shape, kind
        for name in shape.needs:
            if name != shape.when:
                rest = {key: value for key, value in event.data.items() if key != name}
                assert shaped(kind, shape, data=rest).reading_fault() == EventFault("missing", name), kind
            for wrong in WRONG[shape.needs[name]]:
                data = {**event.data, name: wrong}
                assert shaped(kind, shape, data=data).reading_fault() == EventFault("wrong_type", name), kind
        for column in shape.columns:
            assert shaped(kind, shape, **{column: None}).reading_fault() == EventFault("missing", column), kind


def test_what_may_be_missing_may_be_null_but_no_other_thing() -> None:
    for kind, shape in FORMS:
        data = shaped(kind, shape).data
        for name, its_type in shape.may.items():
            for good in (None, *GOOD[its_type]):
                assert shaped(kind, shape, data={**data, name: good}).reading_fault() is None, kind
            for wrong in (one for one in WRONG[its_type] if one is not None):
                fault = shaped(kind, shape, data={**data, name: wrong}).reading_fault()
                assert fault == EventFault("wrong_type", name), kind


def test_every_type_has_its_examples_and_kinds_of_a_later_program_are_told_apart() -> None:
    assert set(GOOD) == set(WRONG) == set(EventFieldType)
    later = Event(seq=1, at=NINE, time=NINE, kind="teleport", actor="C1")
    assert later.reading_fault() == EventFault("unknown_kind", "kind")
    listed = Event(seq=1, at=NINE, time=NINE, kind="resume", actor="C1", window="1", data=["a"])  # type: ignore[arg-type]
    assert listed.reading_fault() == EventFault("no_data", "data")


@pytest.mark.parametrize("moment", [EARLIEST - timedelta(microseconds=1), LATEST])
def test_a_time_that_no_hall_has_is_none(moment: datetime) -> None:
    for at, time, fault in (
        *((NINE, moment, EventFault("bad_time", "time")), (moment, NINE, EventFault("bad_time", "at"))),
        (EARLIEST, NINE, None),
    ):
        assert Event(seq=1, at=at, time=time, kind="resume", actor="C1", window="1").reading_fault() == fault
