#!/bin/sh
# Put this copy of cnngui into your own menu, or take it out again: ./add-to-menu.sh [--remove]
set -eu
here=$(cd "$(dirname "$0")" && pwd)
share=${XDG_DATA_HOME:-$HOME/.local/share}
entry=$share/applications/cnngui.desktop
types=$share/mime/packages/cnngui.xml
icon=$share/icons/hicolor/scalable/apps/cnngui.svg

if [ "${1:-}" = --remove ]; then
    rm -f "$entry" "$types" "$icon"
    echo "Taken out of the menu. The program is still in $here."
else
    mkdir -p "${entry%/*}" "${types%/*}" "${icon%/*}"
    {
        grep -v ^Exec= "$here/share/applications/cnngui.desktop"
        # What means something to a shell or in a menu entry must not, in the name of a folder.
        printf 'Exec="%s" %%F\n' "$(printf %s "$here/cnngui-window" | sed 's/["`$]/\\\\&/g; s/%/%%/g')"
    } >"$entry"
    cp "$here/share/mime/packages/cnngui.xml" "$types"
    cp "$here/share/icons/hicolor/scalable/apps/cnngui.svg" "$icon"
    echo "cnngui is in your menu. If you move $here, run this again."
fi
# Not every desktop has these, and none needs them at once.
update-desktop-database "$share/applications" 2>/dev/null || true
update-mime-database "$share/mime" 2>/dev/null || true
