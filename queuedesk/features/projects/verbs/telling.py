"""Tells of improvement projects: what stands in them, with every figure asked anew from the log, and what their
measures changed: equal weekdays before and after, against the hall's own history."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from msgspec import Struct, field

from queuedesk.core.errors import RuleError
from queuedesk.core.figures import comparing
from queuedesk.core.figures.comparing import Side as AlikeSide
from queuedesk.core.figures.measures.document import LogRange, ReportTally, figures_document
from queuedesk.core.figures.measures.figure import hall_figure_scope
from queuedesk.core.figures.satisfaction import SatisfactionRateDifference, wilson_interval
from queuedesk.core.improvement import following
from queuedesk.core.improvement import project as projects
from queuedesk.core.log.state import CASES, PROJECTS
from queuedesk.core.quality.case import CITED_FIGURE, CITED_VIEWS, Citation, changed_view_figures
from queuedesk.core.queue.hallday import business_date
from queuedesk.core.setup.rows import Setup
from queuedesk.desk import improvement
from queuedesk.desk.change import Desk, Document, iso_local
from queuedesk.desk.figures import (
    current_figures_of_cited_view,
    days_of_span,
    numerator_and_denominator_by_service,
    share_counts_by_path,
    tickets_behind_figure,
    today_if_visit_or_window_open,
)
from queuedesk.desk.reading import stored_words
from queuedesk.features.projects import rules
from queuedesk.store.figures.measured import HallReader
from queuedesk.store.parts import halls, part_tables


class ProjectWithTexts(Struct, frozen=True, kw_only=True):
    """A project with the words that stand beside the log, as one moment found them."""

    project: projects.Project
    setup: Setup
    today: date
    words: Mapping[str, str]
    cases: Mapping[str, str] = field(default_factory=dict)
    """The states of all cases, by number."""

    def stored_words_or_empty(self, kept: str | None) -> str:
        """Return words, "" where there are none or they are not there any more."""
        return self.words.get(kept or "", "")

    def read(self, kept: str | None) -> following.EvidenceContent | None:
        """Return what somebody cited or gathered; None where its words are not there any more."""
        words = self.stored_words_or_empty(kept)
        return following.EvidenceContent.read(words) if words else None


def project_with_words(desk: Desk, number: int, now: datetime) -> ProjectWithTexts:
    """Return a project as it stands. Raises RuleError "not_there"."""
    with desk.db.read() as tx:
        setup = halls.setup_of_hall_row(tx, halls.load_hall_row(tx, desk.hall))
        found = [one for one in part_tables.objects_of_days(tx, desk.hall, PROJECTS).values() if one.number == number]
        if not found:
            raise RuleError("not_there", kind="project", code=str(number))
        known = part_tables.objects_of_days(tx, desk.hall, CASES).values()
        return ProjectWithTexts(
            project=found[0],
            setup=setup,
            today=business_date(setup, now),
            words=stored_words(tx, desk.hall, _stored_text_ids_of_project(found[0])),
            cases={one.number: str(one.state) for one in known},
        )


def read_project_document(desk: Desk, number: int, now: datetime) -> Document:
    """Return a project with all that stands in its steps. What it cites has the figures of then and of now; groups are
    counted anew, their difference with its 95 % interval. A year of many tickets takes some seconds.

    Raises RuleError "not_there", OutsideError when the database does not answer."""
    return project_document(project_with_words(desk, number, now), SpanFigureReader(desk, now))


def _stored_text_ids_of_project(one: projects.Project) -> list[str | None]:
    """Return all that the log holds of words of a project."""
    found = [one.title, one.finding, *one.state, one.next, one.words, one.target.words if one.target else None]
    for cause in one.causes:
        found += [cause.words, cause.own_bone, *(each.words for each in cause.evidence)]
    for measure in one.measures:
        found += [measure.words, measure.where, measure.standard.words if measure.standard else None]
    return found


class SpanFigureReader(Struct):
    """Where a document asks its figures anew; each span is read once."""

    desk: Desk | None
    now: datetime
    _parts: dict[tuple[date, date], Mapping[str, comparing.NumeratorAndDenominator]] = field(default_factory=dict)

    def share_counts(self, first: date, last: date) -> Mapping[str, comparing.NumeratorAndDenominator]:
        """Return the numerators and denominators of all shares of these dates, by path."""
        if self.desk is None:
            return {}
        if (first, last) not in self._parts:
            self._parts[first, last] = improvement.counts_of_all_shares_in_dates(self.desk, first, last, self.now)
        return self._parts[first, last]

    def figures_of_citation_now(self, one: Citation) -> Document:
        if self.desk is None or one.what not in (CITED_FIGURE, *CITED_VIEWS):
            return {}
        if one.view is None:
            value = tickets_behind_figure(self.desk, one.name, one.first, one.last, self.now, most=1).value
            part = self.share_counts(one.first, one.last).get(one.name)
            return {"now": value, "now_n": part and part.n, "now_of": part and part.of, "changed": value != one.value}
        seen = current_figures_of_cited_view(self.desk, one, one.view, self.now)
        rows = [
            {"figure": c.name, "side": c.side, "then": c.then, "now": c.now}
            for c in changed_view_figures(one.view, seen)
        ]
        return {"now": seen.document, "changes": rows, "changed": bool(rows)}


# -- documents ---------------------------------------------------------------------------------------------------------


def project_document(found: ProjectWithTexts, figures: SpanFigureReader) -> Document:
    """Return a project as commands print it and windows show it."""
    one, say = found.project, found.stored_words_or_empty
    target = one.target
    spans = one.spans
    return {
        **improvement.project_list_row(found.setup, one, say(one.title), found.today),
        "sample": False,
        "by": one.by,
        "steps": [
            {
                "step": str(step),
                "done": not (missing := one.missing_step_parts(step, found.today)),
                "missing": list(missing),
            }
            for step in projects.ImprovementStep
        ],
        "finding": _citation_document(found.read(one.finding), figures) if one.finding else None,
        "state": [
            {"n": n, **_citation_document(found.read(kept), figures)} for n, kept in enumerate(one.state, start=1)
        ],
        "target": target
        and {
            "figure": target.figure,
            "value": target.value,
            "better": following.better_direction(target.figure),
            "by": target.by.isoformat(),
            "reason": say(target.words),
        },
        "causes": [_cause_document(found, n, cause, figures) for n, cause in one.numbered_unremoved_causes],
        "measures": [_measure_document(found, n, measure) for n, measure in one.numbered_unremoved_measures],
        "follows": [
            {"figure": each.figure, "better": following.better_direction(each.figure), "alarm": each.alarm}
            for each in one.follows
        ],
        "spans": spans
        and {
            "before": {"from": spans.before[0].isoformat(), "to": spans.before[1].isoformat()},
            "measures": spans.measures.isoformat(),
            "after": {"from": spans.after[0].isoformat(), "to": spans.after[1].isoformat()},
        },
        "next": say(one.next) or None,
        "reason": say(one.words) or None,
    }


def _citation_document(said: following.EvidenceContent | None, figures: SpanFigureReader) -> Document:
    """Return what is cited; "what" is null where its words are not there any more."""
    if said is None or said.cited is None:
        return {"what": None}
    return {**said.cited.document, **figures.figures_of_citation_now(said.cited)}


def _cause_document(
    found: ProjectWithTexts, n: int, cause: projects.ProjectCause, figures: SpanFigureReader
) -> Document:
    rows = [_evidence_document(found, each.words, figures) for each in cause.evidence]
    return {
        "n": n,
        "name": found.stored_words_or_empty(cause.words),
        "bone": cause.bone,
        "bone_name": found.stored_words_or_empty(cause.own_bone) if cause.bone == rules.OWN_BONE else None,
        "judgement": str(cause.judgement),
        "judged_by": cause.judged_by,
        "judged": iso_local(found.setup, cause.judged),
        "evidence": [{"n": at, **row} for at, row in enumerate(rows, start=1)],
    }


def _evidence_document(found: ProjectWithTexts, kept: str, figures: SpanFigureReader) -> Document:
    said = found.read(kept)
    if said is None:
        return {"kind": None, "note": ""}
    row: Document = {"kind": str(said.kind), "note": said.note}
    match said.kind:
        case projects.EvidenceKind.FIGURE:
            return row | _citation_document(said, figures)
        case projects.EvidenceKind.COMPARE:
            return row | group_comparison_document(said, figures)
        case projects.EvidenceKind.TICKETS:
            return row | {"tickets": [{"date": day.isoformat(), "ticket": label} for day, label in said.tickets]}
        case projects.EvidenceKind.CASES:
            return row | {"cases": [{"number": one, "state": found.cases.get(one)} for one in said.cases]}
        case projects.EvidenceKind.COUNT:
            return row | {"count": said.n, "of": said.of or None}


def group_comparison_document(said: following.EvidenceContent, figures: SpanFigureReader) -> Document:
    """Return two groups as they are counted now, with how far the first lies above the second; "few": below 30 rows in
    one of them nothing is compared."""
    if said.groups is None:
        return {}
    then = said.groups
    is_dated = said.first is not None and said.last is not None
    now = said
    if said.first is not None and said.last is not None:
        now = said.with_current_counts(figures.share_counts(said.first, said.last))
    groups = now.groups or then
    found = rules.share_with_minus_without_cause(groups) if rules.have_enough_rows(groups) else None
    verdict = None
    if found is not None and found.low is not None and found.high is not None:
        verdict = "higher" if found.low > 0 else "lower" if found.high < 0 else "cannot_tell"
    return {
        "from": said.first.isoformat() if said.first else None,
        "to": said.last.isoformat() if said.last else None,
        **{
            name: {
                "figure": group.path,
                "n": group.n,
                "of": group.of,
                "rate": group.share_counts.rate,
                "then_n": was.n,
                "then_of": was.of,
            }
            for name, group, was in zip(("with", "without"), groups, then, strict=True)
        },
        "live": is_dated,
        "few": found is None,
        "fewest": rules.FEWEST,
        "difference": found and found.difference,
        "low": found and found.low,
        "high": found and found.high,
        "verdict": verdict,
    }


def _measure_document(found: ProjectWithTexts, n: int, one: projects.Measure) -> Document:
    made = one.standard
    says = found.stored_words_or_empty(made.words) if made else ""
    told = projects.StandardContent.read(made.place, made.ref, says) if made and says else None
    return {
        "n": n,
        "what": found.stored_words_or_empty(one.words),
        "who": one.who,
        "due": one.due.isoformat(),
        "where": found.stored_words_or_empty(one.where) or None,
        "cost": one.cost,
        "causes": list(one.causes),
        "done": one.done.isoformat() if one.done else None,
        "overdue": one.done is None and one.due < found.today,
        "standard": made
        and {
            "place": str(made.place),
            "ref": made.ref,
            "by": made.by,
            "at": iso_local(found.setup, made.at),
            "text": told.text if told else "",
            "value": told.value if told else "",
            "asked": made.is_asked,
            "asked_by": made.asked_by,
        },
    }


# -- the effect --------------------------------------------------------------------------------------------------------


class ProjectEffect(Struct, frozen=True, kw_only=True):
    """The effect of a project: of each figure that it follows, with the dates compared and those left out of both
    spans. `daily` are the figures of every date from the first span's first to the second's last, by path, for a chart.
    `history` are the dates that say what is usual. `ask_again` is the first date on which the figure that takes longest
    may be told; None where all is told, or would take more than a year."""

    found: ProjectWithTexts
    spans: projects.ComparedDateSpans
    before: comparing.ChosenDates
    after: comparing.ChosenDates
    history: tuple[date, ...]
    figures: tuple[rules.ShareEffect | rules.MinutesEffect, ...]
    daily: dict[str, Sequence[rules.DayShare | rules.DayMinutes]]
    ask_again: date | None
    is_over: bool

    def effect_of_figure(self, figure: str) -> rules.ShareEffect | rules.MinutesEffect | None:
        return next((one for one in self.figures if one.figure == figure), None)


def before_after_effect(desk: Desk, number: int, now: datetime) -> ProjectEffect | None:
    """Return a project's effect so far; None where nothing is followed or the spans are not set. Raises RuleError
    "not_there", OutsideError when the database does not answer."""
    found = project_with_words(desk, number, now)
    spans, paths = found.project.spans, [one.figure for one in found.project.follows]
    if spans is None or not paths:
        return None
    with desk.db.read() as tx:
        setup = found.setup
        running = today_if_visit_or_window_open(tx, desk.hall, found.today)
        look = partial(days_of_span, tx, desk.hall, setup, last=found.today, running=running)
        one, two = look(spans.before), look(spans.after)
        before, after = comparing.choose_equal_weekdays(one, two)
        earlier = spans.before[0] - timedelta(weeks=rules.HISTORY_WEEKS), spans.before[0] - timedelta(days=1)
        history = _earlier_dates_alike(before, one, look(earlier))
        every = _finished_days_with_tickets(look((spans.before[0], spans.after[1])))
        reader = HallReader(tx, desk.hall, setup, now)
        counted = daily_effect_data(reader, setup, [*history, *every], paths, (before.days, after.days))
    shares = {path: {row.day: row for row in rows} for path, rows in counted.shares.items()}
    minutes = {path: {row.day: row for row in rows} for path, rows in counted.minutes.items()}
    pairs = _date_pairs((one, before), (two, after))

    def effect_on_figure(path: str) -> rules.ShareEffect | rules.MinutesEffect:
        if path in minutes:
            rows = minutes[path]
            return rules.minutes_effect(
                path,
                following.better_direction(path),
                whole=(counted.whole[0][path], counted.whole[1][path]),
                pairs=[(rows[first], rows[second]) for first, second in pairs],
                history=[rows[day] for day in history],
                alike=counted.alike.get(path),
            )
        own = shares[path]
        one_side, other, past = ([own[day] for day in days] for days in (before.days, after.days, history))
        return rules.share_effect(
            path, following.better_direction(path), one_side, other, past, alike=counted.alike.get(path)
        )

    figures = tuple(effect_on_figure(path) for path in paths)
    by_day: dict[str, Mapping[date, rules.DayShare | rules.DayMinutes]] = {**shares, **minutes}
    return ProjectEffect(
        found=found,
        spans=spans,
        before=before,
        after=after,
        history=history,
        figures=figures,
        daily={path: [by_day[path][day] for day in every] for path in paths},
        ask_again=_next_check_date(figures, after, spans),
        is_over=spans.after[1] < found.today or (spans.after[1] == found.today and running is None),
    )


def _date_pairs(*sides: tuple[comparing.SpanDatesAndBusyDates, comparing.ChosenDates]) -> list[tuple[date, date]]:
    """Return the dates that are held against each other: the first of each weekday, the second, and so on."""
    found = []
    for span, chosen in sides:
        by: dict[int | None, list[date]] = defaultdict(list)
        for day in chosen.days:
            by[span.weekday_or_make_up(day)].append(day)
        found.append(by)
    return [pair for like, days in found[0].items() for pair in zip(days, found[1][like], strict=False)]


def _finished_days_with_tickets(span: comparing.SpanDatesAndBusyDates) -> list[date]:
    return [day for day in span.days if day in span.busy and day != span.running]


def _earlier_dates_alike(
    chosen: comparing.ChosenDates, span: comparing.SpanDatesAndBusyDates, earlier: comparing.SpanDatesAndBusyDates
) -> tuple[date, ...]:
    """Return the earlier dates that are like those that are compared."""
    kinds = {span.weekday_or_make_up(day) for day in chosen.days}
    return tuple(
        day
        for day in _finished_days_with_tickets(earlier)
        if (like := earlier.weekday_or_make_up(day)) is not None and like in kinds
    )


def _next_check_date(
    figures: Sequence[rules.ShareEffect | rules.MinutesEffect],
    after: comparing.ChosenDates,
    spans: projects.ComparedDateSpans,
) -> date | None:
    """Return the day after that on which the figure that takes longest has its days, at the pace of the days so far."""
    needed = max((one.days_to_tell or 0 for one in figures), default=0)
    if not needed or not after.days:
        return None
    so_far = (after.days[-1] - spans.after[0]).days + 1
    # In whole weeks a pace has its days off in it.
    weeks, per_week = -(-so_far // 7), len(after.days)
    return spans.after[0] + timedelta(days=-(-needed * weeks * 7 // per_week))


# -- the effect as a document ------------------------------------------------------------------------------------------


def effect_document(found: ProjectEffect) -> Document:
    """Return the effect as commands print it."""
    spans, target = found.spans, found.found.project.target
    of_target = found.effect_of_figure(target.figure) if target else None
    return {
        "project": found.found.project.number,
        "over": found.is_over,
        "before": _span_document(spans.before, found.before),
        "measures": spans.measures.isoformat(),
        "after": _span_document(spans.after, found.after),
        "days": len(found.before.days),
        "figures": [_figure_effect_document(one) for one in found.figures],
        "target": _target_result_document(target, of_target) if target and of_target else None,
        "ask_again": found.ask_again and found.ask_again.isoformat(),
        "history": {
            "from": found.history[0].isoformat() if found.history else None,
            "to": found.history[-1].isoformat() if found.history else None,
            "days": len(found.history),
        },
        "daily": [
            {"figure": path, "days": [_day_share_or_minutes_document(row) for row in rows]}
            for path, rows in found.daily.items()
        ],
    }


def _span_document(span: tuple[date, date], chosen: comparing.ChosenDates) -> Document:
    return {
        "from": span[0].isoformat(),
        "to": span[1].isoformat(),
        "dates": [day.isoformat() for day in chosen.days],
        "left_out": [_left_out_date_and_reason(one) for one in chosen.left_out],
    }


def _left_out_date_and_reason(one: comparing.LeftOutDate) -> Document:
    return {"date": one.day.isoformat(), "why": one.why}


def _day_share_or_minutes_document(row: rules.DayShare | rules.DayMinutes) -> Document:
    day = row.day.isoformat()
    if isinstance(row, rules.DayMinutes):
        return {"date": day, "n": row.n, "minutes": row.minutes}
    return {"date": day, "n": row.n, "of": row.of}


def _difference_document(found: SatisfactionRateDifference | None) -> Document:
    names = ("difference", "low", "high")
    return {name: getattr(found, name) if found else None for name in names}


def _figure_effect_document(one: rules.ShareEffect | rules.MinutesEffect) -> Document:
    return {
        "figure": one.figure,
        "unit": comparing.MINUTES if isinstance(one, rules.MinutesEffect) else comparing.SHARE,
        "better": one.better,
        "before": improvement.share_or_minutes_document(one.before),
        "after": improvement.share_or_minutes_document(one.after),
        **_difference_document(one.difference if one.verdict is not rules.EffectVerdict.TOO_FEW else None),
        "plain": str(one.plain),
        "verdict": str(one.verdict),
        "why": one.why and str(one.why),
        "same_mix": one.alike,
        "usual": _usual_range_document(one.usual, one.against_usual) if one.usual else None,
        "hinges": [
            {"date": hinge.day.isoformat(), "verdict": str(hinge.verdict), "apart": hinge.is_apart}
            for hinge in one.hinges
        ],
        "days_to_tell": one.days_to_tell,
    }


def _usual_range_document(
    usual: rules.UsualShare | rules.UsualMinutesRange, against: SatisfactionRateDifference | None
) -> Document:
    bounds = {"low": usual.low, "high": usual.high, "beyond": usual.is_beyond, "days": usual.days}
    whole = (
        improvement.share_or_minutes_document(usual.part)
        if isinstance(usual, rules.UsualShare)
        else {"minutes": usual.minutes}
    )
    return {**whole, **bounds, "after": _difference_document(against)}


def _target_result_document(target: projects.ProjectTarget, found: rules.ShareEffect | rules.MinutesEffect) -> Document:
    """Return whether a target is met: "met" and "not_met" only where the interval leaves it on one side."""
    document: Document = {"figure": target.figure, "value": target.value, "by": target.by.isoformat()}
    document |= {
        key: value
        for key, value in improvement.share_or_minutes_document(found.after).items()
        if key in ("rate", "minutes")
    }
    low, high = _after_span_interval(found)
    if low is None or high is None:
        return {**document, "low": None, "high": None, "verdict": "too_few"}
    bad = [following.is_beyond_alarm_line(found.better, end, target.value) for end in (low, high)]
    verdict = "not_met" if all(bad) else "cannot_tell" if any(bad) else "met"
    return {**document, "low": low, "high": high, "verdict": verdict}


def _after_span_interval(found: rules.ShareEffect | rules.MinutesEffect) -> tuple[float | None, float | None]:
    """Return the interval of the second span's own figure."""
    if isinstance(found, rules.MinutesEffect):
        return found.reached.low, found.reached.high
    if found.after.of < rules.FEWEST:
        return None, None
    bounds = wilson_interval(found.after.n, found.after.of)
    return bounds.low, bounds.high


