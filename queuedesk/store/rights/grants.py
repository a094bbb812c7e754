"""Grants the rights of each kind of PC in a shared hall's database.

Only PostgreSQL has them. decisions/rights.md says what they do not stop. What makes them is loaded where they are made
(`tables.py`, which needs every table, and the long texts of `functions.py`): stations only ask for them."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Table, text

from queuedesk.core.network.sharing import PcKind
from queuedesk.store.engine.types import Transaction, to_microseconds

if TYPE_CHECKING:
    from queuedesk.store.engine.notifying import DeadlineConnection
    from queuedesk.store.rights.tables import TableGrant

GIVE_UP_MS = 300
"""A third of the time after which a server ends one of two transactions that wait for each other."""
LONGEST_BLOCK_S = 20
"""So long may a PC's transaction keep others waiting."""
_GROUPS = {kind: f"qd_{kind}" for kind in PcKind}
_EVERYBODY = ", ".join(_GROUPS.values())
# Functions of the server with which any login could fill the disk; those of advisory locks hold what an upgrade waits
# for.
_NOT_FOR_ALL = ["lo_creat", "lo_create", "lo_from_bytea", "lo_put", "lowrite", "pg_logical_emit_message"]
# The server's other doors, where it is the hall's own; several databases of one server may be at this at once.
_SHUT_NEXT_DOOR = """
DO $$ BEGIN
  IF has_database_privilege('public', 'postgres', 'CONNECT') THEN
    REVOKE ALL ON DATABASE postgres, template1 FROM PUBLIC;
  END IF;
EXCEPTION WHEN internal_error THEN NULL;
END $$"""


def install_rights(tx: Transaction) -> None:
    """Create or renew the roles, grants, triggers and row rules of this database; for its owner, who must be allowed to
    make roles. It may be repeated at any time, and is after every change of the tables. Raises DBAPIError for anybody
    else."""
    from queuedesk.store.rights.functions import CALLED, install_triggers_and_functions

    for statement in _role_and_column_creation_sql():
        _execute_without_parameters(tx, statement)
    install_triggers_and_functions(tx)
    for function in CALLED:
        _execute_without_parameters(tx, f"REVOKE EXECUTE ON FUNCTION public.{function} FROM PUBLIC")
    _revoke_public_rights(tx)
    for statement in _statements_after_functions(tx):
        _execute_without_parameters(tx, statement)
    _execute_without_parameters(tx, f"COMMENT ON FUNCTION public.qd_hall() IS '{_digest_of_rights(tx)}'")


def are_rights_current(tx: Transaction) -> bool:
    """Whether this very program's rights are installed: then nobody needs to wait for its tables once more."""
    said = tx.execute(text("SELECT obj_description(to_regprocedure('public.qd_hall()'), 'pg_proc')")).scalar_one()
    return bool(said == _digest_of_rights(tx))


def statement_for_missing_right(server: DeadlineConnection) -> str | None:
    """Return what whoever looks after a server has to run so that this login can own shared halls there; None if it
    lacks nothing. Raises psycopg.Error."""
    question = f"""SELECT CASE WHEN rolsuper THEN NULL
      WHEN NOT rolcreaterole THEN format('ALTER ROLE %I CREATEROLE', current_user)
      WHEN NOT has_schema_privilege('public', 'CREATE')
        OR NOT pg_has_role((SELECT datdba FROM pg_database WHERE datname = current_database()), 'USAGE')
      THEN format('ALTER DATABASE %I OWNER TO %I', current_database(), current_user)
      WHEN EXISTS (SELECT FROM pg_roles g WHERE g.rolname = ANY (string_to_array('{_EVERYBODY}', ', '))
        AND NOT pg_has_role(g.oid, 'MEMBER WITH ADMIN OPTION'))
      THEN format('GRANT {_EVERYBODY} TO %I WITH ADMIN OPTION', current_user) END
      FROM pg_roles WHERE rolname = current_user"""
    return next((row[0] for row in server.query_rows(question) if row[0]), None)


def lock_all_tables_exclusively(tx: Transaction) -> None:
    """Take all tables for this transaction alone, in one step and before it changes anything. Who reads them now ends
    first; whoever waits for a table that is taken already, while holding another, can't. So this gives up sooner than
    the server would end one of the two: raises DBAPIError, and may be tried again."""
    from queuedesk.store.rights.tables import GRANTS

    _execute_without_parameters(tx, f"SET LOCAL lock_timeout = {GIVE_UP_MS}")
    names = ", ".join(f"public.{_quoted_names(tx, [table.name])}" for table in GRANTS)
    _execute_without_parameters(tx, f"LOCK TABLE {names} IN ACCESS EXCLUSIVE MODE")


