"""The commands about inspections and what is to be put right."""

from __future__ import annotations

import argparse
from datetime import date

from queuedesk.cli.command_table import (
    CommandList,
    UsageError,
    parse_code,
    parse_date,
    parse_nonempty_text,
    parse_ticket_number,
    parse_whole_number,
)
from queuedesk.cli.job import CommandJob, Document, handler_for_function
from queuedesk.cli.setup import add_list_command, add_row_commands
from queuedesk.core.imports import half_width_text
from queuedesk.core.network.roles import ReadScope
from queuedesk.core.quality.inspection import CHANNELS
from queuedesk.core.setup.field_kinds import parse_typed_number
from queuedesk.core.setup.rows import Setup
from queuedesk.features.inspections.words import inspector_name_or_number
from queuedesk.i18n import _, codes_text, date_short, list_text, name_in_language
from queuedesk.i18n import quality as quality_words

NOT_APPLICABLE = "na"


def register_commands(commands: CommandList) -> None:
    """Add inspect, rectification and sheet."""
    sheets = commands.add_group("sheet")
    add_row_commands(sheets, "sheets")
    add_list_command(sheets, "sheets")
    group = commands.add_group("inspect")
    group.add_command("sheets", _("show the score sheets"), _list_sheets, reads=ReadScope.FIGURES)
    planning = group.add_command(
        "plan",
        _("plan one"),
        handler_for_function("features.inspections.verbs:plan_inspection", _inspection_line, staff="by"),
    )
    planning.add_argument("day", type=parse_date, metavar="D")
    planning.add_argument("sheet", type=parse_code, metavar="SHEET")
    planning.add_argument("channel", type=parse_nonempty_text, metavar="|".join(CHANNELS))
    _add_inspector_arguments(planning)
    dropping = group.add_command(
        "drop", _("give one up"), handler_for_function("features.inspections.verbs:drop_inspection", _inspection_line)
    )
    dropping.add_argument("seq", type=parse_whole_number, metavar="N")
    dropping.add_argument("--reason", required=True, metavar="R", help=_("why"))
    starting = group.add_command("start", _("begin a planned one, or another"), _start_inspection)
    starting.add_argument("seq", type=parse_whole_number, nargs="?", metavar="N")
    starting.add_argument("--sheet", type=parse_code, metavar="SHEET", help=_("by this sheet"))
    starting.add_argument(
        "--channel", type=parse_nonempty_text, metavar="|".join(CHANNELS), help=_("in this way; open if not given")
    )
    _add_inspector_arguments(starting)
    scoring = group.add_command(
        "score", _("note how many points are taken off an item; na: it does not apply"), _score_item
    )
    scoring.add_argument("seq", type=parse_whole_number, metavar="N")
    scoring.add_argument("item", type=parse_whole_number, metavar="ITEM")
    scoring.add_argument("taken", metavar="POINTS-OFF|na")
    scoring.add_argument(
        "--reason", type=parse_whole_number, action="append", default=[], metavar="K", help=_("by its place")
    )
    scoring.add_argument("--words", type=parse_nonempty_text, metavar="TEXT", help=_("another reason"))
    scoring.add_argument("--photo", type=parse_nonempty_text, metavar="PATH", help=_("where a photo of it is kept"))
    tying = group.add_command(
        "tie", _("say which ticket a mystery visitor took, and the wait on the sheet"), _tie_ticket_to_inspection
    )
    tying.add_argument("seq", type=parse_whole_number, metavar="N")
    tying.add_argument("ticket", type=parse_ticket_number, nargs="?", metavar="T")
    tying.add_argument("--date", dest="day", type=parse_date, metavar="D", help=_("of this date"))
    tying.add_argument(
        "--claimed", type=parse_whole_number, metavar="MIN", help=_("the wait that the visitor wrote down")
    )
    group.add_command(
        "sign",
        _("sign one that is filled in"),
        handler_for_function("features.inspections.verbs:sign_inspection", _inspection_line),
    ).add_argument("seq", type=parse_whole_number, metavar="N")
    group.add_command(
        "list",
        _("show those of a month and what it covers"),
        handler_for_function("quality.inspecting.inspections_of_month", _inspections_month_text),
        reads=ReadScope.FIGURES,
    ).add_argument(
        "--date", dest="day", type=parse_date, metavar="D", help=_("the month of this date; this one if not given")
    )
    showing = group.add_command(
        "show",
        _("show one with its items"),
        handler_for_function("features.inspections.verbs:inspection_document", _inspection_with_items_text),
        reads=ReadScope.FIGURES,
    )
    showing.add_argument("seq", type=parse_whole_number, metavar="N")
    _add_rectification_commands(commands)


