"""Runs a command in which no Python opens a socket of a network: launch.py COMMAND …"""

import os
import sys
from pathlib import Path

if __name__ == "__main__":
    here = str(Path(__file__).resolve().parent)
    os.environ["PYTHONPATH"] = os.pathsep.join([here, *filter(None, [os.environ.get("PYTHONPATH")])])
    os.execvp(sys.argv[1], sys.argv[1:])
