import Primitives

/// Files whose very names say that they hold a secret: private keys, stores of keys, credentials of programs. In doubt
/// a file is none: a program's source is never one by name (`credentials.py`, `secrets.go`), nor is a template of one.
package enum SecretName {
  /// Whether a file called `name` (the last component of its path) is one. Some tens of nanoseconds.
  package static func isSecret(_ name: Span<UInt8>) -> Bool {
    guard name.count > 1 else { return false }
    if let dot = lastDot(of: name), let word = word(of: name, from: dot + 1, folds: true) {
      if keyStores.contains(word) { return true }
      // Terraform keeps what it knows in plain text, passwords too.
      if word == backup, dot >= 8, self.word(of: name.extracting(0..<dot), from: dot - 7, folds: true) == state {
        return true
      }
      if word == environment { return !isTemplate(name.extracting(0..<dot)) }
    }
    // Hardly any other name begins so; what does is examined further.
    let beginning = word(of: name.extracting(0..<min(name.count, 8)), from: 0, folds: false) ?? 0
    switch name[0] {
    case UInt8(ascii: "i"): return startsWithID(name) && keys.contains(bytes(of: name))
    case UInt8(ascii: "c"):
      if beginning == clientSe {
        let text = bytes(of: name)
        return text.starts(with: "client_secret".utf8) && text.suffix(5).elementsEqual(".json".utf8)
          && !isTemplate(name.extracting(13..<name.count))
      }
      guard beginning == credential, bytes(of: name).starts(with: "credentials".utf8) else { return false }
      return name.count == 11 || isData(name.extracting(11..<name.count))
    case UInt8(ascii: "s"):
      if beginning == secrets { return isData(name.extracting(7..<name.count)) }
      guard beginning == serviceDash || beginning == serviceLine else { return false }
      let text = bytes(of: name)
      return text.dropFirst(8).starts(with: "account".utf8) && text.suffix(5).elementsEqual(".json".utf8)
    case .dot, UInt8(ascii: "n"), UInt8(ascii: "_"), UInt8(ascii: "p"), UInt8(ascii: "h"), UInt8(ascii: "v"):
      let text = bytes(of: name)
      if files.contains(text) { return true }
      guard text.count > 5, text.starts(with: ".env".utf8),
        text[4] == .dot || text[4] == UInt8(ascii: "-") || text[4] == UInt8(ascii: "_")
      else { return false }
      if let dot = lastDot(of: name), let word = word(of: name, from: dot + 1, folds: true), programs.contains(word) {
        return false
      }
      return !isTemplate(name.extracting(5..<name.count))
    default: return false
    }
  }

  /// Whether the end of a name is that of data: nothing, `.json`, `-production.yml`. `-schema.json` is data, too, but a
  /// word that goes on (`credentialsprovider`) is another word.
  private static func isData(_ rest: Span<UInt8>) -> Bool {
    guard rest[0] == .dot || rest[0] == UInt8(ascii: "-") || rest[0] == UInt8(ascii: "_") else { return false }
    guard let dot = lastDot(of: rest, atBeginning: true) else { return true }
    if isTemplate(rest) { return false }
    if let word = word(of: rest, from: dot + 1, folds: true) { return dataExtensions.contains(word) }
    return bytes(of: rest.extracting((dot + 1)..<rest.count)).elementsEqual("properties".utf8)
  }

  /// Whether the words are those of an example: `example`, `.env.local.sample`.
  static func isTemplate(_ name: Span<UInt8>) -> Bool {
    bytes(of: name).asciiLowercased.split { $0 == .dot || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_") }
      .contains { templates.contains(Array($0)) }
  }

  private static func startsWithID(_ name: Span<UInt8>) -> Bool {
    name.count >= 6 && name[1] == UInt8(ascii: "d") && name[2] == UInt8(ascii: "_")
  }

  private static func lastDot(of name: Span<UInt8>, atBeginning: Bool = false) -> Int? {
    var i = name.count - 1
    while i >= 0, name[i] != .dot { i -= 1 }
    return i > 0 || i == 0 && atBeginning ? i : nil
  }

  private static func bytes(of name: Span<UInt8>) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(name.count)
    for i in name.indices { bytes.append(name[i]) }
    return bytes
  }

  // MARK: Short words as numbers

  /// The bytes from `start` as one number; nil for more than eight, or none.
  private static func word(of name: Span<UInt8>, from start: Int, folds: Bool) -> UInt64? {
    guard start < name.count, name.count - start <= 8 else { return nil }
    var word: UInt64 = 0
    for i in start..<name.count { word = word << 8 | UInt64(folds ? name[i].asciiLowercased : name[i]) }
    return word
  }

  private static func word(_ text: String) -> UInt64 { text.utf8.reduce(0) { $0 << 8 | UInt64($1) } }

  private static let credential = word("credenti")
  private static let clientSe = word("client_s")
  private static let secrets = word("secrets.")
  private static let serviceDash = word("service-")
  private static let serviceLine = word("service_")
  private static let environment = word("env")
  private static let backup = word("backup")
  private static let state = word("tfstate")

  /// Extensions of keys, and of stores that programs keep keys in.
  private static let keyStores = [
    "pem", "key", "p12", "pfx", "pkcs12", "jks", "keystore", "kdbx", "kdb", "ppk", "keytab", "htpasswd",
    "tfstate", "bks", "jceks", "pkcs8", "psafe3", "keychain", "agekey",
  ].map(word)
  /// Extensions that credentials are kept under, as against those of programs that handle them and of texts about them.
  private static let dataExtensions = [
    "json", "json5", "jsonc", "yaml", "yml", "toml", "ini", "cfg", "conf", "config", "props", "txt", "xml", "csv",
    "env",
    "tfvars", "enc", "plist", "db", "bak", "old", "prod", "dev", "local",
  ].map(word)
  /// Of programs that speak of variables of the environment (`.env.d.ts`).
  private static let programs = ["ts", "js", "mjs", "cjs", "py", "rb", "go", "rs", "sh", "md", "swift"].map(word)
  private static let keys: Set = Set(
    ["id_rsa", "id_dsa", "id_ecdsa", "id_ed25519", "id_ecdsa_sk", "id_ed25519_sk", "id_xmss"].map { Array($0.utf8) })
  /// Whole names.
  private static let files: Set = Set(
    [
      ".env", ".netrc", "netrc", "_netrc", ".htpasswd", "htpasswd", ".pgpass", "pgpass.conf", ".git-credentials",
      ".dockercfg", ".vault-token", ".my.cnf", ".mylogin.cnf", ".boto", ".s3cfg",
      ".smbcredentials", ".passwd-s3fs", ".vault_pass", ".vault-pass", "vault_pass.txt", ".vault_password",
      ".terraformrc", ".databrickscfg", ".fetchmailrc",
    ].map { Array($0.utf8) })
  private static let templates: Set = Set(
    ["example", "examples", "sample", "template", "tmpl", "dist", "default", "defaults", "schema"].map {
      Array($0.utf8)
    })
}
