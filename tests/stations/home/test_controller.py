"""Home makes a hall once, remembers the choice, and starts stations as they were chosen."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from queuedesk.cli.job import read_json
from queuedesk.core.errors import OutsideError
from queuedesk.core.talk.screen import AWAY, CLOSED, OPENING, OwnStation
from queuedesk.desk import looking
from queuedesk.desk.change import Desk
from queuedesk.stations.home.controller import Deeds, HomeController
from queuedesk.stations.home.hall_draft import HallDraft
from queuedesk.stations.window.tasks import InlineTasks
from queuedesk.store.engine.database import Database
from tests.hall import at, make_hall, preset


class Pc:
    """What home did to this PC."""

    def __init__(self) -> None:
        self.started: list[list[str]] = []
        self.kept: dict[str, object] = {}
        self.at_start: list[list[str]] = [["before"]]
        self.here: list[OwnStation] = []
        self.orders: list[tuple[str, str]] = []

    def deeds(self) -> Deeds:
        def open_at_start(stations: list[list[str]]) -> None:
            self.at_start = stations

        return Deeds(
            start=self.started.append,
            read_file=read_json,
            keep=self.kept.update,
            open_at_start=open_at_start,
            here=lambda _place, _now: self.here,
            order=lambda key, what: self.orders.append((key, what)),
            timezone=lambda: "Europe/Lisbon",
        )


@pytest.fixture
def pc():
    return Pc()


@pytest.fixture
def home(pc, tmp_path, qapp):
    return HomeController(tmp_path / "data" / "hall.sqlite", InlineTasks(), lambda: at("10:42"), pc.deeds())


def named(draft: HallDraft) -> HallDraft:
    """Return a draft with what only the hall's people know."""
    draft = draft.with_hall(name="东湖").with_row("staff", "AD", name="王芳").with_pin("AD", "2468")
    nameless = [row["code"] for row in draft.rows("services") if not draft.name_of(row)]
    for code in nameless:
        draft = draft.with_name("services", code, "业务")
    return draft


def first_event(place: Path):
    return looking.events_after(Desk(Database.open(place), 1), 0)[0]


def refusals_of(home):
    codes = []
    home.refused.connect(lambda trouble: codes.append(trouble.code))
    return codes


def test_a_preset_becomes_a_hall_whose_first_event_is_its_set_up_and_is_never_overwritten(home, qtbot):
    assert not home.hall_exists()

    with qtbot.waitSignal(home.made):
        home.make(named(home.draft("other")), all_hours=False)

    event = first_event(home.place)
    assert (event.seq, event.kind, event.actor) == (1, "set-up", "console")
    assert event.data["setup"]["hall"]["timezone"] == "Europe/Lisbon"
    assert home.hall_exists()

    before, codes = home.place.read_bytes(), refusals_of(home)
    home.make(named(home.draft("power")), all_hours=False)
    assert (codes, home.place.read_bytes()) == (["exists"], before)


def test_a_try_out_gives_tickets_at_any_hour(home):
    home.make(named(home.draft("bank")), all_hours=True)

    services = first_event(home.place).data["setup"]["services"]
    assert {service["hours"][0]["to"] for service in services} == {"24:00"}


def test_another_halls_set_up_file_makes_a_hall_like_it(home, tmp_path):
    (tmp_path / "east.json").write_text(json.dumps(preset("clinic")), encoding="utf-8")

    home.make_from_file(tmp_path / "east.json", all_hours=False)

    assert first_event(home.place).data["setup"] == preset("clinic")


def test_a_file_that_is_no_set_up_is_refused_and_leaves_no_hall(home, tmp_path):
    codes, file = refusals_of(home), tmp_path / "file.json"
    home.make_from_file(file, all_hours=False)
    for content in ("[1]", "{", '{"hall": {}}'):
        file.write_text(content, encoding="utf-8")
        home.make_from_file(file, all_hours=False)

    assert (codes, home.hall_exists()) == (["no_such_file", "wrong_kind", "wrong_kind", "bad_value"], False)


def test_a_station_is_started_and_remembered(home, pc, qtbot):
    with qtbot.waitSignal(home.entered) as entered:
        home.enter("counter", window="3", opens_at_start=True)
    assert entered.args == ["counter"]
    assert (pc.started, pc.at_start) == ([["counter", "--window", "3"]], [["counter", "--window", "3"]])
    assert pc.kept == {"station": "counter", "window": "3", "open_at_start": True}

    home.enter("guide", window="3")
    assert (pc.started[1:], pc.at_start) == ([["guide"]], []), "an unticked box takes the start-up away"
    home.watch_demo()
    assert pc.started[2:] == [["demo"]], "a process of its own"


def test_a_named_database_and_hall_are_handed_on(pc, tmp_path, qapp):
    place = tmp_path / "x.sqlite"
    home = HomeController(place, InlineTasks(), lambda: at("10:42"), pc.deeds(), hall="CD", is_named=True)

    assert home.words("display") == ["--db", str(place), "--hall", "CD", "display", "--kept"]


