"""The figures of a span of business dates, of one hall or of every hall in the database and all together; and of one
date; with the rules behind them as they stood, in sentences. Papers for people leave out figures of features that
are off, scripts get them all."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime, timedelta
from itertools import chain
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from queuedesk.core import errors, features, upkeep
from queuedesk.core.charts.ribbon import DayRibbon
from queuedesk.core.figures.day_ribbon import day_ribbon_from_tickets
from queuedesk.core.figures.measures.day import DayRows, Span, pause_spans_us
from queuedesk.core.figures.measures.document import LogRange, ReportTally, figures_document
from queuedesk.core.figures.measures.figure import FigureScope, hall_figure_scope
from queuedesk.core.figures.measures.rows import duration_statistics_minutes, to_moment
from queuedesk.core.figures.periods import dates_between, period_span_containing
from queuedesk.core.log.state import CHECKS, DAY_NOTES, WAIVERS
from queuedesk.core.quality import figures as quality_figures
from queuedesk.core.quality.figures import QualityRows
from queuedesk.core.queue import dispatch, hallday, overview
from queuedesk.core.queue.appointment import CLASS as APPOINTMENT
from queuedesk.core.queue.ticket import OPEN_STATES
from queuedesk.core.setup.rows import Setup
from queuedesk.core.setup.time_of_day import clock_text, parse_clock_minutes
from queuedesk.core.talk.device import CheckWaiver, DeviceCheck
from queuedesk.core.talk.remarks import DayNote
from queuedesk.desk.change import Desk
from queuedesk.desk.staffing import usual_waiting_by_quarter_hour
from queuedesk.desk.talk.announcing import UnheardCall, unheard_calls
from queuedesk.desk.upkeep import maintenance
from queuedesk.i18n import date_short, name_in_language, names, ntr, tr
from queuedesk.i18n.moments import list_text
from queuedesk.i18n.names import UNKNOWN
from queuedesk.i18n.queue.line_words import call_rule_text
from queuedesk.reports.draw import pdf as pdf_paper
from queuedesk.reports.figures.figure_words import sentences_joined, service_code_and_name
from queuedesk.store.figures import measured
from queuedesk.store.figures.arrivals import satisfaction_counts_by_service
from queuedesk.store.figures.counted import Told, tally_of_dates
from queuedesk.store.figures.measured import HallReader, log_range
from queuedesk.store.figures.quality import quality_rows_of_span, ribbon_tickets
from queuedesk.store.log import book, log_dates
from queuedesk.store.parts import halls, part_tables

# Names for the codes in figures of one hall, or of several ("HALL/CODE").


class ReportSetups(Struct, frozen=True):
    """The set-ups behind the figures, the requested one first; `together` if the figures are of all of them."""

    setups: Sequence[Setup]
    together: bool = False

    @property
    def first_setup(self) -> Setup:
        return self.setups[0]

    def has_feature(self, feature: str) -> bool:
        return any(setup.has_feature(feature) for setup in self.setups)

    def service_name(self, code: str, lang: str) -> str:
        """Return "A Pay a bill"."""
        setup, own, prefix = self._split_code(code)
        setups = [setup] if setup else [one for one in self.setups if own in one.services]
        if self.together and not prefix and len(setups) == 1:
            prefix = f"{setups[0].hall.code}/"
        return prefix + service_code_and_name(setups[0] if setups else self.first_setup, own, lang)

    def service_and_item_name(self, service: str, item: str | None, lang: str) -> str:
        """Return "A Pay a bill · Print an invoice", only the service without an item."""
        said = self.service_name(service, lang)
        if not item:
            return said
        setup, own, _prefix = self._split_code(service)
        known = setup or next((one for one in self.setups if own in one.services), self.first_setup)
        return f"{said} · {names.item_name(known, own, item, lang)}"

    def staff_name(self, code: str | None, lang: str) -> str:
        """Return a person's name; a dash for nobody."""
        if not code:
            return UNKNOWN
        setup, own, prefix = self._split_code(code)
        return prefix + names.staff_name(setup or self.first_setup, own, lang)

    def priority_class_name(self, code: str, lang: str) -> str:
        """Return the name of a priority class."""
        known = next((setup for setup in self.setups if code in setup.classes), self.first_setup)
        return names.priority_class_name(known, code, lang)

    def _split_code(self, code: str) -> tuple[Setup | None, str, str]:
        """Return the hall that a code names or None, the code there, and what precedes the name."""
        for setup in self.setups if self.together else ():
            prefix = f"{setup.hall.code}/"
            if code.startswith(prefix):
                return setup, code.removeprefix(prefix), prefix
        return None, code, ""


