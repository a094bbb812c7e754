"""The front desk's lines, tiles and last ticket, and what it does without a printer."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from queuedesk import i18n
from queuedesk.core.network.roles import station
from queuedesk.core.queue.offers import Reach, closings
from queuedesk.core.queue.overview import service_lines, set_up
from queuedesk.desk import looking
from queuedesk.desk.talk import devices
from queuedesk.stations.guide.texts import (
    Choice,
    Draft,
    next_ticket,
    tiles,
    too_full,
    too_full_texts,
    wait_facts,
)
from queuedesk.stations.guide.ticket.drafting import ReturnDialog
from queuedesk.stations.widgets.panels import Label, RunsLabel
from queuedesk.stations.widgets.questions.dialogs import ConfirmDialog, PickDialog, ReasonDialog
from queuedesk.stations.window.context import Printers
from tests.hall import Hall, at, make_hall, near_closing, refused
from tests.stations.guide.conftest import FrontDesk
from tests.stations.stubs import lend, stub
from tests.three_halls import CLINIC

JOINER = "\u2060"
ENTER, ESCAPE = Qt.Key.Key_Return, Qt.Key.Key_Escape


def test_a_missed_ticket_is_back_in_line_by_one_touch_as_often_as_the_hall_allows(front):
    label, toast = front.hall.issue("A"), front.page.acts.toast
    for allowed in (None, 0):
        front.hall.do("set-row", "services", "A", {"max_returns": allowed})
        front.hall.call("1")
        front.meanwhile("miss", "1")
        front.touch(front.page.hall_rail.rows[0].button())
        assert [event.ticket for event in front.log("reinstate")] == [label]
        if allowed is None:
            assert (front.touches, toast.text()) == (1, "A001 is back in line, 0 ahead")
    assert toast.text().endswith(f"please issue a new ticket in place of {label}.")


def test_the_last_ticket_is_reprinted_and_undone_in_two_touches_each(front):
    rail = front.page.hall_rail
    front.keys("gmgh", ENTER, ENTER)
    front.touch(rail.reprint_button)
    front.touch(front.question(PickDialog).answers["B001"])
    assert (front.touches, front.printer.slips) == (2, ["B001", "B001 again"])
    front.page.acts.toast.dismiss()
    front.touch(rail.undo_button)
    front.touch(front.question(ConfirmDialog).act_button)
    assert (front.touches, [event.ticket for event in front.log("void")]) == (4, ["B001"])


def test_a_waiting_ticket_is_redirected_in_three_touches_or_by_its_number(front):
    page, find = front.page, front.page.hall_rail.redirect_button

    def sent() -> list[tuple[str, str]]:
        return [(event.ticket, event.data["to"]) for event in front.log("redirect")]

    front.hall.queue("A", "A", "A")
    front.follow()
    front.touch(find)
    front.touch_row(page.line.stage.rows, "A002")
    front.touch(front.question(PickDialog).answers["B"])
    assert (front.touches, sent()) == (3, [("A002", "B")])
    front.touch(find)
    front.keys("a3", ENTER)
    assert page.stage.currentWidget() is page.line
    front.touch(front.question(PickDialog).answers["B"])
    assert sent()[1:] == [("A003", "B")]
    front.keys("a1", ESCAPE)
    assert page.stage.currentWidget() is page.line
    front.keys(ESCAPE, "a1", ENTER)
    assert page.stage.currentWidget() is page.ticket
    front.keys(ESCAPE)

    # A number that has no line any more is refused before the question.
    front.hall.serve_out("1")
    front.follow()
    front.touch(find)
    front.keys("a1", ENTER)
    assert [one for one in page.findChildren(PickDialog) if one.isVisible()] == []
    assert "A001" in page.acts.toast.text()


def test_a_ticket_at_a_window_is_redirected_from_its_card(front):
    for ahead, label in enumerate(("A001", "A002")):
        front.hall.issue("A")
        front.meanwhile("call", "1")
        if ahead:
            front.meanwhile("start", "1")
        front.keys(label, ENTER)
        front.touch(front.page.ticket.buttons["redirect"])
        question = front.question(PickDialog)
        effect = "It leaves window 1 at once and keeps the time at which the customer arrived."
        assert effect in [text.text() for text in question.findChildren(Label)]
        front.touch(question.answers["B"])
        event = front.log("redirect")[-1]
        assert (event.ticket, event.window, event.actor, event.data["to"]) == (label, "1", "G1", "B")
        assert front.page.acts.toast.text() == f"{label} now waits for B Account services, {ahead} ahead"
        front.keys(ESCAPE)


def test_a_row_of_the_rail_leads_to_its_card_whose_acts_reach_the_log(front):
    page, acts, waiting = front.page, front.page.ticket.buttons, front.page.hall_rail.waiting
    front.hall.queue("A", "A", "C")
    front.follow()
    assert page.front.board.tiles["A"].accessibleName().startswith("Pay a bill, 2 people waiting")
    assert [row.number for row in waiting.tickets.rows()] == ["A001", "A002", "C001"]
    front.touch_row(waiting, "A001")
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
    front.touch_row(waiting, "A002")
    front.touch(acts["leave"])
    assert front.log("leave") == [], "it is asked for first"
    front.touch(front.question(ConfirmDialog).act_button)
    assert len(front.log("leave")) == 1

    # The whole line shows everyone, and can be narrowed.
    front.hall.queue(*"ABAB" * 10)
    front.follow()
    page.show_front()
    rows = page.line.stage.rows.tickets.rows
    assert len(waiting.tickets.rows()) < 41
    front.touch(page.hall_rail.all_button)
    assert len(rows()) == 41
    front.touch(page.line.stage.pills["B"])
    assert {row.number[0] for row in rows()} == {"B"}


def now_of(hall: Hall):
    return looking.hall_now(hall.desk, hall.clock()), hall.clock()


def tile(hall: Hall, service: str = "A"):
    """Return what a service's tile says now."""
    state, now = now_of(hall)
    return next(one for one in tiles(state, service_lines(state, now), now) if one.service == service)


