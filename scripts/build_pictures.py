"""Draw the pictures of the README and the user guide from a demo day's screenshots, in few colours; those of a PC's own
pages on an invented PC.

    python scripts/build_pictures.py [pc]

Run it when a station's look has changed, with `pc` when only those on the invented PC have; the pictures are committed.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).resolve().parents[1]
TARGET = ROOT / "resources" / "docs" / "pictures"
STATIONS = (
    "guide",
    "kiosk",
    "counter",
    "display",
    "display-portrait",
    "line",
    "plate",
    "rating",
    "rating-exit",
    "manager",
    "lobby",
)
HOW_PAGES = (
    "manager-cases",
    "manager-equipment",
    "manager-figures",
    "manager-notices",
    "manager-on-paper",
    "manager-paper",
    "manager-setup-calendar",
    "manager-setup-services",
    "manager-setup-staff",
    "manager-setup-windows",
    "manager-sheets",
    "manager-story",
)
"""Pages that only "How do I …" shows, smaller than the others."""
NOT_IN_DEMO = ("published", "setup-features", "setup-ticket", "setup-voice")
"""The manager's pages that a demo draws no picture of, shown in the same way."""
LANGUAGES = ("zh_CN", "en")
PHONE = "phone-waiting-en"
"""What a customer's phone shows; a browser draws it."""
PLACE = (0, 0, 786, 1000)
"""What help shows of the same page: down to the notice that one can ask for."""
WIDEST, TALLEST = 1366, 960
COLOURS = 64
HOW_WIDEST, HOW_COLOURS = 680, 32


def main() -> None:
    draw_invented_pc()
    if sys.argv[1:] != ["pc"]:
        draw_demo()


def draw_invented_pc() -> None:
    """Draw the pages that show what is on a PC, shown like those of HOW_PAGES."""
    script = str(ROOT / "scripts" / "invented_pc.py")
    with tempfile.TemporaryDirectory() as made:
        for language in LANGUAGES:
            # Of texts with equally many letters a table measures those that come first in a set.
            environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": "0"}
            subprocess.run([sys.executable, script, made, language], env=environment, check=True)
        for file in sorted(Path(made).glob("*.png")):
            keep(Image.open(file), file.stem, widest=HOW_WIDEST, colours=HOW_COLOURS)


def draw_demo() -> None:
    names = [f"{station}-{language}" for language in LANGUAGES for station in STATIONS]
    how_pages = [*HOW_PAGES, *(f"manager-{part}" for part in NOT_IN_DEMO)]
    how_names = [f"{page}-{language}" for language in LANGUAGES for page in how_pages]
    with tempfile.TemporaryDirectory() as made:
        for language in LANGUAGES:
            folder = Path(made, language)
            play(folder, language)
            draw_pages(folder, language)
            for name in names:
                if name.endswith(language):
                    keep(Image.open(folder / f"{name}.png"), name)
            for name in how_names:
                if name.endswith(language):
                    keep(Image.open(folder / f"{name}.png"), name, widest=HOW_WIDEST, colours=HOW_COLOURS)
            place = Image.open(folder / f"phone-waiting-{language}.png").crop(PLACE)
            keep(place, f"phone-place-{language}", widest=HOW_WIDEST, colours=HOW_COLOURS)
            if PHONE.endswith(language):
                keep(Image.open(folder / f"{PHONE}.png"), PHONE)
            if language == "zh_CN":
                keep(Image.open(min(folder.glob("ticket-*.png"))), "ticket-zh_CN")


def play(folder: Path, language: str) -> None:
    """Play the demo's day in a hall whose first language this is, so that its own names are in it too."""
    words = ["--lang", language, "demo", "--out", str(folder)]
    subprocess.run([sys.executable, "-m", "queuedesk", *words], cwd=ROOT, check=True, capture_output=True)


def draw_pages(folder: Path, language: str) -> None:
    """Draw further pages of the demo's hall, as an admin sees them."""
    words = [
        "--db",
        str(folder / "hall.sqlite"),
        *f"--lang {language} --as AD manager --page".split(),
        ",".join(NOT_IN_DEMO),
    ]
    file = folder / f"manager-{{page}}-{language}.png"
    subprocess.run([sys.executable, "-m", "queuedesk", *words, "--screenshot", str(file)], cwd=ROOT, check=True)


def keep(picture: Image.Image, name: str, *, widest: int = WIDEST, colours: int = COLOURS) -> None:
    """Write it small: screens and papers of ours have few colours, and dots between them would only cost."""
    picture = picture.convert("RGB")
    share = min(1.0, widest / picture.width, TALLEST / picture.height)
    small = picture.resize((round(picture.width * share), round(picture.height * share)), Image.Resampling.LANCZOS)
    # By coverage: the usual method gives a page to its greys and takes thin amber lines for red.
    # K-means then moves each colour to what it stands for: without it a pale ground turns pink or grey.
    few = small.quantize(colours, Image.Quantize.MAXCOVERAGE, kmeans=1, dither=Image.Dither.NONE)
    few.save(TARGET / f"{name}.png", optimize=True)


if __name__ == "__main__":
    main()
