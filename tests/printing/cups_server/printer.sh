#!/bin/sh
# A printer: what it prints becomes a file; `says` is how it stands, read while it waits.
folder="@folder@/devices/$(basename "$DEVICE_URI")"
mkdir -p "$folder"
while true; do
  says=$(cat "$folder/says" 2>/dev/null)
  case "$says" in
    "") break ;;
    fail) exit 1 ;;
    silent) ;;
    *) echo "STATE: $says" >&2 ;; # instead of what it said before
  esac
  sleep 0.1
done
echo "STATE: none" >&2
cat "${6:--}" > "$folder/out-$1.pdf"
