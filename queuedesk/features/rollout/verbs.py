"""What differs from a PC's file on this PC, and setting the PC up from it; and the check of a server for the hall: its
state before anything changes there, and the rights that roles lack."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from msgspec import Struct
from msgspec.structs import replace

from queuedesk.core.errors import OutsideError, QueueDeskError, RuleError
from queuedesk.core.network.sharing import PcKind, format_address, may_open_station
from queuedesk.core.talk.screen import ScreenSpec, screen_spec_row
from queuedesk.desk import looking, network
from queuedesk.features.rollout import rules
from queuedesk.files.reading import MB, read_input_file, read_program_file
from queuedesk.files.writing import write_file, write_private_file
from queuedesk.store.engine.address import ServerAddress
from queuedesk.store.engine.database import Database

if TYPE_CHECKING:
    from queuedesk.core.setup.rows import Setup
    from queuedesk.desk.change import Desk
    from queuedesk.store.engine.notifying import DeadlineConnection

STORED = f"this-pc{rules.ENDING}"
"""The file in the folder of this PC's settings that holds what the PC was set up from last."""
LARGEST = MB


class PcChoiceStore(Protocol):
    """This PC's own choices, as in app/this_pc/config.py."""

    def config_file(self) -> Path: ...
    def load_config(self) -> Any: ...
    def update_config(self, choices: Mapping[str, object]) -> object: ...


class PcScreenSettingsEditor(Protocol):
    """This PC's screens, and what opens at log-in."""

    def change_screen_choices(self, screen: str, changes: Mapping[str, Any]) -> object: ...
    def stop_using_screen(self, screen: str) -> None: ...
    def set_open_at_start(self, name: str, words: Sequence[str] | None) -> None: ...
    def autostart_names(self) -> list[str]: ...


class PcPrinters(Protocol):
    """This PC's printers."""

    def require_known_printer(self, choice: str) -> None: ...
    def stored_printer_choice(self) -> str: ...
    def choose_printer(self, printer: str) -> None: ...


class JoiningService(Protocol):
    """How this PC joins a shared hall, or follows it to another address."""

    def join_hall(self, address: str, code: str, *, name: str | None = None) -> object: ...
    def rejoin_hall_at_new_address(self, address: str) -> object: ...


class ThisPc(Struct, frozen=True):
    """What a file can change. `joined_at` are the addresses of the main PC that this PC has joined, [] where they are
    not known, None where it has joined none; `hall` gives the place and the code of its hall."""

    choices: PcChoiceStore
    settings: PcScreenSettingsEditor
    printers: PcPrinters
    joining: Callable[[], JoiningService]
    joined_at: Callable[[], list[str] | None]
    hall: Callable[[], tuple[Path | str, str | None]]


# -- the file ----------------------------------------------------------------------------------------------------------


def read_pc_file(path: Path, printers: PcPrinters, *, name: str = "", window: str = "") -> rules.PcFile:
    """Return what a file says of a PC, with another name or window where one is given. Raises OutsideError as
    read_input_file(), RuleError "pc_file_faults" with every fault."""
    content = read_input_file(path, LARGEST)
    return rules.parse_pc_file(content, str(path), printers.require_known_printer, name=name, window=window)


def write_pc_file(path: Path, file: rules.PcFile) -> None:
    """Write a file for other PCs. Raises RuleError "own_file", OutsideError "cannot_write"."""
    write_file(path, rules.pc_file_text(file).encode())


def stored_pc_file(choices: PcChoiceStore) -> rules.PcFile | None:
    """Return what this PC was set up from last, None for nothing. Raises OutsideError "cannot_read", RuleError
    "pc_file_faults"."""
    path = _stored_file_path(choices)
    try:
        content = read_program_file(path, LARGEST)
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise OutsideError("cannot_read", path=str(path)) from error
    return rules.parse_pc_file(content, str(path), None)


def _stored_file_path(choices: PcChoiceStore) -> Path:
    return choices.config_file().with_name(STORED)


# -- this PC -----------------------------------------------------------------------------------------------------------


