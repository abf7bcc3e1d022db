"""What holds for every address of the API, whichever part of the portal answers."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from reports.api.problems import problem

PREFIX = "/api/"
JSON = "application/json"


class ApiMiddleware:
    """Below /api/ no cookie is read, and every error is JSON.

    Without cookies there is no session, so no signed-in person, and nothing to forge. Errors that
    never reach the API itself (an unknown address, a broken database) are pages elsewhere.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(PREFIX):
            return self.get_response(request)
        request.COOKIES.clear()
        response = self.get_response(request)
        if response.status_code >= 400 and not response["Content-Type"].startswith(JSON):
            told = problem(response.status_code)
            response.content = told.content
            response["Content-Type"] = told["Content-Type"]
            response["Content-Length"] = str(len(told.content))
        return response
