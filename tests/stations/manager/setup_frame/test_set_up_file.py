"""The set-up as a file, who may only read it, and that every control can be reached."""

from __future__ import annotations

import json
from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLineEdit, QPlainTextEdit

from queuedesk import i18n
from queuedesk.app.services.voice_trials import VoiceTrials
from queuedesk.cli.job import read_json, write_json
from queuedesk.core.setup.sentences import USUAL
from queuedesk.desk import looking
from queuedesk.desk.setup import setting_up
from queuedesk.i18n import LANGUAGES
from queuedesk.stations.manager.setup_frame.file_page import changes_between
from queuedesk.stations.manager.setup_frame.words import PARTS
from tests.every_day import one_of
from tests.hall import MANAGER
from tests.stations.manager.setup.test_voice_form import Ear, press
from tests.stations.manager.setup_frame.test_set_up import edit, set_ups
from tests.stations.manager.setup_frame.test_set_up_parts import part
from tests.stations.stubs import lend
from tests.stations.whole_words import visible


@pytest.fixture
def setup(hall):
    return looking.setup_of(hall.desk)


@pytest.fixture
def office(admin_office):
    admin_office.go("setup")
    return admin_office


@pytest.fixture
def page(office):
    return office.page.setup_page


# -- the file ----------------------------------------------------------------------------------------------------


@pytest.fixture
def filed(office):
    lend(office.page.context, read_setup=read_json, write_setup=write_json)
    part(office, "file")
    return office.page.setup_page.file_page


def test_a_file_is_looked_into_before_it_counts_and_a_wrong_one_changes_nothing(office, filed, hall, tmp_path):
    # No save takes the place of the hall, and nothing is read without end.
    before = hall.path.read_bytes()
    (tmp_path / "own.json").hardlink_to(hall.path)
    (tmp_path / "endless.json").symlink_to("/dev/zero")
    filed.export_to(str(tmp_path / "own.json"))
    assert "belongs to the hall" in filed.error.text()
    filed.look_into(str(tmp_path / "endless.json"))
    assert "larger than 20 MB" in filed.error.text()
    assert (hall.path.read_bytes(), (tmp_path / "own.json").samefile(hall.path)) == (before, True)

    # What is no set-up says so.
    for text, said in {
        "{}": "f.json is not a QueueDesk backup or set-up file.",
        '{"hall": {"code": "X", "name": ""}, "services": [], "windows": []}': ("The set-up file f.json needs a change"),
    }.items():
        (tmp_path / "f.json").write_text(text, encoding="utf-8")
        filed.look_into(str(tmp_path / "f.json"))
        assert filed.error.text().startswith(said)
        assert not filed.take_button.isVisible()
    assert set_ups(office) == []

    # The set-up is saved, and another is looked into before it counts.
    file = tmp_path / "hall.json"
    filed.export_to(str(file))
    document = json.loads(file.read_text(encoding="utf-8"))
    filed.look_into(str(file))
    assert filed.count.text() == "hall.json changes nothing here"
    assert not filed.take_button.isVisible()

    document["services"][0]["handling_target"] = 12
    document["settings"] = {"crowd": 50}
    document["windows"].append({"code": "9", "services": ["A"]})
    file.write_text(json.dumps(document), encoding="utf-8")
    filed.look_into(str(file))
    assert filed.count.text() == "hall.json changes 3 things"
    assert [line.text() for line in filed.lines] == [
        "Services: Pay a bill changes: Handling target",
        "Windows: Window 9 is added",
        "Rule Full hall: 20 becomes 50",
    ]
    assert office.page.context.feed.setup.services["A"].handling_target == 5

    office.touch(filed.take_button)
    setup = office.page.context.feed.setup
    assert (setup.services["A"].handling_target, setup.settings["crowd"], "9" in setup.windows) == (12, 50, True)


def test_no_change_is_between_a_hall_and_itself(setup):
    assert changes_between(setup.document, setup.document) == []


def test_a_file_that_chooses_no_feature_says_that_it_changes_what_the_hall_uses(setup):
    chosen = {**setup.document, "hall": {**setup.document["hall"], "features": []}}

    assert [change.text() for change in changes_between(setup.document, chosen)] == ["Hall: Features used change"]
    assert changes_between(chosen, chosen) == []


