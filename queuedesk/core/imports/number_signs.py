"""The decimal signs of tables, and a number that a workbook holds as one."""

from __future__ import annotations

POINT, COMMA = ".", ","


class Figure(str):
    """A number that a workbook holds as one, written out: a point before its decimals, nothing between thousands."""

    __slots__ = ()
