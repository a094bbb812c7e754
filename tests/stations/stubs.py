"""What tests give a station in place of this PC: parts of its services that do what a test says, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace
from typing import Any, TypeVar, cast

from queuedesk.stations.window.context import StationContext

T = TypeVar("T")


def stub(part: type[T], **does: Callable[..., Any]) -> T:
    """Return a part of the services, such as Sounds, that can do only this; a name that the part has not is refused."""
    unknown = does.keys() - vars(part).keys()
    if unknown:
        raise TypeError(f"{part.__name__} has no {', '.join(sorted(unknown))}")
    return cast(T, SimpleNamespace(**does))


def lend(context: StationContext, **parts: object) -> None:
    """Give a station these parts of its services beside those it has, None for one that it has no more."""
    context.services = replace(context.services, **parts)  # type: ignore[arg-type]
