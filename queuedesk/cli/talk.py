"""The commands of what is said in the hall: its voice, notices and emergencies, messages, calls for help, notes and
alerts; and of its equipment."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from queuedesk.cli import command_table
from queuedesk.cli.job import CommandJob, Document, handler_for_function
from queuedesk.core.errors import OutsideError, RuleError
from queuedesk.core.imports import half_width_text
from queuedesk.core.network.roles import ReadScope
from queuedesk.core.setup.field_kinds import parse_on_off, row_from_typed_pairs
from queuedesk.i18n import _, date_short, figure_range, list_text, n_, talk, time_hm, time_hms
from queuedesk.i18n.moments import name_in_language
from queuedesk.i18n.queue.line_words import reason_words

if TYPE_CHECKING:
    from queuedesk.core.setup.rows import Setup


def register_commands(commands: command_table.CommandList) -> None:
    _add_device_commands(commands)
    _add_talk_commands(commands)
    _add_voice_commands(commands)


def _add_device_commands(commands: command_table.CommandList) -> None:
    group = commands.add_group("device")
    group.add_command(
        "list",
        _("what works, and since when not"),
        handler_for_function(
            "talk.devices.device_rows", _device_text, many="devices", none=lambda: _("No device has reported yet.")
        ),
        reads=ReadScope.HALL,
    )


def _device_text(row: Document) -> str:
    since = datetime.fromisoformat(row["since"])
    how = _("works", context="device") if row["cause"] is None else talk.device_down_cause_words(row["cause"])
    moment = _("since {day}, {time}", day=date_short(since.date()), time=time_hm(since))
    return "  ".join((talk.device_name(row["device"], row["station"]), how, moment))


def _add_talk_commands(commands: command_table.CommandList) -> None:
    _add_note_ack_correct_commands(commands)
    messages = commands.add_group("message")
    sending = messages.add_command(
        "send", _("send one"), handler_for_function("talk.messaging.send_message", _message_text, text_en="en")
    )
    sending.add_argument("to", type=command_table.parse_code, metavar="TO")
    sending.add_argument("text", type=command_table.parse_nonempty_text, metavar="TEXT")
    sending.add_argument("--en", default="", metavar="TEXT", help=_("the same in English"))
    sending.add_argument(
        "--from", dest="origin", type=command_table.parse_code, metavar="PLACE", help=_("from this place")
    )
    messages.add_command(
        "list",
        _("show those of a day"),
        handler_for_function(
            "talk.messaging.messages_on_or_unread", _message_text, many="messages", none=lambda: _("No messages.")
        ),
        reads=ReadScope.WORK,
    ).add_argument("--date", dest="day", type=command_table.parse_date, metavar="D", help=_("today if not given"))
    seen = messages.add_command(
        "seen", _("say that one was read"), handler_for_function("talk.messaging.mark_message_read", _message_text)
    )
    seen.add_argument("seq", type=command_table.parse_whole_number, metavar="N")
    seen.add_argument("--at", dest="place", type=command_table.parse_code, metavar="PLACE", help=_("where it was read"))
    presses = commands.add_group("help-call")
    pressing = presses.add_command(
        "press",
        _("call somebody to a place"),
        handler_for_function("talk.messaging.call_for_help_at", _help_call_text, about_en="en"),
    )
    pressing.add_argument("place", type=command_table.parse_code, metavar="PLACE")
    pressing.add_argument("--about", default="", metavar="TEXT", help=_("what is needed"))
    pressing.add_argument("--en", default="", metavar="TEXT", help=_("the same in English"))
    presses.add_command(
        "ack", _("say that you are coming"), handler_for_function("talk.messaging.acknowledge_help", _help_call_text)
    ).add_argument("seq", type=command_table.parse_whole_number, metavar="N")
    presses.add_command(
        "arrived",
        _("say that somebody is there"),
        handler_for_function("talk.messaging.record_helper_arrival", _help_call_text),
    ).add_argument("seq", type=command_table.parse_whole_number, metavar="N")
    cancelling = presses.add_command(
        "cancel", _("take a call back"), handler_for_function("talk.messaging.cancel_help", _help_call_text)
    )
    cancelling.add_argument("seq", type=command_table.parse_whole_number, metavar="N")
    cancelling.add_argument("--reason", required=True, metavar="R", help=_("why"))
    presses.add_command(
        "list",
        _("show those of a day"),
        handler_for_function(
            "talk.messaging.help_calls_on", _help_call_text, many="help_calls", none=lambda: _("No calls for help.")
        ),
        reads=ReadScope.WORK,
    ).add_argument("--date", dest="day", type=command_table.parse_date, metavar="D", help=_("today if not given"))


def _message_text(document: Document) -> str:
    seen = [
        _("{place} {time}", place=talk.place_words(one["place"]), time=time_hm(datetime.fromisoformat(one["at"])))
        for one in document["seen"]
    ]
    way = _("{origin} to {to}", origin=talk.place_words(document["from"]), to=talk.place_words(document["to"]))
    read = _("seen: {places}", places=list_text(seen)) if seen else _("not seen yet")
    at = time_hm(datetime.fromisoformat(document["at"]))
    return "  ".join((str(document["seq"]), at, way, name_in_language(document["text"], document["text_en"]), read))


def _help_call_text(document: Document) -> str:
    def clock_text(key: str) -> str:
        return time_hm(datetime.fromisoformat(document[key])) if document[key] else ""

    parts = [str(document["seq"]), clock_text("pressed"), talk.place_words(document["place"])]
    parts.append(name_in_language(document["about"], document["about_en"]))
    if document["helper"]:
        parts.append(_("{staff} is coming ({time})", staff=document["helper"], time=clock_text("acknowledged")))
    ends = {
        "arrived": _("somebody is there ({time})", time=clock_text("ended")),
        "cancelled": _("taken back: {reason}", reason=reason_words(document["reason"] or "")),
        "day_end": _("nobody came", context="help"),
        None: "" if document["helper"] else _("nobody has answered", context="help"),
    }
    return "  ".join(part for part in (*parts, ends[document["end"]]) if part)


_CLOCK = re.compile(r"(\d{1,2}:\d{2})(?::([0-5]\d))?")


# -- notes, alerts, corrections ---------------------------------------------------------------------------------------


def _add_note_ack_correct_commands(commands: command_table.CommandList) -> None:
    _add_day_note_commands(commands.add_group("note"))
    ack = commands.add_command(
        "ack", handler_for_function("talk.messaging.acknowledge_alert", _acknowledged_alerts_text)
    )
    ack.add_argument("kind", type=command_table.parse_code, metavar="KIND")
    named = ack.add_mutually_exclusive_group()
    named.add_argument("--service", type=command_table.parse_code, metavar="S", help=_("of this service"))
    named.add_argument("--window", type=command_table.parse_code, metavar="W", help=_("of this window"))
    named.add_argument("--ticket", type=command_table.parse_ticket_number, metavar="T", help=_("of this ticket"))
    named.add_argument(
        "--station", type=command_table.parse_nonempty_text, metavar="STATION", help=_("of the device at this station")
    )
    correct = commands.add_command("correct", _correct_ticket_fields)
    correct.add_argument("ticket", type=command_table.parse_ticket_number, metavar="T")
    correct.add_argument("pairs", type=command_table.parse_key_value, nargs="+", metavar="field=value")
    correct.add_argument(
        "--leg", type=command_table.parse_whole_number, metavar="N", help=_("its step, the last one if not given")
    )
    correct.add_argument("--reason", required=True, metavar="R", help=_("why"))
    agrees = correct.add_mutually_exclusive_group()
    agrees.add_argument("--second", type=command_table.parse_code, metavar="STAFF", help=_("who confirms it"))
    agrees.add_argument("--alone", action="store_true", help=_("no one else is there to confirm; that is recorded"))
    correct.add_argument(
        "--date",
        dest="day",
        type=command_table.parse_date,
        metavar="D",
        help=_("the ticket's date, today if not given"),
    )


def _add_day_note_commands(notes: command_table.CommandGroup) -> None:
    adding = notes.add_command("add", _("add one"), handler_for_function("talk.messaging.add_day_note", _day_note_text))
    adding.add_argument("kind", type=command_table.parse_code, metavar="KIND")
    adding.add_argument("text", type=command_table.parse_nonempty_text, metavar="TEXT")
    adding.add_argument("--date", dest="day", type=command_table.parse_date, metavar="D", help=_("today if not given"))
    adding.add_argument("--from", dest="start", type=command_table.parse_code, metavar="TIME", help=_("from when"))
    adding.add_argument("--to", dest="end", type=command_table.parse_code, metavar="TIME", help=_("until when"))
    notes.add_command("list", _("show all"), _list_day_notes, reads=ReadScope.WORK).add_argument(
        "--date", dest="day", type=command_table.parse_date, metavar="D", help=_("of this day alone")
    )
    removing = notes.add_command(
        "remove", _("take one away"), handler_for_function("talk.messaging.remove_day_note", _day_note_text)
    )
    removing.add_argument("seq", type=command_table.parse_whole_number, metavar="N")
    removing.add_argument("--reason", required=True, metavar="R", help=_("why"))


def _list_day_notes(job: CommandJob) -> int:
    from queuedesk.desk.talk import messaging

    notes = messaging.day_notes_between(job.desk(), job.args.day, job.args.day)
    rows = [messaging.day_note_document(note) for note in notes]
    return job.print_answer({"notes": rows}, "\n".join(map(_day_note_text, rows)) or _("No notes."))


def _day_note_text(document: Document) -> str:
    span = ""
    if document["from"] or document["to"]:
        span = figure_range(document["from"] or "", document["to"] or "")
    shown = (str(document["seq"]), document["date"], span, talk.day_note_kind_word(document["kind"]), document["text"])
    return "  ".join(part for part in shown if part)


def _acknowledged_alerts_text(document: Document) -> str:
    return n_("{n} alert acknowledged", "{n} alerts acknowledged", len(document["alerts"]))


def _correct_ticket_fields(job: CommandJob) -> int:
    from queuedesk.desk import figures

    args, setup = job.args, job.setup()
    day_ = args.day or job.today()
    changes = {key: _parse_correction_value(setup, day_, key, value) for key, value in args.pairs}
    ask = job.new_change_ask()
    if args.second is not None:
        job.require_pin_of_second_person(args.second)
    document = figures.correct_leg_or_rating(
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
    return job.print_answer(document, command_table.ticket_text(document))


def _parse_correction_value(setup: Setup, of: date, key: str, value: str) -> object:
    """Read the value of a correction; what has no reader is text."""
    readers: dict[str, Callable[[], object]] = {
        "started": lambda: _parse_hall_moment(setup, of, key, value),
        "finished": lambda: _parse_hall_moment(setup, of, key, value),
        "form_free": lambda: parse_on_off(key, value),
        "delivered": lambda: [one.strip() for one in re.split(r"[,，、]", half_width_text(value)) if one.strip()],
        "staff": lambda: half_width_text(value).strip(),
        "item": lambda: half_width_text(value).strip(),
        "rating": lambda: _parse_rating(value),
    }
    return readers.get(key, lambda: value)()


def _parse_rating(value: str) -> int | str:
    typed = half_width_text(value).strip()
    return int(typed) if re.fullmatch(r"[0-9]{1,2}", typed) else typed


def _parse_hall_moment(setup: Setup, of: date, key: str, value: str) -> datetime:
    """Read "10:42", "10:42:30" on the hall's clock of that business date, or ISO 8601. Raises RuleError "bad_value"."""
    from queuedesk.core.queue.hallday import begin_of_day, utc_moment_of_hall_minute
    from queuedesk.core.setup.time_of_day import parse_clock_minutes

    typed = half_width_text(value).strip()
    try:
        if match := _CLOCK.fullmatch(typed):
            seconds = timedelta(seconds=int(match[2] or 0))
            moment = utc_moment_of_hall_minute(setup, of, parse_clock_minutes(match[1])) + seconds
            if moment < begin_of_day(setup, of):  # a day that turns at 4:00 has its 1:00 on the next calendar day
                moment = (
                    utc_moment_of_hall_minute(setup, of + timedelta(days=1), parse_clock_minutes(match[1])) + seconds
                )
            return moment
        moment = datetime.fromisoformat(typed)
    except (ValueError, OverflowError):
        raise RuleError("bad_value", field=key, value=value[:20], why="not_a_time") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=setup.time_zone)


