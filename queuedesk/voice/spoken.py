"""What the voice is given, what it says of itself, and what became of each announcement."""

from collections.abc import Mapping

from msgspec import Struct, field

from queuedesk.core.setup.hall import VoiceSpec
from queuedesk.voice.engines import LinkName

NO_VOICE, NO_SOUND, TOO_MANY, MUTED = "no_voice", "no_sound", "too_many", "muted"
"""Why something was not spoken: nothing speaks the language; nothing could be played; there was more than could be said
in time; the volume of the hour is 0."""


class Manner(Struct, frozen=True, kw_only=True):
    """How the voice is to speak now; asked for anew before each utterance."""

    languages: tuple[str, ...]
    """The hall's, in the order in which they are spoken."""
    spec: VoiceSpec = field(default_factory=VoiceSpec)
    minute: int = 0
    """Of the hall's day, since midnight."""
    gap_s: float = 20.0
    """Least time from one announcement of a ticket to its recall's."""


class Words(Struct, frozen=True, kw_only=True):
    """A notice read aloud.

    `seq` is its place in the log, `texts` is by language. What is `urgent` comes before every call, at full volume.
    """

    seq: int
    texts: Mapping[str, str]
    urgent: bool = False
    times: int = 1


class Spoken(Struct, frozen=True, kw_only=True):
    """The result of one call or notice."""

    seq: int
    link: LinkName
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
    last: Spoken | None
    silent: tuple[Spoken, ...]
    """The latest that were not spoken, newest last."""
    recent: tuple[Spoken, ...] = ()
    """The latest of all, newest last."""
    restarts: int = 0
    """How often an engine died or hung and was replaced."""
