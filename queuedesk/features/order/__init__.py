"""Order and estimates: why each was called when, and estimates against what happened."""

from queuedesk.core.features import Feature, FeatureManagerPage, Wording

FEATURE = Feature(
    name="order",
    title=Wording("Order and estimates", context="feature"),
    about=Wording("Why each was called when, and estimates against what happened", context="feature"),
    where=Wording("manager", context="feature"),
    pages_at=(
        FeatureManagerPage(
            key="waits/fairness",
            name=Wording("Fairness", context="tab"),
            page="features.order.pages:fairness_page",
            after="lobby",
        ),
        FeatureManagerPage(
            key="waits/promise", name=Wording("Promise", context="tab"), page="features.order.pages:quoted_waits_page"
        ),
    ),
    commands={
        "features.order.commands": {
            "order": Wording("who is next for each service, in true call order"),
            "ledger": Wording("which later tickets went first on a day, and why"),
        }
    },
    figures=("promise", "overtakes", "measures.promise", "measures.overtakes"),
)
