"""Why customers are dissatisfied: reasons as shares with intervals, the stretch without a break, and their comments as
cards beside their ticket's facts. What reads them, marks comments as read, thanks for them and opens cases of them
works beside the window."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import partial
from math import ceil
from typing import Any

from msgspec import Struct
from PySide6.QtCore import QObject, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from queuedesk.core.charts.chart import HoverTextAndTarget, SurfaceRect
from queuedesk.core.charts.layout import LaidOutChart
from queuedesk.core.errors import QueueDeskError
from queuedesk.core.figures.comparing import NOTHING
from queuedesk.core.figures.satisfaction import ShareWithInterval
from queuedesk.core.quality import case as cases
from queuedesk.core.quality import figures as quality_figures
from queuedesk.core.quality.case import COMMENT_RATING, CustomerComment, FigureChange
from queuedesk.core.quality.thanks import COMMENT, last_clerk_of
from queuedesk.core.queue.ticket import Ticket, whole_seconds_between
from queuedesk.core.setup.rows import Setup
from queuedesk.desk.change import Document
from queuedesk.desk.quality import casework, hearing, thanking
from queuedesk.features.low_ratings import rules
from queuedesk.i18n import _, date_short, error_sentence, figure_range, moment_short, n_, rating_level_words
from queuedesk.i18n import quality as quality_words
from queuedesk.i18n.figures.figure_titles import rating_reason_words
from queuedesk.i18n.moments import list_text
from queuedesk.i18n.names import item_name, percent_text, service_name, whole_number_text
from queuedesk.i18n.queue.line_words import promised_wait_text
from queuedesk.stations.acts.ticket_acts import SpokenCommentAsker, ThanksDialog
from queuedesk.stations.manager.controller import ManagerController
from queuedesk.stations.manager.figures.chart import CaseCitationAndChangesCard
from queuedesk.stations.manager.figures.drilldown_page import (
    CitationMenu,
    citation_action,
    target_of_citing_case_or_project,
)
from queuedesk.stations.manager.figures.figures_controller import CitingController
from queuedesk.stations.manager.pages import ControllerCache
from queuedesk.stations.manager.parts.page import ManagerPage, PageAct, PageSpec
from queuedesk.stations.manager.parts.page_controller import PageController
from queuedesk.stations.manager.quality.case_texts import WordsDeletion
from queuedesk.stations.manager.today.alert_words import CASES, ButtonTarget
from queuedesk.stations.talk import store_comment_then_call_back
from queuedesk.stations.widgets import buttons
from queuedesk.stations.widgets.charts.chart_view import ChartView, LookMeasures
from queuedesk.stations.widgets.charts.figures import LEAST_WIDE
from queuedesk.stations.widgets.lists.strips import Toast
from queuedesk.stations.widgets.paint import GROUP, FollowsLook, Painter, draw_face
from queuedesk.stations.widgets.panels import (
    Card,
    EmptyState,
    Label,
    VerticalScrollArea,
    remove_and_delete_widgets,
    set_scaled_margins,
)
from queuedesk.stations.widgets.questions.dialogs import Dialog, DropDown, FormField, SearchField
from queuedesk.stations.window.context import StationContext
from queuedesk.stations.window.style import NARROW_UNDER, Look


class DotRowsChart(ChartView):
    """Each row's word and each dot is a point."""

    def __init__(self, look: Look) -> None:
        super().__init__(look, is_fixed=True, is_bare=True)
        self.panels: tuple[rules.DotColumnHead, ...] = ()
        self.rows: tuple[rules.DotRow, ...] = ()
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def set_rows(self, title: str, panels: Sequence[rules.DotColumnHead], rows: Sequence[rules.DotRow]) -> None:
        """Show other rows; each has a dot, or None, for each of `panels`."""
        self.panels, self.rows, self._layout = tuple(panels), tuple(rows), None
        self.set_points(
            title, ", ".join(f"{row.word} {row.number}" for row in rows), rules.row_and_dot_hover_targets(rows)
        )

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return ceil(rules.dot_rows_height(self.panels, self.rows, LookMeasures(self.look), width))

    def sizeHint(self) -> QSize:
        wide = self.look.large_px(LEAST_WIDE)
        return QSize(wide, self.heightForWidth(max(wide, self.width())))

    def minimumSizeHint(self) -> QSize:
        wide = self.look.large_px(LEAST_WIDE)
        return QSize(wide, self.heightForWidth(max(wide, self.width())))

    def _lay_out(self, screen: LookMeasures, room: SurfaceRect) -> LaidOutChart:
        return rules.dot_rows_chart_layout(self.panels, self.rows, screen, room)


COMMENT_DAYS = 91
"""So far back comments are shown: a quarter."""


class RatingsAndComments(Struct, frozen=True):
    """What was read: the ratings of the dates from `first` to `last`, and the comments of the last quarter."""

    first: date
    last: date
    visits: tuple[quality_figures.RatedVisit, ...]
    comments: tuple[CustomerComment, ...]


