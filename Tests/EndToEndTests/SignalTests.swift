import Disk
import Glibc
import Primitives
import TestSupport
import Testing

/// What the real program says when a signal ends it.
@Suite struct SignalTests {
  let cairn: CairnProgram
  let server: TestServer

  init() throws {
    cairn = try CairnProgram()
    // It reads the request and says nothing: the program waits for as long as the test wants.
    let isOver = Monitor(false)
    server = try TestServer { _ in _ = isOver.wait(for: .seconds(20), until: { $0 }) }
  }

  /// Runs `cairn ask` by a line of shell that begins with `before`, and sends `signals` once it waits for the model.
  private func result(of before: String = "", signals: Int32...) throws -> ProgramResult {
    try cairn.writeSample()
    #expect(try cairn.run("index", "--quiet").code == 0)
    let line = before + "exec $CAIRN ask --llm-endpoint \(server.url("/v1")) --llm-model m 'parse a date'"
    var variables = cairn.environment
    variables["CAIRN"] = try CairnProgram.binary().description
    let run = try Program("/bin/sh", ["-c", line].map { Array($0.utf8) }, in: cairn.tree.root, environment: variables)
    server.wait(forRequestCount: 1)
    for signal in signals { run.send(signal) }
    return run.wait()
  }

  @Test(arguments: [(SIGTERM, "SIGTERM"), (SIGHUP, "SIGHUP")])
  func `a signal ends the run with one line and its code`(_ signal: Int32, _ name: String) throws {
    let result = try result(signals: signal)
    #expect(result.code == 128 + signal)
    #expect(
      result.errorText.hasSuffix("cairn: stopped by \(name); what was committed is kept\n"), "\(result.errorText)")
  }

  @Test func `a hang-up that was ignored from the start, as by nohup, stays ignored`() throws {
    #expect(try result(of: "trap '' HUP; ", signals: SIGHUP, SIGTERM).code == 128 + SIGTERM)
  }
}
