"""What the display says: finished texts in the language of the station, as its view takes them."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from msgspec import Struct

from queuedesk.core.log.state import HallState
from queuedesk.core.queue import hallday, overview
from queuedesk.core.queue.dispatch import Wait
from queuedesk.core.queue.offers import elsewhere_now, offer_of
from queuedesk.core.queue.overview import service_lines, set_up
from queuedesk.core.queue.public_order import NextUp, first_now, order_lines, rule_now
from queuedesk.core.queue.ticket import State
from queuedesk.core.setup.rows import Service, Setup
from queuedesk.core.setup.time_of_day import minutes_of
from queuedesk.core.talk.number_block import Block, WindowWords
from queuedesk.i18n import _, codes_text, day_hall, n_, named, time_hm, weekday_long
from queuedesk.i18n.calendar_words import reason_text
from queuedesk.i18n.names import letter_of, service_name, window_words
from queuedesk.i18n.queue.line_words import mark_word, marks_legend, order_sentences
from queuedesk.i18n.queue.wait_words import ahead_in_all, shares_line, wait_text
from queuedesk.i18n.talk import elsewhere_text
from queuedesk.stations.display.media import MediaFile
from queuedesk.stations.display.rows import CallRow

_OPEN_STATES = frozenset({State.WAITING, State.CALLED, State.SERVING})


class RowText(Struct, frozen=True):
    """One call, large. `key` identifies it; `seq` is its call's place in the log, 0 for what was there at the start.
    `tag` and `icon` say in a word and a sign what amber says in colour: only a fresh call has them. `coming` is who may
    still be on the way: not who is being served or was."""

    key: tuple[date, str]
    label: str
    window: WindowWords
    fresh: bool
    seq: int
    coming: bool
    tag: str = ""
    icon: str = ""

    @property
    def block(self) -> Block:
        return Block(self.label, self.window, self.tag, self.icon)


class LineText(Struct, frozen=True):
    """Who waits for one service. `ahead` says below the wait how many are before a new ticket, where others wait for
    its windows too; `is_told`: `wait` is one, and not why there is none."""

    letter: str
    name: str
    wait: str
    count: str
    ahead: str = ""
    is_told: bool = False


class ClosedText(Struct, frozen=True):
    """The text of a closed hall."""

    title: str
    opens: str
    phone_words: str = ""
    phone: str = ""
    why: str = ""


class PaperText(Struct, frozen=True):
    """A paper and a note on it."""

    name: str
    note: str


class SlideText(Struct, frozen=True):
    """A slide to read while nobody is called: what to bring for an item, the steps of a service (both as `papers`), or
    a notice (`text`)."""

    service: str
    title: str
    papers: tuple[PaperText, ...] = ()
    foot: str = ""
    text: str = ""

    @property
    def read(self) -> str:
        papers = "".join(paper.name + paper.note for paper in self.papers)
        return self.service + self.title + papers + self.foot + self.text


def row_text(setup: Setup, row: CallRow, now: datetime, *, coming: bool, icon: str, with_zone: bool = True) -> RowText:
    """Return a call in words, without the zone's name if its part of the screen already has it."""
    window = window_words(setup, row.window, with_way=with_zone)
    if not row.is_fresh(now):
        return RowText(row.id, row.label, window, False, row.seq, coming)
    tag = _("Called again", context="display") if row.recall else _("Now calling", context="display")
    return RowText(row.id, row.label, window, True, row.seq, coming, tag, icon)


def earlier_text(setup: Setup, row: CallRow) -> Block:
    return Block(row.label, window_words(setup, row.window, with_way=False))


def line_texts(state: HallState, now: datetime, services: frozenset[str]) -> tuple[list[LineText], int]:
    """Return who waits for each of `services`, and the total."""
    setup = overview.set_up(state)
    lines = [line for line in overview.service_lines(state, now) if line.service in services]
    lines = [line for line in lines if line.waiting or not setup.services[line.service].message]
    texts = []
    for line in lines:
        service = setup.services[line.service]
        words = _wait_words(state, line, now)
        name, ahead = named(service.name, service.name_en), ""
        is_told = isinstance(line.wait, Wait) and words == wait_text(line.wait, ahead=line.before)
        if is_told and shares_line(line.waiting, line.before, line.wait):
            ahead = ahead_in_all(line.before)
        texts.append(LineText(service.prefix, name, words, str(line.waiting), ahead, is_told))
    return texts, sum(line.waiting for line in lines)


def _wait_words(state: HallState, line: overview.ServiceLine, now: datetime) -> str:
    reason = offer_of(state, line.service, now).reason
    if reason in ("last_ticket", "quota_full"):
        return _("No more tickets today")
    if reason == "message_only":
        return _("No ticket needed")
    if reason == "service_closed":
        return _("Closed", context="service")
    return wait_text(line.wait, ahead=line.before)


def closed_text(state: HallState, now: datetime) -> ClosedText | None:
    """Return the text while every service is closed and nobody waits, is called or is served; else None."""
    setup = overview.set_up(state)
    if not setup.services or any(ticket.state in _OPEN_STATES for ticket in state.tickets.values()):
        return None
    if any(is_in_hours(setup, service, now) for service in setup.services.values()):
        return None
    today = setup.local(now).date()
    day, at = _next_opening(setup, now)
    title = _("We are closed for today") if _spans(setup, today) else _("Closed today")
    if day == today:
        began = any(start <= _minute(setup, now) for start, _end in _spans(setup, today))
        title = _("We are having a break") if began else _("Not open yet")
    phone = setup.hall.phone.strip()
    call = _("If it is urgent, please call") if phone else ""
    why = reason_text(setup.calendar.on(today)) if not _spans(setup, today) else ""
    return ClosedText(title, _opens_words(today, day, at), call, phone, why)


