"""Events, a ticket's history and alerts in words: what happened, what was corrected, what became of a command."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from queuedesk.core.log import ticket_history
from queuedesk.core.log.apply import EXCLUDED
from queuedesk.core.log.event import Event
from queuedesk.core.log.state import SKEW_TOLD, HallState
from queuedesk.core.network.roles import UNTOLD
from queuedesk.core.queue.dispatch import FAST, LANGUAGE, Overtake
from queuedesk.core.queue.overview import Alert, services_that_gave_credit, set_up, tickets_callable_by_window
from queuedesk.core.queue.ticket import Ticket, TicketState
from queuedesk.core.setup.rows import Setup
from queuedesk.core.talk.device import PRINTER, STOPPED
from queuedesk.core.talk.screen import split_station_and_pc
from queuedesk.desk.looking import CommandOutcome
from queuedesk.i18n import moments, names, talk
from queuedesk.i18n.catalogue import current_language, mark, ntr, tr
from queuedesk.i18n.names import feature_event_words, service_letter_or_code, service_name, staff_name, window_name
from queuedesk.i18n.queue import line_words

_KINDS = {
    "long_wait": mark("long wait", context="alert"),
    "no_window": mark("no open window", context="alert"),
    "crowd": mark("full hall", context="alert"),
    "no_call": mark("nobody called", context="alert"),
    "long_serving": mark("long at the window", context="alert"),
    "late_back": mark("late back", context="alert"),
    "series_ending": mark("numbers running out", context="alert"),
    "device_down": mark("device out of order", context="alert"),
}


class AlertWords(Struct, frozen=True):
    """An alert as a fact and its figures, both without a full stop."""

    fact: str
    figures: str


def alert_kind_word(code: str, lang: str | None = None) -> str:
    """Return the short words for an alert's kind; an unknown code unchanged."""
    return tr(lang or current_language(), _KINDS[code], context="alert") if code in _KINDS else code


def words_by_alert_kind(lang: str | None = None) -> dict[str, str]:
    """Return the kinds of alerts with their short words."""
    return {code: alert_kind_word(code, lang) for code in _KINDS}


def alarm_text(setup: Setup, alarm: Mapping[str, Any], lang: str | None = None) -> str:
    """Return what an alarm is about: where, and of what kind. It needs `kind`, and what of `service`, `window`,
    `device` and `station` it names."""
    lang = lang or current_language()
    what, where = alert_kind_word(alarm["kind"], lang), ""
    if alarm.get("service"):
        where = service_name(setup, alarm["service"], lang)
    elif alarm.get("window"):
        where = window_name(alarm["window"], lang)
    elif alarm.get("device"):
        where = talk.device_name(alarm["device"], alarm.get("station") or "", lang)
    return tr(lang, "{where}, {what}", context="alert", where=where, what=what) if where else what


def alert_text(state: HallState, alert: Alert, now: datetime, lang: str | None = None) -> str:
    """Return an alert as one sentence."""
    lang = lang or current_language()
    words = alert_words(state, alert, now, lang)
    return tr(lang, "{fact}; {figures}.", context="alert", fact=words.fact, figures=words.figures)


