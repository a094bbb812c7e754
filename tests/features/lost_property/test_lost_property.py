"""Lost property: found, asked for, given back or disposed of; who may; the log; on paper; at the front desk."""

from datetime import timedelta
from pathlib import Path
from typing import cast

import pypdfium2
import pytest

from queuedesk.desk import looking, setting_up
from queuedesk.desk.upkeep import examining
from queuedesk.features.lost_property import demo, verbs
from queuedesk.features.lost_property.papers import day_lines, lost_property_tag
from queuedesk.i18n import LANGUAGES
from queuedesk.printing import slip_layout
from queuedesk.reports.figures.period import read_day_report
from queuedesk.reports.pages.day_page import day_report_pdf
from queuedesk.stations.guide.station import FrontDeskFeatureRecordPage
from tests.engine_fixtures import ON_BOTH_ENGINES
from tests.hall import GUIDE, MANAGER, Hall, clerk, refused, simple_hall, simple_setup
from tests.stations.guide.conftest import FrontDesk
from tests.stations.shapes import Shape
from tests.stations.whole_words import Sights, typed_words

PEOPLE = ("Wang Fang", "138 0013 2201", "Li Lei")


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    return simple_hall(tmp_path, hall={**simple_setup()["hall"], "features": ["lost_property"]})


@ON_BOTH_ENGINES
def test_what_was_found_goes_back_to_who_asked_and_the_rest_after_its_days(hall: Hall) -> None:
    desk = hall.desk
    where = {"place": "waiting area", "kept": "drawer", "when": "8:40"}
    found = verbs.note_thing(desk, hall.ask(GUIDE), "Black umbrella", **where)
    verbs.note_thing(desk, hall.ask(clerk("C1")), "黑色雨伞")
    asked = verbs.note_enquiry(desk, hall.ask(GUIDE), "An umbrella, black", contact=PEOPLE[1], name=PEOPLE[0])
    again = verbs.note_enquiry(desk, hall.ask(), "找把黑色的伞")
    assert (found["n"], asked["matches"], again["matches"]) == (1, [1], [2])
    assert [row["contact"] for row in verbs.enquiries(desk)] == [PEOPLE[1], ""]
    first = verbs.found_things(desk, named=True)[-1]
    assert [(one["name"], one["contact"]) for one in first["wanted"]] == [PEOPLE[:2]]
    assert first["time"] == f"{hall.date}T08:40:00+08:00"
    assert not any(one in str(verbs.found_things(desk)) for one in PEOPLE)
    # Searched by number, and by words; who has no code and whose code is wrong gets nothing.
    assert [row["n"] for row in verbs.found_things(desk, search="umbrella drawer")] == [1]
    assert [row["n"] for row in verbs.found_things(desk, search="2")] == [2]
    with refused(hall, "lost_wrong_code", n=1):
        verbs.give_back(desk, hall.ask(GUIDE), 1, "Wang Fang", "QL1 1 XXXXXX")
    scanned = lost_property_tag(desk, hall.clock(), 1).qr_text
    verbs.give_back(desk, hall.ask(clerk("C1")), 1, PEOPLE[2], scanned, asked=asked["n"])
    with refused(hall, "lost_gone", n=1, date=hall.date):
        verbs.give_back(desk, hall.ask(GUIDE), 1, PEOPLE[2])
    given = verbs.found_things(desk, search="lei", everything=True, named=True)
    told = [(row["n"], row["name"], row["how"], row["ended_by"], row["wanted"]) for row in given]
    assert told == [(1, PEOPLE[2], "code", "C1", [])]
    assert len(verbs.enquiries(desk)) == 1
    # What somebody asks for is settled when that person gets it, without its number.
    verbs.note_enquiry(desk, hall.ask(GUIDE), "Brown hat", name="Zhao Min")
    hat = verbs.note_thing(desk, hall.ask(GUIDE), "A hat")
    verbs.give_back(desk, hall.ask(GUIDE), hat["n"], "Zhao Min")
    assert [row["text"] for row in verbs.enquiries(desk)] == ["找把黑色的伞"]
    assert [one("en") for one in day_lines(desk, hall.date)] == ["Lost property: 3 found, 2 given back, 1 still here."]
    # No name and no contact is in the log, and what stands beside it goes with its days.
    assert not any(one in str([event.data for event in hall.log()]) for one in PEOPLE)
    assert {one.status for one in examining.examine_database(desk.db)} == {examining.OK}
    with refused(hall, "not_your_role", verb="lost-dispose", role="guide"):
        verbs.dispose(desk, hall.ask(GUIDE), 2)
    with refused(hall, "lost_kept", n=2, date=hall.date + timedelta(days=90)):
        verbs.dispose(desk, hall.ask(MANAGER), 2)
    hall.clock.move(days=91)
    verbs.dispose(desk, hall.ask(MANAGER), 2)
    assert {row["name"] for row in verbs.found_things(desk, everything=True, named=True)} == {""}
    hall.must_follow_from_its_log()
    assert {one.status for one in examining.examine_database(desk.db)} == {examining.OK}


