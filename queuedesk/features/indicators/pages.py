"""Yearly indicators: one year's figures beside the year before, all years in a picture, what a reader has to know; a
file is taken in and single figures are corrected beside the window."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from functools import partial
from math import ceil
from typing import Any

from msgspec import Struct
from msgspec.structs import replace
from PySide6.QtCore import QObject, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from queuedesk.core.charts.chart import HoverTextAndTarget, SurfaceRect
from queuedesk.core.charts.layout import LaidOutChart
from queuedesk.core.imports import half_width_text
from queuedesk.features.indicators import rules, verbs, words
from queuedesk.features.indicators.verbs import UNREPORTED, parse_indicator_figure
from queuedesk.features.indicators.words import caution_sentences
from queuedesk.i18n import _, current_language, list_text, n_, name_in_language
from queuedesk.i18n.names import staff_name
from queuedesk.stations.manager.controller import ManagerController
from queuedesk.stations.manager.pages import ControllerCache
from queuedesk.stations.manager.parts.intake import FigureImportController, FigureImportPage, FigureImportSpec
from queuedesk.stations.manager.setup.fields_form import FieldsDialog
from queuedesk.stations.widgets import panels
from queuedesk.stations.widgets.buttons import FilterPill
from queuedesk.stations.widgets.charts.chart_view import ChartView, LookMeasures
from queuedesk.stations.widgets.charts.figures import FigureCell, FigureRow, FigureTable
from queuedesk.stations.widgets.questions.dialogs import FormField
from queuedesk.stations.window.context import StationContext
from queuedesk.stations.window.style import Look

YearAndName = tuple[int, str]

IndicatorsController = FigureImportController[list[rules.IndicatorWithChange], list[rules.Indicator]]


def known_entries_by_key(controller: IndicatorsController) -> dict[YearAndName, rules.Indicator]:
    return {(row.indicator.year, row.indicator.name): row.indicator for row in controller.found}


def current_or_previewed_indicators(controller: IndicatorsController) -> list[rules.IndicatorWithChange]:
    """Return the indicators as they are, or as they would be with the previewed file."""
    if controller.coming is None:
        return controller.found
    return rules.indicators_with_yearly_change(
        {**known_entries_by_key(controller), **{(one.year, one.name): one for one in controller.coming}}.values()
    )


def new_or_changed_indicator_keys(controller: IndicatorsController) -> set[YearAndName]:
    """Return which figures of the file are new or differ."""
    known = known_entries_by_key(controller)
    return {(one.year, one.name) for one in controller.coming or () if known.get((one.year, one.name)) != one}


def save_typed_indicator(controller: IndicatorsController, typed: TypedIndicator) -> None:
    """Add or correct one indicator of one year."""
    controller.run_desk_function("set", verbs.set_indicator, typed.name, typed.year, typed.figures, source=typed.source)


def remove_indicator(controller: IndicatorsController, known: rules.Indicator) -> None:
    """Remove an indicator from a year."""
    controller.run_desk_function("remove", verbs.remove_indicator, known.name, known.year)


def _save_indicators_file(controller: IndicatorsController, ending: str) -> None:
    from queuedesk.features.indicators.papers import IndicatorReportData, write_indicators

    setup, who, lang = controller.context.feed.setup, controller.context.who, current_language()
    book = IndicatorReportData(
        rows=controller.found,
        hall=name_in_language(setup.hall.name, setup.hall.name_en, lang),
        local_now=setup.to_hall_time(controller.context.clock()),
        printed_by=staff_name(setup, who.name, lang) if who is not None else None,
    )
    controller.write(f"indicators.{ending}", lambda path: write_indicators(book, path, lang))


INDICATORS = FigureImportSpec[list[rules.IndicatorWithChange], list[rules.Indicator]](
    kind="indicators",
    nothing=[],
    read=lambda context: verbs.current_indicators_with_changes(context.desk),
    read_file=lambda _context, path: verbs.read_indicators_file(path),
    take_over=lambda controller, coming: controller.run_desk_function("import", verbs.import_indicators, coming),
    save=_save_indicators_file,
)

# -- the question for one indicator ------------------------------------------------------------------------------------

FIGURES = ("score", "scale", "change", "weight")


class TypedIndicator(Struct, frozen=True):
    """What was typed: figures by name, None for one that nobody reported."""

    name: str
    year: int
    figures: Mapping[str, Decimal | None]
    source: str


class IndicatorDialog(FieldsDialog):
    """`wanted` gives a TypedIndicator."""

    def __init__(self, host: QWidget, look: Look, known: rules.Indicator, *, is_new: bool, asks_name: bool) -> None:
        title = _("Add an indicator") if asks_name else f"{known.name} · {known.year}"
        effect = _("As it was published. A figure that was not published stays empty.")
        super().__init__(host, look, title=title, effect=effect, width=760)
        self._known, self._asks_name = known, asks_name
        fields = {
            "name": FormField(self.look, _("Indicator", context="column")),
            "year": FormField(self.look, _("Year", context="field")),
            "score": FormField(self.look, _("Score", context="field"), hint=_("empty: not reported")),
            "scale": FormField(self.look, _("Scale", context="field"), hint=_("the highest possible score")),
            "change": FormField(
                self.look, _("Change as stated", context="field"), hint=_("such as +3, if one was stated")
            ),
            "weight": FormField(self.look, _("Weight", context="field"), hint=_("in the overall score, if known")),
            "source": FormField(self.look, _("Source", context="field"), hint=_("who measured or published it")),
        }
        rows = [("score", "scale", "change", "weight"), ("source",)]
        self.lay_out_fields(fields, [("name", "year"), *rows] if asks_name else rows, {"name": 3}, removable=not is_new)
        self.remove_button.setText(_("Take it out of {year}", year=known.year))
        values = {name: getattr(known, "top" if name == "scale" else name) for name in FIGURES}
        for name, value in values.items():
            self.fields[name].set_value("" if value is None else words.figure_without_trailing_zeros(value))
        self.fields["source"].set_value(known.source)
        self.fields["name"].set_value(known.name)
        self.fields["year"].set_value(str(known.year))

    def read_typed_values(self) -> TypedIndicator | None:
        """Return what was typed, or None after showing the mistake at its field."""
        figures: dict[str, Decimal | None] = {}
        is_right = True
        for name in FIGURES:
            text = half_width_text(self.fields[name].value()).strip()
            figures[name] = None if not text or text in UNREPORTED else parse_indicator_figure(text)
            if text.endswith("%") and name != "weight":
                self.fields[name].set_error(_("No percentage, such as 85"))
                is_right = False
            elif text and text not in UNREPORTED and figures[name] is None:
                self.fields[name].set_error(_("A figure, such as 85"))
                is_right = False
        year = half_width_text(self.fields["year"].value()).strip().removesuffix("年")
        if not year.isdecimal() or len(year) != 4:
            self.fields["year"].set_error(_("A year, such as 2026"))
            is_right = False
        name = " ".join(self.fields["name"].value().split())
        if not name:
            self.fields["name"].set_error(_("What is it called?"))
            is_right = False
        return TypedIndicator(name, int(year), figures, self.fields["source"].value().strip()) if is_right else None

    def first_field(self) -> QWidget:
        return self.fields["name" if self._asks_name else "score"].edit


# -- words -------------------------------------------------------------------------------------------------------------

UNKNOWN = "–"


class IndicatorEditTarget(Struct, frozen=True):
    """The indicator and year that a press edits."""

    name: str
    year: int


def year_table_column_titles(year: int) -> list[str]:
    return [
        _("Score {year}", year=year),
        _("Score {year}", year=year - 1),
        _("Change, points", context="column"),
        _("As stated", context="column"),
        _("Weight", context="field"),
    ]


def indicator_table_rows(
    rows: Sequence[rules.IndicatorWithChange], year: int, fresh: Collection[tuple[int, str]]
) -> list[FigureRow]:
    """Return a year's table, each figure leading to its correction; `fresh` figures come from a previewed file."""
    told = {row.indicator.name for row in rows if row.indicator.year == year - 1 and row.indicator.score is not None}
    own = [
        _indicator_figure_row(
            row, is_fresh=(year, row.indicator.name) in fresh, is_implied=row.indicator.name not in told
        )
        for row in rows
        if row.indicator.year == year
    ]
    before = {row.indicator.name: row.indicator for row in rows if row.indicator.year == year - 1}
    return own + [
        _unreported_indicator_row(before[name], year) for name in rules.indicators_missing_in_year(rows, year)
    ]


