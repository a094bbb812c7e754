"""The features that a hall may use or leave out: what each adds, and whether a hall uses it; and the texts that they
add to the catalogue.

The program starts with a list of them (`install`); the core knows none by itself and finds everything that a feature
adds through its register. A feature that is not installed is off in every hall, and so is one whose folder is not
there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from importlib import import_module
from typing import Any, NamedTuple, Protocol

from msgspec import Struct

from queuedesk.core.errors import RuleError


class Wording(NamedTuple):
    """An English text of the catalogue with its context, found in the source by scripts/build_texts.py."""

    text: str
    context: str = ""


NO_WORDS = Wording("")


class PageAt(Struct, frozen=True, kw_only=True):
    """A page of the manager's that a feature brings along, by its key: "lost" in the side list, "quality/lost" as a
    section's tab; a tab shows no icon.

    `page` names what it is, "features.lost_property.pages:LOST": a specification of records (RecordSpec of
    stations/manager/parts/records.py), or a function that makes the page of the manager's controller and what gives
    controllers that outlive the page (`Controllers` of stations/manager/pages.py); what makes the form of a part of the
    set-up ("setup/cards") gets the look alone, and with what acts for the set-up (`SetUpController` of
    stations/manager/setup_frame/set_up_controller.py) where it `is_whole`, a page in place of a form. A page stands
    behind the page or tab with the key `after`, behind all where there is none, several behind the same in the order of
    the features; `first` before all others, those behind the same page. One without a name has no tab: something else
    opens it. `offered` names what is asked whether there is such a page for the person here: it gets those two and what
    to call when that changes. `for_readers`: those see it too who change nothing.
    """

    key: str
    name: Wording = NO_WORDS
    page: str
    icon: str = ""
    after: str = ""
    first: bool = False
    offered: str = ""
    for_readers: bool = False
    is_whole: bool = False

    @property
    def own_key(self) -> str:
        """Its key within its section, or the side list."""
        return self.key.rpartition("/")[2]


class OwnAt(Struct, frozen=True, kw_only=True):
    """What a clerk opens from the counter's menu while nobody is called or served.

    `open` names the function that opens it, "features.staff.pages.own_month:open_own": it gets the counter's questions
    (stations/counter/asking.py) and which of `tabs` to show, "" for the usual one.
    """

    name: Wording
    open: str
    tabs: tuple[str, ...] = ()


class StationAt(Struct, frozen=True, kw_only=True):
    """A station of its own, for staff or `for_customers`; one for customers stands in HALL_SCREENS of
    core/talk/screen.py too.

    `module` has what the program builds it from, as the core's stations have it (page_of of app/station/wiring.py).
    `title` is what its window is called, home shows it with an `icon` and what it is for, `about`, and `opens` is on
    the button there, with the `{window}` that was chosen. `reach` names what tells from how far its numbers can be
    read: it gets the window and the set-up, None where that is not known, and returns a number's height and the canvas
    on which it is that high, in px.
    """

    module: str
    title: Wording
    about: Wording
    opens: Wording
    icon: str
    for_customers: bool = False
    reach: str = ""


class AtFrontDesk(Struct, frozen=True, kw_only=True):
    """What a feature has at the front desk: a card in the rail, and a stage that a line in the menu opens; `key` names
    the stage for pictures.

    `page` names a specification of records, "features.lost_property.pages:LOST", which stands on the stage as it
    is, without a card. Else `part` names the class that makes both,
    "features.appointments.pages.guide:AppointmentsPart": it gets the front desk's view (stations/guide/station.py,
    AddedPart). `code` is the first word of the codes on its papers, and `scanned` names what takes such a code,
    also where the hall does not use the feature: it gets the front desk's controller and the text, and returns
    whether the code is one of this hall's.
    """

    key: str
    name: Wording
    page: str = ""
    part: str = ""
    code: str = ""
    scanned: str = ""


class BoardAt(Struct, frozen=True, kw_only=True):
    """What the lobby board shows of a feature, with its key in the head.

    `part` names the class that makes it, "features.cards.pages.board:CardsOnBoard", a `BoardPart` of
    stations/acts/feature_lines.py: it gets the page and its context.
    """

    name: Wording
    icon: str
    part: str


class Feature(Struct, frozen=True, kw_only=True):
    """What a feature is called and what it adds.

    `about` says what a person does with it, `where` at which stations it shows. It is off where one that it `needs` is.
    `usual`: halls that never chose use it; False for what came after halls could choose. `stays`: every hall had it
    when halls could choose of other things already, so their choices don't name it; it is off only where a choice says
    so (LEFT_OUT). `of_halls`: halls choose it; False for what is there for every hall, and for none, wherever its
    folder is: it says nothing of itself.

    `pages` are those of the core's pages of the manager's that only it needs, by their keys: "people" of the side list,
    "setup/partners" of the set-up. `commands` are the command line's, by module, each with its line in the help (that
    of a station in cli.stations). `rules` are keys of the hall's rules, `figures` what reports show only for it:
    paths in the document of figures, or keys of its quality.

    What it brings along from its own folder is named by references ("features.forums.pages:MONTH"), which are loaded
    when first used: `log`, what its events hold and leave behind (core/log/apply.py; it then stands in IN_LOG of
    queuedesk.features too); `words` of its events, refusals and verbs (i18n/names.py); `pages_at`, pages of the
    manager; `own_at`, what the counter's menu opens; `stations`, by the names that they have on the command line and in
    the log (which then stand in WITH_STATION of queuedesk.features too); `front_desk`, what stands at the front desk;
    `line`, what tells something over the pages of counter, front desk and manager (stations/acts/feature_lines.py);
    `board`, what the lobby board shows; `talk`, what a person is told among the messages and finds in the menu
    (stations/talk/talking.py); `menu`, what gives lines of the menu of every station of staff for the person there
    (`MenuEntry`), the last feature's first: it gets the window and its context; `before_opening`, what asks a clerk
    whose window may not open yet: it gets the host, the context, the person, the window, what opens it with a reason,
    and what stays; `small`, what the counter's window shrinks to (stations/counter/controller.py); `month`, what lists
    what its figures of quality count, by figure (stations/manager/quality/month_rows.py); `behind`, what finds the rows
    behind its own figures, by the first part of their paths (core/figures/drilldown/find.py), whether or not the hall
    uses it: a case may cite one; `report`, what gives its lines of a day's report (reports/figures/period.py); `moved`,
    what says how much of its own another calendar would move, "" for nothing: it gets the hall's state, the set-up with
    that calendar, and the dates; `demo`, its part of the demo's hall (a DemoPart of sim/demand.py); `trial`, what tries
    the whole hall in one window: it gets what `app` gives (`OneWindow` of stations/window/shell.py) and returns the
    exit status; `kept`, what makes the reports that are kept by themselves, by their period (reports/kept/due.py);
    `report_files`, what makes the report of a period as a file, by its ending: it gets what was read (`PeriodRead` of
    reports/figures/period.py) and the language, and returns the bytes; `adds`, what adds commands to one of the core's
    that has some of its own (`Commands` of cli/command_table.py), by that command; `correcting`, what asks the manager
    what to correct in a ticket, from its story (stations/manager/today/day_acts.py); `chores`, what is done every
    minute with a desk and an ask, whether or not the hall uses it: something may be waiting.
    """

    name: str
    title: Wording = NO_WORDS
    about: Wording = NO_WORDS
    where: Wording = NO_WORDS
    of_halls: bool = True
    needs: tuple[str, ...] = ()
    usual: bool = True
    stays: bool = False
    pages: tuple[str, ...] = ()
    commands: Mapping[str, Mapping[str, Wording]] = {}
    rules: tuple[str, ...] = ()
    figures: tuple[str, ...] = ()
    log: str = ""
    words: str = ""
    pages_at: tuple[PageAt, ...] = ()
    month: str = ""
    behind: Mapping[str, str] = {}
    own_at: tuple[OwnAt, ...] = ()
    stations: Mapping[str, StationAt] = {}
    front_desk: AtFrontDesk | None = None
    line: str = ""
    board: BoardAt | None = None
    talk: str = ""
    menu: str = ""
    small: str = ""
    before_opening: str = ""
    report: str = ""
    moved: str = ""
    demo: str = ""
    trial: str = ""
    kept: Mapping[str, str] = {}
    report_files: Mapping[str, str] = {}
    adds: Mapping[str, str] = {}
    correcting: str = ""
    chores: tuple[str, ...] = ()


class Chosen(Protocol):
    """The hall of a set-up, with the names of the features that were chosen; None where nobody chose yet."""

    @property
    def features(self) -> tuple[str, ...] | None: ...


LEFT_OUT = "-"
"""What stands before the name of a feature that `stays` in the choice of a hall that does without it."""

_FOLDER = "queuedesk.features"
_installed: list[str] = []


def install(names: Sequence[str]) -> None:
    """Say which features there are, in the order in which a person sees them: packages of queuedesk.features."""
    _installed[:] = names
    feature.cache_clear()
    owner_of_page.cache_clear()
    owner_of_command.cache_clear()
    owner_of_rule.cache_clear()


def names() -> tuple[str, ...]:
    """Return the names of what halls choose of, in order."""
    return tuple(choice.name for choice in choices())


@cache
def feature(name: str) -> Feature | None:
    """Return a feature by its name, None if it is not installed or its folder is not there."""
    return _register(name) if name in _installed else None


def _register(name: str) -> Feature | None:
    module = f"{_FOLDER}.{name}.register"
    try:
        found: Feature = import_module(module).FEATURE
    except ModuleNotFoundError as error:
        if not module.startswith(error.name or " "):
            raise
        return None
    return found


def listed(name: str) -> tuple[str, ...]:
    """Return a list of the package of features, such as FEATURES; an empty one where the package is not there."""
    try:
        found = tuple(getattr(import_module(_FOLDER), name, ()))
    except ModuleNotFoundError as error:
        if error.name != _FOLDER:
            raise
        return ()
    return found


def in_log() -> tuple[Feature, ...]:
    """Return the features that leave something in the log, whether or not anything is installed: it is read by who
    starts no program too."""
    return tuple(one for one in map(_register, listed("IN_LOG")) if one is not None)


def added_stations() -> Mapping[str, StationAt]:
    """Return the stations that features bring along, by their names; no other register is loaded for them."""
    found = map(feature, dict.fromkeys(map(owner_of_station, listed("WITH_STATION"))))
    return {name: at for one in found if one is not None for name, at in one.stations.items()}


def owner_of_station(name: str) -> str:
    """Return the feature that brings a station along, whether or not its folder is there, "" for the core's."""
    return str(import_module(_FOLDER).WITH_STATION[name]) if name in listed("WITH_STATION") else ""


