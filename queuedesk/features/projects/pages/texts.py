"""What the pages of improvement projects say: rows, the way, facts of a step."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date
from typing import Any

from msgspec import Struct

from queuedesk.core.setup.rows import Setup
from queuedesk.features.projects import words
from queuedesk.features.projects.papers import leads_to, mended, shown_evidence
from queuedesk.features.projects.words import counted_by_hand, evidence_text, rows_text
from queuedesk.i18n import _, date_short, day_staff, listing, n_
from queuedesk.i18n.figures.drilldown_words import figure_name, figure_value
from queuedesk.i18n.improvement import ending_word, goal_words, step_word
from queuedesk.i18n.names import staff_name, whole
from queuedesk.stations.manager.improvement.fact_list import Fact

Document = Mapping[str, Any]
DONE, NOW, LATER = "done", "now", "later"


class WayStep(Struct, frozen=True, kw_only=True):
    """One step: its key, its word, its result in one fact or what it lacks, and whether it is DONE, is worked at NOW or
    comes LATER. `spoken` says all of it."""

    key: str
    word: str
    fact: str
    state: str
    spoken: str


JUDGEMENT_ICONS = {
    "open": ("dot", "amber"),
    "confirmed": ("check", "primary"),
    "rejected": ("close", "ink2"),
    "cannot_tell": ("help", "ink2"),
}
CITES = "cites"
"""Beside a Document: a press on it opens what is cited."""


def head_line(setup: Setup, project: Document) -> str:
    """Return number, leader and date of a project."""
    day = day_staff(date.fromisoformat(project["date"]))
    told = _(
        "Project {number} · led by {leader} · {day}",
        number=project["project"],
        leader=staff_name(setup, project["leader"]),
        day=day,
    )
    return f"{told} · {stand_word(project)}" if project["ended"] else told


def stand_word(project: Document) -> str:
    """Return how a project ended, or which step it is at."""
    if project["ending"]:
        return ending_word(project["ending"])
    return step_word(project["step"]) if project["step"] else _("all steps done", context="project")


# -- the way -----------------------------------------------------------------------------------------------------------


def way_steps(setup: Setup, project: Document, effect: Document | None) -> list[WayStep]:
    """Return the eight steps with their results."""
    steps = []
    for row in project["steps"]:
        step = row["step"]
        state = DONE if row["done"] else NOW if step == project["step"] else LATER
        fact = _fact(setup, project, effect, step)
        if not fact and row["missing"]:
            fact = words.missing_words(row["missing"][:1])
        word = {
            DONE: _("done", context="project step"),
            NOW: _("now", context="project step"),
            LATER: _("to come", context="project step"),
        }[state]
        name = step_word(step)
        steps.append(WayStep(key=step, word=name, fact=fact, state=state, spoken=listing([name, word, fact])))
    return steps


def _fact(setup: Setup, project: Document, effect: Document | None, step: str) -> str:
    causes, measures = project["causes"], project["measures"]
    if step == "topic" and project["finding"] and project["finding"]["what"]:
        return figure_value(project["finding"]["name"], project["finding"]["value"]) or str(project["finding"]["name"])
    if step == "state" and (head := mended(setup, project)) is not None:
        value = figure_value(head["name"], head.get("now", head["value"]))
        return f"{rows_text(head['now_n'], head['now_of'])} · {value}" if head.get("now_of") else value
    if step == "state" and project["state"]:
        return n_("{n} cited", "{n} cited", len(project["state"]))
    if step == "target" and project["target"]:
        target = project["target"]
        day = date_short(date.fromisoformat(target["by"]))
        return _("{value} by {day}", value=goal_words(target["figure"], target["value"]), day=day)
    if step == "causes" and causes:
        return n_("{n} written down", "{n} written down", len(causes))
    if step == "evidence" and causes:
        judged = sum(one["judgement"] != "open" for one in causes)
        confirmed = sum(one["judgement"] == "confirmed" for one in causes)
        if judged == len(causes):
            return _("{n} confirmed of {of}", n=confirmed, of=len(causes))
        return _("{n} of {of} judged", n=judged, of=len(causes))
    if step == "measures" and measures:
        done = sum(one["done"] is not None for one in measures)
        return _("{n} of {of} done", n=done, of=len(measures))
    if step == "effect" and effect is not None:
        return n_("{n} day a side", "{n} days a side", effect["days"])
    if step == "standard" and measures:
        left = sum(one["standard"] is None for one in measures)
        waiting = sum(one["standard"] is not None and one["standard"]["asked"] for one in measures)
        if waiting and not left:
            return n_("{n} waits for an admin", "{n} wait for an admin", waiting)
        return (
            n_("{n} to make standard", "{n} to make standard", left)
            if left
            else _("all made standard", context="project")
        )
    return ""


# -- facts of the steps ------------------------------------------------------------------------------------------------


def judgement_counts(project: Document) -> str:
    """Return how many causes were judged how: "2 confirmed · 4 rejected · 3 open"."""
    counts = Counter(one["judgement"] for one in project["causes"])
    told = (
        (counts["confirmed"], _("{n} confirmed", n=counts["confirmed"])),
        (counts["rejected"], _("{n} rejected", n=counts["rejected"])),
        (counts["cannot_tell"], _("{n} can't tell", n=counts["cannot_tell"])),
        (counts["open"], _("{n} open", context="causes", n=counts["open"])),
    )
    return " · ".join(text for n, text in told if n)


def cited_fact(setup: Setup, cites: Document, leads: object) -> Fact:
    """Return what is cited as a row: as it was then, and as it is now."""
    if not cites.get("what"):
        return Fact(name=_("What was cited is not kept any more"), bold=False)
    name = words.cited_words(cites, setup).replace("  ", " · ")
    figure = rows_text(cites["now_n"], cites["now_of"]) if cites.get("now_of") else _("open it", context="cited")
    return Fact(name=name, leads=leads, figure=figure, figure_leads=(CITES, dict(cites)))


def topic_facts(setup: Setup, project: Document) -> list[Fact]:
    rows = [
        Fact(name=project["title"], second=_("title", context="project"), leads=("title",)),
        Fact(
            name=staff_name(setup, project["leader"]) or project["leader"],
            second=_("leads it", context="project"),
            leads=("title",),
        ),
    ]
    if project["finding"]:
        rows.append(cited_fact(setup, project["finding"], ("finding",)))
    return rows


def target_facts(setup: Setup, project: Document) -> list[Fact]:
    target = project["target"]
    if not target:
        return []
    day = day_staff(date.fromisoformat(target["by"]))
    name, value = figure_name(target["figure"], setup), goal_words(target["figure"], target["value"])
    fact = Fact(
        name=_("{figure}: {value} by {day}", figure=name, value=value, day=day),
        second=target["reason"],
        leads=("target",),
    )
    return [fact]


def cause_facts(setup: Setup, project: Document) -> list[Fact]:
    """Return the causes as rows: bone, cause, state, evidence."""
    found = []
    for cause in project["causes"]:
        icon, token = JUDGEMENT_ICONS[cause["judgement"]]
        row = shown_evidence(cause)
        found.append(
            Fact(
                name=cause["name"],
                second=words.bone_word(cause["bone"], cause["bone_name"]),
                icon=icon,
                token=token,
                word=words.judgement_word(cause["judgement"]),
                figure=evidence_text(row) if row else _("no rows yet"),
                leads=("cause", cause["n"]),
                bold=cause["judgement"] == "confirmed",
            )
        )
    return found


def evidence_facts(setup: Setup, cause: Document) -> list[Fact]:
    """Return the evidence of a cause as rows; each opens what it says."""
    found = []
    for row in cause["evidence"]:
        if not row["kind"]:
            found.append(Fact(name=_("What was gathered is not kept any more"), bold=False))
            continue
        leads = evidence_leads(setup, row)
        name, note = words.evidence_sentence({**row, "note": ""}, setup), row["note"] if row["kind"] != "count" else ""
        if row["kind"] == "compare":
            # What they say stands beside the answers.
            counted = counted_by_hand(row) or _("counted in the log")
            name, note = note or counted, counted if note else ""
        found.append(
            Fact(
                name=name,
                second=note,
                figure=evidence_text(row) if row["kind"] != "figure" else _("open it", context="cited"),
                figure_leads=leads,
                leads=("evidence", row["n"]),
                bold=False,
            )
        )
    return found


def evidence_leads(setup: Setup, row: Document) -> object:
    """Return where a piece of evidence leads; None where nothing of the log stands behind it."""
    if row["kind"] == "compare" and row["from"] and row["with"]["figure"]:
        path = row["with"]["figure"]
        return leads_to(path, row["from"], row["to"], figure_name(path, setup))
    if row["kind"] == "figure" and row.get("what"):
        return (CITES, dict(row))
    if row["kind"] in ("tickets", "cases") and row[row["kind"]]:
        return (row["kind"], tuple(row[row["kind"]]))
    return None


def measure_facts(setup: Setup, project: Document) -> list[Fact]:
    found = []
    for one in project["measures"]:
        due = date_short(date.fromisoformat(one["due"]))
        parts = [staff_name(setup, one["who"]) or one["who"], _("until {day}", day=due)]
        parts += [one["where"]] if one["where"] else []
        parts += [_("cost {cost}", cost=whole(one["cost"]))] if one["cost"] is not None else []
        names = {cause["n"]: cause["name"] for cause in project["causes"]}
        against = [names[n] for n in one["causes"] if n in names]
        parts += [_("against: {causes}", causes=listing(against))] if against else []
        if one["done"]:
            icon, token = "check", "primary"
            word = _("done {day}", day=date_short(date.fromisoformat(one["done"])))
        elif one["overdue"]:
            icon, token, word = "clock", "red", _("overdue", context="measure")
        else:
            icon, token, word = "dot", "ink2", _("to do", context="measure")
        found.append(
            Fact(
                name=one["what"],
                second=" · ".join(parts),
                icon=icon,
                token=token,
                word=word,
                leads=("measure", one["n"]),
            )
        )
    return found
