"""Staffing: how many windows a date needs beside the roster, who is expected beside who came, and the roster itself."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from queuedesk.core.charts.chart import Chart, Point
from queuedesk.core.errors import QueueDeskError
from queuedesk.core.log.event import Event
from queuedesk.core.log.state import HallState
from queuedesk.core.queue.dispatch import Wait
from queuedesk.core.queue.offers import offer_of
from queuedesk.core.queue.overview import service_lines
from queuedesk.core.setup.hall import CALENDAR
from queuedesk.core.setup.rows import Setup
from queuedesk.core.setup.time_of_day import clock_text
from queuedesk.core.staffing.day import HalfHour, StaffingDay
from queuedesk.features.windows_needed.pages.controller import StaffingController
from queuedesk.features.windows_needed.pages.roster import RosterCard
from queuedesk.features.windows_needed.words import error_lines, goal_text
from queuedesk.i18n import _, current, listing, n_, say, time_hm
from queuedesk.i18n.calendar_words import day_text
from queuedesk.i18n.names import letter_of, service_name
from queuedesk.i18n.numerals import UNKNOWN, decimal, whole
from queuedesk.i18n.queue.wait_words import wait_span
from queuedesk.i18n.staffing import staffing_words as words
from queuedesk.reports.draw.pictures import staffing_chart
from queuedesk.stations.manager.controller import ManagerController
from queuedesk.stations.manager.figures.cards import TableCard
from queuedesk.stations.manager.figures.tables import Behind, Table
from queuedesk.stations.manager.pages import Controllers
from queuedesk.stations.manager.parts.page import Act, DateKeys, Page, PageSpec
from queuedesk.stations.manager.today.alert_words import Place
from queuedesk.stations.widgets.charts.chart_view import ChartView
from queuedesk.stations.widgets.charts.figures import FigureCell, FigureRow
from queuedesk.stations.widgets.panels import Label, ScrolledBody

# -- words -------------------------------------------------------------------------------------------------------------


def needed_chart(found: StaffingDay, now_min: int | None) -> Chart:
    """Return what the picture shows."""
    if not _has_picture(found):
        return Chart(summary=words.rests_on(found), empty=words.rests_on(found))
    windows = [Point((span_text(one), *_windows_said(one))) for one in found.half_hours]
    people = [Point((span_text(one), *_people_said(one))) for one in found.half_hours]
    return staffing_chart(found, current(), (windows, people), now_min)


def _has_picture(found: StaffingDay) -> bool:
    """Whether there is anything to draw; where there is not, the picture's place says why."""
    return bool(found.forecast.is_known or found.has_roster or found.came)


def span_text(one: HalfHour) -> str:
    """Return "9:30–10:00"."""
    return f"{clock_text(one.start_min)}–{clock_text(one.start_min + 30)}"


def sentences(setup: Setup, found: StaffingDay) -> list[str]:
    """Return the date in sentences: people, where the roster is short, what a line adds."""
    said = [told] if (told := day_text(setup.calendar, found.date)) else []
    said += [words.total_text(found)] if found.total else []
    if found.forecast.is_known:
        said += words.gap_lines(setup, found)
    elif _has_picture(found):
        said.append(words.rests_on(found))
    if found.backlog is not None:
        said.append(words.backlog_text(setup, found.backlog))
    return said


def waits_now(state: HallState, now: datetime) -> str:
    """Return how long people who come now will wait, as display and kiosk tell them; "" if unknown. A service that
    gives no ticket now is left out unless somebody waits for it."""
    setup = state.setup_now
    told = [
        f"{letter_of(setup, line.service)} {wait_span(line.wait, ahead=line.before)}"
        for line in service_lines(state, now)
        if setup is not None
        and isinstance(line.wait, Wait)
        and (line.waiting or offer_of(state, line.service, now).refusal() is None)
    ]
    return _("Wait for somebody arriving now: {waits}.", waits=listing(told)) if told else ""


def foundation(found: StaffingDay) -> list[str]:
    """Return what the figures are based on."""
    return [words.rests_on(found), *error_lines(found.error), words.method_text()]


def half_hours(found: StaffingDay) -> Table:
    """Return the half hours as a table."""
    rows = [FigureRow(span_text(one), _cells(found, one)) for one in found.half_hours]
    return Table(
        title=_("By half hour"),
        name=_("Half hour"),
        columns=[
            _("Expected", context="people"),
            _("Range", context="people"),
            _("Came", context="people"),
            _("Busy windows"),
            _("Needed", context="windows"),
            _("Roster", context="windows"),
            _("At work"),
        ],
        rows=rows,
        empty=_("The hall is closed on this date."),
    )


