"""Putting right what a ticket's story has wrong, at the manager's."""

from queuedesk.features.corrections.pages import CorrectTicketDialog
from tests.hall import ADMIN, at


def opened(office, label: str = "A001", *, reason: str = "", second: str = "", **fields: str) -> CorrectTicketDialog:
    office.go("tickets")
    office.page.tickets.show_ticket(label)
    office.touch(office.page.tickets.story.correct_button)
    dialog = office.question(CorrectTicketDialog)
    for field, text in fields.items():
        office.write(dialog.fields[field].edit, text)
    if reason:
        office.write(dialog.reason.edit, reason)
    if second:
        dialog.second.setCurrentIndex(dialog.second.findData(second))
    return dialog


def people(dialog: CorrectTicketDialog) -> list[str]:
    return [dialog.second.itemData(at) for at in range(dialog.second.count())]


def test_a_story_is_put_right_alone_or_by_two(office, story):
    dialog = opened(office, started="half past nine")
    assert people(dialog) == ["", "AD"], "only others may be the second person"
    assert dialog.fields["started"].error() == "a time such as 9:05:30"
    assert not dialog.yes_button.isEnabled()
    dialog.refuse()
    dialog = opened(office, started="9:05:00", finished="8:00:00", reason="try", second="AD")
    office.touch(dialog.yes_button)
    story.tell("A refused correction stays open and says why", dialog)
    dialog.refuse()
    dialog = opened(office, "A003")
    story.tell("A ticket that is not served yet can have its item corrected alone", dialog)
    dialog.refuse()
    dialog = opened(office)
    assert dialog.yes_button.text() == "Change something first"
    office.write(dialog.fields["note"].edit, "paid in cash")
    assert dialog.yes_button.text() == "Say why first"
    office.write(dialog.reason.edit, "forgotten")
    assert not dialog.second.isVisible()
    office.touch(dialog.yes_button)
    story.tell("A note is corrected by one person", office.page.toast)
    last = office.page.tickets.story.rows[-1].accessibleName()
    assert "Corrected" in last and "paid in cash" in last and "forgotten" in last, "it stands in the story"
    dialog = opened(office, reason="a child pressed it", second="AD")
    rating = dialog.fields["rating"].edit
    rating.setCurrentIndex(rating.findData("excluded"))
    office.touch(dialog.yes_button)
    story.tell("A rating can be taken out of the figures by two")
    assert office.page.hall_state.ratings[(office.hall.date, "A001")].excluded
    office.hall.do("set-pin", "AD", "2468", who=ADMIN)
    office.follow()
    dialog = opened(office, finished="9:28:00", reason="finish pressed late")
    assert dialog.second.isVisible()
    assert dialog.yes_button.text() == "Choose the second person first"
    dialog.second.setCurrentIndex(dialog.second.findData("AD"))
    office.write(dialog.pin.edit, "1111")
    office.touch(dialog.yes_button)
    assert dialog.pin.error()
    assert len(office.log("correct")) == 2
    office.write(dialog.pin.edit, "2468")
    office.touch(dialog.yes_button)
    story.tell("A time takes a second person and that person's PIN")
    assert office.hall.ticket("A001").current_leg.finished == at("9:28")


def keep_only(office, *codes: str) -> None:
    for code in [member for member in office.page.controller.hall_state.setup_now.staff if member not in codes]:
        for window, state in list(office.page.controller.hall_state.windows.items()):
            if state.staff == code:
                if state.ticket is not None:
                    office.hall.do("finish", window)
                office.hall.do("close", window)
        office.hall.do("remove-row", "staff", code)
    office.follow()


def test_without_another_manager_a_colleague_is_the_witness_or_nobody(office):
    office.hall.do("set-row", "staff", "M1", {"role": "admin"})
    keep_only(office, "M1", "C1", "C2")
    dialog = opened(office, finished="9:28:00", reason="finish pressed late")
    assert people(dialog) == ["", "C2"]
    staff = dialog.fields["staff"].edit
    staff.setCurrentIndex(staff.findData("C2"))
    assert dialog.alone.isVisible() and not dialog.second.isVisible()
    staff.setCurrentIndex(staff.findData("C1"))
    dialog.second.setCurrentIndex(dialog.second.findData("C2"))
    office.touch(dialog.yes_button)
    assert office.log("correct")[0].data["witness"] is True
    # With nobody else it says so and what to do.
    keep_only(office, "M1", "C1")
    dialog = opened(office, finished="9:27:00", reason="finish pressed late")
    assert not dialog.second.isVisible()
    assert dialog.yes_button.text() == "Say that you correct it alone first"
    office.touch(dialog.alone)
    office.touch(dialog.yes_button)
    assert office.log("correct")[-1].data["alone"] is True
    assert "by one person alone: no one else could confirm it" in office.page.tickets.story.rows[-1].accessibleName()
