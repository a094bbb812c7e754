"""Draw the two pictures of resources/docs/architecture.md from the imports of the package and a short specification.

draw_architecture.py            write resources/docs/pictures/layers.svg and call.svg
draw_architecture.py --check    write nothing; exit 1 and name every picture that is out of date

layers.svg has the layers of pyproject.toml with the subject folders of each package. A line stands where one package
imports another, unless a way over packages in between leads there too. call.svg has the modules of CALL; a hop is
drawn only where a chain of imports joins its two ends, so that no arrow is invented.
"""

from __future__ import annotations

import ast
import sys
import tomllib
from html import escape
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import grimp

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "resources" / "docs" / "pictures"
WIDTH, EDGE, GAP = 1200, 40, 36
INK, QUIET, LINE, PAPER, GROUND = "#1b2733", "#566573", "#7f8c99", "#ffffff", "#eef3f8"
LETTER = 7.2
"""About how wide a letter of the small text is."""


class Step(NamedTuple):
    """A box of the way of a call: its heading, what happens there, and the functions or classes that do it."""

    title: str
    text: str
    modules: tuple[str, ...]


CALL = (
    Step(
        "Click",
        "The clerk presses Call next. The view knows no rule: it emits a signal.",
        ("stations/counter/stage.py:CounterStage", "stations/counter/station.py:CounterView"),
    ),
    Step(
        "Controller",
        "Puts one command on the serial lane, off the GUI thread, and takes no other until its event is back.",
        ("stations/counter/controller.py:CounterController", "stations/window/context.py:StationTaskLanes"),
    ),
    Step(
        "Desk",
        "Locks the hall, asks the rule who is next, records the decision.",
        (
            "desk/change.py:runs_in_transaction",
            "desk/queue/calling.py:call_ticket",
            "core/queue/dispatch.py:choose_next_ticket",
        ),
    ),
    Step(
        "Log",
        "Event and tables in one transaction; the commit wakes every follower.",
        ("store/log/events.py:append_event", "store/log/book.py:HallWriter", "core/log/apply.py:apply_event"),
    ),
    Step(
        "Feed",
        "In every process, the clerk's too: reads past its number, applies the same event to its own copy of the hall.",
        ("feed/follower.py:LogFollower", "stations/window/context.py:HallFeed", "core/log/state.py:HallState"),
    ),
    Step(
        "Screen and voice",
        "The display shows the number, the announcer says it. Neither asks the database for it.",
        (
            "stations/display/controller.py:DisplayController",
            "app/services/speaking.py:HallCallSpeaker",
            "voice/announcer.py:Announcer",
        ),
    ),
)
HOPS = ("signal", "serial lane", "one transaction", "wake-up", "event")


def layers() -> list[list[str]]:
    """Return the layers of the import contract, the topmost first, with the packages of each."""
    read = tomllib.loads(ROOT.joinpath("pyproject.toml").read_text(encoding="utf-8"))
    contract = next(one for one in read["tool"]["importlinter"]["contracts"] if one["type"] == "layers")
    return [[name.strip("() ") for name in line.split("|")] for line in contract["layers"]]


def direct(graph: grimp.ImportGraph) -> list[tuple[str, str]]:
    """Return the imports between packages that no way over other packages stands for."""
    between: dict[str, set[str]] = {name: set() for layer in layers() for name in layer}
    for module in graph.modules - {"queuedesk"}:
        name = module.split(".")[1]
        if name in between:
            targets = {f"{target}.".split(".")[1] for target in graph.find_modules_directly_imported_by(module)}
            between[name] |= targets & between.keys() - {name}
    packages = grimp.ImportGraph()
    for name, targets in between.items():
        for target in targets:
            packages.add_import(importer=name, imported=target)
    return [
        (name, target)
        for name, targets in between.items()
        for target in sorted(targets)
        if not any(packages.find_shortest_chain(other, target) for other in targets - {target})
    ]


