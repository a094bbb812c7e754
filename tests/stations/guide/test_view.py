"""The front desk's page under real presses and keys."""

from pathlib import Path
from typing import Any

from PySide6.QtCore import QRect, Qt

from queuedesk.core.errors import OutsideError, RuleError
from queuedesk.core.network.roles import Role
from queuedesk.core.queue.ticket import State
from queuedesk.desk import looking
from queuedesk.desk.setup import calendaring
from queuedesk.i18n.queue.line_words import why_now
from queuedesk.stations.guide.controller import GuideController
from queuedesk.stations.guide.front_stage import best_columns
from queuedesk.stations.guide.texts import Choice, Draft, find_numbers, missed_rows, ticket_facts, today, waiting_rows
from queuedesk.stations.guide.ticket.papers_stage import FactRow
from queuedesk.stations.widgets.panels import place_cells
from queuedesk.stations.widgets.questions.dialogs import PickDialog
from queuedesk.stations.window.context import InlineTasks, Printers, Services, Sounds
from tests.hall import MANAGER, at
from tests.stations.stubs import lend, stub
from tests.stations.whole_words import drawn

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
    front.touch(page.papers.then_buttons()[0], page.print_rail.print_button)
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
    shown = [(row.name.text(), row.figure.text()) for row in rail.findChildren(FactRow)]
    windows = ("Windows", "3\u2060–\u20606")
    assert shown == [("Ahead, in all", "2 people"), ("Expected wait", "no wait"), windows]


def test_a_day_unlike_its_weekday_and_the_last_ticket_are_told_before_anything_is_pressed(front):
    page, board, rail, sounds = front.page, front.page.front.board, front.page.print_rail, []
    lend(page.context, sounds=stub(Sounds, play=sounds.append))
    assert page.front.day_line.isHidden()
    tomorrow = {"2026-11-21": {"kind": "holiday", "text": "设备检修", "text_en": "Repairs"}}
    calendaring.set_days(front.hall.desk, front.hall.ask(MANAGER), tomorrow)
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


class Late(InlineTasks):
    """Lanes that keep what they are asked, to be done and answered when told so."""

    def __init__(self) -> None:
        self.asked: list[tuple[Any, Any, Any]] = []

    def run(self, work: Any, done: Any, refused: Any) -> None:
        self.asked.append((work, done, refused))

    def answer(self) -> None:
        while self.asked:
            super().run(*self.asked.pop(0))


def test_a_late_answer_leaves_the_next_ticket_alone_and_what_became_of_one_without_is_known(front, context):
    page, late = front.page, Late()
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
    page.back()
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
    page.take_outcome(front.log("issue")[-1])
    page.forget_unanswered()
    late.answer()
    assert front.is_at_the_start
    assert (front.printer.slips, len(front.log("issue"))) == (["A001", "B001", "A002"], 3)

    leave_unanswered(done=False)
    front.touch(page.papers.class_buttons["elderly"])
    assert not print_button.isEnabled()
    page.forget_unanswered()
    front.touch(print_button)
    late.answer()
    assert front.is_at_the_start
    assert [event.data.get("class") for event in front.log("issue")][3:] == ["elderly"], "it was not given before"


def test_without_paper_numbers_and_papers_are_told_and_printed_once_there_is_some(front, context):
    page, number, item = front.page, front.page.number, front.page.front.board.items[1]
    again = number.again_button
    front.printer.trouble = OutsideError("no_printer", printer="T1")
    front.give("A")
    assert number.isVisible()
    told = (number.number.text(), number.sentence.text())
    assert told == ("A001", "No printer: please write down A001; it is valid.")
    assert (again.isEnabled(), again.text(), again.accessibleDescription()) == (
        False,
        "Print again",
        "no printer is chosen",
    )
    assert front.log("void") == []
    front.keys(ENTER)
    assert front.is_at_the_start
    page.acts.toast.dismiss()

    front.touch(item)
    asked = [row.text() for row in page.papers.papers.rows]
    front.touch(page.print_rail.not_ready_button)
    assert number.sentence.text() == "Counted. No printer: please read the list of papers out."
    assert len(asked) == 4
    assert all(name in label.text() for name, label in zip(asked, number.papers, strict=True))
    assert (page.acts.toast.isVisible(), len(front.log("not-ready"))) == (False, 1)

    front.printer.trouble = None
    lend(context, printers=stub(Printers, printers=lambda: ["T1"], chosen_printer=lambda: "T1"))
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
    for trouble, told in (
        (None, "Slip printed"),
        (RuleError("quiet_hours_unknown"), "No forecast yet: it needs three earlier days with customers."),
    ):
        front.printer.trouble = trouble
        entries["Print quiet times"]()
        assert page.acts.toast.text() == told
    assert (front.printer.slips, front.is_at_the_start) == (["quiet hours"], True)

    known = stub(
        Printers,
        printers=lambda: ["T1", "T2"],
        plugged_printers=list,
        chosen_printer=lambda: kept[-1],
        choose_printer=kept.append,
    )
    lend(context, printers=known, folder=lambda part: Path("/data", part))
    for choice, trouble in (("T2", None), ("none:", "no_printer")):
        next(one for one in page.menu_entries() if one.text == "Printer").act()
        question = front.question(PickDialog)
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
    assert (page.ticket.isVisible(), page.ticket.number.text()) == (True, "B004")
    for opens, typed in ((page.hall_rail.find_button, "B3"), (page.front.search.edit, "gfbw")):
        front.keys(ESCAPE)
        front.touch(opens)
        for key in typed:
            front.touch(page.front.finds.keys.keys[key])
        front.keys(ENTER)
    assert (page.ticket.number.text(), page.draft.first.item) == ("B003", "gfbw")


