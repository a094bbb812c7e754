"""A page of records as one specification: what is read, its columns, and its acts with what each asks and says; and
what reads and acts for it. record_page.py draws it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, Generic, TypeVar

from msgspec import Struct
from PySide6.QtCore import Signal

from queuedesk.desk.change import Ask, Desk, Document
from queuedesk.i18n import _
from queuedesk.printing.slip_contents import LabelSlip
from queuedesk.stations.manager.parts.page_controller import PageController
from queuedesk.stations.manager.parts.table import TableColumn
from queuedesk.stations.window.context import StationContext
from queuedesk.stations.window.style import Look

R = TypeVar("R")
Words = Callable[[], str]
TEXT, DAY, NUMBER, LINES, CHOICE = "text", "day", "number", "lines", "choice"


def _always_asked(_context: StationContext) -> bool:
    return True


def _no_choices(_context: StationContext) -> Mapping[str, str]:
    return {}


class FormInput(Struct, frozen=True, kw_only=True):
    """A field of a form, by the name under which its value is given: text, a date, a whole number, a list of lines, or
    the key of one of its `choices`. It begins with `first`, a choice with the first one unless told ("" for none), is
    `share` times as wide as the others of its row, and a choice needs room for `letters`. One that is `needed` may not
    stay empty; else a date and a number may, and are None then. `asked` says whether this hall has it at all,
    `shown_if` whether it is shown beside what stands in the form, by name; a field that is not shown gives its value
    all the same. `read` reads it otherwise than its kind says; `wrong` is said where what was typed is none."""

    key: str
    label: Words
    kind: str = TEXT
    hint: Words = str
    wrong: Words = lambda: _("A whole number")
    first: Callable[[StationContext], str] | None = None
    choices: Callable[[StationContext], Mapping[str, str]] = _no_choices
    letters: int = 12
    share: int = 1
    needed: bool = False
    read: Callable[[str], Any] | None = None
    asked: Callable[[StationContext], bool] = _always_asked
    shown_if: Callable[[Mapping[str, str]], bool] | None = None


def prefilled_input(
    key: str,
    label: str,
    stands: str = "",
    *,
    kind: str = TEXT,
    hint: str = "",
    choices: Mapping[str, str] | None = None,
    needed: bool = True,
    shown_if: Callable[[Mapping[str, str]], bool] | None = None,
) -> FormInput:
    """Return a field of a question that opens at once, with its words and what `stands` in it; with `choices` a list,
    at first on the first of them where it is needed."""
    first = None if choices is not None and needed and not stands else lambda _context: stands
    return FormInput(
        key=key,
        label=lambda: label,
        kind=kind if choices is None else CHOICE,
        hint=lambda: hint,
        first=first,
        choices=lambda _context: choices or {},
        needed=needed,
        shown_if=shown_if,
    )


class RecordFormSpec(Struct, frozen=True, kw_only=True):
    """A form: fields in rows, focus first in `focus`, and its answers, by default "Leave it" and "Save"."""

    title: Words
    rows: Sequence[Sequence[FormInput]]
    effect: Words = str
    focus: str = ""
    yes: Words | None = None
    no: Words = lambda: _("Leave it")


class RecordAct(Struct, Generic[R], frozen=True, kw_only=True):
    """A button. With a `form` it calls a desk function with what was typed, and where it is `of_row` with the row's
    `args` before that, its key unless told; else it is about the chosen row, where `when` holds, and calls the function
    with the row's `args`, `prints` the label that a function makes of them, after desk and time, or `asks` in a way of
    its own, given the page and the row; one that `stands_alone` asks without a row. `verb` is the right that it needs,
    "" for none, `said` what is told with the `icon` when it is done, None for nothing, `leads` the Place to which that
    leads. One that `changes_hall` is disabled while the hall is away."""

    text: Words
    verb: str = ""
    tip: Words | None = None
    icon: str = "check"
    call: Callable[..., Document] | None = None
    said: Callable[[Document, R | None], str] | None = lambda _told, _row: _("Done", context="told")
    leads: Callable[[Document], object] | None = None
    form: RecordFormSpec | None = None
    args: Callable[[R], tuple[Any, ...]] | None = None
    asks: Callable[[Any, Any], object] | None = None
    prints: Callable[..., LabelSlip] | None = None
    of_row: bool = False
    stands_alone: bool = False
    changes_hall: bool = True
    when: Callable[[R], bool] = lambda _row: True
    is_main: bool = False
    on_card: bool = False
    """Whether its button is below what is told of the chosen row, where it is hidden while `when` does not hold."""

    @property
    def is_free(self) -> bool:
        return self.stands_alone or (self.form is not None and not self.of_row)


class RecordPageSpec(Struct, Generic[R], frozen=True, kw_only=True):
    """A page of records; of a table it says what a TableSpec says. Where it `chooses` no row, one press opens a row.
    `read` works beside the window, `is_long` after what takes long there. The records are read again from time to time,
    or, where it `depends` on something, when that has changed; until they are there it says `reading`. `empty` says
    that there are none, why, and the word of a button that does the first of the acts. `search` gives what a search
    looks through of a row, `search_for` says what it finds. `detail` makes the record_page.RowDetail of the chosen row;
    one that is opened `leads` to a Place."""

    title: Words
    name: Words
    icon: str
    read: Callable[[Desk, Ask], Sequence[R]]
    columns: Callable[[StationContext], list[TableColumn[R]]]
    key: Callable[[R], object]
    empty: Callable[[], tuple[str, ...]]
    acts: Sequence[RecordAct[R]] = ()
    line: Words = str
    chooses: bool = True
    wraps: bool = False
    row_height: float = 40
    rows_seen: tuple[int, int] | None = None
    depends: Callable[[StationContext], object] | None = None
    is_long: bool = False
    reading: Words = str
    search: Callable[[R], Sequence[object]] | None = None
    search_for: Words = lambda: _("Search")
    detail: Callable[[Look, StationContext], Any] | None = None
    leads: Callable[[R], object] | None = None


def _document_if_printed(done: Mapping[str, Any]) -> Document:
    """Raise the printer's trouble if it has any."""
    if not done["printed"]:
        raise done["error"]
    return dict(done)


class RecordController(PageController[Sequence[R]]):
    """Reads the records, and does one act at a time; `acted` gives the act, its row and the result."""

    acted = Signal(object, object, object)

    def __init__(self, context: StationContext, spec: RecordPageSpec[R]) -> None:
        super().__init__(context, is_long=spec.is_long)
        self.spec = spec

    def _depends(self) -> object:
        return self.spec.depends(self.context) if self.spec.depends is not None else None

    def _reader(self) -> Callable[[], Sequence[R]]:
        return partial(self.spec.read, self.context.desk, self.context.ask())

    def do(self, act: RecordAct[R], row: R | None, *args: Any, **given: Any) -> None:
        """Call what an act calls, about a row or with what was typed."""
        if act.call is not None:
            work = partial(act.call, self.context.desk, self.context.ask(), *args, **given)
            self.start(act.verb, work, partial(self._emit_acted_and_refresh, act, row))
        elif act.prints is not None and row is not None and self.context.services.paper is not None:
            print_slip = self.context.services.paper.print_slip
            make = partial(act.prints, self.context.desk, self.context.clock(), *args)
            self.start(
                act.verb,
                lambda: _document_if_printed(print_slip(make())),
                partial(self._emit_acted_and_refresh, act, row),
                is_long=True,
            )

    def _emit_acted_and_refresh(self, act: RecordAct[R], row: R | None, document: Document) -> None:
        self.acted.emit(act, row, document)
        self.refresh(anew=True)
