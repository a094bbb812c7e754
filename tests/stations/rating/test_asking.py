"""When a customer is asked, and when the question goes away."""

from __future__ import annotations

from collections.abc import Callable

from queuedesk.core.network.roles import CUSTOMER
from queuedesk.desk.queue import calling, rating, serving
from queuedesk.stations.rating.view import QuestionText
from tests.stations.rating.conftest import Screen
from tests.stations.whole_words import drawn


def test_the_end_of_a_visit_asks_until_a_minute_has_passed(screen: Screen):
    screen.serve_out("4")
    assert screen.stage == "idle", "another window's"

    label = screen.serve_out()
    assert (screen.stage, screen.page.view.head.number) == ("asking", label)
    screen.pass_seconds(59)
    assert screen.stage == "asking"
    screen.pass_seconds(1)
    assert (screen.stage, screen.log()) == ("idle", [])

    screen.serve_out()
    serving.reopen(screen.hall.desk, screen.hall.ask(), "3")
    screen.touch(screen.face(1))
    assert screen.log() == [], "reopened between look and touch"
    screen.follow()
    assert screen.stage == "idle", "a ticket taken back is not asked about"

    serving.finish(screen.hall.desk, screen.hall.ask(), "3")
    screen.hall.queue("B")
    label = screen.serve_out()
    assert (screen.stage, screen.page.view.head.number) == ("asking", label)
    rating.rate(screen.hall.desk, screen.hall.ask(CUSTOMER), label, 4)
    screen.follow()
    assert screen.stage == "idle", "it was rated elsewhere"


def test_a_visit_that_goes_on_is_not_asked_about_yet(screen: Screen):
    label = screen.call()
    calling.start(screen.hall.desk, screen.hall.ask(), "3")
    serving.add(screen.hall.desk, screen.hall.ask(), "3", "A")
    serving.finish(screen.hall.desk, screen.hall.ask(), "3")
    screen.follow()
    assert screen.stage == "idle"

    assert screen.hall.call("1") == label
    screen.finish("1")
    assert screen.stage == "idle", "it ended at window 1"


def test_the_question_stays_while_the_next_customer_walks(screen: Screen):
    label = screen.serve_out()
    screen.call()
    assert (screen.stage, screen.page.view.head.number) == ("asking", label)
    screen.pass_seconds(19)
    screen.touch(screen.face(5))
    assert screen.log() == [("rate", label, "customer", 5)]

    screen.finish()
    screen.call()
    assert screen.stage == "asking"
    screen.pass_seconds(20)
    assert screen.stage == "idle", "it goes before the next one can be there"

    screen.finish()
    screen.call()
    assert screen.stage == "asking"
    calling.start(screen.hall.desk, screen.hall.ask(), "3")
    screen.follow()
    assert screen.stage == "idle", "the next one is at the window"


def test_a_visit_finished_with_the_next_call_is_asked_about(screen: Screen):
    label = screen.call()
    calling.start(screen.hall.desk, screen.hall.ask(), "3")
    serving.finish(screen.hall.desk, screen.hall.ask(), "3")
    calling.call(screen.hall.desk, screen.hall.ask(), "3")
    screen.follow()

    assert (screen.stage, screen.page.view.head.number) == ("asking", label)
    screen.pass_seconds(20)
    assert screen.stage == "idle"


def test_a_screen_that_starts_late_asks_about_the_one_just_served(make_screen: Callable[..., Screen], hall):
    label = hall.serve_out("3")
    hall.clock.move(seconds=40)

    screen = make_screen(window="3")

    assert (screen.stage, screen.page.view.head.number) == ("asking", label)
    screen.pass_seconds(20)
    assert screen.stage == "idle"


def test_no_face_stands_higher_than_another(screen: Screen):
    """Also where a language, or other words, need two lines for one of the answers."""
    screen.serve_out()
    view, faces = screen.page.view, screen.page.view.faces
    levels = ("Very satisfied", "Satisfied", "Neither good nor bad at all", "Dissatisfied", "Very dissatisfied")
    view.show_page(view.head, QuestionText("How was your visit?", "", levels, "No rating", ""))
    words = [word for word in drawn(screen.page).words if word.on in faces]

    first_lines = {face.level: min(word.box.top() for word in words if word.on is face) for face in faces}
    assert len(words) > len(faces), "one word takes two lines"
    assert len({round(top) for top in first_lines.values()}) == 1
