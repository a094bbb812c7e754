"""A pack in words: its four figures, points, six months and tables, each figure with the path of what it counts.

PDF, workbook, screen and JSON show this one document, in its order.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from xml.sax.saxutils import escape

from queuedesk.core.figures.comparing import Difference
from queuedesk.core.figures.figure_path import NOTHING, path_of
from queuedesk.core.figures.halls_compared import ABOVE, BELOW, INSIDE
from queuedesk.core.figures.measures.figures import WRONG_COUNTER
from queuedesk.core.figures.pack import CASES, FADED, FIXES, TARGET, Point
from queuedesk.core.figures.periods import MONTH
from queuedesk.core.figures.satisfaction import wilson_interval
from queuedesk.core.figures.targets import MEAN_WAIT, SATISFACTION, Verdict
from queuedesk.core.quality.inspection import CHANNELS
from queuedesk.core.talk.remarks import DayNote
from queuedesk.i18n import date_short, listing, named, ntr, tr
from queuedesk.i18n.figures.compare_words import signed, span_words
from queuedesk.i18n.figures.import_words import verdict_word
from queuedesk.i18n.figures.rating_reasons import rating_reason
from queuedesk.i18n.figures.target_words import goal_figure, goal_text, measure_word
from queuedesk.i18n.improvement.project_words import ending_word, fading_words, step_word
from queuedesk.i18n.moments import month_short
from queuedesk.i18n.names import staff_name
from queuedesk.i18n.numerals import UNKNOWN, decimal, percent, whole
from queuedesk.i18n.quality.case_words import class_word
from queuedesk.i18n.quality.inspection_words import channel_word
from queuedesk.i18n.talk.talk_words import note_kind
from queuedesk.reports.figures.figure_words import left_out_text, percent_range, sentence
from queuedesk.reports.packs.read import RATE, WAIT, WRONG, Beside, PackRead
from queuedesk.reports.packs.shown import (
    Head,
    PackDocument,
    Part,
    Said,
    Shown,
    Tile,
    Trend,
    count,
    figure,
    minutes,
    share,
)
from queuedesk.reports.pages.verdicts import count_text, reached_text, unbroken

TICKETS = f"measures.{WRONG_COUNTER.key}.of"
"""The tickets of a pack: all that were issued but the void ones."""
MOST_REASONS = 2
Row = Mapping[str, Any]


def pack_document(pack: PackRead, lang: str) -> PackDocument:
    """Return what a pack says in `lang`."""
    read = pack.read
    hall = named(read.lead.hall.name, read.lead.hall.name_en, lang)
    is_month = read.period == MONTH
    owner = read.lead.hall.report_owner
    return PackDocument(
        period=read.period,
        first=read.first,
        last=read.last,
        hall=hall,
        title=tr(lang, "Monthly meeting pack") if is_month else tr(lang, "Quarterly summary"),
        span=span_words(read.period, read.first, read.last, lang),
        facts=_facts(pack, owner, lang),
        owner=owner,
        tiles=_tiles(pack, lang),
        points=tuple(Said(_sentence(one, pack, lang), one) for one in pack.points),
        quiet=tr(lang, "Nothing that has to be decided follows from the figures."),
        trends=_trends(pack, lang),
        trends_note=_trends_note(pack, lang),
        parts=tuple(part for part in parts(pack, lang) if part is not None),
        last_line=_last_line(pack, lang),
    )


def _facts(pack: PackRead, owner: str, lang: str) -> tuple[str, ...]:
    figures, found = pack.figures, []
    working = figures["quality"].get("calendar", {}).get("working")
    if working is not None:
        found.append(ntr(lang, "{n} working day", "{n} working days", working))
    opened = sum(row["open_minutes"] > 0 for row in figures["windows"])
    found.append(ntr(lang, "{n} window", "{n} windows", opened))
    if pack.read.is_running:
        until = date_short(pack.read.local_now.date(), lang)
        found.append(tr(lang, "until {time}", time=until, context="report"))
    responsible = tr(lang, "responsible: {name}", name=owner, context="report")
    return (*found, responsible if owner else tr(lang, "responsible: nobody named", context="report"))


# -- the four figures --------------------------------------------------------------------------------------------------


def _tiles(pack: PackRead, lang: str) -> tuple[Tile, ...]:
    figures, before = pack.figures, pack.before
    tickets, wrong, ratings = (
        figures["measures"][WRONG_COUNTER.key]["of"],
        figures["measures"][WRONG_COUNTER.key],
        figures["ratings"],
    )
    min_word = tr(lang, "min", context="unit")
    none = tr(lang, "no month before") if pack.read.period == MONTH else tr(lang, "no quarter before")

    def then(of: Callable[[Row], str]) -> str:
        if before is None:
            return none
        if pack.read.period == MONTH:
            return tr(lang, "month before {figure}", figure=of(before))
        return tr(lang, "quarter before {figure}", figure=of(before))

    issued = [then(lambda of: whole(of["measures"][WRONG_COUNTER.key]["of"]))]
    issued.append(tr(lang, "{n} finished", n=whole(figures["finished"]), context="pack"))
    wait_line = then(lambda of: decimal(of["wait"]["mean"]))
    rated = tr(lang, "n {n} · {range} %", n=whole(ratings["n"]), range=percent_range(ratings["low"], ratings["high"]))
    return (
        Tile(
            tr(lang, "Tickets", context="pack"),
            count(tickets, TICKETS),
            ntr(lang, "ticket", "tickets", tickets, context="unit"),
            " · ".join(issued),
        ),
        Tile(
            tr(lang, "Mean wait"),
            minutes(figures["wait"]["mean"], WAIT),
            min_word,
            wait_line,
            *_reached(figures, MEAN_WAIT, lang),
        ),
        Tile(
            tr(lang, "Wrong counter", context="pack"),
            Shown(percent(wrong["rate"]), wrong["rate"], WRONG if wrong["n"] else ""),
            "%",
            " · ".join([f"{whole(wrong['n'])} / {whole(wrong['of'])}", then(_wrong_then)]),
        ),
        Tile(
            tr(lang, "Satisfied", context="report"),
            Shown(percent(ratings["rate"]), ratings["rate"], RATE if ratings["n"] else ""),
            "%",
            rated if ratings["n"] else tr(lang, "nobody rated"),
            *_reached(figures, SATISFACTION, lang),
        ),
    )


def _wrong_then(figures: Row) -> str:
    rate = figures["measures"][WRONG_COUNTER.key]["rate"]
    return UNKNOWN if rate is None else f"{percent(rate)} %"


def _reached(figures: Row, measure: str, lang: str) -> tuple[Verdict | None, str]:
    """Return what became of a measure's target at the end, with its words; nothing without one."""
    rows = [row for row in figures["targets"] if row["measure"] == measure and row["verdict"] is not None]
    if not rows:
        return None, ""
    said, goal = Verdict(rows[-1]["verdict"]), goal_figure(measure, rows[-1]["value"])
    if said is Verdict.NOT_MET:
        return said, tr(lang, "target {goal} missed", context="pack", goal=goal)
    return said, tr(lang, "target {goal}: {verdict}", context="pack", goal=goal, verdict=verdict_word(said, lang))


