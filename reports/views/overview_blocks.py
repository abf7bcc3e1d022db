"""The blocks of the overview that are taken along, each as a drawing and as a workbook."""

from enum import StrEnum

from reports.views.picture import Picture

CHANGES_KEPT = 100
"""So many changes a file tells; the page shows the last few."""


class Block(StrEnum):
    """A block, by the word that names it in an address."""

    ROADMAP = "lo-trinh"
    PROVINCE_ROADMAPS = "lo-trinh-tinh"
    STATES = "tinh-trang"
    GROUPS = "nhom"
    CRITERIA = "tieu-chi"
    OBSTACLES = "vuong-mac"
    MISSING = "chua-nop"
    RECENT = "thay-doi"

    def title_of(self, picture: Picture) -> str:
        """What stands above it."""
        whose = "Tỉnh, thành phố" if picture.is_of_country else "Đơn vị"
        return {
            Block.ROADMAP: f"Lộ trình đến năm {picture.programme.ends}",
            Block.PROVINCE_ROADMAPS: "Lộ trình của từng tỉnh, thành phố",
            Block.STATES: "Tình trạng phiếu",
            Block.GROUPS: f"{whose} theo nhóm tiêu chí",
            Block.CRITERIA: f"{whose} theo từng tiêu chí",
            Block.OBSTACLES: "Tiêu chí đang vướng nhiều nhất",
            Block.MISSING: "Chưa nộp phiếu",
            Block.RECENT: "Thay đổi gần đây",
        }[self]

    def note_of(self, picture: Picture) -> str:
        """How its figures are to be read, in one line."""
        if self is Block.ROADMAP:
            return picture.restated
        if self is Block.PROVINCE_ROADMAPS:
            return (
                "Đã đạt / cần đạt trên các đơn vị đang tồn tại của ngày quyết định; "
                "năm chưa đến chỉ nêu số cần đạt."
            )
        if self in {Block.GROUPS, Block.CRITERIA}:
            group = "Nhóm lấy theo tiêu chí kém nhất trong nhóm. " if self is Block.GROUPS else ""
            return (
                f"{group}Kết quả thẩm định nếu phiếu đã kết luận, nếu chưa là kết quả tự đánh giá."
            )
        return ""

    def is_narrowed_in(self, picture: Picture) -> bool:
        """Whether it follows the filter and the order of the page."""
        heat = {Block.GROUPS, Block.CRITERIA}
        return self in heat or (self is Block.STATES and not picture.is_of_country)

    def is_in(self, picture: Picture) -> bool:
        """Whether the page of this picture has it."""
        if self is Block.ROADMAP:
            return bool(picture.points)
        if self is Block.PROVINCE_ROADMAPS:
            return picture.is_of_country and any(row.is_of_province for row in picture.rows)
        return picture.round is not None
