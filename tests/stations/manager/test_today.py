"""The manager's day: who waits and serves, alerts, devices, notes and notices, and each ticket's story."""

import re
from datetime import timedelta

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QMenu

from queuedesk import i18n
from queuedesk.core.figures.measures.document import day_figures
from queuedesk.core.log.ticket_history import TicketHistory, visit_stretches
from queuedesk.core.network.roles import actor_of_station
from queuedesk.core.queue.overview import set_up, tickets_callable_by_window
from queuedesk.desk import looking
from queuedesk.desk.queue import issuing
from queuedesk.desk.talk import announcing, devices
from queuedesk.i18n.queue.line_words import why_not_called_now_sentence
from queuedesk.stations.acts.ticket_acts import THANKS
from queuedesk.stations.display.view import DisplayView
from queuedesk.stations.manager.pages import NOTICES, REPORTS, SETUP, TICKETS, TODAY
from queuedesk.stations.manager.sections import FIGURES
from queuedesk.stations.manager.tickets.history_page import ticket_story_events
from queuedesk.stations.manager.tickets.tickets_page import TicketFilter, tickets_matching_filter
from queuedesk.stations.manager.today import today_words
from queuedesk.stations.manager.today.alert_words import ButtonTarget, alert_texts, set_aside_events_alerts
from queuedesk.stations.manager.today.day_acts import DayNotesDialog
from queuedesk.stations.manager.today.today_page import AlertsDialog
from queuedesk.stations.widgets.lists.lists import ROW
from queuedesk.stations.widgets.questions.dialogs import ChoiceButtonsDialog, ConfirmDialog, ReasonDialog
from queuedesk.stations.window.day_dialog import DayPickerDialog
from queuedesk.stations.window.style import Look, Scale
from tests import engines
from tests.core.added import all_but, program_of
from tests.desk.stage import only_shown
from tests.event_cases import cases, put_in
from tests.hall import ADMIN, at, labels, make_hall
from tests.stations.hands import LEFT, take_entry
from tests.stations.manager.conftest import PicturesHere, in_front
from tests.stations.seen import said, texts_of
from tests.stations.stubs import lend
from tests.stations.whole_words import drawn, settled
from tests.three_halls import CLINIC, POST_OFFICE


def test_a_name_has_shorter_forms_for_a_narrow_card():
    shorter = {"Dr Jane Okafor": ["Dr J. Okafor", "Okafor"], "Sam Price": ["S. Price", "Price"], "王芳": [], "": []}
    for name, forms in shorter.items():
        assert today_words.full_to_short_name_forms(name) == [name, *forms]


@pytest.mark.parametrize("name", ["Blood tests and X-rays", "Typing, copying and paying"])
def test_a_name_in_two_lines_stands_whole_in_a_row_of_large_letters(qtbot, name):
    """The tails of its lower line too: where nothing of it was drawn in the row's last pixels, nothing is cut."""
    look = Look(scale=Scale.staff_scale(1020, 764, 150))
    table = today_words.ServiceTable(look)
    qtbot.addWidget(table)
    table.set_small_column_heads(small=True)
    kept = {"waiting": "0", "longest": "17 min", "level": "", "mean": "1.1"}
    table.set_rows([today_words.ServiceRowText(code=code, letter=code, name=name, **kept) for code in "ABC"])
    table.resize(441, 174)
    table.show()
    row = table.rows["C"]
    picture = row.grab().toImage()
    name_left, name_right = look.px(35), look.px(160)
    above_divider = range(row.height() - 4, row.height() - 1)
    shades = {picture.pixel(x, y) for x in range(name_left, name_right) for y in above_divider}
    assert len(shades) == 1, row.height()


def test_the_day_stands_there_quiet_or_away_and_each_press_leads_to_its_tickets(office, story):
    hall, state, today, tickets = office.hall, office.page.hall_state, office.page.today, office.page.tickets
    story.tell("The day as it is found", today)
    later = at("9:36")
    rows = today_words.service_rows(state, day_figures(state, later.date(), later), later)
    story.tell("Services say who waits and how long", *rows)
    office.touch(today.alerts.strips[0].button())
    story.tell("An alert leads to the tickets it is about", tickets.list)
    office.go("today")
    office.touch(today.cards["1"])
    story.tell("A window leads to its own", tickets.list)
    office.go("today")
    day = today.ribbon.shown.ribbon
    assert day.number_waiting_at(day.now) == len(state.waiting_tickets())
    today.ribbon.setFocus()
    QTest.keyClick(today.ribbon, Qt.Key.Key_End)
    QTest.keyClick(today.ribbon, Qt.Key.Key_Return)
    assert tickets.story.number.text() == today.ribbon.strokes.names[-1], "a stroke of the day leads to its ticket"
    office.go("today")
    before = len(day.strokes), day.now
    office.meanwhile("issue", "C")
    story.tell("Figures follow the hall", today)
    office.later(minutes=2)
    day = today.ribbon.shown.ribbon
    assert (len(day.strokes), day.now) == (before[0] + 1, before[1] + 2)
    hall.call("2")
    office.meanwhile("start", "2")
    story.tell("A window that serves says whom", today.cards["2"])
    office.meanwhile("finish", "2")
    story.tell("And then that it is free", today.cards["2"])
    today.alerts.set_alerts([])
    story.tell("A quiet day", today.alerts)
    office.page.show_hall_away(at("9:36"))
    story.tell("The hall is away", today.head)
    office.page.show_hall_away(None)
    story.tell("And back", today.head)