def _add_notice_commands(notices: command_table.CommandGroup) -> None:
    pushing = notices.add_command("push", _("put one on the displays at once"), _push_notice)
    pushing.add_argument("text", type=command_table.parse_nonempty_text, metavar="TEXT")
    pushing.add_argument("--en", default="", metavar="TEXT", help=_("the same in English"))
    pushing.add_argument("--minutes", type=command_table.parse_whole_number, metavar="N", help=_("for so long"))
    where = pushing.add_mutually_exclusive_group()
    where.add_argument(
        "--zone", type=command_table.parse_nonempty_text, metavar="Z", help=_("in this part of the hall alone")
    )
    where.add_argument("--display", type=command_table.parse_code, metavar="NAME", help=_("on this display only"))
    pushing.add_argument("--at", type=command_table.parse_code, metavar="TIME", help=_("from this time today"))
    pushing.add_argument("--spoken", action="store_true", help=_("read aloud when it begins"))
    notices.add_command(
        "stop",
        _("take a pushed one off the displays"),
        handler_for_function("talk.messaging.withdraw_notice", _pushed_notice_text),
    ).add_argument("seq", type=command_table.parse_whole_number, metavar="N")
    notices.add_command(
        "pushed",
        _("show those on the displays now and those still to begin"),
        handler_for_function(
            "talk.messaging.current_and_coming_notices",
            _pushed_notice_text,
            many="notices",
            none=lambda: _("No notices."),
        ),
        reads=ReadScope.HALL,
    )
    emergency = notices.add_command(
        "emergency", _("put an emergency on every screen, or end it"), _declare_or_end_emergency
    )
    emergency.add_argument("text", type=command_table.parse_nonempty_text, nargs="?", metavar="N|TEXT")
    emergency.add_argument("--en", default="", metavar="TEXT", help=_("the same in English"))
    emergency.add_argument("--end", action="store_true", help=_("end the current one"))