def _add_inspector_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--by", type=parse_code, metavar="CODE", help=_("by this person of the hall"))
    parser.add_argument(
        "--visitor", type=parse_whole_number, metavar="N", help=_("by the mystery visitor of this number")
    )
    parser.add_argument(
        "--outsider", type=parse_nonempty_text, metavar="NAME", help=_("by this supervisor from outside")
    )


def _add_rectification_commands(commands: CommandList) -> None:
    group = commands.add_group("rectification")
    adding = group.add_command(
        "add",
        _("note something that somebody has to put right"),
        handler_for_function("features.inspections.verbs:add_rectification", _rectification_line),
    )
    adding.add_argument("issue", type=parse_nonempty_text, metavar="TEXT")
    adding.add_argument("--owner", type=parse_code, required=True, metavar="CODE", help=_("who puts it right"))
    adding.add_argument("--due", type=parse_date, metavar="D", help=_("by this date"))
    adding.add_argument("--inspection", type=parse_whole_number, metavar="N", help=_("found in this inspection"))
    adding.add_argument("--item", type=parse_whole_number, metavar="ITEM", help=_("of this item"))
    proving = group.add_command(
        "proof",
        _("note what shows that it is done"),
        handler_for_function("quality.inspecting.record_rectification_proof", _rectification_line),
    )
    proving.add_argument("seq", type=parse_whole_number, metavar="N")
    proving.add_argument("proof", type=parse_nonempty_text, metavar="TEXT")
    looking = group.add_command("look", _("look again: it is put right, or not"), _record_rectification_check)
    looking.add_argument("seq", type=parse_whole_number, metavar="N")
    looking.add_argument("--not-yet", dest="bad", action="store_true", help=_("it is not put right"))
    group.add_command(
        "remind",
        _("note that the owner was reminded"),
        handler_for_function("features.inspections.verbs:record_rectification_reminder", _rectification_line),
    ).add_argument("seq", type=parse_whole_number, metavar="N")
    group.add_command(
        "list",
        _("show what is open, and what a month closed"),
        handler_for_function(
            "quality.inspecting.open_and_month_rectifications",
            _rectification_line,
            many="rectifications",
            none=lambda: _("Nothing is to be put right."),
        ),
        reads=ReadScope.FIGURES,
    ).add_argument(
        "--date", dest="day", type=parse_date, metavar="D", help=_("the month of this date; this one if not given")
    )


def _list_sheets(job: CommandJob) -> int:
    from queuedesk.core.quality.sheet import sheet_item_rows
    from queuedesk.core.setup.file import score_sheets_of_hall

    rows, lines = [], []
    for one in score_sheets_of_hall(job.setup()).values():
        rows.append({"code": one.code, "name": one.name, "name_en": one.name_en, "items": sheet_item_rows(one.items)})
        lines.append(f"{one.code}  {name_in_language(one.name, one.name_en)}")
        for place, item in enumerate(one.items, start=1):
            lines.append(f"  {place}  {name_in_language(item.text, item.text_en)}  {item.weight}")
    return job.print_answer({"sheets": rows}, "\n".join(lines) or _("None."))


def _start_inspection(job: CommandJob) -> int:
    from queuedesk.features.inspections import verbs

    args = job.args
    if args.seq is not None and any((args.sheet, args.channel, args.by, args.visitor, args.outsider)):
        raise UsageError(_("A planned inspection has its sheet and who looks; leave the rest out."))
    document = verbs.start_inspection(
        job.desk(),
        job.new_change_ask(),
        args.seq,
        sheet=args.sheet,
        channel=args.channel,
        staff=args.by,
        visitor=args.visitor,
        outsider=args.outsider,
    )
    return job.print_answer(document, _inspection_with_items_text(document, job.setup()))


