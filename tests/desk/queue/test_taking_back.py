"""Taking the last change of the set-up back, and saving the parts that are one row of their own."""

import pytest

from queuedesk.core.errors import RuleError
from queuedesk.core.network.roles import CONSOLE
from queuedesk.desk import looking
from queuedesk.desk.queue import sign_in_and_pins
from queuedesk.desk.setup import setting_up
from queuedesk.desk.setup.setting_up import RowEdit
from tests.engine_fixtures import ON_BOTH_ENGINES
from tests.hall import make_hall


@pytest.fixture
def hall(tmp_path):
    return make_hall(tmp_path, time="9:00")


def document(hall):
    return looking.setup_of(hall.desk).document


def test_a_change_is_undone_by_one_more(hall):
    before = document(hall)
    setting_up.remove_row(hall.desk, hall.ask(), "services", "D")
    after = document(hall)

    assert setting_up.take_back(hall.desk, hall.ask(), before, after)["parts"] == ["former", "services", "windows"]
    assert document(hall) == before
    assert [event.kind for event in looking.events_after(hall.desk, 0)] == ["set-up"] * 3


def test_other_parts_keep_what_was_changed_since(hall):
    before = document(hall)
    setting_up.set_row(hall.desk, hall.ask(), "services", "A", {"handling_target": 9})
    after = document(hall)
    setting_up.change_setting(hall.desk, hall.ask(), "crowd", 40)
    setting_up.take_back(hall.desk, hall.ask(), before, after)

    setup = looking.setup_of(hall.desk)
    assert (setup.services["A"].handling_target, setup.settings["crowd"]) == (5, 40)


def test_what_was_changed_again_stays(hall):
    before = document(hall)
    setting_up.set_row(hall.desk, hall.ask(), "services", "A", {"handling_target": 9})
    after = document(hall)
    setting_up.set_row(hall.desk, hall.ask(), "services", "B", {"handling_target": 9})

    with pytest.raises(RuleError, match="changed_since"):
        setting_up.take_back(hall.desk, hall.ask(), before, after)
    assert document(hall)["services"][0]["handling_target"] == 9


def test_a_new_service_that_people_wait_for_stays(hall):
    before = document(hall)
    row = {"code": "E", "name": "Chongdian", "prefix": "E"}
    setting_up.add_row(hall.desk, hall.ask(), "services", row)
    setting_up.set_row(hall.desk, hall.ask(), "windows", "1", {"services": ["A", "E"]})
    after = document(hall)
    hall.queue("E")

    with pytest.raises(RuleError, match="in_use"):
        setting_up.take_back(hall.desk, hall.ask(), before, after)


def test_hall_rules_and_pay_days_are_saved_together_or_not_at_all(hall):
    edits = [
        RowEdit(part="hall", code="CD", row={"phone": "95598"}),
        RowEdit(part="settings", code="", row={"crowd": 30, "jump_every": "4"}),
        RowEdit(part="pay_days", code="", row={"days": ["2026-11-25"]}),
    ]
    setting_up.save_rows(hall.desk, hall.ask(), edits)
    setup = looking.setup_of(hall.desk)
    assert (setup.hall.phone, setup.settings["crowd"], setup.settings["jump_every"]) == ("95598", 30, 4)
    assert [day.isoformat() for day in setup.pay_days] == ["2026-11-25"]

    before = document(hall)
    wrong = RowEdit(part="settings", code="", row={"crowd": "many"})
    with pytest.raises(RuleError, match="bad_value"):
        setting_up.save_rows(hall.desk, hall.ask(), [RowEdit(part="hall", code="CD", row={"phone": "1"}), wrong])
    assert document(hall) == before


@pytest.mark.parametrize(
    "edit",
    [
        RowEdit(part="hall", code="CD", row={"code": "XX"}),
        RowEdit(part="hall", code="CD", row={"opens": "18:00"}),
        RowEdit(part="pay_days", code="", row={"days": ["soon"]}),
    ],
)
def test_what_no_hall_can_work_with_is_refused(hall, edit):
    before = document(hall)
    with pytest.raises(RuleError, match="bad_value"):
        setting_up.save_rows(hall.desk, hall.ask(), [edit])
    assert document(hall) == before


@ON_BOTH_ENGINES
def test_nobody_s_pin_outlives_the_person(hall):
    before = document(hall)
    row = {"code": "M9", "name": "王芳", "role": "manager"}
    setting_up.save_rows(hall.desk, hall.ask(), [RowEdit(part="staff", code="M9", row=row, new=True)], {"M9": "4711"})
    assert sign_in_and_pins.has_pin(hall.desk, "M9")

    setting_up.take_back(hall.desk, hall.ask(), before, document(hall))

    assert not sign_in_and_pins.has_pin(hall.desk, "M9")
    assert sign_in_and_pins.who_acts(hall.desk, None) == CONSOLE