def figures_now(hall):
    state = looking.hall_state_now(hall.desk, hall.clock())
    return today_words.today_key_figures(state, day_figures(state, hall.date, hall.clock()), hall.clock())


def test_calls_in_time_are_held_against_the_target_and_no_share_looks_good_over_somebody_who_waits_past_it(tmp_path):
    """One called at once: 100 %. Another has waited 25 minutes, and no share counts them before they are called."""
    hall = make_hall(tmp_path, time="9:00")
    hall.play("open 1 staff=C1", "queue A A", "call 1")

    def within(minutes):
        hall.clock.move(minutes=minutes)
        return figures_now(hall)[2]

    assert (within(15).value, within(0).second, within(0).token) == ("100", "target 80 %", "ink")
    hall.do("add-row", "targets", {"measure": "within_target", "value": "92.5"})
    assert within(0).second == "target 92.5 %", "the one that stands"
    assert (within(10).value, within(0).second, within(0).token) == ("100", "1 waiting longer, up to 25 min", "red")
    i18n.choose_language("zh_CN")
    assert within(0).second == "1 人等候超时，最久 25 分钟"


def test_unknown_figures_are_dashes_few_ratings_too_few_to_say_and_satisfaction_is_red_only_for_certain(tmp_path):
    hall = make_hall(tmp_path, time="9:00", targets=[{"measure": "satisfaction", "value": 50}])
    shown = figures_now(hall)
    assert [(f.value, f.second) for f in shown[1:3]] == [("—", "nobody called yet")] * 2
    assert (shown[4].value, shown[4].second) == ("—", "nobody rated yet")
    hall.open("1", "C1")

    def rated(*levels):
        for level in levels:
            hall.issue("A")
            hall.do("rate", hall.serve_out("1"), level)
        return figures_now(hall)[4]

    shown = rated(5, 5, 1)
    assert (shown.value, shown.second, shown.short_second) == ("66.7", "3 ratings · too few to say", "too few to say")
    assert (shown.token, rated(*[1] * 12).token) == ("ink", "red")


def cards_now(hall):
    return today_words.card_texts_by_window(looking.hall_state_now(hall.desk, hall.clock()), hall.clock())


def test_the_windows_say_what_they_do_what_is_late_and_that_they_wait_or_keep_somebody_waiting(hall, story):
    story.tell("Window 3 serves", cards_now(hall)["3"])
    hall.play("stall 3 reason=network", 10)
    story.tell("It waits for a system, and the time of its customer stands", cards_now(hall)["3"])
    hall.do("unstall", "3")
    story.tell("It goes on", cards_now(hall)["3"])
    hall.clock.move(minutes=20)
    hall.do("pause", "2", reason="break", minutes=10)
    hall.clock.move(minutes=1)
    story.tell("One is free, one away, one late and one closed", *cards_now(hall).values())
    # A free one is amber once it keeps somebody waiting.
    clock = hall.clock
    for _waiting in tickets_callable_by_window(looking.hall_state_now(hall.desk, clock()), "1", clock()):
        hall.serve_out("1", minutes=0)
    clock.move(minutes=20)
    alone = cards_now(hall)["1"].asks
    hall.queue("A")
    fresh = cards_now(hall)["1"].asks
    clock.move(seconds=11)
    assert (alone, fresh, cards_now(hall)["1"].asks) == (False, False, True)


def test_a_removed_service_that_had_tickets_today_keeps_its_row(tmp_path):
    hall = make_hall(tmp_path, time="9:00")
    hall.play("open 5 staff=C5", "issue D", 3, "serve-out 5", "remove-row services D")
    state, now = looking.hall_state_now(hall.desk, hall.clock()), hall.clock()
    *others, last = today_words.service_rows(state, day_figures(state, now.date(), now), now)
    assert [row.code for row in others] == ["A", "B", "C"]
    assert (last.code, last.name, last.waiting, last.mean) == ("D", "Questions", "0", "3.0")


