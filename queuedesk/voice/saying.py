"""What is said next, and how: by urgency and by how long calls take, with calls merged that would come too late.

Each call or sentence is said in each language, volume and speed; which words must be recorded for it is known here too,
and people can hear beforehand how a call will sound."""

from __future__ import annotations

import contextlib
import re
import string
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from msgspec import Struct, field
from msgspec.structs import replace

from queuedesk.core.errors import OutsideError
from queuedesk.core.setup.hall import VoiceSpec
from queuedesk.core.talk.announcement import Announcement, hall_name_in_language, spoken_call_parts
from queuedesk.i18n import LANGUAGES, tr
from queuedesk.paths import resource_path
from queuedesk.voice import engines, sound
from queuedesk.voice.sound import PauseBetweenSounds, Samples

NO_VOICE, NO_SOUND, TOO_MANY, MUTED = "no_voice", "no_sound", "too_many", "muted"
"""Why something was not spoken: nothing speaks the language; nothing could be played; there was more than could be said
in time; the volume of the hour is 0."""


class VoiceManner(Struct, frozen=True, kw_only=True):
    """How the voice is to speak now; asked for anew before each utterance."""

    languages: tuple[str, ...]
    """The hall's, in the order in which they are spoken."""
    spec: VoiceSpec = field(default_factory=VoiceSpec)
    minute: int = 0
    """Of the hall's day, since midnight."""
    gap_s: float = 20.0
    """Least time from one announcement of a ticket to its recall's."""


class SpokenNotice(Struct, frozen=True, kw_only=True):
    """A notice read aloud. `seq` is its place in the log, `texts` is by language. What is `urgent` comes before every
    call, at full volume."""

    seq: int
    texts: Mapping[str, str]
    urgent: bool = False
    times: int = 1


class SpeakingResult(Struct, frozen=True, kw_only=True):
    """The result of one call or notice."""

    seq: int
    link: engines.LinkName
    """The last link that was needed for it; "chime" when no voice could be had, "none" when nothing was played."""
    spoken: bool
    """Whether a player said that a voice was played to its end; a chime alone is not spoken."""
    text: str
    """As it is shown, in the languages that were spoken, or in all of the hall's when none was."""
    sound_ms: int
    """Length of what was played, 0 when nothing was; in an announcement of several calls, of this one's part."""
    cause: str | None = None
    """Why it was not spoken; None when it was."""
    ticket: str | None = None
    """None for words."""
    window: str = ""
    delay_ms: int = 0
    """From the moment the call was given, as its picture was, or a held recall was due, to the beginning of its sound,
    or to being given up."""
    ago_ms: int = 0
    """How long before this report its sound began."""
    engine_fault: str | None = None
    """How the engine went wrong on the way, "died" or "hung", whatever spoke in its place."""
    player_fault: str | None = None
    """The same of the program that plays."""


class VoiceStatus(Struct, frozen=True, kw_only=True):
    """The voice's state, for the manager's station."""

    is_speaker: bool
    """False when another process on this PC speaks."""
    player: str | None
    languages: tuple[str, ...]
    """The hall's languages that have a voice here."""
    missing: tuple[str, ...]
    """The hall's languages that have none and are left out."""
    waiting: int
    last: SpeakingResult | None
    silent: tuple[SpeakingResult, ...]
    """The latest that were not spoken, newest last."""
    recent: tuple[SpeakingResult, ...] = ()
    """The latest of all, newest last."""
    restarts: int = 0
    """How often an engine died or hung and was replaced."""


# -- how long calls take to say, learned from those that were said ---------------------------------------------------

USUAL_PCT = 100
_FULL_S, _SHORT_S = 5.5, 3.5
_REMEMBERS = 0.8


class AnnouncementLengths(Struct, frozen=True):
    """Seconds, pauses included, for the current languages and speed."""

    chime_s: float
    full_s: float
    """A call in every language, without the chime."""
    short_s: float
    """Number and window alone, in the first language."""


