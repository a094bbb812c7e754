"""What a ticket under way is linked to: an earlier ticket, a reference, a visit before; and offers of another way."""

from datetime import date, timedelta

import pytest
from PySide6.QtCore import Qt

from queuedesk import i18n
from queuedesk.core.network.roles import CONSOLE
from queuedesk.core.setup.file import read_setup
from queuedesk.desk import looking
from queuedesk.desk.change import Ask
from queuedesk.printing.qr import ticket_text
from queuedesk.stations.guide.texts import Choice
from queuedesk.stations.guide.ticket.drafting import OfferDialog, ReturnDialog, days_offered, ticket_typed
from queuedesk.stations.guide.ticket.papers_stage import FactRow
from tests.hall import Clock, Hall, at, create_hall, preset
from tests.stations.anew import made_anew
from tests.stations.seen import texts_of

ENTER, ESCAPE = Qt.Key.Key_Return, Qt.Key.Key_Escape
YESTERDAY = date(2026, 11, 19)


@pytest.fixture
def hall(tmp_path) -> Hall:
    """A hall with a day behind it: B001 was put off to the next day, B002 was served."""
    document = preset("power")
    document["settings"] = {**document.get("settings", {}), "overnight": "early_place"}
    clock = Clock(at("10:00") - timedelta(days=1))
    path = tmp_path / "hall.sqlite"
    hall = Hall(create_hall(path, document, Ask(CONSOLE, clock())), clock, path)
    hall.issue("B", item="gmgh")
    hall.issue("B")
    hall.do("defer", "B001")
    hall.open("3", "C3")
    hall.serve_out("3")
    hall.do("day-end")
    hall.clock.now = at("10:30")
    for number in range(1, 7):
        hall.open(str(number), f"C{number}")
    return hall


def code_of(hall: Hall, label: str, day: date) -> str:
    return ticket_text(looking.setup_of(hall.desk).hall.code, day, label, hall.ticket(label, day).token)


def scan(front, text: str) -> None:
    front.page.scanner.scanned.emit(text)
    front.follow()


def chip(front) -> str:
    button = front.page.papers.back_chip
    return button.text() if button.isVisible() else ""


def test_a_scanned_earlier_ticket_opens_its_papers_and_links_the_new_one_and_one_of_today_its_card(front):
    page, hall, toast = front.page, front.hall, front.page.acts.toast
    scan(front, code_of(hall, "B002", YESTERDAY))
    assert page.stage.currentWidget() is page.papers
    assert chip(front) == "Returning for B002 of 19 Nov"
    i18n.use("zh_CN")
    page = front.page = made_anew(page)
    assert chip(front) == "接 11月19日 的 B002"
    i18n.use("en")
    page = front.page = made_anew(page)
    toast = page.acts.toast
    front.touch(page.print_rail.print_button)
    (event,) = front.log("issue")[-1:]
    assert (event.service, event.data["return_of"]) == ("B", "B002@2026-11-19")
    assert "place" not in event.data

    # A deferred ticket claims its early place, and the rail says so.
    hall.queue("B")
    front.follow()
    scan(front, code_of(hall, "B001", YESTERDAY))
    assert chip(front) == "Returning for B001 of 19 Nov, early place"
    assert page.draft.first == Choice("B", "gmgh")
    assert "0 people" in texts_of(page.print_rail)
    front.touch(page.print_rail.print_button)
    assert hall.ticket("B003").place == hall.ticket("B001", YESTERDAY).arrived

    scan(front, code_of(hall, "B003", hall.date))
    assert page.stage.currentWidget() is page.ticket, "a code of today"
    assert page.ticket.facts.label == "B003"
    front.keys(ESCAPE)

    for text in ("QD1 XX 2026-11-19 B002 ABCDEF", "QD1 H1 2026-11-19 B002 ABCDEF", "QD1 odd"):
        toast.dismiss()
        assert not toast.isVisible()
        scan(front, text)
        assert page.draft is None, f"{text} is not ours"
        assert toast.isVisible() and toast.text(), text


def test_a_code_read_beside_the_papers_links_the_ticket_under_way(front):
    front.touch(front.page.front.board.tiles["A"])
    scan(front, code_of(front.hall, "B002", YESTERDAY))

    assert front.page.draft.first == Choice("A")
    assert chip(front) == "Returning for B002 of 19 Nov"
    front.touch(front.page.papers.back_chip)
    assert chip(front) == ""
    front.touch(front.page.print_rail.print_button)
    assert "return_of" not in front.log("issue")[-1].data


