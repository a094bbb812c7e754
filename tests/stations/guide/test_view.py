"""The front desk's page under real presses and keys."""

from pathlib import Path

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QApplication

from queuedesk import i18n
from queuedesk.core.errors import OutsideError, RuleError
from queuedesk.core.network.roles import Role, actor_of_station
from queuedesk.core.queue.offers import CallBeforeClosingVerdict, services_closing_soon
from queuedesk.core.queue.overview import service_lines, set_up
from queuedesk.core.queue.ticket import TicketState
from queuedesk.desk import calendaring, looking
from queuedesk.desk.talk import devices
from queuedesk.i18n.queue.line_words import why_not_called_now_sentence
from queuedesk.stations.guide import texts
from queuedesk.stations.guide.controller import GuideController
from queuedesk.stations.guide.drafting import EarlierTicketDialog
from queuedesk.stations.guide.front_stage import most_readable_column_count
from queuedesk.stations.guide.papers_stage import LabelledFigureRow
from queuedesk.stations.widgets.panels import Label, TextRunsLabel, cell_rects
from queuedesk.stations.widgets.questions.dialogs import ChoiceButtonsDialog, ConfirmDialog, ReasonDialog
from queuedesk.stations.window.context import StationServices, StationSounds
from tests.hall import MANAGER, Hall, at, make_hall, near_closing, refused
from tests.stations.guide.conftest import printers_of_pc
from tests.stations.stubs import LateCommands, lend, stub
from tests.stations.whole_words import drawn
from tests.three_halls import CLINIC

ENTER, ESCAPE = Qt.Key.Key_Return, Qt.Key.Key_Escape


def test_every_kind_of_ticket_takes_its_touches_and_no_more(front):
    page, board = front.page, front.page.front.board
    front.give("A")
    assert (front.touches, front.printer.slips, front.is_at_the_start) == (2, ["A001"], True)
    assert page.acts.toast.text() == "Printed A001"
    favourite = front.give(board.items[1])
    assert (front.touches, favourite.service, favourite.data["item"]) == (2, "B", "gmgh")
    elderly = front.give("A", page.papers.class_buttons["elderly"])
    assert (front.touches, elderly.data["class"]) == (3, "elderly")
    both = front.give("B", page.papers.add_button, board.tiles["A"])
    assert (front.touches, both.service, both.data["steps"]) == (4, "B", ["A"]), "both stand on one ticket"
    front.touch(board.tiles["B"], page.papers.add_button)
    assert not board.tiles["B"].isEnabled()
    front.touch(board.tiles["A"])
    front.touch(page.papers.further_service_buttons[0], page.print_rail.print_button)
    assert "steps" not in front.log("issue")[-1].data, "one added by mistake is taken off by pressing it"
    front.touches = 0
    front.touch(board.items[1], page.print_rail.not_ready_button)
    (event,) = front.log("not-ready")
    assert (event.service, event.data["item"], event.data["guide"]) == ("B", "gmgh", "G1")
    assert (front.touches, front.printer.slips[-1], front.is_at_the_start) == (2, "papers B gmgh", True)
    assert len(front.log("issue")) == 5, "who is not ready gets no ticket"


def test_the_papers_and_what_stands_beside_them(front):
    papers, rail, item = front.page.papers, front.page.print_rail, front.page.front.board.items[1]
    front.touch(front.page.front.board.tiles["D"])
    assert papers.class_buttons["normal"].isVisible() and rail.print_button.isEnabled()
    assert not rail.not_ready_button.isVisible(), "nobody lacks papers where none are needed"
    assert papers.papers.rows == []
    front.touch(papers.back_button, item)
    front.touch(papers.papers.rows[0])
    assert papers.papers.rows[0].isChecked()
    front.touch(papers.back_button)
    front.hall.queue("B", "B")
    front.follow()
    front.touch(item)
    assert [row.isChecked() for row in papers.papers.rows] == [False] * 4, "ticks go with the customer"
    assert rail.number.text() == "B003"
    shown = [(row.name.text(), row.figure.text()) for row in rail.findChildren(LabelledFigureRow)]
    windows = ("Windows", "3\u2060–\u20606")
    assert shown == [("Ahead, in all", "2 people"), ("Expected wait", "no wait"), windows]


