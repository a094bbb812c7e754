"""What events about comments, cases, inspections, forums, the morning, sheets and training change."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from msgspec import convert
from msgspec.structs import replace

from queuedesk.core.appraisal import Closing, Dispute, NamedNeed, Training
from queuedesk.core.log.event import Event
from queuedesk.core.log.state import (
    BRIEFINGS,
    CASES,
    CLOSINGS,
    DISPUTES,
    FORUMS,
    INSPECTIONS,
    NAMED_NEEDS,
    OPENINGS,
    READ_COMMENTS,
    RECTIFICATIONS,
    SPOKEN_COMMENTS,
    TRAININGS,
    Board,
)
from queuedesk.core.quality.case import (
    CITE,
    RATING,
    UNTOLD_SOURCE,
    Case,
    CaseDeadlines,
    CaseState,
    Entry,
    Outcome,
    ReadComment,
    Rectification,
    SpokenComment,
    Step,
    Verdict,
    rated_number,
)
from queuedesk.core.quality.inspection import Briefing, Inspection, Mark, Opening, must_have
from queuedesk.core.quality.sheet import items_of
from queuedesk.core.quality.thanks import Forum


def _open(event: Event, board: Board) -> None:
    data = event.data
    case = _opened(
        event,
        data,
        data["number"],
        title=data.get("title") or "",
        source=data.get("source", UNTOLD_SOURCE),
        ref=data.get("ref"),
        about=data.get("about"),
        about_date=_day(data.get("about_date")),
        concerns=tuple(data.get("concerns") or ()),
        words=data.get("words"),
        contact=data.get("contact"),
        contact_until=_day(data.get("contact_until")),
        asked=bool(data.get("asked")),
    )
    board.put(CASES, case)


def open_rated(event: Event, board: Board) -> None:
    """Open the case that a low rating brings with it, by the hall's rule; none for a login that is not told."""
    data, given = event.data, event.data.get("case")
    if not given:
        return
    case = _opened(
        event,
        given,
        rated_number(date.fromisoformat(given["date"]), event.seq),
        title="",
        source=RATING,
        about=event.ticket,
        about_date=date.fromisoformat(data["date"]),
        concerns=tuple(given["concerns"]),
        words=data.get("comment"),
        withheld=True,
    )
    board.put(CASES, case)


def _opened(event: Event, data: Mapping[str, Any], number: str, **rest: Any) -> Case:
    """Return a case as it is opened: class, owner and days of `data`."""
    return Case(
        seq=event.seq,
        number=number,
        date=date.fromisoformat(data["date"]),
        opened=event.time,
        by=event.actor,
        klass=data["class"],
        owner=data.get("owner"),
        state=CaseState.OPENED,
        since=event.time,
        contact_due=date.fromisoformat(data["contact_due"]),
        act_due=date.fromisoformat(data["act_due"]),
        answer_due=date.fromisoformat(data["answer_due"]),
        limit=date.fromisoformat(data["limit"]),
        history=(Entry(event.seq, event.time, event.actor, "open"),),
        **rest,
    )


def _step(event: Event, board: Board) -> None:
    data = event.data
    if "untold" in data:
        return
    case = board.get(CASES, data["of"])
    due = None
    if data.get("limit"):
        act, answer, limit = (date.fromisoformat(data[name]) for name in ("act_due", "answer_due", "limit"))
        due = CaseDeadlines(case.contact_due, act, answer, limit)
    step = Step(data["step"])
    verdict = Verdict(data["verdict"]) if data.get("verdict") else None
    result = Outcome(data["result"]) if step is Step.CLOSE else data.get("result")
    case = case.stepped(
        step, Entry(event.seq, event.time, event.actor, str(step), data.get("text"), result, verdict), due=due
    )
    if until := _day(data.get("contact_until")):
        case = replace(case, contact_until=until)
    board.put(CASES, case)


