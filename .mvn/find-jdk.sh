#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Prints the home of a JDK 25 or later: from JAVA_HOME, else from the PATH, else the version nearest to 25 in the usual
# places. Fails and says what to install if this machine has no such JDK. Starts and changes nothing.
#
# ESPALIER_JDK_PLACES replaces the usual places: folders that hold JDKs, joined by ':'.

WANTED=25

# The major version of the JDK at $1; fails without a whole JDK (the compiler included).
major() {
    [ -x "$1/bin/java" ] && [ -x "$1/bin/javac" ] || return 1
    version=
    [ ! -r "$1/release" ] || version=$(sed -n 's/^JAVA_VERSION="\{0,1\}\([0-9][0-9]*\).*/\1/p' "$1/release" | head -n 1)
    [ -n "$version" ] || version=$("$1/bin/java" -version 2>&1 | sed -n 's/.*version "\([0-9][0-9]*\).*/\1/p' | head -n 1)
    [ -n "$version" ] && echo "$version"
}

is_wanted() {
    version=$(major "$1") && [ "$version" -ge "$WANTED" ]
}

# The file at the end of a chain of symbolic links that starts at $1.
target() {
    file=$1
    while [ -L "$file" ]; do
        link=$(readlink "$file")
        case $link in
            /*) file=$link ;;
            *) file=$(dirname "$file")/$link ;;
        esac
    done
    echo "$file"
}

if [ -n "${JAVA_HOME:-}" ] && is_wanted "$JAVA_HOME"; then
    echo "$JAVA_HOME"
    exit 0
fi

java=$(command -v java 2>/dev/null)
if [ -n "$java" ]; then
    bin=$(dirname "$(target "$java")")
    home=$(cd "$bin/.." 2>/dev/null && pwd -P)
    if [ -n "$home" ] && is_wanted "$home"; then
        echo "$home"
        exit 0
    fi
fi

usual="/usr/lib/jvm:/usr/java:/opt/java:/opt/jdk:/opt:/Library/Java/JavaVirtualMachines:$HOME/Library/Java/JavaVirtualMachines"
usual="$usual:/opt/homebrew/opt:/usr/local/opt:$HOME/.sdkman/candidates/java:$HOME/.jdks:$HOME/.asdf/installs/java"
usual="$usual:$HOME/.local/share/mise/installs/java"

best=
best_version=
old_ifs=$IFS
IFS=:
for place in ${ESPALIER_JDK_PLACES:-$usual}; do
    IFS=$old_ifs
    for candidate in "$place"/*; do
        for home in "$candidate" "$candidate/Contents/Home" "$candidate/libexec/openjdk.jdk/Contents/Home"; do
            is_wanted "$home" || continue
            if [ -z "$best" ] || [ "$version" -lt "$best_version" ]; then
                best=$home
                best_version=$version
            fi
        done
    done
    IFS=:
done
IFS=$old_ifs

if [ -n "$best" ]; then
    echo "$best"
    exit 0
fi

{
    echo "Espalier needs a JDK $WANTED or later. JAVA_HOME (${JAVA_HOME:-not set}), the PATH and the usual places,"
    echo "such as /usr/lib/jvm and ~/.sdkman, do not contain one."
    echo "Try: install Temurin $WANTED from https://adoptium.net (or: sdk install java $WANTED-tem),"
    echo "or set JAVA_HOME to an installed JDK $WANTED."
} >&2
exit 1
