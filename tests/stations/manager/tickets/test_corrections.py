"""A ticket's story put right: alone, and with a second person who has a PIN."""

from __future__ import annotations

from queuedesk.desk.queue import sign_in_and_pins
from queuedesk.stations.manager.tickets.correct_dialog import CorrectDialog
from tests.hall import ADMIN, at


def opened(office, label: str = "A001") -> CorrectDialog:
    office.go("tickets")
    office.page.tickets.show_ticket(label)
    office.touch(office.page.tickets.story.correct_button)
    return office.question(CorrectDialog)


def test_a_story_is_put_right_alone_or_by_two(office):
    # Only others may be the second person.
    dialog = opened(office)

    people = [dialog.second.itemData(at) for at in range(dialog.second.count())]
    assert people == ["", "AD"]

    # A time that is none is told at its field.
    office.write(dialog.fields["started"].edit, "half past nine")

    assert dialog.fields["started"].error() == "a time such as 9:05:30"
    assert not dialog.yes_button.isEnabled()

    # A refused correction stays open and says why.
    office.write(dialog.fields["started"].edit, "9:05:00")
    office.write(dialog.fields["finished"].edit, "8:00:00")
    office.write(dialog.reason.edit, "try")
    dialog.second.setCurrentIndex(dialog.second.findData("AD"))
    office.touch(dialog.yes_button)

    assert dialog.isVisible()
    assert dialog.trouble.isVisible() and dialog.trouble.text()
    assert office.log("correct") == []
    dialog.refuse()

    # A ticket that is not served yet can have its item corrected alone.
    dialog = opened(office, "A003")

    assert not dialog.fields["started"].isEnabled()
    assert dialog.fields["item"].isEnabled()
    dialog.refuse()

    # A note is corrected by one person and stands in the story.
    dialog = opened(office)
    assert dialog.yes_button.text() == "Change something first"
    office.write(dialog.fields["note"].edit, "paid in cash")
    assert dialog.yes_button.text() == "Say why first"
    office.write(dialog.reason.edit, "forgotten")
    assert not dialog.second.isVisible()
    office.touch(dialog.yes_button)

    (event,) = office.log("correct")
    assert (event.actor, event.data["old"], event.data["new"]) == ("M1", {"note": None}, {"note": "paid in cash"})
    assert office.page.toast.text() == "A001 is corrected"
    last = office.page.tickets.story.rows[-1].accessibleName()
    assert "Corrected" in last and "paid in cash" in last and "forgotten" in last

    # A rating can be taken out of the figures by two.
    dialog = opened(office)
    rating = dialog.fields["rating"].edit
    rating.setCurrentIndex(rating.findData("excluded"))
    office.write(dialog.reason.edit, "a child pressed it")
    dialog.second.setCurrentIndex(dialog.second.findData("AD"))
    office.touch(dialog.yes_button)

    assert office.log("correct")[-1].data["new"] == {"rating": "excluded"}
    assert office.page.state.ratings[(office.hall.date, "A001")].excluded

    # A time takes a second person and that person's PIN.
    sign_in_and_pins.set_pin(office.hall.desk, office.hall.ask(ADMIN), "AD", "2468")
    office.follow()
    dialog = opened(office)
    office.write(dialog.fields["finished"].edit, "9:28:00")
    office.write(dialog.reason.edit, "finish pressed late")
    assert dialog.second.isVisible()
    assert dialog.yes_button.text() == "Choose the second person first"
    dialog.second.setCurrentIndex(dialog.second.findData("AD"))
    assert dialog.pin.isVisible()

    office.write(dialog.pin.edit, "1111")
    office.touch(dialog.yes_button)
    assert dialog.pin.error()
    assert len(office.log("correct")) == 2

    office.write(dialog.pin.edit, "2468")
    office.touch(dialog.yes_button)
    assert office.log("correct")[-1].data["second"] == "AD"
    assert office.hall.ticket("A001").leg.finished == at("9:28")


def keep_only(office, *codes: str) -> None:
    """Let the hall have nobody but these."""
    for code in [member for member in office.page.controller.state.setup_now.staff if member not in codes]:
        for window, state in list(office.page.controller.state.windows.items()):
            if state.staff == code:
                if state.ticket is not None:
                    office.hall.do("finish", window)
                office.hall.do("close", window)
        office.hall.do("remove-row", "staff", code)
    office.follow()


def test_without_another_manager_a_colleague_is_the_witness_or_nobody(office):
    # Without another manager a colleague is the witness.
    office.hall.do("set-row", "staff", "M1", {"role": "admin"})
    keep_only(office, "M1", "C1", "C2")
    dialog = opened(office)
    office.write(dialog.fields["finished"].edit, "9:28:00")
    office.write(dialog.reason.edit, "finish pressed late")
    assert [dialog.second.itemData(at) for at in range(dialog.second.count())] == ["", "C2"]
    staff = dialog.fields["staff"].edit
    staff.setCurrentIndex(staff.findData("C2"))
    assert dialog.alone.isVisible() and not dialog.second.isVisible()
    staff.setCurrentIndex(staff.findData("C1"))
    dialog.second.setCurrentIndex(dialog.second.findData("C2"))
    office.touch(dialog.yes_button)

    assert office.log("correct")[0].data["witness"] is True

    # With nobody else it says so and what to do.
    keep_only(office, "M1", "C1")
    dialog = opened(office)
    office.write(dialog.fields["finished"].edit, "9:27:00")
    office.write(dialog.reason.edit, "finish pressed late")
    assert not dialog.second.isVisible()
    assert dialog.yes_button.text() == "Say that you correct it alone first"
    office.touch(dialog.alone)
    office.touch(dialog.yes_button)

    assert office.log("correct")[-1].data["alone"] is True
    last = office.page.tickets.story.rows[-1].accessibleName()
    assert "by one person alone: no one else could confirm it" in last
