"""The front desk: its page chooses stage and rail and where presses and keys lead; features add record pages."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from queuedesk.core import features
from queuedesk.core.errors import QueueDeskError
from queuedesk.core.log.event import Event
from queuedesk.core.log.state import HallState
from queuedesk.core.queue.overview import service_lines, set_up
from queuedesk.i18n import _, error_sentence, n_, wording_in_current_language
from queuedesk.stations.acts.printer_choice import PrinterChooser
from queuedesk.stations.guide import front_stage, head_and_rail, papers_stage, texts
from queuedesk.stations.guide.controller import GuideController, Slip
from queuedesk.stations.guide.drafting import TicketDraftController
from queuedesk.stations.guide.ticket_stage import (
    FrontDeskTicketActions,
    NumberOrPapersToReadOutStage,
    TicketStage,
    UnprintedSlipPresenter,
)
from queuedesk.stations.talk import HELP_KEY, MESSAGE_KEY, TalkPresenter
from queuedesk.stations.widgets.panels import Panel
from queuedesk.stations.widgets.questions.scanner import CodeScannerListener
from queuedesk.stations.window.context import StationContext
from queuedesk.stations.window.frame import MenuEntry, StationPage

if TYPE_CHECKING:
    from queuedesk.stations.manager.parts.records import RecordStage


class FrontDeskHost(Protocol):
    """What it needs of the front desk's view."""

    context: StationContext
    acts: Any

    @property
    def is_hall_away(self) -> bool: ...
    def add_feature_stage(self, stage: RecordStage) -> RecordStage: ...
    def show_stage(self, stage: QWidget) -> None: ...
    def show_tiles_and_reset(self) -> None: ...
    def go_back(self) -> None: ...
    def now(self) -> datetime: ...


class FrontDeskFeatureRecordPage:
    """What the front desk has of a feature that is a page of records: no card in the rail, and the page on a stage.
    `page` is the reference of its specification, loaded when the page is first opened."""

    card = None

    def __init__(self, view: FrontDeskHost, feature: str, page: str) -> None:
        self._view, self._feature, self._page = view, feature, page

    @cached_property
    def record_stage(self) -> RecordStage:
        # A start waits for no page.
        from queuedesk.stations.manager.parts.records import RecordPage, RecordStage

        view = self._view
        page = RecordPage(view.context, features.import_reference(self._page))
        stage = view.add_feature_stage(RecordStage(page))
        page.said.connect(view.acts.say_in_toast)
        stage.back_button.clicked.connect(view.go_back)
        self.set_hall_away(view.is_hall_away)
        return stage

    def open_stage(self) -> None:
        self.record_stage.page.refresh(self._view.now())
        self._view.show_stage(self.record_stage)

    def refresh(self) -> None:
        """Refresh the visible stage; close it if the hall no longer uses the feature and no question is open."""
        if "record_stage" not in vars(self) or not self.record_stage.isVisible():
            return
        if (
            features.is_feature_used_by_hall(self._view.context.feed.setup.hall, self._feature)
            or self.record_stage.page.dialog is not None
        ):
            self.record_stage.page.refresh(self._view.now())
        else:
            self._view.show_tiles_and_reset()

    def is_own_stage(self, stage: QWidget | None) -> bool:
        return "record_stage" in vars(self) and self.record_stage is stage

    def set_hall_away(self, away: bool) -> None:
        for button in self.record_stage.page.hall_acts if "record_stage" in vars(self) else ():
            button.set_disabled_while_away(away)


