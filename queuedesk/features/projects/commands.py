"""The commands about improvement projects."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import date
from typing import Any

from queuedesk.cli.command_table import CommandList, Commands, UsageError, code, day, number, path, plain, ticket_of_day
from queuedesk.cli.job import Document, Job, calls
from queuedesk.core.improvement.following import MOST_MINUTES, is_minutes
from queuedesk.core.improvement.project import Finding, StandardItem
from queuedesk.core.network.roles import ReadScope
from queuedesk.core.setup.rows import Setup
from queuedesk.features.projects.rules import NewEvidence, Plan
from queuedesk.i18n import _, current
from queuedesk.i18n.improvement import counted, ending_word, fading_words, place_word, step_word, verdict_word

BONES = ("people", "method", "words", "place", "machines", "environment", "own")
JUDGEMENTS = ("confirmed", "rejected", "cannot_tell", "open")
PLACES = ("opening", "card", "rule", "briefing", "nothing")


def add(commands: CommandList) -> None:
    """Add project."""
    group = commands.add_group("project")
    group.add(
        "list",
        _("show all"),
        calls("improvement.projects_of", _line, many="projects", none=lambda: _("No projects.")),
        reads=ReadScope.FIGURES,
    )
    _of(
        group.add(
            "show",
            _("show one, with its figures counted again"),
            calls("features.projects.verbs.telling:project_of", _text, number="project"),
            reads=ReadScope.FIGURES,
        )
    )
    _of(group.add("effect", _("what its measures changed, on equal weekdays"), _effect, reads=ReadScope.FIGURES))
    group.add(
        "fading",
        _("effects that faded last week"),
        calls("improvement.fading", fading_words, many="fading", none=lambda: _("No effect faded last week.")),
        reads=ReadScope.FIGURES,
    )
    group.add(
        "sample", _("a sample to learn from: a published project, its table recomputed"), _sample, reads=ReadScope.HALL
    )
    printing = _of(group.add("print", _("write its report, to print"), _print, reads=ReadScope.FIGURES))
    printing.add_argument("--out", type=path, required=True, metavar="F.pdf", help=_("to this file"))
    _add_topic(group)
    _add_causes(group)
    _add_measures(group)
    ending = _of(group.add("close", _("close one whose steps are done"), _close))
    ending.add_argument("--reason", type=plain, metavar="TEXT", help=_("why"))
    dropping = _of(group.add("drop", _("end one that leads nowhere"), _drop))
    dropping.add_argument("--reason", type=plain, metavar="TEXT", help=_("why"))


def _of(parser: argparse.ArgumentParser) -> argparse.ArgumentParser:
    parser.add_argument("project", type=number, metavar="N")
    return parser


def _add_finding(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--figure", type=code, metavar="PATH", help=_("a figure, page or chart of these dates"))
    parser.add_argument("--from", dest="first", type=day, metavar="D", help=_("from this date on"))
    parser.add_argument("--to", dest="last", type=day, metavar="D", help=_("until this date"))


def _add_topic(group: Commands) -> None:
    opening = group.add("open", _("open one"), _open)
    opening.add_argument("title", type=plain, metavar="TITLE")
    opening.add_argument("--leader", type=code, required=True, metavar="STAFF", help=_("who leads it"))
    setting = _of(group.add("set", _("change its topic, or note the next step"), _set))
    setting.add_argument("--title", type=plain, metavar="TITLE", help=_("another title"))
    setting.add_argument("--leader", type=code, metavar="STAFF", help=_("who leads it"))
    setting.add_argument("--next", type=plain, metavar="TEXT", help=_("the next step"))
    for parser in (opening, setting):
        _add_finding(parser)
        parser.add_argument("--case", type=code, metavar="NUMBER", help=_("the case it came from"))
        parser.add_argument("--inspection", type=code, metavar="N[/ITEM]", help=_("the inspection it came from"))
        parser.add_argument("--ticket", type=ticket_of_day, metavar="TICKET@DATE", help=_("the ticket it came from"))
    state = _of(group.add("state", _("cite a figure, page or chart of the present state"), _state))
    _add_finding(state)
    state.add_argument("--drop", type=number, metavar="K", help=_("take back what is in this place"))
    target = _of(group.add("target", _("set what a figure is to reach"), _target))
    target.add_argument("figure", type=code, metavar="PATH")
    target.add_argument("value", type=_value, metavar="PERCENT|MINUTES")
    target.add_argument("--by", type=day, required=True, metavar="D", help=_("until this date"))
    target.add_argument("--reason", type=plain, metavar="TEXT", help=_("why"))
    follow = _of(group.add("follow", _("which figures the effect is asked of, with their alarm lines"), _follow))
    follow.add_argument("follows", type=_followed, nargs="+", metavar="PATH[=PERCENT|MINUTES]")
    spans = _of(group.add("spans", _("which dates are compared"), _spans))
    spans.add_argument("--before", type=day, nargs=2, required=True, metavar="D", help=_("first and last date before"))
    spans.add_argument("--measures", type=day, required=True, metavar="D", help=_("the date the measures began"))
    spans.add_argument("--after", type=day, nargs=2, required=True, metavar="D", help=_("first and last date after"))


def _add_causes(group: Commands) -> None:
    cause = _of(group.add("cause", _("write down a cause"), _cause))
    cause.add_argument("name", type=plain, nargs="?", metavar="NAME")
    cause.add_argument("--bone", choices=BONES, help=_("which bone it belongs to"))
    cause.add_argument("--own", type=plain, metavar="NAME", help=_("the name of a bone of one's own"))
    cause.add_argument("--of", type=number, metavar="K", help=_("write this one again"))
    cause.add_argument("--remove", type=number, metavar="K", help=_("remove this one"))
    evidence = _of(group.add("evidence", _("add evidence to a cause"), _evidence))
    evidence.add_argument("cause", type=number, metavar="CAUSE")
    _add_finding(evidence)
    evidence.add_argument("--with", dest="having", type=code, metavar="PATH|N/M", help=_("those with the cause"))
    evidence.add_argument("--without", dest="lacking", type=code, metavar="PATH|N/M", help=_("those without it"))
    evidence.add_argument(
        "--ticket", dest="tickets", type=ticket_of_day, action="append", metavar="TICKET@DATE", help=_("repeat it")
    )
    evidence.add_argument("--case", dest="cases", type=code, action="append", metavar="NUMBER", help=_("repeat it"))
    evidence.add_argument("--counted", type=code, metavar="N[/M]", help=_("counted by hand, with --note"))
    evidence.add_argument("--note", type=plain, metavar="TEXT", help=_("what it is"))
    evidence.add_argument("--remove", type=number, metavar="K", help=_("take back the one in this place"))
    judging = _of(group.add("judge", _("judge a cause by its evidence"), _judge))
    judging.add_argument("cause", type=number, metavar="CAUSE")
    judging.add_argument("judgement", choices=JUDGEMENTS, metavar="|".join(JUDGEMENTS))


def _add_measures(group: Commands) -> None:
    measure = _of(group.add("measure", _("write down a measure"), _measure))
    measure.add_argument("what", type=plain, nargs="?", metavar="WHAT")
    measure.add_argument("--who", dest="doer", type=code, metavar="STAFF", help=_("who does it"))
    measure.add_argument("--due", type=day, metavar="D", help=_("until this date"))
    measure.add_argument("--where", type=plain, metavar="TEXT", help=_("where"))
    measure.add_argument("--cost", type=number, metavar="AMOUNT", help=_("what it costs"))
    measure.add_argument(
        "--cause", dest="causes", type=number, action="append", default=[], metavar="K", help=_("against this cause")
    )
    measure.add_argument("--of", type=number, metavar="K", help=_("write this one again"))
    measure.add_argument("--done", type=day, metavar="D", help=_("the date on which the one of --of was done"))
    measure.add_argument("--remove", type=number, metavar="K", help=_("remove this one"))
    standard = _of(group.add("standard", _("make a measure standard"), _standard))
    standard.add_argument("measure", type=number, metavar="MEASURE")
    standard.add_argument("place", choices=PLACES, metavar="|".join(PLACES))
    standard.add_argument("--text", type=plain, metavar="TEXT", help=_("the item, step or point"))
    standard.add_argument("--text-en", type=plain, metavar="TEXT", help=_("the same in English"))
    standard.add_argument("--card", type=code, metavar="CARD", help=_("the contingency card"))
    standard.add_argument("--key", type=code, metavar="KEY", help=_("the rule"))
    standard.add_argument("--value", type=plain, metavar="VALUE", help=_("its value"))
    take = calls("features.projects.verbs.leading:take_over", _numbers, number="project", n="measure")
    taking = _of(group.add("take", _("make standard what a manager asked for"), take))
    taking.add_argument("measure", type=number, metavar="MEASURE")
    group.add(
        "standards",
        _("what projects made standard, and what waits for an admin"),
        calls(
            "improvement.standards_of",
            _standard_line,
            many="standards",
            none=lambda: _("No project made anything standard."),
        ),
        reads=ReadScope.FIGURES,
    )


def _value(text: str) -> float:
    """Read per cent or minutes."""
    try:
        found = float(code(text).removesuffix("%"))
    except ValueError:
        found = -1
    if not 0 <= found <= MOST_MINUTES:
        raise argparse.ArgumentTypeError(_("{text} is neither per cent nor minutes", text=text[:40]))
    return found


def _of_figure(figure: str, typed: float) -> float:
    return typed if is_minutes(figure) else typed / 100


def _followed(text: str) -> tuple[str, float | None]:
    path, has_line, line = code(text).partition("=")
    return path, _of_figure(path, _value(line)) if has_line else None


# -- looking ---------------------------------------------------------------------------------------------------------


def _effect(job: Job) -> int:
    from queuedesk.features.projects.verbs import telling

    found = telling.effect_of(job.desk(), job.args.project, job.now())
    document = telling.effect_document(found) if found else {"project": job.args.project, "figures": None}
    return job.answer(document, _effect_text(job, document))


def _print(job: Job) -> int:
    from queuedesk.features.projects import papers

    assert job.reader is not None
    args = job.args
    out = papers.write(job.desk(), job.reader, args.project, args.out, lang=current(), now=job.now())
    return job.answer({"project": args.project, "file": str(out)}, str(out))


def _sample(job: Job) -> int:
    from queuedesk.features.projects import words
    from queuedesk.features.projects.words import sample_document

    document = sample_document()
    effect, target = document["effect"], document["target"]
    lines = [document["title"], document["source"], step_word("state")]
    lines += [f"  {row['month']}  {counted(row)}" for row in document["state"]]
    shown = words.value_text(target["figure"], target["value"])
    lines.append(f"{step_word('target')}  {shown}  {target['reason']}")
    lines.append(step_word("evidence"))
    for one in document["causes"]:
        parts = [str(one["n"]), words.bone_word(one["bone"]), one["name"], words.judgement_word(one["stated"])]
        lines.append("  " + "  ".join([*parts, one["look_at"] or ""]).rstrip())
    lines += [f"  {document['by_words']}", step_word("measures")]
    lines += [f"  {one['n']}  {one['what']}" for one in document["measures"]]
    lines.append(step_word("effect"))
    lines += [f"  {row['month']}  {counted(row)}" for row in effect["months"]]
    both = f"{counted(effect['before'])} → {counted(effect['after'])}"
    bounds = f"{words.points(effect['low'])} … {words.points(effect['high'])}"
    told = verdict_word(effect["verdict"])
    lines.append(f"  {both}  {words.points(effect['difference'])}  {bounds}  {told}")
    lines += [f"  {text}" for text in (*effect["notes"], *(one["message"] for one in document["audit"]))]
    lines.append(f"{step_word('standard')}  {document['standard']}")
    lines.append(_("Next step: {text}", text=document["next"]))
    return job.answer(document, "\n".join(lines))


def _line(row: Document) -> str:
    from queuedesk.i18n import date_short

    stands = ending_word(row["ending"]) if row["ending"] else step_word(row["step"]) if row["step"] else ""
    parts = [str(row["project"]), row["title"], row["leader"], date_short(date.fromisoformat(row["date"])), stands]
    return "  ".join(part for part in parts if part)


def _text(document: Document, setup: Setup) -> str:
    from queuedesk.features.projects import words
    from queuedesk.i18n import date_short
    from queuedesk.i18n.figures.figure_titles import figure_title

    lines = [_line(document)]
    for step in document["steps"]:
        lines.append(f"{step_word(step['step'])}  {'✓' if step['done'] else words.missing_words(step['missing'])}")
        match step["step"]:
            case "topic" if document["finding"]:
                lines.append(f"  {words.cited_words(document['finding'], setup)}")
            case "state":
                lines += [f"  {row['n']}  {words.cited_words(row, setup)}" for row in document["state"]]
            case "target" if target := document["target"]:
                shown = words.value_text(target["figure"], target["value"])
                by = date_short(date.fromisoformat(target["by"]))
                lines.append(f"  {figure_title(target['figure'], setup)}  {shown}  {by}  {target['reason']}")
            case "evidence":
                for cause in document["causes"]:
                    bone = words.bone_word(cause["bone"], cause["bone_name"])
                    judged = words.judgement_word(cause["judgement"])
                    lines.append(f"  {cause['n']}  {bone}  {cause['name']}  {judged}")
                    lines += [f"    {row['n']}  {words.evidence_sentence(row, setup)}" for row in cause["evidence"]]
            case "measures":
                lines += [f"  {_measure_text(row)}" for row in document["measures"]]
    if document["next"]:
        lines.append(_("Next step: {text}", text=document["next"]))
    if document["reason"]:
        lines.append(document["reason"])
    return "\n".join(lines)


def _measure_text(row: Document) -> str:
    from queuedesk.i18n import date_short

    due = date_short(date.fromisoformat(row["due"]))
    done = _("done on {date}", date=date_short(date.fromisoformat(row["done"]))) if row["done"] else ""
    place = place_word(row["standard"]["place"]) if row["standard"] else ""
    cost = "" if row["cost"] is None else str(row["cost"])
    parts = [str(row["n"]), row["what"], row["who"], due, row["where"] or "", cost, done, place]
    return "  ".join(part for part in parts if part)


def _effect_text(job: Job, document: Document) -> str:
    from queuedesk.features.projects import words
    from queuedesk.i18n.figures.figure_titles import figure_title

    if document["figures"] is None:
        return words.missing_words(["spans"])
    setup = job.setup()
    lines = [words.effect_heading(document, setup), words.days_words(document)]
    for one in document["figures"]:
        low, change, high = (words.change_words(one["unit"], one[end]) for end in ("low", "difference", "high"))
        title, verdict = figure_title(one["figure"], setup), verdict_word(one["verdict"])
        spans = f"{counted(one['before'])} → {counted(one['after'])}"
        lines.append(f"{title}  {spans}  {change}  {low} … {high}  {verdict}")
        lines += [f"  {note}" for note in words.figure_notes(one, document)]
    if target := document["target"]:
        shown = words.value_text(target["figure"], target["value"])
        lines.append(f"{step_word('target')}  {shown}  {verdict_word(target['verdict'])}")
    lines.append(words.ask_again_words(document))
    return "\n".join(line for line in lines if line)


# -- doing -----------------------------------------------------------------------------------------------------------


def _finding(args: Any) -> Finding | None:
    """Return what is cited, None where nothing is."""
    label, of = getattr(args, "ticket", None) or ("", None)
    case, inspection = getattr(args, "case", None) or "", getattr(args, "inspection", None) or ""
    if args.figure and args.first is None:
        raise UsageError(_("Missing: {what}", what="--from"))
    if not (args.figure or label or case or inspection):
        return None
    first = of or args.first
    return Finding(
        path=args.figure or "", first=first, last=args.last or first, ticket=label, case=case, inspection=inspection
    )


def _numbers(document: Document) -> str:
    """Return which project, cause or measure it was; an id that is given again has but its number."""
    return "/".join(str(document[name]) for name in ("project", "cause", "measure") if name in document)


def _ask(job: Job, act: Callable[..., Document], *args: Any, **words: Any) -> int:
    document = act(job.desk(), job.ask(), *args, **words)
    return job.answer(document, _numbers(document))


def _open(job: Job) -> int:
    from queuedesk.features.projects.verbs import leading

    return _ask(job, leading.open_project, job.args.title or "", job.args.leader or "", _finding(job.args))


def _set(job: Job) -> int:
    from queuedesk.desk import improvement
    from queuedesk.features.projects.verbs import leading

    args, finding = job.args, _finding(job.args)
    if finding is not None:
        return _ask(job, improvement.set_finding, args.project, finding)
    if args.next:
        return _ask(job, leading.set_next, args.project, args.next or "")
    return _ask(job, leading.rename, args.project, title=args.title or "", leader=args.leader or "")


def _state(job: Job) -> int:
    from queuedesk.desk import improvement
    from queuedesk.features.projects.verbs import leading

    if job.args.drop is not None:
        return _ask(job, leading.drop_state, job.args.project, job.args.drop)
    finding = _finding(job.args)
    if finding is None:
        raise UsageError(_("Missing: {what}", what="--figure"))
    return _ask(job, improvement.cite_state, job.args.project, finding)


def _target(job: Job) -> int:
    from queuedesk.features.projects.verbs import leading

    args = job.args
    return _ask(
        job,
        leading.set_target,
        args.project,
        args.figure,
        _of_figure(args.figure, args.value),
        by=args.by,
        reason=args.reason or "",
    )


def _follow(job: Job) -> int:
    from queuedesk.core.improvement.project import EffectFigure
    from queuedesk.features.projects.verbs import leading

    return _ask(job, leading.follow, job.args.project, [EffectFigure(*one) for one in job.args.follows])


def _spans(job: Job) -> int:
    from queuedesk.core.improvement.project import Spans
    from queuedesk.features.projects.verbs import leading

    args = job.args
    spans = Spans(before=(args.before[0], args.before[1]), measures=args.measures, after=(args.after[0], args.after[1]))
    return _ask(job, leading.set_spans, args.project, spans)


def _cause(job: Job) -> int:
    from queuedesk.features.projects.verbs import leading

    args = job.args
    if args.remove is not None:
        return _ask(job, leading.remove_cause, args.project, args.remove)
    if args.bone is None:
        raise UsageError(_("Missing: {what}", what="--bone"))
    if args.of is not None:
        return _ask(
            job, leading.change_cause, args.project, args.of, args.name or "", args.bone, own_bone=args.own or ""
        )
    return _ask(job, leading.add_cause, args.project, args.name or "", args.bone, own_bone=args.own or "")


def _evidence(job: Job) -> int:
    from queuedesk.features.projects.verbs import leading

    args = job.args
    if args.remove is not None:
        return _ask(job, leading.remove_evidence, args.project, args.cause, args.remove)
    if (args.having is None) != (args.lacking is None):
        raise UsageError(_("Missing: {what}", what="--without" if args.lacking is None else "--with"))
    groups = (args.having, args.lacking) if args.having is not None else None
    finding = None
    if groups is not None and args.first is not None:
        finding = Finding(first=args.first, last=args.last or args.first)
    elif groups is None and args.figure:
        finding = Finding(path=args.figure, first=args.first, last=args.last or args.first)
    gathered = NewEvidence(
        finding=finding,
        groups=groups,
        tickets=[(day, label) for label, day in args.tickets or ()],
        cases=args.cases or (),
        counted=args.counted or "",
        note=args.note or "",
    )
    return _ask(job, leading.add_evidence, args.project, args.cause, gathered)


def _judge(job: Job) -> int:
    from queuedesk.core.improvement.project import Judgement
    from queuedesk.features.projects.verbs import leading

    args = job.args
    return _ask(job, leading.judge, args.project, args.cause, Judgement(args.judgement))


def _measure(job: Job) -> int:
    from queuedesk.features.projects.verbs import leading

    args = job.args
    if args.remove is not None:
        return _ask(job, leading.remove_measure, args.project, args.remove)
    if args.done is not None:
        if args.of is None:
            raise UsageError(_("Missing: {what}", what="--of"))
        return _ask(job, leading.note_done, args.project, args.of, args.done)
    for name, option in (("doer", "--who"), ("due", "--due")):
        if getattr(args, name) is None:
            raise UsageError(_("Missing: {what}", what=option))
    plan = Plan(
        what=args.what or "",
        who=args.doer,
        due=args.due,
        where=args.where or "",
        cost=args.cost,
        causes=tuple(args.causes),
    )
    if args.of is not None:
        return _ask(job, leading.change_measure, args.project, args.of, plan)
    return _ask(job, leading.add_measure, args.project, plan)


def _standard(job: Job) -> int:
    from queuedesk.core.improvement.project import Place
    from queuedesk.features.projects.verbs import leading

    args = job.args
    made = StandardItem(
        place=Place(args.place),
        text=args.text or "",
        text_en=args.text_en or "",
        card=args.card or "",
        key=args.key or "",
        value=args.value or "",
    )
    return _ask(job, leading.make_standard, args.project, args.measure, made)


def _standard_line(row: Document, setup: Setup) -> str:
    from queuedesk.features.projects.words import standard_line

    return standard_line(row, setup)


def _close(job: Job) -> int:
    from queuedesk.core.improvement.project import Ending
    from queuedesk.features.projects.verbs import leading

    return _ask(job, leading.end, job.args.project, Ending.CLOSED, job.args.reason or "")


def _drop(job: Job) -> int:
    from queuedesk.core.improvement.project import Ending
    from queuedesk.features.projects.verbs import leading

    return _ask(job, leading.end, job.args.project, Ending.DROPPED, job.args.reason or "")
