"""A line in words: its state, the rule of its order, why somebody still waits, when it will be done; reasons to pick;
and quoted waits, the same on every screen, slip, message and command, with what they rest on.

A reason is a code in the log and its words on the screen. What was typed freely stands for itself. Of a visit of
several services the wait told is that of the first one, and what comes after it is named."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from queuedesk.core.log.state import HallState
from queuedesk.core.queue import appointment, dispatch, overview
from queuedesk.core.queue.ticket import Ticket, WaitPromise
from queuedesk.core.setup.rows import Setup
from queuedesk.core.waits.estimates import EXPERTS
from queuedesk.i18n import names
from queuedesk.i18n.catalogue import current_language, mark, ntr, tr
from queuedesk.i18n.moments import codes_text, figure_range, list_text, need_word, ticket_state_word, time_hm

WIDE = 4
"""A wait whose top is more than so many times its bottom says by its top alone what can be said."""

SOON_MIN = 0.5
AT_ONCE_S = 5
"""Who is called sooner does not wait, whoever else is called before."""


class WaitWords(NamedTuple):
    """A wait in words, in parts for where the figure is drawn larger: "up to", "30", "min"."""

    before: str
    figure: str
    unit: str

    @property
    def joined_text(self) -> str:
        return " ".join(part for part in self if part)


def has_close_wait_ends(wait: dispatch.QuotedWait) -> bool:
    """Return whether both ends of a wait are named: where they lie far apart only the top is, and near zero none."""
    return wait.high is not None and wait.high <= WIDE * wait.low


def is_quoted_no_wait(wait: dispatch.QuotedWait | dispatch.NoQuoteReason, ahead: int | None) -> bool:
    """Return whether somebody with `ahead` people before them is quoted no wait."""
    if not isinstance(wait, dispatch.QuotedWait) or wait.high is None or wait.high > 1:
        return False
    return not ahead or wait.point_s < AT_ONCE_S


def is_ahead_count_shown(wait: dispatch.QuotedWait | dispatch.NoQuoteReason, ahead: int | None) -> bool:
    """Return whether a customer reads how many are ahead. Beside "no wait", or less than half a minute for each, they
    would only contradict it: those wait for other services of the same windows."""
    if not ahead or not isinstance(wait, dispatch.QuotedWait) or wait.high is None:
        return ahead is not None
    return not is_quoted_no_wait(wait, ahead) and wait.high >= SOON_MIN * ahead


def has_windows_of_several_services(setup: Setup, windows: Iterable[str]) -> bool:
    """Return whether `windows` serve several services, so that who is ahead may wait for another one."""
    return len({service for code in windows for service in setup.windows[code].services}) > 1


def is_waiting_count_misleading(waiting: int, ahead: int, wait: dispatch.QuotedWait | dispatch.NoQuoteReason) -> bool:
    """Return whether others are `ahead` too, so that the `waiting` of a service alone would contradict its wait: who
    waits for other services of the same windows, or goes on to this one from another service."""
    return ahead > waiting and is_ahead_count_shown(wait, ahead)


def ahead_count_label(is_shared: bool, lang: str | None = None) -> str:
    """Return what the number of people ahead is called, on a slip and on the cards of the front desk: not all of them
    wait for the same service where windows are shared or some come from another one."""
    lang = lang or current_language()
    return tr(lang, "Ahead, in all") if is_shared else tr(lang, "Ahead")


def total_ahead_text(ahead: int, lang: str | None = None) -> str:
    """Return what stands in place of, or beside, the number of people then: all who are before a new ticket."""
    return ntr(lang or current_language(), "{n} ahead in all", "{n} ahead in all", ahead)


def ahead_of_ticket_text(ahead: int, lang: str | None = None, *, coming: bool = False) -> str:
    """Return how many are ahead of a ticket in a line of text; `coming`: some come from another service."""
    lang = lang or current_language()
    return total_ahead_text(ahead, lang) if coming else ntr(lang, "{n} person ahead", "{n} people ahead", ahead)


def waiting_or_total_ahead_text(
    waiting: int, ahead: int, wait: dispatch.QuotedWait | dispatch.NoQuoteReason, lang: str | None = None
) -> str:
    """Return how many wait for a service, or are ahead in all where that alone would contradict the wait."""
    if is_waiting_count_misleading(waiting, ahead, wait):
        return total_ahead_text(ahead, lang)
    return ntr(lang or current_language(), "{n} waiting", "{n} waiting", waiting, context="row")


def wait_words(
    wait: dispatch.QuotedWait | dispatch.NoQuoteReason, lang: str | None = None, *, ahead: int = 0
) -> WaitWords:
    """Return a wait as "about 10–15 min", "up to 30 min", "more than 4 hours" or, for who is called at once, "no wait".
    Why none is quoted stands as the figure."""
    lang = lang or current_language()
    if isinstance(wait, dispatch.NoQuoteReason):
        return WaitWords("", _no_quote_reason(wait, lang), "")
    unit = tr(lang, "min", context="unit")
    if wait.high is None:
        hours = wait.low // 60
        return WaitWords(
            tr(lang, "more than", context="before a figure"),
            str(hours),
            ntr(lang, "hour", "hours", hours, context="after the number"),
        )
    if has_close_wait_ends(wait):
        return WaitWords(tr(lang, "about", context="before a range"), figure_range(wait.low, wait.high), unit)
    if is_quoted_no_wait(wait, ahead):
        return WaitWords("", tr(lang, "no wait"), "")
    return WaitWords(tr(lang, "up to", context="before a figure"), str(wait.high), unit)


def wait_text(wait: dispatch.QuotedWait | dispatch.NoQuoteReason, lang: str | None = None, *, ahead: int = 0) -> str:
    return wait_words(wait, lang, ahead=ahead).joined_text


def wait_text_without_about(wait: dispatch.QuotedWait, lang: str | None = None, *, ahead: int = 0) -> str:
    """Return the same without "about", for a sentence or a row that has that word already."""
    words = wait_words(wait, lang, ahead=ahead)
    return words._replace(before="").joined_text if has_close_wait_ends(wait) else words.joined_text


def promised_wait_text(promise: WaitPromise, lang: str | None = None) -> str:
    return wait_text(dispatch.quoted_wait_at_issue(promise), lang, ahead=promise.ahead or 0)


def promised_wait_without_about(promise: WaitPromise, lang: str | None = None) -> str:
    """Return the same without "about"."""
    wait = dispatch.quoted_wait_at_issue(promise)
    return (
        wait_text_without_about(wait, lang, ahead=promise.ahead or 0)
        if isinstance(wait, dispatch.QuotedWait)
        else wait_text(wait, lang)
    )


def screen_reader_wait_text(wait: dispatch.QuotedWait | dispatch.NoQuoteReason, *, ahead: int = 0) -> str:
    """Return a wait as a screen reader says it."""
    if isinstance(wait, dispatch.QuotedWait) and has_close_wait_ends(wait):
        return tr(current_language(), "about {low} to {high} minutes", low=wait.low, high=wait.high)
    return wait_text(wait, ahead=ahead)


def _no_quote_reason(wait: dispatch.NoQuoteReason, lang: str) -> str:
    if wait == dispatch.NO_WINDOW_OPEN:
        return tr(lang, "no window open")
    if wait == dispatch.NOT_REACHED:
        return tr(lang, "perhaps not today", context="wait")
    return tr(lang, "wait not known yet")


_EXPERTS = {
    "pass": mark("who is ahead and what the windows do", context="expert"),
    "corrected": mark("who is ahead and what the windows do, corrected by this line's last waits", context="expert"),
    "history": mark("this line's past days", context="expert"),
    "hour": mark("this line's past days at this hour", context="expert"),
    "profile": mark("how many this line usually calls in each half-hour", context="expert"),
    "rate": mark("this line's calls of the last half-hour", context="expert"),
    "today": mark("how quickly this line moves today", context="expert"),
    "last": mark("the wait of who was called last", context="expert"),
}


def wait_expert_basis_words(code: str, lang: str | None = None) -> str:
    """Return what an expert goes by; an unknown code as it is."""
    words = _EXPERTS.get(code)
    return code if words is None else tr(lang or current_language(), words, context="expert")


def quote_basis_clause(ticket: Ticket, lang: str | None = None) -> str:
    """Return quote_basis_sentence() as a part of a sentence, without what that said."""
    leads = _leading_expert_of_quoted_wait(ticket)
    words = wait_expert_basis_words(leads, lang)
    return leads and tr(lang or current_language(), "its estimate was based mainly on {expert}", expert=words)


def quote_basis_sentence(ticket: Ticket, lang: str | None = None) -> str:
    """Return what a ticket's quoted wait rested on most, and what that said; "" where nothing was quoted or nobody
    noted it."""
    made_of, leads, lang = ticket.promise.made_of, _leading_expert_of_quoted_wait(ticket), lang or current_language()
    if made_of is None or not leads:
        return ""
    said_s = made_of.points_s[EXPERTS.index(leads)]
    words = wait_expert_basis_words(leads, lang)
    if said_s is None:
        return tr(lang, "Based mainly on {expert}", expert=words)
    return tr(lang, "Based mainly on {expert}: {n} min", expert=words, n=round(said_s / 60))


def _leading_expert_of_quoted_wait(ticket: Ticket) -> str:
    """Return the expert that counted most in a ticket's quoted wait; "" where nothing was quoted or nobody noted it."""
    leads = ticket.promise.leads
    return leads if leads in EXPERTS and ticket.promise.made_of is not None else ""


