"""Let the voice speak call after call into a sound card without a speaker, and hear whether every number came out.

python scripts/bench/voice/soak.py [--calls N] [--languages zh_CN,en] [--speed PCT] [--link all|espeak-ng|clips] [--kill
N] [--burst N]

Calls are given one by one, as recalls, and several at once, each batch when the one before has been said. What the card
is given is recorded. Counted are calls that were never answered for (a hang), sounds that began before the one before
had ended (an overlap), and numbers that are not found in the recording by correlation with the sound made for them
(missing) or can't be told from their neighbour's. `--kill N` kills the engine's process before every Nth batch. The end
is a burst: as many calls as there may be windows, all within a second; each has to begin within 15 s of being given, by
the recording's own clock, or to be reported as not spoken.
"""

import argparse
import os
import random
import signal
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from queuedesk.core.setup.hall import VoiceSpec, VoiceSpeedAndVolumeFromTime
from queuedesk.core.talk.announcement import Announcement
from queuedesk.voice import sound
from queuedesk.voice.announcer import Announcer
from queuedesk.voice.engines import (
    EngineProcess,
    EspeakCommandEngine,
    LinkName,
    RecordedClips,
    SpeechLink,
    VoiceChain,
    displayed_call_phrase,
    displayed_short_call,
    spoken_call_phrase,
    spoken_short_call_phrase,
)
from queuedesk.voice.saying import BEHIND_S, TOO_MANY, SpeakingResult, VoiceManner, write_missing_clips
from queuedesk.voice.sound import RATE_HZ, Samples, WavPlayer
from tests.voice.hearing import Recording, likeness, short_call, sound_card

OWN_AT_LEAST, NEIGHBOUR_BELOW = 0.9, 0.8
ANSWER_S = 120.0
OVERLAP_S = 0.02
ODD_LENGTH = 1.25
"""A sound that is longer or shorter by this than its neighbour's has another speed, or is cut off."""
RECALL_SHARE, SEVERAL_SHARE = 0.1, 0.15
WINDOWS = 22


class Remembering:
    """A link that keeps the sound of each text until it is asked for it."""

    def __init__(self, link: SpeechLink) -> None:
        self._link = link
        self.sounds: dict[tuple[str, str], Samples] = {}

    @property
    def name(self) -> LinkName:
        return self._link.name

    def start(self) -> None:
        self._link.start()

    def languages(self) -> tuple[str, ...]:
        return self._link.languages()

    def synthesise(self, text: str, language: str, path: Path, speed_pct: int = 100) -> None:
        self._link.synthesise(text, language, path, speed_pct)
        self.sounds[language, text] = sound.without_silent_ends(sound.read_wav(path))

    def close(self) -> None:
        self._link.close()


class KeepingPlayer(WavPlayer):
    """Plays into the hall's card and keeps what it played."""

    def __init__(self) -> None:
        super().__init__([("paplay", "-d", "hall")])
        self.played: list[Samples] = []

    def play(self, path: Path, length_s: float) -> bool:
        samples = sound.read_wav(path)
        is_played = super().play(path, length_s)
        if is_played:
            self.played.append(samples)
        return is_played


class CallOutcomes:
    """What became of calls, by their seq."""

    def __init__(self) -> None:
        self.so_far: dict[int, SpeakingResult] = {}
        self._came = threading.Condition()

    def __call__(self, spoken: SpeakingResult) -> None:
        with self._came:
            self.so_far[spoken.seq] = spoken
            self._came.notify()

    def wait_for(self, seqs: Sequence[int]) -> bool:
        """Return whether all were answered for in time."""
        with self._came:
            return self._came.wait_for(lambda: all(seq in self.so_far for seq in seqs), ANSWER_S)


@dataclass
class Found:
    """What was heard of all calls."""

    hangs: int = 0
    overlaps: int = 0
    missing: list[str] = field(default_factory=list)
    confused: list[str] = field(default_factory=list)
    odd: list[str] = field(default_factory=list)
    unspoken: list[str] = field(default_factory=list)
    own: list[float] = field(default_factory=list)
    neighbours: list[float] = field(default_factory=list)
    several: int = 0
    recalls: int = 0
    left_out: int = 0
    burst_s: list[float] = field(default_factory=list)
    burst_left: int = 0

    @property
    def is_good(self) -> bool:
        is_late = max(self.burst_s, default=0) > BEHIND_S
        return not (self.hangs or self.overlaps or is_late or self.faults())

    def faults(self) -> list[str]:
        """Return what was wrong with single calls, in words."""
        kinds = {
            "missing": self.missing,
            "like its neighbour": self.confused,
            "odd length": self.odd,
            "not spoken": self.unspoken,
        }
        return [f"{kind}: {what}" for kind, some in kinds.items() for what in some]


