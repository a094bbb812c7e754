"""The commands about yearly indicators that somebody else measured."""

from __future__ import annotations

import argparse
from decimal import Decimal
from pathlib import Path
from typing import Any

from queuedesk.cli import command_table
from queuedesk.cli.job import CommandJob, Document, handler_for_function
from queuedesk.core.imports import half_width_text
from queuedesk.core.network.roles import ReadScope
from queuedesk.features.indicators import verbs
from queuedesk.features.indicators.papers import IndicatorReportData, write_indicators
from queuedesk.features.indicators.verbs import parse_indicator_figure, read_indicators_file
from queuedesk.features.indicators.words import indicator_caution_sentence, not_reported_word
from queuedesk.i18n import _, current_language, n_, name_in_language

ENDINGS = (".csv", ".xlsx", ".pdf")


def register_commands(commands: command_table.CommandList) -> None:
    """Add them."""
    group = commands.add_group("indicators")
    taking = group.add_command("import", _("import a table of them"), _import_indicators)
    taking.add_argument("file", type=command_table.parse_path, metavar="F.csv|F.xlsx|F.ods")
    setting = group.add_command("set", _("enter or correct one figure"), _set_indicator)
    setting.add_argument("name", type=command_table.parse_nonempty_text, metavar="NAME")
    setting.add_argument("year", type=command_table.parse_whole_number, metavar="YEAR")
    setting.add_argument("score", type=parse_figure_or_none_word, metavar="SCORE|none")
    setting.add_argument(
        "--scale",
        type=parse_figure_or_none_word,
        metavar="N",
        help=_("the score that all would give, 100 if not given"),
    )
    setting.add_argument(
        "--weight", type=parse_figure_or_none_word, metavar="N|none", help=_("its weight in an overall score")
    )
    setting.add_argument(
        "--change", type=parse_figure_or_none_word, metavar="N|none", help=_("the change that was stated with it")
    )
    setting.add_argument("--source", metavar="TEXT", help=_("who measured or published it"))
    removing = group.add_command(
        "remove",
        _("take one out of a year"),
        handler_for_function("features.indicators.verbs:remove_indicator", _removed_sentence),
    )
    removing.add_argument("name", type=command_table.parse_nonempty_text, metavar="NAME")
    removing.add_argument("year", type=command_table.parse_whole_number, metavar="YEAR")
    group.add_command(
        "list", _("each against the year before"), _list_or_write_indicators, reads=ReadScope.FIGURES
    ).add_argument(
        "--out",
        type=command_table.parse_path,
        metavar="F",
        help=_("write them into a .csv, .xlsx or .pdf file instead"),
    )


def parse_figure_or_none_word(text: str) -> Decimal | str:
    """Read a figure, or the word for none; a percentage is none."""
    typed = half_width_text(text).strip()
    if typed.lower() == command_table.NONE:
        return command_table.NONE
    found = None if typed.endswith("%") else parse_indicator_figure(typed)
    if found is None:
        raise argparse.ArgumentTypeError(_("{text} is not a number", text=text[:40]))
    return found


def _import_indicators(job: CommandJob) -> int:
    done = verbs.import_indicators(job.desk(), job.new_change_ask(), read_indicators_file(job.args.file))
    warnings = [one for one in _indicators_with_warnings(job)["warnings"] if one["year"] in done["years"]]
    lines = [n_("{n} indicator imported", "{n} indicators imported", done["indicators"])]
    return job.print_answer(
        {**done, "warnings": warnings}, "\n".join([*lines, *(f"! {one['message']}" for one in warnings)])
    )


def _set_indicator(job: CommandJob) -> int:
    args = job.args
    given = {name: getattr(args, name) for name in ("score", "scale", "weight", "change")}
    figures = {
        name: None if value == command_table.NONE else value for name, value in given.items() if value is not None
    }
    row = verbs.set_indicator(job.desk(), job.new_change_ask(), args.name, args.year, figures, source=args.source)
    return job.print_answer(row, _indicator_line(row))


def _removed_sentence(gone: Document) -> str:
    return _("{name} is no longer among the indicators of {year}.", name=gone["name"], year=gone["year"])


def _list_or_write_indicators(job: CommandJob) -> int:
    if job.args.out is not None:
        return _write_indicators_file(job, job.args.out)
    document = _indicators_with_warnings(job)
    lines = [_indicator_line(row) for row in document["indicators"]] + [
        f"! {one['message']}" for one in document["warnings"]
    ]
    return job.print_answer(document, "\n".join(lines) or _("No indicators."))


def _write_indicators_file(job: CommandJob, path: Path) -> int:
    if path.suffix.lower() not in ENDINGS:
        raise command_table.UsageError(_("The file has to end in .pdf, .xlsx or .csv."))
    setup = job.setup()
    hall = name_in_language(setup.hall.name, setup.hall.name_en)
    book = IndicatorReportData(
        rows=verbs.current_indicators_with_changes(job.desk()), hall=hall, local_now=setup.to_hall_time(job.now())
    )
    write_indicators(book, path, current_language())
    return job.print_answer({"file": str(path)}, str(path))


def _indicators_with_warnings(job: CommandJob) -> Document:
    document = verbs.indicators_document(verbs.current_indicators_with_changes(job.desk()))
    for one in document["warnings"]:
        one["message"] = indicator_caution_sentence(one["kind"], one["year"], one["names"])
    return document


def _indicator_line(row: dict[str, Any]) -> str:
    if row["score"] is None:
        return f"{row['year']}  {row['name']}  {not_reported_word()}"
    change = "" if row["change"] is None else f"{row['change']:+g}"
    return "  ".join([str(row["year"]), row["name"], f"{row['score']:g} / {row['scale']:g}", change]).rstrip()
