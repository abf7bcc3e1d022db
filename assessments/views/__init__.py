"""Pages of self-assessment and review."""
