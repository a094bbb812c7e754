"""The commands about the morning: the briefing, and signing the hall open and closed."""

from __future__ import annotations

from datetime import datetime

from queuedesk.cli.command_table import CommandList, UsageError, parse_date, parse_nonempty_text, parse_whole_number
from queuedesk.cli.job import CommandJob, Document, handler_for_function
from queuedesk.core.network.roles import ReadScope
from queuedesk.core.quality.inspection import CLOSING, OPENING
from queuedesk.core.setup.rows import Setup
from queuedesk.features.morning.words import person_attendance_words
from queuedesk.i18n import _, list_text, n_, name_in_language, time_hm
from queuedesk.i18n.names import staff_name
from queuedesk.i18n.quality import sheet_name_with_version


def register_commands(commands: CommandList) -> None:
    """Add briefing and opening."""
    group = commands.add_group("briefing")
    writing = group.add_command(
        "write",
        _("write today's, or correct it: everybody reads the next version again"),
        handler_for_function("features.morning.verbs:write_briefing_version", _briefing_text, points_en="en"),
    )
    writing.add_argument("points", nargs="+", type=parse_nonempty_text, metavar="POINT")
    writing.add_argument(
        "--en",
        action="append",
        type=parse_nonempty_text,
        default=[],
        metavar="POINT",
        help=_("the same in English; repeat it"),
    )
    group.add_command(
        "read",
        _("say that you have read it"),
        handler_for_function("features.morning.verbs:mark_briefing_read", _briefing_text),
    ).add_argument("seq", type=parse_whole_number, metavar="N")
    showing = group.add_command(
        "show",
        _("show one, who read it, and who did not"),
        handler_for_function("features.morning.verbs:last_briefing_document", _briefing_or_none_text),
        reads=ReadScope.WORK,
    )
    showing.add_argument("--date", dest="day", type=parse_date, metavar="D", help=_("today if not given"))
    printing = group.add_command(
        "print", _("write it as a page, with opening and attendance"), _write_morning_pdf, reads=ReadScope.FIGURES
    )
    printing.add_argument("--date", dest="day", type=parse_date, metavar="D", help=_("today if not given"))
    printing.add_argument("--out", required=True, metavar="F.pdf", help=_("to this file"))
    listed = group.add_command(
        "list",
        _("show those of the last 30 days"),
        handler_for_function(
            "features.morning.verbs:briefing_version_documents_between",
            _briefing_text,
            many="briefings",
            none=lambda: _("No briefing."),
        ),
        reads=ReadScope.WORK,
    )
    listed.add_argument("--from", dest="first", type=parse_date, metavar="D", help=_("from this date on"))
    listed.add_argument("--to", dest="last", type=parse_date, metavar="D", help=_("until this date"))
    opening = commands.add_group("opening")
    signing = opening.add_command(
        "sign", _("sign the hall open; what is not named is in order"), _sign_opening_or_closing
    )
    signing.add_argument("--closing", action="store_true", help=_("sign it closed"))
    signing.add_argument(
        "--lacking",
        action="append",
        type=parse_nonempty_text,
        default=[],
        metavar="ITEM:REASON",
        help=_("not in order, for a reason of the sheet by its place, or another; repeat it"),
    )
    signing.add_argument(
        "--na",
        action="append",
        type=parse_whole_number,
        default=[],
        metavar="ITEM",
        help=_("does not apply; repeat it"),
    )
    signing.add_argument("--temperature", type=_parse_degrees, metavar="N", help=_("in °C"))
    signing.add_argument("--humidity", type=parse_whole_number, metavar="N", help=_("in %"))
    showing = opening.add_command(
        "show",
        _("show how it was signed open and closed"),
        handler_for_function(
            "features.morning.verbs:signed_opening_and_closing_document", _signed_opening_and_closing_text
        ),
        reads=ReadScope.WORK,
    )
    showing.add_argument("--date", dest="day", type=parse_date, metavar="D", help=_("today if not given"))
    here = opening.add_command(
        "attendance",
        _("show who was to be there, and who was when"),
        handler_for_function("features.morning.verbs:attendance_document", _staff_attendance_text),
        reads=ReadScope.FIGURES,
    )
    here.add_argument("--date", dest="day", type=parse_date, metavar="D", help=_("today if not given"))


def _parse_degrees(text: str) -> int:
    return -parse_whole_number(text[1:]) if text[:1] in "-−" else parse_whole_number(text)


