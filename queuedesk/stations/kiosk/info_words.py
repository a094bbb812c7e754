"""Papers, steps, fees and hours in words, and the rows that lead to them."""

from __future__ import annotations

from datetime import date

from queuedesk.core.setup.time_of_day import clock_text
from queuedesk.core.setup.values import Hours, Service, Setup
from queuedesk.i18n import _, date_long, figure_range, listing, n_, named, weekday_short
from queuedesk.i18n.names import item_name, letter_of, service_name
from queuedesk.stations.kiosk.finding import Row
from queuedesk.stations.kiosk.info_stage import Part, Point
from queuedesk.stations.kiosk.keys import RowText

_A_MONDAY = date(2024, 1, 1)
EVERY_DAY = frozenset(range(1, 8))


def row_text(setup: Setup, row: Row, *, listed: str = "") -> RowText:
    """Return the row of a service or item; `listed` is the service whose items are listed."""
    service, item = row
    if item is not None:
        name = item_name(setup, service, item)
        if listed:
            return RowText(name=name)
        return RowText(
            name=name, letter=letter_of(setup, service), spoken=listing((name, service_name(setup, service)))
        )
    name = service_name(setup, service)
    if listed:
        return RowText(name=_("{service}: in general", service=name))
    count = len(setup.services[service].items)
    second = n_("{n} item", "{n} items", count, context="kiosk") if count else ""
    return RowText(name=name, letter=letter_of(setup, service), second=second)


def parts(setup: Setup, service: str, item: str | None) -> tuple[Part, ...]:
    """Return what there is to read, in the order in which people ask: papers, steps, fees, hours."""
    spec = setup.services[service]
    found = [_papers(spec, item), _steps(spec), _fees(spec), _hours(setup, spec)]
    message = named(spec.message, spec.message_en)
    if message:
        found.insert(0, Part(title=_("No ticket needed"), points=(Point(words=message),)))
    return tuple(part for part in found if part is not None)


def _papers(spec: Service, item: str | None) -> Part:
    own = next((one.papers for one in spec.items if one.code == item), ())
    papers = own or spec.papers
    points = tuple(
        Point(words=named(paper.name, paper.name_en), note=named(paper.note, paper.note_en), number=number)
        for number, paper in enumerate(papers, start=1)
    )
    beside = []
    if spec.papers_version:
        beside.append(_("version {version}", version=spec.papers_version))
    if spec.papers_date:
        beside.append(date_long(date.fromisoformat(spec.papers_date)))
    none = (Point(words=_("Nothing special; please ask at the front desk when in doubt.")),)
    return Part(title=_("Please bring"), beside=" · ".join(beside), points=points or none)


def _steps(spec: Service) -> Part | None:
    lines = [line.strip() for line in named(spec.steps, spec.steps_en).splitlines() if line.strip()]
    points = tuple(Point(words=line, number=number) for number, line in enumerate(lines, start=1))
    return Part(title=_("Steps"), points=points) if points else None


def _fees(spec: Service) -> Part | None:
    lines = [line.strip() for line in named(spec.fees, spec.fees_en).splitlines() if line.strip()]
    return Part(title=_("Fees"), points=tuple(Point(words=line) for line in lines)) if lines else None


def _hours(setup: Setup, spec: Service) -> Part:
    every_day = Hours(days=EVERY_DAY, start=setup.hall.opens, end=setup.hall.closes)
    spans: dict[tuple[int, ...], list[str]] = {}
    for hours in sorted(spec.hours or (every_day,), key=lambda one: (min(one.days), one.start)):
        span = figure_range(clock_text(hours.start), clock_text(hours.end))
        spans.setdefault(tuple(sorted(hours.days)), []).append(span)
    points = [Point(words=f"{_days(days)}  {listing(times)}") for days, times in spans.items()]
    if spec.last_ticket is not None:
        points.append(Point(words=_("Last ticket {time}", time=clock_text(spec.last_ticket))))
    return Part(title=_("Hours"), points=tuple(points))


def _days(days: tuple[int, ...]) -> str:
    if len(days) == len(EVERY_DAY):
        return _("Every day")
    names = [weekday_short(_A_MONDAY.replace(day=day)) for day in days]
    if len(days) > 1 and days[-1] - days[0] == len(days) - 1:
        return figure_range(names[0], names[-1])
    return listing(names)
