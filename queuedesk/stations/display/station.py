"""The display of a hall: calls, who waits, and the hall's own words."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QPoint, Qt, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from queuedesk.core.setup.rows import Setup
from queuedesk.i18n import _, day_hall, named, time_hm
from queuedesk.i18n.calendar_words import days_ahead_text
from queuedesk.i18n.names import widest_label
from queuedesk.stations.display import texts
from queuedesk.stations.display.controller import DisplayController, emergency_text, lines_of, part_calls, part_text
from queuedesk.stations.display.layouts import AUTO
from queuedesk.stations.display.panel_painting import notice_lines, strip_room
from queuedesk.stations.display.parts import CANVAS, DISTANCE_M
from queuedesk.stations.display.rows import CallRow
from queuedesk.stations.display.slides import Rotation, Slides, is_long, notices_on, reading_s
from queuedesk.stations.display.texts import (
    HeadText,
    PartCalls,
    StripText,
    elsewhere_lines,
    legend_words,
    order_columns,
    rule_lines,
)
from queuedesk.stations.display.view import DisplayView
from queuedesk.stations.window.away import away_line, away_texts
from queuedesk.stations.window.context import StationContext
from queuedesk.stations.window.page import MenuEntry, StationPage
from queuedesk.stations.window.style import Look

ROLES: tuple[str, ...] = ()


class DisplayPage(StationPage):
    """Turns the controller's data into texts for the view. Options: layout, zone, screen_mm, distance_m, media_folder,
    flash, slides, display (its name in the log)."""

    canvas = CANVAS

    def __init__(self, context: StationContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        options = context.options
        self.controller = DisplayController(context, self)
        self.view = DisplayView(context.look, str(options.get("layout") or AUTO), self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.view)
        self._away_since: datetime | None = None
        self._notices: Rotation[str] = Rotation(lambda text: reading_s(text, self._setup))
        self._pushed: list[int] = []
        self._minute: tuple[int, ...] = ()
        self.slides = Slides(self.view, self.controller, options, self)
        self.view.flash.is_on = bool(options.get("flash", True))
        self.view.set_screen(options.get("screen_mm"), float(options.get("distance_m") or DISTANCE_M))
        self.view.menu_asked.connect(self._ask_menu)
        self.view.painted.connect(self.controller.report_shown)
        self.view.layout_changed.connect(self._take_layout)
        self.controller.called.connect(self._show_calls)
        self.controller.rows_changed.connect(self._show_rows)
        self.controller.hall_changed.connect(self._show_hall)
        self.controller.replaced.connect(self.retranslate)
        self._take_layout()

    @property
    def _setup(self) -> Setup:
        return self.controller.setup

    @Slot()
    def shows(self, window: str) -> bool:
        """Return whether calls to this window belong here."""
        return self.controller.shows(window)

    def make_anew(self) -> bool:
        self.retranslate()
        return True

    def retranslate(self) -> None:
        self._show_hall()
        self._show_rows()
        self.slides.tick(self.controller.now())

    @Slot()
    def _take_layout(self) -> None:
        """Follow the screen's shape: another one may divide the calls otherwise."""
        self.canvas = self.view.layout_now.canvas
        self.controller.divide(self.view.layout_now.is_by_zone)
        self.retranslate()

    def tick(self, now: datetime) -> None:
        local = self._setup.local(now)
        minute = (local.year, local.month, local.day, local.hour, local.minute)
        if minute != self._minute:
            self._minute = minute
            self.slides.look()
            self._show_hall()
        if self.controller.fell_silent():
            self.view.flash.start(heard=False)
            self._show_head(now)
        self._show_rows()
        self._show_order()
        self._take_notices(now)
        if self._notices.tick(now):
            self._show_strip()
        self.slides.tick(now)

    def show_away(self, since: datetime | None) -> None:
        self._away_since = since
        self._show_strip()

    def menu_entries(self) -> list[MenuEntry]:
        """Show from how far the numbers can be read, what of the folder can't be shown, and why the hall can't be had,
        to people who set the screen up."""
        reach = _("Numbers can be read from {distance} m", distance=f"{self.view.readable_m():.1f}")
        said = [reach, *(_("Can't be shown: {file}", file=name) for name in self.slides.unfit_names())]
        if self._away_since is not None:
            said.append(away_texts(self.context.feed, self._away_since)[0])
        return [MenuEntry(words, lambda: None, enabled=False) for words in said]

    def stop(self) -> None:
        self.slides.stop()
        self.view.stop()

    # -- calls --
    def calls(self) -> list[PartCalls]:
        """Return the calls of each part, as they are shown."""
        parts = self.controller.parts()
        return [part_calls(self.controller, part, self.view.row_count(n)) for n, part in enumerate(parts)]

    @Slot(list)
    def _show_calls(self, called: list[CallRow]) -> None:
        self.view.set_closed(None)
        self.slides.give_way()
        heard = self.controller.is_heard()
        self.view.show_calls(self.calls(), self._earlier_title(), [row.id for row in called], heard=heard)
        self.view.speak_page()

    @Slot()
    def _show_rows(self) -> None:
        self.view.set_calls(self.calls(), self._earlier_title())
        self.view.speak_page()

    def _earlier_title(self) -> str:
        return _("Earlier", context="display")

    # -- the hall --
    @Slot()
    def _show_hall(self) -> None:
        setup, now, view = self._setup, self.controller.now(), self.view
        self._show_head(now)
        parts = [part_text(self.controller, part, now) for part in self.controller.parts()]
        view.set_parts(parts, widest_label(setup))
        view.set_lines(lines_of(self.controller, self.controller.services(), now))
        self._show_order()
        view.set_empty(_("Your number will appear here when it is called"))
        view.set_closed(texts.closed_text(self.controller.state, now))
        self._take_notices(now)
        self.slides.take(self.controller.setup_told(), now)
        self._show_strip()

    def _show_order(self) -> None:
        if self.view.layout_now.order is not None:
            now, services = self.controller.now(), self.controller.services()
            self.view.set_order(order_columns(self.controller.state, now, services))

    def _show_head(self, now: datetime) -> None:
        local, hall = self._setup.local(now), self._setup.hall
        badge = _("No sound: please watch this screen") if self.controller.misses_voice() else ""
        self.view.set_head(HeadText(named(hall.name, hall.name_en), day_hall(local.date()), time_hm(local), badge))

    def _take_notices(self, now: datetime) -> None:
        """Take what is to be shown in the strip: while something is pushed, the notices of the set-up wait; a new one
        is shown at once."""
        self.view.set_emergency(emergency_text(self.controller.emergency(now)))
        pushed = self.controller.pushed(now)
        if pushed:
            self._notices.set_items([named(n.text, n.text_en) for n in pushed])
        else:
            self._notices.set_items(self._own_notices(now))
        seqs = [n.seq for n in pushed]
        if seqs != self._pushed:
            if set(seqs) - set(self._pushed):
                self._notices.restart()
            self._pushed = seqs
            self._show_strip()

    def _own_notices(self, now: datetime) -> list[str]:
        """Return those of the set-up that have their place in the strip; a long one is read on a slide, where the
        layout has slides."""
        layout = self.view.layout_now
        if layout.order is not None:
            legend = legend_words(self.controller.state, now, self.controller.services())
            return [*rule_lines(self.controller.state, now), *([legend] if legend else [])]
        if not layout.has_notices:
            return []
        notices = notices_on(self.controller.setup_told().notices, self._setup.local(now).date())
        peaks = elsewhere_lines(self.controller.state, now)
        has_slides = layout.slide is not None and self.context.options.get("slides", True)
        ahead = days_ahead_text(self._setup.calendar, self._setup.local(now).date())
        told = [*peaks, *([ahead] if ahead else [])]
        return [*told, *(named(n.text, n.text_en) for n in notices if not (has_slides and is_long(n)))]

    def _show_strip(self) -> None:
        if self._away_since is not None:
            self.view.set_strip(StripText(away_line(self.context.feed, self._away_since), trouble=True))
            return
        count = len(self._notices)
        place = f"{self._notices.at + 1} / {count}" if count > 1 else ""
        self.view.set_strip(StripText(self._notices.current() or "", place, pushed=bool(self._pushed)))

    @Slot(object)
    def _ask_menu(self, place: QPoint) -> None:
        self.menu_wanted.emit(place)


