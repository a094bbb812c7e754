"""A draft of a ticket in finished words: the page with its papers, and the ticket beside it."""

from __future__ import annotations

from datetime import date, timedelta

from queuedesk.core.errors import QueueDeskError
from queuedesk.core.log.state import HallState
from queuedesk.core.queue import numbering
from queuedesk.core.queue.line import Wait
from queuedesk.core.queue.overview import set_up
from queuedesk.core.setup.values import Setup
from queuedesk.i18n import _, date_short, figure_range, n_, named, say, wait_text
from queuedesk.i18n.names import letter_of, service_name
from queuedesk.stations.guide.choices import (
    Choice,
    Draft,
    full_title,
    item_of,
    papers_of_draft,
    service_of,
    title_of,
)
from queuedesk.stations.guide.figures import NextTicket, windows_text
from queuedesk.stations.guide.line_rows import NUMBER
from queuedesk.stations.guide.ticket.papers_stage import PapersText, RailText
from queuedesk.stations.models.service_words import no_range_text
from queuedesk.stations.models.typed_number import prefixes

SPELLED = 10  # papers up to this many are counted in words


def papers_text(setup: Setup, draft: Draft) -> PapersText:
    """Return what the page with the papers says."""
    papers = tuple(
        (named(paper.name, paper.name_en), named(paper.note, paper.note_en)) for paper in papers_of_draft(setup, draft)
    )
    item = item_of(setup, draft.first)
    return PapersText(
        letter=letter_of(setup, draft.first.service),
        title=title_of(setup, draft.first),
        minutes=_("takes about {minutes} min", minutes=item.minutes) if item and item.minutes else "",
        head=_papers_head(len(papers)) if papers else "",
        hint=_("Ticks are a help; printing works without") if papers else "",
        papers=papers,
        none=(_("No papers needed for this"), _about(setup, draft.first)),
        classes=tuple((code, named(row.name, row.name_en)) for code, row in setup.classes.items()),
        klass=draft.klass,
        then=tuple((choice, f"{letter_of(setup, choice.service)} {title_of(setup, choice)}") for choice in draft.then),
        back_for=_back_for(draft),
        can_repeat=bool(papers),
        repeat=draft.repeat,
        add_hint=_add_hint(setup, draft),
    )


def _back_for(draft: Draft) -> str:
    """Return what the customer comes back for, "" where nothing is known of it."""
    earlier = draft.earlier
    if earlier is None:
        return ""
    if not earlier.label or earlier.day is None:
        return _("Belongs to {ref}", ref=earlier.ref)
    told = {"ticket": earlier.label, "day": date_short(earlier.day)}
    if earlier.place is not None:
        return _("Comes back for {ticket} of {day}, early place", **told)
    return _("Comes back for {ticket} of {day}", **told)


def _papers_head(count: int) -> str:
    if count > SPELLED:
        return n_("Please check this {n} paper", "Please check these {n} papers", count)
    words = _("one two three four five six seven eight nine ten", context="papers").split()
    if count == 1:
        return _("Please check this paper")
    return _("Please check these {number} papers", number=words[count - 1])


def _about(setup: Setup, choice: Choice) -> str:
    """Return what the set-up says of a whole service."""
    service = service_of(setup, choice)
    return named(service.about, service.about_en) if service and choice.item is None else ""


def _add_hint(setup: Setup, draft: Draft) -> str:
    other = next((code for code in setup.services if code != draft.first.service), None)
    if other is None:
        return ""
    service = f"{letter_of(setup, other)} {service_name(setup, other)}"
    return _("One ticket can hold several, e.g. also {service}", service=service)


def rail_text(state: HallState, draft: Draft, ticket: NextTicket, refusal: QueueDeskError | None) -> RailText:
    """Return the ticket of `draft` as it would be now; `refusal` is what the last try met."""
    setup = set_up(state)
    rows = [_ahead_row(ticket), _wait_row(ticket), (_("Windows"), windows_text(ticket.windows), "")]
    if draft.then:
        names = " · ".join(service_name(setup, choice.service) for choice in draft.then)
        rows.append((_("Then", context="further services"), names, ""))
    trouble = refusal or ticket.trouble
    return RailText(
        number=ticket.label,
        title=full_title(setup, draft.first),
        rows=tuple(rows),
        refusal=say(trouble) if trouble else "",
    )


def _ahead_row(ticket: NextTicket) -> tuple[str, str, str]:
    return _("Ahead"), str(ticket.ahead), n_("person", "people", ticket.ahead, context="after the number")


def _wait_row(ticket: NextTicket) -> tuple[str, str, str]:
    wait = ticket.wait
    if isinstance(wait, Wait):
        return _("Expected wait"), figure_range(wait.low, wait.high), _("min", context="unit")
    return _("Expected wait"), no_range_text(wait), ""


def told_text(document: dict[str, object]) -> str:
    """Return what the holder of a ticket just issued is told: people ahead and the wait."""
    ahead = int(str(document["ahead"] or 0))
    people = n_("{n} person ahead", "{n} people ahead", ahead)
    wait = document.get("wait")
    if not isinstance(wait, dict):
        return people
    return f"{people} · {wait_text(wait['low'], wait['high'])}"


# An earlier ticket as it is typed: its number with the hall's letters, and the days it may be of.

DAYS_OFFERED = 60


def days_offered(today: date) -> list[date]:
    """Return the days an earlier ticket may be of: yesterday first, then further back, today last."""
    return [*(today - timedelta(days=n) for n in range(1, DAYS_OFFERED)), today]


def ticket_typed(setup: Setup, text: str) -> str:
    """Return the number that was typed ("b12" is B012), "" where it is none; a hall with one letter needs none."""
    found = NUMBER.match(text)
    if found is None:
        return ""
    known = prefixes(setup)
    prefix = found[1].upper() or (known[0] if len(known) == 1 else "")
    return numbering.label(prefix, int(found[2])) if prefix else ""
