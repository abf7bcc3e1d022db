"""WSGI entry point for gunicorn."""

import os
from collections.abc import Callable, Iterable
from email.message import Message
from typing import Any

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def in_utf8_only(inner: Application) -> Application:
    """Answer 400 to a request that claims another encoding than UTF-8.

    No browser of ours sends one, and odd codecs fail before any page of errors can be shown.
    """

    def guarded(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        header = Message()
        header["Content-Type"] = environ.get("CONTENT_TYPE", "")
        charset = header.get_param("charset", "utf-8")
        if not isinstance(charset, str) or charset.lower() not in {"utf-8", "utf8"}:
            start_response("400 Bad Request", [("Content-Type", "text/plain; charset=utf-8")])
            return ["Yêu cầu không hợp lệ: chỉ nhận nội dung UTF-8.".encode()]
        return inner(environ, start_response)

    return guarded


application = in_utf8_only(get_wsgi_application())