def test_a_day_unlike_its_weekday_and_the_last_ticket_are_told_before_anything_is_pressed(front):
    page, board, rail, sounds = front.page, front.page.front.board, front.page.print_rail, []
    lend(page.context, sounds=stub(StationSounds, play=sounds.append))
    assert page.front.day_line.isHidden()
    tomorrow = {"2026-11-21": {"kind": "holiday", "text": "设备检修", "text_en": "Repairs"}}
    calendaring.set_calendar_days(front.hall.desk, front.hall.ask(MANAGER), tomorrow)
    front.follow()
    assert (page.front.day_line.title(), page.front.day_line.isVisible()) == ("Closed tomorrow: Repairs", True)
    front.hall.clock.now = at("16:59")
    page.refresh()
    front.touch(board.tiles["A"])
    front.hall.clock.now = at("17:01")
    front.touch(rail.print_button)
    assert (rail.refusal.isVisible(), rail.refusal.text()) == (True, "Tickets for A end at 17:00.")
    assert (front.log("issue"), sounds) == ([], ["tick"])
    front.touch(page.papers.back_button)
    front.pass_time(minutes=9)
    assert not any(tile.isEnabled() for tile in (board.tiles["A"], *board.items))
    assert board.tiles["A"].accessibleName() == "Pay a bill, last ticket was at 17:00"


def test_a_late_answer_leaves_the_next_ticket_alone_and_what_became_of_one_without_is_known(front, context):
    page, late = front.page, LateCommands()
    tiles, print_button = page.front.board.tiles, page.print_rail.print_button
    context.tasks = late

    def leave_unanswered(*, done: bool) -> None:
        """Press print; the server falls silent before the answer comes, after the ticket was issued or before."""
        front.touch(tiles["A"], print_button)
        work, _done, refused = late.asked.pop()
        if done:
            work()
        refused(OutsideError("database_away", command="own-1", verb="issue", asked=front.hall.clock()))

    front.touch(tiles["A"], print_button)
    page.go_back()
    front.touch(tiles["B"])
    late.answer()
    assert page.papers.isVisible() and page.draft.first.service == "B"
    front.follow()
    front.touch(print_button, page.papers.class_buttons["elderly"])
    late.answer()
    assert front.is_at_the_start
    assert [event.ticket for event in front.log("issue")] == ["A001", "B001"]
    # What became of a ticket without an answer is known afterwards; a change in between makes no other ticket of it.
    leave_unanswered(done=True)
    assert page.print_rail.refusal.isVisible()
    front.touch(page.papers.class_buttons["elderly"], print_button)
    assert late.asked == []
    page.handle_done_but_unanswered(front.log("issue")[-1])
    page.clear_no_answer_message()
    late.answer()
    assert front.is_at_the_start
    assert (front.printer.slips, len(front.log("issue"))) == (["A001", "B001", "A002"], 3)
    leave_unanswered(done=False)
    front.touch(page.papers.class_buttons["elderly"])
    assert not print_button.isEnabled()
    page.clear_no_answer_message()
    front.touch(print_button)
    late.answer()
    assert front.is_at_the_start
    assert [event.data.get("class") for event in front.log("issue")][3:] == ["elderly"], "it was not given before"


def test_without_paper_numbers_and_papers_are_told_and_printed_once_there_is_some(front, context):
    page, number, item = front.page, front.page.read_out_stage, front.page.front.board.items[1]
    again = number.again_button
    front.printer.trouble = OutsideError("no_printer", printer="T1")
    front.give("A")
    assert number.isVisible()
    told = (number.number.text(), number.sentence.text())
    gone = "The printer T1 did not print (not found by the system)"
    assert told == ("A001", f"{gone}. Please write down A001; it is valid. Choose another one: ⋯, Printer.")
    assert not again.isEnabled()
    assert (again.text(), again.accessibleDescription()) == ("Print again", "not found by the system")
    assert front.log("void") == []
    front.keys(ENTER)
    assert front.is_at_the_start
    page.acts.toast.dismiss()
    front.touch(item)
    asked = [row.text() for row in page.papers.papers.rows]
    front.touch(page.print_rail.not_ready_button)
    advice = "please read the list of papers out. Choose another one: ⋯, Printer."
    assert number.sentence.text() == f"Counted. {gone}: {advice}"
    assert len(asked) == 4
    assert all(name in label.text() for name, label in zip(asked, number.papers, strict=True))
    assert (page.acts.toast.isVisible(), len(front.log("not-ready"))) == (False, 1)
    front.printer.trouble = None
    lend(context, printers=printers_of_pc(["T1"], lambda: "T1"))
    page.controller.look_for_printer()
    front.touch(again)
    assert (front.printer.slips, front.is_at_the_start) == (["papers B gmgh"], True)
    front.printer.trouble = OutsideError("printer_refused", printer="T1")
    front.give("A")
    assert page.controller.paper.trouble is front.printer.trouble
    front.printer.trouble = None
    front.touch(again)
    assert (front.printer.slips[1:], front.is_at_the_start) == (["A002 again"], True)
    assert page.controller.paper.trouble is None


