"""Decides what is said next, by urgency and by how long calls take; merges calls that would come too late."""

from collections.abc import Iterable

from msgspec import Struct, field
from msgspec.structs import replace

from queuedesk.core.talk.announcement import Announcement
from queuedesk.voice.engines import LinkName
from queuedesk.voice.spoken import Words

# -- how long calls take to say, learned from those that were said ---------------------------------------------------

USUAL_PCT = 100
_FULL_S, _SHORT_S = 5.5, 3.5
_REMEMBERS = 0.8


class Lengths(Struct, frozen=True):
    """Seconds, pauses included, for the current languages and speed."""

    chime_s: float
    full_s: float
    """A call in every language, without the chime."""
    short_s: float
    """Number and window alone, in the first language."""


class Pace(Struct):
    """Lengths by language at normal speed: the longest heard, slowly forgotten."""

    _full_s: dict[str, float] = field(default_factory=dict)
    _short_s: dict[str, float] = field(default_factory=dict)

    def learn(self, language: str, length_s: float, speed_pct: int, *, is_short: bool) -> None:
        """Learn from how long one call took in one language."""
        known = self._short_s if is_short else self._full_s
        usual_s = length_s * speed_pct / USUAL_PCT
        known[language] = max(usual_s, _REMEMBERS * known.get(language, usual_s) + (1 - _REMEMBERS) * usual_s)

    def lengths(
        self, languages: tuple[str, ...], *, chime_s: float, full_pct: int, short_pct: int, pause_s: float
    ) -> Lengths:
        """Return how long the next calls will take, in these languages and at these speeds."""
        full_s = sum(self._full_s.get(each, _FULL_S) * USUAL_PCT / full_pct + pause_s for each in languages)
        first = languages[0] if languages else ""
        return Lengths(chime_s, full_s, self._short_s.get(first, _SHORT_S) * USUAL_PCT / short_pct + pause_s)


BEHIND_S = 15.0
"""No number is begun later than this behind its picture."""
_SPARE_S = 0.5
"""What plans leave for the start of a player."""
_SHORTEST_SHARE = 0.7
"""What a call in an announcement of several takes at least of what it is thought to take."""


class Item(Struct, frozen=True):
    """A call that waits, or whose turn has come."""

    announcement: Announcement
    seqs: tuple[int, ...]
    """Every call this one speaks for: its own, and earlier ones of the same ticket that were still waiting."""
    due_s: float
    """When it was given, as its picture was; for a held recall, when it may be said."""

    def is_late(self, begins_s: float) -> bool:
        """Return whether its number would come too late after its picture."""
        return begins_s - self.due_s > BEHIND_S


class Turn(Struct, frozen=True):
    """What is said next: one call, or several in one announcement when there is more than one item."""

    items: tuple[Item, ...]
    too_late: tuple[Item, ...] = ()
    """Calls that can't be said in time any more: only shown."""

    @property
    def is_merged(self) -> bool:
        return len(self.items) > 1


class WordsTurn(Struct, frozen=True):
    """Words whose turn has come. `begun` is how many of their pieces were said before calls came between, the others
    how those went."""

    words: Words
    due_s: float
    begun: int = 0
    link: LinkName = "none"
    languages: tuple[str, ...] = ()
    played_s: float = 0.0
    begun_s: float | None = None


