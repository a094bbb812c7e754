"""The front desk's lines, tiles and last ticket, and what it does without a printer."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from queuedesk import i18n
from queuedesk.app.services.papers import ticket_slip
from queuedesk.core.log.event import Event
from queuedesk.core.network.roles import CONSOLE, station
from queuedesk.core.queue.dispatch import Wait
from queuedesk.core.queue.offers import Reach, closings
from queuedesk.core.queue.overview import ServiceLine, service_lines, set_up
from queuedesk.desk import looking
from queuedesk.desk.queue import calling
from queuedesk.desk.setup import setting_up
from queuedesk.desk.talk import devices
from queuedesk.printing.outputs import lay_out
from queuedesk.printing.slip_painter import WIDE
from queuedesk.stations.guide.texts import (
    Choice,
    Draft,
    next_ticket,
    ticket_facts,
    tiles,
    too_full,
    too_full_texts,
    wait_facts,
)
from queuedesk.stations.guide.ticket.drafting import ReturnDialog, rail_text
from queuedesk.stations.widgets.panels import Label, RunsLabel
from queuedesk.stations.widgets.questions.dialogs import ConfirmDialog, PickDialog, ReasonDialog
from queuedesk.stations.window.context import Printers
from tests.hall import at, make_hall, near_closing, preset, refused, simple_hall
from tests.printing import slips
from tests.stations.anew import made_anew
from tests.stations.guide.conftest import FrontDesk
from tests.stations.stubs import lend, stub
from tests.three_halls import CLINIC

JOINER = "\u2060"

ENTER, ESCAPE = Qt.Key.Key_Return, Qt.Key.Key_Escape


def missed(front, label: str) -> None:
    front.hall.call("1")
    calling.miss(front.hall.desk, front.hall.ask(), "1")
    front.follow()
    assert front.hall.ticket(label).state == "missed"


def test_a_missed_ticket_is_back_in_line_by_one_touch_as_often_as_the_hall_allows(front):
    label = front.hall.issue("A")
    missed(front, label)
    front.touch(front.page.hall_rail.rows[0].button())
    assert front.touches == 1
    assert [event.ticket for event in front.log("reinstate")] == [label]
    assert front.page.acts.toast.text() == "A001 is back in line, 0 ahead"

    missed(front, label)
    setting_up.set_row(front.hall.desk, front.hall.ask(CONSOLE), "services", "A", {"max_returns": 0})
    front.follow()
    front.touch(front.page.hall_rail.rows[0].button())
    assert len(front.log("reinstate")) == 1
    assert front.page.acts.toast.text().endswith(f"please issue a new ticket in place of {label}.")


def test_the_last_ticket_is_reprinted_and_undone_in_two_touches_each(front):
    front.keys("gmgh", ENTER, ENTER)
    front.touch(front.page.hall_rail.reprint_button)
    front.touch(front.question(PickDialog).answers["B001"])
    assert front.touches == 2
    assert front.printer.slips == ["B001", "B001 again"]

    front.page.acts.toast.dismiss()
    front.touches = 0
    front.touch(front.page.hall_rail.undo_button)
    front.touch(front.question(ConfirmDialog).act_button)
    assert front.touches == 2
    assert [event.ticket for event in front.log("void")] == ["B001"]


def test_a_waiting_ticket_is_redirected_in_three_touches_or_by_its_number(front):
    page = front.page
    front.hall.queue("A", "A", "A")
    front.follow()
    front.touch(page.hall_rail.redirect_button)
    front.touch_row(page.line.stage.rows, "A002")
    front.touch(front.question(PickDialog).answers["B"])
    assert front.touches == 3
    (event,) = front.log("redirect")
    assert (event.ticket, event.data["to"]) == ("A002", "B")

    front.touch(page.hall_rail.redirect_button)
    front.keys("a3", ENTER)
    assert page.stage.currentWidget() is page.line
    front.touch(front.question(PickDialog).answers["B"])
    event = front.log("redirect")[-1]
    assert (event.ticket, event.data["to"]) == ("A003", "B")

    front.keys("a1", ESCAPE)
    assert page.stage.currentWidget() is page.line
    front.keys(ESCAPE, "a1", ENTER)
    assert page.stage.currentWidget() is page.ticket
    front.keys(ESCAPE)

    # A number that has no line any more is refused before the question.
    front.hall.serve_out("1")
    front.follow()
    front.touch(page.hall_rail.redirect_button)
    front.keys("a1", ENTER)
    assert [one for one in page.findChildren(PickDialog) if one.isVisible()] == []
    assert "A001" in page.acts.toast.text()


def test_a_ticket_at_a_window_is_redirected_from_its_card(front):
    for label, started in (("A001", False), ("A002", True)):
        front.hall.issue("A")
        front.hall.call("1")
        if started:
            calling.start(front.hall.desk, front.hall.ask(), "1")
        front.follow()
        front.keys(label, ENTER)
        front.touch(front.page.ticket.buttons["redirect"])
        question = front.question(PickDialog)
        effect = "It leaves window 1 at once and keeps the time at which the customer arrived."
        assert effect in [text.text() for text in question.findChildren(Label)]
        front.touch(question.answers["B"])

        event = front.log("redirect")[-1]
        assert (event.ticket, event.window, event.actor, event.data["to"]) == (label, "1", "G1", "B")
        ahead = int(started)
        assert front.page.acts.toast.text() == f"{label} now waits for B Account services, {ahead} ahead"
        front.keys(ESCAPE)


def test_a_row_of_the_rail_leads_to_its_card_whose_acts_reach_the_log(front):
    page, acts = front.page, front.page.ticket.buttons
    front.hall.queue("A", "A", "C")
    front.follow()
    assert page.front.board.tiles["A"].accessibleName().startswith("Pay a bill, 2 people waiting")
    assert [row.number for row in page.hall_rail.waiting.tickets.rows()] == ["A001", "A002", "C001"]

    front.touch_row(page.hall_rail.waiting, "A001")
    front.touch(acts["postpone"])
    assert [event.ticket for event in front.log("postpone")] == ["A001"]
    assert not acts["postpone"].isVisible()

    front.touch(acts["void"])
    question = front.question(ReasonDialog)
    front.keys(ENTER)
    assert front.log("void") == [], "it needs its reason"
    question.pick("wrong_service")
    front.touch(question.yes_button)
    assert front.log("void")[0].data["reason"] == "wrong_service"

    page.show_front()
    front.touch_row(page.hall_rail.waiting, "A002")
    front.touch(acts["leave"])
    assert front.log("leave") == [], "it is asked for first"
    front.touch(front.question(ConfirmDialog).act_button)
    assert len(front.log("leave")) == 1


def test_the_whole_line_shows_everyone_and_can_be_narrowed(front):
    front.hall.queue(*"ABAB" * 10)
    front.follow()
    page = front.page
    assert len(page.hall_rail.waiting.tickets.rows()) < 40
    front.touch(page.hall_rail.all_button)
    assert len(page.line.stage.rows.tickets.rows()) == 40
    front.touch(page.line.stage.pills["B"])

    assert {row.number[0] for row in page.line.stage.rows.tickets.rows()} == {"B"}


def said(hall, service):
    """Return what a service's tile says now."""
    state, now = hall_now(hall)
    facts = tiles(state, service_lines(state, now), now)
    return next(one for one in facts if one.service == service)


