"""What the manager sees first: figures, alerts, windows, and where a press leads."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QScrollArea

from queuedesk import i18n
from queuedesk.core.figures.measures.document import day_figures
from queuedesk.core.queue.overview import next_for
from queuedesk.desk import looking
from queuedesk.desk.queue import calling, issuing, opening, rating, serving
from queuedesk.desk.setup import setting_up
from queuedesk.desk.talk import announcing
from queuedesk.stations.manager.pages import TICKETS
from queuedesk.stations.manager.today.alert_words import aside_texts
from queuedesk.stations.manager.today.today_page import TodayPage
from queuedesk.stations.manager.today.today_words import (
    five_figures,
    name_forms,
    service_rows,
    window_cards,
)
from queuedesk.stations.window.style import CONTRAST, Look, Scale
from tests.desk.equipment import only_shown
from tests.event_cases import cases, put_in
from tests.hall import at, make_hall


def words_of(strip) -> list[tuple[str, str]]:
    return [(figure.value, figure.second) for figure in strip.figures]


@pytest.mark.parametrize(
    ("name", "forms"),
    [
        ("Dr Jane Okafor", ["Dr Jane Okafor", "Dr J. Okafor", "Okafor"]),
        ("Sam Price", ["Sam Price", "S. Price", "Price"]),
        ("王芳", ["王芳"]),
        ("", [""]),
    ],
)
def test_a_name_has_shorter_forms_for_a_narrow_card(name, forms):
    assert name_forms(name) == forms


def test_the_day_stands_there_quiet_or_away_and_each_press_leads_to_its_tickets(office):
    state, now, today = office.page.state, office.hall.clock(), office.page.today
    figures = day_figures(state, office.page.controller.day, now)

    # The five figures are those of the day.
    waiting, wait, within, windows, rate = words_of(today.figures)
    assert waiting == ("3", "5 issued · 1 finished")
    assert wait == (f"{figures['wait']['mean']:.1f}", "target 15 min or less")
    assert within == ("0", "1 waiting longer, up to 20 min")
    assert windows == ("3", "windows 4, 5, 6 closed")
    assert rate[0] == "100.0"
    assert rate[1] == "1 rating · too few to say"

    # Services show who waits and how long.
    later = at("9:36")
    rows = service_rows(state, day_figures(state, later.date(), later), later)
    assert [(r.code, r.waiting, r.longest, r.level) for r in rows] == [
        ("A", "2", "26 min", "red"),
        ("B", "1", "16 min", "red"),
        ("C", "0", "—", ""),
        ("D", "0", "—", ""),
    ]

    # An alert leads to the tickets it is about, a window to its own, a stroke of the day to its ticket.
    strip = today.alerts.strips[0]
    assert strip.title() == "A Pay a bill: long wait"
    office.touch(strip.button())
    tickets = office.page.tickets
    assert office.page.stack.currentWidget() is tickets
    assert [row.number for row in tickets.list.tickets.rows()] == ["A003", "A002"]

    office.go("today")
    office.touch(today.cards["1"])
    assert [row.number for row in tickets.list.tickets.rows()] == ["A001"]

    office.go("today")
    ribbon = today.ribbon
    assert ribbon.shown.ribbon.waiting_at(ribbon.shown.ribbon.now) == len(state.waiting())
    ribbon.setFocus()
    QTest.keyClick(ribbon, Qt.Key.Key_End)
    QTest.keyClick(ribbon, Qt.Key.Key_Return)
    assert office.page.stack.seen() == TICKETS
    assert tickets.story.number.text() == ribbon.strokes.names[-1]

    # Figures, cards and the day follow the hall and the minute.
    office.go("today")
    hall = office.hall
    drawn = today.ribbon.shown.ribbon
    before = len(drawn.strokes), drawn.now
    issuing.issue(hall.desk, hall.ask(), "C")
    office.follow()
    assert words_of(today.figures)[0][0] == "4"
    hall.clock.move(minutes=2)
    office.page.tick(hall.clock())
    assert len(today.ribbon.shown.ribbon.strokes) == before[0] + 1
    assert today.ribbon.shown.ribbon.now == before[1] + 2

    hall.call("2")
    calling.start(hall.desk, hall.ask(), "2")
    office.follow()
    assert "A002" in today.cards["2"].accessibleName()
    serving.finish(hall.desk, hall.ask(), "2")
    office.follow()
    assert "Free" in today.cards["2"].accessibleName()

    # It stands quiet, away, in high contrast and in large letters.
    look = office.page.context.look
    today.alerts.set_alerts([])
    assert today.alerts.calm.isVisible()
    assert today.alerts.calm.accessibleName() == "Nothing needs you now"
    assert not any(strip.isVisible() for strip in today.alerts.strips)

    office.page.show_away(at("9:36"))
    assert office.page.messages.isVisible()
    assert "stopped at 9:36" in today.head.line.text()
    office.page.show_away(None)
    assert not office.page.messages.isVisible()
    assert "live" in today.head.line.text()

    look.set_theme(CONTRAST)
    assert not office.page.grab().isNull()

    look.set_scale(Scale.staff(1366, 768, 150))
    office.page.refresh()
    office.page.grab()
    assert today.ribbon.height() >= today.ribbon.minimumSizeHint().height()
    assert today.services.geometry().bottom() <= today.height()
    assert today.windows.geometry().bottom() <= today.height()


def test_calls_in_time_are_held_against_the_target_that_stands(office):
    row = {"measure": "within_target", "value": "92.5"}
    setting_up.add_row(office.hall.desk, office.hall.ask(), "targets", row)
    office.hall.call("1")  # the one who waits past the target
    office.follow()

    assert words_of(office.page.today.figures)[2][1] == "target 92.5 %"


def test_no_share_looks_good_over_somebody_who_waits_past_the_target(tmp_path):
    """One called at once: 100 %. Another has waited 25 minutes, and no share counts them before they are called."""
    hall = make_hall(tmp_path, time="9:00")
    hall.open("1", "C1")
    hall.queue("A", "A")
    hall.call("1")

    def within(minutes):
        hall.clock.move(minutes=minutes)
        state = looking.hall_now(hall.desk, hall.clock())
        return five_figures(state, day_figures(state, hall.date, hall.clock()), hall.clock())[2]

    assert (within(15).value, within(0).second, within(0).token) == ("100", "target 80 %", "ink")
    assert (within(10).value, within(0).second, within(0).token) == ("100", "1 waiting longer, up to 25 min", "red")
    i18n.use("zh_CN")
    assert within(0).second == "1 人等候超时，最久 25 分钟"


def test_satisfaction_is_red_only_where_its_target_was_missed_for_certain(tmp_path):
    hall = make_hall(tmp_path, time="9:00", targets=[{"measure": "satisfaction", "value": 50}])
    hall.open("1", "C1")

    def token(*levels):
        for level in levels:
            hall.queue("A")
            rating.rate(hall.desk, hall.ask(), hall.serve_out("1"), level)
        state = looking.hall_now(hall.desk, hall.clock())
        return five_figures(state, day_figures(state, hall.date, hall.clock()), hall.clock())[4].token

    assert (token(1, 5, 1), token(*[1] * 12)) == ("ink", "red")


def test_a_figure_that_is_not_known_is_a_dash_with_its_reason(tmp_path):
    hall = make_hall(tmp_path, time="9:00")
    state = looking.hall_now(hall.desk, hall.clock())
    figures = day_figures(state, hall.clock().date(), hall.clock())

    shown = five_figures(state, figures, hall.clock())

    assert [(f.value, f.second) for f in shown[1:3]] == [("—", "nobody called yet")] * 2
    assert (shown[4].value, shown[4].second) == ("—", "nobody rated yet")


def test_a_few_ratings_are_too_few_to_say_as_in_the_report(tmp_path):
    hall = make_hall(tmp_path, time="9:00")
    hall.open("1", "C1")
    for level in (5, 5, 1):
        label = hall.issue("A")
        hall.serve_out("1")
        hall.do("rate", label, level)
    state = looking.hall_now(hall.desk, hall.clock())

    shown = five_figures(state, day_figures(state, hall.date, hall.clock()), hall.clock())[4]

    assert (shown.value, shown.second, shown.short_second) == ("66.7", "3 ratings · too few to say", "too few to say")


def cards_now(hall):
    return window_cards(looking.hall_now(hall.desk, hall.clock()), hall.clock())


def test_the_windows_say_what_they_do_and_what_is_late(hall):
    hall.clock.move(minutes=20)
    opening.pause(hall.desk, hall.ask(), "2", reason="break", minutes=10)
    hall.clock.move(minutes=1)

    cards = cards_now(hall)

    assert (cards["1"].word, cards["1"].state) == ("Free", "idle")
    assert (cards["2"].word, cards["2"].away) == ("Short break", True)
    assert (cards["3"].ticket, cards["3"].word, cards["3"].late) == ("B001", "Serving", True)
    assert (cards["4"].word, cards["4"].time) == ("Closed", "")


def test_a_window_that_waits_for_a_system_says_so_and_its_time_is_not_handling(hall):
    def card() -> tuple[str, str]:
        shown = cards_now(hall)["3"]
        return shown.word, shown.time

    before = card()
    hall.do("stall", "3", reason="network")
    hall.clock.move(minutes=10)
    held = card()
    hall.do("unstall", "3")

    assert (before, held, card()) == (("Serving", "1:00"), ("Waiting for a system", "10:00"), ("Serving", "1:00"))


def test_a_free_window_is_amber_once_it_keeps_somebody_waiting(hall):
    clock = hall.clock
    for _waiting in next_for(looking.hall_now(hall.desk, clock()), "1", clock()):
        hall.call("1")
        hall.do("start", "1")
        hall.do("finish", "1")

    clock.move(minutes=20)
    alone = cards_now(hall)["1"].asks
    hall.queue("A")
    fresh = cards_now(hall)["1"].asks
    clock.move(seconds=11)
    assert (alone, fresh, cards_now(hall)["1"].asks) == (False, False, True)


@pytest.mark.parametrize(("kind", "text"), [("government", 100), ("bank", 150)])
def test_windows_and_services_have_room_for_their_words(kind, text, tmp_path, qtbot):
    hall = make_hall(tmp_path, kind=kind, time="9:30")
    state, now = looking.hall_now(hall.desk, hall.clock()), hall.clock()
    figures = day_figures(state, now.date(), now)
    look = Look(scale=Scale.staff(1366, 768, text))
    page = TodayPage(look)
    qtbot.addWidget(page)
    page.retranslate()
    page.set_figures(five_figures(state, figures, now))
    page.set_windows(window_cards(state, now))
    page.set_services(service_rows(state, figures, now))
    page.resize(1366 - look.wide(208), 768)
    page.show()
    qtbot.waitExposed(page)

    assert all(card.height() >= card.minimumSizeHint().height() for card in page.cards.values())
    assert page.services.findChild(QScrollArea).verticalScrollBar().maximum() == 0
    assert page.ribbon.height() >= page.ribbon.minimumSizeHint().height()
    assert page.services.wanted_width() <= page.services.width() or text == 150


def test_a_removed_service_that_had_tickets_today_keeps_its_row(tmp_path):
    hall = make_hall(tmp_path, time="9:00")
    hall.open("5", "C5")
    hall.issue("D")
    hall.clock.move(minutes=3)
    hall.serve_out("5")
    hall.do("remove-row", "services", "D")
    state, now = looking.hall_now(hall.desk, hall.clock()), hall.clock()
    rows = service_rows(state, day_figures(state, now.date(), now), now)

    assert [r.code for r in rows] == ["A", "B", "C", "D"]
    assert (rows[3].name, rows[3].waiting, rows[3].mean) == ("Questions", "0", "3.0")


def has_sign(banner, icon: str) -> bool:
    """Whether the strip looks as it does with this icon, which it has from then on."""
    shown = banner.grab().toImage()
    second = banner.accessibleName().removeprefix(banner.title()).strip()
    banner.set_banner("amber", banner.title(), second, button=banner.button().text(), icon=icon)
    return shown == banner.grab().toImage()


def test_calls_that_nobody_heard_and_events_that_cannot_be_read_are_told_until_they_are_noted(office):
    hall, today = office.hall, office.page.today
    banner = today.unheard

    # A call that could not be spoken is shown until it is noted.
    assert not banner.isVisible()
    hall.call("1")
    seq = office.log("call")[-1].seq
    announcing.note_spoken(hall.desk, seq, "display", hall.clock(), link=None)
    office.later(seconds=6)
    office.follow()
    assert banner.isVisible()
    assert banner.title() == "1 call was shown but not spoken"
    assert has_sign(banner, "speaker-off")
    assert "A002 to window 1" in banner.accessibleName()
    office.touch(banner.button())
    assert not banner.isVisible()
    office.later(seconds=6)
    assert not banner.isVisible()

    # Calls without a display are one strip, and then something asks.
    hall.do("finish", "1")
    hall.issue("A")
    for window in ("1", "2"):
        hall.call(window)
    office.later(seconds=31)
    office.follow()
    assert banner.isVisible()
    assert banner.title().startswith("2 calls were made with no display in view since 9:30")
    assert "neither shown nor spoken, the last" in banner.accessibleName()
    only_shown(hall)
    office.later(seconds=6)
    office.follow()
    assert "spoken" not in banner.accessibleName()
    assert has_sign(banner, "screen")
    today.set_alerts([])
    assert not today.alerts.isVisible()

    # Large text tells of them among the alerts.
    usual = office.page.context.look.scale
    office.page.context.look.set_scale(Scale.staff(1366, 768, 150))
    office.later(seconds=6)
    office.follow()
    today.set_alerts([])
    assert not banner.isVisible()
    assert today.alerts.strips[0].title().startswith("2 calls were made with no display in view since 9:30")
    assert not today.alerts.strips[0].seen_button().isVisible()
    office.page.context.look.set_scale(usual)
    office.later(seconds=6)
    office.touch(banner.button())
    assert office.page.controller.unheard == []
    today.set_alerts([])
    assert today.alerts.isVisible() and today.alerts.is_calm

    # An event that cannot be read is told and leads to what to do.
    page = office.page
    strange = next(case.event for case in cases() if case.name == "a kind of a later program")
    put_in(hall.desk.db, 1, [strange], hall.clock())
    hall.issue("A")
    office.follow()
    seq = office.log("issue")[-1].seq - 1
    texts = {text.title: text for text in aside_texts(page.state)}

    told = texts["1 event in the log can't be read and is not counted"]
    assert told.second == f"no. {seq} (of a kind that this version does not know)"
    assert told in page.today.alerts.texts

    page.ways.go(told.place)
    equipment = page.stack.currentWidget()
    assert f"everything else continues: no. {seq} (of a kind" in equipment.aside.text()
    assert not equipment.aside.isHidden()
