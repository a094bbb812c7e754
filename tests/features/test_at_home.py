"""What home offers of features: the lobby board, and those that a new hall chooses where it is set up."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from queuedesk.core.features import install, listed, names
from queuedesk.desk import looking
from queuedesk.stations.home.controller import Choice
from queuedesk.stations.home.stations_view import StationsPage
from tests.hall import Hall, made_once, make_hall
from tests.stations.home.conftest import (
    InWindow,
    OwnPc,
    click,
    controller,  # noqa: F401
    in_frame,  # noqa: F401
    wizard,  # noqa: F401
)
from tests.stations.home.test_wizard import go_to, hall_of, name_the_admin


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    return made_once(tmp_path, make_hall)


@pytest.fixture
def without_lobby() -> Iterator[None]:
    """Leave the lobby's feature out of the program."""
    install([name for name in listed("FEATURES") if name != "lobby"])
    yield
    install(listed("FEATURES"))


def home_of(hall: Hall, in_frame: Callable[..., InWindow]) -> Any:  # noqa: F811
    """Return home's page on a PC on which the lobby board was opened last."""
    pc = OwnPc(hall.path, choice=Choice(station="lobby"))
    return in_frame(lambda look, _kept: StationsPage(look, pc.home)).page


@pytest.mark.usefixtures("without_lobby")
def test_a_program_without_the_lobby_board_knows_of_none(hall: Hall, in_frame: Callable[..., InWindow]) -> None:  # noqa: F811
    page = home_of(hall, in_frame)

    assert [name for name, card in page.cards.items() if card.isVisible()] == list(page.cards)
    assert "lobby" not in page.cards
    assert page.cards["guide"].isChecked()


def test_a_hall_that_does_not_use_the_lobby_board_is_offered_none(
    hall: Hall,
    in_frame: Callable[..., InWindow],  # noqa: F811
) -> None:
    hall.do("set-hall", {"features": []})
    page = home_of(hall, in_frame)
    assert not page.cards["lobby"].isVisible()
    assert page.enter_button.text() == "Open front desk"

    hall.do("set-hall", {"features": ["lobby"]})
    page.controller.look()
    assert page.cards["lobby"].isVisible()


FEATURES = 6


def test_a_hall_uses_what_its_kind_begins_with_and_what_a_person_switches_on(wizard):  # noqa: F811
    go_to(wizard, 1, "bank")
    bank = list(wizard.draft.hall["features"])
    name_the_admin(wizard)
    cards = wizard.features.cards.cards
    assert (wizard.at, list(cards)) == (FEATURES, list(names()))
    assert [name for name, card in cards.items() if card.switch.isChecked()] == bank

    wizard.go(0)
    click(wizard.cards["clinic"])
    wizard.go(FEATURES)
    assert not any(card.switch.isChecked() for card in cards.values()), "the choice goes with the kind"
    cards["equipment"].switch.setFocus()
    QTest.keyClick(cards["equipment"].switch, Qt.Key.Key_Space)
    click(cards["appointments"].switch)
    click(wizard.next_button)
    assert looking.setup_of(hall_of(wizard)).hall.features == ("appointments", "equipment")
