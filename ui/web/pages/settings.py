"""Settings: what the library works with and where each setting comes from; the language model, and a way to try it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from kg import settings
from kg.errors import LanguageModelError
from kg.library import Library
from kg.reply_cache import ReplyCache
from kg.settings import without_password
from ui import asked, compose
from ui.web import frame, messages
from ui.web.served import served
from ui.web.tables import table
from ui.web.text import counted, label

if TYPE_CHECKING:
    from agents.trial import Trial
    from kg.chat_models import Access

LOCAL = """\
pip install 'hypograph[ollama]'
ollama pull qwen3:8b
export HYPOGRAPH_LLM=ollama:qwen3:8b
hypograph doctor
hypograph ui"""
"""A model on one's own machine, in five lines; `docs/language-models.md` begins with the same."""


def page() -> None:
    """Shows the language model and every setting, none of which is changed here."""
    library = served().library
    frame.heading("Settings", "What this library works with, and where each setting comes from. They are changed in "
                              "hypograph.toml beside the library or in the environment, and hold from the next start.")
    with messages.told():
        language_model(library)
    st.subheader("All settings", anchor=False)
    everything(library)
    st.caption(f"Library: {label(str(library.address), None)}")


# The language model ---------------------------------------------------------------------------------------------------


def language_model(library: Library) -> None:
    """Which one is asked, where, at what price and within which budget; or how to set one."""
    st.subheader("Language model", anchor=False)
    access = compose.language_model(library)
    if access is None:
        st.info("None is set, and none is needed: every answer is made of sentences of your papers. With one, it plans "
                "what to look for and writes the answers, which are checked just as hard.")
        st.caption("A model on your own machine, with Ollama (docs/language-models.md tells of others):")
        st.code(LOCAL, language="sh")
        return
    window = access.model.window
    try:
        access.check()
        window = access.open().window()
    except LanguageModelError as error:
        st.error(label(str(error), None))
    table([{"": name, "is": value, "from": source} for name, value, source in facts(library, access, window)])
    model = access.model
    where = "Its provider" if model.base_url is None else label(without_password(model.base_url), None)
    if model.provider == "ollama" and model.base_url is None:
        where = "Ollama on this machine, or where OLLAMA_HOST leads,"
    st.caption(f"{where} is sent your questions and the passages found for them, and with `ingest --extractor llm` the "
               "text of papers. Nobody else is sent anything.")
    trial(access)


def facts(library: Library, access: Access, window: int | None) -> list[tuple[str, str, str]]:
    """What there is to know of a model before it is asked: what, its value, and where that comes from."""
    sources = library.effective.sources
    model = access.model
    return [
        ("Model", access.name, sources["llm"]),
        ("Address", "its provider's own" if model.base_url is None else without_password(model.base_url),
         sources["llm_base_url"]),
        ("Key", "none" if model.key is None else "set, not shown", key_source(library, access)),
        ("Price", asked.price(access), "" if access.priced_by is None else str(access.priced_by)),
        ("Budget of one run or job", asked.budget(access.budget), budget_source(library)),
        ("Window", "as its server says" if window is None else f"{window:,} tokens for prompt and reply together",
         sources["llm_context_tokens"] if model.context_tokens is not None else "known of the model"
         if window is not None else ""),
        ("Longest reply", f"{model.reply_tokens:,} tokens", sources["llm_reply_tokens"]),
        ("Replies kept", replies(access), "" if access.cache is None else str(access.cache)),
    ]


def key_source(library: Library, access: Access) -> str:
    """Where a key comes from; never the key."""
    if library.settings.llm_api_key is not None:
        return library.effective.sources["llm_api_key"]
    return "" if access.model.key is None else f"environment ({settings.KEYS[access.model.provider]})"


def budget_source(library: Library) -> str:
    """Where the limits come from."""
    sources = library.effective.sources
    names = [name for name in ("llm_budget_tokens", "llm_budget_money", "llm_budget_seconds")
             if getattr(library.settings, name) is not None]
    return "; ".join(dict.fromkeys(sources[name] for name in names)) if names else "default"


def replies(access: Access) -> str:
    """How many replies need not be paid for again."""
    return counted(0 if access.cache is None else ReplyCache(access.cache).count(), "reply", "replies")


def trial(access: Access) -> None:
    """Asks one tiny question when a person wishes so, and shows what came of it."""
    from agents import trial as trials

    st.caption(f"*Try it* asks “{trials.QUESTION}” once, which takes about a hundred tokens, and as long as the model "
               "needs to be loaded.")
    if st.button("Try it", type="primary"):
        st.session_state.pop("trial", None)
        with st.spinner(f"Asking {label(access.name)}"):
            try:
                st.session_state["trial"] = access.name, trials.tried(access)
            except LanguageModelError as error:
                st.session_state["trial"] = access.name, str(error)
    name, came = st.session_state.get("trial", (None, None))
    if name != access.name:
        return
    if isinstance(came, str):
        st.error(label(came, None))
    else:
        answered(came)


def answered(trial: Trial) -> None:
    """What the model said, how fast, and for what."""
    st.success(f"{label(trial.model)} answers: {label(trial.answer, 300)}")
    money = "no price known" if trial.usage.money is None else f"{trial.usage.money:.4g}"
    shown = {"Seconds": f"{trial.seconds:.1f}", "Tokens read": f"{trial.usage.read:,}",
             "Tokens written": f"{trial.usage.written:,}", "Cost": money}
    for column, (name, value) in zip(st.columns(len(shown)), shown.items(), strict=True):
        column.metric(name, value)


# All settings ---------------------------------------------------------------------------------------------------------


def everything(library: Library) -> None:
    """Every setting, those first that somebody has set."""
    rows = settings.shown(library.effective)
    ordered = sorted(rows.items(), key=lambda row: row[1]["source"] == "default")
    table([{"setting": name, "value": "" if row["value"] is None else str(row["value"]), "from": row["source"],
            "means": row["meaning"]} for name, row in ordered])


if __name__ == "__main__":
    page()
