"""The commands of cases: what a customer was not content with, until the customer's verdict, and what is to be put
right."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from queuedesk.cli.command_table import (
    CommandGroup,
    CommandList,
    CommandParser,
    UsageError,
    parse_code,
    parse_date,
    parse_nonempty_text,
    parse_path,
    parse_ticket_number,
)
from queuedesk.cli.job import CommandJob, Document, handler_for_function
from queuedesk.core.figures.periods import full_figure_name_in_view, is_view_path
from queuedesk.core.network.roles import ReadScope
from queuedesk.core.quality.case import CITED_VIEWS, NO_ANSWER, REACHED, SOURCES, SPOKEN, TICKET, CustomerVerdict
from queuedesk.i18n import _, current_language, date_for_staff, date_long, time_hm
from queuedesk.i18n import quality as quality_words


def register_commands(commands: CommandList) -> None:
    group = commands.add_group("cases")
    listing = group.add_command("list", _("show the open ones, or those of a month"), _list_cases, reads=ReadScope.WORK)
    listing.add_argument("--month", type=parse_date, metavar="D", help=_("opened or closed in the month of this date"))
    listing.add_argument("--overdue", action="store_true", help=_("only what is past its last day"))
    listing.add_argument("--mine", action="store_true", help=_("only your own"))
    slip = group.add_command(
        "slip", _("write what is overdue for each owner, to print"), _write_overdue_cases_slip, reads=ReadScope.WORK
    )
    slip.add_argument("--out", type=parse_path, required=True, metavar="F.pdf", help=_("to this file"))
    showing = _add_case_number_command(group, "show", _("show one with its history"), _show_case, reads=ReadScope.WORK)
    showing.add_argument(
        "--cited", action="store_true", help=_("say what of the cited pages and charts is other now than it was")
    )
    _add_open_case_command(group)
    _add_case_number_command(
        group,
        "contact",
        _("note that the customer was spoken with"),
        handler_for_function("quality.casework.record_first_contact", _case_with_history_text),
    ).add_argument("--note", default="", metavar="TEXT", help=_("what was said"))
    _add_case_number_command(
        group,
        "act",
        _("note what was done"),
        handler_for_function("quality.casework.record_case_action", _case_with_history_text),
    ).add_argument("note", type=parse_nonempty_text, metavar="TEXT")
    calling = _add_case_number_command(group, "call-back", _("note a call-back"), _record_call_back)
    calling.add_argument("result", choices=(REACHED, NO_ANSWER), metavar="RESULT", help=f"{REACHED}, {NO_ANSWER}")
    calling.add_argument(
        "--verdict",
        choices=[*map(str, CustomerVerdict)],
        metavar="V",
        help=_("what the customer says, if it was said at once"),
    )
    calling.add_argument("--note", default="", metavar="TEXT", help=_("what was said"))
    saying = _add_case_number_command(group, "verdict", _("note the customer's verdict"), _record_verdict)
    saying.add_argument("verdict", choices=[*map(str, CustomerVerdict)], metavar="V", help=", ".join(CustomerVerdict))
    saying.add_argument("--note", default="", metavar="TEXT", help=_("what was said"))
    _add_case_number_command(
        group, "close", _("close one"), handler_for_function("quality.casework.close_case", _case_with_history_text)
    ).add_argument("--note", default="", metavar="TEXT", help=_("what is left to say"))
    _add_case_number_command(
        group,
        "reopen",
        _("open a closed one again"),
        handler_for_function("quality.casework.reopen_case", _case_with_history_text),
    ).add_argument("--reason", required=True, type=parse_nonempty_text, metavar="R", help=_("why"))
    _add_case_number_command(
        group,
        "assign",
        _("give one to somebody"),
        handler_for_function("quality.casework.assign_case", _case_with_history_text),
    ).add_argument("owner", type=parse_code, metavar="STAFF")
    _add_case_number_command(
        group,
        "note",
        _("write something into the history"),
        handler_for_function("quality.casework.add_case_note", _case_with_history_text),
    ).add_argument("text", type=parse_nonempty_text, metavar="TEXT")
    citing = _add_case_number_command(
        group, "cite", _("cite a ticket, or figures as they are now"), _cite_ticket_or_figure_in_case
    )
    citing.add_argument("--ticket", dest="label", type=parse_ticket_number, metavar="T", help=_("this ticket"))
    citing.add_argument("--date", dest="day", type=parse_date, metavar="D", help=_("of the ticket; today if not given"))
    citing.add_argument(
        "--figure", type=parse_nonempty_text, metavar="PATH", help=_("this figure, page or chart, by its path")
    )
    citing.add_argument("--from", dest="first", type=parse_date, metavar="D", help=_("from this date on"))
    citing.add_argument("--to", dest="last", type=parse_date, metavar="D", help=_("until this date"))
    citing.add_argument(
        "--against", type=parse_date, metavar="E", help=_("a date in the period that a page is held against")
    )
    reaching = _add_case_number_command(
        group,
        "set-contact",
        _("keep or delete how the customer is reached"),
        handler_for_function("quality.casework.store_customer_contact", _case_with_history_text),
    )
    reaching.add_argument("contact", nargs="?", default="", metavar="CONTACT")
    reaching.add_argument("--name", default="", metavar="TEXT", help=_("the customer's name"))
    _add_case_number_command(
        group,
        "show-contact",
        _("show how the customer is reached; the history keeps it"),
        handler_for_function("quality.casework.reveal_customer_contact", _contact_text),
    )


def _add_case_number_command(group: CommandGroup, name: str, text: str, run: Any, **defaults: Any) -> CommandParser:
    parser = group.add_command(name, text, run, **defaults)
    parser.add_argument("number", type=parse_code, metavar="N")
    return parser


def _add_open_case_command(group: CommandGroup) -> None:
    opening = group.add_command("open", _("open one"), _open_case)
    opening.add_argument("ticket", nargs="?", type=parse_ticket_number, metavar="TICKET")
    opening.add_argument(
        "--date", dest="day", type=parse_date, metavar="D", help=_("of the ticket; today if not given")
    )
    opening.add_argument(
        "--class", dest="klass", required=True, type=parse_nonempty_text, metavar="C", help=_("its class")
    )
    opening.add_argument("--title", default="", metavar="TEXT", help=_("a few words, no names"))
    opening.add_argument("--words", default="", metavar="TEXT", help=_("the customer's own words"))
    opening.add_argument("--source", choices=SOURCES, metavar="SOURCE", help=", ".join(SOURCES))
    opening.add_argument(
        "--ref", type=parse_nonempty_text, metavar="TEXT", help=_("which call for help, inspection or forum")
    )
    opening.add_argument(
        "--concerns", type=parse_code, action="append", default=[], metavar="STAFF", help=_("who it is about")
    )
    opening.add_argument("--owner", type=parse_code, metavar="STAFF", help=_("who takes it on"))
    opening.add_argument("--contact", default="", metavar="TEXT", help=_("phone or e-mail, with consent"))
    opening.add_argument("--name", default="", metavar="TEXT", help=_("the customer's name"))
    opening.add_argument("--asked", action="store_true", help=_("a contact was asked for"))


def _list_cases(job: CommandJob) -> int:
    from queuedesk.desk.quality import case_documents

    assert job.reader is not None
    rows = case_documents.cases_open_or_of_month(job.desk(), job.reader, job.args.month, job.now())
    rows = [row for row in rows if not (job.args.overdue and not row["overdue"])]
    rows = [row for row in rows if not (job.args.mine and row["owner"] != job.reader.name)]
    return job.print_answer({"cases": rows}, "\n".join(map(_case_line, rows)) or _("No cases."))


def _write_overdue_cases_slip(job: CommandJob) -> int:
    from queuedesk.reports.papers import tickets

    assert job.reader is not None
    out = job.args.out
    rows = tickets.write_slip_and_list_overdue_cases(
        job.desk(), job.reader, out, lang=current_language(), now=job.now()
    )
    document = {"file": str(out) if rows else None, "cases": [row["number"] for row in rows]}
    return job.print_answer(document, str(out) if rows else _("No case is overdue."))


def _show_case(job: CommandJob) -> int:
    from queuedesk.desk.quality import case_documents

    assert job.reader is not None
    document = case_documents.case_document_if_permitted(job.desk(), job.reader, job.args.number, job.now())
    for entry in document["history"] if job.args.cited else ():
        cites = entry["cites"]
        if cites and cites["what"] in CITED_VIEWS:
            found = case_documents.changed_figures_of_citation(job.desk(), job.reader, cites, job.now())
            cites["changed"] = [
                {
                    "path": full_figure_name_in_view(cites["name"], one.name),
                    "side": one.side or None,
                    "then": one.then,
                    "now": one.now,
                }
                for one in found
            ]
    return _answer_with_case(job, document)


def _open_case(job: CommandJob) -> int:
    from queuedesk.desk.quality import casework

    args = job.args
    complaint = casework.NewCaseData(
        klass=args.klass,
        source=args.source or (TICKET if args.ticket else SPOKEN),
        title=args.title,
        words=args.words,
        ref=args.ref,
        ticket=args.ticket,
        day=args.day,
        concerns=tuple(args.concerns),
        owner=args.owner,
        contact=args.contact,
        name=args.name,
        asked=args.asked,
    )
    return _answer_with_case(job, casework.open_case(job.desk(), job.new_change_ask(), complaint))


def _record_call_back(job: CommandJob) -> int:
    from queuedesk.desk.quality import casework

    args = job.args
    verdict = CustomerVerdict(args.verdict) if args.verdict else None
    reached = args.result == REACHED
    document = casework.record_call_back(
        job.desk(), job.new_change_ask(), args.number, reached=reached, verdict=verdict, note=args.note
    )
    return _answer_with_case(job, document)


def _record_verdict(job: CommandJob) -> int:
    from queuedesk.desk.quality import casework

    args = job.args
    return _answer_with_case(
        job,
        casework.record_customer_verdict(
            job.desk(), job.new_change_ask(), args.number, CustomerVerdict(args.verdict), note=args.note
        ),
    )


def _cite_ticket_or_figure_in_case(job: CommandJob) -> int:
    from queuedesk.desk.quality import casework

    args = job.args
    if (args.label is None) == (args.figure is None):
        raise UsageError(_("Name either a ticket or a figure."))
    if args.label is not None:
        return _answer_with_case(
            job, casework.cite_ticket_in_case(job.desk(), job.new_change_ask(), args.number, args.label, day=args.day)
        )
    last = args.last or job.today()
    first = args.first or last
    against = args.against.isoformat() if args.against else ""
    if against and not is_view_path(args.figure):
        raise UsageError(_("Only a page or a chart is held against another period."))
    return _answer_with_case(
        job,
        casework.cite_figure_in_case(
            job.desk(), job.new_change_ask(), args.number, args.figure, first=first, last=last, against=against
        ),
    )


def _contact_text(document: Document) -> str:
    # An id that is given again answers with the number alone.
    return "  ".join(document.get(name) or "" for name in ("number", "name", "contact")).rstrip()


def _answer_with_case(job: CommandJob, document: Document) -> int:
    return job.print_answer(document, _case_with_history_text(document))


def _case_with_history_text(document: Document) -> str:
    """Return a case with its history; of an id that is given again its number."""
    if "state" not in document:
        return str(document["number"])
    lines = [_case_line(document)]
    if document.get("words"):
        lines.append(_("In the customer's words: {text}", text=document["words"]))
    if document.get("reasons"):
        lines.append(quality_words.chosen_low_rating_reasons_text(document["reasons"]))
    if document["contact"]:
        until = date.fromisoformat(document["contact_until"])
        lines.append(_("Contact: {contact}, until {date}", contact=document["contact"], date=date_long(until)))
    lines += map(_history_line, document["history"])
    return "\n".join(lines)


def _case_line(document: Document) -> str:
    state = quality_words.case_state_word(document["state"], reopened=document["reopened"] > 0)
    ends = (
        quality_words.case_outcome_word(document["outcome"])
        if document["outcome"]
        else _(
            "{step}, {due}",
            step=quality_words.next_case_step_words(document["next"]),
            due=quality_words.due_words(document["over"]),
        )
    )
    title = quality_words.case_title_or_origin(document["title"], document.get("source"), document["ticket"])
    return "  ".join(
        (
            document["number"],
            quality_words.case_class_word(document["class"]),
            title,
            state,
            document["owner"] or "–",
            ends,
        )
    )


def _history_line(entry: Document) -> str:
    at = datetime.fromisoformat(entry["at"])
    return "  ".join(
        part
        for part in (
            f"{date_for_staff(at.date())} {time_hm(at)}",
            entry["by"],
            quality_words.case_history_line(entry["step"], entry["result"], entry["verdict"]),
            _citation_text(entry["cites"]) if entry["cites"] else entry["text"],
        )
        if part
    )


def _citation_text(cited: Document) -> str:
    """Return what is cited by its number or path: what a program may ask for again."""
    dates = cited["from"] if cited["from"] == cited["to"] else f"{cited['from']} … {cited['to']}"
    value = "" if cited["value"] is None else f" = {cited['value']:g}"
    against = f" / {cited['against']}" if cited.get("against") else ""
    lines = [f"{cited['name']} {dates}{against}{value}"]
    for one in cited.get("changed", ()):
        then, now = ("–" if one[when] is None else f"{one[when]:g}" for when in ("then", "now"))
        lines.append("  ".join(part for part in ("   ", one["side"], one["path"], f"{then} → {now}") if part))
    return "\n".join(lines)
