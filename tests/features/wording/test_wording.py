"""Wording trials: dates balanced over weekdays, and a judgement that takes the day as its unit."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractScrollArea

from queuedesk.core.figures.satisfaction import satisfaction_rate_difference
from queuedesk.core.improvement.project import NEW, OLD, STOPPED, WordingTrial, setup_with_trial_notices
from queuedesk.core.network.roles import actor_of_station
from queuedesk.core.setup.file import check_and_read_setup
from queuedesk.desk import looking, setting_up
from queuedesk.desk.change import Ask, Desk
from queuedesk.desk.figures import tickets_behind_figure
from queuedesk.desk.queue import calling, issuing
from queuedesk.desk.upkeep import clocks
from queuedesk.features.kiosk.pages.controller import setup_with_trial_names
from queuedesk.features.wording import rules
from queuedesk.features.wording import verbs as wording
from queuedesk.features.wording.pages import NOTICE, TrialsPage
from queuedesk.features.wording.verbs import start_name_trial, start_notice_trial, trial_document, trials_with_data
from queuedesk.stations.manager.parts.records import RecordDialog
from queuedesk.stations.window.style import Scale
from tests.features.demo_hall.month import month as demo_month
from tests.features.projects.test_effect import NOW
from tests.hall import preset
from tests.reports.days import asked, hall, kept, printed_log
from tests.stations.whole_words import settled

FIRST = date(2026, 11, 2)
TRIAL = WordingTrial(
    seq=1, date=FIRST, by="M1", service="A", name="电费缴纳", name_en="Pay a bill", label="交电费", label_en="Pay",
    first=FIRST, weeks=4,
)  # fmt: skip
TOLD = WordingTrial(
    seq=2, date=FIRST, by="M1", service="", services=("A", "B"), name="缴费", name_en="Pay", label="交电费", label_en="Bill",
    first=FIRST, weeks=4,
)  # fmt: skip


def month(
    rng: Random, *, old: float, new: float, spread: float, weeks: int = 4, usual: int = 20
) -> list[rules.WrongTicketCount]:
    """Return the dates of a trial: each has a rate of its own about that of its name, and tickets by chance."""
    days = []
    for n in range(7 * weeks):
        which = NEW if n % 2 else OLD
        mean = new if which == NEW else old
        rate = rng.betavariate(mean / spread, (1 - mean) / spread) if spread else mean
        of = rng.randint(usual // 2, usual + usual // 2)
        wrong = sum(rng.random() < rate for _ in range(of))
        days.append(rules.WrongTicketCount(FIRST + timedelta(days=n), which, wrong, of))
    return days


def test_over_its_weeks_each_weekday_has_each_name_as_often() -> None:
    for weeks in (2, 4, 6, 8):
        trial = replace(TRIAL, weeks=weeks)
        seen = Counter((day.isoweekday(), trial.wording_on(day)) for day in trial.running_dates())
        assert set(seen.values()) == {weeks // 2} and len(seen) == 14


def test_no_difference_and_days_that_differ_give_few_false_alarms() -> None:
    rng, runs = Random(20261120), 400
    found = [month(rng, old=0.1, new=0.1, spread=0.1) for _ in range(runs)]
    alarms = sum(rules.trial_result(days).verdict is not rules.WordingVerdict.CANNOT_TELL for days in found)
    naive = 0
    for days in found:
        own = [[one for one in days if one.which == which] for which in (OLD, NEW)]
        pairs = [(sum(one.wrong for one in side), sum(one.of - one.wrong for one in side)) for side in own]
        said = satisfaction_rate_difference(pairs[0], pairs[1])
        naive += said.low is not None and said.high is not None and (said.low > 0 or said.high < 0)
    assert alarms / runs <= 0.06
    assert naive / runs > 0.1  # which is why single tickets are no unit here


def test_who_looks_every_day_finds_no_more_than_who_waits_for_the_end() -> None:
    """Equal words, read on every morning of four weeks: nothing is said before the planned end."""
    rng, runs = Random(20261124), 300
    looked = named = 0
    for _ in range(runs):
        days = month(rng, old=0.1, new=0.1, spread=0.02)
        sure = (rules.WordingVerdict.BETTER, rules.WordingVerdict.WORSE)
        looked += any(rules.trial_result(days[:n]).verdict in sure for n in range(8, len(days) + 1))
        mornings = [(n, FIRST + timedelta(days=n)) for n in range(1, len(days) + 1)]
        said = [rules.trial_result_as_of_today(TRIAL, days[:n], morning) for n, morning in mornings]
        assert {one.verdict for one in said[:-1]} == {rules.WordingVerdict.EARLY}
        assert said[0].low is said[0].difference is None
        named += said[-1].verdict in sure
    assert named / runs <= 0.05
    assert looked / runs > 0.08  # which is why
    stopped = replace(TRIAL, ended=FIRST + timedelta(days=20), end=STOPPED)
    found = rules.trial_result_as_of_today(
        stopped, month(rng, old=0.4, new=0.1, spread=0)[:20], FIRST + timedelta(days=60)
    )
    assert (found.verdict, found.until, found.old.days) == (rules.WordingVerdict.EARLY, None, 10)


def test_a_great_difference_is_told_and_which_way_but_not_under_thirty_tickets_or_four_days_of_a_name() -> None:
    rng = Random(5)
    assert rules.trial_result(month(rng, old=0.3, new=0.08, spread=0.02)).verdict is rules.WordingVerdict.BETTER
    assert rules.trial_result(month(rng, old=0.05, new=0.3, spread=0.02)).verdict is rules.WordingVerdict.WORSE
    few = rules.trial_result(month(Random(1), old=0.5, new=0.1, spread=0, weeks=2, usual=2))
    short = rules.trial_result(month(Random(1), old=0.9, new=0.0, spread=0, weeks=2)[:7])
    assert (few.verdict, few.low, few.difference) == (rules.WordingVerdict.TOO_FEW, None, None)
    assert (short.verdict, short.new.days) == (rules.WordingVerdict.TOO_FEW, 3)


def test_the_kiosk_shows_the_name_of_the_date_and_the_hall_keeps_its_own() -> None:
    setup = check_and_read_setup(preset())
    stopped = replace(TRIAL, ended=FIRST + timedelta(days=3), end=STOPPED)

    def names(trial: WordingTrial) -> list[str]:
        days = (FIRST + timedelta(days=n) for n in (-1, 0, 1, 3, 27, 29))
        return [setup_with_trial_names(setup, [trial], day).services["A"].name for day in days]

    assert names(TRIAL) == ["电费缴纳", "电费缴纳", "交电费", "交电费", "交电费", "电费缴纳"]
    assert names(stopped) == ["电费缴纳", "电费缴纳", "交电费", "电费缴纳", "电费缴纳", "电费缴纳"]
    assert setup.services["A"].name == "电费缴纳"
    unused = check_and_read_setup(preset() | {"hall": {**preset()["hall"], "features": []}})
    assert setup_with_trial_names(unused, [TRIAL], FIRST + timedelta(days=1)).services["A"].name == "电费缴纳"


def test_a_display_has_the_notice_of_the_date_and_nothing_else_changes() -> None:
    notices = [{"text": "缴费", "text_en": "Pay"}, {"text": "请坐", "text_en": "Pay"}]
    setup = check_and_read_setup({**preset(), "notices": notices})

    def told(day: int) -> list[str]:
        return [one.text for one in setup_with_trial_notices(setup, [TOLD, TRIAL], FIRST + timedelta(days=day)).notices]

    usual, tried = ["缴费", "请坐"], ["交电费", "请坐"]
    assert [told(day) for day in (-1, 0, 1, 28)] == [usual, usual, tried, usual]
    assert setup_with_trial_notices(setup, [TRIAL], FIRST + timedelta(days=1)).services["A"].name == "电费缴纳"
    assert setup_with_trial_names(setup, [TOLD], FIRST + timedelta(days=1)).services["A"].name == "电费缴纳"


def test_a_notice_stands_while_its_words_are_there_and_trials_that_count_the_same_tickets_are_known() -> None:
    for row, stands in (
        ({}, True),
        ({"from": "2026-11-02", "to": "2026-11-02"}, True),
        ({"to": "2026-11-01"}, False),
        ({"from": "2026-11-03"}, False),
        ({"text_en": "Bills"}, False),
    ):
        notices = [{"text": "请坐"}, {"text": "缴费", "text_en": "Pay", **row}]
        assert TOLD.has_old_words_on({"notices": notices}, FIRST) is stands, row
    assert TOLD.is_judged_by_some_same_tickets(["B", "C"]) and TOLD.is_judged_by_some_same_tickets([])
    assert TRIAL.is_judged_by_some_same_tickets(["A"]) and TRIAL.is_judged_by_some_same_tickets([])
    assert not TOLD.is_judged_by_some_same_tickets(["C"]) and not TRIAL.is_judged_by_some_same_tickets(["B"])


# -- the manager's page of trials --------------------------------------------------------------------------------------
@pytest.fixture
def page(context, put):
    return put(TrialsPage(context))


def choose(dialog: RecordDialog, key: str, value: str) -> None:
    edit = dialog.fields[key].edit
    edit.setCurrentIndex(edit.findData(value))


@pytest.mark.parametrize("text_pct", [100, 150])
def test_list_and_page_never_scroll_both_and_a_row_of_many_leads_to_its_result(page, context, qtbot, text_pct):
    context.look.scale = Scale.staff_scale(1366, 768, text_pct)
    context.look.changed.emit()
    found = rules.trial_result([])
    for count in (1, 5, 6, 30):
        names = [replace(TRIAL, seq=n, label=f"{n} {'long words ' * 6}") for n in range(count)]
        page.controller.found = [rules.TrialData(trial, found, [], [], stands=True) for trial in names]
        page.controller.changed.emit()
        bars = [area.verticalScrollBar() for area in page.findChildren(QAbstractScrollArea)]
        qtbot.waitUntil(lambda: page.table.rowAt(1) >= 0)
        settled()
        scrolling = [bar for bar in bars if bar.isVisible() and bar.maximum()]
        assert len(scrolling) == 1 if count == 30 else len(scrolling) <= 1, f"{count} trials"
    table, result = page.table, page.detail.verdict
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=table.visualRect(table.rows.index(1, 0)).center())
    assert table.chosen_row().trial.seq == 1
    assert not result.visibleRegion().isEmpty() and result.visibleRegion().boundingRect().height() == result.height()


def test_a_trial_of_another_name_is_started_read_and_its_name_used(hall, page, story, catch_up):
    page.buttons[0].click()
    dialog = page.dialog
    choose(dialog, "weeks", "2")
    dialog.yes_button.click()
    story.tell("Without new words it is refused in the question and what was typed stays", dialog)
    dialog.fields["label"].set_value("交电费")
    dialog.fields["label_en"].set_value("Pay here")
    dialog.yes_button.click()
    story.tell("With another one the trial is started", page)
    assert not page.detail.difference.isVisible()
    _keep, use, _end = page.card_buttons
    use.click()
    catch_up()
    page.refresh(hall.clock())
    story.tell("Its name is used", page)


def test_a_notice_is_tried_for_the_services_chosen_opens_its_tickets_and_one_taken_off_is_said(
    hall, page, story, catch_up
):
    page.buttons[0].click()
    dialog = page.dialog
    story.tell("A key is tried at its service", dialog)
    choose(dialog, "about", f"{NOTICE}2")
    story.tell("A notice at the services chosen", dialog)
    choose(dialog, "services", "B")
    dialog.fields["label"].set_value("先告诉引导员")
    dialog.fields["label_en"].set_value("Tell the guide first")
    dialog.yes_button.click()
    story.tell("It is tried", page)
    # A share of the wrong counter opens its tickets.
    (tried,) = wording.trials_with_data(hall.desk, hall.clock())
    days = [
        rules.WrongTicketCount(day, tried.trial.wording_on(day), 3, 40) for day in [*tried.trial.running_dates()][:10]
    ]
    left_out = [days.pop().day]
    page.controller.found = [tried._replace(found=rules.trial_result(days), dates=days, left_out=left_out)]
    page.controller.changed.emit()
    wanted = []
    page.days_wanted.connect(lambda *said: wanted.append(said))
    page.detail.difference.setFocus()
    QTest.keyClick(page.detail.difference, Qt.Key.Key_Return)
    ((path, first, _last, _words, without),) = wanted
    assert path == f"wording.notice.B.{tried.trial.first}.old.wrong"
    assert (first, without) == (tried.trial.first, tuple(left_out))
    assert page.detail.difference.isVisible()
    story.tell("Nine days are no sure difference", page)
    setting_up.remove_setup_row(hall.desk, hall.ask(), "notices", "2")
    catch_up()
    page.refresh(hall.clock())
    story.tell("The notice is taken off", page)


# -- on a real hall, counted again from the printed log with the dates that have no share in it ------------------------
BEGINS, BEGUN_ON = date(2026, 11, 20), date(2026, 11, 23)
AFTER = datetime(2027, 1, 4, 1, tzinfo=UTC)


def at(day: date, minute: int) -> datetime:
    return datetime.combine(day, datetime.min.time(), UTC) + timedelta(hours=1, minutes=minute)


@kept
def tried(folder: Path) -> Desk:
    rng, desk = Random(3), hall(folder)
    start_name_trial(desk, asked(at(BEGINS, 0)), "A", "交电费", "Pay", first=BEGUN_ON, weeks=4)
    ask = asked(at(BEGINS, 1))
    start_notice_trial(desk, ask, 2, "老人请先说", "First, please", services=["B", "D"], first=BEGUN_ON)
    off = dict(looking.setup_of_hall(desk).document["notices"][1])
    for n in range(30):
        day = BEGUN_ON + timedelta(days=n)
        if n == 9:
            setting_up.remove_setup_row(desk, asked(at(day, 20)), "notices", "2")
        if n == 12:
            setting_up.add_setup_row(desk, asked(at(day, 20)), "notices", off)
        for k in range(10):
            who = Ask(actor_of_station("K1"), at(day, 5 * k)) if rng.random() < 0.8 else asked(at(day, 5 * k))
            service = rng.choice("AAAABBBD")
            item = rng.choice([None, None, None, "dyfp"]) if service == "A" else None
            label = issuing.issue_ticket(desk, who, service, item=item)
            if rng.random() < (0.6 if n % 2 else 0.05):
                calling.redirect_customer(desk, asked(at(day, 5 * k + 1)), "C", ticket=label["ticket"])
            elif rng.random() < 0.05:
                calling.void_ticket(desk, asked(at(day, 5 * k + 1)), label["ticket"], reason="duplicate")
        clocks.end_today(desk, asked(at(day, 60)))
    return desk


def stood(log: list[dict[str, Any]], trial: dict[str, Any], day: str) -> bool:
    """Whether the notice of a trial stood in the set-up throughout a date, by the raw lines of the log."""
    notices: list[dict[str, Any]] = []
    known = []
    for event in log:
        data = event["data"]
        if event["kind"] != "set-up" or data["date"] > day:
            continue
        if "setup" in data:
            notices = data["setup"]["notices"]
        elif data["part"] == "notices" and data["op"] == "add":
            notices = [*notices, data["row"]]
        known.append((data["date"], trial["data"]["name"] in [row["text"] for row in notices]))
    before = [there for date_, there in known if date_ < day]
    return before[-1] and all(there for date_, there in known if date_ == day)


def counted_again(log: list[dict[str, Any]], trial: dict[str, Any]) -> Iterator[tuple[str, str, int, int]]:
    """Yield what each date has, from the raw lines of the log."""
    first = date.fromisoformat(trial["data"]["first"])
    for n in range(7 * trial["data"]["weeks"]):
        day = (first + timedelta(days=n)).isoformat()
        own = [event for event in log if event["ticket"] and event["data"].get("date") == day]
        void = {event["ticket"] for event in own if event["kind"] == "void"}
        came = [one for one in own if one["kind"] in ("issue", "serve") and one["ticket"] not in void]
        if "services" in trial["data"]:
            if not stood(log, trial, day):
                continue
            came = [one for one in came if one["service"] in trial["data"]["services"]]
        else:
            came = [one for one in came if one["actor"] == "station:K1" and one["service"] == trial["service"]]
            came = [one for one in came if not one["data"].get("item")]
        taken = [one["ticket"] for one in came]
        sent = {event["ticket"] for event in own if event["kind"] == "redirect"}
        yield day, "new" if n % 2 else "old", len(sent.intersection(taken)), len(taken)


def test_what_a_trial_says_follows_from_the_log_and_opens_its_rows(tmp_path: Path) -> None:
    desk = tried(tmp_path)
    log = printed_log(desk)
    begun = [event for event in log if event["kind"] == "wording"]
    told, key = trials_with_data(desk, AFTER)
    for one, event in ((key, begun[0]), (told, begun[1])):
        trial, said = one.trial, trial_document(one)
        again = list(counted_again(log, event))
        assert [tuple(row.values()) for row in said["dates"]] == again
        for which in ("old", "new"):
            own = [row for row in again if row[1] == which]
            assert (said[which]["wrong"], said[which]["of"]) == (sum(row[2] for row in own), sum(row[3] for row in own))
            for what in ("wrong", "of"):
                asked_for = rules.wording_figure_path(trial, which, what)
                behind = tickets_behind_figure(
                    desk, asked_for, trial.first, trial.last_date, AFTER, without=one.left_out
                )
                assert behind.total == said[which][what]
        assert (said["verdict"], said["from"], said["to"]) == ("worse", "2026-11-23", "2026-12-20")
    assert (key.left_out, key.stands, told.stands) == ([], True, True)
    assert told.left_out == [BEGUN_ON + timedelta(days=n) for n in range(9, 13)]
    assert looking.setup_of_hall(desk).services["A"].name == "电费缴纳"


def test_the_demo_s_month_has_a_trial_that_is_over_and_one_that_runs(tmp_path: Path) -> None:
    desk = demo_month(tmp_path)
    log = printed_log(desk)
    begun = {event["seq"]: event for event in log if event["kind"] == "wording" and "first" in event["data"]}
    runs, over = trials_with_data(desk, NOW)
    assert (over.trial.end, runs.trial.end, runs.stands) == ("kept", None, True)
    for one in (over, runs):
        said = trial_document(one)
        again = list(counted_again(log, begun[one.trial.seq]))
        assert [tuple(row.values()) for row in said["dates"]] == again[: len(one.dates)]
        assert one.found.new.of + one.found.old.of > 0
        assert not one.trial.label.isascii() and one.trial.label_en.isascii()
