"""The commands about the web."""

from __future__ import annotations

import argparse
import hashlib
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep

from msgspec.structs import replace

from queuedesk.cli import output
from queuedesk.cli.command_table import (
    CommandGroup,
    CommandList,
    UsageError,
    parse_code,
    parse_date,
    parse_nonempty_text,
    parse_path,
    parse_ticket_number,
    parse_whole_number,
)
from queuedesk.cli.job import CommandJob, Document, handler_for_function
from queuedesk.core.errors import OutsideError, RuleError
from queuedesk.core.imports import half_width_text
from queuedesk.core.network.roles import ReadScope
from queuedesk.core.network.sharing import format_address, parse_host_and_port
from queuedesk.core.talk.device import WEB
from queuedesk.core.talk.screen import station_name_at_pc
from queuedesk.features.web.rules import SCOPES
from queuedesk.features.web.words import time_or_short_moment_text
from queuedesk.i18n import _, current_language, error_sentence, list_text, n_

PORT = 8080
LEAST_EVERY_S = 5
MOVED = "hall_moved"
AWAITED = ("database_away", "database_missing", MOVED, "web_address_taken", "web_address_unknown")
TRY_AGAIN_S = 2.0
"""As a PC starts, a server or the network may come later."""
SETTLED_S, LONGEST_PAUSE_S = 10.0, 60.0
"""What ends later than this was no refusal to serve; so long it is not begun again where it ends again and again."""
IMPORT = "import"


def register_commands(commands: CommandList) -> None:
    """Add web, progress."""
    web = commands.add_command("web", _serve_web_pages)
    web.add_argument(
        "--listen",
        type=_parse_listening_address,
        default=("127.0.0.1", PORT),
        metavar="ADDRESS[:PORT]",
        help=_("where browsers reach it; 127.0.0.1:8080 if not given"),
    )
    web.add_argument(
        "--name",
        dest="names",
        type=parse_nonempty_text,
        action="append",
        default=[],
        metavar="HOST",
        help=_("a name under which it answers, besides its address"),
    )
    web.add_argument("--cert", type=parse_path, metavar="F", help=_("a certificate in PEM, for https"))
    web.add_argument("--key", type=parse_path, metavar="F", help=_("the certificate's key in PEM"))
    web.add_argument("--proxy", type=parse_nonempty_text, metavar="ADDRESS", help=_("a proxy that says who asks"))
    web.add_argument("--kept", action="store_true", help=_("start it again whenever it ends by itself"))
    web.add_argument("--wait", action="store_true", help=_("wait for the hall and the address where they are missing"))
    deeds = CommandGroup(web, "deed")
    deeds.add_command(
        "autostart", _("let it start with the PC by these options, or no longer"), _switch_autostart
    ).add_argument("onoff", choices=("on", "off"), metavar="on|off")
    deeds.add_command("stop", _("end what serves pages at this PC, until it is started again"), _end_web_serving)
    deeds.add_command("status", _("where pages are served, since when, and how many look"), _show_status)
    link = deeds.add_command(
        "link", _("the link in the code on a ticket, or new links for all tickets"), _show_link_or_renew_all_links
    )
    link.add_argument("ticket", type=parse_ticket_number, nargs="?", metavar="T")
    link.add_argument(
        "--date", dest="day", type=parse_date, metavar="D", help=_("the ticket's date, today if not given")
    )
    link.add_argument("--renew", action="store_true", help=_("withdraw the links of all printed tickets"))
    export = deeds.add_command("export", _("write the page for everybody as files for another server"), _export_pages)
    export.add_argument("folder", type=parse_path, metavar="FOLDER")
    export.add_argument(
        "--every", type=parse_whole_number, metavar="SECONDS", help=_("write it again and again, so often")
    )
    progress = commands.add_command("progress", _show_or_import_progress)
    progress.add_argument("reference", type=parse_nonempty_text, metavar="REF|import")
    progress.add_argument(
        "file",
        type=parse_path,
        nargs="?",
        metavar="F.csv|F.xlsx|F.ods",
        help=_("with “import”: the states of all cases, as a table"),
    )
    _add_key_commands(deeds)
    _add_hook_commands(deeds)


