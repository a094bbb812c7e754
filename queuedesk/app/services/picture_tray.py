"""A folder that takes the place of a printer: each page becomes a picture in it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from queuedesk.core.errors import OutsideError
from queuedesk.printing.choice import PICTURES

MOST_COPIES = 1000


def save_picture(image: Any, printer: str, name: str) -> None:
    """Put a picture into the folder of `printer`, which refuses as a printer does: the sentence then names the
    ticket."""
    from queuedesk.printing import outputs

    folder = Path(printer.removeprefix(PICTURES))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        outputs.save_png(image, _free(folder, name))
    except (OSError, OutsideError) as error:
        raise OutsideError("printer_refused", printer=str(folder)) from error


def _free(folder: Path, name: str) -> Path:
    """Return a file that is not there yet: what was printed once is not drawn over."""
    names = (f"{name}.png", *(f"{name}-{n}.png" for n in range(2, MOST_COPIES)))
    return next((folder / one for one in names if not (folder / one).exists()), folder / f"{name}-{MOST_COPIES}.png")
