"""The process that reads one workbook from standard input under limits and answers in JSON.

It knows neither settings nor database: whatever a hostile file does to it stays in it.
"""

import json
import resource
import sys
from pathlib import Path

from assessments.workbook import limits


def main() -> None:
    """Read, answer, end."""
    resource.setrlimit(resource.RLIMIT_AS, (limits.MEMORY, limits.MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (limits.CPU_SECONDS, limits.CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # After the limits, so that loading the parser is inside them as well.
    from wards.spreadsheet.package import WorkbookRefused
    from wards.spreadsheet.reading import read_workbook

    answer: dict[str, object]
    try:
        sheets = read_workbook(sys.stdin.buffer.read(limits.MAX_BYTES + 1), limits.WORKBOOK)
        answer = {"sheets": [sheet.as_json() for sheet in sheets]}
    except WorkbookRefused as refusal:
        answer = {"refused": str(refusal)}
    answer["peak_kilobytes"] = peak_kilobytes()
    sys.stdout.write(json.dumps(answer))


def peak_kilobytes() -> int:
    """The most memory this process had at once; `ru_maxrss` would count its parent's, too."""
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    line = next(one for one in status.read_text().splitlines() if one.startswith("VmHWM:"))
    return int(line.split()[1])


if __name__ == "__main__":
    main()