def test_the_menu_prints_quiet_hours_and_chooses_the_printer_that_is_used_at_once(front, context):
    page, kept = front.page, [""]
    entries = {one.text: one.act for one in page.menu_entries()}
    too_early = "No forecast yet: it needs three earlier days with customers."
    for trouble, told in ((None, "Slip printed"), (RuleError("quiet_hours_unknown"), too_early)):
        front.printer.trouble = trouble
        entries["Print quiet times"]()
        assert page.acts.toast.text() == told
    assert (front.printer.slips, front.is_at_the_start) == (["quiet hours"], True)
    chooses = {"plugged_receipt_printers": list, "choose_printer": kept.append}
    known = printers_of_pc(["T1", "T2"], lambda: kept[-1], **chooses)
    lend(context, printers=known, folder=lambda part: Path("/data", part))
    for choice, trouble in (("T2", None), ("none:", "no_printer")):
        next(one for one in page.menu_entries() if one.text == "Printer").act()
        question = front.question(ChoiceButtonsDialog)
        assert list(question.answers) == ["T1", "T2", "escpos:net:", "none:", "png:/data/tickets"]
        front.touch(question.answers[choice])
        assert (kept[-1], context.options["printer"]) == (choice, choice)
        assert getattr(page.controller.paper.trouble, "code", None) == trouble
        if choice == "T2":
            assert page.acts.toast.text() == "Printer of this PC: T2"


def test_keys_alone_give_a_ticket_and_take_it_back_and_those_of_the_screen_find_one(front):
    page = front.page
    front.keys("gmgh", ENTER)
    assert page.stage.currentWidget() is page.papers
    front.keys(ENTER)
    assert (front.touches, front.log("issue")[0].data["item"]) == (0, "gmgh")
    front.key_with_control(Qt.Key.Key_Z)
    assert [(event.ticket, event.data["reason"]) for event in front.log("void")] == [("B001", "undone")]
    front.keys("gmgh", ENTER, ENTER)
    page.acts.toast.dismiss()
    front.key_with_control(Qt.Key.Key_Z)
    front.keys(ESCAPE)
    assert len(front.log("void")) == 1, "it asks once the notice is gone"
    front.keys("gmgh", Qt.Key.Key_Down, ENTER)
    assert page.draft.first.item == "gmghdb", "the arrow chooses another find"
    front.keys("fp")
    assert page.front.search.is_open
    front.keys(ESCAPE)
    assert (page.stage.currentWidget(), page.draft.first.item) == (page.papers, "gmghdb")
    front.keys(ESCAPE)
    assert (front.is_at_the_start, page.front.search.text()) == (True, "")
    # Keys of the keyboard and of the screen find tickets and services.
    front.hall.queue("A", "B", "B")
    front.follow()
    front.keys("b4", ENTER)
    assert (page.ticket_stage.isVisible(), page.ticket_stage.number.text()) == (True, "B004")
    for opens, typed in ((page.hall_rail.find_button, "B3"), (page.front.search.edit, "gfbw")):
        front.keys(ESCAPE)
        front.touch(opens)
        for key in typed:
            front.touch(page.front.finds.keys.keys[key])
        front.keys(ENTER)
    assert (page.ticket_stage.number.text(), page.draft.first.item) == ("B003", "gfbw")


def test_while_the_file_is_away_one_can_look_but_not_take(front):
    front.hall.queue("A")
    front.follow()
    page, tiles, wanted = front.page, front.page.front.board.tiles, []
    page.help_wanted.connect(wanted.append)
    page.show_hall_away(at("10:42"))
    assert page.messages.shown_message().fact == "The hall's file can't be opened since 10:42"
    assert not any(key.isEnabled() for key in (*tiles.values(), page.hall_rail.find_button))
    assert page.hall_rail.all_button.isEnabled()
    page.context.feed.away.emit(at("10:42"))
    assert not any(key.isEnabled() for key in (page.talk.emergency_button, page.talk.message_button))
    page.context.feed.back.emit()
    assert page.talk.emergency_button.isEnabled()
    front.keys("gmgh", ENTER)
    assert page.draft is None
    front.touch(page.messages.visible_buttons()["lead"])
    assert wanted == ["days"], "the way to work on paper is one touch away"
    page.show_hall_away(None)
    assert tiles["A"].isEnabled() and not page.messages.isVisible()
    front.keys(ESCAPE)
    front.touch(tiles["A"])
    page.show_hall_away(at("10:42"))
    front.keys(ENTER)
    assert (page.print_rail.print_button.isEnabled(), len(front.log("issue"))) == (False, 1)