def hall_now(hall):
    return looking.hall_now(hall.desk, hall.clock()), hall.clock()


def warning(hall):
    state, now = hall_now(hall)
    return too_full(set_up(state), service_lines(state, now), now)


@pytest.fixture
def moved(hall):
    """Return the hall after a call every two minutes for a while: its waits can be told."""
    for _ in range(12):
        hall.issue("A")
        hall.serve_out("1", minutes=2)
    return hall


def test_a_tile_says_people_range_and_windows_and_those_that_pause(moved):
    i18n.use("zh_CN")
    tile = said(moved, "A").said
    assert (tile.windows, tile.second, tile.before) == ("6 个窗口", "", ""), "beside the figures"
    i18n.use("en")
    moved.queue(*"A" * 12)
    tile = said(moved, "A")
    figures = (tile.said.count, tile.said.before, tile.said.range_, tile.said.second)
    assert figures == ("12", "about", f"3{JOINER}–{JOINER}7", "6 windows")
    assert tile.said.spoken == "Pay a bill, 12 people waiting, about 3 to 7 minutes, 6 windows"
    moved.queue(*"A" * 8)
    assert warning(moved) is None, "the day is long enough"

    moved.do("pause", "1", reason="call")
    english = said(moved, "A").said
    i18n.use("zh_CN")

    assert (english.windows, english.second) == ("", "5 of 6 windows open")
    assert said(moved, "A").said.windows == "6 个窗口开 5 个"


