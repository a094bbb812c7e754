"""The commands of windows, stations and the day."""

from __future__ import annotations

from collections.abc import Callable

from queuedesk.cli import output
from queuedesk.cli.command_table import CommandList, code, day_end_text, number, unserved_text, window_text
from queuedesk.cli.job import Document, Job, calls
from queuedesk.core.talk.screen import apart, name_at_pc
from queuedesk.i18n import _


def add(commands: CommandList) -> None:
    opened = commands.add("open", _open)
    opened.add_argument("window", type=code, metavar="W")
    opened.add_argument("--staff", type=code, required=True, metavar="S", help=_("who sits there"))
    opened.add_argument("--waive", metavar="REASON", help=_("why the opening checks are left out"))
    pause = commands.add("pause", _pause)
    pause.add_argument("window", type=code, metavar="W")
    pause.add_argument("--reason", required=True, metavar="R", help=_("why"))
    pause.add_argument("--minutes", type=number, metavar="N", help=_("back in N minutes"))
    for name in ("resume", "close"):
        commands.add(name, _run_resume_or_close).add_argument("window", type=code, metavar="W")
    over = commands.add("hand-over", _hand_over)
    over.add_argument("window", type=code, metavar="W")
    over.add_argument("--staff", type=code, required=True, metavar="S", help=_("who carries on there"))
    sign_in = commands.add("sign-in", _sign)
    sign_in.add_argument("station", type=code, metavar="STATION")
    sign_in.add_argument("person", type=code, metavar="S")
    sign_out = commands.add("sign-out", _sign)
    sign_out.add_argument("station", type=code, metavar="STATION")
    lent = commands.add("lend", _lend)
    lent.add_argument("window", type=code, metavar="W")
    lent.add_argument("service", type=code, metavar="S")
    lent.add_argument("--back", action="store_true", help=_("end it"))
    commands.add("day-end", calls("upkeep.clocks.end_today", day_end_text))


def _run_at_window(job: Job, function: Callable[..., Document], window: str, **options: object) -> int:
    document = function(job.desk(), job.ask(window), window, **options)
    if document.get("unserved"):
        output.note(unserved_text(document["unserved"]))
    return job.answer(document, window_text(document))


def _open(job: Job) -> int:
    from queuedesk.desk.queue import opening

    return _run_at_window(job, opening.open_window, job.args.window, staff=job.args.staff, waive=job.args.waive)


def _pause(job: Job) -> int:
    from queuedesk.desk.queue import opening

    return _run_at_window(job, opening.pause, job.args.window, reason=job.args.reason, minutes=job.args.minutes)


def _hand_over(job: Job) -> int:
    from queuedesk.core.network.roles import Role
    from queuedesk.desk.queue import opening

    if job.ask(job.args.window).who.role is Role.CLERK:  # who can't seat anybody else
        job.confirm(job.args.staff)
    return _run_at_window(job, opening.hand_over, job.args.window, staff=job.args.staff)


def _run_resume_or_close(job: Job) -> int:
    from queuedesk.desk.queue import opening

    return _run_at_window(job, {"resume": opening.resume, "close": opening.close}[job.args.command], job.args.window)


def _sign(job: Job) -> int:
    from queuedesk.desk.queue import sign_in_and_pins

    station = job.args.station
    if not apart(station)[1]:
        station = name_at_pc(station, job.services.pc_here(job.desk()))
    if job.args.command == "sign-in":
        document = sign_in_and_pins.sign_in(job.desk(), job.ask(), station, job.args.person)
    else:
        document = sign_in_and_pins.sign_out(job.desk(), job.ask(), station)
    person = document["staff"] or _("nobody")
    return job.answer(document, _("At {station}: {staff}", station=station, staff=person))


def _lend(job: Job) -> int:
    from queuedesk.desk.queue import opening

    args = job.args
    deed = opening.take_back if args.back else opening.lend
    document = deed(job.desk(), job.ask(), args.window, args.service)
    return job.answer(document, window_text(document))
