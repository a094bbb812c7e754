"""Runs the rating screen of a window in its real process and touches it as a customer does."""

from __future__ import annotations

import sys

from tests.journeys.hands import until
from tests.journeys.screens import Screen


def main(path: str, lang: str) -> None:
    screen = Screen("rating", path, lang, window="3", size=(1280, 800))
    page, touch = screen.page, screen.touch
    view, does = page.view, page.controller
    print("ready", flush=True)

    def stage(wanted: str) -> None:
        until(lambda: str(does.stage) == wanted, wanted)

    stage("asking")
    print(view.faces[3].text(), flush=True)
    touch(view.faces[3], lambda: str(does.stage) == "reasons")
    print(view.reasons["waited_long"].text(), flush=True)
    touch(view.reasons["waited_long"], lambda: does.tags == ["waited_long"])
    touch(view.done_button, lambda: str(does.stage) == "thanks")
    print("thanks", flush=True)
    stage("asking")
    touch(view.skip_button, lambda: str(does.stage) == "idle")
    print("skipped", flush=True)
    stage("asking")
    touch(view.faces[0], lambda: str(does.stage) == "thanks")
    screen.leave()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
