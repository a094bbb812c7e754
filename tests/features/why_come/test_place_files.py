"""The directory of other places as a table: imported after a preview, saved, and refused with its bad line."""

from queuedesk.desk import looking
from queuedesk.features.why_come.pages import PlacesImportDialog
from queuedesk.stations.manager.parts.table import RefusedFileDialog
from tests.stations.manager.setup_frame.test_set_up import part

TABLE = "name,kind,takes\nPost Canal Street,post_office,A\nMachine,self_service,A/dyfp\n"


def test_a_table_is_taken_after_a_look_saved_again_and_refused_with_its_bad_line(admin_office, hall, tmp_path):
    office, page = admin_office, admin_office.page.setup_page
    office.go("setup")
    part(office, "partners")
    (files,), table = page.table_files, tmp_path / "places.csv"
    table.write_text(TABLE, encoding="utf-8")
    files.examine_file(str(table))
    question = office.question(PlacesImportDialog)
    assert question.told.text() == "2 places: 2 new, 0 changed, 0 as they were"
    assert not looking.setup_of_hall(hall.desk).partners
    question.yes_button.click()
    office.follow()
    assert [one.name for one in looking.setup_of_hall(hall.desk).partners.values()] == ["Post Canal Street", "Machine"]
    for ending in ("xlsx", "csv"):
        saved = tmp_path / f"saved.{ending}"
        files.write_places_file(str(saved))
        files.examine_file(str(saved))
        question = office.question(PlacesImportDialog)
        assert question.told.text() == "2 places: 0 new, 0 changed, 2 as they were"
        question.refuse()
    # A table with a bad line is refused with its line, and no save takes the hall's place.
    said: list[tuple[str, str]] = []
    files.said.connect(lambda *one: said.append(one))
    table.write_text(TABLE + "Post East Gate,post_office,Z\n", encoding="utf-8")
    files.examine_file(str(table))
    question = office.question(RefusedFileDialog)
    assert len(question.lines) == 1 and len(looking.setup_of_hall(hall.desk).partners) == 2
    question.close_dialog()
    table.write_text("place\nPost\n", encoding="utf-8")
    files.examine_file(str(table))
    (tmp_path / "own.xlsx").hardlink_to(hall.path)
    before = hall.path.read_bytes()
    files.write_places_file(str(tmp_path / "own.xlsx"))
    assert ([icon for _text, icon in said], hall.path.read_bytes()) == (["warning", "warning"], before)
    assert page.list.read_button.isVisible() and page.list.write_button.isVisible()
    part(office, "services")
    assert not page.list.file_keys.isVisible(), "the keys stand under the directory alone"
