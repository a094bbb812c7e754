"""The commands that check the hall's equipment before a window opens."""

from __future__ import annotations

from datetime import datetime

from queuedesk.cli.command_table import CommandList, Parser, code, day
from queuedesk.cli.job import Document, Job, calls
from queuedesk.core.network.roles import ReadScope
from queuedesk.core.setup.rows import offered_languages
from queuedesk.core.talk.opening_checks import FAILED
from queuedesk.i18n import _, time_hm
from queuedesk.i18n.queue.line_words import reason_words
from queuedesk.i18n.talk import checked_name, lack_words, missing_names


def add(commands: CommandList) -> None:
    """Add the group `check`."""
    group = commands.add_group("check")
    listing = group.add(
        "list",
        _("what was checked, and what is still missing"),
        calls("features.equipment.verbs:checks_on", _told),
        reads=ReadScope.WORK,
    )
    listing.add_argument("--date", dest="day", type=day, metavar="D", help=_("today if not given"))
    for device, text in (
        ("voice", _("note whether the voice can be heard")),
        ("display", _("note whether the display can be read")),
        ("printer", _("note whether the printer of tickets prints")),
    ):
        _add_device(group.add(device, text, _check, device=device))


def _add_device(parser: Parser) -> None:
    parser.add_argument("--station", type=code, metavar="S", help=_("where it is, if there are several"))
    said = parser.add_mutually_exclusive_group(required=True)
    said.add_argument("--passed", action="store_true", help=_("somebody looked, and it works"))
    said.add_argument("--failed", metavar="REASON", help=_("what is wrong with it"))
    said.add_argument("--try", dest="trial", action="store_true", help=_("let it speak, show or print for a moment"))


def _check(job: Job) -> int:
    from queuedesk.features.equipment import verbs
    from queuedesk.features.equipment.words import trial_text

    args = job.args
    if args.trial:
        known = offered_languages(job.setup())
        document = verbs.try_out(
            job.desk(),
            job.ask(),
            args.device,
            args.station,
            text=trial_text(args.device, known[0]),
            text_en=trial_text(args.device, "en") if "en" in known else "",
        )
        return job.answer(document, _("{device} is being tried.", device=_name(document)))
    document = verbs.check(job.desk(), job.ask(), args.device, args.station, failed=args.failed)
    return job.answer(document, _check_text(document))


def _told(document: Document) -> str:
    lines = [_check_text(row) for row in document["checks"]]
    lines += [
        _(
            "{time}  window {window} opened without {devices}: {reason}",
            time=time_hm(datetime.fromisoformat(row["time"])),
            window=row["window"],
            devices=missing_names(row["missing"]),
            reason=reason_words(row["reason"]),
        )
        for row in document["waivers"]
    ]
    lines += [f"{_name(row)}  {lack_words(row['lack'], row['cause'])}" for row in document["missing"]]
    if not document["asked"]:
        lines.append(_("This hall does not ask for checks; queuedesk settings set opening_checks on does."))
    return "\n".join(lines) or _("Nothing was checked on this date.")


def _check_text(row: Document) -> str:
    said = lack_words(None if row["passed"] else FAILED, row["cause"])
    return "  ".join((time_hm(datetime.fromisoformat(row["time"])), _name(row), said, row["by"]))


def _name(row: Document) -> str:
    return checked_name(row["device"], row["station"])
