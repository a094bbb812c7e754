"""Puts the facts of a scene into the counter's sentences."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from queuedesk.core.errors import QueueDeskError, RuleError
from queuedesk.core.queue.dispatch import QuotedWait, quoted_wait_at_issue, window_preferences_at
from queuedesk.core.queue.overview import AMBER, RED, longest_wait_level
from queuedesk.core.queue.ticket import Ticket, TicketState, current_leg_handling_s, whole_seconds_between
from queuedesk.core.setup.rows import Setup
from queuedesk.i18n import (
    _,
    codes_text,
    current_language,
    error_sentence,
    list_text,
    minutes_seconds,
    minutes_text,
    n_,
    time_hm,
    tr,
)
from queuedesk.i18n.names import item_name, service_letter_or_code, service_name, staff_name, ticket_marks_text
from queuedesk.i18n.network import UNANSWERED
from queuedesk.i18n.queue import line_words
from queuedesk.stations.counter import scene as scenes
from queuedesk.stations.widgets.lists.lists import TicketRow
from queuedesk.stations.widgets.panels import TextRun
from queuedesk.stations.window.style import M

MOST_NAMED = 2  # services listed by name
GAP = 6  # drawn px that stand for a space between two runs
ICONS = {
    scenes.ClerkAct.RECALL: "speaker",
    scenes.ClerkAct.MISS: "missed",
    scenes.ClerkAct.PARK: "pause",
    scenes.ClerkAct.REOPEN: "undo",
    scenes.ClerkAct.TRANSFER: "transfer",
    scenes.ClerkAct.REDIRECT: "redirect",
    scenes.ClerkAct.CALL_CHOSEN: "search",
    scenes.ClerkAct.FINISH_CALL: "speaker-on",
    scenes.ClerkAct.FINISH_THEN: "arrow-right",
    scenes.ClerkAct.STALL: "hourglass",
    scenes.ClerkAct.UNSTALL: "check",
    scenes.ClerkAct.ADD: "plus",
    scenes.ClerkAct.SERVE: "person",
    scenes.ClerkAct.PAUSE: "pause",
    scenes.ClerkAct.RESUME: "play",
    scenes.ClerkAct.EXTEND: "clock",
    scenes.ClerkAct.CLOSE: "window",
    scenes.ClerkAct.HAND_OVER: "people",
    scenes.ClerkAct.DELIVERED: "document",
    scenes.ClerkAct.FORM_FREE: "edit",
    scenes.ClerkAct.WRITE: "message",
    scenes.ClerkAct.GIVE_BACK: "undo",
    scenes.ClerkAct.CALL: "speaker",
    scenes.ClerkAct.START: "play",
    scenes.ClerkAct.FINISH: "check",
}


def act_word(act: scenes.ClerkAct, scene: scenes.WindowScene) -> str:
    ticket = scene.ticket
    match act:
        case scenes.ClerkAct.RECALL if ticket is not None:
            return n_("Recall · called once", "Recall · called {n}×", ticket.round_calls)
        case scenes.ClerkAct.REOPEN if scene.last is not None:
            return _("{ticket} not finished: continue", ticket=scene.last.label)
        case scenes.ClerkAct.FINISH_THEN if scene.usual_next_steps_of_service:
            return _(
                "On to {service}", service=service_letter_or_code(scene.setup, scene.usual_next_steps_of_service[0])
            )
        case scenes.ClerkAct.CLOSE if scene.kind is scenes.CounterState.PAUSED:
            return _("Done for today: close window")
    return {
        scenes.ClerkAct.CALL: _("Call next"),
        scenes.ClerkAct.START: _("Customer is here: start"),
        scenes.ClerkAct.FINISH: _("Finish"),
        scenes.ClerkAct.RECALL: _("Recall"),
        scenes.ClerkAct.MISS: _("Not here"),
        scenes.ClerkAct.GIVE_BACK: _("Put back in line"),
        scenes.ClerkAct.PARK: _("Set aside"),
        scenes.ClerkAct.REOPEN: _("Reopen the last finished"),
        scenes.ClerkAct.TRANSFER: _("Transfer"),
        scenes.ClerkAct.REDIRECT: _("Wrong window"),
        scenes.ClerkAct.CALL_CHOSEN: _("Call a ticket"),
        scenes.ClerkAct.FINISH_CALL: _("Finish + call"),
        scenes.ClerkAct.FINISH_THEN: _("Finish, on to the next step"),
        scenes.ClerkAct.ADD: _("Add a service"),
        scenes.ClerkAct.STALL: _("Waiting for a system"),
        scenes.ClerkAct.UNSTALL: _("System is back"),
        scenes.ClerkAct.SERVE: _("Serve without a ticket"),
        scenes.ClerkAct.PAUSE: _("Pause"),
        scenes.ClerkAct.EXTEND: _("10 min more"),
        scenes.ClerkAct.RESUME: _("I am back"),
        scenes.ClerkAct.CLOSE: _("Close window"),
        scenes.ClerkAct.HAND_OVER: _("Hand over to …"),
        scenes.ClerkAct.DELIVERED: _("Count what was done"),
        scenes.ClerkAct.WRITE: _("Write with the customer"),
        scenes.ClerkAct.FORM_FREE: _("With or without a form"),
    }[act]


def service_and_item_line(setup: Setup, ticket: Ticket) -> str:
    """Return "Account services · Change of name"."""
    name, item = service_name(setup, ticket.service), item_name(setup, ticket.service, ticket.item)
    return f"{name} · {item}" if item else name


def row_of_ticket(scene: scenes.WindowScene, ticket: Ticket) -> TicketRow:
    wait, level = wait_text_and_level(scene, ticket)
    return TicketRow(
        id=ticket.id,
        number=ticket.label,
        service=service_name(scene.setup, ticket.service),
        class_text=ticket_marks_text(scene.setup, ticket),
        wait=wait,
        level=level,
    )


def wait_text_and_level(scene: scenes.WindowScene, ticket: Ticket) -> tuple[str, str]:
    """Return how long a ticket has waited and the level of that; for a later leg placed by arrival, since then."""
    minutes, in_hall = (
        scenes.waited_seconds_to_first_call(ticket, scene.now) // 60,
        scenes.seconds_in_hall_if_arrival_counts(ticket, scene.now),
    )
    level = longest_wait_level(scene.setup, [ticket], scenes.ticket_first_call_or_now(ticket, scene.now))
    return (minutes_text(minutes) if in_hall is None else _minutes_in_hall_text(in_hall)), level


def _minutes_in_hall_text(seconds_in_hall_if_arrival_counts: int) -> str:
    return _("in the hall {minutes}", minutes=minutes_text(seconds_in_hall_if_arrival_counts // 60))


def quote_check_text_and_colour(scene: scenes.WindowScene, ticket: Ticket) -> tuple[str, str]:
    """Return how a wait compares with the quoted one, and the colour of that; "" where that says nothing. Red is only
    for waits that are red beside it, by the hall's rules; longer than quoted alone is amber."""
    told, how = ticket.promise, scenes.quote_check_of_wait(ticket, scene.now)
    wait, high = quoted_wait_at_issue(told), told.high or 0
    span = (
        line_words.wait_text_without_about(wait)
        if isinstance(wait, QuotedWait) and line_words.has_close_wait_ends(wait)
        else minutes_text(high)
    )
    _wait, level = wait_text_and_level(scene, ticket)
    token = (level or AMBER) if how is scenes.QuoteCheck.LONGER else "ink2"
    if how is scenes.QuoteCheck.UNKNOWN:
        return "", token
    if not isinstance(wait, QuotedWait):
        return _("no estimate given"), token
    if how is scenes.QuoteCheck.UNTOLD or line_words.is_quoted_no_wait(wait, told.ahead):
        return _("estimated: {wait}", wait=line_words.promised_wait_text(told)), token
    if how is scenes.QuoteCheck.KEPT:
        if (
            level == RED
            and scenes.waited_seconds_to_first_call(ticket, scene.now)
            >= scene.setup.setting_as_int("wait_target_minutes") * 60
        ):
            return _("over target, as estimated ({range})", range=span), token
        return _("within the {range} estimated", range=span), token
    return _("longer than the {range} estimated", range=span), token


