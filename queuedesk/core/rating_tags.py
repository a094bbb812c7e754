"""The reasons of a low rating that a customer may touch, by their codes; the log holds these and no other."""

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
