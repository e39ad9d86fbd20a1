import Primitives
import TestSupport
import Testing

@Suite struct SecretTests {
  let cairn: CairnProgram
  init() throws {
    cairn = try CairnProgram()
    try cairn.writeSample()
    try cairn.write("deploy/secrets.yaml", "database:\n  password: hunterpassword\n")
    try cairn.write(
      "deploy/notes.txt",
      "gatewaykey\n-----BEGIN " + "PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIB\n")
  }

  @Test func `secrets are counted and not found, unless the user asks for them`() throws {
    let report = try #require(try cairn.run("index", "--json").objects("report").first)
    #expect((report["skipped"] as? [String: Int])?["secret"] == 2)
    #expect(try cairn.run("search", "-l", "hunterpassword gatewaykey").outputText.contains("deploy") == false)
    let asked = try cairn.run("search", "-l", "--include-secrets", "hunterpassword gatewaykey").outputLines
    #expect(Set(asked).isSuperset(of: ["deploy/secrets.yaml", "deploy/notes.txt"]))
    // And out again.
    #expect(try cairn.run("search", "-l", "hunterpassword gatewaykey").outputText.contains("deploy") == false)
  }

  /// Whether a file of the index has the word, but for the letters that it may share with the word before.
  private func indexHolds(_ word: String) throws -> Bool {
    try cairn.shell("grep -rqaF \(word.dropFirst(3)) .cairn").code == 0
  }

  @Test func `what is left out as a secret leaves the files of the index at once`() throws {
    let fillers = (0..<200).map { "def filler_\($0)(): return \($0)\n" }.joined()
    for i in 0..<8 { try cairn.write(FilePath("src/filler\(i).py"), fillers) }
    // What was asked for once and is not any more.
    #expect(try cairn.run("index", "--quiet", "--include-secrets").code == 0)
    #expect(try indexHolds("hunterpassword"))
    #expect(try cairn.run("index", "--quiet").code == 0)
    #expect(try !indexHolds("hunterpassword") && !indexHolds("gatewaykey"))
    // What becomes one.
    try cairn.write("deploy/later.py", "zebrasettings = 1\n")
    #expect(try cairn.run("index", "--quiet").code == 0)
    #expect(try indexHolds("zebrasettings"))
    try cairn.write(
      "deploy/later.py",
      "zebrasettings = 1\n-----BEGIN " + "PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIB\n")
    #expect(try cairn.run("index", "--quiet").code == 0)
    #expect(try !indexHolds("zebrasettings"))
    // What was wanted and changes.
    #expect(try cairn.run("index", "--quiet", "--include-secrets").code == 0)
    try cairn.write("deploy/secrets.yaml", "database:\n  password: otherpassphrase\n")
    #expect(try cairn.run("index", "--quiet", "--include-secrets").code == 0)
    #expect(try indexHolds("otherpassphrase") && !indexHolds("hunterpassword"))
    #expect(try cairn.run("search", "-l", "-n1", "leap_year").outputLines == ["src/dates.py"])
    #expect(try cairn.run("verify").code == 0)
  }

  @Test func `a run that ended before it could do so is made good by the next`() throws {
    let fillers = (0..<200).map { "def filler_\($0)(): return \($0)\n" }.joined()
    for i in 0..<8 { try cairn.write(FilePath("src/filler\(i).py"), fillers) }
    try cairn.write("deploy/later.py", "zebrasettings = 1\n")
    #expect(try cairn.run("index", "--quiet").code == 0)
    try cairn.write(
      "deploy/later.py",
      "zebrasettings = 1\n-----BEGIN " + "PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIB\n")
    // Nothing new can be written beside the old segments: the commit needs no segment, the rewriting does.
    try cairn.write("blocker", "x\n")
    let failed = try cairn.shell(
      "trap 'chattr -i .cairn/segments 2>/dev/null' EXIT; chattr +i .cairn/segments 2>/dev/null || exit 77; "
        + "rm -f blocker; $CAIRN index")
    if failed.code == 77 { return }
    #expect(failed.errorText.contains("still in the index"), "\(failed.errorText)")
    #expect(try indexHolds("zebrasettings"))
    #expect(try cairn.run("index", "--quiet").code == 0)
    #expect(try !indexHolds("zebrasettings"))
  }

  @Test func `a project's file cannot ask for them`() throws {
    try cairn.write("cairn.toml", "include_secrets = true\n")
    let result = try cairn.run("index")
    #expect(result.code == 2 && result.errorText.contains("include_secrets"))
  }

  @Test func `what an ignore file brings in is found here and stays out of every prompt`() throws {
    try cairn.write(".cairnignore", "!secrets.yaml\n")
    #expect(try cairn.run("search", "-l", "hunterpassword").outputLines.first == "deploy/secrets.yaml")
    let prompt = try cairn.run("ask", "--context-only", "what is the hunterpassword of the database")
    #expect(!prompt.outputText.contains("password: hunterpassword"), "\(prompt.outputText)")
    let asked = try cairn.run(
      "ask", "--context-only", "--include-secrets", "what is the hunterpassword of the database")
    #expect(asked.outputText.contains("password: hunterpassword"), "\(asked.outputText)")
  }
}
