"""What a restore, a merge or a repair would change, what a check found and what was set aside, and whether a log is
still the one that a sheet was printed from, in sentences."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from queuedesk.core import upkeep
from queuedesk.core.errors import OutsideError
from queuedesk.core.figures.periods import DAY, WEEK, CalendarPeriod
from queuedesk.core.log.event import BAD_TIME, MISSING, NO_DATA, REFERS, TWICE, UNKNOWN_KIND, WRONG_TYPE, EventFault
from queuedesk.core.setup.rows import Setup
from queuedesk.i18n import moments, names, refusals
from queuedesk.i18n.catalogue import _, current_language, mark, n_, ntr, tr
from queuedesk.i18n.figures.figure_titles import calendar_period_name
from queuedesk.i18n.talk import device_down_cause_words

NAMED = 12
"""So many tickets are named, and the others counted."""
_MINUTE, _HOUR, _DAY = 60, 3600, 86400

Row = Mapping[str, Any]


def restore_preview_lines(row: Row) -> list[str]:
    """Return what restoring the backup would change in one hall: what is lost, what comes back."""
    hall = row["hall"]
    states = {
        "same": _("{hall}: the backup holds what is here; nothing would change but the numbers.", hall=hall),
        "new": _("{hall} is not here now and would come.", hall=hall),
        "gone": _("{hall} is not in the backup and would go away whole.", hall=hall),
        "other": _(
            "{hall}: the backup is of another hall with the same code; all that is here would go away.", hall=hall
        ),
        "unreadable": _("{hall}: what is here can't be read, so what would be lost is unknown.", hall=hall),
    }
    lines = [states[row["state"]]] if row["state"] in states else []
    if row["lost"]["events"]:
        lines.append(_lost_records_text(hall, row["lost"]))
        lines += [_("Tickets that would be lost: {tickets}", tickets=t) for t in _ticket_lines(row["lost"])]
        lines += _lost_setup_changes_lines(row["lost"])
    if row["back"]["events"]:
        lines.append(_returning_records_text(hall, row["back"]))
        if row["state"] != "new":
            lines += [_("Tickets that would come back: {tickets}", tickets=t) for t in _ticket_lines(row["back"])]
    return lines


def _lost_records_text(hall: str, part: Row) -> str:
    return n_(
        "{hall}: {n} record would be lost, from {start} to {end}.",
        "{hall}: {n} records would be lost, from {start} to {end}.",
        part["events"],
        hall=hall,
        start=moment_text(part["from"]),
        end=moment_text(part["to"]),
    )


def _returning_records_text(hall: str, part: Row) -> str:
    return n_(
        "{hall}: {n} record would come back, from {start} to {end}.",
        "{hall}: {n} records would come back, from {start} to {end}.",
        part["events"],
        hall=hall,
        start=moment_text(part["from"]),
        end=moment_text(part["to"]),
    )


def _lost_setup_changes_lines(part: Row) -> list[str]:
    if not part["set_ups"]:
        return []
    return [
        n_(
            "{n} change of the set-up would be lost with it.",
            "{n} changes of the set-up would be lost with it.",
            part["set_ups"],
        )
    ]


def _ticket_lines(part: Row) -> list[str]:
    """Return the tickets of a part by date, the last date's by name; nothing where there are none."""
    days: Sequence[Row] = part["days"]
    if not days:
        return []
    last = days[-1]["date"]
    named = [row["ticket"] for row in part["tickets"] if row["date"] == last]
    told = moments.list_text(named) if len(named) <= NAMED and len(named) == days[-1]["tickets"] else ""
    texts = [_ticket_count_or_names_line(day, told if day is days[-1] else "") for day in days[-NAMED:]]
    return [" · ".join(texts)]


def _ticket_count_or_names_line(day: Row, named: str) -> str:
    date = moments.date_long(datetime.fromisoformat(day["date"]))
    if named:
        return _("{date}: {tickets}", context="preview", date=date, tickets=named)
    return n_("{date}: {n} ticket", "{date}: {n} tickets", day["tickets"], context="preview", date=date)


def merge_preview_lines(row: Row) -> list[str]:
    """Return what merging a log adds to one hall."""
    hall, comes = row["hall"], row["comes"]
    if row["state"] in ("same", "older"):
        return [_("{hall}: everything in the file is here already; nothing would change.", hall=hall)]
    if row["state"] == "parted":
        return []
    first, last = moment_text(comes["from"]), moment_text(comes["to"])
    if row["state"] == "new":
        line = n_(
            "{hall} is not here yet and would come with {n} record, from {start} to {end}.",
            "{hall} is not here yet and would come with {n} records, from {start} to {end}.",
            comes["events"],
            hall=hall,
            start=first,
            end=last,
        )
    else:
        line = n_(
            "{hall}: {n} record would be added, from {start} to {end}.",
            "{hall}: {n} records would be added, from {start} to {end}.",
            comes["events"],
            hall=hall,
            start=first,
            end=last,
        )
    return [line, *(_("Tickets that would come: {tickets}", tickets=t) for t in _ticket_lines(comes))]


