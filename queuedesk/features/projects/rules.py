"""What evidence and figures say of causes and measures, and where a fishbone's bones lie.

The effect of measures is told before and after on equal weekdays, no better than chance, a bad spell or one day allows.
On shares:

- Each side's share is all its days' numerators ÷ denominators, the difference after − before with Newcombe's 95 %
  interval. Under FEWEST rows a side nothing is compared.
- A span that was chosen because it was bad is followed by a better one whatever anybody does (regression to the mean).
  So the days before the first span, the same weekdays of HISTORY_WEEKS weeks, say what is usual: a share of the span
  outside the usual range, the history's share ± 1.96 standard errors as its days really spread, is told, and "better"
  or "worse" is then only what holds against the history too.
- Without FEWEST_HISTORY_DAYS days before the first span nobody knows whether that was a usual one: nothing is told.
- Where the same mix of services turns the sign of the difference (`turns`), nothing is told either.
- Each day is left out once: a day without which the verdict is another is named. Where it stands out from its side's
  other days by more than STANDS_OUT of their standard errors, the verdict is "can't tell".

On minutes, a span's mean, median or 90th percentile:

- The day is the unit: the waits of one day hang together, so that its tickets are no independent rows. Each day has its
  own figure; the k-th Monday before is held against the k-th Monday after, and so for each weekday.
- The difference is the Hodges-Lehmann estimate of these pairs, the median of all means of two of them, with the 95 %
  interval of Wilcoxon's signed ranks (Hollander, Wolfe and Chicken, Nonparametric Statistical Methods, 3.2 and 3.3). It
  asks for no normal minutes, and one extraordinary day moves it little. With fewer than six pairs there is no such
  interval: nothing is told.
- What is usual is said by the days before the first span, as for shares: the mean of their figures ± 1.96 standard
  errors of a span of so many days. Where the first span lies outside, the second is also held against those days, by
  the Hodges-Lehmann estimate of two samples with the interval of Wilcoxon's rank sums (4.2 and 4.3).
- Each pair is left out once, as each day of shares; it is named by its day that lies further from the others of its
  side."""

from __future__ import annotations

import datetime as clock
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from enum import StrEnum
from itertools import pairwise
from math import ceil, sqrt
from statistics import mean, median, stdev
from unicodedata import east_asian_width

from msgspec import Struct

from queuedesk.core.charts.chart import (
    ChartSurfaceMetrics,
    HoverTextAndTarget,
    Mark,
    Place,
    PolygonMark,
    PolylineMark,
    RectangleMark,
    SurfaceRect,
    TextMark,
    symbol_marks,
    text_baseline_y,
)
from queuedesk.core.charts.layout import LaidOutChart
from queuedesk.core.figures import satisfaction
from queuedesk.core.figures.comparing import NumeratorAndDenominator, is_reversed_by_same_mix
from queuedesk.core.figures.measures.figure import MORE
from queuedesk.core.improvement.following import EvidenceShare, FigureMinutes
from queuedesk.core.improvement.project import EvidenceCitation

FEWEST = satisfaction.FEWEST_RANKED
HISTORY_WEEKS = 8
FEWEST_HISTORY_DAYS = 8
"""With fewer days before the first span nothing is said of what is usual (our figure)."""
STANDS_OUT = 3.0
MOST_DAYS = 250
"""A year's working days: what takes longer to tell is not asked again."""


class EffectVerdict(StrEnum):
    """What can be said of a figure's change. MORE and LESS are of figures of which neither is better."""

    BETTER = "better"
    WORSE = "worse"
    MORE = "more"
    LESS = "less"
    CANNOT_TELL = "cannot_tell"
    TOO_FEW = "too_few"


class DayShare(Struct, frozen=True):
    """A day's numerator and denominator of a share."""

    day: date
    n: int
    of: int


class WhyNoVerdict(StrEnum):
    """Why nothing can be told although the two spans differ by more than chance: too little is known of what is usual,
    the first span was unusual, the mix of services, or a single day."""

    NO_HISTORY = "no_history"
    UNUSUAL = "unusual"
    MIX = "mix"
    ONE_DAY = "one_day"


class UsualShare(Struct, frozen=True):
    """What the days before the first span had: their share, and between what a span of its size usually lies.
    `is_beyond`: the first span lies outside."""

    part: NumeratorAndDenominator
    days: int
    low: float
    high: float
    is_beyond: bool


class DayDecidingVerdict(Struct, frozen=True):
    """A day without which the verdict is another. `is_apart`: it stands out from the other days of its side."""

    day: date
    verdict: EffectVerdict
    is_apart: bool


class ShareEffect(Struct, frozen=True, kw_only=True):
    """The effect on one share. `plain` is the verdict on the two spans alone, `verdict` what can be said after all:
    with the hall's own history, where the first span was unusual, with the same mix of services, and with the days on
    which all hangs; `why` is what forbids to tell, `alike` the difference with the same mix.

    `against_usual` compares the second span with that history; `days_to_tell` is about how many days a side it takes
    until this difference is told, None where it is told, where there is none or where a year is too short."""

    figure: str
    better: str | None
    before: NumeratorAndDenominator
    after: NumeratorAndDenominator
    days: int
    difference: satisfaction.SatisfactionRateDifference
    plain: EffectVerdict
    verdict: EffectVerdict
    usual: UsualShare | None
    against_usual: satisfaction.SatisfactionRateDifference | None
    hinges: tuple[DayDecidingVerdict, ...]
    days_to_tell: int | None
    why: WhyNoVerdict | None = None
    alike: float | None = None


