package import Primitives
package import QueryLanguage

/// What makes a search one of a history: which commits pass a filter, and what of the code that they removed is in the
/// tree all the same. Safe to share by threads.
package protocol RemovalView: Sendable {
  /// The numbers of the commits that are searched; nil for all that the index has.
  var searched: Set<UInt32>? { get }

  /// The numbers of the commits that pass.
  func passing(_ filters: CommitFilters) -> Set<UInt32>

  /// Whether the lines of `text` are all in a file of the tree as it is now, the one at `path` or another: code that
  /// was moved or came back is not gone. Reads files; false once `context` is over.
  func isPresent(_ text: Span<UInt8>, from path: FilePath, context: SearchContext) -> Bool
}

extension ParsedQuery {
  /// The same with the commits that pass its filters, wherever they stand in it.
  func resolved(by view: any RemovalView) -> ParsedQuery {
    var parsed = self
    parsed.filters.resolve(by: view)
    if let searched = view.searched {
      parsed.filters.passingCommits = parsed.filters.passingCommits.map { $0.intersection(searched) } ?? searched
    }
    parsed.condition = condition?.resolved(by: view)
    parsed.misunderstood += isPasted ? [] : CommitFilters.unknownTimes(in: text)
    return parsed
  }
}

extension QueryNode {
  fileprivate func resolved(by view: any RemovalView) -> QueryNode {
    switch self {
    case .and(let nodes): return .and(nodes.map { $0.resolved(by: view) })
    case .or(let nodes): return .or(nodes.map { $0.resolved(by: view) })
    case .not(let node): return .not(node.resolved(by: view))
    case .fields(var filters):
      filters.resolve(by: view)
      return .fields(filters)
    case .word, .phrase, .pattern: return self
    }
  }
}

extension QueryFilters {
  fileprivate mutating func resolve(by view: any RemovalView) {
    if !commits.isEmpty { passingCommits = view.passing(commits) }
  }
}
