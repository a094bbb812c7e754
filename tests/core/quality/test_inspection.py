"""What a sheet adds up to, which version it is of, and what a month covers."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from queuedesk.core.quality import inspection
from queuedesk.core.quality.sheet import (
    USUAL_SHEETS,
    ScoreSheetItem,
    UsualDeductionReason,
    sheet_item_rows,
    sheet_items_from_rows,
)

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
