"""Who goes on from another service and is called before somebody: not in line yet, but in the wait that is quoted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from msgspec.structs import replace

from queuedesk.core.log.state import HallState
from queuedesk.core.queue.dispatch import rule_of
from queuedesk.core.queue.line import Line, ahead_of
from queuedesk.core.queue.ticket import InLine, State
from queuedesk.core.waits.live import Turn


def coming_before(
    state: HallState,
    turn: Turn | None,
    ticket: InLine,
    line: Line,
    waiting: Sequence[InLine],
    *,
    ahead: int,
    now: datetime,
) -> int:
    """Return how many will be called before `ticket` beside the `ahead` of those `waiting`, which include it.

    The pass that gave its `turn` has them done with an earlier service of their visit by then, and the rule calls them
    first, as they keep their place. Who stands in this line already is not counted twice.
    """
    setup = state.setup_now
    if setup is None or turn is None or not turn.after:
        return 0
    coming: list[InLine] = []
    for id, service in dict(turn.after).items():
        one = state.tickets.get(id)
        if one is None or (one.state is State.WAITING and one.service in line.services):
            continue
        credit_s = setup.credit_s(one.klass, service)
        coming.append(replace(one, service=service, credit_s=credit_s, held_until=None, not_before=None))
    if not coming:
        return 0
    before, _own = ahead_of(
        ticket,
        line,
        [*waiting, *coming],
        normal_calls=state.now.normal_calls_on(ticket.date),
        rule=rule_of(setup),
        now=now,
    )
    return min(max(0, before - ahead), len(coming))
