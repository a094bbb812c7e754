"""Alerts in finished words, each with the place that its button leads to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Protocol

from msgspec import Struct
from msgspec.structs import replace

from queuedesk.core.errors import OutsideError
from queuedesk.core.features import has_hall_manager_page
from queuedesk.core.log.state import HallState
from queuedesk.core.network.roles import Actor
from queuedesk.core.quality.case import case_sort_key, has_case_for_rating, needs_case_for_rating, working_days_past_due
from queuedesk.core.queue.overview import Alert, current_alerts, set_up
from queuedesk.core.setup.rows import Setup
from queuedesk.i18n import _, date_for_staff, error_sentence, list_text, n_, preview_words, rating_level_words, time_hm
from queuedesk.i18n.figures.figure_titles import rating_reason_words
from queuedesk.i18n.names import staff_name
from queuedesk.i18n.quality import case_title_or_origin, due_words, inspection_channel_word
from queuedesk.i18n.queue.event_words import alert_words
from queuedesk.i18n.talk import device_down_cause_words

if TYPE_CHECKING:
    from queuedesk.stations.window.context import StationServices

NAMED_CALLS, ELLIPSIS = 4, " …"
CASES, NEW_CASE, INSPECTIONS, WARNINGS, IMPROVE = "cases", "new case", "inspections", "warnings", "improve"
"""Places: the page of cases with those that are overdue, the question whether a rating becomes one, the page of
inspections, that of thanks and warnings, that of improvement."""
KEPT = "kept"
"""A place too: the tab of kept reports."""

PROJECT = "project/"
"""Before the number of a project that is to cite something."""


@dataclass(frozen=True, slots=True)
class ButtonTarget:
    """Where a button leads: the tickets of a service or window, one ticket, of a past `day` if named, a service of the
    set-up, the people, the equipment, the PCs, a day of the calendar, a case, a project, an inspection's sheet, the
    records that a `figure` of quality from `day` to `last` counts (`back` is the page on which that figure stands), the
    page of figures or reasons that a case or project `cites`."""

    page: str
    service: str = ""
    window: str = ""
    ticket: str = ""
    day: date | None = None
    case: str = ""
    project: int = 0
    inspection: int = 0
    figure: str = ""
    last: date | None = None
    title: str = ""
    back: str = ""
    cites: Mapping[str, Any] | None = field(default=None, compare=False)

    @property
    def citing_number(self) -> str:
        """The number of the case that cites, or of the project with PROJECT before it."""
        return f"{PROJECT}{self.project}" if self.project else self.case


_PAGES = {
    INSPECTIONS: "quality/inspections",
    WARNINGS: "quality/thanks",
    IMPROVE: "improve/projects",
    "partners": "setup/partners",
}


def has_target_page(setup: Setup, place: ButtonTarget) -> bool:
    return has_hall_manager_page(setup.hall, _PAGES.get(place.page, place.page))


def drop_buttons_without_page(setup: Setup, texts: Sequence[AlertText]) -> list[AlertText]:
    return [text if has_target_page(setup, text.place) else replace(text, button="") for text in texts]


class AlertText(Struct, frozen=True):
    """One strip: level, bold fact, figures, its button's label and target; what it is about, and whether it was
    seen, which `figures` leaves out."""

    level: str
    title: str
    second: str
    button: str
    place: ButtonTarget
    kind: str = ""
    service: str | None = None
    window: str | None = None
    ticket: str | None = None
    device: str | None = None
    station: str | None = None
    is_seen: bool = False
    icon: str = ""
    figures: str = ""

    @property
    def alert_subject(self) -> dict[str, str | None]:
        """Its subject, in the form of the act that notes that it was seen."""
        return {name: getattr(self, name) for name in ("service", "window", "ticket", "device", "station")}


def alert_texts(state: HallState, now: datetime) -> list[AlertText]:
    return [_alert_text(state, alert, now) for alert in current_alerts(state, now)]


def missing_inspections_alert(short: Sequence[Mapping[str, Any]]) -> AlertText:
    """Return the strip for what the month's inspections are short of, by channel."""
    words = [f"{inspection_channel_word(one['channel'])} {one['least'] - one['done']}" for one in short]
    title = _("Still to do this month: {list}", list=" · ".join(words))
    return AlertText(
        "amber", title, _("The hall wants so many inspections a month."), _("Show"), ButtonTarget(INSPECTIONS)
    )


def fading_effect_alerts(setup: Setup, rows: Sequence[Mapping[str, Any]], who: Actor | None) -> list[AlertText]:
    """Return a strip for each project of this person whose effect fades; also of a leader who works here no more."""
    name = who.name if who is not None and who.is_staff else None
    own = [row for row in rows if name in (None, row["leader"]) or row["leader"] not in setup.staff]
    if not own:
        return []
    from queuedesk.i18n.quality import fading_effect_alert_text  # all words of figures

    return [
        AlertText(
            "amber",
            _("An effect fades: {title}", title=row["title"]),
            fading_effect_alert_text(row, setup),
            _("See project"),
            ButtonTarget(IMPROVE, project=row["project"]),
        )
        for row in own
    ]


