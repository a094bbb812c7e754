"""Contingency cards on the board and at every station of staff, who does what next, their papers and their set-up."""

from datetime import timedelta

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton

from queuedesk.core.network.roles import Actor, Role
from queuedesk.desk import looking
from queuedesk.features.cards import papers, verbs
from queuedesk.features.cards.pages.board import EndCardDialog
from queuedesk.i18n import LANGUAGES
from queuedesk.stations.acts.feature_lines import FeatureMessageLines
from queuedesk.stations.widgets.questions.dialogs import ChoiceButtonsDialog
from tests.features.lobby.board.conftest import context, hall, lobby  # noqa: F401
from tests.hall import MANAGER
from tests.reports.read_back import pages_of


@pytest.fixture
def opened(lobby):  # noqa: F811
    """Return the board with the card for a system that is down, opened by its key."""
    lobby.touch(lobby.page.part_buttons["cards"])
    lobby.touch(lobby.question(ChoiceButtonsDialog).answers["system"])
    return lobby


def test_a_card_is_opened_by_two_presses_ticked_and_ended(story, opened):
    panel, board = opened.page.acts.feature_panel("cards").panel, opened.page.board
    story.tell("It stands in the place of the advice", panel, board.advice)
    row = panel.rows[1]
    opened.touch(row)
    story.tell("A step is ticked", panel)
    opened.touch(row)
    story.tell("The tick is taken back", panel)
    opened.touch(opened.page.part_buttons["cards"])
    pick = opened.question(ChoiceButtonsDialog)
    story.tell("It can't be opened again", pick)
    pick.refuse()
    opened.touch(panel.end_button)
    dialog = opened.question(EndCardDialog)
    dialog.note.setPlainText("x" * 401)
    assert not dialog.yes_button.isEnabled()
    assert dialog.yes_button.text() == "At most 400 characters"
    dialog.note.setPlainText("The line was cut.")
    opened.touch(dialog.yes_button)
    story.tell("It ends with what was written", panel, board.advice)


def test_of_two_cards_the_newest_is_seen_and_no_step_is_ticked_while_the_file_is_away(opened):
    verbs.open_card(opened.hall.desk, opened.hall.ask(MANAGER), "crowd")
    opened.follow()
    panel = opened.page.acts.feature_panel("cards").panel
    assert panel.run().card == "crowd" and panel.other_button.text() == "1 more card is open"
    opened.touch(panel.other_button)
    assert panel.run().card == "system"
    opened.page.context.feed.away_since = opened.hall.clock()
    opened.page.show_hall_away(opened.hall.clock())
    assert not any(row.isEnabled() for row in panel.rows)
    assert not opened.page.part_buttons["cards"].isEnabled()


def test_every_station_shows_what_is_next_for_who_is_there_until_the_card_ends(opened):
    page, lines = opened.page, []
    for role, step, may in (
        (Role.GUIDE, "Stop tickets for what is affected", True),
        (Role.CLERK, "Note the time and what the screen says", False),
        (Role.MANAGER, "Note the time and what the screen says", True),
    ):
        page.context.who = Actor("X", role)
        lines.append(FeatureMessageLines(page))
        assert page.messages.spoken_text().startswith("System down since 9:15. Next: " + step), role
        assert bool(page.messages.visible_buttons()) is may, role
    run = verbs.require_card_run(opened.hall.desk, opened.log("card")[0].seq)
    done = run.with_tick(1, run.started + timedelta(minutes=1), "C1").with_tick(6, run.started, "C1")
    assert [done.next_open_step_number_for(role) for role in ("guide", "clerk", "manager")] == [4, None, 2]
    verbs.end_card(opened.hall.desk, opened.hall.ask(MANAGER), run.seq)
    opened.follow()
    assert not page.messages.spoken_text()


def test_the_note_on_every_usual_card_is_one_page(hall, tmp_path):  # noqa: F811
    for card in ("crowd", "system", "dispute", "power"):
        seq = verbs.open_card(hall.desk, hall.ask(MANAGER), card)["seq"]
        hall.do("card-end", seq, note="经过很长。" * 66)
        for lang in LANGUAGES:
            file = papers.write_card_note_pdf(hall.desk, seq, tmp_path / "note.pdf", lang=lang, now=hall.clock())
            assert len(pages_of(file)) == 1, (card, lang)


def test_the_usual_cards_can_be_changed_and_an_empty_step_is_not_saved(admin_office):
    office, page = admin_office, admin_office.page.setup_page
    office.go("setup")
    (entry,) = [one for one in page.nav.findChildren(QAbstractButton, "cards") if one.isVisible()]
    office.touch(entry)
    office.touch(page.list.cards["power"])
    steps = page.forms.form_for_key("cards").steps
    assert len(steps.rows) == 7
    one_line = steps.rows[6].edits["text_en"].height()
    office.write(steps.rows[6].edits["text_en"], "Say how long it takes " * 10)
    assert steps.rows[6].edits["text_en"].height() > one_line, "it is read whole"
    office.touch(steps.rows[6].remove_button)
    office.write(steps.rows[0].edits["text_en"], "Sit down")
    steps.rows[0].role.setCurrentIndex(2)
    steps.rows[0].role.activated.emit(2)
    office.touch(steps.rows[1].down_button)
    office.touch(page.foot.save_button)
    saved = looking.setup_of_hall(office.hall.desk).cards
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
