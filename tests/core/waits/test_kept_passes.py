"""A pass says to the last bit what it said before; `python -m tests.core.waits.test_kept_passes` writes that anew."""

import gzip
import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from msgspec import convert
from msgspec.structs import replace

from queuedesk.core.log.state import HallCounters, HallState
from queuedesk.core.queue.ticket import Ticket, Window, WindowCall
from queuedesk.core.setup.file import setup_from_document
from queuedesk.core.waits.estimates import Estimates
from queuedesk.core.waits.live import ExpectedCallOfTicket, LiveHall
from queuedesk.core.waits.quote import live_hall
from queuedesk.core.waits.schedule import expected_call_of_ticket, forecast_turns

GOLDEN = Path(__file__).resolve().parents[2] / "golden"
KEPT = json.loads(GOLDEN.joinpath("passes.json").read_text(encoding="utf-8"))
DRAWN = json.loads(gzip.decompress(GOLDEN.joinpath("passes_halls.json.gz").read_bytes()))
"""Halls in numbers, every fourth a plain one, the others with some of everything that a pass knows; and halls in memory
with people waiting, windows at work, calls and put aside."""
NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)


def _turn(turn: ExpectedCallOfTicket | None) -> list[Any] | None:
    return None if turn is None else [turn.at_min, turn.sd_min, turn.window]


def what_a_pass_says(hall: dict[str, Any]) -> dict[str, Any]:
    """Return all that a pass over a drawn hall says, as JSON has it."""
    follow_ups = {(date.fromisoformat(day), label): tuple(steps) for (day, label), steps in hall["follow_ups"]}
    live = replace(convert({**hall, "follow_ups": {}}, LiveHall), follow_ups=follow_ups)
    found = forecast_turns(live)
    asked = [t.id for t in live.tickets[:: max(1, len(live.tickets) // 3)] if t.id is not None]
    lengths = {code: [0.5 + n * 0.1 for n in range(7)] for code in live.services[::2]}
    drawn = forecast_turns(live, lengths)
    return {
        "turns": {f"{day:%j}{label}": _turn(turn) for (day, label), turn in found.turns.items()},
        "newcomers": {code: _turn(turn) for code, turn in sorted(found.newcomers.items())},
        "clear": dict(sorted(found.clear_min.items())),
        "of one": {label: _turn(expected_call_of_ticket(live, (day, label))) for day, label in asked},
        "drawn": [len(drawn.turns), sum(turn.at_min for turn in drawn.turns.values())],
    }


def what_a_hall_is_in_numbers(hall: dict[str, Any]) -> dict[str, Any]:
    """Return the way from a hall's state to its numbers, and the pass over them."""
    state = HallState(
        setup_now=setup_from_document(hall["setup"]),
        now=HallCounters(seq=9, at=NOW, date=date(2026, 11, 20)),
        learned=convert(hall["learned"], Estimates),
        tickets={ticket.id: ticket for ticket in convert(hall["tickets"], list[Ticket])},
        windows={window.code: window for window in convert(hall["windows"], list[Window])},
        calls=convert(hall["calls"], list[WindowCall]),
    )
    live = replace(live_hall(state, NOW), no_show=tuple(hall["no_show"]))
    return {
        "tickets": [[t.id[1], t.service, t.place_min, t.credit_min, t.since_min] for t in live.tickets if t.id],
        "windows": [[w.code, w.free_min, w.free_var, w.factor, w.pause_min, w.now_serving] for w in live.windows],
        "arrivals": [[t.service, t.place_min, t.credit_min] for t in live.arrivals],
        "follow_ups": {label: list(steps) for (_, label), steps in live.follow_ups.items()},
        "doubt": live.doubt,
        "turns": {label: _turn(turn) for (_, label), turn in forecast_turns(live).turns.items()},
    }


@pytest.mark.parametrize("n", range(len(DRAWN["halls"])))
def test_a_pass_over_a_drawn_hall_says_what_it_said(n: int) -> None:
    assert json.loads(json.dumps(what_a_pass_says(DRAWN["halls"][n]))) == KEPT["passes"][n]


@pytest.mark.parametrize("n", range(len(DRAWN["states"])))
def test_a_state_in_numbers_is_what_it_was(n: int) -> None:
    assert json.loads(json.dumps(what_a_hall_is_in_numbers(DRAWN["states"][n]))) == KEPT["states"][n]


if __name__ == "__main__":
    document = {
        "passes": [what_a_pass_says(hall) for hall in DRAWN["halls"]],
        "states": [what_a_hall_is_in_numbers(hall) for hall in DRAWN["states"]],
    }
    text = json.dumps(document, separators=(",", ":")).replace('},{"t', '},\n{"t') + "\n"
    GOLDEN.joinpath("passes.json").write_text(text, encoding="utf-8")
