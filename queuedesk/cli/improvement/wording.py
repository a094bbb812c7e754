"""The commands about trials of words on a kiosk's key."""

from __future__ import annotations

from typing import Any

from queuedesk.cli.command_table import Listed
from queuedesk.cli.job import Document, Job
from queuedesk.cli.parser import code, day, number, plain
from queuedesk.core.network.roles import Read
from queuedesk.i18n import _


def add(commands: Listed) -> None:
    """Add the group `wording`."""
    group = commands.add_group("wording")
    starting = group.add("start", _("try another name on every second date"), _start)
    starting.add_argument("service", type=code, metavar="SERVICE")
    starting.add_argument("label", type=plain, metavar="TEXT")
    starting.add_argument("--en", type=plain, default="", metavar="TEXT", help=_("the same in English"))
    starting.add_argument("--from", dest="first", type=day, metavar="D", help=_("from this date on"))
    starting.add_argument(
        "--weeks", type=number, default=4, metavar="N", help=_("for 2, 4, 6 or 8 weeks, 4 if not given")
    )
    for name, words, use in (
        ("stop", _("end one before its time; the old name stays"), None),
        ("keep", _("end one and keep the old name"), False),
        ("use", _("end one and use the new name from now on"), True),
    ):
        group.add(name, words, _end, use=use).add_argument("wording", type=number, metavar="N")
    group.add("list", _("show all, with what they say"), _list, reads=Read.FIGURES)
    group.add("show", _("show one, date by date"), _show, reads=Read.FIGURES).add_argument(
        "wording", type=number, metavar="N"
    )


def _start(job: Job) -> int:
    from queuedesk.desk.improvement import wording

    args = job.args
    document = wording.start_wording(
        job.desk(), job.ask(), args.service, args.label, args.en, first=args.first, weeks=args.weeks
    )
    told = _("{number}  {service}  {old} or {new}  {first} to {last}", **_named(document))
    return job.answer(document, told)


def _named(document: Document) -> dict[str, Any]:
    return {
        "number": document["wording"],
        "service": document["service"],
        "old": document["old"]["name"],
        "new": document["new"]["name"],
        "first": document["from"],
        "last": document["to"],
    }


def _end(job: Job) -> int:
    from queuedesk.desk.improvement import wording

    document = wording.end_wording(job.desk(), job.ask(), job.args.wording, use=job.args.use)
    return job.answer(document, _("{number}  {service}  {old} or {new}  {first} to {last}", **_named(document)))


def _list(job: Job) -> int:
    from queuedesk.desk.improvement import wording
    from queuedesk.desk.looking import today
    from queuedesk.i18n.improvement.wording_words import new_name, old_name, state_text, verdict_text

    found = wording.trials(job.desk(), job.now())
    on = today(job.desk(), job.now())
    lines = [
        "  ".join((str(one.seq), one.service, old_name(one), new_name(one), state_text(one, on), verdict_text(judged)))
        for one, judged, _dates in found
    ]
    return job.answer({"wordings": [wording.document_of(*one) for one in found]}, "\n".join(lines) or _("No trial."))


def _show(job: Job) -> int:
    from queuedesk.core.errors import RuleError
    from queuedesk.desk.improvement import wording
    from queuedesk.i18n.improvement.wording_words import days_text, side_text, verdict_text

    found = next((one for one in wording.trials(job.desk(), job.now()) if one[0].seq == job.args.wording), None)
    if found is None:
        raise RuleError("not_there", kind="wording", code=str(job.args.wording))
    trial, judged, dates = found
    lines = [days_text(trial), side_text(judged.old), side_text(judged.new), verdict_text(judged)]
    words = {"old": _("old name"), "new": _("new name")}
    lines += [f"{one.day}  {words[one.which]}  {one.wrong} / {one.of}" for one in dates]
    return job.answer(wording.document_of(*found), "\n".join(lines))
