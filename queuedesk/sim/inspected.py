"""What a demo's weeks hold beside their cases: training, improvement projects, trials of words; and what a case
cites."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta

from msgspec.structs import replace

from queuedesk.core.figures.periods import WEEK, span_of
from queuedesk.core.figures.pictured import BEFORE
from queuedesk.core.figures.view import DAYS
from queuedesk.core.improvement.following import SENT_ON
from queuedesk.core.improvement.project import Ending, Finding, Followed, Gathered, Judgement, Made, Place, Plan, Spans
from queuedesk.core.network.roles import Actor, Role
from queuedesk.core.quality import why
from queuedesk.core.setup.rows import Setup
from queuedesk.desk.change import Ask, Desk
from queuedesk.desk.figures.drilldown import tickets_behind
from queuedesk.desk.improvement import documents, projecting, standards, wording
from queuedesk.desk.quality import case_documents, casework
from queuedesk.sim.demo_words import typed

INSPECTION = -1
"""In place of a case's index."""
INSPECTED = (
    (16, 1005, "project noon"),
    (9, 1000, "words kept"),
    (5, 1010, "project first"),
    (0, 504, "projects"),
)
"""What is done on which day before the demo's, at which minute."""


# -- trials of words: nobody takes a ticket at a demo's kiosk, so notices are tried ------------------------------------

PAY = 1, "缴费请取 A 号，手机和自助机不用排队。", "To pay take an A ticket; by phone or machine there is no queue."
UNSURE = 2, "不知道取哪种号？请先问引导员。", "Not sure which ticket to take? Please ask the guide first."
"""A notice's place in the set-up and the words that are tried, in both languages."""
PAY_WEEKS, UNSURE_FOR = 2, timedelta(days=12)
"""How long the one was tried, and since when the other is."""


def try_words(desk: Desk, setup: Setup, ask: Ask, today: date) -> None:
    """Try the words of two notices: of one from the first date on, of the other for some days before `today`."""
    payers, others = list(setup.services)[:1], list(setup.services)[1:3]
    tomorrow = setup.local(ask.now).date() + timedelta(days=1)
    for (place, *words), first, weeks, judges in (
        (PAY, tomorrow, PAY_WEEKS, payers),
        (UNSURE, max(tomorrow, today - UNSURE_FOR), 2 * PAY_WEEKS, others),
    ):
        wording.start_notice(desk, ask, place, *words, first=first, weeks=weeks, services=judges)


def _keep_words(desk: Desk, _setup: Setup, ask: Ask) -> None:
    tried = next((one.trial for one in wording.trials(desk, ask.now) if one.trial.label == PAY[1]), None)
    if tried is not None:
        wording.end_wording(desk, ask, tried.seq, use=False)


# -- improvement projects: one in its evidence, one that is over ------------------------------------------------------

NOON, FIRST = "中午少等", "一次办对"
IN_TIME, WRONG, RATED = "wait.within_target", SENT_ON.rate_path, "ratings.rate"
WRONG_OF = f"measures.{SENT_ON.key}.by_service"
AT_NOON = ("中午只开两个窗口", "method")
NOON_WORDS = (
    NOON,
    AT_NOON[0],
    "中午看一小时：开两个窗口和开四个窗口，超时的",
    "等候时间达标的先提高三个百分点",
    "十一点半到一点错开吃饭，至少开四个窗口",
    "午休轮流，任何时候不少于四个窗口",
    "每季度看一次中午的等候",
    "数字怎么说就怎么记，继续看",
)
CAUSES: tuple[tuple[str, str, str | tuple[str, str] | None, str], ...] = (
    ("老人进门没人可问", "people", ("18/240", "3/228"), "confirmed"),
    ("中午引导台没人", "people", ("8/244", "8/232"), "rejected"),
    ("到了窗口才问材料", "method", ("20/474", "5/482"), "confirmed"),
    ("窗口要的材料不一样", "method", ("9/250", "5/245"), "cannot_tell"),
    ("「报装」键看错", "words", (f"{WRONG_OF}.C.rate", f"{WRONG_OF}.A.rate"), "open"),
    ("材料单字太小", "words", "2", "open"),
    ("门口看不清指示牌", "place", None, "open"),
    ("缴费日人多", "place", ("3/97", "12/384"), "rejected"),
    ("营销系统慢", "machines", ("0/41", "4/130"), "rejected"),
)
"""Cause, bone, evidence (groups with and without it, or a count), judgement."""
FIRST_WORDS = (
    FIRST,
    *(name for name, _bone, _evidence, _said in CAUSES),
    "现场看了两周，每天上午",
    "客户意见",
    "差不多减一半",
)