# -- in small ----------------------------------------------------------------------------------------------------------


class _Small(DisplayPage):
    """A display that nobody stands before: calls come without motion, and `draft` is shown as if it was on."""

    def __init__(self, context: StationContext, draft: str, parent: QWidget) -> None:
        self.draft = draft
        super().__init__(context, parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def _show_calls(self, _called: list[CallRow]) -> None:
        self._show_rows()

    def _show_strip(self) -> None:
        if self.draft:
            self.view.set_strip(StripText(self.draft, pushed=True))
        else:
            super()._show_strip()

    def redraw_strip(self) -> None:
        self._show_strip()


class DisplayPreview(QWidget):
    """Shows in small what a display shows now, with a notice that is still being written. Nothing here counts as shown
    to customers."""

    def __init__(self, context: StationContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = Look()
        self._look.still = True
        self._station = context
        self._place: tuple[str, str] = ("", "")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._page = self._made("")

    def _made(self, draft: str) -> _Small:
        zone, display = self._place
        options = {"slides": False, "flash": False, "zone": zone, "display": display or None}
        given = self._station
        own = StationContext(
            given.desk, given.feed, given.tasks, self._look, given.clock, display or "display", options=options
        )
        page = _Small(own, draft, self)
        page.setGeometry(self.rect())
        page.show()
        return page

    @property
    def draft(self) -> str:
        """The notice shown in the strip, "" while the display shows its own."""
        return self._page.draft

    def show_draft(self, text: str) -> None:
        """Show a notice as if it was on the display; "" shows what is there now."""
        self._page.draft = text
        self._page.redraw_strip()

    def show_place(self, zone: str, display: str) -> None:
        """Show the display of a zone, or the one called `display`; "" is any."""
        if (zone, display) != self._place:
            self._place = (zone, display)
            before, self._page = self._page, self._made(self._page.draft)
            before.hide()
            before.stop()
            before.deleteLater()

    def is_cut(self, text: str) -> bool:
        """Return whether the display has no room for the end of a notice."""
        view = self._page.view
        _size, lines = notice_lines(view.unit, text, strip_room(view.layout_now.strip))
        return lines[-1].endswith("…") and not text.endswith("…")

    def readable_m(self) -> float:
        """Return the distance from which its numbers can be read on a screen of 65 inches."""
        return self._page.view.readable_m()

    def retranslate(self) -> None:
        self._page.retranslate()

    def tick(self, now: datetime) -> None:
        """Bring clock and calls up to `now`."""
        self._page.tick(now)

    def stop(self) -> None:
        self._page.stop()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.setFixedHeight(round(self.width() * CANVAS[1] / CANVAS[0]))
        self._page.setGeometry(self.rect())


def build(context: StationContext) -> DisplayPage:
    """Return the display's page."""
    return DisplayPage(context)