class HallPeriodFigures(Struct, frozen=True, kw_only=True):
    """One hall's span: its figures, the sums they are made from, the notes on its days. `rated` are (satisfied,
    dissatisfied) by service, `before` those of the period before, of all services."""

    setup: Setup
    figures: dict[str, Any]
    anchor: upkeep.LogEndAnchor | None
    tally: ReportTally
    quality: QualityRows
    notes: tuple[DayNote, ...]
    rated: Mapping[str, tuple[int, int]]
    before: tuple[int, int]


def number_of_days_with_tickets(tally: ReportTally) -> int:
    return len({line.day for line in tally.days})


class PeriodReport(Struct, frozen=True, kw_only=True):
    """A span as of `now`. `document` is what the commands print; `lead` is the requested hall. With `together` the
    figures are of all halls, `halls` are all of them, and `tally` their sums."""

    period: str
    first: date
    last: date
    now: datetime
    lead: Setup
    halls: tuple[HallPeriodFigures, ...]
    figures: dict[str, Any]
    tally: ReportTally
    document: dict[str, Any]
    together: bool

    def service_name(self, code: str, lang: str) -> str:
        """Return a service's name: "A Pay a bill", or "WEST/C Permits" where halls use C differently."""
        setup, own, prefix = self._setup_code_and_prefix_of_service(code)
        return prefix + service_code_and_name(setup, own, lang)

    def service_name_in_sentence(self, code: str, lang: str) -> str:
        """Return a service's name in a sentence, with its hall's for several halls: "C Permits (West Hall)"."""
        setup, own, prefix = self._setup_code_and_prefix_of_service(code)
        said = service_code_and_name(setup, own, lang)
        hall = name_in_language(setup.hall.name, setup.hall.name_en, lang)
        return tr(lang, "{service} ({hall})", context="service of a hall", service=said, hall=hall) if prefix else said

    def handling_target(self, code: str) -> int | None:
        """Return a service's handling target in minutes, None where it has none."""
        setup, own, _prefix = self._setup_code_and_prefix_of_service(code)
        spec = setup.services.get(own)
        return spec.handling_target if spec else None

    def _setup_code_and_prefix_of_service(self, code: str) -> tuple[Setup, str, str]:
        """Return the set-up that knows the service, its code there, and what stands before that among all halls."""
        for read in self.halls:
            prefix = f"{read.setup.hall.code}/"
            if self.together and code.startswith(prefix):
                return read.setup, code.removeprefix(prefix), prefix
        setups = [read.setup for read in self.halls if code in read.setup.services]
        prefix = f"{setups[0].hall.code}/" if self.together and len(setups) == 1 else ""
        return setups[0] if setups else self.lead, code, prefix

    @property
    def report_setups(self) -> ReportSetups:
        """The names for its codes."""
        others = [read.setup for read in self.halls if read.setup.hall.code != self.lead.hall.code]
        return ReportSetups([self.lead, *others], self.together)

    @property
    def anchor(self) -> upkeep.LogEndAnchor | None:
        """The end of the one log that the figures are made from; None for several logs."""
        return None if self.together else self.halls[0].anchor

    @property
    def local_now(self) -> datetime:
        return self.lead.to_hall_time(self.now)

    @property
    def is_running(self) -> bool:
        """Whether its last date is not over yet."""
        return self.local_now.date() <= self.last