class LearnedCallLengths(Struct):
    """Lengths by language at normal speed: the longest heard, slowly forgotten."""

    _full_s: dict[str, float] = field(default_factory=dict)
    _short_s: dict[str, float] = field(default_factory=dict)

    def learn_length(self, language: str, length_s: float, speed_pct: int, *, is_short: bool) -> None:
        """Learn from how long one call took in one language."""
        known = self._short_s if is_short else self._full_s
        usual_s = length_s * speed_pct / USUAL_PCT
        known[language] = max(usual_s, _REMEMBERS * known.get(language, usual_s) + (1 - _REMEMBERS) * usual_s)

    def next_call_lengths(
        self, languages: tuple[str, ...], *, chime_s: float, full_pct: int, short_pct: int, pause_s: float
    ) -> AnnouncementLengths:
        """Return how long the next calls will take, in these languages and at these speeds."""
        full_s = sum(self._full_s.get(language, _FULL_S) * USUAL_PCT / full_pct + pause_s for language in languages)
        first = languages[0] if languages else ""
        return AnnouncementLengths(
            chime_s, full_s, self._short_s.get(first, _SHORT_S) * USUAL_PCT / short_pct + pause_s
        )


BEHIND_S = 15.0
"""No number is begun later than this behind its picture."""
_SPARE_S = 0.5
"""What plans leave for the start of a player."""
_SHORTEST_SHARE = 0.7
"""What a call in an announcement of several takes at least of what it is thought to take."""


class WaitingCall(Struct, frozen=True):
    """A call that waits, or whose turn has come."""

    announcement: Announcement
    seqs: tuple[int, ...]
    """Every call this one speaks for: its own, and earlier ones of the same ticket that were still waiting."""
    due_s: float
    """When it was given, as its picture was; for a held recall, when it may be said."""

    def is_late(self, begins_s: float) -> bool:
        """Return whether its number would come too late after its picture."""
        return begins_s - self.due_s > BEHIND_S


class NextCallsToSay(Struct, frozen=True):
    """What is said next: one call, or several in one announcement when there is more than one item."""

    items: tuple[WaitingCall, ...]
    too_late: tuple[WaitingCall, ...] = ()
    """Calls that can't be said in time any more: only shown."""

    @property
    def is_merged(self) -> bool:
        return len(self.items) > 1


class NoticeTurn(Struct, frozen=True):
    """Words whose turn has come. `begun` is how many of their pieces were said before calls came between, the others
    how those went."""

    words: SpokenNotice
    due_s: float
    begun: int = 0
    link: engines.LinkName = "none"
    languages: tuple[str, ...] = ()
    played_s: float = 0.0
    begun_s: float | None = None


