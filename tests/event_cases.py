"""Events that no desk would have written: with fields missing, of another type, about what is gone, out of order."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from msgspec.structs import replace

from queuedesk.core.log.event import EARLIEST, LATEST, SHAPES, Event, EventFieldType, EventShape, event_or_set_aside
from queuedesk.store.engine.database import Database
from queuedesk.store.log.book import HallWriter
from tests.core.shaped import WRONG, shaped

GONE: Mapping[EventFieldType, Any] = {
    EventFieldType.TEXT: "gone",
    EventFieldType.DAY: "2020-02-29",
    EventFieldType.TIME: "2020-02-29T01:00:00.000000+00:00",
    EventFieldType.NUMBER: 999_999_999,
    EventFieldType.LEVEL: 1,
    EventFieldType.FLAG: False,
    EventFieldType.TEXTS: ["gone", "gone"],
    EventFieldType.NUMBERS: [999_999_999, 999_999_999],
    EventFieldType.OBJECT: {"gone": 1},
    EventFieldType.OBJECTS: [{"gone": 1}],
    EventFieldType.NUMBERS_BY_NAME: {"gone": 999_999_999},
}
"""Values of the right type that name nothing in any hall."""


@dataclass(frozen=True)
class Case:
    """An event and what is wrong with it. `fits` where only the hall, not the table, can tell."""

    name: str
    event: Event
    fits: bool


def cases() -> Iterator[Case]:
    """Yield every case, in the same order each time."""
    for kind, shapes in SHAPES.items():
        for shape in shapes:
            for name, event in _unfit(kind, shape):
                yield Case(f"{kind}/{shape.when or 'else'}: {name}", event, fits=False)
            for name, event in _strange(kind, shape):
                yield Case(f"{kind}/{shape.when or 'else'}: {name}", event, fits=True)
    whole = shaped("resume", SHAPES["resume"][0])
    for name, event in (
        ("a kind of a later program", replace(whole, kind="teleport")),
        ("data that is a list", replace(whole, data=[1])),
        ("data that is a text", replace(whole, data="no JSON")),
        ("taken in the year 3000", replace(whole, at=LATEST)),
        ("of the year 1500", replace(whole, time=datetime.fromisoformat("1500-01-01T00:00:00+00:00"))),
    ):
        yield Case(name, event, fits=False)


def _unfit(kind: str, shape: EventShape) -> Iterator[tuple[str, Event]]:
    whole = shaped(kind, shape)
    for column in shape.columns:
        yield f"no {column}", shaped(kind, shape, **{column: None})
    for name, its_type in shape.needs.items():
        if name != shape.when:
            yield f"no {name}", replace(whole, data={key: value for key, value in whole.data.items() if key != name})
        for wrong in WRONG[its_type]:
            yield f"{name} {wrong!r}", replace(whole, data={**whole.data, name: wrong})
    for name, its_type in shape.may.items():
        wrong = next(one for one in WRONG[its_type] if one is not None)
        yield f"{name} {wrong!r}", replace(whole, data={**whole.data, name: wrong})


def _strange(kind: str, shape: EventShape) -> Iterator[tuple[str, Event]]:
    """Yield what fits the table: a plain form first, out of order in most halls, then what is gone."""
    whole = shaped(kind, shape)
    yield "out of order", whole
    yield "doubled", whole
    gone = {name: GONE[its_type] for name, its_type in shape.needs.items()}
    today = {"date": whole.data["date"]} if "date" in whole.data else {}
    data = {**whole.data, **gone, **today}
    yield "about what is gone", shaped(kind, shape, data=data, **dict.fromkeys(shape.columns, "gone"))
    for name, its_type in (*shape.needs.items(), *shape.may.items()):
        yield f"{name} that is gone", replace(whole, data={**whole.data, name: GONE[its_type]})
    for column in shape.columns:
        yield f"{column} that is gone", shaped(kind, shape, **{column: "gone"})
    for column in ("ticket", "service", "window", "staff"):
        yield f"another {column}", shaped(kind, shape, **{column: "gone"})
    yield "on paper", replace(whole, data={**whole.data, "paper": True})


def usual(found: Iterable[Case]) -> Iterator[Case]:
    """Yield what the daily run tries: all that the table tells, and of the hall's the first few of each form."""
    for _form, group in groupby(found, key=lambda case: case.name.partition(":")[0]):
        of_form = list(group)
        yield from (case for case in of_form if not case.fits)
        yield from [case for case in of_form if case.fits][:3]


def put_in(db: Database, hall: int, strange: Iterable[Event], now: datetime) -> None:
    """Append events as a log that is merged brings them, whatever they hold; times that a hall has become `now`."""
    with db.write(hall) as tx:
        book = HallWriter(tx, hall)
        for event in strange:
            moved = {name: now for name in ("at", "time") if EARLIEST <= getattr(event, name) < LATEST}
            book.take_over_event(event_or_set_aside(replace(event, seq=book.hall_counters().seq + 1, **moved)))
        book.close()
