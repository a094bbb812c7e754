"""The directory of other places is saved as a table from the set-up, and taken from one after a look at it."""

from __future__ import annotations

from pathlib import Path

import pytest

from queuedesk.desk import looking
from queuedesk.stations.manager.setup_frame.place_files import PlaceFiles, PlacesDialog
from queuedesk.stations.manager.tickets.appointments_page import RefusedFileDialog
from tests.hall import Hall
from tests.stations.manager.conftest import Office
from tests.stations.manager.setup_frame.test_set_up_parts import part

TABLE = "name,kind,takes\nPost Canal Street,post_office,A\nMachine,self_service,A/dyfp\n"


@pytest.fixture
def office(admin_office: Office) -> Office:
    admin_office.go("setup")
    part(admin_office, "partners")
    return admin_office


@pytest.fixture
def files(office: Office) -> PlaceFiles:
    return office.page.setup_page.place_files


def test_a_table_is_taken_after_a_look_saved_again_and_refused_with_its_bad_line(
    office: Office, files: PlaceFiles, hall: Hall, tmp_path: Path
) -> None:
    table = tmp_path / "places.csv"
    table.write_text(TABLE, encoding="utf-8")
    files.look_into(str(table))
    question = office.question(PlacesDialog)
    assert question.told.text() == "2 places: 2 new, 0 changed, 0 as they were"
    assert not looking.setup_of(hall.desk).partners
    question.yes_button.click()
    office.follow()
    assert [one.name for one in looking.setup_of(hall.desk).partners.values()] == ["Post Canal Street", "Machine"]

    for ending in ("xlsx", "csv"):
        saved = tmp_path / f"saved.{ending}"
        files.write_to(str(saved))
        files.look_into(str(saved))
        question = office.question(PlacesDialog)
        assert question.told.text() == "2 places: 0 new, 0 changed, 2 as they were"
        question.refuse()

    # A table with a bad line is refused with its line, and no save takes the hall's place.
    said: list[tuple[str, str]] = []
    files.said.connect(lambda *one: said.append(one))
    table.write_text(TABLE + "Post East Gate,post_office,Z\n", encoding="utf-8")
    files.look_into(str(table))
    question = office.question(RefusedFileDialog)
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
    page = office.page.setup_page
    assert page.list.read_button.isVisible() and page.list.write_button.isVisible()
    part(office, "services")
    assert not page.list.file_keys.isVisible()
