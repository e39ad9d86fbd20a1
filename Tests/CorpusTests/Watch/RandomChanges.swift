import Disk
import Glibc
import Primitives
import TestSupport

/// Changes a tree as people, programs and git do, by a seed.
struct RandomChanges {
  /// Holds `top`, in which the tree lies, `home`, and `outside`, which is on the same file system.
  let place: FilePath
  let root: FilePath
  private var random: SeededRandom
  private var number = 0

  var top: FilePath { place.appending("top") }

  init(seed: UInt64, at place: FilePath, root: FilePath) throws(Failure) {
    self.place = place
    self.root = root
    random = SeededRandom(seed: seed)
    for directory in [root, place.appending("home"), place.appending("outside")] { try makeDirectory(directory) }
  }

  private mutating func chance(_ n: Int) -> Bool { random.next(upTo: n) == 0 }
  private mutating func pick<T>(_ choices: [T]) -> T { choices[random.next(upTo: choices.count)] }

  /// What lies in the tree, git's own aside.
  private func entries(_ kind: FileStatus.Kind) -> [FilePath] {
    var found: [FilePath] = []
    var rest = [root]
    while let directory = rest.popLast() {
      for entry in ((try? listDirectory(directory)) ?? []).sorted(by: { $0.name < $1.name }) {
        let path = directory.appending(entry.name)
        if entry.kind == kind, entry.name != ".git" { found.append(path) }
        if entry.kind == .directory, entry.name != ".git" { rest.append(path) }
      }
    }
    return found
  }

  private mutating func directory() -> FilePath { pick(entries(.directory) + [root, root]) }

  private mutating func newPath(in directory: FilePath) -> FilePath {
    directory.appending(
      pick([
        "x.c", "y.c", "z.o", "w", "a", "b", "c", "build", ".hid", "node_modules", "vendor", "id_rsa", ".env",
        "modules.txt", "pyvenv.cfg", "a-b", "a.c", ".gitignore", ".cairnignore", "big",
      ]))
  }

  private mutating func content(_ path: FilePath) -> String {
    if path.lastComponent == ".gitignore" || path.lastComponent == ".cairnignore" {
      let lines = [
        "*.o", "!z.o", "build/", "/a", "b/", "!b/", "w", "!w", "/a/x.c", "*.c", "!y.c", ".hid", "!.hid", "c/*", "",
        "!node_modules/", "!id_rsa", "**/a/b", "*",
      ]
      return (0..<random.next(upTo: 4)).map { _ in pick(lines) }.joined(separator: "\n")
    }
    let count = path.lastComponent == "big" ? 900 + random.next(upTo: 200) : random.next(upTo: 9)
    return String(repeating: "x", count: count)
  }

  private func write(_ path: FilePath, _ content: String) {
    let file = unsafe creat(path.description, 0o644)
    guard file >= 0 else { return }
    _ = unsafe Glibc.write(file, content, content.utf8.count)
    close(file)
  }

  private func move(_ path: FilePath, _ target: FilePath) { _ = unsafe rename(path.description, target.description) }

  private mutating func outsidePath() -> FilePath {
    number += 1
    return place.appending("outside/\(number)")
  }

  private func git(_ directory: FilePath, _ arguments: String...) {
    let environment = [
      "HOME": place.appending("home").description, "GIT_CONFIG_NOSYSTEM": "1", "GIT_AUTHOR_NAME": "a",
      "GIT_AUTHOR_EMAIL": "a", "GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a", "PATH": "/usr/bin:/bin",
    ]
    _ = try? Program(
      "/usr/bin/git", arguments.map { Array($0.utf8) }, in: directory, environment: environment
    ).wait(limit: .seconds(10))
  }

  /// Makes one change; says which, for failures.
  mutating func step() -> String {
    switch random.next(upTo: 40) {
    case 0..<8:
      let path = newPath(in: directory())
      write(path, content(path))
      return "write \(path)"
    case 8..<12:
      guard let path = entries(.file).randomElement(using: &random) else { return "" }
      write(path, content(path))
      return "edit \(path)"
    case 12..<16:
      let path = newPath(in: directory())
      _ = unsafe mkdir(path.description, 0o755)
      return "make \(path)"
    case 16..<19:
      guard let path = entries(.file).randomElement(using: &random) else { return "" }
      _ = unsafe unlink(path.description)
      return "remove \(path)"
    case 19..<24:
      let all = entries(.directory) + entries(.file)
      guard let path = all.randomElement(using: &random) else { return "" }
      let target = newPath(in: directory())
      move(path, target)
      return "move \(path) to \(target)"
    case 24:
      guard let path = entries(.directory).randomElement(using: &random) else { return "" }
      removeTree(path)
      return "remove \(path), whole"
    case 25:
      guard let path = (entries(.directory) + entries(.file)).randomElement(using: &random) else { return "" }
      move(path, outsidePath())
      return "move \(path) out"
    case 26, 27:
      let outside = (try? listDirectory(place.appending("outside"))) ?? []
      guard let entry = outside.map(\.name).sorted().randomElement(using: &random) else { return "" }
      let target = newPath(in: directory())
      move(place.appending("outside").appending(entry), target)
      return "move \(entry) in as \(target)"
    case 28:
      // A directory is exchanged for a link to it, or for another directory.
      guard let path = entries(.directory).randomElement(using: &random) else { return "" }
      let target = outsidePath()
      move(path, target)
      if chance(2) { makeLink(path, to: target) } else { _ = unsafe mkdir(path.description, 0o755) }
      write(path.appending("x.c"), "x")
      return "exchange \(path)"
    case 29:
      guard let path = entries(.symbolicLink).randomElement(using: &random) else { return "" }
      _ = unsafe unlink(path.description)
      if chance(2) { _ = unsafe mkdir(path.description, 0o755) }
      return "remove the link \(path)"
    case 30: return changeRights()
    case 31: return changeUserRules()
    default: return changeRepository()
    }
  }

