"""Every figure that leads somewhere has a title in both languages, and no two figures of one place the same by
accident."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

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

TITLES = json.loads(Path(__file__).with_name("titles.json").read_text("utf-8"))
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


@pytest.mark.parametrize(("path", "titles"), TITLES.items())
def test_titles_name_what_is_counted_and_of_whom(known, path, titles):
    assert [figure_title(path, known[0], lang).replace("\u2060", "") for lang in ("en", "zh_CN")] == titles


def test_the_parts_of_a_share_have_titles_too(known):
    setup, paths = known
    for path in paths:
        for part in share_paths(path) or ():
            assert figure_title(part, setup, "en") != part, part


def test_an_outcome_that_was_typed_stays_as_it_is():
    assert outcome_word("sent a letter", "zh_CN") == "sent a letter"
