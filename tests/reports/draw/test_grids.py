"""Tables and columns of a page: what is cut, what is kept together, what goes to the next page."""

from __future__ import annotations

import pytest

from queuedesk.reports.draw import pdf
from queuedesk.reports.draw.pdf import (
    BOTTOM,
    LEFT,
    TOP,
    Block,
    Field,
    Place,
    Sheet,
    beside,
    fitted,
    grid,
    paginate,
    sentences,
    together,
    used,
)


class Heard(Sheet):
    """A sheet that keeps what is written, with the left end of each text."""

    def __init__(self) -> None:
        super().__init__("", "", "en")
        self.texts: list[tuple[str, float, float]] = []

    def text(self, x: float, y: float, text: str, size: float, *, at: str = "left", **asked: object) -> None:
        length = pdf.width(text, size)
        self.texts.append((text, x - {"left": 0.0, "middle": length / 2, "right": length}[at], length))


def nothing(_sheet: Sheet, _y: float) -> None:
    """Draw nothing."""


def written(blocks: list[Block]) -> list[tuple[str, float, float]]:
    sheet = Heard()
    for block in blocks:
        block.draw(sheet, 0.0)
    return sheet.texts


@pytest.mark.parametrize("width", [180.0, 220.0, 400.0])
def test_texts_are_cut_and_figures_never(width):
    fields = [Field("Window", is_text=True), Field("Staff", is_text=True), Field("Finished"), Field("Handling")]
    place = Place(LEFT, width)

    found = written(grid(fields, [["1", "A very long name of a clerk indeed", "1,234", "12.3"]], place))

    assert [text for text, _, _ in found[-2:]] == ["1,234", "12.3"]
    assert all(x >= place.x - 0.1 and x + length <= place.x + width + 0.1 for _, x, length in found)
    cells = found[4:]
    assert all(cells[i][1] + cells[i][2] <= cells[i + 1][1] + 0.1 for i in range(3))


def test_a_last_column_of_texts_takes_the_rest():
    fields = [Field("Ticket", is_text=True), Field("Wait"), Field("Cause", is_text=True)]
    text = "the customer before, at window 5, took 31 min · 3 later tickets went first"

    assert text in [one for one, _, _ in written(grid(fields, [["A001", "12.3", text]]))]


def test_two_columns_go_on_together_page_by_page():
    left = [Block(100, nothing) for _ in range(3)]
    right = [Block(100, nothing) for _ in range(9)]

    found = beside(left, right, above=171.0, room=771.0)

    assert [(block.height, block.breaks) for block in found] == [(600, False), (300, True)]


def test_a_table_in_a_column_has_its_titles_again_on_the_next_page():
    top = Block(16, nothing)
    rows = [Block(100, nothing, head=top) for _ in range(8)]

    assert [block.height for block in beside([top, *rows], [], above=0.0, room=400.0)] == [316, 316, 216]


def test_what_belongs_together_moves_to_the_next_page_together():
    table = together([Block(20, nothing), *(Block(20, nothing) for _ in range(4))])

    pages = paginate([Block(BOTTOM - TOP - 60, nothing), *table])

    assert [len(page) for page in pages] == [1, 5]


def test_blocks_come_closer_only_where_that_puts_them_on_one_page():
    def chapter(height: float) -> list[Block]:
        return [Block(height, nothing, gap=20) for _ in range(4)]

    assert used(fitted(chapter(90.0), room=420.0)) == pytest.approx(420.0)
    assert fitted(chapter(80.0), room=420.0) == chapter(80.0)
    assert fitted(chapter(200.0), room=420.0) == chapter(200.0)


def test_a_row_of_sentences_is_as_high_as_its_longest():
    top, short, long = sentences(["A", "B"], [["a", "b"], ["a", "b " * 200]], [0.2, 0.8], size=7)

    assert long.height > 2 * short.height and long.head is top
