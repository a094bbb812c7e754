"""The manager's page of inspections, and a sheet filled in by touches alone."""

from datetime import date
from itertools import combinations, product
from pathlib import Path
from time import process_time

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QApplication, QDialogButtonBox, QFileDialog, QLineEdit

from queuedesk.core.quality.inspection import CHANNELS
from queuedesk.core.setup.file import score_sheets_of_hall
from queuedesk.desk import looking, setting_up
from queuedesk.desk.quality import case_documents
from queuedesk.features.inspections.pages.controller import InspectionsController
from queuedesk.features.inspections.pages.page import InspectionsPage
from queuedesk.features.inspections.pages.parts import (
    ChannelInspectionCoverageRow,
    FilledSheetDialog,
    ScoreSheetsDialog,
)
from queuedesk.features.inspections.pages.touch import InspectionTouchWindow
from queuedesk.features.inspections.verbs import inspection_document
from queuedesk.stations.manager.pages import QUALITY
from queuedesk.stations.manager.quality.case_texts import NewCaseDialog
from queuedesk.stations.manager.sections import ExtraAlertReader
from queuedesk.stations.widgets.lists.tiles import ToggleChoice
from queuedesk.stations.window.context import ThisPcChoicesStore
from queuedesk.stations.window.style import Look, Scale
from tests.cli.transcripts import laid_out
from tests.every_day import paired
from tests.golden.kept import must_be_kept
from tests.hall import ADMIN, MANAGER
from tests.stations.manager.conftest import Office
from tests.stations.seen import said
from tests.stations.stubs import lend, stub

TODAY = date(2026, 11, 20)
LEFT = Qt.MouseButton.LeftButton
PRESS_S = 2.65
"""What a press takes somebody who thinks before it: decisions/score-sheet-pace.md."""
KEPT = Path(__file__).with_name("pages.txt")
VIEWS = ("listView", "treeView")
"""Where a file dialog of Qt shows files, one at a time."""


@pytest.fixture
def page(context, put):
    yield (page := put(InspectionsPage(InspectionsController(context))))
    if page.touch is not None:
        page.touch.close()
        page.touch.deleteLater()


def key(touch: InspectionTouchWindow, word: str) -> ToggleChoice:
    """Return the key of that word: a deduction or a reason."""
    return next(one for one in touch.findChildren(ToggleChoice) if one.isVisibleTo(touch) and one.text() == word)


def test_a_plan_is_made_its_sheet_filled_by_touches_and_signed_and_fixes_and_visits_are_told(page, hall, qtbot):
    # A hall that wants no numbers reads of no coverage.
    assert page.cover_title.isVisibleTo(page)
    for channel in CHANNELS:
        setting_up.change_setting(hall.desk, hall.ask(ADMIN), f"inspect_{channel}", 0)
    page.reload_inspections()
    assert not page.cover and not page.cover_title.isVisibleTo(page)

    # A plan that is refused says so in its question.
    assert page.buttons[0].text() == "Plan one"
    page.buttons[0].click()
    dialog = page.dialog
    for none in ("tomorrow", "9999-12-31", "0001-01-01"):
        dialog.fields["day"].set_value(none)
        dialog.yes_button.click()
        assert dialog.fields["day"].error() == "A date such as 2026-11-20"
    dialog.fields["day"].set_value("2026-11-24")
    dialog.yes_button.click()
    page.reload_inspections()
    assert [one["date"] for one in page.plan.table.rows.rows] == ["2026-11-24"]
    assert page.buttons[0].text() == "Plan another"

    # A sheet is filled by touches and signed.
    hall.do("inspect-plan", TODAY, "call", "telephone", who=MANAGER)
    page.reload_inspections()
    seq = page.plan.table.rows.rows[0]["inspection"]
    page.controller.start_score_or_sign_sheet("start", seq)
    touch = page.touch
    assert (touch.next_button.text(), touch.next_button.isEnabled()) == ("Choose a deduction first", False)
    key(touch, "10 off").click()
    assert (touch.next_button.text(), touch.next_button.isEnabled()) == ("Choose a reason first", False)
    key(touch, "Answered late").click()
    assert touch.points.text() == "10 / 20"
    qtbot.mouseClick(touch.next_button, LEFT)
    key(touch, "N/A").click()
    touch.next_button.click()
    touch.close()  # and back: nothing is lost
    page.buttons[2].click()
    assert touch.at == 3
    key(touch, "None off").click()
    touch.next_button.click()
    key(touch, "None off").click()
    assert touch.next_button.text() == "Sign and hand in"
    touch.next_button.click()
    assert not touch.isVisible()
    signed = inspection_document(hall.desk, seq)
    assert (signed["state"], signed["points"], signed["of"]) == ("done", 70, 80)
    page.reload_inspections()
    assert page.plan.table.rows.rows[0]["state"] == "done"
    hall.must_follow_from_its_log()

    # The keys change sides at this PC.
    kept = []
    lend(
        page.controller.context,
        own_choices=stub(ThisPcChoicesStore, store_writing_hand=lambda *, left: kept.append(left)),
    )
    page.buttons[2].click()
    touch = page.touch
    before = touch.keys_half.x()
    touch.hand_button.click()
    touch.layout().activate()
    assert before > 0 == touch.keys_half.x()
    assert (touch.hand_button.text(), kept) == ("Right-handed", [True])
    page.controller.context.options = {"left_handed": True}
    again = InspectionTouchWindow(page.controller)
    again.resize(1024, 768)
    again.layout().activate()
    assert again.keys_half.x() == 0

    # A ticket's story leads to the signed visit and back.
    label = hall.issue("A")
    seq = hall.do("inspect-start", sheet="call", channel="mystery", visitor=2, who=MANAGER)["inspection"]
    hall.do("inspect-tie", seq, label, who=MANAGER)
    history = looking.chain_checked_ticket_history(hall.desk, TODAY, label, 1, hall.clock())
    assert history.inspection is None, "it still runs"
    for item in range(1, 5):
        hall.do("inspect-score", seq, item, 0, who=MANAGER)
    hall.do("inspect-sign", seq, who=MANAGER)
    assert looking.chain_checked_ticket_history(hall.desk, TODAY, label, 1, hall.clock()).inspection == seq
    hall.do("inspect-start", sheet="call", channel="mystery", visitor=3, who=MANAGER)
    page.controller.show_visit(TODAY, label)
    places = []
    page.place_wanted.connect(places.append)
    page.story_button.click()
    assert [(one.ticket, one.day) for one in places] == [(label, TODAY)]


