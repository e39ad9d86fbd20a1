import Disk
import ModelOpening
import Primitives
import Settings
import TestSupport
import Testing

/// What a setting says of a model.
@Suite struct ModelChoiceTests {
  let environment = EnvironmentVariables(["HOME": "/home/me"])

  @Test(arguments: [
    ("", ModelChoice.builtIn, "builtin"), ("Builtin", .builtIn, "builtin"),
    ("minilm", .named("all-MiniLM-L6-v2"), "all-MiniLM-L6-v2"), ("mine", .named("mine"), "mine"),
    ("owner/name", .named("owner/name"), "owner/name"), ("endpoint:a/b:c", .endpoint("a/b:c"), "endpoint:a/b:c"),
    ("/", .directory("/"), "/"),
    // No setting chooses an embedder that only a program has.
    ("custom:mine", .named("custom:mine"), "custom:mine"),
  ])
  func `a text is read as one kind of model, and said again in a way that is read the same`(
    _ text: String, _ choice: ModelChoice, _ said: String
  ) throws {
    #expect(try ModelChoice(text, environment) == choice)
    #expect(choice.text == said)
    #expect(try ModelChoice(said, environment) == choice)
  }

  @Test func `a directory that is not there is an error, one that is there is absolute`() throws {
    let tree = try TemporaryTree()
    #expect(try ModelChoice(tree.root.description, environment) == .directory(tree.root))
    let missing = failure { () throws(Failure) in try ModelChoice(tree.root.description + "/none", environment) }
    #expect(missing?.code == .notFound)
    // In the home directory it is looked for when it is opened.
    #expect(try ModelChoice("~/models/a", environment) == .directory("/home/me/models/a"))
  }

  @Test(arguments: [
    (ModelChoice.builtIn, "cairn-static-v1", true), (.builtIn, "custom:cairn", false),
    (.named("all-MiniLM-L6-v2"), "all-MiniLM-L6-v2/int8", true), (.named("all-MiniLM-L6-v2"), "mine", false),
    (.directory("/models/mine"), "mine", true), (.endpoint("bge"), "bge@host:80", true),
    (.endpoint("bge"), "bge", false),
    (.custom("mine"), "custom:mine", true), (.custom("mine"), "mine", false), (.custom("mine"), "custom:mine2", false),
  ])
  func `a name tells whether an index is probably of a choice`(_ choice: ModelChoice, _ name: String, _ may: Bool) {
    #expect(choice.mayBe(modelNamed: name) == may)
  }
}
