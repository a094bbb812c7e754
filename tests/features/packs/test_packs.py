"""The pack of a month and of a quarter: its figures worked out again from the log, its points, files and page."""

import io
import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from queuedesk.core.errors import RuleError
from queuedesk.core.figures.comparing import FigureDifference, NumeratorAndDenominator, ShareChangeVerdict
from queuedesk.core.figures.periods import MONTH, QUARTER, period_span_containing
from queuedesk.core.network.roles import Actor, Role
from queuedesk.core.network.sharing import PcKind
from queuedesk.core.quality.figures import CaseRowForFigures, RectificationFigureRow, figures_with_rows_by_path
from queuedesk.desk import setting_up
from queuedesk.desk.change import Desk
from queuedesk.desk.figures import tickets_behind_figure
from queuedesk.desk.quality.casework import NewCaseData
from queuedesk.desk.quality.hearing import quality_rows_between
from queuedesk.desk.queue import rating
from queuedesk.desk.talk.messaging import add_day_note, day_notes_between
from queuedesk.desk.upkeep import clocks
from queuedesk.features.packs.pages import PacksPage
from queuedesk.features.packs.papers.document import PackDocument, PackFigure, pack_document, pack_figure_title
from queuedesk.features.packs.papers.files import pack_file_bytes, parts_in_up_to_two_lines
from queuedesk.features.packs.papers.read import RATE, WAIT, OtherHallsComparison, PackData, pack_data_of_period
from queuedesk.features.packs.rules import CASES, FIXES, LEFT, LONG, TARGET, WATCHED, WORSE, decision_points
from queuedesk.features.quality_month.pages import QualityMonthPage
from queuedesk.i18n import error_sentence
from queuedesk.reports.figures.period import read_period_report
from queuedesk.stations.manager.figures.drilldown_page import DrilldownPage
from queuedesk.stations.widgets.panels import Label
from tests.credentials import shared
from tests.features.test_figures import LAST, SEEDS, days_of, month_of
from tests.files.spreadsheets import must_print
from tests.hall import MANAGER
from tests.reports.days import asked, printed_log
from tests.reports.read_back import about, bookmarks, pages_of
from tests.reports.recompute import span_of_days
from tests.reports.recompute_measures import measures_of
from tests.reports.recompute_quality import quality
from tests.reports.test_recomputed import AFTER, DAY, side_by_side, three_days
from tests.three_halls import CLINIC

NOVEMBER = days_of(date(2026, 11, 1), date(2026, 11, 30))
A_YEAR_ON = datetime(2026, 11, 3, 1, tzinfo=UTC)
OPEN = CaseRowForFigures(
    "26-001", "spoken", "complaint", opened=True, open=True, overdue=True, reopened=False, closed=False, reached=0,
    no_answer=0, said=(), days=None, asked=False, valid=False, due=DAY,
)  # fmt: skip


def wrong_windows(
    ours: NumeratorAndDenominator, theirs: NumeratorAndDenominator, verdict: ShareChangeVerdict
) -> FigureDifference:
    shares: dict[str, Any] = {"ours": ours.rate, "theirs": theirs.rate, "difference": 0.1, "low": 0.01, "high": 0.2}
    path = "measures.wrong_counter.rate"
    return FigureDifference(path=path, kind="share", ours_of=ours, theirs_of=theirs, verdict=verdict, **shares)


def rows_of(document: PackDocument, key: str) -> list[list[Any]]:
    part = document.table_by_key(key)
    rows = [*part.rows, *([part.total] if part.total else [])]
    return [[one.text if one.value is None else one.value for one in row] for row in rows]


