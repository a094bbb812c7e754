"""The kiosk: what the controller knows in words, and touches as what it does."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import partial

from PySide6.QtCore import QPoint, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QVBoxLayout, QWidget

from queuedesk import i18n
from queuedesk.core.errors import QueueDeskError
from queuedesk.core.log.event import Event
from queuedesk.core.setup.rows import field_and_choice_languages
from queuedesk.core.talk.display import current_emergency_on_screen
from queuedesk.features.kiosk.pages import sheets, texts
from queuedesk.features.kiosk.pages import view as kiosk_view
from queuedesk.features.kiosk.pages.controller import KioskController, KioskSheetName, KioskStageName
from queuedesk.features.kiosk.pages.keys import screen_legibility
from queuedesk.features.kiosk.pages.stage import KioskStage
from queuedesk.features.kiosk.pages.taking import SlipState
from queuedesk.i18n import _, current_language, n_, name_in_language, time_hm
from queuedesk.i18n.queue.display_words import emergency_text
from queuedesk.stations import access
from queuedesk.stations.acts.printer_choice import PrinterChooser
from queuedesk.stations.widgets.lists.strips import Toast
from queuedesk.stations.widgets.paint import announce_to_screen_reader
from queuedesk.stations.widgets.panels import TextRun
from queuedesk.stations.widgets.questions.dialogs import WindowPressWatcher
from queuedesk.stations.widgets.questions.scanner import CodeScannerListener
from queuedesk.stations.window import emergency_cover, frame, style
from queuedesk.stations.window.context import StationContext

# -- the menu for staff ------------------------------------------------------------------------------------------------


class SwitchAccessChanger:
    """Changes the switches to their next choice and stores it on this PC; `said` gets the words, `refused` why it could
    not be stored."""

    def __init__(
        self,
        context: StationContext,
        keyboard: access.KeyboardControl,
        said: Callable[[str, str], None],
        refused: Callable[[QueueDeskError], None],
    ) -> None:
        self._context, self._keyboard, self._said, self._refused = context, keyboard, said, refused
        options = context.options
        step_ms = int(options.get("switch_step_ms") or access.USUAL_STEP_MS)
        keyboard.set_switches_and_scan_step(str(options.get("switches") or access.AccessSwitchesInUse.ONE), step_ms)

    def menu_entries(self) -> list[frame.MenuEntry]:
        """Return the menu entries, none if nothing could be stored."""
        if self._context.services.own_choices is None:
            return []
        board = self._keyboard
        kinds = {
            access.AccessSwitchesInUse.NONE: _("Switches: none"),
            access.AccessSwitchesInUse.ONE: _("Switches: one"),
            access.AccessSwitchesInUse.TWO: _("Switches: two"),
        }
        entries = [frame.MenuEntry(kinds[board.switches], self._choose_next_switch_kind)]
        if board.switches is access.AccessSwitchesInUse.ONE:
            step = f"{board.scan.step_ms / 1000:g}"
            entries.append(
                frame.MenuEntry(_("Each button is offered for {step} s", step=step), self._choose_next_step_time)
            )
        return entries

    def _choose_next_switch_kind(self) -> None:
        kinds = list(access.AccessSwitchesInUse)
        self._set_and_store_switches(
            kinds[(kinds.index(self._keyboard.switches) + 1) % len(kinds)], self._keyboard.scan.step_ms
        )

    def _choose_next_step_time(self) -> None:
        now = self._keyboard.scan.step_ms
        self._set_and_store_switches(
            self._keyboard.switches, next((step for step in access.STEPS_MS if step > now), access.STEPS_MS[0])
        )

    def _set_and_store_switches(self, switches: access.AccessSwitchesInUse, step_ms: int) -> None:
        self._keyboard.set_switches_and_scan_step(switches, step_ms)
        if (own := self._context.services.own_choices) is not None:
            keep = partial(own.store_switch_settings, str(switches), step_ms / 1000)
            self._context.tasks.run_in_long_work_lane(keep, lambda _done: None, self._refused)
        self._said(" · ".join(entry.text for entry in self.menu_entries()), "check")


# -- what is read aloud ------------------------------------------------------------------------------------------------

# A keypad has nine digits; what comes behind is found by the arrows.
DIGITS = 9
_DASH = "—"


def page_sentences(view: kiosk_view.KioskView, stage: KioskStageName) -> list[str]:
    """Return what a page says beside its keys."""
    sheet = view.sheet
    if sheet.isVisible():
        said = sheet.said
        parts = [said.title, access.text_for_speech(said.sentence)]
    elif stage is KioskStageName.TICKET:
        parts = spoken_ticket_page_sentences(view.ticket.said)
    elif stage is KioskStageName.WHERE:
        parts = line_place_sentences(view.where.said)
    elif stage is KioskStageName.FIND:
        parts = [view.search.said.title, view.search.said.page if view.search.said.rows else view.search.said.empty]
    elif stage is KioskStageName.INFO:
        parts = [view.info.said.title, *view.info.page_text().split("\n")]
    elif stage is KioskStageName.WORDS and view.words.said is not None:
        parts = [view.words.said.title, view.words.said.second, view.words.said.written]
    elif stage is KioskStageName.CASE and view.case.said is not None:
        parts = [view.case.said.title, view.case.said.second, view.case.said.written]
    else:
        parts = [view.greeting.said.title, view.greeting.said.second]
    return [part for part in parts if part]


def kiosk_use_instructions() -> str:
    """Return the instructions for people who can't see the page, read once at the start."""
    return _(
        "Press a button by its digit. The arrows move between buttons, Enter presses one. 0 repeats, plus and minus change the volume."
    )


