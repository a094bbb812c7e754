"""The manager's acts on tickets; reads ticket histories, earlier days, and calls that nobody heard."""

from __future__ import annotations

from abc import abstractmethod
from datetime import date, datetime, timedelta
from functools import partial

from PySide6.QtCore import QObject, Signal

from queuedesk.core.errors import OutsideError, QueueDeskError
from queuedesk.core.log.state import HallState
from queuedesk.desk import looking
from queuedesk.desk.change import Document
from queuedesk.desk.quality import case_documents, inspecting, thanking
from queuedesk.desk.queue import calling
from queuedesk.desk.talk import announcing, messaging
from queuedesk.desk.talk.announcing import UnheardCall
from queuedesk.stations.manager.parts.page_controller import BackgroundReader
from queuedesk.stations.window.context import SingleCommandRunner, StationContext


class ManagerController(SingleCommandRunner):
    """Acts on tickets and reads what the feed lacks. `refused` also gives the verb of a failed reading, `story_read` a
    ticket's history, `day_read` a date with its HallState; `unheard_changed`: `unheard` is another list."""

    story_read = Signal(object)
    day_read = Signal(object, object)
    unheard_changed = Signal()

    def __init__(self, context: StationContext, parent: QObject | None = None) -> None:
        super().__init__(context, parent)
        self.unheard: list[UnheardCall] = []
        self._noted = 0  # the last call whose silence the person here has noted
        self._first_day: date | None = None

    @property
    def hall_state(self) -> HallState:
        return self.context.feed.state

    @property
    def business_date(self) -> date:
        return self.context.feed.business_date

    # -- tickets -----------------------------------------------------------------------------------------------------

    def leave(self, day: date, label: str) -> None:
        self.run_desk_function("leave", calling.record_customer_left, label, day=day)

    def void(self, day: date, label: str, reason: str) -> None:
        self.run_desk_function("void", calling.void_ticket, label, day=day, reason=reason)

    def reinstate(self, day: date, label: str) -> None:
        self.run_desk_function("reinstate", calling.reinstate_missed_ticket, label, day=day)

    def redirect(self, day: date, label: str, service: str) -> None:
        """Move a waiting ticket to the right line, by its arrival."""
        self.run_desk_function("redirect", calling.redirect_customer, service, ticket=label, day=day)

    def record_thanks(self, day: date, label: str, staff: str, words: str) -> None:
        self.run_desk_function("thanks", thanking.record_thanks, staff, ticket=label, day=day, words=words)

    # -- reading -----------------------------------------------------------------------------------------------------

    def read_ticket_history(self, day: date, label: str, first_seq: int) -> None:
        """Read a ticket's events and check the log from `first_seq` (the day's first ticket) to the history's end. A
        long day takes a tenth of a second or two, so it runs beside the commands."""
        work = partial(
            looking.chain_checked_ticket_history, self.context.desk, day, label, first_seq, self.context.clock()
        )
        self.context.tasks.run_in_long_work_lane(
            work, self.story_read.emit, partial(self.refused.emit, "story"), may_drop=True
        )

    def read_hall_state_in_background(self, day: date) -> None:
        self.context.tasks.run(
            lambda: looking.hall_state_on(self.context.desk, day),
            partial(self.day_read.emit, day),
            partial(self.refused.emit, "day"),
        )

    def first_logged_date(self) -> date:
        """Return the date of the log's first event, a single row read once; today while the hall's file is away."""
        if self._first_day is None:
            try:
                first = looking.events_after(self.context.desk, 0, 1)
            except OutsideError:
                return self.business_date
            self._first_day = (first[0].date if first else None) or self.business_date
        return self._first_day

    # -- calls that nobody heard --------------------------------------------------------------------------------------

    def refresh_unannounced_ticket_calls(self) -> None:
        """Read which of today's calls did not reach the hall since the last noted one."""
        desk, day, now = self.context.desk, self.business_date, self.context.clock()
        self.context.tasks.run_in_long_work_lane(
            lambda: announcing.unheard_calls(desk, day, now),
            self._set_unheard_calls,
            self._ignore_unheard_failure,
            may_drop=True,
        )

    def dismiss_unheard_calls(self) -> None:
        """Remove the strip as seen. For calls without a display it stays away until a display was back."""
        self._noted = max((call.seq for call in self.unheard), default=self._noted)
        self._set_unheard_calls([])

    def _set_unheard_calls(self, calls: list[UnheardCall]) -> None:
        found = [call for call in calls if call.run > self._noted]
        if found != self.unheard:
            self.unheard = found
            self.unheard_changed.emit()

    def _ignore_unheard_failure(self, _trouble: QueueDeskError) -> None:
        """The hall's file is away, which the page says already; asked again soon."""