def test_the_four_figures_and_the_services_follow_from_the_log(tmp_path: Path) -> None:
    desk = three_days(tmp_path)
    log = printed_log(desk)
    day, own = span_of_days(log, NOVEMBER, AFTER), measures_of(log, NOVEMBER, AFTER)
    found = pack_document(pack_data_of_period(desk, MONTH, DAY, AFTER), "en")
    wrong = own["wrong_counter"]
    assert [tile.shown.value for tile in found.tiles] == [
        wrong["of"],
        pytest.approx(day["wait"]["mean"], abs=0.0051),
        pytest.approx(wrong["rate"], abs=1e-6),
        pytest.approx(day["ratings"]["rate"], abs=1e-6),
    ]
    *rows, total = rows_of(found, "services")
    for (_name, *shown), service in zip(rows, day["services"], strict=True):
        issued = wrong["by_service"].get(service["code"], {"of": 0, "n": 0})
        assert [one if one != "—" else None for one in shown] == [
            issued["of"],
            service["finished"],
            pytest.approx(service["wait"]["mean"], abs=0.0051),
            pytest.approx(service["wait"]["within_target"], abs=1e-6),
            issued["n"],
        ]
    for column in (1, 5):
        assert sum(row[column] for row in rows) == total[column]
    assert total[2] == day["finished"]


def test_a_hall_without_forms_says_how_many_were_handled(tmp_path: Path) -> None:
    hall = CLINIC.make(tmp_path)
    hall.play("open 1 staff=C1", "queue A A", "serve-out 1")
    hall.clock.move(hours=9)
    clocks.end_today(hall.desk, hall.ask())
    *rows, total = rows_of(
        pack_document(pack_data_of_period(hall.desk, MONTH, hall.date, hall.clock()), "en"), "services"
    )
    assert ([row[2] for row in rows], total[2]) == ([1, 0, 0, 0], 1)


@pytest.mark.parametrize("seed", SEEDS)
def test_cases_by_department_follow_from_the_log_and_add_up(tmp_path: Path, seed: int) -> None:
    desk = month_of(tmp_path, seed=seed)
    own = quality(printed_log(desk), days_of(date(2026, 10, 1), date(2026, 10, 31)), A_YEAR_ON)
    found = pack_document(pack_data_of_period(desk, MONTH, LAST, A_YEAR_ON), "en")
    *rows, total = rows_of(found, "cases")
    keys = ("before", "opened", "closed", "open", "overdue")
    assert rows == [[row["code"] or "the hall", *(row[key] for key in keys)] for row in own["cases"]["by_department"]]
    assert len(rows) > 1 or seed not in (1, 3), "in these months cases go to departments"
    assert total[1:] == [sum(row[n] for row in rows) for n in range(1, 6)]
    assert "0" not in {one.text for part in found.parts for row in part.rows for one in row if one.late}
    # One may be noted without an inspection.
    due = {what for _by, what, _where in rows_of(found, "due") if not what.startswith("Case ")}
    assert due == ({"Finding to put right"} if own["rectifications"]["open"] else set())


def every_figure(document: PackDocument) -> list[PackFigure]:
    rows = [(tile.shown, *tile.lesser) for tile in document.tiles] + [trend.shown for trend in document.trends]
    rows += [row for part in document.parts for row in (*part.rows, part.total)]
    return [one for row in rows for one in row if isinstance(one.value, (int, float))]


@pytest.mark.parametrize("period", [MONTH, QUARTER])
def test_every_figure_is_the_number_of_what_it_opens_or_says_why_it_opens_nothing(tmp_path: Path, period: str) -> None:
    queue = three_days(tmp_path)
    for one in every_figure(pack_document(pack_data_of_period(queue, period, DAY, AFTER), "en")):
        first, last = one.span or period_span_containing(period, DAY)
        if one.path:
            behind = tickets_behind_figure(queue, one.path, first, last, AFTER, most=1)
            assert (behind.has_tickets, behind.value) == (True, one.value), one.path
            assert isinstance(one.value, float) or behind.total == one.value, one.path
        else:
            assert one.value == 0 or one.why, one.text
    # So is every figure of records.
    desk = month_of(tmp_path, seed=3)
    document = pack_document(pack_data_of_period(desk, period, LAST, A_YEAR_ON), "en")
    known, opened = figures_with_rows_by_path(quality_rows_between(desk, document.first, document.last, A_YEAR_ON)), 0
    for one in every_figure(document):
        if one.path.startswith(("cases.", "inspections.", "rectifications.")):
            opened += 1
            rows = known[one.path].rows
            assert len(rows) == one.value if isinstance(one.value, int) else rows, one.path
        else:
            assert one.path or one.value == 0 or one.why, one.text
    assert opened > 10


