# Sourced by whatever runs Windows programs here: a Wine of our own, on a screen of its own. It lies outside of the checkout, because
# a Wine has a link to the whole file system in it, which whatever searches a checkout would follow.
#   wine_start        one session that stays up until the script ends
#   windows S CMD...  runs a program for at most S seconds; its output comes through a pipe
WINE_HOME=${RATABLE_WINE:-${XDG_CACHE_HOME:-$HOME/.cache}/ratable-wine}
# The person at this Windows has a blank and umlauts in the name, as people have.
export WINEPREFIX=$WINE_HOME/prefix WINEARCH=win64 WINEDEBUG=-all WINEDLLOVERRIDES="mscoree,mshtml=" LC_ALL=C.UTF-8
export USER="Jörg Müller" LOGNAME="Jörg Müller"
WINE=/usr/lib/wine/wine64 WINESERVER=/usr/lib/wine/wineserver
PYTHON_FOLDER=$WINEPREFIX/drive_c/python311 PYTHON='C:\python311\python.exe'

wine_screen() {
  rm -f "$WINE_HOME/display"
  mkdir -p "$WINE_HOME/screen"
  export RATABLE_SCREEN=$WINE_HOME/screen/Xvfb_screen0          # what it shows, as a file
  Xvfb -displayfd 3 -fbdir "$WINE_HOME/screen" -screen 0 1440x900x24 -nolisten tcp 3>"$WINE_HOME/display" >/dev/null 2>&1 &
  WINE_SCREEN=$!
  trap 'wine_stop' EXIT
  for _ in $(seq 100); do [ -s "$WINE_HOME/display" ] && break; sleep 0.1; done
  export DISPLAY=:$(cat "$WINE_HOME/display")
}
# The services start with no pipe of ours, which they would hold open, and with the screen that later windows use.
wine_session() {
  "$WINESERVER" -k >/dev/null 2>&1 || true
  "$WINESERVER" -w >/dev/null 2>&1 || true
  "$WINESERVER" -p </dev/null >/dev/null 2>&1
  timeout 120 "$WINE" cmd /c exit </dev/null >/dev/null 2>&1
}
wine_start() {
  [ -e "$PYTHON_FOLDER/python3.dll" ] || { echo "there is no Windows Python in $WINE_HOME: .ci/windows/setup makes it" >&2; exit 1; }
  wine_screen
  wine_session
}
wine_stop() {
  "$WINESERVER" -k >/dev/null 2>&1 || true
  kill "$WINE_SCREEN" 2>/dev/null || true
}
# A pipe, never a file: Python under Wine 8 dies of a standard output that is a regular file.
windows() { local seconds=$1; shift; timeout "$seconds" "$WINE" "$@" </dev/null 2>&1 | cat; }
