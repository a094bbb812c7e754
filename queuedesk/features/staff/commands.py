"""The commands about the person's sheet and its scheme, and about training: needs, sessions, minutes."""

from __future__ import annotations

import argparse
import re
from datetime import date
from typing import TYPE_CHECKING

from queuedesk.cli.command_table import (
    CommandList,
    UsageError,
    parse_code,
    parse_date,
    parse_key_value,
    parse_nonempty_text,
    parse_path,
    parse_whole_number,
)
from queuedesk.cli.job import CommandJob, Document, handler_for_function
from queuedesk.core.network.roles import ReadScope
from queuedesk.i18n import _, current_language, date_short, n_

if TYPE_CHECKING:
    from queuedesk.core.setup.rows import Setup
    from queuedesk.features.staff.rules.person_sheet import MonthSheets, PersonSheet, SheetItemResult
    from queuedesk.features.staff.rules.training import ServiceTrainingNeed

BOOK = ".xlsx"


def register_commands(commands: CommandList) -> None:
    """Add the commands of this module."""
    _add_sheet_commands(commands)
    _add_training_commands(commands)


def _add_sheet_commands(commands: CommandList) -> None:
    """Add sheets and scheme."""
    from queuedesk.core.appraisal import DISPUTED

    group = commands.add_group("sheets")
    showing = group.add_command(
        "show",
        _("show a person's: a manager anybody's, others the own one"),
        _show_or_write_sheet,
        reads=ReadScope.WORK,
    )
    showing.add_argument("staff", type=parse_code, metavar="WHO")
    showing.add_argument("--out", type=parse_path, metavar="F.xlsx", help=_("write it as a workbook with every row"))
    showing.add_argument(
        "--version", type=parse_whole_number, metavar="N", help=_("of a closed month; 0 for as it is now")
    )
    team = group.add_command("team", _("show everybody's total, by name"), _show_team_sheets, reads=ReadScope.FIGURES)
    asking = group.add_command(
        "dispute",
        _("ask to exclude a row, for a second person to decide"),
        handler_for_function("features.staff.verbs:dispute_sheet_row", lambda document: str(document["dispute"])),
    )
    asking.add_argument("staff", type=parse_code, metavar="WHO")
    asking.add_argument("item", choices=DISPUTED, metavar="ITEM", help=" ".join(DISPUTED))
    asking.add_argument("row", type=parse_code, metavar="ROW", help=_("as show prints it, such as '2026-11-19 A012'"))
    asking.add_argument("note", metavar="NOTE")
    deciding = group.add_command("decide", _("decide about a disputed row, as a second person"), _decide_dispute)
    deciding.add_argument("dispute", type=parse_whole_number, metavar="N")
    deciding.add_argument("what", choices=("exclude", "keep"))
    deciding.add_argument("note", metavar="NOTE")
    listing = group.add_command(
        "disputes",
        _("show what waits for a decision, and the month's: a manager all, others the own ones"),
        handler_for_function(
            "features.staff.verbs:dispute_documents", _dispute_line, many="disputes", none=lambda: _("None.")
        ),
        reads=ReadScope.WORK,
    )
    closing = group.add_command(
        "close",
        _("keep a month's sheets as they are, as its next version"),
        handler_for_function("features.staff.verbs:close_month", _month_closed_text),
    )
    closing.add_argument("--month", type=parse_month, metavar="YYYY-MM", help=_("the last month if not given"))
    nameless = group.add_command(
        "unnamed", _("show what happened without anybody's name"), _list_unnamed_events, reads=ReadScope.FIGURES
    )
    for one in (showing, team, asking, listing, nameless):
        one.add_argument("--month", type=parse_month, metavar="YYYY-MM", help=_("this month if not given"))
    scheme = commands.add_group("scheme")
    scheme.add_command("show", _("show it"), _show_appraisal_scheme, reads=ReadScope.HALL)
    scheme.add_command("set", _("change it; the weights are 100 together"), _change_appraisal_scheme).add_argument(
        "pairs", type=parse_key_value, nargs="+", metavar="key=value"
    )


