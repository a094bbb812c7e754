"""Draw the pictures of the README and the user guide anew: a demo's day, as its stations drew it, in few colours.

    python scripts/build_pictures.py

Run it when a station's look has changed; the pictures are committed.
"""

from __future__ import annotations

import json
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
PAGES = (
    "home-kind-en",
    "home-services-en",
    "guide-papers-en",
    "kiosk-find-zh_CN",
    "kiosk-info-en",
    "kiosk-where-zh_CN",
    "manager-story-en",
    "manager-fairness-zh_CN",
    "manager-staffing-zh_CN",
    "manager-what-if-en",
    "manager-project-en",
    "manager-training-zh_CN",
)
"""Further pages, each in one language."""
LANGUAGES = ("zh_CN", "en")
WIDEST, TALLEST = 1366, 960
COLOURS = 256


def main() -> None:
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        demo = [sys.executable, "-m", "queuedesk", "--lang", "zh_CN", "--json", "demo", "--out", made]
        done = subprocess.run(demo, cwd=ROOT, check=True, capture_output=True, text=True)
        date = json.loads(done.stdout)["at"][:10]
        for language in LANGUAGES:
            for station in STATIONS:
                keep(Image.open(folder / f"{station}-{language}.png"), f"{station}-{language}")
        for page in PAGES:
            keep(Image.open(folder / f"{page}.png"), page)
        slip = min(folder.glob("ticket-*.png"))
        keep(Image.open(slip), "ticket-zh_CN")
        day = next(iter(folder.glob("hall.sqlite")))
        words = ["--db", str(day), "--lang", "en", "report", "day", "--out", str(folder / "day-en.pdf")]
        subprocess.run([sys.executable, "-m", "queuedesk", *words, "--date", date], cwd=ROOT, check=True)
        first = pypdfium2.PdfDocument(folder / "day-en.pdf")[0]
        keep(first.render(scale=1.6).to_pil(), "day-en")


def keep(picture: Image.Image, name: str) -> None:
    """Write it small: screens and papers of ours have few colours, and dots between them would only cost."""
    picture = picture.convert("RGB")
    share = min(1.0, WIDEST / picture.width, TALLEST / picture.height)
    small = picture.resize((round(picture.width * share), round(picture.height * share)), Image.Resampling.LANCZOS)
    # By coverage: the usual method gives a page to its greys and takes thin amber lines for red.
    few = small.quantize(COLOURS, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    few.save(TARGET / f"{name}.png", optimize=True)


if __name__ == "__main__":
    main()
