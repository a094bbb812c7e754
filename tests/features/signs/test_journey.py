"""What happens at a window in one process, read from its plate in another, in both languages."""

import json
import sys
from pathlib import Path
from typing import Any

import pytest
from msgspec import to_builtins
from PySide6.QtGui import QImage

from tests.every_day import walked_in
from tests.hall import make_hall
from tests.journeys.hands import until
from tests.journeys.screens import Screen
from tests.journeys.stations.talk import PrinterConversation


def hands(path: str, lang: str, folder: str) -> None:
    screen = Screen("plate", path, lang, window="3", size=(1920, 480))
    print("ready", flush=True)
    feed = screen.station.context.feed
    for line in sys.stdin:
        seq, name = line.split()
        until(lambda last=int(seq): feed.state.now.seq >= last, f"event {seq}")
        screen.station.window.grab().save(f"{folder}/{name}.png")
        print(json.dumps(to_builtins(screen.page.view.text())), flush=True)
    screen.leave()


AMBER = "#ffc93c"
BESIDE_THE_WORDS = (1200, 20)
# Head and big words of each moment; {number} is the ticket's.
WORDS = {
    "en": {
        "word": "Window",
        "closed": ("Closed", "This window is closed"),
        "open": ("Open", "Please wait for your number"),
        "called": ("Please come to this window", "{number}"),
        "served": ("Serving", "{number}"),
        "paused": ("Paused", "Back at about 10:55"),
        "elsewhere": "window 5",
    },
    "zh_CN": {
        "word": "号窗口",
        "closed": ("关闭", "本窗口已关闭"),
        "open": ("营业中", "请等候叫号"),
        "called": ("请到本窗口", "{number}"),
        "served": ("正在办理", "{number}"),
        "paused": ("暂停办理", "约 10:55 恢复办理"),
        "elsewhere": "请到 5 号",
    },
}


@pytest.mark.journey
@pytest.mark.parametrize("lang", walked_in("en"))
def test_a_plate_follows_its_window(tmp_path: Path, lang: str):
    hall = make_hall(tmp_path, time="10:40")
    hall.play("open 5 staff=C5", "queue B")
    words = WORDS[lang]
    with PrinterConversation(hands, hall.path, lang, tmp_path, home=tmp_path) as talk:
        assert talk.heard() == "ready"

        def reads(moment: str, number: str = "") -> dict[str, Any]:
            """Look at the plate once it has seen all that the log holds; what it says has to be what this language says
            at this moment."""
            talk.tell(len(hall.log()), moment)
            shown = json.loads(talk.heard())
            head, big = words[moment]
            assert (shown["head"], shown["big"]) == (head, big.format(number=number))
            window, image = shown["window"], QImage(str(tmp_path / f"{moment}.png"))
            assert (window["number"], window["before"] or window["behind"]) == ("3", words["word"])
            assert (image.pixelColor(*BESIDE_THE_WORDS).name() == AMBER) is (moment == "called")
            return shown

        assert words["elsewhere"] in reads("closed")["second"]
        hall.open("3", "C3")
        assert reads("open")["side"]
        label = hall.call("3")
        reads("called", label)
        hall.do("start", "3")
        reads("served", label)
        hall.do("finish", "3")
        reads("open")
        hall.do("pause", "3", reason="break", minutes=15)
        assert words["elsewhere"] in reads("paused")["second"]
        hall.do("close", "3")
        reads("closed")
        talk.end()
