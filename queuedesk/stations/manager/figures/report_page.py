"""Reports in the window: a period's report or a ticket's story, with its pages, saving and printing; and the reports
that were written automatically."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QPoint, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QImage, QKeyEvent, QPaintEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from queuedesk.core.errors import OutsideError, QueueDeskError
from queuedesk.core.figures.periods import DAY, WEEK, Pages
from queuedesk.core.setup.rows import Setup
from queuedesk.core.upkeep import PUT_BACK, Held, Standing
from queuedesk.i18n import _, date_short, figure_range, n_, say, time_hm
from queuedesk.i18n.moments import date_long, day_ticket
from queuedesk.i18n.upkeep.sheet_words import kept_text, standing_text
from queuedesk.stations.acts.printer_choice import printer_word
from queuedesk.stations.manager.controller import ManagerController
from queuedesk.stations.manager.figures.reporting import (
    KEPT,
    PDF,
    KeptController,
    KeptList,
    KeptReport,
    Report,
    Reporting,
    Subject,
    endings,
    kind_name,
    report_title,
    span_text,
)
from queuedesk.stations.manager.figures.tables import counted_words
from queuedesk.stations.manager.parts.inputs import PrintChoice
from queuedesk.stations.manager.parts.page import Act, Page, PageSpec, PeriodKeys
from queuedesk.stations.manager.parts.table import Column, ListCard, TableSpec
from queuedesk.stations.manager.today.alert_words import AlertText, Place
from queuedesk.stations.widgets.buttons import SecondaryButton, TextButton
from queuedesk.stations.widgets.paint import TEXT, Follows, Painter
from queuedesk.stations.widgets.panels import GroundArea, Label, discard, spread
from queuedesk.stations.widgets.questions.dialogs import Dialog, FormField
from queuedesk.stations.widgets.questions.files import ask_file, ask_folder
from queuedesk.stations.window.style import PAGE, Look

PAGE_WIDTH, SCROLL_BAR = 860, 14
REDRAW_MS = 250
ROW_GAP = 12


class _Sheet(Follows, QWidget):
    """One page of the report as a picture; its height follows from the width that it is given."""

    def __init__(self, look: Look, picture: QImage) -> None:
        super().__init__()
        self.follow(look)
        self.picture: QImage | None = picture
        self._shape = picture.height() / max(1, picture.width())

    def set_width(self, width: int) -> None:
        self.setFixedSize(width, round(width * self._shape))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = Painter(self, self.look)
        painter.setRenderHint(painter.RenderHint.SmoothPixmapTransform)
        if self.picture is not None:
            painter.drawImage(QRectF(self.rect()), self.picture)
        painter.box(QRectF(self.rect()), 0, "", edge="line")


class ReportPage(Page):
    """Shows a report or a ticket's history; `back` leads to where it was opened."""

    back = Signal()

    def __init__(
        self, look: Look, reporting: Reporting, controller: ManagerController, parent: QWidget | None = None
    ) -> None:
        spec = PageSpec(
            acts=(
                Act(text=lambda: _("Save"), do=self._save, icon="save"),
                Act(text=lambda: _("Print"), do=self._print, icon="print", is_main=True),
            ),
            foot=0,
        )
        super().__init__(look, spec, parent)
        self._reporting, self._controller = reporting, controller
        self.save_button, self.print_button = self.buttons
        self._subject: Subject | None = None
        self._today: date | None = None
        self.sheets: list[_Sheet] = []
        self.kinds = QMenu(self)
        self.back_button = SecondaryButton(look, _("Back"), icon="arrow-left", key="Esc")
        self.dates = PeriodKeys(look, self)
        self.printing = PrintChoice(controller.context)
        self.printing.setMinimumWidth(1)  # A narrow window shortens it before it widens the page.
        self._note = Label(look, px=17, token="ink2", align=Qt.AlignmentFlag.AlignHCenter)
        self._redraw = QTimer(self)
        self._redraw.setSingleShot(True)
        self._redraw.timeout.connect(self._draw_again)
        self._build()
        self._connect()
        look.changed.connect(self._restyle)
        self._show_subject()

    def left_as(self) -> tuple[Subject | None, bool]:
        return self._subject, self.leads_back

    def take_up(self, left: tuple[Subject | None, bool]) -> None:
        subject, leads_back = left
        self.back_button.setVisible(leads_back)
        if subject is not None:
            if not subject.label and subject.file is None:
                self.dates.periods.setCurrentIndex(self.dates.periods.findData(subject.period))
            self._open(subject)

    def _build(self) -> None:
        self.put_tools(self.back_button, *self.dates.widgets, right=[self.printing])
        inner = QWidget()
        middle = QHBoxLayout(inner)
        middle.setContentsMargins(0, 0, 0, 0)
        middle.addStretch(1)
        self._pages = QVBoxLayout()
        spread(self._look, self._pages, (0, 0, 0, 24), 16)
        self._holder = QWidget()
        self._holder.setLayout(self._pages)
        middle.addWidget(self._holder)
        middle.addStretch(1)
        self._pages.addWidget(self._note)
        self._pages.addStretch(1)
        self.area = GroundArea(inner, keys=True)
        self.put(self.area, 1)
        self._restyle()

    def _connect(self) -> None:
        reporting = self._reporting
        self.back_button.clicked.connect(self.back)
        self.dates.picked.connect(self.open_period)
        self.dates.chosen.connect(self._choose_period)
        reporting.shown.connect(self._show)
        reporting.counted.connect(self._show_counted)
        reporting.failed.connect(self._fail)
        reporting.saved.connect(self.say_saved)
        reporting.printed.connect(self._printed)
        self.printing.failed.connect(self._fail)
        self.printing.pages_changed.connect(self._show_pages)

    @property
    def is_story(self) -> bool:
        """Whether a ticket's history is shown, not a day's report."""
        return self._subject is not None and bool(self._subject.label)

    @property
    def is_kept(self) -> bool:
        """Whether a kept report is shown, as it was written."""
        return self._subject is not None and self._subject.file is not None

    @property
    def leads_back(self) -> bool:
        """Whether it was opened from another page, which the back button leads to."""
        return not self.back_button.isHidden()

    def open_tab(self, today: date) -> None:
        """Show the last paper again, today's report at first; a period that is not over is made anew."""
        subject = self._subject
        self.back_button.hide()
        if subject is None or subject.label or subject.file is not None:
            self.dates.periods.setCurrentIndex(0)
            self.open_period(today)
        elif not self.sheets or (subject.period == DAY and subject.day == today):
            self._open(subject)

    def open_day(self, day: date) -> None:
        """Make and show only the report of `day`, for another page; its pages appear as they are drawn."""
        self.back_button.show()
        self.dates.periods.setCurrentIndex(0)
        self.open_period(day)

    def open_period(self, day: date) -> None:
        """Make and show the report of the chosen period that contains `day`."""
        self._open(Subject(day, period=self.dates.period))

    def open_story(self, day: date, label: str) -> None:
        """Make and show the history of a ticket of `day`."""
        self.back_button.show()
        self._open(Subject(day, label))

    def open_kept(self, subject: Subject) -> None:
        """Show a report as it was written into its file."""
        self.back_button.show()
        self._open(subject)

    def _open(self, subject: Subject) -> None:
        self._subject = subject
        self._clear()
        self.banner.hide()
        self._set_ready(False)
        self._show_subject()
        if not self._reporting.can_make(subject):
            self._note.setText(_("QueueDesk was started without reports."))
            return
        writing = "" if self.is_kept else _("Writing the report …")
        self._note.setText(_("Writing the history …") if subject.label else writing)
        self._reporting.show(subject, self._width_px())

    # -- days --------------------------------------------------------------------------------------------------------

    @property
    def _day(self) -> date | None:
        """The day whose report is shown; a story or a kept report has its day for good."""
        is_made_now = self._subject is not None and not self._subject.label and not self.is_kept
        return self._subject.day if self._subject and is_made_now else None

    def _choose_period(self) -> None:
        if self._day is not None:
            self.open_period(min(self._day, self._controller.day))

    def show_today(self, today: date) -> None:
        """Follow the business date: another day can be chosen when it turns."""
        if today != self._today:
            self._today = today
            self._show_subject()

    def _show_subject(self) -> None:
        subject, day = self._subject, self._day
        label = subject.label if subject else ""
        period = subject.period if subject and self.is_kept else self.dates.period
        self.head.set_title(_("History of {ticket}", ticket=label) if label else report_title(period))
        self.head.set_line(subject.file.name if subject and subject.file else "")
        for widget in self.dates.widgets:
            widget.setVisible(not label and not self.is_kept)
        self.save_button.setVisible(not self.is_kept)
        self.printing.page_choice.setVisible(not label)
        if subject is None or day is None:
            return
        controller = self._controller
        self.dates.show_span(subject.period, day, subject.span, controller.first_day(), controller.day)

    # -- pages -------------------------------------------------------------------------------------------------------

    def _show_counted(self, done: int, of: int) -> None:
        if not self.sheets:
            self._note.setText("\n".join((_("Writing the report …"), counted_words(done, of))))

    def _show(self, report: Report) -> None:
        self._clear()
        self._note.setText("")
        self._note.hide()
        for number, picture in enumerate(report.pictures_of(self.printing.pages)):
            sheet = _Sheet(self._look, picture)
            sheet.set_width(self._column_width())
            self._pages.insertWidget(1 + number, sheet)
            self.sheets.append(sheet)
        self._set_ready(True)

    def _show_pages(self) -> None:
        """Show the pages that would be printed; those let go while nobody looked come back with the page."""
        report = self._reporting.report
        if self.sheets and report is not None and report.pictures:
            self._show(report)

    def _clear(self) -> None:
        discard(self.sheets)
        self.sheets = []
        self._note.show()

    def _set_ready(self, ready: bool) -> None:
        self.save_button.setEnabled(ready)
        self.print_button.setEnabled(ready and self._reporting.can_print)

    def _width_px(self) -> int:
        ratio = self.devicePixelRatioF()
        return round(self._column_width() * ratio)

    def _column_width(self) -> int:
        look = self._look
        return max(200, min(look.wide(PAGE_WIDTH), self.width() - 2 * look.gap(PAGE) - look.px(SCROLL_BAR)))

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if not event.spontaneous():  # behind another window somebody comes back to it at once
            self._reporting.let_pages_go()
            for sheet in self.sheets:
                sheet.picture = None

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self.sheets and self.sheets[0].picture is None:
            self._reporting.show_again(self._width_px())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._restyle()

    def _restyle(self) -> None:
        width = self._column_width()
        if width != self._holder.width():
            self._holder.setFixedWidth(width)
            for sheet in self.sheets:
                sheet.set_width(width)
            if self.sheets:
                self._redraw.start(REDRAW_MS)

    def _draw_again(self) -> None:
        # The old pictures stay, scaled, until sharp ones are there.
        if self._subject is not None and self.isVisible():
            self._reporting.show(self._subject, self._width_px())

    # -- saving and printing -----------------------------------------------------------------------------------------

    def _save(self) -> None:
        """Save a story as it is; ask as which kind of file to save a report. Only a PDF can leave out what is for
        managers."""
        if self.is_story:
            self._save_as(PDF)
            return
        self.kinds = QMenu(self)
        has_all = self.printing.pages is Pages.ALL
        for ending in endings():
            kind = self.kinds.addAction(kind_name(ending))
            kind.triggered.connect(partial(self._save_as, ending))
            kind.setEnabled(ending == PDF or has_all)
        if not has_all:
            self.kinds.addSeparator()
            told = _("Tables hold figures for managers too: choose “All pages” for them")
            self.kinds.addAction(told).setEnabled(False)
        self.kinds.popup(self.save_button.mapToGlobal(QPoint(0, self.save_button.height())))

    def _save_as(self, ending: str) -> None:
        self.banner.hide()
        self._reporting.save(ending, pages=self.printing.pages)

    def _print(self) -> None:
        self.banner.hide()
        self._reporting.print_(self.printing.printer, self.printing.pages)

    def follow_printer(self) -> None:
        """Note that another printer of tickets may be the usual one for sheets."""
        self.printing.look_up()

    def _printed(self, printer: str) -> None:
        self.said.emit(_("Sent to {printer}", printer=printer_word(printer)), "print")

    def _fail(self, trouble: QueueDeskError) -> None:
        if not self.sheets:
            self._note.setText("")
        self.warn(trouble)


