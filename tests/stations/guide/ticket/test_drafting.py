"""What a ticket under way is linked to: an earlier ticket, a reference, a visit before; and offers of another way."""

from datetime import date, timedelta

import pytest
from PySide6.QtCore import Qt

from queuedesk.core.setup.file import setup_from_document
from queuedesk.stations.guide.drafting import EarlierTicketDialog, earlier_ticket_days_offered, typed_ticket_label
from queuedesk.stations.guide.papers_stage import LabelledFigureRow
from queuedesk.stations.guide.texts import ChosenServiceOrItem
from tests.hall import Hall, at, hall_from, preset
from tests.stations.hands import code_of
from tests.stations.seen import texts_of

ENTER, ESCAPE = Qt.Key.Key_Return, Qt.Key.Key_Escape
YESTERDAY = date(2026, 11, 19)


@pytest.fixture
def hall(tmp_path) -> Hall:
    """A hall with a day behind it: B001 was put off to the next day, B002 was served."""
    document = preset("power")
    document["settings"] = {**document.get("settings", {}), "overnight": "early_place"}
    hall = hall_from(tmp_path, document, at("10:00") - timedelta(days=1))
    hall.issue("B", item="gmgh")
    hall.play("issue B", "defer B001", "open 3 staff=C3", "serve-out 3", "day-end")
    hall.clock.now = at("10:30")
    for number in range(1, 7):
        hall.open(str(number), f"C{number}")
    return hall


def scan(front, text: str) -> None:
    front.page.scanner.scanned.emit(text)
    front.follow()


def chip(front) -> str:
    button = front.page.papers.back_chip
    return button.text() if button.isVisible() else ""


def test_a_scanned_earlier_ticket_opens_its_papers_and_links_the_new_one_and_one_of_today_its_card(front):
    hall = front.hall
    scan(front, code_of(hall, "B002", YESTERDAY))
    assert front.page.stage.currentWidget() is front.page.papers
    for language, words in (("zh_CN", "接 11月19日 的 B002"), ("en", "Returning for B002 of 19 Nov")):
        page = front.made_anew(language)
        assert chip(front) == words
    front.touch(page.print_rail.print_button)
    event = front.log("issue")[-1]
    assert (event.service, event.data["return_of"]) == ("B", "B002@2026-11-19")
    assert "place" not in event.data
    # A deferred ticket claims its early place, and the rail says so.
    hall.queue("B")
    front.follow()
    scan(front, code_of(hall, "B001", YESTERDAY))
    assert chip(front) == "Returning for B001 of 19 Nov, early place"
    assert page.draft.first == ChosenServiceOrItem("B", "gmgh")
    assert "0 people" in texts_of(page.print_rail)
    front.touch(page.print_rail.print_button)
    assert hall.ticket("B003").place == hall.ticket("B001", YESTERDAY).arrived
    scan(front, code_of(hall, "B003", hall.date))
    assert page.stage.currentWidget() is page.ticket_stage, "a code of today"
    assert page.ticket_stage.facts.label == "B003"
    front.keys(ESCAPE)
    toast = page.acts.toast
    for text in ("QD1 XX 2026-11-19 B002 ABCDEF", "QD1 H1 2026-11-19 B002 ABCDEF", "QD1 odd"):
        toast.dismiss()
        scan(front, text)
        assert page.draft is None, f"{text} is not ours"
        assert toast.isVisible() and toast.text(), text
    # A code read beside the papers links the ticket under way.
    front.touch(page.front.board.tiles["A"])
    scan(front, code_of(hall, "B002", YESTERDAY))
    assert (page.draft.first, chip(front)) == (ChosenServiceOrItem("A"), "Returning for B002 of 19 Nov")
    front.touch(page.papers.back_chip)
    assert chip(front) == ""
    front.touch(page.print_rail.print_button)
    assert "return_of" not in front.log("issue")[-1].data


def test_number_day_or_reference_are_written_with_the_screens_own_keys_or_by_keys_alone(front):
    page, tile = front.page, front.page.front.board.tiles["B"]
    front.touch(tile, page.papers.return_button)
    dialog = front.question(EarlierTicketDialog)
    assert dialog.yes_button.text() == "Fill in one of the two first"
    for key in ("b", "2", "9"):
        front.touch(dialog.keys.keys[key])
    front.touch(dialog.yes_button)
    assert dialog.trouble.text() == "The earlier ticket B029 is not found; please check its number and date."
    front.touch(dialog.keys.keys["delete"])
    assert dialog.yes_button.text() == "Link B002"
    front.touch(dialog.yes_button)
    assert chip(front) == "Returning for B002 of 19 Nov"
    page.go_back()
    front.keys("zz", ESCAPE)
    front.touch(tile)
    assert chip(front) == ""
    page.papers.return_button.setFocus(Qt.FocusReason.TabFocusReason)
    front.keys(Qt.Key.Key_Space, Qt.Key.Key_Tab, Qt.Key.Key_Tab, "SQ 7", ENTER)
    assert chip(front) == "Belongs to SQ 7"
    front.touch(page.print_rail.print_button)
    assert front.log("issue")[-1].data["ref"] == "SQ 7"
    # Numbers are taken as people write them, and days begin with yesterday and end with today.
    setup = setup_from_document(preset("power"))
    typed = {"b12": "B012", "B-012": "B012", " a7 ": "A007", "7": "", "B": "", "": ""}
    assert {text: typed_ticket_label(setup, text) for text in typed} == typed
    days = earlier_ticket_days_offered(date(2026, 11, 20))
    assert (days[0], days[1], days[-1]) == (date(2026, 11, 19), date(2026, 11, 18), date(2026, 11, 20))


def test_a_visit_again_for_papers_is_one_touch_more_and_gone_with_the_customer(front):
    page, item, repeat = front.page, front.page.front.board.items[1], front.page.papers.repeat_box
    assert front.give(item, repeat).data["repeat"] is True
    assert front.touches == 3
    for number in "456":
        front.meanwhile("set-row", "windows", number, {"services": ["A"]})
    front.touch(item)
    assert not repeat.isChecked()
    rows = [(row.name.text(), row.figure.text()) for row in page.print_rail.findChildren(LabelledFigureRow)]
    assert rows[-1] == ("Window", "3"), "one is named in the singular"
    page.go_back()
    front.touch(page.front.board.tiles["D"])
    assert not repeat.isVisible(), "where no papers are needed nobody can have come without"
