"""`annual_report` and `verify_report`: the same bytes again, and none that were altered."""

from datetime import timedelta
from hashlib import sha256
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from assessments.models import Assessment
from criteria.models import Programme
from reports import actions, jobs
from reports.models import AnnualReport
from tests import cast

# WeasyPrint leaves its colour profile to the garbage collector to close.
pytestmark = pytest.mark.filterwarnings("ignore:.*sRGB2014:pytest.PytestUnraisableExceptionWarning")

LATER = cast.NOW + timedelta(days=30)


@pytest.fixture(autouse=True)
def media(settings: object, tmp_path: Path) -> Path:
    """A place of its own for the files of each test."""
    folder = tmp_path / "media"
    folder.mkdir()
    settings.MEDIA_ROOT = folder  # type: ignore[attr-defined]
    return folder


def command(tmp_path: Path, name: str = "bao-cao.pdf", **options: object) -> tuple[Path, str]:
    out = tmp_path / name
    said = StringIO()
    given = {"programme": "tra-vinh-2023", "year": 2023, "as_of": "2023-11-10"} | options
    call_command("annual_report", out=str(out), stdout=said, **given)
    return out, said.getvalue()


@pytest.mark.usefixtures("round_")
def test_the_command_gives_the_same_bytes_again(
    tmp_path: Path, programme: Programme, assessment: Assessment, people: cast.People
) -> None:
    first, said = command(tmp_path, "a.pdf")
    cast.recognise(assessment, people)
    second, said_again = command(tmp_path, "b.pdf")

    assert first.read_bytes() == second.read_bytes()
    assert sha256(first.read_bytes()).hexdigest() in said
    report = AnnualReport.objects.get()
    assert report.figures_sha256 in said_again
    # Even from the figures alone, when the file itself is gone.
    report.file.delete(save=False)
    AnnualReport.objects.update(file="reports/nowhere.pdf")
    third, _ = command(tmp_path, "c.pdf")
    assert third.read_bytes() == first.read_bytes()


@pytest.mark.parametrize(
    ("options", "why"),
    [
        ({"programme": "khong-co"}, "Không có chương trình"),
        ({"as_of": "2023-13-01"}, "không hợp lệ"),
        ({"as_of": "2999-01-01"}, "chưa đến"),
        ({"year": 2022}, "nằm ngoài thời gian"),
        ({"name": "khong-co/a.pdf"}, "thư mục không có"),
    ],
)
@pytest.mark.usefixtures("round_")
def test_the_command_refuses_in_one_line_and_changes_nothing(
    tmp_path: Path, media: Path, options: dict[str, object], why: str
) -> None:
    with pytest.raises(CommandError, match=why) as refusal:
        command(tmp_path, **options)
    assert "\n" not in str(refusal.value)
    assert not AnnualReport.objects.exists()
    assert list(media.iterdir()) == []


@pytest.mark.usefixtures("round_")
def test_verify_report_knows_its_own_and_a_flipped_byte(
    tmp_path: Path, programme: Programme, people: cast.People, capsys: pytest.CaptureFixture[str]
) -> None:
    out, _ = command(tmp_path)
    call_command("verify_report", str(out))
    said = capsys.readouterr().out
    assert "còn nguyên vẹn: báo cáo năm 2023" in said
    assert "bản 1 (bản nháp)" in said

    content = bytearray(out.read_bytes())
    content[len(content) // 2] ^= 1
    altered = tmp_path / "altered.pdf"
    altered.write_bytes(bytes(content))
    with pytest.raises(CommandError, match="đã bị sửa"):
        call_command("verify_report", str(altered))
    stranger = tmp_path / "stranger.pdf"
    stranger.write_bytes(cast.PDF)
    with pytest.raises(CommandError, match="không phải do hệ thống này lập"):
        call_command("verify_report", str(stranger))
    with pytest.raises(CommandError, match="Không đọc được"):
        call_command("verify_report", str(tmp_path / "nothing.pdf"))

    # The draft stays recognisable after its version became official.
    report = AnnualReport.objects.get()
    actions.issue_report(report, by=people.coordinator, now=LATER)
    assert jobs.run(report.pk, clock=lambda: LATER)
    call_command("verify_report", str(out))
    assert "tệp lập trước đó; bản này nay là chính thức" in capsys.readouterr().out
