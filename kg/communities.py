"""Communities: groups of concepts that have more to do with one another than with the others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kg.paths import PathGraph
    from kg.relation_graph import Numbers

_SEED = 0  # what is drawn elsewhere does not change which concepts belong together


@dataclass(frozen=True, eq=False)
class Communities:
    """`of` tells the community of each concept of a graph by its number; they are counted from 0, the largest first.
    A concept that no relation joins in the scope is one of its own."""

    of: Numbers
    labels: list[str]
    degrees: Numbers

    def __len__(self) -> int:
        """Those of two concepts and more."""
        import numpy as np

        return int((np.bincount(self.of) > 1).sum()) if len(self.of) else 0

    def same(self, one: int, other: int) -> bool:
        """Whether two concepts (numbers) belong together."""
        return bool(self.of[one] == self.of[other])

    def about(self, number: int, most: int = 2) -> tuple[str, ...]:
        """What the community of a concept (number) is about: the labels of those with the most neighbours, that one
        left out; ties by label."""
        import numpy as np

        members = [node for node in np.flatnonzero(self.of == self.of[number]).tolist() if node != number]
        members.sort(key=lambda node: (-int(self.degrees[node]), self.labels[node]))
        return tuple(self.labels[node] for node in members[:most])


def communities(paths: PathGraph) -> Communities:
    """The communities of the concepts of a graph in its scope, by Louvain's method (Blondel et al. 2008,
    doi:10.1088/1742-5468/2008/10/P10008): two concepts belong together the more, the more papers state the relation
    between them. The same graph has the same communities. Takes time in proportion to its relations, some seconds for
    25,000 papers.
    """
    import networkx
    import numpy as np

    weighed = paths.weighed
    one_way = weighed.rows < weighed.others
    papers = paths.counts[weighed.relations[one_way], 0]
    joined: networkx.Graph[int] = networkx.Graph()
    joined.add_nodes_from(range(len(paths.graph.labels)))
    ends = zip(weighed.rows[one_way].tolist(), weighed.others[one_way].tolist(), papers.tolist(), strict=True)
    joined.add_weighted_edges_from(ends)
    found = [sorted(one) for one in networkx.community.louvain_communities(joined, seed=_SEED)]
    of = np.zeros(len(paths.graph.labels), np.int64)
    for place, members in enumerate(sorted(found, key=lambda one: (-len(one), one))):
        of[members] = place
    return Communities(of, paths.graph.labels, weighed.degrees)