def _push_notice(job: CommandJob) -> int:
    from queuedesk.desk.talk import messaging

    args = job.args
    document = messaging.push_notice(
        job.desk(),
        job.new_change_ask(),
        args.text,
        text_en=args.en,
        minutes=args.minutes,
        zone=args.zone,
        display=args.display,
        begins=messaging.moment_of_typed_time_on_date(job.setup(), job.today(), args.at)
        if args.at is not None
        else None,
        spoken=args.spoken,
    )
    return job.print_answer(document, _pushed_notice_text(document))


def _declare_or_end_emergency(job: CommandJob) -> int:
    from queuedesk.desk.talk import messaging

    args = job.args
    if args.end:
        if args.text is not None or args.en:
            raise command_table.UsageError(_("Not together with {what}", what="--end"))
        document = messaging.end_emergency(job.desk(), job.new_change_ask())
        return job.print_answer(document, "  ".join((str(document["seq"]), _("The emergency is over"))))
    text, text_en = _emergency_texts(job, args.text or "1", args.en)
    document = messaging.declare_emergency(job.desk(), job.new_change_ask(), text, text_en=text_en)
    return job.print_answer(document, _pushed_notice_text(document))


def _emergency_texts(job: CommandJob, said: str, said_en: str) -> tuple[str, str]:
    """Return the hall's ready sentence of that number, from 1, or what was typed."""
    typed = half_width_text(said).strip()
    if not (typed.isascii() and typed.isdigit()):
        return said, said_en
    ready = job.setup().sentences.emergency
    if not 1 <= int(typed) <= len(ready):
        numbers = [str(n) for n in range(1, len(ready) + 1)]
        raise RuleError("bad_value", field="text", value=typed[:20], why="not_a_choice", limit=numbers)
    sentence = ready[int(typed) - 1]
    return sentence.text, said_en or sentence.text_en


