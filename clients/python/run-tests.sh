#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Tests the Python client in a virtual environment of its own.
#
#   run-tests.sh core     without torch: part of `make test`
#   run-tests.sh torch    with torch, Lightning and Hugging Face: `make test-python`
#
# PYTHON=python3.10 chooses the interpreter, OLDEST=1 the oldest supported versions. Without an interpreter or the
# packages nothing is tested, and one line says so; with REQUIRE_ALL=1 that is a failure.
set -euo pipefail
cd "$(dirname "$0")"
tier=${1:-core}
shift || true

leave_out() {
    echo "clients/python: $tier tests left out: $1" >&2
    [ "${REQUIRE_ALL:-}" != 1 ] || exit 1
    exit 0
}

find_python() {
    local candidate
    for candidate in "${PYTHON:-python3}" python3.13 python3.12 python3.11 python3.10; do
        if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 10))' 2>/dev/null; then
            echo "$candidate"
            return
        fi
    done
    return 1
}

python=$(find_python) || leave_out "there is no Python 3.10 or later"
version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
folder=target/venv-$tier-$version${OLDEST:+-oldest}

case $tier in
    core) extras=test need_gb=1 ;;
    torch) extras=test,lint,torch,lightning,huggingface need_gb=12 ;;
    *)
        echo "usage: run-tests.sh core|torch [pytest options]" >&2
        exit 2
        ;;
esac

# The environment is made again when the requirements change.
stamp=$(cat pyproject.toml constraints-oldest.txt | sha256sum | cut -c1-16)
if [ "$(cat "$folder/stamp" 2>/dev/null)" != "$stamp" ]; then
    mkdir -p target
    free_gb=$(df -Pk target | awk 'NR == 2 { print int($4 / 1048576) }')
    [ "$free_gb" -ge "$need_gb" ] || leave_out "$free_gb GB of disk are free, $need_gb GB are needed"
    rm -rf "$folder"
    "$python" -m venv "$folder" >"$folder.log" 2>&1 || leave_out "no virtual environment: $(tail -n 1 "$folder.log")"
    "$folder/bin/pip" install --disable-pip-version-check -q ${OLDEST:+-c constraints-oldest.txt} -e ".[$extras]" \
        >"$folder.log" 2>&1 || leave_out "the packages cannot be installed: $(tail -n 1 "$folder.log")"
    echo "$stamp" >"$folder/stamp"
fi

if [ "$tier" = core ]; then
    exec "$folder/bin/python" -m pytest -m "not torch" -p no:cacheprovider "$@"
fi
export OMP_NUM_THREADS=${OMP_NUM_THREADS:-2} HF_HUB_OFFLINE=1 TOKENIZERS_PARALLELISM=false
"$folder/bin/ruff" check .
"$folder/bin/ruff" format --check .
"$folder/bin/mypy"
exec "$folder/bin/python" -m pytest -m torch -p no:cacheprovider "$@"
