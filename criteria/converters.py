"""Codes of criteria and criteria sets in addresses."""


class CodeConverter:
    """Any code a pack may give, "21d" or "1.2"; no slash and no control character."""

    regex = r"[^/\x00-\x1f\x7f]+"

    def to_python(self, value: str) -> str:
        """The code as it stands in the address."""
        return value

    def to_url(self, value: str) -> str:
        """The code as it is."""
        return value
