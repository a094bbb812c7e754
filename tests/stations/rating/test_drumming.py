"""A child's hands on the faces give no rating; an answer that was changed at once counts as changed."""

from __future__ import annotations

import random

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from queuedesk.desk import looking
from queuedesk.stations.acts.hold_to_confirm import HOLD_MS, OVER_MS
from tests.every_day import SEES_ALL
from tests.stations.rating.conftest import Screen


def drum(screen: Screen, seed: int, seconds: int) -> None:
    chance = random.Random(seed)
    until = screen.ms[0] + seconds * 1000
    while screen.ms[0] < until:
        point = QPoint(chance.randrange(screen.page.width()), chance.randrange(screen.page.height()))
        target = screen.page.childAt(point) or screen.page
        QTest.mouseClick(target, Qt.MouseButton.LeftButton, pos=target.mapFrom(screen.page, point))
        screen.ms[0] += chance.randint(80, 780)
        screen.controller.holding.settle()


@pytest.mark.parametrize("seed", range(5 if SEES_ALL else 2))
def test_drumming_while_somebody_is_asked_gives_no_rating(screen: Screen, seed: int):
    screen.serve_out()
    assert screen.stage == "asking"
    drum(screen, seed, 20)

    assert screen.log() == []
    assert screen.stage in ("asking", "idle")


@pytest.mark.parametrize("seed", range(5 if SEES_ALL else 2))
def test_drumming_at_the_exit_gives_no_opinion(make_screen, seed: int):
    screen = make_screen()
    drum(screen, seed, 40)

    assert [e for e in looking.events_after(screen.hall.desk, 0) if e.kind in ("rate", "opinion")] == []


def test_it_is_said_and_noted_and_the_next_calm_touch_counts(screen: Screen):
    label = screen.serve_out()
    for _press in range(8):
        QTest.mouseClick(screen.face(1), Qt.MouseButton.LeftButton)
        screen.ms[0] += 250
    assert "One touch is enough" in screen.page.view.trouble()
    screen.ms[0] += OVER_MS
    screen.pass_seconds(1)
    assert screen.page.view.trouble() == ""
    screen.touch(screen.face(4))
    noted = [e for e in looking.events_after(screen.hall.desk, 0) if e.kind == "drumming"]

    assert screen.log() == [("rate", label, "customer", 4)]
    assert [(e.actor, e.data["station"]) for e in noted] == [("customer", "rating")]


def test_an_answer_changed_at_once_counts_as_changed(screen: Screen):
    label = screen.serve_out()
    screen.ms[0] += 1000
    QTest.mouseClick(screen.face(1), Qt.MouseButton.LeftButton)
    screen.ms[0] += HOLD_MS // 2
    screen.touch(screen.face(5), settled=False)

    assert screen.log() == [("rate", label, "customer", 5)]


def test_an_answer_just_given_is_kept_when_the_next_customer_comes(screen: Screen):
    label = screen.serve_out()
    screen.call()
    screen.ms[0] += 1000
    QTest.mouseClick(screen.face(2), Qt.MouseButton.LeftButton)
    screen.hall.do("start", "3")
    screen.until(lambda: screen.stage == "idle")

    assert screen.log()[0] == ("rate", label, "customer", 2)
