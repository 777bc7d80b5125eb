"""How well predictions tell which concepts will meet, what each part of them is worth, and how sure that is.

    python -m benchmarks.prediction LIBRARY --concepts FILE [--until 2017 2015] [--horizon 3] [--sample N --seeds 3]

The names that are judged do not come from the library: they are the lines of FILE (text, or .xz), found in titles and
texts by longest match, in `--papers` papers or more up to the year. Two names are joined when a paper names both;
pairs that first meet within the horizon are told apart from random pairs and from pairs of equal popularity: once the
degree product, and once the product of recent papers (each counting e^-age). `[low, high]` is the middle 95 % over 100
resamples of names. With `--sample`, also of libraries of N papers, drawn at random from all up to the end of the
horizon, names in three papers or more: means over `--seeds` draws.
"""

from __future__ import annotations

import argparse
import lzma
import resource
import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from threadpoolctl import threadpool_limits

from kg.library import Library
from kg.names import key_of
from kg.prediction.features import FEATURES, Pairs, Profiles, together
from kg.prediction.predictor import RANKS_COUNT, Predictor
from kg.prediction.texts import PaperText, Texts, made, papers_up_to
from kg.prediction.trials import Field, Figures, joined, judged
from kg.views import merged, pinned

Numbers = NDArray[np.float64]


def names_in(path: Path) -> list[str]:
    """The keys of a file's lines."""
    with lzma.open(path, "rt", encoding="utf-8") if path.suffix == ".xz" else path.open(encoding="utf-8") as lines:
        return sorted({key for line in lines if (key := key_of(line))})


def longest(known: Texts, names: Sequence[str]) -> Any:
    """(names, papers) CSR of ones: names found from left to right, the longest first, none inside another."""
    number: dict[tuple[int, ...], int] = {}
    lengths: dict[int, set[int]] = defaultdict(set)
    for place, name in enumerate(names):
        told = tuple(known.places.get(word, 0) for word in name.split())
        if 0 not in told:  # which stands for a break in the texts
            number[told] = place
            lengths[told[0]].add(len(told))
    ordered = {word: sorted(found, reverse=True) for word, found in lengths.items()}
    rows, columns, at = [], [], 0
    words, papers = known.words.tolist(), known.paper_of
    while at < len(words):
        for length in ordered.get(words[at], ()):
            if (found := number.get(tuple(words[at : at + length]))) is not None:
                rows.append(found)
                columns.append(papers[at])
                at += length
                break
        else:
            at += 1
    found_in = sparse.coo_array((np.ones(len(rows)), (rows, columns)), (len(names), known.papers)).tocsr()
    found_in.data[:] = 1.0
    return found_in


class Judging:
    """The names of a list over some papers at the end of a year."""

    def __init__(self, papers: Iterable[PaperText], until: int, names: Sequence[str], least: int, store: Any) -> None:
        decisions = list(store.decisions())
        together_, pins = merged(decisions), pinned(decisions)
        read = sorted(papers, key=lambda one: one.record)
        clock = time.process_time()
        before = [one for one in read if one.year is not None and one.year <= until]
        self.predictor = Predictor(made(before, together_, pins), until)
        self.seconds = time.process_time() - clock
        everything = made(read, together_, pins)
        gold = longest(everything, names)
        early = everything.years <= until
        earlier = gold[:, np.flatnonzero(early)]
        chosen = np.flatnonzero(np.diff(earlier.indptr) >= least)
        self.field = Field(earlier[chosen], gold[chosen][:, np.flatnonzero(~early)])
        self.degree = np.diff(joined(earlier).indptr)[chosen].astype(np.float64)
        self.recent = np.asarray(earlier[chosen] @ np.exp(everything.years[early] - until))
        view, _ = self.predictor.made
        self.names: Profiles = view.profiles([(names[at],) for at in chosen.tolist()])

    def parts(self, pairs: Pairs) -> tuple[Numbers, Numbers]:
        """The ranks of all features, and the logarithm of the degree product as the predictor knows it."""
        view, ranks = self.predictor.made
        ranked, _, popularity = ranks(view, self.names, pairs)
        return ranked, popularity

    def rule(self, without: str | None = None) -> Any:
        """The predictor's score, or the same without a feature."""
        kept = [at for at, name in enumerate(FEATURES) if name != without]

        def score(pairs: Pairs) -> Numbers:
            ranked, popularity = self.parts(pairs)
            found: Numbers = RANKS_COUNT * ranked[:, kept].sum(axis=1) * len(FEATURES) / len(kept) + popularity
            return found.round(6)

        return score

    def rules(self) -> dict[str, Any]:
        told = self.field.baselines()
        told["degree product"] = lambda pairs: self.degree[pairs.a] * self.degree[pairs.b]
        return told


