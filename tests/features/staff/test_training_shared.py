"""Training in a shared hall: a counter's login reads and answers what names oneself, and notes nothing."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from queuedesk.core.errors import OutsideError
from queuedesk.core.network.sharing import PcKind
from queuedesk.desk import appraisal, looking
from queuedesk.features.staff import verbs
from queuedesk.features.staff.rules.training import Act, needs_of
from tests.credentials import Shared, shared
from tests.hall import MANAGER, clerk
from tests.postgres import WITH_RIGHTS, drop_database, new_database

pytestmark = pytest.mark.pg


@pytest.fixture
def place() -> Iterator[Shared]:
    url = new_database(WITH_RIGHTS)
    with shared(url, "A") as made:
        yield made
    drop_database(url)


def test_a_counters_login_reads_what_names_oneself_and_notes_nothing(place: Shared) -> None:
    office, counter = place.hall(place.pc(PcKind.MANAGER)), place.hall(place.pc(PcKind.STAFF))
    office.do("training", "Papers", 30, ["C1", "C2"], who=MANAGER)
    rows = [
        Act("transfers", office.date, f"A{n}", who, "A", "", int(who == "C1" and n < 40))
        for who in ("C1", "C2", "C3")
        for n in range(90)
    ]
    found = needs_of(office.date, office.date, rows)
    verbs.note_named(office.desk, office.ask(MANAGER), found, ("transfers", "A"), reason="coach")

    now, who = counter.clock(), clerk("C1")
    months = verbs.training_months(counter.desk, who, counter.date, now)
    assert [(one.staff, one.minutes[-1]) for one in months.people] == [("C1", 30)]
    [session] = appraisal.trainings_of(counter.desk, who, counter.date, counter.date)
    assert (session["topic"], session["attended"]) == ("Papers", ["C1"])
    [named] = appraisal.named_for(counter.desk, who)
    counter.do("training-seen", named["named"], who=who)
    assert appraisal.named_for(counter.desk, who)[0]["seen"] and appraisal.named_for(counter.desk, clerk("C2")) == []
    assert not looking.hall_now(counter.desk, now).named_needs[named["named"]].is_unseen
    assert verbs.needs_in(counter.desk, MANAGER, counter.date, now).needs == ()
    with pytest.raises(OutsideError):
        counter.do("training", "Papers", 30, ["C1"], who=MANAGER)
