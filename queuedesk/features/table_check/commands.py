"""The commands about satisfaction figures: a rate, two rates compared, and the audit of somebody's table; none needs a
hall."""

from __future__ import annotations

import argparse
from decimal import Decimal
from fractions import Fraction
from typing import Any

from queuedesk.cli.command_table import CommandList, UsageError, parse_path, parse_whole_number
from queuedesk.cli.job import CommandJob, Document
from queuedesk.core.figures.satisfaction import Rate, satisfaction_rate, satisfaction_rate_difference
from queuedesk.core.imports import COMMA, POINT
from queuedesk.features.table_check.rules import reading
from queuedesk.features.table_check.rules.audit import (
    AuditedMonthRow,
    MonthRange,
    TableAudit,
    TableClaim,
    audit_typed_figure_table,
)
from queuedesk.i18n import _


def register_commands(commands: CommandList) -> None:
    """Add them."""
    group = commands.add_group("satisfaction")
    one = group.add_command("rate", _("a rate from counts, with its interval"), _show_rate)
    one.add_argument("satisfied", type=parse_whole_number, metavar="S")
    one.add_argument("dissatisfied", type=parse_whole_number, metavar="D")
    two = group.add_command("compare", _("the second rate less the first, with its interval"), _show_rate_difference)
    for name, shown in (("s1", "S1"), ("d1", "D1"), ("s2", "S2"), ("d2", "D2")):
        two.add_argument(name, type=parse_whole_number, metavar=shown)
    check = group.add_command("check", _("audit a table of counts and stated percentages"), _print_table_audit)
    check.add_argument("file", type=parse_path, metavar="FILE")
    check.add_argument(
        "--claim-above", type=parse_percentage, metavar="N", help=_("that every month is above N percent")
    )
    check.add_argument(
        "--from", dest="first", type=parse_month, metavar="M", help=_("the claim's first month, as 2012-05")
    )
    check.add_argument("--to", dest="last", type=parse_month, metavar="M", help=_("the claim's last month"))
    check.add_argument(
        "--headline", type=parse_percentage, metavar="X", help=_("the figure given for the whole, as printed")
    )
    check.add_argument("--decimal", choices=tuple(DECIMALS), help=_("the decimal sign, where the table leaves it open"))
    check.add_argument(
        "--whole",
        type=parse_whole_number,
        choices=(reading.ONE, reading.HUNDRED),
        help=_("what 100 % is written as, where the table leaves it open"),
    )


DECIMALS = {"point": POINT, "comma": COMMA}


def parse_percentage(text: str) -> Decimal:
    """Read a percentage with or without its sign; a share such as 0.98 too."""
    found = reading.parse_claimed_percent(text)
    if found is None:
        raise argparse.ArgumentTypeError(_("{text} is not a percentage", text=text[:40]))
    return found


def parse_month(text: str) -> int:
    """Read a month with its year, counted from year 0."""
    found = reading.absolute_month_number(text)
    if found is None:
        raise argparse.ArgumentTypeError(_("{text} is not a month such as 2012-05", text=text[:40]))
    return found


def audit_document(found: TableAudit) -> Document:
    """Return the audit as the document that scripts get; the messages are in the language of the process."""
    from queuedesk.features.table_check.words import column_reading_text, finding_text, summed_columns_text

    document: Document = {
        "rows": [_audit_row_document(row) for row in found.rows],
        "pooled": {"n": found.pooled.n, **_rate_document(found.pooled)},
        "findings": [
            {"kind": one.kind, "rows": list(one.rows), "message": finding_text(one)} for one in found.findings
        ],
    }
    readings = [
        *(
            {
                "columns": list(one.columns),
                "text": one.text,
                "value": _column_reading_as_number(one),
                "message": column_reading_text(one),
            }
            for one in found.told
        ),
        *(
            {"columns": list(one.columns), "text": None, "value": None, "message": summed_columns_text(one)}
            for one in found.added
        ),
    ]
    return {**document, "readings": readings} if readings else document


