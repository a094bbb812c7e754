"""The set-up, its parts and its forms, and the features that a hall uses."""

import re
from functools import partial
from pathlib import Path

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QScrollArea

from queuedesk import i18n
from queuedesk.app.services.papers import SlipAndReportPrinter
from queuedesk.app.services.speaking import VoiceTester
from queuedesk.core.errors import OutsideError, RuleError
from queuedesk.core.setup.field_kinds import parse_typed_dates_to_iso
from queuedesk.core.setup.file import GROUPS, HALL_RULES, SETTINGS, rule_keys_of_group, setup_from_document
from queuedesk.core.setup.sentences import LONGEST_SENTENCE, MOST_SENTENCES, USUAL
from queuedesk.desk import looking, setting_up
from queuedesk.desk.queue import opening
from queuedesk.stations.manager.setup.forms import SuggestedFactsDialog
from queuedesk.stations.manager.setup.hours_text import hours_text, parse_hours
from queuedesk.stations.manager.setup.service_form import PapersForm, ServiceForm
from queuedesk.stations.manager.setup.voice_form import voice_trial_result
from queuedesk.stations.manager.setup_frame import draft as drafts
from queuedesk.stations.manager.setup_frame.draft import invalid_field_sentences, row_draft, row_texts_of_setup_list
from queuedesk.stations.manager.setup_frame.page import SetUpRowCard
from queuedesk.stations.widgets.questions.dialogs import ChoiceButtonsDialog, ConfirmDialog
from queuedesk.stations.window.context import HallPaperService
from queuedesk.stations.window.style import Look, Scale
from tests.app.services.test_speaking import Ear
from tests.hall import MANAGER, Hall
from tests.stations.manager.conftest import plain
from tests.stations.seen import texts_of
from tests.stations.stubs import lend, stub
from tests.stations.whole_words import drawn, settled

ALT = Qt.KeyboardModifier.AltModifier


def see(office, form, widget) -> None:
    if form.widget().isAncestorOf(widget):
        form.ensureWidgetVisible(widget)
        office.until(lambda: widget.visibleRegion().boundingRect() == widget.rect())


def press(office, form, *widgets) -> None:
    for widget in widgets:
        see(office, form, widget)
        office.touch(widget)


def write(office, form, edit, text: str) -> None:
    QApplication.processEvents()
    see(office, form, edit)
    office.write(edit, text)


def save(office) -> dict:
    page = office.page.setup_page
    office.touch(page.save_button)
    office.until(lambda: page.save_button.text() == "Nothing to save yet")
    return looking.setup_of_hall(office.hall.desk).document


@pytest.fixture
def sentences(admin_office, page):
    admin_office.page.ways.open_set_up_part("sentences")
    return page.forms.form_for_key("sentences")


def sentences_of(sentences, kind: str) -> list[str]:
    return [row.edits["text"].text() for row in sentences.lists[kind].rows]


def test_the_usual_ones_stand_there_and_are_typed_moved_and_taken_away(admin_office, page, sentences, story):
    story.tell("The usual sentences stand there", sentences)
    lists = sentences.lists
    press(admin_office, sentences, lists["help"].rows[0].remove_button)
    page.undo()
    assert not page.is_changed, "undo brings a sentence back that was taken away"
    rows = lists["announcements"].rows
    write(admin_office, sentences, rows[0].edits["text"], "")
    write(admin_office, sentences, rows[2].edits["text_en"], "y" * (LONGEST_SENTENCE + 1))
    assert rows[0].edits["text"].property("refused")
    story.tell("What is wrong is said beside its sentence", page.save_button, *(one.line for one in rows))
    rows = lists["messages"].rows
    rows[0].down_button.setFocus()
    for _step in range(5):
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    sixth = sentences_of(sentences, "messages")[5]
    assert sixth == USUAL.messages[0].text, "a key on the arrow stays with its sentence"
    assert rows[5].up_button.hasFocus()  # it can go back up, not farther down
    rows = lists["help"].rows
    write(admin_office, sentences, rows[3].edits["text"], "Xin de")
    QTest.keyClick(rows[3].edits["text"], Qt.Key.Key_Up, ALT)
    QTest.keyClicks(rows[2].edits["text"], "hua")
    story.tell("Typing goes along when a sentence moves", *sentences_of(sentences, "help"))
    last = sentences_of(sentences, "help")[-1]
    while len(rows) > 1 and rows[0].remove_button.isVisibleTo(sentences):
        press(admin_office, sentences, rows[0].remove_button)
        rows = lists["help"].rows
    assert sentences_of(sentences, "help") == [last], "one reason to call for help stays"
    assert not rows[0].remove_button.isVisible()


def test_changes_are_saved_list_by_list_and_what_a_command_changed_is_followed(admin_office, page, sentences, story):
    hall, lists = admin_office.hall, sentences.lists

    def saved(step):
        save(admin_office)
        story.tell(step, sentences)

    row = lists["help"].rows[1]
    write(admin_office, sentences, row.edits["text"], "Bangmang")
    write(admin_office, sentences, row.edits["text_en"], "Somebody needs a hand")
    saved("One is typed and saved")
    admin_office.touch(page.foot.back_button)
    admin_office.until(lambda: sentences_of(sentences, "help") == [one.text for one in USUAL.help])
    press(admin_office, sentences, lists["messages"].add_button)
    row = lists["messages"].rows[-1]
    assert row.edits["text"].hasFocus()
    story.tell("A new one is to be filled in", sentences, page.save_button)
    QTest.keyClicks(row.edits["text"], "Meeting at five")
    saved("It is saved")
    rows = lists["announcements"].rows
    press(admin_office, sentences, rows[0].down_button)
    rows[2].edits["text"].setFocus()
    QTest.keyClick(rows[2].edits["text"], Qt.Key.Key_Up, ALT)
    story.tell("The order is changed by buttons and by keys", sentences)
    assert rows[1].edits["text"].hasFocus()
    for at in (1, 0):
        QTest.keyClick(rows[at].edits["text"], Qt.Key.Key_Up, ALT)
    saved("There is no place above the first")
    for _one in USUAL.emergency:
        press(admin_office, sentences, lists["emergency"].rows[0].remove_button)
    saved("All of what customers read can go")
    press(admin_office, sentences, lists["emergency"].usual_button)
    saved("And the usual ones come back")
    # What a command changes is followed.
    setting_up.add_sentence(hall.desk, hall.ask(), "help", "打印机坏了", "The printer is broken")
    admin_office.until(lambda: sentences_of(sentences, "help")[-1] == "打印机坏了")
    messages = lists["messages"]
    for n in range(len(messages.rows), MOST_SENTENCES - 1):
        setting_up.add_sentence(hall.desk, hall.ask(), "messages", f"第 {n} 句", f"Sentence {n}")
    admin_office.until(lambda: len(messages.rows) == MOST_SENTENCES - 1)
    press(admin_office, sentences, messages.add_button)
    assert (len(messages.rows), messages.add_button.isVisibleTo(sentences)) == (MOST_SENTENCES, False)
    admin_office.touch(page.foot.discard_button)
    # An English hall has its English first; texts stand under each other where there is no room.
    edits = lists["help"].rows[0].edits
    assert edits["text"].x() < edits["text_en"].x()
    admin_office.meanwhile("set-hall", {"lang": "en"})
    own, english = (lists["help"].rows[0].edits[key] for key in ("text", "text_en"))
    admin_office.until(lambda: english.x() < own.x())
    assert (english.accessibleName(), own.placeholderText()) == ("Sentence 1", "中文")
    assert own.y() == english.y()
    admin_office.page.context.look.set_scale(Scale.staff_scale(1366, 768, 150))
    admin_office.until(lambda: english.y() < own.y())


