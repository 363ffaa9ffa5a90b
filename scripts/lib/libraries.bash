# Libraries that web sites recognise visitors with: for tests only, never part of Myco.
# shellcheck shell=bash

page_libraries=(
    @fingerprintjs/fingerprintjs@5.2.0 @thumbmarkjs/thumbmarkjs@1.11.0
    clientjs@0.2.1 fingerprintjs2@2.1.4
)

# fetch_page_libraries: by npm into a cache, exported as MYCO_PAGE_LIBRARIES; without npm the tests
# that need them say so.
fetch_page_libraries() {
    local folder=${XDG_CACHE_HOME:-$HOME/.cache}/myco-browser/page-libraries
    [ "$EUID" -ne 0 ] || folder=$root_cache/page-libraries
    if [ ! -e "$folder/.complete-1" ]; then
        if ! command -v npm >/dev/null; then
            say "- no npm: the tests with other people's fingerprinting libraries are left out"
            return
        fi
        mkdir -p "$folder" "${setup_log%/*}"
        if ! npm install --prefix "$folder" --ignore-scripts --no-audit --no-fund --no-save \
            "${page_libraries[@]}" >"$setup_log" 2>&1 </dev/null; then
            say "- npm could not fetch the fingerprinting libraries: the tests with them are left out"
            return
        fi
        chmod -R a+rX "$folder"
        touch "$folder/.complete-1"
    fi
    export MYCO_PAGE_LIBRARIES=$folder/node_modules
}
