"""What is read on the display while nobody is called, in the language of the station."""

from __future__ import annotations

from datetime import datetime

from queuedesk.core.setup.values import Item, Notice, Service, Setup
from queuedesk.i18n import _, current, n_, named
from queuedesk.stations.display.rotation import notices_on
from queuedesk.stations.display.texts import PaperText, SlideText, is_in_hours

LEAST_PAPERS = 2  # one paper is no reason to make the calls smaller
LEAST_STEPS, MOST_STEPS = 2, 7
LONGEST_IN_STRIP = 60


def slide_texts(setup: Setup, services: frozenset[str], now: datetime) -> list[SlideText]:
    """Return what to bring for each favourite item, and the steps, of the services that give tickets now; then the long
    notices."""
    found = []
    for service in setup.services.values():
        if service.code in services and is_in_hours(setup, service, now):
            found += [
                _papers(service, item) for item in service.items if item.favourite and len(item.papers) >= LEAST_PAPERS
            ]
            found += _steps(service)
    found += [
        _notice(named(n.text, n.text_en)) for n in notices_on(setup.notices, setup.local(now).date()) if is_long(n)
    ]
    return found


def is_long(notice: Notice) -> bool:
    """Return whether a notice is read better on a slide of its own: it has several lines, or more than the strip shows
    well."""
    text = named(notice.text, notice.text_en).strip()
    return "\n" in text or len(text) > LONGEST_IN_STRIP * (1 if current() == "zh_CN" else 2)


def _steps(service: Service) -> list[SlideText]:
    lines = [line.strip() for line in named(service.steps, service.steps_en).splitlines() if line.strip()]
    if not LEAST_STEPS <= len(lines) <= MOST_STEPS:
        return []
    title = _("How it goes, step by step", context="display")
    steps = tuple(PaperText(line, "") for line in lines)
    return [SlideText(_heading(service), title, steps, _("Questions? Ask the guide.", context="display"))]


def _notice(text: str) -> SlideText:
    """Return a notice as a slide: of several lines the first is its title."""
    first, _line, rest = text.strip().partition("\n")
    if not rest.strip():
        return SlideText(_("Notice", context="display"), "", text=first)
    return SlideText(_("Notice", context="display"), first, text=rest.strip())


def _heading(service: Service) -> str:
    return f"{service.prefix} {named(service.name, service.name_en)}"


def _papers(service: Service, item: Item) -> SlideText:
    papers = [PaperText(named(p.name, p.name_en), named(p.note, p.note_en)) for p in item.papers]
    count = len(papers)
    words = _("one two three four five six seven eight nine ten", context="papers").split()
    number = words[count - 1] if count <= len(words) else str(count)
    title = n_(
        "{item}: please bring this",
        "{item}: please bring these {number}",
        count,
        item=named(item.name, item.name_en),
        number=number,
    )
    return SlideText(_heading(service), title, tuple(papers), _("Something missing? Ask the guide."))
