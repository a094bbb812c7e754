"""Halls side by side: what is read, pushed and told of them, by their own logins and from their logs."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from msgspec.structs import replace
from sqlalchemy.exc import DBAPIError

from queuedesk.core.errors import OutsideError, RuleError
from queuedesk.core.figures.halls import Counts, HallRatingCountsByDate
from queuedesk.core.figures.halls import compare_halls as same_mix_halls_blocks
from queuedesk.core.figures.measures.document import day_figures
from queuedesk.core.log.event import first_broken_seq
from queuedesk.core.network.roles import CONSOLE, CUSTOMER, HALL, Actor, Role
from queuedesk.core.network.sharing import PcKind
from queuedesk.core.queue.hallday import business_date
from queuedesk.core.queue.overview import current_alerts
from queuedesk.core.setup.file import check_and_read_setup
from queuedesk.desk import figures, looking, setting_up
from queuedesk.desk.change import Ask, Desk
from queuedesk.desk.queue import calling, issuing, opening, rating
from queuedesk.desk.upkeep import maintenance
from queuedesk.features.halls import verbs as comparing
from queuedesk.features.halls import verbs as pushing
from queuedesk.features.halls.rules import (
    SECTIONS,
    differences_not_changed_since,
    document_with_differences,
    hall_overview_row,
    may_push_setup_to_hall,
    packed_differences,
    push_differences,
    reversed_differences,
)
from queuedesk.features.halls.verbs import compare_halls, comparison_document
from queuedesk.features.halls.words import funnel_point_spoken, remark_texts, service_mix_effect_sentence
from queuedesk.sim.demand import SimulatedDay
from queuedesk.store.log import events
from tests.credentials import shared
from tests.golden.kept import must_be_kept
from tests.hall import Clock, Hall, at, preset, simple_setup
from tests.reports.days import asked, hall, kept, printed_log
from tests.reports.recompute_document import compared, counted
from tests.store.statements import statements

AD, M1, G1 = Actor("AD", Role.ADMIN), Actor("M1", Role.MANAGER), Actor("G1", Role.GUIDE)


def ask(time: str = "9:00", who: Actor = CONSOLE, *, days: int = 0) -> Ask:
    return Ask(who, at(time) + timedelta(days=days))


@pytest.fixture
def halls(founded: Callable[..., dict[str, Hall]]) -> dict[str, Desk]:
    """A, whose manager is M1; B, which lets that manager look on; and C, which lets nobody."""
    seen_by = {"A": [], "B": ["A/M1"], "C": ["A/M2", "B/M1"]}
    made = founded(simple_setup(), {code: {"seen_by": who} for code, who in seen_by.items()})
    return {code: one.desk for code, one in made.items()}


def test_a_manager_sees_the_own_hall_and_those_that_name_the_person_by_hall_and_code(halls):
    def codes(desk: Desk, who: Actor) -> list[str]:
        return [row["hall"] for row in comparing.visible_halls_document(desk, who, at("9:00"))]

    assert codes(halls["A"], M1) == ["A", "B"]
    assert codes(halls["B"], M1) == ["B", "C"]
    assert codes(halls["C"], M1) == ["C"]
    assert codes(halls["A"], Actor("M3", Role.ADMIN)) == ["A"]
    assert codes(halls["A"], CONSOLE) == ["A", "B", "C"]
    for value in ("M1", "A/", "/M1", "A/M 1", "A/M1/x", 7):
        with pytest.raises(RuleError) as refused:
            setting_up.change_hall(halls["A"], ask(), {"seen_by": [value]})
        assert (refused.value.code, refused.value.details["why"]) == ("bad_value", "no_onlooker"), value
    # Who is no manager looks at no hall and compares nothing.
    with pytest.raises(RuleError, match="not_your_role"):
        comparing.HallsOverviewReader(halls["A"]).read_hall_rows(G1, at("9:00"))
    with pytest.raises(RuleError, match="not_your_role"):
        comparing.compare_halls(halls["A"], G1, "month", at("9:00").date(), at("9:00"))
    assert len(comparing.compare_halls(halls["A"], M1, "day", at("9:00").date(), at("9:00")).found.halls) == 2
    # A hall that names somebody later is seen from then on.
    side = comparing.HallsOverviewReader(halls["A"])
    assert [row.code for row in side.read_hall_rows(M1, at("9:00"))] == ["A", "B"]
    setting_up.change_hall(halls["C"], ask(), {"seen_by": ["A/M1"]})
    setting_up.change_hall(halls["B"], ask(), {"seen_by": []})
    assert [row.code for row in side.read_hall_rows(M1, at("9:01"))] == ["A", "C"]
    assert side.alert_state_of_hall("B") is None
    assert (side.may_see_several_halls(M1), side.may_see_several_halls(Actor("M2", Role.MANAGER))) == (True, False)


def test_a_row_is_what_the_whole_day_gives(halls):
    side, b = comparing.HallsOverviewReader(halls["A"]), Hall(halls["B"], Clock(at("9:00")), Path())
    b.play("open 3 staff=C3", *["issue A", 1, "issue B", 1] * 4)
    b.play("9:10", "call 3", "9:12", "transfer 3 B to_window=2", "9:13", "call 3", "9:14", "redirect C window=3")
    b.play("9:15", "call 3", "9:15:30", "miss 3", "9:16", "call 3", "9:16:30", "start 3", "9:17")
    b.play("park 3 reason=papers", "9:18", "call 3", "9:19", "finish 3", "9:20", "leave A004", "9:21", "call 3")
    for now in (at("9:25"), at("9:40"), at("9:00") + timedelta(days=1)):
        row = side.read_hall_rows(M1, now, "B")[1]
        whole = side.hall_day_state("B")
        figures = day_figures(whole, business_date(whole.setup_now, now), now)
        assert row == hall_overview_row(whole, figures, current_alerts(whole, now), None, now)


def test_the_document_says_minutes_and_times_of_the_hall_and_one_that_is_opened_is_followed_with_its_whole_day(halls):
    side, b = comparing.HallsOverviewReader(halls["A"]), halls["B"]
    issuing.issue_ticket(b, ask("9:00"), "A")
    _own, row = comparing.visible_halls_document(halls["A"], M1, at("9:12"))
    assert comparing.visible_halls_document(halls["A"], M1, at("9:16"))[1]["past_target"] == 1
    told = {"hall": "B", "waiting": 1, "longest_wait": 12.0, "open_windows": 0, "served": 0, "within_target": None}
    told |= {"target_minutes": 15, "past_target": 0, "silent_since": at("9:00").isoformat()}
    assert row == {**told, **{name: row[name] for name in ("name", "name_en", "alerts")}}
    side.read_hall_rows(M1, at("9:00"), "B")
    calling.void_ticket(b, ask("9:01"), "A001", reason="wrong")
    issuing.issue_ticket(b, ask("9:02"), "A")
    with statements(halls["A"].db) as asked:
        side.read_hall_rows(M1, at("9:03"), "B")
    assert [label for _date, label in side.hall_day_state("B").tickets] == ["A001", "A002"]
    assert not any("FROM shifts" in one for one in asked)
    side.read_hall_rows(M1, at("9:04"))
    assert side.hall_day_state("B") is None


def test_many_halls_take_as_many_statements_as_one(halls):
    def asked(who: Actor) -> tuple[int, int, int]:
        side, found = comparing.HallsOverviewReader(halls["A"]), []
        for grown in (False, False, True):
            for code in halls if grown else ():
                issuing.issue_ticket(halls[code], ask("9:00"), "A")
            with statements(halls["A"].db) as sent:
                side.read_hall_rows(who, at("9:00"))
            found.append(len(sent))
        return tuple(found)

    side = comparing.HallsOverviewReader(halls["A"])
    assert [len(side.read_hall_rows(who, at("9:00"))) for who in (Actor("M3", Role.ADMIN), CONSOLE)] == [1, 3]
    one, three = asked(Actor("M3", Role.ADMIN)), asked(CONSOLE)
    assert one == three
    assert three[1] < 5


def test_a_managers_pc_sees_through_its_own_login_what_it_may_and_writes_nothing_there(shared_url):
    with shared(shared_url, "A", "B", "C") as place:
        b = place.hall(hall=2)
        b.do("set-hall", {"seen_by": ["A/M1"]})
        b.queue("A", "B")
        desk = place.desk(place.pc(PcKind.MANAGER))
        side = comparing.HallsOverviewReader(desk)
        rows = side.read_hall_rows(M1, place.clock())
        b.issue("C")
        assert [(row.code, row.waiting) for row in rows] == [("A", 0), ("B", 2)]
        assert len(side.read_hall_rows(M1, place.clock(), "B")) == 2 and len(side.hall_day_state("B").tickets) == 3
        others = comparing.HallsOverviewReader(place.desk(place.pc(PcKind.STAFF)))
        assert [row.code for row in others.read_hall_rows(M1, place.clock())] == ["A"]
        assert [row.waiting for row in side.read_hall_rows(M1, place.clock())] == [0, 3]
        with pytest.raises((DBAPIError, OutsideError, RuleError)):
            issuing.issue_ticket(Desk(desk.db, 2), Ask(M1, place.clock()), "A")
        assert len(b.log()) == 5
        # Only logins that are told ratings compare them.
        b.do("set-hall", {"region": "East"})
        b.open("1", "C1")
        rating.rate_visit(b.desk, b.ask(), b.serve_out("1"), 4)
        today = place.clock().date()
        document = comparing.comparison_document(comparing.compare_halls(desk, M1, "month", today, place.clock()))
        assert [(row["hall"], row["region"], row["n"]) for row in document["halls"]] == [("A", "", 0), ("B", "East", 1)]
        with pytest.raises(RuleError, match="not_for_you"):
            comparing.compare_halls(place.desk(place.pc(PcKind.STAFF)), M1, "month", today, place.clock())


@pytest.fixture
def led(founded: Callable[..., dict[str, Hall]]) -> dict[str, Desk]:
    """A, from which is pushed; B and C, which A's admin leads; and D, which nobody does."""
    rows = {code: {"region": "West", "led_by": ["A/AD"] if code in "BC" else []} for code in "ABCD"}
    made = founded(simple_setup(), rows | {"B": rows["B"] | {"region": "East"}}, time="8:00")
    setting_up.change_row_fields(made["A"].desk, ask("8:30"), "services", "A", {"name": "Pay"})
    return {code: one.desk for code, one in made.items()}


