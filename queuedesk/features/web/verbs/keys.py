"""Gives keys to other programs and takes them back; keeps the addresses that events are sent to."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from queuedesk.core.errors import RuleError
from queuedesk.desk.change import Desk, Document, HallChange, iso_local, runs_in_transaction
from queuedesk.features.web import rules, tables
from queuedesk.store.engine.types import Transaction
from queuedesk.store.parts import halls

SECRET_BYTES = 32


@runs_in_transaction("web-key")
def add_key(change: HallChange, name: str, scopes: Sequence[str]) -> Document:
    """Make a key for another program. Only this answer has the key itself, also if the command is repeated by its id.
    Raises RuleError "web_key_name", "web_key_taken", "web_key_scope", "web_too_many"."""
    rules.checked_new_key_name(name, (key.name for key in tables.program_api_keys(change.tx, change.book.id)))
    allowed = rules.checked_scopes_in_fixed_order(scopes)
    key = f"{rules.KEY_PREFIX}{secrets.token_urlsafe(SECRET_BYTES)}"
    made = rules.ProgramKey(name=name, digest=rules.digest_of_key(key), scopes=allowed, made=change.now)
    tables.store_program_key(change.tx, change.book.id, made)
    change.record("web.key", name=name, scopes=list(allowed))
    return {"program": name, "key": key, "scopes": list(allowed)}


@runs_in_transaction("web-key")
def remove_key(change: HallChange, name: str) -> Document:
    """Withdraw a key: it opens nothing from now on. Raises RuleError "web_key_unknown"."""
    if not tables.delete_key_and_tell_if_existed(change.tx, change.book.id, name):
        raise RuleError("web_key_unknown", name=name)
    change.record("web.key-gone", name=name)
    return {"program": name}


def key_documents(desk: Desk) -> list[Document]:
    """Return the keys by name, without anything that they could be guessed from."""
    with desk.db.read() as tx:
        setup = halls.setup_of_hall_row(tx, halls.load_hall_row(tx, desk.hall))
        keys = tables.program_api_keys(tx, desk.hall)
    return [{"program": key.name, "scopes": list(key.scopes), "made": iso_local(setup, key.made)} for key in keys]


def current_api_keys(desk: Desk) -> list[rules.ProgramKey]:
    with desk.db.read() as tx:
        return tables.program_api_keys(tx, desk.hall)


@runs_in_transaction("web-hook")
def add_hook(change: HallChange, address: str, first: int | None = None) -> Document:
    """Send events to an address, beginning with the one numbered `first`, by default with the next. Only this answer
    has the secret that they are signed with. Raises RuleError "web_hook_address", "web_too_many"."""
    hooks = tables.web_hooks(change.tx, change.book.id)
    rules.require_hook_address(address, hooks)
    number = max((hook.number for hook in hooks), default=0) + 1
    after = change.book.hall_counters().seq + 1 if first is None else max(0, first - 1)
    made = rules.WebHook(number=number, address=address, secret=secrets.token_urlsafe(SECRET_BYTES), after=after)
    tables.store_hook(change.tx, change.book.id, made)
    change.record("web.hook", number=number, host=rules.host_of_address(address), after=after)
    return {"hook": number, "address": address, "from": after + 1, "secret": made.secret}


@runs_in_transaction("web-hook")
def remove_hook(change: HallChange, number: int) -> Document:
    """Send no more events to an address. Raises RuleError "web_hook_unknown"."""
    if not tables.delete_hook_and_tell_if_there(change.tx, change.book.id, number):
        raise RuleError("web_hook_unknown", n=number)
    change.record("web.hook-gone", number=number)
    return {"hook": number}


def hook_documents(desk: Desk) -> list[Document]:
    """Return the addresses by number: the last event that each took, and how many it is behind."""
    with desk.db.read() as tx:
        end, rows = halls.load_hall_row(tx, desk.hall).now.seq, _hooks_with_positions(tx, desk.hall)
    return [
        {"hook": hook.number, "address": hook.address, "sent": seq, "behind": max(0, end - seq)} for hook, seq in rows
    ]


def web_hooks_with_last_seq(desk: Desk) -> list[tuple[rules.WebHook, int]]:
    """Return the addresses that events are sent to, each with the number of the last one that it took."""
    with desk.db.read() as tx:
        return _hooks_with_positions(tx, desk.hall)


def _hooks_with_positions(tx: Transaction, hall: int) -> list[tuple[rules.WebHook, int]]:
    taken = tables.hook_positions(tx, hall)
    return [(hook, max(hook.after, taken.get(hook.number, 0))) for hook in tables.web_hooks(tx, hall)]


def store_hook_position(desk: Desk, hook: rules.WebHook, seq: int) -> None:
    """Store the last event that an address took; nothing where it was removed meanwhile, though another may have got
    its number since."""
    with desk.db.write(desk.hall) as tx:
        if hook in tables.web_hooks(tx, desk.hall):
            tables.store_hook_position(tx, desk.hall, rules.LastEventTakenByHook(number=hook.number, seq=seq))
