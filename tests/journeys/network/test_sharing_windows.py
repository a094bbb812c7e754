"""By hands alone, in two networks: a hall is shared, another PC joins from its first page, and is withdrawn."""

import json
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from tests.hall import hall_of_today
from tests.journeys.network.shared_pcs import Pc
from tests.networks import FarPc
from tests.processes import Loaded

HANDS = "tests.journeys.network.sharing_hands"


def heard(process: Loaded) -> dict[str, Any]:
    line = process.stdout.readline()
    assert line, process.communicate()
    return json.loads(line)


def told(process: Loaded, **document: Any) -> None:
    process.stdin.write(json.dumps(document) + "\n")
    process.stdin.flush()


@pytest.fixture
def pcs(tmp_path: Path) -> Iterator[tuple[Pc, Pc]]:
    """Return the PC of a hall, in a network of its own at the end of a line, and a new one at the other end."""
    with FarPc() as far:
        main, other = Pc(tmp_path / "main", far), Pc(tmp_path / "other")
        (main.home / "queuedesk").mkdir()
        hall = hall_of_today(main.home / "queuedesk", settings={"reports": "off"})  # no station writes them beside
        hall.desk.db.dispose()
        try:
            yield main, other
        finally:
            for words in (("host", "autostart", "off"), ("host", "stop")):
                with suppress(AssertionError):  # where it was not shared, or not for long
                    main.ask(*words)


@pytest.mark.pg
@pytest.mark.journey
def test_a_hall_is_shared_joined_a_pc_withdrawn_and_the_hall_shared_again_by_touches_alone(pcs: tuple[Pc, Pc]) -> None:
    main, other = pcs
    manager, joining = main.begun(HANDS, "share", "zh_CN"), other.begun(HANDS, "join", "en")
    try:
        code = heard(manager)
        assert code["address"].endswith(":7432")
        told(joining, **code)
        assert heard(joining)["refusal"]
        joined = heard(joining)
        assert code["address"].removesuffix(":7432") in joined["line"]
        other.ask("issue", "A")
        told(manager)
        assert heard(manager)["joined"]
        told(manager)
        assert heard(manager)["state"]
        assert other.ask("issue", "A", status=1)["error"]["code"] == "pc_withdrawn"
        main.ask("doctor")
        main.ask("host", "stop")
        told(manager)
        assert heard(manager)["pill"] == "open"
    finally:
        for process in (manager, joining):
            process.kill()
            process.communicate()
