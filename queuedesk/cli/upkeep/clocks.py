"""The commands about the hall's time: what the log and the clock say, and that a time is right."""

from __future__ import annotations

from queuedesk.cli.command_table import Listed
from queuedesk.cli.job import Job
from queuedesk.cli.parser import number
from queuedesk.core.network.roles import CONSOLE, Read
from queuedesk.i18n import _


def add(commands: Listed) -> None:
    """Add clock."""
    clock = commands.add_group("clock")
    clock.add("show", _("say where the log ends, what the clock says, and what to confirm"), _show, reads=Read.HALL)
    clock.add("confirm", _("confirm that the clock is right"), _confirm)
    right = clock.add("set-right", _("go back from a time that the log took from a wrong clock"), _set_right)
    right.add_argument(
        "--first", type=number, metavar="SEQ", help=_("the first wrong event; where the log leaps if not given")
    )
    right.add_argument("--preview", action="store_true", help=_("only say what it would change"))
    right.add_argument("--yes", action="store_true", help=_("yes, the clock is right"))


def _show(job: Job) -> int:
    from queuedesk.desk.change import Ask
    from queuedesk.desk.upkeep import clocks
    from queuedesk.i18n.upkeep.clock_words import clock_text

    document, doubt = clocks.shown(job.desk(), Ask.by(job.hall_clock(), CONSOLE))
    return job.answer(document, clock_text(document, doubt))


def _confirm(job: Job) -> int:
    from queuedesk.desk.upkeep import clocks
    from queuedesk.i18n.upkeep.clock_words import confirmed_text

    document = clocks.confirm(job.desk(), job.ask())
    return job.answer(document, confirmed_text(document))


def _set_right(job: Job) -> int:
    from queuedesk.core.errors import RuleError
    from queuedesk.desk.upkeep import clocks
    from queuedesk.i18n.upkeep.clock_words import leap_lines, set_right_text

    desk, ask, first = job.owners_desk(), job.ask(), job.args.first
    if job.args.preview or not job.args.yes:
        document = clocks.preview_setting_right(desk, ask, first)
        if not job.args.preview:
            raise RuleError("needs_yes", leap=document)
        return job.answer(document, "\n".join([*leap_lines(document), _("Nothing was changed.")]))
    document = clocks.set_right(desk, ask, first)
    return job.answer(document, set_right_text(document))