@pytest.fixture
def voice(context, admin_office, page):
    """The voice in the set-up, with the voice that a station has; it plays to `ear`."""
    ear = Ear()
    lend(context, voice_trials=VoiceTester(lambda: ear))
    admin_office.page.ways.open_set_up_part("voice")
    form = page.forms.form_for_key("voice")
    form.ear = ear
    return form


def heard(voice, lang: str = "en") -> str:
    return voice.listening.said[lang].shown.text()


def test_what_is_typed_and_chosen_is_read_and_heard_before_it_is_saved(admin_office, page, voice, story):
    said, call, ear = voice.listening.said, voice.fields["call.en"], voice.ear
    choose = partial(press, admin_office, voice)

    def words(text, key="call.en"):
        write(admin_office, voice, voice.fields[key].edit, text)

    story.tell("A hall that set nothing shows how it usually speaks", voice)
    before = heard(voice)
    words("Come to {window}")
    story.tell("Words that can't be said are refused beside them", call, page.save_button)
    assert heard(voice) == before
    words("{ticket} for {name}")
    story.tell("So is a placeholder that does not fit", call)
    words("")
    choose(voice.placeholders["zone"])
    assert (call.edit.text(), call.error()) == ("{ticket}{zone}", ""), "an empty template gets the number first"
    words("{ticket}, come to ")
    choose(voice.placeholders["window"])
    assert call.edit.text() == "{ticket}, come to {window}", "a placeholder is put where somebody types"
    QTest.keyClicks(call.edit, " now")
    assert heard(voice) == "A017, come to window 1 now"
    words("{ticket} to {window}")
    assert voice.fields["recall.en"].edit.placeholderText() == "A017 to window 1", "a recall has the words of the call"
    words("Again: {ticket}", "recall.en")
    assert heard(voice) == "A017 to window 1"
    choose(voice.listening.recall)
    assert heard(voice) == "Again: A017", "or its own"
    choose(voice.listening.recall)
    words("{ticket}: {window}{zone}")
    choose(voice.yao)
    assert "幺" in said["zh_CN"].read.text() and list(said) == ["zh_CN", "en"]
    admin_office.write(voice.listening.number, "b002")
    assert heard(voice) == "B002: window 1, left, area A"
    choose(voice.orders.choices["en,zh_CN"])
    assert list(voice.listening.said) == ["en", "zh_CN"], "the languages are read in their order"
    choose(voice.orders.choices["en"])
    story.tell("One language leaves out the fields of the other", voice)
    listening, hushed = voice.listening, []
    words("{ticket}")
    choose(voice.orders.choices["en"], listening.button)
    assert (len(ear.heard_s), ear.stopped.is_set(), admin_office.set_ups()) == (1, True, []), (
        "it is heard as the form stands"
    )
    assert listening.note.text().endswith(f"{ear.heard_s[0]:.1f} s") and listening.button.text() == "Listen"
    ear.takes = False
    choose(listening.button)
    assert listening.note.text() == "It could not be played: this PC has no sound."
    admin_office.touch(page.foot.discard_button)
    choose(listening.button)
    voice.left.connect(lambda: hushed.append(True))
    high = voice.preview.height()
    listening.show_message("three lines of " + "words " * 40, wrong=True)
    admin_office.until(lambda: voice.preview.height() > high)
    admin_office.go("today")
    assert hushed == [True], "leaving the form ends the sound"
    assert listening.note.isHidden(), "and forgets what was said of it"


def test_everything_chosen_is_saved_taken_back_and_in_sight(admin_office, page, voice, hall, story):
    write(admin_office, voice, voice.fields["call.en"].edit, "{ticket} to {window}")
    press(admin_office, voice, voice.orders.choices["en,zh_CN"], voice.times.choices["1"], voice.chime)
    save(admin_office)
    story.tell("All of it is one event")
    admin_office.touch(page.foot.back_button)
    admin_office.until(lambda: "voice" not in looking.setup_of_hall(hall.desk).document)
    admin_office.until(voice.chime.isChecked)
    assert voice.spoken.isChecked()
    assert voice.spoken.y() < voice.orders.title.y(), "whether calls are spoken comes first"
    for spoken in (False, True):
        press(admin_office, voice, voice.spoken)
        assert save(admin_office)["voice"] == {"spoken": spoken}
    for _time in range(2):
        press(admin_office, voice, voice.hours.add_button)
        added = voice.hours.rows[-1]
        admin_office.until(lambda row=added: row.visibleRegion().boundingRect() == row.rect())  # by itself
    first, second = voice.hours.rows
    admin_office.write(second.start, "18:30")
    second.volume.setCurrentIndex(second.volume.findData(60))
    second.volume.activated.emit(second.volume.currentIndex())
    times = [voice.listening.time.itemText(at) for at in range(3)]
    story.tell("Times of day are added", save(admin_office)["voice"]["hours"], times)
    press(admin_office, voice, first.remove_button)
    assert save(admin_office)["voice"]["hours"] == [{"from": "18:30", "speed": 100, "volume": 60}]
    row = voice.hours.rows[0]
    see(admin_office, voice, row)
    admin_office.write(row.start, "noon")
    assert voice.hours.line.text() == "Times of day needs a time such as 8:30, not noon."
    typed = voice.hours.rows[0].start.text()
    assert (page.save_button.isEnabled(), typed) == (False, "noon"), "what is none stays as it was typed"
    voice.hours.rows[0].start.setText(" 18：30")  # with a full-width colon
    assert voice.hours.read()[0]["from"] == "18:30"
    admin_office.touch(page.foot.discard_button)
    setting_up.change_single_row_part(hall.desk, hall.ask(), "voice", {"yao": True, "times": 3})
    admin_office.follow()
    admin_office.until(voice.yao.isChecked)
    assert voice.times.choices["3"].isChecked(), "the hall's own change comes into the form"