# -- checking a printed sheet ------------------------------------------------------------------------------------------

EXAMPLE = "4812-K7QM-…-9RCX"
SIGN, PAD = 22, 14


class Verdict(Follows, QWidget):
    """The result for a sheet on a tinted ground: with a tick, or in red with a sign."""

    spoken_role = TEXT

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._holds = True
        self._said = Label(look, px=17, bold=True, wrap=True)
        within = QVBoxLayout(self)
        spread(look, within, (PAD + SIGN + 12, PAD, PAD, PAD))
        within.addWidget(self._said)
        self.follow(look)
        self.hide()

    def text(self) -> str:
        return self._said.text()

    def give(self, text: str, *, holds: bool) -> None:
        """Show the result."""
        self._holds = holds
        self._said.set_token("ink" if holds else "red")
        self._said.setText(text)
        self.setAccessibleName(text)
        self.show()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, look = Painter(self, self.look), self.look
        ground, sign, token = ("paper", "check", "primary") if self._holds else ("redbg", "warning", "red")
        painter.box(QRectF(self.rect()), 10, ground)
        painter.icon(sign, token, look.px(PAD), look.px(PAD), SIGN)
        painter.end()


class SheetDialog(Dialog):
    """`wanted` gives the path of a PDF or a check code as typed. It stays open until it is closed."""

    wanted = Signal(str)

    def __init__(self, host: QWidget, look: Look) -> None:
        effect = _(
            "Checks whether the log is still the one that a report was printed from. Anybody who kept a page can tell, even if somebody rewrote the hall's data so that everything fits together."
        )
        super().__init__(host, look, title=_("Check a sheet"), effect=effect, width=760)
        self.code = FormField(
            self.look, _("Check code"), hint=_("at the foot of every page, such as {example}", example=EXAMPLE)
        )
        self.file_button = SecondaryButton(self.look, _("Choose its PDF …"), icon="folder", height=48, px=17)
        self.file_button.clicked.connect(self._choose)
        line = QHBoxLayout()
        spread(self.look, line, spacing=16)
        line.addWidget(self.code, 1)
        line.addWidget(self.file_button, 0, Qt.AlignmentFlag.AlignVCenter)
        self.body.addLayout(line)
        self._asked = ""
        self.verdict = Verdict(self.look)
        self.body.addWidget(self.verdict)
        self.put_answers(_("Close", context="dialog"), "", self._check)
        self.code.edited.connect(self._forget)
        self._forget()

    def _forget(self) -> None:
        self._asked = ""
        self._set_busy(False)
        self.code.set_error("")
        self.verdict.hide()
        if self.code.value().strip():
            self.yes_button.allow(_("Check it", context="sheet"))
        else:
            self.yes_button.block(_("Type the code, or choose the PDF"))

    def _choose(self) -> None:
        ask_file(self, _("Which report?"), "PDF (*.pdf)", self.check_file)

    def check_file(self, path: str) -> None:
        """Compare a PDF with the hall's log."""
        self.code.set_value("")
        self._forget()
        self._ask(str(Path(path).absolute()))

    def _check(self) -> None:
        if text := self.code.value().strip():
            self._ask(text)

    def _ask(self, sheet: str) -> None:
        self.code.set_error("")
        self.verdict.hide()
        self._asked = sheet
        self._set_busy(True)
        self.wanted.emit(sheet)

    def show_outcome(self, sheet: str, held: Sequence[Held]) -> None:
        """Show the result for a sheet, unless another one was asked for meanwhile."""
        if sheet != self._asked:
            return
        self._set_busy(False)
        texts = dict.fromkeys(standing_text(one.hall, one.standing, local=one.local) for one in held)
        self.verdict.give("\n".join(texts), holds=all(one.standing.holds for one in held))

    def show_trouble(self, sheet: str, trouble: QueueDeskError) -> None:
        """Show why nothing could be read."""
        if sheet != self._asked:
            return
        self._set_busy(False)
        if trouble.code == "code_mistyped":
            self.code.set_error(say(trouble))
        else:
            self.verdict.give(say(trouble), holds=False)

    def _set_busy(self, busy: bool) -> None:
        for button in (self.yes_button, self.file_button):
            button.set_busy(busy)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.isAutoRepeat():
            self._check()
        else:
            super().keyPressEvent(event)

    def first_focus(self) -> QWidget:
        return self.code.edit


