import Catalog
import Corpus
import Disk
package import IndexStorage
import Indexing
package import Primitives
import Settings

/// What an examination of a tree's index came to, and what a repair did before it.
package struct IndexExamination: Sendable {
  /// What each check found, in the order of `IndexCheck`: of the index, then of that of a slower model where there is
  /// one, of the history's, and of those of commits.
  package var results: [CheckResult] = []
  /// In sentences, what was mended.
  package var repairs: [String] = []
  /// What kept something from being mended, and what the user should know besides.
  package var notes: [Failure] = []
  /// That of the index that was looked at: a repair may bring one back into use.
  package var directory: FilePath

  /// Whether nothing is wrong, whatever there is to note.
  package var isSound: Bool { !results.contains { $0.state == .bad } }
}

extension IndexSession {
  /// Looks at everything about the index and what it needs, as `StoredIndex.examine` does, and besides at the tree, the
  /// model, the settings and the machine. Sends no request. Changes nothing but that damaged segments are marked. Takes
  /// a walk, twice the reading of the index, and the analysis of the sample.
  package func examine(_ cancellation: Cancellation) throws(Failure) -> IndexExamination {
    try checkTree()
    return try reopening { _, notes throws(Failure) in
      let parts = try examineIndexes(cancellation)
      var examination = IndexExamination(
        results: parts.flatMap(\.results) + examineSurroundings(parts), notes: notes, directory: place.directory)
      // Of a catalog that is damaged all the same, that it was opened again sounds as if it were not.
      if examination.results.contains(where: { $0.check == .catalog && $0.state == .bad }) { examination.notes = [] }
      return examination
    }
  }

  /// An index with what was found in it, and whether a run over the tree mends it: not so those of the history and of
  /// commits.
  typealias ExaminedIndex = (index: StoredIndex, results: [CheckResult], isOfTree: Bool)

  private func examineIndexes(_ cancellation: Cancellation) throws(Failure) -> [ExaminedIndex] {
    let files = try CorpusFiles(root: root, followsLinks: settings.boolean(.followsLinks))
    var parts: [ExaminedIndex] = [(index, try index.examine(files, .usual, cancellation), true)]
    parts[0].results.insert(contentsOf: checkPlaces(), at: 1)
    // One that nothing was written to yet is no fault; what keeps it from being opened is.
    if case .success(let secondary?) = secondary, (try? secondary.index.site.find()).map(Self.isThere) == true {
      parts.append((secondary.index, try secondary.index.examine(files, .usual, cancellation), true))
    }
    for other in indexesOfCommits {
      let results = try other.index.examine(asIndexOf: other.name, madeBy: other.remedy, cancellation)
      parts.append((other.index, results, false))
    }
    return parts
  }

  private static func isThere(_ finding: IndexSite.Finding) -> Bool {
    switch finding {
    case .nothing, .vacant: false
    case .ours, .stale, .anotherUsers, .notOurs: true
    }
  }

  /// Mends what `examine` finds and Cairn can mend, and examines again: modes of the index's own files, leftovers,
  /// options that cannot be read; a run reads the files of damaged segments again, and makes a catalog anew that cannot
  /// be read. An index of the history or of a commit that is still damaged is removed: the next search of it makes it
  /// again. A directory in the usual place that is not used is closed to others, or goes where it
  /// holds nothing but what Cairn makes, and the index that stood in for it goes with that. Nothing outside of the
  /// index's directories is touched, and nothing in them that is not Cairn's. Where nothing is to be mended, nothing is
  /// written.
  ///
  /// Throws `.locked` while a writer is at work, `.permissionDenied` for an index that may only be read.
  package func repair(_ cancellation: Cancellation) throws(Failure) -> IndexExamination {
    try checkTree()
    try place.checkWritable()
    var repairs: [String] = []
    var notes: [Failure] = []
    do throws(Failure) {
      if let session = try mendPlace(cancellation, &repairs) {
        var examination = try session.repair(cancellation)
        examination.repairs = repairs + examination.repairs
        return examination
      }
    } catch {
      if error.code == .locked || error.code == .cancelled { throw error }
      notes.append(error)
    }
    var tried: Set<[CheckResult.Repair]> = []
    while true {
      let parts = try reopening { _, _ throws(Failure) in try examineIndexes(cancellation) }
      let wanted = parts.flatMap { $0.results.compactMap(\.repair) }
      // What was mended may let more be seen, as behind a journal.
      guard !wanted.isEmpty, tried.insert(wanted).inserted else {
        if try removeDamaged(parts, &repairs) { continue }
        return IndexExamination(
          results: parts.flatMap(\.results) + examineSurroundings(parts), repairs: repairs, notes: notes,
          directory: place.directory)
      }
      do throws(Failure) { try mend(parts, cancellation, &repairs, &notes) } catch {
        if error.code == .locked || error.code == .cancelled { throw error }
        notes.append(error)
      }
      index.forget()
      history.forget()
      if case .success(let secondary?) = secondary { secondary.index.forget() }
    }
  }

