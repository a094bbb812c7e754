"""Plays pay days twice, with the suggested moves made and without: the same customers, who need and bear the same.

    python scripts/bench/rules/moves_day.py [--seeds 12] [--first 1] [--spare 1] [--share 1.0]

A power hall with `spare` clerks more, who are at other work and open a window when they are asked; `share` of a pay
day's customers. The lobby manager looks every five minutes and makes the best move, or turns it down. Prints each day
and the mean of the paired differences with its 95 % interval, then what the moves themselves say that each kind did
beyond those that were turned down.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT))
from queuedesk.features.lobby import verbs  # noqa: E402
from queuedesk.features.lobby.rules.move_search import mean_effects_by_kind, mean_interval  # noqa: E402
from tests.features.lobby.advised_day import Outcome, busy_hall, played  # noqa: E402 - the day is the tests' own

DAY = date(2026, 11, 20)


def main() -> None:
    args = argparse.ArgumentParser()
    args.add_argument("--seeds", type=int, default=12)
    args.add_argument("--first", type=int, default=1)
    args.add_argument("--spare", type=int, default=1)
    args.add_argument("--share", type=float, default=1.0)
    given = args.parse_args()
    pairs: list[tuple[Outcome, Outcome]] = []
    effects: list[tuple[str, float]] = []
    turned_down: list[float] = []
    print("seed  mean wait    within target  left       moves")
    for seed in range(given.first, given.first + given.seeds):
        both = []
        for takes in (False, True):
            with tempfile.TemporaryDirectory() as folder:
                desk = busy_hall(Path(folder) / "hall.sqlite", "power", DAY, more_windows=given.spare)
                one = played(desk, DAY, seed, takes=takes, spare=given.spare, share=given.share)
                for row in verbs.past_moves(desk, one.ended)["moves"]:
                    if row["real"] and row["real"]["minutes_saved"] is not None:
                        saved = row["real"]["minutes_saved"]
                        effects += [(row["kind"], saved)] if takes else []
                        turned_down += [] if takes else [saved]
                desk.db.dispose()
            both.append(one)
        without, with_moves = both
        pairs.append((without, with_moves))
        print(
            f"{seed:4}  {without.mean_min:4.1f} {with_moves.mean_min:4.1f}    {without.within:5.3f} {with_moves.within:5.3f}"
            f"    {without.left:3} {with_moves.left:3}    {len(with_moves.moves):2} {' '.join(with_moves.moves[:6])}",
            flush=True,
        )
    for name, of in (("mean wait, min", "mean_min"), ("within target", "within"), ("left", "left")):
        over = mean_interval([getattr(b, of) - getattr(a, of) for a, b in pairs])
        if over is not None and over.low is not None and over.high is not None:
            print(f"{name}: {over.mean:+.3f} ({over.low:+.3f} to {over.high:+.3f})")
    for kind, over in mean_effects_by_kind(effects, turned_down):
        bounds = "" if over.low is None or over.high is None else f" ({over.low:+.1f} to {over.high:+.1f})"
        print(f"{kind}: {over.n} moves, {over.mean:+.1f} min less waiting{bounds}")
    without_any = mean_interval(turned_down)
    if without_any is not None and without_any.low is not None and without_any.high is not None:
        low, high = without_any.low, without_any.high
        print(
            f"turned down: {without_any.n} moves, {without_any.mean:+.1f} min less waiting ({low:+.1f} to {high:+.1f})"
        )


if __name__ == "__main__":
    main()
