"""Words of cases, comments, warnings and inspections, and what others say of improvement projects too.

Of cases: classes, states, steps, what comes next, where a case came from, when it is due; and of forgetting. Where a
customer's words are forgotten, it is said what older backups hold, and what stays in the log. Of comments: kinds,
where they came from, what ratings are counted by. Of inspections: channels, states, what is missing. Of projects:
steps, verdicts, what became standard, an effect that fades.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from queuedesk.core.features import HallFeatureChoice, features_used_by_hall, manager_page_keys_of_feature
from queuedesk.core.figures.comparing import MINUTES, NOTHING
from queuedesk.core.improvement.following import is_minutes_figure_path
from queuedesk.core.quality import case as cases
from queuedesk.core.quality import figures as quality_figures
from queuedesk.core.setup.file import HALL_RULES
from queuedesk.core.setup.rows import Setup
from queuedesk.i18n import moments, names
from queuedesk.i18n.catalogue import _, current_language, mark, n_, ntr, tr
from queuedesk.i18n.figures.figure_titles import date_range_or_period_name, figure_title, rating_reason_words
from queuedesk.i18n.moments import date_long, date_short, duration_text, list_text, time_hm
from queuedesk.i18n.names import decimal_text, percent_text, staff_name
from queuedesk.i18n.talk import device_down_cause_words, place_words

_CLASSES = {
    "repair": mark("Repair", context="case class"),
    "complaint": mark("Complaint", context="case class"),
    "enquiry": mark("Enquiry", context="case class"),
    "consult": mark("Advice", context="case class"),
    "praise": mark("Praise", context="case class"),
}
_STATES = {
    "opened": mark("Opened", context="case"),
    "contacted": mark("Contacted", context="case"),
    "acted": mark("Acted", context="case"),
    "called_back": mark("Called back", context="case"),
    "closed": mark("Closed", context="case"),
    "reopened": mark("Reopened", context="case"),
}
_STEPS = {
    "contacted": mark("Contact", context="case step"),
    "acted": mark("Act", context="case step"),
    "called_back": mark("Call back", context="case step"),
    "closed": mark("Close", context="case step"),
}
_NEXT = {
    "contact": mark("contact the customer", context="case"),
    "act": mark("act", context="case"),
    "call-back": mark("call the customer back", context="case"),
    "verdict": mark("note the customer's verdict", context="case"),
    "close": mark("close the case", context="case"),
}
_SOURCES = {
    "rating": mark("from a rating", context="case"),
    "ticket": mark("from a ticket", context="case"),
    "comment": mark("from a comment", context="case"),
    "spoken": mark("spoken to somebody", context="case"),
    "help": mark("from a call for help", context="case"),
    "wait": mark("waited longer than estimated", context="case"),
    "inspection": mark("from an inspection", context="case"),
    "forum": mark("from a forum", context="case"),
}
_NONE = {
    "cases": mark("cases", context="nothing of"),
    "inspections": mark("inspections", context="nothing of"),
    "comments": mark("comments", context="nothing of"),
    "warnings": mark("warnings", context="nothing of"),
    "thanks": mark("thanks", context="nothing of"),
    "forums": mark("forums", context="nothing of"),
}
_ENTRIES = {
    "open": mark("Opened", context="case history"),
    "contact": mark("Contacted the customer", context="case history"),
    "act": mark("Acted", context="case history"),
    "call-back": mark("Called back", context="case history"),
    "no_answer": mark("Called back, no answer", context="case history"),
    "verdict": mark("The customer's verdict", context="case history"),
    "close": mark("Closed", context="case history"),
    "reopen": mark("Opened again", context="case history"),
    "note": mark("Note", context="case history"),
    "cite": mark("Cited", context="case history"),
    "shown": mark("Looked at the contact", context="case history"),
    "consent": mark("Asked for a contact", context="case history"),
}
QUALITY_EVENTS = {
    "sheet-dispute": mark("Row of a sheet disputed", context="event"),
    "sheet-close": mark("Month of sheets closed", context="event"),
    "sheet-decide": mark("Disputed row decided", context="event"),
    "comment": mark("Customer's words", context="event"),
    "comment-read": mark("Comment read", context="event"),
    "case-open": mark("Case opened", context="event"),
    "case-step": mark("Step of a case", context="event"),
    "case-owner": mark("Case handed over", context="event"),
    "case-note": mark("Note on a case", context="event"),
    "inspect-plan": mark("Inspection planned", context="event"),
    "inspect-start": mark("Inspection begun", context="event"),
    "inspect-score": mark("Item looked at", context="event"),
    "inspect-tie": mark("Mystery visit and its ticket", context="event"),
    "inspect-sign": mark("Inspection signed", context="event"),
    "inspect-fix": mark("To put right", context="event"),
    "fix-proof": mark("Proof that it is put right", context="event"),
    "forum": mark("Forum", context="event"),
    "briefing": mark("Briefing", context="event"),
    "opening": mark("Hall signed open or closed", context="event"),
    "project-open": mark("Project opened", context="event"),
    "project-set": mark("Step of a project", context="event"),
    "project-cause": mark("Cause in a project", context="event"),
    "project-evidence": mark("Evidence in a project", context="event"),
    "project-judge": mark("Cause judged", context="event"),
    "project-measure": mark("Measure of a project", context="event"),
    "project-standard": mark("Measure made standard", context="event"),
    "project-end": mark("Project ended", context="event"),
    "wording": mark("Trial of words", context="event"),
    "training": mark("Training", context="event"),
    "training-name": mark("Named for training", context="event"),
    "training-seen": mark("Read that one was named", context="event"),
}
_OUTCOMES = {
    "satisfied": mark("satisfied", context="case"),
    "not_given": mark("would not say", context="case"),
    "not_reached": mark("not reached", context="case"),
    "no_contact": mark("nobody could be asked", context="case"),
    "dissatisfied": mark("still dissatisfied", context="case"),
}


def quality_pages_title(hall: HallFeatureChoice) -> str:
    """Return what the hall's managers call the pages of quality: where it uses nothing more, they are of complaints."""
    has_more = any(
        page.startswith("quality/")
        for one in features_used_by_hall(hall)
        if one.of_halls
        for page in manager_page_keys_of_feature(one)
    )
    return (
        tr(current_language(), "Quality", context="page")
        if has_more
        else tr(current_language(), "Complaints", context="page")
    )


