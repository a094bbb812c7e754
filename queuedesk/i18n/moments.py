"""Times, dates, minutes and lists as people read them, and the one word for each state, role and rating level.

A local time comes in, never UTC. Examples in the docstrings are English; a function with `lang` writes the Chinese form
too."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import TYPE_CHECKING

from queuedesk.core.network.roles import UNTOLD
from queuedesk.core.setup.time_of_day import MINUTES_A_DAY, clock_text, parse_clock_minutes
from queuedesk.i18n.catalogue import current_language, mark, ntr, tr

if TYPE_CHECKING:
    from queuedesk.core.features import Wording


JOINER = "\u2060"  # WORD JOINER: a range never breaks over two lines
_EN_DASH = f"{JOINER}–{JOINER}"


def time_hm(moment: datetime | time) -> str:
    """Return "8:30": 24 hours, no leading zero."""
    return f"{moment.hour}:{moment.minute:02}"


def time_hms(moment: datetime | time) -> str:
    """Return "09:58:12", for a clock and the log."""
    return f"{moment.hour:02}:{moment.minute:02}:{moment.second:02}"


def month_short(day: date, lang: str | None = None) -> str:
    """Return "Nov"."""
    return tr(lang or current_language(), "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec").split()[day.month - 1]


def month_long(day: date, lang: str | None = None) -> str:
    """Return "November"."""
    names = tr(
        lang or current_language(),
        "January February March April May June July August September October November December",
    )
    return names.split()[day.month - 1]


def month_and_year(day: date, lang: str | None = None) -> str:
    """Return "November 2026"."""
    lang = lang or current_language()
    return tr(lang, "{month} {year}", context="period", month=month_long(day, lang), year=day.year)


def half_hour_start(name: str, lang: str | None = None) -> str:
    """Return "1:30" for the half-hour "01:30"; for the second of that name, "01:30#2" on the day on which clocks are
    put back, "1:30 (2nd)"."""
    label, _mark, nth = name.partition("#")
    return _mark_second_half_hour(clock_text(parse_clock_minutes(label)), nth, lang)


def half_hour_span(name: str, lang: str | None = None) -> str:
    """Return "1:30–2:00" for the half-hour "01:30", told apart as half_hour_start does."""
    label, _mark, nth = name.partition("#")
    start = parse_clock_minutes(label)
    return _mark_second_half_hour(figure_range(clock_text(start), clock_text((start + 30) % MINUTES_A_DAY)), nth, lang)


def _mark_second_half_hour(time: str, nth: str, lang: str | None) -> str:
    return tr(lang or current_language(), "{time} (2nd)", context="half-hour", time=time) if nth else time


def weekday_short(day: date, lang: str | None = None) -> str:
    """Return "Fri", for staff screens and the ticket."""
    return tr(lang or current_language(), "Mon Tue Wed Thu Fri Sat Sun").split()[day.weekday()]


def weekday_long(day: date, lang: str | None = None) -> str:
    """Return "Friday", for the display and the PDF."""
    return tr(lang or current_language(), "Monday Tuesday Wednesday Thursday Friday Saturday Sunday").split()[
        day.weekday()
    ]


def date_short(day: date, lang: str | None = None) -> str:
    """Return "20 Nov"."""
    lang = lang or current_language()
    return tr(lang, "{day} {month}", context="date", day=day.day, month=month_short(day, lang))


def moment_short(moment: datetime, lang: str | None = None) -> str:
    """Return "20 Nov 14:30"."""
    return f"{date_short(moment.date(), lang)} {time_hm(moment)}"


def stored_date_short(text: str) -> str:
    """Return a date or moment as a document has it, "2026-11-20" or with its time, as "20 Nov" or "20 Nov 14:30"."""
    moment = datetime.fromisoformat(text)
    return moment_short(moment) if "T" in text else date_short(moment.date())


def date_long(day: date, lang: str | None = None) -> str:
    """Return "20 November 2026"."""
    lang = lang or current_language()
    return tr(lang, "{day} {month} {year}", context="date", day=day.day, month=month_long(day, lang), year=day.year)


def date_for_staff(day: date, lang: str | None = None) -> str:
    """Return "Fri 20 Nov", for staff screens."""
    lang = lang or current_language()
    return _with_weekday(lang, weekday_short(day, lang), date_short(day, lang))


def date_for_hall(day: date, lang: str | None = None) -> str:
    """Return "Friday 20 November", for the display."""
    lang = lang or current_language()
    month_and_day = tr(lang, "{day} {month}", context="date", day=day.day, month=month_long(day, lang))
    return _with_weekday(lang, weekday_long(day, lang), month_and_day)


def date_for_report(day: date, lang: str | None = None) -> str:
    """Return "Friday 20 November 2026", for the PDF."""
    lang = lang or current_language()
    return _with_weekday(lang, weekday_long(day, lang), date_long(day, lang))


def date_for_ticket(day: date, lang: str | None = None) -> str:
    """Return "Fri 20 November 2026", for the printed ticket."""
    lang = lang or current_language()
    return _with_weekday(lang, weekday_short(day, lang), date_long(day, lang))


def figure_range(low: object, high: object) -> str:
    """Return "10–15" that never breaks over two lines; equal ends give one figure."""
    return str(low) if low == high else f"{low}{_EN_DASH}{high}"


def hours_range_text(opens: time, closes: time) -> str:
    """Return "8:30–17:30"."""
    return figure_range(time_hm(opens), time_hm(closes))


def minutes_text(minutes: int, lang: str | None = None) -> str:
    """Return "18 min"."""
    return tr(lang or current_language(), "{minutes} min", minutes=minutes)


def minutes_in_largest_unit(minutes: int, lang: str | None = None) -> str:
    """Return a length of time in the one unit that suits it: "18 min", "3 hours", "400 days"."""
    lang = lang or current_language()
    if minutes < 120:
        return minutes_text(minutes, lang)
    hours = round(minutes / 60)
    if hours < 48:
        return ntr(lang, "{n} hour", "{n} hours", hours)
    return ntr(lang, "{n} day", "{n} days", round(minutes / 1440))


def minutes_seconds(seconds: float) -> str:
    """Return "17:51", or "1:02:05" from an hour on; fractions of a second are cut off, and negative times are 0:00."""
    whole_s = max(0, int(seconds))
    minutes, rest_s = divmod(whole_s, 60)
    if minutes < 60:
        return f"{minutes}:{rest_s:02}"
    return f"{minutes // 60}:{minutes % 60:02}:{rest_s:02}"


def duration_text(seconds: float, lang: str | None = None) -> str:
    """Return "5 min 28 s"; under a minute only the seconds."""
    lang = lang or current_language()
    minutes, rest_s = divmod(max(0, int(seconds)), 60)
    if minutes == 0:
        return tr(lang, "{seconds} s", seconds=rest_s)
    return tr(lang, "{minutes} min {seconds} s", minutes=minutes, seconds=f"{rest_s:02}")


def list_text(items: Sequence[object], lang: str | None = None) -> str:
    """Return "A, B"."""
    return tr(lang or current_language(), ", ", context="list").join(str(item) for item in items)


def join_with_dots(*parts: str) -> str:
    return " · ".join(part for part in parts if part)


def codes_text(codes: Sequence[str], lang: str | None = None) -> str:
    """Return window codes shortened: 1, 3, 4, 5 give "1, 3–5"; two neighbours stay two."""
    runs: list[list[str]] = []
    for code in codes:
        if runs and code.isdecimal() and runs[-1][-1].isdecimal() and int(code) == int(runs[-1][-1]) + 1:
            runs[-1].append(code)
        else:
            runs.append([code])
    parts: list[str] = []
    for run in runs:
        parts += [figure_range(run[0], run[-1])] if len(run) > 2 else run
    return list_text(parts, lang)


def _with_weekday(lang: str, weekday: str, day: str) -> str:
    return tr(lang, "{weekday} {date}", context="date", weekday=weekday, date=day)


_TICKET = {
    "waiting": mark("Waiting", context="state"),
    "called": mark("Called", context="state"),
    "serving": mark("Serving", context="state"),
    "parked": mark("Set aside", context="state"),
    "missed": mark("Missed", context="state"),
    "finished": mark("Finished", context="state"),
    "left": mark("Left", context="state"),
    "void": mark("Void", context="state"),
}
_WINDOW = {
    "open": mark("Open", context="state"),
    "paused": mark("Paused", context="state"),
    "closed": mark("Closed", context="state"),
}
_ROLE = {
    "guide": mark("Front desk", context="role"),
    "clerk": mark("Window staff", context="role"),
    "manager": mark("Manager", context="role"),
    "admin": mark("Admin", context="role"),
    "reader": mark("Reader", context="role"),
}
_NEED = {
    "blind": mark("Blind", context="need"),
    "wheelchair": mark("Wheelchair", context="need"),
    "deaf": mark("Hard of hearing", context="need"),
    "other": mark("Needs help", context="need"),
}
_KIND = {
    "service": mark("service", context="kind"),
    "item": mark("item", context="kind"),
    "window": mark("window", context="kind"),
    "staff": mark("staff member", context="kind"),
    "class": mark("class", context="kind"),
    "notice": mark("notice", context="kind"),
    "day_note": mark("note on a day", context="kind"),
    "total": mark("total of another channel", context="kind"),
    "indicator": mark("indicator", context="kind"),
    "appointment": mark("appointment", context="kind"),
    "target": mark("target", context="kind"),
    "message": mark("message", context="kind"),
    "thanks": mark("note of thanks", context="kind"),
    "words": mark("saved text", context="kind"),
    "row": mark("row", context="kind"),
    "version": mark("version", context="kind"),
    "dispute": mark("disputed row", context="kind"),
    "reference_note": mark("note by reference number", context="kind"),
    "warning": mark("warning", context="kind"),
    "export": mark("export", context="kind"),
    "forum": mark("forum", context="kind"),
    "issue": mark("issue", context="kind"),
    "help_call": mark("call for help", context="kind"),
    "sentence": mark("ready sentence", context="kind"),
    "shift": mark("planned shift", context="kind"),
    "pay_day": mark("busy day", context="kind"),
    "calendar_day": mark("day of the calendar", context="kind"),
    "card": mark("contingency card", context="kind"),
    "step": mark("step", context="kind"),
    "case": mark("case", context="kind"),
    "sheet": mark("score sheet", context="kind"),
    "partner": mark("place", context="kind"),
    "wording": mark("trial of words", context="kind"),
    "push": mark("push to other halls", context="kind"),
    "inspection": mark("inspection", context="kind"),
    "briefing": mark("briefing", context="kind"),
    "rectification": mark("matter to put right", context="kind"),
    "project": mark("improvement project", context="kind"),
    "cause": mark("cause", context="kind"),
    "evidence": mark("piece of evidence", context="kind"),
    "measure": mark("measure", context="kind"),
    "standard": mark("proposed standard", context="kind"),
    "state": mark("cited figure", context="kind"),
    "training": mark("training", context="kind"),
    "need": mark("need of training", context="kind"),
}
_PARTS = {
    "services": "service",
    "items": "item",
    "windows": "window",
    "classes": "class",
    "notices": "notice",
    "targets": "target",
    "roster": "shift",
    "pay_days": "pay_day",
    "calendar": "calendar_day",
    "cards": "card",
    "sheets": "sheet",
    "partners": "partner",
    "pushes": "push",
}
_LEVEL = {
    5: mark("Very satisfied", context="rating"),
    4: mark("Satisfied", context="rating"),
    3: mark("OK", context="rating"),
    2: mark("Dissatisfied", context="rating"),
    1: mark("Very dissatisfied", context="rating"),
    UNTOLD: mark("not shown on this PC", context="rating"),
}


def ticket_state_word(state: str, lang: str | None = None) -> str:
    """Return the word for a ticket's state, as in `waiting called serving …`."""
    return tr(lang or current_language(), _TICKET[state], context="state")


