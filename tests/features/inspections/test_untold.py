"""What a PC for staff is told of an inspection whose finding one of its clerks puts right: not where it was found."""

from __future__ import annotations

import pytest

from queuedesk.core.network.roles import Actor, Role
from queuedesk.core.network.sharing import PcKind
from queuedesk.desk.quality import inspecting
from tests.credentials import shared
from tests.postgres import WITH_RIGHTS, drop_database, new_database

pytestmark = pytest.mark.pg


def test_the_owner_at_a_staff_pc_proves_a_finding_and_reads_nothing_of_where_it_was_found() -> None:
    url = new_database(WITH_RIGHTS)
    by, owner = Actor("M1", Role.MANAGER), Actor("C1", Role.CLERK)
    with shared(url, "A") as place:
        hall, pc = place.hall(), place.hall(place.pc(PcKind.STAFF))
        visit = hall.do("inspect-start", sheet="window", channel="mystery", visitor=2, who=by)["inspection"]
        fix = hall.do("fix-add", "No name plate", "C1", inspection=visit, item=2, who=by)["rectification"]
        (read,) = inspecting.fixes_of(pc.desk, None, place.clock())
        pc.do("fix-prove", fix, "photos/plate.jpg", who=owner)

        assert (read["issue"], read["owner"], read["inspection"], read["channel"]) == (
            "No name plate",
            "C1",
            None,
            None,
        )
        assert "inspection" not in next(one for one in pc.log() if one.kind == "inspect-fix").data
        (whole,) = inspecting.fixes_of(hall.desk, None, place.clock())
        assert (whole["state"], whole["inspection"], whole["proofs"][0]["by"]) == ("proven", visit, "C1")
        hall.must_follow_from_its_log()
    drop_database(url)