def test_what_is_heard_stays_in_sight_beside_or_above_its_words(admin_office, voice, context):
    preview, words = voice.preview, voice.fields["call.en"]
    for width, height, text_pct in ((1920, 1080, 100), (1366, 768, 150)):
        context.look.set_scale(Scale.staff_scale(width, height, text_pct))
        admin_office.page.resize(width, height)
        settled()
        assert admin_office.page.size().toTuple() == (width, height)
        top = preview.mapTo(voice, preview.rect().topLeft())
        assert 0 <= top.x() < voice.width() and top.y() < voice.height() / 2
        if preview.parentWidget() is voice:
            assert words.mapTo(voice, words.rect().topRight()).x() < top.x()
        assert preview.height() >= preview.layout().minimumSize().height()


def test_what_came_of_a_trial_is_one_sentence():
    both = {"zh_CN": "pyttsx3", "en": "pyttsx3"}
    usual = {"texts": {"zh_CN": "…", "en": "…"}, "links": both, "played": True, "muted": False, "sound_ms": 8200}
    for came, text, wrong in (
        ({"links": {}, "played": False}, "Nothing on this PC can speak.", True),
        ({"played": False}, "It could not be played: this PC has no sound.", True),
        ({}, "system voice · 8.2 s", False),
        ({"muted": True}, "At this time of day the volume is 0: nothing is heard.", True),
        ({"links": {"en": "espeak-ng"}}, "espeak-ng · 8.2 s. Not spoken here: 中文", True),
    ):
        assert voice_trial_result({**usual, **came}) == (text, wrong)


@pytest.fixture
def ticket(context, hall, admin_office, page):
    """The ticket in the set-up, with the papers that a station has; `printed` are the samples that came out."""
    paper, printed = SlipAndReportPrinter(hall.desk, hall.clock), []

    def print_sample_ticket(design):
        printed.append(design)
        error = OutsideError("no_printer") if len(printed) > 1 else None
        return {"printed": error is None, "printer": "Front", "error": error, "warning": ""}

    does = {"draw_sample_ticket": paper.draw_sample_ticket, "print_sample_ticket": print_sample_ticket}
    lend(context, paper=stub(HallPaperService, **does))
    admin_office.page.ways.open_set_up_part("ticket")
    form = page.forms.form_for_key("ticket")
    form.printed = printed
    return form


def picture(ticket) -> QImage:
    return ticket.sample.picture.image()


def test_choices_and_words_are_on_the_sample_at_once_saved_and_printed(admin_office, page, ticket, tmp_path):
    assert picture(ticket).width() == 576
    admin_office.touch(ticket.sample.rolls[58])
    assert (picture(ticket).width(), ticket.sample.rolls[80].isChecked()) == (384, False), "for the chosen roll"
    admin_office.touch(ticket.sample.rolls[80])
    before = picture(ticket)
    press(admin_office, ticket, ticket.parts.choices["code"], ticket.parts.choices["papers"])
    assert picture(ticket).height() < before.height(), "a part left out is gone"
    save(admin_office)
    assert admin_office.set_ups()[-1]["row"]["hidden"] == ["papers", "code"]
    assert looking.setup_of_hall(admin_office.hall.desk).ticket_design.hidden == {"papers", "code"}
    press(admin_office, ticket, ticket.parts.choices["code"])
    assert ticket.design.hidden == {"papers"}
    for text in ("W", "We"):
        before = picture(ticket)
        write(admin_office, ticket, ticket.fields["head"].edit, text)
        assert (ticket.design.head, picture(ticket) == before) == (text, False), "it stands there while typing"
    heights = []
    for size in ("small", "medium", "large"):
        press(admin_office, ticket, ticket.numbers.choices[size])
        heights.append(picture(ticket).height())
    press(admin_office, ticket, ticket.orders.choices["zh_CN,en"])
    heights.append(picture(ticket).height())
    assert heights == sorted(set(heights)), "larger numbers and a second language take room"
    assert ticket.design.languages == ("zh_CN", "en")
    # A picture becomes the logo and can be removed.
    image, sign = QImage(300, 120, QImage.Format.Format_RGB32), str(tmp_path / "sign.png")
    high = picture(ticket).height()
    image.fill(0)
    image.save(sign)
    ticket.logo_chosen.emit(sign)
    assert picture(ticket).height() > high + 100
    press(admin_office, ticket, ticket.remove_button)
    assert (ticket.design.logo, picture(ticket).height()) == ("", high)
    ticket.logo_chosen.emit(str(tmp_path / "none.png"))
    assert "no file" in ticket.logo_line.text()
    # A sample is printed as it is drawn.
    admin_office.touch(page.foot.discard_button)
    press(admin_office, ticket, ticket.numbers.choices["small"])
    admin_office.touch(ticket.sample.button)
    assert (ticket.printed[0].number, ticket.sample.note.text()) == ("small", "Printed on Front.")
    admin_office.touch(ticket.sample.button)
    assert "No printer is chosen" in ticket.sample.note.text()
    ticket.fields["foot"].edit.setText("x" * 121)
    ticket.emit_edited_draft("foot", "x" * 121)
    assert "too long" in ticket.fields["foot"].error() and not page.save_button.isEnabled()
    assert ticket.design.foot == ""  # the sample keeps what can be printed


