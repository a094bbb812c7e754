"""The order list in words, from the hall as it stands."""

from __future__ import annotations

from datetime import datetime

from queuedesk.core.log.state import HallState
from queuedesk.core.queue.overview import set_up
from queuedesk.core.queue.public_order import order_lines, rule_now
from queuedesk.core.queue.ticket import State
from queuedesk.i18n import _, codes_text, n_
from queuedesk.i18n.names import letter_of, service_name
from queuedesk.i18n.queue.line_words import rule_sentence
from queuedesk.stations.display.shown import OrderColumn


def order_columns(state: HallState, now: datetime, services: frozenset[str]) -> list[OrderColumn]:
    """Return the list of `services`: numbers, and nothing of anybody."""
    setup = set_up(state)
    calling = {t.label for t in state.tickets.values() if t.state is State.CALLED}
    columns = []
    for line in order_lines(state, now, services):
        windows = _("No window is open")
        if line.windows:
            codes = codes_text(line.windows)
            windows = n_("Window {windows}", "Windows {windows}", len(line.windows), windows=codes)
        columns.append(
            OrderColumn(
                letter=letter_of(setup, line.service),
                name=service_name(setup, line.service),
                windows=windows,
                called=tuple((label, label in calling) for label in line.called),
                next=line.next,
                empty=_("Nobody is waiting."),
                more=_("{n} more", n="{n}", context="order list"),
                priority=_("priority", context="order list"),
            )
        )
    return columns


def rule_words(state: HallState) -> str:
    """Return the rule of the hall in one sentence."""
    return rule_sentence(rule_now(state))
