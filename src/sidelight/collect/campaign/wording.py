"""Texts that people read: the requester's Markdown as safe HTML, and English ones to begin with.

The default instructions never ask *where* to click: the place is a by-product only as long as nobody is asked for it.
The published variant of browse with a pointer dot does ask; it has a text of its own, and the condition is recorded.
"""

import hashlib
import json

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

from sidelight.collect.campaign.settings import Settings
from sidelight.collect.wire.page import ConsentText, Task

INSTRUCTIONS: dict[Task, str] = {
    "browse": """\
Look at each image and select those that show the thing named above.

- Select an image with a click, a tap, or the space bar. Do the same again to take it back.
- It may be small, partly hidden, or one thing among others.
- Drawings, toys and pictures of it do not count, unless the description says so.
- If you are not sure, leave the image out.
""",
    "tag": """\
Put an icon on the image for every kind of thing that you see in it.

- Drag an icon from the panel onto its object, or choose it and then the object. One icon a kind is enough.
- You can move an icon, or take it away again.
- Go through all panels, with the arrows or the buttons, before you submit.
- Small things count, too; the magnifier helps.
""",
    "paint": """\
Decide what the image shows, then paint the parts of it that made you decide.

- Paint with the brush, correct with the eraser; undo and redo take single strokes.
- Paint what tells you the class, not everything, and not the background.
- You may change your decision while you paint.
""",
}

POINTER_INSTRUCTIONS = """\
Look at each image and select those that show the thing named above, by clicking on it.

- A red dot shows where your pointer is, and stays where you clicked. Try to click on the object itself; if there are
  several, on one of them.
- Click again to take an image back.
- If you are not sure, leave the image out.
"""
"""The published variant with a pointer dot: it asks where to click."""

DOES: dict[Task, str] = {
    "browse": "You will select images that show a given thing.",
    "tag": "You will put icons onto things that you see in images.",
    "paint": "You will decide what images show, and paint what made you decide.",
}

RECORDED: dict[Task, tuple[str, ...]] = {
    "browse": ("which images you select and take back, and when",),
    "tag": ("which icons you place, move and remove, where and when", "which panels of icons you open, and when"),
    "paint": ("what you decide, what you paint, erase and undo, and when",),
}
ALWAYS_RECORDED = (
    "where your pointer, finger or pen is on the page while you work, and when",
    "whether the page is visible and in focus, scrolled or zoomed, and the size of its window",
    "when images were loaded, and when they were in view",
    "when you agreed to this, and to which text",
)
NOT_RECORDED = (
    "what you type, and which keys you press",
    "other tabs, windows or programs",
    "your name, your e-mail address, your IP address",
    "sound, pictures of you, or your place",
    "anything before you agree, and anything on practice pages",
)

ARTICLE = """\
## What this is

{does} It takes about {minutes:.0f} minutes{pay}.

## What happens with it

While you work, the page records what you do on it, as listed below. How a person moves a pointer can be as personal as
handwriting: we treat these records as personal data. They are kept under a random number and apart from any id that the
platform gives us. We use them to teach and to study computer programs that recognise images.

- Records are deleted after {days:.0f} days. Platform ids are deleted once you are paid, at the latest after
  {identity:.0f} days.
- Publishing the records so that others can study them is a choice of its own, below. You can work without it.
{backups}
## What you can do

Taking part is voluntary. You can stop at any time. You get a withdrawal token: with it, you can have your records
deleted whenever you want, also after you were paid, and you keep the pay. Speed or unusual movements never cost you
your pay.
{contact}{irb}"""


def default_instructions(task: Task) -> str:
    """Instructions to begin with, in Markdown."""
    return INSTRUCTIONS[task]


def default_consent(settings: Settings) -> str:
    """A consent text to begin with, in Markdown; an ethics board will want to change it."""
    pay, privacy = settings.pay, settings.privacy
    return ARTICLE.format(
        does=DOES[settings.task],
        minutes=pay.expected_minutes,
        pay=f" and is paid with {pay.per_hit:.2f} {pay.currency}" if pay.per_hit else "",
        days=privacy.retention_days,
        identity=privacy.identity_days,
        backups=f"- {privacy.backups}\n" if privacy.backups else "",
        contact=f"\nQuestions: {privacy.contact}\n" if privacy.contact else "",
        irb=f"\nEthics approval: {settings.irb}\n" if settings.irb else "",
    )


def consent_text(markdown: str, settings: Settings) -> ConsentText:
    """The consent page; its version is the SHA-256 of everything that it says."""
    recorded = settings.recorded or (*RECORDED[settings.task], *ALWAYS_RECORDED)
    unrecorded = settings.not_recorded or NOT_RECORDED
    said = json.dumps([settings.locale, markdown, recorded, unrecorded], ensure_ascii=False)
    version = hashlib.sha256(said.encode()).hexdigest()
    return ConsentText(version, to_html(markdown), settings.locale, recorded, unrecorded)


def to_html(markdown: str) -> str:
    r"""Markdown as safe HTML: tags are shown as text, links are https, nothing is loaded from anywhere.

    >>> to_html("**go** <script>alert(1)</script>")
    '<p><strong>go</strong> &lt;script&gt;alert(1)&lt;/script&gt;</p>\n'
    >>> to_html("[x](javascript:alert(1))")
    '<p>[x](javascript:alert(1))</p>\n'
    """
    return _READER.render(markdown)


def _link_open(renderer: RendererHTML, tokens: list[Token], place: int, options: OptionsDict, env: EnvType) -> str:
    """A link opens a tab of its own, which learns nothing of where it came from."""
    tokens[place].attrSet("target", "_blank")
    tokens[place].attrSet("rel", "noopener noreferrer")
    return renderer.renderToken(tokens, place, options, env)


class _Reader(MarkdownIt):
    """CommonMark and tables, without HTML and images."""

    def __init__(self) -> None:
        super().__init__("commonmark", {"html": False})
        self.enable("table").disable("image")
        self.add_render_rule("link_open", _link_open)

    def validateLink(self, url: str) -> bool:  # noqa: N802 (the library's name)
        """Whether a link may stay one."""
        return url.lower().startswith("https://")


_READER = _Reader()