def test_while_the_file_is_away_one_can_look_but_not_take(front):
    front.hall.queue("A")
    front.follow()
    page, tiles, wanted = front.page, front.page.front.board.tiles, []
    page.help_wanted.connect(wanted.append)
    page.show_away(at("10:42"))
    assert page.messages.shown().fact == "The hall's file can't be opened since 10:42"
    assert not any(key.isEnabled() for key in (*tiles.values(), page.hall_rail.find_button))
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
    assert tiles["A"].isEnabled() and not page.messages.isVisible()

    front.keys(ESCAPE)
    front.touch(tiles["A"])
    page.show_away(at("10:42"))
    front.keys(ENTER)
    assert (page.print_rail.print_button.isEnabled(), len(front.log("issue"))) == (False, 1)


def test_letters_that_found_a_service_stand_in_one_word_with_those_after_them(front):
    name = front.page.context.feed.setup.services["A"].name_en
    front.keys(name[:3].lower())
    line = [word for word in drawn(front.page.front.finds.results).words if word.text in (name[:3], name[3:])]
    found, rest = line[:2]
    assert (found.text, rest.text) == (name[:3], name[3:])
    assert abs(rest.box.left() - found.box.right()) < 1


def test_a_stage_is_made_when_it_is_first_shown_and_speaks_the_language_of_then(front):
    assert not vars(front.page).keys() & {"drafting", "ticket", "line", "number"}
    page = front.made_anew("zh_CN")
    assert (page.hall_rail.find_button.text(), page.front.board.tiles["A"].text()) == ("查号", "电费缴纳")
    front.keys("gmgh")
    assert page.front.finds.results.current().name == "更名过户"
    front.keys(ESCAPE)
    front.touch(page.front.board.tiles["A"])
    assert (page.stage.currentWidget(), page.rail.currentWidget()) == (page.papers, page.print_rail)
    front.touch(page.print_rail.print_button)
    for name in ("line", "ticket"):
        page.pages()[name]()
        stage = getattr(page, name)
        assert page.stage.currentWidget() is stage, name
        back = getattr(stage, "stage", stage).back_button
        assert back.text() == "返回"
        front.touch(back)
        assert page.stage.currentWidget() is page.front
    assert front.printer.slips[-1] in [row.number for row in page.line.stage.rows.tickets.rows()]


def test_the_printer_is_ready_where_the_one_chosen_is_there(context):
    """Known before the first ticket, on a PC without printers, too."""

    def trouble(own: str, found: list[str], **more: object) -> OutsideError | None:
        lend(context, printers=stub(Printers, printers=lambda: found, chosen_printer=lambda: own), **more)
        controller = GuideController(context)
        assert controller.paper.is_known is bool(more)
        controller.look_for_printer()
        assert controller.paper.is_known
        return controller.paper.trouble

    two = ["T1", "T2"]
    assert [trouble(own, two) for own in ("T1", "png:/tmp/slips")] == [None, None]
    for own, found in (("T9", two), ("none:", two), ("", two), ("", [])):
        assert trouble(own, found).code == "no_printer"
    gone = trouble("T1", ["T1"], watch_printer=lambda tell: tell({"cause": "offline", "warning": ""}))
    assert gone.details["cause"] == "offline", "though the system knows it"

    troubles, asked = [], []
    none = stub(Printers, printers=lambda: asked.append("asked") or [], chosen_printer=str)
    lend(context, printers=none, watch_printer=None)
    context.options = {"picture": True}
    controller = GuideController(context)
    controller.look_for_printer()
    assert (asked, controller.paper.trouble, controller.paper.is_known) == ([], None, False), "a picture asks none"
    context.services = Services()
    controller = GuideController(context)
    controller.not_printed.connect(lambda slip, trouble: troubles.append((trouble.code, trouble.details)))
    controller.issue(Draft(Choice("A")))
    assert troubles == [("no_printer", {"ticket": "A001"})], "without a printing tool it names the number"


def test_the_last_ticket_is_that_of_the_person_here_and_is_not_undone_while_it_is_served(controller, hall, catch_up):
    refused = []
    controller.refused.connect(lambda verb, trouble: refused.append((verb, trouble.code)))
    controller.issue(Draft(Choice("A")))
    hall.issue("B")
    catch_up()
    assert controller.last_ticket().label == "A001"
    hall.play("call 1", "start 1")
    catch_up()
    assert controller.undoable() is None
    assert refused == [("void", "wrong_state")]