def _lead_noon(desk: Desk, setup: Setup, ask: Ask) -> None:
    """Lead a project to its measures: their week against the one before."""
    title, cause, note, reason, measure, _step, _next, _end = (typed(setup, text) for text in NOON_WORDS)
    monday, _sunday = span_of(WEEK, setup.local(ask.now).date())
    week = Finding(path=IN_TIME, first=monday - timedelta(days=7), last=monday - timedelta(days=1))
    number = projecting.open_project(desk, ask, title, "M1", week)["project"]
    projecting.cite_state(desk, ask, number, week)
    projecting.set_target(desk, ask, number, IN_TIME, 0.97, by=monday + timedelta(days=30), reason=reason)
    projecting.add_cause(desk, ask, number, cause, AT_NOON[1])
    projecting.add_evidence(desk, ask, number, 1, Gathered(groups=("52/118", "21/126"), note=note))
    projecting.judge(desk, ask, number, 1, Judgement.CONFIRMED)
    due = monday + timedelta(days=14)
    projecting.add_measure(desk, ask, number, Plan(what=measure, who="M1", due=due, cost=0, causes=(1,)))
    projecting.follow(desk, ask, number, [Followed(IN_TIME, 0.9), Followed(WRONG), Followed(RATED)])
    before, after = (due - timedelta(days=7), due - timedelta(days=1)), (due, due + timedelta(days=6))
    projecting.set_spans(desk, ask, number, Spans(before=before, measures=due, after=after))


def _lead_first(desk: Desk, setup: Setup, ask: Ask) -> None:
    """Lead a project to its evidence: most of its causes are judged."""
    day = setup.local(ask.now).date()
    seen = Finding(path=WRONG, first=day - timedelta(days=13), last=day)
    number = projecting.open_project(desk, ask, typed(setup, FIRST), "M1", seen)["project"]
    projecting.cite_state(desk, ask, number, seen)
    projecting.cite_state(desk, ask, number, replace(seen, path=RATED))
    reason, looked, said = (typed(setup, text) for text in (FIRST_WORDS[-1], FIRST_WORDS[-3], FIRST_WORDS[-2]))
    projecting.set_target(desk, ask, number, WRONG, 0.015, by=day + timedelta(days=30), reason=reason)
    for n, (name, bone, evidence, judgement) in enumerate(CAUSES, start=1):
        projecting.add_cause(desk, ask, number, typed(setup, name), bone)
        if isinstance(evidence, str):
            projecting.add_evidence(desk, ask, number, n, Gathered(counted=evidence, note=said))
        elif evidence is not None:
            is_live = evidence[0].startswith("measures.")
            dates = replace(seen, path="") if is_live else None
            found = Gathered(finding=dates, groups=evidence, note="" if is_live else looked)
            projecting.add_evidence(desk, ask, number, n, found)
        projecting.judge(desk, ask, number, n, Judgement(judgement))


def _go_on_with_projects(desk: Desk, setup: Setup, ask: Ask) -> None:
    """End the one that is over, with its measure in the card for a full hall; where the days on which they began were
    not played, open both."""
    titles = {row["title"]: int(row["project"]) for row in documents.projects_of(desk, ask.now)}
    if typed(setup, FIRST) not in titles:
        _lead_first(desk, setup, ask)
    noon = titles.get(typed(setup, NOON))
    if noon is None:
        return
    spans, day = documents.project_of(desk, noon, ask.now)["spans"], setup.local(ask.now).date()
    if date.fromisoformat(spans["after"]["to"]) >= day:
        return
    *_rest, step, further, ending = (typed(setup, text) for text in NOON_WORDS)
    projecting.note_done(desk, ask, noon, 1, date.fromisoformat(spans["measures"]))
    admin = replace(ask, who=Actor("AD", Role.ADMIN))
    standards.make_standard(desk, admin, noon, 1, Made(place=Place.CARD, card="crowd", text=step))
    projecting.set_next(desk, ask, noon, further)
    projecting.end(desk, ask, noon, Ending.CLOSED, ending)


INSPECTIONS: Mapping[str, Callable[[Desk, Setup, Ask], None]] = {
    "project noon": _lead_noon,
    "project first": _lead_first,
    "projects": _go_on_with_projects,
    "words kept": _keep_words,
}


# -- what a case cites -------------------------------------------------------------------------------------------------


def cite_papers(desk: Desk, ask: Ask, number: str) -> None:
    """Let a case cite how many were asked for other papers in the week until it was opened, the first of them, and how
    many came in the calendar week before and how long they waited, against the week before that."""
    day = date.fromisoformat(case_documents.case_of(desk, ask.who, number, ask.now)["opened"][:10])
    path, first = why.path(((why.TAG, "papers_changed"),)), day - timedelta(days=6)
    casework.cite_figure(desk, ask, number, path, first=first, last=day)
    for row in tickets_behind(desk, path, first, day, ask.now, most=1).rows:
        casework.cite_ticket(desk, ask, number, row.ticket, day=row.day)
    monday, sunday = span_of(WEEK, day - timedelta(days=7))
    casework.cite_figure(desk, ask, number, DAYS, first=monday, last=sunday, against=BEFORE)
