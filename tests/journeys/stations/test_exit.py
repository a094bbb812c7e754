"""Customers at the exit's rating, by touches and by a code reader, in both languages; read back from the log."""

import sys
from pathlib import Path

import pytest

from queuedesk.core.errors import RuleError
from queuedesk.desk import looking
from queuedesk.i18n import error_sentence
from queuedesk.printing.qr import ticket_text
from tests.every_day import walked_in
from tests.hall import DAY, Hall, make_hall
from tests.journeys.hands import until
from tests.journeys.screens import Screen
from tests.journeys.stations.talk import PrinterConversation, story_of


def hands(path: str, lang: str) -> None:
    screen = Screen("rating", path, lang, size=(1280, 800))
    page, touch = screen.page, screen.touch
    enter, view, does = page.enter_view, page.view, page.controller

    def stands(wanted: str) -> bool:
        return str(does.stage) == wanted

    def stage(wanted: str) -> None:
        until(lambda: stands(wanted), wanted)

    def finish_without_comment() -> None:
        """Pass the page for own words, which is there where the screen's keys write the language."""
        if lang == "en":
            stage("words")
            touch(page.words_view.none_button, lambda: stands("thanks"))
        stage("thanks")

    def type_number(number: str) -> None:
        for place, key in enumerate(number, 1):
            touch(enter.pad.keys[key], lambda typed=number[:place]: does.number == typed)

    def said() -> str:
        until(lambda: does.trouble is not None and not enter.go_button.isEnabled(), "a refusal")
        return str(enter.shown.trouble)

    # A number from the pad, and one touch.
    print(enter.shown.title.replace("\n", ""), flush=True)
    type_number("B001")
    touch(enter.go_button, lambda: stands("asking"))
    touch(view.faces[1], lambda: not stands("asking"))
    finish_without_comment()
    print("one touch", flush=True)

    # The next customer holds a code in front of the reader; the hall asks two questions more now.
    code = sys.stdin.readline().strip()
    until(lambda: does.setup.settings["rating_questions"] == "on", "the hall's new rule")
    screen.scan(code)
    stage("asking")
    touch(view.faces[4], lambda: stands("questions"))
    touch(view.marks["attitude", 2], lambda: does.marks == {"attitude": 2})
    touch(view.marks["competence", 4], lambda: stands("reasons"))
    touch(view.reasons["not_solved"], lambda: does.tags == ["not_solved"])
    touch(view.done_button, lambda: not stands("reasons"))
    finish_without_comment()
    print("two questions", flush=True)

    # The same code again, a number that nobody got, one whose visit goes on.
    screen.scan(code)
    stage("enter")
    print(said(), flush=True)
    for number in ("B077", "B003"):
        type_number(number)
        touch(enter.go_button, lambda: does.trouble is not None)
        print(said(), flush=True)

    # A ticket that was lost.
    touch(enter.no_number_button, lambda: stands("asking"))
    touch(view.faces[0], lambda: not stands("asking"))
    finish_without_comment()
    screen.leave()


TITLES = {"en": "Enter your number and rate today's visit", "zh_CN": "请输入您的号码，评价今天的服务"}


def code_of(hall: Hall, label: str) -> str:
    """Return what a reader types when the ticket's code is held in front of it."""
    ticket = hall.ticket(label)
    return ticket_text(looking.setup_of(hall.desk).hall.code, ticket.date, label, ticket.token)


@pytest.mark.journey
@pytest.mark.parametrize("lang", walked_in("en"))
def test_visits_are_rated_on_the_way_out(tmp_path: Path, lang: str):
    hall = make_hall(tmp_path, time="10:30")
    hall.open("3", "C3")
    hall.queue("B", "B", "B")
    for _visit in range(2):
        hall.serve_out("3", minutes=4)
    hall.call("3")

    with PrinterConversation(hands, hall.path, lang, home=tmp_path) as screen:
        assert screen.heard() == TITLES[lang]
        assert screen.heard() == "one touch"
        hall.do("set-setting", "rating_questions", "on")
        screen.tell(code_of(hall, "B002"))
        assert screen.heard() == "two questions"
        for refusal in (
            RuleError("already_rated", ticket="B002"),
            RuleError("unknown_ticket", ticket="B077", date=DAY.date()),
            RuleError("visit_not_ended", ticket="B003"),
        ):
            assert screen.heard() == error_sentence(refusal, lang)
        screen.end()

    said = [e for e in hall.log() if e.kind in ("rate", "reasons", "opinion")]
    said = said[:5]  # a second one of the opinion comes where words were asked for, or later
    assert story_of(said) == "rate B001, reasons B001, rate B002, reasons B002, opinion"
    assert {e.actor for e in said} == {"customer"}
    assert [e.data.get("level") for e in said] == [4, None, 1, None, 5]
    state = looking.hall_state_now(hall.desk, hall.clock())
    kept = state.ratings[DAY.date(), "B002"]
    assert (kept.level, kept.attitude, kept.competence, kept.tags) == (1, 2, 4, ("not_solved",))
    assert [one.level for one in state.opinions.values()] == [5]
    hall.must_follow_from_its_log()