def _parse_listening_address(text: str) -> tuple[str, int]:
    try:
        return parse_host_and_port(half_width_text(text), PORT)
    except RuleError as error:
        raise argparse.ArgumentTypeError(error_sentence(error)) from None


def _serve_web_pages(job: CommandJob) -> int:
    job.require_own_process()
    args = job.args
    if args.kept:
        return _keep_serving([word for word in sys.argv[1:] if word != "--kept"])
    if (args.cert is None) != (args.key is None):
        raise UsageError(_("--cert and --key belong together."))
    with _refusing_if_web_packages_missing():
        from queuedesk.features.web.server.main import serve_web_pages
        from queuedesk.features.web.server.site import WebSettings

    host, port = args.listen
    settings = WebSettings(
        host=host,
        port=port,
        names=tuple(name.strip().rstrip(".").lower() for name in args.names),
        proxy=(args.proxy or "").strip(),
        certificate=_absolute_path(args.cert),
        key=_absolute_path(args.key),
        media=str(job.services.this_pc().media_or_clips_folder("media")),
    )

    told: list[str] = []

    def tell(address: str) -> None:
        told.append(address)
        job.print_answer(
            {"listening": address}, _("Web pages are served at {address}. This runs until Ctrl+C.", address=address)
        )

    def serve_hall() -> None:
        there = _job_following_moved_hall(job)
        desk = there.desk()
        station = station_name_at_pc(WEB, job.services.pc_here(desk))
        serve_web_pages(desk, job.hall_clock(), settings, station=station, told=tell)

    # A hall that moves to a server while its pages are served is found there a moment later.
    _retry_until_there(serve_hall, lambda code: code in AWAITED if args.wait else code == MOVED and bool(told))
    return 0


def _keep_serving(words: list[str]) -> int:
    """Serve by another process, and by a new one whenever one was cut off; return the exit status of the last. Where it
    never served, as at an address that is taken, nothing is begun again."""
    ends, pause_s = False, TRY_AGAIN_S
    process: subprocess.Popen[bytes] | None = None

    def end_serving(*_signal: object) -> None:
        nonlocal ends
        ends = True
        if process is not None:
            process.terminate()

    signal.signal(signal.SIGTERM, end_serving)
    while True:
        began = monotonic()
        process = subprocess.Popen([sys.executable, "-m", "queuedesk", *words])
        if ends:
            process.terminate()
        try:
            process.wait()
        except KeyboardInterrupt:  # which that process gets too
            ends = True
        status = process.wait()
        served = status < 0 or monotonic() - began > SETTLED_S
        if ends or not status or not served:
            return max(status, 0)
        pause_s = TRY_AGAIN_S if monotonic() - began > LONGEST_PAUSE_S else min(LONGEST_PAUSE_S, 2 * pause_s)
        sleep(pause_s)


def _job_following_moved_hall(job: CommandJob) -> CommandJob:
    """Return the job at this PC's hall on a server where the halls of the file that was named have gone there, as
    stations follow it."""
    from queuedesk.desk.network import address_halls_moved_to

    target = job.hall_file_or_address()
    if not isinstance(target, Path) or job.services.own_hall()[0] is None or address_halls_moved_to(target) is None:
        return job
    return replace(job, args=argparse.Namespace(**{**vars(job.args), "db": None}), _desk=None)


def _retry_until_there(work: Callable[[], None], is_awaited: Callable[[str], bool]) -> None:
    """Do it; where something is not there for which it `is_awaited`, say so and try again until it is."""
    said = ""
    while True:
        try:
            return work()
        except OutsideError as trouble:
            if not is_awaited(trouble.code):
                raise
            if (sentence := error_sentence(trouble)) != said:
                said = sentence
                output.print_sentence_to_stderr(sentence)
            sleep(TRY_AGAIN_S)


