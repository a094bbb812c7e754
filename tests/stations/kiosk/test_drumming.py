"""A child's hands on the screen: no tickets, one calm sentence, one line in the log; and hands that are only quick."""

from __future__ import annotations

import random

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from queuedesk.desk import looking
from queuedesk.stations.acts.hold_to_confirm import HOLD_MS, OVER_MS, QUIET_MS, WITHIN_MS, DrummingDetector
from queuedesk.stations.acts.hold_to_confirm import MANY as MANY_PRESSES
from queuedesk.stations.kiosk.taking import MANY
from tests.every_day import SEES_ALL, paired
from tests.stations.kiosk.conftest import Kiosk

SECONDS = 60


def drum(kiosk: Kiosk, seed: int, *, least_ms: int, most_ms: int) -> None:
    """Press anywhere on the screen for a minute, with time passing as it does."""
    chance = random.Random(seed)
    until = kiosk.ms[0] + SECONDS * 1000
    ticked = kiosk.ms[0]
    while kiosk.ms[0] < until:
        point = QPoint(chance.randrange(kiosk.page.width()), chance.randrange(kiosk.page.height()))
        target = kiosk.page.childAt(point) or kiosk.page
        QTest.mouseClick(target, Qt.MouseButton.LeftButton, pos=target.mapFrom(kiosk.page, point))
        kiosk.ms[0] += chance.randint(least_ms, most_ms)
        kiosk.does.holding.settle()
        if kiosk.ms[0] - ticked >= 1000:
            ticked = kiosk.ms[0]
            kiosk.page.tick(kiosk.hall.clock())


@pytest.mark.parametrize(("seed", "pace"), paired(range(6 if SEES_ALL else 3), [(80, 250), (150, 500), (300, 790)]))
def test_a_minute_of_drumming_takes_no_ticket(kiosk: Kiosk, seed: int, pace: tuple[int, int]):
    before = len(kiosk.issued())
    drum(kiosk, seed, least_ms=pace[0], most_ms=pace[1])
    kiosk.follow()

    assert len(kiosk.issued()) == before


def test_drumming_on_one_key_is_asked_to_wait_and_noted_once(kiosk: Kiosk):
    before = len(kiosk.issued())
    key = kiosk.view.greeting.services["A"]
    for _press in range(30):
        if key.isVisible():
            QTest.mouseClick(kiosk.page.childAt(key.mapTo(kiosk.page, QPoint(60, 60))), Qt.MouseButton.LeftButton)
        kiosk.ms[0] += 200
    assert (kiosk.sheet, kiosk.view.sheet.said.title) == ("calm", "One moment, please")
    kiosk.pass_seconds(QUIET_MS / 1000)
    assert kiosk.sheet == ""
    kiosk.pass_seconds(OVER_MS / 1000)
    kiosk.pass_seconds(60)
    kiosk.follow()
    log = looking.events_after(kiosk.hall.desk, 0)
    (noted,) = [event for event in log if event.kind == "drumming"]

    assert (noted.actor, noted.data["station"], noted.data["presses"]) == ("station:K1", "K1", 27)
    assert 5 <= noted.data["seconds"] <= 7
    assert len(kiosk.issued()) == before

    for _press in range(6):
        QTest.mouseClick(kiosk.view, Qt.MouseButton.LeftButton, pos=QPoint(5, 400))
        kiosk.ms[0] += 300
    kiosk.pass_seconds(4)
    kiosk.service("B")
    assert (kiosk.stage, len(kiosk.issued())) == ("ticket", before + 1), "the next calm touch gives a ticket"


def test_a_second_touch_at_once_makes_no_second_ticket_and_the_last_service_counts(kiosk: Kiosk):
    before = len(kiosk.issued())
    kiosk.ms[0] += 1000
    QTest.mouseClick(kiosk.view.greeting.services["A"], Qt.MouseButton.LeftButton)
    assert kiosk.view.greeting.services["A"].is_chosen
    kiosk.ms[0] += HOLD_MS // 2
    QTest.mouseClick(kiosk.view.greeting.services["B"], Qt.MouseButton.LeftButton)
    kiosk.wait_quietly()
    kiosk.follow()
    assert [event.service for event in kiosk.issued()][before:] == ["B"]

    kiosk.next_customer()
    kiosk.side("where")
    kiosk.pad("A001")
    for _time in range(4):
        kiosk.touch(kiosk.view.where.pad["clear"], settled=False)
        kiosk.pad("B001")
    assert (kiosk.sheet, kiosk.does.place.number) == ("", "B001"), "fingers on a pad may be as fast as they like"


def test_many_tickets_within_a_minute_are_asked_about_and_not_by_playing_hands(kiosk: Kiosk):
    for place in range(MANY):
        kiosk.service("A")
        if place:
            kiosk.answer("go")
        kiosk.touch(kiosk.view.ticket.done_key)
    given = len(kiosk.issued())
    kiosk.service("A")
    assert kiosk.sheet == "many"
    kiosk.answer("go")
    assert (kiosk.sheet, len(kiosk.issued())) == ("many", given), "nobody has read it in a second"
    kiosk.ms[0] += 3000
    kiosk.answer("go")
    assert len(kiosk.issued()) == given + 1


@pytest.mark.parametrize(
    ("gaps_ms", "drums"),
    [
        ([900, 900, 900, 900], False),
        ([100, 1500, 100, 1500], False),
        ([200] * 6, True),
        ([830, 830, 830], True),
        ([WITHIN_MS, WITHIN_MS, WITHIN_MS], False),
    ],
)
def test_what_drumming_is(gaps_ms: list[int], drums: bool):
    now = [0]
    calm = DrummingDetector(lambda: now[0])
    calm.press()
    for gap in gaps_ms:
        now[0] += gap
        calm.press()
    assert calm.is_drumming is drums
    now[0] += QUIET_MS
    assert not calm.is_drumming
    calm.press()
    assert not calm.is_drumming
    now[0] += OVER_MS
    burst = calm.take_over()
    assert (burst is not None) is drums
    assert calm.take_over() is None
    assert len(gaps_ms) + 1 >= MANY_PRESSES or not drums
