"""Reads what projects made standard."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from queuedesk.core.improvement.project import ResultingStandard as Standing
from queuedesk.desk.change import Document
from queuedesk.desk.improvement import all_project_standards
from queuedesk.stations.manager.parts.page_controller import PageController


class StandardsController(PageController[list[Document]]):
    """Reads what projects made standard, anew when a project has changed; nothing in a hall without projects."""

    def refresh(self, *, anew: bool = False) -> None:
        if self._depends() or self.found:
            super().refresh(anew=anew)

    def _depends(self) -> object:
        feed = self.context.feed
        return tuple(feed.state.projects.values()) if feed.setup.uses("projects") else ()

    def _reader(self) -> Callable[[], list[Document]]:
        return partial(all_project_standards, self.context.desk) if self._depends() else list

    def at(self, standing: Standing, texts: Sequence[str], ref: str = "") -> list[Document]:
        """Return what was made at a place and still holds among `texts`, or a rule's value; `ref`: card or rule."""
        return [
            row
            for row in self.found or ()
            if row["place"] == standing
            and not row["asked"]
            and ref in ("", row["ref"])
            and not set(texts).isdisjoint([row["value"]] if standing is Standing.RULE else row["texts"])
        ]
