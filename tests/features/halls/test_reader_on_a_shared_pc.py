"""A reader at a PC that shares a hall with others, by that PC's own login: sees halls and papers, changes nothing."""

from collections.abc import Iterator

import pytest

from queuedesk.core.errors import RuleError
from queuedesk.core.network.roles import CONSOLE, Actor, Role
from queuedesk.core.network.sharing import PcKind
from queuedesk.desk.change import Ask, Desk
from queuedesk.desk.queue import issuing, rating, sign_in_and_pins
from queuedesk.features.halls.pages.period import save_or_print_comparison
from tests.credentials import Shared, shared
from tests.hall import Hall, simple_setup

pytestmark = pytest.mark.pg
STAFF = [*simple_setup()["staff"], {"code": "R1", "name": "R1", "role": "reader"}]


@pytest.fixture
def place(shared_url: str) -> Iterator[Shared]:
    """T, whose R1 reads; U, which lets R1 look on and has a customer who rated."""
    with shared(shared_url, "T", "U", staff=STAFF) as made:
        u = made.hall(hall=2)
        u.do("set-hall", {"seen_by": ["T/R1"], "region": "East"})
        u.play("queue A B", "open 1 staff=C1")
        rating.rate_visit(u.desk, u.ask(), u.serve_out("1"), 4)
        sign_in_and_pins.set_pin(Desk(made.owner, 1), Ask(CONSOLE, made.clock()), "R1", "2468")
        yield made


@pytest.fixture
def hall(place: Shared) -> Hall:
    return place.hall(place.pc(PcKind.MANAGER))


def test_a_reader_signs_in_at_a_manager_s_station_only_and_pages_are_read_by_the_pc_s_own_login(
    open_office, place, hall, paper
):
    # A reader signs in with a PIN at a manager's station only.
    ask = Ask(
        sign_in_and_pins.require_and_get_proven_actor(hall.desk, "R1", pin="2468", now=place.clock()), place.clock()
    )
    assert sign_in_and_pins.sign_in(hall.desk, ask, "manager@Hall 2", "R1")["staff"] == "R1"
    staff = place.desk(place.pc(PcKind.STAFF))
    for refused in (
        lambda: sign_in_and_pins.sign_in(staff, ask, "guide@Hall 2", "R1"),
        lambda: issuing.issue_ticket(hall.desk, ask, "A"),
        lambda: sign_in_and_pins.set_pin(hall.desk, ask, "R1", None),
    ):
        with pytest.raises(RuleError, match="not_your_role"):
            refused()
    assert hall.log()[-1].kind == "sign-in"
    # The pages are read by the PC's own login.
    office = open_office(Actor("R1", Role.READER))
    office.until(lambda: "halls" in [key for key, _icon, _word in office.page.stack.entries()])
    page, troubles, before = office.page, [], len(hall.log())
    office.go("halls")
    halls = page.stack.get_or_make_page("halls")
    office.until(lambda: list(halls.halls.rows) == ["T", "U"])
    halls.open_period()
    halls.period.controller.unread.connect(troubles.append)
    halls.period.refresh(hall.clock())
    office.until(lambda: halls.period.controller.found is not None)
    assert [(one.code, one.found.n) for one in halls.period.controller.found.found.halls] == [("T", 0), ("U", 1)]
    save_or_print_comparison(halls.period.papers, halls.period.controller.found, "region", send=True)
    office.until(lambda: bool(paper.printed))
    assert paper.printed[-1][0].endswith("-month-halls.pdf")
    assert halls.tabs.tab("push") is None
    for tab, _icon, _word in page.reports.pages.entries():
        page.reports.open_tab(tab)
        office.follow()
        assert page.reports.pages.get_or_make_page(tab).banner.isHidden(), page.reports.pages.get_or_make_page(
            tab
        ).banner.accessibleName()
    assert (troubles, len(hall.log())) == ([], before)
