import Primitives

/// A commit as far as a search of the history tells of it. Its texts are what somebody wrote into a repository: bytes
/// that nobody has checked, shown only as text that is safe to show.
package struct HistoryCommit: Hashable, Sendable {
  package var id: GitObjectID
  /// At most `Removal.parentLimit`.
  package var parents: [GitObjectID]
  /// When it was committed, in seconds since 1970; a rebase commits anew. 0 where the commit does not say.
  package var seconds: Int64
  package var authorName: [UInt8]
  package var authorAddress: [UInt8]
  /// The first lines of its message, as one.
  package var subject: [UInt8]

  package init(
    id: GitObjectID, parents: [GitObjectID], seconds: Int64, authorName: [UInt8], authorAddress: [UInt8],
    subject: [UInt8]
  ) {
    self.id = id
    self.parents = parents
    self.seconds = seconds
    self.authorName = authorName
    self.authorAddress = authorAddress
    self.subject = subject
  }

  /// Longer names, addresses and subjects are cut: a message may be as long as a file.
  private static let textByteLimit = 400

  /// The commits that `git rev-list` lists with `format`, read piece by piece.
  struct ListParser {
    /// What git is asked to print of each commit.
    static let format = "%H%x00%P%x00%ct%x00%an%x00%ae%x00%s%x00"
    private static let fieldCount = 6

    private(set) var commits: [HistoryCommit] = []
    private var fields: [[UInt8]] = []
    private var field: [UInt8] = []

    /// Takes what git printed next. Throws `.gitFailed` where it is not what was asked for.
    mutating func feed(_ bytes: [UInt8]) throws(Failure) {
      for part in bytes.split(separator: 0, omittingEmptySubsequences: false).enumerated() {
        if part.offset > 0 { try endField() }
        // The end of the message alone is of any length.
        field += part.element.prefix(max(0, 1 << 16 - field.count))
      }
    }

    private mutating func endField() throws(Failure) {
      fields.append(field)
      field = []
      if fields.count < Self.fieldCount { return }
      var name = fields[0][...]
      // A newline ends the commit before, and git writes a line of its own before each.
      while name.first == .newline { name = name.dropFirst() }
      if name.starts(with: "commit ".utf8), let end = name.firstIndex(of: .newline) { name = name[(end + 1)...] }
      guard let id = GitObjectID(hex: name) else {
        throw Failure(
          .gitFailed, "git lists what is no commit: see whether git can read the repository (git's fsck says)",
          cause: visibleName(String(decoding: name.prefix(80), as: UTF8.self)))
      }
      // Of a commit whose line of the committer is damaged git prints no date, or one that is none. In its own order of
      // commits it takes such a date for 0.
      let seconds = Int64(String(decoding: fields[2], as: UTF8.self)) ?? 0
      commits.append(
        HistoryCommit(
          id: id,
          parents: fields[1].split(separator: .space).prefix(Removal.parentLimit).compactMap { GitObjectID(hex: $0) },
          seconds: seconds, authorName: HistoryCommit.cut(fields[3]), authorAddress: HistoryCommit.cut(fields[4]),
          subject: HistoryCommit.cut(fields[5])))
      fields = []
    }
  }

  /// The beginning of a text, which ends with a whole character.
  private static func cut(_ text: [UInt8]) -> [UInt8] {
    if text.count <= textByteLimit { return text }
    var end = textByteLimit
    while end > textByteLimit - 4, text[end] & 0xC0 == 0x80 { end -= 1 }
    return Array(text[..<end]) + Array("…".utf8)
  }
}
