"""A pack in words: its four figures, points, six months and tables, each figure with the path of what it counts.

PDF, workbook, screen and JSON show this one document, in its order."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from queuedesk.core.charts import chart as charts
from queuedesk.core.charts.chart import HoverTextAndTarget as ChartPoint
from queuedesk.core.figures import halls, periods, satisfaction
from queuedesk.core.figures.comparing import NOTHING, FigureDifference, joined_figure_path
from queuedesk.core.figures.measures.figures import WRONG_COUNTER
from queuedesk.core.figures.targets import FIRST_VISIT, MEAN_WAIT, SATISFACTION, SERVED, TargetVerdict
from queuedesk.core.quality.inspection import CHANNELS, monthly_inspection_minimums
from queuedesk.core.talk.remarks import DayNote
from queuedesk.features.packs.papers.read import RATE, WAIT, WRONG, HallComparedFigure, PackData
from queuedesk.features.packs.rules import CASES, FADED, FIXES, LEFT, LONG, TARGET, DecisionPoint
from queuedesk.i18n import date_short, list_text, moments, name_in_language, ntr, quality, tr
from queuedesk.i18n.figures import figure_titles
from queuedesk.i18n.names import UNKNOWN, decimal_text, percent_text, report_owner_name, staff_name, whole_number_text
from queuedesk.i18n.quality import case_class_word, inspection_channel_word
from queuedesk.i18n.talk import day_note_kind_word
from queuedesk.reports.draw.pdf import escape, unescape
from queuedesk.reports.figures.figure_words import (
    parts_as_one_sentence,
    percent_range_text,
    what_figure_leaves_out_text,
)
from queuedesk.reports.figures.findings import left_unserved_finding as left_unserved
from queuedesk.reports.figures.period import number_of_days_with_tickets
from queuedesk.reports.pages.sections import counts_of_row_text, glue_to_one_line, reached_value_with_unit


class PackFigure(Struct, frozen=True):
    """A text, or a figure with its value and the path of what it counts, "" where that is nothing. `span` are its dates
    where they are not the pack's; `late`: something is past its last day; `why` is the reason why a figure opens
    nothing though it is something, or other rows than it was counted from."""

    text: str
    value: float | str | None = None
    path: str = ""
    span: tuple[date, date] | None = None
    late: bool = False
    why: str = ""


class PackTile(Struct, frozen=True):
    """One of the four figures: with its unit, lesser figures below it, and where it has a target what became of
    that."""

    label: str
    shown: PackFigure
    unit: str
    lesser: tuple[PackFigure, ...]
    verdict: TargetVerdict | None = None
    told: str = ""

    @property
    def lesser_figures_text(self) -> str:
        return " · ".join(one.text for one in self.lesser)

    @property
    def is_target_missed(self) -> bool:
        return self.verdict is TargetVerdict.NOT_MET


class PackDecisionPoint(Struct, frozen=True):
    """A point to decide: a sentence with <b> and </b>, everything else escaped. `span` are the dates of its figure
    where they are not the pack's; `opens` says whether its rows may be seen."""

    markup: str
    point: DecisionPoint
    span: tuple[date, date] | None = None
    opens: bool = True


class PackTrend(Struct, frozen=True):
    """A figure over the months, with the ends of its interval where it is a rate, in percent then; None where nobody
    came. `told` says of how many each is."""

    title: str
    months: tuple[str, ...]
    shown: tuple[PackFigure, ...]
    values: tuple[float | None, ...]
    told: tuple[str, ...] = ()
    low: tuple[float | None, ...] = ()
    high: tuple[float | None, ...] = ()
    target: float | None = None
    target_text: str = ""

    @property
    def is_empty(self) -> bool:
        return all(value is None for value in self.values)


class PackColumnHeader(Struct, frozen=True):
    """A column: its title, whether it holds texts."""

    title: str
    is_text: bool = False


class PackTable(Struct, frozen=True):
    """A table with its title; `empty` stands there without any row, `note` below it."""

    key: str
    title: str
    columns: tuple[PackColumnHeader, ...]
    rows: tuple[tuple[PackFigure, ...], ...]
    total: tuple[PackFigure, ...] = ()
    unit: str = ""
    note: str = ""
    empty: str = ""


