"""The manager's day on one page: alerts, five figures, the day ribbon, windows, services."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import partial
from math import ceil

from msgspec.structs import replace
from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from queuedesk.core.figures.measures.document import day_figures
from queuedesk.core.log.state import HallState
from queuedesk.core.queue.overview import set_up
from queuedesk.i18n import _, n_
from queuedesk.stations.acts.past_days import DayRibbonUpdater, TodaysForecastFromPastDays
from queuedesk.stations.manager.parts.page import PageHead
from queuedesk.stations.manager.today import alert_words, today_words
from queuedesk.stations.widgets import buttons, cards, paint, panels
from queuedesk.stations.widgets.charts.chart_view import DayRibbonView
from queuedesk.stations.widgets.charts.figures import FigureStrip
from queuedesk.stations.widgets.lists.strips import AlertBanner, DayFigureTexts
from queuedesk.stations.widgets.questions.dialogs import Dialog
from queuedesk.stations.window.style import PAGE, Look

TABLE_SHARE, WIDE_TABLE_SHARE = 43, 50
NARROW = 1000
LEAST_ROWS, TILES_A_ROW = 3, 3
LEADS = ("waiting_at_end", "wait.mean", "wait.within_target", alert_words.ButtonTarget("people"), "ratings.rate")
"""Where the five figures lead: to the tickets behind them, that of open windows to the people."""


class TodayPage(QWidget):
    """The page that is open all day. `place_wanted` gives the place that was pressed, `report_wanted` asks for the
    day's report. `alert_seen` gives the AlertText that somebody has seen, `notes_wanted` that the day's notes are to be
    read or written; `behind_wanted` the path and title of a figure whose tickets are asked for."""

    report_wanted = Signal()
    place_wanted = Signal(object)
    unheard_noted = Signal()
    alert_seen = Signal(object)
    notes_wanted = Signal()
    behind_wanted = Signal(str, str)

    def __init__(
        self, look: Look, past: TodaysForecastFromPastDays | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._look = look
        self.head = PageHead(look)
        self.head.set_title(_("Today", context="page"))
        self.report_button = buttons.PrimaryButton(
            look, _("Daily report", context="manager"), icon="document", height=48, px=17
        )
        self.note_button = buttons.SecondaryButton(look, "", icon="edit")
        self.note_button.setToolTip(_("Note what explains the day's load"))
        self.head.add_button(self.note_button)
        self.head.add_button(self.report_button)
        self.notes = buttons.TextButton(look, "", icon="edit", height=32, px=16, align="left")
        self.notes.hide()
        self.hall_acts = (self.note_button, self.notes)
        self.alerts = AlertsRow(look)
        self.unheard = AlertBanner(look, height=44)
        self.unheard.hide()
        self.figures = FigureStrip(look)
        self._figures: tuple[DayFigureTexts, ...] = ()
        self.cards: dict[str, cards.WindowCard] = {}
        self._alerts: tuple[alert_words.AlertText, ...] = ()
        self._unheard: alert_words.AlertText | None = None
        self._notes: tuple[str, ...] = ()
        self._texts: dict[str, cards.WindowCardText] = {}
        self._compact = False
        self._gap, self._foot = 12, 20
        self.windows = panels.EqualCellGrid(look, share_last=False)
        self.ribbon = DayRibbonView(look)
        self.day = DayRibbonUpdater(self.ribbon, past)
        self.services = today_words.ServiceTable(look)
        self.services.set_words(
            title=_("Service"),
            waiting=_("Waiting", context="column"),
            longest=_("Longest", context="column"),
            mean=_("Mean (min)", context="column"),
        )
        self._build_layout()
        self.report_button.clicked.connect(self.report_wanted)
        self.alerts.place_wanted.connect(self._emit_place_or_noted)
        self.alerts.seen.connect(self.alert_seen)
        for button in (self.note_button, self.notes):
            button.clicked.connect(self.notes_wanted)
        self.services.picked.connect(self._open_service_tickets)
        self.figures.picked.connect(self._open_pressed_figure)
        self.ribbon.picked.connect(self._open_pressed_ticket)
        self.unheard.acted.connect(self.unheard_noted)
        look.changed.connect(self._refresh_for_changed_look)

    def _build_layout(self) -> None:
        look = self._look
        self._column = column = QVBoxLayout(self)
        panels.set_scaled_margins(look, column, (PAGE, 16, PAGE, 20), 12)
        column.addWidget(self.head)
        column.addWidget(self.alerts)
        column.addWidget(self.unheard)
        column.addWidget(self.notes)
        column.addWidget(self.figures)
        column.addWidget(self.ribbon, 1)
        self._lower = lower = QHBoxLayout()
        panels.set_scaled_margins(look, lower, spacing=12)
        inner = QWidget()
        column_of = QVBoxLayout(inner)
        panels.set_scaled_margins(look, column_of, spacing=0)
        column_of.addWidget(self.windows)
        column_of.addStretch(1)
        # With large text, or many windows, the cards scroll like the table beside them.
        self._area = panels.VerticalScrollArea(inner)
        lower.addWidget(self._area, 100 - TABLE_SHARE)
        lower.addWidget(self.services, TABLE_SHARE)
        column.addLayout(lower)

    # -- what is shown -----------------------------------------------------------------------------------------------

    def set_alerts(self, texts: Sequence[alert_words.AlertText]) -> None:
        self._alerts = tuple(texts)
        self._show_alerts()

    def set_hall_away(self, away: bool) -> None:
        self.alerts.set_hall_away(away)

    def set_unheard_calls_alert(self, text: alert_words.AlertText | None) -> None:
        """Show which calls nobody heard; None removes the strip."""
        self._unheard = text
        self._show_alerts()
        self._distribute_height()

    def _show_alerts(self) -> None:
        """Show the strips; large text leaves room for one row of them, with what nobody heard among the others."""
        text, alone = self._unheard, self._unheard is not None and not self._needs_compact_layout
        if text is not None and alone:
            self.unheard.set_alert_content(text.level, text.title, text.second, button=text.button, icon=text.icon)
        self.unheard.setVisible(alone)
        self.alerts.set_attention_needed_elsewhere(alone)
        among = [] if alone or text is None else [text]
        self.alerts.set_alerts(sorted([*self._alerts, *among], key=lambda each: (each.is_seen, each.level != "red")))

    @property
    def _needs_compact_layout(self) -> bool:
        return self._look.scale.is_text_large

    def set_day_notes(self, notes: Sequence[str]) -> None:
        """Show the day's notes in one line; at large text sizes the button says how many there are."""
        self._notes = tuple(notes)
        self._show_notes()
        self._distribute_height()

    def _show_notes(self) -> None:
        line, n = " · ".join(self._notes), len(self._notes)
        self.notes.setText(line)
        self.notes.setToolTip(line)
        self.notes.setVisible(bool(line) and not self._needs_compact_layout)
        counted = n and self._needs_compact_layout
        self.note_button.setText(n_("{n} note", "{n} notes", n) if counted else _("Note", context="day"))

    def set_figures(self, figures: Sequence[DayFigureTexts], leads: Sequence[object] = LEADS) -> None:
        self._figures = tuple(figures)
        self.figures.set_figures(self._figures, leads)

    def set_windows(self, texts: Mapping[str, cards.WindowCardText]) -> None:
        """Show a card for each window; the cards are kept while the set-up has the same windows."""
        if list(texts) != list(self.cards):
            panels.remove_and_delete_widgets(self.cards.values())
            self.cards = {code: cards.WindowCard(self._look, text) for code, text in texts.items()}
            for code, card in self.cards.items():
                card.clicked.connect(partial(self._open_window_tickets, code))
            few = len(self.cards) <= TILES_A_ROW * TILES_A_ROW
            self.windows.set_maximum_columns(TILES_A_ROW if few else None)
            self.windows.set_widgets(list(self.cards.values()))
        self._texts = dict(texts)
        self._fill_window_cards()

    def _set_cards_compact(self, width: int, *, compact: bool) -> None:
        """Make the cards two lines high where that is asked for."""
        for card in self.cards.values():
            card.set_compact(compact)
        if compact != self._compact:
            self._compact = compact
            self.windows.measure_again()
            self.windows.updateGeometry()

    def _fill_window_cards(self) -> None:
        for code, text in self._texts.items():
            self.cards[code].set_window(self._text_fitting_card(self.cards[code].width(), text))

    def _text_fitting_card(self, width: int, text: cards.WindowCardText) -> cards.WindowCardText:
        """Return what a card of that width has room for: the name in full, shortened, or not at all, but never cut."""
        look, room = self._look, width - 2 * self._look.gap(cards.CARD_PAD)
        above = room - (paint.width_of_text(look.font(20, bold=True), text.ticket) + look.px(8) if self._compact else 0)
        left = above - paint.width_of_text(look.font(17, bold=True), text.number) - look.px(8)
        forms = (
            form
            for form in today_words.full_to_short_name_forms(text.staff)
            if paint.width_of_text(look.font(15), form) <= left
        )
        return replace(text, staff=next(forms, ""))

    def set_services(self, rows: Sequence[today_words.ServiceRowText]) -> None:
        self.services.set_rows(rows)
        self._distribute_height()

    def state_to_restore(self) -> tuple[()]:
        return ()

    def restore_state(self, left: tuple[()]) -> None:
        """Nothing is chosen in it."""

    # -- places ------------------------------------------------------------------------------------------------------

    def _emit_place_or_noted(self, place: alert_words.ButtonTarget) -> None:
        # What nobody heard leads nowhere: its button says that it was read.
        if place.page:
            self.place_wanted.emit(place)
        else:
            self.unheard_noted.emit()

    def _open_pressed_figure(self, leads: object) -> None:
        if isinstance(leads, alert_words.ButtonTarget):
            self.place_wanted.emit(leads)
        else:
            title = self._figures[LEADS.index(leads)].title
            self.behind_wanted.emit(str(leads), title)

    def _open_service_tickets(self, code: str) -> None:
        self.place_wanted.emit(alert_words.ButtonTarget("tickets", service=code))

    def _open_pressed_ticket(self, label: str) -> None:
        self.place_wanted.emit(alert_words.ButtonTarget("tickets", ticket=label))

    def _open_window_tickets(self, code: str) -> None:
        self.place_wanted.emit(alert_words.ButtonTarget("tickets", window=code))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._distribute_height()

    def minimumSizeHint(self) -> QSize:
        """Return the least size, with windows and services as low as they may be: what they have now is for the height
        of now, and a window has to be able to get lower."""
        size, lower = super().minimumSizeHint(), self._area.minimumHeight()
        return size - QSize(0, max(0, lower - self.services.minimumSizeHint().height()))

    def _refresh_for_changed_look(self) -> None:
        self._show_alerts()
        self._show_notes()
        self._distribute_height()

    def _distribute_height(self) -> None:
        """Share the height: windows and services get what they need, the ribbon the rest. If that is too little,
        figures and gaps shrink, then the windows' cards, then the table scrolls."""
        look = self._look
        width = self.width() - 2 * look.gap(PAGE)
        self.services.set_small_column_heads(width < look.px(NARROW))
        wanted = (
            WIDE_TABLE_SHARE
            if self._needs_compact_layout
            else ceil(100 * self.services.width_for_single_line_names() / max(1, width))
        )
        share = min(max(wanted, TABLE_SHARE), WIDE_TABLE_SHARE)
        self._lower.setStretch(0, 100 - share)
        self._lower.setStretch(1, share)
        left = round((width - look.gap(12)) * (100 - share) / 100)
        ribbon = self.ribbon
        least, whole, most = (
            ribbon.minimumSizeHint().height(),
            ribbon.sizeHint().height(),
            ribbon.greatest_useful_height(),
        )
        lower = 0
        for compact, tight, enough in ((False, False, whole), (False, True, least), (True, True, 0)):
            self._set_tight_layout(tight or self._needs_compact_layout)
            self._set_cards_compact(left, compact=compact or self._needs_compact_layout)
            lower = max(self.windows.heightForWidth(left), self.services.least_height())
            if self._height_below_figures(width) - lower >= enough:
                break
        room = self._height_below_figures(width)
        wanted = max(self.windows.heightForWidth(left), self.services.least_height(today_words.UNBOUND))
        lower = max(min(wanted, room - whole), min(lower, room - least), room - most)
        for below in (self._area, self.services):
            below.setFixedHeight(max(lower, self.services.minimumSizeHint().height()))
        self._fill_window_cards()

    def _set_tight_layout(self, tight: bool) -> None:
        """Draw figures and gaps smaller, for the sake of what stands below."""
        self._gap = 8 if tight else 12
        self.figures.setMaximumHeight(self.figures.minimumSizeHint().height() if tight else today_words.UNBOUND)
        self._column.setSpacing(self._look.gap(self._gap))
        self._foot = 12 if tight else 20
        margins = self._column.contentsMargins()
        margins.setBottom(self._look.gap(self._foot))
        self._column.setContentsMargins(margins)

    def _height_below_figures(self, width: int) -> int:
        """Return the height that ribbon, windows and services have together, less the gap between them."""
        look = self._look
        above: list[QWidget] = [self.head, self.figures]
        above += [strip for strip in (self.alerts, self.unheard, self.notes) if not strip.isHidden()]
        used = sum(_needed_height(widget, width) for widget in above)
        return self.height() - used - look.gap(16 + self._foot) - look.gap(self._gap) * (len(above) + 1)


