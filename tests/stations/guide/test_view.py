"""Real presses and keys at the front desk, and how many of them each thing takes."""

from __future__ import annotations

from itertools import product
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from queuedesk import i18n
from queuedesk.core.errors import OutsideError, RuleError
from queuedesk.core.queue.overview import service_lines, set_up
from queuedesk.desk.setup import calendaring
from queuedesk.stations.guide import station as guide
from queuedesk.stations.guide.choices import favourites
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


def test_a_page_that_is_made_works_out_its_lines_once(front, monkeypatch):
    worked_out = []
    monkeypatch.setattr(guide, "service_lines", lambda *given: worked_out.append(given) or service_lines(*given))

    page = GuideView(front.page.context, GuideController(front.page.context))

    assert len(worked_out) == 1
    page.stop()
    page.deleteLater()


# -- a ticket ---------------------------------------------------------------------------------------------------


def test_a_service_is_printed_in_two_touches(front):
    front.touch(front.page.front.board.tiles["A"])
    front.touch(front.page.print_rail.print_button)

    assert front.touches == 2
    assert front.printer.slips == ["A001"]
    assert is_at_the_start(front.page)
    assert front.page.acts.toast.text() == "Printed A001"


def test_a_favourite_item_is_printed_in_two_touches(front):
    front.touch(front.page.front.board.items[1])
    front.touch(front.page.print_rail.print_button)

    (event,) = front.log("issue")
    assert front.touches == 2
    assert (event.service, event.data["item"]) == ("B", "gmgh")


def test_a_day_unlike_its_weekday_is_told_over_the_services(front):
    assert front.page.front.day_line.isHidden()
    tomorrow = {"2026-11-21": {"kind": "holiday", "text": "设备检修", "text_en": "Repairs"}}
    calendaring.set_days(front.hall.desk, front.hall.ask(MANAGER), tomorrow)
    front.follow()

    assert front.page.front.day_line.title() == "Closed tomorrow: Repairs"
    assert front.page.front.day_line.isVisible()


def test_papers_make_room_when_keys_below_take_another_row(front):
    front.touch(front.page.front.board.items[1])
    stage = front.page.papers
    rows_before = stage.classes.height()

    stage.need_button.setText("Fetch when called by somebody")
    settled()

    assert stage.classes.height() > rows_before
    assert stage.papers.height() <= stage.papers.parentWidget().height()


def test_beside_long_keys_no_hint_takes_the_papers_room(front):
    front.touch(front.page.front.board.items[1])
    stage = front.page.papers
    key = stage.offer_button.geometry()

    front.page.resize(1024, 768)
    settled()

    assert "One ticket can cover several" not in " ".join(word.text for word in drawn(stage).words)
    assert stage.height() - stage.offer_button.geometry().bottom() <= stage.height() - key.bottom()


@pytest.mark.parametrize(("text_pct", "is_lone"), [(100, False), (150, True)])
def test_the_key_for_messages_gives_up_its_word_only_to_large_letters(front, text_pct, is_lone):
    front.page.context.look.set_scale(Scale.staff(1024, 768, text_pct))
    front.page.resize(1024, 768)
    settled()

    key = front.page.talk.message_button
    assert ("Message" not in [word.text for word in drawn(front.page).words if word.on is key]) is is_lone


def test_what_is_said_of_the_next_ticket_is_whole_in_a_narrow_rail(front):
    rail = front.page.print_rail
    for code in [code for code, window in front.page.state.windows.items() if window.staff]:
        front.hall.do("close", code)
    front.follow()
    front.touch(front.page.front.board.tiles["A"])
    front.page.resize(1024, 768)
    settled()

    assert [word.whole for word in drawn(rail).words if word.is_cut] == []


def test_a_class_takes_one_touch_more(front):
    front.touch(front.page.front.board.tiles["A"])
    front.touch(front.page.papers.class_buttons["elderly"])
    front.touch(front.page.print_rail.print_button)

    assert front.touches == 3
    assert front.log("issue")[0].data["class"] == "elderly"