def row(name: str, one: Figures) -> str:
    (low, high), (from_, to) = one.auc_interval, one.matched_interval
    return f"| {name} | {one.auc:.3f} [{low:.3f} {high:.3f}] | {one.matched:.3f} [{from_:.3f} {to:.3f}] |"


def whole(judging: Judging, parts: bool) -> None:
    field = judging.field
    for title, popularity in (("degree", judging.degree), ("recent papers", judging.recent)):
        trial = field.trial(np.random.default_rng(0), popularity)
        told = judged(trial, field.size, judging.rule(), judging.rules())
        print(f"\nmatched on {title}: {field.size} names, {len(field.met)} pairs met, {len(trial.positives.a)} judged")
        print("\n| | AUC | matched |\n|---|---|---|")
        print(row("predictor", told.figures))
        for name, one in told.rivals.items():
            print(row(name.replace("_", " "), one))
        low, high = told.gain_interval
        print(f"\ngain over the best: {told.gain:+.3f} [{low:+.3f} {high:+.3f}]; precision {told.figures.precision}")
        sides = (trial.positives, trial.random, trial.matched)
        joined_already = sum(float((together(judging.names, side) > 0).mean()) for side in sides) / 3
        print(f"pairs that the library's own counts join already: {joined_already:.4f}")
        if parts and title == "degree":
            for feature in FEATURES:
                less = judged(trial, field.size, judging.rule(feature), {"whole": judging.rule()})
                print(row(f"without {feature}", less.figures))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("library")
    parser.add_argument("--concepts", type=Path, required=True)
    parser.add_argument("--until", type=int, nargs="+", default=[2017, 2015])
    parser.add_argument("--horizon", type=int, default=3)
    parser.add_argument("--papers", type=int, default=5)
    parser.add_argument("--parts", action="store_true", help="also without each feature")
    parser.add_argument("--sample", type=int, default=0)
    parser.add_argument("--seeds", type=int, default=3)
    arguments = parser.parse_args()
    library, names = Library(arguments.library), names_in(arguments.concepts)
    with threadpool_limits(1, "blas"):
        for until in arguments.until:
            papers = sorted(papers_up_to(library.store, until + arguments.horizon), key=lambda one: one.record)
            print(f"\n## until {until} + {arguments.horizon}: {len(papers)} papers")
            judging = Judging(papers, until, names, arguments.papers, library.store)
            print(f"prepared in {judging.seconds:.1f} s of processor time")
            whole(judging, arguments.parts)
            if arguments.sample:
                some(papers, until, names, arguments, library)
    print(f"\nmost memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20:.2f} GiB")


def some(
    papers: Sequence[PaperText], until: int, names: Sequence[str], arguments: argparse.Namespace, library: Library
) -> None:
    figures: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for seed in range(arguments.seeds):
        dice = np.random.default_rng(seed)
        chosen = np.sort(dice.choice(len(papers), min(arguments.sample, len(papers)), replace=False))
        judging = Judging([papers[at] for at in chosen.tolist()], until, names, 3, library.store)
        trial = judging.field.trial(np.random.default_rng(0), judging.degree)
        told = judged(trial, judging.field.size, judging.rule(), judging.rules())
        for name, one in {"predictor": told.figures, **told.rivals}.items():
            figures[name].append((one.auc, one.matched))
    print(f"\nlibraries of {arguments.sample} papers, means over {arguments.seeds} draws")
    for name, values in figures.items():
        auc, matched = np.mean(values, axis=0)
        print(f"{name.replace('_', ' '):28s} {auc:.3f} {matched:.3f}")


if __name__ == "__main__":
    main()
