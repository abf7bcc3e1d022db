"""`manage.py add_person`: an account with its first posting, e.g. the first administrator."""

import getpass
import os
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from accounts.access import NotReady
from accounts.actions import create_user
from accounts.models import Role
from wards.actions.posting import post
from wards.models import Agency, Province, Unit


class Command(BaseCommand):
    """Create an account; the password comes from PORTAL_PASSWORD or is asked for."""

    help = "Creates an account with its first posting. Password: PORTAL_PASSWORD, or asked for."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Who, in which role, where."""
        parser.add_argument("--username", required=True)
        parser.add_argument("--full-name", required=True)
        parser.add_argument("--email", required=True)
        parser.add_argument("--role", required=True, choices=[role.value for role in Role])
        parser.add_argument("--title", default="")
        parser.add_argument("--unit", help="code of the unit in force today")
        parser.add_argument("--province", help="code of the province")
        parser.add_argument("--agency", help="code of the agency")

    def handle(self, *args: Any, **options: Any) -> None:
        """Create both or neither.

        Raises:
            CommandError: unknown place, weak password, user name taken.
        """
        now = timezone.now()
        day = timezone.localdate(now)
        password = os.environ.get("PORTAL_PASSWORD", "")
        if not password and sys.stdin.isatty():
            password = getpass.getpass("Mật khẩu: ")
        try:
            with transaction.atomic():
                user = create_user(
                    username=options["username"],
                    full_name=options["full_name"],
                    email=options["email"],
                    password=password,
                    by=None,
                    now=now,
                )
                posting = post(
                    user,
                    Role(options["role"]),
                    title=options["title"],
                    starts=day,
                    unit=self._find(Unit.objects.existing_on(day), options["unit"], "đơn vị"),
                    province=self._find(
                        Province.objects.existing_on(day), options["province"], "tỉnh"
                    ),
                    agency=self._find(Agency.objects.all(), options["agency"], "cơ quan"),
                    by=None,
                    now=now,
                )
        except NotReady as refusal:
            raise CommandError(refusal.sentence) from None
        self.stdout.write(f"{user.username}: {posting.line}")

    def _find(self, candidates: Any, code: str | None, kind: str) -> Any:
        if not code:
            return None
        found = candidates.filter(code=code).first()
        if found is None:
            raise CommandError(f"Không tìm thấy {kind} có mã “{code}” đang hoạt động.")
        return found
