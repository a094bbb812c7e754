"""Notices put on the displays at once: written with a preview in both languages, and taken off again."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from queuedesk.core.errors import QueueDeskError
from queuedesk.core.overview import set_up
from queuedesk.core.remarks import PushedNotice
from queuedesk.core.setup import Setup
from queuedesk.core.state import HallState
from queuedesk.i18n import _, named, say, time_hm
from queuedesk.stations.manager.notice_preview import NoticePreview
from queuedesk.stations.manager.page_head import DropDown, PageHead
from queuedesk.stations.style import Look
from queuedesk.stations.widgets.buttons import PrimaryButton, SecondaryButton
from queuedesk.stations.widgets.forms import ErrorLine, FormField
from queuedesk.stations.widgets.labels import Label
from queuedesk.stations.widgets.panels import Card, EmptyState, FixedSize, spread

LONGEST = 200
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


class NoticesPage(QWidget):
    """`push_wanted` gives text, English text, minutes (None: until the day ends) and zone (None: everywhere); `withdraw_wanted` a seq."""

    push_wanted = Signal(str, str, object, object)
    withdraw_wanted = Signal(int)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._shown: tuple[object, ...] | None = None
        self._zones: tuple[tuple[str, str], ...] | None = None
        self.head = PageHead(look)
        self.text = FormField(look, "")
        self.text_en = FormField(look, "")
        self.where: QComboBox = DropDown(look).share_width()
        self.long: QComboBox = DropDown(look).share_width()
        self._where = FormField(look, "", edit=self.where)
        self._long = FormField(look, "", edit=self.long)
        self._preview_title = Label(look, px=15, bold=True)
        self.preview, self.preview_en = NoticePreview(look), NoticePreview(look)
        self.push_button = PrimaryButton(look, "", icon="screen", height=56, px=18)
        self.trouble = ErrorLine(look)
        self._running_title = Label(look, px=20, bold=True)
        self.running: dict[int, NoticeCard] = {}
        self._empty = EmptyState(look, "screen")
        self._build()
        for field in (self.text, self.text_en):
            field.edited.connect(self._typed)
        self.push_button.clicked.connect(self._push)

    def _build(self) -> None:
        look = self._look
        column = QVBoxLayout(self)
        spread(look, column, (32, 8, 32, 20), 12)
        column.addWidget(self.head)
        row = QHBoxLayout()
        spread(look, row, spacing=16)
        column.addLayout(row, 1)
        form = Card(look)
        whole = QVBoxLayout(form)
        spread(look, whole, (22, 18, 22, 18), 8)
        fields, inside = _scrolled(look, 8)
        whole.addWidget(fields, 1)
        inside.addWidget(self.text)
        inside.addWidget(self.text_en)
        choices = QHBoxLayout()
        spread(look, choices, spacing=16)
        choices.addWidget(self._where)
        choices.addWidget(self._long)
        inside.addLayout(choices)
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
        row.addLayout(right, LIST_SHARE)
        FixedSize(look, self.where, height=48)
        FixedSize(look, self.long, height=48)

    # -- what is shown -----------------------------------------------------------------------------------------------

    def refresh(self, state: HallState, now: datetime) -> None:
        """Show the notices that are on, the latest first."""
        setup = set_up(state)
        self._show_zones(setup)
        notices = tuple(n for n in reversed(state.pushed) if n.is_on(now))
        said = tuple((n.seq, named(n.text, n.text_en), notice_line(setup, n)) for n in notices)
        if said == self._shown:
            return
        self._shown = said
        for strip in self.running.values():
            strip.hide()
            strip.deleteLater()
        self.running = {}
        for at, (seq, text, line) in enumerate(said):
            card = NoticeCard(self._look, text, line)
            card.off_button.clicked.connect(partial(self.withdraw_wanted.emit, seq))
            self._list.insertWidget(at, card)
            self.running[seq] = card
        self._area.setVisible(bool(said))
        self._empty.setVisible(not said)

    def _show_zones(self, setup: Setup) -> None:
        zones = {spec.zone: named(spec.zone, spec.zone_en) for spec in setup.windows.values() if spec.zone}
        wanted = tuple(zones.items())
        if wanted == self._zones:
            return
        self._zones = wanted
        kept = self.where.currentData()
        self.where.clear()
        self.where.addItem(_("All displays"), None)
        for zone, name in wanted:
            self.where.addItem(_("Displays of {zone}", zone=name), zone)
        self.where.setCurrentIndex(max(0, self.where.findData(kept)))

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
        self.push_wanted.emit(
            self.text.value().strip(),
            self.text_en.value().strip(),
            self.long.currentData(),
            self.where.currentData(),
        )

    def start_over(self) -> None:
        """Empty the form: its notice is on the displays."""
        for field in (self.text, self.text_en):
            field.set_value("")
        self._typed()
        self.text.edit.setFocus()

    def show_trouble(self, trouble: QueueDeskError) -> None:
        """Say beside the button why the notice was not taken."""
        self.trouble.say(say(trouble), refused=True)

    def set_busy(self, busy: bool) -> None:
        self.push_button.set_busy(busy)

    def retranslate(self) -> None:
        self.head.set_title(_("Notices", context="page"))
        self.head.set_line(_("on the displays at once, until their time is over or somebody takes them off"))
        self.text.set_label(_("Notice", context="field"))
        self.text.set_hint(_("as short as it can be: it is read while walking"))
        self.text_en.set_label(_("In English", context="field"))
        self.text_en.set_hint(_("may stay empty"))
        self._where.set_label(_("Where", context="field"))
        self._long.set_label(_("How long", context="field"))
        self._preview_title.setText(_("Preview"))
        kept = self.long.currentData() if self.long.count() else USUAL_MINUTES
        self.long.clear()
        for minutes in MINUTES:
            self.long.addItem(_("{n} min", context="how long", n=minutes), minutes)
        self.long.addItem(_("Until the day ends"), None)
        self.long.setCurrentIndex(max(0, self.long.findData(kept)))
        self._running_title.setText(_("On the displays now"))
        self._empty.set_texts(_("No notice is on the displays"), _("Those of the set-up are shown by their dates."))
        self._zones, self._shown = None, None
        self._typed()


def _scrolled(look: Look, spacing: int) -> tuple[QScrollArea, QVBoxLayout]:
    """Return an area that scrolls by itself and the column inside it."""
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    inner = QWidget()
    column = QVBoxLayout(inner)
    spread(look, column, (2, 2, 2, 2), spacing)
    area.setWidget(inner)
    inner.setAutoFillBackground(False)
    area.viewport().setAutoFillBackground(False)
    return area, column


def notice_line(setup: Setup, notice: PushedNotice) -> str:
    """Return where a notice is shown, since when and until when."""
    zone_en = next((spec.zone_en for spec in setup.windows.values() if spec.zone == notice.zone), "")
    where = _("Displays of {zone}", zone=named(notice.zone, zone_en)) if notice.zone else _("All displays")
    since = time_hm(setup.local(notice.since))
    if notice.until is None:
        return _("{where}, since {since}, until the day ends", where=where, since=since)
    until = time_hm(setup.local(notice.until))
    return _("{where}, since {since}, until {until}", where=where, since=since, until=until)
