"""Marks of secrecy in the name or title of what is about to be uploaded."""

import re
import unicodedata

MARKED = (
    "Tên hoặc trích yếu của “{name}” có chữ “{mark}”. Tài liệu mang dấu độ mật không được đưa lên "
    "hệ thống: hãy dùng “Viện dẫn văn bản mà không tải tệp”. Nếu tài liệu không mang dấu độ mật, "
    "hãy xác nhận thêm điều đó rồi gửi lại."
)

_DEGREES = re.compile(r"\b(tuyệt mật|tối mật|tuyet mat|toi mat)\b")
_SECRET = re.compile(
    r"(?<!bí )(?<!bảo )(?<!cơ )(?<!thân )(?<!giữ )(?<!đường )"
    r"\bmật\b(?! (?:khẩu|độ|ong|mã|thiết|thám|vụ|đường))"
)
"""The word alone; not inside "bí mật", "bảo mật", "mật khẩu", "mật độ" and their like."""


def marking_in(*texts: str) -> str:
    """The mark of secrecy that one of the texts carries, in capitals; empty without one."""
    for text in texts:
        plain = unicodedata.normalize("NFC", text).casefold()
        words = " ".join(re.sub(r"[^\w]|_", " ", plain).split())
        found = _DEGREES.search(words) or _SECRET.search(words)
        if found:
            return found.group().capitalize()
    return ""