def edit(form, key):
    return form.fields[key].edit


@pytest.fixture
def setup(hall):
    return looking.setup_of_hall(hall.desk)


def test_every_wrong_field_is_named_in_its_own_sentence(setup):
    draft = row_draft(setup, "services", "B").with_value("name", "").with_value("last_ticket", "17:40")
    draft = draft.with_value("handling_target", "soon").with_value("prefix", "O").with_value("name_en", "")
    assert invalid_field_sentences(setup, draft) == {
        "name": "Name is empty; please fill it in.",
        "last_ticket": "Last ticket is after closing time 17:30; please make it earlier.",
        "handling_target": "Handling target needs a number, not soon.",
        "prefix": "Letter: O does not fit; please use capital letters, but not I, O, Q, S or Z.",
    }
    draft = row_draft(setup, "services", "B").read("range", "all", drafts.parse_number_range)
    assert invalid_field_sentences(setup, draft) == {"range": "Please write the numbers as 001–499."}
    assert draft.read("range", "001 - 300", drafts.parse_number_range).changed_fields() == {"last": 300}
    draft = row_draft(setup, "services", "D").with_value("prefix", "A")
    assert list(invalid_field_sentences(setup, draft)) == ["range"], "services of one letter need the same numbers"
    draft = row_draft(setup, "staff", "AD").with_value("role", "clerk")
    assert invalid_field_sentences(setup, draft) == {"role": "The hall needs an admin; please name another one first."}
    rows = [{**row, "hours": None} for row in setup.document["services"]]
    shorter = row_draft(setup, "hall", setup.hall.code).with_value("closes", "12:00")
    found = invalid_field_sentences(replace(setup, document={**setup.document, "services": rows}), shorter)
    assert list(found) == ["closes"]
    assert "A" in found["closes"], "it names the service whose last ticket is later"
    for pin, wrong in (("123", True), ("1234", False), ("12a4", True), ("1" * 13, True)):
        assert ("pin" in invalid_field_sentences(setup, row_draft(setup, "staff", "C1").with_pin(pin))) is wrong
    draft = row_draft(setup, "voice", "").with_value("call", {"zh_CN": "{window}"}).with_value("recall", {"en": "{"})
    draft = draft.with_value("times", 9).with_value("hours", [{"from": "8:00", "speed": 1}])
    assert set(invalid_field_sentences(setup, draft)) == {"call.zh_CN", "recall.en", "times", "hours.speed"}


def test_a_long_name_in_the_list_takes_two_lines_before_it_is_cut(qtbot):
    for name, lines in (("Parcels", ["Parcels"]), ("Savings and money orders", ["Savings and money", "orders"])):
        card = SetUpRowCard(
            Look(), drafts.RowText(code="D", title=name, second="001–199 · windows 3–5", badge="D"), drags=True
        )
        qtbot.addWidget(card)
        card.resize(276, 68)
        words = [word.text for word in drawn(card).words]
        assert words == ["D", *lines, "001–199 · windows 3–5"]


def test_saving_writes_only_what_changed_and_a_new_service_gets_a_free_letter(setup):
    draft = row_draft(setup, "services", "C").with_value("handling_target", 25)
    written = drafts.changes_to_save(
        setup, draft.with_window_serving_service("1", True).with_window_serving_service("6", False)
    )
    assert written.fields == {"handling_target": 25}
    assert written.windows == {"1": ["A", "C"], "6": ["A", "B", "D"]}, "the windows that serve it"
    draft = drafts.new_row_draft(setup, "services")
    assert (draft.code, draft.row["prefix"], list(invalid_field_sentences(setup, draft))) == ("E", "E", ["name"])
    draft = drafts.new_row_draft(setup, "targets")
    assert set(invalid_field_sentences(setup, draft)) == set(draft.fresh), "still to be filled in, not wrong"
    typed = draft.with_value("measure", "satisfaction").with_value("value", 95)
    assert (typed.fresh, invalid_field_sentences(setup, typed)) == (frozenset(), {})


def test_hours_are_read_as_people_type_them_and_as_they_are_shown():
    morning, saturday = {"from": "08:30", "to": "12:00"}, {"days": "6", "from": "09:00", "to": "11:00"}
    daily, weekly = {"days": "1-7"} | morning, {"days": "1-5"} | morning
    afternoon = {"from": "13:30", "to": "17:30"}
    for text, rows in (
        ("8:30–12:00", [daily]),
        ("8：30-12：00、13:30至17:30", [daily, daily | afternoon]),
        ("周一–周五 8:30–12:00；周六 9:00–11:00", [weekly, saturday]),
        ("Mon Wed 8:30-12:00", [morning | {"days": "1,3"}]),
        ("", None),
    ):
        assert parse_hours(text) == rows
    for text in ("8", "morning", "8:30", "8:30–12:00 Mon", "Someday 8:30–12:00"):
        with pytest.raises(RuleError) as refusal:
            parse_hours(text)
        assert refusal.value.details["why"] == "bad_hours"
    rows = [weekly, weekly | afternoon, daily | {"days": "6,7"}]
    for lang in ("zh_CN", "en"):
        i18n.choose_language(lang)
        assert parse_hours(hours_text(rows)) == rows


@pytest.fixture
def office(admin_office):
    admin_office.go("setup")
    return admin_office


@pytest.fixture
def page(office):
    return office.page.setup_page


def part(office, key: str) -> None:
    def entries():
        found = office.page.setup_page.nav.findChildren(QAbstractButton, key)
        return [entry for entry in found if entry.isVisible()]

    office.until(lambda: len(entries()) == 1)
    office.touch(*entries())


def fill(office, form, **texts: str) -> None:
    for key, text in texts.items():
        office.write(edit(form, key), text)


def agree(office) -> None:
    office.touch(office.question(ConfirmDialog).act_button)


def with_places(folder: Path) -> Hall:
    return plain(folder, "why_come")