def wait_label_word(several: bool, lang: str | None = None) -> str:
    """Return what a wait is called beside "up to 30 min" or "no wait" on paper and at the kiosk."""
    lang = lang or current_language()
    return tr(lang, "First wait") if several else tr(lang, "Wait", context="ticket")


def about_wait_label(several: bool, lang: str | None = None) -> str:
    """Return what a wait is called beside "10–15 min"."""
    lang = lang or current_language()
    return tr(lang, "First wait about") if several else tr(lang, "Wait about")


def then_service_text(service: str, lang: str | None = None) -> str:
    return tr(lang or current_language(), "Then {service}", service=service)


def service_with_windows_text(setup: Setup, service: str, windows: Sequence[str], lang: str | None = None) -> str:
    """Return a service with its windows, where any serves it."""
    name, where = names.service_name(setup, service, lang), names.combined_windows_words(setup, windows, lang)
    if where is None:
        return name
    return tr(lang or current_language(), "{service}, {windows}", service=name, windows=where.number_with_word)


REASONS: dict[str, tuple[str, ...]] = {
    "park": ("papers_missing", "copying", "department", "system_down", "other"),
    "return": ("wrong_number", "customer_asked", "called_away", "other"),
    "stall": ("own_system", "network", "payment", "department", "device", "other"),
    "pause": ("break", "meal", "meeting", "elsewhere", "system_down", "other"),
    "chosen": ("frail", "deadline", "came_back", "same_visit", "manager_asked", "language", "other"),
    "no_ticket": ("one_question", "came_back", "ticket_lost", "frail", "manager_asked", "other"),
    "front": ("waited_before", "same_visit", "frail", "manager_asked", "other"),
    "note": ("noted_wrongly", "noted_twice"),
    "appointment": ("customer_off", "other_time", "noted_twice", "other"),
    "waive": ("being_mended", "not_today", "customers_wait", "manager_asked", "other"),
    "check_voice": ("silent", "too_quiet", "unclear", "other"),
    "check_display": ("dark", "stuck", "unreadable", "other"),
    "check_printer": ("no_paper", "jammed", "faint", "no_reaction", "other"),
    "help": ("pressed_by_mistake", "solved", "went_away"),
    "void": ("issued_twice", "wrong_service", "test_print", "other"),
}
"""Which reasons are offered for what, in the order of their digits; "other" asks for a few words."""

