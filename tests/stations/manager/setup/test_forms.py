"""Forms of the set-up: ready sentences, the voice, the ticket."""

from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from queuedesk import i18n
from queuedesk.app.services.papers import PaperTools
from queuedesk.app.services.speaking import VoiceTrials
from queuedesk.core.errors import OutsideError
from queuedesk.core.setup.sentences import LONGEST_SENTENCE, MOST_SENTENCES, USUAL
from queuedesk.desk import looking
from queuedesk.desk.setup import setting_up
from queuedesk.stations.manager.setup.voice_form import heard_text
from queuedesk.stations.manager.setup_frame.draft import draft_of, problems
from queuedesk.stations.window.context import Papers
from queuedesk.stations.window.style import Scale
from tests.hall import ADMIN
from tests.stations.manager.setup_frame.test_set_up import set_ups
from tests.stations.seen import texts_of
from tests.stations.stubs import lend, stub
from tests.stations.whole_words import settled

ALT = Qt.KeyboardModifier.AltModifier


@pytest.fixture
def at_sentences(open_office):
    at_sentences = open_office(ADMIN)
    at_sentences.page.ways.open_part("sentences")
    return at_sentences


@pytest.fixture
def sentences(at_sentences):
    return at_sentences.page.setup_page.forms.of("sentences")


def sentences_of(sentences, kind: str) -> list[str]:
    return [row.edits["text"].text() for row in sentences.lists[kind].rows]


def write_in(at_sentences, sentences, edit, text: str) -> None:
    QApplication.processEvents()
    sentences.ensureWidgetVisible(edit)
    at_sentences.write(edit, text)


def of_hall(hall, kind: str) -> list[str]:
    return [one.text for one in getattr(looking.setup_of(hall.desk).sentences, kind)]


# -- typed, not saved ----------------------------------------------------------------------------------------------
def test_the_usual_ones_stand_there_and_are_typed_moved_and_taken_away(at_sentences, sentences):
    page = at_sentences.page.setup_page
    for kind in sentences.lists:
        assert sentences_of(sentences, kind) == [one.text for one in getattr(USUAL, kind)]
        assert not sentences.lists[kind].usual_button.isVisibleTo(sentences)
    assert sentences.lists["help"].rows[0].edits["text_en"].text() == "The duty manager, please"
    assert not page.is_changed

    # Undo brings a sentence back that was taken away.
    press(at_sentences, sentences, sentences.lists["help"].rows[0].remove_button)
    page.undo()
    assert sentences_of(sentences, "help") == [one.text for one in USUAL.help]
    assert not page.is_changed

    # What is wrong is said beside its sentence.
    rows = sentences.lists["announcements"].rows
    write_in(at_sentences, sentences, rows[0].edits["text"], "")
    write_in(at_sentences, sentences, rows[2].edits["text_en"], "y" * (LONGEST_SENTENCE + 1))
    assert rows[0].line.text() == "Text is empty; please fill it in."
    assert rows[0].edits["text"].property("refused")
    assert rows[2].line.text() == "English text is too long; please shorten it."
    assert not rows[1].line.isVisibleTo(sentences)
    assert page.save_button.text() == "Fix 2 things first"

    # A key on the arrow goes on with the same sentence.
    rows = sentences.lists["messages"].rows
    rows[0].down_button.setFocus()
    for _step in range(5):
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    assert sentences_of(sentences, "messages")[5] == USUAL.messages[0].text
    assert rows[5].up_button.hasFocus()  # it can go back up, not farther down
    names = [row.down_button.accessibleName() for row in rows]
    assert names[:2] == ["Move sentence 1 down", "Move sentence 2 down"]

    # Typing goes along when a sentence moves.
    rows = sentences.lists["help"].rows
    write_in(at_sentences, sentences, rows[3].edits["text"], "Xin de")
    QTest.keyClick(rows[3].edits["text"], Qt.Key.Key_Up, ALT)
    QTest.keyClicks(rows[2].edits["text"], "hua")
    assert "Xin de" in sentences_of(sentences, "help")[2]
    assert "hua" in sentences_of(sentences, "help")[2]
    assert sentences_of(sentences, "help")[3] == USUAL.help[2].text

    # One reason to call for help stays.
    last = sentences_of(sentences, "help")[-1]
    while len(rows) > 1 and rows[0].remove_button.isVisibleTo(sentences):
        press(at_sentences, sentences, rows[0].remove_button)
        rows = sentences.lists["help"].rows
    assert sentences_of(sentences, "help") == [last]
    assert not rows[0].remove_button.isVisible()


