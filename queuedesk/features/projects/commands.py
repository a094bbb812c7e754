"""The commands about improvement projects."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import date
from typing import Any

from queuedesk.cli.command_table import (
    CommandGroup,
    CommandList,
    UsageError,
    parse_code,
    parse_date,
    parse_nonempty_text,
    parse_path,
    parse_ticket_at_date,
    parse_whole_number,
)
from queuedesk.cli.job import CommandJob, Document, handler_for_function
from queuedesk.core.improvement.following import MOST_MINUTES, is_minutes_figure_path
from queuedesk.core.improvement.project import EvidenceCitation, StandardContent
from queuedesk.core.network.roles import ReadScope
from queuedesk.core.setup.rows import Setup
from queuedesk.features.projects.rules import NewEvidence, PlannedMeasure
from queuedesk.i18n import _, current_language
from queuedesk.i18n.quality import (
    fading_effect_alert_text,
    project_ending_word,
    project_step_word,
    project_verdict_word,
    resulting_standard_word,
    share_or_minutes_with_counts,
)

BONES = ("people", "method", "words", "place", "machines", "environment", "own")
JUDGEMENTS = ("confirmed", "rejected", "cannot_tell", "open")
PLACES = ("opening", "card", "rule", "briefing", "nothing")


def register_commands(commands: CommandList) -> None:
    """Add project."""
    group = commands.add_group("project")
    group.add_command(
        "list",
        _("show all"),
        handler_for_function(
            "improvement.all_project_rows", _project_line, many="projects", none=lambda: _("No projects.")
        ),
        reads=ReadScope.FIGURES,
    )
    _add_project_argument(
        group.add_command(
            "show",
            _("show one, with its figures counted again"),
            handler_for_function(
                "features.projects.verbs.telling:read_project_document", _project_text, number="project"
            ),
            reads=ReadScope.FIGURES,
        )
    )
    _add_project_argument(
        group.add_command(
            "effect", _("what its measures changed, on equal weekdays"), _show_effect, reads=ReadScope.FIGURES
        )
    )
    group.add_command(
        "fading",
        _("effects that faded last week"),
        handler_for_function(
            "improvement.fading_effects",
            fading_effect_alert_text,
            many="fading",
            none=lambda: _("No effect faded last week."),
        ),
        reads=ReadScope.FIGURES,
    )
    group.add_command(
        "sample",
        _("a sample to learn from: a published project, its table recomputed"),
        _print_sample_project,
        reads=ReadScope.HALL,
    )
    printing = _add_project_argument(
        group.add_command("print", _("write its report, to print"), _write_project_pdf, reads=ReadScope.FIGURES)
    )
    printing.add_argument("--out", type=parse_path, required=True, metavar="F.pdf", help=_("to this file"))
    _add_project_topic_commands(group)
    _add_cause_commands(group)
    _add_measure_commands(group)
    ending = _add_project_argument(group.add_command("close", _("close one whose steps are done"), _close_project))
    ending.add_argument("--reason", type=parse_nonempty_text, metavar="TEXT", help=_("why"))
    dropping = _add_project_argument(group.add_command("drop", _("end one that leads nowhere"), _drop_project))
    dropping.add_argument("--reason", type=parse_nonempty_text, metavar="TEXT", help=_("why"))


def _add_project_argument(parser: argparse.ArgumentParser) -> argparse.ArgumentParser:
    parser.add_argument("project", type=parse_whole_number, metavar="N")
    return parser


def _add_finding_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--figure", type=parse_code, metavar="PATH", help=_("a figure, page or chart of these dates"))
    parser.add_argument("--from", dest="first", type=parse_date, metavar="D", help=_("from this date on"))
    parser.add_argument("--to", dest="last", type=parse_date, metavar="D", help=_("until this date"))


def _add_project_topic_commands(group: CommandGroup) -> None:
    opening = group.add_command("open", _("open one"), _open_project)
    opening.add_argument("title", type=parse_nonempty_text, metavar="TITLE")
    opening.add_argument("--leader", type=parse_code, required=True, metavar="STAFF", help=_("who leads it"))
    setting = _add_project_argument(
        group.add_command("set", _("change its topic, or note the next step"), _change_project)
    )
    setting.add_argument("--title", type=parse_nonempty_text, metavar="TITLE", help=_("another title"))
    setting.add_argument("--leader", type=parse_code, metavar="STAFF", help=_("who leads it"))
    setting.add_argument("--next", type=parse_nonempty_text, metavar="TEXT", help=_("the next step"))
    for parser in (opening, setting):
        _add_finding_arguments(parser)
        parser.add_argument("--case", type=parse_code, metavar="NUMBER", help=_("the case it came from"))
        parser.add_argument("--inspection", type=parse_code, metavar="N[/ITEM]", help=_("the inspection it came from"))
        parser.add_argument(
            "--ticket", type=parse_ticket_at_date, metavar="TICKET@DATE", help=_("the ticket it came from")
        )
    state = _add_project_argument(
        group.add_command(
            "state", _("cite a figure, page or chart of the present state"), _add_or_drop_present_state_item
        )
    )
    _add_finding_arguments(state)
    state.add_argument("--drop", type=parse_whole_number, metavar="K", help=_("take back what is in this place"))
    target = _add_project_argument(group.add_command("target", _("set what a figure is to reach"), _set_target))
    target.add_argument("figure", type=parse_code, metavar="PATH")
    target.add_argument("value", type=_read_percent_or_minutes_argument, metavar="PERCENT|MINUTES")
    target.add_argument("--by", type=parse_date, required=True, metavar="D", help=_("until this date"))
    target.add_argument("--reason", type=parse_nonempty_text, metavar="TEXT", help=_("why"))
    follow = _add_project_argument(
        group.add_command(
            "follow", _("which figures the effect is asked of, with their alarm lines"), _set_followed_figures
        )
    )
    follow.add_argument("follows", type=_parse_figure_path_and_alarm_line, nargs="+", metavar="PATH[=PERCENT|MINUTES]")
    spans = _add_project_argument(group.add_command("spans", _("which dates are compared"), _set_comparison_spans))
    spans.add_argument(
        "--before", type=parse_date, nargs=2, required=True, metavar="D", help=_("first and last date before")
    )
    spans.add_argument("--measures", type=parse_date, required=True, metavar="D", help=_("the date the measures began"))
    spans.add_argument(
        "--after", type=parse_date, nargs=2, required=True, metavar="D", help=_("first and last date after")
    )


def _add_cause_commands(group: CommandGroup) -> None:
    cause = _add_project_argument(group.add_command("cause", _("write down a cause"), _add_change_or_remove_cause))
    cause.add_argument("name", type=parse_nonempty_text, nargs="?", metavar="NAME")
    cause.add_argument("--bone", choices=BONES, help=_("which bone it belongs to"))
    cause.add_argument("--own", type=parse_nonempty_text, metavar="NAME", help=_("the name of a bone of one's own"))
    cause.add_argument("--of", type=parse_whole_number, metavar="K", help=_("write this one again"))
    cause.add_argument("--remove", type=parse_whole_number, metavar="K", help=_("remove this one"))
    evidence = _add_project_argument(
        group.add_command("evidence", _("add evidence to a cause"), _add_or_remove_evidence)
    )
    evidence.add_argument("cause", type=parse_whole_number, metavar="CAUSE")
    _add_finding_arguments(evidence)
    evidence.add_argument("--with", dest="having", type=parse_code, metavar="PATH|N/M", help=_("those with the cause"))
    evidence.add_argument("--without", dest="lacking", type=parse_code, metavar="PATH|N/M", help=_("those without it"))
    evidence.add_argument(
        "--ticket",
        dest="tickets",
        type=parse_ticket_at_date,
        action="append",
        metavar="TICKET@DATE",
        help=_("repeat it"),
    )
    evidence.add_argument(
        "--case", dest="cases", type=parse_code, action="append", metavar="NUMBER", help=_("repeat it")
    )
    evidence.add_argument("--counted", type=parse_code, metavar="N[/M]", help=_("counted by hand, with --note"))
    evidence.add_argument("--note", type=parse_nonempty_text, metavar="TEXT", help=_("what it is"))
    evidence.add_argument("--remove", type=parse_whole_number, metavar="K", help=_("take back the one in this place"))
    judging = _add_project_argument(group.add_command("judge", _("judge a cause by its evidence"), _judge_cause))
    judging.add_argument("cause", type=parse_whole_number, metavar="CAUSE")
    judging.add_argument("judgement", choices=JUDGEMENTS, metavar="|".join(JUDGEMENTS))


def _add_measure_commands(group: CommandGroup) -> None:
    measure = _add_project_argument(
        group.add_command("measure", _("write down a measure"), _plan_finish_or_remove_measure)
    )
    measure.add_argument("what", type=parse_nonempty_text, nargs="?", metavar="WHAT")
    measure.add_argument("--who", dest="doer", type=parse_code, metavar="STAFF", help=_("who does it"))
    measure.add_argument("--due", type=parse_date, metavar="D", help=_("until this date"))
    measure.add_argument("--where", type=parse_nonempty_text, metavar="TEXT", help=_("where"))
    measure.add_argument("--cost", type=parse_whole_number, metavar="AMOUNT", help=_("what it costs"))
    measure.add_argument(
        "--cause",
        dest="causes",
        type=parse_whole_number,
        action="append",
        default=[],
        metavar="K",
        help=_("against this cause"),
    )
    measure.add_argument("--of", type=parse_whole_number, metavar="K", help=_("write this one again"))
    measure.add_argument("--done", type=parse_date, metavar="D", help=_("the date on which the one of --of was done"))
    measure.add_argument("--remove", type=parse_whole_number, metavar="K", help=_("remove this one"))
    standard = _add_project_argument(group.add_command("standard", _("make a measure standard"), _make_standard))
    standard.add_argument("measure", type=parse_whole_number, metavar="MEASURE")
    standard.add_argument("place", choices=PLACES, metavar="|".join(PLACES))
    standard.add_argument("--text", type=parse_nonempty_text, metavar="TEXT", help=_("the item, step or point"))
    standard.add_argument("--text-en", type=parse_nonempty_text, metavar="TEXT", help=_("the same in English"))
    standard.add_argument("--card", type=parse_code, metavar="CARD", help=_("the contingency card"))
    standard.add_argument("--key", type=parse_code, metavar="KEY", help=_("the rule"))
    standard.add_argument("--value", type=parse_nonempty_text, metavar="VALUE", help=_("its value"))
    take = handler_for_function(
        "features.projects.verbs.leading:make_requested_standard",
        _changed_record_numbers_text,
        number="project",
        n="measure",
    )
    taking = _add_project_argument(group.add_command("take", _("make standard what a manager asked for"), take))
    taking.add_argument("measure", type=parse_whole_number, metavar="MEASURE")
    group.add_command(
        "standards",
        _("what projects made standard, and what waits for an admin"),
        handler_for_function(
            "improvement.all_project_standards",
            _made_standard_line,
            many="standards",
            none=lambda: _("No project made anything standard."),
        ),
        reads=ReadScope.FIGURES,
    )


def _read_percent_or_minutes_argument(text: str) -> float:
    """Read per cent or minutes."""
    try:
        found = float(parse_code(text).removesuffix("%"))
    except ValueError:
        found = -1
    if not 0 <= found <= MOST_MINUTES:
        raise argparse.ArgumentTypeError(_("{text} is neither per cent nor minutes", text=text[:40]))
    return found


def _share_or_minutes_from_typed(figure: str, typed: float) -> float:
    return typed if is_minutes_figure_path(figure) else typed / 100


def _parse_figure_path_and_alarm_line(text: str) -> tuple[str, float | None]:
    path, has_line, line = parse_code(text).partition("=")
    return path, _share_or_minutes_from_typed(path, _read_percent_or_minutes_argument(line)) if has_line else None


# -- looking ---------------------------------------------------------------------------------------------------------


def _show_effect(job: CommandJob) -> int:
    from queuedesk.features.projects.verbs import telling

    found = telling.before_after_effect(job.desk(), job.args.project, job.now())
    document = telling.effect_document(found) if found else {"project": job.args.project, "figures": None}
    return job.print_answer(document, _effect_text(job, document))


def _write_project_pdf(job: CommandJob) -> int:
    from queuedesk.features.projects import papers

    assert job.reader is not None
    args = job.args
    out = papers.write_project_report(
        job.desk(), job.reader, args.project, args.out, lang=current_language(), now=job.now()
    )
    return job.print_answer({"project": args.project, "file": str(out)}, str(out))


def _print_sample_project(job: CommandJob) -> int:
    from queuedesk.features.projects import words
    from queuedesk.features.projects.words import sample_project_document

    document = sample_project_document()
    effect, target = document["effect"], document["target"]
    lines = [document["title"], document["source"], project_step_word("state")]
    lines += [f"  {row['month']}  {share_or_minutes_with_counts(row)}" for row in document["state"]]
    shown = words.value_text(target["figure"], target["value"])
    lines.append(f"{project_step_word('target')}  {shown}  {target['reason']}")
    lines.append(project_step_word("evidence"))
    for one in document["causes"]:
        parts = [str(one["n"]), words.bone_word(one["bone"]), one["name"], words.judgement_word(one["stated"])]
        lines.append("  " + "  ".join([*parts, one["look_at"] or ""]).rstrip())
    lines += [f"  {document['by_words']}", project_step_word("measures")]
    lines += [f"  {one['n']}  {one['what']}" for one in document["measures"]]
    lines.append(project_step_word("effect"))
    lines += [f"  {row['month']}  {share_or_minutes_with_counts(row)}" for row in effect["months"]]
    both = f"{share_or_minutes_with_counts(effect['before'])} → {share_or_minutes_with_counts(effect['after'])}"
    bounds = f"{words.share_difference_in_points(effect['low'])} … {words.share_difference_in_points(effect['high'])}"
    told = project_verdict_word(effect["verdict"])
    lines.append(f"  {both}  {words.share_difference_in_points(effect['difference'])}  {bounds}  {told}")
    lines += [f"  {text}" for text in (*effect["notes"], *(one["message"] for one in document["audit"]))]
    lines.append(f"{project_step_word('standard')}  {document['standard']}")
    lines.append(_("Next step: {text}", text=document["next"]))
    return job.print_answer(document, "\n".join(lines))


def _project_line(row: Document) -> str:
    from queuedesk.i18n import date_short

    stands = (
        project_ending_word(row["ending"]) if row["ending"] else project_step_word(row["step"]) if row["step"] else ""
    )
    parts = [str(row["project"]), row["title"], row["leader"], date_short(date.fromisoformat(row["date"])), stands]
    return "  ".join(part for part in parts if part)


def _project_text(document: Document, setup: Setup) -> str:
    from queuedesk.features.projects import words
    from queuedesk.i18n import date_short
    from queuedesk.i18n.figures.figure_titles import figure_title

    lines = [_project_line(document)]
    for step in document["steps"]:
        lines.append(
            f"{project_step_word(step['step'])}  {'✓' if step['done'] else words.missing_in_step_text(step['missing'])}"
        )
        match step["step"]:
            case "topic" if document["finding"]:
                lines.append(f"  {words.citation_text(document['finding'], setup)}")
            case "state":
                lines += [f"  {row['n']}  {words.citation_text(row, setup)}" for row in document["state"]]
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
    place = resulting_standard_word(row["standard"]["place"]) if row["standard"] else ""
    cost = "" if row["cost"] is None else str(row["cost"])
    parts = [str(row["n"]), row["what"], row["who"], due, row["where"] or "", cost, done, place]
    return "  ".join(part for part in parts if part)


def _effect_text(job: CommandJob, document: Document) -> str:
    from queuedesk.features.projects import words
    from queuedesk.i18n.figures.figure_titles import figure_title

    if document["figures"] is None:
        return words.missing_in_step_text(["spans"])
    setup = job.setup()
    lines = [words.effect_result_sentence(document, setup), words.compared_days_text(document)]
    for one in document["figures"]:
        low, change, high = (words.signed_change_text(one["unit"], one[end]) for end in ("low", "difference", "high"))
        title, verdict = figure_title(one["figure"], setup), project_verdict_word(one["verdict"])
        spans = f"{share_or_minutes_with_counts(one['before'])} → {share_or_minutes_with_counts(one['after'])}"
        lines.append(f"{title}  {spans}  {change}  {low} … {high}  {verdict}")
        lines += [f"  {note}" for note in words.figure_effect_notes(one, document)]
    if target := document["target"]:
        shown = words.value_text(target["figure"], target["value"])
        lines.append(f"{project_step_word('target')}  {shown}  {project_verdict_word(target['verdict'])}")
    lines.append(words.next_check_date_text(document))
    return "\n".join(line for line in lines if line)


# -- doing -----------------------------------------------------------------------------------------------------------


def _citation_from_arguments(args: Any) -> EvidenceCitation | None:
    """Return what is cited, None where nothing is."""
    label, of = getattr(args, "ticket", None) or ("", None)
    case, inspection = getattr(args, "case", None) or "", getattr(args, "inspection", None) or ""
    if args.figure and args.first is None:
        raise UsageError(_("Missing: {what}", what="--from"))
    if not (args.figure or label or case or inspection):
        return None
    first = of or args.first
    return EvidenceCitation(
        path=args.figure or "", first=first, last=args.last or first, ticket=label, case=case, inspection=inspection
    )


def _changed_record_numbers_text(document: Document) -> str:
    """Return which project, cause or measure it was; an id that is given again has but its number."""
    return "/".join(str(document[name]) for name in ("project", "cause", "measure") if name in document)


def _run_and_answer_numbers(job: CommandJob, act: Callable[..., Document], *args: Any, **words: Any) -> int:
    document = act(job.desk(), job.new_change_ask(), *args, **words)
    return job.print_answer(document, _changed_record_numbers_text(document))


def _open_project(job: CommandJob) -> int:
    from queuedesk.features.projects.verbs import leading

    return _run_and_answer_numbers(
        job, leading.open_project, job.args.title or "", job.args.leader or "", _citation_from_arguments(job.args)
    )


def _change_project(job: CommandJob) -> int:
    from queuedesk.desk import improvement
    from queuedesk.features.projects.verbs import leading

    args, finding = job.args, _citation_from_arguments(job.args)
    if finding is not None:
        return _run_and_answer_numbers(job, improvement.set_finding, args.project, finding)
    if args.next:
        return _run_and_answer_numbers(job, leading.set_next_step, args.project, args.next or "")
    return _run_and_answer_numbers(
        job, leading.rename_or_reassign_project, args.project, title=args.title or "", leader=args.leader or ""
    )


def _add_or_drop_present_state_item(job: CommandJob) -> int:
    from queuedesk.desk import improvement
    from queuedesk.features.projects.verbs import leading

    if job.args.drop is not None:
        return _run_and_answer_numbers(job, leading.remove_present_state_item, job.args.project, job.args.drop)
    finding = _citation_from_arguments(job.args)
    if finding is None:
        raise UsageError(_("Missing: {what}", what="--figure"))
    return _run_and_answer_numbers(job, improvement.add_state_citation, job.args.project, finding)


def _set_target(job: CommandJob) -> int:
    from queuedesk.features.projects.verbs import leading

    args = job.args
    return _run_and_answer_numbers(
        job,
        leading.set_target,
        args.project,
        args.figure,
        _share_or_minutes_from_typed(args.figure, args.value),
        by=args.by,
        reason=args.reason or "",
    )


def _set_followed_figures(job: CommandJob) -> int:
    from queuedesk.core.improvement.project import EffectFigure
    from queuedesk.features.projects.verbs import leading

    return _run_and_answer_numbers(
        job, leading.set_followed_figures, job.args.project, [EffectFigure(*one) for one in job.args.follows]
    )


def _set_comparison_spans(job: CommandJob) -> int:
    from queuedesk.core.improvement.project import ComparedDateSpans
    from queuedesk.features.projects.verbs import leading

    args = job.args
    spans = ComparedDateSpans(
        before=(args.before[0], args.before[1]), measures=args.measures, after=(args.after[0], args.after[1])
    )
    return _run_and_answer_numbers(job, leading.set_comparison_spans, args.project, spans)


def _add_change_or_remove_cause(job: CommandJob) -> int:
    from queuedesk.features.projects.verbs import leading

    args = job.args
    if args.remove is not None:
        return _run_and_answer_numbers(job, leading.remove_cause, args.project, args.remove)
    if args.bone is None:
        raise UsageError(_("Missing: {what}", what="--bone"))
    if args.of is not None:
        return _run_and_answer_numbers(
            job, leading.change_cause, args.project, args.of, args.name or "", args.bone, own_bone=args.own or ""
        )
    return _run_and_answer_numbers(
        job, leading.add_cause, args.project, args.name or "", args.bone, own_bone=args.own or ""
    )


def _add_or_remove_evidence(job: CommandJob) -> int:
    from queuedesk.features.projects.verbs import leading

    args = job.args
    if args.remove is not None:
        return _run_and_answer_numbers(job, leading.remove_evidence, args.project, args.cause, args.remove)
    if (args.having is None) != (args.lacking is None):
        raise UsageError(_("Missing: {what}", what="--without" if args.lacking is None else "--with"))
    groups = (args.having, args.lacking) if args.having is not None else None
    finding = None
    if groups is not None and args.first is not None:
        finding = EvidenceCitation(first=args.first, last=args.last or args.first)
    elif groups is None and args.figure:
        finding = EvidenceCitation(path=args.figure, first=args.first, last=args.last or args.first)
    gathered = NewEvidence(
        finding=finding,
        groups=groups,
        tickets=[(day, label) for label, day in args.tickets or ()],
        cases=args.cases or (),
        counted=args.counted or "",
        note=args.note or "",
    )
    return _run_and_answer_numbers(job, leading.add_evidence, args.project, args.cause, gathered)


def _judge_cause(job: CommandJob) -> int:
    from queuedesk.core.improvement.project import CauseJudgement
    from queuedesk.features.projects.verbs import leading

    args = job.args
    return _run_and_answer_numbers(job, leading.judge_cause, args.project, args.cause, CauseJudgement(args.judgement))


def _plan_finish_or_remove_measure(job: CommandJob) -> int:
    from queuedesk.features.projects.verbs import leading

    args = job.args
    if args.remove is not None:
        return _run_and_answer_numbers(job, leading.remove_measure, args.project, args.remove)
    if args.done is not None:
        if args.of is None:
            raise UsageError(_("Missing: {what}", what="--of"))
        return _run_and_answer_numbers(job, leading.record_measure_done, args.project, args.of, args.done)
    for name, option in (("doer", "--who"), ("due", "--due")):
        if getattr(args, name) is None:
            raise UsageError(_("Missing: {what}", what=option))
    plan = PlannedMeasure(
        what=args.what or "",
        who=args.doer,
        due=args.due,
        where=args.where or "",
        cost=args.cost,
        causes=tuple(args.causes),
    )
    if args.of is not None:
        return _run_and_answer_numbers(job, leading.change_measure, args.project, args.of, plan)
    return _run_and_answer_numbers(job, leading.add_measure, args.project, plan)


def _make_standard(job: CommandJob) -> int:
    from queuedesk.core.improvement.project import ResultingStandard
    from queuedesk.features.projects.verbs import leading

    args = job.args
    made = StandardContent(
        place=ResultingStandard(args.place),
        text=args.text or "",
        text_en=args.text_en or "",
        card=args.card or "",
        key=args.key or "",
        value=args.value or "",
    )
    return _run_and_answer_numbers(job, leading.make_measure_standard, args.project, args.measure, made)


def _made_standard_line(row: Document, setup: Setup) -> str:
    from queuedesk.features.projects.words import made_standard_line

    return made_standard_line(row, setup)


def _close_project(job: CommandJob) -> int:
    from queuedesk.core.improvement.project import ProjectEnding
    from queuedesk.features.projects.verbs import leading

    return _run_and_answer_numbers(
        job, leading.close_or_drop_project, job.args.project, ProjectEnding.CLOSED, job.args.reason or ""
    )


def _drop_project(job: CommandJob) -> int:
    from queuedesk.core.improvement.project import ProjectEnding
    from queuedesk.features.projects.verbs import leading

    return _run_and_answer_numbers(
        job, leading.close_or_drop_project, job.args.project, ProjectEnding.DROPPED, job.args.reason or ""
    )
