"""Commands of the windows that are needed: for a flow of people, on a date, and the roster that plans them."""

from __future__ import annotations

import argparse
import re
from typing import TYPE_CHECKING, Any

from queuedesk.cli import command_table
from queuedesk.cli.job import CommandJob, Document, handler_for_function
from queuedesk.core.network.roles import ReadScope
from queuedesk.core.setup.rows import Setup
from queuedesk.core.setup.time_of_day import clock_text
from queuedesk.features.windows_needed import words as staffing_texts
from queuedesk.i18n import _, current_language, date_for_report, date_for_staff, date_short, n_, name_in_language
from queuedesk.i18n.names import UNKNOWN, window_name

if TYPE_CHECKING:
    from queuedesk.core.staffing.day import ArrivalRateAndHandling, StaffingDay, StaffingHalfHour, WindowsPerformance


def register_commands(commands: command_table.CommandList) -> None:
    """Add them."""
    _add_staffing_command(commands)
    _add_forecast_command(commands)
    _add_roster_commands(commands)


# -- a flow of people, without a hall ----------------------------------------------------------------------------------

MOST_PER_HOUR = 100_000
MOST_MINUTES = 1440


def _add_staffing_command(commands: command_table.CommandList) -> None:
    one = commands.add_command("staffing", _show_staffing_for_arrival_rate)
    one.add_argument(
        "--arrivals", type=parse_arrivals_per_hour, required=True, metavar="PER_HOUR", help=_("people an hour")
    )
    one.add_argument(
        "--handling",
        type=parse_handling_minutes,
        required=True,
        metavar="MINUTES",
        help=_("how long one keeps a window, from the call until it is free"),
    )
    one.add_argument("--windows", type=command_table.parse_whole_number, metavar="N", help=_("so many windows"))
    one.add_argument(
        "--target", type=parse_share, metavar="SHARE", help=_("the share to be called in time, such as 0.8")
    )
    one.add_argument("--within", type=parse_minutes, metavar="MINUTES", help=_("in time is within so many minutes"))


def parse_decimal(text: str) -> float:
    """Read a number that is not negative and may have a fraction."""
    typed = command_table.parse_code(text).replace("．", ".")
    if not re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,9})?|\.[0-9]{1,9}", typed):
        raise argparse.ArgumentTypeError(_("{text} is not a number", text=text[:40]))
    return float(typed)


def parse_arrivals_per_hour(text: str) -> float:
    """Read how many come in an hour."""
    return _checked_number_in_range(text, parse_decimal(text), 0, MOST_PER_HOUR)


def parse_minutes(text: str) -> float:
    """Read minutes, none included."""
    return _checked_number_in_range(text, parse_decimal(text), 0, MOST_MINUTES)


def parse_handling_minutes(text: str) -> float:
    """Read how long somebody takes, more than no time."""
    found = parse_minutes(text)
    if found <= 0:
        raise argparse.ArgumentTypeError(_("handling takes longer than {text} minutes", text=text[:40]))
    return found


def parse_share(text: str) -> float:
    """Read a share between nobody and everybody, as 0.8 or as 80%."""
    typed = command_table.parse_code(text)
    found = parse_decimal(typed.rstrip("%％"))
    if typed[-1] in "%％":
        found /= 100
    if not 0 < found < 1:
        raise argparse.ArgumentTypeError(_("{text} is not a share between 0 and 1, such as 0.8", text=text[:40]))
    return found


def _checked_number_in_range(text: str, found: float, lowest: float, highest: float) -> float:
    if not lowest <= found <= highest:
        raise argparse.ArgumentTypeError(
            _("{text} is not between {low} and {high}", text=text[:40], low=lowest, high=highest)
        )
    return found