def has_station(hall: Chosen, name: str) -> bool:
    """Return whether a hall has a station: one of the core always."""
    owner = owner_of_station(name)
    return not owner or uses(hall, owner)


def features() -> tuple[Feature, ...]:
    """Return every feature, in order."""
    return tuple(one for one in map(feature, _installed) if one is not None)


def choices() -> tuple[Feature, ...]:
    """Return the features that halls choose of, in order."""
    return tuple(one for one in features() if one.of_halls)


def uses(hall: Chosen, name: str) -> bool:
    """Return whether a hall uses a feature."""
    one = feature(name)
    if one is None or not one.of_halls:
        return one is not None
    chosen = one.usual if hall.features is None or one.stays else name in hall.features
    return chosen and not leaves_out(hall, name) and all(uses(hall, needed) for needed in one.needs)


def leaves_out(hall: Chosen, name: str) -> bool:
    """Return whether a hall chose to do without a feature that `stays`, whether or not this program has it."""
    return f"{LEFT_OUT}{name}" in (hall.features or ())


def used(hall: Chosen) -> tuple[Feature, ...]:
    """Return the features that a hall uses, in order."""
    return tuple(one for one in features() if uses(hall, one.name))


def unused_rules(hall: Chosen) -> frozenset[str]:
    """Return the keys of the hall's rules that only what it does not use asks for."""
    return frozenset(key for one in features() if not uses(hall, one.name) for key in one.rules)


