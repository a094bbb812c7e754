"""A what-if in sentences: the change and its result, for command, page and paper."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from queuedesk.core.charts import chart as charts
from queuedesk.i18n import moments
from queuedesk.i18n.catalogue import current_language, mark, ntr, tr
from queuedesk.i18n.names import percent_text

QUESTION_NAMES = {
    "one_more": mark("One more window", context="what if"),
    "comprehensive": mark("All windows for everything, against one service each", context="what if"),
    "lunch": mark("Lunch staggered", context="what if"),
    "order": mark("Another order of calls", context="what if"),
}
VERDICTS = {
    "close": mark("Simulated with no change, the day matches its record closely."),
    "rough": mark("Simulated with no change, the day matches its record only roughly: take the differences as a hint."),
    "off": mark("Simulated with no change, the day does not match its record: don't rely on the results below."),
}
ORDERS = {
    "credit": mark("by arrival with credit", context="order"),
    "credit_double": mark("by arrival with double credit", context="order"),
    "priority_first": mark("priority first", context="order"),
}
MINUS = "−"


def question_name(code: str, lang: str | None = None) -> str:
    """Return the name of a ready question."""
    return tr(lang or current_language(), QUESTION_NAMES[code], context="what if")


def match_verdict_text(match: Mapping[str, Any], lang: str | None = None) -> str:
    """Return whether the day, played again unchanged, is like its record."""
    return tr(lang or current_language(), VERDICTS[match["verdict"]])


def simulation_match_text(match: Mapping[str, Any], target_minutes: int, runs: int, lang: str | None = None) -> str:
    """Return how close the day, played again unchanged, comes to its record, in figures."""
    lang = lang or current_language()
    median, in_time = match["median"], match["within_target"]
    return ntr(
        lang,
        "Mean wait recorded {recorded} min ({n} call), simulated {runs} times {simulated} min ({low} to {high}): {share}. Median {median} and {median_played} min; called within {minutes} min {in_time} % and {in_time_played} %; half-hours are {off} min off on average.",
        "Mean wait recorded {recorded} min ({n} calls), simulated {runs} times {simulated} min ({low} to {high}): {share}. Median {median} and {median_played} min; called within {minutes} min {in_time} % and {in_time_played} %; half-hours are {off} min off on average.",
        match["n"],
        recorded=minutes_or_dash(match["recorded"]),
        runs=runs,
        simulated=minutes_or_dash(match["simulated"]),
        low=minutes_or_dash(match["low"]),
        high=minutes_or_dash(match["high"]),
        share=_deviation_from_record_text(match, lang),
        median=minutes_or_dash(median["recorded"]),
        median_played=minutes_or_dash(median["simulated"]),
        minutes=target_minutes,
        in_time=percent_text(in_time["recorded"]),
        in_time_played=percent_text(in_time["simulated"]),
        off=minutes_or_dash(match["half_hours_off"]),
    )


def _deviation_from_record_text(match: Mapping[str, Any], lang: str) -> str:
    """Return how much more or less was played than recorded, by the minutes as they are shown: "12 % less than
    recorded"."""
    if match["share"] is None or not (recorded := round(match["recorded"], 1)):
        return tr(lang, "nothing to compare with")
    share = round(match["simulated"], 1) / recorded - 1
    n = round(100 * abs(share))
    if not n:
        return tr(lang, "the same as recorded")
    return tr(lang, "{n} % more than recorded", n=n) if share > 0 else tr(lang, "{n} % less than recorded", n=n)


def inferred_facts_lines(inferred: Mapping[str, Any], lang: str | None = None, most: int | None = None) -> list[str]:
    """Return what the record lacks and its calls tell, a line each; nothing where it lacks nothing. Of more than `most`
    windows the others are counted."""
    lang = lang or current_language()
    lines = [
        tr(
            lang,
            "Window {window} was away {spans} by its calls.",
            window=row["window"],
            spans=moments.list_text([moments.figure_range(one["from"], one["to"]) for one in row["spans"]], lang),
        )
        for row in inferred["away"]
    ]
    lines += [
        tr(
            lang,
            "Window {window} did not serve {services} by its calls.",
            window=row["window"],
            services=moments.list_text(row["services"], lang),
        )
        for row in inferred["not_served"]
    ]
    if most is not None and len(lines) > most:
        rest = len(lines) - most + 1
        lines = [*lines[: most - 1], ntr(lang, "{n} more like this.", "{n} more like this.", rest)]
    if (short := inferred["short"])["n"]:
        lines.append(
            ntr(
                lang,
                "{n} absence of {minutes} min while people waited.",
                "{n} short absences while people waited, {minutes} min on average.",
                short["n"],
                minutes=minutes_or_dash(short["minutes"]),
            )
        )
    return lines