def share_effect(
    figure: str,
    better: str | None,
    before: Sequence[DayShare],
    after: Sequence[DayShare],
    history: Sequence[DayShare],
    *,
    alike: float | None = None,
) -> ShareEffect:
    """Return the effect on a share. `better` is MORE or LESS or None; the days of both spans are those compared,
    `history` those before the first span that are like them, `alike` is the difference with the same mix of services,
    None where it is not known."""
    usual = _usual_share_range(before, history)
    said = _share_verdict_with_history(better, before, after, usual)
    hinges = tuple(
        DayDecidingVerdict(out.day, verdict, _is_statistical_outlier(out, side))
        for side, other in ((before, after), (after, before))
        for out in side
        if out.of and (verdict := _verdict_without_day(better, out, before, after, usual)) != said
    )
    if any(hinge.is_apart for hinge in hinges):
        said = EffectVerdict.CANNOT_TELL
    first, second = _share_counts_summed_over_days(before), _share_counts_summed_over_days(after)
    found, plain = _share_difference(first, second), _verdict_of_two_shares(better, first, second)
    if is_change_found_by_verdict(said) and is_reversed_by_same_mix(found.difference, alike):
        said = EffectVerdict.CANNOT_TELL
    why = inconclusive_reason(
        plain,
        said,
        usual,
        is_one_day=any(hinge.is_apart for hinge in hinges),
        is_mix=is_reversed_by_same_mix(found.difference, alike),
    )
    return ShareEffect(
        figure=figure,
        better=better,
        before=first,
        after=second,
        days=len(before),
        difference=found,
        plain=plain,
        verdict=said,
        usual=usual,
        against_usual=_share_difference(usual.part, second) if usual else None,
        hinges=tuple(sorted(hinges, key=lambda one: (not one.is_apart, one.day))),
        days_to_tell=_days_per_side_for_verdict(first, second, len(before), said) if why is None else None,
        why=why,
        alike=alike,
    )


def is_change_found_by_verdict(verdict: EffectVerdict) -> bool:
    """Whether a verdict says that there is a change."""
    return verdict not in (EffectVerdict.CANNOT_TELL, EffectVerdict.TOO_FEW)


def inconclusive_reason(
    plain: EffectVerdict, said: EffectVerdict, usual: object | None, *, is_one_day: bool, is_mix: bool
) -> WhyNoVerdict | None:
    """Return what forbids to tell a change that the two spans alone would tell."""
    if not is_change_found_by_verdict(plain) or is_change_found_by_verdict(said):
        return None
    if usual is None:
        return WhyNoVerdict.NO_HISTORY
    if is_mix:
        return WhyNoVerdict.MIX
    return WhyNoVerdict.ONE_DAY if is_one_day else WhyNoVerdict.UNUSUAL


def _share_counts_summed_over_days(days: Iterable[DayShare]) -> NumeratorAndDenominator:
    rows = list(days)
    return NumeratorAndDenominator(sum(one.n for one in rows), sum(one.of for one in rows))


def _share_difference(
    first: NumeratorAndDenominator, second: NumeratorAndDenominator
) -> satisfaction.SatisfactionRateDifference:
    return satisfaction.satisfaction_rate_difference((first.n, first.of - first.n), (second.n, second.of - second.n))


def _verdict_of_two_shares(
    better: str | None, first: NumeratorAndDenominator, second: NumeratorAndDenominator
) -> EffectVerdict:
    """Return what two shares alone say."""
    if min(first.of, second.of) < FEWEST:
        return EffectVerdict.TOO_FEW
    found = _share_difference(first, second)
    assert found.low is not None and found.high is not None
    if found.low <= 0 <= found.high:
        return EffectVerdict.CANNOT_TELL
    is_more = found.low > 0
    if better is None:
        return EffectVerdict.MORE if is_more else EffectVerdict.LESS
    return EffectVerdict.BETTER if is_more == (better == MORE) else EffectVerdict.WORSE


def _share_verdict_with_history(
    better: str | None, before: Sequence[DayShare], after: Sequence[DayShare], usual: UsualShare | None
) -> EffectVerdict:
    plain = _verdict_of_two_shares(
        better, _share_counts_summed_over_days(before), _share_counts_summed_over_days(after)
    )
    if not is_change_found_by_verdict(plain) or (usual is not None and not usual.is_beyond):
        return plain
    if usual is None:
        return EffectVerdict.CANNOT_TELL
    return (
        plain
        if _verdict_of_two_shares(better, usual.part, _share_counts_summed_over_days(after)) == plain
        else EffectVerdict.CANNOT_TELL
    )


