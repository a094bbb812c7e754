"""The set-up of contingency cards: the usual four, their steps changed, a new one written."""

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton

from queuedesk.desk import looking


def test_the_usual_cards_can_be_changed_and_an_empty_step_is_not_saved(admin_office):
    office, page = admin_office, admin_office.page.setup_page
    office.go("setup")
    (entry,) = [one for one in page.nav.findChildren(QAbstractButton, "cards") if one.isVisible()]
    office.touch(entry)
    office.touch(page.list.cards["power"])
    steps = page.forms.of("cards").steps
    assert len(steps.rows) == 7

    office.touch(steps.rows[6].remove_button)
    office.write(steps.rows[0].edits["text_en"], "Sit down")
    steps.rows[0].role.setCurrentIndex(2)
    steps.rows[0].role.activated.emit(2)
    office.touch(steps.rows[1].down_button)
    office.touch(page.foot.save_button)

    saved = looking.setup_of(office.hall.desk).cards
    card = saved["power"]
    assert len(card.steps) == 6
    assert (card.steps[0].text_en, card.steps[0].role) == ("Sit down", "clerk")
    assert card.steps[1].role == "clerk" and card.steps[2].role == "manager"
    assert list(saved) == ["crowd", "system", "dispute", "power"]

    # An empty step is said beside it and not saved.
    office.touch(page.list.cards["power"])
    office.touch(steps.add_button)
    QTest.keyClicks(steps.rows[6].edits["text"], "x")
    office.write(steps.rows[6].edits["text"], "")
    assert steps.rows[6].line.text()
    assert not page.foot.save_button.isEnabled()