class PackDocument(Struct, frozen=True, kw_only=True):
    """Everything a pack says, in the order in which it says it; `last_line` are what is left out, and how rates are
    made."""

    period: str
    first: date
    last: date
    hall: str
    title: str
    span: str
    facts: tuple[str, ...]
    owner: str
    tiles: tuple[PackTile, ...]
    points: tuple[PackDecisionPoint, ...]
    quiet: str
    trends: tuple[PackTrend, ...]
    trends_note: str
    parts: tuple[PackTable, ...]
    last_line: str

    @property
    def drawn_trends(self) -> tuple[PackTrend, ...]:
        """The figures that have a month to draw."""
        return tuple(trend for trend in self.trends if not trend.is_empty)

    def table_by_key(self, key: str) -> PackTable | None:
        return next((one for one in self.parts if one.key == key), None)


def linked_pack_figure(text: str, value: float | None, path: str, *, late: bool = False) -> PackFigure:
    """Return a figure, which opens what it counts where there is anything."""
    return PackFigure(text, value, path if value else "", late=late and bool(value))


def count_figure(value: int, path: str, *, late: bool = False) -> PackFigure:
    return linked_pack_figure(whole_number_text(value), value, path, late=late)


def linked_share_figure(value: float | None, path: str) -> PackFigure:
    return linked_pack_figure(UNKNOWN if value is None else f"{percent_text(value)} %", value, path)


def minutes_figure(value: float | None, path: str) -> PackFigure:
    return linked_pack_figure(decimal_text(value), value, path)


def pack_without_row_links(document: PackDocument, paths: tuple[str, ...], why: str) -> PackDocument:
    """Return the pack for somebody who may not see the rows of figures whose paths begin with one of these: `why` is
    said in their place."""

    def row_without_links(row: tuple[PackFigure, ...]) -> tuple[PackFigure, ...]:
        return tuple(replace(one, path="", why=why) if one.path.startswith(paths) else one for one in row)

    parts = (
        replace(one, rows=tuple(map(row_without_links, one.rows)), total=row_without_links(one.total))
        for one in document.parts
    )
    points = (replace(one, opens=not one.point.path.startswith(paths)) for one in document.points)
    return replace(document, parts=tuple(parts), points=tuple(points))


def without_markup(markup: str) -> str:
    """Return a sentence without its marks."""
    return unescape(markup.replace("<b>", "").replace("</b>", ""))


# -- six months as charts ----------------------------------------------------------------------------------------------


def trend_chart(trend: PackTrend, points: Sequence[ChartPoint] = ()) -> charts.Chart:
    """Return a figure over six months on a scale of its own, the interval of a rate as upright lines.

    Where its months are `points` that can be pressed, each shows its figure, underlined; else the first and the last.
    """
    spans = (
        [charts.VerticalLineSeries(values=trend.low, ends=trend.high, colour="chart", thick=2.4)] if trend.low else []
    )
    levels = [charts.ReferenceLevel(value=trend.target, name=trend.target_text)] if trend.target is not None else []
    known = [n for n, value in enumerate(trend.values) if value is not None]
    told = set(known) if points else {known[0], known[-1]} if known else set()
    words = [shown.text if n in told else "" for n, shown in enumerate(trend.shown)]
    signs = charts.SymbolSeries(
        values=[value if n in told else None for n, value in enumerate(trend.values)],
        labels=words,
        tops=trend.high or trend.values,
        underlined=bool(points),
    )
    series = [*spans, charts.CurveSeries(values=trend.values), signs]
    panel = charts.SeriesPanel(series=series, levels=levels, is_percent=bool(trend.low), points=points)
    labels = [(n + 0.5, month) for n, month in enumerate(trend.months)]
    said = [f"{month} {shown.text}" for month, shown in zip(trend.months, trend.shown, strict=True)]
    return charts.Chart(panels=[panel], slots=len(trend.months), labels=labels, summary=", ".join([trend.title, *said]))


Row = Mapping[str, Any]


def pack_figure_title(path: str, lang: str) -> str:
    return {
        RATE: tr(lang, "Satisfied", context="report"),
        WAIT: tr(lang, "Mean wait"),
        WRONG: tr(lang, "Wrong window", context="pack"),
        **{f"measures.{one}.rate": figure_titles.measure_word(one, lang) for one in (SERVED, FIRST_VISIT)},
    }[path]


def pack_tables(pack: PackData, lang: str) -> Sequence[PackTable | None]:
    quality = pack.figures["quality"]
    known = "why" not in quality
    inspected = known and pack.read.lead.has_feature("inspections")
    return (
        _cases_table(quality, lang) if known else None,
        _services_table(pack, lang),
        _inspections_table(pack, quality, lang) if inspected else None,
        _rectifications_table(quality, lang) if inspected else None,
        _projects_table(pack, lang),
        _halls_compared_table(pack, lang),
        _day_notes_table(pack.read.halls[0].notes, lang),
        _due_work_table(pack, lang),
    )


