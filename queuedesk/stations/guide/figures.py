"""The figures of the front desk as finished words: tiles, the ticket about to be printed, a day that gets too full."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from msgspec import Struct

from queuedesk.core.errors import RuleError
from queuedesk.core.log.state import HallState
from queuedesk.core.queue import hallday
from queuedesk.core.queue.dispatch import NO_WINDOW_OPEN, NoWait, Wait
from queuedesk.core.queue.hallday import business_date, hours_on
from queuedesk.core.queue.offers import Reach, closes_at, offer_of, told_reach
from queuedesk.core.queue.overview import ServiceLine, set_up, standing
from queuedesk.core.queue.ticket import InLine, need_flags
from queuedesk.core.setup.rows import Setup
from queuedesk.i18n import _, codes_text, current, listing, n_, time_hm
from queuedesk.i18n.names import letter_of, service_name
from queuedesk.i18n.queue.wait_words import ahead_in_all, people_words, shares_line, spoken_wait, wait_text, wait_words
from queuedesk.stations.guide.choices import Draft
from queuedesk.stations.models.service_words import able_windows, opens_text, until_text
from queuedesk.stations.widgets.lists.tiles import TileText

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
    """Return the tile of every service, in the order of the set-up."""
    return [_tile(state, line, now) for line in lines]


def _tile(state: HallState, line: ServiceLine, now: datetime) -> TileFacts:
    setup = set_up(state)
    service = setup.services[line.service]
    name = service_name(setup, line.service)
    closed = offer_of(state, line.service, now).refusal()
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
    """Return how many windows serve a line, and of how many while others of them are paused: the card of a ticket names
    them all."""
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
    """Return for every service what `wait_facts` says of its line."""
    return {line.service: wait_facts(line) for line in lines}


def windows_row(codes: tuple[str, ...]) -> tuple[str, str]:
    """Return these windows and what they are called."""
    return n_("Window", "Windows", len(codes)), windows_text(codes)


def windows_text(codes: tuple[str, ...]) -> str:
    """Return "3–6" ("3–6 号"), "—" for none."""
    if not codes:
        return "—"
    shown = codes_text(codes)
    return shown if current() == "en" else _("windows {windows}", windows=shown)


def next_ticket(state: HallState, draft: Draft, now: datetime) -> NextTicket:
    """Return what the ticket of `draft` would say if it were printed now."""
    setup = set_up(state)
    day = business_date(setup, now)
    service = setup.services.get(draft.first.service)
    imagined = InLine(
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
            label = hallday.label(*hallday.next_in(setup, service, now, lambda prefix: state.series.get((day, prefix))))
            for choice in draft.all():
                offer_of(state, choice.service, now).must_give()
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
    """Return the warning that a ticket taken now would probably be called too late, None where none would.

    It goes by the figure of the quoted wait, which it names, not by its upper end."""
    minute = setup.local(now).hour * 60 + setup.local(now).minute
    late: list[tuple[str, datetime | None, datetime]] = []
    for line in lines:
        service = setup.services[line.service]
        is_open = any(start <= minute < end for start, end in hours_on(setup, service, setup.local(now).date()))
        closes = closes_at(setup, service, now) if is_open else None
        if closes is None or told_reach(setup, service, line.wait, now) is not Reach.TOO_LATE:
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
    """Return the fact and what to tell people."""
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
