"""The command that plays a recorded day again with something different."""

from __future__ import annotations

import argparse
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from queuedesk.cli.command_table import CommandList, UsageError, clock, code, day, number, pair, path
from queuedesk.cli.job import Job
from queuedesk.core.imports.half_width import half_width
from queuedesk.core.network.roles import ReadScope
from queuedesk.features.what_if.words import (
    change_lines,
    difference,
    inferred_lines,
    interval_line,
    match_line,
    minutes,
    verdict,
)
from queuedesk.i18n import _, current

if TYPE_CHECKING:
    from queuedesk.features.what_if.rules.change import BreakChange, Question, WindowChange

QUESTIONS = {"one-more": "one_more", "comprehensive": "comprehensive", "lunch": "lunch", "order": "order"}
RUNS, MOST_RUNS, LONGEST_MIN = 40, 1000, 480
ALL = "all"


def add(commands: CommandList) -> None:
    """Add it."""
    one = commands.add("what-if", _what_if, reads=ReadScope.FIGURES)
    one.add_argument("--date", dest="day", type=day, required=True, metavar="D", help=_("a date that is over"))
    one.add_argument(
        "--window",
        dest="windows",
        action="append",
        type=window,
        metavar="W=SERVICES[@FROM-TO]",
        help=_("window W, of the hall or a new one, serves these (A,B or all)"),
    )
    one.add_argument("--without", action="append", type=code, metavar="W", help=_("window W stays closed"))
    one.add_argument(
        "--break", dest="breaks", action="append", type=lunch, metavar="W=FROM/MIN", help=_("lunch at window W")
    )
    one.add_argument(
        "--set", dest="pairs", action="append", type=pair, metavar="KEY=VALUE", help=_("another rule of order")
    )
    one.add_argument("--question", choices=tuple(QUESTIONS), help=_("a question that is often asked"))
    one.add_argument("--out", type=path, metavar="F.pdf", help=_("write it as a page too"))
    one.add_argument(
        "--runs", type=number, default=RUNS, metavar="N", help=_("how often it is played, 40 if not given")
    )


def window(text: str) -> WindowChange:
    """Read W=SERVICES or W=SERVICES@FROM-TO."""
    from queuedesk.features.what_if.rules.change import WindowChange

    name, equals, rest = half_width(text).partition("=")
    services, at, span = rest.partition("@")
    listed = tuple(one.strip() for one in services.split(",") if one.strip())
    start, dash, end = span.replace("–", "-").partition("-")
    if not equals or not name.strip() or not listed or (at and not dash):
        raise argparse.ArgumentTypeError(
            _("{text} is not W=SERVICES such as 7=A,B or 7=A,B@9:00-12:00", text=text[:40])
        )
    first, last = (clock(start), clock(end)) if at else (None, None)
    if first is not None and last is not None and first >= last:
        raise argparse.ArgumentTypeError(_("{text} ends before it starts", text=text[:40]))
    return WindowChange(code=name.strip(), services=() if listed == (ALL,) else listed, start=first, end=last)


def lunch(text: str) -> BreakChange:
    """Read W=FROM/MIN."""
    from queuedesk.features.what_if.rules.change import BreakChange

    found = re.fullmatch(r"([^=]+)=([^/]+)/([0-9]{1,3})", half_width(text))
    if not found or not 1 <= int(found[3]) <= LONGEST_MIN:
        raise argparse.ArgumentTypeError(_("{text} is not W=FROM/MIN such as 3=11:30/40", text=text[:40]))
    return BreakChange(window=found[1].strip(), start=clock(found[2]), minutes=int(found[3]))


def _what_if(job: Job) -> int:
    from queuedesk.features.what_if.papers import whatif_pdf
    from queuedesk.features.what_if.rules.change import what_if
    from queuedesk.features.what_if.verbs import day_of
    from queuedesk.files.writing import write_file

    args = job.args
    own = bool(args.windows or args.without or args.breaks or args.pairs)
    if args.question and own:
        raise UsageError(_("Give --question or changes of your own, not both."))
    if not args.question and not own:
        raise UsageError(_("Say what is to be different, or ask a --question."))
    if not 2 <= args.runs <= MOST_RUNS:
        raise UsageError(_("--runs is a number from 2 to {n}.", n=MOST_RUNS))
    out: Path | None = args.out
    if out is not None and out.suffix.lower() != ".pdf":
        raise UsageError(_("The file has to end in .pdf."))
    recorded = day_of(job.desk(), args.day)
    asked = _asked(args, recorded)
    answer = what_if(recorded, asked.change, base=asked.base, runs=args.runs)
    if out is None:
        return job.answer(answer.figures, answer_text(answer.figures))
    setup = job.setup()
    write_file(out, whatif_pdf(answer.figures, setup, current(), setup.local(job.now())))
    return job.answer({"file": str(out), **answer.figures}, f"{answer_text(answer.figures)}\n\n{out}")


def _asked(args: argparse.Namespace, recorded: Any) -> Question:
    from queuedesk.features.what_if.rules.change import Change, Question, question

    if args.question:
        return question(recorded, QUESTIONS[args.question])
    return Question(
        code="",
        change=Change(
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
        verdict(match),
        match_line(match, figures["target_minutes"], figures["runs"]),
        *inferred_lines(figures["inferred"]),
        "",
    ]
    lines += [_("Before: {what}", what=one) for one in change_lines(figures["base"])]
    lines += [_("After: {what}", what=one) for one in change_lines(figures["change"])]
    lines += ["", _row_text(_("Everybody"), figures["all"])]
    lines += [_row_text(row["service"], row) for row in figures["services"]]
    lines += ["", *(_row_text(row["from"], row) for row in figures["half_hours"]), "", interval_line()]
    return "\n".join(lines)


def _row_text(name: str, row: dict[str, Any]) -> str:
    return _(
        "{name}: mean wait {before} → {after} min, {difference}; {n} waits",
        name=name,
        before=minutes(row["before"]["mean"]),
        after=minutes(row["after"]["mean"]),
        difference=difference(row["difference"]) or "–",
        n=row["n"],
    )
