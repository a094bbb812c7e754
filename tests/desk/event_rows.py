"""Every command of a person with the event that it appends: the table that tests of all commands walk. It stands in
tests/golden/events.jsonl, a line for each command: who gives it, what it is given, and its event, of which fields that
are not named are None, and `data` names all but the date."""

import json
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from queuedesk.core.features import import_reference, list_in_features_package
from queuedesk.core.imports import ChannelTotal
from queuedesk.core.network.roles import CUSTOMER, Actor, actor_of_station
from tests.hall import ADMIN, DEEDS, GUIDE, MANAGER, at, clerk

GOLDEN = Path(__file__).resolve().parents[1] / "golden" / "events.jsonl"
Row = tuple[str, Actor, tuple[Any, ...], dict[str, Any], dict[str, Any]]
KNOWN = {"G1": GUIDE, "M1": MANAGER, "AD": ADMIN, "customer": CUSTOMER}


def is_there(path: object) -> bool:
    """Whether the program has the folder of the feature that a path leads to; what is no path is of the core."""
    return not isinstance(path, str) or path.split(".")[1] in list_in_features_package("FEATURES")


def made(path: str, **fields: Any) -> Any:
    """Return what a feature's class makes, where the feature is there."""
    return import_reference(path)(**fields) if is_there(path) else None


HOTLINE = {"year": 2025, "name": "hall service", "top": Decimal(100), "score": Decimal("85.50")}
OCTOBER = {"first": date(2026, 10, 1), "last": date(2026, 10, 31), "n": 12}
NAMED = {
    "$INDICATOR": made("features.indicators.rules:Indicator", **HOTLINE),
    "$WISH": made("features.appointments.verbs:AppointmentRequest", service="B", at=at("10:00"), ref="R-17"),
    "$LONG": "x" * 1001,
    "$LONG_NOTICE": "x" * 101,
    "$TOTAL": ChannelTotal(channel="bank", site="East", service="A", **OCTOBER),
}


def value_of(kept: Any) -> Any:
    """Return what stands in the file: what begins with $ is named here, or a time, a date or a decimal."""
    if isinstance(kept, dict):
        return {name: value_of(value) for name, value in kept.items()}
    if isinstance(kept, list):
        return [value_of(value) for value in kept]
    if not isinstance(kept, str) or not kept.startswith("$") or kept in NAMED:
        return NAMED.get(kept, kept) if isinstance(kept, str) else kept
    told = kept.removeprefix("$")
    return at(told) if ":" in told else date.fromisoformat(told) if told.count("-") == 2 else Decimal(told)


def actor(name: str) -> Actor:
    kind, _colon, station = name.partition(":")
    return actor_of_station(station) if kind == "station" else KNOWN.get(name) or clerk(name)


def rows() -> Iterator[Row]:
    """Yield each command with who gives it, its arguments, and the event expected."""
    for line in GOLDEN.read_text(encoding="utf-8").splitlines():
        event = json.loads(line)
        verb, who = event.pop("verb"), actor(event.pop("who"))
        args, words = value_of(event.pop("args", [])), value_of(event.pop("words", {}))
        if is_there(DEEDS[verb]):
            yield verb, who, tuple(args), words, event


ROWS = list(rows())
