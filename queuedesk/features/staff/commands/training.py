"""The commands about training: needs, sessions, minutes."""

from __future__ import annotations

import argparse
from datetime import date
from typing import TYPE_CHECKING

from queuedesk.cli.command_table import Listed, code, day, number, plain
from queuedesk.cli.job import Document, Job, calls
from queuedesk.core.network.roles import Read
from queuedesk.features.staff.commands.sheets import month
from queuedesk.i18n import _, date_short

if TYPE_CHECKING:
    from queuedesk.core.setup.rows import Setup
    from queuedesk.features.staff.rules.training import Need


def add(commands: Listed) -> None:
    """Add training."""
    group = commands.add_group("training")
    needs = group.add(
        "needs", _("show what a month's data suggests, and how many people it concerns"), _needs, reads=Read.FIGURES
    )
    minutes = group.add(
        "minutes",
        _("show minutes and shifts by person: a manager everybody's, others the own ones"),
        _minutes,
        reads=Read.WORK,
    )
    naming = group.add("name", _("say who a need is about; that person is notified"), _name)
    naming.add_argument(
        "need", type=need, metavar="NEED", help=_("as needs shows it: {example}", example="transfers:B")
    )
    naming.add_argument("--why", choices=("coach", "check_rows"), required=True, help=_("why you want to know"))
    for one in (needs, minutes, naming):
        one.add_argument("--month", type=month, metavar="YYYY-MM", help=_("this month if not given"))
    adding = group.add("add", _("note a session that was held"), _add)
    adding.add_argument("topic", type=plain, metavar="TOPIC")
    adding.add_argument("minutes", type=number, metavar="MINUTES")
    adding.add_argument("attended", type=code, nargs="+", metavar="STAFF", help=_("who attended"))
    adding.add_argument("--date", dest="day", type=day, metavar="D", help=_("today if not given"))
    adding.add_argument("--led", type=code, metavar="STAFF", help=_("who led it, unless somebody from elsewhere did"))
    adding.add_argument("--need", type=need, metavar="NEED", help=_("the need it answers"))
    adding.add_argument(
        "--seen", type=month, metavar="YYYY-MM", help=_("the month that need was seen in, the session's if not given")
    )
    group.add(
        "drop", _("take back one that was noted by mistake"), calls("appraisal.drop_training", _line)
    ).add_argument("seq", type=number, metavar="N")
    listing = group.add(
        "list", _("show the sessions of a month: a manager all, others the own ones"), _list, reads=Read.WORK
    )
    listing.add_argument("--month", type=month, metavar="YYYY-MM", help=_("this month if not given"))
    listing.add_argument("--staff", type=code, metavar="STAFF", help=_("that this person attended"))
    group.add(
        "effect", _("show what came of one: its need before and after"), _effect, reads=Read.FIGURES
    ).add_argument("seq", type=number, metavar="N")
    group.add(
        "named",
        _("show where you were named"),
        calls("appraisal.named_for", _named_text, many="named", none=lambda: _("Nobody has named you.")),
        reads=Read.WORK,
    )
    group.add(
        "seen", _("say that you have read that you were named"), calls("appraisal.mark_seen", _named_text)
    ).add_argument("seq", type=number, metavar="N")


def need(text: str) -> tuple[str, str]:
    """Read a need such as transfers:B or recalls."""
    from queuedesk.core.appraisal import KINDS
    from queuedesk.features.staff.rules.training import OF_A_SERVICE

    kind, _colon, service = code(text).partition(":")
    if kind not in KINDS or (kind in OF_A_SERVICE) != bool(service):
        raise argparse.ArgumentTypeError(_("{text} is no need such as transfers:B or recalls", text=text[:40]))
    return kind, service


def _needs(job: Job) -> int:
    from queuedesk.features.staff import verbs, words

    assert job.reader is not None
    found = verbs.needs_in(job.desk(), job.reader, job.args.month or job.today(), job.now())
    lines = [words.seen_line(found), *(_need_text(job, one) for one in found.needs), words.foot(found)]
    return job.answer(verbs.needs_document(found), "\n".join(lines))


