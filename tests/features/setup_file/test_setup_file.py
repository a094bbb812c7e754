"""The set-up as a file: written, looked into before it counts, and taken over."""

import json

from queuedesk import i18n
from queuedesk.cli.job import read_json, write_readable_json_file
from queuedesk.core.errors import RuleError
from queuedesk.desk import looking
from queuedesk.features.setup_file.pages import setup_document_changes
from tests.hall import MANAGER
from tests.stations.stubs import lend


def test_a_file_is_looked_into_before_it_counts_and_a_wrong_one_changes_nothing(admin_office, hall, tmp_path, story):
    office, page = admin_office, admin_office.page.setup_page
    office.go("setup")
    # A refusal of another part is no trouble of the file.
    refused = RuleError("in_use", kind="services", code="A")
    office.page.set_up_desk.refused.emit("set-up", refused)
    assert page.note.text() == i18n.error_sentence(refused)
    lend(office.page.context, read_setup=read_json, write_setup=write_readable_json_file)
    page.open_set_up_part("file")
    office.follow()
    filed = page.own.get_or_make_page("file")
    assert filed.error.isHidden()
    # No save takes the place of the hall, and nothing is read without end.
    before = hall.path.read_bytes()
    (tmp_path / "own.json").hardlink_to(hall.path)
    (tmp_path / "endless.json").symlink_to("/dev/zero")
    filed.export_to(str(tmp_path / "own.json"))
    assert "belongs to the hall" in filed.error.text()
    filed.examine_file(str(tmp_path / "endless.json"))
    assert "larger than 20 MB" in filed.error.text()
    assert (hall.path.read_bytes(), (tmp_path / "own.json").samefile(hall.path)) == (before, True)
    file = tmp_path / "hall.json"
    for n, text in enumerate(("{}", '{"hall": {"code": "X", "name": ""}, "services": [], "windows": []}'), 1):
        file.write_text(text, encoding="utf-8")
        filed.examine_file(str(file))
        story.tell(f"What is no set-up says so, {n}", filed)
    assert office.set_ups() == []
    filed.export_to(str(file))
    document = json.loads(file.read_text(encoding="utf-8"))
    filed.examine_file(str(file))
    story.tell("The set-up is saved, and changes nothing here", filed)
    document["services"][0]["handling_target"] = 12
    document["settings"] = {"crowd": 50}
    document["windows"].append({"code": "9", "services": ["A"]})
    file.write_text(json.dumps(document), encoding="utf-8")
    filed.examine_file(str(file))
    story.tell("Another is looked into before it counts", filed)
    assert office.page.context.feed.setup.services["A"].handling_target == 5
    office.touch(filed.take_button)
    setup = office.page.context.feed.setup
    assert (setup.services["A"].handling_target, setup.settings["crowd"], "9" in setup.windows) == (12, 50, True)


def test_changes_of_a_file_are_told_by_what_they_are(hall):
    was = looking.setup_of_hall(hall.desk).document
    chosen = {**was, "hall": {**was["hall"], "features": []}}
    holiday = {"kind": "holiday"}
    dates = ("2026-10-01", "2026-10-02")
    one, two = ({**was, "calendar": dict.fromkeys(dates[:n], holiday)} for n in (1, 2))
    for before, after, expected in (
        (was, was, []),
        (was, chosen, ["Hall: Features used change"]),
        (chosen, chosen, []),
        (one, two, ["1 date of the calendar changes"]),
    ):
        assert [change.change_sentence() for change in setup_document_changes(before, after)] == expected


def test_who_may_not_change_the_set_up_may_keep_it_as_a_file(open_office):
    office = open_office(MANAGER)
    office.go("setup")
    page = office.page.setup_page
    page.open_set_up_part("file")
    office.follow()
    filed = page.own.get_or_make_page("file")
    assert filed.export_button.isVisible() and not filed.choose_button.isVisible()
