"""Notes on customers: by the hall's own reference number, with their consent."""

from queuedesk.core.features import Feature, Wording

FEATURE = Feature(
    name="notes",
    title=Wording("Notes on customers", context="feature"),
    about=Wording("By the hall's own reference number, with their consent", context="feature"),
    where=Wording("counter, manager", context="feature"),
    commands={
        "features.notes.commands": {
            "notes": Wording("notes on customers by the hall's own reference number, with their consent")
        }
    },
    talk="features.notes.pages:NotesTalkPart",
    rules=("reference_notes", "customer_texts"),
)
