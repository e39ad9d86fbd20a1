import Disk
import JSON
import Primitives
import TestSupport

/// The counts that the parts are held to, in `Benchmarks/thresholds/parts.json`.
struct Thresholds {
  static let path: FilePath = "Benchmarks/thresholds/parts.json"
  static let file = repository.appending(path)

  /// How much more is let pass, as a share: what a compiler of the same version and other data in the same amount
  /// change.
  static func tolerance(of kind: String) -> Double { kind.hasPrefix("instructions") ? 0.06 : 0.03 }

  var counts: [String: [String: Double]] = [:]

  static func read() throws -> Thresholds {
    var thresholds = Thresholds()
    for kind in try JSONValue(parsing: readFileBytes(file)).members ?? [] {
      for part in kind.value.members ?? [] { thresholds.counts[kind.name, default: [:]][part.name] = part.value.number }
    }
    return thresholds
  }

  /// One line for each count that rose by more than is let pass, and for each part without a threshold. What is not
  /// counted here, or has no threshold for this machine's way of counting at all, is left out.
  func findings(_ measured: PartCounts) -> [String] {
    var findings: [String] = []
    for (kind, parts) in measured.counts.sorted(by: { $0.key < $1.key }) {
      guard let held = counts[kind] else { continue }
      for (part, count) in parts.sorted(by: { $0.key < $1.key }) {
        guard let threshold = held[part] else {
          findings.append("\(part) has no threshold for \(kind)")
          continue
        }
        // A handful of allocations in a part that makes none is not a percentage.
        if count <= threshold * (1 + Self.tolerance(of: kind)) + 0.01 { continue }
        let rise = threshold > 0 ? " by \(Int(((count / threshold - 1) * 100).rounded())) %" : ""
        findings.append("\(part): \(kind) rose\(rise), from \(threshold) to \(count) for each item")
      }
    }
    return findings
  }

  /// Puts the measured counts in place of the old ones and writes the file.
  mutating func renew(_ measured: PartCounts) throws {
    for (kind, parts) in measured.counts { counts[kind] = parts }
    var text = "{\n"
    for (index, (kind, parts)) in counts.sorted(by: { $0.key < $1.key }).enumerated() {
      text += "  \(JSONValue.string(kind)): {\n"
      for (index, (part, count)) in parts.sorted(by: { $0.key < $1.key }).enumerated() {
        let rounded = (count * 1000).rounded() / 1000
        text += "    \(JSONValue.string(part)): \(JSONValue.real(rounded))\(index + 1 < parts.count ? "," : "")\n"
      }
      text += "  }\(index + 1 < counts.count ? "," : "")\n"
    }
    var file = try AtomicFile(Self.file)
    try file.write(Array((text + "}\n").utf8))
    try file.commit()
  }
}
