"""The manager's day on one page (alerts, five figures, the day ribbon, windows, services), and the tabs of staff:
who worked today, and a month of each person's work."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import partial
from math import ceil
from typing import TYPE_CHECKING, cast

from msgspec.structs import replace
from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from queuedesk.core.figures.measures.document import day_figures
from queuedesk.core.log.state import HallState
from queuedesk.core.queue.overview import set_up
from queuedesk.i18n import _, n_
from queuedesk.stations.acts.past_days import PastDays
from queuedesk.stations.manager.controller import ManagerController
from queuedesk.stations.manager.pages import STAFF, TabbedPages
from queuedesk.stations.manager.parts.page import PageHead
from queuedesk.stations.manager.today.alert_words import (
    AlertText,
    Place,
    alert_texts,
    aside_texts,
    is_there,
    overdue,
    rated_low,
    reachable,
)
from queuedesk.stations.manager.today.today_words import (
    UNBOUND,
    ServiceRowText,
    ServiceTable,
    five_figures,
    name_forms,
    note_texts,
    service_rows,
    window_cards,
)
from queuedesk.stations.models.day_ribbon import Showing
from queuedesk.stations.widgets.buttons import Button, PrimaryButton, SecondaryButton, TextButton
from queuedesk.stations.widgets.cards import CARD_PAD, WindowCard, WindowText
from queuedesk.stations.widgets.charts.chart_view import RibbonView
from queuedesk.stations.widgets.charts.figures import FigureStrip
from queuedesk.stations.widgets.lists.strips import Banner, Figure
from queuedesk.stations.widgets.paint import TEXT, Follows, Painter, width_of
from queuedesk.stations.widgets.panels import EvenGrid, GroundArea, discard, spread
from queuedesk.stations.widgets.questions.dialogs import Dialog
from queuedesk.stations.window.style import PAGE, Look

if TYPE_CHECKING:
    from queuedesk.stations.manager.today.staff_page import StaffPage


TABLE_SHARE, WIDE_TABLE_SHARE = 43, 50
NARROW = 1000
LEAST_ROWS, TILES_A_ROW = 3, 3
LEADS = ("waiting_at_end", "wait.mean", "wait.within_target", Place("people"), "ratings.rate")
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

    def __init__(self, look: Look, past: PastDays | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self.head = PageHead(look)
        self.head.set_title(_("Today", context="page"))
        self.report_button = PrimaryButton(
            look, _("Daily report", context="manager"), icon="document", height=48, px=17
        )
        self.note_button = SecondaryButton(look, "", icon="edit")
        self.note_button.setToolTip(_("Note what explains the day's load"))
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
        self._compact = False
        self._gap, self._foot = 12, 20
        self.windows = EvenGrid(look, share_last=False)
        self.ribbon = RibbonView(look)
        self.day = Showing(self.ribbon, past)
        self.services = ServiceTable(look)
        self.services.set_words(
            title=_("Service"),
            waiting=_("Waiting", context="column"),
            longest=_("Longest", context="column"),
            mean=_("Mean (min)", context="column"),
        )
        self._build()
        self.report_button.clicked.connect(self.report_wanted)
        self.alerts.place_wanted.connect(self._go)
        self.alerts.seen.connect(self.alert_seen)
        for button in (self.note_button, self.notes):
            button.clicked.connect(self.notes_wanted)
        self.services.picked.connect(self._pick_service)
        self.figures.picked.connect(self._pick_figure)
        self.ribbon.picked.connect(self._pick_stroke)
        self.unheard.acted.connect(self.unheard_noted)
        look.changed.connect(self._relook)

    def _build(self) -> None:
        look = self._look
        self._column = column = QVBoxLayout(self)
        spread(look, column, (PAGE, 16, PAGE, 20), 12)
        column.addWidget(self.head)
        column.addWidget(self.alerts)
        column.addWidget(self.unheard)
        column.addWidget(self.notes)
        column.addWidget(self.figures)
        column.addWidget(self.ribbon, 1)
        self._lower = lower = QHBoxLayout()
        spread(look, lower, spacing=12)
        inner = QWidget()
        column_of = QVBoxLayout(inner)
        spread(look, column_of, spacing=0)
        column_of.addWidget(self.windows)
        column_of.addStretch(1)
        # With large text, or many windows, the cards scroll like the table beside them.
        self._area = GroundArea(inner)
        lower.addWidget(self._area, 100 - TABLE_SHARE)
        lower.addWidget(self.services, TABLE_SHARE)
        column.addLayout(lower)

    # -- what is shown -----------------------------------------------------------------------------------------------

    def set_alerts(self, texts: Sequence[AlertText]) -> None:
        self._alerts = tuple(texts)
        self._show_alerts()

    def set_away(self, away: bool) -> None:
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
            self.unheard.set_banner(text.level, text.title, text.second, button=text.button, icon=text.icon)
        self.unheard.setVisible(alone)
        self.alerts.set_elsewhere(alone)
        among = [] if alone or text is None else [text]
        self.alerts.set_alerts(sorted([*self._alerts, *among], key=lambda each: (each.is_seen, each.level != "red")))

    @property
    def _is_large(self) -> bool:
        return self._look.scale.is_large

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

    def set_figures(self, figures: Sequence[Figure], leads: Sequence[object] = LEADS) -> None:
        self._figures = tuple(figures)
        self.figures.set_figures(self._figures, leads)

    def set_windows(self, texts: Mapping[str, WindowText]) -> None:
        """Show a card for each window; the cards are kept while the set-up has the same windows."""
        if list(texts) != list(self.cards):
            discard(self.cards.values())
            self.cards = {code: WindowCard(self._look, text) for code, text in texts.items()}
            for code, card in self.cards.items():
                card.clicked.connect(partial(self._pick_window, code))
            few = len(self.cards) <= TILES_A_ROW * TILES_A_ROW
            self.windows.set_most(TILES_A_ROW if few else None)
            self.windows.set_widgets(list(self.cards.values()))
        self._texts = dict(texts)
        self._fill_cards()

    def _lay_cards(self, width: int, *, compact: bool) -> None:
        """Make the cards two lines high where that is asked for."""
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
        """Return what a card of that width has room for: the name in full, shortened, or not at all, but never cut."""
        look, room = self._look, width - 2 * self._look.gap(CARD_PAD)
        above = room - (width_of(look.font(20, bold=True), text.ticket) + look.px(8) if self._compact else 0)
        left = above - width_of(look.font(17, bold=True), text.number) - look.px(8)
        forms = (form for form in name_forms(text.staff) if width_of(look.font(15), form) <= left)
        return replace(text, staff=next(forms, ""))

    def set_services(self, rows: Sequence[ServiceRowText]) -> None:
        self.services.set_rows(rows)
        self._fit()

    def left_as(self) -> tuple[()]:
        return ()

    def take_up(self, left: tuple[()]) -> None:
        """Nothing is chosen in it."""

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

    def _pick_stroke(self, label: str) -> None:
        self.place_wanted.emit(Place("tickets", ticket=label))

    def _pick_window(self, code: str) -> None:
        self.place_wanted.emit(Place("tickets", window=code))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def minimumSizeHint(self) -> QSize:
        """Return the least size, with windows and services as low as they may be: what they have now is for the height
        of now, and a window has to be able to get lower."""
        size, lower = super().minimumSizeHint(), self._area.minimumHeight()
        return size - QSize(0, max(0, lower - self.services.minimumSizeHint().height()))

    def _relook(self) -> None:
        self._show_alerts()
        self._show_notes()
        self._fit()

    def _fit(self) -> None:
        """Share the height: windows and services get what they need, the ribbon the rest. If that is too little,
        figures and gaps shrink, then the windows' cards, then the table scrolls."""
        look = self._look
        width = self.width() - 2 * look.gap(PAGE)
        self.services.set_small_head(width < look.px(NARROW))
        wanted = WIDE_TABLE_SHARE if self._is_large else ceil(100 * self.services.wanted_width() / max(1, width))
        share = min(max(wanted, TABLE_SHARE), WIDE_TABLE_SHARE)
        self._lower.setStretch(0, 100 - share)
        self._lower.setStretch(1, share)
        left = round((width - look.gap(12)) * (100 - share) / 100)
        ribbon = self.ribbon
        least, whole, most = ribbon.minimumSizeHint().height(), ribbon.sizeHint().height(), ribbon.most_height()
        lower = 0
        for compact, tight, enough in ((False, False, whole), (False, True, least), (True, True, 0)):
            self._set_tight(tight or self._is_large)
            self._lay_cards(left, compact=compact or self._is_large)
            lower = max(self.windows.heightForWidth(left), self.services.least_height())
            if self._room(width) - lower >= enough:
                break
        room = self._room(width)
        wanted = max(self.windows.heightForWidth(left), self.services.least_height(UNBOUND))
        lower = max(min(wanted, room - whole), min(lower, room - least), room - most)
        for below in (self._area, self.services):
            below.setFixedHeight(max(lower, self.services.minimumSizeHint().height()))
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
        """Return the height that ribbon, windows and services have together, less the gap between them."""
        look = self._look
        above: list[QWidget] = [self.head, self.figures]
        above += [strip for strip in (self.alerts, self.unheard, self.notes) if not strip.isHidden()]
        used = sum(_height_of(widget, width) for widget in above)
        return self.height() - used - look.gap(16 + self._foot) - look.gap(self._gap) * (len(above) + 1)


