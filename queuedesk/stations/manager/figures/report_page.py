"""Reports in the window: a period's report or a ticket's story, with its pages, saving and printing."""

from __future__ import annotations

from datetime import date, datetime
from functools import partial

from PySide6.QtCore import QPoint, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QImage, QPaintEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from queuedesk.core.errors import QueueDeskError
from queuedesk.core.figures.periods import DAY, PrintedReportPagesChoice
from queuedesk.core.setup.rows import Setup
from queuedesk.i18n import _, date_short, time_hm
from queuedesk.i18n.moments import date_long
from queuedesk.stations.acts.printer_choice import printer_display_name
from queuedesk.stations.manager.controller import ManagerController
from queuedesk.stations.manager.figures.tables import count_progress_text
from queuedesk.stations.manager.parts import page_controller
from queuedesk.stations.manager.parts.inputs import PrinterAndPagesChoice
from queuedesk.stations.manager.parts.page import ManagerPage, PageAct, PageSpec, PeriodAndDateButtons
from queuedesk.stations.widgets import buttons, paint, panels
from queuedesk.stations.window.style import PAGE, Look

PAGE_WIDTH, SCROLL_BAR = 860, 14
REDRAW_MS = 250
ROW_GAP = 12


class _ReportSheet(paint.FollowsLook, QWidget):
    """One page of the report as a picture; its height follows from the width that it is given."""

    def __init__(self, look: Look, picture: QImage) -> None:
        super().__init__()
        self.follow_look(look)
        self.picture: QImage | None = picture
        self._shape = picture.height() / max(1, picture.width())

    def set_sheet_width(self, width: int) -> None:
        self.setFixedSize(width, round(width * self._shape))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = paint.Painter(self, self.look)
        painter.setRenderHint(painter.RenderHint.SmoothPixmapTransform)
        if self.picture is not None:
            painter.drawImage(QRectF(self.rect()), self.picture)
        painter.draw_box(QRectF(self.rect()), 0, "", edge="line")


