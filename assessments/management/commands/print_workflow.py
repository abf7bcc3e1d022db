"""`manage.py print_workflow`: the life-cycle of an assessment as Markdown, from its tables."""

from typing import Any

from django.core.management.base import BaseCommand

from assessments.workflow import CONCLUDED, EDITABLE, MOVES, NEXT_STEP, OWNER, Status


def workflow_document() -> str:
    """The text of docs/workflow.md: a diagram, the statuses with their owners, and the moves."""
    lines = [
        "# Life-cycle of an assessment",
        "",
        "Printed from `assessments/workflow.py` by `manage.py print_workflow`; a test compares it.",
        "",
        "```mermaid",
        "stateDiagram-v2",
        "    [*] --> not_started",
        *[f"    {move.source} --> {move.target}: {move.event}" for move in MOVES],
        "    recognised --> [*]",
        "    not_recognised --> [*]",
        "```",
        "",
        "| status | label | whose turn | station may edit | concluded | what happens next |",
        "|---|---|---|---|---|---|",
    ]
    for status in Status:
        owner = OWNER[status]
        lines.append(
            f"| `{status}` | {status.label} | {f'`{owner}`' if owner else '–'} "
            f"| {_mark(status in EDITABLE)} | {_mark(status in CONCLUDED)} | {NEXT_STEP[status]} |"
        )
    lines += ["", "| from | to | who | event | button |", "|---|---|---|---|---|"]
    for move in MOVES:
        roles = ", ".join(f"`{role}`" for role in sorted(move.roles))
        lines.append(
            f"| `{move.source}` | `{move.target}` | {roles} | `{move.event}` | {move.label} |"
        )
    return "\n".join(lines) + "\n"


def _mark(condition: bool) -> str:
    return "yes" if condition else ""


class Command(BaseCommand):
    """Print the life-cycle."""

    help = "Prints the life-cycle of an assessment as Markdown (docs/workflow.md)."

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the document to standard output."""
        self.stdout.write(workflow_document(), ending="")
