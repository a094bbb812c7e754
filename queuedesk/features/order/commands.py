"""The commands of the order: the public list, and the ledger of who passed whom."""

from __future__ import annotations

from queuedesk.cli.command_table import CommandList, UsageError, parse_code, parse_date, parse_path, parse_ticket_number
from queuedesk.cli.job import CommandJob, Document
from queuedesk.core.network.roles import ReadScope
from queuedesk.features.order.rules import OvertakeLedgerData, PublicWaitingOrder
from queuedesk.features.order.words import (
    call_order_text,
    day_totals_sentences,
    order_rules_text,
    overtaking_ticket_and_reason,
)
from queuedesk.i18n import _, codes_text, current_language, list_text, n_


def register_commands(commands: CommandList) -> None:
    """Add them."""
    order = commands.add_command("order", _show_or_write_order, reads=ReadScope.HALL)
    order.add_argument("--service", type=parse_code, metavar="S", help=_("of this service alone"))
    order.add_argument("--out", type=parse_path, metavar="F.pdf", help=_("write the list to hang up"))
    ledger = commands.add_command("ledger", _print_or_write_ledger, reads=ReadScope.FIGURES)
    ledger.add_argument("--date", dest="day", type=parse_date, metavar="D", help=_("today if not given"))
    ledger.add_argument("--ticket", type=parse_ticket_number, metavar="T", help=_("of this ticket alone"))
    ledger.add_argument("--out", type=parse_path, metavar="F", help=_("write F.pdf or F.csv"))


def _show_or_write_order(job: CommandJob) -> int:
    from queuedesk.features.order.verbs import order_list_document, read_order_list

    out = job.args.out
    if out is not None and out.suffix.lower() != ".pdf":
        raise UsageError(_("The file has to end in .pdf."))
    read = read_order_list(job.desk(), job.now(), job.args.service)
    if out is not None:
        from queuedesk.features.order.papers import order_list_pdf
        from queuedesk.files.writing import write_file

        write_file(out, order_list_pdf(read, current_language()))
        return job.print_answer({"file": str(out)}, str(out))
    sentence = call_order_text(read.rule, read.first)
    document: Document = {**order_list_document(read), "message": sentence}
    return job.print_answer(document, "\n".join([*_order_lines(read), sentence]))


def _order_lines(read: PublicWaitingOrder) -> list[str]:
    from queuedesk.i18n.names import service_letter_and_name
    from queuedesk.i18n.queue.line_words import order_mark_word

    lines = []
    for line in read.lines:
        where = (
            n_(
                "window {windows}",
                "windows {windows}",
                len(line.windows),
                windows=codes_text(line.windows),
                context="order list",
            )
            if line.windows
            else _("no window is open")
        )
        lines.append(_("{service} ({where})", service=service_letter_and_name(read.setup, line.service), where=where))
        if line.called:
            lines.append("  " + _("At the windows: {tickets}", tickets=list_text(line.called)))
        words = [(one.label, order_mark_word(one)) for one in line.next]
        marked = [_("{ticket} ({reason})", ticket=label, reason=word) if word else label for label, word in words]
        lines.append("  " + (_("Next: {tickets}", tickets=list_text(marked)) if marked else _("Nobody is waiting.")))
    return lines


def _print_or_write_ledger(job: CommandJob) -> int:
    from queuedesk.features.order.papers import ENDINGS, overtake_ledger_csv, overtake_ledger_pdf
    from queuedesk.features.order.verbs import ledger_document, read_overtake_ledger

    out, label = job.args.out, job.args.ticket
    if out is not None and out.suffix.lower() not in ENDINGS:
        raise UsageError(_("The file has to end in .pdf or .csv."))
    read = read_overtake_ledger(job.desk(), job.now(), job.args.day)
    document = ledger_document(read, label)
    if out is not None:
        from queuedesk.files.writing import write_file

        is_table = out.suffix.lower() == ".csv"
        content = (
            overtake_ledger_csv(read, label)
            if is_table
            else overtake_ledger_pdf(read, current_language(), now=job.now(), ticket=label)
        )
        write_file(out, content)
        return job.print_answer({"file": str(out)}, str(out))
    return job.print_answer(document, "\n".join(_ledger_lines(read, label)))


def _ledger_lines(read: OvertakeLedgerData, label: str | None) -> list[str]:
    ledger = read.ledger
    by = {t.label: t for t in read.state.tickets.values() if t.date == ledger.date}
    lines = [*day_totals_sentences(ledger), _("Rule: {rule}.", rule=order_rules_text(ledger))] if label is None else []
    rows = (
        [row for row in ledger.rows if row.ticket.label == label] if label is not None else ledger.most_overtaken_first
    )
    for row in rows:
        if not row.passed_by:
            lines.append(_("No later ticket went before {ticket}.", ticket=row.ticket.label))
            continue
        names = [overtaking_ticket_and_reason(read.setup, one, by.get(one.by)) for one in row.passed_by]
        lines.append(_("{ticket}: {tickets} went first", ticket=row.ticket.label, tickets=list_text(names)))
    return lines