def _verdict_without_day(
    better: str | None, out: DayShare, before: Sequence[DayShare], after: Sequence[DayShare], usual: UsualShare | None
) -> EffectVerdict:
    rest = [[one for one in side if one is not out] for side in (before, after)]
    return _share_verdict_with_history(better, rest[0], rest[1], usual)


def _usual_share_range(before: Sequence[DayShare], history: Sequence[DayShare]) -> UsualShare | None:
    part, own = _share_counts_summed_over_days(history), _share_counts_summed_over_days(before)
    days = [one for one in history if one.of]
    share, now = part.rate, own.rate
    if len(days) < FEWEST_HISTORY_DAYS or part.of < FEWEST or share is None or now is None:
        return None
    half = satisfaction.Z_95 * sqrt(
        _overdispersion_of_days(days, share) * share * (1 - share) * (1 / own.of + 1 / part.of)
    )
    low, high = max(0.0, share - half), min(1.0, share + half)
    return UsualShare(part, len(days), low, high, not low <= now <= high)


def _overdispersion_of_days(days: Sequence[DayShare], share: float) -> float:
    """Return how many times as much as by chance alone the days' shares vary about `share`, 1 at least."""
    if not 0 < share < 1 or len(days) < 2:
        return 1.0
    square = sum((one.n - one.of * share) ** 2 / (one.of * share * (1 - share)) for one in days)
    return max(1.0, square / (len(days) - 1))


def _is_statistical_outlier(out: DayShare, side: Sequence[DayShare]) -> bool:
    others = [one for one in side if one is not out and one.of]
    rest = _share_counts_summed_over_days(others)
    share = rest.rate
    if share is None or len(others) < 2:
        return False
    # Half a row more or less, so that a side of none or of all has an error too.
    smooth = (rest.n + 0.5) / (rest.of + 1)
    error = sqrt(_overdispersion_of_days(others, share) * smooth * (1 - smooth) * (1 / out.of + 1 / rest.of))
    return abs(out.n / out.of - share) > STANDS_OUT * error


def _days_per_side_for_verdict(
    first: NumeratorAndDenominator, second: NumeratorAndDenominator, days: int, verdict: EffectVerdict
) -> int | None:
    one, two = first.rate, second.rate
    if (
        verdict not in (EffectVerdict.CANNOT_TELL, EffectVerdict.TOO_FEW)
        or one is None
        or two is None
        or one == two
        or not days
    ):
        return None
    rows = satisfaction.Z_95**2 * (one * (1 - one) + two * (1 - two)) / (one - two) ** 2
    needed = max(rows, FEWEST) / (min(first.of, second.of) / days)
    return None if needed > MOST_DAYS else max(days + 1, ceil(needed))


# -- two groups of a piece of evidence --------------------------------------------------------------------------------


def have_enough_rows(groups: tuple[EvidenceShare, EvidenceShare]) -> bool:
    """Whether two groups have the rows to be compared."""
    return min(one.of for one in groups) >= FEWEST


def share_with_minus_without_cause(
    groups: tuple[EvidenceShare, EvidenceShare],
) -> satisfaction.SatisfactionRateDifference:
    """Return how far the share with the cause lies above that without it."""
    having, lacking = groups
    return satisfaction.satisfaction_rate_difference(
        (lacking.n, lacking.of - lacking.n), (having.n, having.of - having.n)
    )


MOST_BONES, PER_SIDE = 6, 3
NARROWEST = 206.0
"""A column's width in drawn pixels: with less, words stand in too many lines, and the causes are shown as a list."""

NAME, SECOND, PILL, HEAD, FIGURE = 15.0, 13.0, 15.0, 13.5, 38.0
NAME_LINE, SECOND_LINE, BETWEEN, PILL_HIGH = 18.0, 19.0, 9.0, 26.0
HEAD_WIDE, HEAD_LINE, ARROW = 152.0, 18.0, 12.0
FROM, SLANT, TICK, INDENT = 16.0, 40.0, 12.0, 24.0
MOST_LINES = 3
CLOSING = "，。、；：？！」』）》”’,.;:?!)%"


class FishboneCause(Struct, frozen=True, kw_only=True):
    """A cause: its number, its name, its state (`kind` is tick, cross, ring or dot) with the word for it, and what its
    evidence says."""

    number: int
    name: str
    kind: str
    colour: str
    word: str
    evidence: str = ""
    bold: bool = False
    point: HoverTextAndTarget | None = None


class FishboneBranch(Struct, frozen=True):
    """A bone with its causes."""

    name: str
    twigs: Sequence[FishboneCause]


