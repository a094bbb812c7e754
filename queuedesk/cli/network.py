"""The commands of halls that several PCs share: this PC joins or hosts one; who has joined is seen and withdrawn; who
was refused for lack of rights is told."""

from __future__ import annotations

import argparse
import os
from argparse import Namespace
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from msgspec.structs import replace

from queuedesk.cli import output
from queuedesk.cli.command_table import (
    CommandGroup,
    CommandList,
    UsageError,
    parse_code,
    parse_date,
    parse_nonempty_text,
)
from queuedesk.cli.job import CommandJob, Document, HallHostService, handler_for_function
from queuedesk.cli.stations import StationRequest
from queuedesk.core.errors import OutsideError, QueueDeskError, RuleError
from queuedesk.core.network.roles import ReadScope
from queuedesk.core.network.sharing import PcKind, PcState, join_code_in_two_groups, parse_host_and_port
from queuedesk.core.talk.screen import AT_A_WINDOW, all_stations
from queuedesk.i18n import _, date_short, error_sentence, list_text, moment_short, n_, name_in_language, time_hm
from queuedesk.paths import default_hall_file


def register_commands(commands: CommandList) -> None:
    _add_access_journal_commands(commands)
    _add_sharing_commands(commands)


def _add_access_journal_commands(commands: CommandList) -> None:
    group = commands.add_group("access")
    listing = group.add_command("list", _("show the access journal"), _list_access_refusals, reads=ReadScope.REFUSALS)
    listing.add_argument("--from", dest="first", type=parse_date, metavar="D", help=_("from this date on"))
    listing.add_argument("--to", dest="last", type=parse_date, metavar="D", help=_("up to this date"))


def _list_access_refusals(job: CommandJob) -> int:
    from queuedesk.desk import reading
    from queuedesk.desk.change import iso_local
    from queuedesk.i18n.network import actor_words, refusal_reason_words, requested_act_words
    from queuedesk.i18n.preview_words import moment_text

    args, setup = job.args, job.setup()
    if args.first is not None and args.last is not None and args.first > args.last:
        raise UsageError(_("--from is after --to."))
    rows, lines = [], []
    for refusal in reading.latest_refusals_for_lack_of_rights(job.desk(), args.first, args.last):
        at = iso_local(setup, refusal.at) or ""
        rows.append({"at": at, "actor": refusal.actor, "verb": refusal.verb, "code": refusal.code})
        said = (
            actor_words(setup, refusal.actor),
            requested_act_words(refusal.verb),
            refusal_reason_words(refusal.code),
        )
        lines.append("  ".join((moment_text(at), *said)))
    return job.print_answer({"refusals": rows}, "\n".join(lines) or _("Nobody was refused."))


# The commands by which PCs come to share a hall: this PC joins one, and who has joined is seen and withdrawn.

HOME = "home"


def _add_sharing_commands(commands: CommandList) -> None:
    joining = commands.add_command("join", _join_or_rejoin_hall)
    joining.add_argument("address", type=parse_nonempty_text, metavar="ADDRESS", help=_("that of the hall's main PC"))
    joining.add_argument("code", type=parse_nonempty_text, nargs="*", metavar="CODE", help=_("the join code it shows"))
    joining.add_argument("--name", type=parse_nonempty_text, metavar="TEXT", help=_("what the hall calls this PC"))
    joining.add_argument("--station", choices=(HOME, *all_stations()), metavar="S", help=_("the station to open then"))
    joining.add_argument("--window", type=parse_code, metavar="W", help=_("its window"))
    commands.add_command("unjoin", _leave_shared_hall)
    group = commands.add_group("pcs")
    group.add_command(
        "list",
        _("show all, and which can be reached"),
        handler_for_function(
            "network.pc_rows", _joined_pc_line, many="pcs", none=lambda: _("No other PC has joined this hall.")
        ),
        reads=ReadScope.WORK,
    )
    withdrawing = group.add_command("withdraw", _("no longer let one in"), _withdraw_pc)
    withdrawing.add_argument("pc", type=parse_nonempty_text, metavar="NAME")
    _add_host_command(commands)


