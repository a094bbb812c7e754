"""What a clerk has to put right is told at the counter, in full."""

from queuedesk.stations.widgets.panels import Label
from tests.hall import MANAGER
from tests.stations.counter import conftest as counter
from tests.stations.counter.conftest import Page, click_on

context, hall, look, page = counter.context, counter.hall, counter.look, counter.page


def test_what_is_to_be_put_right_says_its_words_over_keys_as_wide_as_the_card(page: Page) -> None:
    words = "The fees board of 2025 still hangs beside window 3 and says another price for a second meter card"
    page.hall.do("fix-add", words, "C3", who=MANAGER)
    page.settle()
    card, own = page.view.rail.cases, page.view.talk.own_cases
    page.until(lambda: card.about.text() == words)
    assert (card.number.text(), card.act_button.text()) == ("To put right", "Record the fix")
    assert words in card.accessibleName()
    inside = card.width() - card.layout().contentsMargins().left() - card.layout().contentsMargins().right()
    assert card.open_button.isHidden()
    page.until(lambda: card.act_button.width() == inside)
    page.until(lambda: card.about.height() == card.about.heightForWidth(card.about.width()))
    assert card.about.height() > card.number.height(), "two lines"
    click_on(card.act_button)
    assert [label.text() for label in own.dialog.findChildren(Label) if words in label.text()]