def test_a_manager_reads_the_sheets_an_admin_writes_a_new_version_and_a_filled_one_keeps_its_own(page, hall, context):
    # A manager reads the sheets.
    seq = hall.do("inspect-start", sheet="call", channel="telephone", who=MANAGER)["inspection"]
    context.who = MANAGER
    page.open_score_sheets_dialog()
    dialog = page.host_widget.findChildren(ScoreSheetsDialog)[-1]
    assert dialog.rows[0].text.isReadOnly()
    assert not dialog.yes_button.isVisible() and not dialog.rows[0].remove_button.isVisible()
    dialog.refuse()
    # An admin changes weights and reasons and adds an item.
    context.who = ADMIN
    page.open_score_sheets_dialog()
    dialog = page.host_widget.findChildren(ScoreSheetsDialog)[-1]
    dialog.which.setCurrentIndex(dialog.which.findData("call"))
    dialog.which.activated.emit(0)
    dialog.language.setCurrentIndex(dialog.language.findData("en"))
    dialog.language.activated.emit(0)
    before = [row.text.text() for row in dialog.rows]
    assert all(row.more.isHidden() for row in dialog.rows), "three fields an item at first"
    assert not dialog.rows[0].up_button.isEnabled() and not dialog.rows[-1].down_button.isEnabled()
    type_into(dialog.rows[0].weight, "15")
    type_into(dialog.rows[1].reasons, "Hall not named, Mumbled")
    dialog.add_button.click()
    type_into(dialog.rows[-1].text, "Calls back as promised")
    dialog.yes_button.click()
    assert "item 5 needs" in dialog.trouble.text() and dialog.isVisible()
    type_into(dialog.rows[-1].weight, "5")
    assert dialog.sum.text() == "Weights add up to 100"
    # Items are ordered, what full marks need is said, and a sheet is added.
    dialog.rows[0].more_button.click()
    type_into(dialog.rows[0].section, "Picking up")
    type_into(dialog.rows[0].full, "Three rings")
    dialog.rows[0].down_button.click()
    assert dialog.rows[1].more.isVisibleTo(dialog.rows[1]), "what is open stays open"
    QTest.keyClick(dialog.rows[3].text, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    ordered = [*(before[at] for at in (1, 0, 3, 2)), "Calls back as promised"]
    assert [row.text.text() for row in dialog.rows] == ordered
    dialog.new_button.click()
    dialog.yes_button.click()
    assert dialog.trouble.text() == "A sheet needs a name"
    type_into(dialog.name, "Car park sheet")
    type_into(dialog.rows[0].text, "A place for wheelchairs is free")
    type_into(dialog.rows[0].weight, "10")
    dialog.yes_button.click()
    new = list(score_sheets_of_hall(looking.setup_of_hall(hall.desk)).values())[-1]
    written = [row for row in looking.setup_of_hall(hall.desk).document["sheets"] if row["code"] in ("call", new.code)]
    must_be_kept(KEPT, "\n".join(laid_out(written, "")), "what the admin wrote")
    hall.do("inspect-start", sheet=new.code, who=MANAGER)
    # What was begun keeps its own version.
    assert inspection_document(hall.desk, seq)["count"] == 4
    again = hall.do("inspect-start", sheet="call", channel="telephone", who=MANAGER)
    assert (again["version"], again["count"]) == (2, 5)


def opened(office: Office) -> InspectionsPage:
    office.page.open_page(QUALITY)
    office.page.quality.open_tab("inspections")
    return office.page.quality.pages.get_or_make_page("inspections")


def type_into(edit: QLineEdit, text: str) -> None:
    edit.clear()
    QTest.keyClicks(edit, text)


def test_the_hall_sheet_is_filled_in_by_forty_presses_and_the_program_is_not_what_takes_the_time(
    office, qtbot, tmp_path, monkeypatch
):
    """Every press is one of the mouse on what can be seen, from the manager's window to the signature; two items have
    a deduction with its reason, one a photo chosen as well. The program's own processor time is a small part of it."""
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "door.jpg").write_bytes(b"jpeg")
    monkeypatch.chdir(tmp_path / "photos")
    presses, own_s = 0, 0.0

    def press(widget, at: QPoint | None = None) -> None:
        nonlocal presses, own_s
        assert widget.isVisible() and widget.isEnabled(), widget
        begun = process_time()
        QTest.mouseClick(widget, LEFT, pos=at or QPoint())
        QApplication.sendPostedEvents()
        own_s += process_time() - begun
        presses += 1

    def choose_photo() -> None:
        (dialog,) = touch.findChildren(QFileDialog)
        views = dialog.findChildren(QAbstractItemView)
        files = next(one for one in views if one.objectName() in VIEWS and one.isVisible())
        qtbot.waitUntil(lambda: files.model().rowCount(files.rootIndex()) == 1)
        press(files.viewport(), files.visualRect(files.model().index(0, 0, files.rootIndex())).center())
        press(dialog.findChild(QDialogButtonBox).buttons()[0])

    page = opened(office)
    press(page.buttons[2])
    touch = page.touch
    touch.showNormal()
    touch.resize(768, 1024)
    for item in touch.document["items"]:
        assert touch.at == item["n"]
        off = item["n"] in (2, 6)
        press(key(touch, "2 off" if off else "None off"))
        if off:
            press(key(touch, item["reasons"][0]["text_en"]))
        if item["n"] == 6:
            press(touch.photo_button)
            choose_photo()
        press(touch.next_button)
    assert presses <= 40
    (signed,) = office.hall.whole().inspections.values()
    assert (signed.state, signed.score.points_per_hundred, len(signed.items)) == ("done", 96, 14)
    photos = inspection_document(office.hall.desk, signed.seq)["items"][5]["photos"]
    assert [Path(one).name for one in photos] == ["door.jpg"]
    hands_s = presses * PRESS_S
    assert own_s / (own_s + hands_s) < 0.05, (own_s, presses)
    assert own_s + hands_s < 120


