"""Notices put on the displays at once: written with a preview in both languages, and taken off again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

from PySide6.QtCore import QRectF, QSize, Signal
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from queuedesk.core.errors import QueueDeskError
from queuedesk.core.log.state import HallState
from queuedesk.core.queue.overview import set_up
from queuedesk.core.setup.rows import Setup
from queuedesk.core.setup.sentences import Sentence
from queuedesk.core.talk.device import DISPLAY, PLATE
from queuedesk.core.talk.remarks import PushedNotice
from queuedesk.i18n import _, named, say, time_hm
from queuedesk.i18n.talk.talk_words import place_words
from queuedesk.stations.manager.parts.page import Page, PageSpec
from queuedesk.stations.talk.words import call_end, message_line, seen_line
from queuedesk.stations.widgets.buttons import PrimaryButton, SecondaryButton
from queuedesk.stations.widgets.follow import Follows
from queuedesk.stations.widgets.labels import Label
from queuedesk.stations.widgets.paint import Painter, fit_px, wrap
from queuedesk.stations.widgets.panels import Card, EmptyState, FixedSize, GroundArea, Rule, discard, spread
from queuedesk.stations.widgets.questions.forms import DropDown, ErrorLine, FormField
from queuedesk.stations.window.style import HALL, Look, Scale

# -- the preview of a notice -------------------------------------------------------------------------------------------

# The strip on the display's canvas, and its two sizes of letters.
WIDTH, HEIGHT, LEFT, RIGHT = 1824, 112, 112, 38
ONE_LINE_PX, LEAST_ONE_LINE_PX, TWO_LINES_PX, LEAST_PX = 42, 36, 34, 30


def lines_of(look: Look, text: str, width: float) -> tuple[float, list[str]]:
    """Return the letter size and the lines in which a display shows a notice of `width`; text without room ends in
    "…"."""
    px = fit_px(text, width, look.px(ONE_LINE_PX), least=look.px(LEAST_ONE_LINE_PX)) / look.scale.k
    lines = wrap(look.font(px), text, width, 1)
    if lines and lines[0] != text:
        px = TWO_LINES_PX if len(wrap(look.font(TWO_LINES_PX), text, width, 9)) <= 2 else LEAST_PX
        lines = wrap(look.font(px), text, width, 2)
    return px, lines


class NoticePreview(Follows, QWidget):
    """Shows a text in the display's own colours; an empty one shows what would be there instead."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.follow(look)
        self._text, self._empty = "", ""
        self._hall = Look(HALL, Scale(), self)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_texts(self, text: str, empty: str) -> None:
        self._text, self._empty = text, empty
        self.setAccessibleName(text or empty)
        self.update()

    def is_cut(self) -> bool:
        """Whether a display has no room for the end of the text."""
        look = Look(HALL, Scale())
        _px, lines = lines_of(look, self._text, WIDTH - LEFT - RIGHT)
        return bool(lines) and lines[-1].endswith("…") and not self._text.endswith("…")

    def sizeHint(self) -> QSize:
        return QSize(self.look.px(400), self.look.gap(64))

    def paintEvent(self, event: QPaintEvent) -> None:
        k = min(self.width() / WIDTH, self.height() / HEIGHT)
        self._hall.set_scale(Scale(k))
        look, painter = self._hall, Painter(self, self._hall)
        rect = QRectF(self.rect())
        painter.box(rect, 16, "notice")
        side = look.px(46)
        painter.icon("info", "teal", look.px(38), (self.height() - side) / 2, 46)
        left = look.px(LEFT)
        width = self.width() - left - look.px(RIGHT)
        px, lines = lines_of(look, self._text or self._empty, width)
        step = look.px(px * 1.32)
        y = (self.height() - step * len(lines)) / 2
        for line in lines:
            painter.words_in(line, look.font(px), "ink" if self._text else "ink2", QRectF(left, y, width, step))
            y += step


