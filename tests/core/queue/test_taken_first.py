"""A quick window takes short matters first, a clerk those of his language: who may go, and how often that passes."""

import random
from datetime import datetime, timedelta

import pytest
from msgspec.structs import replace

from queuedesk.core.queue import dispatch
from queuedesk.core.queue.ticket import LineTicket
from queuedesk.core.setup.file import ORDERS, setup_from_document
from queuedesk.core.setup.rows import Service
from tests.core.queue.test_dispatch import one, walk
from tests.core.queue.test_overtaking import Line, bound
from tests.hall import at, simple_setup

NO, SPEAKS = frozenset[str](), frozenset({"speaks_English"})
FORMS = {"code": "form", "name": "Form", "minutes": 12}


def first(passes: int = 3, minutes: int = 5, *languages: str) -> dispatch.WindowPreferences:
    """Return what a quick window takes first whose short matters are those of service S."""
    short = Service(code="S", name="S", prefix="S", handling_target=5)
    services = {"S": short, "A": replace(short, code="A", handling_target=None)}
    return dispatch.WindowPreferences(minutes, passes, services, frozenset(languages))


def short(label: str, minute: float, **words: int) -> LineTicket:
    return replace(one(label, minute, **words), service="S")


def guest(label: str, minute: float, **words: int) -> LineTicket:
    return replace(one(label, minute, **words), flags=SPEAKS)


QUICK, ENGLISH = first(), first(2, 0, "english")


@pytest.mark.parametrize(
    ("here", "tickets", "expected", "why", "held_back"),
    [
        (QUICK, [one("N1", 0), short("N2", 1)], "N2", "fast", None),
        (QUICK, [short("N1", 0), one("N2", 1), short("N3", 2)], "N1", "", None),  # it is its turn anyway
        (QUICK, [one("N1", 0), short("N3", 3), short("N2", 2)], "N2", "fast", None),  # of short ones the earlier first
        (QUICK, [replace(one("N1", 0), overtaken=3), short("N2", 1)], "N1", "", "N2"),
        (QUICK, [one("P1", 0, 10), short("N2", 1)], "P1", "", None),
        (QUICK, [one("N1", 0), one("P1", 1, 10), short("N2", 2)], "N1", "", None),  # nobody with priority is passed
        (QUICK, [one("N1", 0), short("P1", 5, credit=10)], "N1", "", None),  # priority has its own rule
        (QUICK, [one("N1", 0), one("N2", 1)], "N1", "", None),
        (ENGLISH, [one("N1", 0), one("N2", 1), guest("N3", 2), guest("N4", 3)], "N3", "language", None),
        (ENGLISH, [guest("N1", 0), guest("N2", 1)], "N1", "", None),
        (ENGLISH, [one("N1", 0), one("N2", 1), one("N3", 2), guest("N4", 3)], "N1", "", None),  # not near enough
        (ENGLISH, [replace(one("N1", 0), overtaken=2), guest("N2", 1)], "N1", "", "N2"),
        (ENGLISH, [one("N1", 0), one("P1", 1, 10), guest("N2", 2)], "N1", "", None),
        (ENGLISH, [one("N1", 0), guest("P1", 5, credit=10)], "N1", "", None),
        (ENGLISH, [one("N1", 0), replace(guest("N2", 1), flags=frozenset({"speaks_手语"}))], "N1", "", None),
    ],
)
def test_who_is_next_at_a_quick_window_and_at_a_clerk_of_their_language(here, tickets, expected, why, held_back):
    for shuffled in (tickets, tickets[::-1]):
        choice = dispatch.choose_next_ticket(shuffled, 0, dispatch.CallOrderRule(), here)
        assert choice is not None and (choice.ticket.label, choice.why) == (expected, why)
        if held_back is not None:
            assert (choice.held_back.label, choice.held_by) == (held_back, "language" if here is ENGLISH else "fast")


def test_a_clerks_languages_count_where_the_hall_says_so() -> None:
    staff = [{"code": "C1", "name": "C1", "role": "clerk", "languages": ["English", "手语"]}]
    switched = ({"language_first": switch, "fast_passes": 2} for switch in ("off", "on"))
    off, on = (setup_from_document(simple_setup(staff=staff, settings=settings)) for settings in switched)
    assert dispatch.window_preferences_at(off, "1", "C1", at("9:00")) is None
    assert dispatch.window_preferences_at(on, "1", None, at("9:00")) is None
    found = dispatch.window_preferences_at(on, "1", "C1", at("9:00"))
    assert (found.minutes, found.passes, found.languages) == (0, 2, {"english", "手语"})


