"""Pages that stand in for stations where the window round them is tested."""

from queuedesk import i18n
from queuedesk.core.network.roles import Actor, Role
from queuedesk.stations.window.context import StationContext
from queuedesk.stations.window.frame import MenuEntry, StationPage

GUIDES = ("guide", "manager", "admin")
ZHOU = Actor("G1", Role.GUIDE)


class Page(StationPage):
    def __init__(self, context: StationContext) -> None:
        super().__init__(context)
        self.ticks: list[object] = []
        self.languages: list[str] = []
        self.stopped = False
        self.closes = self.lets_go = True
        self.about = ""

    def help_key(self) -> str:
        return self.about

    def remake_contents(self) -> bool:
        self.languages.append(i18n.current_language())
        return True

    def tick(self, now: object) -> None:
        self.ticks.append(now)

    def menu_entries(self) -> list[MenuEntry]:
        return [MenuEntry("Own act", lambda: None, "F8"), MenuEntry("Not now", lambda: None, enabled=False)]

    def may_close(self) -> bool:
        return self.closes

    def may_sign_out(self) -> bool:
        return self.lets_go

    def closing_effect_text(self) -> str:
        return "The page loses something."

    def stop(self) -> None:
        self.stopped = True


class OwnAwayPage(Page):
    """A page with its own words while the data is away."""

    def show_hall_away(self, since: object) -> None:
        self.away = since


class HallPage(Page):
    canvas = (1920, 1080)
