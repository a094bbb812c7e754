"""A hall leaves out what it does not use: its commands are refused with the way back, and its data stay."""

import json

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from queuedesk.core import features
from queuedesk.core.features import choosable_feature_names
from queuedesk.desk import looking, setting_up
from queuedesk.stations.manager.setup.features_page import FeaturesPage
from queuedesk.stations.widgets.lists.strips import Toast
from tests.cli.commands import Batch, Console
from tests.core.added import make_up, program_of
from tests.hall import ADMIN
from tests.stations.manager.setup_frame.test_set_up import part
from tests.stations.seen import texts_of
from tests.stations.stubs import LateCommands


def test_a_batch_takes_up_what_is_switched_on(bare: Console, batch: Batch) -> None:
    bare.ask("init", "--preset", "clinic", "--all-hours", "--features", "notes")
    lines = batch("forum list", "issue A", "features on forums", "forum list")
    assert [(line["status"], line.get("code")) for line in lines[:2]] == [(1, "feature_off"), (0, None)]
    assert [line["status"] for line in lines[2:]] == [0, 0]


LINES = (
    *("appointment list", "print-appointment 1", "card list", "moves list", "partner list", "divert A --to machine"),
    *("sheet list", "enter none.csv", "paper-tickets A --out paper.pdf", "inspect list", "halls"),
)
"""Commands of what may be off, most of them the core's."""
ANYWAY = (
    "staffing --arrivals 20 --handling 5 --windows 3", "satisfaction rate 10 1", "events", "tickets", "state",
    "doctor",
)  # fmt: skip


@pytest.mark.usefixtures("hall_alone")
def test_with_all_of_it_off_only_what_needs_no_hall_or_looks_at_its_log_works(console: Console) -> None:
    console.ask("features", "off", *choosable_feature_names())
    assert {line: console.refused(*line.split()) for line in LINES} == dict.fromkeys(LINES, "feature_off")
    assert {line: console.say("--json", *line.split()).status for line in ANYWAY} == dict.fromkeys(ANYWAY, 0)


def test_a_set_up_file_carries_what_a_hall_uses_and_what_only_another_program_has(console: Console) -> None:
    file = console.db.parent / "hall.json"
    console.ask("setup", "export", file)
    document = json.loads(file.read_text(encoding="utf-8"))
    # No preset asks a directory: people begin with PINs.
    assert document["hall"]["features"] == [name for name in choosable_feature_names() if name != "directory"]
    document["hall"]["features"] = ["forums", "webcam"]
    file.write_text(json.dumps(document), encoding="utf-8")
    console.ask("setup", "import", file)
    assert console.say("features", "list").out.splitlines()[-1].split(None, 2)[:2] == ["webcam", "on"]
    done = console.ask("features", "on", "lobby")
    assert done == {"features": ["kiosk", "lobby", "forums", "signs", "webcam"], "on": ["lobby"], "off": []}
    assert console.ask("hall", "show")["features"] == done["features"]


USUALLY = [one.name for one in features.choosable_features() if one.usual]
"""What a hall uses that never chose."""


def used(page: FeaturesPage) -> list[str]:
    return [name for name, card in page.cards.cards.items() if card.switch.isChecked()]


def of_the_hall(hall) -> tuple[str, ...] | None:
    return looking.setup_of_hall(hall.desk).hall.features


def page_of(office) -> FeaturesPage:
    office.go("setup")
    part(office, "features")
    return office.page.findChild(FeaturesPage)


def test_forums_go_and_come_back_with_what_they_hold_and_another_station_is_followed(admin_office, hall):
    features_page = page_of(admin_office)
    hall.do("forum", hall.date, 12)
    hall.do("forum", hall.date, 12)
    admin_office.follow()
    page, card = features_page, features_page.cards.cards["forums"]
    rest = tuple(name for name in USUALLY if name != "forums")

    def is_used(chosen, shown):
        admin_office.follow()
        return (of_the_hall(hall), used(page)) == (chosen, [*shown])

    assert is_used(None, USUALLY)
    assert any("Nothing is lost" in text for text in texts_of(page))
    admin_office.touch(card.switch)
    assert is_used(rest, rest)
    assert "2 forums stay" in texts_of(card)
    (toast,) = [one for one in admin_office.page.findChildren(Toast) if one.isVisible()]
    assert toast.text() == "Switched off: Forums"
    QTest.mouseClick(toast, Qt.MouseButton.LeftButton)  # Undo
    assert is_used(None, USUALLY)
    # By the keyboard alone, and back.
    card.switch.setFocus()
    assert (card.switch.accessibleName(), card.switch.focusPolicy()) == ("Forums", Qt.FocusPolicy.TabFocus)
    for wanted in (rest, tuple(USUALLY)):
        QTest.keyClick(card.switch, Qt.Key.Key_Space)
        assert is_used(wanted, wanted)
    assert "2 forums stay" not in texts_of(card)
    setting_up.choose_features(hall.desk, hall.ask(ADMIN), off=["packs", "lobby"])
    admin_office.follow()
    assert not {"packs", "lobby"} & {*used(page)}
    admin_office.page.show_hall_away(hall.clock())
    assert not any(each.switch.isEnabled() for each in page.cards.cards.values())
    admin_office.page.show_hall_away(None)
    assert all(each.switch.isEnabled() for each in page.cards.cards.values())


def test_what_is_pressed_while_another_is_on_its_way_stays_pressed_and_goes_after_it(admin_office, hall):
    features_page = page_of(admin_office)
    admin_office.page.context.tasks = slow = LateCommands()
    for name in ("forums", "packs", "lobby", "packs"):
        QTest.mouseClick(features_page.cards.cards[name].switch, Qt.MouseButton.LeftButton)
    rest = [name for name in USUALLY if name not in ("forums", "lobby")]
    assert (len(slow.asked), used(features_page)) == (1, rest)
    slow.answer()
    admin_office.follow()
    assert (of_the_hall(hall), used(features_page)) == (tuple(rest), rest)


def test_who_may_not_change_the_set_up_sees_what_it_uses_and_who_could(office, hall):
    page = page_of(office)
    assert used(page) == [*USUALLY]
    QTest.mouseClick(page.cards.cards["forums"].switch, Qt.MouseButton.LeftButton)
    assert (of_the_hall(hall), used(page)) == (None, [*USUALLY])
    assert any("only an admin can change it" in text for text in texts_of(office.page.setup_page))


def test_a_feature_says_what_it_needs_and_both_switch_together(hall, open_office, monkeypatch):
    make_up(monkeypatch, "camera")
    make_up(monkeypatch, "pictures", "camera")
    with program_of(["camera", "pictures"]):
        office = open_office(ADMIN)
        page = page_of(office)
        cards = page.cards.cards
        assert "Needs Camera; they switch together" in texts_of(cards["pictures"])
        office.touch(cards["camera"].switch)
        assert (of_the_hall(hall), used(page)) == ((), [])
        office.touch(cards["pictures"].switch)
        assert (of_the_hall(hall), used(page)) == (("camera", "pictures"), ["camera", "pictures"])
