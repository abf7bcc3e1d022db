"""The frozen figures of one annual report, complete and plausible: Trà Vinh, round of 2023.

Eleven wards, twenty-two criteria, ten groups. Invented sample data, marked as such.
"""

from typing import Any

CRITERIA = (
    ("1", "C01", "Đảng ủy, Ủy ban nhân dân phường đạt kết quả xếp loại thi đua"),
    ("1", "C02", "Phường đạt tiêu chuẩn “An toàn về an ninh, trật tự”"),
    ("2", "C03", "Chi bộ Công an phường hoàn thành xuất sắc nhiệm vụ"),
    ("2", "C04", "Đơn vị văn hóa gương mẫu chấp hành Điều lệnh Công an nhân dân"),
    ("2", "C05", "Đơn vị quyết thắng"),
    ("2", "C06", "Kết quả phân loại cán bộ, chiến sỹ Công an phường"),
    ("2", "C07", "Trình độ chính trị, nghiệp vụ, pháp luật của cán bộ, chiến sỹ"),
    ("3", "C08", "Tổ chức, biên chế Công an phường"),
    ("4", "C09", "Diện tích đất và trụ sở làm việc Công an phường"),
    ("5", "C10", "Trang bị phương tiện, trang thiết bị, vũ khí, công cụ hỗ trợ"),
    ("5", "C11", "Kinh phí hoạt động của Công an phường"),
    ("F", "C12", "Quản lý nhà nước về an ninh, trật tự trên địa bàn"),
    ("F", "C13", "Không để xảy ra cháy, nổ, tai nạn giao thông nghiêm trọng, đua xe trái phép"),
    ("F", "C14", "Không có hoạt động lợi dụng tôn giáo, dân tộc gây phức tạp"),
    ("6", "C15", "Không để xảy ra sự kiện đột xuất, bất ngờ"),
    ("6", "C16", "Quản lý, giám sát đối tượng tại địa bàn"),
    ("6", "C17", "Trực ban, tiếp nhận và xử lý tin báo, tố giác tội phạm"),
    ("6", "C18", "Chỉ tiêu phòng, chống tội phạm, tệ nạn xã hội"),
    ("6", "C19", "Giải quyết khiếu nại, tố cáo liên quan đến an ninh, trật tự"),
    ("7", "C20", "Phong trào toàn dân bảo vệ an ninh Tổ quốc"),
    ("8", "C21", "Trật tự, văn minh đô thị"),
    ("J", "C22", "Cải cách hành chính trên lĩnh vực an ninh, trật tự"),
)

GROUPS = {
    "1": "Xây dựng Đảng, xây dựng hệ thống chính trị phường",
    "2": "Xây dựng lực lượng Công an phường",
    "3": "Mô hình tổ chức, biên chế Công an phường",
    "4": "Diện tích đất, xây dựng trụ sở đúng mẫu thiết kế, đủ công năng, tiện ích",
    "5": "Trang thiết bị, phương tiện, vũ khí, công cụ hỗ trợ của Công an phường",
    "F": "Quản lý nhà nước về an ninh, trật tự",
    "6": "Công tác phòng, chống tội phạm",
    "7": "Công tác xây dựng phong trào toàn dân bảo vệ an ninh Tổ quốc",
    "8": "Văn minh đô thị",
    "J": "Cải cách hành chính trên lĩnh vực an ninh, trật tự",
}

CITY = "TP Trà Vinh"
TOWN = "TX Duyên Hải"