def has_sign(banner, icon: str) -> bool:
    """Whether the strip looks as it does with this icon, which it has from then on."""
    shown = banner.grab().toImage()
    second = banner.accessibleName().removeprefix(banner.title()).strip()
    banner.set_alert_content("amber", banner.title(), second, button=banner.button().text(), icon=icon)
    return shown == banner.grab().toImage()


def test_calls_that_nobody_heard_and_events_that_cannot_be_read_are_told_until_they_are_noted(office, story):
    hall, page, today = office.hall, office.page, office.page.today
    banner = today.unheard

    def later(seconds):
        office.later(seconds=seconds)
        office.follow()

    assert not banner.isVisible()
    hall.call("1")
    announcing.record_call_announcement_result(
        hall.desk, office.log("call")[-1].seq, "display", hall.clock(), link=None
    )
    later(6)
    story.tell("A call that could not be spoken is shown", banner)
    assert has_sign(banner, "speaker-off")
    office.touch(banner.button())
    later(6)
    assert not banner.isVisible(), "until it is noted"
    hall.play("finish 1", "issue A", "call 1", "call 2")
    later(31)
    story.tell("Calls without a display are one strip", banner)
    only_shown(hall)
    later(6)
    banner = today.unheard
    story.tell("Where nothing speaks they were only not shown", banner)
    assert has_sign(banner, "screen")
    today.set_alerts([])
    assert not today.alerts.isVisible(), "something asks"
    usual = page.context.look.scale
    page.context.look.set_scale(Scale.staff_scale(1366, 768, 150))
    later(6)
    today.set_alerts([])
    assert not banner.isVisible()
    story.tell("Large text tells of them among the alerts", today.alerts)
    assert not today.alerts.strips[0].seen_button_or_raise().isVisible()
    page.context.look.set_scale(usual)
    office.later(seconds=6)
    office.touch(banner.button())
    assert page.controller.unheard == []
    today.set_alerts([])
    assert today.alerts.isVisible() and today.alerts.has_no_alerts
    strange = next(case.event for case in cases() if case.name == "a kind of a later program")
    put_in(hall.desk.db, 1, [strange], hall.clock())
    office.meanwhile("issue", "A")
    (told,) = set_aside_events_alerts(page.hall_state)
    assert told in today.alerts.texts
    story.tell("An event that cannot be read is told", told.title, told.second)


def test_alerts_can_be_marked_as_seen_unless_the_hall_is_away(office, story):
    # While the hall is away one can look but not act.
    page, alerts = office.page, office.page.today.alerts
    office.later(minutes=20)
    seen = alerts.strips[0].seen_button_or_raise()
    office.go("setup")
    acts = [seen, page.today.note_button, page.notices.push_button, page.tickets.story.buttons["void"]]
    acts += page.setup_page.hall_acts
    could = [button.isEnabled() for button in acts]
    page.show_hall_away(at("10:40"))
    page.refresh()
    office.go("today")
    assert not any(button.isEnabled() for button in acts) and alerts.strips[0].button().isEnabled()
    office.touch(alerts.more)
    listed = office.question(AlertsDialog).strips
    assert not any(strip.seen_button_or_raise().isEnabled() for strip in listed)
    office.go("quality")
    page.quality.open_tab("cases")
    late, *_others = page.quality.pages.get_or_make_page("cases").hall_acts
    assert not late.isEnabled(), "on a page made meanwhile too"
    page.show_hall_away(None)
    assert all(strip.seen_button_or_raise().isEnabled() for strip in listed)
    assert [button.isEnabled() for button in acts] == could and late.isEnabled()
    office.question(AlertsDialog).refuse()
    office.go("today")
    story.tell("What asks", alerts)
    office.touch(alerts.strips[0].seen_button_or_raise())
    story.tell("An alert that was seen leaves the strips", alerts, page.toast)
    office.touch(alerts.more)
    story.tell("The list of all says who has seen what", office.question(AlertsDialog))
    listed = office.question(AlertsDialog).strips
    assert not listed[-1].seen_button_or_raise().isVisible()
    office.touch(next(strip for strip in listed if "B001" in strip.accessibleName()).button())
    assert page.tickets.shown_ticket().label == "B001", "each leads to its tickets"
    office.go("today")
    while any(strip.isVisible() for strip in alerts.strips):
        office.touch(next(strip for strip in alerts.strips if strip.isVisible()).seen_button_or_raise())
    office.later(minutes=1)
    story.tell("When all were seen, nothing new asks", alerts)
    # An outage is a strip that can be seen.
    hall = office.hall
    devices.record_device_state(hall.desk, hall.ask(actor_of_station("K1")), "printer", "K1", "out_of_paper")
    office.follow()
    (strip,) = (one for one in alerts.strips if one.isVisible())
    assert strip.title() == "Printer (K1): out of paper"
    office.touch(strip.seen_button_or_raise())
    event = office.log("ack")[-1]
    assert (event.actor, event.data["device"], event.data["station"]) == ("M1", "printer", "K1")
    devices.record_station_start(hall.desk, hall.ask(actor_of_station("display")), "display", "display")
    devices.record_station_stop(hall.desk, hall.ask(actor_of_station("display")), "display", "display")
    office.follow()
    told = {text.title: text.level for text in alert_texts(page.hall_state, hall.clock())}
    assert told["Display: switched off"] == "red", "no display is left"


