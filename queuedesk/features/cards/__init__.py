"""Contingency cards: what to do when something goes wrong, step by step."""

from queuedesk.core.features import Feature, FeatureLobbyBoardPart, FeatureManagerPage, Wording

FEATURE = Feature(
    name="cards",
    title=Wording("Contingency cards", context="feature"),
    about=Wording("What to do when something goes wrong, step by step", context="feature"),
    where=Wording("lobby, manager", context="feature"),
    pages_at=(FeatureManagerPage(key="setup/cards", page="features.cards.pages.form:CardForm"),),
    commands={"features.cards.commands": {"card": Wording("the contingency cards")}},
    line="features.cards.pages.line:OpenCardMessageLine",
    board=FeatureLobbyBoardPart(
        name=Wording("Contingency card"), icon="warning", part="features.cards.pages.board:CardsBoardPanel"
    ),
)
