"""The commands about the person's sheet and its scheme, and about training: needs, sessions, minutes."""

from __future__ import annotations

import argparse
import re
from datetime import date
from typing import TYPE_CHECKING

from queuedesk.cli.command_table import CommandList, UsageError, code, day, number, pair, path, plain
from queuedesk.cli.job import Document, Job, calls
from queuedesk.core.network.roles import ReadScope
from queuedesk.i18n import _, current, date_short, n_

if TYPE_CHECKING:
    from queuedesk.core.setup.rows import Setup
    from queuedesk.features.staff.rules.person_sheet import ItemResult, MonthSheets, PersonSheet
    from queuedesk.features.staff.rules.training import Need

BOOK = ".xlsx"


def add(commands: CommandList) -> None:
    """Add the commands of this module."""
    _add_sheets(commands)
    _add_training(commands)


def _add_sheets(commands: CommandList) -> None:
    """Add sheets and scheme."""
    from queuedesk.core.appraisal import DISPUTED

    group = commands.add_group("sheets")
    showing = group.add(
        "show", _("show a person's: a manager anybody's, others the own one"), _show, reads=ReadScope.WORK
    )
    showing.add_argument("staff", type=code, metavar="WHO")
    showing.add_argument("--out", type=path, metavar="F.xlsx", help=_("write it as a workbook with every row"))
    showing.add_argument("--version", type=int, metavar="N", help=_("of a closed month; 0 for as it is now"))
    team = group.add("team", _("show everybody's total, by name"), _team, reads=ReadScope.FIGURES)
    asking = group.add(
        "dispute",
        _("ask to exclude a row, for a second person to decide"),
        calls("features.staff.verbs:dispute", lambda document: str(document["dispute"])),
    )
    asking.add_argument("staff", type=code, metavar="WHO")
    asking.add_argument("item", choices=DISPUTED, metavar="ITEM", help=" ".join(DISPUTED))
    asking.add_argument("row", type=code, metavar="ROW", help=_("as show prints it, such as '2026-11-19 A012'"))
    asking.add_argument("note", metavar="NOTE")
    deciding = group.add("decide", _("decide about a disputed row, as a second person"), _decide)
    deciding.add_argument("dispute", type=int, metavar="N")
    deciding.add_argument("what", choices=("exclude", "keep"))
    deciding.add_argument("note", metavar="NOTE")
    listing = group.add(
        "disputes",
        _("show what waits for a decision, and the month's: a manager all, others the own ones"),
        calls("features.staff.verbs:disputes_of", _dispute_line, many="disputes", none=lambda: _("None.")),
        reads=ReadScope.WORK,
    )
    closing = group.add(
        "close",
        _("keep a month's sheets as they are, as its next version"),
        calls("features.staff.verbs:close_month", _closed),
    )
    closing.add_argument("--month", type=month, metavar="YYYY-MM", help=_("the last month if not given"))
    nameless = group.add("unnamed", _("show what happened without anybody's name"), _unnamed, reads=ReadScope.FIGURES)
    for one in (showing, team, asking, listing, nameless):
        one.add_argument("--month", type=month, metavar="YYYY-MM", help=_("this month if not given"))
    scheme = commands.add_group("scheme")
    scheme.add("show", _("show it"), _show_scheme, reads=ReadScope.HALL)
    scheme.add("set", _("change it; the weights are 100 together"), _set_scheme).add_argument(
        "pairs", type=pair, nargs="+", metavar="key=value"
    )


def month(text: str) -> date:
    """Read a month such as 2026-11."""
    if not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", code(text)) or code(text) < "1900":
        raise argparse.ArgumentTypeError(_("{text} is not a month such as 2026-11", text=text[:40]))
    return date.fromisoformat(f"{code(text)}-01")


def _show(job: Job) -> int:
    from queuedesk.features.staff import verbs

    args, who = job.args, job.reader
    assert who is not None
    if args.out is not None and args.out.suffix.lower() != BOOK:
        raise UsageError(_("The file has to end in .xlsx."))
    found = verbs.month_sheets(
        job.desk(), who, args.month or job.today(), job.now(), staff=args.staff, version=args.version
    )
    if args.out is not None:
        from queuedesk.features.staff.papers import book, own_book
        from queuedesk.features.staff.verbs import own_work
        from queuedesk.files.writing import write_file

        if found.own and args.version is None:
            own = own_work(job.desk(), who, found.first, job.now())
            written = own_book(job.setup(), own, lang=current(), made=job.now())
        else:
            written = book(job.setup(), found, args.staff, lang=current(), made=job.now())
        write_file(args.out, written)
        return job.answer({"file": str(args.out)}, str(args.out))
    return job.answer(verbs.sheet_document(job.setup(), found, args.staff), _text(job, found, args.staff))


