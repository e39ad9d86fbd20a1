namespace eval shop {
  variable limit 3
  # Sells.
  proc sell {n} {
    return $n
  }
}
proc helper {a} { return $a }