def read_period_report(
    desk: Desk, period: str, day: date, now: datetime, *, every_hall: bool = False, told: Told | None = None
) -> PeriodReport:
    """Read the period that contains `day` in one transaction; `told` hears of dates that have to be counted
    (tally_of_dates). Raises OutsideError when the database does not answer."""
    first, last = period_span_containing(period, day)
    with desk.db.read() as tx:
        lead = halls.setup_of_hall_row(tx, halls.load_hall_row(tx, desk.hall))
        ids = [id for id, _code in halls.hall_ids_and_codes(tx)] if every_hall else [desk.hall]
        reads = []
        for id in ids:
            setup = halls.setup_of_hall_row(tx, halls.load_hall_row(tx, id))
            logged = log_dates.log_ranges_by_date(tx, id, first, last)
            tally = tally_of_dates(
                HallReader(tx, id, setup, now), dates_between(first, last), desk.db.path, logged=logged, told=told
            )
            log = log_range(tx, id, logged.values())
            notes = tuple(part_tables.objects_of_days(tx, id, DAY_NOTES, first, last).values())
            scope = hall_figure_scope(setup, first, last)
            ratings = satisfaction_counts_by_service(tx, id, first, last)
            quality = quality_rows_of_span(tx, id, setup, (first, last), now)
            before = satisfaction_counts_by_service(
                tx, id, *period_span_containing(period, first - timedelta(days=1))
            ).values()
            reads.append(
                HallPeriodFigures(
                    setup=setup,
                    figures=figures_document(scope, tally, log, quality),
                    anchor=log_dates.anchor_at_event(tx, id, log.last_seq),
                    tally=tally,
                    quality=quality,
                    notes=notes,
                    rated=ratings,
                    before=(sum(s for s, _d in before), sum(d for _s, d in before)),
                )
            )
    if not every_hall:
        own = reads[0]
        document, tally = own.figures, own.tally
        return PeriodReport(
            period=period,
            first=first,
            last=last,
            now=now,
            lead=lead,
            halls=(own,),
            figures=document,
            tally=tally,
            document=document,
            together=False,
        )
    together = _merged_tally_of_halls(reads)
    quality = quality_figures.combine_hall_rows([read.quality for read in reads])
    pooled = figures_document(_scope_of_all_halls(reads, first, last), together, LogRange(), quality)
    return PeriodReport(
        period=period,
        first=first,
        last=last,
        now=now,
        lead=lead,
        halls=tuple(reads),
        figures=pooled,
        tally=together,
        document={"halls": [read.figures for read in reads], "all": pooled},
        together=True,
    )


def _merged_tally_of_halls(reads: list[HallPeriodFigures]) -> ReportTally:
    tally = ReportTally()
    for read in reads:
        tally.merge(
            read.tally,
            read.setup.hall.code,
            service_code_among_halls_mapper([report.setup for report in reads], read.setup),
        )
    return tally


def _scope_of_all_halls(reads: list[HallPeriodFigures], first: date, last: date) -> FigureScope:
    targets = {read.setup.setting_as_int("wait_target_minutes") for read in reads}
    setups = [read.setup for read in reads]
    codes = [service_code_among_halls_mapper(setups, setup)(code) for setup in setups for code in setup.services]
    return FigureScope(
        hall=None,
        first=first,
        last=last,
        target_minutes=targets.pop() if len(targets) == 1 else None,
        services=list(dict.fromkeys(codes)),
        windows=[f"{read.setup.hall.code}/{code}" for read in reads for code in read.setup.windows],
        staff=[f"{read.setup.hall.code}/{code}" for read in reads for code in read.setup.staff],
    )


def service_code_among_halls_mapper(setups: Sequence[Setup], of: Setup) -> Callable[[str], str]:
    """Return a function for a service's code among all halls: its own if it means the same service in each."""
    names: dict[str, set[str]] = {}
    for setup in setups:
        for code, service in setup.services.items():
            names.setdefault(code, set()).add(service.name)

    def code_unique_among_halls(code: str) -> str:
        return code if len(names.get(code, ())) == 1 else f"{of.hall.code}/{code}"

    return code_unique_among_halls


# One reading of one business date: the figures that every format shows, and what sentences about them need besides.


AddedLine = Callable[[str], str]
"""Gives one line of a feature's in a language."""


class PauseTaken(Struct, frozen=True):
    """One pause of a window, on the hall's clock; `end` is None while it lasts."""

    window: str
    start: datetime
    end: datetime | None
    reason: str
    waiting: float
    """People who waited on average while it lasted, for whatever that window may serve."""


class StaffAndHandlingOfWindow(Struct, frozen=True):
    """The people who sat at a window, by arrival, and the mean handling of what was finished there, in minutes."""

    staff: tuple[str, ...]
    handling: float | None


