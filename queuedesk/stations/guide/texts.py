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
from queuedesk.core.queue import hallday, overview
from queuedesk.core.queue import ticket as ticket_records
from queuedesk.core.queue.dispatch import NO_WINDOW_OPEN, NoQuoteReason, QuotedWait
from queuedesk.core.queue.hallday import business_date, opening_spans_on, split_ticket_label
from queuedesk.core.queue.offers import (
    CallBeforeClosingVerdict,
    called_before_closing_verdict,
    next_closing_time_today,
    ticket_offer_now,
)
from queuedesk.core.setup.rows import RequiredPaper, Service, ServiceItem, Setup
from queuedesk.i18n import (
    _,
    codes_text,
    current_language,
    list_text,
    minutes_text,
    n_,
    name_in_language,
    need_word,
    ticket_state_word,
    time_hm,
)
from queuedesk.i18n.names import NORMAL, priority_name, service_letter_or_code, service_name, ticket_marks_text
from queuedesk.i18n.queue import line_words
from queuedesk.i18n.suggestion_words import suggested_fact_content
from queuedesk.stations.acts.ticket_acts import THANKS, can_note_thanks
from queuedesk.stations.service_search import active_windows_serving, closed_reason_or_opening_text, tickets_until_text
from queuedesk.stations.widgets.lists.lists import TicketRow
from queuedesk.stations.widgets.lists.tiles import ServiceTileText

FAVOURITES_SHOWN = 6


class ChosenServiceOrItem(Struct, frozen=True):
    """A service, or an item of it, by their codes."""

    service: str
    item: str | None = None


class EarlierTicketRef(Struct, frozen=True, kw_only=True):
    """What a customer comes back for: an earlier ticket, or `ref` from elsewhere if `label` is "". `place` is the early
    place in line that the earlier ticket gives, None for an ordinary one; `choice` is what it was for."""

    label: str = ""
    day: date | None = None
    place: datetime | None = None
    choice: ChosenServiceOrItem | None = None
    ref: str = ""


class TicketDraft(Struct, frozen=True):
    """A ticket before it is printed: its service, the customer's class, further services under the same number, and the
    earlier ticket. `repeat`: the customer was here before and had to go for papers; `need`: why they are fetched for
    their turn, `speaks` a further language of theirs, "" for none."""

    first: ChosenServiceOrItem
    klass: str = NORMAL
    then: tuple[ChosenServiceOrItem, ...] = ()
    earlier: EarlierTicketRef | None = None
    repeat: bool = False
    need: str = ""
    speaks: str = ""

    def with_customer_class(self, klass: str) -> TicketDraft:
        return replace(self, klass=klass)

    def with_service_added(self, choice: ChosenServiceOrItem) -> TicketDraft:
        """Return it with one more service; one that is already on the ticket is not added again."""
        known = {one.service for one in (self.first, *self.then)}
        return self if choice.service in known else replace(self, then=(*self.then, choice))

    def without_further_service(self, choice: ChosenServiceOrItem) -> TicketDraft:
        return replace(self, then=tuple(one for one in self.then if one != choice))

    def with_earlier_ticket(self, earlier: EarlierTicketRef | None) -> TicketDraft:
        return replace(self, earlier=earlier)

    def with_repeat_visit(self, repeat: bool) -> TicketDraft:
        return replace(self, repeat=repeat)

    def with_fetch_reason(self, need: str) -> TicketDraft:
        return replace(self, need=need)

    def with_customer_language(self, language: str) -> TicketDraft:
        return replace(self, speaks=language)

    def all_choices(self) -> tuple[ChosenServiceOrItem, ...]:
        return (self.first, *self.then)


def service_of_choice(setup: Setup, choice: ChosenServiceOrItem) -> Service | None:
    return setup.services.get(choice.service)


def item_of_choice(setup: Setup, choice: ChosenServiceOrItem) -> ServiceItem | None:
    service = service_of_choice(setup, choice)
    if service is None:
        return None
    return next((item for item in service.items if item.code == choice.item), None)


def title_of_choice(setup: Setup, choice: ChosenServiceOrItem) -> str:
    item = item_of_choice(setup, choice)
    return name_in_language(item.name, item.name_en) if item else service_name(setup, choice.service)


def service_and_item_title(setup: Setup, choice: ChosenServiceOrItem) -> str:
    """Return "service · item", as it stands on the ticket."""
    if item_of_choice(setup, choice) is None:
        return service_name(setup, choice.service)
    return f"{service_name(setup, choice.service)} · {title_of_choice(setup, choice)}"