def none_noted_sentence(figures: Collection[str], lang: str) -> str:
    """Return that nothing was noted of these figures of quality."""
    words = [tr(lang, word, context="nothing of") for figure, word in _NONE.items() if figure in figures]
    return tr(lang, "None in this time: {what}.", what=list_text(words, lang))


def no_quality_records_sentence(unused: Collection[str], lang: str) -> str:
    """Return that nothing at all was noted, but for the figures that a hall does not use."""
    used_ones = _NONE.keys() - unused
    if len(used_ones) < len(_NONE):
        return none_noted_sentence(used_ones, lang)
    return tr(lang, "No cases, comments, inspections, warnings, thanks or forums were noted in this time.")


def case_class_word(code: str, lang: str | None = None) -> str:
    """Return the word of a class; one of the hall's own is its word."""
    return tr(lang or current_language(), _CLASSES[code], context="case class") if code in _CLASSES else code


def case_state_word(state: str, lang: str | None = None, *, reopened: bool = False) -> str:
    return tr(
        lang or current_language(), _STATES["reopened" if reopened and state == "contacted" else state], context="case"
    )


def case_step_word(state: str, lang: str | None = None) -> str:
    """Return the word of a step that is still to be done, by the state that it leads to."""
    return tr(lang or current_language(), _STEPS[state], context="case step")


def next_case_step_words(step: str, lang: str | None = None) -> str:
    return tr(lang or current_language(), _NEXT[step], context="case")


def case_source_words(source: str, lang: str | None = None) -> str:
    return tr(lang or current_language(), _SOURCES[source], context="case")


def case_outcome_word(outcome: str, lang: str | None = None) -> str:
    """Return the word of an outcome or a verdict."""
    return tr(lang or current_language(), _OUTCOMES[outcome], context="case")


