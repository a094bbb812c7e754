"""The set-up that a file of recorded days asks for: its own codes where none is given, and whether a given one knows
them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta, timezone
from functools import cache
from itertools import product
from typing import Any

from queuedesk.core.errors import RuleError
from queuedesk.core.queue import numbering
from queuedesk.core.setup.presets import PRESETS
from queuedesk.core.setup.values import PREFIX, Setup
from queuedesk.desk.setup.setting_up import ALL_HOURS, prepared
from queuedesk.paths import resource
from queuedesk.sim.ordering import windows_of
from queuedesk.sim.records import RecordedAct
from queuedesk.sim.table import BadLine

HALL = {"code": "REPLAY", "name": "Replay", "name_en": "Replay"}
LETTERS = "ABCDEFGHJKLMNPRTUVWXY"


def from_file(acts: Sequence[RecordedAct], zone: timezone) -> dict[str, Any]:
    """Return a set-up with the services, windows, staff and classes of the rows: every window serves every service at
    all hours."""
    services = _codes(act.service for act in acts)
    windows = _codes(act.window for act in acts)
    known = _known_classes()
    classes = [c for c in _codes(act.klass for act in acts) if c != "normal"]
    prefixes = _prefixes(services, acts)
    at_windows = {act.staff for act in acts if act.action not in ("issue", "not-ready", "sign-in")}
    return {
        "hall": {**HALL, "timezone": _zone_name(zone)},
        "services": [
            {"code": c, "name": c, "prefix": prefixes[c], "last": numbering.LAST, "hours": ALL_HOURS} for c in services
        ],
        "windows": [{"code": c, "services": services} for c in windows or ["1"]],
        "staff": [
            {"code": c, "name": c, "role": "clerk" if c in at_windows else "guide"}
            for c in _codes(act.staff for act in acts)
        ],
        "classes": [known.get(c, {"code": c, "name": c, "credit_minutes": 0}) for c in classes],
    }


def completed(document: Mapping[str, Any], acts: Sequence[RecordedAct], code: str | None) -> dict[str, Any]:
    """Return a set-up made ready for the rows: marked as a hall of recorded days, with a clerk of the window's code
    where a row needs one."""
    after = prepared(document, code=code)
    after["hall"] |= {"simulated": True, "replayed": True}
    staff = list(after.get("staff", ()))
    known = {row["code"] for row in staff}
    lacking = [c for c in _codes(_unnamed(acts)) if c not in known]
    after["staff"] = staff + [{"code": c, "name": c, "role": "clerk"} for c in lacking]
    return after


def unknown_codes(setup: Setup, acts: Iterable[RecordedAct]) -> list[BadLine]:
    """Return the rows that name a service, window, person or class which the set-up lacks."""
    bad = []
    for act in acts:
        try:
            if act.service is not None:
                setup.service(act.service)
            if act.window is not None:
                setup.window(act.window)
            if act.staff is not None:
                setup.person(act.staff)
            if act.klass is not None:
                setup.klass(act.klass)
        except RuleError as error:
            bad.append(BadLine(act.line, error))
    return bad


def _codes(codes: Iterable[str | None]) -> list[str]:
    """Return each code once, as people would sort them: 2 before 10."""
    return sorted({c for c in codes if c is not None}, key=_natural)


def _natural(code: str) -> list[tuple[int, int, str]]:
    parts = re.findall(r"[0-9]+|[^0-9]+", code)
    return [(0, int(part), "") if part.isdecimal() else (1, 0, part) for part in parts]


def _unnamed(acts: Sequence[RecordedAct]) -> Iterator[str]:
    """Yield the windows at which something was done while no row had said who sat there; dates end every shift."""
    seated: set[str] = set()
    day = None
    for act, window in zip(acts, windows_of(acts), strict=True):
        if act.time.date() != day:
            day = act.time.date()
            seated.clear()
        if window is None:
            continue
        if act.staff is None and window not in seated:
            yield window
        seated.add(window)
        if act.action == "close":
            seated.discard(window)


def _prefixes(services: Sequence[str], acts: Iterable[RecordedAct]) -> dict[str, str]:
    """Return a series for each service: the letters of its numbers in the file, else its code, else letters that are
    free."""
    seen: dict[str, set[str]] = {code: set() for code in services}
    for act in acts:
        if act.action in ("issue", "serve") and act.ticket and act.service:
            seen[act.service].add((numbering.parts(act.ticket) or ("", 0))[0])
    found = {code: letters.copy().pop() for code, letters in seen.items() if len(letters) == 1}
    found = {code: letters for code, letters in found.items() if PREFIX.fullmatch(letters)}
    found |= {code: code.upper() for code in services if code not in found and PREFIX.fullmatch(code.upper())}
    free = (text for text in _letters() if text not in found.values())
    return {code: found.get(code) or next(free) for code in services}


def _letters() -> Iterator[str]:
    for length in (1, 2, 3):
        yield from map("".join, product(LETTERS, repeat=length))


@cache
def _known_classes() -> dict[str, dict[str, Any]]:
    known: dict[str, dict[str, Any]] = {}
    for preset in PRESETS:
        document = json.loads(resource("presets", f"{preset}.json").read_text(encoding="utf-8"))
        for row in document["classes"]:
            known.setdefault(row["code"], row)
    return known


def _zone_name(zone: timezone) -> str:
    """Return a fixed offset as the set-up writes it: UTC+02:00."""
    span = zone.utcoffset(None)
    sign = "-" if span < timedelta() else "+"
    minutes = abs(span) // timedelta(minutes=1)
    return f"UTC{sign}{minutes // 60:02d}:{minutes % 60:02d}"
