"""Which favourite items the front desk shows, and which find no place there."""

from __future__ import annotations

from queuedesk.core.setup.values import Setup
from queuedesk.i18n import _, listing, n_
from queuedesk.stations.guide.choices import FAVOURITES_SHOWN
from queuedesk.stations.manager.setup_frame.draft import SERVICES, Draft
from queuedesk.stations.manager.setup_frame.words import row_name


def favourites_text(setup: Setup, draft: Draft | None = None) -> str:
    """Return how many favourites the front desk shows, with those that do not fit; `draft` is a service as it would
    be."""
    rule = _("The front desk shows the first {n} favourites, in the order of services and items.", n=FAVOURITES_SHOWN)
    return f"{rule} {favourites_left_out(setup, draft)}".strip()


def favourites_left_out(setup: Setup, draft: Draft | None = None) -> str:
    """Return which favourites find no place on the front desk, "" when all do."""
    names = []
    for row in setup.document[SERVICES]:
        is_draft = draft is not None and not draft.new and row["code"] == draft.code
        items = (draft.row if draft is not None and is_draft else row).get("items") or ()
        names += [row_name(item) for item in items if item.get("favourite")]
    if draft is not None and draft.new:
        names += [row_name(item) for item in draft.row.get("items") or () if item.get("favourite")]
    left_out = [name or _("New item") for name in names[FAVOURITES_SHOWN:]]
    if not left_out:
        return ""
    words = {"names": listing(left_out)}
    return n_(
        "{n} does not fit on the front desk: {names}",
        "{n} do not fit on the front desk: {names}",
        len(left_out),
        **words,
    )