def test_a_stage_is_made_when_it_is_first_shown_and_speaks_the_language_of_then(front):
    assert not vars(front.page).keys() & {"drafting", "ticket_stage", "line_page", "read_out_stage"}
    page = front.made_anew("zh_CN")
    assert (page.hall_rail.find_button.text(), page.front.board.tiles["A"].text()) == ("查号", "电费缴纳")
    front.keys("gmgh")
    assert page.front.finds.results.current_result().name == "更名过户"
    front.keys(ESCAPE)
    front.touch(page.front.board.tiles["A"])
    assert (page.stage.currentWidget(), page.rail.currentWidget()) == (page.papers, page.print_rail)
    front.touch(page.print_rail.print_button)
    for name, part in (("line", "line_page"), ("ticket", "ticket_stage")):
        page.page_openers()[name]()
        stage = getattr(page, part)
        assert page.stage.currentWidget() is stage, name
        back = getattr(stage, "stage", stage).back_button
        assert back.text() == "返回"
        front.touch(back)
        assert page.stage.currentWidget() is page.front
    assert front.printer.slips[-1] in [row.number for row in page.line_page.stage.rows.tickets.rows()]
    # A search beside a ticket under way adds no service to it in another language.
    front.touch(page.front.board.tiles["B"])
    page.open_number_search()
    page = front.made_anew("zh_CN")
    assert page.stage.currentWidget() is page.front and page.draft is not None
    front.touch(page.front.board.tiles["A"])
    assert [choice.service for choice in page.draft.all_choices()] == ["A"]


def test_the_printer_is_ready_where_the_one_chosen_is_there(context):
    """Known before the first ticket, on a PC without printers, too."""

    def trouble(own: str, found: list[str], cause: str = "no_printer", **more: object) -> OutsideError | None:
        known = printers_of_pc(found, lambda: own, printer_status=lambda _printer: {"cause": cause, "warning": ""})
        lend(context, printers=known, **more)
        controller = GuideController(context)
        assert controller.paper.is_known is bool(more)
        controller.look_for_printer()
        assert controller.paper.is_known
        return controller.paper.trouble

    two = ["T1", "T2"]
    assert [trouble(own, two) for own in ("T1", "png:/tmp/slips")] == [None, None]
    for own, found in (("T9", two), ("none:", two), ("", two), ("", [])):
        assert trouble(own, found).code == "no_printer"
    assert trouble("T9", [], "no_spooler").details["cause"] == "no_spooler", "the system then names none"
    gone = trouble("T1", ["T1"], watch_printer=lambda tell, _late: tell({"cause": "offline", "warning": ""}))
    assert gone.details["cause"] == "offline", "though the system knows it"
    troubles, asked = [], []
    none = printers_of_pc([], str, system_printer_names=lambda: asked.append("asked") or [])
    lend(context, printers=none, watch_printer=None)
    context.options = {"picture": True}
    controller = GuideController(context)
    controller.look_for_printer()
    assert (asked, controller.paper.trouble, controller.paper.is_known) == ([], None, False), "a picture asks none"
    context.services = StationServices()
    controller = GuideController(context)
    controller.not_printed.connect(lambda slip, trouble: troubles.append((trouble.code, trouble.details)))
    controller.issue(texts.TicketDraft(texts.ChosenServiceOrItem("A")))
    assert troubles == [("no_printer", {"ticket": "A001"})], "without a printing tool it names the number"


def test_the_last_ticket_is_that_of_the_person_here_and_is_not_undone_while_it_is_served(context, hall, catch_up):
    controller, refused = GuideController(context), []
    controller.refused.connect(lambda verb, trouble: refused.append((verb, trouble.code)))
    controller.issue(texts.TicketDraft(texts.ChosenServiceOrItem("A")))
    hall.issue("B")
    catch_up()
    assert controller.last_ticket_of_this_person().label == "A001"
    hall.play("call 1", "start 1")
    catch_up()
    assert controller.undoable_ticket_or_refuse() is None
    assert refused == [("void", "wrong_state")]


def now_of(hall: Hall):
    return looking.hall_state_now(hall.desk, hall.clock()), hall.clock()


def test_the_rows_stand_in_call_order_with_their_waits_and_the_latest_missed_first(hall):
    hall.play("issue A", 6)
    hall.issue("B", klass="elderly")
    hall.clock.move(minutes=10)
    rows = texts.waiting_ticket_rows(*now_of(hall))
    told = [(row.number, row.class_text, row.wait, row.level) for row in rows]
    assert told == [("B001", "Elderly", "10 min", "amber"), ("A001", "", "16 min", "red")]
    hall.queue("A", "A", minutes_apart=1)
    hall.do("postpone", "A001")
    rows = texts.waiting_ticket_rows(*now_of(hall))
    moved = [("B001", "Elderly"), ("A002", ""), ("A001", "moved"), ("A003", "")]
    assert [(row.number, row.class_text) for row in rows] == moved, "as the public list says it"
    for window in ("1", "2"):
        hall.call(window)
    for window in ("1", "2"):
        hall.clock.move(minutes=3)
        hall.do("miss", window)
    rows = texts.missed_rows(*now_of(hall))
    assert [(row.label, row.since) for row in rows] == [("A001", "missed just now"), ("A002", "missed 3 min ago")]


