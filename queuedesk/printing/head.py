"""The head and foot of every slip: sign, name, date and the hall's own words."""

from collections.abc import Sequence
from typing import Protocol, TypeVar

from queuedesk.i18n import day_ticket, named, time_hm
from queuedesk.printing.logo import logo_image
from queuedesk.printing.sheet import ALSO_SHARE, SheetWriter
from queuedesk.printing.slip import HallSlip

S = TypeVar("S", bound=HallSlip)
OWN_WORDS = 26


class _Write(Protocol):
    def __call__(self, text: str, size: float, *, bold: bool = False, leading: float = 1.0) -> None: ...


def slips_of(slip: S) -> list[S]:
    """Return the slip in its languages, its first one first."""
    return [slip] if slip.also is None else [slip, slip.also]  # type: ignore[list-item]


def write_both(write: _Write, texts: Sequence[str], size: float, *, bold: bool = False, leading: float = 1.3) -> None:
    """Write a text in the first language, and smaller below it in the second where that says something else."""
    write(texts[0], size, bold=bold, leading=leading)
    for also in texts[1:]:
        if also != texts[0]:
            write(also, size * ALSO_SHARE, leading=leading)


def write_head(writer: SheetWriter, slip: HallSlip) -> None:
    """Write the top of a slip down to its first thick rule."""
    design = slip.design
    image = logo_image(design.logo) if design.shows("logo") else None
    if image is not None:
        writer.picture(image)
        writer.gap(14)
    if design.shows("hall"):
        write_both(writer.centred, [one.hall for one in slips_of(slip)], 34, bold=True)
    if design.head or design.head_en:
        write_both(writer.centred, _own(slip, design.head, design.head_en), OWN_WORDS, leading=1.4)
    if design.shows("time"):
        when = [f"{day_ticket(one.issued_at, one.lang)} {time_hm(one.issued_at)}" for one in slips_of(slip)]
        writer.centred(when[0], 24, leading=1.7)
    if writer.y > writer.margin:
        writer.gap(12)
        writer.rule(4)


def write_foot_words(writer: SheetWriter, slip: HallSlip) -> None:
    """Write the hall's own words under the slip, if it has any."""
    design = slip.design
    if design.foot or design.foot_en:
        write_both(writer.paragraph, _own(slip, design.foot, design.foot_en), OWN_WORDS, leading=1.45)
        writer.gap(6)


def _own(slip: HallSlip, text: str, text_en: str) -> list[str]:
    return list(dict.fromkeys(named(text, text_en, one.lang) for one in slips_of(slip)))