def name(desk: Desk, service: str = "A") -> str:
    return looking.setup_of_hall(desk).services[service].name


def ticked(desk: Desk, who: Actor = AD) -> dict[str, bool]:
    return {one.code: one.is_ticked_by_default for one in pushing.preview_push(desk, who, ["words"], at("9:00"))}


def became(document: dict[str, Any]) -> dict[str, str]:
    return {row["hall"]: row["became"] for row in document["halls"]}


def test_what_is_pushed_reaches_whoever_the_pusher_leads_and_has_no_words_of_its_own(led):
    assert ticked(led["A"]) == {"A": False, "B": True, "C": True}
    assert ticked(led["A"], CONSOLE) == {"A": False, "B": True, "C": True, "D": True}
    assert ticked(led["B"]) == {"B": False}
    with pytest.raises(RuleError, match="not_your_role"):
        pushing.preview_push(led["A"], M1, ["words"], at("9:00"))
    with pytest.raises(RuleError, match="unknown_hall"):
        pushing.push_setup_sections(led["A"], ask(who=AD), ["words"], to=["D"])
    today = at("9:00").date()
    for when, until in (("quiet", today - timedelta(days=1)), ((today + timedelta(days=2)).isoformat(), today)):
        with pytest.raises(RuleError) as refused:
            pushing.push_setup_sections(led["A"], ask(), ["words"], to=["B"], when=when, until=until)
        assert (refused.value.code, refused.value.details["why"]) == ("bad_value", "is_over")
    assert pushing.documents_of_pushes_already_sent(led["A"], CONSOLE) == []
    setting_up.change_row_fields(led["C"], ask("8:40", AD), "services", "A", {"name": "Own"})
    there = {one.code: one for one in pushing.preview_push(led["A"], AD, ["words"], at("9:00"))}
    c = there["C"]
    assert (c.is_ticked_by_default, c.time_of_last_own_change, c.found[0].by) == (False, at("8:40"), "AD")
    first = pushing.push_setup_sections(led["A"], ask("9:00", AD), ["words"])
    asked = pushing.push_setup_sections(led["A"], ask("9:01", AD), ["words"], to=["C"])
    assert (became(first), first["left"], became(asked)) == ({"B": "push"}, ["C"], {"C": "push"})
    assert [name(led[code]) for code in "BCD"] == ["Pay", "Pay", "A"]
    with led["B"].db.read() as tx:
        log = list(events.all_events(tx, led["B"].hall))
    assert (log[-1].actor, log[-1].data["push"]["from"], first_broken_seq(log)) == ("A/AD", "A", None)
    setting_up.change_row_fields(led["B"], ask("9:01", AD), "services", "B", {"name": "Mine"})
    setting_up.change_row_fields(led["A"], ask("9:01"), "services", "A", {"name": "Pay now"})
    there = {one.code: one for one in pushing.preview_push(led["A"], AD, ["words"], at("9:02"))}
    found = [(one.code, one.is_changed_by_hall_itself, one.by) for one in there["B"].found]
    assert found == [("A", False, None), ("B", True, "AD")], "own is what its people changed since the last push"
    setting_up.change_row_fields(led["B"], ask("9:01", AD), "services", "B", {"name": "B"})
    setting_up.change_row_fields(led["A"], ask("9:01"), "services", "A", {"name": "Pay"})
    with pytest.raises(RuleError, match="nothing_to_push"):
        pushing.push_setup_sections(led["A"], ask("9:02", AD), ["words"])
    setting_up.add_setup_row(led["B"], ask("9:05"), "services", {"code": "Z", "name": "Z", "prefix": "K", "first": 5})
    setting_up.change_row_fields(led["A"], ask("9:06"), "services", "C", {"prefix": "K"})
    there = {one.code: one for one in pushing.preview_push(led["A"], AD, ["services"], at("9:07"))}
    assert there["B"].refused is not None and not there["B"].is_ticked_by_default
    pushed = pushing.push_setup_sections(led["A"], ask("9:08", AD), ["services"], to=["B", "C"])
    assert became(pushed) == {"B": "refused", "C": "push"}, "one hall's refusal stops no other"
    (told,) = (row for row in pushing.documents_of_pushes_already_sent(led["A"], AD) if row["n"] == pushed["n"])
    assert became(told) == became(pushed)
    assert [row["code"] for row in told["halls"]] == ["bad_value", None]


