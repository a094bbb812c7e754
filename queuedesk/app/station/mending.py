"""Mending a hall that can't be opened, from the page that says so: nobody can be asked for a PIN where the hall can't be read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from queuedesk.core.errors import OutsideError
from queuedesk.core.network.people import CONSOLE
from queuedesk.desk.change import Ask
from queuedesk.desk.upkeep import repairing
from queuedesk.i18n.upkeep.repair_words import done_lines, plan_lines
from queuedesk.store.engine.server import is_server, shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Mending:
    """What would be done with the file at `target`, in sentences, and the backup that it would be made from."""

    target: Path
    lines: list[str]
    backup: Path | None


def looked_at(place: str) -> Mending:
    """Return what would be done. Raises OutsideError "no_backup" where nothing is there to do it with, "database_damaged" on a server."""
    if is_server(place):
        raise OutsideError("database_damaged", path=shown(place))
    target = Path(place).absolute()
    plan = repairing.plan(target)
    backup = repairing.newest_backup(target) if plan.from_backup else None
    if plan.from_backup and backup is None:
        raise OutsideError("no_backup", path=str(target))
    return Mending(target=target, lines=plan_lines(plan.put_back, plan.rebuilt, backup, ()), backup=backup)


def mended(what: Mending, now: datetime) -> list[str]:
    """Do it and return what was done. Raises as repairing.mend() and mend_from()."""
    ask = Ask(CONSOLE, now)
    if what.backup is not None:
        return done_lines(repairing.mend_from(what.backup, what.target, ask))
    return done_lines(repairing.mend(what.target, ask))