def spoken_ticket_page_sentences(said: kiosk_view.TicketPageText) -> list[str]:
    """Return a ticket in full: its number, what its holder was told, and where to go."""
    facts = [spoken_fact(word, runs) for word, runs in said.facts]
    return [
        said.title,
        _("Your number: {ticket}", ticket=said.label),
        said.service,
        *facts,
        access.text_for_speech(said.last),
    ]


def line_place_sentences(said: kiosk_view.LinePlacePageText) -> list[str]:
    """Return a ticket's position, or how to type its number."""
    if not said.state:
        number = _("Typed so far: {number}", number=" ".join(said.number)) if said.number else ""
        return [said.title, number, access.text_for_speech(said.sentence), said.hint if not said.number else ""]
    facts = [spoken_fact(word, runs) for word, runs in said.facts]
    return [
        _("Ticket {ticket}: {state}", ticket=said.number, state=said.state_word),
        *facts,
        access.text_for_speech(said.sentence),
        said.reason,
    ]


def spoken_fact(word: str, runs: tuple[TextRun, ...]) -> str:
    """Return a word and its figures as a voice reads them."""
    gap = "" if current_language() != "en" else " "
    figures = gap.join(run.text for run in runs if run.text != _DASH)
    return access.text_for_speech(word + _(": ", context="before a figure") + figures)


def _sentences_for_keys_on_page(keys: access.Keys, *, typing: bool) -> list[str]:
    if typing or not keys:
        return []
    lines = [
        _("Button {n}: {words}", n=place, words=access.text_for_speech(key.accessibleName()))
        for place, key in enumerate(keys[:DIGITS], 1)
    ]
    rest = keys[DIGITS:]
    if rest:
        names = _("; ", context="between keys").join(access.text_for_speech(key.accessibleName()) for key in rest)
        lines.append(n_("{n} more button: {names}", "{n} more buttons: {names}", len(rest), names=names))
    return lines


ROLES: tuple[str, ...] = ()
SEEK_PRINTER_EVERY = timedelta(minutes=1)


