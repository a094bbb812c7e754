"""The manager's day on one page: alerts, five figures, windows, the chart, services, ratings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import partial
from math import ceil

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from queuedesk.core.charts.waits import WaitsOverTickets
from queuedesk.core.figures.measures.document import day_figures
from queuedesk.core.log.state import HallState
from queuedesk.i18n import _, n_
from queuedesk.stations.manager.parts.page_head import PageHead
from queuedesk.stations.manager.today.alert_words import AlertText, Place, alert_texts, aside_texts
from queuedesk.stations.manager.today.alerts_row import AlertsRow
from queuedesk.stations.manager.today.today_words import (
    RatingText,
    ServiceRowText,
    day_chart,
    five_figures,
    note_texts,
    rating_text,
    service_rows,
    window_cards,
)
from queuedesk.stations.manager.waits.service_table import UNBOUND, ServiceTable
from queuedesk.stations.widgets.buttons import PrimaryButton, SecondaryButton, TextButton
from queuedesk.stations.widgets.cards import CARD_PAD, WindowCard, WindowText
from queuedesk.stations.widgets.charts.bars import RatingBars
from queuedesk.stations.widgets.charts.chart_view import ChartView
from queuedesk.stations.widgets.charts.figures import FigureStrip
from queuedesk.stations.widgets.labels import Label
from queuedesk.stations.widgets.lists.strips import Banner, Figure
from queuedesk.stations.widgets.paint import width_of, wrap
from queuedesk.stations.widgets.panels import Card, EvenGrid, discard, put_beside, spread
from queuedesk.stations.window.style import Look

CHART_SHARE, TABLE_SHARE, WIDE_TABLE_SHARE = 60, 40, 50
LARGE_TEXT = 1.4
LEAST_ROWS = 3
LONGEST_TIME = "00:00"
TALL_FROM = 620
RIGHT_SHARE = 0.39
LEADS = ("waiting_at_end", "wait.mean", "wait.within_target", Place("people"), "ratings.rate")
"""Where the five figures lead: to the tickets behind them, that of open windows to the people."""


class RatingCard(Card):
    """Today's ratings: a bar for each level, or one line if the page has no room for bars."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent=parent)
        column = QVBoxLayout(self)
        spread(look, column, (18, 8, 18, 8), 2)
        head = QHBoxLayout()
        spread(look, head, spacing=8)
        self._title = Label(look, bold=True, elide=False)
        self._count = Label(look, px=15, token="ink2", wrap=True)
        head.addWidget(self._title, 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(self._count, 1, Qt.AlignmentFlag.AlignTop)
        column.addLayout(head)
        self.bars = RatingBars(look, row_height=23)
        column.addWidget(self.bars)
        column.addStretch(1)
        self._text = RatingText("", "", ())
        self.is_short = False

    def set_ratings(self, title: str, text: RatingText) -> None:
        self._text = text
        self._title.setText(title)
        self.bars.set_bars(text.bars)
        self._say()

    @property
    def line(self) -> str:
        """Return the ratings in one line."""
        return self._text.line

    def full_height(self, width: int) -> int:
        """Return the height with bars, the words beside the title in as many lines as `width` requires."""
        look = self.look
        room = width - 2 * look.gap(18) - self._title.sizeHint().width() - look.gap(8)
        lines = len(wrap(look.font(15), self._text.count, room, 3)) or 1
        head = max(self._title.sizeHint().height(), lines * look.px(22.5))
        return head + self.bars.sizeHint().height() + look.gap(18)

    def set_short(self, short: bool) -> None:
        """Show one line, or bars."""
        if short != self.is_short:
            self.is_short = short
            self.bars.setVisible(not short)
            self._say()

    def _say(self) -> None:
        self._count.setText(self._text.line if self.is_short else self._text.count)
        self.setToolTip(self._text.count)


class TodayPage(QWidget):
    """The page that is open all day. `place_wanted` gives the place that was pressed, `report_wanted` asks for the
    day's report.

    `alert_seen` gives the AlertText that somebody has seen, `notes_wanted` that the day's notes are to be read or
    written; `behind_wanted` the path and title of a figure whose tickets are asked for.
    """

    report_wanted = Signal()
    place_wanted = Signal(object)
    unheard_noted = Signal()
    alert_seen = Signal(object)
    notes_wanted = Signal()
    behind_wanted = Signal(str, str)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self.head = PageHead(look)
        self.report_button = PrimaryButton(look, "", icon="document", height=48, px=17)
        self.note_button = SecondaryButton(look, "", icon="edit")
        self.head.add_button(self.note_button)
        self.head.add_button(self.report_button)
        self.notes = TextButton(look, "", icon="edit", height=32, px=16, align="left")
        self.notes.hide()
        self.hall_acts = (self.note_button, self.notes)
        self.alerts = AlertsRow(look)
        self.unheard = Banner(look, height=44)
        self.unheard.hide()
        self.figures = FigureStrip(look)
        self._figures: tuple[Figure, ...] = ()
        self.cards: dict[str, WindowCard] = {}
        self._alerts: tuple[AlertText, ...] = ()
        self._unheard: AlertText | None = None
        self._notes: tuple[str, ...] = ()
        self._texts: dict[str, WindowText] = {}
        self._heads: tuple[tuple[str, str], ...] = ()
        self._feet: tuple[str, ...] = ()
        self._compact = False
        self._gap, self._foot = 12, 20
        self.windows = EvenGrid(look, share_last=False)
        self.chart = ChartView(look, height=377, least=200)
        self.services = ServiceTable(look)
        self.ratings = RatingCard(look)
        self._build()
        self.report_button.clicked.connect(self.report_wanted)
        self.alerts.place_wanted.connect(self._go)
        self.alerts.seen.connect(self.alert_seen)
        for button in (self.note_button, self.notes):
            button.clicked.connect(self.notes_wanted)
        self.services.picked.connect(self._pick_service)
        self.figures.picked.connect(self._pick_figure)
        self.unheard.acted.connect(self.unheard_noted)
        look.changed.connect(self._relook)

    def _build(self) -> None:
        look = self._look
        self._column = column = QVBoxLayout(self)
        spread(look, column, (32, 16, 32, 20), 12)
        column.addWidget(self.head)
        column.addWidget(self.alerts)
        column.addWidget(self.unheard)
        column.addWidget(self.notes)
        column.addWidget(self.figures)
        column.addWidget(self.windows)
        self._lower = lower = QHBoxLayout()
        spread(look, lower, spacing=12)
        lower.addWidget(self.chart, CHART_SHARE)
        self._right = QVBoxLayout()
        spread(look, self._right, spacing=12)
        self._right.addWidget(self.services, 1)
        self._right.addWidget(self.ratings)
        lower.addLayout(self._right, TABLE_SHARE)
        column.addLayout(lower, 1)

    # -- what is shown -----------------------------------------------------------------------------------------------

    def set_alerts(self, texts: Sequence[AlertText]) -> None:
        self._alerts = tuple(texts)
        self._show_alerts()

    def set_away(self, away: bool) -> None:
        """While the hall is away one can look, but not act."""
        self.alerts.set_away(away)

    def set_unheard(self, text: AlertText | None) -> None:
        """Show which calls nobody heard; None removes the strip."""
        self._unheard = text
        self._show_alerts()
        self._fit()

    def _show_alerts(self) -> None:
        """Show the strips; large text leaves room for one row of them, with what nobody heard among the others."""
        text, alone = self._unheard, self._unheard is not None and not self._is_large
        if text is not None and alone:
            self.unheard.set_banner(text.level, text.title, text.second, button=text.button, icon="speaker-off")
        self.unheard.setVisible(alone)
        self.alerts.set_elsewhere(alone)
        among = [] if alone or text is None else [text]
        self.alerts.set_alerts(sorted([*self._alerts, *among], key=lambda each: (each.is_seen, each.level != "red")))

    @property
    def _is_large(self) -> bool:
        return self._look.scale.text >= LARGE_TEXT

    def set_notes(self, notes: Sequence[str]) -> None:
        """Show the day's notes in one line; at large text sizes the button says how many there are."""
        self._notes = tuple(notes)
        self._show_notes()
        self._fit()

    def _show_notes(self) -> None:
        line, n = " · ".join(self._notes), len(self._notes)
        self.notes.setText(line)
        self.notes.setToolTip(line)
        self.notes.setVisible(bool(line) and not self._is_large)
        counted = n and self._is_large
        self.note_button.setText(n_("{n} note", "{n} notes", n) if counted else _("Note", context="day"))

    def set_figures(self, figures: Sequence[Figure]) -> None:
        self._figures = tuple(figures)
        self._show_figures()

    def _show_figures(self) -> None:
        """Let the last figure say who did not rate where the ratings themselves have no room."""
        figures = list(self._figures)
        if figures and self.ratings.isHidden():
            figures[-1] = replace(figures[-1], second=self.ratings.line)
        self.figures.set_figures(figures, LEADS)

    def set_windows(self, texts: Mapping[str, WindowText]) -> None:
        """Show a card for each window; the cards are kept while the set-up has the same windows."""
        if list(texts) != list(self.cards):
            discard(self.cards.values())
            self.cards = {code: WindowCard(self._look, text) for code, text in texts.items()}
            for code, card in self.cards.items():
                card.clicked.connect(partial(self._pick_window, code))
            self.windows.set_widgets(list(self.cards.values()))
        self._texts = dict(texts)
        self._fill_cards()

    def set_window_needs(self, heads: Sequence[tuple[str, str]], feet: Sequence[str]) -> None:
        """Set the longest possible texts of the cards: (number, clerk) above, a state's word below.

        These, not the current texts, decide the number of rows, so that no card moves while people work.
        """
        self._heads, self._feet = tuple(heads), tuple(feet)
        self._fit()

    def _lay_cards(self, width: int) -> None:
        """Make the cards two lines high where one row has no room for what they say."""
        look, n = self._look, max(1, len(self.cards))
        each = (width - (n - 1) * look.gap(12)) / n - 2 * look.gap(CARD_PAD)
        heads = [
            width_of(look.font(17, bold=True), number) + look.px(8) + width_of(look.font(15), name)
            for number, name in self._heads
        ]
        time = width_of(look.font(15, tabular=True), LONGEST_TIME)
        feet = [look.px(28) + width_of(look.font(15, bold=True), word) + time for word in self._feet]
        compact = self._is_large or max([*heads, *feet], default=0) > each
        for card in self.cards.values():
            card.set_compact(compact)
        if compact != self._compact:
            self._compact = compact
            self.windows.relook()
            self.windows.updateGeometry()

    def _fill_cards(self) -> None:
        for code, text in self._texts.items():
            self.cards[code].set_window(self._fitting(self.cards[code].width(), text))

    def _fitting(self, width: int, text: WindowText) -> WindowText:
        """Return what a card of that width has room for: the state's word goes before the time, unless that is late."""
        look, room = self._look, width - 2 * self._look.gap(CARD_PAD)
        above = room - (width_of(look.font(20, bold=True), text.ticket) + look.px(8) if self._compact else 0)
        if width_of(look.font(17, bold=True), text.number) + width_of(look.font(15), text.staff) + look.px(8) > above:
            text = replace(text, staff="")
        used = look.px(28) + width_of(look.font(15, bold=True), text.word)
        if not text.late and used + width_of(look.font(15, tabular=True), text.time) > room:
            text = replace(text, time="")
        return text

    def set_chart(self, data: WaitsOverTickets) -> None:
        self.chart.set_chart(data.chart())

    def set_services(self, rows: Sequence[ServiceRowText]) -> None:
        self.services.set_rows(rows)
        self._fit()

    def set_ratings(self, text: RatingText) -> None:
        self.ratings.set_ratings(_("Ratings", context="card"), text)

    def retranslate(self) -> None:
        self.head.set_title(_("Today", context="page"))
        self.report_button.setText(_("Daily report", context="manager"))
        self._show_notes()
        self.note_button.setToolTip(_("Note what explains the day's load"))
        self.services.set_words(
            title=_("Service"),
            waiting=_("Waiting", context="column"),
            longest=_("Longest", context="column"),
            mean=_("Mean (min)", context="column"),
        )

    # -- places ------------------------------------------------------------------------------------------------------

    def _go(self, place: Place) -> None:
        # What nobody heard leads nowhere: its button says that it was read.
        if place.page:
            self.place_wanted.emit(place)
        else:
            self.unheard_noted.emit()

    def _pick_figure(self, leads: object) -> None:
        if isinstance(leads, Place):
            self.place_wanted.emit(leads)
        else:
            title = self._figures[LEADS.index(leads)].title
            self.behind_wanted.emit(str(leads), title)

    def _pick_service(self, code: str) -> None:
        self.place_wanted.emit(Place("tickets", service=code))

    def _pick_window(self, code: str) -> None:
        self.place_wanted.emit(Place("tickets", window=code))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _relook(self) -> None:
        self._show_alerts()
        self._show_notes()
        self._fit()

    def _fit(self) -> None:
        """Let the ratings become one line where the table and the bars have no room below each other.

        First the figures and the gaps give a little, if that is enough.
        """
        look = self._look
        width = self.width() - 2 * look.gap(32)
        self._lay_cards(width)
        self._set_tight(self._compact)
        room = self._room(width)
        need = self.services.least_height() + self.ratings.full_height(round(width * RIGHT_SHARE))
        if room < need and not self._compact:
            self._set_tight(True)
            self._set_tight(self._room(width) >= need)
            room = self._room(width)
        self._arrange(room + look.gap(12), width)
        self.ratings.set_short(room < need)
        line = self.ratings.minimumSizeHint().height()
        has_ratings = not self.ratings.is_short or room >= self.services.least_height(LEAST_ROWS) + line
        self.ratings.setVisible(has_ratings)
        self._show_figures()
        self._fill_cards()

    def _set_tight(self, tight: bool) -> None:
        """Draw figures and gaps smaller, for the sake of what stands below."""
        self._gap = 8 if tight else 12
        self.figures.setMaximumHeight(self.figures.minimumSizeHint().height() if tight else UNBOUND)
        self._column.setSpacing(self._look.gap(self._gap))
        self._foot = 12 if tight else 20
        margins = self._column.contentsMargins()
        margins.setBottom(self._look.gap(self._foot))
        self._column.setContentsMargins(margins)

    def _room(self, width: int) -> int:
        """Return the height left below everything that stands above table and ratings, less the gap between the two."""
        look = self._look
        above = [self.head, self.figures, self.windows]
        above += [strip for strip in (self.alerts, self.unheard, self.notes) if not strip.isHidden()]
        used = sum(_height_of(widget, width) for widget in above)
        return self.height() - used - look.gap(16 + self._foot) - look.gap(self._gap) * (len(above) + 1)

    def _arrange(self, room: int, width: int) -> None:
        """Put the table beside the chart, or on a tall screen below it, where the chart can use the whole width."""
        is_tall = room >= self._look.px(TALL_FROM)
        put_beside(not is_tall, self._lower)
        put_beside(is_tall, self._right)
        self._right.setStretch(1, int(is_tall))
        # Long names and large text ask for a wider table; the chart gives it.
        wanted = WIDE_TABLE_SHARE if self._is_large else ceil(100 * self.services.wanted_width() / width)
        share = min(max(wanted, TABLE_SHARE), WIDE_TABLE_SHARE)
        self._lower.setStretch(0, 1 if is_tall else 100 - share)
        self._lower.setStretch(1, 0 if is_tall else share)
        self.services.set_whole(is_tall)


def _height_of(widget: QWidget, width: int) -> int:
    wished = widget.heightForWidth(width) if widget.hasHeightForWidth() else widget.sizeHint().height()
    return min(wished, widget.maximumHeight())


# -- filling the page --------------------------------------------------------------------------------------------------


def fill_today(page: TodayPage, state: HallState, day: date, now: datetime, beside: Sequence[AlertText] = ()) -> None:
    """Show the hall on `page` as of `now`; `beside` needs attention too."""
    figures = day_figures(state, day, now)
    page.set_alerts([*alert_texts(state, now), *aside_texts(state), *beside])
    page.set_notes(note_texts(state, day))
    page.set_figures(five_figures(state, figures, now))
    page.set_windows(window_cards(state, now))
    page.set_chart(day_chart(state, figures, now))
    page.set_services(service_rows(state, figures, now))
    page.set_ratings(rating_text(figures))