def _show_rate(job: CommandJob) -> int:
    from queuedesk.features.table_check.words import pooled_rate_text

    found = satisfaction_rate(job.args.satisfied, job.args.dissatisfied)
    text = _("Nobody answered, so there is no rate.") if found.rate is None else pooled_rate_text(found)
    return job.print_answer({**_rate_document(found), "n": found.n}, text)


def _show_rate_difference(job: CommandJob) -> int:
    args = job.args
    found = satisfaction_rate_difference((args.s1, args.d1), (args.s2, args.d2))
    document = {name: _rounded_to_six(getattr(found, name)) for name in ("difference", "low", "high", "z")}
    return job.print_answer(
        document, _difference_of_two_rates_sentence(found.difference, found.low, found.high, found.z)
    )


def _difference_of_two_rates_sentence(
    difference: float | None, low: float | None, high: float | None, z: float | None
) -> str:
    if difference is None or low is None or high is None:
        return _("Nobody answered on one side, so there is nothing to compare.")
    figures = {"difference": f"{100 * difference:+.2f}", "low": f"{100 * low:+.2f}", "high": f"{100 * high:+.2f}"}
    if low <= 0 <= high:
        return _("Difference {difference} points, 95 % interval {low} to {high}: chance alone explains it.", **figures)
    return _(
        "Difference {difference} points, 95 % interval {low} to {high} (z {z}): chance alone hardly explains it.",
        z=f"{z or 0:.2f}",
        **figures,
    )


def _print_table_audit(job: CommandJob) -> int:
    from queuedesk.features.table_check.verbs import read_audit_table

    args = job.args
    if args.first is not None and args.last is not None and args.first > args.last:
        raise UsageError(_("--from is after --to."))
    if (args.first is not None or args.last is not None) and args.claim_above is None and args.headline is None:
        raise UsageError(_("--from and --to need --claim-above or --headline."))
    asked = TableClaim(args.claim_above, MonthRange(args.first, args.last), args.headline)
    table = read_audit_table(args.file)
    found = audit_typed_figure_table(
        table.lines, asked, table.header, reading.TableHints(DECIMALS.get(args.decimal), args.whole)
    )
    return job.print_answer(audit_document(found), "" if job.is_json_wanted else _audit_text(found))


def _audit_text(found: TableAudit) -> str:
    from queuedesk.features.table_check import words
    from queuedesk.features.table_check.words import reading_texts

    lines = reading_texts(found)
    lines += [
        "  ".join(
            [
                row.month,
                _("stated {stated}", stated=words.stated_figure(row)),
                _("true {true}", true=words.percentage_text(row.true_percent)),
                f"({words.rate_interval_text(row.true_rate)})",
                words.stated_minus_true_text(row),
            ]
        )
        for row in found.rows
    ]
    lines += dict.fromkeys((words.pooled_rate_text(found.pooled), words.findings_summary(found)))
    lines += [f"! {words.finding_text(one)}" for one in found.findings]
    return "\n".join(lines)


def _audit_row_document(row: AuditedMonthRow) -> dict[str, Any]:
    return {
        "month": row.month,
        **_rate_document(row.true_rate),
        "stated": _fraction_rounded_to_six(row.stated_percent),
        "difference": _fraction_rounded_to_six(row.stated_minus_true_percent),
    }


def _rate_document(found: Rate) -> Document:
    return {"rate": _rounded_to_six(found.rate), "low": _rounded_to_six(found.low), "high": _rounded_to_six(found.high)}


def _column_reading_as_number(told: reading.ColumnReading) -> float | int:
    return int(told.value) if told.is_count else float(told.value)


def _rounded_to_six(value: float | None) -> float | None:
    return None if value is None else round(value, 6)


def _fraction_rounded_to_six(value: Fraction | None) -> float | None:
    return None if value is None else round(float(value), 6)
