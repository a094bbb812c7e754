"""Making a hall and changing it while people wait: every change an event, nobody loses a place."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest

from queuedesk import i18n
from queuedesk.core.errors import RuleError
from queuedesk.core.network.roles import CONSOLE
from queuedesk.core.setup.rows import Service
from queuedesk.desk import looking
from queuedesk.desk.change import Ask
from queuedesk.desk.queue import sign_in_and_pins
from queuedesk.desk.setup import setting_up
from queuedesk.i18n.names import left_behind
from tests.engine_fixtures import ON_BOTH_ENGINES
from tests.hall import ADMIN, BY_CREDIT, Hall, at, make_hall, preset, refused, simple_hall, simple_setup
from tests.three_halls import CLINIC


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    return simple_hall(tmp_path)


def document(hall: Hall) -> dict[str, Any]:
    return dict(looking.setup_of(hall.desk).document)


def test_the_whole_set_up_is_the_log_s_first_event(hall: Hall) -> None:
    (first,) = hall.log()

    assert (first.seq, first.kind, first.actor, first.data["date"]) == (1, "set-up", "console", "2026-11-20")
    assert first.data["setup"] == simple_setup(settings={})
    hall.must_follow_from_its_log()


def test_a_hall_is_not_made_over_another(hall: Hall) -> None:
    before = hall.path.read_bytes()
    with pytest.raises(RuleError) as error:
        setting_up.create_hall(hall.path, simple_setup(), Ask(CONSOLE, at("9:00")))
    assert error.value.code == "exists"
    assert hall.path.read_bytes() == before


def test_a_set_up_that_is_refused_leaves_no_file(tmp_path: Path) -> None:
    with pytest.raises(RuleError):
        setting_up.create_hall(tmp_path / "hall.sqlite", simple_setup(windows=[]), Ask(CONSOLE, at("9:00")))
    assert list(tmp_path.iterdir()) == []


def test_making_a_hall_again_with_its_id_gives_the_hall(tmp_path: Path) -> None:
    path, ask = tmp_path / "hall.sqlite", Ask(CONSOLE, at("9:00"), command="c-1", words="init")
    first = setting_up.create_hall(path, simple_setup(), ask)
    again = setting_up.create_hall(path, simple_setup(), ask)

    assert (again.hall, len(looking.events_after(first, 0))) == (first.hall, 1)
    with pytest.raises(RuleError) as error:
        setting_up.create_hall(path, simple_setup(), Ask(CONSOLE, at("9:00"), command="c-1", words="other"))
    assert error.value.code == "id_used"


def service(hall: Hall, code: str) -> Service:
    return looking.setup_of(hall.desk).services[code]


def test_a_service_with_another_name_gives_up_what_the_preset_said_of_it(tmp_path: Path) -> None:
    """All of it in the one event of the change, so that taking it back brings it back."""
    hall = make_hall(tmp_path, kind="government")
    before = looking.setup_of(hall.desk).document
    hall.do("set-row", "services", "A", {"name": "借书还书"})

    renamed = service(hall, "A")
    assert (renamed.name, renamed.name_en, renamed.items, renamed.papers) == ("借书还书", "", (), ())
    assert (renamed.about, renamed.group, renamed.fees, renamed.steps, renamed.handling_target) == (*[""] * 4, None)
    assert (renamed.prefix, renamed.last_ticket) == ("A", 990)
    assert service(hall, "B").items
    setting_up.take_back(hall.desk, hall.ask(), before, looking.setup_of(hall.desk).document)
    assert service(hall, "A").items
    hall.desk.db.dispose()


def test_a_service_whose_name_is_corrected_keeps_all_that_it_has(tmp_path: Path) -> None:
    hall = CLINIC.make(tmp_path)
    before = service(hall, "D")
    hall.do("set-row", "services", "D", {"name": "Blood test"})

    corrected = service(hall, "D")
    assert (before.name, corrected.name) == ("Blood tests", "Blood test")
    assert (corrected.items, corrected.papers) == (before.items, before.papers)
    assert (corrected.steps, corrected.handling_target) == (before.steps, before.handling_target)
    assert corrected.items and corrected.handling_target
    hall.desk.db.dispose()


def test_items_of_open_tickets_and_of_the_hall_s_own_stay(tmp_path: Path) -> None:
    hall = make_hall(tmp_path, kind="government")
    items = [*hall.whole().setup_now.document["services"][0]["items"], {"code": "own", "name": "借书"}]
    hall.do("set-row", "services", "A", {"items": items})
    hall.do("issue", "A", item="jzz")
    hall.do("set-row", "services", "A", {"name": "借书还书", "name_en": "Loans"})

    assert [item.code for item in service(hall, "A").items] == ["jzz", "own"]
    assert service(hall, "A").name_en == "Loans"
    hall.desk.db.dispose()


def test_a_name_that_no_preset_has_takes_nothing_along(tmp_path: Path) -> None:
    """What the hall made itself, and what is given in the same change, is not the preset's to take."""
    hall = make_hall(tmp_path, kind="government")
    papers = [{"name": "借书证"}]
    hall.do("set-row", "services", "A", {"name": "借书还书", "name_en": "Loans", "papers": papers, "fees": "不收费"})
    assert [paper.name for paper in service(hall, "A").papers] == ["借书证"]
    assert service(hall, "A").fees == "不收费"
    hall.do("set-row", "services", "A", {"name": "外借"})

    assert [paper.name for paper in service(hall, "A").papers] == ["借书证"]
    hall.desk.db.dispose()


