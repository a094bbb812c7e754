"""Writes the first event of a hall, in its own database or beside other halls; what a preset begins it with."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from datetime import UTC
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from queuedesk.core.errors import OutsideError, RuleError
from queuedesk.core.log.event import Event
from queuedesk.core.queue.hallday import business_date
from queuedesk.core.setup.field_kinds import own_key
from queuedesk.core.setup.presets import PRESETS, with_story
from queuedesk.core.setup.rows import Setup
from queuedesk.desk.change import Ask, Desk
from queuedesk.files.reading import read_own
from queuedesk.paths import resource
from queuedesk.store.engine.database import Database
from queuedesk.store.engine.types import Transaction
from queuedesk.store.log import events
from queuedesk.store.log.book import Book
from queuedesk.store.parts import halls


def found_hall(db: Database, setup: Setup, ask: Ask) -> Desk:
    """Make the first hall of an empty database. Raises RuleError "exists" where there is one, unless this command made
    it."""
    with db.write() as tx:
        there = halls.listed(tx)
        if there:
            return Desk(db, _made_before(tx, there[0][0], db, ask))
        _found(tx, 1, setup, ask)
    return Desk(db, 1)


def add_hall(db: Database, setup: Setup, ask: Ask) -> Desk:
    """Make a hall in a database that may have others. Raises RuleError "exists" where one has its code, unless this
    command made it."""
    try:
        with db.write() as tx:
            halls.keep_newcomers_out(tx)
            there = halls.listed(tx)
            same = next((id for id, code in there if code == setup.hall.code), None)
            if same is not None:
                return Desk(db, _made_before(tx, same, db, ask))
            hall = max((id for id, _code in there), default=0) + 1
            _found(tx, hall, setup, ask)
    except BaseException:
        db.dispose()
        raise
    return Desk(db, hall)


def _made_before(tx: Transaction, hall: int, db: Database, ask: Ask) -> int:
    """Return the hall that is there if this very command made it. Raises RuleError "exists", "id_used"."""
    kept = events.answer(tx, hall, ask.command) if ask.command else None
    if kept is None:
        raise RuleError("exists", path=db.place)
    if kept[0] != ask.words:
        raise RuleError("id_used", command=ask.command)
    return hall


def _found(tx: Transaction, hall: int, setup: Setup, ask: Ask) -> None:
    """Write a hall's row and its first event."""
    now = ask.now.astimezone(UTC)
    halls.create(tx, hall, setup.hall.code)
    book = Book(tx, hall)
    data = {"setup": dict(setup.document), "date": business_date(setup, now).isoformat()}
    book.record(Event(seq=1, at=now, time=now, kind="set-up", actor=ask.who.name, command=ask.command, data=data))
    book.close()
    if ask.command is not None:
        events.keep_answer(tx, hall, ask.command, words=ask.words, seq=1, document={"hall": setup.hall.code})


def database_on(url: str) -> Database:
    """Open a server's database, or make the tables of one that has none."""
    try:
        return Database.open(url)
    except OutsideError as error:
        if error.code != "database_missing":
            raise
    try:
        return Database.create(url)
    except RuleError as error:  # somebody else made them at this moment
        if error.code != "exists":
            raise
        return Database.open(url)


def empty_database(target: str | Path) -> Database:
    """Make a database, or use one in which no hall was made yet."""
    try:
        return Database.create(target)
    except RuleError as error:
        if error.code != "exists":
            raise
        try:
            return Database.open(target)
        except OutsideError:
            raise error from None


# -- what a hall begins with -----------------------------------------------------------------------------------------


def preset(name: str) -> dict[str, Any]:
    """Return the set-up of a preset."""
    document: dict[str, Any] = json.loads(resource("presets", f"{name}.json").read_text(encoding="utf-8"))
    return document


def with_its_story(name: str) -> dict[str, Any]:
    """Return the set-up of a preset as the hall of its demo; a preset without one as it is."""
    file = resource("demo", f"{name}.json")
    if not file.exists():
        return preset(name)
    return with_story(preset(name), json.loads(file.read_text(encoding="utf-8")))


def preset_service(name: str, lang: str) -> Mapping[str, Any] | None:
    """Return the service of a preset that has this name in that language; None where no preset knows it."""
    rows = (row for kind in PRESETS for row in preset(kind)["services"])
    return next((row for row in rows if name and row[own_key("name", lang)] == name), None)


# -- finds the time zone of this PC, for a hall that is made on it ---------------------------------------------------

UNKNOWN = "Asia/Shanghai"
_LINK, _NAME = Path("/etc/localtime"), Path("/etc/timezone")


def system_timezone(environ: Mapping[str, str] = os.environ) -> str:
    """Return the name of this PC's time zone, "Asia/Shanghai" if the system does not tell (as on Windows)."""
    for name in (environ.get("TZ", "").lstrip(":"), _linked(), _named()):
        if name and _is_known(name):
            return name
    return UNKNOWN


def _linked() -> str:
    try:
        parts = _LINK.readlink().parts
    except OSError:
        return ""
    return "/".join(parts[parts.index("zoneinfo") + 1 :]) if "zoneinfo" in parts else ""


def _named() -> str:
    try:
        return read_own(_NAME).decode().strip()
    except (OSError, ValueError):
        return ""


def _is_known(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True
