"""What pages and papers ask of improvement projects."""
