/// Extensions that more than one language uses; the content decides.
enum AmbiguousExtension: String {
  case h, m, pl, ts, tsx, v, d, cls, inc, pp, ll, pro, cl, fs, l

  init?(_ suffix: [UInt8]) {
    // Nearly every extension is told apart by its length and first byte alone, before a `String` is made.
    guard suffix.count <= 3, let first = suffix.first, Self.firstBytes.contains(first) else { return nil }
    self.init(rawValue: String(decoding: suffix, as: UTF8.self))
  }

  private static let firstBytes = ByteSet("hmptvdcilf".utf8)

  /// The number of the language in `LanguageTable`.
  func language(of content: Span<UInt8>) -> Int? {
    LanguageTable.aliases[Array(name(of: content).utf8).span]
  }

  private func name(of content: Span<UInt8>) -> String {
    if self == .h { return HeaderLanguage.name(of: content) }
    let head = FirstBytes(content, limit: 16_384)
    func begins(_ words: String...) -> Bool { head.hasLine(beginningWith: words) }
    let isXML = head.bytes.starts(with: "<?xml".utf8) || head.bytes.starts(with: "<!DOCTYPE".utf8)
    switch self {
    case .h: return "c"
    case .m:
      if begins("@interface", "@implementation", "@protocol", "@class", "@import", "#import", "#include") {
        return "objc"
      }
      if begins("%", "function ", "classdef ", "end;", "clear ", "close all", "clc") { return "matlab" }
      return "objc"
    case .pl:
      if begins("use ", "sub ", "my ", "package ", "our ", "require ") || head.contains("/perl") { return "perl" }
      return begins(":- ", "%") || head.contains(" :-") ? "prolog" : "perl"
    case .ts: return isXML || begins("<TS ") ? "xml" : "typescript"
    case .tsx: return isXML || begins("<tileset") ? "xml" : "tsx"
    case .v:
      if begins("module ", "endmodule", "`timescale", "`include", "`define", "always ", "assign ") { return "verilog" }
      let isCoq = begins(
        "Require ", "From ", "Theorem ", "Lemma ", "Definition ", "Inductive ", "Proof.", "Qed.", "Section ", "Module ")
      return isCoq ? "coq" : "verilog"
    case .d:
      // A list of dependencies that a compiler wrote.
      if !begins("import ", "module ") && (head.contains(".o: ") || head.contains(".o : ")) { return "make" }
      return "d"
    case .cls:
      if begins("\\", "%") { return "latex" }
      return begins("VERSION ", "Attribute ", "Option Explicit") ? "vb" : "apex"
    case .inc:
      if head.contains("<?php") { return "php" }
      return begins("#include", "#define", "#if", "/*", "//", "static ") ? "c" : "text"
    case .pp: return begins("program ", "unit ", "uses ", "procedure ", "{$") ? "pascal" : "puppet"
    case .ll:
      return begins("; ModuleID", "target triple", "target datalayout", "define ", "declare ", "; RUN:")
        ? "llvm" : "flex"
    case .pro: return head.contains(":-") ? "prolog" : "text"
    case .cl: return begins("(", ";") && !begins("__kernel", "kernel ", "#") ? "commonlisp" : "opencl"
    case .fs: return begins("#version", "precision ", "varying ", "uniform ") ? "glsl" : "fsharp"
    case .l: return begins("(") && !head.contains("%%") ? "commonlisp" : "flex"
    }
  }
}