def figures(*targets: dict[str, Any]) -> dict[str, Any]:
    return {"targets": list(targets), "left": 0, "issued": 0, "void": 0}


def test_at_most_three_points_the_gravest_first_and_none_by_chance() -> None:
    missed = {"measure": "satisfaction", "verdict": "not_met"}
    unsure = {"measure": "served", "verdict": "cannot_tell"}
    fix = RectificationFigureRow(1, True, True, True, False, False, DAY)
    worse = wrong_windows(NumeratorAndDenominator(60, 400), NumeratorAndDenominator(20, 400), ShareChangeVerdict.HIGHER)
    metering = OPEN._replace(department="Metering")
    cases = [metering, metering._replace(due=DAY - timedelta(days=3)), OPEN]
    found = decision_points(figures(unsure, missed), cases, [fix], [worse])
    assert [one.code for one in found] == [TARGET, CASES, FIXES]
    assert found[1].told == {"n": 3, "oldest": DAY - timedelta(days=3), "department": "Metering", "most": 2}
    assert [one.code for one in decision_points(figures(), [], [], [worse])] == [WORSE]
    few = wrong_windows(NumeratorAndDenominator(6, 12), NumeratorAndDenominator(0, 400), ShareChangeVerdict.HIGHER)
    assert all(pack_figure_title(path, "en") for path in WATCHED)
    better = wrong_windows(NumeratorAndDenominator(20, 400), NumeratorAndDenominator(60, 400), ShareChangeVerdict.LOWER)
    assert decision_points(figures(unsure), [OPEN._replace(overdue=False)], [], [few, better]) == []


def test_too_few_called_in_time_and_who_left_unserved_are_points_where_no_target_judges_them() -> None:
    wait = {"within_target": 0.4, "target_minutes": 15, "mean": 21.2, "n": 90}
    told = figures() | {"wait": wait, "from": DAY.isoformat(), "to": DAY.isoformat()}
    (point,) = decision_points(told, [], [], [])
    assert (point.code, point.path, point.told["goal"]) == (LONG, "wait.within_target", 0.8)
    own = {"measure": "within_target", "verdict": "met", "value": 0.3, "first": told["from"], "last": told["to"]}
    assert decision_points(told | {"targets": [own]}, [], [], []) == []
    assert decision_points(told | {"wait": wait | {"within_target": 0.8}}, [], [], []) == []
    assert decision_points(told | {"wait": wait | {"n": 29}}, [], [], []) == []
    long = {"measure": "mean_wait", "verdict": "not_met"}
    assert [one.code for one in decision_points(told | {"targets": [long]}, [], [], [])] == [TARGET]
    many = figures() | {"left": 71, "issued": 334, "void": 2}
    assert [(one.code, one.path) for one in decision_points(many, [], [], [])] == [(LEFT, "left")]
    served = {"measure": "served", "verdict": "not_met"}
    assert [one.code for one in decision_points(many | {"targets": [served]}, [], [], [])] == [TARGET]
    for few in ({"left": 16}, {"left": 4, "issued": 9}):
        assert decision_points(many | few, [], [], []) == []


def test_what_stands_under_a_figure_takes_a_second_line_before_it_is_cut() -> None:
    parts = ["month before 484 (3 days)", "3,697 finished", "12 void left out"]
    assert parts_in_up_to_two_lines(parts, 125.0) == ["month before 484 (3 days)", "3,697 finished · 12 void left out"]
    assert parts_in_up_to_two_lines(parts[:2], 500.0) == [" · ".join(parts[:2])]
    assert parts_in_up_to_two_lines([], 100.0) == []