class WaitingAnnouncements:
    """What is not spoken yet. Times are seconds of one steady clock; not thread-safe by itself."""

    def __init__(self, gap_s: float) -> None:
        """`gap_s`: the least time from the beginning of one announcement of a ticket to its recall's; may be
        changed."""
        self.gap_s = gap_s
        self._waiting: list[WaitingCall] = []
        self._words: list[NoticeTurn] = []
        self._begun_s: dict[str, float] = {}

    def __len__(self) -> int:
        return len(self._waiting) + len(self._words)

    def add_call(self, announcement: Announcement, now_s: float) -> None:
        """Add a call; a call of the same ticket that still waits is combined with it, to the later window."""
        ticket = announcement.ticket
        self._begun_s = {each: begun for each, begun in self._begun_s.items() if now_s - begun < self.gap_s}
        earlier = [item for item in self._waiting if item.announcement.ticket == ticket]
        due_s = min([now_s, *(item.due_s for item in earlier)])
        if announcement.recall and ticket in self._begun_s:
            due_s = max(due_s, self._begun_s[ticket] + self.gap_s)
        seqs = (*(seq for item in earlier for seq in item.seqs), announcement.seq)
        self.withdraw_ticket(ticket)
        self._waiting.append(WaitingCall(announcement, seqs, due_s))

    def add_waiting_notice(self, words: SpokenNotice, now_s: float) -> None:
        self._words.append(NoticeTurn(words, now_s))

    def put_back_notice(self, turn: NoticeTurn) -> None:
        """Let words interrupted by calls go on later."""
        self._words.insert(0, turn)

    def withdraw_ticket(self, ticket: str) -> None:
        """Drop what still waits for a ticket whose customer has come or gone."""
        self._waiting = [item for item in self._waiting if item.announcement.ticket != ticket]

    def withdraw_spoken_notice(self, seq: int) -> None:
        """Drop what still waits of a notice that has ended."""
        self._words = [word for word in self._words if word.words.seq != seq]

    def take_next_turn(self, now_s: float, lengths: AnnouncementLengths) -> NextCallsToSay | NoticeTurn | None:
        """Return what is said next and begin it, or None if nothing is due."""
        urgent = next((word for word in self._words if word.words.urgent), None)
        if urgent is not None:
            self._words.remove(urgent)
            return urgent
        due = self._announcements_due(now_s)
        if not due:
            return self._words.pop(0) if self._words else None
        turn = _calls_to_say_and_too_late(due, now_s, lengths)
        for item in (*turn.items, *turn.too_late):
            self._waiting.remove(item)
        for item in turn.items:
            self._begun_s[item.announcement.ticket] = now_s
        return turn

    def may_repeat_call(self, now_s: float, length_s: float, lengths: AnnouncementLengths) -> bool:
        """Return whether a call, said once, may be repeated for `length_s` without making anybody behind it late. A
        recall, or an emergency, waits for no repetition."""
        due = self._announcements_due(now_s)
        return not (
            self.has_urgent_notice
            or any(item.announcement.recall for item in due)
            or _is_any_late_if_said_one_by_one(due, now_s + length_s, lengths)
        )

    def may_add_next_language(self, now_s: float, length_s: float, lengths: AnnouncementLengths) -> bool:
        """Return whether what was said in one language may be said in the next for `length_s` without making anybody
        behind it late."""
        if self.has_urgent_notice:
            return False
        due = self._announcements_due(now_s)
        return len(_items_late_when_merged(due, now_s + length_s, lengths)) <= len(
            _items_late_when_merged(due, now_s, lengths)
        )

    @property
    def has_urgent_notice(self) -> bool:
        return any(word.words.urgent for word in self._words)

    def has_due_call(self, now_s: float) -> bool:
        return bool(self._announcements_due(now_s))

    def forget_begun_call(self, ticket: str) -> None:
        """Forget that a call of `ticket` was begun: nobody heard it, so its recall need not wait."""
        self._begun_s.pop(ticket, None)

    def seconds_until_due(self, now_s: float) -> float | None:
        """Return the time until something is due, None if nothing waits."""
        if self._words:
            return 0.0
        return max(0.0, min(item.due_s for item in self._waiting) - now_s) if self._waiting else None

    def _announcements_due(self, now_s: float) -> list[WaitingCall]:
        """Return what may be said now. Recalls first: their customer has already let one call pass; else in order of
        arrival."""
        due = [item for item in self._waiting if item.due_s <= now_s]
        return sorted(due, key=lambda each: each.announcement.recall == 0)


def _calls_to_say_and_too_late(due: list[WaitingCall], now_s: float, lengths: AnnouncementLengths) -> NextCallsToSay:
    """Say the first alone where all others still come in time; else all in one announcement, without those too late for
    it."""
    if not _is_any_late_if_said_one_by_one(due, now_s, lengths):
        return NextCallsToSay((due[0],))
    # Only what could not be said even if all were shorter than thought; the sounds themselves will tell of the others.
    late = _items_late_when_merged(due, now_s, replace(lengths, short_s=lengths.short_s * _SHORTEST_SHARE))
    return NextCallsToSay(tuple(item for item in due if item not in late), tuple(late))