def needs_joining(file: rules.PcFile, pc: ThisPc) -> bool:
    """Whether this PC works with another main PC than the file's. Of a hall whose server is no main PC's nothing can be
    told: it counts as the file's."""
    joined = pc.joined_at()
    return bool(file.address) and (joined is None or (joined != [] and file.address not in joined))


def pc_differences(file: rules.PcFile, pc: ThisPc) -> list[rules.PcDifference]:
    """Return what is otherwise on this PC, in the order of the file's keys. The name counts only while joining: the
    hall may have added a number to it."""
    found = []
    kept = pc.choices.load_config()
    if needs_joining(file, pc):
        found.append(rules.PcDifference(key=rules.ADDRESS, now=", ".join(pc.joined_at() or []), wanted=file.address))
    for key, now in (
        (rules.LANGUAGE, kept.language),
        (rules.PRINTER, pc.printers.stored_printer_choice()),
        (rules.STATION, kept.station),
        (rules.WINDOW, kept.window),
    ):
        wanted = getattr(file, key)
        if wanted and wanted != now:
            found.append(rules.PcDifference(key=key, now=now, wanted=wanted))
    if file.screens is not None:
        found += _differences_of_screens(kept.screens, file.screens)
    if file.open_at_login is not None:
        now, wanted = sorted(pc.settings.autostart_names()), sorted(_login_commands_wanted(file))
        if now != wanted:
            found.append(rules.PcDifference(key=rules.AT_LOGIN, now=", ".join(now), wanted=", ".join(wanted)))
    return found


def _differences_of_screens(
    now: tuple[ScreenSpec, ...], wanted: tuple[ScreenSpec, ...]
) -> Iterator[rules.PcDifference]:
    had, want = ({spec.screen: spec for spec in specs} for specs in (now, wanted))
    for screen in dict.fromkeys((*want, *had)):
        if had.get(screen) != want.get(screen):
            yield rules.PcDifference(
                key=f"{rules.SCREENS} {screen}",
                now=_screen_text(had.get(screen)),
                wanted=_screen_text(want.get(screen)),
            )


def _screen_text(spec: ScreenSpec | None) -> str:
    if spec is None:
        return ""
    is_read_from_afar = spec.station in ("display", "plate")
    layout = spec.layout if spec.station == "display" and spec.layout != "auto" else ""
    size = f"{spec.size}″" if spec.size.isdecimal() else spec.size
    far = f"{spec.distance_m:g} m" if is_read_from_afar else ""
    return " · ".join(filter(None, (f"{spec.station} {spec.window}".strip(), spec.zone, layout, size, far)))


def _login_commands_wanted(file: rules.PcFile) -> dict[str, list[str]]:
    return file.login_commands if file.open_at_login else {}


def set_up_pc(file: rules.PcFile, pc: ThisPc, code: str = "") -> list[rules.PcDifference]:
    """Set this PC up as the file says, and return what was changed. A PC that has not joined the file's hall needs a
    join code; one that has only moves to another address. What the hall refuses changes nothing but that the PC has
    joined by then.

    Raises RuleError "code_needed", "pc_file_window_unknown", "pc_file_not_here" and as joining, OutsideError
    "cannot_write", "cannot_read" and as Database.open does."""
    found = pc_differences(file, pc)
    if needs_joining(file, pc):
        if code:
            pc.joining().join_hall(file.address, code, name=file.name or None)
        elif pc.joined_at() is None:
            raise RuleError("code_needed")
        else:
            pc.joining().rejoin_hall_at_new_address(file.address)
    if found:
        require_pc_file_fits_hall(file, pc)
    _store_pc_file(file, pc)
    choices: dict[str, object] = {
        key: getattr(file, key) for key in (rules.LANGUAGE, rules.STATION, rules.WINDOW) if getattr(file, key)
    }
    if file.open_at_login is not None:
        choices["open_at_start"] = file.open_at_login
    if any(one.key in (*choices, rules.AT_LOGIN) for one in found):
        pc.choices.update_config(choices)
    changed = {one.key for one in found}
    if rules.PRINTER in changed:
        pc.printers.choose_printer(file.printer)
    for screen in [key.partition(" ")[2] for key in changed if key.startswith(f"{rules.SCREENS} ")]:
        spec = next((spec for spec in file.screens or () if spec.screen == screen), None)
        if spec is None:
            pc.settings.stop_using_screen(screen)
        else:
            pc.settings.change_screen_choices(screen, screen_spec_row(spec))
    if rules.AT_LOGIN in changed:
        wanted = _login_commands_wanted(file)
        for name in {*pc.settings.autostart_names()} - wanted.keys():
            pc.settings.set_open_at_start(name, None)
        for name, words in wanted.items():
            pc.settings.set_open_at_start(name, words)
    return found