def _height_of(widget: QWidget, width: int) -> int:
    wished = widget.heightForWidth(width) if widget.hasHeightForWidth() else widget.sizeHint().height()
    return min(wished, widget.maximumHeight())


# -- filling the page -------------------------------------------------------------------------------------------------


def fill_today(page: TodayPage, state: HallState, day: date, now: datetime, beside: Sequence[AlertText] = ()) -> None:
    """Show the hall on `page` as of `now`; `beside` needs attention too."""
    figures, setup = day_figures(state, day, now), set_up(state)
    texts = [*rated_low(state), *alert_texts(state, now), *aside_texts(state), *overdue(state, day), *beside]
    page.set_alerts(reachable(setup, texts))
    page.set_notes(note_texts(state, day))
    leads = [way if not isinstance(way, Place) or is_there(setup, way) else None for way in LEADS]
    page.set_figures(five_figures(state, figures, now), leads)
    page.set_windows(window_cards(state, now))
    page.set_services(service_rows(state, figures, now))


# -- what asks to be looked at: two strips side by side, the rest behind one word --------------------------------------

# -- one alert --------------------------------------------------------------------------------------------------------


class _SeenButton(Button):
    """A word in the alert's own colour, without an edge: it leads nowhere."""

    fill, fill_hover, fill_down = "", "surface", "surface"
    edge = ""

    def _padding(self) -> int:
        return self.look.px(10)

    def take(self, token: str) -> None:
        self.ink = self.ink_down = token
        self.update()