def _join_or_rejoin_hall(job: CommandJob) -> int:
    job.require_own_process()
    args = job.args
    if args.station in AT_A_WINDOW and args.window is None:
        raise RuleError("bad_value", field="window", value="", why="empty")
    joining, code = job.services.joining(), " ".join(args.code)
    joined = (
        joining.join_hall(args.address, code, name=args.name)
        if code
        else joining.rejoin_hall_at_new_address(args.address)
    )
    document = {
        "hall": joined.hall,
        "hall_name": joined.hall_name,
        "name": joined.name,
        "kind": joined.kind,
        "database": joined.db,
        "host": joined.host,
    }
    if job.is_json_wanted:
        return job.print_answer(document, "")
    hall = name_in_language(joined.hall_name, joined.hall_name_en)
    output.print_text(_("This PC now works in {hall}, as {name}.", hall=hall, name=joined.name))
    station = args.station or HOME
    lang = getattr(args, "lang", None)
    try:
        return job.openers[station](StationRequest(name=station, window=args.window, lang=lang, staff=job.acting_staff))
    except (KeyError, OutsideError) as error:
        if isinstance(error, OutsideError) and error.code != "no_screen":
            raise
        words = " ".join([station, *(["--window", args.window] if args.window else [])])
        output.print_text(_("At its screen start it with: {command}", command=f"queuedesk {words}"))
        return 0


def _leave_shared_hall(job: CommandJob) -> int:
    left = job.services.joining().leave_shared_hall()
    text = _("This PC no longer works in a shared hall.") if left else _("This PC has joined no hall.")
    return job.print_answer({"database": left or None}, text)


def _withdraw_pc(job: CommandJob) -> int:
    from queuedesk.desk import network

    pc = network.withdraw_shared_pc(job.desk(), job.new_change_ask(), job.args.pc)
    document = {"name": pc.name, "role": pc.role, "kind": str(pc.kind)}
    return job.print_answer(document, _("{name} is no longer let in.", name=pc.name))


def _joined_pc_line(row: Document) -> str:
    from queuedesk.i18n.network import pc_kind_word, pc_state_word, program_version_words

    at = datetime.fromisoformat(row["withdrawn"] or (row["seen"] if row["state"] == "silent" else row["made"]))
    moment = moment_short(at)
    if row["state"] == "withdrawn":
        told = _("since {day}, {time}", day=date_short(at.date()), time=time_hm(at))
    elif row["state"] == "silent":
        told = _("last seen {moment}", moment=moment)
    else:
        told = _("joined {moment}", moment=moment)
    facts = (row["name"], pc_kind_word(PcKind(row["kind"])), pc_state_word(PcState(row["state"])), told)
    return "  ".join((*facts, *program_version_words(row["version"])))


# -- the commands of the PC that shares its hall with others ---------------------------------------------------------


def _add_host_command(commands: CommandList) -> None:
    host = commands.add_command("host", _host_hall)
    host.add_argument(
        "--listen",
        type=_checked_address,
        action="append",
        default=[],
        metavar="ADDRESS[:PORT]",
        help=_("where other PCs reach it"),
    )
    host.add_argument(
        "--server", type=parse_nonempty_text, metavar="URL", help=_("a PostgreSQL server to use in place of an own one")
    )
    host.add_argument("--no-autostart", action="store_true", help=_("leave what starts with the PC as it is"))
    host.add_argument("--again", action="store_true", help=_("only in place of a process that was cut off"))
    host.add_argument("--no-code", action="store_true", help=_("make no join code at the start"))
    deeds = CommandGroup(host, "deed")
    deeds.add_command("status", _("say whether and where this PC shares its hall"), _show_hosting_status)
    deeds.add_command("stop", _("stop sharing the hall until the next start"), _stop_hosting)
    code = deeds.add_command("code", _("make a join code for one more PC"), _make_join_code)
    code.add_argument("--for", dest="kind", choices=[str(kind) for kind in PcKind], default=str(PcKind.STAFF))
    deeds.add_command("autostart", _("let it start with the PC, or no longer"), _switch_host_autostart).add_argument(
        "onoff", choices=("on", "off"), metavar="on|off"
    )


