"""What moves did: the waits that were against those that were forecast, each kind's mean with its bounds, and when what
was asked for was done."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace

from queuedesk.core.figures.satisfaction import mean_interval, t_quantile
from queuedesk.core.queue.ticket import CallMade, Pause, Shift
from queuedesk.core.staffing.move import MadeMove, Move
from queuedesk.features.lobby.rules.made_moves import by_kind, happened, real_effect
from tests.hall import DAY, at

TODAY = DAY.date()
BASE = {"A001": 300, "A002": 600, "A003": 1800}


def made(kind: str = "lend", **base: int) -> MadeMove:
    move = Move(kind=kind, window="1", staff="C1", service="A")
    return MadeMove(seq=5, date=TODAY, time=at("10:00"), by="M1", move=move, taken=True, base=base or BASE)


def call(label: str, time: str) -> CallMade:
    return CallMade(seq=9, time=at(time), date=TODAY, label=label, service="A", window="1", staff="C1")


def test_once_all_were_called_everybody_counts() -> None:
    calls = [call("A001", "9:50"), call("A001", "10:03"), call("A002", "10:07"), call("A003", "10:20")]
    effect = real_effect(made(), calls, (), at("11:00"))

    # 5 → 3, 10 → 7, 30 → 20: what was called before the move is another call.
    assert (effect.saved_min, effect.n, effect.of, effect.is_final) == (pytest.approx((2 + 3 + 10) / 3), 3, 3, True)


def test_before_that_only_who_should_have_been_called_by_now() -> None:
    effect = real_effect(made(), [call("A001", "10:03"), call("A003", "10:05")], {"A002"}, at("10:15"))

    # A003 was to be called at 10:30: whether that is early can't be told of the others yet. A002 waits 15 instead of
    # 10.
    assert (effect.saved_min, effect.n, effect.is_final) == (pytest.approx((2 - 5) / 2), 2, False)


def test_who_left_without_a_call_counts_nowhere() -> None:
    effect = real_effect(made(), [call("A001", "10:03")], (), at("11:00"))

    assert (effect.saved_min, effect.n, effect.of, effect.is_final) == (2.0, 1, 3, True)
    # Nothing is said where nobody counts.
    assert real_effect(made(), [], set(BASE), at("10:02")).saved_min is None


def test_bounds_of_a_mean() -> None:
    few = mean_interval([1.0, 2.0, 3.0])

    assert mean_interval([]) is None
    assert few is not None and few.low is not None and few.high is not None
    assert (few.n, few.mean) == (3, 2.0)
    assert (few.low, few.high) == (pytest.approx(2 - 4.303 / 3**0.5), pytest.approx(2 + 4.303 / 3**0.5))
    assert not few.is_distinguishable
    one = mean_interval([4.0])
    assert one is not None and (one.mean, one.low, one.high, one.is_distinguishable) == (4.0, None, None, False)


@pytest.mark.parametrize(("freedom", "quantile"), [(1, 12.706), (15, 2.131), (16, 2.120), (30, 2.042), (120, 1.980)])
def test_the_quantiles_are_student_s(freedom: int, quantile: float) -> None:
    assert t_quantile(freedom) == pytest.approx(quantile, abs=0.006)


def test_each_kind_by_itself() -> None:
    effects = [("lend", 3.0), ("call_back", -1.0), ("lend", 3.2), ("lend", 2.8), ("call_back", 2.0)]
    (back, lend) = by_kind(effects, [0.9, 1.1, 1.0])

    assert (back[0], back[1].is_distinguishable) == ("call_back", False)
    assert (lend[0], lend[1].mean, lend[1].is_distinguishable) == ("lend", pytest.approx(2.0), True)


def test_what_forecasts_miss_anyway_is_no_effect() -> None:
    ((_kind, lend),) = by_kind([("lend", 3.0), ("lend", 3.2), ("lend", 2.8)], [2.9, 3.3, 2.8, 3.1])

    assert abs(lend.mean) < 0.1
    assert not lend.is_distinguishable
    # Without anything to hold it against an effect has no bounds.
    for without in ([], [0.5]):
        ((_kind, lend),) = by_kind([("lend", 3.0), ("lend", 3.2), ("lend", 2.8)], without)
        assert (lend.low, lend.is_distinguishable) == (None, False)


def test_when_what_was_asked_for_was_done() -> None:
    first = Shift(id=1, window="1", staff="C1", date=TODAY, opened=at("8:30"), closed=at("9:00"))
    second = Shift(
        id=2,
        window="1",
        staff="C1",
        date=TODAY,
        opened=at("9:10"),
        pauses=(Pause(start=at("9:40"), end=at("10:04"), reason="other"),),
    )
    later = Shift(id=3, window="1", staff="C2", date=TODAY, opened=at("10:09"))

    assert happened(made("open_window"), [first, second, later]) == at("10:09")
    assert happened(made("call_back"), [first, second, later]) == at("10:04")
    assert happened(made("open_window"), [first, second]) is None
    assert happened(made("open_window"), [replace(later, opened=at("10:15"))]) == at("10:15")
    assert happened(made("open_window"), [replace(later, opened=at("10:16"))]) is None
    assert happened(made("lend"), []) == at("10:00")
    assert happened(made("call_back"), [second]) is not None and at("10:04") - at("10:00") == timedelta(minutes=4)