# Per ward: official code, name, district, status, its label, failing and awaited criteria, and how
# many criteria it has answered (the rest is "unanswered").
WARDS = (
    ("29239", "Phường 1", CITY, "verified", "Đã thẩm định", "C09 C10 C21", "C01", 22),
    ("29245", "Phường 2", CITY, "in_progress", "Đang tự đánh giá", "C08 C09 C10", "", 14),
    ("29242", "Phường 3", CITY, "recognised", "Đã được công nhận", "", "", 22),
    ("29236", "Phường 4", CITY, "verified", "Đã thẩm định", "C01 C09 C10 C18 C21", "", 22),
    ("29248", "Phường 5", CITY, "submitted", "Đã nộp, chờ thẩm định", "C09 C10 C20", "C01 C03", 22),
    ("29251", "Phường 6", CITY, "returned", "Trả lại để bổ sung", "C09 C10", "C05", 22),
    ("29254", "Phường 7", CITY, "under_review", "Đang thẩm định", "C09 C10", "C01 C04", 22),
    ("29257", "Phường 8", CITY, "recognised", "Đã được công nhận", "", "", 22),
    ("29260", "Phường 9", CITY, "not_started", "Chưa bắt đầu", "", "", 0),
    ("29512", "Phường 1", TOWN, "verified", "Đã thẩm định", "C08 C09 C10 C21", "C03", 22),
    ("29516", "Phường 2", TOWN, "verified", "Đã thẩm định", "C10", "", 22),
)

BLOCKERS = {
    "C01": "C01: chờ xếp loại Đảng bộ phường năm 2023 (Thành ủy)",
    "C03": "C03: chờ xếp loại Chi bộ Công an phường năm 2023 (Đảng ủy phường)",
    "C04": "C04: chờ công nhận Đơn vị văn hóa gương mẫu chấp hành Điều lệnh",
    "C05": "C05: chờ xét danh hiệu Đơn vị quyết thắng (Công an tỉnh)",
    "C08": "C08: bố trí 8/10 biên chế, chưa đủ 04 tổ",
    "C09": "C09: trụ sở chưa đúng mẫu thiết kế, chưa đủ diện tích đất",
    "C10": "C10: phương tiện, trang thiết bị đạt 70% định mức",
    "C18": "C18: đạt 92% chỉ tiêu phòng, chống tội phạm",
    "C20": "C20: chưa có mô hình hoạt động hiệu quả",
    "C21": "C21: còn 02 điểm lấn chiếm lòng, lề đường",
}


def _cells(failing: str, awaited: str, answered: int) -> list[str]:
    cells = []
    for position, (_, code, _) in enumerate(CRITERIA):
        if code in failing.split():
            cells.append("not_met")
        elif code in awaited.split():
            cells.append("awaiting")
        else:
            cells.append("met" if position < answered else "unanswered")
    return cells


def _worst(cells: list[str]) -> str:
    for outcome in ("not_met", "awaiting", "unanswered"):
        if outcome in cells:
            return outcome
    return "met"


def _counts(cells: list[str]) -> dict[str, int]:
    return {name: cells.count(name) for name in ("met", "not_met", "awaiting", "unanswered")}


def _roadmap() -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    steps = ((2023, 2), (2024, 1), (2025, 1), (2026, 1), (2027, 2), (2028, 2), (2029, 1), (2030, 1))
    level = 0
    for year, step in steps:
        level += step
        rows.append(
            {
                "year": year,
                "by": f"{year}-12-31",
                "scope": "all",
                "scope_label": "Toàn chương trình",
                "as_approved": "02/11" if year == 2023 else f"thêm {step}",
                "additional": step,
                "required": level,
                "of": 11,
                "roster_now": 11,
                "required_now": level,
                "self_assessed": 4,
                "verified": 3,
                "recognised": 2,
                "achieved": 2,
                "difference": 2 - level,
                "state": {2023: "met", 2024: "behind"}.get(year, "future"),
                "state_label": {2023: "Đạt", 2024: "Đang thiếu"}.get(year, "Chưa đến hạn"),
                "document": "1578/QĐ-UBND",
            }
        )
    rows.append(
        {
            **rows[2],
            "scope": "district:851",
            "scope_label": "Thị xã Duyên Hải",
            "as_approved": "100%",
            "additional": None,
            "required": 2,
            "of": 2,
            "roster_now": 2,
            "required_now": 2,
            "self_assessed": 1,
            "verified": 0,
            "recognised": 0,
            "achieved": 0,
            "difference": -2,
        }
    )
    return rows