@pytest.mark.hall(make=with_places)
def test_what_is_typed_is_checked_at_once_saved_as_an_event_and_not_lost_unasked(office, page, story):
    form = page.forms.service_form
    story.tell("The set-up as it is opened", page)
    fill(office, form, last_ticket="17:40")
    story.tell("What is typed is checked at once", page)
    office.touch(page.foot.discard_button)
    story.tell("It can be discarded", page)
    office.touch(page.list.cards["B"])
    fill(office, form, handling_target="25")
    office.touch(page.save_button)
    story.tell("It is saved as one event", page, office.page.toast)
    hours = form.fields["hours"].edit
    one_line = hours.height()
    office.write(hours, "Mon-Wed 8:30-12:00, 13:30-17:30; Thu 9:00-12:00, 13:30-19:00; ")
    QTest.keyClick(hours, Qt.Key.Key_Return)
    QTest.keyClicks(hours, "Fri 9:00-12:00")
    office.until(lambda: hours.height() > one_line)
    assert hours.verticalScrollBar().maximum() == 0, "long hours are shown whole, nothing of them is scrolled away"
    office.touch(page.save_button)
    story.tell("Long hours are saved in one line")
    # What is typed is not lost when the window is closed, signed out of, or leads elsewhere.
    office.go("setup")
    assert office.page.may_close() and office.page.may_sign_out()
    fill(office, form, handling_target="9")
    assert not office.page.may_sign_out() and not office.page.may_close()
    assert office.page.closing_effect_text() == "What you typed in the set-up is not saved yet."
    office.go("today")
    assert office.page.nav.current_entry_key() == "setup"
    office.touch(office.question(ConfirmDialog).safe_button)
    assert page.is_changed
    office.go("today")
    agree(office)
    assert office.page.stack.currentWidget() is office.page.today and not page.is_changed
    office.go("setup")
    fill(office, form, handling_target="9")
    office.touch(page.foot.discard_button)
    assert office.page.may_close()


def answer_rename(office, key):
    (question,) = office.page.window().findChildren(ChoiceButtonsDialog)
    assert "Items" in question.effect.text()
    office.touch(question.answers[key])