_WORDS = {
    "papers_missing": mark("Papers missing, gone to fetch them", context="reason"),
    "copying": mark("Copying or filling in a form", context="reason"),
    "department": mark("Another department has to answer", context="reason"),
    "system_down": mark("A system is down", context="reason"),
    "wrong_number": mark("Called by mistake", context="reason"),
    "customer_asked": mark("The customer asked to wait", context="reason"),
    "called_away": mark("I have to leave the window", context="reason"),
    "own_system": mark("The service system does not answer", context="reason"),
    "network": mark("The network is down", context="reason"),
    "payment": mark("Bank or payment system", context="reason"),
    "device": mark("Printer or another device", context="reason"),
    "break": mark("Short break", context="reason"),
    "meal": mark("Meal", context="reason"),
    "meeting": mark("Meeting or training", context="reason"),
    "elsewhere": mark("Helping elsewhere", context="reason"),
    "frail": mark("Old, ill or with a small child", context="reason"),
    "deadline": mark("Has to catch a train or a deadline", context="reason"),
    "came_back": mark("Back with the papers", context="reason"),
    "same_visit": mark("Belongs to the customer just served", context="reason"),
    "language": mark("I speak their language", context="reason"),
    "manager_asked": mark("The manager asked for it", context="reason"),
    "one_question": mark("One short question", context="reason"),
    "ticket_lost": mark("Lost the ticket", context="reason"),
    "waited_before": mark("Has waited long enough", context="reason"),
    "issued_twice": mark("Issued twice", context="reason"),
    "wrong_service": mark("Wrong service chosen", context="reason"),
    "test_print": mark("Test print", context="reason"),
    "noted_wrongly": mark("It was not so", context="reason"),
    "customer_off": mark("The customer cancelled", context="reason"),
    "other_time": mark("Moved to another time", context="reason"),
    "noted_twice": mark("Noted twice", context="reason"),
    "pressed_by_mistake": mark("Pressed by mistake", context="reason"),
    "solved": mark("Solved without help", context="reason"),
    "went_away": mark("The caller has gone", context="reason"),
    "being_mended": mark("It is being repaired", context="reason"),
    "not_today": mark("Not needed today", context="reason"),
    "customers_wait": mark("Customers are waiting already", context="reason"),
    "silent": mark("No sound", context="reason"),
    "too_quiet": mark("Too quiet", context="reason"),
    "unclear": mark("Can't be understood", context="reason"),
    "dark": mark("The screen is dark", context="reason"),
    "stuck": mark("The picture is frozen", context="reason"),
    "unreadable": mark("Can't be read", context="reason"),
    "no_paper": mark("No paper", context="reason"),
    "jammed": mark("The paper is jammed", context="reason"),
    "faint": mark("Too faint to read", context="reason"),
    "no_reaction": mark("It does nothing", context="reason"),
    "undone": mark("taken back at once", context="reason"),
    "not_handed_over": mark("The screen could not hand it over", context="reason"),
    "recorded": mark("As recorded", context="reason"),
    "other": mark("Other", context="reason"),
}
_SHORT = {
    "papers_missing": mark("fetching papers", context="reason"),
    "copying": mark("away copying", context="reason"),
    "department": mark("another department", context="reason"),
    "system_down": mark("system down", context="reason"),
}


