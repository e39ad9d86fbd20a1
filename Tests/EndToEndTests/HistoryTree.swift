import Foundation
import Primitives
import TestSupport
import Testing

/// A git repository that a test commits to, with the program beside it.
struct HistoryTree {
  let cairn: CairnProgram
  /// Of the commit that is made next, in seconds since 1970: a day later each time.
  private var date = 1_767_225_600

  init(in directory: FilePath = "") throws {
    cairn = try CairnProgram()
    try git("init", "-q", "-b", "main", ".")
  }

  /// Runs git, and returns what it wrote without the last line's end.
  @discardableResult
  func git(_ arguments: String..., author: String = "Ann Author <ann@example.org>") throws -> String {
    let name = author.prefix { $0 != "<" }.trimmingCharacters(in: .whitespaces)
    let address = author.drop { $0 != "<" }.dropFirst().dropLast()
    var environment = cairn.environment
    environment["GIT_CONFIG_NOSYSTEM"] = "1"
    environment["GIT_AUTHOR_DATE"] = "\(date) +0000"
    environment["GIT_COMMITTER_DATE"] = "\(date) +0000"
    (environment["GIT_AUTHOR_NAME"], environment["GIT_AUTHOR_EMAIL"]) = (name, String(address))
    (environment["GIT_COMMITTER_NAME"], environment["GIT_COMMITTER_EMAIL"]) = ("Com Mitter", "c@example.org")
    let result = try Program(
      "/usr/bin/git", arguments.map { Array($0.utf8) }, in: cairn.tree.root, environment: environment
    ).wait()
    try #require(result.code == 0, "\(arguments): \(result.errorText)\(result.outputText)")
    return result.outputText.trimmingCharacters(in: .newlines)
  }

  /// Writes `files`, removes those without content, and commits everything a day after the commit before. Returns the
  /// commit's name.
  @discardableResult
  mutating func commit(
    _ subject: String, _ files: [FilePath: String?] = [:], author: String = "Ann Author <ann@example.org>"
  ) throws -> String {
    for (path, content) in files {
      if let content { try cairn.write(path, content) } else { try cairn.tree.remove(path) }
    }
    date += 86_400
    try git("add", "-A")
    try git("commit", "-q", "--allow-empty", "-m", subject, author: author)
    return try git("rev-parse", "HEAD")
  }

  /// A hit, as far as tests look at it.
  struct Hit: Hashable {
    var path: String
    var commit: String
    var revision: String
    var lines: ClosedRange<Int>
    var text: String
  }

  /// What a search of the history finds.
  func hits(_ arguments: String...) throws -> [Hit] {
    let result = try cairn.start(["search", "--history", "--json", "--context", "all"] + arguments).wait()
    try #require(result.code < 2, "\(arguments): \(result.errorText)")
    // What is only near a name that is nowhere is no hit of it.
    if try result.objects("summary").first?["nowhere"] as? Bool == true { return [] }
    return try result.objects("result").map { hit in
      let commit = try #require(hit["removed_by"] as? [String: Any])
      return Hit(
        path: try #require(hit["path"] as? String), commit: try #require(commit["commit"] as? String),
        revision: try #require(hit["revision"] as? String),
        lines: try #require(hit["start_line"] as? Int)...(try #require(hit["end_line"] as? Int)),
        text: (hit["snippet"] as? [String] ?? []).joined(separator: "\n"))
    }
  }
}

extension HistoryTree {
  /// The commits that removed code which holds `word`, as a search for it finds them.
  func removals(of word: String) throws -> [String] {
    try hits(word).filter { $0.text.contains(word) }.map(\.commit)
  }
}

/// A function of Python with words of its own.
func pythonFunction(_ name: String, _ word: String) -> String {
  """
  def \(name)(values):
      \(word) = sorted(values)
      if not \(word):
          return None
      return \(word)[len(\(word)) // 2]


  """
}