def _cases_table(quality: Row, lang: str) -> PackTable:
    cases = quality["cases"]
    keys = ("before", "opened", "closed", "open", "overdue")
    rows = []
    for row in cases["by_department"]:
        base = ("cases", "by_department", NOTHING if row["code"] is None else row["code"])
        name = row["code"] or tr(lang, "the hall", context="department")
        rows.append(
            (
                PackFigure(name),
                *(count_figure(row[key], joined_figure_path(*base, key), late=key == "overdue") for key in keys),
            )
        )
    total = [count_figure(cases[key], joined_figure_path("cases", key), late=key == "overdue") for key in keys]
    return PackTable(
        "cases",
        tr(lang, "Cases by department"),
        (
            PackColumnHeader(tr(lang, "Department", context="pack"), is_text=True),
            PackColumnHeader(tr(lang, "Before", context="cases")),
            PackColumnHeader(tr(lang, "Opened", context="cases")),
            PackColumnHeader(tr(lang, "Closed", context="cases")),
            PackColumnHeader(tr(lang, "Open", context="cases")),
            PackColumnHeader(tr(lang, "Overdue", context="cases")),
        ),
        tuple(rows),
        (PackFigure(tr(lang, "All", context="report")), *total) if rows else (),
        empty=tr(lang, "No case was open in this time."),
    )


def _services_table(pack: PackData, lang: str) -> PackTable:
    figures, read = pack.figures, pack.read
    wrong = figures["measures"][WRONG_COUNTER.key]
    tickets = {row["code"]: row for row in wrong["by_service"]}
    nothing = {"n": 0, "of": 0}
    rows = []
    for row in figures["services"]:
        code, wait, own = row["code"], row["wait"], tickets.get(row["code"], nothing)
        base = ("services", code, "wait")
        rows.append(
            (
                PackFigure(read.service_name(code, lang)),
                count_figure(own["of"], joined_figure_path("measures", WRONG_COUNTER.key, "by_service", code, "of")),
                count_figure(row["finished"], joined_figure_path("services", code, "finished")),
                minutes_figure(wait["mean"], joined_figure_path(*base, "mean")),
                linked_share_figure(wait["within_target"], joined_figure_path(*base, "within_target")),
                count_figure(own["n"], joined_figure_path("measures", WRONG_COUNTER.key, "by_service", code, "n")),
            )
        )
    wait, target = figures["wait"], figures["wait"]["target_minutes"]
    total = (
        PackFigure(tr(lang, "All", context="report")),
        count_figure(wrong["of"], f"measures.{WRONG_COUNTER.key}.of"),
        count_figure(figures["finished"], "finished"),
        minutes_figure(wait["mean"], "wait.mean"),
        linked_share_figure(wait["within_target"], "wait.within_target"),
        count_figure(wrong["n"], f"measures.{WRONG_COUNTER.key}.n"),
    )
    return PackTable(
        "services",
        tr(lang, "By service"),
        (
            PackColumnHeader(tr(lang, "Service", context="report"), is_text=True),
            PackColumnHeader(tr(lang, "Tickets", context="pack")),
            PackColumnHeader(tr(lang, "Handled", context="pack")),
            PackColumnHeader(tr(lang, "Mean wait")),
            PackColumnHeader(tr(lang, "in time") if target is None else tr(lang, "≤ {minutes} min", minutes=target)),
            PackColumnHeader(tr(lang, "Wrong", context="pack")),
        ),
        tuple(rows),
        total if rows else (),
        unit=tr(lang, "times in minutes"),
        note=_several_services_note(sum(row["finished"] for row in figures["services"]) - figures["finished"], lang),
    )


def _several_services_note(n: int, lang: str) -> str:
    if n <= 0:
        return ""
    return ntr(
        lang,
        "A ticket counts where it was issued, and as handled at each service that served it: {shown} more than were finished.",
        "Tickets count where they were issued, and as handled at each service that served them: {shown} more than were finished.",
        n,
        shown=whole_number_text(n),
    )


