"""A month of sheets that is closed says what it said then; a later correction makes a version beside it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from queuedesk.core.errors import RuleError
from queuedesk.core.network.roles import CUSTOMER, Actor, Role
from queuedesk.core.network.sharing import PcKind
from queuedesk.desk import looking
from queuedesk.desk.figures import correcting
from queuedesk.desk.setup import setting_up
from queuedesk.features.staff.rules.person_sheet import MonthSheets, sheets_of, team, text_of
from queuedesk.features.staff.verbs import month_sheets, own_work, sheet_document
from queuedesk.features.staff.words import later_words
from tests.credentials import shared
from tests.engine_fixtures import ON_BOTH_ENGINES
from tests.hall import ADMIN, MANAGER, Hall, clerk, make_hall

NOVEMBER = date(2026, 11, 1)


def lived(hall: Hall) -> Hall:
    """Return it in December, with two served and rated in November."""
    hall.open("1", "C1")
    hall.queue("A", "A")
    for label in ("A001", "A002"):
        hall.serve_out("1")
        hall.do("rate", label, 1 if label == "A001" else 5, who=CUSTOMER)
    hall.do("thanks", "C1", who=MANAGER)
    hall.clock.move(days=12)
    return hall


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    return lived(make_hall(tmp_path))


def read(hall: Hall, version: int | None = None, who: Actor = MANAGER, staff: str = "") -> MonthSheets:
    return month_sheets(hall.desk, who, NOVEMBER, hall.clock(), staff=staff, version=version)


def take_out(hall: Hall, label: str) -> None:
    changes = {"rating": "excluded"}
    ask, day = hall.ask(MANAGER), date(2026, 11, 20)
    correcting.correct(hall.desk, ask, label, changes=changes, reason="chosen", second="AD", day=day)


@ON_BOTH_ENGINES
def test_a_closed_month_stays_as_it_was_and_a_correction_makes_the_next_version(hall: Hall) -> None:
    before = read(hall)
    told = hall.do("sheet-close", NOVEMBER, who=MANAGER)
    assert (told["month"], told["version"], before.versions) == ("2026-11", 1, 0)
    first = read(hall)
    assert (first.version, first.closed_by, first.team, first.rows) == (1, "M1", before.team, before.rows)

    take_out(hall, "A001")
    setting_up.change_part(hall.desk, hall.ask(ADMIN), "scheme", {"order": {"weight": 10}, "shifts": {"weight": 15}})

    assert read(hall).team == before.team  # as closed, whatever came after
    assert read(hall, 0).team.sheets["C1"].ratings == before.team.sheets["C1"].ratings - 1
    assert hall.do("sheet-close", NOVEMBER, who=MANAGER)["version"] == 2
    both = {version: read(hall, version) for version in (1, 2)}
    assert both[1].team == before.team and both[2].team == read(hall, 0).team
    assert (both[1].versions, both[1].stood) == (2, before.stood)
    # What is kept is what the rows come to.
    assert team(both[2].rows, both[2].stood.scheme) == both[2].team
    with pytest.raises(RuleError, match="not_there"):
        read(hall, 3)
    hall.must_follow_from_its_log()


@pytest.mark.parametrize(
    ("args", "who", "code"),
    [
        ((date(2026, 12, 1),), MANAGER, "month_runs"),
        ((NOVEMBER,), clerk("C1"), "not_your_role"),
        ((NOVEMBER,), None, "who_are_you"),
    ],
)
def test_what_can_not_be_closed(hall: Hall, args: tuple[Any, ...], who: Actor | None, code: str) -> None:
    with pytest.raises(RuleError, match=code):
        hall.do("sheet-close", *args, **({"who": who} if who else {}))


def test_nothing_is_closed_over_an_open_question_or_twice_alike(hall: Hall) -> None:
    asked = hall.do("sheet-dispute", "C1", "handling", "2026-11-20 A001", "Reader down", who=clerk("C1"))
    with pytest.raises(RuleError, match="disputes_wait"):
        hall.do("sheet-close", NOVEMBER, who=MANAGER)
    hall.do("sheet-decide", asked["dispute"], "It was", exclude=True, who=MANAGER)
    hall.do("sheet-close", NOVEMBER, who=MANAGER)
    with pytest.raises(RuleError, match="month_closed"):
        hall.do("sheet-close", NOVEMBER, who=MANAGER)

    # What is asked afterwards waits beside the closed month and changes no figure of it.
    hall.do("sheet-dispute", "C1", "handling", "2026-11-20 A002", "Too", who=clerk("C1"))
    found = read(hall)
    assert [(one.state, one.name) for one in found.rows.disputes] == [
        ("excluded", "2026-11-20 A001"),
        ("waiting", "2026-11-20 A002"),
    ]
    assert found.team.sheets["C1"].item("handling").apart == ("2026-11-20 A001",)


def test_what_is_excluded_after_the_closing_is_said_and_still_counts(hall: Hall) -> None:
    hall.do("sheet-close", NOVEMBER, who=MANAGER)
    before = read(hall)
    for label, out in (("A001", True), ("A002", False)):
        asked = hall.do("sheet-dispute", "C1", "handling", f"2026-11-20 {label}", "Not about me", who=clerk("C1"))
        hall.do("sheet-decide", asked["dispute"], "Looked at", exclude=out, who=MANAGER)
    closed, own = read(hall), read(hall, who=clerk("C1"), staff="C1")

    assert (closed.team, own.team.sheets["C1"].item("handling").of) == (before.team, 2)
    assert [one.name for one in closed.later] == ["2026-11-20 A001"] == [one.name for one in own.later]
    # The answer that it counts is told too.
    assert [(one.name, one.state) for one in own.rows.disputes] == [("2026-11-20 A002", "kept")]
    told = sheet_document(looking.setup_of(hall.desk), own, "C1")
    assert told["closed"]["excluded_since"] == 1
    assert [(one["answer"], one["since_closed"]) for one in told["disputes"]] == [
        ("Looked at", False),
        ("Looked at", True),
    ]
    assert later_words(own, "C1", "en").startswith("Since it was closed 1 row was excluded")
    assert later_words(closed, "C2", "en") == "Of others' sheets 1 row was excluded since."
    assert hall.do("sheet-close", NOVEMBER, who=MANAGER)["version"] == 2
    assert (read(hall).later, len(read(hall, 1).later)) == ((), 1)


def test_a_text_holds_a_month_whole(hall: Hall) -> None:
    hall.do("sheet-dispute", "C1", "satisfaction", "2026-11-20 A001", "No", who=clerk("C1"))
    found = read(hall)
    again = sheets_of(text_of(found))

    assert (again.rows, again.team, again.stood, again.first, again.last) == (
        found.rows,
        found.team,
        found.stood,
        found.first,
        found.last,
    )


def test_the_own_closed_month_tells_no_few_ratings(hall: Hall) -> None:
    hall.do("sheet-close", NOVEMBER, who=MANAGER)
    own = read(hall, who=Actor("C1", Role.CLERK), staff="C1").team.sheets["C1"]

    assert own.item("satisfaction").why == "few_ratings" and own.item("handling").of == 2


def test_a_counters_login_reads_the_closed_month_without_ratings(shared_url: str) -> None:
    with shared(shared_url, "T") as place:
        counter, office = place.hall(place.pc(PcKind.STAFF)), place.hall(place.pc(PcKind.MANAGER))
        lived(counter)
        before = read(counter, who=clerk("C1"), staff="C1")
        office.do("sheet-close", NOVEMBER, who=MANAGER)
        take_out(office, "A001")
        for item, label in (("satisfaction", "A001"), ("handling", "A002")):
            asked = counter.do("sheet-dispute", "C1", item, f"2026-11-20 {label}", "No", who=clerk("C1"))
            office.do("sheet-decide", asked["dispute"], "So it is", exclude=True, who=MANAGER)
        found = own_work(counter.desk, clerk("C1"), NOVEMBER, counter.clock()).month
        assert len(found.later) == 2 and [one.item for one in read(office).later] == ["satisfaction", "handling"]

        assert (found.version, found.team.sheets["C1"]) == (1, before.team.sheets["C1"])
        assert found.team.sheets["C1"].item("satisfaction").why == "not_here"
        assert read(office).team.sheets["C1"].ratings == 2
        place.hall().must_follow_from_its_log()