# -- counting day by day -----------------------------------------------------------------------------------------------


class DailyEffectData(Struct, frozen=True):
    """Shares and minutes of each date in order, by path; the minutes of whole spans, in their order; and the difference
    of the last of two spans from the first with the same mix of services."""

    shares: dict[str, list[rules.DayShare]]
    minutes: dict[str, list[rules.DayMinutes]]
    whole: list[dict[str, following.FigureMinutes]]
    alike: dict[str, float | None]


def daily_effect_data(
    reader: HallReader, setup: Setup, days: Iterable[date], paths: Collection[str], spans: Sequence[Collection[date]]
) -> DailyEffectData:
    """Return figures of each date; and those of whole spans of these dates."""
    timed = [path for path in paths if following.is_minutes_figure_path(path)]
    found = DailyEffectData({path: [] for path in paths if path not in timed}, {path: [] for path in timed}, [], {})
    tallies = [ReportTally() for _span in spans]
    for day in days:
        tally, rows = ReportTally(), reader.read_day(day)
        tally.add_day(rows)
        for span, whole in zip(spans, tallies, strict=True):
            if day in span:
                whole.add_day(rows)
        document = figures_document(hall_figure_scope(setup, day, day), tally, LogRange())
        parts = share_counts_by_path(document, tally)
        for path, shares in found.shares.items():
            part = parts.get(path, comparing.NumeratorAndDenominator(0, 0))
            shares.append(rules.DayShare(day, part.n, part.of))
        for path, level in improvement.minute_figures_by_path(document, timed).items():
            found.minutes[path].append(rules.DayMinutes(day, level.minutes, level.n))
    sides: list[dict[str, AlikeSide]] = []
    for span, whole in zip(spans, tallies, strict=True):
        ends = (min(span), max(span)) if span else None
        document = figures_document(hall_figure_scope(setup, *ends), whole, LogRange()) if ends and timed else {}
        found.whole.append(improvement.minute_figures_by_path(document, timed))
        sides.append(
            {
                path: {
                    code: (part.rate or 0.0, part.of)
                    for code, part in numerator_and_denominator_by_service(whole, path).items()
                }
                for path in found.shares
            }
            | {path: _minutes_and_count_by_service(document, path) for path in timed}
        )
    if len(sides) > 1:
        found.alike.update({path: comparing.standardized_difference(sides[0][path], sides[-1][path]) for path in paths})
    return found


def _minutes_and_count_by_service(document: Mapping[str, Any], path: str) -> AlikeSide:
    """Return a figure in minutes of the whole hall by service; none of a figure of one row."""
    if len(comparing.split_figure_path(path)) > 2:
        return {}
    codes = [row["code"] for row in document.get("services", ())]
    levels = improvement.minute_figures_by_path(
        document, [comparing.joined_figure_path("services", code, *comparing.split_figure_path(path)) for code in codes]
    )
    known = zip(codes, levels.values(), strict=True)
    return {code: (level.minutes, level.n) for code, level in known if level.minutes is not None}
