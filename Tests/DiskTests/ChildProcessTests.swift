import Disk
import Glibc
import Primitives
import TestSupport
import Testing

@Suite struct ChildProcessTests {
  private let never = SearchContext()

  private func shell(_ line: String, variables: [String] = []) throws(Failure) -> ChildProcess {
    try ChildProcess(
      "/bin/sh", ["-c", line].map { Array($0.utf8) }, in: "/", variables: variables.map { Array($0.utf8) })
  }

  /// All that is written until the output's end.
  private func output(of child: inout ChildProcess) throws(Failure) -> [UInt8] {
    var output: [UInt8] = []
    while try child.read(into: &output, until: never) > 0 {}
    return output
  }

  @Test func `what goes in comes out, however much it is`() throws {
    var child = try ChildProcess("/bin/cat", [], in: "/", variables: [])
    var random = SeededRandom(seed: 3)
    let sent = (0..<3_000_000).map { _ in UInt8(truncatingIfNeeded: random.next()) }
    child.send(sent)
    child.closeInput()
    let got1 = try output(of: &child)
    #expect(got1 == sent)
    let code5 = try child.end(until: never)
    #expect(code5 == 0)
    let code6 = try child.end(until: never)
    #expect(code6 == 0)
  }

  @Test func `a program has its words, its directory and its variables, and nothing else`() throws {
    let line = "pwd; echo \"$1\"; env | grep -v -e ^PWD -e ^_= -e ^SHLVL; ls /proc/self/fd"
    var child = try ChildProcess(
      "/bin/sh", ["-c", line, "sh", "a b"].map { Array($0.utf8) }, in: "/usr",
      variables: [Array("ONLY=this".utf8), Array("PATH=/usr/bin:/bin".utf8)])
    child.closeInput()
    let lines = String(decoding: try output(of: &child), as: UTF8.self).split(separator: "\n")
    #expect(lines.prefix(2) == ["/usr", "a b"])
    #expect(Set(lines.dropFirst(2).prefix(2)) == ["ONLY=this", "PATH=/usr/bin:/bin"])
    // Its three, its lifeline, and that of the directory that is listed.
    #expect(lines.dropFirst(4) == ["0", "1", "2", "3", "4"])
  }

  @Test(arguments: [("exit 0", 0), ("exit 3", 3), ("kill -9 $$", 137), ("exit 255", 255)])
  func `how it ended is known`(line: String, code: Int32) throws {
    var child = try shell(line)
    let got2 = try output(of: &child)
    #expect(got2 == [])
    let code7 = try child.end(until: never)
    #expect(code7 == code)
  }

  @Test func `errors are kept to a bound, and never hold a program up`() throws {
    var child = try shell("head -c 1000000 /dev/zero | tr '\\0' e >&2; echo done", variables: ["PATH=/usr/bin:/bin"])
    let got3 = try output(of: &child)
    #expect(got3 == Array("done\n".utf8))
    let code8 = try child.end(until: never)
    #expect(code8 == 0)
    let errors = child.errorOutput
    #expect(errors == [UInt8](repeating: UInt8(ascii: "e"), count: 4_096))
  }

  @Test func `one that does not read and one that is gone are no fault of the sender`() throws {
    var child = try shell("exec 0<&-; echo on; exit 4")
    child.send([UInt8](repeating: 65, count: 1_000_000))
    let got4 = try output(of: &child)
    #expect(got4 == Array("on\n".utf8))
    child.send([UInt8](repeating: 65, count: 1_000_000))
    let code9 = try child.end(until: never)
    #expect(code9 == 4)
  }

  @Test func `a wait ends at its deadline and when it is cancelled`() throws {
    var child = try shell("exec /bin/sleep 1000")
    var buffer: [UInt8] = []
    let late = SearchContext(deadline: .now + .milliseconds(50))
    var found: Failure?
    do throws(Failure) { _ = try child.read(into: &buffer, until: late) } catch { found = error }
    #expect(found?.code == .timedOut)
    let cancellation = Cancellation()
    let thread = BlockingThread { cancellation.cancel() }
    do throws(Failure) { _ = try child.read(into: &buffer, until: SearchContext(cancellation: cancellation)) } catch {
      found = error
    }
    thread?.join()
    #expect(found?.code == .cancelled && buffer.isEmpty)
  }

  @Test func `no program outlives its holder, nor what it has started`() throws {
    let tree = try TemporaryTree()
    do {
      var child = try shell("/bin/sleep 1000 & echo $! $$ > \(tree.root)/pids; echo ready; wait")
      var buffer: [UInt8] = []
      _ = try child.read(into: &buffer, until: never)
      #expect(buffer == Array("ready\n".utf8))
    }
    let pids = String(decoding: try readFileBytes(tree.root.appending("pids")), as: UTF8.self)
      .split(whereSeparator: \.isWhitespace)
    #expect(pids.count == 2)
    for pid in pids {
      // What was not its own child is taken up by another process, and may be a zombie for a moment.
      func isGone() -> Bool {
        let status = (try? readSystemFile(FilePath("/proc/\(pid)/status"))) ?? "State:\tX"
        return status.contains("State:\tX") || status.contains("State:\tZ")
      }
      // The signal was sent: it may still be on its way on a busy machine.
      let end = ContinuousClock.now + .seconds(10)
      while !isGone(), ContinuousClock.now < end { pause(milliseconds: 1) }
      #expect(isGone(), "\(pid)")
    }
  }

  @Test func `a program has no more addresses than it is given`() throws {
    // It looks when it is told to: the limit is set when it runs already.
    var child = try ChildProcess(
      "/bin/sh", ["-c", "read line; ulimit -v"].map { Array($0.utf8) }, in: "/", variables: [],
      addressByteLimit: 512 << 20)
    child.send(Array("go\n".utf8))
    let said = try output(of: &child)
    #expect(String(decoding: said, as: UTF8.self) == "\((512 << 20) >> 10)\n")
    let code = try child.end(until: never)
    #expect(code == 0)
  }

  @Test func `what cannot be started is an error`() throws {
    let missing = failure { () throws(Failure) in
      _ = try ChildProcess("/nowhere/at/all", [], in: "/", variables: [])
    }
    #expect(missing?.code == .notFound)
    let nowhere = failure { () throws(Failure) in _ = try ChildProcess("/bin/cat", [], in: "/nowhere", variables: []) }
    #expect(nowhere != nil)
    let odd = failure { () throws(Failure) in _ = try ChildProcess("/bin/cat", [[65, 0, 66]], in: "/", variables: []) }
    #expect(odd?.code == .invalidArgument)
  }
}
