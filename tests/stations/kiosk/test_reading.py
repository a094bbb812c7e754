"""Papers, steps, fees and hours, found and read without a ticket."""

from __future__ import annotations

from datetime import timedelta

import pytest
from PySide6.QtTest import QTest

from queuedesk import i18n
from queuedesk.core.errors import OutsideError
from queuedesk.desk.setup.calendaring import set_days
from queuedesk.desk.setup.setting_up import ALL_HOURS
from tests.hall import ADMIN
from tests.stations.kiosk.conftest import Kiosk


@pytest.fixture
def finding(kiosk: Kiosk) -> Kiosk:
    kiosk.side("info")
    return kiosk


def rows(kiosk: Kiosk) -> list[str]:
    return [row.name for row in kiosk.view.search.said.rows]


def row(kiosk: Kiosk, name: str) -> None:
    while not kiosk.view.search.rows[rows(kiosk).index(name)].isVisible():
        kiosk.touch(kiosk.view.search.later_key)
    kiosk.touch(kiosk.view.search.rows[rows(kiosk).index(name)])


def letters(kiosk: Kiosk, typed: str) -> None:
    for letter in typed:
        kiosk.touch(kiosk.view.search.letters[letter], settled=False)


def test_browsing_leads_from_service_to_item_and_back(finding: Kiosk):
    assert rows(finding) == ["Pay a bill", "Account services", "New connection", "Questions"]
    row(finding, "Account services")
    assert rows(finding)[:2] == ["Account services: in general", "Change of name"]
    row(finding, "Change of name")
    assert (finding.stage, finding.view.info.said.title) == ("info", "Change of name")

    finding.touch(finding.view.info.back_key)
    assert rows(finding)[1] == "Change of name"
    finding.touch(finding.view.search.back_key)
    assert rows(finding)[0] == "Pay a bill"
    finding.touch(finding.view.search.back_key)
    assert finding.stage == "greeting"


def test_the_page_has_papers_steps_fees_and_hours(finding: Kiosk):
    finding.hall.do(
        "set-row",
        "services",
        "B",
        {
            "steps": "核对\n受理",
            "steps_en": "Check\nAccept",
            "fees": "不收费",
            "fees_en": "Free",
            "papers_version": "7",
            "papers_date": "2026-11-01",
        },
    )
    finding.follow()
    row(finding, "Account services")
    row(finding, "Change of name")
    parts = {part.title: part for part in finding.view.info.said.parts}

    assert list(parts) == ["Please bring", "Steps: Account services", "Fees: Account services", "Hours"]
    assert parts["Please bring"].beside == "version 7 · 1 November 2026"
    assert parts["Please bring"].points[0].words == "New holder’s ID card"
    assert [point.words for point in parts["Steps: Account services"].points] == ["Check", "Accept"]
    assert [point.words for point in parts["Fees: Account services"].points] == ["Free"]
    assert parts["Hours"].points[-1].words.replace("\u2060", "") == "Every day 8:30–17:30, last ticket 17:00"


def test_several_spans_a_day_stand_in_one_line(finding: Kiosk):
    spans = [("1-5", "13:30", "17:00"), ("1-5", "8:30", "12:00"), ("6", "9:00", "12:00")]
    finding.hall.do("set-row", "services", "B", {"hours": [{"days": d, "from": f, "to": t} for d, f, t in spans]})
    finding.follow()
    row(finding, "Account services")
    row(finding, "Account services: in general")
    hours = {part.title: part for part in finding.view.info.said.parts}["Hours"]

    assert [point.words.replace("\u2060", "") for point in hours.points[:2]] == [
        "Mon–Fri 8:30–12:00, 13:30–17:00",
        "Sat 9:00–12:00",
    ]


def test_the_hours_tell_of_days_to_come_that_have_others(finding: Kiosk):
    row_of_day = {"kind": "special", "from": "8:30", "to": "15:00", "text": "培训", "text_en": "Training"}
    set_days(finding.hall.desk, finding.hall.ask(), {"2026-11-27": row_of_day})
    finding.follow()
    row(finding, "Account services")
    row(finding, "Account services: in general")
    hours = {part.title: part for part in finding.view.info.said.parts}["Hours"]

    said = "Please note: Fri 27 Nov: open 8:30–15:00 only (Training)"
    assert hours.points[-1].words.replace("\u2060", "") == said


def test_seven_days_are_every_day(finding: Kiosk):
    finding.hall.do("set-row", "services", "B", {"hours": [{"days": "1-7", "from": "8:30", "to": "17:00"}]})
    finding.follow()
    row(finding, "Account services")
    row(finding, "Account services: in general")
    hours = {part.title: part for part in finding.view.info.said.parts}["Hours"]

    assert hours.points[0].words.replace("\u2060", "") == "Every day 8:30–17:00"


def test_a_try_out_is_not_told_as_opening_hours(finding: Kiosk):
    finding.hall.do("set-row", "services", "B", {"hours": ALL_HOURS, "last_ticket": None})
    finding.follow()
    row(finding, "Account services")
    row(finding, "Account services: in general")
    hours = {part.title: part for part in finding.view.info.said.parts}["Hours"]

    assert [point.words for point in hours.points] == ["Tickets at any hour"]


