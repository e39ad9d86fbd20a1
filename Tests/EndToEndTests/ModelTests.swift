import Disk
import Foundation
import Primitives
import Synchronization
import TestSupport
import Testing

/// The whole flow with another model than the built-in one, through the real program. The other model is behind an
/// endpoint: a small real server in this process.
@Suite struct ModelTests {
  var cairn: CairnProgram
  let server: EndpointServer

  init() throws {
    cairn = try CairnProgram()
    server = try EndpointServer()
    cairn.environment["CAIRN_EMBEDDING_ENDPOINT"] = server.url
    try cairn.writeSample()
  }

  private func report(_ result: ProgramResult) throws -> [String: Any] {
    try #require(try result.objects("report").first, "\(result.errorText)")
  }

  @Test func `an index knows its model: what follows needs no name`() throws {
    let first = try cairn.run("index", "--json", "--model", "endpoint:small")
    #expect(first.code == 0)
    #expect(first.errorText.contains("every indexed chunk"), "what leaves the machine is said: \(first.errorText)")
    let chunks = try report(first).number("chunks")
    #expect(try report(first).text("model")?.hasPrefix("small@127.0.0.1:") == true)
    #expect(try report(first).number("new_embeddings") == chunks)
    #expect(server.received.count == (chunks ?? 0) + 1, "every chunk and one text to learn the dimensions")

    let sent = server.received.count
    let found = try cairn.run("search", "--json", "multiply")
    #expect(found.code == 0 && found.errorText.isEmpty, "\(found.errorText)")
    #expect(server.received.count == sent + 1, "the question, and nothing that was sent before")
    try cairn.write("added.py", "def brand_new_function():\n    return 1\n")
    _ = try cairn.run("search", "brand new function")
    #expect(server.received.contains { $0.hasPrefix("added.py\n") })
    #expect(try cairn.run("status").outputText.contains("small@127.0.0.1:"))
  }

  @Test func `another model than the index' own is refused with the way out, and taken with it`() throws {
    #expect(try cairn.run("index").code == 0)
    for command in [["index"], ["search", "multiply"]] {
      let refused = try cairn.start(command + ["--model", "endpoint:small"]).wait()
      #expect(refused.code == 2)
      #expect(refused.errorText.contains("cairn index --reindex"), "\(refused.errorText)")
      #expect(!refused.errorText.contains("dimension"))
    }
    #expect(try cairn.run("search", "multiply").code == 0)
    #expect(try cairn.run("index", "--reindex", "--model", "endpoint:small").code == 0)
    let back = try cairn.run("index", "--model", "builtin")
    #expect(back.code == 2 && back.errorText.contains("--reindex"))
    #expect(try cairn.run("search", "multiply").code == 0)
  }

  @Test func `embeddings are kept across a rebuild, a branch and a copy of the tree`() throws {
    let first = try report(try cairn.run("index", "--json", "--model", "endpoint:small"))
    let sent = server.received.count
    let again = try report(try cairn.run("index", "--json", "--rebuild"))
    #expect(again.number("kept_embeddings") == first.number("chunks") && again.number("new_embeddings") == 0)
    #expect(server.received.count == sent)

    // A tree of its own with the same files: another clone, another worktree.
    let copied = try report(
      try cairn.shell(
        "mkdir -p copy/.git && cp -r src lib notes copy && cd copy && exec \"$CAIRN\" index --json --model endpoint:small ."
      ))
    #expect(copied.number("kept_embeddings") == first.number("chunks") && copied.number("new_embeddings") == 0)
    let off = try report(try cairn.run("index", "--json", "--rebuild", "--no-caching"))
    #expect(off.number("kept_embeddings") == 0 && server.received.count > sent)
  }

  @Test mutating func `an endpoint that fails ends the run with a line, and nothing committed is lost`() throws {
    #expect(try cairn.run("index", "--model", "endpoint:small").code == 0)
    try cairn.write("added.py", "def brand_new_function():\n    return 1\n")
    server.answer(with: 400)
    let failed = try cairn.run("index")
    #expect(failed.code == 2 && failed.errorText.contains("127.0.0.1"), "\(failed.errorText)")
    // The search is BM25-only, and says so once.
    let answered = try cairn.run("search", "multiply")
    #expect(answered.code == 0 || answered.code == 2)
    server.answer(with: nil)
    #expect(try cairn.run("search", "-l", "brand new function").outputText.contains("added.py"))
  }

