import Corpus
import Primitives
import TestSupport
import Testing

/// Keys and tokens by name and content. The tokens are made up here, so that none stands in this file.
@Suite struct SecretTests {
  private static let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")
  private static let hexadecimal = Array("0123456789abcdef")

  private static func made(_ count: Int, of alphabet: [Character] = letters, seed: UInt64 = 5) -> String {
    var random = SeededRandom(seed: seed)
    return String((0..<count).map { _ in alphabet[random.next(upTo: alphabet.count)] })
  }

  private func reason(_ path: String, _ content: String) -> SkipReason? {
    ContentInspector().reasonToSkip(Array(content.utf8).span, path: FilePath(path))
  }

  static let names = [
    "id_rsa", "id_ed25519", "server.pem", "a/B.PEM", "tls.key", "store.p12", "store.pfx", "x.jks", "release.keystore",
    "vault.kdbx", "credentials", "credentials.json", "credentials-prod.yml", ".aws/credentials", "service-account.json",
    "service_account_key.json", ".netrc", "netrc", "_netrc", ".env", "prod.env", ".env.local", "secrets.yaml",
    "secrets.toml", "secrets.prod.json", ".htpasswd", ".pgpass", "secrets.properties", "putty.ppk",
  ]

  @Test(arguments: names) func `a name that says so is enough`(_ name: String) {
    #expect(reason(name, "int x;\n") == .secret)
  }

  @Test(
    arguments: [
      "id_rsa.pub", "credentials.py", "credentials.go", "credentials.md", "credentialsprovider.json", "secrets.py",
      "secrets.rs", "secrets.md", "secretsmanager.json", "service-account.ts", "service-accounts.md", ".env.example",
      ".env.sample", "example.env", ".env.local.template", "netrc.py", "key.c", "keyboard.json", "environment.ts",
      "pem.go", "id_map.c", "credentials.example.json", "secrets.yaml.example", "i", ".a",
    ])
  func `a program, a text or an example is no secret by its name`(_ name: String) {
    #expect(reason(name, "int x;\n") == nil)
  }

