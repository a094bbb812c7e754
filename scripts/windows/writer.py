"""Gives out tickets in a hall, one after the other, and prints the number of each: what the check of the Windows
program lets two processes do at once, and ends in the middle.

python writer.py HALL TICKETS
"""

import contextlib
import io
import sys

from queuedesk.app.main import main


def issue(hall: str, service: str) -> str:
    """Return the number of a new ticket, as the command `issue` prints it; what a refusal said goes to the output."""
    answer = io.StringIO()
    with contextlib.redirect_stdout(answer):
        status = main(["--db", hall, "--lang", "en", "issue", service])
    if status:
        sys.exit(status)
    return answer.getvalue().split()[0]


if __name__ == "__main__":
    for _ticket in range(int(sys.argv[2])):
        print(issue(sys.argv[1], "B"), flush=True)
