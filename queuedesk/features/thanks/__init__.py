"""Thanks and warnings: thanks to staff, alerts that somebody answers for."""

from queuedesk.core.features import Feature, FeatureManagerPage, Wording

FEATURE = Feature(
    name="thanks",
    title=Wording("Thanks and warnings", context="feature"),
    about=Wording("Thanks to staff, alerts that somebody answers for", context="feature"),
    where=Wording("front desk, counter, manager", context="feature"),
    pages_at=(
        FeatureManagerPage(
            key="quality/thanks",
            name=Wording("Staff thanks and warnings"),
            page="features.thanks.pages.page:thanks_page",
            after="why",
        ),
    ),
    commands={
        "features.thanks.commands": {
            "thanks": Wording("thanks of customers to somebody who works here"),
            "warnings": Wording("alerts that somebody is responsible for"),
        }
    },
    rules=("warning_slip",),
    figures=("thanks", "warnings"),
    talk="features.thanks.pages.told:ThanksAndAlertTalkExtension",
    month="features.thanks.pages.page:MONTH",
    demo="features.thanks.demo:ThanksDemoPart",
)
