"""The voice in the set-up: what is chosen and typed, what is read at once, what can be heard."""

from dataclasses import dataclass, field
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from queuedesk.app.services.voice_trials import VoiceTrials
from queuedesk.desk import looking
from queuedesk.desk.setup import setting_up
from queuedesk.stations.manager.setup.voice_form import heard_text
from queuedesk.stations.manager.setup_frame.draft import draft_of, problems
from queuedesk.stations.window.style import Scale
from tests.hall import ADMIN
from tests.stations.manager.setup_frame.test_set_up import set_ups
from tests.stations.seen import texts_of
from tests.stations.stubs import lend
from tests.stations.whole_words import settled


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
def office(open_office, context, ear):
    """The voice in the set-up, with the voice that a station has."""
    lend(context, voice_trials=VoiceTrials(lambda: ear))
    office = open_office(ADMIN)
    office.page.ways.open_part("voice")
    return office


@pytest.fixture
def form(office):
    return office.page.setup_page.forms.of("voice")


def shown(form, lang: str = "en") -> str:
    return form.listening.said[lang].shown.text()


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
    return looking.setup_of(office.hall.desk).document["voice"]


def test_what_is_typed_and_chosen_is_read_and_heard_before_it_is_saved(office, form, ear):
    # A hall that set nothing shows how it usually speaks.
    usual = "Ticket A017, please go to window 1, left, area A."
    assert shown(form) == usual
    assert form.listening.said["zh_CN"].shown.text() == "请 A017 号到 1 号窗口，左侧 A 区。"
    assert "0 1 7" in form.listening.said["en"].read.text()
    assert form.fields["call.en"].edit.placeholderText() == shown(form)
    assert (form.chime.isChecked(), form.yao.isChecked()) == (True, False)
    assert form.times.choices["2"].isChecked()
    assert form.hours.rows == []

    # Words that can't be said are refused beside them.
    write(office, form, "call.en", "Come to {window}")
    assert (
        form.fields["call.en"].error()
        == "Words of a call: the number is missing; please put {ticket} where it is to be said."
    )
    assert not office.page.setup_page.save_button.isEnabled()
    assert shown(form) == usual
    write(office, form, "call.en", "{ticket} for {name}")
    assert form.fields["call.en"].error().startswith("Words of a call: name does not fit; possible: {ticket}")

    # An empty template gets the number first; a placeholder is put where somebody types.
    write(office, form, "call.en", "")
    press(office, form, form.placeholders["zone"])
    assert form.fields["call.en"].edit.text() == "{ticket}{zone}"
    assert form.fields["call.en"].error() == ""
    write(office, form, "call.en", "{ticket}, come to ")
    press(office, form, form.placeholders["window"])
    assert form.fields["call.en"].edit.text() == "{ticket}, come to {window}"
    QTest.keyClicks(form.fields["call.en"].edit, " now")
    assert shown(form) == "A017, come to window 1 now"

    # A recall is read in its own words, or in those of the call.
    write(office, form, "call.en", "{ticket} to {window}")
    assert form.fields["recall.en"].edit.placeholderText() == "A017 to window 1"
    assert form.fields["call.en"].edit.placeholderText().startswith("Ticket A017")
    write(office, form, "recall.en", "Again: {ticket}")
    assert shown(form) == "A017 to window 1"
    press(office, form, form.listening.recall)
    assert shown(form) == "Again: A017"
    press(office, form, form.listening.recall)

    # So is another number.
    write(office, form, "call.en", "{ticket}: {window}{zone}")
    assert shown(form) == "A017: window 1, left, area A"
    press(office, form, form.yao)
    assert "幺" in form.listening.said["zh_CN"].read.text()
    office.write(form.listening.number, "b002")
    assert shown(form) == "B002: window 1, left, area A"

    # The languages are read in their order, and one leaves out the fields of the other.
    assert list(form.listening.said) == ["zh_CN", "en"]
    press(office, form, form.orders.choices["en,zh_CN"])
    assert list(form.listening.said) == ["en", "zh_CN"]
    assert form.listening.said["en"].language.y() < form.listening.said["zh_CN"].language.y()
    press(office, form, form.orders.choices["en"])
    assert not form.fields["call.zh_CN"].isVisible()
    assert not form.yao.isVisible()
    assert list(form.listening.said) == ["en"]
    assert form.listening.said["en"].shown.isVisible()
    assert sum(text.startswith("read: ") for text in texts_of(form)) == 1

    # It is heard as the form stands, and nothing is saved yet.
    write(office, form, "call.en", "{ticket}")
    press(office, form, form.orders.choices["en"])
    press(office, form, form.listening.button)
    assert (len(ear.heard_s), ear.stops) == (1, 1)
    assert form.listening.note.text().endswith(f"{ear.heard_s[0]:.1f} s")
    assert form.listening.button.text() == "Listen"
    assert set_ups(office) == []
    ear.takes = False
    press(office, form, form.listening.button)
    assert form.listening.note.text() == "It could not be played: this PC has no sound."
    office.touch(office.page.setup_page.foot.discard_button)

    # Leaving the form ends the sound and forgets what was said of it.
    press(office, form, form.listening.button)
    hushed: list[bool] = []
    form.left.connect(lambda: hushed.append(True))
    before = form.preview.height()
    form.listening.say("three lines of " + "words " * 40, wrong=True)
    office.until(lambda: form.preview.height() > before)
    office.go("today")
    assert hushed == [True]
    assert form.listening.note.isHidden()