def front_desk_menu_entries(
    find: Callable[[], None],
    added: Sequence[tuple[str, Callable[[], None]]],
    undo: Callable[[], None],
    print_quiet: Callable[[], None] | None,
    talking: TalkPresenter,
    *,
    enabled: bool,
) -> list[MenuEntry]:
    """Return the menu entries; only looking is possible while the hall's file is away."""
    return [
        MenuEntry(_("Find a ticket"), find, enabled=enabled),
        *(MenuEntry(name, open_it, enabled=enabled) for name, open_it in added),
        MenuEntry(_("Undo last"), undo, "Ctrl+Z", enabled=enabled),
        *([MenuEntry(_("Print quiet times"), print_quiet, enabled=enabled)] if print_quiet is not None else []),
        MenuEntry(_("Message", context="talk"), talking.open_message_dialog, MESSAGE_KEY, enabled=enabled),
        MenuEntry(_("Call for help"), talking.open_help_dialog, HELP_KEY, enabled=enabled),
        *talking.customer_menu_entries(),
        *talking.own_menu_entries(),
    ]


# -- the page ------------------------------------------------------------------------------------------------------


class FrontDeskFeaturePart(Protocol):
    """What a feature has here: a card that stands in the rail, if any, and a stage that open_stage() shows. It is made
    when the hall first uses it, and shows nothing once it no longer does. One that has a false `is_offered` is not in
    the menu."""

    @property
    def card(self) -> head_and_rail.UrgentPeopleCard | None: ...
    def open_stage(self) -> None: ...
    def refresh(self) -> None: ...
    def is_own_stage(self, stage: QWidget | None) -> bool: ...
    def set_hall_away(self, away: bool) -> None: ...