def reason_words(reason: str, lang: str | None = None) -> str:
    """Return the words of a reason's code; a reason typed freely unchanged."""
    return tr(lang or current_language(), _WORDS[reason], context="reason") if reason in _WORDS else reason


def shortest_reason_words(reason: str, lang: str | None = None) -> str:
    """Return the shortest words of a reason, for one line of a list."""
    return (
        tr(lang or current_language(), _SHORT[reason], context="reason")
        if reason in _SHORT
        else reason_words(reason, lang)
    )


# -- causes of a long wait, in words ---------------------------------------------------------------------------------


def wait_cause_clause(row: Mapping[str, Any], lang: str | None = None) -> str:
    """Return a cause of a wait, from the document: "window 5: the one before took 31 min"."""
    said, window, kind = lang or current_language(), row["window"], str(row["kind"])
    minutes = names.whole_number_text(row["minutes"])
    if kind == "free":
        return tr(said, "window {window} was free for {minutes} min", window=window, minutes=minutes)
    if kind == "long_before":
        return tr(said, "window {window}: the one before took {minutes} min", window=window, minutes=minutes)
    if kind == "paused":
        return tr(said, "window {window} paused for {minutes} min", window=window, minutes=minutes)
    if kind == "overtaken":
        return ntr(said, "{n} later ticket went first", "{n} later tickets went first", row["n"])
    if kind == "ahead":
        return ntr(said, "{n} person was before it", "{n} people were before it", row["n"])
    known: dict[str, str] = {"few_windows": tr(said, "few windows open"), "arrivals": tr(said, "many arrivals")}
    return known.get(kind, kind)


def past_target_and_longest_text(late: overview.WaitingCountPastTarget, lang: str | None = None) -> str:
    """Return how many wait past the target and were not called yet, and how long the longest of them has waited."""
    return tr(lang or current_language(), "{n} waiting longer, up to {minutes} min", n=late.n, minutes=late.minutes)


def waiting_past_target_text(late: overview.WaitingCountPastTarget, lang: str | None = None) -> str:
    """Return how many wait past the target, where there is no room to say how long."""
    return tr(lang or current_language(), "{n} waiting longer", n=late.n)


# Why a ticket has not been called yet, in one sentence: the same for command, front desk, kiosk and manager.

MOST_NAMED = 3

_REASONS = {
    "priority": mark("priority", context="overtaken"),
    "fast": mark("short visit at a quick window"),
    "language": mark("same language as the window's staff"),
    "no_ticket": mark("served without a ticket"),
    "chosen": mark("chosen by staff"),
    "recorded": mark("as recorded"),
}