def _host_hall(job: CommandJob) -> int:
    job.require_own_process()
    args = job.args
    file = _hall_file_to_share(job)
    if not file.exists() and job.stated_database_address() is None and job.services.joined_at() is not None:
        raise RuleError("not_main_pc")
    args.db = str(file)
    listen = [parse_host_and_port(address) for address in args.listen]
    hosting = job.services.hosting(
        file, job.clock, getattr(args, "hall", None), listen, _server_address_with_password(job)
    )
    try:
        moved = hosting.move_hall_to_server(job.new_change_ask, again=args.again)
        facts = hosting.open_to_other_pcs()
        if not args.no_autostart:
            try:
                _enable_host_autostart(job, args.listen)
            except OutsideError as trouble:  # the hall has moved: sharing it now counts for more than the next start
                output.print_sentence_to_stderr(error_sentence(trouble))
        code = None if args.no_code else _new_join_code_or_print_refusal(job, hosting, facts)
        rows = moved["halls"] if moved is not None else []
        own = next((row for row in rows if row["hall"] == facts["hall"]), None)
        document = {
            **facts,
            "code": code["code"] if code else None,
            "expires": code["expires"] if code else None,
            "moved": {key: own[key] for key in ("events", "hash", "tables")} if own else None,
            "halls": [row["hall"] for row in rows] or [facts["hall"]],
        }
        job.print_answer(document, "\n".join(_sharing_status_lines(document)))
        job.close()
        hosting.run()
    finally:
        hosting.close()
    return 0


def _sharing_status_lines(document: Document) -> list[str]:
    lines = []
    if document["moved"] is not None:
        lines.append(
            n_(
                "{hall} has moved to the server: {n} event, checked. Its file stays as it was.",
                "{hall} has moved to the server: {n} events, all checked. Its file stays as it was.",
                document["moved"]["events"],
                hall=document["hall"],
            )
        )
    lines.append(
        _("Other PCs join {hall} here: {addresses}", hall=document["hall"], addresses=list_text(document["addresses"]))
    )
    if document["code"] is not None:
        lines.append(_join_code_sentence(document["code"], document["expires"]))
    lines.append(_("This runs until queuedesk host stop, or Ctrl+C."))
    return lines


def _join_code_sentence(code: str, expires: str) -> str:
    until = time_hm(datetime.fromisoformat(expires))
    return _("Join code {code}, for one PC, until {time}.", code=code, time=until)


def _new_join_code_or_print_refusal(job: CommandJob, hosting: HallHostService, facts: Document) -> Document | None:
    """Return a join code by who started this; None, and a sentence, where that takes a PIN: the hall is shared all the
    same."""
    there = _new_job_for_shared_hall(job, facts)
    try:
        return hosting.code(there.new_change_ask(), PcKind.STAFF)
    except QueueDeskError as refusal:
        output.print_sentence_to_stderr(error_sentence(refusal))
        return None
    finally:
        there.close()


def _show_hosting_status(job: CommandJob) -> int:
    note, entry = job.services.host_note().read(), job.services.host_autostart().entry()
    known = note or {}
    document = {
        "running": note is not None,
        **{key: known.get(key) for key in ("hall", "addresses", "fingerprint", "database", "file", "since", "pid")},
        "autostart": str(entry) if entry is not None else None,
    }
    if note is None:
        return job.print_answer(document, _("This PC shares no hall at the moment."))
    lines = [_("Other PCs join {hall} here: {addresses}", hall=note["hall"], addresses=list_text(note["addresses"]))]
    lines.append(_("It starts with this PC.") if entry is not None else _("It does not start with this PC."))
    return job.print_answer(document, "\n".join(lines))