def _inspections_table(pack: PackData, quality: Row, lang: str) -> PackTable:
    looked = quality["inspections"]
    known = {row["code"]: row for row in looked["by_channel"]}
    wanted = dict.fromkeys(CHANNELS, 0)
    for row in looked["coverage"]:
        wanted[row["channel"]] += row["least"]
    planned = tr(lang, "the set-up asks for this many; nothing behind it")
    rows = []
    for channel in CHANNELS:
        own, base = known.get(channel), ("inspections", "by_channel", channel)
        done = own["done"] if own else 0
        if done or wanted[channel]:
            score = own["score"]["mean"] if own else None
            rows.append(
                (
                    PackFigure(inspection_channel_word(channel, lang)),
                    count_figure(done, joined_figure_path(*base, "done")),
                    PackFigure(whole_number_text(wanted[channel]), wanted[channel], why=planned),
                    linked_pack_figure(decimal_text(score), score, joined_figure_path(*base, "score", "mean")),
                )
            )
    score = looked["score"]["mean"]
    total = (
        PackFigure(tr(lang, "All", context="report")),
        count_figure(looked["done"], "inspections.done"),
        PackFigure(whole_number_text(sum(wanted.values())), sum(wanted.values()), why=planned),
        linked_pack_figure(decimal_text(score), score, "inspections.score.mean"),
    )
    return PackTable(
        "inspections",
        tr(lang, "Inspections", context="report"),
        (
            PackColumnHeader(tr(lang, "Channel", context="inspection"), is_text=True),
            PackColumnHeader(tr(lang, "Done", context="inspection")),
            PackColumnHeader(tr(lang, "Wanted", context="inspection")),
            PackColumnHeader(tr(lang, "Mean score")),
        ),
        tuple(rows),
        total if rows else (),
        empty=_no_inspection_sentence(sum(monthly_inspection_minimums(pack.read.lead).values()), lang),
    )


def _no_inspection_sentence(least: int, lang: str) -> str:
    """Return that no inspection was made where no whole month asked for one: the hall may be younger."""
    if not least:
        return tr(lang, "No inspection was made, and the set-up asks for none.")
    return tr(lang, "No inspection was made; the set-up asks for {n} a month.", n=least)


def _rectifications_table(quality: Row, lang: str) -> PackTable | None:
    found = quality["rectifications"]
    if not any(found.values()):
        return None
    titles = {
        "opened": tr(lang, "Noted", context="to put right"),
        "closed": tr(lang, "Closed", context="cases"),
        "open": tr(lang, "Open", context="cases"),
        "overdue": tr(lang, "Overdue", context="cases"),
    }
    row = (
        PackFigure(tr(lang, "Findings")),
        *(count_figure(found[key], f"rectifications.{key}", late=key == "overdue") for key in titles),
    )
    return PackTable(
        "fixes",
        tr(lang, "To be put right"),
        (PackColumnHeader("", is_text=True), *(PackColumnHeader(title) for title in titles.values())),
        (row,),
    )


def _projects_table(pack: PackData, lang: str) -> PackTable | None:
    if not pack.projects:
        return None
    rows = []
    for one in pack.projects:
        ended = quality.project_ending_word(one["ending"], lang) if one["ending"] else ""
        where = ended or (
            quality.project_step_word(one["step"], lang)
            if one["step"]
            else tr(lang, "all steps done", context="project")
        )
        title = f"{one['project']} {one['title']}".strip()
        rows.append((PackFigure(title), PackFigure(where), PackFigure(staff_name(pack.read.lead, one["leader"], lang))))
    return PackTable(
        "projects",
        tr(lang, "Improvement projects", context="pack"),
        (
            PackColumnHeader(tr(lang, "Project", context="pack"), is_text=True),
            PackColumnHeader(tr(lang, "Where things are", context="pack"), is_text=True),
            PackColumnHeader(tr(lang, "Who", context="pack"), is_text=True),
        ),
        tuple(rows),
    )


def _halls_compared_table(pack: PackData, lang: str) -> PackTable | None:
    if pack.others is None:
        return None
    alike = tr(lang, "at the mix of services of all halls; opens this hall's own rows")
    together = tr(lang, "all halls together: their rows stay with each of them")
    rows = []
    for path, found in pack.others.found.items():
        tell = decimal_text if path == WAIT else _percent_text
        own, everybody = (UNKNOWN if value is None else tell(value) for value in (found.own, found.all))
        rows.append(
            (
                PackFigure(pack_figure_title(path, lang) if path != WAIT else tr(lang, "Mean wait, min")),
                PackFigure(own, found.own, path if found.own is not None else "", why=alike),
                PackFigure(everybody, found.all, why=together),
                PackFigure(_comparison_with_others_word(found, lang)),
            )
        )
    n = pack.others.halls
    return PackTable(
        "halls",
        tr(lang, "Next to the other halls"),
        (
            PackColumnHeader("", is_text=True),
            PackColumnHeader(tr(lang, "This hall")),
            PackColumnHeader(tr(lang, "All halls", context="pack")),
            PackColumnHeader(tr(lang, "Difference", context="halls"), is_text=True),
        ),
        tuple(rows),
        unit=ntr(lang, "same services, {n} hall", "same services, {n} halls", n) if rows else "",
        empty=tr(lang, "No other hall lets this one see its figures: there is nothing to compare with."),
    )


