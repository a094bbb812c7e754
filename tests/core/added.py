"""What features with folders of their own add: tests of the core's tables leave it out, each feature's own have it."""

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from types import ModuleType

import pytest
from sqlalchemy import Table

from queuedesk.core import features
from queuedesk.core.log.apply import TABLES
from queuedesk.core.log.apply import VERBS as ADDED_VERBS
from queuedesk.core.log.event import SHAPES, owning_feature_name
from queuedesk.core.log.state import ADDED
from queuedesk.core.network.roles import MAY, Role
from queuedesk.i18n.names import words_of_all_features
from queuedesk.store.parts.part_tables import ROWS
from queuedesk.store.schema import table_named


@contextmanager
def program_of(names: Iterable[str]) -> Iterator[None]:
    """Be a program of these features alone."""
    features.set_installed_features([*names])
    try:
        yield
    finally:
        features.set_installed_features(features.list_in_features_package("FEATURES"))


def all_but(name: str) -> list[str]:
    return [one for one in features.list_in_features_package("FEATURES") if one != name]


def make_up(monkeypatch: pytest.MonkeyPatch, name: str, *needs: str, usual: bool = True) -> None:
    """Let there be the folder of a feature of that name."""
    module, words = ModuleType(f"queuedesk.features.{name}"), features.Wording(name.title())
    vars(module)["FEATURE"] = features.Feature(name=name, title=words, about=words, needs=needs, usual=usual)
    monkeypatch.setitem(sys.modules, module.__name__, module)


def own_kinds() -> set[str]:
    return {kind for kind in SHAPES if not owning_feature_name(kind)}


def added_tables() -> set[Table]:
    return {ROWS[part].table for part in ADDED} | {table_named(table.name) for table in TABLES}


def own_verbs(*roles: Role) -> set[str]:
    """Return what one of these roles may do, of the core's."""
    return set().union(*(MAY[role] for role in roles or Role)) - ADDED_VERBS.keys()


def is_added(command: str) -> bool:
    """Whether a command, such as "lost list", is of a feature that brings its own events along, or that a hall has only
    where it chose it."""
    own = (
        names for one in features.installed_features() if one.log or not one.usual for names in one.commands.values()
    )
    return any(command.split(maxsplit=1)[0] in names for names in own)


def added_refusals() -> set[str]:
    return {code for words in words_of_all_features() for code in words.refusals}
