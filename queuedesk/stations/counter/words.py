"""Puts the facts of a scene into the counter's sentences."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from queuedesk.core.errors import QueueDeskError, RuleError
from queuedesk.core.queue.dispatch import Wait, preferences_at, promised_wait
from queuedesk.core.queue.overview import AMBER, RED, wait_level
from queuedesk.core.queue.ticket import State, Ticket, handling_s, seconds
from queuedesk.core.setup.rows import Setup
from queuedesk.i18n import (
    _,
    codes_text,
    current,
    listing,
    m_ss,
    minutes_text,
    n_,
    say,
    time_hm,
    tr,
)
from queuedesk.i18n.names import item_name, letter_of, service_name, staff_name, ticket_marks
from queuedesk.i18n.network import UNANSWERED
from queuedesk.i18n.queue.line_words import (
    is_at_once,
    is_close,
    promise_text,
    reason_short,
    reason_words,
    step_words,
    wait_span,
)
from queuedesk.stations.counter.scene import (
    Act,
    ClerksDay,
    GoneOn,
    Heard,
    Kind,
    Nudge,
    QuoteCheck,
    Scene,
    UnservedLine,
    in_hall_s,
    promised,
    waited_s,
)
from queuedesk.stations.widgets.lists.lists import TicketRow
from queuedesk.stations.widgets.panels import TextRun
from queuedesk.stations.window.style import M

MOST_NAMED = 2  # services listed by name
GAP = 6  # drawn px that stand for a space between two runs
ICONS = {
    Act.RECALL: "speaker",
    Act.MISS: "missed",
    Act.PARK: "pause",
    Act.REOPEN: "undo",
    Act.TRANSFER: "transfer",
    Act.REDIRECT: "redirect",
    Act.CALL_CHOSEN: "search",
    Act.FINISH_CALL: "speaker-on",
    Act.FINISH_THEN: "arrow-right",
    Act.STALL: "hourglass",
    Act.UNSTALL: "check",
    Act.ADD: "plus",
    Act.SERVE: "person",
    Act.PAUSE: "pause",
    Act.RESUME: "play",
    Act.EXTEND: "clock",
    Act.CLOSE: "window",
    Act.HAND_OVER: "people",
    Act.DELIVERED: "document",
    Act.FORM_FREE: "edit",
    Act.WRITE: "message",
    Act.GIVE_BACK: "undo",
    Act.CALL: "speaker",
    Act.START: "play",
    Act.FINISH: "check",
}


def act_word(act: Act, scene: Scene) -> str:
    ticket = scene.ticket
    match act:
        case Act.RECALL if ticket is not None:
            return n_("Recall · called once", "Recall · called {n} times", ticket.round_calls)
        case Act.REOPEN if scene.last is not None:
            return _("{ticket} not finished: continue", ticket=scene.last.label)
        case Act.FINISH_THEN if scene.then:
            return _("On to {service}", service=letter_of(scene.setup, scene.then[0]))
        case Act.CLOSE if scene.kind is Kind.PAUSED:
            return _("Done for today: close window")
    return {
        Act.CALL: _("Call next"),
        Act.START: _("Customer is here: start"),
        Act.FINISH: _("Finish"),
        Act.RECALL: _("Recall"),
        Act.MISS: _("Not here"),
        Act.GIVE_BACK: _("Put back in line"),
        Act.PARK: _("Set aside"),
        Act.REOPEN: _("Reopen the last finished"),
        Act.TRANSFER: _("Transfer"),
        Act.REDIRECT: _("Wrong window"),
        Act.CALL_CHOSEN: _("Call a ticket"),
        Act.FINISH_CALL: _("Finish + call"),
        Act.FINISH_THEN: _("Finish, on to the next step"),
        Act.ADD: _("Add a service"),
        Act.STALL: _("Waiting for a system"),
        Act.UNSTALL: _("System is back"),
        Act.SERVE: _("Serve without a ticket"),
        Act.PAUSE: _("Pause"),
        Act.EXTEND: _("10 min more"),
        Act.RESUME: _("I am back"),
        Act.CLOSE: _("Close window"),
        Act.HAND_OVER: _("Hand over to …"),
        Act.DELIVERED: _("Count what was done"),
        Act.WRITE: _("Write with the customer"),
        Act.FORM_FREE: _("With or without a form"),
    }[act]


def service_line(setup: Setup, ticket: Ticket) -> str:
    """Return "Account services · Change of name"."""
    name, item = service_name(setup, ticket.service), item_name(setup, ticket.service, ticket.item)
    return f"{name} · {item}" if item else name


def row_of(scene: Scene, ticket: Ticket) -> TicketRow:
    wait, level = wait_of(scene, ticket)
    return TicketRow(
        id=ticket.id,
        number=ticket.label,
        service=service_name(scene.setup, ticket.service),
        class_text=ticket_marks(scene.setup, ticket),
        wait=wait,
        level=level,
    )


def wait_of(scene: Scene, ticket: Ticket) -> tuple[str, str]:
    """Return how long a ticket has waited and the level of that; for a later leg placed by arrival, since then."""
    minutes, in_hall = waited_s(ticket, scene.now) // 60, in_hall_s(ticket, scene.now)
    level = wait_level(scene.setup, minutes)
    return (minutes_text(minutes) if in_hall is None else _in_hall(in_hall)), level


def _in_hall(in_hall_s: int) -> str:
    return _("in the hall {minutes}", minutes=minutes_text(in_hall_s // 60))


def promise_of(scene: Scene, ticket: Ticket) -> tuple[str, str]:
    """Return how a wait compares with the quoted one, and the colour of that; "" where that says nothing. Red is only
    for waits that are red beside it, by the hall's rules; longer than quoted alone is amber."""
    told, how = ticket.promise, promised(ticket, scene.now)
    wait, high = promised_wait(told), told.high or 0
    span = wait_span(wait) if isinstance(wait, Wait) and is_close(wait) else minutes_text(high)
    _wait, level = wait_of(scene, ticket)
    token = (level or AMBER) if how is QuoteCheck.LONGER else "ink2"
    if how is QuoteCheck.UNKNOWN:
        return "", token
    if not isinstance(wait, Wait):
        return _("no estimate given"), token
    if how is QuoteCheck.UNTOLD or is_at_once(wait, told.ahead):
        return _("estimated: {wait}", wait=promise_text(told)), token
    if how is QuoteCheck.KEPT:
        if level == RED and waited_s(ticket, scene.now) >= scene.setup.number("wait_target_minutes") * 60:
            return _("over target, as estimated ({range})", range=span), token
        return _("within the {range} estimated", range=span), token
    return _("longer than the {range} estimated", range=span), token


