"""The commands about this PC: its printers, slips printed by hand, what its screens show, and what opens with it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from queuedesk.cli import command_table
from queuedesk.cli.job import CommandJob, Document
from queuedesk.core.errors import OutsideError, QueueDeskError, RuleError
from queuedesk.core.features import import_reference
from queuedesk.core.network.roles import ReadScope
from queuedesk.core.setup.rows import Setup
from queuedesk.core.talk.screen import AT_A_WINDOW, HALL_SCREENS, KEYS, all_stations, screen_command_line
from queuedesk.i18n import _, list_text
from queuedesk.i18n.talk import device_down_cause_words, device_kind_word
from queuedesk.printing import spooler as printer_choice

ENDINGS = (".png", ".pdf")
SYSTEM, PICTURE, NONE = "system", "pictures", "none"


def register_commands(commands: command_table.CommandList) -> None:
    _add_printer_commands(commands)
    _add_screen_autostart_commands(commands)


def _add_printer_commands(commands: command_table.CommandList) -> None:
    group = commands.add_group("printer")
    group.add_command("list", _("what this PC could print on"), _list_printers)
    group.add_command("show", _("what this PC prints on"), _show_printer)
    choose = group.add_command("choose", _("print there from now on"), _store_and_print_chosen_printer)
    choose.add_argument("printer", metavar="PRINTER", type=command_table.parse_nonempty_text)
    for name, text, run in (
        ("status", _("a printer's state, as it reports it"), _print_printer_status),
        ("test", _("print a test slip"), _run_printer_test),
    ):
        parser = group.add_command(name, text, run)
        parser.add_argument("printer", metavar="PRINTER", type=command_table.parse_nonempty_text, nargs="?")
    again = commands.add_command("print", _print_or_save_ticket, reads=ReadScope.HALL)
    again.add_argument("ticket", metavar="TICKET", type=command_table.parse_ticket_number)
    again.add_argument("--date", dest="day", metavar="DATE", type=command_table.parse_date, help=_("of that day"))
    again.add_argument("--out", metavar="FILE", type=command_table.parse_path, help=_("into a .png or .pdf instead"))
    papers = commands.add_command("print-papers", _print_or_save_papers_list, reads=ReadScope.HALL)
    papers.add_argument("service", metavar="SERVICE", type=command_table.parse_code)
    papers.add_argument("--item", metavar="ITEM", type=command_table.parse_code, help=_("of one item"))
    papers.add_argument("--out", metavar="FILE", type=command_table.parse_path, help=_("into a .png or .pdf instead"))


def _list_printers(job: CommandJob) -> int:
    chosen = job.services.printers().chosen_or_default_printer()
    rows = [_printer_row(name, SYSTEM, "", chosen) for name in job.services.printers().system_printer_names()]
    rows += [
        _printer_row(one, printer_choice.parse_receipt_printer_choice(one).cable, name, chosen)
        for one, name in job.services.printers().plugged_receipt_printers()
    ]
    if chosen and all(row["printer"] != chosen for row in rows):
        rows.append(_printer_row(chosen, _printer_kind(chosen), "", chosen))
    text = "\n".join(_listed_printer_text(row) for row in rows)
    hint = _("A receipt printer on the network is chosen by its address: escpos:net:192.168.1.50")
    return job.print_answer({"printers": rows, "chosen": chosen or None}, f"{text}\n{hint}".strip())


def _show_printer(job: CommandJob) -> int:
    chosen = job.services.printers().chosen_or_default_printer()
    document: Document = {"printer": chosen or None, "kind": _printer_kind(chosen)}
    if (printer := _receipt_printer_of_choice_or_none(chosen)) is not None:
        document |= {"address": printer.address, "width": printer.width, "cut": printer.cut, "feed": printer.feed}
    return job.print_answer(document, chosen or _("This PC has no printer."))


def _store_and_print_chosen_printer(job: CommandJob) -> int:
    chosen = str(job.args.printer)
    job.services.printers().require_known_printer(chosen)
    job.services.printers().choose_printer(chosen)
    return _show_printer(job)


def _print_printer_status(job: CommandJob) -> int:
    printer = _named_or_own_printer(job)
    status = job.services.printers().printer_status(printer)
    document = {"printer": printer, "known": status is not None, **(status or {"cause": "", "warning": ""})}
    if status is None:
        said = _("does not report its state")
    else:
        said = device_down_cause_words(status["cause"] or status["warning"]) or _("ready", context="printer")
    return job.print_answer(document, f"{printer}  {said}")


def _run_printer_test(job: CommandJob) -> int:
    return answer_printed_or_raise(
        job, job.services.paper(job.desk(), job.now).print_test_slip(_named_or_own_printer(job)), {}
    )


def _print_or_save_ticket(job: CommandJob) -> int:
    out = output_file_with_known_ending(job)
    label, issued = job.args.ticket, job.args.day or job.today()
    paper = job.services.paper(job.desk(), job.now)
    if out is not None:
        return print_saved_file_path(job, paper.save_ticket(issued, label, out))
    return answer_printed_or_raise(
        job, paper.print_ticket(issued, label, reprint=True), {"ticket": label, "date": issued.isoformat()}
    )


def _print_or_save_papers_list(job: CommandJob) -> int:
    args, out = job.args, output_file_with_known_ending(job)
    paper = job.services.paper(job.desk(), job.now)
    if out is not None:
        return print_saved_file_path(job, paper.save_papers_list(args.service, args.item, out))
    return answer_printed_or_raise(
        job, paper.print_papers_list(args.service, args.item), {"service": args.service, "item": args.item}
    )


def handler_for_slip(makes: str, *, number: str = "n", answered: str = "n") -> command_table.Handler:
    """Return what carries out a command that prints a slip, or puts it into the file that `--out` names. `makes`, such
    as "features.lost_property.papers:lost_property_tag", gives the slip for desk, time and the argument `number`, which
    the answer names `answered`."""

    def print_or_save_slip(job: CommandJob) -> int:
        n, out = getattr(job.args, number), output_file_with_known_ending(job)
        paper, slip = job.services.paper(job.desk(), job.now), import_reference(makes)(job.desk(), job.now(), n)
        if out is not None:
            return print_saved_file_path(job, paper.save_slip(slip, out))
        return answer_printed_or_raise(job, paper.print_slip(slip), {answered: n})

    return print_or_save_slip


def answer_printed_or_raise(job: CommandJob, done: dict[str, Any], document: Document) -> int:
    """Answer what was printed and where. Raises OutsideError "no_printer", "printer_refused"."""
    if not done["printed"]:
        trouble: QueueDeskError = done["error"]
        raise type(trouble)(trouble.code, **{**trouble.details, **_ticket_field_if_present(document)})
    warning = done["warning"]
    text = _("Printed on {printer}.", printer=done["printer"])
    if warning:
        text = _("Printed on {printer} ({cause}).", printer=done["printer"], cause=device_down_cause_words(warning))
    return job.print_answer({**document, "printer": done["printer"], "warning": warning}, text)


def _ticket_field_if_present(document: Document) -> Document:
    return {"ticket": document["ticket"]} if "ticket" in document else {}


def output_file_with_known_ending(job: CommandJob) -> Path | None:
    """Return the file that was named. Raises UsageError for one that is neither picture nor PDF."""
    out: Path | None = job.args.out
    if out is not None and out.suffix.lower() not in ENDINGS:
        raise command_table.UsageError(_("The file has to end in .png or .pdf."))
    return out


def print_saved_file_path(job: CommandJob, file: Path) -> int:
    return job.print_answer({"file": str(file)}, str(file))


def _named_or_own_printer(job: CommandJob) -> str:
    """Return the named printer, else that of this PC. Raises RuleError "bad_printer", OutsideError "no_printer"."""
    printer = str(job.args.printer or job.services.printers().chosen_or_default_printer())
    if not printer or printer == printer_choice.NO_PRINTER:
        raise OutsideError("no_printer")
    if printer != job.services.printers().stored_printer_choice():
        job.services.printers().require_known_printer(printer)
    return printer


def _printer_kind(printer: str) -> str:
    if printer in ("", printer_choice.NO_PRINTER):
        return NONE
    if printer.startswith(printer_choice.PICTURES):
        return PICTURE
    if printer_choice.is_receipt_printer(printer):
        receipt_printer = _receipt_printer_of_choice_or_none(printer)
        return receipt_printer.cable if receipt_printer is not None else NONE
    return SYSTEM


def _receipt_printer_of_choice_or_none(printer: str) -> printer_choice.ReceiptPrinter | None:
    """Return the printer that a choice names; None for any other, also one written wrongly into this PC's file."""
    try:
        return printer_choice.parse_receipt_printer_choice(printer)
    except RuleError:
        return None


