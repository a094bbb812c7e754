"""The front desk's page under real presses and keys."""

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QRect, Qt

from queuedesk import i18n
from queuedesk.core.errors import OutsideError, RuleError
from queuedesk.core.network.roles import Role
from queuedesk.core.queue.overview import service_lines
from queuedesk.core.queue.ticket import State
from queuedesk.desk import looking
from queuedesk.desk.queue import calling
from queuedesk.desk.setup import calendaring
from queuedesk.i18n.queue.line_words import why_now
from queuedesk.stations.guide import station as guide
from queuedesk.stations.guide.controller import GuideController
from queuedesk.stations.guide.front_stage import best_columns
from queuedesk.stations.guide.station import GuideView
from queuedesk.stations.guide.texts import Choice, Draft, find_numbers, missed_rows, ticket_facts, today, waiting_rows
from queuedesk.stations.guide.ticket.papers_stage import FactRow
from queuedesk.stations.widgets.panels import place_cells
from queuedesk.stations.widgets.questions.dialogs import PickDialog
from queuedesk.stations.window.context import InlineTasks, Printers, Services, Sounds
from tests.hall import MANAGER, at
from tests.stations.anew import made_anew
from tests.stations.stubs import lend, stub

ENTER, ESCAPE = Qt.Key.Key_Return, Qt.Key.Key_Escape


def is_at_the_start(page) -> bool:
    return page.stage.currentWidget() is page.front and not page.front.search.is_open and page.draft is None


def test_a_page_that_is_made_works_out_its_lines_once(context, hall, monkeypatch):
    worked_out = []
    monkeypatch.setattr(guide, "service_lines", lambda *given: worked_out.append(given) or service_lines(*given))
    context.feed.state = looking.hall_now(hall.desk, hall.clock())

    page = GuideView(context, GuideController(context))

    assert len(worked_out) == 1
    page.stop()
    page.deleteLater()


# -- a ticket ---------------------------------------------------------------------------------------------------
def test_every_kind_of_ticket_takes_its_touches_and_no_more(front):
    page, board = front.page, front.page.front.board
    front.touch(board.tiles["A"])
    front.touch(page.print_rail.print_button)
    assert (front.touches, front.printer.slips) == (2, ["A001"])
    assert is_at_the_start(page)
    assert page.acts.toast.text() == "Printed A001"

    front.touches = 0
    front.touch(board.items[1])
    front.touch(page.print_rail.print_button)
    favourite = front.log("issue")[-1]
    assert (front.touches, favourite.service, favourite.data["item"]) == (2, "B", "gmgh")

    front.touches = 0
    front.touch(board.tiles["A"])
    front.touch(page.papers.class_buttons["elderly"])
    front.touch(page.print_rail.print_button)
    assert (front.touches, front.log("issue")[-1].data["class"]) == (3, "elderly")

    front.touches = 0
    front.touch(board.tiles["B"])
    front.touch(page.papers.add_button)
    assert not board.tiles["B"].isEnabled()
    front.touch(board.tiles["A"])
    front.touch(page.print_rail.print_button)
    both = front.log("issue")[-1]
    assert (front.touches, both.service, both.data["steps"]) == (4, "B", ["A"]), "both stand on one ticket"
    assert board.tiles["B"].isEnabled()

    front.touch(board.tiles["B"])
    front.touch(page.papers.add_button)
    front.touch(board.tiles["A"])
    front.touch(page.papers.then_buttons()[0])
    front.touch(page.print_rail.print_button)
    assert "steps" not in front.log("issue")[-1].data, "one added by mistake is taken off by pressing it"

    front.touches = 0
    front.touch(board.items[1])
    front.touch(page.print_rail.not_ready_button)
    assert (front.touches, front.printer.slips[-1]) == (2, "papers B gmgh")
    assert (len(front.log("not-ready")), len(front.log("issue"))) == (1, 5), "who is not ready gets no ticket"
    assert is_at_the_start(page)


