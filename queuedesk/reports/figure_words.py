"""What each figure is called in tables that people read."""

from __future__ import annotations

from queuedesk.i18n import mark, tr

_GROUPS = {
    "wait": mark("Wait", context="figure"),
    "way": mark("Way to the window", context="figure"),
    "handling": mark("Handling", context="figure"),
    "ratings": mark("Ratings", context="figure"),
    "levels": mark("level", context="figure"),
    "redirects": mark("Wrong counter", context="figure"),
    "not_ready": mark("Came without the papers", context="figure"),
    "overtakes": mark("Overtaken", context="figure"),
    "promise": mark("Promise", context="figure"),
    "cases": mark("Cases", context="figure"),
    "log": mark("Log", context="figure"),
    "by_service": mark("service", context="figure"),
    "by_reason": mark("reason", context="figure"),
}
_KEYS = {
    "hall": mark("Hall", context="figure"),
    "from": mark("From", context="figure"),
    "to": mark("To", context="figure"),
    "code": mark("Code", context="figure"),
    "issued": mark("Issued", context="figure"),
    "called": mark("Called", context="figure"),
    "finished": mark("Finished", context="figure"),
    "missed": mark("Missed at least once", context="figure"),
    "left": mark("Left", context="figure"),
    "no_show": mark("Did not come at all", context="figure"),
    "void": mark("Void", context="figure"),
    "waiting_at_end": mark("Waiting at the end", context="figure"),
    "n": mark("number", context="figure"),
    "mean": mark("mean, min", context="figure"),
    "median": mark("median, min", context="figure"),
    "p90": mark("90 % within, min", context="figure"),
    "max": mark("longest, min", context="figure"),
    "target_minutes": mark("target, min", context="figure"),
    "within_target": mark("share called within the target", context="figure"),
    "redirected_away": mark("Sent elsewhere", context="figure"),
    "open_minutes": mark("Open, min", context="figure"),
    "paused_minutes": mark("Paused, min", context="figure"),
    "serving_minutes": mark("Serving, min", context="figure"),
    "redirect_minutes": mark("Lost by wrong counters, min", context="figure"),
    "idle_minutes": mark("Free while somebody waited, min", context="figure"),
    "arrivals": mark("Arrivals", context="figure"),
    "calls": mark("Calls", context="figure"),
    "mean_wait": mark("Mean wait, min", context="figure"),
    "open_windows": mark("Open windows", context="figure"),
    "unrated": mark("without a rating", context="figure"),
    "satisfied": mark("satisfied", context="figure"),
    "dissatisfied": mark("dissatisfied", context="figure"),
    "rate": mark("share satisfied", context="figure"),
    "low": mark("95 % interval from", context="figure"),
    "high": mark("95 % interval to", context="figure"),
    "minutes_lost": mark("min lost", context="figure"),
    "tickets": mark("tickets", context="figure"),
    "within": mark("kept", context="figure"),
    "beyond": mark("not kept", context="figure"),
    "mean_minutes_beyond": mark("beyond it on average, min", context="figure"),
    "opened": mark("opened", context="figure"),
    "closed": mark("closed", context="figure"),
    "overdue": mark("overdue", context="figure"),
    "first_seq": mark("first entry", context="figure"),
    "last_seq": mark("last entry", context="figure"),
    "hash": mark("hash of the last", context="figure"),
    "what": mark("Left out", context="figure"),
    "why": mark("Why", context="figure"),
    "date": mark("Date", context="figure"),
    "rated": mark("Rated", context="figure"),
}
_WHOLE = {
    "overtakes.max": mark("Overtaken: most often for one", context="figure"),
    "left_out.n": mark("Number", context="figure"),
    "hours.from": mark("Half-hour from", context="figure"),
}


def figure_name(path: str, lang: str) -> str:
    """Return "Wait: mean, min" for "wait.mean"; a code that is part of the path stays as it is."""
    if path in _WHOLE:
        return tr(lang, _WHOLE[path], context="figure")
    parts = path.split(".")
    names = [_word(part, lang, last=i == len(parts) - 1) for i, part in enumerate(parts)]
    if len(names) == 1:
        return names[0]
    return tr(lang, "{group}: {figure}", group=names[0], figure=" ".join(names[1:]))


def _word(part: str, lang: str, *, last: bool) -> str:
    found = _KEYS.get(part) if last else _GROUPS.get(part)
    return tr(lang, found, context="figure") if found else part
