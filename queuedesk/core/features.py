"""The features that a hall may use or leave out: what each adds, and whether a hall uses it; and their texts for the
catalogue.

The program starts with a list of them (`set_installed_features`); the core knows none and finds everything that a
feature adds through its register. A feature that is not installed, or whose folder is missing, is off in every hall."""

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


class FeatureManagerPage(Struct, frozen=True, kw_only=True):
    """A manager's page of a feature, by its key: "lost" in the side list, "quality/lost" as a section's tab; tabs have
    no icon. `page` is a reference, "features.lost_property.pages:LOST": a specification of records (RecordPageSpec of
    stations/manager/parts/records.py), or a function that makes the page from the manager's controller and a source of
    controllers that outlive the page (`ControllerCache` of stations/manager/pages.py). A form of a part of the set-up
    ("setup/cards") is made from the look alone; one that `is_whole`, a page in place of a form, also from the actions
    of the set-up (`SetUpController` of stations/manager/setup_frame/draft.py).

    A page follows the page or tab with the key `after`, else it is last; several after the same one are in the order of
    the features, and `first` puts one before the others. A page without a name has no tab: something else opens it.
    `offered` refers to a function that decides whether this person gets the page, from the same two arguments and a
    callback for changes. `for_readers`: also for people who may change nothing."""

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
    def key_in_section(self) -> str:
        """Its key within its section, or the side list."""
        return self.key.rpartition("/")[2]


class FeatureCounterMenuEntry(Struct, frozen=True, kw_only=True):
    """An entry of the counter's menu for clerks, while nobody is called or served. `open` refers to the function that
    opens it, "features.staff.pages.own_month:open_own_work": it gets the counter's questions
    (stations/counter/asking.py) and the one of `tabs` to show, "" for the usual one."""

    name: Wording
    open: str
    tabs: tuple[str, ...] = ()


class FeatureStation(Struct, frozen=True, kw_only=True):
    """A station of a feature, for staff or `for_customers`; the latter are also in HALL_SCREENS of core/talk/screen.py.
    `module` builds it, as for the core's stations (page_of of app/station/wiring.py). `title` is its window's; home
    shows it with `icon` and `about`, and a button with `opens`, which has the chosen `{window}`. `reach` refers to a
    function for its reading distance: it gets the window and the set-up, None where unknown, and returns a number's
    height and the canvas on which it is that high, in px."""

    module: str
    title: Wording
    about: Wording
    opens: Wording
    icon: str
    for_customers: bool = False
    reach: str = ""


class FeatureFrontDeskPart(Struct, frozen=True, kw_only=True):
    """A feature's part of the front desk: a card in the rail, and a stage opened by a line in the menu; `key` names the
    stage for pictures. `page` refers to a specification of records, "features.lost_property.pages:LOST", shown on the
    stage without a card. Otherwise `part` refers to the class that makes both,
    "features.appointments.pages.guide:AppointmentsPart": it gets the front desk's view (stations/guide/station.py,
    FrontDeskFeaturePart). `code` is the first word of the codes on its papers, `scanned` refers to the function that
    takes such a code, also where the hall does not use the feature: it gets the front desk's controller and the text,
    and returns whether the code is one of this hall's."""

    key: str
    name: Wording
    page: str = ""
    part: str = ""
    code: str = ""
    scanned: str = ""


class FeatureLobbyBoardPart(Struct, frozen=True, kw_only=True):
    """A feature's part of the lobby board, with its key in the head. `part` refers to the class that makes it,
    "features.cards.pages.board:CardsBoardPanel", a `FeatureBoardPanel` of stations/acts/feature_lines.py: it gets the
    page and its context."""

    name: Wording
    icon: str
    part: str


