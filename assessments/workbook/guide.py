"""The first sheet: whose workbook it is, until when, and how it is filled in."""

from datetime import datetime

from django.utils import timezone
from openpyxl.worksheet.worksheet import Worksheet

from assessments.models import Assessment
from assessments.workbook import styles
from assessments.workbook.layout import ANSWERS, NOTES, Column
from assessments.workbook.styles import put

STEPS = (
    f"Mở trang tính “{ANSWERS}”: mỗi dòng là một chỉ số. Chỉ nhập vào ô nền vàng nhạt; ô xám "
    "không dùng cho chỉ số đó.",
    "Ô có danh sách thì chọn trong danh sách. Số thập phân nhập 9,5 hay 9.5 đều được. Ô để trống "
    "là chưa có kết quả, không phải 0.",
    "Tỷ lệ: nhập tử số và mẫu số; cổng tự tính phần trăm và so với yêu cầu. Không nhập công thức.",
    "Tình trạng: để trống khi có kết quả. “Chờ xếp loại” khi chưa đến kỳ xếp loại; “Không phát "
    "sinh” khi trong kỳ không có vụ việc; “Bất khả kháng” phải kèm lý do.",
    f"Trang tính “{NOTES}”: thuyết minh cách làm; giải trình khi thiếu tài liệu kiểm chứng. Kết "
    "quả mang sang từ kỳ trước chỉ được tính khi chọn “Có” ở cột xác nhận.",
    "Không thêm, xóa, đổi tên, gộp hay ẩn dòng, cột, trang tính. Có thể kéo rộng cột, cao dòng.",
    "Lưu tệp (vẫn là .xlsx), vào lại phiếu trên cổng, chọn “Bảng tính” và tải tệp lên. Cổng cho "
    "xem trước mọi thay đổi; chưa ghi gì cho đến khi đồng chí xác nhận.",
)
CAUTIONS = (
    "Không ghi bí mật nhà nước vào bảng tính này. Văn bản mật chỉ viện dẫn số, ký hiệu trên cổng.",
    "Không ghi họ tên, địa chỉ của người dân; chỉ ghi số liệu tổng hợp.",
    "Tài liệu kiểm chứng không nộp qua bảng tính; đính kèm tại từng tiêu chí trên cổng.",
)


def write_guide(sheet: Worksheet, assessment: Assessment, downloaded_at: str) -> None:
    """Fill the sheet."""
    columns = (Column("n", "", 5), Column("term", "", 26), Column("text", "", 92))
    styles.prepare(sheet, columns, frozen="A1", landscape=False)
    sheet.print_title_rows = None
    put(sheet, 1, 1, "PHIẾU TỰ ĐÁNH GIÁ CÔNG AN PHƯỜNG KIỂU MẪU", styles.TITLE)
    programme = assessment.round.programme
    facts = (
        ("Đơn vị", assessment.unit.station_name),
        ("Chương trình", programme.name),
        ("Kỳ đánh giá", f"Năm {assessment.round.year}"),
        (
            "Số liệu tính trong kỳ",
            f"{assessment.round.window_starts:%d/%m/%Y} – {assessment.round.window_ends:%d/%m/%Y}",
        ),
        ("Bộ tiêu chí", assessment.round.criteria_set.name),
        ("Hạn nộp", _moment(assessment.due_at)),
        ("Tải về lúc", _moment(datetime.fromisoformat(downloaded_at))),
    )
    row = 3
    for term, text in facts:
        put(sheet, row, 2, term, styles.CODE_LEFT)
        put(sheet, row, 3, text, styles.FIXED)
        row += 1
    for heading, sentences in (("Cách điền", STEPS), ("Lưu ý", CAUTIONS)):
        row += 1
        put(sheet, row, 1, heading, styles.HEADING)
        for number, sentence in enumerate(sentences, 1):
            row += 1
            put(sheet, row, 1, f"{number}.", styles.PROSE)
            put(sheet, row, 2, sentence, styles.PROSE)
            # One line of prose over two columns; nothing is filled in on this sheet.
            sheet.merge_cells(start_row=row, start_column=2, end_row=row, end_column=3)
            sheet.row_dimensions[row].height = 16 * (1 + len(sentence) // 115)
        row += 1


def _moment(moment: datetime) -> str:
    return timezone.localtime(moment).strftime("%H:%M ngày %d/%m/%Y")
