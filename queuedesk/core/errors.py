"""The two kinds of errors that are not bugs: a rule refuses, or something outside the program fails."""


class QueueDeskError(Exception):
    """An error that a person sees as one sentence, found by its stable `code`."""

    def __init__(self, code: str, /, **details: object) -> None:
        super().__init__(code)
        self.code = code
        self.details = details

    def __str__(self) -> str:
        return f"{self.code} {self.details}" if self.details else self.code


class RuleError(QueueDeskError):
    """The hall's rules forbid what a person asked for. Never logged as a fault."""


class OutsideError(QueueDeskError):
    """A printer, disk, database or sound device failed; worth trying again."""
