"""What `docs/packs.md` shows is what the loader takes."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from assessments.pack_schema import Pack
from criteria.scale import SCALES
from tests.packs.conftest import HEAD, Packs

PAGE = (Path(settings.BASE_DIR) / "docs/packs.md").read_text()
BLOCKS = re.findall(r"```yaml\n(.*?)```", PAGE, flags=re.DOTALL)


def test_the_examples_together_are_a_pack(packs: Packs):
    text = HEAD + "".join(block for block in BLOCKS if "[…]" not in block)
    [loaded] = packs.load(text)
    assert {"đơn vị": 5, "chỉ tiêu": 9, "công nhận": 1}.items() <= loaded.created.items()
    assert not packs.load(text)[0].has_changes


def test_every_section_is_described():
    [skeleton] = [block for block in BLOCKS if "[…]" in block]
    assert re.findall(r"^(\w+):", skeleton, flags=re.MULTILINE) == list(Pack.model_fields)
    for section in Pack.model_fields:
        assert section == "pack" or re.search(rf"^## .*\b{section}\b", PAGE, flags=re.MULTILINE)


@pytest.mark.parametrize("code", SCALES)
def test_every_scale_is_described(code: str):
    levels = ", ".join(f"`{level}`" for level, _ in SCALES[code].levels)
    assert f"| `{code}` | {levels} |" in PAGE
