"""The commands of the backups that make themselves: which there are, where they go, one made now."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from queuedesk.cli.job import Document, Job
from queuedesk.cli.parser import Commands, UsageError, path
from queuedesk.i18n import _
from queuedesk.i18n.talk.device_words import cause_words
from queuedesk.i18n.upkeep.preview_words import moment_text

if TYPE_CHECKING:
    from queuedesk.store.engine.database import Database

DONE, REFUSED = 0, 1


def add(commands: Commands) -> None:
    """Add them."""
    backups = commands.add_group("backups", _("the backups that make themselves"))
    backups.add("list", _("where they go, when the last one was proven, and which there are"), _list)
    to = backups.add("to", _("keep them in another folder, on another disk or share, and make one there now"), _to)
    to.add_argument("folder", type=path, nargs="?", metavar="FOLDER")
    to.add_argument("--beside", action="store_true", help=_("beside the hall again"))
    due = backups.add("due", _("make one if it is due, prove it, and remove what the rule no longer keeps"), _due)
    due.add_argument("--now", action="store_true", help=_("also if none is due"))
    due.add_argument("--gently", action="store_true", help=_("as stations do by themselves: beside other work"))


@contextmanager
def _owners(job: Job) -> Iterator[Database]:
    """Give the database with all its halls, where this PC may read them."""
    from queuedesk.store.engine.database import Database

    db = Database.open(job.owners_target())
    try:
        yield db
    finally:
        db.dispose()


def _list(job: Job) -> int:
    from queuedesk.desk import reading
    from queuedesk.desk.queue import signing

    desk = job.desk(of_several=True)
    who = signing.who_acts(desk, job.staff, pin=job.pin(), now=job.now())
    reading.must(desk, who, "backups", job.now())
    with _owners(job) as db:
        document = job.services.backups().backups_document(db)
    lines = [_("Backups go to {folder}.", folder=document["folder"])]
    if document["same_disk"]:
        lines.append(_("That is the disk of the hall itself: a broken disk would take both."))
    for hall in document["halls"]:
        lines.append(hall_text(hall))
    lines += [f"{moment_text(row['made'])}  {row['file']}" for row in document["backups"]]
    return job.answer(document, "\n".join(lines))


def hall_text(hall: Document) -> str:
    """Return what is known of a hall's backups in a line."""
    code = hall["hall"]
    if hall["proven"] is None:
        text = _("{hall}: no proven backup yet.", hall=code)
    else:
        text = _(
            "{hall}: proven on {moment}, kept in {folder}.",
            hall=code,
            moment=moment_text(hall["proven"]),
            folder=hall["place"],
        )
    return f"{text} ! {cause_words(hall['trouble'])}" if hall["trouble"] else text


def _to(job: Job) -> int:
    args = job.args
    if (args.folder is None) != args.beside:
        raise UsageError(_("Please name a folder, or --beside."))
    ask = job.ask()
    with _owners(job) as db:
        job.services.backups().choose_folder(db, ask, "" if args.beside else str(args.folder))
    return _made(job, now=True)


def _due(job: Job) -> int:
    return _made(job, now=job.args.now, gently=job.args.gently)


def _made(job: Job, *, now: bool, gently: bool = False) -> int:
    if gently:
        job.services.reports().lower_priority()
    with _owners(job) as db:
        document = job.services.backups().make_due(db, job.now(), at_once=now, gently=gently)
    lines = [_("Made and proven: {file}", file=document["made"])] if document["made"] else []
    lines += [_("removed: {file}", file=file) for file in document["removed"]]
    lines += [f"! {row['message']}" for row in document["failed"]]
    job.answer(document, "\n".join(lines) or _("No backup was due."))
    return REFUSED if document["failed"] else DONE
