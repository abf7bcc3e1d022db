"""The official list of units: read, checked as a whole, compared with what is known, applied.

The layout of a list is described for its writers in `docs/units.md`.
"""