def standard_request_alerts(setup: Setup, rows: Sequence[Mapping[str, Any]], who: Actor | None) -> list[AlertText]:
    """Return a strip for each project that waits for somebody who may change the set-up, to such a person."""
    if who is None or not who.may("set-up") or not rows:
        return []
    from queuedesk.i18n.quality import resulting_standard_text  # all words of figures

    found = []
    for number in dict.fromkeys(row["project"] for row in rows):
        own = [row for row in rows if row["project"] == number]
        words = [": ".join((resulting_standard_text({**row, "asked": False}, setup), *row["texts"][:1])) for row in own]
        title = _("{name} asks for a standard: {title}", name=staff_name(setup, own[0]["by"]), title=own[0]["title"])
        place = ButtonTarget(IMPROVE, project=number)
        found.append(AlertText("amber", title, list_text(words), _("See project"), place, icon="arrow-up"))
    return found


def unprinted_warnings_alerts(rows: Sequence[Mapping[str, Any]]) -> list[AlertText]:
    if not rows:
        return []
    title = n_("{n} warning was not printed", "{n} warnings were not printed", len(rows))
    why = device_down_cause_words(rows[-1]["slip"]["cause"])
    second = _("{why}; tried again every few minutes", context="slip", why=why)
    return [AlertText("amber", title, second, _("Show"), ButtonTarget(WARNINGS), icon="print")]


def set_aside_events_alerts(state: HallState) -> list[AlertText]:
    """Return a strip for events of the log that could not be read since this station started, if there are any."""
    if not state.aside:
        return []
    title = n_(
        "{n} event in the log can't be read and is not counted",
        "{n} events in the log can't be read and are not counted",
        len(state.aside),
    )
    return [
        AlertText(
            "amber", title, preview_words.set_aside_events_list(state.aside), _("Show"), ButtonTarget("equipment")
        )
    ]


def commented_low_rating_alerts(state: HallState) -> list[AlertText]:
    """Return a strip for each of today's low ratings with a comment that nobody has read and that has no case, where
    the hall's rule asks for one, the newest first."""
    setup = set_up(state)
    if setup.settings["low_rating"] != "ask":
        return []
    low = [
        one
        for one in state.ratings.values()
        if one.comment
        and needs_case_for_rating(one, state.read_comments)
        and not has_case_for_rating((one.date, one.label), one.time, state.cases.values())
    ]
    found = []
    for one in sorted(low, key=lambda each: each.time, reverse=True):
        title = _("{ticket} rated {level}, with a comment", ticket=one.label, level=rating_level_words(one.level))
        tags = list_text([rating_reason_words(tag) for tag in one.tags]) if one.tags else ""
        second = " · ".join(part for part in (time_hm(setup.to_hall_time(one.time)), tags) if part)
        place = ButtonTarget(NEW_CASE, ticket=one.label, day=one.date)
        found.append(AlertText("amber", title, second, _("Open a case"), place, icon="face-low"))
    return found


def other_low_ratings_alerts(state: HallState, low: Sequence[Mapping[str, Any]]) -> list[AlertText]:
    """Return a strip for all low ratings without a strip of their own, those without a comment and of earlier days, if
    there are any; `low` are the hall's, the newest first."""
    shown = {(one.place.ticket, one.place.day) for one in commented_low_rating_alerts(state)}
    found = [(one["ticket"], date.fromisoformat(one["date"]), datetime.fromisoformat(one["at"])) for one in low]
    rest = [
        (label, day)
        for label, day, rated in found
        if (label, day) not in shown and not has_case_for_rating((day, label), rated, state.cases.values())
    ]
    if not rest:
        return []
    title = n_("{n} more low rating asks for a case", "{n} more low ratings ask for a case", len(rest))
    if not shown:
        title = n_("{n} low rating asks for a case", "{n} low ratings ask for a case", len(rest))
    names = [_("{ticket} of {day}", context="low rating", ticket=label, day=date_for_staff(day)) for label, day in rest]
    second = list_text(names[:NAMED_CALLS]) + (ELLIPSIS if len(names) > NAMED_CALLS else "")
    return [AlertText("amber", title, second, _("Show"), ButtonTarget(CASES), icon="face-low")]


