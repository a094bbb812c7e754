"""Commands about printers of this PC, and slips printed by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from queuedesk.cli.command_table import Listed
from queuedesk.cli.job import Document, Job
from queuedesk.cli.parser import Handler, UsageError, code, day, path, plain, ticket
from queuedesk.core.errors import OutsideError, QueueDeskError, RuleError
from queuedesk.core.features import load
from queuedesk.core.network.roles import Read
from queuedesk.i18n import _
from queuedesk.i18n.talk import cause_words
from queuedesk.printing.choice import NO_PRINTER, PICTURES, ReceiptPrinter, is_receipt_printer, read_receipt_printer

ENDINGS = (".png", ".pdf")
SYSTEM, PICTURE, NONE = "system", "pictures", "none"


def add(commands: Listed) -> None:
    """Add them."""
    group = commands.add_group("printer")
    group.add("list", _("what this PC could print on"), _list)
    group.add("show", _("what this PC prints on"), _show)
    choose = group.add("choose", _("print there from now on"), _choose)
    choose.add_argument("printer", metavar="PRINTER", type=plain)
    for name, text, run in (
        ("status", _("a printer's state, as it reports it"), _status),
        ("test", _("print a test slip"), _test),
    ):
        parser = group.add(name, text, run)
        parser.add_argument("printer", metavar="PRINTER", type=plain, nargs="?")
    again = commands.add("print", _print, reads=Read.HALL)
    again.add_argument("ticket", metavar="TICKET", type=ticket)
    again.add_argument("--date", dest="day", metavar="DATE", type=day, help=_("of that day"))
    again.add_argument("--out", metavar="FILE", type=path, help=_("into a .png or .pdf instead"))
    papers = commands.add("print-papers", _print_papers, reads=Read.HALL)
    papers.add_argument("service", metavar="SERVICE", type=code)
    papers.add_argument("--item", metavar="ITEM", type=code, help=_("of one item"))
    papers.add_argument("--out", metavar="FILE", type=path, help=_("into a .png or .pdf instead"))


def _list(job: Job) -> int:
    chosen = job.services.printers().chosen_printer()
    rows = [_row(name, SYSTEM, "", chosen) for name in job.services.printers().printers()]
    rows += [
        _row(one, read_receipt_printer(one).cable, name, chosen)
        for one, name in job.services.printers().plugged_printers()
    ]
    if chosen and all(row["printer"] != chosen for row in rows):
        rows.append(_row(chosen, _kind(chosen), "", chosen))
    text = "\n".join(_row_text(row) for row in rows)
    hint = _("A receipt printer on the network is chosen by its address: escpos:net:192.168.1.50")
    return job.answer({"printers": rows, "chosen": chosen or None}, f"{text}\n{hint}".strip())


def _show(job: Job) -> int:
    chosen = job.services.printers().chosen_printer()
    document: Document = {"printer": chosen or None, "kind": _kind(chosen)}
    if (known := _receipt_printer(chosen)) is not None:
        document |= {"address": known.address, "width": known.width, "cut": known.cut, "feed": known.feed}
    return job.answer(document, chosen or _("This PC has no printer."))


def _choose(job: Job) -> int:
    chosen = str(job.args.printer)
    if chosen != NO_PRINTER:
        _must_be_one(job, chosen)
    job.services.printers().choose_printer(chosen)
    return _show(job)


def _status(job: Job) -> int:
    printer = _named(job)
    status = job.services.printers().printer_status(printer)
    document = {"printer": printer, "known": status is not None, **(status or {"cause": "", "warning": ""})}
    if status is None:
        said = _("does not report its state")
    else:
        said = cause_words(status["cause"] or status["warning"]) or _("ready", context="printer")
    return job.answer(document, f"{printer}  {said}")


def _test(job: Job) -> int:
    return printed(job, job.services.paper(job.desk(), job.now).print_test(_named(job)), {})


def _print(job: Job) -> int:
    out = out_file(job)
    label, issued = job.args.ticket, job.args.day or job.today()
    paper = job.services.paper(job.desk(), job.now)
    if out is not None:
        return saved(job, paper.save_ticket(issued, label, out))
    return printed(job, paper.print_ticket(issued, label, reprint=True), {"ticket": label, "date": issued.isoformat()})


def _print_papers(job: Job) -> int:
    args, out = job.args, out_file(job)
    paper = job.services.paper(job.desk(), job.now)
    if out is not None:
        return saved(job, paper.save_papers(args.service, args.item, out))
    return printed(job, paper.print_papers(args.service, args.item), {"service": args.service, "item": args.item})


def prints(makes: str) -> Handler:
    """Return what carries out a command that prints a slip, or puts it into the file that `--out` names: what a
    function of a feature makes of desk, time and `n`, "features.lost_property.papers:tag_of"."""

    def print_it(job: Job) -> int:
        n, out, paper = job.args.n, out_file(job), job.services.paper(job.desk(), job.now)
        slip = load(makes)(job.desk(), job.now(), n)
        return printed(job, paper.print_slip(slip), {"n": n}) if out is None else saved(job, paper.save_slip(slip, out))

    return print_it


def printed(job: Job, done: dict[str, Any], document: Document) -> int:
    """Answer what was printed and where. Raises OutsideError "no_printer", "printer_refused"."""
    if not done["printed"]:
        trouble: QueueDeskError = done["error"]
        raise type(trouble)(trouble.code, **{**trouble.details, **_ticket(document)})
    warning = done["warning"]
    text = _("Printed on {printer}.", printer=done["printer"])
    if warning:
        text = _("Printed on {printer} ({cause}).", printer=done["printer"], cause=cause_words(warning))
    return job.answer({**document, "printer": done["printer"], "warning": warning}, text)


def _ticket(document: Document) -> Document:
    return {"ticket": document["ticket"]} if "ticket" in document else {}


def out_file(job: Job) -> Path | None:
    """Return the file that was named. Raises UsageError for one that is neither picture nor PDF."""
    out: Path | None = job.args.out
    if out is not None and out.suffix.lower() not in ENDINGS:
        raise UsageError(_("The file has to end in .png or .pdf."))
    return out


def saved(job: Job, file: Path) -> int:
    return job.answer({"file": str(file)}, str(file))


def _named(job: Job) -> str:
    """Return the printer that was named, else that of this PC. Raises RuleError "bad_printer", OutsideError
    "no_printer"."""
    printer = str(job.args.printer or job.services.printers().chosen_printer())
    if not printer or printer == NO_PRINTER:
        raise OutsideError("no_printer")
    if job.args.printer:
        _must_be_one(job, printer)
    return printer


def _must_be_one(job: Job, printer: str) -> None:
    """Raise RuleError "bad_printer" for what names no printer."""
    if is_receipt_printer(printer):
        read_receipt_printer(printer)
    elif not printer.startswith(PICTURES) and printer not in job.services.printers().printers():
        raise RuleError("bad_printer", printer=printer)


def _kind(printer: str) -> str:
    if printer in ("", NO_PRINTER):
        return NONE
    if printer.startswith(PICTURES):
        return PICTURE
    if is_receipt_printer(printer):
        known = _receipt_printer(printer)
        return known.cable if known is not None else NONE
    return SYSTEM


def _receipt_printer(printer: str) -> ReceiptPrinter | None:
    """Return the printer that a choice names; None for any other, also for one that somebody wrote wrongly into this
    PC's file."""
    try:
        return read_receipt_printer(printer)
    except RuleError:
        return None


def _row(printer: str, kind: str, name: str, chosen: str) -> Document:
    return {"printer": printer, "kind": kind, "name": name, "chosen": printer == chosen}


def _row_text(row: Document) -> str:
    used = _("used now") if row["chosen"] else ""
    return "  ".join(part for part in (row["printer"], row["name"], used) if part)