def alert_words(state: HallState, alert: Alert, now: datetime, lang: str | None = None) -> AlertWords:
    """Return an alert's words; `now` counts the people who could be called."""
    lang = lang or current_language()
    setup, window, n = set_up(state), alert.window, alert.minutes
    service = service_name(setup, alert.service, lang)
    if alert.kind == "long_wait":
        letter, target = service_letter_or_code(setup, alert.service or ""), setup.setting_as_int("wait_target_minutes")
        return AlertWords(
            tr(lang, "{letter} {service}: long wait", letter=letter, service=service),
            tr(lang, "longest {n} min, target {target} min", n=n, target=target),
        )
    if alert.kind == "no_window":
        return AlertWords(
            tr(
                lang,
                "{letter} {service}: no open window",
                letter=service_letter_or_code(setup, alert.service or ""),
                service=service,
            ),
            ntr(lang, "{n} person waits for one", "{n} people wait for one", n),
        )
    if alert.kind == "crowd":
        return AlertWords(
            ntr(lang, "{n} person waiting in the hall", "{n} people waiting in the hall", n),
            tr(lang, "more than {n} is a crowd by the hall's rules", n=setup.setting_as_int("crowd")),
        )
    if alert.kind == "long_serving":
        spec = setup.services.get(alert.service or "")
        target = (spec.handling_target if spec else None) or n
        return AlertWords(
            tr(lang, "Window {window} serving for {n} min", window=window, n=n),
            tr(lang, "{ticket} {service}, target {n} min", ticket=alert.ticket, service=service, n=target),
        )
    if alert.kind == "late_back":
        return AlertWords(
            ntr(
                lang,
                "Window {window} is {n} minute late back",
                "Window {window} is {n} minutes late back",
                n,
                window=window,
            ),
            staff_name(setup, state.window(window or "").staff, lang),
        )
    if alert.kind == "device_down":
        since = _device_down_since_text(setup, alert, now, lang)
        advice = talk.printer_advice(alert.cause, lang).rstrip(".。") if alert.device == PRINTER else ""
        return AlertWords(
            tr(
                lang,
                "{device}: {cause}",
                context="alert",
                device=talk.device_name(alert.device or "", alert.station or "", lang),
                cause=talk.device_down_cause_words(alert.cause or "", lang),
            ),
            tr(lang, "{since}. {advice}", context="alert", since=since, advice=advice) if advice else since,
        )
    if alert.kind == "no_call":
        return AlertWords(
            ntr(
                lang,
                "Window {window} has called nobody for {n} minute",
                "Window {window} has called nobody for {n} minutes",
                n,
                window=window,
            ),
            ntr(
                lang,
                "{n} person could be called there",
                "{n} people could be called there",
                len(tickets_callable_by_window(state, window or "", now)),
            ),
        )
    return AlertWords(
        ntr(lang, "{service}: {n} number left today", "{service}: {n} numbers left today", n, service=service),
        tr(lang, "please widen the range in the set-up"),
    )


def _device_down_since_text(setup: Setup, alert: Alert, now: datetime, lang: str) -> str:
    since = setup.to_hall_time(alert.since)
    if alert.cause == STOPPED:
        return tr(lang, "since {time}, and it was the only one", time=moments.time_hm(since))
    if since.date() == setup.to_hall_time(now).date():
        return tr(lang, "out of order since {time}", time=moments.time_hm(since))
    return tr(
        lang,
        "out of order since {day}, {time}",
        day=moments.date_short(since.date(), lang),
        time=moments.time_hm(since),
    )


# -- a correction in words: each field with its old and new value ----------------------------------------------------

NOTHING = "–"
SHOWN = ("started", "finished", "staff", "item", "outcome", "delivered", "form_free", "note", "rating")
TYPED = ("outcome", "note")
"""What somebody wrote freely: it may name a customer."""


def corrected_field_parts(
    setup: Setup, ticket: Ticket, data: Mapping[str, Any], lang: str, *, typed: bool = True
) -> list[str]:
    """Return a part for each field of a `correct` event's data; without `typed`, only that free text changed."""
    from queuedesk.i18n.value_refusals import field_word

    parts = []
    for name in (name for name in SHOWN if name in data["new"]):
        field = field_word(name, lang)
        if name in TYPED and not typed:
            parts.append(tr(lang, "{field}: changed", field=field))
            continue
        old = correction_value_text(setup, ticket, name, data["old"].get(name), lang)
        now = correction_value_text(setup, ticket, name, data["new"][name], lang)
        parts.append(tr(lang, "{field}: {old}, now {new}", field=field, old=old, new=now))
    return parts


def correction_value_text(setup: Setup, ticket: Ticket, name: str, value: Any, lang: str) -> str:
    """Return a value of a correction as people read it; a missing one as a dash."""
    if value is None or value in ("", []):
        return NOTHING
    words: dict[str, Callable[[], str]] = {
        "started": lambda: _clock_time(setup, value, ticket.date),
        "finished": lambda: _clock_time(setup, value, ticket.date),
        "staff": lambda: names.staff_name(setup, value, lang),
        "item": lambda: names.item_name(setup, ticket.service, value, lang) or str(value),
        "form_free": lambda: tr(lang, "yes") if value else tr(lang, "no"),
        "delivered": lambda: moments.list_text(value, lang),
        "rating": lambda: tr(lang, "left out") if value == EXCLUDED else moments.rating_level_words(int(value), lang),
    }
    return words[name]() if name in words else str(value)


