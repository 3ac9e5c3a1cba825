"""What a PDF holds beside the text of its pages is told of: files that are attached, stamps, and comments of every kind."""

from __future__ import annotations

from knowledge.parsing import read_file
from tests.support.files import one_page_pdf, pdf_of, text_content

TEXT = text_content(["The parts are in the attached list."])


def test_files_that_are_attached_are_told_of(tmp_path):
    pdf_of(
        tmp_path / "a",
        [
            b"<< /Type /Catalog /Pages 2 0 R /Names << /EmbeddedFiles << /Names [(parts.csv) 6 0 R] >> >> >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
            (b"", TEXT),
            b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
            b"<< /Type /Filespec /F (parts.csv) /UF (parts.csv) /EF << /F 7 0 R >> >>",
            (b"/Type /EmbeddedFile", b"No;Name\n1;Seal\n"),
        ],
    )
    told = read_file(tmp_path / "a", "a.pdf").warnings
    assert told == ("1 file is attached and was not read: parts.csv.",)


def test_stamps_and_comments_on_marks_are_told_of(tmp_path):
    """Only notes were; "CHANGED TO 3.2 BAR" across a page and what is said of a marked sentence were left out in silence."""
    one_page_pdf(
        tmp_path / "a", TEXT,
        page=b"/MediaBox [0 0 612 792] /Annots [6 0 R 7 0 R 8 0 R]",
        extra=[
            b"<< /Type /Annot /Subtype /Stamp /Rect [72 600 300 640] /F 4 >>",
            b"<< /Type /Annot /Subtype /Highlight /Rect [72 695 300 715] /QuadPoints [72 715 300 715 72 695 300 695]"
            b" /Contents (Only for model B) >>",
            b"<< /Type /Annot /Subtype /Link /Rect [72 500 300 515] /Contents (Open the page) >>",
        ],
    )  # fmt: skip
    assert read_file(tmp_path / "a", "a.pdf").warnings == (
        "1 page with comments, which were left out: 1.",
        "1 page with stamps put on them, which were left out: 1.",
    )
