"""What is read aloud of each kiosk page: its words, then its keys with their digits."""

from __future__ import annotations

from queuedesk.i18n import _, current, n_
from queuedesk.stations.access.listening import plain
from queuedesk.stations.access.rows import Keys
from queuedesk.stations.kiosk.steps import Stage
from queuedesk.stations.kiosk.ticket_stage import TicketText
from queuedesk.stations.kiosk.view import KioskView
from queuedesk.stations.kiosk.where_stage import WhereText
from queuedesk.stations.widgets.labels import Run

# A keypad has nine digits; what comes behind is found by the arrows.
DIGITS = 9
_DASH = "—"


def page_parts(view: KioskView, stage: Stage, keys: Keys, *, typing: bool) -> list[str]:
    """Return what is read when a page comes; `keys` are those that can be pressed, `typing` says that digits write
    there."""
    sheet = view.sheet
    if sheet.isVisible():
        said = sheet.said
        parts = [said.title, plain(said.sentence)]
    elif stage is Stage.TICKET:
        parts = ticket_parts(view.ticket.said)
    elif stage is Stage.WHERE:
        parts = place_parts(view.where.said)
    elif stage is Stage.FIND:
        parts = [view.search.said.title, view.search.said.page if view.search.said.rows else view.search.said.empty]
    elif stage is Stage.INFO:
        parts = [view.info.said.title, *view.info.text().split("\n")]
    else:
        parts = [view.greeting.said.title, view.greeting.said.second]
    return [part for part in [*parts, *_key_parts(keys, typing=typing)] if part]


def use_words() -> str:
    """Return how a page is used by who does not see it, said once at the start."""
    return _(
        "Keys are pressed by their digits. Arrows go from key to key, Enter presses. 0 reads again, plus and minus change the volume."
    )


def ticket_parts(said: TicketText) -> list[str]:
    """Return a ticket in full: its number, what its holder was told, and where to go."""
    facts = [fact_words(word, runs) for word, runs in said.facts]
    return [said.title, _("Your number: {ticket}", ticket=said.label), said.service, *facts, plain(said.last)]


def place_parts(said: WhereText) -> list[str]:
    """Return where a ticket stands, or how to type its number."""
    if not said.state:
        number = _("Typed so far: {number}", number=" ".join(said.number)) if said.number else ""
        return [said.title, number, plain(said.sentence), said.hint if not said.number else ""]
    facts = [fact_words(word, runs) for word, runs in said.facts]
    return [
        _("Ticket {ticket}: {state}", ticket=said.number, state=said.state_word),
        *facts,
        plain(said.sentence),
        said.reason,
    ]


def fact_words(word: str, runs: tuple[Run, ...]) -> str:
    """Return a word and its figures as a voice reads them."""
    gap = "" if current() != "en" else " "
    figures = gap.join(run.text for run in runs if run.text != _DASH)
    return plain(word + _(": ", context="before a figure") + figures)


def _key_parts(keys: Keys, *, typing: bool) -> list[str]:
    if typing or not keys:
        return []
    lines = [
        _("Key {n}: {words}", n=place, words=plain(key.accessibleName())) for place, key in enumerate(keys[:DIGITS], 1)
    ]
    rest = keys[DIGITS:]
    if rest:
        names = _("; ", context="between keys").join(plain(key.accessibleName()) for key in rest)
        lines.append(n_("{n} more key: {names}", "{n} more keys: {names}", len(rest), names=names))
    return lines
