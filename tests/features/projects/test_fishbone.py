"""The fishbone is laid out from the list of causes, and gives way to it where it has no room."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from queuedesk.core.charts.chart import Point, Rect, Words
from queuedesk.features.projects.rules import Bone, Fish, Twig, fish_height, fits, lay_out_fish, wrapped
from tests.core.charts.flat import FLAT

WIDE = 870.0


def twig(n: int, name: str = "No one to ask") -> Twig:
    return Twig(number=n, name=name, kind="ring", colour="amber", word="Open", point=Point((name,), n))


def fish(*counts: int) -> Fish:
    """Return a fish whose bones have so many causes."""
    numbers = iter(range(1, 100))
    bones = [Bone(f"Bone {at}", [twig(next(numbers)) for _each in range(n)]) for at, n in enumerate(counts)]
    return Fish(bones=bones, title="Stopped", value="14.1", unit="%")


def test_every_cause_has_its_place_and_no_two_lie_over_each_other() -> None:
    shown = fish(2, 2, 3, 1, 2)
    high = fish_height(shown, FLAT, WIDE)
    found = lay_out_fish(shown, FLAT, Rect(0, 0, WIDE, high))

    assert len(found.places) == 10
    for n, one in enumerate(found.places):
        assert one.top >= 0 and one.bottom <= high and one.right <= WIDE
        for other in found.places[n + 1 :]:
            apart = one.right <= other.left or other.right <= one.left
            assert apart or one.bottom <= other.top or other.bottom <= one.top


def test_a_third_cause_makes_its_column_longer() -> None:
    assert fish_height(fish(3, 2, 2), FLAT, WIDE) > fish_height(fish(2, 2, 2), FLAT, WIDE)


def test_three_bones_stand_above_and_the_others_below() -> None:
    shown = fish(1, 1, 1, 1)
    found = lay_out_fish(shown, FLAT, Rect(0, 0, WIDE, fish_height(shown, FLAT, WIDE)))
    tops = {mark.text: mark.y for mark in found.marks if isinstance(mark, Words)}

    assert tops["Bone 0"] == tops["Bone 1"] == tops["Bone 2"] < tops["Bone 3"]


@pytest.mark.parametrize(("bones", "width", "has_room"), [(6, WIDE, True), (7, WIDE, False), (3, 600.0, False)])
def test_more_than_six_bones_or_a_narrow_page_is_a_list(bones: int, width: float, has_room: bool) -> None:
    assert fits(bones, FLAT, width) is has_room


def test_the_chosen_cause_is_framed_and_named_in_bold() -> None:
    shown = replace(fish(2), chosen=2)
    found = lay_out_fish(shown, FLAT, Rect(0, 0, WIDE, 400))

    assert [mark.bold for mark in found.marks if isinstance(mark, Words) and mark.text == "No one to ask"] == [
        False,
        True,
    ]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("Elderly customers have no one to ask", ["Elderly", "customers", "have no one to ask"]),
        ("老年客户没人可问，也没人带", ["老年客户没人可问，", "也没人带"]),
    ],
)
def test_names_break_between_words_and_before_no_closing_mark(text: str, lines: list[str]) -> None:
    assert wrapped(text, 78.0, FLAT, 15.0) == lines
