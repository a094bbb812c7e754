"""The greeting, the ticket and the place in line in words and figures."""

from __future__ import annotations

from datetime import datetime

from queuedesk.core.log.state import HallState
from queuedesk.core.queue.line import NO_FIGURES, NOT_REACHED, NoWait, Wait
from queuedesk.core.queue.overview import set_up, standing
from queuedesk.core.queue.ticket import State, Ticket
from queuedesk.core.setup.values import Setup
from queuedesk.i18n import _, codes_text, current, figure_range, listing, n_, named
from queuedesk.i18n.names import letter_of, service_name
from queuedesk.stations.kiosk.keys import LEAST_PX, ServiceText
from queuedesk.stations.kiosk.refusal_words import instead_text
from queuedesk.stations.kiosk.shelf import GroupFacts, ServiceFacts
from queuedesk.stations.models.service_words import able_windows, no_range_text, too_late_text, until_text
from queuedesk.stations.widgets.labels import Run

# From 65 px on letters stand closer, and the joiners round a range's dash would pull it onto its figures.
BIG, UNIT = 64.0, 48.0
Fact = tuple[str, tuple[Run, ...]]


# -- the keys of the greeting --
def service_text(
    setup: Setup, facts: ServiceFacts, now: datetime, *, order: int | None = None, held: bool = False
) -> ServiceText:
    """Return what a service's key says; `order` is its place among several chosen, 0 while it is not, None elsewhere;
    `held`: it was just touched."""
    spec = setup.services[facts.code]
    name = service_name(setup, facts.code)
    if facts.trouble is not None:
        instead = instead_text(setup, facts.trouble, now)
        letter = letter_of(setup, facts.code)
        return ServiceText(name=name, letter=letter, instead=instead, spoken=listing((name, instead)))
    note = too_late_text(setup, spec, facts.wait, now) or until_text(setup, spec, now)
    waiting = n_("{n} person waiting", "{n} people waiting", facts.waiting)
    return ServiceText(
        name=name,
        letter=letter_of(setup, facts.code),
        about=named(spec.about, spec.about_en),
        figures=_figures(facts.waiting, facts.wait),
        short=_figures(facts.waiting, facts.wait, short=True),
        note=note,
        order=order or 0,
        toggles=order is not None,
        chosen=bool(order) or held,
        spoken=listing([part for part in (name, waiting, _spoken(facts.wait), note) if part]),
    )


def group_text(setup: Setup, facts: GroupFacts) -> ServiceText:
    """Return what a group's key says."""
    first = setup.services[facts.services[0].code]
    name = named(first.group, first.group_en)
    about = listing([service_name(setup, one.code) for one in facts.services])
    waiting = n_("{n} person waiting", "{n} people waiting", facts.waiting)
    unit = n_("waiting", "waiting", facts.waiting, context="after the number")
    figures = (Run(str(facts.waiting), LEAST_PX, True), Run(unit, LEAST_PX, gap=12))
    return ServiceText(name=name, about=about, figures=figures, short=figures, spoken=listing((name, waiting)))


def _figures(waiting: int, wait: Wait | NoWait, *, short: bool = False) -> tuple[Run, ...]:
    """Return "9 waiting · 10–15 min" with its figures bold; `short` for a narrow key."""
    unit = n_("waiting", "waiting", waiting, context="after the number")
    if short:
        unit = n_("person", "people", waiting, context="after the number")
    runs = [Run(str(waiting), LEAST_PX, True), Run(unit, LEAST_PX, gap=12)]
    if wait == NOT_REACHED:
        return tuple(runs)  # The key says below that it may not be called today.
    runs.append(Run("·", LEAST_PX, gap=10))
    if not isinstance(wait, Wait):
        unknown = _("wait not known yet", context="kiosk") if wait == NO_FIGURES else no_range_text(wait)
        return (*runs, Run(no_range_text(wait) if short else unknown, LEAST_PX, gap=10))
    if current() != "en" and not short:
        runs.append(Run(_("about", context="before a range"), LEAST_PX, gap=10))
    minutes = Run(figure_range(wait.low, wait.high), LEAST_PX, True, gap=12)
    return (*runs, minutes, Run(_("min", context="unit"), LEAST_PX, gap=12))