  static let tokens = [
    "AKI" + "A" + made(16, of: Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")), "gh" + "p_" + made(36),
    "gh" + "s_" + made(36), "github" + "_pat_" + made(22) + "_" + made(59), "glp" + "at-" + made(20),
    "xox" + "b-2912300412-2912300412345-" + made(24), "sk_" + "live_" + made(24), "AIz" + "a" + made(35),
    "np" + "m_" + made(36), "pyp" + "i-AgEIcHlwaS5vcmc" + made(140), "S" + "G." + made(22) + "." + made(43, seed: 9),
    "S" + "K" + made(32, of: hexadecimal), "sk-" + "ant-api03-" + made(93) + "AA",
    "sk-" + made(20) + "T3Blbk" + "FJ" + made(20, seed: 8), "AccountKey=" + made(86) + "==",
    "GOC" + "SPX-" + made(28), "h" + "f_" + made(34),
  ]

  @Test(arguments: tokens) func `a token of a known form keeps its file out, wherever it stands`(_ token: String) {
    for text in ["\(token)", "x = \"\(token)\"\n", "curl -H 'Key: \(token)' https://a\n", "a\n\n\tkey:\(token)"] {
      for padding in 0..<24 {
        #expect(reason("a.py", String(repeating: "x ", count: padding) + "y" + text.prefix(0) + " " + text) == .secret)
      }
    }
    // Longer or shorter, it is another thing.
    if !token.contains("-"), token.hasPrefix("gh") || token.hasPrefix("AKI") || token.hasPrefix("np") {
      #expect(reason("a.py", "x = '\(token)z'\n") == nil && reason("a.py", "x = '\(token.dropLast())'\n") == nil)
    }
  }

  @Test(
    arguments: [
      "AKI" + "AIOSFODNN7EXAMPLE", "gh" + "p_" + String(repeating: "x", count: 36),
      "gh" + "p_" + "abcdefghijklmnopqrstuvwxyz0123456789", "sk_" + "live_" + String(repeating: "0", count: 24),
      "gh" + "p_" + "YourPersonalAccessTokenGoesHere12345", "np" + "m_" + "config_registry_and_other_settings_ab",
      "AIz" + "a" + String(repeating: "abc", count: 11) + "ab", "AKI" + "A" + String(repeating: "A", count: 16),
      "S" + "K" + String(repeating: "a1", count: 16), "https://example.com/a/very/long/path/to/some/SG.directory",
    ])
  func `an example of a token is none`(_ text: String) { #expect(reason("a.py", "x = '\(text)'\n") == nil) }

  @Test func `a private key is one as the first line, and with a body anywhere`() {
    let dashes = "-----"
    let body = (0..<4).map { Self.made(64, seed: UInt64($0 + 20)) }
    for kind in ["RSA PRIVATE KEY", "PRIVATE KEY", "EC PRIVATE KEY", "OPENSSH PRIVATE KEY", "PGP PRIVATE KEY BLOCK"] {
      let header = "\(dashes)BEGIN \(kind)\(dashes)"
      #expect(reason("notes.txt", "\(header)\n") == .secret)
      #expect(reason("notes.txt", "\n  \(header)\nabc\n") == .secret)
      // Speaking of one is not holding one.
      #expect(reason("a.py", "if line == '\(header)': read(line)\n") == nil)
      #expect(reason("a.py", "KEY = '''\(header)\n...\n\(dashes)END \(kind)\(dashes)'''\n") == nil)
      #expect(reason("a.py", "KEY = '''\(header)\n\(body.joined(separator: "\n"))\n'''\n") == .secret)
      #expect(reason("a.js", "const key = '\(header)\\n\(body.joined(separator: "\\n"))';\n") == .secret)
      #expect(reason("a.yml", "key: |\n  \(header)\n  \(body.joined(separator: "\n  "))\n") == .secret)
    }
    #expect(reason("a", "PuTTY-User-Key-" + "File-2: ssh-rsa\n") == .secret)
    #expect(reason("a.txt", "\(dashes)BEGIN PUBLIC KEY\(dashes)\n\(body[0])\n") == nil)
    #expect(reason("a.txt", "\(dashes)BEGIN CERTIFICATE\(dashes)\n\(body[0])\n") == nil)
  }

  @Test func `a session's token counts in data and not in code`() {
    let token = "ey" + "J" + Self.made(33) + ".eyJ" + Self.made(60, seed: 3) + "." + Self.made(43, seed: 4)
    #expect(reason("a.json", "{\"token\": \"\(token)\"}\n") == .secret)
    #expect(reason("a.py", "token = '\(token)'\n") == nil)
    #expect(reason("a.md", "Send `\(token)`.\n") == nil)
  }

  @Test func `the settings of package managers count where they hold a login`() {
    #expect(reason(".npmrc", "registry=https://a\n//a/:_authToken=abc\n") == .secret)
    #expect(reason(".npmrc", "//a/:_authToken=${NPM_TOKEN}\nsave-exact=true\n") == nil)
    #expect(reason(".pypirc", "[pypi]\nusername = a\npassword = b\n") == .secret)
    #expect(reason(".pypirc", "[pypi]\nusername = a\n") == nil)
  }

  private static let armouredKey = "LS0tLS1" + "CRUdJTi" + made(140, seed: 7)

  static let logins = [
    (".envrc", "use flake\nexport API_TOKEN=abc9d8\n"), (".envrc", "DB_PASSWORD='hunter2'\n"),
    ("prod.tfvars", "region = \"eu\"\ndb_password = \"hunter2\"\n"), ("x.auto.tfvars", "api_key = \"k3\"\n"),
    ("terraform.tfvars.json", "{\n  \"db_password\": \"hunter2\"\n}\n"), ("terraform.tfstate", "{\"version\": 4}\n"),
    ("a/terraform.tfstate.backup", "{\"version\": 4}\n"), ("kube.yaml", "users:\n  client-key-data: \(armouredKey)\n"),
    (".kube/config", "users:\n- user:\n    token: abc9d8\n"), ("kubeconfig", "client-key-data: \(armouredKey)\n"),
    (".docker/config.json", "{\"auths\": {\"r.io\": {\"auth\": \"dTpwYXNz\"}}}\n"),
    (".docker/config.json", "{\n\"auths\": {\n\"r.io\": {\n\"identitytoken\": \"abc9d8\"\n}\n}\n}\n"),
    (".yarnrc.yml", "npmAuthToken: \"abc9d8\"\n"),
  ]

  @Test(arguments: logins) func `a file that programs keep logins in is one where it holds one`(
    _ path: String, _ content: String
  ) {
    #expect(reason(path, content) == .secret)
  }

  @Test(
    arguments: [
      (".envrc", "use flake\nlayout python\nexport PATH=$PWD/bin:$PATH\n"), (".envrc", "export TOKEN=$(pass show x)\n"),
      (".envrc", "# export TOKEN=abc\nexport TOKEN_FILE=/run/x\nexport TOKEN_TTL=3600\n"),
      (".envrc", "export TOKEN_URL=https://a.example.org/\nexport USE_TOKENS=true\n"),
      ("prod.tfvars", "region = \"eu\"\npassword = var.x\n"), ("example.tfvars", "db_password = \"hunter2\"\n"),
      ("prod.tfvars", "db_password = \"<your password>\"\n"), ("terraform.tfvars.example", "password = \"x\"\n"),
      (".kube/config", "clusters: []\n"), ("a.yaml", "token: abc9d8\nclient-key-data: REDACTED\n"),
      ("config.json", "{\"auth\": \"dTpwYXNz\"}\n"), (".docker/config.json", "{\"auths\": {\"r.io\": {}}}\n"),
      (".yarnrc.yml", "nodeLinker: node-modules\nnpmAuthToken: \"${TOKEN}\"\n"),
      ("tfstate.go", "package x\n"), ("envrc.py", "TOKEN = 'abc9d8'\n"), ("server.crt", "x\n"),
      ("password.tf", "variable \"password\" {\n  default = \"hunter2\"\n}\n"),
    ])
  func `one that holds none, an example and a program are not`(_ path: String, _ content: String) {
    #expect(reason(path, content) == nil, "\(path)")
  }

  @Test func `what is asked for comes in`() throws {
    let tree = try TemporaryTree(inMemory: true)
    for name in ["tls.key", "sub/secrets.yaml", "a.c"] { try tree.write(FilePath(name), "x") }
    func paths(_ change: (inout WalkOptions) -> Void = { _ in }) throws -> [String] {
      var options = WalkOptions()
      change(&options)
      return try CorpusWalker(root: tree.root, options: options, environment: GitEnvironment()).list().files
        .map(\.path.description)
    }
    #expect(try paths() == ["a.c"])
    #expect(try paths { $0.includesSecrets = true } == ["a.c", "sub/secrets.yaml", "tls.key"])
    try tree.write(".cairnignore", "!secrets.yaml\n")
    #expect(try paths() == ["a.c", "sub/secrets.yaml"])
    // What a stranger's repository brings along must not send it anywhere.
    #expect(try paths { $0.ignoreFilesIncludeSecrets = false } == ["a.c"])
  }
}