# -- what there is to decide -------------------------------------------------------------------------------------------


def _sentence(point: Point, pack: PackRead, lang: str) -> str:
    told = point.told
    if point.code == TARGET:
        return _target_missed(told, pack.figures, lang)
    if point.code == CASES:
        return _cases_late(told, lang)
    if point.code == FIXES:
        return ntr(
            lang,
            "<b>{shown} finding is past its last day</b>, since {date}. Who puts it right, by when?",
            "<b>{shown} findings are past their last day</b>, the oldest since {date}. Who puts them right, by when?",
            told["n"],
            shown=whole(told["n"]),
            date=date_short(told["oldest"], lang),
        )
    if point.code == FADED:
        return f"<b>{escape(fading_words(told, pack.read.lead, lang))}</b>"
    change: Difference = told["change"]
    return tr(
        lang,
        "<b>{figure} went from {theirs} % to {ours} % on equal weekdays</b>; the 95 % interval of the difference, {low} to {high} points, leaves 0 out.",
        figure=figure_word(point.path, lang),
        theirs=percent(change.theirs),
        ours=percent(change.ours),
        low=signed(100 * (change.low or 0)),
        high=signed(100 * (change.high or 0)),
    )


def _target_missed(row: Row, figures: Row, lang: str) -> str:
    measure = row["measure"]
    told = {
        "measure": measure_word(measure, lang),
        "reached": reached_text(row, lang),
        "goal": goal_text(measure, goal_figure(measure, row["value"]), lang),
        "n": unbroken(count_text(row)),
    }
    if row["low"] is None:
        return tr(lang, "<b>{measure} missed its target:</b> {reached}, {goal} was to be reached; n {n}.", **told)
    said = tr(
        lang,
        "<b>{measure} missed its target:</b> {reached}, 95 % interval {range} %, {goal} was to be reached; n {n}.",
        range=percent_range(row["low"], row["high"]),
        **told,
    )
    tags = figures["quality"].get("reasons", {}).get("tags", ())[:MOST_REASONS]
    if measure != SATISFACTION or not tags:
        return said
    named_most = listing([f"{rating_reason(one['code'], lang)} {whole(one['n'])}" for one in tags], lang)
    reasons = tr(lang, "Reasons named most: {reasons}.", reasons=escape(named_most))
    return tr(lang, "{one} {other}", context="sentences", one=said, other=reasons)


