"""The pass calls by the hall's rule: whatever weighs, whatever is capped or guarded, one window takes people in the
rule's order."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta

import pytest

from queuedesk.core.queue.dispatch import Rule, call_order
from queuedesk.core.queue.ticket import InLine, new_turn
from queuedesk.core.waits.estimates import Estimates, Handling
from queuedesk.core.waits.live import Live, LiveTicket, LiveWindow
from queuedesk.core.waits.schedule import forecast

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
LEARNED = Estimates(services={"A": Handling(mean_min=5, var_min2=4), "B": Handling(mean_min=7, var_min2=4)})


@pytest.mark.parametrize("order", ["credit", "credit_double", "priority_first"])
@pytest.mark.parametrize("guard", [0, 2])
def test_one_window_takes_people_in_the_order_of_the_rule(order: str, guard: int) -> None:
    seed = random.randrange(10**6)
    print("seed", seed)
    for n in range(60):
        rng = random.Random(seed + n)
        rule = Rule(order, rng.choice((1, 2, 3, 4)), guard)
        count = rng.choice((None, 0, 1, 3))
        line = [
            InLine(
                date=date(2026, 11, 20),
                label=f"T{i}",
                service="A",
                place=NOW - timedelta(minutes=rng.randrange(1, 40)),
                turn=new_turn(i),
                credit_s=rng.choice((0, 0, 600, 900)),
            )
            for i in range(rng.randrange(2, 16))
        ]
        live = Live(
            tickets=tuple(
                LiveTicket(
                    id=t.id,
                    service=t.service,
                    place_min=(t.place - NOW).total_seconds() / 60,
                    turn=t.turn,
                    credit_min=rule.credit_s(t) / 60,
                )
                for t in line
            ),
            windows=(LiveWindow(code="1", services=frozenset("AB")),),
            learned=LEARNED,
            services=("A", "B"),
            normal_calls=count,
            jump_every=rule.jump_every,
            guard=rule.guard,
        )
        turns = forecast(live).turns

        assert sorted(turns, key=lambda id: turns[id].at_min) == [t.id for t in call_order(line, count, rule)]