def case_history_line(step: str, result: str | None, verdict: str | None, lang: str | None = None) -> str:
    """Return one line of a case's history without what was written: `result` is what came of the step, or the new
    owner."""
    lang = lang or current_language()
    if step == "owner":
        return tr(lang, "Given to {staff}", staff=result or "–")
    word = tr(lang, _ENTRIES["no_answer" if result == "no_answer" else step], context="case history")
    said = verdict or (result if step == "close" else None)
    return tr(lang, "{step}: {result}", step=word, result=case_outcome_word(said, lang)) if said else word


def due_words(over: int, lang: str | None = None) -> str:
    """Return when something is due, in working days: `over` so many past its last day, negative: so many left."""
    lang = lang or current_language()
    if over > 0:
        return ntr(lang, "{n} working day over", "{n} working days over", over)
    if not over:
        return tr(lang, "today", context="case")
    return ntr(lang, "in {n} working day", "in {n} working days", -over)


def chosen_low_rating_reasons_text(reasons: Sequence[str], lang: str | None = None) -> str:
    """Return the reasons that a customer touched with a low rating."""
    lang = lang or current_language()
    words = list_text([rating_reason_words(reason, lang) for reason in reasons], lang)
    return tr(lang, "Reasons touched: {reasons}", reasons=words)


def case_title_or_origin(title: str, source: str | None, ticket: str | None, lang: str | None = None) -> str:
    """Return what a case is called in lists: its title, else its ticket or where it came from."""
    lang = lang or current_language()
    if title:
        return title
    if ticket and source == "rating":
        return tr(lang, "{ticket} rated low", ticket=ticket)
    if ticket:
        return tr(lang, "About {ticket}", ticket=ticket)
    if source:
        words = case_source_words(source, lang)
        return words[:1].upper() + words[1:]
    return tr(lang, "Without a title", context="case")


def missing_contact_reason(until: str | None, *, asked: bool, lang: str | None = None) -> str:
    """Return why a case has no contact: deleted after the date `until` which the customer allowed, never given, or
    nobody `asked` for one."""
    lang = lang or current_language()
    if until:
        return tr(lang, "The contact was deleted after {date}", date=date_short(date.fromisoformat(until), lang))
    return tr(lang, "The customer left no contact") if asked else tr(lang, "Nobody asked for a contact")


def older_backups_text(known: Mapping[str, Any]) -> str:
    """Return what backups that were made before still hold, and until when they are kept."""
    if not known["n"]:
        return _("Backups, exports and reports that were made before may still hold them; none is known on this PC.")
    return n_(
        "{n} backup that was made before may still hold them. Backups made by the program go by {date}; those made by hand, exports and reports stay until somebody deletes them.",
        "{n} backups that were made before may still hold them. Backups made by the program go by {date}; those made by hand, exports and reports stay until somebody deletes them.",
        known["n"],
        date=date_long(date.fromisoformat(known["until"])),
    )


def title_stays_text(title: str | None) -> str:
    """Return that a case's title stays, "" where there is none."""
    return _("The title “{title}” is in the log for good.", title=title) if title else ""


_COMMENT_CLASSES = {
    cases.COMMENT_COMPLAINT: mark("Complaint", context="comment"),
    cases.PRAISE: mark("Praise", context="comment"),
    cases.SUGGESTION: mark("Suggestion", context="comment"),
    cases.OTHER: mark("Something else", context="comment"),
}
_COMMENT_SOURCES = {
    cases.COMMENT_RATING: mark("with the rating", context="comment"),
    cases.OPINION: mark("without a number", context="comment"),
    cases.TYPED: mark("at the kiosk", context="comment"),
}
_QUESTIONS = {
    "attitude": mark("Attitude", context="figure title"),
    "competence": mark("Competence", context="figure title"),
}
_BY = {
    quality_figures.SERVICE: mark("By service", context="counted by"),
    quality_figures.WINDOW: mark("By window", context="counted by"),
    quality_figures.HOUR: mark("By hour", context="counted by"),
    quality_figures.CLASS: mark("By class", context="counted by"),
    quality_figures.ITEM: mark("By matter", context="counted by"),
}
_BANDS = dict(
    zip(
        quality_figures.BANDS,
        (
            mark("under 1 h without a break", context="stretch"),
            mark("1 to 2 h", context="stretch"),
            mark("over 2 h", context="stretch"),
        ),
        strict=True,
    )
)