def services(setup: Setup, found: StaffingDay) -> Table:
    """Return each service's arrivals and how long its customers occupy windows."""
    from queuedesk.core.waits.arrival_forecast import expected

    rows = []
    for code, keeps in found.keeps.items():
        people = expected(found.forecast, 0, 1440, [code])
        name = service_name(setup, code)
        taught = n_("learned from {n} customer", "learned from {n} customers", keeps.n) if keeps.n else _("as set up")
        cells = (
            FigureCell(decimal(people.mean if people else None)),
            FigureCell(UNKNOWN if people is None else f"{people.low}–{people.high}"),
            FigureCell(decimal(keeps.mean_min), Point((name, taught))),
            FigureCell(whole(keeps.n)),
        )
        rows.append(FigureRow(name, cells, letter_of(setup, code)))
    return Table(
        title=_("By service"),
        name=_("Service", context="report"),
        columns=[
            _("Expected", context="people"),
            _("Range", context="people"),
            _("Minutes at windows"),
            _("Customers behind it"),
        ],
        rows=rows,
    )


def _windows_said(one: HalfHour) -> tuple[str, ...]:
    said = []
    if one.needed is not None and one.load is not None:
        said.append(_("needed {n}, {load} busy at its heaviest", n=one.needed, load=decimal(one.load)))
        said.append(_("on one day in ten {n}", n=one.needed_busy))
    if one.planned is not None:
        said.append(_("in the roster {n}", n=one.planned))
    if one.at_work is not None:
        said.append(_("at work {n}", n=decimal(one.at_work)))
    return tuple(said)


def _people_said(one: HalfHour) -> tuple[str, ...]:
    said = []
    if one.people is not None:
        mean = decimal(one.people.mean)
        said.append(_("expected {mean}, {low} to {high}", mean=mean, low=one.people.low, high=one.people.high))
    if one.came is not None:
        said.append(_("came {n}", n=one.came))
    return tuple(said)


def _cells(found: StaffingDay, one: HalfHour) -> tuple[FigureCell, ...]:
    people, lacks = one.people, (one.gap or 0) > 0
    needed = whole(one.needed) if one.needed == one.needed_busy else f"{one.needed}–{one.needed_busy}"
    behind = Behind("issued", found.date, found.date, _("Tickets issued")) if one.came else None
    came = Point((span_text(one), _("Press for the tickets of the day.")), behind) if behind else None
    return (
        FigureCell(decimal(people.mean if people else None)),
        FigureCell(UNKNOWN if people is None else f"{people.low}–{people.high}"),
        FigureCell(whole(one.came), came),
        FigureCell(decimal(one.load)),
        FigureCell(needed, token="red" if lacks else "ink"),
        FigureCell(whole(one.planned), token="red" if lacks else "ink", bold=lacks),
        FigureCell(decimal(one.at_work)),
    )


AHEAD_DAYS = 366


# -- the page ----------------------------------------------------------------------------------------------------------


