"""What a database is asked while something is done."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from queuedesk.store.engine.database import Database


@contextmanager
def listening(db: Database, **heard: Callable[..., object]) -> Iterator[None]:
    """Call each function at the event of its name that SQLAlchemy's engine of `db` has, such as "commit"."""
    engine = db._engine
    for name, tell in heard.items():
        event.listen(engine, name, tell)
    try:
        yield
    finally:
        for name, tell in heard.items():
            event.remove(engine, name, tell)


@contextmanager
def statements(db: Database) -> Iterator[list[str]]:
    """Give the list of the statements that are sent meanwhile."""
    asked: list[str] = []

    def note(connection: object, cursor: object, statement: str, *rest: Any) -> None:
        asked.append(statement)

    with listening(db, before_cursor_execute=note):
        yield asked


def kinds(asked: list[str]) -> list[str]:
    """Return the first word of each statement, such as "SELECT"."""
    return [statement.split(maxsplit=1)[0] for statement in asked]
