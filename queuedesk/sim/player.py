"""Recorded rows of actions, in the order in which they happened, played through the desk; names by line what could not
have happened. Channels are as people type them in tables, forms and commands.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from operator import attrgetter
from typing import Any, NoReturn, TypeVar

from msgspec import Struct

from queuedesk.core.errors import RuleError
from queuedesk.core.imports import half_width_text
from queuedesk.core.network.roles import CONSOLE, HALL
from queuedesk.core.queue import hallday
from queuedesk.core.queue.hallday import business_date, end_of_day
from queuedesk.core.queue.ticket import Window, WindowState
from queuedesk.core.setup.field_kinds import CODE
from queuedesk.core.setup.rows import Setup
from queuedesk.core.talk.remarks import CHANNELS
from queuedesk.desk import looking
from queuedesk.desk.change import Ask, Desk, Document
from queuedesk.desk.queue import calling, issuing, opening, rating
from queuedesk.desk.upkeep import clocks
from queuedesk.files.table import BadLine, FileTable, TableRow
from queuedesk.i18n import LANGUAGES
from queuedesk.i18n.talk import offered_channel_word

ACTION_NAMES = {
    "time": ("时间",),
    "action": ("what happened", "做了什么", "动作"),
    "ticket": ("number", "号码", "号票"),
    "service": ("业务", "业务类型"),
    "window": ("counter", "room", "窗口"),
    "staff": ("who", "人员"),
    "class": ("类别",),
    "value": ("result", "结果"),
    "reason": ("原因",),
}
ACTION_COLUMNS = tuple(ACTION_NAMES)
NEEDED_ACTION_COLUMNS = ("time", "action")
# The cells that an action can't do without; "window" and "ticket" may stand for each other where both are in one group.
NEEDS: dict[str, tuple[tuple[str, ...], ...]] = {
    **dict.fromkeys(("issue", "not-ready"), (("service",),)),
    **dict.fromkeys(("call", "open", "pause", "resume", "close", "reopen"), (("window",),)),
    "serve": (("window",), ("service",)),
    "unpark": (("window",), ("ticket",)),
    **dict.fromkeys(("transfer", "redirect", "add"), (("window", "ticket"), ("service",))),
    "rate": (("window", "ticket"), ("value",)),
    **dict.fromkeys(("reinstate", "postpone", "defer"), (("ticket",),)),
    "sign-in": (("staff",),),
    **dict.fromkeys(("sign-out", "day-end"), ()),
    **dict.fromkeys(
        ("recall", "start", "finish", "miss", "return", "park", "stall", "unstall", "leave", "void"),
        (("window", "ticket"),),
    ),
}
# What is done at a window: such a row opens it when nothing did before, and the last one of a date closes it.
AT_WINDOW = frozenset(
    (
        *("open", "pause", "resume", "close", "call", "recall", "start", "finish", "miss", "return", "serve"),
        *("park", "unpark", "stall", "unstall", "add", "transfer", "redirect", "reopen", "leave", "void"),
    )
)
PLACES = ("visit", "front", "end")
LEVELS = ("1", "2", "3", "4", "5")
YEARS = range(1900, 9000)
NO_OFFSET = timezone(timedelta(hours=8))
"""Where times without an offset are taken to be, unless a set-up says: the presets' country has one time."""

_T = TypeVar("_T")
WRITTEN_TIME = re.compile(
    r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})[Tt ]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,6})\d*)?)?"
    r" *(Z|z|[+-]\d{2}(?::?[0-5]\d)?)?"
)


class RecordedAct(Struct, frozen=True, kw_only=True):
    """Something that was done at `time` (UTC); `action` is a queue command's name, None stands for an empty cell."""

    line: int
    time: datetime
    action: str
    ticket: str | None = None
    service: str | None = None
    window: str | None = None
    staff: str | None = None
    klass: str | None = None
    value: str | None = None
    reason: str | None = None


def parse_recorded_acts(table: FileTable, zone: tzinfo) -> tuple[list[RecordedAct], list[BadLine]]:
    """Return the recorded actions in the file's order, and the lines that are none. `zone` is for times without an
    offset."""
    return parse_rows_collecting_errors(table.rows, lambda row: _parse_recorded_act(row, zone))