def _cases_late(told: Row, lang: str) -> str:
    words = {"shown": whole(told["n"]), "date": date_short(told["oldest"], lang)}
    if told["department"] is None:
        return ntr(
            lang,
            "<b>{shown} case is past its last day</b>, since {date}.",
            "<b>{shown} cases are past their last day</b>, the oldest since {date}.",
            told["n"],
            **words,
        )
    return ntr(
        lang,
        "<b>{shown} case is past its last day</b>, at {department}, since {date}.",
        "<b>{shown} cases are past their last day</b>, {most} of them at {department}; the oldest since {date}.",
        told["n"],
        department=escape(told["department"]),
        most=whole(told["most"]),
        **words,
    )


# -- six months --------------------------------------------------------------------------------------------------------


def _trends(pack: PackRead, lang: str) -> tuple[Trend, ...]:
    return (
        _trend(pack, RATE, tr(lang, "Satisfied, %"), lang, of=("ratings",), target=SATISFACTION),
        _trend(pack, WRONG, tr(lang, "Wrong counter, %"), lang, of=("measures", WRONG_COUNTER.key)),
        _trend(pack, WAIT, tr(lang, "Mean wait, minutes"), lang, of=("wait",)),
    )


def _trend(pack: PackRead, path: str, title: str, lang: str, *, of: Sequence[str], target: str = "") -> Trend:
    is_share = path != WAIT
    shown, values, lows, highs = [], [], [], []
    for month in pack.months:
        found: Any = month.figures
        for key in of if found is not None else ():
            found = found[key]
        value = None if found is None else found["rate" if is_share else "mean"]
        text = percent(value) if is_share else decimal(value)
        shown.append(Shown(text, value, path if value else "", (month.first, month.last)))
        values.append(value * 100 if is_share and value is not None else value)
        low, high = _ends(path, found)
        lows.append(low)
        highs.append(high)
    rows = [row for row in pack.figures["targets"] if row["measure"] == target]
    goal = 100 * rows[-1]["value"] if rows else None
    return Trend(
        title,
        tuple(month_short(month.first, lang) for month in pack.months),
        tuple(shown),
        tuple(values),
        tuple(lows) if is_share else (),
        tuple(highs) if is_share else (),
        goal,
        tr(lang, "target {goal}", context="pack", goal=goal_figure(target, rows[-1]["value"])) if rows else "",
    )


