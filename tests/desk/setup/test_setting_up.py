"""Making a hall and changing it while people wait: every change an event, nobody loses a place."""

import copy
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from queuedesk import i18n
from queuedesk.core import features
from queuedesk.core.errors import RuleError
from queuedesk.core.network.roles import CONSOLE, Actor, Role
from queuedesk.core.setup.rows import Service
from queuedesk.desk import looking, setting_up
from queuedesk.desk.calendaring import published_years, set_calendar_days
from queuedesk.desk.change import Ask, Desk
from queuedesk.desk.queue import issuing, opening
from queuedesk.desk.setting_up import SetupRowEdit
from queuedesk.desk.upkeep import examining
from queuedesk.i18n.names import service_rename_side_effects
from queuedesk.store.parts import halls
from tests.core.added import make_up, program_of
from tests.engine_fixtures import ON_BOTH_ENGINES
from tests.hall import ADMIN, BY_CREDIT, Hall, at, make_hall, preset, refused, simple_hall, simple_setup

NEW = SetupRowEdit(part="services", code="X", row={"code": "X", "name": "X", "prefix": "X"}, new=True)
PERSON = SetupRowEdit(part="staff", code="P9", row={"code": "P9", "name": "P", "role": "clerk"}, new=True)


def document(hall: Hall) -> dict[str, Any]:
    return dict(looking.setup_of_hall(hall.desk).document)


def test_a_hall_is_made_once_with_its_id_as_its_log_s_first_event_not_over_another_nor_of_what_is_refused(tmp_path):
    path, ask = tmp_path / "hall.sqlite", Ask(CONSOLE, at("9:00"), command="c-1", words="init")
    with pytest.raises(RuleError):
        setting_up.create_hall(path, simple_setup(windows=[]), ask)
    assert list(tmp_path.iterdir()) == []
    first = setting_up.create_hall(path, simple_setup(), ask)
    again = setting_up.create_hall(path, simple_setup(), ask)
    (event,) = looking.events_after(first, 0)
    assert (event.seq, event.kind, event.actor, event.data["date"]) == (1, "set-up", "console", "2026-11-20")
    assert (event.data["setup"], again.hall) == (simple_setup(), first.hall)
    before = path.read_bytes()
    for other, code in ((replace(ask, words="other"), "id_used"), (Ask(CONSOLE, at("9:00")), "exists")):
        with pytest.raises(RuleError, match=code):
            setting_up.create_hall(path, simple_setup(), other)
    assert path.read_bytes() == before


def test_a_target_that_nothing_could_judge_is_refused_and_one_of_before_stays_until_its_figure_is_changed(tmp_path):
    old = {"measure": "smiles per hour", "value": 5}
    hall = simple_hall(tmp_path, targets=[old])
    for row, field in (
        (old, "targets.2.measure"),
        ({"measure": "satisfaction", "value": 101}, "targets.2.value"),
        ({"measure": "mean_wait", "value": "0"}, "targets.2.value"),
    ):
        with refused(hall, "bad_value", field=field):
            hall.do("add-row", "targets", row)
    hall.do("set-setting", "jump_every", 9)
    assert hall.do("set-row", "targets", "1", {"from": "2026-01-01"}) == {**old, "from": "2026-01-01"}
    with refused(hall, "bad_value"):
        hall.do("set-row", "targets", "1", {"value": 6})
    assert hall.do("set-row", "targets", "1", {"measure": "satisfaction", "value": 95})["value"] == 95
    hall.must_follow_from_its_log()