class FishboneDiagram(Struct, frozen=True, kw_only=True):
    """Bones, the first PER_SIDE above, and the head: what is mended, its figure with the unit, and its parts. `legend`
    says below, or where a bone is free, what is meant, in lines; `signs` are the kinds and colours of signs with their
    words, in a line of their own. With `is_plain` a cause is its sign and its name alone, as on paper."""

    bones: Sequence[FishboneBranch]
    title: str
    value: str
    unit: str = ""
    parts: Sequence[str] = ()
    legend: Sequence[str] = ()
    signs: Sequence[tuple[str, str, str]] = ()
    is_plain: bool = False
    chosen: int | None = None
    point: HoverTextAndTarget | None = None

    @property
    def points(self) -> list[HoverTextAndTarget]:
        """What its places say, in their order: the causes, then the head where it has something to say."""
        return [one for one in (*(twig.point for twig in self.causes_of_all_bones), self.point) if one is not None]

    @property
    def causes_of_all_bones(self) -> list[FishboneCause]:
        return [twig for bone in self.bones for twig in bone.twigs]

    @property
    def legend_line_count(self) -> int:
        return len(self.legend) + bool(self.signs)

    @property
    def _upper_and_lower_bones(self) -> tuple[Sequence[FishboneBranch], Sequence[FishboneBranch]]:
        return self.bones[:PER_SIDE], self.bones[PER_SIDE:]

    @property
    def _columns_per_side(self) -> int:
        return max(2, *(len(side) for side in self._upper_and_lower_bones))

    @property
    def _has_free_lower_column(self) -> bool:
        """Whether the last column is free below the spine."""
        return len(self._upper_and_lower_bones[1]) < self._columns_per_side


def can_fishbone_fit(bones: int, surface: ChartSurfaceMetrics, width: float) -> bool:
    """Whether so many bones can be laid out in that width."""
    columns = max(2, min(bones, PER_SIDE))
    return bones <= MOST_BONES and width - surface.px(HEAD_WIDE + ARROW) >= columns * surface.px(NARROWEST)


def fishbone_height(fishbone_diagram: FishboneDiagram, surface: ChartSurfaceMetrics, width: float) -> float:
    """Return how high it is at that width."""
    above, below = _half_heights(fishbone_diagram, surface, width)
    return above + below


def lay_out_fishbone(
    fishbone_diagram: FishboneDiagram, surface: ChartSurfaceMetrics, rect: SurfaceRect
) -> LaidOutChart:
    """Return its marks; each cause is a place to point at, in the order of the bones."""
    px, found = surface.px, LaidOutChart()
    above, _below = _half_heights(fishbone_diagram, surface, rect.width)
    wide = _bone_column_width(fishbone_diagram, surface, rect.width)
    spine = surface.snap_to_pixel(rect.top + above)
    tip = rect.left + wide * fishbone_diagram._columns_per_side + px(ARROW / 2)
    for side, way in zip(fishbone_diagram._upper_and_lower_bones, (-1, 1), strict=True):
        for n, bone in enumerate(side):
            left = rect.left + wide * n
            far = spine + way * (above if way < 0 else _below)
            _add_bone_marks(fishbone_diagram, bone, (left, spine, far, wide), surface, found)
    found.marks.append(PolylineMark([(rect.left + px(4), spine), (tip - px(8), spine)], "ink", px(3)))
    found.marks.append(
        PolygonMark([(tip - px(10), spine - px(8)), (tip + px(2), spine), (tip - px(10), spine + px(8))], "ink")
    )
    head = SurfaceRect(tip + px(2), spine, rect.right - tip - px(2), rect.height)
    found.marks += _fish_head_marks(fishbone_diagram, head, surface)
    if fishbone_diagram.point is not None:
        high = _fish_head_height(fishbone_diagram, surface)
        found.places.append(SurfaceRect(head.left, spine - high / 2, head.width, high))
    if fishbone_diagram.legend_line_count:
        x, y = (
            rect.left,
            rect.top
            + fishbone_height(fishbone_diagram, surface, rect.width)
            - px(SECOND_LINE * fishbone_diagram.legend_line_count),
        )
        if fishbone_diagram._has_free_lower_column:
            x, y = rect.left + wide * (fishbone_diagram._columns_per_side - 1) + px(FROM), y - px(6)
        for n, line in enumerate(fishbone_diagram.legend):
            middle = y + px(SECOND_LINE) * (n + 0.5)
            found.marks.append(TextMark(x, text_baseline_y(middle, SECOND, surface), line, SECOND, room=rect.right - x))
        middle = y + px(SECOND_LINE) * (len(fishbone_diagram.legend) + 0.5)
        for kind, colour, word in fishbone_diagram.signs:
            found.marks += symbol_marks(kind, (x + px(5), middle), px(4.5), colour)
            found.marks.append(TextMark(x + px(14), text_baseline_y(middle, SECOND, surface), word, SECOND))
            x += px(28) + surface.text_width(word, SECOND)
    return found


# -- measures ----------------------------------------------------------------------------------------------------------


def _bone_column_width(fishbone_diagram: FishboneDiagram, surface: ChartSurfaceMetrics, width: float) -> float:
    return (width - surface.px(HEAD_WIDE + ARROW)) / fishbone_diagram._columns_per_side