def _ends(path: str, found: Any) -> tuple[float | None, float | None]:
    """Return the ends of a rate's interval in percent. Everybody is in the rate of wrong counters, which is a sample of
    nothing; what its months differ by is read against the same interval."""
    if found is None or path == WAIT:
        return None, None
    n, of = (found["satisfied"], found["n"]) if path == RATE else (found["n"], found["of"])
    if not of:
        return None, None
    ends = wilson_interval(n, of)
    return 100 * ends.low, 100 * ends.high


def _trends_note(pack: PackRead, lang: str) -> str:
    if pack.before is None and sum(month.figures is not None for month in pack.months) < 2:
        return tr(lang, "This is the hall's first month with figures: there is nothing before it to compare with.")
    return ""


# -- the last line -----------------------------------------------------------------------------------------------------


def _last_line(pack: PackRead, lang: str) -> str:
    parts = [left_out_text(row["what"], row["n"], lang) for row in pack.figures["left_out"]]
    said = sentence(parts, lang) if parts else tr(lang, "nothing.", context="left out")
    told = [tr(lang, "<b>Left out:</b> {what}", what=said)]
    told.append(
        tr(lang, "Rates are worked out from all cases together, never as the mean of days, months or departments.")
    )
    return ("" if lang == "zh_CN" else " ").join(told)


# -- tables ------------------------------------------------------------------------------------------------------------


def figure_word(path: str, lang: str) -> str:
    return {
        RATE: tr(lang, "Satisfied", context="report"),
        WAIT: tr(lang, "Mean wait"),
        WRONG: tr(lang, "Wrong counter", context="pack"),
        "measures.served.rate": measure_word("served", lang),
    }[path]


def parts(pack: PackRead, lang: str) -> Sequence[Part | None]:
    quality = pack.figures["quality"]
    known = "why" not in quality
    return (
        _cases(quality, lang) if known else None,
        _services(pack, lang),
        _inspections(quality, lang) if known else None,
        _fixes(quality, lang) if known else None,
        _projects(pack, lang),
        _halls(pack, lang),
        _notes(pack.read.halls[0].notes, lang),
        _due(pack, lang),
    )


def _cases(quality: Row, lang: str) -> Part:
    cases = quality["cases"]
    keys = ("before", "opened", "closed", "open", "overdue")
    rows = []
    for row in cases["by_department"]:
        base = ("cases", "by_department", NOTHING if row["code"] is None else row["code"])
        name = row["code"] or tr(lang, "the hall", context="department")
        rows.append((Shown(name), *(count(row[key], path_of(*base, key), late=key == "overdue") for key in keys)))
    total = [count(cases[key], path_of("cases", key), late=key == "overdue") for key in keys]
    return Part(
        "cases",
        tr(lang, "Cases by department"),
        (
            Head(tr(lang, "Department", context="pack"), is_text=True),
            Head(tr(lang, "Before", context="cases")),
            Head(tr(lang, "Opened", context="cases")),
            Head(tr(lang, "Closed", context="cases")),
            Head(tr(lang, "Open", context="cases")),
            Head(tr(lang, "Overdue", context="cases")),
        ),
        tuple(rows),
        (Shown(tr(lang, "All", context="report")), *total) if rows else (),
        empty=tr(lang, "No case was open in this time."),
    )


