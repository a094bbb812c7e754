"""Other channels: what machines, partners and the phone served."""
