"""Lists what can be searched for in a hall's set-up."""

from __future__ import annotations

from queuedesk.core.setup.values import Paper, Setup
from queuedesk.stations.models.search import SearchEntry


def entries(setup: Setup) -> list[SearchEntry]:
    """Return all that can be searched for, services before items."""
    services = [
        SearchEntry(
            service=service.code,
            name=service.name,
            name_en=service.name_en,
            papers=_paper_names(service.papers),
        )
        for service in setup.services.values()
    ]
    items = [
        SearchEntry(
            service=service.code,
            item=item.code,
            name=item.name,
            name_en=item.name_en,
            words=item.words,
            papers=_paper_names(item.papers),
        )
        for service in setup.services.values()
        for item in service.items
    ]
    return services + items


def _paper_names(papers: tuple[Paper, ...]) -> tuple[str, ...]:
    return tuple(name for paper in papers for name in (paper.name, paper.name_en) if name)
