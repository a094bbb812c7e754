"""Kiosk and display show the words that are tried, on their dates."""

from tests.features.kiosk.conftest import Kiosk
from tests.hall import MANAGER
from tests.stations.display.conftest import Display


def test_the_key_has_the_new_name_on_its_dates_alone(kiosk: Kiosk) -> None:
    kiosk.meanwhile("wording", "A", "交电费", "Pay here", who=MANAGER)
    feed = kiosk.page.context.feed
    assert kiosk.does.kiosk_setup is feed.setup, "it begins tomorrow"
    kiosk.hall.clock.move(days=2)
    kiosk.meanwhile("issue", "B")
    assert kiosk.does.kiosk_setup.services["A"].name_en == "Pay here"
    assert feed.setup.services["A"].name_en == "Pay a bill"


def test_a_trial_s_notice_changes_with_the_day(display: Display) -> None:
    display.meanwhile("wording-notice", 1, "先刷卡", "Card first", who=MANAGER)
    first = display.page.view.strip.text
    for words in (first, "Card first", first):
        display.hall.clock.move(days=1)
        display.page.context.feed.switch_to_new_business_date()
        seen = set()
        for _turn in range(6):
            display.pass_time(seconds=40)
            seen.add(display.page.view.strip.text)
        assert seen & {first, "Card first"} == {words}
