"""The set-up's file, features and files of places."""

import json
import sys
from datetime import date
from functools import partial
from pathlib import Path
from types import ModuleType

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLineEdit, QPlainTextEdit

from queuedesk import i18n
from queuedesk.app.services.speaking import VoiceTrials
from queuedesk.cli.job import read_json, write_json
from queuedesk.core import features
from queuedesk.core.features import Feature
from queuedesk.core.setup.sentences import USUAL
from queuedesk.core.wording import Wording
from queuedesk.desk import looking
from queuedesk.desk.setup import setting_up
from queuedesk.i18n import LANGUAGES
from queuedesk.stations.manager.parts.refused_file import RefusedFileDialog
from queuedesk.stations.manager.setup.features_page import FeaturesPage
from queuedesk.stations.manager.setup_frame.draft import PARTS
from queuedesk.stations.manager.setup_frame.file_page import changes_between
from queuedesk.stations.manager.setup_frame.page import PlaceFiles, PlacesDialog
from queuedesk.stations.widgets.lists.strips import Toast
from queuedesk.stations.window.context import InlineTasks
from tests.every_day import one_of
from tests.hall import ADMIN, MANAGER, Hall
from tests.stations.manager.conftest import Office
from tests.stations.manager.setup.test_forms import Ear, press
from tests.stations.manager.setup_frame.test_set_up import edit, part, set_ups
from tests.stations.seen import texts_of
from tests.stations.stubs import lend
from tests.stations.whole_words import visible

USUALLY = [one.name for one in features.choices() if one.usual]
"""What a hall uses that never chose."""
TABLE = "name,kind,takes\nPost Canal Street,post_office,A\nMachine,self_service,A/dyfp\n"


@pytest.fixture
def setup(hall):
    return looking.setup_of(hall.desk)


@pytest.fixture
def set_up_office(admin_office):
    admin_office.go("setup")
    return admin_office


@pytest.fixture
def page(set_up_office):
    return set_up_office.page.setup_page


# -- the file ----------------------------------------------------------------------------------------------------
@pytest.fixture
def filed(set_up_office):
    lend(set_up_office.page.context, read_setup=read_json, write_setup=write_json)
    part(set_up_office, "file")
    return set_up_office.page.setup_page.file_page