def _is_any_late_if_said_one_by_one(due: Iterable[WaitingCall], now_s: float, lengths: AnnouncementLengths) -> bool:
    """Return whether any would come too late if each were said once, in every language."""
    begins_s = now_s + _SPARE_S + lengths.chime_s
    for item in due:
        if item.is_late(begins_s):
            return True
        begins_s += lengths.full_s + _SPARE_S + lengths.chime_s
    return False


def _items_late_when_merged(
    due: Iterable[WaitingCall], now_s: float, lengths: AnnouncementLengths
) -> list[WaitingCall]:
    """Return those that come too late even if all are said in one announcement, number and window one after another."""
    late = []
    begins_s = now_s + _SPARE_S + lengths.chime_s
    for item in due:
        if item.is_late(begins_s):
            late.append(item)
        else:
            begins_s += lengths.short_s
    return late


AFTER_CHIME = PauseBetweenSounds(0.25)
BETWEEN = PauseBetweenSounds(0.4)
MERGED_PCT = 125
"""How much faster several calls in one announcement are spoken than a single one."""

_FASTEST_PCT = 150
_FULL_PCT = 100
_LONGEST_PIECE = {True: 40, False: 120}
"""Letters of a notice that are said without looking whether a call waits: about ten seconds of Chinese, of English."""
_SENTENCE_END = re.compile(r"(?<=[.!?;。！？；])\s*")
_CLAUSE_END = re.compile(r"(?<=[,，、:：])\s*")


class LanguageSounds(Struct, frozen=True):
    """What is said in one language: a sound for each call in order, each followed by a pause."""

    language: str
    link: engines.LinkName
    sounds: tuple[Samples, ...]

    def parts_with_pauses(self) -> list[Samples | PauseBetweenSounds]:
        return [part for each in self.sounds for part in (each, BETWEEN)]

    @property
    def length_s(self) -> float:
        return total_duration_s(self.parts_with_pauses())

    def call_duration_s(self, place: int) -> float:
        """Return how long one call takes, including the pause after it."""
        return sound.sound_length_s(self.sounds[place]) + BETWEEN.length_s

    def call_start_times_s(self) -> list[float]:
        """Return when each call begins, from the beginning of the first one."""
        starts, at_s = [], 0.0
        for place in range(len(self.sounds)):
            starts.append(at_s)
            at_s += self.call_duration_s(place)
        return starts

    def without_calls(self, places: Sequence[int]) -> LanguageSounds:
        """Return it without the calls at these indexes."""
        kept = tuple(each for place, each in enumerate(self.sounds) if place not in places)
        return LanguageSounds(self.language, self.link, kept)