def _owner(event: Event, board: Board) -> None:
    data = event.data
    if "untold" in data:
        return
    shown, owner = data.get("case"), data.get("owner")
    if shown is not None and board.find(CASES, data["of"]) is None:
        board.put(CASES, convert(shown, Case))
    case = board.get(CASES, data["of"])
    if shown is not None:
        case = replace(case, withheld=False)
    entry = Entry(event.seq, event.time, event.actor, "owner", result=owner)
    board.put(CASES, replace(case.entered(entry), owner=owner))


def _note(event: Event, board: Board) -> None:
    data = event.data
    if "untold" in data:
        return
    case = board.get(CASES, data["of"])
    if "shown" in data:
        case = case.entered(Entry(event.seq, event.time, event.actor, "shown"))
    elif "asked" in data:
        case = replace(
            case.entered(Entry(event.seq, event.time, event.actor, "consent")),
            asked=data["asked"],
            contact=data.get("contact"),
            contact_until=_day(data.get("contact_until")),
        )
    elif "cites" in data:
        case = case.entered(Entry(event.seq, event.time, event.actor, CITE, data["text"], data["cites"]))
    else:
        case = case.entered(Entry(event.seq, event.time, event.actor, "note", data["text"]))
    board.put(CASES, case)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


CASE_CHANGES: Mapping[str, Callable[[Event, Any], None]] = {
    "case-open": _open,
    "case-step": _step,
    "case-owner": _owner,
    "case-note": _note,
}
OPENS_OR_CHANGES_CASES: Mapping[str, Callable[[Event, Any], None]] = {**CASE_CHANGES, "rate": open_rated}
"""What each kind of event does to cases alone."""


# -- comments: those that were spoken, and those that were read --------------------------------------------------------


def _comment(event: Event, board: Board) -> None:
    data = event.data
    board.put(
        SPOKEN_COMMENTS,
        SpokenComment(
            seq=event.seq,
            date=date.fromisoformat(data["date"]),
            time=event.time,
            klass=data.get("class", ""),
            day=date.fromisoformat(data["day"]) if "day" in data else None,
            ticket=data.get("about"),
            comment=data.get("comment", ""),
            by=event.actor,
        ),
    )


def _read(event: Event, board: Board) -> None:
    data = event.data
    board.put(
        READ_COMMENTS,
        ReadComment(
            id=data["comment"],
            date=date.fromisoformat(data["date"]),
            time=event.time,
            by=event.actor,
            read=data["read"],
        ),
    )


COMMENT_CHANGES = {"comment": _comment, "comment-read": _read}


# -- what events about inspections, and what is to be put right, change -----------------------------------------------


def _inspection_plan(event: Event, board: Board) -> None:
    data = event.data
    if "dropped" in data:
        inspection = board.get(INSPECTIONS, data["of"])
        board.put(INSPECTIONS, replace(inspection, dropped=event.time, reason=data.get("reason")))
        return
    board.put(
        INSPECTIONS,
        Inspection(
            seq=event.seq,
            date=date.fromisoformat(data["day"]),
            channel=data["channel"],
            sheet=data["sheet"],
            by=event.actor,
            planned=True,
            **_looker(event),
        ),
    )


def _inspection_start(event: Event, board: Board) -> None:
    data = event.data
    day = date.fromisoformat(data["date"])
    if "of" in data:
        begun = replace(board.get(INSPECTIONS, data["of"]), date=day)
    else:
        begun = Inspection(
            seq=event.seq,
            date=day,
            channel=data["channel"],
            sheet=data["sheet"],
            by=event.actor,
            planned=False,
            **_looker(event),
        )
    board.put(
        INSPECTIONS,
        replace(
            begun,
            sheet=data["sheet"],
            version=data["version"],
            name=data["name"],
            name_en=data["name_en"],
            items=items_of(data["items"]),
            started=event.time,
        ),
    )


def _looker(event: Event) -> dict[str, Any]:
    data = event.data
    return {"staff": data.get("who"), "visitor": data.get("visitor"), "outsider": data.get("outsider")}