def test_a_number_is_found_as_it_is_typed_the_living_before_those_who_are_done(hall):
    hall.queue("A", "A", "B")

    def found(typed: str) -> list[str]:
        return [ticket.label for ticket in texts.tickets_matching_number(now_of(hall)[0], typed)]

    assert [found(typed) for typed in ("b1", "B001", "b 001")] == [["B001"]] * 3
    assert (found("1"), found("00")) == (["A001", "B001"], ["A001", "A002", "B001"])
    assert [found(typed) for typed in ("a", "gmgh", "b9", "")] == [[]] * 4
    hall.do("leave", "A001")
    assert found("1") == ["B001", "A001"]


def test_a_card_offers_what_the_state_allows_and_says_why_its_ticket_still_waits(hall):
    def acts(label: str) -> tuple[str, ...]:
        state, now = now_of(hall)
        return texts.ticket_card_facts(state, texts.todays_ticket_by_label(state, label), now, Role.GUIDE).acts

    waiting, missed, gone, served = hall.queue("B", "A", "C", "A", minutes_apart=1)
    hall.call("1")
    hall.do("leave", gone)
    assert acts(waiting) == ("redirect", "postpone", "need", "leave", "void")
    assert acts(missed) == ("redirect", "need", "leave", "void")
    assert acts(gone) == ()
    hall.do("miss", "1")
    assert acts(missed) == ("reinstate", "need", "leave")
    assert hall.call("1") == served
    hall.do("start", "1")
    assert acts(served) == ("redirect",)
    hall.do("park", "1", reason="copying")
    assert acts(served) == ("need", "leave")
    finished = hall.issue("A")
    assert hall.serve_out("1") == finished
    hall.do("set-hall", {"features": []})
    assert acts(finished) == ()
    hall.queue("A", "A", minutes_apart=1)
    hall.issue("A", klass="elderly")
    hall.call("1")
    state, now = now_of(hall)
    still = [t for t in state.tickets.values() if t.state is TicketState.WAITING and t.service == "A"][-1]
    why = texts.ticket_card_facts(state, still, now, None).why
    assert (why, why.count(".")) == (why_not_called_now_sentence(state, still, now), 1)
    assert "is waiting because" in why


def test_tiles_share_a_small_screen_and_the_search_marks_what_it_found_and_gives_the_initials_of_an_item(front):
    for count, columns in ((1, 1), (2, 2), (4, 2), (6, 2), (9, 3), (12, 4)):
        assert most_readable_column_count(count, 894, 386) == columns
    area, both = QRect(0, 0, 212, 0), [QRect(0, 0, 100, 50), QRect(112, 0, 100, 50)]
    assert cell_rects(area, 3, 2, 50, 12) == [*both, QRect(0, 62, 212, 50)]
    assert cell_rects(area, 3, 2, 50, 12, share_last=False) == [*both, QRect(0, 62, 100, 50)]
    stage = front.page.front
    assert stage.search.edit.accessibleName() == "Search services, papers or a ticket number"
    name = front.page.context.feed.setup.services["A"].name_en
    front.keys(name[:3].lower())
    line = [word for word in drawn(stage.finds.results).words if word.text in (name[:3], name[3:])]
    found, rest = line[:2]
    assert (found.text, rest.text) == (name[:3], name[3:])
    assert abs(rest.box.left() - found.box.right()) < 1, "the letters that were typed stand in one word with the others"
    front.keys(ESCAPE)
    stage = front.made_anew("zh_CN").front
    words, _such, short = stage.search.edit.accessibleName().rpartition("，如 ")
    assert words and stage.index.find_entries(short)
    stage = front.made_anew("en").front
    items = [texts.ChosenServiceOrItem("A", f"i{n}") for n in range(8)]
    stage.board.set_favourites([(one, "A", f"Item {n}") for n, one in enumerate(items)], set())
    assert (len(stage.board.items), stage.board.unseen_favourites()) == (6, items[6:])
    front.touch(stage.board.more_button)
    assert stage.search.is_open