def whom_and_when_to_fetch(need: str, ahead: int, window: str | None, lang: str | None = None) -> str:
    """Return who is to be fetched and by when: "Wheelchair · 2 calls before theirs"."""
    return f"{need_word(need, lang)} · {calls_before_fetch_text(ahead, window, lang)}"


def calls_before_fetch_text(ahead: int, window: str | None, lang: str | None = None) -> str:
    """Return by when somebody is to be fetched; `window` has called them already."""
    lang = lang or current_language()
    if window:
        return tr(lang, "called to window {window}", window=window)
    return ntr(lang, "{n} call before", "{n} calls before", ahead) if ahead else tr(lang, "is the next one")


def why_not_called_now_sentence(state: HallState, ticket: Ticket, now: datetime, *, public: bool = False) -> str:
    """Return the sentence of a ticket in the hall as it stands; as why_not_called_text()."""
    return why_not_called_text(
        overview.set_up(state), ticket, overview.explain_not_called(state, ticket, now), public=public
    )


def why_not_called_text(
    setup: Setup,
    ticket: Ticket,
    found: overview.WhyNotCalled,
    lang: str | None = None,
    *,
    public: bool = False,
    rested: bool = False,
) -> str:
    """Return in one sentence why `ticket` still waits, or what became of it, and who passed it and why; with `rested`
    also what its quoted wait rested on most. A `public` one leaves out what staff wrote about those called first, how
    far the wait is from the one that was told and, where somebody was called first, how many are ahead: that is shown
    beside it in large figures, and would leave no room for the reason."""
    lang = lang or current_language()
    told = (
        "" if public else _coming_before_it_words(found, lang),
        _called_before_it_words(setup, found, lang, public=public),
        _went_to_other_services_words(found, lang),
        _ticket_kept_for_whom_words(setup, found, lang, public=public),
        _quick_window_words(found, lang),
        _language_window_words(found, lang),
        *(() if public else _longer_than_told_clauses(ticket.promise, found, lang)),
        quote_basis_clause(ticket, lang) if rested else "",
    )
    parts = [part for part in told if part]
    if not (public and parts and found.code == "ahead"):
        parts.insert(0, _ticket_state_in_line_sentence(setup, ticket, found, lang, public=public))
    else:
        parts[0] = first_letter_upper(parts[0])
    whole = tr(lang, "; ", context="clauses of a reason").join(parts)
    return tr(lang, "{clauses}.", clauses=whole, context="one sentence")


def overtake_reason_words(one: dispatch.Overtake, lang: str | None = None, *, public: bool = False) -> str:
    """Return briefly why somebody was called first."""
    lang = lang or current_language()
    if one.text and not public:
        return reason_words(one.text, lang)
    word = _REASONS.get(one.reason)
    if word is None:
        return one.reason
    return tr(lang, word, context="overtaken" if one.reason == "priority" else "")


def _ticket_state_in_line_sentence(
    setup: Setup, ticket: Ticket, found: overview.WhyNotCalled, lang: str, *, public: bool
) -> str:
    label = ticket.label
    if found.code in ("called", "ended"):
        if ticket.window is not None:
            return tr(lang, "{ticket} has been called to window {window}", ticket=label, window=ticket.window)
        state = ticket_state_word(str(ticket.state), lang)
        return tr(lang, "{ticket} is no longer waiting: {state}", ticket=label, state=state)
    if found.code == "early" and found.at is not None:
        time = appointment.hall_time_text(setup, found.at)
        return tr(lang, "{ticket} came early to an appointment and can be called from {time}", ticket=label, time=time)
    if found.code == "held" and found.kept_for is not None:
        return _reserved_window_not_open_text(setup, label, found.kept_for, lang, public=public)
    if found.code == "no_window":
        service = names.service_name(setup, ticket.service, lang)
        return tr(lang, "{ticket} is waiting because no window is open for {service}", ticket=label, service=service)
    windows = _windows_text(found.windows, lang)
    if found.code == "ahead":
        return ntr(
            lang,
            "{ticket} is waiting because {n} ticket is ahead of it ({windows})",
            "{ticket} is waiting because {n} tickets are ahead of it ({windows})",
            found.ahead,
            ticket=label,
            windows=windows,
        )
    if found.code == "all_busy" and found.coming:
        return ntr(
            lang,
            "{ticket} is waiting because every window for it has a customer ({windows}), and {n} customer is coming before it from another service",
            "{ticket} is waiting because every window for it has a customer ({windows}), and {n} customers are coming before it from another service",
            found.coming,
            ticket=label,
            windows=windows,
        )
    if found.code == "all_busy":
        return tr(
            lang, "{ticket} is next, and every window for it has a customer ({windows})", ticket=label, windows=windows
        )
    return ntr(
        lang,
        "{ticket} is next, and {windows} is free for it",
        "{ticket} is next, and {windows} are free for it",
        len(found.windows),
        ticket=label,
        windows=windows,
    )


