"""What a report that writes itself says of those before it: whether the log that they were made from still stands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from queuedesk.core.check_code import Anchor, Claim
from queuedesk.core.kept import Span, Stamp
from queuedesk.core.setup import Setup
from queuedesk.core.standing import HOLDS, PUT_BACK, Standing
from queuedesk.i18n import ntr, tr
from queuedesk.i18n.numerals import whole
from queuedesk.i18n.standing_words import span_told, why_text
from queuedesk.reports.footer import ByItself, Maker
from queuedesk.reports.pdf import INK2, LEFT, RED, RIGHT, Block
from queuedesk.reports.prose import Prose

_SIZE = 7.0


@dataclass(frozen=True, slots=True)
class Former:
    """A kept report and what became of it."""

    span: Span
    seq: int
    standing: Standing


@dataclass(frozen=True, slots=True)
class Formers:
    """The reports that are kept where another one is written."""

    kept: tuple[Former, ...] = ()

    def newest_before(self, seq: int) -> Former | None:
        """Return of those that hold the one that goes farthest without going past event `seq`."""
        before = (one for one in self.kept if one.standing.holds and one.seq <= seq)
        return max(before, key=lambda one: (one.seq, one.span.last, one.span), default=None)

    @property
    def fallen(self) -> list[Former]:
        """Those that hold no longer, without anybody having put a backup back: the one that goes least far first."""
        return sorted((one for one in self.kept if one.standing.word not in (HOLDS, PUT_BACK)), key=lambda one: one.seq)

    @property
    def put_back(self) -> list[Former]:
        """Those that tell of what is gone since a backup was put back."""
        return [one for one in self.kept if one.standing.word == PUT_BACK]


def claim_of(stamp: Stamp) -> Claim:
    """Return what a kept report says of its log."""
    return Claim(seq=stamp.last_seq, whole=stamp.hash)


def formers_of(stamps: Iterable[Stamp], standings: Iterable[Standing]) -> Formers:
    """Return kept reports with what became of each."""
    pairs = zip(stamps, standings, strict=True)
    return Formers(tuple(Former(stamp.span, stamp.last_seq, standing) for stamp, standing in pairs))


def fallen_markups(maker: Maker, lang: str) -> list[str]:
    """Return what stands first among what is worth attention: that kept reports no longer hold; mostly nothing."""
    formers = maker.formers if isinstance(maker, ByItself) else None
    if formers is None or not formers.fallen:
        return []
    return [_fallen(formers.fallen, lang)]


def _fallen(fallen: Sequence[Former], lang: str) -> str:
    first = fallen[0]
    return ntr(
        lang,
        "<b>A kept report no longer holds:</b> that of {span}, up to event {seq}. {why}",
        "<b>{n} kept reports no longer hold,</b> first that of {span}, up to event {seq}. {why}",
        len(fallen),
        span=span_told(first.span, lang),
        seq=whole(first.seq),
        why=why_text(first.standing, lang),
    )


def _bare(markup: str) -> str:
    return markup.replace("<b>", "").replace("</b>", "")


def told(formers: Formers, others: int, setup: Setup, lang: str) -> tuple[str, str]:
    """Return whether kept reports still hold, as doctor says it: ok, warning or failed, and a sentence.

    `others` is how many lie beside them that are of a hall of this code, but of another log.
    """
    if formers.fallen:
        return "failed", _bare(_fallen(formers.fallen, lang))
    if formers.put_back:
        return "warning", _gone(formers, setup, lang)
    if others:
        text = ntr(
            lang,
            "{n} kept report is of another log: a hall {hall} was set up anew, or its log was written anew from the first event on.",
            "{n} kept reports are of another log: a hall {hall} was set up anew, or its log was written anew from the first event on.",
            others,
            hall=setup.hall.code,
        )
        return "warning", text
    n = len(formers.kept)
    if not n:
        return "ok", tr(lang, "No report of this hall is kept on this PC.")
    return "ok", ntr(lang, "{n} kept report still holds.", "All {n} kept reports still hold.", n)


def former_lines(maker: Maker, setup: Setup, anchor: Anchor | None, lang: str) -> list[Block]:
    """Return the lines below the log's own; nothing in a report that somebody asked for."""
    formers = maker.formers if isinstance(maker, ByItself) else None
    if formers is None or anchor is None:
        return []
    blocks = [Prose(_newest(formers, anchor.seq, lang), _SIZE, RIGHT - LEFT, colour=INK2, leading=1.36)]
    blocks += [Prose(text, _SIZE + 1, RIGHT - LEFT, colour=RED, leading=1.36) for text in fallen_markups(maker, lang)]
    if formers.put_back:
        blocks.append(Prose(_gone(formers, setup, lang), _SIZE, RIGHT - LEFT, colour=INK2, leading=1.36))
    return [one.block(gap=1) for one in blocks]


def _gone(formers: Formers, setup: Setup, lang: str) -> str:
    gone = formers.put_back
    return ntr(
        lang,
        "{n} kept report tells of events that are gone. {why}",
        "{n} kept reports tell of events that are gone. {why}",
        len(gone),
        why=why_text(gone[-1].standing, lang, setup.local),
    )


def _newest(formers: Formers, seq: int, lang: str) -> str:
    newest = formers.newest_before(seq)
    if newest is None:
        return tr(lang, "No report that goes less far is kept beside this one.")
    span, n = span_told(newest.span, lang), sum(one.standing.holds for one in formers.kept) - 1
    holds = tr(lang, "The report of {span}, up to event {seq}, still holds.", span=span, seq=whole(newest.seq))
    if not n:
        return holds
    others = ntr(lang, "So does {n} other kept report.", "So do {n} other kept reports.", n)
    return tr(lang, "{one} {other}", context="sentences", one=holds, other=others)
