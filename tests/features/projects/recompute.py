"""The effect of an improvement project, again from the printed log alone. Imports nothing of the program."""

from collections import defaultdict
from datetime import date
from itertools import product
from math import sqrt
from statistics import median
from typing import Any

Z = 1.959963984540054
Counts = tuple[int, int]
WRONG, SATISFIED = "measures.wrong_counter.rate", "ratings.rate"
LEG_ENDS = ("redirect", "finish", "transfer")


def daily(log: list[dict[str, Any]]) -> dict[str, dict[str, Counts]]:
    """Return by path and date: tickets whose first step ended at the wrong window of all issued but the void; ratings
    of 3 and better of all."""
    issued, ended, void = defaultdict(list), {}, set()
    levels = defaultdict(list)
    for event in log:
        key = (event["data"].get("date"), event["ticket"])
        if event["kind"] in ("issue", "serve"):
            issued[key[0]].append(key)
        elif event["kind"] in LEG_ENDS:
            ended.setdefault(key, event["kind"])
        elif event["kind"] == "void":
            void.add(key)
        elif event["kind"] == "rate":
            levels[key[0]].append(event["data"]["level"])
    found: dict[str, dict[str, Counts]] = {WRONG: {}, SATISFIED: {}}
    for day, keys in issued.items():
        whole = [key for key in keys if key not in void]
        found[WRONG][day] = sum(ended.get(key) == "redirect" for key in whole), len(whole)
        found[SATISFIED][day] = sum(level >= 3 for level in levels[day]), len(levels[day])
    return found


def pooled(rows: dict[str, Counts], days: list[str]) -> Counts:
    return sum(rows[day][0] for day in days), sum(rows[day][1] for day in days)


def equal(days: list[str], first: tuple[str, str], second: tuple[str, str]) -> tuple[list[str], list[str]]:
    """Return the dates of two spans that are compared: as many of each weekday in both, the first of each."""
    one, two = defaultdict(list), defaultdict(list)
    for by, span in ((one, first), (two, second)):
        for day in days:
            if span[0] <= day <= span[1]:
                by[date.fromisoformat(day).weekday()].append(day)
    both = [sorted(day for n in by for day in by[n][: min(len(one[n]), len(two[n]))]) for by in (one, two)]
    return both[0], both[1]


def usual(rows: dict[str, Counts], days: list[str], size: int) -> tuple[float, float]:
    """Return between what a span of that size usually lies, by the days before: the share ± z standard errors as the
    days really spread."""
    n, of = pooled(rows, days)
    share = n / of
    chance = [(rows[day][0] - rows[day][1] * share) ** 2 / (rows[day][1] * share * (1 - share)) for day in days]
    spread = max(1.0, sum(chance) / (len(days) - 1))
    half = Z * sqrt(spread * share * (1 - share) * (1 / size + 1 / of))
    return max(0.0, share - half), min(1.0, share + half)


def paired_by_hand(before: list[float], after: list[float]) -> list[float]:
    """Return the Hodges-Lehmann estimate of pairs with its 95 % interval: every choice of signs is tried for how many
    means of two must be left out at each end."""
    ups = [two - one for one, two in zip(before, after, strict=True)]
    n = len(ups)
    means = sorted((ups[i] + ups[j]) / 2 for i in range(n) for j in range(i + 1))
    sums = [sum(rank for rank, sign in enumerate(signs, start=1) if sign) for signs in product((0, 1), repeat=n)]
    out = max(k for k in range(len(means)) if 2 * sum(one < k for one in sums) <= 0.05 * len(sums))
    return [median(means), means[out - 1], means[-out]]
