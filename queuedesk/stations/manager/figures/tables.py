"""The tables of the page of figures: one decimal in cells, exact values at points, with the sample sizes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from msgspec import Struct, field

from queuedesk.core.charts.chart import HoverTextAndTarget
from queuedesk.core.features import figures_of_unused_features
from queuedesk.core.figures import comparing
from queuedesk.core.figures.measures.figure import FigureDefinition
from queuedesk.core.figures.measures.figures import SHARES, served_elsewhere_count
from queuedesk.core.figures.satisfaction import is_interval_too_wide
from queuedesk.core.figures.targets import WITHIN_TARGET_AT_LEAST, TargetVerdict
from queuedesk.core.quality.figures import has_no_records
from queuedesk.core.queue.overview import WaitingCountPastTarget
from queuedesk.core.setup.rows import Setup
from queuedesk.i18n import _, current_language, date_short, figure_range, n_, names
from queuedesk.i18n.figures import figure_titles
from queuedesk.i18n.names import (
    UNKNOWN,
    decimal_text,
    item_name,
    priority_class_name,
    service_letter_or_code,
    service_name,
    staff_name,
    whole_number_text,
    window_name,
)
from queuedesk.i18n.quality import no_quality_records_sentence, quality_pages_title
from queuedesk.i18n.queue.line_words import reason_words, wait_cause_clause
from queuedesk.i18n.talk import device_down_cause_words, device_name
from queuedesk.stations.widgets.charts.figures import FigureCell, FigureRow

Row = Mapping[str, Any]
Path = tuple[str, ...]


class FigureSource(Struct, frozen=True):
    """Where a figure leads: the tickets that make up `path` from `first` to `last`; `title` names the figure."""

    path: str
    first: date
    last: date
    title: str


def count_progress_text(done: int, of: int) -> str:
    return _(
        "Counting past dates: {done} of {of}. The next reading is quick.",
        done=whole_number_text(done),
        of=whole_number_text(of),
    )


# -- numbers -----------------------------------------------------------------------------------------------------


def exact_minutes(value: float | None) -> str:
    """Return minutes with the two decimals of the document, and their unit."""
    return UNKNOWN if value is None else _("{minutes} min", context="exact", minutes=f"{value:,.2f}")


def percent_or_unknown(share: float | None, digits: int = 1) -> str:
    return UNKNOWN if share is None else f"{names.percent_text(share, digits)} %"


def share_and_counts_text(share: float | None, n: int | None, of: int | None) -> str:
    """Return "94.83 %, 55 of 58"."""
    if n is None or of is None:
        return percent_or_unknown(share, 2)
    return _(
        "{share}, {n} of {of}",
        context="exact",
        share=percent_or_unknown(share, 2),
        n=whole_number_text(n),
        of=whole_number_text(of),
    )


def interval_in_percent_text(low: float | None, high: float | None) -> str:
    """Return "91.8–97.8 %", or that there are too few for bounds."""
    if low is None or high is None:
        return UNKNOWN
    if is_interval_too_wide(low, high):
        return _("too few to say")
    return f"{figure_range(f'{low * 100:.1f}', f'{high * 100:.1f}')} %"


def interval_sentence(row: Mapping[str, Any]) -> str:
    """Return "95 % interval 91.8–97.8 %" of a rate, or that there are too few for it; "" where there are none."""
    low, high = row["low"], row["high"]
    if low is None or high is None:
        return ""
    if is_interval_too_wide(low, high):
        return _("too few ratings to say")
    return _("95 % interval {range}", range=interval_in_percent_text(low, high))


def difference_text(found: comparing.FigureDifference) -> str:
    """Return "+0.8", "−2.1 pp" for shares."""
    value = found.difference
    if value is None:
        return UNKNOWN
    if found.kind == comparing.SHARE:
        return _("{points} pp", context="difference of shares", points=figure_titles.signed_decimal(value * 100))
    return figure_titles.signed_decimal(value, 0 if found.kind == comparing.COUNT else 2)


# -- what is told of a period --------------------------------------------------------------------------------------


class PeriodFigures(Struct, frozen=True):
    """A period with the set-up for its names; `late`: people now past the target wait, if it is not over."""

    found: comparing.PeriodChartData
    setup: Setup
    late: WaitingCountPastTarget | None = None

    @property
    def figures(self) -> dict[str, Any]:
        return self.found.figures

    @property
    def measures(self) -> dict[str, Any]:
        return dict(self.found.figures.get("measures", {}))

    def title_of_figure(self, *path: str) -> str:
        return figure_titles.figure_title(comparing.joined_figure_path(*path), self.setup)

    def figure_source(self, title: str, *parts: str) -> FigureSource:
        return FigureSource(comparing.joined_figure_path(*parts), self.found.first, self.found.last, title)

    def hover_point(self, *said: str, path: Path, title: str = "", leads: bool = True) -> HoverTextAndTarget:
        """Return a point for the figure at `path`: its name, `said`, its comparison, and its tickets."""
        title = title or self.title_of_figure(*path)
        lines = (title, *(line for line in said if line), *self.comparison_lines(comparing.joined_figure_path(*path)))
        return HoverTextAndTarget(lines, self.figure_source(title, *path) if leads else None)

    def comparison_lines(self, path: str) -> list[str]:
        versus = self.found.versus
        found = versus.differences.get(path) if versus else None
        if versus is None or not versus.ours.days or found is None or found.difference is None:
            return []
        if found.kind == comparing.COUNT:
            pair = (whole_number_text(found.ours), whole_number_text(found.theirs))
        elif found.kind == comparing.MINUTES:
            pair = (exact_minutes(found.ours), exact_minutes(found.theirs))
        else:
            pair = (percent_or_unknown(found.ours, 2), percent_or_unknown(found.theirs, 2))
        lines = [
            n_(
                "On {n} equal weekday: {ours} against {theirs}, {difference}",
                "On {n} equal weekdays: {ours} against {theirs}, {difference}",
                len(versus.ours.days),
                ours=pair[0],
                theirs=pair[1],
                difference=difference_text(found),
            )
        ]
        if found.verdict is not None:
            lines.append(verdict_text(found))
        return lines

    def figure_cell(
        self, text: str, *said: str, path: Path, title: str = "", token: str = "ink", leads: bool = True
    ) -> FigureCell:
        return FigureCell(text, self.hover_point(*said, path=path, title=title, leads=leads), token)

    def count(self, n: int | None, path: Path, *said: str) -> FigureCell:
        return self.figure_cell(
            whole_number_text(n), *(said or (whole_number_text(n),)), path=path, leads=n is not None
        )

    # -- names -----------------------------------------------------------------------------------------------------

    def service_name(self, code: str) -> str:
        """Return "A Pay a bill"."""
        name = service_name(self.setup, code)
        return f"{service_letter_or_code(self.setup, code)} {name}" if name != code else code

    def service_and_item_name(self, service: str, item: str | None) -> str:
        """Return "A Pay a bill · Print an invoice", only the service without an item."""
        said = self.service_name(service)
        return f"{said} · {item_name(self.setup, service, item)}" if item else said

    def window_name(self, code: str) -> str:
        return window_name(code)

    def staff_name(self, code: str) -> str:
        name = staff_name(self.setup, code)
        return name or code


def interval_text_of_share_difference(found: comparing.FigureDifference) -> str:
    """Return the interval of a share's difference: "−1.2 to +0.9 pp"; "" without one."""
    if found.low is None or found.high is None:
        return ""
    low, high = (figure_titles.signed_decimal(end * 100) for end in (found.low, found.high))
    return _("{low} to {high} pp", low=low, high=high)


