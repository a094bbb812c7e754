"""What the front desk shows, as finished words: tiles, choices and the draft of a ticket, and who is in the hall."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace

from queuedesk.core.errors import RuleError
from queuedesk.core.log.state import HallState
from queuedesk.core.network.roles import Role
from queuedesk.core.queue import hallday
from queuedesk.core.queue.dispatch import NO_WINDOW_OPEN, NoWait, Wait
from queuedesk.core.queue.hallday import business_date, hours_on, parts
from queuedesk.core.queue.offers import Reach, closes_at, reach_of_wait, ticket_offer_now
from queuedesk.core.queue.overview import (
    ServiceLine,
    joined,
    set_up,
    standing,
    to_fetch,
    wait_level,
    waiting_in_call_order,
)
from queuedesk.core.queue.ticket import FETCHED, MOVES, LineTicket, State, Ticket, need_flags, seconds
from queuedesk.core.setup.rows import Item, Paper, Service, Setup
from queuedesk.i18n import _, codes_text, current, listing, minutes_text, n_, named, need_word, ticket_state, time_hm
from queuedesk.i18n.names import NORMAL, letter_of, priority_name, service_name, ticket_marks
from queuedesk.i18n.queue.line_words import (
    ahead_in_all,
    ahead_word,
    fetch_by,
    people_words,
    shares_line,
    shares_windows,
    spoken_wait,
    step_words,
    wait_text,
    wait_words,
    why_now,
)
from queuedesk.i18n.suggestion_words import fact_text
from queuedesk.stations.acts.ticket_acts import THANKS, may_thank
from queuedesk.stations.models.service_words import able_windows, opens_text, until_text
from queuedesk.stations.widgets.lists.lists import TicketRow
from queuedesk.stations.widgets.lists.tiles import TileText

FAVOURITES_SHOWN = 6


class Choice(Struct, frozen=True):
    """A service, or an item of it, by their codes."""

    service: str
    item: str | None = None


class Earlier(Struct, frozen=True, kw_only=True):
    """What a customer comes back for: an earlier ticket, or `ref` from elsewhere if `label` is "". `place` is the early
    place in line that the earlier ticket gives, None for an ordinary one; `choice` is what it was for."""

    label: str = ""
    day: date | None = None
    place: datetime | None = None
    choice: Choice | None = None
    ref: str = ""


class Draft(Struct, frozen=True):
    """A ticket before it is printed: its service, the customer's class, further services under the same number, and the
    earlier ticket. `repeat`: the customer was here before and had to go for papers; `need`: why they are fetched for
    their turn, `speaks` a further language of theirs, "" for none."""

    first: Choice
    klass: str = NORMAL
    then: tuple[Choice, ...] = ()
    earlier: Earlier | None = None
    repeat: bool = False
    need: str = ""
    speaks: str = ""

    def with_class(self, klass: str) -> Draft:
        return replace(self, klass=klass)

    def adding(self, choice: Choice) -> Draft:
        """Return it with one more service; one that is already on the ticket is not added again."""
        known = {one.service for one in (self.first, *self.then)}
        return self if choice.service in known else replace(self, then=(*self.then, choice))

    def without(self, choice: Choice) -> Draft:
        return replace(self, then=tuple(one for one in self.then if one != choice))

    def coming_back(self, earlier: Earlier | None) -> Draft:
        return replace(self, earlier=earlier)

    def with_repeat(self, repeat: bool) -> Draft:
        return replace(self, repeat=repeat)

    def with_need(self, need: str) -> Draft:
        return replace(self, need=need)

    def speaking(self, language: str) -> Draft:
        return replace(self, speaks=language)

    def all(self) -> tuple[Choice, ...]:
        return (self.first, *self.then)


def service_of(setup: Setup, choice: Choice) -> Service | None:
    return setup.services.get(choice.service)


def item_of(setup: Setup, choice: Choice) -> Item | None:
    service = service_of(setup, choice)
    if service is None:
        return None
    return next((item for item in service.items if item.code == choice.item), None)


def title_of(setup: Setup, choice: Choice) -> str:
    item = item_of(setup, choice)
    return named(item.name, item.name_en) if item else service_name(setup, choice.service)


def full_title(setup: Setup, choice: Choice) -> str:
    """Return "service · item", as it stands on the ticket."""
    if item_of(setup, choice) is None:
        return service_name(setup, choice.service)
    return f"{service_name(setup, choice.service)} · {title_of(setup, choice)}"


def papers_of(setup: Setup, choice: Choice) -> tuple[Paper, ...]:
    item, service = item_of(setup, choice), service_of(setup, choice)
    if item is not None:
        return item.papers
    return service.papers if service else ()


def without_papers(setup: Setup, choice: Choice) -> tuple[str, str]:
    """Return what is said where no papers are listed: those that a preset suggests, for staff to know as such."""
    service = service_of(setup, choice)
    if item_of(setup, choice) is None and service is not None and service.suggested.get("papers"):
        papers = fact_text("papers", service.suggested)
        return _("No papers are confirmed for this"), _("Suggestions only, ask the admin: {papers}", papers=papers)
    return _("No papers are listed for this"), _about(setup, choice)


def _about(setup: Setup, choice: Choice) -> str:
    service = service_of(setup, choice)
    return named(service.about, service.about_en) if service and choice.item is None else ""


def papers_of_draft(setup: Setup, draft: Draft) -> list[Paper]:
    return list(dict.fromkeys(paper for choice in draft.all() for paper in papers_of(setup, choice)))


def favourites(setup: Setup) -> list[Choice]:
    """Return the favourite items in the set-up's order; the board shows the first six."""
    return [
        Choice(service.code, item.code)
        for service in setup.services.values()
        for item in service.items
        if item.favourite
    ]


