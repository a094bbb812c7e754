"""How a joined PC stands by its signs, and a code as people type it."""

from datetime import timedelta

import pytest

from queuedesk.core.network.sharing import (
    CODE_LENGTH,
    CODE_LETTERS,
    PcKind,
    PcState,
    SharedPc,
    may_open,
    pc_state,
    shown_code,
    typed_code,
)
from tests.hall import at

NOW = at("10:42")


def pc(**words: object) -> SharedPc:
    row = {"role": "r1", "hall": "BJ", "name": "Window 3", "kind": PcKind.STAFF, "made": NOW, "made_by": "M1"}
    return SharedPc(**{**row, "seen": None, "withdrawn": None, **words})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("words", "state"),
    [
        ({}, PcState.NEW),
        ({"seen": NOW - timedelta(seconds=40)}, PcState.HERE),
        ({"seen": NOW - timedelta(minutes=3)}, PcState.SILENT),
        ({"seen": NOW, "withdrawn": NOW}, PcState.WITHDRAWN),
    ],
)
def test_a_pc_stands_as_its_signs_tell(words: dict[str, object], state: PcState) -> None:
    assert pc_state(pc(**words), NOW) is state


@pytest.mark.parametrize(
    ("kind", "opens"),
    [
        (None, {"guide", "counter", "lobby", "manager", "display", "kiosk", "rating"}),
        (PcKind.MANAGER, {"guide", "counter", "lobby", "manager", "display", "kiosk", "rating"}),
        (PcKind.STAFF, {"guide", "counter", "lobby", "display", "kiosk", "rating"}),
        (PcKind.PUBLIC, {"display", "kiosk", "rating"}),
    ],
)
def test_a_kind_of_pc_opens_its_stations_only(kind: PcKind | None, opens: set[str]) -> None:
    stations = ("guide", "counter", "lobby", "manager", "display", "kiosk", "rating")

    assert {station for station in stations if may_open(kind, station)} == opens


@pytest.mark.parametrize("text", ["K7MX3PWR", "k7mx 3pwr", " K7MX-3PWR ", "k7mx–3pwr", "Ｋ７ＭＸ３ＰＷＲ"])
def test_a_code_is_taken_as_people_type_it(text: str) -> None:
    assert typed_code(text) == "K7MX3PWR"


def test_a_code_is_shown_in_two_groups() -> None:
    code = CODE_LETTERS[:CODE_LENGTH]

    assert typed_code(shown_code(code)) == code
    assert shown_code("K7MX3PWR") == "K7MX-3PWR"