def _store_pc_file(file: rules.PcFile, pc: ThisPc) -> None:
    """Keep what this PC is set up from, before the first change: what one that fails leaves undone is told by it."""
    path, content = _stored_file_path(pc.choices), rules.pc_file_text(file).encode()
    try:
        if read_program_file(path, LARGEST) == content:
            return
    except (OSError, ValueError):
        pass
    write_private_file(path, content)


def require_pc_file_fits_hall(file: rules.PcFile, pc: ThisPc) -> None:
    """Check windows and stations against the hall of this PC; without a hall there is nothing to check. Raises
    RuleError "pc_file_window_unknown", "pc_file_not_here", OutsideError as Database.open does."""
    hall = _setup_and_kind_of_pc(pc)
    if hall is None:
        return
    setup, kind = hall
    for station, window in ((file.station, file.window), *((one.station, one.window) for one in file.screens or ())):
        if window and window not in setup.windows:
            raise RuleError("pc_file_window_unknown", window=window, known=list(setup.windows))
        if station and not may_open_station(kind, station):
            raise RuleError("pc_file_not_here", station=station)


def _setup_and_kind_of_pc(pc: ThisPc) -> tuple[Setup, PcKind | None] | None:
    place, code = pc.hall()
    if isinstance(place, Path) and not place.exists():
        return None
    db = Database.open(place)
    try:
        desk, setup = looking.desk_and_setup_of_hall(db, code)
        return setup, network.own_pc_kind(desk)
    finally:
        db.dispose()


# -- a server for the hall, before anything changes there --------------------------------------------------------------

LEAST_VERSION = 14
_STATE = """SELECT current_setting('server_version_num')::int / 10000, pg_is_in_recovery(),
  extract(epoch FROM clock_timestamp())::float8, to_regclass('public.alembic_version') IS NOT NULL,
  to_regclass('public.halls') IS NOT NULL AND to_regclass('public.events') IS NOT NULL,
  (SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p') AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
    AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e'))"""


class _DatabaseServerFacts(NamedTuple):
    version: int
    stands_by: bool
    epoch_s: float
    has_version: bool
    has_halls: bool
    tables: int


def _server_answer_from_row(row: Sequence[str]) -> _DatabaseServerFacts:
    return _DatabaseServerFacts(int(row[0]), row[1] == "t", float(row[2]), row[3] == "t", row[4] == "t", int(row[5]))


def check_server(desk: Desk, place: ServerAddress, password: str, clock: Callable[[], datetime]) -> rules.ServerCheck:
    """Look at a server for this hall, which is in a file; nothing is changed there or here."""
    hosts, answers, encrypted, ahead = [], [], [], timedelta()
    for host in place.hosts:
        single, address = replace(place, hosts=(host,)), format_address(*host)
        try:
            with _connection_with_deadlines(single, password) as (server, is_encrypted):
                answer = _server_answer_from_row(server.query_rows(_STATE)[0])
                now = clock()
                encrypted.append(is_encrypted)
        except QueueDeskError as trouble:
            hosts.append(rules.HostState(address=address, trouble=trouble))
            continue
        hosts.append(rules.HostState(address=address, leads=not answer.stands_by))
        if not answer.stands_by:
            answers.append((single, answer))
            ahead = timedelta(seconds=answer.epoch_s - now.timestamp())
    check = rules.ServerCheck(
        url=_place_with_encryption(place, is_encrypted=bool(encrypted) and all(encrypted)).url(password),
        hosts=tuple(hosts),
        is_encrypted=bool(encrypted) and all(encrypted),
        is_own_pc=place.is_on_this_pc,
        ahead=ahead,
    )
    if len(answers) != 1:
        return replace(check, trouble=_error_if_not_one_leader(place, hosts))
    single, answer = answers[0]
    return _server_check_with_database_facts(replace(check, version=answer.version), desk, single, password, answer)