def test_an_open_hall_takes_what_it_did_not_change_itself_when_nobody_is_there_any_more(led):
    b = led["B"]
    setting_up.change_row_fields(led["A"], ask("8:31"), "services", "B", {"name": "Ask"})
    opening.open_window(b, ask("8:50"), "1", staff="C1")
    pushed = pushing.push_setup_sections(led["A"], ask(), ["words"], region="East")
    assert became(pushed) == {"B": "due"}
    setting_up.change_row_fields(b, ask("9:05"), "services", "A", {"name": "Own"})
    assert pushing.apply_or_undo_due_pushes(b, ask("9:10", HALL)) == {"taken": []}
    assert name(b, "B") == "B"
    opening.close_window(b, ask("17:00"), "1")
    (taken,) = pushing.apply_or_undo_due_pushes(b, ask("17:01", HALL))["taken"]
    assert [taken[name] for name in ("from", "n", "became", "changes", "left")] == ["A", pushed["n"], "push", 1, 1]
    assert [name(b, code) for code in "AB"] == ["Own", "Ask"]
    assert pushing.apply_or_undo_due_pushes(b, ask("17:02", HALL)) == {"taken": []}
    setting_up.change_row_fields(led["A"], ask("17:05"), "services", "C", {"name": "More"})
    day = (at("9:00") + timedelta(days=2)).date().isoformat()
    n = pushing.push_setup_sections(led["A"], ask("17:06"), ["words"], to=["B"], when=day)["n"]
    assert pushing.apply_or_undo_due_pushes(b, ask("9:00", HALL, days=1)) == {"taken": []}
    assert became(pushing.undo_push(led["A"], ask("9:01", days=1), n)) == {"B": "back"}
    assert pushing.apply_or_undo_due_pushes(b, ask("9:00", HALL, days=2)) == {"taken": []}
    assert name(b, "C") == "C", "what waited for a day is withdrawn"


