import Disk
import Foundation
import Glibc
import Primitives
import TestSupport
import Testing

/// Trees that nobody makes on purpose, save to do harm.
@Suite struct OddTreeTests {
  let cairn: CairnProgram
  init() throws { cairn = try CairnProgram() }

  static let names: [[UInt8]] = [
    Array("-rf.py".utf8), Array("--help.py".utf8), Array("a\nb.py".utf8), Array("\u{1B}]0;title\u{07}.py".utf8),
    [0xFF, 0xC3, 0x28] + Array(".py".utf8), Array(repeating: UInt8(ascii: "n"), count: 252) + Array(".py".utf8),
    Array("\u{202E}yp.py".utf8), Array("\r.py".utf8), Array(" .py".utf8), Array("$(id).py".utf8), Array("*.py".utf8),
  ]

  /// A word that is in one file alone and like no other.
  func word(_ number: Int) -> String {
    "needle" + String(repeating: ["a", "b", "c", "d", "e", "f"][number % 6], count: 3 + number)
  }

  /// Nothing that a terminal would act on.
  func isPlain(_ bytes: [UInt8]) -> Bool {
    let text = String(decoding: bytes, as: UTF8.self)
    return text.unicodeScalars.allSatisfy {
      $0 == "\n" || $0.value >= 0x20 && !(0x7F...0x9F).contains($0.value) && !(0x202A...0x202E).contains($0.value)
    }
  }

  @Test func `a clock that is set to any time, or back, costs no answer`() throws {
    let scratch = try TemporaryTree()
    var shifted = cairn
    shifted.environment["LD_PRELOAD"] = try FaultLibrary.compile("clock", into: scratch).description
    let year = 31_556_952
    for (number, years) in [1, -1, -54, -60, -400, 100, 250, 300, 9_000, 0].enumerated() {
      shifted.environment["CAIRN_CLOCK_SHIFT"] = "\(years * year)"
      try cairn.write("a.py", "def \(word(number))():\n    return \(number)\n")
      let found = try shifted.run("search", "-l", word(number))
      #expect(found.outputLines == ["a.py"] && found.errors.isEmpty, "\(years) years: \(found.code) \(found.errorText)")
      #expect(try shifted.run("status").code == 0)
    }
  }

  @Test func `files with odd names are found, and shown safely`() throws {
    for (number, name) in Self.names.enumerated() {
      let content = Array("def \(word(number))():\n    return \(number)\n".utf8)
      let path = cairn.tree.root.appending(FilePath(bytes: name))
      if name.count == 255 {
        // No longer name is possible, so there is none to write it under first.
        #expect(FileManager.default.createFile(atPath: path.description, contents: Data(content)))
      } else {
        try cairn.tree.write(FilePath(bytes: name), content)
      }
    }
    let index = try cairn.run("index")
    #expect(index.code == 0 && isPlain(index.output) && isPlain(index.errors))
    for (number, name) in Self.names.enumerated() {
      let text = try cairn.run("search", "-n1", word(number))
      #expect(text.code == 0 && isPlain(text.output) && isPlain(text.errors), "\(text.outputText)")
      let object = try #require(
        try cairn.run("search", "--json", "-n1", word(number)).objects("result").first)
      let path =
        object.text("path_base64").flatMap { Data(base64Encoded: $0) } ?? Data((object.text("path") ?? "").utf8)
      #expect(Array(path) == name)
      let bare = try cairn.run("search", "-l0", "-n1", word(number))
      #expect(bare.output == name + [0])
    }
  }

  @Test func `pipes, sockets, links and files of terabytes are told and not opened`() throws {
    try cairn.write("a.py", "def needle():\n    return 1\n")
    let made = try cairn.shell(
      """
      mkfifo pipe .gitignore d.py && ln -s . loop && ln -s loop/loop/loop again && ln -s /dev/zero zero.py &&
      truncate -s 4T huge.py && mkdir sub && ln -s .. sub/up && ln -s nowhere sub/.cairnignore
      """)
    #expect(made.code == 0, "\(made.errorText)")
    let socket = Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(socket) }
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let path = Array(cairn.tree.root.appending("socket.py").bytes) + [0]
    unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: path) }
    let bound = unsafe withUnsafePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe bind(socket, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    #expect(bound == 0)

    let result = try cairn.run("index", "--json", "--include-hidden")
    let report = try #require(try result.objects("report").first)
    #expect(result.code == 0 && result.errors.isEmpty, "\(result.errorText)")
    let skipped = try #require(report["skipped"] as? [String: Int])
    // The link and the pipe where ignore files would be are entries like any other.
    #expect(skipped == ["not-regular": 4, "symbolic-link": 5, "too-large": 1], "\(skipped)")
    #expect(report.number("files") == 1)
  }

  @Test func `a directory with an odd name that cannot be read is told safely`() throws {
    try cairn.write("a.py", "def needle():\n    return 1\n")
    let name = "\u{1B}[31mred\nline"
    try cairn.write(FilePath("\(name)/.cairnignore"), "")
    #expect(unsafe truncate(cairn.tree.root.appending("\(name)/.cairnignore").description, 1 << 40) == 0)
    for arguments in [["index"], ["search", "needle"], ["status"]] {
      let result = try cairn.start(arguments).wait()
      #expect(result.code == 0 && isPlain(result.output) && isPlain(result.errors), "\(result.errorText)")
    }
    let status = try #require(try cairn.run("status", "--json").objects("status").first)
    #expect((status["unread"] as? [[String: Any]])?.first?.text("path") == name)
  }

  @Test(arguments: ["2400-01-01", "@9223372037", "@-9223372037", "1901-12-14"])
  func `a file of any time is a file`(_ time: String) throws {
    try cairn.writeSample()
    #expect(try cairn.shell("echo x > photo.bin && touch -d '\(time)' photo.bin src/dates.py . src").code == 0)
    for _ in 0..<2 {
      let result = try cairn.run("search", "-l", "-n1", "leap_year")
      #expect(result.code == 0 && result.outputLines == ["src/dates.py"], "\(result.code) \(result.errorText)")
    }
    #expect(try cairn.shell("touch -d '\(time)' .cairn .cairn/* && $CAIRN status").code == 0)
    #expect(try cairn.run("index", "--rebuild").code == 0)
  }
}