NO_TIME_LEFT = "no_time_left"
LAST_OF_ALL = 1 << 62  # the turn of a ticket that nobody has yet: behind all others


class TileFacts(Struct, frozen=True, kw_only=True):
    """A service tile: its text, and why no ticket can be had (None while one can)."""

    service: str
    letter: str
    said: TileText
    closed: RuleError | None

    @property
    def can_give(self) -> bool:
        """Whether a ticket can be issued, at least after a confirmation."""
        return self.closed is None or self.closed.code == NO_TIME_LEFT


class NextTicket(Struct, frozen=True, kw_only=True):
    """The ticket that would be printed now: its number as far as known, and what its holder would be told. `coming`:
    some of those ahead come from another service."""

    label: str
    ahead: int
    coming: bool
    wait: Wait | NoWait
    windows: tuple[str, ...]
    trouble: RuleError | None


class TooFull(Struct, frozen=True, kw_only=True):
    """Not everybody may be served today: people waiting, the services concerned, when they close. `called_at` is the
    expected call of a ticket taken now, after closing; None where the windows of today do not reach it."""

    waiting: int
    services: tuple[str, ...]
    called_at: datetime | None
    closes: str


def tiles(state: HallState, lines: Sequence[ServiceLine], now: datetime) -> list[TileFacts]:
    return [_tile(state, line, now) for line in lines]


def _tile(state: HallState, line: ServiceLine, now: datetime) -> TileFacts:
    setup = set_up(state)
    service = setup.services[line.service]
    name = service_name(setup, line.service)
    closed = ticket_offer_now(state, line.service, now).refusal()
    waiting = n_("{n} person waiting", "{n} people waiting", line.waiting)
    letter = letter_of(setup, line.service)
    if closed is not None:
        instead = opens_text(setup, closed, now)
        said = TileText(name=name, instead=instead, spoken=f"{name}, {instead}")
        return TileFacts(service=line.service, letter=letter, said=said, closed=closed)
    note = until_text(setup, service, now)
    windows = _windows_words(line.windows, len(able_windows(state, line.service)))
    # English words are longer: there the windows stand under the name.
    below = current() == "en" and not note
    before, range_, unit = _range(line.wait, line.before)
    if line.wait == NO_WINDOW_OPEN:
        windows = ""
    ahead = ahead_in_all(line.before) if shares_line(line.waiting, line.before, line.wait) else ""
    said = TileText(
        name=name,
        count=str(line.waiting),
        count_unit=n_("waiting", "waiting", line.waiting, context="after the number"),
        before=before,
        range_=range_,
        range_unit=unit,
        windows="" if below else windows,
        second=windows if below else "",
        note=note,
        ahead=ahead,
        spoken=listing(
            [part for part in (name, waiting, spoken_wait(line.wait, ahead=line.before), windows, ahead, note) if part]
        ),
    )
    return TileFacts(service=line.service, letter=letter, said=said, closed=None)


