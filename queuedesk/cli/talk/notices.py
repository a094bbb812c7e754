"""The commands of notices and emergencies."""

from __future__ import annotations

from datetime import datetime

from queuedesk.cli.job import Document, Job, calls
from queuedesk.cli.parser import Commands, UsageError, code, number, plain
from queuedesk.core.errors import RuleError
from queuedesk.core.imports.half_width import half_width
from queuedesk.core.network.roles import Read
from queuedesk.i18n import _, time_hm
from queuedesk.i18n.talk import place_words


def add(notices: Commands) -> None:
    """Add the commands for notices sent to the displays to their group."""
    pushing = notices.add("push", _("put one on the displays at once"), _push)
    pushing.add_argument("text", type=plain, metavar="TEXT")
    pushing.add_argument("--en", default="", metavar="TEXT", help=_("the same in English"))
    pushing.add_argument("--minutes", type=number, metavar="N", help=_("for so long"))
    where = pushing.add_mutually_exclusive_group()
    where.add_argument("--zone", type=plain, metavar="Z", help=_("in this part of the hall alone"))
    where.add_argument("--display", type=code, metavar="NAME", help=_("on this display only"))
    pushing.add_argument("--at", type=code, metavar="TIME", help=_("from this time today"))
    pushing.add_argument("--spoken", action="store_true", help=_("read aloud when it begins"))
    notices.add("stop", _("take a pushed one off the displays"), calls("talk.messaging.withdraw", _text)).add_argument(
        "seq", type=number, metavar="N"
    )
    notices.add(
        "pushed",
        _("show those on the displays now and those still to begin"),
        calls("talk.messaging.pushed_now", _text, many="notices", none=lambda: _("No notices.")),
        reads=Read.HALL,
    )
    emergency = notices.add("emergency", _("put an emergency on every screen, or end it"), _emergency)
    emergency.add_argument("text", type=plain, nargs="?", metavar="N|TEXT")
    emergency.add_argument("--en", default="", metavar="TEXT", help=_("the same in English"))
    emergency.add_argument("--end", action="store_true", help=_("end the current one"))


def _push(job: Job) -> int:
    from queuedesk.desk.talk import messaging

    args = job.args
    document = messaging.push(
        job.desk(),
        job.ask(),
        args.text,
        text_en=args.en,
        minutes=args.minutes,
        zone=args.zone,
        display=args.display,
        begins=messaging.begins_at(job.setup(), job.today(), args.at) if args.at is not None else None,
        spoken=args.spoken,
    )
    return job.answer(document, _text(document))


def _emergency(job: Job) -> int:
    from queuedesk.desk.talk import messaging

    args = job.args
    if args.end:
        if args.text is not None or args.en:
            raise UsageError(_("Not together with {what}", what="--end"))
        document = messaging.end_emergency(job.desk(), job.ask())
    else:
        text, text_en = _sentence(job, args.text or "1", args.en)
        document = messaging.declare_emergency(job.desk(), job.ask(), text, text_en=text_en)
    return job.answer(document, _text(document))


def _sentence(job: Job, said: str, said_en: str) -> tuple[str, str]:
    """Return the hall's ready sentence of that number, from 1, or what was typed."""
    typed = half_width(said).strip()
    if not (typed.isascii() and typed.isdigit()):
        return said, said_en
    ready = job.setup().sentences.emergency
    if not 1 <= int(typed) <= len(ready):
        numbers = [str(n) for n in range(1, len(ready) + 1)]
        raise RuleError("bad_value", field="text", value=typed[:20], why="not_a_choice", limit=numbers)
    one = ready[int(typed) - 1]
    return one.text, said_en or one.text_en


def _text(document: Document) -> str:
    def clock(key: str) -> str:
        return time_hm(datetime.fromisoformat(document[key])) if document[key] else ""

    where = document["zone"] or (place_words(document["display"]) if document["display"] else "")
    begins = _("from {time}", time=clock("begins")) if document["begins"] else ""
    ends = _("until {time}", time=clock("until")) if document["until"] else ""
    marks = [
        _("emergency", context="notice") if document["emergency"] else "",
        _("read aloud", context="notice") if document["spoken"] else "",
    ]
    return "  ".join(part for part in (str(document["seq"]), document["text"], where, begins, ends, *marks) if part)
