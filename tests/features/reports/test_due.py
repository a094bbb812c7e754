"""Reports that write themselves: what is written when, and what goes; what is printed of them, and what for a wall."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from queuedesk.app.this_pc import config
from queuedesk.core.figures.periods import DAY, MONTH, PERIODS, PrintedReportPagesChoice
from queuedesk.i18n import LANGUAGES
from queuedesk.reports.figures.write import write_period_report as write_report
from queuedesk.reports.kept import ReportsWritingOutcome, pages_in, report_pages_as_pdf
from tests.cli.commands import Answer
from tests.cli.test_papers import TODAY, due, here, since_yesterday  # noqa: F401
from tests.every_day import SEES_ALL, paired
from tests.hall import SHANGHAI, Hall
from tests.reports import days
from tests.reports.days import AFTER, simulated
from tests.reports.papers.test_kept import (
    folder,  # noqa: F401
    live_a_day,
    lived,
    names,
    write,
)
from tests.reports.read_back import pages_of, text_of

pytestmark = pytest.mark.usefixtures("own_choices")


def test_a_week_away_is_caught_up_in_bounded_steps_as_the_rule_says_and_goes_as_it_was_written(tmp_path, folder):  # noqa: F811
    hall = lived(tmp_path, 7, start=datetime(2026, 10, 26, 9, tzinfo=SHANGHAI), settings={"reports": "days"})
    hall.clock.move(days=1)
    days = [write(hall, folder, most=4), write(hall, folder, most=4)]
    assert [(len(step.written), step.left) for step in days] == [(4, 3), (3, 0)]
    assert {file.stamp.span.period for step in days for file in step.written} == {DAY}
    assert names(days[0].written)[0] == "2026-11-01-day-T.pdf", "the newest first"
    hall.do("set-setting", "reports", "all")
    written = ["2026-10-26-week-T.pdf", "2026-10-month-T.pdf", "2026-10-pack-T.pdf"]
    assert sorted(names(write(hall, folder).written)) == written
    marked = folder / "2026-10-27-day-T.pdf"
    marked.write_bytes(marked.read_bytes() + b"\n% signed\n")
    stranger = folder / "2026-10-28-day-X.pdf"
    stranger.write_bytes(b"%PDF-1.4 somebody's own\n")
    hall.do("set-setting", "report_keep_days", 3)
    live_a_day(hall)
    hall.clock.move(days=1)
    outcome = write(hall, folder)
    assert names(outcome.written) == ["2026-11-03-day-T.pdf"]
    of_days = [f"2026-{day}-day-T.pdf" for day in ("10-26", "10-28", "10-29", "10-30", "10-31", "11-01")]
    assert sorted(names(outcome.removed)) == sorted([*of_days, "2026-10-26-week-T.pdf"])
    left = {path.name for path in folder.iterdir() if "-day-" in path.name or "-week-" in path.name}
    assert left == {"2026-11-03-day-T.pdf", marked.name, stranger.name}
    assert not write(hall, folder).written, "what was removed is not written again"
    hall.do("set-setting", "reports", "off")
    (folder / "2026-11-03-day-T.pdf").unlink()
    assert not write(hall, folder).written


def test_the_pack_of_a_month_writes_itself_on_the_first_at_six(tmp_path, folder):  # noqa: F811
    hall = lived(tmp_path, start=datetime(2026, 11, 30, 9, tzinfo=SHANGHAI))
    hall.clock.now = datetime(2026, 12, 1, 5, 59, tzinfo=SHANGHAI)
    assert names(write(hall, folder).written) == ["2026-11-30-day-T.pdf", "2026-11-month-T.pdf"]
    hall.clock.now = datetime(2026, 12, 1, 6, 0, tzinfo=SHANGHAI)
    hall.do("set-hall", {"features": []})
    assert write(hall, folder).written == [], "this hall makes no packs"
    hall.do("set-hall", {"features": ["packs"]})
    (pack,) = write(hall, folder).written
    assert pack.path.name == "2026-11-pack-T.pdf"
    assert "Monthly meeting pack" in text_of(pack.path)
    assert (folder / "2026-11-pack-T.xlsx").stat().st_size
    assert write(hall, folder) == ReportsWritingOutcome()


@pytest.mark.parametrize(
    ("chosen", "printed"), [("summary", PrintedReportPagesChoice.SUMMARY), ("all", PrintedReportPagesChoice.ANNEX)]
)
def test_what_is_for_managers_is_not_printed_by_itself(
    since_yesterday: Hall,  # noqa: F811
    tmp_path: Path,
    due: Callable[..., Answer],  # noqa: F811
    chosen: str,
    printed: PrintedReportPagesChoice,
):
    tray = tmp_path / "tray"
    config.update_config({"report_printer": f"png:{tray}", "report_pages": chosen})
    since_yesterday.do("set-setting", "report_print", "on")
    written = {row["from"]: row["file"] for row in due().document["written"] if row["period"] == "day"}
    newest = written[str(TODAY.date() - timedelta(days=1))]
    texts = pages_of(Path(newest).read_bytes())
    assert any("do not put on the wall" in text for text in texts), "the file stays whole"
    assert len(list(tray.iterdir())) == pages_in(Path(newest))[printed] < len(texts)


PRIVATE = {"en": "do not put on the wall", "zh_CN": "请勿张贴"}
ANNEX = {"en": "Annex", "zh_CN": "附页"}


@pytest.mark.parametrize(("period", "lang"), paired(PERIODS if SEES_ALL else (DAY, MONTH), LANGUAGES))
def test_what_is_for_managers_stays_away_and_the_summary_comes_before_the_annex(tmp_path, period, lang):
    desk = simulated(tmp_path, customers=60)
    whole = write_report(desk, period, days.DAY, tmp_path / "report.pdf", lang=lang, now=AFTER)
    before = pages_of(whole)
    parts = {chosen: pages_of(report_pages_as_pdf(whole, chosen)) for chosen in PrintedReportPagesChoice}
    wall, summary = parts[PrintedReportPagesChoice.ANNEX], parts[PrintedReportPagesChoice.SUMMARY]
    first = next(i for i, text in enumerate(before) if PRIVATE[lang] in text)
    assert wall == before[:first]
    assert ANNEX[lang] in wall[-1]
    assert len(before) > first
    assert summary == before[: next(i for i, text in enumerate(before) if f"{ANNEX[lang]} 1 /" in text)]
    assert pages_in(whole) == {chosen: len(found) for chosen, found in parts.items()}
    whole.write_bytes(whole.read_bytes() + b"%QueueDesk-report {}\n")
    annex = pages_of(report_pages_as_pdf(whole, PrintedReportPagesChoice.ANNEX))
    assert annex == wall, "whatever stands behind the end of the file"
    if period == DAY:
        alone = write_report(desk, period, days.DAY, tmp_path / "summary.pdf", lang=lang, now=AFTER, has_annex=False)
        assert pages_of(alone) == summary and len(summary) == 2