class DayReport(Struct, frozen=True, kw_only=True):
    """A business date as of `now`. `figures` is the document of the commands."""

    setup: Setup
    day: date
    now: datetime
    figures: dict[str, Any]
    pauses: tuple[PauseTaken, ...]
    unheard: tuple[UnheardCall, ...]
    """Calls that a voice could not say or that no station announced."""
    notes: tuple[DayNote, ...]
    checks: tuple[DeviceCheck, ...]
    waivers: tuple[CheckWaiver, ...]
    at_windows: dict[str, StaffAndHandlingOfWindow]
    is_running: bool
    ribbon: DayRibbon
    """The date as strokes and lanes, with what is usual of its weekday."""
    anchor: upkeep.LogEndAnchor | None
    """The end of the log that the figures stand on."""
    issued: tuple[datetime, datetime] | None = None
    """When the first and the last ticket of the date were issued."""
    late: overview.WaitingCountPastTarget | None = None
    """Who waits past the target, on a day that still runs."""
    added: tuple[AddedLine, ...] = ()
    """What features that the hall uses have to say of the date."""
    backup: upkeep.BackupStatus | None = None
    """What is known of the hall's backups; None where none are made, or whoever reads may not know."""
    never_closed: tuple[str, ...] = ()
    """The windows that nobody closed: their minutes run until the date's end."""

    @property
    def report_setups(self) -> ReportSetups:
        return ReportSetups([self.setup])

    def service_name(self, code: str, lang: str) -> str:
        return service_code_and_name(self.setup, code, lang)

    def service_name_in_sentence(self, code: str, lang: str) -> str:
        """Return a service's name in a sentence: in one hall just its name."""
        return self.service_name(code, lang)

    def handling_target(self, code: str) -> int | None:
        """Return a service's handling target in minutes, None where it has none."""
        spec = self.setup.services.get(code)
        return spec.handling_target if spec else None

    @property
    def local_now(self) -> datetime:
        return self.setup.to_hall_time(self.now)


def read_day_report(desk: Desk, day: date, now: datetime) -> DayReport:
    """Read a business date in one transaction, unlocked. Raises OutsideError if the database does not answer."""
    with desk.db.read() as tx:
        setup = halls.setup_of_hall_row(tx, halls.load_hall_row(tx, desk.hall))
        # What later dates tell of this one stands in the tables only.
        rows = measured.HallReader(tx, desk.hall, setup, now).read_day(day)
        tally = ReportTally.from_days([rows])
        quality = quality_rows_of_span(tx, desk.hall, setup, (day, day), now)
        log = measured.log_range(tx, desk.hall, log_dates.log_ranges_by_date(tx, desk.hall, day, day).values())
        document = figures_document(hall_figure_scope(setup, day, day), tally, log, quality)
        anchor = log_dates.anchor_at_event(tx, desk.hall, document["log"]["last_seq"])
        is_open = any(s.closed is None for s in rows.shifts) or any(t.state in OPEN_STATES for t in rows.tickets)
        over = hallday.end_of_day(setup, day)
        is_running = is_open and now < over
        came = [ticket.arrived for ticket in rows.tickets]
        its_tickets = ribbon_tickets(tx, desk.hall, day)
        checks = part_tables.objects_of_days(tx, desk.hall, CHECKS, day, day)
        waivers = part_tables.objects_of_days(tx, desk.hall, WAIVERS, day, day)
        notes = part_tables.objects_of_days(tx, desk.hall, DAY_NOTES, day, day)
        late = overview.waiting_past_target_summary(book.state_for_alerts(tx, desk.hall), now) if is_running else None
    return DayReport(
        setup=setup,
        day=day,
        now=now,
        figures=document,
        pauses=tuple(_pauses_with_mean_waiting(rows)),
        unheard=tuple(unheard_calls(desk, day, now)),
        at_windows=_staff_and_handling_by_window(rows),
        checks=tuple(checks.values()),
        waivers=tuple(waivers.values()),
        notes=tuple(notes.values()),
        is_running=is_running,
        issued=(to_moment(min(came)), to_moment(max(came))) if came else None,
        ribbon=replace(
            day_ribbon_from_tickets(setup, day, its_tickets, rows.shifts, now),
            usual=usual_waiting_by_quarter_hour(desk, day),
        ),
        anchor=anchor,
        late=late,
        never_closed=tuple(
            code for code in setup.windows if any(s.window == code and s.closed == over for s in rows.shifts)
        ),
        added=tuple(
            line
            for feature in features.features_used_by_hall(setup.hall)
            if feature.report
            for line in features.import_reference(feature.report)(desk, day)
        ),
        backup=_backup_status(desk, setup),
    )