def columns_and_rows_with_values(
    columns: Sequence[str], rows: Sequence[FigureRow]
) -> tuple[list[str], list[FigureRow]]:
    """Return the columns and the cells of those in which any row has a figure; the score stands in any case."""
    shown = [n for n in range(len(columns)) if not n or any(row.cells[n].text != UNKNOWN for row in rows)]
    return [columns[n] for n in shown], [replace(row, cells=tuple(row.cells[n] for n in shown)) for row in rows]


def _unreported_indicator_row(before: rules.Indicator, year: int) -> FigureRow:
    """Return a row for what the year before had: a press puts it in."""
    point = HoverTextAndTarget(
        (f"{before.name} {year}", words.not_reported_word(), _("Press to correct it")),
        IndicatorEditTarget(before.name, year),
    )
    there = HoverTextAndTarget(
        (f"{before.name} {before.year}", words.score_text(before.score, before.top), _("Press to correct it")),
        IndicatorEditTarget(before.name, before.year),
    )
    rest = tuple(FigureCell(UNKNOWN, point, "ink2") for _column in range(3))
    return FigureRow(
        before.name,
        (
            FigureCell(words.not_reported_word(), point, "amber"),
            FigureCell(_figure_text_or_unknown(before.score), there),
            *rest,
        ),
        is_sum=before.is_overall,
    )