# -- words -------------------------------------------------------------------------------------------------------------

KB, MB = 1_000, 1_000_000
PRINTER_TROUBLE = ("no_report_printer", "no_printer", "narrow_paper", "printer_refused")


def standing_word(standing: Standing) -> str:
    """Return in a word or two whether a report is still valid."""
    if standing.holds:
        return _("holds", context="kept report")
    return _("restored", context="kept report") if standing.word == PUT_BACK else _("changed", context="kept report")


def check_text(found: KeptList, setup: Setup) -> tuple[str, str]:
    """Return the text before the way to check a sheet, and the token of its colour."""
    for_paper = _("Anyone who kept a report can see by its check code whether the log was changed since.")
    if not found.reports and not found.formers.others:
        return for_paper, "ink2"
    status, text = kept_text(found.formers, setup)
    if status != "ok":
        return text, "red" if status == "failed" else "amber"
    return _("{one} {other}", context="sentences", one=text, other=for_paper), "ink2"


def dates_text(report: KeptReport) -> str:
    """Return a report's dates, with the year."""
    if report.period == DAY:
        return day_ticket(report.first)
    if report.period == WEEK:
        span = figure_range(date_short(report.first), date_short(report.last))
        return _("{dates} {year}", context="week", dates=span, year=report.last.year)
    return span_text(report.period, report.first, report.last, report.last)