def _backup_status(desk: Desk, setup: Setup) -> upkeep.BackupStatus | None:
    if setup.hall.simulated:
        return None
    with suppress(errors.OutsideError):
        return maintenance.backup_note_of(desk)
    return None


def _pauses_with_mean_waiting(rows: DayRows) -> Iterator[PauseTaken]:
    setup = rows.setup
    for shift in rows.shifts:
        services = setup.services_served_in_shift(shift)
        for pause, span in zip(shift.pauses, pause_spans_us(shift, rows.until), strict=True):
            end = setup.to_hall_time(pause.end) if pause.end else None
            waiting = _mean_waiting(rows, services, span)
            yield PauseTaken(shift.window, setup.to_hall_time(pause.start), end, pause.reason, waiting)


def _staff_and_handling_by_window(rows: DayRows) -> dict[str, StaffAndHandlingOfWindow]:
    """Return the windows at which somebody sat or was served."""
    staff: dict[str, list[str]] = {}
    for shift in sorted(rows.shifts, key=lambda one: one.opened):
        staff.setdefault(shift.window, []).append(shift.staff)
    times: dict[str, list[int]] = {}
    for alike in rows.legs_combined_by_kind:
        if alike.handling and (window := alike.legs[0].window) is not None:
            times.setdefault(window, []).extend(alike.handling)
    return {
        code: StaffAndHandlingOfWindow(
            tuple(dict.fromkeys(staff.get(code, ()))), duration_statistics_minutes(times.get(code, []))["mean"]
        )
        for code in staff.keys() | times.keys()
    }


def _mean_waiting(rows: DayRows, services: frozenset[str], span: Span) -> float:
    """Return how many tickets for `services` waited on average in a span; 0 where no time passed."""
    start, end = span
    if end <= start or rows.spans is None:
        return 0.0
    free = ((came, left) for service in services for came, left in rows.spans.waiting.get(service, ()))
    held = ((one.start, one.end) for one in rows.spans.held if one.service in services)
    return sum(max(0, min(left, end) - max(came, start)) for came, left in chain(free, held)) / (end - start)


def figure_paths_of_unused_features(names: ReportSetups) -> tuple[str, ...]:
    """Return the paths of figures that belong to features which none of the halls uses."""
    off = (feature for feature in features.installed_features() if not names.has_feature(feature.name))
    return tuple(path for one in off for figure in one.figures for path in (figure, f"quality.{figure}"))


def without_unused_figures(figures: dict[str, Any], names: ReportSetups) -> dict[str, Any]:
    """Return a document without the figures and rules that none of the halls uses; itself where they use all."""
    found: Mapping[str, Any] = figures
    for path in figure_paths_of_unused_features(names):
        found = _without_path(found, path)
    rules = {
        rule
        for feature in features.installed_features()
        if not names.has_feature(feature.name)
        for rule in feature.rules
    }
    if rules and "rules" in found:
        found = {**found, "rules": [{key: row[key] for key in row if key not in rules} for row in found["rules"]]}
    return dict(found) if found is not figures else figures


def period_without_unused_figures(read: PeriodReport) -> PeriodReport:
    """Return a period with the figures that its halls use."""
    names = read.report_setups
    halls = tuple(replace(hall, figures=without_unused_figures(hall.figures, names)) for hall in read.halls)
    return replace(read, figures=without_unused_figures(read.figures, names), halls=halls)


def is_at_or_below_path(path: str, paths: tuple[str, ...]) -> bool:
    """Whether a path is one of these or leads below one."""
    return any(path == one or path.startswith(f"{one}.") for one in paths)


def _without_path(tree: Mapping[str, Any], path: str) -> Mapping[str, Any]:
    key, _dot, rest = path.partition(".")
    if key not in tree or (rest and not isinstance(tree[key], Mapping)):
        return tree
    if not rest:
        return {name: value for name, value in tree.items() if name != key}
    inner = _without_path(tree[key], rest)
    return tree if inner is tree[key] else {**tree, key: inner}


Row = Mapping[str, Any]
SHARES = (0.13, 0.15, 0.72)
SIZE = 7.6


