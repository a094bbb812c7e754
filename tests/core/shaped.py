"""Events made from the table of kinds and fields: whole ones, and what does not fit into each field."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from queuedesk.core.log.event import MOST_OF_A_NUMBER, Event, Shape, Type

AT = datetime(2026, 11, 20, 1, 13, tzinfo=UTC)
DAY, MOMENT = "2026-11-20", "2026-11-20T01:13:00.000000+00:00"
COLUMNS = {"ticket": "A009", "service": "A", "window": "1", "staff": "C1"}

GOOD: Mapping[Type, tuple[Any, ...]] = {
    Type.TEXT: ("A", ""),
    Type.DAY: (DAY,),
    Type.TIME: (MOMENT, "2026-11-20T09:13:00+08:00"),
    Type.NUMBER: (1, 0, -MOST_OF_A_NUMBER),
    Type.LEVEL: (4, 1, 5),
    Type.FLAG: (True, False),
    Type.TEXTS: (["A"], []),
    Type.NUMBERS: ([1, 2], []),
    Type.OBJECT: ({}, {"a": 1}),
    Type.OBJECTS: ([], [{}]),
    Type.NUMBERS_BY_NAME: ({}, {"A": 3}),
}
WRONG: Mapping[Type, tuple[Any, ...]] = {
    Type.TEXT: (None, 1, True, ["A"], {}),
    Type.DAY: (None, 20261120, "", "2026-13-01", "20261120", "0001-01-01", "9999-12-31", DAY + "T00:00"),
    Type.TIME: (None, 0, "", "soon", DAY, "2026-11-20T09:13:00", "9999-12-31T23:59:59+00:00"),
    Type.NUMBER: (None, True, 1.5, "1", [1], 2 * MOST_OF_A_NUMBER),
    Type.LEVEL: (None, 0, 6, True, 2.5, "4"),
    Type.FLAG: (None, 1, "yes"),
    Type.TEXTS: (None, "A", [1], [None], {"A": "A"}),
    Type.NUMBERS: (None, 1, ["1"], [True], {}),
    Type.OBJECT: (None, [], "A", 1),
    Type.OBJECTS: (None, {}, [[]], [None], "A"),
    Type.NUMBERS_BY_NAME: (None, [], {"A": "1"}, {"A": None}, 1),
}


def shaped(kind: str, shape: Shape, *, data: Mapping[str, Any] | None = None, **columns: Any) -> Event:
    """Return an event of this form, with the first good value in every field that it needs; `data` and columns as
    given."""
    whole = {name: GOOD[its_type][0] for name, its_type in shape.needs.items()}
    if shape.when is not None and shape.when not in whole:
        whole[shape.when] = GOOD[shape.may[shape.when]][0]
    held = {name: value for name, value in COLUMNS.items() if name in shape.columns} | columns
    return Event(seq=1, at=AT, time=AT, kind=kind, actor="C1", data=whole if data is None else data, **held)
