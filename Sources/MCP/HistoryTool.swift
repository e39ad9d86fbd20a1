import Cairn
import JSON
import Packing
import Rendering

/// `history`: code that is gone, with the commit that removed it.
struct HistoryTool {
  let arguments: Arguments
  let context: ToolContext

  func answer() async throws(CairnError) -> ToolAnswer {
    let tokens = try arguments.tokens()
    guard let query = try arguments.text("query"), query.contains(where: { !$0.isWhitespace && $0 != "\"" }) else {
      throw CairnError(.invalidArgument, "\"query\" is missing")
    }
    let tree = try await context.tree(arguments)
    var request = SearchRequest(query)
    try SearchTool.addPaths(try arguments.list("path"), to: &request)
    request.directory = tree.workspace.root
    request.searchesHistory = true
    request.findsMatches = true
    request.limit = min(40, max(8, tokens / 80))
    let isReady = try await tree.prepare(context)
    // What is still there is told from what is gone by the index of the tree.
    request.freshness = isReady ? .upToDate : .asIs
    let response: SearchResponse
    do throws(CairnError) {
      guard let found = try await tree.find(request, isReady: isReady, context).response else {
        throw CairnError(.noIndex, "the history is not read yet: ask again in a moment")
      }
      response = found
    } catch {
      guard error.code == .noIndex, !isReady else { throw error }
      throw CairnError(
        .noIndex, "the first index of the tree is still being built, and the history is read after it: ask again soon")
    }
    var standing = Standing()
    standing.isComplete = response.isComplete
    standing.confidence = response.hits.isEmpty ? .nowhere : Confidence(response, query)
    standing.notes = response.notes
    if let history = tree.workspace.history {
      standing.place = "what \(history.commitCount) commits removed"
      if let oldest = history.oldestDate { standing.place += " since \(History.day(oldest))" }
      if history.isCut || history.isShallow || history.pendingCount > 0 { standing.isComplete = false }
    }
    var budget = TokenBudget(limit: tokens)
    standing.write(to: &budget)
    let reserve = 24
    let packing = ExcerptPacking(
      response.hits, tokens: budget.rest - reserve, isShown: { _ in false }, enclosing: { _ in nil },
      remark: { hit in
        guard let commit = hit.removedBy else { return "" }
        let author = safeText(shortened(commit.author, to: 40))
        return "removed by \(commit.name.prefix(10)) \(History.day(commit.date)) \(author): "
          + safeText(shortened(commit.subject, to: 100))
      })
    packing.write(to: &budget)
    if response.hits.isEmpty { budget.add("nothing found") }
    if packing.leftOutCount > 0 { budget.add("\(packing.leftOutCount) more: raise \"tokens\"") }
    return ToolAnswer(budget.text, standing.facts).showing([], isEmpty: response.hits.isEmpty, in: tree.workspace)
  }
}
