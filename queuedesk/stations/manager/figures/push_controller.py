"""Reads what pushing the set-up would change in other halls, pushes it and takes it back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from functools import partial

from msgspec.structs import replace
from PySide6.QtCore import QObject, Signal

from queuedesk.core.network.roles import Actor
from queuedesk.core.setup.pushed import DUE, QUIET, SECTIONS, TAKEN, WORDS, HallThere
from queuedesk.desk.change import Ask, Desk, Document
from queuedesk.desk.setup import pushing
from queuedesk.stations.window.context import StationContext


def stands(row: Document) -> bool:
    """Whether a push stands or waits in a hall, by its row of pushes_document()."""
    return row["became"] in (TAKEN, DUE)


class PushController(QObject):
    """Reads what a push would change, pushes and takes back. `shown` says that `rows` or ticks are others, `failed` the
    trouble met, `pushed` gives what became of a push, `undone` what of its way back.

    `last` is the newest push from here that stands or waits somewhere, as pushes_document() has it.
    """

    shown = Signal()
    failed = Signal(object)
    pushed = Signal(object)
    undone = Signal(object)

    def __init__(self, context: StationContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self.sections: tuple[str, ...] = (WORDS,)
        self.when = QUIET
        self.until: date | None = None
        self.rows: Sequence[HallThere] = ()
        self.ticked: set[str] = set()
        self.last: Document | None = None
        self.is_busy = False

    def choose(self, section: str, on: bool) -> None:
        """Push a section, or not."""
        chosen = {*self.sections, section} if on else {*self.sections} - {section}
        self.sections = tuple(one for one in SECTIONS if one in chosen)
        self.read()

    def read(self) -> None:
        """Read anew what it would change."""
        context = self.context
        if context.who is None:
            return
        work = partial(self._preview, context.who, self.sections)
        context.tasks.run_long(work, self._take, self.failed.emit, may_drop=True)

    @contextmanager
    def _owners_desk(self) -> Iterator[Desk]:
        """Give the hall as the database's owner opens it, where that is here: a PC's own login writes in no other
        hall."""
        context = self.context
        if context.services.owners_database is None:
            yield context.desk
        else:
            with context.services.owners_database() as db:
                yield replace(context.desk, db=db)

    def _preview(self, who: Actor, sections: Sequence[str]) -> tuple[Sequence[HallThere], Document | None]:
        with self._owners_desk() as owners:
            rows = pushing.preview(owners, who, sections, self.context.clock()) if sections else ()
            sent = pushing.pushes_document(owners, who)
        return rows, next((one for one in sent if any(map(stands, one["halls"]))), None)

    def _take(self, found: tuple[Sequence[HallThere], Document | None]) -> None:
        rows, self.last = found
        self.rows = rows
        self.ticked = {one.code for one in rows if one.is_ticked}
        self.shown.emit()

    def stands_in(self, code: str) -> bool:
        """Whether the last push stands or waits in a hall."""
        return self.last is not None and any(row["hall"] == code and stands(row) for row in self.last["halls"])

    def tick(self, codes: Sequence[str], on: bool) -> None:
        """Tick halls, or not."""
        self.ticked = self.ticked | set(codes) if on else self.ticked - set(codes)
        self.shown.emit()

    def push(self) -> None:
        """Push to the halls that are ticked."""
        context = self.context
        if context.who is None or not self.ticked or self.is_busy:
            return
        self.is_busy = True
        ask = context.ask(context.who)
        work = partial(self._push, ask, self.sections, sorted(self.ticked), self.when, self.until)
        context.tasks.run_long(work, self._pushed, self._refused)

    def _push(self, ask: Ask, sections: Sequence[str], to: Sequence[str], when: str, until: date | None) -> Document:
        with self._owners_desk() as owners:
            return pushing.push(owners, ask, sections, to=to, when=when, until=until)

    def _pushed(self, done: Document) -> None:
        self.is_busy = False
        self.pushed.emit(done)
        self.read()

    def undo(self, hall: str | None = None) -> None:
        """Take the last push back in every hall, or in one."""
        context = self.context
        if context.who is None or self.last is None or self.is_busy:
            return
        self.is_busy = True
        work = partial(self._undo, context.ask(context.who), self.last["n"], hall)
        context.tasks.run_long(work, self._undone, self._refused)

    def _undo(self, ask: Ask, n: int, hall: str | None) -> Document:
        with self._owners_desk() as owners:
            return pushing.take_back(owners, ask, n, hall)

    def _undone(self, done: Document) -> None:
        self.is_busy = False
        self.undone.emit(done)
        self.read()

    def _refused(self, trouble: object) -> None:
        self.is_busy = False
        self.failed.emit(trouble)