def verdict_text(found: comparing.FigureDifference) -> str:
    range_ = interval_text_of_share_difference(found)
    if not range_:
        return ""
    said = _("{verdict}, 95 % interval {range}", verdict=difference_verdict_word(found), range=range_)
    return f"{said} · {figure_titles.changed_service_mix_caveat(found.alike)}" if found.is_of_mix else said


def difference_verdict_word(found: comparing.FigureDifference) -> str:
    """Return "higher", "lower", "can't tell"; "" without a verdict."""
    return figure_titles.share_change_word(found.verdict) if found.verdict is not None else ""


MOST_ITEMS = 8


class FigureTableContent(Struct, frozen=True, kw_only=True):
    title: str
    name: str = ""
    columns: Sequence[str] = ()
    rows: list[FigureRow] = field(default_factory=list)
    empty: str = ""
    line: str = ""


def call_count_text(n: int) -> str:
    return n_("{count} call", "{count} calls", n, count=whole_number_text(n))


def handled_count_text(n: int) -> str:
    return n_("{count} handled", "{count} handled", n, count=whole_number_text(n))


def unrated_count_text(n: int) -> str:
    return n_("{count} did not rate", "{count} did not rate", n, count=whole_number_text(n))


def item_table(
    told: PeriodFigures, figure: FigureDefinition, words: figure_titles.ShareFigureTexts
) -> FigureTableContent:
    """Return what a figure counts for each item, the most requested first; nothing if nobody named one."""
    split = figure.splits[0]
    every = comparing.uniquely_named_rows((told.measures.get(figure.key) or {}).get(split.key) or ())
    found = sorted(every, key=lambda one: -one[1]["of"])
    rows = [
        FigureRow(
            told.service_and_item_name(row["service"], row["item"]),
            tuple(_item_cells(told, row, (figure.key, split.key, name), is_told=any(one["n"] for _n, one in found))),
        )
        for name, row in found[:MOST_ITEMS]
    ]
    more = len(found) - MOST_ITEMS
    return FigureTableContent(
        title=_(words.columns[""], context="column"),
        columns=[_(words.columns[key], context="column") for key in ("of", "minutes", "n", "elsewhere")],
        rows=rows if any(row["item"] for _name, row in found) else [],
        empty=_(words.none),
        line=n_("and {n} more in the workbook", "and {n} more in the workbook", more) if more > 0 else "",
    )