def test_a_note_with_its_times_is_a_mark_on_the_chart(office, story):
    today = office.page.today
    office.meanwhile("add-note", "weather", "snow")
    office.touch(today.notes)
    (row,) = office.question(DayNotesDialog).rows.values()
    office.touch(row.button())
    question = office.question(ReasonDialog)
    question.pick_reason("noted_wrongly")
    office.touch(question.yes_button)
    story.tell("A note is taken away with a reason")
    assert office.page.hall_state.day_notes == [] and not today.notes.isVisible()

    def asked(kind):
        office.touch(today.note_button)
        dialog = office.question(DayNotesDialog)
        assert not dialog.yes_button.isEnabled()
        office.touch(dialog.kinds[kind])
        return dialog

    dialog = asked("event")
    story.tell("Nothing can be noted without a kind and words", dialog)
    dialog.refuse()

    def fill(dialog, **texts):
        for field, text in texts.items():
            office.write(getattr(dialog, field).edit, text)

    dialog = asked("outage")
    fill(dialog, text="card machines", start="9:00", end="9:15")
    office.touch(dialog.yes_button)
    (note,) = today.ribbon.shown.ribbon.notes
    story.tell("A note with its times is a mark on the chart", today.notes, note)
    assert "card machines" in today.ribbon.accessibleDescription()
    dialog = asked("weather")
    fill(dialog, text="heavy snow", start="soon")
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    assert dialog.isVisible()
    story.tell("A wrong time is told at its field and the dialog stays", dialog)
    fill(dialog, start="9:30", end="9:10")
    story.tell("So is an end before the beginning", dialog)
    office.write(dialog.end.edit, "9:40")
    office.touch(dialog.yes_button)
    story.tell("It is noted once it is right")


def test_a_notice_is_whole_in_a_small_window_with_large_letters(office):
    """The button that takes it down too: it stood half outside the list, which does not move sideways."""
    page = office.page.notices
    office.meanwhile("push", "Our system is down for a moment. Your number is kept.", minutes=30)
    office.go("notices")
    office.page.context.look.set_scale(Scale.staff_scale(1020, 764, 150))
    for _try in range(2):  # what was shown before needs more
        office.page.resize(1020, 764)
        settled()
    (card,) = page.running.values()
    list_width = page.log.parentWidget().parentWidget().width()
    for part in (page.log, card, card.off_button):
        assert part.mapTo(page.log.parentWidget(), part.rect().topRight()).x() < list_width, part
    assert not any(word.text.startswith("Our") and word.text.endswith("…") for word in drawn(card).words)


def test_running_notices_are_listed_until_they_are_over_or_taken_off(office, story):
    hall, page = office.hall, office.page.notices
    office.meanwhile("push", "Please keep your ticket")
    office.go("notices")
    (card,) = page.running.values()
    office.until(card.off_button.isVisible)
    office.touch(card.off_button)
    asked = office.question(ConfirmDialog)
    assert office.page.hall_state.pushed != []
    office.touch(asked.act_button)
    story.tell("A notice is taken off after a question", office.page.toast)
    assert not page.running
    hall.do("push", "Card payment is back", minutes=5)
    office.meanwhile("push", "Please keep your ticket")
    office.go("notices")
    assert len(page.running) == 2
    office.later(minutes=6)
    assert len(page.running) == 1, "until their time is over"
    assert not page.push_button.isEnabled()
    office.write(page.text.edit, "Window 3 moves to room 5")
    office.write(page.text_en.edit, "Window 3 is in room 5")
    page.where.setCurrentIndex(1)
    page.long.setCurrentIndex(page.long.findData(10))
    office.touch(page.push_button)
    story.tell("A notice goes to the displays of a zone for its minutes", office.page.toast)
    assert page.text.value() == ""
    page.text.edit.setFocus()
    QTest.keyClicks(page.text.edit, "Back at two")
    for _step in range(6):
        QTest.keyClick(office.page.focusWidget(), Qt.Key.Key_Tab)
    assert page.push_button.hasFocus()
    QTest.keyClick(page.push_button, Qt.Key.Key_Space)
    office.follow()
    story.tell("One is written and sent by keys alone")
    office.write(page.text.edit, "Back at three")
    office.later(minutes=2)
    assert page.begins.value() == "9:38", "it follows the clock until somebody types a time"
    office.touch(page.push_button)
    story.tell("One that begins now has no time of its own")


