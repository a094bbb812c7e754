"""Followers that put what they tell into a queue, event by event."""

from queue import Queue
from typing import Any

from queuedesk.core.log.event import Event
from queuedesk.feed.follower import LogFollower
from queuedesk.store.engine.database import Database
from queuedesk.store.engine.types import Transaction
from queuedesk.store.log import events
from tests.bounded import PATIENCE_S, Stopwatch

Told = tuple[str, object]


def last_of_log(tx: Transaction) -> int:
    return events.events_after(tx, 1, 0)[-1].seq


def follower_of(db: Database, told: "Queue[Told]", since: int, epoch: str, *, last=last_of_log, **reads: Any):
    """Return one from a seq on; after a reset it goes on from the `last` seq of the log."""

    def on_events(new: list[Event]) -> None:
        for event in new:
            told.put(("event", event.seq))

    def on_reset(epoch: str) -> int:
        with db.read() as tx:
            seq = last(tx)
        told.put(("reset", epoch))
        return seq

    reads = {"read_epoch": events.epoch, "read_events": events.events_after, **reads}
    away, back = (lambda trouble: told.put(("away", trouble.code))), (lambda: told.put(("back", None)))
    tells = {"on_events": on_events, "on_away": away, "on_back": back, "on_reset": on_reset}
    return LogFollower(db, 1, since, epoch=epoch, **reads, **tells)


def next_of(told: "Queue[Told]", number: int, *, within_s: float = PATIENCE_S) -> list[Told]:
    with Stopwatch() as took:
        found = [told.get(timeout=PATIENCE_S) for _ in range(number)]
    assert took.s < within_s
    return found


def numbered(*seqs: int) -> list[Told]:
    return [("event", seq) for seq in seqs]