def unused_figures(hall: Chosen) -> frozenset[str]:
    """Return the figures of quality that only what it does not use counts."""
    return frozenset(key for one in features() if not uses(hall, one.name) for key in one.figures)


def kept_papers(hall: Chosen) -> Mapping[str, str]:
    """Return what makes the reports that what a hall uses keeps by itself, by their period."""
    return {period: paper for one in used(hall) for period, paper in one.kept.items()}


def report_files() -> Mapping[str, str]:
    """Return what makes the report of a period as a file that features add, by its ending."""
    return {ending: make for one in features() for ending, make in one.report_files.items()}


def adding_to(command: str) -> tuple[str, ...]:
    """Return what adds commands of features to one of the core's."""
    return tuple(one.adds[command] for one in features() if command in one.adds)


def behind_figures(group: str) -> Any:
    """Return what finds the rows behind a feature's own figures whose paths begin so; None where there are none."""
    named = (one.behind[group] for one in features() if group in one.behind)
    return next(map(load, named), None)


def boards() -> tuple[tuple[str, BoardAt], ...]:
    """Return what the lobby board may show of features, with their names."""
    return tuple((one.name, one.board) for one in features() if one.board is not None)


def chores() -> tuple[str, ...]:
    """Return what features have done every minute."""
    return tuple(chore for one in features() for chore in one.chores)


