"""Charts that screen and paper show alike, with their words: windows for a day.

It knows neither Qt nor PDFs, so stations import it too.
"""

from __future__ import annotations

from collections.abc import Sequence

from queuedesk.core.charts.chart import Bars, Chart, Key, Panel, Point, Signs, Steps, Strokes
from queuedesk.core.setup.time_of_day import clock_text
from queuedesk.core.staffing.day import StaffingDay
from queuedesk.i18n import tr

HALF_HOUR_MIN = 30


def staffing_chart(
    found: StaffingDay,
    lang: str,
    points: tuple[Sequence[Point], Sequence[Point]] = ((), ()),
    now_min: int | None = None,
) -> Chart:
    """Return windows needed as bars under the roster's steps, over people expected as ranges with actual arrivals as
    dots; unknown values are left out. `points` are the texts for the half-hours of both."""
    half_hours, is_known = found.half_hours, found.forecast.is_known
    panels = []
    if is_known or found.has_roster:
        panels.append(_windows(found, lang, points[0]))
    if is_known or found.came:
        panels.append(_people(found, lang, points[1]))
    labels = [clock_text(one.start_min) for one in half_hours]
    told = [f"{word} {one.needed}" for word, one in zip(labels, half_hours, strict=True) if one.needed]
    now = None if now_min is None or not half_hours else (now_min - half_hours[0].start_min) / HALF_HOUR_MIN
    return Chart(
        panels=panels,
        slots=len(half_hours),
        labels=[(n, word) for n, word in enumerate(labels) if half_hours[n].start_min % 60 == 0],
        now=now if now is not None and 0 <= now <= len(half_hours) else None,
        summary=": ".join([tr(lang, "Windows needed"), ", ".join(told)]),
    )


def _windows(found: StaffingDay, lang: str, points: Sequence[Point]) -> Panel:
    half_hours = found.half_hours
    keys = []
    if found.forecast.is_known:
        keys = [Key("box", tr(lang, "needed")), Key("box", tr(lang, "on one day in ten"), "soft")]
    if any((one.gap or 0) > 0 for one in half_hours):
        keys.insert(1, Key("box", tr(lang, "more than the roster has"), "red"))
    if found.has_roster:
        keys.append(Key("stroke", tr(lang, "in the roster"), "ink"))
    needed = [one.needed for one in half_hours]
    covered = [one.needed if one.gap is None or one.gap < 0 else one.planned for one in half_hours]
    busy = [one.needed_busy if (one.needed_busy or 0) > (one.needed or 0) else None for one in half_hours]
    return Panel(
        title=tr(lang, "Windows needed"),
        keys=keys,
        is_headed=True,
        share=0.54,
        points=points,
        series=[
            Bars(values=busy, colour="soft", edge="chart", share=0.74, widest=60),
            Bars(values=needed, base=covered, colour="red", share=0.74, widest=60),
            Bars(values=covered, share=0.74, widest=60),
            Steps(values=[one.planned for one in half_hours]),
        ],
    )


def _people(found: StaffingDay, lang: str, points: Sequence[Point]) -> Panel:
    keys = []
    if found.forecast.is_known:
        keys = [Key("box", tr(lang, "expected")), Key("box", tr(lang, "four times in five"), "soft")]
    if any(one.came is not None for one in found.half_hours):
        keys.append(Key("dot", tr(lang, "came", context="people"), "ink"))
    people = [one.people if one.people and one.people.high else None for one in found.half_hours]
    means = [one.mean if one else None for one in people]
    return Panel(
        title=tr(lang, "People"),
        keys=keys,
        is_headed=True,
        share=0.46,
        points=points,
        series=[
            Bars(
                values=[one.high if one else None for one in people],
                base=[one.low if one else None for one in people],
                colour="soft",
                edge="chart",
                share=0.74,
                widest=60,
            ),
            Strokes(values=means, colour="chart", share=0.74, widest=60, thick=3),
            Signs(values=[one.came for one in found.half_hours], radius=4.2),
        ],
    )
