"""Reads the figures of one long period and ends: a pickled Job at its input, pickled answers at its output."""

from __future__ import annotations

import pickle
import sys
from typing import Any

from queuedesk.app.services.pictures import COUNTED
from queuedesk.core.errors import QueueDeskError, RuleError
from queuedesk.desk.change import Desk
from queuedesk.store.engine.database import Database
from queuedesk.watch import report_bugs_without_values


def main() -> None:
    """Answer (COUNTED, (dates done, of how many)) while dates have to be counted, in the end ("done", what was read),
    or ("rule" | "outside", (code, details)) for trouble of the two known kinds."""
    job = pickle.loads(sys.stdin.buffer.read())
    answer: tuple[str, Any]
    try:
        with Database.open(job.database) as db:
            answer = ("done", job.done(Desk(db, job.hall), _report_count_progress))
    except QueueDeskError as trouble:
        kind = "rule" if isinstance(trouble, RuleError) else "outside"
        answer = (kind, (trouble.code, trouble.details))
    _write_answer(answer)


def _report_count_progress(done: int, of: int) -> None:
    _write_answer((COUNTED, (done, of)))


def _write_answer(answer: tuple[str, Any]) -> None:
    sys.stdout.buffer.write(pickle.dumps(answer))
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    report_bugs_without_values()
    main()
