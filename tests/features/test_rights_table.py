"""The tables of tests/rights.md against what a server lets each kind of login do, without what features add."""

import pytest

from queuedesk.core.network.sharing import PcKind
from queuedesk.store.rights.tables import EVENTS, GRANTS
from tests import rights_page
from tests.core.added import added_tables, own_kinds
from tests.credentials import raw
from tests.store.rights.test_rights_attacks import addresses, place, reads  # noqa: F401

pytestmark = pytest.mark.pg


@pytest.mark.parametrize("kind", PcKind)
def test_a_login_reads_what_the_table_names(addresses: dict[PcKind, str], kind: PcKind) -> None:  # noqa: F811
    told = {}
    with raw(addresses[kind]) as own:
        for table in GRANTS.keys() - added_tables():
            names = [column.name for column in table.columns] + ["whole"] * (table.name == "events")
            readable = {name for name in names if reads(own, table.name, name)}
            told[table.name] = in_words(readable, set(names) - readable)
    assert rights_page.by_name("What a login reads", "tables", str(kind)) == told


def in_words(readable: set[str], hidden: set[str]) -> str:
    if not readable or not hidden:
        return "all" if readable else "no"
    fewer = hidden if len(hidden) < len(readable) else readable
    return ("all but " if fewer is hidden else "") + " ".join(f"`{name}`" for name in sorted(fewer))


def test_the_table_says_who_appends_what() -> None:
    for kind in PcKind:
        told = rights_page.by_name("What a login appends", "events", str(kind))
        assert told == {name: "yes" if name in EVENTS[kind] else "no" for name in own_kinds()}