# -- saved ---------------------------------------------------------------------------------------------------------
def test_what_is_changed_is_saved_list_by_list_and_what_a_command_changed_is_followed(
    at_sentences, sentences, hall, context
):
    page = at_sentences.page.setup_page

    # One is typed and saved, and the save taken back.
    row = sentences.lists["help"].rows[1]
    write_in(at_sentences, sentences, row.edits["text"], "Bangmang")
    write_in(at_sentences, sentences, row.edits["text_en"], "Somebody needs a hand")
    save(at_sentences)
    assert list(set_ups(at_sentences)[-1]["row"]) == ["help"]
    assert of_hall(hall, "help")[1] == "Bangmang"
    assert looking.setup_of(hall.desk).sentences.help[1].text_en == "Somebody needs a hand"
    assert sentences.lists["help"].usual_button.isVisibleTo(sentences)
    at_sentences.touch(page.foot.back_button)
    at_sentences.until(lambda: of_hall(hall, "help") == [one.text for one in USUAL.help])
    at_sentences.until(lambda: sentences_of(sentences, "help") == [one.text for one in USUAL.help])

    # A new one is to be filled in.
    press(at_sentences, sentences, sentences.lists["messages"].add_button)
    row = sentences.lists["messages"].rows[-1]
    assert row.edits["text"].hasFocus()
    assert page.save_button.text() == "Still to fill in: Text"
    assert not row.line.isVisibleTo(sentences)
    QTest.keyClicks(row.edits["text"], "Meeting at five")
    save(at_sentences)
    assert of_hall(hall, "messages") == [*(one.text for one in USUAL.messages), "Meeting at five"]

    # The order is changed by buttons and by keys.
    first, second, third = (one.text for one in USUAL.announcements)
    rows = sentences.lists["announcements"].rows
    press(at_sentences, sentences, rows[0].down_button)
    assert sentences_of(sentences, "announcements") == [second, first, third]
    rows[2].edits["text"].setFocus()
    QTest.keyClick(rows[2].edits["text"], Qt.Key.Key_Up, ALT)
    assert sentences_of(sentences, "announcements") == [second, third, first]
    assert rows[1].edits["text"].hasFocus()
    QTest.keyClick(rows[1].edits["text"], Qt.Key.Key_Up, ALT)
    QTest.keyClick(rows[0].edits["text"], Qt.Key.Key_Up, ALT)  # there is no place above the first
    save(at_sentences)
    assert of_hall(hall, "announcements") == [third, second, first]
    assert [rows[0].up_button.isVisible(), rows[2].down_button.isVisible()] == [False, False]

    # All of what customers read can go, and the usual ones come back.
    lists = sentences.lists["emergency"]
    for _one in USUAL.emergency:
        press(at_sentences, sentences, lists.rows[0].remove_button)
    assert sentences_of(sentences, "emergency") == []
    save(at_sentences)
    assert of_hall(hall, "emergency") == []
    assert (sentences_of(sentences, "emergency"), lists.usual_button.isVisibleTo(sentences)) == ([], True)
    press(at_sentences, sentences, lists.usual_button)
    save(at_sentences)
    assert set_ups(at_sentences)[-1]["row"] == {"emergency": []}
    assert of_hall(hall, "emergency") == [one.text for one in USUAL.emergency]
    assert not lists.usual_button.isVisibleTo(sentences)

    # What a command changes is followed.
    setting_up.add_sentence(hall.desk, hall.ask(), "help", "打印机坏了", "The printer is broken")
    at_sentences.until(lambda: sentences_of(sentences, "help")[-1] == "打印机坏了")

    lists = sentences.lists["messages"]
    for n in range(len(lists.rows), MOST_SENTENCES - 1):
        setting_up.add_sentence(hall.desk, hall.ask(), "messages", f"第 {n} 句", f"Sentence {n}")
    at_sentences.until(lambda: len(lists.rows) == MOST_SENTENCES - 1)
    press(at_sentences, sentences, lists.add_button)
    assert len(lists.rows) == MOST_SENTENCES
    assert not lists.add_button.isVisibleTo(sentences)
    at_sentences.touch(at_sentences.page.setup_page.foot.discard_button)
    page, row = at_sentences.page.setup_page, sentences.lists["help"].rows[0]

    # An English hall has its English first.
    assert row.edits["text"].x() < row.edits["text_en"].x()
    hall.do("set-hall", {"lang": "en"}, who=ADMIN)
    at_sentences.follow()
    row = sentences.lists["help"].rows[0]
    at_sentences.until(lambda: row.edits["text_en"].x() < row.edits["text"].x())
    assert (row.edits["text_en"].accessibleName(), row.edits["text"].placeholderText()) == ("Sentence 1", "中文")

    # Texts stand under each other where there is no room.
    assert row.edits["text"].y() == row.edits["text_en"].y()
    context.look.set_scale(Scale.staff(1366, 768, 150))
    at_sentences.until(lambda: row.edits["text_en"].y() < row.edits["text"].y())

    # Every word is there in Chinese.
    i18n.use("zh_CN")
    at_sentences.page.make_anew()
    page = at_sentences.page.setup_page
    sentences = page.forms.shown()
    assert [one.title.text() for one in sentences.lists.values()] == ["岗位之间的消息", "公告", "求助", "紧急通知"]
    assert sentences.lists["help"].rows[0].down_button.accessibleName() == "第 1 句下移"
    assert page.title.text() == "常用语"


