"""Lobby board: who waits, alarms, what to do now."""

from queuedesk.core.features import Feature, FeatureManagerPage, FeatureStation, Wording

FEATURE = Feature(
    name="lobby",
    title=Wording("Lobby board", context="feature"),
    about=Wording("Who waits, alarms, what to do now", context="feature"),
    where=Wording("a screen for the lobby manager, manager", context="feature"),
    pages_at=(
        FeatureManagerPage(
            key="waits/lobby",
            name=Wording("Lobby", context="tab"),
            page="features.lobby.pages.station:lobby_page",
            first=True,
        ),
    ),
    stations={
        "lobby": FeatureStation(
            module="features.lobby.pages.station",
            title=Wording("Lobby board"),
            about=Wording("The hall at a glance, advice"),
            opens=Wording("Open lobby board"),
            icon="board",
        )
    },
    commands={
        "cli.stations": {"lobby": Wording("see the hall at a glance and what to do about it")},
        "features.lobby.commands": {"moves": Wording("what would help the lines that run late")},
    },
)