def _inspection_score(event: Event, board: Board) -> None:
    data = event.data
    mark = _mark(data)
    inspection = board.get(INSPECTIONS, data["of"])
    must_have(inspection.items, mark)
    board.put(INSPECTIONS, inspection.marked(mark))


def _mark(data: Mapping[str, Any]) -> Mark:
    return Mark(
        item=data["item"],
        taken=data.get("taken"),
        reasons=tuple(data.get("why") or ()),
        words=data.get("words"),
        photos=tuple(data.get("photos") or ()),
    )


def _inspection_tie(event: Event, board: Board) -> None:
    data = event.data
    visit = (date.fromisoformat(data["day"]), data["label"]) if data.get("label") else None
    inspection = board.get(INSPECTIONS, data["of"])
    board.put(INSPECTIONS, replace(inspection, visit=visit, claimed_s=data.get("claimed_s")))


def _inspection_sign(event: Event, board: Board) -> None:
    inspection = board.get(INSPECTIONS, event.data["of"])
    board.put(INSPECTIONS, replace(inspection, signed=event.time, signed_by=event.actor))


def _fix(event: Event, board: Board) -> None:
    data, now, who = event.data, event.time, event.actor
    if "of" not in data:
        board.put(
            RECTIFICATIONS,
            Rectification(
                seq=event.seq,
                date=date.fromisoformat(data["date"]),
                issue=data["issue"],
                owner=data["owner"],
                due=date.fromisoformat(data["due"]),
                by=who,
                inspection=data.get("inspection"),
                item=data.get("item"),
            ),
        )
        return
    rectification = board.get(RECTIFICATIONS, data["of"])
    if "proof" in data:
        rectification = rectification.proven(now, who, data["proof"])
    elif "good" in data:
        rectification = rectification.looked(now, who, good=data["good"])
    else:
        rectification = replace(rectification, reminded=now)
    board.put(RECTIFICATIONS, rectification)


def _fix_as_told(event: Event, board: Board) -> None:
    """Change what is to be put right as far as this PC's login is told; of an earlier program's it is told nothing."""
    if "untold" not in event.data or any(name in event.data for name in ("issue", "proof", "good", "reminded")):
        _fix(event, board)


def if_told(change: Callable[[Event, Any], None]) -> Callable[[Event, Any], None]:
    """Leave a board as it is where this PC's login is not told what the event holds."""

    def apply(event: Event, board: Board) -> None:
        if "untold" not in event.data:
            change(event, board)

    return apply


def _forum(event: Event, board: Board) -> None:
    data = event.data
    if "case" in data:
        forum = board.get(FORUMS, data["of"])
        if forum.issue(data["issue"]) is None:
            raise KeyError(FORUMS.name, data["of"])
        board.put(FORUMS, forum.followed(data["issue"], data["case"]))
    elif "of" in data:
        board.put(FORUMS, board.get(FORUMS, data["of"]).said(data["words"]))
    else:
        day, held = (date.fromisoformat(data[name]) for name in ("date", "day"))
        attendees, about = data["attendees"], data.get("words")
        board.put(FORUMS, Forum(seq=event.seq, date=day, day=held, attendees=attendees, about=about, by=event.actor))


FORUM_CHANGES: dict[str, Callable[[Event, Any], None]] = {"forum": _forum}

INSPECTION_CHANGES: dict[str, Callable[[Event, Any], None]] = {
    kind: if_told(change)
    for kind, change in {
        "inspect-plan": _inspection_plan,
        "inspect-start": _inspection_start,
        "inspect-score": _inspection_score,
        "inspect-tie": _inspection_tie,
        "inspect-sign": _inspection_sign,
    }.items()
} | {"inspect-fix": _fix_as_told, "fix-proof": _fix}


# -- the morning -------------------------------------------------------------------------------------------------------


def _briefing(event: Event, board: Board) -> None:
    data = event.data
    if "read" in data:
        known = board.get(BRIEFINGS, data["read"])
        board.put(BRIEFINGS, known.read(event.time, event.actor))
        return
    board.put(
        BRIEFINGS,
        Briefing(
            seq=event.seq,
            date=date.fromisoformat(data["date"]),
            time=event.time,
            by=event.actor,
            version=data["version"],
            text=data["text"],
            text_en=data.get("text_en"),
        ),
    )