def test_a_ticket_is_marked_beside_its_papers_and_a_card_comes_two_calls_before_until_they_were_fetched(front):
    papers = front.page.papers
    front.keys("gmgh", ENTER)
    assert not papers.language_button.isVisible()
    front.meanwhile("set-row", "staff", "C1", {"languages": ["English"]})
    deaf, english = (papers.need_button, "deaf", "Hard of hearing"), (papers.language_button, "English", "English")
    for button, answer, words in (deaf, english):
        front.touch(button)
        front.touch(front.question(ChoiceButtonsDialog).answers[answer])
        assert button.text() == words
    front.keys(ENTER)
    (event,) = front.log("issue")
    assert (event.data["need"], event.data["speaks"], front.printer.slips) == ("deaf", "English", ["B001"])
    # The card comes two calls before, and goes when they were fetched.
    front.meanwhile("leave", "B001")
    card, toast = front.page.hall_rail.tickets_to_fetch, front.page.acts.toast
    front.hall.queue("A", "A", "A", "A")
    front.follow()
    front.page.show_ticket("A004")
    front.touch(front.page.ticket_stage.buttons["need"])
    front.touch(front.question(ChoiceButtonsDialog).answers["wheelchair"])
    assert [event.data["need"] for event in front.log("need")] == ["wheelchair"]
    assert card.isHidden()
    front.meanwhile("call", "1")
    said = card.rows[0].said
    told = (card.head.text(), said.first, said.second)
    assert told == ("Please fetch 1 person", "Wheelchair", "2 calls before")
    assert (card.isVisible(), toast.text()) == (True, "Please fetch A004: Wheelchair, 2 calls before")
    front.touch(card.rows[0].button)
    assert [event.data.get("fetched") for event in front.log("need")] == [None, True]
    assert (card.isHidden(), toast.text()) == (True, "A004 was fetched, noted")
    for label in ("A002", "A003", "A004"):
        front.hall.do("leave", label)
    front.hall.do("issue", "A", need="blind")
    assert front.meanwhile("call", "2")["ticket"] == "A005", "before they were fetched"
    assert card.rows[0].said.late == "called to window 2"


JOINER = "\u2060"


def test_one_missed_is_back_in_line_by_one_touch_and_the_last_reprinted_and_undone_by_two_each(front):
    """As often as the hall allows."""
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
    rail, front.touches = front.page.hall_rail, 0
    front.keys("gmgh", ENTER, ENTER)
    front.touch(rail.reprint_button)
    front.touch(front.question(ChoiceButtonsDialog).answers["B001"])
    assert (front.touches, front.printer.slips) == (2, ["B001", "B001 again"])
    front.page.acts.toast.dismiss()
    front.touch(rail.undo_button)
    front.touch(front.question(ConfirmDialog).act_button)
    assert (front.touches, [event.ticket for event in front.log("void")]) == (4, ["B001"])


def test_a_ticket_is_redirected_at_a_window_from_its_card_and_waiting_in_three_touches_or_by_its_number(front):
    page, find = front.page, front.page.hall_rail.redirect_button

    def sent() -> list[tuple[str, str]]:
        return [(event.ticket, event.data["to"]) for event in front.log("redirect")]

    for ahead, label in enumerate(("A001", "A002")):
        front.hall.issue("A")
        front.meanwhile("call", "1")
        if ahead:
            front.meanwhile("start", "1")
        front.keys(label, ENTER)
        front.touch(page.ticket_stage.buttons["redirect"])
        question = front.question(ChoiceButtonsDialog)
        effect = "It leaves window 1 at once and keeps the time at which the customer arrived."
        assert effect in [text.text() for text in question.findChildren(Label)]
        front.touch(question.answers["B"])
        assert (front.log("redirect")[-1].window, front.log("redirect")[-1].actor) == ("1", "G1")
        assert page.acts.toast.text() == f"{label} now waits for B Account services, {ahead} ahead"
        front.keys(ESCAPE)
    front.hall.queue("A", "A", "A")
    front.follow()
    front.touches = 0
    front.touch(find)
    front.touch_row(page.line_page.stage.rows, "A004")
    front.touch(front.question(ChoiceButtonsDialog).answers["B"])
    assert front.touches == 3
    front.touch(find)
    front.keys("a5", ENTER)
    assert page.stage.currentWidget() is page.line_page
    front.touch(front.question(ChoiceButtonsDialog).answers["B"])
    assert sent() == [(label, "B") for label in ("A001", "A002", "A004", "A005")]
    front.keys("a3", ESCAPE)
    assert page.stage.currentWidget() is page.line_page
    front.keys(ESCAPE, "a3", ENTER)
    assert page.stage.currentWidget() is page.ticket_stage
    front.keys(ESCAPE)
    # A number that has no line any more is refused before the question.
    assert front.hall.serve_out("1") == "A003"
    front.follow()
    front.touch(find)
    front.keys("a3", ENTER)
    assert [one for one in page.findChildren(ChoiceButtonsDialog) if one.isVisible()] == []
    assert "A003" in page.acts.toast.text()


