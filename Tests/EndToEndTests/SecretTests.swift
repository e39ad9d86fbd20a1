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
