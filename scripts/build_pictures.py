"""Draw the pictures of the README and the user guide anew: a demo's day, as its stations drew it, in few colours.

    python scripts/build_pictures.py

Run it when a station's look has changed; the pictures are committed.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

import pypdfium2
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
LANGUAGES = ("zh_CN", "en")
WIDEST, TALLEST = 1366, 960
COLOURS = 220


def main() -> None:
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        subprocess.run([sys.executable, "-m", "queuedesk", "demo", "--out", made], cwd=ROOT, check=True)
        for language in LANGUAGES:
            for station in STATIONS:
                keep(Image.open(folder / f"{station}-{language}.png"), f"{station}-{language}")
        slip = min(folder.glob("ticket-*.png"))
        keep(Image.open(slip), "ticket-zh_CN")
        day = next(iter(folder.glob("hall.sqlite")))
        words = ["--db", str(day), "--lang", "en", "report", "day", "--out", str(folder / "day-en.pdf")]
        date = demo_date(day)
        subprocess.run([sys.executable, "-m", "queuedesk", *words, "--date", date], cwd=ROOT, check=True)
        page = pypdfium2.PdfDocument(folder / "day-en.pdf")[0]
        keep(page.render(scale=1.6).to_pil(), "day-en")


def demo_date(hall: Path) -> str:
    """Return the business date of the day that the demo left."""
    done = subprocess.run(
        [sys.executable, "-m", "queuedesk", "--db", str(hall), "events", "--json"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout.rsplit('"date":', 1)[1].split('"')[1]


def keep(picture: Image.Image, name: str) -> None:
    """Write it small: screens and papers of ours have few colours, and dots between them would only cost."""
    picture = picture.convert("RGB")
    share = min(1.0, WIDEST / picture.width, TALLEST / picture.height)
    small = picture.resize((round(picture.width * share), round(picture.height * share)), Image.Resampling.LANCZOS)
    few = small.quantize(COLOURS, dither=Image.Dither.NONE)
    few.save(TARGET / f"{name}.png", optimize=True)


if __name__ == "__main__":
    main()