def _place_with_encryption(place: ServerAddress, *, is_encrypted: bool) -> ServerAddress:
    return replace(place, options="sslmode=require") if is_encrypted and not place.options else place


def _error_if_not_one_leader(place: ServerAddress, hosts: Sequence[rules.HostState]) -> QueueDeskError:
    leaders = [host.address for host in hosts if host.leads]
    if leaders:
        return RuleError("several_lead", servers=leaders)
    troubles = [host.trouble for host in hosts if host.trouble is not None]
    # What a person can mend comes first: of a server that is away little is known.
    troubles.sort(key=lambda trouble: trouble.code == "database_away")
    return troubles[0] if troubles else RuleError("none_leads", servers=[host.address for host in hosts])


def _server_check_with_database_facts(
    check: rules.ServerCheck, desk: Desk, place: ServerAddress, password: str, answer: _DatabaseServerFacts
) -> rules.ServerCheck:
    """Add what the database of the server that leads is like."""
    from queuedesk.store.engine.migrate import REVISION
    from queuedesk.store.rights.grants import statement_for_missing_right

    path = place.url()
    if answer.version < LEAST_VERSION:
        trouble = OutsideError("server_too_old", path=path, version=answer.version, least=LEAST_VERSION)
        return replace(check, trouble=trouble)
    if answer.tables and not (answer.has_version and answer.has_halls):
        return replace(check, trouble=RuleError("database_not_empty", database=place.database, tables=answer.tables))
    try:
        with _connection_with_deadlines(place, password) as (server, _is_encrypted):
            if (statement := statement_for_missing_right(server)) is not None:
                return replace(check, trouble=OutsideError("owner_lacks", statement=statement))
            if not answer.has_halls:
                return check
            revision = server.query_rows("SELECT version_num FROM public.alembic_version")[0][0]
            if revision > REVISION:
                return replace(check, trouble=OutsideError("database_newer", path=path, version=int(revision)))
            rows = server.query_rows("SELECT id, code, seq, hash FROM public.halls ORDER BY code")
            own_code = looking.setup_of_hall(desk).hall.code
            own = next((row for row in rows if row[1] == own_code), None)
            check = replace(check, halls=tuple(row[1] for row in rows if row[1] != own_code))
            if own is None:
                return check
            if not _has_same_past(desk, server, own):
                return replace(check, trouble=RuleError("hall_there", hall=own_code))
            return replace(check, has_earlier_copy=int(own[2]) > 0)
    except QueueDeskError as trouble:
        return replace(check, trouble=trouble)


def _has_same_past(desk: Desk, server: DeadlineConnection, row: Sequence[str]) -> bool:
    """Whether the log of a hall on the server and this hall's begin alike; `row` is that of the hall there."""
    from queuedesk.store.log import events
    from queuedesk.store.parts import halls

    seq, hash = int(row[2]), row[3]
    with desk.db.read() as tx:
        own_seq = halls.load_hall_row(tx, desk.hall).now.seq
        if seq <= own_seq:
            return seq == 0 or events.event_with_seq(tx, desk.hall, seq).hash == hash
        own_hash = events.event_with_seq(tx, desk.hall, own_seq).hash
    there = server.query_rows(f"SELECT hash FROM public.events WHERE hall = {int(row[0])} AND seq = {own_seq}")
    return there == [[own_hash]]


