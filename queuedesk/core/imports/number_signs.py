"""The decimal signs of tables, and numbers from numeric cells of a workbook."""

from __future__ import annotations

POINT, COMMA = ".", ","


class NumericCellText(str):
    """A number from a numeric cell, written with a decimal point and no thousands separator."""

    __slots__ = ()
