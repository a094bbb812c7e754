"""The commands about the hall's voice: how it is set up, what it would say, what it said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from queuedesk.cli.command_table import Listed
from queuedesk.cli.job import Document, Job
from queuedesk.cli.parser import clock, code, day, pair, path, ticket
from queuedesk.core.network.roles import Read
from queuedesk.i18n import _, listing, n_, time_hms
from queuedesk.i18n.talk import link_word, seconds_text, silence_text

TEMPLATES = ("call", "recall")


def add(commands: Listed) -> None:
    """Add the group."""
    group = commands.add_group("voice")
    group.add("show", _("show how it is set up"), _show, reads=Read.HALL)
    group.add("set", _("change it"), _set).add_argument("pairs", type=pair, nargs="+", metavar="key=value")
    trying = group.add("try", _("say a call on this PC as it would sound"), _try)
    trying.add_argument("--ticket", type=ticket, metavar="T", help=_("this number"))
    trying.add_argument("--window", type=code, metavar="W", help=_("to this window"))
    trying.add_argument("--recall", action="store_true", help=_("as a recall"))
    trying.add_argument("--at", type=clock, metavar="HH:MM", help=_("as fast and as loud as at this time"))
    trying.add_argument("--out", type=path, metavar="F.wav", help=_("write it to a file instead"))
    clips = group.add("clips", _("write a starter set of recorded words, spoken by this PC"), _clips)
    clips.add_argument("--check", action="store_true", help=_("only say what is there and what is missing"))
    clips.add_argument("folder", type=path, metavar="FOLDER")
    log = group.add("log", _("what was said of each call"), _log, reads=Read.WORK)
    log.add_argument("--date", dest="day", type=day, metavar="D", help=_("today if not given"))


def _show(job: Job) -> int:
    document = _document(job)
    return job.answer(document, "\n".join(f"{key}  {value}".rstrip() for key, value in _lines(document)))


def _set(job: Job) -> int:
    from queuedesk.core.setup.field_kinds import typed_row
    from queuedesk.core.setup.rows import ROWS
    from queuedesk.desk.setup import setting_up

    known = job.setup().document.get("voice", {})
    row: dict[str, Any] = {}
    for key, value in typed_row("voice", ROWS["voice"], job.args.pairs).items():
        part, dot, lang = key.partition(".")
        row[part] = {**known.get(part, {}), **row.get(part, {}), lang: value} if dot else value
    setting_up.change_part(job.desk(), job.ask(), "voice", row)
    return _show(job)


def _try(job: Job) -> int:
    from queuedesk.core.errors import OutsideError

    args, setup, at = job.args, job.setup(), job.args.at
    window = args.window or next(iter(setup.windows))
    setup.window(window)
    label = args.ticket or next(iter(setup.services.values())).prefix + "017"
    now = setup.local(job.now())
    minute = at if at is not None else now.hour * 60 + now.minute
    heard = job.services.voice().hear(setup, setup.voice, label, window, minute, recall=args.recall, out=args.out)
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
    lines = [f"{link_word(heard['links'].get(lang) or 'none')}  {text}" for lang, text in heard["texts"].items()]
    return job.answer(document, "\n".join([*lines, seconds_text(heard["sound_ms"])]))


def _clips(job: Job) -> int:
    args, setup = job.args, job.setup()
    folder = str(args.folder)
    if args.check:
        found = job.services.voice().clips_found(setup, args.folder)
        return job.answer({"folder": folder, "clips": found}, "\n".join(_found_lines(found)))
    written = job.services.voice().write_clips(setup, args.folder)
    counts = (f"{lang}  " + n_("{n} sound written", "{n} sounds written", count) for lang, count in written.items())
    return job.answer({"folder": folder, "written": written}, "\n".join((folder, *counts)))


def _found_lines(found: Mapping[str, Any]) -> list[str]:
    lines = []
    for lang, one in found.items():
        lines.append(f"{lang}  " + n_("{n} sound", "{n} sounds", len(one["there"])))
        if one["missing"]:
            lines.append(_("missing: {names}", names=listing(one["missing"])))
        if one["unreadable"]:
            lines.append(_("can't be read: {files}", files=listing(one["unreadable"])))
    return lines


def _document(job: Job) -> Document:
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
            {"from": clock_text(one.start), "speed": one.speed_pct, "volume": one.volume_pct} for one in spec.hours
        ],
    }


def _lines(document: Document) -> Sequence[tuple[str, str]]:
    """Return what is set as key and value, as `voice set` takes them."""
    texts = [(f"{part}.{lang}", text) for part in TEMPLATES for lang, text in document[part].items()]
    spans = (f"{one['from']} {one['speed']} {one['volume']}" for one in document["hours"])
    return (
        ("spoken", "on" if document["spoken"] else "off"),
        ("languages", ",".join(document["languages"])),
        *texts,
        *((key, "on" if document[key] else "off") for key in ("yao", "chime")),
        ("times", str(document["times"])),
        ("hours", "; ".join(spans)),
    )


def _log(job: Job) -> int:
    from queuedesk.desk.talk import announcing

    rows = announcing.said_rows(job.desk(), job.args.day or job.today())
    if not job.may_read(Read.LOG):  # Numbers of the log count what happened between two calls.
        rows = [{**row, "seq": None} for row in rows]
    return job.answer({"announcements": rows}, "\n".join(map(_said_text, rows)) or _("Nothing was called."))


def _said_text(row: Mapping[str, Any]) -> str:
    """Return one line: number, when it was shown and said, by what, how late and how long, what."""
    place = _("{ticket}, window {window}", ticket=row["ticket"], window=row["window"]) if row["ticket"] else _("Notice")
    shown = _("shown {time}", time=_clock(row["shown"])) if row["shown"] else _("not shown")
    if row["spoken"]:
        lengths = [_("{time} after the picture", time=seconds_text(row["delay_ms"]))] if row["delay_ms"] else []
        said = _("said {time}", time=_clock(row["spoken"]))
        parts = [said, link_word(row["link"]), *lengths, seconds_text(row["sound_ms"] or None)]
    else:
        parts = [silence_text(row["cause"]) if row["link"] else _("not said")]
    return "  ".join(part for part in (str(row["seq"] or ""), place, shown, *parts, row["text"] or "") if part)


def _clock(moment: str) -> str:
    return time_hms(datetime.fromisoformat(moment))
