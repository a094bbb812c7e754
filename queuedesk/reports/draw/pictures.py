"""Charts that screen and paper share, with their words: windows for a day. Without Qt and PDFs, so that stations import
it too."""

from __future__ import annotations

from collections.abc import Sequence

from queuedesk.core.charts.chart import (
    BarSeries,
    Chart,
    HoverTextAndTarget,
    LegendKey,
    LevelStrokeSeries,
    SeriesPanel,
    StepLineSeries,
    SymbolSeries,
)
from queuedesk.core.setup.time_of_day import clock_text
from queuedesk.core.staffing.day import StaffingDay
from queuedesk.i18n import tr

HALF_HOUR_MIN = 30


def staffing_charts_by_half_hour(
    found: StaffingDay,
    lang: str,
    points: tuple[Sequence[HoverTextAndTarget], Sequence[HoverTextAndTarget]] = ((), ()),
    now_min: int | None = None,
) -> Chart:
    """Return windows needed as bars under the roster's steps, over people expected as ranges with actual arrivals as
    dots; unknown values are left out. `points` are the texts for the half-hours of both."""
    half_hours, is_known = found.half_hours, found.forecast.has_enough_past_days
    panels = []
    if is_known or found.has_roster:
        panels.append(_windows_needed_panel(found, lang, points[0]))
    if is_known or found.came:
        panels.append(_people_expected_panel(found, lang, points[1]))
    labels = [clock_text(hour.start_min) for hour in half_hours]
    told = [f"{word} {hour.needed}" for word, hour in zip(labels, half_hours, strict=True) if hour.needed]
    now = None if now_min is None or not half_hours else (now_min - half_hours[0].start_min) / HALF_HOUR_MIN
    return Chart(
        panels=panels,
        slots=len(half_hours),
        labels=[(n, word) for n, word in enumerate(labels) if half_hours[n].start_min % 60 == 0],
        now=now if now is not None and 0 <= now <= len(half_hours) else None,
        summary=": ".join([tr(lang, "Windows needed"), ", ".join(told)]),
    )


def _windows_needed_panel(found: StaffingDay, lang: str, points: Sequence[HoverTextAndTarget]) -> SeriesPanel:
    half_hours = found.half_hours
    keys = []
    if found.forecast.has_enough_past_days:
        keys = [LegendKey("box", tr(lang, "needed")), LegendKey("box", tr(lang, "on one day in ten"), "soft")]
    if any((hour.missing_window_count or 0) > 0 for hour in half_hours):
        keys.insert(1, LegendKey("box", tr(lang, "more than the roster has"), "red"))
    if found.has_roster:
        keys.append(LegendKey("stroke", tr(lang, "in the roster"), "ink"))
    needed = [hour.needed for hour in half_hours]
    covered = [
        hour.needed if hour.missing_window_count is None or hour.missing_window_count < 0 else hour.planned
        for hour in half_hours
    ]
    busy = [hour.needed_busy if (hour.needed_busy or 0) > (hour.needed or 0) else None for hour in half_hours]
    return SeriesPanel(
        title=tr(lang, "Windows needed"),
        keys=keys,
        is_headed=True,
        share=0.54,
        points=points,
        series=[
            BarSeries(values=busy, colour="soft", edge="chart", share=0.74, widest=60),
            BarSeries(values=needed, base=covered, colour="red", share=0.74, widest=60),
            BarSeries(values=covered, share=0.74, widest=60),
            StepLineSeries(values=[hour.planned for hour in half_hours]),
        ],
    )


def _people_expected_panel(found: StaffingDay, lang: str, points: Sequence[HoverTextAndTarget]) -> SeriesPanel:
    keys = []
    if found.forecast.has_enough_past_days:
        keys = [LegendKey("box", tr(lang, "expected")), LegendKey("box", tr(lang, "four times in five"), "soft")]
    if any(hour.came is not None for hour in found.half_hours):
        keys.append(LegendKey("dot", tr(lang, "came", context="people"), "ink"))
    people = [hour.people if hour.people and hour.people.high else None for hour in found.half_hours]
    means = [person.mean if person else None for person in people]
    return SeriesPanel(
        title=tr(lang, "People"),
        keys=keys,
        is_headed=True,
        share=0.46,
        points=points,
        series=[
            BarSeries(
                values=[person.high if person else None for person in people],
                base=[person.low if person else None for person in people],
                colour="soft",
                edge="chart",
                share=0.74,
                widest=60,
            ),
            LevelStrokeSeries(values=means, colour="chart", share=0.74, widest=60, thick=3),
            SymbolSeries(values=[hour.came for hour in found.half_hours], radius=4.2),
        ],
    )
