"""One mystery visit from its plan to the second look at what was put right: through the windows of the hall, by clicks
and keys, over weeks with holidays."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from queuedesk import i18n
from queuedesk.core.network.roles import CONSOLE
from queuedesk.core.quality.sheet import USUAL_SHEETS
from queuedesk.desk.quality import inspecting
from queuedesk.stations.manager import station
from queuedesk.stations.widgets.lists.tiles import ToggleChoice
from queuedesk.stations.window.shell import StationWindow
from tests.every_day import walked_in
from tests.hall import ADMIN, MANAGER, Hall, clerk, refused
from tests.stations.journey_hands import DOWN, ENTER, TAB, Hands, Office
from tests.stations.test_quality_journey import founded, take_the_holidays
from tests.stations.undrawn import leave_undrawn


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    return founded(tmp_path)


SHEET = next(at for at, sheet in enumerate(USUAL_SHEETS) if sheet["code"] == "call")
FINDING = {"en": "Name plate is missing", "zh_CN": "缺少姓名牌"}
PROOF = {"en": "it stands on the desk", "zh_CN": "已摆在柜台上"}


@pytest.mark.parametrize("lang", walked_in("zh_CN"))
def test_what_a_mystery_visit_finds_is_put_right_and_looked_at_by_somebody_else(
    hall: Hall, opened: Callable[..., StationWindow], qtbot: QtBot, lang: str
) -> None:
    i18n.use(lang)
    window = opened(station.build, station.ROLES, "manager", follow=True)
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
    hall.clock.move(minutes=20)
    hall.serve_out("1")
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
    visit = inspecting.inspection_of(hall.desk, seq)["visit"]
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
    """Fill in a sheet by touches: everything is in order but the first, of which one point is taken for its first
    reason."""
    for at in range(items):
        keys = [one for one in hands.window.findChildren(ToggleChoice) if one.isVisible()]
        hands.press(keys[1 if not at else 0])
        if not at:
            assert not hands.window.next_button.isEnabled()
            hands.press(next(one for one in hands.window.why.findChildren(ToggleChoice) if one.isVisible()))
        hands.press(hands.window.next_button)


def fixed(hall: Hall) -> dict[str, Any]:
    (fix,) = inspecting.fixes_of(hall.desk, None, hall.clock())
    return fix