def _services(pack: PackRead, lang: str) -> Part:
    figures, read = pack.figures, pack.read
    wrong, free = figures["measures"][WRONG_COUNTER.key], figures["measures"]["form_free"]
    tickets = {row["code"]: row for row in wrong["by_service"]}
    handled = {row["code"]: row["of"] for row in free["by_service"]}
    nothing = {"n": 0, "of": 0}
    rows = []
    for row in figures["services"]:
        code, wait, own = row["code"], row["wait"], tickets.get(row["code"], nothing)
        base = ("services", code, "wait")
        rows.append(
            (
                Shown(read.service_name(code, lang)),
                count(own["of"], path_of("measures", WRONG_COUNTER.key, "by_service", code, "of")),
                count(handled.get(code, 0), path_of("measures", "form_free", "by_service", code, "of")),
                minutes(wait["mean"], path_of(*base, "mean")),
                share(wait["within_target"], path_of(*base, "within_target")),
                count(own["n"], path_of("measures", WRONG_COUNTER.key, "by_service", code, "n")),
            )
        )
    wait, target = figures["wait"], figures["wait"]["target_minutes"]
    total = (
        Shown(tr(lang, "All", context="report")),
        count(wrong["of"], f"measures.{WRONG_COUNTER.key}.of"),
        count(free["of"], "measures.form_free.of"),
        minutes(wait["mean"], "wait.mean"),
        share(wait["within_target"], "wait.within_target"),
        count(wrong["n"], f"measures.{WRONG_COUNTER.key}.n"),
    )
    return Part(
        "services",
        tr(lang, "By service"),
        (
            Head(tr(lang, "Service", context="report"), is_text=True),
            Head(tr(lang, "Tickets", context="pack")),
            Head(tr(lang, "Handled", context="pack")),
            Head(tr(lang, "Mean wait")),
            Head(tr(lang, "in time") if target is None else tr(lang, "≤ {minutes} min", minutes=target)),
            Head(tr(lang, "Wrong", context="pack")),
        ),
        tuple(rows),
        total if rows else (),
        unit=tr(lang, "times in minutes"),
        note=_several(free["of"] - figures["finished"], lang),
    )


def _several(n: int, lang: str) -> str:
    if n <= 0:
        return ""
    return ntr(
        lang,
        "A ticket that was handled at two services counts at both: {shown} more than were finished.",
        "Tickets that were handled at two services count at both: {shown} more than were finished.",
        n,
        shown=whole(n),
    )


def _inspections(quality: Row, lang: str) -> Part:
    looked = quality["inspections"]
    known = {row["code"]: row for row in looked["by_channel"]}
    wanted = dict.fromkeys(CHANNELS, 0)
    for row in looked["coverage"]:
        wanted[row["channel"]] += row["least"]
    rows = []
    for channel in CHANNELS:
        own, base = known.get(channel), ("inspections", "by_channel", channel)
        done = own["done"] if own else 0
        if done or wanted[channel]:
            score = own["score"]["mean"] if own else None
            rows.append(
                (
                    Shown(channel_word(channel, lang)),
                    count(done, path_of(*base, "done")),
                    Shown(whole(wanted[channel]), wanted[channel]),
                    figure(decimal(score), score, path_of(*base, "score", "mean")),
                )
            )
    score = looked["score"]["mean"]
    total = (
        Shown(tr(lang, "All", context="report")),
        count(looked["done"], "inspections.done"),
        Shown(whole(sum(wanted.values())), sum(wanted.values())),
        figure(decimal(score), score, "inspections.score.mean"),
    )
    return Part(
        "inspections",
        tr(lang, "Inspections", context="report"),
        (
            Head(tr(lang, "Channel", context="inspection"), is_text=True),
            Head(tr(lang, "Done", context="inspection")),
            Head(tr(lang, "Wanted", context="inspection")),
            Head(tr(lang, "Mean score")),
        ),
        tuple(rows),
        total if rows else (),
        empty=tr(lang, "No inspection was made, and none was wanted."),
    )


def _fixes(quality: Row, lang: str) -> Part | None:
    found = quality["rectifications"]
    if not any(found.values()):
        return None
    titles = {
        "opened": tr(lang, "Noted", context="to put right"),
        "closed": tr(lang, "Closed", context="cases"),
        "open": tr(lang, "Open", context="cases"),
        "overdue": tr(lang, "Overdue", context="cases"),
    }
    row = (
        Shown(tr(lang, "Findings")),
        *(count(found[key], f"rectifications.{key}", late=key == "overdue") for key in titles),
    )
    return Part(
        "fixes",
        tr(lang, "To be put right"),
        (Head("", is_text=True), *(Head(title) for title in titles.values())),
        (row,),
    )


