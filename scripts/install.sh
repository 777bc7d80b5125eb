#!/usr/bin/env bash
# Makes an environment of exactly what a lock file says, with the checkout in it, and skips when it is there already.
#
#     scripts/install.sh FOLDER LOCK        e.g. scripts/install.sh .venv requirements.lock
#
# PYTHON=/path/to/python3.x chooses the interpreter. Packages come from where pip is configured to find them.
set -euo pipefail
cd "$(dirname "$0")/.."
environment=$1
lock=$2
stamp=$environment/.installed

fail() {
    printf 'install: %s\n' "$@" >&2
    exit 1
}

[ -f "$lock" ] || fail "there is no lock file $lock in $PWD."

suits() {
    "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' >/dev/null 2>&1
}

find_python() {
    local candidate
    if [ -n "${PYTHON:-}" ]; then
        suits "$PYTHON" || fail "PYTHON=$PYTHON is not a Python 3.11, 3.12 or 3.13 that runs."
        echo "$PYTHON"
        return
    fi
    for candidate in python3.11 python3.12 python3.13 python3 python; do
        if suits "$candidate"; then
            echo "$candidate"
            return
        fi
    done
    fail "no Python 3.11, 3.12 or 3.13 was found on PATH." \
        "On Debian or Ubuntu: apt-get install python3 python3-venv. Elsewhere: install one and say PYTHON=/path/to/python3.11."
}

# Everything that decides what the environment holds. The folder counts: the checkout is installed by its path.
fingerprint() {
    { "$environment/bin/python" --version && pwd && cat "$lock" pyproject.toml scripts/install.sh; } | sha256sum | cut -d' ' -f1
}

if [ -x "$environment/bin/python" ] && [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$lock $(fingerprint)" ]; then
    echo "$environment is up to date"
    exit 0
fi

# Two calls at once would write into each other's environment: the second waits, then finds the work done.
if [ -z "${INSTALL_LOCKED:-}" ] && command -v flock >/dev/null; then
    INSTALL_LOCKED=1 exec flock ".${environment#.}.lock" "$0" "$@"
fi

python=$(find_python)
if ! "$environment/bin/python" -c 'import pip' 2>/dev/null || ! suits "$environment/bin/python"; then
    "$python" -c 'import ensurepip, venv' 2>/dev/null || fail \
        "$("$python" --version) has no venv module, so no environment can be made." \
        "On Debian or Ubuntu: apt-get install python3-venv. Elsewhere: install it, or say PYTHON=/path/to/another/python3.11."
    echo "making $environment with $("$python" --version)"
    "$python" -m venv --clear "$environment"
fi
rm -f "$stamp"
uv=$environment/bin/uv
tool=$environment/uv.txt

# uv itself is locked with its hashes, in the lock of the full set.
awk '/^uv==/ {on = 1; print; next} on && /^ / {print; next} {on = 0}' requirements.lock > "$tool"
"$environment/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r "$tool" ||
    fail "pip could not install uv: see above. Is the package index that pip is configured with reachable?"

# uv does not read pip's configuration: hand it on, unless uv has its own.
while IFS='=' read -r key value; do
    value=${value#\'}
    value=${value%\'}
    case $key in
        *.index-url) export UV_DEFAULT_INDEX="${UV_DEFAULT_INDEX:-$value}" ;;
        *.extra-index-url) export UV_INDEX="${UV_INDEX:-${value//\\n/ }}" ;;
        *.cert) export SSL_CERT_FILE="${SSL_CERT_FILE:-$value}" ;;
        *.timeout | *.default-timeout) export UV_HTTP_TIMEOUT="${UV_HTTP_TIMEOUT:-${value%%.*}}" ;;
    esac
done < <("$environment/bin/python" -m pip config list 2>/dev/null)

also=()
grep -q '^uv==' "$lock" || also=("$tool")
"$uv" pip sync --quiet --require-hashes --python "$environment/bin/python" "$lock" "${also[@]}" ||
    fail "the packages of $lock could not be installed: see above."
# The build backend comes from the same lock, by hash.
"$uv" pip install --quiet --python "$environment/bin/python" --no-deps --build-constraints requirements.lock --editable . ||
    fail "the checkout itself could not be installed into $environment: see above."

echo "$lock $(fingerprint)" > "$stamp"
echo "$environment holds $lock"
