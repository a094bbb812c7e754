"""Promises on invented days, drawn anew with `--explore`: kept as often as they say, and better than a formula's."""

import csv
import random
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from queuedesk.features.replay.verbs import replay_file_into_hall
from queuedesk.sim.player import PredictedWait
from tests.every_day import SEES_ALL
from tests.sim.invented_day import InventedDay, Visit
from tests.sim.invented_files import play_days, scored, write_actions, write_tickets
from tests.sim.invented_hall import invent

PAST = ("normal", "bill-day", "rush")
JUDGED = ("bill-day", "rush")
HALLS, UNTIL_S = (4, 24 * 3600) if SEES_ALL else (2, 12 * 3600)
"""A daily run plays those who came in the mornings of two halls: ranges that end three tenths too early are seen by
these, and not by three halls' whole days, in which later promises make up for it."""
MOST_LATE = 0.25
"""Two days of each of a few small halls that know three days of their past: one bad hour weighs much."""


@pytest.fixture(scope="module")
def seed() -> int:
    found = random.randrange(10**6)
    print(f"seed {found}")
    return found


def told(path: Path) -> dict[tuple[date, str], PredictedWait]:
    found: list[PredictedWait] = []
    replay_file_into_hall(path, ready=lambda desk, played, predictions: found.extend(predictions))
    return {(one.date, one.ticket): one for one in found}


def wait_min(visit: Visit) -> float:
    return ((visit.called or 0) - visit.arrived) / 60


def interval_score(low: float, high: float, actual: float) -> float:
    return (high - low) + 10 * max(0.0, low - actual, actual - high)


def naive_ranges(past: list[InventedDay], judged: list[Visit]) -> list[tuple[float, float]]:
    """Return what people ahead × mean ÷ windows would have said, with the range around it that past days suggest."""
    mean = np.mean([((v.ended or 0) - (v.called or 0)) / 60 for day in past for v in day.visits])

    def point(visit: Visit) -> float:
        return float(visit.naive[0] * mean / max(1, visit.naive[1]))

    off = sorted(wait_min(v) - point(v) for day in past for v in scored(day))
    low, high = off[len(off) // 10], off[-1 - len(off) // 10]
    return [(max(0.0, point(v) + low), max(0.0, point(v) + high)) for v in judged]


def judged_hall(folder: Path, seed: int) -> list[tuple[float, float, float, float, float]]:
    """Return low, high, the simple formula's low and high, and the wait of each ticket that is to be judged."""
    days = play_days(invent(seed, 3, load=0.75), seed, [*PAST, *JUDGED])
    for played in days.values():  # without those who came later
        played.visits = [one for one in played.visits if one.arrived < UNTIL_S]
        played.waiting = [one for one in played.waiting if one.arrived < UNTIL_S]
    path = folder / f"{seed}.csv"
    write_tickets(path, days)
    found = told(path)
    judged = [(day, v) for day, played in list(days.items())[len(PAST) :] for v in scored(played)]
    known = [(v, one) for day, v in judged if (one := found[day, v.ticket]).high is not None]
    assert len(known) >= 0.8 * len(judged), f"seed {seed}: {len(known)} of {len(judged)} told"
    simple = naive_ranges(list(days.values())[: len(PAST)], [v for v, _one in known])
    own = [(float(one.low or 0), float(one.high or 0)) for _v, one in known]
    return [(*one, *other, wait_min(v)) for one, other, (v, _one) in zip(own, simple, known, strict=True)]


def test_promises_of_unseen_days_hold_and_beat_the_simple_formula(tmp_path: Path, seed: int) -> None:
    rows = [row for n in range(HALLS) for row in judged_hall(tmp_path, seed + n)]
    late = np.mean([wait > high for _low, high, _, _, wait in rows])
    own = np.mean([interval_score(low, high, wait) for low, high, _, _, wait in rows])
    naive = np.mean([interval_score(low, high, wait) for _, _, low, high, wait in rows])
    said = f"seeds {seed}–{seed + HALLS - 1}: {len(rows)} told, late {late:.3f}, score {own:.1f} against {naive:.1f}"
    assert late <= MOST_LATE, said
    assert own <= naive, said


def test_predictions_know_nothing_of_later_rows(tmp_path: Path, seed: int) -> None:
    """Without the rows after a moment of the second of two mornings those who came before it are told the same."""
    days = play_days(invent(seed, 3, load=0.75), seed, PAST[:2])
    write_actions(tmp_path / "days.csv", days)
    head, *rows = csv.reader((tmp_path / "days.csv").read_text(encoding="utf-8").splitlines())
    rows = [row for row in rows if row[0][10:] < "T12"]
    moment = rows[len(rows) * 3 // 4][0]
    for name, kept in (("whole", rows), ("part", [row for row in rows if row[0] < moment])):
        with (tmp_path / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows([head, *kept])
    whole, part = told(tmp_path / "whole.csv"), told(tmp_path / "part.csv")
    assert len(part) > 50 and max(date for date, _ticket in part) == list(days)[1], seed
    assert {key: one for key, one in whole.items() if key in part} == part, seed