def _item_cells(told: PeriodFigures, row: Row, place: Path, *, is_told: bool) -> Iterator[FigureCell]:
    """Yield an item's figures; where nobody noted a return, nothing is known of returns."""
    path = ("measures", *place)
    yield told.count(row["of"], (*path, "of"))
    mean = row["minutes"] / row["of"]
    yield told.figure_cell(decimal_text(mean), exact_minutes(row["minutes"]), path=(*path, "minutes"))
    again = told.figure_cell(
        percent_or_unknown(row["rate"]), share_and_counts_text(row["rate"], row["n"], row["of"]), path=(*path, "n")
    )
    yield again if is_told else FigureCell(UNKNOWN)
    yield told.count(served_elsewhere_count(told.measures, row), (*path, "elsewhere"))


def services_table(told: PeriodFigures) -> FigureTableContent:
    """Return the services with a last row for everybody."""
    figures = told.figures
    target = figures["wait"]["target_minutes"]
    rows = [_service_row(told, row, ("services", row["code"])) for row in figures["services"]]
    if len(rows) > 1:
        rows.append(_service_row(told, figures, ()))
    several = sum(row["issued"] for row in figures["services"]) - figures["issued"]
    return FigureTableContent(
        title=_("By service"),
        name=_("times in minutes"),
        columns=[
            _("Issued", context="report"),
            _("Finished", context="report"),
            _("Left", context="report"),
            _("Mean wait"),
            _("Median", context="column"),
            _("90 % within"),
            _("Longest", context="column"),
            _("in {minutes} min", context="column", minutes=target) if target is not None else _("in time"),
            _("Handling", context="report"),
        ],
        rows=rows,
        empty=_("No ticket was issued in this time."),
        line=_(
            "Issued at a service: joined its line. A visit with two services counts at both, a redirected one only where it went; the last row counts each ticket once."
        )
        if several
        else "",
    )


def _service_row(told: PeriodFigures, row: Row, path: Path) -> FigureRow:
    wait, handling = row["wait"], row["handling"]
    target, mean = wait["target_minutes"], wait["mean"]
    late = "red" if target is not None and mean is not None and mean > target else "ink"
    n = call_count_text(wait["n"])
    times = [
        told.figure_cell(decimal_text(wait[key]), exact_minutes(wait[key]), n, path=(*path, "wait", key), token=token)
        for key, token in (("mean", late), ("median", "ink"), ("p90", "ink"), ("max", "ink"))
    ]
    within = told.figure_cell(
        percent_or_unknown(wait["within_target"]),
        share_called_in_time_text(told, row, path),
        path=(*path, "wait", "within_target"),
    )
    mean_handling = told.figure_cell(
        decimal_text(handling["mean"]),
        exact_minutes(handling["mean"]),
        handled_count_text(handling["n"]),
        path=(*path, "handling", "mean"),
    )
    counts = [told.count(row[key], (*path, key)) for key in ("issued", "finished", "left")]
    cells = (*counts, *times, within, mean_handling)
    if not path:
        return FigureRow(_("All", context="report"), cells, is_sum=True)
    return FigureRow(service_name(told.setup, row["code"]), cells, service_letter_or_code(told.setup, row["code"]))


