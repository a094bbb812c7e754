"""Lost property, the example of resources/docs/contributing.md: what was found, who asked, to whom it was given."""

from queuedesk.core.features import Feature, FeatureFrontDeskPart, FeatureManagerPage, Wording

TITLE = Wording("Lost property", context="feature")
FEATURE = Feature(
    name="lost_property",
    title=TITLE,
    about=Wording("Found, asked for, given back", context="feature"),
    where=Wording("front desk, manager", context="feature"),
    usual=False,
    log="features.lost_property.rules:RULES",
    words="features.lost_property.words:WORDS",
    commands={"features.lost_property.commands": {"lost": Wording("what was found in the hall, and who asks for it")}},
    pages_at=(FeatureManagerPage(key="quality/lost", name=TITLE, page="features.lost_property.pages:LOST"),),
    front_desk=FeatureFrontDeskPart(key="lost", name=TITLE, page="features.lost_property.pages:LOST"),
    report="features.lost_property.papers:day_lines",
    demo="features.lost_property.demo:LostPropertyDemoPart",
)