def _pushed_notice_text(document: Document) -> str:
    def clock_text(key: str) -> str:
        return time_hm(datetime.fromisoformat(document[key])) if document[key] else ""

    where = document["zone"] or (talk.place_words(document["display"]) if document["display"] else "")
    begins = _("from {time}", time=clock_text("begins")) if document["begins"] else ""
    ends = _("until {time}", time=clock_text("until")) if document["until"] else ""
    marks = [
        _("emergency", context="notice") if document["emergency"] else "",
        _("read aloud", context="notice") if document["spoken"] else "",
    ]
    return "  ".join(part for part in (str(document["seq"]), document["text"], where, begins, ends, *marks) if part)


TEMPLATES = ("call", "recall")


def _add_voice_commands(commands: command_table.CommandList) -> None:
    group = commands.add_group("voice")
    group.add_command("show", _("show how it is set up"), _show_voice_settings, reads=ReadScope.HALL)
    group.add_command("set", _("change it"), _set_voice_settings).add_argument(
        "pairs", type=command_table.parse_key_value, nargs="+", metavar="key=value"
    )
    trying = group.add_command("try", _("say a call on this PC as it would sound"), _try_voice)
    trying.add_argument("--ticket", type=command_table.parse_ticket_number, metavar="T", help=_("this number"))
    trying.add_argument("--window", type=command_table.parse_code, metavar="W", help=_("to this window"))
    trying.add_argument("--recall", action="store_true", help=_("as a recall"))
    trying.add_argument(
        "--at", type=command_table.parse_minutes_of_day, metavar="HH:MM", help=_("as fast and as loud as at this time")
    )
    trying.add_argument("--out", type=command_table.parse_path, metavar="F.wav", help=_("write it to a file instead"))
    clips = group.add_command(
        "clips", _("write a starter set of recorded words, spoken by this PC"), _check_or_write_clips
    )
    clips.add_argument("--check", action="store_true", help=_("only say what is there and what is missing"))
    clips.add_argument("folder", type=command_table.parse_path, metavar="FOLDER")
    log = group.add_command("log", _("what was said of each call"), _list_announcements, reads=ReadScope.WORK)
    log.add_argument("--date", dest="day", type=command_table.parse_date, metavar="D", help=_("today if not given"))


