"""The commands about inspections and what is to be put right."""

from __future__ import annotations

import argparse
from datetime import date

from queuedesk.cli.command_table import CommandList, UsageError, code, day, number, plain, ticket
from queuedesk.cli.job import Document, Job, calls
from queuedesk.cli.setup import add_list, add_rows
from queuedesk.core.imports.half_width import half_width
from queuedesk.core.network.roles import ReadScope
from queuedesk.core.quality.inspection import CHANNELS
from queuedesk.core.setup.field_kinds import typed_number
from queuedesk.core.setup.rows import Setup
from queuedesk.features.inspections.words import looker_word
from queuedesk.i18n import _, codes_text, date_short, listing, named
from queuedesk.i18n.quality.inspection_words import channel_word, fix_state, inspection_state, versioned

NOT_APPLICABLE = "na"


def add(commands: CommandList) -> None:
    """Add inspect, rectification and sheet."""
    sheets = commands.add_group("sheet")
    add_rows(sheets, "sheets")
    add_list(sheets, "sheets")
    group = commands.add_group("inspect")
    group.add("sheets", _("show the score sheets"), _sheets, reads=ReadScope.FIGURES)
    planning = group.add("plan", _("plan one"), calls("features.inspections.verbs:plan", _line, staff="by"))
    planning.add_argument("day", type=day, metavar="D")
    planning.add_argument("sheet", type=code, metavar="SHEET")
    planning.add_argument("channel", type=plain, metavar="|".join(CHANNELS))
    _add_looker(planning)
    dropping = group.add("drop", _("give one up"), calls("features.inspections.verbs:drop", _line))
    dropping.add_argument("seq", type=number, metavar="N")
    dropping.add_argument("--reason", required=True, metavar="R", help=_("why"))
    starting = group.add("start", _("begin a planned one, or another"), _start)
    starting.add_argument("seq", type=number, nargs="?", metavar="N")
    starting.add_argument("--sheet", type=code, metavar="SHEET", help=_("by this sheet"))
    starting.add_argument("--channel", type=plain, metavar="|".join(CHANNELS), help=_("in this way; open if not given"))
    _add_looker(starting)
    scoring = group.add("score", _("note what was found of an item"), _score)
    scoring.add_argument("seq", type=number, metavar="N")
    scoring.add_argument("item", type=number, metavar="ITEM")
    scoring.add_argument("taken", metavar="POINTS|na")
    scoring.add_argument("--reason", type=number, action="append", default=[], metavar="K", help=_("by its place"))
    scoring.add_argument("--words", type=plain, metavar="TEXT", help=_("another reason"))
    scoring.add_argument("--photo", type=plain, metavar="PATH", help=_("where a photo of it is kept"))
    tying = group.add("tie", _("say which ticket a mystery visitor took, and the wait on the sheet"), _tie)
    tying.add_argument("seq", type=number, metavar="N")
    tying.add_argument("ticket", type=ticket, nargs="?", metavar="T")
    tying.add_argument("--date", dest="day", type=day, metavar="D", help=_("of this date"))
    tying.add_argument("--claimed", type=number, metavar="MIN", help=_("the wait that the visitor wrote down"))
    group.add("sign", _("sign one that is filled in"), calls("features.inspections.verbs:sign", _line)).add_argument(
        "seq", type=number, metavar="N"
    )
    group.add(
        "list",
        _("show those of a month and what it covers"),
        calls("quality.inspecting.month", _month_text),
        reads=ReadScope.FIGURES,
    ).add_argument("--date", dest="day", type=day, metavar="D", help=_("the month of this date; this one if not given"))
    showing = group.add(
        "show",
        _("show one with its items"),
        calls("features.inspections.verbs:inspection_of", _text),
        reads=ReadScope.FIGURES,
    )
    showing.add_argument("seq", type=number, metavar="N")
    _add_rectifications(commands)