  @Test mutating func `without its model an index answers from the words alone with one note`() throws {
    #expect(try cairn.run("index", "--model", "endpoint:small").code == 0)
    cairn.environment["CAIRN_EMBEDDING_ENDPOINT"] = nil
    let answered = try cairn.run("search", "multiply")
    #expect(answered.code == 0)
    #expect(answered.errorText.split(separator: "\n").count == 1 && answered.errorText.contains("BM25-only"))
    let indexed = try cairn.run("index")
    #expect(indexed.code == 2 && indexed.errorText.contains("embedding_endpoint"), "\(indexed.errorText)")
    #expect(try cairn.run("index", "--reindex", "--model", "builtin").code == 0)
    #expect(try cairn.run("search", "multiply").errorText.isEmpty)
  }

  @Test func `a model that is not there is a line with the way out`() throws {
    for (model, way) in [
      ("minilm", "cairn model pull"), ("minilmm", "did you mean"), ("./nothing", "no such directory"),
      ("maker/model", "cairn model pull maker/model"),
    ] {
      let refused = try cairn.run("index", "--model", model)
      #expect(refused.code == 2 && refused.errorText.contains(way), "\(model): \(refused.errorText)")
    }
    try cairn.write("broken/tokenizer.json", "{}")
    try cairn.write("broken/onnx/model.onnx", "this is no model")
    let broken = try cairn.run("index", "--model", "./broken")
    #expect(broken.code == 2 && broken.errorText.split(separator: "\n").count == 1, "\(broken.errorText)")
    #expect(try cairn.run("search", "multiply").code == 0)
  }

  @Test func `with local_first the built-in model answers until the other is complete`() throws {
    let settings = ["--local-first", "--model", "endpoint:small"]
    server.answer(with: 400)
    let failed = try cairn.start(["index"] + settings).wait()
    #expect(failed.code == 2 && failed.errorText.contains("built-in model is up to date"), "\(failed.errorText)")
    let local = try cairn.start(["search", "multiply"] + settings).wait()
    #expect(local.code == 0 && local.errorText.contains("the built-in model answered"), "\(local.errorText)")

    server.answer(with: nil)
    let filled = try report(try cairn.start(["index", "--json"] + settings).wait())
    let later = try #require((filled["later"] as? [[String: Any]])?.first)
    #expect(later.text("model")?.hasPrefix("small@") == true && later.number("files") == filled.number("files"))
    let before = server.received.count
    let other = try cairn.start(["search", "multiply"] + settings).wait()
    #expect(other.code == 0 && other.errorText.isEmpty, "\(other.errorText)")
    #expect(server.received.suffix(from: before) == ["multiply"], "the question went to the endpoint")
    // A few changed files are brought up to date before the answer.
    try cairn.write("added.py", "def brand_new_function():\n    return 1\n")
    _ = try cairn.start(["search", "brand new function"] + settings).wait()
    #expect(server.received.contains { $0.hasPrefix("added.py\n") })
    #expect(try cairn.start(["status"] + settings).wait().outputText.contains("and small@"))
  }

  private static let firstLocally = ["--local-first", "--model", "endpoint:small", "--no-caching"]

  /// The name, the files and whether it is complete, of the other index.
  private func later() throws -> [String] {
    let status = try cairn.start(["status", "--json"] + Self.firstLocally).wait()
    let later = try #require(try status.objects("status").first?["later"] as? [String: Any])
    let isComplete = later["complete"] as? Bool
    return [later.text("model") ?? "", "\(later.number("files") ?? -1)", "\(isComplete ?? false)"]
  }

