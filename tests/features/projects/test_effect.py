"""The effect of measures on shares and on minutes, with the traps of a statistician; how causes are drawn."""

import random
from datetime import date, timedelta
from itertools import combinations
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from msgspec.structs import replace

from queuedesk.core.charts.chart import HoverTextAndTarget, SurfaceRect, TextMark
from queuedesk.core.figures.comparing import standardized_difference
from queuedesk.core.figures.measures.figure import LESS, MORE
from queuedesk.core.improvement.following import FigureMinutes, is_beyond_alarm_line
from queuedesk.desk import improvement, looking
from queuedesk.features.projects import demo, papers, rules
from queuedesk.features.projects.pages.panes import JUDGEMENT_ICONS
from queuedesk.features.projects.words import JUDGEMENT_SIGNS
from queuedesk.i18n import LANGUAGES
from tests.core.charts.flat import FLAT
from tests.features.projects.rows import judged_project
from tests.golden.kept import must_be_kept
from tests.hall import MANAGER, simple_hall

MONDAY = date(2026, 8, 3)


def days(first: date, *counts: tuple[int, int]) -> list[rules.DayShare]:
    return [rules.DayShare(first + timedelta(days=at), n, of) for at, (n, of) in enumerate(counts)]


def drawn(first: date, count: int, share: float, seed: int, of: int = 120) -> list[rules.DayShare]:
    random_ = random.Random(seed)
    return days(first, *((sum(random_.random() < share for _ in range(of)), of) for _ in range(count)))


def among(usual: tuple[int, int], high: tuple[int, int]) -> tuple[Any, ...]:
    """Return nine usual days and a high one, twice, and ten days at 10 % after them."""
    before, past = (days(first, *[usual] * 9, high) for first in (MONDAY, BEFORE))
    return LESS, before, days(LATER, *[(12, 120)] * 10), past


BEFORE, LATER = MONDAY - timedelta(days=28), MONDAY + timedelta(days=28)
FELL = days(MONDAY, *[(24, 290)] * 10), days(LATER, *[(13, 300)] * 10)
PAST = days(BEFORE, *[(24, 290)] * 10)
# Eight weeks at 10 %, the worst ten of whose days were chosen as "before".
HISTORY = drawn(MONDAY, 40, 0.10, seed=4)
WORST = drawn(MONDAY + timedelta(days=56), 10, 0.15, seed=5)
TEN, FIVE = (drawn(MONDAY + timedelta(days=70), 10, share, seed=6) for share in (0.10, 0.05))
HARDER = days(MONDAY, *[(952, 1000)] * 10), days(LATER, *[(774, 1000)] * 10), days(BEFORE, *[(952, 1000)] * 10)
# 98 and 70 % before, 99 and 75 % after, but people come for what is hard now.
FEW_HARD, MANY_HARD = {"easy": (0.98, 9000), "hard": (0.70, 1000)}, {"easy": (0.99, 1000), "hard": (0.75, 9000)}
ALIKE = standardized_difference(FEW_HARD, MANY_HARD)
BETTER = days(MONDAY, *[(160, 169)] * 8, *[(162, 168)] * 2), days(LATER, *[(164, 170)] * 8, *[(162, 171)] * 2)
BY_CHANCE = (MORE, *BETTER, [])
SEEDED: dict[str, tuple[Any, ...]] = {
    "A certain change is better where less is": (LESS, *FELL, PAST),
    "The same is worse where more is better": (MORE, *FELL, PAST),
    "The same is less where neither is better": (None, *FELL, PAST),
    "1,604 of 1,688 against 1,636 of 1,702: chance may have done it, and about 17 days a side would tell": BY_CHANCE,
    "Below thirty rows nothing is compared": (MORE, days(MONDAY, *[(0, 6)] * 2), days(LATER, *[(6, 6)] * 2), []),
    "A bad month that goes back to usual is no effect": (LESS, WORST, TEN, HISTORY),
    "An effect beyond the history too is told after a bad month": (LESS, WORST, FIVE, HISTORY),
    "A usual span is judged by itself": (LESS, days(MONDAY + timedelta(days=56), *[(12, 120)] * 10), FIVE, HISTORY),
    "One day at 50 % among days at 10 % is named and makes no effect": among((12, 120), (60, 120)),
    "A day that stands out but changes nothing is not named": among((40, 120), (90, 120)),
    "Without days that say what is usual nothing is told": (LESS, *FELL, []),
    "Seven days are not enough": (LESS, *FELL, PAST[:7]),
    "With the eighth a certain change is told": (LESS, *FELL, PAST[:8]),
    "People come for what is hard now: as counted it is worse": (MORE, *HARDER),
    "Where the same mix turns the sign nothing is told": (MORE, *HARDER, ALIKE),
}
"""What a statistician would try."""


