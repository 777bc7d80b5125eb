# The web app (and every command) of Hypograph, without torch: docker compose build web
#
# The library is kept elsewhere: on the Neo4j server that docker-compose.yml starts beside it, or in a mounted folder.

FROM python:3.11-slim-bookworm AS build
WORKDIR /app
COPY scripts/install.sh scripts/install.sh
COPY requirements.lock requirements-slim.lock pyproject.toml README.md CHANGELOG.md LICENSE ./
COPY kg kg
COPY agents agents
COPY ingest ingest
COPY ui ui
# By the lock, each package by its hash; what only installs is left behind.
RUN scripts/install.sh .venv requirements-slim.lock \
    && rm -rf .venv/bin/uv .venv/bin/uvx .venv/lib/python3.11/site-packages/pip \
    && .venv/bin/python -m compileall -q kg agents ingest ui

FROM python:3.11-slim-bookworm
RUN useradd --uid 10001 --home-dir /srv/hypograph --create-home hypograph \
    && install --directory --owner 10001 /srv/hypograph/.cache
COPY --from=build /app /app
WORKDIR /srv/hypograph
USER 10001
ENV PATH=/app/.venv/bin:$PATH \
    PYTHONUNBUFFERED=1
EXPOSE 8501
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=6 \
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8501/_stcore/health', timeout=4)"]
# Inside the container it listens to all; docker-compose.yml publishes the port on this machine alone.
CMD ["hypograph", "ui", "--address", "0.0.0.0", "--port", "8501"]
