"""The command that tells the access journal: who was refused for lack of rights."""

from __future__ import annotations

from queuedesk.cli.command_table import Listed
from queuedesk.cli.job import Job
from queuedesk.cli.parser import UsageError, day
from queuedesk.core.network.roles import Read
from queuedesk.i18n import _


def add(commands: Listed) -> None:
    """Add it."""
    group = commands.add_group("access")
    listing = group.add("list", _("show the access journal"), _list, reads=Read.REFUSALS)
    listing.add_argument("--from", dest="first", type=day, metavar="D", help=_("from this date on"))
    listing.add_argument("--to", dest="last", type=day, metavar="D", help=_("up to this date"))


def _list(job: Job) -> int:
    from queuedesk.desk import reading
    from queuedesk.desk.change import iso
    from queuedesk.i18n.network import actor_words, asked_words, refused_words
    from queuedesk.i18n.upkeep.preview_words import moment_text

    args, setup = job.args, job.setup()
    if args.first is not None and args.last is not None and args.first > args.last:
        raise UsageError(_("--from is after --to."))
    rows, lines = [], []
    for one in reading.refusals(job.desk(), args.first, args.last):
        at = iso(setup, one.at) or ""
        rows.append({"at": at, "actor": one.actor, "verb": one.verb, "code": one.code})
        said = (actor_words(setup, one.actor), asked_words(one.verb), refused_words(one.code))
        lines.append("  ".join((moment_text(at), *said)))
    return job.answer({"refusals": rows}, "\n".join(lines) or _("Nobody was refused."))
