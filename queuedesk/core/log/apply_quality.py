"""The changes of events about comments, cases, inspections, forums, the morning, monthly sheets and training."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from msgspec import convert
from msgspec.structs import replace

from queuedesk.core.appraisal import AppraisalMonthClosing, PersonBehindNeedRequest, SheetDispute, TrainingSession
from queuedesk.core.log import state as log_state
from queuedesk.core.log.event import Event
from queuedesk.core.quality import case as cases
from queuedesk.core.quality import inspection as inspections
from queuedesk.core.quality.sheet import sheet_items_from_rows
from queuedesk.core.quality.thanks import Forum


def _apply_case_open(event: Event, board: log_state.EventTargetBoard) -> None:
    data = event.data
    case = _build_new_case(
        event,
        data,
        data["number"],
        title=data.get("title") or "",
        source=data.get("source", cases.UNTOLD_SOURCE),
        ref=data.get("ref"),
        about=data.get("about"),
        about_date=_parse_optional_date(data.get("about_date")),
        concerns=tuple(data.get("concerns") or ()),
        words=data.get("words"),
        contact=data.get("contact"),
        contact_until=_parse_optional_date(data.get("contact_until")),
        asked=bool(data.get("asked")),
    )
    board.put_record(log_state.CASES, case)


def open_case_of_low_rating(event: Event, board: log_state.EventTargetBoard) -> None:
    """Open the case of a low rating, if the rating's event holds one (some logins do not receive it)."""
    data, given = event.data, event.data.get("case")
    if not given:
        return
    case = _build_new_case(
        event,
        given,
        cases.low_rating_case_number(date.fromisoformat(given["date"]), event.seq),
        title="",
        source=cases.RATING,
        about=event.ticket,
        about_date=date.fromisoformat(data["date"]),
        concerns=tuple(given["concerns"]),
        words=data.get("comment"),
        withheld=True,
    )
    board.put_record(log_state.CASES, case)


def _build_new_case(event: Event, data: Mapping[str, Any], number: str, **rest: Any) -> cases.Case:
    """Build a new case with class, owner and deadlines from `data`."""
    return cases.Case(
        seq=event.seq,
        number=number,
        date=date.fromisoformat(data["date"]),
        opened=event.time,
        by=event.actor,
        klass=data["class"],
        owner=data.get("owner"),
        state=cases.CaseState.OPENED,
        since=event.time,
        contact_due=date.fromisoformat(data["contact_due"]),
        act_due=date.fromisoformat(data["act_due"]),
        answer_due=date.fromisoformat(data["answer_due"]),
        limit=date.fromisoformat(data["limit"]),
        history=(cases.CaseHistoryEntry(event.seq, event.time, event.actor, "open"),),
        **rest,
    )


def _apply_case_step(event: Event, board: log_state.EventTargetBoard) -> None:
    data = event.data
    if "untold" in data:
        return
    case = board.get_record(log_state.CASES, data["of"])
    due = None
    if data.get("limit"):
        act, answer, limit = (date.fromisoformat(data[name]) for name in ("act_due", "answer_due", "limit"))
        due = cases.CaseDeadlines(case.contact_due, act, answer, limit)
    step = cases.CaseStep(data["step"])
    verdict = cases.CustomerVerdict(data["verdict"]) if data.get("verdict") else None
    result = cases.CaseOutcome(data["result"]) if step is cases.CaseStep.CLOSE else data.get("result")
    case = case.after_step(
        step,
        cases.CaseHistoryEntry(event.seq, event.time, event.actor, str(step), data.get("text"), result, verdict),
        due=due,
    )
    if until := _parse_optional_date(data.get("contact_until")):
        case = replace(case, contact_until=until)
    board.put_record(log_state.CASES, case)


