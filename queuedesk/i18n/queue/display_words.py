"""What a display says, part by part: calls, who waits, the order list, a closed hall, notices, an emergency."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from msgspec import Struct

from queuedesk.core.log.state import HallState
from queuedesk.core.queue import hallday, overview
from queuedesk.core.queue.dispatch import QuotedWait
from queuedesk.core.queue.offers import channels_to_suggest, ticket_offer_now
from queuedesk.core.queue.ticket import TicketState
from queuedesk.core.setup.rows import Notice, Service, ServiceItem, Setup
from queuedesk.core.setup.time_of_day import parse_clock_minutes
from queuedesk.core.talk import display as displays
from queuedesk.core.talk.number_block import NumberAndWindow, WindowLabel, arrow_for_way, is_arrow_after_zone
from queuedesk.core.talk.remarks import PushedNotice
from queuedesk.i18n import names, talk
from queuedesk.i18n.calendar_words import calendar_reason_text, upcoming_special_days_text
from queuedesk.i18n.catalogue import current_language, ntr, tr
from queuedesk.i18n.moments import codes_text, date_for_hall, list_text, name_in_language, time_hm, weekday_long
from queuedesk.i18n.queue import line_words

_OPEN_STATES = frozenset({TicketState.WAITING, TicketState.CALLED, TicketState.SERVING})


class CallRowText(Struct, frozen=True):
    """One call, large. `key` identifies it; `seq` is its call's place in the log, 0 for what was there at the start.
    `tag` and `icon` say in a word and a sign what amber says in colour: only a fresh call has them. `coming` is who may
    still be on the way: not who is being served or was."""

    key: tuple[date, str]
    label: str
    window: WindowLabel
    fresh: bool
    seq: int
    coming: bool
    tag: str = ""
    icon: str = ""

    @property
    def number_and_window_parts(self) -> NumberAndWindow:
        return NumberAndWindow(self.label, self.window, self.tag, self.icon)


class WaitingLineText(Struct, frozen=True):
    """Who waits for one service. `ahead` says below the wait how many are before a new ticket, where others wait for
    its windows too; `is_told`: `wait` is one, and not why there is none."""

    letter: str
    name: str
    wait: str
    count: str
    ahead: str = ""
    is_told: bool = False


class ClosedHallText(Struct, frozen=True):
    title: str
    opens: str
    phone_words: str = ""
    phone: str = ""
    why: str = ""


def call_row_texts(
    setup: Setup,
    row: displays.CallRow,
    now: datetime,
    *,
    coming: bool,
    icon: str,
    with_way: bool = True,
    lang: str | None = None,
) -> CallRowText:
    """Return a call in words, without the zone's name if its part of the screen already has it."""
    lang = lang or current_language()
    window = names.window_label_for_customers(setup, row.window, lang, with_way=with_way)
    if not row.is_fresh(now):
        return CallRowText(row.ticket_id, row.label, window, False, row.seq, coming)
    tag = tr(lang, "Called again", context="display") if row.recall else tr(lang, "Now calling", context="display")
    return CallRowText(row.ticket_id, row.label, window, True, row.seq, coming, tag, icon)


def earlier_call_number_and_window(setup: Setup, row: displays.CallRow, lang: str | None = None) -> NumberAndWindow:
    return NumberAndWindow(row.label, names.window_label_for_customers(setup, row.window, lang, with_way=False))


def waiting_line_texts_and_total(
    state: HallState, now: datetime, services: frozenset[str], lang: str | None = None
) -> tuple[list[WaitingLineText], int]:
    lang, setup = lang or current_language(), overview.set_up(state)
    lines = [line for line in overview.service_lines(state, now) if line.service in services]
    lines = [line for line in lines if line.waiting or not setup.services[line.service].message]
    texts = []
    for line in lines:
        service = setup.services[line.service]
        words = _line_wait_or_closure_text(state, line, now, lang)
        name, ahead = name_in_language(service.name, service.name_en, lang), ""
        is_told = isinstance(line.wait, QuotedWait) and words == line_words.wait_text(
            line.wait, lang, ahead=line.ahead_and_coming_count
        )
        if is_told and line_words.is_waiting_count_misleading(line.waiting, line.ahead_and_coming_count, line.wait):
            ahead = line_words.total_ahead_text(line.ahead_and_coming_count, lang)
        texts.append(WaitingLineText(service.prefix, name, words, str(line.waiting), ahead, is_told))
    return texts, sum(line.waiting for line in lines)