def parse_month(text: str) -> date:
    """Read a month such as 2026-11."""
    if not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", parse_code(text)) or parse_code(text) < "1900":
        raise argparse.ArgumentTypeError(_("{text} is not a month such as 2026-11", text=text[:40]))
    return date.fromisoformat(f"{parse_code(text)}-01")


def _show_or_write_sheet(job: CommandJob) -> int:
    from queuedesk.features.staff import verbs

    args, who = job.args, job.reader
    assert who is not None
    if args.out is not None and args.out.suffix.lower() != BOOK:
        raise UsageError(_("The file has to end in .xlsx."))
    found = verbs.month_sheets(
        job.desk(), who, args.month or job.today(), job.now(), staff=args.staff, version=args.version
    )
    if args.out is not None:
        from queuedesk.features.staff.papers import own_work_xlsx, sheet_workbook
        from queuedesk.features.staff.verbs import own_work
        from queuedesk.files.writing import write_file

        if found.own and args.version is None:
            own = own_work(job.desk(), who, found.first, job.now())
            written = own_work_xlsx(job.setup(), own, lang=current_language(), made=job.now())
        else:
            written = sheet_workbook(job.setup(), found, args.staff, lang=current_language(), made=job.now())
        write_file(args.out, written)
        return job.print_answer({"file": str(args.out)}, str(args.out))
    return job.print_answer(verbs.sheet_document(job.setup(), found, args.staff), _sheet_text(job, found, args.staff))


def _sheet_text(job: CommandJob, found: MonthSheets, staff: str) -> str:
    from queuedesk.features.staff import words
    from queuedesk.features.staff.rules.person_sheet import FEWEST
    from queuedesk.i18n.moments import month_long
    from queuedesk.i18n.names import decimal_text, staff_name

    sheet = found.team.sheets[staff]
    stood = words.scheme_version_text(found.stood.number, found.stood.since)
    head = (
        staff_name(job.setup(), staff),
        month_long(found.first),
        stood,
        words.closed_version_text(job.setup(), found),
    )
    lines = ["  ".join(part for part in head if part)]
    lines += [later] if (later := words.later_exclusions_text(found, staff)) else []
    lines += [_sheet_item_text(sheet, item, is_own=bool(found.own)) for item in sheet.items]
    if sheet.is_judged:
        lines.append(_("By weight {points} of 100", points=decimal_text(sheet.by_weight)))
    lines.append(_("Praise {n}: +{points}", n=len(sheet.praise), points=decimal_text(sheet.praise_points)))
    lines.append(_("Faults {n}: −{points}", n=len(sheet.faults), points=decimal_text(sheet.fault_points)))
    lines.append(words.total_text_with_weight(sheet))
    if sheet.deposit is not None:
        lines.append(
            _("Deposit {amount} of {whole}", amount=decimal_text(sheet.deposit), whole=found.stood.scheme.deposit)
        )
    if between := words.median_and_chance_text(sheet):
        lines.append(between)
    lines.append(words.total_verdict_text(sheet))
    if sheet.ratings < FEWEST:
        lines.append(words.not_ranked_reason())
    return "\n".join(lines)


def _sheet_item_text(sheet: PersonSheet, item: SheetItemResult, *, is_own: bool) -> str:
    from queuedesk.features.staff import words
    from queuedesk.i18n.names import decimal_text

    parts = [f"{words.item_word(item.code)}  {item.weight} %", words.own_figure_text(item)]
    between = words.item_interval_text(item)
    parts.append(f"{words.item_row_count_text(item)} ({between})" if between else words.item_row_count_text(item))
    if item.value is not None:
        if is_own and item.median is not None:
            parts.append(_("median {figure}", figure=words.item_figure_text(item.code, item.median)))
        elif not is_own and (usual := words.others_figure_text(item)):
            parts.append(_("others, same mix {figure}", figure=usual))
        points = (
            f"{decimal_text(item.points)} / {item.weight}"
            if item.points is not None
            else words.not_counted_reason(item)
        )
        parts += [words.item_verdict_text(item), points, words.item_figure_basis_text(sheet, item)]
    return "  ".join(part for part in parts if part)