def test_former_words_come_back_after_a_date_or_when_asked_but_for_what_was_changed_since(led):
    setting_up.change_row_fields(led["A"], ask("8:31"), "services", "B", {"name": "Ask"})
    pushing.push_setup_sections(led["A"], ask(), ["words"], when="at-once", until=at("9:00").date())
    setting_up.change_row_fields(led["C"], ask("9:05"), "services", "A", {"name": "Own"})
    for code in "BCD":
        assert pushing.apply_or_undo_due_pushes(led[code], ask("23:00", HALL)) == {"taken": []}
        pushing.apply_or_undo_due_pushes(led[code], ask("8:00", HALL, days=1))
    assert [name(led["B"], code) for code in "AB"] == ["A", "B"]
    assert [name(led["C"], code) for code in "AB"] == ["Own", "B"]
    n = pushing.push_setup_sections(led["A"], ask(days=1), ["words"], to=["B", "C", "D"])["n"]
    assert [name(led[code]) for code in "BCD"] == ["Pay", "Pay", "Pay"]
    assert became(pushing.undo_push(led["A"], ask("9:05", AD, days=1), n, "C")) == {"C": "back"}
    assert [name(led[code]) for code in "BC"] == ["Pay", "Own"]
    rest = pushing.undo_push(led["A"], ask("9:06", AD, days=1), n)
    assert became(rest) == {"B": "back", "C": "nothing", "D": "refused"}
    assert [name(led[code]) for code in "BCD"] == ["A", "Own", "Pay"]
    with pytest.raises(RuleError, match="not_there"):
        pushing.undo_push(led["A"], ask(days=1), n + 1)


