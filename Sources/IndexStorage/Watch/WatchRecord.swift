package import Primitives

/// What the process that watches a tree says of itself, in the file `watch` of the index: lines `key value`, in this
/// order, and nothing else.
///
///     process 4711
///     began 1764480000000000000
///     index 0123456789abcdef0123456789abcdef
///     sees events
///     directories 6012
///     because
package struct WatchRecord: Hashable, Sendable {
  /// How it knows of changes.
  package enum Sight: Hashable, Sendable {
    /// The system tells it of each: it misses none, and can say when it knows them all.
    case events
    /// It looks at the files so often, since the system does not tell of all directories.
    case polling(every: Duration)
  }

  package var processID: Int
  /// When it had seen the whole tree for the first time, in nanoseconds since 1970.
  package var began: Int64
  /// What it keeps fresh: the settings that choose files, the model, and the program. A search by other settings is not
  /// served by it.
  package var subject: ContentHash
  package var sight: Sight
  package var directoryCount: Int
  /// In words, in one line of at most 1,000 bytes, why it looks at the files; nil where it need not, or was told to.
  package let reason: String?

  package init(
    processID: Int, began: Int64, subject: ContentHash, sight: Sight, directoryCount: Int, reason: String? = nil
  ) {
    let line = reason.map { String(decoding: $0.utf8.map { $0 < 0x20 ? UInt8(ascii: "?") : $0 }, as: UTF8.self) }
    let short = line.map { $0.utf8.count > 1_000 ? String(decoding: $0.utf8.prefix(900), as: UTF8.self) + "..." : $0 }
    self.reason = short == "" ? nil : short
    self.processID = processID
    self.began = began
    self.subject = subject
    self.sight = sight
    self.directoryCount = directoryCount
  }

  /// A record has fewer bytes.
  static let byteLimit = 2_048

  package var bytes: [UInt8] {
    let sees =
      switch sight {
      case .events: "events"
      case .polling(let interval): "files every \(interval / .milliseconds(1)) ms"
      }
    return Array(
      """
      process \(processID)
      began \(began)
      index \(subject)
      sees \(sees)
      directories \(directoryCount)
      because \(reason ?? "")

      """.utf8)
  }

  /// Nil where `bytes` are no record: nothing in it is believed then.
  package init?(_ bytes: [UInt8]) {
    let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
    let keys = ["process ", "began ", "index ", "sees ", "directories ", "because "]
    guard lines.count == keys.count + 1, lines.last == "", zip(lines, keys).allSatisfy({ $0.hasPrefix($1) }) else {
      return nil
    }
    let values = zip(lines, keys).map { $0.dropFirst($1.count) }
    guard let processID = Int(values[0]), processID > 0, let began = Int64(values[1]),
      let subject = ContentHash(digits: values[2]), let directoryCount = Int(values[4]), directoryCount >= 0
    else { return nil }
    let words = values[3].split(separator: " ", omittingEmptySubsequences: false)
    if words == ["events"] {
      sight = .events
    } else if words.count == 4, words[0] == "files", words[1] == "every", words[3] == "ms",
      let milliseconds = Double(words[2]), milliseconds > 0, milliseconds < 1e9
    {
      sight = .polling(every: .milliseconds(milliseconds))
    } else {
      return nil
    }
    let reason = values[5]
    guard reason.utf8.count <= 1_000, !reason.utf8.contains(where: { $0 < 0x20 }) else { return nil }
    self.reason = reason.isEmpty ? nil : String(reason)
    (self.processID, self.began, self.subject, self.directoryCount) = (processID, began, subject, directoryCount)
  }
}
