import Disk
import Embedding
import ModelOpening
import Primitives
import Settings
import TestSupport
import Testing

/// Models that are ready to embed, and what stands in the way of those that are not.
@Suite struct ModelOpenerTests {
  let home: TemporaryTree
  var environment: EnvironmentVariables { EnvironmentVariables(["HOME": home.root.description]) }

  init() throws { home = try TemporaryTree(inMemory: true) }

  private func opener(
    _ custom: CustomEmbedder? = nil, _ change: (inout SettingValues) -> Void = { _ in }
  ) -> ModelOpener {
    var settings = SettingValues()
    change(&settings)
    return ModelOpener(settings: settings, environment: environment, custom: custom)
  }
  private func custom(_ version: String = "1") throws -> CustomEmbedder {
    try CustomEmbedder(
      CustomEmbedder.Definition(
        name: "mine", version: version, dimensions: 2, batchSize: 8, documents: { $0.map { _ in [1, 0] } },
        query: { _ in [0, 1] }))
  }

  @Test func `the built-in model is opened without a file of the user's, and has no cache`() throws {
    let model = try opener().open(.builtIn)
    #expect(ModelIdentity.isBuiltIn(model.identity.name) && model.cache == nil && model.embedder.batch == nil)
    #expect(try listDirectory(home.root).isEmpty)
  }

  @Test(
    arguments: [
      (ModelChoice.named("all-MiniLM-L6-v2"), "is not on this machine", Remedy.pullModel("all-MiniLM-L6-v2")),
      (.named("owner/name"), "may be on the hub", .pullModel("owner/name")),
      (.named("zzzzzz"), "there is no model \"zzzzzz\"", .listModels),
      (.named("builtn"), "did you mean \"builtin\"?", nil),
      (.endpoint("bge"), "none is configured", .set("embedding_endpoint")),
      (.custom("mine"), "search and index with that program", nil),
    ] as [(ModelChoice, String, Remedy?)])
  func `a model that is not here is missing, with what to do about it`(
    _ choice: ModelChoice, _ message: String, _ remedy: Remedy?
  ) {
    let missing = failure { () throws(Failure) in try opener().open(choice) }
    #expect(missing?.code == .modelMissing && missing?.message.contains(message) == true, "\(missing?.message ?? "")")
    #expect(missing?.remedy == remedy)
  }

  @Test func `an embedder of a program is opened with the cache in front of it, if vectors are kept at all`() throws {
    let custom = try custom()
    let cached = try opener(custom).open(custom.choice)
    #expect(cached.identity == custom.identity && cached.cache != nil && cached.embedder.batch != nil)
    let plain = try opener(custom) { $0.set(.isCaching, to: .boolean(false), from: .program) }.open(custom.choice)
    #expect(plain.cache == nil && plain.identity == custom.identity)
    // Of two versions each is the one that was asked for: nothing is kept by the name.
    #expect(try opener(try self.custom("2")).open(custom.choice).identity != custom.identity)
    #expect(failure { () throws(Failure) in try opener(custom).open(.custom("other")) }?.code == .modelMissing)
  }

  @Test func `an embedder that a program brings goes before the settings, and those before nothing`() throws {
    let custom = try custom()
    var settings = SettingValues()
    #expect(try settings.chosenModel(environment, nil) == nil)
    #expect(try settings.chosenModel(environment, custom) == .custom("mine"))
    settings.set(.embeddingModel, to: .text("minilm"), from: .program)
    #expect(try settings.chosenModel(environment, nil) == .named("all-MiniLM-L6-v2"))
    #expect(try settings.chosenModel(environment, custom) == .custom("mine"))
  }

  @Test func `what stands for an absent model has no direction for a query, and embeds nothing`() throws {
    let reason = Failure(.modelMissing, "gone")
    let absent = AbsentModel(identity: try custom().identity, reason: reason)
    #expect(try absent.embed(query: "a") == [0, 0])
    let bytes = Array("a".utf8)
    #expect(failure { () throws(Failure) in try absent.embed(bytes.span, pieces: [0..<1], path: "a") } == reason)
  }

  @Test func `a trial tells a model that works from one that gives no vectors`() throws {
    let trial = try ModelTrial(ScriptedEmbedder(), openingTime: .zero)
    #expect(trial.dimensions == 64 && trial.textsPerSecond > 0)
    #expect(trial.matchingSimilarity > trial.otherSimilarity)
    let broken = AbsentModel(identity: try custom().identity, reason: Failure(.inputOutput, "gone"))
    #expect(failure { () throws(Failure) in try ModelTrial(broken, openingTime: .zero) }?.message == "gone")
  }
}