def parse_time_text(text: str, zone: tzinfo) -> datetime | None:
    """Return the moment (UTC) of an ISO 8601 text, also as a spreadsheet rewrites it; None if it is none."""
    match = WRITTEN_TIME.fullmatch(text)
    if match is None:
        return None
    try:
        year, month, day, hour, minute, second = (int(match[i] or 0) for i in range(1, 7))
        if year not in YEARS:
            return None
        fraction = int((match[7] or "").ljust(6, "0"))
        moment = datetime(year, month, day, hour, minute, second, fraction, tzinfo=zone)
        offset = parse_utc_offset(match[8])
        return (moment if offset is None else moment.replace(tzinfo=timezone(offset))).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def parse_utc_offset(text: str | None) -> timedelta | None:
    if text is None:
        return None
    if text in "Zz":
        return timedelta()
    span = timedelta(hours=min(int(text[1:3]), 23), minutes=int(text[3:].lstrip(":") or 0))
    return -span if text[0] == "-" else span


def parse_rows_collecting_errors(
    rows: Iterable[TableRow], read: Callable[[TableRow], _T]
) -> tuple[list[_T], list[BadLine]]:
    """Return what `read` makes of the rows, and the lines of which it makes nothing."""
    found: list[_T] = []
    bad: list[BadLine] = []
    for row in rows:
        try:
            found.append(read(row))
        except RuleError as error:
            bad.append(BadLine(row.line, error))
    return found, bad


def _parse_recorded_act(row: TableRow, zone: tzinfo) -> RecordedAct:
    action = (row.code("action") or "").lower().replace("_", "-")
    if not action:
        raise empty_cell_error("action")
    if action not in NEEDS:
        raise RuleError("unknown_action", action=action)
    act = RecordedAct(
        line=row.line,
        time=parse_moment_cell(row, "time", zone) or raise_empty_cell_error("time"),
        action=action,
        ticket=checked_cell_code(row, "ticket"),
        service=checked_cell_code(row, "service"),
        window=checked_cell_code(row, "window"),
        staff=checked_cell_code(row, "staff"),
        klass=checked_cell_code(row, "class"),
        value=row.cell_text("value"),
        reason=row.cell_text("reason"),
    )
    for either in NEEDS[action]:
        if not any(getattr(act, column) for column in either):
            raise empty_cell_error(either[0])
    if action == "rate" and half_width_text(act.value or "") not in LEVELS:
        raise RuleError("bad_level", value=act.value)
    if action == "transfer" and act.value not in (None, *PLACES):
        raise RuleError("bad_value", field="place", value=act.value, why="not_a_choice")
    return act


def checked_cell_code(row: TableRow, column: str, *, needed: bool = False) -> str | None:
    """Return a cell's code. Raises RuleError "bad_value", and "cell_empty" where it is `needed`."""
    text = row.code(column)
    if text is None and needed:
        raise empty_cell_error(column)
    if text is not None and not CODE.fullmatch(text):
        why = "too_long" if len(text) > 20 else "not_a_choice"
        raise RuleError("bad_value", field=column, value=text[:20], why=why)
    return text


def parse_moment_cell(row: TableRow, column: str, zone: tzinfo) -> datetime | None:
    """Return a cell's moment (UTC), None where it is empty. Raises RuleError "not_a_moment"."""
    text = row.code(column)
    if text is None:
        return None
    moment = parse_time_text(text, zone)
    if moment is None:
        raise RuleError("not_a_moment", column=column, value=text[:40])
    return moment


def raise_empty_cell_error(column: str) -> NoReturn:
    raise empty_cell_error(column)


def empty_cell_error(column: str) -> RuleError:
    return RuleError("cell_empty", column=column)


# -- recorded rows in the order in which they happened, and what each of them does to which window -------------------

MAY_WAIT = frozenset({"redirect", "leave", "void"})
"""Acts on somebody who need not be at a window."""
OF_CALLED = frozenset({"recall", "start", "finish", "miss", "return", "transfer"}) | MAY_WAIT
"""Acts that show that the customer was still called."""


def acts_in_order(acts: Iterable[RecordedAct]) -> list[RecordedAct]:
    """Return recorded actions by time; actions at the same time keep the file's order."""
    return sorted(acts, key=attrgetter("time"))