def _role_and_column_creation_sql() -> Iterator[str]:
    """Yield what comes before the functions, which name the column."""
    for group in _GROUPS.values():
        yield (
            f"DO $$ BEGIN CREATE ROLE {group} NOLOGIN;"
            " EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$"
        )
    yield (
        "ALTER TABLE public.halls ADD COLUMN IF NOT EXISTS seen_by jsonb"
        " GENERATED ALWAYS AS (setup::jsonb #> '{hall,seen_by}') STORED"
    )


def _statements_after_functions(tx: Transaction) -> Iterator[str]:
    from queuedesk.store.rights.functions import CALLED
    from queuedesk.store.rights.tables import GRANTS, OF_THE_DATABASE, TableGrant

    for function, groups in CALLED.items():
        yield f"GRANT EXECUTE ON FUNCTION public.{function} TO {groups}"
    yield f"GRANT USAGE ON SCHEMA public TO {_EVERYBODY}"
    yield f"GRANT SELECT ON public.alembic_version TO {_EVERYBODY}"
    yield f"GRANT USAGE ON SEQUENCE public.access_id_seq TO {_EVERYBODY}"
    for table, grants in GRANTS.items():
        for kind, group in _GROUPS.items():
            yield from _grant_statements(tx, table, group, grants.get(kind, TableGrant()))
        if table.name not in OF_THE_DATABASE:
            yield from _row_security_statements(tx, table, beyond=any(grant.beyond for grant in grants.values()))


def _digest_of_rights(tx: Transaction) -> str:
    """Return what tells this program's rights from those of another."""
    from queuedesk.store.rights.functions import trigger_and_function_statements

    doors = (_SHUT_NEXT_DOOR, *_NOT_FOR_ALL)
    whole = "\n".join(
        (*_role_and_column_creation_sql(), *trigger_and_function_statements(), *doors, *_statements_after_functions(tx))
    )
    return f"rights {hashlib.sha256(whole.encode()).hexdigest()[:32]}"


@contextmanager
def whole_log_rewriting(tx: Transaction) -> Iterator[None]:
    """Let the owner replace a whole log in this transaction: nothing of it is checked, and rows may be deleted. Without
    installed rules, and on SQLite, it changes nothing."""
    if tx.dialect.name == "sqlite":
        yield
        return
    _execute_without_parameters(tx, "SET LOCAL queuedesk.rewriting = 'on'")
    yield
    _execute_without_parameters(tx, "SET LOCAL queuedesk.rewriting = 'off'")


def add_pc(tx: Transaction, hall: int, name: str, kind: PcKind, *, made_by: str, now: datetime) -> tuple[str, str]:
    """Make a PC's credential and return its role and its password, which is stored nowhere. For the owner and a
    manager's PC of the hall."""
    role, password = f"qd_{secrets.token_hex(6)}", secrets.token_urlsafe(24)
    # What a password is checked with: the password itself never reaches the server, nor its log.
    driver: Any = tx.connection.dbapi_connection
    verifier = driver.pgconn.encrypt_password(password.encode(), role.encode(), b"scram-sha-256").decode()
    values = {"role": role, "verifier": verifier, "hall": hall, "name": name, "kind": str(kind), "by": made_by}
    tx.execute(
        text("SELECT public.qd_add_pc(:role, :verifier, :hall, :name, :kind, :by, :at)"),
        values | {"at": to_microseconds(now)},
    )
    return role, password


def withdraw_pc(tx: Transaction, role: str) -> bool:
    """Withdraw a PC's credential and end its connections; False if it has none any more. For the owner and a manager's
    PC of the hall."""
    return bool(tx.execute(text("SELECT public.qd_withdraw_pc(:role)"), {"role": role}).scalar_one())


def cut_off_and_list_unwanted_roles(tx: Transaction, longest_s: int = LONGEST_BLOCK_S) -> list[str]:
    """End the connections of withdrawn PCs and of those that block others for longer than that; return their roles. For
    the owner, about once a second."""
    return list(tx.execute(text("SELECT public.qd_cut_off(:longest)"), {"longest": longest_s}).scalars())


