"""The improvement projects of a demo's weeks: one in its evidence, one that is over."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from msgspec.structs import replace

from queuedesk.core.figures.periods import WEEK, period_span_containing
from queuedesk.core.improvement import project as projects
from queuedesk.core.improvement.following import SENT_ON
from queuedesk.core.network.roles import Actor, Role
from queuedesk.core.setup.rows import Setup
from queuedesk.desk import improvement
from queuedesk.desk.change import Ask, Desk
from queuedesk.features.projects.rules import NewEvidence, PlannedMeasure
from queuedesk.features.projects.verbs import leading, telling
from queuedesk.sim.demand import Act, FeatureDemoPart, Words, hall_language_text

NOON, FIRST = ("中午少等", "Shorter waits at noon"), ("一次办对", "Right the first time")
IN_TIME, WRONG, RATED = "wait.within_target", SENT_ON.rate_path, "ratings.rate"
WRONG_OF = f"measures.{SENT_ON.key}.by_service"
AT_NOON = ("中午只开两个窗口", "Only two windows at noon")
COMPARED = (
    "中午看一小时：开两个窗口和开四个窗口，超时的",
    "An hour at noon: late calls with two windows and with four",
)
NOON_REASON = ("等候时间达标的先提高三个百分点", "First three points more called in time")
MEASURE = (
    "十一点半到一点错开吃饭，至少开四个窗口",
    "Breaks one after the other from 11:30 to 1:00, four windows at least",
)
STANDARD = ("午休轮流，任何时候不少于四个窗口", "Breaks in turn, four windows at any time")
NEXT = ("每季度看一次中午的等候", "Look at the wait at noon once a quarter")
ENDING = ("数字怎么说就怎么记，继续看", "It is as the figures say; we go on looking")
CAUSES: tuple[tuple[Words, str, str | tuple[str, str] | None, str], ...] = (
    (("老人进门没人可问", "Elderly customers have no one to ask"), "people", ("18/240", "3/228"), "confirmed"),
    (("中午引导台没人", "Guide leaves the door at noon"), "people", ("8/244", "8/232"), "rejected"),
    (("到了窗口才问材料", "Papers asked for only at the window"), "method", ("20/474", "5/482"), "confirmed"),
    (("窗口要的材料不一样", "Clerks ask for different papers"), "method", ("9/250", "5/245"), "cannot_tell"),
    (("「报装」键看错", "Kiosk key C misread"), "words", (f"{WRONG_OF}.C.rate", f"{WRONG_OF}.A.rate"), "open"),
    (("材料单字太小", "Printed list too small to read"), "words", "2", "open"),
    (("门口看不清指示牌", "Signs can't be read from the door"), "place", None, "open"),
    (("缴费日人多", "Crowd on pay days"), "place", ("3/97", "12/384"), "rejected"),
    (("营销系统慢", "Customer system is slow"), "machines", ("0/41", "4/130"), "rejected"),
)
"""Cause, bone, evidence (groups with and without it, or a count), judgement."""
LOOKED, SAID = ("现场看了两周，每天上午", "Looked at for two weeks, each morning"), ("客户意见", "Customers' remarks")
FIRST_REASON = ("差不多减一半", "About half of it")


def lead_noon_demo_project(desk: Desk, setup: Setup, ask: Ask) -> None:
    """Lead a project to its measures: their week against the one before."""
    monday, _sunday = period_span_containing(WEEK, setup.to_hall_time(ask.now).date())
    week = projects.EvidenceCitation(path=IN_TIME, first=monday - timedelta(days=7), last=monday - timedelta(days=1))
    number = leading.open_project(desk, ask, hall_language_text(setup, NOON), "M1", week)["project"]
    improvement.add_state_citation(desk, ask, number, week)
    in_month, reason = monday + timedelta(days=30), hall_language_text(setup, NOON_REASON)
    leading.set_target(desk, ask, number, IN_TIME, 0.97, by=in_month, reason=reason)
    leading.add_cause(desk, ask, number, hall_language_text(setup, AT_NOON), "method")
    compared = NewEvidence(groups=("52/118", "21/126"), note=hall_language_text(setup, COMPARED))
    leading.add_evidence(desk, ask, number, 1, compared)
    leading.judge_cause(desk, ask, number, 1, projects.CauseJudgement.CONFIRMED)
    due = monday + timedelta(days=14)
    plan = PlannedMeasure(what=hall_language_text(setup, MEASURE), who="M1", due=due, cost=0, causes=(1,))
    leading.add_measure(desk, ask, number, plan)
    leading.set_followed_figures(
        desk,
        ask,
        number,
        [projects.EffectFigure(IN_TIME, 0.9), projects.EffectFigure(WRONG), projects.EffectFigure(RATED)],
    )
    before, after = (due - timedelta(days=7), due - timedelta(days=1)), (due, due + timedelta(days=6))
    leading.set_comparison_spans(
        desk, ask, number, projects.ComparedDateSpans(before=before, measures=due, after=after)
    )


def lead_first_visit_demo_project(desk: Desk, setup: Setup, ask: Ask) -> None:
    """Lead a project to its evidence: most of its causes are judged."""
    day = setup.to_hall_time(ask.now).date()
    seen = projects.EvidenceCitation(path=WRONG, first=day - timedelta(days=13), last=day)
    number = leading.open_project(desk, ask, hall_language_text(setup, FIRST), "M1", seen)["project"]
    improvement.add_state_citation(desk, ask, number, seen)
    improvement.add_state_citation(desk, ask, number, replace(seen, path=RATED))
    reason, looked, said = (hall_language_text(setup, text) for text in (FIRST_REASON, LOOKED, SAID))
    leading.set_target(desk, ask, number, WRONG, 0.015, by=day + timedelta(days=30), reason=reason)
    for n, (name, bone, evidence, judgement) in enumerate(CAUSES, start=1):
        leading.add_cause(desk, ask, number, hall_language_text(setup, name), bone)
        if isinstance(evidence, str):
            leading.add_evidence(desk, ask, number, n, NewEvidence(counted=evidence, note=said))
        elif evidence is not None:
            is_live = evidence[0].startswith("measures.")
            dates = replace(seen, path="") if is_live else None
            found = NewEvidence(finding=dates, groups=evidence, note="" if is_live else looked)
            leading.add_evidence(desk, ask, number, n, found)
        leading.judge_cause(desk, ask, number, n, projects.CauseJudgement(judgement))


def end_or_open_demo_projects(desk: Desk, setup: Setup, ask: Ask) -> None:
    """End the one that is over, with its measure in the card for a full hall; where the days on which they began were
    not played, open both."""
    titles = {row["title"]: int(row["project"]) for row in improvement.all_project_rows(desk, ask.now)}
    if hall_language_text(setup, FIRST) not in titles:
        lead_first_visit_demo_project(desk, setup, ask)
    noon = titles.get(hall_language_text(setup, NOON))
    if noon is None:
        return
    spans, day = telling.read_project_document(desk, noon, ask.now)["spans"], setup.to_hall_time(ask.now).date()
    if date.fromisoformat(spans["after"]["to"]) >= day:
        return
    step, further, ending = (hall_language_text(setup, text) for text in (STANDARD, NEXT, ENDING))
    leading.record_measure_done(desk, ask, noon, 1, date.fromisoformat(spans["measures"]))
    admin = replace(ask, who=Actor("AD", Role.ADMIN))
    leading.make_measure_standard(
        desk, admin, noon, 1, projects.StandardContent(place=projects.ResultingStandard.CARD, card="crowd", text=step)
    )
    leading.set_next_step(desk, ask, noon, further)
    leading.close_or_drop_project(desk, ask, noon, projects.ProjectEnding.CLOSED, ending)


class ProjectsDemoPart(FeatureDemoPart):
    """Two projects are led."""

    @staticmethod
    def acts_of_demo_day(ago: int) -> Iterator[tuple[int, Act]]:
        for day, minute, does in (
            (16, 1005, lead_noon_demo_project),
            (5, 1010, lead_first_visit_demo_project),
            (0, 504, end_or_open_demo_projects),
        ):
            if day == ago:
                yield minute, does
