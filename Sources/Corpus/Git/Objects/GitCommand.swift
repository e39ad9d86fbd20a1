import Disk
package import Primitives

/// Runs git's plumbing upon a repository that nobody vouches for.
///
/// Only commands that read objects and names are run, without a shell, in an environment made from nothing
/// (`GitProgram`) and with every setting overridden by which a repository could have a program run: hooks, file system
/// monitors, filters, text conversion, signature checks, transports, pagers. git itself judges whether the repository
/// is the user's (`safe.directory`). Nothing is written.
///
/// A value that copies share; safe to share by threads. Each run is a process of its own: two to three milliseconds.
package struct GitCommand: Sendable {
  /// What may be run.
  package enum Plumbing: String, Sendable {
    case revParse = "rev-parse"
    case listTree = "ls-tree"
    case catFile = "cat-file"
    case listRevisions = "rev-list"
    case compareTrees = "diff-tree"

    /// What is said before the caller's arguments.
    fileprivate var fixedArguments: [String] {
      switch self {
      case .compareTrees: ["--no-ext-diff", "--no-textconv", "--no-color"]
      case .revParse, .listTree, .catFile, .listRevisions: []
      }
    }
  }

  /// What bounds one run.
  package struct Limits: Sendable {
    /// A run that writes more is ended, and is an error.
    package var byteCount: Int
    /// From its start to its end.
    package var duration: Duration
    /// How long it may write nothing. A git that waits for a pipe in the place of a file waits for ever.
    package var silence: Duration

    package init(byteCount: Int = 1 << 20, duration: Duration = .seconds(30), silence: Duration = .seconds(60)) {
      self.byteCount = byteCount
      self.duration = duration
      self.silence = silence
    }
  }

  package let program: GitProgram
  /// Where git is run: the top of the work tree, or a bare repository.
  package let top: FilePath
  /// The repository's own directory of that work tree, without links.
  let directory: FilePath
  /// What all work trees of the repository share.
  let common: FilePath
  /// The root of the corpus, relative to the top; empty where it is the top.
  package let prefix: FilePath
  /// What git said of the repository when the value was made.
  private(set) var checkout = Checkout()

  struct Checkout: Sendable {
    /// The commit that is checked out; nil where there is none, or none that git can read.
    var commit: GitObjectID?
    /// Whether the clone lacks the parents of its oldest commits.
    var isShallow = false
  }

  /// The repository that `root` lies in, or is where it is a bare one. Runs git once, to hear whether it trusts the
  /// repository and means the same one, and what is checked out.
  ///
  /// Throws `.noRepository`, `.gitMissing`, `.untrustedRepository`, and `.gitFailed` where git cannot read it.
  ///
  /// - Parameters:
  ///   - root: absolute, without links.
  ///   - environment: what this process was started with; a test gives another.
  package init(
    root: FilePath, environment: [String: [UInt8]] = processEnvironment(), cancellation: Cancellation = Cancellation()
  ) throws(Failure) {
    let (top, directory) = try Self.repository(around: root)
    self.top = top
    self.directory = directory
    common = try GitRepository.commonDirectory(of: directory)
    prefix = root.relative(to: top) ?? ""
    program = try GitProgram(outside: [top, root, directory], environment: environment)
    try checkFiles()
    // It reads small files alone: what takes longer is something else in the place of one.
    let limits = Limits(byteCount: 1 << 16, duration: .seconds(5))
    let words = ["--absolute-git-dir", "--is-shallow-repository", "HEAD^{commit}"].map { Array($0.utf8) }
    var said: [UInt8] = []
    let ended = try attempt(.revParse, words, limits: limits, cancellation: cancellation) { said += $0 }
    // A line for each word, the first of which may have line breaks in it, and an end. Where there is no commit git
    // says the last word again, and ends with an error.
    let lines = said.split(separator: .newline, omittingEmptySubsequences: false)
    guard lines.count > 3 else { throw failure(of: ended, .revParse) }
    if ended.code == 0 { checkout.commit = GitObjectID(hex: lines[lines.count - 2]) }
    checkout.isShallow = lines[lines.count - 3].elementsEqual("true".utf8)
    let named = FilePath(bytes: Array(lines.dropLast(3).joined(separator: [UInt8.newline])))
    guard let real = try? resolvedPath(named), real == directory else {
      throw Failure(
        .gitFailed,
        "git takes another repository for that of this tree: make its .git a whole repository, or take it "
          + "away", path: top, cause: visibleName(named.description))
    }
  }

  /// The top of the work tree around `root`, or `root` where it is a bare repository, and git's own directory of it.
  private static func repository(around root: FilePath) throws(Failure) -> (top: FilePath, directory: FilePath) {
    var top = root
    while true {
      if let directory = try GitRepository.directory(forWorkTree: top, isNeeded: true) {
        return (top, try resolvedPath(directory))
      }
      if top == root, try GitRepository.isRepository(root, nil) { return (root, root) }
      let parent = top.parent
      if parent.isEmpty || parent == top { break }
      top = parent
    }
    throw Failure(
      .noRepository, "this tree is in no git repository, so it has no revisions: name the root of one that is",
      path: root, remedy: Remedy(.chooseRoot))
  }

  /// Throws where a pipe, a device or a socket is in the place of one of git's own files: git would wait for a pipe
  /// that nobody writes to. What takes the place later, and what is in the place of an object, meets the limit of
  /// silence.
  private func checkFiles() throws(Failure) {
    let own = ["HEAD", "commondir", "index", "config.worktree"].map { directory.appending(FilePath($0)) }
    let shared = [
      "config", "packed-refs", "shallow", "info/attributes", "info/grafts", "objects/info/alternates",
      "objects/info/commit-graph", "objects/pack/multi-pack-index",
    ].map { common.appending(FilePath($0)) }
    for path in own + shared {
      guard (try? FileStatus(of: path, followsLinks: true))?.kind == .other else { continue }
      // What people name to have no settings.
      if let real = try? resolvedPath(path), real == "/dev/null" { continue }
      throw Failure(
        .gitFailed,
        "a pipe, a device or a socket is where git has a file of its own, and git would wait for it: take it away, and "
          + "see what git's fsck says then", path: path)
    }
  }

  /// Whether the repository has attributes of its own, which git reads wherever it is run.
  var hasOwnAttributes: Bool {
    ((try? FileStatus(of: common.appending("info/attributes")))?.byteCount ?? 0) > 0
  }

  // MARK: Running

  /// What one run writes, whole. Throws as `run` does.
  package func output(
    of plumbing: Plumbing, _ arguments: [String], limits: Limits = Limits(), cancellation: Cancellation
  ) throws(Failure) -> [UInt8] {
    var output: [UInt8] = []
    try run(plumbing, arguments.map { Array($0.utf8) }, limits: limits, cancellation: cancellation) { output += $0 }
    return output
  }

  /// Runs one command and hands on what it writes, in order and in pieces of up to 64 KB, while it runs. Blocks the
  /// calling thread.
  ///
  /// Throws `.gitFailed` where it ends with an error, with what it said as the cause, `.tooLarge` and `.timedOut` at
  /// the limits, `.untrustedRepository`, `.cancelled`, and what `body` throws; the process has ended then.
  ///
  /// - Parameters:
  ///   - arguments: none may come from outside before it is checked: what begins with a dash is an option.
  ///   - input: what it reads.
  package func run(
    _ plumbing: Plumbing, _ arguments: [[UInt8]], input: [UInt8] = [], limits: Limits = Limits(),
    cancellation: Cancellation, _ body: ([UInt8]) throws(Failure) -> Void
  ) throws(Failure) {
    let ended = try attempt(
      plumbing, arguments, input: input, limits: limits, cancellation: cancellation, body)
    if ended.code != 0 { throw failure(of: ended, plumbing) }
  }

  /// How a run ended.
  struct Ending: Sendable {
    /// 128 and the signal's number where a signal ended it.
    var code: Int32
    var errorOutput: [UInt8]
  }

  /// The same for a caller to whom an exit code says something: throws where git did not come to its end by itself.
  func attempt(
    _ plumbing: Plumbing, _ arguments: [[UInt8]], input: [UInt8] = [], limits: Limits = Limits(),
    cancellation: Cancellation, _ body: ([UInt8]) throws(Failure) -> Void
  ) throws(Failure) -> Ending {
    let end = ContinuousClock.now + limits.duration
    /// For the next wait: what the caller does with a piece is not git's silence.
    func context() -> SearchContext {
      SearchContext(deadline: min(end, ContinuousClock.now + limits.silence), cancellation: cancellation)
    }
    do throws(Failure) {
      var child = try start(plumbing, arguments)
      child.send(input)
      child.closeInput()
      var byteCount = 0
      var piece: [UInt8] = []
      while try child.read(into: &piece, until: context()) > 0 {
        byteCount += piece.count
        if byteCount > limits.byteCount {
          throw Failure(
            .tooLarge, "git's \(plumbing.rawValue) writes more than the \(limits.byteCount) bytes that are read of it",
            path: top)
        }
        try body(piece)
        piece.removeAll(keepingCapacity: true)
      }
      let code = try child.end(until: context())
      return Ending(code: code, errorOutput: child.errorOutput)
    } catch {
      if ContinuousClock.now < end { throw silent(error, plumbing, limits.silence) }
      throw timedOut(error, plumbing, limits.duration)
    }
  }

  /// Starts a command that goes on until its holder ends it.
  func start(_ plumbing: Plumbing, _ arguments: [[UInt8]]) throws(Failure) -> ChildProcess {
    let words = Self.globalArguments + [plumbing.rawValue] + plumbing.fixedArguments
    var variables = program.variables
    // The repository is the one at the top or none: git shall not go on to one above. A list of directories cannot
    // hold one with a colon in it.
    if !top.parent.bytes.contains(UInt8(ascii: ":")) {
      variables.append(Array("GIT_CEILING_DIRECTORIES=".utf8) + top.parent.bytes)
    }
    var place = top
    if plumbing == .compareTrees, let empty = Self.emptyDirectory {
      place = empty
      variables.append(Array("GIT_DIR=".utf8) + directory.bytes)
      variables.append(Array("GIT_WORK_TREE=".utf8) + empty.bytes)
      // Relative, and not there: git goes on as if nothing was tracked.
      variables.append(Array("GIT_INDEX_FILE=no-index".utf8))
    }
    do throws(Failure) {
      return try ChildProcess(
        program.path, words.map { Array($0.utf8) } + arguments, in: place, variables: variables,
        addressByteLimit: Self.addressByteLimit)
    } catch {
      if error.code == .invalidArgument { throw error }
      throw Failure(
        .gitFailed, "git could not be started: see that it runs by hand", path: error.path,
        cause: error.cause ?? error.message)
    }
  }

  /// Where trees are compared. A comparison looks for `.gitattributes` on the way to each file, from the directory that
  /// it is run in, and opens whatever is there, a pipe too; older versions of git have no option against it, and none
  /// lets it be without the index. Here there is nothing to be found, and nobody can put anything here. Nil where the
  /// system has no such place: the comparison is run at the top then, and the limit of silence ends one that waits.
  private static let emptyDirectory: FilePath? = {
    let place: FilePath = "/proc/sys/kernel/random"
    return (try? FileStatus(of: place))?.kind == .directory ? place : nil
  }()

  /// Bytes of addresses that one git may have: a tree of trees, or a file of attributes without an end, would fill the
  /// machine's memory. `core.packedGitLimit` holds the maps of packs below it; beside them there are those of their
  /// lists of objects, some 300 MB for ten million.
  private static let addressByteLimit = min(4 << 30, max(1 << 30, Machine.current.memoryByteCount / 2))

  /// Settings by which a repository could have a program run, write, or answer in another form. What is given so wins
  /// over every file.
  private static let globalArguments: [String] =
    ["--no-pager"]
    + [
      "core.fsmonitor=false", "core.hooksPath=/dev/null", "core.sshCommand=false", "core.gitProxy=", "core.askPass=",
      "core.alternateRefsCommand=true", "core.pager=cat", "core.editor=false", "core.attributesFile=/dev/null",
      "protocol.allow=never", "credential.helper=", "log.showSignature=false", "gpg.program=false",
      "gpg.openpgp.program=false", "gpg.x509.program=false", "gpg.ssh.program=false", "gpg.ssh.defaultKeyCommand=false",
      "fetch.recurseSubmodules=false", "submodule.recurse=false", "gc.auto=0", "maintenance.auto=false",
      "core.quotePath=false", "color.ui=false",
      // Larger files are compared as binary ones: they differ, and no more is said.
      "core.bigFileThreshold=32m",
      // By default git maps as much of its packs as there are addresses.
      "core.packedGitWindowSize=128m", "core.packedGitLimit=512m", "core.deltaBaseCacheLimit=96m",
    ].flatMap { ["-c", $0] }

  // MARK: Failures

  func failure(of ending: Ending, _ plumbing: Plumbing) -> Failure {
    let said = String(decoding: ending.errorOutput, as: UTF8.self)
    // The words of git since 2.35.2, and those of some distributions' older ones.
    if said.contains("dubious ownership") || said.contains("unsafe repository") {
      return Failure(
        .untrustedRepository,
        "git does not read this repository because it belongs to another user: if you trust it, add its directory to "
          + "safe.directory in your own settings of git", path: top, cause: Self.shown(said))
    }
    if said.contains("promisor") || said.contains("lazy fetch") {
      return Failure(
        .gitFailed,
        "this clone does not have all objects of that revision, and none are fetched for a search: fetch them with git "
          + "first, such as by checking the revision out once", path: top, cause: Self.shown(said))
    }
    let how =
      ending.code > 128 ? "was ended by signal \(ending.code - 128)" : "ended with code \(ending.code)"
    return Failure(
      .gitFailed, "git's \(plumbing.rawValue) \(how): see whether git can read the repository (git's fsck says)",
      path: top, cause: Self.shown(said))
  }

  /// The first lines of what git said, in which a repository may have put anything: safe to show.
  private static func shown(_ said: String) -> String? {
    let lines = said.split(separator: "\n").prefix(3).map { visibleName(String($0)) }
    return lines.isEmpty ? nil : lines.joined(separator: "; ")
  }

  private func silent(_ failure: Failure, _ plumbing: Plumbing, _ duration: Duration) -> Failure {
    guard failure.code == .timedOut else { return failure }
    return Failure(
      .timedOut,
      "git's \(plumbing.rawValue) wrote nothing for \(duration.components.seconds) s: see whether something else than "
        + "a file is in the place of one of the repository's, such as a pipe", path: top)
  }

  func timedOut(_ failure: Failure, _ plumbing: Plumbing, _ duration: Duration) -> Failure {
    guard failure.code == .timedOut else { return failure }
    return Failure(
      .timedOut,
      "git's \(plumbing.rawValue) did not end within \(duration.components.seconds) s: see whether git can read the "
        + "repository, which may have something else than files in it", path: top)
  }
}