@pytest.mark.pg
def test_a_pc_s_own_login_pushes_nothing_but_its_hall_takes_what_waits(shared_url: str):
    with shared(shared_url, "A", "B") as both:
        a, b = Desk(both.owner, 1), Desk(both.owner, 2)
        setting_up.change_row_fields(a, ask("9:00"), "services", "A", {"name": "Pay"})
        pc = both.desk(both.pc(PcKind.MANAGER))
        for do in (
            lambda: pushing.preview_push(pc, CONSOLE, ["words"], at("9:00")),
            lambda: pushing.push_setup_sections(pc, ask(), ["words"]),
            lambda: pushing.undo_push(pc, ask(), 2),
        ):
            with pytest.raises(RuleError, match="push_elsewhere"):
                do()
        opening.open_window(b, ask("9:00"), "1", staff="C1")
        pushed = pushing.push_setup_sections(a, ask("9:01"), ["words"])
        opening.close_window(b, ask("9:02"), "1")
        there = {kind: both.desk(both.pc(kind, 2), 2) for kind in PcKind}
        for kind in (PcKind.PUBLIC, PcKind.STAFF):
            assert pushing.apply_or_undo_due_pushes(there[kind], ask("9:03", HALL)) == {"taken": []}
        taken = pushing.apply_or_undo_due_pushes(there[PcKind.MANAGER], ask("9:03", HALL))["taken"]
        assert (became(pushed), [row["became"] for row in taken]) == ({"B": "due"}, ["push"])
        assert name(b) == "Pay"
        told = pushing.documents_of_pushes_already_sent(pc, CONSOLE)
        assert told[0]["halls"] == [{"hall": "B", "became": None, "at": None, "changes": 0, "code": None}]


CALENDAR, TARGETS = {"2027-01-01": {"kind": "holiday"}}, [{"measure": "satisfaction", "value": 95}]
PARTS = [("rules", "settings", {"amber_minutes": 8}), ("words", "notices", [{"text": "Closed at noon"}])]
PARTS += [("targets", "targets", TARGETS), ("calendar", "calendar", CALENDAR), ("scheme", "scheme", {"praise_cap": 4})]


def services(**named: dict[str, Any]) -> list[dict[str, Any]]:
    return [{**row, **named.get(row["code"], {})} for row in simple_setup()["services"]]


def test_words_are_those_of_services_that_both_halls_have():
    ours = simple_setup(services=services(A={"name": "Pay", "quota": 9}, C={"name": "New"}))
    theirs = simple_setup(services=services()[:2])
    (word,) = packed_differences(push_differences(ours, theirs, ["words"]))
    assert tuple(word) == ("services", "A", "name", "A", "Pay")
    found = push_differences(ours, theirs, ["services"])
    assert [(one.code, one.field) for one in found] == [("A", "name"), ("A", "quota"), ("C", "")]


def test_what_only_means_the_usual_differs_from_nothing_and_nothing_that_only_the_other_hall_has_goes():
    ours = simple_setup(services=services(A={"quota": None, "credit_minutes": 0, "first": 1}), settings={})
    theirs = simple_setup(notices=[{"text": "Lift out of order"}], calendar=CALENDAR, targets=TARGETS)
    assert push_differences(ours, simple_setup(), SECTIONS) == push_differences(simple_setup(), theirs, SECTIONS) == []