def test_help_and_messages_are_told_and_without_a_voice_no_reading_aloud(office, story):
    hall, page = office.hall, office.page.notices
    hall.do("help", "3", about="有争执", about_en="There is an argument")
    hall.clock.move(minutes=1)
    office.meanwhile("message", "guide", "请来一下", text_en="Please come over", origin="manager")
    office.go("notices")
    story.tell("The page tells of help and messages of today", page.log)
    assert page.log.shown_rows()[1][2] == "red"
    office.meanwhile("help-arrived", office.log("help")[0].seq)
    story.tell("Help arrives", page.log)
    (ask,) = page.log.case_buttons.values()
    ask.click()
    story.tell("A case is opened of it", office.page.case_opening_dialogs.dialog)
    QTest.keyClick(office.page.case_opening_dialogs.dialog, Qt.Key.Key_Return)
    office.follow()
    story.tell("Its number stands there", page.log)
    hall.do("push", "Card payment is back", spoken=True)
    office.go("notices")
    story.tell("A notice may be read aloud", page)
    only_shown(hall)
    office.follow()
    office.until(lambda: not page.aloud.isVisible())
    office.until(lambda: "from 9:31 until the day ends" in texts_of(page))


def test_what_is_written_is_seen_before_it_is_sent_to_one_of_two_displays(office, story):
    hall = office.hall
    for name in ("display", "display-2"):
        devices.record_station_start(hall.desk, hall.ask(actor_of_station(name)), "display", name)
    office.follow()
    office.go("notices")
    page = office.page.notices

    def preview():
        shown = page.preview.findChild(DisplayView)
        return f"{shown.strip} over {[row.label for row in shown.all_call_rows()]}"

    before = preview()
    story.tell("The page as it is opened", page, before)
    office.write(page.text.edit, "Zi lai shui")
    story.tell("The preview shows what is being written", preview())
    office.write(page.text_en.edit, "Water is back")
    story.tell("In the language of the display", preview())
    for field in (page.text_en, page.text):
        office.write(field.edit, "")
    assert preview() == before
    assert office.log("shown") == [], "nobody stands before a preview"
    office.write(page.text.edit, "W" * 100)
    story.tell("A notice too long for the strip is told of before it is sent", page)
    office.write(page.text.edit, "x" * 101)
    story.tell("One too long to be kept is refused", page)
    office.write(page.text.edit, "Back at two")
    story.tell("The button says on how many displays", page)
    page.where.setCurrentIndex(page.where.findText("Display 2"))
    office.write(page.begins.edit, "16:30")
    story.tell("And when", page)
    office.write(page.begins.edit, "8:00")
    office.touch(page.push_button)
    story.tell("A time that is over is told beside the button", page)
    office.write(page.begins.edit, "16:30")
    assert page.trouble.text() == "", "another time is not refused"
    page.ready.setCurrentIndex(3)
    page.ready.activated.emit(3)
    page.where.setCurrentIndex(page.where.findText("Display 2"))
    office.write(page.begins.edit, "16:30")
    page.aloud.setCurrentIndex(1)
    office.touch(page.push_button)
    story.tell("A ready sentence is scheduled for one display and read aloud")
    (card,) = page.running.values()
    assert any("Display 2 · 16:30 to 17:00 · read aloud" in label.text() for label in card.findChildren(QLabel))
    assert page.begins.value() == "9:30"
    page.where.setCurrentIndex(page.where.findText("Display 2"))
    office.write(page.text.edit, "Room 5 is closed")
    devices.record_station_stop(hall.desk, hall.ask(actor_of_station("display-2")), "display", "display-2")
    office.follow()
    office.touch(page.push_button)
    event = office.log("notice")[-1]
    assert (event.data["text"], event.data["display"]) == ("Room 5 is closed", "display-2"), "it does not go to all"


@pytest.mark.parametrize("kind", [CLINIC])
def test_the_preview_speaks_as_the_displays_of_its_hall_do(kind, office):
    preview = office.page.notices.preview
    i18n.choose_language("zh_CN")

    def chinese():
        return [word.text for word in drawn(preview).words if re.search("[\u3400-\u9fff]", word.text)]

    office.go("notices")
    preview.show_display_of_zone("", "display-2")
    assert chinese() == []
    office.meanwhile("issue", "A")
    preview.tick(office.hall.clock.now + timedelta(minutes=1))
    assert (chinese(), i18n.current_language()) == ([], "zh_CN")


def new_clinic(folder):
    return make_hall(folder, kind="clinic")


