"""How long calls take to say, learned from those that were said."""

from dataclasses import dataclass, field

USUAL_PCT = 100
_FULL_S, _SHORT_S = 5.5, 3.5
_REMEMBERS = 0.8


@dataclass(frozen=True, slots=True)
class Lengths:
    """Seconds, pauses included, for the languages and the speed of the hour."""

    chime_s: float
    full_s: float
    """A call in every language, without the chime."""
    short_s: float
    """Number and window alone, in the first language."""


@dataclass
class Pace:
    """Lengths by language at the usual speed: the longest heard, slowly forgotten."""

    _full_s: dict[str, float] = field(default_factory=dict)
    _short_s: dict[str, float] = field(default_factory=dict)

    def learn(self, language: str, length_s: float, speed_pct: int, *, is_short: bool) -> None:
        """Take in how long one call took in one language."""
        known = self._short_s if is_short else self._full_s
        usual_s = length_s * speed_pct / USUAL_PCT
        known[language] = max(usual_s, _REMEMBERS * known.get(language, usual_s) + (1 - _REMEMBERS) * usual_s)

    def lengths(
        self, languages: tuple[str, ...], *, chime_s: float, full_pct: int, short_pct: int, pause_s: float
    ) -> Lengths:
        """Return what the next calls will take, in these languages and at these speeds."""
        full_s = sum(self._full_s.get(each, _FULL_S) * USUAL_PCT / full_pct + pause_s for each in languages)
        first = languages[0] if languages else ""
        return Lengths(chime_s, full_s, self._short_s.get(first, _SHORT_S) * USUAL_PCT / short_pct + pause_s)