class AnnouncementSynthesiser:
    """Makes the sounds to be played with a chain, in a folder of its own. Used by one thread."""

    def __init__(self, chain: engines.VoiceChain, folder: Path, chime: Path) -> None:
        self._chain, self._folder, self._chime = chain, folder, chime
        self._pace = LearnedCallLengths()
        self._chime_sound: Samples | None = None

    def next_call_lengths(self, manner: VoiceManner) -> AnnouncementLengths:
        """Return how long calls will take at the current speed."""
        full_pct = manner.spec.hours_at_minute(manner.minute).speed_pct
        return self._pace.next_call_lengths(
            manner.languages,
            chime_s=total_duration_s(self.chime_parts(manner)),
            full_pct=full_pct,
            short_pct=_speed_pct_for_merged_calls(full_pct),
            pause_s=BETWEEN.length_s,
        )

    def chime_parts(self, manner: VoiceManner, *, volume_pct: int | None = None) -> list[Samples | PauseBetweenSounds]:
        """Return the sound before a call; nothing if the hall wants none, or there is none: a voice without a chime is
        still a voice."""
        if not manner.spec.chime:
            return []
        if self._chime_sound is None:
            with contextlib.suppress(OutsideError):
                self._chime_sound = sound.read_wav(self._chime)
        if self._chime_sound is None:
            return []
        loud_pct = manner.spec.hours_at_minute(manner.minute).volume_pct if volume_pct is None else volume_pct
        return [sound.quieter_sound(self._chime_sound, loud_pct), AFTER_CHIME]

    def call_sounds(self, items: Sequence[WaitingCall], manner: VoiceManner) -> list[LanguageSounds]:
        """Return the sounds of calls in every language that has a voice: whole sentences for one, number and window for
        several."""
        is_merged = len(items) > 1
        hours = manner.spec.hours_at_minute(manner.minute)
        speed_pct = _speed_pct_for_merged_calls(hours.speed_pct) if is_merged else hours.speed_pct
        say = engines.spoken_short_call_phrase if is_merged else engines.spoken_call_phrase
        voiced = []
        for language in manner.languages:
            made = [
                self._synthesise(say(item.announcement, language, manner.spec), language, speed_pct) for item in items
            ]
            sounds = [samples for one in made if one is not None for _link, samples in [one]]
            if len(sounds) < len(items):  # a language that can't say them all would leave numbers out
                continue
            if is_merged:
                sounds = [sound.without_silent_ends(samples) for samples in sounds]
            for samples in sounds:
                self._pace.learn_length(language, sound.sound_length_s(samples), speed_pct, is_short=is_merged)
            link = max(
                (link for one in made if one is not None for link, _samples in [one]), key=self._chain.link_position
            )
            voiced.append(
                LanguageSounds(language, link, tuple(sound.quieter_sound(each, hours.volume_pct) for each in sounds))
            )
        return voiced

    def notice_piece_sound(
        self, text: str, language: str, manner: VoiceManner, *, volume_pct: int
    ) -> LanguageSounds | None:
        """Return the sound of one piece of a notice, None if nothing speaks the language."""
        hours = manner.spec.hours_at_minute(manner.minute)
        made = self._synthesise(engines.spoken_notice_text(text, language, manner.spec), language, hours.speed_pct)
        return (
            LanguageSounds(language, made[0], (sound.quieter_sound(made[1], volume_pct),)) if made is not None else None
        )

    def link_position(self, link: engines.LinkName) -> int:
        return self._chain.link_position(link)

    def write(self, parts: Sequence[Samples | PauseBetweenSounds]) -> tuple[Path, float]:
        """Write what is played next and return the file and its length. Raises OutsideError "cannot_write"."""
        path = self._path_for_sound_file("call")
        return path, sound.write_wav(parts, path)

    def _synthesise(self, text: str, language: str, speed_pct: int) -> tuple[engines.LinkName, Samples] | None:
        path = self._path_for_sound_file(language)
        link = self._chain.synthesise(text, language, path, speed_pct)
        if link is not None:
            with contextlib.suppress(OutsideError):  # an unreadable sound counts as not spoken
                return link, sound.read_wav(path)
        return None

    def _path_for_sound_file(self, name: str) -> Path:
        with contextlib.suppress(OSError):  # systems clear their temporary folders while a hall is quiet
            self._folder.mkdir(parents=True, exist_ok=True)
        return self._folder / f"{name}.wav"


def total_duration_s(parts: Iterable[Samples | PauseBetweenSounds]) -> float:
    return sum(part.length_s if isinstance(part, PauseBetweenSounds) else sound.sound_length_s(part) for part in parts)


def notice_pieces(texts: Mapping[str, str], languages: Sequence[str]) -> list[tuple[str, str]]:
    """Return a notice as (language, piece) in the order of speaking: sentences, long ones cut at their commas. A notice
    without any of the hall's languages is read in those it has."""
    chosen = [each for each in languages if texts.get(each)] or [each for each, text in texts.items() if text]
    return [
        (language, piece)
        for language in chosen
        for piece in _speakable_pieces(texts[language], engines.is_chinese(language))
    ]


def _speakable_pieces(text: str, chinese: bool) -> list[str]:
    longest = _LONGEST_PIECE[chinese]
    pieces: list[str] = []
    for sentence in _SENTENCE_END.split(text):
        clauses = [sentence] if len(sentence) <= longest else _CLAUSE_END.split(sentence)
        begins_anew = True
        for clause in clauses:
            if not clause.strip():
                continue
            if not begins_anew and len(pieces[-1]) + len(clause) <= longest:
                pieces[-1] = f"{pieces[-1]}{'' if chinese else ' '}{clause}"
            else:
                pieces.append(clause)
            begins_anew = False
    return [piece.strip() for piece in pieces]