def _half_heights(fishbone_diagram: FishboneDiagram, surface: ChartSurfaceMetrics, width: float) -> tuple[float, float]:
    """Return how much lies above the spine and below it."""
    px, wide = surface.px, _bone_column_width(fishbone_diagram, surface, width)
    heights = [
        max(
            [px(PILL_HIGH + BETWEEN) + _causes_height(fishbone_diagram, bone, surface, wide) for bone in side],
            default=px(12.0),
        )
        for side in fishbone_diagram._upper_and_lower_bones
    ]
    half = _fish_head_height(fishbone_diagram, surface) / 2 + px(2)
    legend = px(SECOND_LINE) * fishbone_diagram.legend_line_count
    least = half + legend + px(12) if fishbone_diagram._has_free_lower_column and legend else 0.0
    more = 0.0 if fishbone_diagram._has_free_lower_column or not legend else legend + px(6)
    return max(heights[0], half), max(heights[1], half, least) + more


def _causes_height(
    fishbone_diagram: FishboneDiagram, bone: FishboneBranch, surface: ChartSurfaceMetrics, wide: float
) -> float:
    return sum(_cause_height(fishbone_diagram, twig, surface, wide) + surface.px(BETWEEN) for twig in bone.twigs)


def _cause_height(
    fishbone_diagram: FishboneDiagram, twig: FishboneCause, surface: ChartSurfaceMetrics, wide: float
) -> float:
    lines = len(_cause_name_lines(fishbone_diagram, twig, surface, wide))
    return surface.px(NAME_LINE * lines + (0.0 if fishbone_diagram.is_plain else SECOND_LINE))


def _cause_name_lines(
    fishbone_diagram: FishboneDiagram, twig: FishboneCause, surface: ChartSurfaceMetrics, wide: float
) -> list[str]:
    aside = FROM + SLANT + INDENT + (14.0 if fishbone_diagram.is_plain else 0.0)
    return wrapped_text_lines(twig.name, wide - surface.px(aside), surface, NAME, bold=True)


def wrapped_text_lines(
    text: str, room: float, surface: ChartSurfaceMetrics, size: float, *, bold: bool = False
) -> list[str]:
    """Return a text in up to MOST_LINES lines, broken between words and between Chinese characters; the last may be
    wider than the room."""
    lines: list[str] = []
    for piece in _unbreakable_text_pieces(text):
        longer = (lines[-1] if lines else "") + piece
        if not lines:
            lines.append(piece)
        elif surface.text_width(longer.rstrip(), size, bold=bold) <= room or len(lines) == MOST_LINES:
            lines[-1] = longer
        else:
            lines.append(piece)
    return [line.strip() for line in lines]


def _unbreakable_text_pieces(text: str) -> Iterator[str]:
    """Yield what a line may not divide: a word with its blank, a Chinese character with the mark behind it."""
    piece = ""
    for one, following in pairwise(f"{text}\n"):
        piece += one
        is_end = following == "\n"
        is_wide = east_asian_width(one) in "WF" or east_asian_width(following) in "WF"
        if is_end or (
            (one == " " or is_wide) and following not in CLOSING and following != " " and one not in "「『（《“"
        ):
            yield piece
            piece = ""


# -- parts -------------------------------------------------------------------------------------------------------------


def _add_bone_marks(
    fishbone_diagram: FishboneDiagram,
    bone: FishboneBranch,
    at: tuple[float, float, float, float],
    surface: ChartSurfaceMetrics,
    found: LaidOutChart,
) -> None:
    """Add a bone whose column begins at `left`, from the spine to its `far` end."""
    (left, spine, far, wide), px = at, surface.px
    way = -1 if far < spine else 1
    pill = SurfaceRect(left, far if way < 0 else far - px(PILL_HIGH), 0.0, px(PILL_HIGH))
    if way > 0 and fishbone_diagram.legend_line_count and not fishbone_diagram._has_free_lower_column:
        pill = SurfaceRect(
            left, pill.top - px(SECOND_LINE) * fishbone_diagram.legend_line_count - px(6), 0.0, pill.height
        )
    near = pill.bottom if way < 0 else pill.top
    start, end = (left + px(FROM), near), (left + px(FROM + SLANT), spine)
    found.marks.append(PolylineMark([start, end], "edge", px(2)))
    length = surface.text_width(bone.name, PILL, bold=True) + px(20)
    found.marks.append(RectangleMark(left, pill.top, length, pill.height, "sunken", round=13))
    y = text_baseline_y(pill.top + pill.height / 2, PILL, surface)
    found.marks.append(TextMark(left + px(10), y, bone.name, PILL, "ink", bold=True, room=wide - px(24)))
    top = near + px(BETWEEN) * 0.6 if way < 0 else spine + px(BETWEEN)
    for twig in bone.twigs:
        high = _cause_height(fishbone_diagram, twig, surface, wide)
        middle = top + px(NAME_LINE) / 2
        share = (middle - start[1]) / (end[1] - start[1]) if end[1] != start[1] else 0.0
        x = start[0] + (end[0] - start[0]) * share
        place = SurfaceRect(
            x + px(INDENT) - px(8), top - px(4), left + wide - px(4) - (x + px(INDENT) - px(8)), high + px(7)
        )
        if twig.number == fishbone_diagram.chosen:
            found.marks.append(
                RectangleMark(place.left, place.top, place.width, place.height, "soft", "primary", 3, 10)
            )
        found.marks.append(PolylineMark([(x, middle), (x + px(TICK), middle)], "edge", px(1.5)))
        at_twig = SurfaceRect(x + px(INDENT), top, left + wide - px(6) - x - px(INDENT), high)
        found.marks += _drawing_marks_of_cause(
            fishbone_diagram, twig, _cause_name_lines(fishbone_diagram, twig, surface, wide), at_twig, surface
        )
        if twig.point is not None:
            found.places.append(place)
        top += high + px(BETWEEN)