class StaffingPage(Page):
    """`behind_wanted` gives path, first and last date and title of a figure whose tickets are asked for, `place_wanted`
    leads to a date of the calendar."""

    behind_wanted = Signal(str, object, object, str)
    place_wanted = Signal(object)

    def __init__(
        self, controller: ManagerController, staffing_controller: StaffingController, parent: QWidget | None = None
    ) -> None:
        self._controller, self._staffing_controller = controller, staffing_controller
        spec = PageSpec(
            title=lambda: _("Staffing", context="tab"),
            acts=(
                Act(
                    text=self._pay_words,
                    do=self._turn_pay_day,
                    changes_hall=True,
                    offered=lambda: staffing_controller.found is not None and staffing_controller.may_mark,
                ),
                Act(text=lambda: _("Save", context="table"), do=self._ask_ending, icon="save"),
            ),
            foot=0,
        )
        super().__init__(controller.context.look, spec, parent)
        look = self._look
        self.pay_button, self.save_button = self.buttons
        self.dates = DateKeys(look, self)
        self.put_tools(*self.dates.widgets)
        self.goal = Label(look, px=15, token="ink2", wrap=True)
        self.told = Label(look, px=17, wrap=True)
        self.chart = ChartView(look, height=430, least=320, is_fixed=True)
        self.roster = RosterCard(look)
        self.half_hours, self.services = TableCard(look), TableCard(look)
        self.foundation = Label(look, px=14, token="ink2", wrap=True)
        self.body = ScrolledBody(look)
        stack = self.body.stack
        for part in (self.goal, self.told, self.chart, self.roster, self.half_hours, self.services, self.foundation):
            stack.addWidget(part)
        stack.addStretch(1)
        self.put(self.body, 1, inset=False)
        self._connect()
        self._begin()

    def _begin(self) -> None:
        """Show what was worked out, or what is looked at."""
        if self._staffing_controller.found is not None:
            self._show(self._staffing_controller.found)
        else:
            self._show_wanted()

    def _connect(self) -> None:
        staffing_controller = self._staffing_controller
        self.dates.picked.connect(self.look_at)
        self.body.wait.acted.connect(self.dates.choose_day)
        for card in (self.half_hours, self.services):
            card.picked.connect(self._lead)
        staffing_controller.shown.connect(self._show)
        staffing_controller.failed.connect(self._fail)
        staffing_controller.saved.connect(self.say_saved)
        self.roster.wanted.connect(staffing_controller.plan)
        self.roster.calendar_wanted.connect(lambda day: self.place_wanted.emit(Place(CALENDAR, day=day)))
        staffing_controller.busy_changed.connect(self.pay_button.set_busy)
        staffing_controller.planned.connect(self._planned)
        staffing_controller.refused.connect(self._refused)
        # By the page, which may be let go: nothing is read for one that is not there.
        self._controller.context.feed.changed.connect(self._heed)

    def set_away(self, away: bool) -> None:
        """Allow only looking, not planning, while the hall is away."""
        self.roster.set_away(away)

    # -- what is looked at -------------------------------------------------------------------------------------------

    @property
    def day(self) -> date:
        return self._staffing_controller.day or self._controller.day

    def refresh(self, _now: datetime) -> None:
        """Read today when the page is first shown; follow it while it runs."""
        if self._staffing_controller.day is None:
            self.look_at(self._controller.day)
        else:
            self._staffing_controller.follow()

    def look_at(self, day: date) -> None:
        """Show another date."""
        self.banner.hide()
        self._staffing_controller.want(day)
        self._show_wanted()

    def _show_wanted(self) -> None:
        last = self._controller.day + timedelta(days=AHEAD_DAYS)
        self.dates.show_day(self.day, (self._controller.first_day(), last))
        if self._staffing_controller.found is None:
            self.body.wait.set_texts(_("Reading the days before …"), _("Everything else works."))
        self.body.show_parts(self._staffing_controller.found is not None)
        self.save_button.setEnabled(self._staffing_controller.can_save)

    # -- what was read -----------------------------------------------------------------------------------------------

    def _show(self, found: StaffingDay) -> None:
        self.banner.hide()
        context = self._controller.context
        setup, now = context.feed.setup, context.clock()
        kind = words.pay_day_text(found.forecast.pay_day)
        goal = goal_text(found.goal)
        self.goal.setText(f"{goal} · {kind}" if kind else goal)
        told = sentences(setup, found)
        is_today = found.date == self._controller.day
        if is_today:
            told.append(waits_now(context.feed.state, now))
        self.told.setText("\n".join(text for text in told if text))
        self.told.setVisible(bool(told))
        local = setup.local(now)
        chart = needed_chart(found, local.hour * 60 + local.minute if is_today else None)
        self.chart.set_chart(chart, _("Windows needed"))
        self.pay_button.setText(self._pay_words())
        self.pay_button.setVisible(self._staffing_controller.may_mark)
        self.roster.show_day(setup, found.date, may_plan=self._staffing_controller.may_plan)
        self.half_hours.show_table(half_hours(found))
        self.services.show_table(services(setup, found))
        lines = foundation(found)
        if is_today:
            lines.insert(0, _("As of {time}.", time=time_hm(local)))
        self.foundation.setText("\n".join(lines))
        self._show_wanted()

    def _fail(self, trouble: QueueDeskError) -> None:
        self.warn(trouble)
        if self._staffing_controller.found is None:
            self.body.wait.set_texts(say(trouble), act=_("Choose another day"))

    def _planned(self) -> None:
        self.banner.hide()
        self.roster.done()
        self.said.emit(_("Saved", context="toast"), "check")

    def _refused(self, trouble: QueueDeskError) -> None:
        if not self.roster.refuse(trouble):
            self.warn(trouble)

    def _pay_words(self) -> str:
        is_pay_day = self.day in self._controller.context.feed.setup.pay_days
        return _("Not a busy bill day") if is_pay_day else _("Mark as a busy bill day")

    def _turn_pay_day(self) -> None:
        self._staffing_controller.set_pay_day(self.day not in self._controller.context.feed.setup.pay_days)

    def _lead(self, behind: Behind) -> None:
        self.behind_wanted.emit(behind.path, behind.first, behind.last, behind.title)

    def _heed(self, events: list[Event]) -> None:
        self._staffing_controller.heed(events)

    def left_as(self) -> bool | None:
        is_planning = self.roster.dialog is not None or self.roster.scope.currentIndex() > 0
        return None if is_planning else self._staffing_controller.found is not None

    def take_up(self, left: bool) -> None:
        if left:
            self._staffing_controller.want(self.day)

    # -- files -------------------------------------------------------------------------------------------------------

    def save(self, ending: str) -> None:
        """Write the date as a file of that kind."""
        self._staffing_controller.save(ending)

    def save_quiet_hours(self) -> None:
        """Write when the next days are quiet, for the wall."""
        self._staffing_controller.save_quiet_hours()

    def _ask_ending(self) -> None:
        quiet = (_("Quiet hours of the next days, for the wall (.pdf)"), self.save_quiet_hours)
        self.ask_ending(self.save_button, ("pdf", "csv"), self.save, quiet)

    # -- the rest ----------------------------------------------------------------------------------------------------


def staffing_page(controller: ManagerController, own: Controllers) -> StaffingPage:
    """Return the page for the tabs of order and waits."""
    return StaffingPage(controller, own(StaffingController, controller.context))
