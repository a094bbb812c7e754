"""What a parser of command lines understands: argparse itself does not tell."""

import argparse
from functools import cache

from queuedesk.cli.main import build_parser


@cache
def every_parser() -> argparse.ArgumentParser:
    """Return the parser of all commands but stations, built once: it takes a quarter of a second."""
    return build_parser({})


def arguments(parser: argparse.ArgumentParser) -> list[argparse.Action]:
    """Return a parser's options and arguments, its choice of commands among them."""
    return parser._actions


def commands(parser: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    """Return a parser's own commands by name, none where it is a command itself."""
    choices = [action.choices for action in arguments(parser) if isinstance(action.choices, dict)]
    return {name: one for commands in choices for name, one in commands.items()}