def test_services_items_windows_and_people_are_changed_added_removed_and_moved_in_the_order(office, page, story):
    """What the preset said of the former name goes with it; one press brings it back."""
    hall, forms = office.hall, page.forms
    office.touch(page.list.cards["C"])
    fill(office, forms.service_form, name="Jie shu", name_en="Loans")
    office.touch(page.save_button)
    story.tell("Nothing is saved before it is known what the new name means")
    answer_rename(office, "other")
    story.tell("A service that becomes another one loses what the preset said of it", office.page.toast)
    office.touch(page.foot.back_button, page.list.cards["C"])
    fill(office, forms.service_form, name="Xin zhuang", name_en="New supply")
    office.touch(page.save_button)
    answer_rename(office, "same")
    story.tell("One that only has another name keeps all of it", office.page.toast)
    office.touch(page.list.cards["A"])
    assert not page.suggestions.isVisible()
    held = {"fees": "免费", "fees_en": "Free of charge", "steps": "取号", "steps_en": "Take a ticket"}
    office.meanwhile("set-row", "services", "A", {**dict.fromkeys(held, ""), "suggested": held})
    office.touch(page.suggestions.button)
    dialog = page.window().findChild(SuggestedFactsDialog)
    story.tell("Suggestions stand above the service until they are decided", page.suggestions, dialog)
    office.touch(dialog.choices["fees"]["keep"], dialog.choices["steps"]["drop"], dialog.yes_button)
    service = looking.setup_of_hall(hall.desk).services["A"]
    assert (service.fees_en, service.steps_en, service.suggested) == ("Free of charge", "", {})
    assert not page.suggestions.isVisible()
    office.touch(page.list.add_button)
    fill(office, forms.service_form, name="Chongdian", name_en="Charging")
    office.touch(forms.service_form.windows.choices["5"], page.save_button)
    story.tell("One is added with its windows")
    office.touch(page.list.cards["E"], page.remove_button)
    agree(office)
    story.tell("And removed again")
    first, third = page.list.cards["A"], page.list.cards["C"]
    start = QPoint(20, first.height() // 2)
    QTest.mousePress(first, Qt.MouseButton.LeftButton, pos=start)
    for y in range(0, third.y() - first.y() + 41, 20):
        QTest.mouseMove(first, first.mapFromGlobal(page.list.column.mapToGlobal(QPoint(20, start.y() + y))))
    QTest.mouseRelease(first, Qt.MouseButton.LeftButton, pos=start)
    office.follow()
    QTest.keyClick(page.list.cards["D"], Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    office.follow()
    story.tell(
        "Rows are ordered by dragging and by keys", *row_texts_of_setup_list(office.page.context.feed.setup, "services")
    )

    def items():
        return office.page.context.feed.setup.services["A"].items

    form, item_rows = forms.item_form, forms.form_for_key("items")
    office.touch(page.list.cards["A"], page.tabs.tabs["items"])
    story.tell("Its items have a tab", item_rows)
    assert not item_rows.findChildren(QScrollArea), "they do not scroll by themselves"
    office.touch(item_rows.item_rows[0])
    fill(office, form, minutes="4")
    office.touch(form.ticks["favourite"], form.papers.add_button)
    assert page.save_button.text() == "Still to fill in: Papers"
    office.write(form.papers.edits[1][0], "ID card")
    office.touch(page.save_button)
    story.tell("An item gets what it needs", items()[0])
    office.touch(form.back_button, item_rows.add_item)
    fill(office, forms.item_form, name="Guohu")
    office.touch(form.back_button, page.save_button)
    story.tell("One is added", len(item_rows.item_rows), items()[5])
    item_rows.item_wanted.emit(5)
    office.touch(form.remove_button, page.save_button)
    assert len(items()) == 5
    page.open_row("windows", "2")
    form = forms.form_for_key("windows")
    fill(office, form, zone_en="upstairs")
    form.arrow.setCurrentIndex(5)
    office.touch(form.services.choices["D"], page.save_button)
    story.tell("A window gets its way, and services in their new order")
    page.open_row("staff", "G1")
    office.touch(forms.staff_form.roles.choices["manager"])
    fill(office, forms.staff_form, pin="2468")
    office.touch(page.save_button)
    assert opening.needs_pin_or_password(hall.desk, "G1")
    assert "2468" not in re.findall(r"\w+", str([e.data for e in office.log("set-up")]))
    office.touch(forms.staff_form.remove_pin)
    agree(office)
    assert not opening.needs_pin_or_password(hall.desk, "G1")
    page.open_row("staff", "M1")
    words = {choice.text(): choice for choice in forms.staff_form.warned.choices.values()}
    for word in ("Device out of order", "B Account services"):
        words[word].setFocus()
        QTest.keyClick(words[word], Qt.Key.Key_Space)
    fill(office, forms.staff_form, languages="English, sign language")
    office.touch(page.save_button)
    story.tell("People get a role, languages and what they are warned of")


def test_rules_have_words_and_a_place_and_are_read_with_or_without_unit_and_old_targets_can_be_looked_at(setup):
    placed = [key for group in GROUPS for key in rule_keys_of_group(group)]
    assert sorted(placed) == sorted(SETTINGS)
    assert all(rule.title.text and rule.hint for rule in HALL_RULES.values())
    for text in ("20", " 20 ", "20 people", "20 PEOPLE"):
        assert drafts.rule_value_by_key_from_text("crowd", text) == {"crowd": 20}
    draft = row_draft(setup, "settings", "").with_value("jump_every", 0)
    assert invalid_field_sentences(setup, draft) == {"jump_every": "Priority calls: 0 does not fit; possible: 1–9999."}
    draft = row_draft(setup, "settings", "").read(
        "crowd", "many", lambda text: drafts.rule_value_by_key_from_text("crowd", text)
    )
    assert invalid_field_sentences(setup, draft) == {"crowd": "Full hall needs a number, not many."}
    # Days come in their order and once; a target's figure is kept as the log can.
    assert parse_typed_dates_to_iso("pay_days", "2026-12-25, 2026-11-25，2026-11-25") == ["2026-11-25", "2026-12-25"]
    with pytest.raises(RuleError) as refusal:
        parse_typed_dates_to_iso("pay_days", "25 December")
    assert refusal.value.details["why"] == "not_a_date"
    assert [drafts.parse_target_figure(text) for text in ("95", "12.5", "95 %", "")] == [95, "12.5", 95, None]
    # A target from when any text was taken can be looked at and given a measure.
    hall = setup_from_document({**setup.document, "targets": [{"measure": "smiles per hour", "value": 5}]})
    draft = row_draft(hall, "targets", "1")
    assert [row.title for row in row_texts_of_setup_list(hall, "targets")] == ["smiles per hour"]
    assert set(invalid_field_sentences(hall, draft.with_value("value", 6))) == {"measure"}
    for fine in (draft, draft.with_value("measure", "mean_wait")):
        assert invalid_field_sentences(hall, fine) == {}


def test_a_service_gets_limits_papers_and_items_and_what_was_done_is_undone_or_taken_back(office, page, hall, story):
    forms, form, items = page.forms, page.forms.service_form, page.forms.form_for_key("items")

    def undo():
        QTest.keyClick(office.page, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)

    tabs, window = page.tabs.tabs, form.windows.choices["6"]
    office.touch(window, tabs["items"])
    office.touch(items.item_rows[0], forms.item_form.remove_button)
    assert len(items.item_rows) == 4
    undo()
    assert len(items.item_rows) == 5
    office.touch(tabs["basics"])
    assert not window.isChecked()
    undo()
    assert window.isChecked() and not page.is_changed
    fill(office, form, hours="8:30-12:00, 13:", name_en="Bills")
    assert page.foot.save_button.text() == "Fix 1 thing first"
    undo()
    assert (edit(form, "name_en").text(), page.foot.save_button.text()) == ("Pay a bill", "Fix 1 thing first")
    undo()
    assert not page.is_changed and edit(form, "hours").text() != "8:30-12:00, 13:", "what was typed in one field"
    undo()
    assert not page.is_changed
    assert not page.foot.back_button.isVisible()
    fill(office, form, handling_target="25")
    office.touch(form.windows.choices["6"], page.save_button, page.foot.back_button)
    story.tell("The last save is taken back as a new event", form)
    assert not page.foot.back_button.isVisible()
    office.touch(page.list.cards["C"], page.remove_button)
    agree(office)
    office.touch(page.foot.back_button)
    setup = office.page.context.feed.setup
    assert list(setup.services) == ["A", "B", "C", "D"], "a removed row comes back where it stood"
    assert "C" in setup.windows["5"].services
    office.touch(page.list.cards["A"])
    fill(office, form, handling_target="25")
    office.touch(page.save_button)
    assert page.foot.back_button.isVisible()
    office.meanwhile("set-row", "services", "B", {"handling_target": 9})
    assert not page.foot.back_button.isVisible(), "what was changed since is not taken back"
    limits, papers = forms.form_for_key("limits"), forms.form_for_key("papers")
    office.touch(tabs["limits"])
    fill(office, limits, quota="many")
    office.touch(tabs["basics"])
    assert tabs["limits"].text() == "Limits · 1", "a tab says how much is wrong on it"
    office.touch(tabs["limits"])
    fill(office, limits, quota="40", max_returns="0", message="Please go online")
    assert "A" not in limits.next_steps.choices
    office.touch(*(limits.next_steps.choices[code] for code in "CB"))
    assert limits.next_steps.line.text() == "C New connection → B Account services"
    office.touch(tabs["papers"], papers.papers.add_button)
    assert page.save_button.text() == "Still to fill in: Papers"
    office.write(papers.papers.edits[-1][0], "ID card")
    fill(office, papers, papers_date="2026-11-01")
    office.touch(tabs["told"])
    fill(office, forms.form_for_key("told"), fees="10")
    office.touch(page.save_button)
    story.tell("It gets limits, steps, a message, papers and fees", forms.shown_form())
    office.touch(tabs["items"])
    office.touch(items.item_rows[0])
    assert any(text.startswith("The front desk shows the first 6 favourites") for text in texts_of(forms.item_form))
    office.touch(forms.item_form.ticks["favourite"], forms.item_form.back_button)
    assert "not fit on the front desk" in items.favourites.text(), "an item says where it finds no place"
    office.touch(page.foot.discard_button, tabs["items"])
    office.touch(items.item_rows[0])
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)
    assert forms.shown_form() is items

    def told():
        return form.fields["name"].error(), page.save_button.text()

    office.touch(page.list.add_button)
    assert told() == ("", "Still to fill in: Name"), "a new service is not red before anything is typed"
    fill(office, form, name="x")
    fill(office, form, name="")
    assert told() == ("Name is empty; please fill it in.", "Fix 1 thing first")


@pytest.mark.hall(make=with_places)
def test_a_refusal_goes_once_untrue_and_rules_words_classes_notices_and_targets_are_saved(office, page, hall, story):
    def refused(code):
        office.touch(page.list.cards[code], page.remove_button)
        agree(office)
        told = page.note.text()
        assert told == i18n.error_sentence(RuleError("in_use", kind="services", code=code))
        return told

    told = refused("B")
    hall.play("finish 3", "leave B002")
    office.follow()
    office.later(seconds=6)
    assert page.note.text() != told
    refused("A")
    assert office.set_ups() == []
    part(office, "settings")
    rows = page.forms.form_for_key("settings").rows
    assert (rows["crowd"].edit.text(), rows["crowd"].usual.text()) == ("20 people", "usual: 20 people")
    assert rows["postponements"].usual.text() == "usual: 1 time"
    office.write(rows["crowd"].edit, "35")
    rows["overnight"].edit.setCurrentIndex(1)
    office.touch(page.save_button)
    story.tell("A rule is changed in its unit")
    office.write(rows["jump_every"].edit, "0")
    assert rows["jump_every"].line.text() == "Priority calls: 0 does not fit; possible: 1–9999."
    assert not page.save_button.isEnabled()
    office.touch(page.foot.discard_button)
    part(office, "hall")
    fill(office, page.forms.form_for_key("hall"), phone="95598")
    tabs = page.tabs.tabs
    office.touch(tabs["times"])
    fill(office, page.forms.form_for_key("times"), pay_days="2026-11-25")
    office.touch(tabs["terms"])
    office.touch(page.forms.shown_form().choices["words.window"][1].choices["counter"], page.save_button)
    story.tell("The hall's own")
    office.touch(tabs["reasons"])
    reasons = page.forms.shown_form().choices["rating_reasons"][1].choices
    assert all(choice.isChecked() for choice in reasons.values())
    office.touch(reasons["system_down"], reasons["surroundings"], page.save_button)
    story.tell("The reasons of a low rating are chosen one by one")
    part(office, "classes")
    form = page.forms.form_for_key("classes")
    assert not form.ticks["staff_only"].isVisible() and not edit(form, "credit_minutes").isEnabled()
    assert not page.remove_button.isVisible(), "Normal has no credit and no place at kiosks"
    office.touch(page.list.cards["elderly"])
    fill(office, form, credit_minutes="20")
    form.ticks["staff_only"].click()
    office.touch(page.save_button)
    story.tell("A class gets its credit and its place", form)
    part(office, "notices")
    office.touch(page.list.add_button)
    form = page.forms.form_for_key("notices")
    fill(office, form, text="Closed on Monday", **{"from": "20 Nov"})
    assert form.fields["from"].error() == "From needs a date such as 2026-11-20, not 20 Nov."
    fill(office, form, **{"from": "2026-11-20"})
    office.touch(page.save_button, page.remove_button)
    agree(office)
    story.tell("A notice is added with its dates and removed")
    part(office, "targets")
    assert page.empty.isVisible()
    office.touch(page.list.add_button)
    form = page.forms.form_for_key("targets")
    assert form.measure.currentIndex() == -1
    form.measure.setCurrentIndex(form.measure.findData("satisfaction"))
    fill(office, form, value="97.5")
    office.touch(page.save_button)
    story.tell("A target is added where there was none", page, form.measure.accessibleDescription(), office.page.toast)
    office.touch(page.list.add_button)
    form.measure.setCurrentIndex(form.measure.findData("mean_wait"))
    fill(office, form, value="900")
    assert edit(form, "value").accessibleName() == "Minutes, at most"
    assert form.fields["value"].error() == "Value: 900 does not fit; possible: 1–480."


def test_the_name_and_the_papers_in_the_hall_s_first_language_come_first(setup, qtbot):
    form, papers = ServiceForm(Look()), PapersForm(Look())
    for one in (form, papers):
        qtbot.addWidget(one)
        one.label_fields()
    named = row_draft(setup, "services", "A")
    draft = named.with_value("name", "").with_value("name_en", "")
    for lang, names in (("", ["Name", "English name"]), ("en", ["Name", "Name in 中文"])):
        of_lang = replace(setup, hall=replace(setup.hall, lang=lang))
        form.show_draft(of_lang, draft, {"name": "Please fill this in."}, may_change=True)
        layout = form.column.itemAt(0).layout()
        shown = [layout.itemAt(at).widget() for at in range(2)]
        assert shown == list(form.fields.values())[:2]
        told = [(field.edit.accessibleName(), field.error()) for field in shown]
        assert told == list(zip(names, ("Please fill this in.", ""), strict=True))
    # A hall that began in English has its papers in English first.
    paper, changed = named.row["papers"][0], []
    papers.changed.connect(changed.append)
    papers.show_draft(of_lang, named, {}, may_change=True)
    edits = papers.papers.edits[0][:2]
    shown = [(edit.accessibleName(), edit.text()) for edit in edits]
    assert shown == [("Paper 1", paper["name_en"]), ("Paper in 中文 1", paper["name"])]
    QTest.keyClicks(edits[0], "!")
    typed = changed[-1].row["papers"][0]
    assert typed["name_en"] in (f"{paper['name_en']}!", f"!{paper['name_en']}") and typed["name"] == paper["name"]


def test_a_manager_reads_every_part_and_changes_none(open_office, context, hall):
    ear = Ear()
    lend(context, voice_trials=VoiceTester(lambda: ear))
    setting_up.change_single_row_part(hall.desk, hall.ask(), "ticket", {"hidden": ["phone"]})
    office = open_office(MANAGER)
    office.go("setup")
    page, forms = office.page.setup_page, office.page.setup_page.forms
    assert page.note.text() == "You can view this; only an admin can change it: Wu Lei"
    offered = [page.nav.findChild(QAbstractButton, key) for key in ("pcs", "backups")]
    assert offered == [None, None], "the station is lent nothing for it"
    QTest.keyClicks(edit(forms.service_form, "name"), "x")
    QTest.mouseClick(forms.service_form.windows.choices["1"], Qt.MouseButton.LeftButton)
    assert not page.is_changed
    for key in drafts.used_setup_part_names(looking.setup_of_hall(hall.desk).hall):
        part(office, key)
        acts = (page.list.add_button, page.save_button, page.remove_button)
        assert not any(button.isVisible() for button in acts)
        is_told = page.foot.isVisible()
        assert is_told == (key not in ("file", "calendar", "health", "update")), (
            "who may change it is said of what is empty too"
        )
    part(office, "settings")
    QTest.keyClicks(forms.form_for_key("settings").rows["crowd"].edit, "9")
    assert not page.is_changed
    part(office, "sentences")
    form = forms.form_for_key("sentences")
    messages = form.lists["messages"]
    row = messages.rows[1]
    assert row.edits["text"].isReadOnly()
    QTest.keyClick(row.edits["text"], Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert sentences_of(form, "messages") == [one.text for one in USUAL.messages]
    assert not any(one.isVisibleTo(form) for one in (row.up_button, row.remove_button, messages.add_button))
    part(office, "ticket")
    form = forms.form_for_key("ticket")
    office.touch(form.parts.choices["code"])
    assert form.parts.choices["code"].isChecked() and not form.parts.choices["phone"].isChecked()
    assert not form.logo_button.isVisible()
    part(office, "voice")
    form = forms.form_for_key("voice")
    assert form.fields["call.en"].edit.isReadOnly()
    assert not form.hours.add_button.isVisible() and not form.placeholders["window"].isVisible()
    press(office, form, form.listening.button)
    assert len(ear.heard_s) == 1, "it can be heard"


def test_tabs_say_what_is_to_be_fixed_and_save_leads_to_the_first_of_it_or_to_what_a_new_row_lacks(office, page):
    part(office, "hall")
    tabs, times = page.tabs.tabs, page.forms.form_for_key("times")
    assert list(tabs) == ["basics", "times", "terms", "country", "reasons"], "no hall beside it"
    office.touch(page.save_button)
    assert page.tabs.current_tab_key() == "basics", "nothing to fix yet"
    office.touch(tabs["times"])
    fill(office, times, closes="half past five", opens="early")
    assert (tabs["times"].text(), tabs["times"].accessibleDescription()) == ("Times · 2", "2 things to fix")
    office.touch(tabs["terms"], page.save_button)
    assert page.tabs.current_tab_key() == "times" and page.forms.shown_form() is times
    assert edit(times, "opens").hasFocus() and times.fields["closes"].error()
    assert looking.setup_of_hall(office.hall.desk).hall.closes == 1050
    fill(office, times, opens="8:00", closes="17:00")
    assert tabs["times"].text() == "Times"
    office.touch(tabs["basics"])
    fill(office, page.forms.form_for_key("hall"), phone="95598")
    page.undo()
    assert page.is_changed and edit(page.forms.form_for_key("hall"), "phone").text() == ""
    office.touch(page.save_button)
    office.follow()
    own = looking.setup_of_hall(office.hall.desk).hall
    assert (own.opens, own.closes, page.is_changed) == (480, 1020, False), "each tab is of one row"
    part(office, "services")
    office.touch(page.list.add_button, page.tabs.tabs["limits"], page.save_button)
    assert page.tabs.current_tab_key() == "basics" and edit(page.forms.service_form, "name").hasFocus()


def test_what_is_typed_keeps_its_size_when_it_is_refused_and_put_right(office, page):
    look = office.page.context.look
    part(office, "settings")
    rule = page.forms.shown_form().rows["jump_every"]
    part(office, "hall")
    office.touch(page.tabs.tabs["times"])
    opens = page.forms.shown_form().fields["opens"]
    look.scale = Scale.staff_scale(1366, 768, 150)
    look.changed.emit()
    for text, refusal in (("early", "0 does not fit"), ("8:00", "")):
        office.write(opens.edit, text)
        rule.show_error(refusal)
        assert bool(opens.error()) is bool(refusal)
        assert {edit.fontInfo().pixelSize() for edit in (opens.edit, rule.edit)} == {look.font(17).pixelSize()}


def test_a_notice_is_the_same_one_after_one_before_it_was_removed_and_typed_words_become_one_of_their_own(
    office, page, hall
):
    """Somebody else removed it."""
    three = [{"text": text, "text_en": text, "from": "", "to": ""} for text in ("First", "Second", "Third")]

    def texts():
        return [row["text"] for row in looking.setup_of_hall(hall.desk).document["notices"]]

    for row in three:
        office.meanwhile("add-row", "notices", row)
    first = len(texts()) - 2
    office.go("setup")
    part(office, "notices")
    form = page.forms.form_for_key("notices")
    # Chosen only: it stays chosen in its new place, also where the page was left and made anew.
    office.touch(page.list.cards[str(first + 1)])
    left = page.state_to_restore()
    office.meanwhile("remove-row", "notices", str(first))
    assert edit(form, "text").text() == "Second"
    page.restore_state(left)
    assert edit(form, "text").text() == "Second"
    # Typed in: what is saved is saved there.
    office.meanwhile("add-row", "notices", three[0])
    fill(office, form, text="Second, changed")
    office.meanwhile("remove-row", "notices", "1")
    fill(office, form, text_en="Second, again")
    page.undo()
    office.touch(page.save_button)
    assert texts()[-3:] == ["Second, changed", "Third", "First"]
    # Asked about: another one is not removed in its place.
    office.touch(page.remove_button)
    office.meanwhile("remove-row", "notices", str(len(texts()) - 2))
    agree(office)
    assert texts()[-2:] == ["Third", "First"]
    assert page.note.text().startswith("There is no notice")
    # Typed in one that is removed itself: it becomes one of its own.
    *others, _third, first = texts()
    office.touch(page.list.cards[str(len(others) + 1)])
    fill(office, form, text="Third, changed")
    office.meanwhile("remove-row", "notices", str(len(others) + 1))
    assert edit(form, "text").text() == "Third, changed"
    assert page.note.text().startswith("There is no notice")
    office.touch(page.save_button)
    assert texts() == [*others, first, "Third, changed"]