def comment_class_word(klass: str, lang: str | None = None) -> str:
    return (
        tr(lang or current_language(), _COMMENT_CLASSES[klass], context="comment")
        if klass in _COMMENT_CLASSES
        else klass
    )


def comment_source_text(setup: Setup, comment: cases.CustomerComment, lang: str | None = None) -> str:
    """Return where a comment came from, and of a spoken one what it is and who noted it."""
    lang = lang or current_language()
    if comment.source == cases.COMMENT_SPOKEN:
        by = names.staff_name(setup, comment.by, lang) or comment.by
        return tr(lang, "{kind}, noted by {name}", kind=comment_class_word(comment.klass, lang), name=by)
    return tr(lang, _COMMENT_SOURCES[comment.source], context="comment")


def rating_question_words(question: str, lang: str | None = None) -> str:
    """Return briefly what one of the two further questions asks for."""
    return tr(lang or current_language(), _QUESTIONS[question], context="figure title")


def rating_grouping_words(by: str, lang: str | None = None) -> str:
    """Return what ratings are counted by."""
    return tr(lang or current_language(), _BY[by], context="counted by")


def time_at_window_words(band: str, lang: str | None = None) -> str:
    """Return how long somebody had been at a window."""
    return tr(lang or current_language(), _BANDS[band], context="stretch")


def rating_group_name(setup: Setup, by: str, name: str, lang: str | None = None) -> str:
    """Return the name of a group of ratings counted `by` one of DIMENSIONS."""
    lang = lang or current_language()
    if name == NOTHING:
        return tr(lang, "none named", context="counted by")
    if by == quality_figures.SERVICE:
        return names.service_name(setup, name, lang)
    if by == quality_figures.WINDOW:
        return names.window_name(name, lang)
    if by == quality_figures.CLASS:
        return names.priority_class_name(setup, name, lang)
    if by == quality_figures.ITEM:
        service, _slash, item = name.partition("/")
        return names.item_name(setup, service, item, lang)
    return name


def rating_conditions_text(setup: Setup, chosen: quality_figures.Chosen, lang: str | None = None) -> str:
    """Return which ratings meet all conditions of core.quality.figures: "Waited long, A Pay a bill"."""
    lang = lang or current_language()
    return list_text([_rating_filter_text(setup, what, value, lang) for what, value in chosen], lang)


def _rating_filter_text(setup: Setup, what: str, value: str, lang: str) -> str:
    if what == quality_figures.TAG:
        return rating_reason_words(value, lang)
    if what == quality_figures.STRETCH:
        return time_at_window_words(value, lang)
    if what == quality_figures.TICKET:
        return value
    if what not in (quality_figures.LOW, quality_figures.ANSWERED):
        return rating_group_name(setup, what, value, lang)
    if value == NOTHING:
        return tr(lang, "Rated low", context="ratings")
    word = rating_question_words(value, lang)
    return tr(lang, "{question}: answered low", question=word) if what == quality_figures.LOW else word


def asked_note_share_text(found: Mapping[str, Any], lang: str | None = None) -> str:
    """Return how many of the customers who were asked for a note by reference number have one."""
    share = percent_text(found["share"], 0)
    return tr(
        lang or current_language(),
        "{valid} of {asked} asked have a note ({share} %)",
        valid=found["valid"],
        asked=found["asked"],
        share=share,
    )


Row = Mapping[str, Any]
"""A warning as desk.talk.messaging.warnings_sent_to_staff_between gives it."""


