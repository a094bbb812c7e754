"""Services that give no ticket now: dashed with the reason, pressed they say what to do instead."""

from __future__ import annotations

from typing import Any

from queuedesk import i18n
from tests.hall import at
from tests.stations.kiosk.conftest import UPRIGHT, WIDE, Kiosk
from tests.stations.whole_words import settled

NOT_NOW: dict[str, tuple[dict[str, Any], str, str]] = {
    "closed": ({"hours": [{"days": "1-7", "from": "13:00", "to": "17:00"}]}, "opens at 13:00", "from 13:00 today"),
    "last": ({"last_ticket": "9:30"}, "last ticket was at 9:30", "Everyone with a ticket will still be served today"),
    "quota": ({"quota": 1}, "no tickets left today", "tomorrow from 8:30"),
    "line": ({"line_limit": 1}, "many people are waiting", "a little later"),
    "numbers": ({"last": 1}, "no tickets left today", "tomorrow from 8:30"),
    "message": (
        {"message": "请用手机", "message_en": "Please use the app."},
        "no ticket needed",
        "Please use the app.",
    ),
}


def test_a_key_says_why_and_what_else_in_both_languages(kiosk: Kiosk):
    before = len(kiosk.issued())
    key = kiosk.view.greeting.services["B"]
    row = next(row for row in kiosk.does.setup.document["services"] if row["code"] == "B")
    for case, (changes, on_key, instead) in NOT_NOW.items():
        assert not key.is_dashed, f"before {case}"
        kiosk.hall.do("set-row", "services", "B", changes)
        kiosk.follow()

        assert key.is_dashed, case
        assert on_key in key.accessibleName(), case
        kiosk.service("B")
        assert kiosk.sheet == "sorry", case
        assert instead in kiosk.view.sheet.said.sentence, case
        assert len(kiosk.issued()) == before, case

        kiosk.does.home()
        i18n.use("zh_CN")
        kiosk.page.retranslate()
        kiosk.service("B")
        said = kiosk.view.sheet.said
        assert kiosk.sheet == "sorry", case
        assert said.title + said.sentence
        assert not any(letter.isascii() and letter.isalpha() for letter in said.title + said.sentence), case

        kiosk.does.home()
        i18n.use("en")
        kiosk.page.retranslate()
        kiosk.hall.do("set-row", "services", "B", {name: row.get(name) for name in changes})
        kiosk.follow()


def test_another_service_of_the_group_is_named(kiosk: Kiosk):
    kiosk.hall.do("set-row", "services", "B", {"quota": 1})
    kiosk.follow()
    kiosk.side("several")
    kiosk.service("B")
    assert (kiosk.sheet, kiosk.does.chosen) == ("sorry", []), "it is not chosen among several"

    for code in ("A", "B"):
        kiosk.hall.do("set-row", "services", code, {"group": "柜台", "group_en": "Counter"})
    kiosk.does.home()
    kiosk.follow()
    kiosk.does.open_group("柜台")
    kiosk.service("B")
    assert "Tickets are still available for Pay a bill." in kiosk.view.sheet.said.sentence


def test_without_the_halls_file_no_key_gives_a_ticket(kiosk: Kiosk):
    kiosk.page.show_away(at("9:58"))
    assert all(key.is_dashed for key in kiosk.view.greeting.services.values())
    assert kiosk.view.away == "No updates since 9:58. For a number, please ask a member of staff."
    kiosk.service("A")
    assert kiosk.view.sheet.said.sentence == "Please ask a member of staff for a number on paper."

    kiosk.page.show_away(None)
    assert kiosk.sheet == "", "what it said is not so any more"
    assert not any(key.is_dashed for key in kiosk.view.greeting.services.values())
    assert kiosk.view.away == ""


def test_the_title_says_until_when_and_from_when_tickets_are_given(kiosk: Kiosk):
    def title(time: str) -> str:
        kiosk.hall.clock.now = at(time)
        kiosk.page.tick(kiosk.hall.clock())
        return kiosk.view.greeting.said.title

    title("16:30")
    assert "tickets until 17:00" in kiosk.view.greeting.services["A"].accessibleName(), "the last is near"
    assert title("17:10") == "Tickets until 17:00; tomorrow from 8:30"
    i18n.use("zh_CN")
    kiosk.page.retranslate()
    assert kiosk.view.greeting.said.title == "今天取号到 17:00，明天 8:30"

    i18n.use("en")
    kiosk.page.retranslate()
    for service in kiosk.does.setup.services:
        kiosk.hall.do("set-row", "services", service, {"last_ticket": None})
    kiosk.follow()
    assert title("7:00") == "Tickets from 8:30 today"
    assert title("23:00") == "Tickets from 8:30 tomorrow"


def test_a_long_message_is_shown_to_its_end(kiosk: Kiosk):
    message = "这项业务现在都在网上办理，" * 37 + "请看公告。"
    kiosk.hall.do("set-row", "services", "D", {"message": message, "message_en": ""})
    kiosk.follow()
    for size in (UPRIGHT, WIDE):
        kiosk.does.home()
        kiosk.page.resize(*size)
        settled()
        kiosk.service("D")
        assert "".join(kiosk.view.sheet.lines()).endswith("请看公告。")
        assert kiosk.page.rect().contains(kiosk.view.sheet.keys["ok"].geometry())


def test_a_key_says_when_a_ticket_taken_now_may_not_be_called_today(make_kiosk, hall):
    hall.do(
        "set-row", "services", "A", {"hours": [{"days": "1-7", "from": "8:30", "to": "10:40"}], "last_ticket": None}
    )
    hall.queue(*"A" * 4)
    for _customer in range(6):
        hall.serve_out("1", minutes=3)
    kiosk = make_kiosk(hall)
    key = kiosk.view.greeting.services["A"]
    assert "no wait" in key.accessibleName()
    assert "may not be called" not in key.accessibleName()
    hall.queue(*"A" * 60)
    kiosk.follow()

    assert "may not be called today; we close at 10:40" in key.accessibleName()
    kiosk.service("A")
    assert kiosk.stage == "ticket"