def _printer_row(printer: str, kind: str, name: str, chosen: str) -> Document:
    return {"printer": printer, "kind": kind, "name": name, "chosen": printer == chosen}


def _listed_printer_text(row: Document) -> str:
    used = _("used now") if row["chosen"] else ""
    return "  ".join(part for part in (row["printer"], row["name"], used) if part)


SCREENS = "screens"


def _add_screen_autostart_commands(commands: command_table.CommandList) -> None:
    commands.add_command(SCREENS, _open_screens)
    group = commands.add_group("screen")
    group.add_command("list", _("show all, and from how far they can be read"), _list_screens)
    changing = group.add_command("set", _("change what one shows"), _change_screen_settings)
    changing.add_argument("screen", type=command_table.parse_code, metavar="N")
    changing.add_argument("pairs", type=command_table.parse_key_value, nargs="+", metavar="key=value")
    group.add_command("remove", _("show nothing of the hall there"), _drop_screen_and_print).add_argument(
        "screen", type=command_table.parse_code, metavar="N"
    )
    group.add_command("open", _("open what one shows, or all"), _open_screens).add_argument(
        "screen", type=command_table.parse_code, nargs="?", metavar="N"
    )
    starting = commands.add_group("autostart")
    on = starting.add_command("on", _("let a station open by itself"), _open_station_at_start)
    on.add_argument("station", nargs="?", choices=(*all_stations(), SCREENS), default=SCREENS, metavar="STATION")
    on.add_argument("--window", type=command_table.parse_code, metavar="W", help=_("its window"))
    off = starting.add_command("off", _("no longer open a station, or none at all"), _stop_opening_at_start)
    off.add_argument("station", nargs="?", type=command_table.parse_code, metavar="STATION")
    starting.add_command("show", _("show what opens"), _print_autostart_names)