class Soak:
    """One run: an announcer, its links and player, the recording, and what was found so far."""

    def __init__(self, args: argparse.Namespace, folder: Path) -> None:
        self.random = random.Random(args.seed)
        self.languages = tuple(args.languages.split(","))
        self.spec = VoiceSpec(times=1, hours=(VoiceSpeedAndVolumeFromTime(start=0, speed_pct=args.speed),))
        self.engine = EngineProcess()
        self.links = [Remembering(link) for link in self._links(args.link, folder)]
        self.neighbour_voice = EspeakCommandEngine() if args.link != "clips" else RecordedClips(folder / "clips")
        self.player, self.answers, self.found = KeepingPlayer(), CallOutcomes(), Found()
        self.recording = Recording("hall")
        manner = VoiceManner(languages=self.languages, spec=self.spec, gap_s=0.0)
        self.announcer = Announcer(lambda: manner, self.answers, self.player, VoiceChain(self.links))
        self.folder, self.seq, self.heard_to_s = folder, 0, 0.0
        self.last: Announcement | None = None

    def _links(self, wanted: str, folder: Path) -> list[SpeechLink]:
        if wanted == "clips":
            with VoiceChain([EspeakCommandEngine()]) as chain:
                write_missing_clips(folder / "clips", self.languages, self.spec, [], chain)
            return [RecordedClips(folder / "clips")]
        return [EspeakCommandEngine()] if wanted == "espeak-ng" else [self.engine, EspeakCommandEngine()]

    def batch(self, most: int) -> list[Announcement]:
        """Return the next calls: mostly one, now and then a recall of the last, now and then several at once."""
        kind = self.random.random()
        if kind < RECALL_SHARE and self.last is not None:
            self.seq += 1
            self.found.recalls += 1
            return [short_call(self.seq, self.last.ticket, self.last.window, recall=1)]
        size = min(most, self.random.randint(3, 5)) if kind > 1 - SEVERAL_SHARE else 1
        calls = []
        for number in self.random.sample(range(1, 999), size):
            self.seq += 1
            window = str(self.random.randint(1, WINDOWS))
            calls.append(short_call(self.seq, f"{self.random.choice('ABC')}{number:03}", window))
        self.last = calls[-1]
        return calls

    def say(self, calls: list[Announcement]) -> None:
        """Have a batch said, and look for it in what was heard."""
        for call in calls:
            self.announcer.enqueue_call(call)
        if not self.answers.wait_for([call.seq for call in calls]):
            self.found.hangs += 1
            return
        end_s = self.recording.length_s + 0.3
        while self.recording.length_s < end_s:
            time.sleep(0.02)
        heard = self.recording.since(self.heard_to_s)
        self._follow(heard)
        self.found.several += len(calls) > 1
        for call in calls:
            self._look_for(call, heard)
        self.player.played.clear()
        for link in self.links:
            link.sounds.clear()

    def burst(self, size: int) -> None:
        """Give so many calls within a second, and look when each number began."""
        from_s, given_s = self.recording.length_s, {}
        for window in range(1, size + 1):
            self.seq += 1
            call = short_call(self.seq, f"D{100 + window}", str(window))
            given_s[call.seq] = (call, self.recording.length_s - from_s)
            self.announcer.enqueue_call(call)
            time.sleep(1 / size)
        if not self.answers.wait_for(list(given_s)):
            self.found.hangs += 1
            return
        time.sleep(0.5)
        heard = self.recording.since(from_s)
        for call, at_s in given_s.values():
            spoken = self.answers.so_far[call.seq]
            if spoken.spoken:
                begins = [
                    float(likeness(own, heard).argmax()) / RATE_HZ for own in self._made_for(call, self.languages[0])
                ]
                self.found.burst_s.append(min(begins) - at_s)
            elif spoken.cause == TOO_MANY:
                self.found.burst_left += 1
            else:
                self.found.unspoken.append(f"{call.ticket}: {spoken.cause}")

    def _made_for(self, call: Announcement, language: str) -> list[Samples]:
        """Return the sounds that a link made of a call in a language."""
        texts = [say(call, language, self.spec) for say in (spoken_call_phrase, spoken_short_call_phrase)]
        return [link.sounds[language, text] for link in self.links for text in texts if (language, text) in link.sounds]

    def _follow(self, heard: Samples) -> None:
        """Find what was played, sound after sound, each behind the end of the one before."""
        end_s = 0.0
        for played in self.player.played:
            if len(played) > len(heard):
                self.found.missing.append("a sound that was played")
                continue
            alike = likeness(played, heard)
            at = int(alike.argmax())
            if alike[at] < OWN_AT_LEAST:
                self.found.missing.append(f"a sound that was played: {alike[at]:.3f}")
            elif at / RATE_HZ < end_s - OVERLAP_S:
                self.found.overlaps += 1
            end_s = max(end_s, (at + len(played)) / RATE_HZ)
        self.heard_to_s += end_s

    def _look_for(self, call: Announcement, heard: Samples) -> None:
        spoken = self.answers.so_far[call.seq]
        if not spoken.spoken:
            self.found.unspoken.append(f"{call.ticket}: {spoken.cause}")
            return
        digit = (int(call.ticket[-1]) + 1) % 10
        neighbour = short_call(call.seq, f"{call.ticket[:-1]}{digit}", call.window)
        for language in self.languages:
            shown = (displayed_call_phrase(call, language, self.spec), displayed_short_call(call, language))
            if not any(each in spoken.text for each in shown):  # left out for the sake of those behind
                self.found.left_out += 1
                continue
            for say in (spoken_call_phrase, spoken_short_call_phrase):
                text = say(call, language, self.spec)
                own = next(
                    (link.sounds[language, text] for link in self.links if (language, text) in link.sounds), None
                )
                if own is None:
                    continue
                alike = _most(own, heard)
                self.found.own.append(alike)
                if alike < OWN_AT_LEAST:
                    self.found.missing.append(f"{call.ticket} in {language}: {alike:.3f}")
                path = self.folder / "neighbour.wav"
                speed_pct = (
                    self.spec.hours_at_minute(0).speed_pct
                    if say is spoken_call_phrase
                    else min(150, self.spec.hours_at_minute(0).speed_pct * 125 // 100)
                )
                self.neighbour_voice.synthesise(say(neighbour, language, self.spec), language, path, speed_pct)
                other = sound.without_silent_ends(sound.read_wav(path))
                if not ODD_LENGTH > len(other) / len(own) > 1 / ODD_LENGTH:
                    self.found.odd.append(f"{call.ticket} in {language}: {len(own) / RATE_HZ:.2f} s")
                like_neighbour = _most(other, heard)
                self.found.neighbours.append(like_neighbour)
                if like_neighbour >= NEIGHBOUR_BELOW:
                    self.found.confused.append(f"{call.ticket} in {language}: {like_neighbour:.3f}")

    def stop(self) -> None:
        self.announcer.stop()
        self.engine.close()
        self.recording.end()


def _most(wanted: Samples, heard: Samples) -> float:
    return float(likeness(wanted, heard).max()) if len(wanted) < len(heard) else 0.0


def run(args: argparse.Namespace, folder: Path) -> bool:
    """Say all calls and print what was found; return whether all was well."""
    soak = Soak(args, folder)
    begun_s = time.monotonic()
    batches = 0
    try:
        while soak.seq < args.calls and not soak.found.hangs:
            batches += 1
            if args.kill and batches % args.kill == 0 and soak.engine.pid:
                os.kill(soak.engine.pid, signal.SIGKILL)
            before, known = soak.seq // 100, set(soak.found.faults())
            soak.say(soak.batch(args.calls - soak.seq))
            for fault in set(soak.found.faults()) - known:
                print(f"  by call {soak.seq}: {fault}", flush=True)
            if soak.seq // 100 > before:
                print(
                    f"{soak.seq} calls, {time.monotonic() - begun_s:.0f} s, all well: {soak.found.is_good}", flush=True
                )
        if args.burst:
            soak.burst(args.burst)
    finally:
        soak.stop()
    _print(soak, time.monotonic() - begun_s)
    return soak.found.is_good


def _print(soak: Soak, took_s: float) -> None:
    found, answers = soak.found, soak.answers.so_far.values()
    delays_s = sorted(each.delay_ms / 1000 for each in answers if each.spoken) or [0.0]
    print(f"{soak.seq} calls ({found.recalls} recalls, {found.several} batches of several) in {took_s:.0f} s")
    print(
        f"hangs {found.hangs}, overlaps {found.overlaps}, missing {len(found.missing)}, confused {len(found.confused)}"
    )
    print(
        f"reported as not spoken: {len(found.unspoken)}; a second language left out for others' sake: {found.left_out}"
    )
    print(
        f"own sound, least likeness: {min(found.own, default=0):.3f}; neighbour's number, most: {max(found.neighbours, default=0):.3f}"
    )
    print(f"behind the picture: median {np.median(delays_s):.2f} s, most {delays_s[-1]:.2f} s")
    if found.burst_s:
        print(
            f"burst of {len(found.burst_s) + found.burst_left} calls in a second: {len(found.burst_s)} said, the last "
            f"{max(found.burst_s):.2f} s behind its picture by the recording; {found.burst_left} reported as too many"
        )
    print(f"links: {dict(Counter(each.link for each in answers))}; engine replaced {soak.engine.restarts} times")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--calls", type=int, default=300)
    parser.add_argument("--languages", default="zh_CN,en")
    parser.add_argument("--speed", type=int, default=150)
    parser.add_argument("--link", choices=("all", "espeak-ng", "clips"), default="all")
    parser.add_argument("--kill", type=int, default=0)
    parser.add_argument("--burst", type=int, default=WINDOWS)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="queuedesk-soak-") as folder:
        place = Path(folder)
        card = place / "card"
        card.mkdir()
        with sound_card(card):
            return 0 if run(args, place) else 1


if __name__ == "__main__":
    sys.exit(main())