def _reserved_window_not_open_text(
    setup: Setup, label: str, kept: overview.ReservedFor, lang: str, *, public: bool
) -> str:
    if kept.window is not None:
        return tr(
            lang, "{ticket} is waiting for window {window}, which is not open now", ticket=label, window=kept.window
        )
    if public:
        return tr(lang, "{ticket} is waiting for a person who is at no open window now", ticket=label)
    name = names.staff_name(setup, kept.staff, lang)
    return tr(lang, "{ticket} is waiting for {name}, who is at no open window now", ticket=label, name=name)


def _ticket_kept_for_whom_words(setup: Setup, found: overview.WhyNotCalled, lang: str, *, public: bool) -> str:
    """Return for whom a transfer keeps the ticket, and until when nobody else may call it."""
    if found.kept_for is None or found.kept_until is None:
        return ""
    kept, time = found.kept_for, appointment.hall_time_text(setup, found.kept_until)
    if found.code == "held":
        return tr(lang, "other windows may call it from {time}", time=time)
    if kept.window is not None:
        return tr(lang, "it is kept for window {window} until {time}", window=kept.window, time=time)
    if public:
        return tr(lang, "it is kept for one person until {time}", time=time)
    return tr(lang, "it is kept for {name} until {time}", name=names.staff_name(setup, kept.staff, lang), time=time)


def _coming_before_it_words(found: overview.WhyNotCalled, lang: str) -> str:
    """Return how many more will be called before it once they are done with another service."""
    if found.code != "ahead" or not found.coming:
        return ""
    return ntr(
        lang,
        "before it {n} more is coming from another service",
        "before it {n} more are coming from another service",
        found.coming,
    )


def _quick_window_words(found: overview.WhyNotCalled, lang: str) -> str:
    """Return which quick windows may call this ticket before others, or others before it."""
    if found.short_at:
        windows = _windows_text(found.short_at, lang)
        return tr(lang, "as a short visit it may be called earlier at {windows}", windows=windows)
    if found.behind_short:
        return tr(lang, "{windows} may take short visits first", windows=_windows_text(found.behind_short, lang))
    return ""


def _language_window_words(found: overview.WhyNotCalled, lang: str) -> str:
    """The same of windows whose clerk speaks a customer's language."""
    if found.spoken_at:
        windows = _windows_text(found.spoken_at, lang)
        return tr(lang, "it may be called earlier at {windows}, where staff speak its language", windows=windows)
    if found.behind_language:
        windows = _windows_text(found.behind_language, lang)
        return tr(lang, "{windows} may take customers who speak their staff's language first", windows=windows)
    return ""


def _longer_than_told_clauses(promise: WaitPromise, found: overview.WhyNotCalled, lang: str) -> Sequence[str]:
    """Return by how much the wait is longer than told and how long it is still, and the cause where nothing else in the
    sentence is one."""
    past = found.past_told
    if past is None:
        return ()
    told, minutes = promised_wait_without_about(promise, lang), past.minutes
    if is_quoted_no_wait(dispatch.quoted_wait_at_issue(promise), promise.ahead):
        minutes += past.high
        parts = [tr(lang, "“{told}” was quoted {minutes} min ago", told=told, minutes=minutes)]
    else:
        parts = [tr(lang, "{minutes} min longer than estimated ({told})", minutes=minutes, told=told)]
    if isinstance(past.wait, dispatch.QuotedWait) and past.wait.may_exceed(1):
        still = wait_text(past.wait, lang, ahead=found.ahead)
        parts = [tr(lang, "{late}, still {wait}", context="a wait", late=parts[0], wait=still)]
    if past.windows_now < past.windows_then and past.windows_now:
        parts.append(
            tr(
                lang,
                "fewer windows serve it than when the ticket was taken: {now} instead of {then}",
                now=past.windows_now,
                then=past.windows_then,
            )
        )
    elif found.code in ("ahead", "all_busy") and not (found.passed_by or found.by_skill or found.kept_for):
        parts.append(tr(lang, "the visits before it take longer than expected"))
    return parts


