"""People, their rights, and the PCs that share a hall.

`roles.py` holds the one table of which role may do what (`MAY`) and read what (`MAY_READ`). Reading is checked like
acting: `desk/reading.py` asks and keeps refusals in the access journal. Ratings are left out of what others read along
with tickets (decisions/rights.md).

`sharing.py` defines the kinds of PC and what each may open: home offers no more, and a station checks it at its start.
It also holds the proofs by which a joining PC and the main PC show each other that they have the same code without
sending it (decisions/joining.md)."""