@ON_BOTH_ENGINES
def test_a_removed_service_leaves_windows_and_skills_and_its_closed_tickets_keep_their_story(tmp_path: Path) -> None:
    skilled = {"code": "CB", "name": "CB", "role": "clerk", "skills": ["B", "C"]}
    hall = simple_hall(tmp_path, staff=[*simple_setup()["staff"], skilled])
    hall.play("open 3 staff=C3", "issue C", "serve-out 3", "remove-row services C")
    assert [row["services"] for row in document(hall)["windows"]] == [["A"], ["A", "B"], ["A", "B"]]
    assert document(hall)["staff"][-1]["skills"] == ["B"]
    assert hall.ticket("C001").service == "C"
    assert looking.tickets_of_date(hall.desk, hall.date, hall.clock())[0]["service"] == "C"
    assert looking.setup_of_hall(hall.desk).former.services["C"].name == "C"


def test_rows_hall_rules_pay_days_a_person_and_the_pin_are_saved_together_or_one_refused_keeps_all_out(hall: Hall):
    with_others: list[tuple[str, SetupRowEdit, dict[str, str]]] = [
        ("not_there", SetupRowEdit(part="windows", code="99", row={"services": ["X"]}), {}),
        ("bad_value", SetupRowEdit(part="windows", code="1", row={"services": ["Y"]}), {}),
        ("already_there", NEW, {}),
        ("bad_value", PERSON, {"P9": "12"}),
        ("unknown_staff", SetupRowEdit(part="hall", code="T", row={"phone": "1"}), {"P9": "1234"}),
        ("bad_value", SetupRowEdit(part="hall", code="T", row={"code": "XX"}), {}),
        ("bad_value", SetupRowEdit(part="hall", code="T", row={"opens": "18:00"}), {}),
        ("bad_value", SetupRowEdit(part="settings", code="", row={"crowd": "many"}), {}),
        ("bad_value", SetupRowEdit(part="pay_days", code="", row={"days": ["soon"]}), {}),
    ]
    for code, edit, pins in with_others:
        with refused(hall, code):
            setting_up.save_setup_rows(hall.desk, hall.ask(ADMIN), [NEW, edit], pins)
    since = hall.last().seq
    edits = [
        NEW,
        SetupRowEdit(part="windows", code="1", row={"services": [*document(hall)["windows"][0]["services"], "X"]}),
        SetupRowEdit(part="hall", code="T", row={"phone": "95598"}),
        SetupRowEdit(part="settings", code="", row={"crowd": 30, "jump_every": "4"}),
        SetupRowEdit(part="pay_days", code="", row={"days": ["2026-11-25"]}),
        PERSON,
    ]
    done = setting_up.save_setup_rows(hall.desk, hall.ask(ADMIN), edits, {"P9": "1234"})
    setup = looking.setup_of_hall(hall.desk)

    told = [(e.kind, e.data["part"], e.data["op"], e.data["code"]) for e in hall.log(since) if "code" in e.data]
    assert told[:2] == [("set-up", "services", "add", "X"), ("set-up", "windows", "set", "1")]
    assert [row["code"] for row in done["rows"] if "code" in row][:2] == ["X", "1"]
    assert "X" in setup.windows["1"].services
    assert (setup.hall.phone, setup.settings["crowd"], setup.settings["jump_every"]) == ("95598", 30, 4)
    assert [day.isoformat() for day in setup.pay_days] == ["2026-11-25"]
    assert opening.needs_pin_or_password(hall.desk, "P9")
    hall.must_follow_from_its_log()


def test_an_import_brings_former_names_along_until_a_code_is_taken_again_and_refused_where_it_does_not_fit(hall):
    hall.do("import", {**document(hall), "former": {"staff": {"C1": {"name": "x"}, "C8": {"name": "Gone"}}}})
    assert document(hall)["former"] == {"staff": {"C8": {"name": "Gone"}}}
    clash = {
        "hall": {"code": "T", "name": "T"},
        "services": [{"code": "D", "name": "D", "prefix": "A", "first": 500, "last": 999}],
        "windows": [{"code": "9", "services": ["D"]}],
    }
    with refused(hall, "bad_value", why="series_overlap"):
        hall.do("import", clash)
    hall.do("set-row", "services", "C", {"name": "Meters", "name_en": "Meters"})
    hall.do("remove-row", "services", "C")
    assert looking.setup_of_hall(hall.desk).former.services["C"].name == "Meters"
    again = {"code": "C", "name": "Chargers", "prefix": "C"}
    hall.do("add-row", "services", again)
    assert "services" not in document(hall)["former"]
    hall.do("remove-row", "services", "C")
    hall.do("import", {**document(hall), "services": [*document(hall)["services"], again]})
    assert not looking.setup_of_hall(hall.desk).former.services
    hall.must_follow_from_its_log()