def _windows_words(is_open: int, able: int) -> str:
    if not is_open:
        return _("no window open now")
    if is_open < able:
        return n_("{n} of {all} windows open", "{n} of {all} windows open", is_open, all=able)
    return n_("{n} window", "{n} windows", is_open)


def _range(wait: Wait | NoWait, ahead: int) -> tuple[str, str, str]:
    """Return the words before a range, the range, and its unit; "—" with the reason where none is known."""
    words = wait_words(wait, ahead=ahead)
    return words if isinstance(wait, Wait) else ("", "—", words.figure)


def wait_facts(line: ServiceLine) -> str:
    """Return "6 waiting · about 20–30 min", for the right end of a row."""
    people = people_words(line.waiting, line.before, line.wait)
    return f"{people} · {wait_text(line.wait, ahead=line.before)}"


def line_facts(lines: Sequence[ServiceLine]) -> dict[str, str]:
    return {line.service: wait_facts(line) for line in lines}


def windows_row(codes: tuple[str, ...]) -> tuple[str, str]:
    return n_("Window", "Windows", len(codes)), windows_text(codes)


def windows_text(codes: tuple[str, ...]) -> str:
    """Return "3–6" ("3–6 号"), "—" for none."""
    if not codes:
        return "—"
    shown = codes_text(codes)
    return shown if current() == "en" else _("windows {windows}", windows=shown)


def next_ticket(state: HallState, draft: Draft, now: datetime) -> NextTicket:
    setup = set_up(state)
    day = business_date(setup, now)
    service = setup.services.get(draft.first.service)
    imagined = LineTicket(
        date=day,
        label="",
        service=draft.first.service,
        place=draft.earlier.place if draft.earlier and draft.earlier.place else now,
        turn=LAST_OF_ALL,
        item=draft.first.item,
        credit_s=setup.credit_s(draft.klass, draft.first.service),
        flags=need_flags("", draft.speaks),
    )
    stands = standing(state, imagined, now)
    label, trouble = "—", None
    if service is None:
        trouble = RuleError("unknown_service", service=draft.first.service)
    else:
        try:
            label = hallday.label(
                *hallday.next_prefix_and_number(setup, service, now, lambda prefix: state.series.get((day, prefix)))
            )
            for choice in draft.all():
                ticket_offer_now(state, choice.service, now).must_give()
        except RuleError as refusal:
            trouble = refusal
    return NextTicket(
        label=label,
        ahead=stands.before,
        coming=stands.coming > 0,
        wait=stands.wait,
        windows=able_windows(state, draft.first.service),
        trouble=trouble,
    )


def too_full(setup: Setup, lines: Sequence[ServiceLine], now: datetime) -> TooFull | None:
    """Return the warning that a new ticket would probably be called too late, by its quoted wait, or None."""
    minute = setup.local(now).hour * 60 + setup.local(now).minute
    late: list[tuple[str, datetime | None, datetime]] = []
    for line in lines:
        service = setup.services[line.service]
        is_open = any(start <= minute < end for start, end in hours_on(setup, service, setup.local(now).date()))
        closes = closes_at(setup, service, now) if is_open else None
        if closes is None or reach_of_wait(setup, service, line.wait, now) is not Reach.TOO_LATE:
            continue
        called_at = now + timedelta(seconds=line.wait.point_s) if isinstance(line.wait, Wait) else None
        late.append((line.service, called_at, closes))
    if not late:
        return None
    called = [at for _service, at, _closes in late if at is not None]
    return TooFull(
        waiting=sum(line.waiting for line in lines),
        services=tuple(letter_of(setup, service) for service, _at, _closes in late),
        called_at=_to_five_minutes(setup.local(min(called))) if called else None,
        closes=time_hm(setup.local(min(closes for _service, _at, closes in late))),
    )


def too_full_texts(warning: TooFull) -> tuple[str, str]:
    title = n_(
        "{n} waiting; today's work may not be done", "{n} waiting; today's work may not be done", warning.waiting
    )
    if warning.called_at is None:
        return title, _(
            "A ticket for {services} taken now may not be called today; we close at {closes}. Please tell customers.",
            services=listing(warning.services),
            closes=warning.closes,
        )
    second = _(
        "A ticket for {services} taken now would be called at about {time}; we close at {closes}. Please tell customers.",
        services=listing(warning.services),
        time=time_hm(warning.called_at),
        closes=warning.closes,
    )
    return title, second