def _percent_text(value: float) -> str:
    return f"{percent_text(value)} %"


def _comparison_with_others_word(found: HallComparedFigure, lang: str) -> str:
    if found.own is None or found.all is None:
        return tr(lang, "too few", context="halls")
    if found.said is None:
        return tr(lang, "{minutes} min", minutes=figure_titles.signed_decimal(found.own - found.all))
    return {
        halls.INSIDE: tr(lang, "can't tell", context="halls"),
        halls.ABOVE: tr(lang, "higher", context="halls"),
        halls.BELOW: tr(lang, "lower", context="halls"),
    }.get(found.said, tr(lang, "too few", context="halls"))


def _day_notes_table(notes: Sequence[DayNote], lang: str) -> PackTable:
    known = sorted(notes, key=lambda one: (one.day, one.seq))
    rows = tuple(
        (
            PackFigure(date_short(one.day, lang)),
            PackFigure(
                tr(lang, "{head}: {text}", context="note", head=day_note_kind_word(one.kind, lang), text=one.text)
            ),
        )
        for one in known
    )
    return PackTable(
        "notes",
        tr(lang, "Notes", context="pack"),
        (
            PackColumnHeader(tr(lang, "Date", context="pack"), is_text=True),
            PackColumnHeader(tr(lang, "Note", context="pack"), is_text=True),
        ),
        rows,
        empty=tr(lang, "No note was written."),
    )


def _due_work_table(pack: PackData, lang: str) -> PackTable:
    rows = []
    for one in pack.due:
        what = (
            tr(lang, "Case {number}, {klass}", number=one.key, klass=case_class_word(one.klass, lang))
            if one.klass
            else tr(lang, "Finding to put right")
        )
        where = one.department or tr(lang, "the hall", context="department")
        path = joined_figure_path("cases", "open") if one.klass else joined_figure_path("rectifications", "open")
        rows.append(
            (
                PackFigure(date_short(one.due, lang), one.due.isoformat(), path, late=one.is_late),
                PackFigure(what),
                PackFigure(where),
            )
        )
    return PackTable(
        "due",
        tr(lang, "What follows"),
        (
            PackColumnHeader(tr(lang, "By", context="pack"), is_text=True),
            PackColumnHeader(tr(lang, "What"), is_text=True),
            PackColumnHeader(tr(lang, "Department", context="pack"), is_text=True),
        ),
        tuple(rows),
        empty=tr(lang, "Nothing is open."),
    )


TICKETS = f"measures.{WRONG_COUNTER.key}.of"
"""The tickets of a pack: all that were issued but the void ones."""
WRONG_ONES = f"measures.{WRONG_COUNTER.key}.n"
FINISHED, RATED = "finished", "ratings.n"
MOST_REASONS = 2
FEW_DAYS = 10
"""A period before with fewer days than these says of how many: its totals are no full month's."""


def pack_document(pack: PackData, lang: str) -> PackDocument:
    """Return what a pack says in `lang`."""
    read = pack.read
    hall = name_in_language(read.lead.hall.name, read.lead.hall.name_en, lang)
    covers_whole_month = read.period == periods.MONTH
    owner = report_owner_name(read.lead, lang)
    return PackDocument(
        period=read.period,
        first=read.first,
        last=read.last,
        hall=hall,
        title=tr(lang, "Monthly meeting pack") if covers_whole_month else tr(lang, "Quarterly summary"),
        span=figure_titles.calendar_period_name(read.period, read.first, read.last, lang),
        facts=_head_facts(pack, owner, lang),
        owner=owner,
        tiles=_pack_tiles(pack, lang),
        points=tuple(
            PackDecisionPoint(_decision_sentence(one, pack, lang), one, _span_of_missed_target(one))
            for one in pack.points
        ),
        quiet=tr(lang, "No target was missed for certain, and nothing is overdue."),
        trends=_pack_trends(pack, lang),
        trends_note=_missing_trends_note(pack, lang),
        parts=tuple(part for part in pack_tables(pack, lang) if part is not None),
        last_line=_left_out_and_rates_line(pack, lang),
    )


