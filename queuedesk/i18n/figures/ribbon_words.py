"""What the day ribbon says: its title and legend, each ticket and each half-hour in a sentence; and the rows behind a
figure in words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Protocol

from msgspec import Struct

from queuedesk.core.charts.chart import Place
from queuedesk.core.charts.ribbon import DayRibbon, LegendSymbol, RibbonWords
from queuedesk.core.figures import comparing, drilldown, drilldown_rows, periods
from queuedesk.core.log.ticket_history import first_wait_s_and_if_called
from queuedesk.core.quality.case import CITED_TICKET, FigureChange, is_rating_reasons_page
from queuedesk.core.quality.figures import rating_conditions_of_path
from queuedesk.core.queue.ticket import Ticket, TicketState
from queuedesk.core.setup.rows import Setup
from queuedesk.core.setup.time_of_day import clock_text
from queuedesk.i18n import moments, names
from queuedesk.i18n.catalogue import current_language, mark, ntr, tr
from queuedesk.i18n.figures import figure_titles
from queuedesk.i18n.names import UNKNOWN, service_name, staff_name
from queuedesk.i18n.quality import rating_conditions_text, rating_grouping_words
from queuedesk.i18n.queue.line_words import promised_wait_without_about

HALF_HOUR = 30
MIDNIGHT = 24 * 60


def ribbon_chart_labels(ribbon: DayRibbon, day: date, lang: str | None = None, *, has_head: bool = True) -> RibbonWords:
    """Return what stands on the picture; the legend names only what is drawn."""
    lang = lang or current_language()
    axis = tr(lang, "people waiting", context="axis")
    now = tr(lang, "now {time}", context="chart", time=clock_text(int(ribbon.now or 0) % MIDNIGHT))
    if not has_head:
        return RibbonWords(axis=axis, now=now)
    target = f"{ribbon.target:g}"
    late = tr(lang, "over {n} min", context="legend", n=target)
    signs = [
        _legend_symbol_with_word("waiting", tr(lang, "waiting", context="legend")),
        LegendSymbol("late", late, late),
        _legend_symbol_with_word("walking", tr(lang, "walking", context="legend")),
        _legend_symbol_with_word("serving", tr(lang, "serving", context="legend")),
        _legend_symbol_with_word("pause", tr(lang, "pause", context="legend")),
    ]
    if ribbon.ahead:
        whole = tr(lang, "next hour, {range} %", context="legend", range=moments.figure_range(10, 90))
        signs.append(LegendSymbol("ahead", whole, tr(lang, "next hour", context="legend")))
    if ribbon.usual:
        weekday = tr(lang, "usual {weekday}", context="legend", weekday=moments.weekday_long(day, lang))
        signs.append(LegendSymbol("usual", weekday, tr(lang, "usual", context="legend")))
    return RibbonWords(
        title=day_ribbon_title(lang, is_today=ribbon.now is not None),
        short=tr(lang, "The day", context="ribbon"),
        many=lambda n: tr(lang, "The day, one line is {n} people waiting", n=n),
        axis=axis,
        now=now,
        empty=tr(lang, "No ticket yet today. Issue the first one at the front desk: it shows here at once."),
        signs=signs,
    )


def day_ribbon_title(lang: str | None = None, *, is_today: bool) -> str:
    """Return what the ribbon of a day is called."""
    lang = lang or current_language()
    if is_today:
        return tr(lang, "The day, one line per customer", context="today")
    return tr(lang, "The day, one line per customer")


def _legend_symbol_with_word(kind: str, word: str) -> LegendSymbol:
    return LegendSymbol(kind, word, word)


# -- one ticket --------------------------------------------------------------------------------------------------------


class TicketCardText(Struct, frozen=True, kw_only=True):
    """What is said of a chosen ticket: number, service and state, what it waited, where it was served."""

    number: str
    service: str
    state: TicketState
    word: str
    waited: str
    served: str


def ticket_card_text(setup: Setup, ticket: Ticket, now: datetime, lang: str | None = None) -> TicketCardText:
    lang = lang or current_language()
    minutes, was_called = first_wait_s_and_if_called(ticket, now)
    waited = _waited_words(minutes // 60, was_called, lang)
    if ticket.promise.low is not None:
        told = promised_wait_without_about(ticket.promise, lang)
        waited = tr(lang, "{waited}, estimate {range}", context="ribbon", waited=waited, range=told)
    return TicketCardText(
        number=ticket.label,
        service=service_name(setup, ticket.service, lang),
        state=ticket.state,
        word=moments.ticket_state_word(ticket.state, lang),
        waited=waited,
        served=_window_and_service_time_text(setup, ticket, now, lang),
    )


def _waited_words(minutes: int, was_called: bool, lang: str) -> str:
    if was_called:
        return tr(lang, "waited {minutes}", context="ribbon", minutes=moments.minutes_text(minutes, lang))
    return tr(lang, "waiting for {minutes}", context="ribbon", minutes=moments.minutes_text(minutes, lang))


def _window_and_service_time_text(setup: Setup, ticket: Ticket, now: datetime, lang: str) -> str:
    leg = next((leg for leg in reversed(ticket.legs) if leg.window is not None), None)
    if leg is None or leg.window is None:
        return ""
    at = tr(lang, "window {window}", context="ribbon", window=leg.window)
    who = staff_name(setup, leg.staff, lang)
    if who:
        at = _join_clauses([at, who], lang)
    if leg.started is None:
        return at
    took = int(((leg.finished or leg.ended or now) - leg.started).total_seconds()) - leg.whole_s_set_aside
    served = tr(lang, "served {minutes}", context="ribbon", minutes=moments.minutes_text(max(0, took) // 60, lang))
    return f"{at} · {served}"


def ticket_row_for_screen_reader(setup: Setup, ticket: Ticket, now: datetime, lang: str | None = None) -> str:
    """Return a ticket's row for a screen reader."""
    text = ticket_card_text(setup, ticket, now, lang)
    parts = (text.number, text.service, text.waited, text.served, text.word)
    return _join_clauses(parts, lang or current_language())


