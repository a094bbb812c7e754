"""Why ratings are low: reasons and answers as shares with intervals, and what customers said in their own words."""

from queuedesk.core.features import Feature, FeatureManagerPage, Wording

FEATURE = Feature(
    name="low_ratings",
    of_halls=False,
    pages_at=(
        FeatureManagerPage(
            key="quality/why",
            name=Wording("Why", context="tab"),
            page="features.low_ratings.pages:low_ratings_page",
            after="cases",
        ),
    ),
    commands={"features.low_ratings.commands": {"quality": Wording("what customers say")}},
)