def test_a_wait_between_near_ends_is_told_by_both():
    """Where no one waiting and a window is free there is none, and who is one of several is told the top."""
    near, nobody, few = a_line(6, Wait(5, 10)), a_line(0, Wait(0, 1)), a_line(2, Wait(0, 1, 20))

    assert wait_facts(near) == f"6 waiting · about 5{JOINER}–{JOINER}10 min"
    assert (wait_facts(nobody), wait_facts(few)) == ("0 waiting · no wait", "2 waiting · up to 1 min")


def a_line(waiting: int, wait: Wait) -> ServiceLine:
    return ServiceLine(service="A", waiting=waiting, longest_since=None, ahead=waiting, wait=wait, windows=1)


def test_a_tile_is_grey_for_the_reason_that_issuing_would_give(hall):
    hall.issue("A")
    usual = {"quota": None, "line_limit": None, "message": "", "message_en": ""}
    for fields, words in (
        ({"quota": 1}, "no tickets left today"),
        ({"line_limit": 1}, "the line is full"),
        ({"message_en": "Please go upstairs, to the desk on the left. Thank you."}, "Please go upstairs"),
        ({"message_en": "Go " + "up and up " * 9}, "Go up and up up and up up and up up and…"),
    ):
        hall.do(
            "set-row", "services", "A", usual | fields | ({"message": "请上二楼"} if "message_en" in fields else {})
        )
        tile = said(hall, "A")
        assert (tile.said.instead, tile.said.spoken) == (words, f"Pay a bill, {words}")
        with refused(hall, tile.closed.code, **tile.closed.details):
            hall.issue("A")
        state, now = hall_now(hall)
        assert next_ticket(state, Draft(Choice("A")), now).trouble.code == tile.closed.code


def test_a_range_that_is_not_known_is_a_dash_with_its_reason(tmp_path):
    unknown = [
        {key: value for key, value in row.items() if key not in ("items", "handling_target")}
        for row in preset()["services"]
    ]
    hall = make_hall(tmp_path, services=unknown, time="10:00")
    assert (said(hall, "A").said.range_, said(hall, "A").said.range_unit) == ("—", "no window open")
    hall.open("1", "C1")
    hall.queue("A", "A")
    hall.call("1")

    assert (said(hall, "A").said.range_, said(hall, "A").said.range_unit) == ("—", "wait not known yet")


def test_more_people_ahead_than_in_the_line_are_explained_by_the_windows_they_share(tmp_path):
    hall = simple_hall(tmp_path)
    hall.open("3", "C3")
    hall.queue(*"AAAC")
    state = hall.whole()
    shown = {one.said.name: one.said for one in tiles(state, service_lines(state, hall.clock()), hall.clock())}
    service = set_up(state).services["C"].name_en or set_up(state).services["C"].name
    draft = Draft(Choice("C"))
    rows = rail_text(state, draft, next_ticket(state, draft, hall.clock()), None).rows

    assert (shown[service].count, shown[service].ahead) == ("1", "4 ahead in all")
    assert "4 ahead in all" in shown[service].spoken
    assert rows[0] == ("Ahead, in all", "4", "people")

    for _n in range(3):
        hall.do("leave", hall.whole().waiting()[0].label)
    state = hall.whole()
    assert {one.said.ahead for one in tiles(state, service_lines(state, hall.clock()), hall.clock())} == {
        "1 ahead in all",
        "",
    }


@pytest.mark.parametrize(("service", "windows", "name"), [("B", "BC", "Ahead, in all"), ("A", "A", "Ahead")])
def test_who_is_ahead_has_the_words_of_the_slip(tmp_path, service, windows, name):
    hall = simple_hall(tmp_path, windows=[{"code": "1", "services": list(windows)}])
    hall.open("1", "C1")
    hall.queue(service, service)
    state, draft = hall.whole(), Draft(Choice(service))
    shown = rail_text(state, draft, next_ticket(state, draft, hall.clock()), None).rows[0]
    issued = hall.issue(service)
    card = ticket_facts(hall.whole(), hall.ticket(issued), hall.clock(), None).facts[0]
    printed = slips.words(lay_out(ticket_slip(hall.whole(), hall.date, issued, hall.clock()), WIDE))

    assert shown == (name, "2", "people")
    assert name in printed
    assert card == (name, "2 people")