def _text(job: Job, found: MonthSheets, staff: str) -> str:
    from queuedesk.features.staff import words
    from queuedesk.features.staff.rules.person_sheet import FEWEST
    from queuedesk.i18n.moments import month_long
    from queuedesk.i18n.names import decimal, staff_name

    sheet = found.team.sheets[staff]
    stood = words.scheme_words(found.stood.number, found.stood.since)
    head = (staff_name(job.setup(), staff), month_long(found.first), stood, words.closed_words(job.setup(), found))
    lines = ["  ".join(part for part in head if part)]
    lines += [later] if (later := words.later_words(found, staff)) else []
    lines += [_item_text(sheet, item, is_own=bool(found.own)) for item in sheet.items]
    if sheet.is_judged:
        lines.append(_("By weight {points} of 100", points=decimal(sheet.by_weight)))
    lines.append(_("Praise {n}: +{points}", n=len(sheet.praise), points=decimal(sheet.praise_points)))
    lines.append(_("Faults {n}: −{points}", n=len(sheet.faults), points=decimal(sheet.fault_points)))
    lines.append(words.total_words(sheet))
    if sheet.deposit is not None:
        lines.append(_("Deposit {amount} of {whole}", amount=decimal(sheet.deposit), whole=found.stood.scheme.deposit))
    if between := words.chance_words(sheet):
        lines.append(between)
    lines.append(words.total_verdict(sheet))
    if sheet.ratings < FEWEST:
        lines.append(words.shown_not_ranked())
    return "\n".join(lines)


def _item_text(sheet: PersonSheet, item: ItemResult, *, is_own: bool) -> str:
    from queuedesk.features.staff import words
    from queuedesk.i18n.names import decimal

    parts = [f"{words.item_word(item.code)}  {item.weight} %", words.own_figure(item)]
    between = words.bounds(item)
    parts.append(f"{words.counted(item)} ({between})" if between else words.counted(item))
    if item.value is not None:
        if is_own and item.median is not None:
            parts.append(_("median {figure}", figure=words.figure(item.code, item.median)))
        elif not is_own and (usual := words.usual_figure(item)):
            parts.append(_("others, same mix {figure}", figure=usual))
        points = f"{decimal(item.points)} / {item.weight}" if item.points is not None else words.not_counted(item)
        parts += [words.verdict_chip(item), points, words.taken_out(sheet, item)]
    return "  ".join(part for part in parts if part)


def _decide(job: Job) -> int:
    from queuedesk.features.staff import verbs

    args = job.args
    found = verbs.decide(job.desk(), job.ask(), args.dispute, args.note, exclude=args.what == "exclude")
    return job.answer(found, _dispute_line(found, job.setup()) if "state" in found else str(found["dispute"]))


def _unnamed(job: Job) -> int:
    from queuedesk.features.staff import verbs
    from queuedesk.i18n.queue.event_words import event_title

    assert job.reader is not None
    rows = verbs.unnamed_events(job.desk(), job.reader, job.args.month or job.today(), job.now())
    lines = [f"{row['seq']}  {row['at']}  {event_title(row['kind'], current()) or row['kind']}" for row in rows]
    return job.answer({"n": len(rows), "events": rows}, "\n".join(lines) or _("Every event names somebody."))


def _closed(document: Document) -> str:
    return _("{month} is closed, version {version}", month=document["month"], version=document["version"])


def _dispute_line(one: Document, setup: Setup) -> str:
    from queuedesk.features.staff import words
    from queuedesk.i18n.names import staff_name

    parts = [str(one["dispute"]), staff_name(setup, one["staff"]), one["month"], words.disputed_item(one["item"])]
    parts += [one["row"] or "", words.dispute_state(one["state"]), one["words"] or "", staff_name(setup, one["by"])]
    if one["decided_by"]:
        parts += [one["answer"] or "", staff_name(setup, one["decided_by"])]
    return "  ".join(part for part in parts if part)


