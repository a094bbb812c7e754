"""Every figure behind which tickets can stand has a title in both languages."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

from queuedesk.core.figures import periods
from queuedesk.core.figures.comparing import figure_paths_and_values
from queuedesk.core.figures.drilldown import paths_of_share_rest_and_whole, row_query_of_path
from queuedesk.desk import looking
from queuedesk.i18n import LANGUAGES
from queuedesk.i18n.figures.figure_titles import figure_title, outcome_word
from queuedesk.i18n.figures.ribbon_words import VIEWS
from queuedesk.reports.figures.period import read_period_report
from tests.desk.remarkable import remarkable
from tests.hall import make_hall
from tests.reports.days import DAY, eventful

TITLES = json.loads(Path(__file__).with_name("titles.json").read_text("utf-8"))
EVENING = datetime(2026, 11, 19, 12, tzinfo=UTC)


def test_every_figure_and_the_parts_of_a_share_have_titles_of_what_is_counted_and_of_whom(tmp_path):
    """Of every path behind which tickets can stand, of two days on which everything happens."""
    one = eventful(tmp_path)
    (tmp_path / "remarkable").mkdir()
    other = make_hall(tmp_path / "remarkable", time="9:00")
    remarkable(other)
    documents = [
        read_period_report(one, "day", DAY, EVENING).document,
        read_period_report(other.desk, "day", DAY + timedelta(days=1), other.clock()).document,
    ]
    figures = dict.fromkeys(path for document in documents for path, _value in figure_paths_and_values(document))
    drawn = [(view, document) for view in VIEWS if periods.is_view_path(view) for document in documents]
    cited = [(view, name) for view, document in drawn for name in periods.view_numbers_by_path(view, document)]
    assert {view for view, _name in cited} == VIEWS.keys() - {periods.DAYS, periods.MONTHS, periods.HEAT}
    setup = looking.setup_of_hall(one)
    paths = [path for path in figures if row_query_of_path(path) is not None]
    paths += [periods.full_figure_name_in_view(*one) for one in cited]
    assert len(paths) > 200
    titles = {lang: {path: figure_title(path, setup, lang) for path in paths} for lang in LANGUAGES}
    assert [path for told in titles.values() for path, title in told.items() if title == path] == []
    assert [path for path, title in titles["zh_CN"].items() if title in titles["en"].values()] == []
    parts = [part for path in paths for part in paths_of_share_rest_and_whole(path) or ()]
    assert parts and [part for part in parts if figure_title(part, setup, "en") == part] == []
    for path, expected in TITLES.items():
        assert [figure_title(path, setup, lang).replace("\u2060", "") for lang in ("en", "zh_CN")] == expected
    assert outcome_word("sent a letter", "zh_CN") == "sent a letter", "what was typed stays as it is"
