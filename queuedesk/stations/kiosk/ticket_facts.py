"""What the holder of a ticket is told at the kiosk, as words with their figures."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from msgspec.structs import replace

from queuedesk.core.log.state import HallState
from queuedesk.core.queue.dispatch import NoWait, Wait
from queuedesk.core.queue.overview import set_up, standing
from queuedesk.core.queue.ticket import State, Ticket
from queuedesk.core.talk.number_block import WindowWords
from queuedesk.i18n import _, n_
from queuedesk.i18n.names import service_name, window_words, windows_words
from queuedesk.i18n.queue.wait_words import (
    about_word,
    ahead_shown,
    is_close,
    shares_windows,
    then_words,
    wait_word,
    wait_words,
)
from queuedesk.stations.models.service_words import able_windows
from queuedesk.stations.widgets.labels import Run

# From 65 px on letters stand closer, and the joiners round a range's dash would pull it onto its figures.
BIG, UNIT = 64.0, 48.0
FURTHER_SHOWN = 2
"""So many further services of a visit have a row of their own; the line below the number names them all."""
Fact = tuple[str, tuple[Run, ...]]


def ahead_fact(word: str, ahead: int) -> Fact:
    """Return how many are ahead."""
    unit = n_("person", "people", ahead, context="after the number")
    return word, (Run(str(ahead), BIG, True), Run(unit, UNIT, gap=18))


def wait_fact(about: str, word: str, wait: Wait | NoWait, ahead: int) -> Fact:
    """Return the wait, or "—" with the reason; under `about` a range, under `word` what is none."""
    before, figure, unit = wait_words(wait, ahead=ahead)
    if not isinstance(wait, Wait):
        return word, (Run("—", BIG, True), Run(figure, UNIT, gap=18))
    if is_close(wait):
        return about, (Run(figure, BIG, True), Run(unit, UNIT, gap=18))
    runs = [Run(before, UNIT)] if before else []
    runs.append(Run(figure, BIG, True, gap=18 if before else 0))
    return word, (*runs, Run(unit, UNIT, gap=18)) if unit else tuple(runs)


def _window_facts(word: str, there: WindowWords | None) -> tuple[Fact, ...]:
    """Return where to go and the way there, nothing where no window serves."""
    if there is None:
        return ()
    parts = ((there.before, UNIT, False), (there.number, BIG, True), (there.behind, UNIT, False))
    runs = [Run(text, px, bold, gap=18) for text, px, bold in parts if text]
    facts = [(word, (replace(runs[0], gap=0), *runs[1:]))]
    return (*facts, (_("The way"), (Run(there.zone, UNIT, True),))) if there.zone else tuple(facts)


def told_facts(
    state: HallState, services: Sequence[str], ahead: int | None, wait: Wait | NoWait, *, coming: bool = False
) -> tuple[Fact, ...]:
    """Return the facts on the card of a new ticket: of its first service, and what comes after it. `coming`: some of
    those ahead go on to it from another service."""
    service, several = services[0], len(services) > 1
    word = _("Ahead, in all") if coming or _is_shared(state, service) else _("Ahead of you")
    facts = [ahead_fact(word, ahead)] if ahead is not None and ahead_shown(wait, ahead) else []
    about, plain = _("About", context="wait"), _("Wait", context="kiosk")
    if several:
        about, plain = about_word(several), wait_word(several)
    facts.append(wait_fact(about, plain, wait, ahead or 0))
    return (*facts, *_called_facts(state, service), *_further_facts(state, services[1:]))


def _is_shared(state: HallState, service: str) -> bool:
    return shares_windows(set_up(state), able_windows(state, service))


def _further_facts(state: HallState, services: Sequence[str]) -> tuple[Fact, ...]:
    """Return the further services of a visit, each with its windows; of many the first."""
    facts: list[Fact] = []
    for service in services[:FURTHER_SHOWN]:
        there = windows_words(set_up(state), able_windows(state, service))
        facts.extend(_window_facts(then_words(service_name(set_up(state), service)), there)[:1])
    return tuple(facts)


def _called_facts(state: HallState, service: str) -> tuple[Fact, ...]:
    return _window_facts(_("When called"), windows_words(set_up(state), able_windows(state, service)))


def place_facts(state: HallState, ticket: Ticket, now: datetime) -> tuple[Fact, ...]:
    """Return a ticket's position as figures; () if a sentence says it."""
    if ticket.state is State.WAITING:
        stands = standing(state, ticket, now)
        is_shared = stands.coming > 0 or _is_shared(state, ticket.service)
        word = _("Still ahead, in all") if is_shared else _("Still ahead of you")
        return (
            ahead_fact(word, stands.before),
            wait_fact(_("About, from now"), _("From now"), stands.wait, stands.before),
            *_called_facts(state, ticket.service),
            *_further_facts(state, ticket.steps[:1]),
        )
    if ticket.state in (State.CALLED, State.SERVING) and ticket.window:
        word = _("Please go now to") if ticket.state is State.CALLED else _("Being served at")
        return _window_facts(word, window_words(set_up(state), ticket.window))
    return ()
