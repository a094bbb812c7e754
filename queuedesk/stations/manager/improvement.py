"""What projects made standard, read and shown where it stands: rows of a project's step, with a name, a state and a
figure that opens its rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from math import ceil
from typing import Any

from msgspec import Struct
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from queuedesk.core.charts.chart import HoverTextAndTarget
from queuedesk.core.improvement.project import ResultingStandard as Standing
from queuedesk.core.setup.file import HALL_RULES
from queuedesk.desk.change import Document
from queuedesk.desk.improvement import all_project_standards
from queuedesk.i18n import _, list_text, name_in_language, wording_in_current_language
from queuedesk.i18n.quality import source_project_text
from queuedesk.stations.manager.parts.page_controller import PageController
from queuedesk.stations.manager.setup_frame.draft import CARDS, RULES, SetUpRowDraft
from queuedesk.stations.manager.today.alert_words import IMPROVE, ButtonTarget
from queuedesk.stations.widgets.charts.chart_view import ChartWithPoints
from queuedesk.stations.widgets.paint import Painter, width_of_text, wrapped_lines
from queuedesk.stations.widgets.panels import Margins, set_scaled_margins
from queuedesk.stations.window.style import Look


class ProjectStandardsController(PageController[list[Document]]):
    """Reads what projects made standard, anew when a project has changed; nothing in a hall without projects."""

    def refresh(self, *, anew: bool = False) -> None:
        if self._dependency_key() or self.found:
            super().refresh(anew=anew)

    def _dependency_key(self) -> object:
        feed = self.context.feed
        return tuple(feed.state.projects.values()) if feed.setup.has_feature("projects") else ()

    def _read_function(self) -> Callable[[], list[Document]]:
        return partial(all_project_standards, self.context.desk) if self._dependency_key() else list

    def standards_in_place(self, standing: Standing, texts: Sequence[str], ref: str = "") -> list[Document]:
        """Return what was made at a place and still holds among `texts`, or a rule's value; `ref`: card or rule."""
        return [
            row
            for row in self.found or ()
            if row["place"] == standing
            and not row["asked"]
            and ref in ("", row["ref"])
            and not set(texts).isdisjoint([row["value"]] if standing is Standing.RULE else row["texts"])
        ]


PX, SECOND, LINE, SECOND_LINE, PAD = 17, 15, 24, 21, 11
MOST_LINES = 40
LEAST_WIDE = 300


class FactRowContent(Struct, frozen=True, kw_only=True):
    """One row. `leads` is what a press on it gives, `figure_leads` what one on its figure does; without one there is
    nothing to press. `icon` with its token stands before the state's word."""

    name: str
    second: str = ""
    icon: str = ""
    word: str = ""
    token: str = "ink2"
    figure: str = ""
    leads: object = None
    figure_leads: object = None
    bold: bool = True

    @property
    def spoken_parts(self) -> tuple[str, ...]:
        return tuple(text for text in (self.name, self.second, self.word, self.figure) if text)