def _drawing_marks_of_cause(
    fishbone_diagram: FishboneDiagram,
    twig: FishboneCause,
    lines: Sequence[str],
    at: SurfaceRect,
    surface: ChartSurfaceMetrics,
) -> Iterator[Mark]:
    """Write a cause: its name in lines, and below it state and evidence."""
    px, left, top, right = surface.px, at.left, at.top, at.right
    if fishbone_diagram.is_plain:
        yield from symbol_marks(twig.kind, (left + px(5), top + px(NAME_LINE) / 2), px(4.5), twig.colour)
        left += px(14)
    bold = twig.bold or twig.number == fishbone_diagram.chosen
    for n, line in enumerate(lines):
        y = text_baseline_y(top + px(NAME_LINE) * (n + 0.5), NAME, surface)
        yield TextMark(left, y, line, NAME, "ink", bold=bold, room=right - left)
    if fishbone_diagram.is_plain:
        return
    middle = top + px(NAME_LINE) * len(lines) + px(SECOND_LINE) / 2
    base = text_baseline_y(middle, SECOND, surface)
    yield from symbol_marks(twig.kind, (left + px(6), middle), px(5), twig.colour)
    yield TextMark(left + px(17), base, twig.word, SECOND, twig.colour, bold=True)
    x = left + px(17) + surface.text_width(twig.word, SECOND, bold=True) + px(8)
    if twig.evidence:
        yield TextMark(x, base, twig.evidence, SECOND, room=right + px(16) - x)


def text_and_underline_marks(
    text: str, at: Place, room: float, surface: ChartSurfaceMetrics, *, size: float = SECOND
) -> Iterator[Mark]:
    """Write a figure that opens its rows: over a thin line."""
    x, y = at
    yield TextMark(x, y, text, size, "ink", room=room)
    end = x + min(room, surface.text_width(text, size))
    under = surface.snap_to_pixel(y + surface.px(3)) + 0.5
    yield PolylineMark([(x, under), (end, under)], "edge", surface.gap(1))


def _fish_head_height(fishbone_diagram: FishboneDiagram, surface: ChartSurfaceMetrics) -> float:
    return surface.px(30 + FIGURE * 1.1 + HEAD_LINE * len(fishbone_diagram.parts) + 16)


def _fish_head_marks(
    fishbone_diagram: FishboneDiagram, at: SurfaceRect, surface: ChartSurfaceMetrics
) -> Iterator[Mark]:
    """Draw the figure to be mended with its middle at the top of `at`."""
    px, high = surface.px, _fish_head_height(fishbone_diagram, surface)
    top = at.top - high / 2
    yield RectangleMark(at.left, top, at.width, high, "surface", "ink", 1.5, 12)
    x, room = at.left + px(12), at.width - px(20)
    yield TextMark(x, text_baseline_y(top + px(20), SECOND, surface), fishbone_diagram.title, SECOND, room=room)
    y = top + px(30) + px(FIGURE) * 0.85
    yield TextMark(x, y, fishbone_diagram.value, FIGURE, "ink", bold=True, room=room)
    if fishbone_diagram.unit:
        yield TextMark(
            x + surface.text_width(fishbone_diagram.value, FIGURE, bold=True) + px(5),
            y,
            fishbone_diagram.unit,
            17.0,
            "ink",
        )
    for n, part in enumerate(fishbone_diagram.parts):
        base = text_baseline_y(top + px(30 + FIGURE * 1.1) + px(HEAD_LINE) * (n + 0.5), SECOND, surface)
        yield from text_and_underline_marks(part, (x, base), room, surface)


FEWEST_PAIRS = 6
"""With fewer no interval of signed ranks has 95 %."""
EXACT = 30
"""Up to so many pairs, or days of two samples, the ranks are counted out; above them by their normal approximation."""
MOST_LEFT_OUT = 60
"""Of more pairs none is left out: one of so many can't decide."""
NOTHING = satisfaction.SatisfactionRateDifference(None, None, None, None)


class DayMinutes(Struct, frozen=True):
    """A day's figure in minutes, None where nobody had it, of `n` rows."""

    day: date
    minutes: float | None
    n: int


class UsualMinutesRange(Struct, frozen=True):
    """The mean of the days' figures before the first span, and between what a span of its size usually lies.
    `is_beyond`: the first span lies outside."""

    minutes: float
    days: int
    low: float
    high: float
    is_beyond: bool


