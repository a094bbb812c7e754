"""The commands that show several halls of one database side by side: now, and in a period."""

from __future__ import annotations

from datetime import datetime

from queuedesk.cli.command_table import Listed
from queuedesk.cli.job import Document, Job
from queuedesk.cli.parser import UsageError, day, path
from queuedesk.core.figures.periods import PERIODS
from queuedesk.i18n import _, current, date_short, listing, n_, named, time_hm


def add(commands: Listed) -> None:
    """Add them."""
    halls = commands.add_group("halls", _halls)
    compare = halls.add("compare", _("their satisfaction in a period, like for like"), _compare)
    compare.add_argument("period", choices=PERIODS, help=_("what is compared"))
    compare.add_argument("--date", dest="day", type=day, metavar="D", help=_("a date in it, today if not given"))
    sheets = halls.add("targets", _("their targets to sign, a page each"), _targets)
    sheets.add_argument("--date", dest="day", type=day, metavar="D", help=_("as they stand then, today if not given"))
    sheets.add_argument("--out", type=path, required=True, metavar="F.pdf", help=_("the file to write"))


def _targets(job: Job) -> int:
    from queuedesk.desk.figures.halls_comparing import halls_seen
    from queuedesk.desk.queue import sign_in_and_pins
    from queuedesk.files.writing import write_file
    from queuedesk.reports.papers.targets_sheet import targets_pdf

    out = job.args.out
    if out.suffix.lower() != ".pdf":
        raise UsageError(_("The file has to end in .pdf."))
    desk = job.desk(of_several=job.staff is None)
    who = sign_in_and_pins.who_acts(desk, job.staff, pin=job.pin(), now=job.now())
    setups = halls_seen(desk, who)
    write_file(out, targets_pdf(setups, job.args.day or job.today(), job.now(), current(), job.staff))
    return job.answer({"file": str(out), "halls": [one.hall.code for one in setups]}, str(out))


def _compare(job: Job) -> int:
    from queuedesk.desk.figures import halls_comparing
    from queuedesk.desk.queue import sign_in_and_pins
    from queuedesk.i18n.figures import halls_words as words

    desk = job.desk(of_several=job.staff is None)
    who = sign_in_and_pins.who_acts(desk, job.staff, pin=job.pin(), now=job.now())
    of = halls_comparing.compare_halls(desk, who, job.args.period, job.args.day or job.today(), job.now())
    lines = [words.mix_line(of.found), words.all_line(of.found)]
    lines += [words.hall_line(one) for one in (*of.found.beyond, *(one for one in of.found.halls if not one.is_beyond))]
    lines += [": ".join(words.remark(of.found, one)) for one in of.found.remarks]
    return job.answer(halls_comparing.comparison_document(of), "\n".join(lines))


def _halls(job: Job) -> int:
    from queuedesk.desk.figures import halls_beside
    from queuedesk.desk.queue import sign_in_and_pins

    desk = job.desk(of_several=job.staff is None)
    who = sign_in_and_pins.who_acts(desk, job.staff, pin=job.pin(), now=job.now())
    rows = halls_beside.halls_document(desk, who, job.now())
    return job.answer({"halls": rows}, "\n".join(map(_text, rows)))


def _text(row: Document) -> str:
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
    return "  ".join([row["hall"], named(row["name"], row["name_en"]), listing(parts)])