def test_a_second_service_takes_two_touches_more_and_stands_on_the_same_ticket(front):
    page = front.page
    front.touch(page.front.board.tiles["B"])
    front.touch(page.papers.add_button)
    assert not page.front.board.tiles["B"].isEnabled()
    front.touch(page.front.board.tiles["A"])
    front.touch(page.print_rail.print_button)

    assert front.touches == 4
    (event,) = front.log("issue")
    assert (event.service, event.data["steps"]) == ("B", ["A"])
    assert page.front.board.tiles["B"].isEnabled()


def test_a_service_added_by_mistake_is_taken_off_by_pressing_it(front):
    page = front.page
    front.touch(page.front.board.tiles["B"])
    front.touch(page.papers.add_button)
    front.touch(page.front.board.tiles["A"])
    front.touch(page.papers.then_buttons()[0])
    front.touch(page.print_rail.print_button)

    assert "steps" not in front.log("issue")[0].data


def test_not_ready_takes_two_touches_and_gives_no_ticket(front):
    front.touch(front.page.front.board.items[1])
    front.touch(front.page.print_rail.not_ready_button)

    assert front.touches == 2
    assert front.printer.slips == ["papers B gmgh"]
    assert (len(front.log("not-ready")), front.log("issue")) == (1, [])
    assert is_at_the_start(front.page)


def test_a_service_without_papers_still_shows_class_and_print(front):
    page = front.page
    front.touch(page.front.board.tiles["D"])

    assert page.papers.class_buttons["normal"].isVisible()
    assert page.print_rail.print_button.isEnabled()
    assert not page.print_rail.not_ready_button.isVisible()
    assert page.papers.papers.rows == []


def test_ticks_are_a_help_and_gone_with_the_next_customer(front):
    page = front.page
    front.touch(page.front.board.items[1])
    front.touch(page.papers.papers.rows[0])
    assert page.papers.papers.rows[0].isChecked()
    front.touch(page.papers.back_button)
    front.touch(page.front.board.items[1])

    assert [row.isChecked() for row in page.papers.papers.rows] == [False] * 4


def test_beside_the_papers_stands_what_the_ticket_will_say(front):
    front.hall.queue("B", "B")
    front.follow()
    front.touch(front.page.front.board.items[1])

    rail = front.page.print_rail
    assert rail.number.text() == "B003"
    shown = [(row.name.text(), row.figure.text()) for row in rail.findChildren(FactRow)]
    assert shown == [
        ("Ahead, in all", "2 people"),
        ("Expected wait", "no wait"),
        ("Windows", "3–6".replace("–", "\u2060–\u2060")),
    ]


def test_a_refusal_stands_beside_the_button(front):
    page = front.page
    front.hall.clock.now = at("16:59")
    page.refresh()
    front.touch(page.front.board.tiles["A"])
    front.hall.clock.now = at("17:01")
    front.touch(page.print_rail.print_button)

    assert page.print_rail.refusal.isVisible()
    assert page.print_rail.refusal.text() == "Tickets for A end at 17:00."
    assert front.log("issue") == []


class Late(InlineTasks):
    """Lanes that keep what they are asked, to be done and answered when told so."""

    def __init__(self) -> None:
        self.asked: list[tuple[Any, Any, Any]] = []

    def run(self, work: Any, done: Any, refused: Any) -> None:
        self.asked.append((work, done, refused))

    def answer(self) -> None:
        while self.asked:
            super().run(*self.asked.pop(0))


def test_a_late_answer_leaves_the_next_ticket_alone(front, context):
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
    late.answer()
    assert is_at_the_start(page)
    assert [event.ticket for event in front.log("issue")] == ["A001", "B001"]


def test_a_class_pressed_before_the_answer_asks_for_no_second_ticket(front, context):
    page, late = front.page, Late()
    context.tasks = late
    front.touch(page.front.board.tiles["A"])
    front.touch(page.print_rail.print_button)
    front.touch(page.papers.class_buttons["elderly"])
    late.answer()

    assert is_at_the_start(page)
    assert [event.ticket for event in front.log("issue")] == ["A001"]