def _briefing_or_none_text(document: Document, setup: Setup) -> str:
    return _briefing_text(document["briefing"], setup) if document["briefing"] else _("No briefing.")


def _write_morning_pdf(job: CommandJob) -> int:
    from queuedesk.features.morning.papers import write_morning_pdf
    from queuedesk.i18n import current_language

    file = write_morning_pdf(job.desk(), job.args.day, job.args.out, lang=current_language(), now=job.now())
    return job.print_answer({"file": str(file)}, str(file))


def _briefing_text(one: Document, setup: Setup) -> str:
    at, by = time_hm(datetime.fromisoformat(one["at"])), staff_name(setup, one["by"])
    lines = [f"{one['briefing']}  {one['date']}  v{one['version']}  {at}  {by}"]
    english = one["points_en"] or [""] * len(one["points"])
    lines += [f"  - {name_in_language(text, text_en)}" for text, text_en in zip(one["points"], english, strict=False)]
    read = [f"{staff_name(setup, each['staff'])} {time_hm(datetime.fromisoformat(each['at']))}" for each in one["read"]]
    if read:
        lines.append(_("Read by {people}", people=list_text(read)))
    if one["unread"]:
        lines.append(_("Not yet by {people}", people=list_text([staff_name(setup, code) for code in one["unread"]])))
    return "\n".join(lines)


def _sign_opening_or_closing(job: CommandJob) -> int:
    from queuedesk.features.morning import verbs

    args = job.args
    what = CLOSING if args.closing else OPENING
    sheet = verbs.signed_opening_and_closing_document(job.desk(), None, job.now())["sheets"][what]
    said: dict[int, Document] = {
        n: {"item": n, "state": "good"} for n in range(1, len(sheet["items"]) + 1 if sheet else 1)
    }
    said |= {n: {"item": n, "state": "not_applicable"} for n in args.na}
    for text in args.lacking:
        place, colon, reason = text.replace("：", ":").partition(":")
        if not colon or not place.strip().isdigit():
            raise UsageError(_("Write what is lacking as the item's place, a colon and the reason: 3:1 or 3:lamp out."))
        one: Document = said.setdefault(int(place), {"item": int(place)})
        one["state"] = "lacking"
        if reason.strip().isdigit():
            one["why"] = [*one.get("why", []), int(reason)]
        else:
            one["words"] = reason
    document = verbs.sign_opening_or_closing(
        job.desk(), job.new_change_ask(), what, said.values(), temperature=args.temperature, humidity=args.humidity
    )
    return job.print_answer(document, _opening_or_closing_text(what, document, job.setup()))


def _signed_opening_and_closing_text(document: Document, setup: Setup) -> str:
    lines = [_opening_or_closing_text(what, document[what], setup) for what in (OPENING, CLOSING)]
    if document["checks"]["missing"]:
        n = len(document["checks"]["missing"])
        lines.append(n_("{n} check of equipment is missing", "{n} checks of equipment are missing", n))
    return "\n".join(lines)


def _opening_or_closing_text(what: str, one: Document | None, setup: Setup) -> str:
    if one is None:
        return (
            _("Nobody has signed for the opening yet.")
            if what == OPENING
            else _("Nobody has signed for the closing yet.")
        )
    signed = {"time": time_hm(datetime.fromisoformat(one["at"])), "name": staff_name(setup, one["by"])}
    done = (
        _("Open, signed {time} by {name}", **signed)
        if what == OPENING
        else _("Closed, signed {time} by {name}", **signed)
    )
    air = [f"{one['temperature']} °C"] if one["temperature"] is not None else []
    air += [f"{one['humidity']} %"] if one["humidity"] is not None else []
    lines = [
        "  ".join([done, sheet_name_with_version(name_in_language(one["name"], one["name_en"]), one["version"]), *air])
    ]
    for item in one["items"]:
        if item["state"] == "lacking":
            why = [
                name_in_language(item["reasons"][place - 1]["text"], item["reasons"][place - 1]["text_en"])
                for place in item["why"]
            ]
            why += [item["words"]] if item["words"] else []
            lines.append(f"  {item['n']}  {name_in_language(item['text'], item['text_en'])}  {list_text(why)}")
    return "\n".join(lines)


def _staff_attendance_text(document: Document, setup: Setup) -> str:
    rostered = bool(setup.roster)
    lines = [
        f"{staff_name(setup, one['staff'])}  {person_attendance_words(one, rostered=rostered)}"
        for one in document["attendance"]
    ]
    return "\n".join(lines) or _("Nobody was planned, and nobody was there.")