def _decide_dispute(job: CommandJob) -> int:
    from queuedesk.features.staff import verbs

    args = job.args
    found = verbs.decide_dispute(
        job.desk(), job.new_change_ask(), args.dispute, args.note, exclude=args.what == "exclude"
    )
    return job.print_answer(found, _dispute_line(found, job.setup()) if "state" in found else str(found["dispute"]))


def _list_unnamed_events(job: CommandJob) -> int:
    from queuedesk.features.staff import verbs
    from queuedesk.i18n.queue.event_words import event_title

    assert job.reader is not None
    rows = verbs.events_naming_no_person(job.desk(), job.reader, job.args.month or job.today(), job.now())
    lines = [
        f"{row['seq']}  {row['at']}  {event_title(row['kind'], current_language()) or row['kind']}" for row in rows
    ]
    return job.print_answer({"n": len(rows), "events": rows}, "\n".join(lines) or _("Every event names somebody."))


def _month_closed_text(document: Document) -> str:
    return _("{month} is closed, version {version}", month=document["month"], version=document["version"])


def _dispute_line(one: Document, setup: Setup) -> str:
    from queuedesk.features.staff import words
    from queuedesk.i18n.names import staff_name

    parts = [str(one["dispute"]), staff_name(setup, one["staff"]), one["month"], words.disputed_item_word(one["item"])]
    parts += [
        one["row"] or "",
        words.dispute_state_text(one["state"]),
        one["words"] or "",
        staff_name(setup, one["by"]),
    ]
    if one["decided_by"]:
        parts += [one["answer"] or "", staff_name(setup, one["decided_by"])]
    return "  ".join(part for part in parts if part)


def _show_team_sheets(job: CommandJob) -> int:
    from queuedesk.features.staff import verbs, words
    from queuedesk.i18n.names import decimal_text, staff_name

    assert job.reader is not None
    found = verbs.month_sheets(job.desk(), job.reader, job.args.month or job.today(), job.now())
    lines = []
    for staff, one in found.team.sheets.items():
        ratings = n_("{n} rating", "{n} ratings", one.ratings)
        lines.append(
            f"{staff_name(job.setup(), staff)}  {words.total_figure(one)}  {ratings}  {words.total_verdict_text(one)}"
        )
    if (middle := found.team.shown_median) is not None:
        lines.append(_("Team median {median}", median=decimal_text(middle)))
    return job.print_answer(
        verbs.team_month_totals_document(found), "\n".join(lines) or _("Nobody has finished anything this month.")
    )


def _show_appraisal_scheme(job: CommandJob) -> int:
    from queuedesk.features.staff import verbs, words

    stood = verbs.current_scheme(job.desk(), job.now())
    document = verbs.scheme_document(stood)
    lines = [words.scheme_version_text(stood.number, stood.since)]
    lines += [
        f"{one['code']}  {one['weight']}:{one['from']}:{one['full']}  {words.item_word(one['code'])}"
        for one in document["items"]
    ]
    lines += [f"{key}  {value}" for key, value in document.items() if key not in ("scheme", "since", "items")]
    return job.print_answer(document, "\n".join(lines))


def _change_appraisal_scheme(job: CommandJob) -> int:
    from queuedesk.core.appraisal import ITEMS, PART, AppraisalScheme
    from queuedesk.core.setup.field_kinds import row_from_typed_pairs
    from queuedesk.desk import setting_up

    typed = row_from_typed_pairs(PART, AppraisalScheme, job.args.pairs)
    before = job.setup().document.get(PART, {})
    row = {key: {**before.get(key, {}), **value} if key in ITEMS else value for key, value in typed.items()}
    setting_up.change_single_row_part(job.desk(), job.new_change_ask(), PART, row)
    return _show_appraisal_scheme(job)