def _windows_text(codes: Sequence[str], lang: str) -> str:
    told = codes_text(codes, lang)
    return ntr(lang, "window {windows}", "windows {windows}", len(codes), context="order list", windows=told)


def _called_before_it_words(setup: Setup, found: overview.WhyNotCalled, lang: str, *, public: bool) -> str:
    """Return who was called first: each of a few, or how many for each reason; a service whose credit is the reason is
    named. Staff read the class of somebody with priority, as everywhere on their screens; the public does not."""
    if not found.passed_by:
        return ""

    def overtake_word(one: dispatch.Overtake, *, briefly: bool = public) -> str:
        klass = names.priority_name(setup, found.classes.get(one.by, names.NORMAL), lang)
        if klass and one.reason == "priority" and not public:
            return klass
        if one.by in found.credited:
            return names.service_name(setup, found.credited[one.by], lang)
        return overtake_reason_words(one, lang, public=briefly)

    if len(found.passed_by) <= MOST_NAMED:
        shown = [tr(lang, "{ticket} ({reason})", ticket=one.by, reason=overtake_word(one)) for one in found.passed_by]
    else:
        words = [overtake_word(one, briefly=True) for one in found.passed_by]
        shown = [
            ntr(lang, "{n} ticket ({reason})", "{n} tickets ({reason})", words.count(reason), reason=reason)
            for reason in dict.fromkeys(words)
        ]
    return tr(lang, "called first though they came later: {tickets}", tickets=list_text(shown, lang))


def _went_to_other_services_words(found: overview.WhyNotCalled, lang: str) -> str:
    if not found.by_skill:
        return ""
    return ntr(
        lang,
        "{n} later ticket went to windows for other services",
        "{n} later tickets went to windows for other services",
        found.by_skill,
    )


# -- the rule of the order in words: one sentence for people waiting, one for people checking ------------------------


def public_order_rule_sentence(
    rule: dispatch.CallOrderRule, lang: str | None = None, *, has_priority: bool = True
) -> str:
    """Return the rule in one sentence for readers of the public list; without anybody with priority there, only that
    numbers are called in this order."""
    lang, n, most = lang or current_language(), rule.jump_every, rule.guard
    if not has_priority:
        return tr(lang, "Within each service, numbers are called in this order.")
    if n <= 1 and most:
        return ntr(
            lang,
            "Within each service, numbers are called in this order. Priority numbers may go ahead, but nobody is overtaken more than {most} time.",
            "Within each service, numbers are called in this order. Priority numbers may go ahead, but nobody is overtaken more than {most} times.",
            most,
            most=most,
        )
    if n <= 1:
        return tr(lang, "Within each service, numbers are called in this order. Priority numbers may go ahead.")
    if most:
        return ntr(
            lang,
            "Within each service, numbers are called in this order. At most one call in {calls} takes a priority number ahead of others, and nobody is overtaken more than {most} time.",
            "Within each service, numbers are called in this order. At most one call in {calls} takes a priority number ahead of others, and nobody is overtaken more than {most} times.",
            most,
            calls=n,
            most=most,
        )
    return tr(
        lang,
        "Within each service, numbers are called in this order. At most one call in {n} takes a priority number ahead of others.",
        n=n,
    )


def public_order_sentences(
    rule: dispatch.CallOrderRule,
    first: Mapping[str, dispatch.WindowPreferences],
    lang: str | None = None,
    *,
    has_priority: bool = True,
) -> list[str]:
    """Return the rule, and whom windows, by code, take first now, for readers of the public list."""
    lang = lang or current_language()
    told = [public_order_rule_sentence(rule, lang, has_priority=has_priority)]
    if quick := sorted(code for code, here in first.items() if here.minutes):
        told.append(
            ntr(
                lang,
                "{windows} may take visits of up to {minutes} min first, but never ahead of someone already overtaken {n} time.",
                "{windows} may take visits of up to {minutes} min first, but never ahead of someone already overtaken {n} times.",
                first[quick[0]].passes,
                windows=first_letter_upper(_windows_text(quick, lang)),
                minutes=first[quick[0]].minutes,
            )
        )
    if speaking := sorted(code for code, here in first.items() if here.languages):
        told.append(
            ntr(
                lang,
                "{windows} may take customers who speak their staff's language first, ahead of {n} other at most and never ahead of someone already overtaken {n} time.",
                "{windows} may take customers who speak their staff's language first, ahead of {n} others at most and never ahead of someone already overtaken {n} times.",
                first[speaking[0]].passes,
                windows=first_letter_upper(_windows_text(speaking, lang)),
            )
        )
    return told