@dataclass
class Ear:
    """A player that keeps what it was given to play; `takes` is what it says of it."""

    name: str | None = "ear"
    takes: bool = True
    heard_s: list[float] = field(default_factory=list)
    stops: int = 0

    def play(self, _path: Path, length_s: float) -> bool:
        self.heard_s.append(length_s)
        return self.takes

    def stop(self) -> None:
        self.stops += 1


@pytest.fixture
def ear():
    return Ear()


@pytest.fixture
def at_voice(open_office, context, ear):
    """The voice in the set-up, with the voice that a station has."""
    lend(context, voice_trials=VoiceTrials(lambda: ear))
    at_voice = open_office(ADMIN)
    at_voice.page.ways.open_part("voice")
    return at_voice


@pytest.fixture
def voice(at_voice):
    return at_voice.page.setup_page.forms.of("voice")


def heard(voice, lang: str = "en") -> str:
    return voice.listening.said[lang].shown.text()


def add_time(office, form) -> None:
    """Add a time of day, which comes into sight by itself."""
    press(office, form, form.hours.add_button)
    office.until(lambda: form.hours.rows[-1].visibleRegion().boundingRect() == form.hours.rows[-1].rect())


def press(office, form, widget) -> None:
    """Bring a part of the form into sight and press it."""
    see(office, form, widget)
    office.touch(widget)


def write(office, form, key: str, text: str) -> None:
    """Bring a field into sight and type into it."""
    see(office, form, form.fields[key].edit)
    office.write(form.fields[key].edit, text)


def see(office, form, widget) -> None:
    if form.widget().isAncestorOf(widget):
        form.ensureWidgetVisible(widget)
        office.until(lambda: widget.visibleRegion().boundingRect() == widget.rect())


