"""The commands about the hall's time: what the log and the clock say, and that a time is right."""

from __future__ import annotations

from queuedesk.cli.job import Job
from queuedesk.cli.parser import Commands
from queuedesk.core.people import Read
from queuedesk.i18n import _


def add(commands: Commands) -> None:
    """Add clock."""
    clock = commands.add_group("clock", _("the hall's time: whether it is certain, and that it is right"))
    clock.add(
        "show", _("say where the log stands, what the clock says, and what is to be confirmed"), _show, reads=Read.HALL
    )
    clock.add("confirm", _("say that it is as late as the clock says"), _confirm)


def _show(job: Job) -> int:
    from queuedesk.core.people import CONSOLE
    from queuedesk.desk import clocks
    from queuedesk.desk.change import Ask
    from queuedesk.i18n.clock_words import clock_text

    document, doubt = clocks.shown(job.desk(), Ask.by(job.hall_clock(), CONSOLE))
    return job.answer(document, clock_text(document, doubt))


def _confirm(job: Job) -> int:
    from queuedesk.desk import clocks
    from queuedesk.i18n.clock_words import confirmed_text

    document = clocks.confirm(job.desk(), job.ask())
    return job.answer(document, confirmed_text(document))