def _spoken(wait: Wait | NoWait) -> str:
    if isinstance(wait, Wait):
        return _("about {low} to {high} minutes", low=wait.low, high=wait.high)
    return no_range_text(wait)


# -- what a ticket's holder is told --
def ahead_fact(word: str, ahead: int) -> Fact:
    """Return how many are ahead."""
    unit = n_("person", "people", ahead, context="after the number")
    return word, (Run(str(ahead), BIG, True), Run(unit, UNIT, gap=18))


def wait_fact(word: str, wait: Wait | NoWait) -> Fact:
    """Return the range of the wait, or "—" with the reason."""
    if isinstance(wait, Wait):
        unit = _("min", context="unit")
        return word, (Run(figure_range(wait.low, wait.high), BIG, True), Run(unit, UNIT, gap=18))
    return word, (Run("—", BIG, True), Run(no_range_text(wait), UNIT, gap=18))


def windows_fact(word: str, codes: tuple[str, ...], unit: str) -> Fact:
    """Return windows as "1–6" with their unit, "—" for none."""
    runs = [Run(codes_text(codes) if codes else "—", BIG, True)]
    if codes and unit:
        runs.append(Run(unit, UNIT, gap=18))
    return word, tuple(runs)


def _number_unit() -> str:
    """Return what stands behind windows' numbers where the word stands before them; nothing in English."""
    return "" if current() == "en" else _("no.", context="after windows")


def _window_unit() -> str:
    return "" if current() == "en" else _("window no.", context="after windows")


def told_facts(state: HallState, service: str, ahead: int | None, wait: Wait | NoWait) -> tuple[Fact, ...]:
    """Return what stands on the card of a new ticket."""
    facts = [ahead_fact(_("Ahead of you"), ahead)] if ahead is not None else []
    windows = windows_fact(_("Windows"), able_windows(state, service), _number_unit())
    return (*facts, wait_fact(_("About", context="wait"), wait), windows)


# -- where am I in line --
def place_facts(state: HallState, ticket: Ticket, now: datetime) -> tuple[Fact, ...]:
    """Return where a ticket stands as figures; () where a sentence says it."""
    if ticket.state is State.WAITING:
        stands = standing(state, ticket, now)
        return (
            ahead_fact(_("Still ahead of you"), stands.ahead),
            wait_fact(_("About, from now"), stands.wait),
            windows_fact(_("Then go to windows"), able_windows(state, ticket.service), _window_unit()),
        )
    if ticket.state in (State.CALLED, State.SERVING) and ticket.window:
        word = _("Please go now to window") if ticket.state is State.CALLED else _("Being served at window")
        facts = [windows_fact(word, (ticket.window,), _window_unit())]
        spec = set_up(state).windows.get(ticket.window)
        way = named(spec.zone, spec.zone_en) if spec else ""
        return (*facts, (_("The way"), (Run(way, UNIT, True),))) if way else tuple(facts)
    return ()


def place_sentence(ticket: Ticket) -> str:
    """Return what to do with a ticket that neither waits nor is at a window."""
    if ticket.state is State.MISSED:
        return _("Your call was missed. Please go to the front desk with this ticket; you need no new one.")
    if ticket.state is State.PARKED:
        return _("Your visit is set aside. The clerk goes on with you at the window; please stay near by.")
    if ticket.state is State.FINISHED:
        return _("This ticket is done. For something else please take a new one.")
    if ticket.state in (State.LEFT, State.VOID):
        return _("This ticket is no longer in line. Please take a new one, or ask at the front desk.")
    return ""


def typing_sentence(prefix: str, missing: int, example: str) -> str:
    """Return how to go on typing."""
    if not prefix:
        return _("Please press the letter and the digits on your ticket, such as {example}.", example=example)
    return n_("{n} more digit", "{n} more digits", missing, context="kiosk")