def _show_voice_settings(job: CommandJob) -> int:
    document = _voice_document(job)
    return job.print_answer(
        document, "\n".join(f"{key}  {value}".rstrip() for key, value in _voice_setting_pairs(document))
    )


def _set_voice_settings(job: CommandJob) -> int:
    from queuedesk.core.setup.rows import ROWS
    from queuedesk.desk import setting_up

    known = job.setup().document.get("voice", {})
    row: dict[str, Any] = {}
    for key, value in row_from_typed_pairs("voice", ROWS["voice"], job.args.pairs).items():
        part, dot, lang = key.partition(".")
        row[part] = {**known.get(part, {}), **row.get(part, {}), lang: value} if dot else value
    setting_up.change_single_row_part(job.desk(), job.new_change_ask(), "voice", row)
    return _show_voice_settings(job)


def _try_voice(job: CommandJob) -> int:
    args, setup, at = job.args, job.setup(), job.args.at
    window = args.window or next(iter(setup.windows))
    setup.window_by_code(window)
    label = args.ticket or next(iter(setup.services.values())).prefix + "017"
    now = setup.to_hall_time(job.now())
    minute = at if at is not None else now.hour * 60 + now.minute
    heard = job.services.voice().play_trial_call(
        setup, setup.voice, label, window, minute, recall=args.recall, out=args.out
    )
    if not heard["links"]:
        raise OutsideError("no_engine")
    if args.out is None and not heard["played"]:
        raise OutsideError("no_sound")
    document = {
        "file": str(args.out) if args.out else None,
        "texts": heard["texts"],
        "spoken": heard["spoken"],
        "links": heard["links"],
        "sound_ms": heard["sound_ms"],
    }
    lines = [
        f"{talk.call_spoken_by_word(heard['links'].get(lang) or 'none')}  {text}"
        for lang, text in heard["texts"].items()
    ]
    return job.print_answer(document, "\n".join([*lines, talk.milliseconds_as_seconds_text(heard["sound_ms"])]))