def _needed_height(widget: QWidget, width: int) -> int:
    wished = widget.heightForWidth(width) if widget.hasHeightForWidth() else widget.sizeHint().height()
    return min(wished, widget.maximumHeight())


# -- filling the page -------------------------------------------------------------------------------------------------


def fill_today_page(
    page: TodayPage, state: HallState, day: date, now: datetime, beside: Sequence[alert_words.AlertText] = ()
) -> None:
    """Show the hall on `page` as of `now`; `beside` needs attention too."""
    figures, setup = day_figures(state, day, now), set_up(state)
    texts = [
        *alert_words.commented_low_rating_alerts(state),
        *alert_words.alert_texts(state, now),
        *alert_words.set_aside_events_alerts(state),
        *alert_words.overdue_case_alerts(state, day),
        *beside,
    ]
    page.set_alerts(alert_words.drop_buttons_without_page(setup, texts))
    page.set_day_notes(today_words.calendar_and_day_note_texts(state, day))
    leads = [
        way if not isinstance(way, alert_words.ButtonTarget) or alert_words.has_target_page(setup, way) else None
        for way in LEADS
    ]
    page.set_figures(today_words.today_key_figures(state, figures, now), leads)
    page.set_windows(today_words.card_texts_by_window(state, now))
    page.set_services(today_words.service_rows(state, figures, now))