def test_a_row_of_the_rail_leads_to_its_card_whose_acts_reach_the_log(front):
    page, acts, waiting = front.page, front.page.ticket_stage.buttons, front.page.hall_rail.waiting
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
    question.pick_reason("wrong_service")
    front.touch(question.yes_button)
    assert front.log("void")[0].data["reason"] == "wrong_service"
    page.show_tiles_and_reset()
    front.touch_row(waiting, "A002")
    front.touch(acts["leave"])
    assert front.log("leave") == [], "it is asked for first"
    front.touch(front.question(ConfirmDialog).act_button)
    assert len(front.log("leave")) == 1
    # The whole line shows everyone, and can be narrowed.
    front.hall.queue(*"ABAB" * 10)
    front.follow()
    page.show_tiles_and_reset()
    rows = page.line_page.stage.rows.tickets.rows
    assert len(waiting.tickets.rows()) < 41
    front.touch(page.hall_rail.all_button)
    assert len(rows()) == 41
    front.touch(page.line_page.stage.pills["B"])
    assert {row.number[0] for row in rows()} == {"B"}


def tile(hall: Hall, service: str = "A"):
    state, now = now_of(hall)
    return next(
        one for one in texts.service_tile_facts(state, service_lines(state, now), now) if one.service == service
    )


def warning(hall: Hall):
    state, now = now_of(hall)
    return texts.closing_overload_warning(set_up(state), service_lines(state, now), now)


def upcoming(hall: Hall, service: str, klass: str = "normal"):
    state, now = now_of(hall)
    return texts.next_ticket_preview(state, texts.TicketDraft(texts.ChosenServiceOrItem(service), klass), now)


def test_a_tile_says_people_range_and_windows_and_those_that_pause(hall):
    for _ in range(12):
        hall.issue("A")
        hall.serve_out("1", minutes=2)
    i18n.choose_language("zh_CN")
    said = tile(hall).said
    assert (said.windows, said.second, said.before) == ("6 个窗口", "", ""), "beside the figures"
    i18n.choose_language("en")
    hall.queue(*"A" * 12)
    said = tile(hall).said
    assert (said.count, said.before, said.range_, said.second) == ("12", "about", f"3{JOINER}–{JOINER}7", "6 windows")
    assert said.spoken == "Pay a bill, 12 people waiting, about 3 to 7 minutes, 6 windows"
    assert texts.line_wait_text(service_lines(*now_of(hall))[0]) == f"12 waiting · about 3{JOINER}–{JOINER}7 min"
    hall.queue(*"A" * 8)
    assert warning(hall) is None, "the day is long enough"
    hall.do("pause", "1", reason="call")
    for language, windows, second in (("en", "", "5 of 6 windows open"), ("zh_CN", "6 个窗口开 5 个", "")):
        i18n.choose_language(language)
        assert (tile(hall).said.windows, tile(hall).said.second) == (windows, second)


def test_a_tile_says_until_when_tickets_are_given_and_is_grey_for_the_reason_that_issuing_would_give(hall):
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
    hall.clock.now = at("10:30")
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
    hall.queue("B", "B", "B")
    assert (upcoming(hall, "B").ahead, upcoming(hall, "B", "elderly").ahead) == (4, 0)
    hall.do("set-row", "services", "B", {"last": 3})
    assert (upcoming(hall, "B").label, upcoming(hall, "B").trouble.code) == ("—", "series_full")