def nudge_line(nudge: Nudge) -> str:
    """Return "Free while B031 waits: 0:25"; the time begins anew with whoever is next."""
    return _("Free while {ticket} waits: {time}", ticket=nudge.ticket, time=m_ss(nudge.waits_s))


def relieved_line(scene: Scene) -> str:
    return _("{name} is serving here now.", name=staff_name(scene.setup, scene.window.staff))


def left_here_line(window: str) -> str:
    return _("Window {window} has closed; those waiting are now yours.", window=window)


def taken_twice_line(window: str, pc: str) -> str:
    return _("Window {window} is open on PC {pc} too. Please close it on one of the two.", window=window, pc=pc)


def language_line(scene: Scene) -> str:
    """Return which number behind the next one speaks a language of the clerk's, "" for none."""
    clerk = scene.setup.staff.get(scene.window.staff or "")
    if clerk is None:
        return ""
    found = next((ticket for ticket in scene.order[1:] if ticket.speaks and clerk.speaks(ticket.speaks)), None)
    if found is None:
        return ""
    return _("{ticket} speaks {language}, as you do", ticket=found.label, language=found.speaks)


def note_line(ticket: Ticket) -> str:
    sent = ticket.sent_with
    if sent is None:
        return ""
    if sent.window is None:
        return _("Note: “{note}”", note=sent.note)
    return _("From window {window}: “{note}”", window=sent.window, note=sent.note)


def delivered_line(setup: Setup, counts: Mapping[str, int], *, form_free: bool | None = None) -> str:
    """Return "Done: A, B ×2 · without a form"; `form_free` is None where the form is as usual for the service."""
    form = {True: _("without a form"), False: _("with a form"), None: ""}[form_free]
    said = [_counted(setup, counts), form]
    return " · ".join(part for part in said if part)


def _counted(setup: Setup, counts: Mapping[str, int]) -> str:
    parts = [setup.services[code].prefix + (f" ×{n}" if n > 1 else "") for code, n in counts.items()]
    return _("Done: {services}", services=listing(parts)) if parts else ""


