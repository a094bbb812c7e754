"""The one place for messages: what is in front, what waits behind it, and how all of it is reached."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from queuedesk import i18n
from queuedesk.stations.widgets.message_place import MessagePlace, Press, Rank, Told, WholeMessage
from queuedesk.stations.widgets.panels import Panel
from queuedesk.stations.widgets.topbar import TopBar
from queuedesk.stations.window.style import Look

FIRE = Told("red", "warning", "Emergency: fire", presses=(Press("end", "End it …"),))
CARD = Told("amber", "warning", "System down since 9:15", presses=(Press("done", "Done"),))
LETTER = Told(
    "blue", "message", "Front desk: come over", presses=(Press("seen", "Seen"), Press("reply", "Reply")), key=7
)
LONG = Told(
    "red", "warning", "Emergency: " + "leave the hall now by the exit at the north side " * 9, presses=FIRE.presses
)


@pytest.fixture
def place(qtbot: QtBot) -> MessagePlace:
    i18n.use("en")
    look = Look()
    page = Panel(look)
    page.resize(1024, 768)
    qtbot.addWidget(page)
    bar = TopBar(look, parent=page)
    bar.set_place("Front desk")
    bar.set_clock("10:42")
    bar.resize(1024, 56)
    place = MessagePlace(look, page)
    place.lie_over(bar, bar.middle)
    with qtbot.waitExposed(page):
        page.show()
    return place


def test_the_most_important_is_shown_and_the_others_are_one_press_away(place: MessagePlace) -> None:
    place.tell(Rank.MESSAGE, LETTER)
    assert (place.said(), place.next_key.isVisible()) == (LETTER.fact, False)
    place.tell(Rank.CARD, CARD)
    assert (place.said(), place.next_key.text()) == (CARD.fact, "+1")

    place.next_key.click()
    assert (place.said(), list(place.buttons())) == (LETTER.fact, ["seen", "reply"])
    place.tell(Rank.TOO_FULL, Told("red", "warning", "200 people wait"))
    assert place.said() == "200 people wait", "it is more important than what was shown"
    place.next_key.click()
    place.tell(Rank.EMERGENCY, FIRE)
    assert (place.said(), place.next_key.text()) == (FIRE.fact, "+3")

    for rank in Rank:
        place.tell(rank)
    assert (place.said(), place.isVisible()) == ("", False)


def test_new_words_of_what_is_told_bring_nothing_to_the_front(place: MessagePlace) -> None:
    place.tell(Rank.CARD, CARD)
    place.tell(Rank.MESSAGE, LETTER)
    place.next_key.click()

    place.tell(Rank.CARD, Told("amber", "warning", "System down since 9:15. Next: tell them"))
    assert place.said() == LETTER.fact
    place.tell(Rank.MESSAGE)
    assert place.said().endswith("tell them")


def test_a_press_says_of_which_message_it_is(place: MessagePlace) -> None:
    pressed = []
    place.tell(Rank.MESSAGE, LETTER, do=lambda verb, key: pressed.append((verb, key)))

    QTest.mouseClick(place.buttons()["reply"], Qt.MouseButton.LeftButton)

    assert pressed == [("reply", 7)]


def test_what_is_too_long_is_opened_whole_with_its_buttons(place: MessagePlace) -> None:
    pressed = []
    place.tell(Rank.EMERGENCY, LONG, do=lambda verb, _key: pressed.append(verb))
    assert place.buttons() == {}
    assert place.words.accessibleName() == LONG.fact

    place.words.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(place.words, Qt.Key.Key_Return)
    (whole,) = place.window().findChildren(WholeMessage)
    assert whole.accessibleName() == LONG.fact.strip()
    whole.keys["end"].click()

    assert pressed == ["end"]


def test_the_keyboard_reaches_all_of_it_and_is_never_left_on_what_goes(place: MessagePlace, qtbot: QtBot) -> None:
    page = place.window()
    other = QPushButton("Close the window", page)
    other.setGeometry(0, 700, 100, 40)
    other.show()
    place.tell(Rank.MESSAGE, LETTER)
    place.tell(Rank.CARD, CARD)
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    place.words.setFocus(Qt.FocusReason.TabFocusReason)
    reached = [place.words]
    for _key in (place.buttons()["done"], place.next_key):
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        reached.append(QApplication.focusWidget())
    assert reached == [place.words, place.buttons()["done"], place.next_key]

    place.buttons()["done"].setFocus(Qt.FocusReason.TabFocusReason)
    place.tell(Rank.CARD)
    assert QApplication.focusWidget() is place.words
    place.tell(Rank.MESSAGE)
    assert QApplication.focusWidget() in (page, None)
