"""Forms of the set-up: ready sentences, the voice, the ticket."""

from functools import partial

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from queuedesk.app.services.papers import SlipAndReportPrinter
from queuedesk.app.services.speaking import VoiceTester
from queuedesk.core.errors import OutsideError
from queuedesk.core.setup.sentences import LONGEST_SENTENCE, MOST_SENTENCES, USUAL
from queuedesk.desk import looking, setting_up
from queuedesk.stations.manager.setup.voice_form import voice_trial_result
from queuedesk.stations.window.context import HallPaperService
from queuedesk.stations.window.style import Scale
from tests.app.services.test_speaking import Ear
from tests.stations.stubs import lend, stub
from tests.stations.whole_words import settled

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
def page(admin_office):
    return admin_office.page.setup_page


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