def share_called_in_time_text(told: PeriodFigures, row: Row, path: Path) -> str:
    """Return the share called in time with its counts, if the document has them."""
    level = None if path else told.measures.get("service_level")
    if level:
        return share_and_counts_text(level["rate"], level["n"], level["of"])
    return percent_or_unknown(row["wait"]["within_target"], 2)


def windows_table(told: PeriodFigures) -> FigureTableContent:
    rows = []
    for row in told.figures["windows"]:
        if not row["open_minutes"] and not row["finished"]:
            continue
        path, name = ("windows", row["code"]), told.window_name(row["code"])
        minutes = [
            told.figure_cell(
                whole_number_text(row[key]),
                exact_minutes(row[key]),
                path=(*path, key),
                title=f"{name} · {word}",
                leads=key == "serving_minutes",
            )
            for key, word in zip(
                ("open_minutes", "paused_minutes", "serving_minutes"), _window_minutes_heads(), strict=True
            )
        ]
        rows.append(FigureRow(name, (told.count(row["finished"], (*path, "finished")), *minutes)))
    return FigureTableContent(
        title=_("Windows"),
        name=_("times in minutes"),
        columns=[_("Finished", context="report"), *_window_minutes_heads()],
        rows=rows,
        empty=_("No window was open."),
    )


def _window_minutes_heads() -> list[str]:
    return [
        _("Open", context="window minutes"),
        _("Paused", context="window minutes"),
        _("Serving", context="window minutes"),
    ]


def clerks_table(told: PeriodFigures) -> FigureTableContent:
    """Return the people who sat at a window: for the manager only, never on a wall."""
    rows = []
    for row in told.figures["staff"]:
        name, path = told.staff_name(row["code"]), ("staff", row["code"])
        handling, ratings, idle = row["handling"], row["ratings"], row["idle_minutes"]
        unrated = unrated_count_text(ratings["unrated"])
        cells = (
            told.count(row["finished"], (*path, "finished")),
            told.figure_cell(
                decimal_text(handling["mean"]),
                exact_minutes(handling["mean"]),
                handled_count_text(handling["n"]),
                path=(*path, "handling", "mean"),
            ),
            told.figure_cell(
                whole_number_text(idle),
                exact_minutes(idle),
                path=(*path, "idle_minutes"),
                title=" · ".join([name, _("Free while somebody waited")]),
                leads=False,
            ),
            told.figure_cell(
                percent_or_unknown(ratings["rate"]),
                share_and_counts_text(ratings["rate"], ratings["satisfied"], ratings["n"]),
                interval_sentence(ratings),
                unrated,
                path=(*path, "ratings", "rate"),
            ),
            told.count(
                ratings["n"],
                (*path, "ratings", "n"),
                n_("{count} rated", "{count} rated", ratings["n"], count=whole_number_text(ratings["n"])),
                unrated,
            ),
        )
        rows.append(FigureRow(name, cells))
    return FigureTableContent(
        title=_("Staff"),
        name=_("for managers only"),
        columns=[
            _("Finished", context="report"),
            _("Handling", context="report"),
            _("Free while waited for, min", context="clerk"),
            _("Satisfied", context="report"),
            _("Ratings", context="report"),
        ],
        rows=rows,
        empty=_("Nobody was at a window."),
    )


# -- measures, targets, single events ----------------------------------------------------------------------------------

MOST_WAITS, MOST_PAUSES, MOST_OUTAGES = 5, 5, 5


def measures_table(told: PeriodFigures) -> FigureTableContent:
    """Return the shares, counts and minutes that the day's own tables lack."""
    return FigureTableContent(
        title=_("Measures"),
        columns=["", _("of how many", context="column")],
        rows=[FigureRow(name, cells) for name, cells in _measure_names_and_cells(told)],
    )