class Feature(Struct, frozen=True, kw_only=True):
    """A feature's texts and everything it adds.

    `about` says what a person does with it, `where` at which stations it shows. It is off where one that it `needs` is.
    `usual`: halls that never chose use it; False for features added after halls could choose. `stays`: every hall had
    it before it became a choice, so choices don't name it; it is off only where a choice says so (LEFT_OUT).
    `of_halls`: halls choose it; False for a feature without texts that is on in every hall where its folder exists.

    `pages` are keys of the core's manager pages that only it needs: "people" of the side list, "setup/partners" of the
    set-up. `commands` are the command line's, by module, each with its line in the help (a station's is in
    cli.stations). `rules` are keys of the hall's rules, `figures` what reports show only for it: paths in the document
    of figures, or keys of its quality.

    The rest are references into its own folder ("features.forums.pages:MONTH"), loaded when first used:

    - `log`: the content and effects of its events (core/log/apply.py; it is then in IN_LOG of queuedesk.features too);
      `words` of its events, refusals and verbs (i18n/names.py).
    - `pages_at`: pages of the manager; `own_at`: entries of the counter's menu; `front_desk`: its part of the front
      desk; `stations`, by their names on the command line and in the log (also in WITH_STATION of queuedesk.features).
    - `line`: a notice above the pages of counter, front desk and manager, in place of all others of its rank
      (stations/acts/feature_lines.py); `board`: its part of the lobby board; `talk`: its messages and alerts among all
      others, and entries of the menu (stations/talk.py).
    - `menu`: makes `MenuEntry` lines for the menu of every staff station, the last feature's first, from the window and
      its context. `small`: what the counter's window shrinks to (stations/counter/controller.py).
    - `before_opening`: asks a clerk whose window may not open yet, from the host, the context, the person, the window,
      the function that opens it with a reason, and what stays.
    - `month`: lists what its figures of quality count, by figure (stations/manager/quality/month_rows.py). `behind`:
      finds the rows behind its own figures, by the first part of their paths (core/figures/drilldown.py), also in
      halls that do not use it, because a case may cite one.
    - `report`: its lines of a day's report (reports/figures/period.py). `kept`: makes the reports that are kept
      automatically, by their period (reports/kept.py). `report_files`: makes a period's report as a file, by
      its ending, from a `PeriodReport` of reports/figures/period.py and the language; returns the bytes.
    - `moved`: a sentence on how much of its own another calendar would move, "" for nothing, from the hall's state, the
      set-up with that calendar, and the dates.
    - `demo`: its part of the demo hall (a FeatureDemoPart of sim/demand.py). `trial`: runs the whole hall in one
      window, from what `app` gives (`MultiStationWindowServices` of stations/window/shell.py); returns the exit status.
    - `adds`: adds to a core command, by that command: subcommands (`CommandGroup` of cli/command_table.py); checks to
      "doctor", from the job; a page of home to "join", buttons above the hall's PCs to "host" (features/rollout); what
      the buttons below a part's rows do to "setup" (features/why_come). To "newer": the page of home where only a
      newer program reads the hall.
    - `before_ticket`: asks at the front desk before a ticket is issued, from the draft's controller
      (stations/guide/drafting.py); returns whether it asks, and has the ticket issued then.
    - `correcting`: asks the manager what to correct in a ticket, from its story
      (stations/manager/today/day_acts.py).
    - `ticket_code`: makes the code on a ticket's slip, a `TicketCodeTextAndAdvice` of printing/qr.py, or None for the
      plain one, from the desk, the set-up and the ticket. `scanned_link`: returns the date and number of the ticket
      that such a code stands for, None for any other text, from the desk, the text and the time; also where the hall
      does not use the feature any more.
    - `proves`, of one with a `log`: returns who signs in with a password of somewhere else, as
      `ExternalPasswordChecker` by staff code (desk/queue/opening.py), from a transaction, the desk and the
      set-up.
    - `chores`: run every minute with a desk and an ask, also in halls that do not use it, as work may be
      pending. `at_start`: runs before the command line (AT_START of queuedesk.features)."""

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
    pages_at: tuple[FeatureManagerPage, ...] = ()
    month: str = ""
    behind: Mapping[str, str] = {}
    own_at: tuple[FeatureCounterMenuEntry, ...] = ()
    stations: Mapping[str, FeatureStation] = {}
    front_desk: FeatureFrontDeskPart | None = None
    line: str = ""
    board: FeatureLobbyBoardPart | None = None
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
    before_ticket: str = ""
    correcting: str = ""
    ticket_code: str = ""
    scanned_link: str = ""
    proves: str = ""
    chores: tuple[str, ...] = ()
    at_start: str = ""


class HallFeatureChoice(Protocol):
    """The hall of a set-up, with the names of the features that were chosen; None if it never chose."""

    @property
    def features(self) -> tuple[str, ...] | None: ...


LEFT_OUT = "-"
"""Prefix of the name of a feature that `stays`, in the choice of a hall without it."""

_FOLDER = "queuedesk.features"
_installed_names: list[str] = []


def set_installed_features(names: Sequence[str]) -> None:
    """Set the installed features, packages of queuedesk.features, in the order in which people see them."""
    _installed_names[:] = names
    feature_by_name.cache_clear()
    feature_owning_page.cache_clear()
    feature_name_owning_command.cache_clear()
    feature_owning_rule.cache_clear()


def choosable_feature_names() -> tuple[str, ...]:
    return tuple(choice.name for choice in choosable_features())