@pytest.mark.hall(make=new_clinic)
def test_each_page_of_a_hall_without_a_ticket_says_what_it_shows_and_what_to_do_first(open_office, context, hall):
    lend(context, pictures=PicturesHere(hall.desk, hall.clock))
    office = open_office(ADMIN)
    first_words = {
        TODAY: ["Nothing needs you now"],
        TICKETS: ["Issue one at the front desk", "A ticket's history is shown here"],
        REPORTS: ["once the front desk has issued one"],
        NOTICES: ["Nobody has called for help or written today"],
        "quality": ["<New case>"],
    }
    for key, words in first_words.items():
        office.page.open_page(key)
        office.follow()
        told = " ".join(said(in_front(office.page.stack)))
        assert [one for one in words if one not in told] == [], key
    office.page.open_page(REPORTS)
    figures = office.page.stack.get_or_make_page(REPORTS).pages.get_or_make_page(FIGURES)
    assert not figures.tiles.isVisible(), "no page of dashes"
    office.touch(figures.body.wait.button)
    assert office.question(DayPickerDialog)


def numbers(office) -> list[str]:
    return [row.number for row in office.page.tickets.list.tickets.rows()]


def story_of(hall, label) -> TicketHistory:
    ticket, events = looking.ticket_with_events(hall.desk, hall.clock().date(), label)
    return TicketHistory(ticket=ticket, events=tuple(events), broken=None)


def told(hall, label) -> list[tuple[str, str]]:
    state = looking.hall_state_on(hall.desk, hall.clock().date())
    return [
        (moment.title, moment.detail) for moment in ticket_story_events(state, set_up(state), story_of(hall, label))
    ]


def test_a_ticket_is_found_by_all_that_is_known_of_it(hall):
    hall.issue("A", klass="elderly", ref="CASE-77")
    state = looking.hall_state_now(hall.desk, hall.clock())
    found_by = {
        "B001": ("b1", "3 wang", "serving"),
        "B002": ("waiting account",),
        "B002 B001": ("account", "业务"),
        "A004": ("elderly", "case-77", "return visit"),
        "A004 A003 A002 A001": ("A00",),
        "": ("nobody",),
    }
    for came, searched in found_by.items():
        for words in searched:
            found = tickets_matching_filter(state, set_up(state), hall.date, TicketFilter(words=words))
            assert labels(found) == came.split()


@program_of(all_but("corrections"))  # its folder may not be there
def test_the_list_is_searched_narrowed_and_saved(office, story):
    hall = office.hall
    office.go("tickets")
    page = office.page.tickets

    def choose(pill, word):
        QTest.mouseClick(pill, LEFT)
        take_entry(page, word)

    story.tell("The page as it is opened", page)
    QTest.keyClicks(office.page, "b")
    QTest.keyClicks(page.search.edit, "1")
    assert page.list.selectedIndexes() == []
    story.tell("Typing on the page searches, and marks no row but the one that is shown", page)
    QTest.keyClick(page.search.edit, Qt.Key.Key_Return)
    story.tell("Enter shows what was found", page)
    assert [index.row() for index in page.list.selectedIndexes()] == [0]
    for words, found_now in (("b2", "B002"), ("", "B002 A003 A002 B001 A001")):
        office.write(page.search.edit, words)
        assert numbers(office) == found_now.split()
    choose(page.state_pill, "Waiting")
    story.tell("A state narrows it, and says so", page)
    choose(page.state_pill, "All states")
    hall.issue("A", klass="elderly")
    hall.do("redirect", "C", ticket="A003")
    office.follow()
    choose(page.class_pill, "Elderly")
    story.tell("So does a class", page)
    choose(page.class_pill, "All classes")
    choose(page.mark_pill, "Wrong window")
    story.tell("And a mark", page)
    QTest.mouseClick(page.save_button, LEFT)
    (menu,) = [one for one in page.findChildren(QMenu) if one.isVisible()]
    take_entry(page, menu.actions()[1].text())
    file = office.paper.folder / f"CD-{hall.date}-tickets.csv"
    assert file.read_text(encoding="utf-8") == f"tickets of {hall.date}"
    story.tell("The tickets of the day are saved as a file", office.page.toast)
    page.show_ticket("A001")
    assert page.story.log.text().endswith("complete and unchanged")
    seq = office.log("finish")[0].seq
    engines.execute(hall.desk.db, f"UPDATE events SET actor = 'somebody' WHERE seq = {seq}")
    page.show_ticket("A001")
    assert page.story.log.text().endswith(f": it does not hold at entry {seq}; somebody changed it")