def rules_history_table(figures: Row, names: ReportSetups, lang: str) -> list[pdf_paper.BlockWithinPage]:
    """Return the rules of a span as a table with its heading, first date's rules, then changes; or nothing."""
    rows: Sequence[Row] = figures["rules"]
    if not rows:
        return []
    titles = [tr(lang, "From", context="rules"), tr(lang, "Rules", context="rules"), tr(lang, "Rules at the time")]
    cells: list[list[str]] = []
    for before, row in zip([None, *rows], rows, strict=False):
        since = date_short(date.fromisoformat(row["from"]), lang)
        for name, told in _changed_rule_groups(row, before, names, lang):
            cells.append([since, name, told])
            since = ""
    how = tr(lang, "All figures follow the rules of today; this says what the hall's rules were then.")
    table = pdf_paper.sentence_table_blocks(titles, cells, SHARES, size=SIZE, padding=3.0)
    return pdf_paper.blocks_kept_together(
        [pdf_paper.heading_block(tr(lang, "Rules of this time")), *table, pdf_paper.small_sentence_block(how)]
    )


def day_rules_small_print(figures: Row, names: ReportSetups, lang: str) -> list[pdf_paper.BlockWithinPage]:
    """Return the rules of a day as small print; nothing if none is known."""
    return [
        pdf_paper.small_sentence_block(
            tr(
                lang,
                "<b>Rules of that day.</b> {rules}",
                rules=sentences_joined(
                    [
                        tr(lang, "<b>{group}:</b> {rules}", group=pdf_paper.escape(name), rules=pdf_paper.escape(told))
                        for name, told in _changed_rule_groups(row, None, names, lang)
                    ],
                    lang,
                ),
            ),
            size=SIZE,
            gap=12,
        )
        for row in figures["rules"][-1:]
    ]


def all_rules_text(row: Row, names: ReportSetups, lang: str) -> str:
    """Return all rules of a date in one text."""
    return sentences_joined([told for _name, told in _changed_rule_groups(row, None, names, lang)], lang)


def call_order_rule_text(row: Row, names: ReportSetups, lang: str) -> str:
    """Return the rule by which tickets were called, including the credits of their classes."""
    return (
        _call_order_rules_text(row, names, lang)
        if _are_rules_known(row, _ORDER)
        else _rule_differs_between_halls_text(lang)
    )


def _changed_rule_groups(row: Row, before: Row | None, names: ReportSetups, lang: str) -> list[tuple[str, str]]:
    """Return the groups that are others than `before`, each with its name and what stands in it."""
    groups: tuple[tuple[str, Sequence[str], Callable[[Row, ReportSetups, str], str]], ...] = (
        (tr(lang, "Waiting", context="rules"), ("wait_target_minutes",), _wait_target_rule_text),
        (tr(lang, "Order of calls", context="rules"), _ORDER, _call_order_rules_text),
        (
            tr(lang, "Late-comers", context="rules"),
            ("calls_before_missed", "return_minutes", "return_numbers", "postponements"),
            _late_comer_rules_text,
        ),
        (
            tr(lang, "Appointments", context="rules"),
            ("appointment_early_minutes", "appointment_grace_minutes"),
            _appointment_rules_text,
        ),
        (
            tr(lang, "At the windows", context="rules"),
            ("call_at_finish", "outcome_required", "opening_checks", "form_free_minutes"),
            _window_rules_text,
        ),
        (
            tr(lang, "Ratings, returns", context="rules"),
            ("rating_days", "rating_questions", "first_visit_days"),
            _visit_rules_text,
        ),
        (
            tr(lang, "The day's end", context="rules"),
            ("closing", "closing_margin_minutes", "overnight", "day_end"),
            _day_end_rules_text,
        ),
    )
    # A hall's row lacks the rules of what it does not use.
    there = ((name, [key for key in keys if key in row], tell) for name, keys, tell in groups)
    return [
        (name, tell(row, names, lang) if _are_rules_known(row, keys) else _rule_differs_between_halls_text(lang))
        for name, keys, tell in there
        if keys and (before is None or any(row[key] != before[key] for key in keys))
    ]


_ORDER = ("order", "jump_every", "order_guard", "credits")


def _are_rules_known(row: Row, keys: Sequence[str]) -> bool:
    return all(row[key] is not None for key in keys)


def _rule_differs_between_halls_text(lang: str) -> str:
    return tr(lang, "Not the same in every hall.")


def _sentence_of_clauses(parts: Sequence[str], lang: str) -> str:
    return tr(lang, "{clauses}.", clauses=tr(lang, "; ", context="list").join(parts), context="one sentence")


