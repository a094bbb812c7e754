"""Runs the rating at the exit in its real process: numbers on the pad, codes from a reader, refusals, a lost ticket.

exit_hands.py HALL LANGUAGE; each line of standard input is a code that a reader types.
"""

from __future__ import annotations

import sys

from tests.journeys.hands import until
from tests.journeys.screens import Screen


def main(path: str, lang: str) -> None:
    screen = Screen("rating", path, lang, size=(1280, 800))
    page, touch = screen.page, screen.touch
    enter, view, does = page.enter_view, page.view, page.controller

    def stands(wanted: str) -> bool:
        return str(does.stage) == wanted

    def stage(wanted: str) -> None:
        until(lambda: stands(wanted), wanted)

    def write_nothing() -> None:
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
    write_nothing()
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
    write_nothing()
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
    write_nothing()
    screen.leave()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