def test_what_a_former_name_leaves_behind_is_said(tmp_path: Path) -> None:
    """The public would read a notice that speaks of what is done no more."""
    notices = [{"text": "周末只办综合受理", "text_en": "At weekends only General services"}, {"text": "欢迎"}]
    hall = make_hall(tmp_path, kind="government", notices=notices)
    before, row = hall.whole().setup_now, {"name": "借书还书", "name_en": "Loans", "about": "借书"}
    hall.do("set-row", "services", "A", row)
    after = looking.setup_of(hall.desk).document["services"][0]

    i18n.use("en")
    assert left_behind(before, "A", after, row) == [
        "What the preset filled in for General services was dropped: Papers, Items, Group, Fees, Steps, Handling target.",
        "Notices that still mention General services: 1.",
    ]
    assert left_behind(before, "A", None) == ["Notices that still mention General services: 1."]
    assert left_behind(before, "B", before.document["services"][1]) == []
    hall.desk.db.dispose()


def test_a_preset_is_made_ready() -> None:
    power = preset("power")
    ready = setting_up.prepared(power, code="X", name="My hall", timezone="UTC+02:00", all_hours=True)

    assert (ready["hall"]["code"], ready["hall"]["name"], ready["hall"]["timezone"]) == ("X", "My hall", "UTC+02:00")
    assert {str(row["hours"]) for row in ready["services"]} == {str(setting_up.ALL_HOURS)}
    assert power == preset("power")


FORMER = {
    "services": {"name": "other", "name_en": ""},
    "windows": {"name": "", "name_en": ""},
    "staff": {"name": "other", "name_en": ""},
}


@pytest.mark.parametrize(
    ("part", "row", "code"),
    [
        ("services", {"code": "D", "name": "D", "prefix": "D"}, "D"),
        ("windows", {"code": "7", "services": ["A"]}, "7"),
        ("staff", {"code": "N", "name": "New", "role": "guide"}, "N"),
        ("classes", {"code": "vip", "name": "V", "credit_minutes": 5}, "vip"),
        ("notices", {"text": "Hello"}, "1"),
        ("targets", {"measure": "wait", "value": 15, "from": "2026-01-01"}, "1"),
    ],
)
def test_a_row_is_added_changed_and_removed(hall: Hall, part: str, row: dict[str, Any], code: str) -> None:
    before = document(hall)
    assert hall.do("add-row", part, row, who=ADMIN) == row
    field = {"notices": "text_en", "targets": "value"}.get(part, "zone" if part == "windows" else "name")
    value: object = 20 if field == "value" else "other"
    assert hall.do("set-row", part, code, {field: value}, who=ADMIN) == {**row, field: value}
    assert hall.do("remove-row", part, code, who=ADMIN) == {"removed": code}

    after = document(hall)
    former = after.pop("former", {})
    assert former == ({part: {code: names}} if (names := FORMER.get(part)) else {})
    assert {key: rows for key, rows in after.items() if rows} == {k: r for k, r in before.items() if r}
    assert [event.kind for event in hall.log(1)] == ["set-up"] * 3
    hall.must_follow_from_its_log()