def _join_clauses(parts: Iterable[str], lang: str) -> str:
    return tr(lang, ", ", context="clauses").join(part for part in parts if part)


# -- the day, half-hour by half-hour -----------------------------------------------------------------------------------


def half_hour_sentences(ribbon: DayRibbon, lang: str | None = None) -> list[str]:
    """Return a sentence for each half-hour: how many waited then, or will, and what is usual."""
    lang = lang or current_language()
    found = []
    for at in range(int(ribbon.start), int(ribbon.end), HALF_HOUR):
        parts = []
        if ribbon.now is None or at <= ribbon.now:
            n, late = ribbon.number_waiting_at(at), ribbon.number_waiting_late_at(at)
            parts.append(ntr(lang, "{n} waiting", "{n} waiting", n))
            if late:
                over = f"{ribbon.target:g}"
                parts.append(ntr(lang, "{n} of them over {over} min", "{n} of them over {over} min", late, over=over))
        else:
            near = next((one for one in ribbon.ahead if abs(one.minute - at) < HALF_HOUR / 4), None)
            if near is not None:
                span = moments.figure_range(round(near.low), round(near.high))
                parts.append(tr(lang, "about {n} expected ({range})", n=round(near.middle), range=span))
        usual = _number_at_minute(ribbon.usual, at)
        if usual is not None:
            parts.append(tr(lang, "usually {n}", context="waiting", n=round(usual)))
        parts += [note.text for note in ribbon.notes if at <= note.start < at + HALF_HOUR]
        if parts:
            found.append(tr(lang, "{time}: {what}.", time=clock_text(at % MIDNIGHT), what=_join_clauses(parts, lang)))
    return found


def _number_at_minute(places: Sequence[Place], minute: float) -> float | None:
    return next((n for at, n in places if abs(at - minute) < 1), None)


