import Disk
package import Primitives

/// git as it is on this machine, and the environment that it is run in.
///
/// The environment is made from nothing: what a repository's settings could name is not found in it, and of the user's
/// own variables only those come through that say where the user's settings of git are.
package struct GitProgram: Sendable {
  /// Absolute.
  package let path: FilePath
  /// Each `NAME=value`.
  let variables: [[UInt8]]

  /// Finds git in `PATH`. Reads some directories' entries; starts nothing.
  ///
  /// Only absolute entries of `PATH` count, and no git that lies in one of `trees`, itself or by a link: what a
  /// stranger has checked in is not run. Throws `.gitMissing` where there is no other.
  ///
  /// - Parameters:
  ///   - trees: the directories whose content nobody vouches for, absolute and without links.
  ///   - environment: what this process was started with.
  package init(outside trees: [FilePath], environment: [String: [UInt8]]) throws(Failure) {
    path = try Self.find(in: environment["PATH"] ?? Self.usualPath, outside: trees)
    var variables = Self.fixedVariables.map { Array($0.utf8) }
    for name in Self.passedVariables {
      if let value = environment[name] { variables.append(Array("\(name)=".utf8) + value) }
    }
    if let count = environment["GIT_CONFIG_COUNT"] {
      let pairs = environment.filter {
        $0.key.hasPrefix("GIT_CONFIG_KEY_") || $0.key.hasPrefix("GIT_CONFIG_VALUE_")
      }
      variables.append(Array("GIT_CONFIG_COUNT=".utf8) + count)
      for (name, value) in pairs.sorted(by: { $0.key < $1.key }) { variables.append(Array("\(name)=".utf8) + value) }
    }
    self.variables = variables
  }

  private static func find(in path: [UInt8], outside trees: [FilePath]) throws(Failure) -> FilePath {
    var hasOnlyForeign = false
    for entry in path.split(separator: UInt8(ascii: ":")) {
      let candidate = FilePath(bytes: Array(entry)).appending("git")
      guard candidate.isAbsolute, let real = try? resolvedPath(candidate),
        let place = try? resolvedPath(candidate.parent), let status = try? FileStatus(of: real),
        status.kind == .file, status.permissions & 0o111 != 0
      else { continue }
      let isForeign = trees.contains { tree in
        tree != "/" && (tree == place || place.relative(to: tree) != nil || real.relative(to: tree) != nil)
      }
      if !isForeign { return candidate }
      hasOnlyForeign = true
    }
    let reason =
      hasOnlyForeign
      ? "the only git in PATH lies in this tree, and what lies in a tree is not run: install git on the machine"
      : "there is no git in PATH: install it (on Debian and Ubuntu the package is called git)"
    throw Failure(.gitMissing, reason)
  }

  private static let usualPath = Array("/usr/local/bin:/usr/bin:/bin".utf8)

  /// The user's own, which say where settings are and who is meant where the process runs as root.
  private static let passedVariables = [
    "HOME", "XDG_CONFIG_HOME", "GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM", "GIT_CONFIG_NOSYSTEM", "SUDO_UID",
  ]

  private static let fixedVariables = [
    // Whatever program a setting names: it is not found. git finds its own commands in itself.
    "PATH=/dev/null", "GIT_EXEC_PATH=/dev/null",
    // What is missing in a partial clone stays missing: an empty list of protocols forbids all, also those that the
    // repository's settings allow one by one. GIT_NO_LAZY_FETCH says the same to git 2.44 and later.
    "GIT_ALLOW_PROTOCOL=", "GIT_NO_LAZY_FETCH=1", "GIT_PROTOCOL_FROM_USER=0", "GIT_TERMINAL_PROMPT=0",
    // An object is what its name says: refs/replace would put another in its place.
    "GIT_NO_REPLACE_OBJECTS=1",
    // And a commit's parents are those that it names.
    "GIT_GRAFT_FILE=/dev/null",
    // Nothing is written, not even to make the next look cheaper.
    "GIT_OPTIONAL_LOCKS=0",
    // A path is a path, whatever signs it has.
    "GIT_LITERAL_PATHSPECS=1", "GIT_PAGER=cat", "GIT_ATTR_NOSYSTEM=1", "LC_ALL=C",
  ]
}

extension Failure.Code {
  /// git is not installed, or not to be had outside of the tree.
  package static let gitMissing = Self(rawValue: "git-missing")
  /// git ended with an error, did not answer, or said what it does not say.
  package static let gitFailed = Self(rawValue: "git-failed")
  /// git refuses a repository that belongs to somebody else.
  package static let untrustedRepository = Self(rawValue: "untrusted-repository")
  /// The tree is in no git repository.
  package static let noRepository = Self(rawValue: "no-repository")
}
