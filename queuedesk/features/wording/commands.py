"""The commands about trials of words on a kiosk's key or in a notice."""

from __future__ import annotations

from typing import Any

from queuedesk.cli.command_table import CommandList, parse_code, parse_date, parse_nonempty_text, parse_whole_number
from queuedesk.cli.job import CommandJob, Document, handler_for_function
from queuedesk.core.network.roles import ReadScope
from queuedesk.i18n import _


def register_commands(commands: CommandList) -> None:
    """Add the group `wording`."""
    group = commands.add_group("wording")
    key = group.add_command(
        "start",
        _("try another name of a kiosk button on every second date"),
        handler_for_function("features.wording.verbs:start_name_trial", _trial_line, label_en="en"),
    )
    key.add_argument("service", type=parse_code, metavar="SERVICE")
    notice = group.add_command("notice", _("try other words of a notice on every second date"), _start_notice_trial)
    notice.add_argument("notice", type=parse_whole_number, metavar="N")
    notice.add_argument(
        "--for", dest="services", type=parse_code, metavar="A,B", help=_("judged by these services' tickets")
    )
    for starting in (key, notice):
        starting.add_argument("label", type=parse_nonempty_text, metavar="TEXT")
        starting.add_argument("--en", type=parse_nonempty_text, metavar="TEXT", help=_("the same in English"))
        starting.add_argument("--from", dest="first", type=parse_date, metavar="D", help=_("from this date on"))
        starting.add_argument(
            "--weeks", type=parse_whole_number, default=4, metavar="N", help=_("for 2, 4, 6 or 8 weeks, 4 if not given")
        )
    for name, words, use in (
        ("stop", _("end one before its time; the old words stay"), None),
        ("keep", _("end one and keep the old words"), False),
        ("use", _("end one and use the new words from now on"), True),
    ):
        group.add_command(
            name,
            words,
            handler_for_function("features.wording.verbs:end_wording_trial", _trial_line, number="wording"),
            use=use,
        ).add_argument("wording", type=parse_whole_number, metavar="N")
    group.add_command("list", _("show all, with what they say"), _list_trials, reads=ReadScope.FIGURES)
    group.add_command("show", _("show one, date by date"), _show_trial, reads=ReadScope.FIGURES).add_argument(
        "wording", type=parse_whole_number, metavar="N"
    )


def _start_notice_trial(job: CommandJob) -> int:
    from queuedesk.features.wording import verbs

    args = job.args
    document = verbs.start_notice_trial(
        job.desk(),
        job.new_change_ask(),
        args.notice,
        args.label,
        args.en or "",
        services=[one.strip() for one in (args.services or "").split(",") if one.strip()],
        first=args.first,
        weeks=args.weeks,
    )
    return job.print_answer(document, _trial_line(document))


def _trial_line(document: Document) -> str:
    return _("{number}  {service}  {old} or {new}  {first} to {last}", **_trial_line_fields(document))


def _trial_line_fields(document: Document) -> dict[str, Any]:
    return {
        "number": document["wording"],
        "service": document["service"] or ",".join(document["services"]) or "-",
        "old": document["old"]["name"],
        "new": document["new"]["name"],
        "first": document["from"],
        "last": document["to"],
    }


def _list_trials(job: CommandJob) -> int:
    from queuedesk.desk.looking import business_date_of_change
    from queuedesk.features.wording import verbs
    from queuedesk.features.wording.words import (
        new_wording,
        old_wording,
        trial_state_text,
        trial_subject_text,
        trial_verdict_text,
    )

    found = verbs.trials_with_data(job.desk(), job.now())
    on = business_date_of_change(job.desk(), job.now())
    lines = []
    for tried in found:
        one = tried.trial
        words = (trial_subject_text(job.setup(), one), old_wording(one), new_wording(one))
        lines.append("  ".join((str(one.seq), *words, trial_state_text(one, on), trial_verdict_text(tried.found))))
    return job.print_answer(
        {"wordings": [verbs.trial_document(one) for one in found]}, "\n".join(lines) or _("No trial.")
    )


def _show_trial(job: CommandJob) -> int:
    from queuedesk.core.errors import RuleError
    from queuedesk.features.wording import verbs
    from queuedesk.features.wording.rules import WordingVerdict
    from queuedesk.features.wording.words import (
        left_out_dates_text,
        old_words_gone_text,
        trial_verdict_text,
        wording_dates_text,
        wrong_window_rate_text,
    )

    found = next(
        (one for one in verbs.trials_with_data(job.desk(), job.now()) if one.trial.seq == job.args.wording), None
    )
    if found is None:
        raise RuleError("not_there", kind="wording", code=str(job.args.wording))
    trial, judged = found.trial, found.found
    is_early = judged.verdict is WordingVerdict.EARLY
    sides = [] if is_early else [wrong_window_rate_text(judged.old), wrong_window_rate_text(judged.new)]
    lines = [wording_dates_text(trial), *sides, trial_verdict_text(judged)]
    lines += filter(None, [left_out_dates_text(trial, found.left_out)])
    if trial.is_open and not found.stands:
        lines.append(old_words_gone_text(trial))
    words = {"old": _("old words"), "new": _("new words")}
    lines += [
        "  ".join((str(one.day), words[one.which], *([] if is_early else [f"{one.wrong} / {one.of}"])))
        for one in found.dates
    ]
    return job.print_answer(verbs.trial_document(found), "\n".join(lines))
