"""The commands about notes by reference number."""

from __future__ import annotations

from queuedesk.cli.command_table import Listed
from queuedesk.cli.job import Document, Job
from queuedesk.cli.parser import day, plain
from queuedesk.core.network.roles import Read
from queuedesk.i18n import _
from queuedesk.i18n.quality.comment_words import asked_words


def add(commands: Listed) -> None:
    """Add notes."""
    group = commands.add_group("notes")
    adding = group.add("add", _("keep one"), _add)
    adding.add_argument("name", type=plain, metavar="REF", help=_("the customer's number, of which a digest is kept"))
    adding.add_argument("words", type=plain, metavar="TEXT", help=_("up to 200 characters"))
    adding.add_argument("--until", type=day, metavar="D", help=_("its last day, a year from now if not given"))
    group.add("decline", _("say that a customer was asked and wants none"), _decline)
    showing = group.add("show", _("show those on the customer with a number"), _show, reads=Read.WORK)
    showing.add_argument("name", type=plain, metavar="REF")
    group.add("end", _("delete one at once"), _end).add_argument("note", type=plain, metavar="N")
    group.add("list", _("show all, and how complete they are"), _list, reads=Read.LOG)


def _add(job: Job) -> int:
    from queuedesk.desk.quality import reference_notes

    args = job.args
    document = reference_notes.add(job.desk(), job.ask(), args.name, args.words, until=args.until)
    return job.answer(document, _line(document))


def _decline(job: Job) -> int:
    from queuedesk.desk.quality import reference_notes

    return job.answer(reference_notes.decline(job.desk(), job.ask()), _("Noted: asked, and none wanted."))


def _show(job: Job) -> int:
    from queuedesk.desk.quality import reference_notes

    rows = reference_notes.notes_for(job.desk(), job.ask(), job.args.name)
    return job.answer({"notes": rows}, "\n".join(map(_line, rows)) or _("No note."))


def _end(job: Job) -> int:
    from queuedesk.desk.quality import reference_notes

    document = reference_notes.end(job.desk(), job.ask(), job.args.note)
    return job.answer(document, _("Deleted."))


def _list(job: Job) -> int:
    from queuedesk.desk.quality import reference_notes

    found = reference_notes.notes_of(job.desk(), job.ask())
    lines = [_line(row) for row in found["notes"]] or [_("No note.")]
    if found["asked"]:
        lines.append(asked_words(found))
    return job.answer(found, "\n".join(lines))


def _line(row: Document) -> str:
    return "  ".join([row["note"], row["reference"], row["until"], row["words"]])