def papers_of_choice(setup: Setup, choice: ChosenServiceOrItem) -> tuple[RequiredPaper, ...]:
    item, service = item_of_choice(setup, choice), service_of_choice(setup, choice)
    if item is not None:
        return item.papers
    return service.papers if service else ()


def no_papers_listed_texts(setup: Setup, choice: ChosenServiceOrItem) -> tuple[str, str]:
    """Return what is said where no papers are listed: those that a preset suggests, for staff to know as such."""
    service = service_of_choice(setup, choice)
    if item_of_choice(setup, choice) is None and service is not None and service.suggested.get("papers"):
        papers = suggested_fact_content("papers", service.suggested)
        return _("No papers are confirmed for this"), _("Suggestions only, ask the admin: {papers}", papers=papers)
    return _("No papers are listed for this"), _about_service_text(setup, choice)


def _about_service_text(setup: Setup, choice: ChosenServiceOrItem) -> str:
    service = service_of_choice(setup, choice)
    return name_in_language(service.about, service.about_en) if service and choice.item is None else ""


def papers_of_ticket_draft(setup: Setup, draft: TicketDraft) -> list[RequiredPaper]:
    return list(dict.fromkeys(paper for choice in draft.all_choices() for paper in papers_of_choice(setup, choice)))


def items_marked_as_favourite(setup: Setup) -> list[ChosenServiceOrItem]:
    """Return the favourite items in the set-up's order; the board shows the first six."""
    return [
        ChosenServiceOrItem(service.code, item.code)
        for service in setup.services.values()
        for item in service.items
        if item.favourite
    ]


NO_TIME_LEFT = "no_time_left"
LAST_OF_ALL = 1 << 62  # the turn of a ticket that nobody has yet: behind all others


class ServiceTileFacts(Struct, frozen=True, kw_only=True):
    """A service tile: its text, and why no ticket can be had (None while one can)."""

    service: str
    letter: str
    said: ServiceTileText
    closed: RuleError | None

    @property
    def can_issue_ticket(self) -> bool:
        """Whether a ticket can be issued, at least after a confirmation."""
        return self.closed is None or self.closed.code == NO_TIME_LEFT


class NextTicketPreview(Struct, frozen=True, kw_only=True):
    """The ticket that would be printed now: its number as far as known, and what its holder would be told. `coming`:
    some of those ahead come from another service."""

    label: str
    ahead: int
    coming: bool
    wait: QuotedWait | NoQuoteReason
    windows: tuple[str, ...]
    trouble: RuleError | None


class ClosingOverload(Struct, frozen=True, kw_only=True):
    """Not everybody may be served today: people waiting, the services concerned, when they close. `called_at` is the
    expected call of a ticket taken now, after closing; None where the windows of today do not reach it."""

    waiting: int
    services: tuple[str, ...]
    called_at: datetime | None
    closes: str


def service_tile_facts(
    state: HallState, lines: Sequence[overview.ServiceLine], now: datetime
) -> list[ServiceTileFacts]:
    return [_service_tile_facts(state, line, now) for line in lines]


def _service_tile_facts(state: HallState, line: overview.ServiceLine, now: datetime) -> ServiceTileFacts:
    setup = overview.set_up(state)
    service = setup.services[line.service]
    name = service_name(setup, line.service)
    closed = ticket_offer_now(state, line.service, now).refusal()
    waiting = n_("{n} person waiting", "{n} people waiting", line.waiting)
    letter = service_letter_or_code(setup, line.service)
    if closed is not None:
        instead = closed_reason_or_opening_text(setup, closed, now)
        said = ServiceTileText(name=name, instead=instead, spoken=f"{name}, {instead}")
        return ServiceTileFacts(service=line.service, letter=letter, said=said, closed=closed)
    note = tickets_until_text(setup, service, now)
    windows = _open_windows_count_text(line.windows, len(active_windows_serving(state, line.service)))
    # English words are longer: there the windows stand under the name.
    below = current_language() == "en" and not note
    before, range_, unit = _wait_range_words(line.wait, line.ahead_and_coming_count)
    if line.wait == NO_WINDOW_OPEN:
        windows = ""
    ahead = (
        line_words.total_ahead_text(line.ahead_and_coming_count)
        if line_words.is_waiting_count_misleading(line.waiting, line.ahead_and_coming_count, line.wait)
        else ""
    )
    said = ServiceTileText(
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
        spoken=list_text(
            [
                part
                for part in (
                    name,
                    waiting,
                    line_words.screen_reader_wait_text(line.wait, ahead=line.ahead_and_coming_count),
                    windows,
                    ahead,
                    note,
                )
                if part
            ]
        ),
    )
    return ServiceTileFacts(service=line.service, letter=letter, said=said, closed=None)