class LaterTasks(InlineTasks):
    """Keeps what is asked until it is let go."""

    def __init__(self):
        self.asked = []

    def run(self, *request):
        self.asked.append(request)

    def let_go(self):
        for request in self.asked:
            super().run(*request)


def test_a_station_closes_while_another_one_is_still_being_opened(pc, tmp_path, qapp):
    ordered, tasks = [], LaterTasks()
    deeds = replace(pc.deeds(), order=lambda key, what: ordered.append((key, what)))
    home = HomeController(tmp_path / "hall.sqlite", tasks, lambda: at("10:42"), deeds)

    home.enter("guide")
    home.close(OwnStation(key="c", station="counter"))
    tasks.let_go()

    assert (pc.started, ordered) == ([["guide"]], [("c", "close")])


def test_a_station_that_can_not_be_started_is_said(pc, tmp_path, qapp):
    def refuse(_words):
        raise OutsideError("cannot_write", path="python")

    deeds = pc.deeds()
    broken = replace(deeds, start=refuse)
    home = HomeController(tmp_path / "hall.sqlite", InlineTasks(), lambda: at("10:42"), broken)
    codes = refusals_of(home)

    home.enter("guide")

    assert codes == ["cannot_write"]


def test_the_hall_is_seen_open_while_a_window_is_with_who_is_there(pc, tmp_path, qapp):
    hall = make_hall(tmp_path)
    home = HomeController(hall.path, InlineTasks(), hall.clock, pc.deeds())
    seen = []
    home.looked.connect(seen.append)

    home.look()
    hall.open("4", "C1")
    home.look()

    assert [(there.setup.hall.name, there.is_open, len(there.codes)) for there in seen] == [
        ("城东供电营业厅", False, 6), ("城东供电营业厅", True, 6)
    ]  # fmt: skip
    assert [(code, str(taken.state), taken.who, taken.pc) for code, taken in seen[1].taken.items()] == [
        ("4", "open", "张敏", "")
    ]


def test_a_pc_that_has_joined_works_there_without_naming_it(pc, tmp_path, qapp):
    hall = make_hall(tmp_path)
    home = HomeController(tmp_path / "other.sqlite", InlineTasks(), hall.clock, pc.deeds(), hall="X", is_named=True)
    home.move_to(hall.path, "CD")

    assert home.words("guide") == ["guide"], "the stations find it as home does"
    seen = []
    home.looked.connect(lambda there: seen.append(there.setup.hall.code))
    home.look()
    assert seen == ["CD"]


def test_what_opens_is_said_until_it_runs_or_does_not_come(pc, tmp_path, qapp):
    hall = make_hall(tmp_path)
    home = HomeController(hall.path, InlineTasks(), hall.clock, pc.deeds())
    home.enter("counter", window="3")
    assert [(one.station, one.window, one.state) for one in home.here] == [("counter", "3", OPENING)]

    pc.here = [OwnStation(key="k", station="counter", window="3")]
    home.look_here()
    assert [one.key for one in home.here] == ["k"]

    home.enter("guide")
    hall.clock.now += timedelta(minutes=1)
    home.look_here()
    assert [one.key for one in home.here] == ["k"], "the front desk did not come"


def test_a_station_that_runs_comes_to_the_front_and_is_not_opened_twice(home, pc):
    pc.here = [OwnStation(key="k", station="counter", window="3"), OwnStation(key="d", station="display", state=AWAY)]
    home.look_here()

    home.enter("counter", window="3")
    home.enter("display")
    home.close(pc.here[0])
    home.enter("counter", window="4")

    assert pc.orders == [("k", "front"), ("d", "front"), ("k", "close")]
    assert pc.started == [["counter", "--window", "4"]]


def test_a_closed_station_opens_again_as_it_was_opened(home, pc):
    words = ("--lang", "en", "rating", "--kept")
    pc.here = [
        OwnStation(key="1", station="rating", state=CLOSED),
        OwnStation(key="2", station="rating", state=CLOSED, words=words),
    ]
    home.look_here()
    assert [one.key for one in home.here] == ["2"], "only its last time"
    assert not home.is_used()

    home.open_again(home.here[0])

    assert pc.started == [list(words)]
    assert [one.state for one in home.here] == [OPENING]


def test_what_runs_opens_at_start_up_with_what_is_opened_next(home, pc):
    pc.here = [
        OwnStation(key="1", station="guide", words=("guide",)),
        OwnStation(key="2", station="kiosk", state=CLOSED, words=("kiosk", "--kept")),
    ]
    home.look_here()

    home.keep_at_start(True)
    assert (pc.at_start, pc.kept) == ([["guide"]], {"open_at_start": True})

    home.enter("counter", window="3", opens_at_start=True)
    assert pc.at_start == [["guide"], ["counter", "--window", "3"]]

    home.keep_at_start(False)
    assert pc.at_start == []