def warning_delivery_text(setup: Setup, row: Row, lang: str | None = None) -> str:
    """Return who was warned, and where; of whom is responsible and was not signed in that, and who was warned instead;
    and what became of a slip that the hall's rule had printed."""
    lang = lang or current_language()
    told, slip = _warned_staff_text(setup, row, lang), row["slip"]
    if slip is None:
        return told
    if slip["cause"]:
        why = device_down_cause_words(slip["cause"], lang)
        return tr(lang, "{told}; not printed: {why}", told=told, why=why)
    at = time_hm(datetime.fromisoformat(slip["at"]))
    return tr(lang, "{told}; printed {time}", told=told, time=at)


def _warned_staff_text(setup: Setup, row: Row, lang: str) -> str:
    people = list_text([_staff_name_else_code(setup, code, lang) for code in row["people"]], lang)
    if row["told"] is None:
        return people
    told = list_text(
        [
            tr(
                lang,
                "{name} ({place})",
                context="warned",
                name=_staff_name_else_code(setup, one["staff"], lang),
                place=place_words(one["place"], lang),
            )
            for one in row["told"]
        ],
        lang,
    )
    if not row["instead"]:
        return told
    if not told:
        return tr(lang, "nobody: neither {people} nor a manager is signed in", people=people)
    return tr(lang, "{told}; {people} not signed in", told=told, people=people)


def warning_seen_text(setup: Setup, row: Row, lang: str | None = None) -> str:
    """Return who has seen a warning, when, and how long that took."""
    lang = lang or current_language()
    if row["acknowledged"]:
        return tr(
            lang,
            "{time} {name}, after {span}",
            context="warning",
            time=time_hm(datetime.fromisoformat(row["acknowledged"])),
            name=_staff_name_else_code(setup, row["by"], lang),
            span=duration_text(row["seconds"], lang),
        )
    return tr(lang, "over before it was marked as seen") if row["ended"] else tr(lang, "not seen yet")


def _staff_name_else_code(setup: Setup, code: str, lang: str) -> str:
    return staff_name(setup, code, lang) or code


_CHANNEL = {
    "open": mark("Open check", context="inspection"),
    "mystery": mark("Mystery visit", context="inspection"),
    "telephone": mark("Telephone", context="inspection"),
    "video": mark("Video", context="inspection"),
    "supervisor": mark("Outside supervisor", context="inspection"),
}
_STATE = {
    "planned": mark("Planned", context="inspection"),
    "running": mark("Running", context="inspection"),
    "done": mark("Done", context="inspection"),
    "dropped": mark("Cancelled", context="inspection"),
}
_FIX = {
    "open": mark("none yet", context="proof"),
    "proven": mark("waiting for a check", context="proof"),
    "closed": mark("Closed", context="proof"),
}


def inspection_channel_word(channel: str, lang: str | None = None) -> str:
    return tr(lang or current_language(), _CHANNEL[channel], context="inspection")


def inspection_state_word(state: str, lang: str | None = None) -> str:
    return tr(lang or current_language(), _STATE[state], context="inspection")


def fix_state_word(state: str, lang: str | None = None) -> str:
    return tr(lang or current_language(), _FIX[state], context="proof")


def sheet_name_with_version(name: str, version: int | None, lang: str | None = None) -> str:
    """Return a sheet's name with the version it is filled in by, if it has one."""
    return tr(lang or current_language(), "{sheet}, v{version}", sheet=name, version=version) if version else name


_PROJECT_STEPS = {
    "topic": mark("Topic", context="project"),
    "state": mark("Present state", context="project"),
    "target": mark("Target", context="project"),
    "causes": mark("Causes", context="project"),
    "evidence": mark("Evidence", context="project"),
    "measures": mark("Measures", context="project"),
    "effect": mark("Effect", context="project"),
    "standard": mark("Standard", context="project"),
}
_PLACES = {
    "opening": mark("Opening check", context="project"),
    "card": mark("Contingency card", context="project"),
    "rule": mark("Rule", context="project"),
    "briefing": mark("Briefing", context="project"),
    "nothing": mark("Nothing yet", context="project"),
}
_VERDICTS = {
    "better": mark("Better", context="project"),
    "worse": mark("Worse", context="project"),
    "more": mark("More", context="project"),
    "less": mark("Less", context="project"),
    "cannot_tell": mark("Can't tell", context="project"),
    "too_few": mark("Too few", context="project"),
    "met": mark("Reached", context="project"),
    "not_met": mark("Not reached", context="project"),
}
_ENDINGS = {"closed": mark("Closed", context="project"), "dropped": mark("Dropped", context="project")}