def _add_training_commands(commands: CommandList) -> None:
    group = commands.add_group("training")
    needs = group.add_command(
        "needs",
        _("show what a month's data suggests, and how many people it concerns"),
        _list_training_needs,
        reads=ReadScope.FIGURES,
    )
    minutes = group.add_command(
        "minutes",
        _("show minutes and shifts by person: a manager everybody's, others the own ones"),
        _list_training_minutes,
        reads=ReadScope.WORK,
    )
    naming = group.add_command("name", _("say who a need is about; that person is notified"), _reveal_need_staff)
    naming.add_argument(
        "need", type=parse_training_need, metavar="NEED", help=_("as needs shows it: {example}", example="transfers:B")
    )
    naming.add_argument("--why", choices=("coach", "check_rows"), required=True, help=_("why you want to know"))
    for one in (needs, minutes, naming):
        one.add_argument("--month", type=parse_month, metavar="YYYY-MM", help=_("this month if not given"))
    adding = group.add_command("add", _("note a session that was held"), _record_training)
    adding.add_argument("topic", type=parse_nonempty_text, metavar="TOPIC")
    adding.add_argument("minutes", type=parse_whole_number, metavar="MINUTES")
    adding.add_argument("attended", type=parse_code, nargs="+", metavar="STAFF", help=_("who attended"))
    adding.add_argument("--date", dest="day", type=parse_date, metavar="D", help=_("today if not given"))
    adding.add_argument(
        "--led", type=parse_code, metavar="STAFF", help=_("who led it, unless somebody from elsewhere did")
    )
    adding.add_argument("--need", type=parse_training_need, metavar="NEED", help=_("the need it answers"))
    adding.add_argument(
        "--seen",
        type=parse_month,
        metavar="YYYY-MM",
        help=_("the month that need was seen in, the session's if not given"),
    )
    group.add_command(
        "drop",
        _("take back one that was noted by mistake"),
        handler_for_function("appraisal.drop_training", _training_line),
    ).add_argument("seq", type=parse_whole_number, metavar="N")
    listing = group.add_command(
        "list",
        _("show the sessions of a month: a manager all, others the own ones"),
        _list_trainings,
        reads=ReadScope.WORK,
    )
    listing.add_argument("--month", type=parse_month, metavar="YYYY-MM", help=_("this month if not given"))
    listing.add_argument("--staff", type=parse_code, metavar="STAFF", help=_("that this person attended"))
    group.add_command(
        "effect", _("show what came of one: its need before and after"), _show_training_effect, reads=ReadScope.FIGURES
    ).add_argument("seq", type=parse_whole_number, metavar="N")
    group.add_command(
        "named",
        _("show where you were named"),
        handler_for_function(
            "features.staff.verbs:training_needs_named_for",
            _text_of_staff_named_for_need,
            many="named",
            none=lambda: _("Nobody has named you."),
        ),
        reads=ReadScope.WORK,
    )
    group.add_command(
        "seen",
        _("say that you have read that you were named"),
        handler_for_function("features.staff.verbs:mark_named_need_seen", _text_of_staff_named_for_need),
    ).add_argument("seq", type=parse_whole_number, metavar="N")


def parse_training_need(text: str) -> tuple[str, str]:
    """Read a need such as transfers:B or recalls."""
    from queuedesk.core.appraisal import KINDS
    from queuedesk.features.staff.rules.training import OF_A_SERVICE

    kind, _colon, service = parse_code(text).partition(":")
    if kind not in KINDS or (kind in OF_A_SERVICE) != bool(service):
        raise argparse.ArgumentTypeError(_("{text} is no need such as transfers:B or recalls", text=text[:40]))
    return kind, service


def _list_training_needs(job: CommandJob) -> int:
    from queuedesk.features.staff import verbs, words

    assert job.reader is not None
    found = verbs.training_needs_of_month(job.desk(), job.reader, job.args.month or job.today(), job.now())
    lines = [
        words.needs_dates_text(found),
        *(_training_need_text(job, one) for one in found.needs),
        words.needs_table_footnote(found),
    ]
    return job.print_answer(verbs.needs_document(found), "\n".join(lines))