class KioskPage(frame.StationPage):
    """One screen only for customers. It returns to the hall's language when a customer who chose another has gone."""

    def __init__(
        self, context: StationContext, controller: KioskController | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(context, parent)
        self._is_stopped = False
        self.controller = controller or KioskController(context, self)
        self._hall_language = i18n.current_language()
        # A customer's contrast is the page's own: the PC's choice stays as it is.
        self._look = style.Look(context.look.theme, context.look.scale, self)
        context.look.changed.connect(self._update_contrast_theme)
        self.view = kiosk_view.KioskView(self._look, self)
        self.view.set_screen_width_mm(style.measured_screen_width_mm(context.options.get("screen_mm")))
        self._shown: tuple[KioskStageName, str, KioskSheetName] | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.view)
        self.printer_choice = PrinterChooser(self, context)
        self._toast = Toast(context.look, self)
        self.printer_choice.said.connect(self._show_toast)
        self.printer_choice.chosen.connect(self.controller.taking.look_for_printer)
        self._scanner = CodeScannerListener(self)
        QShortcut(QKeySequence("Alt+M"), self).activated.connect(self._open_menu_by_key)
        self._presses = WindowPressWatcher(self, self.controller.holding.count_press, self._restart_time_on_touch)
        self.listening = access.PageReadAloud(context, self.view, self._page_sentences, self)
        self.listening.touched.connect(self.controller.record_touch)
        self.keyboard = access.KeyboardControl(
            self.view,
            self.view.look,
            self,
            host=lambda: self.view.sheet if self.view.sheet.isVisible() else self.view,
            digits_press=self._do_digits_press_keys,
            enter_is_taken=lambda: self.controller.sheet is not KioskSheetName.NONE,
        )
        self.switch_menu = SwitchAccessChanger(
            context, self.keyboard, self._show_toast, self.controller.show_refusal_sheet
        )
        self.cover = emergency_cover.EmergencyCover(self)
        self._told: tuple[object, ...] = ()
        self._connect_signals()
        self.refresh()
        self._printer_sought_at = context.clock()
        self.controller.taking.look_for_printer()

    @property
    def canvas(self) -> tuple[int, int]:  # type: ignore[override]
        window = self.window()
        return kiosk_view.WIDE if window.width() > window.height() else kiosk_view.UPRIGHT

    def _connect_signals(self) -> None:
        view, does = self.view, self.controller
        view.greeting.pressed.connect(self._open_group_or_take_service)
        view.greeting.chosen.connect(self._act_on_greeting_key)
        for stage in view.stages:
            stage.back_wanted.connect(does.go_back)
        view.ticket.finished.connect(does.go_home)
        view.ticket.fetch_wanted.connect(does.ask_why_to_fetch_customer)
        view.where.typed.connect(does.place.type_key)
        view.where.deleted.connect(does.place.delete_last_sign)
        view.where.cleared.connect(does.place.clear)
        view.where.reprint_wanted.connect(does.place.reprint)
        view.where.postpone_wanted.connect(does.place.postpone)
        view.search.typed.connect(does.type_letter)
        view.search.taken.connect(self._open_info_of_found_row)
        view.info.print_wanted.connect(does.print_papers_list)
        view.search.quiet_wanted.connect(does.print_quiet_hours)
        view.info.take_wanted.connect(does.take_ticket_for_shown_service)
        view.words.written.connect(does.writing.write)
        view.words.give_wanted.connect(does.send_message_to_manager)
        view.words.none_wanted.connect(does.go_home)
        view.case.written.connect(does.case.write)
        view.case.give_wanted.connect(does.ask_case_progress)
        view.case.none_wanted.connect(does.go_back)
        view.normal_wanted.connect(self._leave_large_text)
        view.sheet.answered.connect(self._carry_out_sheet_answer)
        view.sheet.digit.connect(does.type_or_delete_digit)
        self._scanner.scanned.connect(does.handle_scan)
        view.letter_typed.connect(self._type_letter_as_on_screen)
        view.escaped.connect(self._go_back_if_serving)
        view.menu_asked.connect(self._open_menu_after_pin)
        view.strip.pressed.connect(self._handle_sound_key)
        self.keyboard.sound_wanted.connect(self._handle_sound_key)
        self.keyboard.offered.connect(self.listening.read_key_aloud)
        self.listening.changed.connect(self.refresh)
        does.changed.connect(self.refresh)
        does.ticked.connect(self._refresh_page_figures)

    # -- the window's wishes --
    def remake_contents(self) -> bool:
        self.retranslate()
        return True

    def retranslate(self) -> None:
        if not self.controller.language:
            self._hall_language = i18n.current_language()
        self.refresh()

    def tick(self, now: datetime) -> None:
        self.controller.check_timeouts()
        if not self.controller.taking.can_print() and now - self._printer_sought_at >= SEEK_PRINTER_EVERY:
            # Another station of this PC may have chosen one meanwhile.
            self._printer_sought_at = now
            self.controller.taking.look_for_printer()

    def show_hall_away(self, since: datetime | None) -> None:
        self.controller.set_hall_away(since)

    def handle_done_but_unanswered(self, event: Event) -> None:
        self.controller.taking.handle_done_but_unanswered(event)

    def menu_entries(self) -> list[frame.MenuEntry]:
        return [
            *self._screen_too_small_menu_entries(),
            *self.printer_choice.menu_entries(),
            *self.switch_menu.menu_entries(),
        ]

    def _screen_too_small_menu_entries(self) -> list[frame.MenuEntry]:
        """Return what is to be known of a screen that is too small, however large everything is drawn."""
        mm_per_px = self.view.mm_per_px()
        given = screen_legibility(mm_per_px)
        if mm_per_px <= 0 or given.has_large_enough_keys_and_text:
            return []
        key_mm, at_mm = round(given.key_mm), given.read_at_mm
        words = _("Small screen: buttons {key_mm} mm, readable from {at_mm} mm", key_mm=key_mm, at_mm=at_mm)
        return [frame.MenuEntry(words, self.refresh, enabled=False)]

    def may_close(self) -> bool:
        return self.controller.lock.is_open()

    def may_leave(self, go: Callable[[], None]) -> bool:
        """Whether staff may leave now; if not, a manager's PIN is asked for, and `go` is done after it."""
        if self.controller.lock.is_open():
            return True
        self.controller.run_after_pin_if_locked(go)
        return False

    def stop(self) -> None:
        self._is_stopped = True
        self._scanner.stop()
        self.controller.holding.stop()
        self.controller.case.count_saved_visit(took_ticket=False)
        self._presses.stop()
        self.keyboard.stop()
        self.listening.stop()
        if self.controller.language:
            i18n.choose_language(self._hall_language)

    # -- what is shown --
    @Slot()
    def refresh(self) -> None:
        """Show everything anew; after stop() it no longer changes the process's language."""
        if self._is_stopped:
            return
        does, view = self.controller, self.view
        known = field_and_choice_languages(does.kiosk_setup)
        language = next((one for one in (does.language, self._hall_language) if one in known), known[0])
        if language != i18n.current_language():
            i18n.choose_language(language)
        self._update_contrast_theme()
        stage = self._widget_for_stage(does.stage)
        now = (does.stage, does.group + does.language + str(does.several), does.sheet)
        fresh, self._shown = now != self._shown, now
        self._begin_or_end_reading_aloud()
        view.show_stage(stage, fresh=fresh)
        does.least_s = self.keyboard.scan.full_scan_seconds() if self.keyboard.scan.is_on else 0
        if does.is_free_for_next_customer() and fresh:
            self.keyboard.scan.stop()
        self._refresh_page_figures()
        if fresh and stage is view.case and not does.sheet:
            view.case.field.setFocus()  # a reader types like a keyboard

    @Slot()
    def _refresh_page_figures(self) -> None:
        """Show the same page with the hall's figures and seconds as they are now."""
        does, view = self.controller, self.view
        setup = does.kiosk_setup
        clock = time_hm(setup.to_hall_time(self.context.clock()))
        place = name_in_language(setup.hall.name, setup.hall.name_en)
        if does.large:
            view.show_head(kiosk_view.KioskHeadText(place=_("Large text"), normal=_("Normal text")))
        else:
            view.show_head(kiosk_view.KioskHeadText(place=place, clock=clock))
        away = ""
        if does.away_since is not None:
            time = self.context.feed.away_since_text(does.away_since)
            away = _("No updates since {time}. For a number, please ask a member of staff.", time=time)
            if self.context.feed.moves_on:
                away = _("One moment, please")
        view.show_hall_away(away)
        if does.stage in (KioskStageName.GREETING, KioskStageName.GROUP):
            view.greeting.show_page(texts.greeting_page(does, self._next_language()))
        elif does.stage is KioskStageName.TICKET:
            view.ticket.show_page(texts.issued_ticket_page_text(does))
        elif does.stage is KioskStageName.WHERE:
            view.where.show_page(texts.place_in_line_page(does))
        elif does.stage is KioskStageName.FIND:
            view.search.show_page(texts.service_finder_page(does))
        elif does.stage is KioskStageName.WORDS:
            view.words.show_page(sheets.message_page_text(does))
        elif does.stage is KioskStageName.CASE:
            view.case.show_page(sheets.case_reference_page_text(does))
        else:
            view.info.show_page(texts.information_page(does))
        view.show_sheet(sheets.current_sheet_text(does))
        self._show_emergency()
        self._read_out_page_changes()

    def _do_digits_press_keys(self) -> bool:
        """Whether digits press keys here: where they write no number."""
        does = self.controller
        typing = (
            does.stage in (KioskStageName.WHERE, KioskStageName.FIND, KioskStageName.WORDS, KioskStageName.CASE)
            and does.sheet is KioskSheetName.NONE
        )
        return not typing and does.sheet not in (KioskSheetName.PIN, KioskSheetName.PERSON)

    # -- what is heard, and what lies over everything --
    def _begin_or_end_reading_aloud(self) -> None:
        does, listening = self.controller, self.listening
        if does.listens and not listening.is_on:
            listening.begin_reading()
        elif listening.is_on and not does.listens:
            listening.end_reading()
        self.view.show_strip(kiosk_view.sound_strip_text(listening.volume_step_text()) if listening.is_on else None)

    def _page_sentences(self) -> list[str]:
        does = self.controller
        typing = not self._do_digits_press_keys()
        keys = [
            key
            for key in access.visible_keys_in_reading_order(self.keyboard.host_widget())
            if not access.is_button_in_part_beside_page(key)
        ]
        parts = [*page_sentences(self.view, does.stage), *_sentences_for_keys_on_page(keys, typing=typing)]
        return [*parts, kiosk_use_instructions()] if does.is_at_start() else parts

    def _read_out_page_changes(self) -> None:
        """Read a page that has come, or what has changed on it; a number without a slip is told to everybody."""
        does = self.controller
        given, call = does.taking.given, does.help.current_help_call
        paper = (given.label, given.paper, does.taking.is_slow()) if given is not None else None
        coming = call is not None and not call.is_unanswered
        place = does.place.number if does.place.found_ticket().ticket is not None else ""
        told = (self._shown, paper, coming, place, does.finder.service, does.finder.item, does.listens)
        before, self._told = self._told, told
        said = page_sentences(self.view, does.stage)
        self.view.set_spoken_lines([self.view.head_text(), self.view.away, *said])
        if told == before:
            return
        announce_to_screen_reader(self.view, *said)
        if does.listens:
            self.listening.read_page_aloud()
        elif given is not None and given.paper is SlipState.MISSING and (not before or before[1] != paper):
            self.listening.speak_parts_even_if_off(spoken_ticket_page_sentences(self.view.ticket.said))

    def _show_emergency(self) -> None:
        feed = self.context.feed
        names = (self.context.name, str(self.context.options.get("display") or ""))
        notice = current_emergency_on_screen(feed.state, feed.setup, self.context.clock(), names=names)
        if self.cover.show_emergency(emergency_text(notice)) and self.cover.said is not None:
            self.keyboard.scan.stop()
            if self.controller.listens:
                self.listening.speak_parts_even_if_off([self.cover.said.head, self.cover.said.text])

    @Slot(str)
    def _handle_sound_key(self, name: str) -> None:
        """Do what a key of the strip says, or 0 + - of a keypad: 0 begins to read, then reads again."""
        does = self.controller
        if not does.listens and name == "0":
            does.set_reading_aloud(self.listening.can_be_used)
        elif name == kiosk_view.STOP:
            does.set_reading_aloud(False)
        elif does.listens:
            step = {kiosk_view.LOUDER: 1, "+": 1, kiosk_view.QUIETER: -1, "-": -1}.get(name)
            if step is None:
                self.listening.read_page_aloud()
            else:
                self.listening.change_volume(step)

    def _widget_for_stage(self, stage: KioskStageName) -> KioskStage:
        view = self.view
        stages: dict[KioskStageName, KioskStage] = {
            KioskStageName.TICKET: view.ticket,
            KioskStageName.WHERE: view.where,
            KioskStageName.FIND: view.search,
            KioskStageName.INFO: view.info,
            KioskStageName.WORDS: view.words,
            KioskStageName.CASE: view.case,
        }
        return stages.get(stage, view.greeting)

    @Slot()
    def _update_contrast_theme(self) -> None:
        self._look.set_theme(style.CONTRAST if self.controller.contrast else self.context.look.theme)

    def _next_language(self) -> str:
        """Return the language that the key offers: the one after that which is spoken; "" in a hall with one."""
        return frame.other_offered_language(self.controller.kiosk_setup, i18n.current_language())

    def page_openers(self) -> Mapping[str, Callable[[], None]]:
        does = self.controller
        items = [(code, item.code) for code, spec in does.kiosk_setup.services.items() for item in spec.items]
        found = {
            "where": does.open_line_place_enquiry,
            "find": does.open_information_search,
            "class": does.offer_or_undo_priority_class,
        }
        found |= {"words": does.open_message_form} if does.writing.is_offered else {}
        found |= {"case": does.open_case_enquiry} if does.case.is_offered else {}
        found |= {"info": lambda: does.open_service_information(*items[-1])} if items else {}
        newest = max(does.hall_state.waiting_tickets(), key=lambda ticket: ticket.seq, default=None)
        found |= {"ticket": partial(does.taking.show_example_ticket, newest)} if newest is not None else {}

        def open_page_from_start(name: str) -> None:
            does.go_home()
            found[name]()

        return {name: partial(open_page_from_start, name) for name in found}

    # -- touches --
    def _restart_time_on_touch(self, is_key: bool) -> None:
        """Let the page's time begin anew. Beside its keys only the next customer touches the page of a number, which
        would else stay on the screen for as long as people try."""
        does = self.controller
        if is_key or does.stage is not KioskStageName.TICKET or does.sheet is not KioskSheetName.NONE:
            does.record_touch()

    @Slot(str)
    def _open_group_or_take_service(self, code: str) -> None:
        group = texts.group_from_key_code(code)
        if group:
            self.controller.open_group(group)
        else:
            self.controller.take_or_choose_service(code)

    @Slot(str)
    def _act_on_greeting_key(self, name: str) -> None:
        does = self.controller
        acts: dict[str, Callable[[], None]] = {
            "where": does.open_line_place_enquiry,
            "case": does.open_case_enquiry,
            "info": does.open_information_search,
            "priority": does.offer_or_undo_priority_class,
            "several": lambda: does.set_choosing_several_services(not does.several),
            "large": lambda: does.set_large_text(True),
            "contrast": lambda: does.set_contrast(not does.contrast),
            "language": self._switch_language,
            kiosk_view.TAKE: does.take_ticket_for_chosen,
            kiosk_view.HELP: does.open_help_sheet,
            "listen": lambda: does.set_reading_aloud(not does.listens),
        }
        acts[name]()

    def _switch_language(self) -> None:
        wanted = self._next_language()
        self.controller.set_language("" if wanted == self._hall_language else wanted)

    @Slot()
    def _leave_large_text(self) -> None:
        self.controller.set_large_text(False)

    @Slot(int)
    def _open_info_of_found_row(self, place: int) -> None:
        does = self.controller
        rows = does.finder.service_and_item_rows(does.kiosk_setup)
        if place < len(rows):
            does.open_service_information(*rows[place])

    @Slot(str)
    def _carry_out_sheet_answer(self, code: str) -> None:
        sheets.carry_out_sheet_answer(self.controller, code)

    @Slot(str)
    def _type_letter_as_on_screen(self, letter: str) -> None:
        """Let the keyboard do what the keys on the screen do."""
        does = self.controller
        if does.stage is KioskStageName.WHERE:
            if letter:
                does.place.type_key(letter.upper())
            else:
                does.place.delete_last_sign()
        elif does.stage is KioskStageName.FIND:
            does.type_letter(letter)

    @Slot()
    def _go_back_if_serving(self) -> None:
        if not self.controller.is_free_for_next_customer():
            self.controller.go_back()

    # -- staff --
    @Slot(object)
    def _open_menu_after_pin(self, place: QPoint) -> None:
        self.controller.run_after_pin_if_locked(lambda: self.menu_wanted.emit(place))

    @Slot(str, str)
    def _show_toast(self, text: str, icon: str) -> None:
        self._toast.show_toast(text, icon=icon)

    @Slot()
    def _open_menu_by_key(self) -> None:
        self._open_menu_after_pin(self.mapToGlobal(QPoint(self.width(), 0)))


def build_station_page(context: StationContext) -> KioskPage:
    return KioskPage(context)
