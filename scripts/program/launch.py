"""What the program's folder starts: the program, and like Python itself also a module (-m) or a text (-c), since the
program starts parts of itself as processes of their own."""

import runpy
import sys

from queuedesk.app.main import main


def run() -> int:
    """Do what the words say; return the exit status."""
    words = sys.argv[1:]
    if words[:1] == ["-m"] and words[1:2] == ["queuedesk"]:
        words = words[2:]
    elif words[:1] == ["-m"] and len(words) > 1:
        sys.argv = words[1:]
        runpy.run_module(words[1], run_name="__main__", alter_sys=True)
        return 0
    elif words[:1] == ["-c"] and len(words) > 1:
        sys.argv = ["-c", *words[2:]]
        exec(compile(words[1], "<string>", "exec"), {"__name__": "__main__"})
        return 0
    sys.argv[1:] = words
    return main()


if __name__ == "__main__":
    sys.exit(run())
