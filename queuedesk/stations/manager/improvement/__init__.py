"""What Improve holds, and what projects made standard where it stands: pages in the manager's station."""