def restore_result_lines(document: Row) -> list[str]:
    """Return what restoring a backup has changed: what is lost, how numbers continue, where the replaced data is
    kept."""
    lines = []
    for hall in document["halls"]:
        since = datetime.fromisoformat(hall["lost_since"])
        named = {"hall": hall["hall"], "date": moments.date_long(since), "time": moments.time_hm(since)}
        if document["copy"]:
            lines.append(_("{hall}: what was logged after {date} {time} is lost.", **named))
        else:
            lines.append(_("{hall}: what was logged after {date} {time} is not in the backup.", **named))
        if hall["series"]:
            numbers = moments.list_text([f"{prefix}{number:03d}" for prefix, number in hall["series"].items()])
            lines.append(_("Numbers go on at {numbers}.", numbers=numbers))
    if "pins" in document.get("without", ()):
        lines.append(_("The backup holds no PINs. Please check under People who has one, and set them again."))
    if document["copy"]:
        lines.append(_("What was there before is kept in {path}.", path=document["copy"]))
    return lines


def merge_result_lines(document: Row) -> list[str]:
    """Return what merging a log has added."""
    return [_hall_merge_result_line(row) for row in document["halls"]]


def _hall_merge_result_line(row: Row) -> str:
    hall, added = row["hall"], row["added"]
    if row["new"]:
        return n_("{hall} is new here, with {n} event.", "{hall} is new here, with {n} events.", added, hall=hall)
    if added:
        return n_("{hall}: {n} event added.", "{hall}: {n} events added.", added, hall=hall)
    return _("{hall}: everything up to event {n} was here already; nothing was changed.", hall=hall, n=row["seq"])


def merge_caution_lines(document: Row) -> list[str]:
    """Return the cautions of a log that is, or was, merged; the kept answer of an earlier program may have none."""
    return [merge_caution_line(row["hall"], note) for row in document["halls"] for note in row.get("notes", ())]


def merge_caution_line(hall: str, note: Row) -> str:
    """Return one caution about a log that is merged."""
    code = note["code"]
    if code == "parted":
        return _(
            "{hall}: from record {n} on the two logs tell different stories, so nothing can be taken in.",
            hall=hall,
            n=note["seq"],
        )
    if code == "timezone":
        return _(
            "{hall} keeps the time of {there}, the halls here that of {here}: days begin and end at other moments.",
            hall=hall,
            there=note["there"],
            here=moments.list_text(note["here"]),
        )
    if code == "skew":
        return _(
            "{hall}: a clock there was {span} wrong while it worked; its times may be off by as much.",
            hall=hall,
            span=seconds_in_largest_unit(abs(note["seconds"])),
        )
    if code == "ahead":
        return _(
            "{hall}: its last record is {span} ahead of this PC's clock; one of the two clocks is wrong.",
            hall=hall,
            span=seconds_in_largest_unit(note["seconds"]),
        )
    return _(
        "{hall}: nothing is recorded between {start} and {end}.",
        hall=hall,
        start=moment_text(note["from"]),
        end=moment_text(note["to"]),
    )


def moment_text(iso: str) -> str:
    """Return a moment's date and time as given, as a person reads them."""
    moment = datetime.fromisoformat(iso)
    return f"{moments.date_long(moment)} {moments.time_hm(moment)}"


