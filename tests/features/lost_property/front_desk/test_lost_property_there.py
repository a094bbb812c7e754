"""Lost property at the front desk: opened from the menu, noted, found, whom to tell, given back."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import pytest

from queuedesk.desk import looking
from queuedesk.desk.setup import setting_up
from queuedesk.features.lost_property import demo, verbs
from queuedesk.stations.guide.record_part import RecordPart
from tests.hall import GUIDE, MANAGER, Hall, simple_hall, simple_setup
from tests.stations.guide.conftest import FrontDesk
from tests.stations.shapes import Shape
from tests.stations.whole_words import Sights, typed_words

DAYS = 5
IN_EACH_LANGUAGE = True


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    return simple_hall(tmp_path, hall={**simple_setup()["hall"], "features": ["lost_property"]})


def entry(front: FrontDesk) -> list[str]:
    return [one.text for one in front.page.menu_entries() if one.text == "Lost property"]


def test_a_guide_notes_what_was_brought_tells_who_asked_and_gives_it_back(front: FrontDesk, hall: Hall) -> None:
    verbs.ask_for(hall.desk, hall.ask(GUIDE), "My keys", name="Li Lei", contact="138 0013 2201")
    verbs.note(hall.desk, hall.ask(GUIDE), "Black umbrella", kept="Drawer 2")
    next(one for one in front.page.menu_entries() if one.text == "Lost property").act()
    stage = cast(RecordPart, front.page.added["lost_property"]).stage
    page, table = stage.page, stage.page.table
    assert front.page.stage.currentWidget() is stage
    words = [button.text() for button in page.buttons if button.isVisible()]
    assert words == ["Give back …", "Print the tag", "Asked for …", "Note a thing"]

    # Noted, it says whom to tell.
    front.touch(page.buttons[-1])
    assert page.dialog is not None
    page.dialog.fields["text"].set_value("Bunch of keys")
    page.dialog.yes_button.click()
    assert [row["n"] for row in table.rows.rows] == [2, 1]
    now = table.rows.texts()[0][-1]
    assert now.startswith("Please tell Li Lei 138 0013 2201: “My keys” was asked for on ")

    # Looked for, and given back.
    assert page.search is not None
    page.search.edit.setText("keys")
    assert [row["n"] for row in table.rows.rows] == [2]
    front.touch(page.buttons[0])
    page.dialog.fields["name"].set_value("Li Lei")
    page.dialog.yes_button.click()
    assert table.rows.texts()[0][-1].startswith("Li Lei, signed for, ")
    assert verbs.requests(hall.desk) == []
    assert front.page.acts.toast.text() == "Done"

    # While the hall is away nobody acts; a hall that uses it no longer has no such page.
    front.page.show_away(hall.clock())
    assert not any(button.isEnabled() for button in page.buttons)
    front.page.show_away(None)
    front.touch(stage.back_button)
    assert front.page.stage.currentWidget() is front.page.front
    front.page.added["lost_property"].open()
    setting_up.change_hall(hall.desk, hall.ask(), {"features": []})
    front.follow()
    assert front.page.stage.currentWidget() is front.page.front
    assert entry(front) == []


def test_it_is_whole(front: FrontDesk, hall: Hall, shapes: dict[str, Shape]) -> None:
    context = front.page.context
    sights = Sights(front.page, context.look, typed_words(context.feed.setup), shapes)
    front.page.added["lost_property"].open()
    sights.take_closely("nothing found")
    for ago in range(DAYS, -1, -1):
        for _minute, does in demo.LostPropertyPart.acts(ago):
            does(hall.desk, looking.setup_of(hall.desk), hall.ask(MANAGER))
        hall.clock.move(days=1 if ago else 0)
    front.page.show_front()
    front.page.added["lost_property"].open()
    sights.take("lost property")
    page = cast(RecordPart, front.page.added["lost_property"]).stage.page
    sights.take_questions({button.text(): button.click for button in (page.buttons[0], *page.buttons[3:])})
    sights.must_be_whole()
