"""Commands of the queue: tickets given out, called, served, moved and rated."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from queuedesk.cli import output
from queuedesk.cli.command_table import (
    CommandList,
    CommandParser,
    Handler,
    UsageError,
    parse_code,
    parse_date,
    parse_ticket_at_date,
    parse_ticket_number,
    parse_whole_number,
    ticket_text,
)
from queuedesk.cli.job import CommandJob, Document, handler_for_function
from queuedesk.core.queue.ticket import NEEDS
from queuedesk.i18n import _, list_text

NONE = "none"


def register_commands(commands: CommandList) -> None:
    _add_issue_commands(commands)
    _add_calling_commands(commands)
    _add_finish_and_park_commands(commands)
    _add_transfer_and_void_commands(commands)
    _add_rating_commands(commands)


def _add_issue_commands(commands: CommandList) -> None:
    issue = commands.add_command("issue", _issue_ticket)
    issue.add_argument("service", type=parse_code, metavar="SERVICE")
    _add_item_guide_print_options(issue)
    issue.add_argument(
        "--class", dest="klass", type=parse_code, default="normal", metavar="CLASS", help=_("priority class")
    )
    issue.add_argument(
        "--then", type=parse_code, nargs="+", action="extend", default=[], metavar="SERVICE", help=_("further services")
    )
    back = issue.add_mutually_exclusive_group()
    back.add_argument(
        "--return-of", type=parse_ticket_at_date, metavar="TICKET@DATE", help=_("the ticket they come back for")
    )
    back.add_argument(
        "--ref", metavar="TEXT", help=_("what the ticket refers to elsewhere; kept for good, so no names")
    )
    issue.add_argument(
        "--person", metavar="TEXT", help=_("a phone or card number, for one number a person; it is not stored")
    )
    issue.add_argument("--waive", default="", metavar="REASON", help=_("a further number all the same, and why"))
    issue.add_argument("--repeat", action="store_true", help=_("they were here before and went to fetch papers"))
    issue.add_argument("--need", choices=NEEDS, default="", help=_("why they are fetched for their turn"))
    issue.add_argument("--speaks", default="", metavar="LANGUAGE", help=_("a language that somebody here speaks"))
    issue.add_argument("--late", action="store_true", help=_("even if it would not be called before closing"))
    not_ready = commands.add_command("not-ready", _record_visitor_lacking_papers)
    not_ready.add_argument("service", type=parse_code, metavar="SERVICE")
    _add_item_guide_print_options(not_ready)


def _add_item_guide_print_options(parser: CommandParser) -> None:
    parser.add_argument("--item", type=parse_code, metavar="I", help=_("what the visitor comes for"))
    parser.add_argument(
        "--guide", type=parse_code, metavar="STAFF", help=_("who gave it out, if not the person who acts")
    )
    parser.add_argument("--print", dest="paper", action="store_true", help=_("print it"))


def _add_calling_commands(commands: CommandList) -> None:
    call = _add_command_at_window(commands, "call", "calling.call_ticket")
    call.add_argument("--ticket", type=parse_ticket_number, metavar="T", help=_("this ticket"))
    call.add_argument("--reason", metavar="R", help=_("why, when somebody is passed"))
    _add_date_option(call)
    for name, does in (("recall", "recall_customer"), ("start", "start_serving"), ("miss", "record_missed_call")):
        _add_command_at_window(commands, name, f"calling.{does}")
    _add_command_at_window_with_reason(commands, "return", "calling.undo_mistaken_call")
    serve = _add_command_at_window(commands, "serve", "calling.serve_without_ticket")
    serve.add_argument("service", type=parse_code, metavar="SERVICE")
    serve.add_argument("--reason", metavar="R", help=_("why, when somebody is passed"))


def _add_finish_and_park_commands(commands: CommandList) -> None:
    finish = _add_command_at_window(commands, "finish", "calling.finish_service")
    finish.add_argument("--outcome", metavar="O", help=_("what came of it"))
    finish.add_argument("--note", metavar="TEXT", help=_("a note"))
    finish.add_argument("--form-free", action="store_true", help=_("no form had to be filled in"))
    finish.add_argument(
        "--delivered",
        type=parse_code,
        nargs="+",
        action="extend",
        default=[],
        metavar="SERVICE[:N]",
        help=_("what was done"),
    )
    finish.add_argument(
        "--then",
        type=parse_code,
        nargs="+",
        action="extend",
        default=[],
        metavar="SERVICE",
        help=_("services the visit continues with"),
    )
    _add_command_at_window(commands, "reopen", "calling.reopen_last_ticket")
    _add_command_at_window_with_reason(commands, "park", "calling.park_ticket")
    unpark = _add_command_at_window(commands, "unpark", "calling.serve_parked_ticket")
    unpark.add_argument("ticket", type=parse_ticket_number, metavar="T")
    _add_date_option(unpark)
    _add_command_at_window_with_reason(commands, "stall", "calling.record_wait_for_other_system")
    _add_command_at_window(commands, "unstall", "calling.end_stall_by_other_system")
    further = _add_command_at_window(commands, "add", "calling.add_service_to_visit")
    further.add_argument("service", type=parse_code, metavar="SERVICE")


def _add_transfer_and_void_commands(commands: CommandList) -> None:
    transfer = _add_command_at_window(commands, "transfer", "calling.transfer_customer")
    transfer.add_argument("service", type=parse_code, metavar="SERVICE")
    transfer.add_argument("--place", choices=("visit", "front", "end"), default="visit", help=_("where in that line"))
    named = transfer.add_mutually_exclusive_group()
    named.add_argument("--to-window", type=parse_code, metavar="W2", help=_("wait for this window"))
    named.add_argument("--to-staff", type=parse_code, metavar="S", help=_("wait for this person"))
    transfer.add_argument("--note", metavar="TEXT", help=_("for whoever serves next"))
    transfer.add_argument("--reason", metavar="R", help=_("why"))
    redirect = commands.add_command("redirect", _redirect_customer)
    redirect.usage = "queuedesk redirect (W | --ticket T [--date D]) SERVICE"
    redirect.add_argument("where", type=parse_code, nargs="+", metavar="[W] SERVICE")
    redirect.add_argument(
        "--ticket", type=parse_ticket_number, metavar="T", help=_("this ticket, in place of the window's customer")
    )
    _add_date_option(redirect)
    for name, does in (
        ("reinstate", "reinstate_missed_ticket"),
        ("postpone", "postpone_ticket"),
        ("defer", "defer_to_next_open_day"),
        ("leave", "record_customer_left"),
    ):
        _add_date_option(_add_command_for_ticket(commands, name, f"calling.{does}"))
    need = _add_command_for_ticket(commands, "need", _set_fetching_need)
    need.add_argument("need", choices=(*NEEDS, NONE), metavar="NEED")
    _add_date_option(need)
    _add_date_option(_add_command_for_ticket(commands, "fetched", "issuing.record_customer_fetched"))
    void = _add_command_for_ticket(commands, "void", "calling.void_ticket")
    void.add_argument("--reason", required=True, metavar="R", help=_("why"))
    _add_date_option(void)


def _add_rating_commands(commands: CommandList) -> None:
    rate = commands.add_command("rate", _rate_visit)
    rate.add_argument("ticket", type=parse_ticket_number, metavar="T")
    rate.add_argument("level", type=parse_whole_number, nargs="?", metavar="LEVEL")
    rate.add_argument("--tag", nargs="+", action="extend", default=[], metavar="TAG", help=_("a reason"))
    rate.add_argument("--comment", metavar="TEXT", help=_("in the customer's words"))
    rate.add_argument("--attitude", type=parse_whole_number, metavar="N", help=_("1 to 5"))
    rate.add_argument("--competence", type=parse_whole_number, metavar="N", help=_("1 to 5"))
    _add_date_option(rate)
    opinion = commands.add_command("opinion", _record_opinion)
    opinion.add_argument("level", type=parse_whole_number, metavar="LEVEL")
    opinion.add_argument("--tag", nargs="+", action="extend", default=[], metavar="TAG", help=_("a reason"))
    opinion.add_argument("--comment", metavar="TEXT", help=_("in the customer's words"))


def _add_command_at_window(commands: CommandList, name: str, does: str) -> CommandParser:
    parser = commands.add_command(name, handler_for_function(f"queue.{does}", ticket_text, at_window=True))
    parser.add_argument("window", type=parse_code, metavar="W")
    return parser


def _add_command_at_window_with_reason(commands: CommandList, name: str, does: str) -> None:
    _add_command_at_window(commands, name, does).add_argument("--reason", required=True, metavar="R", help=_("why"))


def _add_command_for_ticket(commands: CommandList, name: str, does: str | Handler) -> CommandParser:
    parser = commands.add_command(
        name, handler_for_function(f"queue.{does}", ticket_text) if isinstance(does, str) else does
    )
    parser.add_argument("ticket", type=parse_ticket_number, metavar="T")
    return parser


def _add_date_option(parser: CommandParser) -> None:
    parser.add_argument(
        "--date", dest="day", type=parse_date, metavar="D", help=_("the ticket's date, today if not given")
    )


def _answer_with_ticket(job: CommandJob, document: Document) -> int:
    return job.print_answer(document, ticket_text(document))


def _issue_ticket(job: CommandJob) -> int:
    from queuedesk.desk.queue import issuing

    args = job.args
    ref, person = args.ref, args.person
    # The words of a command with an id are stored for good: they say that somebody was named, not who.
    args.ref, args.person = bool(ref) or None, bool(person) or None
    document = issuing.issue_ticket(
        job.desk(),
        job.new_change_ask(),
        args.service,
        klass=args.klass,
        item=args.item,
        then=args.then,
        guide=args.guide,
        return_of=args.return_of,
        ref=ref,
        repeat=args.repeat,
        need=args.need,
        speaks=args.speaks,
        late=args.late,
        person=person,
        waive=args.waive.strip(),
    )
    if args.paper:
        issued = date.fromisoformat(document["visit"][:10])
        printed = job.services.paper(job.desk(), job.clock).print_ticket(issued, document["ticket"])
        _raise_if_not_printed(printed, ticket=document["ticket"])
    if "reach" in document:
        output.print_sentence_to_stderr(_may_not_be_called_warning(job, document))
    told = [ticket_text(document)]
    if args.then:
        from queuedesk.i18n.queue.line_words import then_service_text

        told.append(then_service_text(list_text(args.then)))
    return job.print_answer(document, "  ".join(told))


def _may_not_be_called_warning(job: CommandJob, document: Document) -> str:
    """Return the warning that a ticket just issued may not be called today, in the words of its slip."""
    from queuedesk.core.queue.offers import next_closing_time_today
    from queuedesk.i18n.queue.line_words import may_not_be_called_today_text

    setup = job.setup()
    closes = next_closing_time_today(
        setup, setup.service_by_code(document["service"]), datetime.fromisoformat(document["arrived"])
    )
    return "" if closes is None else may_not_be_called_today_text(setup, closes)


def _set_fetching_need(job: CommandJob) -> int:
    from queuedesk.desk.queue import issuing

    args = job.args
    need = "" if args.need == NONE else args.need
    return _answer_with_ticket(
        job, issuing.set_fetching_need(job.desk(), job.new_change_ask(), args.ticket, need, day=args.day)
    )


def _record_visitor_lacking_papers(job: CommandJob) -> int:
    from queuedesk.desk.queue import issuing

    args = job.args
    document = issuing.record_visitor_not_ready(
        job.desk(), job.new_change_ask(), args.service, item=args.item, guide=args.guide
    )
    if args.paper:
        printed = job.services.paper(job.desk(), job.clock).print_papers_list(args.service, args.item)
        _raise_if_not_printed(printed, counted=True)
    papers = list_text(document["papers"])
    said = _("Papers for {service}: {papers}", service=args.service, papers=papers) if papers else args.service
    return job.print_answer(document, said)


def _raise_if_not_printed(done: Document, **about: Any) -> None:
    """Take what became of a slip; `about` says what is done already, for the sentence of a trouble. Raises OutsideError
    "no_printer", "printer_refused"; what was issued stays issued."""
    if not done["printed"]:
        trouble = done["error"]
        raise type(trouble)(trouble.code, **{**trouble.details, **about})


def _redirect_customer(job: CommandJob) -> int:
    from queuedesk.desk.queue import calling

    args = job.args
    if len(args.where) != (1 if args.ticket else 2):
        raise UsageError(_("Give a window and a service, or --ticket and a service."))
    window = None if args.ticket else args.where[0]
    ask, service = job.new_change_ask(window), args.where[-1]
    return _answer_with_ticket(
        job, calling.redirect_customer(job.desk(), ask, service, window=window, ticket=args.ticket, day=args.day)
    )


def _rate_visit(job: CommandJob) -> int:
    from queuedesk.desk.queue import rating

    args = job.args
    said = {"tags": args.tag, "comment": args.comment, "attitude": args.attitude, "competence": args.competence}
    if args.level is None and not any(said.values()):
        raise UsageError(_("Give a level from 1 to 5, or what is to be added to one."))
    said["day"] = args.day
    if args.level is not None:
        return _answer_with_ticket(
            job, rating.rate_visit(job.desk(), job.new_change_ask(by_customer=True), args.ticket, args.level, **said)
        )
    return _answer_with_ticket(
        job, rating.add_rating_reasons(job.desk(), job.new_change_ask(by_customer=True), args.ticket, **said)
    )


def _record_opinion(job: CommandJob) -> int:
    from queuedesk.desk.queue import rating

    args = job.args
    document = rating.record_opinion_without_ticket(
        job.desk(), job.new_change_ask(by_customer=True), args.level, tags=args.tag, comment=args.comment
    )
    return job.print_answer(document, _("Noted, apart from the ratings."))
