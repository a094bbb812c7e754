"""Times, dates, minutes and lists as people read them; a local time comes in, never UTC.

Examples in the docstrings are English; a function with `lang` writes the Chinese form too.
"""

from collections.abc import Sequence
from datetime import date, datetime, time

from queuedesk.core.setup.time_of_day import MINUTES_A_DAY, clock_text, minutes_of
from queuedesk.i18n.catalogue import current, ntr, tr

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
    return tr(lang or current(), "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec").split()[day.month - 1]


def month_long(day: date, lang: str | None = None) -> str:
    """Return "November"."""
    names = tr(
        lang or current(),
        "January February March April May June July August September October November December",
    )
    return names.split()[day.month - 1]


def month_words(day: date, lang: str | None = None) -> str:
    """Return "November 2026"."""
    lang = lang or current()
    return tr(lang, "{month} {year}", context="period", month=month_long(day, lang), year=day.year)


def half_hour_start(name: str, lang: str | None = None) -> str:
    """Return "1:30" for the half-hour "01:30"; for the second of that name, "01:30#2" on the day on which clocks are
    put back, "1:30 (2nd)"."""
    label, _mark, nth = name.partition("#")
    return _apart(clock_text(minutes_of(label)), nth, lang)


def half_hour_span(name: str, lang: str | None = None) -> str:
    """Return "1:30–2:00" for the half-hour "01:30", told apart as half_hour_start does."""
    label, _mark, nth = name.partition("#")
    start = minutes_of(label)
    return _apart(figure_range(clock_text(start), clock_text((start + 30) % MINUTES_A_DAY)), nth, lang)


def _apart(time: str, nth: str, lang: str | None) -> str:
    return tr(lang or current(), "{time} (2nd)", context="half-hour", time=time) if nth else time


def weekday_short(day: date, lang: str | None = None) -> str:
    """Return "Fri", for staff screens and the ticket."""
    return tr(lang or current(), "Mon Tue Wed Thu Fri Sat Sun").split()[day.weekday()]


def weekday_long(day: date, lang: str | None = None) -> str:
    """Return "Friday", for the display and the PDF."""
    return tr(lang or current(), "Monday Tuesday Wednesday Thursday Friday Saturday Sunday").split()[day.weekday()]


def date_short(day: date, lang: str | None = None) -> str:
    """Return "20 Nov"."""
    lang = lang or current()
    return tr(lang, "{day} {month}", context="date", day=day.day, month=month_short(day, lang))


def moment_short(moment: datetime, lang: str | None = None) -> str:
    """Return "20 Nov 14:30"."""
    return f"{date_short(moment.date(), lang)} {time_hm(moment)}"


def of_document(text: str) -> str:
    """Return a date or moment as a document has it, "2026-11-20" or with its time, as "20 Nov" or "20 Nov 14:30"."""
    moment = datetime.fromisoformat(text)
    return moment_short(moment) if "T" in text else date_short(moment.date())


def date_long(day: date, lang: str | None = None) -> str:
    """Return "20 November 2026"."""
    lang = lang or current()
    return tr(lang, "{day} {month} {year}", context="date", day=day.day, month=month_long(day, lang), year=day.year)


def day_staff(day: date, lang: str | None = None) -> str:
    """Return "Fri 20 Nov", for staff screens."""
    lang = lang or current()
    return _with_weekday(lang, weekday_short(day, lang), date_short(day, lang))


def day_hall(day: date, lang: str | None = None) -> str:
    """Return "Friday 20 November", for the display."""
    lang = lang or current()
    month_and_day = tr(lang, "{day} {month}", context="date", day=day.day, month=month_long(day, lang))
    return _with_weekday(lang, weekday_long(day, lang), month_and_day)


def day_report(day: date, lang: str | None = None) -> str:
    """Return "Friday 20 November 2026", for the PDF."""
    lang = lang or current()
    return _with_weekday(lang, weekday_long(day, lang), date_long(day, lang))


def day_ticket(day: date, lang: str | None = None) -> str:
    """Return "Fri 20 November 2026", for the printed ticket."""
    lang = lang or current()
    return _with_weekday(lang, weekday_short(day, lang), date_long(day, lang))


def figure_range(low: object, high: object) -> str:
    """Return "10–15" that never breaks over two lines; equal ends give one figure."""
    return str(low) if low == high else f"{low}{_EN_DASH}{high}"


def hours_range(opens: time, closes: time) -> str:
    """Return "8:30–17:30"."""
    return figure_range(time_hm(opens), time_hm(closes))


def minutes_text(minutes: int, lang: str | None = None) -> str:
    """Return "18 min"."""
    return tr(lang or current(), "{minutes} min", minutes=minutes)


def span_text(minutes: int, lang: str | None = None) -> str:
    """Return a length of time in the one unit that suits it: "18 min", "3 hours", "400 days"."""
    lang = lang or current()
    if minutes < 120:
        return minutes_text(minutes, lang)
    hours = round(minutes / 60)
    if hours < 48:
        return ntr(lang, "{n} hour", "{n} hours", hours)
    return ntr(lang, "{n} day", "{n} days", round(minutes / 1440))


def m_ss(seconds: float) -> str:
    """Return "17:51", or "1:02:05" from an hour on; fractions of a second are cut off, and negative times are 0:00."""
    whole_s = max(0, int(seconds))
    minutes, rest_s = divmod(whole_s, 60)
    if minutes < 60:
        return f"{minutes}:{rest_s:02}"
    return f"{minutes // 60}:{minutes % 60:02}:{rest_s:02}"


def duration_text(seconds: float, lang: str | None = None) -> str:
    """Return "5 min 28 s"; under a minute only the seconds."""
    lang = lang or current()
    minutes, rest_s = divmod(max(0, int(seconds)), 60)
    if minutes == 0:
        return tr(lang, "{seconds} s", seconds=rest_s)
    return tr(lang, "{minutes} min {seconds} s", minutes=minutes, seconds=f"{rest_s:02}")


def listing(items: Sequence[object], lang: str | None = None) -> str:
    """Return "A, B"."""
    return tr(lang or current(), ", ", context="list").join(str(item) for item in items)


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
    return listing(parts, lang)


def _with_weekday(lang: str, weekday: str, day: str) -> str:
    return tr(lang, "{weekday} {date}", context="date", weekday=weekday, date=day)
