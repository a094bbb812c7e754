"""Check a table: finds what is wrong in a table of satisfaction."""

from queuedesk.core.features import Feature, FeatureManagerPage, Wording

FEATURE = Feature(
    name="table_check",
    title=Wording("Check a satisfaction table", context="feature"),
    about=Wording("Finds wrong figures in a table that somebody sends in", context="feature"),
    where=Wording("manager", context="feature"),
    pages_at=(
        FeatureManagerPage(
            key="reports/audit", name=Wording("Check a table"), page="features.table_check.pages:audit_page"
        ),
    ),
    commands={
        "features.table_check.commands": {"satisfaction": Wording("rates that can be trusted, and tables that can't")}
    },
)