def aside_line(scene: Scene, ticket: Ticket) -> str:
    """Return "copying · 6 min" for a ticket set aside or missed."""
    why = _("missed", context="counter") if ticket.state is State.MISSED else reason_short(ticket.reason or "")
    minutes = minutes_text(seconds(ticket.since, scene.now) // 60)
    return f"{why} · {minutes}" if why else minutes


def refusal_line(scene: Scene | None, trouble: QueueDeskError) -> str:
    """Return why something is not done, with what can be done here now."""
    busy = isinstance(trouble, RuleError) and trouble.code == "window_busy"
    if busy and scene is not None and scene.kind is Kind.CALLED and scene.ticket is not None:
        return _(
            "Window {window} has called {ticket}; please start it, put it back in line or mark it as missed first.",
            window=scene.window.code,
            ticket=scene.ticket.label,
        )
    return say(trouble)


def unanswered_line() -> str:
    return tr(current(), UNANSWERED)


# -- the stage ---------------------------------------------------------------------------------------------------


class Status(Struct, frozen=True):
    """The pill on top of the stage and the words beside it."""

    state: str
    word: str
    beside: str = ""
    token: str = "ink2"


def status_of(scene: Scene, heard: Heard) -> Status:
    match scene.kind:
        case Kind.CALLED:
            words, token = _announced(heard, is_spoken=scene.setup.voice.spoken)
            return Status("called", _("Called", context="state"), words, token)
        case Kind.SERVING if scene.ticket is not None:
            return _serving(scene, scene.ticket)
        case Kind.PAUSED:
            since = _("since {time}", context="counter", time=_hm(scene, scene.window.since))
            why = reason_words(scene.window.reason or "")
            return Status("paused", _("Paused", context="state"), f"{why} · {since}" if why else since)
    beside = ""
    if scene.last is not None and scene.just_finished:
        took = m_ss(handling_s(scene.last, scene.now))
        beside = _("{ticket} finished, took {time}", ticket=scene.last.label, time=took)
    elif scene.gone_on is not None and scene.window.since == scene.gone_on.ticket.legs[-2].finished:
        beside = gone_on_line(scene.setup, scene.gone_on)
    return Status("idle", _("Window is free"), beside)


def gone_on_line(setup: Setup, gone: GoneOn) -> str:
    step = step_words(setup, gone.ticket.service, gone.windows)
    return _("{ticket} goes on to {step}", ticket=gone.ticket.label, step=step)


def _announced(heard: Heard, *, is_spoken: bool) -> tuple[str, str]:
    nowhere = _("not shown, not spoken: please call out the number")
    if not is_spoken:
        nowhere = _("not shown: please call out the number")
    return {
        Heard.RUNNING: (_("being announced"), "ink2"),
        Heard.UNSEEN: ("", "ink2"),
        Heard.DONE: (_("shown and announced"), "ink2"),
        Heard.SEEN: (_("shown", context="call"), "ink2"),
        Heard.SHOWN: (_("shown, not spoken"), "amber"),
        Heard.NOBODY: (_("No display is running: please call out the number"), "amber"),
        Heard.NOWHERE: (nowhere, "amber"),
    }[heard]


def _serving(scene: Scene, ticket: Ticket) -> Status:
    word = _("Serving", context="state")
    if ticket.stalled_since is not None:
        since = _("since {time}", context="counter", time=_hm(scene, ticket.stalled_since))
        return Status("parked", _("Waiting for a system"), f"{reason_words(ticket.reason or '')} · {since}")
    if ticket.leg.started is None:
        return Status("serving", word)
    return Status("serving", word, _("since {time}", context="counter", time=_hm(scene, ticket.leg.started)))


def _went_first(scene: Scene, ticket: Ticket) -> str:
    services = scene.went_first.get(ticket.id)
    if not services:
        return n_("{n} later ticket went first", "{n} later tickets went first", ticket.overtaken)
    return n_(
        "{n} later ticket went first ({services})",
        "{n} later tickets went first ({services})",
        ticket.overtaken,
        services=listing([service_name(scene.setup, code) for code in services]),
    )


def facts_of(scene: Scene, ticket: Ticket, *, px: float) -> list[TextRun]:
    """Return the grey line under the service: how long the wait was or is, and what happened to the customer."""
    in_hall = in_hall_s(ticket, scene.now)
    told = []
    if ticket.misses:
        told.append(n_("missed once before", "missed {n} times before", ticket.misses))
    if ticket.overtaken:
        told.append(_went_first(scene, ticket))
    rest = "".join(f" · {words}" for words in told)
    if ticket.state is not State.WAITING:
        waited = _("waited {minutes} min", minutes=waited_s(ticket, scene.now) // 60)
        return [TextRun((waited if in_hall is None else _in_hall(in_hall)) + rest, px, token="ink2")]
    wait, level = wait_of(scene, ticket)
    runs = [TextRun(wait, px, bool(level), token=level or "ink2", gap=GAP if in_hall is None else 0)]
    if in_hall is None:
        runs.insert(0, TextRun(_("waiting", context="counter"), px, token="ink2"))
    return [*runs, TextRun(rest, px, token="ink2")] if rest else runs


def way_seconds(scene: Scene, ticket: Ticket) -> int:
    return seconds(ticket.leg.last_called, scene.now)


def pause_lines(scene: Scene) -> tuple[str, bool, str]:
    """Return when the clerk is back, whether that time is over, and who works on meanwhile."""
    back = scene.window.back
    if back is None:
        return _("No return time was given"), False, cover_line(scene)
    late = seconds(back, scene.now) // 60
    time = _hm(scene, back)
    if late:
        return (
            n_("Due back at {time}, {n} minute ago", "Due back at {time}, {n} minutes ago", late, time=time),
            True,
            cover_line(scene),
        )
    return _("Back at about {time}", time=time), False, cover_line(scene)


def cover_line(scene: Scene) -> str:
    """Return which windows go on with each service of this one."""
    shared: dict[tuple[str, ...], list[str]] = {}
    for service in scene.services:
        shared.setdefault(scene.open_elsewhere[service], []).append(scene.setup.services[service].prefix)
    parts = []
    for windows, letters in shared.items():
        said, places = listing(letters), codes_text(windows)
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


def _clauses(parts: list[str]) -> str:
    return _("{clauses}.", clauses=_(", ", context="clauses").join(parts))


def left_line(scene: Scene, left: list[UnservedLine]) -> str:
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
    return _("{one} {two}", context="sentences", one=_clauses(parts), two=who)


def unserved_line(setup: Setup, services: list[str]) -> str:
    names = listing([service_name(setup, s) for s in services])
    return _("Nobody serves {services} now. Please tell the manager.", services=names)


# -- rail and top bar --------------------------------------------------------------------------------------------


def empty_lines(scene: Scene) -> tuple[str, str]:
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
    names = listing([service_name(scene.setup, s) for s in scene.services])
    return _("Nobody is waiting for {services}", services=names), "\n".join(elsewhere)


def lent_words(scene: Scene) -> str:
    """Return what is special about the window now: services lent to it, whom it takes first; empty for nothing."""
    spec = scene.setup.windows[scene.window.code]
    lent = [s for s in scene.services if s not in spec.services]
    told = []
    if lent:
        told.append(_("also {services} for now", services=listing([scene.setup.services[s].prefix for s in lent])))
    first = preferences_at(scene.setup, scene.window.code, scene.window.staff, scene.now)
    if first is not None and first.minutes:
        told.append(_("short visits first", context="window"))
    if first is not None and first.languages:
        told.append(_("your languages first", context="window"))
    return " · ".join(told)


def who_runs(scene: Scene) -> tuple[TextRun, ...]:
    return (TextRun(staff_name(scene.setup, scene.window.staff), M - 1, token="ink2"),)


def day_forms(day: ClerksDay) -> list[tuple[TextRun, ...]]:
    """Return the clerk's day in full, without target, without average, and empty, for ever less room."""
    return [day_runs(day), day_runs(replace(day, target_s=None)), day_runs(ClerksDay(day.finished)), ()]


def day_runs(day: ClerksDay) -> tuple[TextRun, ...]:
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


def _hm(scene: Scene, moment: datetime | None) -> str:
    return time_hm(scene.setup.local(moment)) if moment else ""


def closed_line(window: str, *, was_put_back: bool | None) -> str:
    """Return why a clerk has to sign in again: window closed, or data replaced (`was_put_back`, see HallFeed)."""
    if was_put_back is None:
        return _("This is now another hall's data. Please sign in again.")
    if was_put_back:
        return _("A backup was restored. Window {window} is not open in it: please sign in again.", window=window)
    return _("Window {window} is closed.", window=window)