# -- calls for help and messages of today ------------------------------------------------------------------------------

MOST_ROWS = 60
Row = tuple[str, str, str]
"""A line, what became of it, and the token of that."""


class TalkLog(QWidget):
    """Messages and calls for help, the newest first; it scrolls by itself."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._shown: tuple[Row, ...] | None = None
        self.title = Label(look, px=20, bold=True)
        self.empty = EmptyState(look, "message")
        self._area = GroundArea(keys=True)
        column = QVBoxLayout(self)
        spread(look, column, spacing=8)
        column.addWidget(self.title)
        column.addWidget(self._area, 1)
        column.addWidget(self.empty, 1)

    def rows(self) -> tuple[Row, ...]:
        """Return the rows shown."""
        return self._shown or ()

    def refresh(self, state: HallState, setup: Setup, day: date) -> None:
        """Show those of `state` on `day`, and unread ones of earlier dates."""
        found = [(call.seq, _of_call(setup, state, call.seq)) for call in state.help_calls.values() if call.date == day]
        found += [
            (one.seq, _of_message(setup, state, one.seq))
            for one in state.messages.values()
            if one.date == day or one.is_open
        ]
        rows = tuple(row for _seq, row in sorted(found, reverse=True)[:MOST_ROWS])
        if rows == self._shown:
            return
        self._shown = rows
        inner = QWidget()
        column = QVBoxLayout(inner)
        spread(self._look, column, (2, 2, 10, 2), 4)
        for text, became, token in rows:
            column.addWidget(Label(self._look, text, px=16, bold=True, wrap=True))
            column.addWidget(Label(self._look, became, px=15, token=token, wrap=True))
            column.addWidget(Rule(self._look))
        column.addStretch(1)
        self._area.setWidget(inner)
        self._area.setVisible(bool(rows))
        self.empty.setVisible(not rows)

    def retranslate(self) -> None:
        self.title.setText(_("Help and messages today"))
        self.empty.set_texts(_("Nobody has called for help or written today"))
        self._shown = None


def _of_call(setup: Setup, state: HallState, seq: int) -> Row:
    call = state.help_calls[seq]
    text = _("{time} {place} called for help", time=time_hm(setup.local(call.pressed)), place=place_words(call.place))
    why = named(call.about, call.about_en)
    token = "red" if call.is_unanswered or call.end == "day_end" else "ink2"
    return (f"{text} · {why}" if why else text, call_end(setup, call), token)


def _of_message(setup: Setup, state: HallState, seq: int) -> Row:
    message = state.messages[seq]
    to = _("to {place}", context="message", place=place_words(message.to))
    return (message_line(setup, message), f"{to} · {seen_line(setup, message)}", "amber" if message.is_open else "ink2")


LONGEST = 100
MINUTES = (10, 30, 60, 120)
USUAL_MINUTES = 30
FORM_SHARE, LIST_SHARE = 55, 45


class NoticeCard(Card):
    """A notice that is on the displays, with the button that takes it off."""

    def __init__(self, look: Look, text: str, line: str, parent: QWidget | None = None) -> None:
        super().__init__(look, parent=parent)
        column = QVBoxLayout(self)
        spread(look, column, (18, 12, 14, 12), 6)
        column.addWidget(Label(look, text, px=17, bold=True, wrap=True))
        row = QHBoxLayout()
        spread(look, row, spacing=12)
        row.addWidget(Label(look, line, px=15, token="ink2", wrap=True), 1)
        self.off_button = SecondaryButton(look, _("Take it off"), height=44, px=15)
        self.off_button.setAccessibleName(_("Take it off: {text}", text=text))
        row.addWidget(self.off_button)
        column.addLayout(row)


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedNotice:
    """A notice as typed. `minutes` None: until the day ends; no `zone` and no `display`: everywhere; `begins` "": at
    once."""

    text: str
    text_en: str
    minutes: int | None
    zone: str | None
    display: str | None
    begins: str
    spoken: bool


class NoticesPage(Page):
    """`push_wanted` gives a WantedNotice; `withdraw_wanted` a seq; `message_wanted` asks for a message to be
    written."""

    push_wanted = Signal(object)
    message_wanted = Signal()
    withdraw_wanted = Signal(int)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        spec = PageSpec(
            title=lambda: _("Announce", context="page"),
            line=lambda: _("on the displays at once or from a time on, until it is over or somebody takes it off"),
        )
        super().__init__(look, spec, parent)
        self._shown: tuple[object, ...] | None = None
        self._places: tuple[tuple[object, str], ...] | None = None
        self._sentences: Sequence[Sentence] = ()
        self.ready: QComboBox = DropDown(look).share_width()
        self._ready = FormField(look, "", edit=self.ready)
        self.text = FormField(look, "")
        self.text_en = FormField(look, "")
        self.where: QComboBox = DropDown(look).share_width()
        self.long: QComboBox = DropDown(look).share_width()
        self._where = FormField(look, "", edit=self.where)
        self._long = FormField(look, "", edit=self.long)
        self.begins = FormField(look, "")
        self.aloud: QComboBox = DropDown(look).share_width()
        self._aloud = FormField(look, "", edit=self.aloud)
        self._preview_title = Label(look, px=15, bold=True)
        self.preview, self.preview_en = NoticePreview(look), NoticePreview(look)
        self.push_button = PrimaryButton(look, "", icon="screen", height=56, px=18)
        self.trouble = ErrorLine(look)
        self._running_title = Label(look, px=20, bold=True)
        self.running: dict[int, NoticeCard] = {}
        self._empty = EmptyState(look, "screen")
        self.log = TalkLog(look)
        self.message_button = SecondaryButton(look, icon="message", height=44, px=16)
        self.hall_acts = (self.push_button, self.message_button)
        self._is_away = False
        self._build()
        for field in (self.text, self.text_en):
            field.edited.connect(self._typed)
        self.push_button.clicked.connect(self._push)
        self.ready.activated.connect(self._take_ready)
        self.message_button.clicked.connect(self.message_wanted)

    def _build(self) -> None:
        look = self._look
        row = QHBoxLayout()
        spread(look, row, spacing=16)
        self.put(row, 1)
        form = Card(look)
        whole = QVBoxLayout(form)
        spread(look, whole, (22, 18, 22, 18), 8)
        fields, inside = _scrolled(look, 8)
        whole.addWidget(fields, 1)
        inside.addWidget(self._ready)
        inside.addWidget(self.text)
        inside.addWidget(self.text_en)
        choices = QHBoxLayout()
        spread(look, choices, spacing=16)
        choices.addWidget(self._where)
        choices.addWidget(self._long)
        inside.addLayout(choices)
        more = QHBoxLayout()
        spread(look, more, spacing=16)
        more.addWidget(self.begins)
        more.addWidget(self._aloud)
        inside.addLayout(more)
        inside.addWidget(self._preview_title)
        inside.addWidget(self.preview)
        inside.addWidget(self.preview_en)
        inside.addStretch(1)
        whole.addWidget(self.trouble)
        whole.addWidget(self.push_button)
        row.addWidget(form, FORM_SHARE)
        right = QVBoxLayout()
        spread(look, right, spacing=8)
        right.addWidget(self._running_title)
        self._area, self._list = _scrolled(look, 8)
        self._list.addStretch(1)
        right.addWidget(self._area, 1)
        right.addWidget(self._empty, 1)
        right.addWidget(self.log, 1)
        right.addWidget(self.message_button)
        row.addLayout(right, LIST_SHARE)
        for choice in (self.where, self.long, self.ready, self.aloud):
            FixedSize(look, choice, height=48)

    # -- what is shown -----------------------------------------------------------------------------------------------

    def refresh(self, state: HallState, now: datetime, day: date) -> None:
        """Show the current and coming notices, the latest first, and the calls and messages of `day`."""
        setup = set_up(state)
        self._show_places(setup, state)
        self._show_ready(setup.sentences.announcements)
        self.log.refresh(state, setup, day)
        notices = tuple(n for n in reversed(state.pushed) if not n.is_over(now) and not n.emergency)
        said = tuple((n.seq, named(n.text, n.text_en), notice_line(setup, n)) for n in notices)
        if said == self._shown:
            return
        self._shown = said
        discard(self.running.values())
        self.running = {}
        for at, (seq, text, line) in enumerate(said):
            card = NoticeCard(self._look, text, line)
            card.off_button.clicked.connect(partial(self.withdraw_wanted.emit, seq))
            card.off_button.set_held(self._is_away)
            self._list.insertWidget(at, card)
            self.running[seq] = card
        self._area.setVisible(bool(said))
        self._empty.setVisible(not said)

    def set_away(self, away: bool) -> None:
        """While the hall is away one can look, but not act."""
        self._is_away = away
        for card in self.running.values():
            card.off_button.set_held(away)

    def _show_places(self, setup: Setup, state: HallState) -> None:
        """Offer everywhere, each zone, and each display that works; one that is chosen stays, or its notice would go
        everywhere."""
        chosen = self.where.currentData()
        zones = {spec.zone: named(spec.zone, spec.zone_en) for spec in setup.windows.values() if spec.zone}
        showing = sorted(one.station for one in state.devices.values() if one.device in (DISPLAY, PLATE) and one.is_up)
        wanted: list[tuple[object, str]] = [(None, _("All displays"))]
        wanted += [(("zone", zone), _("Displays of {zone}", zone=name)) for zone, name in zones.items()]
        wanted += [(("display", name), place_words(name)) for name in showing if len(showing) > 1]
        places = [place for place, _words in wanted]
        if chosen is not None and chosen[0] == "display" and chosen not in places:
            places.append(chosen)
            wanted.append((chosen, place_words(chosen[1])))
        if tuple(wanted) == self._places:
            return
        self._places = tuple(wanted)
        self.where.clear()
        for place, words in wanted:
            self.where.addItem(words, place)
        self.where.setCurrentIndex(places.index(chosen) if chosen in places else 0)

    def _show_ready(self, sentences: Sequence[Sentence]) -> None:
        if sentences == self._sentences and self.ready.count():
            return
        self._sentences = sentences
        self.ready.clear()
        self.ready.addItem(_("Choose, or write below"))
        for one in sentences:
            self.ready.addItem(named(one.text, one.text_en))

    def _take_ready(self, at: int) -> None:
        """Put a ready sentence into both fields."""
        if 1 <= at <= len(self._sentences):
            one = self._sentences[at - 1]
            self.text.set_value(one.text)
            self.text_en.set_value(one.text_en)
            self._typed()

    def _typed(self) -> None:
        texts = (self.text.value().strip(), self.text_en.value().strip())
        for field, preview, text in zip((self.text, self.text_en), (self.preview, self.preview_en), texts, strict=True):
            preview.set_texts(text, self._instead(field, texts[0]))
            if len(text) > LONGEST:
                field.set_error(_("{n} letters; at most {most} have room", n=len(text), most=LONGEST))
            elif preview.is_cut():
                field.set_error(_("The display has no room for the end of it; please say it shorter."))
            else:
                field.set_error("")
        self.trouble.say("", refused=False)
        if not texts[0]:
            self.push_button.block(_("Write the notice first"))
        elif any(len(text) > LONGEST for text in texts):
            self.push_button.block(_("Make it shorter first"))
        else:
            self.push_button.allow(_("Show it on the displays"))

    def _instead(self, field: FormField, text: str) -> str:
        """Return what a preview shows where nothing is written: a display without the English shows the other text."""
        if field is self.text_en and text:
            return text
        return _("This is how the displays show it")

    def _push(self) -> None:
        kind, name = self.where.currentData() or ("", None)
        self.push_wanted.emit(
            WantedNotice(
                text=self.text.value().strip(),
                text_en=self.text_en.value().strip(),
                minutes=self.long.currentData(),
                zone=name if kind == "zone" else None,
                display=name if kind == "display" else None,
                begins=self.begins.value().strip(),
                spoken=bool(self.aloud.currentData()),
            )
        )

    def start_over(self) -> None:
        """Empty the form: its notice is on the displays."""
        for field in (self.text, self.text_en, self.begins):
            field.set_value("")
        for choice in (self.ready, self.aloud):
            choice.setCurrentIndex(0)
        self._typed()
        self.text.edit.setFocus()

    def show_trouble(self, trouble: QueueDeskError) -> None:
        """Show beside the button why the notice was refused."""
        self.trouble.say(say(trouble), refused=True)

    def set_busy(self, busy: bool) -> None:
        self.push_button.set_busy(busy)

    def retranslate(self) -> None:
        super().retranslate()
        self.text.set_label(_("Notice", context="field"))
        self.text.set_hint(_("as short as it can be: it is read while walking"))
        self.text_en.set_label(_("In English", context="field"))
        self.text_en.set_hint(_("may stay empty"))
        self._where.set_label(_("Where", context="field"))
        self._long.set_label(_("How long", context="field"))
        self._ready.set_label(_("Ready sentence"))
        self.begins.set_label(_("From when"))
        self.begins.set_hint(_("a time such as 16:30; empty: at once"))
        self._aloud.set_label(_("Voice", context="notice"))
        spoken = self.aloud.currentIndex()
        self.aloud.clear()
        self.aloud.addItem(_("Only shown"), False)
        self.aloud.addItem(_("Shown and read aloud"), True)
        self.aloud.setCurrentIndex(max(0, spoken))
        self.message_button.setText(_("Message", context="talk"))
        self.log.retranslate()
        self._preview_title.setText(_("Preview"))
        kept = self.long.currentData() if self.long.count() else USUAL_MINUTES
        self.long.clear()
        for minutes in MINUTES:
            self.long.addItem(_("{n} min", context="how long", n=minutes), minutes)
        self.long.addItem(_("Until the day ends"), None)
        self.long.setCurrentIndex(max(0, self.long.findData(kept)))
        self._running_title.setText(_("On the displays now and later"))
        self._empty.set_texts(_("No notice is on the displays"), _("Those of the set-up are shown by their dates."))
        self._places, self._shown = None, None
        self._sentences = ()
        self.ready.clear()
        self._typed()


def _scrolled(look: Look, spacing: int) -> tuple[GroundArea, QVBoxLayout]:
    """Return an area that scrolls by itself and the column inside it."""
    inner = QWidget()
    column = QVBoxLayout(inner)
    spread(look, column, (2, 2, 2, 2), spacing)
    return GroundArea(inner), column


def notice_line(setup: Setup, notice: PushedNotice) -> str:
    """Return where a notice is shown, from when until when, and whether it is read aloud."""
    zone_en = next((spec.zone_en for spec in setup.windows.values() if spec.zone == notice.zone), "")
    where = _("Displays of {zone}", zone=named(notice.zone, zone_en)) if notice.zone else _("All displays")
    where = place_words(notice.display) if notice.display else where
    since = time_hm(setup.local(notice.begins or notice.since))
    if notice.until is None:
        line = _("{where}, since {since}, until the day ends", where=where, since=since)
        if notice.begins is not None:
            line = _("{where}, from {since} until the day ends", where=where, since=since)
    else:
        until = time_hm(setup.local(notice.until))
        line = _("{where}, since {since}, until {until}", where=where, since=since, until=until)
        if notice.begins is not None:
            line = _("{where}, {since} to {until}", where=where, since=since, until=until)
    return " · ".join((line, _("read aloud", context="notice"))) if notice.spoken else line
