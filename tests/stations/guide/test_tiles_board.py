"""How many tiles stand side by side, so that one to twelve services can be read, and what the bar over them says."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRect

from queuedesk import i18n
from queuedesk.stations.guide.choices import Choice
from queuedesk.stations.guide.front_stage import NARROWEST_TILE, best_columns
from queuedesk.stations.widgets.labels import RunsLabel
from queuedesk.stations.widgets.panels import place_cells
from tests.stations.whole_words import settled


@pytest.mark.parametrize(("count", "columns"), [(1, 1), (2, 2), (4, 2), (5, 2), (6, 2), (9, 3), (12, 4)])
def test_the_columns_on_a_small_screen(count, columns):
    assert best_columns(count, 894, 386) == columns


@pytest.mark.parametrize("count", range(1, 13))
@pytest.mark.parametrize("width", [526, 894, 1150, 1800])
def test_no_tile_is_narrower_than_its_figures_need(count, width):
    columns = best_columns(count, width, 386)

    assert (width - (columns - 1) * 14) / columns >= NARROWEST_TILE


def test_the_last_row_shares_its_width_or_leaves_it():
    area = QRect(0, 0, 212, 0)

    shared = place_cells(area, 3, 2, 50, 12)
    left = place_cells(area, 3, 2, 50, 12, share_last=False)

    assert shared == [QRect(0, 0, 100, 50), QRect(112, 0, 100, 50), QRect(0, 62, 212, 50)]
    assert left == [QRect(0, 0, 100, 50), QRect(112, 0, 100, 50), QRect(0, 62, 100, 50)]


def test_six_favourites_have_tiles_and_more_leads_to_the_search(front):
    stage = front.page.front
    items = [Choice("A", f"i{n}") for n in range(8)]
    stage.board.set_favourites([(one, "A", f"Item {n}") for n, one in enumerate(items)], set())

    assert len(stage.board.items) == 6
    assert stage.board.unseen() == items[6:]
    front.touch(stage.board.more_button)
    assert stage.search.is_open


def test_beside_a_mark_printer_and_person_are_whole_in_a_narrow_window(front):
    front.page.resize(1024, 768)
    front.hall.do("set-row", "staff", "G1", {"name_en": "Maximilian Doyle"})
    front.page.head.top.set_mark("Demonstration")
    front.follow()
    settled()

    facts = front.page.head.top.findChildren(RunsLabel)
    assert facts and all(label.width() >= label.sizeHint().width() for label in facts if label.isVisible())


def test_the_search_gives_the_initials_of_an_item_of_this_hall(front):
    search, stage = front.page.front.search, front.page.front
    assert search.edit.accessibleName() == "Search services, papers or a ticket number"
    i18n.use("zh_CN")
    stage.retranslate()

    words, _such, short = search.edit.accessibleName().rpartition("，如 ")
    assert words and stage.index.find(short)