def interval_explanation(lang: str | None = None) -> str:
    """Return what the intervals cover, and what they don't."""
    return tr(
        lang or current_language(),
        "Intervals cover 95 of 100 simulations: the same customers come, and only what the record does not hold varies, alike for both ways. They say nothing about other customers on another day.",
    )


def change_lines(change: Mapping[str, Any], lang: str | None = None) -> list[str]:
    """Return the changes, a line each; `change` as the document has it."""
    lang = lang or current_language()
    lines = [_window_change_line(one, lang) for one in change["windows"]]
    lines += [tr(lang, "Without window {window}", window=code) for code in change["without"]]
    lines += [
        tr(lang, "Window {window} has lunch at {time} for {n} min", window=b["window"], time=b["from"], n=b["minutes"])
        for b in change["breaks"]
    ]
    lines += [_setting_line(key, value, lang) for key, value in change["settings"].items()]
    return lines or [tr(lang, "The day as it was")]


def difference_with_interval(row: Mapping[str, Any], lang: str | None = None) -> str:
    """Return a difference with its interval: "−3.2 (−3.8 to −2.7)"; "" if there is none."""
    if row["mean"] is None:
        return ""
    mean, low, high = (signed_figure(row[key]) for key in ("mean", "low", "high"))
    return tr(lang or current_language(), "{mean} ({low} to {high})", mean=mean, low=low, high=high, context="interval")


def minutes_or_dash(value: float | None) -> str:
    """Return minutes with one decimal, a dash if there are none."""
    return "–" if value is None else f"{value:.1f}".replace("-", MINUS)


def signed_figure(value: float, digits: int = 1) -> str:
    """Return a figure with its sign; zero has none."""
    text = f"{value:+.{digits}f}"
    return text[1:] if float(text) == 0 else text.replace("-", MINUS)


def _window_change_line(one: Mapping[str, Any], lang: str) -> str:
    services = moments.list_text(one["services"], lang) if one["services"] else tr(lang, "all services")
    if one["from"] is None:
        return tr(lang, "Window {window} serves {services}", window=one["window"], services=services)
    span = moments.figure_range(one["from"], one["to"])
    return tr(lang, "Window {window} serves {services}, {span}", window=one["window"], services=services, span=span)


def _setting_line(key: str, value: object, lang: str) -> str:
    if key == "order":
        return tr(lang, "Calls: {order}", order=tr(lang, ORDERS[str(value)], context="order"))
    return f"{key} = {value}"


def percentage_points_difference_text(row: Mapping[str, Any], lang: str | None = None) -> str:
    """Return a difference of shares in percentage points with its interval: "+5.6 (+4.1 to +7.5)"."""
    if row["mean"] is None:
        return ""
    return difference_with_interval({key: 100 * row[key] for key in ("mean", "low", "high")}, lang)


# -- before and after --------------------------------------------------------------------------------------------------


def wait_comparison_chart(
    figures: Mapping[str, Any], lang: str, points: Sequence[charts.HoverTextAndTarget] = (), title: str = ""
) -> charts.Chart:
    """Return the mean wait of each half-hour before and after as two bars, the recorded one as a dot; an upright line
    over the second shows its range."""
    rows = figures["half_hours"]
    ends = [_low_and_high_mean_after(row) for row in rows]
    panel = charts.SeriesPanel(
        series=[
            charts.BarSeries(
                values=[row["before"]["mean"] for row in rows],
                colour="surface",
                edge="ink2",
                share=0.36,
                widest=15,
                side=-1,
            ),
            charts.BarSeries(values=[row["after"]["mean"] for row in rows], share=0.36, widest=15, side=1),
            charts.VerticalLineSeries(
                values=[low for low, _high in ends], ends=[high for _low, high in ends], side=1, away=7.5
            ),
            charts.SymbolSeries(values=[row["recorded"]["mean"] for row in rows], radius=3, side=-1, away=7.5),
        ],
        points=points,
    )
    return charts.Chart(
        panels=[panel],
        slots=len(rows),
        title=title,
        keys=[
            charts.LegendKey("dot", tr(lang, "recorded", context="legend"), "ink"),
            charts.LegendKey("hollow", tr(lang, "before", context="legend"), "surface"),
            charts.LegendKey("box", tr(lang, "after", context="legend")),
        ],
        labels=[(n + 0.5, row["from"].lstrip("0")) for n, row in enumerate(rows)],
    )


def _low_and_high_mean_after(row: Mapping[str, Any]) -> tuple[float | None, float | None]:
    before, gap = row["before"]["mean"], row["difference"]
    if before is None or gap["low"] is None or row["after"]["mean"] is None:
        return None, None
    return max(0.0, before + gap["low"]), max(0.0, before + gap["high"])