def unanswered(front: Any, late: Late, *, done: bool) -> None:
    """Press print; the server falls silent before the answer comes, after the ticket was issued or before."""
    front.touch(front.page.front.board.tiles["A"])
    front.touch(front.page.print_rail.print_button)
    work, _done, refused = late.asked.pop()
    if done:
        work()
    refused(OutsideError("database_away", command="own-1", verb="issue", asked=front.hall.clock()))


def test_a_ticket_given_although_no_answer_came_is_under_way_no_more(front, context):
    page, late = front.page, Late()
    context.tasks = late
    unanswered(front, late, done=True)
    assert page.print_rail.refusal.isVisible()

    # A change in between makes no other ticket of it.
    front.touch(page.papers.class_buttons["elderly"])
    front.touch(page.print_rail.print_button)
    assert late.asked == []

    (event,) = front.log("issue")
    page.take_outcome(event)
    page.forget_unanswered()
    late.answer()
    assert is_at_the_start(page)
    assert front.printer.slips == ["A001"]
    assert len(front.log("issue")) == 1


def test_a_ticket_that_was_not_given_can_be_printed_once_that_is_known(front, context):
    page, late = front.page, Late()
    context.tasks = late
    unanswered(front, late, done=False)
    front.touch(page.papers.class_buttons["elderly"])
    assert not page.print_rail.print_button.isEnabled()

    page.forget_unanswered()
    front.touch(page.print_rail.print_button)
    late.answer()
    assert is_at_the_start(page)
    assert [event.data["class"] for event in front.log("issue")] == ["elderly"]


def test_after_the_last_ticket_tiles_are_dashed_and_say_so(front):
    front.hall.clock.now = at("17:10")
    front.page.tick(front.hall.clock())

    tile = front.page.front.board.tiles["A"]
    assert not tile.isEnabled()
    assert tile.accessibleName() == "Pay a bill, last ticket was at 17:00"
    assert not any(item.isEnabled() for item in front.page.front.board.items)


# -- a printer in trouble ---------------------------------------------------------------------------------------


def test_without_paper_the_number_stands_over_the_whole_stage(front):
    page = front.page
    front.printer.trouble = OutsideError("no_printer", printer="T1")
    front.touch(page.front.board.tiles["A"])
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


def test_without_paper_the_list_of_papers_is_read_out_and_the_visitor_is_counted(front, context):
    page = front.page
    front.printer.trouble = OutsideError("no_printer", printer="T1")
    front.touch(page.front.board.items[1])
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


def test_the_printer_is_chosen_in_the_menu_and_used_at_once(front, context):
    page, kept = front.page, []
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


def test_quiet_hours_are_printed_from_the_menu(front):
    page = front.page
    entry = next(one for one in page.menu_entries() if one.text == "Print quiet times")
    entry.act()
    assert (front.printer.slips, page.acts.toast.text()) == (["quiet hours"], "Slip printed")
    front.printer.trouble = RuleError("quiet_hours_unknown")
    entry.act()

    assert page.acts.toast.text() == "No forecast yet: it needs three earlier days with customers."
    assert is_at_the_start(page)


def test_printing_again_from_the_number_leads_back_when_it_works(front):
    page = front.page
    front.printer.trouble = OutsideError("printer_refused", printer="T1")
    front.touch(page.front.board.tiles["A"])
    front.touch(page.print_rail.print_button)
    front.printer.trouble = None
    front.touch(page.number.again_button)

    assert front.printer.slips == ["A001 again"]
    assert is_at_the_start(page)


# -- keyboard ---------------------------------------------------------------------------------------------------


def test_letters_and_enter_twice_print_without_a_touch(front):
    front.keys("gmgh", ENTER)
    assert front.page.stage.currentWidget() is front.page.papers
    front.keys(ENTER)

    assert front.touches == 0
    assert front.log("issue")[0].data["item"] == "gmgh"


def test_the_arrow_chooses_another_find(front):
    front.keys("gmgh", Qt.Key.Key_Down, ENTER)

    assert front.page.draft.first.item == "gmghdb"


