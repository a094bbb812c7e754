"""Measure how soon another link speaks when the voice's engine freezes or dies, and how soon the engine is back.

python scripts/bench/voice/watchdog.py [--times N]

The engine's own process is stopped or killed by a signal right before a call is to be made into a sound. Counted is the
time until the next link's sound is there, and until the engine, started anew, has made the one after it.
"""

import argparse
import os
import signal
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from queuedesk.core.talk.announcement import Announcement
from queuedesk.voice.engines import EngineProcess, EspeakCommandEngine, VoiceChain, spoken_call_phrase

FROZEN_S, DEAD_S = 3.0, 0.2
CALL = Announcement(1, "A017", "3", None, 0, datetime(2026, 11, 20, 1, tzinfo=UTC))


def taken_s(work: Callable[[], object]) -> float:
    """Return how long `work` takes."""
    begun_s = time.perf_counter()
    work()
    return time.perf_counter() - begun_s


def trouble(chain: VoiceChain, engine: EngineProcess, path: Path, how: int) -> tuple[float, float]:
    """Return the seconds until the next link's sound, and until the engine's own again."""
    text = spoken_call_phrase(CALL, "zh_CN")
    made: list[str | None] = []
    assert engine.pid is not None
    os.kill(engine.pid, how)
    other_s = taken_s(lambda: made.append(chain.synthesise(text, "zh_CN", path)))
    back_s = taken_s(lambda: made.append(chain.synthesise(text, "zh_CN", path)))
    if made != ["espeak-ng", "pyttsx3"]:
        raise SystemExit(f"spoken by {made}")
    return other_s, back_s


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--times", type=int, default=9)
    args = parser.parse_args()
    is_good = True
    engine = EngineProcess()
    with tempfile.TemporaryDirectory() as folder, VoiceChain([engine, EspeakCommandEngine()]) as chain:
        chain.available_languages()
        path = Path(folder) / "call.wav"
        usual_s = [
            taken_s(lambda: chain.synthesise(spoken_call_phrase(CALL, "zh_CN"), "zh_CN", path))
            for _time in range(args.times)
        ]
        print(f"a call made by the engine: median {statistics.median(usual_s) * 1000:.0f} ms")
        for name, how, limit_s in (("frozen", signal.SIGSTOP, FROZEN_S), ("dead", signal.SIGKILL, DEAD_S)):
            others_s, backs_s = zip(*(trouble(chain, engine, path, how) for _time in range(args.times)), strict=True)
            is_good = is_good and statistics.median(others_s) <= limit_s
            print(
                f"engine {name}: the next link's sound after median {statistics.median(others_s):.2f} s, "
                f"most {max(others_s):.2f} s (limit {limit_s} s); the engine's own again "
                f"{statistics.median(backs_s):.2f} s later"
            )
        print(f"engine replaced {engine.restarts} times")
    return 0 if is_good else 1


if __name__ == "__main__":
    sys.exit(main())
