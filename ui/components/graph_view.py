"""The graph as a picture that can be clicked: cytoscape.js in a Streamlit component, all from this package."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

_HERE = Path(__file__).parent
# In the order in which they need each other: file, and the name by which the next one asks for it.
LIBRARIES = (("cytoscape.min.js", "cytoscape"), ("layout-base.js", "layout-base"), ("cose-base.js", "cose-base"),
             ("cytoscape-fcose.js", "cytoscape-fcose"))


@cache
def script() -> str:
    """The component's ES module: the libraries, each as it was published, and the project's own drawing.

    A Streamlit component is one ES module and there is no bundler here, so the libraries' UMD builds are each given
    the `module` and `require` that they look for.
    """
    parts = ["const modules = {};"]
    for file, name in LIBRARIES:
        text = (_HERE / "vendor" / file).read_text(encoding="utf-8")
        parts.append(f"modules['{name}'] = {{ exports: {{}} }};\n"
                     f"(function (exports, module, require, define) {{{text}\n}}).call(globalThis, "
                     f"modules['{name}'].exports, modules['{name}'], (name) => modules[name].exports, undefined);")
        if name == "cytoscape":  # fcose looks for it under this name, and makes itself known to it
            parts.append("const cytoscape = modules['cytoscape'].exports;")
    parts.append((_HERE / "graph_view.js").read_text(encoding="utf-8"))
    return "\n".join(parts)


@cache
def _component() -> Any:
    import streamlit as st

    def text(name: str) -> str:
        return (_HERE / name).read_text(encoding="utf-8")

    return st.components.v2.component("hypograph_graph", html=text("graph_view.html"), css=text("graph_view.css"),
                                      js=script())


def graph_view(*, nodes: Sequence[Mapping[str, Any]], edges: Sequence[Mapping[str, Any]],
               families: Mapping[str, Mapping[str, str]], kinds: Mapping[str, Mapping[str, str]],
               selected: str | None, key: str, on_concept: Callable[[], None], on_relation: Callable[[], None],
               height: int = 520) -> None:
    """Draws nodes and edges, in the form that graph_view.js describes.

    The callbacks are called before the next run, when a node or an edge was clicked; its id is then in
    `st.session_state[key]` as `concept` or `relation`.
    """
    data = {"nodes": list(nodes), "edges": list(edges), "families": dict(families), "kinds": dict(kinds),
            "selected": selected, "height": height}
    # Bytes go as they are; a dict would be searched for data frames, for which Streamlit loads pandas (a second).
    _component()(key=key, on_concept_change=on_concept, on_relation_change=on_relation,
                 data=json.dumps(data).encode())