def window_state_word(state: str, lang: str | None = None) -> str:
    """Return the word for a window's state: open, paused or closed."""
    return tr(lang or current_language(), _WINDOW[state], context="state")


def role_word(code: str, lang: str | None = None) -> str:
    """Return the word for a role: guide, clerk, manager or admin."""
    return tr(lang or current_language(), _ROLE[code], context="role")


def need_word(code: str, lang: str | None = None) -> str:
    """Return the word for why a customer is fetched, one of core/queue/ticket.py's NEEDS; "" for none."""
    return tr(lang or current_language(), _NEED[code], context="need") if code in _NEED else code


def rating_level_words(level: int, lang: str | None = None) -> str:
    """Return the words for a rating level, 5 the best and 1 the worst, or UNTOLD."""
    return tr(lang or current_language(), _LEVEL[level], context="rating")


def setup_part_row_word(code: str, lang: str | None = None) -> str:
    """Return the word for one row of a part of the set-up, inside a sentence; `code` is window or the part's name,
    windows."""
    return tr(lang or current_language(), _KIND[_PARTS.get(code, code)], context="kind")


def is_setup_part_with_word(code: str) -> bool:
    return _PARTS.get(code, code) in _KIND


def wording_in_current_language(words: Wording, **values: object) -> str:
    """Return a text that a declaration names, in the current language; "" without one."""
    return tr(current_language(), words.text, context=words.context, **values) if words.text else ""


def name_in_language(name: str, name_en: str | None, lang: str | None = None) -> str:
    """Return a set-up name in `lang`: where the set-up has it in one language only, that one stands in."""
    return (name_en or name) if (lang or current_language()) == "en" else (name or name_en or "")
