"""Commands that are one call of the desk: each argument reaches the parameter that is meant, and none is lost."""

import argparse
from collections.abc import Iterator
from inspect import Parameter, signature

from queuedesk.cli.job import GIVEN, DeskFunctionHandler
from queuedesk.core.network.roles import ReadScope
from scripts.build_commands import every_command
from tests.cli.parsers import arguments, every_parser


def bound() -> Iterator[tuple[str, argparse.ArgumentParser, DeskFunctionHandler]]:
    for words, parser in every_command(every_parser()):
        run = parser.get_default("run")
        if isinstance(run, DeskFunctionHandler):
            yield words, parser, run


def own(parser: argparse.ArgumentParser) -> set[str]:
    """Return the names of a command's own arguments."""
    return {one.dest for one in arguments(parser)} - {"help"}


def test_every_parameter_gets_its_argument_and_the_other_way_round_and_what_changes_the_hall_is_no_reading() -> None:
    found = list(bound())
    assert found
    whole = {one.dest for one in arguments(every_parser())}
    for words, parser, run in found:
        parameters = {name: one for name, one in signature(run.load_function()).parameters.items() if name not in GIVEN}
        assert run.named.keys() <= parameters.keys(), words
        asked = {name: run.named.get(name, name) for name in parameters}
        missing = {name for name, argument in asked.items() if argument not in own(parser)}
        assert all(parameters[name].default is not Parameter.empty for name in missing), words
        assert not {asked[name] for name in missing} & whole, f"{words}: an option of every command has this name"
        assert own(parser) - whole <= set(asked.values()), f"{words}: an argument reaches nothing"
        assert not run.at_window or "window" in own(parser), f"{words}: at no window"
        changes = "change" in signature(run.load_function()).parameters
        assert changes != bool(parser.get_default("reads")), words
        if "who" in signature(run.load_function()).parameters:
            assert parser.get_default("reads") is not ReadScope.HALL, f"{words}: it is read by nobody in particular"
