"""The commands that look: the hall as it stands, its log, its tickets, and why somebody still waits."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import closing
from functools import partial
from typing import Any

from queuedesk.cli import command_table, output
from queuedesk.cli.job import CommandJob, Document
from queuedesk.core.errors import OutsideError
from queuedesk.core.network.roles import ReadScope
from queuedesk.i18n import _, current_language, error_sentence

FOLLOW_S, AGAIN_S = 60.0, 0.5
PAGE = 1000


def register_commands(commands: command_table.CommandList) -> None:
    wait = commands.add_command("wait", _show_wait, reads=ReadScope.HALL)
    wait.add_argument("ticket", type=command_table.parse_ticket_number, nargs="?", metavar="T")
    wait.add_argument("--service", type=command_table.parse_code, metavar="S", help=_("for a normal ticket issued now"))
    wait.add_argument(
        "--date",
        dest="day",
        type=command_table.parse_date,
        metavar="D",
        help=_("the ticket's date, today if not given"),
    )
    commands.add_command("closing", _show_closing_services, reads=ReadScope.HALL)
    commands.add_command("state", _show_hall_state, reads=ReadScope.HALL)
    events = commands.add_command("events", _print_events, reads=ReadScope.LOG)
    events.add_argument(
        "--since", type=command_table.parse_whole_number, default=0, metavar="N", help=_("after number N")
    )
    events.add_argument("--follow", action="store_true", help=_("keep printing new events"))
    tickets = commands.add_command("tickets", _list_or_export_tickets, reads=ReadScope.WORK)
    tickets.add_argument("--date", dest="day", type=command_table.parse_date, metavar="D", help=_("today if not given"))
    table = tickets.add_mutually_exclusive_group()
    table.add_argument("--csv", type=command_table.parse_path, metavar="FILE", help=_("write a table, a row per leg"))
    table.add_argument(
        "--xlsx", type=command_table.parse_path, metavar="FILE", help=_("the same as a workbook, in words")
    )
    commands.add_command("fetch", _list_customers_to_fetch, reads=ReadScope.WORK)
    why = commands.add_command("why", _show_why_not_called, reads=ReadScope.HALL)
    why.add_argument("ticket", type=command_table.parse_ticket_number, metavar="T")
    why.add_argument(
        "--date",
        dest="day",
        type=command_table.parse_date,
        metavar="D",
        help=_("the ticket's date, today if not given"),
    )


def _show_wait(job: CommandJob) -> int:
    from queuedesk.desk import looking, reading

    args = job.args
    if (args.ticket is None) == (args.service is None):
        raise command_table.UsageError(_("Give a ticket, or --service and a service."))
    if args.service is not None:
        document = looking.wait_of_new_ticket(job.desk(), args.service, job.now())
        return job.print_answer(document, command_table.service_wait_text(document))
    document = looking.ticket_document_by_label(job.desk(), args.ticket, job.now(), args.day)
    if "rating" in document and not job.may_read_ratings():
        document = reading.document_without_rating(document)
    return job.print_answer(document, command_table.ticket_text(document))


def _show_closing_services(job: CommandJob) -> int:
    from queuedesk.desk import looking
    from queuedesk.i18n.queue.line_words import service_closing_sentence

    rows = looking.closing_line_rows(job.desk(), job.now())
    lines = [service_closing_sentence(row) for row in rows]
    return job.print_answer({"closing": rows}, "\n".join(lines) or _("No service closes within four hours."))


def _show_hall_state(job: CommandJob) -> int:
    from queuedesk.desk import looking
    from queuedesk.i18n.queue.event_words import alert_text

    now = job.now()
    document = looking.hall_state_document(job.desk(), now, partial(alert_text, now=now))
    return job.print_answer(document, command_table.hall_state_text(document))


def _print_events(job: CommandJob) -> int:
    if job.args.follow:
        job.require_own_process("events --follow")
    return job.answer_with_documents(_follow_events(job), command_table.event_text)


def _follow_events(job: CommandJob) -> Iterator[Document]:
    """Yield the events; --follow outlives a server that goes away, unless it returns with another log."""
    from queuedesk.desk import looking
    from queuedesk.store.engine.wakeups import CommitWaiter

    desk, seq, last, away = job.desk(), job.args.since, "", None
    with closing(CommitWaiter(desk.db, desk.hall)) as waker:
        while True:
            try:
                if away is not None and last and [e.hash for e in looking.events_after(desk, seq - 1, 1)] != [last]:
                    raise away
                page = looking.events_after(desk, seq, PAGE)
                away = None
                if not page and job.args.follow:
                    waker.wait_for_commit(FOLLOW_S)
            except OutsideError as trouble:
                if trouble is away or not (desk.db.is_shared and job.args.follow and trouble.code == "database_away"):
                    raise
                if away is None:
                    output.print_sentence_to_stderr(error_sentence(trouble))
                away = trouble
                time.sleep(AGAIN_S)
                continue
            for event in page:
                yield event.printed_fields()
                seq, last = event.seq, event.hash
            if not page and not job.args.follow:
                return


def _list_or_export_tickets(job: CommandJob) -> int:
    from queuedesk.desk import looking, reading

    wanted = job.args.day or job.today()
    file = job.args.csv or job.args.xlsx
    if file is not None:
        from queuedesk.files.writing import write_file
        from queuedesk.reports.papers.tickets import tickets_csv_bytes, tickets_workbook_bytes

        state = looking.hall_state_on(job.desk(), wanted)
        if not job.may_read_ratings():
            state = reading.strip_ratings_from_state(state)
        if job.args.csv is not None:
            content = tickets_csv_bytes(state, wanted)
        else:
            content = tickets_workbook_bytes(state, wanted, lang=current_language(), made=job.now())
        write_file(file, content)
        return job.print_answer({"file": str(file)}, str(file))
    rows = looking.tickets_of_date(job.desk(), wanted, job.now())
    if not job.may_read_ratings():
        rows = [reading.document_without_rating(row) for row in rows]
    return job.print_answer(
        {"tickets": rows}, "\n".join(command_table.ticket_line_with_times(row) for row in rows) or _("No tickets.")
    )


def _list_customers_to_fetch(job: CommandJob) -> int:
    from queuedesk.desk import looking
    from queuedesk.i18n.queue.line_words import whom_and_when_to_fetch

    rows = looking.rows_of_customers_to_fetch(job.desk(), job.now())
    lines = [
        "  ".join((row["ticket"], whom_and_when_to_fetch(row["need"], row["ahead"], row["window"]))) for row in rows
    ]
    return job.print_answer({"fetch": rows}, "\n".join(lines) or _("No one needs fetching now."))


def _show_why_not_called(job: CommandJob) -> int:
    from queuedesk.desk import looking
    from queuedesk.desk.change import iso_local
    from queuedesk.i18n.queue.line_words import why_not_called_text

    found, why = looking.why_not_called(job.desk(), job.args.ticket, job.now(), job.args.day)
    document: Document = {
        "ticket": found.label,
        "reason": why.code,
        "ahead": why.ahead,
        "coming": why.coming,
        "windows": list(why.windows),
        "passed_by": [_overtake_document(overtake) for overtake in why.passed_by],
        "by_skill": why.by_skill,
        "short_at": list(why.short_at),
        "behind_short": list(why.behind_short),
        "spoken_at": list(why.spoken_at),
        "behind_language": list(why.behind_language),
        "kept_for": {"window": why.kept_for.window, "staff": why.kept_for.staff} if why.kept_for else None,
        "kept_until": iso_local(job.setup(), why.kept_until),
        "past_told": _past_promise_document(why.past_told) if why.past_told else None,
        "told": _promise_document(found.promise),
        "message": why_not_called_text(job.setup(), found, why),
    }
    return job.print_answer(document, why_not_called_text(job.setup(), found, why, rested=True))


def _promise_document(promise: Any) -> Document | None:
    """Return what a ticket was told and what that was made of, in minutes; None where it was told no wait."""
    from queuedesk.core.waits.estimates import EXPERTS

    if promise.low is None:
        return None
    said = promise.made_of.points_s if promise.made_of is not None else ()
    return {
        "low": promise.low,
        "high": promise.high,
        "point": round(promise.point_s / 60, 1),
        "leads": promise.leads,
        "experts": {name: None if s is None else round(s / 60, 1) for name, s in zip(EXPERTS, said, strict=False)},
    }


def _past_promise_document(past: Any) -> Document:
    from queuedesk.core.queue.dispatch import QuotedWait

    return {
        "minutes": past.minutes,
        "told": {"low": past.low, "high": past.high},
        "wait": {"low": past.wait.low, "high": past.wait.high} if isinstance(past.wait, QuotedWait) else None,
        "windows_then": past.windows_then,
        "windows_now": past.windows_now,
    }


def _overtake_document(overtake: Any) -> Mapping[str, str]:
    return {"ticket": overtake.by, "reason": overtake.reason, "text": overtake.text}