RAIL_WIDTH, RAIL_SHARE = 416, 0.36
REFRESH_S = 5
SEEK_PRINTER_EVERY = timedelta(minutes=1)
P = TypeVar("P", bound=QWidget)
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class GuideView(StationPage):
    """Four stages on the left (front, papers, a ticket or the whole line, a number to note), a rail on the right."""

    def __init__(self, context: StationContext, controller: GuideController, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        look = context.look
        self.controller = controller
        controller.setParent(self)
        self._away_since: datetime | None = None
        self._shown_at: datetime | None = None
        self._last_document: dict[str, object] = {}
        self._told_to_fetch: set[int | str] = set()
        self.added: dict[str, FrontDeskFeaturePart] = {}
        self.head = head_and_rail.GuideTopBar(look, self.messages)
        self.stage, self.rail = QStackedWidget(), QStackedWidget()
        self.front = self._add_widget_to_stack(self.stage, front_stage.ServiceChoiceStage(look))
        self.hall_rail = self._add_widget_to_stack(self.rail, head_and_rail.FrontDeskSideRail(look))
        self._lay_out_page()
        self.acts = FrontDeskTicketActions(self, controller)
        self.talk = head_and_rail.FrontDeskMessaging(self, self.head, self.hall_rail.cases, self.acts.say_in_toast)
        self.scanner = CodeScannerListener(self)
        self.scanner.scanned.connect(self._on_code_scanned)
        self.unprinted = UnprintedSlipPresenter(lambda: self.read_out_stage, controller, self.acts.say_in_toast, self)
        self.printer_choice = PrinterChooser(self, context)
        self._connect_signals()
        self._set_hall_away_since(context.feed.away_since)
        self.refresh()
        self.show_tiles_and_reset()
        self._printer_sought_at = context.clock()
        controller.look_for_printer()

    def remade_page(self) -> GuideView:
        return GuideView(self.context, self.controller)

    def state_to_restore(self) -> tuple[Any, ...]:
        draft = self.drafting.state_to_restore() if self.draft is not None else None
        shown = self.stage.currentWidget()
        label = (
            self.ticket_stage.facts.label
            if isinstance(shown, TicketStage) and self.ticket_stage.facts is not None
            else ""
        )
        line = (
            (self.line_page.filter, self.line_page.is_wrong) if self._widgets_made_so_far("line_page") else ("", False)
        )
        is_number = isinstance(shown, NumberOrPapersToReadOutStage)
        told = self.unprinted.left if is_number else None
        added = next((name for name, part in self.added.items() if part.is_own_stage(shown)), "")
        return type(shown), added, draft, label, line, told, self.front.search.text(), self._last_document

    def restore_state(self, left: tuple[Any, ...]) -> None:
        stage, added, draft, label, (filter_, is_wrong), told, sought, self._last_document = left
        if draft is not None:
            self.drafting.restore_state(draft)
        if is_wrong or stage is front_stage.LinePage:
            self._show_line_page(filter_, wrong=is_wrong)
        if stage is papers_stage.PapersStage:
            self._show_papers()
        elif stage is TicketStage:
            self.show_ticket(label)
        elif added in self.added:
            self.added[added].open_stage()
        elif stage is NumberOrPapersToReadOutStage and told is not None:
            self.unprinted.show_slip(*told)
            self._show_stage_and_rail(self.read_out_stage)
        elif stage is front_stage.ServiceChoiceStage:
            if self.draft is not None and self.drafting.adding:
                self.drafting.begin_adding_service()
            if sought:
                self._open_search_on_front(sought)

    # -- stages behind the first one, made when they are first shown: a start waits for none of them ---------------

    @staticmethod
    def _add_widget_to_stack(stack: QStackedWidget, part: P) -> P:
        part.setMinimumSize(1, 1)  # one that is not shown must not hold the window open
        stack.addWidget(part)
        return part

    def _widgets_made_so_far(self, *names: str) -> list[Any]:
        return [vars(self)[name] for name in names if name in vars(self)]

    @cached_property
    def drafting(self) -> TicketDraftController:
        papers = self._add_widget_to_stack(self.stage, papers_stage.PapersStage(self.context.look))
        rail = self._add_widget_to_stack(self.rail, papers_stage.TicketPrintRail(self.context.look))
        drafting = TicketDraftController(self, self, self.controller, papers, rail)
        papers.back.connect(self.go_back)
        drafting.shown.connect(self._show_papers)
        drafting.left.connect(self.show_tiles_and_reset)
        drafting.adding_began.connect(self._show_services_to_add)
        drafting.said.connect(self.acts.say_in_toast)
        return drafting

    @property
    def papers(self) -> papers_stage.PapersStage:
        return self.drafting.papers

    @property
    def print_rail(self) -> papers_stage.TicketPrintRail:
        return self.drafting.rail

    @cached_property
    def ticket_stage(self) -> TicketStage:
        stage = self._add_widget_to_stack(self.stage, TicketStage(self.context.look))
        stage.back.connect(self.go_back)
        stage.acted.connect(self._do_verb_on_shown_ticket)
        stage.set_words(_("Back"), self.acts.act_words_by_verb())
        return stage

    @cached_property
    def line_page(self) -> front_stage.LinePage:
        stage = self._add_widget_to_stack(self.stage, front_stage.LinePage(self.context.look))
        stage.back.connect(self.go_back)
        stage.ticket_chosen.connect(self.show_ticket)
        stage.redirect_wanted.connect(self.acts.ask_redirect)
        stage.reinstate_wanted.connect(self.controller.reinstate)
        return stage

    @cached_property
    def read_out_stage(self) -> NumberOrPapersToReadOutStage:
        stage = self._add_widget_to_stack(self.stage, NumberOrPapersToReadOutStage(self.context.look))
        stage.done.connect(self.go_back)
        stage.again.connect(self.unprinted.print_slip_again)
        return stage

    def add_feature_stage(self, stage: P) -> P:
        return self._add_widget_to_stack(self.stage, stage)

    def _active_feature_parts(self) -> list[tuple[features.FeatureFrontDeskPart, FrontDeskFeaturePart]]:
        """Return what the features have here that the hall uses, each made when it first does."""
        found = []
        for one in features.features_used_by_hall(self.context.feed.setup.hall):
            if one.front_desk is None:
                continue
            if one.name not in self.added:
                self._create_and_add_feature_part(one.name, one.front_desk)
            found.append((one.front_desk, self.added[one.name]))
        return found

    def _create_and_add_feature_part(self, name: str, at: features.FeatureFrontDeskPart) -> None:
        part: FrontDeskFeaturePart = (
            FrontDeskFeatureRecordPage(self, name, at.page) if at.page else features.import_reference(at.part)(self)
        )
        self.added[name] = part
        if part.card is not None:
            self.hall_rail.add_card(part.card)

    def _lay_out_page(self) -> None:
        look = self.context.look
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.head)
        row = QHBoxLayout()
        row.setSpacing(0)
        left, self._right = Panel(look, "paper"), Panel(look, "surface", edge="left")
        for ground, stack in ((left, self.stage), (self._right, self.rail)):
            inside = QVBoxLayout(ground)
            inside.setContentsMargins(0, 0, 0, 0)
            inside.addWidget(stack)
        row.addWidget(left, 1)
        row.addWidget(self._right)
        column.addLayout(row, 1)
        look.changed.connect(self._set_rail_width)

    def _connect_signals(self) -> None:
        feed, controller = self.context.feed, self.controller
        feed.changed.connect(self._refresh_on_events)
        feed.replaced.connect(self.refresh)
        self.head.more_wanted.connect(self.menu_wanted)
        self.front.chosen.connect(self.choose_service)
        self.front.number_chosen.connect(self._open_or_redirect_found_ticket)
        self.front.undo_wanted.connect(self.acts.undo_or_ask_by_key)
        self.head.help_wanted.connect(self.help_wanted)
        for left in (self.front.search_left, self.front.adding_left):
            left.connect(self.go_back)
        self.acts.offer_wanted.connect(self._open_channel_offer)
        controller.earlier_found.connect(self._link_earlier_ticket)
        self.hall_rail.tickets_to_fetch.acted.connect(controller.record_customer_fetched)
        self.hall_rail.all_wanted.connect(self._show_line_page)
        self.hall_rail.missed_wanted.connect(self._show_missed_tickets)
        self.hall_rail.ticket_chosen.connect(self.show_ticket)
        self.hall_rail.reinstate_wanted.connect(controller.reinstate)
        self.hall_rail.find_button.clicked.connect(self.open_number_search)
        self.hall_rail.reprint_button.clicked.connect(self.acts.ask_ticket_to_reprint)
        self.hall_rail.redirect_button.clicked.connect(self._show_line_in_wrong_line_mode)
        self.hall_rail.undo_button.clicked.connect(self.acts.ask_undo_of_last_ticket)
        controller.issued.connect(self._keep_ticket_and_end_draft)
        controller.ticket_scanned.connect(self.show_ticket)
        controller.referred.connect(self.talk.talking.look_up_notes)
        controller.not_printed.connect(self._show_unprinted_slip)
        controller.printed.connect(self._close_number_and_say_printed)
        controller.quiet_printed.connect(self._on_quiet_slip_printed)
        controller.refused.connect(self._show_refusal)
        controller.printer_changed.connect(self.refresh)
        self.printer_choice.chosen.connect(controller.look_for_printer)
        self.printer_choice.said.connect(self.acts.say_in_toast)

    # -- StationPage --------------------------------------------------------------------------------------------

    def tick(self, now: datetime) -> None:
        self.head.set_clock(set_up(self.hall_state), now)
        if self._shown_at is None or abs((now - self._shown_at).total_seconds()) >= REFRESH_S:
            self.refresh()
        if self.controller.paper.has_no_printer and now - self._printer_sought_at >= SEEK_PRINTER_EVERY:
            # Another station of this PC may have chosen one meanwhile.
            self._printer_sought_at = now
            self.controller.look_for_printer()

    def show_hall_away(self, since: datetime | None) -> None:
        self._set_hall_away_since(since)
        self.refresh()

    def _set_hall_away_since(self, since: datetime | None) -> None:
        self._away_since = since
        parts: list[front_stage.ServiceChoiceStage | head_and_rail.FrontDeskSideRail | FrontDeskFeaturePart] = [
            self.front,
            self.hall_rail,
            *self.added.values(),
        ]
        for part in parts:
            part.set_hall_away(since is not None)

    def handle_done_but_unanswered(self, event: Event) -> None:
        if event.kind in ("issue", "not-ready") and self.drafting.is_sent:
            self.show_tiles_and_reset()
        self.controller.handle_done_but_unanswered(event)

    def clear_no_answer_message(self) -> None:
        self.drafting.clear_no_answer_message()

    def menu_entries(self) -> list[MenuEntry]:
        quiet = self.controller.print_quiet_hours if self.controller.paper.is_printer_set_up else None
        parts = [(at, part) for at, part in self._active_feature_parts() if getattr(part, "is_offered", True)]
        added = [(wording_in_current_language(at.name), part.open_stage) for at, part in parts]
        acts = (self.open_number_search, added, self.acts.ask_undo_of_last_ticket, quiet)
        own = front_desk_menu_entries(*acts, self.talk.talking, enabled=self._away_since is None)
        return [*own, *self.printer_choice.menu_entries()]

    # -- what is shown ------------------------------------------------------------------------------------------

    @property
    def draft(self) -> texts.TicketDraft | None:
        return self.drafting.draft if self._widgets_made_so_far("drafting") else None

    @property
    def is_hall_away(self) -> bool:
        return self._away_since is not None

    @property
    def hall_state(self) -> HallState:
        return self.context.feed.state

    def now(self) -> datetime:
        """Return the time of the figures: the clock's, or that at which the hall's file went away."""
        return self._away_since or self.context.clock()

    def _refresh_on_events(self, _events: object) -> None:
        self.refresh()

    def refresh(self) -> None:
        state, now = self.hall_state, self.now()
        self._shown_at = self.context.clock()
        self.head.set_clock(set_up(state), self._shown_at)
        self._refresh_printer_status()
        lines = service_lines(state, now)
        self.head.set_alert(self.context.feed, lines, now, self._away_since)
        self.front.refresh(state, lines, now)
        waiting, missed = texts.waiting_ticket_rows(state, now), texts.missed_rows(state, now)
        self.hall_rail.show_hall(
            head=texts.waiting_count_heading(set_up(state), len(waiting), self._away_since),
            missed_head=n_("{n} missed", "{n} missed", len(missed)),
            waiting=waiting,
            missed=missed,
        )
        for line in self._widgets_made_so_far("line_page"):
            line.refresh(state, now, away=self._away_since is not None)
        self._active_feature_parts()
        for added in self.added.values():
            added.refresh()
        self._refresh_and_announce_to_fetch()
        if self.draft is not None:
            self.drafting.refresh()
        if isinstance(shown := self.stage.currentWidget(), TicketStage) and shown.facts is not None:
            self.show_ticket(shown.facts.label)

    def _refresh_and_announce_to_fetch(self) -> None:
        """Show who has to be fetched now; of who is new among them a sound and a line tell, whatever is shown here."""
        people = texts.rail_rows_of_people_to_fetch(self.hall_state, self.now())
        self.hall_rail.tickets_to_fetch.set_people(people)
        fresh = [one for one in people if one.key not in self._told_to_fetch]
        self._told_to_fetch = {one.key for one in people}
        if fresh and self.isVisible():
            self.controller.play_knock_sound()
            said = fresh[0]
            self.acts.say_in_toast(
                _("Please fetch {ticket}: {need}, {when}", ticket=said.head, need=said.first, when=said.second)
            )

    def _refresh_printer_status(self) -> None:
        self.head.show_printer_and_person(set_up(self.hall_state), self.controller.paper, self.context.who)
        self.hall_rail.set_printing_available(self.controller.paper.is_printer_set_up)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._set_rail_width()

    def showEvent(self, event: QShowEvent) -> None:
        self._focus_search_or_page()

    def stop(self) -> None:
        if not self.is_replaced:
            self.controller.paper.stop()
        self.scanner.stop()

    def _set_rail_width(self) -> None:
        self._right.setFixedWidth(min(self.context.look.px(RAIL_WIDTH), int(self.width() * RAIL_SHARE)))

    # -- going about --------------------------------------------------------------------------------------------

    def _show_stage_and_rail(self, stage: QWidget, rail: QWidget | None = None) -> None:
        self.stage.setCurrentWidget(stage)
        self.rail.setCurrentWidget(rail or self.hall_rail)
        self._focus_search_or_page()

    def _focus_search_or_page(self) -> None:
        """Let the keyboard speak to the search of a stage that has one, to the page elsewhere."""
        shown = self.stage.currentWidget()
        search = shown.focusProxy() if shown is not None else None
        listens = self if search is None else search
        listens.setFocus(Qt.FocusReason.MouseFocusReason)

    def show_tiles_and_reset(self) -> None:
        for drafting in self._widgets_made_so_far("drafting"):
            drafting.clear_draft()
        self._end_wrong_line_mode()
        self.front.show_add_service_banner("")
        self.front.close_search()
        self._show_stage_and_rail(self.front)

    @property
    def _is_in_wrong_line_mode(self) -> bool:
        return any(line.is_wrong for line in self._widgets_made_so_far("line_page"))

    def _end_wrong_line_mode(self) -> None:
        for line in self._widgets_made_so_far("line_page"):
            line.is_wrong = False

    def choose_service(self, choice: texts.ChosenServiceOrItem) -> None:
        """Show the papers of what the customer comes for, or put it on the ticket under way."""
        self._end_wrong_line_mode()
        self.drafting.choose_service(choice)

    def _show_papers(self) -> None:
        self.front.show_add_service_banner("")
        self.front.close_search()
        self._show_stage_and_rail(self.papers, self.print_rail)

    def _show_services_to_add(self, title: str, taken: set[str]) -> None:
        self.front.show_add_service_banner(title, taken)
        self._show_stage_and_rail(self.front)

    def _link_earlier_ticket(self, earlier: texts.EarlierTicketRef) -> None:
        self.drafting.link_earlier_ticket(earlier)

    def _open_channel_offer(self, service: str, label: str) -> None:
        self.drafting.ask_alternative_channel_for_ticket(service, label)

    def _on_code_scanned(self, text: str) -> None:
        """A code read beside the papers is what the customer comes back for."""
        self.controller.handle_scanned_code(text, link=isinstance(self.stage.currentWidget(), papers_stage.PapersStage))

    def show_ticket(self, label: str) -> None:
        ticket = self.controller.todays_ticket(label)
        if ticket is None:
            self.show_tiles_and_reset()
            return
        facts = texts.ticket_card_facts(self.hall_state, ticket, self.now(), self.controller.role)
        prints = self.controller.paper.is_printer_set_up
        self.ticket_stage.show_ticket(facts, away=self._away_since is not None, prints=prints)
        if not isinstance(self.stage.currentWidget(), TicketStage):
            self._end_wrong_line_mode()
            self.front.close_search()
            self._show_stage_and_rail(self.ticket_stage)

    def show_stage(self, stage: QWidget) -> None:
        self._end_wrong_line_mode()
        self.front.close_search()
        self._show_stage_and_rail(stage)

    def open_number_search(self) -> None:
        self._open_search_on_front(pad=True)

    def _open_search_on_front(self, text: str = "", *, pad: bool = False) -> None:
        if self._is_in_wrong_line_mode:
            self.front.show_wrong_line_banner()
        self._show_stage_and_rail(self.front)
        self.front.open_search(text, pad=pad)

    def _open_or_redirect_found_ticket(self, label: str) -> None:
        if self._is_in_wrong_line_mode:
            self._show_line_in_wrong_line_mode()
            self.acts.ask_redirect(label)
        else:
            self.show_ticket(label)

    def _show_line_page(self, filter_: str = "", *, wrong: bool = False) -> None:
        self.line_page.set_filter_and_wrong_line_mode(filter_, wrong=wrong)
        self.refresh()
        self._show_stage_and_rail(self.line_page)

    def _show_missed_tickets(self) -> None:
        self._show_line_page(front_stage.MISSED)

    def _show_line_in_wrong_line_mode(self) -> None:
        self.front.show_add_service_banner("")
        self.front.close_search()
        self._show_line_page(wrong=True)

    def page_openers(self) -> Mapping[str, Callable[[], None]]:
        found = {"line": self._show_line_page, "missed": self._show_missed_tickets, "number": self.open_number_search}
        waiting = sorted(self.hall_state.waiting_tickets(), key=lambda ticket: ticket.place)
        if waiting:
            found["ticket"] = partial(self.show_ticket, waiting[0].label)
        items = [(spec.code, item) for spec in set_up(self.hall_state).services.values() for item in spec.items]
        if items:
            service, most = max(items, key=lambda one: len(one[1].papers))
            found["papers"] = partial(self.choose_service, texts.ChosenServiceOrItem(service, most.code))
        return found | {at.key: part.open_stage for at, part in self._active_feature_parts()}

    def go_back(self) -> None:
        if self._is_in_wrong_line_mode and self.stage.currentWidget() is self.front:
            self._show_line_in_wrong_line_mode()
        elif self.draft is not None and not isinstance(self.stage.currentWidget(), papers_stage.PapersStage):
            self.drafting.show_draft()
        else:
            self.show_tiles_and_reset()

    # -- acts ---------------------------------------------------------------------------------------------------

    def _keep_ticket_and_end_draft(self, document: dict[str, object]) -> None:
        self._last_document = document
        self.drafting.leave_answered_draft()

    def _close_number_and_say_printed(self, slip: Slip) -> None:
        if isinstance(self.stage.currentWidget(), NumberOrPapersToReadOutStage) and self.unprinted.is_showing_slip(
            slip
        ):
            self.go_back()
        self.acts.say_printed(slip)

    def _on_quiet_slip_printed(self) -> None:
        self.acts.say_in_toast(_("Slip printed"), icon="print")

    def _show_unprinted_slip(self, slip: Slip, trouble: QueueDeskError) -> None:
        self.acts.toast.dismiss()
        self.unprinted.show_slip(slip, trouble, self._last_document)
        self._show_stage_and_rail(self.read_out_stage)

    def _show_refusal(self, verb: str, trouble: QueueDeskError) -> None:
        if not self.drafting.show_refusal_if_of_draft(verb, trouble):
            self.acts.say_in_toast(error_sentence(trouble), icon="warning")

    def _do_verb_on_shown_ticket(self, verb: str) -> None:
        if self.ticket_stage.facts is not None:
            self.acts.do_ticket_act(verb, self.ticket_stage.facts)

    # -- keys ---------------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, stage = event.key(), self.stage.currentWidget()
        if key in _ENTER and isinstance(stage, papers_stage.PapersStage):
            self.drafting.print_ticket()
        elif (key in _ENTER and isinstance(stage, NumberOrPapersToReadOutStage)) or key == Qt.Key.Key_Escape:
            self.go_back()
        elif key == Qt.Key.Key_Z and event.modifiers() == Qt.KeyboardModifier.ControlModifier:
            self.acts.undo_or_ask_by_key()
        elif front_stage.is_typing_key(event):
            self._open_search_on_front(event.text())
        else:
            super().keyPressEvent(event)


ROLES = ("guide", "manager", "admin")


def build_station_page(context: StationContext) -> StationPage:
    return GuideView(context, GuideController(context))
