"""What can go wrong with manuals. Every class carries a hint: what the user can do about it."""

from __future__ import annotations


class KnowledgeError(Exception):
    """Base of all. ``str(error)`` is one clear sentence; ``hint`` says what to do."""

    hint = ""


class UnreadableFile(KnowledgeError):
    """The file cannot become a manual. The sentence names the reason."""

    hint = "Open it in its own program, save it again and add the new file."


class EncryptedFile(UnreadableFile):
    hint = "Save a copy without a password and add that."


class NoText(UnreadableFile):
    hint = "Add a version that holds its text."


class PictureOnly(NoText):
    """A scan, or an image: its words are there, but only as pictures."""

    hint = "Then add it again, and it is read; or add a version that holds its text."


class ProgramMissing(UnreadableFile):
    """The file can only be read with a program that is not installed. The sentence names it and how to get it."""

    hint = "Then add it again; or save it in a newer format and add that."


class ScriptedPage(NoText):
    """A web page whose text is not in the file, because a program in it fetches or makes it."""

    hint = "Open it in a browser, print it to a PDF there and add that."


class UnknownFormat(UnreadableFile):
    hint = "Add a PDF, Markdown, HTML, plain text, DOC, DOCX, PPT, PPTX, XLS, XLSX, OpenDocument, RTF, EPUB, DITA, DocBook, CSV, image or mail file."


class ManualsInside(UnreadableFile):
    """The file is an archive of manuals, each of which is added by itself."""


class TooLarge(UnreadableFile):
    hint = "Split the file into parts, or raise TANDEM_MAX_UPLOAD_MB."


class TooManyPassages(UnreadableFile):
    hint = "Split the file into parts."


class ReaderFailed(UnreadableFile):
    """The reading process ran out of time or memory, or died. It is tried a second time."""

    hint = "Save the file again from its own program, or split it."


class UploadQueueFull(KnowledgeError):
    hint = "Wait until some files are done, then add the rest."


class NoSuchManual(KnowledgeError):
    hint = "List the manuals to see which there are."


class NoSuchProduct(KnowledgeError):
    hint = "`run.py manuals` shows the product of each manual."


class NoSuchPage(KnowledgeError):
    hint = "The manual has no such page."


class DataFolder(KnowledgeError):
    """The data folder cannot be used: not writable, full, gone, damaged, or made by a newer Tandem."""

    hint = "Choose another folder with --data or TANDEM_DATA."


class LibraryBusy(DataFolder):
    """Another program holds the library."""

    hint = "End the other program, or wait for it, and try again."


class SearchServerFault(KnowledgeError):
    """The search server cannot do what it was asked: it is down, refuses, or lacks what it should hold."""

    hint = "Start it, or see its log."


class Cancelled(KnowledgeError):
    """Somebody stopped the work on a file. Nothing of it was kept."""

    hint = "Add the file again when you want it."