def test_a_tag_is_printed_and_the_day_s_report_has_its_line(hall: Hall, tmp_path: Path, qapp: object) -> None:
    verbs.note_thing(hall.desk, hall.ask(), "Keys")
    slip = lost_property_tag(hall.desk, hall.clock(), 1)
    slip_layout.save_slip_pdf(slip, tmp_path / "tag.pdf")
    with pypdfium2.PdfDocument(tmp_path / "tag.pdf") as tag:
        assert {"1", "Keys", slip.lines[2]} <= set(tag[0].get_textpage().get_text_bounded().splitlines())
    read = read_day_report(hall.desk, hall.date, hall.clock())
    for lang, words in zip(LANGUAGES, ("失物招领：拾到 1 件", "Lost property: 1 found"), strict=True):
        with pypdfium2.PdfDocument(day_report_pdf(read, lang, None, has_annex=False)) as report:
            assert words in "".join(page.get_textpage().get_text_bounded() for page in report)


IN_EACH_LANGUAGE = True
"""The front desk's window makes this page anew in another language (tests/stations/conftest.py)."""


def test_a_guide_notes_what_was_brought_tells_who_asked_and_gives_it_back(front: FrontDesk, hall: Hall) -> None:
    verbs.note_enquiry(hall.desk, hall.ask(GUIDE), "My keys", name="Li Lei", contact="138 0013 2201")
    verbs.note_thing(hall.desk, hall.ask(GUIDE), "Black umbrella", kept="Drawer 2")
    next(one for one in front.page.menu_entries() if one.text == "Lost property").act()
    stage = cast(FrontDeskFeatureRecordPage, front.page.added["lost_property"]).record_stage
    page, table = stage.page, stage.page.table
    assert front.page.stage.currentWidget() is stage
    words = [button.text() for button in page.buttons if button.isVisible()]
    assert words == ["Give back …", "Print the tag", "Asked for …", "Note a thing"]
    # Noted, it says whom to tell.
    front.touch(page.buttons[-1])
    page.dialog.fields["text"].set_value("Bunch of keys")
    page.dialog.yes_button.click()
    assert [row["n"] for row in table.rows.rows] == [2, 1]
    now = table.rows.cell_texts_of_all_rows()[0][-1]
    assert now.startswith("Please tell Li Lei 138 0013 2201: “My keys” was asked for on ")
    # Looked for, and given back.
    page.search.edit.setText("keys")
    assert [row["n"] for row in table.rows.rows] == [2]
    front.touch(page.buttons[0])
    page.dialog.fields["name"].set_value("Li Lei")
    page.dialog.yes_button.click()
    assert table.rows.cell_texts_of_all_rows()[0][-1].startswith("Li Lei, signed for, ")
    assert verbs.enquiries(hall.desk) == []
    assert front.page.acts.toast.text() == "Done"
    # While the hall is away nobody acts; a hall that uses it no longer has no such page.
    front.page.show_hall_away(hall.clock())
    assert not any(button.isEnabled() for button in page.buttons)
    front.page.show_hall_away(None)
    front.touch(stage.back_button)
    assert front.page.stage.currentWidget() is front.page.front
    front.page.added["lost_property"].open_stage()
    setting_up.change_hall(hall.desk, hall.ask(), {"features": []})
    front.follow()
    assert front.page.stage.currentWidget() is front.page.front
    assert "Lost property" not in [one.text for one in front.page.menu_entries()]


def test_it_is_whole(front: FrontDesk, hall: Hall, shapes: dict[str, Shape]) -> None:
    context = front.page.context
    sights = Sights(front.page, context.look, typed_words(context.feed.setup), shapes)
    front.page.added["lost_property"].open_stage()
    sights.take_closely("nothing found")
    for ago in range(5, -1, -1):
        for _minute, does in demo.LostPropertyDemoPart.acts_of_demo_day(ago):
            does(hall.desk, looking.setup_of_hall(hall.desk), hall.ask(MANAGER))
        hall.clock.move(days=1 if ago else 0)
    front.page.show_tiles_and_reset()
    front.page.added["lost_property"].open_stage()
    sights.take("lost property")
    page = cast(FrontDeskFeatureRecordPage, front.page.added["lost_property"]).record_stage.page
    sights.take_questions({button.text(): button.click for button in (page.buttons[0], *page.buttons[3:])})
    sights.must_be_whole()