class MinutesEffect(Struct, frozen=True, kw_only=True):
    """The effect on a figure in minutes; all as in effect.ShareEffect, differences in minutes, `days` pairs."""

    figure: str
    better: str | None
    before: FigureMinutes
    after: FigureMinutes
    days: int
    difference: satisfaction.SatisfactionRateDifference
    plain: EffectVerdict
    verdict: EffectVerdict
    usual: UsualMinutesRange | None
    against_usual: satisfaction.SatisfactionRateDifference | None
    hinges: tuple[DayDecidingVerdict, ...]
    days_to_tell: int | None
    why: WhyNoVerdict | None
    alike: float | None
    reached: satisfaction.SatisfactionRateDifference
    """Where the days of the second span lie themselves, with its interval: for a target."""


Pair = tuple[DayMinutes, DayMinutes]


def minutes_effect(
    figure: str,
    better: str | None,
    *,
    whole: tuple[FigureMinutes, FigureMinutes],
    pairs: Sequence[Pair],
    history: Sequence[DayMinutes],
    alike: float | None = None,
) -> MinutesEffect:
    """Return the effect on a figure in minutes. `whole` are both spans' figures over all their rows, `pairs` the days
    that are held against each other, `history` those before the first span that are like them, `alike` the difference
    with the same mix of services, None where it is not known."""
    known = [pair for pair in pairs if all(day.minutes is not None for day in pair)]
    before = [_known_minutes_of_day(pair[0]) for pair in known]
    after = [_known_minutes_of_day(pair[1]) for pair in known]
    past = [_known_minutes_of_day(day) for day in history if day.minutes is not None]
    has_rows = min(one.n for one in whole) >= FEWEST
    usual = _usual_minutes_range(before, past)
    said = _minutes_verdict_with_history(better, before, after, past, usual) if has_rows else EffectVerdict.TOO_FEW
    hinges: list[DayDecidingVerdict] = []
    if has_rows and FEWEST_PAIRS < len(known) <= MOST_LEFT_OUT:
        for n, pair in enumerate(known):
            rest = [side[:n] + side[n + 1 :] for side in (before, after)]
            verdict = _minutes_verdict_with_history(better, rest[0], rest[1], past, usual)
            if verdict is not said:
                far = [
                    _deviation_in_std_errors(_known_minutes_of_day(day), others)
                    for day, others in zip(pair, rest, strict=True)
                ]
                hinges.append(DayDecidingVerdict(pair[far[1] > far[0]].day, verdict, max(far) > STANDS_OUT))
    if any(hinge.is_apart for hinge in hinges):
        said = EffectVerdict.CANNOT_TELL
    found = paired_difference(before, after) if has_rows else NOTHING
    plain, is_mix = _verdict_on_minutes(better, found), is_reversed_by_same_mix(found.difference, alike)
    if is_change_found_by_verdict(said) and is_mix:
        said = EffectVerdict.CANNOT_TELL
    why = inconclusive_reason(plain, said, usual, is_one_day=any(hinge.is_apart for hinge in hinges), is_mix=is_mix)
    is_beyond = usual is not None and usual.is_beyond
    return MinutesEffect(
        figure=figure,
        better=better,
        before=whole[0],
        after=whole[1],
        days=len(known),
        difference=found,
        plain=plain,
        verdict=said,
        usual=usual,
        against_usual=unpaired_difference(past, after) if is_beyond else None,
        hinges=tuple(sorted(hinges, key=lambda one: (not one.is_apart, one.day))),
        days_to_tell=_days_per_side_for_minutes_verdict(before, after, whole, said) if why is None else None,
        why=why,
        alike=alike,
        reached=paired_difference([0.0] * len(after), after) if has_rows else NOTHING,
    )


def _known_minutes_of_day(day: DayMinutes) -> float:
    assert day.minutes is not None
    return day.minutes


def paired_difference(before: Sequence[float], after: Sequence[float]) -> satisfaction.SatisfactionRateDifference:
    """Return by how much the second figures of pairs lie above the first; no interval of fewer than six pairs."""
    ups = [two - one for one, two in zip(before, after, strict=True)]
    n = len(ups)
    walsh = sorted((ups[i] + ups[j]) / 2 for i in range(n) for j in range(i, n))
    return _median_with_interval(walsh, _signed_rank_cutoff(n))


def unpaired_difference(first: Sequence[float], second: Sequence[float]) -> satisfaction.SatisfactionRateDifference:
    """Return by how much the figures of the second sample lie above those of the first."""
    ups = sorted(two - one for one in first for two in second)
    return _median_with_interval(ups, _rank_sum_cutoff(len(first), len(second)))


def _median_with_interval(ordered: Sequence[float], place: int) -> satisfaction.SatisfactionRateDifference:
    """Return the median of sorted differences with the interval from the one in that place, from 1, to its mirror."""
    if not ordered:
        return NOTHING
    middle = median(ordered)
    if place < 1:
        return satisfaction.SatisfactionRateDifference(middle, None, None, None)
    return satisfaction.SatisfactionRateDifference(middle, ordered[place - 1], ordered[-place], None)


def _signed_rank_cutoff(n: int) -> int:
    if n > EXACT:
        return int(n * (n + 1) / 4 - satisfaction.Z_95 * sqrt(n * (n + 1) * (2 * n + 1) / 24))
    ways = [1]
    for rank in range(1, n + 1):
        ways = [
            (ways[s] if s < len(ways) else 0) + (ways[s - rank] if s >= rank else 0) for s in range(len(ways) + rank)
        ]
    return _tail_size(ways)


