import Cairn
import JSON
import Packing
import Primitives
import Registry
import Rendering

/// `search` over repositories of the user's list: all of them as one.
struct RepositorySearch {
  /// Of repositories or groups; `*` for all.
  let names: [String]
  let request: SearchRequest
  let tokens: Int
  let mayBeShorter: Bool
  let context: ToolContext

  func answer(to queries: [String], like: String?) async throws(CairnError) -> ToolAnswer {
    guard let registry = context.trees.registry else {
      throw CairnError(.notFound, "there is no list of repositories: HOME is not set")
    }
    let names = names
    let entries = try await offPool { () throws(CairnError) in
      try registry.entries(try registry.selection(names))
    }
    let isPending = try await context.trees.firstRuns.begin(entries, registry, within: context.options.firstLimit)
    var answers: [(query: String, found: Found)] = []
    if let like {
      let directory = context.options.directory
      let place = try await offPool { () throws(CairnError) in
        let place = try registry.place(named: Array(like.utf8), in: entries, from: directory)
        return Place(repository: place.repository, path: place.path, line: place.line)
      }
      answers = [("", try await find(request, in: entries, like: place, isPending: isPending, registry))]
    }
    for query in queries {
      var request = request
      request.text = query
      answers.append((query, try await find(request, in: entries, like: nil, isPending: isPending, registry)))
    }
    var standing = Standing()
    // What one query found incomplete, another may have found so no more.
    if let parts = answers.last?.found.response?.repositories {
      standing.repositories = parts
      standing.fileCount = parts.reduce(0) { $0 + $1.fileCount }
      standing.isComplete = parts.allSatisfy(\.isComplete)
      standing.total = standing.isComplete ? standing.fileCount : nil
    } else {
      (standing.fileCount, standing.isComplete, standing.isBuilding) = (0, false, isPending)
    }
    if isPending {
      standing.notes.append(
        CairnError(.noIndex, "the first index of what is missing or incomplete is being made: ask again in a moment"))
    }
    let (result, stands, tokens, isFree) = (answers, standing, tokens, mayBeShorter)
    return try await offPool { () throws(CairnError) in
      SearchAnswer(
        result, stands, nil, revision: request.revision, tokens: tokens, mayBeShorter: isFree
      ).answer
    }
  }

  private struct Place: Sendable {
    var repository: Int
    var path: Path
    var line: Int
  }

  /// Searches; from the indexes as they are where there is no time to bring all of them up to date.
  ///
  /// - Parameter isPending: whether the first index of one is still being made.
  private func find(
    _ request: SearchRequest, in entries: [RepositoryEntry], like place: Place?, isPending: Bool,
    _ registry: RepositoryRegistry
  ) async throws(CairnError) -> Found {
    let like = place.map { (repository: $0.repository, path: $0.path, line: $0.line) }
    var request = request
    var found = Found()
    request.makesFirstIndexes = false
    request.timeLimit = min(context.options.freshLimit, context.remaining)
    do throws(CairnError) {
      found.response = try await registry.search(request, in: entries, like: like, progress: context.tell)
    } catch {
      // Nothing of any of them is indexed yet.
      if error.code == .noIndex, isPending { return found }
      guard error.code == .timedOut, context.remaining > .seconds(1) else { throw error }
      request.freshness = .asIs
      request.timeLimit = context.remaining
      found.response = try await registry.search(request, in: entries, like: like, progress: context.tell)
      found.isOld = true
      found.notes = [
        CairnError(
          .outdated,
          "some repositories are being brought up to date, which takes longer than this answer: it lacks what changed "
            + "since")
      ]
    }
    // One path may be that of a file in each of several.
    for index in found.response?.hits.indices ?? 0..<0 {
      guard let hit = found.response?.hits[index], let name = hit.repository else { continue }
      found.response?.hits[index].path = Path(bytes: Array("\(name):".utf8) + hit.path.bytes)
    }
    return found
  }
}

extension Standing {
  /// More repositories than these are only counted, but for those that were not searched whole.
  private static let shownCount = 8

  /// A line for each repository, in at most a third of the budget: what was searched of it, and as of when.
  func writeRepositories(to budget: inout TokenBudget) {
    var shown = repositories[...]
    if shown.count > Self.shownCount { shown = repositories.filter { !$0.isComplete }.prefix(Self.shownCount) }
    for part in shown where budget.used <= budget.limit / 3 {
      if part.failure != nil {
        budget.add("\(part.name): not searched")
        continue
      }
      var line = "\(part.name): \(part.fileCount) files, \(part.isComplete ? "complete" : "incomplete")"
      if let commit = part.commit { line += ", as of \(commit.prefix(8))" }
      budget.add(line)
    }
    if repositories.count > shown.count {
      budget.add("\(repositories.count) repositories; to read a file of one, give its name as \"root\"")
    } else if !repositories.isEmpty {
      budget.add("to read a file of one, give its name as \"root\"")
    }
  }

  static func facts(_ part: SearchResponse.Repository) -> JSONValue {
    var asOf: [JSONValue.Member] = []
    if let commit = part.commit { asOf.append(.init("commit", .string(commit))) }
    if let time = part.freshness.time { asOf.append(.init("time", .real(time))) }
    return .object([
      .init("name", .string(part.name)), .init("searched", .integer(part.fileCount)),
      .init("complete", .boolean(part.isComplete)), .init("as_of", .object(asOf)),
    ])
  }
}
