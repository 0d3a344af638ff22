# shellcheck shell=bash
#
# The Python that scripts/charts and scripts/secrets use, with what it needs in its very
# version. Sourced only, after lib.sh.

# shellcheck disable=SC2154 # lib.sh has it
python=$local_dir/charts/python/bin/python

install_python() {
    local wanted=charts/check/requirements.txt have=$local_dir/charts/python/requirements.txt
    require_packages python3=python3
    python3 -c 'import ensurepip' 2>/dev/null || require_packages /usr/share/doc/python3-venv=python3-venv
    # Made anew when the list of versions is another than the last time.
    if cmp --silent "$wanted" "$have"; then return; fi
    python3 -m venv --clear "$local_dir/charts/python"
    "$python" -m pip install --quiet --disable-pip-version-check --requirement "$wanted"
    cp "$wanted" "$have"
}
