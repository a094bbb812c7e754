"""Signs a new version, so that PCs accept it:

    .venv/bin/python scripts/sign_release.py FOLDER KEYFILE [--platform NAME]

FOLDER is what scripts/offline.py filled, each of whose platforms is signed, or a program's folder that
scripts/program/freeze.py made, for the platform on which this runs unless another is named. KEYFILE is the private half
of a key that `queuedesk update-key make` wrote.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import environment

from queuedesk.features.update.verbs import PROGRAM_FOLDER, platform_name, sign_release


def main(arguments: list[str] | None = None) -> int:
    """Sign, and name each version with what it is for."""
    takes = argparse.ArgumentParser(description=(__doc__ or "").partition(":\n")[0])
    takes.add_argument("folder", type=Path)
    takes.add_argument("key", type=Path)
    takes.add_argument("--platform", default=platform_name(), metavar="NAME")
    asked = takes.parse_args(arguments)
    program = asked.folder / PROGRAM_FOLDER
    parts = [(file.parent, file.parent.name) for file in sorted(asked.folder.glob(f"*/{environment.SUMS}"))]
    for part, made_for in parts or [(program if program.is_dir() else asked.folder, asked.platform)]:
        try:
            signed = sign_release(part, asked.key, made_for)
        except (OSError, ValueError, TypeError) as error:  # The last where the key has a password.
            sys.exit(f"{part} was not signed: {error}")
        print(f"{part}: {signed['version']} for {made_for}, {len(signed['files'])} files")
    return 0


if __name__ == "__main__":
    sys.exit(main())