def _show_staffing_for_arrival_rate(job: CommandJob) -> int:
    from queuedesk.core.staffing.day import (
        ArrivalRateAndHandling,
        line_performance_with_windows,
        performance_of_fewest_windows,
    )

    args = job.args
    if args.target is not None and args.within is None:
        raise command_table.UsageError(_("--target needs --within: in how many minutes?"))
    if args.target is None and args.windows is None:
        raise command_table.UsageError(_("Say --windows, or --target and --within."))
    flow = ArrivalRateAndHandling(per_hour=args.arrivals, handling_min=args.handling)
    needed = (
        None if args.target is None else performance_of_fewest_windows(flow, target=args.target, within_min=args.within)
    )
    found = (
        needed if args.windows is None else line_performance_with_windows(flow, args.windows, within_min=args.within)
    )
    assert found is not None
    document: Document = {
        "windows": found.windows,
        "p_wait": _rounded_to_six(found.p_wait),
        "mean_wait": _rounded_to_six(found.mean_wait_min),
        "within": _rounded_to_six(found.within),
    }
    lines = [_windows_performance_sentence(flow, found)]
    if found.within is not None:
        lines.append(_called_within_time_text(found.within, args.within))
    if found.p_wait is None:
        document["warning"] = lines[0]
    if needed is not None and found is not needed:
        document["needed"] = needed.windows
        lines.append(_windows_needed_sentence(needed.windows, args.target, args.within))
    return job.print_answer(document, "\n".join(lines))


def _windows_performance_sentence(flow: ArrivalRateAndHandling, found: WindowsPerformance) -> str:
    if found.p_wait is None or found.mean_wait_min is None:
        return n_(
            "{n} window can't keep up: these people keep {load} busy, and the line grows for as long as they come.",
            "{n} windows can't keep up: these people keep {load} busy, and the line grows for as long as they come.",
            found.windows,
            load=f"{flow.load_in_windows:.3g}",
        )
    return n_(
        "{n} window: {share} % have to wait; the mean wait of all is {mean} min.",
        "{n} windows: {share} % have to wait; the mean wait of all is {mean} min.",
        found.windows,
        share=f"{100 * found.p_wait:.1f}",
        mean=f"{found.mean_wait_min:.1f}",
    )


def _called_within_time_text(within: float, within_min: float) -> str:
    return _("{share} % are called within {minutes} min.", share=f"{100 * within:.1f}", minutes=f"{within_min:g}")


def _windows_needed_sentence(windows: int, target: float, within_min: float) -> str:
    return n_(
        "For {share} % within {minutes} min it takes {n} window.",
        "For {share} % within {minutes} min it takes {n} windows.",
        windows,
        share=f"{100 * target:g}",
        minutes=f"{within_min:g}",
    )


def _rounded_to_six(value: float | None) -> float | None:
    return None if value is None else round(value, 6)


# -- a date ------------------------------------------------------------------------------------------------------------

ENDINGS = (".pdf", ".csv", ".json")


def _add_forecast_command(commands: command_table.CommandList) -> None:
    one = commands.add_command("forecast", _show_forecast, reads=ReadScope.FIGURES)
    one.add_argument(
        "--date", dest="day", type=command_table.parse_date, metavar="D", help=_("the date, today if not given")
    )
    one.add_argument(
        "--out", type=command_table.parse_path, metavar="F", help=_("a file that ends in .pdf, .csv or .json")
    )
    one.add_argument("--quiet", action="store_true", help=_("when the next seven days are quiet; a PDF for the wall"))
    one.add_argument("--print", action="store_true", help=_("with --quiet: as a slip from the printer of tickets"))


def _show_forecast(job: CommandJob) -> int:
    from queuedesk.features.windows_needed.verbs import staffing_document, staffing_for_day

    out = job.args.out
    if job.args.quiet:
        return _show_print_or_write_quiet_hours(job)
    if job.args.print:
        raise command_table.UsageError(_("--print goes with --quiet."))
    if out is not None and out.suffix.lower() not in ENDINGS:
        raise command_table.UsageError(_("The file has to end in .pdf, .csv or .json."))
    setup = job.setup()
    found = staffing_for_day(job.desk(), job.args.day or job.today(), job.now())
    if out is None:
        return job.print_answer(
            staffing_document(found), "" if job.is_json_wanted else _staffing_day_text(setup, found)
        )
    from queuedesk.features.windows_needed.papers import write_staffing_file

    person = setup.person_by_code(job.acting_staff) if job.acting_staff else None
    printed_by = name_in_language(person.name, person.name_en) if person else None
    write_staffing_file(job.desk(), found, out, lang=current_language(), now=job.now(), printed_by=printed_by)
    return job.print_answer({"file": str(out)}, str(out))