def _rank_sum_cutoff(m: int, n: int) -> int:
    if m + n > EXACT:
        return int(m * n / 2 - satisfaction.Z_95 * sqrt(m * n * (m + n + 1) / 12))
    # ways[k][u]: in how many orders the first k of the second sample have u of the first one below them, by
    # Gauss's binomial coefficients.
    ways = [[1]] + [[0] for _k in range(n)]
    for step in range(1, m + n + 1):
        for k in range(min(step, n), 0, -1):
            ways[k] = _elementwise_sum(ways[k], [0] * (step - k) + ways[k - 1])
    return _tail_size(ways[n])


def _elementwise_sum(one: Sequence[int], other: Sequence[int]) -> list[int]:
    long, short = (one, other) if len(one) >= len(other) else (other, one)
    return [value + (short[n] if n < len(short) else 0) for n, value in enumerate(long)]


def _tail_size(ways: Sequence[int]) -> int:
    """Return how many values at the lower end come up in 2.5 % of all ways at most."""
    whole, seen = sum(ways), 0
    for place, n in enumerate(ways):
        seen += n
        if 2 * seen > 0.05 * whole:
            return place
    return len(ways)


def _verdict_on_minutes(better: str | None, found: satisfaction.SatisfactionRateDifference) -> EffectVerdict:
    if found.low is None or found.high is None:
        return EffectVerdict.TOO_FEW
    if found.low <= 0 <= found.high:
        return EffectVerdict.CANNOT_TELL
    is_more = found.low > 0
    if better is None:
        return EffectVerdict.MORE if is_more else EffectVerdict.LESS
    return EffectVerdict.BETTER if is_more == (better == MORE) else EffectVerdict.WORSE


def _minutes_verdict_with_history(
    better: str | None,
    before: Sequence[float],
    after: Sequence[float],
    past: Sequence[float],
    usual: UsualMinutesRange | None,
) -> EffectVerdict:
    plain = _verdict_on_minutes(better, paired_difference(before, after))
    if not is_change_found_by_verdict(plain) or (usual is not None and not usual.is_beyond):
        return plain
    if usual is None:
        return EffectVerdict.CANNOT_TELL
    return (
        plain if _verdict_on_minutes(better, unpaired_difference(past, after)) == plain else EffectVerdict.CANNOT_TELL
    )


def _usual_minutes_range(before: Sequence[float], past: Sequence[float]) -> UsualMinutesRange | None:
    if len(past) < FEWEST_HISTORY_DAYS or not before:
        return None
    middle = mean(past)
    half = satisfaction.Z_95 * stdev(past) * sqrt(1 / len(before) + 1 / len(past))
    low, high = max(0.0, middle - half), middle + half
    return UsualMinutesRange(middle, len(past), low, high, not low <= mean(before) <= high)


def _deviation_in_std_errors(out: float, others: Sequence[float]) -> float:
    """Return how many standard errors a day lies from the others of its side."""
    spread = stdev(others) * sqrt(1 + 1 / len(others))
    gap = abs(out - mean(others))
    return gap / spread if spread else (STANDS_OUT + 1 if gap else 0.0)


def _days_per_side_for_minutes_verdict(
    before: Sequence[float], after: Sequence[float], whole: tuple[FigureMinutes, FigureMinutes], verdict: EffectVerdict
) -> int | None:
    """Return about how many days a side it takes: as many pairs as the spread of these asks for, and rows enough."""
    ups = [two - one for one, two in zip(before, after, strict=True)]
    if verdict not in (EffectVerdict.CANNOT_TELL, EffectVerdict.TOO_FEW) or len(ups) < 2 or not mean(ups):
        return None
    fewest = min(one.n for one in whole) / len(ups)
    needed = max(
        (satisfaction.Z_95 * stdev(ups) / mean(ups)) ** 2, FEWEST_PAIRS, FEWEST / fewest if fewest else MOST_DAYS + 1
    )
    return None if needed > MOST_DAYS else max(len(ups) + 1, ceil(needed))


# -- what a plan says, and what was gathered ---------------------------------------------------------------------------

OWN_BONE = "own"
BONES = ("people", "method", "words", "place", "machines", "environment", OWN_BONE)
"""Where a cause stands; a cause on a bone of the hall's own names it."""


class NewEvidence(Struct, frozen=True, kw_only=True):
    """What somebody gathers as evidence: one kind of it, with a note. `groups` are with the cause and without it: each
    the path of a share of the dates of `finding`, or counted by hand, "12/60". `counted` is "7" or "7/20"."""

    finding: EvidenceCitation | None = None
    groups: tuple[str, str] | None = None
    tickets: Sequence[tuple[clock.date, str]] = ()
    cases: Sequence[str] = ()
    counted: str = ""
    note: str = ""


class PlannedMeasure(Struct, frozen=True, kw_only=True):
    """A measure as somebody writes it down: what, who until when, where, at what cost, against which causes."""

    what: str
    who: str
    due: clock.date
    where: str = ""
    cost: int | None = None
    causes: tuple[int, ...] = ()
