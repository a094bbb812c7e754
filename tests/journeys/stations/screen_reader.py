"""A screen reader without a voice, which finds programs by libatspi, as Orca does. Run by the system's Python.

A line of JSON asks, a line answers: `["read", program]` gives [role, name] of all that is shown, `["press", program,
name]` does the first action of the control whose name begins so, `["heard"]` gives the announcements.
"""

import json
import sys
from collections.abc import Iterator
from typing import Any

import gi  # type: ignore[import-not-found]

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, GLib  # type: ignore[import-not-found] # noqa: E402

heard: list[str] = []


def walk(part: Any) -> Iterator[tuple[Any, str, str]]:
    """Yield everything that is shown in a part, with role and name."""
    if part is None or not part.get_state_set().contains(Atspi.StateType.VISIBLE):
        return
    yield part, part.get_role_name(), part.get_name()
    for place in range(part.get_child_count()):
        yield from walk(part.get_child_at_index(place))


def shown_by(program: str) -> Iterator[tuple[Any, str, str]]:
    """Yield everything that the windows of a program show; nothing while it is not there."""
    desktop = Atspi.get_desktop(0)
    for place in range(desktop.get_child_count()):
        found = desktop.get_child_at_index(place)
        if found is not None and found.get_name().startswith(program):
            for window in range(found.get_child_count()):
                yield from walk(found.get_child_at_index(window))


def press(program: str, name: str) -> bool:
    for part, _role, called in shown_by(program):
        can_act = "Action" in part.get_interfaces() and part.get_state_set().contains(Atspi.StateType.ENABLED)
        if called.startswith(name) and can_act:
            return bool(part.do_action(0))
    return False


def answer(verb: str, *words: str) -> object:
    if verb == "read":
        return [(role, name) for _part, role, name in shown_by(*words)]
    return press(*words) if verb == "press" else heard


Atspi.init()
listener = Atspi.EventListener.new(lambda event: heard.append(str(event.any_data)))
listener.register("object:announcement")
for line in sys.stdin:
    while GLib.MainContext.default().iteration(False):
        pass
    Atspi.get_desktop(0).clear_cache()
    try:
        said = answer(*json.loads(line))
    except GLib.Error:  # it went while it was read
        said = None
    print(json.dumps(said), flush=True)