def _show_print_or_write_quiet_hours(job: CommandJob) -> int:
    from queuedesk.desk.staffing import busyness_of_coming_week
    from queuedesk.features.windows_needed.papers import quiet_hours_pdf
    from queuedesk.features.windows_needed.verbs import week_busyness_document

    out = job.args.out
    if job.args.day is not None:
        raise command_table.UsageError(_("--quiet is about the next seven days; leave --date out."))
    if out is not None and out.suffix.lower() != ".pdf":
        raise command_table.UsageError(_("The file has to end in .pdf."))
    if job.args.print:
        from queuedesk.cli.this_pc import answer_printed_or_raise

        if out is not None:
            raise command_table.UsageError(_("--print makes a slip and --out a page for the wall; give one of them."))
        return answer_printed_or_raise(job, job.services.paper(job.desk(), job.now).print_quiet_hours(), {})
    week = busyness_of_coming_week(job.desk(), job.now())
    if out is None:
        lines = [
            f"{date_for_staff(day)}  {staffing_texts.quiet_spans_text(spans, current_language())}"
            for day, spans in week.items()
        ]
        unknown = _("No forecast yet: it needs three earlier days with customers.")
        return job.print_answer(week_busyness_document(week), "\n".join(lines) or unknown)
    from queuedesk.files.writing import write_file

    write_file(out, quiet_hours_pdf(job.setup(), week, current_language(), job.setup().to_hall_time(job.now())))
    return job.print_answer({"file": str(out)}, str(out))


def _staffing_day_text(setup: Setup, found: StaffingDay) -> str:
    from queuedesk.i18n import staffing as words

    lines = [date_for_report(found.date), words.forecast_basis_text(found)]
    if found.total is not None:
        lines.append(words.expected_and_came_text(found))
        lines.append(staffing_texts.goal_text(found.goal))
    lines += [
        _half_hour_text_line(one)
        for one in found.half_hours
        if found.forecast.has_enough_past_days or one.came or one.planned
    ]
    if found.forecast.has_enough_past_days:
        lines += words.roster_gap_lines(setup, found)
    if found.backlog is not None:
        lines.append(words.backlog_windows_text(setup, found.backlog))
    return "\n".join([*lines, *staffing_texts.forecast_error_lines(found.error)])


def _half_hour_text_line(one: StaffingHalfHour) -> str:
    people = UNKNOWN if one.people is None else f"{one.people.mean:.0f} ({one.people.low}–{one.people.high})"
    parts = [clock_text(one.start_min).zfill(5), people]
    if one.came is not None:
        parts.append(_("came {n}", n=one.came))
    parts.append(_("needs {n}", n=UNKNOWN if one.needed is None else one.needed))
    if one.planned is not None:
        parts.append(_("planned {n}", n=one.planned))
    return "  ".join(parts)


# -- the roster and the pay days ---------------------------------------------------------------------------------------


def _add_roster_commands(commands: command_table.CommandList) -> None:
    group = commands.add_group("roster")
    listing = group.add_command("list", _("show it, or the shifts of one date"), _list_roster, reads=ReadScope.WORK)
    listing.add_argument(
        "--date", dest="day", type=command_table.parse_date, metavar="D", help=_("what it comes to on that date")
    )
    setting = group.add_command("set", _("plan a shift, in place of those it meets there on the same days"), _set_shift)
    setting.add_argument("window", type=command_table.parse_code, metavar="W")
    _add_day_options(setting)
    setting.add_argument("--staff", type=command_table.parse_code, metavar="S", help=_("who"))
    setting.add_argument(
        "--from", dest="start", type=command_table.parse_minutes_of_day, metavar="TIME", help=_("from when")
    )
    setting.add_argument("--to", dest="end", type=parse_shift_end_minute, metavar="TIME", help=_("until when"))
    setting.add_argument(
        "--break",
        dest="breaks",
        type=parse_break_start_and_length,
        action="append",
        metavar="TIME/MIN",
        help=_("a break, such as 11:30/40; can be given several times"),
    )
    setting.add_argument("--off", action="store_true", help=_("nobody on these days"))
    removing = group.add_command("remove", _("take away what is planned at a window on these days"), _remove_shifts)
    removing.add_argument("window", type=command_table.parse_code, metavar="W")
    _add_day_options(removing)
    paying = commands.add_group("pay-day")
    paying.add_command("list", _("show all"), _list_pay_days, reads=ReadScope.HALL)
    for name, text in (("add", _("add dates")), ("remove", _("take dates away"))):
        run = handler_for_function(f"features.windows_needed.verbs:{name}_pay_days", _pay_days_text)
        paying.add_command(name, text, run).add_argument("days", type=command_table.parse_date, nargs="+", metavar="D")