# -- what asks to be looked at: two strips side by side, the rest behind one word --------------------------------------

# -- one alert --------------------------------------------------------------------------------------------------------


class _MarkSeenButton(buttons.Button):
    """A word in the alert's own colour, without an edge: it leads nowhere."""

    fill, fill_hover, fill_down = "", "surface", "surface"
    edge = ""

    def _padding(self) -> int:
        return self.look.px(10)

    def set_ink_token(self, token: str) -> None:
        self.ink = self.ink_down = token
        self.update()


class AlertStrip(AlertBanner):
    """One alert; `seen` says that the quiet button was pressed, `acted` the other one."""

    seen = Signal()
    _seen: _MarkSeenButton | None = None

    def __init__(self, look: Look, *, height: float = 52, parent: QWidget | None = None) -> None:
        super().__init__(look, stacked=True, height=height, parent=parent)
        self._seen = _MarkSeenButton(look, "", height=40, px=16, parent=self)
        self._seen.clicked.connect(self.seen)
        # Read and reached from left to right.
        QWidget.setTabOrder(self._seen, self.button())

    def set_alert(self, text: alert_words.AlertText) -> None:
        """Show an alert; the person who has seen it is in its second line, without the quiet button."""
        seen = self._seen
        if seen is not None:
            seen.setText(_("Seen", context="alert"))
            seen.setAccessibleName(_("Seen: {alert}", alert=text.title))
            seen.set_ink_token("blue" if text.is_seen else text.level)
            seen.setVisible(bool(text.kind) and not text.is_seen)
        level = "blue" if text.is_seen else text.level
        self.set_alert_content(
            level, text.title, text.second, button=text.button, icon="check" if text.is_seen else text.icon
        )
        self.setToolTip(f"{text.title}\n{text.second}")

    def set_hall_away(self, away: bool) -> None:
        """While the hall is away nobody can be noted as having seen it; its target can be opened."""
        self.seen_button_or_raise().set_disabled_while_away(away)

    def seen_button_or_raise(self) -> buttons.Button:
        if self._seen is None:
            raise ValueError("a strip that is not built yet")
        return self._seen

    def seen_button_width_with_gap(self) -> int:
        return self.seen_button_or_raise().sizeHint().width() + self.look.px(6)

    def _text_right_edge(self) -> int:
        if self._seen is None or self._seen.isHidden():
            return super()._text_right_edge()
        return self._seen.x() - self.look.px(8)

    def _place_buttons(self) -> None:
        super()._place_buttons()
        if self._seen is not None:
            size = self._seen.sizeHint()
            self._seen.resize(size)
            button = self.button()
            right = self.width() - self.look.px(10) if button.isHidden() else button.x() - self.look.px(6)
            self._seen.move(right - size.width(), (self.height() - size.height()) // 2)


SHOWN = 2
HEIGHT = 52


class _NoAlertsNotice(paint.FollowsLook, QWidget):
    """Says that nothing asks for the manager now; it keeps the room of the strips."""

    spoken_role = paint.TEXT

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.follow_look(look)
        self._text = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_text(self, text: str) -> None:
        self._text = text
        self.setAccessibleName(text)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self.look.px(300), self.look.px(HEIGHT))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, look, rect = paint.Painter(self, self.look), self.look, QRectF(self.rect())
        painter.draw_box(rect, 12, "", edge="edge" if look.theme.outlined else "line")
        painter.draw_icon("check", "primary", look.px(18), (self.height() - look.px(22)) / 2, 22)
        left = look.px(56)
        room = QRectF(left, 0, self.width() - left, self.height())
        painter.draw_words_and_give_end_x(self._text, look.font(16), "ink2", room, Qt.AlignmentFlag.AlignLeft)


