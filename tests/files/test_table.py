"""Tables as people's programs save them: encodings, separators, headers, and lines that make no row."""

from __future__ import annotations

import codecs
from pathlib import Path

import pytest

from queuedesk.core.errors import OutsideError, RuleError
from queuedesk.files.table import Table, check_columns, read_table, refused

HEADER = "ticket,service,arrived"
ROW = "A001,开户,2026-03-02 9:00"


def table(folder: Path, content: str | bytes) -> Table:
    file = folder / "days.csv"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_table(file)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_it_reads_what_spreadsheets_save(tmp_path: Path, encoding: str, separator: str, end: str) -> None:
    text = end.join([HEADER, ROW, ""]).replace(",", separator)
    read = table(tmp_path, text.encode(encoding))

    assert read.columns == ("ticket", "service", "arrived")
    assert [(row.line, row.text("service"), row.code("arrived")) for row in read.rows] == [
        (2, "开户", "2026-03-02 9:00")
    ]


def test_lines_are_counted_as_an_editor_shows_them(tmp_path: Path) -> None:
    """Empty lines and cells of several lines count; the header is line 1."""
    read = table(tmp_path, f'{HEADER}\n\nA1,"a\nb",x\n,,\nA2,c,y\n')

    assert [row.line for row in read.rows] == [3, 6]


def test_a_header_is_read_generously(tmp_path: Path) -> None:
    """Capitals, full-width letters, spaces, and the empty columns a spreadsheet leaves at the end."""
    read = table(tmp_path, " Ticket ,ＳＥＲＶＩＣＥ,arrived,,\nＡ００１, B ,t,,\n")

    assert read.columns == ("ticket", "service", "arrived")
    assert (read.rows[0].code("ticket"), read.rows[0].code("service"), read.rows[0].code("left")) == ("A001", "B", None)


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\x00\x01\x02", b"SQLite format 3\x00 and more", b"\xff\xff\x80"])
def test_what_is_no_table_is_refused(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(OutsideError) as error:
        table(tmp_path, content)

    assert error.value.code == "not_a_table"


def test_a_file_that_is_not_there_or_a_folder_is_refused(tmp_path: Path) -> None:
    codes = []
    for place in (tmp_path / "none.csv", tmp_path):
        with pytest.raises(OutsideError) as error:
            read_table(place)
        codes.append(error.value.code)

    assert codes == ["no_such_file", "cannot_read"]


def test_lines_that_make_no_row_are_named(tmp_path: Path) -> None:
    read = table(tmp_path, f"{HEADER}\nA1,B,t,more\n{'x' * 1001},B,t\nA\u202e2,B,t\nA3,B,t\n")

    assert [(one.line, one.error.code) for one in read.bad] == [
        (2, "too_many_cells"),
        (3, "bad_value"),
        (4, "bad_value"),
    ]
    assert [row.line for row in read.rows] == [5]


def test_every_fault_of_a_header_is_named_at_once(tmp_path: Path) -> None:
    read = table(tmp_path, "ticket,ticket,colour\nA1,A1,red\n")

    with pytest.raises(RuleError) as error:
        check_columns(read, ("ticket", "service"), ("ticket", "service"))

    assert error.value.code == "bad_rows"
    found = error.value.details["lines"]
    assert isinstance(found, list)
    assert [(line, one.code) for line, one in found] == [
        (1, "unknown_column"),
        (1, "column_twice"),
        (1, "column_missing"),
    ]


def test_the_digest_is_that_of_the_content(tmp_path: Path) -> None:
    plain = table(tmp_path, f"{HEADER}\n{ROW}\n")
    marked = table(tmp_path, codecs.BOM_UTF8 + f"{HEADER}\n{ROW}\n".encode())

    assert plain.digest == table(tmp_path, f"{HEADER}\n{ROW}\n").digest
    assert plain.digest != marked.digest


def test_a_refusal_names_lines_in_order(tmp_path: Path) -> None:
    read = table(tmp_path, f"{HEADER}\nA1,B,t,more\nA1,B,t,more\n")

    error = refused(read.path, reversed(read.bad))

    assert [line for line, _one in error.details["lines"]] == [2, 3]  # type: ignore[attr-defined]
