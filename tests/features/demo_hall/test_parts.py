"""What people of the demo's hall type, and what features play there."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from msgspec import Struct
from msgspec.structs import asdict

from queuedesk.core.features import features, install, listed, names
from queuedesk.core.network.roles import CONSOLE
from queuedesk.desk import looking
from queuedesk.desk.change import Ask, Desk, derived_tokens, no_salt
from queuedesk.desk.setup import setting_up
from queuedesk.features.demo_hall.verbs import busy_day, cases, story
from queuedesk.features.demo_hall.verbs.halls import story_hall
from queuedesk.features.morning.demo import BRIEFINGS
from queuedesk.sim.demo import parts_of
from queuedesk.store.engine.database import Database
from queuedesk.store.upkeep.exchange import drafted
from tests.features.demo_hall.month import MONDAY, month

CHINESE, ENGLISH = re.compile("[\u4e00-\u9fff]"), re.compile("[A-Za-z]{3,} [A-Za-z]{2,}")
SET_UP = ("set-up", "halls")
"""Where names stand in both languages: a kind of event, and a table."""


def texts(found: Any, key: str = "") -> Iterator[str]:
    """Yield every text in a value, without the English ones that stand beside Chinese."""
    if isinstance(found, dict):
        if found.get("kind") not in SET_UP:
            for name, value in found.items():
                yield from texts(value, name)
    elif isinstance(found, list):
        for value in found:
            yield from texts(value, key)
    elif isinstance(found, str) and not key.endswith("_en"):
        if found.startswith(("{", "[")):
            yield from texts(json.loads(found), key)
        else:
            yield found


def kept(file: Path) -> Iterator[str]:
    """Yield every text of a hall's file but those of its set-up."""
    db = sqlite3.connect(file)
    db.row_factory = sqlite3.Row
    for (name,) in db.execute("select name from sqlite_master where type = 'table'").fetchall():
        for row in db.execute(f'select * from "{name}"').fetchall() if name not in SET_UP else ():
            yield from texts(dict(row))
    db.close()


def typed(found: Any) -> Iterator[tuple[str, str]]:
    """Yield everything in a module's value that somebody types, in both languages."""
    if isinstance(found, Struct):
        found = asdict(found)
    if isinstance(found, Mapping):
        found = (*found, *found.values())
    if isinstance(found, tuple):
        if len(found) == 2 and all(isinstance(one, str) for one in found):
            yield found
        else:
            for one in found:
                yield from typed(one)


def test_people_type_the_language_of_their_hall(tmp_path: Path) -> None:
    month(tmp_path).db.dispose()
    said = list(kept(tmp_path / "hall.sqlite"))
    demos = [import_module(f"queuedesk.{one.demo.partition(':')[0]}") for one in features() if one.demo]
    pairs = [pair for module in (cases, story, *demos) for value in vars(module).values() for pair in typed(value)]
    briefings = {points for both in BRIEFINGS.values() for points in both}

    in_english = {text for text in said if ENGLISH.search(text) and not CHINESE.search(text)}
    assert in_english <= {"\n".join(points) for points in briefings}, "these are written in both languages"
    assert {"等得比告知的久", "中午少等", "新收费公示怎么讲"} <= set(said)
    in_both = [pair for pair in pairs if CHINESE.search(pair[0]) and pair not in briefings]
    assert len(in_both) > 80
    assert [pair for pair in in_both if not pair[1] or CHINESE.search(pair[1])] == []


@pytest.mark.parametrize("there", ["", *(one.name for one in features() if one.demo)])
def test_the_day_is_played_with_any_one_feature_and_without_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, there: str
) -> None:
    monkeypatch.setattr(busy_day, "BUSY_CUSTOMERS", 10)
    install(("demo_hall", there) if there else ("demo_hall",))
    try:
        setup = story_hall(MONDAY)
        begins = Ask(CONSOLE, story.story_begins(setup, MONDAY, 1))
        with drafted(tmp_path / "hall.sqlite") as db:
            made = setting_up.found_hall(db, setup, begins)
            desk = Desk(db, made.hall, derived_tokens(b"alone"), no_salt)
            for part in parts_of(setup.hall):
                part.found(desk, setup, begins, MONDAY)
            day = busy_day.BusyDay(desk, setup, MONDAY, 64)
            day.play()
        desk = Desk(Database.open(tmp_path / "hall.sqlite"), made.hall)
        assert looking.hall_on(desk, MONDAY).tickets
        assert names() == ((there,) if there else ())
        desk.db.dispose()
    finally:
        install(listed("FEATURES"))