def _open_windows_count_text(is_open: int, able: int) -> str:
    if not is_open:
        return _("no window open now")
    if is_open < able:
        return n_("{n} of {all} windows open", "{n} of {all} windows open", is_open, all=able)
    return n_("{n} window", "{n} windows", is_open)


def _wait_range_words(wait: QuotedWait | NoQuoteReason, ahead: int) -> tuple[str, str, str]:
    """Return the words before a range, the range, and its unit; "—" with the reason where none is known."""
    words = line_words.wait_words(wait, ahead=ahead)
    return words if isinstance(wait, QuotedWait) else ("", "—", words.figure)


def line_wait_text(line: overview.ServiceLine) -> str:
    """Return "6 waiting · about 20–30 min", for the right end of a row."""
    people = line_words.waiting_or_total_ahead_text(line.waiting, line.ahead_and_coming_count, line.wait)
    return f"{people} · {line_words.wait_text(line.wait, ahead=line.ahead_and_coming_count)}"


def wait_text_by_service(lines: Sequence[overview.ServiceLine]) -> dict[str, str]:
    return {line.service: line_wait_text(line) for line in lines}


def windows_label_and_codes(codes: tuple[str, ...]) -> tuple[str, str]:
    return n_("Window", "Windows", len(codes)), windows_text(codes)


def windows_text(codes: tuple[str, ...]) -> str:
    """Return "3–6" ("3–6 号"), "—" for none."""
    if not codes:
        return "—"
    shown = codes_text(codes)
    return shown if current_language() == "en" else _("windows {windows}", windows=shown)


def next_ticket_preview(state: HallState, draft: TicketDraft, now: datetime) -> NextTicketPreview:
    setup = overview.set_up(state)
    day = business_date(setup, now)
    service = setup.services.get(draft.first.service)
    imagined = ticket_records.LineTicket(
        date=day,
        label="",
        service=draft.first.service,
        place=draft.earlier.place if draft.earlier and draft.earlier.place else now,
        turn=LAST_OF_ALL,
        item=draft.first.item,
        credit_s=setup.credit_s(draft.klass, draft.first.service),
        flags=ticket_records.need_and_language_flags("", draft.speaks),
    )
    stands = overview.line_position_and_wait(state, imagined, now)
    label, trouble = "—", None
    if service is None:
        trouble = RuleError("unknown_service", service=draft.first.service)
    else:
        try:
            label = hallday.ticket_label_text(
                *hallday.next_prefix_and_number(setup, service, now, lambda prefix: state.series.get((day, prefix)))
            )
            for choice in draft.all_choices():
                ticket_offer_now(state, choice.service, now).require_ticket_given()
        except RuleError as refusal:
            trouble = refusal
    return NextTicketPreview(
        label=label,
        ahead=stands.ahead_and_coming_count,
        coming=stands.coming > 0,
        wait=stands.wait,
        windows=active_windows_serving(state, draft.first.service),
        trouble=trouble,
    )


def closing_overload_warning(
    setup: Setup, lines: Sequence[overview.ServiceLine], now: datetime
) -> ClosingOverload | None:
    """Return the warning that a new ticket would probably be called too late, by its quoted wait, or None."""
    minute = setup.to_hall_time(now).hour * 60 + setup.to_hall_time(now).minute
    late: list[tuple[str, datetime | None, datetime]] = []
    for line in lines:
        service = setup.services[line.service]
        is_open = any(
            start <= minute < end for start, end in opening_spans_on(setup, service, setup.to_hall_time(now).date())
        )
        closes = next_closing_time_today(setup, service, now) if is_open else None
        if (
            closes is None
            or called_before_closing_verdict(setup, service, line.wait, now) is not CallBeforeClosingVerdict.TOO_LATE
        ):
            continue
        called_at = now + timedelta(seconds=line.wait.point_s) if isinstance(line.wait, QuotedWait) else None
        late.append((line.service, called_at, closes))
    if not late:
        return None
    called = [at for _service, at, _closes in late if at is not None]
    return ClosingOverload(
        waiting=sum(line.waiting for line in lines),
        services=tuple(service_letter_or_code(setup, service) for service, _at, _closes in late),
        called_at=_moment_rounded_up_to_five_minutes(setup.to_hall_time(min(called))) if called else None,
        closes=time_hm(setup.to_hall_time(min(closes for _service, _at, closes in late))),
    )