  /// Removes the indexes of the history and of commits that are still bad: the next search of them makes them again.
  /// Gives whether there were any.
  private func removeDamaged(_ parts: [ExaminedIndex], _ repairs: inout [String]) throws(Failure) -> Bool {
    var hasRemoved = false
    for part in parts where !part.isOfTree && part.results.contains(where: { $0.state == .bad }) {
      // What is somebody else's is in the way still, and is told.
      guard let removal = try? part.index.removeWhole(), !removal.directories.isEmpty else { continue }
      hasRemoved = true
      repairs.append("removed \(part.index.path), which was damaged: the next search of it makes it again")
    }
    return hasRemoved
  }

  private func mend(
    _ parts: [ExaminedIndex], _ cancellation: Cancellation, _ repairs: inout [String], _ notes: inout [Failure]
  ) throws(Failure) {
    for part in parts {
      let done = try part.index.mend(part.results)
      repairs += part.isOfTree ? done : done.map { "\($0) (\(part.index.path))" }
    }
    let wanted = Set(parts.flatMap { $0.results.compactMap(\.repair) })
    let needsRun = wanted.contains { repair in
      switch repair {
      case .run, .reread: true
      case .restrict, .vacuum, .forgetOptions, .removeJournal, .removeObstacles, .closeDirectory, .removeRemains,
        .removeCatalog:
        false
      }
    }
    if needsRun {
      let report = try update(RunRequest(cancellation: cancellation))
      for part in [report] + report.later {
        repairs += part.run.repairs.map(\.description)
        if let reason = part.run.rebuildReason { repairs.append("built the index anew: \(reason)") }
        repairs.append(
          "a run brought the index up to date: \(counted(part.run.filesIndexed, "file")) of \(part.run.filesSeen) read")
        notes += part.notes
      }
    }
    if wanted.contains(.vacuum) {
      let byteCount = try vacuum()
      if byteCount > 0 { repairs.append("removed \(byteCount) bytes that no committed state needs") }
    }
  }

  /// The indexes of the history and of commits inside the directory of the tree's, each with what makes it again: no
  /// run over the tree does. They may be all that is indexed.
  private var indexesOfCommits: [(index: StoredIndex, name: String, remedy: Remedy)] {
    var found: [(index: StoredIndex, name: String, remedy: Remedy)] = []
    if holdsHistory { found.append((history, "the history", Remedy(.indexHistory))) }
    for commit in place.site.revisions().map(\.commit) + place.site.refusedRevisions() {
      let remedy = Remedy(.indexRevision, commit.description)
      found.append((StoredIndex(place.site.revision(commit)), "the commit \(commit)", remedy))
    }
    return found
  }

  /// Whether there is a directory for the index of the history, whatever is in it. What else has its name is told of
  /// with the directory around it.
  private var holdsHistory: Bool {
    guard let directory = try? place.site.open() else { return false }
    return (try? directory.held.status(of: IndexDirectory.historyName).kind) == .directory
  }

  /// Removes what killed runs and merges left behind in the index, and in those of a slower model, of the history and
  /// of commits. Gives the bytes of the files. Throws as `StoredIndex.vacuum` does.
  package func vacuum() throws(Failure) -> Int {
    let secondary = try secondary.get()
    let others = indexesOfCommits.map(\.index)
    var byteCount = 0
    for other in [index, secondary?.index].compactMap({ $0 }) + others {
      do throws(Failure) { byteCount += try other.vacuum() } catch {
        // What is not used is told by an examination, and has nothing that a run left over.
        if error.code == .notOurs, others.contains(where: { $0 === other }) { continue }
        guard error.code == .notFound, other !== index || !others.isEmpty else { throw error }
      }
    }
    return byteCount
  }

  /// Reads every byte of the index, and of those of a slower model, of the history and of commits; as
  /// `StoredIndex.verify`. Gives what to say besides.
  package func verify() throws(Failure) -> (IndexVerification, notes: [Failure]) {
    try checkTree()
    return try reopening { isLast, notes throws(Failure) in
      let secondary = try secondary.get()
      let others = indexesOfCommits
      var held = IndexVerification()
      do throws(Failure) { held = try index.verify(reportsUnread: isLast) } catch {
        guard error.code == .notFound, !others.isEmpty else { throw error }
      }
      // What keeps it from being opened keeps a run from filling it; it need not be there yet.
      if let secondary { Self.add(secondary.index, nil, to: &held) }
      for other in others { Self.add(other.index, other.remedy, to: &held) }
      // Of a catalog that is damaged all the same, that it was opened again sounds as if it were not.
      return (held, held.problems.isEmpty ? notes : [])
    }
  }

  /// Adds what reading `index` came to, which need not be there.
  ///
  /// - Parameter remedy: what makes it again where a run over the tree does not.
  private static func add(_ index: StoredIndex, _ remedy: Remedy?, to held: inout IndexVerification) {
    var problems: [Failure] = []
    do throws(Failure) {
      // Only that of a history has a list of commits.
      if remedy != nil { _ = try index.site.open().commitLog() }
      let other = try index.verify()
      held.segmentCount += other.segmentCount
      held.byteCount += other.byteCount
      problems = other.problems
    } catch {
      if error.code != .notFound { problems = [error] }
    }
    for var problem in problems {
      if let remedy, problem.remedy?.action == .index { problem.remedy = remedy }
      held.problems.append(problem)
    }
  }
}