def ticket_wait_sentence(text: TicketCardText, ahead: int | None, lang: str | None = None) -> str:
    """Return the ribbon of one ticket's story as a sentence."""
    lang = lang or current_language()
    parts = [text.waited]
    if ahead is not None:
        parts.append(ntr(lang, "{n} person ahead", "{n} people ahead", ahead))
    return _join_clauses([*parts, text.served], lang)


# -- the rows behind a figure in words: the columns, and what stands in each -------------------------------------------

DATE, NUMBER, SERVICE, ARRIVED, WAITED = "date", "number", "service", "arrived", "waited"
WINDOW, CLERK, OUTCOME, RATING, AMOUNT, BY = "window", "clerk", "outcome", "rating", "amount", "by"
ALWAYS = (DATE, NUMBER, SERVICE, ARRIVED, WAITED, WINDOW, CLERK, OUTCOME, RATING)

_TITLES = {
    DATE: mark("Date", context="behind"),
    NUMBER: mark("Number", context="behind"),
    SERVICE: mark("Service", context="behind"),
    ARRIVED: mark("Arrived", context="behind"),
    WAITED: mark("Waited, min", context="behind"),
    WINDOW: mark("Window", context="behind"),
    CLERK: mark("Staff", context="behind"),
    OUTCOME: mark("Outcome", context="behind"),
    RATING: mark("Rating", context="behind"),
    AMOUNT: mark("Counts for, min", context="behind"),
    BY: mark("Went first", context="behind"),
}
_ENDS = {
    "transfer": mark("Transfer", context="event"),
    "redirect": mark("Wrong window", context="event"),
    "defer": mark("Put off to tomorrow", context="event"),
    "day-end": mark("End of the day", context="event"),
}


class RowsBehindFigure(Protocol):
    """The rows found for a figure."""

    @property
    def rows(self) -> tuple[drilldown_rows.FigureRowDetails, ...]: ...
    @property
    def first(self) -> date: ...
    @property
    def last(self) -> date: ...


def drilldown_columns(found: RowsBehindFigure) -> tuple[str, ...]:
    """Return the columns to show: minutes other than the wait itself, and who passed, only if there are any."""
    has_amount = any(row.amount_s is not None and row.amount_s != row.waited_s for row in found.rows)
    has_by = any(row.by for row in found.rows)
    return (*ALWAYS, *([AMOUNT] if has_amount else []), *([BY] if has_by else []))


def column_title(column: str, lang: str | None = None) -> str:
    return tr(lang or current_language(), _TITLES[column], context="behind")


def drilldown_cell_text(
    row: drilldown_rows.FigureRowDetails, column: str, setup: Setup, lang: str | None = None, *, short: bool = False
) -> str:
    """Return the text of a cell, "" for nothing; where there is little room dates lack weekdays, and levels are
    numbers."""
    said = lang or current_language()
    if short and column == DATE:
        return moments.date_short(row.day, said)
    if short and column == RATING:
        return "" if row.rating is None else str(row.rating)
    texts: dict[str, Callable[[], str]] = {
        DATE: lambda: moments.date_for_staff(row.day, said),
        NUMBER: lambda: row.ticket,
        SERVICE: lambda: _service_words(setup, row.service, said),
        ARRIVED: lambda: moments.time_hm(setup.to_hall_time(row.arrived)),
        WAITED: lambda: _seconds_as_minutes_text(row.waited_s),
        WINDOW: lambda: row.window or "",
        CLERK: lambda: names.staff_name(setup, row.staff, said) if row.staff else "",
        OUTCOME: lambda: leg_or_visit_outcome(row, said),
        RATING: lambda: moments.rating_level_words(row.rating, said) if row.rating is not None else "",
        AMOUNT: lambda: _seconds_as_minutes_text(row.amount_s),
        BY: lambda: row.by,
    }
    return texts[column]()


def _service_words(setup: Setup, code: str, lang: str) -> str:
    name = names.service_name(setup, code, lang)
    return f"{names.service_letter_or_code(setup, code)} {name}" if code and name != code else code