def test_a_file_is_looked_into_before_it_counts_and_a_wrong_one_changes_nothing(set_up_office, filed, hall, tmp_path):
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
    assert set_ups(set_up_office) == []

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
    assert set_up_office.page.context.feed.setup.services["A"].handling_target == 5

    set_up_office.touch(filed.take_button)
    setup = set_up_office.page.context.feed.setup
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
    set_up_office = open_office(MANAGER)
    set_up_office.go("setup")
    page = set_up_office.page.setup_page
    assert page.note.text() == "You can view this; only an admin can change it: Wu Lei"
    offered = [page.nav.findChild(QAbstractButton, key) for key in ("pcs", "backups")]
    assert offered == [None, None], "the station is lent nothing for it"
    QTest.keyClicks(edit(page.forms.service, "name"), "x")
    QTest.mouseClick(page.forms.service.windows.choices["1"], Qt.MouseButton.LeftButton)
    assert not page.is_changed
    for key in PARTS:
        part(set_up_office, key)
        assert not page.list.add_button.isVisible()
        assert not page.save_button.isVisible()
        assert not page.remove_button.isVisible()
        assert not page.file_page.choose_button.isVisible()
        assert page.foot.isVisible() == (key not in ("file", "calendar")), (
            "who may change it is said of what is empty too"
        )
    part(set_up_office, "settings")
    QTest.keyClicks(page.forms.of("settings").rows["crowd"].edit, "9")
    assert not page.is_changed

    # Sentences stay as they are, and nothing moves them.
    part(set_up_office, "sentences")
    form = page.forms.of("sentences")
    row = form.lists["messages"].rows[1]
    assert row.edits["text"].isReadOnly()
    QTest.keyClick(row.edits["text"], Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert [one.edits["text"].text() for one in form.lists["messages"].rows] == [one.text for one in USUAL.messages]
    hidden = (row.up_button, row.remove_button, form.lists["messages"].add_button)
    assert not any(button.isVisibleTo(form) for button in hidden)

    # The ticket keeps its parts.
    part(set_up_office, "ticket")
    form = page.forms.of("ticket")
    set_up_office.touch(form.parts.choices["code"])
    assert form.parts.choices["code"].isChecked()
    assert not form.parts.choices["phone"].isChecked()
    assert not form.logo_button.isVisible()

    # The voice can be heard.
    part(set_up_office, "voice")
    form = page.forms.of("voice")
    assert form.fields["call.en"].edit.isReadOnly()
    assert not form.hours.add_button.isVisible()
    assert not form.placeholders["window"].isVisible()
    press(set_up_office, form, form.listening.button)
    assert len(ear.heard_s) == 1

    # The calendar alone is a manager's too.
    part(set_up_office, "calendar")
    calendar = page.own.calendar
    calendar.view.setFocus()
    calendar.go(date(2026, 11, 27))
    set_up_office.follow()
    set_up_office.touch(calendar.panel.kinds["holiday"])
    set_up_office.touch(calendar.panel.save_button)
    assert looking.setup_of(hall.desk).document["calendar"] == {"2026-11-27": {"kind": "holiday"}}


@pytest.mark.parametrize("lang", one_of(LANGUAGES, "en"))
def test_every_part_names_its_controls(set_up_office, page, lang):
    i18n.use(lang)
    set_up_office.page.make_anew()
    page = set_up_office.page.setup_page
    for key in PARTS:
        part(set_up_office, key)
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


def opened(office) -> FeaturesPage:
    office.go("setup")
    part(office, "features")
    found = office.page.findChild(FeaturesPage)
    assert found.isVisible()
    return found


def used(page: FeaturesPage) -> list[str]:
    return [name for name, card in page.cards.cards.items() if card.switch.isChecked()]


def of_the_hall(hall) -> tuple[str, ...] | None:
    return looking.setup_of(hall.desk).hall.features


def test_forums_go_and_come_back_with_what_they_hold_and_another_station_is_followed(admin_office, hall):
    for _forum in range(2):
        hall.do("forum", hall.date, 12)
    page = opened(admin_office)
    card = page.cards.cards["forums"]
    assert (used(page), of_the_hall(hall)) == ([*USUALLY], None)
    assert any("Nothing is lost" in text for text in texts_of(page))

    admin_office.touch(card.switch)
    rest = tuple(name for name in USUALLY if name != "forums")
    assert (of_the_hall(hall), used(page)) == (rest, [*rest])
    assert "2 forums stay" in texts_of(card)
    (toast,) = [one for one in admin_office.page.findChildren(Toast) if one.isVisible()]
    assert toast.text() == "Switched off: Forums"

    QTest.mouseClick(toast, Qt.MouseButton.LeftButton)  # Undo
    admin_office.follow()
    assert (of_the_hall(hall), used(page)) == (None, [*USUALLY])

    # By the keyboard alone, and back.
    card.switch.setFocus()
    assert (card.switch.accessibleName(), card.switch.focusPolicy()) == ("Forums", Qt.FocusPolicy.TabFocus)
    for wanted in (rest, tuple(USUALLY)):
        QTest.keyClick(card.switch, Qt.Key.Key_Space)
        admin_office.follow()
        assert (of_the_hall(hall), used(page)) == (wanted, [*wanted])
    assert "2 forums stay" not in texts_of(card)

    setting_up.choose_features(hall.desk, hall.ask(ADMIN), off=["packs", "lobby"])
    admin_office.follow()
    assert not {"packs", "lobby"} & {*used(page)}

    admin_office.page.show_away(hall.clock())
    assert not any(each.switch.isEnabled() for each in page.cards.cards.values())
    admin_office.page.show_away(None)
    assert all(each.switch.isEnabled() for each in page.cards.cards.values())


class Slow(InlineTasks):
    """Lanes that answer when told so."""

    def __init__(self):
        self.waiting = []

    def run(self, work, done, refused):
        self.waiting.append(partial(super().run, work, done, refused))


def test_what_is_pressed_while_another_is_on_its_way_stays_pressed_and_goes_after_it(admin_office, hall):
    page = opened(admin_office)
    context = admin_office.page.context
    context.tasks = slow = Slow()
    for name in ("forums", "packs", "lobby", "packs"):
        QTest.mouseClick(page.cards.cards[name].switch, Qt.MouseButton.LeftButton)
    rest = [name for name in USUALLY if name not in ("forums", "lobby")]
    assert (len(slow.waiting), used(page)) == (1, rest)
    while slow.waiting:
        slow.waiting.pop()()
    admin_office.follow()
    assert (of_the_hall(hall), used(page)) == (tuple(rest), rest)


def test_who_may_not_change_the_set_up_sees_what_it_uses_and_who_could(office, hall):
    page = opened(office)

    assert used(page) == [*USUALLY]
    QTest.mouseClick(page.cards.cards["forums"].switch, Qt.MouseButton.LeftButton)
    assert (of_the_hall(hall), used(page)) == (None, [*USUALLY])
    assert any("only an admin can change it" in text for text in texts_of(office.page.setup_page))


def test_a_feature_says_what_it_needs_and_both_switch_together(hall, open_office, monkeypatch):
    for name, needs in (("camera", ()), ("pictures", ("camera",))):
        module = ModuleType(f"queuedesk.features.{name}.register")
        words = Wording(name.title())
        vars(module)["FEATURE"] = Feature(name=name, title=words, about=words, needs=needs)
        monkeypatch.setitem(sys.modules, module.__name__, module)
    features.install(["camera", "pictures"])
    try:
        office = open_office(ADMIN)
        page = opened(office)
        cards = page.cards.cards
        assert "Needs Camera; they switch together" in texts_of(cards["pictures"])

        office.touch(cards["camera"].switch)
        assert (of_the_hall(hall), used(page)) == ((), [])
        office.touch(cards["pictures"].switch)
        assert (of_the_hall(hall), used(page)) == (("camera", "pictures"), ["camera", "pictures"])
    finally:
        features.install(features.listed("FEATURES"))


@pytest.fixture
def partners_office(admin_office: Office) -> Office:
    admin_office.go("setup")
    part(admin_office, "partners")
    return admin_office


@pytest.fixture
def files(partners_office: Office) -> PlaceFiles:
    return partners_office.page.setup_page.place_files


def test_a_table_is_taken_after_a_look_saved_again_and_refused_with_its_bad_line(
    partners_office: Office, files: PlaceFiles, hall: Hall, tmp_path: Path
) -> None:
    table = tmp_path / "places.csv"
    table.write_text(TABLE, encoding="utf-8")
    files.look_into(str(table))
    question = partners_office.question(PlacesDialog)
    assert question.told.text() == "2 places: 2 new, 0 changed, 0 as they were"
    assert not looking.setup_of(hall.desk).partners
    question.yes_button.click()
    partners_office.follow()
    assert [one.name for one in looking.setup_of(hall.desk).partners.values()] == ["Post Canal Street", "Machine"]

    for ending in ("xlsx", "csv"):
        saved = tmp_path / f"saved.{ending}"
        files.write_to(str(saved))
        files.look_into(str(saved))
        question = partners_office.question(PlacesDialog)
        assert question.told.text() == "2 places: 0 new, 0 changed, 2 as they were"
        question.refuse()

    # A table with a bad line is refused with its line, and no save takes the hall's place.
    said: list[tuple[str, str]] = []
    files.said.connect(lambda *one: said.append(one))
    table.write_text(TABLE + "Post East Gate,post_office,Z\n", encoding="utf-8")
    files.look_into(str(table))
    question = partners_office.question(RefusedFileDialog)
    assert len(question.lines) == 1 and len(looking.setup_of(hall.desk).partners) == 2
    question.close_dialog()

    table.write_text("place\nPost\n", encoding="utf-8")
    files.look_into(str(table))
    (tmp_path / "own.xlsx").hardlink_to(hall.path)
    before = hall.path.read_bytes()
    files.write_to(str(tmp_path / "own.xlsx"))
    assert [icon for _text, icon in said] == ["warning", "warning"]
    assert hall.path.read_bytes() == before

    # The keys stand under the directory alone.
    page = partners_office.page.setup_page
    assert page.list.read_button.isVisible() and page.list.write_button.isVisible()
    part(partners_office, "services")
    assert not page.list.file_keys.isVisible()
