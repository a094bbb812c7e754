"""Quoted waits in words, the same on every screen, slip, message and command; and what they rest on.

Of a visit of several services the wait told is that of the first one, and what comes after it is named.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from queuedesk.core.queue.dispatch import NO_WINDOW_OPEN, NOT_REACHED, NoWait, Wait, promised_wait
from queuedesk.core.queue.ticket import Promise, Ticket
from queuedesk.core.setup.rows import Setup
from queuedesk.core.waits.estimates import EXPERTS
from queuedesk.i18n.catalogue import current, mark, ntr, tr
from queuedesk.i18n.moments import figure_range
from queuedesk.i18n.names import service_name, windows_words

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
    def text(self) -> str:
        return " ".join(part for part in self if part)


def is_close(wait: Wait) -> bool:
    """Return whether both ends of a wait are named: where they lie far apart only the top is, and near zero none."""
    return wait.high is not None and wait.high <= WIDE * wait.low


def is_at_once(wait: Wait | NoWait, ahead: int | None) -> bool:
    """Return whether somebody with `ahead` people before them is quoted no wait."""
    if not isinstance(wait, Wait) or wait.high is None or wait.high > 1:
        return False
    return not ahead or wait.point_s < AT_ONCE_S


def ahead_shown(wait: Wait | NoWait, ahead: int | None) -> bool:
    """Return whether a customer reads how many are ahead. Beside "no wait", or less than half a minute for each, they
    would only contradict it: those wait for other services of the same windows."""
    if not ahead or not isinstance(wait, Wait) or wait.high is None:
        return ahead is not None
    return not is_at_once(wait, ahead) and wait.high >= SOON_MIN * ahead


def shares_windows(setup: Setup, windows: Iterable[str]) -> bool:
    """Return whether `windows` serve several services, so that who is ahead may wait for another one."""
    return len({service for code in windows for service in setup.windows[code].services}) > 1


def shares_line(waiting: int, ahead: int, wait: Wait | NoWait) -> bool:
    """Return whether others are `ahead` too, so that the `waiting` of a service alone would contradict its wait: who
    waits for other services of the same windows, or goes on to this one from another service."""
    return ahead > waiting and ahead_shown(wait, ahead)


def ahead_word(is_shared: bool, lang: str | None = None) -> str:
    """Return what the number of people ahead is called, on a slip and on the cards of the front desk: not all of them
    wait for the same service where windows are shared or some come from another one."""
    lang = lang or current()
    return tr(lang, "Ahead, in all") if is_shared else tr(lang, "Ahead")


def ahead_in_all(ahead: int, lang: str | None = None) -> str:
    """Return what stands in place of, or beside, the number of people then: all who are before a new ticket."""
    return ntr(lang or current(), "{n} ahead in all", "{n} ahead in all", ahead)


def told_ahead(ahead: int, lang: str | None = None, *, coming: bool = False) -> str:
    """Return how many are ahead of a ticket in a line of text; `coming`: some come from another service."""
    lang = lang or current()
    return ahead_in_all(ahead, lang) if coming else ntr(lang, "{n} person ahead", "{n} people ahead", ahead)


def people_words(waiting: int, ahead: int, wait: Wait | NoWait, lang: str | None = None) -> str:
    """Return how many wait for a service, or are ahead in all where that alone would contradict the wait."""
    if shares_line(waiting, ahead, wait):
        return ahead_in_all(ahead, lang)
    return ntr(lang or current(), "{n} waiting", "{n} waiting", waiting, context="row")


def wait_words(wait: Wait | NoWait, lang: str | None = None, *, ahead: int = 0) -> WaitWords:
    """Return a wait as "about 10–15 min", "up to 30 min", "more than 4 hours" or, for who is called at once, "no wait".
    Why none is quoted stands as the figure."""
    lang = lang or current()
    if isinstance(wait, NoWait):
        return WaitWords("", _no_wait(wait, lang), "")
    unit = tr(lang, "min", context="unit")
    if wait.high is None:
        hours = wait.low // 60
        return WaitWords(
            tr(lang, "more than", context="before a figure"),
            str(hours),
            ntr(lang, "hour", "hours", hours, context="after the number"),
        )
    if is_close(wait):
        return WaitWords(tr(lang, "about", context="before a range"), figure_range(wait.low, wait.high), unit)
    if is_at_once(wait, ahead):
        return WaitWords("", tr(lang, "no wait"), "")
    return WaitWords(tr(lang, "up to", context="before a figure"), str(wait.high), unit)


def wait_text(wait: Wait | NoWait, lang: str | None = None, *, ahead: int = 0) -> str:
    """Return wait_words() in one."""
    return wait_words(wait, lang, ahead=ahead).text


def wait_span(wait: Wait, lang: str | None = None, *, ahead: int = 0) -> str:
    """Return the same without "about", for a sentence or a row that has that word already."""
    words = wait_words(wait, lang, ahead=ahead)
    return words._replace(before="").text if is_close(wait) else words.text


def promise_text(promise: Promise, lang: str | None = None) -> str:
    """Return the wait that was quoted with a ticket, in the words of its slip."""
    return wait_text(promised_wait(promise), lang, ahead=promise.ahead or 0)


def promise_span(promise: Promise, lang: str | None = None) -> str:
    """Return the same without "about"."""
    wait = promised_wait(promise)
    return wait_span(wait, lang, ahead=promise.ahead or 0) if isinstance(wait, Wait) else wait_text(wait, lang)


def spoken_wait(wait: Wait | NoWait, *, ahead: int = 0) -> str:
    """Return a wait as a screen reader says it."""
    if isinstance(wait, Wait) and is_close(wait):
        return tr(current(), "about {low} to {high} minutes", low=wait.low, high=wait.high)
    return wait_text(wait, ahead=ahead)


def _no_wait(wait: NoWait, lang: str) -> str:
    if wait == NO_WINDOW_OPEN:
        return tr(lang, "no window open")
    if wait == NOT_REACHED:
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


def expert_words(code: str, lang: str | None = None) -> str:
    """Return what an expert goes by; an unknown code as it is."""
    words = _EXPERTS.get(code)
    return code if words is None else tr(lang or current(), words, context="expert")


def expert_title(code: str, lang: str | None = None) -> str:
    """Return the same as the beginning of a line."""
    words = expert_words(code, lang)
    return words[:1].upper() + words[1:]


def told_by(ticket: Ticket, lang: str | None = None) -> str:
    """Return rested_on() as a part of a sentence, without what that said."""
    leads = _leads(ticket)
    words = expert_words(leads, lang)
    return leads and tr(lang or current(), "its estimate was based mainly on {expert}", expert=words)


def rested_on(ticket: Ticket, lang: str | None = None) -> str:
    """Return what a ticket's quoted wait rested on most, and what that said; "" where nothing was quoted or nobody
    noted it."""
    made_of, leads, lang = ticket.promise.made_of, _leads(ticket), lang or current()
    if made_of is None or not leads:
        return ""
    said_s = made_of.points_s[EXPERTS.index(leads)]
    words = expert_words(leads, lang)
    if said_s is None:
        return tr(lang, "Based mainly on {expert}", expert=words)
    return tr(lang, "Based mainly on {expert}: {n} min", expert=words, n=round(said_s / 60))


def _leads(ticket: Ticket) -> str:
    """Return the expert that counted most in a ticket's quoted wait; "" where nothing was quoted or nobody noted it."""
    leads = ticket.promise.leads
    return leads if leads in EXPERTS and ticket.promise.made_of is not None else ""


def wait_word(several: bool, lang: str | None = None) -> str:
    """Return what a wait is called beside "up to 30 min" or "no wait" on paper and at the kiosk."""
    lang = lang or current()
    return tr(lang, "First wait") if several else tr(lang, "Wait", context="ticket")


def about_word(several: bool, lang: str | None = None) -> str:
    """Return what a wait is called beside "10–15 min"."""
    lang = lang or current()
    return tr(lang, "First wait about") if several else tr(lang, "Wait about")


def then_words(service: str, lang: str | None = None) -> str:
    """Return a further service, by its name."""
    return tr(lang or current(), "Then {service}", service=service)


def step_words(setup: Setup, service: str, windows: Sequence[str], lang: str | None = None) -> str:
    """Return a service with its windows, where any serves it."""
    name, where = service_name(setup, service, lang), windows_words(setup, windows, lang)
    if where is None:
        return name
    return tr(lang or current(), "{service}, {windows}", service=name, windows=where.called)