class ReportPage(ManagerPage):
    """Shows a report or a ticket's history; `back` leads to where it was opened."""

    back = Signal()

    def __init__(
        self,
        look: Look,
        reporting: page_controller.ReportMaker,
        controller: ManagerController,
        parent: QWidget | None = None,
    ) -> None:
        spec = PageSpec(
            acts=(
                PageAct(text=lambda: _("Save"), do=self._save_or_offer_file_kinds, icon="save"),
                PageAct(text=lambda: _("Print"), do=self._print_on_chosen_printer, icon="print", is_main=True),
            ),
            foot=0,
        )
        super().__init__(look, spec, parent)
        self._reporting, self._controller = reporting, controller
        self.save_button, self.print_button = self.buttons
        self._subject: page_controller.ReportSubject | None = None
        self._today: date | None = None
        self.sheets: list[_ReportSheet] = []
        self.kinds = QMenu(self)
        self.back_button = buttons.SecondaryButton(look, _("Back"), icon="arrow-left", key="Esc")
        self.dates = PeriodAndDateButtons(look, self)
        self.printing = PrinterAndPagesChoice(controller.context)
        self.printing.setMinimumWidth(1)  # A narrow window shortens it before it widens the page.
        self._note = panels.Label(look, px=17, token="ink2", align=Qt.AlignmentFlag.AlignHCenter)
        self._redraw = QTimer(self)
        self._redraw.setSingleShot(True)
        self._redraw.timeout.connect(self._redraw_sharp_pages)
        self._lay_out_page()
        self._connect_signals()
        look.changed.connect(self._fit_page_previews_to_width)
        self._update_report_heading()

    def state_to_restore(self) -> tuple[page_controller.ReportSubject | None, bool]:
        return self._subject, self.has_way_back

    def restore_state(self, left: tuple[page_controller.ReportSubject | None, bool]) -> None:
        subject, has_way_back = left
        self.back_button.setVisible(has_way_back)
        if subject is not None:
            if not subject.label and subject.file is None:
                self.dates.periods.setCurrentIndex(self.dates.periods.findData(subject.period))
            self._open_report_of_subject(subject)

    def _lay_out_page(self) -> None:
        self.add_tools(self.back_button, *self.dates.widgets, right=[self.printing])
        inner = QWidget()
        middle = QHBoxLayout(inner)
        middle.setContentsMargins(0, 0, 0, 0)
        middle.addStretch(1)
        self._pages = QVBoxLayout()
        panels.set_scaled_margins(self._look, self._pages, (0, 0, 0, 24), 16)
        self._holder = QWidget()
        self._holder.setLayout(self._pages)
        middle.addWidget(self._holder)
        middle.addStretch(1)
        self._pages.addWidget(self._note)
        self._pages.addStretch(1)
        self.area = panels.VerticalScrollArea(inner, keys=True)
        self.add_part(self.area, 1)
        self._fit_page_previews_to_width()

    def _connect_signals(self) -> None:
        reporting = self._reporting
        self.back_button.clicked.connect(self.back)
        self.dates.picked.connect(self.open_period)
        self.dates.chosen.connect(self._open_chosen_period)
        reporting.shown.connect(self._show_report_sheets)
        reporting.counted.connect(self._show_count_progress)
        reporting.failed.connect(self._warn_of_failure)
        reporting.saved.connect(self.show_saved_file)
        reporting.printed.connect(self._say_sent_to_printer)
        self.printing.failed.connect(self._warn_of_failure)
        self.printing.pages_changed.connect(self._show_pages)

    @property
    def is_ticket_history_shown(self) -> bool:
        """Whether a ticket's history is shown, not a day's report."""
        return self._subject is not None and bool(self._subject.label)

    @property
    def is_kept_report(self) -> bool:
        return self._subject is not None and self._subject.file is not None

    @property
    def has_way_back(self) -> bool:
        return not self.back_button.isHidden()

    def open_tab(self, today: date) -> None:
        """Show the last paper again, today's report at first; a period that is not over is made anew."""
        subject = self._subject
        self.back_button.hide()
        if subject is None or subject.label or subject.file is not None:
            self.dates.periods.setCurrentIndex(0)
            self.open_period(today)
        elif not self.sheets or (subject.period == DAY and subject.day == today):
            self._open_report_of_subject(subject)

    def open_day(self, day: date) -> None:
        """Make and show only the report of `day`, for another page; its pages appear as they are drawn."""
        self.back_button.show()
        self.dates.periods.setCurrentIndex(0)
        self.open_period(day)

    def open_period(self, day: date) -> None:
        """Make and show the report of the chosen period that contains `day`."""
        self._open_report_of_subject(page_controller.ReportSubject(day, period=self.dates.period))

    def open_ticket_history(self, day: date, label: str) -> None:
        self.back_button.show()
        self._open_report_of_subject(page_controller.ReportSubject(day, label))

    def open_kept_report(self, subject: page_controller.ReportSubject) -> None:
        self.back_button.show()
        self._open_report_of_subject(subject)

    def _open_report_of_subject(self, subject: page_controller.ReportSubject) -> None:
        self._subject = subject
        self._discard_sheets()
        self.banner.hide()
        self._enable_save_and_print(False)
        self._update_report_heading()
        if not self._reporting.can_make(subject):
            self._note.setText(_("QueueDesk was started without reports."))
            return
        writing = "" if self.is_kept_report else _("Writing the report …")
        self._note.setText(_("Writing the history …") if subject.label else writing)
        self._reporting.make_and_show(subject, self._sheet_width_px())

    # -- days --------------------------------------------------------------------------------------------------------

    @property
    def _day_of_report_made_now(self) -> date | None:
        """The day whose report is shown; a story or a kept report has its day for good."""
        is_made_now = self._subject is not None and not self._subject.label and not self.is_kept_report
        return self._subject.day if self._subject and is_made_now else None

    def _open_chosen_period(self) -> None:
        if self._day_of_report_made_now is not None:
            self.open_period(min(self._day_of_report_made_now, self._controller.business_date))

    def set_today(self, today: date) -> None:
        """Follow the business date: another day can be chosen when it turns."""
        if today != self._today:
            self._today = today
            self._update_report_heading()

    def _update_report_heading(self) -> None:
        subject, day = self._subject, self._day_of_report_made_now
        label = subject.label if subject else ""
        period = subject.period if subject and self.is_kept_report else self.dates.period
        self.head.set_title(_("History of {ticket}", ticket=label) if label else page_controller.report_title(period))
        self.head.set_subtitle(subject.file.name if subject and subject.file else "")
        for widget in self.dates.widgets:
            widget.setVisible(not label and not self.is_kept_report)
        self.save_button.setVisible(not self.is_kept_report)
        self.printing.page_choice.setVisible(not label)
        if subject is None or day is None:
            return
        controller = self._controller
        self.dates.show_date_span(
            subject.period, day, subject.date_span, controller.first_logged_date(), controller.business_date
        )

    # -- pages -------------------------------------------------------------------------------------------------------

    def _show_count_progress(self, done: int, of: int) -> None:
        if not self.sheets:
            self._note.setText("\n".join((_("Writing the report …"), count_progress_text(done, of))))

    def _show_report_sheets(self, report: page_controller.RenderedReport) -> None:
        self._discard_sheets()
        self._note.setText("")
        self._note.hide()
        for number, picture in enumerate(report.pictures_of_pages(self.printing.chosen_pages)):
            sheet = _ReportSheet(self._look, picture)
            sheet.set_sheet_width(self._column_width())
            self._pages.insertWidget(1 + number, sheet)
            self.sheets.append(sheet)
        self._enable_save_and_print(True)

    def _show_pages(self) -> None:
        """Show the pages that would be printed; those let go while nobody looked come back with the page."""
        report = self._reporting.report
        if self.sheets and report is not None and report.pictures:
            self._show_report_sheets(report)

    def _discard_sheets(self) -> None:
        panels.remove_and_delete_widgets(self.sheets)
        self.sheets = []
        self._note.show()

    def _enable_save_and_print(self, ready: bool) -> None:
        self.save_button.setEnabled(ready)
        self.print_button.setEnabled(ready and self._reporting.can_print)

    def _sheet_width_px(self) -> int:
        ratio = self.devicePixelRatioF()
        return round(self._column_width() * ratio)

    def _column_width(self) -> int:
        look = self._look
        return max(200, min(look.large_px(PAGE_WIDTH), self.width() - 2 * look.gap(PAGE) - look.px(SCROLL_BAR)))

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if not event.spontaneous():  # behind another window somebody comes back to it at once
            self._reporting.release_page_pictures()
            for sheet in self.sheets:
                sheet.picture = None

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self.sheets and self.sheets[0].picture is None:
            self._reporting.redraw_page_pictures(self._sheet_width_px())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_page_previews_to_width()

    def _fit_page_previews_to_width(self) -> None:
        width = self._column_width()
        if width != self._holder.width():
            self._holder.setFixedWidth(width)
            for sheet in self.sheets:
                sheet.set_sheet_width(width)
            if self.sheets:
                self._redraw.start(REDRAW_MS)

    def _redraw_sharp_pages(self) -> None:
        # The old pictures stay, scaled, until sharp ones are there.
        if self._subject is not None and self.isVisible():
            self._reporting.make_and_show(self._subject, self._sheet_width_px())

    # -- saving and printing -----------------------------------------------------------------------------------------

    def _save_or_offer_file_kinds(self) -> None:
        """Save a story as it is; ask for a report's kind of file. Only a PDF can leave out managers' parts."""
        if self.is_ticket_history_shown:
            self._save_report_with_ending(page_controller.PDF)
            return
        self.kinds = QMenu(self)
        has_all = self.printing.chosen_pages is PrintedReportPagesChoice.ALL
        for ending in page_controller.report_file_endings():
            kind = self.kinds.addAction(page_controller.file_kind_name(ending))
            kind.triggered.connect(partial(self._save_report_with_ending, ending))
            kind.setEnabled(ending == page_controller.PDF or has_all)
        if not has_all:
            self.kinds.addSeparator()
            told = _("Tables hold figures for managers too: choose “All pages” for them")
            self.kinds.addAction(told).setEnabled(False)
        self.kinds.popup(self.save_button.mapToGlobal(QPoint(0, self.save_button.height())))

    def _save_report_with_ending(self, ending: str) -> None:
        self.banner.hide()
        self._reporting.save_report_in_reports_folder(ending, pages=self.printing.chosen_pages)

    def _print_on_chosen_printer(self) -> None:
        self.banner.hide()
        self._reporting.print_report(self.printing.chosen_printer, self.printing.chosen_pages)

    def refresh_sheet_printer(self) -> None:
        """Note that another printer of tickets may be the usual one for sheets."""
        self.printing.look_up_printers()

    def _say_sent_to_printer(self, printer: str) -> None:
        self.said.emit(_("Sent to {printer}", printer=printer_display_name(printer)), "print")

    def _warn_of_failure(self, trouble: QueueDeskError) -> None:
        if not self.sheets:
            self._note.setText("")
        self.show_warning(trouble)


def moment_text(setup: Setup, moment: datetime, today_year: int) -> str:
    """Return a date and a time on the hall's clock, with the year if it is not this one."""
    local = setup.to_hall_time(moment)
    day = date_short(local.date()) if local.year == today_year else date_long(local.date())
    return f"{day} {time_hm(local)}"
