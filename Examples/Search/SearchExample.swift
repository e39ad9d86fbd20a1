import Cairn

/// Searches a tree: `cairn-example-search DIRECTORY WORD...`. The index is brought up to date first.
@main
struct SearchExample {
  static func main() async throws {
    let words = CommandLine.arguments.dropFirst()
    guard words.count > 1, let directory = words.first else {
      print("usage: cairn-example-search DIRECTORY WORD...")
      return
    }
    let workspace = try Workspace(root: Path(directory))
    var request = SearchRequest(words.dropFirst().joined(separator: " "))
    request.limit = 3
    request.timeLimit = .seconds(60)
    let response = try await workspace.search(request)
    for hit in response.hits {
      print("\(hit.path):\(hit.lines.lowerBound)-\(hit.lines.upperBound) \(hit.snippet.first ?? "")")
    }
    for note in response.notes { print("note: \(note)") }
  }
}
