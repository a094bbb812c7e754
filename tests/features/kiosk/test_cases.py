"""How far a case is, asked at the kiosk: by keys on the screen or a reader, slower for guesses, counted if it saved a
visit."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from queuedesk.desk import setting_up
from queuedesk.features.kiosk.pages.controller import GONE_S
from queuedesk.features.web.rules import TRIES, TRY_AGAIN_S
from queuedesk.features.web.verbs import progress
from queuedesk.stations.window.context import InlineTasks
from tests.features.kiosk.conftest import Kiosk
from tests.hall import MANAGER, Hall

STATES = (
    "reference,state,since,note,state_en,note_en\n"
    "GZ-2026-17,审核中,2026-11-20,请带身份证,In review,Please bring your ID\nGZ 18,可领取,,,Ready,\n"
)


@pytest.fixture
def cases(kiosk: Kiosk, tmp_path: Path) -> Kiosk:
    """A kiosk whose hall has imported states while it stood there."""
    setting_up.choose_features(kiosk.hall.desk, kiosk.hall.ask(), on=("web",))
    kiosk.follow()
    assert "case" not in dict(kiosk.view.greeting.said.sides), "nothing was imported"
    import_states(kiosk.hall, tmp_path)
    kiosk.follow()
    return kiosk


def import_states(hall: Hall, folder: Path) -> None:
    file = folder / "states.csv"
    file.write_text(STATES, encoding="utf-8")
    progress.import_case_progress(hall.desk, hall.ask(MANAGER), str(file))


def type_reference(kiosk: Kiosk, text: str) -> tuple[str, str]:
    for sign in text:
        kiosk.touch(kiosk.view.case.keys[sign], settled=False)
    return kiosk.touch(kiosk.view.case.give_key)


def saved(kiosk: Kiosk) -> list[str]:
    return [event.data["place"] for event in kiosk.log("web.enquiry")]


def test_a_case_is_found_by_what_is_typed_or_read_and_a_visit_without_a_ticket_is_counted(cases: Kiosk) -> None:
    kiosk, sheet = cases, cases.view.sheet
    kiosk.side("case")
    assert (kiosk.stage, kiosk.view.case.give_key.accessibleName()) == ("case", "Enter the reference")
    assert type_reference(kiosk, "gz202617") == ("case", "case"), "the signs between the letters may be left out"
    assert (sheet.said.title, sheet.said.sentence) == (
        "In review",
        "GZ-2026-17\nsince 2026-11-20\nPlease bring your ID",
    )
    assert saved(kiosk) == [], "they may take a ticket yet"
    assert kiosk.answer("more") == ("case", "")
    # A reader types like a keyboard, and Enter.
    QTest.keyClicks(QApplication.focusWidget(), "GZ 18")
    kiosk.press(Qt.Key.Key_Return)
    assert (sheet.said.title, sheet.said.sentence) == ("Ready", "GZ18")
    assert kiosk.answer("go") == ("greeting", "")
    assert saved(kiosk) == ["kiosk"], "two cases are one visit"
    assert "GZ" not in str(kiosk.log("web.enquiry")[-1].data), "not which case"
    # Who takes a ticket after the answer saved no visit.
    kiosk.next_customer("case")
    type_reference(kiosk, "gz18")
    kiosk.answer("more")
    kiosk.touch(kiosk.view.case.back_key)
    assert kiosk.service("A") == ("ticket", "")
    kiosk.next_customer()
    assert saved(kiosk) == ["kiosk"]
    # Who goes away without a touch saved one.
    kiosk.side("case")
    type_reference(kiosk, "gz18")
    kiosk.answer("more")
    kiosk.touch(kiosk.view.case.back_key)
    kiosk.pass_seconds(GONE_S)
    kiosk.follow()
    assert saved(kiosk) == ["kiosk", "kiosk"]


def test_the_state_is_told_in_the_customers_language(cases: Kiosk) -> None:
    cases.side("language")
    cases.side("case")
    type_reference(cases, "gz202617")
    said = cases.view.sheet.said
    assert (said.title, said.sentence) == ("审核中", "GZ-2026-17\n自 2026-11-20\n请带身份证")


def test_wrong_references_are_refused_in_plain_words_and_ever_more_slowly(cases: Kiosk) -> None:
    kiosk, sheet = cases, cases.view.sheet
    kiosk.side("case")
    assert type_reference(kiosk, "x1") == ("case", "sorry")
    assert sheet.said.title == "Nothing found for x1"
    assert "front desk" in sheet.said.sentence
    kiosk.answer("ok")
    assert kiosk.view.case.said is not None and kiosk.view.case.said.written == "x1", "it can be mended"
    for _guess in range(TRIES):
        kiosk.does.case.ask_case_progress("en")
    kiosk.does.case.write("GZ 18")
    kiosk.does.case.ask_case_progress("en")
    assert sheet.said.title == "One moment, please", "nothing is looked up meanwhile"
    kiosk.answer("ok")
    kiosk.pass_seconds(TRY_AGAIN_S)
    kiosk.touch(kiosk.view.case.give_key)
    assert sheet.said.title == "Ready"


class BusyLane(InlineTasks):
    """A lane that has other things to do first: what it is given is done when it comes to it."""

    def __init__(self) -> None:
        self.given: list[Callable[[], None]] = []

    def run_in_side_lane(self, *work: Any, may_drop: bool = False) -> None:
        self.given.append(partial(self.run, *work))

    def come_to_it(self) -> None:
        while self.given:
            self.given.pop(0)()


def test_an_answer_that_comes_late_is_not_shown_to_the_next_customer(cases: Kiosk) -> None:
    kiosk = cases
    lane = kiosk.does.context.tasks = BusyLane()
    for reference in ("gz18", "x1"):
        kiosk.next_customer("case")
        assert type_reference(kiosk, reference) == ("case", "")
        kiosk.next_customer("case")
        lane.come_to_it()
        assert kiosk.stands() == ("case", "") and kiosk.does.case.found is None
    assert saved(kiosk) == [], "nobody was answered"
    # Who mends the reference meanwhile gets the answer to what stands there.
    type_reference(kiosk, "gz18")
    kiosk.does.case.write("gz202617")
    kiosk.does.ask_case_progress()
    lane.come_to_it()
    assert (kiosk.sheet, kiosk.view.sheet.said.title) == ("case", "In review")


def test_a_hall_without_states_or_without_the_web_sees_nothing_of_cases(kiosk: Kiosk, tmp_path: Path) -> None:
    desk = kiosk.hall.desk
    import_states(kiosk.hall, tmp_path)
    for choice, is_there in (({}, False), ({"on": ["web"]}, True), ({"off": ["web"]}, False)):
        setting_up.choose_features(desk, kiosk.hall.ask(), **choice)
        kiosk.follow()
        assert ("case" in dict(kiosk.view.greeting.said.sides), "case" in kiosk.page.page_openers()) == (
            is_there,
            is_there,
        )