def _indicator_figure_row(row: rules.IndicatorWithChange, *, is_fresh: bool, is_implied: bool) -> FigureRow:
    one = row.indicator
    point = HoverTextAndTarget(_score_tooltip_lines(row, is_fresh=is_fresh), IndicatorEditTarget(one.name, one.year))
    before = HoverTextAndTarget(
        _last_years_score_and_hint_texts(row, is_implied=is_implied), IndicatorEditTarget(one.name, one.year - 1)
    )
    token = "primary" if is_fresh else "ink"
    if one.score is None:
        score = FigureCell(words.not_reported_word(), point, "amber" if not is_fresh else token)
    else:
        score = FigureCell(words.score_text(one.score, one.top), point, token, bold=True)
    cells = (
        score,
        FigureCell(_figure_text_or_unknown(row.before), before, "ink2" if is_implied else "ink"),
        FigureCell(words.signed_change_text(row.change) or UNKNOWN, point, "ink"),
        FigureCell(
            words.signed_change_text(one.change) or UNKNOWN,
            point,
            "red" if _is_stated_change_contradicted(row) else "ink2",
        ),
        FigureCell(_figure_text_or_unknown(one.weight), point, "ink2"),
    )
    return FigureRow(one.name, cells, is_sum=one.is_overall)


def _is_stated_change_contradicted(row: rules.IndicatorWithChange) -> bool:
    stated = row.indicator.change
    return stated is not None and row.change is not None and stated != row.change


def _score_tooltip_lines(row: rules.IndicatorWithChange, *, is_fresh: bool) -> tuple[str, ...]:
    one = row.indicator
    said = [f"{one.name} {one.year}", words.score_text(one.score, one.top)]
    if row.change is not None and row.before is not None:
        said.append(
            _(
                "{change} on the year before ({before})",
                change=words.signed_change_text(row.change),
                before=_figure_text_or_unknown(row.before),
            )
        )
    if one.source:
        said.append(_("Source: {source}", source=one.source))
    return (*said, _("New in this file") if is_fresh else _("Press to correct it"))


