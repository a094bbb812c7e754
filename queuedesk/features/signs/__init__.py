"""Signs over windows: a plate for each, and lines of LED dots over one or along a hall."""

from queuedesk.core.features import Feature, FeatureStation, Wording

FEATURE = Feature(
    name="signs",
    title=Wording("Signs over windows and LED lines", context="feature"),
    about=Wording("Who is called there, on a plate or in one line of text", context="feature"),
    where=Wording("screens over a window or along the hall", context="feature"),
    stays=True,
    stations={
        "plate": FeatureStation(
            module="features.signs.pages.plate",
            title=Wording("Window plate"),
            about=Wording("Above one window"),
            opens=Wording("Open window plate {window}"),
            icon="plate",
            for_customers=True,
            reach="features.signs.pages.plate:number_height_and_canvas",
        ),
        "line": FeatureStation(
            module="features.signs.pages.line",
            title=Wording("LED line", context="device"),
            about=Wording("One line of text"),
            opens=Wording("Open LED line {window}"),
            icon="bar",
            for_customers=True,
        ),
    },
    commands={
        "cli.stations": {
            "plate": Wording("show who is called to one window"),
            "line": Wording("show calls on one LED text line"),
        }
    },
)
