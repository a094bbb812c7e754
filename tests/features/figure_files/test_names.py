"""What figures and their lists are called in tables: each has a name, and each definition is of one that is there."""

import csv
import io

from openpyxl import load_workbook

from queuedesk.features.figure_files.papers.tables import figures_csv_bytes, flattened_figures, row_lists_with_paths
from queuedesk.features.figure_files.papers.workbook import figures_workbook
from queuedesk.features.figure_files.words import MEASURES, figure_name, list_sheet_title
from queuedesk.i18n import LANGUAGES
from queuedesk.reports.figures.figure_words import figure_definitions
from queuedesk.reports.figures.period import PeriodReport
from tests.reports.test_figures import NAMES, put_back, read  # noqa: F401
from tests.reports.test_figures import eventful_figures as figures  # noqa: F401


def test_every_definition_is_of_a_figure_every_single_measure_has_words_and_every_list_a_name_for_a_sheet(figures):  # noqa: F811
    known = {path for path, _ in flattened_figures(figures)} | {path for path, _ in row_lists_with_paths(figures)}
    known |= {"measures.questions", "windows.serving_minutes", "hours.calls"}
    assert [one.path for one in figure_definitions(figures, "en") if one.path not in known] == []
    plain = [path for path, _ in flattened_figures(figures) if path.startswith(MEASURES)]
    assert [path for path in plain if set(figure_name(path, "en")) & set("_.")] == []
    assert figure_name("measures.served.rate", "en") == "Served rate: share"
    assert figure_name("ratings.rate", "en") == "Ratings: share satisfied"
    parts = (MEASURES, "targets", "rules")
    lists = [path for path, _ in row_lists_with_paths(figures) if path.startswith(parts)]
    for lang in LANGUAGES:
        names = [list_sheet_title(path, lang) for path in lists]
        assert len(set(names)) == len(names) >= 16
        assert all(len(name) <= 31 and "." not in name and not set(name) & set("[]:*?/\\'") for name in names)


def test_two_half_hours_of_one_name_are_told_apart(read: PeriodReport) -> None:  # noqa: F811
    rows = list(csv.reader(io.StringIO(figures_csv_bytes(read.document, "en").decode("utf-8-sig"))))
    at = rows.index(["hours"]) + 2
    sheet = load_workbook(io.BytesIO(figures_workbook(read, "en")))["Half-hours"]
    assert [row[0] for row in rows[at : at + 4]] == NAMES
    assert [str(sheet.cell(n, 1).value) for n in (4, 5)] == ["1:00 (2nd)", "1:30 (2nd)"]
