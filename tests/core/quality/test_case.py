"""Cases and inspections of quality."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from msgspec.structs import replace

from queuedesk.core.errors import RuleError
from queuedesk.core.quality import case, inspection
from queuedesk.core.quality.case import mask_contact, normalized_contact
from queuedesk.core.quality.sheet import (
    USUAL_SHEETS,
    ScoreSheetItem,
    UsualDeductionReason,
    sheet_item_rows,
    sheet_items_from_rows,
)
from queuedesk.core.setup.file import check_and_read_setup
from tests.hall import simple_setup

DAY = date(2026, 11, 20)  # a Friday
NOW = datetime(2026, 11, 20, 1, tzinfo=UTC)


def opened(*, contact: bool = True) -> case.Case:
    opening = {"date": DAY, "opened": NOW, "since": NOW, "by": "M1", "owner": "M1", "source": "spoken"}
    kept = {"contact": "id:digest", "contact_until": DAY + timedelta(days=90)} if contact else {"contact": None}
    due = dict.fromkeys(("contact_due", "act_due", "answer_due", "limit"), DAY)
    what = {"klass": "complaint", "title": "", "state": case.CaseState.OPENED}
    return case.Case(seq=7, number="26-041", **opening, **what, **due, **kept)


class Life(RuleBasedStateMachine):
    """`told` is what the account expects: the steps done since it was opened or opened again."""

    def __init__(self) -> None:
        super().__init__()
        self.case = opened()
        self.told: list[str] = []
        self.vain = 0

    def _try(self, step: case.CaseStep, *, may: bool, result: str | None = None, verdict: str | None = None) -> bool:
        try:
            self.case.require_step_allowed(step, DAY)
        except RuleError:
            assert not may
            return False
        assert may
        if step is case.CaseStep.CLOSE:
            result = str(self.case.outcome_if_closed_now())
        self.case = self.case.after_step(step, case.CaseHistoryEntry(8, NOW, "M1", str(step), None, result, verdict))
        return True

    @rule(has_contact=st.booleans())
    def give_or_take_the_contact(self, has_contact: bool) -> None:
        if self.case.is_open:
            other = opened(contact=has_contact)
            self.case = replace(self.case, contact=other.contact, contact_until=other.contact_until)

    @rule()
    def contact(self) -> None:
        if self._try(case.CaseStep.CONTACT, may=not self.told):
            self.told = ["contact"]

    @rule()
    def act(self) -> None:
        may = self.told == ["contact"] or (not self.told and self.case.contact is None)
        if self._try(case.CaseStep.ACT, may=may):
            self.told, self.vain = ["contact", "act"], 0

    @rule()
    def call_in_vain(self) -> None:
        if self._try(case.CaseStep.CALL_BACK, may=self.told == ["contact", "act"], result=case.NO_ANSWER):
            self.vain += 1

    @rule(verdict=st.sampled_from([None, *case.CustomerVerdict]), at_once=st.booleans())
    def hear(self, verdict: case.CustomerVerdict | None, at_once: bool) -> None:
        if at_once:
            may = self.told == ["contact", "act"]
            done = self._try(case.CaseStep.CALL_BACK, may=may, result=case.REACHED, verdict=verdict)
        else:
            may = self.told == ["contact", "act", "reached"]
            done = verdict is not None and self._try(case.CaseStep.VERDICT, may=may, verdict=verdict)
        if not done:
            return
        if verdict is case.CustomerVerdict.DISSATISFIED:
            self.told, self.vain = ["contact"], 0
        else:
            self.told = ["contact", "act", "reached", *([verdict] if verdict else [])]

    @rule()
    def close(self) -> None:
        heard = len(self.told) == 4
        vain = self.told == ["contact", "act"] and (self.vain >= case.TRIES or self.case.contact is None)
        outcome = self.told[3] if heard else "not_reached" if self.vain >= case.TRIES else "no_contact"
        if self._try(case.CaseStep.CLOSE, may=heard or vain):
            assert self.case.outcome == case.CaseOutcome(outcome)
            self.told = ["closed"]

    @rule()
    def open_again(self) -> None:
        if self._try(case.CaseStep.REOPEN, may=self.told == ["closed"]):
            self.told, self.vain = ["contact"], 0
            assert self.case.verdict is None  # Nobody asked the customer again.

    @invariant()
    def it_is_closed_only_with_an_outcome(self) -> None:
        assert self.case.is_open == (self.told != ["closed"]) == (self.case.outcome is None)
        assert (
            (self.case.next_step(DAY) is None) == (self.case.next_step_due_date(DAY) is None) == (not self.case.is_open)
        )
        if self.case.outcome is case.CaseOutcome.SATISFIED:
            assert self.case.is_open or self.case.verdict == "satisfied"

    @invariant()
    def what_comes_next_may_be_done(self) -> None:
        step = self.case.next_step(DAY)
        assert step is None or self.case.is_step_allowed(step, DAY)


TestLife = Life.TestCase
TestLife.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)


def test_deadlines_go_round_weekends_and_holidays() -> None:
    plain = check_and_read_setup(simple_setup())
    # The Friday of the demo: contact by Monday, act by Wednesday, answer by Friday.
    due = (date(2026, 11, 23), date(2026, 11, 25), date(2026, 11, 27), date(2026, 12, 11))
    assert case.case_deadlines_from(plain, DAY, is_rating=True) == case.CaseDeadlines(*due)
    assert case.case_deadlines_from(plain, DAY, is_rating=False).answer == date(2026, 12, 1)
    holidays = {"2026-11-23": {"kind": "holiday"}, "2026-11-28": {"kind": "working"}}
    closed = check_and_read_setup(simple_setup(calendar=holidays))
    answers = tuple(date(2026, 11, day) for day in (24, 26, 28))
    assert case.case_deadlines_from(closed, DAY, is_rating=True)[:3] == answers


@pytest.mark.parametrize(("due", "today", "over"), [(20, 20, 0), (20, 21, 1), (20, 25, 3), (24, 20, -2)])
def test_days_over_are_working_days(due: int, today: int, over: int) -> None:
    setup, due, today = check_and_read_setup(simple_setup()), DAY.replace(day=due), DAY.replace(day=today)
    assert case.working_days_past_due(setup, due, today) == over


def test_a_contact_is_shown_in_part_and_numbers_are_the_year_and_a_running_number() -> None:
    shown = [mask_contact(normalized_contact(one)) for one in ("138 0013 5176", " ming@post.cn ", "+86 10-6512 3456")]
    assert shown == ["138 •••• 5176", "m••••@post.cn", "861 •••• 3456"]
    for one in ("Mr Wang", "12345", "a@b", "1" * 200):
        with pytest.raises(RuleError, match="bad_contact"):
            normalized_contact(one)
    assert [case.format_case_number(DAY, n) for n in (1, 41, 1203)] == ["26-001", "26-041", "26-1203"]


NINE = datetime(2026, 11, 20, 1, tzinfo=UTC)
HALL = sheet_items_from_rows(USUAL_SHEETS[0]["items"])


def sheet_of(**words: object) -> inspection.Inspection:
    usual = {"seq": 1, "date": date(2026, 11, 20), "channel": "open", "sheet": "hall", "by": "M1", "planned": True}
    return inspection.Inspection(**{**usual, **words})  # type: ignore[arg-type]


def test_what_is_still_to_do_and_of_nothing_there_is_no_score():
    assert inspection.InspectionScore(18, 30).points_per_hundred == 60
    assert inspection.InspectionScore(0, 0).points_per_hundred is None
    sheet = sheet_of(items=HALL[:3]).with_item_mark(inspection.InspectionItemResult(item=2, taken=5))
    sheet = sheet.with_item_mark(inspection.InspectionItemResult(item=1, taken=None))
    assert sheet.unfinished_items == [2, 3]
    assert sheet.with_item_mark(
        inspection.InspectionItemResult(item=2, taken=5, words="id:digest")
    ).unfinished_items == [3]


MARKED = st.integers(1, 100).flatmap(lambda weight: st.tuples(st.just(weight), st.none() | st.integers(0, weight)))


@given(st.lists(MARKED, min_size=1, max_size=30))
def test_a_score_is_what_its_items_add_up_to(found):
    """In whatever order they are looked at; each item is at most its weight, and what does not apply is in no sum."""
    items = tuple(ScoreSheetItem(text="x", weight=weight) for weight, _taken in found)
    sheet = sheet_of(items=items)
    for place, (_weight, taken) in reversed(list(enumerate(found, start=1))):
        sheet = sheet.with_item_mark(inspection.InspectionItemResult(item=place, taken=0))
        sheet = sheet.with_item_mark(inspection.InspectionItemResult(item=place, taken=taken, reasons=(1,)))
    applied = [(weight, taken) for weight, taken in found if taken is not None]
    assert sheet.score == inspection.InspectionScore(sum(w - t for w, t in applied), sum(w for w, _ in applied))
    assert 0 <= sheet.score.points <= sheet.score.of
    assert (sheet.score.points_per_hundred is None) == (not applied)
    assert sheet.unfinished_items == []
    assert sheet_items_from_rows(sheet_item_rows(items)) == items


def test_a_changed_sheet_is_the_next_version():
    changed = (*HALL[:-1], replace(HALL[-1], reasons=(UsualDeductionReason(text="别的"),)))
    filled = [sheet_of(seq=n, version=v, items=items) for n, v, items in ((1, 1, HALL), (2, 2, changed))]
    assert inspection.sheet_version_for_items(HALL, []) == 1
    assert inspection.sheet_version_for_items(HALL, filled[:1]) == 1
    assert inspection.sheet_version_for_items(changed, filled[:1]) == 2
    assert inspection.sheet_version_for_items(HALL, filled) == 3


def test_what_a_month_covers():
    done = {"started": NINE, "signed": NINE}
    month = [sheet_of(seq=1, **done), sheet_of(seq=2), sheet_of(seq=3, channel="video", dropped=NINE)]
    month.append(sheet_of(seq=4, channel="telephone", **done))
    found = inspection.channel_coverage(month, {"open": 2, "video": 1, "telephone": 1, "mystery": 0})
    covered = [(one.channel, one.done, one.planned, one.is_short) for one in found]
    assert covered == [("open", 1, 2, True), ("telephone", 1, 1, False), ("video", 0, 0, True)]


@pytest.mark.parametrize("sheet", USUAL_SHEETS, ids=[one["code"] for one in USUAL_SHEETS])
def test_a_usual_sheet_adds_up_to_a_hundred_in_both_languages(sheet):
    items = sheet_items_from_rows(sheet["items"])
    assert sum(one.weight for one in items) == 100
    assert all(one.text and one.text_en and one.full and one.full_en and one.reasons for one in items)
    assert all(reason.text and reason.text_en for one in items for reason in one.reasons)