class LowRatingsController(PageController[RatingsAndComments]):
    """Reads `dates`. `marked` gives the id of a comment and whether it is read now, `opened` the number of the case
    that a comment became; `citing` lets a case cite what was found."""

    marked = Signal(str, bool)
    opened = Signal(str)

    def __init__(self, context: StationContext, parent: QObject | None = None) -> None:
        super().__init__(context, parent)
        self.dates = (self.today, self.today)
        self.citing = CitingController(context, self)

    @property
    def today(self) -> date:
        return self.context.feed.business_date

    def load_ratings_of_dates(self, dates: tuple[date, date]) -> None:
        """Read these dates, unless they were read and nobody has rated or said anything since."""
        self.dates = dates
        self.refresh()

    def _read_function(self) -> Callable[[], RatingsAndComments]:
        return partial(_read_rated_visits_and_comments, self.context, *self.dates)

    def _dependency_key(self) -> object:
        """Return the dates, and what differs as soon as a customer has said anything more today."""
        state = self.context.feed.state
        explained = sum(one.reasons for one in state.ratings.values())
        opinions = sum(1 + one.explained for one in state.opinions.values())
        read = [(one.id, one.read) for one in state.read_comments.values()]
        newest, spoken = max(state.cases, default=0), len(state.spoken_comments)
        return self.dates, self.today, newest, len(state.ratings), explained, opinions, spoken, tuple(read)

    def mark_comment_read_or_unread(self, id: str, *, read: bool = True) -> None:
        """Mark a comment as read, or take the mark back."""
        context = self.context
        ask = context.new_ask()

        def done(_document: Document) -> None:
            self.marked.emit(id, read)

        work = partial(thanking.mark_comment_read, context.desk, ask, id, read=read)
        context.tasks.run(work, done, partial(self.refused.emit, "read"))

    def thank_clerk(self, one: CustomerComment, staff: str, words: str) -> None:
        """Thank who served a comment's ticket, and mark the comment as read."""
        context, ticket = self.context, one.ticket
        ask = context.new_ask()

        def thank() -> Document:
            return thanking.record_thanks(
                context.desk,
                ask,
                staff,
                ticket=ticket.label if ticket is not None else None,
                day=ticket.date if ticket is not None else None,
                words=words,
                source=COMMENT,
            )

        context.tasks.run(
            thank, lambda _document: self.mark_comment_read_or_unread(one.id), partial(self.refused.emit, "thanks")
        )

    def open_case(self, one: CustomerComment) -> None:
        """Make a case of a comment, of the hall's class for low ratings, and mark it as read."""
        context = self.context
        klass = casework.case_class_of_low_rating(context.feed.setup)
        if klass is None:
            return
        ticket = one.ticket
        complaint = casework.NewCaseData(
            klass=klass,
            source=cases.RATING if one.source == COMMENT_RATING else cases.COMMENT,
            kept=one.kept,
            ref=one.id,
            ticket=ticket.label if ticket is not None else None,
            day=ticket.date if ticket is not None else None,
        )
        ask = context.new_ask()

        def done(document: Document) -> None:
            self.opened.emit(document["number"])
            self.mark_comment_read_or_unread(one.id)

        work = partial(casework.open_case, context.desk, ask, complaint)
        context.tasks.run(work, done, partial(self.refused.emit, "open"))


def _read_rated_visits_and_comments(context: StationContext, first: date, last: date) -> RatingsAndComments:
    now = context.clock()
    visits = hearing.rated_visits(context.desk, first, last, now)
    today = context.feed.business_date
    comments = hearing.comments_between(context.desk, today - timedelta(days=COMMENT_DAYS - 1), today)
    return RatingsAndComments(first, last, tuple(visits), tuple(comments))


FACE = 18
MOST_SHOWN = 60
"""More cards than that are found by searching."""


def comment_card_facts(setup: Setup, one: CustomerComment) -> tuple[str, str, str]:
    """Return what a card says besides the words: what for, how it was rated, how long it waited against what was
    told."""
    ticket = one.ticket
    level = rating_level_words(one.level) if one.level else ""
    reasons = list_text([rating_reason_words(tag) for tag in one.tags]) if one.tags else ""
    said = " · ".join(part for part in (level, reasons) if part)
    if ticket is None:
        return "", said, ""
    leg = ticket.legs[0]
    what = " · ".join(
        part for part in (service_name(setup, ticket.service), item_name(setup, ticket.service, ticket.item)) if part
    )
    waited = ""
    if leg.called is not None:
        minutes = whole_seconds_between(leg.joined, leg.called) // 60
        waited = _("wait {n} min", n=minutes) if minutes else _("called at once")
        if minutes and ticket.promise.low is not None:
            waited = _("wait {n} min, estimate {told}", n=minutes, told=promised_wait_text(ticket.promise))
    return what, said, waited


class RatingFaceIcon(FollowsLook, QWidget):
    """The face of a rating, as small as a letter."""

    def __init__(self, look: Look, level: int) -> None:
        super().__init__()
        self._level = level
        self.follow_look(look)

    def sizeHint(self) -> QSize:
        return QSize(self.look.px(FACE), self.look.px(FACE))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        side = self.look.px(FACE) - 2
        rect = QRectF(1, (self.height() - side) / 2, side, side)
        draw_face(Painter(self, self.look), rect, self._level, self.look.color("ink"))