def test_the_papers_and_what_stands_beside_them(front):
    page = front.page
    front.touch(page.front.board.tiles["D"])
    assert page.papers.class_buttons["normal"].isVisible()
    assert page.print_rail.print_button.isEnabled()
    assert not page.print_rail.not_ready_button.isVisible(), "nobody lacks papers where none are needed"
    assert page.papers.papers.rows == []
    front.touch(page.papers.back_button)

    front.touch(page.front.board.items[1])
    front.touch(page.papers.papers.rows[0])
    assert page.papers.papers.rows[0].isChecked()
    front.touch(page.papers.back_button)
    front.hall.queue("B", "B")
    front.follow()
    front.touch(page.front.board.items[1])
    assert [row.isChecked() for row in page.papers.papers.rows] == [False] * 4, "ticks go with the customer"

    rail = page.print_rail
    assert rail.number.text() == "B003"
    shown = [(row.name.text(), row.figure.text()) for row in rail.findChildren(FactRow)]
    assert shown == [
        ("Ahead, in all", "2 people"),
        ("Expected wait", "no wait"),
        ("Windows", "3–6".replace("–", "\u2060–\u2060")),
    ]


def test_a_day_unlike_its_weekday_and_the_last_ticket_are_told_before_anything_is_pressed(front):
    page = front.page
    assert page.front.day_line.isHidden()
    tomorrow = {"2026-11-21": {"kind": "holiday", "text": "设备检修", "text_en": "Repairs"}}
    calendaring.set_days(front.hall.desk, front.hall.ask(MANAGER), tomorrow)
    front.follow()
    assert page.front.day_line.title() == "Closed tomorrow: Repairs"
    assert page.front.day_line.isVisible()

    front.hall.clock.now = at("16:59")
    page.refresh()
    front.touch(page.front.board.tiles["A"])
    front.hall.clock.now = at("17:01")
    front.touch(page.print_rail.print_button)
    assert page.print_rail.refusal.isVisible()
    assert page.print_rail.refusal.text() == "Tickets for A end at 17:00."
    assert front.log("issue") == []

    front.touch(page.papers.back_button)
    front.hall.clock.now = at("17:10")
    page.tick(front.hall.clock())
    tile = page.front.board.tiles["A"]
    assert not tile.isEnabled()
    assert tile.accessibleName() == "Pay a bill, last ticket was at 17:00"
    assert not any(item.isEnabled() for item in page.front.board.items)


class Late(InlineTasks):
    """Lanes that keep what they are asked, to be done and answered when told so."""

    def __init__(self) -> None:
        self.asked: list[tuple[Any, Any, Any]] = []

    def run(self, work: Any, done: Any, refused: Any) -> None:
        self.asked.append((work, done, refused))

    def answer(self) -> None:
        while self.asked:
            super().run(*self.asked.pop(0))


def unanswered(front: Any, late: Late, *, done: bool) -> None:
    """Press print; the server falls silent before the answer comes, after the ticket was issued or before."""
    front.touch(front.page.front.board.tiles["A"])
    front.touch(front.page.print_rail.print_button)
    work, _done, refused = late.asked.pop()
    if done:
        work()
    refused(OutsideError("database_away", command="own-1", verb="issue", asked=front.hall.clock()))


def test_a_late_answer_leaves_the_next_ticket_alone_and_what_became_of_one_without_is_known(front, context):
    page, late = front.page, Late()
    context.tasks = late
    front.touch(page.front.board.tiles["A"])
    front.touch(page.print_rail.print_button)
    page.back()
    front.touch(page.front.board.tiles["B"])
    late.answer()
    assert page.papers.isVisible()
    assert page.draft is not None
    assert page.draft.first.service == "B"

    front.follow()
    front.touch(page.print_rail.print_button)
    front.touch(page.papers.class_buttons["elderly"])
    late.answer()
    assert is_at_the_start(page)
    assert [event.ticket for event in front.log("issue")] == ["A001", "B001"]

    # What became of a ticket without an answer is known afterwards.
    unanswered(front, late, done=True)
    assert page.print_rail.refusal.isVisible()

    # A change in between makes no other ticket of it.
    front.touch(page.papers.class_buttons["elderly"])
    front.touch(page.print_rail.print_button)
    assert late.asked == []

    event = front.log("issue")[-1]
    page.take_outcome(event)
    page.forget_unanswered()
    late.answer()
    assert is_at_the_start(page)
    assert front.printer.slips == ["A001", "B001", "A002"]
    assert len(front.log("issue")) == 3

    unanswered(front, late, done=False)
    front.touch(page.papers.class_buttons["elderly"])
    assert not page.print_rail.print_button.isEnabled()
    page.forget_unanswered()
    front.touch(page.print_rail.print_button)
    late.answer()
    assert is_at_the_start(page)
    assert [event.data.get("class") for event in front.log("issue")][3:] == ["elderly"], "it was not given before"