def is_in_hours(setup: Setup, service: Service, now: datetime) -> bool:
    """Return whether the service gives out tickets at this hour."""
    minute = _minute(setup, now)
    spans = hallday.hours_on(setup, service, setup.local(now).date())
    return not service.message and any(start <= minute < end for start, end in spans)


def _minute(setup: Setup, now: datetime) -> int:
    local = setup.local(now)
    return local.hour * 60 + local.minute


def _spans(setup: Setup, day: date) -> list[tuple[int, int]]:
    return [span for service in setup.services.values() for span in hallday.hours_on(setup, service, day)]


def _next_opening(setup: Setup, now: datetime) -> tuple[date | None, str]:
    """Return when the first service opens; no date when none does within two weeks."""
    giving = [service for service in setup.services.values() if not service.message]
    found = [hallday.next_opening(setup, service, now) for service in giving]
    known = [(day, minutes_of(opens)) for opens, day in found if opens is not None and day is not None]
    if not known:
        return None, ""
    day, minute = min(known)
    return day, time_hm(time(minute // 60 % 24, minute % 60))


def _opens_words(today: date, day: date | None, at: str) -> str:
    if day is None:
        return ""
    if day == today:
        return _("Open today {time}", time=at)
    if day == today + timedelta(days=1):
        return _("Open tomorrow {time}", time=at)
    if day < today + timedelta(days=7):
        return _("Open {weekday} {time}", weekday=weekday_long(day), time=at)
    return _("Open {date} {time}", date=day_hall(day), time=at)


class HeadText(Struct, frozen=True):
    """The text at the top. `badge` says that nothing can be heard here, "" while all is well."""

    hall: str = ""
    day: str = ""
    clock: str = ""
    badge: str = ""


class StripText(Struct, frozen=True):
    """The text of the strip at the bottom. `trouble` is something the hall has to fix, not a notice; `pushed` a
    temporary one."""

    text: str = ""
    place: str = ""
    trouble: bool = False
    pushed: bool = False


class LineTexts(Struct, frozen=True):
    """Who waits, with labels. `waits` says whose wait is told, "" where none is."""

    title: str = ""
    short_title: str = ""
    people: str = ""
    total: str = ""
    lines: tuple[LineText, ...] = ()
    waits: str = ""


class SlideShow(Struct, frozen=True):
    """The slide shown and its place among them."""

    slide: SlideText | MediaFile
    at: int
    count: int


class PartText(Struct, frozen=True):
    """A part of the screen with its own calls: the whole hall without a name, or a zone with its name and direction.
    `windows` are all that may be called there, so that rows keep their size whoever is called."""

    windows: tuple[WindowWords, ...] = ()
    title: str = ""
    arrow: str = ""
    arrow_last: bool = False
    lines: LineTexts = LineTexts()


class PartCalls(Struct, frozen=True):
    """The calls of a part, who may be coming first, and those of its small line."""

    rows: tuple[RowText, ...] = ()
    earlier: tuple[Block, ...] = ()


class OrderColumn(Struct, frozen=True, kw_only=True):
    """A service of the order list: `called` are at a window, each with whether it is being called, `next` those that
    wait in call order. `more` says with {n} how many have no room; `marks` are icon and word after each of `next`,
    empty but for numbers that may go before an earlier one."""

    letter: str
    name: str
    windows: str
    called: tuple[tuple[str, bool], ...] = ()
    next: tuple[NextUp, ...] = ()
    empty: str = ""
    more: str = "{n}"
    marks: tuple[tuple[str, str], ...] = ()


class EmergencyText(Struct, frozen=True):
    """An announcement that covers the whole screen; `second` is its other language, `calls_title` heads the calls
    below."""

    head: str
    text: str
    second: str = ""
    calls_title: str = ""


def order_columns(state: HallState, now: datetime, services: frozenset[str]) -> list[OrderColumn]:
    """Return the list of `services`: numbers, and nothing about anybody."""
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
                marks=tuple((_mark_icon(one), mark_word(one)) for one in line.next),
            )
        )
    return columns


def _mark_icon(one: NextUp) -> str:
    return (
        "person"
        if one.priority
        else "clock"
        if one.short
        else "language"
        if one.language
        else "undo"
        if one.moved
        else ""
    )


def elsewhere_lines(state: HallState, now: datetime) -> list[str]:
    """Return for each service at a peak how long its wait is and in which other ways it can be done."""
    setup = set_up(state)
    if not any(service.elsewhere for service in setup.services.values()):
        return []
    told = []
    for line in service_lines(state, now):
        if ways := elsewhere_now(setup, line.service, line.wait):
            wait = wait_text(line.wait, ahead=line.before)
            name = service_name(setup, line.service)
            told.append(_("{service}: {wait}. {ways}.", service=name, wait=wait, ways=elsewhere_text(ways)))
    return told


def legend_words(state: HallState, now: datetime, services: frozenset[str]) -> str:
    """Return what the words beside numbers of the order list mean, "" where there are none."""
    return marks_legend(one for line in order_lines(state, now, services) for one in line.next)


def rule_lines(state: HallState, now: datetime) -> list[str]:
    """Return the rule of the hall, and whom windows take first now, a sentence each."""
    has_priority = any(ticket.credit_s for ticket in state.waiting())
    return order_sentences(rule_now(state), first_now(state, now), has_priority=has_priority)
