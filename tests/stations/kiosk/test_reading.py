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


def part(kiosk: Kiosk, title: str) -> list[str]:
    """Return what stands under one of the titles of the page that is read."""
    found = {part.title: part for part in kiosk.view.info.said.parts}[title]
    return [point.words.replace("\u2060", "") for point in found.points]


def test_browsing_leads_from_service_to_item_and_back(finding: Kiosk):
    stage = finding.view.search
    assert rows(finding) == ["Pay a bill", "Account services", "New connection", "Questions"]
    row(finding, "Account services")
    assert rows(finding)[:2] == ["Account services: in general", "Change of name"]

    def seen() -> list[str]:
        return [key.text() for key in stage.rows if key.isVisible()]

    shown = seen()
    finding.touch(stage.later_key)
    assert {*shown, *seen()} == {*rows(finding)}, "more rows than fit are turned in pages"
    assert not {*shown} & {*seen()}
    finding.touch(stage.earlier_key)
    assert seen() == shown

    row(finding, "Change of name")
    assert (finding.stage, finding.view.info.said.title) == ("info", "Change of name")
    finding.touch(finding.view.info.back_key)
    assert rows(finding)[1] == "Change of name"
    finding.touch(stage.back_key)
    assert rows(finding)[0] == "Pay a bill"
    finding.touch(stage.back_key)
    assert finding.stage == "greeting"

    finding.side("info")
    letters(finding, "name")
    found = rows(finding)
    row(finding, "Change of name")
    finding.touch(finding.view.info.back_key)
    assert (finding.stage, rows(finding)) == ("find", found), "back from a find leads to the finds"


def test_the_page_has_papers_steps_fees_and_hours(finding: Kiosk):
    about = {
        "steps": "核对\n受理",
        "steps_en": "Check\nAccept",
        "fees": "不收费",
        "fees_en": "Free",
        "papers_version": "7",
        "papers_date": "2026-11-01",
    }
    finding.hall.do("set-row", "services", "B", about)
    finding.follow()
    row(finding, "Account services")
    row(finding, "Change of name")
    stage = finding.view.info
    parts = {part.title: part for part in stage.said.parts}

    assert list(parts) == ["Please bring", "Steps: Account services", "Fees: Account services", "Hours"]
    assert parts["Please bring"].beside == "version 7 · 1 November 2026"
    assert part(finding, "Please bring")[0] == "New holder’s ID card"
    assert part(finding, "Steps: Account services") == ["Check", "Accept"]
    assert part(finding, "Fees: Account services") == ["Free"]
    assert part(finding, "Hours")[-1] == "Every day 8:30–17:30, last ticket 17:00"

    finding.hall.do("set-row", "services", "B", {"steps_en": "\n".join(f"Step number {n}" for n in range(1, 31))})
    finding.follow()
    pages = stage.pages()
    assert len(pages) > 1
    assert sum(words.startswith("Step number") for page in pages for words in page) == 30
    for _page in pages[1:]:
        finding.touch(stage.later_key)
    assert stage.later_key.is_dashed, "what does not fit is on the next page"

    message = {"message": "请看公告", "message_en": "See the notice board", "items": []}
    finding.hall.do("set-row", "services", "D", message)
    finding.does.home()
    finding.follow()
    finding.side("info")
    row(finding, "Questions")
    assert stage.said.parts[0].points[0].words == "See the notice board", "a service with a message begins with it"
    assert stage.take_key.is_dashed


def test_the_hours_are_told_in_few_lines(finding: Kiosk):
    row(finding, "Account services")
    row(finding, "Account services: in general")

    def told(hours: list[tuple[str, str, str]], **more: object) -> list[str]:
        spans = [{"days": days, "from": begin, "to": end} for days, begin, end in hours]
        finding.hall.do("set-row", "services", "B", {"hours": spans, **more})
        finding.follow()
        return part(finding, "Hours")

    assert told([("1-5", "13:30", "17:00"), ("1-5", "8:30", "12:00"), ("6", "9:00", "12:00")])[:2] == [
        "Mon–Fri 8:30–12:00, 13:30–17:00",
        "Sat 9:00–12:00",
    ], "several spans a day stand in one line"
    assert told([("1-7", "8:30", "17:00")])[0] == "Every day 8:30–17:00"
    assert told([("1-5", "8:30", "17:30"), ("6", "9:00", "12:00")], last_ticket="17:00") == [
        "Mon–Fri 8:30–17:30, last ticket 17:00",
        "Sat 9:00–12:00",
    ], "the last ticket for the days it shortens alone"

    finding.hall.do("set-row", "services", "B", {"hours": ALL_HOURS, "last_ticket": None})
    finding.follow()
    assert part(finding, "Hours") == ["Tickets at any hour"], "a try-out is not told as opening hours"

    row_of_day = {"kind": "special", "from": "8:30", "to": "15:00", "text": "培训", "text_en": "Training"}
    set_days(finding.hall.desk, finding.hall.ask(), {"2026-11-27": row_of_day})
    finding.follow()
    note = "Please note: Fri 27 Nov: open 8:30–15:00 only (Training)"
    assert told([("1-7", "8:30", "17:30")])[-1] == note, "days to come that have others"


def test_pinyin_initials_and_the_keyboard_find(finding: Kiosk):
    QTest.keyClicks(finding.view, "xwvxw")
    assert rows(finding) == []
    assert "Nothing found" in finding.view.search.said.empty
    finding.touch(finding.view.search.letters["delete"])
    assert finding.does.finder.query == "xwvx"
    finding.does.home()

    i18n.use("zh_CN")
    finding.page.retranslate()
    for typed, found in (("gmgh", "更名过户"), ("sfz", "更名过户"), ("dbjy", "电表校验")):
        finding.side("info")
        letters(finding, typed)
        assert found in rows(finding), typed
        row(finding, found)
        assert finding.view.info.said.title == found, typed
        finding.does.home()


def test_a_list_is_printed_once_and_said_and_a_ticket_keeps_the_item(finding: Kiosk):
    finding.paper.trouble = OutsideError("printer_refused", printer="P")
    row(finding, "Account services")
    row(finding, "Change of name")
    key = finding.view.info.print_key
    finding.touch(key)
    assert key.text() == "Nothing was printed"
    finding.does.home()

    finding.paper.trouble = None
    finding.paper.slips.clear()
    finding.side("info")
    row(finding, "Account services")
    row(finding, "Change of name")
    finding.touch(key)
    finding.touch(key)
    assert finding.paper.slips == [("B", "gmgh")]
    assert key.text() == "Please take the list"
    assert finding.hall.last().kind == "issue"

    finding.touch(finding.view.info.take_key)
    assert finding.issued()[-1].data["item"] == "gmgh"
    assert finding.view.ticket.said.service == "Account services · Change of name"


def test_quiet_hours_are_printed_once_the_hall_has_a_past(finding: Kiosk):
    key = finding.view.search.quiet_key
    assert not key.isVisible()
    assert finding.view.search.said.hint == "Type a service or document"
    for code, service in finding.page.context.feed.setup.services.items():
        items = [{"code": item.code, "name": item.name} for item in service.items]
        finding.hall.do("set-row", "services", code, {"papers": [], "items": items}, who=ADMIN)
    finding.follow()
    assert finding.view.search.said.hint == "Type a service", "no papers are listed any more"

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