def test_a_line_that_the_windows_of_today_do_not_reach_is_said_to_be_too_full(tmp_path):
    hall = make_hall(tmp_path, time="15:50", roster=[{"window": "1", "staff": "C1", "from": "8:30", "to": "16:00"}])
    hall.open("1", "C1")
    hall.queue(*"A" * 12)

    assert (said(hall, "A").said.range_, said(hall, "A").said.range_unit) == ("—", "perhaps not today")
    assert warning(hall).called_at is None


def test_a_tile_says_until_when_and_from_when_tickets_are_given(hall):
    for time, note, instead in (
        ("15:59", "", ""),
        ("16:00", "tickets until 17:00", ""),
        ("16:59", "tickets until 17:00", ""),
        ("17:00", "", "last ticket was at 17:00"),
        ("17:30", "", "opens tomorrow at 8:30"),
        ("23:59", "", "opens tomorrow at 8:30"),
    ):
        hall.clock.now = at(time)
        tile = said(hall, "A")
        assert (tile.said.note, tile.said.instead, tile.closed is None) == (note, instead, instead == "")


def test_the_next_ticket_counts_on_from_the_last_and_knows_the_class(hall):
    hall.queue("B", "B", "B")
    state, now = hall_now(hall)

    normal = next_ticket(state, Draft(Choice("B")), now)
    elderly = next_ticket(state, Draft(Choice("B"), "elderly"), now)

    assert (normal.label, normal.ahead, normal.windows) == ("B004", 3, ("3", "4", "5", "6"))
    assert elderly.ahead == 0


def test_a_used_up_series_is_said_before_printing(tmp_path):
    services = [{**row, "last": 2} if row["code"] == "A" else row for row in preset()["services"]]
    hall = make_hall(tmp_path, services=services, time="10:00")
    hall.queue("A", "A")
    state, now = hall_now(hall)

    ticket = next_ticket(state, Draft(Choice("A")), now)

    assert ticket.label == "—"
    assert ticket.trouble is not None
    assert ticket.trouble.code == "series_full"


def test_a_day_that_gets_too_full_says_when_a_ticket_taken_now_is_called(hall):
    """The warning goes by the figure that it names: 40 people may take until after closing, 60 will."""
    hall.clock.now = at("16:20")
    for _ in range(8):
        hall.issue("A")
        hall.serve_out("1", minutes=4)
    hall.queue(*"A" * 40)
    assert warning(hall) is None
    state, now = hall_now(hall)
    assert service_lines(state, now)[0].wait.may_pass((at("17:30") - now).total_seconds() / 60)
    hall.queue(*"A" * 20)

    title, second = too_full_texts(warning(hall))

    assert title == "60 waiting; today's work may not be done"
    assert second == (
        "A ticket for A, B, C, D taken now would be called at about 17:40; we close at 17:30. Please tell customers."
    )


def test_four_people_in_a_new_clinic_are_no_reason_for_a_warning(tmp_path):
    """Nobody has begun: two rooms stand free, and the first has waited for an hour."""
    hall = CLINIC.make(tmp_path, time="15:00")
    hall.open("1", "C1")
    hall.open("2", "C2")
    hall.queue(*"ABCA")
    hall.clock.now = CLINIC.at("16:10")
    assert warning(hall) is None
    hall.clock.now = CLINIC.at("16:40")
    assert closings(*hall_now(hall))["A"].reach is Reach.IN_TIME


@pytest.fixture
def kept_printer(front: FrontDesk) -> list[str]:
    """The printer of this PC: the last of the list, none at first, as with a PC whose system knows none."""
    chosen = [""]
    known = stub(Printers, printers=lambda: ["T1"], chosen_printer=lambda: chosen[-1])
    lend(front.page.context, printers=known)
    front.page.controller.look_for_printer()
    return chosen


def menu(front: FrontDesk) -> list[str]:
    return [entry.text for entry in front.page.menu_entries()]


