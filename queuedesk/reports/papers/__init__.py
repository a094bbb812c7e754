"""Other papers and files: audits, lists, cards, tickets' histories, what-ifs."""
