"""The read API under /api/v1/: the portal's figures for other systems (docs/api.md).

Only `problems` and `middleware` may be imported where the extra `api` is not installed.
"""