  @Test func `with local_first how far the other index is has one name and one count`() throws {
    server.answer(with: 400)
    _ = try cairn.start(["index", "-q"] + Self.firstLocally).wait()
    let name = "small@" + server.url.dropFirst("http://".count).dropLast("/v1".count)
    #expect(try later() == [name, "0", "false"])

    server.answer(with: nil)
    #expect(try cairn.start(["index", "-q"] + Self.firstLocally).wait().code == 0)
    let held = try later()
    let files = try #require(Int(held[1]))
    #expect(held == [name, "\(files)", "true"] && files > 0)

    // More new files than it had, so that the difference is greater than what it holds.
    server.answer(with: 400)
    for number in 0..<40 { try cairn.write(FilePath("n\(number).py"), "def new_\(number)():\n    pass\n") }
    _ = try cairn.start(["index", "-q"] + Self.firstLocally).wait()
    #expect(try later() == [name, "\(files)", "false"])
    let found = try cairn.start(["search", "-l", "multiply"] + Self.firstLocally).wait()
    #expect(
      found.errorText.contains("the index of \(name) holds \(files) of \(files + 40) files"), "\(found.errorText)")
  }

  @Test(arguments: ["caught-up", "empty caught-up", "writer.lock", "cairn.tag", "models"])
  func `what is in the way of the other index is said with what to do, and verify says it too`(_ name: String) throws {
    #expect(try cairn.start(["index", "-q"] + Self.firstLocally).wait().code == 0)
    let inside = name == "models" ? ".cairn/models" : ".cairn/models/*/\(name.split(separator: " ").last ?? "")"
    // The pattern names one directory.
    let make =
      switch name {
      case "models": "rm -rf .cairn/models && echo x >.cairn/models"
      case "empty caught-up": "p=$(echo \(inside)) && rm -f $p && mkdir $p"
      default: "p=$(echo \(inside)) && rm -f $p && mkdir $p && echo x >$p/mine"
      }
    #expect(try cairn.shell(make).code == 0)
    try cairn.write("added.py", "def brand_new_function():\n    return 1\n")
    let index = try cairn.start(["index", "-q"] + Self.firstLocally).wait()
    let verify = try cairn.start(["verify"] + Self.firstLocally).wait()
    if name.hasSuffix("caught-up") {
      // It only spares a comparison.
      #expect(index.code == 0 && verify.code == 0, "\(index.errorText)\(verify.outputText)")
      let found = try cairn.start(["search", "-l", "-n1", "brand_new_function"] + Self.firstLocally).wait()
      #expect(found.outputLines == ["added.py"] && found.errorText.isEmpty, "\(found.errorText)")
    } else {
      #expect(index.code == 2 && index.errorText.contains("move "), "\(index.errorText)")
      #expect(verify.code == 2 && verify.outputText.contains("move "), "\(verify.outputText)")
      #expect(!verify.errorText.contains("cairn index"), "\(verify.errorText)")
    }
  }

  @Test func `model list, info, add, test and remove`() throws {
    let list = try cairn.run("model", "list")
    #expect(list.code == 0 && list.outputText.contains("* builtin") && list.outputText.contains("  all-MiniLM-L6-v2"))
    #expect(try cairn.run("model", "info", "bge").outputText.contains("MIT"))
    #expect(try cairn.run("model", "info", "minilmm").errorText.contains("did you mean"))
    let test = try cairn.run("model", "test", "builtin", "--json")
    #expect(test.code == 0)
    #expect(try test.objects("model_test").first?.number("dimensions") == 256)
    #expect(try cairn.run("model", "add", "src").code == 2)
    #expect(try cairn.run("model", "remove", "builtin").code == 2)
    #expect(try cairn.run("model", "lst").errorText.contains("did you mean \"list\""))
    #expect(try cairn.run("model", "pull").errorText.contains("takes one name"))
    let runtime = try cairn.run("model", "runtime")
    #expect(runtime.code == (runtime.outputText.contains("no ONNX Runtime") ? 1 : 0))
  }

  @Test func `what leaves the machine is said before a damaged catalog heals, which sends every file again`() throws {
    #expect(try cairn.run("index", "-q", "--model", "endpoint:small", "--no-caching").code == 0)
    let sent = server.received.count
    _ = try cairn.shell("rm -f .cairn/catalog.sqlite-*; head -c 60000 /dev/urandom >.cairn/catalog.sqlite")
    let healed = try cairn.run("search", "-n1", "--model", "endpoint:small", "--no-caching", "multiply matrices")
    #expect(healed.code == 0 && healed.outputText.contains("matrix.c"), "\(healed.errorText)")
    #expect(server.received.count > sent + 1)
    #expect(
      healed.errorText.split(separator: "\n").first?.contains("every indexed chunk") == true, "\(healed.errorText)")
    let whole = try cairn.run("search", "-n1", "--model", "endpoint:small", "multiply matrices")
    #expect(whole.code == 0 && whole.errors.isEmpty, "\(whole.errorText)")
  }
}
