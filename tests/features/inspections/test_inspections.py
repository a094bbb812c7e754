"""Inspections: what they leave to be put right, the manager's page, and a sheet filled in by touches alone."""

from datetime import date, datetime
from itertools import combinations, product
from pathlib import Path
from time import process_time
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QApplication, QDialogButtonBox, QFileDialog, QLineEdit

from queuedesk import i18n
from queuedesk.core.network.roles import CONSOLE
from queuedesk.core.network.sharing import PcKind
from queuedesk.core.quality.inspection import CHANNELS
from queuedesk.core.quality.sheet import USUAL_SHEETS
from queuedesk.core.setup.file import score_sheets_of_hall
from queuedesk.desk import looking, setting_up
from queuedesk.desk.change import Ask
from queuedesk.desk.quality import case_documents, inspecting
from queuedesk.desk.upkeep import examining
from queuedesk.features.calendar.pages.year import CalendarDifferencesDialog
from queuedesk.features.inspections.demo import InspectionsDemoPart
from queuedesk.features.inspections.pages.page import InspectionsPage
from queuedesk.features.inspections.pages.parts import (
    ChannelInspectionCoverageRow,
    FilledSheetDialog,
    InspectionsController,
    ScoreSheetsDialog,
)
from queuedesk.features.inspections.pages.touch import InspectionTouchWindow, deductions_to_offer
from queuedesk.features.inspections.verbs import inspection_document
from queuedesk.stations.manager import station
from queuedesk.stations.manager.pages import QUALITY
from queuedesk.stations.manager.quality.case_texts import NewCaseDialog
from queuedesk.stations.manager.sections import ExtraAlertReader
from queuedesk.stations.widgets.lists.tiles import ToggleChoice
from queuedesk.stations.window.context import ThisPcChoicesStore
from queuedesk.stations.window.style import Look, Scale
from tests.cli.test_transcripts import laid_out
from tests.every_day import paired, walked_in
from tests.golden.kept import must_be_kept
from tests.hall import ADMIN, MANAGER, SHANGHAI, Clock, Hall, clerk, create_hall, preset, refused, simple_hall
from tests.stations.hands import DOWN, ENTER, LEFT, TAB, JourneyOffice
from tests.stations.hands import JourneyHands as Hands
from tests.stations.manager.conftest import Office
from tests.stations.pages import leave_undrawn
from tests.stations.seen import said
from tests.stations.stubs import lend, stub


@pytest.mark.hall(make=simple_hall)
def test_a_hall_with_inspections_is_found_whole(hall):
    """What stands beside the log is told by its events, a photo that a later touch names again too."""
    seq = hall.do("inspect-start", sheet="call", channel="telephone", who=MANAGER)["inspection"]
    hall.do("inspect-score", seq, 1, 5, words="too slow", photo="1.jpg", who=MANAGER)
    hall.clock.move(hours=30)
    hall.do("inspect-score", seq, 1, 4, reasons=[1], who=MANAGER)
    hall.do("fix-add", "No name plate", "C1", inspection=seq, item=1, who=MANAGER)
    assert {one.status for one in examining.examine_database(hall.desk.db)} == {examining.OK}


def test_the_keys_of_an_item():
    keys = {10: (1, 2, 5, 10), 5: (1, 2, 3, 5), 4: (1, 2, 3, 4), 2: (1, 2), 1: (1,)}
    assert {weight: deductions_to_offer(weight) for weight in keys} == keys


def test_what_the_weeks_inspect(tmp_path):
    hall = simple_hall(tmp_path)
    hall.open("1", "C1")
    label = hall.issue("A")
    hall.play(6, "call 1", "start 1", "finish 1")
    setup = looking.setup_of_hall(hall.desk)
    for ago in range(9, -1, -1):
        for _minute, does in InspectionsDemoPart.acts_of_demo_day(ago):
            does(hall.desk, setup, hall.ask(MANAGER))
    rows = inspecting.inspections_of_month(hall.desk, None, hall.clock())["inspections"]
    planned = [(channel, "planned", None) for channel in ("telephone", "video")]
    found = [(one["channel"], one["state"], one["score"]) for one in rows]
    assert found == [("open", "done", 91), ("mystery", "done", 86), *planned]
    visit = inspection_document(hall.desk, rows[1]["inspection"])["visit"]
    assert (visit["ticket"], visit["logged"], visit["difference"]) == (label, 6.0, 2.0)
    fixes = inspecting.open_and_month_rectifications(hall.desk, None, hall.clock())
    assert [one["state"] for one in fixes] == ["proven", "open", "closed"]
    hall.must_follow_from_its_log()


def test_the_owner_at_a_staff_pc_proves_a_finding_and_reads_nothing_of_where_it_was_found(place):
    hall, pc = place.hall(), place.hall(place.pc(PcKind.STAFF))
    visit = hall.do("inspect-start", sheet="window", channel="mystery", visitor=2, who=MANAGER)["inspection"]
    fix = hall.do("fix-add", "No name plate", "C1", inspection=visit, item=2, who=MANAGER)["rectification"]
    (read,) = inspecting.open_and_month_rectifications(pc.desk, None, place.clock())
    pc.do("fix-prove", fix, "photos/plate.jpg", who=clerk("C1"))
    assert (read["issue"], read["owner"], read["inspection"], read["channel"]) == ("No name plate", "C1", None, None)
    assert "inspection" not in next(one for one in pc.log() if one.kind == "inspect-fix").data
    (whole,) = inspecting.open_and_month_rectifications(hall.desk, None, place.clock())
    assert (whole["state"], whole["inspection"], whole["proofs"][0]["by"]) == ("proven", visit, "C1")
    hall.must_follow_from_its_log()