def closing_overload_texts(warning: ClosingOverload) -> tuple[str, str]:
    title = n_(
        "{n} waiting; today's work may not be done", "{n} waiting; today's work may not be done", warning.waiting
    )
    if warning.called_at is None:
        return title, _(
            "A ticket for {services} taken now may not be called today; we close at {closes}. Please tell customers.",
            services=list_text(warning.services),
            closes=warning.closes,
        )
    second = _(
        "A ticket for {services} taken now would be called at about {time}; we close at {closes}. Please tell customers.",
        services=list_text(warning.services),
        time=time_hm(warning.called_at),
        closes=warning.closes,
    )
    return title, second


def _moment_rounded_up_to_five_minutes(moment: datetime) -> datetime:
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


class RailPersonRow(Struct, frozen=True, kw_only=True):
    """Somebody in a card of the rail: `key` is what the card knows them by, such as a ticket's number; `late` stands in
    place of `second` where something is overdue."""

    key: int | str
    head: str
    first: str
    second: str
    late: str = ""


class TicketCardFacts(Struct, frozen=True, kw_only=True):
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
    return ticket_records.whole_seconds_between(moment, now) // 60


def waiting_ticket_rows(state: HallState, now: datetime) -> list[TicketRow]:
    setup = overview.set_up(state)
    return [_waiting_ticket_row(setup, ticket, now) for ticket in overview.waiting_in_call_order(state)]


def waiting_count_heading(setup: Setup, count: int, away_since: datetime | None) -> str:
    if away_since is None:
        return n_("{n} waiting", "{n} waiting", count)
    return n_("{n} waiting at {time}", "{n} waiting at {time}", count, time=time_hm(setup.to_hall_time(away_since)))


def _waiting_ticket_row(setup: Setup, ticket: ticket_records.Ticket, now: datetime) -> TicketRow:
    minutes = minutes_since(overview.current_line_join_time(ticket), now)
    return TicketRow(
        id=ticket.label,
        number=ticket.label,
        service=service_name(setup, ticket.service),
        class_text=ticket_marks_text(setup, ticket),
        wait=minutes_text(minutes),
        level=overview.longest_wait_level(setup, [ticket], now),
    )


def rail_rows_of_people_to_fetch(state: HallState, now: datetime) -> list[RailPersonRow]:
    return [
        RailPersonRow(
            key=ticket.label,
            head=ticket.label,
            first=need_word(ticket.fetch_reason),
            second=line_words.calls_before_fetch_text(ahead, ticket.window),
            late=line_words.calls_before_fetch_text(ahead, ticket.window) if ticket.window else "",
        )
        for ticket, ahead in overview.tickets_to_fetch(state, now)
    ]


def missed_rows(state: HallState, now: datetime) -> list[MissedRow]:
    missed = sorted(
        state.tickets_in_state(ticket_records.TicketState.MISSED), key=lambda t: t.missed_at or t.arrived, reverse=True
    )
    return [_missed_row(ticket.label, minutes_since(ticket.missed_at, now)) for ticket in missed]


def _missed_row(label: str, minutes: int) -> MissedRow:
    since = _("missed {minutes} min ago", minutes=minutes) if minutes else _("missed just now")
    return MissedRow(label=label, since=since, minutes=minutes_text(minutes))


def todays_ticket_by_label(state: HallState, label: str) -> ticket_records.Ticket | None:
    return next((t for t in state.tickets.values() if t.label == label and t.date == state.now.date), None)


def last_ticket_of_issuer(state: HallState, who: str) -> ticket_records.Ticket | None:
    return max(_tickets_issued_today_by(state, who), key=lambda t: t.seq, default=None)


def open_tickets_issued_by(state: HallState, who: str, count: int) -> list[ticket_records.Ticket]:
    """Return the last tickets that this person issued today and that are still open, the newest first."""
    alive = [t for t in _tickets_issued_today_by(state, who) if t.is_open]
    return sorted(alive, key=lambda t: t.seq, reverse=True)[:count]


def _tickets_issued_today_by(state: HallState, who: str) -> Iterator[ticket_records.Ticket]:
    return (t for t in state.tickets.values() if t.guide == who and t.date == state.now.date)


