"""The commands that check the hall's equipment before a window opens."""

from __future__ import annotations

from datetime import datetime

from queuedesk.cli.command_table import CommandList, CommandParser, parse_code, parse_date
from queuedesk.cli.job import CommandJob, Document, handler_for_function
from queuedesk.core.network.roles import ReadScope
from queuedesk.core.setup.rows import field_and_choice_languages
from queuedesk.core.talk.device import FAILED
from queuedesk.i18n import _, time_hm
from queuedesk.i18n.queue.line_words import reason_words
from queuedesk.i18n.talk import checked_device_name, device_check_lack_words, device_list_text_from_log_words


def register_commands(commands: CommandList) -> None:
    """Add the group `check`."""
    group = commands.add_group("check")
    listing = group.add_command(
        "list",
        _("what was checked, and what is still missing"),
        handler_for_function("features.equipment.verbs:checks_and_waivers_on", _checks_of_day_text),
        reads=ReadScope.WORK,
    )
    listing.add_argument("--date", dest="day", type=parse_date, metavar="D", help=_("today if not given"))
    for device, text in (
        ("voice", _("note whether the voice can be heard")),
        ("display", _("note whether the display can be read")),
        ("printer", _("note whether the printer of tickets prints")),
    ):
        _add_check_arguments(group.add_command(device, text, _record_check_or_try_device, device=device))


def _add_check_arguments(parser: CommandParser) -> None:
    parser.add_argument("--station", type=parse_code, metavar="S", help=_("where it is, if there are several"))
    said = parser.add_mutually_exclusive_group(required=True)
    said.add_argument("--passed", action="store_true", help=_("somebody looked, and it works"))
    said.add_argument("--failed", metavar="REASON", help=_("what is wrong with it"))
    said.add_argument("--try", dest="trial", action="store_true", help=_("let it speak, show or print for a moment"))


def _record_check_or_try_device(job: CommandJob) -> int:
    from queuedesk.features.equipment import verbs
    from queuedesk.features.equipment.words import device_test_output_text

    args = job.args
    if args.trial:
        known = field_and_choice_languages(job.setup())
        document = verbs.try_device(
            job.desk(),
            job.new_change_ask(),
            args.device,
            args.station,
            text=device_test_output_text(args.device, known[0]),
            text_en=device_test_output_text(args.device, "en") if "en" in known else "",
        )
        return job.print_answer(document, _("{device} is being tried.", device=_name_of_checked_device(document)))
    document = verbs.record_device_check(
        job.desk(), job.new_change_ask(), args.device, args.station, failed=args.failed
    )
    return job.print_answer(document, _check_text(document))


def _checks_of_day_text(document: Document) -> str:
    lines = [_check_text(row) for row in document["checks"]]
    lines += [
        _(
            "{time}  window {window} opened without {devices}: {reason}",
            time=time_hm(datetime.fromisoformat(row["time"])),
            window=row["window"],
            devices=device_list_text_from_log_words(row["missing"]),
            reason=reason_words(row["reason"]),
        )
        for row in document["waivers"]
    ]
    lines += [
        f"{_name_of_checked_device(row)}  {device_check_lack_words(row['lack'], row['cause'])}"
        for row in document["missing"]
    ]
    if not document["asked"]:
        lines.append(_("This hall does not ask for checks; queuedesk settings set opening_checks on does."))
    return "\n".join(lines) or _("Nothing was checked on this date.")


def _check_text(row: Document) -> str:
    said = device_check_lack_words(None if row["passed"] else FAILED, row["cause"])
    return "  ".join((time_hm(datetime.fromisoformat(row["time"])), _name_of_checked_device(row), said, row["by"]))


def _name_of_checked_device(row: Document) -> str:
    return checked_device_name(row["device"], row["station"])