def warning(hall: Hall):
    state, now = now_of(hall)
    return too_full(set_up(state), service_lines(state, now), now)


def upcoming(hall: Hall, service: str, klass: str = "normal"):
    """Return the next ticket of a service."""
    state, now = now_of(hall)
    return next_ticket(state, Draft(Choice(service), klass), now)


def test_a_tile_says_people_range_and_windows_and_those_that_pause(hall):
    for _ in range(12):
        hall.issue("A")
        hall.serve_out("1", minutes=2)
    i18n.use("zh_CN")
    said = tile(hall).said
    assert (said.windows, said.second, said.before) == ("6 个窗口", "", ""), "beside the figures"
    i18n.use("en")
    hall.queue(*"A" * 12)
    said = tile(hall).said
    assert (said.count, said.before, said.range_, said.second) == ("12", "about", f"3{JOINER}–{JOINER}7", "6 windows")
    assert said.spoken == "Pay a bill, 12 people waiting, about 3 to 7 minutes, 6 windows"
    assert wait_facts(service_lines(*now_of(hall))[0]) == f"12 waiting · about 3{JOINER}–{JOINER}7 min"
    hall.queue(*"A" * 8)
    assert warning(hall) is None, "the day is long enough"
    hall.do("pause", "1", reason="call")
    for language, windows, second in (("en", "", "5 of 6 windows open"), ("zh_CN", "6 个窗口开 5 个", "")):
        i18n.use(language)
        assert (tile(hall).said.windows, tile(hall).said.second) == (windows, second)


