"""Commands to come."""

from queuedesk.cli.parser import Commands


def add(_commands: Commands, _tools: object = None) -> None:
    """Add nothing yet."""
