"""The reasons of a low rating that a customer may touch, by their codes; other software may have tags of its own."""

REASON_TAGS = (
    "waited_long",
    "explained_badly",
    "papers_changed",
    "attitude",
    "not_solved",
    "system_down",
    "surroundings",
    "other",
)
