"""The plate of one window, in words."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QPoint, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from queuedesk.core.talk.number_block import is_number
from queuedesk.i18n import _, listing, n_, named, time_hm
from queuedesk.i18n.names import widest_label, window_words
from queuedesk.stations.display.controller import emergency_text
from queuedesk.stations.plate.controller import PlateController, Scene, Stands
from queuedesk.stations.plate.view import HEIGHT, WIDTH, PlateText, PlateView
from queuedesk.stations.window.context import StationContext
from queuedesk.stations.window.page import StationPage

ROLES: tuple[str, ...] = ()


class PlatePage(StationPage):
    """Turns the window's scene into texts. Options: window."""

    canvas = (WIDTH, HEIGHT)

    def __init__(self, context: StationContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self.controller = PlateController(context, self)
        self.view = PlateView(context.look, self)
        self.view.flash.is_on = bool(context.options.get("flash", True))
        self._away_since: datetime | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.view)
        self.controller.changed.connect(self.retranslate)
        self.controller.called.connect(self.view.flash.start)
        self.view.menu_asked.connect(self._ask_menu)
        self.retranslate()

    def make_anew(self) -> bool:
        self.retranslate()
        return True

    @Slot()
    def retranslate(self) -> None:
        self.view.show_alarm(emergency_text(self.controller.emergency()))
        self.view.show_text(self._text(self.controller.scene()))

    def tick(self, now: datetime) -> None:
        """Show what begins and ends with time alone."""
        self.retranslate()

    def show_away(self, since: datetime | None) -> None:
        self._away_since = since
        self.retranslate()

    def stop(self) -> None:
        self.view.flash.stop()

    def _text(self, scene: Scene) -> PlateText:
        setup = self.controller.setup
        icon, head, big = self._state_words(scene)
        at_window = scene.stands in (Stands.CALLED, Stands.SERVING, Stands.OPEN)
        services = tuple(f"{setup.services[c].prefix} {self._service(c)}" for c in scene.services)
        trouble = ""
        if self._away_since is not None:
            trouble = _("No updates since {time}", context="plate", time=time_hm(self._away_since))
        return PlateText(
            window=window_words(setup, self.controller.window, with_way=False),
            icon=icon,
            head=head,
            big=big,
            is_ticket=bool(scene.ticket),
            called=scene.stands is Stands.CALLED,
            second="" if at_window else self._elsewhere(scene),
            side_title=_("This window serves") if at_window else "",
            side=services if at_window else (),
            trouble=trouble,
            widest=widest_label(setup),
        )

    def _state_words(self, scene: Scene) -> tuple[str, str, str]:
        """Return icon, head and the big words."""
        if scene.stands is Stands.CALLED:
            sign = "speaker" if self.controller.setup.voice.spoken else "bell"
            return sign, _("Please come to this window"), scene.ticket
        if scene.stands is Stands.SERVING:
            return "serving", _("Serving", context="plate"), scene.ticket
        if scene.stands is Stands.OPEN:
            return "dot", _("Open", context="plate"), _("Please wait for your number")
        if scene.stands is Stands.CLOSED:
            return "minus", _("Closed", context="plate"), _("This window is closed")
        if scene.back is None:
            return "pause", _("Paused", context="plate"), _("Not serving now")
        return (
            "pause",
            _("Paused", context="plate"),
            _("Back at about {time}", time=time_hm(self._hall_time(scene.back))),
        )

    def _hall_time(self, moment: datetime) -> datetime:
        return self.controller.setup.local(moment)

    def _elsewhere(self, scene: Scene) -> str:
        """Say where the window's services are served meanwhile; services with the same windows share a part."""
        shared: dict[tuple[str, ...], list[str]] = {}
        for service, windows in scene.elsewhere:
            shared.setdefault(windows, []).append(self._service(service))
        parts = []
        for windows, services in shared.items():
            names = [window_words(self.controller.setup, code).number for code in windows]
            said, places = listing(services), listing(names)
            if names and all(is_number(name) for name in names):
                parts.append(
                    n_(
                        "{services}: window {windows}",
                        "{services}: windows {windows}",
                        len(names),
                        context="plate",
                        services=said,
                        windows=places,
                    )
                )
            elif names:
                parts.append(_("{services}: {windows}", context="plate", services=said, windows=places))
        return _("; ", context="list").join(parts)

    def _service(self, code: str) -> str:
        service = self.controller.setup.services[code]
        return named(service.name, service.name_en)

    @Slot(object)
    def _ask_menu(self, place: QPoint) -> None:
        self.menu_wanted.emit(place)


def build(context: StationContext) -> PlatePage:
    """Return the plate's page."""
    return PlatePage(context)