def save(office) -> dict:
    page = office.page.setup_page
    office.touch(page.save_button)
    office.until(lambda: page.save_button.text() == "Nothing to save yet")
    return looking.setup_of(office.hall.desk).document


def test_what_is_typed_and_chosen_is_read_and_heard_before_it_is_saved(at_voice, voice, ear):
    # A hall that set nothing shows how it usually speaks.
    usual = "Ticket A017, please go to window 1, left, area A."
    assert heard(voice) == usual
    assert voice.listening.said["zh_CN"].shown.text() == "请 A017 号到 1 号窗口，左侧 A 区。"
    assert "0 1 7" in voice.listening.said["en"].read.text()
    assert voice.fields["call.en"].edit.placeholderText() == heard(voice)
    assert (voice.chime.isChecked(), voice.yao.isChecked()) == (True, False)
    assert voice.times.choices["2"].isChecked()
    assert voice.hours.rows == []

    # Words that can't be said are refused beside them.
    write(at_voice, voice, "call.en", "Come to {window}")
    assert (
        voice.fields["call.en"].error()
        == "Words of a call: the number is missing; please put {ticket} where it is to be said."
    )
    assert not at_voice.page.setup_page.save_button.isEnabled()
    assert heard(voice) == usual
    write(at_voice, voice, "call.en", "{ticket} for {name}")
    assert voice.fields["call.en"].error().startswith("Words of a call: name does not fit; possible: {ticket}")

    # An empty template gets the number first; a placeholder is put where somebody types.
    write(at_voice, voice, "call.en", "")
    press(at_voice, voice, voice.placeholders["zone"])
    assert voice.fields["call.en"].edit.text() == "{ticket}{zone}"
    assert voice.fields["call.en"].error() == ""
    write(at_voice, voice, "call.en", "{ticket}, come to ")
    press(at_voice, voice, voice.placeholders["window"])
    assert voice.fields["call.en"].edit.text() == "{ticket}, come to {window}"
    QTest.keyClicks(voice.fields["call.en"].edit, " now")
    assert heard(voice) == "A017, come to window 1 now"

    # A recall is read in its own words, or in those of the call.
    write(at_voice, voice, "call.en", "{ticket} to {window}")
    assert voice.fields["recall.en"].edit.placeholderText() == "A017 to window 1"
    assert voice.fields["call.en"].edit.placeholderText().startswith("Ticket A017")
    write(at_voice, voice, "recall.en", "Again: {ticket}")
    assert heard(voice) == "A017 to window 1"
    press(at_voice, voice, voice.listening.recall)
    assert heard(voice) == "Again: A017"
    press(at_voice, voice, voice.listening.recall)

    # So is another number.
    write(at_voice, voice, "call.en", "{ticket}: {window}{zone}")
    assert heard(voice) == "A017: window 1, left, area A"
    press(at_voice, voice, voice.yao)
    assert "幺" in voice.listening.said["zh_CN"].read.text()
    at_voice.write(voice.listening.number, "b002")
    assert heard(voice) == "B002: window 1, left, area A"

    # The languages are read in their order, and one leaves out the fields of the other.
    assert list(voice.listening.said) == ["zh_CN", "en"]
    press(at_voice, voice, voice.orders.choices["en,zh_CN"])
    assert list(voice.listening.said) == ["en", "zh_CN"]
    assert voice.listening.said["en"].language.y() < voice.listening.said["zh_CN"].language.y()
    press(at_voice, voice, voice.orders.choices["en"])
    assert not voice.fields["call.zh_CN"].isVisible()
    assert not voice.yao.isVisible()
    assert list(voice.listening.said) == ["en"]
    assert voice.listening.said["en"].shown.isVisible()
    assert sum(text.startswith("read: ") for text in texts_of(voice)) == 1

    # It is heard as the form stands, and nothing is saved yet.
    write(at_voice, voice, "call.en", "{ticket}")
    press(at_voice, voice, voice.orders.choices["en"])
    press(at_voice, voice, voice.listening.button)
    assert (len(ear.heard_s), ear.stops) == (1, 1)
    assert voice.listening.note.text().endswith(f"{ear.heard_s[0]:.1f} s")
    assert voice.listening.button.text() == "Listen"
    assert set_ups(at_voice) == []
    ear.takes = False
    press(at_voice, voice, voice.listening.button)
    assert voice.listening.note.text() == "It could not be played: this PC has no sound."
    at_voice.touch(at_voice.page.setup_page.foot.discard_button)

    # Leaving the form ends the sound and forgets what was said of it.
    press(at_voice, voice, voice.listening.button)
    hushed: list[bool] = []
    voice.left.connect(lambda: hushed.append(True))
    before = voice.preview.height()
    voice.listening.say("three lines of " + "words " * 40, wrong=True)
    at_voice.until(lambda: voice.preview.height() > before)
    at_voice.go("today")
    assert hushed == [True]
    assert voice.listening.note.isHidden()


