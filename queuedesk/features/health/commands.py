"""The command that tells a monitor whether all is well, and lets it start with the PC."""

from __future__ import annotations

from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

from queuedesk.cli.command_table import CommandGroup, CommandList, UsageError, parse_whole_number
from queuedesk.cli.job import CommandJob
from queuedesk.core.errors import OutsideError, QueueDeskError
from queuedesk.features.health import verbs
from queuedesk.features.health.rules import HealthReport, metrics_text
from queuedesk.features.health.verbs import LOOPBACK, SERVER, PcFacts
from queuedesk.features.health.words import health_document, health_line
from queuedesk.i18n import _

NAME = "health"
"""What starts it with the PC; one is enough for a PC."""
MOST_PORTS = 65_535
ASKS_WITHIN_S, LOOKS_S = 5.0, 1.0
TYPE = "text/plain; version=0.0.4; charset=utf-8"


def register_commands(commands: CommandList) -> None:
    """Add health."""
    health = commands.add_command("health", _show_or_serve_health)
    health.add_argument(
        "--serve",
        type=parse_whole_number,
        metavar="PORT",
        help=_("answer Prometheus at 127.0.0.1:PORT/metrics until Ctrl+C"),
    )
    deeds = CommandGroup(health, "deed")
    deeds.add_command("autostart", _("let it start with the PC, or no longer"), _switch_autostart).add_argument(
        "onoff", choices=("on", "off"), metavar="on|off"
    )
    deeds.add_command("status", _("whether it starts with the PC, and answers now"), _show_monitor_status)


def _show_or_serve_health(job: CommandJob) -> int:
    if job.args.serve is not None:
        return _serve_metrics(job, job.args.serve)
    health = read_health_of_halls(job)
    job.print_answer(health_document(health), health_line(health))
    return health.worst_status


def read_health_of_halls(job: CommandJob) -> HealthReport:
    """Look at the hall that the command names, or at all that are there; one that can't be read is an alarm."""
    from queuedesk.desk import looking
    from queuedesk.store.engine.database import Database

    pc = _pc_facts(job)
    try:
        db = Database.open(job.hall_file_or_address())
        try:
            code = job.hall_code
            halls = [id for id, known in looking.hall_ids_and_codes(db) if code in (None, known)]
            halls = halls or [looking.hall_id_by_code(db, code)]
            return verbs.read_health(db, halls, pc, job.hall_clock())
        finally:
            db.dispose()
    except OutsideError as trouble:
        return verbs.health_when_hall_unreadable(job.error_with_cause(trouble), pc, job.clock())


def _pc_facts(job: CommandJob) -> PcFacts:
    target, is_own = job.hall_file_or_address(), job.stated_database_address() is None
    is_sharing = not job.services.sharing_has_stopped() if is_own and not isinstance(target, Path) else None
    return verbs.facts_of_pc(target, job.services.printers() if is_own else None, is_sharing=is_sharing)


# -- for Prometheus ----------------------------------------------------------------------------------------------------


def _serve_metrics(job: CommandJob, port: int) -> int:
    job.require_own_process("health --serve")
    _require_port(port)
    entry = job.services.host_autostart().entry(NAME)

    class MonitorHandler(BaseHTTPRequestHandler):
        timeout = ASKS_WITHIN_S
        server_version = SERVER

        def do_GET(self) -> None:
            _answer_metrics_request(self, lambda: metrics_text(read_health_of_halls(job)), port)

        def log_message(self, format: str, *args: object) -> None:
            """Write no line for each question: a monitor asks four times a minute."""

    try:
        server = HTTPServer((LOOPBACK, port), MonitorHandler)
    except OSError as error:
        raise OutsideError("health_port_taken", address=f"{LOOPBACK}:{port}") from error
    address = f"http://{LOOPBACK}:{port}/metrics"
    with server:
        job.print_answer(
            {"listening": address}, _("Prometheus can ask at {address}. This runs until Ctrl+C.", address=address)
        )
        server.timeout = LOOKS_S
        while entry is None or entry.exists():  # One that starts with the PC ends where it no longer shall.
            server.handle_request()
    return 0


def _require_port(port: int) -> None:
    if not 0 < port <= MOST_PORTS:
        raise UsageError(_("A port is a number from 1 to {most}.", most=MOST_PORTS))


def _switch_autostart(job: CommandJob) -> int:
    starting = job.services.host_autostart()
    if job.args.onoff == "on":
        port = job.args.serve or verbs.PORT
        _require_port(port)
        hall: str | None = getattr(job.args, "hall", None)
        words = ["--db", str(job.hall_file_or_address())] if job.stated_database_address() else []
        words += ["--hall", hall] if hall else []
        starting.add_to_autostart([*words, "health", "--serve", str(port)], NAME)
    else:
        starting.remove_from_autostart(NAME)
    return _show_monitor_status(job)


def _show_monitor_status(job: CommandJob) -> int:
    entry = job.services.host_autostart().entry(NAME)
    port = verbs.autostart_port(entry) or job.args.serve or verbs.PORT
    listening = f"http://{LOOPBACK}:{port}/metrics" if verbs.is_answering(port) else None
    texts = [_("It starts with this PC.") if entry is not None else _("It does not start with this PC.")]
    texts += [_("Prometheus can ask at {address}.", address=listening)] if listening else []
    document = {"autostart": str(entry) if entry is not None else None, "listening": listening}
    return job.print_answer(document, " ".join(texts))


def _answer_metrics_request(asked: BaseHTTPRequestHandler, text: Callable[[], str], port: int) -> None:
    """Answer who asks for the figures by this PC's own name for itself: a page in a browser comes by another."""
    if asked.headers.get("Host") not in (f"{LOOPBACK}:{port}", f"localhost:{port}") or asked.path != "/metrics":
        asked.send_error(404)
        return
    try:
        content = text().encode()
    except QueueDeskError:
        asked.send_error(503)
        return
    asked.send_response(200)
    asked.send_header("Content-Type", TYPE)
    asked.send_header("Content-Length", str(len(content)))
    asked.end_headers()
    asked.wfile.write(content)