@contextmanager
def _connection_with_deadlines(place: ServerAddress, password: str) -> Iterator[tuple[DeadlineConnection, bool]]:
    """Give a connection as the server's owner, and whether it is encrypted. A server that stands still is given up.
    Raises OutsideError, RuleError."""
    from queuedesk.store.engine.notifying import DeadlineConnection
    from queuedesk.store.engine.server_link import driver_errors, open_server_connection

    try:
        connection = open_server_connection(place.url(password))
        with DeadlineConnection(connection) as server:
            yield server, bool(connection.pgconn.ssl_in_use)
    except driver_errors() as error:
        raise server_login_error(error, place) or error from error


def server_login_error(error: Exception, place: ServerAddress) -> QueueDeskError | None:
    """Return why the server lets its owner in no further: by its code or, where the system does not tell that
    (Windows), by its words if they are English; None for a bug."""
    from queuedesk.store.engine.faults import outside_error_of

    trouble, code, said = outside_error_of(error, place.url()), getattr(error, "sqlstate", None), str(error)
    role, database = quoted_identifier(place.role), quoted_identifier(place.database)
    if trouble is not None and trouble.code == "database_missing":
        return OutsideError("owner_lacks", statement=f"CREATE DATABASE {database} OWNER {role}")
    if trouble is None or trouble.code != "pc_withdrawn":
        return trouble
    if code == "28P01" or "password authentication failed" in said:
        return RuleError("server_password", server=place.hosts_text, user=place.role)
    if "42501" in said or "permission denied for database" in said:
        return OutsideError("owner_lacks", statement=f"GRANT CONNECT ON DATABASE {database} TO {role}")
    # The first is the name of the server's routine, the same in every language.
    if "InitializeSessionUserId" in said or "is not permitted to log in" in said:
        return OutsideError("owner_lacks", statement=f"ALTER ROLE {role} LOGIN")
    return RuleError("server_not_let_in", server=place.hosts_text, user=place.role, database=place.database)


