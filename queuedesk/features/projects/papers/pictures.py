"""The pictures of an improvement project, the same on screen and on paper: fishbone, groups compared, effect, days."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, cast

from queuedesk.core.charts.chart import Chart, Curve, Level, Panel, Point
from queuedesk.core.charts.layout import BarRow, DifferenceRow, Figure
from queuedesk.core.figures.comparing import MINUTES, SHARE
from queuedesk.core.figures.satisfaction import wilson_interval
from queuedesk.core.improvement.following import is_minutes
from queuedesk.core.setup.rows import Setup
from queuedesk.features.projects.rules.fishbone import Bone, Fish, Twig
from queuedesk.features.projects.words import (
    CERTAINTIES,
    JUDGEMENT_SIGNS,
    bone_word,
    change_words,
    evidence_text,
    judgement_word,
    level_text,
    rows_text,
)
from queuedesk.i18n import date_short, day_staff, tr
from queuedesk.i18n.figures.drilldown_words import figure_name, figure_value
from queuedesk.i18n.improvement import goal_words, verdict_word
from queuedesk.i18n.numerals import UNKNOWN, percent

Document = Mapping[str, Any]
ENDS = ("low", "difference", "high")
Leads = tuple[str, date, date, str, tuple[date, ...]]
"""Where a figure leads: the path whose tickets open, the first and the last date, the figure's name, and the dates
between that are left out."""


def leads_to(path: str, first: str, last: str, title: str, without: Sequence[str] = ()) -> Leads:
    out = tuple(date.fromisoformat(day) for day in without)
    return path, date.fromisoformat(first), date.fromisoformat(last), title, out


def mended(setup: Setup, project: Document) -> Document | None:
    """Return what the present state says of the figure to be mended: the target's, else the first figure cited."""
    cited = [one for one in project["state"] if one["what"] == "figure"]
    wanted = project["target"]["figure"] if project["target"] else None
    return next((one for one in cited if one["name"] == wanted), next(iter(cited), None))


def bones_of(project: Document, lang: str) -> dict[str, list[Document]]:
    """Return the causes by the names of their bones, in the order in which these were first named."""
    found: dict[str, list[Document]] = {}
    for cause in project["causes"]:
        found.setdefault(bone_word(cause["bone"], cause["bone_name"], lang), []).append(cause)
    return found


def fish(setup: Setup, project: Document, lang: str, *, is_plain: bool = False, chosen: int | None = None) -> Fish:
    """Return the fishbone of a project's causes."""
    bones = [
        Bone(name, [_twig(cause, name, lang, is_plain=is_plain) for cause in causes])
        for name, causes in bones_of(project, lang).items()
    ]
    head = mended(setup, project)
    value, unit, parts, point = UNKNOWN, "", [], None
    title = figure_name(project["target"]["figure"], setup, lang) if project["target"] else project["title"]
    if head is not None:
        title = figure_name(head["name"], setup, lang)
        value, _blank, unit = figure_value(head["name"], head.get("now", head["value"]), lang).partition(" ")
        if head.get("now_of"):
            parts = [rows_text(head["now_n"], head["now_of"], lang)]
        point = Point((title, f"{value} {unit}", *parts), leads_to(head["name"], head["from"], head["to"], title))
    signs: list[tuple[str, str, str]] = []
    legend: list[str] = []
    if is_plain:
        signs = [
            (*judgement_sign(code, is_plain=True), judgement_word(code, lang))
            for code in ("confirmed", "rejected", "cannot_tell", "open")
        ]
    else:
        legend = [
            tr(lang, "Drawn from the list."),
            tr(lang, "Full bar: with the cause. Hollow: without. In %."),
        ]
    return Fish(
        bones=bones,
        title=title,
        value=value or UNKNOWN,
        unit=unit,
        parts=parts,
        legend=legend,
        signs=signs,
        is_plain=is_plain,
        chosen=chosen,
        point=None if is_plain else point,
    )