def moment_text(setup: Setup, moment: datetime, today_year: int) -> str:
    """Return a date and a time on the hall's clock, with the year if it is not this one."""
    local = setup.local(moment)
    day = date_short(local.date()) if local.year == today_year else date_long(local.date())
    return f"{day} {time_hm(local)}"


def size_text(size: int) -> str:
    """Return "80 kB"."""
    return f"{size / MB:.1f} MB" if size >= MB else f"{max(1, round(size / KB))} kB"


def first_text(setup: Setup) -> str:
    """Return how the first report is made, if none is kept yet."""
    if setup.settings["reports"] == "off":
        return _("The rules of the set-up say which are written automatically.")
    if setup.hall.simulated:
        return _("“{button}” writes those of past days.", button=_("Write what is due"))
    return _("The first is written automatically when the first day is over.")


def rules_text(setup: Setup) -> str:
    """Return the hall's rules about reports in one or more sentences."""
    wanted = str(setup.settings["reports"])
    if setup.hall.simulated:
        return _("This hall is simulated: its reports are written only when somebody asks for them here.")
    if wanted == "off":
        return _("Reports are not written automatically in this hall.")
    told = [
        _("Each day's report is written automatically when the day is over.")
        if wanted == "days"
        else _("The report of each day, week, month, quarter and year is written automatically when it is over.")
    ]
    if setup.settings["report_print"] == "on":
        told.append(_("The newest day's is printed once."))
    keep = setup.number("report_keep_days")
    told.append(
        n_("Those of days and weeks are kept for {n} day.", "Those of days and weeks are kept for {n} days.", keep)
        if keep
        else _("All are kept for good.")
    )
    text = told[0]
    for sentence in told[1:]:
        text = _("{one} {other}", context="sentences", one=text, other=sentence)
    return text