# -- a printer in trouble ---------------------------------------------------------------------------------------
def test_without_paper_numbers_and_papers_are_told_and_printed_once_there_is_some(front, context):
    page, board = front.page, front.page.front.board
    front.printer.trouble = OutsideError("no_printer", printer="T1")
    front.touch(board.tiles["A"])
    front.touch(page.print_rail.print_button)

    assert page.number.isVisible()
    assert page.number.number.text() == "A001"
    assert page.number.sentence.text() == "No printer: please write down A001; it is valid."
    again = page.number.again_button
    assert (again.isEnabled(), again.text(), again.accessibleDescription()) == (
        False,
        "Print again",
        "no printer is chosen",
    )
    assert front.log("void") == []
    front.keys(ENTER)
    assert is_at_the_start(page)
    page.acts.toast.dismiss()

    front.touch(board.items[1])
    asked = [row.text() for row in page.papers.papers.rows]
    front.touch(page.print_rail.not_ready_button)
    assert page.number.isVisible()
    assert page.number.sentence.text() == "Counted. No printer: please read the list of papers out."
    assert len(asked) == len(page.number.papers) == 4
    assert all(name in label.text() for name, label in zip(asked, page.number.papers, strict=True))
    assert not page.acts.toast.isVisible()
    assert len(front.log("not-ready")) == 1

    front.printer.trouble = None
    lend(context, printers=stub(Printers, printers=lambda: ["T1"], chosen_printer=lambda: "T1"))
    page.controller.look_for_printer()
    front.touch(page.number.again_button)
    assert front.printer.slips == ["papers B gmgh"]
    assert is_at_the_start(page)

    front.printer.trouble = OutsideError("printer_refused", printer="T1")
    front.touch(board.tiles["A"])
    front.touch(page.print_rail.print_button)
    front.printer.trouble = None
    front.touch(page.number.again_button)
    assert front.printer.slips[1:] == ["A002 again"]
    assert is_at_the_start(page)


def test_the_menu_prints_quiet_hours_and_chooses_the_printer_that_is_used_at_once(front, context):
    page, kept = front.page, []
    entries = {one.text: one for one in page.menu_entries()}
    entries["Print quiet times"].act()
    assert (front.printer.slips, page.acts.toast.text()) == (["quiet hours"], "Slip printed")
    front.printer.trouble = RuleError("quiet_hours_unknown")
    entries["Print quiet times"].act()
    assert page.acts.toast.text() == "No forecast yet: it needs three earlier days with customers."
    assert is_at_the_start(page)

    known = stub(
        Printers,
        printers=lambda: ["T1", "T2"],
        plugged_printers=list,
        chosen_printer=lambda: kept[-1] if kept else "",
        choose_printer=kept.append,
    )
    lend(context, printers=known, folder=lambda part: Path("/data", part))
    entry = next(one for one in page.menu_entries() if one.text == "Printer")
    entry.act()
    question = front.question(PickDialog)
    assert list(question.answers) == ["T1", "T2", "escpos:net:", "none:", "png:/data/tickets"]
    front.touch(question.answers["T2"])

    assert (kept, context.options["printer"]) == (["T2"], "T2")
    assert page.acts.toast.text() == "Printer of this PC: T2"
    assert page.controller.printer_trouble is None
    entry.act()
    front.touch(front.question(PickDialog).answers["none:"])
    assert page.controller.printer_trouble.code == "no_printer"