def _seconds_as_minutes_text(seconds: int | None) -> str:
    return "" if seconds is None else f"{seconds / 60:,.1f}"


def leg_or_visit_outcome(row: drilldown_rows.FigureRowDetails, lang: str | None = None) -> str:
    """Return the outcome of the leg, or of the visit where no leg is meant."""
    said = lang or current_language()
    if not row.ticket:
        return ""
    if row.end in _ENDS:
        return tr(said, _ENDS[row.end], context="event")
    if row.end == "leave" and "no_show" in row.flags:
        return tr(said, "did not come")
    if row.end == "finish":
        known = row.outcome is None or row.outcome == "done"
        return moments.ticket_state_word("finished", said) if known else figure_titles.outcome_word(row.outcome, said)
    return moments.ticket_state_word(row.state, said)


def row_sort_key(
    row: drilldown_rows.FigureRowDetails, column: str, setup: Setup, lang: str | None = None
) -> tuple[object, ...]:
    """Return the sort key of a row in a column: figures and times by size, missing ones last; then by date and
    arrival."""
    then = (row.day, row.arrived, row.ticket, row.leg or 0)
    numbers: dict[str, int | None] = {WAITED: row.waited_s, AMOUNT: row.amount_s, RATING: row.rating}
    if column == DATE:
        return then
    if column == ARRIVED:
        local = setup.to_hall_time(row.arrived)
        return (local.hour * 60 + local.minute, *then)
    if column in numbers:
        value = numbers[column]
        return (value is None, value or 0, *then)
    text = drilldown_cell_text(row, column, setup, lang)
    return (not text, int(text) if text.isdecimal() else 10**9, text, *then)


def figure_name(path: str, setup: Setup, lang: str | None = None) -> str:
    """Return what the figure is called whose tickets stand there, or the page, chart or table that a path names; a part
    of a share goes by the share."""
    if path in VIEWS:
        return view_name(path, lang)
    if is_rating_reasons_page(path):
        return _rating_reasons_page_name(path, setup, lang)
    if chosen := rating_conditions_of_path(path):
        return rating_conditions_text(setup, chosen, lang)
    shares = drilldown.paths_of_share_rest_and_whole(path)
    return figure_titles.figure_title(shares[0] if shares else path, setup, lang)


def figure_value_text(path: str, value: float | None, lang: str | None = None) -> str:
    """Return a figure's value, "" without one."""
    shares = drilldown.paths_of_share_rest_and_whole(path)
    kind = comparing.figure_kind(shares[0] if shares else path, value)
    if value is None or kind is None:
        return ""
    if kind == comparing.COUNT:
        return f"{value:,}"
    if kind == comparing.SHARE:
        return f"{100 * value:.1f} %"
    return tr(lang or current_language(), "{minutes} min", minutes=f"{value:,.1f}")


# -- what cases cite ---------------------------------------------------------------------------------------------------

_WAITS_AND_ARRIVALS = (mark("How many came, how long they waited"), "")
VIEWS = {
    periods.PAGE: (mark("All figures", context="view"), "view"),
    periods.HOURS: _WAITS_AND_ARRIVALS,
    periods.DAYS: _WAITS_AND_ARRIVALS,
    periods.MONTHS: _WAITS_AND_ARRIVALS,
    periods.HEAT: (mark("Mean wait by weekday and half-hour, minutes"), ""),
    "services": (mark("By service"), ""),
    "windows": (mark("Windows"), ""),
    "staff": (mark("Staff"), ""),
    "ratings": (mark("Ratings", context="report"), "report"),
    "overtakes": (mark("Later ticket first", context="figure"), "figure"),
    "measures.outcomes": (mark("Outcomes"), ""),
    "measures.classes": (mark("By class and kind of window"), ""),
    **{f"measures.{figure.key}": (said.name, "figure") for figure, said in figure_titles.FIGURES_IN_WORDS},
}