def test_dates_of_the_calendar_are_counted_among_what_a_file_changes(setup):
    rows = {"2026-10-01": {"kind": "holiday"}, "2026-10-02": {"kind": "holiday"}}
    before = {**setup.document, "calendar": {"2026-10-01": {"kind": "holiday"}}}
    (found,) = changes_between(before, {**setup.document, "calendar": rows})

    assert found.text() == "1 date of the calendar changes"


# -- who may only read ---------------------------------------------------------------------------------------------


def test_a_manager_reads_every_part_and_changes_none_but_the_calendar(open_office, context, hall):
    ear = Ear()
    lend(context, voice_trials=VoiceTrials(lambda: ear))
    setting_up.change_part(hall.desk, hall.ask(), "ticket", {"hidden": ["phone"]})
    office = open_office(MANAGER)
    office.go("setup")
    page = office.page.setup_page
    assert page.note.text() == "You can view this; only an admin can change it: Wu Lei"
    offered = [page.nav.findChild(QAbstractButton, key) for key in ("pcs", "backups")]
    assert offered == [None, None], "the station is lent nothing for it"
    QTest.keyClicks(edit(page.forms.service, "name"), "x")
    QTest.mouseClick(page.forms.service.windows.choices["1"], Qt.MouseButton.LeftButton)
    assert not page.is_changed
    for key in PARTS:
        part(office, key)
        assert not page.list.add_button.isVisible()
        assert not page.save_button.isVisible()
        assert not page.remove_button.isVisible()
        assert not page.file_page.choose_button.isVisible()
        assert page.foot.isVisible() == (key not in ("file", "calendar")), (
            "who may change it is said of what is empty too"
        )
    part(office, "settings")
    QTest.keyClicks(page.forms.of("settings").rows["crowd"].edit, "9")
    assert not page.is_changed

    # Sentences stay as they are, and nothing moves them.
    part(office, "sentences")
    form = page.forms.of("sentences")
    row = form.lists["messages"].rows[1]
    assert row.edits["text"].isReadOnly()
    QTest.keyClick(row.edits["text"], Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert [one.edits["text"].text() for one in form.lists["messages"].rows] == [one.text for one in USUAL.messages]
    hidden = (row.up_button, row.remove_button, form.lists["messages"].add_button)
    assert not any(button.isVisibleTo(form) for button in hidden)

    # The ticket keeps its parts.
    part(office, "ticket")
    form = page.forms.of("ticket")
    office.touch(form.parts.choices["code"])
    assert form.parts.choices["code"].isChecked()
    assert not form.parts.choices["phone"].isChecked()
    assert not form.logo_button.isVisible()

    # The voice can be heard.
    part(office, "voice")
    form = page.forms.of("voice")
    assert form.fields["call.en"].edit.isReadOnly()
    assert not form.hours.add_button.isVisible()
    assert not form.placeholders["window"].isVisible()
    press(office, form, form.listening.button)
    assert len(ear.heard_s) == 1

    # The calendar alone is a manager's too.
    part(office, "calendar")
    calendar = page.own.calendar
    calendar.view.setFocus()
    calendar.go(date(2026, 11, 27))
    office.follow()
    office.touch(calendar.panel.kinds["holiday"])
    office.touch(calendar.panel.save_button)
    assert looking.setup_of(hall.desk).document["calendar"] == {"2026-11-27": {"kind": "holiday"}}


@pytest.mark.parametrize("lang", one_of(LANGUAGES, "en"))
def test_every_part_names_its_controls(office, page, lang):
    i18n.use(lang)
    office.page.retranslate()
    for key in PARTS:
        part(office, key)
        assert page.part == key
        for tab in page.tabs.tabs.values() if key == "services" else ():
            QTest.mouseClick(tab, Qt.MouseButton.LeftButton)
            check_controls(page)
        check_controls(page)


def check_controls(page) -> None:
    """Every field and button that is seen has a name, can be reached by Tab, and is not wider than its form."""
    kinds = (QLineEdit, QPlainTextEdit, QComboBox, QAbstractButton)
    for one in visible(page):
        if not isinstance(one, kinds) or not one.isEnabled() or one.parent().inherits("QScrollBar"):
            continue
        spoken = QAccessible.queryAccessibleInterface(one)
        assert spoken.text(QAccessible.Text.Name), one
        assert one.focusPolicy() & Qt.FocusPolicy.TabFocus, one
        assert one.mapTo(page, one.rect().topRight()).x() <= page.width(), one