# -- keyboard ---------------------------------------------------------------------------------------------------
def test_keys_alone_give_a_ticket_and_take_it_back_and_those_of_the_screen_find_one(front):
    page = front.page
    front.keys("gmgh", ENTER)
    assert page.stage.currentWidget() is page.papers
    front.keys(ENTER)
    assert front.touches == 0
    assert front.log("issue")[0].data["item"] == "gmgh"
    front.key_with_control(Qt.Key.Key_Z)
    assert [(event.ticket, event.data["reason"]) for event in front.log("void")] == [("B001", "undone")]

    front.keys("gmgh", ENTER, ENTER)
    page.acts.toast.dismiss()
    front.key_with_control(Qt.Key.Key_Z)
    assert len(front.log("void")) == 1, "it asks once the notice is gone"
    front.keys(ESCAPE)
    assert len(front.log("void")) == 1

    front.keys("gmgh", Qt.Key.Key_Down, ENTER)
    assert page.draft.first.item == "gmghdb", "the arrow chooses another find"
    front.keys("fp")
    assert page.front.search.is_open
    front.keys(ESCAPE)
    assert page.stage.currentWidget() is page.papers
    assert page.draft.first.item == "gmghdb"
    front.keys(ESCAPE)
    assert is_at_the_start(page)
    assert page.front.search.text() == ""

    # Keys of the keyboard and of the screen find tickets and services.
    front.hall.queue("A", "B", "B")
    front.follow()
    front.keys("b4", ENTER)
    assert page.ticket.isVisible()
    assert page.ticket.number.text() == "B004"

    front.keys(ESCAPE)
    front.touch(page.hall_rail.find_button)
    for key in ("B", "3"):
        front.touch(page.front.finds.keys.keys[key])
    front.keys(ENTER)
    assert page.ticket.number.text() == "B003"

    front.keys(ESCAPE)
    front.touch(page.front.search.edit)
    for letter in "gfbw":
        front.touch(page.front.finds.keys.keys[letter])
    front.keys(ENTER)
    assert page.draft.first.item == "gfbw"


# -- states -----------------------------------------------------------------------------------------------------
def test_while_the_file_is_away_one_can_look_but_not_take(front):
    front.hall.queue("A")
    front.follow()
    page, wanted = front.page, []
    page.help_wanted.connect(wanted.append)
    page.show_away(at("10:42"))

    assert page.messages.shown().fact == "The hall's file can't be opened since 10:42"
    assert not any(tile.isEnabled() for tile in page.front.board.tiles.values())
    assert not page.hall_rail.find_button.isEnabled()
    assert page.hall_rail.all_button.isEnabled()
    page.context.feed.away.emit(at("10:42"))
    assert not any(key.isEnabled() for key in (page.talk.emergency_button, page.talk.message_button))
    page.context.feed.back.emit()
    assert page.talk.emergency_button.isEnabled()
    front.keys("gmgh", ENTER)
    assert page.draft is None
    front.touch(page.messages.buttons()["lead"])
    assert wanted == ["days"], "the way to work on paper is one touch away"
    page.show_away(None)
    assert page.front.board.tiles["A"].isEnabled()
    assert not page.messages.isVisible()

    front.keys(ESCAPE)
    front.touch(page.front.board.tiles["A"])
    page.show_away(at("10:42"))
    front.keys(ENTER)
    assert not page.print_rail.print_button.isEnabled()
    assert len(front.log("issue")) == 1


def test_a_stage_is_made_when_it_is_first_shown_and_speaks_the_language_of_then(front):
    page = front.page
    assert not vars(page).keys() & {"drafting", "ticket", "line", "number"}
    assert not vars(page.added["appointments"]).keys() & {"stage", "acts"}
    i18n.use("zh_CN")
    page = front.page = made_anew(page)
    assert page.hall_rail.find_button.text() == "查号"
    assert page.front.board.tiles["A"].text() == "电费缴纳"
    front.keys("gmgh")
    assert page.front.finds.results.current().name == "更名过户"
    front.keys(ESCAPE)

    front.touch(page.front.board.tiles["A"])
    assert page.stage.currentWidget() is page.papers
    assert page.rail.currentWidget() is page.print_rail
    front.touch(page.print_rail.print_button)
    label = front.printer.slips[-1]
    for name in ("line", "ticket", "appointments"):
        page.pages()[name]()
        stage = page.added[name].stage if name in page.added else getattr(page, name)
        assert page.stage.currentWidget() is stage, name
        back = getattr(stage, "stage", stage).back_button
        assert back.text() == "返回"
        front.touch(back)
        assert page.stage.currentWidget() is page.front
    assert label in [row.number for row in page.line.stage.rows.tickets.rows()]