def _apply_case_owner(event: Event, board: log_state.EventTargetBoard) -> None:
    data = event.data
    if "untold" in data:
        return
    whole_case, owner = data.get("case"), data.get("owner")
    if whole_case is not None and board.find_record(log_state.CASES, data["of"]) is None:
        board.put_record(log_state.CASES, convert(whole_case, cases.Case))
    case = board.get_record(log_state.CASES, data["of"])
    if whole_case is not None:
        case = replace(case, withheld=False)
    entry = cases.CaseHistoryEntry(event.seq, event.time, event.actor, "owner", result=owner)
    board.put_record(log_state.CASES, replace(case.with_history_entry(entry), owner=owner))


def _apply_case_note(event: Event, board: log_state.EventTargetBoard) -> None:
    data = event.data
    if "untold" in data:
        return
    case = board.get_record(log_state.CASES, data["of"])
    if "shown" in data:
        case = case.with_history_entry(cases.CaseHistoryEntry(event.seq, event.time, event.actor, "shown"))
    elif "asked" in data:
        case = replace(
            case.with_history_entry(cases.CaseHistoryEntry(event.seq, event.time, event.actor, "consent")),
            asked=data["asked"],
            contact=data.get("contact"),
            contact_until=_parse_optional_date(data.get("contact_until")),
        )
    elif "cites" in data:
        case = case.with_history_entry(
            cases.CaseHistoryEntry(event.seq, event.time, event.actor, cases.CITE, data["text"], data["cites"])
        )
    else:
        case = case.with_history_entry(cases.CaseHistoryEntry(event.seq, event.time, event.actor, "note", data["text"]))
    board.put_record(log_state.CASES, case)


def _parse_optional_date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


CASE_CHANGES: Mapping[str, Callable[[Event, Any], None]] = {
    "case-open": _apply_case_open,
    "case-step": _apply_case_step,
    "case-owner": _apply_case_owner,
    "case-note": _apply_case_note,
}
OPENS_OR_CHANGES_CASES: Mapping[str, Callable[[Event, Any], None]] = {**CASE_CHANGES, "rate": open_case_of_low_rating}
"""The change that each kind of event makes to cases."""


# -- spoken comments, and marks that a comment was read ----------------------------------------------------------------


