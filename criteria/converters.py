"""Codes of criteria and criteria sets, and kinds of their parts, in addresses."""


class CodeConverter:
    """Any code a pack may give, "21d" or "1.2"; no slash and no control character."""

    regex = r"[^/\x00-\x1f\x7f]+"

    def to_python(self, value: str) -> str:
        """The code as it stands in the address."""
        return value

    def to_url(self, value: str) -> str:
        """The code as it is."""
        return value


class PartConverter:
    """What a page of a draft is about: a group, a criterion or an indicator."""

    regex = "nhom|tieu-chi|chi-so"

    def to_python(self, value: str) -> str:
        """The kind as it stands in the address."""
        return value

    def to_url(self, value: str) -> str:
        """The kind as it is."""
        return value
