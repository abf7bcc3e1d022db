"""Forms of self-assessment and review."""
