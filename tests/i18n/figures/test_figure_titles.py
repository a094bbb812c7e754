"""Every figure that leads somewhere has a title in both languages, and no two figures of one place the same by
accident."""

from datetime import UTC, datetime, timedelta

import pytest

from queuedesk.core.figures.comparing import figures_in
from queuedesk.core.figures.drilldown.find import query, share_paths
from queuedesk.core.figures.periods import DAYS, HEAT, MONTHS, figures_of, is_view, path_in
from queuedesk.desk import looking
from queuedesk.i18n.figures.drilldown_words import VIEWS
from queuedesk.i18n.figures.figure_titles import figure_title, outcome_word
from queuedesk.reports.figures.period import read_period
from tests.desk.remarkable import remarkable
from tests.hall import make_hall
from tests.reports.days import DAY, eventful

EVENING = datetime(2026, 11, 19, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def known(tmp_path_factory):
    """Return the set-up, and every path behind which tickets can stand, of two days on which everything happens."""
    one = eventful(tmp_path_factory.mktemp("eventful"))
    other = make_hall(tmp_path_factory.mktemp("remarkable"), time="9:00")
    remarkable(other)
    documents = [
        read_period(one, "day", DAY, EVENING).document,
        read_period(other.desk, "day", DAY + timedelta(days=1), other.clock()).document,
    ]
    paths = dict.fromkeys(path for document in documents for path, _value in figures_in(document))
    cited = [
        (view, name) for view in VIEWS if is_view(view) for document in documents for name in figures_of(view, document)
    ]
    assert {view for view, _name in cited} == VIEWS.keys() - {DAYS, MONTHS, HEAT}
    known = [path for path in paths if query(path) is not None]
    return looking.setup_of(one), [*known, *(path_in(*one) for one in cited)]


@pytest.mark.parametrize("lang", ["en", "zh_CN"])
def test_every_figure_has_a_title(known, lang):
    setup, paths = known

    missing = [path for path in paths if figure_title(path, setup, lang) == path]

    assert missing == []
    assert len(paths) > 200


def test_chinese_titles_have_no_english_words(known):
    setup, paths = known
    english = {figure_title(path, setup, "en") for path in paths}

    same = [path for path in paths if figure_title(path, setup, "zh_CN") in english]

    assert same == []


@pytest.mark.parametrize(
    ("path", "english", "chinese"),
    [
        ("issued", "Issued", "取号"),
        ("wait.within_target", "Called within 5 min", "5 分钟内叫到"),
        ("wait.within_target.rest", "Not called within 5 min", "5 分钟内没叫到"),
        ("services.A.wait.mean", "A Pay a bill: Mean wait", "A 电费缴纳：平均等候"),
        ("services.A", "A Pay a bill: Issued", "A 电费缴纳：取号"),
        ("windows.3.finished", "Window 3: Finished", "3 号窗口：办结"),
        ("staff.C1.ratings.levels.2", "Zhang Min: Ratings, Dissatisfied", "张敏：评价，不满意"),
        ("hours.09:30.arrivals", "9:30–10:00: Arrivals", "9:30–10:00：到厅"),
        ("hours.23:30.calls", "23:30–0:00: Calls", "23:30–0:00：叫号"),
        ("overtakes.by_reason.priority", "Later ticket first, by priority", "后号先叫，优先"),
        ("not_ready.by_service.B", "B Account services: Came without the papers", "B 业务办理：材料不齐"),
        ("measures.wrong_counter.by_guide.G1.n", "Zhou Lin: Wrong window", "周琳：改派"),
        ("measures.wrong_counter.by_label.A/jdf.n", "A Pay a bill · Pay for electricity: Wrong window", None),
        ("measures.outcomes.done.n", "Outcome, Done", "结果，办成了"),
        ("measures.outcomes.-.n", "Outcome, none noted", "结果，没有记"),
        ("measures.questions.attitude.levels.5", "Attitude, Very satisfied", "服务态度，非常满意"),
        ("measures.first_visit.rate", "Settled at the first visit", "一次办结"),
        ("measures.counters.single.wait.mean", "Windows for one service: Mean wait", "单项业务窗口：平均等候"),
        ("heat.5.10:30", "Fridays, 10:30–11:00: Mean wait", "星期五 10:30–11:00：平均等候"),
        ("nonsense.of.nothing", "nonsense.of.nothing", "nonsense.of.nothing"),
    ],
)
def test_titles_name_what_is_counted_and_of_whom(known, path, english, chinese):
    setup = known[0]

    assert figure_title(path, setup, "en").replace("\u2060", "") == english
    if chinese is not None:
        assert figure_title(path, setup, "zh_CN").replace("\u2060", "") == chinese


def test_the_parts_of_a_share_have_titles_too(known):
    setup, paths = known
    for path in paths:
        for part in share_paths(path) or ():
            assert figure_title(part, setup, "en") != part, part


def test_an_outcome_that_was_typed_stays_as_it_is():
    assert outcome_word("sent a letter", "zh_CN") == "sent a letter"
