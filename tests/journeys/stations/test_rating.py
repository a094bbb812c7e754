"""Three customers at one window: a low answer with its reason, no answer, a good one; read back from the log."""

from pathlib import Path

import pytest

from tests.every_day import walked_in
from tests.hall import make_hall
from tests.journeys.hands import until
from tests.journeys.screens import Screen
from tests.journeys.stations.talk import PrinterConversation, story_of


def hands(path: str, lang: str) -> None:
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


WORDS = {"en": ("Dissatisfied", "Waited too long"), "zh_CN": ("不满意", "等得太久")}


@pytest.mark.journey
@pytest.mark.parametrize("lang", walked_in("zh_CN"))
def test_customers_rate_their_visits_at_the_window(tmp_path: Path, lang: str):
    hall = make_hall(tmp_path, time="10:40")
    hall.open("3", "C3")
    hall.queue("B", "B", "B")
    with PrinterConversation(hands, hall.path, lang, home=tmp_path) as screen:
        for said in (["ready"], [*WORDS[lang], "thanks"], ["skipped"]):
            assert [screen.heard() for _line in said] == said
            hall.serve_out("3", minutes=0)
        screen.end()
    said = [e for e in hall.log() if e.kind in ("rate", "reasons")]
    assert story_of(said) == "rate B001, reasons B001, rate B003"
    assert {(e.actor, e.window, e.staff) for e in said} == {("customer", "3", "C3")}
    low, reasons, good = (e.data for e in said)
    assert (low["level"], reasons["tags"], good["level"]) == (2, ["waited_long"], 5)
