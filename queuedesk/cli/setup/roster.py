"""The commands about the roster and the pay days."""

from __future__ import annotations

import argparse
from typing import Any

from queuedesk.cli.command_table import Listed
from queuedesk.cli.job import Document, Job
from queuedesk.cli.parser import Parser, UsageError, clock, code, day, number
from queuedesk.core.network.roles import Read
from queuedesk.i18n import _, date_short


def add(commands: Listed) -> None:
    """Add both groups."""
    group = commands.add_group("roster")
    listing = group.add("list", _("show it, or the shifts of one date"), _list, reads=Read.WORK)
    listing.add_argument("--date", dest="day", type=day, metavar="D", help=_("what it comes to on that date"))
    setting = group.add("set", _("plan a shift, in place of those it meets there on the same days"), _set)
    setting.add_argument("window", type=code, metavar="W")
    _on_days(setting)
    setting.add_argument("--staff", type=code, metavar="S", help=_("who"))
    setting.add_argument("--from", dest="start", type=clock, metavar="TIME", help=_("from when"))
    setting.add_argument("--to", dest="end", type=last_clock, metavar="TIME", help=_("until when"))
    setting.add_argument(
        "--break",
        dest="breaks",
        type=pause,
        action="append",
        metavar="TIME/MIN",
        help=_("a break, such as 11:30/40; can be given several times"),
    )
    setting.add_argument("--off", action="store_true", help=_("nobody on these days"))
    removing = group.add("remove", _("take away what is planned at a window on these days"), _remove)
    removing.add_argument("window", type=code, metavar="W")
    _on_days(removing)
    paying = commands.add_group("pay-day")
    paying.add("list", _("show all"), _list_days, reads=Read.HALL)
    for name, text, run in (("add", _("add dates"), _add_days), ("remove", _("take dates away"), _remove_days)):
        paying.add(name, text, run).add_argument("days", type=day, nargs="+", metavar="D")


def last_clock(text: str) -> int:
    """Read the end of a shift, midnight as 24:00 included."""
    return 24 * 60 if code(text) == "24:00" else clock(text)


def pause(text: str) -> tuple[int, int]:
    """Read TIME/MIN."""
    from queuedesk.core.staffing.roster import LONGEST_BREAK

    begins, slash, minutes = code(text).partition("/")
    if not slash or not 1 <= number(minutes) <= LONGEST_BREAK:
        raise argparse.ArgumentTypeError(_("{text} is not a break such as 11:30/40", text=text[:40]))
    return clock(begins), number(minutes)


def weekday(text: str) -> str:
    """Read weekdays, 1 Monday to 7 Sunday."""
    from queuedesk.core.setup.time_of_day import weekdays

    found = weekdays(code(text).replace("，", ","))
    if not found:
        raise argparse.ArgumentTypeError(_("{text} is not a weekday such as 1-5 or 6", text=text[:40]))
    return code(text).replace("，", ",")


def _on_days(parser: Parser) -> None:
    days = parser.add_mutually_exclusive_group()
    days.add_argument("--date", dest="day", type=day, metavar="D", help=_("on one date"))
    days.add_argument(
        "--weekday", type=weekday, metavar="DAYS", help=_("on weekdays, such as 1-5; every day if neither is given")
    )


def _list(job: Job) -> int:
    from queuedesk.core.staffing.rostering import roster_of, rows_on

    setup, asked = job.setup(), job.args.day
    rows = [dict(row) for row in roster_of(setup)]
    if asked is not None:
        rows = [dict(row) for row in rows_on(rows, asked, setup.calendar)]
    return _answer(job, rows)


def _set(job: Job) -> int:
    from queuedesk.core.setup.time_of_day import padded_clock
    from queuedesk.desk.staffing import rostering

    args = job.args
    row: dict[str, Any] = {"window": args.window, **_days(args)}
    if args.off:
        if args.staff or args.start is not None or args.end is not None or args.breaks:
            raise UsageError(_("--off leaves the window closed: leave out who and when."))
        row["off"] = True
    elif not args.staff or args.start is None or args.end is None:
        raise UsageError(_("Say --staff, --from and --to, or --off."))
    else:
        row |= {"staff": args.staff, "from": padded_clock(args.start), "to": padded_clock(args.end)}
        if args.breaks:
            row["breaks"] = [
                {"from": padded_clock(start), "minutes": minutes} for start, minutes in sorted(args.breaks)
            ]
    document = rostering.put_shift(job.desk(), job.ask(), row)
    return _answer(job, document["roster"])


def _remove(job: Job) -> int:
    from queuedesk.desk.staffing import rostering

    args = job.args
    days = args.day.isoformat() if args.day else args.weekday or ""
    document = rostering.remove_shifts(job.desk(), job.ask(), args.window, days)
    return _answer(job, document["roster"])


def _answer(job: Job, rows: list[Document]) -> int:
    from queuedesk.i18n.names import window_name
    from queuedesk.i18n.staffing.staffing_words import days_text, shift_text

    lines = [
        "  ".join(
            part
            for part in (window_name(row["window"]), days_text(row), row.get("staff") or "", shift_text(row))
            if part
        )
        for row in rows
    ]
    return job.answer({"roster": rows}, "\n".join(lines) or _("None."))


def _days(args: argparse.Namespace) -> dict[str, str]:
    if args.day:
        return {"date": args.day.isoformat()}
    return {"weekday": args.weekday} if args.weekday else {}


def _list_days(job: Job) -> int:
    return _answer_days(job, [each.isoformat() for each in job.setup().pay_days])


def _add_days(job: Job) -> int:
    from queuedesk.desk.staffing import rostering

    return _answer_days(job, rostering.add_pay_days(job.desk(), job.ask(), job.args.days)["pay_days"])


def _remove_days(job: Job) -> int:
    from queuedesk.desk.staffing import rostering

    return _answer_days(job, rostering.remove_pay_days(job.desk(), job.ask(), job.args.days)["pay_days"])


def _answer_days(job: Job, days: list[str]) -> int:
    return job.answer({"pay_days": days}, "\n".join(date_short(day(each)) for each in days) or _("None."))
