"""The commands about the switches of this PC's kiosk, for customers who can't touch the screen."""

from __future__ import annotations

import argparse

from queuedesk.cli.command_table import CommandList, parse_nonempty_text
from queuedesk.cli.job import CommandJob
from queuedesk.core.imports import half_width_text
from queuedesk.i18n import _


def register_commands(commands: CommandList) -> None:
    """Add switches."""
    group = commands.add_group("switches")
    group.add_command("show", _("show which are used"), _show_switch_access_settings)
    changing = group.add_command("set", _("use off, one or two from now on"), _set_switch_access_settings)
    changing.add_argument("switches", metavar="off|one|two", type=parse_nonempty_text)
    changing.add_argument(
        "--step", dest="step_s", metavar="S", type=_parse_seconds, help=_("seconds that each button is offered")
    )


def _show_switch_access_settings(job: CommandJob) -> int:
    document = job.services.switches().switch_settings()
    words = {
        "off": _("No switch is used."),
        "one": _("One switch: buttons are offered one by one, each for {step} s.", step=f"{document['step_s']:g}"),
        "two": _("Two switches: Space moves on, Enter takes."),
    }
    return job.print_answer(document, words[document["switches"]])


def _set_switch_access_settings(job: CommandJob) -> int:
    step_s = job.args.step_s if job.args.step_s is not None else job.services.switches().switch_settings()["step_s"]
    job.services.switches().store_switch_settings(job.args.switches, step_s)
    return _show_switch_access_settings(job)


def _parse_seconds(text: str) -> float:
    try:
        return float(half_width_text(text))
    except ValueError:
        raise argparse.ArgumentTypeError(_("{text} is no number of seconds", text=text[:40])) from None