def test_how_long_a_matter_takes_is_what_the_set_up_says() -> None:
    services = simple_setup()["services"]
    services[0] |= {"handling_target": 20, "items": [{"code": "bill", "name": "Bill", "minutes": 3}, FORMS]}
    services[1] |= {"handling_target": 5, "items": [FORMS]}
    line = dispatch.WindowPreferences(5, 3, setup_from_document(simple_setup(services=services)).services)
    ticket = one("N1", 0)
    for service, item, is_short in [
        ("A", "bill", True),
        ("A", "form", False),
        ("A", None, False),
        ("B", None, True),
        ("B", "form", False),
        ("C", None, False),  # nobody says how long it takes
        ("gone", None, False),
    ]:
        assert line.is_short_matter(replace(ticket, service=service, item=item)) == is_short, (service, item)


@pytest.mark.parametrize(
    ("time", "day", "is_quick"),
    [("8:59", 20, False), ("9:00", 20, True), ("10:59", 20, True), ("11:00", 20, False), ("9:30", 21, False)],
)
def test_a_window_is_quick_at_its_hours(time: str, day: int, is_quick: bool) -> None:
    """The 20th is a Friday."""
    hours = [{"days": "1-5", "from": "9:00", "to": "11:00"}]
    windows = [{"code": "1", "services": ["A"], "quick": True, "quick_hours": hours}, {"code": "2", "services": ["A"]}]
    setup = setup_from_document(simple_setup(windows=windows))
    now: datetime = at(time) + timedelta(days=day - 20)
    found = dispatch.window_preferences_at(setup, "1", None, now)
    assert (found is not None) == is_quick
    if found is not None:
        assert (found.minutes, found.passes) == (5, 3)
    assert dispatch.window_preferences_at(setup, "2", None, now) is None
    switched_off = setup_from_document(simple_setup(windows=windows, settings={"fast_minutes": 0}))
    assert dispatch.window_preferences_at(switched_off, "1", None, now) is None


def test_nobody_is_passed_more_often_than_the_bounds_say() -> None:
    """Days at windows that serve all, some quick or of a language: decisions/order.md, bounds 3 and 5."""
    seed = random.randrange(10**6)
    print("seed", seed)
    reached = 0
    for n in range(150):
        dice = random.Random(seed + n)
        line = Line(dispatch.CallOrderRule("credit", dice.choice((2, 3, 4)), dice.choice((0, 0, 2))))
        here = first(dice.choice((1, 2, 3)), dice.choice((0, 5)), *dice.choice(((), ("english",))))
        left = 40
        while left or line.waiting:
            for _ in range(min(left, dice.randrange(3))):
                left -= 1
                line.come(dice.choice((0, 0, 0, 600)), dice.choice("AAS"), flags=dice.choice((NO, NO, SPEAKS)))
                line.tick(0.5)
            line.call("AS", here if dice.random() < 0.5 else None)
        for mark in line.marks.values():
            fasts, jumps = mark.first, len(mark.by)
            assert fasts <= here.passes
            assert jumps <= bound(line.order, mark.ahead + here.passes, mark.before)
            if line.order.guard:
                assert fasts + jumps <= max(here.passes, line.order.guard)
            reached += fasts == here.passes
    assert reached, "the bound of those taken first is reached"


def test_the_order_at_a_window_is_the_rule_asked_again_and_again() -> None:
    dice = random.Random(11)
    for _ in range(400):
        tickets = [
            replace(
                dice.choice((one, one, guest))(
                    f"T{n}", dice.randrange(30), credit=dice.choice((0, 0, 0, 10, 15)), spent=dice.random() < 0.1
                ),
                service=dice.choice("AS"),
                overtaken=dice.choice((0, 0, 1, 2, 3)),
            )
            for n in range(dice.randrange(1, 14))
        ]
        count = dice.choice((None, 0, 1, 2, 3))
        rule = dispatch.CallOrderRule(dice.choice(list(ORDERS)), dice.choice((1, 2, 3, 4)), dice.choice((0, 0, 2, 4)))
        quick = first(dice.choice((1, 3)), dice.choice((0, 5)), *dice.choice(((), ("english",))))
        line = dice.choice((quick, None))
        order, _overtaken = walk(tickets, count, rule, line)
        found = [t.label for t in dispatch.tickets_in_call_order(tickets, count, rule, line)]
        assert found == order, (rule, line, count)
