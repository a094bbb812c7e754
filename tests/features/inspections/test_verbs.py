"""What inspections leave to be put right, those of the demo's weeks, and what is told where a clerk puts it right."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton

from queuedesk import i18n
from queuedesk.core.network.roles import CONSOLE
from queuedesk.core.network.sharing import PcKind
from queuedesk.core.quality.sheet import USUAL_SHEETS
from queuedesk.desk import looking
from queuedesk.desk.change import Ask
from queuedesk.desk.quality import inspecting
from queuedesk.desk.upkeep import examining
from queuedesk.features.calendar.pages.year import CalendarDifferencesDialog
from queuedesk.features.inspections.demo import InspectionsDemoPart
from queuedesk.features.inspections.pages.touch import deductions_to_offer
from queuedesk.features.inspections.verbs import inspection_document
from queuedesk.stations.manager import station
from queuedesk.stations.widgets.lists.tiles import ToggleChoice
from tests.every_day import walked_in
from tests.hall import ADMIN, MANAGER, SHANGHAI, Clock, Hall, clerk, create_hall, preset, refused, simple_hall
from tests.stations.journey_hands import DOWN, ENTER, LEFT, TAB, Hands, Office
from tests.stations.undrawn import leave_undrawn

pytestmark = pytest.mark.hall(make=simple_hall)


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


def take_the_holidays(office: Office) -> None:
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
    office = Office(hall, window, qtbot, window.context)
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