def _to_five_minutes(moment: datetime) -> datetime:
    """Round up, so that a call after closing does not seem to come at closing."""
    over = timedelta(minutes=moment.minute % 5, seconds=moment.second, microseconds=moment.microsecond)
    return moment + (timedelta(minutes=5) - over if over else over)


NUMBER = re.compile(r"^\s*([A-Za-z]{0,3})\s*-?\s*(\d{1,4})\s*$")
FINDS_SHOWN = 6
# What a guide may do to a ticket, in the order in which it is offered.
ACTS = ("fetched", "reinstate", "redirect", "postpone", "need", "leave", "void", THANKS)


class MissedRow(Struct, frozen=True, kw_only=True):
    """A ticket whose holder did not come: number, since when in words, and the minutes."""

    label: str
    since: str
    minutes: str = ""


class Person(Struct, frozen=True, kw_only=True):
    """Somebody in a card of the rail: `key` is what the card knows them by, such as a ticket's number; `late` stands in
    place of `second` where something is overdue."""

    key: int | str
    head: str
    first: str
    second: str
    late: str = ""


class TicketFacts(Struct, frozen=True, kw_only=True):
    """A ticket's card. `acts` are the verbs possible now, except reprint; `why` says in one sentence why it still
    waits. It `offers` other ways where the hall notes them."""

    label: str
    state: str
    word: str
    title: str
    class_text: str
    facts: tuple[tuple[str, str], ...]
    acts: tuple[str, ...]
    service: str
    has_paper: bool
    offers: bool
    why: str = ""


def minutes_since(moment: datetime | None, now: datetime) -> int:
    return seconds(moment, now) // 60


def waiting_rows(state: HallState, now: datetime) -> list[TicketRow]:
    setup = set_up(state)
    return [_waiting_row(setup, ticket, now) for ticket in waiting_in_call_order(state)]


def waiting_head(setup: Setup, count: int, away_since: datetime | None) -> str:
    if away_since is None:
        return n_("{n} waiting", "{n} waiting", count)
    return n_("{n} waiting at {time}", "{n} waiting at {time}", count, time=time_hm(setup.local(away_since)))


def _waiting_row(setup: Setup, ticket: Ticket, now: datetime) -> TicketRow:
    minutes = minutes_since(joined(ticket), now)
    return TicketRow(
        id=ticket.label,
        number=ticket.label,
        service=service_name(setup, ticket.service),
        class_text=ticket_marks(setup, ticket),
        wait=minutes_text(minutes),
        level=wait_level(setup, minutes),
    )


def people_to_fetch(state: HallState, now: datetime) -> list[Person]:
    return [
        Person(
            key=ticket.label,
            head=ticket.label,
            first=need_word(ticket.need),
            second=fetch_by(ahead, ticket.window),
            late=fetch_by(ahead, ticket.window) if ticket.window else "",
        )
        for ticket, ahead in to_fetch(state, now)
    ]


def missed_rows(state: HallState, now: datetime) -> list[MissedRow]:
    missed = sorted(state.in_state(State.MISSED), key=lambda t: t.missed_at or t.arrived, reverse=True)
    return [_missed_row(ticket.label, minutes_since(ticket.missed_at, now)) for ticket in missed]


def _missed_row(label: str, minutes: int) -> MissedRow:
    since = _("missed {minutes} min ago", minutes=minutes) if minutes else _("missed just now")
    return MissedRow(label=label, since=since, minutes=minutes_text(minutes))


def today(state: HallState, label: str) -> Ticket | None:
    return next((t for t in state.tickets.values() if t.label == label and t.date == state.now.date), None)


def last_of(state: HallState, who: str) -> Ticket | None:
    return max(_issued_by(state, who), key=lambda t: t.seq, default=None)


def latest_of(state: HallState, who: str, count: int) -> list[Ticket]:
    """Return the last tickets that this person issued today and that are still open, the newest first."""
    alive = [t for t in _issued_by(state, who) if t.is_open]
    return sorted(alive, key=lambda t: t.seq, reverse=True)[:count]


