"""What tests give a station in place of this PC: parts of its services that do what a test says, and nothing else."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from types import SimpleNamespace
from typing import Any, TypeVar, cast

from msgspec.structs import replace

from queuedesk.core.errors import OutsideError, QueueDeskError
from queuedesk.stations.window.context import InlineTasks, Refused, StationContext
from queuedesk.voice.announcer import USUAL_VOLUME, VOLUMES_PCT

T = TypeVar("T")
A = TypeVar("A")


class Refusing(InlineTasks):
    """Lanes on which one thing is refused, by default the first, as a database does that is busy or away."""

    def __init__(self, code: str, *, at: int = 0, path: str = "x") -> None:
        self._code, self._left, self._path = code, at, path

    def run(self, work: Callable[[], A], done: Callable[[A], None], refused: Refused) -> None:
        self._left -= 1
        if self._left == -1:
            refused(OutsideError(self._code, path=self._path))
        else:
            super().run(work, done, refused)


def stub(part: type[T], **does: Callable[..., Any]) -> T:
    """Return a part of the services, such as Sounds, that can do only this; a name that the part has not is refused."""
    unknown = does.keys() - vars(part).keys()
    if unknown:
        raise TypeError(f"{part.__name__} has no {', '.join(sorted(unknown))}")
    return cast(T, SimpleNamespace(**does))


def lend(context: StationContext, **parts: object) -> None:
    """Give a station these parts of its services beside those it has, None for one that it has no more."""
    context.services = replace(context.services, **parts)  # type: ignore[arg-type]


class LateCommands(InlineTasks):
    """Lanes that keep the commands they are given, to be done and answered when told so."""

    def __init__(self) -> None:
        self.asked: list[tuple[Any, ...]] = []

    def run(self, *asked: Any) -> None:
        self.asked.append(asked)

    def answer(self) -> None:
        while self.asked:
            super().run(*self.asked.pop(0))


class Late(InlineTasks):
    """Lanes whose work beside commands is answered when told so."""

    def __init__(self) -> None:
        self.waiting: list[Callable[[], None]] = []

    def run_in_side_lane(self, work: Any, done: Any, refused: Any, *, may_drop: bool = False) -> None:
        self.waiting.append(partial(self.run, work, done, refused))

    def answer(self) -> None:
        while self.waiting:
            self.waiting.pop(0)()


@dataclass
class Paper:
    """A printer that keeps what was sent to it; with a trouble it prints nothing."""

    slips: list[str] = field(default_factory=list)
    trouble: QueueDeskError | None = None

    def print_ticket(self, day: date, label: str, reprint: bool = False) -> dict[str, Any]:
        return self._print(f"{label} again" if reprint else label)

    def print_papers_list(self, service: str, item: str | None = None) -> dict[str, Any]:
        return self._print(f"papers {service} {item}")

    def print_quiet_hours(self) -> dict[str, Any]:
        return self._print("quiet hours")

    def _print(self, slip: str) -> dict[str, Any]:
        if self.trouble is None:
            self.slips.append(slip)
        return {"printed": self.trouble is None, "printer": "P", "error": self.trouble}


@dataclass
class Voice:
    """What the page lets be said, as the station's own voice would take it; the sound itself has its own tests."""

    said: list[tuple[str, ...]] = field(default_factory=list)
    languages: list[str] = field(default_factory=list)
    step: int = USUAL_VOLUME
    hushed: int = 0

    def speak(self, parts: list[str], language: str) -> None:
        self.said.append(tuple(parts))
        self.languages.append(language)

    def stop_speaking(self) -> None:
        self.hushed += 1

    def set_volume_step(self, step: int) -> int:
        self.step = min(len(VOLUMES_PCT), max(1, step)) if step else USUAL_VOLUME
        return self.step

    def can_speak(self) -> bool:
        return True
