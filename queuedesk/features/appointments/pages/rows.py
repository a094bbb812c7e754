"""Appointments in finished words: rows of a list, the next ones of today, how many came."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from queuedesk.core.queue.appointment import CLASS, AppointmentState
from queuedesk.core.setup.rows import Setup
from queuedesk.features.appointments.rules import parse_appointment_code
from queuedesk.features.appointments.words import appointment_state_word
from queuedesk.i18n import _, time_hm
from queuedesk.i18n.names import item_name, priority_class_name, service_name
from queuedesk.stations.guide.texts import RailPersonRow
from queuedesk.stations.service_search import SearchEntry, SearchIndex
from queuedesk.stations.widgets.lists.lists import TicketRow

Row = Mapping[str, Any]
ALL = ""
_MARKS = {
    AppointmentState.BOOKED: ("calendar", "ink2"),
    AppointmentState.CAME: ("check", "primary"),
    AppointmentState.CANCELLED: ("close", "ink2"),
    AppointmentState.GONE: ("missed", "amber"),
}


def time_of(row: Row) -> datetime:
    return datetime.fromisoformat(row["at"])


def hall_clock_text(setup: Setup, row: Row) -> str:
    """Return an appointment's time on the hall's clock, "10:30"."""
    return time_hm(setup.local(time_of(row)))


def minutes_late(row: Row, now: datetime) -> int:
    """Return how many minutes late an expected customer is, 0 if not."""
    if row["state"] != AppointmentState.BOOKED:
        return 0
    return max(0, int((now - time_of(row)).total_seconds()) // 60)


def service_and_item_text(setup: Setup, row: Row) -> str:
    item = item_name(setup, row["service"], row["item"])
    service = service_name(setup, row["service"])
    return f"{service} · {item}" if item else service


def appointment_state_text(row: Row, now: datetime) -> str:
    """Return an appointment's state, with its ticket, or how late the customer is."""
    late = minutes_late(row, now)
    if late:
        return _("{minutes} min late", minutes=late)
    word = appointment_state_word(row["state"])
    return f"{word} · {row['ticket']}" if row["ticket"] else word


def appointment_list_row(setup: Setup, row: Row, now: datetime, arrive: str) -> TicketRow:
    """Return an appointment as a row; `arrive` is the label of the button for a customer who has come, "" for none."""
    time, state = hall_clock_text(setup, row), AppointmentState(row["state"])
    told = [part for part in (row["name"], service_and_item_text(setup, row), row["ref"] or "") if part]
    late, word = minutes_late(row, now), appointment_state_text(row, now)
    icon, token = _MARKS[state]
    klass = priority_class_name(setup, row["class"]) if row["class"] not in (CLASS, "normal") else ""
    return TicketRow(
        id=row["appointment"],
        number=time,
        service=" · ".join(told),
        class_text=klass,
        wait=word,
        level="amber" if late else "",
        icon="clock" if late else icon,
        token="amber" if late else token,
        button=arrive if state is AppointmentState.BOOKED else "",
        spoken=", ".join([time, *told, klass, word] if klass else [time, *told, word]),
    )


def customers_still_expected(setup: Setup, rows: Sequence[Row], now: datetime) -> list[RailPersonRow]:
    """Return the customers still expected, the earliest first."""
    return [
        RailPersonRow(
            key=row["appointment"],
            head=hall_clock_text(setup, row),
            first=row["name"] or row["ref"] or _("Name not kept"),
            second=service_and_item_text(setup, row),
            late=appointment_state_text(row, now) if minutes_late(row, now) else "",
        )
        for row in rows
        if row["state"] == AppointmentState.BOOKED
    ]


def state_filters_with_counts(rows: Sequence[Row], *, every: bool = False) -> list[tuple[str, str]]:
    """Return the filters as (state, word with its count): all, and the states that occur, or `every` one."""
    seen = Counter(row["state"] for row in rows)
    found = [(ALL, _("All {n}", n=len(rows)))]
    for state in AppointmentState:
        if every or seen[state] or state is AppointmentState.BOOKED:
            found.append((str(state), f"{appointment_state_word(state)} {seen[state]}"))
    return found


def search_appointments(setup: Setup, rows: Sequence[Row], query: str) -> list[Row]:
    """Return the rows found by a name (also by its pinyin), reference, contact, time, ticket or the code of a slip, in
    order."""
    wanted = query.strip().casefold()
    if not wanted:
        return list(rows)
    if (scanned := parse_appointment_code(query.strip().upper())) is not None:
        return [row for row in rows if row["appointment"] == scanned[2] and setup.hall.code.upper() == scanned[0]]
    entries = {row["appointment"]: SearchEntry(service="", name=row["name"], words=_words(setup, row)) for row in rows}
    hits = {id(entry) for entry in SearchIndex(list(entries.values())).find(query)}
    return [
        row
        for row in rows
        if id(entries[row["appointment"]]) in hits or any(wanted in text.casefold() for text in _words(setup, row))
    ]


def _words(setup: Setup, row: Row) -> tuple[str, ...]:
    texts = (row["ref"], row["contact"], hall_clock_text(setup, row), row["ticket"], row["name"])
    return tuple(text for text in texts if text)