class AlertStrip(Banner):
    """One alert; `seen` says that the quiet button was pressed, `acted` the other one."""

    seen = Signal()
    _seen: _SeenButton | None = None

    def __init__(self, look: Look, *, height: float = 52, parent: QWidget | None = None) -> None:
        super().__init__(look, stacked=True, height=height, parent=parent)
        self._seen = _SeenButton(look, "", height=40, px=16, parent=self)
        self._seen.clicked.connect(self.seen)
        # Read and reached from left to right.
        QWidget.setTabOrder(self._seen, self.button())

    def set_alert(self, text: AlertText) -> None:
        """Show an alert; the person who has seen it is in its second line, without the quiet button."""
        seen = self._seen
        if seen is not None:
            seen.setText(_("Seen", context="alert"))
            seen.setAccessibleName(_("Seen: {alert}", alert=text.title))
            seen.take("blue" if text.is_seen else text.level)
            seen.setVisible(bool(text.kind) and not text.is_seen)
        level = "blue" if text.is_seen else text.level
        self.set_banner(level, text.title, text.second, button=text.button, icon="check" if text.is_seen else text.icon)
        self.setToolTip(f"{text.title}\n{text.second}")

    def set_away(self, away: bool) -> None:
        """While the hall is away nobody can be noted as having seen it; its target can be opened."""
        self.seen_button().set_held(away)

    def seen_button(self) -> Button:
        if self._seen is None:
            raise ValueError("a strip that is not built yet")
        return self._seen

    def seen_width(self) -> int:
        return self.seen_button().sizeHint().width() + self.look.px(6)

    def _text_right(self) -> int:
        if self._seen is None or self._seen.isHidden():
            return super()._text_right()
        return self._seen.x() - self.look.px(8)

    def _place(self) -> None:
        super()._place()
        if self._seen is not None:
            size = self._seen.sizeHint()
            self._seen.resize(size)
            button = self.button()
            right = self.width() - self.look.px(10) if button.isHidden() else button.x() - self.look.px(6)
            self._seen.move(right - size.width(), (self.height() - size.height()) // 2)


SHOWN = 2
HEIGHT = 52


class _Calm(Follows, QWidget):
    """Says that nothing asks for the manager now; it keeps the room of the strips."""

    spoken_role = TEXT

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.follow(look)
        self._text = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_text(self, text: str) -> None:
        self._text = text
        self.setAccessibleName(text)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self.look.px(300), self.look.px(HEIGHT))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, look, rect = Painter(self, self.look), self.look, QRectF(self.rect())
        painter.box(rect, 12, "", edge="edge" if look.theme.outlined else "line")
        painter.icon("check", "primary", look.px(18), (self.height() - look.px(22)) / 2, 22)
        left = look.px(56)
        room = QRectF(left, 0, self.width() - left, self.height())
        painter.words_in(self._text, look.font(16), "ink2", room, Qt.AlignmentFlag.AlignLeft)