@pytest.fixture
def told(controller):
    """Return what the controller said, as (signal, …)."""
    said = []
    controller.issued.connect(lambda document: said.append(("issued", document["ticket"])))
    controller.printed.connect(lambda slip: said.append(("printed", slip.label)))
    controller.not_printed.connect(lambda slip, trouble: said.append(("not printed", slip.label, trouble.code)))
    controller.done.connect(lambda verb, document: said.append((verb, document["ticket"], document["state"])))
    controller.refused.connect(lambda verb, trouble: said.append(("refused", verb, trouble.code)))
    return said


def test_a_ticket_is_issued_then_printed_with_all_of_its_draft(controller, hall, printer, told, log):
    controller.issue(Draft(Choice("B", "gmgh"), "elderly", (Choice("A"),)))

    (event,) = log("issue")
    assert told == [("issued", "B001"), ("printed", "B001")]
    assert (event.actor, event.data["item"], event.data["class"], event.data["steps"]) == (
        "G1",
        "gmgh",
        "elderly",
        ["A"],
    )
    assert printer.slips == ["B001"]


def test_a_printer_in_trouble_leaves_the_ticket_valid_and_is_well_again_after_it_has_printed(
    controller, printer, told, log
):
    printer.trouble = OutsideError("printer_refused", printer="T1")
    controller.issue(Draft(Choice("A")))
    assert told == [("issued", "A001"), ("not printed", "A001", "printer_refused")]
    assert len(log("issue")) == 1
    assert log("void") == []
    assert controller.printer_trouble is printer.trouble

    printer.trouble = None
    controller.reprint("A001")
    assert controller.printer_trouble is None
    assert printer.slips == ["A001 again"]


def test_the_printer_is_ready_where_the_one_chosen_is_there(context):
    """Known before the first ticket, on a PC without printers, too."""

    def looked(own: str, found: list[str], **more: object) -> GuideController:
        lend(context, printers=stub(Printers, printers=lambda: found, chosen_printer=lambda: own), **more)
        controller = GuideController(context)
        assert controller.is_printer_known is bool(more)
        controller.look_for_printer()
        return controller

    def trouble(own: str, found: list[str]) -> str | None:
        controller = looked(own, found)
        assert controller.is_printer_known
        return getattr(controller.printer_trouble, "code", None)

    two = ["T1", "T2"]
    assert [trouble(own, two) for own in ("T1", "png:/tmp/slips")] == [None, None]
    assert [trouble(own, two) for own in ("T9", "none:", "")] == ["no_printer"] * 3
    assert trouble("", []) == "no_printer"
    gone = looked("T1", ["T1"], watch_printer=lambda tell: tell({"cause": "offline", "warning": ""}))
    assert gone.printer_trouble.details["cause"] == "offline", "though the system knows it"

    troubles, asked = [], []
    none = stub(Printers, printers=lambda: asked.append("asked") or [], chosen_printer=str)
    lend(context, printers=none, watch_printer=None)
    context.options = {"picture": True}
    controller = GuideController(context)
    controller.look_for_printer()
    assert (asked, controller.printer_trouble, controller.is_printer_known) == ([], None, False), "a picture asks none"

    context.services = Services()
    controller = GuideController(context)
    controller.not_printed.connect(lambda slip, trouble: troubles.append((trouble.code, trouble.details)))
    controller.issue(Draft(Choice("A")))
    assert troubles == [("no_printer", {"ticket": "A001"})], "without a printing tool it names the number"


def test_who_is_not_ready_is_counted_and_a_closed_service_refuses_with_its_code(controller, printer, log, hall, told):
    controller.not_ready(Choice("B", "gmgh"))

    (event,) = log("not-ready")
    assert (event.service, event.data["item"], event.data["guide"]) == ("B", "gmgh", "G1")
    assert log("issue") == []
    assert printer.slips == ["papers B gmgh"]

    sounds = []
    lend(controller.context, sounds=stub(Sounds, play=sounds.append))
    hall.clock.now = at("17:10")
    controller.issue(Draft(Choice("A")))
    assert told[1:] == [("refused", "issue", "last_ticket")]
    assert log("issue") == []
    assert not controller.busy
    assert sounds == ["tick"]


