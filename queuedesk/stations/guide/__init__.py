"""The front desk: what people come for, their papers, their ticket, and who waits."""
