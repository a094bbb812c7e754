"""The morning at the stations: what is told quietly until a key says so, and the manager's page."""

from pathlib import Path

import pytest

from queuedesk.core.quality.sheet import USUAL_SHEETS
from queuedesk.desk import appraisal, looking
from queuedesk.desk.upkeep import examining
from queuedesk.features.morning import verbs
from queuedesk.features.morning.demo import MorningDemoPart
from queuedesk.features.morning.pages.page import BriefingForm, MorningPage
from queuedesk.features.morning.pages.signing import (
    BriefingAndTrainingController,
    BriefingDialog,
    SigningDialog,
    save_or_print_morning_page,
)
from queuedesk.features.morning.words import is_somebody_late_or_missing, person_attendance_words
from queuedesk.features.staff.rules.training import RowCountedForTrainingNeed, training_needs
from queuedesk.features.staff.verbs import record_staff_of_revealed_need
from queuedesk.stations.window.context import SheetPrinter
from tests.engine_fixtures import ON_BOTH_ENGINES
from tests.hall import GUIDE, MANAGER, Hall, at, clerk, simple_hall
from tests.reports.read_back import text_of
from tests.stations.stubs import lend, stub


def test_who_was_named_and_who_has_not_read_the_briefing_is_told_until_a_key_says_so(talkers, story):
    hall, day = talkers.hall, talkers.hall.date
    acts = [(who, n) for who in ("C1", "C2", "C3") for n in range(90)]
    rows = [
        RowCountedForTrainingNeed("transfers", day, f"A{n}", who, "A", "", int(who == "C3" and n < 40))
        for who, n in acts
    ]
    record_staff_of_revealed_need(
        hall.desk, hall.ask(MANAGER), training_needs(day, day, rows), ("transfers", "A"), reason="coach"
    )
    talkers.follow()
    story.tell("Who was named is told, quietly and alone", *talkers.told())
    talkers.press(talkers.counter, "seen")
    story.tell("It was seen", *talkers.told())
    hall.do("briefing", ["新的收费表"], ["New fees"], who=MANAGER)
    talkers.follow()
    story.tell("A briefing is told quietly", *talkers.told())
    talkers.press(talkers.counter, "briefing")
    dialog = talkers.dialog(talkers.counter, BriefingDialog)
    story.tell("Looking is no receipt", dialog)
    talkers.touch(dialog.yes_button)
    story.tell("It is read", *talkers.told())
    hall.do("briefing", ["新的收费表从下周起"], who=MANAGER)
    talkers.follow()
    story.tell("It has changed", *talkers.told())


def test_the_morning_is_signed_open_its_training_noted_and_all_saved(put, story, hall, context, catch_up, *, tmp_path):
    page = put(MorningPage(BriefingAndTrainingController(context)))

    def read_again() -> None:
        catch_up()
        page.refresh_act_buttons()
        page.controller.refresh(anew=True)

    page.ask_signature()
    (dialog,) = page.findChildren(SigningDialog)
    for row in dialog.rows:
        row.buttons["good"].click()
    dialog.yes_button.click()
    read_again()
    story.tell("The hall is signed open from the page", page)

    # Today's training is noted in one press with who is there and taken back.
    card = page.training
    there = card.ticked_staff_codes
    assert {"C1", "C2"} <= set(there) < set(card.ticks)
    card.ticks["C2"].click()
    read_again()
    assert "C2" not in card.ticked_staff_codes, "what was changed by hand stays"
    card.record_button.click()
    (one,) = hall.whole().trainings.values()
    assert set(one.attended) == set(there) - {"C2"}
    assert appraisal.readable_trainings_between(hall.desk, MANAGER, one.day, one.day)[0]["topic"] == "Morning training"
    story.tell("Its training is noted", card)
    card.back_button.click()
    story.tell("And taken back", card)
    card.minutes.edit.setFocus()
    card.minutes.edit.clear()
    card.minutes.edited.emit("")
    story.tell("Without minutes none is noted", card)

    # The briefing is written and corrected and shows who has read it.
    page.ask_briefing_points()
    first = page.findChildren(BriefingForm)[-1]
    first.texts["points"].setPlainText("\n 新的收费表 \n午休错开\n")
    first.texts["points_en"].setPlainText("New fees")
    first.yes_button.click()
    assert not hall.whole().briefings, "as many lines in English, or none"
    first.texts["points_en"].setPlainText("New fees\nBreaks in turn")
    first.yes_button.click()
    (seq,) = hall.whole().briefings
    hall.do("briefing-read", seq, who=clerk("C1"))
    read_again()
    story.tell("The briefing is written, and read by one", page)
    page.ask_briefing_points()
    second = page.findChildren(BriefingForm)[-1]
    assert second.texts["points"].toPlainText() == "新的收费表\n午休错开"
    second.stock.setCurrentIndex(1)
    second.stock.activated.emit(1)
    second.yes_button.click()
    read_again()
    story.tell("It is corrected", page)

    # The morning is saved as a page.
    lend(context, sheet_printer=stub(SheetPrinter), folder=lambda _part: tmp_path)
    save_or_print_morning_page(page.papers, send=False)
    (saved,) = tmp_path.glob("*-morning-2026-11-20.pdf")
    text = text_of(saved)
    assert "New fees" in text and "Zhao Qiang" in text