def _head_facts(pack: PackData, owner: str, lang: str) -> tuple[str, ...]:
    figures, found = pack.figures, []
    days = number_of_days_with_tickets(pack.read.tally)
    if days:
        found.append(ntr(lang, "{n} day with customers", "{n} days with customers", days))
    opened = sum(row["open_minutes"] > 0 for row in figures["windows"])
    if opened:
        found.append(ntr(lang, "{n} window", "{n} windows", opened))
    if pack.read.is_running:
        until = date_short(pack.read.local_now.date(), lang)
        found.append(tr(lang, "until {time}", time=until, context="report"))
    responsible = tr(lang, "responsible: {name}", name=owner, context="report")
    return (*found, responsible if owner else tr(lang, "responsible: nobody named", context="report"))


# -- the four figures --------------------------------------------------------------------------------------------------


def _pack_tiles(pack: PackData, lang: str) -> tuple[PackTile, ...]:
    figures, before = pack.figures, pack.before
    tickets, wrong, ratings = (
        figures["measures"][WRONG_COUNTER.key]["of"],
        figures["measures"][WRONG_COUNTER.key],
        figures["ratings"],
    )
    min_word = tr(lang, "min", context="unit")
    none = tr(lang, "no month before") if pack.read.period == periods.MONTH else tr(lang, "no quarter before")

    def figure_of_period_before(of: Callable[[Row], PackFigure]) -> PackFigure:
        if before is None:
            return PackFigure(none)
        own = of(before)
        if pack.read.period == periods.MONTH:
            told = tr(lang, "month before {figure}", figure=own.text)
        else:
            told = tr(lang, "quarter before {figure}", figure=own.text)
        if pack.before_days < FEW_DAYS:
            told = ntr(lang, "{told} ({n} day)", "{told} ({n} days)", pack.before_days, told=told)
        return replace(own, text=told, span=pack.before_span)

    def named_count_figure(word: str, value: int, path: str) -> PackFigure:
        return replace(count_figure(value, path), text=word)

    finished = figures["finished"]
    of_wrong = named_count_figure(
        f"{whole_number_text(wrong['n'])} / {whole_number_text(wrong['of'])}", wrong["n"], WRONG_ONES
    )
    rated = named_count_figure(
        tr(lang, "n {n}", n=whole_number_text(ratings["n"]), context="pack"), ratings["n"], RATED
    )
    n = figures["void"]
    void = (
        (named_count_figure(tr(lang, "{n} void left out", n=whole_number_text(n), context="pack"), n, "void"),)
        if n
        else ()
    )
    bounds = PackFigure(f"{percent_range_text(ratings['low'], ratings['high'])} %")
    return (
        PackTile(
            tr(lang, "Tickets", context="pack"),
            count_figure(tickets, TICKETS),
            ntr(lang, "ticket", "tickets", tickets, context="unit"),
            (
                figure_of_period_before(lambda of: count_figure(of["measures"][WRONG_COUNTER.key]["of"], TICKETS)),
                named_count_figure(
                    tr(lang, "{n} finished", n=whole_number_text(finished), context="pack"), finished, FINISHED
                ),
                *void,
            ),
        ),
        PackTile(
            tr(lang, "Mean wait"),
            minutes_figure(figures["wait"]["mean"], WAIT),
            min_word,
            (figure_of_period_before(lambda of: minutes_figure(of["wait"]["mean"], WAIT)),),
            *_target_verdict_and_words(figures, MEAN_WAIT, lang),
        ),
        PackTile(
            tr(lang, "Wrong window", context="pack"),
            PackFigure(percent_text(wrong["rate"]), wrong["rate"], WRONG if wrong["n"] else ""),
            "%",
            (
                *([of_wrong] if wrong["of"] else []),
                figure_of_period_before(
                    lambda of: linked_share_figure(of["measures"][WRONG_COUNTER.key]["rate"], WRONG)
                ),
            ),
        ),
        PackTile(
            tr(lang, "Satisfied", context="report"),
            PackFigure(percent_text(ratings["rate"]), ratings["rate"], RATE if ratings["n"] else ""),
            "%",
            (rated, bounds) if ratings["n"] else (PackFigure(tr(lang, "nobody rated")),),
            *_target_verdict_and_words(figures, SATISFACTION, lang),
        ),
    )


