"""Names for the codes in figures of one hall, or of several ("HALL/CODE")."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from queuedesk.core.setup.values import Setup
from queuedesk.i18n import names
from queuedesk.i18n.numerals import UNKNOWN
from queuedesk.reports.figures.words import service_name


@dataclass(frozen=True, slots=True)
class Coded:
    """The set-ups that figures are of, the one asked for first; `together` where the figures are of all of them."""

    setups: Sequence[Setup]
    together: bool = False

    @property
    def lead(self) -> Setup:
        return self.setups[0]

    def service(self, code: str, lang: str) -> str:
        """Return "A Pay a bill"."""
        setup, own, prefix = self._split(code)
        known = [setup] if setup else [one for one in self.setups if own in one.services]
        if self.together and not prefix and len(known) == 1:
            prefix = f"{known[0].hall.code}/"
        return prefix + service_name(known[0] if known else self.lead, own, lang)

    def item(self, service: str, item: str | None, lang: str) -> str:
        """Return "A Pay a bill · Print an invoice", the service alone without an item."""
        said = self.service(service, lang)
        if not item:
            return said
        setup, own, _prefix = self._split(service)
        known = setup or next((one for one in self.setups if own in one.services), self.lead)
        return f"{said} · {names.item_name(known, own, item, lang)}"

    def staff(self, code: str | None, lang: str) -> str:
        """Return a person's name; a dash for nobody."""
        if not code:
            return UNKNOWN
        setup, own, prefix = self._split(code)
        return prefix + names.staff_name(setup or self.lead, own, lang)

    def klass(self, code: str, lang: str) -> str:
        """Return the name of a priority class."""
        known = next((one for one in self.setups if code in one.classes), self.lead)
        return names.class_name(known, code, lang)

    def _split(self, code: str) -> tuple[Setup | None, str, str]:
        """Return the hall that a code names, None where it names none, the code there, and what stands before the
        name."""
        for setup in self.setups if self.together else ():
            prefix = f"{setup.hall.code}/"
            if code.startswith(prefix):
                return setup, code.removeprefix(prefix), prefix
        return None, code, ""
