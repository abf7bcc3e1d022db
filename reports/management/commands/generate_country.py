"""`manage.py generate_country`: a made-up country for measurements and pictures."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from reports.country.making import Refused, make_country
from reports.country.scale import PROVINCES, UNITS, OutOfScale, Scale
from reports.demo.people import PASSWORD
from reports.management.arguments import read_day


class Command(BaseCommand):
    """Fill a developer's or an empty database with a country of samples."""

    help = (
        "Tạo một quốc gia mẫu (tỉnh, đơn vị, kỳ đánh giá, phiếu, công nhận) để đo và chụp màn "
        "hình. Chỉ dành cho phát triển: chạy khi DEBUG bật, hoặc khi cơ sở dữ liệu chưa có "
        "chương trình, đơn vị, người dùng nào; nếu không thì từ chối và không ghi gì. Cùng --seed, "
        "--until và quy mô thì cùng dữ liệu. Mỗi tỉnh một giao dịch: dừng giữa chừng thì làm lại "
        "trên cơ sở dữ liệu trống."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """--years, --seed, --provinces, --units, --until."""
        parser.add_argument("--years", type=int, default=8, help="số kỳ, mỗi năm một kỳ (8)")
        parser.add_argument("--seed", type=int, default=1, help="số gieo; cùng số thì cùng dữ liệu")
        parser.add_argument("--provinces", type=int, default=PROVINCES, help="số tỉnh (34)")
        parser.add_argument("--units", type=int, default=UNITS, help="số đơn vị hiện nay (3321)")
        parser.add_argument("--until", metavar="YYYY-MM-DD", help="ngày hôm nay của dữ liệu")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make the country and say who may sign in.

        Raises:
            CommandError: the database is in use, or the figures make no country.
        """
        today = timezone.localdate()
        scale = Scale(
            seed=options["seed"],
            today=read_day(options["until"], today=today),
            years=options["years"],
            provinces=options["provinces"],
            units=options["units"],
        )
        try:
            files = make_country(scale, say=self.stdout.write)
        except (OutOfScale, Refused) as problem:
            raise CommandError(str(problem)) from None
        self.stdout.write(f"Đã tạo {files} phiếu mẫu.")
        self.stdout.write(
            "Tài khoản mẫu: mau.bocongan, mau.901.lanhdao, mau.901.tonghop, mau.901.thamdinh, "
            f"mau.901.truong01; mật khẩu chung: {PASSWORD}"
        )
