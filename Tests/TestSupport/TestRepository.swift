import Disk
package import Primitives

/// A git repository that a test makes, by the real git, with a home directory of its own.
package struct TestRepository: Sendable {
  package let tree: TemporaryTree
  package let home: TemporaryTree
  /// The environment of git and of what is tested.
  package var environment: [String: String]
  package var root: FilePath { tree.root }

  package init(_ options: String...) throws(Failure) {
    tree = try TemporaryTree()
    home = try TemporaryTree()
    environment = [
      "HOME": home.root.description, "PATH": "/usr/bin:/bin", "GIT_CONFIG_NOSYSTEM": "1",
      "GIT_AUTHOR_DATE": "2020-01-01T00:00:00Z", "GIT_COMMITTER_DATE": "2020-01-01T00:00:00Z",
    ]
    try git(["init", "-q", "-b", "main"] + options + ["."])
  }

  /// The same as `processEnvironment` gives it.
  package var variables: [String: [UInt8]] { environment.mapValues { Array($0.utf8) } }

  /// Runs git in the repository, or in `directory`, and returns what it wrote, without the last line's end.
  @discardableResult
  package func git(_ arguments: [String], in directory: FilePath? = nil) throws(Failure) -> String {
    let identity = ["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "protocol.file.allow=always"]
    let result = try Program(
      "/usr/bin/git", (identity + arguments).map { Array($0.utf8) }, in: directory ?? root, environment: environment
    ).wait()
    guard result.code == 0 else {
      throw Failure(.inputOutput, "git \(arguments) ended with \(result.code)", path: root, cause: result.errorText)
    }
    return result.outputText.hasSuffix("\n") ? String(result.outputText.dropLast()) : result.outputText
  }
  @discardableResult
  package func git(_ arguments: String..., in directory: FilePath? = nil) throws(Failure) -> String {
    try git(arguments, in: directory)
  }

  package func write(_ path: FilePath, _ content: String) throws(Failure) { try tree.write(path, content) }

  /// Commits everything in the work tree, and returns the commit's name.
  @discardableResult
  package func commit(_ message: String = "commit") throws(Failure) -> String {
    try git("add", "-A")
    try git("commit", "-q", "--allow-empty", "-m", message)
    return try git("rev-parse", "HEAD")
  }

  /// Runs a line of shell in the repository.
  package func shell(_ line: String) throws(Failure) {
    let result = try Program(
      "/bin/sh", [Array("-ec".utf8), Array(line.utf8)], in: root, environment: environment
    ).wait()
    guard result.code == 0 else {
      throw Failure(.inputOutput, "the shell ended with \(result.code)", path: root, cause: result.errorText)
    }
  }
}