def test_a_day_that_gets_too_full_says_when_a_ticket_taken_now_is_called(hall, tmp_path):
    """The warning goes by the figure that it names: 40 people may take until after closing, 60 will. Where no window of
    the roster reaches the line there is none."""
    hall.clock.now = at("16:20")
    for _ in range(8):
        hall.issue("A")
        hall.serve_out("1", minutes=4)
    hall.queue(*"A" * 40)
    assert warning(hall) is None
    assert service_lines(*now_of(hall))[0].wait.may_exceed((at("17:30") - hall.clock()).total_seconds() / 60)
    hall.queue(*"A" * 20)
    assert texts.closing_overload_texts(warning(hall)) == (
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
    # In a new clinic nobody has begun: two rooms stand free, and the first of four has waited for an hour.
    (tmp_path / "clinic").mkdir()
    hall = CLINIC.make(tmp_path / "clinic", time="15:00")
    hall.play("open 1 staff=C1", "open 2 staff=C2")
    hall.queue(*"ABCA")
    hall.clock.now = CLINIC.at("16:10")
    assert warning(hall) is None
    hall.clock.now = CLINIC.at("16:40")
    assert services_closing_soon(*now_of(hall))["A"].reach is CallBeforeClosingVerdict.IN_TIME


@pytest.fixture
def stored_printer_choice(front) -> list[str]:
    """The printer of this PC: the last of the list, none at first, as with a PC whose system knows none."""
    chosen = [""]
    lend(front.page.context, printers=printers_of_pc(["T1"], lambda: chosen[-1]))
    front.page.controller.look_for_printer()
    return chosen


def test_keys_give_a_number_an_earlier_ticket_is_typed_and_nothing_prints_until_slips_do(front, stored_printer_choice):
    page, rail = front.page, front.page.print_rail
    front.touch(page.front.board.items[1])

    def choose(printer: str) -> tuple[str, str]:
        stored_printer_choice.append(printer)
        page.controller.look_for_printer()
        return rail.print_button.text(), rail.not_ready_button.text()

    number = ("Give ticket", "Papers missing: read out the list")
    ticket = ("Print ticket", "Papers missing: print the list")
    for printer, keys in (("", number), ("T1", ticket), ("none:", number), ("T9", ticket)):
        assert choose(printer) == keys, "one that is chosen and gone is not the same as none"
    # The head warns of a printer that is gone, but not of none.
    page.go_back()
    none, gone = "No printer", "Printer: not found by the system"
    for printer, told, token in (("", none, "ink2"), ("T9", gone, "amber"), ("none:", none, "ink2")):
        choose(printer)
        QApplication.processEvents()
        facts = page.head.top.findChildren(TextRunsLabel)
        (shown,) = [one for one in facts if one.isVisible() and one.text() == told]
        assert shown.runs[0].token == token
    # A printer that is chosen at another station of the PC is noticed.
    assert page.controller.paper.trouble.code == "no_printer"
    stored_printer_choice.append("T1")
    front.pass_time(minutes=1)
    assert page.controller.paper.trouble is None
    # An earlier ticket is scanned only where the hall prints slips.
    choose("none:")
    front.touch(page.front.board.tiles["A"])
    for effect in ("Type the earlier ticket here.", "Scan the code on the earlier ticket, or type it here."):
        front.touch(page.papers.return_button)
        question = front.question(EarlierTicketDialog)
        assert question.effect.text() == effect
        question.close_dialog()
        devices.record_device_state(front.hall.desk, front.hall.ask(actor_of_station("K1")), "printer", "K1", None)
        front.follow()
    rail = page.hall_rail
    (label,) = front.hall.queue("A")
    front.follow()
    for printer in ("", "T1"):
        stored_printer_choice.append(printer)
        page.controller.look_for_printer()
        page.show_tiles_and_reset()
        QApplication.processEvents()
        menu = [entry.text for entry in page.menu_entries()]
        assert rail.reprint_button.isVisible() is ("Print quiet times" in menu) is bool(printer)
        assert printer or rail.find_button.width() > rail.undo_button.width(), "its place is taken"
        assert "Printer" in menu, "it is chosen there"
        page.show_ticket(label)
        assert page.ticket_stage.buttons["reprint"].isVisible() is bool(printer)


def test_a_number_is_written_down_and_papers_are_read_out(front, stored_printer_choice) -> None:
    front.printer.trouble = front.page.controller.paper.trouble
    for language, label, told, counted in (
        ("en", "A001", "Please write down A001.", "Counted. Please read the list of papers out."),
        ("zh_CN", "A002", "请记下号码 A002。", "已记一次。请把材料念给客户。"),
    ):
        page = front.made_anew(language)
        number = page.read_out_stage
        front.give("A")
        assert (number.number.text(), number.sentence.text()) == (label, told)
        assert not number.again_button.isVisible()
        front.touch(number.done_button, page.front.board.items[1], page.print_rail.not_ready_button)
        assert (number.sentence.text(), len(number.papers)) == (counted, 4)
        assert not number.again_button.isVisible()
        front.touch(number.done_button)


@pytest.mark.hall(make=near_closing)
def test_the_tile_says_why_and_the_second_press_gives_it(front) -> None:
    before, rail, tile = len(front.log("issue")), front.page.print_rail, front.page.front.board.tiles["A"]
    assert tile.isEnabled() and "too late to be called before closing" in tile.accessibleName()
    front.touch(tile)
    assert "would not be called before closing at 17:30" in rail.refusal.text()
    assert (rail.print_button.isEnabled(), rail.print_button.text()) == (True, "Print ticket")
    front.touch(rail.print_button)
    assert (len(front.log("issue")), rail.print_button.text()) == (before, "Print anyway")
    front.touch(rail.print_button)
    assert (len(front.log("issue")), front.log("issue")[-1].data["closing"]) == (before + 1, "too_late")