def paper_text(setup: Setup, *, is_missing: bool, has_none: bool) -> str:
    """Return the text before the choice of a printer; if the hall wants paper and none is chosen, that nothing will be
    printed."""
    wants_paper = setup.settings["reports"] != "off" and setup.settings["report_print"] == "on"
    if wants_paper and is_missing and not setup.hall.simulated:
        return _("Nothing prints by itself on this PC: no printer for reports is chosen.")
    return _("This PC has no printer for reports.") if has_none else _("Printer for reports")


def done_text(document: Mapping[str, Any]) -> str:
    """Return the result of writing what was due."""
    written, removed = len(document["written"]), len(document["removed"])
    if not written and not removed:
        return _("No report was due.")
    text = n_("{n} report written", "{n} reports written", written)
    if removed:
        gone = n_("{n} old one removed", "{n} old ones removed", removed)
        return _("{one}, {other}", context="reports", one=text, other=gone)
    return text


def trouble_sentence(row: Mapping[str, Any]) -> str:
    """Return why something failed, in the current language; trouble met by another process keeps its words."""
    try:
        return say(OutsideError(str(row["code"]), **row["details"]))
    except KeyError:
        return str(row["message"]) or _("Writing ended unexpectedly; it is tried again soon.")


def trouble_text(row: Mapping[str, Any]) -> AlertText:
    """Return the strip that says so on the manager's day."""
    is_printer = row["code"] in PRINTER_TROUBLE
    title = _("The day's report was not printed") if is_printer else _("Reports can't be written")
    return AlertText("amber", title, trouble_sentence(row), _("Show"), Place(KEPT))


