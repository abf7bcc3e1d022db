"""How allauth behaves here: accounts are made by administrators, never by signing up."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class PortalAccountAdapter(DefaultAccountAdapter):
    """Closed sign-up; user names are typed without stray spaces or capitals."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs up."""
        return False

    def clean_username(self, username: str, shallow: bool = False) -> str:
        """The user name as stored: trimmed and lower case."""
        name: str = super().clean_username(username.strip().lower(), shallow=shallow)
        return name
