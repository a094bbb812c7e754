"""The commands about what other channels served: a table taken over, one total put right, all of them with the hall's
share."""

from __future__ import annotations

import argparse
from typing import Any

from queuedesk.cli import command_table
from queuedesk.cli.job import CommandJob
from queuedesk.core.network.roles import ReadScope
from queuedesk.core.setup.rows import Setup
from queuedesk.features.channels import verbs
from queuedesk.features.channels.papers import write_channel_totals
from queuedesk.features.channels.verbs import parse_count, parse_money_cents, read_channel_totals_file
from queuedesk.features.channels.words import channel_and_site_text, warning_text
from queuedesk.i18n import _, current_language, n_
from queuedesk.i18n.names import service_name
from queuedesk.sim.player import channel_code_of_typed_word

ENDINGS = (".csv", ".xlsx")


def register_commands(commands: command_table.CommandList) -> None:
    """Add the group `channels`."""
    group = commands.add_group("channels")
    taking = group.add_command("import", _("import a table of their totals"), _import_totals)
    taking.add_argument("file", type=command_table.parse_path, metavar="F.csv|F.xlsx|F.ods")
    setting = group.add_command("set", _("enter or correct one total"), _set_total)
    setting.add_argument("channel", type=command_table.parse_nonempty_text, metavar="CHANNEL")
    setting.add_argument("period", type=command_table.parse_code, metavar="MONTH|DATE")
    setting.add_argument("service", type=command_table.parse_code, metavar="SERVICE")
    setting.add_argument("count", type=parse_count_or_none_word, metavar="COUNT|none")
    setting.add_argument(
        "--site", type=command_table.parse_nonempty_text, metavar="TEXT", help=_("of this partner's place alone")
    )
    setting.add_argument("--amount", type=parse_amount_in_hundredths, metavar="A", help=_("what was paid there"))
    listing = group.add_command(
        "list", _("all totals, and the hall's share"), _list_or_export_totals, reads=ReadScope.FIGURES
    )
    listing.add_argument(
        "--from", dest="first", type=command_table.parse_date, metavar="D", help=_("from this date on")
    )
    listing.add_argument("--to", dest="last", type=command_table.parse_date, metavar="D", help=_("up to this date"))
    listing.add_argument(
        "--out", type=command_table.parse_path, metavar="F", help=_("write them into a .csv or .xlsx file instead")
    )


def parse_count_or_none_word(text: str) -> int | str:
    """Read a count, or the word for none."""
    if text.strip().lower() == command_table.NONE:
        return command_table.NONE
    found = parse_count(text)
    if found is None:
        raise argparse.ArgumentTypeError(_("{text} is not a number", text=text[:40]))
    return found


def parse_amount_in_hundredths(text: str) -> int:
    """Read a sum of money, in hundredths."""
    found = parse_money_cents(text)
    if found is None:
        raise argparse.ArgumentTypeError(_("{text} is not an amount such as 1200.50", text=text[:40]))
    return found


def _import_totals(job: CommandJob) -> int:
    table = read_channel_totals_file(job.args.file, job.setup().services)
    done = verbs.import_channel_totals(
        job.desk(), job.new_change_ask(), table.totals, lines=table.lines, path=str(table.path), sha256=table.sha256
    )
    document = {**done, "sums_left_out": len(table.sums)}
    told = _(
        "{new} new, {changed} changed, {same} as they were", **{key: done[key] for key in ("new", "changed", "same")}
    )
    lines = [n_("{n} total imported: {told}", "{n} totals imported: {told}", done["rows"], told=told)]
    if table.sums:
        lines.append(
            n_(
                "{n} line sums up others and was left out.",
                "{n} lines sum up others and were left out.",
                len(table.sums),
            )
        )
    return job.print_answer(document, "\n".join(lines))


def _set_total(job: CommandJob) -> int:
    args = job.args
    n = None if args.count == command_table.NONE else args.count
    document = verbs.set_or_remove_channel_total(
        job.desk(),
        job.new_change_ask(),
        channel_code_of_typed_word(args.channel),
        args.period,
        args.service,
        n,
        site=" ".join((args.site or "").split()),
        amount_cents=args.amount,
        keep_amount=args.amount is None,
    )
    return job.print_answer(document, _reported_total_line(document, job.setup()))


def _list_or_export_totals(job: CommandJob) -> int:
    args = job.args
    if args.first is not None and args.last is not None and args.first > args.last:
        raise command_table.UsageError(_("--from is after --to."))
    if args.out is not None and args.out.suffix.lower() not in ENDINGS:
        raise command_table.UsageError(_("The file has to end in .xlsx or .csv."))
    setup = job.setup()
    ledger = verbs.channel_ledger_between(job.desk(), job.now(), args.first, args.last)
    if args.out is not None:
        write_channel_totals(ledger.totals, setup, args.out, current_language(), setup.to_hall_time(job.now()))
        return job.print_answer({"file": str(args.out)}, str(args.out))
    document = verbs.ledger_document(ledger)
    for one in document["warnings"]:
        one["message"] = warning_text(one, service_name(setup, one.get("service")))
    lines = [_reported_total_line(one, setup) for one in document["totals"]]
    lines += [_hall_share_line(one, setup) for one in document["shares"]]
    lines += [f"! {one['message']}" for one in document["warnings"]]
    return job.print_answer(document, "\n".join(lines) or _("No totals of other channels."))


def _reported_total_line(one: dict[str, Any], setup: Setup) -> str:
    n = _("taken away") if one["n"] is None else f"{one['n']:,}"
    paid = "" if one["amount"] is None else f"{one['amount']:,.2f}"
    where = channel_and_site_text((one["channel"], one["site"] or ""))
    return "  ".join(part for part in (one["period"], where, service_name(setup, one["service"]), n, paid) if part)


def _hall_share_line(one: dict[str, Any], setup: Setup) -> str:
    return _(
        "{month}  {service}: {hall} in the hall, {elsewhere} elsewhere, the hall's share {share}",
        month=one["month"],
        service=service_name(setup, one["service"]),
        hall=f"{one['hall']:,}",
        elsewhere=f"{one['elsewhere']:,}",
        share="–" if one["share"] is None else f"{100 * one['share']:.1f} %",
    )