  private mutating func changeRights() -> String {
    if effectiveUser != 0, chance(2), let path = entries(.directory).randomElement(using: &random) {
      _ = unsafe chmod(path.description, chance(2) ? 0 : 0o755)
      return "rights of \(path)"
    }
    // What cannot be read for its size.
    guard let directory = entries(.directory).randomElement(using: &random) else { return "" }
    let path = directory.appending(".gitignore")
    if fileExists(path), chance(2) {
      _ = unsafe unlink(path.description)
    } else {
      write(path, "")
      _ = unsafe truncate(path.description, 16_000_001)
    }
    return "a huge \(path)"
  }

  private mutating func changeUserRules() -> String {
    let home = place.appending("home")
    switch random.next(upTo: 4) {
    case 0: write(home.appending(".gitconfig"), "[core]\n\texcludesFile = ~/\(pick(["one", "two"]))\n")
    case 1: write(home.appending(pick(["one", "two"])), pick(["*.c", "w", "", "b"]))
    case 2:
      _ = try? makeDirectory(home.appending(".config/git"))
      write(home.appending(".config/git/ignore"), pick(["*.o", "y.c", ""]))
    default: _ = unsafe unlink(home.appending(".gitconfig").description)
    }
    return "rules of the user"
  }

  private mutating func changeRepository() -> String {
    let path = pick(entries(.file) + [root])
    let directory = path == root ? root : path.parent
    switch random.next(upTo: 12) {
    case 0:
      if chance(2) { git(self.directory(), "init", "-q") } else { git(top, "init", "-q") }
      return "git init"
    case 1, 2, 3:
      git(directory, "add", "-f", "--", path.lastComponent.description)
      return "git add \(path)"
    case 4:
      git(directory, "rm", "-r", "-q", "--cached", "--", path.lastComponent.description)
      return "git rm \(path)"
    case 5:
      git(directory, "status")
      return "git status"
    case 6:
      git(directory, "commit", "-q", "--allow-empty", "-m", "c")
      return "git commit in \(directory)"
    case 7:
      git(directory, "worktree", "add", "-f", newPath(in: self.directory()).description)
      return "git worktree in \(directory)"
    case 8:
      let info = top.appending(".git/info")
      if fileExists(info) { write(info.appending("exclude"), pick(["*.c", "a", "w", ""])) }
      write(top.appending(".gitignore"), pick(["x.c", "b", "build", ""]))
      return "exclude"
    case 9:
      git(directory, "config", "core.ignorecase", pick(["true", "false"]))
      return "git config in \(directory)"
    case 10:
      git(directory, "checkout", "-q", "-f", "HEAD")
      return "git checkout in \(directory)"
    default:
      let inner = self.directory().appending(".git")
      if inner != root.appending(".git") || chance(4) { removeTree(inner) }
      return "no git in \(inner)"
    }
  }

  // MARK: What leaves fewer traces

  /// Makes one change that a careless look could miss; says which, for failures.
  mutating func sleight() -> String {
    guard let path = entries(.file).randomElement(using: &random),
      let other = entries(.file).randomElement(using: &random),
      let directory = entries(.directory).randomElement(using: &random),
      let status = try? FileStatus(of: path, followsLinks: false)
    else { return "" }
    switch random.next(upTo: 9) {
    case 0:
      // In place, as many bytes as before, and the time of modification set back.
      write(path, String(repeating: "y", count: min(status.byteCount, 2_000)))
      setTimes(of: path, to: status.modified)
      return "overwrite \(path)"
    case 1:
      write(path, String(repeating: "x", count: 990 + random.next(upTo: 20)))
      return "resize \(path)"
    case 2:
      move(other, path)
      return "move \(other) over \(path)"
    case 3:
      // Away and back again: the entry is what it was.
      let outside = outsidePath()
      move(path, outside)
      move(outside, path)
      return "move \(path) away and back"
    case 4:
      // Another directory of the same name and with the same names in it.
      let outside = outsidePath()
      move(directory, outside)
      _ = unsafe mkdir(directory.description, 0o755)
      for entry in (try? listDirectory(outside)) ?? [] where entry.kind == .file {
        write(directory.appending(entry.name), "copy")
      }
      return "replace \(directory) with a copy"
    case 5:
      _ = unsafe chmod(directory.description, chance(2) ? 0o700 : 0o755)
      return "mode of \(directory)"
    case 6:
      setTimes(of: directory, to: status.modified)
      return "times of \(directory)"
    case 7:
      _ = unsafe link(path.description, newPath(in: directory).description)
      return "link \(path) into \(directory)"
    default:
      setTimes(of: path, to: wallClockNanoseconds() + 3_600_000_000_000)
      return "\(path) from the future"
    }
  }

  /// Lets time pass until a change has another time than all that was before.
  func awaitTick() {
    let probe = place.appending("probe")
    write(probe, "")
    let before = try? FileStatus(of: probe).changed
    while (try? FileStatus(of: probe).changed) == before { write(probe, "") }
  }

  private func setTimes(of path: FilePath, to time: Int64) {
    let (seconds, rest) = time.quotientAndRemainder(dividingBy: 1_000_000_000)
    let digits = String(repeating: "0", count: 9 - String(rest).count) + String(rest)
    let words = ["-h", "-d", "@\(seconds).\(digits)", "--", path.description]
    _ = try? Program("/usr/bin/touch", words.map { Array($0.utf8) }, in: place, environment: [:])
      .wait(limit: .seconds(10))
  }
}
