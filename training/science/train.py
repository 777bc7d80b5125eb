"""Trains one head of kg_sci.

    python -m training.science.train HEAD --data DIR --out FILE [--seed 0] …

DIR is the folder of annotated sets (README.md). The best epoch on the development passages is kept.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import time
from collections import Counter
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from transformers import BertModel

from ingest.extract.tagging import Tags
from ingest.extract.word_pieces import WordPieces
from training.science import gold
from training.science.examples import SCHEMES, Example, Scheme, WordSpan, allowed_tags, examples, pairs_of
from training.science.network import Head, minilm

SHARED = 1
"""Layers that all heads share."""


def features(every: Sequence[Example], encoder: BertModel, pieces: WordPieces, shared: int, layers: int) -> None:
    """Fills in the states of the last shared layer and of the `layers` above it as they were before any training, one
    window a call."""
    with torch.no_grad():
        for example in every:
            states = encoder.embeddings.LayerNorm(torch.from_numpy(pieces.embedded(example.words.pieces)))
            kept = []
            for number, layer in enumerate(encoder.encoder.layer[: shared + layers]):
                if number >= shared:
                    kept.append(states[0].numpy().astype(np.float16))
                made = layer(states)
                states = made[0] if isinstance(made, tuple) else made
            example.features = np.stack([*kept, states[0].numpy().astype(np.float16)])


class Batch:
    def __init__(self, every: Sequence[Example], scheme: Scheme) -> None:
        self.examples = every
        longest = max(len(one.words) for one in every)
        pieces = max(len(one.words.pieces) for one in every)
        assert every[0].features is not None
        self.states = torch.zeros(len(every[0].features), len(every), pieces, 384)
        self.mask = torch.full((len(every), 1, 1, pieces), torch.finfo(torch.float32).min)
        self.first = torch.zeros(len(every), longest, dtype=torch.long)
        self.shapes = torch.zeros(len(every), longest, dtype=torch.long)
        self.inside = torch.zeros(len(every), longest, dtype=torch.bool)
        for at, one in enumerate(every):
            words, size = len(one.words), len(one.words.pieces)
            assert one.features is not None
            self.states[:, at, :size] = torch.from_numpy(one.features.astype(np.float32))
            self.mask[at, ..., :size] = 0
            self.first[at, :words] = torch.from_numpy(one.words.first)
            self.shapes[at, :words] = torch.from_numpy(one.words.shapes)
            self.inside[at, :words] = True
        self.scheme = scheme

    def allowed(self, level: int) -> Tensor:
        tags = 1 + 2 * len(self.scheme.labels)
        made = torch.zeros(*self.inside.shape, tags, dtype=torch.bool)
        for at, one in enumerate(self.examples):
            made[at, : len(one.words)] = torch.from_numpy(allowed_tags(one, self.scheme, level))
        return made

    def gold_pairs(self) -> tuple[list[tuple[int, WordSpan]], list[tuple[int, int]], list[int]]:
        spans: list[tuple[int, WordSpan]] = []
        pairs: list[tuple[int, int]] = []
        answers: list[int] = []
        for at, one in enumerate(self.examples):
            if one.partial is not None:
                continue
            own = [span for level in one.levels for span in level]
            for a, b in pairs_of(own, one.sentence, self.scheme.undirected):
                ends = (own[a].low, own[a].high), (own[b].low, own[b].high)
                pairs.append((len(spans) + a, len(spans) + b))
                answers.append(one.relations.get(ends, 0))
            spans += [(at, span) for span in own]
        return spans, pairs, answers


def loss_of(head: Head, batch: Batch, pair_weight: float, frozen: bool) -> Tensor:
    if frozen:
        words = head.above(list(batch.states), batch.first, batch.shapes)
    else:
        words = head.words(batch.states[0], batch.mask, batch.first, batch.shapes)
    loss = words.new_zeros(())
    for level in range(head.scheme.levels):
        scores = head.tags(words, level)[batch.inside]
        allowed = batch.allowed(level)[batch.inside]
        loss = loss - torch.logsumexp(scores.masked_fill(~allowed, -1e4), -1).mean()
    if head.scheme.predicates:
        spans, pairs, answers = batch.gold_pairs()
        if pairs:
            scored = head.pairs(words, spans, pairs)
            loss = loss + pair_weight * torch.nn.functional.cross_entropy(scored, torch.tensor(answers))
    return loss


@torch.no_grad()
def measure(head: Head, every: Sequence[Example], scheme: Scheme) -> dict[str, float]:
    """F1 of spans and relations (boundaries alone, and with labels), percent, by set for spans."""
    head.eval()
    tags = Tags(len(scheme.labels))
    counts: Counter[str] = Counter()
    for example in every:
        batch = Batch([example], scheme)
        words = head.words(batch.states[0], None, batch.first, batch.shapes)
        found: list[WordSpan] = []
        for level in range(scheme.levels):
            best = tags.best(head.tags(words, level)[0].numpy())
            found += [WordSpan(one.low, one.high, one.label) for one in best]
        if example.partial is not None:
            found = [one for one in found if one.label == example.partial]
        wanted = {one for level in example.levels for one in level}
        source = example.passage.source
        for kind, mine, theirs in (
            (f"{source} typed", set(found), wanted),
            (f"{source} span", {(o.low, o.high) for o in found}, {(o.low, o.high) for o in wanted}),
        ):
            counts[f"{kind} right"] += len(mine & theirs)  # type: ignore[operator]
            counts[f"{kind} both"] += len(mine) + len(theirs)
        if scheme.predicates and example.partial is None:
            _count_relations(head, words, example, found, counts)
    head.train()
    kinds = sorted({key.rpartition(" ")[0] for key in counts})
    return {kind: round(200 * counts[f"{kind} right"] / max(1, counts[f"{kind} both"]), 2) for kind in kinds}


def _count_relations(head: Head, words: Tensor, example: Example, found: list[WordSpan], counts: Counter[str]) -> None:
    scheme = head.scheme
    pairs = pairs_of(found, example.sentence, scheme.undirected)
    best: dict[frozenset[int], tuple[float, int, int, int]] = {}
    if pairs:
        shares = torch.softmax(head.pairs(words, [(0, one) for one in found], pairs), -1).numpy()
        for (a, b), share in zip(pairs, shares, strict=True):
            predicate = int(share.argmax())
            if predicate:
                place = frozenset((a, b))
                best[place] = max(best.get(place, (0.0, 0, 0, 0)), (float(share[predicate]), a, b, predicate))
    labels = {(one.low, one.high): one.label for level in example.levels for one in level}
    mine, theirs = set(), set()
    for _, a, b, predicate in best.values():
        one, other = found[a], found[b]
        ends = [(one.low, one.high, one.label), (other.low, other.high, other.label)]
        mine.add((*(sorted(ends) if scheme.predicates[predicate - 1] in scheme.symmetric else ends), predicate))
    for (first, second), predicate in example.relations.items():
        ends = [(*first, labels.get(first, -1)), (*second, labels.get(second, -1))]
        theirs.add((*(sorted(ends) if scheme.predicates[predicate - 1] in scheme.symmetric else ends), predicate))
    bare = [{(a[:2], b[:2], predicate) for a, b, predicate in side} for side in (mine, theirs)]
    counts["rel strict right"] += len(mine & theirs)
    counts["rel strict both"] += len(mine) + len(theirs)
    counts["rel right"] += len(bare[0] & bare[1])
    counts["rel both"] += len(bare[0]) + len(bare[1])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("head", choices=list(SCHEMES))
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--frozen-epochs", type=int, default=12)
    parser.add_argument("--epochs", type=int, default=6)
    parser.add_argument("--shared", type=int, default=SHARED)
    parser.add_argument("--layers", type=int, default=2)
    parser.add_argument("--dropout", type=float, default=0.4)
    parser.add_argument("--batch", type=int, default=6)
    parser.add_argument("--frozen-rate", type=float, default=2e-3)
    parser.add_argument("--rate", type=float, default=4e-4)
    parser.add_argument("--encoder-rate", type=float, default=1.5e-4)
    parser.add_argument("--pair-weight", type=float, default=1.0)
    options = parser.parse_args()

    torch.set_num_threads(1)
    torch.set_flush_denormal(True)
    torch.manual_seed(options.seed)
    chance = random.Random(options.seed)
    scheme, pieces = SCHEMES[options.head], WordPieces()
    encoder = minilm(str(pieces.folder))
    train = examples(gold.training(options.data, options.head), scheme, pieces)
    dev = examples(gold.development(options.data, options.head), scheme, pieces)
    features([*train, *dev], encoder, pieces, options.shared, options.layers)
    head = Head(scheme, encoder, options.shared, options.layers, options.dropout)
    own = [*head.layers.parameters()]
    rest = [value for name, value in head.named_parameters() if not name.startswith("layers.")]
    stages = (
        (True, options.frozen_epochs, [{"params": rest, "lr": options.frozen_rate}]),
        (False, options.epochs, [{"params": own, "lr": options.encoder_rate}, {"params": rest, "lr": options.rate}]),
    )
    best, begun = -1.0, time.process_time()
    for frozen, epochs, groups in stages:
        optimizer = torch.optim.AdamW(groups, weight_decay=0.01)
        steps = epochs * math.ceil(len(train) / options.batch)
        schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, partial(_rate, steps=steps))
        for epoch in range(epochs):
            chance.shuffle(train)
            total = 0.0
            for at in range(0, len(train), options.batch):
                batch = Batch(train[at : at + options.batch], scheme)
                loss = loss_of(head, batch, options.pair_weight, frozen)
                optimizer.zero_grad()
                loss.backward()  # type: ignore[no-untyped-call]
                torch.nn.utils.clip_grad_norm_(head.parameters(), 1.0)
                optimizer.step()
                schedule.step()
                total += loss.item()
            told = f"{'frozen' if frozen else 'tuned'} {epoch} {time.process_time() - begun:.0f}s {total:.1f}"
            if frozen and epoch < epochs - 1 or epoch < epochs // 2:
                print(told, flush=True)
                continue
            figures = measure(head, dev, scheme)
            print(told, json.dumps(figures), flush=True)
            if not frozen and sum(figures.values()) > best:
                best = sum(figures.values())
                settings = {name: str(value) for name, value in vars(options).items() if name not in ("data", "out")}
                torch.save({"weights": head.state_dict(), "settings": settings, "figures": figures}, options.out)


def _rate(step: int, steps: int) -> float:
    """Up over a twentieth of the steps, then down to a fiftieth."""
    return min(1.0, step / (0.05 * steps)) * max(0.02, 1 - step / steps)


if __name__ == "__main__":
    main()