def test_the_story_tells_every_event_with_its_reason(hall, story):
    hall.play(2, "park 3 reason=copying", 3)
    parts = visit_stretches(story_of(hall, "B001"), hall.clock())
    story.tell("The bar shows the parts of the visit in order", *parts)
    hall.play("unpark 3 B001", 4, "finish 3")
    hall.do("rate", "B001", 2)
    hall.do("reasons", "B001", tags=["waited_long", "attitude"], comment="two hours")
    story.tell("A whole visit, rated low in the words that the customer saw", *told(hall, "B001"))
    hall.do("call", "1", ticket="A003", reason="frail")
    story.tell("One who was passed", *told(hall, "A002"))
    for kiosk in ("K1", "K1@Door"):
        given = issuing.issue_ticket(hall.desk, hall.ask(actor_of_station(kiosk)), "A")
        story.tell(f"A ticket of {kiosk}", *told(hall, given["ticket"]))
    hall.play(540, "day-end")
    for label in ("A002", "A003"):
        story.tell(f"The end of the day closes the story of {label}", *told(hall, label))


def test_who_was_missed_walks_from_the_call_that_they_followed(hall):
    hall.do("finish", "3")
    label = hall.issue("B")
    call = f"call 3 ticket={label} reason=other"
    hall.play(call, 1, "recall 3", "miss 3", f"reinstate {label}", 2, call, 1 / 3, "start 3")
    assert ("Start", "20 s to the window") in told(hall, label)


def test_a_ticket_is_sent_on_voided_noted_as_left_and_brought_back(office, story):
    hall, tickets = office.hall, office.page.tickets
    office.go("tickets")

    def act(label, verb):
        tickets.show_ticket(label)
        office.touch(tickets.story.buttons[verb])

    act("A003", "redirect")
    story.tell("A waiting ticket can be sent to the right line", office.question(ChoiceButtonsDialog))
    office.touch(office.question(ChoiceButtonsDialog).answers["C"])
    settled()
    story.tell("It waits there", office.page.toast)
    act("B001", "redirect")
    office.touch(office.question(ChoiceButtonsDialog).answers["A"])
    story.tell("Who is served in the wrong line can be sent on too")
    act("B002", "void")
    dialog = office.question(ReasonDialog)
    assert not dialog.yes_button.isEnabled()
    QTest.keyClick(dialog, Qt.Key.Key_2)
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    office.follow()
    story.tell("Voiding asks for a reason")
    assert tickets.story.rows[-1].accessibleName().endswith("Manager · Zhao Qiang · Wrong service chosen")
    act("A003", "leave")
    office.touch(office.question(ConfirmDialog).act_button)
    story.tell("A customer who left is noted after a question")
    office.page.controller.void(office.page.controller.business_date, "A003", "other")
    story.tell("A refusal is said and changes nothing", office.page.toast)
    hall.play("call 1 ticket=A002 reason=chosen", "miss 1")
    office.follow()
    act("A002", "reinstate")
    story.tell("A missed ticket comes back at once")


def test_the_shown_story_follows_the_ticket_says_why_it_waits_shows_it_in_the_day_and_earlier_days_are_read(office):
    hall, page = office.hall, office.page.tickets
    office.go("tickets")
    page.show_ticket("B001")
    hall.clock.move(minutes=1)
    office.meanwhile("finish", "3")
    assert page.story.state.text() == "Finished"
    assert {verb for verb, button in page.story.buttons.items() if button.isVisible()} <= {THANKS}
    # It says why its ticket still waits.
    hall.issue("A", klass="elderly")
    office.meanwhile("call", "1", ticket="A004", reason="frail")
    page.show_tickets_of_target(ButtonTarget("tickets", ticket="A002"))
    office.follow()
    said = page.story.why.text()
    waiting = office.page.hall_state.tickets[office.page.controller.business_date, "A002"]
    assert said == why_not_called_now_sentence(office.page.hall_state, waiting, hall.clock())
    assert "A004 (Old, ill or with a small child)" in said
    # It shows its ticket in the day, and a press changes the ticket.
    first, other = (row.id for row in page.list.tickets.rows()[:2])
    page.show_ticket(first)
    ribbon = page.story.ribbon
    assert ribbon.shown.bright == first and ribbon.shown.ribbon.end - ribbon.shown.ribbon.start >= 90
    assert "waited" in ribbon.accessibleName() or "waiting" in ribbon.accessibleName()
    ribbon.picked.emit(other)
    assert ribbon.shown.bright == page.list.currentIndex().data(ROW).id == other
    # An earlier day is read, and today comes back.
    day = office.page.controller.business_date
    hall.clock.move(days=1)
    office.page.context.feed.switch_to_new_business_date()
    page.open_day(day)
    assert (numbers(office), page.story.number.text()) == (["A004", "B002", "A003", "A002", "B001", "A001"], "A004")
    office.touch(page.day_pill)
    office.touch(next(one for one in office.question(DayPickerDialog).days if one.text() == "21"))
    assert numbers(office) == [] and page.story.empty.isVisible()


