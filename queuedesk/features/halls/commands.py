"""The commands about several halls of one database: side by side, in a period, and one set-up pushed to others."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from queuedesk.cli.command_table import (
    CommandGroup,
    CommandList,
    UsageError,
    parse_code,
    parse_date,
    parse_nonempty_text,
    parse_path,
    parse_whole_number,
)
from queuedesk.cli.job import CommandJob, Document
from queuedesk.core.figures.halls import DISTRICT, REGION
from queuedesk.core.figures.periods import PERIODS
from queuedesk.features.halls.rules import AT_ONCE, QUIET, SECTIONS, HallsPeriodComparison
from queuedesk.i18n import _, current_language, date_short, list_text, n_, name_in_language, time_hm
from queuedesk.i18n.names import staff_name

if TYPE_CHECKING:
    from queuedesk.desk.change import Desk


def register_commands(commands: CommandList) -> None:
    """Add them."""
    halls = commands.add_group("halls", _list_halls)
    compare = halls.add_command("compare", _("their satisfaction in a period, like for like"), _compare_halls)
    compare.add_argument("period", choices=PERIODS, help=_("what is compared"))
    compare.add_argument("--date", dest="day", type=parse_date, metavar="D", help=_("a date in it, today if not given"))
    compare.add_argument("--out", type=parse_path, metavar="F.pdf", help=_("write it as a page to print"))
    compare.add_argument("--by", choices=(REGION, DISTRICT), default=REGION, help=_("how that page groups halls"))
    sheets = halls.add_command("targets", _("their targets to sign, a page each"), _write_targets_pdf)
    sheets.add_argument(
        "--date", dest="day", type=parse_date, metavar="D", help=_("as they are on that date, today if not given")
    )
    sheets.add_argument("--out", type=parse_path, required=True, metavar="F.pdf", help=_("the file to write"))
    _add_push_commands(halls)


def _write_targets_pdf(job: CommandJob) -> int:
    from queuedesk.desk.queue import opening
    from queuedesk.features.halls.papers import targets_to_sign_pdf
    from queuedesk.features.halls.verbs import visible_hall_setups
    from queuedesk.files.writing import write_file

    out = job.args.out
    if out.suffix.lower() != ".pdf":
        raise UsageError(_("The file has to end in .pdf."))
    desk = job.desk(of_several=job.acting_staff is None)
    who = opening.require_and_get_proven_actor(desk, job.acting_staff, pin=job.pin(), now=job.now(), proven=job.proven)
    setups = visible_hall_setups(desk, who)
    write_file(
        out, targets_to_sign_pdf(setups, job.args.day or job.today(), job.now(), current_language(), job.acting_staff)
    )
    return job.print_answer({"file": str(out), "halls": [one.hall.code for one in setups]}, str(out))


def _compare_halls(job: CommandJob) -> int:
    from queuedesk.desk.queue import opening
    from queuedesk.features.halls import verbs as comparing
    from queuedesk.features.halls import words

    desk = job.desk(of_several=job.acting_staff is None)
    who = opening.require_and_get_proven_actor(desk, job.acting_staff, pin=job.pin(), now=job.now(), proven=job.proven)
    of = comparing.compare_halls(desk, who, job.args.period, job.args.day or job.today(), job.now())
    if (out := job.args.out) is not None:
        return _write_comparison_pdf(job, desk, of, out)
    lines = [words.service_mix_effect_sentence(of.found), words.all_halls_rating_line(of.found)]
    lines += [
        words.compared_hall_line(one)
        for one in (*of.found.halls_beyond_chance, *(one for one in of.found.halls if not one.is_beyond_chance))
    ]
    lines += [": ".join(words.remark_texts(of.found, one)) for one in of.found.remarks]
    return job.print_answer(comparing.comparison_document(of), "\n".join(lines))


def _write_comparison_pdf(job: CommandJob, desk: Desk, of: HallsPeriodComparison, out: Path) -> int:
    from queuedesk.desk import looking
    from queuedesk.features.halls.papers import halls_comparison_pdf
    from queuedesk.files.writing import write_file

    if out.suffix.lower() != ".pdf":
        raise UsageError(_("The file has to end in .pdf."))
    setup = looking.setup_of_hall(desk)
    name = staff_name(setup, job.acting_staff, current_language()) if job.acting_staff else None
    write_file(out, halls_comparison_pdf(of, setup, job.now(), current_language(), by=job.args.by, printed_by=name))
    return job.print_answer({"file": str(out)}, str(out))


def _list_halls(job: CommandJob) -> int:
    from queuedesk.desk.queue import opening
    from queuedesk.features.halls import verbs as comparing

    desk = job.desk(of_several=job.acting_staff is None)
    who = opening.require_and_get_proven_actor(desk, job.acting_staff, pin=job.pin(), now=job.now(), proven=job.proven)
    rows = comparing.visible_halls_document(desk, who, job.now())
    return job.print_answer({"halls": rows}, "\n".join(map(_hall_line, rows)))


def _hall_line(row: Document) -> str:
    """Return a hall in a line; what there is nothing to say of is left out."""
    parts = [_("{n} waiting", n=row["waiting"], context="halls")]
    if row["longest_wait"] is not None:
        parts.append(_("longest {n} min", n=f"{row['longest_wait']:.0f}"))
    parts.append(n_("{n} window open", "{n} windows open", row["open_windows"]))
    parts.append(_("{n} served", n=row["served"]))
    if row["within_target"] is not None:
        share = f"{row['within_target'] * 100:.0f}"
        parts.append(_("{share} % within {n} min", share=share, n=row["target_minutes"]))
    if row["past_target"]:
        parts.append(_("{n} waiting longer than that", n=row["past_target"]))
    if alerts := row["alerts"]["red"] + row["alerts"]["amber"]:
        parts.append(n_("{n} alert", "{n} alerts", alerts))
    if row["silent_since"] is not None:
        since = datetime.fromisoformat(row["silent_since"])
        parts.append(_("silent since {date} {time}", date=date_short(since), time=time_hm(since)))
    return "  ".join([row["hall"], name_in_language(row["name"], row["name_en"]), list_text(parts)])


# -- one set-up for several halls ------------------------------------------------------------------------------------


def _add_push_commands(halls: CommandGroup) -> None:
    push = halls.add_command("push", _("push this hall's set-up to others"), _push_sections_or_preview)
    push.add_argument(
        "--what", type=parse_nonempty_text, required=True, metavar="|".join(SECTIONS), help=_("separated by commas")
    )
    push.add_argument(
        "--to", type=parse_nonempty_text, metavar="A,B", help=_("these halls, also where they changed it themselves")
    )
    push.add_argument("--region", type=parse_nonempty_text, metavar="TEXT", help=_("only halls of this region"))
    push.add_argument("--preview", action="store_true", help=_("only says what would change"))
    push.add_argument("--at-once", action="store_true", help=_("also where people are there now"))
    push.add_argument("--on", type=parse_date, metavar="D", help=_("not before this date"))
    push.add_argument("--until", type=parse_date, metavar="D", help=_("afterwards the former set-up comes back"))
    halls.add_command("pushes", _("what was pushed from here, and what became of it"), _list_pushes)
    undo = halls.add_command("undo", _("take a push back"), _undo_push)
    undo.add_argument("number", type=parse_whole_number, metavar="N")
    undo.add_argument("--in", dest="one", type=parse_code, metavar="A", help=_("only in this hall"))


def _push_sections_or_preview(job: CommandJob) -> int:
    from queuedesk.desk import looking
    from queuedesk.features.halls import verbs as pushing
    from queuedesk.features.halls import words

    args, desk = job.args, job.desk_opened_by_owner()
    ask, sections = job.new_change_ask(), _split_at_commas(args.what)
    own = looking.setup_of_hall(desk)
    if args.preview:
        found = pushing.preview_push(desk, ask.who, sections, ask.now)
        chosen = [one for one in found if args.region is None or one.is_source or one.region == args.region]
        if args.to:
            chosen = [one for one in chosen if one.is_source or one.code in _split_at_commas(args.to)]
        lines = []
        for one in chosen:
            lines.append(words.push_preview_line(one, own))
            lines += ["  " + words.setup_difference_line(each, own) for each in one.found]
        return job.print_answer(
            {"halls": [pushing.push_preview_document(own, one) for one in chosen]}, "\n".join(lines)
        )
    when = AT_ONCE if args.at_once else args.on.isoformat() if args.on else QUIET
    to = _split_at_commas(args.to) if args.to else None
    done = pushing.push_setup_sections(desk, ask, sections, to=to, region=args.region, when=when, until=args.until)
    lines = [_("Push {n}", n=done["n"]), *map(_push_result_line, done["halls"])]
    lines += [_("{hall}: left out", hall=one) for one in done["left"]]
    return job.print_answer(done, "\n".join(lines))


def _split_at_commas(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _push_result_line(row: Document) -> str:
    from queuedesk.features.halls import words

    said = words.hall_push_outcome_word(row["became"])
    if row.get("code"):
        said = f"{said} ({row['code']})"
    elif row.get("changes"):
        said = f"{said}, {words.change_count_text(row['changes'])}"
    return f"{row['hall']}  {said}"


def _list_pushes(job: CommandJob) -> int:
    from queuedesk.desk.queue import opening
    from queuedesk.features.halls import verbs as pushing
    from queuedesk.features.halls import words

    desk = job.desk_opened_by_owner()
    who = opening.require_and_get_proven_actor(desk, job.acting_staff, pin=job.pin(), now=job.now(), proven=job.proven)
    rows = pushing.documents_of_pushes_already_sent(desk, who)
    lines = [words.push_history_line(row, datetime.fromisoformat(row["at"])) for row in rows]
    return job.print_answer({"pushes": rows}, "\n".join(lines) or _("Nothing has been pushed from this hall."))


def _undo_push(job: CommandJob) -> int:
    from queuedesk.features.halls import verbs as pushing

    done = pushing.undo_push(job.desk_opened_by_owner(), job.new_change_ask(), job.args.number, job.args.one)
    return job.print_answer(done, "\n".join(map(_push_result_line, done["halls"])))
