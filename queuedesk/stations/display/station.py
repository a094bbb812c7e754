"""The display of a hall: calls, who waits, and the hall's own words."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QPoint, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from queuedesk.core.setup import Setup
from queuedesk.i18n import _, day_hall, named, time_hm
from queuedesk.stations.context import StationContext
from queuedesk.stations.display import sizes, texts
from queuedesk.stations.display.controller import DisplayController
from queuedesk.stations.display.rotation import Rotation, notices_on
from queuedesk.stations.display.rows import CallRow
from queuedesk.stations.display.texts import EarlierText, RowText, SlideText
from queuedesk.stations.display.view import DisplayView, HeadText, LineTexts, SlideShow, StripText
from queuedesk.stations.page import StationPage

ROLES: tuple[str, ...] = ()
LEAST_DIGITS = 3


class DisplayPage(StationPage):
    """Turns what the controller knows into texts and gives them to the view. Options: screen_mm, distance_m, zone."""

    canvas = sizes.CANVAS

    def __init__(self, context: StationContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self.controller = DisplayController(context, self)
        self.view = DisplayView(context.look, self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.view)
        self._away_since: datetime | None = None
        self._notices: Rotation[str] = Rotation(lambda text: text)
        self._slides: Rotation[SlideText] = Rotation(lambda slide: slide.read)
        self._pushed: list[int] = []
        self._minute: tuple[int, ...] = ()
        distance = context.options.get("distance_m") or sizes.DISTANCE_M
        self.view.set_screen(context.options.get("screen_mm"), float(distance))
        self.view.menu_asked.connect(self._ask_menu)
        self.view.painted.connect(self.controller.report_shown)
        self.controller.called.connect(self._show_calls)
        self.controller.rows_changed.connect(self._show_rows)
        self.controller.hall_changed.connect(self._show_hall)
        self.controller.replaced.connect(self.retranslate)
        self.retranslate()

    @property
    def _setup(self) -> Setup:
        return self.controller.setup

    def retranslate(self) -> None:
        self._show_hall()
        self._show_rows()
        self._show_quiet(self.controller.now())

    def tick(self, now: datetime) -> None:
        local = self._setup.local(now)
        minute = (local.year, local.month, local.day, local.hour, local.minute)
        if minute != self._minute:
            self._minute = minute
            self._show_hall()
        self._show_rows()
        self._take_notices(now)
        if self._notices.tick(now):
            self._show_strip()
        self._show_quiet(now)

    def show_away(self, since: datetime | None) -> None:
        self._away_since = since
        self._show_strip()

    def stop(self) -> None:
        self.view.stop()

    # -- calls --
    def _row_texts(self, now: datetime) -> tuple[list[RowText], list[EarlierText]]:
        rows, earlier = self.controller.rows.split(self.view.row_count())
        setup = self._setup
        return [texts.row_text(setup, row, now) for row in rows], [texts.earlier_text(setup, row) for row in earlier]

    @Slot(list)
    def _show_calls(self, called: list[CallRow]) -> None:
        self.view.set_closed(None)
        self.view.set_slide(None)
        rows, earlier = self._row_texts(self.controller.now())
        heard = not self.controller.voice_is_silent()
        self.view.show_calls(rows, earlier, self._earlier_title(), [row.id for row in called], heard=heard)

    @Slot()
    def _show_rows(self) -> None:
        rows, earlier = self._row_texts(self.controller.now())
        self.view.set_rows(rows, earlier, self._earlier_title())

    def _earlier_title(self) -> str:
        return _("Earlier", context="display")

    # -- the hall --
    @Slot()
    def _show_hall(self) -> None:
        setup, now = self._setup, self.controller.now()
        local = setup.local(now)
        hall = named(setup.hall.name, setup.hall.name_en)
        self.view.set_head(HeadText(hall, day_hall(local.date()), time_hm(local)))
        codes = self.controller.window_codes()
        self.view.set_windows([texts.window_text(setup, code) for code in codes], self._widest_label())
        lines, total = texts.line_texts(self.controller.state, now, self.controller.services())
        title, people = _("Waiting", context="display"), _("{n}", context="people", n="").strip()
        short = _("Waiting", context="display, short")
        self.view.set_lines(LineTexts(title, short, people, str(total), tuple(lines)))
        self.view.set_empty(_("Your number appears here when it is called"))
        self.view.set_closed(texts.closed_text(self.controller.state, now))
        self._take_notices(now)
        self._slides.set_items(texts.slide_texts(setup, self.controller.services(), now))
        self._show_strip()

    def _take_notices(self, now: datetime) -> None:
        """Take what is to be shown in the strip: while something is pushed, the notices of the set-up wait; a new one is shown at once."""
        pushed = self.controller.pushed(now)
        if pushed:
            self._notices.set_items([named(n.text, n.text_en) for n in pushed])
        else:
            day = self._setup.local(now).date()
            self._notices.set_items([named(n.text, n.text_en) for n in notices_on(self._setup.notices, day)])
        seqs = [n.seq for n in pushed]
        if seqs != self._pushed:
            if set(seqs) - set(self._pushed):
                self._notices.restart()
            self._pushed = seqs
            self._show_strip()

    def _widest_label(self) -> str:
        prefix, digits = "A", LEAST_DIGITS
        for service in self._setup.services.values():
            prefix = max(prefix, service.prefix, key=len)
            digits = max(digits, len(str(service.last)))
        return prefix.replace("I", "W") + "0" * digits

    def _show_strip(self) -> None:
        if self._away_since is not None:
            time = time_hm(self._away_since)
            words = _("The hall's file can't be opened since {time}; retrying. This shows {time}.", time=time)
            self.view.set_strip(StripText(words, trouble=True))
            return
        count = len(self._notices)
        place = f"{self._notices.at + 1} / {count}" if count > 1 else ""
        self.view.set_strip(StripText(self._notices.current() or "", place, pushed=bool(self._pushed)))

    # -- while nobody is called --
    def _show_quiet(self, now: datetime) -> None:
        quiet = len(self._slides) > 0 and self.context.options.get("slides", True) and self.controller.is_quiet(now)
        if not quiet:
            self._slides.restart()
            self.view.set_slide(None)
            return
        self._slides.tick(now)
        slide = self._slides.current()
        if slide is not None:
            self.view.set_slide(SlideShow(slide, self._slides.at, len(self._slides)))

    @Slot(object)
    def _ask_menu(self, place: QPoint) -> None:
        self.menu_wanted.emit(place)


def build(context: StationContext) -> DisplayPage:
    """Return the display's page."""
    return DisplayPage(context)
