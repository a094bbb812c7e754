"""What holds for every feature that leaves something in the log, shown with what its demo plays: its tables follow from
the log and are made where they are missing, memory forgets what is over, names stand beside the log alone, and rights
are as its rules say."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from queuedesk.core.features import feature, listed, load
from queuedesk.core.log.apply import VERBS, AddedRules
from queuedesk.core.network.sharing import PcKind
from queuedesk.desk import looking
from queuedesk.desk.upkeep import examining
from queuedesk.store.parts.part_tables import ROWS, of_days
from queuedesk.store.rights.tables import EVENTS
from queuedesk.store.schema import contacts
from tests import engines
from tests.engine_fixtures import ON_BOTH_ENGINES
from tests.hall import MANAGER, Hall, simple_hall, simple_setup

DAYS = 20
LATER = timedelta(days=1)


@pytest.fixture(params=listed("IN_LOG"))
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def rules_of(name: str) -> AddedRules:
    one = feature(name)
    assert one is not None
    rules: AddedRules = load(one.log)
    return rules


@pytest.fixture
def played(name: str, tmp_path: Path) -> Hall:
    """A hall in which the demo of a feature was played, of which nothing was refused."""
    one = feature(name)
    assert one is not None and one.demo, "a demo has something of each feature"
    hall = simple_hall(tmp_path, hall={**simple_setup()["hall"], "features": [name, *one.needs]})
    for ago in range(DAYS, -1, -1):
        for _minute, does in load(one.demo).acts(ago):
            does(hall.desk, looking.setup_of(hall.desk), hall.ask(MANAGER))
        hall.clock.move(days=1 if ago else 0)
    return hall


@ON_BOTH_ENGINES
def test_its_tables_follow_from_the_log_and_are_made_where_they_are_missing(name: str, played: Hall) -> None:
    parts = rules_of(name).parts
    before = played.whole()
    played.must_follow_from_its_log()
    for part in parts:
        engines.execute(played.desk.db, f"DROP TABLE {ROWS[part].table.name}")
    again = engines.again(played.desk.db)
    with again.read() as tx:
        made = {part: of_days(tx, played.desk.hall, part) for part in parts}
    again.dispose()
    for part in parts:
        assert made[part] == before.of(part) != {}, f"the demo has some of {part.name}"
    assert {one.status for one in examining.examine(played.desk.db)} == {examining.OK}


def test_memory_forgets_what_is_over(name: str, played: Hall) -> None:
    state = played.whole()
    held: dict[str, Any] = {part.name: dict(state.of(part)) for part in rules_of(name).parts}
    state.forget_before(played.date + LATER)
    for part in rules_of(name).parts:
        still = {key for key, one in held[part.name].items() if part.holds_open(one)}
        assert set(state.of(part)) == still


def test_names_stand_beside_the_log_alone(name: str, played: Hall) -> None:
    with played.desk.db.read() as tx:
        people = {text for row in tx.execute(select(contacts)) for text in (row.name, row.contact) if text}
    told = str([event.data for event in played.log()])
    assert not [one for one in people if one in told]
    assert not {"name", "contact"} & {kept for verb in rules_of(name).verbs for kept in VERBS[verb].keeps}


def test_staff_s_pcs_may_append_its_events_and_a_manager_s_alone_what_managers_do(name: str) -> None:
    events = rules_of(name).events
    assert not EVENTS[PcKind.PUBLIC] & events.keys()
    assert EVENTS[PcKind.MANAGER] >= events.keys()
    assert events.keys() - EVENTS[PcKind.STAFF] == {kind for kind, event in events.items() if event.managers}