def _team(job: Job) -> int:
    from queuedesk.features.staff import verbs, words
    from queuedesk.i18n.names import decimal, staff_name

    assert job.reader is not None
    found = verbs.month_sheets(job.desk(), job.reader, job.args.month or job.today(), job.now())
    lines = []
    for staff, one in found.team.sheets.items():
        ratings = n_("{n} rating", "{n} ratings", one.ratings)
        lines.append(
            f"{staff_name(job.setup(), staff)}  {words.total_figure(one)}  {ratings}  {words.total_verdict(one)}"
        )
    if found.team.median is not None:
        lines.append(_("Team median {median}", median=decimal(found.team.median)))
    return job.answer(verbs.team_document(found), "\n".join(lines) or _("Nobody has finished anything this month."))


def _show_scheme(job: Job) -> int:
    from queuedesk.features.staff import verbs, words

    stood = verbs.scheme_now(job.desk(), job.now())
    document = verbs.scheme_document(stood)
    lines = [words.scheme_words(stood.number, stood.since)]
    lines += [
        f"{one['code']}  {one['weight']}:{one['from']}:{one['full']}  {words.item_word(one['code'])}"
        for one in document["items"]
    ]
    lines += [f"{key}  {value}" for key, value in document.items() if key not in ("scheme", "since", "items")]
    return job.answer(document, "\n".join(lines))


def _set_scheme(job: Job) -> int:
    from queuedesk.core.appraisal import ITEMS, PART, Scheme
    from queuedesk.core.setup.field_kinds import typed_row
    from queuedesk.desk.setup import setting_up

    typed = typed_row(PART, Scheme, job.args.pairs)
    before = job.setup().document.get(PART, {})
    row = {key: {**before.get(key, {}), **value} if key in ITEMS else value for key, value in typed.items()}
    setting_up.change_part(job.desk(), job.ask(), PART, row)
    return _show_scheme(job)


def _add_training(commands: CommandList) -> None:
    """Add training."""
    group = commands.add_group("training")
    needs = group.add(
        "needs",
        _("show what a month's data suggests, and how many people it concerns"),
        _needs,
        reads=ReadScope.FIGURES,
    )
    minutes = group.add(
        "minutes",
        _("show minutes and shifts by person: a manager everybody's, others the own ones"),
        _minutes,
        reads=ReadScope.WORK,
    )
    naming = group.add("name", _("say who a need is about; that person is notified"), _name)
    naming.add_argument(
        "need", type=need, metavar="NEED", help=_("as needs shows it: {example}", example="transfers:B")
    )
    naming.add_argument("--why", choices=("coach", "check_rows"), required=True, help=_("why you want to know"))
    for one in (needs, minutes, naming):
        one.add_argument("--month", type=month, metavar="YYYY-MM", help=_("this month if not given"))
    adding = group.add("add", _("note a session that was held"), _add)
    adding.add_argument("topic", type=plain, metavar="TOPIC")
    adding.add_argument("minutes", type=number, metavar="MINUTES")
    adding.add_argument("attended", type=code, nargs="+", metavar="STAFF", help=_("who attended"))
    adding.add_argument("--date", dest="day", type=day, metavar="D", help=_("today if not given"))
    adding.add_argument("--led", type=code, metavar="STAFF", help=_("who led it, unless somebody from elsewhere did"))
    adding.add_argument("--need", type=need, metavar="NEED", help=_("the need it answers"))
    adding.add_argument(
        "--seen", type=month, metavar="YYYY-MM", help=_("the month that need was seen in, the session's if not given")
    )
    group.add(
        "drop", _("take back one that was noted by mistake"), calls("appraisal.drop_training", _line)
    ).add_argument("seq", type=number, metavar="N")
    listing = group.add(
        "list", _("show the sessions of a month: a manager all, others the own ones"), _list, reads=ReadScope.WORK
    )
    listing.add_argument("--month", type=month, metavar="YYYY-MM", help=_("this month if not given"))
    listing.add_argument("--staff", type=code, metavar="STAFF", help=_("that this person attended"))
    group.add(
        "effect", _("show what came of one: its need before and after"), _effect, reads=ReadScope.FIGURES
    ).add_argument("seq", type=number, metavar="N")
    group.add(
        "named",
        _("show where you were named"),
        calls("appraisal.named_for", _named_text, many="named", none=lambda: _("Nobody has named you.")),
        reads=ReadScope.WORK,
    )
    group.add(
        "seen", _("say that you have read that you were named"), calls("appraisal.mark_seen", _named_text)
    ).add_argument("seq", type=number, metavar="N")