def _line_wait_or_closure_text(state: HallState, line: overview.ServiceLine, now: datetime, lang: str) -> str:
    reason = ticket_offer_now(state, line.service, now).reason
    if reason in ("last_ticket", "quota_full"):
        return tr(lang, "No more tickets today")
    if reason == "message_only":
        return tr(lang, "No ticket needed")
    if reason == "service_closed":
        return tr(lang, "Closed", context="service")
    return line_words.wait_text(line.wait, lang, ahead=line.ahead_and_coming_count)


def closed_hall_text(state: HallState, now: datetime, lang: str | None = None) -> ClosedHallText | None:
    """Return the text while every service is closed and nobody waits, is called or is served; else None."""
    lang, setup = lang or current_language(), overview.set_up(state)
    if not setup.services or any(ticket.state in _OPEN_STATES for ticket in state.tickets.values()):
        return None
    if any(is_within_ticket_hours(setup, service, now) for service in setup.services.values()):
        return None
    today = setup.to_hall_time(now).date()
    day, at = _next_opening_day_and_time(setup, now)
    title = (
        tr(lang, "We are closed for today")
        if _opening_spans_of_all_services_on(setup, today)
        else tr(lang, "Closed today")
    )
    if day == today:
        began = any(
            start <= hallday.minute_of_day(setup, now)
            for start, _end in _opening_spans_of_all_services_on(setup, today)
        )
        title = tr(lang, "We are having a break") if began else tr(lang, "Not open yet")
    phone = setup.hall.phone.strip()
    call = tr(lang, "If it is urgent, please call") if phone else ""
    why = (
        calendar_reason_text(setup.calendar.entry_on(today), lang)
        if not _opening_spans_of_all_services_on(setup, today)
        else ""
    )
    return ClosedHallText(title, _opens_words(today, day, at, lang), call, phone, why)


def is_within_ticket_hours(setup: Setup, service: Service, now: datetime) -> bool:
    minute = hallday.minute_of_day(setup, now)
    spans = hallday.opening_spans_on(setup, service, setup.to_hall_time(now).date())
    return not service.message and any(start <= minute < end for start, end in spans)


def _opening_spans_of_all_services_on(setup: Setup, day: date) -> list[tuple[int, int]]:
    return [span for service in setup.services.values() for span in hallday.opening_spans_on(setup, service, day)]