def test_a_mean_wait_is_held_against_the_halls_limit_and_a_month_against_a_few_days_with_their_number(tmp_path):
    desk = three_days(tmp_path)
    pack = pack_data_of_period(desk, MONTH, DAY, AFTER)
    assert not [row for row in pack.figures["targets"] if row["measure"] == "mean_wait"]

    def tile(mean: float) -> tuple[bool, str]:
        wait = pack.figures["wait"] | {"mean": mean, "target_minutes": 15}
        read = replace(pack.read, figures=pack.figures | {"wait": wait})
        found = pack_document(replace(pack, read=read), "en").tiles[1]
        return found.is_target_missed, found.told

    assert (tile(21.0), tile(15.0)) == ((True, "over the target of 15 min"), (False, ""))
    few = replace(pack, before=pack.figures, before_days=3)
    assert pack_document(few, "en").tiles[0].lesser[0].text.endswith(" (3 days)")
    assert "天）" in pack_document(few, "zh_CN").tiles[0].lesser[0].text
    whole = pack_document(replace(few, before_days=22), "en")
    assert "days)" not in whole.tiles[0].lesser[0].text
    assert whole.facts[0] == "2 days with customers"
    # A month without any ticket has an honest pack.
    empty = pack_data_of_period(desk, MONTH, date(2026, 9, 1), AFTER)
    said = printed(empty, "zh_CN")
    assert empty.others is None
    assert "没有上月" in said and "没有确定未达到的目标" in said


def test_other_halls_that_let_it_look_on_stand_beside_it_without_their_names(tmp_path: Path) -> None:
    desk = side_by_side(tmp_path)
    assert "No other hall lets this one see it" in printed(pack_data_of_period(desk, MONTH, DAY, AFTER))
    setting_up.change_hall(Desk(desk.db, 2), asked(AFTER), {"seen_by": ["CD/M1"]})
    pack = pack_data_of_period(desk, MONTH, DAY, AFTER)
    assert pack.others is not None and pack.others.halls == 2
    both = read_period_report(desk, MONTH, DAY, AFTER, every_hall=True).figures
    assert pack.others.found[RATE].all == pytest.approx(both["ratings"]["rate"], abs=1e-6)
    assert pack.others.found[WAIT].all == pytest.approx(both["wait"]["mean"], abs=0.0051)
    said = printed(pack)
    assert "Next to the other halls" in said
    assert "West" not in said
    assert pack_data_of_period(desk, MONTH, DAY, AFTER, Actor("M2", Role.MANAGER)).others == OtherHallsComparison(1)


def test_on_a_server_a_managers_login_alone_reads_a_pack_and_holds_its_hall_against_those_that_let_it(shared_url):
    with shared(shared_url, "A", "B", "C") as place:
        for n in (1, 2):
            hall = place.hall(hall=n)
            hall.play("open 1 staff=C1", "queue A")
            rating.rate_visit(hall.desk, hall.ask(), hall.serve_out("1"), 4)
        desk, today = place.desk(place.pc(PcKind.MANAGER)), place.clock().date()
        unseen = pack_data_of_period(desk, MONTH, today, place.clock(), MANAGER).others
        place.hall(hall=2).do("set-hall", {"seen_by": ["A/M1"]})
        readers = ((desk, MANAGER), (desk, Actor("M2", Role.MANAGER)), (place.hall().desk, None))
        read = (pack_data_of_period(from_desk, MONTH, today, place.clock(), who) for from_desk, who in readers)
        by_hand, other, by_itself = (pack.others for pack in read)
        assert unseen == other == OtherHallsComparison(1)
        assert by_hand is not None and by_hand == by_itself
        assert (by_hand.halls, by_hand.found[RATE].all, by_hand.found[RATE].said) == (2, 1.0, "too_few")
        pack = pack_data_of_period(desk, MONTH, today, place.clock(), MANAGER)
        assert [tile.shown.value for tile in pack_document(pack, "en").tiles][3] == 1
        for kind in (PcKind.STAFF, PcKind.PUBLIC):
            with pytest.raises(RuleError, match="not_for_you"):
                pack_data_of_period(place.desk(place.pc(kind)), MONTH, today, place.clock(), MANAGER)


