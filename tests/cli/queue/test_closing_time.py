"""The closing command, and issuing a ticket all the same."""

from __future__ import annotations

from tests.cli.commands import Console
from tests.hall import at


def test_lines_against_closing_time(console: Console) -> None:
    """At noon nothing closes within four hours; at nine in the evening each service says when its line is clear."""
    assert console.ask("closing") == {"closing": []}

    console.clock.now = at("21:00")
    console.ask("settings", "set", "closing", "stop")
    console.ask("open", "1", "--staff", "C1")
    console.ask("issue", "A", "--late")
    rows = {row["service"]: row for row in console.ask("closing")["closing"]}
    assert set(rows["A"]) == {"service", "closes", "last", "clear", "clear_late", "called", "reach"}
    assert rows["A"]["closes"] == rows["A"]["last"] == "2026-11-21T00:00:00+08:00"
    assert rows["A"]["reach"] == "in_time" and rows["A"]["clear"] <= rows["A"]["clear_late"]
    assert "A closes at 24:00; the line is clear at about 21:" in console.say("closing").out

    assert (
        "B closes at 24:00; it is too early to say whether a ticket taken now will be called in time."
        in console.say("closing").out
    )

    console.ask("settings", "set", "closing", "off")
    assert console.ask("closing") == {"closing": []}
