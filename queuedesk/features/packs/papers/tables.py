"""The tables of a pack: cases, services, inspections, projects, other halls, notes, what follows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from queuedesk.core.figures.comparing import NOTHING, path_of
from queuedesk.core.figures.halls import ABOVE, BELOW, INSIDE
from queuedesk.core.figures.measures.figures import WRONG_COUNTER
from queuedesk.core.figures.targets import FIRST_VISIT, SERVED
from queuedesk.core.quality.inspection import CHANNELS, least_of
from queuedesk.core.talk.remarks import DayNote
from queuedesk.features.packs.papers.read import RATE, WAIT, WRONG, Beside, PackRead
from queuedesk.features.packs.papers.shown import (
    Head,
    Part,
    Shown,
    count,
    figure,
    minutes,
    share,
)
from queuedesk.i18n import date_short, ntr, tr
from queuedesk.i18n.figures.figure_titles import signed
from queuedesk.i18n.figures.target_words import measure_word
from queuedesk.i18n.improvement import ending_word, step_word
from queuedesk.i18n.names import staff_name
from queuedesk.i18n.numerals import UNKNOWN, decimal, percent, whole
from queuedesk.i18n.quality.case_words import class_word
from queuedesk.i18n.quality.inspection_words import channel_word
from queuedesk.i18n.talk import note_kind

Row = Mapping[str, Any]


def figure_word(path: str, lang: str) -> str:
    return {
        RATE: tr(lang, "Satisfied", context="report"),
        WAIT: tr(lang, "Mean wait"),
        WRONG: tr(lang, "Wrong window", context="pack"),
        **{f"measures.{one}.rate": measure_word(one, lang) for one in (SERVED, FIRST_VISIT)},
    }[path]


def parts(pack: PackRead, lang: str) -> Sequence[Part | None]:
    quality = pack.figures["quality"]
    known = "why" not in quality
    inspected = known and pack.read.lead.uses("inspections")
    return (
        _cases(quality, lang) if known else None,
        _services(pack, lang),
        _inspections(pack, quality, lang) if inspected else None,
        _fixes(quality, lang) if inspected else None,
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
    wrong = figures["measures"][WRONG_COUNTER.key]
    tickets = {row["code"]: row for row in wrong["by_service"]}
    nothing = {"n": 0, "of": 0}
    rows = []
    for row in figures["services"]:
        code, wait, own = row["code"], row["wait"], tickets.get(row["code"], nothing)
        base = ("services", code, "wait")
        rows.append(
            (
                Shown(read.service_name(code, lang)),
                count(own["of"], path_of("measures", WRONG_COUNTER.key, "by_service", code, "of")),
                count(row["finished"], path_of("services", code, "finished")),
                minutes(wait["mean"], path_of(*base, "mean")),
                share(wait["within_target"], path_of(*base, "within_target")),
                count(own["n"], path_of("measures", WRONG_COUNTER.key, "by_service", code, "n")),
            )
        )
    wait, target = figures["wait"], figures["wait"]["target_minutes"]
    total = (
        Shown(tr(lang, "All", context="report")),
        count(wrong["of"], f"measures.{WRONG_COUNTER.key}.of"),
        count(figures["finished"], "finished"),
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
        note=_several(sum(row["finished"] for row in figures["services"]) - figures["finished"], lang),
    )


def _several(n: int, lang: str) -> str:
    if n <= 0:
        return ""
    return ntr(
        lang,
        "A ticket counts where it was issued, and as handled at each service that served it: {shown} more than were finished.",
        "Tickets count where they were issued, and as handled at each service that served them: {shown} more than were finished.",
        n,
        shown=whole(n),
    )


def _inspections(pack: PackRead, quality: Row, lang: str) -> Part:
    looked = quality["inspections"]
    known = {row["code"]: row for row in looked["by_channel"]}
    wanted = dict.fromkeys(CHANNELS, 0)
    for row in looked["coverage"]:
        wanted[row["channel"]] += row["least"]
    planned = tr(lang, "the set-up asks for this many; nothing behind it")
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
                    Shown(whole(wanted[channel]), wanted[channel], why=planned),
                    figure(decimal(score), score, path_of(*base, "score", "mean")),
                )
            )
    score = looked["score"]["mean"]
    total = (
        Shown(tr(lang, "All", context="report")),
        count(looked["done"], "inspections.done"),
        Shown(whole(sum(wanted.values())), sum(wanted.values()), why=planned),
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
        empty=_none_made(sum(least_of(pack.read.lead).values()), lang),
    )


def _none_made(least: int, lang: str) -> str:
    """Return that no inspection was made where no whole month asked for one: the hall may be younger."""
    if not least:
        return tr(lang, "No inspection was made, and the set-up asks for none.")
    return tr(lang, "No inspection was made; the set-up asks for {n} a month.", n=least)


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
            Head(tr(lang, "Where things are", context="pack"), is_text=True),
            Head(tr(lang, "Who", context="pack"), is_text=True),
        ),
        tuple(rows),
    )


def _halls(pack: PackRead, lang: str) -> Part | None:
    if pack.others is None:
        return None
    alike = tr(lang, "at the mix of services of all halls; opens this hall's own rows")
    together = tr(lang, "all halls together: their rows stay with each of them")
    rows = []
    for path, found in pack.others.found.items():
        tell = decimal if path == WAIT else _percent_text
        own, everybody = (UNKNOWN if value is None else tell(value) for value in (found.own, found.all))
        rows.append(
            (
                Shown(figure_word(path, lang) if path != WAIT else tr(lang, "Mean wait, min")),
                Shown(own, found.own, path if found.own is not None else "", why=alike),
                Shown(everybody, found.all, why=together),
                Shown(_beside_word(found, lang)),
            )
        )
    n = pack.others.halls
    return Part(
        "halls",
        tr(lang, "Next to the other halls"),
        (
            Head("", is_text=True),
            Head(tr(lang, "This hall")),
            Head(tr(lang, "All halls", context="pack")),
            Head(tr(lang, "Difference", context="halls"), is_text=True),
        ),
        tuple(rows),
        unit=ntr(lang, "same services, {n} hall", "same services, {n} halls", n) if rows else "",
        empty=tr(lang, "No other hall lets this one see its figures: there is nothing to compare with."),
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
