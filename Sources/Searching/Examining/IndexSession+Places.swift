package import IndexStorage
package import Primitives

// The places where an index of the tree may be beside the one that is used: a `.cairn` that is not believed, and one in
// the user's cache from a time when there was such a `.cairn`.

extension IndexSession {
  /// What to say of these places.
  func checkPlaces() -> [CheckResult] {
    var results: [CheckResult] = []
    if let refused = place.refused, let remains = refused.remains() {
      results.append(check(remains, at: refused.path))
    }
    let told = Set(results.compactMap(\.path))
    results += place.notes.filter { $0.path.map { !told.contains($0) } ?? true }.map { CheckResult(.index, .note, $0) }
    if let unused = place.unused, case .ours? = try? unused.find() {
      results.append(
        CheckResult(
          .index, .note, "another index of this tree, which is not used, lies here; removing the index takes both",
          path: unused.path))
    }
    return results
  }

  private func check(_ remains: IndexRemains, at path: FilePath) -> CheckResult {
    let instead = "the index lives in \(place.directory)"
    switch remains {
    case .open:
      return CheckResult(
        .index, .bad, "its mode lets others in, so the index in it is not used, and \(instead); `chmod 700 \(path)`",
        path: path, repair: .closeDirectory)
    case .leftover(let fileCount, let byteCount):
      return CheckResult(
        .index, .bad,
        "this directory has \(counted(fileCount, "file")) of \(byteCount) bytes that Cairn makes, and no tag that can "
          + "be believed, so that it is not used, and \(instead)", path: path, repair: .removeRemains)
    case .mixed(let others, let holdsIndex):
      return CheckResult(
        .index, holdsIndex ? .bad : .note, Self.words(for: others, instead), path: path)
    }
  }

  private static func words(for others: [FilePath], _ instead: String) -> String {
    "this directory is not used, and \(instead): it has no tag that can be believed, and Cairn did not make "
      + "\(names(others)) in it; keep what is yours, and remove the directory (`rm -rf`)"
  }

  /// More names than these hide the rest of the line.
  private static let namedCount = 3

  private static func names(_ paths: [FilePath]) -> String {
    let rest = paths.count - namedCount
    return paths.prefix(namedCount).map(\.lastComponent.description).joined(separator: ", ")
      + (rest > 0 ? ", and \(rest) more" : "")
  }

  /// Brings the usual place into use again, where that can be: closes the directory to others, or removes what is left
  /// there of an index and makes another; the index that stood in for it goes. Gives a session over what there is then,
  /// and nil where nothing was to be done.
  func mendPlace(_ cancellation: Cancellation, _ repairs: inout [String]) throws(Failure) -> IndexSession? {
    guard let refused = place.refused else { return nil }
    switch refused.remains() {
    case .open?:
      try refused.close()
      repairs.append("closed \(refused.path) to others: the index in it is used again")
    case .leftover?:
      let removal = try refused.removeRemains()
      guard removal.left.isEmpty else { throw removal.left[0] }
      repairs.append("removed \(refused.path), an index that was not used: \(counted(removal.fileCount, "file"))")
    case .mixed?, nil: return nil
    }
    let session = try IndexSession(root: root, settings: settings, environment: environment, embedder: embedder)
    guard session.place.directory == refused.path else { return nil }
    guard case .ours? = try? index.site.find() else { return session }
    if !session.index.isFilled() {
      _ = try session.update(RunRequest(cancellation: cancellation))
      repairs.append("a run made the index in \(session.place.directory)")
    }
    if try index.remove().left.isEmpty {
      repairs.append("removed the index in \(place.directory) that stood in for it")
    }
    return session
  }

  /// Removes an index in the user's cache that stood in for the one in the tree while that was gone, as far as nobody
  /// is at work in it.
  func removeStandIn() {
    guard place.directory.relative(to: root) != nil, let unused = place.unused, case .ours? = try? unused.find() else {
      return
    }
    _ = try? StoredIndex(unused).remove()
  }

  /// Removes the index and those of slower models beside it, as `StoredIndex.remove`, and what Cairn has put of the
  /// tree into the other of its usual places. Throws `.permissionDenied` for one that may only be read,
  /// `.invalidArgument` for that of another tree, `.notFound` where there is none in either place.
  ///
  /// - Parameter revision: that of this commit alone goes (`removeRevision`).
  package func remove(revision: String? = nil) throws(Failure) -> IndexRemoval {
    if let revision { return try removeRevision(revision, Cancellation()) }
    try checkTree()
    try place.checkRemovable()
    var removal = IndexRemoval()
    var missing: Failure?
    do throws(Failure) { removal = try index.remove() } catch {
      guard error.code == .notFound else { throw error }
      missing = error
    }
    do throws(Failure) {
      if let refused = place.refused, let remains = refused.remains() {
        if case .mixed(let others, _) = remains {
          let words =
            "it is not used, and was not touched, since Cairn did not make \(Self.names(others)) in it: keep "
            + "what is yours, and remove the directory (`rm -rf`)"
          removal.left.append(Failure(.notOurs, words, path: refused.path))
        } else {
          removal.add(try refused.removeRemains())
        }
      }
      if let unused = place.unused, case .ours? = try? unused.find() {
        removal.add(try StoredIndex(unused).remove())
      }
    } catch {
      // What was removed is told all the same.
      if removal.directories.isEmpty { throw error }
      removal.left.append(error)
    }
    if let missing, removal.directories.isEmpty, removal.left.isEmpty { throw missing }
    return removal
  }
}

extension IndexRemoval {
  fileprivate mutating func add(_ other: IndexRemoval) {
    directories = (directories + other.directories).sorted()
    fileCount += other.fileCount
    byteCount += other.byteCount
    left += other.left
  }
}