def _last_years_score_and_hint_texts(row: rules.IndicatorWithChange, *, is_implied: bool) -> tuple[str, ...]:
    one = row.indicator
    if row.before is None:
        return f"{one.name} {one.year - 1}", words.not_reported_word()
    score = words.score_text(row.before, one.top)
    told = _("{score}, as the stated change implies", score=score) if is_implied else score
    return f"{one.name} {one.year - 1}", told, _("Press to correct it")


def years_and_chart_rows(rows: Sequence[rules.IndicatorWithChange]) -> tuple[list[str], list[rules.YearsChartRow]]:
    """Return the years and a row for each indicator; nothing if no score is known."""
    found = rules.indicator_histories(rows)
    if not found:
        return [], []
    overall = {row.indicator.name for row in rows if row.indicator.is_overall}
    changes = {(row.indicator.name, row.indicator.year): row.change for row in rows}
    return (
        [str(step.year) for step in found[0].steps],
        [
            rules.YearsChartRow(
                name=one.name,
                shares=tuple(None if step.score is None else float(step.score / one.top) for step in one.steps),
                hollow=frozenset(n for n, step in enumerate(one.steps) if step.is_implied),
                last=words.score_text(one.steps[-1].score, one.top),
                change=words.signed_change_text(changes.get((one.name, one.steps[-1].year))),
                point=HoverTextAndTarget(
                    _yearly_indicator_tooltip_lines(one), IndicatorEditTarget(one.name, one.steps[-1].year)
                ),
                is_bold=one.name in overall,
            )
            for one in found
        ],
    )


def _yearly_indicator_tooltip_lines(one: rules.IndicatorHistory) -> tuple[str, ...]:
    lines = []
    for step in one.steps:
        score = words.score_text(step.score, one.top)
        if step.is_implied:
            score = _("{score}, as the stated change implies", score=score)
        lines.append(f"{step.year}: {score}")
    return one.name, *lines


def import_preview_texts(file: str, coming: Sequence[rules.Indicator], fresh: int) -> tuple[str, str]:
    """Return what a file would add, and that nothing is imported yet."""
    years = sorted({one.year for one in coming})
    span = str(years[0]) if len(years) == 1 else f"{years[0]}–{years[-1]}"
    figures = n_("{n} figure of {years}", "{n} figures of {years}", len(coming), years=span)
    if not fresh:
        return _("{file}: {figures}, all the same as here already", file=file, figures=figures), ""
    news = n_("{n} of them new or different", "{n} of them new or different", fresh)
    return _("{file}: {figures}, {news}", file=file, figures=figures, news=news), _("Nothing is imported yet.")


def _figure_text_or_unknown(value: Decimal | None) -> str:
    return UNKNOWN if value is None else words.figure_without_trailing_zeros(value)


# -- the page ---------------------------------------------------------------------------------------------------------


class IndicatorYearsChart(ChartView):
    """Scores through the years; each row is a point that says every year."""

    def __init__(self, look: Look) -> None:
        super().__init__(look, is_fixed=True, is_bare=True)
        self.rows: Sequence[rules.YearsChartRow] = ()
        self._years: Sequence[str] = ()

    def show_indicator_years(self, title: str, years: Sequence[str], rows: Sequence[rules.YearsChartRow]) -> None:
        """Show other figures; `years` are the words below."""
        self._years, self.rows, self._layout = years, rows, None
        self.set_points(title, "", [row.point for row in rows])

    def sizeHint(self) -> QSize:
        return QSize(self.look.px(380), ceil(rules.years_chart_height(self.rows, LookMeasures(self.look))))

    def minimumSizeHint(self) -> QSize:
        return QSize(self.look.px(240), self.sizeHint().height())

    def _lay_out(self, screen: LookMeasures, room: SurfaceRect) -> LaidOutChart:
        return rules.lay_out_years_chart(self._years, self.rows, screen, room)


BESIDE_FROM = 980
MOST_YEARS = 12


