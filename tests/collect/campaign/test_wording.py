import msgspec
import pytest

from sidelight.collect.campaign.settings import Pay, Privacy
from sidelight.collect.campaign.wording import (
    INSTRUCTIONS,
    POINTER_INSTRUCTIONS,
    consent_text,
    default_consent,
    default_instructions,
    to_html,
)

EVIL = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "![x](https://evil.example/pixel.png)",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](data:text/html,<script>alert(1)</script>)",
    "[x](vbscript:x)",
    "[x](//evil.example)",
    "[x](http://plain.example)",
    '<https://a.example/"onmouseover=alert(1)>',
    "[x](https://a.example/'\"><script>)",
    "<a href='https://a.example' onclick='x'>y</a>",
    "[x]: javascript:alert(1)\n\n[x]",
    "| a |\n|---|\n| <b onclick=x> |",
    '"><svg onload=alert(1)>',
]


@pytest.mark.parametrize("text", EVIL)
def test_nothing_that_runs_or_loads_comes_out_of_markdown(text):
    html = to_html(text)
    lowered = html.lower()
    for tag in (
        "<script",
        "<img",
        "<svg",
        "<iframe",
        "<b ",
        'href="javascript',
        'href="data',
        'href="//',
        'href="http:',
    ):
        assert tag not in lowered
    assert lowered.count("<a ") == lowered.count('rel="noopener noreferrer"')
    assert "<a href='" not in lowered


def test_markdown_becomes_html_and_links_open_apart():
    html = to_html("# A\n\n**b** [c](https://d.example)\n\n- e\n\n| f |\n|---|\n| g |")
    for part in ("<h1>A</h1>", "<strong>b</strong>", "<li>e</li>", "<td>g</td>", 'href="https://d.example"'):
        assert part in html
    assert 'target="_blank" rel="noopener noreferrer"' in html


@pytest.mark.parametrize("task", INSTRUCTIONS)
def test_default_instructions_never_ask_where_to_click(task):
    said = default_instructions(task).lower()
    assert "click on the object" not in said
    assert "middle" not in said
    assert "cent" not in said
    assert to_html(said).count("<li>") >= 3


def test_the_published_pointer_variant_asks():
    assert "click on the object" in POINTER_INSTRUCTIONS


def test_the_consent_text_names_what_matters(browse):
    settings = msgspec.structs.replace(
        browse,
        irb="Board 7, no. 42",
        pay=Pay(per_hit=2.5, currency="EUR", expected_minutes=15),
        privacy=Privacy(retention_days=365, contact="lab@example.org", backups="Backups are kept for 30 days."),
    )
    said = default_consent(settings)
    for part in (
        "15 minutes",
        "2.50 EUR",
        "365 days",
        "lab@example.org",
        "30 days",
        "Board 7, no. 42",
        "withdrawal token",
    ):
        assert part in said


def test_the_consent_page_lists_what_is_recorded_and_what_is_not(browse):
    shown = consent_text(default_consent(browse), browse)
    assert any("pointer" in line for line in shown.recorded)
    assert any("IP address" in line for line in shown.not_recorded)
    own = consent_text("x", msgspec.structs.replace(browse, recorded=("Zeiger",), not_recorded=("Namen",), locale="de"))
    assert (own.recorded, own.not_recorded, own.locale) == (("Zeiger",), ("Namen",), "de")


def test_the_version_changes_with_anything_that_is_said(browse):
    versions = {
        consent_text("a", browse).version,
        consent_text("b", browse).version,
        consent_text("a", msgspec.structs.replace(browse, recorded=("x",))).version,
        consent_text("a", msgspec.structs.replace(browse, locale="de")).version,
    }
    assert len(versions) == 4
    assert consent_text("a", browse).version in versions
    assert all(len(version) == 64 for version in versions)
