"""What a set-up file would change of a hall, as sentences."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from queuedesk.core.setup.file import PARTS, row_code, rows_of
from queuedesk.core.setup.values import SETTINGS
from queuedesk.i18n import _, listing, n_
from queuedesk.i18n.value_refusals import field_word
from queuedesk.stations.manager.setup.rule_words import choice_word, rule_text
from queuedesk.stations.manager.setup_frame.draft import HALL
from queuedesk.stations.manager.setup_frame.words import part_word, title_of

Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class FileChange:
    """A row that comes or changes: `part`, `row`, its code, the fields that differ; a new one has none."""

    part: str
    code: str
    row: Mapping[str, Any]
    fields: tuple[str, ...] = ()
    more: int = 0
    before: Mapping[str, Any] = field(default_factory=dict)

    def text(self) -> str:
        """Return what changes, in one sentence."""
        if self.more:
            return n_(
                "{n} row of the roster or pay day is added", "{n} rows of the roster or pay days are added", self.more
            )
        if self.part == "settings":
            return self._rule_text()
        name = title_of(self.part, self.row, self.code)
        words = {"part": part_word(self.part), "name": name}
        if not self.fields:
            return _("{part}: {name} is added", **words)
        fields = listing(list(dict.fromkeys(field_word(key) for key in self.fields)))
        if self.part == HALL:
            return _("{part}: {fields} change", part=part_word(HALL), fields=fields)
        return _("{part}: {name} changes: {fields}", **words, fields=fields)

    def _rule_text(self) -> str:
        key = self.code
        return _(
            "Rule {name}: {before} becomes {after}",
            name=rule_text(key).name,
            before=_value(self.before.get(key, SETTINGS.get(key))),
            after=_value(self.row[key]),
        )


def _value(value: object) -> str:
    return choice_word(str(value)) if value in ("off", "on", "close", "early_place") else str(value)


def changes_between(before: Document, after: Document) -> list[FileChange]:
    """Return what leads from one set-up document to the other, where nothing is removed."""
    found = []
    if fields := _differing(before["hall"], after["hall"]):
        found.append(FileChange(part=HALL, code="", row=after["hall"], fields=fields))
    for part in PARTS:
        rows = {row_code(part, row, at): row for at, row in enumerate(rows_of(before, part))}
        for at, row in enumerate(rows_of(after, part)):
            code = row_code(part, row, at)
            if code not in rows:
                found.append(FileChange(part=part, code=code, row=row))
            elif fields := _differing(rows[code], row):
                found.append(FileChange(part=part, code=code, row=row, fields=fields))
    had, have = before.get("settings", {}), after.get("settings", {})
    for key in have:
        if have[key] != had.get(key, SETTINGS.get(key)):
            found.append(FileChange(part="settings", code=key, row=have, before=had))
    more = sum(len(after.get(part, ())) - len(before.get(part, ())) for part in ("roster", "pay_days"))
    if more:
        found.append(FileChange(part="roster", code="", row={}, more=more))
    return found


def _differing(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(key for key in after if (after[key] or None) != (before.get(key) or None))