class _PeriodicReader(QObject):
    """Reads `rows` that the feed does not hold, some minutes after the last time, or when `known` has changed."""

    EVERY = timedelta(minutes=10)
    FEATURE = ""
    """What a hall has to use for this."""

    def __init__(self, context: StationContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._reading = BackgroundReader(context, self)
        self._looked: datetime | None = None
        self._known: object = None
        self.rows: list[Document] = []

    def refresh(self, now: datetime, known: object = None) -> None:
        """Read again if the last reading is old enough; nothing for what the hall does not use."""
        if self.FEATURE and not self._context.feed.setup.has_feature(self.FEATURE):
            self.rows, self._looked = [], None
            return
        is_due = self._looked is None or abs(now - self._looked) >= self.EVERY or known != self._known
        if is_due and not self._reading.is_on:
            self._looked, self._known = now, known
            self._reading.read(partial(self._read_rows, now, self._context.feed.business_date), self._store_rows)

    @abstractmethod
    def _read_rows(self, now: datetime, today: date) -> list[Document]: ...

    def _store_rows(self, rows: list[Document]) -> None:
        self.rows = rows


class MissingInspectionsReader(_PeriodicReader):
    """The month's missing inspections: `rows` are channels of its coverage, empty before the warning days."""

    FEATURE = "inspections"

    def _read_rows(self, now: datetime, today: date) -> list[Document]:
        month = inspecting.inspections_of_month(self._context.desk, None, now)
        return [one for one in month["coverage"] if one["short"]] if today.isoformat() >= month["warns_from"] else []


class WarningsLeftUnprintedReader(_PeriodicReader):
    """The warnings that the hall's rule has printed and that came on no paper."""

    EVERY = timedelta(minutes=1)
    FEATURE = "thanks"

    def _read_rows(self, now: datetime, today: date) -> list[Document]:
        if self._context.feed.setup.settings["warning_slip"] != "on":
            return []
        return messaging.warnings_with_failed_slip(self._context.desk, now)


class FadedEffectsReader(_PeriodicReader):
    """The effects of projects that faded last week: they change with the date, or with a project."""

    EVERY = timedelta(hours=6)
    FEATURE = "projects"

    def _read_rows(self, now: datetime, today: date) -> list[Document]:
        if not looking.has_projects(self._context.desk):
            return []
        # With more of the figures than anything else that is read here: no first frame waits for it, and a hall without
        # projects never.
        from queuedesk.desk.improvement import fading_effects

        return fading_effects(self._context.desk, now)


class StandardRequestsReader(_PeriodicReader):
    """What projects ask of somebody who may change the set-up: it changes with a project."""

    EVERY = timedelta(hours=6)
    FEATURE = "projects"

    def _read_rows(self, now: datetime, today: date) -> list[Document]:
        if not looking.has_projects(self._context.desk):
            return []
        from queuedesk.desk.improvement import all_project_standards  # as above

        return [row for row in all_project_standards(self._context.desk) if row["asked"]]


class LowRatingsReader(_PeriodicReader):
    """The low ratings of the last days that ask for a case."""

    def _read_rows(self, now: datetime, today: date) -> list[Document]:
        who = self._context.who
        # Meanwhile they may have been signed out.
        return [] if who is None else case_documents.low_ratings_without_case(self._context.desk, who, now)
