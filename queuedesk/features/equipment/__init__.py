"""Equipment: what is down and what was, checks before opening."""

from queuedesk.core.features import Feature, FeatureManagerPage, Wording

FEATURE = Feature(
    name="equipment",
    title=Wording("Equipment", context="feature"),
    about=Wording("What is down and what was, checks before opening", context="feature"),
    where=Wording("counter, manager", context="feature"),
    pages_at=(
        FeatureManagerPage(
            key="equipment",
            name=Wording("Equipment"),
            page="features.equipment.pages.page:make_equipment_page",
            icon="plug",
            after="notices",
            first=True,
        ),
    ),
    commands={"features.equipment.commands": {"check": Wording("check the equipment before a window opens")}},
    rules=("opening_checks",),
    figures=("measures.devices",),
    menu="features.equipment.pages.checks:equipment_check_menu_entries",
    before_opening="features.equipment.pages.checks:ask_checks_before_opening",
    demo="features.equipment.demo:EquipmentDemoPart",
)