def test_the_keys_give_a_number_and_an_earlier_ticket_is_typed_until_slips_are_printed(
    front: FrontDesk, kept_printer: list[str]
) -> None:
    page = front.page
    front.touch(page.front.board.items[1])
    rail = page.print_rail

    def chosen(printer: str) -> tuple[str, str]:
        kept_printer.append(printer)
        page.controller.look_for_printer()
        return rail.print_button.text(), rail.not_ready_button.text()

    number = ("Give number", "Papers missing: read out the list")
    ticket = ("Print ticket", "Papers missing: print the list")
    assert (rail.print_button.text(), rail.not_ready_button.text()) == number
    assert chosen("T1") == ticket
    assert chosen("none:") == number
    assert chosen("T9") == ticket, "one that is chosen and gone is not the same as none"
    page.back()
    assert page.hall_rail.reprint_button.isVisible()
    assert "Print quiet times" in menu(front)

    # The head warns of a printer that is gone, but not of none.
    told = []
    for printer in ("", "T9", "none:"):
        chosen(printer)
        QApplication.processEvents()
        facts = page.head.top.findChildren(RunsLabel)
        (shown,) = [one for one in facts if one.isVisible() and one.text() == "No printer"]
        told.append(shown.runs[0].token)
    assert told == ["ink2", "amber", "ink2"]

    # A printer that is chosen at another station of the PC is noticed.
    assert page.controller.printer_trouble.code == "no_printer"
    kept_printer.append("T1")
    front.hall.clock.move(minutes=1)
    page.tick(front.hall.clock())
    assert page.controller.printer_trouble is None

    # An earlier ticket is scanned only where the hall prints slips.
    chosen("none:")
    front.touch(page.front.board.tiles["A"])
    effects = []
    for is_printed in (False, True):
        if is_printed:
            devices.report(front.hall.desk, front.hall.ask(station("K1")), "printer", "K1", None)
            front.follow()
        front.touch(page.papers.return_button)
        question = front.question(ReturnDialog)
        effects.append(question.effect.text())
        question.close_dialog()
    assert effects == ["Type the earlier ticket here.", "Scan the code on the earlier ticket, or type it here."]


def test_nothing_is_offered_that_prints(front: FrontDesk, kept_printer: list[str]) -> None:
    page, rail = front.page, front.page.hall_rail
    (label,) = front.hall.queue("A")
    front.follow()
    assert not rail.reprint_button.isVisible()
    QApplication.processEvents()
    assert rail.find_button.width() > rail.undo_button.width(), "its place is taken"
    assert "Print quiet times" not in menu(front)
    assert "Printer" in menu(front), "it is chosen there"
    page.show_ticket(label)
    assert not page.ticket.buttons["reprint"].isVisible()
    assert page.ticket.buttons["offer"].isVisible()
    page.added["appointments"].acts.open_new()
    dialog = page.added["appointments"].acts.new_dialog
    assert dialog is not None
    assert not dialog.print_button.isVisible()
    dialog.close_dialog()

    kept_printer.append("T1")
    page.controller.look_for_printer()
    page.show_front()
    assert rail.reprint_button.isVisible()
    assert "Print quiet times" in menu(front)
    page.show_ticket(label)
    assert page.ticket.buttons["reprint"].isVisible()


def test_a_number_is_written_down_and_papers_are_read_out(front: FrontDesk, kept_printer: list[str]) -> None:
    page, number = front.page, front.page.number
    front.printer.trouble = page.controller.printer_trouble
    for language, label, told, counted in (
        ("en", "A001", "Please write down A001.", "Counted. Please read the list of papers out."),
        ("zh_CN", "A002", "请记下号码 A002。", "已记一次。请把材料念给客户。"),
    ):
        i18n.use(language)
        page = front.page = made_anew(page)
        number = page.number
        front.touch(page.front.board.tiles["A"])
        front.touch(page.print_rail.print_button)
        assert (number.number.text(), number.sentence.text()) == (label, told)
        assert not number.again_button.isVisible()
        front.touch(number.done_button)

        front.touch(page.front.board.items[1])
        front.touch(page.print_rail.not_ready_button)
        assert number.sentence.text() == counted
        assert len(number.papers) == 4
        assert not number.again_button.isVisible()
        front.touch(number.done_button)


@pytest.mark.hall(make=near_closing)
def test_the_tile_says_why_and_the_second_press_gives_it(front: FrontDesk, log: Callable[[str], list[Event]]) -> None:
    before = len(log("issue"))
    tile = front.page.front.board.tiles["A"]

    assert tile.isEnabled() and "too late to be called before closing" in tile.accessibleName()
    front.touch(tile)
    rail = front.page.print_rail
    assert "would not be called before closing at 17:30" in rail.refusal.text()
    assert rail.print_button.isEnabled() and rail.print_button.text() == "Print ticket"
    front.touch(rail.print_button)
    assert len(log("issue")) == before and rail.print_button.text() == "Print anyway"
    front.touch(rail.print_button)
    assert len(log("issue")) == before + 1
    assert log("issue")[-1].data["closing"] == "too_late"