def parse_shift_end_minute(text: str) -> int:
    """Read the end of a shift, midnight as 24:00 included."""
    return 24 * 60 if command_table.parse_code(text) == "24:00" else command_table.parse_minutes_of_day(text)


def parse_break_start_and_length(text: str) -> tuple[int, int]:
    """Read TIME/MIN."""
    from queuedesk.core.staffing.roster import LONGEST_BREAK

    begins, slash, minutes = command_table.parse_code(text).partition("/")
    if not slash or not 1 <= command_table.parse_whole_number(minutes) <= LONGEST_BREAK:
        raise argparse.ArgumentTypeError(_("{text} is not a break such as 11:30/40", text=text[:40]))
    return command_table.parse_minutes_of_day(begins), command_table.parse_whole_number(minutes)


def checked_weekdays_text(text: str) -> str:
    """Read weekdays, 1 Monday to 7 Sunday."""
    from queuedesk.core.setup.time_of_day import weekdays_from_text

    found = weekdays_from_text(command_table.parse_code(text).replace("，", ","))
    if not found:
        raise argparse.ArgumentTypeError(_("{text} is not a weekday such as 1-5 or 6", text=text[:40]))
    return command_table.parse_code(text).replace("，", ",")


def _add_day_options(parser: command_table.CommandParser) -> None:
    days = parser.add_mutually_exclusive_group()
    days.add_argument("--date", dest="day", type=command_table.parse_date, metavar="D", help=_("on one date"))
    days.add_argument(
        "--weekday",
        type=checked_weekdays_text,
        metavar="DAYS",
        help=_("on weekdays, such as 1-5; every day if neither is given"),
    )


def _list_roster(job: CommandJob) -> int:
    from queuedesk.features.windows_needed.rules import roster_rows_of_setup, roster_rows_on_day

    setup, asked = job.setup(), job.args.day
    rows = [dict(row) for row in roster_rows_of_setup(setup)]
    if asked is not None:
        rows = [dict(row) for row in roster_rows_on_day(rows, asked, setup.calendar)]
    return _print_roster_rows(job, rows)


def _set_shift(job: CommandJob) -> int:
    from queuedesk.core.setup.time_of_day import padded_clock_text
    from queuedesk.features.windows_needed.verbs import plan_shift

    args = job.args
    row: dict[str, Any] = {"window": args.window, **_row_days_from_arguments(args)}
    if args.off:
        if args.staff or args.start is not None or args.end is not None or args.breaks:
            raise command_table.UsageError(_("--off leaves the window closed: leave out who and when."))
        row["off"] = True
    elif not args.staff or args.start is None or args.end is None:
        raise command_table.UsageError(_("Say --staff, --from and --to, or --off."))
    else:
        row |= {"staff": args.staff, "from": padded_clock_text(args.start), "to": padded_clock_text(args.end)}
        if args.breaks:
            row["breaks"] = [
                {"from": padded_clock_text(start), "minutes": minutes} for start, minutes in sorted(args.breaks)
            ]
    return _print_roster_rows(job, plan_shift(job.desk(), job.new_change_ask(), row)["roster"])


def _remove_shifts(job: CommandJob) -> int:
    from queuedesk.features.windows_needed.verbs import remove_shifts

    args = job.args
    days = args.day.isoformat() if args.day else args.weekday or ""
    return _print_roster_rows(job, remove_shifts(job.desk(), job.new_change_ask(), args.window, days)["roster"])


def _print_roster_rows(job: CommandJob, rows: list[Document]) -> int:
    lines = [
        "  ".join(
            part
            for part in (
                window_name(row["window"]),
                staffing_texts.roster_row_days_text(row),
                row.get("staff") or "",
                staffing_texts.shift_text(row),
            )
            if part
        )
        for row in rows
    ]
    return job.print_answer({"roster": rows}, "\n".join(lines) or _("None."))


def _row_days_from_arguments(args: argparse.Namespace) -> dict[str, str]:
    if args.day:
        return {"date": args.day.isoformat()}
    return {"weekday": args.weekday} if args.weekday else {}


def _list_pay_days(job: CommandJob) -> int:
    found: Document = {"pay_days": [each.isoformat() for each in job.setup().pay_days]}
    return job.print_answer(found, _pay_days_text(found))


def _pay_days_text(found: Document) -> str:
    return "\n".join(date_short(command_table.parse_date(each)) for each in found["pay_days"]) or _("None.")
