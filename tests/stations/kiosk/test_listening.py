"""Who listens: every page with its keys, every key that is reached, the ticket in full; the volume, and the usual one
for the next."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from queuedesk.core.errors import OutsideError
from queuedesk.stations.kiosk.controller import RING_S
from queuedesk.stations.kiosk.taking import Order
from queuedesk.voice.prompts import USUAL_VOLUME
from tests.stations.kiosk.conftest import Kiosk
from tests.stations.whole_words import cut, drawn, outside, overlapping, settled

INCH_MM = 25.4


@pytest.fixture
def ear(make_kiosk, hall, qtbot) -> Kiosk:
    kiosk = make_kiosk(hall, voice=True)
    kiosk.page.activateWindow()
    qtbot.waitUntil(kiosk.page.isActiveWindow)
    kiosk.view.setFocus()
    return kiosk


def last(kiosk: Kiosk) -> str:
    return " | ".join(kiosk.voice.said[-1]) if kiosk.voice.said else ""


def press(kiosk: Kiosk, key: Qt.Key) -> None:
    kiosk.ms[0] += 1000
    kiosk.key(key)
    kiosk.wait_quietly()
    kiosk.follow()


def test_on_a_small_screen_each_key_is_whole_below_the_strip(make_kiosk, hall):
    kiosk = make_kiosk(hall, size=(1366, 748), voice=True, printer=False)
    for size in ((1366, 748), (1024, 768)):
        kiosk.page.resize(*size)
        kiosk.view.set_screen_mm(size[0] * INCH_MM / 96)
        kiosk.side("listen")
        settled()
        shown = [drawn(kiosk.page)]
        kiosk.does.take(Order(("B",)))
        kiosk.wait_quietly()
        assert kiosk.stage == "ticket"
        shown.append(drawn(kiosk.page))

        wrong = [found for seen in shown for found in (*cut(seen, ()), *overlapping(seen), *outside(seen))]
        assert wrong == [], size
        kiosk.next_customer()


def test_without_a_loudspeaker_there_is_no_key_for_it(kiosk: Kiosk):
    assert not kiosk.view.greeting.sides["listen"].isVisible()
    press(kiosk, Qt.Key.Key_0)
    assert not kiosk.does.listens


def test_a_blind_customer_takes_a_ticket_by_keypad(ear: Kiosk):
    press(ear, Qt.Key.Key_0)
    first = last(ear)
    assert first.startswith(
        "What do you need today? | Touch to get a ticket. Waits count from now. | Button 1: Pay a bill, 2 people waiting"
    )
    assert "Button 2: Account services" in first
    assert "0 repeats" in first
    press(ear, Qt.Key.Key_Down)
    assert last(ear).startswith("Pay a bill")
    press(ear, Qt.Key.Key_2)

    said = last(ear)
    assert ear.issued()[-1].service == "B"
    assert (
        "Please take your ticket | Your number: B002 | Account services | Wait: no wait | When called: Windows 3 to 6"
        in said
    )
    assert "Button 1: Done" in said
    assert "Quieter" not in said
    press(ear, Qt.Key.Key_1)
    assert (ear.stage, ear.does.listens) == ("greeting", False)


def test_a_key_is_touched_once_to_hear_and_again_to_choose(ear: Kiosk):
    ear.side("where")
    ear.does.home()
    ear.service("A")
    assert ear.voice.said == [], "nobody asked for it"
    ear.next_customer()
    for _visit in range(8):
        ear.hall.queue("A")
        ear.hall.serve_out("1")
    ear.follow()

    before = len(ear.issued())
    ear.side("listen")
    ear.service("B")
    assert last(ear).startswith("Account services")
    ear.service("A")
    assert last(ear).startswith("Pay a bill")
    assert len(ear.issued()) == before
    ear.service("A")
    assert (len(ear.issued()), ear.issued()[-1].service) == (before + 1, "A")
    assert not any(sign in part for part in ear.voice.said[-1] for sign in "\u2013\u2060—"), "ranges are words"


def test_exploring_fast_is_no_drumming(ear: Kiosk):
    ear.side("listen")
    for _round in range(3):
        for code in "ABCD":
            QTest.mouseClick(ear.view.greeting.services[code], Qt.MouseButton.LeftButton)
            ear.ms[0] += 150

    assert (ear.sheet, last(ear).split(",")[0]) == ("", "Questions")


def test_the_volume_is_the_customers_and_the_usual_for_the_next(ear: Kiosk):
    ear.side("listen")
    strip = ear.view.strip
    ear.touch(strip.keys["louder"])
    assert (ear.voice.step, last(ear)) == (USUAL_VOLUME + 1, "Volume 4 of 5")
    for _press in range(9):
        ear.touch(strip.keys["quieter"])
    assert (ear.voice.step, strip.said.words.split(" · ")[0]) == (1, "Volume 1 of 5")
    press(ear, Qt.Key.Key_Plus)
    assert ear.voice.step == 2
    ear.pass_seconds(60)
    assert "Are you still there?" in last(ear)
    ear.pass_seconds(RING_S)

    assert (ear.voice.step, ear.does.listens, strip.isVisible(), ear.voice.hushed) == (USUAL_VOLUME, False, False, 1)


def test_the_place_in_line_is_read_said_again_and_stopped(ear: Kiosk):
    press(ear, Qt.Key.Key_0)
    ear.view.setFocus()
    press(ear, Qt.Key.Key_Space)
    assert last(ear).startswith("Pay a bill"), "switches are heard"
    ear.page.keyboard.scan.stop()

    ear.side("where")
    ear.side("where")
    page = last(ear)
    assert page.startswith("Where am I in line? | Please enter the letter")
    ear.touch(ear.view.strip.keys["again"])
    assert ear.voice.said[-2:] == [tuple(page.split(" | "))] * 2
    for key in "A002":
        QTest.keyClick(QApplication.focusWidget() or ear.view, key)
    assert "Ticket A002: Waiting | Still ahead, in all: 1 person" in last(ear), "when the number is whole"
    ear.touch(ear.view.strip.keys["stop"])
    assert (ear.does.listens, ear.stage) == (False, "where")

    ear.does.home()
    press(ear, Qt.Key.Key_0)
    ear.does.set_language("zh_CN")
    assert ear.voice.languages[-1] == "zh_CN"
    assert last(ear).startswith("您要办什么？")


def test_a_number_without_a_slip_is_told_to_everybody(ear: Kiosk):
    ear.paper.trouble = OutsideError("no_printer")
    ear.service("A")

    assert "Your number: A003" in last(ear)
    assert "Please remember your number" in last(ear)
    assert len(ear.voice.said) == 1
    ear.pass_seconds(5)
    assert len(ear.voice.said) == 1
