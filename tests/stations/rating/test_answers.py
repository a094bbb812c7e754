"""What a touch writes: once, for the right ticket, by the customer, and never by default."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import pytest

from queuedesk import i18n
from queuedesk.desk import looking
from queuedesk.desk.queue import calling
from queuedesk.i18n import rating_level
from queuedesk.i18n.figures.rating_reasons import RATING_REASONS
from tests.hall import ADMIN, at
from tests.stations.rating.conftest import Screen
from tests.stations.seen import shades
from tests.stations.stubs import Refusing
from tests.stations.whole_words import drawn


def rated(screen: Screen) -> list[tuple[str | None, int]]:
    """Return the ratings that customers gave: number and level."""
    return [(label, level) for kind, label, _actor, level in screen.log() if kind == "rate"]


def test_one_touch_rates_and_thanks(screen: Screen):
    screen.serve_out()
    screen.touch(screen.page.view.skip_button)
    assert (screen.log(), screen.stage) == ([], "idle"), "no rating writes nothing"

    for times, level in enumerate((5, 4, 3), start=1):
        label = screen.serve_out()
        screen.touch(screen.face(level))
        assert screen.log()[-1] == ("rate", label, "customer", level)
        assert screen.stage == "thanks"
        assert screen.sounds == ["click"] * times
        screen.pass_seconds(6)
        assert screen.stage == "idle"


@pytest.mark.parametrize("level", [2, 1])
def test_after_a_low_one_reasons_may_be_chosen(screen: Screen, level: int):
    label = screen.serve_out()
    screen.touch(screen.face(level))
    assert screen.stage == "reasons"
    reasons = screen.page.view.reasons
    assert not any(button.isChecked() for button in reasons.values())

    screen.touch(reasons["waited_long"])
    screen.touch(reasons["attitude"])
    screen.touch(reasons["attitude"])
    screen.touch(reasons["not_solved"])
    screen.touch(screen.page.view.done_button)

    assert screen.log() == [
        ("rate", label, "customer", level),
        ("reasons", label, "customer", ["waited_long", "not_solved"]),
    ]
    assert screen.stage == "thanks"

    screen.pass_seconds(6)
    label = screen.serve_out()
    screen.touch(screen.face(level))
    screen.touch(screen.page.view.done_button)
    assert screen.log()[2:] == [("rate", label, "customer", level), ("reasons", label, "customer", None)], "left out"
    assert screen.stage == "thanks"


def test_after_a_low_one_nothing_on_the_screen_says_how_low(screen: Screen):
    """Whoever served the customer may stand before it."""
    screen.serve_out()
    screen.touch(screen.face(2))
    view = screen.page.view
    told, looks = " ".join(word.text for word in drawn(view).words), view.grab().toImage()
    assert "noted" in told
    assert not any(rating_level(level) in told for level in range(1, 6))

    screen.controller.level = 1
    screen.page.retranslate()
    assert view.grab().toImage() == looks

    screen.touch(view.reasons["attitude"])
    i18n.use("zh_CN")
    screen.page.retranslate()
    assert view.reasons["attitude"].text() == "态度不好"
    assert view.reasons["attitude"].isChecked(), "the language changes while a reason is chosen"


@pytest.mark.parametrize("level", [5, 2])
def test_every_rating_is_followed_by_one_event_within_a_minute(screen: Screen, level: int):
    """Whoever counts or times what is in the log would else know that somebody was asked for reasons."""
    label = screen.serve_out()
    screen.touch(screen.face(level))
    for _second in range(60):
        screen.pass_seconds(1)

    assert screen.log() == [("rate", label, "customer", level), ("reasons", label, "customer", None)]
    sent = [e.time for e in looking.events_after(screen.hall.desk, 0) if e.kind in ("rate", "reasons")]
    assert 5 <= (sent[1] - sent[0]).total_seconds() <= 60


@pytest.mark.parametrize("level", [5, 1])
def test_the_event_that_follows_comes_before_the_next_customer_is_asked(screen: Screen, level: int):
    label = screen.serve_out()
    screen.touch(screen.face(level))
    screen.call()
    screen.hall.do("start", "3")
    screen.follow()
    screen.until(lambda: screen.stage == "idle")

    assert screen.log() == [("rate", label, "customer", level), ("reasons", label, "customer", None)]
    assert [e.kind for e in looking.events_after(screen.hall.desk, 0)][-2:] == ["start", "reasons"]


def test_the_hall_chooses_the_reasons(screen: Screen):
    for code in looking.setup_of(screen.hall.desk).services:
        screen.hall.do("set-row", "services", code, {"papers": [], "items": []}, who=ADMIN)
    screen.serve_out()
    screen.touch(screen.face(1))
    assert set(RATING_REASONS) - screen.page.view.reasons.keys() == {"papers_changed"}, "no papers are listed"
    screen.touch(screen.page.view.done_button)
    assert screen.stage == "thanks"
    assert "papers" not in screen.page.view.accessibleDescription() + screen.page.view.accessibleName()

    screen.hall.do("set-hall", {"rating_reasons": ["other", "waited_long"]}, who=ADMIN)
    screen.pass_seconds(6)
    screen.serve_out()
    screen.touch(screen.face(1))
    assert list(screen.page.view.reasons) == ["waited_long", "other"]
    screen.touch(screen.page.view.done_button)

    screen.hall.do("set-hall", {"rating_reasons": []}, who=ADMIN)
    for level in (5, 1):
        screen.pass_seconds(6)
        before = len(screen.log())
        label = screen.serve_out()
        screen.touch(screen.face(level))
        assert screen.stage == "thanks", "nothing is asked after any rating"
        for _second in range(60):
            screen.pass_seconds(1)
        after = [("rate", label, "customer", level), ("reasons", label, "customer", None)]
        assert screen.log()[before:] == after


def test_reasons_are_sent_by_themselves_and_more_time_can_be_had(screen: Screen):
    label = screen.serve_out()
    screen.touch(screen.face(2))
    screen.touch(screen.page.view.reasons["other"])
    screen.pass_seconds(50)
    screen.touch(screen.page.view.more_button)
    screen.pass_seconds(59)
    assert screen.stage == "reasons"
    screen.pass_seconds(1)
    assert screen.stage == "thanks"
    assert screen.log()[1:] == [("reasons", label, "customer", ["other"])]

    screen.pass_seconds(6)
    label = screen.serve_out()
    screen.touch(screen.face(2))
    screen.touch(screen.page.view.reasons["other"])
    for _minute in range(6):
        screen.pass_seconds(50)
        if screen.stage == "reasons":
            screen.touch(screen.page.view.more_button)
    assert screen.stage == "thanks", "more time ends before the desk refuses"
    assert screen.log()[3:] == [("reasons", label, "customer", ["other"])]


def test_the_next_customer_keeps_what_was_chosen(screen: Screen):
    label = screen.serve_out()
    screen.touch(screen.face(1))
    screen.touch(screen.page.view.reasons["waited_long"])
    screen.call()
    assert screen.stage == "reasons", "the next one is still on the way"
    calling.start(screen.hall.desk, screen.hall.ask(), "3")
    screen.follow()

    assert screen.stage == "idle"
    assert screen.log()[1:] == [("reasons", label, "customer", ["waited_long"])]


def test_presses_meant_for_another_page_count_for_nothing(screen: Screen):
    first = screen.serve_out()
    screen.touch(screen.face(2))
    screen.controller.rate(2)
    screen.touch(screen.page.view.reasons["papers_changed"], settled=False)
    assert screen.log() == [("rate", first, "customer", 2)], "a double press gives one rating and no reason"
    assert screen.controller.tags == []
    assert not screen.page.view.reasons["papers_changed"].isChecked()

    second = screen.serve_out()
    screen.touch(screen.face(5))
    third = screen.serve_out()
    assert screen.stage == "asking"
    screen.touch(screen.face(5), settled=False)
    assert rated(screen)[1:] == [(second, 5)], "it was meant for the last customer"
    screen.touch(screen.face(3))
    assert rated(screen)[2:] == [(third, 3)]


def test_trouble_is_said_and_the_answer_can_be_given_again(make_screen: Callable[..., Screen]):
    server = "postgresql://qd@192.168.1.5:7432/queuedesk"
    screen = make_screen(window="3", tasks=Refusing("database_away", path=server))
    label = screen.serve_out()
    screen.page.show_away(at("10:42"))
    assert screen.page.view.trouble() == "Your rating can't be saved now. Please try again in a moment."
    screen.page.show_away(None)
    assert screen.page.view.trouble() == ""

    screen.touch(screen.face(4))
    assert screen.stage == "asking"
    assert screen.page.view.trouble() == "Your rating can't be saved now. Please try again in a moment."
    screen.touch(screen.face(4))
    assert screen.log() == [("rate", label, "customer", 4)]
    assert screen.page.view.trouble() == ""


def test_nothing_hints_at_an_answer(screen: Screen):
    screen.serve_out()
    faces = screen.page.view.faces

    assert [face.level for face in faces] == [5, 4, 3, 2, 1]
    assert len({face.size().toTuple() for face in faces}) == 1
    assert len({face.word_px for face in faces}) == 1
    assert not any(face.hasFocus() or face.isChecked() for face in faces)
    steps = {b.x() - a.x() for a, b in pairwise(faces)}
    assert max(steps) - min(steps) <= 1


def test_every_reason_has_words_in_both_languages():
    from queuedesk.i18n.figures.rating_reasons import rating_reason

    english = [rating_reason(code, "en") for code in RATING_REASONS]
    chinese = [rating_reason(code, "zh_CN") for code in RATING_REASONS]

    assert not set(english) & set(chinese)
    assert rating_reason("typed elsewhere", "en") == "typed elsewhere"


def test_a_screen_that_asks_nobody_shows_that_the_hall_is_away(screen: Screen):
    assert screen.stage == "idle"
    amber = screen.page.context.look.color("amber").rgb() & 0xFFFFFF

    def is_told() -> bool:
        return amber in shades(screen.page.grab().toImage())[690:780, :300]

    assert not is_told()
    screen.page.show_away(at("10:42"))
    assert is_told()
    screen.page.show_away(None)
    assert not is_told()