LOOK_AGAIN = timedelta(seconds=20)


class KeptPage(Page):
    """`opened` gives the Subject of a report to show, `rules_wanted` leads to the set-up's rules."""

    opened = Signal(object)
    rules_wanted = Signal()

    def __init__(self, look: Look, controller: KeptController, parent: QWidget | None = None) -> None:
        self._controller = controller
        spec = PageSpec(
            title=lambda: _("Kept reports"),
            acts=(
                Act(
                    text=lambda: _("Write what is due"),
                    do=self._write,
                    icon="save",
                    offered=lambda: controller.can_write,
                ),
                Act(text=lambda: _("Print"), do=self._print, icon="print"),
                Act(text=lambda: _("Open", context="kept report"), do=self._open_chosen, icon="document", is_main=True),
            ),
        )
        super().__init__(look, spec, parent)
        self.write_button, self.print_button, self.open_button = self.buttons
        self._looked: datetime | None = None
        self._refusal: QueueDeskError | None = None
        self.rules = Label(look, px=16, wrap=True)
        self.rules_button = TextButton(look, _("Rules of the set-up"), height=40, px=16)
        self.folder = Label(look, px=16, token="ink2", wrap=True)
        self.folder_button = TextButton(look, _("Another folder …"), icon="folder", height=40, px=16)
        self.home_button = TextButton(look, _("Beside the hall again"), height=40, px=16)
        self.paper = Label(look, px=16, token="ink2", wrap=True)
        self.printing = PrintChoice(controller.context)
        self.check = Label(look, px=16, token="ink2", wrap=True)
        self.check_button = TextButton(look, _("Check a sheet …"), icon="search", height=40, px=16)
        table = TableSpec[KeptReport](
            name=lambda: _("Kept reports"),
            columns=self._columns,
            key=lambda report: report.file,
            tip=lambda report: str(report.file),
            chooses=True,
            row_height=44,
        )
        self.list: ListCard[KeptReport] = ListCard(look, table, "document")
        self.table, self.empty = self.list.table, self.list.empty
        self._build()
        self._connect()
        self._show(KeptList())

    def _build(self) -> None:
        look = self._look
        about = QVBoxLayout()
        spread(look, about, spacing=0)
        for label, buttons in (
            (self.rules, (self.rules_button,)),
            (self.folder, (self.folder_button, self.home_button)),
            (self.check, (self.check_button,)),
            (self.paper, (self.printing,)),
        ):
            line = QHBoxLayout()
            spread(look, line, spacing=12)
            line.addWidget(label, 1, Qt.AlignmentFlag.AlignVCenter)
            for one in buttons:
                line.addWidget(one)
            about.addLayout(line)
        self.put(about)
        self.put(self.list, 1)

    def _connect(self) -> None:
        controller = self._controller
        self.check_button.clicked.connect(self.check_sheet)
        self.rules_button.clicked.connect(self.rules_wanted)
        self.printing.known.connect(self._show_words)
        self.printing.failed.connect(self._refuse)
        self.folder_button.clicked.connect(self._ask_where)
        self.home_button.clicked.connect(self._go_home)
        self.table.opened.connect(self._open)
        controller.listed.connect(self._show)
        controller.written.connect(self._written)
        controller.printed.connect(self._printed)
        controller.refused.connect(self._refuse)
        controller.busy_changed.connect(self.write_button.set_busy)

    def _columns(self) -> list[Column[KeptReport]]:
        context = self._controller.context
        setup = context.feed.setup
        year = setup.local(context.clock()).year  # that need not be said

        def moment(when: datetime | None) -> str:
            return moment_text(setup, when, year) if when else "—"

        return [
            Column(title=_("Report"), text=lambda one: report_title(one.period)),
            Column(title=_("Dates"), text=dates_text, bold=True),
            Column(title=_("Edition"), text=lambda one: f"{one.edition:d}"),
            Column(title=_("Written", context="report"), text=lambda one: moment(one.written)),
            Column(title=_("Printed", context="report"), text=lambda one: moment(one.printed)),
            Column(title=_("Log", context="report"), text=lambda one: standing_word(one.standing)),
            Column(title=_("Size"), text=lambda one: size_text(one.size), is_right=True),
        ]

    # -- what is shown -----------------------------------------------------------------------------------------------

    def refresh(self, now: datetime) -> None:
        """Follow the folder, which is read from time to time, and the hall's rules."""
        self._show_words()
        if self._looked is None or abs(now - self._looked) >= LOOK_AGAIN:
            self._looked = now
            self._controller.list_reports()
            self.printing.look_up()

    def _show(self, found: KeptList) -> None:
        self.list.show_rows(found.reports)
        for button in (self.open_button, self.print_button):
            button.setEnabled(bool(found.reports))
        self._show_words()

    def _show_words(self) -> None:
        found, setup = self._controller.found, self._controller.context.feed.setup
        self.rules.setText(rules_text(setup))
        self.list.say_empty(_("No report is kept here yet"), first_text(setup))
        self.folder.setText(_("Kept in {folder}", folder=found.folder) if found.folder else "")
        self.home_button.setVisible(found.is_own_choice)
        for part in (self.check, self.check_button):
            part.setVisible(self._controller.can_check)
        text, token = check_text(found, setup)
        self.check.set_token(token)
        self.check.setText(text)
        self.paper.setText(paper_text(setup, is_missing=self.printing.is_missing, has_none=self.printing.has_none))
        trouble = self._controller.trouble()
        text = say(self._refusal) if self._refusal else trouble_sentence(trouble) if trouble else ""
        if text:
            self.banner.set_banner("amber", text)
        self.banner.setVisible(bool(text))

    def left_as(self) -> QueueDeskError | tuple[()] | None:
        return (self._refusal or ()) if not self.write_button.is_busy() else None

    def take_up(self, left: QueueDeskError | tuple[()]) -> None:
        self._refusal = left or None
        self._show(self._controller.found)

    # -- acts --------------------------------------------------------------------------------------------------------

    def _open_chosen(self) -> None:
        chosen = self.table.chosen()
        if chosen is not None:
            self._open(chosen)

    def _open(self, report: KeptReport) -> None:
        self._looked = None  # It may be printed there.
        self.opened.emit(report.subject)

    def check_sheet(self) -> SheetDialog:
        """Ask for a sheet and show whether it is still valid."""
        dialog, controller = SheetDialog(self, self._look), self._controller
        dialog.wanted.connect(controller.check)
        controller.checked.connect(dialog.show_outcome)
        controller.not_checked.connect(dialog.show_trouble)
        dialog.open_dialog()
        return dialog

    def _print(self) -> None:
        chosen = self.table.chosen()
        if chosen is not None:
            self._forget()
            self._controller.print_(chosen, self.printing.printer, self.printing.pages)

    def _printed(self, printer: str) -> None:
        self.said.emit(_("Sent to {printer}", printer=printer_word(printer)), "print")

    def _write(self) -> None:
        self._forget()
        self._controller.write_now()

    def _written(self, document: dict[str, Any]) -> None:
        self._show_words()
        if not document["failed"]:
            self.said.emit(done_text(document), "check")

    def _ask_where(self) -> None:
        ask_folder(self, _("Where are reports kept?"), self._controller.found.folder, self.choose_folder)

    def choose_folder(self, folder: str) -> None:
        """Keep this PC's reports in `folder`."""
        self._forget()
        self._controller.choose_folder(folder)

    def _go_home(self) -> None:
        self.choose_folder("")

    def _forget(self) -> None:
        self._refusal = None
        self._show_words()

    def _refuse(self, trouble: QueueDeskError) -> None:
        self._refusal = trouble
        self._show_words()
