#!/usr/bin/env bash
set -e

LIMIT=3
readonly NAME="shop"

# Opens it.
open_shop() {
  local inner=1
  echo "$1"
}

function close_shop {
  echo closed
}

if [ -n "$1" ]; then
  late() { :; }
fi
export SHOP_PATH=/tmp