def test_everything_chosen_is_saved_taken_back_and_in_sight_whatever_the_size(office, form, hall, context):
    write(office, form, "call.en", "{ticket} to {window}")
    press(office, form, form.orders.choices["en,zh_CN"])
    press(office, form, form.times.choices["1"])
    press(office, form, form.chime)
    kept = save(office)
    assert kept == {"call": {"en": "{ticket} to {window}"}, "languages": ["en", "zh_CN"], "times": 1, "chime": False}
    assert len(set_ups(office)) == 1
    office.touch(office.page.setup_page.foot.back_button)
    office.until(lambda: "voice" not in looking.setup_of(office.hall.desk).document)
    office.until(form.chime.isChecked)

    # The first field says whether calls are spoken.
    assert form.spoken.text() == "Speak calls in this hall"
    assert form.spoken.isChecked()
    assert form.spoken.y() < form.orders.title.y()
    press(office, form, form.spoken)
    assert save(office) == {"spoken": False}
    press(office, form, form.spoken)
    assert save(office) == {"spoken": True}

    # Times of day are added, changed and taken away.
    add_time(office, form)
    add_time(office, form)
    first, second = form.hours.rows
    office.write(second.start, "18:30")
    second.volume.setCurrentIndex(second.volume.findData(60))
    second.volume.activated.emit(second.volume.currentIndex())
    usual = {"speed": 100, "volume": 100}
    assert save(office)["hours"] == [{"from": "8:00", **usual}, {"from": "18:30", "speed": 100, "volume": 60}]
    assert form.listening.time.isVisible()
    assert [form.listening.time.itemText(at) for at in range(3)] == ["as now", "at 8:00", "at 18:30"]
    press(office, form, first.remove_button)
    assert save(office)["hours"] == [{"from": "18:30", "speed": 100, "volume": 60}]

    # One that is none is refused, and stays as it was typed.
    row = form.hours.rows[0]
    see(office, form, row)
    office.write(row.start, "noon")
    assert form.hours.line.text() == "Times of day needs a time such as 8:30, not noon."
    assert not office.page.setup_page.save_button.isEnabled()
    assert form.hours.rows[0].start.text() == "noon"
    office.write(form.hours.rows[0].start, "12:00")
    assert office.page.setup_page.save_button.isEnabled()
    form.hours.rows[0].start.setText(" 18：30")  # with a full-width colon
    assert form.hours.read()[0]["from"] == "18:30"
    office.touch(office.page.setup_page.foot.discard_button)

    # The hall's own change comes into the form.
    setting_up.change_part(hall.desk, hall.ask(), "voice", {"yao": True, "times": 3})
    office.follow()
    office.until(form.yao.isChecked)
    assert form.times.choices["3"].isChecked()

    for size, text_pct in (((1920, 1080), 100), ((1366, 768), 150)):
        context.look.set_scale(Scale.staff(*size, text_pct))
        office.page.resize(*size)
        settled()
        assert office.page.size().toTuple() == size

        preview, fields = form.preview, form.fields["call.en"]
        top = preview.mapTo(form, preview.rect().topLeft())
        assert 0 <= top.x() < form.width()
        assert top.y() < form.height() / 2
        if preview.parentWidget() is form:
            assert fields.mapTo(form, fields.rect().topRight()).x() < top.x()
        assert preview.height() >= preview.layout().minimumSize().height()

    # Everything that takes the keyboard has a name.
    add_time(office, form)
    reached = [
        widget
        for widget in form.findChildren(QWidget)
        if widget.isVisible() and widget.focusPolicy() & Qt.FocusPolicy.TabFocus
    ]
    nameless = [widget for widget in reached if not (widget.accessibleName() or getattr(widget, "text", str)())]
    assert nameless == []
    assert {*form.placeholders.values(), form.listening.button, form.hours.add_button, form.yao} <= set(reached)

    # Longer words leave every choice in sight.
    for choice in form.orders.choices.values():
        choice.setText(choice.text() * 2)
    office.until(
        lambda: all(one.geometry().bottom() < form.orders.row.height() for one in form.orders.choices.values())
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