@cache
def feature_by_name(name: str) -> Feature | None:
    """Return a feature by its name, None if it is not installed or its folder is missing."""
    return _load_feature_or_none(name) if name in _installed_names else None


def _load_feature_or_none(name: str) -> Feature | None:
    module = f"{_FOLDER}.{name}"
    try:
        # A folder whose files were deleted may still hold compiled ones: Python imports it as an empty package.
        registered: Feature | None = getattr(import_module(module), "FEATURE", None)
    except ModuleNotFoundError as error:
        if not module.startswith(error.name or " "):
            raise
        return None
    return registered


def list_in_features_package(name: str) -> tuple[str, ...]:
    """Return a list of the package of features, such as FEATURES; empty if the package is missing."""
    try:
        entries = tuple(getattr(import_module(_FOLDER), name, ()))
    except ModuleNotFoundError as error:
        if error.name != _FOLDER:
            raise
        return ()
    return entries


def features_with_events() -> tuple[Feature, ...]:
    """Return the features that have events, installed or not, because the log is also read without a program."""
    return tuple(
        registered
        for registered in map(_load_feature_or_none, list_in_features_package("IN_LOG"))
        if registered is not None
    )


def feature_stations_by_name() -> Mapping[str, FeatureStation]:
    """Return the stations of features by their names; no other register is loaded for them."""
    owners = map(feature_by_name, dict.fromkeys(map(feature_owning_station, list_in_features_package("WITH_STATION"))))
    return {name: station for owner in owners if owner is not None for name, station in owner.stations.items()}


def feature_owning_station(name: str) -> str:
    """Return the feature that adds a station, even if its folder is missing; "" for the core's."""
    return str(import_module(_FOLDER).WITH_STATION[name]) if name in list_in_features_package("WITH_STATION") else ""


def has_station(hall: HallFeatureChoice, name: str) -> bool:
    """Return whether a hall has a station; the core's always."""
    owner = feature_owning_station(name)
    return not owner or is_feature_used_by_hall(hall, owner)


def installed_features() -> tuple[Feature, ...]:
    return tuple(installed for installed in map(feature_by_name, _installed_names) if installed is not None)


def choosable_features() -> tuple[Feature, ...]:
    return tuple(choice for choice in installed_features() if choice.of_halls)


def is_feature_used_by_hall(hall: HallFeatureChoice, name: str) -> bool:
    registered = feature_by_name(name)
    if registered is None or not registered.of_halls:
        return registered is not None
    chosen = registered.usual if hall.features is None or registered.stays else name in hall.features
    return (
        chosen
        and not has_opted_out_of(hall, name)
        and all(is_feature_used_by_hall(hall, needed) for needed in registered.needs)
    )


def has_opted_out_of(hall: HallFeatureChoice, name: str) -> bool:
    """Return whether a hall chose to do without a feature that `stays`, installed or not."""
    return f"{LEFT_OUT}{name}" in (hall.features or ())


def features_used_by_hall(hall: HallFeatureChoice) -> tuple[Feature, ...]:
    return tuple(candidate for candidate in installed_features() if is_feature_used_by_hall(hall, candidate.name))


def _unused_features(hall: HallFeatureChoice) -> list[Feature]:
    return [candidate for candidate in installed_features() if not is_feature_used_by_hall(hall, candidate.name)]


def rules_of_unused_features(hall: HallFeatureChoice) -> frozenset[str]:
    return frozenset(key for unused in _unused_features(hall) for key in unused.rules)


def figures_of_unused_features(hall: HallFeatureChoice) -> frozenset[str]:
    return frozenset(key for unused in _unused_features(hall) for key in unused.figures)


def automatic_report_makers(hall: HallFeatureChoice) -> Mapping[str, str]:
    """Return the makers of automatically kept reports of the features that a hall uses, by period."""
    return {period: paper for owner in features_used_by_hall(hall) for period, paper in owner.kept.items()}


def report_file_makers() -> Mapping[str, str]:
    """Return the features' makers of a period's report as a file, by ending."""
    return {ending: make for owner in installed_features() for ending, make in owner.report_files.items()}


def references_of_command_additions(command: str) -> tuple[str, ...]:
    """Return the references of what is added to a command of the core."""
    return tuple(owner.adds[command] for owner in installed_features() if command in owner.adds)


def figure_row_finder(group: str) -> Any:
    """Return the function that finds the rows behind a feature's figures in `group`; None without one."""
    references = (owner.behind[group] for owner in installed_features() if group in owner.behind)
    return next(map(import_reference, references), None)


def feature_lobby_board_parts() -> tuple[tuple[str, FeatureLobbyBoardPart], ...]:
    """Return the features' parts of the lobby board, with the features' names."""
    return tuple((owner.name, owner.board) for owner in installed_features() if owner.board is not None)