def tickets_matching_number(state: HallState, query: str) -> list[ticket_records.Ticket]:
    """Return today's tickets whose number begins as typed ("b03", "38"), exact matches and open ones first."""
    typed = NUMBER.match(query)
    if typed is None:
        return []
    letters, digits = typed[1].upper(), typed[2]
    found = []
    for ticket in state.tickets.values():
        prefix, number = split_ticket_label(ticket.label) or ("", -1)
        written = ticket.label[len(prefix) :]
        exact = number == int(digits)
        if ticket.date == state.now.date and prefix.startswith(letters) and (exact or written.startswith(digits)):
            found.append((not exact, not ticket.is_open, ticket.label, ticket))
    return [row[-1] for row in sorted(found, key=lambda row: row[:3])][:FINDS_SHOWN]


def newest_open_tickets(state: HallState) -> list[ticket_records.Ticket]:
    alive = [t for t in state.tickets.values() if t.is_open and t.date == state.now.date]
    return sorted(alive, key=lambda t: t.seq, reverse=True)[:FINDS_SHOWN]


def is_number(query: str) -> bool:
    return NUMBER.match(query) is not None


def ticket_state_summary(state: HallState, ticket: ticket_records.Ticket, now: datetime) -> str:
    if ticket.state is ticket_records.TicketState.WAITING:
        stands = overview.line_position_and_wait(state, ticket, now)
        ahead = n_("{n} ahead", "{n} ahead", stands.ahead_and_coming_count)
        return f"{ahead} · {line_words.wait_text(stands.wait, ahead=stands.ahead_and_coming_count)}"
    return state_and_window_text(ticket)


def state_and_window_text(ticket: ticket_records.Ticket) -> str:
    word = ticket_state_word(str(ticket.state))
    return _("{state}, window {window}", state=word, window=ticket.window) if ticket.window else word


def ticket_card_facts(
    state: HallState, ticket: ticket_records.Ticket, now: datetime, role: Role | None
) -> TicketCardFacts:
    setup = overview.set_up(state)
    rows: list[tuple[str, str]] = []
    if ticket.state is ticket_records.TicketState.WAITING:
        stands = overview.line_position_and_wait(state, ticket, now)
        windows = active_windows_serving(state, ticket.service)
        rows.append(
            (
                line_words.ahead_count_label(
                    stands.coming > 0 or line_words.has_windows_of_several_services(setup, windows)
                ),
                n_("{n} person", "{n} people", stands.ahead_and_coming_count),
            )
        )
        about = _("First wait") if ticket.steps else _("Expected wait")
        rows.append((about, line_words.wait_text(stands.wait, ahead=stands.ahead_and_coming_count)))
        rows.append(windows_label_and_codes(windows))
    arrived = time_hm(setup.to_hall_time(ticket.arrived))
    if ticket.is_open:
        minutes = minutes_since(ticket.arrived, now)
        rows.append((_("Arrived"), _("{time}, {minutes} min ago", time=arrived, minutes=minutes)))
    else:
        rows.append((_("Arrived"), arrived))
    if ticket.fetch_reason:
        fetched = ticket_records.FETCHED in ticket.flags
        word = need_word(ticket.fetch_reason)
        rows.append((_("Needs fetching"), _("{need}, fetched", need=word) if fetched else word))
    if ticket.spoken_language:
        rows.append((_("Language"), ticket.spoken_language))
    if (sent := ticket.previous_leg_if_it_has_note) is not None:
        rows.append((_("Note"), str(sent.note)))
    if ticket.steps:
        names = " · ".join(
            line_words.service_with_windows_text(setup, code, active_windows_serving(state, code))
            for code in ticket.steps
        )
        rows.append((_("Then", context="further services"), names))
    return TicketCardFacts(
        label=ticket.label,
        state=str(ticket.state),
        word=state_and_window_text(ticket),
        title=service_and_item_title(setup, ChosenServiceOrItem(ticket.service, ticket.item)),
        class_text=priority_name(setup, ticket.klass),
        facts=tuple(rows),
        acts=tuple(act for act in ACTS if _is_ticket_act_possible(setup, ticket, act, role)),
        service=ticket.service,
        has_paper=ticket.is_open,
        offers=ticket.is_open and setup.has_feature("why_come"),
        why=line_words.why_not_called_now_sentence(state, ticket, now),
    )


def _is_ticket_act_possible(setup: Setup, ticket: ticket_records.Ticket, act: str, role: Role | None) -> bool:
    if act == THANKS:
        return role is not None and setup.has_feature("thanks") and can_note_thanks(ticket)
    if ticket.state not in ticket_records.MOVES[act]:
        return False
    if act == "redirect":
        return len(setup.services) > 1
    if act == "fetched":
        return bool(ticket.fetch_reason) and ticket_records.FETCHED not in ticket.flags
    if act == "postpone":
        return ticket.postponed < setup.setting_as_int("postponements")
    return role is not None
