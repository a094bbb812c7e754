"""Reads and makes the packs for meetings, beside the window."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path

from msgspec import Struct
from PySide6.QtCore import QObject, Signal

from queuedesk.core.figures.periods import MONTH, PACKS
from queuedesk.desk.talk.messaging import add_note
from queuedesk.features.packs.papers.document import PackDocument, pack_document
from queuedesk.features.packs.papers.read import PackRead, read_pack
from queuedesk.files.writing import write_file
from queuedesk.i18n import current
from queuedesk.stations.manager.figures.figures_controller import Wanted
from queuedesk.stations.manager.figures.reporting import Subject
from queuedesk.stations.manager.parts.page_controller import LastAsked, OneReading, save_report
from queuedesk.stations.window.context import StationContext

WEEK = timedelta(days=7)


BOOK = ".xlsx"
OF_PERIOD = {period: pack for pack, period in PACKS.items()}


class MadePack(Struct, frozen=True):
    """A pack's PDF in a folder, what it is about, when it was written, and its workbook if that lies beside it."""

    subject: Subject
    written: datetime
    book: Path | None


class PacksController(QObject):
    """`shown` says that `found` is another one, `listed` that `made` is; `saved` gives the PDF that was made, its
    workbook beside it; `failed` the trouble met, `note_refused` before it a note that was not kept."""

    shown = Signal()
    listed = Signal()
    saved = Signal(object)
    failed = Signal(object)
    note_refused = Signal(str)

    def __init__(self, context: StationContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.context = context
        # In the first days of a month it is about the one before.
        self.wanted = Wanted(MONTH, context.feed.day - WEEK)
        self.found: PackDocument | None = None
        self.made: tuple[MadePack, ...] = ()
        self._read_at = 0
        self._last, self._listing = LastAsked(context, self), OneReading(context, self, is_long=True)

    @property
    def can_make(self) -> bool:
        """Whether this station has a folder for what is made."""
        return self.context.services.folder is not None

    def want(self, wanted: Wanted) -> None:
        """Show another period as soon as it is read."""
        if wanted != self.wanted:
            self.wanted, self.found = wanted, None
            self.shown.emit()
        self.read()

    @property
    def is_old(self) -> bool:
        """Whether the hall's log has grown since the pack was read."""
        return self._read_at != self.context.feed.state.now.seq

    def read(self) -> None:
        """Read the pack; an earlier request is dropped."""
        self._read_at = self.context.feed.state.now.seq
        self._last.ask(partial(self._document, self.wanted), self._take, self.failed.emit)

    def _document(self, wanted: Wanted) -> PackDocument:
        return pack_document(self._pack(wanted), current())

    def _pack(self, wanted: Wanted) -> PackRead:
        return read_pack(self.context.desk, wanted.period, wanted.day, self.context.clock(), self.context.who)

    def list_made(self) -> None:
        """Look which packs were made, by hand or by themselves."""
        code = self.context.feed.setup.hall.code

        def work() -> tuple[MadePack, ...]:
            found = [*self._by_hand(code), *self._by_itself()]
            return tuple(sorted(found, key=lambda one: (one.subject.day, one.written), reverse=True))

        self._listing.read(work, self._list, self.failed.emit)

    def _by_hand(self, code: str) -> Iterator[MadePack]:
        """Yield what `make` has left."""
        folder = self.context.services.folder
        if folder is None:
            return
        for period, pack in OF_PERIOD.items():
            for file in folder("reports").glob(f"{code}-????-??-??-{period}-pack.pdf"):
                try:
                    day = date.fromisoformat(file.name[len(code) + 1 :][:10])
                    written = datetime.fromtimestamp(file.stat().st_mtime, UTC)
                except (OSError, ValueError):  # Gone since, or none of ours.
                    continue
                yield MadePack(Subject(day, period=pack, file=file), written, _beside(file))

    def _by_itself(self) -> Iterator[MadePack]:
        kept = self.context.services.kept_reports
        for row in kept.listed()["reports"] if kept is not None else ():
            if row["period"] in PACKS:
                file = Path(row["file"])
                subject = Subject(date.fromisoformat(row["from"]), period=row["period"], file=file)
                yield MadePack(subject, row["written"], _beside(file))

    def make(self, note: str) -> None:
        """Keep a note on the last day of the pack, if there is one, and make PDF and workbook."""
        last = min(self.wanted.span[1], self.context.feed.day)
        if not note.strip():
            self._save()
            return
        work = partial(add_note, self.context.desk, self.context.ask(), "other", note, day=last)
        self.context.tasks.run(work, self._noted, partial(self._not_noted, note))

    def _not_noted(self, note: str, trouble: Exception) -> None:
        self.note_refused.emit(note)
        self.failed.emit(trouble)

    def _noted(self, _document: object) -> None:
        self.read()
        self._save()

    def _save(self) -> None:
        wanted, who = self.wanted, self.context.who
        by = who.name if who else None

        def write(file: Path) -> None:
            from queuedesk.features.packs.papers.files import content  # what writes workbooks is loaded for the first

            lang, pack = current(), self._pack(wanted)
            document = pack_document(pack, lang)
            for ending in (BOOK, ".pdf"):
                write_file(file.with_suffix(ending), content(document, pack.read, ending, lang, by))

        name = f"{wanted.span[0].isoformat()}-{wanted.period}-pack.pdf"
        save_report(self.context, name, write, self.saved.emit, self.failed.emit)

    def stop(self) -> None:
        self._last.forget()

    def _list(self, made: tuple[MadePack, ...]) -> None:
        self.made = made
        self.listed.emit()

    def _take(self, found: PackDocument) -> None:
        self.found = found
        self.shown.emit()
        self.list_made()  # After it: looking through many reports may take a while.


def _beside(file: Path) -> Path | None:
    book = file.with_suffix(BOOK)
    return book if book.exists() else None