def window_of_each_act(acts: Sequence[RecordedAct]) -> list[str | None]:
    """Return each row's window, also for rows that name a ticket called there; None for the others."""
    called: dict[str, str] = {}
    found: list[str | None] = []
    for act in acts:
        if act.action not in AT_WINDOW or (act.window is None and act.action in MAY_WAIT):
            found.append(None)  # Who waits or was parked leaves no window.
            continue
        window = act.window or called.get(act.ticket or "")
        if act.ticket and act.window and act.action in ("call", "serve", "unpark"):
            called[act.ticket] = act.window
        found.append(window)
    return found


def was_still_called_after_recall(acts: Sequence[RecordedAct], index: int, window: str, label: str | None) -> bool:
    """Whether what follows a recall shows that the customer was still called: the recall was not the last one before a
    miss."""
    for act in acts[index + 1 :]:
        is_here = act.window == window and act.action in AT_WINDOW
        if is_here or (label is not None and act.ticket == label):
            return act.action in OF_CALLED and act.ticket in (None, label)
    return False


class PredictedWait(Struct, frozen=True):
    """The wait quoted to a ticket at issue, in minutes; None where none could be quoted."""

    date: date
    ticket: str
    low: int | None
    high: int | None
    point: float | None


# What is done with the customer at a window.
WITH_CUSTOMER = frozenset(
    ["recall", "start", "finish", "miss", "return", "park", "stall", "unstall", "add", "transfer"]
)
AWAY_FROM_WINDOW = frozenset({"leave", "void", "close"})
"""Rows that open no window."""