def _measure_names_and_cells(told: PeriodFigures) -> Iterator[tuple[str, tuple[FigureCell, ...]]]:
    own, figures = told.measures, told.figures
    for figure in SHARES:
        if figure.key in own and (own[figure.key]["of"] or not figure_titles.SHARE_WORDS[figure.key].is_quiet):
            row = own[figure.key]
            if row.get("not_over") and row["not_over"] == row["of"]:
                row = {"n": None, "of": 0}  # Nobody's days have passed in which they may come again.
            yield _share_name_and_cells(told, row, ("measures", figure.key, "rate"))
    promise = figures["promise"]
    yield _share_name_and_cells(told, {"n": promise["within"], "of": promise["n"]}, ("promise", "within"))
    for path in (("promise", "mean_minutes_beyond"), ("redirects", "minutes_lost")):
        yield _minutes_name_and_cells(told, figures[path[0]][path[1]], path)
    yield _minutes_name_and_cells(told, figures["way"]["mean"], ("way", "mean"), call_count_text(figures["way"]["n"]))
    yield _minutes_name_and_cells(
        told, figures["handling"]["p90"], ("handling", "p90"), handled_count_text(figures["handling"]["n"])
    )
    for key in ("missed", "no_show", "waiting_at_end", "void"):
        yield _count_name_and_cells(told, figures[key], (key,))
    if "papers" in own:
        yield _count_name_and_cells(told, own["papers"]["not_ready"], ("measures", "papers", "not_ready"))
        yield _count_name_and_cells(told, own["papers"]["repeat"], ("measures", "papers", "repeat"))
    for key in ("system_wait", "set_aside"):
        if key in own:
            legs = n_("{count} step", "{count} steps", own[key]["legs"], count=whole_number_text(own[key]["legs"]))
            yield _minutes_name_and_cells(told, own[key]["minutes"], ("measures", key, "minutes"), legs)
    if "idle_minutes" in own:
        title = _("Windows free while somebody waited")
        yield _minutes_name_and_cells(told, own["idle_minutes"], ("measures", "idle_minutes"), title=title, leads=False)
    saved = own.get("form_free", {}).get("minutes_saved")
    if saved is not None:
        title = _("Minutes saved without forms")
        yield _minutes_name_and_cells(told, saved, ("measures", "form_free", "minutes_saved"), title=title)
    diversion = own.get("diversion", {})
    if diversion.get("offered"):
        part = {"n": diversion["accepted"], "of": diversion["offered"]}
        yield _share_name_and_cells(told, part, ("measures", "diversion", "accepted"))
    called = own.get("help", {})
    if called.get("n"):
        for key in ("answer", "arrival"):
            count = n_("{count} call", "{count} calls", called[key]["n"], count=whole_number_text(called[key]["n"]))
            yield _minutes_name_and_cells(
                told, called[key]["median"], ("measures", "help", key, "median"), count, leads=False
            )
        title, cells = _count_name_and_cells(told, called["unanswered"], ("measures", "help", "unanswered"))
        yield title, cells


def _share_name_and_cells(told: PeriodFigures, row: Row, path: Path) -> tuple[str, tuple[FigureCell, ...]]:
    n, of = row["n"], row["of"]
    rate = n / of if of and n is not None else None
    cell = told.figure_cell(
        percent_or_unknown(rate), share_and_counts_text(rate, n, of), path=path, leads=n is not None
    )
    counted = UNKNOWN if rate is None else _("{n} of {of}", n=whole_number_text(n), of=whole_number_text(of))
    return told.title_of_figure(*path), (cell, FigureCell(counted, token="ink2"))


def _minutes_name_and_cells(
    told: PeriodFigures, value: float | None, path: Path, second: str = "", *, title: str = "", leads: bool = True
) -> tuple[str, tuple[FigureCell, ...]]:
    title = title or told.title_of_figure(*path)
    text = UNKNOWN if value is None else _("{minutes} min", minutes=decimal_text(value))
    cell = told.figure_cell(text, exact_minutes(value), second, path=path, title=title, leads=leads)
    return title, (cell, FigureCell(second, token="ink2"))