def test_what_was_found_becomes_a_case_and_today_says_what_the_month_is_short_of(office, qtbot):
    office.hall.do("fix-add", "No lamp", "C1", who=MANAGER)
    office.follow()
    page = opened(office)
    # A finding becomes a case.
    row = page.fixes.table.rows.rows[0]
    page.case_wanted.emit(row)
    question = office.question(NewCaseDialog)
    question.title.set_value("Plate of 13800135176")
    qtbot.keyClick(question, Qt.Key.Key_Return)
    assert question.title.error().startswith("In a few words: every PC reads it")
    question.title.set_value("Plate, seen 2026-11-20 14:10")
    qtbot.keyClick(question, Qt.Key.Key_Return)
    office.follow()
    (case,) = office.page.hall_state.cases.values()
    found = ("Plate, seen 2026-11-20 14:10", "inspection", str(row["rectification"]))
    assert (case.title, case.source, case.ref) == found
    assert "No lamp" not in str(office.log("case-open")), "what was found stands beside the log"
    shown = case_documents.case_document_if_permitted(office.hall.desk, MANAGER, case.number, office.hall.clock())
    assert shown["words"] == "No lamp"
    # A row of the month opens its own sheet.
    first = office.hall.do("inspect-start", sheet="call", channel="telephone", who=MANAGER)["inspection"]
    office.hall.do("inspect-start", sheet="call", channel="telephone", who=MANAGER)
    office.hall.do("inspect-score", first, 1, 5, reasons=[1], words="rang nine times", who=MANAGER)
    for item in (2, 3, 4):
        office.hall.do("inspect-score", first, item, None if item == 2 else 0, photo="D:/desk.jpg", who=MANAGER)
    office.hall.do("inspect-sign", first, who=MANAGER)
    office.follow()
    office.page.open_page(QUALITY)
    office.page.quality.open_tab("month")
    month = office.page.quality.pages.get_or_make_page("month")
    month.show_or_hide_figure_rows("inspections.done", "Done")
    month.rows.table.open_row(0)
    assert page.isVisible()
    dialog = office.question(FilledSheetDialog)
    must_be_kept(KEPT, "\n".join(said(dialog)), "a sheet that is signed")
    dialog.no_button.click()
    page.show_sheet(first + 1)
    office.question(FilledSheetDialog).yes_button.click()
    assert page.touch.document["inspection"] == first + 1
    page.touch.close()
    # Today says what the month is short of in its last days.
    context, clock = page.controller.context, office.hall.clock
    beside = ExtraAlertReader(context, office.page)

    def strips() -> list[str]:
        beside.alert_texts(office.page.hall_state, clock())
        return [one.title for one in beside.alert_texts(office.page.hall_state, clock())]

    assert strips() == []
    clock.move(hours=24 * 5)
    office.hall.do("message", "all", "Wednesday", origin="manager", who=MANAGER)
    office.follow()
    assert any("Mystery visit 1" in one for one in strips())