def made(pack: PackData, ending: str, lang: str = "en") -> bytes:
    return pack_file_bytes(pack_document(pack, lang), pack.read, ending, lang, None)


def printed(pack: PackData, lang: str = "en") -> str:
    return " ".join(pages_of(made(pack, ".pdf", lang)))


def test_paper_workbook_and_json_say_the_same_in_one_order(tmp_path: Path) -> None:
    desk = three_days(tmp_path)
    pack = pack_data_of_period(desk, QUARTER, DAY, AFTER)
    paper = printed(pack)
    book = openpyxl.load_workbook(io.BytesIO(made(pack, ".xlsx")))
    must_print(book)
    cells = (cell.value for row in book.worksheets[0].iter_rows() for cell in row)
    sheet = "\n".join(str(value) for value in cells if value is not None)
    document = json.loads(made(pack, ".json"))
    titles = ["Quarterly summary", "What to decide", "Six months", "Cases by department", "Inspections", "What follows"]
    for said in (paper, sheet):
        places = [said.index(title) for title in titles]
        assert places == sorted(places)
        assert about(made(pack, ".pdf", "zh_CN"))["lang"] == "zh-CN"
        marks = [title for _level, title in bookmarks(made(pack, ".pdf"))]
        assert marks[:2] == titles[:2] and set(marks) > {*titles[3:]}
        for words in ("Rates are worked out from all cases together", "no quarter before", "Zhao Qiang"):
            assert words in said
    ways = [row for row in book.worksheets[1].iter_rows(min_row=2) if row[1].value == "Tickets"]
    assert (ways[0][0].hyperlink.location, ways[0][2].value) == ("'Pack'!B4", "measures.wrong_counter.of")
    assert not book.worksheets[0][6][2].value, "a share's sign stands in its figure"
    assert document["figures"][0]["value"] == pack.figures["measures"]["wrong_counter"]["of"]
    assert "first month" not in paper
    assert "first month" in printed(pack_data_of_period(desk, MONTH, DAY, AFTER))


# -- in the window -----------------------------------------------------------------------------------------------------
def packs(office) -> PacksPage:
    office.go("reports")
    office.page.reports.open_tab("packs")
    page = office.page.reports.pages.page_if_already_made("packs")
    page.dates.picked.emit(date(2026, 11, 20))
    assert page.controller.found is not None
    return page


