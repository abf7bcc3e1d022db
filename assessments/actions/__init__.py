"""Verbs. Each checks who and whether, writes rows and audit in one transaction, or raises."""
