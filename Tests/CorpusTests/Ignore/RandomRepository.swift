import Disk
import Glibc
import Primitives
import TestSupport

/// A small git repository made from a seed: files, ignore files with every feature of the grammar (and lines that are
/// not quite grammar), tracked files, settings. Written with plain calls: nothing needs to be durable.
struct RandomRepository {
  /// Holds `home`, `xdg` and `top`, the work tree.
  let place: FilePath
  private(set) var tracked: [FilePath] = []
  /// Tracked, then deleted again.
  private(set) var deleted: [FilePath] = []
  private(set) var root: FilePath
  private(set) var indexVersion = 2
  private(set) var splitsIndex = false
  private var random: SeededRandom
  private var files: Set<FilePath> = []
  private var directories: [FilePath] = [""]

  var top: FilePath { place.appending("top") }

  init(seed: UInt64, at place: FilePath) throws {
    self.place = place
    root = place.appending("top")
    random = SeededRandom(seed: seed)
    for name in ["home", "xdg/git", "top/.git/objects", "top/.git/refs", "top/.git/info"] {
      try makeDirectory(place.appending(name))
    }
    let ignoresCase = chance(4)
    write(".git/HEAD", "ref: refs/heads/main\n")
    write(".git/config", "[core]\n\trepositoryformatversion = 0\n\tbare = false\n\tignorecase = \(ignoresCase)\n")
    try makeFiles()
    makeIgnoreFiles()
    makeSettings()
    track(ignoresCase: ignoresCase)
    indexVersion = random.next(upTo: 2) == 0 ? 2 : 4
    splitsIndex = chance(8)
    if chance(5), let inner = directories.randomElement(using: &random), !inner.isEmpty { root = top.appending(inner) }
  }

  private mutating func chance(_ n: Int) -> Bool { random.next(upTo: n) == 0 }

  private mutating func pick<T>(_ choices: [T]) -> T { choices[random.next(upTo: choices.count)] }

  private func write(_ path: FilePath, _ content: [UInt8], in directory: FilePath? = nil) {
    let target = (directory ?? top).appending(path)
    let descriptor = unsafe (target.bytes.map { CChar(bitPattern: $0) } + [0]).withUnsafeBufferPointer {
      unsafe creat($0.baseAddress!, 0o644)
    }
    guard descriptor >= 0 else { return }
    _ = unsafe content.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
    close(descriptor)
  }
  private func write(_ path: FilePath, _ content: String) { write(path, Array(content.utf8)) }

  // MARK: Files

  private mutating func name() -> [UInt8] {
    if chance(12) {
      return pick([
        [0xFF, 0x61], Array("new\nline".utf8), Array("tr ".utf8), Array(" lead".utf8), Array("[x]".utf8),
        Array("!neg".utf8), Array("#hash".utf8), Array("b\\c".utf8), Array("*".utf8), Array("cr\r".utf8),
        Array("naïve".utf8), Array("a?b".utf8), Array("-".utf8),
      ])
    }
    return Array(
      pick([
        "a", "b", "c", "ab", "abc", "A", "B", "Ab", "foo", "Foo", "foo.o", "foo.c", "bar.o", "bar", "x y", "a-b", "a.b",
        "build", "dir", ".hid", ".x.o", "1", "12", "z_9", "foobar", "a1b", "aab", "aaab",
      ]
      ).utf8)
  }

  private mutating func makeFiles() throws {
    for _ in 0..<(1 + random.next(upTo: 6)) {
      let parent = pick(directories)
      let path = parent.appending(FilePath(bytes: name()))
      if directories.contains(path) || path.bytes.filter({ $0 == 0x2F }).count > 3 { continue }
      try makeDirectory(top.appending(path))
      directories.append(path)
    }
    for _ in 0..<(3 + random.next(upTo: 18)) {
      let path = pick(directories).appending(FilePath(bytes: name()))
      if directories.contains(path) { continue }
      write(path, "x")
      files.insert(path)
    }
  }

  // MARK: Ignore files