def order_mark_word(one: overview.UpcomingNumber, lang: str | None = None) -> str:
    """Return the word beside a number of the public list that may go before an earlier one, "" for the others."""
    lang = lang or current_language()
    if one.priority:
        return tr(lang, "priority", context="order list")
    if one.short:
        return tr(lang, "short", context="order list")
    if one.language:
        return tr(lang, "language", context="order list")
    return tr(lang, "moved", context="order list") if one.moved else ""


def order_marks_legend(numbers: Iterable[overview.UpcomingNumber], lang: str | None = None) -> str:
    """Return in one line what the words beside some of `numbers` mean, "" where none has one."""
    lang, marked = lang or current_language(), list(numbers)
    told = [
        tr(lang, "priority: may go ahead of earlier numbers") if any(one.priority for one in marked) else "",
        tr(lang, "short: a quick window may take it first") if any(one.short for one in marked) else "",
        tr(lang, "language: a window of its language may take it first") if any(one.language for one in marked) else "",
        tr(lang, "moved: let someone go first, or came back after a missed call")
        if any(one.moved for one in marked)
        else "",
    ]
    return " · ".join(one for one in told if one)


def first_letter_upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def call_rule_text(rule: dispatch.CallOrderRule, lang: str | None = None) -> str:
    """Return how priority counts, the cap, and the guard if there is one, for readers of the ledger."""
    lang, n = lang or current_language(), rule.jump_every
    if rule.order == dispatch.PRIORITY_FIRST:
        told = ntr(
            lang,
            "Priority first, each by arrival, any call may go ahead by priority",
            "Priority first, each by arrival, at most one call in {n} goes ahead by priority",
            n,
            context="order",
        )
    elif rule.order == dispatch.CREDIT_DOUBLE:
        told = ntr(
            lang,
            "By arrival; a class counts as twice its minutes earlier, any call may go ahead by priority",
            "By arrival; a class counts as twice its minutes earlier, at most one call in {n} goes ahead by priority",
            n,
            context="order",
        )
    else:
        told = ntr(
            lang,
            "By arrival; a class counts as so many minutes earlier, any call may go ahead by priority",
            "By arrival; a class counts as so many minutes earlier, at most one call in {n} goes ahead by priority",
            n,
            context="order",
        )
    if not rule.guard:
        return told
    guarded = ntr(
        lang,
        "no one passed over more than {n} time by priority",
        "no one passed over more than {n} times by priority",
        rule.guard,
        context="order",
    )
    return tr(lang, ", ", context="clauses").join((told, guarded))


# -- whether a line will be done before closing time, as a sentence --------------------------------------------------

REACHES = {
    "in_time": mark("a ticket taken now is called in time"),
    "doubtful": mark("a ticket taken now may not be called today"),
    "too_late": mark("a ticket taken now would not be called today"),
}

UNTOLD = mark("it is too early to say whether a ticket taken now will be called in time")


def may_not_be_called_today_text(setup: Setup, closes: datetime, lang: str | None = None) -> str:
    """Return the warning of a ticket that may not be called before its service `closes`."""
    return tr(
        lang or current_language(),
        "You may not be called today: we close at {time}.",
        time=time_hm(setup.to_hall_time(closes)),
    )


def service_closing_sentence(row: Mapping[str, Any], lang: str | None = None) -> str:
    """Return one service's line: when it closes, when its line will be clear, what becomes of a ticket taken now."""
    lang = lang or current_language()
    closes, reach = _closing_clock_text(row["closes"]), tr(lang, REACHES[row["reach"]])
    if row["called"] is None and row["reach"] == "in_time":
        reach = tr(lang, UNTOLD)
    if row["clear"] is None:
        return tr(lang, "{service} closes at {closes}; {reach}.", service=row["service"], closes=closes, reach=reach)
    return tr(
        lang,
        "{service} closes at {closes}; the line is clear at about {clear}, {late} at the latest in nine of ten cases; {reach}.",
        service=row["service"],
        closes=closes,
        clear=_clock_time(row["clear"]),
        late=_clock_time(row["clear_late"]),
        reach=reach,
    )


def _closing_clock_text(text: str) -> str:
    """Return the end of a day as 24:00: 0:00 would be its beginning."""
    clock = _clock_time(text)
    return "24:00" if clock == "0:00" else clock


def _clock_time(text: str) -> str:
    return time_hm(datetime.fromisoformat(text))
