"""The commands about the calendar: holidays, make-up working days, special hours."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from queuedesk.cli import command_table
from queuedesk.cli.job import CommandJob, Document
from queuedesk.core.errors import RuleError
from queuedesk.core.network.roles import ReadScope
from queuedesk.core.setup.field_kinds import row_from_typed_pairs
from queuedesk.core.setup.hall import CALENDAR, DateUnlikeItsWeekday, Row, rows_of_calendar, working_days_in_year
from queuedesk.desk import calendaring
from queuedesk.desk.calendaring import PublishedHolidayYear
from queuedesk.features.calendar.verbs import calendar_changes, calendar_row_after_edit, read_calendar_file
from queuedesk.features.calendar.words import calendar_row_text, calendar_sources_texts, law_days_only_text
from queuedesk.i18n import _, date_for_staff, date_long, n_

LONGEST_SPAN = 366


def register_commands(commands: command_table.CommandList) -> None:
    """Add calendar."""
    group = commands.add_group("calendar")
    listing = group.add_command("list", _("show it"), _list_calendar, reads=ReadScope.HALL)
    listing.add_argument("--year", type=_parse_year, metavar="YEAR", help=_("the dates of one year"))
    setting = group.add_command("set", _("say what a date is"), _set_dates)
    setting.add_argument("day", type=command_table.parse_date, metavar="D")
    setting.add_argument("pairs", type=command_table.parse_key_value, nargs="+", metavar="key=value")
    setting.add_argument("--until", type=command_table.parse_date, metavar="D", help=_("every date up to this one"))
    removing = group.add_command("remove", _("let dates be as their weekday again"), _remove_dates)
    removing.add_argument("days", type=command_table.parse_date, nargs="+", metavar="D")
    taking = group.add_command(
        "import", _("take the dates of a table; others stay as they are"), _import_or_preview_dates
    )
    taking.add_argument("file", type=command_table.parse_path, nargs="?", metavar="F.csv|F.xlsx|F.ods")
    taking.add_argument(
        "--published",
        type=command_table.parse_whole_number,
        metavar="YEAR",
        help=_("the days published for this year instead"),
    )
    taking.add_argument("--preview", action="store_true", help=_("only says what would change"))
    group.add_command(
        "published", _("the published years that come with the program"), _list_published_years, reads=ReadScope.HALL
    )


def _list_calendar(job: CommandJob) -> int:
    setup = job.setup()
    year = job.args.year
    rows = {
        each: row
        for each, row in setup.document.get(CALENDAR, {}).items()
        if year is None or each.startswith(f"{year:04d}-")
    }
    years = sorted({int(each[:4]) for each in rows} | ({year} if year else set()))
    told = [
        {
            "year": one,
            "working_days": working_days_in_year(setup.calendar, one),
            "sources": list(setup.calendar.sources_in_year(one)),
        }
        for one in years
    ]
    lines = [_date_line(each, calendar_row_text(row)) for each, row in rows.items()]
    for one in told:
        n = one["working_days"]
        known = calendar_sources_texts(setup.calendar, int(str(one["year"])))
        said = n_("{year}: {n} working day", "{year}: {n} working days", int(str(n)), year=one["year"])
        lines.append("  ".join([said, *known]))
    return job.print_answer({"calendar": rows, "years": told}, "\n".join(lines) or _("Every date is as its weekday."))


def _set_dates(job: CommandJob) -> int:
    args = job.args
    last: date = args.until or args.day
    n = (last - args.day).days
    if not 0 <= n < LONGEST_SPAN:
        raise command_table.UsageError(_("The last date has to be within a year after the first."))
    typed = row_from_typed_pairs(CALENDAR, DateUnlikeItsWeekday, args.pairs)
    before = rows_of_calendar(job.setup().document)
    days = [(args.day + timedelta(days=each)).isoformat() for each in range(n + 1)]
    rows = {each: calendar_row_after_edit(before.get(each), typed) for each in days}
    after = calendaring.set_calendar_days(job.desk(), job.new_change_ask(), rows)[CALENDAR]
    return _answer_with_dates(job, {each: after[each] for each in days})


def _remove_dates(job: CommandJob) -> int:
    days = [each.isoformat() for each in job.args.days]
    calendaring.set_calendar_days(job.desk(), job.new_change_ask(), dict.fromkeys(days))
    return job.print_answer({"removed": days}, "\n".join(_date_line(each, _("as its weekday again")) for each in days))


def _answer_with_dates(job: CommandJob, rows: dict[str, Row]) -> int:
    lines = [_date_line(each, calendar_row_text(row)) for each, row in rows.items()]
    return job.print_answer({CALENDAR: rows}, "\n".join(lines))


def _import_or_preview_dates(job: CommandJob) -> int:
    args = job.args
    if (args.file is None) == (args.published is None):
        raise command_table.UsageError(_("Say a file, or --published with a year."))
    rows = _rows_to_import(job)
    changes = calendar_changes(job.setup().document, rows)
    if not args.preview:
        calendaring.set_calendar_days(
            job.desk(), job.new_change_ask(), {each: after for each, (_before, after) in changes.items()}
        )
    told = [{"date": each, "before": before, "after": after} for each, (before, after) in changes.items()]
    lines = [
        _date_line(each, f"{calendar_row_text(before)} → {calendar_row_text(after)}")
        for each, (before, after) in changes.items()
    ]
    lines.append(n_("{n} date differs", "{n} dates differ", len(changes)))
    if args.published and _published_years_of_country(job)[args.published].law_only:
        lines.append(law_days_only_text())
    document = {"dates": len(rows), "changed": len(changes), "preview": bool(args.preview), "differences": told}
    return job.print_answer(document, "\n".join(lines))


def _rows_to_import(job: CommandJob) -> dict[str, Row | None]:
    if job.args.file is not None:
        return read_calendar_file(job.args.file)
    known = _published_years_of_country(job)
    if job.args.published not in known:
        raise RuleError("not_published", year=job.args.published)
    return dict(known[job.args.published].days)


def _published_years_of_country(job: CommandJob) -> Mapping[int, PublishedHolidayYear]:
    return calendaring.published_years(calendaring.country_of_published_days(job.setup().hall))


def _parse_year(text: str) -> int:
    """Read a year that has a year before it and one after it."""
    return command_table.parse_date(f"{command_table.parse_whole_number(text):04d}-01-01").year


def _list_published_years(job: CommandJob) -> int:
    document = job.setup().document
    told: list[Document] = []
    lines = []
    for one in _published_years_of_country(job).values():
        missing = len(calendar_changes(document, one.days))
        told.append(
            {
                "year": one.year,
                "title": one.title,
                "published": one.published.isoformat(),
                "url": one.url,
                "law_only": one.law_only,
                "dates": len(one.days),
                "differences": missing,
            }
        )
        said = n_("{n} date differs", "{n} dates differ", missing)
        lines.append(f"{one.year}  {date_long(one.published)}  {one.title}  {one.url}  {said}")
    return job.print_answer({"years": told}, "\n".join(lines) or _("None."))


def _date_line(iso: str, text: str) -> str:
    on = date.fromisoformat(iso)
    return f"{on.year}  {date_for_staff(on)}  {text}"