def nudge_line(nudge: scenes.IdleWindowNudge) -> str:
    """Return "Free while B031 waits: 0:25"; the time begins anew with whoever is next."""
    return _("Free while {ticket} waits: {time}", ticket=nudge.ticket, time=minutes_seconds(nudge.waits_s))


def clerk_took_over_line(scene: scenes.WindowScene) -> str:
    return _("{name} is serving here now.", name=staff_name(scene.setup, scene.window.staff))


def customers_taken_over_line(window: str) -> str:
    return _("Window {window} has closed; those waiting are now yours.", window=window)


def window_open_twice_line(window: str, pc: str) -> str:
    return _("Window {window} is open on PC {pc} too. Please close it on one of the two.", window=window, pc=pc)


def later_same_language_line(scene: scenes.WindowScene) -> str:
    """Return which number behind the next one speaks a language of the clerk's, "" for none."""
    clerk = scene.setup.staff.get(scene.window.staff or "")
    if clerk is None:
        return ""
    found = next(
        (ticket for ticket in scene.order[1:] if ticket.spoken_language and clerk.speaks(ticket.spoken_language)), None
    )
    if found is None:
        return ""
    return _("{ticket} speaks {language}, as you do", ticket=found.label, language=found.spoken_language)


def note_line(ticket: Ticket) -> str:
    sent = ticket.previous_leg_if_it_has_note
    if sent is None:
        return ""
    if sent.window is None:
        return _("Note: “{note}”", note=sent.note)
    return _("From window {window}: “{note}”", window=sent.window, note=sent.note)


