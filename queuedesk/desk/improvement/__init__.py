"""What people do with trials of words, and what pages and papers ask of improvement projects."""