def test_the_effect_of_each_is_what_its_page_says() -> None:
    told = []
    for title, (better, before, after, usual, *alike) in SEEDED.items():
        found = rules.share_effect("f", better, before, after, usual, **({"alike": alike[0]} if alike else {}))
        told += [f"# {title}", f"{found.before.n} of {found.before.of}, {found.after.n} of {found.after.of}"]
        told += [f"{found.verdict}, plainly {found.plain}, why {found.why}, {found.days_to_tell} days to tell"]
        told += [f"before is beyond usual: {found.usual.is_beyond}"] if found.usual else []
        told += [f"{one.day}: {one.verdict} without it, stands apart: {one.is_apart}" for one in found.hinges] + [""]
    must_be_kept(Path(__file__).parent / "golden" / "effects.txt", "\n".join(told))
    assert pytest.approx((0.01 + 0.05) / 2) == ALIKE
    # The alarm line has a bad side.
    sides = ((LESS, 0.07), (MORE, 0.07), (MORE, 0.05))
    assert [is_beyond_alarm_line(better, value, 0.06) for better, value in sides] == [True, False, True]


# -- the effect on minutes ---------------------------------------------------------------------------------------------
FIRST = date(2026, 10, 5)
WOBBLE = (0.3, -0.6, 0.1, 0.8, -0.2, -0.5, 0.4, -0.1, 0.6, -0.4, 0.2, -0.3)
USUAL = [10 + wobble for wobble in WOBBLE]


def timed(values: list[float], start: date = FIRST) -> list[rules.DayMinutes]:
    return [rules.DayMinutes(start + timedelta(days=n), value, 20) for n, value in enumerate(values)]


def told(before: list[float], after: list[float], past: list[float]) -> rules.MinutesEffect:
    whole = [FigureMinutes(sum(side) / len(side), 20 * len(side)) for side in (before, after)]
    sides = timed(before), timed(after, FIRST + timedelta(days=28))
    pairs = list(zip(*sides, strict=True))
    history = timed(past, FIRST - timedelta(days=56))
    return rules.minutes_effect("wait.mean", LESS, whole=(whole[0], whole[1]), pairs=pairs, history=history)


def test_a_published_example_comes_out_again() -> None:
    """Hollander, Wolfe and Chicken, examples 3.3 and 3.4: nine patients before and after."""
    before = [1.83, 0.50, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.30]
    after = [0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29]
    found = rules.paired_difference(before, after)
    assert (found.difference, found.low, found.high) == pytest.approx((-0.46, -0.786, -0.010))


@pytest.mark.parametrize(("m", "n"), [(4, 4), (5, 8), (8, 5)])
def test_the_interval_of_two_samples_leaves_out_what_few_orders_give(m: int, n: int) -> None:
    """Of samples whose differences are 1, 2, 3 … the lower end is the place in the list of differences."""
    sums = sorted(sum(at - k for k, at in enumerate(own)) for own in combinations(range(m + n), n))
    place = max(c for c in range(m * n) if 2 * sum(u < c for u in sums) <= 0.05 * len(sums))
    first, second = [float(-m * k) for k in range(n)], [float(k + 1) for k in range(m)]
    assert rules.unpaired_difference(first, second).low == place


@pytest.mark.parametrize(
    ("n", "drop", "verdict"),
    [
        (12, 3.0, rules.EffectVerdict.BETTER),
        (12, -3.0, rules.EffectVerdict.WORSE),
        (12, 0.0, rules.EffectVerdict.CANNOT_TELL),
        (5, 3.0, rules.EffectVerdict.TOO_FEW),
    ],
)
def test_days_are_the_unit(n: int, drop: float, verdict: rules.EffectVerdict) -> None:
    """A hundred tickets a side and more: with five days nothing is told all the same."""
    found = told(USUAL[:n], [10 - drop + wobble for wobble in reversed(WOBBLE)][:n], USUAL)
    assert found.verdict is verdict
    known = (rules.EffectVerdict.BETTER, rules.EffectVerdict.WORSE)
    assert (found.days_to_tell is None) == (verdict in known) or drop == 0


def test_a_bad_spell_gets_better_by_itself_and_is_told_and_one_extraordinary_day_makes_no_effect() -> None:
    found = told([value + 6 for value in USUAL], USUAL[::-1], USUAL)
    assert found.usual is not None and found.usual.is_beyond
    assert (found.plain, found.verdict) == (rules.EffectVerdict.BETTER, rules.EffectVerdict.CANNOT_TELL)
    found = told([*USUAL[:5], 90.0, *USUAL[6:]], USUAL[::-1], USUAL)
    assert found.verdict is rules.EffectVerdict.CANNOT_TELL
    assert found.difference.difference is not None and abs(found.difference.difference) < 1


# -- the fishbone is laid out from the list of causes, and gives way to it where it has no room ------------------------
WIDE = 870.0


def fishbone_diagram(*counts: int) -> rules.FishboneDiagram:
    """Return a fish whose bones have so many causes."""
    said = {"name": "No one to ask", "kind": "ring", "colour": "amber", "word": "Open"}
    twigs = (rules.FishboneCause(number=n, point=HoverTextAndTarget((said["name"],), n), **said) for n in range(1, 100))
    bones = [rules.FishboneBranch(f"Bone {at}", [next(twigs) for _each in range(n)]) for at, n in enumerate(counts)]
    return rules.FishboneDiagram(bones=bones, title="Stopped", value="14.1", unit="%")


