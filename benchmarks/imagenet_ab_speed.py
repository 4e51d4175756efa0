"""How fast ImageNet-AB becomes a dataset, and in how much memory: `python benchmarks/imagenet_ab_speed.py`.

Packs made-up records in the release's exact layout (4 to 14 pointer samples each, a box on 42 % of them, fresh ids)
into a `.tar.gz`, converts it with everything written, and prints processor time a record on one core and the peak
memory of the conversion for two sizes: equal peaks mean that memory does not grow with the release. The aim is 5,000
records a second.
"""

import io
import multiprocessing
import resource
import sys
import tarfile
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import tyro

from sidelight.data.source.ab_file import AbFile, AbHover, AbMetadata, AbObject, AbSample
from sidelight.data.source.ab_layout import serialise
from sidelight.data.source.imagenet_ab import ImageNetAB
from sidelight.data.source.progress import silent


@dataclass(frozen=True)
class ImageNetAbSpeed:
    """Time the reader of ImageNet-AB."""

    records: int = 100_000
    """How many in the larger release; the smaller one has a fifth."""
    classes: int = 100
    """Into how many folders they fall."""


def made_up_record(wnid: str, name: str, rng: np.random.Generator) -> AbFile:
    """A record with the release's usual lengths of everything."""
    start = 1_640_000_000_000 + int(rng.integers(10**9))
    steps = np.cumsum(rng.integers(16, 90, rng.integers(4, 15)))
    xs, ys = rng.integers(0, 325, len(steps)) / 324, rng.integers(0, 244, len(steps)) / 243
    samples = tuple(AbSample(start + int(step), float(x), float(y)) for step, x, y in zip(steps, xs, ys, strict=True))
    end = int(steps[-1]) + 168
    metadata = AbMetadata(
        assignment_id=rng.bytes(15).hex().upper(),
        estimate_time=end,
        hit_id=rng.bytes(15).hex().upper(),
        hit_submit_time=start // 1000 + 1592,
        hovered_count=1,
        hovered=(AbHover("enter", start), AbHover("leave", start + end + 400)),
        image_height=243,
        image_id=f"{wnid}/{name}",
        image_position=(857, 1976),
        image_width=243,
        image_idx=int(rng.integers(48)),
        imagenet_hit_id=rng.bytes(16).hex(),
        mouse=samples,
        original_image_height=375,
        original_image_width=500,
        page_idx=int(rng.integers(10)),
        selected=True,
        selected_count=1,
        clicks=(AbSample(start + end, samples[-1].x, samples[-1].y),),
        worker_id=f"{rng.integers(1705):010X}",
    )
    boxes = (AbObject(wnid, "Unspecified", "0", "0", (43, 88, 499, 295)),) if rng.random() < 0.42 else ()
    return AbFile(wnid, name, "ILSVRC_2012", (500, 375, 3), "0", boxes, (metadata,))


def pack(path: Path, asked: ImageNetAbSpeed, records: int) -> None:
    """Write the made-up release."""
    rng = np.random.default_rng(0)
    with tarfile.open(path, "w:gz") as archive:
        for number in range(records):
            wnid = f"n{number * asked.classes // records:08d}"
            name = f"{wnid}_{number}"
            data = serialise(made_up_record(wnid, name, rng))
            info = tarfile.TarInfo(f"train_xml/{wnid}/{name}.xml")
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))


def convert(path: Path, out: Path) -> tuple[float, float, int]:
    """Seconds of processor time, MiB of peak memory, number of faults."""
    start = time.process_time()
    _, faults = ImageNetAB().convert(path, out, progress=silent)
    unit = 1 << (20 if sys.platform == "darwin" else 10)
    return time.process_time() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit, len(faults)


def main(asked: ImageNetAbSpeed) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for records in (asked.records // 5, asked.records):
            path = Path(folder, f"{records}.tar.gz")
            pack(path, asked, records)
            # A process of its own each time, so that peaks do not add up; imports are part of the time, as for a user.
            with multiprocessing.get_context("spawn").Pool(1) as pool:
                seconds, peak, faults = pool.apply(convert, (path, Path(folder, f"out-{records}")))
            print(
                f"{records} records, {path.stat().st_size / records:.0f} packed bytes each: "
                f"{records / seconds:.0f} records/s of processor time ({1e6 * seconds / records:.0f} us each), "
                f"peak memory {peak:.0f} MiB, {faults} faults"
            )


if __name__ == "__main__":
    main(tyro.cli(ImageNetAbSpeed))