@pytest.mark.parametrize(
    ("row", "field"),
    [
        ({"measure": "smiles per hour", "value": 5}, "targets.2.measure"),
        ({"measure": "satisfaction", "value": 101}, "targets.2.value"),
        ({"measure": "mean_wait", "value": "0"}, "targets.2.value"),
    ],
)
def test_a_target_that_nothing_could_judge_is_refused(tmp_path: Path, row: dict[str, Any], field: str) -> None:
    hall = simple_hall(tmp_path, targets=[{"measure": "smiles per hour", "value": 5}])
    with pytest.raises(RuleError) as refusal:
        hall.do("add-row", "targets", row)

    assert (refusal.value.code, refusal.value.details["field"]) == ("bad_value", field)


def test_a_target_from_when_any_text_was_taken_stays_until_its_figure_is_changed(tmp_path: Path) -> None:
    old = {"measure": "smiles per hour", "value": 5}
    hall = simple_hall(tmp_path, targets=[old])
    hall.do("set-setting", "jump_every", 9)

    assert hall.do("set-row", "targets", "1", {"from": "2026-01-01"}) == {**old, "from": "2026-01-01"}
    with pytest.raises(RuleError):
        hall.do("set-row", "targets", "1", {"value": 6})
    assert hall.do("set-row", "targets", "1", {"measure": "satisfaction", "value": 95})["value"] == 95
    hall.must_follow_from_its_log()


def test_a_removed_service_leaves_windows_and_skills(tmp_path: Path) -> None:
    staff = [{"code": "CB", "name": "CB", "role": "clerk", "skills": ["B", "C"]}]
    hall = simple_hall(tmp_path, staff=staff)
    hall.do("remove-row", "services", "C")

    assert [row["services"] for row in document(hall)["windows"]] == [["A"], ["A", "B"], ["A", "B"]]
    assert document(hall)["staff"][0]["skills"] == ["B"]


@ON_BOTH_ENGINES
def test_closed_tickets_of_a_removed_service_keep_their_story(hall: Hall) -> None:
    hall.open("3", "C3")
    hall.issue("C")
    hall.serve_out("3")
    hall.do("remove-row", "services", "C")

    assert hall.ticket("C001").service == "C"
    assert looking.tickets_of(hall.desk, hall.date, hall.clock())[0]["service"] == "C"
    assert looking.setup_of(hall.desk).former.services["C"].name == "C"


def test_nobody_in_line_loses_a_place_by_a_change(hall: Hall) -> None:
    hall.issue("A", klass="elderly")
    hall.queue("A", "B")
    before = {label: BY_CREDIT.order_of(t) for (_, label), t in hall.whole().tickets.items()}
    hall.do("set-row", "classes", "elderly", {"credit_minutes": 0})
    hall.do("set-row", "services", "A", {"prefix": "D"})
    hall.do("set-setting", "jump_every", 9)

    assert {label: BY_CREDIT.order_of(t) for (_, label), t in hall.whole().tickets.items()} == before
    assert hall.issue("A") == "D001"


NEW = setting_up.RowEdit(part="services", code="X", row={"code": "X", "name": "X", "prefix": "X"}, new=True)


def test_rows_that_belong_together_are_saved_in_one_change(hall: Hall) -> None:
    since = hall.log()[-1].seq
    served = [*document(hall)["windows"][0]["services"], "X"]
    window = setting_up.RowEdit(part="windows", code="1", row={"services": served})

    done = setting_up.save_rows(hall.desk, hall.ask(ADMIN), [NEW, window])

    told = [(e.kind, e.data["part"], e.data["op"], e.data["code"]) for e in hall.log(since)]
    assert told == [("set-up", "services", "add", "X"), ("set-up", "windows", "set", "1")]
    assert [row["code"] for row in done["rows"]] == ["X", "1"]
    assert "X" in looking.setup_of(hall.desk).windows["1"].services
    hall.must_follow_from_its_log()


@pytest.mark.parametrize(
    ("edit", "code"),
    [
        (setting_up.RowEdit(part="windows", code="99", row={"services": ["X"]}), "not_there"),
        (setting_up.RowEdit(part="windows", code="1", row={"services": ["Y"]}), "bad_value"),
        (NEW, "already_there"),
    ],
)
def test_one_refused_row_keeps_all_the_others_out(hall: Hall, edit: setting_up.RowEdit, code: str) -> None:
    before = len(hall.log())

    with pytest.raises(RuleError) as error:
        setting_up.save_rows(hall.desk, hall.ask(ADMIN), [NEW, edit])

    assert error.value.code == code
    assert len(hall.log()) == before
    assert "X" not in looking.setup_of(hall.desk).services


