"""The commands by which people of the hall reach each other: short messages, and calls for help."""

from __future__ import annotations

from datetime import datetime

from queuedesk.cli.job import Document, Job
from queuedesk.cli.parser import Commands, code, day, number, plain
from queuedesk.core.network.people import Read
from queuedesk.i18n import _, listing, time_hm
from queuedesk.i18n.queue.reasons import reason_words
from queuedesk.i18n.talk.talk_words import place_words
from queuedesk.i18n.words import named


def add(commands: Commands) -> None:
    """Add the groups `message` and `help-call`."""
    messages = commands.add_group("message", _("short messages between stations"))
    sending = messages.add("send", _("send one"), _send)
    sending.add_argument("to", type=code, metavar="TO")
    sending.add_argument("text", type=plain, metavar="TEXT")
    sending.add_argument("--en", default="", metavar="TEXT", help=_("the same in English"))
    sending.add_argument("--from", dest="origin", type=code, metavar="PLACE", help=_("from this place"))
    messages.add("list", _("show those of a day"), _messages, reads=Read.WORK).add_argument(
        "--date", dest="day", type=day, metavar="D", help=_("today if not given")
    )
    seen = messages.add("seen", _("say that one was read"), _seen)
    seen.add_argument("seq", type=number, metavar="N")
    seen.add_argument("--at", dest="place", type=code, metavar="PLACE", help=_("where it was read"))
    calls = commands.add_group("help-call", _("calls for help"))
    pressing = calls.add("press", _("call somebody to a place"), _press)
    pressing.add_argument("place", type=code, metavar="PLACE")
    pressing.add_argument("--about", default="", metavar="TEXT", help=_("what is needed"))
    pressing.add_argument("--en", default="", metavar="TEXT", help=_("the same in English"))
    calls.add("ack", _("say that you are coming"), _ack).add_argument("seq", type=number, metavar="N")
    calls.add("arrived", _("say that somebody is there"), _arrived).add_argument("seq", type=number, metavar="N")
    cancelling = calls.add("cancel", _("take a call back"), _cancel)
    cancelling.add_argument("seq", type=number, metavar="N")
    cancelling.add_argument("--reason", required=True, metavar="R", help=_("why"))
    calls.add("list", _("show those of a day"), _calls, reads=Read.WORK).add_argument(
        "--date", dest="day", type=day, metavar="D", help=_("today if not given")
    )


def _send(job: Job) -> int:
    from queuedesk.desk.talk import messaging

    args = job.args
    document = messaging.send(job.desk(), job.ask(), args.to, args.text, text_en=args.en, origin=args.origin)
    return job.answer(document, _message_text(document))


def _seen(job: Job) -> int:
    from queuedesk.desk.talk import messaging

    document = messaging.mark_seen(job.desk(), job.ask(), job.args.seq, place=job.args.place)
    return job.answer(document, _message_text(document))


def _messages(job: Job) -> int:
    from queuedesk.desk.talk import messaging

    rows = messaging.messages_of(job.desk(), job.args.day, job.now())
    return job.answer({"messages": rows}, "\n".join(map(_message_text, rows)) or _("No messages."))


def _message_text(document: Document) -> str:
    seen = [
        _("{place} {time}", place=place_words(one["place"]), time=time_hm(datetime.fromisoformat(one["at"])))
        for one in document["seen"]
    ]
    way = _("{origin} to {to}", origin=place_words(document["from"]), to=place_words(document["to"]))
    read = _("seen: {places}", places=listing(seen)) if seen else _("not seen yet")
    at = time_hm(datetime.fromisoformat(document["at"]))
    return "  ".join((str(document["seq"]), at, way, named(document["text"], document["text_en"]), read))


def _press(job: Job) -> int:
    from queuedesk.desk.talk import messaging

    args = job.args
    document = messaging.press_help(job.desk(), job.ask(), args.place, about=args.about, about_en=args.en)
    return job.answer(document, _call_text(document))


def _ack(job: Job) -> int:
    from queuedesk.desk.talk import messaging

    document = messaging.acknowledge_help(job.desk(), job.ask(), job.args.seq)
    return job.answer(document, _call_text(document))


def _arrived(job: Job) -> int:
    from queuedesk.desk.talk import messaging

    document = messaging.help_arrived(job.desk(), job.ask(), job.args.seq)
    return job.answer(document, _call_text(document))


def _cancel(job: Job) -> int:
    from queuedesk.desk.talk import messaging

    document = messaging.cancel_help(job.desk(), job.ask(), job.args.seq, reason=job.args.reason)
    return job.answer(document, _call_text(document))


def _calls(job: Job) -> int:
    from queuedesk.desk.talk import messaging

    rows = messaging.help_calls_of(job.desk(), job.args.day, job.now())
    return job.answer({"help_calls": rows}, "\n".join(map(_call_text, rows)) or _("No calls for help."))


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
