"""Asking the API as another system does."""

from datetime import date, timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from wards.actions import tokens
from wards.models import Agency, ApiToken, Province


def agency(code: str, province: Province | None) -> Agency:
    """An agency of a province, or of the whole country."""
    return Agency.objects.create(code=code, name=f"Cơ quan {code}", province=province)


def issued(of: Agency, purpose: str = "Kho dữ liệu") -> tuple[ApiToken, str]:
    """A token of this agency that is valid today, with its secret."""
    return tokens.issue(of, purpose=purpose, expires_on=in_days(30), by=None, now=timezone.now())


def in_days(days: int) -> date:
    """The day so many days from today."""
    return timezone.localdate() + timedelta(days=days)


class Machine:
    """Another system with its token."""

    def __init__(self, secret: str, **environment: Any) -> None:
        self.client = Client(
            raise_request_exception=False,
            headers={"Authorization": f"Bearer {secret}"},
            **environment,
        )

    def ask(self, path: str, **parameters: object) -> Any:
        """The answer to GET."""
        return self.client.get(f"/api/v1/{path}", parameters)

    def read(self, path: str, **parameters: object) -> Any:
        """What the answer says; it must be one."""
        answer = self.ask(path, **parameters)
        assert answer.status_code == 200, answer.text
        return answer.json()


def machine(of: Agency, **environment: Any) -> Machine:
    """A system of this agency with a token of its own."""
    return Machine(issued(of)[1], **environment)
