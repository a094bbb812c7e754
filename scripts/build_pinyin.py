"""Make resources/pinyin/readings.txt, how each Chinese character is read, of pypinyin's table.

It needs pypinyin; the table is committed. The usual reading of a character comes first. Phrases, which tell that of a
character in its place, are not asked.
"""

from collections import defaultdict
from pathlib import Path

from pypinyin import Style, pinyin

TABLE = Path(__file__).resolve().parent.parent / "resources" / "pinyin" / "readings.txt"
CHARACTERS = range(0x3400, 0xA000)


def table() -> str:
    """Return the lines, in the order of their readings."""
    read_so = defaultdict(list)
    for character in map(chr, CHARACTERS):
        said = tuple(dict.fromkeys(pinyin(character, style=Style.NORMAL, heteronym=True)[0]))
        if said != (character,):
            read_so[said].append(character)
    return "".join(f"{' '.join(said)}\t{''.join(read_so[said])}\n" for said in sorted(read_so))


def main() -> None:
    TABLE.write_text(table(), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
