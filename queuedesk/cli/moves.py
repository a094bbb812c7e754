"""The commands that move people and windows while the hall is open."""

from __future__ import annotations

from queuedesk.cli.job import Job
from queuedesk.cli.parser import Commands, code
from queuedesk.cli.wording import window_text
from queuedesk.i18n import _


def add(commands: Commands) -> None:
    """Add `lend`."""
    lending = commands.add("lend", _("let a window serve another service too, for now"), _lend)
    lending.add_argument("window", type=code, metavar="W")
    lending.add_argument("service", type=code, metavar="S")
    lending.add_argument("--back", action="store_true", help=_("end it"))


def _lend(job: Job) -> int:
    from queuedesk.desk import lending

    args = job.args
    deed = lending.take_back if args.back else lending.lend
    document = deed(job.desk(), job.ask(), args.window, args.service)
    return job.answer(document, window_text(document))
