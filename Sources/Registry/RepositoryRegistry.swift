package import Cairn
import Disk
import DoorSupport
import Primitives
import Searching
import Settings
import Synchronization

/// Which repositories are meant: some by name, all of a group, or all of the list.
package struct RepositorySelection: Hashable, Sendable {
  package var names: [String] = []
  package var groups: [String] = []
  package var isAll = false

  package init() {}

  /// Whether nothing is named, so that the tree around is meant.
  package var isEmpty: Bool { names.isEmpty && groups.isEmpty && !isAll }
}

/// The user's repositories as a process works with them: the list, and those of them that are open. It finds out which
/// are meant, opens them, and hands one query on to a search over all of them. Thread-safe. Functions that are not
/// `async` block.
package final class RepositoryRegistry: Sendable {
  /// What is configured for the tree at a root.
  package typealias Configure = @Sendable (Path) throws(CairnError) -> Configuration

  private struct OpenRepository: Sendable {
    var workspace: Workspace
    var configuration: Configuration
    var lastUse: Int
  }
  private struct State: Sendable {
    var open: [Path: OpenRepository] = [:]
    var useCount = 0
  }

  package let list: RepositoryList
  package let clones: RepositoryClones
  private let environment: Environment
  private let configure: Configure
  private let state = Mutex(State())
  /// More are closed, those first that were used least recently.
  private let openLimit: Int

  /// Opens nothing yet. Throws where no variable says where the user's files are.
  ///
  /// - Parameter openLimit: how many repositories stay open between searches; nil for as many as the descriptors of the
  ///   process allow.
  package init(
    _ environment: Environment, openLimit: Int? = nil, configure: @escaping Configure
  ) throws(CairnError) {
    list = try RepositoryList(environment)
    clones = try RepositoryClones(environment)
    self.environment = environment
    self.configure = configure
    self.openLimit = openLimit ?? Self.openLimit
  }

  /// An open index has a directory, a database with its log, and what is read just now; the rest is for the program.
  private static let descriptorsOfOne = 8
  private static var openLimit: Int {
    max(8, (raisedDescriptorLimit(to: 4_096) - 128) / descriptorsOfOne)
  }

  // MARK: Which are meant

  /// The repositories that `selection` means, by name and each once. Throws `.notFound` for a name or a group that the
  /// list does not have, with the nearest that it has, and where nothing is left.
  package func entries(_ selection: RepositorySelection) throws(CairnError) -> [RepositoryEntry] {
    let all = try list.entries()
    if all.isEmpty {
      throw CairnError(.notFound, "no repository is in the list yet; add one", path: nil)
    }
    var meant = selection.isAll ? all : []
    for name in selection.names {
      guard let entry = all.first(where: { RepositoryName.areSame($0.name, name) }) else {
        throw Self.unknown(name, "repository", among: all.map(\.name))
      }
      meant.append(entry)
    }
    for group in selection.groups {
      let members = all.filter { $0.groups.contains { RepositoryName.areSame($0, group) } }
      if members.isEmpty { throw Self.unknown(group, "group", among: Set(all.flatMap(\.groups)).sorted()) }
      meant += members
    }
    let names = Set(meant.map(\.name))
    return all.filter { names.contains($0.name) }
  }

  /// Those that one word means, as an agent says it: a repository, a group, or `*`.
  package func selection(_ words: [String]) throws(CairnError) -> RepositorySelection {
    var selection = RepositorySelection()
    let all = try list.entries()
    for word in words {
      if word == "*" {
        selection.isAll = true
      } else if all.contains(where: { $0.groups.contains { RepositoryName.areSame($0, word) } }) {
        selection.groups.append(word)
      } else if all.contains(where: { RepositoryName.areSame($0.name, word) }) {
        selection.names.append(word)
      } else {
        throw Self.unknown(
          word, "repository or group", among: Set(all.map(\.name) + all.flatMap(\.groups)).sorted())
      }
    }
    return selection
  }

  static func unknown(_ name: String, _ what: String, among known: [String]) -> CairnError {
    let shown = RepositoryName.problem(with: name) == nil ? "\(what) \(name)" : "such \(what)"
    var message = "there is no \(shown) in the list"
    if let near = nearestName(to: name, in: known) {
      message += "; did you mean \(near)?"
    } else if known.isEmpty {
      message += ", which has none"
    } else {
      message += "; there is " + known.prefix(8).joined(separator: ", ") + (known.count > 8 ? ", ..." : "")
    }
    return CairnError(.notFound, message, remedy: CairnError.Remedy(.listRepositories))
  }

  // MARK: Open repositories

  /// The workspace of `entry`: the one that is open, or a new one. Throws `.notFound` where its directory is gone.
  package func workspace(of entry: RepositoryEntry) throws(CairnError) -> Workspace {
    let root: Path
    do throws(CairnError) { root = try entry.root.resolved() } catch {
      throw CairnError(
        .notFound,
        entry.address == nil
          ? "its directory is not there any more: move it back, or take the repository from the list"
          : "its clone is not there any more: update it, which clones it again",
        path: entry.root, cause: error.cause,
        remedy: entry.address == nil ? nil : CairnError.Remedy(.updateRepository, entry.name))
    }
    let configuration = try configure(root)
    let known = state.withLock { state -> Workspace? in
      state.useCount += 1
      guard let open = state.open[root], open.configuration == configuration else { return nil }
      state.open[root]?.lastUse = state.useCount
      return open.workspace
    }
    if let known { return known }
    let workspace = try Workspace(root: root, configuration: configuration, environment: environment)
    state.withLock { state in
      state.open[root] = OpenRepository(
        workspace: workspace, configuration: configuration, lastUse: state.useCount)
      while state.open.count > openLimit, let oldest = state.open.min(by: { $0.value.lastUse < $1.value.lastUse }) {
        state.open[oldest.key] = nil
      }
    }
    return workspace
  }

  /// The place in one of `entries` that a person in `directory` names by `text`: `NAME:FILE:LINE`, or a path that leads
  /// into one of them, from `directory` or, where there is but one entry, from its root. Throws `.invalidArgument`
  /// where it names no line, or it is not known of which it is.
  package func place(
    named text: [UInt8], in entries: [RepositoryEntry], from directory: Path
  ) throws(CairnError) -> (repository: Int, path: Path, line: Int) {
    for (number, entry) in entries.enumerated() {
      guard let rest = Self.rest(of: text, behind: entry) else { continue }
      let place = try workspace(of: entry).place(named: Path(bytes: rest), from: entry.root)
      return (number, place.path, place.line)
    }
    var failure: CairnError?
    let slash = UInt8(ascii: "/")
    for (number, entry) in entries.enumerated() {
      guard let workspace = try? workspace(of: entry) else { continue }
      let isInside = directory == entry.root || directory.bytes.starts(with: entry.root.bytes + [slash])
      do throws(CairnError) {
        if isInside || text.first == slash || entries.count == 1 {
          let place = try workspace.place(named: Path(bytes: text), from: directory)
          return (number, place.path, place.line)
        }
        let place = try workspace.place(named: Path(bytes: directory.bytes + [slash] + text), from: directory)
        if place.path.bytes.first != slash, workspace.isFile(place.path) { return (number, place.path, place.line) }
      } catch {
        if isInside || text.first == slash || entries.count == 1 { failure = failure ?? error }
      }
    }
    throw failure
      ?? CairnError(
        .invalidArgument, "it is not known in which repository this is: write NAME:FILE:LINE", path: Path(bytes: text))
  }

  /// What follows the name of `entry` in `NAME:REST`; nil where `text` does not begin with it.
  private static func rest(of text: [UInt8], behind entry: RepositoryEntry) -> [UInt8]? {
    guard let colon = text.firstIndex(of: UInt8(ascii: ":")),
      RepositoryName.areSame(String(decoding: text[..<colon], as: UTF8.self), entry.name)
    else { return nil }
    return Array(text[(colon + 1)...])
  }

  /// A query that is `NAME:FILE` or `NAME:FILE:LINE`, as results of several repositories are shown, read as what it
  /// means: that file of that one of `entries`. Nil where it is another query, or the repository has no such file.
  private func file(named text: String, in entries: [RepositoryEntry]) -> (query: String, entry: RepositoryEntry)? {
    let text = Array(text.utf8)
    for entry in entries {
      guard let rest = Self.rest(of: text, behind: entry), !rest.isEmpty, let workspace = try? workspace(of: entry)
      else { continue }
      let path = (try? workspace.place(named: Path(bytes: rest), from: entry.root))?.path ?? Path(bytes: rest)
      guard let inside = try? workspace.pathInside(of: path, from: entry.root), workspace.isFile(inside) else {
        continue
      }
      return (String(decoding: rest, as: UTF8.self), entry)
    }
    return nil
  }

  // MARK: One query over many

  /// Searches `entries` as one: see `Workspace.search(_:in:like:progress:)`. One that cannot be opened is among the
  /// response's repositories with the reason, as one that cannot be searched. A query that names a file as
  /// `NAME:FILE:LINE` searches that repository alone.
  ///
  /// - Parameter place: the code that the hits are to be like: the position of an entry, a path in it, and a line.
  @concurrent package func search(
    _ request: SearchRequest, in entries: [RepositoryEntry],
    like place: (repository: Int, path: Path, line: Int)? = nil,
    progress: (@Sendable (IndexProgress) -> Void)? = nil
  ) async throws(CairnError) -> SearchResponse {
    let named = await onBlockingThread { [self] () -> Result<(query: String, entry: RepositoryEntry)?, Failure> in
      .success(place == nil ? file(named: request.text, in: entries) : nil)
    }
    if case .success(let named?) = named {
      var request = request
      request.text = named.query
      return try await search(request, in: named.entry, like: nil, progress: progress)
    }
    if entries.count == 1 {
      return try await search(request, in: entries[0], like: place, progress: progress)
    }
    let opened = await onBlockingThread { [self] () -> Result<[Result<Workspace, CairnError>], Failure> in
      .success(
        entries.map { entry in Result { () throws(CairnError) in try workspace(of: entry) } })
    }
    let outcomes = (try? opened.get()) ?? []
    var workspaces: [(name: String, workspace: Workspace)] = []
    var numbers: [Int] = []
    for (number, (entry, outcome)) in zip(entries, outcomes).enumerated() {
      guard case .success(let workspace) = outcome else { continue }
      workspaces.append((entry.name, workspace))
      numbers.append(number)
    }
    var like: (workspace: Int, path: Path, line: Int)?
    if let place {
      guard let position = numbers.firstIndex(of: place.repository) else {
        if case .failure(let error) = outcomes[place.repository] { throw Self.named(error, entries[place.repository]) }
        throw CairnError(.notFound, "there is no such repository")
      }
      like = (position, place.path, place.line)
    }
    if workspaces.isEmpty, case .failure(let error)? = outcomes.first { throw Self.named(error, entries[0]) }
    var response = try await Workspace.search(request, in: workspaces, like: like, progress: progress)
    for (number, (entry, outcome)) in zip(entries, outcomes).enumerated() {
      guard case .failure(let error) = outcome else { continue }
      var part = JointSearch.Part(name: entry.name, root: entry.root.filePath)
      part.failure = Failure(
        Failure.Code(rawValue: error.code.rawValue), error.message, path: error.path?.filePath, cause: error.cause)
      response.repositories.insert(SearchResponse.Repository(part), at: number)
      response.notes.append(Self.named(error, entry))
      response.isComplete = false
    }
    return response
  }

  /// One by itself: as a search of its tree, which may be one of a commit or of the history.
  private func search(
    _ request: SearchRequest, in entry: RepositoryEntry, like place: (repository: Int, path: Path, line: Int)?,
    progress: (@Sendable (IndexProgress) -> Void)?
  ) async throws(CairnError) -> SearchResponse {
    var request = request
    let outcome = await onBlockingThread { [self] () -> Result<Result<Workspace, CairnError>, Failure> in
      .success(Result { () throws(CairnError) in try self.workspace(of: entry) })
    }
    guard case .success(let result) = outcome else { throw CairnError(.notFound, "there is no such repository") }
    let workspace: Workspace
    do throws(CairnError) { workspace = try result.get() } catch { throw Self.named(error, entry) }
    if !request.makesFirstIndexes, request.revision == nil, !request.searchesHistory {
      let isFilled = await onBlockingThread { () -> Result<Bool, Failure> in .success(workspace.isFilled) }
      if (try? isFilled.get()) != true { request.freshness = .asIs }
    }
    var response: SearchResponse
    if let place {
      response = try await workspace.related(to: place.path, line: place.line, request, progress: progress)
    } else {
      response = try await workspace.search(request, progress: progress)
    }
    for index in response.hits.indices { response.hits[index].repository = entry.name }
    var part = SearchResponse.Repository(JointSearch.Part(name: entry.name, root: workspace.root.filePath))
    part.fileCount = (try? await workspace.extent())??.fileCount ?? 0
    (part.isComplete, part.freshness) = (response.isComplete, response.freshness)
    part.commit = response.revision
    if part.commit == nil { part.commit = await workspace.checkedOutCommit() }
    response.repositories = [part]
    return response
  }

  private static func named(_ error: CairnError, _ entry: RepositoryEntry) -> CairnError {
    var error = error
    error.message = "\(entry.name) was not searched: \(error.message)"
    return error
  }
}