def test_a_new_person_and_the_pin_come_together(hall: Hall) -> None:
    person = setting_up.RowEdit(part="staff", code="P9", row={"code": "P9", "name": "P", "role": "clerk"}, new=True)
    with pytest.raises(RuleError) as error:
        setting_up.save_rows(hall.desk, hall.ask(ADMIN), [person], {"P9": "12"})
    assert error.value.code == "bad_value"
    assert "P9" not in looking.setup_of(hall.desk).staff

    setting_up.save_rows(hall.desk, hall.ask(ADMIN), [person], {"P9": "1234"})

    assert sign_in_and_pins.has_pin(hall.desk, "P9")


def test_a_pin_for_nobody_is_refused(hall: Hall) -> None:
    with pytest.raises(RuleError) as error:
        setting_up.save_rows(hall.desk, hall.ask(ADMIN), [], {"P9": "1234"})
    assert error.value.code == "unknown_staff"


def test_rows_are_put_in_another_order(hall: Hall) -> None:
    hall.do("order-rows", "windows", ["3", "1", "2"])

    assert [row["code"] for row in document(hall)["windows"]] == ["3", "1", "2"]
    assert [row["code"] for row in looking.window_rows(hall.desk, hall.clock())] == ["3", "1", "2"]


@pytest.mark.parametrize("kind", ["power", "bank", "clinic", "government"])
def test_export_then_import_gives_an_equal_hall(tmp_path: Path, kind: str) -> None:
    folders = [tmp_path / name for name in ("one", "two", "three")]
    for folder in folders:
        folder.mkdir()
    one = make_hall(folders[0], kind=kind)
    exported = document(one)
    two = setting_up.create_hall(folders[1] / "hall.sqlite", exported, Ask(CONSOLE, at("9:00")))
    assert looking.setup_of(two) == looking.setup_of(one.desk)
    seq = one.last().seq
    one.do("import", exported)
    assert one.last().seq == seq  # the same again changes nothing


@ON_BOTH_ENGINES
def test_an_import_adds_and_changes_by_code_and_removes_nothing(tmp_path: Path) -> None:
    items = [{"code": "x", "name": "X", "minutes": 5}, {"code": "y", "name": "Y"}]
    services = simple_setup()["services"]
    services[0]["items"] = items
    hall = simple_hall(
        tmp_path,
        services=services,
        settings={"crowd": 9, "jump_every": 4},
        notices=[{"text": "old"}],
        pay_days=["2026-11-25"],
    )
    before = copy.deepcopy(document(hall))
    other = {
        "hall": {"code": "OTHER", "name": "New name", "simulated": True},
        "services": [
            {
                "code": "A",
                "name": "Pay",
                "prefix": "A",
                "items": [{"code": "y", "name": "Why"}, {"code": "z", "name": "Z"}],
            },
            {"code": "D", "name": "D", "prefix": "D"},
        ],
        "windows": [{"code": "1", "services": ["D"]}],
        "settings": {"crowd": 5},
        "notices": [{"text": "old"}, {"text": "new"}],
        "pay_days": ["2026-12-25"],
    }
    assert hall.do("import", other) == {"services": 4, "windows": 3, "staff": 7}
    after = document(hall)

    assert after["hall"] == {**before["hall"], "name": "New name"}
    assert [row["code"] for row in after["services"]] == ["A", "B", "C", "D"]
    assert after["services"][0] == {
        **before["services"][0],
        "name": "Pay",
        "items": [items[0], {"code": "y", "name": "Why"}, {"code": "z", "name": "Z"}],
    }
    assert after["windows"] == [{"code": "1", "services": ["D"]}, *before["windows"][1:]]
    assert after["settings"] == {"crowd": 5, "jump_every": 4}
    assert after["notices"] == [{"text": "old"}, {"text": "new"}]
    assert after["pay_days"] == ["2026-11-25", "2026-12-25"]
    assert after["staff"] == before["staff"]
    hall.must_follow_from_its_log()