def test_a_service_with_a_message_begins_with_it(finding: Kiosk):
    finding.hall.do(
        "set-row", "services", "D", {"message": "请看公告", "message_en": "See the notice board", "items": []}
    )
    finding.follow()
    row(finding, "Questions")

    assert finding.view.info.said.parts[0].points[0].words == "See the notice board"
    assert finding.view.info.take_key.is_dashed


def test_pinyin_initials_of_names_and_papers_find(finding: Kiosk):
    i18n.use("zh_CN")
    finding.page.retranslate()
    for typed, found in (("gmgh", "更名过户"), ("sfz", "更名过户"), ("dbjy", "电表校验")):
        letters(finding, typed)
        assert found in rows(finding), typed
        row(finding, found)
        assert finding.view.info.said.title == found, typed
        finding.does.home()
        finding.side("info")


def test_the_keyboard_writes_too_and_nothing_found_is_said(finding: Kiosk):
    QTest.keyClicks(finding.view, "xwvxw")
    assert rows(finding) == []
    assert "Nothing found" in finding.view.search.said.empty
    finding.touch(finding.view.search.letters["delete"])
    assert finding.does.finder.query == "xwvx"


def test_back_from_a_find_leads_to_the_finds(finding: Kiosk):
    letters(finding, "name")
    found = rows(finding)
    row(finding, "Change of name")
    finding.touch(finding.view.info.back_key)

    assert (finding.stage, rows(finding)) == ("find", found)


def test_more_rows_than_fit_are_turned_in_pages(finding: Kiosk):
    row(finding, "Account services")
    stage = finding.view.search
    shown = [key.text() for key in stage.rows if key.isVisible()]
    finding.touch(stage.later_key)
    later = [key.text() for key in stage.rows if key.isVisible()]

    assert set(shown) | set(later) == set(rows(finding))
    assert not set(shown) & set(later)
    finding.touch(stage.earlier_key)
    assert [key.text() for key in stage.rows if key.isVisible()] == shown


def test_what_does_not_fit_is_on_the_next_page(finding: Kiosk):
    steps = "\n".join(f"Step number {n}" for n in range(1, 31))
    finding.hall.do("set-row", "services", "B", {"steps_en": steps})
    finding.follow()
    row(finding, "Account services")
    row(finding, "Change of name")
    stage = finding.view.info
    pages = stage.pages()

    assert len(pages) > 1
    assert sum(words.startswith("Step number") for page in pages for words in page) == 30
    for _page in pages[1:]:
        finding.touch(stage.later_key)
    assert stage.later_key.is_dashed


def test_a_list_is_printed_once_and_said(finding: Kiosk):
    row(finding, "Account services")
    row(finding, "Change of name")
    key = finding.view.info.print_key
    finding.touch(key)
    finding.touch(key)

    assert finding.paper.slips == [("B", "gmgh")]
    assert key.text() == "Please take the list"
    assert finding.hall.last().kind == "issue"


def test_quiet_hours_are_printed_once_the_hall_has_a_past(finding: Kiosk):
    key = finding.view.search.quiet_key
    assert not key.isVisible()
    finding.does.home()
    for _day in range(3):
        finding.hall.clock.now += timedelta(days=1)
        finding.hall.queue("A", "A", "B")
    finding.follow()
    finding.side("info")
    assert key.text() == "Print quiet times"
    finding.touch(key)
    finding.touch(key)

    assert finding.paper.slips == [("quiet hours",)]
    assert key.text() == "Please take the slip"


def test_trouble_with_the_printer_is_said_on_the_key(finding: Kiosk):
    finding.paper.trouble = OutsideError("printer_refused", printer="P")
    row(finding, "Account services")
    row(finding, "Change of name")
    finding.touch(finding.view.info.print_key)

    assert finding.view.info.print_key.text() == "Nothing was printed"


def test_a_ticket_for_what_was_read_keeps_the_item(finding: Kiosk):
    row(finding, "Account services")
    row(finding, "Change of name")
    finding.touch(finding.view.info.take_key)

    assert finding.issued()[-1].data["item"] == "gmgh"
    assert finding.view.ticket.said.service == "Account services · Change of name"


def test_the_last_ticket_is_told_for_the_days_it_shortens_alone(finding: Kiosk):
    hours = [{"days": "1-5", "from": "8:30", "to": "17:30"}, {"days": "6", "from": "9:00", "to": "12:00"}]
    finding.hall.do("set-row", "services", "B", {"hours": hours, "last_ticket": "17:00"})
    finding.follow()
    row(finding, "Account services")
    row(finding, "Account services: in general")
    told = {part.title: part for part in finding.view.info.said.parts}["Hours"]

    assert [point.words.replace("\u2060", "") for point in told.points] == [
        "Mon–Fri 8:30–17:30, last ticket 17:00",
        "Sat 9:00–12:00",
    ]


def test_a_document_is_asked_for_only_where_papers_are_listed(finding: Kiosk):
    assert finding.view.search.said.hint == "Type a service or document"
    for code, service in finding.page.context.feed.setup.services.items():
        items = [{"code": item.code, "name": item.name} for item in service.items]
        finding.hall.do("set-row", "services", code, {"papers": [], "items": items}, who=ADMIN)
    finding.follow()

    assert finding.view.search.said.hint == "Type a service"