def _issued_by(state: HallState, who: str) -> Iterator[Ticket]:
    return (t for t in state.tickets.values() if t.guide == who and t.date == state.now.date)


def find_numbers(state: HallState, query: str) -> list[Ticket]:
    """Return today's tickets whose number begins as typed ("b03", "38"), exact matches and open ones first."""
    typed = NUMBER.match(query)
    if typed is None:
        return []
    letters, digits = typed[1].upper(), typed[2]
    found = []
    for ticket in state.tickets.values():
        prefix, number = parts(ticket.label) or ("", -1)
        written = ticket.label[len(prefix) :]
        exact = number == int(digits)
        if ticket.date == state.now.date and prefix.startswith(letters) and (exact or written.startswith(digits)):
            found.append((not exact, not ticket.is_open, ticket.label, ticket))
    return [row[-1] for row in sorted(found, key=lambda row: row[:3])][:FINDS_SHOWN]


def newest(state: HallState) -> list[Ticket]:
    alive = [t for t in state.tickets.values() if t.is_open and t.date == state.now.date]
    return sorted(alive, key=lambda t: t.seq, reverse=True)[:FINDS_SHOWN]


def is_number(query: str) -> bool:
    return NUMBER.match(query) is not None


def short_facts(state: HallState, ticket: Ticket, now: datetime) -> str:
    if ticket.state is State.WAITING:
        stands = standing(state, ticket, now)
        ahead = n_("{n} ahead", "{n} ahead", stands.before)
        return f"{ahead} · {wait_text(stands.wait, ahead=stands.before)}"
    return state_text(ticket)


def state_text(ticket: Ticket) -> str:
    word = ticket_state(str(ticket.state))
    return _("{state}, window {window}", state=word, window=ticket.window) if ticket.window else word


def ticket_facts(state: HallState, ticket: Ticket, now: datetime, role: Role | None) -> TicketFacts:
    setup = set_up(state)
    rows: list[tuple[str, str]] = []
    if ticket.state is State.WAITING:
        stands = standing(state, ticket, now)
        windows = able_windows(state, ticket.service)
        rows.append(
            (
                ahead_word(stands.coming > 0 or shares_windows(setup, windows)),
                n_("{n} person", "{n} people", stands.before),
            )
        )
        about = _("First wait") if ticket.steps else _("Expected wait")
        rows.append((about, wait_text(stands.wait, ahead=stands.before)))
        rows.append(windows_row(windows))
    arrived = time_hm(setup.local(ticket.arrived))
    if ticket.is_open:
        minutes = minutes_since(ticket.arrived, now)
        rows.append((_("Arrived"), _("{time}, {minutes} min ago", time=arrived, minutes=minutes)))
    else:
        rows.append((_("Arrived"), arrived))
    if ticket.need:
        fetched = FETCHED in ticket.flags
        word = need_word(ticket.need)
        rows.append((_("Needs fetching"), _("{need}, fetched", need=word) if fetched else word))
    if ticket.speaks:
        rows.append((_("Language"), ticket.speaks))
    if (sent := ticket.sent_with) is not None:
        rows.append((_("Note"), str(sent.note)))
    if ticket.steps:
        names = " · ".join(step_words(setup, code, able_windows(state, code)) for code in ticket.steps)
        rows.append((_("Then", context="further services"), names))
    return TicketFacts(
        label=ticket.label,
        state=str(ticket.state),
        word=state_text(ticket),
        title=full_title(setup, Choice(ticket.service, ticket.item)),
        class_text=priority_name(setup, ticket.klass),
        facts=tuple(rows),
        acts=tuple(act for act in ACTS if _allows(setup, ticket, act, role)),
        service=ticket.service,
        has_paper=ticket.is_open,
        offers=ticket.is_open and setup.uses("why_come"),
        why=why_now(state, ticket, now),
    )


def _allows(setup: Setup, ticket: Ticket, act: str, role: Role | None) -> bool:
    if act == THANKS:
        return role is not None and setup.uses("thanks") and may_thank(ticket)
    if ticket.state not in MOVES[act]:
        return False
    if act == "redirect":
        return len(setup.services) > 1
    if act == "fetched":
        return bool(ticket.need) and FETCHED not in ticket.flags
    if act == "postpone":
        return ticket.postponed < setup.number("postponements")
    return role is not None