def test_everything_chosen_is_saved_taken_back_and_in_sight_whatever_the_size(at_voice, voice, hall, context):
    write(at_voice, voice, "call.en", "{ticket} to {window}")
    press(at_voice, voice, voice.orders.choices["en,zh_CN"])
    press(at_voice, voice, voice.times.choices["1"])
    press(at_voice, voice, voice.chime)
    kept = save(at_voice)["voice"]
    assert kept == {"call": {"en": "{ticket} to {window}"}, "languages": ["en", "zh_CN"], "times": 1, "chime": False}
    assert len(set_ups(at_voice)) == 1
    at_voice.touch(at_voice.page.setup_page.foot.back_button)
    at_voice.until(lambda: "voice" not in looking.setup_of(at_voice.hall.desk).document)
    at_voice.until(voice.chime.isChecked)

    # The first field says whether calls are spoken.
    assert voice.spoken.text() == "Speak calls in this hall"
    assert voice.spoken.isChecked()
    assert voice.spoken.y() < voice.orders.title.y()
    press(at_voice, voice, voice.spoken)
    assert save(at_voice)["voice"] == {"spoken": False}
    press(at_voice, voice, voice.spoken)
    assert save(at_voice)["voice"] == {"spoken": True}

    # Times of day are added, changed and taken away.
    add_time(at_voice, voice)
    add_time(at_voice, voice)
    first, second = voice.hours.rows
    at_voice.write(second.start, "18:30")
    second.volume.setCurrentIndex(second.volume.findData(60))
    second.volume.activated.emit(second.volume.currentIndex())
    usual = {"speed": 100, "volume": 100}
    assert save(at_voice)["voice"]["hours"] == [
        {"from": "8:00", **usual},
        {"from": "18:30", "speed": 100, "volume": 60},
    ]
    assert voice.listening.time.isVisible()
    assert [voice.listening.time.itemText(at) for at in range(3)] == ["as now", "at 8:00", "at 18:30"]
    press(at_voice, voice, first.remove_button)
    assert save(at_voice)["voice"]["hours"] == [{"from": "18:30", "speed": 100, "volume": 60}]

    # One that is none is refused, and stays as it was typed.
    row = voice.hours.rows[0]
    see(at_voice, voice, row)
    at_voice.write(row.start, "noon")
    assert voice.hours.line.text() == "Times of day needs a time such as 8:30, not noon."
    assert not at_voice.page.setup_page.save_button.isEnabled()
    assert voice.hours.rows[0].start.text() == "noon"
    at_voice.write(voice.hours.rows[0].start, "12:00")
    assert at_voice.page.setup_page.save_button.isEnabled()
    voice.hours.rows[0].start.setText(" 18：30")  # with a full-width colon
    assert voice.hours.read()[0]["from"] == "18:30"
    at_voice.touch(at_voice.page.setup_page.foot.discard_button)

    # The hall's own change comes into the form.
    setting_up.change_part(hall.desk, hall.ask(), "voice", {"yao": True, "times": 3})
    at_voice.follow()
    at_voice.until(voice.yao.isChecked)
    assert voice.times.choices["3"].isChecked()

    for size, text_pct in (((1920, 1080), 100), ((1366, 768), 150)):
        context.look.set_scale(Scale.staff(*size, text_pct))
        at_voice.page.resize(*size)
        settled()
        assert at_voice.page.size().toTuple() == size

        preview, fields = voice.preview, voice.fields["call.en"]
        top = preview.mapTo(voice, preview.rect().topLeft())
        assert 0 <= top.x() < voice.width()
        assert top.y() < voice.height() / 2
        if preview.parentWidget() is voice:
            assert fields.mapTo(voice, fields.rect().topRight()).x() < top.x()
        assert preview.height() >= preview.layout().minimumSize().height()

    # Everything that takes the keyboard has a name.
    add_time(at_voice, voice)
    reached = [
        widget
        for widget in voice.findChildren(QWidget)
        if widget.isVisible() and widget.focusPolicy() & Qt.FocusPolicy.TabFocus
    ]
    nameless = [widget for widget in reached if not (widget.accessibleName() or getattr(widget, "text", str)())]
    assert nameless == []
    assert {*voice.placeholders.values(), voice.listening.button, voice.hours.add_button, voice.yao} <= set(reached)

    # Longer words leave every choice in sight.
    for choice in voice.orders.choices.values():
        choice.setText(choice.text() * 2)
    at_voice.until(
        lambda: all(one.geometry().bottom() < voice.orders.row.height() for one in voice.orders.choices.values())
    )


