"""The commands about thanks, and about warnings to those who are responsible."""

from __future__ import annotations

from datetime import date, datetime

from queuedesk.cli.command_table import (
    CommandList,
    parse_code,
    parse_date,
    parse_nonempty_text,
    parse_path,
    parse_ticket_number,
    parse_whole_number,
)
from queuedesk.cli.job import CommandJob, Document, handler_for_function
from queuedesk.core.network.roles import ReadScope
from queuedesk.core.setup.rows import Setup
from queuedesk.i18n import _, current_language, date_short, n_, time_hm
from queuedesk.i18n.quality import warning_delivery_text, warning_seen_text
from queuedesk.i18n.queue.event_words import alarm_text


def register_commands(commands: CommandList) -> None:
    """Add thanks and warnings."""
    _add_thanks_commands(commands)
    _add_warning_cli_commands(commands)


# -- thanks ------------------------------------------------------------------------------------------------------------


def _add_thanks_commands(commands: CommandList) -> None:
    group = commands.add_group("thanks")
    adding = group.add_command(
        "add", _("note one"), handler_for_function("quality.thanking.record_thanks", _recorded_thanks_list_line)
    )
    adding.add_argument(
        "staff", type=parse_code, nargs="?", metavar="STAFF", help=_("to whom; else to who served the ticket")
    )
    adding.add_argument("--ticket", type=parse_ticket_number, metavar="T", help=_("for the visit of this ticket"))
    adding.add_argument(
        "--date", dest="day", type=parse_date, metavar="D", help=_("the ticket's date, today if not given")
    )
    adding.add_argument("--words", type=parse_nonempty_text, metavar="TEXT", help=_("what they said"))
    listing = group.add_command(
        "list",
        _("show those of the last 30 days: a manager all, others the own ones"),
        handler_for_function(
            "quality.thanking.readable_thanks_between",
            _recorded_thanks_list_line,
            many="thanks",
            none=lambda: _("No thanks."),
        ),
        reads=ReadScope.WORK,
    )
    listing.add_argument("--staff", type=parse_code, metavar="STAFF", help=_("to this person"))
    listing.add_argument("--from", dest="first", type=parse_date, metavar="D", help=_("from this date on"))
    listing.add_argument("--to", dest="last", type=parse_date, metavar="D", help=_("until this date"))
    group.add_command(
        "seen",
        _("say that one was read"),
        handler_for_function("quality.thanking.mark_thanks_read", _recorded_thanks_list_line),
    ).add_argument("seq", type=parse_whole_number, metavar="N")


def _recorded_thanks_list_line(document: Document) -> str:
    if "at" not in document:  # an id that is given again
        return f"{document['thanks']}  {document['staff']}"
    at = time_hm(datetime.fromisoformat(document["at"]))
    parts = [str(document["thanks"]), date_short(date.fromisoformat(document["date"])), at, document["staff"]]
    parts += [document["ticket"] or "", document["words"] or ""]
    parts.append(_("seen", context="thanks") if document["seen"] else _("not seen yet"))
    return "  ".join(part for part in parts if part)


# -- warnings ----------------------------------------------------------------------------------------------------------


def _add_warning_cli_commands(commands: CommandList) -> None:
    group = commands.add_group("warnings")
    listing = group.add_command(
        "list",
        _("show those of a day: a manager all, others the own ones"),
        handler_for_function(
            "talk.messaging.warnings_sent_to_staff_between",
            _warning_line,
            many="warnings",
            none=lambda: _("No warnings."),
            first="day",
        ),
        reads=ReadScope.WORK,
    )
    listing.add_argument("--date", dest="day", type=parse_date, metavar="D", help=_("today if not given"))
    listing.add_argument("--to", dest="last", type=parse_date, metavar="D", help=_("until this date, from D on"))
    listing.add_argument("--staff", type=parse_code, metavar="STAFF", help=_("of this person"))
    slip = group.add_command(
        "slip", _("one on paper, for who is responsible"), _save_warning_slip_and_print_path, reads=ReadScope.WORK
    )
    slip.add_argument("seq", type=parse_whole_number, metavar="N")
    slip.add_argument("--date", dest="day", type=parse_date, metavar="D", help=_("today if not given"))
    slip.add_argument("--out", type=parse_path, required=True, metavar="F.pdf", help=_("to this file"))
    phone = group.add_command(
        "number", _("keep to which number somebody's warnings go, or show it in part"), _show_or_set_staff_number
    )
    phone.add_argument("staff", type=parse_code, nargs="?", metavar="STAFF", help=_("everybody's if not given"))
    phone.add_argument("contact", nargs="?", metavar="NUMBER", help=_('"" deletes it'))
    sending = group.add_command(
        "export", _("text messages as a file for the hall's own gateway; nothing is sent"), _export_messages
    )
    sending.add_argument(
        "--out", type=parse_path, metavar="F.csv", help=_("to this file; else only shown, with part of the numbers")
    )
    sending.add_argument("--again", type=parse_whole_number, metavar="N", help=_("those of export N once more"))


def _warning_line(row: Document, setup: Setup) -> str:
    at = time_hm(datetime.fromisoformat(row["at"]))
    parts = [str(row["alarm"]), row["date"], at, alarm_text(setup, row), warning_delivery_text(setup, row)]
    return "  ".join((*parts, warning_seen_text(setup, row)))


def _save_warning_slip_and_print_path(job: CommandJob) -> int:
    from queuedesk.features.thanks import papers

    args = job.args
    file = papers.write_warning_slip_pdf(
        job.desk(), job.new_change_ask(), args.seq, args.out, lang=current_language(), day=args.day
    )
    return job.print_answer({"file": str(file)}, str(file))


def _show_or_set_staff_number(job: CommandJob) -> int:
    from queuedesk.features.thanks import verbs

    args, desk, ask = job.args, job.desk(), job.new_change_ask()
    if args.contact is not None:
        done = verbs.set_staff_phone_number(desk, ask, args.staff, args.contact)
        return job.print_answer(done, done["number"] or _("No number is kept."))
    ask.who.require_may("texts")
    kept = verbs.masked_staff_phone_numbers(desk)
    rows = [{"staff": one, "number": kept[one]} for one in sorted(kept) if args.staff in (None, one)]
    lines = [f"{row['staff']}  {row['number']}" for row in rows]
    return job.print_answer({"numbers": rows}, "\n".join(lines) or _("No number is kept."))


def _export_messages(job: CommandJob) -> int:
    from queuedesk.features.thanks import papers, verbs

    args, desk, ask = job.args, job.desk(), job.new_change_ask()
    ask.who.require_may("texts")
    if args.out is not None:
        done = papers.export_messages_to_file(desk, ask, args.out, current_language(), again=args.again)
        lines = [n_("{n} message for the gateway", "{n} messages for the gateway", done["messages"])]
        return job.print_answer(
            done, "\n".join([*lines, *([done["file"]] if done["file"] else []), *_missing_number_lines(done)])
        )
    found = verbs.pending_gateway_texts(desk, ask, again=args.again)
    rows = papers.messages_with_masked_numbers(found, current_language())
    document = {"messages": rows, "without_number": found.without_number}
    lines = ["  ".join(map(str, row.values())) for row in rows] or [_("No messages.")]
    return job.print_answer(document, "\n".join([*lines, *_missing_number_lines(document)]))


def _missing_number_lines(document: Document) -> list[str]:
    n = document["without_number"]
    return [n_("{n} warning has no number to go to", "{n} warnings have no number to go to", n)] if n else []
