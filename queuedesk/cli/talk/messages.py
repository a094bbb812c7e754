"""Commands by which people of the hall reach each other: messages, calls for help, notes, alerts."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from queuedesk.cli.command_table import Listed
from queuedesk.cli.job import Document, Job, calls
from queuedesk.cli.parser import Commands, code, day, number, pair, plain, ticket
from queuedesk.cli.wording import ticket_text
from queuedesk.core.errors import RuleError
from queuedesk.core.imports.half_width import half_width
from queuedesk.core.network.roles import Read
from queuedesk.core.setup.field_kinds import typed_flag
from queuedesk.i18n import _, figure_range, listing, n_, time_hm
from queuedesk.i18n.moments import named
from queuedesk.i18n.queue.line_words import reason_words
from queuedesk.i18n.talk import note_kind, place_words

if TYPE_CHECKING:
    from queuedesk.core.setup.rows import Setup


def add(commands: Listed) -> None:
    """Add note, ack, correct, message and help-call."""
    _add_remarks(commands)
    messages = commands.add_group("message")
    sending = messages.add("send", _("send one"), calls("talk.messaging.send", _message_text, text_en="en"))
    sending.add_argument("to", type=code, metavar="TO")
    sending.add_argument("text", type=plain, metavar="TEXT")
    sending.add_argument("--en", default="", metavar="TEXT", help=_("the same in English"))
    sending.add_argument("--from", dest="origin", type=code, metavar="PLACE", help=_("from this place"))
    messages.add(
        "list",
        _("show those of a day"),
        calls("talk.messaging.messages_of", _message_text, many="messages", none=lambda: _("No messages.")),
        reads=Read.WORK,
    ).add_argument("--date", dest="day", type=day, metavar="D", help=_("today if not given"))
    seen = messages.add("seen", _("say that one was read"), calls("talk.messaging.mark_seen", _message_text))
    seen.add_argument("seq", type=number, metavar="N")
    seen.add_argument("--at", dest="place", type=code, metavar="PLACE", help=_("where it was read"))
    presses = commands.add_group("help-call")
    pressing = presses.add(
        "press", _("call somebody to a place"), calls("talk.messaging.press_help", _call_text, about_en="en")
    )
    pressing.add_argument("place", type=code, metavar="PLACE")
    pressing.add_argument("--about", default="", metavar="TEXT", help=_("what is needed"))
    pressing.add_argument("--en", default="", metavar="TEXT", help=_("the same in English"))
    presses.add("ack", _("say that you are coming"), calls("talk.messaging.acknowledge_help", _call_text)).add_argument(
        "seq", type=number, metavar="N"
    )
    presses.add(
        "arrived", _("say that somebody is there"), calls("talk.messaging.help_arrived", _call_text)
    ).add_argument("seq", type=number, metavar="N")
    cancelling = presses.add("cancel", _("take a call back"), calls("talk.messaging.cancel_help", _call_text))
    cancelling.add_argument("seq", type=number, metavar="N")
    cancelling.add_argument("--reason", required=True, metavar="R", help=_("why"))
    presses.add(
        "list",
        _("show those of a day"),
        calls("talk.messaging.help_calls_of", _call_text, many="help_calls", none=lambda: _("No calls for help.")),
        reads=Read.WORK,
    ).add_argument("--date", dest="day", type=day, metavar="D", help=_("today if not given"))


def _message_text(document: Document) -> str:
    seen = [
        _("{place} {time}", place=place_words(one["place"]), time=time_hm(datetime.fromisoformat(one["at"])))
        for one in document["seen"]
    ]
    way = _("{origin} to {to}", origin=place_words(document["from"]), to=place_words(document["to"]))
    read = _("seen: {places}", places=listing(seen)) if seen else _("not seen yet")
    at = time_hm(datetime.fromisoformat(document["at"]))
    return "  ".join((str(document["seq"]), at, way, named(document["text"], document["text_en"]), read))


def _call_text(document: Document) -> str:
    def clock(key: str) -> str:
        return time_hm(datetime.fromisoformat(document[key])) if document[key] else ""

    parts = [str(document["seq"]), clock("pressed"), place_words(document["place"])]
    parts.append(named(document["about"], document["about_en"]))
    if document["helper"]:
        parts.append(_("{staff} is coming ({time})", staff=document["helper"], time=clock("acknowledged")))
    ends = {
        "arrived": _("somebody is there ({time})", time=clock("ended")),
        "cancelled": _("taken back: {reason}", reason=reason_words(document["reason"] or "")),
        "day_end": _("nobody came", context="help"),
        None: "" if document["helper"] else _("nobody has answered", context="help"),
    }
    return "  ".join(part for part in (*parts, ends[document["end"]]) if part)


_CLOCK = re.compile(r"(\d{1,2}:\d{2})(?::([0-5]\d))?")


# -- notes, alerts, corrections ---------------------------------------------------------------------------------------


def _add_remarks(commands: Listed) -> None:
    """Add note, ack and correct."""
    _add_notes(commands.add_group("note"))
    ack = commands.add("ack", calls("talk.alarms.acknowledge", _acknowledged))
    ack.add_argument("kind", type=code, metavar="KIND")
    named = ack.add_mutually_exclusive_group()
    named.add_argument("--service", type=code, metavar="S", help=_("of this service"))
    named.add_argument("--window", type=code, metavar="W", help=_("of this window"))
    named.add_argument("--ticket", type=ticket, metavar="T", help=_("of this ticket"))
    named.add_argument("--station", type=plain, metavar="STATION", help=_("of the device at this station"))
    correct = commands.add("correct", _correct)
    correct.add_argument("ticket", type=ticket, metavar="T")
    correct.add_argument("pairs", type=pair, nargs="+", metavar="field=value")
    correct.add_argument("--leg", type=number, metavar="N", help=_("its step, the last one if not given"))
    correct.add_argument("--reason", required=True, metavar="R", help=_("why"))
    agrees = correct.add_mutually_exclusive_group()
    agrees.add_argument("--second", type=code, metavar="STAFF", help=_("who confirms it"))
    agrees.add_argument("--alone", action="store_true", help=_("no one else is there to confirm; that is recorded"))
    correct.add_argument("--date", dest="day", type=day, metavar="D", help=_("the ticket's date, today if not given"))


def _add_notes(notes: Commands) -> None:
    adding = notes.add("add", _("add one"), calls("talk.messaging.add_note", _note_text))
    adding.add_argument("kind", type=code, metavar="KIND")
    adding.add_argument("text", type=plain, metavar="TEXT")
    adding.add_argument("--date", dest="day", type=day, metavar="D", help=_("today if not given"))
    adding.add_argument("--from", dest="start", type=code, metavar="TIME", help=_("from when"))
    adding.add_argument("--to", dest="end", type=code, metavar="TIME", help=_("until when"))
    notes.add("list", _("show all"), _list_notes, reads=Read.WORK).add_argument(
        "--date", dest="day", type=day, metavar="D", help=_("of this day alone")
    )
    removing = notes.add("remove", _("take one away"), calls("talk.messaging.remove_note", _note_text))
    removing.add_argument("seq", type=number, metavar="N")
    removing.add_argument("--reason", required=True, metavar="R", help=_("why"))


def _list_notes(job: Job) -> int:
    from queuedesk.desk.talk import messaging

    found = messaging.notes_of(job.desk(), job.args.day, job.args.day)
    rows = [messaging.note_document(note) for note in found]
    return job.answer({"notes": rows}, "\n".join(map(_note_text, rows)) or _("No notes."))


def _note_text(document: Document) -> str:
    span = ""
    if document["from"] or document["to"]:
        span = figure_range(document["from"] or "", document["to"] or "")
    shown = (str(document["seq"]), document["date"], span, note_kind(document["kind"]), document["text"])
    return "  ".join(part for part in shown if part)


def _acknowledged(document: Document) -> str:
    return n_("{n} alert acknowledged", "{n} alerts acknowledged", len(document["alerts"]))


def _correct(job: Job) -> int:
    from queuedesk.desk.figures import correcting

    args, setup = job.args, job.setup()
    day_ = args.day or job.today()
    changes = {key: _read(setup, day_, key, value) for key, value in args.pairs}
    ask = job.ask()
    if args.second is not None:
        job.confirm(args.second)
    document = correcting.correct(
        job.desk(),
        ask,
        args.ticket,
        leg=args.leg,
        changes=changes,
        reason=args.reason,
        second=args.second,
        alone=args.alone,
        day=args.day,
    )
    return job.answer(document, ticket_text(document))


def _read(setup: Setup, of: date, key: str, value: str) -> object:
    """Read the value of a correction; what has no reader is text."""
    readers: dict[str, Callable[[], object]] = {
        "started": lambda: _moment(setup, of, key, value),
        "finished": lambda: _moment(setup, of, key, value),
        "form_free": lambda: typed_flag(key, value),
        "delivered": lambda: [one.strip() for one in re.split(r"[,，、]", half_width(value)) if one.strip()],
        "staff": lambda: half_width(value).strip(),
        "item": lambda: half_width(value).strip(),
        "rating": lambda: _rating(value),
    }
    return readers.get(key, lambda: value)()


def _rating(value: str) -> int | str:
    typed = half_width(value).strip()
    return int(typed) if re.fullmatch(r"[0-9]{1,2}", typed) else typed


def _moment(setup: Setup, of: date, key: str, value: str) -> datetime:
    """Read "10:42", "10:42:30" on the hall's clock of that business date, or ISO 8601. Raises RuleError "bad_value"."""
    from queuedesk.core.queue.hallday import day_begins, hall_moment
    from queuedesk.core.setup.time_of_day import minutes_of

    typed = half_width(value).strip()
    try:
        if found := _CLOCK.fullmatch(typed):
            seconds = timedelta(seconds=int(found[2] or 0))
            moment = hall_moment(setup, of, minutes_of(found[1])) + seconds
            if moment < day_begins(setup, of):  # a day that turns at 4:00 has its 1:00 on the next calendar day
                moment = hall_moment(setup, of + timedelta(days=1), minutes_of(found[1])) + seconds
            return moment
        moment = datetime.fromisoformat(typed)
    except (ValueError, OverflowError):
        raise RuleError("bad_value", field=key, value=value[:20], why="not_a_time") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=setup.zone)
