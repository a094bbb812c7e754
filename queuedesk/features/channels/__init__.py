"""Other channels: what machines, partners and the phone served."""

from queuedesk.core.features import Feature, FeatureManagerPage, Wording

FEATURE = Feature(
    name="channels",
    title=Wording("Other channels", context="feature"),
    about=Wording("What machines, partners and the phone served", context="feature"),
    where=Wording("manager", context="feature"),
    pages_at=(
        FeatureManagerPage(
            key="reports/channels",
            name=Wording("Other channels", context="tab"),
            page="features.channels.pages:make_channels_page",
        ),
    ),
    commands={"features.channels.commands": {"channels": Wording("what other channels and partner sites served")}},
    figures=("measures.diversion.ledger", "measures.diversion.hall_share"),
    demo="features.channels.demo:ChannelsDemoPart",
)