def _target_verdict_and_words(figures: Row, measure: str, lang: str) -> tuple[TargetVerdict | None, str]:
    """Return what became of a measure's target at the end, with its words; nothing without one, but for a mean wait
    over the hall's own limit, which is red on every page."""
    rows = [row for row in figures["targets"] if row["measure"] == measure and row["verdict"] is not None]
    if not rows:
        wait = figures["wait"]
        limit = wait["target_minutes"] if measure == MEAN_WAIT else None
        if limit is None or wait["mean"] is None or wait["mean"] <= limit:
            return None, ""
        return TargetVerdict.NOT_MET, tr(lang, "over the target of {n} min", n=limit)
    said, goal = (
        TargetVerdict(rows[-1]["verdict"]),
        figure_titles.target_with_unit(measure, figure_titles.target_figure_text(measure, rows[-1]["value"]), lang),
    )
    if said is TargetVerdict.NOT_MET:
        return said, tr(lang, "target {goal} missed", context="pack", goal=goal)
    return said, tr(
        lang,
        "target {goal}: {verdict}",
        context="pack",
        goal=goal,
        verdict=figure_titles.target_verdict_word(said, lang),
    )


# -- what there is to decide -------------------------------------------------------------------------------------------


def _span_of_missed_target(point: DecisionPoint) -> tuple[date, date] | None:
    """Return the dates on which a missed target stood."""
    told = point.told
    return (date.fromisoformat(told["first"]), date.fromisoformat(told["last"])) if point.code == TARGET else None


def _decision_sentence(point: DecisionPoint, pack: PackData, lang: str) -> str:
    told = point.told
    if point.code == TARGET:
        return _missed_target_sentence(told, pack.figures, lang)
    if point.code == LEFT:
        return left_unserved(pack.read, lang) or ""
    if point.code == LONG:
        return _called_within_target_sentence(told, lang)
    if point.code == CASES:
        return _overdue_cases_sentence(told, lang)
    if point.code == FIXES:
        return ntr(
            lang,
            "<b>{shown} finding is past its last day</b>, since {date}. Who puts it right, by when?",
            "<b>{shown} findings are past their last day</b>, the oldest since {date}. Who puts them right, by when?",
            told["n"],
            shown=whole_number_text(told["n"]),
            date=date_short(told["oldest"], lang),
        )
    if point.code == FADED:
        return f"<b>{escape(quality.fading_effect_alert_text(told, pack.read.lead, lang))}</b>"
    change: FigureDifference = told["change"]
    return tr(
        lang,
        "<b>{figure} went from {theirs} % to {ours} % on equal weekdays</b>; the 95 % interval of the difference, {low} to {high} points, leaves 0 out.",
        figure=pack_figure_title(point.path, lang),
        theirs=percent_text(change.theirs),
        ours=percent_text(change.ours),
        low=figure_titles.signed_decimal(100 * (change.low or 0)),
        high=figure_titles.signed_decimal(100 * (change.high or 0)),
    )


def _missed_target_sentence(row: Row, figures: Row, lang: str) -> str:
    measure = row["measure"]
    told = {
        "measure": figure_titles.measure_word(measure, lang),
        "reached": reached_value_with_unit(row, lang),
        "goal": figure_titles.goal_text(measure, figure_titles.target_figure_text(measure, row["value"]), lang),
        "n": glue_to_one_line(counts_of_row_text(row)),
    }
    if row["low"] is None:
        return tr(lang, "<b>{measure} missed its target:</b> {reached}, target {goal}; n {n}.", **told)
    said = tr(
        lang,
        "<b>{measure} missed its target:</b> {reached}, 95 % interval {range} %, target {goal}; n {n}.",
        range=percent_range_text(row["low"], row["high"]),
        **told,
    )
    tags = figures["quality"].get("reasons", {}).get("tags", ())[:MOST_REASONS]
    if measure != SATISFACTION or not tags:
        return said
    named_most = list_text(
        [f"{figure_titles.rating_reason_words(one['code'], lang)} {whole_number_text(one['n'])}" for one in tags], lang
    )
    reasons = tr(lang, "Reasons named most: {reasons}.", reasons=escape(named_most))
    return tr(lang, "{one} {other}", context="sentences", one=said, other=reasons)


def _called_within_target_sentence(told: Row, lang: str) -> str:
    words = {
        "share": percent_text(told["within_target"]),
        "goal": f"{round(told['goal'] * 100, 4):g}",
        "mean": decimal_text(told["mean"]),
        "n": whole_number_text(told["n"]),
    }
    if told["target_minutes"] is None:
        return tr(
            lang,
            "<b>{share} % were called within the hall's target</b>, target {goal} %; the mean wait was {mean} min, n {n}.",
            **words,
        )
    return tr(
        lang,
        "<b>{share} % were called within {minutes} min</b>, target {goal} %; the mean wait was {mean} min, n {n}.",
        minutes=told["target_minutes"],
        **words,
    )


