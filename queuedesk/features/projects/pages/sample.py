"""The sample project to learn from: a published one, step by step, with its own table worked out anew."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtWidgets import QVBoxLayout, QWidget

from queuedesk.core.setup.rows import Setup
from queuedesk.features.projects import words
from queuedesk.features.projects.pages.texts import JUDGEMENT_ICONS
from queuedesk.features.projects.words import rows_text
from queuedesk.i18n import _
from queuedesk.i18n.figures.drilldown_words import figure_name
from queuedesk.i18n.improvement import counted, step_word, verdict_word
from queuedesk.i18n.moments import figure_range
from queuedesk.i18n.names import percent
from queuedesk.stations.manager.improvement.fact_list import Fact, FactList
from queuedesk.stations.widgets.panels import FixedSize, GroundArea, spread
from queuedesk.stations.widgets.questions.dialogs import Dialog
from queuedesk.stations.window.style import Look

HIGH = 460


def sample_facts(setup: Setup, sample: Mapping[str, Any]) -> list[Fact]:
    """Return the sample's steps as rows: what it said, and what can be told of it."""
    effect, target = sample["effect"], sample["target"]
    months = [f"{row['month']}  {rows_text(row['n'], row['of'])}  {percent(row['rate'])} %" for row in sample["state"]]
    found = [
        Fact(name=step_word("state"), second="\n".join(months)),
        Fact(
            name=step_word("target"),
            second=target["reason"],
            figure=f"{figure_name(target['figure'], setup)} {percent(target['value'])} %",
        ),
        Fact(name=step_word("evidence"), second=sample["by_words"]),
    ]
    for cause in sample["causes"]:
        icon, token = JUDGEMENT_ICONS[cause["judgement"]]
        look_at = figure_name(cause["look_at"], setup) if cause["look_at"] else ""
        stated = _("the report said: {word}", word=words.judgement_word(cause["stated"]))
        second = " · ".join(part for part in (words.bone_word(cause["bone"]), stated, look_at) if part)
        word = words.judgement_word(cause["judgement"])
        found.append(Fact(name=cause["name"], second=second, icon=icon, token=token, word=word, bold=False))
    found += [Fact(name=one["what"], second=step_word("measures"), bold=False) for one in sample["measures"]]
    change = figure_range(words.points(effect["low"]), words.points(effect["high"]))
    both = f"{counted(effect['before'])} → {counted(effect['after'])}"
    notes = "\n".join((both, *effect["notes"], *(one["message"] for one in sample["audit"])))
    found.append(
        Fact(
            name=step_word("effect"),
            second=notes,
            icon="help",
            word=verdict_word(effect["verdict"]),
            figure=f"{words.points(effect['difference'])} ({change})",
        )
    )
    found.append(Fact(name=step_word("standard"), second=f"{sample['standard']}\n{sample['next']}"))
    return found


class SampleDialog(Dialog):
    """Shows the sample; nothing of it stands in the hall."""

    def __init__(self, host: QWidget, look: Look, setup: Setup, sample: Mapping[str, Any]) -> None:
        super().__init__(host, look, title=sample["title"], effect=sample["source"], width=820)
        self.facts = FactList(self.look)
        self.facts.set_facts(sample["title"], sample_facts(setup, sample))
        inner = QWidget()
        rows = QVBoxLayout(inner)
        spread(self.look, rows)
        rows.addWidget(self.facts)
        rows.addStretch(1)
        area = GroundArea(inner, keys=True)
        FixedSize(self.look, area, height=HIGH)
        self.body.addWidget(area)
        self.put_answers(_("Back"))

    def first_focus(self) -> QWidget:
        return self.no_button