def _count_name_and_cells(told: PeriodFigures, n: int, path: Path) -> tuple[str, tuple[FigureCell, ...]]:
    return told.title_of_figure(*path), (told.count(n, path), FigureCell(""))


# -- classes and kinds of windows ----------------------------------------------------------------------------------


def class_and_window_kind_table(told: PeriodFigures) -> FigureTableContent:
    rows = [
        _class_or_kind_row(
            told, priority_class_name(told.setup, row["code"]), row, ("measures", "classes", row["code"]), "issued"
        )
        for row in told.measures.get("classes", ())
    ]
    for row in told.measures.get("counters", ()):
        name = _("For one service") if row["kind"] == "single" else _("For several services")
        rows.append(_class_or_kind_row(told, name, row, ("measures", "counters", row["kind"]), "finished"))
    return FigureTableContent(
        title=_("By class and kind of window"),
        columns=[_("n", context="column"), _("Mean wait"), _("Median", context="column"), _("90 % within")],
        rows=rows,
        empty=_("No ticket was issued in this time."),
    )


def _class_or_kind_row(told: PeriodFigures, name: str, row: Row, path: Path, counted: str) -> FigureRow:
    wait, n = row["wait"], call_count_text(row["wait"]["n"])
    times = [
        told.figure_cell(decimal_text(wait[key]), exact_minutes(wait[key]), n, path=(*path, "wait", key))
        for key in ("mean", "median", "p90")
    ]
    return FigureRow(name, (told.count(row[counted], (*path, counted)), *times))


# -- targets -------------------------------------------------------------------------------------------------------


def targets_table(told: PeriodFigures) -> FigureTableContent:
    """Return each target in force in this time, with its own dates and the verdict."""
    return FigureTableContent(
        title=_("Targets"),
        columns=["", _("Target", context="report"), ""],
        rows=[_target_row(told, row) for row in told.figures.get("targets", ())],
        empty=_(
            "This hall had no target of its own in this time, so what is called in time is compared with the usual {share} %. Targets are set in Set-up.",
            share=f"{WITHIN_TARGET_AT_LEAST * 100:g}",
        ),
    )


def _target_row(told: PeriodFigures, row: Row) -> FigureRow:
    measure, (word, token) = row["measure"], _verdict_word_and_colour(row["verdict"])
    name, goal = (
        figure_titles.measure_word(measure),
        figure_titles.goal_text(measure, figure_titles.target_figure_text(measure, row["value"])),
    )
    first, last = date.fromisoformat(row["first"]), date.fromisoformat(row["last"])
    if "minutes" in row:
        found = UNKNOWN if row["minutes"] is None else _("{minutes} min", minutes=decimal_text(row["minutes"]))
        said = [exact_minutes(row["minutes"]), call_count_text(row["n"])] if row["n"] else []
    else:
        found, said = percent_or_unknown(row["rate"]), [share_and_counts_text(row["rate"], row["n"], row["of"])]
    said += filter(None, [interval_sentence(row)])
    span = figure_range(date_short(first), date_short(last)) if first != last else date_short(first)
    path = comparing.joined_figure_path(*_TARGETS[measure]) if measure in _TARGETS else ""
    point = HoverTextAndTarget(
        (name, goal, *said, span, *([word] if word else [])), FigureSource(path, first, last, name) if path else None
    )
    # Over other dates than the page's, the same rate is another figure than the one above.
    is_whole = (first, last) == (told.found.first, told.found.last)
    cells = (FigureCell(found, point), FigureCell(goal, None, "ink2"), FigureCell(word, None, token, bold=True))
    return FigureRow(name if is_whole else f"{name} · {span}", cells)


_TARGETS: dict[str, Path] = {
    "satisfaction": ("ratings", "rate"),
    "within_target": ("wait", "within_target"),
    "served": ("measures", "served", "rate"),
    "first_visit": ("measures", "first_visit", "rate"),
    "mean_wait": ("wait", "mean"),
    "median_wait": ("wait", "median"),
    "p90_wait": ("wait", "p90"),
}

_TOKENS = {TargetVerdict.MET: "primary", TargetVerdict.NOT_MET: "red", TargetVerdict.CANNOT_TELL: "ink2"}


