"""Which words a hall must record so that all its calls can be joined from them."""

import contextlib
import re
import string
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from queuedesk.core.errors import OutsideError
from queuedesk.core.setup.voice import VoiceSpec
from queuedesk.core.talk.announcement import Announcement, call_parts, hall_in
from queuedesk.i18n import tr
from queuedesk.voice import sound
from queuedesk.voice.chain import Chain
from queuedesk.voice.clips import ENDING, joined, recordings, units
from queuedesk.voice.phrases import is_chinese, others_phrase

_FIELD = re.compile(r"\{[^{}]*\}")
_PAUSE = re.compile("[,.;:!?，。；：！？、]+")
_NOT_IN_A_NAME = re.compile(r'[\\/:*?"<>|\x00-\x1f]')
_LONGEST_NAME = 60
_ENGLISH_NUMBERS = (*range(21), *range(30, 100, 10))
_CHINESE_NUMBERS = ("零", "一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "百")
_YAO = "幺"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClipsFound:
    """How complete a folder is in one language."""

    there: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    """Names of which neither a recording nor parts to join it of are there."""
    unreadable: tuple[str, ...] = ()
    """Files that are no wav of a kind that can be played."""


def clip_names(language: str, spec: VoiceSpec, calls: Iterable[Announcement] = ()) -> tuple[str, ...]:
    """Return the names of the recordings that all calls need, what is said in each being its name.

    `calls` are one for each window: their names and ways are recorded whole. Digits and letters serve every number.
    """
    texts = [
        tr(language, "Ticket {ticket}, please go to window {window}.", context="spoken", ticket="{}", window="{}"),
        tr(language, "Ticket {ticket}, please go to {window}.", context="spoken", ticket="{}", window="{}"),
        tr(language, "Ticket {ticket}, the screen shows you the way.", context="spoken", ticket="{}"),
        tr(language, "{ticket}, window {window}", context="spoken", ticket="{}", window="{}"),
        others_phrase(language),
        *(template.get(language, "") for template in (spec.call, spec.recall)),
    ]
    for call in calls:
        parts = call_parts(call, chinese=is_chinese(language))
        texts += [parts.zone, "" if parts.is_numbered else parts.window]
        if any("{hall}" in text for text in texts):
            texts.append(hall_in(call, chinese=is_chinese(language)))
    names = [piece for text in texts for field in _FIELD.split(text) for piece in _PAUSE.split(field)]
    counted = _CHINESE_NUMBERS if is_chinese(language) else tuple(str(n) for n in _ENGLISH_NUMBERS)
    names += [*counted, *((_YAO,) if spec.yao and is_chinese(language) else ()), *string.ascii_uppercase]
    found: dict[tuple[str, ...], str] = {}
    for name in names:
        if units(name):
            found.setdefault(units(name), _NOT_IN_A_NAME.sub(" ", " ".join(name.split()))[:_LONGEST_NAME].strip())
    return tuple(found.values())


def look_over(folder: Path, language: str, spec: VoiceSpec, calls: Sequence[Announcement] = ()) -> ClipsFound:
    """Return which recordings a folder of clips has and lacks in a language."""
    files = recordings(folder / language)
    there: list[str] = []
    missing: list[str] = []
    for name in clip_names(language, spec, calls):
        (there if _is_there(name, files, language) else missing).append(name)
    return ClipsFound(there=tuple(there), missing=tuple(missing), unreadable=tuple(_unreadable(files)))


def write_starter(
    folder: Path, languages: Sequence[str], spec: VoiceSpec, calls: Sequence[Announcement], chain: Chain
) -> dict[str, int]:
    """Write what is missing of each language's recordings, spoken by an engine; return how many by language.

    A file that is there is never written over: it may be somebody's voice. Raises OutsideError "voice_silent",
    "cannot_write".
    """
    written = {}
    with tempfile.TemporaryDirectory(prefix="queuedesk-voice-") as place:
        said = Path(place) / "said.wav"
        for language in languages:
            target = folder / language
            try:
                target.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise OutsideError("cannot_write", path=str(target)) from error
            names = look_over(folder, language, spec, calls).missing
            for name in names:
                if chain.synthesise(name, language, said) is None:
                    raise OutsideError("voice_silent", language=language)
                sound.write([sound.trimmed(sound.read(said))], target / f"{name}{ENDING}")
            written[language] = len(names)
    return written


def _is_there(name: str, files: Mapping[tuple[str, ...], Path], language: str) -> bool:
    with contextlib.suppress(OutsideError):
        return bool(list(joined(units(name), files, language)))
    return False


def _unreadable(files: Mapping[tuple[str, ...], Path]) -> Iterable[str]:
    for file in files.values():
        try:
            sound.read(file)
        except OutsideError:
            yield file.name