def _clock_time(setup: Setup, text: str, day: date) -> str:
    local = setup.to_hall_time(datetime.fromisoformat(text))
    return moments.time_hms(local) if local.date() == day else moments.time_hm(local)


TOLD, PASSED, NO_ESTIMATE = "told", "passed", "no-estimate"
"""What stands in a story beside the kinds of the log: what was told at issue, and being passed."""

_TITLES = {
    "issue": mark("Issued", context="event"),
    TOLD: mark("Estimate given", context="event"),
    NO_ESTIMATE: mark("No estimate", context="event"),
    "serve": mark("Served without a ticket", context="event"),
    "call": mark("Call", context="event"),
    "recall": mark("Recall", context="event"),
    "start": mark("Start", context="event"),
    "miss": mark("Missed", context="event"),
    "return": mark("Put back in line", context="event"),
    "reinstate": mark("Back in line", context="event"),
    "postpone": mark("Let one go first", context="event"),
    "need": mark("Needs fetching", context="event"),
    PASSED: mark("Later ticket first", context="event"),
    "leave": mark("Left", context="event"),
    "defer": mark("Put off to tomorrow", context="event"),
    "void": mark("Void", context="event"),
    "finish": mark("Finished", context="event"),
    "reopen": mark("Reopened", context="event"),
    "add": mark("Add a service", context="event"),
    "stall": mark("Waiting for a system", context="event"),
    "unstall": mark("System is back", context="event"),
    "park": mark("Set aside", context="event"),
    "unpark": mark("Continue", context="event"),
    "transfer": mark("Transfer", context="event"),
    "redirect": mark("Wrong window", context="event"),
    "rate": mark("Rating", context="event"),
    "reasons": mark("Said beside the rating", context="event"),
    "offer": mark("Offered another way", context="event"),
    "alarm": mark("Alert", context="event"),
    "ack": mark("Alert seen", context="event"),
    "slip": mark("Warning on paper", context="event"),
    "correct": mark("Corrected", context="event"),
    "opinion": mark("Opinion without a number", context="event"),
    "book": mark("Appointment kept", context="event"),
    "unbook": mark("Appointment freed", context="event"),
    "day-end": mark("End of the day", context="event"),
    "device": mark("Device", context="event"),
    "message": mark("Message", context="event"),
    "thanks": mark("Thanks", context="event"),
    "notes": mark("Note by reference number", context="event"),
    "texts": mark("Text messages for the gateway", context="event"),
    "help": mark("Call for help", context="event"),
    "check": mark("Check", context="event"),
    "card": mark("Contingency card", context="event"),
    "lend": mark("Service lent to a window", context="event"),
    "move": mark("Suggested move", context="event"),
    "clock": mark("Clock", context="event"),
    "set-right": mark("Time set right", context="event"),
    "drumming": mark("Many presses at once, ignored", context="event"),
}


class TicketHistoryLine(Struct, frozen=True, kw_only=True):
    """One line of a history: the seq and kind of its event (or TOLD, PASSED), its hall time as text, its word, and its
    details."""

    seq: int
    kind: str
    time: str
    title: str
    detail: str


def ticket_history_lines(
    state: HallState, setup: Setup, story: ticket_history.TicketHistory, lang: str | None = None, *, typed: bool = True
) -> list[TicketHistoryLine]:
    """Return the history's events in order, with the wait quoted at issue and every time the ticket was passed. Without
    `typed` free text is only mentioned, as it may name a customer."""
    tellings = [
        _EventWordingContext(state, setup, story, event, lang or current_language(), typed) for event in story.events
    ]
    first = tellings[0]
    rows = [
        (each.event.seq, 0, each.history_line(each.event.kind, each.event.time, _event_detail_text(each)))
        for each in tellings
    ]
    if first.event.kind == "issue":
        quote = first.history_line(TOLD, first.event.time, _quoted_wait_words(first))
        if story.ticket.promise.low is None:
            quote = replace(quote, title=event_title(NO_ESTIMATE, first.lang))
        rows.append((first.event.seq, 1, quote))
    for passed in ticket_history.overtakes_before_ticket(state, story.ticket):
        rows.append(
            (passed.seq, 0, first.history_line(PASSED, passed.time, _overtake_words(first, passed), passed.seq))
        )
    return [line for _seq, _turn, line in sorted(rows, key=lambda row: row[:2])]