def test_number_day_or_reference_are_written_with_the_screens_own_keys_or_by_keys_alone(front):
    page = front.page
    front.touch(page.front.board.tiles["B"])
    front.touch(page.papers.return_button)
    dialog = front.question(ReturnDialog)
    assert dialog.yes_button.text() == "Fill in one of the two first"
    for key in ("b", "2", "9"):
        front.touch(dialog.keys.keys[key])
    front.touch(dialog.yes_button)
    assert dialog.trouble.text() == "The earlier ticket B029 is not found; please check its number and date."
    front.touch(dialog.keys.keys["delete"])
    assert dialog.yes_button.text() == "Link B002"
    front.touch(dialog.yes_button)
    assert chip(front) == "Returning for B002 of 19 Nov"
    page.back()

    front.keys("zz")
    front.keys(ESCAPE)
    front.touch(page.front.board.tiles["B"])
    assert chip(front) == ""
    page.papers.return_button.setFocus(Qt.FocusReason.TabFocusReason)
    front.keys(Qt.Key.Key_Space)
    assert front.question(ReturnDialog) is not None
    front.keys(Qt.Key.Key_Tab, Qt.Key.Key_Tab, "SQ 7", ENTER)
    assert chip(front) == "Belongs to SQ 7"
    front.touch(page.print_rail.print_button)
    assert front.log("issue")[-1].data["ref"] == "SQ 7"


def test_a_visit_again_for_papers_is_one_touch_more_and_gone_with_the_customer(front):
    page, board = front.page, front.page.front.board
    front.touch(board.items[1])
    front.touch(page.papers.repeat_box)
    front.touch(page.print_rail.print_button)
    assert front.touches == 3
    assert front.log("issue")[-1].data["repeat"] is True
    front.touch(board.items[1])
    assert not page.papers.repeat_box.isChecked()

    for number in "456":
        front.hall.do("set-row", "windows", number, {"services": ["A"]})
    front.follow()
    page.back()
    front.touch(board.items[1])
    rows = [(row.name.text(), row.figure.text()) for row in page.print_rail.findChildren(FactRow)]
    assert rows[-1] == ("Window", "3"), "one is named in the singular"
    page.back()

    front.touch(board.tiles["D"])
    assert not page.papers.repeat_box.isVisible(), "where no papers are needed nobody can have come without"


def test_an_offer_is_noted_in_two_touches_and_who_takes_it_needs_no_ticket(front):
    page = front.page
    front.touch(page.front.board.items[0])
    front.touches = 0
    front.touch(page.papers.offer_button)
    front.touch(front.question(OfferDialog).taken["self_service"])
    (event,) = front.log("offer")
    assert front.touches == 2
    assert (event.service, event.data["to"], event.data["accepted"], event.ticket) == ("A", "self_service", True, None)
    assert page.draft is None
    assert page.acts.toast.text() == "Noted: Self-service, accepted"

    # Who declines gets the ticket.
    front.touch(page.front.board.tiles["A"])
    front.touch(page.papers.offer_button)
    front.touch(front.question(OfferDialog).declined["bank"])
    assert front.log("offer")[-1].data["accepted"] is False
    front.touch(page.print_rail.print_button)
    assert front.printer.slips == ["A001"]

    # To a waiting customer it names the ticket and moves nothing.
    page.show_ticket("A001")
    front.touch(page.ticket.buttons["offer"])
    front.touch(front.question(OfferDialog).taken["online"])
    event = front.log("offer")[-1]
    assert (event.ticket, event.data["to"]) == ("A001", "online")
    assert front.hall.ticket("A001").state == "waiting"
    assert page.stage.currentWidget() is page.ticket


def test_numbers_as_people_write_them():
    setup = read_setup(preset("power"))
    assert [ticket_typed(setup, text) for text in ("b12", "B-012", " a7 ", "7", "B", "")] == [
        "B012",
        "B012",
        "A007",
        "",
        "",
        "",
    ]


def test_days_begin_with_yesterday_and_end_with_today():
    days = days_offered(date(2026, 11, 20))
    assert (days[0], days[1], days[-1]) == (date(2026, 11, 19), date(2026, 11, 18), date(2026, 11, 20))
