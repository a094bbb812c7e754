"""The set-up of contingency cards: the usual four, their steps changed, a new one written."""

from __future__ import annotations

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton

from queuedesk import i18n
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


def form(office, part="cards"):
    return office.page.setup_page.forms.of(part)


def saved(office):
    return looking.setup_of(office.hall.desk).cards


def test_the_usual_cards_can_be_changed(cards):
    steps = form(cards).steps
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


def test_nothing_is_cut_in_a_window_of_1024_pixels(cards):
    for lang in i18n.LANGUAGES:
        i18n.use(lang)
        cards.page.retranslate()
        cards.go("tickets")
        assert cards.page.minimumSizeHint().width() <= 1024, lang

        cards.go("setup")
        cards.page.resize(1024, 768)
        for part in ("cards", "services"):
            cards.page.setup_page.open_part(part)
            cards.until(lambda part=part: form(cards, part).widget().width() <= form(cards, part).viewport().width())


def test_an_empty_step_is_said_beside_it_and_not_saved(cards):
    steps = form(cards).steps
    cards.touch(steps.add_button)
    QTest.keyClicks(steps.rows[7].edits["text"], "x")
    cards.write(steps.rows[7].edits["text"], "")

    assert steps.rows[7].line.text()
    assert not cards.page.setup_page.foot.save_button.isEnabled()
