import Disk
import Foundation
import HTTP
import JSON
import ModelHub
import Primitives
import Synchronization
import TestSupport
import Testing

@Suite struct ModelPullTests {
  let hub: TestHub
  init() throws { hub = try TestHub() }

  var place: FilePath { hub.store.directory.appending("small") }

  @Test func `a model comes whole, with its hashes and the settings that the registry knows`() throws {
    let seen = Mutex<[ModelPull.Progress]>([])
    let model = try hub.pull { step in seen.withLock { $0.append(step) } }.pull(hub.model(), .fp32)
    #expect(model.source == "maker/small@\(TestHub.commit)" && model.directory == place && !model.isAdded)
    for (name, content) in hub.files {
      #expect(try readFile(place.appending(name)).bytes == content)
      let file = try #require(model.files.first { $0.path == name })
      #expect(file.sha256 == SHA256.hash(of: content.span) && file.byteCount == content.count)
      // The weights' and the tokenizer's hashes were known; that of the configuration was recorded.
      #expect(file.wasVerified == (name != "config.json"))
    }
    let prompts = try JSONValue(parsing: try readFile(place.appending("config_sentence_transformers.json")).bytes)
    #expect(prompts["prompts"]?["query"]?.string == "find: ")
    let pooling = try JSONValue(parsing: try readFile(place.appending("1_Pooling/config.json")).bytes)
    #expect(pooling["pooling_mode_cls_token"]?.boolean == true && pooling["pooling_mode_mean_tokens"]?.boolean == false)
    #expect(try hub.store.models() == [model])
    #expect(try listDirectory(hub.store.directory.appending(".partial")).isEmpty)
    let steps = seen.withLock { $0 }
    #expect(
      steps.last?.bytesDone == steps.last?.bytesTotal && steps.map(\.bytesDone) == steps.map(\.bytesDone).sorted())
  }

  @Test func `what is there is not fetched again`() throws {
    let first = try hub.pull().pull(hub.model(), .fp32)
    let count = hub.fileRequests.count
    #expect(try hub.pull().pull(hub.model(), .fp32) == first)
    #expect(hub.fileRequests.count == count)
  }

  @Test func `a download that broke off goes on where it was, in the same run and in the next`() throws {
    // The weights break off after each 100,000 bytes.
    hub.interfere { exchange, content in
      guard content.count > 1000 else { return false }
      let start = exchange.request.headers["range"].flatMap { Int($0.dropFirst(6).prefix { $0 != "-" }) } ?? 0
      exchange.begin(
        start > 0 ? 206 : 200,
        headers: [
          ("Content-Length", "\(content.count - start)"),
          ("Content-Range", "bytes \(start)-\(content.count - 1)/\(content.count)"),
        ])
      exchange.send(Array(content[start..<min(content.count, start + 100_000)]))
      return true
    }
    _ = try hub.pull().pull(hub.model(), .fp32)
    let starts = hub.fileRequests.filter { $0.path.hasSuffix(".onnx") }.map { $0.headers["range"] ?? "" }
    #expect(starts == ["", "bytes=100000-", "bytes=200000-"])
    #expect(
      try readFile(place.appending("onnx/model.onnx")).bytes == hub.files["onnx/model.onnx"])
  }

  @Test func `a run that was stopped leaves what came, and the next one goes on from there`() throws {
    let cancellation = Cancellation()
    hub.interfere { exchange, content in
      guard content.count > 1000 else { return false }
      exchange.begin(200, headers: [("Content-Length", "\(content.count)")])
      exchange.send(Array(content[..<120_000]))
      exchange.hang()
      return true
    }
    let pull = hub.pull(cancellation: cancellation) { step in
      if step.file.hasSuffix(".onnx"), step.bytesDone >= 120_000 { cancellation.cancel() }
    }
    let stopped = failure { () throws(Failure) in _ = try pull.pull(hub.model(), .fp32) }
    #expect(stopped?.code == .cancelled)
    #expect(try hub.store.models().isEmpty && !fileExists(place))
    hub.interfere(nil)
    _ = try hub.pull().pull(hub.model(), .fp32)
    #expect(hub.fileRequests.last { $0.path.hasSuffix(".onnx") }?.headers["range"] == "bytes=120000-")
    #expect(try hub.store.models().count == 1)
  }

  @Test func `a file with another hash is refused and removed, and nothing is installed`() throws {
    let wrong = hub.model(weightsHash: String(repeating: "0", count: 64))
    let refused = failure { () throws(Failure) in _ = try hub.pull().pull(wrong, .fp32) }
    #expect(refused?.code == .damaged && refused?.cause?.contains("SHA-256") == true)
    #expect(try hub.store.models().isEmpty)
    // The next one begins at the beginning.
    _ = try hub.pull().pull(hub.model(), .fp32)
    #expect(hub.fileRequests.last { $0.path.hasSuffix(".onnx") }?.headers["range"] == nil)
  }

  @Test func `a file of another length is refused`() throws {
    var model = hub.model()
    model.files[2].byteCount = 5
    let refused = failure { () throws(Failure) in _ = try hub.pull().pull(model, .fp32) }
    #expect(refused != nil)
    #expect(try hub.store.models().isEmpty)
  }

  @Test func `a hash that the registry does not have is asked of the hub`() throws {
    var model = hub.model()
    model.files[0].sha256 = nil
    #expect(try hub.pull().pull(model, .fp32).files.first { $0.path == "onnx/model.onnx" }?.wasVerified == true)
    try hub.store.remove(try #require(try hub.store.model(named: "small")))
    // What the hub sends is not what it says that it has.
    hub.interfere { exchange, content in
      guard content.count > 1000 else { return false }
      exchange.reply(200, [UInt8](repeating: 7, count: content.count))
      return true
    }
    #expect(failure { () throws(Failure) in _ = try hub.pull().pull(model, .fp32) }?.code == .damaged)
    #expect(try hub.store.models().isEmpty)
  }

  @Test func `a precision that is not published is refused with those that are`() throws {
    let refused = failure { () throws(Failure) in _ = try hub.pull().pull(hub.model(), .int8) }
    #expect(refused?.code == .invalidArgument && refused?.remedy == Remedy(.choosePrecision, "fp32"))
  }

  @Test func `any repository can be fetched by its name, with its own settings`() throws {
    hub.put("1_Pooling/config.json", Array("{\"pooling_mode_mean_tokens\": true}".utf8))
    hub.put("README.md", Array("not needed".utf8))
    hub.put("../../escape", Array("never".utf8))
    let model = try hub.pull().pull(repository: "maker/small", name: "small", .fp32)
    #expect(
      model.files.map(\.path).sorted() == [
        "1_Pooling/config.json", "config.json", "onnx/model.onnx", "tokenizer.json",
      ])
    #expect(model.files.first { $0.path.hasSuffix(".onnx") }?.wasVerified == true)
    #expect(
      failure { () throws(Failure) in _ = try hub.pull().pull(repository: "maker/none", name: "none", .fp32) }?.code
        == .notFound)
    let other = failure { () throws(Failure) in _ = try hub.pull().pull(repository: "maker/small", name: "other", .fp16)
    }
    #expect(other?.remedy == Remedy(.choosePrecision, "fp32"))
  }

  @Test(arguments: ["not json", "{}", "[]", "{\"sha\": 5}", "{\"sha\": \"../../../etc\"}", ""])
  func `a hub that answers nonsense is an error`(answer: String) throws {
    let server = try TestServer { $0.reply(200, answer) }
    let pull = ModelPull(
      store: hub.store, hub: Hub(address: server.url(), client: HTTPClient()), clock: TestClock())
    #expect(
      failure { () throws(Failure) in _ = try pull.pull(repository: "maker/small", name: "small", .fp32) }?.code
        == .badAnswer)
    #expect(try hub.store.models().isEmpty)
  }

  @Test func `a hub that is not there is an error that says how to go on`() throws {
    let pull = ModelPull(
      store: hub.store, hub: Hub(address: "http://127.0.0.1:1", client: HTTPClient()), clock: TestClock())
    let refused = failure { () throws(Failure) in
      _ = try pull.pull(hub.model(configHash: String(repeating: "1", count: 64)), .fp32)
    }
    #expect(refused?.code == .unreachable && refused?.message.contains("goes on from there") == true)
  }
}
