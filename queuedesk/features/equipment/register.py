"""What equipment adds to a hall."""

from queuedesk.core.features import AddedPage, Feature, Wording

FEATURE = Feature(
    name="equipment",
    title=Wording("Equipment", context="feature"),
    about=Wording("What is down and what was, checks before opening", context="feature"),
    where=Wording("counter, manager", context="feature"),
    pages_at=(
        AddedPage(
            key="equipment",
            name=Wording("Equipment"),
            page="features.equipment.pages.page:equipment_page",
            icon="plug",
            after="notices",
            first=True,
        ),
    ),
    commands={"features.equipment.commands": {"check": Wording("check the equipment before a window opens")}},
    rules=("opening_checks",),
    figures=("measures.devices",),
    menu="features.equipment.pages.checks:entries",
    before_opening="features.equipment.pages.checks:ask_before_opening",
    demo="features.equipment.demo:EquipmentPart",
)
