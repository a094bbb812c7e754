"""The chain of engines that can speak, tried in order until one gives a sound."""

from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

from queuedesk.core.errors import OutsideError
from queuedesk.core.talk.announcement import Announcement
from queuedesk.i18n import LANGUAGES
from queuedesk.voice.clips import Clips
from queuedesk.voice.engine_process import EngineProcess
from queuedesk.voice.engines import USUAL_PCT, EspeakCommand, LinkName
from queuedesk.voice.phrases import phrase


class Link(Protocol):
    """One way to turn a text into a wav file."""

    @property
    def name(self) -> LinkName: ...

    def start(self) -> None: ...

    def languages(self) -> tuple[str, ...]: ...

    def synthesise(self, text: str, language: str, path: Path, speed_pct: int = USUAL_PCT) -> None: ...

    def close(self) -> None: ...


class Chain:
    """Recorded words where there are any, pyttsx3 in its process, then espeak-ng. Used by one thread; only `close` may
    come from any."""

    def __init__(self, links: Sequence[Link] | None = None, *, clips: Path | None = None) -> None:
        """`clips` is the folder of recordings; it may come to be later."""
        recorded = (Clips(clips),) if clips is not None else ()
        self._links: tuple[Link, ...] = (
            (*recorded, EngineProcess(), EspeakCommand()) if links is None else (*recorded, *links)
        )

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def links(self) -> tuple[Link, ...]:
        """The links, the preferred one first."""
        return self._links

    def start(self) -> None:
        """Begin to start what needs a start; returns at once."""
        for link in self._links:
            link.start()

    def available_languages(self) -> tuple[str, ...]:
        """Return the languages that at least one link can speak."""
        spoken = {language for link in self._links for language in link.languages()}
        return tuple(language for language in LANGUAGES if language in spoken)

    def synthesise(self, text: str, language: str, path: Path, speed_pct: int = USUAL_PCT) -> LinkName | None:
        """Write `text` to `path` and return the name of the link that spoke, None when none could."""
        for link in self._links:
            try:
                link.synthesise(text, language, path, speed_pct)
            except OutsideError:
                continue
            return link.name
        return None

    @property
    def restarts(self) -> int:
        """How often an engine's process died or hung and was replaced."""
        return sum(link.restarts for link in self._links if isinstance(link, EngineProcess))

    def take_fault(self) -> str | None:
        """Return once how an engine's process that had spoken before went wrong; None when none did."""
        faults = [link.take_fault() for link in self._links if isinstance(link, EngineProcess)]
        return next((fault for fault in faults if fault), None)

    def place(self, name: LinkName) -> int:
        """Return how far down the chain a link stands, 0 for the preferred one."""
        return [link.name for link in self._links].index(name)

    def close(self) -> None:
        """End every link at once."""
        for link in self._links:
            link.close()


def render(announcement: Announcement, language: str, path: Path, chain: Chain) -> LinkName:
    """Write a call as one wav, spoken once and not played; return the name of the link that spoke.

    Raises:
        OutsideError: "voice_silent" when no link speaks `language`; no file is left then.
    """
    link = chain.synthesise(phrase(announcement, language), language, path)
    if link is None:
        path.unlink(missing_ok=True)
        raise OutsideError("voice_silent", language=language)
    return link