def subjects(name: str) -> str:
    """Return the subject folders of a package as one line."""
    folder = ROOT / "queuedesk" / name
    return ", ".join(sorted(path.parent.name for path in folder.glob("*/__init__.py")))


def wrapped(text: str, letters: int) -> list[str]:
    """Return `text` in lines of at most so many letters."""
    lines = [""]
    for word in text.split(" "):
        if lines[-1] and len(lines[-1]) + 1 + len(word) > letters:
            lines.append("")
        lines[-1] += f" {word}" if lines[-1] else word
    return lines


def words(x: float, y: float, text: str, *, size: int = 13, colour: str = INK, more: str = "") -> str:
    return f'<text x="{x:.0f}" y="{y:.0f}" font-size="{size}" fill="{colour}"{more}>{escape(text)}</text>'


def box(x: float, y: float, width: float, height: float, fill: str = GROUND) -> str:
    frame = f'x="{x:.0f}" y="{y:.0f}" width="{width:.0f}" height="{height:.0f}"'
    return f'<rect {frame} rx="6" fill="{fill}" stroke="{LINE}"/>'


def sheet(title: str, height: float, parts: list[str]) -> str:
    """Return a whole picture on white, so that it can be read on a dark page too."""
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:.0f}" role="img" '
    arrow = f'<path d="M0 0 8 4 0 8z" fill="{LINE}"/>'
    return "\n".join(
        [
            head + 'font-family="Inter, Noto Sans, Arial, sans-serif">',
            f"<title>{escape(title)}</title>",
            '<defs><marker id="end" markerWidth="8" markerHeight="8" refX="8" refY="4" orient="auto">',
            f"{arrow}</marker></defs>",
            f'<rect width="{WIDTH}" height="{height:.0f}" fill="{PAPER}"/>',
            *parts,
            "</svg>\n",
        ]
    )


def draw_layers(graph: grimp.ImportGraph) -> str:
    """Return the picture of the layers: a row for each, subject folders in their boxes."""
    parts: list[str] = []
    at: dict[str, tuple[int, float, float, float, float]] = {}
    y = 24.0
    for row, names in enumerate(layers()):
        room = (WIDTH - 4 * EDGE - 16 * (len(names) - 1)) / len(names)
        inner = {name: wrapped(subjects(name), int((room - 24) / LETTER)) if subjects(name) else [] for name in names}
        height = 38 + 18.0 * max(len(lines) for lines in inner.values())
        for place, name in enumerate(names):
            x = 2 * EDGE + place * (room + 16)
            at[name] = (row, x, y, room, height)
            parts.append(box(x, y, room, height))
            parts.append(words(x + 12, y + 25, name, size=17, more=' font-weight="600"'))
            parts += [words(x + 12, y + 47 + 18 * n, line, colour=QUIET) for n, line in enumerate(inner[name])]
        y += height + GAP
    outside = 0
    for name, target in direct(graph):
        row, x, top, room, height = at[name]
        below, x2, top2, room2, _height2 = at[target]
        if below == row + 1:
            # Both ends lie where the boxes overlap, so that a line hardly leans.
            left, right = max(x, x2), min(x + room, x2 + room2)
            middle = (left + right) / 2 if left < right else (x2 + room2 / 2)
            start = middle if left < right else x + room / 2
            way = f"M{start:.0f} {top + height:.0f}L{middle:.0f} {top2:.0f}"
        else:
            # Round the outside: on the side where the upper box is nearer.
            outside += 1
            is_left = x + room / 2 < WIDTH / 2
            side = EDGE - 6.0 * outside + 20 if is_left else WIDTH - EDGE + 6.0 * outside - 20
            start, end = (x, x2) if is_left else (x + room, x2 + room2)
            way = f"M{start:.0f} {top + 20:.0f}H{side:.0f}V{top2 + 20:.0f}H{end:.0f}"
        parts.append(f'<path d="{way}" fill="none" stroke="{LINE}" stroke-width="1.5" marker-end="url(#end)"/>')
    return sheet("Layers: imports point down only", y - GAP + 24, parts)