class IndicatorsPage(FigureImportPage):
    """Pressing a figure corrects it; a file is previewed in the same table before it is imported."""

    def __init__(self, look: Look, controller: IndicatorsController, parent: QWidget | None = None) -> None:
        super().__init__(
            look,
            controller,
            title=lambda: _("Indicators", context="page"),
            line=lambda: _("As they were published"),
            endings=("xlsx", "csv", "pdf"),
            parent=parent,
        )
        self._controller = controller
        self._year: int | None = None
        self.years: dict[int, FilterPill] = {}
        self.table = FigureTable(look, row_height=40)
        self.source = panels.Label(look, px=14, token="ink2", wrap=True)
        self.picture = IndicatorYearsChart(look)
        self.picture_title = panels.Label(look, _("Through the years"), px=17, bold=True)
        self.doubts_title = panels.Label(look, _("How to read this"), px=17, bold=True)
        self.indicator_cautions = panels.Label(look, px=15, wrap=True)
        self._lay_out_body()
        self.table.picked.connect(self._edit_indicator)
        self.picture.picked.connect(self._edit_indicator)
        controller.changed.connect(self._show_indicators_or_preview)
        self.empty.set_texts(
            _("Drop a table of indicators here"),
            _("CSV or Excel: a column with the indicators and one with the scores of each year, such as score_2013."),
            _("Choose a file …"),
        )
        self._show_indicators_or_preview()

    def _lay_out_body(self) -> None:
        look = self._look
        column = QVBoxLayout(self.body)
        panels.set_scaled_margins(look, column, (0, 0, 12, 8), 10)
        self._years = QHBoxLayout()
        panels.set_scaled_margins(look, self._years, spacing=8)
        self._years.addStretch(1)
        column.addLayout(self._years)
        self._beside = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        panels.set_scaled_margins(look, self._beside, spacing=16)
        card = panels.Card(look)
        within = QVBoxLayout(card)
        panels.set_scaled_margins(look, within, (18, 10, 18, 12))
        within.addWidget(self.table)
        within.addWidget(self.source)
        left = QVBoxLayout()
        panels.set_scaled_margins(look, left, spacing=16)
        picture = panels.Card(look)
        inside = QVBoxLayout(picture)
        panels.set_scaled_margins(look, inside, (18, 14, 18, 10), 8)
        inside.addWidget(self.picture_title)
        inside.addWidget(self.picture)
        self._told = panels.Card(look)
        told = QVBoxLayout(self._told)
        panels.set_scaled_margins(look, told, (18, 14, 18, 16), 6)
        told.addWidget(self.doubts_title)
        told.addWidget(self.indicator_cautions)
        left.addWidget(card)
        left.addWidget(self._told)
        left.addStretch(1)
        self._beside.addLayout(left, 7)
        self._beside.addWidget(picture, 5, Qt.AlignmentFlag.AlignTop)
        column.addLayout(self._beside)
        column.addStretch(1)

    # -- what is shown -----------------------------------------------------------------------------------------------

    def refresh(self, now: datetime) -> None:
        """Read the indicators when the page is first shown."""
        self._controller.refresh_if_never_read()

    def _show_indicators_or_preview(self) -> None:
        controller = self._controller
        rows, fresh = current_or_previewed_indicators(controller), new_or_changed_indicator_keys(controller)
        self.show_figures_or_empty(bool(rows))
        self.save_button.setEnabled(bool(controller.found) and controller.can_save)
        self.add_button.setVisible(controller.coming is None)
        self.preview.setVisible(controller.coming is not None)
        if controller.coming is not None:
            self.preview.set_texts(*import_preview_texts(controller.file.name, controller.coming, len(fresh)))
            if fresh:
                self.preview.yes_button.enable_with_label(_("Import", context="table"))
            else:
                self.preview.yes_button.disable_with_reason(_("Nothing new"))
        if not rows:
            return
        years = sorted({row.indicator.year for row in rows}, reverse=True)[:MOST_YEARS]
        if controller.coming is not None and self._year not in {year for year, _name in fresh}:
            self._year = max((year for year, _name in fresh), default=self._year)
        if self._year not in years:
            self._year = years[0]
        self._show_year_pills(years)
        year = self._year
        title = _("Indicators of {year}", year=year)
        columns, cells = columns_and_rows_with_values(
            year_table_column_titles(year), indicator_table_rows(rows, year, fresh)
        )
        self.table.set_table(title, _("Indicator", context="column"), columns, cells)
        own = (row.indicator.source for row in rows if row.indicator.year == year)
        sources = list_text([*dict.fromkeys(source for source in own if source)])
        self.source.setText(_("Source: {source}", source=sources) if sources else "")
        self.source.setVisible(bool(sources))
        self.picture.show_indicator_years(_("Through the years"), *years_and_chart_rows(rows))
        said = caution_sentences(rules.indicator_cautions(rows))
        self.indicator_cautions.setText("\n".join(said))
        self._told.setVisible(bool(said))
        self._place_chart()

    def _show_year_pills(self, years: Sequence[int]) -> None:
        if list(self.years) != list(years):
            panels.remove_and_delete_widgets(self.years.values())
            self.years = {}
            for place, year in enumerate(years):
                pill = FilterPill(self._look, str(year), height=36)
                pill.clicked.connect(partial(self.show_year, year))
                self._years.insertWidget(place, pill)
                self.years[year] = pill
        for year, pill in self.years.items():
            pill.setChecked(year == self._year)

    def show_year(self, year: int) -> None:
        """Show another year's figures."""
        self._year = year
        self._show_indicators_or_preview()

    def state_to_restore(self) -> tuple[int | None] | None:
        return None if self._controller.coming is not None or self.dialog is not None else (self._year,)

    def restore_state(self, left: tuple[int | None]) -> None:
        (self._year,) = left
        self._read_again()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_chart()

    def _place_chart(self) -> None:
        """Put the picture beside the table, or under it where both have no room."""
        panels.set_side_by_side_or_stacked(self.width() >= self._look.px(BESIDE_FROM), self._beside)

    # -- one figure --------------------------------------------------------------------------------------------------

    def ask_new_entry(self) -> None:
        year = self._year or self._controller.context.feed.setup.to_hall_time(self._controller.context.clock()).year - 1
        self._open_indicator_dialog(rules.Indicator(year=year, name="", top=rules.SCALE), is_new=True, asks_name=True)

    def _edit_indicator(self, of: IndicatorEditTarget) -> None:
        if self._controller.coming is not None:
            return
        known = known_entries_by_key(self._controller).get((of.year, of.name))
        self._open_indicator_dialog(
            known or self._blank_indicator_on_known_scale(of), is_new=known is None, asks_name=False
        )

    def _blank_indicator_on_known_scale(self, of: IndicatorEditTarget) -> rules.Indicator:
        """Return a year that is not there yet, on the scale of the year after it or before it."""
        known = known_entries_by_key(self._controller)
        beside = known.get((of.year + 1, of.name)) or known.get((of.year - 1, of.name))
        return rules.Indicator(year=of.year, name=of.name, top=beside.top if beside else rules.SCALE)

    def _open_indicator_dialog(self, known: rules.Indicator, *, is_new: bool, asks_name: bool) -> None:
        dialog = IndicatorDialog(self.host_widget, self._look, known, is_new=is_new, asks_name=asks_name)
        dialog.removal_wanted.connect(partial(remove_indicator, self._controller, known))
        self.open_fields_dialog(dialog)

    def save_typed(self, typed: TypedIndicator) -> None:
        self._year = typed.year
        save_typed_indicator(self._controller, typed)

    def removal_message(self, document: dict[str, Any]) -> str:
        name, year = document["name"], document["year"]
        return _("{name} is no longer among the indicators of {year}.", name=name, year=year)


def make_indicators_controller(context: StationContext, parent: QObject | None = None) -> IndicatorsController:
    """Return what reads and takes in yearly indicators."""
    return IndicatorsController(context, INDICATORS, parent)


def indicators_page(controller: ManagerController, own: ControllerCache) -> IndicatorsPage:
    """Return the page with the station's controller."""
    return IndicatorsPage(controller.context.look, own(make_indicators_controller, controller.context))
