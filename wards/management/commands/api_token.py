"""`manage.py api_token`: tokens by which other systems read from the API."""

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.access import NotReady
from wards.actions import tokens
from wards.models import Agency, ApiToken
from wards.names import normalised


class Command(BaseCommand):
    """Issue, revoke or list tokens."""

    help = "Cấp, thu hồi hoặc liệt kê mã truy cập API."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """issue --agency --purpose --expires | revoke ID | list."""
        acts = parser.add_subparsers(dest="act", required=True)
        issue = acts.add_parser("issue", help="cấp mã; mã chỉ in ra một lần")
        issue.add_argument("--agency", required=True, metavar="MÃ", help="mã cơ quan")
        issue.add_argument("--purpose", required=True, help="phần mềm dùng mã")
        issue.add_argument("--expires", required=True, metavar="YYYY-MM-DD", help="ngày cuối")
        revoke = acts.add_parser("revoke", help="thu hồi mã ngay")
        revoke.add_argument("number", type=int, metavar="SỐ", help="số thứ tự trong danh sách")
        acts.add_parser("list", help="liệt kê mọi mã")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do the one asked for.

        Raises:
            CommandError: unknown agency or token, not a day, or the act is refused.
        """
        try:
            if options["act"] == "issue":
                self._issue(options["agency"], options["purpose"], options["expires"])
            elif options["act"] == "revoke":
                self._revoke(options["number"])
            else:
                self._list()
        except NotReady as refusal:
            raise CommandError(refusal.sentence) from None

    def _issue(self, code: str, purpose: str, expires: str) -> None:
        agency = Agency.objects.select_related("province").filter(code=code).first()
        if agency is None:
            raise CommandError(f"Không tìm thấy cơ quan có mã “{code}”.")
        purpose = normalised(purpose)
        if not 0 < len(purpose) <= 120:
            raise CommandError("--purpose cần từ 1 đến 120 ký tự.")
        try:
            expires_on = date.fromisoformat(expires)
        except ValueError:
            raise CommandError(
                f"Ngày “{expires}” không hợp lệ: cần viết dạng YYYY-MM-DD."
            ) from None
        _, secret = tokens.issue(
            agency, purpose=purpose, expires_on=expires_on, by=None, now=timezone.now()
        )
        self.stdout.write(secret)

    def _revoke(self, number: int) -> None:
        token = ApiToken.objects.select_related("agency__province").filter(pk=number).first()
        if token is None:
            raise CommandError(f"Không có mã số {number}.")
        tokens.revoke(token, by=None, now=timezone.now())
        self.stdout.write(f"Đã thu hồi mã số {number} ({token}).")

    def _list(self) -> None:
        today = timezone.localdate()
        for token in ApiToken.objects.select_related("agency__province"):
            state = "còn hạn" if token.is_valid_on(today) else "không còn dùng được"
            used = f"{token.last_used_on:%d/%m/%Y}" if token.last_used_on else "chưa dùng"
            self.stdout.write(
                f"{token.pk}\t{token}\tsố liệu {token.reach}\t"
                f"đến {token.expires_on:%d/%m/%Y}\tdùng gần nhất: {used}\t{state}"
            )