def _add_looker(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--by", type=code, metavar="CODE", help=_("by this person of the hall"))
    parser.add_argument("--visitor", type=number, metavar="N", help=_("by the mystery visitor of this number"))
    parser.add_argument("--outsider", type=plain, metavar="NAME", help=_("by this supervisor from outside"))


def _add_rectifications(commands: CommandList) -> None:
    group = commands.add_group("rectification")
    adding = group.add(
        "add",
        _("note something that somebody has to put right"),
        calls("features.inspections.verbs:add_fix", _fix_line),
    )
    adding.add_argument("issue", type=plain, metavar="TEXT")
    adding.add_argument("--owner", type=code, required=True, metavar="CODE", help=_("who puts it right"))
    adding.add_argument("--due", type=day, metavar="D", help=_("by this date"))
    adding.add_argument("--inspection", type=number, metavar="N", help=_("found in this inspection"))
    adding.add_argument("--item", type=number, metavar="ITEM", help=_("of this item"))
    proving = group.add("proof", _("note what shows that it is done"), calls("quality.inspecting.prove_fix", _fix_line))
    proving.add_argument("seq", type=number, metavar="N")
    proving.add_argument("proof", type=plain, metavar="TEXT")
    looking = group.add("look", _("look again: it is put right, or not"), _look)
    looking.add_argument("seq", type=number, metavar="N")
    looking.add_argument("--not-yet", dest="bad", action="store_true", help=_("it is not put right"))
    group.add(
        "remind", _("note that the owner was reminded"), calls("features.inspections.verbs:remind_of_fix", _fix_line)
    ).add_argument("seq", type=number, metavar="N")
    group.add(
        "list",
        _("show what is open, and what a month closed"),
        calls(
            "quality.inspecting.fixes_of",
            _fix_line,
            many="rectifications",
            none=lambda: _("Nothing is to be put right."),
        ),
        reads=ReadScope.FIGURES,
    ).add_argument("--date", dest="day", type=day, metavar="D", help=_("the month of this date; this one if not given"))


def _sheets(job: Job) -> int:
    from queuedesk.core.quality.sheet import item_rows
    from queuedesk.core.setup.file import sheets_of

    rows, lines = [], []
    for one in sheets_of(job.setup()).values():
        rows.append({"code": one.code, "name": one.name, "name_en": one.name_en, "items": item_rows(one.items)})
        lines.append(f"{one.code}  {named(one.name, one.name_en)}")
        for place, item in enumerate(one.items, start=1):
            lines.append(f"  {place}  {named(item.text, item.text_en)}  {item.weight}")
    return job.answer({"sheets": rows}, "\n".join(lines) or _("None."))


def _start(job: Job) -> int:
    from queuedesk.features.inspections import verbs

    args = job.args
    if args.seq is not None and any((args.sheet, args.channel, args.by, args.visitor, args.outsider)):
        raise UsageError(_("A planned inspection has its sheet and who looks; leave the rest out."))
    document = verbs.start(
        job.desk(),
        job.ask(),
        args.seq,
        sheet=args.sheet,
        channel=args.channel,
        staff=args.by,
        visitor=args.visitor,
        outsider=args.outsider,
    )
    return job.answer(document, _text(document, job.setup()))


def _score(job: Job) -> int:
    from queuedesk.features.inspections import verbs

    args = job.args
    typed = half_width(args.taken).strip().lower()
    taken = None if typed == NOT_APPLICABLE else typed_number("taken", typed)
    document = verbs.score(
        job.desk(), job.ask(), args.seq, args.item, taken, reasons=args.reason, words=args.words, photo=args.photo
    )
    return job.answer(document, _text(document, job.setup()))


def _tie(job: Job) -> int:
    from queuedesk.features.inspections import verbs

    args = job.args
    claimed_s = None if args.claimed is None else args.claimed * 60
    document = verbs.tie(job.desk(), job.ask(), args.seq, args.ticket, day=args.day, claimed_s=claimed_s)
    return job.answer(document, _text(document, job.setup()))


def _month_text(document: Document, setup: Setup) -> str:
    lines = [_line(one, setup) for one in document["inspections"]] or [_("No inspections.")]
    for one in document["coverage"]:
        lines.append(
            _(
                "{channel}: {done} of {planned}, at least {least}",
                channel=channel_word(one["channel"]),
                done=one["done"],
                planned=one["planned"],
                least=one["least"],
            )
        )
    return "\n".join(lines)


def _line(document: Document, setup: Setup) -> str:
    """Return an inspection in one line: when, by which sheet, how, who, how far, how many points."""
    if "state" not in document:  # an id that is given again
        return str(document["inspection"])
    sheet = versioned(named(document["name"], document["name_en"]), document["version"])
    state = inspection_state(document["state"])
    points = ""
    if document["of"]:
        points = _("{points} of {n} points", points=document["points"], n=document["of"])
    parts = [str(document["inspection"]), date_short(date.fromisoformat(document["date"])), sheet]
    parts += [channel_word(document["channel"]), looker_word(setup, document), state, points]
    return "  ".join(part for part in parts if part)


def _text(document: Document, setup: Setup) -> str:
    """Return an inspection with its items, each with what was found, and a visitor's wait."""
    lines = [_line(document, setup)]
    for item in document.get("items", ()):
        usual = [named(one["text"], one["text_en"]) for one in item["reasons"]]
        why = [usual[place - 1] for place in item["why"]] + ([item["words"]] if item["words"] else [])
        if item["state"] == "marked":
            found = f"{item['weight'] - item['taken']} / {item['weight']}"
        else:
            found = _("not applicable", context="inspection") if item["state"] == "not_applicable" else "–"
        parts = [
            f"  {item['n']}",
            named(item["text"], item["text_en"]),
            found,
            listing(why),
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


def _look(job: Job) -> int:
    from queuedesk.features.inspections import verbs

    document = verbs.look_at_fix(job.desk(), job.ask(), job.args.seq, good=not job.args.bad)
    return job.answer(document, _fix_line(document))


def _fix_line(document: Document) -> str:
    if "state" not in document:  # an id that is given again
        return str(document["rectification"])
    due = _("due {date}", date=date_short(date.fromisoformat(document["due"])))
    late = _("late", context="rectification") if document["late"] else ""
    proof = document["proofs"][-1]["proof"] if document["proofs"] else ""
    parts = [str(document["rectification"]), document["issue"], document["owner"], due, late, proof]
    return "  ".join(part for part in (*parts, fix_state(document["state"])) if part)