def test_no_training_is_noted_or_taken_back_while_the_hall_is_away(office):
    office.go("quality")
    office.page.quality.open_tab("morning")
    page = office.page.quality.pages.get_or_make_page("morning")
    keys = page.training.record_button, page.training.back_button
    for key in keys:
        for since in (office.hall.clock(), None):
            office.page.show_hall_away(since)
            assert (key.isVisible(), key.isEnabled()) == (True, since is None)
        office.touch(key)


ROSTER = [{"window": n, "staff": f"C{n}", "from": "10:00", "to": "17:30", "breaks": []} for n in "12"]


def early(folder: Path) -> Hall:
    """Return a hall of two who come at a quarter to ten, ten minutes before."""
    hall = simple_hall(folder, roster=ROSTER, settings={"early_minutes": 15})
    hall.clock.now = at("9:35")
    return hall


def test_a_briefings_words_stand_beside_the_log_and_are_examined(hall):
    hall.do("briefing", ["新的收费表"], who=MANAGER)
    items = next(one for one in USUAL_SHEETS if one["code"] == "closing")["items"]
    good = [{"item": n, "state": "good"} for n in range(2, len(items) + 1)]
    hall.do("opening", "closing", [{"item": 1, "state": "lacking", "words": "伞"}, *good], who=GUIDE)
    assert "收费" not in str([one.data for one in hall.log()][-2:])
    assert "伞" not in str(hall.last().data["marks"])
    assert {one.status for one in examining.examine_database(hall.desk.db)} == {examining.OK}
    assert verbs.reusable_briefing_points(hall.desk, hall.clock()) == [{"text": "新的收费表", "text_en": ""}]


@pytest.mark.hall(make=early)
@ON_BOTH_ENGINES
def test_who_was_there_is_late_by_the_halls_rule(hall):
    hall.do("sign-in", "guide", "G1", who=GUIDE)
    hall.clock.now = at("9:44")
    seq = hall.do("briefing", ["x"], who=MANAGER)["briefing"]
    hall.do("briefing-read", seq, who=clerk("C1"))
    hall.clock.now = at("10:10")
    rows = {one["staff"]: one for one in verbs.attendance_document(hall.desk, None, hall.clock())["attendance"]}
    assert {staff: one["late"] for staff, one in rows.items()} == {"C1": 0, "C2": None, "G1": None, "M1": None}
    assert [staff for staff, one in rows.items() if one["missing"]] == ["C2"]
    hall.open("2", "C2")
    late = verbs.attendance_document(hall.desk, None, hall.clock())["attendance"][1]
    assert (late["staff"], late["late"], late["due"][11:16]) == ("C2", 25, "09:45")
    assert person_attendance_words(late, "en", rostered=True) == "here at 10:10, 25 min late (due 9:45)"
    assert is_somebody_late_or_missing(late)
    in_time = late | {"from": late["here"]}
    told = "here at 10:10, shift from 10:10 (asked to be here by 9:45)"
    assert (person_attendance_words(in_time, "en", rostered=True), is_somebody_late_or_missing(in_time)) == (
        told,
        False,
    )


def test_what_the_last_mornings_are(tmp_path):
    hall = simple_hall(tmp_path)
    setup = looking.setup_of_hall(hall.desk)
    for ago in (2, 1, 0):
        for _minute, does in MorningDemoPart.acts_of_demo_day(ago):
            does(hall.desk, setup, hall.ask(MANAGER))
        hall.clock.move(days=1 if ago else 0)
    signed = verbs.signed_opening_and_closing_document(hall.desk, None, hall.clock())
    assert (signed["opening"]["lacking"], signed["closing"]) == (1, None)
    told = verbs.last_briefing_document(hall.desk, None, hall.clock())["briefing"]
    assert (len(told["points"]), bool(told["read"]), len(told["unread"])) == (3, True, 1)
    assert len(verbs.briefing_version_documents_between(hall.desk, None, None, hall.clock())) == 2
    hall.must_follow_from_its_log()
