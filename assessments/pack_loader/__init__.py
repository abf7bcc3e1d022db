"""Loading a content pack: one file, one transaction, one audit entry, or nothing at all."""

from assessments.pack_loader.loading import Loaded, load_file

__all__ = ["Loaded", "load_file"]
