"""Packs for meetings: the month's pack, the summary of a quarter."""

from queuedesk.core.features import Feature, FeatureManagerPage, Wording

FEATURE = Feature(
    name="packs",
    title=Wording("Packs for meetings", context="feature"),
    about=Wording("The month's pack, the summary of a quarter", context="feature"),
    where=Wording("manager", context="feature"),
    pages_at=(
        FeatureManagerPage(
            key="reports/packs",
            name=Wording("Packs", context="tab"),
            page="features.packs.pages:packs_page",
            after="on-paper",
            for_readers=True,
        ),
    ),
    kept=dict.fromkeys(("month-pack", "quarter-pack"), "features.packs.papers.files:pack_pdf_book_and_log_part"),
    commands={
        "features.packs.commands": {"pack": Wording("the pack for the monthly meeting, the summary of a quarter")}
    },
)