def _apply_spoken_comment(event: Event, board: log_state.EventTargetBoard) -> None:
    data = event.data
    board.put_record(
        log_state.SPOKEN_COMMENTS,
        cases.SpokenComment(
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


def _apply_comment_read(event: Event, board: log_state.EventTargetBoard) -> None:
    data = event.data
    board.put_record(
        log_state.READ_COMMENTS,
        cases.CommentReadMark(
            id=data["comment"],
            date=date.fromisoformat(data["date"]),
            time=event.time,
            by=event.actor,
            read=data["read"],
        ),
    )


COMMENT_CHANGES = {"comment": _apply_spoken_comment, "comment-read": _apply_comment_read}


# -- inspections, rectifications, forums -------------------------------------------------------------------------------


def _apply_inspection_plan(event: Event, board: log_state.EventTargetBoard) -> None:
    data = event.data
    if "dropped" in data:
        inspection = board.get_record(log_state.INSPECTIONS, data["of"])
        board.put_record(log_state.INSPECTIONS, replace(inspection, dropped=event.time, reason=data.get("reason")))
        return
    board.put_record(
        log_state.INSPECTIONS,
        inspections.Inspection(
            seq=event.seq,
            date=date.fromisoformat(data["day"]),
            channel=data["channel"],
            sheet=data["sheet"],
            by=event.actor,
            planned=True,
            **_inspector_fields(event),
        ),
    )


def _apply_inspection_start(event: Event, board: log_state.EventTargetBoard) -> None:
    data = event.data
    day = date.fromisoformat(data["date"])
    if "of" in data:
        begun = replace(board.get_record(log_state.INSPECTIONS, data["of"]), date=day)
    else:
        begun = inspections.Inspection(
            seq=event.seq,
            date=day,
            channel=data["channel"],
            sheet=data["sheet"],
            by=event.actor,
            planned=False,
            **_inspector_fields(event),
        )
    board.put_record(
        log_state.INSPECTIONS,
        replace(
            begun,
            sheet=data["sheet"],
            version=data["version"],
            name=data["name"],
            name_en=data["name_en"],
            items=sheet_items_from_rows(data["items"]),
            started=event.time,
        ),
    )


def _inspector_fields(event: Event) -> dict[str, Any]:
    data = event.data
    return {"staff": data.get("who"), "visitor": data.get("visitor"), "outsider": data.get("outsider")}


def _apply_inspection_mark(event: Event, board: log_state.EventTargetBoard) -> None:
    data = event.data
    mark = _inspection_item_from_data(data)
    inspection = board.get_record(log_state.INSPECTIONS, data["of"])
    inspections.require_valid_mark(inspection.items, mark)
    board.put_record(log_state.INSPECTIONS, inspection.with_item_mark(mark))


def _inspection_item_from_data(data: Mapping[str, Any]) -> inspections.InspectionItemResult:
    return inspections.InspectionItemResult(
        item=data["item"],
        taken=data.get("taken"),
        reasons=tuple(data.get("why") or ()),
        words=data.get("words"),
        photos=tuple(data.get("photos") or ()),
    )


def _apply_inspection_visit(event: Event, board: log_state.EventTargetBoard) -> None:
    data = event.data
    visit = (date.fromisoformat(data["day"]), data["label"]) if data.get("label") else None
    inspection = board.get_record(log_state.INSPECTIONS, data["of"])
    board.put_record(log_state.INSPECTIONS, replace(inspection, visit=visit, claimed_s=data.get("claimed_s")))


def _apply_inspection_signature(event: Event, board: log_state.EventTargetBoard) -> None:
    inspection = board.get_record(log_state.INSPECTIONS, event.data["of"])
    board.put_record(log_state.INSPECTIONS, replace(inspection, signed=event.time, signed_by=event.actor))


def _apply_rectification(event: Event, board: log_state.EventTargetBoard) -> None:
    data, now, who = event.data, event.time, event.actor
    if "of" not in data:
        board.put_record(
            log_state.RECTIFICATIONS,
            cases.Rectification(
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
    rectification = board.get_record(log_state.RECTIFICATIONS, data["of"])
    if "proof" in data:
        rectification = rectification.with_owner_proof(now, who, data["proof"])
    elif "good" in data:
        rectification = rectification.with_second_look(now, who, good=data["good"])
    else:
        rectification = replace(rectification, reminded=now)
    board.put_record(log_state.RECTIFICATIONS, rectification)


def _apply_rectification_unless_withheld(event: Event, board: log_state.EventTargetBoard) -> None:
    """Apply a rectification unless its data are withheld from this PC's login."""
    if "untold" not in event.data or any(name in event.data for name in ("issue", "proof", "good", "reminded")):
        _apply_rectification(event, board)


def wrap_to_skip_withheld_data(change: Callable[[Event, Any], None]) -> Callable[[Event, Any], None]:
    """Wrap a change so that it does nothing if this PC's login does not receive the event's data."""

    def apply_unless_withheld(event: Event, board: log_state.EventTargetBoard) -> None:
        if "untold" not in event.data:
            change(event, board)

    return apply_unless_withheld


def _apply_forum(event: Event, board: log_state.EventTargetBoard) -> None:
    data = event.data
    if "case" in data:
        forum = board.get_record(log_state.FORUMS, data["of"])
        if forum.issue_by_number(data["issue"]) is None:
            raise KeyError(log_state.FORUMS.name, data["of"])
        board.put_record(log_state.FORUMS, forum.with_issue_case(data["issue"], data["case"]))
    elif "of" in data:
        board.put_record(
            log_state.FORUMS, board.get_record(log_state.FORUMS, data["of"]).with_issue_added(data["words"])
        )
    else:
        day, held = (date.fromisoformat(data[name]) for name in ("date", "day"))
        attendees, about = data["attendees"], data.get("words")
        board.put_record(
            log_state.FORUMS, Forum(seq=event.seq, date=day, day=held, attendees=attendees, about=about, by=event.actor)
        )


FORUM_CHANGES: dict[str, Callable[[Event, Any], None]] = {"forum": _apply_forum}

INSPECTION_CHANGES: dict[str, Callable[[Event, Any], None]] = {
    kind: wrap_to_skip_withheld_data(change)
    for kind, change in {
        "inspect-plan": _apply_inspection_plan,
        "inspect-start": _apply_inspection_start,
        "inspect-score": _apply_inspection_mark,
        "inspect-tie": _apply_inspection_visit,
        "inspect-sign": _apply_inspection_signature,
    }.items()
} | {"inspect-fix": _apply_rectification_unless_withheld, "fix-proof": _apply_rectification}


# -- the morning -------------------------------------------------------------------------------------------------------


def _apply_briefing(event: Event, board: log_state.EventTargetBoard) -> None:
    data = event.data
    if "read" in data:
        briefing = board.get_record(log_state.BRIEFINGS, data["read"])
        board.put_record(log_state.BRIEFINGS, briefing.read(event.time, event.actor))
        return
    board.put_record(
        log_state.BRIEFINGS,
        inspections.Briefing(
            seq=event.seq,
            date=date.fromisoformat(data["date"]),
            time=event.time,
            by=event.actor,
            version=data["version"],
            text=data["text"],
            text_en=data.get("text_en"),
        ),
    )


def _apply_signed_opening_check_event(event: Event, board: log_state.EventTargetBoard) -> None:
    data = event.data
    items, marks = sheet_items_from_rows(data["items"]), tuple(map(_inspection_item_from_data, data["marks"]))
    for mark in marks:
        inspections.require_valid_mark(items, mark)
    board.put_record(
        log_state.OPENINGS,
        inspections.SignedOpeningOrClosing(
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


MORNING_CHANGES: dict[str, Callable[[Event, Any], None]] = {
    "briefing": _apply_briefing,
    "opening": _apply_signed_opening_check_event,
}


# -- disputes and closings of the monthly sheets -----------------------------------------------------------------------


def _apply_dispute(event: Event, board: log_state.EventTargetBoard) -> None:
    data = event.data
    board.put_record(
        log_state.DISPUTES,
        SheetDispute(
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


def _apply_dispute_decision(event: Event, board: log_state.EventTargetBoard) -> None:
    data = event.data
    dispute = board.get_record(log_state.DISPUTES, data["of"])
    board.put_record(
        log_state.DISPUTES, dispute.with_decision(event.time, event.actor, data["words"], excluded=data["excluded"])
    )


def _apply_appraisal_month_closing(event: Event, board: log_state.EventTargetBoard) -> None:
    data = event.data
    board.put_record(
        log_state.CLOSINGS,
        AppraisalMonthClosing(
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
    "sheet-dispute": _apply_dispute,
    "sheet-decide": _apply_dispute_decision,
    "sheet-close": _apply_appraisal_month_closing,
}


# -- training ---------------------------------------------------------------------------------------------------------


def _apply_training(event: Event, board: log_state.EventTargetBoard) -> None:
    data = event.data
    if "of" in data:
        board.put_record(
            log_state.TRAININGS, replace(board.get_record(log_state.TRAININGS, data["of"]), dropped=event.time)
        )
        return
    board.put_record(
        log_state.TRAININGS,
        TrainingSession(
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
            need_from=_parse_optional_date(data.get("from")),
            need_to=_parse_optional_date(data.get("to")),
        ),
    )


def _apply_need_person_request(event: Event, board: log_state.EventTargetBoard) -> None:
    data = event.data
    board.put_record(
        log_state.NAMED_NEEDS,
        PersonBehindNeedRequest(
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


def _apply_named_need_seen(event: Event, board: log_state.EventTargetBoard) -> None:
    board.put_record(
        log_state.NAMED_NEEDS, replace(board.get_record(log_state.NAMED_NEEDS, event.data["seen"]), seen=event.time)
    )


TRAINING_CHANGES: dict[str, Callable[[Event, Any], None]] = {
    "training": _apply_training,
    "training-name": _apply_need_person_request,
    "training-seen": _apply_named_need_seen,
}