def event_title(kind: str, lang: str) -> str:
    """Return the word for an event of that kind, "" if it has none."""
    from queuedesk.i18n.quality import QUALITY_EVENTS  # with the figures: an alert's words do without them

    title = _TITLES.get(kind) or QUALITY_EVENTS.get(kind) or feature_event_words(kind)
    return tr(lang, title, context="event") if title else ""


def hall_clock_text(setup: Setup, moment: datetime, day: date) -> str:
    """Return the hall's time: with seconds on the ticket's own date, without them on another."""
    local = setup.to_hall_time(moment)
    return moments.time_hms(local) if local.date() == day else moments.time_hm(local)


class _EventWordingContext(Struct, frozen=True):
    """What a detail is told from."""

    state: HallState
    setup: Setup
    story: ticket_history.TicketHistory
    event: Event
    lang: str
    typed: bool

    @property
    def data(self) -> Mapping[str, Any]:
        return self.event.data

    @property
    def window_and_staff_text(self) -> str:
        """Where and by whom: "window 3, Wang Fang"."""
        window = names.window_name(self.event.window, self.lang) if self.event.window else ""
        return self.joined_clauses(window, names.staff_name(self.setup, self.event.staff, self.lang))

    @property
    def actor_text(self) -> str:
        """Who did it: a person with the role, a station, the customer, the hall, the command line."""
        actor, lang = self.event.actor, self.lang
        person = self.setup.staff.get(actor)
        if person is not None:
            name = names.staff_name(self.setup, actor, lang)
            return tr(lang, "{role} · {name}", role=moments.role_word(str(person.role), lang), name=name)
        others = {
            "customer": tr(lang, "the customer"),
            "hall": tr(lang, "the hall"),
            "console": tr(lang, "the command line"),
        }
        if actor.startswith("station:"):
            return talk.name_with_pc(*split_station_and_pc(actor.removeprefix("station:")), lang)
        return others.get(actor) or names.staff_name(self.setup, actor, lang)

    @property
    def reason_text(self) -> str:
        return self.reason_words_or_hidden_text(self.data.get("reason"))

    def reason_words_or_hidden_text(self, reason: object) -> str:
        """Return a reason's words; what was typed freely only if that is told."""
        return self.words_or_hidden_text(said := str(reason or ""), line_words.reason_words(said, self.lang))

    def words_or_hidden_text(self, said: str, words: str) -> str:
        """Return the words of a code; what has none is as somebody wrote it."""
        is_free = bool(said) and words == said
        return tr(self.lang, "another reason, written in the log") if is_free and not self.typed else words

    def history_line(self, kind: str, moment: datetime, detail: str, seq: int | None = None) -> TicketHistoryLine:
        return TicketHistoryLine(
            seq=seq or self.event.seq,
            kind=kind,
            time=hall_clock_text(self.setup, moment, self.story.ticket.date),
            title=event_title(kind, self.lang) or kind,
            detail=detail,
        )

    def joined_clauses(self, *parts: str) -> str:
        return tr(self.lang, ", ", context="clauses").join(part for part in parts if part)


def _event_detail_text(told: _EventWordingContext) -> str:
    say = _DETAILS.get(told.event.kind)
    return moments.join_with_dots(
        say(told) if say is not None else moments.join_with_dots(told.actor_text, told.reason_text),
        _clock_error_words(told),
    )


