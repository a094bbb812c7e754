"""The command that plays a recorded day again with something different."""

from __future__ import annotations

import argparse
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from queuedesk.cli import command_table
from queuedesk.cli.job import CommandJob
from queuedesk.core.imports import half_width_text
from queuedesk.core.network.roles import ReadScope
from queuedesk.features.what_if import words
from queuedesk.i18n import _, current_language

if TYPE_CHECKING:
    from queuedesk.features.what_if.rules import BreakChange, WhatIfQuestion, WindowChange

QUESTIONS = {"one-more": "one_more", "comprehensive": "comprehensive", "lunch": "lunch", "order": "order"}
RUNS, MOST_RUNS, LONGEST_MIN = 40, 1000, 480
ALL = "all"


def register_commands(commands: command_table.CommandList) -> None:
    one = commands.add_command("what-if", _run_what_if, reads=ReadScope.FIGURES)
    one.add_argument(
        "--date", dest="day", type=command_table.parse_date, required=True, metavar="D", help=_("a date that is over")
    )
    one.add_argument(
        "--window",
        dest="windows",
        action="append",
        type=parse_window_change,
        metavar="W=SERVICES[@FROM-TO]",
        help=_("window W, of the hall or a new one, serves these (A,B or all)"),
    )
    one.add_argument(
        "--without", action="append", type=command_table.parse_code, metavar="W", help=_("window W stays closed")
    )
    one.add_argument(
        "--break",
        dest="breaks",
        action="append",
        type=parse_lunch_of_window,
        metavar="W=FROM/MIN",
        help=_("lunch at window W"),
    )
    one.add_argument(
        "--set",
        dest="pairs",
        action="append",
        type=command_table.parse_key_value,
        metavar="KEY=VALUE",
        help=_("another rule of order"),
    )
    one.add_argument("--question", choices=tuple(QUESTIONS), help=_("a question that is often asked"))
    one.add_argument("--out", type=command_table.parse_path, metavar="F.pdf", help=_("write it as a page too"))
    one.add_argument(
        "--runs",
        type=command_table.parse_whole_number,
        default=RUNS,
        metavar="N",
        help=_("how often it is played, 40 if not given"),
    )


def parse_window_change(text: str) -> WindowChange:
    """Read W=SERVICES or W=SERVICES@FROM-TO."""
    from queuedesk.features.what_if.rules import WindowChange

    name, equals, rest = half_width_text(text).partition("=")
    services, at, span = rest.partition("@")
    listed = tuple(one.strip() for one in services.split(",") if one.strip())
    start, dash, end = span.replace("–", "-").partition("-")
    if not equals or not name.strip() or not listed or (at and not dash):
        raise argparse.ArgumentTypeError(
            _("{text} is not W=SERVICES such as 7=A,B or 7=A,B@9:00-12:00", text=text[:40])
        )
    first, last = (
        (command_table.parse_minutes_of_day(start), command_table.parse_minutes_of_day(end)) if at else (None, None)
    )
    if first is not None and last is not None and first >= last:
        raise argparse.ArgumentTypeError(_("{text} ends before it starts", text=text[:40]))
    return WindowChange(code=name.strip(), services=() if listed == (ALL,) else listed, start=first, end=last)


def parse_lunch_of_window(text: str) -> BreakChange:
    """Read W=FROM/MIN."""
    from queuedesk.features.what_if.rules import BreakChange

    found = re.fullmatch(r"([^=]+)=([^/]+)/([0-9]{1,3})", half_width_text(text))
    if not found or not 1 <= int(found[3]) <= LONGEST_MIN:
        raise argparse.ArgumentTypeError(_("{text} is not W=FROM/MIN such as 3=11:30/40", text=text[:40]))
    return BreakChange(
        window=found[1].strip(), start=command_table.parse_minutes_of_day(found[2]), minutes=int(found[3])
    )


def _run_what_if(job: CommandJob) -> int:
    from queuedesk.features.what_if.papers import whatif_pdf
    from queuedesk.features.what_if.rules.change import answer_what_if
    from queuedesk.features.what_if.verbs import read_recorded_day
    from queuedesk.files.writing import write_file

    args = job.args
    own = bool(args.windows or args.without or args.breaks or args.pairs)
    if args.question and own:
        raise command_table.UsageError(_("Give --question or changes of your own, not both."))
    if not args.question and not own:
        raise command_table.UsageError(_("Say what is to be different, or ask a --question."))
    if not 2 <= args.runs <= MOST_RUNS:
        raise command_table.UsageError(_("--runs is a number from 2 to {n}.", n=MOST_RUNS))
    out: Path | None = args.out
    if out is not None and out.suffix.lower() != ".pdf":
        raise command_table.UsageError(_("The file has to end in .pdf."))
    recorded = read_recorded_day(job.desk(), args.day)
    asked = _question_from_arguments(args, recorded)
    answer = answer_what_if(recorded, asked.change, base=asked.base, runs=args.runs)
    if out is None:
        return job.print_answer(answer.figures, answer_text(answer.figures))
    setup = job.setup()
    write_file(out, whatif_pdf(answer.figures, setup, current_language(), setup.to_hall_time(job.now())))
    return job.print_answer({"file": str(out), **answer.figures}, f"{answer_text(answer.figures)}\n\n{out}")


def _question_from_arguments(args: argparse.Namespace, recorded: Any) -> WhatIfQuestion:
    from queuedesk.features.what_if.rules import DayChange, WhatIfQuestion, question_for_day

    if args.question:
        return question_for_day(recorded, QUESTIONS[args.question])
    return WhatIfQuestion(
        code="",
        change=DayChange(
            windows=tuple(args.windows or ()),
            without=tuple(args.without or ()),
            breaks=tuple(args.breaks or ()),
            settings=dict(args.pairs or ()),
        ),
    )


def answer_text(figures: dict[str, Any]) -> str:
    """Return the whole answer for people to read."""
    match = figures["match"]
    lines = [
        words.match_verdict_text(match),
        words.simulation_match_text(match, figures["target_minutes"], figures["runs"]),
        *words.inferred_facts_lines(figures["inferred"]),
        "",
    ]
    lines += [_("Before: {what}", what=one) for one in words.change_lines(figures["base"])]
    lines += [_("After: {what}", what=one) for one in words.change_lines(figures["change"])]
    lines += ["", _row_text(_("Everybody"), figures["all"])]
    lines += [_row_text(row["service"], row) for row in figures["services"]]
    lines += ["", *(_row_text(row["from"], row) for row in figures["half_hours"]), "", words.interval_explanation()]
    return "\n".join(lines)


def _row_text(name: str, row: dict[str, Any]) -> str:
    return _(
        "{name}: mean wait {before} → {after} min, {difference}; {n} waits",
        name=name,
        before=words.minutes_or_dash(row["before"]["mean"]),
        after=words.minutes_or_dash(row["after"]["mean"]),
        difference=words.difference_with_interval(row["difference"]) or "–",
        n=row["n"],
    )
