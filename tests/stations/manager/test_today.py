"""The manager's day: who waits and serves, alerts, devices, notes, notices and staff."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QScrollArea

from queuedesk import i18n
from queuedesk.core.figures.measures.document import day_figures
from queuedesk.core.network.roles import station
from queuedesk.core.queue.overview import alerts, next_for
from queuedesk.desk import looking
from queuedesk.desk.queue import calling, issuing, opening, rating, sign_in_and_pins
from queuedesk.desk.setup import setting_up
from queuedesk.desk.talk import announcing, devices, messaging
from queuedesk.stations.display.texts import StripText
from queuedesk.stations.display.view import DisplayView
from queuedesk.stations.manager.pages import TICKETS
from queuedesk.stations.manager.today.alert_words import alert_texts, aside_texts
from queuedesk.stations.manager.today.day_acts import NotesDialog
from queuedesk.stations.manager.today.staff_page import PAUSED, SERVING, every_readable, staff_texts, station_name
from queuedesk.stations.manager.today.today_page import AlertsDialog, TodayPage
from queuedesk.stations.manager.today.today_words import (
    five_figures,
    name_forms,
    service_rows,
    window_cards,
)
from queuedesk.stations.widgets.questions.dialogs import ConfirmDialog, ReasonDialog
from queuedesk.stations.window.style import CONTRAST, Look, Scale
from tests.desk.equipment import only_shown
from tests.event_cases import cases, put_in
from tests.hall import MANAGER, Hall, at, make_hall


def words_of(strip) -> list[tuple[str, str]]:
    return [(figure.value, figure.second) for figure in strip.figures]


def test_a_name_has_shorter_forms_for_a_narrow_card():
    assert name_forms("Dr Jane Okafor") == ["Dr Jane Okafor", "Dr J. Okafor", "Okafor"]
    assert [name_forms(name) for name in ("Sam Price", "王芳", "")] == [
        ["Sam Price", "S. Price", "Price"],
        ["王芳"],
        [""],
    ]


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
    calling.finish(hall.desk, hall.ask(), "2")
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


def test_calls_in_time_are_held_against_the_target_that_stands(hall):
    row = {"measure": "within_target", "value": "92.5"}
    setting_up.add_row(hall.desk, hall.ask(), "targets", row)
    hall.call("1")  # the one who waits past the target
    state = looking.hall_now(hall.desk, hall.clock())
    figures = five_figures(state, day_figures(state, hall.date, hall.clock()), hall.clock())
    assert figures[2].second == "target 92.5 %"


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


def test_a_figure_that_is_not_known_is_a_dash_and_a_few_ratings_too_few_to_say_as_in_the_report(tmp_path):
    hall = make_hall(tmp_path, time="9:00")
    state = looking.hall_now(hall.desk, hall.clock())
    shown = five_figures(state, day_figures(state, hall.clock().date(), hall.clock()), hall.clock())
    assert [(f.value, f.second) for f in shown[1:3]] == [("—", "nobody called yet")] * 2
    assert (shown[4].value, shown[4].second) == ("—", "nobody rated yet")

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


def test_the_windows_say_what_they_do_what_is_late_and_that_they_wait_for_a_system(hall):
    def card() -> tuple[str, str]:
        shown = cards_now(hall)["3"]
        return shown.word, shown.time

    before = card()
    hall.do("stall", "3", reason="network")
    hall.clock.move(minutes=10)
    held = card()
    hall.do("unstall", "3")

    assert (before, held, card()) == (("Serving", "1:00"), ("Waiting for a system", "10:00"), ("Serving", "1:00"))

    hall.clock.move(minutes=20)
    opening.pause(hall.desk, hall.ask(), "2", reason="break", minutes=10)
    hall.clock.move(minutes=1)

    cards = cards_now(hall)

    assert (cards["1"].word, cards["1"].state) == ("Free", "idle")
    assert (cards["2"].word, cards["2"].away) == ("Short break", True)
    assert (cards["3"].ticket, cards["3"].word, cards["3"].late) == ("B001", "Serving", True)
    assert (cards["4"].word, cards["4"].time) == ("Closed", "")


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
    banner = office.page.today.unheard
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


def test_alerts_can_be_marked_as_seen_unless_the_hall_is_away(office):
    # While the hall is away one can look but not act.
    page, alerts = office.page, office.page.today.alerts
    office.later(minutes=20)
    seen = alerts.strips[0].seen_button()
    office.go("setup")
    office.go("waits")
    office.page.waits.open_tab("staffing")
    acts = [seen, page.today.note_button, page.notices.push_button, page.tickets.story.buttons["void"]]
    acts += page.setup_page.hall_acts
    could = [button.isEnabled() for button in acts]
    page.show_away(at("10:40"))
    page.refresh()
    office.go("today")

    assert not any(button.isEnabled() for button in acts)
    assert alerts.strips[0].button().isEnabled()
    office.touch(alerts.more)
    listed = office.question(AlertsDialog).strips
    assert not any(strip.seen_button().isEnabled() for strip in listed)
    office.go("reports")
    office.page.reports.pages.open("channels")
    late = office.page.reports.pages.page("channels")
    assert not late.add_button.isEnabled()
    page.show_away(None)
    assert all(strip.seen_button().isEnabled() for strip in listed)
    assert [button.isEnabled() for button in acts] == could and late.add_button.isEnabled()
    assert office.log("ack") == []

    # An alert that was seen leaves the strips and says who.
    office.question(AlertsDialog).refuse()
    office.go("today")
    first = alerts.strips[0]
    title = first.title()
    office.touch(first.seen_button())

    (event,) = office.log("ack")
    assert event.actor == "M1"
    assert office.page.toast.text() == "Marked as seen by you"
    assert all(strip.title() != title for strip in alerts.strips if strip.isVisible())
    assert "1 seen" in alerts.more.text()
    seen = [text for text in alert_texts(office.page.state, office.hall.clock()) if text.is_seen]
    assert [text.title for text in seen] == [title]
    assert "Zhao Qiang has known since 9:50" in seen[0].second

    # The list of all says who has seen what.
    office.touch(alerts.more)
    dialog = office.question(AlertsDialog)

    assert not dialog.strips[-1].seen_button().isVisible()
    assert "has known since" in dialog.strips[-1].accessibleName()
    dialog.refuse()

    # More than two are counted, and each of the list leads to its tickets.
    office.touch(alerts.more)
    listed = office.question(AlertsDialog).strips
    assert alerts.more.text() == "3 more · 1 seen"
    office.touch(next(strip for strip in listed if "B001" in strip.accessibleName()).button())
    assert page.tickets.shown().label == "B001"
    office.go("today")

    # When all were seen, nothing new asks.
    while any(strip.isVisible() for strip in alerts.strips):
        office.touch(next(strip for strip in alerts.strips if strip.isVisible()).seen_button())
    assert alerts.calm.accessibleName() == "Nothing new needs you"

    office.later(minutes=1)
    assert not any(strip.isVisible() for strip in alerts.strips)


def report(hall: Hall, device: str, name: str, cause: str | None) -> None:
    devices.report(hall.desk, hall.ask(station(name)), device, name, cause)


def start(hall: Hall, device: str, name: str) -> None:
    devices.started(hall.desk, hall.ask(station(name)), device, name)


def stop(hall: Hall, device: str, name: str) -> None:
    devices.stopped(hall.desk, hall.ask(station(name)), device, name)


def test_an_outage_is_a_strip_that_leads_to_the_equipment_and_can_be_seen(office):
    # An outage is a strip that leads to the equipment and can be seen.
    for kind in {alert.kind for alert in alerts(office.page.state, office.hall.clock())}:
        office.hall.do("ack", kind)
    report(office.hall, "printer", "K1", "out_of_paper")
    office.follow()
    row = office.page.today.alerts
    strip = next(one for one in row.strips if one.isVisible() and "Printer" in one.title())

    assert strip.title() == "Printer (K1): out of paper"
    office.touch(strip.button())
    assert office.page.stack.seen() == "equipment"
    assert office.page.stack.page("equipment").devices.table.rows.rows[0].cells[:3] == (
        "Printer (K1)",
        "out of paper",
        "9:30",
    )
    office.go("today")
    office.touch(next(one for one in row.strips if "Printer" in one.title()).seen_button())
    event = office.log("ack")[-1]
    assert (event.actor, event.data["device"], event.data["station"]) == ("M1", "printer", "K1")

    # No display left is red.
    start(office.hall, "display", "display")
    stop(office.hall, "display", "display")
    office.follow()
    told = {text.title: text.level for text in alert_texts(office.page.state, office.hall.clock())}

    assert told["Display: switched off"] == "red"


def test_a_note_with_its_times_is_a_mark_on_the_chart(office):
    # A note is taken away with a reason.
    messaging.add_note(office.hall.desk, office.hall.ask(), "weather", "snow")
    office.follow()
    office.touch(office.page.today.notes)
    (row,) = office.question(NotesDialog).rows.values()
    office.touch(row.button())
    question = office.question(ReasonDialog)
    question.pick("noted_wrongly")
    office.touch(question.yes_button)

    assert office.page.state.day_notes == []
    assert office.log("day-note")[-1].data["reason"] == "noted_wrongly"
    assert not office.page.today.notes.isVisible()

    # Nothing can be noted without a kind and words.
    office.touch(office.page.today.note_button)
    dialog = office.question(NotesDialog)
    assert not dialog.yes_button.isEnabled()
    office.touch(dialog.kinds["event"])
    assert dialog.yes_button.text() == "Write a few words first"
    dialog.refuse()

    # A note with its times is a mark on the chart.
    today = office.page.today
    office.touch(today.note_button)
    dialog = office.question(NotesDialog)
    office.touch(dialog.kinds["outage"])
    office.write(dialog.text.edit, "card machines")
    office.write(dialog.start.edit, "9:00")
    office.write(dialog.end.edit, "9:15")
    office.touch(dialog.yes_button)

    event = office.log("day-note")[-1]
    assert (event.actor, event.data["kind"], event.data["from"], event.data["to"]) == ("M1", "outage", 540, 555)
    assert today.notes.isVisible()
    assert "card machines" in today.notes.text()
    (note,) = today.ribbon.shown.ribbon.notes
    assert (note.start, note.end, note.word) == (540, 555, "Outage")
    assert "card machines" in today.ribbon.accessibleDescription()

    # A wrong time is told at its field and the dialog stays.
    office.touch(office.page.today.note_button)
    dialog = office.question(NotesDialog)
    office.touch(dialog.kinds["weather"])
    office.write(dialog.text.edit, "heavy snow")
    office.write(dialog.start.edit, "soon")
    assert dialog.start.error()
    assert not dialog.yes_button.isEnabled()
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    assert dialog.isVisible()
    assert office.log("day-note")[-1] == event

    office.write(dialog.start.edit, "9:30")
    office.write(dialog.end.edit, "9:10")
    assert (dialog.start.error(), dialog.end.error()) == ("", "must be after 9:30")
    office.write(dialog.end.edit, "9:40")
    office.touch(dialog.yes_button)
    event = office.log("day-note")[-1]
    assert (event.data["from"], event.data["to"]) == (570, 580)


def test_running_notices_are_listed_until_they_are_over_or_taken_off(office):
    # A notice is taken off.
    messaging.push(office.hall.desk, office.hall.ask(), "Please keep your ticket")
    office.follow()
    office.go("notices")
    (card,) = office.page.notices.running.values()
    office.until(card.off_button.isVisible)
    office.touch(card.off_button)
    asked = office.question(ConfirmDialog)
    assert office.page.state.pushed != []
    office.touch(asked.act_button)

    assert office.page.state.pushed == []
    assert not office.page.notices.running
    assert office.page.toast.text() == "The notice is off the displays"

    # Running notices are listed until their time is over.
    messaging.push(office.hall.desk, office.hall.ask(), "Card payment is back", minutes=5)
    messaging.push(office.hall.desk, office.hall.ask(), "Please keep your ticket")
    office.follow()
    office.go("notices")
    assert len(office.page.notices.running) == 2

    office.later(minutes=6)
    assert len(office.page.notices.running) == 1

    # A notice goes to the displays of a zone for its minutes.
    page = office.page.notices
    assert not page.push_button.isEnabled()
    office.write(page.text.edit, "Window 3 moves to room 5")
    office.write(page.text_en.edit, "Window 3 is in room 5")
    page.where.setCurrentIndex(1)
    page.long.setCurrentIndex(page.long.findData(10))
    office.touch(page.push_button)

    event = office.log("notice")[-1]
    assert event.actor == "M1"
    assert (event.data["text"], event.data["text_en"]) == ("Window 3 moves to room 5", "Window 3 is in room 5")
    assert ("zone", event.data["zone"]) == page.where.itemData(1)
    notice = office.page.state.pushed[-1]
    assert (notice.until - notice.since).total_seconds() == 600
    assert office.page.toast.text() == "The notice is on the displays"
    assert page.text.value() == ""

    # A notice is written and sent by keys alone.
    page.text.edit.setFocus()
    QTest.keyClicks(page.text.edit, "Back at two")
    for _step in range(6):
        QTest.keyClick(office.page.focusWidget(), Qt.Key.Key_Tab)
    assert page.push_button.hasFocus()
    QTest.keyClick(page.push_button, Qt.Key.Key_Space)
    office.follow()

    assert office.log("notice")[-1].data["text"] == "Back at two"

    # The time it begins follows the clock until somebody types one.
    office.write(page.text.edit, "Back at three")
    office.later(minutes=2)
    assert page.begins.value() == "9:38"
    office.touch(page.push_button)
    assert office.log("notice")[-1].data["text"] == "Back at three"
    assert office.log("notice")[-1].data.get("begins") is None


def test_help_and_messages_are_told_and_without_a_voice_no_reading_aloud(office):
    # The page tells of help and messages of today.
    office.hall.do("help", "3", about="有争执", about_en="There is an argument")
    office.hall.clock.move(minutes=1)
    office.hall.do("message", "guide", "请来一下", text_en="Please come over", origin="manager")
    office.follow()
    office.go("notices")
    message, call = office.page.notices.log.rows()

    assert message[0].endswith("Please come over")
    assert message[1] == "to Front desk · not seen yet"
    assert call[0].endswith("Window 3 called for help · There is an argument")
    assert (call[1], call[2]) == ("nobody has answered", "red")
    office.hall.do("help-arrived", office.log("help")[0].seq)
    office.follow()
    assert office.page.notices.log.rows()[1][1] == "help arrived after 1.0 min"

    (ask,) = office.page.notices.log.case_buttons.values()
    assert ask.text() == "Open a case"
    ask.click()
    assert office.page.case_opening.dialog.title.value() == "Window 3, 9:30: There is an argument"
    QTest.keyClick(office.page.case_opening.dialog, Qt.Key.Key_Return)
    office.follow()
    (made,) = office.page.state.cases.values()
    (shown,) = office.page.notices.log.case_buttons.values()
    assert (made.source, made.ref, shown.text()) == ("help", str(office.log("help")[0].seq), "Case 26-001")

    # A hall whose calls are only shown offers no reading aloud.
    messaging.push(office.hall.desk, office.hall.ask(), "Card payment is back", spoken=True)
    office.go("notices")
    page = office.page.notices
    assert page.aloud.isVisible()
    only_shown(office.hall)
    office.follow()

    page = office.page.notices
    assert not page.aloud.isVisible()
    (row,) = page.running.values()
    assert not [label for label in row.findChildren(QLabel) if "read aloud" in label.text()]


def test_what_is_written_is_seen_before_it_is_sent_to_one_of_two_displays(office):
    # The preview shows the display with what is being written.
    for name in ("display", "display-2"):
        devices.started(office.hall.desk, office.hall.ask(station(name)), "display", name)
    office.follow()
    office.go("notices")
    page = office.page.notices
    strip = page.preview.findChild(DisplayView).strip
    office.write(page.text.edit, "Zi lai shui")
    assert page.preview.findChild(DisplayView).strip == StripText("Zi lai shui", pushed=True) != strip
    office.write(page.text_en.edit, "Water is back")
    assert page.preview.findChild(DisplayView).strip.text == "Water is back"
    assert [row.label for row in page.preview.findChild(DisplayView).rows()] == ["B001"]

    office.write(page.text_en.edit, "")
    office.write(page.text.edit, "")
    assert page.preview.findChild(DisplayView).strip == strip
    assert office.log("shown") == [], "nobody stands before a preview"

    # A notice too long for the strip is told of before it is sent.
    office.write(page.text.edit, "W" * 100)
    assert "end does not fit" in page.text.error()
    assert page.push_button.isEnabled()

    office.write(page.text.edit, "x" * 101)
    assert page.text.error() == "101 characters; at most 100 fit"
    assert not page.push_button.isEnabled()

    # The button says on how many displays and when.
    assert page.begins.value() == "9:30"
    assert page.long.currentText() == "30 min, to 10:00"
    office.write(page.text.edit, "Back at two")
    assert page.push_button.text() == "Show on 2 displays now"
    page.where.setCurrentIndex(page.where.findText("Display 2"))
    assert page.push_button.text() == "Show on 1 display now"
    office.write(page.begins.edit, "16:30")
    assert page.push_button.text() == "Show it at 16:30"
    assert page.long.currentText() == "30 min, to 17:00"

    # A time that is over is told beside the button.
    office.write(page.begins.edit, "8:00")
    office.touch(page.push_button)

    assert page.trouble.text() == "Beginning: 08:00 is over; please choose a later time."
    assert office.log("notice") == []
    assert page.text.value() == "Back at two"

    # A ready sentence is scheduled for one display and read aloud.
    page.ready.setCurrentIndex(3)
    page.ready.activated.emit(3)
    assert page.text_en.value() == "We are closing soon. If you have no ticket, please come on our next open day."
    page.where.setCurrentIndex(page.where.findText("Display 2"))
    office.write(page.begins.edit, "16:30")
    page.aloud.setCurrentIndex(1)
    office.touch(page.push_button)

    (event,) = office.log("notice")
    assert (event.data["display"], event.data["spoken"]) == ("display-2", True)
    assert event.data["begins"] == "2026-11-20T08:30:00.000000+00:00"
    (card,) = page.running.values()
    assert any("Display 2 · 16:30 to 17:00 · read aloud" in label.text() for label in card.findChildren(QLabel))
    assert page.begins.value() == "9:30"

    # A display that falls out while a notice is written stays chosen: else what was meant for one would go to all.
    page.where.setCurrentIndex(page.where.findText("Display 2"))
    office.write(page.text.edit, "Room 5 is closed")
    devices.stopped(office.hall.desk, office.hall.ask(station("display-2")), "display", "display-2")
    office.follow()
    office.touch(page.push_button)

    event = office.log("notice")[-1]
    assert (event.data["text"], event.data["display"]) == ("Room 5 is closed", "display-2")


def test_each_clerk_has_a_row_with_where_and_how_long(office):
    # A row says all of it to who hears the screen.
    office.go("people")

    name = office.page.staff.today.lines["C1"].accessibleName()
    assert name.startswith("Zhang Min, Window 1, Window 1 since 9:00, Open (min) 30, Paused (min) 0, Serving (min) 4")

    # Who is at which station stands above.
    sign_in_and_pins.sign_in(office.hall.desk, office.hall.ask(MANAGER), "manager", "M1")
    office.follow()
    office.go("people")

    assert "Manager's station: " in office.page.staff.today.stations.text()
    assert office.page.staff.today.stations.text().endswith("3 windows staffed")
    assert station_name("guide-2@Door") == "Front desk 2 on Door"
    assert station_name("lobby@Door") == "Lobby board on Door"

    # Each clerk has a row with where and how long.
    hall = office.hall
    hall.do("pause", "2", reason="meal", minutes=20)
    hall.clock.move(minutes=5)
    office.follow()
    office.go("people")

    said = {row.code: row for row in staff_texts(office.page.state, hall.date, hall.clock()).rows}
    assert list(office.page.staff.today.lines) == ["C1", "C2", "C3"]
    assert said["C2"].second == "Window 2, paused"
    assert said["C2"].line == "Window 2 since 9:00; paused since 9:30 (Meal)"
    assert said["C1"].figures[3] == "1"
    assert [bar.kind for bar in said["C2"].bars].count(PAUSED) == 1
    assert SERVING in [bar.kind for bar in said["C3"].bars]

    # The page follows while it is seen.
    office.go("people")
    office.hall.open("4", "C4")
    office.follow()

    assert list(office.page.staff.today.lines) == ["C1", "C2", "C3", "C4"]


def test_the_hours_on_the_axis_are_evenly_far_apart():
    hours = tuple((at / 10, f"{8 + at}:00") for at in range(11))
    assert every_readable(hours, 600, 50) == hours
    assert [text for _share, text in every_readable(hours, 600, 70)] == [f"{hour}:00" for hour in range(8, 19, 2)]
    assert every_readable(hours[:1], 600, 50) == hours[:1]
    assert every_readable((), 600, 50) == ()