def judgement_sign(judgement: str, *, is_plain: bool) -> tuple[str, str]:
    """Return a judgement's sign; on paper one that is open is told from one that can't be without its colour."""
    kind, colour = JUDGEMENT_SIGNS[judgement]
    return ("dot", colour) if is_plain and judgement == "open" else (kind, colour)


def _twig(cause: Document, bone: str, lang: str, *, is_plain: bool) -> Twig:
    kind, colour = judgement_sign(cause["judgement"], is_plain=is_plain)
    word = judgement_word(cause["judgement"], lang)
    row = shown_evidence(cause)
    text = evidence_text(row, lang) if row else tr(lang, "no rows yet")
    shares = None
    if row is not None and row["kind"] == "compare" and row["with"]["rate"] is not None:
        shares = (100 * row["with"]["rate"], 100 * (row["without"]["rate"] or 0.0))
    return Twig(
        number=cause["n"],
        name=cause["name"],
        kind=kind,
        colour=colour,
        word=word,
        evidence=text,
        shares=shares,
        bold=cause["judgement"] == "confirmed",
        point=Point((cause["name"], bone, word, text), cause["n"]),
    )


def shown_evidence(cause: Document) -> Document | None:
    """Return the piece of evidence by which a cause is shown: two groups where there are some, else the last one."""
    rows = [one for one in cause["evidence"] if one["kind"]]
    return next((one for one in reversed(rows) if one["kind"] == "compare"), rows[-1] if rows else None)


def group_bars(setup: Setup, row: Document, lang: str) -> list[BarRow]:
    """Return two groups as bars with their intervals; the one that certainly lies higher stands out."""
    found = []
    for key, word in (
        ("with", tr(lang, "With the cause", context="group")),
        ("without", tr(lang, "Without it", context="group")),
    ):
        group = row[key]
        if not group["of"]:
            found.append(BarRow(word=word, value=0.0, number=UNKNOWN, second=rows_text(0, 0, lang)))
            continue
        ends = wilson_interval(group["n"], group["of"])
        stands_out = key == "with" and row["verdict"] == "higher"
        name = figure_name(group["figure"], setup, lang) if group["figure"] else word
        leads = leads_to(group["figure"], row["from"], row["to"], name) if group["figure"] and row["from"] else None
        number, second = f"{percent(group['rate'])} %", rows_text(group["n"], group["of"], lang)
        found.append(
            BarRow(
                word=word,
                value=100 * group["rate"],
                number=number,
                second=second,
                ends=(100 * ends.low, 100 * ends.high),
                colour="amber" if stands_out else "chart",
                point=Point((word, name, number, second), leads),
            )
        )
    return found


# -- the effect --------------------------------------------------------------------------------------------------------


def units_of(effect: Document) -> list[str]:
    """Return the units of the figures, shares before minutes: each has its own scale, and so its own table."""
    known = {one["unit"] for one in effect["figures"]}
    return [unit for unit in (SHARE, MINUTES) if unit in known]


def difference_rows(setup: Setup, effect: Document, lang: str, unit: str = SHARE) -> list[DifferenceRow]:
    """Return the figures of a unit before and after, each with the rows that it is of."""
    found = []
    for one in (each for each in effect["figures"] if each["unit"] == unit):
        times = 1 if unit == MINUTES else 100
        name = figure_name(one["figure"], setup, lang)
        sides = [_side(one, effect, key, name, lang) for key in ("before", "after")]
        known = one["low"] is not None
        found.append(
            DifferenceRow(
                name=name,
                second="",
                before=sides[0],
                after=sides[1],
                certainty=CERTAINTIES[one["verdict"]],
                word=verdict_word(one["verdict"], lang),
                value=times * one["difference"] if known else None,
                low=times * one["low"] if known else None,
                high=times * one["high"] if known else None,
                said=tuple(change_words(unit, one[end]) for end in ENDS) if known else ("", "", ""),  # type: ignore[arg-type]
            )
        )
    return found


