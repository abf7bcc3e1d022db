"""Exit with 0 when this container's web server answers /healthz, as compose asks every 10 s."""

import http.client
import os
import sys
from urllib.parse import urlsplit


def main() -> int:
    """Ask under the portal's own host name: any other is refused."""
    connection = http.client.HTTPConnection("127.0.0.1", 8000, timeout=4)
    try:
        host = urlsplit(os.environ["SITE_URL"]).netloc
        connection.request("GET", "/healthz", headers={"Host": host})
        return 0 if connection.getresponse().status == 200 else 1
    except (OSError, http.client.HTTPException):
        return 1


if __name__ == "__main__":
    sys.exit(main())
