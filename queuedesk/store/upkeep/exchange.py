"""Writes a hall's log as a file, and copies one into another database unchanged."""

from __future__ import annotations

from datetime import datetime
from itertools import islice
from pathlib import Path

from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, StatementError

from queuedesk.core.errors import OutsideError, RuleError
from queuedesk.core.log.event import Event
from queuedesk.store.engine.transaction import Transaction
from queuedesk.store.log import events
from queuedesk.store.log.book import Book
from queuedesk.store.parts import halls
from queuedesk.store.rights.untold import is_told
from queuedesk.store.schema.beside import announcements
from queuedesk.store.upkeep.pack import DAMAGE, HallCopy, Kind, Pack, write_pack

# When a call was shown and spoken, for the receiver's reports. What names or protects people (comments, PINs, refusals,
# the words of commands) stays where it was written.
EXPORT = Kind("queuedesk-export", (announcements,), "export")
_AT_ONCE = 2000


def write_export(tx: Transaction, hall: int, path: Path, *, program: str, made: datetime) -> None:
    """Write one hall; the file at `path` is replaced as a whole.

    Raises OutsideError "cannot_write", "not_this_pc" for a login that does not read the whole log.
    """
    if not is_told(tx):
        raise OutsideError("not_this_pc")
    write_pack(tx, path, EXPORT, [hall], program=program, made=made)


class Export(Pack):
    """An exported file, open for reading: "export_damaged", "export_newer"."""

    KIND = EXPORT

    def receiver(self, tx: Transaction, copy: HallCopy) -> int | None:
        """Return the id of the receiver's hall that has the code of `copy`, None where none has."""
        return next((id for id, code in halls.listed(tx) if code == copy.code), None)

    def merge(self, tx: Transaction, copy: HallCopy) -> tuple[int, int]:
        """Add to the receiver's hall what its log lacks, the tables with it; return its id and how many events were
        added.

        A hall that is not there is made; one that has as much, or more, stays as it is. Raises RuleError
        "histories_differ" (hall), OutsideError "export_damaged".
        """
        try:
            hall = self.receiver(tx, copy)
            if hall is None:
                hall = max((id for id, _code in halls.listed(tx)), default=0) + 1
                halls.create(tx, hall, copy.code)
            have = halls.load(tx, hall).now
            if have.seq >= copy.seq:
                if events.one(tx, hall, copy.seq).hash != copy.hash:
                    raise RuleError("histories_differ", hall=copy.code)
                return hall, 0
            log = self.events(copy.id)
            last: Event | None = None
            for last in islice(log, have.seq):  # noqa: B007 - read on to where the receiver stands
                pass
            if last is not None and last.hash != have.hash:
                raise RuleError("histories_differ", hall=copy.code)
            while missing := list(islice(log, _AT_ONCE)):
                _take(tx, hall, missing)
            if not halls.load(tx, hall).setup_hash:
                raise self.damaged()
            for table in EXPORT.beside:
                self.load_table(tx, table, copy.id, hall, since=have.seq)
        except DAMAGE as error:
            raise self.damaged() from error
        except StatementError as error:
            if isinstance(error, DBAPIError) and not isinstance(error, IntegrityError | DataError):
                raise  # The database's own trouble, not the file's.
            raise self.damaged() from error
        return hall, copy.seq - have.seq


def _take(tx: Transaction, hall: int, missing: list[Event]) -> None:
    book = Book(tx, hall)
    for event in missing:
        book.take_over(event)
    book.close()