def overdue_case_alerts(state: HallState, day: date) -> list[AlertText]:
    setup = set_up(state)
    late = sorted((one for one in state.cases.values() if one.is_overdue(day)), key=lambda one: case_sort_key(one, day))
    if not late:
        return []
    first, due = late[0], late[0].next_step_due_date(day)
    about = case_title_or_origin(first.title, first.source or None, first.about)
    over = due_words(working_days_past_due(setup, due, day)) if due is not None else ""
    title = n_("{n} case is overdue", "{n} cases are overdue", len(late))
    return [AlertText("amber", title, f"{first.number} {about} · {over}", _("Show"), ButtonTarget(CASES), icon="clock")]


def _alert_text(state: HallState, alert: Alert, now: datetime) -> AlertText:
    words, service = alert_words(state, alert, now), alert.service or ""
    places = {
        "long_wait": ButtonTarget("tickets", service=service),
        "no_window": ButtonTarget("tickets", service=service),
        "crowd": ButtonTarget("tickets"),
        "long_serving": ButtonTarget("tickets", ticket=alert.ticket or ""),
        "series_ending": ButtonTarget("setup", service=service),
        "device_down": ButtonTarget("equipment"),
    }
    place = places.get(alert.kind, ButtonTarget("tickets", window=alert.window or ""))
    button = _("Set-up") if place.page == "setup" else _("Show")
    second = words.figures
    if alert.acknowledged is not None:
        setup = set_up(state)
        seen = _(
            "{name} has known since {time}",
            name=staff_name(setup, alert.by),
            time=time_hm(setup.to_hall_time(alert.acknowledged)),
        )
        second = _("{figures}; {seen}", context="alert", figures=second, seen=seen)
    return AlertText(
        alert.level,
        words.fact,
        second,
        button,
        place,
        kind=alert.kind,
        service=alert.service,
        window=alert.window,
        # Whoever waits longest in a line, its alert is the same.
        ticket=alert.ticket if alert.kind == "long_serving" else None,
        device=alert.device,
        station=alert.station,
        is_seen=alert.acknowledged is not None,
        figures=words.figures,
    )


class UnheardCall(Protocol):
    """A call that did not reach the hall: `shown` but not spoken, or neither."""

    @property
    def ticket(self) -> str: ...
    @property
    def window(self) -> str: ...
    @property
    def time(self) -> datetime: ...
    @property
    def shown(self) -> bool: ...


def unheard_calls_alert_text(setup: Setup, calls: Sequence[UnheardCall]) -> AlertText:
    """Return the strip for calls that nobody heard: those without any display first, in one line however many."""
    missed, silent = [c for c in calls if not c.shown], [c for c in calls if c.shown]
    unspoken = n_("{n} call was shown but not spoken", "{n} calls were shown but not spoken", len(silent))
    if not missed:
        named = list_text([_call_text(setup, call) for call in silent[::-1][:NAMED_CALLS]])
        return AlertText("amber", unspoken, named, _("Noted"), ButtonTarget(""), icon="speaker-off")
    title = n_(
        "{n} call was made with no display in view since {time}",
        "{n} calls were made with no display in view since {time}",
        len(missed),
        time=time_hm(setup.to_hall_time(missed[0].time)),
    )
    call = _call_text(setup, missed[-1])
    last = _("neither shown nor spoken, the last: {call}", call=call)
    if not setup.voice.spoken:
        last = _("the last: {call}", context="strip", call=call)
    second = _("{one}; {other}", context="strip", one=last, other=unspoken) if silent else last
    return AlertText("amber", title, second, _("Noted"), ButtonTarget(""), icon="screen")


def _call_text(setup: Setup, call: UnheardCall) -> str:
    time = time_hm(setup.to_hall_time(call.time))
    return _("{ticket} to window {window} at {time}", ticket=call.ticket, window=call.window, time=time)


# -- reports that are written by themselves ---------------------------------------------------------------------------

PRINTER_TROUBLE = ("no_report_printer", "no_printer", "narrow_paper", "printer_refused")


def automatic_report_trouble_row(services: StationServices) -> Mapping[str, Any] | None:
    """Return the trouble of automatic reports, as `report due` gives it; None without, or if this PC writes none."""
    return services.due_reports.last_trouble() if services.due_reports is not None else None


def trouble_sentence(row: Mapping[str, Any]) -> str:
    """Return why something failed, in the current language; trouble met by another process keeps its words."""
    try:
        return error_sentence(OutsideError(str(row["code"]), **row["details"]))
    except KeyError:
        return str(row["message"]) or _("Writing ended unexpectedly; it is tried again soon.")


def report_trouble_alert(row: Mapping[str, Any]) -> AlertText:
    """Return the strip that says so on the manager's day."""
    is_printer = row["code"] in PRINTER_TROUBLE
    title = _("The day's report was not printed") if is_printer else _("Reports can't be written")
    return AlertText("amber", title, trouble_sentence(row), _("Show"), ButtonTarget(KEPT))
