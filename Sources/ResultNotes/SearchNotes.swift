package import Corpus
import Inspection
package import Primitives
import QueryLanguage
package import Retrieval
package import Segments

// An empty result needs a reason: what is said beside results, so that nobody takes "not searched" for "not there".

extension Failure.Code {
  /// What the query names is in the tree but not in the index.
  package static let leftOut = Self(rawValue: "left-out")
  /// Less is searched, or searched for, than the reader may think.
  package static let scope = Self(rawValue: "scope")
  /// There are no hits, and this is why.
  package static let noAnswer = Self(rawValue: "no-answer")
}

/// What notes are asked of: what the tree has and the index has not. The caller has the index open.
package protocol LeftOutSource {
  /// Calls `body` with each file and each directory that is left out, in the order of their paths' bytes; with `path`
  /// only with what lies there, is it, or is a directory left out whole around it. Costs a walk of the tree.
  func forEach(in path: FilePath?, _ body: (SkippedEntry) -> Void) throws(Failure)
  /// How many files the newest run left out, by the raw values of `SkipReason`. Throws where the index cannot be read.
  func counts() throws(Failure) -> [String: Int]
}

/// What is worth knowing beside the results of one search.
package struct SearchNotes {
  /// The top of the tree, absolute.
  let root: FilePath
  /// The query as it was typed.
  let text: String
  /// Where one stands, relative to the root; nil outside of it.
  let directory: FilePath?
  /// The state of the index that gave the results.
  let snapshot: IndexSnapshot
  /// What the files of the results are read through.
  let tree: SourceTree
  let source: any LeftOutSource
  /// Whether the tree is the directory at `root`, so that there is more in it than the source tells.
  let isOnDisk: Bool

  /// - Parameters:
  ///   - root: the top of the tree, absolute.
  ///   - text: the query as it was typed.
  ///   - directory: where one stands, relative to the root; nil outside of it.
  ///   - snapshot: the state of the index that gave the results.
  ///   - tree: what the files of the results are read through.
  ///   - source: what the tree has and the index has not.
  ///   - isOnDisk: whether the tree is the directory at `root`: then it is looked into.
  package init(
    root: FilePath, text: String, directory: FilePath?, snapshot: IndexSnapshot, tree: SourceTree,
    leftOut source: any LeftOutSource, isOnDisk: Bool = true
  ) {
    self.root = root
    self.text = text
    self.directory = directory
    self.snapshot = snapshot
    self.tree = tree
    self.source = source
    self.isOnDisk = isOnDisk
  }

  /// What to say of `results`: files that the query names and that are left out or are not there, a directory of which
  /// nothing is indexed, and why nothing was found where nothing else says it. Takes out of `results` the problems that
  /// are said better here.
  ///
  /// Costs a few looks at the file system where a word looks like a file's name that no hit bears, and a walk where
  /// such a file is there.
  package func notes(on results: inout SearchResults) -> [Failure] {
    let parsed = results.query
    let around = directoryNotes(&results)
    var notes = leftOutNotes(parsed, &results, told: around.entry) + around.notes
    notes += lineNotes(parsed, results) + boundNotes(parsed)
    if results.results.isEmpty, let note = emptyNote(parsed, results, isExplained: !notes.isEmpty) {
      notes.append(note)
    }
    if let note = unsearchedNote(results) { notes.append(note) }
    return notes
  }

  /// What to say where a bound on the size of queries kept a part of this one from counting.
  private func boundNotes(_ parsed: ParsedQuery) -> [Failure] {
    var notes: [Failure] = []
    let limit = QueryParser.maximumByteCount
    if text.utf8.count > limit {
      notes.append(
        Failure(.scope, "the query has \(text.utf8.count) bytes, of which the first \(limit) were searched for"))
    }
    if parsed.cutFilterCount > 0 {
      notes.append(
        Failure(
          .scope, "the query has too many filters: \(parsed.cutFilterCount) of them, or of their values, do not count"))
    }
    return notes
  }

  /// What to say where a text is nowhere in the index: how many files may hold it and were not searched.
  private func unsearchedNote(_ results: SearchResults) -> Failure? {
    guard results.isAbsent, results.absences.contains(where: { $0.kind != .file && !$0.isElsewhere }),
      let counts = try? source.counts()
    else { return nil }
    let reasons: [SkipReason] = [.secret, .generated, .minified, .tooLarge, .unreadable, .lfsPointer, .fileLimit]
    let parts = reasons.compactMap { reason in counts[reason.rawValue].map { "\(reason.rawValue) \($0)" } }
    if parts.isEmpty { return nil }
    let total = reasons.reduce(0) { $0 + (counts[$1.rawValue] ?? 0) }
    return Failure(
      .leftOut,
      "\(total == 1 ? "1 file that is left out was" : "\(total) files that are left out were") not looked at "
        + "(\(parts.joined(separator: ", ")))", remedy: .listLeftOut)
  }
}
