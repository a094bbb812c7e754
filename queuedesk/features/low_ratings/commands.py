"""The commands about what customers say: why ratings are low, and comments in their own words."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from queuedesk.cli.command_table import (
    CommandList,
    parse_code,
    parse_date,
    parse_nonempty_text,
    parse_ticket_number,
    parse_whole_number,
)
from queuedesk.cli.job import CommandJob, Document, handler_for_function
from queuedesk.core.network.roles import ReadScope
from queuedesk.i18n import _, moment_short, n_

if TYPE_CHECKING:
    from datetime import date

    from queuedesk.core.figures.satisfaction import ShareWithInterval
    from queuedesk.core.quality.case import CustomerComment
    from queuedesk.core.quality.figures import RatingReasonsAndAnswers, ReasonOrQuestionRow
    from queuedesk.core.setup.rows import Setup

DAYS = 28


def register_commands(commands: CommandList) -> None:
    """Add quality."""
    from queuedesk.core.quality.case import CLASSES, COMMENT_COMPLAINT
    from queuedesk.core.quality.figures import DIMENSIONS, SERVICE

    group = commands.add_group("quality")
    why = group.add_command(
        "why", _("why ratings are low, with intervals"), _show_low_rating_causes, reads=ReadScope.FIGURES
    )
    why.add_argument("--by", choices=DIMENSIONS, default=SERVICE, help=_("what they are counted by"))
    for name in DIMENSIONS:
        kind = parse_whole_number if name == "hour" else parse_nonempty_text if name == "item" else parse_code
        why.add_argument(
            f"--{name}", dest=f"only_{name}", type=kind, metavar=name.upper(), help=_("only ratings of this one")
        )
    comments = group.add_command(
        "comments", _("what customers said in their own words"), _list_comments, reads=ReadScope.FIGURES
    )
    comments.add_argument("--unread", action="store_true", help=_("only those that nobody marked as read"))
    comments.add_argument("--search", metavar="WORDS", help=_("only those with these words, or about this ticket"))
    for one in (why, comments):
        one.add_argument("--from", dest="first", type=parse_date, metavar="D", help=_("four weeks back if not given"))
        one.add_argument("--to", dest="last", type=parse_date, metavar="D", help=_("today if not given"))
    read = group.add_command("read", _("mark a comment as read"), _mark_comment_read)
    read.add_argument("comment_id", type=parse_code, metavar="COMMENT")
    read.add_argument("--undo", action="store_true", help=_("take the mark back"))
    forget = group.add_command("forget", _("delete a customer's words for good"), _forget_customer_words)
    forget.add_argument("named", type=parse_code, metavar="N", help=_("a comment, a case, thanks or a forum"))
    note = group.add_command(
        "note",
        _("note what a customer says"),
        handler_for_function(
            "quality.thanking.record_spoken_comment",
            lambda _done: _("Noted for the manager."),
            text="comment",
            ticket="about",
        ),
    )
    note.add_argument("comment", type=parse_nonempty_text, metavar="TEXT", help=_("in the customer's words"))
    note.add_argument("--class", dest="klass", choices=CLASSES, default=COMMENT_COMPLAINT, help=_("what it is"))
    note.add_argument("--ticket", dest="about", type=parse_ticket_number, metavar="T", help=_("the ticket it is about"))
    note.add_argument(
        "--date", dest="day", type=parse_date, metavar="D", help=_("the ticket's date, today if not given")
    )


def _forget_customer_words(job: CommandJob) -> int:
    from queuedesk.core.errors import OutsideError
    from queuedesk.desk.quality import casework
    from queuedesk.i18n.quality import older_backups_text, title_stays_text

    done = casework.delete_words_of_comment_or_case(job.desk(), job.new_change_ask(), job.args.named)
    try:
        known = casework.deleted_words_backups_document(job.services.backups().backups_document(job.desk().db))
    except OutsideError:
        known = casework.deleted_words_backups_document({"backups": [], "copies": []})
    lines = [n_("{n} text forgotten", "{n} texts forgotten", done["forgotten"]), older_backups_text(known)]
    return job.print_answer(
        done | {"backups": known}, "\n".join(filter(None, [*lines, title_stays_text(done["title"])]))
    )


def _dates_from_arguments(job: CommandJob) -> tuple[date, date]:
    from queuedesk.core.errors import RuleError

    last = job.args.last or job.today()
    first = job.args.first or last - timedelta(days=DAYS - 1)
    if first > last:
        raise RuleError("bad_value", field="from", value=first.isoformat(), why="out_of_range")
    return first, last


def _show_low_rating_causes(job: CommandJob) -> int:
    from queuedesk.core.quality.figures import DIMENSIONS, count_reasons_and_answers, is_visit_meeting_conditions
    from queuedesk.desk.quality import hearing

    first, last = _dates_from_arguments(job)
    asked = {name: getattr(job.args, f"only_{name}") for name in DIMENSIONS}
    chosen = tuple(
        (name, f"{value:02}:00" if name == "hour" else value) for name, value in asked.items() if value is not None
    )
    rated = hearing.rated_visits(job.desk(), first, last, job.now())
    found = count_reasons_and_answers((one for one in rated if is_visit_meeting_conditions(one, chosen)), job.args.by)
    document = {"from": first.isoformat(), "to": last.isoformat(), **rating_reasons_document(found)}
    return job.print_answer(document, _low_ratings_text(job.setup(), found))


def _low_ratings_text(setup: Setup, found: RatingReasonsAndAnswers) -> str:
    from queuedesk.core.quality.figures import FEWEST
    from queuedesk.i18n.figures.figure_titles import rating_reason_words
    from queuedesk.i18n.names import percent_text
    from queuedesk.i18n.quality import rating_group_name, rating_question_words, time_at_window_words

    if not found.n:
        return _("Nobody rated in these dates.")
    lines = [n_("{n} rating, {low} of them low", "{n} ratings, {low} of them low", found.n, low=found.low)]
    rows = [(rating_reason_words(row.key), row) for row in found.reasons]
    rows += [(rating_question_words(row.key), row) for row in found.questions]
    for words, row in rows:
        lines.append(f"{words}: {row.n}")
        for name, one in row.shares.items():
            if one.rate is not None and one.low is not None and one.high is not None:
                rate, low, high = (percent_text(share) for share in (one.rate, one.low, one.high))
                shares = _("{rate} % ({low} to {high})", rate=rate, low=low, high=high)
                lines.append(f"  {rating_group_name(setup, found.by, name)}: {shares}, {one.n}/{one.of}")
    few = [rating_group_name(setup, found.by, name) for name, n in found.groups.items() if n < FEWEST]
    if few:
        lines.append(_("No share of fewer than {n} ratings: {names}", n=FEWEST, names=", ".join(few)))
    for band, one in found.stretch.items():
        lines.append(f"{time_at_window_words(band)}: {one.n}/{one.of}")
    return "\n".join(lines)


def _list_comments(job: CommandJob) -> int:
    from queuedesk.desk.quality import hearing

    found = hearing.comments_between(job.desk(), *_dates_from_arguments(job))
    found = [
        one for one in found if not (job.args.unread and one.is_read) and one.is_match_for_words(job.args.search or "")
    ]
    rows = hearing.comment_rows(job.desk(), found)
    setup = job.setup()
    text = "\n".join(_comment_text(setup, one) for one in found)
    return job.print_answer({"comments": rows}, text or _("No comments."))


def _comment_text(setup: Setup, one: CustomerComment) -> str:
    from queuedesk.i18n.quality import comment_source_text

    local = setup.to_hall_time(one.time)
    label = one.ticket.label if one.ticket else "–"
    mark = "" if one.is_read else "* "
    when = moment_short(local)
    return f"{mark}{one.id} {when} {label} {comment_source_text(setup, one)}: {one.text}"


def _mark_comment_read(job: CommandJob) -> int:
    from queuedesk.desk.quality import thanking

    document = thanking.mark_comment_read(job.desk(), job.new_change_ask(), job.args.comment_id, read=not job.args.undo)
    return job.print_answer(document, _("Marked as read.") if document["read"] else _("No longer marked as read."))


def rating_reasons_document(why: RatingReasonsAndAnswers) -> Document:
    """Return reasons and answers as JSON for scripts: shares from 0 to 1 with six decimals."""
    return {
        "ratings": why.n,
        "low": why.low,
        "by": why.by,
        "groups": [{"name": name, "n": n} for name, n in why.groups.items()],
        "reasons": [_reason_or_question_document("tag", row) for row in why.reasons],
        "questions": [_reason_or_question_document("question", row) for row in why.questions],
        "stretch": [{"band": band, **_share_document(share)} for band, share in why.stretch.items()],
    }


def _reason_or_question_document(key: str, row: ReasonOrQuestionRow) -> Document:
    return {
        key: row.key,
        "n": row.n,
        "groups": [{"name": name, **_share_document(share)} for name, share in row.shares.items()],
    }


def _share_document(share: ShareWithInterval) -> Document:
    values = {"rate": share.rate, "low": share.low, "high": share.high}
    rounded = {name: None if value is None else round(value, 6) for name, value in values.items()}
    return {"n": share.n, "of": share.of, **rounded}
