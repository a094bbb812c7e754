"""What a hall uses, in the set-up: chosen, come back to, and followed."""

import sys
from functools import partial
from types import ModuleType

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from queuedesk.core import features
from queuedesk.core.features import Feature
from queuedesk.core.wording import Wording
from queuedesk.desk import looking
from queuedesk.desk.setup import setting_up
from queuedesk.stations.manager.setup.features_page import FeaturesPage
from queuedesk.stations.widgets.lists.strips import Toast
from queuedesk.stations.window.context import InlineTasks
from tests.hall import ADMIN
from tests.stations.manager.setup_frame.test_set_up import part
from tests.stations.seen import texts_of

USUALLY = [one.name for one in features.choices() if one.usual]
"""What a hall uses that never chose."""


def used(page: FeaturesPage) -> list[str]:
    return [name for name, card in page.cards.cards.items() if card.switch.isChecked()]


def of_the_hall(hall) -> tuple[str, ...] | None:
    return looking.setup_of(hall.desk).hall.features


def page_of(office) -> FeaturesPage:
    office.go("setup")
    part(office, "features")
    return office.page.findChild(FeaturesPage)


@pytest.fixture
def features_page(admin_office):
    return page_of(admin_office)


def test_forums_go_and_come_back_with_what_they_hold_and_another_station_is_followed(admin_office, features_page, hall):
    hall.do("forum", hall.date, 12)
    hall.do("forum", hall.date, 12)
    admin_office.follow()
    page, card = features_page, features_page.cards.cards["forums"]
    rest = tuple(name for name in USUALLY if name != "forums")

    def is_used(chosen, shown):
        admin_office.follow()
        return (of_the_hall(hall), used(page)) == (chosen, [*shown])

    assert is_used(None, USUALLY)
    assert any("Nothing is lost" in text for text in texts_of(page))
    admin_office.touch(card.switch)
    assert is_used(rest, rest)
    assert "2 forums stay" in texts_of(card)
    (toast,) = [one for one in admin_office.page.findChildren(Toast) if one.isVisible()]
    assert toast.text() == "Switched off: Forums"
    QTest.mouseClick(toast, Qt.MouseButton.LeftButton)  # Undo
    assert is_used(None, USUALLY)

    # By the keyboard alone, and back.
    card.switch.setFocus()
    assert (card.switch.accessibleName(), card.switch.focusPolicy()) == ("Forums", Qt.FocusPolicy.TabFocus)
    for wanted in (rest, tuple(USUALLY)):
        QTest.keyClick(card.switch, Qt.Key.Key_Space)
        assert is_used(wanted, wanted)
    assert "2 forums stay" not in texts_of(card)

    setting_up.choose_features(hall.desk, hall.ask(ADMIN), off=["packs", "lobby"])
    admin_office.follow()
    assert not {"packs", "lobby"} & {*used(page)}
    admin_office.page.show_away(hall.clock())
    assert not any(each.switch.isEnabled() for each in page.cards.cards.values())
    admin_office.page.show_away(None)
    assert all(each.switch.isEnabled() for each in page.cards.cards.values())


class Slow(InlineTasks):
    """Lanes that answer when told so."""

    def __init__(self):
        self.waiting = []

    def run(self, work, done, refused):
        self.waiting.append(partial(super().run, work, done, refused))


def test_what_is_pressed_while_another_is_on_its_way_stays_pressed_and_goes_after_it(admin_office, features_page, hall):
    admin_office.page.context.tasks = slow = Slow()
    for name in ("forums", "packs", "lobby", "packs"):
        QTest.mouseClick(features_page.cards.cards[name].switch, Qt.MouseButton.LeftButton)
    rest = [name for name in USUALLY if name not in ("forums", "lobby")]
    assert (len(slow.waiting), used(features_page)) == (1, rest)
    while slow.waiting:
        slow.waiting.pop()()
    admin_office.follow()
    assert (of_the_hall(hall), used(features_page)) == (tuple(rest), rest)


def test_who_may_not_change_the_set_up_sees_what_it_uses_and_who_could(office, hall):
    page = page_of(office)
    assert used(page) == [*USUALLY]
    QTest.mouseClick(page.cards.cards["forums"].switch, Qt.MouseButton.LeftButton)
    assert (of_the_hall(hall), used(page)) == (None, [*USUALLY])
    assert any("only an admin can change it" in text for text in texts_of(office.page.setup_page))


def test_a_feature_says_what_it_needs_and_both_switch_together(hall, open_office, monkeypatch):
    for name, needs in (("camera", ()), ("pictures", ("camera",))):
        module = ModuleType(f"queuedesk.features.{name}.register")
        words = Wording(name.title())
        vars(module)["FEATURE"] = Feature(name=name, title=words, about=words, needs=needs)
        monkeypatch.setitem(sys.modules, module.__name__, module)
    features.install(["camera", "pictures"])
    try:
        office = open_office(ADMIN)
        page = page_of(office)
        cards = page.cards.cards
        assert "Needs Camera; they switch together" in texts_of(cards["pictures"])

        office.touch(cards["camera"].switch)
        assert (of_the_hall(hall), used(page)) == ((), [])
        office.touch(cards["pictures"].switch)
        assert (of_the_hall(hall), used(page)) == (("camera", "pictures"), ["camera", "pictures"])
    finally:
        features.install(features.listed("FEATURES"))