def now_of(hall):
    return looking.hall_now(hall.desk, hall.clock())


def test_the_rows_stand_in_call_order_with_their_waits_and_the_latest_missed_first(hall):
    hall.play("issue A", 6)
    hall.issue("B", klass="elderly")
    hall.clock.move(minutes=10)
    rows = waiting_rows(now_of(hall), hall.clock())
    assert [(row.number, row.class_text, row.wait, row.level) for row in rows] == [
        ("B001", "Elderly", "10 min", "amber"),
        ("A001", "", "16 min", "red"),
    ]

    hall.queue("A", "A", minutes_apart=1)
    hall.do("postpone", "A001")
    rows = waiting_rows(now_of(hall), hall.clock())
    moved = [("B001", "Elderly"), ("A002", ""), ("A001", "moved"), ("A003", "")]
    assert [(row.number, row.class_text) for row in rows] == moved, "as the public list says it"

    for window in ("1", "2"):
        hall.call(window)
    for window in ("1", "2"):
        hall.clock.move(minutes=3)
        hall.do("miss", window)
    rows = missed_rows(now_of(hall), hall.clock())
    assert [(row.label, row.since) for row in rows] == [("A001", "missed just now"), ("A002", "missed 3 min ago")]


def test_a_number_is_found_as_it_is_typed_the_living_before_those_who_are_done(hall):
    hall.queue("A", "A", "B")

    def found(typed: str) -> list[str]:
        return [ticket.label for ticket in find_numbers(now_of(hall), typed)]

    assert [found(typed) for typed in ("b1", "B001", "b 001")] == [["B001"]] * 3
    assert (found("1"), found("00")) == (["A001", "B001"], ["A001", "A002", "B001"])
    assert [found(typed) for typed in ("a", "gmgh", "b9", "")] == [[]] * 4
    hall.do("leave", "A001")
    assert found("1") == ["B001", "A001"]


def test_a_card_offers_what_the_state_allows_and_says_why_its_ticket_still_waits(hall):
    def acts(label: str) -> tuple[str, ...]:
        state = now_of(hall)
        return ticket_facts(state, today(state, label), hall.clock(), Role.GUIDE).acts

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
    state = now_of(hall)
    still = [t for t in state.tickets.values() if t.state is State.WAITING and t.service == "A"][-1]
    why = ticket_facts(state, still, hall.clock(), None).why
    assert (why, why.count(".")) == (why_now(state, still, hall.clock()), 1)
    assert "is waiting because" in why


def test_tiles_share_a_small_screen_and_the_search_gives_the_initials_of_an_item_of_this_hall(front):
    for count, columns in ((1, 1), (2, 2), (4, 2), (6, 2), (9, 3), (12, 4)):
        assert best_columns(count, 894, 386) == columns
    area = QRect(0, 0, 212, 0)
    both = [QRect(0, 0, 100, 50), QRect(112, 0, 100, 50)]
    assert place_cells(area, 3, 2, 50, 12) == [*both, QRect(0, 62, 212, 50)]
    assert place_cells(area, 3, 2, 50, 12, share_last=False) == [*both, QRect(0, 62, 100, 50)]

    stage = front.page.front
    assert stage.search.edit.accessibleName() == "Search services, papers or a ticket number"
    stage = front.made_anew("zh_CN").front
    words, _such, short = stage.search.edit.accessibleName().rpartition("，如 ")
    assert words and stage.index.find(short)

    stage = front.made_anew("en").front
    items = [Choice("A", f"i{n}") for n in range(8)]
    stage.board.set_favourites([(one, "A", f"Item {n}") for n, one in enumerate(items)], set())
    assert (len(stage.board.items), stage.board.unseen()) == (6, items[6:])
    front.touch(stage.board.more_button)
    assert stage.search.is_open


def test_a_new_ticket_is_marked_beside_its_papers_with_a_language_too_where_somebody_speaks_one(front):
    papers = front.page.papers
    front.keys("gmgh", ENTER)
    assert not papers.language_button.isVisible()
    front.meanwhile("set-row", "staff", "C1", {"languages": ["English"]})
    for button, answer, words in (
        (papers.need_button, "deaf", "Hard of hearing"),
        (papers.language_button, "English", "English"),
    ):
        front.touch(button)
        front.touch(front.question(PickDialog).answers[answer])
        assert button.text() == words
    front.keys(ENTER)
    (event,) = front.log("issue")
    assert (event.data["need"], event.data["speaks"], front.printer.slips) == ("deaf", "English", ["B001"])


def test_the_card_comes_two_calls_before_and_goes_when_they_were_fetched(front):
    card, toast = front.page.hall_rail.to_fetch, front.page.acts.toast
    front.hall.queue("A", "A", "A", "A")
    front.follow()
    front.page.show_ticket("A004")
    front.touch(front.page.ticket.buttons["need"])
    front.touch(front.question(PickDialog).answers["wheelchair"])
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