# -- screens --


def _list_screens(job: CommandJob) -> int:
    rows = job.services.this_pc().screen_documents(_hall_set_up_or_none(job))
    text = "\n".join(map(_screen_setting_line, rows)) or _("No screen was found, and none was chosen.")
    return job.print_answer({"screens": rows}, text)


def _change_screen_settings(job: CommandJob) -> int:
    changes = dict(job.args.pairs)
    for key in changes:
        if key not in KEYS or key == "screen":
            raise RuleError("bad_value", field="screen", value=key, why="not_a_choice", limit=list(KEYS[1:]))
    this_pc = job.services.this_pc()
    this_pc.change_screen_choices(job.args.screen, changes)
    row = next(row for row in this_pc.screen_documents(_hall_set_up_or_none(job)) if row["screen"] == job.args.screen)
    return job.print_answer(row, _screen_setting_line(row))


def _drop_screen_and_print(job: CommandJob) -> int:
    job.services.this_pc().stop_using_screen(job.args.screen)
    return job.print_answer(
        {"screen": job.args.screen}, _("Screen {screen} shows nothing of the hall.", screen=job.args.screen)
    )


def _open_screens(job: CommandJob) -> int:
    opened = job.services.this_pc().open_configured_screens(_hall_option_words(job), getattr(job.args, "screen", None))
    lines = [" ".join(screen_command_line(spec)) for spec in opened] or ["display --kept"]
    return job.print_answer({"opened": lines}, "\n".join(lines))


def _hall_set_up_or_none(job: CommandJob) -> Setup | None:
    """Return the hall whose windows the screens name, None on a PC that has none yet."""
    try:
        return job.setup()
    except QueueDeskError:
        return None


def _screen_setting_line(row: Document) -> str:
    parts = [row["screen"], row["name"] or _("not connected"), row["pixels"] or ""]
    if row["station"] is None:
        parts.append(_("nothing of the hall"))
    else:
        of = row["window"] if row["station"] != "display" else row["zone"]
        parts += [" ".join(filter(None, (device_kind_word(row["station"]), of))), row["layout"]]
    if row["readable_m"] is not None:
        parts.append(_("can be read from {metres} m", metres=row["readable_m"]))
    return "  ".join(part for part in parts if part)


# -- what opens by itself --


def _open_station_at_start(job: CommandJob) -> int:
    station, window = job.args.station, job.args.window
    if station in AT_A_WINDOW and window is None:
        raise RuleError("bad_value", field="window", value="", why="empty")
    words = [*_hall_option_words(job), station, *(["--window", window] if window else [])]
    words += ["--kept"] if station in HALL_SCREENS else []
    name = f"{station}-{window}" if window else station
    job.services.this_pc().set_open_at_start(name, words)
    return _print_autostart_names(job)


def _stop_opening_at_start(job: CommandJob) -> int:
    this_pc = job.services.this_pc()
    names = this_pc.autostart_names()
    wanted = job.args.station
    if wanted is not None and wanted not in names:
        raise RuleError("bad_value", field="station", value=wanted, why="not_a_choice", limit=names or None)
    for name in [wanted] if wanted is not None else names:
        this_pc.set_open_at_start(name, None)
    return _print_autostart_names(job)


def _print_autostart_names(job: CommandJob) -> int:
    names = job.services.this_pc().autostart_names()
    return job.print_answer({"autostart": names}, list_text(names) if names else _("Nothing opens by itself."))


def _hall_option_words(job: CommandJob) -> list[str]:
    words = ["--db", str(job.hall_file_or_address())] if job.stated_database_address() else []
    hall: str | None = getattr(job.args, "hall", None)
    return [*words, "--hall", hall] if hall else words
