"""Gives a PIN in a process of its own, which loads what a program does: several are to meet at their work."""

import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from queuedesk.core.errors import RuleError
from queuedesk.desk.change import Desk
from queuedesk.desk.queue import opening
from queuedesk.store.engine.database import Database
from tests.bounded import PATIENCE_S


def tries(path: Path, pin: str, gate: Any, answers: Any) -> None:
    """Give a PIN at the same moment as others, by a clock that stands, and put down what came of it."""
    time.monotonic_ns = lambda: 60_000_000_000
    desk = Desk(Database.open(path), 1)
    gate.wait(PATIENCE_S)
    try:
        now = datetime(2100, 1, 1, tzinfo=UTC)
        answers.put(opening.require_and_get_proven_actor(desk, "M1", pin=pin, now=now).name)
    except RuleError as error:
        answers.put(error.code)