SCREENS = [(768, 1024, 0), (600, 1024, 0), (1024, 768, 0), (1366, 768, 0), (1280, 800, 217), (800, 1280, 136)]
"""Screens a sheet is filled in on, the last two with their width in mm."""
ITEMS = [(2, "2 off"), (14, "None off")]


def test_every_key_of_a_sheet_is_large_enough_for_a_finger_and_the_rest_is_turned_by_page(page, qapp):
    look = page.controller.context.look
    page.buttons[2].click()
    touch = page.touch
    touch.showNormal()
    for pct, (at, words) in product((100, 150), ITEMS):
        look.set_scale(Scale(pct / 100, pct / 100))
        page.controller.start_score_or_sign_sheet("score", touch.document["inspection"], at, 0)
        touch.at = at
        for width, height, mm in (screen for screen, shown in paired(SCREENS, ITEMS) if shown == (at, words)):
            page.controller.context.options = {"screen_mm": mm}
            touch.resize(width, height)
            key(touch, words).click()
            qapp.sendPostedEvents()
            screen = (width, height, pct)
            assert (touch.width(), touch.height()) == (width, height), screen
            least = max(56.0, 15 / mm * width if mm else 0)
            keys = [one for one in touch.findChildren(QAbstractButton) if one.isVisible()]
            assert len(keys) >= (11 if at == 2 else 9), screen
            for one in keys:
                painted = one.visibleRegion().boundingRect()
                assert painted == one.rect(), (one.text(), *screen)
                assert min(painted.width(), painted.height()) >= least, (one.text(), painted, *screen)
            placed = [one.rect().translated(one.mapTo(touch, QPoint(0, 0))) for one in keys]
            assert not any(a.intersects(b) for a, b in combinations(placed, 2)), screen
    # What does not fit above the keys is turned by page.
    page.controller.context.options = {}
    touch.resize(600, 1024)
    touch.save_item_photo_path("D:/photos/2026-11-20/door.jpg")
    qapp.sendPostedEvents()
    assert touch.kept.visibleRegion().isEmpty() and not touch.up_button.isEnabled()
    while touch.down_button.isEnabled():
        touch.down_button.click()
    assert touch.kept.visibleRegion().boundingRect() == touch.kept.rect()


def test_a_channel_that_is_short_of_what_is_asked_for_has_no_tick(qtbot):
    row = ChannelInspectionCoverageRow(look := Look())
    qtbot.addWidget(row)

    def ticks(least: int) -> bool:
        row.show_row({"channel": "open", "done": 1, "planned": 1, "least": least})
        row.boxes.resize(row.boxes.sizeHint())
        image = row.boxes.grab().toImage()
        sign = look.color("on_primary")
        inside = range(image.width() // 4, 3 * image.width() // 4)
        return any(image.pixelColor(x, y) == sign for x in inside for y in range(3, image.height() - 3))

    assert (ticks(least=1), ticks(least=2)) == (True, False)
    assert row.least.text() == "at least 2"
