"""Which case or project cites what is looked at: the open ones in a menu."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from queuedesk.core.errors import QueueDeskError
from queuedesk.i18n import _
from queuedesk.i18n.quality.case_words import title_words
from queuedesk.stations.manager.figures.figures_controller import CitingController
from queuedesk.stations.manager.parts.page import Act, Page
from queuedesk.stations.manager.today.alert_words import CASES, IMPROVE, PROJECT, Place
from queuedesk.stations.window.context import StationContext


def cite_act(do: Callable[[], object], context: StationContext) -> Act:
    """Return the key that asks for the case or the project, for who takes steps in them."""
    return Act(
        text=lambda: _("Cite …", context="figure"),
        tip=lambda: _("In a case or a project") if context.feed.setup.uses("projects") else _("In a case"),
        do=do,
        icon="star",
        changes_hall=True,
        offered=lambda: context.who is None or context.who.may("case"),
    )


def citing_place(number: str) -> Place:
    """Return the place of a case by its number, of a project by its number with PROJECT before it."""
    if number.startswith(PROJECT):
        return Place(IMPROVE, project=int(number.removeprefix(PROJECT)))
    return Place(CASES, case=number)


class CiteMenu(QObject):
    """Asks on a page which case or project is to cite something, and says there that it does."""

    def __init__(self, page: Page, citing: CitingController) -> None:
        super().__init__(page)
        self._page, self._citing = page, citing
        self._under: QWidget | None = None
        self._cite: Callable[[str], object] | None = None
        citing.open_read.connect(self._offer)
        citing.done.connect(self._cited)
        citing.refused.connect(self._refused)

    def ask(self, under: QWidget, cite: Callable[[str], object]) -> None:
        """Offer the open cases and projects under a button; `cite` gets the number of the chosen one, of a project with
        PROJECT before it."""
        self._under, self._cite = under, cite
        self._citing.read_open()

    def _offer(self, cases: Sequence[Mapping[str, Any]], projects: Sequence[Mapping[str, Any]]) -> None:
        if self._under is None or self._cite is None:
            return
        if not cases and not projects:
            has_projects = self._citing.context.feed.setup.uses("projects")
            none = _("No case and no project is open") if has_projects else _("No case is open")
            self._page.said.emit(none, "info")
            return
        entries = []
        for one in projects:
            name = _("Project {number}: {title}", number=one["project"], title=one["title"])
            entries.append((name, partial(self._cite, f"{PROJECT}{one['project']}")))
        for one in cases:
            title = title_words(one["title"], one.get("source"), one["ticket"])
            name = _("{number} {title}", context="case", number=one["number"], title=title)
            entries.append((name, partial(self._cite, one["number"])))
        self._page.pop(self._under, entries)

    def _refused(self, _verb: str, trouble: QueueDeskError) -> None:
        self._page.warn(trouble)

    def _cited(self, _verb: str, document: Mapping[str, Any]) -> None:
        if "project" in document:
            self._page.said.emit(_("Project {number} cites it", number=document["project"]), "check")
        else:
            self._page.said.emit(_("Case {number} cites it", number=document["number"]), "check")