def test_every_problem_of_a_voice_has_its_field(hall):
    setup = looking.setup_of(hall.desk)
    draft = draft_of(setup, "voice", "")
    wrong = {"call": {"zh_CN": "{window}"}, "recall": {"en": "{"}, "times": 9, "hours": [{"from": "8:00", "speed": 1}]}

    for key, value in wrong.items():
        draft = draft.with_value(key, value)

    assert set(problems(setup, draft)) == {"call.zh_CN", "recall.en", "times", "hours.speed"}


BOTH = {"zh_CN": "pyttsx3", "en": "pyttsx3"}


@pytest.mark.parametrize(
    ("came", "text", "wrong"),
    [
        ({"links": {}, "played": False}, "Nothing on this PC can speak.", True),
        ({"links": BOTH, "played": False}, "It could not be played: this PC has no sound.", True),
        ({"links": BOTH}, "system voice · 8.2 s", False),
        ({"links": BOTH, "muted": True}, "At this time of day the volume is 0: nothing is heard.", True),
        ({"links": {"en": "espeak-ng"}}, "espeak-ng · 8.2 s. Not spoken here: 中文", True),
    ],
)
def test_what_came_of_a_trial_is_one_sentence(came, text, wrong):
    heard = {"texts": {"zh_CN": "…", "en": "…"}, "played": True, "muted": False, "sound_ms": 8200, **came}

    assert heard_text(heard) == (text, wrong)


@pytest.fixture
def printed():
    """What was printed as a sample."""
    return []


@pytest.fixture
def at_ticket(open_office, context, hall, printed):
    """The ticket in the set-up, with the papers that a station has."""
    paper = PaperTools(hall.desk, hall.clock)

    def print_sample(design):
        printed.append(design)
        error = OutsideError("no_printer") if len(printed) > 1 else None
        return {"printed": error is None, "printer": "Front", "error": error, "warning": ""}

    lend(context, paper=stub(Papers, draw_sample=paper.draw_sample, print_sample=print_sample))
    at_ticket = open_office(ADMIN)
    at_ticket.page.ways.open_part("ticket")
    return at_ticket


