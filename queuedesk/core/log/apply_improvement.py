"""What events about improvement projects and trials of words change."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from msgspec.structs import replace

from queuedesk.core.improvement.project import (
    Cause,
    Ending,
    Evidence,
    Followed,
    Judgement,
    Kind,
    Measure,
    Place,
    Project,
    Spans,
    Standard,
    Target,
)
from queuedesk.core.improvement.wording import WordTrial
from queuedesk.core.log.event import Event
from queuedesk.core.log.state import PROJECTS, WORDINGS, Board

MILLION = 1_000_000
"""The log holds no fractions: shares and other figures stand in it as millionths."""


def _open(event: Event, board: Board) -> None:
    data = event.data
    board.put(
        PROJECTS,
        Project(
            seq=event.seq,
            number=data["number"],
            date=date.fromisoformat(data["date"]),
            title=data["title"],
            leader=data["leader"],
            by=event.actor,
            finding=data.get("finding"),
        ),
    )


def _set(event: Event, board: Board) -> None:
    data = event.data
    project = board.get(PROJECTS, data["of"])
    named = {name: data[name] for name in ("title", "leader", "finding", "next") if data.get(name)}
    if (state := data.get("state")) is not None:
        named["state"] = tuple(state)
    if data.get("figure"):
        named["target"] = Target(
            figure=data["figure"],
            value=data["value"] / MILLION,
            by=date.fromisoformat(data["by"]),
            words=data["words"],
        )
    if (rows := data.get("follows")) is not None:
        named["follows"] = tuple(
            Followed(row["figure"], None if row.get("alarm") is None else row["alarm"] / MILLION) for row in rows
        )
    if data.get("measures"):
        first, last, began, then, until = (
            date.fromisoformat(data[name]) for name in ("first", "last", "measures", "then", "until")
        )
        named["spans"] = Spans(before=(first, last), measures=began, after=(then, until))
    board.put(PROJECTS, replace(project, **named))


def _cause(event: Event, board: Board) -> None:
    data = event.data
    project = board.get(PROJECTS, data["of"])
    known = project.cause(data["n"])
    if known is None:
        changed = Cause(words=data["words"], bone=data["bone"], own_bone=data.get("own_bone"))
    elif data.get("removed"):
        changed = replace(known, is_removed=True)
    else:
        own = data.get("own_bone")
        changed = replace(known, words=data["words"], bone=data["bone"], own_bone=own)
    board.put(PROJECTS, project.with_cause(data["n"], changed))


def _evidence(event: Event, board: Board) -> None:
    data = event.data
    project = board.get(PROJECTS, data["of"])
    cause = project.causes[data["n"] - 1]
    if "removed" in data:
        rows = list(cause.evidence)
        del rows[data["removed"] - 1]
    else:
        rows = [*cause.evidence, Evidence(Kind(data["kind"]), data["words"])]
    judged = cause.judgement
    # What was confirmed by evidence alone is open again without it.
    if not rows and judged is Judgement.CONFIRMED:
        judged = Judgement.OPEN
    board.put(PROJECTS, project.with_cause(data["n"], replace(cause, evidence=tuple(rows), judgement=judged)))


def _judge(event: Event, board: Board) -> None:
    data = event.data
    project = board.get(PROJECTS, data["of"])
    cause = project.causes[data["n"] - 1]
    judged = replace(cause, judgement=Judgement(data["judgement"]), judged_by=event.actor, judged=event.time)
    board.put(PROJECTS, project.with_cause(data["n"], judged))


def _measure(event: Event, board: Board) -> None:
    data = event.data
    project = board.get(PROJECTS, data["of"])
    known = project.measure(data["n"])
    named: dict[str, Any] = {name: data[name] for name in ("words", "who", "where", "cost") if data.get(name)}
    named |= {name: date.fromisoformat(data[name]) for name in ("due", "done") if data.get(name)}
    if "causes" in data:
        named["causes"] = tuple(data["causes"])
    if data.get("removed"):
        named["is_removed"] = True
    changed = Measure(**named) if known is None else replace(known, **named)
    board.put(PROJECTS, project.with_measure(data["n"], changed))


def _standard(event: Event, board: Board) -> None:
    data = event.data
    project = board.get(PROJECTS, data["of"])
    made = Standard(
        place=Place(data["place"]),
        ref=data.get("ref") or "",
        by=event.actor,
        at=event.time,
        words=data.get("words"),
        is_asked=bool(data.get("asked")),
        asked_by=data.get("asked_by"),
    )
    measure = project.measures[data["n"] - 1]
    board.put(PROJECTS, project.with_measure(data["n"], replace(measure, standard=made)))


def _end(event: Event, board: Board) -> None:
    data = event.data
    project = board.get(PROJECTS, data["of"])
    ended = replace(project, ended=event.time, ending=Ending(data["ending"]), words=data.get("words"))
    board.put(PROJECTS, ended)


def _if_told(change: Callable[[Event, Any], None]) -> Callable[[Event, Any], None]:
    """Leave a board as it is where this PC's login is not told of projects."""

    def apply(event: Event, board: Board) -> None:
        if "untold" not in event.data:
            change(event, board)

    return apply


PROJECT_CHANGES: dict[str, Callable[[Event, Any], None]] = {
    kind: _if_told(change)
    for kind, change in {
        "project-open": _open,
        "project-set": _set,
        "project-cause": _cause,
        "project-evidence": _evidence,
        "project-judge": _judge,
        "project-measure": _measure,
        "project-standard": _standard,
        "project-end": _end,
    }.items()
}


def _wording(event: Event, board: Board) -> None:
    data = event.data
    if "of" in data:
        trial = board.get(WORDINGS, data["of"])
        board.put(WORDINGS, replace(trial, ended=date.fromisoformat(data["day"]), end=data["end"]))
        return
    trial = WordTrial(
        seq=event.seq,
        date=date.fromisoformat(data["date"]),
        by=event.actor,
        service=event.service or "",
        services=tuple(data.get("services", ())),
        first=date.fromisoformat(data["first"]),
        weeks=data["weeks"],
        **{name: data[name] for name in ("name", "name_en", "label", "label_en")},
    )
    board.put(WORDINGS, trial)


WORDING_CHANGES = {"wording": _wording}