def _stop_hosting(job: CommandJob) -> int:
    job.services.host_note().stop_sharing_and_wait()
    return job.print_answer({"running": False}, _("The hall is no longer shared until the next start."))


def _make_join_code(job: CommandJob) -> int:
    from queuedesk.desk import network
    from queuedesk.desk.change import iso_local

    note = job.services.host_note().read()
    if note is not None:
        there, addresses = _new_job_for_shared_hall(job, note), note["addresses"]
    else:
        joined_at = job.services.joined_at() if job.stated_database_address() is None else None
        if joined_at is None:
            raise RuleError("host_not_running")
        there, addresses = job, joined_at
    try:
        made = network.make_join_code(there.desk(), there.new_change_ask(), PcKind(job.args.kind))
        expires = str(iso_local(there.setup(), made.expires.replace(microsecond=0)))
    finally:
        there.close()
    code = join_code_in_two_groups(made.code)
    document = {"code": code, "expires": expires, "for": str(made.kind), "addresses": addresses}
    return job.print_answer(document, _join_code_sentence(code, expires))


def _switch_host_autostart(job: CommandJob) -> int:
    if job.args.onoff == "on":
        _enable_host_autostart(job, [])
    else:
        job.services.host_autostart().remove_from_autostart()
    entry = job.services.host_autostart().entry()
    text = _("It starts with this PC.") if entry is not None else _("It does not start with this PC.")
    return job.print_answer({"autostart": str(entry) if entry is not None else None}, text)


def _enable_host_autostart(job: CommandJob, listen: list[str]) -> None:
    words = ["--db", str(_hall_file_to_share(job))] if job.stated_database_address() else []
    hall = getattr(job.args, "hall", None)
    words += ["--hall", hall] if hall else []
    asked = [word for address in listen for word in ("--listen", address)]
    job.services.host_autostart().add_to_autostart([*words, "host", "--no-code", "--no-autostart", *asked])


def _hall_file_to_share(job: CommandJob) -> Path:
    """Return the hall's file: the one that is shared, though this PC itself works with the server by now."""
    from queuedesk.store.engine.address import is_server_address

    named = job.stated_database_address()
    if named is not None and is_server_address(named):
        raise UsageError(_("This works with a file; please name one with --db."))
    return Path(named).absolute() if named is not None else default_hall_file()


def _new_job_for_shared_hall(job: CommandJob, facts: Document) -> CommandJob:
    """Return the same command in the hall where it is now; one beside it, named by --hall, as the database's owner."""
    named = getattr(job.args, "hall", None) or facts["hall"]
    place = facts["database"] if named == facts["hall"] else job.services.owners_address()
    args = Namespace(**{**vars(job.args), "db": place, "hall": named})
    # What is opened here is told to no other process: the owner's password need not go into the environment.
    return CommandJob(args, job.clock, replace(job.services, put_away_password=str), job.openers)


def _server_address_with_password(job: CommandJob) -> str | None:
    """Return the address of --server with the password in it: from the address, the environment, or asked for."""
    from queuedesk.store.engine.address import parse_server_address, password_in_url, url_with_password

    given: str | None = job.args.server
    hosts: tuple[tuple[str, int], ...] = ()
    if given is None:
        return None
    with suppress(OutsideError):
        hosts = parse_server_address(given).hosts
    if not hosts or any(host.startswith("/") for host, _port in hosts):  # by a socket no other PC reaches it
        raise UsageError(
            _("{text} is not a server's address such as postgresql://user@server/database", text=given[:60])
        )
    if password_in_url(given) is not None:
        return given
    # Taken away: it would be asked before the password of this PC's own credential.
    password = os.environ.pop("PGPASSWORD", None) or job.ask_hidden_input(_("Password of the server's owner: "))
    return url_with_password(given, password) if password else given


def _checked_address(text: str) -> str:
    try:
        parse_host_and_port(text)
    except RuleError as error:
        raise argparse.ArgumentTypeError(error_sentence(error)) from None
    return text
