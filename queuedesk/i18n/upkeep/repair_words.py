"""What a repair would do and what it did, in sentences."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from queuedesk.i18n.catalogue import _, n_
from queuedesk.i18n.upkeep.finding_words import finding_text


def plan_lines(
    put_back: Mapping[str, int], rebuilt: Sequence[str], backup: object, left: Iterable[tuple[str, str]]
) -> list[str]:
    """Return what would be done; `left` are the names of findings that stay, each with what was found."""
    lines = []
    if backup is not None:
        lines.append(
            _(
                "The hall is made anew from the backup {file}, then from what is still readable; today's numbers go on at the next hundred.",
                file=backup,
            )
        )
    else:
        for hall, count in put_back.items():
            lines.append(
                n_(
                    "{hall}: {n} record that people were told goes back into the log.",
                    "{hall}: {n} records that people were told go back into the log.",
                    count,
                    hall=hall,
                )
            )
        lines += [_("{hall}: the tables are made anew from the log.", hall=hall) for hall in rebuilt]
    return [*lines, *(_("Stays: {what}", what=finding_text(name, "failed", what)) for name, what in left)]


def done_lines(done: Mapping[str, Any]) -> list[str]:
    """Return what was done and where the way back is."""
    if done["copy"]:
        return [_("Done. What was there is kept in {file}.", file=done["copy"])]
    return [_("Done.")]
