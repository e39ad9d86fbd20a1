/// `number` with `digits` after the point.
package func fixed(_ number: Double, _ digits: Int) -> String {
  guard number.isFinite, abs(number) < 1e15 else { return number.description }
  var scale = 1.0
  for _ in 0..<digits { scale *= 10 }
  let units = Int((abs(number) * scale).rounded())
  let whole = String(units / Int(scale))
  let sign = number < 0 && units > 0 ? "-" : ""
  if digits == 0 { return sign + whole }
  let fraction = String(units % Int(scale))
  return sign + whole + "." + String(repeating: "0", count: digits - fraction.count) + fraction
}

/// `950 B`, `12.3 MB`: decimal units.
package func byteText(_ count: Int) -> String {
  var amount = Double(count)
  for unit in ["B", "kB", "MB", "GB"] {
    if amount < 999.95 { return unit == "B" ? "\(count) B" : "\(fixed(amount, 1)) \(unit)" }
    amount /= 1000
  }
  return "\(fixed(amount, 1)) TB"
}

/// The same for what a setting bounds in MiB: in that unit, so that 256 is shown as `256 MiB`.
package func mebibyteText(_ count: Int) -> String {
  let amount = Double(count) / Double(1 << 20)
  return (count & ((1 << 20) - 1) == 0 ? "\(count >> 20)" : fixed(amount, 1)) + " MiB"
}

/// `0.04 s`, `12.3 s`, `3 min 20 s`, `2 h 5 min`.
package func durationText(_ seconds: Double) -> String {
  if seconds < 10 { return "\(fixed(seconds, 2)) s" }
  if seconds < 60 { return "\(fixed(seconds, 1)) s" }
  guard seconds.isFinite, seconds < 1e9 else { return "long" }
  let whole = Int(seconds.rounded())
  if whole < 3600 { return "\(whole / 60) min \(whole % 60) s" }
  return "\(whole / 3600) h \(whole % 3600 / 60) min"
}

/// `1 file`, `2 files`.
package func countText(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }

extension Duration {
  package var seconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
}
