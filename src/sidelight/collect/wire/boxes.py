"""Where every image was after a layout entry, though entries leave out what only moved with the document."""

from collections.abc import Mapping

from sidelight.collect.wire.log import Layout

Box = tuple[float, float, float, float]
"""(left, top, width, height) in client px."""


def boxes_after(boxes: Mapping[str, Box], last: Layout | None, layout: Layout) -> dict[str, Box]:
    """The box of every image from this layout on.

    Args:
        boxes: as they were before it.
        last: the layout entry before it in the same segment; None if it is the first, which names every image.
        layout: the entry.

    Returns:
        Image id -> box: the entry's own, and the others moved by the difference of `scroll`.

    Example:
        >>> first = Layout(t=0, i=0, view=(800, 600), scroll=(0, 0), zoom=1, dpr=1, images={"a": (10, 300, 80, 60)})
        >>> second = Layout(t=9, i=0, view=(800, 600), scroll=(0, 120), zoom=1, dpr=1, images={})
        >>> boxes_after(boxes_after({}, None, first), first, second)
        {'a': (10, 180, 80, 60)}
    """
    if last is None:
        return dict(layout.images)
    dx, dy = layout.scroll[0] - last.scroll[0], layout.scroll[1] - last.scroll[1]
    moved = {image: (left - dx, top - dy, width, height) for image, (left, top, width, height) in boxes.items()}
    return moved | layout.images