def _clock_error_words(told: _EventWordingContext) -> str:
    """Return by how much the clock was wrong by which the event was written, where somebody should know."""
    skew_s = told.data.get("skew_s")
    if not isinstance(skew_s, int) or abs(skew_s) < SKEW_TOLD.total_seconds():
        return ""
    span = moments.minutes_in_largest_unit(abs(skew_s) // 60, told.lang)
    if skew_s < 0:
        return tr(told.lang, "the PC's clock was {span} ahead", span=span)
    return tr(told.lang, "the PC's clock was {span} behind the log", span=span)


def _quoted_wait_words(told: _EventWordingContext) -> str:
    promise, lang = told.story.ticket.promise, told.lang
    ahead = ntr(lang, "{n} person ahead", "{n} people ahead", promise.ahead or 0)
    return told.joined_clauses(ahead, line_words.promised_wait_text(promise, lang))


def _overtake_words(told: _EventWordingContext, passed: Overtake) -> str:
    lang, by = told.lang, told.state.tickets.get((passed.date, passed.by))
    mark, credit_s = "", by.credit_s if by is not None else 0
    if by is not None and by.klass != "normal":
        mark = names.priority_class_name(told.setup, by.klass, lang)
    elif service := services_that_gave_credit(told.state, [passed]).get(passed.by):
        # That of the call: who was sent on since has the credit of another service, or none.
        mark, credit_s = names.service_name(told.setup, service, lang), told.setup.credit_s("normal", service)
    name = tr(lang, "{ticket} ({klass})", ticket=passed.by, klass=mark) if mark else passed.by
    if passed.reason == "priority" and by is not None:
        credit = tr(lang, "credit {n} min", n=credit_s // 60)
        return moments.join_with_dots(tr(lang, "{ticket} jumped ahead", ticket=name), credit if credit_s else "")
    if passed.reason == "no_ticket":
        return moments.join_with_dots(
            tr(lang, "{ticket} was served without a ticket", ticket=name), told.reason_words_or_hidden_text(passed.text)
        )
    why = (
        line_words.overtake_reason_words(passed, lang)
        if passed.reason in (FAST, LANGUAGE)
        else told.reason_words_or_hidden_text(passed.text)
    )
    return moments.join_with_dots(tr(lang, "{ticket} was called first", ticket=name), why)


def _issue_words(told: _EventWordingContext) -> str:
    data, setup, lang = told.data, told.setup, told.lang
    service = told.event.service or ""
    what = names.item_name(setup, service, data.get("item"), lang) or names.service_name(setup, service, lang)
    then = [names.service_name(setup, code, lang) for code in data.get("steps") or ()]
    also = tr(lang, "then {services}", services=moments.list_text(then, lang)) if then else ""
    guide = data.get("guide")
    by = names.staff_name(setup, str(guide), lang) if guide else told.actor_text
    klass = names.priority_class_name(setup, str(data.get("class", "normal")), lang)
    return moments.join_with_dots(by, what, also, klass, *_earlier_visit_clauses(told))


def _earlier_visit_clauses(told: _EventWordingContext) -> list[str]:
    """Return what a new ticket is linked to, and whether the customer had to come again for papers."""
    data, lang, said = told.data, told.lang, []
    if data.get("return_of"):
        label, _at, day = str(data["return_of"]).partition("@")
        of = moments.date_short(date.fromisoformat(day), lang)
        said.append(tr(lang, "comes back for {ticket} of {day}", ticket=label, day=of))
    if data.get("ref"):
        of_ref = tr(lang, "belongs to {ref}", ref=data["ref"])
        said.append(of_ref if told.typed else tr(lang, "belongs to a case elsewhere"))
    if data.get("repeat"):
        said.append(tr(lang, "here before for papers"))
    if data.get("waive"):
        why = tr(lang, "a further number: {reason}", reason=data["waive"])
        said.append(why if told.typed else tr(lang, "a further number, for a reason"))
    return said


def _call_words(told: _EventWordingContext) -> str:
    ticket, event, lang = told.story.ticket, told.event, told.lang
    leg = next((one for one in ticket.legs if one.called == event.time), None)
    waited = ""
    if leg is not None:
        minutes = int((event.time - leg.joined).total_seconds()) // 60
        waited = tr(lang, "waited {minutes} min", minutes=minutes)
        high = ticket.promise.high
        if leg.n == 1 and high is not None:
            within = (event.time - ticket.arrived).total_seconds() <= high * 60
            waited = told.joined_clauses(
                waited, tr(lang, "as estimated") if within else tr(lang, "longer than estimated")
            )
    return moments.join_with_dots(told.window_and_staff_text, waited, told.reason_text, _unannounced_call_words(told))


def _recall_words(told: _EventWordingContext) -> str:
    n = 1
    for event in told.story.events:
        n = 1 if event.kind == "call" else n + (event.kind == "recall")
        if event.seq == told.event.seq:
            break
    return moments.join_with_dots(tr(told.lang, "call no. {n}", n=n), _unannounced_call_words(told))


def _unannounced_call_words(told: _EventWordingContext) -> str:
    shown = told.story.unheard.get(told.event.seq)
    if shown is None:
        return ""
    if not told.setup.voice.spoken:
        return tr(told.lang, "not shown")
    return tr(told.lang, "shown, not spoken") if shown else tr(told.lang, "neither shown nor spoken")


def _walk_time_to_window_words(told: _EventWordingContext) -> str:
    # Who came back after being missed walks from the call that they followed.
    call = next(e for e in reversed(told.story.events) if e.seq < told.event.seq and e.kind == "call")
    way = (told.event.time - call.time).total_seconds()
    return tr(told.lang, "{time} to the window", time=moments.duration_text(way, told.lang))


def _time_parked_words(told: _EventWordingContext) -> str:
    held = moments.duration_text(_seconds_since_last_event_of_kind(told, "park"), told.lang)
    return moments.join_with_dots(
        told.window_and_staff_text, tr(told.lang, "{time} set aside, not counted as handling", time=held)
    )


def _time_stalled_words(told: _EventWordingContext) -> str:
    held = moments.duration_text(_seconds_since_last_event_of_kind(told, "stall"), told.lang)
    return tr(told.lang, "{time}, not counted as handling", time=held)


def _seconds_since_last_event_of_kind(told: _EventWordingContext, kind: str) -> float:
    """Return the seconds since the story's last event of a kind."""
    before = next((e for e in reversed(told.story.events) if e.seq < told.event.seq and e.kind == kind), None)
    return (told.event.time - before.time).total_seconds() if before else 0.0


def _finish_words(told: _EventWordingContext) -> str:
    lang = told.lang
    handled = tr(
        lang,
        "handling {time}",
        time=moments.duration_text(ticket_history.handling_s_of_leg_ended_by(told.story.events, told.event), lang),
    )
    assumed = ""
    if told.data.get("start_assumed"):
        assumed = tr(lang, "the start was not pressed and counts from the call")
    return moments.join_with_dots(handled, assumed, _clerk_note_words(told))


def _clerk_note_words(told: _EventWordingContext) -> str:
    """Return what the clerk wrote; without free text only that they did."""
    note = str(told.data.get("note") or "")
    return tr(told.lang, "with a note") if note and not told.typed else note


def _transfer_event_words(told: _EventWordingContext) -> str:
    data, setup, lang = told.data, told.setup, told.lang
    to = tr(lang, "to {service}", service=names.service_letter_and_name(setup, str(data.get("to", "")), lang))
    if data.get("to_window"):
        to = told.joined_clauses(to, names.window_name(data["to_window"], lang))
    if data.get("to_staff"):
        to = told.joined_clauses(to, names.staff_name(setup, data["to_staff"], lang))
    kept = tr(lang, "by the original arrival") if told.event.kind == "redirect" else ""
    by = told.window_and_staff_text if told.event.window else told.actor_text
    return moments.join_with_dots(by, to, kept, told.reason_text, _clerk_note_words(told))


def _reinstate_words(told: _EventWordingContext) -> str:
    early = told.data.get("early")
    place = tr(told.lang, "behind the next two") if early else tr(told.lang, "at the end of the line")
    return moments.join_with_dots(told.actor_text, place)


def _rating_words(told: _EventWordingContext) -> str:
    day = told.setup.to_hall_time(told.event.time).date()
    later = "" if day == told.story.ticket.date else moments.date_for_staff(day, told.lang)
    return moments.join_with_dots(moments.rating_level_words(int(told.data.get("level", UNTOLD)), told.lang), later)


def _rating_reasons_and_answers_words(told: _EventWordingContext) -> str:
    from queuedesk.i18n.figures.figure_titles import rating_reason_words

    lang, codes = told.lang, map(str, told.data.get("tags") or ())
    tags = [told.words_or_hidden_text(code, rating_reason_words(code, lang)) for code in codes]
    marks = [told.data[name] for name in ("attitude", "competence") if name in told.data]
    answers = tr(lang, "two more questions: {levels}", levels=moments.list_text(marks, lang)) if marks else ""
    said = moments.join_with_dots(
        moments.list_text(tags, lang), tr(lang, "with a comment") if told.data.get("comment") else "", answers
    )
    return said if said or told.data.get("untold") else tr(lang, "nothing further")


def _offer_words(told: _EventWordingContext) -> str:
    taken = tr(told.lang, "taken", context="offer")
    declined = tr(told.lang, "declined", context="offer")
    return moments.join_with_dots(
        told.actor_text,
        talk.offered_channel_word(str(told.data["to"]), told.lang),
        taken if told.data["accepted"] else declined,
    )


def _alarm_words(told: _EventWordingContext) -> str:
    window = names.window_name(told.event.window, told.lang) if told.event.window else ""
    over = tr(told.lang, "over", context="alert") if "over" in told.data else ""
    device = talk.device_name(told.data["device"], told.data["station"], told.lang) if "device" in told.data else ""
    return moments.join_with_dots(window, device, alert_kind_word(str(told.data["kind"]), told.lang), over)


def _correction_words(told: _EventWordingContext) -> str:
    data, lang = told.data, told.lang
    changed = corrected_field_parts(told.setup, told.story.ticket, data, lang, typed=told.typed)
    second = ""
    if data.get("second"):
        name = names.staff_name(told.setup, str(data["second"]), lang)
        second = tr(lang, "confirmed by {name}", name=name)
        if data.get("witness"):
            second = tr(lang, "witnessed by {name}", name=name)
    elif data.get("alone"):
        second = tr(lang, "by one person alone: no one else could confirm it")
    return moments.join_with_dots(told.actor_text, *changed, told.reason_text, second)


def _day_end_words(told: _EventWordingContext) -> str:
    ticket, lang = told.story.ticket, told.lang
    if ticket.state is TicketState.FINISHED:
        return tr(lang, "finished by the end of the day")
    return tr(lang, "never called") if ticket.legs[0].called is None else tr(lang, "did not come")


def _device_event_words(told: _EventWordingContext) -> str:
    return talk.device_event_text(told.data, told.lang)


_DETAILS: dict[str, Callable[[_EventWordingContext], str]] = {
    "issue": _issue_words,
    "serve": lambda told: moments.join_with_dots(told.window_and_staff_text, told.reason_text),
    "call": _call_words,
    "recall": _recall_words,
    "thanks": lambda told: moments.join_with_dots(
        names.staff_name(told.setup, told.event.staff, told.lang), told.actor_text
    ),
    "start": _walk_time_to_window_words,
    "unpark": _time_parked_words,
    "unstall": _time_stalled_words,
    "finish": _finish_words,
    "transfer": _transfer_event_words,
    "redirect": _transfer_event_words,
    "reinstate": _reinstate_words,
    "park": lambda told: told.reason_text,
    "stall": lambda told: told.reason_text,
    "add": lambda told: names.service_letter_and_name(told.setup, str(told.data.get("added", "")), told.lang),
    "rate": _rating_words,
    "reasons": _rating_reasons_and_answers_words,
    "offer": _offer_words,
    "alarm": _alarm_words,
    "ack": lambda told: moments.join_with_dots(told.actor_text, alert_kind_word(str(told.data["kind"]), told.lang)),
    "correct": _correction_words,
    "day-end": _day_end_words,
    "device": _device_event_words,
    "check": lambda told: moments.join_with_dots(told.actor_text, talk.device_check_event_text(told.data, told.lang)),
}

# -- what became of a command whose answer never came, in words ------------------------------------------------------

_OF_TICKETS = {
    "issue": mark("{ticket} was issued at {time} after all"),
    "serve": mark("{ticket} is served since {time} after all"),
    "call": mark("{ticket} was called at {time} after all"),
    "recall": mark("{ticket} was called again at {time} after all"),
    "start": mark("{ticket} was started at {time} after all"),
    "miss": mark("{ticket} was noted as missed at {time} after all"),
    "finish": mark("{ticket} was finished at {time} after all"),
}


def late_command_outcome_sentence(
    setup: Setup, verb: str, asked: datetime, found: CommandOutcome, lang: str | None = None
) -> str:
    """Return the sentence for the person who asked for `verb` at `asked`."""
    lang, event, time = lang or current_language(), found.event, moments.time_hm(setup.to_hall_time(asked))
    if event is not None and event.ticket is not None and event.kind in _OF_TICKETS:
        return tr(
            lang, _OF_TICKETS[event.kind], ticket=event.ticket, time=moments.time_hm(setup.to_hall_time(event.time))
        )
    what = event_title(event.kind if event is not None else verb, lang)
    if found.is_done:
        if what:
            return tr(lang, "What you asked at {time} was done after all: {what}", time=time, what=what)
        return tr(lang, "What you asked at {time} was done after all", time=time)
    if what:
        return tr(lang, "What you asked at {time} was not done: {what}", time=time, what=what)
    return tr(lang, "What you asked at {time} was not done", time=time)


# -- a ticket's history ----------------------------------------------------------------------------------------------

KEPT, LATE, NOT_TOLD, OVERTAKEN, DAY_END = "kept", "late", "untold", "overtaken", "day_end"
"""The kinds of facts: a promise kept or not, none that could be, being passed, an end that nobody noted."""

_PARTS = {
    ticket_history.WAIT: mark("Wait", context="part"),
    ticket_history.WAY: mark("Walk", context="part"),
    ticket_history.SERVING: mark("Serving", context="part"),
    ticket_history.HELD: mark("Set aside", context="part"),
    ticket_history.MISSED: mark("Missed", context="part"),
    ticket_history.STALLED: mark("Other system", context="part"),
}


class VisitFact(Struct, frozen=True):
    """A fact about a visit: its kind and its words."""

    kind: str
    text: str


def part_word(kind: str, lang: str | None = None) -> str:
    """Return the word for a part of a visit, one of the kinds of core/log/ticket_history.py."""
    return tr(lang or current_language(), _PARTS[kind], context="part")


def facts_of_ticket_visit(state: HallState, ticket: Ticket, now: datetime, lang: str | None = None) -> list[VisitFact]:
    """Return the quoted wait against the actual one, how often the ticket was passed, and whether only the day-end
    closed it."""
    lang = lang or current_language()
    found = [_quote_against_wait_fact(ticket, now, lang)]
    if ticket.overtaken:
        text = ntr(
            lang,
            "{n} later ticket went first, the reason is noted",
            "{n} later tickets went first, the reasons are noted",
            ticket.overtaken,
        )
        found.append(VisitFact(OVERTAKEN, text))
    if "inaccurate" in ticket.flags or "day_end" in ticket.flags:
        found.append(VisitFact(DAY_END, tr(lang, "closed by the end of the day, left out of the averages")))
    return found


def _quote_against_wait_fact(ticket: Ticket, now: datetime, lang: str) -> VisitFact:
    wait_s, was_called = ticket_history.first_wait_s_and_if_called(ticket, now)
    minutes, told = wait_s // 60, ticket.promise
    if told.low is None:
        if was_called:
            return VisitFact(NOT_TOLD, tr(lang, "No estimate was given; it took {n} min", n=minutes))
        return VisitFact(NOT_TOLD, tr(lang, "No estimate was given; {n} min so far", n=minutes))
    wait = line_words.promised_wait_without_about(told, lang)
    if ticket.legs[0].called is None and ticket.state is not TicketState.WAITING:
        return VisitFact(NOT_TOLD, tr(lang, "Estimated {wait}, ended after {n} min uncalled", wait=wait, n=minutes))
    kind = NOT_TOLD if told.high is None else LATE if wait_s > told.high * 60 else KEPT
    if was_called:
        return VisitFact(kind, tr(lang, "Estimated {wait}, it was {n} min", wait=wait, n=minutes))
    return VisitFact(kind, tr(lang, "Estimated {wait}, {n} min so far", wait=wait, n=minutes))


def log_check_sentence(story: ticket_history.TicketHistory, lang: str | None = None) -> str:
    """Return which part of the log the history is, and whether it was changed afterwards."""
    lang = lang or current_language()
    first, last, n = story.events[0].seq, story.events[-1].seq, len(story.events)
    span = moments.figure_range(f"{first:,}", f"{last:,}")
    if story.broken is not None:
        seq = f"{story.broken:,}"
        return tr(lang, "Log {range}: it does not hold at entry {seq}; somebody changed it", range=span, seq=seq)
    return ntr(
        lang,
        "Log {range}, {n} entry: checked, complete and unchanged",
        "Log {range}, {n} entries: checked, complete and unchanged",
        n,
        range=span,
    )