def _revoke_public_rights(tx: Transaction) -> None:
    """Take from everybody what PostgreSQL gives everybody."""
    database = _quoted_names(tx, [tx.execute(text("SELECT current_database()")).scalar_one()])
    _execute_without_parameters(tx, f"REVOKE ALL ON DATABASE {database} FROM PUBLIC")
    _execute_without_parameters(tx, "REVOKE CREATE ON SCHEMA public FROM PUBLIC")
    me = tx.execute(text("SELECT rolsuper, oid = 10 AS first FROM pg_roles WHERE rolname = current_user")).one()
    if not me.rolsuper:
        return
    if me.first:
        _execute_without_parameters(tx, _SHUT_NEXT_DOOR)
    _execute_without_parameters(tx, "REVOKE USAGE ON LANGUAGE plpgsql FROM PUBLIC")
    result = tx.execute(
        text(
            "SELECT CAST(CAST(oid AS regprocedure) AS text) FROM pg_proc WHERE pronamespace = CAST('pg_catalog' AS regnamespace)"
            " AND (proname = ANY (:names) OR starts_with(proname, 'pg_advisory') OR starts_with(proname, 'pg_try_advisory'))"
        ),
        {"names": _NOT_FOR_ALL},
    )
    for function in list(result.scalars()):
        _execute_without_parameters(tx, f"REVOKE EXECUTE ON FUNCTION {function} FROM PUBLIC")


def _grant_statements(tx: Transaction, table: Table, group: str, grant: TableGrant) -> Iterator[str]:
    from queuedesk.store.rights.tables import ALL

    name = f"public.{_quoted_names(tx, [table.name])}"
    every = [column.name for column in table.columns if not column.primary_key]
    yield f"REVOKE ALL ON {name} FROM {group}"
    rights = []
    if grant.reads:
        rights.append("SELECT" if grant.reads == ALL else f"SELECT ({_quoted_names(tx, grant.reads)})")
    if grant.inserts:
        rights.append("INSERT")
    if grant.updates:
        rights.append(f"UPDATE ({_quoted_names(tx, every if grant.updates == ALL else grant.updates)})")
    if grant.deletes:
        rights.append("DELETE")
    if rights:
        yield f"GRANT {', '.join(rights)} ON {name} TO {group}"


def _row_security_statements(tx: Transaction, table: Table, *, beyond: bool) -> Iterator[str]:
    """Yield what lets a PC see and change rows of its own hall alone, write none that could not be read, and delete
    what `DELETES` lets it; a manager's sees those of halls that let it, where `beyond`."""
    from queuedesk.store.rights.tables import DELETES, HALL_COLUMNS, WITHHELD_ROWS, valid_row_conditions

    name = f"public.{_quoted_names(tx, [table.name])}"
    of = HALL_COLUMNS.get(table.name, "hall")
    # In a subquery, so that it is asked once for a statement and not for each row.
    own = f"{of} = (SELECT public.qd_hall())"
    if table.name == "pcs":
        own = f"{own} AND (role = session_user OR (SELECT public.qd_kind()) = 'manager')"
    # A change asks the rule of SELECT too: where both are the same the server asks once.
    quote = tx.dialect.identifier_preparer.quote_identifier
    writes = " AND ".join([own, *valid_row_conditions(table, quote)])
    removes = " AND ".join([own, *([DELETES[table]] if table in DELETES else [])])
    sees = f"{of} = ANY ((SELECT public.qd_sight())::bigint[])" if beyond else own
    manager = _GROUPS[PcKind.MANAGER]
    others = ", ".join(group for group in _GROUPS.values() if group != manager)
    rules = {
        "qd_select": f"FOR SELECT TO {others} USING ({own}{WITHHELD_ROWS.get(table, '')})",
        "qd_sight": f"FOR SELECT TO {manager} USING ({sees})",
        "qd_insert": f"FOR INSERT TO {_EVERYBODY} WITH CHECK ({writes})",
        "qd_update": f"FOR UPDATE TO {_EVERYBODY} USING ({own}) WITH CHECK ({writes})",
        "qd_delete": f"FOR DELETE TO {_EVERYBODY} USING ({removes})",
    }
    yield f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY"
    for policy, rule in rules.items():
        yield f"DROP POLICY IF EXISTS {policy} ON {name}"
        yield f"CREATE POLICY {policy} ON {name} {rule}"


def _quoted_names(tx: Transaction, names: Iterable[str]) -> str:
    quote = tx.dialect.identifier_preparer.quote_identifier
    return ", ".join(quote(name) for name in sorted(names))


def _execute_without_parameters(tx: Transaction, statement: str) -> None:
    tx.exec_driver_sql(statement, execution_options={"no_parameters": True})
