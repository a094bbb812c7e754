"""The set-up of contingency cards: the usual four, their steps changed, a new one written."""

from __future__ import annotations

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton

from queuedesk.desk import looking


@pytest.fixture
def cards(admin_office):
    """Return the set-up with the contingency cards open."""
    office = admin_office
    office.go("setup")
    nav = office.page.setup_page.nav
    (entry,) = [one for one in nav.findChildren(QAbstractButton, "cards") if one.isVisible()]
    office.touch(entry)
    office.touch(office.page.setup_page.list.cards["power"])
    return office


def saved(office):
    return looking.setup_of(office.hall.desk).cards


def test_the_usual_cards_can_be_changed_and_an_empty_step_is_not_saved(cards):
    steps = cards.page.setup_page.forms.of("cards").steps
    assert len(steps.rows) == 7

    cards.touch(steps.rows[6].remove_button)
    cards.write(steps.rows[0].edits["text_en"], "Sit down")
    steps.rows[0].role.setCurrentIndex(2)
    steps.rows[0].role.activated.emit(2)
    cards.touch(steps.rows[1].down_button)
    cards.touch(cards.page.setup_page.foot.save_button)

    card = saved(cards)["power"]
    assert len(card.steps) == 6
    assert (card.steps[0].text_en, card.steps[0].role) == ("Sit down", "clerk")
    assert card.steps[1].role == "clerk" and card.steps[2].role == "manager"
    assert list(saved(cards)) == ["crowd", "system", "dispute", "power"]

    # An empty step is said beside it and not saved.
    cards.touch(cards.page.setup_page.list.cards["power"])
    cards.touch(steps.add_button)
    QTest.keyClicks(steps.rows[6].edits["text"], "x")
    cards.write(steps.rows[6].edits["text"], "")
    assert steps.rows[6].line.text()
    assert not cards.page.setup_page.foot.save_button.isEnabled()
