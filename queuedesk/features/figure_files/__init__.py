"""The figures of a report as files for other programs, and two periods compared as a file."""

from queuedesk.core.features import Feature

FEATURE = Feature(
    name="figure_files",
    of_halls=False,
    report_files={
        ".xlsx": "features.figure_files.papers.workbook:figures_workbook",
        ".csv": "features.figure_files.papers.tables:period_csv_bytes",
        ".json": "features.figure_files.papers.tables:period_json",
    },
    adds={"report": "features.figure_files.commands:add_compare_command"},
)