class AlertsDialog(Dialog):
    """Every alert, each with its buttons; alerts that somebody has seen come last and say who."""

    place_wanted = Signal(object)
    seen = Signal(object)

    def __init__(self, host: QWidget, look: Look, texts: Sequence[AlertText], *, is_away: bool = False) -> None:
        super().__init__(host, look, title=_("Needs attention now"), width=720)
        self.strips: list[AlertStrip] = []
        for text in texts:
            strip = AlertStrip(self.look)
            strip.set_alert(text)
            strip.set_away(is_away)
            strip.acted.connect(partial(self._go, text))
            strip.seen.connect(partial(self._note, text))
            self.body.addWidget(strip)
            self.strips.append(strip)
        self.put_answers(_("Back"))

    def _go(self, text: AlertText) -> None:
        self.close_dialog()
        self.place_wanted.emit(text.place)

    def _note(self, text: AlertText) -> None:
        self.close_dialog()
        self.seen.emit(text)


class AlertsRow(QWidget):
    """`place_wanted` gives the target Place of a strip's button, `seen` the AlertText that somebody has seen."""

    place_wanted = Signal(object)
    seen = Signal(object)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self.texts: list[AlertText] = []
        self._elsewhere = self._is_away = False
        self._row = row = QHBoxLayout(self)
        spread(look, row, spacing=12)
        self.strips = [AlertStrip(look, height=HEIGHT) for _number in range(SHOWN)]
        self.calm = _Calm(look)
        self.more = TextButton(look, "", height=HEIGHT)
        for number, strip in enumerate(self.strips):
            strip.acted.connect(partial(self._go, number))
            strip.seen.connect(partial(self._note, number))
            row.addWidget(strip, 1)
        row.addWidget(self.calm, 1)
        row.addWidget(self.more)
        self.more.clicked.connect(self.show_all)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        for widget in (*self.strips, self.more):
            widget.hide()

    def set_alerts(self, texts: Sequence[AlertText]) -> None:
        """Show the first two; the others are counted."""
        self.texts = list(texts)
        self._show()

    def set_away(self, away: bool) -> None:
        """While the hall is away one can look, but not act; an open list of all of them follows."""
        self._is_away = away
        opened = self.window().findChildren(AlertsDialog)
        for strip in (*self.strips, *(strip for dialog in opened for strip in dialog.strips)):
            strip.set_away(away)

    @property
    def is_calm(self) -> bool:
        return not self.texts and not self._elsewhere

    def set_elsewhere(self, asks: bool) -> None:
        """Set whether something else on the page needs attention: then it does not say that nothing does."""
        self._elsewhere = asks
        self._show()

    def _show(self) -> None:
        shown, fresh = self._room_for(), self._fresh
        for number, strip in enumerate(self.strips):
            text = fresh[number] if number < min(shown, len(fresh)) else None
            if text is not None:
                strip.set_alert(text)
            strip.setVisible(text is not None)
        self.calm.set_text(_("Nothing new needs you") if self.texts else _("Nothing needs you now"))
        self.calm.setVisible(not fresh)
        self.setVisible(bool(self.texts) or not self._elsewhere)
        words = self._more_words(shown)
        self.more.setText(words)
        self.more.setVisible(bool(words))

    @property
    def _fresh(self) -> list[AlertText]:
        return [text for text in self.texts if not text.is_seen]

    def _room_for(self) -> int:
        """Return the number of strips with room for all their words, 1 or SHOWN; share the width by need."""
        look, seen = self._look, self.strips[0].seen_width()
        needs = []
        for number, text in enumerate(self._fresh[:SHOWN]):
            words = max(width_of(look.font(17, bold=True), text.title), width_of(look.font(15), text.second))
            need = words + width_of(look.font(16, bold=True), text.button) + look.px(56 + 8 + 36 + 18)
            need += seen if text.kind else 0
            needs.append(need)
            self._row.setStretch(number, round(need))
        if len(needs) < SHOWN:
            return SHOWN
        has_more = len(self.texts) > SHOWN
        more = (
            width_of(look.font(17, bold=True), self._more_words(SHOWN)) + look.px(20) + look.gap(12) if has_more else 0
        )
        return SHOWN if sum(needs) + look.gap(12) + more <= self.width() else 1

    def _more_words(self, shown: int) -> str:
        fresh = self._fresh
        rest, seen = len(fresh) - min(shown, len(fresh)), len(self.texts) - len(fresh)
        words = [
            n_("{n} more", "{n} more", rest, context="alerts") if rest else "",
            n_("{n} seen", "{n} seen", seen, context="alerts") if seen else "",
        ]
        return " · ".join(word for word in words if word)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show()

    def show_all(self) -> None:
        dialog = AlertsDialog(self.window(), self._look, self.texts, is_away=self._is_away)
        dialog.place_wanted.connect(self.place_wanted)
        dialog.seen.connect(self.seen)
        dialog.open_dialog()

    def _go(self, number: int) -> None:
        if number < len(self._fresh):
            self.place_wanted.emit(self._fresh[number].place)

    def _note(self, number: int) -> None:
        if number < len(self._fresh):
            self.seen.emit(self._fresh[number])


