"""The kiosk: a screen at which customers alone take a ticket."""

from queuedesk.core.features import Feature, FeatureStation, Wording

FEATURE = Feature(
    name="kiosk",
    title=Wording("Kiosk", context="feature"),
    about=Wording("Customers take a ticket themselves", context="feature"),
    where=Wording("a touch screen for customers", context="feature"),
    stays=True,
    stations={
        "kiosk": FeatureStation(
            module="features.kiosk.pages.station",
            title=Wording("Kiosk"),
            about=Wording("Customers take a ticket"),
            opens=Wording("Open kiosk"),
            icon="kiosk",
            for_customers=True,
        )
    },
    rules=("kiosk_idle_s", "kiosk_fetch", "kiosk_postpone"),
    commands={
        "cli.stations": {"kiosk": Wording("let customers take tickets alone")},
        "features.kiosk.commands": {"switches": Wording("the switches of this PC's kiosk")},
    },
)