def test_a_prepared_hall_hands_on_no_mark_of_a_simulation_and_of_all_hours_tells_of_no_last_ticket() -> None:
    demo = simple_setup()
    demo["hall"] |= {"simulated": True, "replayed": True}
    assert {"simulated", "replayed"}.isdisjoint(setting_up.setup_document_for_new_hall(demo)["hall"])
    ready = setting_up.setup_document_for_new_hall(preset("power"), all_hours=True)
    texts = [notice[field] for notice in ready["notices"] for field in ("text", "text_en")]
    assert texts and not [text for text in texts if "Last ticket" in text or "取号到" in text]
    assert len(ready["notices"]) >= 2


def service(hall: Hall, code: str) -> Service:
    return looking.setup_of_hall(hall.desk).services[code]


def test_a_service_with_another_name_gives_up_what_the_preset_said_of_it_and_says_what_it_leaves_behind(tmp_path):
    """In the one event of the change, so that it can be taken back; items of open tickets and of the hall stay. The
    public would read a notice that speaks of what is done no more."""
    notices = [{"text": "周末只办综合受理", "text_en": "At weekends only General services"}, {"text": "欢迎"}]
    hall = make_hall(tmp_path, kind="government", notices=notices)
    named, row = looking.setup_of_hall(hall.desk), {"name": "借书还书", "name_en": "Loans", "about": "借书"}
    before = named.document
    hall.do("set-row", "services", "A", row)
    after = document(hall)
    i18n.choose_language("en")
    assert service_rename_side_effects(named, "A", after["services"][0], row) == [
        "What the preset filled in for General services was dropped: Papers, Items, Group, Fees, Steps, Handling target.",
        "Notices that still mention General services: 1.",
    ]
    assert service_rename_side_effects(named, "A", None) == ["Notices that still mention General services: 1."]
    assert service_rename_side_effects(named, "B", before["services"][1]) == []
    setting_up.undo_setup_change(hall.desk, hall.ask(), before, after)
    hall.do("set-row", "services", "A", {"name": "借书还书"})
    renamed = service(hall, "A")
    assert (renamed.name, renamed.name_en, renamed.items, renamed.papers) == ("借书还书", "", (), ())
    assert (renamed.about, renamed.group, renamed.fees, renamed.steps, renamed.handling_target) == (*[""] * 4, None)
    assert (renamed.prefix, renamed.last_ticket) == ("A", 990)
    assert service(hall, "B").items
    setting_up.undo_setup_change(hall.desk, hall.ask(), before, looking.setup_of_hall(hall.desk).document)
    assert service(hall, "A").items
    items = [*hall.whole().setup_now.document["services"][0]["items"], {"code": "own", "name": "借书"}]
    hall.do("set-row", "services", "A", {"items": items})
    hall.do("issue", "A", item="jzz")
    hall.do("set-row", "services", "A", {"name": "借书还书", "name_en": "Loans"})
    assert [item.code for item in service(hall, "A").items] == ["jzz", "own"]
    assert service(hall, "A").name_en == "Loans"


FORMER = {"services": "other", "windows": "", "staff": "other"}


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
    assert former == ({part: {code: {"name": FORMER[part], "name_en": ""}}} if part in FORMER else {})
    assert {key: rows for key, rows in after.items() if rows} == {k: r for k, r in before.items() if r}
    assert [event.kind for event in hall.log(1)] == ["set-up"] * 3
    hall.must_follow_from_its_log()


