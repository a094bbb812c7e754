"""The commands about thanks."""

from __future__ import annotations

from datetime import date, datetime

from queuedesk.cli.command_table import Listed
from queuedesk.cli.job import Document, Job, calls
from queuedesk.cli.parser import code, day, number, plain, ticket
from queuedesk.core.network.roles import Read
from queuedesk.i18n import _, date_short, time_hm


def add(commands: Listed) -> None:
    """Add thanks."""
    group = commands.add_group("thanks")
    adding = group.add("add", _("note one"), calls("quality.thanking.thank", _line))
    adding.add_argument(
        "staff", type=code, nargs="?", metavar="STAFF", help=_("to whom; else to who served the ticket")
    )
    adding.add_argument("--ticket", type=ticket, metavar="T", help=_("for the visit of this ticket"))
    adding.add_argument("--date", dest="day", type=day, metavar="D", help=_("the ticket's date, today if not given"))
    adding.add_argument("--words", type=plain, metavar="TEXT", help=_("what they said"))
    listing = group.add(
        "list", _("show those of the last 30 days: a manager all, others the own ones"), _list, reads=Read.WORK
    )
    listing.add_argument("--staff", type=code, metavar="STAFF", help=_("to this person"))
    listing.add_argument("--from", dest="first", type=day, metavar="D", help=_("from this date on"))
    listing.add_argument("--to", dest="last", type=day, metavar="D", help=_("until this date"))
    group.add("seen", _("say that one was read"), calls("quality.thanking.mark_seen", _line)).add_argument(
        "seq", type=number, metavar="N"
    )


def _list(job: Job) -> int:
    from queuedesk.desk.quality import thanking

    args, who = job.args, job.reader
    assert who is not None
    rows = thanking.thanks_of(job.desk(), who, job.now(), first=args.first, last=args.last, staff=args.staff)
    return job.answer({"thanks": rows}, "\n".join(map(_line, rows)) or _("No thanks."))


def _line(document: Document) -> str:
    if "at" not in document:  # an id that is given again
        return f"{document['thanks']}  {document['staff']}"
    at = time_hm(datetime.fromisoformat(document["at"]))
    parts = [str(document["thanks"]), date_short(date.fromisoformat(document["date"])), at, document["staff"]]
    parts += [document["ticket"] or "", document["words"] or ""]
    parts.append(_("seen", context="thanks") if document["seen"] else _("not seen yet"))
    return "  ".join(part for part in parts if part)