class WaitingCalls:
    """What is not spoken yet. Times are seconds of one steady clock; not thread-safe by itself."""

    def __init__(self, gap_s: float) -> None:
        """`gap_s`: the least time from the beginning of one announcement of a ticket to its recall's; may be
        changed."""
        self.gap_s = gap_s
        self._waiting: list[Item] = []
        self._words: list[WordsTurn] = []
        self._begun_s: dict[str, float] = {}

    def __len__(self) -> int:
        return len(self._waiting) + len(self._words)

    def add(self, announcement: Announcement, now_s: float) -> None:
        """Add a call; a call of the same ticket that still waits is combined with it, to the later window."""
        ticket = announcement.ticket
        self._begun_s = {each: begun for each, begun in self._begun_s.items() if now_s - begun < self.gap_s}
        earlier = [each for each in self._waiting if each.announcement.ticket == ticket]
        due_s = min([now_s, *(each.due_s for each in earlier)])
        if announcement.recall and ticket in self._begun_s:
            due_s = max(due_s, self._begun_s[ticket] + self.gap_s)
        seqs = (*(seq for each in earlier for seq in each.seqs), announcement.seq)
        self.withdraw(ticket)
        self._waiting.append(Item(announcement, seqs, due_s))

    def add_words(self, words: Words, now_s: float) -> None:
        """Add words, after everything else unless they are urgent."""
        self._words.append(WordsTurn(words, now_s))

    def put_back(self, turn: WordsTurn) -> None:
        """Let words interrupted by calls go on later."""
        self._words.insert(0, turn)

    def withdraw(self, ticket: str) -> None:
        """Drop what still waits for a ticket whose customer has come or gone."""
        self._waiting = [each for each in self._waiting if each.announcement.ticket != ticket]

    def withdraw_words(self, seq: int) -> None:
        """Drop what still waits of a notice that has ended."""
        self._words = [each for each in self._words if each.words.seq != seq]

    def take(self, now_s: float, lengths: Lengths) -> Turn | WordsTurn | None:
        """Return what is said next and begin it, or None if nothing is due."""
        urgent = next((each for each in self._words if each.words.urgent), None)
        if urgent is not None:
            self._words.remove(urgent)
            return urgent
        due = self._due(now_s)
        if not due:
            return self._words.pop(0) if self._words else None
        turn = _plan(due, now_s, lengths)
        for item in (*turn.items, *turn.too_late):
            self._waiting.remove(item)
        for item in turn.items:
            self._begun_s[item.announcement.ticket] = now_s
        return turn

    def may_repeat(self, now_s: float, length_s: float, lengths: Lengths) -> bool:
        """Return whether a call, said once, may be repeated for `length_s` without making anybody behind it late.

        A recall, or an emergency, waits for no repetition.
        """
        due = self._due(now_s)
        return not (
            self.has_urgent
            or any(item.announcement.recall for item in due)
            or _late_one_by_one(due, now_s + length_s, lengths)
        )

    def may_translate(self, now_s: float, length_s: float, lengths: Lengths) -> bool:
        """Return whether what was said in one language may be said in the next for `length_s` without making anybody
        behind it late."""
        if self.has_urgent:
            return False
        due = self._due(now_s)
        return len(_late_in_one(due, now_s + length_s, lengths)) <= len(_late_in_one(due, now_s, lengths))

    @property
    def has_urgent(self) -> bool:
        """Whether an emergency waits."""
        return any(each.words.urgent for each in self._words)

    def has_due(self, now_s: float) -> bool:
        """Return whether a call is due."""
        return bool(self._due(now_s))

    def was_silent(self, ticket: str) -> None:
        """Forget that a call of `ticket` was begun: nobody heard it, so its recall need not wait."""
        self._begun_s.pop(ticket, None)

    def wait_s(self, now_s: float) -> float | None:
        """Return the time until something is due, None if nothing waits."""
        if self._words:
            return 0.0
        return max(0.0, min(each.due_s for each in self._waiting) - now_s) if self._waiting else None

    def _due(self, now_s: float) -> list[Item]:
        """Return what may be said now. Recalls first: their customer has already let one call pass; else in order of
        arrival."""
        due = [each for each in self._waiting if each.due_s <= now_s]
        return sorted(due, key=lambda each: each.announcement.recall == 0)


def _plan(due: list[Item], now_s: float, lengths: Lengths) -> Turn:
    """Say the first alone where all others still come in time; else all in one announcement, without those too late for
    it."""
    if not _late_one_by_one(due, now_s, lengths):
        return Turn((due[0],))
    # Only what could not be said even if all were shorter than thought; the sounds themselves will tell of the others.
    late = _late_in_one(due, now_s, replace(lengths, short_s=lengths.short_s * _SHORTEST_SHARE))
    return Turn(tuple(item for item in due if item not in late), tuple(late))


def _late_one_by_one(due: Iterable[Item], now_s: float, lengths: Lengths) -> bool:
    """Return whether any would come too late if each were said once, in every language."""
    begins_s = now_s + _SPARE_S + lengths.chime_s
    for item in due:
        if item.is_late(begins_s):
            return True
        begins_s += lengths.full_s + _SPARE_S + lengths.chime_s
    return False


def _late_in_one(due: Iterable[Item], now_s: float, lengths: Lengths) -> list[Item]:
    """Return those that come too late even if all are said in one announcement, number and window one after another."""
    late = []
    begins_s = now_s + _SPARE_S + lengths.chime_s
    for item in due:
        if item.is_late(begins_s):
            late.append(item)
        else:
            begins_s += lengths.short_s
    return late
