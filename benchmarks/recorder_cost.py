"""What the recorder costs the page: 48 pictures, a hand that moves 45 % of the time, a processor four times slower.

Run it with `python benchmarks/recorder_cost.py [seconds]`. Prints the share of the page's main thread that calls of
the recorder take, drafts included that it lays down on the device, and what it sends for a page of 90 s. Time is the
thread's processor time; what tracing adds to a call is told by a listener that does nothing, and taken off. On a
machine with other work believe the first lines, times four: slowing down counts the time that others take. Limits: 1
% of the main thread (goal G3), 4 bytes a sample and 30 KiB a page (G4).
"""

import base64
import gzip
import json
import shutil
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).parents[1]
sys.path.append(str(ROOT))

from tests.browser.harness import Recorded, harness  # noqa: E402

SLOWER = 4
"""Times that the processor is slowed down."""

IDLE = "addEventListener('pointermove', () => {}, true)\n//# sourceURL=idle.js"
"""A listener that does nothing."""


def main(seconds: float = 90.0) -> None:
    with sync_playwright() as playwright, harness(ROOT / "src" / "sidelight" / "collect" / "static") as served:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for slower in (1, SLOWER):
            page = browser.new_page(viewport={"width": 900, "height": 700})
            page.goto(served.address("drafts"))
            page.wait_for_function("window.ready")
            page.evaluate(IDLE)
            page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": slower})
            browser.start_tracing(page=page, categories=["devtools.timeline"])
            label(page, seconds)
            events = json.loads(browser.stop_tracing())["traceEvents"]
            print(f"processor slowed down {slower} times:")
            report_calls([event for event in events if event["name"] == "FunctionCall"], seconds)
            report_size(Recorded.of(page), page.evaluate("chunks"), seconds)
            page.close()
        browser.close()


def label(page: Page, seconds: float, *, seed: int = 7) -> None:
    """Reach for one picture after another, rest 55 % of the time, click at times, scroll down and up again."""
    rng = np.random.default_rng(seed)
    here = np.array([450.0, 350.0])
    begun = time.monotonic()
    turn = 0
    while (elapsed := time.monotonic() - begun) < seconds:
        turn += 1
        there = rng.uniform((20, 20), (660, 680))
        move(page, here, there, duration=0.9)
        here = there
        if turn % 3 == 0:
            page.mouse.click(*here)
        if turn % 3 == 1:
            page.mouse.wheel(0, 180 if elapsed < 0.6 * seconds else -280)
        page.wait_for_timeout(1100)


def move(page: Page, here: npt.NDArray[np.float64], there: npt.NDArray[np.float64], *, duration: float) -> None:
    """A hand's movement, slow at both ends (minimum jerk), with a sample at every frame."""
    begun = time.monotonic()
    while (tau := (time.monotonic() - begun) / duration) < 1:
        at = here + (there - here) * (10 * tau**3 - 15 * tau**4 + 6 * tau**5)
        page.mouse.move(*at)


def report_calls(calls: list[dict[str, Any]], seconds: float) -> None:
    """Print how long the recorder's calls took, by processor time of the main thread."""
    mine, idle = (np.array(times(calls, script)) for script in ("/assets/recorder-", "idle.js"))
    share = (mine.sum() - len(mine) * idle.mean()) / (1000 * seconds)
    print(f"  main thread: {100 * share:.2f} % within the recorder (limit 1 %), {len(mine)} calls")
    print(f"  call: {mine.mean() - idle.mean():.3f} ms on average; tracing adds {idle.mean():.3f} ms to each")


def times(calls: list[dict[str, Any]], script: str) -> list[float]:
    """Processor time of every call of a script's functions from the browser, ms."""
    return [call["tdur"] / 1000 for call in calls if script in call.get("args", {}).get("data", {}).get("url", "")]


def report_size(recorded: Recorded, chunks: list[str], seconds: float) -> None:
    """Print how much was recorded."""
    bodies = [base64.b64decode(chunk) for chunk in chunks]
    columns = sum(len(body) - 8 - int.from_bytes(body[4:8], "little") for body in bodies)
    sent = sum(len(gzip.compress(body)) for body in bodies)
    n = len(recorded.path)
    kib = 90 / seconds / 1024
    print(f"  {n} samples of {columns / n:.1f} bytes (limit 4)")
    print(f"  page of 90 s: {kib * sum(map(len, bodies)):.1f} KiB, {kib * sent:.1f} KiB sent (limit 30)")


if __name__ == "__main__":
    main(*map(float, sys.argv[1:]))
