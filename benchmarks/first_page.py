"""How soon a person can begin: from the navigation's start to the first picture that takes a click.

    python benchmarks/first_page.py [VISITS]

Chromium visits a service on this machine, each time with an empty profile: nothing is in its cache. The page shows 48
pictures of 160 x 120 px, and there is no practice.

- "arrival": until the button of the consent page takes a click.
- "agreed": from the click that agrees to the first picture that takes one; the task and the recorder are loaded here.
- "reload": the same page again, as somebody comes back to it.

A script in the page tries the click once a frame, and counts when the page says that it was taken. Aim: 1 s.
"""

import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from playwright.sync_api import Browser, sync_playwright

from sidelight.pipeline.collect_clock import wall_clock
from sidelight.pipeline.collect_drawn import draw_campaign
from sidelight.pipeline.collect_serving import serving

WATCH = """
window.firsts = {};
const visible = (one) => one && one.getBoundingClientRect().height > 0;
const look = () => {
  const agree = document.querySelector(".choices button.main");
  if (visible(agree) && !agree.disabled) firsts.arrival ??= performance.now();
  const tile = document.querySelector(".area .tile");
  const image = tile?.querySelector("img");
  if (!("picture" in firsts) && visible(image) && image.complete && image.naturalWidth) {
    tile.click();
    if (tile.getAttribute("aria-pressed") === "true") firsts.picture = performance.now();
  }
  requestAnimationFrame(look);
};
requestAnimationFrame(look);
addEventListener("click", (event) => {
  if (event.target.closest(".choices button.main")) firsts.agreed = event.timeStamp;
}, true);
"""
"""When things took a click first, in ms since the navigation began."""


def main(visits: int = 15) -> None:
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        work = Path(folder)
        campaign, _ = draw_campaign(
            work, task="browse", pictures=144, clock=wall_clock, annotators=visits, candidates=48, practice_pages=0
        )
        with serving(campaign.folder, work / "service.log") as address:
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
            times = [visit(browser, address) for _ in range(visits)]
            browser.close()
    for what in times[0]:
        values = [one[what] for one in times]
        print(f"{what:8} median {np.median(values):4.0f} ms, worst of {visits} {max(values):4.0f} ms")


def visit(browser: Browser, address: str) -> dict[str, float]:
    """One person's times, in ms."""
    context = browser.new_context(locale="en-GB", viewport={"width": 1280, "height": 800})
    page = context.new_page()
    page.add_init_script(WATCH)
    page.goto(address)
    page.wait_for_selector(".choices button.main:enabled")
    page.get_by_role("button", name="I agree").click()
    page.wait_for_selector(".tile[aria-pressed=true]")
    first: dict[str, Any] = page.evaluate("window.firsts")
    page.wait_for_timeout(500)
    page.reload()
    page.wait_for_selector(".tile[aria-pressed=true]")
    again: dict[str, Any] = page.evaluate("window.firsts")
    context.close()
    return {
        "arrival": first["arrival"],
        "agreed": first["picture"] - first["agreed"],
        "reload": again["picture"],
    }


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
