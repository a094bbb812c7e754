"""A new hall chooses its features where it is set up."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from queuedesk.core.features import choosable_feature_names
from queuedesk.desk import looking
from tests.stations.home.conftest import click, controller, in_frame, wizard  # noqa: F401
from tests.stations.home.test_wizard import go_to, hall_of, name_the_admin

FEATURES = 6


def test_a_hall_uses_what_its_kind_begins_with_and_what_a_person_switches_on(wizard):  # noqa: F811
    go_to(wizard, 1, "bank")
    bank = list(wizard.draft.hall_fields["features"])
    name_the_admin(wizard)
    cards = wizard.features.cards.cards
    assert (wizard.current_step_index, list(cards)) == (FEATURES, list(choosable_feature_names()))
    assert [name for name, card in cards.items() if card.switch.isChecked()] == bank
    wizard.go_to_step(0)
    click(wizard.preset_cards["clinic"])
    wizard.go_to_step(FEATURES)
    on = [name for name, card in cards.items() if card.switch.isChecked()]
    assert on == ["kiosk", "signs"], "the choice goes with the kind"
    cards["equipment"].switch.setFocus()
    QTest.keyClick(cards["equipment"].switch, Qt.Key.Key_Space)
    click(cards["appointments"].switch)
    click(wizard.next_button)
    assert looking.setup_of_hall(hall_of(wizard)).hall.features == ("kiosk", "appointments", "equipment", "signs")
