"""Keeps the hall in memory between changes and catches up by the log, so that waits need no full read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from queuedesk.core.log.apply import FIRST_KINDS, UNFOLDABLE, apply
from queuedesk.core.log.apply_quality import open_rated
from queuedesk.core.log.event import NOT_HERE, Event, SetAside
from queuedesk.core.log.state import HallState
from queuedesk.core.waits.estimates import Estimates
from queuedesk.store.log import book as snapshot
from queuedesk.store.log import events
from queuedesk.store.log.book import Book
from queuedesk.store.parts import halls, sharing

_OF_THE_PAST = frozenset({"rate", "reasons", "correct"})
"""What may happen to a ticket that is long finished, and changes nobody's wait."""
# Of a ticket that is not loaded, an opinion of an earlier date, a number that was given out before: nothing that a
# screen shows.
_SHOWS_NOTHING = _OF_THE_PAST | {"opinion", *FIRST_KINDS}
GOES_BACK = "set-right"
"""The kind after which the hall's date may be an earlier one."""


class NotLoadedError(LookupError):
    """An event is about what a state of one business date does not hold, such as a new window: no fault of anybody."""


def follow(event: Event, state: HallState) -> None:
    """Apply the next event of the log to a state that holds one business date, as screens do.

    Raises NotLoadedError where the event is about something that is not loaded, or would lead to another state than a
    snapshot: take a fresh snapshot then, and for any other error of UNFOLDABLE.
    """
    if isinstance(event, SetAside) and event.why.code != NOT_HERE:
        state.aside[event.seq] = event.why
    if event.kind == GOES_BACK:
        raise NotLoadedError(event.seq)  # The true date's own tickets were let go of.
    known = event.ticket is None or (event.kind in FIRST_KINDS) != (_id(event) in state.tickets)
    if event.kind == "opinion" and "of" in event.data:
        known = event.data["of"] in state.opinions
    if known:
        apply(event, state)
    elif event.kind not in _SHOWS_NOTHING:
        raise NotLoadedError(event.seq, event.ticket)
    else:
        if event.kind == "rate":
            open_rated(event, state)
        state.put_hall(state.now.after(event))
    if state.setup_now is not None and len(state.windows) != len(state.setup_now.windows):
        raise NotLoadedError(event.seq)  # A window that the set-up has not, or has since this event.


def followed(kept: dict[int, HallState], book: Book, day: date, own: Sequence[Event] = ()) -> HallState:
    """Return the hall as a write transaction sees it now, what `book` recorded included; `kept` holds it for the next
    time. What is among `own`, the last events that `book` recorded, is not read back.

    It has who is in the hall, today's calls and windows, not everything of the date. Whatever is read from the tables
    here, the hall itself or what past dates taught, is read after `book` has written its own events' changes.
    """
    tx, hall = book.tx, book.id
    state = kept.pop(hall, None)
    if state is None or not _catch_up(state, book, own):
        book.close()
        state = snapshot.of_lines(tx, hall, day)
    if state.learned.upto != day and state.setup_now is not None:
        state.forget_before(day)
        book.close()
        row = halls.load(tx, hall)
        state.learned = sharing.of_date(tx, hall, state.setup_now, row.setup_hash, day, keep=True)
    kept[hall] = state
    return state


def carry_on(kept: dict[int, HallState], hall: int, own: Sequence[Event]) -> None:
    """Let the hall in `kept` follow the events that its change recorded, before they are committed: they need not be
    read back.

    One that has missed others, or whose commit fails, is not where the log is: that shows the next time.
    """
    state = kept.get(hall)
    if state is not None and (new := _continuing(state, own)) and not _apply(state, new):
        del kept[hall]


def _catch_up(state: HallState, book: Book, own: Sequence[Event]) -> bool:
    """Apply what the log has after `state`; False where it is another log, or something happened to what was not
    loaded."""
    end = book.hall()
    if (end.seq, end.hash) == (state.now.seq, state.now.hash):
        return True
    new = _continuing(state, own)
    if not new or (new[-1].seq, new[-1].hash) != (end.seq, end.hash):
        new = _continuing(state, events.after(book.tx, book.id, state.now.seq))
    return bool(new) and _apply(state, new)


def _continuing(state: HallState, new: Sequence[Event]) -> Sequence[Event]:
    """Return those of `new` after which `state` goes on; none where something is missing between."""
    left = [event for event in new if event.seq > state.now.seq]
    seq, hash = state.now.seq, state.now.hash
    for event in left:
        if (event.seq, event.prev) != (seq + 1, hash):
            return ()
        seq, hash = event.seq, event.hash
    return left


def _apply(state: HallState, new: Sequence[Event]) -> bool:
    try:
        for event in new:
            if event.kind == GOES_BACK:
                return False
            if event.kind in _OF_THE_PAST and _id(event) not in state.tickets:
                state.put_hall(state.now.after(event))
            else:
                apply(event, state)
            if event.kind == "correct" or event.is_paper:
                state.learned = Estimates()  # Past dates teach something else now.
    except UNFOLDABLE:
        return False
    return True


def _id(event: Event) -> tuple[date, str]:
    return (event.date or event.time.date(), event.ticket or "")