def view_name(path: str, lang: str | None = None) -> str:
    """Return what the page, chart or table is called that a path names."""
    text, context = VIEWS[path]
    return tr(lang or current_language(), text, context=context)


def citation_text(setup: Setup, cites: Mapping[str, Any], lang: str | None = None) -> str:
    """Return what a case cites, and of when: "A012, 20 Nov", "Mean wait, November 2026: 12.4 min", "All figures,
    November 2026 against October 2026"."""
    lang = lang or current_language()
    dates = figure_titles.date_range_or_period_name(
        date.fromisoformat(cites["from"]), date.fromisoformat(cites["to"]), lang
    )
    if cites.get("against"):
        other = figure_titles.calendar_period_name(
            cites["period"],
            *periods.period_span_containing(cites["period"], date.fromisoformat(cites["against"])),
            lang,
        )
        dates = tr(lang, "{this} against {other}", this=dates, other=other)
    words = tr(lang, "{name}, {dates}", context="cited", name=cited_name(setup, cites, lang), dates=dates)
    value = figure_value_text(cites["name"], cites["value"], lang)
    return tr(lang, "{figure}: {value}", context="cited", figure=words, value=value) if value else words


def _rating_reasons_page_name(path: str, setup: Setup, lang: str | None) -> str:
    (_by, by), *only = rating_conditions_of_path(path)
    name = tr(lang or current_language(), "Why? {counted}", context="cited", counted=rating_grouping_words(by, lang))
    words = rating_conditions_text(setup, tuple(only), lang) if only else ""
    return (
        tr(lang or current_language(), "{name} ({words})", context="cited", name=name, words=words) if words else name
    )


def cited_name(setup: Setup, cites: Mapping[str, Any], lang: str | None = None) -> str:
    return str(cites["name"]) if cites["what"] == CITED_TICKET else figure_name(cites["name"], setup, lang)


def figure_name_then_now_texts(
    setup: Setup, cites: Mapping[str, Any], one: FigureChange, lang: str | None = None
) -> tuple[str, str, str]:
    """Return the name of a figure of a cited page or chart, what it was then, and what it is now."""
    lang, path = lang or current_language(), periods.full_figure_name_in_view(cites["name"], one.name)
    if is_rating_reasons_page(cites["name"]):
        name = rating_conditions_text(
            setup,
            rating_conditions_of_path(comparing.joined_figure_path("why", *comparing.split_figure_path(one.name))),
            lang,
        )
    elif cites["name"] in (periods.DAYS, periods.MONTHS):
        day, figure = comparing.split_figure_path(one.name)
        of = (
            moments.date_for_staff(date.fromisoformat(day), lang)
            if cites["name"] == periods.DAYS
            else moments.month_and_year(date.fromisoformat(f"{day}-01"), lang)
        )
        name = tr(lang, "{place}: {figure}", place=of, figure=figure_titles.figure_title(figure, setup, lang))
    else:
        name = figure_titles.figure_title(path, setup, lang)
    if one.side == "other" and cites["name"] not in (periods.DAYS, periods.MONTHS):
        other = figure_titles.calendar_period_name(
            cites["period"],
            *periods.period_span_containing(cites["period"], date.fromisoformat(cites["against"])),
            lang,
        )
        name = tr(lang, "{figure}, {more}", figure=name, more=other)
    elif one.side == "this":
        name = tr(lang, "{figure}, {more}", figure=name, more=tr(lang, "on the dates compared", context="cited"))
    kind = comparing.figure_kind(path, one.then, one.now)
    return name, _exact_value_text(kind, one.then, lang), _exact_value_text(kind, one.now, lang)


def _exact_value_text(kind: str | None, value: float | None, lang: str) -> str:
    """Return a value with so many digits that another one reads differently."""
    if value is None or kind is None:
        return UNKNOWN
    if kind == comparing.COUNT:
        return f"{value:,}"
    return f"{100 * value:.2f} %" if kind == comparing.SHARE else tr(lang, "{minutes} min", minutes=f"{value:,.2f}")
