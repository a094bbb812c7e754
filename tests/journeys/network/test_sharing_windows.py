"""By hands alone: a hall is shared in the set-up, another PC joins it from its first page, and is withdrawn. Two
networks, real processes."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.bounded import PATIENCE_S
from tests.hall import hall_of_today
from tests.networks import FarPc
from tests.processes import Loaded

ROOT = Path(__file__).resolve().parents[3]


@dataclass
class Pc:
    """A PC with folders of its own; `network` is its own where it has one."""

    home: Path
    network: FarPc | None = None
    processes: list[Loaded] = field(default_factory=list)

    def start(self, *words: str) -> Loaded:
        own = {name: str(self.home) for name in ("XDG_CONFIG_HOME", "APPDATA", "XDG_DATA_HOME", "LOCALAPPDATA", "HOME")}
        env = {**os.environ, **own, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}
        process = Loaded(words, env, first=self.network.enter if self.network else None)
        self.processes.append(process)
        return process

    def hands(self, deed: str, lang: str) -> Loaded:
        return self.start("-m", "tests.journeys.network.sharing_hands", deed, lang)

    def command(self, *words: str) -> tuple[int, str]:
        """Run a command to its end; return its status and what it printed."""
        process = self.start("-m", "queuedesk", "--lang", "en", *words)
        printed, said = process.communicate(timeout=PATIENCE_S)
        return process.wait(), printed + said

    def end(self) -> None:
        for process in self.processes:
            if process.poll() is None:
                process.kill()
            with suppress(ValueError):
                process.communicate(timeout=PATIENCE_S)


def heard(process: Loaded) -> dict[str, Any]:
    """Return the next line that the hands tell."""
    line = process.stdout.readline()
    assert line, process.communicate()
    document: dict[str, Any] = json.loads(line)
    return document


def told(process: Loaded, **document: Any) -> None:
    process.stdin.write(json.dumps(document) + "\n")
    process.stdin.flush()


@pytest.fixture
def pcs(tmp_path: Path) -> Iterator[tuple[Pc, Pc]]:
    """Return the PC of a hall, in a network of its own at the end of a line, and a new one at the other end."""
    with FarPc() as far:
        main, other = Pc(tmp_path / "main", far), Pc(tmp_path / "other")
        (main.home / "queuedesk").mkdir(parents=True)
        other.home.mkdir()
        hall = hall_of_today(main.home / "queuedesk")
        hall.desk.db.dispose()
        try:
            yield main, other
        finally:
            other.end()
            main.command("host", "autostart", "off")
            main.command("host", "stop")
            main.end()


@pytest.mark.pg
@pytest.mark.journey
def test_a_hall_is_shared_joined_a_pc_withdrawn_and_the_hall_shared_again_by_touches_alone(pcs: tuple[Pc, Pc]) -> None:
    main, other = pcs
    manager = main.hands("share", "zh_CN")
    code = heard(manager)
    assert code["address"].endswith(":7432")
    joining = other.hands("join", "en")
    told(joining, **code)
    assert heard(joining)["refusal"]
    joined = heard(joining)
    assert code["address"].removesuffix(":7432") in joined["line"]
    assert other.command("issue", "A")[0] == 0

    told(manager)
    arrived = heard(manager)
    assert arrived["joined"] in arrived["box"]
    assert arrived["own"] == "open", "the manager's own PC gives its signs"
    told(manager)
    assert heard(manager)["state"]
    status, said = other.command("--json", "issue", "A")
    assert (status, "pc_withdrawn" in said) == (1, True), said
    assert main.command("doctor")[0] == 0

    assert main.command("host", "stop")[0] == 0
    told(manager)
    assert heard(manager)["pill"] == "open"