def _score_item(job: CommandJob) -> int:
    from queuedesk.features.inspections import verbs

    args = job.args
    typed = half_width_text(args.taken).strip().lower()
    taken = None if typed == NOT_APPLICABLE else parse_typed_number("taken", typed)
    document = verbs.score_item(
        job.desk(),
        job.new_change_ask(),
        args.seq,
        args.item,
        taken,
        reasons=args.reason,
        words=args.words,
        photo=args.photo,
    )
    return job.print_answer(document, _inspection_with_items_text(document, job.setup()))


def _tie_ticket_to_inspection(job: CommandJob) -> int:
    from queuedesk.features.inspections import verbs

    args = job.args
    claimed_s = None if args.claimed is None else args.claimed * 60
    document = verbs.tie_to_ticket(
        job.desk(), job.new_change_ask(), args.seq, args.ticket, day=args.day, claimed_s=claimed_s
    )
    return job.print_answer(document, _inspection_with_items_text(document, job.setup()))


def _inspections_month_text(document: Document, setup: Setup) -> str:
    lines = [_inspection_line(one, setup) for one in document["inspections"]] or [_("No inspections.")]
    for one in document["coverage"]:
        lines.append(
            _(
                "{channel}: {done} of {planned}, at least {least}",
                channel=quality_words.inspection_channel_word(one["channel"]),
                done=one["done"],
                planned=one["planned"],
                least=one["least"],
            )
        )
    return "\n".join(lines)


def _inspection_line(document: Document, setup: Setup) -> str:
    """Return an inspection in one line: when, by which sheet, how, who, how far, how many points."""
    if "state" not in document:  # an id that is given again
        return str(document["inspection"])
    sheet = quality_words.sheet_name_with_version(
        name_in_language(document["name"], document["name_en"]), document["version"]
    )
    state = quality_words.inspection_state_word(document["state"])
    points = ""
    if document["of"]:
        points = _("{points} of {n} points", points=document["points"], n=document["of"])
    parts = [str(document["inspection"]), date_short(date.fromisoformat(document["date"])), sheet]
    parts += [
        quality_words.inspection_channel_word(document["channel"]),
        inspector_name_or_number(setup, document),
        state,
        points,
    ]
    return "  ".join(part for part in parts if part)


def _inspection_with_items_text(document: Document, setup: Setup) -> str:
    """Return an inspection with its items, each with what was found, and a visitor's wait."""
    lines = [_inspection_line(document, setup)]
    for item in document.get("items", ()):
        usual = [name_in_language(one["text"], one["text_en"]) for one in item["reasons"]]
        why = [usual[place - 1] for place in item["why"]] + ([item["words"]] if item["words"] else [])
        if item["state"] == "marked":
            found = f"{item['weight'] - item['taken']} / {item['weight']}"
        else:
            found = _("not applicable", context="inspection") if item["state"] == "not_applicable" else "–"
        parts = [
            f"  {item['n']}",
            name_in_language(item["text"], item["text_en"]),
            found,
            list_text(why),
            codes_text(item["photos"]),
        ]
        lines.append("  ".join(part for part in parts if part))
    visit = document.get("visit")
    if visit and visit["ticket"]:
        parts = [_("Ticket {ticket}", ticket=visit["ticket"])]
        if visit["claimed"] is not None:
            parts.append(_("on the sheet {n} min", n=f"{visit['claimed']:g}"))
        if visit["logged"] is not None:
            parts.append(_("in the log {n} min", n=f"{visit['logged']:g}"))
        lines.append("  ".join(parts))
    return "\n".join(lines)


def _record_rectification_check(job: CommandJob) -> int:
    from queuedesk.features.inspections import verbs

    document = verbs.record_rectification_check(job.desk(), job.new_change_ask(), job.args.seq, good=not job.args.bad)
    return job.print_answer(document, _rectification_line(document))


def _rectification_line(document: Document) -> str:
    if "state" not in document:  # an id that is given again
        return str(document["rectification"])
    due = _("due {date}", date=date_short(date.fromisoformat(document["due"])))
    late = _("late", context="rectification") if document["late"] else ""
    proof = document["proofs"][-1]["proof"] if document["proofs"] else ""
    parts = [str(document["rectification"]), document["issue"], document["owner"], due, late, proof]
    return "  ".join(part for part in (*parts, quality_words.fix_state_word(document["state"])) if part)
