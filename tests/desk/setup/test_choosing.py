"""Choosing what a hall uses: what switches together, what stays chosen, who may."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from queuedesk.core import features
from queuedesk.core.features import Feature
from queuedesk.core.wording import Wording
from queuedesk.desk import looking
from queuedesk.desk.setup import setting_up
from tests.hall import MANAGER, refused, simple_hall


@pytest.fixture
def three(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A program whose features are a camera, pictures that need it, and an album of them that came later."""
    for name, needs, usual in (("camera", (), True), ("pictures", ("camera",), True), ("album", ("pictures",), False)):
        module = ModuleType(f"queuedesk.features.{name}.register")
        words = Wording(name)
        vars(module)["FEATURE"] = Feature(name=name, title=words, about=words, needs=needs, usual=usual)
        monkeypatch.setitem(sys.modules, module.__name__, module)
    features.install(["camera", "pictures", "album"])
    yield
    features.install(features.listed("FEATURES"))


@pytest.mark.usefixtures("three")
def test_what_needs_another_switches_with_it_and_names_of_other_programs_stay(tmp_path: Path) -> None:
    hall = simple_hall(tmp_path)

    def choose(**words: list[str]) -> dict[str, list[str]]:
        return setting_up.choose_features(hall.desk, hall.ask(), **words)

    def chosen() -> tuple[str, ...] | None:
        return looking.setup_of(hall.desk).hall.features

    assert (choose(on=["pictures"])["on"], chosen(), len(hall.log())) == ([], None, 1)

    assert choose(on=["album"]) == {"features": ["camera", "pictures", "album"], "on": ["album"], "off": []}
    event = hall.log()[-1]
    assert (event.kind, event.data["part"], event.data["op"]) == ("set-up", "hall", "set")
    assert event.data["row"] == {"features": ["camera", "pictures", "album"]}

    hall.do("set-hall", {"features": ["album", "webcam", "pictures", "camera"]})
    off = choose(off=["camera"])
    assert (off["features"], off["off"]) == (["webcam"], ["album", "pictures", "camera"])
    assert choose(on=["album"])["on"] == ["camera", "pictures", "album"]
    assert chosen() == ("camera", "pictures", "album", "webcam")
    assert choose(off=["webcam"])["off"] == ["webcam"]
    with refused(hall, "unknown_feature", feature="webcam", known=[*features.names()]):
        choose(off=["webcam"])
    with refused(hall, "not_your_role"):
        setting_up.choose_features(hall.desk, hall.ask(MANAGER), off=["album"])
    hall.must_follow_from_its_log()