class FactList(ChartWithPoints):
    """`picked` gives what the row or figure leads to that was pressed; a figure is a point of its own."""

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self.facts: tuple[FactRowContent, ...] = ()
        self._chosen: object = None
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def set_facts(self, title: str, facts: Sequence[FactRowContent], chosen: object = None) -> None:
        """Show other rows under a title, which is read out with them; `chosen` is what the marked one leads to."""
        self.facts, self._chosen = tuple(facts), chosen
        points = []
        for fact in facts:
            points.append(HoverTextAndTarget(fact.spoken_parts, fact.leads))
            if fact.figure_leads is not None:
                points.append(HoverTextAndTarget((fact.figure, fact.name), fact.figure_leads))
        self.set_points(title, "; ".join(list_text(fact.spoken_parts) for fact in facts), points)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus if points else Qt.FocusPolicy.NoFocus)
        self.updateGeometry()

    # -- measures ----------------------------------------------------------------------------------------------------

    def _right_part_width(self, fact: FactRowContent) -> float:
        look = self.look
        figure = width_of_text(look.font(SECOND), fact.figure)
        word = width_of_text(look.font(SECOND, bold=True), fact.word) + (look.px(24) if fact.icon else 0)
        wide = max(figure if fact.figure else 0.0, word if fact.word else 0.0)
        return wide + look.px(16) if wide else 0.0

    def _wrapped_name_and_second(self, fact: FactRowContent, width: float) -> tuple[list[str], list[str]]:
        look = self.look
        room = width - self._right_part_width(fact) - 2 * look.px(8)
        names = wrapped_lines(look.font(PX, bold=fact.bold), fact.name, room, MOST_LINES)
        return names, wrapped_lines(look.font(SECOND), fact.second, room, MOST_LINES) if fact.second else []

    def _row_height(self, fact: FactRowContent, width: float) -> int:
        names, seconds = self._wrapped_name_and_second(fact, width)
        look = self.look
        left = len(names) * look.px(LINE) + len(seconds) * look.px(SECOND_LINE)
        right = look.px(SECOND_LINE + 2) * (bool(fact.word) + bool(fact.figure))
        return max(left, right, look.px(22)) + 2 * look.px(PAD)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return ceil(sum(self._row_height(fact, width) for fact in self.facts)) + 1

    def sizeHint(self) -> QSize:
        wide = max(self.width(), self.look.large_px(LEAST_WIDE))
        return QSize(wide, self.heightForWidth(wide))

    def minimumSizeHint(self) -> QSize:
        return QSize(self.look.large_px(LEAST_WIDE), self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.updateGeometry()

    def _row_rects(self) -> list[QRectF]:
        top, found = 0.0, []
        for fact in self.facts:
            high = self._row_height(fact, self.width())
            found.append(QRectF(0, top, self.width(), high))
            top += high
        return found

    def _point_rects(self) -> list[QRectF]:
        found = []
        for fact, row in zip(self.facts, self._row_rects(), strict=True):
            found.append(row)
            if fact.figure_leads is not None:
                wide = width_of_text(self.look.font(SECOND), fact.figure) + self.look.px(16)
                top = row.top() + (self.look.px(SECOND_LINE) if fact.word else 0)
                found.append(QRectF(row.right() - wide, top, wide, row.bottom() - top))
        return found

    # -- painting ----------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, look = Painter(self, self.look), self.look
        for n, (fact, row) in enumerate(zip(self.facts, self._row_rects(), strict=True)):
            if n:
                painter.draw_divider(row.topLeft(), row.topRight())
            if fact.leads is not None and fact.leads == self._chosen:
                painter.draw_box(row.adjusted(0, 1, 0, 0), 8, "soft")
                painter.fillRect(QRectF(0, row.top() + 1, look.px(4), row.height() - 1), look.color("primary"))
            names, seconds = self._wrapped_name_and_second(fact, self.width())
            y = row.top() + look.px(PAD)
            left = look.px(8)
            for line in names:
                painter.draw_words_and_give_end_x(
                    line, look.font(PX, bold=fact.bold), "ink", QRectF(left, y, self.width(), look.px(LINE))
                )
                y += look.px(LINE)
            for line in seconds:
                painter.draw_words_and_give_end_x(
                    line, look.font(SECOND), "ink2", QRectF(left, y, self.width(), look.px(SECOND_LINE))
                )
                y += look.px(SECOND_LINE)
            self._paint_word_and_figure(painter, fact, row)
        self.paint_current_point_marker(painter)

    def _paint_word_and_figure(self, painter: Painter, fact: FactRowContent, row: QRectF) -> None:
        look = self.look
        right, y = row.right() - look.px(8), row.top() + look.px(PAD)
        high = look.px(SECOND_LINE + 2)
        if fact.word:
            font = look.font(SECOND, bold=True)
            x = right - width_of_text(font, fact.word)
            painter.draw_words_and_give_end_x(fact.word, font, fact.token, QRectF(x, y, right - x + 2, high))
            if fact.icon:
                painter.draw_icon(fact.icon, fact.token, x - look.px(22), y + (high - look.px(16)) / 2, 16)
            y += high
        if fact.figure:
            font = look.font(SECOND)
            x = right - width_of_text(font, fact.figure)
            painter.draw_words_and_give_end_x(fact.figure, font, "ink", QRectF(x, y, right - x + 2, high))
            if fact.figure_leads is not None:
                painter.setPen(QPen(look.color("edge"), 1))
                under = round(y + high - look.px(2)) + 0.5
                painter.drawLine(QPointF(x, under), QPointF(right, under))


_Document = Mapping[str, Any]


def project_standards_in_draft(
    standards: ProjectStandardsController, draft: SetUpRowDraft | None
) -> list[tuple[str, _Document]]:
    """Return which steps of a card or which rules came from projects, each with its name."""
    if draft is None or draft.part not in (CARDS, RULES):
        return []
    if draft.part == CARDS:
        steps = [(one["text"], one.get("text_en", "")) for one in draft.base["steps"]] if draft.base else []
        return [
            (name_in_language(*pair), row)
            for pair in steps
            for row in standards.standards_in_place(Standing.CARD, pair, draft.code)
        ]
    rules = [(key, str(draft.base.get(key, ""))) for key in HALL_RULES]
    return [
        (wording_in_current_language(HALL_RULES[key].title), row)
        for key, value in rules
        for row in standards.standards_in_place(Standing.RULE, [value], key)
    ]


class ProjectStandardRows(QWidget):
    """Rows under whatever came from a project; hidden without any. `picked` gives the Place of the project."""

    picked = Signal(object)

    def __init__(self, look: Look, margins: Margins = (0, 0, 0, 0)) -> None:
        """`margins` are kept free around the rows, and nothing while there are none."""
        super().__init__()
        self.facts = FactList(look)
        column = QVBoxLayout(self)
        set_scaled_margins(look, column, margins)
        column.addWidget(self.facts)
        self.facts.picked.connect(self.picked)
        self.hide()

    def show_rows(self, rows: Sequence[tuple[str, _Document]]) -> None:
        """Show these, each with what it is called where it stands."""
        facts = []
        for name, row in rows:
            leads = ButtonTarget(IMPROVE, project=row["project"])
            facts.append(
                FactRowContent(
                    name=name,
                    second=source_project_text(row),
                    figure=_("See project"),
                    figure_leads=leads,
                    leads=leads,
                    bold=False,
                )
            )
        self.facts.set_facts(_("From improvement projects"), facts)
        self.setVisible(bool(rows))
