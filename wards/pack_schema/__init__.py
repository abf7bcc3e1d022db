"""The format of content packs: how a file is read, what may stand where, and what may be named.

The format is described for writers of packs in `docs/packs.md`.
"""