def _next_opening_day_and_time(setup: Setup, now: datetime) -> tuple[date | None, str]:
    """Return when the first service opens; no date when none does within two weeks."""
    giving = [service for service in setup.services.values() if not service.message]
    found = [hallday.next_ticket_opening(setup, service, now) for service in giving]
    known = [(day, parse_clock_minutes(opens)) for opens, day in found if opens is not None and day is not None]
    if not known:
        return None, ""
    day, minute = min(known)
    return day, time_hm(time(minute // 60 % 24, minute % 60))


def _opens_words(today: date, day: date | None, at: str, lang: str) -> str:
    if day is None:
        return ""
    if day == today:
        return tr(lang, "Open today {time}", time=at)
    if day == today + timedelta(days=1):
        return tr(lang, "Open tomorrow {time}", time=at)
    if day < today + timedelta(days=7):
        return tr(lang, "Open {weekday} {time}", weekday=weekday_long(day, lang), time=at)
    return tr(lang, "Open {date} {time}", date=date_for_hall(day, lang), time=at)


class DisplayHeadText(Struct, frozen=True):
    """The text at the top. `badge` says that nothing can be heard here, "" while all is well."""

    hall: str = ""
    day: str = ""
    clock: str = ""
    badge: str = ""


class DisplayStripText(Struct, frozen=True):
    """The strip's text. `trouble` is something the hall has to fix, not a notice; `pushed` a temporary one."""

    text: str = ""
    place: str = ""
    trouble: bool = False
    pushed: bool = False


class WaitingLinesText(Struct, frozen=True):
    """Who waits, with labels. `waits` says whose wait is told, "" where none is."""

    title: str = ""
    short_title: str = ""
    people: str = ""
    total: str = ""
    lines: tuple[WaitingLineText, ...] = ()
    waits: str = ""


class ScreenPartText(Struct, frozen=True):
    """A part of the screen with its own calls: the whole hall without a name, or a zone with its name and direction.
    `windows` are all that may be called there, so that rows keep their size whoever is called."""

    windows: tuple[WindowLabel, ...] = ()
    title: str = ""
    arrow: str = ""
    arrow_last: bool = False
    lines: WaitingLinesText = WaitingLinesText()


class ScreenPartCalls(Struct, frozen=True):
    """The calls of a part, who may be coming first, and those of its small line."""

    rows: tuple[CallRowText, ...] = ()
    earlier: tuple[NumberAndWindow, ...] = ()


class OrderListColumn(Struct, frozen=True, kw_only=True):
    """A service of the order list: `called` are at a window, each with whether it is being called, `next` those that
    wait in call order. `more` says with {n} how many have no room; `marks` are icon and word after each of `next`,
    empty but for numbers that may go before an earlier one."""

    letter: str
    name: str
    windows: str
    called: tuple[tuple[str, bool], ...] = ()
    next: tuple[overview.UpcomingNumber, ...] = ()
    empty: str = ""
    more: str = "{n}"
    marks: tuple[tuple[str, str], ...] = ()


class EmergencyText(Struct, frozen=True):
    """An announcement on the whole screen; `second`: its other language; `calls_title` heads the calls below."""

    head: str
    text: str
    second: str = ""
    calls_title: str = ""


def waiting_lines_panel_texts(
    state: HallState, now: datetime, services: frozenset[str], lang: str | None = None
) -> WaitingLinesText:
    lang = lang or current_language()
    lines, total = waiting_line_texts_and_total(state, now, services, lang)
    title, people = tr(lang, "Waiting", context="display"), tr(lang, "{n}", context="people", n="").strip()
    waits = tr(lang, "Wait if you take a ticket now") if any(line.is_told for line in lines) else ""
    return WaitingLinesText(
        title, tr(lang, "Waiting", context="display, short"), people, str(total), tuple(lines), waits
    )


def part_window_labels(setup: Setup, part: displays.ScreenPart, lang: str | None = None) -> tuple[WindowLabel, ...]:
    return tuple(names.window_label_for_customers(setup, code, lang, with_way=not part.zone) for code in part.windows)


def zone_part_text(
    setup: Setup, part: displays.ScreenPart, lines: WaitingLinesText, *, has_others: bool, lang: str | None = None
) -> ScreenPartText:
    """Return the name and direction of a zone's part of the screen; `has_others`: there are further parts."""
    lang, windows = lang or current_language(), part_window_labels(setup, part, lang)
    if not part.zone:
        return ScreenPartText(windows, tr(lang, "Other windows", context="display") if has_others else "", lines=lines)
    spec = setup.windows[part.windows[0]]
    arrows = {arrow_for_way(setup.windows[code].arrow) for code in part.windows}
    arrow = arrows.pop() if len(arrows) == 1 else ""
    name = name_in_language(spec.zone, spec.zone_en, lang)
    return ScreenPartText(windows, name, arrow, is_arrow_after_zone(arrow), lines)


def emergency_text(notice: PushedNotice | None, lang: str | None = None) -> EmergencyText | None:
    """Return an emergency in a language, with the hall's other language below it."""
    if notice is None:
        return None
    lang = lang or current_language()
    text, second = name_in_language(notice.text, notice.text_en, lang), notice.text if lang == "en" else notice.text_en
    head, calls = tr(lang, "Emergency", context="display"), tr(lang, "Calls continue", context="display")
    return EmergencyText(head, text, second if second != text else "", calls)


def order_list_columns(
    state: HallState, now: datetime, services: frozenset[str], lang: str | None = None
) -> list[OrderListColumn]:
    """Return the list of `services`: numbers, and nothing about anybody."""
    lang, setup = lang or current_language(), overview.set_up(state)
    calling = {t.label for t in state.tickets.values() if t.state is TicketState.CALLED}
    columns = []
    for line in overview.public_line_orders(state, now, services):
        windows = tr(lang, "No window is open")
        if line.windows:
            codes = codes_text(line.windows, lang)
            windows = ntr(lang, "Window {windows}", "Windows {windows}", len(line.windows), windows=codes)
        columns.append(
            OrderListColumn(
                letter=names.service_letter_or_code(setup, line.service),
                name=names.service_name(setup, line.service, lang),
                windows=windows,
                called=tuple((label, label in calling) for label in line.called),
                next=line.next,
                empty=tr(lang, "Nobody is waiting."),
                more=tr(lang, "{n} more", n="{n}", context="order list"),
                marks=tuple((_order_mark_icon(one), line_words.order_mark_word(one, lang)) for one in line.next),
            )
        )
    return columns


def _order_mark_icon(one: overview.UpcomingNumber) -> str:
    marked = {"person": one.priority, "clock": one.short, "language": one.language, "undo": one.moved}
    return next((icon for icon, is_so in marked.items() if is_so), "")


def idle_strip_texts(state: HallState, now: datetime, notices: Sequence[Notice], lang: str | None = None) -> list[str]:
    """Return the strip's texts while nothing is pushed, `notices` last."""
    lang, setup = lang or current_language(), overview.set_up(state)
    ahead = upcoming_special_days_text(setup.calendar, setup.to_hall_time(now).date(), lang)
    told = [*peak_alternative_sentences(state, now, lang), *([ahead] if ahead else [])]
    return [*told, *(name_in_language(n.text, n.text_en, lang) for n in notices)]


def order_list_strip_texts(
    state: HallState, now: datetime, services: frozenset[str], lang: str | None = None
) -> list[str]:
    """Return the strip's texts beside the order list: its rule, whom windows take first now, and its legend."""
    lang, has_priority = lang or current_language(), any(ticket.credit_s for ticket in state.waiting_tickets())
    rule, preferences = overview.current_call_rule(state), overview.preferences_by_window(state, now)
    told = line_words.public_order_sentences(rule, preferences, lang, has_priority=has_priority)
    shown = (one for line in overview.public_line_orders(state, now, services) for one in line.next)
    return [*told, *filter(None, [line_words.order_marks_legend(shown, lang)])]


def peak_alternative_sentences(state: HallState, now: datetime, lang: str | None = None) -> list[str]:
    """Return for each service at a peak how long its wait is and in which other ways it can be done."""
    lang, setup = lang or current_language(), overview.set_up(state)
    if not any(service.elsewhere for service in setup.services.values()):
        return []
    told = []
    for line in overview.service_lines(state, now):
        if ways := channels_to_suggest(setup, line.service, line.wait):
            wait, name = (
                line_words.wait_text(line.wait, lang, ahead=line.ahead_and_coming_count),
                names.service_name(setup, line.service, lang),
            )
            others = talk.other_channels_sentence(ways, lang)
            told.append(tr(lang, "{service}: {wait}. {ways}.", service=name, wait=wait, ways=others))
    return told


# -- slides while nobody is called -------------------------------------------------------------------------------------


class PaperText(Struct, frozen=True):
    name: str
    note: str


class SlideText(Struct, frozen=True):
    """A slide: what to bring for an item, the steps of a service (both as `papers`), or a notice (`text`)."""

    service: str
    title: str
    papers: tuple[PaperText, ...] = ()
    foot: str = ""
    text: str = ""

    @property
    def read(self) -> str:
        papers = "".join(paper.name + paper.note for paper in self.papers)
        return self.service + self.title + papers + self.foot + self.text


LEAST_PAPERS = 2  # one paper is no reason to make the calls smaller
LEAST_STEPS, MOST_STEPS = 2, 7
MOST_HOURS = 9  # lines that can still be read from the seats
LONGEST_IN_STRIP = 60


def hall_text_slides(setup: Setup, services: frozenset[str], now: datetime, lang: str | None = None) -> list[SlideText]:
    """Return slides: papers of favourite items, steps and fees of open services, all hours; then long notices."""
    lang, found = lang or current_language(), []
    for service in setup.services.values():
        if service.code in services and is_within_ticket_hours(setup, service, now):
            found += [
                _item_papers_slide(service, item, lang)
                for item in service.items
                if item.favourite and len(item.papers) >= LEAST_PAPERS
            ]
            found += [*_service_steps_slide(service, lang), *_service_fees_slide(service, lang)]
    if found:
        found += _ticket_hours_slide(setup, services, lang)
    found += [
        _notice_slide(name_in_language(n.text, n.text_en, lang), lang)
        for n in displays.notices_shown_on_date(setup.notices, setup.to_hall_time(now).date())
        if needs_own_slide(n, lang)
    ]
    return found


def needs_own_slide(notice: Notice, lang: str | None = None) -> bool:
    """Return whether a notice needs a slide of its own: it has several lines, or too many for the strip."""
    lang = lang or current_language()
    text = name_in_language(notice.text, notice.text_en, lang).strip()
    return "\n" in text or len(text) > LONGEST_IN_STRIP * (1 if lang == "zh_CN" else 2)


def _service_steps_slide(service: Service, lang: str) -> list[SlideText]:
    lines = [
        line.strip() for line in name_in_language(service.steps, service.steps_en, lang).splitlines() if line.strip()
    ]
    if not LEAST_STEPS <= len(lines) <= MOST_STEPS:
        return []
    title = tr(lang, "Step by step", context="display")
    steps = tuple(PaperText(line, "") for line in lines)
    return [
        SlideText(
            _service_heading(service, lang),
            title,
            steps,
            tr(lang, "Questions? Ask at the front desk.", context="display"),
        )
    ]


def _service_fees_slide(service: Service, lang: str) -> list[SlideText]:
    fees = name_in_language(service.fees, service.fees_en, lang).strip()
    return (
        [SlideText(_service_heading(service, lang), tr(lang, "What it costs", context="display"), text=fees)]
        if fees
        else []
    )


def _ticket_hours_slide(setup: Setup, services: frozenset[str], lang: str) -> list[SlideText]:
    """Return when tickets are given: in one line for services with the same hours, named where there are others."""
    by_hours: dict[tuple[str, ...], list[str]] = {}
    for service in setup.services.values():
        if service.code in services and not service.message:
            by_hours.setdefault(names.service_hours_lines(setup, service, lang), []).append(
                _service_heading(service, lang)
            )
    lines: list[str] = []
    for hours, headings in by_hours.items():
        lines += [*([list_text(headings, lang)] if len(by_hours) > 1 else []), *hours]
    if not 0 < len(lines) <= MOST_HOURS:
        return []
    hall = name_in_language(setup.hall.name, setup.hall.name_en, lang)
    return [SlideText(hall, tr(lang, "When to take a ticket", context="display"), text="\n".join(lines))]


def _notice_slide(text: str, lang: str) -> SlideText:
    """Return a notice as a slide: of several lines the first is its title."""
    first, _line, rest = text.strip().partition("\n")
    if not rest.strip():
        return SlideText(tr(lang, "Notice", context="display"), "", text=first)
    return SlideText(tr(lang, "Notice", context="display"), first, text=rest.strip())


def _service_heading(service: Service, lang: str) -> str:
    return f"{service.prefix} {name_in_language(service.name, service.name_en, lang)}"


def _item_papers_slide(service: Service, item: ServiceItem, lang: str) -> SlideText:
    papers = [
        PaperText(name_in_language(p.name, p.name_en, lang), name_in_language(p.note, p.note_en, lang))
        for p in item.papers
    ]
    count = len(papers)
    words = tr(lang, "one two three four five six seven eight nine ten", context="papers").split()
    number = words[count - 1] if count <= len(words) else str(count)
    title = ntr(
        lang,
        "{item}: please bring this",
        "{item}: please bring these {number}",
        count,
        item=name_in_language(item.name, item.name_en, lang),
        number=number,
    )
    return SlideText(
        _service_heading(service, lang), title, tuple(papers), tr(lang, "Something missing? Ask at the desk.")
    )