def seconds_in_largest_unit(seconds: int) -> str:
    """Return a length of time in its largest whole unit."""
    if seconds >= _DAY:
        return n_("{n} day", "{n} days", seconds // _DAY, context="span")
    if seconds >= _HOUR:
        return n_("{n} hour", "{n} hours", seconds // _HOUR, context="span")
    return n_("{n} minute", "{n} minutes", max(1, seconds // _MINUTE), context="span")


GOOD = {
    "integrity": mark("The database is whole."),
    "chain": mark("The log is unbroken up to number {what}."),
    "tables": mark("Every table agrees with the log."),
    "beside": mark("The data stored with the log agrees with it."),
    "unread": mark("Events of what is not installed here are kept in the log, unread ({what})."),
}
NOT_GOOD = {
    "integrity": mark("The database is damaged: {what}"),
    "chain": mark("The log does not fit together at number {what}: it was changed."),
    "tables": mark("These tables do not agree with the log: {what}"),
    "beside": mark("The data stored with the log holds impossible values: {what}"),
    "pins": mark("These people had a PIN that is not here; please give them a new one: {what}"),
    "halls": mark("The list of halls cannot be read ({what})."),
}

# Numbers of the log count what happened: only who may read the log is told any.
_GOOD_UNCOUNTED = {
    **GOOD,
    "chain": mark("The log is unbroken."),
    "unread": mark("Events of what is not installed here are kept in the log, unread."),
}
_NOT_GOOD_UNCOUNTED = {**NOT_GOOD, "chain": mark("The log does not fit together: it was changed.")}


def doctor_finding_text(
    name: str,
    status: str,
    what: str,
    error: OutsideError | None = None,
    lang: str | None = None,
    *,
    counted: bool = True,
) -> str:
    """Return the sentence of a check by its name; `error` says why it could not be done. Without `counted` it has no
    number of the log."""
    if error is not None:
        return refusals.error_sentence(error, lang)
    good, not_good = (GOOD, NOT_GOOD) if counted else (_GOOD_UNCOUNTED, _NOT_GOOD_UNCOUNTED)
    return tr(lang or current_language(), (good if status == "ok" else not_good)[name], what=what)


# -- what a repair would do and what it did, in sentences ------------------------------------------------------------


def repair_plan_lines(rebuilt: Sequence[str], backup: object, left: Iterable[tuple[str, str]]) -> list[str]:
    """Return what a repair would do; `left` are the names of the remaining findings, each with what was found."""
    lines = []
    if backup is not None:
        lines.append(
            _(
                "The hall is rebuilt from the backup {file}, then from what is still readable; today's numbers go on at the next hundred.",
                file=backup,
            )
        )
    else:
        lines += [_("{hall}: the tables are rebuilt from the log.", hall=hall) for hall in rebuilt]
    return [
        *lines,
        *(_("Can't be repaired: {what}", what=doctor_finding_text(name, "failed", what)) for name, what in left),
    ]


def repair_done_lines(done: Mapping[str, Any]) -> list[str]:
    """Return what was done and how to undo it."""
    if done["copy"]:
        return [_("Done. What was there is kept in {file}.", file=done["copy"])]
    return [_("Done.")]


# -- events that were set aside, in words: which, why, and what to do ------------------------------------------------

MOST_NAMED = 5
_WHY = {
    UNKNOWN_KIND: mark("of a kind that this version does not know"),
    BAD_TIME: mark("of a time that can't be"),
    NO_DATA: mark("without data that can be read"),
    MISSING: mark("lacks “{field}”"),
    WRONG_TYPE: mark("“{field}” says something else"),
    REFERS: mark("about something that is not there"),
    TWICE: mark("a number that was given out before"),
}


def set_aside_events_list(aside: Mapping[int, EventFault], lang: str | None = None) -> str:
    """Return the first few events by number with the reason: "no. 231 (of a kind that this version does not know), no.
    240 (…)"."""
    lang = lang or current_language()
    named = [
        tr(lang, "no. {number} ({why})", context="event", number=seq, why=_fault_reason(fault, lang))
        for seq, fault in sorted(aside.items())[:MOST_NAMED]
    ]
    return moments.list_text([*named, "…"] if len(aside) > MOST_NAMED else named, lang)


def _fault_reason(fault: EventFault, lang: str) -> str:
    return tr(lang, _WHY[fault.code], field=fault.field)


def set_aside_events_sentence(aside: Mapping[int, EventFault], lang: str | None = None, *, counted: bool = True) -> str:
    """Return which events were set aside, without `counted` only the reasons, and what to do."""
    said = lang or current_language()
    reasons = dict.fromkeys(_fault_reason(fault, said) for _seq, fault in sorted(aside.items()))
    return tr(
        lang or current_language(),
        "Events of the log that can't be read are not counted; everything else continues: {what}. If another PC has a newer version, install it here too; otherwise show this to whoever looks after QueueDesk.",
        what=set_aside_events_list(aside, lang) if counted else moments.list_text(list(reasons), said),
    )


def hall_backups_line(hall: Mapping[str, Any]) -> str:
    """Return what is known of a hall's backups in a line."""
    code, trouble = hall["hall"], hall["trouble"]
    if hall["proven"] is None:
        text = _("{hall}: no checked backup yet.", hall=code)
        trouble = None if trouble == "backup_none" else trouble
    else:
        text = _(
            "{hall}: checked on {moment}, kept in {folder}.",
            hall=code,
            moment=moment_text(hall["proven"]),
            folder=hall["place"],
        )
    return f"{text} ! {device_down_cause_words(trouble)}" if trouble else text


def report_dates_text(span: CalendarPeriod, lang: str) -> str:
    """Return a report's dates with the year: "19 November 2026", "Quarter 4 of 2026"."""
    if span.period == DAY:
        return moments.date_long(span.first, lang)
    if span.period == WEEK:
        return moments.figure_range(moments.date_long(span.first, lang), moments.date_long(span.last, lang))
    return calendar_period_name(span.period, span.first, span.last, lang)


def why_sheet_invalid_text(
    standing: upkeep.SheetCheckResult, lang: str | None = None, local: Callable[[datetime], datetime] | None = None
) -> str:
    """Return why a sheet is no longer valid; `local` converts a moment to the hall's clock."""
    lang = lang or current_language()
    if standing.word == upkeep.SHORTER and standing.seq is not None:
        missing = standing.seq - standing.last
        return ntr(
            lang,
            "The log ends at event {last}: {n} event is missing.",
            "The log ends at event {last}: {n} events are missing.",
            missing,
            last=names.whole_number_text(standing.last),
        )
    if standing.word == upkeep.BROKEN:
        return tr(
            lang,
            "The log does not follow from itself at event {at}: it was changed.",
            at=names.whole_number_text(standing.at or 0),
        )
    if standing.since is not None:
        moment = local(standing.since.at) if local is not None else standing.since.at
        return tr(
            lang,
            "A backup was restored on {date} at {time}. If nobody here knows of that, the log was changed.",
            date=moments.date_long(moment, lang),
            time=moments.time_hm(moment),
        )
    return tr(lang, "Another event is there now: the log was changed.")


def sheet_check_result_text(
    hall: str,
    standing: upkeep.SheetCheckResult,
    lang: str | None = None,
    local: Callable[[datetime], datetime] | None = None,
) -> str:
    """Return the result of comparing a sheet with a hall."""
    lang = lang or current_language()
    if standing.word == upkeep.UNKNOWN or standing.seq is None:
        return tr(
            lang,
            "This sheet of an earlier QueueDesk fits no event of {hall}: it is another hall's, or the log was changed since.",
            hall=hall,
        )
    seq = names.whole_number_text(standing.seq)
    if standing.word == upkeep.HOLDS:
        return tr(
            lang,
            "It still holds: up to event {seq} the log of {hall} is the one this was printed from.",
            seq=seq,
            hall=hall,
        )
    if standing.word == upkeep.OTHER:
        return tr(
            lang,
            "This is not of {hall}, whose log starts differently: it is another hall's, or the whole log was rewritten.",
            hall=hall,
        )
    if standing.word == upkeep.PUT_BACK:
        told = tr(lang, "What this was printed from, up to event {seq} of {hall}, is gone.", seq=seq, hall=hall)
    else:
        told = tr(
            lang,
            "It no longer holds: the log of {hall} up to event {seq} is not the one this was printed from.",
            seq=seq,
            hall=hall,
        )
    return tr(lang, "{one} {other}", context="sentences", one=told, other=why_sheet_invalid_text(standing, lang, local))


def invalid_kept_reports_markup(fallen: Sequence[upkeep.KeptReportCheck], lang: str) -> str:
    """Return that kept reports are no longer valid, naming the first of them; the main point is between <b> and
    </b>."""
    first = fallen[0]
    return ntr(
        lang,
        "<b>A kept report no longer holds:</b> that of {span}, up to event {seq}. {why}",
        "<b>{n} kept reports no longer hold,</b> first that of {span}, up to event {seq}. {why}",
        len(fallen),
        span=report_dates_text(first.span, lang),
        seq=names.whole_number_text(first.seq),
        why=why_sheet_invalid_text(first.standing, lang),
    )


def reports_telling_of_gone_events_text(formers: upkeep.ReportChecks, setup: Setup, lang: str) -> str:
    """Return how many kept reports describe what was lost when a backup was restored."""
    gone = formers.reports_on_lost_events
    return ntr(
        lang,
        "{n} kept report tells of events that are gone. {why}",
        "{n} kept reports tell of events that are gone. {why}",
        len(gone),
        why=why_sheet_invalid_text(gone[-1].standing, lang, setup.to_hall_time),
    )


def kept_reports_doctor_result(formers: upkeep.ReportChecks, setup: Setup, lang: str | None = None) -> tuple[str, str]:
    """Return whether kept reports are still valid, as doctor says it: ok, warning or failed, and a sentence."""
    lang = lang or current_language()
    if formers.broken_reports:
        return "failed", invalid_kept_reports_markup(formers.broken_reports, lang).replace("<b>", "").replace(
            "</b>", ""
        )
    if formers.reports_on_lost_events:
        return "warning", reports_telling_of_gone_events_text(formers, setup, lang)
    if formers.others:
        text = ntr(
            lang,
            "{n} kept report is of another log: a hall {hall} was set up again, or its log was rewritten from the first event.",
            "{n} kept reports are of another log: a hall {hall} was set up again, or its log was rewritten from the first event.",
            formers.others,
            hall=setup.hall.code,
        )
        return "warning", text
    if not formers.kept:
        return "ok", tr(lang, "No report of this hall is kept on this PC.")
    return "ok", ntr(lang, "{n} kept report still holds.", "All {n} kept reports still hold.", len(formers.kept))
