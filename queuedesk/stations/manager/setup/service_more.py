"""Further forms of a service: limits and message, papers, what people are told of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from PySide6.QtWidgets import QWidget

from queuedesk.core.setup.values import Setup
from queuedesk.i18n import _
from queuedesk.stations.manager.parts.paper_grid import PaperGrid, fresh_papers
from queuedesk.stations.manager.setup.form_parts import Form, still
from queuedesk.stations.manager.setup_frame.draft import Draft
from queuedesk.stations.manager.setup_frame.words import read_count
from queuedesk.stations.widgets.lists.tiles import TickBox
from queuedesk.stations.window.style import Look


class LimitsForm(Form):
    """Group, tickets a day, people in line, a message instead of tickets, whether it is done without a form."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self.add_row("group", "group_en")
        self.add_row("quota", "line_limit")
        self.add_areas("message", "message_en")
        self.form_free = TickBox(look, "")
        self.column.addWidget(self.form_free)
        self.column.addStretch(1)
        self.form_free.clicked.connect(self._tick)

    def retranslate(self) -> None:
        labels = {
            "group": (_("Group", context="field"), _("services of one group stand together")),
            "group_en": (_("English group", context="field"), ""),
            "quota": (_("Tickets a day", context="field"), _("empty: no limit")),
            "line_limit": (_("Most people in line", context="field"), _("empty: no limit")),
            "message": (_("Message instead of a ticket"), _("empty: it gives tickets")),
            "message_en": (_("English message", context="field"), ""),
        }
        for key, (label, hint) in labels.items():
            self.fields[key].set_label(label)
            self.fields[key].set_hint(hint)
        self.form_free.setText(_("Handled without a form", context="field"))

    def show_row(self, setup: Setup, draft: Draft) -> None:
        row = draft.row
        for key in ("group", "group_en", "message", "message_en"):
            self.put(key, str(row.get(key) or ""))
        for key in ("quota", "line_limit"):
            if key not in draft.unread:
                self.put(key, str(row.get(key) or ""))
        self.form_free.setChecked(bool(row.get("form_free")))
        still(self.form_free, self.may_change)

    def take(self, draft: Draft, key: str, text: str) -> Draft:
        if key in ("quota", "line_limit"):
            return draft.read(key, text, partial(read_count, key))
        return draft.with_value(key, text.strip())

    def _tick(self, on: bool) -> None:
        if self.draft is not None:
            self.changed.emit(self.draft.with_value("form_free", on))


class PapersForm(Form):
    """The papers of a service, with the version and date of their list."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self.papers = PaperGrid(look)
        self.column.addWidget(self.papers)
        self.add_row("papers_version", "papers_date")
        self.column.addStretch(1)
        self.papers.changed.connect(self._take_papers)

    def retranslate(self) -> None:
        self.fields["papers_version"].set_label(_("Version of the papers list", context="field"))
        self.fields["papers_version"].set_hint(_("printed under the list"))
        self.fields["papers_date"].set_label(_("Date of the papers list", context="field"))
        self.fields["papers_date"].set_hint(_("such as 2026-11-20"))
        self.papers.retranslate()

    def show_draft(self, setup: Setup, draft: Draft, problems: Mapping[str, str], *, may_change: bool) -> None:
        super().show_draft(setup, draft, problems, may_change=may_change)
        wrong = [text for key, text in problems.items() if key.startswith("papers.")]
        self.papers.show_papers(draft.row.get("papers") or [], wrong[0] if wrong else "", may_change=may_change)

    def show_row(self, setup: Setup, draft: Draft) -> None:
        for key in ("papers_version", "papers_date"):
            self.put(key, str(draft.row.get(key) or ""))

    def _take_papers(self, papers: list[dict[str, Any]], typed: int) -> None:
        if self.draft is not None:
            fresh, touched = fresh_papers("", self.draft.row.get("papers") or [], papers, typed)
            draft = replace(self.draft, fresh=(self.draft.fresh - touched) | fresh)
            self.changed.emit(draft.with_value("papers", papers))


class ToldForm(Form):
    """What people can read of a service: what it is about, its steps, its fees."""

    KEYS = ("about", "about_en", "steps", "steps_en", "fees", "fees_en")

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self.add_areas("about", "about_en", rows=2)
        self.add_areas("steps", "steps_en", rows=5)
        self.add_areas("fees", "fees_en", rows=2)
        self.column.addStretch(1)

    def retranslate(self) -> None:
        labels = {
            "about": (_("About", context="field"), ""),
            "about_en": (_("English about", context="field"), ""),
            "steps": (_("Steps", context="field"), _("one step per line")),
            "steps_en": (_("English steps", context="field"), ""),
            "fees": (_("Fees", context="field"), ""),
            "fees_en": (_("English fees", context="field"), ""),
        }
        for key, (label, hint) in labels.items():
            self.fields[key].set_label(label)
            self.fields[key].set_hint(hint)

    def show_row(self, setup: Setup, draft: Draft) -> None:
        for key in self.KEYS:
            self.put(key, str(draft.row.get(key) or ""))
