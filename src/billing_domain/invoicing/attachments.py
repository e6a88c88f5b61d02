"""Documents that go with a document: where they are to be found, or the file itself as the host hands it over.

Nothing is read or fetched here. What a file holds is not looked into; only its form as text is checked.
"""

import re
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from collections.abc import Iterable

import attrs

from billing_domain.doors import guarded
from billing_domain.errors import DuplicateIdError, InvalidTypeError, InvalidValueError
from billing_domain.ids import checked_id

_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://[^\s/?#]\S*")
_MIME = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]*/[a-z0-9][a-z0-9!#$&^_.+-]*")
_NAME = re.compile(r"[^/\\\x00-\x1f\x7f]+")


def _base64(value: bytes | str) -> str:
    """Return bytes as base64, and base64 that came in without the breaks of its lines."""
    if isinstance(value, bytes):
        return b64encode(value).decode("ascii")
    if not isinstance(value, str):
        raise InvalidTypeError(type(value).__name__, "the content of an attachment is bytes, or base64 as text", "read the file first")
    text = "".join(value.split())
    try:
        again = b64encode(b64decode(text.encode("ascii"), validate=True)).decode("ascii")
    except (NotBase64, UnicodeEncodeError):
        again = None
    if again != text:
        raise InvalidValueError(f"{len(text)} signs", "the content of an attachment is base64 of RFC 4648", "give the bytes themselves")
    return text


def _size(content: str) -> str:
    """Show how long a content is, so that no error and no log is flooded with it."""
    return f"<{len(content)} signs>"


@guarded
@attrs.frozen(kw_only=True)
class Attachment:
    """A document that goes with an invoice or credit note, such as a time sheet or a list of calls (`EN 16931` BG-24).

    Args:
        reference: What it is called (BT-122).
        description: What it is (BT-123).
        location: Where it is to be found, as a URL with its scheme (BT-124).
        content: The file itself (BT-125), given as bytes or as base64; kept as base64 in one line, as XML and JSON carry it.
        mime: What sort of file it is, such as `application/pdf`; `check` names by `BR-CL-24` what receivers need not take.
        filename: What the file is called, without any folder.

    Raises:
        InvalidTypeError: The content is neither bytes nor text.
        InvalidValueError: The reference is blank (`BR-52`), the location no URL, the content no base64, a file without its sort and name,
            or sort and name without a file.

    Example:
        >>> sheet = Attachment(reference="T-1", content=b"day,hours", mime="text/csv", filename="march.csv")
        >>> sheet.content, sheet.data
        ('ZGF5LGhvdXJz', b'day,hours')
    """

    reference: str
    description: str = ""
    location: str = ""
    content: str = attrs.field(converter=_base64, default="", repr=_size)
    mime: str = ""
    filename: str = ""

    def __attrs_post_init__(self) -> None:
        checked_id(self.reference, "a supporting document (BR-52)")
        if self.location and not _URL.fullmatch(self.location):
            raise InvalidValueError(
                repr(self.location), "a location is a URL with its scheme and host (BT-124)", 'give one such as "https://example.org/t-1"'
            )
        if not (bool(self.content) is bool(self.mime) is bool(self.filename)):
            raise InvalidValueError(
                self.reference, "an attached file has a content, a sort and a name (BT-125)", "give all three, or only its location"
            )
        if self.content:
            _check_file(self.mime, self.filename)

    @property
    def data(self) -> bytes:
        """The file itself; empty where only its location is stated."""
        return b64decode(self.content)


def _check_file(mime: str, filename: str) -> None:
    if not _MIME.fullmatch(mime):
        raise InvalidValueError(repr(mime), "the sort of a file is a MIME type in small letters", 'give one such as "application/pdf"')
    if filename != filename.strip() or not _NAME.fullmatch(filename) or filename in {".", ".."}:
        raise InvalidValueError(repr(filename), "a file name has no folder and no blanks around it", 'give one such as "march.pdf"')


def attached(values: Iterable[Attachment]) -> tuple[Attachment, ...]:
    """Return attachments with references of their own, whose files have names of their own.

    Raises:
        DuplicateIdError: Two have one reference, so that it says of neither which is meant, or two files have one name, so that one would
            take the other's place where both are saved.
    """
    found = tuple(values)
    _check_apart([each.reference for each in found], "documents that go with a document have references of their own (BT-122)")
    _check_apart([each.filename for each in found if each.filename], "attached files of a document have names of their own")
    return found


def _check_apart(names: list[str], rule: str) -> None:
    if len(set(names)) != len(names):
        raise DuplicateIdError(next(name for name in names if names.count(name) > 1), rule, "name them apart")