def _projects(pack: PackRead, lang: str) -> Part | None:
    if not pack.projects:
        return None
    rows = []
    for one in pack.projects:
        ended = ending_word(one["ending"], lang) if one["ending"] else ""
        where = ended or (
            step_word(one["step"], lang) if one["step"] else tr(lang, "all steps done", context="project")
        )
        title = f"{one['project']} {one['title']}".strip()
        rows.append((Shown(title), Shown(where), Shown(staff_name(pack.read.lead, one["leader"], lang))))
    return Part(
        "projects",
        tr(lang, "Improvement projects", context="pack"),
        (
            Head(tr(lang, "Project", context="pack"), is_text=True),
            Head(tr(lang, "Where it stands", context="pack"), is_text=True),
            Head(tr(lang, "Who", context="pack"), is_text=True),
        ),
        tuple(rows),
    )


def _halls(pack: PackRead, lang: str) -> Part | None:
    if pack.others is None:
        return None
    rows = []
    for path, found in pack.others.found.items():
        tell = decimal if path == WAIT else _percent_text
        own, everybody = (UNKNOWN if value is None else tell(value) for value in (found.own, found.all))
        rows.append(
            (
                Shown(figure_word(path, lang) if path != WAIT else tr(lang, "Mean wait, min")),
                Shown(own, found.own, path if found.own is not None else ""),
                Shown(everybody, found.all),
                Shown(_beside_word(found, lang)),
            )
        )
    n = pack.others.halls
    return Part(
        "halls",
        tr(lang, "Beside the other halls"),
        (
            Head("", is_text=True),
            Head(tr(lang, "This hall")),
            Head(tr(lang, "All halls", context="pack")),
            Head(tr(lang, "Difference", context="halls"), is_text=True),
        ),
        tuple(rows),
        unit=ntr(lang, "same services, {n} hall", "same services, {n} halls", n),
    )


def _percent_text(value: float) -> str:
    return f"{percent(value)} %"


def _beside_word(found: Beside, lang: str) -> str:
    if found.own is None or found.all is None:
        return tr(lang, "too few", context="halls")
    if found.said is None:
        return tr(lang, "{minutes} min", minutes=signed(found.own - found.all))
    return {
        INSIDE: tr(lang, "can't tell", context="halls"),
        ABOVE: tr(lang, "higher", context="halls"),
        BELOW: tr(lang, "lower", context="halls"),
    }.get(found.said, tr(lang, "too few", context="halls"))


def _notes(notes: Sequence[DayNote], lang: str) -> Part:
    known = sorted(notes, key=lambda one: (one.day, one.seq))
    rows = tuple(
        (
            Shown(date_short(one.day, lang)),
            Shown(tr(lang, "{head}: {text}", context="note", head=note_kind(one.kind, lang), text=one.text)),
        )
        for one in known
    )
    return Part(
        "notes",
        tr(lang, "Notes", context="pack"),
        (Head(tr(lang, "Date", context="pack"), is_text=True), Head(tr(lang, "Note", context="pack"), is_text=True)),
        rows,
        empty=tr(lang, "No note was written."),
    )


def _due(pack: PackRead, lang: str) -> Part:
    rows = []
    for one in pack.due:
        what = (
            tr(lang, "Case {number}, {klass}", number=one.key, klass=class_word(one.klass, lang))
            if one.klass
            else tr(lang, "Finding of an inspection")
        )
        where = one.department or tr(lang, "the hall", context="department")
        path = path_of("cases", "open") if one.klass else path_of("rectifications", "open")
        rows.append(
            (Shown(date_short(one.due, lang), one.due.isoformat(), path, late=one.is_late), Shown(what), Shown(where))
        )
    return Part(
        "due",
        tr(lang, "What follows"),
        (
            Head(tr(lang, "By", context="pack"), is_text=True),
            Head(tr(lang, "What"), is_text=True),
            Head(tr(lang, "Department", context="pack"), is_text=True),
        ),
        tuple(rows),
        empty=tr(lang, "Nothing is open."),
    )