def quoted_identifier(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


# -- the rights that roles of a shared hall's server need -------------------------------------------------------------

READERS = "qd_reports"


class RoleRight(NamedTuple):
    """A right that a role needs: the words between GRANT and TO, and SQL that says whether the role has it."""

    role: str
    right: str
    has: str

    @property
    def grant_statement(self) -> str:
        return f"GRANT {self.right} TO {self.role}"


def rights_of_pc_groups() -> list[RoleRight]:
    """Return the least rights of the groups of PCs, by what `install_rights` grants."""
    from queuedesk.store.rights.functions import CALLED
    from queuedesk.store.rights.tables import ALL, GRANTS, TableGrant

    found = []
    for kind in PcKind:
        role = f"qd_{kind}"

        def add_right(right: str, *conditions: str, role: str = role) -> None:
            found.append(RoleRight(role, right, " AND ".join(conditions)))

        add_right("USAGE ON SCHEMA public", f"has_schema_privilege('{role}', 'public', 'USAGE')")
        add_right(
            "SELECT ON public.alembic_version", f"has_table_privilege('{role}', 'public.alembic_version', 'SELECT')"
        )
        add_right(
            "USAGE ON SEQUENCE public.access_id_seq",
            f"has_sequence_privilege('{role}', 'public.access_id_seq', 'USAGE')",
        )
        for function, groups in CALLED.items():
            if role in groups:
                right = f"EXECUTE ON FUNCTION public.{function}"
                add_right(right, f"has_function_privilege('{role}', 'public.{function}', 'EXECUTE')")
        for table, grants in GRANTS.items():
            grant, name = grants.get(kind, TableGrant()), f"public.{quoted_identifier(table.name)}"
            every = [column.name for column in table.columns if not column.primary_key]
            updates = every if grant.updates == ALL else grant.updates
            for verb, columns in (("SELECT", () if grant.reads == ALL else grant.reads), ("UPDATE", updates)):
                if columns:
                    names = ", ".join(quoted_identifier(column) for column in sorted(columns))
                    checks = [f"has_column_privilege('{role}', '{name}', '{each}', '{verb}')" for each in columns]
                    add_right(f"{verb} ({names}) ON {name}", *checks)
            for verb, has in (("SELECT", grant.reads == ALL), ("INSERT", grant.inserts), ("DELETE", grant.deletes)):
                if has:
                    add_right(f"{verb} ON {name}", f"has_table_privilege('{role}', '{name}', '{verb}')")
    return found


# Roles are of the whole server: a reading login belongs to the database for which something is set for it or, where an
# earlier program made it, which lets it in.
_OF_LOGINS = f"""
SELECT CASE WHEN NOT r.rolcanlogin THEN format('ALTER ROLE %I LOGIN', r.rolname)
  WHEN NOT pg_has_role(r.oid, to_regrole(groups.name), 'USAGE') THEN format('GRANT %I TO %I', groups.name, r.rolname)
  WHEN NOT has_database_privilege(r.oid, current_database(), 'CONNECT')
  THEN format('GRANT CONNECT ON DATABASE %I TO %I', current_database(), r.rolname) END
FROM (SELECT p.role AS login, 'qd_' || p.kind AS name FROM public.pcs p WHERE p.withdrawn IS NULL
  UNION ALL SELECT l.rolname, '{READERS}' FROM pg_roles l JOIN pg_database d ON d.datname = current_database()
    WHERE l.rolname ~ '^{READERS}_[0-9]+_[0-9a-f]{{12}}$'
    AND (EXISTS (SELECT FROM pg_db_role_setting s WHERE s.setdatabase = d.oid AND s.setrole = l.oid)
      OR EXISTS (SELECT FROM aclexplode(d.datacl) a WHERE a.grantee = l.oid))) groups
JOIN pg_roles r ON r.rolname = groups.login WHERE to_regrole(groups.name) IS NOT NULL ORDER BY r.rolname"""
# A schema of that name may be somebody else's; ours says whose it is.
_OWN_SCHEMA = "SELECT oid FROM pg_namespace WHERE nspname = 'reporting'"
_OWN_SCHEMA += " AND starts_with(obj_description(oid, 'pg_namespace'), 'QueueDesk ')"
_OF_READERS = f"""
SELECT 'GRANT USAGE ON SCHEMA reporting TO {READERS}' WHERE to_regrole('{READERS}') IS NOT NULL
  AND NOT has_schema_privilege('{READERS}', ({_OWN_SCHEMA}), 'USAGE')
UNION ALL SELECT format('GRANT SELECT ON reporting.%I TO {READERS}', c.relname) FROM pg_class c
  WHERE to_regrole('{READERS}') IS NOT NULL AND c.relnamespace = ({_OWN_SCHEMA}) AND c.relkind = 'v'
  AND NOT has_table_privilege('{READERS}', c.oid, 'SELECT')"""


def statements_for_missing_rights(db: Database) -> list[str]:
    """Return a statement for each right that a role of a shared hall's server lacks, in the order in which whoever
    looks after the server can run them; nothing for a file, nor where this program's rights are not installed: in a
    hall that only its owner opens by its address, or until sharing starts after an update. Raises OutsideError."""
    from queuedesk.store.rights.grants import are_rights_current

    if not db.is_shared:
        return []
    with db.read() as tx:
        if not are_rights_current(tx):
            return []

        def query_values(question: str) -> list[str]:
            result = tx.exec_driver_sql(question, execution_options={"no_parameters": True})
            return [row for row in result.scalars() if row is not None]

        groups = [f"qd_{kind}" for kind in PcKind]
        there = set(query_values("SELECT rolname FROM pg_roles WHERE starts_with(rolname, 'qd_')"))
        found = [f"CREATE ROLE {group} NOLOGIN" for group in groups if group not in there]
        rights = [right for right in rights_of_pc_groups() if right.role in there]
        asked = ", ".join(f"({at}, {right.has})" for at, right in enumerate(rights))
        lacking = (
            query_values(f"SELECT at FROM (VALUES {asked}) AS rights (at, has) WHERE NOT has ORDER BY at")
            if asked
            else []
        )
        return [
            *found,
            *(rights[int(at)].grant_statement for at in lacking),
            *query_values(_OF_READERS),
            *query_values(_OF_LOGINS),
        ]