def test_the_last_ticket_is_that_of_the_person_here(controller, hall, catch_up):
    controller.issue(Draft(Choice("A")))
    hall.issue("B")
    catch_up()

    assert controller.last_ticket().label == "A001"


def test_a_ticket_that_is_being_served_can_not_be_undone(controller, hall, told, catch_up):
    controller.issue(Draft(Choice("A")))
    hall.call("1")
    calling.start(hall.desk, hall.ask(), "1")
    catch_up()

    assert controller.undoable() is None
    assert told[-1] == ("refused", "void", "wrong_state")


def now_of(hall):
    return looking.hall_now(hall.desk, hall.clock())


def test_the_rows_stand_in_call_order_with_their_waits(hall):
    hall.issue("A")
    hall.clock.move(minutes=6)
    hall.issue("B", klass="elderly")
    hall.clock.move(minutes=10)

    rows = waiting_rows(now_of(hall), hall.clock())

    assert [(row.number, row.class_text, row.wait, row.level) for row in rows] == [
        ("B001", "Elderly", "10 min", "amber"),
        ("A001", "", "16 min", "red"),
    ]


def test_who_stands_behind_a_later_number_says_so_as_the_public_list_does(hall):
    for _n in range(3):
        hall.issue("A")
        hall.clock.move(minutes=1)
    hall.do("postpone", "A001")

    rows = waiting_rows(now_of(hall), hall.clock())
    assert [(row.number, row.class_text) for row in rows] == [("A002", ""), ("A001", "moved"), ("A003", "")]


def test_the_latest_missed_stands_first(hall):
    hall.queue("A", "A")
    for window in ("1", "2"):
        hall.call(window)
    for window in ("1", "2"):
        hall.clock.move(minutes=3)
        calling.miss(hall.desk, hall.ask(), window)

    rows = missed_rows(now_of(hall), hall.clock())

    assert [(row.label, row.since) for row in rows] == [("A002", "missed just now"), ("A001", "missed 3 min ago")]


def test_a_number_is_found_as_it_is_typed_the_living_before_those_who_are_done(hall):
    hall.queue("A", "A", "B")

    def found(typed: str) -> list[str]:
        return [ticket.label for ticket in find_numbers(now_of(hall), typed)]

    assert [found(typed) for typed in ("b1", "B001", "b 001")] == [["B001"]] * 3
    assert (found("1"), found("00")) == (["A001", "B001"], ["A001", "A002", "B001"])
    assert [found(typed) for typed in ("a", "gmgh", "b9", "")] == [[]] * 4
    calling.leave(hall.desk, hall.ask(), "A001")
    assert found("1") == ["B001", "A001"]


def acts(hall, label):
    state = now_of(hall)
    return ticket_facts(state, today(state, label), hall.clock(), Role.GUIDE).acts


def test_a_card_offers_what_the_state_allows(hall):
    waiting, called, gone = hall.queue("B", "A", "C")
    hall.call("1")
    calling.leave(hall.desk, hall.ask(), gone)

    assert acts(hall, waiting) == ("redirect", "postpone", "need", "leave", "void")
    assert acts(hall, called) == ("redirect", "need", "leave", "void")
    assert acts(hall, gone) == ()
    calling.miss(hall.desk, hall.ask(), "1")
    assert acts(hall, called) == ("reinstate", "need", "leave")


def test_a_customer_at_a_window_can_be_sent_to_the_right_line(hall):
    served, finished = hall.queue("A", "A")
    hall.call("1")
    calling.start(hall.desk, hall.ask(), "1")
    assert acts(hall, served) == ("redirect",)

    calling.park(hall.desk, hall.ask(), "1", reason="copying")
    assert acts(hall, served) == ("need", "leave")
    assert hall.serve_out("1") == finished
    assert acts(hall, finished) == ("thanks",)