def _show_status(job: CommandJob) -> int:
    from queuedesk.features.web import verbs

    rows = verbs.serving_process_documents(job.desk(), job.now())
    lines = [
        _(
            "{address} since {time}; looking: {n}; faults: {faults}",
            address=row["address"],
            time=time_or_short_moment_text(row["since"], job.now()),
            n=row["looking"],
            faults=row["faults"],
        )
        for row in rows
    ]
    entry = job.services.host_autostart().entry(_autostart_name(job))
    document = {"serving": rows, "autostart": str(entry) if entry is not None else None}
    return job.print_answer(document, "\n".join(lines) or _("No web pages are served now."))


def _end_web_serving(job: CommandJob) -> int:
    from queuedesk.features.web import verbs

    desk = job.desk()
    station = station_name_at_pc(WEB, job.services.pc_here(desk))
    is_ending = verbs.request_end_if_web_serving(desk, station)
    told = _("The web pages of this PC end within seconds.") if is_ending else _("This PC serves no web pages.")
    return job.print_answer({"ending": [station] if is_ending else []}, told)


def _switch_autostart(job: CommandJob) -> int:
    starting, name = job.services.host_autostart(), _autostart_name(job)
    if job.args.onoff == "on":
        starting.add_to_autostart(_command_line_for_autostart(job), name)
    else:
        starting.remove_from_autostart(name)
    entry = starting.entry(name)
    text = _("It starts with this PC.") if entry is not None else _("It does not start with this PC.")
    return job.print_answer({"autostart": str(entry) if entry is not None else None}, text)


def _autostart_name(job: CommandJob) -> str:
    """Return the name under which the pages of this hall start with the PC, which may serve other halls' too."""
    from queuedesk.desk.looking import setup_of_hall

    # A code may have letters that a file's name or a service's may not.
    return f"{WEB}-{hashlib.sha256(setup_of_hall(job.desk()).hall.code.encode()).hexdigest()[:8]}"


def _command_line_for_autostart(job: CommandJob) -> list[str]:
    """Return the command line that serves as this one says, from whatever folder."""
    args = job.args
    hall: str | None = getattr(args, "hall", None)
    words = ["--db", str(job.hall_file_or_address())] if job.stated_database_address() else []
    words += ["--hall", hall] if hall else []
    words += ["web", "--kept", "--wait", "--listen", format_address(*args.listen)]
    for name in args.names:
        words += ["--name", name]
    for option, path in (("--cert", args.cert), ("--key", args.key)):
        words += [option, _absolute_path(path)] if path is not None else []
    return [*words, "--proxy", args.proxy] if args.proxy else words


def _absolute_path(path: Path | None) -> str:
    return "" if path is None else str(path.absolute())


def _show_link_or_renew_all_links(job: CommandJob) -> int:
    from queuedesk.features.web import verbs

    args = job.args
    if args.renew == (args.ticket is not None):
        raise UsageError(_("Give a ticket, or --renew."))
    if args.renew:
        return job.print_answer(
            verbs.withdraw_all_visit_links(job.desk(), job.new_change_ask()),
            _("The links on all printed tickets are withdrawn."),
        )
    job.require_read_right(ReadScope.WORK)
    document = verbs.link_document(job.desk(), args.ticket, job.hall_clock()(), args.day)
    return job.print_answer(document, document["link"])


def _export_pages(job: CommandJob) -> int:
    every_s, desk = job.args.every, job.desk()
    if every_s is not None and every_s < LEAST_EVERY_S:
        raise UsageError(_("--every is at least {n} seconds.", n=LEAST_EVERY_S))
    if every_s is not None:
        job.require_own_process()
    with _refusing_if_web_packages_missing():
        from queuedesk.features.web.server.public import export_for_ever, export_pages

    folder, clock = job.args.folder.absolute(), job.hall_clock()
    written = [path.name for path in export_pages(desk, clock, folder)]
    told = _("Written into {folder}: {files}", folder=str(folder), files=list_text(written))
    status = job.print_answer({"folder": str(folder), "files": written}, told)
    if every_s is not None:
        export_for_ever(desk, clock, folder, every_s)
    return status