@pytest.fixture
def ticket(at_ticket):
    return at_ticket.page.setup_page.forms.of("ticket")


def picture(ticket) -> QImage:
    image = ticket.sample.picture.image()
    assert image is not None
    return image


def test_what_is_chosen_and_typed_is_on_the_sample_at_once_saved_and_printed(
    at_ticket, ticket, hall, printed, tmp_path: Path
):
    page = at_ticket.page.setup_page

    # It is drawn for the chosen roll.
    assert picture(ticket).width() == 576
    at_ticket.touch(ticket.sample.rolls[58])
    assert (picture(ticket).width(), ticket.sample.rolls[80].isChecked()) == (384, False)
    at_ticket.touch(ticket.sample.rolls[80])

    # A part left out is gone, and that is saved.
    before = picture(ticket)
    press(at_ticket, ticket, ticket.parts.choices["code"])
    press(at_ticket, ticket, ticket.parts.choices["papers"])
    assert picture(ticket).height() < before.height()
    save(at_ticket)
    assert set_ups(at_ticket)[-1]["row"]["hidden"] == ["papers", "code"]
    assert looking.setup_of(hall.desk).ticket_design.hidden == {"papers", "code"}
    press(at_ticket, ticket, ticket.parts.choices["code"])
    assert ticket.design.hidden == {"papers"}

    # What is typed stands there while typing.
    seen = [picture(ticket)]
    ticket.ensureWidgetVisible(ticket.fields["head"].edit)
    for text in ("W", "We"):
        at_ticket.write(ticket.fields["head"].edit, text)
        seen.append(picture(ticket))
    assert ticket.design.head == "We"
    assert all(one != other for one, other in pairwise(seen))

    # Size and languages change it.
    heights = {}
    for size in ("small", "medium", "large"):
        press(at_ticket, ticket, ticket.numbers.choices[size])
        heights[size] = picture(ticket).height()
    assert heights["small"] < heights["medium"] < heights["large"]
    press(at_ticket, ticket, ticket.orders.choices["zh_CN,en"])
    assert ticket.design.languages == ("zh_CN", "en")
    assert picture(ticket).height() > heights["large"]

    # A picture becomes the logo and can be removed.
    file = tmp_path / "sign.png"
    image = QImage(300, 120, QImage.Format.Format_RGB32)
    image.fill(0)
    image.save(str(file))
    high = picture(ticket).height()
    ticket.logo_chosen.emit(str(file))
    assert picture(ticket).height() > high + 100
    assert ticket.remove_button.isVisibleTo(ticket)
    press(at_ticket, ticket, ticket.remove_button)
    assert (ticket.design.logo, picture(ticket).height()) == ("", high)
    ticket.logo_chosen.emit(str(tmp_path / "none.png"))
    assert "no file" in ticket.logo_line.text()

    # A sample is printed as it is drawn.
    at_ticket.touch(page.foot.discard_button)
    press(at_ticket, ticket, ticket.numbers.choices["small"])
    at_ticket.touch(ticket.sample.button)
    assert printed[0].number == "small"
    assert ticket.sample.note.text() == "Printed on Front."
    at_ticket.touch(ticket.sample.button)
    assert "No printer is chosen" in ticket.sample.note.text()

    # Too many words are refused beside their field.
    ticket.fields["foot"].edit.setText("x" * 121)
    ticket.edited("foot", "x" * 121)
    assert "too long" in ticket.fields["foot"].error()
    assert not at_ticket.page.setup_page.save_button.isEnabled()
    assert ticket.design.foot == ""  # the sample keeps what can be printed

    # Every word is there in Chinese.
    i18n.use("zh_CN")
    at_ticket.page.make_anew()
    ticket = at_ticket.page.setup_page.forms.shown()
    assert [choice.text() for choice in ticket.numbers.choices.values()] == ["大", "中", "小"]
    assert ticket.sample.button.text() == "打印样票"
