import Disk
import Glibc
package import Primitives

/// The real `cairn`, run in a temporary tree with an environment of its own.
package struct CairnProgram: Sendable {
  package let tree: TemporaryTree
  /// Where the user's files would be: outside the tree.
  package let home: TemporaryTree
  package var environment: [String: String]

  /// - Parameter inMemory: for a test that runs the program many times, and would wait for the disk.
  package init(inMemory: Bool = false) throws(Failure) {
    tree = try TemporaryTree(inMemory: inMemory)
    home = try TemporaryTree(inMemory: inMemory)
    environment = ["HOME": home.root.description, "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"]
  }

  /// `CAIRN_BINARY`, or the program beside the tests' own bundle.
  package static func binary() throws(Failure) -> FilePath {
    if let named = processEnvironment()["CAIRN_BINARY"], !named.isEmpty { return FilePath(bytes: named) }
    return try program(besideTests: "cairn")
  }

  /// The program `name` that was built with the tests, beside their bundle.
  package static func program(besideTests name: FilePath) throws(Failure) -> FilePath {
    var tried: [FilePath] = []
    for argument in CommandLine.arguments where argument.hasSuffix(".xctest") || argument == CommandLine.arguments[0] {
      let candidate = FilePath(argument).parent.appending(name)
      if fileExists(candidate) { return try resolvedPath(candidate) }
      tried.append(candidate)
    }
    throw Failure(
      .notFound,
      "\(name) is not beside the tests; `swift build --build-tests` makes it, and CAIRN_BINARY names another cairn (tried: "
        + tried.map(\.description).joined(separator: ", ") + ")")
  }

  package func write(_ path: FilePath, _ content: String) throws(Failure) { try tree.write(path, content) }

  /// Runs `cairn` with `arguments` and waits for its end.
  package func run(_ arguments: String..., in directory: FilePath? = nil) throws(Failure) -> ProgramResult {
    try start(arguments, in: directory).wait()
  }

  package func start(_ arguments: [String], in directory: FilePath? = nil) throws(Failure) -> Program {
    try Program(
      try Self.binary(), arguments.map { Array($0.utf8) }, in: directory ?? tree.root, environment: environment)
  }

  /// Runs a line of shell in the tree, with the program as `$CAIRN`.
  package func shell(_ line: String) throws(Failure) -> ProgramResult {
    var variables = environment
    variables["CAIRN"] = try Self.binary().description
    return try Program("/bin/sh", [Array("-c".utf8), Array(line.utf8)], in: tree.root, environment: variables).wait()
  }
}

/// The content of a file.
package func readFileBytes(_ path: FilePath) throws(Failure) -> [UInt8] { try readFile(path).bytes }