def test_a_card_says_why_its_ticket_still_waits(hall):
    hall.queue("A", "A", minutes_apart=1)
    hall.issue("A", klass="elderly")
    hall.call("1")
    state = now_of(hall)
    waiting = [t for t in state.tickets.values() if t.state is State.WAITING and t.service == "A"]
    facts = ticket_facts(state, waiting[-1], hall.clock(), None)

    assert facts.why == why_now(state, waiting[-1], hall.clock())
    assert facts.why.count(".") == 1
    assert "is waiting because" in facts.why


def test_tiles_share_a_small_screen_and_the_last_row_its_width_or_leaves_it():
    for count, columns in ((1, 1), (2, 2), (4, 2), (6, 2), (9, 3), (12, 4)):
        assert best_columns(count, 894, 386) == columns
    area = QRect(0, 0, 212, 0)
    both = [QRect(0, 0, 100, 50), QRect(112, 0, 100, 50)]
    assert place_cells(area, 3, 2, 50, 12) == [*both, QRect(0, 62, 212, 50)]
    assert place_cells(area, 3, 2, 50, 12, share_last=False) == [*both, QRect(0, 62, 100, 50)]


def test_six_favourites_have_tiles_and_the_search_gives_the_initials_of_an_item_of_this_hall(front):
    search, stage = front.page.front.search, front.page.front
    assert search.edit.accessibleName() == "Search services, papers or a ticket number"
    i18n.use("zh_CN")
    front.page = made_anew(front.page)
    search, stage = front.page.front.search, front.page.front

    words, _such, short = search.edit.accessibleName().rpartition("，如 ")
    assert words and stage.index.find(short)

    i18n.use("en")
    front.page = made_anew(front.page)
    stage = front.page.front
    items = [Choice("A", f"i{n}") for n in range(8)]
    stage.board.set_favourites([(one, "A", f"Item {n}") for n, one in enumerate(items)], set())

    assert len(stage.board.items) == 6
    assert stage.board.unseen() == items[6:]
    front.touch(stage.board.more_button)
    assert stage.search.is_open


def test_a_new_ticket_is_marked_beside_its_papers_with_a_language_too_where_somebody_speaks_one(front):
    papers = front.page.papers
    front.keys("gmgh", ENTER)
    assert not papers.language_button.isVisible()
    front.touch(papers.need_button)
    front.touch(front.question(PickDialog).answers["deaf"])
    assert papers.need_button.text() == "Hard of hearing"
    front.keys(ENTER)
    assert [event.data["need"] for event in front.log("issue")] == ["deaf"]
    assert front.printer.slips == ["B001"]

    front.keys("gmgh", ENTER)
    front.hall.do("set-row", "staff", "C1", {"languages": ["English"]})
    front.follow()
    front.touch(papers.language_button)
    front.touch(front.question(PickDialog).answers["English"])
    assert papers.language_button.text() == "English"
    front.keys(ENTER)
    assert front.log("issue")[-1].data["speaks"] == "English"


def test_the_card_comes_two_calls_before_and_goes_when_they_were_fetched(front):
    front.hall.queue("A", "A", "A", "A")
    front.follow()
    card = front.page.hall_rail.to_fetch
    front.page.show_ticket("A004")
    front.touch(front.page.ticket.buttons["need"])
    front.touch(front.question(PickDialog).answers["wheelchair"])
    assert [event.data["need"] for event in front.log("need")] == ["wheelchair"]
    assert card.isHidden()

    front.hall.call("1")
    front.follow()
    assert card.isVisible()
    assert (card.head.text(), card.rows[0].said.first, card.rows[0].said.second) == (
        "Please fetch 1 person",
        "Wheelchair",
        "2 calls before",
    )
    assert front.page.acts.toast.text() == "Please fetch A004: Wheelchair, 2 calls before"

    front.touch(card.rows[0].button)
    assert [event.data.get("fetched") for event in front.log("need")] == [None, True]
    assert card.isHidden()
    assert front.page.acts.toast.text() == "A004 was fetched, noted"

    for label in ("A002", "A003", "A004"):
        front.hall.do("leave", label)
    front.hall.do("issue", "A", need="blind")
    assert front.hall.call("2") == "A005", "before they were fetched"
    front.follow()
    assert card.rows[0].said.late == "called to window 2"