def test_in_a_narrow_window_with_large_letters_list_and_story_take_turns_and_a_message_lies_over_no_row(
    office, context
):
    """For who may change the set-up the walk over all pages looks at messages (tests/features/test_every_page.py)."""
    page = office.page
    page.open_page(TICKETS)
    tickets = page.tickets
    assert not tickets.list.isHidden() and not tickets.story.isHidden() and tickets.story.back_button.isHidden()
    context.look.set_scale(Scale.staff_scale(1024, 768, 150))
    for _try in range(2):  # what was shown before needs more
        page.resize(1024, 768)
        settled()
    assert tickets.list.isVisible() and tickets.story.isHidden()
    tickets.list.chosen.emit("B001")
    assert tickets.story.isVisible() and not tickets.list.isVisible() and tickets.shown_ticket().label == "B001"
    QTest.keyClick(tickets, Qt.Key.Key_Escape)
    assert tickets.list.isVisible() and tickets.story.isHidden()
    set_up_page, rows = page.setup_page, page.setup_page.list
    page.open_page(SETUP)
    set_up_page.open_set_up_part("services")
    settled()
    assert page.width() == 1024
    assert rows.isVisible() and not set_up_page.forms.isVisible()
    page.show_hall_away(office.hall.clock())
    settled()
    told = page.messages
    assert told.isVisible() and told.parentWidget() is rows and rows.rect().contains(told.geometry())
    places = [QRect(one.mapTo(rows, QPoint()), one.size()) for one in rows.cards.values()]
    assert [place for place in places if place.intersects(told.geometry())] == []
    page.show_hall_away(None)
    next(iter(rows.cards.values())).click()
    assert set_up_page.forms.isVisible() and not rows.isVisible()
    set_up_page.rows_button.click()
    assert rows.isVisible() and not set_up_page.forms.isVisible()
    # A list without rows says so, where there is no place beside it.
    set_up_page.open_set_up_part("targets")
    settled()
    assert not rows.cards and "No targets yet" in rows.nothing.text()
    assert rows.nothing.isVisible() and not set_up_page.empty.isVisible()


def to(office, width, text_pct):
    office.page.resize(width, 768)
    office.page.context.look.set_scale(Scale.staff_scale(width, 768, text_pct))
    settled()


def open_ticket(page):
    page.open_page(TICKETS)
    page.tickets.open_ticket(page.tickets.list.tickets.rows()[0].id)


def open_service(page):
    page.open_page(SETUP)
    page.setup_page.open_set_up_part("services")
    next(iter(page.setup_page.list.cards.values())).click()


def test_while_the_hall_is_away_the_story_stays_in_sight_and_its_message_when_letters_grow_over_what_is_open(
    admin_office,
):
    office, view = admin_office, admin_office.page

    def go_away():
        view.show_hall_away(office.hall.clock())
        return office.hall.path.rename(office.hall.path.with_name("elsewhere"))

    # Where there is none yet, what is told is no higher than the head; it comes with the hall.
    away = go_away()
    view.open_page(TICKETS)
    settled()
    assert view.messages.isVisible() and view.messages.height() <= view.tickets.story.number.sizeHint().height()
    assert "Choose a ticket to see its history" in said(view.tickets.story)
    away.rename(office.hall.path)
    view.show_hall_away(None)
    assert view.tickets.list.tickets.rows()[0].number in said(view.tickets.story)
    open_ticket(view)
    story = said(view.tickets.story)
    for key in ("today", NOTICES, SETUP):
        view.open_page(key)
    assert view.stack.page_if_already_made(TICKETS) is None
    away = go_away()
    view.open_page(TICKETS)
    settled()
    words = "\n".join(said(view.tickets.story))
    assert len(story) > 10 and [line for line in story if line not in words and line + " (off)" not in words] == []
    away.rename(office.hall.path)
    view.show_hall_away(None)
    for open_one in (open_ticket, open_service):
        to(office, 1024, 100)
        open_one(view)
        view.show_hall_away(office.hall.clock())
        settled()
        assert view.messages.isVisible()
        for width, text_pct in ((1024, 150), (1366, 100), (1024, 150)):
            to(office, width, text_pct)
            assert view.messages.isVisible(), "also where what is open has the page to itself"
        view.show_hall_away(None)


@pytest.mark.parametrize("kind", [POST_OFFICE])
def test_what_a_service_lacks_stands_whole_in_its_row_in_large_letters(kind, open_office):
    i18n.use_hall_words("counter", "number")
    office = open_office(ADMIN)
    for code, window in office.page.hall_state.setup_now.windows.items():
        office.meanwhile("set-row", "windows", code, {"services": [one for one in window.services if one != "B"]})
    to(office, 1366, 150)
    open_service(office.page)
    row = drawn(office.page.setup_page.list.cards["B"])
    assert [word.text for word in row.words][1:] == ["Parcels", "001–499 · no counter yet"]
