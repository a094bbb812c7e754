"""Real presses and keys at the front desk, and how many of them each thing takes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt

from queuedesk import i18n
from queuedesk.core.errors import OutsideError, RuleError
from queuedesk.core.queue.overview import service_lines
from queuedesk.desk import looking
from queuedesk.desk.setup import calendaring
from queuedesk.stations.guide import station as guide
from queuedesk.stations.guide.controller import GuideController
from queuedesk.stations.guide.screen_keys import ScreenKeys
from queuedesk.stations.guide.station import GuideView
from queuedesk.stations.guide.ticket.papers_stage import FactRow
from queuedesk.stations.widgets.questions.dialogs import PickDialog
from queuedesk.stations.window.services import Printers
from queuedesk.stations.window.style import Look, Scale
from queuedesk.stations.window.tasks import InlineTasks
from tests.hall import MANAGER, at
from tests.stations.stubs import lend, stub
from tests.stations.whole_words import drawn, settled

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


def test_where_there_is_little_room_keys_and_papers_keep_theirs(front):
    page, board = front.page, front.page.front.board
    front.touch(board.items[1])
    stage = page.papers
    key = stage.offer_button.geometry()
    page.resize(1024, 768)
    settled()
    assert "One ticket can cover several" not in " ".join(word.text for word in drawn(stage).words)
    assert stage.height() - stage.offer_button.geometry().bottom() <= stage.height() - key.bottom()

    page.resize(1366, 768)
    settled()
    rows_before = stage.classes.height()
    stage.need_button.setText("Fetch when called by somebody")
    settled()
    assert stage.classes.height() > rows_before, "the keys take another row"
    assert stage.papers.height() <= stage.papers.parentWidget().height()
    page.back()

    for code in [code for code, window in page.state.windows.items() if window.staff]:
        front.hall.do("close", code)
    front.follow()
    front.touch(board.tiles["A"])
    page.resize(1024, 768)
    settled()
    assert [word.whole for word in drawn(page.print_rail).words if word.is_cut] == []
    page.back()

    for width, height, text_pct, is_lone in ((1024, 768, 100, False), (1024, 768, 150, True), (3840, 2160, 125, False)):
        page.context.look.set_scale(Scale.staff(width, height, text_pct))
        page.resize(width, height)
        settled()
        shown = [*board.tiles.values(), *(item for item in board.items if item.isVisible())]
        for number, one in enumerate(shown):
            assert board.rect().contains(one.geometry()), width
            assert not any(one.geometry().intersects(other.geometry()) for other in shown[number + 1 :]), width
        key = page.talk.message_button
        words = [word.text for word in drawn(page).words if word.on is key]
        assert ("Message" not in words) is is_lone, "only large letters take its word"


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


@pytest.mark.parametrize(("width", "seen"), [(790, ["Delete"]), (420, [])])
def test_the_key_that_deletes_is_a_sign_where_its_word_does_not_fit(qtbot, width, seen):
    keys = ScreenKeys(Look())
    qtbot.addWidget(keys)
    keys.set_words("Delete", "Clear")
    keys.show_letters()
    keys.resize(width, keys.sizeHint().height())

    assert [word.text for word in drawn(keys).words if len(word.text) > 1] == seen
    assert keys.keys["delete"].text() == "Delete"


def test_a_stage_is_made_when_it_is_first_shown_and_speaks_the_language_of_then(front):
    page = front.page
    assert not vars(page).keys() & {"drafting", "ticket", "line", "number", "appointments", "booked"}
    i18n.use("zh_CN")
    page.retranslate()
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
        stage = getattr(page, name)
        assert page.stage.currentWidget() is stage, name
        back = getattr(stage, "stage", stage).back_button
        assert back.text() == "返回"
        front.touch(back)
        assert page.stage.currentWidget() is page.front
    assert label in [row.number for row in page.line.stage.rows.tickets.rows()]
