"""Settings of the test suite: the real ones with a throw-away secret and quick password hashing."""

import os
import tempfile

os.environ.setdefault("SECRET_KEY", "only-for-the-test-suite-" + "x" * 40)
os.environ.setdefault("SITE_URL", "http://testserver")
os.environ.setdefault("ALLOWED_HOSTS", "testserver,localhost,127.0.0.1")
os.environ.setdefault("EMAIL_URL", "memorymail://")
# Broker, files and database of this process alone: suites that run side by side never meet.
os.environ["VAR_DIR"] = tempfile.mkdtemp(prefix="portal-test-")
if os.environ.get("REDIS_URL"):
    process = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
    os.environ["REDIS_URL"] = f"{os.environ['REDIS_URL'].rstrip('/').rsplit('/', 1)[0]}/{process}"

from config.settings import *  # noqa: F403 -- the environment has to be complete first
from config.settings import ALLOWED_HOSTS, DATABASES, REDIS_URL, STORAGES, VAR_DIR

DEBUG = False
# pytest adds the live server's host itself; a copy keeps the original untouched.
ALLOWED_HOSTS = [*ALLOWED_HOSTS]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    **STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # A file, as in service: a shared in-memory database locks tables in ways a file never does.
    DATABASES["default"]["TEST"] = {"NAME": str(VAR_DIR / "test.sqlite3")}
    DATABASES["default"]["OPTIONS"]["init_command"] = (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF; PRAGMA foreign_keys=ON;"
    )
if not REDIS_URL:
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