def draw_call(graph: grimp.ImportGraph) -> str:
    """Return the picture of a call's way: six boxes in two rows, joined by five hops."""
    parts: list[str] = []
    for before, after in pairwise(CALL):
        ends = [(module(a), module(b)) for a in before.modules for b in after.modules]
        if not any(graph.find_shortest_chain(a, b) or graph.find_shortest_chain(b, a) for a, b in ends):
            sys.exit(f"No import joins {before.title!r} and {after.title!r}.")
    apart, height = 116, 222.0
    room = (WIDTH - 2 * EDGE - 2 * apart) / 3
    for n, step in enumerate(CALL):
        x, y = EDGE + n % 3 * (room + apart), 24 + n // 3 * (height + 70)
        parts.append(box(x, y, room, height))
        parts.append(words(x + 14, y + 27, step.title, size=17, more=' font-weight="600"'))
        lines = wrapped(step.text, int((room - 28) / LETTER))
        parts += [words(x + 14, y + 52 + 18 * k, line) for k, line in enumerate(lines)]
        for k, named in enumerate(step.modules):
            path, _colon, name = named.partition(":")
            must_define(path, name)
            low = y + height - 14 - 34 * (len(step.modules) - 1 - k)
            parts.append(words(x + 14, low - 15, name, size=12, more=' font-family="monospace"'))
            parts.append(words(x + 14, low, path, size=12, colour=QUIET, more=' font-family="monospace"'))
    for n, hop in enumerate(HOPS):
        x, y = EDGE + n % 3 * (room + apart), 24 + n // 3 * (height + 70)
        if n % 3 < 2:
            way = f"M{x + room + 6:.0f} {y + height / 2:.0f}H{x + room + apart - 6:.0f}"
            at = (x + room + apart / 2, y + height / 2 - 10)
        else:
            turn = y + height + 35
            way = f"M{x + room / 2:.0f} {y + height:.0f}V{turn:.0f}H{EDGE + room / 2:.0f}V{y + height + 66:.0f}"
            at = (WIDTH / 2, turn - 8)
        parts.append(f'<path d="{way}" fill="none" stroke="{LINE}" stroke-width="1.5" marker-end="url(#end)"/>')
        parts.append(words(*at, f"{n + 1} {hop}", colour=QUIET, more=' text-anchor="middle"'))
    return sheet("A call's way from the click to screen and voice", 24 + 2 * height + 70 + 24, parts)


def module(named: str) -> str:
    """Return the module of a path with a name: queuedesk.desk.change of "desk/change.py:runs_in_transaction"."""
    return "queuedesk." + named.partition(".py:")[0].replace("/", ".")


def must_define(path: str, name: str) -> None:
    """End with a sentence where a module does not define `name` at its top level."""
    tree = ast.parse(ROOT.joinpath("queuedesk", path).read_text(encoding="utf-8"))
    if name not in {node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)}:
        sys.exit(f"{path} defines no {name}.")


def drawn_trends() -> dict[str, str]:
    """Return each picture by the name of its file, as the imports are now."""
    graph = grimp.build_graph("queuedesk", cache_dir=None)
    return {"layers.svg": draw_layers(graph), "call.svg": draw_call(graph)}


def main() -> int:
    old = []
    for name, text in drawn_trends().items():
        path = PICTURES / name
        if path.is_file() and path.read_text(encoding="utf-8") == text:
            continue
        old.append(name)
        if "--check" not in sys.argv[1:]:
            path.write_text(text, encoding="utf-8")
    if old and "--check" in sys.argv[1:]:
        print(f"Out of date: {', '.join(old)}. Run scripts/draw_architecture.py.")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