def test_a_name_is_forgotten_as_former_when_its_code_is_taken_again(hall: Hall) -> None:
    hall.do("set-row", "services", "C", {"name": "Meters", "name_en": "Meters"})
    hall.do("remove-row", "services", "C")
    former = looking.setup_of(hall.desk).former

    assert former.services["C"].name == "Meters"
    again = {"code": "C", "name": "Chargers", "prefix": "C"}
    hall.do("add-row", "services", again)
    assert "former" not in document(hall) or document(hall)["former"] == {}
    hall.do("remove-row", "services", "C")
    hall.do("import", {**document(hall), "services": [*document(hall)["services"], again]})
    assert not looking.setup_of(hall.desk).former.services
    hall.must_follow_from_its_log()


def test_an_import_brings_the_former_names_along(hall: Hall) -> None:
    hall.do("import", {**document(hall), "former": {"staff": {"C1": {"name": "x"}, "C8": {"name": "Gone"}}}})

    assert document(hall)["former"] == {"staff": {"C8": {"name": "Gone"}}}


def test_an_import_that_does_not_fit_what_is_there_is_refused(hall: Hall) -> None:
    clash = {
        "hall": {"code": "T", "name": "T"},
        "services": [{"code": "D", "name": "D", "prefix": "A", "first": 500, "last": 999}],
        "windows": [{"code": "9", "services": ["D"]}],
    }
    with refused(hall, "bad_value", why="series_overlap"):
        hall.do("import", clash)


def test_the_mark_of_a_simulated_hall_is_not_handed_on() -> None:
    demo = simple_setup()
    demo["hall"] |= {"simulated": True, "replayed": True}

    assert {"simulated", "replayed"}.isdisjoint(setting_up.prepared(demo)["hall"])


def test_settings_and_the_hall_are_changed_one_by_one(hall: Hall) -> None:
    assert hall.do("set-setting", "day_end", "3:00") == {"key": "day_end", "value": "03:00"}
    assert hall.do("set-hall", {"name": "New", "phone": "12"})["name"] == "New"
    assert hall.do("set-hall", {"code": "T", "phone": "13"})["phone"] == "13"
    setup = looking.setup_of(hall.desk)

    assert (setup.settings["day_end"], setup.hall.name, setup.hall.phone) == ("03:00", "New", "13")


def test_a_hall_keeps_an_admin_whoever_asks(tmp_path: Path) -> None:
    """The last one is neither demoted nor removed, by a row, a form or an import; with another one both are allowed."""
    hall = make_hall(tmp_path)
    document = looking.setup_of(hall.desk).document
    clerks = [row if row["role"] != "admin" else {**row, "role": "clerk"} for row in document["staff"]]
    attempts = (
        lambda: setting_up.set_row(hall.desk, hall.ask(), "staff", "AD", {"role": "clerk"}),
        lambda: setting_up.remove_row(hall.desk, hall.ask(), "staff", "AD"),
        lambda: setting_up.import_setup(hall.desk, hall.ask(), {**document, "staff": clerks}),
    )
    for attempt in attempts:
        before = hall.last().seq
        with pytest.raises(RuleError) as refused:
            attempt()
        assert refused.value.code == "last_admin"
        assert hall.last().seq == before

    setting_up.add_row(hall.desk, hall.ask(), "staff", {"code": "AX", "name": "新", "role": "admin"})
    setting_up.remove_row(hall.desk, hall.ask(), "staff", "AD")
    hall.desk.db.dispose()


@ON_BOTH_ENGINES
def test_a_removed_person_s_pin_goes_too(tmp_path: Path) -> None:
    """While nobody listed has a PIN, nobody is asked for one."""
    hall = make_hall(tmp_path)
    sign_in_and_pins.set_pin(hall.desk, hall.ask(), "C6", "4711")
    setting_up.remove_row(hall.desk, hall.ask(), "staff", "C6")

    assert sign_in_and_pins.who_acts(hall.desk, None).name == "console"
    hall.desk.db.dispose()


def test_a_hall_of_all_hours_tells_of_no_last_ticket() -> None:
    ready = setting_up.prepared(preset("power"), all_hours=True)

    texts = [notice[field] for notice in ready["notices"] for field in ("text", "text_en")]
    assert texts and not [text for text in texts if "Last ticket" in text or "取号到" in text]
    assert len(ready["notices"]) >= 2
