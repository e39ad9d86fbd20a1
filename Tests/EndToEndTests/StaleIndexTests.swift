import Primitives
import TestSupport
import Testing

/// A search whose update fails answers from the index as it was, and says what that lacks.
@Suite struct StaleIndexTests {
  let cairn: CairnProgram
  init() throws {
    cairn = try CairnProgram()
    try cairn.write("a.py", "def one():\n    return 'landmark'\n")
  }

  private func index(_ server: EndpointServer) throws {
    let indexed = try cairn.run(
      "index", "-q", "--model", "endpoint:m", "--embedding-endpoint", server.url, "--no-caching")
    #expect(indexed.code == 0, "\(indexed.errorText)")
  }

  private func search(_ server: EndpointServer, _ arguments: String...) throws -> ProgramResult {
    try cairn.start(["search", "--embedding-endpoint", server.url, "--no-caching"] + arguments).wait()
  }

  private static let lack = "the answer is from the index as it was: 1 changed file is not in it (z.py)"

  @Test func `code that an update could not take in is not said to be nowhere without a word`() throws {
    let server = try EndpointServer()
    try index(server)
    try cairn.write("z.py", "def zz_other():\n    pass\n")
    server.answer(with: 400)
    let json = try search(server, "--json", "zz_other")
    let summary = try #require(try json.objects("summary").first)
    #expect(json.code == 1 && summary["complete"] as? Bool == false)
    let notes = summary["note_details"] as? [[String: Any]] ?? []
    #expect(notes.contains { $0.text("code") == "outdated" && $0.text("message")?.contains(Self.lack) == true })

    let text = try search(server, "zz_other")
    #expect(text.code == 1 && text.errorText.contains(Self.lack), "\(text.errorText)")
    #expect(text.errorText.contains("no file of the index as it was holds the name zz_other"), "\(text.errorText)")
    #expect(!text.errorText.contains("no indexed file"))

    // Who reads the exit code alone would take it for "not there".
    let quiet = try search(server, "-q", "zz_other")
    #expect(quiet.code == 1 && quiet.errorText.contains(Self.lack), "\(quiet.errorText)")
    let found = try search(server, "-q", "landmark")
    #expect(found.code == 0 && found.errorText.split(separator: "\n").count == 1, "\(found.errorText)")

    server.answer(with: nil)
    let after = try search(server, "--json", "zz_other")
    #expect(after.code == 0)
    #expect(try after.objects("summary").first?["complete"] as? Bool == true)
  }

  @Test func `many changed files are counted, and gone ones among them`() throws {
    let server = try EndpointServer()
    for number in 0..<5 { try cairn.write(FilePath("f\(number).py"), "def f\(number)():\n    pass\n") }
    try index(server)
    for number in 0..<4 { try cairn.write(FilePath("f\(number).py"), "def g\(number)():\n    return 1\n") }
    _ = try cairn.shell("rm f4.py")
    server.answer(with: 400)
    let text = try search(server, "landmark")
    #expect(
      text.errorText.contains("5 changed files are not in it (f0.py, f1.py, f2.py, and 2 more)"), "\(text.errorText)")
  }

  @Test func `an index whose model cannot be opened is not brought up to date either`() throws {
    let server = try EndpointServer()
    try index(server)
    try cairn.write("z.py", "def zz_other():\n    pass\n")
    let result = try cairn.run("search", "--json", "zz_other", "--embedding-endpoint", "")
    #expect(result.code == 1 && result.errorText.contains(Self.lack), "\(result.errorText)")
    #expect(try result.objects("summary").first?["complete"] as? Bool == false)
    let asIs = try cairn.run("search", "--json", "--no-update", "zz_other", "--embedding-endpoint", "")
    #expect(try asIs.objects("summary").first?["complete"] as? Bool == true)
    #expect(!asIs.errorText.contains(Self.lack))
  }

  @Test func `an index that cannot be written and lacks nothing says nothing of it`() throws {
    let library = try FaultLibrary()
    #expect(try cairn.run("index", "-q").code == 0)
    var fault = Fault("write", "ENOSPC", .stay)
    fault.number = 1
    var faulty = cairn
    faulty.environment.merge(try library.environment(fault)) { $1 }
    // Its times are no proof that it is as it was.
    _ = try cairn.shell("touch a.py")
    let result = try faulty.run("search", "--json", "landmark")
    #expect(!result.errorText.contains("the answer is from the index as it was"), "\(result.errorText)")
    #expect(try result.objects("summary").first?["complete"] as? Bool == true)
  }

  @Test func `an endpoint that hangs is asked twice by a search, update and query together`() throws {
    let hangs = Monitor(false)
    let server = try TestServer { exchange in
      var hanging = false
      hangs.update { hanging = $0 }
      if hanging { exchange.hang() } else { EndpointServer.reply(exchange) }
    }
    let options = ["--embedding-endpoint", server.url("/v1"), "--no-caching", "--request-timeout", "1"]
    #expect(try cairn.start(["index", "-q", "--model", "endpoint:m"] + options).wait().code == 0)
    try cairn.write("z.py", "def zz_other():\n    pass\n")
    hangs.update { $0 = true }
    let before = server.requests.count
    let result = try cairn.start(["search", "landmark"] + options).wait()
    let requestCount = server.requests.count - before
    #expect(result.code == 0 && requestCount == 2, "\(result.errorText)")
    #expect(result.errorText.contains("the answer is BM25-only: ") && result.errorText.contains(Self.lack))
  }
}
