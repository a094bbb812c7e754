"""Build resources/fonts from two npm packages: static TrueType files with names of our own.

Run once by a developer (needs npm and fontTools with brotli and skia-pathops); the four TTF files and the licences are
committed. "QD Inter" is for Latin letters and figures, "QD Sans SC" for Chinese and, by itself, for PDF pages. Only
TrueType outlines can be embedded in a PDF, and only a name of its own keeps a weight from being mixed up with another:
the pieces of Noto Sans SC all call themselves "Thin".
"""

import argparse
import re
import subprocess
import tarfile
import tempfile
from pathlib import Path

from fontTools.merge import Merger
from fontTools.merge import Options as MergeOptions
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.ttLib.removeOverlaps import removeOverlaps
from fontTools.ttLib.tables._g_l_y_f import Glyph

FONTS = Path(__file__).resolve().parent.parent / "resources" / "fonts"
WEIGHTS = {400: "Regular", 700: "Bold"}
WORD_JOINER = 0x2060  # keeps "7–15" on one line; without a glyph of its own some engines draw a box

INTER = "@fontsource/inter"
NOTO = "@fontsource/noto-sans-sc"


def fetch(package: str, folder: Path) -> Path:
    """Download `package` by npm and return its unpacked folder."""
    packed = subprocess.run(
        ["npm", "pack", "--silent", package], cwd=folder, check=True, capture_output=True, text=True
    ).stdout.split()[-1]
    target = folder / packed.removesuffix(".tgz")
    with tarfile.open(folder / packed) as archive:
        archive.extractall(target, filter="data")
    return target / "package"


def chinese_characters() -> set[int]:
    """Return the code points of GB2312 and of the Latin letters a Chinese page mixes in."""
    wanted = set(range(0x20, 0x7F)) | set(range(0xA0, 0x180))
    for high in range(0xA1, 0xF8):
        for low in range(0xA1, 0xFF):
            try:
                wanted.add(ord(bytes((high, low)).decode("gb2312")))
            except UnicodeDecodeError:
                continue
    wanted |= {0x2013, 0x2014, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2026, 0x20AC, 0x2212, 0x00B7}
    return wanted


def part(source: Path, wanted: set[int] | None, *, layout: bool) -> TTFont | None:
    """Open one woff2 piece cut down to `wanted` (all if None); None when nothing of it is wanted."""
    font = TTFont(source)
    have = set(font.getBestCmap())
    keep = have if wanted is None else have & wanted
    if not keep:
        return None
    options = Options(
        layout_features=["*"] if layout else [], hinting=False, notdef_outline=True, name_IDs=["*"], glyph_names=False
    )
    options.drop_tables += ["STAT", "gasp", "prep", "fpgm", "cvt ", "vhea", "vmtx"]
    if not layout:
        options.drop_tables += ["GSUB", "GPOS", "GDEF", "BASE"]
    cutter = Subsetter(options)
    cutter.populate(unicodes=keep)
    cutter.subset(font)
    return font


def merge(pieces: list[Path], wanted: set[int] | None, *, layout: bool, folder: Path) -> TTFont:
    """Merge `pieces` in order; a character of an earlier piece wins."""
    taken: set[int] = set()
    files = []
    for number, source in enumerate(pieces):
        rest = None if wanted is None else wanted - taken
        if rest is None and number:
            rest = set(TTFont(source).getBestCmap()) - taken
        font = part(source, rest, layout=layout)
        if font is None:
            continue
        taken |= set(font.getBestCmap())
        target = folder / f"piece{number}.ttf"
        font.flavor = None
        font.save(target)
        files.append(str(target))
    return Merger(MergeOptions(drop_tables=["STAT", "gasp"])).merge(files)


def add_word_joiner(font: TTFont) -> None:
    """Give U+2060 an empty glyph of no width."""
    name = "uni2060"
    font.setGlyphOrder([*font.getGlyphOrder(), name])
    font["glyf"][name] = Glyph()
    font["hmtx"][name] = (0, 0)
    for table in font["cmap"].tables:
        if table.isUnicode():
            table.cmap[WORD_JOINER] = name


def rename(font: TTFont, family: str, weight: int) -> None:
    """Name the font `family` and its weight, and nothing else; keep the copyright and licence lines."""
    style = WEIGHTS[weight]
    table = font["name"]
    kept = {record.nameID: record.toUnicode() for record in table.names if record.nameID in (0, 13, 14)}
    table.names = []
    names = kept | {
        1: family,
        2: style,
        3: f"{family} {style}",
        4: f"{family} {style}",
        5: "Version 1.000",
        6: f"{family.replace(' ', '')}-{style}",
    }
    for name_id, text in names.items():
        table.setName(text, name_id, 3, 1, 0x409)
        table.setName(text, name_id, 1, 0, 0)
    bold = weight == 700
    os2 = font["OS/2"]
    os2.usWeightClass = weight
    os2.fsSelection = 0x20 if bold else 0x40
    font["head"].macStyle = 1 if bold else 0


def piece_number(path: Path) -> int:
    """Sort key of Noto's numbered pieces; the named ones (latin, …) come last."""
    found = re.search(r"-sc-(\d+)-", path.name)
    return int(found.group(1)) if found else 1000


def build(folder: Path, inter: Path, noto: Path) -> None:
    """Write the four fonts and the two licences."""
    FONTS.mkdir(parents=True, exist_ok=True)
    for weight, style in WEIGHTS.items():
        files = inter / "files"
        latin = [files / f"inter-{subset}-{weight}-normal.woff2" for subset in ("latin", "latin-ext")]
        font = merge(latin, None, layout=True, folder=folder)
        add_word_joiner(font)
        removeOverlaps(font)  # where two strokes of a large 4 overlap, their soft edges would be drawn twice
        rename(font, "QD Inter", weight)
        font.save(FONTS / f"QDInter-{style}.ttf")

        pieces = sorted((noto / "files").glob(f"noto-sans-sc-*-{weight}-normal.woff2"), key=piece_number)
        font = merge(pieces, chinese_characters(), layout=False, folder=folder)
        add_word_joiner(font)
        removeOverlaps(font)
        rename(font, "QD Sans SC", weight)
        font.save(FONTS / f"QDSansSC-{style}.ttf")
    for package, name in ((inter, "LICENSE-Inter.txt"), (noto, "LICENSE-NotoSansSC.txt")):
        (FONTS / name).write_text((package / "LICENSE").read_text("utf-8"), "utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--inter", type=Path, help=f"unpacked {INTER}, else it is downloaded")
    parser.add_argument("--noto", type=Path, help=f"unpacked {NOTO}, else it is downloaded")
    wish = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        build(folder, wish.inter or fetch(INTER, folder), wish.noto or fetch(NOTO, folder))


if __name__ == "__main__":
    main()