def _unit(ward: tuple[str, str, str, str, str, str, str, int]) -> dict[str, Any]:
    code, name, district, status, label, failing, awaited, answered = ward
    cells = _cells(failing, awaited, answered)
    met = cells.count("met")
    reviewed = status in {"verified", "recognised"}
    recognition = None
    if status == "recognised":
        recognition = {"number": "2878/QĐ-BCA", "decided_on": "2024-04-22", "sample": True}
    return {
        "code": code,
        "name": name,
        "district": district,
        "status": status,
        "status_label": label,
        "self_assessed": {"met": min(22, met + reviewed), "of": 22} if answered else None,
        "verified": {"met": met, "of": 22} if reviewed else None,
        "recognition": recognition,
        "registered": "ministry" if recognition else "self",
        "blockers": [BLOCKERS[item] for item in (*failing.split(), *awaited.split())],
    }


def sample_figures() -> dict[str, Any]:
    """Return a fresh copy of the figures, free to be changed by a test."""
    matrix = [
        {"unit": ward[1], "district": ward[2], "cells": _cells(ward[5], ward[6], ward[7])}
        for ward in WARDS
    ]
    codes = [code for _, code, _ in CRITERIA]
    group_rows = []
    for row in matrix:
        by_group = [
            _worst([row["cells"][i] for i, item in enumerate(CRITERIA) if item[0] == group])
            for group in GROUPS
        ]
        group_rows.append({"unit": row["unit"], "district": row["district"], "cells": by_group})
    groups = []
    for place, (group, name) in enumerate(GROUPS.items()):
        column = [row["cells"][place] for row in group_rows]
        groups.append(
            {
                "code": group,
                "name": name,
                "criteria": [code for item, code, _ in CRITERIA if item == group],
                **_counts(column),
                "units_not_met": [
                    f"{row['unit']}, {row['district']}"
                    for row in group_rows
                    if row["cells"][place] == "not_met"
                ],
            }
        )
    criteria = [
        {
            "code": code,
            "title": title,
            "group": group,
            **_counts([row["cells"][place] for row in matrix]),
        }
        for place, (group, code, title) in enumerate(CRITERIA)
    ]
    found = (("1", 6), ("2", 9), ("3", 3), ("4", 10), ("5", 11), ("6", 3), ("7", 7), ("8", 5))
    return {
        "schema": 1,
        "programme": {
            "code": "tra-vinh-2023",
            "name": (
                "Đề án xây dựng “Công an phường điển hình, kiểu mẫu về an ninh, trật tự và văn "
                "minh đô thị” trên địa bàn tỉnh Trà Vinh, giai đoạn 2023 - 2030"
            ),
            "document": {
                "number": "1578/QĐ-UBND",
                "issued_on": "2023-10-20",
                "issuer": "UBND tỉnh Trà Vinh",
                "title": (
                    "Ban hành Đề án xây dựng “Công an phường điển hình, kiểu mẫu về an ninh, trật "
                    "tự và văn minh đô thị” trên địa bàn tỉnh Trà Vinh, giai đoạn 2023 - 2030"
                ),
            },
            "province": "Trà Vinh",
            "counts_as_met": "recognised",
            "inputs_due": "15/11",
        },
        "year": 2023,
        "as_of": "2024-04-30",
        "data_kind": "sample",
        "sentence": "Đến 30/4/2024: 2/11 phường đạt, đúng lộ trình năm 2023.",
        "criteria_set": {
            "code": "QD-5764",
            "name": (
                "Bộ tiêu chí tạm thời xây dựng thí điểm “Công an phường điển hình, kiểu mẫu về an "
                "ninh, trật tự và văn minh đô thị”"
            ),
            "document_number": "5764/QĐ-BCA-V05",
            "confirmed": False,
            "criteria_count": 22,
        },
        "roadmap": _roadmap(),
        "groups": groups,
        "criteria": criteria,
        "units": [_unit(ward) for ward in WARDS],
        "matrix": {"criteria": codes, "rows": matrix},
        "group_matrix": {"groups": list(GROUPS), "rows": group_rows},
        "baseline": {
            "on": "2023-10-20",
            "document": "1578/QĐ-UBND",
            "groups": [
                {"code": group, "name": GROUPS[group], "units_not_met": count}
                for group, count in found
            ],
            "total": 54,
        },
        "registrations": {
            "next_year": 2024,
            "assigned": 1,
            "sources": [
                {"label": "Bộ giao", "told": 1, "known": 1},
                {"label": "Tự đăng ký", "told": 3, "known": 1},
                {"label": "Cấp tỉnh", "told": None, "known": 0},
            ],
            "units": [
                {"name": "Phường 1", "district": CITY, "source_label": "Tự đăng ký"},
                {"name": "Phường 2", "district": TOWN, "source_label": "Bộ giao"},
            ],
        },
        "duties": [
            {"entry": entry, "agency": agency, "text": "Phối hợp thực hiện Đề án."}
            for entry, agency in (
                ("1", "Công an tỉnh"),
                ("2", "Bộ Chỉ huy Quân sự tỉnh"),
                ("2", "Bộ Chỉ huy Bộ đội Biên phòng tỉnh"),
                ("3", "Sở Tài chính"),
                ("4", "Sở Kế hoạch và Đầu tư"),
                ("5", "Sở Thông tin và Truyền thông"),
                ("6", "Sở Lao động - Thương binh và Xã hội"),
                ("7", "Sở Văn hóa, Thể thao và Du lịch"),
                ("8", "Sở Tư pháp"),
                ("9", "Sở Tài nguyên và Môi trường"),
                ("10", "Ban Quản lý Khu kinh tế Trà Vinh"),
                ("11", "Đài Phát thanh, truyền hình Trà Vinh"),
                ("11", "Báo Trà Vinh"),
                ("12", "Ủy ban Mặt trận Tổ quốc Việt Nam tỉnh"),
                ("12", "các tổ chức chính trị - xã hội tỉnh"),
                ("13", "Viện kiểm sát nhân dân tỉnh"),
                ("13", "Tòa án nhân dân tỉnh"),
                ("14", "Ủy ban nhân dân thị xã Duyên Hải"),
                ("14", "Ủy ban nhân dân thành phố Trà Vinh"),
            )
        ],
        "late": [
            {"unit": "Phường 2, TP Trà Vinh", "status_label": "Đang tự đánh giá", "days_late": 168},
            {"unit": "Phường 9, TP Trà Vinh", "status_label": "Chưa bắt đầu", "days_late": 168},
        ],
        "narrative": {
            "difficulties": (
                "Tiêu chí về diện tích đất, trụ sở và trang bị phụ thuộc nguồn vốn đầu tư công của "
                "tỉnh và của Bộ Công an, Công an phường không tự quyết định được.\n"
                "Một số danh hiệu thi đua được xét sau thời điểm chốt số liệu nên kết quả tự đánh "
                "giá của các phường còn mang tính tạm thời."
            ),
            "tasks": (
                "Tập trung hoàn thiện hồ sơ trụ sở và trang bị của Phường 2, thị xã Duyên Hải.\n"
                "Đôn đốc Phường 2 và Phường 9, thành phố Trà Vinh hoàn thành phiếu tự đánh giá."
            ),
            "proposals": (
                "Đề nghị Bộ Công an ưu tiên bố trí kinh phí xây dựng trụ sở Công an phường theo "
                "mẫu thiết kế và trang bị phương tiện theo định mức."
            ),
        },
        "issuer": {
            "parent": "BỘ CÔNG AN",
            "name": "CÔNG AN TỈNH TRÀ VINH",
            "symbol": "BC-CAT-PTM",
            "place": "Trà Vinh",
            "signer_capacity": "GIÁM ĐỐC",
            "signer_name": "",
            "recipients": [
                "Như trên",
                "Các cơ quan, đơn vị, địa phương được phân công nhiệm vụ tại Đề án",
                "Lưu: VT, PTM",
            ],
            "addressees": ["Bộ Công an", "Thường trực Tỉnh ủy", "Ủy ban nhân dân tỉnh"],
        },
    }
