"""Which services a window leaves to others, as far as past calls show it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

USUAL_CALLS = 4.0
"""So many calls of a service must have been usual at a window before none of them says something."""
SELDOM = 0.03
"""So small a share of the usual calls is an exception, not a service of the window."""

PASSES = 3
"""So often must somebody of a service have been passed over by a window that never called one."""

Calls = Mapping[str, Mapping[str, int]]
"""How often each window called each service."""


def together(*many: Calls) -> dict[str, dict[str, int]]:
    """Return the calls of several times."""
    found: dict[str, dict[str, int]] = {}
    for calls in many:
        for window, by_service in calls.items():
            own = found.setdefault(window, {})
            for service, n in by_service.items():
                own[service] = own.get(service, 0) + n
    return found


def counted(calls: Iterable[tuple[str, str]]) -> dict[str, dict[str, int]]:
    """Return how often each window called each service; `calls` are (window, service)."""
    found: dict[str, dict[str, int]] = {}
    for window, service in calls:
        own = found.setdefault(window, {})
        own[service] = own.get(service, 0) + 1
    return found


def left_to_others(calls: Calls) -> dict[str, frozenset[str]]:
    """Return the services that each window as good as never called, though it called so many people that chance does
    not explain it.

    Seldom is not never: a window that serves everything leaves much to those that serve little else.
    """
    whole: dict[str, int] = {}
    for by_service in calls.values():
        for service, n in by_service.items():
            whole[service] = whole.get(service, 0) + n
    total = sum(whole.values())
    found: dict[str, frozenset[str]] = {}
    for window, own in calls.items():
        mine = sum(own.values())
        never = frozenset(
            service
            for service, n in whole.items()
            if (usual := mine * n / total) >= USUAL_CALLS and own.get(service, 0) <= SELDOM * usual
        )
        if never:
            found[window] = never
    return found


def passed_over(passings: Iterable[tuple[object, str, str]], calls: Calls) -> dict[str, frozenset[str]]:
    """Return the services of which windows called nobody and passed over somebody in several calls.

    `passings` are (call, window, service of who was passed).
    """
    counts: dict[tuple[str, str], set[object]] = {}
    for call, window, service in passings:
        if not calls.get(window, {}).get(service):
            counts.setdefault((window, service), set()).add(call)
    found: dict[str, frozenset[str]] = {}
    for (window, service), made in counts.items():
        if len(made) >= PASSES:
            found[window] = found.get(window, frozenset()) | {service}
    return found


def both(one: Mapping[str, frozenset[str]], other: Mapping[str, frozenset[str]]) -> dict[str, frozenset[str]]:
    """Return what either leaves to others."""
    return {window: one.get(window, frozenset()) | other.get(window, frozenset()) for window in {*one, *other}}
