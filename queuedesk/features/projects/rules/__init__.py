"""What evidence and figures say of causes and measures, and where a fishbone's bones lie."""
