"""The figures of a report as tables, a workbook, and compared with those of another period."""
