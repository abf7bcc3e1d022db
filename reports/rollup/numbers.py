"""Numbers as they are written in Vietnamese: thousands apart, whatever the settings say."""

from django.utils.formats import number_format


def number_text(number: int) -> str:
    """A number as it is written: 1.473."""
    if -1000 < number < 1000:
        # Most are, and tables write hundreds of them.
        return str(number)
    return str(number_format(number, force_grouping=True))


def of_text(number: int, of: int) -> str:
    """So many of so many: 1.473/3.321."""
    return f"{number_text(number)}/{number_text(of)}"
