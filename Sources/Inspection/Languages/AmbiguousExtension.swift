import Primitives

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

  /// Whether the first line that says something is a rule of make with a file for its target, as compilers write them.
  private static func isListOfDependencies(_ head: FirstBytes) -> Bool {
    for line in head.bytes.split(separator: .newline) {
      let text = line.drop { $0 == .space || $0 == .tab }
      guard let first = text.first, first != UInt8(ascii: "#") else { continue }
      guard let colon = text.firstIndex(of: UInt8(ascii: ":")), colon > text.startIndex else { return false }
      let target = text[..<colon].filter { $0 != .space }
      guard target.contains(.dot) || target.contains(.slash), !target.contains(UInt8(ascii: "(")) else { return false }
      let next = colon + 1 < text.endIndex ? text[colon + 1] : .space
      return next == .space || next == .backslash || next == .tab
    }
    return false
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
      if begins("(* ::", "BeginPackage[", "(* Content-type:") { return "mathematica" }
      let isMatlab = begins(
        "%", "##", "function ", "function[", "classdef ", "end;", "endfunction", "clear ", "close all", "clc", "disp(",
        "fprintf(", "figure", "plot(", "addpath(")
      return isMatlab && !head.contains("@\"") ? "matlab" : "objc"
    case .pl:
      // Prolog knows `use_module(` and `:- use`, never these with a blank.
      if begins("use ", "sub ", "my ", "package ", "our ", "require ") || head.contains("/perl") { return "perl" }
      return begins(":- ", ":-", "%") || head.contains(" :-") || head.contains("):-") ? "prolog" : "perl"
    case .ts: return isXML || begins("<TS ") ? "xml" : "typescript"
    case .tsx: return isXML || begins("<tileset") ? "xml" : "tsx"
    case .v:
      if begins("fn ", "pub fn ", "pub struct ", "pub enum ") { return "v" }
      if begins("module ", "endmodule", "`timescale", "`include", "`define", "always ", "assign ") { return "verilog" }
      let isCoq = begins(
        "Require ", "From ", "Theorem ", "Lemma ", "Definition ", "Inductive ", "Proof.", "Qed.", "Section ", "Module ",
        "Fixpoint ", "Ltac ", "Notation ", "Import ", "Export ", "Set ", "Local ", "Global ", "(**")
      return isCoq ? "coq" : "verilog"
    case .d:
      // A list of dependencies that a compiler wrote.
      return !begins("import ", "module ") && Self.isListOfDependencies(head) ? "make" : "d"
    case .cls:
      if begins("\\", "%") { return "latex" }
      return begins("VERSION ", "Attribute ", "Option Explicit") ? "vb" : "apex"
    case .inc:
      if head.contains("<?php") { return "php" }
      if begins("%macro ", "%define ", "section .", ".macro ", ".globl ", ".section ", "segment ") { return "assembly" }
      if begins("procedure ", "{$", "{ ") { return "pascal" }
      let isC = begins(
        "#include", "#define", "#if", "/*", "//", "static ", "template", "class ", "struct ", "namespace ")
      return isC ? HeaderLanguage.name(of: content) : "text"
    case .pp: return begins("program ", "unit ", "uses ", "procedure ", "{$") ? "pascal" : "puppet"
    case .ll:
      return begins("; ModuleID", "target triple", "target datalayout", "define ", "declare ", "; RUN:")
        ? "llvm" : "flex"
    case .pro:
      let isProject = begins(
        "QT ", "QT+=", "TEMPLATE", "TARGET", "CONFIG", "SOURCES", "HEADERS", "SUBDIRS", "FORMS", "INCLUDEPATH",
        "DEPENDPATH", "include(")
      if isProject { return "qmake" }
      return head.contains(":-") || begins("%") && head.contains(").") ? "prolog" : "text"
    case .cl: return begins("(", ";") && !begins("__kernel", "kernel ", "#") ? "commonlisp" : "opencl"
    case .fs:
      let isShader = begins(
        "#version", "precision ", "varying ", "uniform ", "void main(", "in vec", "out vec", "layout(", "layout (")
      if isShader || head.contains("gl_FragColor") { return "glsl" }
      let isForth = begins(": ", "\\ ") && !begins("let ", "module ", "namespace ", "open ", "type ", "//", "(*")
      return isForth ? "forth" : "fsharp"
    case .l: return begins("(") && !head.contains("%%") ? "commonlisp" : "flex"
    }
  }
}