def _side(one: Document, effect: Document, key: str, name: str, lang: str) -> Figure:
    side, span = one[key], effect[key]
    value, unit, rows = level_text(one["figure"], side, lang)
    dates = span["dates"]
    counted = next(each["days"] for each in effect["daily"] if each["figure"] == one["figure"])
    if not dates:
        return Figure(value, unit, rows)
    without = [day["date"] for day in counted if dates[0] <= day["date"] <= dates[-1] and day["date"] not in dates]
    leads = leads_to(one["figure"], dates[0], dates[-1], name, without)
    return Figure(value, unit, rows, Point((name, f"{value} {unit}", rows), leads))


def day_chart(setup: Setup, project: Document, effect: Document, figure: str, lang: str) -> Chart:
    """Return a figure day by day, with the means over their own spans, the day of the measures and the alarm line."""
    rows = next(one["days"] for one in effect["daily"] if one["figure"] == figure)
    if not rows:
        return Chart(empty=tr(lang, "No day is over yet"))
    days = [date.fromisoformat(row["date"]) for row in rows]
    name = figure_name(figure, setup, lang)
    told = next(one for one in effect["figures"] if one["figure"] == figure)
    is_timed = told["unit"] == MINUTES
    levels: list[Level] = []
    for key in ("before", "after"):
        within = [n for n, day in enumerate(days) if effect[key]["from"] <= day.isoformat() <= effect[key]["to"]]
        if within and (value := _drawn(told[key])) is not None:
            levels.append(
                Level(
                    value=value,
                    name=f"{value:.1f}",
                    colour="primary",
                    is_dotted=False,
                    first=within[0],
                    last=within[-1],
                )
            )
    start = next((n for n, day in enumerate(days) if day.isoformat() >= effect["measures"]), None)
    alarm = next((one["alarm"] for one in project["follows"] if one["figure"] == figure), None)
    if alarm is not None and start is not None:
        words = tr(lang, "alarm at {value}", value=goal_words(figure, alarm, lang))
        levels.append(Level(value=alarm if is_timed else 100 * alarm, name=words, first=start))
    panel = Panel(
        series=[Curve(values=[_drawn(row) for row in rows])],
        levels=levels,
        is_percent=not is_timed,
        points=[_day_point(figure, row, name, lang) for row in rows],
    )
    every = max(1, len(days) // 6)
    return Chart(
        panels=[panel],
        slots=len(days),
        labels=[(n + 0.5, date_short(days[n], lang)) for n in range(0, len(days), every)],
        now=float(start) if start is not None else None,
        now_text=tr(lang, "measures from {day}", day=date_short(date.fromisoformat(effect["measures"]), lang)),
        summary=name,
    )


def _drawn(part: Document) -> float | None:
    """Return where a side or a day lies in the chart, in minutes or per cent."""
    if "minutes" in part:
        return cast("float | None", part["minutes"])
    return 100 * part["n"] / part["of"] if part["of"] else None


def chart_title(setup: Setup, figure: str, lang: str) -> str:
    name = figure_name(figure, setup, lang)
    if is_minutes(figure):
        return tr(lang, "{figure} by day, minutes", figure=name)
    return tr(lang, "{figure} by day, %", figure=name)


def _day_point(figure: str, row: Document, name: str, lang: str) -> Point:
    day = date.fromisoformat(row["date"])
    whole = row if "minutes" in row else {**row, "rate": row["n"] / row["of"] if row["of"] else None}
    value, unit, rows = level_text(figure, whole, lang)
    said = (day_staff(day, lang), f"{name} {value} {unit}", rows)
    return Point(said, leads_to(figure, row["date"], row["date"], name))


def of_figure(effect: Document, project: Document) -> str | None:
    """Return the figure whose days are shown: the target's where it is followed, else the first."""
    followed: Sequence[str] = [one["figure"] for one in effect["figures"]]
    wanted = project["target"]["figure"] if project["target"] else None
    return wanted if wanted in followed else next(iter(followed), None)