@contextmanager
def _refusing_if_web_packages_missing() -> Iterator[None]:
    """Import what only the extra `web` brings. Raises OutsideError "web_missing"."""
    try:
        yield
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("queuedesk"):
            raise
        raise OutsideError("web_missing") from error


def _show_or_import_progress(job: CommandJob) -> int:
    from queuedesk.features.web import verbs

    reference, file = job.args.reference, job.args.file
    if file is not None:
        if reference != IMPORT:
            raise UsageError(_("Give a reference, or import and a file."))
        rows = verbs.read_case_progress_file(file)
        document = verbs.replace_case_progress(job.desk(), job.new_change_ask(), rows)
        return job.print_answer(document, n_("{n} case imported.", "{n} cases imported.", document["rows"]))
    job.require_read_right(ReadScope.WORK)
    document = verbs.case_progress_document(job.desk(), reference, current_language())
    return job.print_answer(document, "  ".join(filter(None, document.values())))


# -- other programs ----------------------------------------------------------------------------------------------------

KEYS = "features.web.verbs"


def _add_key_commands(web: CommandGroup) -> None:
    keys = _add_group(web, "keys", _("the keys of other programs"))
    adding = keys.add_command(
        "add", _("make a key; it is shown only now"), handler_for_function(f"{KEYS}:add_key", _key_text)
    )
    adding.add_argument("name", type=parse_code, metavar="NAME")
    adding.add_argument(
        "--scope",
        dest="scopes",
        nargs="+",
        action="extend",
        required=True,
        choices=SCOPES,
        metavar="SCOPE",
        help=_("what it is for: {scopes}", scopes=" ".join(SCOPES)),
    )
    listing_keys = handler_for_function(
        f"{KEYS}:key_documents", _key_line, many="keys", none=lambda: _("No other program has a key.")
    )
    keys.add_command("list", _("show all"), listing_keys, reads=ReadScope.LOG)
    removing = handler_for_function(f"{KEYS}:remove_key", lambda told: told["program"])
    keys.add_command("remove", _("withdraw a key"), removing).add_argument("name", type=parse_code, metavar="NAME")


def _add_hook_commands(web: CommandGroup) -> None:
    hooks = _add_group(web, "hooks", _("addresses that events are sent to"))
    adding = hooks.add_command(
        "add",
        _("send events to an address; the secret is shown only now"),
        handler_for_function(f"{KEYS}:add_hook", _hook_text),
    )
    adding.add_argument("address", type=parse_nonempty_text, metavar="URL")
    adding.add_argument(
        "--from", dest="first", type=parse_whole_number, metavar="SEQ", help=_("the first event; the next if not given")
    )
    listing_hooks = handler_for_function(
        f"{KEYS}:hook_documents", _hook_line, many="hooks", none=lambda: _("Events are sent nowhere.")
    )
    hooks.add_command("list", _("show all"), listing_hooks, reads=ReadScope.LOG)
    removing = handler_for_function(f"{KEYS}:remove_hook", lambda told: str(told["hook"]))
    hooks.add_command("remove", _("send no more events to an address"), removing).add_argument(
        "number", type=parse_whole_number, metavar="N"
    )


def _add_group(web: CommandGroup, name: str, text: str) -> CommandGroup:
    """Return the commands of a word that does nothing by itself."""
    return CommandGroup(web.add_command(name, text, None))


def _key_line(row: Document) -> str:
    return f"{row['program']}  {' '.join(row['scopes'])}"


def _hook_line(row: Document) -> str:
    behind = n_("{n} event behind", "{n} events behind", row["behind"]) if row["behind"] else ""
    return "  ".join(part for part in (str(row["hook"]), row["address"], behind) if part)


def _key_text(told: Document) -> str:
    if "key" not in told:  # the answer to a repeated id has no key
        return str(told["program"])
    return _("The key, shown only now: {key}", key=told["key"])


def _hook_text(told: Document) -> str:
    if "secret" not in told:
        return str(told["hook"])
    return _("Number {n}. The secret, shown only now: {secret}", n=told["hook"], secret=told["secret"])
