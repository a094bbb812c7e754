"""Anybody can check the log."""

from tests.cli.commands import Console
from tests.journeys.chain import first_broken


def test_anybody_can_check_the_log(console: Console) -> None:
    console.ask("open", "3", "--staff", "C3")
    for service in "AAB":
        console.ask("issue", service)
    console.ask("call", "3")
    console.ask("finish", "3", "--outcome", "done", "--note", "=1+1")

    assert first_broken(console.log()) is None
    assert [event["seq"] for event in console.log(3)] == [4, 5, 6, 7]
