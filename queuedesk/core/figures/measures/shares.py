"""The shares of visits: numerator ÷ denominator, None where `of` is 0.

- served: tickets finished ÷ tickets issued less the void ones and those not over. Who left, was missed for good or was
  sent home by a day-end is in `of` and not in `n`.
- first_visit: `of` finished tickets; `transferred` those with a leg that ended in `transfer` (a redirect is none: it
  puts right what the hall did wrong; nor are steps planned at issue or added); `returned` those of the others to which
  a ticket issued on the same date or within `days` days after was linked as the visit before (return_of), unless that
  one was void; `n` is the rest. `not_over`: finished tickets whose `days` have not all passed: their return may still
  come. `followed` are all tickets issued on the dates and the `days` days after, `linked` those of them that name an
  earlier visit: what nobody linked cannot count as a return.
- wrong_counter: `of` tickets issued, void ones left out, by the service they were issued for; `n` those whose first leg
  ended in redirect, called or not. `by_guide` are the tickets that a guide issued, `by_label` those taken at a kiosk by
  the key that was pressed (`item` None: the key was the service). A ticket of somebody served without one counts where
  it was served. `minutes_lost` as in redirects.
- form_free: `of` legs ended by `finish`, `n` those marked as done without a form; `minutes_each` is the rule
  form_free_minutes as it stands, `minutes_saved` is n times that, None while it is 0 (nobody measured it).
- items: `of` tickets issued, void ones left out, by the service they were issued for and the item that was asked for
  (None: the service alone); `n` those of people who had come before for the same: they name an earlier visit, or came
  again for papers. `minutes` are those at windows, as in handling. `elsewhere`: tickets of services that another
  channel reported for the date or its month, so that it could have served them.

Sources: a ticket is a call answered or lost, so served and first_visit follow the connect rate and the first-contact
resolution of call centres.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from queuedesk.core.figures.measures.day import DayRows
from queuedesk.core.figures.measures.figure import ITEM, LESS, MORE, SERVICE, STAFF, Count, Figure, Split
from queuedesk.core.figures.measures.rows import LegRow, TicketRow

KIOSK = "kiosk"


def _finished(_rows: DayRows, ticket: TicketRow) -> bool:
    return ticket.state == "finished"


def _not_void(_rows: DayRows, ticket: TicketRow) -> bool:
    return ticket.state != "void"


def _transferred(rows: DayRows, ticket: TicketRow) -> bool:
    return ticket.label in rows.transferred


def _returned(rows: DayRows, ticket: TicketRow) -> bool:
    links = rows.links
    return links is not None and ticket.label in links.returned and ticket.label not in rows.transferred


def _settled(rows: DayRows, ticket: TicketRow) -> bool:
    label, links = ticket.label, rows.links
    return label not in rows.transferred and (links is None or label not in links.returned)


def _knows_links(rows: DayRows) -> bool:
    return rows.links is not None


def _sent_on(rows: DayRows, ticket: TicketRow) -> bool:
    return rows.first_legs[ticket.label].end == "redirect"


def _first_service(rows: DayRows, ticket: TicketRow) -> str:
    return rows.first_legs[ticket.label].service


def _knows_keys(rows: DayRows) -> bool:
    return rows.keys is not None


def asked_for(rows: DayRows, ticket: TicketRow) -> tuple[str, str | None]:
    """Return the service that the ticket was issued for and the item, None for the service alone."""
    # A ticket that goes on to another line forgets what was asked for.
    item = (rows.keys or {}).get(ticket.label) if ticket.label in rows.onward else ticket.item
    return rows.first_legs[ticket.label].service, item


def _pressed(rows: DayRows, ticket: TicketRow) -> tuple[str, str | None] | None:
    return asked_for(rows, ticket) if KIOSK in ticket.flags else None


def _came_again(_rows: DayRows, ticket: TicketRow) -> bool:
    return ticket.return_of is not None or "repeat_papers" in ticket.flags


def served_elsewhere(measures: Mapping[str, Any], row: Mapping[str, Any]) -> int | None:
    """Return `elsewhere` of an item's row; None where no channel reported anything for its service."""
    n: int = row["elsewhere"]
    reported = {one["service"] for one in measures.get("diversion", {}).get("ledger", ())}
    return n if n or row["service"] in reported else None


def _elsewhere_too(rows: DayRows, ticket: TicketRow) -> bool:
    return rows.first_legs[ticket.label].service in rows.diversion.elsewhere


def _ended_by_clerk(_rows: DayRows, leg: LegRow) -> bool:
    return leg.end == "finish"


SHARES: tuple[Figure, ...] = (
    Figure(
        key="served",
        of=lambda _rows, ticket: ticket.state in ("finished", "left"),
        counts={"n": Count(_finished, alike=True)},
        better=MORE,
        headline=True,
    ),
    Figure(
        key="first_visit",
        of=_finished,
        counts={
            "n": Count(_settled, _knows_links, whole=True),
            "transferred": Count(_transferred),
            "returned": Count(_returned, _knows_links, whole=True),
            "not_over": Count(lambda rows, _ticket: not rows.is_followed, whole=True, alike=True),
        },
        parts=("days", "n", "of", "rate", "transferred", "returned", "not_over", "followed", "linked"),
        better=MORE,
        headline=True,
    ),
    Figure(
        key="wrong_counter",
        of=_not_void,
        counts={"n": Count(_sent_on)},
        splits=(
            Split(key="by_service", names=SERVICE, by=_first_service),
            Split(key="by_guide", names=STAFF, by=lambda _rows, ticket: ticket.guide),
            Split(key="by_label", names=ITEM, by=_pressed, known=_knows_keys, whole=True),
        ),
        parts=("n", "of", "rate", "minutes_lost"),
        better=LESS,
        headline=True,
    ),
    Figure(
        key="form_free",
        of_legs=True,
        of=_ended_by_clerk,
        counts={"n": Count(lambda _rows, leg: leg.form_free)},
        splits=(Split(key="by_service", names=SERVICE, by=lambda _rows, leg: leg.service, alike=True),),
        parts=("n", "of", "rate", "minutes_each", "minutes_saved"),
    ),
    Figure(
        key="items",
        of=_not_void,
        counts={"n": Count(_came_again), "elsewhere": Count(_elsewhere_too, whole=True)},
        minutes=lambda rows, ticket: rows.handled.get(ticket.label, 0),
        splits=(Split(key="by_item", names=ITEM, by=asked_for, known=_knows_keys, whole=True),),
        better=LESS,
    ),
)
"""In the order of the document."""
