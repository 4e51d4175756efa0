"""Foreign text in a message: short, on one line, harmless to a terminal."""


def printable(text: str) -> str:
    r"""The text on one line: whatever is not plain ASCII comes out escaped.

    >>> printable("a" + chr(27) + "[31m")
    'a\\x1b[31m'
    """
    return ascii(text[:500])[1:-1]


def excerpt(text: str, *, limit: int = 40) -> str:
    r"""Quote the beginning of a text from an untrusted file.

    Control characters come out escaped, so a file name or a value can neither break a message in two nor steer a
    terminal.

    >>> print(excerpt("a" * 50, limit=5), excerpt("two" + chr(10) + "lines"))
    'aaaaa...' 'two\nlines'
    """
    return ascii(text if len(text) <= limit else text[:limit] + "...")
