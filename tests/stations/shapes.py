"""The sizes, letters, colours and languages in which pages are looked at."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import product

from queuedesk.i18n import LANGUAGES
from queuedesk.stations.window.style import CONTRAST, LIGHT, Theme
from tests.every_day import SEES_ALL


@dataclass(frozen=True, slots=True)
class Shape:
    """A window's size, the size of its text in percent, its colours, and the languages it is looked at in."""

    width: int
    height: int
    text_pct: int = 100
    theme: Theme = LIGHT
    languages: tuple[str, ...] = LANGUAGES


def shapes_of(sizes: Iterable[tuple[int, int]], texts_pct=(100,), themes=(LIGHT,)) -> dict[str, Shape]:
    """Return every size with every size of text in all colours, each in both languages."""
    every = [Shape(*size, pct, theme) for size, pct, theme in product(sizes, texts_pct, themes)]
    return {f"{one.width}x{one.height}, {one.text_pct} %, {one.theme.name}": one for one in every}


SIZES = ((1366, 768), (1024, 768), (1920, 1080))
SHAPES = (
    shapes_of(SIZES, (100, 150), (LIGHT, CONTRAST))
    if SEES_ALL
    else {
        "1366x768": Shape(1366, 768, languages=("en",)),
        "1024x768": Shape(1024, 768, languages=("en",)),
        "150 %": Shape(1366, 768, 150),
        "1024x768, 150 %": Shape(1024, 768, 150, languages=("en",)),
        "1920x1080, high contrast": Shape(1920, 1080, theme=CONTRAST, languages=("zh_CN",)),
    }
)
"""What is whole in both languages where there is least room, a window of 911x512 at letters of their usual size, is
looked at in one of them where there is more."""
TIGHTEST = tuple(SHAPES) if SEES_ALL else ("1024x768", "150 %")


def parts_of(shapes: Mapping[str, Shape]) -> list[Mapping[str, Shape]]:
    """Return what one test looks at: to lead through all states in all sizes would take too long."""
    return [{name: shape} for name, shape in shapes.items()] if SEES_ALL else [shapes]


def by_language(parts: Iterable[Mapping[str, Shape]]) -> list[Mapping[str, Shape]]:
    """Return these once for each language: a window makes a page of staff anew in another one."""
    return [
        {name: replace(one, languages=(lang,)) for name, one in part.items() if lang in one.languages}
        for part in parts
        for lang in LANGUAGES
        if any(lang in one.languages for one in part.values())
    ]


def language_of(shapes: Mapping[str, Shape]) -> str:
    """Return the language that a page is made in to be looked at in these: English where they have both."""
    languages = {lang for shape in shapes.values() for lang in shape.languages}
    return languages.pop() if len(languages) == 1 else "en"


ON_CANVAS = {
    name: replace(shape, languages=LANGUAGES) if name == TIGHTEST[0] else shape
    for name, shape in SHAPES.items()
    if shape.text_pct == 100
}
"""For a page that takes its scale from its size and has no larger letters."""
PARTS = parts_of(SHAPES)
ROOMY = parts_of({name: shape for name, shape in SHAPES.items() if shape.width > 1024 or shape.text_pct == 100})
"""Without the narrow window with the largest letters, for a module that names them as its own PARTS."""
