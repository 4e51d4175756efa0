"""The figure of the decoy page: `python docs/decoy_figure.py` draws docs/screenshots/decoy.png anew."""

import io
from pathlib import Path

import matplotlib.pyplot as plt
import PIL.Image

from sidelight.data.decoy.artefact import GENERATORS
from sidelight.data.decoy.people import People
from sidelight.data.decoy.picture import draw_picture

OUT = Path(__file__).parent / "screenshots" / "decoy.png"
SIDE = 56


def main() -> None:
    """One picture of every generator, on its class's own backdrop, and below it what people would paint."""
    figure, axes = plt.subplots(4, 10, figsize=(12.5, 5.6), layout="constrained")
    for block, (domain, known) in enumerate(GENERATORS.items()):
        makers = ["", *known.training, *known.unseen]
        for column, maker in enumerate(makers):
            drawn = draw_picture(domain, maker, int(bool(maker)), key=(7, block, column), side=SIDE, people=People())
            above, below = axes[2 * block, column], axes[2 * block + 1, column]
            above.imshow(drawn.picture)
            below.imshow(drawn.picture.mean(axis=2), cmap="gray", vmin=0, vmax=510)
            below.imshow(drawn.saliency, cmap="magma", alpha=0.65, vmin=0, vmax=1)
            where = "genuine" if not maker else "seen" if maker in known.training else "unseen"
            colour = "#b03a2e" if where == "unseen" else "black"
            above.set_title(f"{maker or domain}\n{where}", fontsize=9, color=colour)
    for axis in axes.flat:
        axis.axis("off")
    buffer = io.BytesIO()
    figure.savefig(buffer, dpi=96)
    PIL.Image.open(buffer).convert("RGB").quantize(256).save(OUT, optimize=True)


if __name__ == "__main__":
    main()