def test_every_cause_has_its_place_no_two_lie_over_each_other_and_the_chosen_one_is_named_in_bold() -> None:
    shown = fishbone_diagram(2, 2, 3, 1, 2)
    high = rules.fishbone_height(shown, FLAT, WIDE)
    found = rules.lay_out_fishbone(shown, FLAT, SurfaceRect(0, 0, WIDE, high))
    assert len(found.places) == 10
    for n, one in enumerate(found.places):
        assert one.top >= 0 and one.bottom <= high and one.right <= WIDE
        for other in found.places[n + 1 :]:
            apart = one.right <= other.left or other.right <= one.left
            assert apart or one.bottom <= other.top or other.bottom <= one.top
    third, two = (rules.fishbone_height(fishbone_diagram(n, 2, 2), FLAT, WIDE) for n in (3, 2))
    assert third > two, "a third cause makes its column longer"
    # Three bones stand above and the others below; the chosen cause is framed and named in bold.
    shown = fishbone_diagram(1, 1, 1, 1)
    found = rules.lay_out_fishbone(shown, FLAT, SurfaceRect(0, 0, WIDE, rules.fishbone_height(shown, FLAT, WIDE)))
    tops = {mark.text: mark.y for mark in found.marks if isinstance(mark, TextMark)}
    assert tops["Bone 0"] == tops["Bone 1"] == tops["Bone 2"] < tops["Bone 3"]
    found = rules.lay_out_fishbone(replace(fishbone_diagram(2), chosen=2), FLAT, SurfaceRect(0, 0, WIDE, 400))
    named = [mark.bold for mark in found.marks if isinstance(mark, TextMark) and mark.text == "No one to ask"]
    assert named == [False, True]


def test_each_judgement_has_a_sign_of_its_own() -> None:
    kinds = {kind for kind, _difference_colour in JUDGEMENT_SIGNS.values()}
    assert len(kinds) == len(JUDGEMENT_SIGNS) == len(JUDGEMENT_ICONS)
    assert all(colour == JUDGEMENT_ICONS[code][1] for code, (_kind, colour) in JUDGEMENT_SIGNS.items())


@pytest.mark.parametrize(("bones", "width", "has_room"), [(6, WIDE, True), (7, WIDE, False), (3, 600.0, False)])
def test_more_than_six_bones_or_a_narrow_page_is_a_list(bones: int, width: float, has_room: bool) -> None:
    assert rules.can_fishbone_fit(bones, FLAT, width) is has_room


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("Elderly customers have no one to ask", ["Elderly", "customers", "have no one to ask"]),
        ("老年客户没人可问，也没人带", ["老年客户没人可问，", "也没人带"]),
    ],
)
def test_names_break_between_words_and_before_no_closing_mark(text: str, lines: list[str]) -> None:
    assert rules.wrapped_text_lines(text, 78.0, FLAT, 15.0) == lines


# -- the printed report of an improvement project, and those of the demo's weeks on a small hall ----------------------
@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_report_names_every_cause_its_rows_and_what_is_done(lang: str, tmp_path: Path) -> None:
    hall = simple_hall(tmp_path)
    hall.queue("A")
    number = judged_project(hall)
    file = papers.write_project_report(hall.desk, MANAGER, number, tmp_path / "r.pdf", lang=lang, now=hall.clock())
    pages = [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(file)]
    assert len(pages) == 3
    for name in ("Elderly customers", "Guide leaves the door", "Papers asked for", "Printed list", "Crowd on pay days"):
        assert all(name in " ".join(page.split()) for page in pages[:2]), name
    assert "12.9" in pages[0] and "81" in pages[1] and "2,318" in pages[1]
    assert {"en": "Confirmed", "zh_CN": "成立"}[lang] in pages[0]
    assert "Chair and large-print list" in pages[2]
    assert all(page.count("-") >= 4 for page in pages), "each page has the check code of its log"


def test_what_the_weeks_improve(tmp_path):
    """One project with six of nine causes judged; one that ended, its measure a step of the card for a full hall."""
    hall = simple_hall(tmp_path)
    setup = looking.setup_of_hall(hall.desk)
    steps = (demo.lead_noon_demo_project, demo.lead_first_visit_demo_project, demo.end_or_open_demo_projects)
    for days, does in zip((0, 11, 14), steps, strict=True):
        hall.clock.move(days=days)
        does(hall.desk, setup, hall.ask(MANAGER))
    rows = improvement.all_project_rows(hall.desk, hall.clock())
    found = [(row["ending"], row["step"], row["judged_count"], row["cause_count"]) for row in rows]
    assert found == [(None, "evidence", 6, 9), ("closed", None, 1, 1)]
    assert looking.setup_of_hall(hall.desk).cards["crowd"].steps[-1].text == demo.STANDARD[1]
