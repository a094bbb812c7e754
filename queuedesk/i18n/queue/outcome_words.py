"""What became of a command whose answer never came, in words."""

from __future__ import annotations

from datetime import datetime

from queuedesk.core.setup.values import Setup
from queuedesk.desk.looking import Outcome
from queuedesk.i18n.catalogue import current, mark, tr
from queuedesk.i18n.moments import time_hm
from queuedesk.i18n.queue.event_words import event_title

_OF_TICKETS = {
    "issue": mark("{ticket} was issued at {time} after all"),
    "serve": mark("{ticket} is served since {time} after all"),
    "call": mark("{ticket} was called at {time} after all"),
    "recall": mark("{ticket} was called again at {time} after all"),
    "start": mark("{ticket} was started at {time} after all"),
    "miss": mark("{ticket} was noted as missed at {time} after all"),
    "finish": mark("{ticket} was finished at {time} after all"),
}


def outcome_words(setup: Setup, verb: str, asked: datetime, found: Outcome, lang: str | None = None) -> str:
    """Return the sentence for the person who asked for `verb` at `asked`."""
    lang, event, time = lang or current(), found.event, time_hm(setup.local(asked))
    if event is not None and event.ticket is not None and event.kind in _OF_TICKETS:
        return tr(lang, _OF_TICKETS[event.kind], ticket=event.ticket, time=time_hm(setup.local(event.time)))
    what = event_title(event.kind if event is not None else verb, lang)
    if found.is_done:
        if what:
            return tr(lang, "What you asked at {time} was done after all: {what}", time=time, what=what)
        return tr(lang, "What you asked at {time} was done after all", time=time)
    if what:
        return tr(lang, "What you asked at {time} was not done: {what}", time=time, what=what)
    return tr(lang, "What you asked at {time} was not done", time=time)