def founded(folder: Path) -> Hall:
    """Return a hall at the end of September in which a second manager stands in."""
    clock = Clock(datetime(2026, 9, 28, 9, 0, tzinfo=SHANGHAI))
    document = preset()
    stood_in = {"code": "M2", "name": "钱红", "name_en": "Qian Hong", "role": "manager", "skills": []}
    document["staff"] = [*document["staff"], stood_in]
    path = folder / "hall.sqlite"
    return Hall(create_hall(path, document, Ask(CONSOLE, clock())), clock, path)


def take_the_holidays(office: JourneyOffice) -> None:
    """Take in what was published for 2026, and close one more day by hand: Tuesday 13 October."""
    office.go("setup")
    office.press(office.page.setup_page.nav.findChild(QAbstractButton, "calendar"))
    calendar = office.page.setup_page.own.get_or_make_page("calendar")
    office.press(calendar.import_button)
    office.choose(1)  # after the year that follows
    (days,) = office.page.findChildren(CalendarDifferencesDialog)
    office.press(days.yes_button)
    calendar.view.setFocus()
    QTest.mouseClick(calendar.view, LEFT, pos=calendar.view.day_cell_rect(date(2026, 10, 12)).center().toPoint())
    office.key(Qt.Key.Key_Right)
    office.press(calendar.panel.kinds["holiday"])
    office.press(calendar.panel.save_button)


SHEET = next(at for at, sheet in enumerate(USUAL_SHEETS) if sheet["code"] == "call")
FINDING = {"en": "Name plate is missing", "zh_CN": "缺少姓名牌"}
PROOF = {"en": "it stands on the desk", "zh_CN": "已摆在柜台上"}


@pytest.mark.hall(make=founded)
@pytest.mark.parametrize("lang", walked_in("zh_CN"))
def test_what_a_mystery_visit_finds_is_put_right_and_looked_at_by_somebody_else(hall, opened, qtbot, lang):
    i18n.choose_language(lang)
    window = opened(station.build_station_page, station.ROLES, "manager", follow=True)
    leave_undrawn(window)
    office = JourneyOffice(hall, window, qtbot, window.context)
    office.sign_in("M1")
    take_the_holidays(office)
    office.on(10, 8)
    page = office.tab("inspections")
    office.press(page.buttons[0])
    office.write("2026-10-09")
    office.key(TAB, *[DOWN] * SHEET, TAB, DOWN, TAB, TAB)  # the short sheet, not in the open but as a mystery visit
    office.say("2")
    office.key(ENTER)
    assert page.dialog is None
    office.on(10, 9)
    hall.open("1", "C1")
    label = hall.issue("A")
    hall.play(20, "serve-out 1")
    page = office.tab("inspections")
    office.open_row(page.plan.table, 0)  # begin
    touch = page.touch
    (seq,) = [one.seq for one in hall.whole().inspections.values()]
    fill_in(Hands(hall, touch, qtbot, office.window.context), len(touch.document["items"]))
    assert not touch.isVisible()
    page = office.tab("inspections")
    office.open_row(page.plan.table, 0)  # tie to a ticket
    office.say(label.lower())
    office.key(TAB)
    office.say("25")
    office.key(ENTER)
    visit = inspection_document(hall.desk, seq)["visit"]
    told = {name: visit[name] for name in ("ticket", "claimed", "logged", "difference")}
    assert told == {"ticket": label, "claimed": 25, "logged": 20, "difference": 5}
    assert page.bars.isVisible()
    office.open_row(page.plan.table, 1)  # put a finding right
    office.say(FINDING[lang])
    office.key(TAB)
    while page.dialog.fields["owner"].edit.currentData() != "M1":
        office.key(DOWN)
    office.key(ENTER)
    fix = fixed(hall)
    # Sat 10 October is worked, Tue 13 is closed by hand.
    assert (fix["state"], fix["owner"], fix["due"], fix["inspection"]) == ("open", "M1", "2026-10-16", seq)
    with refused(hall, "no_proof"):
        hall.do("fix-look", fix["rectification"], good=True, who=ADMIN)
    office.open_row(page.fixes.table, 0)  # note the proof
    office.say(PROOF[lang])
    office.key(ENTER)
    assert fixed(hall)["state"] == "proven"
    for who, code in ((MANAGER, "own_fix"), (clerk("C3"), "not_your_role"), (CONSOLE, "who_are_you")):
        with refused(hall, code):
            hall.do("fix-look", fix["rectification"], good=True, who=who)
    office.on(10, 14)
    page = office.tab("inspections")
    assert len(office.open_row(page.fixes.table)) == 3  # the owner is not offered a second look
    office.on(10, 14, who="AD")
    page = office.tab("inspections")
    assert len(office.open_row(page.fixes.table, 0)) == 5  # it is put right
    assert (fixed(hall)["state"], [one["by"] for one in fixed(hall)["looks"]]) == ("closed", ["AD"])
    hall.must_follow_from_its_log()


def fill_in(hands: Hands, items: int) -> None:
    """Fill in a sheet by touches: all is in order but the first, of which a point is taken for its first reason."""
    for at in range(items):
        keys = [one for one in hands.window.findChildren(ToggleChoice) if one.isVisible()]
        hands.press(keys[1 if not at else 0])
        if not at:
            assert not hands.window.next_button.isEnabled()
            hands.press(next(one for one in hands.window.why.findChildren(ToggleChoice) if one.isVisible()))
        hands.press(hands.window.next_button)


def fixed(hall: Hall) -> dict[str, Any]:
    (fix,) = inspecting.open_and_month_rectifications(hall.desk, None, hall.clock())
    return fix


TODAY = date(2026, 11, 20)
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