TODAY, SHEETS = "staff-today", "sheets"


class StaffSection(TabbedPages):
    """`roster_wanted` asks for who is planned where."""

    key = STAFF
    roster_wanted = Signal()

    def __init__(self, controller: ManagerController, parent: QWidget | None = None) -> None:
        super().__init__(controller, parent)
        self.pages.add_late(TODAY, "", lambda: _("Today", context="page"), self._make_today, self._show_today)
        self._add_features()
        self.pages.rename(SHEETS, self._sheets_name)
        self._waiting = 0

    # Each loads its module when it is made: the first frame waits for none of them.

    def _make_today(self) -> StaffPage:
        from queuedesk.stations.manager.today.staff_page import StaffPage

        feed = self._controller.context.feed
        page = StaffPage(self._controller.context.look, lambda: feed.setup.uses("windows_needed"))
        page.roster_wanted.connect(self.roster_wanted)
        return page

    def _show_today(self, now: datetime) -> None:
        self.today.refresh(self._controller.state, self._controller.day, now)

    def _sheets_name(self) -> str:
        return _("Sheets, {n} to decide", n=self._waiting) if self._waiting else _("Sheets")

    def refresh(self, now: datetime) -> None:
        waiting = sum(one.is_open for one in self._controller.state.disputes.values())
        if waiting != self._waiting:
            self._waiting = waiting
            self.show_tabs()
        super().refresh(now)

    @property
    def today(self) -> StaffPage:
        return cast("StaffPage", self.pages.page(TODAY))

    def name(self) -> str:
        return _("Staff", context="page")