def _wait_target_rule_text(row: Row, names: ReportSetups, lang: str) -> str:
    n = row["wait_target_minutes"]
    return _sentence_of_clauses([tr(lang, "A call within {n} min is in time", n=n)], lang)


def _call_order_rules_text(row: Row, names: ReportSetups, lang: str) -> str:
    rule = dispatch.call_rule_from_settings(row)
    told = [call_rule_text(rule, lang)]
    shown = [
        names.priority_class_name(code, lang)
        if rule.order == dispatch.PRIORITY_FIRST
        else tr(lang, "{name} {n} min", name=names.priority_class_name(code, lang), n=n, context="credit")
        for code, n in row["credits"].items()
        if code != APPOINTMENT or names.has_feature("appointments")
    ]
    if shown:
        told.append(tr(lang, "priority: {classes}", classes=list_text(shown, lang)))
    return _sentence_of_clauses(told, lang)


def _late_comer_rules_text(row: Row, names: ReportSetups, lang: str) -> str:
    calls, lets = row["calls_before_missed"], row["postponements"]
    back = tr(
        lang,
        "third in line again if back within {minutes} min or {numbers} numbers, else last",
        minutes=row["return_minutes"],
        numbers=row["return_numbers"],
    )
    parts = [ntr(lang, "Missed after {n} call", "Missed after {n} calls", calls), back]
    parts.append(
        ntr(lang, "may let others go first {n} time", "may let others go first {n} times", lets)
        if lets
        else tr(lang, "nobody may let others go first")
    )
    return _sentence_of_clauses(parts, lang)


def _appointment_rules_text(row: Row, names: ReportSetups, lang: str) -> str:
    early, late = row["appointment_early_minutes"], row["appointment_grace_minutes"]
    parts = [
        tr(lang, "Called from {n} min before their time on", n=early),
        tr(lang, "kept until {n} min after it", n=late),
    ]
    return _sentence_of_clauses(parts, lang)


def _window_rules_text(row: Row, names: ReportSetups, lang: str) -> str:
    saved = row["form_free_minutes"]
    parts = [
        tr(lang, "Finishing one calls the next")
        if row["call_at_finish"] == "on"
        else tr(lang, "The next one is called by hand"),
        tr(lang, "no finish without an outcome")
        if row["outcome_required"] == "on"
        else tr(lang, "an outcome may be left out"),
        *([_opening_check_rule_text(row, lang)] if "opening_checks" in row else []),
        tr(lang, "a step without a form saves {n} min", n=saved)
        if saved
        else tr(lang, "the time a form takes has not been measured"),
    ]
    return _sentence_of_clauses(parts, lang)


def _opening_check_rule_text(row: Row, lang: str) -> str:
    asks = row["opening_checks"] == "on"
    return tr(lang, "no opening without the day's checks") if asks else tr(lang, "opening asks for no checks")


def _visit_rules_text(row: Row, names: ReportSetups, lang: str) -> str:
    after, returns = row["rating_days"], row["first_visit_days"]
    parts = [
        ntr(lang, "Can be rated until {n} day afterwards", "Can be rated until {n} days afterwards", after)
        if after
        else tr(lang, "Can be rated on the same day"),
        tr(lang, "with two further questions")
        if row["rating_questions"] == "on"
        else tr(lang, "without further questions"),
        ntr(
            lang,
            "settled at the first visit: not back within {n} day",
            "settled at the first visit: not back within {n} days",
            returns,
        ),
    ]
    return _sentence_of_clauses(parts, lang)


def _day_end_rules_text(row: Row, names: ReportSetups, lang: str) -> str:
    margin, ends = row["closing_margin_minutes"], parse_clock_minutes(row["day_end"])
    near = {
        "warn": tr(lang, "Customers who would not be called before closing are warned"),
        "stop": tr(lang, "No ticket for anybody who could not be called before closing"),
        "off": tr(lang, "Nobody is warned near closing"),
    }
    parts = [near[row["closing"]]]
    if margin:
        parts.append(tr(lang, "windows stay open {n} min for those with a ticket", n=margin))
    parts.append(
        tr(lang, "open tickets may have an early place the next day")
        if row["overnight"] == "early_place"
        else tr(lang, "open tickets end with the day")
    )
    parts.append(
        tr(lang, "a day ends at {time}", time=clock_text(ends)) if ends else tr(lang, "a day ends at midnight")
    )
    return _sentence_of_clauses(parts, lang)
