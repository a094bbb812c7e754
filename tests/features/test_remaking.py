"""What pages of features keep when they are made anew in the other language, and when none is."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from queuedesk.i18n.quality import rating_group_name
from queuedesk.stations.manager.pages import NOTICES, QUALITY, REPORTS, TICKETS, TODAY, WAITS
from queuedesk.stations.manager.quality.month_rows import FORUMS, THANKS
from queuedesk.stations.manager.sections import CASES, MONTH, WHY
from queuedesk.stations.manager.station import ManagerView
from queuedesk.stations.window.day_dialog import DayPickerDialog
from tests.stations.manager.test_remaking import opened, speak


def anew(view: ManagerView, key: str, tab: str = "") -> Any:
    """Let the station speak the other language with this page in front; return what came in its place."""
    before = opened(view, key, tab)
    speak(view)
    page = view.stack.get_or_make_page(key)
    page = page.pages.get_or_make_page(tab) if tab else page  # type: ignore[attr-defined]
    assert page is not before, (key, tab)
    return page


TYPED: dict[tuple[str, str], Callable[[Any], QLineEdit]] = {
    (TICKETS, ""): lambda page: page.search.edit,
    (NOTICES, ""): lambda page: page.text.edit,
    ("booked", ""): lambda page: page.board.search.edit,
    (REPORTS, "packs"): lambda page: page.note.edit,
    (WAITS, "what-if"): lambda page: page.form.services_field.edit,
    (QUALITY, "cases"): lambda page: page.search.edit,
}


def test_a_page_comes_back_in_the_other_language_as_it_was(office):
    view = office.page
    # Date, filters, row and scroll are as they were left.
    fairness = opened(view, WAITS, "fairness")
    fairness.set_day(fairness.day - timedelta(days=1))
    assert anew(view, WAITS, "fairness").day == view.controller.business_date - timedelta(days=1)
    why = opened(view, QUALITY, WHY)
    why.spans.setCurrentIndex(1)
    why.spans.activated.emit(1)
    why.filter_ratings({"window": "3"})
    days = why.spans.currentData()
    again = anew(view, QUALITY, WHY)
    filtered = rating_group_name(view.context.feed.setup, "window", "3")
    assert (again.spans.currentData(), again.filter_button.text()) == (days, filtered)
    for n in range(40):
        office.hall.do("forum", office.hall.date, 5, about=f"Forum {n}", issues=[f"Issue {n}"])
    office.follow()
    page = opened(view, QUALITY, FORUMS)
    office.later(seconds=5)
    page.table.selectRow(25)
    page.table.verticalScrollBar().setValue(20)
    chosen, scrolled = page.table.chosen_row_key(), page.table.verticalScrollBar().value()
    assert scrolled > 0
    page = anew(view, QUALITY, FORUMS)
    office.later(seconds=5)
    assert (page.table.chosen_row_key(), page.table.verticalScrollBar().value()) == (chosen, scrolled)
    paper = opened(view, "paper")
    office.touch(paper.day_button)
    office.touch(next(day for day in office.question(DayPickerDialog).days if day.isEnabled() and day.isVisible()))
    days = paper.day_button.text()
    anew(view, "paper")
    assert anew(view, "paper").day_button.text() == days, "the date to which typed times belong"
    # So is what is typed, and a sentence that was chosen.
    for (key, tab), field in TYPED.items():
        QTest.keyClicks(field(opened(view, key, tab)), "A1")
        assert field(anew(view, key, tab)).text() == "A1", (key, tab)
    opened(view, NOTICES).text.set_value("System down, please wait")
    assert anew(view, NOTICES).text.value() == "System down, please wait"
    notices = opened(view, NOTICES)
    notices.ready.setCurrentIndex(3)
    notices.ready.activated.emit(3)
    notices = anew(view, NOTICES)
    assert notices.ready.currentIndex() == 3 and notices.preview.text_of_draft_notice == notices.ready.currentText()
    # A page that is not in front follows when it is opened.
    tickets = opened(view, TICKETS)
    view.open_page(TODAY)
    speak(view)
    assert view.stack.page_if_already_made(TICKETS) is tickets
    view.open_page(TICKETS)
    assert view.stack.page_if_already_made(TICKETS) is not tickets
    # Files made for the printer go with their page and are made again.
    opened(view, WAITS, "fairness").print_button.click()
    anew(view, WAITS, "fairness").print_button.click()
    assert len(office.paper.printed) == 2


def test_nothing_is_made_anew_under_a_question_or_while_somebody_waits_for_an_answer(office, monkeypatch):
    view = office.page
    page = opened(view, QUALITY, FORUMS)
    noted = next(at for at, act in enumerate(page.spec.acts) if act.form is not None and not act.of_row)
    page.buttons[noted].click()
    dialog = page.dialog
    field = next(iter(dialog.fields.values()))
    field.set_value("Why one has to come twice")
    speak(view)
    office.later(seconds=6)
    assert view.quality.pages.page_if_already_made(FORUMS) is page
    assert dialog.isVisible() and field.value() == "Why one has to come twice"
    # It follows as soon as the question is answered, and an answer that is owed has come.
    monkeypatch.setattr(view.context.tasks, "has_unanswered_requests", True, raising=False)
    dialog.no_button.click()
    office.later(seconds=6)
    assert view.quality.pages.page_if_already_made(FORUMS) is page
    monkeypatch.setattr(view.context.tasks, "has_unanswered_requests", False)
    office.later(seconds=6)
    assert view.quality.pages.page_if_already_made(FORUMS) is not page
    assert view.quality.pages.page_if_already_made(FORUMS).buttons[noted].text() == page.spec.acts[noted].text()


def test_pages_left_last_stay_and_the_others_come_back_as_they_were(office, monkeypatch):
    view = office.page
    pages = view.quality.pages
    page = opened(view, QUALITY, CASES)
    QTest.keyClicks(page.search.edit, "lift")
    for others in ((WHY, THANKS), (THANKS, WHY)):
        for key in others:
            opened(view, QUALITY, key)
        assert opened(view, QUALITY, CASES) is page, "from one to another and back nothing is made"
    opened(view, QUALITY, WHY)
    opened(view, QUALITY, THANKS)
    monkeypatch.setattr(view.context.tasks, "has_unanswered_requests", True, raising=False)
    opened(view, QUALITY, FORUMS)
    assert pages.page_if_already_made(CASES) is page, "somebody waits for an answer"
    monkeypatch.setattr(view.context.tasks, "has_unanswered_requests", False)
    opened(view, QUALITY, MONTH)
    assert [pages.page_if_already_made(key) for key in (CASES, WHY)] == [None, None]
    assert None not in map(pages.page_if_already_made, (THANKS, FORUMS))
    assert opened(view, QUALITY, CASES).search.edit.text() == "lift"