def test_nobody_in_line_loses_a_place_by_a_change(hall: Hall) -> None:
    hall.play("issue A klass=elderly", "queue A B")
    before = {label: BY_CREDIT.ticket_sort_key(t) for (_, label), t in hall.whole().tickets.items()}
    hall.do("set-row", "classes", "elderly", {"credit_minutes": 0})
    hall.do("set-row", "services", "A", {"prefix": "D"})
    hall.do("set-setting", "jump_every", 9)
    assert {label: BY_CREDIT.ticket_sort_key(t) for (_, label), t in hall.whole().tickets.items()} == before
    assert hall.issue("A") == "D001"


def test_an_import_adds_and_changes_by_code_and_removes_nothing(tmp_path: Path) -> None:
    x, y = {"code": "x", "name": "X", "minutes": 5}, {"code": "y", "name": "Y"}
    why, z = {"code": "y", "name": "Why"}, {"code": "z", "name": "Z"}
    services = simple_setup()["services"]
    services[0]["items"] = [x, y]
    settings = {"crowd": 9, "jump_every": 4}
    kept = {"settings": settings, "notices": [{"text": "old"}], "pay_days": ["2026-11-25"]}
    hall = simple_hall(tmp_path, services=services, **kept)
    before = copy.deepcopy(document(hall))
    other = {
        "hall": {"code": "OTHER", "name": "New name", "simulated": True},
        "services": [
            {"code": "A", "name": "Pay", "prefix": "A", "items": [why, z]},
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
    assert after["services"][0] == {**before["services"][0], "name": "Pay", "items": [x, why, z]}
    assert after["windows"] == [{"code": "1", "services": ["D"]}, *before["windows"][1:]]
    assert (after["settings"], after["notices"]) == ({"crowd": 5, "jump_every": 4}, other["notices"])
    assert (after["pay_days"], after["staff"]) == (["2026-11-25", "2026-12-25"], before["staff"])
    hall.must_follow_from_its_log()

    hall.do("order-rows", "windows", ["3", "1", "2"])
    assert [row["code"] for row in document(hall)["windows"]] == ["3", "1", "2"]
    assert [row["code"] for row in looking.window_rows(hall.desk, hall.clock())] == ["3", "1", "2"]


@pytest.mark.hall(make=make_hall)
def test_a_change_is_taken_back_by_one_more_which_leaves_what_else_was_changed_since(hall: Hall) -> None:
    def changed(verb: str, *args: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        before = document(hall)
        hall.do(verb, *args)
        return before, document(hall)

    def take_back(before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
        return setting_up.undo_setup_change(hall.desk, hall.ask(), before, after)

    before, after = changed("remove-row", "services", "D")
    assert take_back(before, after)["parts"] == ["former", "services", "windows"]
    assert document(hall) == before
    assert [event.kind for event in hall.log()] == ["set-up"] * 3

    target = changed("set-row", "services", "A", {"handling_target": 9})
    hall.do("set-setting", "crowd", 40)
    take_back(*target)
    setup = looking.setup_of_hall(hall.desk)
    assert (setup.services["A"].handling_target, setup.settings["crowd"]) == (5, 40)

    target = changed("set-row", "services", "A", {"handling_target": 9})
    hall.do("set-row", "services", "B", {"handling_target": 9})
    with refused(hall, "changed_since"):
        take_back(*target)

    added = changed("add-row", "services", {"code": "E", "name": "Chongdian", "prefix": "E"})
    hall.do("set-row", "windows", "1", {"services": ["A", "E"]})
    hall.queue("E")
    with refused(hall, "in_use"):
        take_back(added[0], document(hall))


def test_a_hall_keeps_an_admin_whoever_asks(hall: Hall) -> None:
    """The last one is neither demoted nor removed, by a row, a form or an import; with another one both are allowed."""
    clerks = [{**row, "role": "clerk"} if row["role"] == "admin" else row for row in document(hall)["staff"]]
    for verb, args in (
        ("set-row", ("staff", "AD", {"role": "clerk"})),
        ("remove-row", ("staff", "AD")),
        ("import", ({**document(hall), "staff": clerks},)),
    ):
        with refused(hall, "last_admin"):
            hall.do(verb, *args)
    hall.do("add-row", "staff", {"code": "AX", "name": "新", "role": "admin"})
    hall.do("remove-row", "staff", "AD")


@ON_BOTH_ENGINES
def test_a_removed_person_s_pin_goes_too(hall: Hall) -> None:
    """While nobody listed has a PIN, nobody is asked for one."""
    hall.play("set-pin C4 4711", "remove-row staff C4")
    assert opening.require_and_get_proven_actor(hall.desk, None) == CONSOLE
    before = document(hall)
    setting_up.save_setup_rows(hall.desk, hall.ask(), [PERSON], {"P9": "4711"})
    setting_up.undo_setup_change(hall.desk, hall.ask(), before, document(hall))
    assert not opening.needs_pin_or_password(hall.desk, "P9")
    assert opening.require_and_get_proven_actor(hall.desk, None) == CONSOLE


NEW_YEAR, MAKE_UP = "2026-01-01", "2026-01-04"


def test_a_managers_change_is_taken_back_by_an_admin_and_a_published_year_is_one_event(hall: Hall) -> None:
    before = looking.setup_of_hall(hall.desk).document
    set_calendar_days(hall.desk, hall.ask(Actor("M1", Role.MANAGER)), {NEW_YEAR: {"kind": "holiday"}})
    after = looking.setup_of_hall(hall.desk).document

    with refused(hall, "not_there", code=MAKE_UP):
        set_calendar_days(hall.desk, hall.ask(), {MAKE_UP: None})
    assert setting_up.undo_setup_change(hall.desk, hall.ask(), before, after) == {"parts": ["calendar"]}
    assert looking.setup_of_hall(hall.desk).calendar.days == {}
    days = published_years("cn")[2026].days
    seq = hall.last().seq
    set_calendar_days(hall.desk, hall.ask(), days)
    setup = looking.setup_of_hall(hall.desk)

    assert hall.last().seq == seq + 1
    assert setup.document["calendar"] == days
    assert setup.calendar.entry_on(date(2026, 1, 1)).text_en == "New Year's Day"
    hall.must_follow_from_its_log()

    set_calendar_days(hall.desk, hall.ask(), {NEW_YEAR: days[NEW_YEAR]})
    assert hall.last().seq == seq + 1  # the same again changes nothing
    set_calendar_days(hall.desk, hall.ask(), {NEW_YEAR: None, MAKE_UP: {"kind": "holiday"}})
    assert (hall.last().seq, hall.last().data["row"]) == (seq + 2, {NEW_YEAR: None, MAKE_UP: {"kind": "holiday"}})
    after = looking.setup_of_hall(hall.desk)
    assert NEW_YEAR not in after.document["calendar"]
    hall.do("import", {**simple_setup(), "calendar": {NEW_YEAR: days[NEW_YEAR]}})
    assert looking.setup_of_hall(hall.desk).document["calendar"] == {**days, MAKE_UP: {"kind": "holiday"}}


@pytest.fixture
def three(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A program whose features are a camera, pictures that need it, and an album of them that came later."""
    make_up(monkeypatch, "camera")
    make_up(monkeypatch, "pictures", "camera")
    make_up(monkeypatch, "album", "pictures", usual=False)
    with program_of(["camera", "pictures", "album"]):
        yield


@pytest.mark.usefixtures("three")
def test_what_needs_another_switches_with_it_and_names_of_other_programs_stay(hall: Hall) -> None:

    def choose(**words: list[str]) -> dict[str, list[str]]:
        return setting_up.choose_features(hall.desk, hall.ask(), **words)

    def chosen() -> tuple[str, ...] | None:
        return looking.setup_of_hall(hall.desk).hall.features

    assert (choose(on=["pictures"])["on"], chosen(), len(hall.log())) == ([], None, 1)

    assert choose(on=["album"]) == {"features": ["camera", "pictures", "album"], "on": ["album"], "off": []}
    event = hall.log()[-1]
    assert (event.kind, event.data["part"], event.data["op"]) == ("set-up", "hall", "set")
    assert event.data["row"] == {"features": ["camera", "pictures", "album"]}

    hall.do("set-hall", {"features": ["album", "webcam", "pictures", "camera"]})
    off = choose(off=["camera"])
    assert (off["features"], off["off"]) == (["webcam"], ["album", "pictures", "camera"])
    assert choose(on=["album"])["on"] == ["camera", "pictures", "album"]
    assert chosen() == ("camera", "pictures", "album", "webcam")
    assert choose(off=["webcam"])["off"] == ["webcam"]
    with refused(hall, "unknown_feature", feature="webcam", known=[*features.choosable_feature_names()]):
        choose(off=["webcam"])
    hall.must_follow_from_its_log()


@pytest.mark.parametrize("kind", ["power", "bank", "clinic", "government"])
def test_export_then_import_gives_an_equal_hall(tmp_path: Path, kind: str) -> None:
    one = make_hall(tmp_path, kind=kind)
    exported = document(one)
    two = setting_up.create_hall(tmp_path / "two.sqlite", exported, Ask(CONSOLE, at("9:00")))
    assert looking.setup_of_hall(two) == looking.setup_of_hall(one.desk)
    seq = one.last().seq
    one.do("import", exported)
    assert one.last().seq == seq  # the same again changes nothing


ASK = Ask(CONSOLE, at("9:00"))


def named(code: str) -> dict[str, object]:
    document = simple_setup()
    return {**document, "hall": {**document["hall"], "code": code}}


def test_the_first_hall_makes_the_tables_others_stand_beside_it_and_one_works_while_another_is_held(empty_pg_url):
    pg_url = empty_pg_url
    one = setting_up.create_hall(pg_url, named("A"), ASK)
    assert (one.hall, looking.setup_of_hall(one).hall.code) == (1, "A")
    assert {found.status for found in examining.examine_database(one.db)} == {"ok"}
    ask = replace(ASK, command="c-1", words="init")
    two, again = (setting_up.create_hall(pg_url, named("B"), ask) for _ in range(2))
    assert two.hall == again.hall, "the same command makes its hall once"
    with pytest.raises(RuleError, match="id_used"):
        setting_up.create_hall(pg_url, named("B"), replace(ask, words="other"))
    with pytest.raises(RuleError, match="exists") as taken:
        setting_up.create_hall(pg_url, named("A"), ASK)
    assert ":" not in str(taken.value.details["path"]).partition("@")[0].partition("//")[2]  # no password
    with one.db.write(one.hall):
        tickets = [issuing.issue_ticket(desk, ASK, "A")["ticket"] for desk in (two, Desk(one.db, two.hall))]
        assert looking.hall_state_now(Desk(two.db, one.hall), at("9:00")).waiting_tickets() == []
    assert [*tickets, issuing.issue_ticket(one, ASK, "A")["ticket"]] == ["A001", "A002", "A001"]
    assert [looking.last_event_time(Desk(one.db, hall)) for hall in (1, 2)] == [at("9:00")] * 2
    for desk in (one, two, again):
        desk.db.dispose()


def test_halls_made_at_the_same_moment_get_numbers_of_their_own(pg_url):
    codes = ["A", "B", "C", "D"]
    with ThreadPoolExecutor(4) as threads:
        made = list(threads.map(lambda code: setting_up.create_hall(pg_url, named(code), ASK), codes))
    with made[0].db.read() as tx:
        listed = halls.hall_ids_and_codes(tx)
    assert sorted(code for _id, code in listed) == codes
    assert [id for id, _code in listed] == [1, 2, 3, 4]
    for desk in made:
        desk.db.dispose()
