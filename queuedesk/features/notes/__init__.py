"""Notes on customers: by the hall's own reference number, with their consent."""