def test_a_tile_is_grey_for_the_reason_that_issuing_would_give(hall):
    hall.issue("A")
    usual = {"quota": None, "line_limit": None, "message": "", "message_en": ""}
    for fields, words in (
        ({"quota": 1}, "no tickets left today"),
        ({"line_limit": 1}, "the line is full"),
        ({"message_en": "Please go upstairs, to the desk on the left. Thank you."}, "Please go upstairs"),
        ({"message_en": "Go " + "up and up " * 9}, "Go up and up up and up up and up up and…"),
    ):
        chinese = {"message": "请上二楼"} if "message_en" in fields else {}
        hall.do("set-row", "services", "A", usual | fields | chinese)
        closed, said = tile(hall).closed, tile(hall).said
        assert (said.instead, said.spoken) == (words, f"Pay a bill, {words}")
        with refused(hall, closed.code, **closed.details):
            hall.issue("A")
        assert upcoming(hall, "A").trouble.code == closed.code


def test_the_next_ticket_counts_on_from_the_last_and_knows_the_class_and_the_end_of_its_series(hall):
    hall.queue("B", "B", "B")
    normal = upcoming(hall, "B")
    assert (normal.label, normal.ahead, normal.windows) == ("B004", 3, ("3", "4", "5", "6"))
    assert upcoming(hall, "B", "elderly").ahead == 0
    hall.do("set-row", "services", "B", {"last": 3})
    full = upcoming(hall, "B")
    assert (full.label, full.trouble.code) == ("—", "series_full")


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
        now = tile(hall)
        assert (now.said.note, now.said.instead, now.closed is None) == (note, instead, instead == "")


def test_a_day_that_gets_too_full_says_when_a_ticket_taken_now_is_called(hall, tmp_path):
    """The warning goes by the figure that it names: 40 people may take until after closing, 60 will. Where no window of
    the roster reaches the line there is none."""
    hall.clock.now = at("16:20")
    for _ in range(8):
        hall.issue("A")
        hall.serve_out("1", minutes=4)
    hall.queue(*"A" * 40)
    assert warning(hall) is None
    assert service_lines(*now_of(hall))[0].wait.may_pass((at("17:30") - hall.clock()).total_seconds() / 60)
    hall.queue(*"A" * 20)
    assert too_full_texts(warning(hall)) == (
        "60 waiting; today's work may not be done",
        "A ticket for A, B, C, D taken now would be called at about 17:40; we close at 17:30. Please tell customers.",
    )
    (tmp_path / "own").mkdir()
    roster = [{"window": "1", "staff": "C1", "from": "8:30", "to": "16:00"}]
    hall = make_hall(tmp_path / "own", time="15:50", roster=roster)
    hall.open("1", "C1")
    hall.queue(*"A" * 12)
    assert (tile(hall).said.range_, tile(hall).said.range_unit) == ("—", "perhaps not today")
    assert warning(hall).called_at is None


def test_four_people_in_a_new_clinic_are_no_reason_for_a_warning(tmp_path):
    """Nobody has begun: two rooms stand free, and the first has waited for an hour."""
    hall = CLINIC.make(tmp_path, time="15:00")
    hall.play("open 1 staff=C1", "open 2 staff=C2")
    hall.queue(*"ABCA")
    hall.clock.now = CLINIC.at("16:10")
    assert warning(hall) is None
    hall.clock.now = CLINIC.at("16:40")
    assert closings(*now_of(hall))["A"].reach is Reach.IN_TIME


@pytest.fixture
def kept_printer(front: FrontDesk) -> list[str]:
    """The printer of this PC: the last of the list, none at first, as with a PC whose system knows none."""
    chosen = [""]
    known = stub(Printers, printers=lambda: ["T1"], chosen_printer=lambda: chosen[-1])
    lend(front.page.context, printers=known)
    front.page.controller.look_for_printer()
    return chosen


