"""A compiled catalogue whose texts are found in its bytes when they are asked for."""

import gettext
import struct
from bisect import bisect_left
from collections.abc import Callable

MAGIC = 0x950412DE
HEAD = struct.Struct("<7I")
PLACE = struct.Struct("<II")
PLURAL_FORMS = "plural-forms:"


class Compiled(gettext.NullTranslations):
    """The catalogue of one language, as scripts/build_texts.py compiles it. From any thread.

    Python's own reader takes apart all of it: a window shows a few hundred of several thousand texts, and would start a
    hundredth of a second later for the others and hold them for days. Their ids are sorted, as the format wants them.
    """

    def __init__(self, content: bytes) -> None:
        """Raises ValueError, struct.error for what is no catalogue, or not a whole one."""
        super().__init__()
        magic, _revision, self._count, self._ids_at, self._texts_at, *_hashes = HEAD.unpack_from(content)
        if magic != MAGIC:
            raise ValueError("no compiled catalogue")
        self._content = content
        size, at = PLACE.unpack_from(content, self._texts_at + 8 * (self._count - 1))
        if len(content) < at + size:
            raise ValueError("not a whole catalogue")
        self._found: dict[str, str | None] = {}
        self._which = self._plural_rule()

    def gettext(self, message: str) -> str:
        found = self._text(message)
        return message if found is None else found.partition("\0")[0]

    def pgettext(self, context: str, message: str) -> str:
        found = self._text(f"{context}\4{message}")
        return message if found is None else found.partition("\0")[0]

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self._counted(msgid1, msgid1, msgid2, n)

    def npgettext(self, context: str, msgid1: str, msgid2: str, n: int) -> str:
        return self._counted(f"{context}\4{msgid1}", msgid1, msgid2, n)

    def _counted(self, id: str, one: str, many: str, n: int) -> str:
        found = self._text(id)
        return (one if n == 1 else many) if found is None else found.split("\0")[self._which(n)]

    def _text(self, id: str) -> str | None:
        """Return the translated forms behind an id, None if it has none. The plural in an id is no part of it."""
        try:
            return self._found[id]
        except KeyError:
            wanted = id.encode()
            place = bisect_left(range(self._count), wanted, key=self._id)
            is_there = place < self._count and self._id(place).partition(b"\0")[0] == wanted
            text = self._part(self._texts_at, place).decode(errors="replace") if is_there else None
            self._found[id] = text
            return text

    def _id(self, place: int) -> bytes:
        return self._part(self._ids_at, place)

    def _part(self, table: int, place: int) -> bytes:
        size, at = PLACE.unpack_from(self._content, table + 8 * place)
        return self._content[at : at + size]

    def _plural_rule(self) -> Callable[[int], int]:
        for line in (self._text("") or "").splitlines():
            if line.lower().startswith(PLURAL_FORMS):
                rule: Callable[[int], int] = gettext.c2py(line.rpartition("plural=")[2].rstrip(";"))
                return rule
        raise ValueError("no rule for plurals")
