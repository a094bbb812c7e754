"""Runs the plate of window 3 in its real process and says what stands on it whenever it has come to an event.

plate_hands.py HALL LANGUAGE FOLDER; answers each line "N name" of standard input with its words, and leaves a picture.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from msgspec import to_builtins

from tests.journeys.hands import until
from tests.journeys.screens import Screen


def main(path: str, lang: str, folder: Path) -> None:
    screen = Screen("plate", path, lang, window="3", size=(1920, 480))
    print("ready", flush=True)
    feed = screen.station.context.feed
    for line in sys.stdin:
        seq, name = line.split()
        until(lambda last=int(seq): feed.state.now.seq >= last, f"event {seq}")
        screen.station.window.grab().save(str(folder / f"{name}.png"))
        print(json.dumps(to_builtins(screen.page.view.text())), flush=True)
    screen.leave()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], Path(sys.argv[3]))