def _check_or_write_clips(job: CommandJob) -> int:
    args, setup = job.args, job.setup()
    folder = str(args.folder)
    if args.check:
        found = job.services.voice().clip_check_by_language(setup, args.folder)
        return job.print_answer({"folder": folder, "clips": found}, "\n".join(_clip_check_lines(found)))
    written = job.services.voice().synthesize_missing_clips(setup, args.folder)
    counts = (f"{lang}  " + n_("{n} sound written", "{n} sounds written", count) for lang, count in written.items())
    return job.print_answer({"folder": folder, "written": written}, "\n".join((folder, *counts)))


def _clip_check_lines(found: Mapping[str, Any]) -> list[str]:
    lines = []
    for lang, one in found.items():
        lines.append(f"{lang}  " + n_("{n} sound", "{n} sounds", len(one["there"])))
        if one["missing"]:
            lines.append(_("missing: {names}", names=list_text(one["missing"])))
        if one["unreadable"]:
            lines.append(_("can't be read: {files}", files=list_text(one["unreadable"])))
    return lines


def _voice_document(job: CommandJob) -> Document:
    from queuedesk.core.setup.time_of_day import clock_text

    spec = job.setup().voice
    return {
        "spoken": spec.spoken,
        "languages": list(spec.languages),
        "call": dict(spec.call),
        "recall": dict(spec.recall),
        "yao": spec.yao,
        "times": spec.times,
        "chime": spec.chime,
        "hours": [
            {"from": clock_text(hour.start), "speed": hour.speed_pct, "volume": hour.volume_pct} for hour in spec.hours
        ],
    }


def _voice_setting_pairs(document: Document) -> Sequence[tuple[str, str]]:
    """Return what is set as key and value, as `voice set` takes them."""
    texts = [(f"{part}.{lang}", text) for part in TEMPLATES for lang, text in document[part].items()]
    spans = (f"{hour['from']} {hour['speed']} {hour['volume']}" for hour in document["hours"])
    return (
        ("spoken", "on" if document["spoken"] else "off"),
        ("languages", ",".join(document["languages"])),
        *texts,
        *((key, "on" if document[key] else "off") for key in ("yao", "chime")),
        ("times", str(document["times"])),
        ("hours", "; ".join(spans)),
    )


def _list_announcements(job: CommandJob) -> int:
    from queuedesk.desk.talk import announcing

    rows = announcing.announcement_documents_of_day(job.desk(), job.args.day or job.today())
    if not job.may_read(ReadScope.LOG):  # Numbers of the log count what happened between two calls.
        rows = [{**row, "seq": None} for row in rows]
    return job.print_answer(
        {"announcements": rows}, "\n".join(map(_spoken_call_line, rows)) or _("Nothing was called.")
    )


def _spoken_call_line(row: Mapping[str, Any]) -> str:
    """Return one line: number, when it was shown and said, by what, how late and how long, what."""
    place = _("{ticket}, window {window}", ticket=row["ticket"], window=row["window"]) if row["ticket"] else _("Notice")
    shown = _("shown {time}", time=_clock_time(row["shown"])) if row["shown"] else _("not shown")
    if row["spoken"]:
        lengths = (
            [_("{time} after the picture", time=talk.milliseconds_as_seconds_text(row["delay_ms"]))]
            if row["delay_ms"]
            else []
        )
        said = _("said {time}", time=_clock_time(row["spoken"]))
        parts = [
            said,
            talk.call_spoken_by_word(row["link"]),
            *lengths,
            talk.milliseconds_as_seconds_text(row["sound_ms"] or None),
        ]
    else:
        parts = [talk.silent_call_text(row["cause"]) if row["link"] else _("not said")]
    return "  ".join(part for part in (str(row["seq"] or ""), place, shown, *parts, row["text"] or "") if part)


def _clock_time(moment: str) -> str:
    return time_hms(datetime.fromisoformat(moment))
