"""Wording trials: dates balanced over weekdays, and a judgement that takes the day as its unit."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from random import Random

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from queuedesk.core.figures.satisfaction import compare
from queuedesk.core.improvement.wording import NEW, OLD, STOPPED, WordTrial, with_notices, worded
from queuedesk.core.improvement.wording_effect import Told, Verdict, judged, judged_on
from queuedesk.core.setup.file import check_setup
from queuedesk.desk.setup import setting_up
from queuedesk.features.wording import verbs as wording
from queuedesk.features.wording.pages.detail import TrialDetail
from queuedesk.features.wording.pages.page import NOTICE, TrialsPage
from queuedesk.stations.manager.parts.record_page import RecordDialog
from queuedesk.stations.widgets.questions.dialogs import DropDown
from queuedesk.stations.window.context import StationContext
from tests.hall import Hall, preset
from tests.stations.stories import Story

FIRST = date(2026, 11, 2)
TRIAL = WordTrial(
    seq=1, date=FIRST, by="M1", service="A", name="电费缴纳", name_en="Pay a bill", label="交电费", label_en="Pay",
    first=FIRST, weeks=4,
)  # fmt: skip

TOLD = WordTrial(
    seq=2, date=FIRST, by="M1", service="", services=("A", "B"), name="缴费", name_en="Pay", label="交电费", label_en="Bill",
    first=FIRST, weeks=4,
)  # fmt: skip


def month(rng: Random, *, old: float, new: float, spread: float, weeks: int = 4, usual: int = 20) -> list[Told]:
    """Return the dates of a trial: each has a rate of its own about that of its name, and tickets by chance."""
    days = []
    for n in range(7 * weeks):
        which = NEW if n % 2 else OLD
        mean = new if which == NEW else old
        rate = rng.betavariate(mean / spread, (1 - mean) / spread) if spread else mean
        of = rng.randint(usual // 2, usual + usual // 2)
        days.append(Told(FIRST + timedelta(days=n), which, sum(rng.random() < rate for _ in range(of)), of))
    return days


@pytest.mark.parametrize("weeks", [2, 4, 6, 8])
def test_over_its_weeks_each_weekday_has_each_name_as_often(weeks: int) -> None:
    trial = WordTrial(**{name: getattr(TRIAL, name) for name in TRIAL.__slots__} | {"weeks": weeks})
    seen = Counter((day.isoweekday(), trial.which(day)) for day in trial.dates())

    assert set(seen.values()) == {weeks // 2} and len(seen) == 14


def test_no_difference_and_days_that_differ_give_few_false_alarms() -> None:
    rng, runs = Random(20261120), 400
    found = [month(rng, old=0.1, new=0.1, spread=0.1) for _ in range(runs)]
    alarms = sum(judged(days).verdict is not Verdict.CANNOT_TELL for days in found)
    naive = 0
    for days in found:
        own = [[one for one in days if one.which == which] for which in (OLD, NEW)]
        pairs = [(sum(one.wrong for one in side), sum(one.of - one.wrong for one in side)) for side in own]
        said = compare(pairs[0], pairs[1])
        naive += said.low is not None and said.high is not None and (said.low > 0 or said.high < 0)

    assert alarms / runs <= 0.06
    assert naive / runs > 0.1  # which is why single tickets are no unit here


def test_who_looks_every_day_finds_no_more_than_who_waits_for_the_end() -> None:
    """Equal words, read on every morning of four weeks: nothing is said before the planned end."""
    rng, runs = Random(20261124), 300
    looked = named = 0
    for _ in range(runs):
        days = month(rng, old=0.1, new=0.1, spread=0.02)
        sure = (Verdict.BETTER, Verdict.WORSE)
        looked += any(judged(days[:n]).verdict in sure for n in range(8, len(days) + 1))
        mornings = [(n, FIRST + timedelta(days=n)) for n in range(1, len(days) + 1)]
        said = [judged_on(TRIAL, days[:n], morning) for n, morning in mornings]
        assert {one.verdict for one in said[:-1]} == {Verdict.EARLY} and said[0].low is said[0].difference is None
        named += said[-1].verdict in sure
    assert named / runs <= 0.05
    assert looked / runs > 0.08  # which is why

    stopped = WordTrial(**{name: getattr(TRIAL, name) for name in TRIAL.__slots__}
                        | {"ended": FIRST + timedelta(days=20), "end": STOPPED})  # fmt: skip
    found = judged_on(stopped, month(rng, old=0.4, new=0.1, spread=0)[:20], FIRST + timedelta(days=60))
    assert (found.verdict, found.until, found.old.days) == (Verdict.EARLY, None, 10)


def test_a_great_difference_is_told_and_which_way_but_not_under_thirty_tickets_or_four_days_of_a_name() -> None:
    rng = Random(5)

    assert judged(month(rng, old=0.3, new=0.08, spread=0.02)).verdict is Verdict.BETTER
    assert judged(month(rng, old=0.05, new=0.3, spread=0.02)).verdict is Verdict.WORSE

    few = judged(month(Random(1), old=0.5, new=0.1, spread=0, weeks=2, usual=2))
    short = judged(month(Random(1), old=0.9, new=0.0, spread=0, weeks=2)[:7])
    assert (few.verdict, few.low, few.difference) == (Verdict.TOO_FEW, None, None)
    assert (short.verdict, short.new.days) == (Verdict.TOO_FEW, 3)


def test_the_kiosk_shows_the_name_of_the_date_and_the_hall_keeps_its_own() -> None:
    setup = check_setup(preset())
    stopped = WordTrial(**{name: getattr(TRIAL, name) for name in TRIAL.__slots__}
                      | {"ended": FIRST + timedelta(days=3), "end": STOPPED})  # fmt: skip

    def names(trial: WordTrial) -> list[str]:
        return [worded(setup, [trial], FIRST + timedelta(days=n)).services["A"].name for n in (-1, 0, 1, 3, 27, 29)]

    assert names(TRIAL) == ["电费缴纳", "电费缴纳", "交电费", "交电费", "交电费", "电费缴纳"]
    assert names(stopped) == ["电费缴纳", "电费缴纳", "交电费", "电费缴纳", "电费缴纳", "电费缴纳"]
    assert setup.services["A"].name == "电费缴纳"
    unused = check_setup(preset() | {"hall": {**preset()["hall"], "features": []}})
    assert worded(unused, [TRIAL], FIRST + timedelta(days=1)).services["A"].name == "电费缴纳"


def test_a_display_has_the_notice_of_the_date_and_nothing_else_changes() -> None:
    notices = [{"text": "缴费", "text_en": "Pay"}, {"text": "请坐", "text_en": "Pay"}]
    setup = check_setup({**preset(), "notices": notices})

    def told(day: int) -> list[str]:
        return [one.text for one in with_notices(setup, [TOLD, TRIAL], FIRST + timedelta(days=day)).notices]

    assert [told(day) for day in (-1, 0, 1, 28)] == [
        ["缴费", "请坐"],
        ["缴费", "请坐"],
        ["交电费", "请坐"],
        ["缴费", "请坐"],
    ]
    assert with_notices(setup, [TRIAL], FIRST + timedelta(days=1)).services["A"].name == "电费缴纳"
    assert worded(setup, [TOLD], FIRST + timedelta(days=1)).services["A"].name == "电费缴纳"


@pytest.mark.parametrize(
    ("row", "stands"),
    [
        ({"text": "缴费", "text_en": "Pay"}, True),
        ({"text": "缴费", "text_en": "Pay", "from": "2026-11-02", "to": "2026-11-02"}, True),
        ({"text": "缴费", "text_en": "Pay", "to": "2026-11-01"}, False),
        ({"text": "缴费", "text_en": "Pay", "from": "2026-11-03"}, False),
        ({"text": "缴费", "text_en": "Bills"}, False),
    ],
)
def test_a_notice_stands_while_its_words_are_there_on_its_dates(row: dict[str, str], *, stands: bool) -> None:
    assert TOLD.stands({"notices": [{"text": "请坐"}, row]}, FIRST) is stands


def test_trials_that_count_the_same_tickets_are_known() -> None:
    assert TOLD.shares_tickets(["B", "C"]) and TOLD.shares_tickets([])
    assert TRIAL.shares_tickets(["A"]) and TRIAL.shares_tickets([])
    assert not TOLD.shares_tickets(["C"]) and not TRIAL.shares_tickets(["B"])


# -- the manager's page of trials --------------------------------------------------------------------------------------


@pytest.fixture
def page(hall: Hall, context: StationContext, qtbot: QtBot) -> Iterator[TrialsPage]:
    page = TrialsPage(context)
    qtbot.addWidget(page)
    page.resize(1158, 700)
    page.refresh(hall.clock())
    page.show()
    yield page


def asked(page: TrialsPage) -> RecordDialog:
    page.buttons[0].click()
    assert page.dialog is not None
    return page.dialog


def choose(dialog: RecordDialog, key: str, value: str) -> None:
    edit = dialog.fields[key].edit
    assert isinstance(edit, DropDown)
    edit.setCurrentIndex(edit.findData(value))


def test_a_trial_of_another_name_is_started_read_and_its_name_used(
    hall: Hall, page: TrialsPage, story: Story, catch_up: Callable[[], None]
) -> None:
    dialog = asked(page)
    choose(dialog, "weeks", "2")
    dialog.yes_button.click()
    story.tell("Without new words it is refused in the question and what was typed stays", dialog)

    dialog.fields["label"].set_value("交电费")
    dialog.fields["label_en"].set_value("Pay here")
    dialog.yes_button.click()
    story.tell("With another one the trial is started", page)
    _keep, use, _end = page.card_buttons
    use.click()
    catch_up()
    page.refresh(hall.clock())
    story.tell("Its name is used", page)


def test_a_notice_is_tried_for_the_services_chosen_opens_its_tickets_and_one_taken_off_is_said(
    hall: Hall, page: TrialsPage, story: Story, catch_up: Callable[[], None]
) -> None:
    dialog = asked(page)
    story.tell("A key is tried at its service", dialog)
    choose(dialog, "about", f"{NOTICE}2")
    story.tell("A notice at the services chosen", dialog)
    choose(dialog, "services", "B")
    dialog.fields["label"].set_value("先告诉引导员")
    dialog.fields["label_en"].set_value("Tell the guide first")
    dialog.yes_button.click()
    story.tell("It is tried", page)

    # A share of the wrong counter opens its tickets.
    (tried,) = wording.trials(hall.desk, hall.clock())
    days = [Told(day, tried.trial.which(day), 3, 40) for day in [*tried.trial.dates()][:10]]
    left_out = [days.pop().day]
    page.controller.found = [tried._replace(found=judged(days), dates=days, left_out=left_out)]
    page.controller.changed.emit()
    wanted: list[tuple[object, ...]] = []
    page.days_wanted.connect(lambda *said: wanted.append(said))
    assert isinstance(page.detail, TrialDetail)
    page.detail.difference.setFocus()
    QTest.keyClick(page.detail.difference, Qt.Key.Key_Return)
    ((path, first, _last, _words, without),) = wanted
    assert path == f"wording.notice.B.{tried.trial.first}.old.wrong"
    assert (first, without) == (tried.trial.first, tuple(left_out))
    story.tell("Nine days are no sure difference", page)

    setting_up.remove_row(hall.desk, hall.ask(), "notices", "2")
    catch_up()
    page.refresh(hall.clock())
    story.tell("The notice is taken off", page)