@pytest.mark.parametrize(("section", "part", "value"), PARTS)
def test_a_section_goes_there_and_back(section: str, part: str, value: Any):
    theirs = simple_setup(hall={**simple_setup()["hall"], "code": "B", "name": "Other"})
    found = push_differences(simple_setup(**{part: value}), theirs, [section])
    after = document_with_differences(theirs, found)
    back = document_with_differences(after, differences_not_changed_since(after, reversed_differences(found)))
    assert found and (after[part], after["hall"]) == (value, theirs["hall"])
    assert push_differences(theirs, back, SECTIONS) == push_differences(back, theirs, SECTIONS) == []


def test_only_the_console_and_an_admin_whom_the_hall_names_may_push_to_it():
    there = check_and_read_setup(simple_setup(hall={**simple_setup()["hall"], "code": "B", "led_by": ["A/AD", "A/M1"]}))
    asked = ((CONSOLE, "A"), (AD, "A"), (Actor("AD", Role.ADMIN, unproven=True), "A"), (AD, "C"), (M1, "A"))
    assert [may_push_setup_to_hall(who, code, there) for who, code in asked] == [True, True, False, False, False]
    assert not may_push_setup_to_hall(CONSOLE, "B", there)


FIRST = date(2026, 11, 2)


def counted_hall(
    code: str, services: Mapping[str, Counts], *, days: int = 1, earlier: Any = ()
) -> HallRatingCountsByDate:
    """Return a hall whose ratings are spread evenly over `days`."""
    spread = {
        FIRST + timedelta(days=n): {
            key: (good * (n + 1) // days - good * n // days, bad * (n + 1) // days - bad * n // days)
            for key, (good, bad) in services.items()
        }
        for n in range(days)
    }
    return HallRatingCountsByDate(code=code, name=code, name_en=code, days=spread, earlier=earlier)


YEAR: tuple[Counts, ...] = ((940, 60), (955, 45), (945, 55), (950, 50), (948, 52))
USUAL = [counted_hall(f"H{n}", {"A": (950, 50)}, days=20) for n in range(4)]
STORM = counted_hall("Storm", {"A": (950, 50)}, days=20)
SEEDED = {
    # New connections are hard (80 %), paying is easy (98 %).
    "Hard has mostly new connections and is better at both: Simpson's paradox is turned round like for like": [
        counted_hall("Hard", {"N": (1640, 360), "P": (396, 4)}),
        counted_hall("Easy", {"N": (312, 88), "P": (1944, 56)}),
    ],
    "Twelve ratings at 100 % are no best hall": [*USUAL, counted_hall("Tiny", {"A": (12, 0)})],
    "What follows a bad or a best month is chance coming back": [
        counted_hall("Recovered", {"A": (945, 55)}, earlier=((880, 120), *YEAR)),
        counted_hall("Fallen", {"A": (946, 54)}, earlier=((985, 15), *YEAR)),
        counted_hall("Steady", {"A": (950, 50)}, earlier=YEAR),
    ],
    "A change that chance explains is no change": [
        counted_hall("A", {"A": (40, 4)}, earlier=((44, 1), *YEAR)),
        counted_hall("B", {"A": (950, 50)}),
    ],
    "One extraordinary day is named, with the month without it": [
        *(counted_hall(f"H{n}", {"A": (1900, 100)}, days=20) for n in range(4)),
        replace(STORM, days={**STORM.days, FIRST + timedelta(days=3): {"A": (10, 60)}}),
    ],
    "What lies beyond chance is told, and nothing else is ranked": [
        *(counted_hall(f"H{n}", {"A": (950 + n, 50 - n)}, days=20) for n in range(8)),
        counted_hall("Bad", {"A": (880, 120)}),
        counted_hall("Good", {"A": (1000, 0)}),
    ],
    "A hall of other services stands alone, and regions are pooled": [
        counted_hall("A", {"A": (90, 10)}),
        counted_hall("B", {"A": (180, 20)}),
        counted_hall("X", {"X": (50, 50)}),
    ],
}
"""What a statistician would try."""


def test_what_is_told_of_each_is_what_its_page_says():
    told = []
    for title, halls in SEEDED.items():
        found = same_mix_halls_blocks(halls)
        told += [f"# {title}", *(f"{funnel_point_spoken(one)}, as counted {one.counted_as}" for one in found.halls)]
        told += [f"! {': '.join(remark_texts(found, one))}" for one in found.remarks]
        told += [f"region {one.name!r}: {one.found.n}" for one in found.hall_groups("region")]
        beyond = " ".join(one.code for one in found.halls_beyond_chance)
        told += [f"beyond: {beyond}", service_mix_effect_sentence(found), ""]
    must_be_kept(Path(__file__).parent / "golden" / "compared.txt", "\n".join(told))


def test_a_file_with_one_hall_shows_that_one(console):
    assert [row["hall"] for row in console.ask("halls")["halls"]] == ["CD"]


AFTER = datetime(2026, 12, 30, 12, tzinfo=UTC)
DECEMBER = date(2026, 12, 1)
DAYS = {date(2026, 11, 19): 8, date(2026, 12, 1): 70}
LEVELS = {"CD": [5, 5, 4, 4, 3, 1], "WEST": [5, 4, 4, 3, 3, 3, 3, 3, 3, 3, 3, 1], "NORTH": [5, 2, 2, 1]}


def live(desk: Desk, code: str, rng: Random) -> None:
    """Let days pass in a hall, most customers rate, and two ratings of each day be taken out."""
    for day, customers in DAYS.items():
        SimulatedDay(desk, day, rng.randint(1, 99), customers=customers).play()
        now = (looking.last_event_time(desk) or AFTER) + timedelta(minutes=1)
        for ticket in list(looking.hall_state_on(desk, day).tickets.values()):
            if ticket.rating is None and rng.random() < 0.8:
                with suppress(RuleError):
                    rating.rate_visit(desk, Ask(CUSTOMER, now), ticket.label, rng.choice(LEVELS[code]))
        for _day, label in rng.sample(list(looking.hall_state_on(desk, day).ratings), 2):
            left_out = {"changes": {"rating": "excluded"}, "reason": "chosen", "second": "AD"}
            figures.correct_leg_or_rating(desk, asked(now), label, day=day, **left_out)


@kept
def three_halls(folder: Path) -> Desk:
    rng, document = Random(5), preset()
    desk = hall(folder, hall=document["hall"] | {"region": "East"})
    live(desk, "CD", rng)
    for code in ("WEST", "NORTH"):
        own = document["hall"] | {"code": code, "name": code, "name_en": code, "region": "West"}
        services = [row | {"name": "别的"} if row["code"] == "C" else row for row in document["services"]]
        (folder / code).mkdir()
        other = hall(folder / code, hall=own, services=services if code == "WEST" else document["services"])
        live(other, code, rng)
        maintenance.export_hall_log(other, CONSOLE, folder / f"{code}.log", AFTER)
        other.db.dispose()
        maintenance.merge_exported_log(folder / f"{code}.log", folder / "hall.sqlite", asked(AFTER))
    return desk


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return three_halls(tmp_path)


def test_a_month_of_three_halls_comes_to_the_same_from_their_logs(desk):
    document = comparison_document(compare_halls(desk, CONSOLE, "month", DECEMBER, AFTER))
    logs = {code: printed_log(Desk(desk.db, looking.hall_id_by_code(desk.db, code))) for code in LEVELS}
    november, december = ([str(day) for day in DAYS if day.month == month] for month in (11, 12))
    found = compared({code: counted(log, december, AFTER) for code, log in logs.items()})
    before = compared({code: counted(log, november, AFTER) for code, log in logs.items()})
    keys = ("n", "satisfied", "rate", "alike", "spread", "lies", "lies_as_counted")
    for row in document["halls"]:
        own = found[row["hall"]]
        assert {key: row[key] for key in keys} == pytest.approx({key: own[key] for key in keys}, abs=1e-6), row["hall"]
        then = before[row["hall"]]
        assert (row["before"]["n"], row["before"]["rate"]) == pytest.approx((then["n"], then["rate"]), abs=1e-6)
    assert sorted(document["moved"]) == sorted(code for code, own in found.items() if own.get("moved"))
    assert document["all"]["n"] == sum(own["n"] for own in found.values()) > 150
    west = next(one for one in document["regions"] if one["region"] == "West")
    assert west["n"] == found["WEST"]["n"] + found["NORTH"]["n"]
    assert {row["lies"] for row in document["halls"]} == {"above", "below"} or "inside" in str(document)
