"""The outside of a workbook: a ZIP archive whose directory is judged before anything is unpacked,
and whose XML is read in a stream that refuses document types, entities and excess."""

import zipfile
from io import BytesIO
from typing import IO
from xml.sax.handler import ContentHandler, feature_namespaces
from xml.sax.xmlreader import AttributesNSImpl

from defusedxml import DefusedXmlException
from defusedxml.expatreader import DefusedExpatParser, create_parser

from wards.spreadsheet.limits import MEGABYTE, Limits

OLE = b"\xd0\xcf\x11\xe0"
ZIP = b"PK\x03\x04"
LOCAL_HEADER = 30
ACTIVE_PARTS = (
    "vbaproject",
    "vbadata",
    "/embeddings/",
    "/activex/",
    "/macrosheets/",
    "/ctrlprops/",
)
OUTSIDE_PARTS = ("/externallinks/", "/querytables/", "connections.xml", "/model/")
CHUNK = 64 * 1024

NOT_A_WORKBOOK = "nội dung không phải bảng tính .xlsx (không đổi đuôi từ .csv, .xls hay loại khác)"
PROTECTED = "tệp có mật khẩu hoặc là định dạng Excel cũ (.xls)"
ABNORMAL = "tệp nén bất thường"
ACTIVE = "tệp có macro hoặc đối tượng nhúng"
OUTSIDE = "tệp có liên kết tới dữ liệu bên ngoài"
DAMAGED = "tệp hỏng"
ENTITIES = "tệp chứa khai báo XML không an toàn"


class WorkbookRefused(Exception):
    """A file that is not read at all; the text is the reason in Vietnamese."""


class Part(ContentHandler):
    """One XML part, told element by element with bare names; subclasses collect what they need."""

    def __init__(self) -> None:
        super().__init__()
        self.elements = 0

    def startElementNS(  # noqa: N802 -- named by SAX
        self, name: tuple[str | None, str], qname: str | None, attrs: AttributesNSImpl
    ) -> None:
        """Count the element, then hand it on with the bare names of its attributes."""
        self.elements += 1
        self.open(name[1], {key[1]: value for key, value in attrs.items()})

    def endElementNS(self, name: tuple[str | None, str], qname: str | None) -> None:  # noqa: N802
        """Hand it on."""
        self.close(name[1])

    def open(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""

    def close(self, name: str) -> None:
        """An element ends."""


class Package:
    """The archive, checked as a whole; parts are then read one by one within the limits.

    Raises:
        WorkbookRefused: not a plain workbook.
    """

    def __init__(self, content: bytes, limits: Limits) -> None:
        if len(content) > limits.bytes:
            raise WorkbookRefused(f"lớn hơn {limits.bytes // MEGABYTE} MB")
        if not content:
            raise WorkbookRefused("tệp rỗng")
        if content.startswith(OLE):
            raise WorkbookRefused(PROTECTED)
        if not content.startswith(ZIP):
            raise WorkbookRefused(NOT_A_WORKBOOK)
        try:
            self.archive = zipfile.ZipFile(BytesIO(content))
        except Exception:
            # zipfile raises many kinds for a damaged directory; each means the same.
            raise WorkbookRefused(DAMAGED) from None
        self.limits = limits
        self.unpacked = 0
        self.elements = 0
        self.allowed = min(limits.unpacked, max(MEGABYTE, limits.ratio * len(content)))
        self._check_directory()

    def _check_directory(self) -> None:
        entries = self.archive.infolist()
        if len(entries) > self.limits.entries:
            raise WorkbookRefused(ABNORMAL)
        if sum(entry.file_size for entry in entries) > self.allowed:
            raise WorkbookRefused(ABNORMAL)
        end = 0
        for entry in sorted(entries, key=lambda one: one.header_offset):
            # Two entries over the same bytes unpack one block many times.
            if entry.header_offset < end:
                raise WorkbookRefused(ABNORMAL)
            end = entry.header_offset + LOCAL_HEADER + entry.compress_size
            if entry.flag_bits & 0x1:
                raise WorkbookRefused(PROTECTED)
        names = [f"/{entry.filename.lower()}" for entry in entries]
        if len(set(names)) != len(names):
            raise WorkbookRefused(ABNORMAL)
        if not {"/[content_types].xml", "/xl/workbook.xml"} <= set(names):
            raise WorkbookRefused(NOT_A_WORKBOOK)
        if any(word in name for name in names for word in ACTIVE_PARTS):
            raise WorkbookRefused(ACTIVE)
        if any(word in name for name in names for word in OUTSIDE_PARTS):
            raise WorkbookRefused(OUTSIDE)

    def has(self, name: str) -> bool:
        """Whether the archive holds this part."""
        return name in self.archive.NameToInfo

    def read(self, name: str, part: Part) -> None:
        """Tell `part` what this part of the archive says.

        Raises:
            WorkbookRefused: missing, not well-formed, unsafe, or more than the limits allow.
        """
        parser = create_parser(forbid_dtd=True)
        parser.setFeature(feature_namespaces, True)
        parser.setContentHandler(part)
        try:
            with self.archive.open(name) as stream:
                self._feed(stream, parser, part)
            parser.close()
        except WorkbookRefused:
            raise
        except DefusedXmlException:
            raise WorkbookRefused(ENTITIES) from None
        except Exception:
            # zipfile, zlib, expat and codecs each raise their own kinds for a damaged part.
            raise WorkbookRefused(DAMAGED) from None
        self.elements += part.elements

    def _feed(self, stream: IO[bytes], parser: DefusedExpatParser, part: Part) -> None:
        while chunk := stream.read(CHUNK):
            # The sizes a directory states may lie; what comes out is counted as it comes out.
            self.unpacked += len(chunk)
            if self.unpacked > self.allowed:
                raise WorkbookRefused(ABNORMAL)
            parser.feed(chunk)
            if self.elements + part.elements > self.limits.elements:
                raise WorkbookRefused("tệp có quá nhiều ô hoặc định dạng")