def _opening(event: Event, board: Board) -> None:
    data = event.data
    items, marks = items_of(data["items"]), tuple(map(_mark, data["marks"]))
    for mark in marks:
        must_have(items, mark)
    board.put(
        OPENINGS,
        Opening(
            seq=event.seq,
            date=date.fromisoformat(data["date"]),
            time=event.time,
            by=event.actor,
            what=data["what"],
            sheet=data["sheet"],
            version=data["version"],
            name=data["name"],
            name_en=data.get("name_en") or "",
            items=items,
            marks=marks,
            temperature=data.get("temperature"),
            humidity=data.get("humidity"),
        ),
    )


MORNING_CHANGES: dict[str, Callable[[Event, Any], None]] = {"briefing": _briefing, "opening": _opening}


# -- disputed rows of the person's sheets ------------------------------------------------------------------------------


def _dispute(event: Event, board: Board) -> None:
    data = event.data
    board.put(
        DISPUTES,
        Dispute(
            seq=event.seq,
            date=date.fromisoformat(data["date"]),
            time=event.time,
            by=event.actor,
            staff=event.staff or "",
            month=date.fromisoformat(data["month"]),
            item=data["item"],
            row=data.get("row"),
            rated=data.get("rated", "" if data.get("untold") else None),
            words=data["words"],
        ),
    )


def _decide(event: Event, board: Board) -> None:
    data = event.data
    dispute = board.get(DISPUTES, data["of"])
    board.put(DISPUTES, dispute.decide(event.time, event.actor, data["words"], excluded=data["excluded"]))


def _close(event: Event, board: Board) -> None:
    data = event.data
    board.put(
        CLOSINGS,
        Closing(
            seq=event.seq,
            date=date.fromisoformat(data["date"]),
            time=event.time,
            by=event.actor,
            month=date.fromisoformat(data["month"]),
            version=data["version"],
            rows=data["rows"],
            told=data["told"],
        ),
    )


SHEET_CHANGES: Mapping[str, Callable[[Event, Any], None]] = {
    "sheet-dispute": _dispute,
    "sheet-decide": _decide,
    "sheet-close": _close,
}


# -- training ---------------------------------------------------------------------------------------------------------


def _training(event: Event, board: Board) -> None:
    data = event.data
    if "of" in data:
        board.put(TRAININGS, replace(board.get(TRAININGS, data["of"]), dropped=event.time))
        return
    board.put(
        TRAININGS,
        Training(
            seq=event.seq,
            date=date.fromisoformat(data["date"]),
            day=date.fromisoformat(data["day"]),
            minutes=data["minutes"],
            attended=tuple(data["attended"]),
            words=data["words"],
            by=event.actor,
            led=data.get("led"),
            need=data.get("need"),
            service=event.service,
            limit_min=data.get("limit_min"),
            need_from=_day(data.get("from")),
            need_to=_day(data.get("to")),
        ),
    )


def _name(event: Event, board: Board) -> None:
    data = event.data
    board.put(
        NAMED_NEEDS,
        NamedNeed(
            seq=event.seq,
            date=date.fromisoformat(data["date"]),
            time=event.time,
            by=event.actor,
            staff=event.staff or "",
            need=data["need"],
            service=event.service,
            reason=data["reason"],
            first=date.fromisoformat(data["from"]),
            last=date.fromisoformat(data["to"]),
            n=data["n"],
            of=data["all"],
        ),
    )


def _named_seen(event: Event, board: Board) -> None:
    board.put(NAMED_NEEDS, replace(board.get(NAMED_NEEDS, event.data["seen"]), seen=event.time))


TRAINING_CHANGES: dict[str, Callable[[Event, Any], None]] = {
    "training": _training,
    "training-name": _name,
    "training-seen": _named_seen,
}