def test_what_a_pack_tells_opens_what_it_counts_and_it_is_made_in_three_presses_with_its_notes(office):
    # A missed target has the red bar and its point opens the rows of its dates.
    office.hall.do("case-open", NewCaseData(klass="complaint", title="Lamp"), who=MANAGER)
    office.hall.do("add-row", "targets", {"measure": "mean_wait", "value": 1, "from": "2026-11-17"})
    office.follow()
    page = packs(office)
    assert page.figures.missed == (False, True, False, False)
    assert page.figures.thirds[1] == "target 1 min missed"
    (point,) = page.points.points
    assert point.said[0].startswith("Mean wait missed its target")
    asked = []
    page.behind_wanted.connect(lambda *wanted: asked.append(wanted))
    office.touch(page.points.keys[0])
    assert asked[0][:2] == ("wait.mean", date(2026, 11, 17))
    assert page.points.focus_item_leading_to(point.leads)

    # A figure opens what it counts and escape leads back to it.
    tickets = page.figures.figures[0]
    assert (tickets.value, tickets.unit) == ("5", "tickets")
    chart = page.months.charts[2]
    wait = chart.points[-1]
    assert wait.said == ("Mean wait, minutes, Nov", page.figures.figures[1].value, "n 2")
    chart.setFocus()
    QTest.keyClick(chart, Qt.Key.Key_End)
    QTest.keyClick(chart, Qt.Key.Key_Return)
    behind = office.page.stack.currentWidget()
    assert isinstance(behind, DrilldownPage)
    QTest.keyClick(behind, Qt.Key.Key_Escape)
    QTest.qWait(1)
    assert (page.isVisible(), chart.current_point) == (True, wait)

    # The lesser figures of a tile open their own rows.
    asked.clear()
    words = {text: page.figures.point_rects()[4 + n] for n, (_tile, text, _point) in enumerate(page.figures.lesser)}
    assert set(words) == {"1 finished", "n 1"}
    for place in words.values():
        assert page.figures.rect().contains(place.toAlignedRect()) and place.width() > 10
        QTest.mouseClick(page.figures, Qt.MouseButton.LeftButton, pos=place.center().toPoint())
    assert [path for path, *_more in asked] == ["finished", "ratings.n"]

    # A figure of cases opens its records under quality and escape leads back to it.
    table = page.cards["cases"].table
    leads = next(cell.point.leads for cell in table.table[-1].cells if cell.point.leads is not None)
    page.cards["cases"].picked.emit(leads)
    month = office.page.quality.pages.currentWidget()
    assert isinstance(month, QualityMonthPage)
    assert (month.isVisible(), month.chosen_figure_path) == (True, leads.path)
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)
    QTest.qWait(1)
    assert (page.isVisible(), table.current_point.leads) == (True, leads)

    # A note of another PC is there when the page is seen again and one not kept stays.
    office.go("today")
    add_day_note(office.hall.desk, office.hall.ask(), "other", "Bring the plan")
    office.follow()
    office.go("reports")
    assert [row.name for row in page.cards["notes"].table.table] == ["Other: Bring the plan"]
    office.page.context.who = Actor("C1", Role.CLERK)
    page.note.set_value("Not for clerks")
    office.touch(page.buttons[-1])
    assert page.note.value() == "Not for clerks"
    assert len(day_notes_between(office.hall.desk)) == 1

    # Three presses make paper and workbook and keep the note.
    office.page.context.who = MANAGER
    assert page.made.table.table == ()
    page.note.set_value("Ask the metering team to come")
    office.touch(page.buttons[-1])
    folder = office.paper.folder
    assert (folder / "CD-2026-11-01-month-pack.pdf").read_bytes().startswith(b"%PDF")
    assert (folder / "CD-2026-11-01-month-pack.xlsx").stat().st_size
    texts = ["Bring the plan", "Ask the metering team to come"]
    known = [(note.day, note.text) for note in day_notes_between(office.hall.desk)]
    assert known == [(date(2026, 11, 20), one) for one in texts]
    assert page.note.value() == "", "a second press keeps no second note"
    assert [row.name for row in page.cards["notes"].table.table] == [f"Other: {one}" for one in texts]

    # Packs made are listed and shown as they were written.
    (row,) = page.made.table.table
    assert row.name == "Meeting pack · November 2026"
    paper, book = row.cells[1:]
    told = []
    page.said.connect(lambda text, _icon: told.append(text))
    page.made.picked.emit(book.point.leads)
    assert told[-1].endswith("CD-2026-11-01-month-pack.xlsx")
    page.made.picked.emit(paper.point.leads)
    reports = office.page.reports
    assert reports.report_page.is_kept_report
    QTest.keyClick(office.page, Qt.Key.Key_Escape)
    assert reports.pages.front_page_key() == "packs"

    # An empty month says so and draws nothing.
    page.dates.picked.emit(date(2026, 3, 2))
    assert page.months.note.text() == "Nobody came in these six months: there is nothing to draw."
    assert not any(chart.isVisible() for chart in page.months.charts)
    assert [one.unit for one in page.figures.figures] == ["tickets", "", "", ""]

    # A pack that may not be read says so in place of the wait.
    page.controller.found = None
    trouble = RuleError("not_for_you", read="figures", role="")
    page.controller.failed.emit(trouble)
    assert error_sentence(trouble) in [label.text() for label in page.body.wait.findChildren(Label)]
