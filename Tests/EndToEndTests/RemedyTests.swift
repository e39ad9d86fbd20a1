import Primitives
import TestSupport
import Testing

/// What to do about an error or a note: a command for a person, a member of the object for a program.
@Suite struct RemedyTests {
  let cairn: CairnProgram
  init() throws {
    cairn = try CairnProgram()
    try cairn.writeSample()
  }

  @Test(arguments: [
    (["search", "--no-update", "leap"], "index", "run `cairn index`"),
    (["verify"], "index", "run `cairn index`"),
    (["cache", "warm"], "index", "run `cairn index`"),
    (["index", "--model", "minilm"], "pull-model", "`cairn model pull all-MiniLM-L6-v2` fetches it"),
    (["index", "--model", "endpoint:x"], "set", "set embedding_endpoint (--embedding-endpoint URL)"),
    (["model", "info", "qqqqqqqqqqqq"], "list-models", "`cairn model list` shows them all"),
    (["related", "/etc/passwd:1"], "choose-root", "choose another root with --root"),
    (["ask", "--llm-endpoint", "http://127.0.0.1:9/v1", "leap"], "set", "name one with --llm-model"),
  ])
  func `an error says the command, and its object the action`(
    _ arguments: [String], _ action: String, _ words: String
  ) throws {
    let told = try cairn.start(arguments).wait()
    #expect(told.code == 2 && told.errorText.contains(words), "\(arguments): \(told.errorText)")
    let answered = try cairn.start(arguments + ["--json"]).wait()
    let error = try #require(try answered.objects("error").last, "\(arguments): \(answered.outputText)")
    #expect((error["remedy"] as? [String: Any])?["action"] as? String == action, "\(error)")
    #expect(error.text("message")?.contains("`cairn") == false)
  }

  @Test func `a place that holds another tree's index can be left or taken`() throws {
    try cairn.write("other/a.py", "x = 1\n")
    #expect(try cairn.run("index", "-q", "--root", "other", "--index-dir", "place").code == 0)
    let refused = try cairn.run("index", "--root", "src", "--index-dir", "place", "--json")
    #expect(refused.code == 2 && refused.errorText.contains("--index-dir"), "\(refused.errorText)")
    let remedy = try refused.objects("error").last?["remedy"] as? [String: Any]
    #expect(remedy?["action"] as? String == "set" && remedy?["subject"] as? String == "index_dir")
    #expect(remedy?["alternative"] as? String == "rebuild")
  }

  @Test func `a note has its remedy beside it`() throws {
    try cairn.write("bulk/data.bin", "\u{0}\u{1}\u{2}")
    try cairn.write("other/.gitignore", "*\n")
    #expect(try cairn.run("index", "-q").code == 0)
    let found = try cairn.shell("cd bulk && $CAIRN search --json leap")
    let summary = try #require(try found.objects("summary").last)
    let notes = try #require(summary["notes"] as? [String])
    let details = try #require(summary["note_details"] as? [[String: Any]])
    #expect(notes.count == details.count)
    for (note, detail) in zip(notes, details) {
      #expect(note.contains(detail["message"] as? String ?? "-"))
      #expect(!note.contains("`cairn") && !note.contains("--"), "\(note)")
    }
  }
}
