"""How static files are kept in production."""

from typing import Any

from whitenoise.compress import Compressor
from whitenoise.storage import CompressedManifestStaticFilesStorage


class GzippedManifestStorage(CompressedManifestStaticFilesStorage):
    """Hashed names and gzip; brotli would cost half a minute at every collection for little."""

    def create_compressor(self, **kwargs: Any) -> Compressor:
        """A compressor that writes .gz only."""
        return Compressor(use_brotli=False, **kwargs)
