"""What contingency cards add to a hall."""

from queuedesk.core.features import AddedBoardPart, AddedPage, Feature, Wording

FEATURE = Feature(
    name="cards",
    title=Wording("Contingency cards", context="feature"),
    about=Wording("What to do when something goes wrong, step by step", context="feature"),
    where=Wording("lobby, manager", context="feature"),
    pages_at=(AddedPage(key="setup/cards", page="features.cards.pages.form:CardForm"),),
    commands={"features.cards.commands": {"card": Wording("the contingency cards")}},
    line="features.cards.pages.line:CardLine",
    board=AddedBoardPart(
        name=Wording("Contingency card"), icon="warning", part="features.cards.pages.board:CardsOnBoard"
    ),
)