def _verdict_word_and_colour(verdict: str | None) -> tuple[str, str]:
    """Return whether a target was met, and the colour that says so; "" without a figure."""
    said = TargetVerdict(verdict) if verdict else None
    return (figure_titles.target_verdict_word(said), _TOKENS[said]) if said else ("", "ink2")


# -- single events -------------------------------------------------------------------------------------------------


def longest_waits_table(told: PeriodFigures) -> FigureTableContent:
    rows = []
    for row in told.measures.get("longest_waits", ())[:MOST_WAITS]:
        day = date.fromisoformat(row["date"])
        causes = [wait_cause_clause(cause) for cause in row["causes"]]
        name = " · ".join([row["ticket"], *([date_short(day)] if told.found.first != told.found.last else [])])
        said = [exact_minutes(row["minutes"]), _("in line from {time}", time=row["arrived"]), *causes]
        path = comparing.joined_figure_path("measures", "longest_waits", f"{row['date']}/{row['ticket']}", "minutes")
        point = HoverTextAndTarget((name, *said), FigureSource(path, day, day, name))
        cause = FigureCell(causes[0] if causes else "", token="ink2")
        rows.append(FigureRow(name, (cause, FigureCell(decimal_text(row["minutes"]), point))))
    return FigureTableContent(
        title=_("Longest waits"),
        columns=["", _("min", context="unit")],
        rows=rows,
        empty=_("Nobody was called in this time."),
    )


def long_pauses_table(told: PeriodFigures) -> FigureTableContent:
    rows = []
    for row in told.measures.get("pauses", ())[:MOST_PAUSES]:
        day = date.fromisoformat(row["date"])
        end = row["to"] or _("now", context="chart")
        dated = [date_short(day)] if told.found.first != told.found.last else []
        name = " · ".join([told.window_name(row["window"]), *dated, figure_range(row["from"], end)])
        said = [
            exact_minutes(row["minutes"]),
            told.staff_name(row["staff"]),
            date_short(day),
            reason_words(row["reason"] or ""),
        ]
        point = HoverTextAndTarget((name, *(line for line in said if line)))
        reason = FigureCell(reason_words(row["reason"] or ""), token="ink2")
        rows.append(FigureRow(name, (reason, FigureCell(decimal_text(row["minutes"]), point))))
    return FigureTableContent(
        title=_("Long pauses"),
        columns=["", _("min", context="unit")],
        rows=rows,
        empty=_("No pause of 20 minutes or more."),
    )


def equipment_table(told: PeriodFigures) -> FigureTableContent:
    """Return each device's working share of the opening time, and its outages."""
    rows = []
    for row in told.measures.get("devices", ()):
        name, outages = device_name(row["device"], row["station"]), row["outages"]
        down = sum(one["minutes"] for one in outages)
        times = ""
        if outages:
            times = n_(
                "down {n} time, {minutes} min",
                "down {n} times, {minutes} min",
                len(outages),
                minutes=decimal_text(down),
            )
        worked = _(
            "{up} of {open} min", up=whole_number_text(row["up_minutes"]), open=whole_number_text(row["open_minutes"])
        )
        longest = sorted(outages, key=lambda one: -one["minutes"])[:MOST_OUTAGES]
        said = [percent_or_unknown(row["rate"], 2), worked, *(_outage_text(told, one) for one in longest)]
        cells = (
            FigureCell(times, token="ink2"),
            FigureCell(percent_or_unknown(row["rate"]), HoverTextAndTarget((name, *said))),
        )
        rows.append(FigureRow(name, cells))
    return FigureTableContent(
        title=_("Equipment"), columns=["", _("worked", context="share of opening time")], rows=rows
    )


def _outage_text(told: PeriodFigures, row: Row) -> str:
    dated = [date_short(date.fromisoformat(row["date"]))] if told.found.first != told.found.last else []
    span = figure_range(row["from"], row["to"] or _("now", context="chart"))
    return " · ".join([*dated, span, device_down_cause_words(row["cause"])])


# -- quality -------------------------------------------------------------------------------------------------------

QUALITY = "quality"
_LISTED = ("cases.", "inspections.", "rectifications.", "comments.", "warnings.", "thanks.", "forums.")
"""Figures whose records Quality lists for any dates."""


