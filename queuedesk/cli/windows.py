"""The commands of windows, stations and the day."""

from __future__ import annotations

from collections.abc import Callable

from queuedesk.cli import command_table, output
from queuedesk.cli.job import CommandJob, Document, handler_for_function
from queuedesk.core.talk.screen import split_station_and_pc, station_name_at_pc
from queuedesk.i18n import _


def register_commands(commands: command_table.CommandList) -> None:
    opened = commands.add_command("open", _open_window)
    opened.add_argument("window", type=command_table.parse_code, metavar="W")
    opened.add_argument("--staff", type=command_table.parse_code, required=True, metavar="S", help=_("who sits there"))
    opened.add_argument("--waive", metavar="REASON", help=_("why the opening checks are left out"))
    pause = commands.add_command("pause", _pause_window)
    pause.add_argument("window", type=command_table.parse_code, metavar="W")
    pause.add_argument("--reason", required=True, metavar="R", help=_("why"))
    pause.add_argument("--minutes", type=command_table.parse_whole_number, metavar="N", help=_("back in N minutes"))
    for name in ("resume", "close"):
        commands.add_command(name, _resume_or_close_window).add_argument(
            "window", type=command_table.parse_code, metavar="W"
        )
    over = commands.add_command("hand-over", _hand_over_window)
    over.add_argument("window", type=command_table.parse_code, metavar="W")
    over.add_argument(
        "--staff", type=command_table.parse_code, required=True, metavar="S", help=_("who carries on there")
    )
    sign_in = commands.add_command("sign-in", _sign_in_or_out)
    sign_in.add_argument("station", type=command_table.parse_code, metavar="STATION")
    sign_in.add_argument("person", type=command_table.parse_code, metavar="S")
    sign_out = commands.add_command("sign-out", _sign_in_or_out)
    sign_out.add_argument("station", type=command_table.parse_code, metavar="STATION")
    lent = commands.add_command("lend", _lend_service_or_end_lending)
    lent.add_argument("window", type=command_table.parse_code, metavar="W")
    lent.add_argument("service", type=command_table.parse_code, metavar="S")
    lent.add_argument("--back", action="store_true", help=_("end it"))
    commands.add_command("day-end", handler_for_function("upkeep.clocks.end_today", command_table.day_end_text))


def _run_at_window(job: CommandJob, function: Callable[..., Document], window: str, **options: object) -> int:
    document = function(job.desk(), job.new_change_ask(window), window, **options)
    if document.get("unserved"):
        output.print_sentence_to_stderr(command_table.unserved_services_warning(document["unserved"]))
    return job.print_answer(document, command_table.window_status_text(document))


def _open_window(job: CommandJob) -> int:
    from queuedesk.desk.queue import opening

    return _run_at_window(job, opening.open_window, job.args.window, staff=job.args.staff, waive=job.args.waive)


def _pause_window(job: CommandJob) -> int:
    from queuedesk.desk.queue import opening

    return _run_at_window(job, opening.pause_window, job.args.window, reason=job.args.reason, minutes=job.args.minutes)


def _hand_over_window(job: CommandJob) -> int:
    from queuedesk.core.network.roles import Role
    from queuedesk.desk.queue import opening

    if job.new_change_ask(job.args.window).who.role is Role.CLERK:  # who can't seat anybody else
        job.require_pin_of_second_person(job.args.staff)
    return _run_at_window(job, opening.hand_over_window, job.args.window, staff=job.args.staff)


def _resume_or_close_window(job: CommandJob) -> int:
    from queuedesk.desk.queue import opening

    return _run_at_window(
        job, {"resume": opening.resume_window, "close": opening.close_window}[job.args.command], job.args.window
    )


def _sign_in_or_out(job: CommandJob) -> int:
    from queuedesk.desk.queue import opening

    station = job.args.station
    if not split_station_and_pc(station)[1]:
        station = station_name_at_pc(station, job.services.pc_here(job.desk()))
    if job.args.command == "sign-in":
        document = opening.sign_in(job.desk(), job.new_change_ask(), station, job.args.person)
    else:
        document = opening.sign_out_at_station(job.desk(), job.new_change_ask(), station)
    person = document["staff"] or _("nobody")
    return job.print_answer(document, _("At {station}: {staff}", station=station, staff=person))


def _lend_service_or_end_lending(job: CommandJob) -> int:
    from queuedesk.desk.queue import opening

    args = job.args
    deed = opening.end_service_lending if args.back else opening.lend_service
    document = deed(job.desk(), job.new_change_ask(), args.window, args.service)
    return job.print_answer(document, command_table.window_status_text(document))