class CommentCard(Card):
    """One comment. `read_wanted` says whether it is to be marked as read, `story_wanted` leads to its ticket,
    `case_wanted` to its case, or asks for one."""

    spoken_role = GROUP

    read_wanted = Signal(bool)
    story_wanted = Signal()
    case_wanted = Signal()
    thanks_wanted = Signal()
    forget_wanted = Signal()

    def __init__(self, look: Look, setup: Setup, one: CustomerComment, *, held: bool, first: bool) -> None:
        super().__init__(look)
        self.comment = one
        column = QVBoxLayout(self)
        set_scaled_margins(look, column, (16, 14, 16, 10), 6)
        local = setup.to_hall_time(one.time)
        when = f"{moment_short(local)} · {quality_words.comment_source_text(setup, one)}"
        head = QHBoxLayout()
        set_scaled_margins(look, head, spacing=10)
        label = one.ticket.label if one.ticket is not None else "—"
        head.addWidget(Label(look, label, px=20, bold=True), 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(Label(look, when, px=15, token="ink2", wrap=True), 1)
        self.story_button = buttons.TextButton(look, _("History"), trailing="arrow-right", height=44, px=16)
        self.story_button.setAccessibleName(_("History of {ticket}", ticket=label))
        self.story_button.setVisible(one.ticket is not None)
        self.story_button.clicked.connect(self.story_wanted)
        head.addWidget(self.story_button, 0, Qt.AlignmentFlag.AlignTop)
        column.addLayout(head)
        column.addWidget(Label(look, one.text, px=18, wrap=True))
        what, said, waited = comment_card_facts(setup, one)
        if what:
            column.addWidget(Label(look, what, px=15, token="ink2", wrap=True))
        if said:
            row = QHBoxLayout()
            set_scaled_margins(look, row, spacing=8)
            if one.level:
                row.addWidget(RatingFaceIcon(look, one.level), 0, Qt.AlignmentFlag.AlignTop)
            row.addWidget(Label(look, said, px=15, bold=True, wrap=True), 1)
            column.addLayout(row)
        if waited:
            column.addWidget(Label(look, waited, px=15, token="ink2", wrap=True))
        self.setAccessibleName(", ".join(part for part in (label, when, one.text, what, said, waited) if part))
        keys = QHBoxLayout()
        set_scaled_margins(look, keys, spacing=12)
        kind = buttons.PrimaryButton if first else buttons.SecondaryButton
        words = _("Case {number}", number=one.case, context="story") if one.case else _("Open a case")
        self.case_button: buttons.Button = kind(
            look, words, trailing="arrow-right" if one.case else None, height=44, px=16
        )
        self.case_button.setVisible(not one.is_praise or one.case is not None)
        self.case_button.set_disabled_while_away(held and one.case is None)
        self.case_button.clicked.connect(self.case_wanted)
        keys.addWidget(self.case_button)
        self.thanks_button = buttons.SecondaryButton(look, _("Pass on thanks"), height=44, px=16)
        self.thanks_button.setVisible(
            one.is_praise and last_clerk_of(one.ticket) is not None and setup.has_feature("thanks")
        )
        self.thanks_button.set_disabled_while_away(held)
        self.thanks_button.clicked.connect(self.thanks_wanted)
        keys.addWidget(self.thanks_button)
        words = _("Mark as unread") if one.is_read else _("Mark as read")
        self.read_button = buttons.TextButton(look, words, height=44, px=16)
        self.read_button.set_disabled_while_away(held)
        self.read_button.clicked.connect(partial(self.read_wanted.emit, not one.is_read))
        self.forget_button = buttons.IconButton(look, "remove", _("Delete these words …"))
        self.forget_button.set_disabled_while_away(held)
        self.forget_button.clicked.connect(self.forget_wanted)
        keys.addStretch(1)
        keys.addWidget(self.forget_button)
        keys.addWidget(self.read_button)
        column.addLayout(keys)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)


