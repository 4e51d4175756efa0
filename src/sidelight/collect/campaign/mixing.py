"""Pages made of pictures, and hits made of pages; everything follows from the campaign's seed."""

import itertools
from collections.abc import Iterator, Sequence

import numpy as np

from sidelight.collect.campaign.settings import Settings
from sidelight.collect.store.pictures import Picture
from sidelight.collect.store.plan import Plan

ORDER, HITS = 1, 2
"""Streams of chance: one for what is on pages, one for how hits are put together."""


def make_hits(pictures: Sequence[Picture], settings: Settings) -> list[tuple[Plan, ...]]:
    """All hits of a campaign: every picture that is no gold one on one page, gold pages among the others.

    Args:
        pictures: of both pools.
        settings: of the campaign.
    """
    plans = make_pages([one for one in pictures if not one.gold], settings)
    gold = [
        Plan(one.pictures, one.label, one.seed, one.mix, gold=True)
        for one in make_pages([one for one in pictures if one.gold or one.pool == "distractors"], settings)
    ]
    rng = np.random.default_rng([settings.seed, HITS])
    shuffled = [plans[i] for i in rng.permutation(len(plans))]
    gold_pages = round(settings.gold_share * settings.pages_per_hit) if gold else 0
    ordinary = settings.pages_per_hit - gold_pages
    deck = itertools.cycle([gold[i] for i in rng.permutation(len(gold))])
    hits = []
    for at in range(0, len(shuffled), ordinary):
        pages = shuffled[at : at + ordinary]
        for one in itertools.islice(deck, gold_pages):
            pages.insert(int(rng.integers(1, len(pages) + 1)), one)
        hits.append(tuple(pages))
    return hits


def make_pages(pictures: Sequence[Picture], settings: Settings) -> list[Plan]:
    """Pages of a campaign: of one picture each for tag and paint, of candidates of one class for browse."""
    rng = np.random.default_rng([settings.seed, ORDER])
    if settings.task != "browse":
        return [_single(one, int(rng.integers(2**31))) for one in pictures if one.pool == "images"]
    return list(_browse(pictures, settings, rng))


def _single(picture: Picture, seed: int) -> Plan:
    return Plan((picture.id,), seed=seed, mix={picture.pool: 1})


def _browse(pictures: Sequence[Picture], settings: Settings, rng: np.random.Generator) -> Iterator[Plan]:
    """For each class, its pictures spread evenly over as few pages as will hold them, distractors in proportion."""
    by_class: dict[str, list[Picture]] = {one.name: [] for one in settings.classes}
    for one in pictures:
        if one.pool == "images" and one.label in by_class:
            by_class[one.label].append(one)
    true = max(1, round(settings.candidates / (1 + settings.distractor_ratio)))
    deck = _Deck(pictures, rng)
    for label, ones in by_class.items():
        shuffled = [ones[i] for i in rng.permutation(len(ones))]
        pages = -(-len(ones) // true)
        for page in range(pages):
            mine = shuffled[page::pages]
            more = min(round(len(mine) * settings.distractor_ratio), settings.candidates - len(mine))
            yield _mixed(label, mine + deck.draw(more, label), int(rng.integers(2**31)))


def _mixed(label: str, pictures: list[Picture], seed: int) -> Plan:
    """A page of pictures in the order that a seed gives: `default_rng(seed).permutation(n)`."""
    order = np.random.default_rng(seed).permutation(len(pictures))
    true = sum(one.pool == "images" and one.label == label for one in pictures)
    mix = {"images": true, "distractors": len(pictures) - true}
    return Plan(tuple(pictures[i].id for i in order), label, seed, mix)


class _Deck:
    """Distractors, dealt round and round, so that each is shown about as often as any other."""

    def __init__(self, pictures: Sequence[Picture], rng: np.random.Generator) -> None:
        pool = [one for one in pictures if one.pool == "distractors"]
        pool = pool or [one for one in pictures if one.pool == "images"]
        self._cards = [pool[i] for i in rng.permutation(len(pool))]
        self._next = 0

    def draw(self, n: int, label: str) -> list[Picture]:
        """Take n pictures that are not of a class, none twice; fewer if there are not so many."""
        drawn: list[Picture] = []
        for _ in range(len(self._cards)):
            if len(drawn) == n:
                break
            card = self._cards[self._next]
            self._next = (self._next + 1) % len(self._cards)
            if card.label != label:
                drawn.append(card)
        return drawn