def project_step_word(step: str, lang: str | None = None) -> str:
    return tr(lang or current_language(), _PROJECT_STEPS[step], context="project")


def resulting_standard_word(place: str, lang: str | None = None) -> str:
    """Return what a measure becomes, as a word."""
    return tr(lang or current_language(), _PLACES[place], context="project")


def figure_value_with_unit(figure: str, value: float | None, lang: str | None = None) -> str:
    """Return a figure's value with its unit, as a target or an alarm line has it: "8.0 %", "12.5 min"."""
    if is_minutes_figure_path(figure):
        return tr(lang or current_language(), "{minutes} min", context="project", minutes=decimal_text(value))
    return f"{percent_text(value)} %"


def resulting_standard_text(made: Mapping[str, Any], setup: Setup, lang: str | None = None) -> str:
    """Return what a measure became, "Opening check", "Card · Full hall" or "Rule · Full hall 18"; that it waits for an
    admin is said."""
    said = lang or current_language()
    word = resulting_standard_word(made["place"], said)
    card, rule = setup.cards.get(made["ref"]), HALL_RULES.get(made["ref"])
    if made["place"] == "card" and card is not None:
        word = f"{word} · {moments.name_in_language(card.name, card.name_en, said)}"
    elif made["place"] == "rule" and rule is not None:
        name = tr(said, rule.title.text, context=rule.title.context)
        word = f"{word} · {name} {made['value']}".rstrip()
    if not made["asked"]:
        return word
    return tr(said, "{standard}: waits for an admin", context="project", standard=word)


def source_project_text(row: Mapping[str, Any], lang: str | None = None) -> str:
    return tr(
        lang or current_language(),
        "from project {number}: {title}",
        context="project",
        number=row["project"],
        title=row["title"],
    )


def project_verdict_word(verdict: str, lang: str | None = None) -> str:
    return tr(lang or current_language(), _VERDICTS[verdict], context="project")


def project_ending_word(ending: str, lang: str | None = None) -> str:
    return tr(lang or current_language(), _ENDINGS[ending], context="project")


def share_or_minutes_with_counts(part: Mapping[str, Any], lang: str | None = None) -> str:
    """Return "8.2 % (241 of 2,946)" of {"n", "of"}, "12.5 min (95 rows)" of {"n", "minutes"}, whose rows may lack."""
    if "minutes" in part:
        shown = decimal_text(part["minutes"])
        if "n" not in part:
            return tr(lang or current_language(), "{minutes} min", context="project", minutes=shown)
        return ntr(
            lang or current_language(),
            "{minutes} min ({shown} row)",
            "{minutes} min ({shown} rows)",
            part["n"],
            context="project",
            minutes=shown,
            shown=f"{part['n']:,}",
        )
    n, of = part["n"], part["of"]
    rate = percent_text(n / of) if of else "–"
    return tr(
        lang or current_language(), "{rate} % ({n} of {of})", context="project", rate=rate, n=f"{n:,}", of=f"{of:,}"
    )


def fading_effect_alert_text(row: Mapping[str, Any], setup: Setup, lang: str | None = None) -> str:
    said = lang or current_language()
    return tr(
        said,
        "The effect of project {number} fades: {figure} was {counted} in the week {dates}, beyond the line of {line}.",
        context="project",
        number=row["project"],
        figure=figure_title(row["figure"], setup, said),
        counted=share_or_minutes_with_counts(row, said),
        dates=date_range_or_period_name(date.fromisoformat(row["from"]), date.fromisoformat(row["to"]), said),
        line=figure_value_with_unit(row["figure"], row["alarm"], said),
    )


def difference_column_title(unit: str, lang: str) -> str:
    """Return the head of a column of differences with their intervals."""
    if unit == MINUTES:
        return tr(lang, "Difference, minutes, 95 % interval")
    return tr(lang, "Difference, points, 95 % interval")
