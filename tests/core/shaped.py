"""Events made from the table of kinds and fields: whole ones, and what does not fit into each field."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from queuedesk.core.log.event import MOST_OF_A_NUMBER, Event, EventFieldType, EventShape

AT = datetime(2026, 11, 20, 1, 13, tzinfo=UTC)
DAY, MOMENT = "2026-11-20", "2026-11-20T01:13:00.000000+00:00"
COLUMNS = {"ticket": "A009", "service": "A", "window": "1", "staff": "C1"}

GOOD: Mapping[EventFieldType, tuple[Any, ...]] = {
    EventFieldType.TEXT: ("A", ""),
    EventFieldType.DAY: (DAY,),
    EventFieldType.TIME: (MOMENT, "2026-11-20T09:13:00+08:00"),
    EventFieldType.NUMBER: (1, 0, -MOST_OF_A_NUMBER),
    EventFieldType.LEVEL: (4, 1, 5),
    EventFieldType.FLAG: (True, False),
    EventFieldType.TEXTS: (["A"], []),
    EventFieldType.NUMBERS: ([1, 2], []),
    EventFieldType.OBJECT: ({}, {"a": 1}),
    EventFieldType.OBJECTS: ([], [{}]),
    EventFieldType.NUMBERS_BY_NAME: ({}, {"A": 3}),
}
WRONG: Mapping[EventFieldType, tuple[Any, ...]] = {
    EventFieldType.TEXT: (None, 1, True, ["A"], {}),
    EventFieldType.DAY: (None, 20261120, "", "2026-13-01", "20261120", "0001-01-01", "9999-12-31", DAY + "T00:00"),
    EventFieldType.TIME: (None, 0, "", "soon", DAY, "2026-11-20T09:13:00", "9999-12-31T23:59:59+00:00"),
    EventFieldType.NUMBER: (None, True, 1.5, "1", [1], 2 * MOST_OF_A_NUMBER),
    EventFieldType.LEVEL: (None, 0, 6, True, 2.5, "4"),
    EventFieldType.FLAG: (None, 1, "yes"),
    EventFieldType.TEXTS: (None, "A", [1], [None], {"A": "A"}),
    EventFieldType.NUMBERS: (None, 1, ["1"], [True], {}),
    EventFieldType.OBJECT: (None, [], "A", 1),
    EventFieldType.OBJECTS: (None, {}, [[]], [None], "A"),
    EventFieldType.NUMBERS_BY_NAME: (None, [], {"A": "1"}, {"A": None}, 1),
}


def shaped(kind: str, shape: EventShape, *, data: Mapping[str, Any] | None = None, **columns: Any) -> Event:
    """Return an event of this form, the first good value in each field it needs; `data`, columns as given."""
    whole = {name: GOOD[its_type][0] for name, its_type in shape.needs.items()}
    if shape.when is not None and shape.when not in whole:
        whole[shape.when] = GOOD[shape.may[shape.when]][0]
    held = {name: value for name, value in COLUMNS.items() if name in shape.columns} | columns
    return Event(seq=1, at=AT, time=AT, kind=kind, actor="C1", data=whole if data is None else data, **held)
