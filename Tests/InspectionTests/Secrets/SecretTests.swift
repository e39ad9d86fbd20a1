import Foundation
import Inspection
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

  @Test(arguments: ["\u{1B}[32m", "\u{1B}[1;32m", "a\\n", "a\\u000a", "a\\x0a", "%3D", "TOKEN_", "MY_GITHUB_TOKEN_"])
  func `a token is one behind an escape or a name`(_ before: String) {
    let token = "ghp_" + Self.made(36)
    #expect(reason("a.txt", "x \(before)\(token)\u{1B}[0m\n") == .secret)
    // As long as no token is.
    #expect(reason("a.txt", "x \(before)\(token)Abc4\n") == nil)
  }

  @Test func `what only looks like a token behind a name is none`() {
    for text in ["cache-key-" + Self.made(32, of: Self.hexadecimal), "my_sk-" + Self.made(32, of: Self.hexadecimal)] {
      #expect(reason("a.txt", "x = \(text)\n") == nil, "\(text)")
    }
    for address in ["http://jane:p@ssword@google.com", "http://My%20User:My%20Pass@dummy.faketld/"] {
      #expect(reason("a.go", "x := \"\(address)\"\n") == nil, "\(address)")
    }
  }

  static let names = [
    "id_rsa", "id_ed25519", "server.pem", "a/B.PEM", "tls.key", "store.p12", "store.pfx", "x.jks", "release.keystore",
    "vault.kdbx", "credentials", "credentials.json", "credentials-prod.yml", ".aws/credentials", "service-account.json",
    "service_account_key.json", ".netrc", "netrc", "_netrc", ".env", "prod.env", ".env.local", "secrets.yaml",
    "secrets.toml", "secrets.prod.json", ".htpasswd", ".pgpass", "secrets.properties", "putty.ppk",
    ".env.production", ".env-staging", ".env.test.local", "AuthKey_AB12.p8", "release.bks", "x.jceks",
    ".git-credentials",
    ".dockercfg", "terraform.tfstate", "client_secret_17.json", ".vault_pass", ".terraformrc", "login.keychain",
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
      ".env.dist", ".env.template", ".env.local.sample", ".env.schema", ".env.d.ts", "client_secret.example.json",
      "client_secrets.py", "p8.c", "vault.go", ".envoy.yaml",
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
    "GOC" + "SPX-" + made(28), "h" + "f_" + made(34), "sk-" + "proj-" + made(156), "sk-" + "svcacct-" + made(48),
    "sk-" + made(48), "sk-" + "or-v1-" + made(64, of: hexadecimal), "sk-" + "ant-oat01-" + made(60),
    "gl" + "rt-" + made(20), "gl" + "dt-" + made(20), "gl" + "ptt-" + made(40, of: hexadecimal),
    "glp" + "at-" + made(27),
    "AS" + "IA" + made(16, of: Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")), "rk_" + "live_" + made(99),
    "dckr" + "_pat_" + made(27), "dop" + "_v1_" + made(64, of: hexadecimal), "shp" + "ca_" + made(32, of: hexadecimal),
    "xox" + "e-1-" + made(146), "xox" + "e.xoxp-1-" + made(163),
    "xox" + "p-29123004-29123005-29123006-" + made(32, of: hexadecimal),
    "xa" + "pp-1-A012345-29123004-" + made(64, of: hexadecimal), "hv" + "s." + made(95), "ya" + "29." + made(120),
    "https://hooks.slack.com/services/T" + made(9) + "/B" + made(10) + "/" + made(24),
    "https://discord.com/api/webhooks/291230041291230041/" + made(68), "29123004:AA" + made(33),
    "MT" + made(22) + "." + made(6, seed: 2) + "." + made(32, seed: 6),
    "AGE-SECRET" + "-KEY-1"
      + made(
        58,
        of: Array(
          "QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L")), "SharedAccess" + "Key=" + made(43) + "=", "gsk" + "_" + made(52),
    "np" + "m_" + made(36, seed: 77), "lin_" + "api_" + made(40),
    "NR" + "AK-" + made(27, of: Array("ABCDEFGHJKLMNP0123456789")),
    "PM" + "AK-" + made(24, of: hexadecimal) + "-" + made(34, of: hexadecimal, seed: 8),
    "pul" + "-" + made(40, of: hexadecimal),
    made(14) + ".atlas" + "v1." + made(64, seed: 3), "wh" + "sec_" + made(32), "AT" + "ATT3" + made(180) + "=2B1C",
    "aws_secret_access_key = " + made(18) + "/" + made(10, seed: 7) + "+" + made(10, seed: 9),
    "AWS_SECRET_ACCESS_KEY=" + made(40), "\"SecretAccessKey\": \"" + made(40) + "\"",
    "postgres://app:" + "hunter22@db.orders.net:5432/app", "redis://:" + made(16) + "@cache-1/0",
    "mongodb+srv://svc:" + "S3cr%21etPassw0rd@cluster0.ab1cd.mongodb.net/",
    "https://bot:" + made(20) + "@git.corp.io/x.git",
    // No run in them is as long as a token.
    "secretAccessKey: \"XNJxMete7k67oAq/Q1tVG" + "mDXYom8PI+Mhz5s0vwZ\"",
    "\"SecretAccessKey\": \"5BezGD4+6Ukl9KD72h8iWvr" + "+k61yFnpVAzGpJEr5\"",
    "secret_key: XNJxMete7k67oAq/Q1tVG" + "mDXYom8PI+Mhz5s0vwZ",
    "SharedAccess" + "Key=8/Tl6wo90UJHc+QjKdVZSMc/aFyuV7MuiFdseVVC9P8=",
    "HR" + "KU-3f42b947-1c34-4e26-ae28-0367df9374fb", "rd" + "me_xn8s9h" + made(64, of: hexadecimal),
    // Words by chance.
    "gh" + "p_aQ3kLmZ9test8XwYp2Nc5VfGh7JdKs9Tq4UB", "gh" + "p_testaQ3kLmZb8XwYp2Nc5VfGh7JdKs9Tq4UB",
    "gh" + "p_aQ3kLmZtestRb8XwYp2Nc5VfGh7JdKs9Tq4U", "gh" + "p_aQ3kLmZfakeRb8XwYp2Nc5VfGh7JdKs9Tq4U",
    "gh" + "p_aQ3kLmZYourRb8XwYp2Nc5VfGh7JdKs9Tq4U", "gh" + "p_aQ3kLmZxXxXRb8SwYp2Nc5VfGh7JdKs9Tq4U",
    "amqps://worker:" + "9f-Kq2x@mq", "smtp://mail:" + "p@ss#Word1@smtp.corp.io",
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

  @Test func `a token at the end of a sentence is one, for all that a dot follows`() {
    let token = "S" + "Kd41d8cd98f00b204e9800998ecf8427e"
    for end in [".", ". Png", ".\n", ".Keep it"] { #expect(reason("a.py", "# \(token)\(end)") == .secret, "\(end)") }
  }

  /// The beginning, the length and the alphabet of forms that a generator's output is likeliest to look unlike itself
  /// in: the shortest of each alphabet, and those of which a digit or a letter of either case is asked.
  static let drawnForms: [(String, Int, String)] = [
    ("AKI" + "A", 16, "base32"), ("S" + "K", 32, "hexadecimal"), ("pul" + "-", 40, "hexadecimal"),
    ("dop" + "_v1_", 64, "hexadecimal"), ("NR" + "AK-", 27, "capitals"), ("glp" + "at-", 20, "word"),
    ("fig" + "d_", 40, "word"), ("gh" + "p_", 36, "letters"), ("rk_" + "live_", 24, "letters"),
    ("xox" + "p-29123004-29123005-29123006-", 32, "hexadecimal"), ("abc8Q" + "~", 34, "word"),
    ("MT" + "k4NjIyNDgzNDcxOTI1MjQ4.Cl2FMQ.", 27, "word"),
  ]

  @Test(arguments: drawnForms) func `no random token of a form is missed`(
    _ beginning: String, _ count: Int, _ alphabet: String
  ) {
    let bytes = Array(
      [
        "base32": "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", "hexadecimal": "0123456789abcdef",
        "capitals": "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", "letters": String(Self.letters),
        "word": String(Self.letters) + "-_",
      ][alphabet, default: ""].utf8)
    var random = SeededRandom(seed: 7)
    let inspector = ContentInspector()
    var text = Array("x = '\(beginning)".utf8)
    let start = text.count
    text += [UInt8](repeating: 0, count: count) + Array("'\n".utf8)
    for _ in 0..<100_000 {
      for i in start..<(start + count) { text[i] = bytes[random.next(upTo: bytes.count)] }
      let isFound = inspector.holdsSecret(text.span, path: "a.py")
      #expect(isFound, "\(String(decoding: text, as: UTF8.self))")
    }
  }

  /// What marks an example, and what comes by chance in one token of some millions: drawn here into tokens that are
  /// else random.
  @Test(arguments: [
    ("gh" + "p_", 36, false, ["token", "Token", "TOKEN", "dummy", "Dummy"]),
    ("glp" + "at-", 60, false, ["token", "DUMMY", "test", "xXxX"]),
    ("rk_" + "live_", 99, false, ["Token", "dummy", "fake"]),
    ("pul" + "-", 40, true, ["1234567"]), ("dop" + "_v1_", 64, true, ["1234567"]), ("S" + "K", 32, true, ["1234567"]),
  ])
  func `a word in a random token is there by chance`(
    _ beginning: String, _ count: Int, _ isHexadecimal: Bool, _ words: [String]
  ) {
    let alphabet = isHexadecimal ? Self.hexadecimal : Self.letters
    var random = SeededRandom(seed: 31)
    var missed = 0
    let rounds = 2_000
    for round in 0..<rounds {
      var token = (0..<count).map { _ in alphabet[random.next(upTo: alphabet.count)] }
      let place = 1 + random.next(upTo: count - 8)
      token.replaceSubrange(place..<(place + words[round % words.count].count), with: words[round % words.count])
      if reason("a.py", "x = '\(beginning)\(String(token))'\n") != .secret { missed += 1 }
    }
    // Some of these look like an example all the same: of all tokens, one in a hundred million.
    #expect(missed * 10 < rounds, "\(missed)")
    // An example says so all through.
    let example = isHexadecimal ? "1234567890abcdef" : "MyTokenGoesHereMyTokenGoes"
    let written = String(repeating: example, count: 8).prefix(count)
    #expect(reason("a.py", "x = '\(beginning)\(written)'\n") == nil, "\(written)")
  }

  @Test func `a part of a token may look like another form, or have no digit`() {
    var random = SeededRandom(seed: 41)
    func hexadecimal(_ count: Int) -> String {
      String((0..<count).map { _ in Self.hexadecimal[random.next(upTo: 16)] })
    }
    for end in ["hvs", "hvb", "sk"] {
      let token = "pa" + "t" + Self.made(14 - end.count) + end + "." + hexadecimal(64)
      #expect(reason("a.py", "x = '\(token)'\n") == .secret, "\(token)")
    }
    // The number of a bot, as Discord writes it.
    for _ in 0..<3_000 {
      let number = Array("\(random.next() % 800_000_000_000_000_000 + 100_000_000_000_000_000)".utf8)
      let head = Data(number).base64EncodedString()
      let token = "\(head).\(Self.made(6, seed: random.next())).\(Self.made(27, seed: random.next()))"
      let isFound = reason("a.py", "x = '\(token)'\n") == .secret
      #expect(isFound, "\(token)")
    }
    // Doubled digits again and again.
    let doubled = "PM" + "AK-" + "7ef19abe12992b8ab564543d-4bcccc92321adbbaa0cf6768a233662f55"
    #expect(reason("a.py", "x = '\(doubled)'\n") == .secret)
  }

  @Test func `no random key in base 64 is missed behind its name`() {
    let base64 = Self.letters + Array("+/")
    for seed in 0..<2_000 as Range<UInt64> {
      let key = Self.made(40, of: base64, seed: seed)
      for name in ["secretAccessKey: \"", "\"SecretAccessKey\": \"", "secret_key: \""] {
        #expect(reason("a.py", "\(name)\(key)\"\n") == .secret, "\(seed)")
      }
      let shared = "SharedAccess" + "Key=" + Self.made(43, of: base64, seed: seed) + "="
      #expect(reason("a.py", "\(shared)\n") == .secret, "\(seed)")
    }
  }

  @Test(
    arguments: [
      "AKI" + "AIOSFODNN7EXAMPLE", "gh" + "p_" + String(repeating: "x", count: 36),
      "gh" + "p_" + "abcdefghijklmnopqrstuvwxyz0123456789", "sk_" + "live_" + String(repeating: "0", count: 24),
      "gh" + "p_" + "YourPersonalAccessTokenGoesHere12345", "np" + "m_" + "config_registry_and_other_settings_ab",
      "AIz" + "a" + String(repeating: "abc", count: 11) + "ab", "AKI" + "A" + String(repeating: "A", count: 16),
      "AKI" + "ATESTTESTTESTTEST", "AKI" + "AYOURACCESSKEYIDX", "AKI" + "AABABABABABABABAB",
      "AKI" + "AABCDEFGHIJKLMNOP",
      "AKI" + "AQQQQWWWWEEEERRRR", "S" + "K0123456789abcdef0123456789abcdef", "S" + "Kdeadbeefdeadbeefdeadbeefdeadbeef",
      "S" + "Kdeadbeefcafed00dfeedfacebaadf00d", "S" + "Kdeadbeefdeadbeefcafebabecafebabe",
      "S" + "K00000000000000000000000000000001", "S" + "Kffffffffffffffffffffffffffffffff",
      "S" + "K9d41e7a2b05c9d41e7a2b05c9d41e7a2", "S" + "K1234567a9c3e5f70b2d48e1c6a9f0b3d",
      "pul" + "-12345678901234567890123456789012deadbeef",
      "S" + "K" + String(repeating: "a1", count: 16), "https://example.com/a/very/long/path/to/some/SG.directory",
      "sk-" + "proj-" + String(repeating: "x", count: 48),
      "sk-" + "ant-api03-your-key-goes-here-and-is-very-long-indeed-yes",
      "sk-" + "proj-a-name-of-a-class-in-a-style-sheet-of-a-site", "gl" + "rt-" + String(repeating: "0a", count: 10),
      "https://hooks.slack.com/services/T00000000/B00000000/" + String(repeating: "X", count: 24),
      "aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCY" + "EXAMPLEKEY",
      "aws_secret_access_key = os.environ['A']",
      "secret_sha1 = 356a192b7913b04c54574d18c28d46e6395428ab", "postgres://user:password@example", "ftp://u:p@host",
      "postgres://user:hunter22@example.com/x", "postgres://app:hunter22@localhost/x", "mysql://root:root@10.0.0.1/x",
      "postgres://app:${DB_PASSWORD}@db.corp.io/x", "postgres://app:$PASS@db/x", "postgres://app:%s@db.corp.io/x",
      "postgres://app:<password>@db.corp.io", "postgres://app:********@db.corp.io", "http://user:secret1@db.corp.io",
      "cvs://:pserver:anoncvs9@sources.corp.io", "http://a.b:8080/x@2x.png", "ssh://git@github.com:22/a",
      "a:b1c2d3e4@host",
      "https://h:8443/login?next=a:hunter22@b", "http://[::1]:80/@x",
      "gh" + "p_testKeyOfaRepositoryThatIsNotThereXY", "sk-" + "ant-a9Kq2-test-Xw7Lm3Zp8Rt5Vb1Nc6Yd4Hs0Jf2Gk9Q",
      "gh" + "p_aQ3kLmZtestRb8XwYp2fakeGh7JdKs9Tq4UB", "HR" + "KU-00000000-0000-0000-0000-000000000000",
      "/js/key" + "-d41d8cd98f00b204e9800998ecf8427e.js", "S" + "Kd41d8cd98f00b204e9800998ecf8427e.png",
      "/js/key" + "-d41d8cd98f00b204e9800998ecf8427e.min.js",
      "Account" + "Key=Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/"
        + "K1SZFPTOtr/KBHBeksoGMGw==;",
      "Account" + "Key=C2y6yDjf5/R+ob0N8A7Cgv30VRDJIWEHLM+4QDU5DE2nQ9nDuVTqobD4b8mGGyPMbIZnqyMsEcaGQy67XIw/"
        + "Jw==;",
      "secret: app/Models/Secret2/AccessKey/FactoryImpl",
      "SELECT '://' || name || ':' || code9 || '@' || host",
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

  @Test func `random bytes of every length behind any known beginning are judged alike each time, and none fails`() {
    var random = SeededRandom(seed: 11)
    let beginnings = [
      "AKIA", "xoxb-", "xox", "xapp-", "SG.", "hvs.", "eyJ", "1//0", "Q~", "://a:", "secret=", "sha256~", "@", "dp.pt.",
    ]
    for _ in 0..<20_000 {
      var text = ""
      for _ in 0..<(1 + random.next(upTo: 4)) {
        text += beginnings[random.next(upTo: beginnings.count)]
        text += Self.made(random.next(upTo: 90), of: Self.letters + Array("-_.~/+=@: "), seed: random.next())
      }
      let content = Array(text.utf8)
      let first = ContentInspector().holdsSecret(content.span, path: "a.py")
      #expect(first == ContentInspector().holdsSecret(content.span, path: "a.py"))
      // Another line before it and behind it changes nothing.
      let around = Array("x = 1\n\(text)\ny = 2\n".utf8)
      #expect(first == ContentInspector().holdsSecret(around.span, path: "a.py"), "\(text)")
    }
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
    ("kaggle.json", "{\"username\":\"a\",\"key\":\"abc9d8\"}"),
    ("sftp-config.json", "{\n  \"host\": \"a\",\n  \"password\": \"hunter2\"\n}\n"),
    (".composer/auth.json", "{\"http-basic\": {\"a.org\": {\"username\": \"a\", \"password\": \"hunter2\"}}}"),
    (".m2/settings.xml", "<server>\n <password>hunter2</password>\n</server>\n"),
    ("etc/wg0.conf", "[Interface]\nPrivateKey = \(made(43))=\n"), ("rclone.conf", "[s3]\ntype = s3\npass = abc9d8\n"),
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
      ("sftp-config.json", "{\n  \"host\": \"a\",\n  //\"password\": \"hunter2\"\n}\n"),
      ("auth.json", "{\"password\": \"hunter2\"}"),
      (".m2/settings.xml", "<password>{COQLCE6DU6GtcS5P=}</password>\n"),
      ("settings.xml", "<password>hunter2</password>\n"),
      ("wg0.conf", "[Interface]\nAddress = 10.0.0.1/24\n"), ("game.p8", "pico-8 cartridge // http://www.pico-8.com\n"),
      ("tfstate.go", "package x\n"), ("envrc.py", "TOKEN = 'abc9d8'\n"), ("server.crt", "x\n"),
      ("password.tf", "variable \"password\" {\n  default = \"hunter2\"\n}\n"),
    ])
  func `one that holds none, an example and a program are not`(_ path: String, _ content: String) {
    #expect(reason(path, content) == nil, "\(path)")
  }
}
