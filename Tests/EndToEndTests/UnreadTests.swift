import Foundation
import Glibc
import Primitives
import TestSupport
import Testing

/// Directories and files that the program may not read.
@Suite struct UnreadTests {
  let cairn: CairnProgram
  /// The superuser may read anything, so the program runs as somebody else then.
  let prefix: String

  init() throws {
    cairn = try CairnProgram()
    try cairn.writeSample()
    prefix = geteuid() == 0 ? "setpriv --reuid=65534 --regid=65534 --clear-groups " : ""
    if geteuid() == 0 {
      let owned = try cairn.shell("chown -R 65534:65534 . \"$HOME\"")
      #expect(owned.code == 0, "\(owned.errorText)")
    }
  }

  func run(_ arguments: String) throws -> ProgramResult { try cairn.shell(prefix + "\"$CAIRN\" " + arguments) }
  func status() throws -> [String: Any] { try #require(try run("status --json").objects("status").first) }

  @Test(arguments: ["000", "644", "311"])
  func `a directory that may not be read keeps its files, and everyone is told`(_ mode: String) throws {
    #expect(try run("index").code == 0)
    _ = try cairn.shell("chmod \(mode) src")
    defer { _ = try? cairn.shell("chmod 755 src") }
    let search = try run("search --json multiply_matrices")
    #expect(search.code == 0 && search.errorText.contains("src"), "\(search.errorText)")
    let summary = try #require(try search.objects("summary").first)
    let notes = try #require(summary["notes"] as? [String])
    #expect(notes.count == 1 && notes[0].hasPrefix("src: this directory could not be read"))
    #expect(summary["complete"] as? Bool == false)

    let index = try run("index --json")
    #expect(index.code == 0 && index.errorText.hasPrefix("cairn: src: this directory could not be read"))
    let report = try #require(try index.objects("report").first)
    #expect(report.number("files") == 4 && report.number("files_removed") == 0)
    #expect((report["unread"] as? [[String: Any]])?.first?.text("path") == "src")
    #expect((report["failures"] as? [Any])?.count == 1)

    let held = try status()
    #expect(held.number("files") == 4 && held["complete"] as? Bool == false)
    #expect((held["unread"] as? [[String: Any]])?.first?["directory"] as? Bool == true)
    let text = try run("status").outputText
    #expect(text.contains("1 directory could not be read") && text.contains("src: this directory"), "\(text)")
    // Without an update the last one's words hold.
    let stale = try run("search --no-update multiply_matrices")
    #expect(stale.code == 0 && stale.errorText.contains("src: this directory could not be read"))

    _ = try cairn.shell("chmod 755 src")
    #expect(try run("index").errors.isEmpty)
    let whole = try status()
    #expect(whole["complete"] as? Bool == true && (whole["unread"] as? [Any])?.isEmpty == true)
  }

  @Test func `a rebuild keeps what it cannot look at`() throws {
    #expect(try run("index").code == 0)
    _ = try cairn.shell("chmod 000 src; chmod 000 lib/matrix.c")
    defer { _ = try? cairn.shell("chmod 755 src; chmod 644 lib/matrix.c") }
    for _ in 0..<2 {
      let index = try run("index --rebuild --json")
      #expect(index.code == 0 && index.errorText.contains("src: this directory could not be read"))
      let held = try status()
      #expect(held.number("files") == 4 && held["complete"] as? Bool == false)
      #expect(try run("verify").code == 0)
    }
    _ = try cairn.shell("chmod 755 src; chmod 644 lib/matrix.c")
    let found = try run("search --no-update -l multiply_matrices")
    #expect(found.outputLines.first == "lib/matrix.c", "\(found.outputText)")
    #expect(try run("index").errors.isEmpty)
    #expect(try status()["complete"] as? Bool == true)
    #expect(try status().number("files") == 4)
  }

  @Test func `a file that may not be read keeps its place until it can be`() throws {
    #expect(try run("index").code == 0)
    _ = try cairn.shell("echo 'int changed;' >> lib/matrix.c; chmod 000 lib/matrix.c")
    let index = try run("index")
    #expect(index.code == 0 && index.errorText.hasPrefix("cairn: lib/matrix.c: this file could not be read"))
    #expect(index.outputText.contains("not complete: 1 file could not be read"), "\(index.outputText)")
    #expect(try status().number("files") == 4)
    _ = try cairn.shell("chmod 644 lib/matrix.c")
    #expect(try run("index").outputText.contains("1 indexed"))
  }

  @Test func `many unread files are some lines and a number`() throws {
    _ = try cairn.shell(
      "for i in $(seq 30); do echo x > src/f$i; chmod 000 src/f$i; done; chown -R 65534 src 2>/dev/null || true")
    let index = try run("index")
    #expect(index.code == 0)
    let lines = index.errorText.split(separator: "\n")
    #expect(lines.count == 4 && lines.last?.contains("27 more places") == true, "\(index.errorText)")
  }

  @Test func `a root that may not be listed is an error`() throws {
    #expect(try run("index").code == 0)
    _ = try cairn.shell("chmod 311 .")
    defer { _ = try? cairn.shell("chmod 755 .") }
    let index = try run("index")
    #expect(index.code == 2 && index.errorText.contains("no permission to open it"), "\(index.errorText)")
    // A query is answered from what there is.
    let search = try run("search multiply_matrices")
    #expect(search.code == 0 && search.errorText.contains("no permission to open it"), "\(search.errorText)")
    #expect(try status().number("files") == 4)
  }
}