class CommentCards(QWidget):
    """The column of comments. `read_wanted` gives a comment and whether it is to be read, `story_wanted` a Ticket,
    `case_wanted` a comment, `thanks_wanted` one whose clerk is to be thanked, `forget_wanted` one to be deleted.

    ↑ ↓ or J K go from card to card, R marks the one with the focus, C opens a case."""

    read_wanted = Signal(object, bool)
    story_wanted = Signal(object)
    case_wanted = Signal(object)
    thanks_wanted = Signal(object)
    forget_wanted = Signal(object)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._setup: Setup | None = None
        self._comments: tuple[CustomerComment, ...] = ()
        self._held = False
        self._shown: object = None
        self.is_all = False
        self.cards: list[CommentCard] = []
        self.title = Label(look, px=18, bold=True, wrap=True)
        self.all_button = buttons.TextButton(look, "", height=44, px=16)
        self.all_button.clicked.connect(self._toggle_all_or_unread_comments)
        self.search = SearchField(look, height=48, px=17)
        self.search.set_texts(_("Words, or a number"), "")
        self.search.typed.connect(self._fill_comment_cards)
        self.search.hide()
        self.empty = EmptyState(look, "message")
        inside = QWidget()
        self._list = QVBoxLayout(inside)
        set_scaled_margins(look, self._list, (0, 0, 8, 0), 10)
        self._list.addWidget(self.empty)
        self._list.addStretch(1)
        self.area = VerticalScrollArea(inside)
        head = QHBoxLayout()
        set_scaled_margins(look, head, spacing=12)
        head.addWidget(self.title, 1, Qt.AlignmentFlag.AlignVCenter)
        head.addWidget(self.all_button)
        column = QVBoxLayout(self)
        set_scaled_margins(look, column, spacing=6)
        column.addLayout(head)
        column.addWidget(self.search)
        column.addWidget(self.area, 1)
        self._fill_comment_cards()

    def show_comments(self, setup: Setup, comments: Sequence[CustomerComment]) -> None:
        """Show other comments, newest first."""
        self._setup, self._comments = setup, tuple(comments)
        self._fill_comment_cards()

    def set_disabled_while_away(self, held: bool) -> None:
        """While the hall is away one can read, but mark nothing."""
        self._held = held
        for card in self.cards:
            card.read_button.set_disabled_while_away(held)
            card.case_button.set_disabled_while_away(held and card.comment.case is None)
            card.thanks_button.set_disabled_while_away(held)
            card.forget_button.set_disabled_while_away(held)

    def _toggle_all_or_unread_comments(self) -> None:
        self.show_all_or_unread(not self.is_all)

    def show_all_or_unread(self, is_all: bool) -> None:
        """Show all comments, or those that nobody has read."""
        self.is_all = is_all
        self.search.setVisible(is_all)
        self._fill_comment_cards()

    def _fill_comment_cards(self, _typed: str = "") -> None:
        unread = [one for one in self._comments if not one.is_read]
        n = len(unread)
        self.title.setText(n_("{n} unread comment", "{n} unread comments", n))
        self.all_button.setText(_("Unread") if self.is_all else _("All {n}", n=len(self._comments)))
        words = self.search.edit.text() if self.is_all else ""
        found = [one for one in self._comments if one.is_match_for_words(words)] if self.is_all else unread
        shown = found[:MOST_SHOWN]
        if self._setup is None or shown == self._shown:
            return
        self._shown = shown
        had = next((at for at, card in enumerate(self.cards) if card.isAncestorOf(self.focusWidget() or self)), None)
        remove_and_delete_widgets(self.cards, self._list)
        first = next((at for at, one in enumerate(shown) if not (one.is_praise or one.case)), None)
        self.cards = [self._new_comment_card(self._setup, one, first=at == first) for at, one in enumerate(shown)]
        for at, card in enumerate(self.cards):
            self._list.insertWidget(at, card)
        if had is not None and self.cards:
            self.cards[min(had, len(self.cards) - 1)].setFocus()
        if words:
            self.empty.set_texts(_("No comment has these words"))
        elif self._comments:
            self.empty.set_texts(_("All comments are read"), _("New ones appear here by themselves."))
        else:
            self.empty.set_texts(
                _("No comments yet"), _("What customers type after a rating, or tell somebody here, is shown here.")
            )
        self.empty.setVisible(not self.cards)

    def _new_comment_card(self, setup: Setup, one: CustomerComment, *, first: bool) -> CommentCard:
        card = CommentCard(self._look, setup, one, held=self._held, first=first)
        card.case_wanted.connect(partial(self.case_wanted.emit, one))
        card.thanks_wanted.connect(partial(self.thanks_wanted.emit, one))
        card.forget_wanted.connect(partial(self.forget_wanted.emit, one))
        card.read_wanted.connect(partial(self.read_wanted.emit, one))
        card.story_wanted.connect(partial(self.story_wanted.emit, one.ticket))
        return card

    def keyPressEvent(self, event: QKeyEvent) -> None:
        at = next(
            (
                n
                for n, card in enumerate(self.cards)
                if card.hasFocus() or card.isAncestorOf(self.focusWidget() or self)
            ),
            None,
        )
        step = {Qt.Key.Key_J: 1, Qt.Key.Key_Down: 1, Qt.Key.Key_K: -1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
        if step is not None and self.cards:
            to = 0 if at is None else min(max(0, at + step), len(self.cards) - 1)
            self.cards[to].setFocus(Qt.FocusReason.ShortcutFocusReason)
            self.area.ensureWidgetVisible(self.cards[to])
        elif event.key() == Qt.Key.Key_R and at is not None and not self._held:
            one = self.cards[at].comment
            self.read_wanted.emit(one, not one.is_read)
        elif event.key() == Qt.Key.Key_C and at is not None and self.cards[at].case_button.isVisible():
            self.cards[at].case_button.click()
        else:
            super().keyPressEvent(event)


SPANS = (28, 7, 91, 182)
CITED_DAYS = 0
"""The span of the dates that a case cites."""
MOST_ROWS = 12
COMMENTS_WIDE = 366


def _share_with_interval_text(one: ShareWithInterval) -> str:
    """Return "8.0 %, 5.7–11.1 %, 31 of 388"."""
    return _(
        "{rate} %, {range} %, {n} of {of}",
        rate=percent_text(one.rate),
        range=figure_range(percent_text(one.low), percent_text(one.high)),
        n=whole_number_text(one.n),
        of=whole_number_text(one.of),
    )


def _share_dot_if_known(
    one: ShareWithInterval, said: Sequence[str], leads: object, *, stands_out: bool = False
) -> rules.Dot | None:
    if one.rate is None or one.low is None or one.high is None:
        return None
    point = HoverTextAndTarget((*said, _share_with_interval_text(one)), leads)
    return rules.Dot(one.rate * 100, one.low * 100, one.high * 100, point, stands_out)


class RatingFilterDialog(Dialog):
    """Asks which ratings are to be counted; `wanted` gives the conditions."""

    wanted = Signal(object)

    def __init__(
        self, host: QWidget, look: Look, choices: Mapping[str, Mapping[str, str]], chosen: Mapping[str, str]
    ) -> None:
        super().__init__(host, look, title=_("Which ratings?"), effect=_("Only these are counted."), width=560)
        self.fields: dict[str, DropDown] = {}
        words = {
            quality_figures.SERVICE: _("Service", context="column"),
            quality_figures.WINDOW: _("Window", context="column"),
            quality_figures.HOUR: _("Hour in which they came"),
            quality_figures.CLASS: _("Class", context="column"),
            quality_figures.ITEM: _("Matter", context="column"),
        }
        for by, names in choices.items():
            field = DropDown(self.look)
            field.show_choice(chosen.get(by, ""), {"": _("All", context="filter"), **names})
            field.set_minimum_letters(20)
            self.fields[by] = field
            self.body.addWidget(FormField(self.look, words[by], edit=field, has_line=False))
        self.add_answer_buttons(_("Leave it"), _("Show these"), self._close_and_emit_filter)

    def first_focus_widget(self) -> QWidget:
        return next(iter(self.fields.values()))

    def _close_and_emit_filter(self) -> None:
        chosen = {by: str(field.currentData()) for by, field in self.fields.items() if field.currentData()}
        self.close_dialog()
        self.wanted.emit(chosen)


class LowRatingsPage(ManagerPage):
    """`behind_wanted` asks for the tickets of a reason, a dot, or a comment, `place_wanted` for the case of one."""

    behind_wanted = Signal(str, object, object, str)
    place_wanted = Signal(object)

    def __init__(self, controller: LowRatingsController, parent: QWidget | None = None) -> None:
        self._controller = controller
        look = controller.context.look
        spec = PageSpec(
            title=lambda: quality_words.quality_pages_title(controller.context.feed.setup.hall),
            acts=(
                PageAct(
                    text=lambda: _("Note a spoken comment"),
                    do=self._open_spoken_comment_dialog,
                    icon="message",
                    changes_hall=True,
                ),
                citation_action(self._ask_case_for_citation, controller.context),
            ),
        )
        super().__init__(look, spec, parent)
        self.spoken_button, self.cite_button = self.buttons
        self._cases = CitationMenu(self, controller.citing)
        self.spoken = SpokenCommentAsker(self, look, partial(store_comment_then_call_back, controller.context))
        self._days, self._by = SPANS[0], quality_figures.SERVICE
        self._cited: tuple[str, Mapping[str, Any]] | None = None
        self._cited_dates = (controller.today, controller.today)
        self._only: dict[str, str] = {}
        self.spans, self.ways = DropDown(look), DropDown(look)
        self.ways.setAccessibleName(_("Counted by"))
        self.spans.setAccessibleName(_("Period"))
        for field in (self.ways, self.spans):
            field.activated.connect(self._apply_choices)
        self.filter_button = buttons.FilterPill(look, "", height=44)
        self.filter_button.clicked.connect(self._open_rating_filter)
        self.comments_button = buttons.SecondaryButton(look, "", icon="message", height=44)
        self.comments_button.clicked.connect(self._toggle_comments_and_charts)
        self.add_tools(self.ways, self.spans, self.filter_button, self.comments_button)
        self._build_widgets()
        self._dialog: Dialog | None = None
        self._shows_comments = False
        self.toast: Toast | None = None
        self._undo: Callable[[], None] | None = None
        controller.changed.connect(self._show_loaded_ratings)
        controller.unread.connect(self._show_load_failure)
        controller.marked.connect(self._confirm_comment_marked)
        controller.refused.connect(self.show_act_warning)
        controller.opened.connect(self._announce_opened_case)
        controller.citing.changed_read.connect(self._show_changes_since_citation)
        self.cited.back_button.clicked.connect(self._return_to_citing_case)
        self.spoken.said.connect(self.said)
        self._show_choices_and_load()

    def _show_choices_and_load(self) -> None:
        """Say what is looked at and show it, or ask for it."""
        self.ways.show_choice(
            self._by, {by: quality_words.rating_grouping_words(by) for by in quality_figures.DIMENSIONS}
        )
        spans = {str(days): _span_words(days) for days in SPANS}
        if not self._days:
            spans[str(CITED_DAYS)] = figure_range(*(date_short(day) for day in self._cited_dates))
        self.spans.show_choice(str(self._days), spans)
        self._show_filter_on_button()
        self._show_comments_or_charts_by_width()
        if self._controller.found is None:
            self._show_only_parts(())
            self.empty.hide()
            self._controller.load_ratings_of_dates(self._chosen_or_cited_dates)
        self._show_loaded_ratings()

    def _build_widgets(self) -> None:
        look = self._look
        self.reasons_title = Label(look, _("What went wrong, of all ratings, %"), px=18, bold=True, wrap=True)
        self.legend = Label(look, px=15, token="ink2", wrap=True)
        self.reasons = DotRowsChart(look)
        questions = _("Low answers to the further questions, of those who answered, %")
        self.questions_title = Label(look, questions, px=18, bold=True, wrap=True)
        self.questions = DotRowsChart(look)
        self.few = Label(look, px=15, token="ink2", wrap=True)
        stretch = _("Low ratings by time at the window without a break, %")
        self.stretch_title = Label(look, stretch, px=18, bold=True, wrap=True)
        self.stretch = DotRowsChart(look)
        self.empty = EmptyState(look, "star")
        self.cited = CaseCitationAndChangesCard(look)
        self.cited.hide()
        self.reasons_card = self._card_with_parts(self.reasons_title, self.legend, self.reasons)
        self.questions_card = self._card_with_parts(self.questions_title, self.questions)
        self.stretch_card = self._card_with_parts(self.stretch_title, self.stretch)
        for chart in (self.reasons, self.questions, self.stretch):
            chart.picked.connect(self._open_tickets_behind)
        inside = QWidget()
        column = QVBoxLayout(inside)
        set_scaled_margins(look, column, (0, 0, 8, 0), 12)
        for part in (self.cited, self.empty, self.reasons_card, self.few, self.questions_card, self.stretch_card):
            column.addWidget(part)
        column.addStretch(1)
        self.charts = VerticalScrollArea(inside)
        self.cards = CommentCards(look)
        self.cards.read_wanted.connect(self._mark_comment_read_or_unread)
        self.cards.story_wanted.connect(self._open_ticket_story)
        self.cards.case_wanted.connect(self._open_case)
        self.cards.thanks_wanted.connect(self._open_thanks_dialog)
        self.forgetting = WordsDeletion(self._controller.context, self, partial(self._controller.refresh, anew=True))
        self.cards.forget_wanted.connect(lambda one: self.forgetting.ask_words_deletion(one.id))
        row = QHBoxLayout()
        set_scaled_margins(look, row, spacing=20)
        row.addWidget(self.charts, 1)
        row.addWidget(self.cards)
        self.add_part(row, 1)

    def _card_with_parts(self, *parts: QWidget) -> Card:
        card = Card(self._look)
        column = QVBoxLayout(card)
        set_scaled_margins(self._look, column, (20, 14, 20, 12), 6)
        for part in parts:
            column.addWidget(part)
        return card

    # -- what is asked -----------------------------------------------------------------------------------------------

    def refresh(self, _now: datetime) -> None:
        """Read again when a customer has said anything."""
        self._controller.load_ratings_of_dates(self._chosen_or_cited_dates)

    @property
    def _chosen_or_cited_dates(self) -> tuple[date, date]:
        """The dates that are looked at: the last ones, or those that a case cites."""
        if self._days:
            return self._controller.today - timedelta(days=self._days - 1), self._controller.today
        return self._cited_dates

    def _first_and_last_counted_date(self, found: RatingsAndComments) -> tuple[date, date]:
        """Return the dates that are counted: those that are looked at, as far as they were read."""
        first, last = self._chosen_or_cited_dates
        return max(found.first, first), min(found.last, last)

    def _apply_choices(self) -> None:
        self._by, self._days = str(self.ways.currentData()), int(self.spans.currentData())
        self._hide_citation()
        self._show_loaded_ratings()
        self._controller.load_ratings_of_dates(self._chosen_or_cited_dates)

    def _open_rating_filter(self) -> None:
        self._show_filter_on_button()
        found = self._controller.found
        if found is None:
            return
        setup = self._hall_setup
        choices = {
            by: {
                name: quality_words.rating_group_name(setup, by, name)
                for name in sorted({one.row_name_in_breakdown(by) for one in found.visits})
            }
            for by in quality_figures.DIMENSIONS
        }
        dialog = RatingFilterDialog(self.host_widget, self._look, choices, self._only)
        dialog.wanted.connect(self.filter_ratings)
        dialog.open_dialog()

    def filter_ratings(self, chosen: dict[str, str]) -> None:
        """Count the ratings that have these values, by dimension."""
        self._only = chosen
        self._hide_citation()
        self._show_loaded_ratings()

    def _open_spoken_comment_dialog(self) -> None:
        self.spoken.open_dialog()

    def _open_tickets_behind(self, leads: tuple[quality_figures.Chosen, str]) -> None:
        chosen, title = leads
        found = self._controller.found
        if found is not None:
            self.behind_wanted.emit(
                quality_figures.figure_path_of_rating_conditions((*chosen, *self._only.items())),
                *self._first_and_last_counted_date(found),
                title,
            )

    def _open_ticket_story(self, ticket: Ticket) -> None:
        self.behind_wanted.emit(
            quality_figures.figure_path_of_rating_conditions(((quality_figures.TICKET, ticket.label),)),
            ticket.date,
            ticket.date,
            ticket.label,
        )

    def _mark_comment_read_or_unread(self, one: CustomerComment, read: bool) -> None:
        self._controller.mark_comment_read_or_unread(one.id, read=read)

    def _open_thanks_dialog(self, one: CustomerComment) -> None:
        """Ask what the clerk is told; the comment itself stays here, as the rating screen says."""
        staff, context = last_clerk_of(one.ticket), self._controller.context
        if staff is not None and one.ticket is not None:
            thank, label = partial(self._controller.thank_clerk, one), one.ticket.label
            effect = _("They read what you write here, not the comment, and not for which ticket.")
            ThanksDialog(
                self.host_widget, self._look, context.feed.setup, [staff], thank, label=label, effect=effect
            ).open_dialog()

    def _confirm_comment_marked(self, id: str, read: bool) -> None:
        if self.toast is None:
            self.toast = Toast(self._look, self.host_widget)
            self.toast.undone.connect(self._undo_last_mark)
        self._undo = partial(self._controller.mark_comment_read_or_unread, id, read=False)
        if read:
            self.toast.show_toast(_("Marked as read."), undo=_("Undo"))
        self._controller.load_ratings_of_dates(self._chosen_or_cited_dates)

    def _open_case(self, one: CustomerComment) -> None:
        if one.case is not None:
            self.place_wanted.emit(ButtonTarget(CASES, case=one.case))
        else:
            self._controller.open_case(one)

    def _announce_opened_case(self, number: str) -> None:
        self.said.emit(_("Case {number} opened", number=number), "check")

    def _undo_last_mark(self) -> None:
        if self._undo is not None:
            self._undo()

    def set_hall_away(self, away: bool) -> None:
        """While the hall is away one can look, but not act."""
        self.cards.set_disabled_while_away(away)

    def state_to_restore(self) -> tuple[int, str, dict[str, str], bool, bool, Any] | None:
        if self.toast is not None and self.toast.isVisible():
            return None
        return self._days, self._by, self._only, self._shows_comments, self.cards.is_all, self._cited

    def restore_state(self, left: tuple[int, str, dict[str, str], bool, bool, Any]) -> None:
        self._days, self._by, self._only, self._shows_comments, is_all, cited = left
        self.cards.show_all_or_unread(is_all)
        if cited is not None:
            self.show_citation(*cited)
        else:
            self._show_choices_and_load()

    def stop(self) -> None:
        """Take what it has told off the station's page."""
        if self.toast is not None:
            self.toast.deleteLater()

    # -- cases that cite it ------------------------------------------------------------------------------------------

    def _ask_case_for_citation(self) -> None:
        where = quality_figures.figure_path_of_rating_conditions(((quality_figures.BY, self._by), *self._only.items()))
        dates, cite = self._chosen_or_cited_dates, self._controller.citing.cite
        self._cases.ask_case_or_project(self.cite_button, lambda number: cite(number, where, *dates))

    def show_citation(self, number: str, cites: Mapping[str, Any]) -> None:
        """Show what a case cites: the ratings of then as they are counted now, and above what was counted then."""
        (_by, self._by), *only = quality_figures.rating_conditions_of_path(cites["name"])
        first, last = (date.fromisoformat(cites[name]) for name in ("from", "to"))
        self._hide_citation()
        self._only, self._days, self._cited_dates = dict(only), CITED_DAYS, (first, last)
        self._cited = (number, cites)
        self._shows_comments = False
        self._show_choices_and_load()
        self._controller.load_ratings_of_dates(self._chosen_or_cited_dates)
        self._controller.citing.read_changed_cited_figures(dict(cites))

    def _show_changes_since_citation(self, changed: list[FigureChange]) -> None:
        if self._cited is not None:
            self.cited.tell(self._hall_setup, *self._cited, changed)
            self.cited.show()
            self.cited.back_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _hide_citation(self) -> None:
        self._cited = None
        self.cited.hide()

    def _return_to_citing_case(self) -> None:
        if self._cited is not None:
            number = self._cited[0]
            self._days = SPANS[0]
            self._hide_citation()
            self._show_choices_and_load()
            self.place_wanted.emit(target_of_citing_case_or_project(number))

    # -- what is shown -----------------------------------------------------------------------------------------------

    @property
    def _hall_setup(self) -> Setup:
        return self._controller.context.feed.setup

    def _show_filter_on_button(self) -> None:
        names = [quality_words.rating_group_name(self._hall_setup, by, name) for by, name in self._only.items()]
        self.filter_button.setText(list_text(names) if names else _("All ratings"))
        self.filter_button.setChecked(bool(names))
        self.filter_button.setAccessibleName(_("Which ratings?") + " " + self.filter_button.text())

    def _show_loaded_ratings(self) -> None:
        if (found := self._controller.found) is None:
            return
        self.banner.hide()
        only = tuple(self._only.items())
        first, last = self._first_and_last_counted_date(found)
        why = quality_figures.count_reasons_and_answers(
            (
                one
                for one in found.visits
                if first <= one.day <= last and quality_figures.is_visit_meeting_conditions(one, only)
            ),
            self._by,
        )
        dates = figure_range(date_short(first), date_short(last))
        n = n_("{count} rating", "{count} ratings", why.n, count=whole_number_text(why.n))
        self.head.set_subtitle(f"{dates} · {n}")
        self._show_filter_on_button()
        self._show_reasons(why)
        self._show_low_rate_by_time_at_window(why)
        self.cards.show_comments(self._hall_setup, found.comments)
        unread = sum(not one.is_read for one in found.comments)
        self.comments_button.setText(
            _("Figures", context="comments") if self._shows_comments else _("{n} unread", n=unread, context="comments")
        )

    def _show_reasons(self, why: quality_figures.RatingReasonsAndAnswers) -> None:
        shown = [name for name, n in why.groups.items() if n >= quality_figures.FEWEST]
        panels = [
            rules.DotColumnHead(
                quality_words.rating_group_name(self._hall_setup, why.by, name),
                _("n {n}", n=whole_number_text(why.groups[name])),
            )
            for name in shown
        ]
        rows = [
            self._dot_row(
                row, rating_reason_words(row.key), ((quality_figures.TAG, row.key),), shown, why.by, bold=at < 2
            )
            for at, row in enumerate(why.reasons[:MOST_ROWS])
        ]
        self.reasons.set_rows(self.reasons_title.text(), panels if rows else [], rows)
        asked = [
            self._dot_row(
                row,
                quality_words.rating_question_words(row.key),
                ((quality_figures.LOW, row.key),),
                shown,
                why.by,
                low=row.key,
            )
            for row in why.questions
        ]
        self.questions.set_rows(self.questions_title.text(), panels if asked else [], asked)
        few = [
            _("{name} ({n})", name=quality_words.rating_group_name(self._hall_setup, why.by, name), n=n)
            for name, n in why.groups.items()
            if n < quality_figures.FEWEST
        ]
        legend = _("Dot: share; line: its 95 % range. Press a row or a dot to see its tickets.")
        everybody = _("{line} The number counts all ratings, those without a share too.", line=legend)
        self.legend.setText(everybody if few else legend)
        self.few.setText(
            _("No share below {n} ratings: {names}.", n=quality_figures.FEWEST, names=list_text(few)) if few else ""
        )
        parts = [(self.reasons_card, bool(rows)), (self.questions_card, bool(asked)), (self.few, bool(few and rows))]
        self._show_only_parts([part for part, there in parts if there])
        self.empty.setVisible(not rows)
        if why.n:
            self.empty.set_texts(_("Nobody gave a reason"), _("Reasons are asked for after a low rating."))
        else:
            self.empty.set_texts(_("Nobody rated in these dates"), _("Each rating that is given is counted here."))

    def _show_only_parts(self, parts: Sequence[QWidget]) -> None:
        for part in (self.reasons_card, self.questions_card, self.few):
            part.setVisible(part in parts)

    def _dot_row(
        self,
        row: quality_figures.ReasonOrQuestionRow,
        words: str,
        chosen: quality_figures.Chosen,
        shown: Sequence[str],
        by: str,
        *,
        bold: bool = False,
        low: str = "",
    ) -> rules.DotRow:
        dots = []
        for name in shown:
            group = quality_words.rating_group_name(self._hall_setup, by, name)
            leads = ((*chosen, (by, name)), f"{words} · {group}")
            dots.append(_share_dot_if_known(row.shares[name], (words, group), leads))
        number = whole_number_text(row.n)
        said = _("{n} low answers", n=number) if low else n_("{count} rating", "{count} ratings", row.n, count=number)
        return rules.DotRow(
            word=words, number=number, dots=dots, bold=bold, point=HoverTextAndTarget((words, said), (chosen, words))
        )

    def _show_low_rate_by_time_at_window(self, why: quality_figures.RatingReasonsAndAnswers) -> None:
        self.stretch_card.setVisible(bool(why.stretch))
        rows = []
        for band, one in why.stretch.items():
            stands_out = band == quality_figures.BANDS[-1] and why.is_worse_long_after_break
            words = quality_words.time_at_window_words(band)
            chosen = ((quality_figures.STRETCH, band), (quality_figures.LOW, NOTHING))
            number = _("{n} of {of}", n=whole_number_text(one.n), of=whole_number_text(one.of))
            dot = _share_dot_if_known(one, (words,), (chosen, words), stands_out=stands_out)
            rows.append(
                rules.DotRow(
                    word=words,
                    number=number,
                    dots=[dot],
                    point=HoverTextAndTarget((words, number), (chosen, words)),
                    bold=stands_out,
                    colour="amber" if stands_out else "ink",
                )
            )
        has_dots = any(dot is not None for row in rows for dot in row.dots)
        self.stretch.set_rows(self.stretch_title.text(), [rules.DotColumnHead()] if has_dots else [], rows)

    def _show_load_failure(self, trouble: QueueDeskError) -> None:
        self._show_only_parts(())
        self.stretch_card.hide()
        self.empty.show()
        self.empty.set_texts(error_sentence(trouble))

    # -- where there is little room ------------------------------------------------------------------------------------

    def _toggle_comments_and_charts(self) -> None:
        self._shows_comments = not self._shows_comments
        self._show_comments_or_charts_by_width()
        self._show_loaded_ratings()

    def _show_comments_or_charts_by_width(self) -> None:
        """Show comments beside the figures, or in their place where there is no room for both."""
        look = self._look
        narrow = self.width() < look.large_px(NARROW_UNDER) - look.large_px(220)
        self.comments_button.setVisible(narrow)
        self.charts.setVisible(not (narrow and self._shows_comments))
        self.cards.setVisible(not narrow or self._shows_comments)
        if narrow:
            self.cards.setMinimumWidth(0)
            self.cards.setMaximumWidth(16777215)
        else:
            self.cards.setFixedWidth(look.large_px(COMMENTS_WIDE))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show_comments_or_charts_by_width()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self._cited is not None:
            self._return_to_citing_case()
        elif event.key() in (Qt.Key.Key_J, Qt.Key.Key_K, Qt.Key.Key_R, Qt.Key.Key_C) and self.cards.isVisible():
            self.cards.keyPressEvent(event)
        else:
            super().keyPressEvent(event)


def _span_words(days: int) -> str:
    return n_("{n} week", "{n} weeks", days // 7)


def low_ratings_page(controller: ManagerController, own: ControllerCache) -> LowRatingsPage:
    """Return the page with the section's controller."""
    return LowRatingsPage(own(LowRatingsController, controller.context))