def _overdue_cases_sentence(told: Row, lang: str) -> str:
    words = {"shown": whole_number_text(told["n"]), "date": date_short(told["oldest"], lang)}
    if told["department"] is None:
        return ntr(
            lang,
            "<b>{shown} case is past its last day</b>, since {date}.",
            "<b>{shown} cases are past their last day</b>, the oldest since {date}.",
            told["n"],
            **words,
        )
    return ntr(
        lang,
        "<b>{shown} case is past its last day</b>, at {department}, since {date}.",
        "<b>{shown} cases are past their last day</b>, {most} of them at {department}; the oldest since {date}.",
        told["n"],
        department=escape(told["department"]),
        most=whole_number_text(told["most"]),
        **words,
    )


# -- six months --------------------------------------------------------------------------------------------------------


def _pack_trends(pack: PackData, lang: str) -> tuple[PackTrend, ...]:
    return (
        _figure_trend(pack, RATE, tr(lang, "Satisfied, %"), lang, of=("ratings",), target=SATISFACTION),
        _figure_trend(pack, WRONG, tr(lang, "Wrong window, %"), lang, of=("measures", WRONG_COUNTER.key)),
        _figure_trend(pack, WAIT, tr(lang, "Mean wait, minutes"), lang, of=("wait",)),
    )


def _figure_trend(
    pack: PackData, path: str, title: str, lang: str, *, of: Sequence[str], target: str = ""
) -> PackTrend:
    is_share = path != WAIT
    shown, values, lows, highs, told = [], [], [], [], []
    for month in pack.months:
        found: Any = month.figures
        for key in of if found is not None else ():
            found = found[key]
        value = None if found is None else found["rate" if is_share else "mean"]
        text = percent_text(value) if is_share else decimal_text(value)
        shown.append(PackFigure(text, value, path if value else "", (month.first, month.last)))
        values.append(value * 100 if is_share and value is not None else value)
        low, high = _rate_interval_percent(path, found)
        lows.append(low)
        highs.append(high)
        told.append(_trend_point_details(path, found, (low, high), lang) if value is not None else "")
    rows = [row for row in pack.figures["targets"] if row["measure"] == target]
    goal = 100 * rows[-1]["value"] if rows else None
    return PackTrend(
        title,
        tuple(moments.month_short(month.first, lang) for month in pack.months),
        tuple(shown),
        tuple(values),
        tuple(told),
        tuple(lows) if is_share else (),
        tuple(highs) if is_share else (),
        goal,
        tr(lang, "target {goal}", context="pack", goal=figure_titles.target_figure_text(target, rows[-1]["value"]))
        if rows
        else "",
    )


def _trend_point_details(path: str, found: Row, ends: tuple[float | None, float | None], lang: str) -> str:
    if path == WAIT:
        return tr(lang, "n {n}", n=whole_number_text(found["n"]))
    within = percent_range_text(*(None if end is None else end / 100 for end in ends))
    if path == RATE:
        return tr(lang, "n {n} · {range} %", n=whole_number_text(found["n"]), range=within)
    return f"{whole_number_text(found['n'])} / {whole_number_text(found['of'])} · {within} %"


def _rate_interval_percent(path: str, found: Any) -> tuple[float | None, float | None]:
    """Return the ends of a rate's interval in percent. Everybody is in the rate of wrong windows, which is a sample of
    nothing; what its months differ by is read against the same interval."""
    if found is None or path == WAIT:
        return None, None
    n, of = (found["satisfied"], found["n"]) if path == RATE else (found["n"], found["of"])
    if not of:
        return None, None
    ends = satisfaction.wilson_interval(n, of)
    return 100 * ends.low, 100 * ends.high


def _missing_trends_note(pack: PackData, lang: str) -> str:
    if all(month.figures is None for month in pack.months):
        return tr(lang, "Nobody came in these six months: there is nothing to draw.")
    if pack.before is None and sum(month.figures is not None for month in pack.months) < 2:
        return tr(lang, "This is the hall's first month with figures: there is nothing before it to compare with.")
    return ""


# -- the last line -----------------------------------------------------------------------------------------------------


def _left_out_and_rates_line(pack: PackData, lang: str) -> str:
    parts = [what_figure_leaves_out_text(row["what"], row["n"], lang) for row in pack.figures["left_out"]]
    said = parts_as_one_sentence(parts, lang) if parts else tr(lang, "nothing.", context="left out")
    told = [tr(lang, "<b>Left out:</b> {what}", what=said)]
    told.append(
        tr(lang, "Rates are worked out from all cases together, never as the mean of days, months or departments.")
    )
    return ("" if lang == "zh_CN" else " ").join(told)