  private mutating func segment() -> [UInt8] {
    var text: [UInt8] = []
    for _ in 0..<(1 + random.next(upTo: 3)) {
      switch random.next(upTo: 16) {
      case 0, 1: text += Array("*".utf8)
      case 2: text += Array("?".utf8)
      case 3:
        text += Array(
          pick([
            "[a-c]", "[!a]", "[^a-b]", "[[:alpha:]]", "[[:digit:]x]", "[]a]", "[a-]", "[A-Z]", "[[:upper:]]", "[!]a]",
            "[\\a]", "[a\\-c]", "[[:space:]]", "[[:punct:]]", "[z-a]", "[.-0]", "[[:lower:]-z]", "[[:x]", "[a-c-z]",
            "[\\]]", "[[.]", "[^[:alnum:]]",
          ]
          ).utf8)
      case 4: text += Array(pick(["[", "[a", "[!", "[[:foo:]]", "\\", "[a-", "[[:alpha:]", "]", "[]"]).utf8)
      case 5: text += [UInt8(ascii: "\\")] + name().prefix(1)
      case 6: text += Array(pick(["**", "***", "a**", "**b"]).utf8)
      case 7: text += Array(pick([".o", "oo", "o.", "-b", " ", "\\ ", "B"]).utf8)
      default: text += name()
      }
      if chance(2) { break }
    }
    return text
  }

  private mutating func pattern() -> [UInt8] {
    var text: [UInt8] = []
    if chance(5) { text += Array("!".utf8) }
    if chance(20) { text += Array(pick(["#", "\\#", "\\!", "!!", " "]).utf8) }
    if chance(5) { text += Array("/".utf8) }
    if chance(8) { text += Array("**/".utf8) }
    if chance(3), let path = (chance(2) ? directories : Array(files).sorted()).randomElement(using: &random) {
      // A path that exists, now and then with a wildcard in it or cut off at the front.
      var bytes = path.bytes
      if chance(2), let slash = bytes.firstIndex(of: 0x2F) { bytes.removeSubrange(...slash) }
      if chance(3), !bytes.isEmpty { bytes[random.next(upTo: bytes.count)] = pick(Array("*?A".utf8)) }
      text += bytes
    } else {
      for i in 0..<(1 + random.next(upTo: 3)) {
        if i > 0 { text += Array(pick(["/", "/", "/**/", "//", "**/", "/**", "\\/"]).utf8) }
        text += segment()
        if chance(2) { break }
      }
    }
    if chance(8) { text += Array(pick(["/**", "/*", "*", "**"]).utf8) }
    if chance(4) { text += Array("/".utf8) }
    if chance(10) { text += Array(pick([" ", "  ", "\\ ", "\\  ", "\t", " \\ ", "\\"]).utf8) }
    return text
  }

  private mutating func ignoreFile() -> [UInt8] {
    var content: [UInt8] = chance(10) ? [0xEF, 0xBB, 0xBF] : []
    for _ in 0..<(1 + random.next(upTo: 5)) {
      content += pattern()
      content += Array(pick(["\n", "\n", "\n", "\n", "\r\n", "\n\n", " \r\n", "\r\r\n", "\n# note\n", "\n   \n"]).utf8)
    }
    if chance(20) { content += Array("a\0b\n".utf8) }
    if chance(4) { content += pattern() }
    if chance(20) { content.append(UInt8(ascii: "\r")) }
    return content
  }

  private mutating func makeIgnoreFiles() {
    for _ in 0..<(1 + random.next(upTo: 3)) {
      let path = pick(directories).appending(".gitignore")
      write(path, ignoreFile())
      files.insert(path)
    }
    if chance(3) { write(".git/info/exclude", ignoreFile()) }
  }

  private mutating func makeSettings() {
    let home = place.appending("home")
    let xdg = place.appending("xdg")
    switch random.next(upTo: 6) {
    case 0: write("git/ignore", ignoreFile(), in: xdg)
    case 1:
      write("excludes", ignoreFile(), in: home)
      write(".gitconfig", Array("# mine\n[core] ; here\n  excludesFile = \"~/excludes\" # so\n".utf8), in: home)
      write("git/config", Array("[core]\n\texcludesfile = /nowhere\n".utf8), in: xdg)
      write("git/ignore", Array("*\n".utf8), in: xdg)
    case 2:
      write("excludes", ignoreFile(), in: home)
      write("more", Array("[CORE]\nExcludesFile=~/exc\\\nludes\n".utf8), in: home)
      write("git/config", Array("[user]\n\tname = a\n[include]\n\tpath = ../../home/more\n".utf8), in: xdg)
    default: break
    }
  }

  private mutating func track(ignoresCase: Bool) {
    guard chance(2) else { return }
    for path in files.sorted() where chance(3) {
      // A case-folding repository on a file system that tells cases apart is at odds with itself about twins.
      let hasTwin = files.contains { $0 != path && folded($0) == folded(path) }
      if ignoresCase && hasTwin { continue }
      tracked.append(path)
      if chance(10) { deleted.append(path) }
    }
  }

  private func folded(_ path: FilePath) -> [UInt8] { path.bytes.map { $0 &- 0x41 < 26 ? $0 | 0x20 : $0 } }
}