def correcting() -> str:
    """Return what asks what to correct in a ticket, "" where nothing does."""
    return next((one.correcting for one in features() if one.correcting), "")


def needing(name: str) -> tuple[str, ...]:
    """Return the features that need this one, whose switch goes with it."""
    return tuple(one.name for one in features() if name in one.needs)


def chosen(hall: Chosen) -> tuple[str, ...]:
    """Return the names that a hall has chosen; one that never chose begins with what it uses."""
    if hall.features is None:
        return tuple(name for name in names() if uses(hall, name))
    staying = [choice.name for choice in choices() if choice.stays and uses(hall, choice.name)]
    return tuple(dict.fromkeys((*staying, *(name for name in hall.features if not _leaves_out(name)))))


def away(hall: Chosen) -> tuple[str, ...]:
    """Return the names that a hall has chosen in a program that has more features."""
    return tuple(name for name in hall.features or () if feature(name) is None and not name.startswith(LEFT_OUT))


def _leaves_out(name: str) -> bool:
    """Whether a name of a choice leaves out a feature of this program."""
    return name.startswith(LEFT_OUT) and feature(name.removeprefix(LEFT_OUT)) is not None


def switched(hall: Chosen, on: Sequence[str] = (), off: Sequence[str] = ()) -> tuple[str, ...]:
    """Return the choice of a hall once features are off, with those that need them, then others on, with those that
    they need; names that this program does not have, and what is left out, stand last."""
    before = chosen(hall)
    after = (set(before) - _with(off, needing)) | _with(on, _needs)
    kept = [name for name in dict.fromkeys((*names(), *before)) if name in after]
    return (*kept, *(f"{LEFT_OUT}{choice.name}" for choice in choices() if choice.stays and choice.name not in after))


def begun_with(on: Sequence[str]) -> tuple[str, ...]:
    """Return what a hall has chosen that begins with these and what they need. Raises RuleError "unknown_feature"."""
    for name in on:
        if name not in names():
            raise RuleError("unknown_feature", feature=name, known=list(names()))
    wanted = _with(on, _needs)
    return tuple(name for name in names() if name in wanted)


def _needs(name: str) -> tuple[str, ...]:
    one = feature(name)
    return () if one is None else one.needs


def _with(first: Sequence[str], follow: Callable[[str], Sequence[str]]) -> set[str]:
    """Return names with all that follow from them."""
    found: set[str] = set()
    left = list(first)
    while left:
        name = left.pop()
        if name not in found:
            found.add(name)
            left += follow(name)
    return found


@cache
def owner_of_page(key: str) -> str:
    """Return the feature that a page belongs to, "" for the core's."""
    return next((one.name for one in features() if key in page_keys(one)), "")


@cache
def owner_of_command(name: str) -> str:
    """Return the feature that adds a command, "" for the core's."""
    return next((one.name for one in features() if any(name in texts for texts in one.commands.values())), "")


@cache
def owner_of_rule(key: str) -> str:
    """Return the feature that a rule belongs to, "" for the core's."""
    return next((one.name for one in features() if key in one.rules), "")


def page_keys(one: Feature) -> tuple[str, ...]:
    """Return the manager's pages of a feature by their keys: the core's, and those that it makes itself."""
    return (*one.pages, *(at.key for at in one.pages_at))


def shows_page(hall: Chosen, key: str) -> bool:
    """Return whether a hall has a page: the core's always."""
    owner = owner_of_page(key)
    return not owner or uses(hall, owner)


def pages_in(section: str) -> tuple[PageAt, ...]:
    """Return the pages that features add to a section of the manager's, or to the side list ("")."""
    return tuple(at for one in features() for at in one.pages_at if at.key.rpartition("/")[0] == section)


def load(reference: str) -> Any:
    """Return what "features.forums.pages:MONTH" names, below queuedesk."""
    module, _colon, name = reference.partition(":")
    return getattr(import_module(f"queuedesk.{module}"), name)