def quality_table(told: PeriodFigures) -> FigureTableContent:
    """Return what was noted of quality in this time; each figure leads to the records that it counts."""
    unused = figures_of_unused_features(told.setup.hall)
    found = {key: value for key, value in (told.figures.get(QUALITY) or {}).items() if key not in unused}
    title = quality_pages_title(told.setup.hall)
    if not found or has_no_records(found):
        return FigureTableContent(
            title=title, columns=["", ""], empty=no_quality_records_sentence(unused, current_language())
        )
    rows = [
        FigureRow(name, (_quality_figure_cell(told, name, shown, note, path), FigureCell(note, token="ink2")))
        for name, shown, note, path in _quality_rows(found)
    ]
    return FigureTableContent(title=title, columns=["", _("of how many", context="column")], rows=rows)


def _quality_figure_cell(told: PeriodFigures, name: str, shown: str, note: str, path: str) -> FigureCell:
    leads = path.startswith(_LISTED) and shown not in ("0", UNKNOWN)
    behind = FigureSource(f"{QUALITY}.{path}", told.found.first, told.found.last, name) if leads else None
    return FigureCell(shown, HoverTextAndTarget((name, shown, *([note] if note else [])), behind), bold=True)


def _quality_rows(found: Row) -> Iterator[tuple[str, str, str, str]]:
    """Yield name, figure, note and path of what this hall counts; every hall has cases and comments."""
    cases = found["cases"]
    took, verdicts, contacts = cases["days_to_close"], cases["verdicts"], cases["contacts"]
    asked = verdicts["satisfied"] + verdicts["dissatisfied"]
    yield _("Cases opened"), whole_number_text(cases["opened"]), "", "cases.opened"
    yield _("Cases closed"), whole_number_text(cases["closed"]), "", "cases.closed"
    yield _("Cases open at the end"), whole_number_text(cases["open"]), "", "cases.open"
    yield (
        _("Cases overdue"),
        whole_number_text(cases["overdue"]),
        _n_of_total_text(cases["overdue"], cases["open"]),
        "cases.overdue",
    )
    yield _("Cases opened again"), whole_number_text(cases["reopened"]), "", "cases.reopened"
    median = UNKNOWN if took["median"] is None else f"{took['median']:g}"
    yield _("Working days to close, median"), median, "", "cases.days_to_close.median"
    yield _("Call-backs made"), whole_number_text(cases["call_backs"]["n"]), "", "cases.call_backs.n"
    rate = _n_of_total_text(verdicts["satisfied"], asked)
    yield _("Satisfied when called back"), percent_or_unknown(verdicts["rate"]), rate, "cases.verdicts.rate"
    yield _("Not reached"), whole_number_text(verdicts["not_reached"]), "", "cases.verdicts.not_reached"
    given = _n_of_total_text(contacts["valid"], contacts["asked"])
    yield _("Contacts given"), percent_or_unknown(contacts["rate"]), given, "cases.contacts.rate"
    if "inspections" in found:
        looks = found["inspections"]
        yield (
            _("Inspections done"),
            whole_number_text(looks["done"]),
            _n_of_total_text(looks["done"], looks["planned"]),
            "inspections.done",
        )
        score = UNKNOWN if looks["score"]["mean"] is None else decimal_text(looks["score"]["mean"])
        yield _("Mean score"), score, _("of 100"), "inspections.score.mean"
        yield _("Still to be put right"), whole_number_text(found["rectifications"]["open"]), "", "rectifications.open"
    unread = _("{n} not read", n=whole_number_text(found["comments"]["unread"])) if found["comments"]["unread"] else ""
    yield _("Comments of customers"), whole_number_text(found["comments"]["n"]), unread, "comments.n"
    if "warnings" in found:
        warned = found["warnings"]
        acknowledged = _n_of_total_text(warned["acknowledged"], warned["told"])
        yield (
            _("Warnings acknowledged"),
            whole_number_text(warned["acknowledged"]),
            acknowledged,
            "warnings.acknowledged",
        )
        yield _("Thanks of customers"), whole_number_text(found["thanks"]["n"]), "", "thanks.n"
    if "forums" in found:
        yield _("Forums", context="report"), whole_number_text(found["forums"]["n"]), "", "forums.n"


def _n_of_total_text(n: int, of: int) -> str:
    return _("{n} of {of}", n=whole_number_text(n), of=whole_number_text(of)) if of else ""
