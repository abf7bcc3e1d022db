"""The process that draws one document of ours and ends: however long the text, only it is stopped.

Run as `python -m assessments.printing.child` with `{"html", "stylesheet", "identifier"}` as JSON on
standard input; the PDF comes on standard output. It knows neither settings nor database.
"""

import json
import resource
import sys

CPU_SECONDS = 60
MEMORY = 1024 * 1024 * 1024


def main() -> None:
    """Draw, answer, end (RELIABILITY PX-03)."""
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # After the limits, so that loading the renderer is inside them as well.
    from assessments.printing.engine import write_pdf

    asked = json.load(sys.stdin)
    sys.stdout.buffer.write(
        write_pdf(
            asked["html"],
            stylesheet=asked["stylesheet"],
            identifier=asked["identifier"].encode("ascii"),
        )
    )


if __name__ == "__main__":
    main()