def _training_need_text(job: CommandJob, one: ServiceTrainingNeed) -> str:
    from queuedesk.features.staff import words
    from queuedesk.features.staff.words import n_of_total_text, need_title

    found = one.found
    parts = [
        f"{one.kind}:{one.service}" if one.service else one.kind,
        need_title(job.setup(), one.kind, one.service, one.limit),
        f"{words.share_percent_text(found.own_share)} ({n_of_total_text(found.n, found.of)})",
        _("others {figure}", figure=words.share_percent_text(found.others)),
        f"{words.share_difference_in_points(found.share_difference)} ({words.difference_bounds_text(found.low, found.high)})",
        words.need_verdict_text(one),
        words.people_needing_training_text(one),
    ]
    return "  ".join(parts)


def _reveal_need_staff(job: CommandJob) -> int:
    from queuedesk.features.staff import verbs
    from queuedesk.i18n.names import staff_name

    args = job.args
    document = verbs.reveal_need_staff(
        job.desk(), job.new_change_ask(), args.need, args.month or job.today(), reason=args.why
    )
    named = [staff_name(job.setup(), one) for one in document.get("staff", ())]
    return job.print_answer(document, "\n".join(named) or " ".join(map(str, document["named"])))


def _record_training(job: CommandJob) -> int:
    from queuedesk.core.figures.periods import MONTH, period_span_containing
    from queuedesk.features.staff import verbs

    args = job.args
    document = verbs.add_training(
        job.desk(),
        job.new_change_ask(),
        args.topic,
        args.minutes,
        args.attended,
        day=args.day,
        led=args.led,
        need=args.need,
        seen=period_span_containing(MONTH, args.seen) if args.seen else None,
    )
    return job.print_answer(document, _training_line(document, job.setup()))


def _list_trainings(job: CommandJob) -> int:
    from queuedesk.core.figures.periods import MONTH, period_span_containing
    from queuedesk.desk import appraisal

    assert job.reader is not None
    span = period_span_containing(MONTH, job.args.month or job.today())
    setup, rows = job.setup(), appraisal.readable_trainings_between(job.desk(), job.reader, *span, staff=job.args.staff)
    return job.print_answer(
        {"trainings": rows}, "\n".join(_training_line(one, setup) for one in rows) or _("No training.")
    )


def _training_line(document: Document, setup: Setup) -> str:
    if "topic" not in document:  # an id that is given again
        return str(document["training"])
    from queuedesk.features.staff import words
    from queuedesk.features.staff.words import need_title

    held = date_short(date.fromisoformat(document["date"]))
    parts = [str(document["training"]), held, document["topic"] or "", words.minutes_words(document["minutes"])]
    parts.append(" ".join(document["attended"]))
    if document["need"]:
        parts.append(need_title(setup, document["need"], document["service"] or "", document["limit"]))
    if document["dropped"]:
        parts.append(_("taken back", context="training"))
    return "  ".join(part for part in parts if part)


def _list_training_minutes(job: CommandJob) -> int:
    from queuedesk.features.staff import verbs, words
    from queuedesk.i18n.names import staff_name

    assert job.reader is not None
    found = verbs.training_figures_of_recent_months(job.desk(), job.reader, job.args.month or job.today(), job.now())
    document = verbs.training_months_document(found)
    lines = ["  ".join(document["months"])]
    if found.target:
        lines.append(_("target {n} minutes a month", n=found.target))
    for one in found.people:
        minutes = " ".join(map(str, one.minutes))
        kept = words.how_roster_was_kept_text(one.shifts, one.days, rostered=found.has_roster)
        lines.append(f"{staff_name(job.setup(), one.staff)}  {minutes}  {kept}")
    return job.print_answer(document, "\n".join(lines))


def _show_training_effect(job: CommandJob) -> int:
    from queuedesk.features.staff import verbs, words

    assert job.reader is not None
    found, effect = verbs.before_after_effect(job.desk(), job.reader, job.args.seq, job.now())
    document = {"training": found.seq, "need": found.need, "effect": verbs.effect_document(effect)}
    return job.print_answer(document, words.session_effect_text(effect))


def _text_of_staff_named_for_need(one: Document, setup: Setup) -> str:
    from queuedesk.features.staff import words

    return f"{one['named']}  {words.need_line_for_named_person(setup, one)}" if "need" in one else str(one["named"])
