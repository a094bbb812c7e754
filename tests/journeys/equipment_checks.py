"""What was heard, printed and reported in a run of the hall's equipment, held against what was called."""

from __future__ import annotations

import io
import json
from contextlib import redirect_stdout
from pathlib import Path
from typing import TYPE_CHECKING

import zxingcpp
from PIL import Image

from queuedesk.app.clock import pc_clock
from queuedesk.app.main import command_services
from queuedesk.cli.main import run
from queuedesk.voice import sound
from queuedesk.voice.sound import RATE_HZ, Samples
from tests.voice.hearing import likeness

if TYPE_CHECKING:
    from tests.journeys.equipment_run import Day

SAME, OTHER = 0.9, 0.8
AROUND_S = 4.0
OVERLAP_S = 0.05


def check_paper(day: Day, folder: Path) -> None:
    """Every number came out of the printer, in the order in which they were given out, but for those that had to wait
    for it."""
    done = day.done
    labels = [label_of(slip) for part in sorted(folder.glob("*")) for slip in sorted(part.glob("*.png"))]
    done.printed = len(labels)
    at_once = [label for label in day.labels if label not in day.unprinted]
    if labels != at_once + day.unprinted:
        done.lost.append(f"printed {labels}, given out {day.labels}, without a printer {day.unprinted}")
    if done.told != len(day.unprinted):
        done.lost.append(f"{len(day.unprinted)} slips failed, {done.told} were told")


def label_of(slip: Path) -> str:
    """Return the number that a slip's code holds."""
    with Image.open(slip) as picture:
        found = zxingcpp.read_barcode(picture.convert("L"))
    return found.text.split()[3] if found else f"no code on {slip.name}"


def check_sound(day: Day, heard: Samples, played: Path) -> None:
    """Every call that counts as said was heard as it was played, in order, and not its neighbour's number in its
    place."""
    done = day.done
    sounds = {int(file.stem) / 1e9: file for file in played.glob("*.wav")}
    own_sounds: dict[int, Samples] = {}
    before = 0.0
    for event, row in day.made:
        done.calls += 1
        done.shown += row.shown is not None
        if row.link is None or row.is_silent or row.spoken is None:
            done.silent += 1
            continue
        done.said += 1
        done.links[row.link] = done.links.get(row.link, 0) + 1
        # A call that was said again had its last sound to the end.
        latest = max(moment for moment in sounds if before <= moment < day.spoken_s[event.seq])
        own_sounds[event.seq] = sound.read(sounds[latest])
        before = day.spoken_s[event.seq]
    ended_s = 0.0
    said = [(event, own_sounds[event.seq]) for event, _row in day.made if event.seq in own_sounds]
    for at, (event, own) in enumerate(said):
        neighbour, other_sound = said[at + 1 if at + 1 < len(said) else at - 1]
        end_s = day.spoken_s[event.seq] - day.began
        first_s = max(0.0, end_s - len(own) / RATE_HZ - AROUND_S)
        part = heard[int(first_s * RATE_HZ) : int((end_s + AROUND_S) * RATE_HZ)]
        alike = likeness(own, part)
        likest, place = float(alike.max()), int(alike.argmax())
        other = float(likeness(other_sound, part[_near(place, own, part)]).max())
        done.worst_own, done.worst_other = min(done.worst_own, likest), max(done.worst_other, other)
        if likest < SAME:
            done.lost.append(f"{event.ticket} counts as said; heard only to {likest:.2f}")
        elif other >= OTHER:
            done.lost.append(f"{event.ticket} can't be told from {neighbour.ticket}: {other:.2f}")
        elif first_s + place / RATE_HZ < ended_s - OVERLAP_S:
            done.lost.append(f"{event.ticket} was heard before the end of the call before it")
        ended_s = first_s + (place + len(own)) / RATE_HZ


def _near(at: int, own: Samples, part: Samples) -> slice:
    """Return the place of a call with half a second on either side: its neighbour's own place is not in it."""
    room = RATE_HZ // 2
    return slice(max(0, int(at) - room), min(len(part), int(at) + len(own) + room))


def check_report(day: Day, hall: Path, folder: Path) -> None:
    """Every outage stands in the day's report with its cause."""
    file = folder / "day.json"
    words = ["--db", str(hall), "report", "day", "--out", str(file)]
    with redirect_stdout(io.StringIO()) as said:
        status = run(words, openers={}, clock=pc_clock, services=command_services())
    assert status == 0, said.getvalue()
    devices = json.loads(file.read_text(encoding="utf-8"))["measures"]["devices"]
    day.done.outages = [(row["device"], one["cause"]) for row in devices for one in row["outages"]]
