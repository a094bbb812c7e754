"""The pages of a report for a wall: everything but what is for managers only."""

import pytest

from queuedesk.core.figures.periods import DAY as ONE_DAY
from queuedesk.core.figures.periods import MONTH, PERIODS, Pages
from queuedesk.i18n import LANGUAGES
from queuedesk.reports.figures.write import write
from queuedesk.reports.kept.due import pages_in, part_of
from tests.every_day import SEES_ALL, paired
from tests.reports.days import DAY, simulated
from tests.reports.figures.test_period import AFTER
from tests.reports.read_back import pages_of

PRIVATE = {"en": "do not put on the wall", "zh_CN": "请勿张贴"}
ANNEX = {"en": "Annex", "zh_CN": "附页"}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory):
    return simulated(tmp_path_factory.mktemp("hall"), customers=60)


@pytest.mark.parametrize(("period", "lang"), paired(PERIODS if SEES_ALL else (ONE_DAY, MONTH), LANGUAGES))
def test_what_is_for_managers_stays_away_and_the_summary_comes_before_the_annex(desk, tmp_path, period, lang):
    whole = write(desk, period, DAY, tmp_path / "report.pdf", lang=lang, now=AFTER)
    before = pages_of(whole)
    parts = {chosen: pages_of(part_of(whole, chosen)) for chosen in Pages}
    wall, summary = parts[Pages.ANNEX], parts[Pages.SUMMARY]

    first = next(i for i, text in enumerate(before) if PRIVATE[lang] in text)
    assert wall == before[:first]
    assert ANNEX[lang] in wall[-1]
    assert len(before) > first
    assert summary == before[: next(i for i, text in enumerate(before) if f"{ANNEX[lang]} 1 /" in text)]
    assert pages_in(whole) == {chosen: len(found) for chosen, found in parts.items()}
    whole.write_bytes(whole.read_bytes() + b"%QueueDesk-report {}\n")
    assert pages_of(part_of(whole, Pages.ANNEX)) == wall, "whatever stands behind the end of the file"
    if period == ONE_DAY:
        alone = write(desk, period, DAY, tmp_path / "summary.pdf", lang=lang, now=AFTER, has_annex=False)
        assert pages_of(alone) == summary and len(summary) == 2
