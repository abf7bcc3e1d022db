"""The sections of packs about criteria sets and programmes."""
