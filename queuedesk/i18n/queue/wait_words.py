"""What quoted waits rest on, in words: the experts of core/waits/experts.py."""

from __future__ import annotations

from queuedesk.core.queue.ticket import Ticket
from queuedesk.core.waits.past_waits import EXPERTS
from queuedesk.i18n.catalogue import current, mark, tr

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
    return leads and tr(lang or current(), "the wait it was told rested most on {expert}", expert=words)


def rested_on(ticket: Ticket, lang: str | None = None) -> str:
    """Return what a ticket's quoted wait rested on most, and what that said; "" where nothing was quoted or nobody
    noted it."""
    made_of, leads, lang = ticket.promise.made_of, _leads(ticket), lang or current()
    if made_of is None or not leads:
        return ""
    said_s = made_of.points_s[EXPERTS.index(leads)]
    words = expert_words(leads, lang)
    if said_s is None:
        return tr(lang, "It rested most on {expert}", expert=words)
    return tr(lang, "It rested most on {expert}: {n} min", expert=words, n=round(said_s / 60))


def _leads(ticket: Ticket) -> str:
    """Return the expert that counted most in a ticket's quoted wait; "" where nothing was quoted or nobody noted it."""
    leads = ticket.promise.leads
    return leads if leads in EXPERTS and ticket.promise.made_of is not None else ""