def need(text: str) -> tuple[str, str]:
    """Read a need such as transfers:B or recalls."""
    from queuedesk.core.appraisal import KINDS
    from queuedesk.features.staff.rules.training import OF_A_SERVICE

    kind, _colon, service = code(text).partition(":")
    if kind not in KINDS or (kind in OF_A_SERVICE) != bool(service):
        raise argparse.ArgumentTypeError(_("{text} is no need such as transfers:B or recalls", text=text[:40]))
    return kind, service


def _needs(job: Job) -> int:
    from queuedesk.features.staff import verbs, words

    assert job.reader is not None
    found = verbs.needs_in(job.desk(), job.reader, job.args.month or job.today(), job.now())
    lines = [words.seen_line(found), *(_need_text(job, one) for one in found.needs), words.foot(found)]
    return job.answer(verbs.needs_document(found), "\n".join(lines))


def _need_text(job: Job, one: Need) -> str:
    from queuedesk.features.staff import words
    from queuedesk.features.staff.words import need_title, of_words

    found = one.found
    parts = [
        f"{one.kind}:{one.service}" if one.service else one.kind,
        need_title(job.setup(), one.kind, one.service, one.limit),
        f"{words.share_words(found.share)} ({of_words(found.n, found.of)})",
        _("others {figure}", figure=words.share_words(found.others)),
        f"{words.points(found.difference)} ({words.training_bounds(found.low, found.high)})",
        words.need_chip(one),
        words.whom(one),
    ]
    return "  ".join(parts)


def _name(job: Job) -> int:
    from queuedesk.features.staff import verbs
    from queuedesk.i18n.names import staff_name

    args = job.args
    document = verbs.name_need(job.desk(), job.ask(), args.need, args.month or job.today(), reason=args.why)
    named = [staff_name(job.setup(), one) for one in document.get("staff", ())]
    return job.answer(document, "\n".join(named) or " ".join(map(str, document["named"])))


def _add(job: Job) -> int:
    from queuedesk.core.figures.periods import MONTH, span_of
    from queuedesk.features.staff import verbs

    args = job.args
    document = verbs.add_training(
        job.desk(),
        job.ask(),
        args.topic,
        args.minutes,
        args.attended,
        day=args.day,
        led=args.led,
        need=args.need,
        seen=span_of(MONTH, args.seen) if args.seen else None,
    )
    return job.answer(document, _line(document, job.setup()))


def _list(job: Job) -> int:
    from queuedesk.core.figures.periods import MONTH, span_of
    from queuedesk.desk import appraisal

    assert job.reader is not None
    span = span_of(MONTH, job.args.month or job.today())
    setup, rows = job.setup(), appraisal.trainings_of(job.desk(), job.reader, *span, staff=job.args.staff)
    return job.answer({"trainings": rows}, "\n".join(_line(one, setup) for one in rows) or _("No training."))


def _line(document: Document, setup: Setup) -> str:
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


def _minutes(job: Job) -> int:
    from queuedesk.features.staff import verbs, words
    from queuedesk.i18n.names import staff_name

    assert job.reader is not None
    found = verbs.training_months(job.desk(), job.reader, job.args.month or job.today(), job.now())
    document = verbs.months_document(found)
    lines = ["  ".join(document["months"])]
    if found.target:
        lines.append(_("target {n} minutes a month", n=found.target))
    for one in found.people:
        minutes = " ".join(map(str, one.minutes))
        kept = words.shifts_words(one.shifts, one.days, rostered=found.has_roster)
        lines.append(f"{staff_name(job.setup(), one.staff)}  {minutes}  {kept}")
    return job.answer(document, "\n".join(lines))


def _effect(job: Job) -> int:
    from queuedesk.features.staff import verbs, words

    assert job.reader is not None
    found, effect = verbs.effect_of(job.desk(), job.reader, job.args.seq, job.now())
    document = {"training": found.seq, "need": found.need, "effect": verbs.effect_document(effect)}
    return job.answer(document, words.effect_words(effect))


def _named_text(one: Document, setup: Setup) -> str:
    from queuedesk.features.staff import words

    return f"{one['named']}  {words.named_line(setup, one)}" if "need" in one else str(one["named"])