def _need_text(job: Job, one: Need) -> str:
    from queuedesk.features.staff import words
    from queuedesk.features.staff.words import need_title, of_words

    found = one.found
    parts = [
        f"{one.kind}:{one.service}" if one.service else one.kind,
        need_title(job.setup(), one.kind, one.service, one.limit),
        f"{words.share_words(found.share)} ({of_words(found.n, found.of)})",
        _("others {figure}", figure=words.share_words(found.others)),
        f"{words.points(found.difference)} ({words.training_bounds(found.low, found.high)})",
        words.need_chip(one),
        words.whom(one),
    ]
    return "  ".join(parts)


def _name(job: Job) -> int:
    from queuedesk.features.staff import verbs
    from queuedesk.i18n.names import staff_name

    args = job.args
    document = verbs.name_need(job.desk(), job.ask(), args.need, args.month or job.today(), reason=args.why)
    named = [staff_name(job.setup(), one) for one in document.get("staff", ())]
    return job.answer(document, "\n".join(named) or " ".join(map(str, document["named"])))


def _add(job: Job) -> int:
    from queuedesk.core.figures.periods import MONTH, span_of
    from queuedesk.features.staff import verbs

    args = job.args
    document = verbs.add_training(
        job.desk(),
        job.ask(),
        args.topic,
        args.minutes,
        args.attended,
        day=args.day,
        led=args.led,
        need=args.need,
        seen=span_of(MONTH, args.seen) if args.seen else None,
    )
    return job.answer(document, _line(document, job.setup()))


def _list(job: Job) -> int:
    from queuedesk.core.figures.periods import MONTH, span_of
    from queuedesk.desk import appraisal

    assert job.reader is not None
    span = span_of(MONTH, job.args.month or job.today())
    setup, rows = job.setup(), appraisal.trainings_of(job.desk(), job.reader, *span, staff=job.args.staff)
    return job.answer({"trainings": rows}, "\n".join(_line(one, setup) for one in rows) or _("No training."))


def _line(document: Document, setup: Setup) -> str:
    if "topic" not in document:  # an id that is given again
        return str(document["training"])
    from queuedesk.features.staff import words
    from queuedesk.features.staff.words import need_title

    held = date_short(date.fromisoformat(document["date"]))
    parts = [str(document["training"]), held, document["topic"] or "", words.minutes_words(document["minutes"])]
    parts.append(" ".join(document["attended"]))
    if document["need"]:
        parts.append(need_title(setup, document["need"], document["service"] or "", document["limit"]))
    if document["dropped"]:
        parts.append(_("taken back", context="training"))
    return "  ".join(part for part in parts if part)


def _minutes(job: Job) -> int:
    from queuedesk.features.staff import verbs, words
    from queuedesk.i18n.names import staff_name

    assert job.reader is not None
    found = verbs.training_months(job.desk(), job.reader, job.args.month or job.today(), job.now())
    document = verbs.months_document(found)
    lines = ["  ".join(document["months"])]
    if found.target:
        lines.append(_("target {n} minutes a month", n=found.target))
    for one in found.people:
        minutes = " ".join(map(str, one.minutes))
        kept = words.shifts_words(one.shifts, one.days, rostered=found.has_roster)
        lines.append(f"{staff_name(job.setup(), one.staff)}  {minutes}  {kept}")
    return job.answer(document, "\n".join(lines))


def _effect(job: Job) -> int:
    from queuedesk.features.staff import verbs, words

    assert job.reader is not None
    found, effect = verbs.effect_of(job.desk(), job.reader, job.args.seq, job.now())
    document = {"training": found.seq, "need": found.need, "effect": verbs.effect_document(effect)}
    return job.answer(document, words.effect_words(effect))


def _named_text(one: Document, setup: Setup) -> str:
    from queuedesk.features.staff import words

    return f"{one['named']}  {words.named_line(setup, one)}" if "need" in one else str(one["named"])