def _speed_pct_for_merged_calls(speed_pct: int) -> int:
    return min(_FASTEST_PCT, speed_pct * MERGED_PCT // _FULL_PCT)


# -- hearing it beforehand ---------------------------------------------------------------------------------------------


class VoiceTryResult(Struct, frozen=True, kw_only=True):
    """The result of a try; each mapping is by language, in the order spoken."""

    texts: Mapping[str, str] = field(default_factory=dict)
    """As it is shown."""
    spoken: Mapping[str, str] = field(default_factory=dict)
    """As an engine is given it."""
    links: Mapping[str, engines.LinkName] = field(default_factory=dict)
    """What spoke; a language that nothing speaks here is missing."""
    link: engines.LinkName = "none"
    """The weakest link that was needed; "none" when nothing speaks."""
    sound_ms: int = 0
    """Length of the file; 0 when there is none."""


def write_trial_call(
    spec: VoiceSpec,
    announcement: Announcement,
    minute: int,
    path: Path,
    *,
    languages: Sequence[str] = LANGUAGES,
    chain: engines.VoiceChain | None = None,
) -> VoiceTryResult:
    """Write a call to `path` as it would sound at `minute` of the hall's day: the chime, then each language once. Takes
    some seconds if an engine hangs: don't call it on the GUI thread. `languages` are the hall's own, for a `spec` that
    names none. Nothing is written if nothing speaks. Raises OutsideError "cannot_write"."""
    chosen = spec.languages or tuple(languages)
    words = VoiceTryResult(
        texts={language: engines.displayed_call_phrase(announcement, language, spec) for language in chosen},
        spoken={language: engines.spoken_call_phrase(announcement, language, spec) for language in chosen},
    )
    manner = spec.hours_at_minute(minute)
    links: dict[str, engines.LinkName] = {}
    parts: list[Samples | PauseBetweenSounds] = []
    with contextlib.ExitStack() as ends:
        folder = Path(ends.enter_context(tempfile.TemporaryDirectory(prefix="queuedesk-voice-")))
        if chain is None:
            chain = ends.enter_context(engines.VoiceChain())
            chain.available_languages()  # an engine that still starts is waited for
        for language, text in words.spoken.items():
            said = folder / f"{language}.wav"
            link = chain.synthesise(text, language, said, manner.speed_pct)
            if link is not None:
                with contextlib.suppress(OutsideError):  # an unreadable sound counts as not spoken
                    parts += [sound.read_wav(said), BETWEEN]
                    links[language] = link
        if not links:
            return words
        weakest = max(links.values(), key=chain.link_position)
    if spec.chime:
        with contextlib.suppress(OutsideError):
            parts = [sound.read_wav(resource_path("sounds", "chime.wav")), AFTER_CHIME, *parts]
    length_s = sound.write_wav(
        [
            part if isinstance(part, PauseBetweenSounds) else sound.quieter_sound(part, manner.volume_pct)
            for part in parts
        ],
        path,
    )
    return replace(words, links=links, link=weakest, sound_ms=round(length_s * 1000))


# -- which words a hall must record so that all its calls can be joined from them --------------------------------------

_FIELD = re.compile(r"\{[^{}]*\}")
_PAUSE = re.compile("[,.;:!?，。；：！？、]+")
_NOT_IN_A_NAME = re.compile(r'[\\/:*?"<>|\x00-\x1f]')
_LONGEST_NAME = 60
_ENGLISH_NUMBERS = (*range(21), *range(30, 100, 10))
_CHINESE_NUMBERS = ("零", "一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "百")
_YAO = "幺"


class ClipCoverage(Struct, frozen=True, kw_only=True):
    """How complete a folder is in one language."""

    there: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    """Names of which neither a recording nor parts to join it of are there."""
    unreadable: tuple[str, ...] = ()
    """Files that are no wav of a kind that can be played."""


def needed_clip_names(language: str, spec: VoiceSpec, calls: Iterable[Announcement] = ()) -> tuple[str, ...]:
    """Return the names of the recordings that all calls need; a name is what the recording says. `calls` are one for
    each window: their names and directions are recorded whole. Digits and letters serve every number."""
    texts = [
        tr(language, "Ticket {ticket}, please go to window {window}.", context="spoken", ticket="{}", window="{}"),
        tr(language, "Ticket {ticket}, please go to {window}.", context="spoken", ticket="{}", window="{}"),
        tr(language, "Ticket {ticket}, the screen shows you the way.", context="spoken", ticket="{}"),
        tr(language, "{ticket}, window {window}", context="spoken", ticket="{}", window="{}"),
        engines.look_at_screen_phrase(language),
        *(template.get(language, "") for template in (spec.call, spec.recall)),
    ]
    for call in calls:
        parts = spoken_call_parts(call, chinese=engines.is_chinese(language))
        texts += [parts.zone, "" if parts.is_numbered else parts.window]
        if any("{hall}" in text for text in texts):
            texts.append(hall_name_in_language(call, chinese=engines.is_chinese(language)))
    names = [piece for text in texts for field in _FIELD.split(text) for piece in _PAUSE.split(field)]
    counted = _CHINESE_NUMBERS if engines.is_chinese(language) else tuple(str(n) for n in _ENGLISH_NUMBERS)
    names += [*counted, *((_YAO,) if spec.yao and engines.is_chinese(language) else ()), *string.ascii_uppercase]
    found: dict[tuple[str, ...], str] = {}
    for name in names:
        if engines.spoken_units(name):
            found.setdefault(
                engines.spoken_units(name), _NOT_IN_A_NAME.sub(" ", " ".join(name.split()))[:_LONGEST_NAME].strip()
            )
    return tuple(found.values())


def clip_coverage_of_folder(
    folder: Path, language: str, spec: VoiceSpec, calls: Sequence[Announcement] = ()
) -> ClipCoverage:
    """Return which recordings in a language a folder has and lacks."""
    files = engines.recording_paths_by_spoken_units(folder / language)
    there: list[str] = []
    missing: list[str] = []
    for name in needed_clip_names(language, spec, calls):
        (there if _is_clip_available(name, files, language) else missing).append(name)
    return ClipCoverage(there=tuple(there), missing=tuple(missing), unreadable=tuple(_names_of_unreadable_files(files)))


def write_missing_clips(
    folder: Path, languages: Sequence[str], spec: VoiceSpec, calls: Sequence[Announcement], chain: engines.VoiceChain
) -> dict[str, int]:
    """Write the missing recordings of each language, spoken by an engine; return how many by language. An existing file
    is never overwritten: it may be somebody's voice. Raises OutsideError "voice_silent", "cannot_write"."""
    written = {}
    with tempfile.TemporaryDirectory(prefix="queuedesk-voice-") as place:
        path = Path(place) / "said.wav"
        for language in languages:
            target = folder / language
            try:
                target.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise OutsideError("cannot_write", path=str(target)) from error
            names = clip_coverage_of_folder(folder, language, spec, calls).missing
            for name in names:
                if chain.synthesise(name, language, path) is None:
                    raise OutsideError("voice_silent", language=language)
                sound.write_wav([sound.without_silent_ends(sound.read_wav(path))], target / f"{name}{engines.ENDING}")
            written[language] = len(names)
    return written


def _is_clip_available(name: str, files: Mapping[tuple[str, ...], Path], language: str) -> bool:
    with contextlib.suppress(OutsideError):
        return bool(list(engines.clips_for_words(engines.spoken_units(name), files, language)))
    return False


def _names_of_unreadable_files(files: Mapping[tuple[str, ...], Path]) -> Iterable[str]:
    for file in files.values():
        try:
            sound.read_wav(file)
        except OutsideError:
            yield file.name
