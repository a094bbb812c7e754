"""The front desk asks whose ticket it is, where the hall gives one number a person."""

from PySide6.QtCore import Qt

from queuedesk.features.one_number.pages import PhoneOrCardNumberDialog
from queuedesk.stations.guide.screen_keys import DELETE
from tests.hall import ADMIN
from tests.stations.guide.conftest import FrontDesk

ENTER, ESCAPE = Qt.Key.Key_Return, Qt.Key.Key_Escape


def test_where_the_hall_wants_one_number_a_person_the_desk_asks_whose_it_is(front: FrontDesk) -> None:
    """Whoever has a ticket hears which, and gets its slip again; one more needs a reason."""
    page, tile, hall = front.page, front.page.front.board.tiles["A"], front.hall
    front.give("A")
    assert hall.log()[-1].kind == "issue", "nobody is asked"
    hall.do("set-setting", "one_number", "on", who=ADMIN)
    front.follow()
    front.touch(tile, page.print_rail.print_button)
    asked = front.question(PhoneOrCardNumberDialog)
    assert (asked.yes_button.text(), asked.yes_button.isEnabled()) == ("Enter the number", False)
    for key in "13800138":
        front.touch(asked.keys.keys[key])
    front.touch(asked.yes_button)
    label = front.log("issue")[-1].ticket
    assert front.is_at_the_start and front.printer.slips[-1] == label
    front.touch(tile, page.print_rail.print_button)
    asked = front.question(PhoneOrCardNumberDialog)
    # A card's reader types what it reads, and Enter.
    front.keys("138-00-138", ENTER)
    assert asked.trouble.text() == f"This person already has {label} for A; 1 person is ahead."
    assert front.log("issue")[-1].ticket == label
    front.touch(asked.again_button)
    assert front.is_at_the_start and front.printer.slips[-1] == f"{label} again"
    front.touch(tile, page.print_rail.print_button)
    asked = front.question(PhoneOrCardNumberDialog)
    front.keys("13800138", ENTER)
    assert asked.trouble.isVisible()
    asked.reason.edit.setFocus()
    for key in ("f", "o", DELETE):  # the keys on the screen follow the cursor
        front.touch(asked.keys.keys[key])
    assert (asked.person.value(), asked.reason.value()) == ("13800138", "f")
    front.keys("or her mother", ENTER)
    assert front.is_at_the_start
    assert front.log("issue")[-1].data["waive"] == "for her mother"
    front.touch(tile, page.print_rail.print_button)
    front.question(PhoneOrCardNumberDialog)
    front.keys(ESCAPE)
    assert page.stage.currentWidget() is page.papers, "the ticket under way stays"
    assert "13800138" not in str([event.data for event in front.log("issue")])
