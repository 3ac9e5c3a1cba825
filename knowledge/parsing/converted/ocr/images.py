"""Image files as pages: how many, and each as somebody sees it. Bounds what unpacking one may cost."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from knowledge.errors import UnreadableFile
from knowledge.parsing.titles import shown_name

FORMATS = ("PNG", "JPEG", "TIFF", "WEBP", "BMP", "GIF")
MOST_PIXELS = 100_000_000  # 300 MB in colour; an A1 sheet at 300 dpi has 70 million
LONG_SIDE = 842.0  # points of a sheet whose size nobody tells: A4
_TURNED = 0x0112  # the mark of a camera that was held sideways
BELIEVED = (50, 1200)  # dots per inch that an image may truly have


class ImageFile:
    """An image file that is open. Raises UnreadableFile for what is damaged or too large; use it in a ``with``."""

    def __init__(self, path: Path, name: str) -> None:
        from PIL import Image

        Image.MAX_IMAGE_PIXELS = MOST_PIXELS
        self._name = name
        self.cut = False  # known once the pages were counted
        try:
            self._image = Image.open(path, formats=FORMATS)
        except Exception as error:  # Pillow leaks many kinds on damaged files, and one for bombs
            raise self._fault(error) from error
        self._check()

    def __enter__(self) -> ImageFile:
        return self

    def __exit__(self, *_: object) -> None:
        self._image.close()

    def pages(self, most: int) -> int:
        """How many pages the file has, at most ``most`` + 1. Only a TIFF has several; the pictures of a film are none."""
        if self._image.format != "TIFF":
            return 1
        count = 1
        try:
            while count <= most:
                self._image.seek(count)
                count += 1
        except EOFError:
            pass
        except Exception:  # Pillow leaks many kinds; the pages before are there
            self.cut = True
        self._image.seek(0)
        return count

    def page(self, index: int) -> Any:
        """A page as a Pillow image on white, turned as its camera says. Raises UnreadableFile, IndexError."""
        from PIL import Image, ImageOps

        try:
            self._image.seek(index)
        except EOFError as error:
            raise IndexError(f"page {index + 1}") from error
        except Exception as error:
            raise self._fault(error) from error
        self._check()
        try:
            self._image.load()
            picture: Any = self._image
            if self._image.getexif().get(_TURNED, 1) != 1:
                picture = ImageOps.exif_transpose(self._image)
            if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
                clear = picture.convert("RGBA")
                picture = Image.new("RGB", clear.size, "white")
                picture.paste(clear, mask=clear.getchannel("A"))
            elif picture.mode.startswith("I") or picture.mode == "F":
                picture = _eight_bits(picture)
            wanted = "L" if picture.mode in ("1", "L", "LA") else "RGB"
            return picture if picture.mode == wanted else picture.convert(wanted)
        except MemoryError:
            raise
        except Exception as error:  # as above
            raise self._fault(error) from error

    def points(self, picture: Any) -> tuple[float, float]:
        """(width, height) of a page in points."""
        told = self._image.info.get("dpi", (0, 0))
        dpi = float(told[0]) if isinstance(told, tuple) and told else 0.0
        wide, high = picture.size
        if not BELIEVED[0] <= dpi <= BELIEVED[1] or dpi in (
            72,
            96,
        ):  # what programs write who do not know
            dpi = 72 * max(wide, high) / LONG_SIDE
        return wide * 72 / dpi, high * 72 / dpi

    def _check(self) -> None:
        wide, high = self._image.size
        if wide * high > MOST_PIXELS:
            raise UnreadableFile(
                f"{self._name} has {wide * high / 1e6:,.0f} million pixels; at most {MOST_PIXELS / 1e6:,.0f} million can be read."
            )

    def _fault(self, error: Exception) -> UnreadableFile:
        if type(error).__name__ in ("DecompressionBombError", "DecompressionBombWarning"):
            return UnreadableFile(
                f"{self._name} has more than {MOST_PIXELS / 1e6:,.0f} million pixels, too many to be read."
            )
        return UnreadableFile(
            f"{self._name} is cut short or damaged: it cannot be opened as an image."
        )


def open_image(path: Path, file_name: str) -> ImageFile:
    """The image file at ``path``, which its owner calls ``file_name``. Raises UnreadableFile."""
    return ImageFile(path, shown_name(file_name))


def is_pdf(path: Path) -> bool:
    """Is a stored file a PDF, and not an image? Both have pages that are shown."""
    with path.open("rb") as file:
        return b"%PDF-" in file.read(1024)


def _eight_bits(picture: Any) -> Any:
    """An image of 16 or 32 bits a pixel, from its darkest to its lightest, as one of eight."""
    low, high = picture.convert("F").getextrema()
    scale = 255 / (high - low) if high > low else 1.0
    return picture.convert("F").point(lambda value: value * scale - low * scale).convert("L")
