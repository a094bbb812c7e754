"""What a window leaves to others, where only the record tells."""

from queuedesk.core.waits.observations import both, counted, left_to_others, passed_over, together


def test_what_a_window_never_called_though_others_did_is_not_its_own():
    calls = {"1": {"A": 40, "B": 30}, "2": {"A": 60}, "3": {"B": 25}}

    assert left_to_others(calls) == {"2": frozenset("B"), "3": frozenset("A")}


def test_seldom_is_not_never():
    calls = {"1": {"A": 100, "B": 8}, "2": {"B": 100}}

    assert left_to_others(calls) == {"2": frozenset("A")}


def test_an_exception_is_no_habit():
    calls = {"1": {"A": 200, "B": 1}, "2": {"A": 20, "B": 180}}

    assert left_to_others(calls) == {"1": frozenset("B")}


def test_few_calls_say_nothing():
    assert left_to_others({"1": {"A": 5}, "2": {"B": 3}}) == {}
    assert left_to_others({}) == {}


def test_calls_of_several_times_add_up():
    today = counted([("1", "A"), ("1", "A"), ("2", "B")])

    assert together({"1": {"A": 1}}, today) == {"1": {"A": 3}, "2": {"B": 1}}


def test_who_is_passed_over_again_and_again_is_not_served_there():
    passings = [(1, "1", "B"), (1, "1", "B"), (2, "1", "B"), (3, "1", "B"), (3, "1", "C"), (4, "2", "A"), (5, "2", "A")]

    assert passed_over(passings, {"1": {"A": 3}}) == {"1": frozenset("B")}
    assert passed_over(passings, {"1": {"A": 3, "B": 1}}) == {}


def test_either_reason_will_do():
    assert both({"1": frozenset("A")}, {"1": frozenset("B"), "2": frozenset("C")}) == {
        "1": frozenset("AB"),
        "2": frozenset("C"),
    }