class AlertsDialog(Dialog):
    """Every alert, each with its buttons; alerts that somebody has seen come last and say who."""

    place_wanted = Signal(object)
    seen = Signal(object)

    def __init__(
        self, host: QWidget, look: Look, texts: Sequence[alert_words.AlertText], *, is_away: bool = False
    ) -> None:
        super().__init__(host, look, title=_("Needs attention now"), width=720)
        self.strips: list[AlertStrip] = []
        for text in texts:
            strip = AlertStrip(self.look)
            strip.set_alert(text)
            strip.set_hall_away(is_away)
            strip.acted.connect(partial(self._close_and_emit_place, text))
            strip.seen.connect(partial(self._close_and_emit_seen, text))
            self.body.addWidget(strip)
            self.strips.append(strip)
        self.add_answer_buttons(_("Back"))

    def _close_and_emit_place(self, text: alert_words.AlertText) -> None:
        self.close_dialog()
        self.place_wanted.emit(text.place)

    def _close_and_emit_seen(self, text: alert_words.AlertText) -> None:
        self.close_dialog()
        self.seen.emit(text)


class AlertsRow(QWidget):
    """`place_wanted` gives the target Place of a strip's button, `seen` the AlertText that somebody has seen."""

    place_wanted = Signal(object)
    seen = Signal(object)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self.texts: list[alert_words.AlertText] = []
        self._elsewhere = self._is_away = False
        self._row = row = QHBoxLayout(self)
        panels.set_scaled_margins(look, row, spacing=12)
        self.strips = [AlertStrip(look, height=HEIGHT) for _number in range(SHOWN)]
        self.calm = _NoAlertsNotice(look)
        self.more = buttons.TextButton(look, "", height=HEIGHT)
        for number, strip in enumerate(self.strips):
            strip.acted.connect(partial(self._emit_place_of_alert, number))
            strip.seen.connect(partial(self._emit_alert_seen, number))
            row.addWidget(strip, 1)
        row.addWidget(self.calm, 1)
        row.addWidget(self.more)
        self.more.clicked.connect(self.open_all_alerts_dialog)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        for widget in (*self.strips, self.more):
            widget.hide()

    def set_alerts(self, texts: Sequence[alert_words.AlertText]) -> None:
        """Show the first two; the others are counted."""
        self.texts = list(texts)
        self._show_unseen_alerts()

    def set_hall_away(self, away: bool) -> None:
        """While the hall is away one can look, but not act; an open list of all of them follows."""
        self._is_away = away
        opened = self.window().findChildren(AlertsDialog)
        for strip in (*self.strips, *(strip for dialog in opened for strip in dialog.strips)):
            strip.set_hall_away(away)

    @property
    def has_no_alerts(self) -> bool:
        return not self.texts and not self._elsewhere

    def set_attention_needed_elsewhere(self, asks: bool) -> None:
        """Set whether something else on the page needs attention: then it does not say that nothing does."""
        self._elsewhere = asks
        self._show_unseen_alerts()

    def _show_unseen_alerts(self) -> None:
        shown, fresh = self._share_width_and_count_strips(), self._unseen_alerts
        for number, strip in enumerate(self.strips):
            text = fresh[number] if number < min(shown, len(fresh)) else None
            if text is not None:
                strip.set_alert(text)
            strip.setVisible(text is not None)
        self.calm.set_text(_("Nothing new needs you") if self.texts else _("Nothing needs you now"))
        self.calm.setVisible(not fresh)
        self.setVisible(bool(self.texts) or not self._elsewhere)
        words = self._hidden_alerts_text(shown)
        self.more.setText(words)
        self.more.setVisible(bool(words))

    @property
    def _unseen_alerts(self) -> list[alert_words.AlertText]:
        return [text for text in self.texts if not text.is_seen]

    def _share_width_and_count_strips(self) -> int:
        """Return the number of strips with room for all their words, 1 or SHOWN; share the width by need."""
        look, seen = self._look, self.strips[0].seen_button_width_with_gap()
        needs = []
        for number, text in enumerate(self._unseen_alerts[:SHOWN]):
            words = max(
                paint.width_of_text(look.font(17, bold=True), text.title),
                paint.width_of_text(look.font(15), text.second),
            )
            need = words + paint.width_of_text(look.font(16, bold=True), text.button) + look.px(56 + 8 + 36 + 18)
            need += seen if text.kind else 0
            needs.append(need)
            self._row.setStretch(number, round(need))
        if len(needs) < SHOWN:
            return SHOWN
        has_more = len(self.texts) > SHOWN
        more = (
            paint.width_of_text(look.font(17, bold=True), self._hidden_alerts_text(SHOWN)) + look.px(20) + look.gap(12)
            if has_more
            else 0
        )
        return SHOWN if sum(needs) + look.gap(12) + more <= self.width() else 1

    def _hidden_alerts_text(self, shown: int) -> str:
        fresh = self._unseen_alerts
        rest, seen = len(fresh) - min(shown, len(fresh)), len(self.texts) - len(fresh)
        words = [
            n_("{n} more", "{n} more", rest, context="alerts") if rest else "",
            n_("{n} seen", "{n} seen", seen, context="alerts") if seen else "",
        ]
        return " · ".join(word for word in words if word)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show_unseen_alerts()

    def open_all_alerts_dialog(self) -> None:
        dialog = AlertsDialog(self.window(), self._look, self.texts, is_away=self._is_away)
        dialog.place_wanted.connect(self.place_wanted)
        dialog.seen.connect(self.seen)
        dialog.open_dialog()

    def _emit_place_of_alert(self, number: int) -> None:
        if number < len(self._unseen_alerts):
            self.place_wanted.emit(self._unseen_alerts[number].place)

    def _emit_alert_seen(self, number: int) -> None:
        if number < len(self._unseen_alerts):
            self.seen.emit(self._unseen_alerts[number])