def delivered_line(setup: Setup, counts: Mapping[str, int], *, form_free: bool | None = None) -> str:
    """Return "Done: A, B ×2 · without a form"; `form_free` is None where the form is as usual for the service."""
    form = {True: _("without a form"), False: _("with a form"), None: ""}[form_free]
    said = [_delivered_services_text(setup, counts), form]
    return " · ".join(part for part in said if part)


def _delivered_services_text(setup: Setup, counts: Mapping[str, int]) -> str:
    parts = [setup.services[code].prefix + (f" ×{n}" if n > 1 else "") for code, n in counts.items()]
    return _("Done: {services}", services=list_text(parts)) if parts else ""


def set_aside_reason_and_minutes_text(scene: scenes.WindowScene, ticket: Ticket) -> str:
    """Return "copying · 6 min" for a ticket set aside or missed."""
    why = (
        _("missed", context="counter")
        if ticket.state is TicketState.MISSED
        else line_words.shortest_reason_words(ticket.reason or "")
    )
    minutes = minutes_text(whole_seconds_between(ticket.since, scene.now) // 60)
    return f"{why} · {minutes}" if why else minutes


def refusal_line(scene: scenes.WindowScene | None, trouble: QueueDeskError) -> str:
    """Return why something is not done, with what can be done here now."""
    busy = isinstance(trouble, RuleError) and trouble.code == "window_busy"
    if busy and scene is not None and scene.kind is scenes.CounterState.CALLED and scene.ticket is not None:
        return _(
            "Window {window} has called {ticket}; please start it, put it back in line or mark it as missed first.",
            window=scene.window.code,
            ticket=scene.ticket.label,
        )
    return error_sentence(trouble)


def no_answer_message() -> str:
    return tr(current_language(), UNANSWERED)


# -- the stage ---------------------------------------------------------------------------------------------------


class StageStatus(Struct, frozen=True):
    """The pill on top of the stage and the words beside it."""

    state: str
    word: str
    beside: str = ""
    token: str = "ink2"


def stage_status(scene: scenes.WindowScene, heard: scenes.AnnouncementState) -> StageStatus:
    match scene.kind:
        case scenes.CounterState.CALLED:
            words, token = _announcement_state_text_and_colour(heard, is_spoken=scene.setup.voice.spoken)
            return StageStatus("called", _("Called", context="state"), words, token)
        case scenes.CounterState.SERVING if scene.ticket is not None:
            return _serving_status(scene, scene.ticket)
        case scenes.CounterState.PAUSED:
            since = _("since {time}", context="counter", time=_hall_time_or_empty(scene, scene.window.since))
            why = line_words.reason_words(scene.window.reason or "")
            return StageStatus("paused", _("Paused", context="state"), f"{why} · {since}" if why else since)
    beside = ""
    if scene.last is not None and scene.is_unchanged_since_finish:
        took = minutes_seconds(current_leg_handling_s(scene.last, scene.now))
        beside = _("{ticket} finished, took {time}", ticket=scene.last.label, time=took)
    elif scene.gone_on is not None and scene.window.since == scene.gone_on.ticket.legs[-2].finished:
        beside = goes_on_to_service_line(scene.setup, scene.gone_on)
    return StageStatus("idle", _("Window is free"), beside)


def goes_on_to_service_line(setup: Setup, gone: scenes.SentOnCustomer) -> str:
    step = line_words.service_with_windows_text(setup, gone.ticket.service, gone.windows)
    return _("{ticket} goes on to {step}", ticket=gone.ticket.label, step=step)


def _announcement_state_text_and_colour(heard: scenes.AnnouncementState, *, is_spoken: bool) -> tuple[str, str]:
    nowhere = _("not shown, not spoken: please call out the number")
    if not is_spoken:
        nowhere = _("not shown: please call out the number")
    return {
        scenes.AnnouncementState.RUNNING: (_("being announced"), "ink2"),
        scenes.AnnouncementState.UNSEEN: ("", "ink2"),
        scenes.AnnouncementState.DONE: (_("shown and announced"), "ink2"),
        scenes.AnnouncementState.SEEN: (_("shown", context="call"), "ink2"),
        scenes.AnnouncementState.SHOWN: (_("shown, not spoken"), "amber"),
        scenes.AnnouncementState.NOBODY: (_("No display is running: please call out the number"), "amber"),
        scenes.AnnouncementState.NOWHERE: (nowhere, "amber"),
    }[heard]


def _serving_status(scene: scenes.WindowScene, ticket: Ticket) -> StageStatus:
    word = _("Serving", context="state")
    if ticket.stalled_since is not None:
        since = _("since {time}", context="counter", time=_hall_time_or_empty(scene, ticket.stalled_since))
        return StageStatus(
            "parked", _("Waiting for a system"), f"{line_words.reason_words(ticket.reason or '')} · {since}"
        )
    if ticket.current_leg.started is None:
        return StageStatus("serving", word)
    return StageStatus(
        "serving",
        word,
        _("since {time}", context="counter", time=_hall_time_or_empty(scene, ticket.current_leg.started)),
    )


def _later_tickets_went_first_text(scene: scenes.WindowScene, ticket: Ticket) -> str:
    services = scene.went_first.get(ticket.id)
    if not services:
        return n_("{n} later ticket went first", "{n} later tickets went first", ticket.overtaken)
    return n_(
        "{n} later ticket went first ({services})",
        "{n} later tickets went first ({services})",
        ticket.overtaken,
        services=list_text([service_name(scene.setup, code) for code in services]),
    )


def wait_and_history_runs(scene: scenes.WindowScene, ticket: Ticket, *, px: float) -> list[TextRun]:
    """Return the grey line under the service: how long the wait was or is, and what happened to the customer."""
    in_hall = scenes.seconds_in_hall_if_arrival_counts(ticket, scene.now)
    told = []
    if ticket.misses:
        told.append(n_("missed once before", "missed {n} times before", ticket.misses))
    if ticket.overtaken:
        told.append(_later_tickets_went_first_text(scene, ticket))
    rest = "".join(f" · {words}" for words in told)
    if ticket.state is not TicketState.WAITING:
        waited = _("waited {minutes} min", minutes=scenes.waited_seconds_to_first_call(ticket, scene.now) // 60)
        return [TextRun((waited if in_hall is None else _minutes_in_hall_text(in_hall)) + rest, px, token="ink2")]
    wait, level = wait_text_and_level(scene, ticket)
    runs = [TextRun(wait, px, bool(level), token=level or "ink2", gap=GAP if in_hall is None else 0)]
    if in_hall is None:
        runs.insert(0, TextRun(_("waiting", context="counter"), px, token="ink2"))
    return [*runs, TextRun(rest, px, token="ink2")] if rest else runs


def seconds_since_ticket_last_called(scene: scenes.WindowScene, ticket: Ticket) -> int:
    return whole_seconds_between(ticket.current_leg.last_called, scene.now)


def return_time_and_cover_lines(scene: scenes.WindowScene) -> tuple[str, bool, str]:
    """Return when the clerk is back, whether that time is over, and who works on meanwhile."""
    back = scene.window.back
    if back is None:
        return _("No return time was given"), False, services_still_served_where_line(scene)
    late = whole_seconds_between(back, scene.now) // 60
    time = _hall_time_or_empty(scene, back)
    if late:
        return (
            n_("Due back at {time}, {n} minute ago", "Due back at {time}, {n} minutes ago", late, time=time),
            True,
            services_still_served_where_line(scene),
        )
    return _("Back at about {time}", time=time), False, services_still_served_where_line(scene)


def services_still_served_where_line(scene: scenes.WindowScene) -> str:
    """Return which windows go on with each service of this one."""
    shared: dict[tuple[str, ...], list[str]] = {}
    for service in scene.services:
        shared.setdefault(scene.open_elsewhere[service], []).append(scene.setup.services[service].prefix)
    parts = []
    for windows, letters in shared.items():
        said, places = list_text(letters), codes_text(windows)
        if windows:
            parts.append(
                n_(
                    "{services}: still served at window {windows}",
                    "{services}: still served at windows {windows}",
                    len(windows),
                    services=said,
                    windows=places,
                )
            )
        else:
            parts.append(_("{services}: no other window is open", services=said))
    return _("{clauses}.", clauses=_("; ", context="list").join(parts))


def _clauses_as_sentence(parts: list[str]) -> str:
    return _("{clauses}.", clauses=_(", ", context="clauses").join(parts))


def customers_left_unserved_line(scene: scenes.WindowScene, left: list[scenes.LineServedHereOnly]) -> str:
    """Return which customers would be left, and which windows could take them."""
    parts = []
    for one in left:
        name = service_name(scene.setup, one.service)
        parts.append(n_("{n} person waits for {service}", "{n} people wait for {service}", one.waiting, service=name))
    could = sorted({w for one in left for w in one.could}, key=list(scene.setup.windows).index)
    who = _("No other window is open for them.")
    if could:
        who = n_(
            "Only window {windows} could take them, and it is not serving now.",
            "Only windows {windows} could take them, and they are not serving now.",
            len(could),
            windows=codes_text(could),
        )
    return _("{one} {two}", context="sentences", one=_clauses_as_sentence(parts), two=who)


def unserved_services_line(setup: Setup, services: list[str]) -> str:
    names = list_text([service_name(setup, s) for s in services])
    return _("Nobody serves {services} now. Please tell the manager.", services=names)


# -- rail and top bar --------------------------------------------------------------------------------------------


def nobody_waits_here_lines(scene: scenes.WindowScene) -> tuple[str, str]:
    """Return the text in place of the list when nobody waits for this window."""
    elsewhere = []
    for service, waiting in scene.waiting.items():
        if not waiting or service in scene.services:
            continue
        name, windows = service_name(scene.setup, service), scene.open_elsewhere[service]
        if windows:
            elsewhere.append(
                n_(
                    "{waiting} waiting for {service}, at window {windows}",
                    "{waiting} waiting for {service}, at windows {windows}",
                    len(windows),
                    waiting=waiting,
                    service=name,
                    windows=codes_text(windows),
                )
            )
        else:
            elsewhere.append(_("{n} waiting for {service}, no window open", n=waiting, service=name))
    if len(scene.services) > MOST_NAMED:
        return _("Nobody is waiting for this window"), "\n".join(elsewhere)
    names = list_text([service_name(scene.setup, s) for s in scene.services])
    return _("Nobody is waiting for {services}", services=names), "\n".join(elsewhere)


def window_specials_text(scene: scenes.WindowScene) -> str:
    """Return what is special about the window now: services lent to it, whom it takes first; empty for nothing."""
    spec = scene.setup.windows[scene.window.code]
    lent = [s for s in scene.services if s not in spec.services]
    told = []
    if lent:
        told.append(_("also {services} for now", services=list_text([scene.setup.services[s].prefix for s in lent])))
    first = window_preferences_at(scene.setup, scene.window.code, scene.window.staff, scene.now)
    if first is not None and first.minutes:
        told.append(_("short visits first", context="window"))
    if first is not None and first.languages:
        told.append(_("your languages first", context="window"))
    return " · ".join(told)


def clerk_name_runs(scene: scenes.WindowScene) -> tuple[TextRun, ...]:
    return (TextRun(staff_name(scene.setup, scene.window.staff), M - 1, token="ink2"),)


def clerk_day_run_variants(day: scenes.ClerkDayTotals) -> list[tuple[TextRun, ...]]:
    """Return the clerk's day in full, without target, without average, and empty, for ever less room."""
    return [
        clerk_day_runs(day),
        clerk_day_runs(replace(day, target_s=None)),
        clerk_day_runs(scenes.ClerkDayTotals(day.finished)),
        (),
    ]


def clerk_day_runs(day: scenes.ClerkDayTotals) -> tuple[TextRun, ...]:
    px = M - 1
    runs = [
        TextRun(_("Today", context="own count"), px, token="ink2"),
        TextRun(str(day.finished), px, True, tabular=True, gap=GAP),
        TextRun(_("finished", context="own count"), px, token="ink2", gap=GAP),
    ]
    if day.mean_s is None:
        return tuple(runs)
    target = None if day.target_s is None else max(1, round(day.target_s / 60))
    late = target is not None and day.mean_s > target * 60
    runs += [
        TextRun(_("·", context="own count"), px, token="ink2", gap=GAP),
        TextRun(f"{day.mean_s / 60:.1f}", px, True, token="amber" if late else "ink", tabular=True, gap=GAP),
        TextRun(_("min each", context="own count"), px, token="ink2", gap=GAP),
    ]
    if target is not None:
        runs.append(TextRun(_("(target {minutes})", context="own count", minutes=target), px, token="ink2", gap=GAP))
    return tuple(runs)


def _hall_time_or_empty(scene: scenes.WindowScene, moment: datetime | None) -> str:
    return time_hm(scene.setup.to_hall_time(moment)) if moment else ""


def sign_in_again_reason_line(window: str, *, was_put_back: bool | None) -> str:
    """Return why a clerk has to sign in again: window closed, or data replaced (`was_put_back`, see HallFeed)."""
    if was_put_back is None:
        return _("This is now another hall's data. Please sign in again.")
    if was_put_back:
        return _("A backup was restored. Window {window} is not open in it: please sign in again.", window=window)
    return _("Window {window} is closed.", window=window)
