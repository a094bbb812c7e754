"""The command that says how many windows a flow of people needs; it needs no hall."""

from __future__ import annotations

import argparse
import re

from queuedesk.cli.command_table import Listed
from queuedesk.cli.job import Document, Job
from queuedesk.cli.parser import UsageError, code, number
from queuedesk.core.staffing.windows_needed import Flow, Service, fewest, served
from queuedesk.i18n import _, n_

MOST_PER_HOUR = 100_000
MOST_MINUTES = 1440


def add(commands: Listed) -> None:
    """Add it."""
    one = commands.add("staffing", _staffing)
    one.add_argument("--arrivals", type=per_hour, required=True, metavar="PER_HOUR", help=_("people an hour"))
    one.add_argument(
        "--handling",
        type=handling,
        required=True,
        metavar="MINUTES",
        help=_("how long one keeps a window, from the call until it is free"),
    )
    one.add_argument("--windows", type=number, metavar="N", help=_("so many windows"))
    one.add_argument("--target", type=share, metavar="SHARE", help=_("the share to be called in time, such as 0.8"))
    one.add_argument("--within", type=minutes, metavar="MINUTES", help=_("in time is within so many minutes"))


def decimal(text: str) -> float:
    """Read a number that is not negative and may have a fraction."""
    typed = code(text).replace("．", ".")
    if not re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,9})?|\.[0-9]{1,9}", typed):
        raise argparse.ArgumentTypeError(_("{text} is not a number", text=text[:40]))
    return float(typed)


def per_hour(text: str) -> float:
    """Read how many come in an hour."""
    return _within(text, decimal(text), 0, MOST_PER_HOUR)


def minutes(text: str) -> float:
    """Read minutes, none included."""
    return _within(text, decimal(text), 0, MOST_MINUTES)


def handling(text: str) -> float:
    """Read how long somebody takes, more than no time."""
    found = minutes(text)
    if found <= 0:
        raise argparse.ArgumentTypeError(_("handling takes longer than {text} minutes", text=text[:40]))
    return found


def share(text: str) -> float:
    """Read a share between nobody and everybody, as 0.8 or as 80%."""
    typed = code(text)
    found = decimal(typed.rstrip("%％"))
    if typed[-1] in "%％":
        found /= 100
    if not 0 < found < 1:
        raise argparse.ArgumentTypeError(_("{text} is not a share between 0 and 1, such as 0.8", text=text[:40]))
    return found


def _within(text: str, found: float, lowest: float, highest: float) -> float:
    if not lowest <= found <= highest:
        raise argparse.ArgumentTypeError(
            _("{text} is not between {low} and {high}", text=text[:40], low=lowest, high=highest)
        )
    return found


def _staffing(job: Job) -> int:
    args = job.args
    if args.target is not None and args.within is None:
        raise UsageError(_("--target needs --within: in how many minutes?"))
    if args.target is None and args.windows is None:
        raise UsageError(_("Say --windows, or --target and --within."))
    flow = Flow(per_hour=args.arrivals, handling_min=args.handling)
    needed = None if args.target is None else fewest(flow, target=args.target, within_min=args.within)
    found = needed if args.windows is None else served(flow, args.windows, within_min=args.within)
    assert found is not None
    document: Document = {
        "windows": found.windows,
        "p_wait": _six(found.p_wait),
        "mean_wait": _six(found.mean_wait_min),
        "within": _six(found.within),
    }
    lines = [_said(flow, found)]
    if found.within is not None:
        lines.append(_in_time(found.within, args.within))
    if found.p_wait is None:
        document["warning"] = lines[0]
    if needed is not None and found is not needed:
        document["needed"] = needed.windows
        lines.append(_needed(needed.windows, args.target, args.within))
    return job.answer(document, "\n".join(lines))


def _said(flow: Flow, found: Service) -> str:
    if found.p_wait is None or found.mean_wait_min is None:
        return n_(
            "{n} window can't keep up: these people keep {load} busy, and the line grows for as long as they come.",
            "{n} windows can't keep up: these people keep {load} busy, and the line grows for as long as they come.",
            found.windows,
            load=f"{flow.load:.3g}",
        )
    return n_(
        "{n} window: {share} % have to wait; the mean wait of all is {mean} min.",
        "{n} windows: {share} % have to wait; the mean wait of all is {mean} min.",
        found.windows,
        share=f"{100 * found.p_wait:.1f}",
        mean=f"{found.mean_wait_min:.1f}",
    )


def _in_time(within: float, within_min: float) -> str:
    return _("{share} % are called within {minutes} min.", share=f"{100 * within:.1f}", minutes=f"{within_min:g}")


def _needed(windows: int, target: float, within_min: float) -> str:
    return n_(
        "For {share} % within {minutes} min it takes {n} window.",
        "For {share} % within {minutes} min it takes {n} windows.",
        windows,
        share=f"{100 * target:g}",
        minutes=f"{within_min:g}",
    )


def _six(value: float | None) -> float | None:
    return None if value is None else round(value, 6)
