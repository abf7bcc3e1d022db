"""What the API answers when it cannot: a code for the machine, a sentence for its keeper."""

from django.http import JsonResponse

PROBLEMS: dict[int, tuple[str, str]] = {
    400: ("bad_request", "Yêu cầu không hợp lệ."),
    401: (
        "unauthorized",
        "Cần mã truy cập API còn hạn dùng trong tiêu đề “Authorization: Bearer …”.",
    ),
    404: ("not_found", "Không có nội dung này hoặc mã truy cập không được đọc nội dung này."),
    405: ("method_not_allowed", "API chỉ để đọc: dùng GET hoặc HEAD."),
    422: ("invalid_parameter", "Tham số không hợp lệ."),
    429: ("too_many_requests", "Quá nhiều yêu cầu; hãy thử lại sau số giây ghi ở Retry-After."),
    500: ("server_error", "Hệ thống gặp lỗi khi trả lời; lỗi đã được ghi lại."),
    503: ("unavailable", "Hệ thống tạm thời chưa trả lời được; hãy thử lại sau ít giây."),
}
"""Code and sentence of each status."""


def problem(status: int, message: str = "") -> JsonResponse:
    """The answer with this status: `{"code": …, "message": …}`."""
    code, sentence = PROBLEMS.get(status, PROBLEMS[500 if status >= 500 else 400])
    return JsonResponse(
        {"code": code, "message": message or sentence},
        status=status,
        json_dumps_params={"ensure_ascii": False},
    )