def test_escape_leads_back_step_by_step(front):
    page = front.page
    front.keys("gmgh", ENTER)
    front.keys("fp")
    assert page.front.search.is_open
    front.keys(ESCAPE)
    assert page.stage.currentWidget() is page.papers
    assert page.draft.first.item == "gmgh"
    front.keys(ESCAPE)

    assert is_at_the_start(page)
    assert page.front.search.text() == ""


def test_digits_find_a_ticket_and_enter_shows_its_card(front):
    front.hall.queue("A", "B", "B")
    front.follow()
    front.keys("b2", ENTER)

    assert front.page.ticket.isVisible()
    assert front.page.ticket.number.text() == "B002"


def test_control_z_takes_the_last_ticket_back_while_its_notice_stands(front):
    front.keys("gmgh", ENTER, ENTER)
    front.key_with_control(Qt.Key.Key_Z)

    assert [event.ticket for event in front.log("void")] == ["B001"]
    assert front.log("void")[0].data["reason"] == "undone"


def test_control_z_asks_once_the_notice_is_gone(front):
    front.keys("gmgh", ENTER, ENTER)
    front.page.acts.toast.dismiss()
    front.key_with_control(Qt.Key.Key_Z)

    assert front.log("void") == []
    front.keys(ESCAPE)
    assert front.log("void") == []


def test_the_screens_own_keys_search_too(front):
    page = front.page
    front.touch(page.front.search.edit)
    for letter in "gfbw":
        front.touch(page.front.finds.keys.keys[letter])
    front.keys(ENTER)

    assert page.draft.first.item == "gfbw"


def test_the_pad_finds_a_number(front):
    page = front.page
    front.hall.queue("A", "B")
    front.follow()
    front.touch(page.hall_rail.find_button)
    for key in ("B", "1"):
        front.touch(page.front.finds.keys.keys[key])
    front.keys(ENTER)

    assert page.ticket.number.text() == "B001"


# -- states -----------------------------------------------------------------------------------------------------


def test_while_the_file_is_away_one_can_look_but_not_take(front):
    front.hall.queue("A")
    front.follow()
    page = front.page
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
    page.show_away(None)
    assert page.front.board.tiles["A"].isEnabled()
    assert not page.messages.isVisible()


def test_a_print_page_that_loses_the_file_can_not_print(front):
    front.touch(front.page.front.board.tiles["A"])
    front.page.show_away(at("10:42"))
    front.keys(ENTER)

    assert not front.page.print_rail.print_button.isEnabled()
    assert front.log("issue") == []


def test_the_language_changes_while_running(front):
    i18n.use("zh_CN")
    front.page.retranslate()

    assert front.page.hall_rail.find_button.text() == "查号"
    assert front.page.front.board.tiles["A"].text() == "电费缴纳"
    QTest.keyClicks(front.page.front.search.edit, "gmgh")
    assert front.page.front.finds.results.current().name == "更名过户"


def test_nothing_lies_over_anything_else_at_any_size(front):
    page, board, rail = front.page, front.page.front.board, front.page.print_rail
    sizes = (1366, 768, 100), (1366, 768, 150), (1920, 1080, 100), (3840, 2160, 125)
    for (width, height, text_pct), lang in product(sizes, i18n.LANGUAGES):
        case = width, height, text_pct, lang
        i18n.use(lang)
        page.show_front()
        page.resize(width, height)
        page.context.look.set_scale(Scale.staff(width, height, text_pct))
        page.retranslate()
        settled()
        shown = [*board.tiles.values(), *(item for item in board.items if item.isVisible())]
        for number, one in enumerate(shown):
            assert board.rect().contains(one.geometry()), case
            assert not any(one.geometry().intersects(other.geometry()) for other in shown[number + 1 :]), case
        page.choose(favourites(set_up(page.state))[1])
        settled()
        assert rail.isVisible(), case
        assert rail.print_button.height() >= rail.print_button.minimumSizeHint().height(), case
        assert rail.rect().contains(rail.print_button.geometry()), case


def test_while_the_hall_is_away_the_way_to_work_on_paper_is_one_touch_away(front):
    wanted = []
    front.page.help_wanted.connect(wanted.append)
    front.page.show_away(at("10:42"))
    front.touch(front.page.messages.buttons()["lead"])

    assert wanted == ["days"]


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
