"""What projects made standard, told where it stands: each row leads to its project."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from queuedesk.core.improvement.project import Place as Standing
from queuedesk.core.setup.file import HALL_RULES
from queuedesk.i18n import _, named, said
from queuedesk.i18n.improvement import origin_text
from queuedesk.stations.manager.improvement.fact_list import Fact, FactList
from queuedesk.stations.manager.improvement.standards_controller import StandardsController
from queuedesk.stations.manager.setup_frame.draft import CARDS, RULES, Draft
from queuedesk.stations.manager.today.alert_words import IMPROVE, Place
from queuedesk.stations.widgets.panels import Margins, spread
from queuedesk.stations.window.style import Look

Document = Mapping[str, Any]


def made_in_setup(standards: StandardsController, draft: Draft | None) -> list[tuple[str, Document]]:
    """Return which steps of a card or which rules came from projects, each with its name."""
    if draft is None or draft.part not in (CARDS, RULES):
        return []
    if draft.part == CARDS:
        steps = [(one["text"], one.get("text_en", "")) for one in draft.base["steps"]] if draft.base else []
        return [(named(*pair), row) for pair in steps for row in standards.at(Standing.CARD, pair, draft.code)]
    rules = [(key, str(draft.base.get(key, ""))) for key in HALL_RULES]
    return [
        (said(HALL_RULES[key].title), row) for key, value in rules for row in standards.at(Standing.RULE, [value], key)
    ]


class MadeStandard(QWidget):
    """Rows under whatever came from a project; hidden without any. `picked` gives the Place of the project."""

    picked = Signal(object)

    def __init__(self, look: Look, margins: Margins = (0, 0, 0, 0)) -> None:
        """`margins` are kept free around the rows, and nothing while there are none."""
        super().__init__()
        self.facts = FactList(look)
        column = QVBoxLayout(self)
        spread(look, column, margins)
        column.addWidget(self.facts)
        self.facts.picked.connect(self.picked)
        self.hide()

    def show_rows(self, rows: Sequence[tuple[str, Document]]) -> None:
        """Show these, each with what it is called where it stands."""
        facts = []
        for name, row in rows:
            leads = Place(IMPROVE, project=row["project"])
            facts.append(
                Fact(
                    name=name,
                    second=origin_text(row),
                    figure=_("See project"),
                    figure_leads=leads,
                    leads=leads,
                    bold=False,
                )
            )
        self.facts.set_facts(_("From improvement projects"), facts)
        self.setVisible(bool(rows))