def feature_chores() -> tuple[str, ...]:
    """Return the features' chores, which run every minute."""
    return tuple(chore for owner in installed_features() for chore in owner.chores)


def correction_question_reference() -> str:
    """Return the reference of the question what to correct in a ticket, "" without one."""
    return next((owner.correcting for owner in installed_features() if owner.correcting), "")


def features_needing(name: str) -> tuple[str, ...]:
    """Return the features that need this one, and are switched off with it."""
    return tuple(other.name for other in installed_features() if name in other.needs)


def feature_names_chosen_by_hall(hall: HallFeatureChoice) -> tuple[str, ...]:
    """Return the names that a hall has chosen; for one that never chose, those it uses."""
    if hall.features is None:
        return tuple(name for name in choosable_feature_names() if is_feature_used_by_hall(hall, name))
    staying = [
        choice.name for choice in choosable_features() if choice.stays and is_feature_used_by_hall(hall, choice.name)
    ]
    return tuple(dict.fromkeys((*staying, *(name for name in hall.features if not _is_opt_out_entry(name)))))


def chosen_but_missing_features(hall: HallFeatureChoice) -> tuple[str, ...]:
    """Return the names that a hall has chosen and this program does not have."""
    return tuple(
        name for name in hall.features or () if feature_by_name(name) is None and not name.startswith(LEFT_OUT)
    )


def _is_opt_out_entry(name: str) -> bool:
    return name.startswith(LEFT_OUT) and feature_by_name(name.removeprefix(LEFT_OUT)) is not None


def feature_choice_after_switch(
    hall: HallFeatureChoice, on: Sequence[str] = (), off: Sequence[str] = ()
) -> tuple[str, ...]:
    """Return the choice of a hall with features `off` and those that need them, then others `on` with those that they
    need; unknown names and those left out are last."""
    before = feature_names_chosen_by_hall(hall)
    after = (set(before) - _transitive_closure(off, features_needing)) | _transitive_closure(on, _features_needed_by)
    in_order = [name for name in dict.fromkeys((*choosable_feature_names(), *before)) if name in after]
    return (
        *in_order,
        *(f"{LEFT_OUT}{choice.name}" for choice in choosable_features() if choice.stays and choice.name not in after),
    )


def feature_choice_for_new_hall(on: Sequence[str]) -> tuple[str, ...]:
    """Return a new hall's choice with these features and those they need. Raises RuleError "unknown_feature"."""
    for name in on:
        if name not in choosable_feature_names():
            raise RuleError("unknown_feature", feature=name, known=list(choosable_feature_names()))
    needed = _transitive_closure(on, _features_needed_by)
    return tuple(name for name in choosable_feature_names() if name in needed)


def _features_needed_by(name: str) -> tuple[str, ...]:
    registered = feature_by_name(name)
    return () if registered is None else registered.needs


def _transitive_closure(first: Sequence[str], follow: Callable[[str], Sequence[str]]) -> set[str]:
    """Return names with all that follow from them."""
    reached: set[str] = set()
    left = list(first)
    while left:
        name = left.pop()
        if name not in reached:
            reached.add(name)
            left += follow(name)
    return reached


@cache
def feature_owning_page(key: str) -> str:
    return next((owner.name for owner in installed_features() if key in manager_page_keys_of_feature(owner)), "")


@cache
def feature_name_owning_command(name: str) -> str:
    return next(
        (owner.name for owner in installed_features() if any(name in texts for texts in owner.commands.values())), ""
    )


@cache
def feature_owning_rule(key: str) -> str:
    return next((owner.name for owner in installed_features() if key in owner.rules), "")


def manager_page_keys_of_feature(owner: Feature) -> tuple[str, ...]:
    """Return the keys of a feature's manager pages: the core's that it needs, and its own."""
    return (*owner.pages, *(at.key for at in owner.pages_at))


def has_hall_manager_page(hall: HallFeatureChoice, key: str) -> bool:
    """Return whether a hall has a page; the core's always."""
    owner = feature_owning_page(key)
    return not owner or is_feature_used_by_hall(hall, owner)


def pages_in(section: str) -> tuple[FeatureManagerPage, ...]:
    """Return the pages that features add to a section of the manager's, or to the side list ("")."""
    return tuple(at for owner in installed_features() for at in owner.pages_at if at.key.rpartition("/")[0] == section)


def import_reference(reference: str) -> Any:
    """Import what a reference such as "features.forums.pages:MONTH" names, below queuedesk."""
    module, _colon, name = reference.partition(":")
    return getattr(import_module(f"queuedesk.{module}"), name)
