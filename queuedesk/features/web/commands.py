"""The commands about the web."""

from __future__ import annotations

from queuedesk.cli.command_table import CommandList, UsageError, parse_date, parse_ticket_number
from queuedesk.cli.job import CommandJob
from queuedesk.core.network.roles import ReadScope
from queuedesk.i18n import _


def add(commands: CommandList) -> None:
    """Add web."""
    group = commands.add_group("web")
    link = group.add("link", _("the link in the code on a ticket, or new links for all tickets"), _show_or_renew_link)
    link.add_argument("ticket", type=parse_ticket_number, nargs="?", metavar="T")
    link.add_argument(
        "--date", dest="day", type=parse_date, metavar="D", help=_("the ticket's date, today if not given")
    )
    link.add_argument("--renew", action="store_true", help=_("withdraw the links of all printed tickets"))


def _show_or_renew_link(job: CommandJob) -> int:
    from queuedesk.features.web.verbs import links

    args = job.args
    if args.renew == (args.ticket is not None):
        raise UsageError(_("Give a ticket, or --renew."))
    if args.renew:
        return job.answer(
            links.renew_links(job.desk(), job.ask()), _("The links on all printed tickets are withdrawn.")
        )
    job.require_read_right(ReadScope.WORK)
    document = links.link_document(job.desk(), args.ticket, job.hall_clock()(), args.day)
    return job.answer(document, document["link"])