def test_the_keys_give_a_number_and_an_earlier_ticket_is_typed_until_slips_are_printed(front, kept_printer) -> None:
    page, rail = front.page, front.page.print_rail
    front.touch(page.front.board.items[1])

    def choose(printer: str) -> tuple[str, str]:
        kept_printer.append(printer)
        page.controller.look_for_printer()
        return rail.print_button.text(), rail.not_ready_button.text()

    number = ("Give ticket", "Papers missing: read out the list")
    ticket = ("Print ticket", "Papers missing: print the list")
    for printer, keys in (("", number), ("T1", ticket), ("none:", number), ("T9", ticket)):
        assert choose(printer) == keys, "one that is chosen and gone is not the same as none"

    # The head warns of a printer that is gone, but not of none.
    page.back()
    for printer, token in (("", "ink2"), ("T9", "amber"), ("none:", "ink2")):
        choose(printer)
        QApplication.processEvents()
        facts = page.head.top.findChildren(RunsLabel)
        (shown,) = [one for one in facts if one.isVisible() and one.text() == "No printer"]
        assert shown.runs[0].token == token

    # A printer that is chosen at another station of the PC is noticed.
    assert page.controller.paper.trouble.code == "no_printer"
    kept_printer.append("T1")
    front.pass_time(minutes=1)
    assert page.controller.paper.trouble is None

    # An earlier ticket is scanned only where the hall prints slips.
    choose("none:")
    front.touch(page.front.board.tiles["A"])
    for effect in ("Type the earlier ticket here.", "Scan the code on the earlier ticket, or type it here."):
        front.touch(page.papers.return_button)
        question = front.question(ReturnDialog)
        assert question.effect.text() == effect
        question.close_dialog()
        devices.report(front.hall.desk, front.hall.ask(station("K1")), "printer", "K1", None)
        front.follow()


def test_nothing_is_offered_that_prints(front, kept_printer) -> None:
    page, rail = front.page, front.page.hall_rail
    (label,) = front.hall.queue("A")
    front.follow()
    for printer in ("", "T1"):
        kept_printer.append(printer)
        page.controller.look_for_printer()
        page.show_front()
        QApplication.processEvents()
        menu = [entry.text for entry in page.menu_entries()]
        assert rail.reprint_button.isVisible() is ("Print quiet times" in menu) is bool(printer)
        assert printer or rail.find_button.width() > rail.undo_button.width(), "its place is taken"
        assert "Printer" in menu, "it is chosen there"
        page.show_ticket(label)
        assert page.ticket.buttons["reprint"].isVisible() is bool(printer)


def test_a_number_is_written_down_and_papers_are_read_out(front, kept_printer) -> None:
    front.printer.trouble = front.page.controller.paper.trouble
    for language, label, told, counted in (
        ("en", "A001", "Please write down A001.", "Counted. Please read the list of papers out."),
        ("zh_CN", "A002", "请记下号码 A002。", "已记一次。请把材料念给客户。"),
    ):
        page = front.made_anew(language)
        number = page.number
        front.give("A")
        assert (number.number.text(), number.sentence.text()) == (label, told)
        assert not number.again_button.isVisible()
        front.touch(number.done_button, page.front.board.items[1], page.print_rail.not_ready_button)
        assert (number.sentence.text(), len(number.papers)) == (counted, 4)
        assert not number.again_button.isVisible()
        front.touch(number.done_button)


def test_a_search_beside_a_ticket_under_way_adds_no_service_to_it_in_another_language(front: FrontDesk) -> None:
    front.touch(front.page.front.board.tiles["B"])
    front.page.find_number()
    page = front.made_anew("zh_CN")
    assert page.stage.currentWidget() is page.front and page.draft is not None
    front.touch(page.front.board.tiles["A"])
    assert [choice.service for choice in page.draft.all()] == ["A"]


@pytest.mark.hall(make=near_closing)
def test_the_tile_says_why_and_the_second_press_gives_it(front: FrontDesk) -> None:
    before, rail, tile = len(front.log("issue")), front.page.print_rail, front.page.front.board.tiles["A"]
    assert tile.isEnabled() and "too late to be called before closing" in tile.accessibleName()
    front.touch(tile)
    assert "would not be called before closing at 17:30" in rail.refusal.text()
    assert (rail.print_button.isEnabled(), rail.print_button.text()) == (True, "Print ticket")
    front.touch(rail.print_button)
    assert (len(front.log("issue")), rail.print_button.text()) == (before, "Print anyway")
    front.touch(rail.print_button)
    assert (len(front.log("issue")), front.log("issue")[-1].data["closing"]) == (before + 1, "too_late")