class RecordedDayPlayer:
    """A hall in which recorded rows happen again."""

    def __init__(self, desk: Desk, setup: Setup, stepped: Callable[[int], None] = lambda done: None) -> None:
        """`stepped` is told after each row how many are done."""
        self.desk = desk
        self.setup = setup
        self.bad: list[BadLine] = []
        self.predictions: list[PredictedWait] = []
        self.days = 0
        self._stepped = stepped
        self._done = 0
        self._staff: dict[str, str] = {}
        self._at: dict[str, str] = {}
        self._finished: dict[str, str] = {}
        self._paused: set[str] = set()
        self._silent: dict[str, Window] = {}
        self._named: frozenset[str] = frozenset()
        self._last: dict[str, int] = {}

    def play(self, acts: Sequence[RecordedAct]) -> None:
        """Play rows that are in order, each date to its end. Refused rows are kept in `bad`, each line once."""
        start = 0
        while start < len(acts):
            day = business_date(self.setup, acts[start].time)
            turns = end_of_day(self.setup, day)
            end = next((i for i in range(start, len(acts)) if acts[i].time >= turns), len(acts))
            self._replay_day(acts[start:end], day)
            clocks.end_due(self.desk, Ask(HALL, turns))
            self._staff.clear()
            self._at.clear()
            self._finished.clear()
            self._paused.clear()
            self._silent.clear()
            self._last.clear()
            self.days += 1
            start = end

    def _replay_day(self, acts: Sequence[RecordedAct], day: date) -> None:
        self._named = frozenset(act.ticket for act in acts if act.ticket is not None)
        windows = window_of_each_act(acts)
        last = {window: i for i, window in enumerate(windows) if window is not None}
        refused: set[int] = {line.line for line in self.bad}
        for i, act in enumerate(acts):
            if act.line in refused:
                continue
            window = windows[i] or act.window
            try:
                self._replay_row(acts, i, window, day)
                for code in [code for code in self._staff if code not in self._at and i >= last.get(code, i)]:
                    self._close_window_after_last_row(
                        code, act.time
                    )  # Also where somebody leaves after the window's last row.
            except RuleError as error:
                self.bad.append(BadLine(act.line, error))
                refused.add(act.line)
            self._done += 1
            self._stepped(self._done)

    # -- one row -------------------------------------------------------------------------------------------------------

    def _replay_row(self, acts: Sequence[RecordedAct], i: int, window: str | None, day: date) -> None:
        """Do what row `i` says."""
        act = acts[i]
        ask = self._ask_for_row(act.time)
        if act.action == "open":
            self._open_window_for(window or "", act.staff, act.time, is_open_row=True)
            return
        if window is None and act.ticket is not None:
            window = next((code for code, label in self._at.items() if label == act.ticket), None)
        if act.window is not None and window_of_each_act([act])[0] and act.action not in AWAY_FROM_WINDOW:
            self._open_window_for(act.window, act.staff, act.time)
        label = self._ticket_of_row(act, window, day)
        if act.action == "recall" and not was_still_called_after_recall(acts, i, window or "", label):
            ask = Ask(CONSOLE, act.time)  # Nothing shows that it went on: the hall's last call is a miss.
        self._track_result_of_act(act, self._carry_out_act(act, ask, window, label))
        if window in self._staff and act.window is not None and window not in self._at:
            self._open_window_for(
                window or "", act.staff, act.time
            )  # Somebody else's name, who came while the customer was there.

    def _ticket_of_row(self, act: RecordedAct, window: str | None, day: date) -> str | None:
        """Return the ticket that a row means: the one it names, or the one at its window."""
        here = self._at.get(window or "")
        if act.action == "rate":
            return act.ticket or self._finished.get(window or "") or here or self._raise_no_customer(window)
        if act.action not in WITH_CUSTOMER | MAY_WAIT:
            return act.ticket or here
        if here is not None and act.ticket in (None, here):
            return here
        if act.ticket is None:
            return self._raise_no_customer(window)
        if act.action in MAY_WAIT:
            return act.ticket
        looking.find_ticket(self.desk, day, act.ticket).require_may(act.action)
        raise RuleError("not_at_window", ticket=act.ticket, window=window)

    def _number_to_issue(self, act: RecordedAct) -> str | None:
        """Return the number that a row gives out: its own, else the next that no other row of the date has; None leaves
        it to the hall."""
        if act.ticket is not None or act.service is None:
            return act.ticket
        spec = self.setup.service_by_code(act.service)
        number = max(spec.first, self._last.get(spec.prefix, 0) + 1)
        if hallday.ticket_label_text(spec.prefix, number) not in self._named:
            return None
        while (label := hallday.ticket_label_text(spec.prefix, number)) in self._named:
            number += 1
        return label

    def _raise_no_customer(self, window: str | None) -> str:
        raise RuleError("no_customer" if window in self._staff else "window_closed", window=window)

    def _carry_out_act(self, act: RecordedAct, ask: Ask, window: str | None, label: str | None) -> Document:
        desk, at, ticket, service = self.desk, window or "", label or "", act.service or ""
        deeds: dict[str, Callable[[], Document]] = {
            "issue": lambda: issuing.issue_ticket(
                desk, ask, service, klass=act.klass or "normal", guide=act.staff, label=self._number_to_issue(act)
            ),
            "not-ready": lambda: issuing.record_visitor_not_ready(desk, ask, service, guide=act.staff),
            "call": lambda: calling.call_ticket(desk, ask, at, ticket=act.ticket, reason=act.reason),
            "serve": lambda: calling.serve_without_ticket(
                desk, ask, at, service, reason=act.reason, label=self._number_to_issue(act)
            ),
            "recall": lambda: calling.recall_customer(desk, ask, at),
            "start": lambda: calling.start_serving(desk, ask, at),
            "miss": lambda: calling.record_missed_call(desk, ask, at),
            "return": lambda: calling.undo_mistaken_call(desk, ask, at, reason=act.reason or ""),
            "finish": lambda: calling.finish_service(desk, ask, at, outcome=act.value, note=act.reason),
            "reopen": lambda: calling.reopen_last_ticket(desk, ask, at),
            "add": lambda: calling.add_service_to_visit(desk, ask, at, service),
            "park": lambda: calling.park_ticket(desk, ask, at, reason=act.reason or ""),
            "unpark": lambda: calling.serve_parked_ticket(desk, ask, at, ticket),
            "stall": lambda: calling.record_wait_for_other_system(desk, ask, at, reason=act.reason or ""),
            "unstall": lambda: calling.end_stall_by_other_system(desk, ask, at),
            "transfer": lambda: calling.transfer_customer(
                desk, ask, at, service, place=act.value or "visit", reason=act.reason
            ),
            "redirect": lambda: self._redirect_called_or_waiting(ask, at, ticket, service),
            "reinstate": lambda: calling.reinstate_missed_ticket(desk, ask, ticket),
            "postpone": lambda: calling.postpone_ticket(desk, ask, ticket),
            "defer": lambda: calling.defer_to_next_open_day(desk, ask, ticket),
            "leave": lambda: calling.record_customer_left(desk, ask, ticket),
            "void": lambda: calling.void_ticket(desk, ask, ticket, reason=act.reason or ""),
            "rate": lambda: rating.rate_visit(
                desk, ask, ticket, int(half_width_text(act.value or "")), tags=[act.reason] if act.reason else []
            ),
            "pause": lambda: opening.pause_window(desk, ask, at, reason=act.reason or ""),
            "resume": lambda: opening.resume_window(desk, ask, at),
            "close": lambda: opening.close_window(desk, ask, at),
            "sign-in": lambda: opening.sign_in(desk, ask, act.value or "guide", act.staff or ""),
            "sign-out": lambda: opening.sign_out_at_station(desk, ask, act.value or "guide"),
            "day-end": lambda: clocks.end_today(desk, ask),
        }
        return deeds[act.action]()

    def _redirect_called_or_waiting(self, ask: Ask, window: str, label: str, service: str) -> Document:
        if self._at.get(window) == label:
            return calling.redirect_customer(self.desk, ask, service, window=window)
        return calling.redirect_customer(self.desk, ask, service, ticket=label)

    # -- who is where --------------------------------------------------------------------------------------------------

    def _open_window_for(self, window: str, staff: str | None, now: datetime, *, is_open_row: bool = False) -> None:
        """Let the window be open with whom the row names; who is signed in stays where it names nobody or a customer is
        there."""
        seated = self._staff.get(window)
        if seated is not None and not is_open_row and (staff in (None, seated) or window in self._at):
            return
        if seated is not None and seated != (staff or window):
            self._close_window_without_customer(window, now)
        opening.open_window(self.desk, self._ask_for_row(now), window, staff=staff or window)
        self._staff[window] = staff or window
        self._silent.pop(window, None)

    def _close_window_without_customer(self, window: str, now: datetime) -> None:
        """Close a window unless a customer is there, who stays until the date's end."""
        if window in self._staff and window not in self._at:
            opening.close_window(self.desk, self._ask_for_row(now), window)
            del self._staff[window]
            self._paused.discard(window)

    def _close_window_after_last_row(self, window: str, now: datetime) -> None:
        """Close a window after its last row; customers are told waits as those who could not know it."""
        staff = self._staff.get(window)
        state = WindowState.PAUSED if window in self._paused else WindowState.OPEN
        self._close_window_without_customer(window, now)
        if staff is not None and window not in self._staff:
            self._silent[window] = Window(code=window, state=state, staff=staff)

    def _track_result_of_act(self, act: RecordedAct, document: Document) -> None:
        if act.action == "pause":
            self._paused.add(act.window or "")
        elif act.action in ("resume", "close"):
            self._paused.discard(act.window or "")
        if act.action == "close":
            self._staff.pop(act.window or "", None)
        elif act.action == "day-end":
            for known in (self._staff, self._at, self._paused, self._silent):
                known.clear()
        label = document.get("ticket")
        if not isinstance(label, str) or "visit" not in document:
            return
        self._at = {code: other for code, other in self._at.items() if other != label}
        if document["state"] in ("called", "serving"):
            self._at[document["window"]] = label
        elif act.action == "finish":
            self._finished[str(document["window"] or act.window)] = label
        if act.action in ("issue", "serve"):
            prefix, number = hallday.split_ticket_label(label) or ("", 0)
            self._last[prefix] = max(number, self._last.get(prefix, 0))
            self.predictions.append(_predicted_wait_range_of_ticket(document))

    def _ask_for_row(self, now: datetime) -> Ask:
        return Ask(CONSOLE, now, recorded=True, silent=self._silent)


def _predicted_wait_range_of_ticket(document: dict[str, Any]) -> PredictedWait:
    told = document["wait"] or {}
    day = date.fromisoformat(document["visit"][:10])
    return PredictedWait(day, document["ticket"], told.get("low"), told.get("high"), told.get("point"))


_SAME = {"自助": "self_service", "自助终端": "self_service", "自助缴费机": "self_service", "24小时自助": "self_service",
         "邮政": "post_office", "邮政储蓄": "post_office", "邮储": "post_office",
         "超市": "shop", "便利店": "shop", "商店": "shop",
         "网上": "online", "线上": "online", "网上营业厅": "online", "掌上营业厅": "online"}  # fmt: skip


def channel_code_of_typed_word(text: str) -> str:
    """Return a channel's code from its word in any language; an unknown channel keeps its name as typed."""
    typed = " ".join(half_width_text(text).split())
    if typed.lower() in CHANNELS:
        return typed.lower()
    words = {offered_channel_word(code, lang).lower(): code for code in CHANNELS for lang in LANGUAGES}
    return words.get(typed.lower()) or _SAME.get(typed) or " ".join(text.split())
